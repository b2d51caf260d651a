// Addresses in environment values, arguments and config maps: what a workload is told to talk to.
//
// A text is an address where it can be nothing else: a URL, a full cluster name, or host:port (or a bare host) in a
// variable, an option or a setting of a file whose name says so. Everything else stays alone: a wrong guess would cost its
// reader more than it gives.

#include "k8s/base64.h"
#include "k8s/model.h"
#include "k8s/names.h"
#include "k8s/pairs.h"
#include "k8s/tools.h"

#include "base/num.h"

#include <string.h>

// No address is longer; what goes on is data.
#define TOKEN_LIMIT 512
// Neither is the name of a variable.
#define NAME_LIMIT 100
// Deeper trees are no manifest.
#define FIELD_DEPTH 60

#define COUNT(a) (sizeof(a) / sizeof *(a))
typedef struct Scan {
	Model *model;
	Arena *scratch;
	Pairs *pairs; // of the text at hand, in scratch memory
	Resource *resource;
	AddressWhere where;
	Workload *workload;
	Container *container;
	const Node *node;
	Str name;    // of the variable or key
	Str setting; // whose value is looked at: the variable, or an option or a setting in the text
	Str section; // the table it stands in
	Str text;    // what is scanned
	bool in_text;
	bool upstreams; // the text declares some
	bool encoded;   // the keys' values are base64
	bool program;   // the text is one: what it assigns are values in quotes only
} Scan;

static bool is_text(Str text)
{
	return str_find_byte(text, '\n') != STR_NONE;
}

static bool is_one_of(Str word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(word, words[i]))
			return true;
	return false;
}

static bool host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

// What names of variables that hold a host alone end in; those that do where its port is known; and those that hold none.
static const Str HOST_ENDS[] = {
	NAME_ROW("_hostname"), NAME_ROW("_addr"),
	NAME_ROW("_server"),   NAME_ROW("cassandra_seeds"),
	NAME_ROW("_address"),  NAME_ROW("contact_points"),
	NAME_ROW("host"),
};
static const Str HOST_ENDS_BESIDE_PORT[] = {
	NAME_ROW("hostname"),
	NAME_ROW("addr"),
	NAME_ROW("server"),
	NAME_ROW("address"),
};
static const Str OWN_HOST_ENDS[] = {
	NAME_ROW("pod_hostname"),  NAME_ROW("log_hostname"),     NAME_ROW("bind_addr"),
	NAME_ROW("listen_addr"),   NAME_ROW("collation_server"), NAME_ROW("set_server"),
	NAME_ROW("bind_address"),  NAME_ROW("listen_address"),   NAME_ROW("public_host"),
	NAME_ROW("allowed_host"),  NAME_ROW("bind_host"),        NAME_ROW("pod_host"),
	NAME_ROW("self_host"),     NAME_ROW("log_host"),         NAME_ROW("auth_host"),
	NAME_ROW("external_host"), NAME_ROW("virtual_host"),     NAME_ROW("graphql_host"),
	NAME_ROW("listen_host"),   NAME_ROW("ingress_host"),
};
// What names end in where host:port is to be expected.
static const Str ADDRESS_ENDS[] = {
	NAME_ROW("kafka"),     NAME_ROW("etcd"),      NAME_ROW("memcached"),
	NAME_ROW("backend"),   NAME_ROW("service"),   NAME_ROW("hostname"),
	NAME_ROW("store"),     NAME_ROW("replicaof"), NAME_ROW("slaveof"),
	NAME_ROW("uri"),       NAME_ROW("url"),       NAME_ROW("upstream"),
	NAME_ROW("join"),      NAME_ROW("minio"),     NAME_ROW("bootstrap"),
	NAME_ROW("addr"),      NAME_ROW("leader"),    NAME_ROW("peer"),
	NAME_ROW("broker"),    NAME_ROW("zookeeper"), NAME_ROW("master"),
	NAME_ROW("server"),    NAME_ROW("collector"), NAME_ROW("seeds"),
	NAME_ROW("nodes"),     NAME_ROW("addresses"), NAME_ROW("redis"),
	NAME_ROW("urls"),      NAME_ROW("members"),   NAME_ROW("peers"),
	NAME_ROW("brokers"),   NAME_ROW("servers"),   NAME_ROW("proxy_pass"),
	NAME_ROW("address"),   NAME_ROW("targets"),   NAME_ROW("contact_points"),
	NAME_ROW("endpoints"), NAME_ROW("hosts"),     NAME_ROW("connect"),
	NAME_ROW("target"),    NAME_ROW("endpoint"),  NAME_ROW("broker_list"),
	NAME_ROW("host"),      NAME_ROW("gateway"),   NAME_ROW("registry"),
	NAME_ROW("proxy"),
};
static const NameLetters ADDRESS_LETTERS = {
	NAME_LAST('a') = NAME_BEFORE('k'),
	NAME_LAST('d') = NAME_BEFORE('c') | NAME_BEFORE('e') | NAME_BEFORE('n'),
	NAME_LAST('e') = NAME_BEFORE('c') | NAME_BEFORE('m') | NAME_BEFORE('r'),
	NAME_LAST('f') = NAME_BEFORE('o'),
	NAME_LAST('i') = NAME_BEFORE('r'),
	NAME_LAST('l') = NAME_BEFORE('r'),
	NAME_LAST('m') = NAME_BEFORE('a'),
	NAME_LAST('n') = NAME_BEFORE('i'),
	NAME_LAST('o') = NAME_BEFORE('i'),
	NAME_LAST('p') = NAME_BEFORE('a'),
	NAME_LAST('r') = NAME_BEFORE('d') | NAME_BEFORE('e') | NAME_BEFORE('o'),
	NAME_LAST('s') = NAME_BEFORE('d') | NAME_BEFORE('e') | NAME_BEFORE('i') | NAME_BEFORE('l') |
                         NAME_BEFORE('r') | NAME_BEFORE('s') | NAME_BEFORE('t'),
	NAME_LAST('t') = NAME_BEFORE('c') | NAME_BEFORE('e') | NAME_BEFORE('n') | NAME_BEFORE('s'),
	NAME_LAST('y') = NAME_BEFORE('a') | NAME_BEFORE('r') | NAME_BEFORE('x'),
};
// What annotations end in that hold the address of something: what proxies and DNS controllers act on.
static const Str PUBLISHED_ENDS[] = {
	NAME_ROW("fqdn"),
	NAME_ROW("domain"),
	NAME_ROW("origin"),
	NAME_ROW("signin"),
};

static bool names_host(Str name, bool port_known)
{
	return (name_ends_in(name, HOST_ENDS, COUNT(HOST_ENDS)) ||
	        (port_known &&
	         name_ends_in(name, HOST_ENDS_BESIDE_PORT, COUNT(HOST_ENDS_BESIDE_PORT)))) &&
	       !name_ends_in(name, OWN_HOST_ENDS, COUNT(OWN_HOST_ENDS));
}

static bool names_address(Str name)
{
	return name_may_end_in(name, ADDRESS_LETTERS) &&
	       name_ends_in(name, ADDRESS_ENDS, COUNT(ADDRESS_ENDS));
}

static bool names_published(Str name)
{
	return names_address(name) || name_ends_in(name, PUBLISHED_ENDS, COUNT(PUBLISHED_ENDS));
}

static bool names_listener(Str name)
{
	static const Str words[] = {NAME_ROW("listen"), NAME_ROW("bind"), NAME_ROW("advertise"),
	                            NAME_ROW("publish")};

	for (size_t i = 0; i < COUNT(words); i++)
		if (str_icontains(name, words[i]))
			return true;
	return false;
}

// nginx calls the groups of servers that its file declares as hosts are called.
static bool is_upstream(Str text, Str host)
{
	for (size_t from = 0, at;
	     (at = str_find(str_from(text, from), S("upstream "))) != STR_NONE;) {
		Str name = str_trim_ascii(str_from(text, from += at + strlen("upstream ")));
		if (str_has_prefix(name, host) && name.len > host.len &&
		    strchr(" {\t\n", name.p[host.len]) != NULL)
			return true;
	}
	return false;
}

static void add_address(Scan *s, Address address, Str whole)
{
	Address *made;
	Str own = s->node->value;

	if (!address.host.len || str_find_byte(address.host, MODEL_UNKNOWN) != STR_NONE ||
	    names_listener(s->name) ||
	    (s->upstreams && !address.port_said && is_upstream(s->text, address.host)))
		return;
	made = ARENA_NEW(s->model->arena, Address);
	address.where = s->where;
	address.workload = s->workload;
	address.container = s->container;
	address.variable = s->name;
	address.setting = s->setting;
	address.section = s->section;
	address.in_text = s->in_text;
	address.spot = (Spot){.resource = s->resource, .node = s->node};
	if (whole.p >= own.p && whole.p + whole.len <= own.p + own.len) { // nothing was expanded
		address.spot.offset = (size_t)(whole.p - own.p);
		address.spot.len = whole.len;
	} else if (s->encoded && address.host.p >= s->text.p &&
	           address.host.p < s->text.p + s->text.len) {
		address.spot.decoded = (size_t)(address.host.p - s->text.p) + 1;
	}
	*made = address;
	VEC_PUSH(s->model->arena, s->model->addresses.items, s->model->addresses.len,
	         s->model->addresses.cap) = made;
}

static size_t read_port(Str text, int64_t *port)
{
	size_t len = 0;

	*port = 0;
	while (len < text.len && len < 6 && text.p[len] >= '0' && text.p[len] <= '9')
		*port = *port * 10 + (text.p[len++] - '0');
	if (!len || *port > 65535)
		*port = 0;
	return len;
}

// Behind what begins with ${ or $(, else `at`.
static size_t skip_reference(Str text, size_t at)
{
	size_t end = at + 2;

	if (end >= text.len || text.p[at] != '$' || strchr("{(", text.p[at + 1]) == NULL)
		return at;
	while (end < text.len && end - at < NAME_LIMIT && strchr("})\n", text.p[end]) == NULL)
		end++;
	return end < text.len && text.p[end] != '\n' ? end + 1 : at;
}

static size_t authority_end(Str text, size_t start)
{
	size_t end = start, behind;

	while (end < text.len && end - start < TOKEN_LIMIT) {
		behind = skip_reference(text, end);
		if (behind == end && strchr("/?#; \t\r\n\"'`<>|\\^)}", text.p[end]) != NULL)
			break;
		if (text.p[end] == ']' &&
		    str_find_byte(str_slice(text, start, end), '[') == STR_NONE)
			break;
		end = behind > end ? behind : end + 1;
	}
	return end;
}

// host[:port] or [IPv6]:port; false where it is anything else.
static bool read_host(Str part, Address *address)
{
	size_t len = 0;

	if (part.len && part.p[0] == '[') {
		len = str_find_byte(part, ']');
		if (len == STR_NONE)
			return false;
		address->host = str_slice(part, 1, len++);
	} else {
		while (len < part.len && host_char(part.p[len]))
			len++;
		address->host = str_to(part, len);
	}
	if (len < part.len && (part.p[len] == ':' || part.p[len] == ' ')) { // replicaof HOST PORT
		size_t digits = read_port(str_from(part, len + 1), &address->port);
		address->port_said = digits > 0;
		len += 1 + digits;
		if (!digits)
			address->port = -1; // a port that is not known yet
	}
	return len == part.len && address->host.len &&
	       address->host.p[address->host.len - 1] != '.';
}

// What follows "scheme://": [user[:password]@]host[:port]. Lists of hosts ("a:1,b:2") give each.
static size_t read_authority(Scan *s, Str scheme, size_t start)
{
	size_t end = authority_end(s->text, start), at;
	Address address = {.scheme = scheme};
	Str authority, part, rest;

	authority = str_slice(s->text, start, end);
	at = str_rfind(authority, S("@"));
	if (at != STR_NONE) {
		size_t colon = str_find_byte(str_to(authority, at), ':');
		address.user = str_to(authority, colon == STR_NONE ? at : colon);
		if (colon != STR_NONE)
			address.password = str_slice(authority, colon + 1, at);
		authority = str_from(authority, at + 1);
	}
	rest = authority;
	while (str_cut(&rest, S(","), &part)) {
		address.port = scheme_port(scheme);
		if (read_host(part, &address))
			add_address(s, address, part);
	}
	return end;
}

static void scan_urls(Scan *s)
{
	for (size_t from = 0;;) {
		size_t at = str_find(str_from(s->text, from), S("://")), start;
		if (at == STR_NONE)
			return;
		at += from;
		start = at;
		while (start > from &&
		       (host_char(s->text.p[start - 1]) || s->text.p[start - 1] == '+'))
			start--;
		from = at + 3;
		if (start < at)
			from = read_authority(s, str_slice(s->text, start, at), at + 3);
	}
}

// Of Go's drivers: user:password@tcp(host:port)/name
static void scan_tcp(Scan *s)
{
	for (size_t from = 0, at, end;
	     (at = str_find(str_from(s->text, from), S("@tcp("))) != STR_NONE; from = end) {
		Address address = {.named = true};
		Str part;
		at += from + strlen("@tcp(");
		end = authority_end(s->text, at);
		part = str_slice(s->text, at, end);
		if (read_host(part, &address) && address.port > 0)
			add_address(s, address, part);
	}
}

// Full cluster names outside of URLs: name.namespace.svc...
static void scan_full_names(Scan *s)
{
	for (size_t from = 0;;) {
		size_t at = str_find(str_from(s->text, from), S(".svc")), start, end;
		Address address = {0};
		if (at == STR_NONE)
			return;
		at += from;
		start = at;
		end = at + 4;
		while (start > from && host_char(s->text.p[start - 1]))
			start--;
		while (end < s->text.len && host_char(s->text.p[end]))
			end++;
		from = end;
		if (end > at + 4 && s->text.p[at + 4] != '.')
			continue;
		if (start >= 3 && s->text.p[start - 1] == '/' && s->text.p[start - 2] == '/')
			continue;
		if (start && (s->text.p[start - 1] == '@' || s->text.p[start - 1] == '*'))
			continue;
		address.host = str_slice(s->text, start, end);
		if (end < s->text.len && s->text.p[end] == ':')
			end += 1 + read_port(str_from(s->text, end + 1), &address.port);
		add_address(s, address, str_slice(s->text, start, end));
	}
}

bool host_is_desktop(Str host)
{
	static const char *const hosts[] = {
		"host.docker.internal",
		"gateway.docker.internal",
		"docker.for.mac.localhost",
		"docker.for.win.localhost",
		"docker.for.mac.host.internal",
		"kubernetes.docker.internal",
		"host.minikube.internal",
		"host.k3d.internal",
		"host.lima.internal",
		"host.containers.internal",
		"host.rancher-desktop.internal",
		"host.orb.internal",
	};

	for (size_t i = 0; i < COUNT(hosts); i++)
		if (str_ieq(host, str_c(hosts[i])))
			return true;
	return false;
}

// Names of a developer's machine, which can be nothing else: host.docker.internal
static void scan_desktop_names(Scan *s)
{
	for (size_t from = 0;;) {
		size_t at = str_find(str_from(s->text, from), S(".internal")), start, end;
		Address address = {0};
		if (at == STR_NONE)
			return;
		start = at += from;
		end = at + strlen(".internal");
		while (start > from && host_char(s->text.p[start - 1]))
			start--;
		from = end;
		address.host = str_slice(s->text, start, end);
		if ((end < s->text.len && strchr(":/,\"'", s->text.p[end]) == NULL) ||
		    !host_is_desktop(address.host) ||
		    (start && strchr("=,\"'", s->text.p[start - 1]) == NULL))
			continue; // of a URL, or only spoken of
		if (end < s->text.len && s->text.p[end] == ':')
			end += 1 + read_port(str_from(s->text, end + 1), &address.port);
		add_address(s, address, str_slice(s->text, start, end));
	}
}

// The whole value of a setting is host:port, or a list of them, or a host alone, whose port may be known from elsewhere.
static void scan_value(Scan *s, Str text, int64_t port)
{
	Str rest = text, part;

	if (str_contains(text, S("://")) || !names_address(s->setting) || text.len > TOKEN_LIMIT)
		return;
	while (str_cut(&rest, S(","), &part)) {
		Address address = {.named = true};
		part = str_trim_ascii(part);
		if (str_find_byte(part, ':') != STR_NONE)
			part = str_to(part, str_find_byte(part, '/')); // ZooKeeper's host:port/path
		if (!read_host(part, &address) || address.port < 0 ||
		    (str_contains(address.host, S(".svc")) && !port))
			continue;
		address.bare = !address.port_said;
		if (address.bare)
			address.port = port;
		if (address.bare
		            ? names_host(s->setting, port > 0 || s->where == ADDRESS_ANNOTATION)
		            : address.port > 0)
			add_address(s, address, part);
	}
}

static void scan(Scan *s)
{
	size_t before = s->model->addresses.len;

	if (!s->text.len)
		return;
	s->setting = s->name;
	s->section = S("");
	scan_urls(s);
	scan_tcp(s);
	scan_full_names(s);
	scan_desktop_names(s);
	if (s->in_text || !s->name.len)
		return;
	for (size_t i = before; i < s->model->addresses.len; i++)
		s->model->addresses.items[i]->named = names_address(s->name);
	scan_value(s, s->text, 0);
}

// The name of what holds the port of a host: DB_PORT for DB_HOST. Empty where the name does not end in such a word.
static Str port_name(Arena *arena, Str name)
{
	static const char *const ends[] = {"HOSTNAME", "HOST", "SERVER",
	                                   "ADDRESS",  "ADDR", "ENDPOINT"};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t len = strlen(ends[i]);
		if (name.len >= len && str_ieq(str_from(name, name.len - len), str_c(ends[i])))
			return str_concat(arena, str_to(name, name.len - len),
			                  name.p[name.len - 1] >= 'a' ? S("port") : S("PORT"));
	}
	return S("");
}

static int64_t port_beside(Scan *s, const Pairs *pairs, size_t i)
{
	Str name = port_name(s->model->arena, pairs->items[i].name), text;
	int64_t port = 0;

	if (!name.len)
		return 0;
	text = pairs_beside(pairs, i, name);
	if (!text.len) // of Envoy
		text = pairs_beside(pairs, i, str_concat(s->model->arena, name, S("_value")));
	return num_parse_int(text, 10, 32, &port) == NUM_OK && port <= 65535 ? port : 0;
}

// Whether a host without a port can be nothing else: it has a domain, or an option says whose host it is (--redis-host).
static bool is_clear_host(const Pair *pair)
{
	return names_host(pair->name, false) && (str_find_byte(pair->value, '.') != STR_NONE ||
	                                         (pair->node && pair->name.len > strlen("host")));
}

// Whether a value can be hosts with or without ports: most are numbers, words and sentences.
static bool may_be_hosts(Str value)
{
	bool letter = false;

	for (size_t i = 0; i < value.len && value.p[i] != ','; i++) {
		if (value.p[i] == ':' || value.p[i] == '/')
			return true;
		if (!host_char(value.p[i]) && value.p[i] != ' ')
			return false;
		letter |= value.p[i] < '0' || value.p[i] > '9';
	}
	return letter;
}

static bool is_quoted(Str text, Str value)
{
	return value.p > text.p && (value.p[-1] == '"' || value.p[-1] == '\'');
}

// The settings of a text, or the options of a command. A host alone counts where its port stands beside it, or its setting
// is clear.
static void scan_pairs(Scan *s, const Pairs *pairs)
{
	for (size_t i = 0; i < pairs->len; i++) {
		const Pair *pair = &pairs->items[i];
		int64_t port;
		if (!pair->value.len || !names_address(pair->name) || !may_be_hosts(pair->value) ||
		    names_listener(pair->name) || (s->program && !is_quoted(s->text, pair->value)))
			continue;
		s->setting = pair->name;
		s->section = pair->node ? S("") : pairs_above(pairs, i);
		port = port_beside(s, pairs, i);
		if (pair->node) {
			s->node = pair->node;
			s->in_text = is_text(pair->node->value);
		}
		if (port || str_find_byte(pair->value, ':') != STR_NONE ||
		    str_find_byte(pair->value, ' ') != STR_NONE || is_clear_host(pair))
			scan_value(s, pair->value, port);
	}
}

// The pair whose value holds the byte at `at`, among pairs of one text.
static const Pair *pair_at(const Pairs *pairs, const char *at)
{
	size_t low = 0, high = pairs->len;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (pairs->items[middle].value.p > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low && at < pairs->items[low - 1].value.p + pairs->items[low - 1].value.len
	               ? &pairs->items[low - 1]
	               : NULL;
}

// URLs that the names of their settings announce are no examples or links.
static void mark_named(Scan *s, size_t before, const Pairs *pairs)
{
	for (size_t i = before; i < s->model->addresses.len; i++) {
		Address *address = s->model->addresses.items[i];
		const Pair *pair = pair_at(pairs, address->host.p);
		if (!pair)
			continue;
		address->named |= names_address(pair->name) && !names_listener(pair->name);
		address->setting = pair->name;
		if (!pair->node)
			address->section = pairs_above(pairs, (size_t)(pair - pairs->items));
	}
}

static void scan_file(Scan *s)
{
	size_t before = s->model->addresses.len;
	Str option = S("");

	scan(s);
	s->pairs->len = 0;
	if (shell_is_script(s->name, s->text))
		pairs_of_argument(s->scratch, s->node, s->text, &option, s->pairs);
	else
		pairs_of_text(s->scratch, s->text, s->pairs);
	mark_named(s, before, s->pairs);
	scan_pairs(s, s->pairs);
}

// The value of a variable or key: a file, or an address and nothing else.
static void scan_setting(Scan *s)
{
	Str option = S("");

	s->upstreams = str_contains(s->text, S("upstream "));
	s->in_text = is_text(s->text) || str_has_prefix(s->text, S("{"));
	s->program = s->in_text && name_is_program(s->name);
	if (s->in_text) {
		scan_file(s);
		return;
	}
	scan(s);
	if (str_find_byte(s->text, '=') == STR_NONE || str_contains(s->text, S("://")))
		return;
	s->pairs->len = 0;
	if (str_find_byte(s->text, ';') != STR_NONE)
		pairs_of_connection(s->scratch, s->node, s->text, s->pairs);
	else // host=db port=1
		pairs_of_argument(s->scratch, s->node, s->text, &option, s->pairs);
	scan_pairs(s, s->pairs);
}

static void scan_variables(Scan *s)
{
	for (size_t i = 0; i < s->container->env_count; i++) {
		EnvVar *var = &s->container->env[i];
		if (var->source != ENV_VALUE || !var->node)
			continue;
		s->node = var->node;
		s->name = var->name;
		s->text = model_env_value(s->model, s->container, var);
		scan_setting(s);
	}
}

static void scan_command(Scan *s)
{
	Container *c = s->container;
	Pairs *pairs = s->pairs;
	Str option = S("");

	pairs->len = 0;
	for (size_t i = 0; i < c->command_count + c->arg_count; i++) {
		const Node *node =
			i < c->command_count ? c->command[i] : c->args[i - c->command_count];
		size_t before = s->model->addresses.len, known;
		s->node = node;
		s->text = model_expand(s->model, c, node_text(node));
		s->in_text = is_text(s->text);
		scan(s);
		known = pairs->len;
		pairs_of_argument(s->scratch, node, s->text, &option, pairs);
		mark_named(s, before,
		           &(Pairs){.items = pairs->items + known, .len = pairs->len - known});
	}
	scan_pairs(s, pairs);
}

static void scan_container(Scan s, Container *container)
{
	s.resource = container->workload->resource;
	s.workload = container->workload;
	s.container = container;
	scan_variables(&s);
	s.name = S("");
	s.where = ADDRESS_ARGUMENT;
	scan_command(&s);
}

static void scan_keys(Scan *s, const Node *data)
{
	for (size_t i = 0; i < node_count(data) && data->kind == NODE_MAPPING; i++) {
		s->node = node_value(data, i);
		s->name = node_text(node_key(data, i));
		s->text = node_text(s->node);
		if (str_is(s->name, "_example")) // Knative's manual of a config map, in it
			continue;
		if (!s->encoded || (base64_read(s->model->arena, s->text, &s->text) &&
		                    str_find_byte(s->text, '\0') == STR_NONE))
			scan_setting(s);
	}
}

// Without the group before it: "hostname" of "external-dns.alpha.kubernetes.io/hostname".
static Str annotation_name(Str key)
{
	size_t slash = str_rfind(key, S("/"));

	return slash == STR_NONE ? key : str_from(key, slash + 1);
}

static void scan_annotations(Scan *s, const Node *annotations)
{
	for (size_t i = 0; i < node_count(annotations) && annotations->kind == NODE_MAPPING; i++) {
		s->node = node_value(annotations, i);
		s->name = annotation_name(node_text(node_key(annotations, i)));
		s->text = node_text(s->node);
		s->in_text = false;
		if (names_published(s->name) && !is_text(s->text))
			scan(s);
	}
}

// A host in a field that holds hosts, or a list of them.
static void scan_hosts(Scan *s, Str name, const Node *value)
{
	for (size_t i = 0; value && value->kind == NODE_SEQUENCE && i < node_count(value); i++)
		scan_hosts(s, name, node_item(value, i));
	if (!value || value->kind != NODE_SCALAR)
		return;
	s->node = value;
	s->name = name;
	s->text = node_text(value);
	if (str_has_prefix(s->text, S("*.")))
		s->text = str_from(s->text, 2);
	for (size_t i = 0; i < s->text.len; i++)
		if (!host_char(s->text.p[i]))
			return;
	add_address(s, (Address){.host = s->text, .bare = true, .named = true}, s->text);
}

// A URL or host:port under a name that says so: bootstrapServers, url of a logger.
static void scan_field_setting(Scan *s, Str name, const Node *value)
{
	Str text = node_text(value);

	if (!value || value->kind != NODE_SCALAR || str_find_byte(text, ':') == STR_NONE ||
	    is_text(text) || !names_address(name))
		return;
	s->where = ADDRESS_SETTING;
	s->node = value;
	s->name = name;
	s->text = text;
	s->in_text = false;
	scan(s);
	s->where = ADDRESS_FIELD;
}

static void scan_fields(Scan *s, const Node *node, int depth)
{
	static const char *const hosts[] = {"host",     "hosts",      "hostname",    "hostnames",
	                                    "dnsNames", "commonName", "externalName"};
	// What pods hold is read from them; the others are not for who looks for it.
	static const char *const others[] = {"containers", "initContainers", "hostAliases",
	                                     "httpGet",    "tcpSocket",      "data",
	                                     "stringData", "metadata",       "status"};

	if (!node || depth > FIELD_DEPTH)
		return;
	for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node_count(node); i++)
		scan_fields(s, node_item(node, i), depth + 1);
	for (size_t i = 0; node->kind == NODE_MAPPING && i < node_count(node); i++) {
		Str key = node_text(node_key(node, i));
		if (is_one_of(key, others, COUNT(others)) &&
		    !(depth && s->resource->custom && str_is(key, "metadata"))) // KEDA's triggers
			continue;
		if (is_one_of(key, hosts, COUNT(hosts)))
			scan_hosts(s, key, node_value(node, i));
		else if (s->resource->custom && node_value(node, i) &&
		         node_value(node, i)->kind == NODE_SCALAR)
			scan_field_setting(s, key, node_value(node, i));
		else
			scan_fields(s, node_value(node, i), depth + 1);
	}
}

static void scan_resource(Scan s, Resource *resource)
{
	s.resource = resource;
	s.where = ADDRESS_KEY;
	if (str_is(resource->kind, "CustomResourceDefinition"))
		return;
	if (str_is(resource->kind, "ConfigMap"))
		scan_keys(&s, node_at(resource->node, "data"));
	if (str_is(resource->kind, "Secret")) {
		scan_keys(&s, node_at(resource->node, "stringData"));
		s.encoded = true;
		scan_keys(&s, node_at(resource->node, "data"));
		s.encoded = false;
	}
	s.where = ADDRESS_ANNOTATION;
	scan_annotations(&s, node_at(resource->metadata, "annotations"));
	for (size_t i = 0; i < resource->workloads.len; i++)
		scan_annotations(
			&s, node_at(resource->workloads.items[i]->pod_metadata, "annotations"));
	s.where = ADDRESS_FIELD;
	scan_fields(&s, resource->node, 0);
}

// A host in X_HOST has its port in X_PORT.
static int64_t sibling_port(const Model *model, const Address *address)
{
	Str name = port_name(model->arena, address->variable), text = S("");
	const Node *node;
	Resource *resource;
	int64_t port = 0;

	if (!name.len)
		return 0;
	if (address->container)
		model_env(model, address->container, name, &text, &node, &resource);
	else
		text = node_text_at(node_at(address->spot.resource->node, "data"),
		                    str_to_c(model->arena, name));
	return num_parse_int(text, 10, 32, &port) == NUM_OK ? port : 0;
}

// The addresses of each node, the last first: a use is held against those of its own only.
typedef struct Scanned {
	Map *last;      // a node's address in memory to the number of its last one
	size_t *before; // of each: the number of the one before it, 0 for none; numbers count from 1
	size_t len, cap;
} Scanned;

static Str key_of_node(const Spot *spot)
{
	return str_n((const char *)&spot->node, sizeof spot->node);
}

static size_t last_of(const Scanned *scanned, const Spot *spot)
{
	const Value *last = map_get(scanned->last, key_of_node(spot));

	return last ? (size_t)last->i : 0;
}

static void note_scanned(Arena *arena, Scanned *scanned, const Address *address)
{
	VEC_PUSH(arena, scanned->before, scanned->len, scanned->cap) =
		last_of(scanned, &address->spot);
	map_set(arena, scanned->last, key_of_node(&address->spot),
	        value_int((int64_t)scanned->len));
}

static bool is_scanned(const Model *model, const Scanned *scanned, const Wait *use)
{
	for (size_t i = last_of(scanned, &use->spot); i; i = scanned->before[i - 1]) {
		const Address *address = model->addresses.items[i - 1];
		if (str_eq(address->host, use->host) &&
		    address->spot.offset <= use->spot.offset + use->host.len &&
		    use->spot.offset <= address->spot.offset + address->spot.len)
			return true;
	}
	return false;
}

// What commands connect to: mysql -h db < dump.sql
static void add_uses(Model *model, Arena *scratch)
{
	Scanned scanned = {.last = map_new(scratch, &TYPE_ANY_MAP)};

	for (size_t i = 0; model->uses.len && i < model->addresses.len; i++)
		note_scanned(scratch, &scanned, model->addresses.items[i]);
	for (size_t i = 0; i < model->uses.len; i++) {
		const Wait *use = model->uses.items[i];
		Address *made;
		if (!use->spot.node || use->kind != WAIT_TCP || use->value_node ||
		    is_scanned(model, &scanned, use))
			continue;
		made = ARENA_NEW(model->arena, Address);
		*made = (Address){.spot = use->spot,
		                  .where = ADDRESS_ARGUMENT,
		                  .workload = use->workload,
		                  .container = use->container,
		                  .host = use->host,
		                  .port = use->port,
		                  .port_said = use->port > 0,
		                  .named = true,
		                  .used = true,
		                  .bare = !use->port,
		                  .in_text = is_text(use->spot.node->value)};
		VEC_PUSH(model->arena, model->addresses.items, model->addresses.len,
		         model->addresses.cap) = made;
		note_scanned(scratch, &scanned, made);
	}
}

void model_read_addresses(Model *model)
{
	Pairs pairs = {0};
	Scan s = {.model = model, .scratch = arena_scratch(model->arena), .pairs = &pairs};

	for (size_t i = 0; i < model->workloads.len; i++)
		for (size_t j = 0; j < model->workloads.items[i]->container_count; j++)
			scan_container(s, &model->workloads.items[i]->containers[j]);
	for (size_t i = 0; i < model->resources.len; i++)
		scan_resource(s, model->resources.items[i]);
	add_uses(model, s.scratch);
	arena_scratch_free(model->arena, s.scratch);
	for (size_t i = 0; i < model->addresses.len; i++) {
		Address *address = model->addresses.items[i];
		ClusterName name;
		Str ns = address->spot.resource->ns;
		if (address->bare && !address->port && address->where != ADDRESS_FIELD)
			address->port = sibling_port(model, address);
		if (!model_cluster_name(model, address->host, ns, &name))
			continue;
		address->ns = name.ns;
		address->service_name = name.service;
		address->service = model_service(model, name.ns, name.service);
		address->in_render_ns = model_has_namespace(model, name.ns);
	}
}
