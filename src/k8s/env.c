// What a container's variables hold, and what a host's name means in the cluster.

#include "k8s/base64.h"
#include "k8s/model.h"

#include <string.h>

// Whether it stands as it is, not in base64.
static bool is_plain_key(const Model *model, Provider *secret, Str key)
{
	const Node *plain = node_at(secret->resource->node, "stringData");

	if (!secret->plain_keys) {
		secret->plain_keys = map_new(model->arena, &TYPE_ANY_MAP);
		for (size_t i = 0; i < node_count(plain); i++)
			map_set(model->arena, secret->plain_keys, node_text(node_key(plain, i)),
			        value_bool(true));
	}
	return map_get(secret->plain_keys, key);
}

bool model_key_text(const Model *model, bool secret, Str ns, Str name, Str key, Str *out,
                    const Node **node, Resource **resource)
{
	Provider *provider = model_provider(model, secret ? REF_SECRET : REF_CONFIG, ns, name);
	const Node *value;
	Resource *owner;

	if (!provider || provider->kind != PROVIDER_PLAIN || provider->next)
		return false;
	owner = provider->resource;
	value = table_get(provider->keys, key);
	if (!value || value->kind != NODE_SCALAR)
		return false;
	*node = value;
	*resource = owner;
	*out = node_text(value);
	if (secret && !is_plain_key(model, provider, key))
		return base64_read(model->arena, node_text(value), out);
	return true;
}

// The last of the name among the first `count` variables.
static EnvVar *find_var(Container *container, Str name, size_t count)
{
	EnvVar *var;

	if (container->env_index) {
		var = table_get(container->env_index, name);
		while (var && (size_t)(var - container->env) >= count)
			var = var->shadowed;
		return var;
	}
	for (size_t i = count; i > 0; i--)
		if (str_eq(container->env[i - 1].name, name))
			return &container->env[i - 1];
	return NULL;
}

static bool field_text(const Model *model, Container *container, Str path, Str *out)
{
	(void)model;
	if (str_is(path, "metadata.namespace")) {
		*out = container->workload->resource->ns;
		return true;
	}
	if (str_is(path, "spec.serviceAccountName")) {
		*out = container->workload->account;
		return true;
	}
	return false;
}

Str model_service_of_variable(Arena *arena, Str name, Str *what)
{
	static const char *const marks[] = {"_SERVICE_HOST", "_SERVICE_PORT"};
	Buf service = buf_new(arena);
	size_t at = STR_NONE;

	for (size_t i = 0; i < 2 && at == STR_NONE; i++) {
		at = str_find(name, str_c(marks[i]));
		*what = at == STR_NONE ? S("") : str_from(name, at + strlen("_SERVICE_"));
	}
	if (at == STR_NONE ||
	    !(str_is(*what, "HOST") || str_is(*what, "PORT") || str_has_prefix(*what, S("PORT_"))))
		return S("");
	for (size_t i = 0; i < at; i++) {
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '_')
			return S("");
		buf_byte(&service, name.p[i] == '_' ? '-' : ascii_lower(name.p[i]));
	}
	return buf_view(&service);
}

// Whether a port's name is that at the end of X_SERVICE_PORT_NAME.
static bool port_is_called(Str port, Str upper)
{
	for (size_t i = 0; i < upper.len && i < port.len; i++)
		if (ascii_lower(upper.p[i]) != port.p[i] &&
		    !(upper.p[i] == '_' && port.p[i] == '-'))
			return false;
	return port.len == upper.len;
}

// MLFLOW_SERVICE_HOST, MLFLOW_SERVICE_PORT and MLFLOW_SERVICE_PORT_HTTP, which Kubernetes gives every pod for every service
// of its namespace.
static bool service_var(const Model *model, Container *container, Str name, Str *out,
                        const Node **node, Resource **resource)
{
	Str what, service = model_service_of_variable(model->arena, name, &what);
	const Service *found;

	if (!service.len)
		return false;
	found = model_service(model, container->workload->resource->ns, service);
	if (!found ||
	    !node_bool(node_at(container->workload->pod_spec, "enableServiceLinks"), true))
		return false;
	*node = NULL;
	*resource = found->resource;
	*out = S("");
	if (str_is(what, "HOST"))
		*out = found->resource->name;
	for (size_t i = found->port_count; i > 0 && !str_is(what, "HOST"); i--)
		if (str_is(what, "PORT") ||
		    port_is_called(found->ports[i - 1].name, str_from(what, strlen("PORT_"))))
			*out = str_printf(model->arena, "%lld",
			                  (long long)found->ports[i - 1].number);
	return true;
}

static Str expand(const Model *model, Container *container, Str text, size_t count);

Str model_env_value(const Model *model, Container *container, EnvVar *var)
{
	EnvVar *next = var;

	while (next > container->env && !next[-1].is_expanded)
		next--;
	for (; !var->is_expanded; next++) {
		next->expanded =
			expand(model, container, next->value, (size_t)(next - container->env));
		next->is_expanded = true;
	}
	return var->expanded;
}

// More objects than these are found by the names of the variables they give.
#define FROM_FEW 8

static void index_from(const Model *model, Container *container)
{
	Map *index = map_new(model->arena, &TYPE_ANY_MAP),
	    *seen = map_new(model->arena, &TYPE_ANY_MAP);

	for (size_t i = container->env_from_count; i > 0; i--) {
		const EnvFrom *from = &container->env_from[i - 1];
		const Provider *provider =
			model_provider(model, from->secret ? REF_SECRET : REF_CONFIG,
		                       container->workload->resource->ns, from->name);
		Str key = model_key(model->arena, from->secret ? S("s") : S("c"), from->name,
		                    from->prefix);
		if (!provider || map_get(seen, key))
			continue;
		map_set(model->arena, seen, key, value_bool(true));
		for (size_t j = 0; j < provider->keys->len; j++) {
			Str name = str_concat(model->arena, from->prefix,
			                      provider->keys->entries[j].key);
			if (!map_get(index, name))
				map_set(model->arena, index, name, value_int((int64_t)i));
		}
	}
	container->from_index = index;
}

// From where on, backwards, envFrom may give a variable: 0 where nowhere.
static size_t first_from(const Model *model, Container *container, Str name)
{
	const Value *found;

	if (container->env_from_count <= FROM_FEW)
		return container->env_from_count;
	if (!container->from_index)
		index_from(model, container);
	found = map_get(container->from_index, name);
	return found ? (size_t)found->i : 0;
}

// Of the first `count` variables, and of all that comes from elsewhere.
static bool env_of(const Model *model, Container *container, Str name, size_t count, Str *out,
                   const Node **node, Resource **resource)
{
	EnvVar *var = find_var(container, name, count);
	Str ns = container->workload->resource->ns;

	if (var) {
		*node = var->node;
		*resource = container->workload->resource;
		if (var->source == ENV_VALUE) {
			*out = model_env_value(model, container, var);
			return true;
		}
		if (var->source == ENV_FIELD)
			return field_text(model, container, var->key, out);
		if (var->source == ENV_OTHER)
			return false;
		return model_key_text(model, var->source == ENV_SECRET, ns, var->ref, var->key, out,
		                      node, resource);
	}
	for (size_t i = first_from(model, container, name); i > 0; i--) {
		const EnvFrom *from = &container->env_from[i - 1];
		if (!str_has_prefix(name, from->prefix))
			continue;
		if (model_key_text(model, from->secret, ns, from->name,
		                   str_from(name, from->prefix.len), out, node, resource))
			return true;
	}
	return service_var(model, container, name, out, node, resource);
}

bool model_env(const Model *model, Container *container, Str name, Str *out, const Node **node,
               Resource **resource)
{
	return env_of(model, container, name, container->env_count, out, node, resource);
}

bool model_env_has(const Model *model, Container *container, Str name)
{
	Str ignored;
	const Node *node;
	Resource *resource;

	return find_var(container, name, container->env_count) ||
	       model_env(model, container, name, &ignored, &node, &resource);
}

// The name in $(NAME) at the start of `text`, empty where there is none.
static Str reference(Str text)
{
	size_t end = 2;

	if (text.len < 4 || text.p[0] != '$' || text.p[1] != '(')
		return S("");
	while (end < text.len &&
	       ((text.p[end] >= 'A' && text.p[end] <= 'Z') ||
	        (text.p[end] >= 'a' && text.p[end] <= 'z') ||
	        (text.p[end] >= '0' && text.p[end] <= '9') || strchr("_-.", text.p[end]) != NULL))
		end++;
	return end < text.len && text.p[end] == ')' ? str_slice(text, 2, end) : S("");
}

// X_SERVICE_HOST of a service that is not there: nothing sets it, and what it was to say is known.
static bool missing_service(const Model *model, Str name, Str *out)
{
	Str what;

	*out = model_service_of_variable(model->arena, name, &what);
	return out->len && str_is(what, "HOST");
}

// By how much references may lengthen a text: with a longer argument or variable Linux starts no program.
#define EXPANSION_LIMIT ((size_t)128 << 10)

static Str expand(const Model *model, Container *container, Str text, size_t count)
{
	Buf out;

	if (!container || str_find(text, S("$(")) == STR_NONE)
		return text;
	out = buf_new(model->arena);
	for (size_t i = 0; i < text.len;) {
		Str name = reference(str_from(text, i)), value;
		const Node *node;
		Resource *resource;
		if (!name.len) {
			buf_byte(&out, text.p[i++]);
			continue;
		}
		if (env_of(model, container, name, count, &value, &node, &resource))
			buf_str(&out, value);
		else if (find_var(container, name, count) || container->env_from_count)
			buf_byte(&out, MODEL_UNKNOWN);
		else if (missing_service(model, name, &value))
			buf_str(&out, value);
		else
			buf_str(&out, str_slice(text, i, i + name.len + 3));
		if (out.len > text.len + EXPANSION_LIMIT)
			return S("\x01");
		i += name.len + 3;
	}
	return buf_view(&out);
}

Str model_expand(const Model *model, Container *container, Str text)
{
	return expand(model, container, text, container ? container->env_count : 0);
}

static bool is_label(Str s)
{
	if (!s.len || s.len > 63 || s.p[0] == '-' || s.p[s.len - 1] == '-')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return true;
}

static bool is_number(Str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.len > 0;
}

// A stateful set's pod: "kafka-0".
static bool is_pod_name(Str label)
{
	size_t dash = str_rfind(label, S("-"));

	return dash != STR_NONE && dash && is_number(str_from(label, dash + 1));
}

static bool is_public_domain(Str label)
{
	static const char *const names[] = {"com", "org", "net", "io",  "dev",      "app",  "co",
	                                    "ai",  "edu", "gov", "lan", "internal", "local"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_is(label, names[i]))
			return true;
	return label.len == 2; // a country's
}

bool model_cluster_name(const Model *model, Str host, Str ns, ClusterName *out)
{
	Str labels[5] = {{0}};
	size_t count = 0;
	Str rest, part, domain = model->options.cluster_domain;

	while (host.len && host.p[host.len - 1] == '.')
		host.len--;
	if (host.len > domain.len + 5 && str_has_suffix(host, domain)) {
		Str before = str_to(host, host.len - domain.len);
		if (str_has_suffix(before, S(".svc.")))
			host = str_to(before, before.len - 1);
	} else if (str_has_suffix(host, S(".svc.cluster.local"))) {
		host = str_to(host, host.len - 14);
	}
	rest = host;
	while (str_cut(&rest, S("."), &part)) {
		if (count == 5 || !is_label(part))
			return false;
		labels[count++] = part;
	}
	*out = (ClusterName){.ns = ns};
	if (count > 2 && str_is(labels[count - 1], "svc")) { // [pod.]service.namespace.svc
		if (count > 4)
			return false;
		*out = (ClusterName){labels[count - 3], labels[count - 2], true, true};
		return true;
	}
	if (count == 1) {
		if (is_number(labels[0]) || str_is(labels[0], "localhost"))
			return false;
		out->service = labels[0];
		return true;
	}
	if (count == 2 && !is_number(labels[0]) && !is_number(labels[1])) {
		// service.namespace, or a pod of a headless service
		if (model_service(model, ns, labels[1])) {
			out->service = labels[1];
			return true;
		}
		if (!model_has_namespace(model, labels[1])) {
			if (!is_pod_name(labels[0]) || is_public_domain(labels[1]))
				return false;
			out->service = labels[1]; // pod-0.service, and the service is not there
			return true;
		}
		*out = (ClusterName){labels[0], labels[1], true, false};
		return true;
	}
	if (count == 3 && model_has_namespace(model, labels[2]) &&
	    model_service(model, labels[2], labels[1])) {
		*out = (ClusterName){labels[1], labels[2], true, false};
		return true;
	}
	return false;
}
