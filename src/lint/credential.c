// Telling credentials from what only looks like them.

#include "lint/credential.h"

#include "k8s/secrets.h"

#include <math.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

typedef enum TokenChars {
	CHARS_ALNUM,
	CHARS_UPPER,
	CHARS_WORD,
	CHARS_HEX,
	CHARS_DOTTED
} TokenChars;

typedef struct TokenShape {
	const char *prefix;
	TokenChars chars;
	size_t least, most; // characters after the prefix
	const char *what;
} TokenShape;

static const TokenShape shapes[] = {
	{"AKIA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ASIA", CHARS_UPPER, 16, 16, "an AWS access key"},
	{"ghp_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"gho_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"ghu_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"ghs_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"ghr_", CHARS_ALNUM, 36, 255, "a GitHub token"},
	{"github_pat_", CHARS_WORD, 40, 255, "a GitHub token"},
	{"glpat-", CHARS_WORD, 20, 64, "a GitLab token"},
	{"glsa_", CHARS_WORD, 32, 64, "a Grafana token"},
	{"xoxb-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxp-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxa-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xoxs-", CHARS_WORD, 20, 255, "a Slack token"},
	{"xapp-", CHARS_WORD, 20, 255, "a Slack token"},
	{"https://hooks.slack.com/services/T", CHARS_DOTTED, 30, 100, "a Slack webhook"},
	{"sk_live_", CHARS_ALNUM, 24, 255, "a Stripe key"},
	{"rk_live_", CHARS_ALNUM, 24, 255, "a Stripe key"},
	{"SG.", CHARS_DOTTED, 60, 80, "a SendGrid key"},
	{"AIza", CHARS_WORD, 35, 35, "a Google API key"},
	{"npm_", CHARS_ALNUM, 36, 36, "an npm token"},
	{"pypi-AgEI", CHARS_WORD, 50, 500, "a PyPI token"},
	{"dckr_pat_", CHARS_WORD, 20, 64, "a Docker Hub token"},
	{"hvs.", CHARS_WORD, 20, 255, "a Vault token"},
	{"hf_", CHARS_ALNUM, 30, 40, "a Hugging Face token"},
	{"sk-ant-", CHARS_WORD, 40, 255, "an Anthropic key"},
	{"sk-proj-", CHARS_WORD, 40, 255, "an OpenAI key"},
	{"dop_v1_", CHARS_HEX, 64, 64, "a DigitalOcean token"},
	{"shpat_", CHARS_HEX, 32, 32, "a Shopify token"},
	{"lin_api_", CHARS_ALNUM, 40, 40, "a Linear key"},
	{"AccountKey=", CHARS_DOTTED, 60, 100, "an Azure storage key"},
	{"dapi", CHARS_HEX, 32, 32, "a Databricks token"},
	{"gsk_", CHARS_ALNUM, 48, 60, "a Groq key"},
	{"figd_", CHARS_WORD, 36, 60, "a Figma token"},
	{"ntn_", CHARS_ALNUM, 40, 60, "a Notion token"},
	{"ops_eyJ", CHARS_DOTTED, 100, 4096, "a 1Password token"},
	{"sk-", CHARS_ALNUM, 48, 48, "an OpenAI key"},
	{"eyJhbGciOi", CHARS_DOTTED, 60, 4096, "a JSON web token"},
};

static bool fits(char c, TokenChars chars)
{
	switch (chars) {
	case CHARS_UPPER:
		return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	case CHARS_HEX:
		return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9');
	case CHARS_ALNUM:
		return is_alnum(c);
	case CHARS_WORD:
		return is_alnum(c) || c == '_' || c == '-';
	default:
		return is_alnum(c) || strchr("_-.+/=", c) != NULL;
	}
}

// Repeated or counted-up characters: an example, not a token.
static bool looks_made_up(Str s)
{
	size_t same = 0;
	bool seen[256] = {false};
	size_t kinds = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (!seen[(unsigned char)s.p[i]]) {
			seen[(unsigned char)s.p[i]] = true;
			kinds++;
		}
		same += i && s.p[i] == s.p[i - 1];
	}
	return kinds < 5 || same * 2 > s.len || str_contains(s, S("EXAMPLE")) ||
	       str_contains(s, S("example")) || str_contains(s, S("xxxx")) ||
	       str_contains(s, S("XXXX")) || str_contains(s, S("REDACTED"));
}

static bool shape_at(Str text, size_t at, const TokenShape *shape, Credential *out)
{
	size_t prefix = strlen(shape->prefix), len = 0;

	if (text.len - at < prefix + shape->least || memcmp(text.p + at, shape->prefix, prefix))
		return false;
	while (at + prefix + len < text.len && len <= shape->most &&
	       fits(text.p[at + prefix + len], shape->chars))
		len++;
	if (len < shape->least || len > shape->most ||
	    looks_made_up(str_slice(text, at + prefix, at + prefix + len)))
		return false;
	if (str_is(str_c(shape->prefix), "eyJhbGciOi") &&
	    str_find_byte(str_slice(text, at, at + prefix + len), '.') == STR_NONE)
		return false;
	*out = (Credential){CREDENTIAL_TOKEN, shape->what, at, prefix + len};
	return true;
}

static bool private_key_at(Str text, size_t at, Credential *out)
{
	Str rest = str_from(text, at);
	size_t end = str_find(str_to(rest, 80), S(" KEY-----")), body = 0;

	if (end == STR_NONE || str_find(str_to(rest, end), S("PRIVATE")) == STR_NONE)
		return false;
	// A heading alone is a search pattern or a placeholder.
	for (size_t i = end + 9; i < rest.len && rest.p[i] != '-'; i++)
		body += is_alnum(rest.p[i]);
	if (body < 60)
		return false;
	*out = (Credential){CREDENTIAL_KEY, "a private key", at, end + 9};
	return true;
}

bool credential_shape(Str text, size_t from, Credential *out)
{
	for (size_t at = from; at + 12 < text.len; at++) {
		char c = text.p[at];
		if (c == '-' && str_has_prefix(str_from(text, at), S("-----BEGIN ")) &&
		    private_key_at(text, at, out))
			return true;
		if (strchr("AgxhsrSnpdlefo", c) == NULL || (at && is_alnum(text.p[at - 1])))
			continue;
		for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
			if (shapes[i].prefix[0] == c && shape_at(text, at, &shapes[i], out))
				return true;
	}
	return false;
}

bool credential_is_default(Str value)
{
	static const char *const known[] = {
		"minioadmin",     "minioadmin123",
		"minio123",       "minio",
		"changeme",       "change-me",
		"changeit",       "change_me",
		"admin",          "admin123",
		"password",       "password1",
		"password123",    "passw0rd",
		"p@ssw0rd",       "postgres",
		"root",           "toor",
		"guest",          "rabbitmq",
		"redis",          "mysql",
		"mariadb",        "mongo",
		"mongodb",        "secret",
		"supersecret",    "letmein",
		"123456",         "12345678",
		"1234",           "qwerty",
		"test",           "test123",
		"airflow",        "mlflow",
		"prom-operator",  "elastic",
		"grafana",        "keycloak",
		"kafka",          "cassandra",
		"neo4j",          "jenkins",
		"nexus",          "sonarqube",
		"harbor12345",    "bitnami",
		"example",        "demo",
		"user",           "pass",
		"default",        "docker",
		"kubernetes",     "couchdb",
		"influxdb",       "clickhouse",
		"superset",       "metabase",
		"secretpassword", "mysecretpassword",
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_ieq(value, str_c(known[i])))
			return true;
	return false;
}

static bool ends_with(Str name, const char *const *ends, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(ends[i]);
		if (name.len >= len && str_ieq(str_from(name, name.len - len), str_c(ends[i])))
			return true;
	}
	return false;
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

bool credential_name(Str name)
{
	static const char *const ends[] = {
		"password",
		"passwd",
		"passphrase",
		"_pass",
		"-pass",
		".pass",
		"secret",
		"token",
		"apikey",
		"api_key",
		"api-key",
		"access_key",
		"access-key",
		"accesskey",
		"secret_key",
		"secret-key",
		"secretkey",
		"private_key",
		"private-key",
		"privatekey",
		"credentials",
		"credential",
		"encryption_key",
		"encryption-key",
		"encryptionkey",
		"secret_access_key",
		"secretaccesskey",
		"secret-access-key",
		"auth_key",
		"authkey",
		"signing_key",
		"signing-key",
		"signingkey",
		"_pwd",
		"-pwd",
		"session_key",
		"jwt_secret",
		"client_secret",
		"rootpassword",
		"root_password",
		"passcode",
		"secret_key_base",
		"fernet_key",
		"fernet-key",
		"fernetkey",
		"_psk",
		"access_token",
		"secret_id",
		"secretid",
	};
	static const char *const harmless[] = {
		"public_key",
		"_id_token",
		"existingsecret",
		"name_secret",
		"use_secret",
		"image_pull_secret",
		"imagepullsecret",
		"tls_secret",
		"tlssecret",
		"tls-secret",
		"_csrf_token",
		"next_token",
		"cluster_token",
		"clustertoken",
		"cluster-token",
		"cancellation_token",
		"from_secret",
		"cert_secret",
		"certsecret",
		"cert-secret",
		"ca_secret",
		"casecret",
		"ca-secret",
		"max_token",
		"service_account_token",
		"automount_service_account_token",
		"tls-cert-secret",
		"webhook-secret",
		"webhooksecret",
		"allow_empty_password",
		"empty_password",
		"default-ssl-certificate-secret",
		"create_secret",
		"createsecret",
		"generate_secret",
		"existing-secret",
		"existing_secret",
	};

	if (str_ieq(name, S("pwd")))
		return false; // the working directory
	return ends_with(name, ends, COUNT(ends)) && !ends_with(name, harmless, COUNT(harmless));
}

static bool contains_folded(Str text, const char *part)
{
	size_t len = strlen(part);

	for (size_t at = 0; at + len <= text.len; at++)
		if (str_ieq(str_slice(text, at, at + len), str_c(part)))
			return true;
	return false;
}

bool credential_value(Str value)
{
	static const char *const words[] = {
		"true",      "false",  "none",     "null",     "nil",        "enabled", "disabled",
		"yes",       "no",     "required", "optional", "auto",       "always",  "never",
		"default",   "basic",  "bearer",   "oauth",    "jwt",        "plain",   "md5",
		"sha256",    "static", "file",     "env",      "kubernetes", "cookie",  "header",
		"undefined", "empty",  "{}",       "[]",       "on",         "off",     "string",
		"unset",     "token",  "key",
	};
	static const char *const placeholders[] = {
		"replace",     "your-",       "your_",      "<",     "${",          "$(",
		"{{",          "todo",        "fixme",      "xxx",   "placeholder", "insert",
		"***",         "vault:",      "ref+",       "arn:",  "valuefrom",   "file:",
		"env:",        "secret:",     "%(",         "__",    "redacted",    "changeme-",
		"change-this", "change_this", "change-me-", "dummy",
	};
	size_t spaces = 0;

	value = str_trim_ascii(value);
	if (value.len < 3 || value.len > 4096 || value.p[0] == '/' || value.p[0] == '$' ||
	    value.p[0] == '%' || value.p[0] == '@' || value.p[0] == '.' || value.p[0] == '~' ||
	    value.p[0] == '\x01')
		return false;
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_ieq(value, str_c(words[i])))
			return false;
	for (size_t i = 0; i < COUNT(placeholders); i++)
		if (contains_folded(str_to(value, 200), placeholders[i]))
			return false;
	for (size_t i = 0; i < value.len; i++) {
		spaces += value.p[i] == ' ' || value.p[i] == '\n';
		if (value.p[i] == '\x01')
			return false;
	}
	return spaces < 2;
}

// By the series of the inverse hyperbolic tangent, of which 16 terms are exact to the last digits for 1/2 to 1. The C
// library's mathematics would be one more library to load at every start, for this.
static double log_base_2(double x)
{
	int exponent;
	double fraction = frexp(x, &exponent), y = (fraction - 1) / (fraction + 1);
	double power = y, sum = 0;

	for (int i = 1; i < 32; i += 2, power *= y * y)
		sum += power / i;
	return exponent + sum * 2.8853900817779268; // 2 / ln 2
}

// Bits a character, over the whole text.
static double entropy(Str s)
{
	size_t counts[256] = {0};
	double sum = 0;

	for (size_t i = 0; i < s.len; i++)
		counts[(unsigned char)s.p[i]]++;
	for (size_t i = 0; i < 256; i++)
		if (counts[i])
			sum -= (double)counts[i] / (double)s.len *
			       log_base_2((double)counts[i] / (double)s.len);
	return sum;
}

// Looks drawn at random: long, of one word, letters and digits mixed.
static bool is_random(Str s)
{
	bool digit = false, small = false, large = false;

	if (s.len < 24 || s.len > 256)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		digit |= c >= '0' && c <= '9';
		small |= c >= 'a' && c <= 'z';
		large |= c >= 'A' && c <= 'Z';
		if (!is_alnum(c) && strchr("_-+/=", c) == NULL)
			return false;
	}
	return digit && small && large && entropy(s) >= 4.2;
}

// Names under which a random text is a credential though they do not say so.
static bool weak_name(Str name)
{
	static const char *const ends[] = {
		"_key",      "-key",    "key",  "auth", "salt",
		"signature", "cookie",  "_sid", "dsn",  "connection_string",
		"webhook",   "license", "seed"};

	return ends_with(name, ends, COUNT(ends)) && !contains_folded(name, "public");
}

// A name of something, or a URL without a password.
static bool is_name_or_url(Str value)
{
	return str_contains(value, S("://")) || str_contains(value, S(".svc")) ||
	       contains_folded(value, "-secret") || contains_folded(value, "secret-") ||
	       contains_folded(value, "-token") || contains_folded(value, "-credentials") ||
	       contains_folded(value, "-tls") || contains_folded(value, "-password") ||
	       str_contains(value, S(".pem")) || contains_folded(value, "-key") ||
	       contains_folded(value, "-auth") || contains_folded(value, "-config") ||
	       str_contains(value, S(".key")) || str_contains(value, S(".crt")) ||
	       str_contains(value, S(".json")) || str_contains(value, S(".txt"));
}

// The name of an object under a name that ends in "secret": letters and dashes, as Kubernetes' names are.
static bool is_named_object(Str name, Str value)
{
	static const char *const of_client[] = {
		"client_secret", "client-secret", "clientsecret",  "jwt_secret",  "app_secret",
		"cookie_secret", "cookie-secret", "shared_secret", "auth_secret", "session_secret"};
	size_t dashes = 0;

	if (name.len < 6 || !str_ieq(str_from(name, name.len - 6), S("secret")) ||
	    ends_with(name, of_client, COUNT(of_client)))
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
		      c == '/'))
			return false;
		dashes += c == '-' || c == '/';
	}
	return dashes > 0;
}

static bool is_plain_number(Str value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((value.p[i] < '0' || value.p[i] > '9') && strchr("smhd.", value.p[i]) == NULL)
			return false;
	return value.len < 6;
}

Credential credential_find(Str name, Str value)
{
	Credential found = {0};

	value = str_trim_ascii(value);
	if (credential_shape(value, 0, &found))
		return found;
	found = (Credential){.at = 0, .len = value.len};
	if (credential_name(name)) {
		if (credential_is_default(value) && !str_is(value, "default"))
			found = (Credential){CREDENTIAL_DEFAULT, "a well-known default", 0,
			                     value.len};
		else if (credential_value(value) && !is_name_or_url(value) &&
		         !is_plain_number(value) && !is_named_object(name, value))
			found = (Credential){CREDENTIAL_NAMED, "a credential", 0, value.len};
		return found;
	}
	if (weak_name(name) && credential_value(value) && is_random(value))
		found = (Credential){CREDENTIAL_RANDOM, "what looks like a key", 0, value.len};
	(void)lower;
	return found;
}
