// The forms of tokens, as their providers document them, and of private keys.

#include "k8s/tokens.h"

#include "k8s/base64.h"

#include <stdint.h>
#include <string.h>

typedef enum TokenChars {
	CHARS_ALNUM,
	CHARS_LETTER,
	CHARS_UPPER,
	CHARS_WORD, // and _ -
	CHARS_HEX,
	CHARS_DOTTED, // and _ - . + / =
	CHARS_TILDE,  // and _ - . ~
} TokenChars;

typedef struct TokenShape {
	const char *prefix;
	TokenChars chars;
	size_t least, most; // characters after the prefix
	const char *what;
} TokenShape;

// In the characters of CHARS_WORD throughout, and TOKEN_LEAST of them or more. Sorted by the first two characters.
static const TokenShape shapes[] = {
	{"A3T", CHARS_UPPER, 17, 17, "an AWS access key"},
	{"ABIA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ACCA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"AGPA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"AGE-SECRET-KEY-1", CHARS_UPPER, 58, 58, "an age key"},
	{"AIDA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"AIPA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"AIza", CHARS_WORD, 35, 35, "a Google API key"},
	{"AKIA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"AKCp", CHARS_ALNUM, 60, 80, "an Artifactory key"},
	{"ANPA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ANVA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"API-", CHARS_UPPER, 26, 26, "an Octopus Deploy key"},
	{"AQVN", CHARS_WORD, 35, 38, "a Yandex key"},
	{"AROA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ASIA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ATBB", CHARS_ALNUM, 32, 32, "a Bitbucket password"},
	{"CFPAT-", CHARS_WORD, 43, 43, "a Contentful token"},
	{"CLOJARS_", CHARS_ALNUM, 60, 60, "a Clojars token"},
	{"EAAA", CHARS_WORD, 60, 60, "a Square token"},
	{"EAAC", CHARS_ALNUM, 100, 255, "a Facebook token"},
	{"EAAM", CHARS_ALNUM, 100, 255, "a Facebook token"},
	{"EZAK", CHARS_ALNUM, 54, 54, "an EasyPost key"},
	{"EZTK", CHARS_ALNUM, 54, 54, "an EasyPost key"},
	{"GOCSPX-", CHARS_WORD, 28, 28, "a Google client secret"},
	{"HRKU-", CHARS_WORD, 36, 80, "a Heroku key"},
	{"LTAI", CHARS_ALNUM, 20, 20, "an Alibaba Cloud access key"},
	{"NRAK-", CHARS_ALNUM, 27, 27, "a New Relic key"},
	{"PMAK-", CHARS_WORD, 59, 59, "a Postman key"},
	{"SK", CHARS_HEX, 32, 32, "a Twilio key"},
	{"SWMTKN-1-", CHARS_WORD, 70, 90, "a Docker Swarm token"},
	{"api_org_", CHARS_LETTER, 34, 34, "a Hugging Face token"},
	{"apify_api_", CHARS_ALNUM, 36, 40, "an Apify token"},
	{"bkua_", CHARS_HEX, 40, 40, "a Buildkite token"},
	{"cfk_", CHARS_ALNUM, 48, 48, "a Cloudflare token"},
	{"cfut_", CHARS_ALNUM, 48, 48, "a Cloudflare token"},
	{"cfat_", CHARS_ALNUM, 48, 48, "a Cloudflare token"},
	{"cio", CHARS_ALNUM, 32, 32, "a crates.io token"},
	{"cmVmdGtuO", CHARS_ALNUM, 55, 55, "an Artifactory token"},
	{"csk-", CHARS_ALNUM, 48, 48, "a Cerebras key"},
	{"dapi", CHARS_HEX, 32, 32, "a Databricks token"},
	{"dckr_pat_", CHARS_WORD, 20, 64, "a Docker Hub token"},
	{"dckr_oat_", CHARS_WORD, 20, 64, "a Docker Hub token"},
	{"dnkey-", CHARS_WORD, 79, 79, "a Defined Networking key"},
	{"dop_v1_", CHARS_HEX, 64, 64, "a DigitalOcean token"},
	{"doo_v1_", CHARS_HEX, 64, 64, "a DigitalOcean token"},
	{"dor_v1_", CHARS_HEX, 64, 64, "a DigitalOcean token"},
	{"duffel_live_", CHARS_WORD, 43, 43, "a Duffel token"},
	{"duffel_test_", CHARS_WORD, 43, 43, "a Duffel token"},
	{"e2b_", CHARS_HEX, 40, 40, "an E2B key"},
	{"figd_", CHARS_WORD, 36, 200, "a Figma token"},
	{"fio-u-", CHARS_WORD, 64, 64, "a Frame.io token"},
	{"ghp_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"gho_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"ghu_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"ghs_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"ghr_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"github_pat_", CHARS_WORD, 40, 255, "a GitHub token"},
	{"gldt-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"glft-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"glsoat-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"glimt-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"glagent-", CHARS_WORD, 40, 255, "a GitLab token"},
	{"glptt-", CHARS_WORD, 40, 255, "a GitLab token"},
	{"glcbt-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"glffct-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"gloas-", CHARS_WORD, 60, 255, "a GitLab token"},
	{"glsa_", CHARS_WORD, 32, 64, "a Grafana token"},
	{"gsk_", CHARS_ALNUM, 48, 60, "a Groq key"},
	{"hf_", CHARS_ALNUM, 30, 40, "a Hugging Face token"},
	{"ico-", CHARS_ALNUM, 32, 32, "an Infracost key"},
	{"jina_", CHARS_ALNUM, 50, 80, "a Jina key"},
	{"key-", CHARS_HEX, 32, 32, "a Mailgun key"},
	{"lin_api_", CHARS_ALNUM, 32, 128, "a Linear key"},
	{"lin_oauth_", CHARS_HEX, 64, 64, "a Linear token"},
	{"lsv2_pt_", CHARS_WORD, 40, 50, "a LangSmith key"},
	{"lsv2_sk_", CHARS_WORD, 40, 50, "a LangSmith key"},
	{"nfp_", CHARS_ALNUM, 36, 64, "a Netlify token"},
	{"npm_", CHARS_ALNUM, 36, 36, "an npm token"},
	{"ntn_", CHARS_ALNUM, 40, 60, "a Notion token"},
	{"nvapi-", CHARS_WORD, 60, 70, "an NVIDIA key"},
	{"oy2", CHARS_ALNUM, 43, 43, "a NuGet key"},
	{"pcsk_", CHARS_WORD, 60, 80, "a Pinecone key"},
	{"phx_", CHARS_ALNUM, 40, 60, "a PostHog key"},
	{"pnu_", CHARS_ALNUM, 36, 36, "a Prefect token"},
	{"pplx-", CHARS_ALNUM, 48, 48, "a Perplexity key"},
	{"pscale_tkn_", CHARS_WORD, 40, 64, "a PlanetScale token"},
	{"pscale_pw_", CHARS_WORD, 40, 64, "a PlanetScale password"},
	{"pscale_oauth_", CHARS_WORD, 32, 64, "a PlanetScale token"},
	{"pul-", CHARS_HEX, 40, 40, "a Pulumi token"},
	{"pypi-AgEI", CHARS_WORD, 50, 500, "a PyPI token"},
	{"r8_", CHARS_ALNUM, 37, 37, "a Replicate token"},
	{"rdme_", CHARS_ALNUM, 70, 70, "a ReadMe token"},
	{"rk_live_", CHARS_ALNUM, 24, 255, "a Stripe key"},
	{"rk_test_", CHARS_ALNUM, 24, 255, "a Stripe key"},
	{"rubygems_", CHARS_HEX, 48, 48, "a RubyGems key"},
	{"sbp_", CHARS_HEX, 40, 40, "a Supabase token"},
	{"secret_", CHARS_ALNUM, 43, 43, "a Notion token"},
	{"sgp_", CHARS_WORD, 40, 70, "a Sourcegraph token"},
	{"shpat_", CHARS_ALNUM, 32, 64, "a Shopify token"},
	{"shpca_", CHARS_ALNUM, 32, 64, "a Shopify token"},
	{"shppa_", CHARS_ALNUM, 32, 64, "a Shopify token"},
	{"shpss_", CHARS_ALNUM, 32, 64, "a Shopify secret"},
	{"shippo_live_", CHARS_HEX, 40, 40, "a Shippo token"},
	{"shippo_test_", CHARS_HEX, 40, 40, "a Shippo token"},
	{"sk_live_", CHARS_ALNUM, 24, 255, "a Stripe key"},
	{"sk_test_", CHARS_ALNUM, 24, 255, "a Stripe key"},
	{"sk-ant-", CHARS_WORD, 40, 255, "an Anthropic key"},
	{"sk-proj-", CHARS_WORD, 40, 255, "an OpenAI key"},
	{"sk-svcacct-", CHARS_WORD, 40, 255, "an OpenAI key"},
	{"sk-admin-", CHARS_WORD, 40, 255, "an OpenAI key"},
	{"sk-or-v1-", CHARS_HEX, 64, 64, "an OpenRouter key"},
	{"sk-", CHARS_ALNUM, 48, 48, "an OpenAI key"},
	{"sntryu_", CHARS_HEX, 64, 64, "a Sentry token"},
	{"sq0atp-", CHARS_WORD, 22, 22, "a Square token"},
	{"sq0csp-", CHARS_WORD, 43, 43, "a Square secret"},
	{"sqp_", CHARS_HEX, 40, 40, "a SonarQube token"},
	{"squ_", CHARS_HEX, 40, 40, "a SonarQube token"},
	{"sqa_", CHARS_HEX, 40, 40, "a SonarQube token"},
	{"tfp_", CHARS_WORD, 40, 64, "a Typeform token"},
	{"tk-us-", CHARS_ALNUM, 48, 48, "a Scalingo token"},
	{"tskey-", CHARS_WORD, 26, 110, "a Tailscale key"},
	{"tvly-", CHARS_WORD, 32, 50, "a Tavily key"},
	{"vcp_", CHARS_ALNUM, 20, 60, "a Vercel token"},
	{"vci_", CHARS_ALNUM, 20, 60, "a Vercel token"},
	{"vca_", CHARS_ALNUM, 20, 60, "a Vercel token"},
	{"vcr_", CHARS_ALNUM, 20, 60, "a Vercel token"},
	{"vck_", CHARS_ALNUM, 20, 60, "a Vercel token"},
	{"xapp-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xai-", CHARS_ALNUM, 80, 80, "an xAI key"},
	{"xkeysib-", CHARS_WORD, 81, 81, "a Brevo key"},
	{"xoxb-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxp-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxa-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxs-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxo-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxr-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxe-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxc-", CHARS_WORD, 40, 255, "a Slack token"},
};

// A separator may stand in them. Sorted the same way.
static const TokenShape broken_shapes[] = {
	{"1//0", CHARS_WORD, 40, 255, "a Google refresh token"},
	{"ABSK", CHARS_DOTTED, 109, 269, "an AWS Bedrock key"},
	{"ATATT3xFfGF0", CHARS_DOTTED, 100, 255, "an Atlassian token"},
	{"ATCTT3xFfGN0", CHARS_DOTTED, 100, 255, "an Atlassian token"},
	{"AccountKey=", CHARS_DOTTED, 60, 100, "an Azure storage key"},
	{"SG.", CHARS_DOTTED, 40, 140, "a SendGrid key"},
	{"SharedAccessKey=", CHARS_DOTTED, 40, 100, "an Azure shared access key"},
	{"amzn.mws.", CHARS_DOTTED, 36, 36, "an Amazon MWS token"},
	{"dp.pt.", CHARS_ALNUM, 40, 44, "a Doppler token"},
	{"dp.st.", CHARS_DOTTED, 40, 80, "a Doppler token"},
	{"dp.ct.", CHARS_ALNUM, 40, 44, "a Doppler token"},
	{"dt0c01.", CHARS_DOTTED, 80, 100, "a Dynatrace token"},
	{"eyJrIjoi", CHARS_DOTTED, 60, 420, "a Grafana key"},
	{"fm1_", CHARS_DOTTED, 80, 2048, "a Fly.io token"},
	{"fm2_", CHARS_DOTTED, 80, 2048, "a Fly.io token"},
	{"ghs_", CHARS_DOTTED, 60, 4096, "a GitHub token"},
	{"glpat-", CHARS_DOTTED, 20, 255, "a GitLab token"},
	{"glrt-", CHARS_DOTTED, 20, 255, "a GitLab token"},
	{"glc_eyJ", CHARS_DOTTED, 30, 420, "a Grafana token"},
	{"https://hooks.slack.com/services/T", CHARS_DOTTED, 15, 100, "a Slack webhook"},
	{"https://hooks.slack.com/workflows/T", CHARS_DOTTED, 15, 150, "a Slack webhook"},
	{"https://discord.com/api/webhooks/", CHARS_DOTTED, 60, 150, "a Discord webhook"},
	{"https://discordapp.com/api/webhooks/", CHARS_DOTTED, 60, 150, "a Discord webhook"},
	{"hvs.", CHARS_WORD, 20, 255, "a Vault token"},
	{"hvb.", CHARS_WORD, 60, 400, "a Vault token"},
	{"hvr.", CHARS_WORD, 20, 255, "a Vault token"},
	{"ops_eyJ", CHARS_DOTTED, 100, 4096, "a 1Password token"},
	{"ops_ey", CHARS_DOTTED, 100, 4096, "a 1Password token"},
	{"pat", CHARS_DOTTED, 79, 79, "an Airtable token"},
	{"pat.", CHARS_DOTTED, 68, 68, "a Harness token"},
	{"s.", CHARS_ALNUM, 24, 24, "a Vault token"},
	{"sig=", CHARS_DOTTED, 43, 60, "an Azure access signature"},
	{"sk.eyJ", CHARS_DOTTED, 60, 400, "a Mapbox token"},
	{"sntrys_ey", CHARS_DOTTED, 80, 600, "a Sentry token"},
	{"v1.0-", CHARS_WORD, 150, 200, "a Cloudflare origin key"},
	{"whsec_", CHARS_DOTTED, 32, 80, "a webhook's signing key"},
	{"xoxe.xox", CHARS_WORD, 20, 255, "a Slack token"},
	{"ya29.", CHARS_DOTTED, 60, 2048, "a Google access token"},
};

// The first two characters of what token_at looks for: by the first one the second ones, as bits of their low six. Most
// words begin with none.
#define SECOND(letter) (UINT64_C(1) << ((letter)&63))
static const uint64_t second_bits[128] = {
	['1'] = SECOND('/'),
	['A'] = SECOND('3') | SECOND('B') | SECOND('C') | SECOND('G') | SECOND('I') | SECOND('K') |
                SECOND('N') | SECOND('P') | SECOND('Q') | SECOND('R') | SECOND('S') | SECOND('T') |
                SECOND('c'),
	['C'] = SECOND('F') | SECOND('L'),
	['E'] = SECOND('A') | SECOND('Z'),
	['G'] = SECOND('O'),
	['H'] = SECOND('R'),
	['L'] = SECOND('S') | SECOND('T'),
	['N'] = SECOND('R'),
	['P'] = SECOND('M') | SECOND('u'),
	['S'] = SECOND('G') | SECOND('K') | SECOND('W') | SECOND('h'),
	['a'] = SECOND('m') | SECOND('p'),
	['b'] = SECOND('k'),
	['c'] = SECOND('f') | SECOND('i') | SECOND('m') | SECOND('s'),
	['d'] = SECOND('a') | SECOND('c') | SECOND('n') | SECOND('o') | SECOND('p') | SECOND('t') |
                SECOND('u'),
	['e'] = SECOND('2') | SECOND('y'),
	['f'] = SECOND('i') | SECOND('m'),
	['g'] = SECOND('h') | SECOND('i') | SECOND('l') | SECOND('s'),
	['h'] = SECOND('f') | SECOND('t') | SECOND('v'),
	['i'] = SECOND('c'),
	['j'] = SECOND('i'),
	['k'] = SECOND('e'),
	['l'] = SECOND('i') | SECOND('s'),
	['n'] = SECOND('f') | SECOND('p') | SECOND('t') | SECOND('v'),
	['o'] = SECOND('p') | SECOND('y'),
	['p'] = SECOND('a') | SECOND('c') | SECOND('h') | SECOND('n') | SECOND('p') | SECOND('s') |
                SECOND('u') | SECOND('y'),
	['r'] = SECOND('8') | SECOND('d') | SECOND('k') | SECOND('u'),
	['s'] = SECOND('.') | SECOND('b') | SECOND('e') | SECOND('g') | SECOND('h') | SECOND('i') |
                SECOND('k') | SECOND('n') | SECOND('q'),
	['t'] = SECOND('f') | SECOND('k') | SECOND('s') | SECOND('v'),
	['v'] = SECOND('1') | SECOND('c'),
	['w'] = SECOND('h'),
	['x'] = SECOND('a') | SECOND('k') | SECOND('o'),
	['y'] = SECOND('a'),
};

// Those whose mark stands in their middle: `before` characters of `chars` lead up to it.
typedef struct TokenMark {
	const char *mark;
	TokenChars before;
	size_t before_least, before_most;
	TokenChars chars;
	size_t least, most;
	const char *what;
} TokenMark;

static const TokenMark marks[] = {
	{"T3BlbkFJ", CHARS_WORD, 20, 120, CHARS_WORD, 20, 100, "an OpenAI key"},
	{"Q~", CHARS_TILDE, 4, 4, CHARS_TILDE, 31, 34, "an Azure client secret"},
	{".atlasv1.", CHARS_ALNUM, 14, 14, CHARS_WORD, 60, 70, "a Terraform Cloud token"},
	{":AA", CHARS_ALNUM, 8, 10, CHARS_WORD, 33, 33, "a Telegram bot's token"},
	{"-us", CHARS_HEX, 32, 32, CHARS_ALNUM, 1, 2, "a Mailchimp key"},
	{"/IncomingWebhook/", CHARS_HEX, 12, 12, CHARS_HEX, 32, 32, "a Teams webhook"},
	{"FFFFNRAL", CHARS_HEX, 32, 36, CHARS_ALNUM, 0, 0, "a New Relic key"},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

// Which TokenChars a byte belongs to, as bits.
#define BIT(chars) (1u << (chars))
#define MARK       (BIT(CHARS_DOTTED) | BIT(CHARS_TILDE))
#define WORD       (BIT(CHARS_WORD) | MARK)
#define LOWER      (BIT(CHARS_ALNUM) | BIT(CHARS_LETTER) | WORD)
#define UPPER      (BIT(CHARS_UPPER) | LOWER)
#define DIGIT      (BIT(CHARS_ALNUM) | BIT(CHARS_UPPER) | BIT(CHARS_HEX) | WORD)
#define LOWER_HEX  (BIT(CHARS_HEX) | LOWER)
#define UPPER_HEX  (BIT(CHARS_HEX) | UPPER)
// clang-format off
static const unsigned char char_bits[256] = {
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT,
	['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT,
	['A'] = UPPER_HEX, ['B'] = UPPER_HEX, ['C'] = UPPER_HEX, ['D'] = UPPER_HEX, ['E'] = UPPER_HEX, ['F'] = UPPER_HEX,
	['G'] = UPPER, ['H'] = UPPER, ['I'] = UPPER, ['J'] = UPPER, ['K'] = UPPER, ['L'] = UPPER, ['M'] = UPPER,
	['N'] = UPPER, ['O'] = UPPER, ['P'] = UPPER, ['Q'] = UPPER, ['R'] = UPPER, ['S'] = UPPER, ['T'] = UPPER,
	['U'] = UPPER, ['V'] = UPPER, ['W'] = UPPER, ['X'] = UPPER, ['Y'] = UPPER, ['Z'] = UPPER,
	['a'] = LOWER_HEX, ['b'] = LOWER_HEX, ['c'] = LOWER_HEX, ['d'] = LOWER_HEX, ['e'] = LOWER_HEX, ['f'] = LOWER_HEX,
	['g'] = LOWER, ['h'] = LOWER, ['i'] = LOWER, ['j'] = LOWER, ['k'] = LOWER, ['l'] = LOWER, ['m'] = LOWER,
	['n'] = LOWER, ['o'] = LOWER, ['p'] = LOWER, ['q'] = LOWER, ['r'] = LOWER, ['s'] = LOWER, ['t'] = LOWER,
	['u'] = LOWER, ['v'] = LOWER, ['w'] = LOWER, ['x'] = LOWER, ['y'] = LOWER, ['z'] = LOWER,
	['_'] = WORD, ['-'] = WORD, ['.'] = MARK, ['~'] = BIT(CHARS_TILDE),
	['+'] = BIT(CHARS_DOTTED), ['/'] = BIT(CHARS_DOTTED), ['='] = BIT(CHARS_DOTTED),
};
// clang-format on

static bool fits(char c, TokenChars chars)
{
	return char_bits[(unsigned char)c] & BIT(chars);
}

static size_t run_length(Str text, size_t at, TokenChars chars, size_t most)
{
	size_t len = 0;

	while (at + len < text.len && len <= most && fits(text.p[at + len], chars))
		len++;
	return len;
}

// Repeated characters, small letters between dashes, or words of a manual: an example, not a token.
static bool looks_made_up(Str s)
{
	static const char *const words[] = {"example", "your",   "redacted",    "xxxx",
	                                    "token",   "secret", "placeholder", "changeme"};
	size_t same = 0, kinds = 0, digits = 0, from = 0;
	bool seen[256] = {false}, capital = false, broken = false;

	for (size_t i = 0; i < s.len; i++) {
		if (!seen[(unsigned char)s.p[i]]) {
			seen[(unsigned char)s.p[i]] = true;
			kinds++;
		}
		digits += ascii_is_digit(s.p[i]);
		capital |= s.p[i] >= 'A' && s.p[i] <= 'Z';
		broken |= s.p[i] == '-' || s.p[i] == '_';
		same += i && s.p[i] == s.p[i - 1];
	}
	if (kinds < 5 || same * 2 > s.len || (broken && !digits && !capital))
		return true;
	// A word may turn up in a real one by chance or by its owner's humour: then the rest still looks drawn.
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_icontains(s, str_c(words[i])))
			from += strlen(words[i]);
	return from && (digits < 2 || s.len < from + 20);
}

static bool starts_here(Str text, size_t at)
{
	if (!at || !ascii_is_alnum(text.p[at - 1]))
		return true;
	// "\n" as JSON and shells write it
	return at > 1 && text.p[at - 2] == '\\' && strchr("nrt", text.p[at - 1]) != NULL;
}

static bool shape_at(Str text, size_t at, const TokenShape *shape, Token *out)
{
	size_t prefix = strlen(shape->prefix), len;
	Str body;

	if (text.len - at < prefix + shape->least || memcmp(text.p + at, shape->prefix, prefix))
		return false;
	len = run_length(text, at + prefix, shape->chars, shape->most);
	// A sentence's full stop, and a path's next step, are no part of it.
	while (shape->chars == CHARS_DOTTED && len && strchr("./", text.p[at + prefix + len - 1]))
		len--;
	body = str_slice(text, at + prefix, at + prefix + len);
	if (len < shape->least || len > shape->most || looks_made_up(body))
		return false;
	// What has a short mark must look drawn, too.
	if (prefix < 4 && (prefix < 3 || ascii_is_alnum(shape->prefix[prefix - 1]))) {
		size_t digits = 0, capitals = 0;
		for (size_t i = 0; i < body.len; i++) {
			digits += ascii_is_digit(body.p[i]);
			capitals += body.p[i] >= 'A' && body.p[i] <= 'Z';
		}
		if (digits < 2 || (shape->chars == CHARS_ALNUM && prefix < 3 && capitals < 2))
			return false;
	}
	*out = (Token){shape->what, false, at, prefix + len};
	return true;
}

static int compare_pairs(const char *a, const char *b)
{
	return a[0] != b[0] ? (unsigned char)a[0] - (unsigned char)b[0]
	                    : (unsigned char)a[1] - (unsigned char)b[1];
}

static bool shape_among(const TokenShape *rows, size_t count, Str text, size_t at, Token *out)
{
	size_t low = 0, high = count;

	if (at + 1 >= text.len)
		return false;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (compare_pairs(rows[middle].prefix, text.p + at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && compare_pairs(rows[low].prefix, text.p + at) == 0; low++)
		if (shape_at(text, at, &rows[low], out))
			return true;
	return false;
}

// Three parts of base64, the first two of them JSON objects.
static bool json_web_token_at(Str text, size_t at, Token *out)
{
	size_t head = run_length(text, at, CHARS_WORD, 4096), body, sign;
	size_t next = at + head + 1;

	if (head < 12 || next + 12 > text.len || text.p[next - 1] != '.' ||
	    !str_has_prefix(str_from(text, next), S("eyJ")))
		return false;
	body = run_length(text, next, CHARS_WORD, 16384);
	if (next + body >= text.len || text.p[next + body] != '.')
		return false;
	sign = run_length(text, next + body + 1, CHARS_WORD, 4096);
	if (sign < 20 || looks_made_up(str_slice(text, next + body + 1, next + body + 1 + sign)))
		return false;
	*out = (Token){"a JSON web token", false, at, next + body + 1 + sign - at};
	return true;
}

// No key in use is longer.
#define KEY_LIMIT 16384
// A key's lines are of 64 characters or more, but for the last.
#define KEY_RUN 40

// What is left of "-----END RSA PRIVATE KEY-----".
static size_t run_to_line_end(Str text)
{
	size_t end = str_find(str_to(text, 80), S("KEY-----"));

	if (end == STR_NONE)
		end = str_find(str_to(text, 80), S("BLOCK-----"));
	return end == STR_NONE ? 9 : str_find_byte(str_from(text, end), '-') + end + 5;
}

static bool private_key_at(Str text, size_t at, Token *out)
{
	Str rest = str_from(text, at), head = str_to(rest, 80);
	size_t end = str_find(head, S(" KEY-----")), body = 0, skip = 9;

	if (end == STR_NONE) {
		end = str_find(head, S(" KEY BLOCK-----"));
		skip = 15;
	}
	if (end == STR_NONE || str_find(str_to(rest, end), S("PRIVATE")) == STR_NONE)
		return false;
	// A heading alone is a search pattern or a placeholder, and what follows in a comment are words.
	for (size_t i = end + skip;
	     body < KEY_RUN && i < rest.len && strchr("-\"'", rest.p[i]) == NULL; i++)
		body = ascii_is_alnum(rest.p[i]) || strchr("+/=", rest.p[i]) != NULL ? body + 1 : 0;
	if (body < KEY_RUN)
		return false;
	rest = str_to(rest, KEY_LIMIT);
	body = str_find(rest, S("-----END "));
	if (body != STR_NONE && str_contains(str_to(rest, body), S("...")))
		return false; // abbreviated
	*out = (Token){"a private key", true, at,
	               body == STR_NONE ? end + skip
	                                : body + run_to_line_end(str_from(rest, body))};
	return true;
}

// The same, as base64 carries it in kubeconfigs and values: "-----BEGIN " begins every one alike.
static bool encoded_key_at(Str text, size_t at, Token *out)
{
	size_t len = run_length(text, at, CHARS_DOTTED, 100);
	char head[48];

	if (len < 100 || !str_contains(str_n(head, base64_head(str_slice(text, at, at + len), head,
	                                                       sizeof head)),
	                               S("PRIVATE KEY")))
		return false;
	len = run_length(text, at, CHARS_DOTTED, 65536);
	*out = (Token){"a private key", true, at, len};
	return true;
}

static bool putty_key_at(Str text, size_t at, Token *out)
{
	Str rest = str_to(str_from(text, at), 4096);
	size_t lines = str_find(rest, S("Private-Lines:"));

	if (lines == STR_NONE || rest.len < lines + 60)
		return false;
	*out = (Token){"a private key", true, at, lines};
	return true;
}

// A mark in the middle: the token begins before `at`.
static bool mark_at(Str text, size_t at, const TokenMark *mark, Token *out)
{
	size_t width = strlen(mark->mark), before = 0, after;

	if (text.len - at < width || memcmp(text.p + at, mark->mark, width))
		return false;
	while (before < at && before <= mark->before_most &&
	       fits(text.p[at - before - 1], mark->before))
		before++;
	after = run_length(text, at + width, mark->chars, mark->most);
	if (before < mark->before_least || before > mark->before_most || after < mark->least ||
	    after > mark->most || looks_made_up(str_slice(text, at - before, at + width + after)))
		return false;
	if (mark->before == CHARS_TILDE && !ascii_is_digit(text.p[at - 1]))
		return false;
	*out = (Token){mark->what, false, at - before, before + width + after};
	return true;
}

bool token_at(Str text, size_t at, Token *out)
{
	char c = text.p[at];

	if (c == '-' && str_has_prefix(str_from(text, at), S("-----BEGIN ")))
		return private_key_at(text, at, out);
	if (!ascii_is_alnum(c) || at + 1 == text.len ||
	    !(second_bits[(unsigned char)c] & SECOND(text.p[at + 1])) || !starts_here(text, at))
		return false;
	// Most words are short: nothing but an address can be meant.
	if (run_length(text, at, CHARS_DOTTED, TOKEN_LEAST) < TOKEN_LEAST &&
	    !(c == 'h' && str_has_prefix(str_from(text, at), S("https://"))))
		return false;
	if (c == 'e' && str_has_prefix(str_from(text, at), S("eyJ")) &&
	    json_web_token_at(text, at, out))
		return true;
	if (c == 'L' && str_has_prefix(str_from(text, at), S("LS0tLS1CRUdJTi")))
		return encoded_key_at(text, at, out);
	if (c == 'P' && str_has_prefix(str_from(text, at), S("PuTTY-User-Key-File-")))
		return putty_key_at(text, at, out);
	if (run_length(text, at, CHARS_WORD, TOKEN_LEAST) >= TOKEN_LEAST &&
	    shape_among(shapes, COUNT(shapes), text, at, out))
		return true;
	return shape_among(broken_shapes, COUNT(broken_shapes), text, at, out);
}

bool token_seen(Str text, size_t at, Token *out)
{
	char c = text.p[at];

	if ((c == '-' || ascii_is_alnum(c)) && token_at(text, at, out))
		return true;
	if (at + 1 == text.len || !token_mark_begins(c, text.p[at + 1]))
		return false;
	for (size_t i = 0; i < COUNT(marks); i++)
		if (marks[i].mark[0] == c && mark_at(text, at, &marks[i], out))
			return true;
	return false;
}

bool token_next(Str text, size_t from, Token *out)
{
	for (size_t at = from; at < text.len; at++)
		if (token_seen(text, at, out) && out->at >= from)
			return true;
	return false;
}
