// Manifests to tables: documents to resources, services with what stands behind them, and the lookups over all.

#include "k8s/model.h"

#include "data/yaml.h"
#include "k8s/kinds.h"
#include "k8s/policies.h"

#include <stdio.h>
#include <string.h>

void *table_get(const Map *map, Str key)
{
	Value *value = map_get(map, key);

	return value ? value->pointer : NULL;
}

void table_put(Arena *arena, Map *map, Str key, void *pointer)
{
	map_set(arena, map, key, (Value){.kind = V_OBJECT, .pointer = pointer});
}

Str model_key(Arena *arena, Str a, Str b, Str c)
{
	const Str parts[] = {a, S("\n"), b, S("\n"), c};
	size_t len = a.len + b.len + c.len + 2;
	char *key = arena_alloc(arena, len), *p = key;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (parts[i].len)
			memcpy(p, parts[i].p, parts[i].len);
		p += parts[i].len;
	}
	return str_n(key, len);
}

// API groups whose objects Kubernetes itself acts on.
static bool is_builtin_group(Str api_version)
{
	static const char *const dotted[] = {
		"admissionregistration.k8s.io",
		"apiextensions.k8s.io",
		"apiregistration.k8s.io",
		"authentication.k8s.io",
		"authorization.k8s.io",
		"certificates.k8s.io",
		"coordination.k8s.io",
		"discovery.k8s.io",
		"events.k8s.io",
		"flowcontrol.apiserver.k8s.io",
		"networking.k8s.io",
		"node.k8s.io",
		"rbac.authorization.k8s.io",
		"scheduling.k8s.io",
		"storage.k8s.io",
		"resource.k8s.io",
		"apps",
		"batch",
		"autoscaling",
		"policy",
		"extensions",
	};
	size_t slash = str_find_byte(api_version, '/');

	if (slash == STR_NONE)
		return true;
	for (size_t i = 0; i < sizeof dotted / sizeof *dotted; i++)
		if (str_is(str_to(api_version, slash), dotted[i]))
			return true;
	return false;
}

static unsigned hook_bits(Resource *resource, Str text)
{
	static const struct {
		const char *name;
		unsigned bit;
	} names[] = {
		{"pre-install", HOOK_PRE},    {"pre-upgrade", HOOK_PRE},
		{"pre-rollback", HOOK_PRE},   {"crd-install", HOOK_PRE},
		{"post-install", HOOK_POST},  {"post-upgrade", HOOK_POST},
		{"post-rollback", HOOK_POST}, {"pre-delete", HOOK_DELETE},
		{"post-delete", HOOK_DELETE}, {"test", HOOK_TEST},
		{"test-success", HOOK_TEST},  {"test-failure", HOOK_TEST},
		{"PreSync", HOOK_PRE},        {"PostSync", HOOK_POST},
		{"SyncFail", HOOK_DELETE},    {"PostDelete", HOOK_DELETE},
	};
	unsigned bits = 0;
	bool installs = false, upgrades = false;
	Str part;

	while (str_cut(&text, S(","), &part)) {
		part = str_trim_ascii(part);
		installs |= str_is(part, "pre-install") || str_is(part, "post-install");
		upgrades |= str_is(part, "pre-upgrade") || str_is(part, "post-upgrade") ||
		            str_is(part, "pre-rollback") || str_is(part, "post-rollback");
		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			if (str_is(part, names[i].name))
				bits |= names[i].bit;
	}
	resource->pre_upgrade_only = upgrades && !installs;
	return bits;
}

static void read_phase(Resource *resource)
{
	const Node *annotations = node_at(resource->metadata, "annotations");
	const Node *hook = node_at(annotations, "helm.sh/hook"), *wave;

	if (!hook) {
		hook = node_at(annotations, "argocd.argoproj.io/hook");
		resource->argo_hook = hook != NULL;
	}
	resource->hooks = hook_bits(resource, node_text(hook));
	resource->hook_weight = node_int(node_at(annotations, "helm.sh/hook-weight"), 0);
	wave = node_at(annotations, "argocd.argoproj.io/sync-wave");
	resource->has_wave = wave != NULL;
	resource->wave = node_int(wave, 0);
}

// Kinds of custom resources that live outside namespaces and that charts often carry.
static bool is_cluster_scoped(Str api_version, Str kind)
{
	static const char *const kinds[] = {
		"ClusterIssuer",
		"ClusterSecretStore",
		"ClusterExternalSecret",
		"ClusterWorkflowTemplate",
		"ClusterTask",
		"ClusterPolicy",
		"ClusterRole",
		"ClusterRoleBinding",
		"Namespace",
		"IngressClass",
		"GatewayClass",
		"ValidatingAdmissionPolicy",
		"ValidatingAdmissionPolicyBinding",
		"ClusterPodMonitoring",
		"SecurityContextConstraints",
		"ClusterRepo",
		"PriorityClass",
		"CSIDriver",
	};

	if (kind_is_cluster_scoped(api_version, kind))
		return true;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_is(kind, kinds[i]))
			return true;
	return false;
}

static Namespace *see_namespace(Model *model, Str ns)
{
	Namespace *found = table_get(model->namespaces, ns);

	if (!found) {
		found = ARENA_NEW(model->arena, Namespace);
		table_put(model->arena, model->namespaces, ns, found);
	}
	return found;
}

static void read_resource(Model *model, const Source *source, const Node *root)
{
	Resource *resource = ARENA_NEW(model->arena, Resource);
	Namespace *ns;

	resource->source = source;
	resource->node = root;
	resource->api_version = node_text_at(root, "apiVersion");
	resource->kind = node_text_at(root, "kind");
	resource->metadata = node_at(root, "metadata");
	resource->spec = node_at(root, "spec");
	resource->name = node_text_at(resource->metadata, "name");
	if (!resource->name.len)
		resource->name = node_text_at(resource->metadata, "generateName");
	if (!is_cluster_scoped(resource->api_version, resource->kind)) {
		resource->ns = node_text_at(resource->metadata, "namespace");
		if (!resource->ns.len)
			resource->ns = model->options.ns;
	}
	resource->custom = !is_builtin_group(resource->api_version);
	read_phase(resource);
	VEC_PUSH(model->arena, model->resources.items, model->resources.len, model->resources.cap) =
		resource;
	if (resource->custom)
		VEC_PUSH(model->arena, model->custom.items, model->custom.len, model->custom.cap) =
			resource;
	table_put(model->arena, model->by_id,
	          model_key(model->arena, resource->kind, resource->ns, resource->name), resource);
	ns = see_namespace(model, resource->ns);
	VEC_PUSH(model->arena, ns->resources.items, ns->resources.len, ns->resources.cap) =
		resource;
	if (str_is(resource->kind, "Namespace"))
		see_namespace(model, resource->name);
}

// A document is an object, a list of them (kind: List), or a plain sequence of them (kubectl takes those).
static void read_object(Model *model, const Source *source, const Node *node, int depth)
{
	const Node *items;

	node = node ? node_follow((Node *)node) : NULL;
	if (!node || depth > 4 || node->kind != NODE_MAPPING)
		return;
	items = node_at(node, "items");
	if (items && items->kind == NODE_SEQUENCE &&
	    str_has_suffix(node_text_at(node, "kind"), S("List"))) {
		for (size_t i = 0; i < items->len; i++)
			read_object(model, source, node_item(items, i), depth + 1);
		return;
	}
	if (node_text_at(node, "kind").len && node_text_at(node, "apiVersion").len)
		read_resource(model, source, node);
}

static bool read_source(Model *model, const Source *source, Diag *diag)
{
	YamlOptions options = {.file = source->name, .followed = true};
	Node **documents;
	size_t count;

	if (!yaml_read_all(model->arena, source->text, &options, &documents, &count, diag))
		return diag->place.line ? diag_wrap(diag, "%.*s:%zu:%zu", STR_ARGS(source->name),
		                                    diag->place.line + source->lines_before,
		                                    diag->place.column)
		                        : diag_wrap(diag, "%.*s", STR_ARGS(source->name));
	for (size_t i = 0; i < count; i++)
		read_object(model, source, documents[i], 0);
	return true;
}

static void read_service_ports(Model *model, Service *service)
{
	const Node *ports = node_at(service->resource->spec, "ports");

	VEC_RESERVE(model->arena, service->ports, 0, service->port_cap, node_count(ports));
	for (size_t i = 0; i < node_count(ports); i++) {
		const Node *item = node_item(ports, i);
		ServicePort *port = &VEC_PUSH(model->arena, service->ports, service->port_count,
		                              service->port_cap);
		*port = (ServicePort){.name = node_text_at(item, "name"),
		                      .target = node_text_at(item, "targetPort"),
		                      .number = node_int(node_at(item, "port"), 0),
		                      .protocol = node_text_at(item, "protocol"),
		                      .node = item};
		if (!port->target.len)
			port->target = node_text_at(item, "port");
		if (!port->protocol.len)
			port->protocol = S("TCP");
	}
}

static Service *add_service(Model *model, Resource *resource)
{
	Service *service = ARENA_NEW(model->arena, Service);
	Namespace *ns = see_namespace(model, resource->ns);

	service->resource = resource;
	VEC_PUSH(model->arena, ns->services.items, ns->services.len, ns->services.cap) = service;
	if (!table_get(model->service_names, resource->name))
		table_put(model->arena, model->service_names, resource->name, service);
	VEC_PUSH(model->arena, model->services.items, model->services.len, model->services.cap) =
		service;
	table_put(model->arena, model->service_map,
	          model_key(model->arena, resource->ns, resource->name, S("")), service);
	return service;
}

static void read_service(Model *model, Resource *resource)
{
	Service *service = add_service(model, resource);

	service->type = node_text_at(resource->spec, "type");
	service->external_name = node_text_at(resource->spec, "externalName");
	service->headless = str_is(node_text_at(resource->spec, "clusterIP"), "None");
	service->selector = node_at(resource->spec, "selector");
	service->no_selector = node_count(service->selector) == 0;
	read_service_ports(model, service);
}

static bool add_backend(void *context, Workload *workload)
{
	void **both = context;
	Model *model = both[0];
	Service *service = both[1];

	VEC_PUSH(model->arena, service->backends.items, service->backends.len,
	         service->backends.cap) = workload;
	return true;
}

static void link_service(Model *model, Service *service)
{
	void *both[2] = {model, service};

	if (service->no_selector)
		return;
	model_select(model, service->resource->ns, service->selector, add_backend, both);
}

static void link_endpoints(Model *model)
{
	for (size_t i = 0; i < model->resources.len; i++) {
		Resource *resource = model->resources.items[i];
		Str name = resource->name;
		Service *service;
		if (!str_is(resource->kind, "EndpointSlice") &&
		    !str_is(resource->kind, "Endpoints"))
			continue;
		if (str_is(resource->kind, "EndpointSlice"))
			name = node_text_at(node_at(resource->metadata, "labels"),
			                    "kubernetes.io/service-name");
		service = model_service(model, resource->ns, name);
		if (service)
			service->has_endpoints = true;
	}
}

// Every pod is found by its namespace, and by each of its labels.
static void index_pods(Model *model)
{
	for (size_t i = 0; i < model->workloads.len; i++) {
		Workload *workload = model->workloads.items[i];
		Namespace *ns = see_namespace(model, workload->resource->ns);
		VEC_PUSH(model->arena, ns->workloads.items, ns->workloads.len, ns->workloads.cap) =
			workload;
		for (size_t j = 0; j < node_count(workload->labels); j++) {
			Str key = model_key(model->arena, workload->resource->ns,
			                    node_text(node_key(workload->labels, j)),
			                    node_text(node_value(workload->labels, j)));
			Service *list = table_get(model->pods_by_label,
			                          key); // a Service's backends serve as the list
			if (!list) {
				list = ARENA_NEW(model->arena, Service);
				table_put(model->arena, model->pods_by_label, key, list);
			}
			VEC_PUSH(model->arena, list->backends.items, list->backends.len,
			         list->backends.cap) = workload;
		}
	}
}

static bool labels_match(const Node *labels, const Node *wanted)
{
	for (size_t i = 0; i < node_count(wanted); i++) {
		Str key = node_text(node_key(wanted, i));
		const Node *have =
			labels && labels->kind == NODE_MAPPING ? node_get(labels, key) : NULL;
		if (!have || !str_eq(node_text(have), node_text(node_value(wanted, i))))
			return false;
	}
	return true;
}

void model_select(const Model *model, Str ns, const Node *match_labels, WorkloadVisit *visit,
                  void *context)
{
	const Service *shortest = NULL;

	if (!node_count(match_labels)) {
		const Namespace *all = model_namespace(model, ns);
		for (size_t i = 0; all && i < all->workloads.len; i++)
			if (!visit(context, all->workloads.items[i]))
				return;
		return;
	}
	for (size_t i = 0; i < node_count(match_labels); i++) {
		Str key = model_key(model->arena, ns, node_text(node_key(match_labels, i)),
		                    node_text(node_value(match_labels, i)));
		const Service *list = table_get(model->pods_by_label, key);
		if (!list)
			return;
		if (!shortest || list->backends.len < shortest->backends.len)
			shortest = list;
	}
	for (size_t i = 0; shortest && i < shortest->backends.len; i++) {
		Workload *workload = shortest->backends.items[i];
		if (labels_match(workload->labels, match_labels) && !visit(context, workload))
			return;
	}
}

// Autoscalers decide replicas themselves.
static void link_autoscalers(Model *model)
{
	for (size_t i = 0; i < model->resources.len; i++) {
		Resource *resource = model->resources.items[i];
		const Node *target = node_at(resource->spec, "scaleTargetRef");
		Resource *scaled;
		if (!target)
			continue;
		VEC_PUSH(model->arena, model->autoscalers.items, model->autoscalers.len,
		         model->autoscalers.cap) = resource;
		scaled = table_get(model->by_id,
		                   model_key(model->arena,
		                             node_text_at(target, "kind").len
		                                     ? node_text_at(target, "kind")
		                                     : S("Deployment"),
		                             resource->ns, node_text_at(target, "name")));
		for (size_t j = 0; scaled && j < scaled->workloads.len; j++) {
			Workload *workload = scaled->workloads.items[j];
			int64_t least = node_int(node_at(resource->spec, "minReplicas"), 1);
			workload->autoscaled = true;
			workload->scaled_to_zero = false;
			if (least > workload->replicas)
				workload->replicas = least;
		}
	}
}

// What of the pods behind a service runs, once autoscalers have said theirs.
static void see_backends(Service *service)
{
	for (size_t i = 0; i < service->backends.len; i++) {
		const Workload *workload = service->backends.items[i];
		if (workload->scaled_to_zero || workload->suspended)
			service->resting = workload;
		else
			service->served = true;
	}
}

static void sort_out(Model *model, Resource *resource)
{
	static const char *const core_services[] = {"v1"};

	if (str_is(resource->kind, "Service") && str_is(resource->api_version, core_services[0]))
		read_service(model, resource);
	else if (str_is(resource->kind, "Service") &&
	         str_has_prefix(resource->api_version, S("serving.knative.dev/")))
		add_service(model, resource)->from_knative = true;
	else if (str_is(resource->kind, "NetworkPolicy") &&
	         str_has_prefix(resource->api_version, S("networking.k8s.io/")))
		VEC_PUSH(model->arena, model->policies.items, model->policies.len,
		         model->policies.cap) = resource;
	else if (str_is(resource->kind, "ResourceQuota"))
		VEC_PUSH(model->arena, model->quotas.items, model->quotas.len, model->quotas.cap) =
			resource;
	else if (str_is(resource->kind, "LimitRange"))
		VEC_PUSH(model->arena, model->limit_ranges.items, model->limit_ranges.len,
		         model->limit_ranges.cap) = resource;
	else if (str_is(resource->kind, "Role") || str_is(resource->kind, "ClusterRole"))
		VEC_PUSH(model->arena, model->roles.items, model->roles.len, model->roles.cap) =
			resource;
	else if (str_is(resource->kind, "RoleBinding") ||
	         str_is(resource->kind, "ClusterRoleBinding"))
		VEC_PUSH(model->arena, model->bindings.items, model->bindings.len,
		         model->bindings.cap) = resource;
	model_read_owners(model, resource);
	model_read_refs(model, resource);
	model_read_workloads(model, resource);
}

Resource *model_resource(const Model *model, const char *kind, Str ns, Str name)
{
	return table_get(model->by_id, model_key(model->arena, str_c(kind), ns, name));
}

Service *model_service(const Model *model, Str ns, Str name)
{
	return table_get(model->service_map, model_key(model->arena, ns, name, S("")));
}

const char *ref_object_kind(RefKind kind)
{
	static const char *const names[] = {"Secret", "ConfigMap", "PersistentVolumeClaim",
	                                    "ServiceAccount"};

	return names[kind];
}

Provider *model_provider(const Model *model, RefKind kind, Str ns, Str name)
{
	return table_get(model->providers,
	                 model_key(model->arena, str_c(ref_object_kind(kind)), ns, name));
}

void model_add_provider(Model *model, RefKind kind, Str ns, Str name, Provider provider)
{
	Str key = model_key(model->arena, str_c(ref_object_kind(kind)), ns, name);
	Provider *made = ARENA_NEW(model->arena, Provider),
		 *first = table_get(model->providers, key);

	if (!name.len)
		return;
	*made = provider;
	if (!first) {
		table_put(model->arena, model->providers, key, made);
		return;
	}
	(first->last ? first->last : first)->next = made;
	first->last = made;
}

bool model_provides_key(const Model *model, Provider *first, Str key)
{
	if (!first->next || first->all_keys)
		return first->open || table_get(first->next ? first->all_keys : first->keys, key);
	first->all_keys = map_new(model->arena, &TYPE_ANY_MAP);
	for (const Provider *p = first; p; p = p->next) {
		first->open |= p->open;
		for (size_t i = 0; i < p->keys->len; i++)
			table_put(model->arena, first->all_keys, p->keys->entries[i].key,
			          p->keys->entries[i].value.pointer);
	}
	return model_provides_key(model, first, key);
}

void model_add_ref(Model *model, Ref ref)
{
	Ref *made;

	if (!ref.name.len)
		return;
	made = ARENA_NEW(model->arena, Ref);
	*made = ref;
	VEC_PUSH(model->arena, model->refs.items, model->refs.len, model->refs.cap) = made;
}

const Namespace *model_namespace(const Model *model, Str ns)
{
	return table_get(model->namespaces, ns);
}

bool model_has_namespace(const Model *model, Str ns)
{
	return ns.len && model_namespace(model, ns);
}

void model_see_text(Model *model, Str text)
{
	VEC_PUSH(model->arena, model->texts, model->text_count, model->text_cap) = text;
}

// Names that are looked for in the texts; where more are asked for, the texts' words are mapped.
#define SEARCHES 16

static bool goes_on(Str text, size_t at)
{
	char c = at < text.len ? text.p[at] : ' ';

	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_';
}

static bool has_word(Str text, Str word)
{
	for (size_t from = 0, at; (at = str_find(str_from(text, from), word)) != STR_NONE;
	     from += at + 1)
		if (!(from + at && goes_on(text, from + at - 1)) &&
		    !goes_on(text, from + at + word.len))
			return true;
	return false;
}

static bool is_word(size_t len)
{
	return len > 2 && len < 254;
}

// Splits where no name goes on.
static void add_words(Model *model, Str text)
{
	size_t start = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (goes_on(text, i))
			continue;
		if (is_word(i - start))
			map_set(model->arena, model->words, str_slice(text, start, i),
			        value_bool(true));
		start = i + 1;
	}
}

// Most charts miss little, so that few ask.
bool model_mentions(Model *model, Str name)
{
	if (model->asked++ < SEARCHES) {
		for (size_t i = 0; i < model->text_count && is_word(name.len); i++)
			if (has_word(model->texts[i], name))
				return true;
		return false;
	}
	if (!model->words) {
		model->words = map_new(model->arena, &TYPE_ANY_MAP);
		for (size_t i = 0; i < model->text_count; i++)
			add_words(model, model->texts[i]);
	}
	return map_get(model->words, name) != NULL;
}

static bool writes_objects(Str text)
{
	static const char *const verbs[] = {"patch", "create", "apply", "replace",
	                                    "PATCH", "POST",   "PUT"};

	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (has_word(text, str_c(verbs[i])))
			return str_contains(text, S("kubectl")) || has_word(text, S("oc")) ||
			       str_contains(text, S("/secrets"));
	return false;
}

bool model_fills(const Model *model, Str name, Str key)
{
	for (size_t i = 0; i < model->text_count; i++)
		if (has_word(model->texts[i], name) && has_word(model->texts[i], key) &&
		    writes_objects(model->texts[i]))
			return true;
	return false;
}

bool model_makes(const Model *model, Str name)
{
	for (size_t i = 0; i < model->text_count; i++) {
		Str rest = model->texts[i], line;
		while (has_word(rest, name) && str_line(&rest, &line))
			if (has_word(line, name) && writes_objects(line))
				return true;
	}
	return false;
}

static Model *model_new(Arena *arena, const ModelOptions *options)
{
	Model *model = ARENA_NEW(arena, Model);

	model->arena = arena;
	model->options = *options;
	model->by_id = map_new(arena, &TYPE_ANY_MAP);
	model->service_map = map_new(arena, &TYPE_ANY_MAP);
	model->providers = map_new(arena, &TYPE_ANY_MAP);
	model->namespaces = map_new(arena, &TYPE_ANY_MAP);
	model->pods_by_label = map_new(arena, &TYPE_ANY_MAP);
	model->service_names = map_new(arena, &TYPE_ANY_MAP);
	see_namespace(model, options->ns);
	return model;
}

bool model_build(Arena *arena, const Source *sources, size_t count, const ModelOptions *options,
                 Model **out, Diag *diag)
{
	Model *model = model_new(arena, options);
	Source *own = ARENA_ARRAY(arena, Source, count + 1);

	for (size_t i = 0; i < count; i++) {
		own[i] = sources[i];
		own[i].cursor = ARENA_NEW(arena, BlockCursor);
		if (!read_source(model, &own[i], diag))
			return false;
	}
	for (size_t i = 0; i < model->resources.len; i++)
		sort_out(model, model->resources.items[i]);
	index_pods(model);
	for (size_t i = 0; i < model->services.len; i++)
		link_service(model, model->services.items[i]);
	link_endpoints(model);
	link_autoscalers(model);
	for (size_t i = 0; i < model->services.len; i++)
		see_backends(model->services.items[i]);
	for (size_t i = 0; i < model->custom.len; i++)
		model_see_operator(model, model->custom.items[i]);
	policies_link(model);
	if (!options->objects_only) {
		model_read_waits(model);
		model_read_addresses(model);
	}
	*out = model;
	return true;
}
