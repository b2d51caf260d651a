// Telling credentials from what only looks like them.

#include "k8s/credential.h"

#include "k8s/secrets.h"
#include "k8s/tokens.h"

#include <math.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool credential_shape(Str text, size_t from, Credential *out)
{
	Token token;

	if (!token_next(text, from, &token))
		return false;
	*out = (Credential){.kind = token.key ? CREDENTIAL_KEY : CREDENTIAL_TOKEN,
	                    .what = token.what,
	                    .at = token.at,
	                    .len = token.len};
	return true;
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

static bool contains_folded(Str text, const char *part)
{
	size_t len = strlen(part);

	for (size_t at = 0; at + len <= text.len; at++)
		if (str_ieq(str_slice(text, at, at + len), str_c(part)))
			return true;
	return false;
}

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

	if (str_ieq(name, S("pwd")) || contains_folded(name, "checksum"))
		return false; // the working directory; what restarts pods
	return ends_with(name, ends, COUNT(ends)) && !ends_with(name, harmless, COUNT(harmless));
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
	if (value.len < 3 || value.len > 4096 || strchr("/$%@.~\x01", value.p[0]) != NULL)
		// A slash may also begin an AWS secret: forty drawn characters.
		if (value.len != 40 || value.p[0] != '/' || entropy(value) < 4)
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

static bool is_password_name(Str name)
{
	static const char *const ends[] = {"password", "passwd", "passphrase", "pass", "pwd"};

	return ends_with(name, ends, COUNT(ends));
}

static bool has_digit_or_capital(Str value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((value.p[i] >= '0' && value.p[i] <= '9') ||
		    (value.p[i] >= 'A' && value.p[i] <= 'Z'))
			return true;
	return false;
}

// A name of something, or a URL without a password.
static bool is_name_or_url(Str name, Str value)
{
	static const char *const files[] = {".pem", ".key", ".crt", ".json", ".txt"};
	static const char *const ends[] = {"-secret", "-token",    "-credentials", "-tls",
	                                   "-key",    "-password", "-auth",        "-config"};
	static const char *const parts[] = {"-secret",      "secret-", "-token",
	                                    "-credentials", "-tls",    "-password",
	                                    "-key",         "-auth",   "-config"};

	if (str_contains(value, S("://")) || str_contains(value, S(".svc")))
		return true;
	for (size_t i = 0; i < COUNT(files); i++)
		if (str_has_suffix(value, str_c(files[i])))
			return true;
	// A password may hold such a word; a name of an object ends in it and has neither digits nor capitals.
	if (is_password_name(name))
		return ends_with(value, ends, COUNT(ends)) && !has_digit_or_capital(value);
	for (size_t i = 0; i < COUNT(parts); i++)
		if (contains_folded(value, parts[i]))
			return true;
	return false;
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

// Long enough and mixed: what a password manager would make, or a policy demand.
static bool is_strong(Str value)
{
	bool digit = false, small = false, large = false;

	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];
		digit |= c >= '0' && c <= '9';
		small |= c >= 'a' && c <= 'z';
		large |= c >= 'A' && c <= 'Z';
		if (c == ' ' || c == '/' || c == '.' || c == ':' || c == ',')
			return false;
	}
	return value.len >= 10 && digit && small && large;
}

// What stands for a password, but is made so that it can be read: a hash of it, or a key that its maker calls public.
static bool is_public(Str value)
{
	static const char *const starts[] = {"sha1:",   "sha256:", "sha512:", "argon2", "{ssha",
	                                     "{sha",    "pbkdf2",  "scrypt:", "bcrypt", "phc_",
	                                     "pk_live", "pk_test", "pk.eyJ"};
	static const char *const hashes[] = {"$2a$",    "$2b$", "$2y$", "$apr1$",
	                                     "$argon2", "$5$",  "$6$"};

	for (size_t i = 0; i < COUNT(starts); i++)
		if (str_ieq(str_to(value, strlen(starts[i])), str_c(starts[i])))
			return true;
	for (size_t i = 0; i < COUNT(hashes); i++)
		if (str_contains(value, str_c(hashes[i])))
			return true;
	return false;
}

// "CLIENT-SECRET", "some-api-key", "MISSING": words that say what belongs there.
static bool is_stand_in(Str name, Str value)
{
	static const char *const words[] = {"some",  "my",     "api",    "key",     "apikey",
	                                    "token", "secret", "client", "access",  "auth",
	                                    "value", "here",   "the",    "missing", "encryption"};
	size_t start = 0;

	if (is_password_name(name))
		return false;
	for (size_t i = 0; i <= value.len; i++) {
		bool known = false;
		if (i < value.len && is_alnum(value.p[i]))
			continue;
		if (i < value.len && strchr("-_ ", value.p[i]) == NULL)
			return false;
		for (size_t w = 0; w < COUNT(words); w++)
			known |= str_ieq(str_slice(value, start, i), str_c(words[w]));
		if (!known)
			return false;
		start = i + 1;
	}
	return true;
}

Credential credential_named(Str name, Str value)
{
	Credential found = {.len = value.len, .name = name};

	if (credential_name(name)) {
		if (credential_is_default(value) && !str_is(value, "default")) {
			found.kind = CREDENTIAL_DEFAULT;
			found.what = "a well-known default";
		} else if (credential_value(value) && !is_name_or_url(name, value) &&
		           !is_public(value) && !is_stand_in(name, value) &&
		           !is_plain_number(value) && !is_named_object(name, value)) {
			found.kind = CREDENTIAL_NAMED;
			found.what = "a credential";
		}
	} else if (secret_is_name(name) && credential_value(value) && is_strong(value) &&
	           !is_public(value) && !is_name_or_url(name, value)) {
		found.kind = CREDENTIAL_NAMED; // DB_PASSWORD_PROD
		found.what = "a credential";
	} else if (weak_name(name) && credential_value(value) && is_random(value)) {
		found.kind = CREDENTIAL_RANDOM;
		found.what = "what looks like a key";
	}
	return found;
}

Credential credential_find(Str name, Str value)
{
	Credential found = {0};

	value = str_trim_ascii(value);
	return credential_shape(value, 0, &found) ? found : credential_named(name, value);
}
