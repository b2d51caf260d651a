// Telling credentials from what only looks like them.

#include "k8s/credential.h"

#include "k8s/names.h"
#include "k8s/secrets.h"
#include "k8s/tokens.h"

#include <math.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
// A row of a table of words: names and values are held against many, so their lengths are known.
#define WORD(literal)                                                                              \
	{                                                                                          \
		(literal), sizeof(literal) - 1, NULL                                               \
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
	static const Str known[] = {
		WORD("minioadmin"),     WORD("minioadmin123"),
		WORD("minio123"),       WORD("minio"),
		WORD("changeme"),       WORD("change-me"),
		WORD("changeit"),       WORD("change_me"),
		WORD("admin"),          WORD("admin123"),
		WORD("password"),       WORD("password1"),
		WORD("password123"),    WORD("passw0rd"),
		WORD("p@ssw0rd"),       WORD("postgres"),
		WORD("root"),           WORD("toor"),
		WORD("guest"),          WORD("rabbitmq"),
		WORD("redis"),          WORD("mysql"),
		WORD("mariadb"),        WORD("mongo"),
		WORD("mongodb"),        WORD("secret"),
		WORD("supersecret"),    WORD("letmein"),
		WORD("123456"),         WORD("12345678"),
		WORD("1234"),           WORD("qwerty"),
		WORD("test"),           WORD("test123"),
		WORD("airflow"),        WORD("mlflow"),
		WORD("prom-operator"),  WORD("elastic"),
		WORD("grafana"),        WORD("keycloak"),
		WORD("kafka"),          WORD("cassandra"),
		WORD("neo4j"),          WORD("jenkins"),
		WORD("nexus"),          WORD("sonarqube"),
		WORD("harbor12345"),    WORD("bitnami"),
		WORD("example"),        WORD("demo"),
		WORD("user"),           WORD("pass"),
		WORD("default"),        WORD("docker"),
		WORD("kubernetes"),     WORD("couchdb"),
		WORD("influxdb"),       WORD("clickhouse"),
		WORD("superset"),       WORD("metabase"),
		WORD("secretpassword"), WORD("mysecretpassword"),
		WORD("welcome1"),       WORD("passw0rd!"),
		WORD("s3cr3t"),         WORD("yourStrong(!)Password"),
		WORD("zabbix"),         WORD("sonar"),
		WORD("tomcat"),         WORD("oracle"),
		WORD("jupyter"),
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (str_ieq(value, known[i]))
			return true;
	return false;
}

static bool ends_with(Str name, const Str *ends, size_t count)
{
	char last = name.len ? ascii_lower(name.p[name.len - 1]) : '\0';

	for (size_t i = 0; i < count; i++)
		if (last == ends[i].p[ends[i].len - 1] && name.len >= ends[i].len &&
		    str_ieq(str_from(name, name.len - ends[i].len), ends[i]))
			return true;
	return false;
}

// What names of credentials end in.
static const Str NAME_ENDS[] = {
	NAME_ROW("secret_id"),
	NAME_ROW("secretid"),
	NAME_ROW("password"),
	NAME_ROW("_pwd"),
	NAME_ROW("passwd"),
	NAME_ROW("passcode"),
	NAME_ROW("secret_key_base"),
	NAME_ROW("passphrase"),
	NAME_ROW("rediscli_auth"),
	NAME_ROW("masterauth"),
	NAME_ROW("_psk"),
	NAME_ROW("credential"),
	NAME_ROW("token"),
	NAME_ROW("credentials"),
	NAME_ROW("_pass"),
	NAME_ROW("dbpass"),
	NAME_ROW("requirepass"),
	NAME_ROW("storepass"),
	NAME_ROW("adminpass"),
	NAME_ROW("userpass"),
	NAME_ROW("rootpass"),
	NAME_ROW("keypass"),
	NAME_ROW("secret"),
	NAME_ROW("hmac_key"),
	NAME_ROW("shared_key"),
	NAME_ROW("storage_key"),
	NAME_ROW("private_key"),
	NAME_ROW("signing_key"),
	NAME_ROW("auth_key"),
	NAME_ROW("api_key"),
	NAME_ROW("session_key"),
	NAME_ROW("encryption_key"),
	NAME_ROW("app_key"),
	NAME_ROW("master_key"),
	NAME_ROW("access_key"),
	NAME_ROW("fernet_key"),
	NAME_ROW("secret_key"),
	NAME_ROW("account_key"),
	NAME_ROW("privatekey"),
	NAME_ROW("signingkey"),
	NAME_ROW("authkey"),
	NAME_ROW("apikey"),
	NAME_ROW("encryptionkey"),
	NAME_ROW("masterkey"),
	NAME_ROW("accesskey"),
	NAME_ROW("fernetkey"),
	NAME_ROW("secretkey"),
};
static const NameLetters NAME_LETTERS = {
	NAME_LAST('d') = NAME_BEFORE('i') | NAME_BEFORE('r') | NAME_BEFORE('w'),
	NAME_LAST('e') = NAME_BEFORE('d') | NAME_BEFORE('s'),
	NAME_LAST('h') = NAME_BEFORE('t'),
	NAME_LAST('k') = NAME_BEFORE('s'),
	NAME_LAST('l') = NAME_BEFORE('a'),
	NAME_LAST('n') = NAME_BEFORE('e'),
	NAME_LAST('s') = NAME_BEFORE('l') | NAME_BEFORE('s'),
	NAME_LAST('t') = NAME_BEFORE('e'),
	NAME_LAST('y') = NAME_BEFORE('e'),
};
// Those that only have to do with one.
static const Str HARMLESS_ENDS[] = {
	NAME_ROW("empty_password"),
	NAME_ROW("_id_token"),
	NAME_ROW("_csrf_token"),
	NAME_ROW("cancellation_token"),
	NAME_ROW("cluster_token"),
	NAME_ROW("service_account_token"),
	NAME_ROW("next_token"),
	NAME_ROW("max_token"),
	NAME_ROW("clustertoken"),
	NAME_ROW("ca_secret"),
	NAME_ROW("name_secret"),
	NAME_ROW("use_secret"),
	NAME_ROW("default_ssl_certificate_secret"),
	NAME_ROW("create_secret"),
	NAME_ROW("generate_secret"),
	NAME_ROW("existing_secret"),
	NAME_ROW("webhook_secret"),
	NAME_ROW("image_pull_secret"),
	NAME_ROW("from_secret"),
	NAME_ROW("tls_secret"),
	NAME_ROW("cert_secret"),
	NAME_ROW("casecret"),
	NAME_ROW("createsecret"),
	NAME_ROW("existingsecret"),
	NAME_ROW("webhooksecret"),
	NAME_ROW("imagepullsecret"),
	NAME_ROW("tlssecret"),
	NAME_ROW("certsecret"),
	NAME_ROW("public_key"),
};

bool credential_name_may_end(Str name)
{
	return name_may_end_in(name, NAME_LETTERS);
}

bool credential_name(Str name)
{
	if (str_is(name, "pwd")) // in large letters it is the working directory
		return true;
	if (!credential_name_may_end(name) || !name_ends_in(name, NAME_ENDS, COUNT(NAME_ENDS)) ||
	    name_ends_in(name, HARMLESS_ENDS, COUNT(HARMLESS_ENDS)))
		return false;
	return !str_icontains(name, S("checksum")); // it restarts pods
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

// "$VARIABLE" with the quotes that a script closed before it; {.data.password}
static bool is_look_up(Str value)
{
	return ((value.p[0] == '"' || value.p[0] == '\'') && value.p[1] == '$') ||
	       (value.p[0] == '{' && value.p[value.len - 1] == '}');
}

// 5.184e+09: how Helm prints a large number
static bool is_float(Str value)
{
	size_t e = str_find(value, S("e+"));

	for (size_t i = 0; i < value.len && e != STR_NONE; i++)
		if (!ascii_is_digit(value.p[i]) && value.p[i] != '.' && i != e && i != e + 1)
			return false;
	return e != STR_NONE && e > 0;
}

bool credential_value(Str value)
{
	static const Str words[] = {
		WORD("true"),      WORD("false"),      WORD("none"),     WORD("null"),
		WORD("nil"),       WORD("enabled"),    WORD("disabled"), WORD("yes"),
		WORD("no"),        WORD("required"),   WORD("optional"), WORD("auto"),
		WORD("always"),    WORD("never"),      WORD("default"),  WORD("basic"),
		WORD("bearer"),    WORD("oauth"),      WORD("jwt"),      WORD("plain"),
		WORD("md5"),       WORD("sha256"),     WORD("static"),   WORD("file"),
		WORD("env"),       WORD("kubernetes"), WORD("cookie"),   WORD("header"),
		WORD("undefined"), WORD("empty"),      WORD("{}"),       WORD("[]"),
		WORD("on"),        WORD("off"),        WORD("string"),   WORD("unset"),
		WORD("token"),     WORD("key"),        WORD("read"),     WORD("write"),
		WORD("unused"),    WORD("ignored"),    WORD("notused"),  WORD("not-used"),
	};
	static const Str placeholders[] = {
		WORD("replace"),     WORD("your-"),       WORD("your_"),       WORD("<"),
		WORD("${"),          WORD("$("),          WORD("{{"),          WORD("todo"),
		WORD("fixme"),       WORD("xxx"),         WORD("placeholder"), WORD("insert"),
		WORD("***"),         WORD("vault:"),      WORD("ref+"),        WORD("arn:"),
		WORD("valuefrom"),   WORD("file:"),       WORD("env:"),        WORD("secret:"),
		WORD("%("),          WORD("__"),          WORD("redacted"),    WORD("changeme-"),
		WORD("change-this"), WORD("change_this"), WORD("change-me-"),  WORD("dummy"),
		WORD("os.environ"),  WORD("process.env"), WORD("from_file"),   WORD("from_env"),
		WORD("defined_in"),  WORD("defined-in"),  WORD("defined in"),
	};
	size_t spaces = 0;

	value = str_trim_ascii(value);
	if (value.len < 3 || value.len > 4096 || strchr("/$%@.~\x01", value.p[0]) != NULL)
		// A slash may also begin an AWS secret: forty drawn characters.
		if (value.len != 40 || value.p[0] != '/' || entropy(value) < 4)
			return false;
	if (is_look_up(value) || is_float(value))
		return false;
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_ieq(value, words[i]))
			return false;
	for (size_t i = 0; i < COUNT(placeholders); i++)
		if (str_icontains(str_to(value, 200), placeholders[i]))
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
		if (!ascii_is_alnum(c) && strchr("_-+/=", c) == NULL)
			return false;
	}
	return digit && small && large && entropy(s) >= 4.2;
}

// Names under which a random text is a credential though they do not say so.
static bool weak_name(Str name)
{
	static const Str ends[] = {WORD("_key"),    WORD("-key"),
	                           WORD("key"),     WORD("auth"),
	                           WORD("salt"),    WORD("signature"),
	                           WORD("cookie"),  WORD("_sid"),
	                           WORD("dsn"),     WORD("connection_string"),
	                           WORD("webhook"), WORD("license"),
	                           WORD("seed")};

	return ends_with(name, ends, COUNT(ends)) && !str_icontains(name, S("public"));
}

static bool is_password_name(Str name)
{
	static const Str ends[] = {WORD("password"), WORD("passwd"), WORD("passphrase"),
	                           WORD("pass"), WORD("pwd")};

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
	static const Str files[] = {WORD(".pem"), WORD(".key"), WORD(".crt"), WORD(".json"),
	                            WORD(".txt")};
	static const Str ends[] = {WORD("-secret"), WORD("-token"), WORD("-credentials"),
	                           WORD("-tls"),    WORD("-key"),   WORD("-password"),
	                           WORD("-auth"),   WORD("-config")};
	static const Str parts[] = {WORD("-secret"),      WORD("secret-"), WORD("-token"),
	                            WORD("-credentials"), WORD("-tls"),    WORD("-password"),
	                            WORD("-key"),         WORD("-auth"),   WORD("-config")};

	if (str_contains(value, S("://")) || str_contains(value, S(".svc")))
		return true;
	for (size_t i = 0; i < COUNT(files); i++)
		if (str_has_suffix(value, files[i]))
			return true;
	// A password may hold such a word; a name of an object ends in it and has neither digits nor capitals.
	if (is_password_name(name))
		return ends_with(value, ends, COUNT(ends)) && !has_digit_or_capital(value);
	for (size_t i = 0; i < COUNT(parts); i++)
		if (str_icontains(value, parts[i]))
			return true;
	return false;
}

// The name of an object under a name that ends in "secret": letters and dashes, as Kubernetes' names are.
static bool is_named_object(Str name, Str value)
{
	static const Str of_client[] = {WORD("client_secret"), WORD("client-secret"),
	                                WORD("clientsecret"),  WORD("jwt_secret"),
	                                WORD("app_secret"),    WORD("cookie_secret"),
	                                WORD("cookie-secret"), WORD("shared_secret"),
	                                WORD("auth_secret"),   WORD("session_secret")};
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

// A count, a time, and what a token costs: 0.00000186
static bool is_plain_number(Str name, Str value)
{
	size_t dots = 0, digits = 0;

	for (size_t i = 0; i < value.len; i++) {
		dots += value.p[i] == '.';
		digits += ascii_is_digit(value.p[i]);
		if (!ascii_is_digit(value.p[i]) && strchr("smhd.", value.p[i]) == NULL)
			return false;
	}
	return value.len < (is_password_name(name) ? 6 : 9) ||
	       (dots == 1 && digits + dots == value.len);
}

// The name of a variable that holds one: api_key=TFY_API_KEY
static bool is_variable_name(Str value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!(value.p[i] >= 'A' && value.p[i] <= 'Z') && !ascii_is_digit(value.p[i]) &&
		    value.p[i] != '_')
			return false;
	return str_find_byte(value, '_') != STR_NONE && credential_name(value);
}

// CLIENT_ID_SECRET_KEY=client-id: under which key of a secret it lies. A password may say what it is for.
static bool repeats_name(Str name, Str value)
{
	bool words = false;

	for (size_t i = 0; i < value.len; i++)
		words |= strchr("_-.", value.p[i]) != NULL;
	return words && !is_password_name(name) && name_holds(name, value);
}

// db:Open_vSwitch, pkcs11:object: where a key lies, as "scheme:place".
static bool is_place_of_key(Str name, Str value)
{
	size_t colon = str_find_byte(value, ':');

	if (colon == STR_NONE || colon < 2 || is_password_name(name))
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (i < colon ? !(value.p[i] >= 'a' && value.p[i] <= 'z')
		              : ascii_is_digit(value.p[i]))
			return false;
	return true;
}

// Nothing that is drawn is as short: GENERIC_API_KEY=sub
static bool is_short_word(Str name, Str value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!(value.p[i] >= 'a' && value.p[i] <= 'z'))
			return false;
	return value.len < 6 && !is_password_name(name);
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
	static const Str starts[] = {
		WORD("sha1:"),   WORD("sha256:"), WORD("sha512:"), WORD("argon2"), WORD("{ssha"),
		WORD("{sha"),    WORD("pbkdf2"),  WORD("scrypt:"), WORD("bcrypt"), WORD("phc_"),
		WORD("pk_live"), WORD("pk_test"), WORD("pk.eyJ")};
	static const Str hashes[] = {WORD("$2a$"),    WORD("$2b$"), WORD("$2y$"), WORD("$apr1$"),
	                             WORD("$argon2"), WORD("$5$"),  WORD("$6$")};

	for (size_t i = 0; i < COUNT(starts); i++)
		if (str_ieq(str_to(value, starts[i].len), starts[i]))
			return true;
	for (size_t i = 0; i < COUNT(hashes); i++)
		if (str_contains(value, hashes[i]))
			return true;
	return false;
}

// "CLIENT-SECRET", "some-api-key", "MISSING": words that say what belongs there.
static bool is_stand_in(Str name, Str value)
{
	static const Str words[] = {
		WORD("some"),       WORD("my"),       WORD("api"),        WORD("key"),
		WORD("apikey"),     WORD("token"),    WORD("secret"),     WORD("client"),
		WORD("access"),     WORD("auth"),     WORD("value"),      WORD("here"),
		WORD("the"),        WORD("missing"),  WORD("encryption"), WORD("not"),
		WORD("set"),        WORD("used"),     WORD("needed"),     WORD("applied"),
		WORD("applicable"), WORD("required"), WORD("provided"),   WORD("configured"),
		WORD("sk"),         WORD("no"),       WORD("noauth"),     WORD("nokey"),
		WORD("fake"),       WORD("any"),      WORD("anything"),   WORD("empty"),
		WORD("unused"),     WORD("invalid"),  WORD("sample")};
	size_t start = 0;

	if (is_password_name(name))
		return false;
	for (size_t i = 0; i <= value.len; i++) {
		bool known = false;
		if (i < value.len && ascii_is_alnum(value.p[i]))
			continue;
		if (i < value.len && strchr("-_ ", value.p[i]) == NULL)
			return false;
		for (size_t w = 0; w < COUNT(words); w++)
			known |= str_ieq(str_slice(value, start, i), words[w]);
		if (!known)
			return false;
		start = i + 1;
	}
	return true;
}

// What an access key of an object store is by itself: the name of an account, "grafana-tempo", and the secret stands beside
// it. Drawn ones hold capitals or digits.
static bool is_account(Str name, Str value)
{
	static const Str ends[] = {WORD("access_key"), WORD("access-key"), WORD("accesskey")};
	static const Str secret[] = {WORD("secret_access_key"), WORD("secret-access-key"),
	                             WORD("secretaccesskey")};

	if (!ends_with(name, ends, COUNT(ends)) || ends_with(name, secret, COUNT(secret)) ||
	    str_icontains(name, S("account")) || str_icontains(name, S("storage")))
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (!(value.p[i] >= 'a' && value.p[i] <= 'z') && strchr("-_.", value.p[i]) == NULL)
			return false;
	return true;
}

// "neo4j/changeme", "admin:admin" under a name that means both: where the password begins, 0 where it is none.
static size_t pair_password(Str name, Str value)
{
	static const Str ends[] = {WORD("_auth"), WORD("userpass"), WORD("_userpwd")};
	size_t at = 0;

	if (!ends_with(name, ends, COUNT(ends)))
		return 0;
	while (at < value.len && (ascii_is_alnum(value.p[at]) || strchr("_.-@", value.p[at])))
		at++;
	return at && at < value.len && strchr(":/", value.p[at]) != NULL ? at + 1 : 0;
}

Credential credential_named(Str name, Str value)
{
	Credential found = {.len = value.len, .name = name};
	size_t pair = pair_password(name, value);

	if (pair && credential_is_default(str_from(value, pair)))
		return (Credential){CREDENTIAL_DEFAULT, "a well-known default", pair,
		                    value.len - pair, .name = name};
	if (pair && is_strong(str_from(value, pair)))
		return (Credential){CREDENTIAL_NAMED, "a credential", pair, value.len - pair,
		                    .name = name};
	if (credential_name(name)) {
		if (credential_is_default(value) && !str_is(value, "default")) {
			found.kind = CREDENTIAL_DEFAULT;
			found.what = "a well-known default";
		} else if (credential_value(value) && !is_name_or_url(name, value) &&
		           !is_public(value) && !is_stand_in(name, value) &&
		           !is_plain_number(name, value) && !is_named_object(name, value) &&
		           !is_account(name, value) && !is_variable_name(value) &&
		           !repeats_name(name, value) && !is_place_of_key(name, value) &&
		           !is_short_word(name, value)) {
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
