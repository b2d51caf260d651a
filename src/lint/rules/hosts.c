// Hosts that are written where they should be configured, or that lead nowhere.

#include "data/text.h"
#include "k8s/names.h"
#include "lint/externals.h"
#include "lint/fallback.h"
#include "lint/lint.h"
#include "lint/loopback.h"
#include "lint/missing.h"
#include "lint/origin_class.h"
#include "lint/told.h"

#include <string.h>

#define TEXT(s) str_to_c(lint->arena, (s))

static Subject subject_of_address(const Address *address)
{
	Subject subject = subject_of_spot(&address->spot);

	subject.workload = address->workload;
	subject.container = address->container;
	// Point at the host, not at the user before it.
	return subject;
}

static Str address_text(Lint *lint, const Address *address)
{
	if (address->port > 0)
		return str_printf(lint->arena, "%s:%lld", TEXT(address->host),
		                  (long long)address->port);
	return address->host;
}

// Where it was read, for a sentence.
static const char *where_text(Lint *lint, const Address *address)
{
	static const char *const words[] = {
		[ADDRESS_VARIABLE] = "environment variable",
		[ADDRESS_KEY] = "key",
		[ADDRESS_ANNOTATION] = "annotation",
		[ADDRESS_FIELD] = "field",
		[ADDRESS_SETTING] = "field",
	};

	if (address->where == ADDRESS_ARGUMENT)
		return "an argument";
	return TEXT(
		str_printf(lint->arena, "%s %s", words[address->where], TEXT(address->variable)));
}

static Str address_about(Lint *lint, const Address *address)
{
	return str_printf(lint->arena, "%s %s", TEXT(address->variable),
	                  TEXT(address_text(lint, address)));
}

static bool is_outside(const Lint *lint, const Address *address)
{
	return settings_outside(lint->settings, OUTSIDE_HOSTS, address->ns, address->host) ||
	       lint_service_is_outside(lint, address->ns, address->service_name);
}

static bool is_client_scheme(Str scheme)
{
	static const char *const known[] = {
		"http",   "https",  "ws",         "wss",      "tcp",   "grpc",      "grpcs",
		"redis",  "rediss", "amqp",       "amqps",    "mysql", "mariadb",   "postgres",
		"nats",   "kafka",  "postgresql", "mongodb",  "ldap",  "ldaps",     "h2c",
		"thrift", "otlp",   "clickhouse", "hdfs",     "mqtt",  "mqtts",     "smtp",
		"smtps",  "sftp",   "cassandra",  "bolt",     "neo4j", "memcached", "sqlserver",
		"pulsar", "syslog", "cockroach",  "udp",      "tls",   "ray",       "spark",
		"trino",  "presto", "hive2",      "influxdb", "etcd",  "zookeeper", "dask"};
	size_t plus = str_find_byte(scheme, '+');

	scheme = str_to(scheme, plus == STR_NONE ? scheme.len : plus);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_is(scheme, known[i]))
			return true;
	return false;
}

// How Kafka's clients may write their servers, and its brokers their listeners.
static bool is_kafka_protocol(Str scheme)
{
	return str_is(scheme, "PLAINTEXT") || str_is(scheme, "SSL") ||
	       str_is(scheme, "SASL_PLAINTEXT") || str_is(scheme, "SASL_SSL");
}

// A line of a configuration file that is a comment.
static bool is_comment(const Address *address)
{
	Str text = address->spot.node->value;
	size_t at = address->spot.offset;

	if (!address->in_text || !address->spot.len || at > text.len)
		return false;
	while (at && text.p[at - 1] != '\n')
		at--;
	while (at < text.len && (text.p[at] == ' ' || text.p[at] == '\t'))
		at++;
	return str_has_prefix(str_from(text, at), S("<!--")) ||
	       (at < text.len && strchr("#;/*%!", text.p[at]) != NULL);
}

static bool is_known_name(const Address *address)
{
	static const char *const names[] = {
		"kubernetes", "kube-dns", "metadata", "example",  "host",   "hostname", "none",
		"true",       "false",    "default",  "null",     "server", "yes",      "no",
		"on",         "off",      "enabled",  "disabled", "auto",   "any"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_is(address->service_name, names[i]))
			return true;
	return name_is_to_be_set(address->host) ||
	       (address->workload && workload_aliases(address->workload, address->host));
}

// The container waits for the same host: that is a finding of its own.
static bool is_waited_for(const Lint *lint, const Address *address)
{
	Container *container = address->container;

	if (!container || !container->wait_count)
		return false;
	if (!container->wait_hosts) {
		container->wait_hosts = map_new(lint->arena, &TYPE_ANY_MAP);
		for (size_t i = 0; i < container->wait_count; i++)
			map_set(lint->arena, container->wait_hosts,
			        lint->model->waits.items[container->first_wait + i]->host,
			        value_bool(true));
	}
	return map_get(container->wait_hosts, address->host) != NULL;
}

// Whether an address is certain enough to say that it leads nowhere.
static bool speaks_clearly(const Address *address)
{
	bool full = str_contains(address->host, S(".svc"));

	if (address->scheme.len && !is_client_scheme(address->scheme) &&
	    !(address->named && is_kafka_protocol(address->scheme)))
		return false;
	if (is_comment(address) || address->where == ADDRESS_FIELD)
		return false;
	if (address->in_text)
		return full || address->named ||
		       (address->scheme.len && address->port_said &&
		        !str_is(address->scheme, "https"));
	return full || address->scheme.len || address->port > 0 || address->bare;
}

static const Service *service_elsewhere(const Lint *lint, const Address *address)
{
	return table_get(lint->model->service_names, address->service_name);
}

// A service of manifests that say no namespace for it: it goes where they are applied, which may be the address's.
static bool may_come_along(const Lint *lint, const Address *address)
{
	const Model *model = lint->model;
	const Service *service =
		lint->chart ? NULL : model_service(model, model->options.ns, address->service_name);

	return service && !node_at(service->resource->metadata, "namespace") &&
	       node_at(address->spot.resource->metadata, "namespace");
}

// "cpanel.", where the domain behind the name is a value that nobody has set.
static bool is_cut_off(Str host)
{
	return host.len && host.p[host.len - 1] == '.';
}

static bool is_missing(const Lint *lint, const Address *address)
{
	return address->service_name.len && !address->service && address->in_render_ns &&
	       !is_cut_off(address->host) && !is_known_name(address) &&
	       !may_come_along(lint, address) && !is_outside(lint, address) &&
	       speaks_clearly(address) &&
	       !model_operator_owns(lint->model, address->ns, address->service_name) &&
	       !is_waited_for(lint, address);
}

// Of nginx: set $backend http://web.shop.svc; the port may follow where the variable is used.
static bool is_nginx_piece(const Address *address)
{
	Str before = str_to(address->spot.node->value, address->spot.offset);
	size_t line = str_rfind(before, S("\n"));

	before = str_trim_ascii(str_from(before, line == STR_NONE ? 0 : line + 1));
	return address->in_text && !address->port_said && str_has_prefix(before, S("set $"));
}

static void check_dangling_port(Lint *lint, const Rule *rule, const Address *address)
{
	const Service *service = address->service;
	const ServicePort *target;
	Subject subject = subject_of_address(address);

	if (!service || address->port <= 0 || !service->port_count || service->from_knative ||
	    service->no_selector || str_is(service->type, "ExternalName") ||
	    service_has_port(lint->model, address->service, address->port, &target) ||
	    !speaks_clearly(address) || is_waited_for(lint, address) || is_nginx_piece(address))
		return;
	lint_add(lint, rule, &subject, address_about(lint, address),
	         str_printf(lint->arena,
	                    "%s points at %s, and service \"%s\" has no port %lld: it has %s",
	                    where_text(lint, address), TEXT(address_text(lint, address)),
	                    TEXT(service->resource->name), (long long)address->port,
	                    TEXT(service_ports(lint->arena, service, false))));
}

static void check_dangling(Lint *lint, const Rule *rule)
{
	Told told = told_new(lint);

	for (size_t i = 0; i < lint->model->addresses.len; i++) {
		const Address *address = lint->model->addresses.items[i];
		Subject subject = subject_of_address(address);
		if (!is_missing(lint, address)) {
			check_dangling_port(lint, rule, address);
			continue;
		}
		if (str_eq(address->host, address->service_name) &&
		    service_elsewhere(lint, address))
			continue; // short-name-across-namespaces
		told_once(&told,
		          lint_add(lint, rule, &subject, address_about(lint, address),
		                   str_printf(lint->arena,
		                              "%s points at %s, and nothing rendered is a service "
		                              "\"%s\" in namespace %s",
		                              where_text(lint, address),
		                              TEXT(address_text(lint, address)),
		                              TEXT(address->service_name), TEXT(address->ns))));
	}
	told_all(&told);
}

static void check_short_name(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->addresses.len; i++) {
		const Address *address = lint->model->addresses.items[i];
		const Service *service;
		Subject subject = subject_of_address(address);
		if (!is_missing(lint, address) || !str_eq(address->host, address->service_name) ||
		    !(service = service_elsewhere(lint, address)))
			continue;
		lint_add(lint, rule, &subject, address_about(lint, address),
		         str_printf(lint->arena,
		                    "%s says %s, which means a service of namespace %s; \"%s\" is "
		                    "in namespace %s: write %s.%s.svc",
		                    where_text(lint, address), TEXT(address->host),
		                    TEXT(address->ns), TEXT(address->host),
		                    TEXT(service->resource->ns), TEXT(address->host),
		                    TEXT(service->resource->ns)));
	}
}

static bool has_part(Str name, Str part)
{
	size_t at = str_find(name, part);

	return part.len > 2 && at != STR_NONE && (!at || name.p[at - 1] == '-') &&
	       (at + part.len == name.len || name.p[at + part.len] == '-');
}

static Str last_key(Str path)
{
	size_t dot = str_rfind(path, S("."));

	return dot == STR_NONE ? path : str_from(path, dot + 1);
}

// "url", "trackingUri", but not "logsProviderURL", which is the address of something else.
static bool is_address_key(Str key)
{
	static const char *const ends[] = {"Uri", "Url", "URL"};

	if (str_ieq(key, S("host")) || str_ieq(key, S("url")) || str_ieq(key, S("endpoint")))
		return true;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		Str stem = str_to(key, key.len > 3 ? key.len - 3 : 0);
		bool word = str_has_suffix(key, str_c(ends[i]));
		for (size_t j = 0; j < stem.len && word; j++)
			word = ascii_is_alnum(stem.p[j]) && !(stem.p[j] >= 'A' && stem.p[j] <= 'Z');
		if (word)
			return true;
	}
	return false;
}

// A value whose key path names the service: "externalBackend.mlflow.trackingUri" for mlflow.
static Str value_for(Lint *lint, const Map *values, Str service, Str prefix, int depth)
{
	for (size_t i = 0; values && depth < 5 && i < values->len; i++) {
		const MapEntry *entry = &values->entries[i];
		Str path = prefix.len ? str_printf(lint->arena, "%s.%s", TEXT(prefix),
		                                   TEXT(entry->key))
		                      : entry->key,
		    found;
		if (entry->value.kind == V_MAP) {
			found = value_for(lint, entry->value.map, service, path, depth + 1);
			if (found.len)
				return found;
			continue;
		}
		if (entry->value.kind != V_STRING ||
		    !(str_contains(prefix, service) || has_part(service, last_key(prefix))))
			continue;
		if (is_address_key(entry->key))
			return path;
	}
	return S("");
}

// Whether a condition on the value's own table chose this text: then it is the helper's other branch.
static bool is_chosen(const Address *address, size_t at, Str value)
{
	const Source *source = address->spot.resource->source;
	const Cause *cause =
		cause_at(source->text, lint_source_offset(source, address->spot.node, at));
	size_t dot = str_find_byte(value, '.');
	Str table = str_to(value, dot == STR_NONE ? value.len : dot);

	for (; cause && value.len; cause = cause->outer)
		for (size_t i = 0; cause->kind == CAUSE_IF && i < cause->path_count; i++)
			if (str_has_prefix(cause->paths[i], table))
				return true;
	return false;
}

// A name that is found by DNS outside of the cluster: labels and a domain of letters.
static bool is_public_name(Str host)
{
	size_t dot = str_rfind(host, S("."));
	Str domain = dot == STR_NONE ? S("") : str_from(host, dot + 1);

	for (size_t i = 0; i < domain.len; i++)
		if (!(ascii_lower(domain.p[i]) >= 'a' && ascii_lower(domain.p[i]) <= 'z'))
			return false;
	return domain.len > 1 && dot > 0 && str_find(host, S("..")) == STR_NONE &&
	       host.p[0] != '-' && host.p[0] != '.';
}

// Whether somebody who installs the chart may want another host than this one. In files that it carries most URLs are
// links and examples: only a name that can mean nothing else counts there.
static bool is_configurable(Lint *lint, const Address *address)
{
	bool url = address->scheme.len > 0;

	if (is_comment(address) || is_outside(lint, address))
		return false;
	if (address->service_name.len)
		return speaks_clearly(address) && !is_known_name(address) &&
		       (!address->in_text || address->named || address->service);
	return address->named && address->where != ADDRESS_SETTING &&
	       is_public_name(address->host) && !host_is_desktop(address->host) &&
	       (!url || (is_client_scheme(address->scheme) && !address->in_text));
}

// A test pod asks its own chart's service, whatever the others use.
static bool is_of_test(const Address *address)
{
	return address->workload && (address->workload->resource->hooks & HOOK_TEST);
}

static void check_hardcoded(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; lint->chart && i < lint->model->addresses.len; i++) {
		const Address *address = lint->model->addresses.items[i];
		Subject subject = subject_of_address(address);
		size_t at;
		Str value = S("");
		if (!address->spot.len || !is_configurable(lint, address) || is_of_test(address))
			continue;
		at = (size_t)(address->host.p - address->spot.node->value.p);
		if (at > address->spot.node->value.len ||
		    origin_class(address->spot.resource->source, address->spot.node, at,
		                 address->service_name.len ? address->service_name.len
		                                           : address->host.len) != WRITTEN_TEMPLATE)
			continue;
		subject.offset = at;
		if (address->service_name.len)
			value = value_for(lint, lint->values, address->service_name, S(""), 0);
		if (is_chosen(address, at, value) ||
		    text_is_fallback(address->spot.resource->source, address->spot.node, at))
			continue;
		lint_add(lint, rule, &subject, address_about(lint, address),
		         value.len ? str_printf(lint->arena,
		                                "%s has the host %s written in the template, and "
		                                "there is a value for it: %s",
		                                where_text(lint, address), TEXT(address->host),
		                                TEXT(value))
		                   : str_printf(lint->arena,
		                                "%s has the host %s written in the template",
		                                where_text(lint, address), TEXT(address->host)));
	}
}

// Whether some rendered service is what the external backend stands for.
static bool is_rendered(const Lint *lint, const External *external)
{
	for (size_t i = 0; i < lint->model->services.len; i++)
		if (external_replaces(external, lint->model->services.items[i]->resource->name))
			return true;
	return false;
}

static bool is_below(Str path, Str table)
{
	return path.len > table.len && str_has_prefix(path, table) && path.p[table.len] == '.';
}

// The values path of an address: empty where the template says it, or a function made it.
static Str address_path(Lint *lint, const Address *address)
{
	return address->spot.len ? origin_values_path(lint->arena, address->spot.resource->source,
	                                              address->spot.node, address->spot.offset)
	                         : S("");
}

static void check_external(Lint *lint, const Rule *rule, const External *external)
{
	for (size_t i = 0; i < lint->model->addresses.len; i++) {
		const Address *address = lint->model->addresses.items[i];
		Subject subject = subject_of_address(address);
		Str path;
		if (is_comment(address) || is_of_test(address) || address->where == ADDRESS_FIELD ||
		    !address->service_name.len == external->on ||
		    (external->on && !external_replaces(external, address->service_name)))
			continue;
		path = address_path(lint, address);
		if (is_below(path, external->path) == external->on)
			continue; // the external one itself, or nothing of it
		if (external->on)
			lint_add(lint, rule, &subject, address_about(lint, address),
			         str_printf(lint->arena,
			                    "%s, and %s still points at the cluster's own %s (%s) "
			                    "instead of %s",
			                    TEXT(external->because), where_text(lint, address),
			                    TEXT(external->part), TEXT(address_text(lint, address)),
			                    TEXT(external->path)));
		else if (is_rendered(lint, external))
			lint_add(lint, rule, &subject, address_about(lint, address),
			         str_printf(lint->arena,
			                    "%s, and %s points at its %s all the same, though the "
			                    "cluster has its own",
			                    TEXT(external->because), where_text(lint, address),
			                    TEXT(path)));
	}
}

static void check_toggles(Lint *lint, const Rule *rule)
{
	Externals externals = {0};

	if (lint->values)
		externals_read(lint->arena, lint->values, &externals);
	for (size_t i = 0; i < externals.len; i++)
		check_external(lint, rule, &externals.items[i]);
}

// Where the host stands in the scalar: behind a variable that was expanded it is not where its address begins.
static size_t host_offset(const Subject *subject, const Node *node, Str host)
{
	size_t at = subject->value_node ? 0 : subject->offset, found = str_find(node->value, host);

	return str_has_prefix(str_from(node->value, at), host) || found == STR_NONE ? at : found;
}

static void desktop_finding(Lint *lint, const Rule *rule, Subject *subject, Str host,
                            const char *where, Str about)
{
	const Node *node = subject->value_node ? subject->value_node : subject->node;
	Resource *resource = subject->value_resource ? subject->value_resource : subject->resource;
	Str path = origin_values_path(lint->arena, resource->source, node,
	                              host_offset(subject, node, host)),
	    toggle;
	bool on;

	if (settings_outside(lint->settings, OUTSIDE_HOSTS, S(""), host))
		return;
	if (path.len && lint->values &&
	    values_toggle(lint->arena, lint->values, path, &toggle, &on))
		return; // switched on on purpose
	lint_add(lint, rule, subject, about,
	         str_printf(lint->arena, "%s names %s, which exists only on a developer's machine",
	                    where, TEXT(host)));
}

static void check_desktop(Lint *lint, const Rule *rule)
{
	Map *seen = map_new(lint->arena,
	                    &TYPE_ANY_MAP); // it was found by its setting's name and by its own

	for (size_t i = 0; i < lint->model->addresses.len; i++) {
		const Address *address = lint->model->addresses.items[i];
		Subject subject = subject_of_address(address);
		Str key;
		if (!host_is_desktop(address->host) || is_waited_for(lint, address) ||
		    is_comment(address))
			continue;
		key = str_printf(lint->arena, "%p %zu", (const void *)address->spot.node,
		                 address->spot.offset);
		if (table_get(seen, key))
			continue;
		table_put(lint->arena, seen, key, (void *)address);
		desktop_finding(lint, rule, &subject, address->host, where_text(lint, address),
		                address_about(lint, address));
	}
	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		Subject subject = subject_of_wait(wait);
		if (host_is_desktop(wait->host))
			desktop_finding(lint, rule, &subject, wait->host, "a wait", wait->host);
	}
}

static void check_loopback_waits(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		Subject subject = subject_of_wait(wait);
		if (wait_is_for_nobody(wait))
			lint_add(lint, rule, &subject, wait->host,
			         str_printf(
					 lint->arena,
					 "init container %s waits for %s, which is the pod itself: "
					 "its containers are not started yet",
					 TEXT(wait->container->name), TEXT(wait->host)));
	}
}

static void check_loopback(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->addresses.len; i++) {
		const Address *address = lint->model->addresses.items[i];
		const Workload *workload = is_loopback(address->host) && !is_comment(address) &&
		                                           !is_waited_for(lint, address)
		                                   ? loopback_of_nobody(lint, address)
		                                   : NULL;
		Subject subject = subject_of_address(address);
		const char *pod;
		if (!workload || (address->scheme.len && !is_client_scheme(address->scheme)))
			continue;
		pod = address->workload ? "it"
		                        : TEXT(str_printf(lint->arena, "%s", TEXT(workload->what)));
		lint_add(
			lint, rule, &subject, address_about(lint, address),
			address->port > 0
				? str_printf(lint->arena,
		                             "%s points at %s, which is the pod itself, and no "
		                             "container of %s listens on port %lld",
		                             where_text(lint, address),
		                             TEXT(address_text(lint, address)), pod,
		                             (long long)address->port)
				: str_printf(lint->arena,
		                             "%s points at %s, which is the pod itself, and %s has "
		                             "no other container",
		                             where_text(lint, address),
		                             TEXT(address_text(lint, address)), pod));
	}
	check_loopback_waits(lint, rule);
}

static bool is_ipv6(Str host)
{
	size_t colons = 0;

	for (size_t i = 0; i < host.len; i++) {
		char c = ascii_lower(host.p[i]);
		if (c != ':' && !ascii_is_digit(c) && !(c >= 'a' && c <= 'f'))
			return false;
		colons += c == ':';
	}
	return colons >= 2 && !str_is(host, "::") && !str_has_prefix(host, S("fe80:"));
}

static bool is_ip(Str host)
{
	int dots = 0, digits = 0, number = 0;

	if (is_ipv6(host))
		return true;

	for (size_t i = 0; i < host.len; i++) {
		if (host.p[i] == '.') {
			if (!digits || ++dots > 3)
				return false;
			digits = number = 0;
			continue;
		}
		if (host.p[i] < '0' || host.p[i] > '9' || ++digits > 3)
			return false;
		number = number * 10 + (host.p[i] - '0');
		if (number > 255)
			return false;
	}
	return dots == 3 && digits;
}

// Addresses that stand for nothing in particular, or that every node has.
static bool is_special_ip(Str host)
{
	return is_loopback(host) || str_has_prefix(host, S("0.")) ||
	       str_has_prefix(host, S("169.254.")) || str_has_prefix(host, S("255."));
}

// Who is asked for names can't be called by one.
static bool is_nameserver(const Address *address)
{
	return address->port == 53 || name_holds(address->variable, S("nameserver")) ||
	       name_holds(address->variable, S("resolver")) ||
	       name_holds(address->variable, S("dns_server"));
}

static void check_ip(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->addresses.len; i++) {
		const Address *address = lint->model->addresses.items[i];
		Subject subject = subject_of_address(address);
		if (!is_ip(address->host) || is_special_ip(address->host) || is_comment(address) ||
		    (address->in_text && !speaks_clearly(address)) ||
		    address->where == ADDRESS_FIELD || is_nameserver(address) ||
		    (address->scheme.len && !is_client_scheme(address->scheme)) ||
		    settings_outside(lint->settings, OUTSIDE_HOSTS, S(""), address->host))
			continue;
		lint_add(lint, rule, &subject, address_about(lint, address),
		         str_printf(lint->arena, "%s points at the address %s instead of a name",
		                    where_text(lint, address), TEXT(address_text(lint, address))));
	}
	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		Subject subject = subject_of_wait(wait);
		if (is_ip(wait->host) && !is_special_ip(wait->host) &&
		    !settings_outside(lint->settings, OUTSIDE_HOSTS, S(""), wait->host))
			lint_add(lint, rule, &subject, wait->host,
			         str_printf(lint->arena,
			                    "a wait asks the address %s instead of a name",
			                    TEXT(wait->host)));
	}
}

const Rule host_rules[] = {
	{"hardcoded-host", SEVERITY_WARNING, "a host written in a template's own text",
         "Whoever installs the chart can't change it: another release name, another namespace or "
         "an external service "
         "needs an edit of the template.",
         "Take the host from a value or from the helper that makes the service's name.",
         check_hardcoded},
	{"external-host-ignored", SEVERITY_ERROR,
         "an external backend is switched on, and something still uses the cluster's",
         "Half of the workloads talk to one store and half to another, or to a service that is not "
         "there at all.",
         "Use the helper that chooses between the external address and the cluster's own "
         "everywhere.",
         check_toggles},
	{"dangling-endpoint", SEVERITY_WARNING,
         "an address that leads to no service or port of the render",
         "The workload starts and then fails, or tries for ever, at its first call.",
         "Correct the name or port, render the service, or declare it under outside.services in "
         ".cleat.yaml.",
         check_dangling},
	{"loopback-in-pod", SEVERITY_WARNING, "localhost, where nothing in the pod listens",
         "In a pod localhost is the pod: what listens on the developer's machine or in another pod "
         "is not there.",
         "Use the name of the service.", check_loopback},
	{"desktop-only-host", SEVERITY_WARNING, "a host that exists only on a developer's machine",
         "host.docker.internal and its kin resolve in Docker Desktop and nowhere else.",
         "Put the address in a value, below a switch that is off by default.", check_desktop},
	{"ip-literal", SEVERITY_WARNING, "an IP address instead of a name",
         "Addresses change when what is behind them is made anew, and nobody remembers where they "
         "were written.",
         "Use a name: a service, or an ExternalName service for what is outside.", check_ip},
	{"short-name-across-namespaces", SEVERITY_ERROR,
         "a short name for a service of another namespace",
         "A name without a namespace is looked for in the pod's own namespace only.",
         "Write service.namespace.svc.", check_short_name},
	{0},
};
