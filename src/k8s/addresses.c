// Addresses in environment values, arguments and config maps: what a workload is told to talk to.
//
// A text is an address where it can be nothing else: a URL, a full cluster name, or host:port (or a bare host) in a
// variable whose name says so. Everything else stays alone: a wrong guess would cost its reader more than it gives.

#include "k8s/model.h"
#include "k8s/tools.h"

#include "base/num.h"

#include <string.h>

// No address is longer; what goes on is data.
#define TOKEN_LIMIT 512

typedef struct Scan {
	Model *model;
	Resource *resource;
	Workload *workload;
	Container *container;
	const Node *node;
	Str name;     // of the variable or key
	Str text;     // what is scanned
	bool shifted; // text is not node->value: offsets are not known
	bool in_text;
} Scan;

static bool host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

static bool ends_with_any(Str name, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		size_t len = strlen(words[i]);
		if (name.len >= len && str_ieq(str_from(name, name.len - len), str_c(words[i])))
			return true;
	}
	return false;
}

// Whether a variable of this name holds a host alone.
static bool names_host(Str name)
{
	static const char *const words[] = {"HOST",  "_HOSTNAME", "_SERVER",
	                                    "_ADDR", "_ADDRESS",  NULL};
	static const char *const not_words[] = {"LOG_HOSTNAME", "LOG_HOST",      "POD_HOST",
	                                        "SELF_HOST",    "ALLOWED_HOST",  "VIRTUAL_HOST",
	                                        "INGRESS_HOST", "EXTERNAL_HOST", "PUBLIC_HOST",
	                                        "BIND_HOST",    "LISTEN_HOST",   "LISTEN_ADDR",
	                                        "BIND_ADDR",    "BIND_ADDRESS",  "LISTEN_ADDRESS",
	                                        "GRAPHQL_HOST", "POD_HOSTNAME",  NULL};

	return ends_with_any(name, words) && !ends_with_any(name, not_words);
}

// Whether host:port is to be expected in it.
static bool names_address(Str name)
{
	static const char *const words[] = {
		"HOST",      "HOSTS",       "HOSTNAME",  "SERVER", "SERVERS", "ADDR",    "ADDRESS",
		"ADDRESSES", "ENDPOINT",    "ENDPOINTS", "URL",    "URI",     "URLS",    "BROKER",
		"BROKERS",   "BROKER_LIST", "BOOTSTRAP", "TARGET", "CONNECT", "SERVICE", "UPSTREAM",
		"BACKEND",   "NODES",       "PEERS",     NULL,
	};

	return ends_with_any(name, words);
}

static bool names_listener(Str name)
{
	static const char *const words[] = {"LISTEN", "BIND", "LISTENER", "ADVERTISE", "PUBLISH"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (size_t at = 0; at + strlen(words[i]) <= name.len; at++)
			if (str_ieq(str_slice(name, at, at + strlen(words[i])), str_c(words[i])))
				return true;
	return false;
}

static void add_address(Scan *s, Address address, Str whole)
{
	Address *made;

	if (!address.host.len || str_find_byte(address.host, MODEL_UNKNOWN) != STR_NONE ||
	    names_listener(s->name))
		return;
	made = ARENA_NEW(s->model->arena, Address);
	address.workload = s->workload;
	address.container = s->container;
	address.variable = s->name;
	address.in_text = s->in_text;
	address.spot = (Spot){.resource = s->resource, .node = s->node};
	if (!s->shifted) {
		address.spot.offset = (size_t)(whole.p - s->node->value.p);
		address.spot.len = whole.len;
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

// What follows "scheme://": [user[:password]@]host[:port]. Lists of hosts ("a:1,b:2") give each.
static size_t read_authority(Scan *s, Str scheme, size_t start)
{
	size_t end = start, at;
	Address address = {.scheme = scheme};
	Str authority, part, rest;

	while (end < s->text.len && end - start < TOKEN_LIMIT &&
	       strchr("/?# \t\r\n\"'`<>|\\^)]}", s->text.p[end]) == NULL)
		end++;
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
		size_t len = 0;
		while (len < part.len && host_char(part.p[len]))
			len++;
		address.host = str_to(part, len);
		address.port = scheme_port(scheme);
		if (len < part.len && part.p[len] == ':') {
			size_t digits = read_port(str_from(part, len + 1), &address.port);
			address.port_said = digits > 0;
			len += 1 + digits;
			if (!digits)
				address.port = -1; // a port that is not known yet
		}
		if (len < part.len ||
		    (address.host.len && address.host.p[address.host.len - 1] == '.'))
			continue;
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

// The whole value is host:port, or a list of them, or a host alone.
static void scan_value(Scan *s)
{
	Str rest = s->text, part;

	if (str_find(s->text, S("://")) != STR_NONE || !names_address(s->name) ||
	    s->text.len > TOKEN_LIMIT)
		return;
	while (str_cut(&rest, S(","), &part)) {
		Address address = {0};
		size_t len = 0;
		part = str_trim_ascii(part);
		while (len < part.len && host_char(part.p[len]))
			len++;
		address.host = str_to(part, len);
		if (!len || str_contains(address.host, S(".svc")))
			continue;
		if (len == part.len) {
			address.bare = true;
			if (names_host(s->name))
				add_address(s, address, part);
			continue;
		}
		if (part.p[len] != ':')
			continue;
		len += 1 + read_port(str_from(part, len + 1), &address.port);
		if (address.port && (len == part.len || part.p[len] == '/'))
			add_address(s, address, str_to(part, len));
	}
}

static void scan(Scan *s)
{
	if (!s->text.len)
		return;
	scan_urls(s);
	scan_full_names(s);
	if (!s->in_text && s->name.len)
		scan_value(s);
}

static void scan_container(Model *model, Container *container)
{
	Scan s = {.model = model,
	          .resource = container->workload->resource,
	          .workload = container->workload,
	          .container = container};

	for (size_t i = 0; i < container->env_count; i++) {
		const EnvVar *var = &container->env[i];
		if (var->source != ENV_VALUE || !var->node)
			continue;
		s.node = var->node;
		s.name = var->name;
		s.text = model_expand(model, container, var->value);
		s.shifted = s.text.p != s.node->value.p;
		s.in_text = str_find_byte(s.text, '\n') != STR_NONE;
		scan(&s);
	}
	s.name = S("");
	for (size_t i = 0; i < container->command_count + container->arg_count; i++) {
		const Node *node = i < container->command_count
		                           ? container->command[i]
		                           : container->args[i - container->command_count];
		s.node = node;
		s.text = model_expand(model, container, node_text(node));
		s.shifted = s.text.p != node_text(node).p;
		s.in_text = str_find_byte(s.text, '\n') != STR_NONE;
		scan(&s);
	}
}

static void scan_config(Model *model, Resource *resource)
{
	const Node *data = node_at(resource->node, "data");
	Scan s = {.model = model, .resource = resource};

	for (size_t i = 0; i < node_count(data); i++) {
		s.node = node_value(data, i);
		s.name = node_text(node_key(data, i));
		s.text = node_text(s.node);
		s.in_text = str_find_byte(s.text, '\n') != STR_NONE;
		if (data->kind == NODE_MAPPING)
			scan(&s);
	}
}

// A host in X_HOST has its port in X_PORT.
static int64_t sibling_port(const Model *model, const Address *address)
{
	static const char *const ends[] = {"HOSTNAME", "HOST", "SERVER",
	                                   "ADDRESS",  "ADDR", "ENDPOINT"};
	Str name = address->variable, text = S("");
	const Node *node;
	Resource *resource;
	int64_t port = 0;

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t len = strlen(ends[i]);
		Str other;
		if (name.len < len || !str_ieq(str_from(name, name.len - len), str_c(ends[i])))
			continue;
		other = str_concat(model->arena, str_to(name, name.len - len),
		                   name.p[name.len - 1] >= 'a' ? S("port") : S("PORT"));
		if (address->container)
			model_env(model, address->container, other, &text, &node, &resource);
		else
			text = node_text_at(node_at(address->spot.resource->node, "data"),
			                    str_to_c(model->arena, other));
		if (num_parse_int(text, 10, 32, &port) == NUM_OK)
			return port;
		return 0;
	}
	return 0;
}

void model_read_addresses(Model *model)
{
	for (size_t i = 0; i < model->workloads.len; i++)
		for (size_t j = 0; j < model->workloads.items[i]->container_count; j++)
			scan_container(model, &model->workloads.items[i]->containers[j]);
	for (size_t i = 0; i < model->resources.len; i++)
		if (str_is(model->resources.items[i]->kind, "ConfigMap"))
			scan_config(model, model->resources.items[i]);
	for (size_t i = 0; i < model->addresses.len; i++) {
		Address *address = model->addresses.items[i];
		ClusterName name;
		Str ns = address->spot.resource->ns;
		if (address->bare)
			address->port = sibling_port(model, address);
		if (!model_cluster_name(model, address->host, ns, &name))
			continue;
		address->ns = name.ns;
		address->service_name = name.service;
		address->service = model_service(model, name.ns, name.service);
		address->in_render_ns = model_has_namespace(model, name.ns);
	}
}
