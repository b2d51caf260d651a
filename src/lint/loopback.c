// Which localhost is nobody's.
//
// Whatever may listen there keeps the rule silent: a container that says the port, one that says none, a number that
// stands anywhere in the pod, a script that starts something of its own.

#include "lint/loopback.h"

#include "k8s/names.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

bool is_loopback(Str host)
{
	return str_is(host, "localhost") || str_has_prefix(host, S("127.")) || str_is(host, "::1");
}

// Whether a word of the name is this one: DB of DB_HOST and dbHost, but not of feedback.
static bool has_word(Str name, Str word)
{
	for (size_t at = 0; at + word.len <= name.len; at++) {
		size_t end = at + word.len;
		bool ends = end == name.len || !ascii_is_alnum(name.p[end]) ||
		            (name.p[end] >= 'A' && name.p[end] <= 'Z');
		if (ends && (!at || !ascii_is_alnum(name.p[at - 1])) &&
		    str_ieq(str_slice(name, at, end), word))
			return true;
	}
	return false;
}

// Names of what runs in pods of its own: who asks for it on localhost asks nobody.
static bool names_backend(Str name)
{
	static const Str parts[] = {
		NAME_ROW("postgres"),   NAME_ROW("mysql"),      NAME_ROW("mariadb"),
		NAME_ROW("mongo"),      NAME_ROW("redis"),      NAME_ROW("valkey"),
		NAME_ROW("memcache"),   NAME_ROW("kafka"),      NAME_ROW("zookeeper"),
		NAME_ROW("rabbit"),     NAME_ROW("amqp"),       NAME_ROW("elastic"),
		NAME_ROW("opensearch"), NAME_ROW("database"),   NAME_ROW("minio"),
		NAME_ROW("mlflow"),     NAME_ROW("clickhouse"), NAME_ROW("cassandra"),
		NAME_ROW("influx"),     NAME_ROW("keycloak"),   NAME_ROW("broker"),
		NAME_ROW("bootstrap"),  NAME_ROW("datasource"), NAME_ROW("upstream"),
	};
	static const Str words[] = {NAME_ROW("db"), NAME_ROW("pg"), NAME_ROW("s3"),
	                            NAME_ROW("backend"), NAME_ROW("nats")};

	for (size_t i = 0; i < COUNT(parts); i++)
		if (str_icontains(name, parts[i]))
			return true;
	for (size_t i = 0; i < COUNT(words); i++)
		if (has_word(name, words[i]))
			return true;
	return false;
}

// Text of a pod in which a number stands; the address itself is one of them.
static size_t mentions(const Lint *lint, Container *c, Str number)
{
	size_t count = 0;

	for (size_t j = 0; j < c->env_count; j++) {
		const EnvVar *var = &c->env[j];
		Str value = var->value;
		const Node *node;
		Resource *resource;
		if (var->source != ENV_VALUE &&
		    !model_env(lint->model, c, var->name, &value, &node, &resource))
			count += 2 * (var->source != ENV_FIELD && has_word(var->name, S("port")));
		count += str_contains(value, number);
	}
	for (size_t j = 0; j < c->command_count; j++)
		count += str_contains(node_text(c->command[j]), number);
	for (size_t j = 0; j < c->arg_count; j++)
		count += str_contains(node_text(c->args[j]), number);
	return count;
}

// Whether the keys of a config map that a container takes into its environment are not known, or one holds the number.
static bool may_be_in_environment(const Lint *lint, const Container *c, Str number)
{
	for (size_t i = 0; i < c->env_from_count; i++) {
		const EnvFrom *from = &c->env_from[i];
		const Resource *map = model_resource(lint->model, "ConfigMap",
		                                     c->workload->resource->ns, from->name);
		const Node *data = map ? node_at(map->node, "data") : NULL;
		size_t count = 0;
		if (from->secret)
			continue; // nobody keeps a port there
		if (!map)
			return true;
		for (size_t j = 0; j < node_count(data); j++)
			count += str_contains(node_text(node_value(data, j)), number);
		if (count > 1)
			return true;
	}
	return false;
}

// Whether anything in the pod may listen on the port, 0 where it is not said. `own` is the container that goes there.
static bool may_be_listened_to(const Lint *lint, const Workload *workload, const Container *own,
                               int64_t port)
{
	Str number = str_printf(lint->arena, "%lld", (long long)port);
	size_t count = 0;

	if (node_bool(node_at(workload->pod_spec, "hostNetwork"), false) ||
	    workload->resource->custom)
		return true;
	for (size_t i = 0; i < workload->container_count; i++) {
		Container *c = &workload->containers[i];
		for (size_t k = 0; k < c->port_count; k++)
			if (c->ports[k].number == port)
				return true;
		if (c != own && c->kind != CONTAINER_INIT && (!c->port_count || !port))
			return true;
		if (port && may_be_in_environment(lint, c, number))
			return true;
		count += port ? mentions(lint, c, number) : 0;
	}
	return count > 1;
}

static bool takes_key(const Container *c, const Address *address)
{
	Str map = address->spot.resource->name;

	for (size_t i = 0; i < c->env_from_count; i++)
		if (!c->env_from[i].secret && str_eq(c->env_from[i].name, map))
			return true;
	for (size_t i = 0; i < c->env_count; i++)
		if (c->env[i].source == ENV_CONFIG && str_eq(c->env[i].ref, map) &&
		    str_eq(c->env[i].key, address->variable))
			return true;
	return false;
}

static bool mounts(const Container *c, Str map)
{
	const Node *volumes = node_at(c->workload->pod_spec, "volumes"),
		   *list = node_at(c->node, "volumeMounts");

	for (size_t i = 0; i < node_count(volumes); i++) {
		const Node *volume = node_item(volumes, i);
		if (!str_eq(node_text_at(node_at(volume, "configMap"), "name"), map))
			continue;
		for (size_t j = 0; j < node_count(list); j++)
			if (str_eq(node_text_at(node_item(list, j), "name"),
			           node_text_at(volume, "name")))
				return true;
	}
	return false;
}

// The container that reads a config map's address, of all the render's; NULL where none does.
static const Container *reader_of(const Lint *lint, const Address *address)
{
	for (size_t i = 0; i < lint->model->workloads.len; i++) {
		const Workload *workload = lint->model->workloads.items[i];
		if (!str_eq(workload->resource->ns, address->spot.resource->ns))
			continue;
		for (size_t j = 0; j < workload->container_count; j++) {
			const Container *c = &workload->containers[j];
			if (address->in_text ? mounts(c, address->spot.resource->name)
			                     : takes_key(c, address))
				return c;
		}
	}
	return NULL;
}

// An address that a browser follows, sends or is sent back to: its localhost is the desk in front of it.
static bool is_for_browsers(const Address *address)
{
	static const char *const parts[] = {"ORIGIN", "CALLBACK",  "REDIRECT",     "CORS",
	                                    "CSRF",   "VUE_APP_",  "REACT_APP_",   "VITE_",
	                                    "PUBLIC", "EXTERNAL_", "NEXTAUTH_URL", "ROOT_URL"};
	static const char *const names[] = {"APP_URL", "SITE_URL", "BASE_URL", "WEB_URL", "DOMAIN"};

	for (size_t i = 0; i < COUNT(parts); i++)
		if (str_contains(address->variable, str_c(parts[i])))
			return true;
	for (size_t i = 0; i < COUNT(names); i++)
		if (str_is(address->variable, names[i]))
			return true;
	return str_is(address->scheme, "https") && !address->port_said;
}

// A program that starts others may go to them: server & until nc -z localhost 80; ...
static bool starts_others(const Container *c)
{
	for (size_t i = 0; i < c->command_count + c->arg_count; i++) {
		Str text = node_text(i < c->command_count ? c->command[i]
		                                          : c->args[i - c->command_count]);
		for (size_t at = 0; at < text.len; at++)
			if (text.p[at] == '&' && (!at || strchr("&>", text.p[at - 1]) == NULL) &&
			    (at + 1 == text.len || strchr("&>", text.p[at + 1]) == NULL))
				return true;
		if (str_contains(text, S(" start")) || str_contains(text, S("daemon")) ||
		    str_contains(text, S("supervisord")))
			return true;
	}
	return false;
}

// An option, or a setting of a file, may as well say where to listen. It is to be gone to where it is a URL behind an option
// that is called so, or what the setting or its table names runs elsewhere.
static bool tells_where_to_go(const Address *address)
{
	if (address->used)
		return !starts_others(address->container);
	if (address->port <= 0 || address->where == ADDRESS_KEY || !address->scheme.len)
		if (names_backend(address->setting) || names_backend(address->section) ||
		    names_backend(address->scheme))
			return true;
	if (address->port <= 0 || address->in_text)
		return false;
	return address->where == ADDRESS_VARIABLE || (address->named && address->scheme.len);
}

const Workload *loopback_of_nobody(const Lint *lint, const Address *address)
{
	const Container *container = address->container;

	if (address->where == ADDRESS_KEY && str_is(address->spot.resource->kind, "ConfigMap") &&
	    (address->named || names_backend(address->scheme)))
		container = reader_of(lint, address);
	if (!container || (address->in_text && address->where == ADDRESS_VARIABLE) ||
	    address->port < 0 || !tells_where_to_go(address) || is_for_browsers(address) ||
	    may_be_listened_to(lint, container->workload, container, address->port))
		return NULL;
	return container->workload;
}

bool wait_is_for_nobody(const Wait *wait)
{
	const Workload *workload = wait->workload;

	if (!is_loopback(wait->host) || wait->container->kind != CONTAINER_INIT ||
	    workload->resource->custom || starts_others(wait->container) ||
	    node_bool(node_at(workload->pod_spec, "hostNetwork"), false))
		return false;
	for (size_t i = 0; i < workload->container_count; i++)
		if (workload->containers[i].kind == CONTAINER_SIDECAR)
			return false;
	return true;
}
