// The forms of tokens, as their providers document them, and of private keys.

#include "k8s/tokens.h"

#include "k8s/base64.h"

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

static const TokenShape shapes[] = {
	{"A3T", CHARS_UPPER, 17, 17, "an AWS access key"},
	{"AKIA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ASIA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ABIA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ACCA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"AGPA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"AIDA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"AIPA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ANPA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ANVA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"AROA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"AccountKey=", CHARS_DOTTED, 60, 100, "an Azure storage key"},
	{"SharedAccessKey=", CHARS_DOTTED, 40, 100, "an Azure shared access key"},
	{"sig=", CHARS_DOTTED, 43, 60, "an Azure access signature"},
	{"AIza", CHARS_WORD, 35, 35, "a Google API key"},
	{"GOCSPX-", CHARS_WORD, 28, 28, "a Google client secret"},
	{"ya29.", CHARS_DOTTED, 60, 2048, "a Google access token"},
	{"1//0", CHARS_WORD, 40, 255, "a Google refresh token"},
	{"ghp_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"gho_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"ghu_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"ghs_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"ghr_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"ghs_", CHARS_DOTTED, 60, 4096, "a GitHub token"},
	{"github_pat_", CHARS_WORD, 40, 255, "a GitHub token"},
	{"glpat-", CHARS_DOTTED, 20, 255, "a GitLab token"},
	{"gldt-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"glrt-", CHARS_DOTTED, 20, 255, "a GitLab token"},
	{"glft-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"glsoat-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"glimt-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"glagent-", CHARS_WORD, 40, 255, "a GitLab token"},
	{"glptt-", CHARS_WORD, 40, 255, "a GitLab token"},
	{"glcbt-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"glffct-", CHARS_WORD, 20, 255, "a GitLab token"},
	{"gloas-", CHARS_WORD, 60, 255, "a GitLab token"},
	{"glsa_", CHARS_WORD, 32, 64, "a Grafana token"},
	{"glc_eyJ", CHARS_DOTTED, 30, 420, "a Grafana token"},
	{"eyJrIjoi", CHARS_DOTTED, 60, 420, "a Grafana key"},
	{"xoxb-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxp-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxa-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxs-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxo-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxr-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxe-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxe.xox", CHARS_WORD, 20, 255, "a Slack token"},
	{"xapp-", CHARS_WORD, 20, 255, "a Slack token"},
	{"https://hooks.slack.com/services/T", CHARS_DOTTED, 15, 100, "a Slack webhook"},
	{"https://hooks.slack.com/workflows/T", CHARS_DOTTED, 15, 150, "a Slack webhook"},
	{"https://discord.com/api/webhooks/", CHARS_DOTTED, 60, 150, "a Discord webhook"},
	{"https://discordapp.com/api/webhooks/", CHARS_DOTTED, 60, 150, "a Discord webhook"},
	{"sk_live_", CHARS_ALNUM, 24, 255, "a Stripe key"},
	{"sk_test_", CHARS_ALNUM, 24, 255, "a Stripe key"},
	{"rk_live_", CHARS_ALNUM, 24, 255, "a Stripe key"},
	{"rk_test_", CHARS_ALNUM, 24, 255, "a Stripe key"},
	{"whsec_", CHARS_DOTTED, 32, 80, "a webhook's signing key"},
	{"SG.", CHARS_DOTTED, 40, 140, "a SendGrid key"},
	{"npm_", CHARS_ALNUM, 36, 36, "an npm token"},
	{"pypi-AgEI", CHARS_WORD, 50, 500, "a PyPI token"},
	{"rubygems_", CHARS_HEX, 48, 48, "a RubyGems key"},
	{"oy2", CHARS_ALNUM, 43, 43, "a NuGet key"},
	{"cio", CHARS_ALNUM, 32, 32, "a crates.io token"},
	{"dckr_pat_", CHARS_WORD, 20, 64, "a Docker Hub token"},
	{"dckr_oat_", CHARS_WORD, 20, 64, "a Docker Hub token"},
	{"AKCp", CHARS_ALNUM, 60, 80, "an Artifactory key"},
	{"hvs.", CHARS_WORD, 20, 255, "a Vault token"},
	{"hvb.", CHARS_WORD, 60, 400, "a Vault token"},
	{"hvr.", CHARS_WORD, 20, 255, "a Vault token"},
	{"s.", CHARS_ALNUM, 24, 24, "a Vault token"},
	{"hf_", CHARS_ALNUM, 30, 40, "a Hugging Face token"},
	{"api_org_", CHARS_LETTER, 34, 34, "a Hugging Face token"},
	{"sk-ant-", CHARS_WORD, 40, 255, "an Anthropic key"},
	{"sk-proj-", CHARS_WORD, 40, 255, "an OpenAI key"},
	{"sk-svcacct-", CHARS_WORD, 40, 255, "an OpenAI key"},
	{"sk-admin-", CHARS_WORD, 40, 255, "an OpenAI key"},
	{"sk-or-v1-", CHARS_HEX, 64, 64, "an OpenRouter key"},
	{"sk-", CHARS_ALNUM, 48, 48, "an OpenAI key"},
	{"gsk_", CHARS_ALNUM, 48, 60, "a Groq key"},
	{"pplx-", CHARS_ALNUM, 48, 48, "a Perplexity key"},
	{"xai-", CHARS_ALNUM, 80, 80, "an xAI key"},
	{"r8_", CHARS_ALNUM, 37, 37, "a Replicate token"},
	{"lsv2_pt_", CHARS_WORD, 40, 50, "a LangSmith key"},
	{"lsv2_sk_", CHARS_WORD, 40, 50, "a LangSmith key"},
	{"dapi", CHARS_HEX, 32, 32, "a Databricks token"},
	{"dop_v1_", CHARS_HEX, 64, 64, "a DigitalOcean token"},
	{"doo_v1_", CHARS_HEX, 64, 64, "a DigitalOcean token"},
	{"dor_v1_", CHARS_HEX, 64, 64, "a DigitalOcean token"},
	{"HRKU-", CHARS_WORD, 36, 80, "a Heroku key"},
	{"fm1_", CHARS_DOTTED, 80, 2048, "a Fly.io token"},
	{"fm2_", CHARS_DOTTED, 80, 2048, "a Fly.io token"},
	{"cfk_", CHARS_ALNUM, 48, 48, "a Cloudflare token"},
	{"cfut_", CHARS_ALNUM, 48, 48, "a Cloudflare token"},
	{"cfat_", CHARS_ALNUM, 48, 48, "a Cloudflare token"},
	{"v1.0-", CHARS_WORD, 150, 200, "a Cloudflare origin key"},
	{"tskey-", CHARS_WORD, 26, 110, "a Tailscale key"},
	{"vcp_", CHARS_ALNUM, 20, 60, "a Vercel token"},
	{"vci_", CHARS_ALNUM, 20, 60, "a Vercel token"},
	{"vca_", CHARS_ALNUM, 20, 60, "a Vercel token"},
	{"vcr_", CHARS_ALNUM, 20, 60, "a Vercel token"},
	{"vck_", CHARS_ALNUM, 20, 60, "a Vercel token"},
	{"nfp_", CHARS_ALNUM, 36, 64, "a Netlify token"},
	{"shpat_", CHARS_ALNUM, 32, 64, "a Shopify token"},
	{"shpca_", CHARS_ALNUM, 32, 64, "a Shopify token"},
	{"shppa_", CHARS_ALNUM, 32, 64, "a Shopify token"},
	{"shpss_", CHARS_ALNUM, 32, 64, "a Shopify secret"},
	{"sq0atp-", CHARS_WORD, 22, 22, "a Square token"},
	{"sq0csp-", CHARS_WORD, 43, 43, "a Square secret"},
	{"EAAA", CHARS_WORD, 60, 60, "a Square token"},
	{"lin_api_", CHARS_ALNUM, 32, 128, "a Linear key"},
	{"figd_", CHARS_WORD, 36, 200, "a Figma token"},
	{"pat", CHARS_DOTTED, 79, 79, "an Airtable token"},
	{"ntn_", CHARS_ALNUM, 40, 60, "a Notion token"},
	{"secret_", CHARS_ALNUM, 43, 43, "a Notion token"},
	{"ops_eyJ", CHARS_DOTTED, 100, 4096, "a 1Password token"},
	{"ops_ey", CHARS_DOTTED, 100, 4096, "a 1Password token"},
	{"dp.pt.", CHARS_ALNUM, 40, 44, "a Doppler token"},
	{"dp.st.", CHARS_DOTTED, 40, 80, "a Doppler token"},
	{"pul-", CHARS_HEX, 40, 40, "a Pulumi token"},
	{"ATATT3xFfGF0", CHARS_DOTTED, 100, 255, "an Atlassian token"},
	{"ATCTT3xFfGN0", CHARS_DOTTED, 100, 255, "an Atlassian token"},
	{"ATBB", CHARS_ALNUM, 32, 32, "a Bitbucket password"},
	{"sntrys_ey", CHARS_DOTTED, 80, 600, "a Sentry token"},
	{"sntryu_", CHARS_HEX, 64, 64, "a Sentry token"},
	{"PMAK-", CHARS_WORD, 59, 59, "a Postman key"},
	{"NRAK-", CHARS_ALNUM, 27, 27, "a New Relic key"},
	{"phx_", CHARS_ALNUM, 40, 60, "a PostHog key"},
	{"pscale_tkn_", CHARS_WORD, 40, 64, "a PlanetScale token"},
	{"pscale_pw_", CHARS_WORD, 40, 64, "a PlanetScale password"},
	{"sbp_", CHARS_HEX, 40, 40, "a Supabase token"},
	{"bkua_", CHARS_HEX, 40, 40, "a Buildkite token"},
	{"sqp_", CHARS_HEX, 40, 40, "a SonarQube token"},
	{"squ_", CHARS_HEX, 40, 40, "a SonarQube token"},
	{"sqa_", CHARS_HEX, 40, 40, "a SonarQube token"},
	{"key-", CHARS_HEX, 32, 32, "a Mailgun key"},
	{"SK", CHARS_HEX, 32, 32, "a Twilio key"},
	{"AGE-SECRET-KEY-1", CHARS_UPPER, 58, 58, "an age key"},
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

// No token without a separator in it has fewer characters.
#define RUN_LEAST 20

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool fits(char c, TokenChars chars)
{
	switch (chars) {
	case CHARS_UPPER:
		return (c >= 'A' && c <= 'Z') || is_digit(c);
	case CHARS_HEX:
		return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || is_digit(c);
	case CHARS_ALNUM:
		return ascii_is_alnum(c);
	case CHARS_LETTER:
		return is_letter(c);
	case CHARS_WORD:
		return ascii_is_alnum(c) || c == '_' || c == '-';
	case CHARS_TILDE:
		return ascii_is_alnum(c) || (c && strchr("_-.~", c) != NULL);
	default:
		return ascii_is_alnum(c) || (c && strchr("_-.+/=", c) != NULL);
	}
}

static size_t run_length(Str text, size_t at, TokenChars chars, size_t most)
{
	size_t len = 0;

	while (at + len < text.len && len <= most && fits(text.p[at + len], chars))
		len++;
	return len;
}

static bool contains_folded(Str text, Str part)
{
	for (size_t at = 0; at + part.len <= text.len; at++)
		if (str_ieq(str_slice(text, at, at + part.len), part))
			return true;
	return false;
}

// Repeated characters, no digit at all, or words of a manual: an example, not a token.
static bool looks_made_up(Str s)
{
	static const char *const words[] = {"example", "your",   "redacted",    "xxxx",
	                                    "token",   "secret", "placeholder", "changeme"};
	size_t same = 0, kinds = 0, digits = 0, from = 0;
	bool seen[256] = {false};

	for (size_t i = 0; i < s.len; i++) {
		if (!seen[(unsigned char)s.p[i]]) {
			seen[(unsigned char)s.p[i]] = true;
			kinds++;
		}
		digits += is_digit(s.p[i]);
		same += i && s.p[i] == s.p[i - 1];
	}
	if (kinds < 5 || same * 2 > s.len)
		return true;
	// A word may turn up in a real one by chance or by its owner's humour: then the rest still looks drawn.
	for (size_t i = 0; i < COUNT(words); i++)
		if (contains_folded(s, str_c(words[i])))
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
			digits += is_digit(body.p[i]);
			capitals += body.p[i] >= 'A' && body.p[i] <= 'Z';
		}
		if (digits < 2 || (shape->chars == CHARS_ALNUM && prefix < 3 && capitals < 2))
			return false;
	}
	*out = (Token){shape->what, false, at, prefix + len};
	return true;
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
	if (mark->before == CHARS_TILDE && !is_digit(text.p[at - 1]))
		return false;
	*out = (Token){mark->what, false, at - before, before + width + after};
	return true;
}

bool token_at(Str text, size_t at, Token *out)
{
	char c = text.p[at];

	if (c == '-' && str_has_prefix(str_from(text, at), S("-----BEGIN ")))
		return private_key_at(text, at, out);
	if (!ascii_is_alnum(c) || !starts_here(text, at))
		return false;
	if (c == 'e' && str_has_prefix(str_from(text, at), S("eyJ")) &&
	    json_web_token_at(text, at, out))
		return true;
	if (c == 'L' && str_has_prefix(str_from(text, at), S("LS0tLS1CRUdJTi")))
		return encoded_key_at(text, at, out);
	if (c == 'P' && str_has_prefix(str_from(text, at), S("PuTTY-User-Key-File-")))
		return putty_key_at(text, at, out);
	// Most words are short: they need not be held against every row. A few marks go on behind a separator.
	if (run_length(text, at, CHARS_WORD, RUN_LEAST) < RUN_LEAST &&
	    strchr("hAS1sygdpxL", c) == NULL)
		return false;
	for (size_t i = 0; i < COUNT(shapes); i++)
		if (shapes[i].prefix[0] == c && shape_at(text, at, &shapes[i], out))
			return true;
	return false;
}

bool token_seen(Str text, size_t at, Token *out)
{
	// What marks begin with: nearly every byte of a text is none of them.
	static const bool begins_mark[256] = {
		['T'] = true, ['Q'] = true, ['.'] = true, [':'] = true,
		['-'] = true, ['F'] = true, ['/'] = true};

	if (token_at(text, at, out))
		return true;
	if (!begins_mark[(unsigned char)text.p[at]])
		return false;
	for (size_t i = 0; i < COUNT(marks); i++)
		if (mark_at(text, at, &marks[i], out))
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
