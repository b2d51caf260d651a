// The table of tools that wait or probe, and the reader of their arguments.

#include "k8s/tools.h"

#include "base/num.h"

#include <string.h>

typedef enum ToolShape {
	TOOL_HOST_PORT, // nc HOST PORT
	TOOL_URL,       // curl URL
	TOOL_ADDRESS,   // wait-for-it HOST:PORT
	TOOL_HOST,      // nslookup HOST
	TOOL_OPTIONS,   // pg_isready -h HOST: only options say it
	TOOL_KUBECTL,
	TOOL_OBJECTS, // k8s-wait-for KIND NAME
} ToolShape;

typedef struct Tool {
	const char *name;
	ToolShape shape;
	const char *short_args;            // letters that take an argument
	const char *long_args;             // words that take an argument, each between spaces
	const char *host, *port, *address; // options, each between spaces
	int64_t default_port;
	bool loops, endless;
} Tool;

#define CURL_LONG                                                                                  \
	" --max-time --connect-timeout --retry --retry-delay --retry-max-time --output "           \
	"--write-out --header --data "                                                             \
	"--data-raw --data-binary --data-urlencode --request --user --cacert --capath --cert "     \
	"--key --form --resolve "                                                                  \
	"--user-agent --proxy --interface --limit-rate --cookie --cookie-jar --range --referer "   \
	"--unix-socket "

static const Tool tools[] = {
	{"nc", TOOL_HOST_PORT, "wipsqxXTOIMmPVe", " --wait --idle-timeout ", "", "", "", 0, false,
         false},
	{"ncat", TOOL_HOST_PORT, "wipsqxXTOIMmPVe", " --wait --idle-timeout ", "", "", "", 0, false,
         false},
	{"netcat", TOOL_HOST_PORT, "wipsqxXTOIMmPVe", " --wait ", "", "", "", 0, false, false},
	{"telnet", TOOL_HOST_PORT, "el", "", "", "", "", 23, false, false},
	{"cqlsh", TOOL_HOST_PORT, "upke",
         " --username --password --keyspace --execute --request-timeout ", "", "", "", 9042, false,
         false},
	{"wget", TOOL_URL, "TOtPUoaeY",
         " --timeout --tries --output-document --header --user-agent --post-data --user --password "
         "--waitretry ",
         "", "", "", 0, false, false},
	{"curl", TOOL_URL, "AbcCdDeEFHKmoPQrtTuUwxXyYz", CURL_LONG, "", "", " --url ", 0, false,
         false},
	{"http", TOOL_URL, "", "", "", "", "", 0, false, false},
	{"nslookup", TOOL_HOST, "", "", "", "", "", 0, false, false},
	{"dig", TOOL_HOST, "tcpbk", "", "", "", "", 0, false, false},
	{"host", TOOL_HOST, "tWRc", "", "", "", "", 0, false, false},
	{"getent", TOOL_HOST, "", "", "", "", "", 0, false, false},
	{"ping", TOOL_HOST, "cwWisIt", "", "", "", "", 0, false, false},
	{"pg_isready", TOOL_OPTIONS, "Ut", " --username --timeout ", " -h --host ", " -p --port ",
         " -d --dbname ", 5432, false, false},
	{"psql", TOOL_OPTIONS, "UcfvtFR", " --username --command --file ", " -h --host ",
         " -p --port ", " -d --dbname ", 5432, false, false},
	{"pg_dump", TOOL_OPTIONS, "UfFntT", " --username --file --format --table --schema ",
         " -h --host ", " -p --port ", " -d --dbname ", 5432, false, false},
	{"pg_dumpall", TOOL_OPTIONS, "Ufl", " --username --file ", " -h --host ", " -p --port ",
         " -d --dbname ", 5432, false, false},
	{"pg_restore", TOOL_OPTIONS, "UfFntTj", " --username --file --format --jobs ",
         " -h --host ", " -p --port ", " -d --dbname ", 5432, false, false},
	{"mysqldump", TOOL_OPTIONS, "u", " --user --databases --result-file ", " -h --host ",
         " -P --port ", "", 3306, false, false},
	{"mongodump", TOOL_OPTIONS, "udco", " --username --db --collection --out ", " -h --host ",
         " --port ", " --uri ", 27017, false, false},
	{"mongorestore", TOOL_OPTIONS, "udc", " --username --db --collection --dir ", " -h --host ",
         " --port ", " --uri ", 27017, false, false},
	{"mysqladmin", TOOL_OPTIONS, "ui", " --user --connect-timeout --wait ", " -h --host ",
         " -P --port ", "", 3306, false, false},
	{"mariadb-admin", TOOL_OPTIONS, "ui", " --user --connect-timeout ", " -h --host ",
         " -P --port ", "", 3306, false, false},
	{"mysql", TOOL_OPTIONS, "ueD", " --user --execute --database ", " -h --host ",
         " -P --port ", "", 3306, false, false},
	{"mariadb", TOOL_OPTIONS, "ueD", " --user --execute --database ", " -h --host ",
         " -P --port ", "", 3306, false, false},
	{"redis-cli", TOOL_OPTIONS, "anrit", " --user --pass --cacert --cert --key ", " -h ",
         " -p ", " -u ", 6379, false, false},
	{"valkey-cli", TOOL_OPTIONS, "anrit", " --user --pass --cacert --cert --key ", " -h ",
         " -p ", " -u ", 6379, false, false},
	{"mongosh", TOOL_URL, "up", " --username --password --eval --authenticationDatabase ",
         " --host ", " --port ", "", 27017, false, false},
	{"mongo", TOOL_URL, "up", " --username --password --eval --authenticationDatabase ",
         " --host ", " --port ", "", 27017, false, false},
	{"kcat", TOOL_OPTIONS, "tpoXcDKk", "", "", "", " -b ", 9092, false, false},
	{"kafkacat", TOOL_OPTIONS, "tpoXcDKk", "", "", "", " -b ", 9092, false, false},
	{"kafka-topics.sh", TOOL_OPTIONS, "",
         " --topic --command-config --config --partitions --replication-factor ", "", "",
         " --bootstrap-server --zookeeper ", 9092, false, false},
	{"kafka-topics", TOOL_OPTIONS, "",
         " --topic --command-config --config --partitions --replication-factor ", "", "",
         " --bootstrap-server --zookeeper ", 9092, false, false},
	{"kafka-broker-api-versions.sh", TOOL_OPTIONS, "", " --command-config ", "", "",
         " --bootstrap-server ", 9092, false, false},
	{"kafka-broker-api-versions", TOOL_OPTIONS, "", " --command-config ", "", "",
         " --bootstrap-server ", 9092, false, false},
	{"kafka-console-consumer.sh", TOOL_OPTIONS, "", " --topic ", "", "", " --bootstrap-server ",
         9092, false, false},
	{"grpc_health_probe", TOOL_OPTIONS, "", " -connect-timeout -rpc-timeout -service ", "", "",
         " -addr --addr ", 0, false, false},
	{"grpc-health-probe", TOOL_OPTIONS, "", " -connect-timeout -rpc-timeout -service ", "", "",
         " -addr --addr ", 0, false, false},
	{"grpcurl", TOOL_ADDRESS, "dHv", " -d -H -authority -proto -import-path -max-time ", "", "",
         "", 0, false, false},
	{"waitforit", TOOL_OPTIONS, "", " -timeout -retry ", " -host --host ", " -port --port ",
         " -address -full-connection ", 0, true, false},
	{"wait-on", TOOL_ADDRESS, "tidc", " --timeout --interval --delay --config ", "", "", "", 0,
         true, false},
	{"tcping", TOOL_HOST_PORT, "twi", "", "", "", "", 0, false, false},
	{"nmap", TOOL_HOST, "p", "", "", "", "", 0, false, false},
	{"ssh-keyscan", TOOL_HOST, "ptTf", "", "", "", "", 0, false, false},
	{"socat", TOOL_ADDRESS, "tTl", "", "", "", "", 0, false, false},
	{"etcdctl", TOOL_OPTIONS, "", " --cacert --cert --key --user ", "", "", " --endpoints ",
         2379, false, false},
	{"rabbitmqadmin", TOOL_OPTIONS, "upV", " --username --password --vhost ", " -H --host ",
         " -P --port ", "", 15672, false, false},
	{"clickhouse-client", TOOL_OPTIONS, "uq", " --user --password --query ", " -h --host ",
         " --port ", "", 9000, false, false},
	{"clickhouse", TOOL_OPTIONS, "uq", " --user --password --query ", " -h --host ", " --port ",
         "", 9000, false, false},
	{"cockroach", TOOL_OPTIONS, "edu", " --execute --database --user --certs-dir ", " --host ",
         " -p --port ", "", 26257, false, false},
	{"nodetool", TOOL_OPTIONS, "u", " --username --password ", " -h --host ", " -p --port ", "",
         7199, false, false},
	{"flyway", TOOL_OPTIONS, "", "", "", "", " -url ", 0, false, false},
	{"liquibase", TOOL_OPTIONS, "", "", "", "", " --url ", 0, false, false},
	{"migrate", TOOL_OPTIONS, "", " -path -source ", "", "", " -database --database ", 0, false,
         false},
	{"dbmate", TOOL_OPTIONS, "e", " --env --migrations-dir ", "", "", " -u --url ", 0, false,
         false},
	{"mysqlsh", TOOL_OPTIONS, "ue", " --user --execute ", " -h --host ", " -P --port ", "",
         33060, false, false},
	{"influx", TOOL_OPTIONS, "", " --token --org ", "", "", " --host -host ", 8086, false,
         false},
	{"cypher-shell", TOOL_OPTIONS, "upd", " --username --password ", "", "", " -a --address ",
         7687, false, false},
	{"sqlcmd", TOOL_OPTIONS, "UPQqdil", "", "", "", " -S ", 1433, false, false},
	{"temporal", TOOL_OPTIONS, "", "", "", "", " --address ", 7233, false, false},
	{"tctl", TOOL_OPTIONS, "", "", "", "", " --address --ad ", 7233, false, false},
	{"pulsar-admin", TOOL_OPTIONS, "", "", "", "", " --admin-url ", 8080, false, false},
	{"ldapsearch", TOOL_OPTIONS, "DwbspyZ", "", " -h ", " -p ", " -H ", 389, false, false},
	{"rabbitmq-diagnostics", TOOL_OPTIONS, "", " --timeout ", "", "", " -n --node ", 4369,
         false, false},
	{"rabbitmqctl", TOOL_OPTIONS, "", " --timeout ", "", "", " -n --node ", 4369, false, false},
	{"aws", TOOL_OPTIONS, "", "", "", "", " --endpoint-url ", 0, false, false},
	{"mc", TOOL_URL, "", "", "", "", "", 0, false, false},
	{"vault", TOOL_OPTIONS, "", "", "", "", " -address --address ", 8200, false, false},
	{"nats", TOOL_OPTIONS, "", "", "", "", " -s --server ", 4222, false, false},
	{"openssl", TOOL_OPTIONS, "", "", "", "", " -connect ", 0, false, false},
	{"zkCli.sh", TOOL_OPTIONS, "", "", "", "", " -server ", 2181, false, false},
	{"wait-for-it.sh", TOOL_ADDRESS, "t", " --timeout ", " -h --host ", " -p --port ", "", 0,
         true, false},
	{"wait-for-it", TOOL_ADDRESS, "t", " --timeout ", " -h --host ", " -p --port ", "", 0, true,
         false},
	{"wait-for.sh", TOOL_ADDRESS, "t", " --timeout ", " -h --host ", " -p --port ", "", 0, true,
         false},
	{"wait-for", TOOL_ADDRESS, "t", " --timeout ", " -h --host ", " -p --port ", "", 0, true,
         false},
	{"wait-for-port", TOOL_ADDRESS, "ts", " --timeout --state ", " --host ", "", "", 0, true,
         false},
	{"dockerize", TOOL_OPTIONS, "", " -timeout -wait-retry-interval -template ", "", "",
         " -wait --wait ", 0, true, false},
	{"wait4x", TOOL_ADDRESS, "ti", " --timeout --interval ", "", "", "", 0, true, false},
	{"cub", TOOL_ADDRESS, "c", "", "", "", " -b ", 0, true, false},
	{"ub", TOOL_ADDRESS, "c", "", "", "", " -b ", 0, true, false},
	{"wait-port", TOOL_ADDRESS, "t", " --timeout --output ", "", "", "", 0, true, false},
	{"docker-compose-wait", TOOL_OPTIONS, "", "", "", "", " --hosts ", 0, true, false},
	{"airflow", TOOL_OPTIONS, "", "", "", "", " --url ", 0, false, false},
	{"s3cmd", TOOL_OPTIONS, "c", "", "", "", " --host ", 443, false, false},
	{"consul", TOOL_OPTIONS, "", "", "", "", " -http-addr ", 8500, false, false},
	{"kubectl", TOOL_KUBECTL, "", "", "", "", "", 0, false, false},
	{"oc", TOOL_KUBECTL, "", "", "", "", "", 0, false, false},
	{"k8s-wait-for", TOOL_OBJECTS, "", "", "", "", "", 0, true, true},
	{"wait_for.sh", TOOL_OBJECTS, "", "", "", "", "", 0, true, true},
};

int64_t scheme_port(Str scheme)
{
	static const struct {
		const char *scheme;
		int64_t port;
	} ports[] = {
		{"http", 80},       {"https", 443},       {"ws", 80},      {"wss", 443},
		{"redis", 6379},    {"rediss", 6379},     {"amqp", 5672},  {"amqps", 5671},
		{"postgres", 5432}, {"postgresql", 5432}, {"mysql", 3306}, {"mongodb", 27017},
		{"kafka", 9092},    {"nats", 4222},       {"ldap", 389},   {"ldaps", 636},
	};
	size_t plus; // postgresql+psycopg2

	if (str_has_prefix(scheme, S("jdbc:")))
		scheme = str_from(scheme, 5);
	plus = str_find_byte(scheme, '+');
	scheme = str_to(scheme, plus == STR_NONE ? scheme.len : plus);
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
		if (str_is(scheme, ports[i].scheme))
			return ports[i].port;
	return 0;
}

Str tool_name(Str command)
{
	for (size_t i = command.len; i > 0; i--)
		if (command.p[i - 1] == '/')
			return str_from(command, i);
	return command;
}

// s3://bucket/key: what stands behind it is a bucket or a path, and no host.
static bool is_store(Str scheme)
{
	static const char *const names[] = {"s3", "s3a", "s3n",  "gs",    "gcs",
	                                    "az", "oss", "file", "abfss", "azblob"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_ieq(scheme, str_c(names[i])))
			return true;
	return false;
}

bool tool_address(Str text, Str *host, int64_t *port, Str *port_name)
{
	size_t scheme = str_find(text, S("://")), end = 0, at;

	*port = 0;
	*port_name = S("");
	if (scheme != STR_NONE) {
		if (is_store(str_to(text, scheme)))
			return false;
		*port = scheme_port(str_to(text, scheme));
		text = str_from(text, scheme + 3);
	}
	while (end < text.len && strchr("/?#, ;\"'", text.p[end]) == NULL)
		end++;
	text = str_to(text, end);
	at = str_rfind(text, S("@"));
	if (at != STR_NONE)
		text = str_from(text, at + 1);
	at = str_find_byte(text, ':');
	*host = str_to(text, at == STR_NONE ? text.len : at);
	if (at != STR_NONE && num_parse_int(str_from(text, at + 1), 10, 32, port) != NUM_OK) {
		*port = 0;
		*port_name = str_from(text, at + 1);
	}
	for (size_t i = 0; i < host->len; i++) {
		char c = host->p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '.' || c == '_'))
			return false;
	}
	return host->len > 0;
}

// The value behind "name=" in a connection string.
static Str conninfo_value(Str text, const char *name)
{
	for (size_t from = 0, at; (at = str_find(str_from(text, from), str_c(name))) != STR_NONE;
	     from += at + 1) {
		size_t start = from + at + strlen(name), end = start;
		if (from + at && strchr(" ;:", text.p[from + at - 1]) == NULL)
			continue;
		while (end < text.len && strchr(" ;'\"", text.p[end]) == NULL)
			end++;
		return str_slice(text, start, end);
	}
	return S("");
}

bool tool_conninfo(Str text, Str *host, int64_t *port)
{
	*host = conninfo_value(text, "host=");
	*port = 0;
	num_parse_int(conninfo_value(text, "port="), 10, 32, port);
	return host->len > 0;
}

static bool listed(const char *list, Str option)
{
	Str rest = str_c(list), word;

	while (option.len && str_cut(&rest, S(" "), &word))
		if (word.len && str_eq(word, option))
			return true;
	return false;
}

static const Tool *find_tool(Str name)
{
	for (size_t i = 0; name.len && i < sizeof tools / sizeof *tools; i++)
		if (tools[i].name[0] == name.p[0] && str_is(name, tools[i].name))
			return &tools[i];
	// Kafka's tools all take their servers alike.
	return str_has_prefix(name, S("kafka-")) ? find_tool(S("kafka-topics")) : NULL;
}

bool tool_is_known(Str command)
{
	return find_tool(tool_name(command)) != NULL;
}

typedef struct Reader {
	Arena *arena;
	const Tool *tool;
	const ToolWord *words;
	size_t count, at;
	ToolUse *use;
	const ToolWord *host;
	size_t host_at;
	Str host_text;
	Str port_text;
	size_t positionals;
	bool refused; // listens, asks for its version: no wait
} Reader;

static bool fits_host(Str host)
{
	for (size_t i = 0; i < host.len; i++)
		if (host.p[i] == MODEL_UNKNOWN || host.p[i] == '$' || host.p[i] == '*' ||
		    host.p[i] == '{')
			return false;
	return host.len > 0;
}

static bool is_number(Str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.len > 0;
}

static void add_target(Reader *r, Str host, int64_t port, Str port_name, const ToolWord *word)
{
	size_t at = word && host.p >= word->text.p && host.p < word->text.p + word->text.len
	                    ? (size_t)(host.p - word->text.p)
	                    : 0;
	bool name_only = r->tool->shape == TOOL_HOST;

	if (!fits_host(host) || is_number(host) ||
	    host.p[0] == '-') // an empty word before an option
		return;
	VEC_PUSH(r->arena, r->use->targets, r->use->count, r->use->cap) =
		(ToolTarget){.kind = name_only ? WAIT_NAME : WAIT_TCP,
	                     .host = host,
	                     .port = name_only ? 0 : port,
	                     .port_name = port_name,
	                     .word = word,
	                     .at = at};
}

// "tcp:host:1" of wait-on, "TCP4:host:1,timeout=5" of socat, "user@tcp(host:1)/db" of Go's MySQL driver
static Str without_transport(Str address)
{
	static const char *const names[] = {"tcp:", "tcp4:", "http-get:", "openssl:", "ssl:"};
	size_t driver = str_find(address, S("@tcp("));

	if (driver != STR_NONE) {
		address = str_from(address, driver + 5);
		return str_to(address, str_find_byte(address, ')'));
	}

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t len = strlen(names[i]);
		if (str_ieq(str_to(address, len), str_c(names[i])) &&
		    !str_has_prefix(str_from(address, len), S("//")))
			return str_from(address, len);
	}
	return address;
}

// A list of addresses: "a:1,b:2".
static void add_addresses(Reader *r, Str text, const ToolWord *word)
{
	Str part, host, port_name;
	int64_t port;

	if (str_is(r->use->name, "sqlcmd")) // host,port
		text = str_to(text, str_find_byte(text, ','));
	while (str_cut(&text, S(","), &part)) {
		part = without_transport(part);
		if (!tool_address(part, &host, &port, &port_name))
			continue;
		if (!port && !port_name.len)
			port = r->tool->default_port;
		if (str_find(part, S("://")) != STR_NONE && str_has_prefix(part, S("file:")))
			continue;
		add_target(r, host, port, port_name, word);
	}
}

static bool take_conninfo(Reader *r, Str text, const ToolWord *word)
{
	Str host;
	int64_t port;

	if (str_contains(text, S("://")) || !tool_conninfo(text, &host, &port))
		return false;
	add_target(r, host, port ? port : r->tool->default_port, S(""), word);
	return true;
}

static void positional(Reader *r, const ToolWord *word)
{
	size_t n;
	bool url = str_find(word->text, S("://")) != STR_NONE;

	if (r->tool->shape == TOOL_HOST && word->text.len && strchr("+@", word->text.p[0]) != NULL)
		return; // dig's options
	n = r->positionals++;
	switch (r->tool->shape) {
	case TOOL_HOST_PORT:
		if (n == 0) {
			r->host = word;
			r->host_text = word->text;
			size_t colon = str_find_byte(word->text, ':');
			if (colon != STR_NONE) { // nc host:port, as some write
				r->host_text = str_to(word->text, colon);
				r->port_text = str_from(word->text, colon + 1);
			}
		} else if (n == 1) {
			r->port_text = word->text;
		}
		break;
	case TOOL_URL:
		if (url || (str_is(r->use->name, "wget") || str_is(r->use->name, "curl") ||
		            str_is(r->use->name, "http") ||
		            (str_has_prefix(r->use->name, S("mongo")) &&
		             str_find_byte(word->text, ':') != STR_NONE)))
			add_addresses(r, word->text, word);
		break;
	case TOOL_ADDRESS:
		if ((n == 0 || str_is(r->use->name, "wait-on")) &&
		    str_find_byte(word->text, ':') != STR_NONE)
			add_addresses(r, word->text, word);
		else if (str_is(r->use->name, "socat") &&
		         !str_eq(without_transport(word->text), word->text))
			add_addresses(r, str_to(word->text, str_find_byte(word->text, ',')), word);
		else if (n == 1 && (str_is(r->use->name, "wait4x") || str_is(r->use->name, "cub") ||
		                    str_is(r->use->name, "ub")))
			add_addresses(r, word->text, word);
		else if (n == 0 && str_is(r->use->name, "wait-for-port"))
			r->port_text = word->text;
		break;
	case TOOL_HOST:
		if (str_is(r->use->name, "getent")) {
			if (n == 0 && !str_has_prefix(word->text, S("hosts")) &&
			    !str_has_prefix(word->text, S("ahosts")))
				r->refused = true;
			if (n == 1)
				add_target(r, word->text, 0, S(""), word);
		} else if (n == 0) {
			add_target(r, word->text, 0, S(""), word);
		}
		break;
	default:
		if (!url && take_conninfo(r, word->text, word)) // psql "host=db"
			break;
		if (url) // psql postgres://...
			add_addresses(r, word->text, word);
		break;
	}
}

// The argument of an option that says host, port or address; false where it says none of them.
static bool option_value(Reader *r, Str option, Str value, const ToolWord *word)
{
	if (listed(r->tool->host, option)) {
		r->host = word;
		r->host_text = value;
	} else if (listed(r->tool->port, option)) {
		r->port_text = value;
	} else if (listed(r->tool->address, option)) {
		bool database = str_is(option, "-d") || str_is(option, "--dbname");
		if (database && take_conninfo(r, value, word))
			return true;
		if (!database || str_contains(value, S("://"))) // a name, or all of it as a URL
			add_addresses(r, value, word);
	} else {
		return false;
	}
	return true;
}

static bool takes_value(const Reader *r, Str option)
{
	return listed(r->tool->long_args, option) || listed(r->tool->host, option) ||
	       listed(r->tool->port, option) || listed(r->tool->address, option);
}

// -zvw5, -h host, -hhost
static void short_options(Reader *r, const ToolWord *word)
{
	char option[3] = "-x";

	for (size_t i = 1; i < word->text.len; i++) {
		bool named;
		option[1] = word->text.p[i];
		named = takes_value(r, str_c(option));
		if (r->tool->shape == TOOL_HOST_PORT && option[1] == 'l' &&
		    !str_is(r->use->name, "telnet"))
			r->refused = true;
		if (option[1] == 'p' && i == 1 && word->text.len > 2 &&
		    (str_has_prefix(r->use->name, S("mysql")) ||
		     str_has_prefix(r->use->name, S("mariadb"))))
			return; // what follows is the password
		if (!named && (!option[1] || strchr(r->tool->short_args, option[1]) == NULL))
			continue;
		if (i + 1 < word->text.len) {
			if (named)
				option_value(r, str_c(option), str_from(word->text, i + 1), word);
		} else if (r->at + 1 < r->count) {
			r->at++;
			if (named)
				option_value(r, str_c(option), r->words[r->at].text,
				             &r->words[r->at]);
		}
		return;
	}
}

static void long_option(Reader *r, const ToolWord *word)
{
	size_t equals = str_find_byte(word->text, '=');

	if (equals != STR_NONE) {
		option_value(r, str_to(word->text, equals), str_from(word->text, equals + 1), word);
		return;
	}
	if (!takes_value(r, word->text) || r->at + 1 >= r->count)
		return;
	r->at++;
	option_value(r, word->text, r->words[r->at].text, &r->words[r->at]);
}

static void read_words(Reader *r)
{
	for (r->at = 1; r->at < r->count; r->at++) {
		const ToolWord *word = &r->words[r->at];
		if (str_is(word->text, "--"))
			return; // what follows is run afterwards
		if (word->text.len < 2 || word->text.p[0] != '-')
			positional(r, word);
		else if (word->text.p[1] == '-' || takes_value(r, word->text) ||
		         str_find_byte(word->text, '=') != STR_NONE)
			long_option(r, word);
		else
			short_options(r, word);
	}
}

static void finish(Reader *r)
{
	int64_t port = r->tool->default_port;
	Str host, port_name = S("");
	int64_t found;
	Str found_name;

	if (!r->host || r->refused)
		return;
	if (r->tool->shape == TOOL_HOST_PORT && !r->port_text.len && !port)
		return;
	if (r->port_text.len && num_parse_int(r->port_text, 10, 32, &port) != NUM_OK) {
		port = 0;
		port_name = r->port_text;
	}
	host = r->host_text;
	if (tool_address(r->host_text, &host, &found, &found_name) && found)
		port = found;
	add_target(r, host, port, port_name, r->host);
}

// "deploy/x", "job x", ...: the object's kind as Kubernetes spells it.
static Str object_kind(Str word)
{
	static const char *const kinds[][6] = {
		{"Deployment", "deployment", "deployments", "deploy", "deployments.apps",
	         "deployment.apps"},
		{"StatefulSet", "statefulset", "statefulsets", "sts", "statefulsets.apps",
	         "statefulset.apps"},
		{"DaemonSet", "daemonset", "daemonsets", "ds", "daemonsets.apps", "daemonset.apps"},
		{"Job", "job", "jobs", "job.batch", "jobs.batch", "job-wr"},
		{"Job", "job-we", "", "", "", ""},
		{"Pod", "pod", "pods", "po", "pod-wr", "pod-we"},
		{"Service", "service", "services", "svc", "", ""},
		{"CustomResourceDefinition", "crd", "crds", "customresourcedefinition",
	         "customresourcedefinitions", ""},
		{"Secret", "secret", "secrets", "", "", ""},
		{"ConfigMap", "configmap", "configmaps", "cm", "", ""},
		{"Certificate", "certificate", "certificates", "cert", "", ""},
		{"Namespace", "namespace", "namespaces", "ns", "", ""},
		{"Endpoints", "endpoints", "endpoint", "ep", "", ""},
		{"Node", "node", "nodes", "no", "", ""},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		for (size_t j = 1; j < 6; j++)
			if (*kinds[i][j] && str_is(word, kinds[i][j]))
				return str_c(kinds[i][0]);
	return S("");
}

static void add_object(Reader *r, ToolTarget target, const ToolWord *word, Str name)
{
	target.kind = WAIT_KUBE;
	target.word = word;
	target.object_name = name;
	target.at = word && name.p >= word->text.p && name.p < word->text.p + word->text.len
	                    ? (size_t)(name.p - word->text.p)
	                    : 0;
	target.host = name;
	VEC_PUSH(r->arena, r->use->targets, r->use->count, r->use->cap) = target;
}

static bool option_is(Reader *r, const char *name, Str *value)
{
	Str text = r->words[r->at].text;
	size_t len = strlen(name);

	if (str_is(text, name) && r->at + 1 < r->count) {
		*value = r->words[++r->at].text;
		return true;
	}
	if (str_has_prefix(text, str_c(name)) && text.len > len && text.p[len] == '=') {
		*value = str_from(text, len + 1);
		return true;
	}
	return false;
}

// kubectl wait, kubectl rollout status, kubectl get
static void read_kubectl(Reader *r)
{
	ToolTarget target = {0};
	Str verb = S(""), ignored;
	const ToolWord *words[16];
	size_t count = 0;
	bool selector = false;

	for (r->at = 1; r->at < r->count; r->at++) {
		Str text = r->words[r->at].text;
		if (option_is(r, "-n", &target.object_ns) ||
		    option_is(r, "--namespace", &target.object_ns) ||
		    option_is(r, "--for", &target.condition))
			continue;
		if (option_is(r, "-l", &target.selector) ||
		    option_is(r, "--selector", &target.selector)) {
			selector = true;
			continue;
		}
		if (option_is(r, "--timeout", &ignored) || option_is(r, "-o", &ignored) ||
		    option_is(r, "--kubeconfig", &ignored) || option_is(r, "--context", &ignored) ||
		    option_is(r, "--field-selector", &ignored))
			continue;
		if (text.len && text.p[0] == '-') {
			selector |= str_is(text, "--all");
			continue;
		}
		if (count < 16)
			words[count++] = &r->words[r->at];
	}
	if (!count)
		return;
	verb = words[0]->text;
	if (str_is(verb, "rollout") && count > 1 && str_is(words[1]->text, "status")) {
		target.condition = S("rollout");
		words[1] = words[0];
		for (size_t i = 1; i < count; i++)
			words[i - 1] = words[i];
		count--;
	} else if (!str_is(verb, "wait") && !str_is(verb, "get")) {
		return;
	}
	r->use->loops = !str_is(verb, "get");
	for (size_t i = 1; i < count; i++) {
		size_t slash = str_find_byte(words[i]->text, '/');
		ToolTarget one = target;
		if (slash != STR_NONE) {
			one.object_kind = object_kind(str_to(words[i]->text, slash));
			add_object(r, one, words[i], str_from(words[i]->text, slash + 1));
			continue;
		}
		one.object_kind = object_kind(words[i]->text);
		if (i != 1)
			continue;
		one.all_objects = selector || count == 2;
		add_object(r, one, count > 2 ? words[2] : words[1],
		           count > 2 ? words[2]->text : S(""));
		for (size_t j = 3; j < count; j++)
			add_object(r, one, words[j], words[j]->text);
		return;
	}
}

// k8s-wait-for: service|job|pod NAME or a selector
static void read_objects(Reader *r)
{
	ToolTarget target = {.condition = S("ready")};
	const ToolWord *kind = NULL, *name = NULL;

	for (r->at = 1; r->at < r->count; r->at++) {
		Str text = r->words[r->at].text;
		if (option_is(r, "-n", &target.object_ns))
			continue;
		if (str_has_prefix(text, S("-n")) && text.len > 2) {
			target.object_ns = str_from(text, 2);
			continue;
		}
		if (option_is(r, "-l", &target.selector) || str_has_prefix(text, S("-l"))) {
			if (text.len > 2)
				target.selector = str_from(text, 2);
			target.all_objects = true;
			continue;
		}
		if (text.len && text.p[0] == '-')
			continue;
		if (!kind)
			kind = &r->words[r->at];
		else if (!name)
			name = &r->words[r->at];
	}
	if (!kind || !(target.object_kind = object_kind(kind->text)).len)
		return;
	if (str_is(target.object_kind, "Job"))
		target.condition = S("condition=complete");
	add_object(r, target, name ? name : kind, name ? name->text : S(""));
}

// curl --retry 30, wget --tries=0 --retry-connrefused, mysqladmin --wait=60
static bool tries_again(const Reader *r)
{
	static const struct {
		const char *tool, *option;
	} options[] = {
		{"curl", "--retry"},
		{"wget", "--tries"},
		{"wget", "--retry-connrefused"},
		{"mysqladmin", "--wait"},
	};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		for (size_t j = 1; str_is(r->use->name, options[i].tool) && j < r->count; j++)
			if (str_has_prefix(r->words[j].text, str_c(options[i].option)))
				return true;
	return false;
}

bool tool_read(Arena *arena, const ToolWord *words, size_t count, ToolUse *out)
{
	Reader r = {.arena = arena, .words = words, .count = count, .use = out};

	*out = (ToolUse){0};
	if (!count)
		return false;
	out->name = tool_name(words[0].text);
	r.tool = find_tool(out->name);
	if (!r.tool)
		return false;
	out->loops = r.tool->loops || tries_again(&r);
	out->endless = r.tool->endless;
	if (r.tool->shape == TOOL_KUBECTL)
		read_kubectl(&r);
	else if (r.tool->shape == TOOL_OBJECTS)
		read_objects(&r);
	else
		read_words(&r);
	finish(&r);
	return out->count > 0 && !r.refused;
}
