// Credentials by their place in a command: options that hold a password without saying so.

#include "k8s/credential.h"
#include "k8s/tools.h"

#include <string.h>

typedef struct Rule {
	const char *commands; // each between spaces
	const char *option;
	bool attached;      // -pPASSWORD in one word
	const char *before; // ":" of user:password, "pass:" of OpenSSL; may be NULL
} Rule;

static const Rule rules[] = {
	{" curl wget http https ", "-u", false, ":"},
	{" curl ", "--user", false, ":"},
	{" curl ", "--proxy-user", false, ":"},
	{" mysql mysqladmin mysqldump mysqlimport mysqlcheck mariadb mariadb-admin mariadb-dump ",
         "-p", true, NULL},
	{" mongo mongosh mongodump mongorestore mongoexport mongoimport ", "-p", false, NULL},
	{" redis-cli valkey-cli ", "-a", false, NULL},
	{" sshpass ", "-p", false, NULL},
	{" docker podman skopeo crane helm oras buildah nerdctl regctl ", "-p", false, NULL},
	{" cqlsh rabbitmqadmin clickhouse-client sqlcmd ldapsearch ldapadd ldapwhoami ", "-p",
         false, NULL},
	{" cypher-shell ", "-p", false, NULL},
	{" openssl ", "-passin", false, "pass:"},
	{" openssl ", "-passout", false, "pass:"},
	{" openssl ", "-pass", false, "pass:"},
	{" openssl ", "-password", false, "pass:"},
	{" snmpwalk snmpget snmpbulkwalk snmptrap ", "-A", false, NULL},
	{" snmpwalk snmpget snmpbulkwalk snmptrap ", "-X", false, NULL},
	{" sqlcmd ", "-P", false, NULL},
	{" ldapsearch ldapadd ldapmodify ldapwhoami ", "-w", false, NULL},
	{" etcdctl ", "--user", false, ":"},
	{" smbclient ", "-U", false, ":"},
};

#define RULES (sizeof rules / sizeof *rules)

static bool listed(const char *list, Str word)
{
	Str rest = str_c(list), one;

	while (word.len && str_cut(&rest, S(" "), &one))
		if (one.len && str_eq(one, word))
			return true;
	return false;
}

// What counts as a password where only its place says so.
static bool password_at(Str text, size_t start, Credential *out)
{
	Str value = str_from(text, start);

	*out = credential_named(S("password"), value);
	out->at = start;
	out->name = S("");
	return out->kind != CREDENTIAL_NONE;
}

static bool option_holds(const Rule *rule, const Str *words, size_t count, size_t i, size_t *word,
                         Credential *out)
{
	size_t option = strlen(rule->option), start = 0;
	Str text = words[i];

	*word = i;
	if (str_is(text, rule->option)) {
		if (rule->attached || i + 1 >= count)
			return false;
		*word = i + 1;
	} else if (str_has_prefix(text, str_c(rule->option)) && option == 2) {
		start = option;
	} else if (str_has_prefix(text, str_c(rule->option)) && text.p[option] == '=') {
		start = option + 1;
	} else {
		return false;
	}
	text = words[*word];
	if (rule->before) {
		size_t mark = str_find(str_from(text, start), str_c(rule->before));
		if (mark == STR_NONE || !mark == (*rule->before == ':'))
			return false;
		start += mark + strlen(rule->before);
	}
	return password_at(text, start, out);
}

// What a verb is followed by: rabbitmqctl add_user NAME PASSWORD, htpasswd -bc FILE NAME PASSWORD
static bool behind_verb(Str name, const Str *words, size_t count, size_t from, size_t *word,
                        Credential *out)
{
	static const struct {
		const char *command, *verb;
		size_t words; // between it and the password
	} verbs[] = {
		{"rabbitmqctl", "add_user", 2},
		{"rabbitmqctl", "change_password", 2},
		{"htpasswd", "-b", 3},
		{"htpasswd", "-bc", 3},
		{"htpasswd", "-cb", 3},
		{"htpasswd", "-nb", 2},
		{"htpasswd", "-nbB", 2},
		{"htpasswd", "-Bbn", 2},
		{"aws", "aws_secret_access_key", 1},
		{"aws", "aws_session_token", 1},
	};

	for (size_t v = 0; v < sizeof verbs / sizeof *verbs; v++)
		for (size_t i = 1; str_is(name, verbs[v].command) && i < count; i++) {
			*word = i + verbs[v].words;
			if (str_is(words[i], verbs[v].verb) && *word < count && *word >= from &&
			    password_at(words[*word], 0, out))
				return true;
		}
	return false;
}

// mc alias set NAME URL USER PASSWORD, mc admin user add NAME USER PASSWORD
static bool minio_alias(const Str *words, size_t count, size_t from, size_t *word, Credential *out)
{
	size_t set = 2;

	while (set < count && !str_is(words[set], "set") && !str_is(words[set], "add"))
		set++;
	*word = set + (str_is(words[1], "admin") ? 3 : 4);
	return *word < count && *word >= from && password_at(words[*word], 0, out);
}

bool credential_of_words(const Str *words, size_t count, size_t from, size_t *word, Credential *out)
{
	Str name = count ? tool_name(words[0]) : S("");
	bool applies[RULES], any = false;

	if (str_is(name, "mc") && count > 3 && minio_alias(words, count, from, word, out))
		return true;
	if (behind_verb(name, words, count, from, word, out))
		return true;
	for (size_t r = 0; r < RULES; r++)
		any |= applies[r] = listed(rules[r].commands, name);
	for (size_t i = from > 1 ? from : 1; any && i < count; i++)
		for (size_t r = 0; r < RULES; r++)
			if (applies[r] && option_holds(&rules[r], words, count, i, word, out))
				return true;
	return false;
}
