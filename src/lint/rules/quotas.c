// Quotas that refuse pods, and Seldon runtimes.

#include "k8s/quantities.h"
#include "lint/lint.h"

#include <string.h>

#define TEXT(s) str_to_c(lint->arena, (s))

typedef struct Demand {
	const char *key;   // in the quota
	const char *group; // "limits" or "requests"
	const char *what;  // "cpu"
} Demand;

static const Demand demands[] = {
	{"limits.cpu", "limits", "cpu"},
	{"limits.memory", "limits", "memory"},
	{"limits.ephemeral-storage", "limits", "ephemeral-storage"},
	{"requests.cpu", "requests", "cpu"},
	{"cpu", "requests", "cpu"},
	{"requests.memory", "requests", "memory"},
	{"memory", "requests", "memory"},
	{"requests.ephemeral-storage", "requests", "ephemeral-storage"},
};
#define DEMAND_COUNT (sizeof demands / sizeof *demands)

// What is rendered of a namespace, counted once for all its quotas.
typedef struct Usage {
	Str defaults[DEMAND_COUNT]; // what its LimitRanges give a container that does not say
	int64_t amounts[DEMAND_COUNT];
	int64_t pods, claims, storage, balancers, node_ports;
	Map *kinds; // see kind_key
	struct Unset *unset;
	size_t unset_count, unset_cap;
	unsigned unset_demands; // of all of them
	bool has_runtime;       // a SeldonRuntime
} Usage;

// A container that does not say what a quota may demand.
typedef struct Unset {
	Container *container;
	unsigned demands; // bits, in the order of the table
} Unset;

typedef struct Usages {
	Lint *lint;
	Map *by_ns;
} Usages;

static Str range_default(const Node *item, const Demand *demand)
{
	bool limits = *demand->group == 'l';
	Str text = node_text_at(node_at(item, limits ? "default" : "defaultRequest"), demand->what);

	if (!text.len) // a maximum is the default limit, and a limit the default request
		text = node_text_at(node_at(item, limits ? "max" : "default"), demand->what);
	if (!text.len && !limits)
		text = node_text_at(node_at(item, "max"), demand->what);
	return text;
}

static void see_range(Usage *usage, const Resource *range)
{
	const Node *list = node_at(range->spec, "limits");

	for (size_t i = 0; i < node_count(list); i++) {
		const Node *item = node_item(list, i);
		if (!str_is(node_text_at(item, "type"), "Container"))
			continue;
		for (size_t j = 0; j < DEMAND_COUNT; j++)
			if (!usage->defaults[j].len)
				usage->defaults[j] = range_default(item, &demands[j]);
	}
}

// What a container asks for in the end, empty where nothing says.
static Str amount(const Usage *usage, const Container *container, size_t demand)
{
	const char *what = demands[demand].what;
	Str text = node_text_at(node_at(container->resources, demands[demand].group), what);

	if (!text.len && *demands[demand].group == 'r')
		text = node_text_at(node_at(container->resources, "limits"), what);
	return text.len ? text : usage->defaults[demand];
}

static bool is_scoped(const Resource *quota)
{
	return node_at(quota->spec, "scopes") || node_at(quota->spec, "scopeSelector");
}

// Kinds whose containers carry no Kubernetes resources where others do.
static bool is_plain_pod(const Workload *workload)
{
	return !str_is(workload->resource->kind, "SparkApplication") &&
	       !str_is(workload->resource->kind, "ServingRuntime") &&
	       !str_is(workload->resource->kind, "ClusterServingRuntime");
}

// What a pod asks for: its containers together, or its largest init container.
static int64_t pod_amount(const Usage *usage, const Workload *workload, size_t demand)
{
	int64_t together = 0, largest = 0;

	for (size_t i = 0; i < workload->container_count; i++) {
		const Container *container = &workload->containers[i];
		int64_t one = 0;
		quantity_parse(amount(usage, container, demand), &one);
		if (container->kind == CONTAINER_INIT)
			largest = one > largest ? one : largest;
		else if (container->kind != CONTAINER_EPHEMERAL)
			together = quantity_add(together, one);
	}
	return together > largest ? together : largest;
}

static bool counts(const Workload *workload)
{
	return !workload->scaled_to_zero && !workload->suspended && is_plain_pod(workload) &&
	       !str_is(workload->resource->kind, "CronJob") &&
	       !str_has_suffix(workload->resource->kind, S("Workflow")) &&
	       !str_has_suffix(workload->resource->kind, S("WorkflowTemplate")) &&
	       !str_is(workload->resource->kind, "Task") &&
	       !str_is(workload->resource->kind, "ClusterTask") &&
	       !str_is(workload->resource->kind, "Pipeline") &&
	       !(workload->resource->hooks & (HOOK_TEST | HOOK_DELETE));
}

static void see_workload(Lint *lint, Usage *usage, Workload *workload)
{
	for (size_t i = 0; is_plain_pod(workload) && i < workload->container_count; i++) {
		Unset unset = {.container = &workload->containers[i]};
		for (size_t j = 0; j < DEMAND_COUNT; j++)
			unset.demands |= (unsigned)!amount(usage, unset.container, j).len << j;
		usage->unset_demands |= unset.demands;
		if (unset.demands)
			VEC_PUSH(lint->arena, usage->unset, usage->unset_count, usage->unset_cap) =
				unset;
	}
	if (!counts(workload))
		return;
	usage->pods = quantity_add(usage->pods, workload->replicas);
	for (size_t i = 0; i < DEMAND_COUNT; i++)
		usage->amounts[i] = quantity_add(
			usage->amounts[i],
			quantity_times(pod_amount(usage, workload, i), workload->replicas));
}

// Services of a type; a load balancer has node ports, too, unless it says otherwise.
static void see_service(Usage *usage, const Service *service)
{
	bool balancer = str_is(service->type, "LoadBalancer");

	usage->balancers += balancer;
	if (str_is(service->type, "NodePort") ||
	    (balancer &&
	     node_bool(node_at(service->resource->spec, "allocateLoadBalancerNodePorts"), true)))
		usage->node_ports += (int64_t)service->port_count;
}

static void see_claim(Usage *usage, const Node *spec, int64_t times)
{
	int64_t size;

	usage->claims += times;
	if (quantity_parse(node_text(node_down(spec, "resources.requests.storage")), &size))
		usage->storage = quantity_add(usage->storage, quantity_times(size, times));
}

// What claims ask for, those of every replica of a stateful set among them.
static void see_claims(Usage *usage, const Resource *resource)
{
	const Node *templates = node_at(resource->spec, "volumeClaimTemplates");

	if (str_is(resource->kind, "PersistentVolumeClaim"))
		see_claim(usage, resource->spec, 1);
	for (size_t i = 0; str_is(resource->kind, "StatefulSet") && i < node_count(templates); i++)
		see_claim(usage, node_at(node_item(templates, i), "spec"),
		          resource->workloads.len ? resource->workloads.items[0]->replicas : 0);
}

// By all of its name but the last letter, in small letters, which begin its plural: "policies", "services".
static Str kind_key(Arena *arena, Str kind, size_t len)
{
	Buf key = buf_new(arena);

	for (size_t i = 0; i < len; i++)
		buf_byte(&key, ascii_lower(kind.p[i]));
	return buf_view(&key);
}

static void see_kind(Lint *lint, Usage *usage, Str kind)
{
	Str key = kind_key(lint->arena, kind, kind.len - 1);
	Value *count = map_get(usage->kinds, key);

	if (count)
		count->i++;
	else
		map_set(lint->arena, usage->kinds, key, value_int(1));
}

static Usage *usage_of(Usages *usages, Str name)
{
	Lint *lint = usages->lint;
	const Namespace *ns = model_namespace(lint->model, name);
	Usage *usage = table_get(usages->by_ns, name);

	if (usage)
		return usage;
	usage = ARENA_NEW(lint->arena, Usage);
	usage->kinds = map_new(lint->arena, &TYPE_ANY_MAP);
	table_put(lint->arena, usages->by_ns, name, usage);
	for (size_t i = 0; ns && i < ns->resources.len; i++)
		if (str_is(ns->resources.items[i]->kind, "LimitRange"))
			see_range(usage, ns->resources.items[i]);
	for (size_t i = 0; ns && i < ns->workloads.len; i++)
		see_workload(lint, usage, ns->workloads.items[i]);
	for (size_t i = 0; ns && i < ns->services.len; i++)
		see_service(usage, ns->services.items[i]);
	for (size_t i = 0; ns && i < ns->resources.len; i++) {
		const Resource *resource = ns->resources.items[i];
		see_claims(usage, resource);
		see_kind(lint, usage, resource->kind);
		usage->has_runtime |= str_is(resource->kind, "SeldonRuntime") && resource->custom;
	}
	return usage;
}

static Usages usages_new(Lint *lint)
{
	return (Usages){lint, map_new(lint->arena, &TYPE_ANY_MAP)};
}

static void demand(Lint *lint, const Rule *rule, const Resource *quota, const Unset *unset,
                   unsigned wanted)
{
	Container *container = unset->container;
	Buf missing = buf_new(lint->arena);
	Subject subject = {.resource = container->workload->resource,
	                   .workload = container->workload,
	                   .container = container,
	                   .node = container->resources ? container->resources : container->node};

	for (size_t i = 0; i < DEMAND_COUNT; i++)
		if (wanted & 1u << i)
			buf_printf(&missing, "%s%s.%s", missing.len ? ", " : "", demands[i].group,
			           demands[i].what);
	lint_add(lint, rule, &subject,
	         str_printf(lint->arena, "%s %s", TEXT(quota->name), TEXT(container->name)),
	         str_printf(lint->arena,
	                    "ResourceQuota/%s of namespace %s demands %s, which container %s does "
	                    "not set: its pods are refused",
	                    TEXT(quota->name), TEXT(quota->ns), TEXT(buf_view(&missing)),
	                    TEXT(container->name)));
}

static void check_runtimes(Lint *lint, const Rule *rule, const Resource *quota, const Usage *usage)
{
	const Namespace *ns = model_namespace(lint->model, quota->ns);

	if (!node_at(node_at(quota->spec, "hard"), "limits.cpu") || usage->defaults[0].len ||
	    !usage->has_runtime)
		return;
	for (size_t i = 0; i < ns->resources.len; i++) {
		Resource *runtime = ns->resources.items[i];
		Subject subject = {.resource = runtime, .node = node_at(runtime->metadata, "name")};
		if (!str_is(runtime->kind, "SeldonRuntime") || !runtime->custom)
			continue;
		lint_add(lint, rule, &subject, quota->name,
		         str_printf(lint->arena,
		                    "ResourceQuota/%s of namespace %s demands limits.cpu, which "
		                    "the pods of a SeldonRuntime do not set, and no LimitRange "
		                    "gives them: they are refused",
		                    TEXT(quota->name), TEXT(quota->ns)));
	}
}

static void check_demands(Lint *lint, const Rule *rule)
{
	Usages usages = usages_new(lint);

	for (size_t i = 0; i < lint->model->quotas.len; i++) {
		const Resource *quota = lint->model->quotas.items[i];
		const Node *hard = node_at(quota->spec, "hard");
		const Usage *usage;
		unsigned wanted;
		if (is_scoped(quota))
			continue;
		usage = usage_of(&usages, quota->ns);
		wanted = 0;
		for (size_t j = 0; j < DEMAND_COUNT; j++)
			wanted |= (unsigned)(node_at(hard, demands[j].key) != NULL) << j;
		wanted &= usage->unset_demands;
		for (size_t j = 0; wanted && j < usage->unset_count; j++)
			if (wanted & usage->unset[j].demands)
				demand(lint, rule, quota, &usage->unset[j],
				       wanted & usage->unset[j].demands);
		check_runtimes(lint, rule, quota, usage);
	}
}

// "services", "count/deployments.apps", "count/models.mlops.seldon.io": how many of the kind there are.
static int64_t count_kind(const Lint *lint, const Usage *usage, Str key)
{
	Str name = str_has_prefix(key, S("count/")) ? str_from(key, 6) : key;
	size_t dot = str_find_byte(name, '.'), len = dot == STR_NONE ? name.len : dot;
	int64_t count = 0;

	for (size_t end = 2; end < 4 && end < len; end++) { // "s", or "es" and "ies"
		const Value *found = map_get(usage->kinds, kind_key(lint->arena, name, len - end));
		count += found ? found->i : 0;
	}
	return count;
}

static void exceed(Lint *lint, const Rule *rule, const Resource *quota, const Node *hard, Str key,
                   Str wanted)
{
	Subject subject = {.resource = (Resource *)quota, .node = hard};

	lint_add(lint, rule, &subject, key,
	         str_printf(lint->arena,
	                    "ResourceQuota/%s allows %s %s in namespace %s, and what is rendered "
	                    "there needs %s",
	                    TEXT(quota->name), TEXT(key), TEXT(node_text(hard)), TEXT(quota->ns),
	                    TEXT(wanted)));
}

// What a pod asks of an extended resource: its limit is its request.
static int64_t extended_amount(const Workload *workload, const char *what)
{
	int64_t together = 0, largest = 0;

	for (size_t i = 0; i < workload->container_count; i++) {
		const Container *container = &workload->containers[i];
		const Node *amount = node_at(node_at(container->resources, "limits"), what);
		int64_t one = 0;
		if (!amount)
			amount = node_at(node_at(container->resources, "requests"), what);
		quantity_parse(node_text(amount), &one);
		if (container->kind == CONTAINER_INIT)
			largest = one > largest ? one : largest;
		else if (container->kind != CONTAINER_EPHEMERAL)
			together = quantity_add(together, one);
	}
	return together > largest ? together : largest;
}

// requests.nvidia.com/gpu
static void check_extended(Lint *lint, const Rule *rule, const Resource *quota, Str key,
                           const Node *value, int64_t hard)
{
	const Namespace *ns = model_namespace(lint->model, quota->ns);
	const char *what = TEXT(str_from(key, strlen("requests.")));
	int64_t sum = 0;

	for (size_t i = 0; ns && i < ns->workloads.len; i++) {
		const Workload *workload = ns->workloads.items[i];
		if (counts(workload))
			sum = quantity_add(sum, quantity_times(extended_amount(workload, what),
			                                       workload->replicas));
	}
	if (sum > hard)
		exceed(lint, rule, quota, value, key, quantity_text(lint->arena, sum, true));
}

static void check_hard(Lint *lint, const Rule *rule, const Resource *quota, const Usage *usage,
                       Str key, const Node *value)
{
	int64_t hard, sum;

	if (!quantity_parse(node_text(value), &hard))
		return;
	for (size_t i = 0; i < DEMAND_COUNT; i++) {
		if (!str_is(key, demands[i].key))
			continue;
		if (usage->amounts[i] > hard)
			exceed(lint, rule, quota, value, key,
			       quantity_text(lint->arena, usage->amounts[i],
			                     !str_contains(key, S("cpu"))));
		return;
	}
	if (str_has_prefix(key, S("requests.")) && str_find_byte(key, '/') != STR_NONE) {
		check_extended(lint, rule, quota, key, value, hard);
		return;
	}
	if (str_is(key, "requests.storage")) {
		if (usage->storage > hard)
			exceed(lint, rule, quota, value, key,
			       quantity_text(lint->arena, usage->storage, true));
		return;
	}
	if (str_is(key, "pods") || str_is(key, "count/pods"))
		sum = usage->pods;
	else if (str_is(key, "persistentvolumeclaims") ||
	         str_is(key, "count/persistentvolumeclaims"))
		sum = usage->claims;
	else if (str_is(key, "services.loadbalancers"))
		sum = usage->balancers;
	else if (str_is(key, "services.nodeports"))
		sum = usage->node_ports;
	else if (str_has_prefix(key, S("count/")) || str_is(key, "services") ||
	         str_is(key, "configmaps") || str_is(key, "secrets"))
		sum = count_kind(lint, usage, key);
	else
		return;
	if (quantity_times(sum, 1000) > hard)
		exceed(lint, rule, quota, value, key,
		       str_printf(lint->arena, "%lld", (long long)sum));
}

static void check_exceeded(Lint *lint, const Rule *rule)
{
	Usages usages = usages_new(lint);

	for (size_t i = 0; i < lint->model->quotas.len; i++) {
		const Resource *quota = lint->model->quotas.items[i];
		const Node *hard = node_at(quota->spec, "hard");
		const Usage *usage;
		if (is_scoped(quota))
			continue;
		usage = usage_of(&usages, quota->ns);
		for (size_t j = 0; j < node_count(hard); j++)
			check_hard(lint, rule, quota, usage, node_text(node_key(hard, j)),
			           node_value(hard, j));
	}
}

static void check_overrides(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->custom.len; i++) {
		Resource *runtime = lint->model->custom.items[i];
		const Node *overrides = node_at(runtime->spec, "overrides");
		if (!str_is(runtime->kind, "SeldonRuntime"))
			continue;
		for (size_t j = 0; j < node_count(overrides); j++) {
			const Node *item = node_item(overrides, j);
			Subject subject = {.resource = runtime, .node = node_at(item, "resources")};
			if (!subject.node)
				continue;
			lint_add(lint, rule, &subject, node_text_at(item, "name"),
			         str_printf(lint->arena,
			                    "override %s of SeldonRuntime/%s sets resources, which "
			                    "the type does not have: it is refused or dropped",
			                    TEXT(node_text_at(item, "name")), TEXT(runtime->name)));
		}
	}
}

static void check_runtime_missing(Lint *lint, const Rule *rule)
{
	Usages usages = usages_new(lint);

	for (size_t i = 0; i < lint->model->custom.len; i++) {
		Resource *resource = lint->model->custom.items[i];
		Subject subject = {.resource = resource,
		                   .node = node_at(resource->metadata, "name")};
		if (!str_has_prefix(resource->api_version, S("mlops.seldon.io/")) ||
		    !(str_is(resource->kind, "Model") || str_is(resource->kind, "Pipeline") ||
		      str_is(resource->kind, "Experiment") || str_is(resource->kind, "Server")) ||
		    usage_of(&usages, resource->ns)->has_runtime ||
		    settings_outside(lint->settings, OUTSIDE_NAMESPACES, S(""), resource->ns))
			continue;
		lint_add(lint, rule, &subject, S(""),
		         str_printf(lint->arena,
		                    "%s/%s is in namespace %s, which has no SeldonRuntime: nothing "
		                    "there serves it",
		                    TEXT(resource->kind), TEXT(resource->name),
		                    TEXT(resource->ns)));
	}
}

const Rule quota_rules[] = {
	{"quota-demands-limits", SEVERITY_ERROR, "a quota for something that a pod does not set",
         "Where a quota limits something, every pod of the namespace must say how much of it it "
         "wants: others are refused, and "
         "their Deployment stays at 0 pods without a word.",
         "Set it in the container's resources, or give the namespace a LimitRange with defaults.",
         check_demands},
	{"quota-exceeded", SEVERITY_ERROR, "more than the namespace's quota allows",
         "The last pods to come are refused.", "Raise the quota, or ask for less.", check_exceeded},
	{"runtime-resources", SEVERITY_ERROR, "resources in an override of a SeldonRuntime",
         "The type has no such field: limits set there do nothing.",
         "Give the namespace a LimitRange, or set resources in the SeldonConfig's pod spec.",
         check_overrides},
	{"runtime-missing", SEVERITY_WARNING, "a model in a namespace without a runtime",
         "Seldon schedules a model on the servers of its own namespace's runtime.",
         "Add a SeldonRuntime to the namespace, or declare the namespace under outside.namespaces "
         "in .cleat.yaml.",
         check_runtime_missing},
	{0},
};
