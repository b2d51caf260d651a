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

// What a LimitRange of the namespace gives a container that does not say.
static Str range_default(const Model *model, Str ns, const Demand *demand)
{
	bool limits = *demand->group == 'l';

	for (size_t i = 0; i < model->limit_ranges.len; i++) {
		const Resource *range = model->limit_ranges.items[i];
		const Node *list = node_at(range->spec, "limits");
		if (!str_eq(range->ns, ns))
			continue;
		for (size_t j = 0; j < node_count(list); j++) {
			const Node *item = node_item(list, j);
			Str text;
			if (!str_is(node_text_at(item, "type"), "Container"))
				continue;
			text = node_text_at(node_at(item, limits ? "default" : "defaultRequest"),
			                    demand->what);
			if (!text.len) // a maximum is the default limit, and a limit the default request
				text = node_text_at(node_at(item, limits ? "max" : "default"),
				                    demand->what);
			if (!text.len && !limits)
				text = node_text_at(node_at(item, "max"), demand->what);
			if (text.len)
				return text;
		}
	}
	return S("");
}

// What a container asks for in the end, empty where nothing says.
static Str amount(const Model *model, const Container *container, const Demand *demand)
{
	Str text = node_text_at(node_at(container->resources, demand->group), demand->what);

	if (!text.len && *demand->group == 'r')
		text = node_text_at(node_at(container->resources, "limits"), demand->what);
	if (!text.len)
		text = range_default(model, container->workload->resource->ns, demand);
	return text;
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

static void check_container(Lint *lint, const Rule *rule, const Resource *quota,
                            Container *container)
{
	const Node *hard = node_at(quota->spec, "hard");
	Buf missing = buf_new(lint->arena);
	Subject subject = {.resource = container->workload->resource,
	                   .workload = container->workload,
	                   .container = container,
	                   .node = container->resources ? container->resources : container->node};

	for (size_t i = 0; i < DEMAND_COUNT; i++)
		if (node_at(hard, demands[i].key) &&
		    !amount(lint->model, container, &demands[i]).len)
			buf_printf(&missing, "%s%s.%s", missing.len ? ", " : "", demands[i].group,
			           demands[i].what);
	if (!missing.len)
		return;
	lint_add(lint, rule, &subject,
	         str_printf(lint->arena, "%s %s", TEXT(quota->name), TEXT(container->name)),
	         str_printf(lint->arena,
	                    "ResourceQuota/%s of namespace %s demands %s, which container %s does "
	                    "not set: its pods are refused",
	                    TEXT(quota->name), TEXT(quota->ns), TEXT(buf_view(&missing)),
	                    TEXT(container->name)));
}

static void check_runtimes(Lint *lint, const Rule *rule, const Resource *quota)
{
	const Node *hard = node_at(quota->spec, "hard");
	Demand demand = demands[0];

	if (!node_at(hard, "limits.cpu") || range_default(lint->model, quota->ns, &demand).len)
		return;
	for (size_t i = 0; i < lint->model->custom.len; i++) {
		Resource *runtime = lint->model->custom.items[i];
		Subject subject = {.resource = runtime, .node = node_at(runtime->metadata, "name")};
		if (!str_is(runtime->kind, "SeldonRuntime") || !str_eq(runtime->ns, quota->ns))
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
	for (size_t i = 0; i < lint->model->quotas.len; i++) {
		const Resource *quota = lint->model->quotas.items[i];
		if (is_scoped(quota))
			continue;
		for (size_t j = 0; j < lint->model->workloads.len; j++) {
			Workload *workload = lint->model->workloads.items[j];
			if (!str_eq(workload->resource->ns, quota->ns) || !is_plain_pod(workload))
				continue;
			for (size_t k = 0; k < workload->container_count; k++)
				check_container(lint, rule, quota, &workload->containers[k]);
		}
		check_runtimes(lint, rule, quota);
	}
}

// What a pod asks for: its containers together, or its largest init container.
static int64_t pod_amount(const Model *model, const Workload *workload, const Demand *demand)
{
	int64_t together = 0, largest = 0;

	for (size_t i = 0; i < workload->container_count; i++) {
		const Container *container = &workload->containers[i];
		int64_t one = 0;
		quantity_parse(amount(model, container, demand), &one);
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

static int64_t total_amount(const Model *model, Str ns, const Demand *demand)
{
	int64_t sum = 0;

	for (size_t i = 0; i < model->workloads.len; i++) {
		const Workload *workload = model->workloads.items[i];
		if (str_eq(workload->resource->ns, ns) && counts(workload))
			sum = quantity_add(sum, quantity_times(pod_amount(model, workload, demand),
			                                       workload->replicas));
	}
	return sum;
}

static int64_t count_pods(const Model *model, Str ns)
{
	int64_t sum = 0;

	for (size_t i = 0; i < model->workloads.len; i++) {
		const Workload *workload = model->workloads.items[i];
		if (str_eq(workload->resource->ns, ns) && counts(workload))
			sum = quantity_add(sum, workload->replicas);
	}
	return sum;
}

// "services", "count/deployments.apps", "count/models.mlops.seldon.io": how many of the kind there are.
static int64_t count_kind(Lint *lint, Str key, Str ns)
{
	Str name = str_has_prefix(key, S("count/")) ? str_from(key, 6) : key;
	size_t dot = str_find_byte(name, '.');
	Str plural = str_to(name, dot == STR_NONE ? name.len : dot);
	int64_t count = 0;

	for (size_t i = 0; i < lint->model->resources.len; i++) {
		const Resource *resource = lint->model->resources.items[i];
		Str kind = resource->kind;
		if (!str_eq(resource->ns, ns) || plural.len < kind.len + 1 ||
		    plural.len > kind.len + 2 ||
		    !str_ieq(str_to(plural, kind.len - 1), str_to(kind, kind.len - 1)))
			continue;
		count++;
	}
	return count;
}

// Services of a type; a load balancer has node ports, too, unless it says otherwise.
static int64_t count_services(const Model *model, Str ns, bool balancers)
{
	int64_t count = 0;

	for (size_t i = 0; i < model->services.len; i++) {
		const Service *service = model->services.items[i];
		bool balancer = str_is(service->type, "LoadBalancer");
		if (!str_eq(service->resource->ns, ns))
			continue;
		if (balancers)
			count += balancer;
		else if (str_is(service->type, "NodePort") ||
		         (balancer && node_bool(node_at(service->resource->spec,
		                                        "allocateLoadBalancerNodePorts"),
		                                true)))
			count += (int64_t)service->port_count;
	}
	return count;
}

// What claims ask for, those of every replica of a stateful set among them; `*claims` is how many there are.
static int64_t total_storage(const Model *model, Str ns, int64_t *claims)
{
	int64_t sum = 0, amount;

	*claims = 0;
	for (size_t i = 0; i < model->resources.len; i++) {
		const Resource *resource = model->resources.items[i];
		const Node *templates = node_at(resource->spec, "volumeClaimTemplates");
		int64_t times =
			resource->workloads.len ? resource->workloads.items[0]->replicas : 0;
		if (!str_eq(resource->ns, ns))
			continue;
		if (str_is(resource->kind, "PersistentVolumeClaim")) {
			++*claims;
			if (quantity_parse(node_text(node_down(resource->spec,
			                                       "resources.requests.storage")),
			                   &amount))
				sum = quantity_add(sum, amount);
		}
		for (size_t j = 0;
		     str_is(resource->kind, "StatefulSet") && j < node_count(templates); j++) {
			*claims += times;
			if (quantity_parse(node_text(node_down(node_item(templates, j),
			                                       "spec.resources.requests.storage")),
			                   &amount))
				sum = quantity_add(sum, quantity_times(amount, times));
		}
	}
	return sum;
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

static void check_hard(Lint *lint, const Rule *rule, const Resource *quota, Str key,
                       const Node *value)
{
	int64_t hard, sum, claims;

	if (!quantity_parse(node_text(value), &hard))
		return;
	for (size_t i = 0; i < DEMAND_COUNT; i++) {
		if (!str_is(key, demands[i].key))
			continue;
		sum = total_amount(lint->model, quota->ns, &demands[i]);
		if (sum > hard)
			exceed(lint, rule, quota, value, key,
			       quantity_text(lint->arena, sum, !str_contains(key, S("cpu"))));
		return;
	}
	if (str_is(key, "requests.storage")) {
		sum = total_storage(lint->model, quota->ns, &claims);
		if (sum > hard)
			exceed(lint, rule, quota, value, key,
			       quantity_text(lint->arena, sum, true));
		return;
	}
	if (str_is(key, "pods") || str_is(key, "count/pods"))
		sum = count_pods(lint->model, quota->ns);
	else if (str_is(key, "persistentvolumeclaims") ||
	         str_is(key, "count/persistentvolumeclaims"))
		total_storage(lint->model, quota->ns, &sum);
	else if (str_is(key, "services.loadbalancers") || str_is(key, "services.nodeports"))
		sum = count_services(lint->model, quota->ns, str_is(key, "services.loadbalancers"));
	else if (str_has_prefix(key, S("count/")) || str_is(key, "services") ||
	         str_is(key, "configmaps") || str_is(key, "secrets"))
		sum = count_kind(lint, key, quota->ns);
	else
		return;
	if (quantity_times(sum, 1000) > hard)
		exceed(lint, rule, quota, value, key,
		       str_printf(lint->arena, "%lld", (long long)sum));
}

static void check_exceeded(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->quotas.len; i++) {
		const Resource *quota = lint->model->quotas.items[i];
		const Node *hard = node_at(quota->spec, "hard");
		if (is_scoped(quota))
			continue;
		for (size_t j = 0; j < node_count(hard); j++)
			check_hard(lint, rule, quota, node_text(node_key(hard, j)),
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

static bool has_runtime(const Model *model, Str ns)
{
	for (size_t i = 0; i < model->custom.len; i++)
		if (str_is(model->custom.items[i]->kind, "SeldonRuntime") &&
		    str_eq(model->custom.items[i]->ns, ns))
			return true;
	return false;
}

static void check_runtime_missing(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->custom.len; i++) {
		Resource *resource = lint->model->custom.items[i];
		Subject subject = {.resource = resource,
		                   .node = node_at(resource->metadata, "name")};
		if (!str_has_prefix(resource->api_version, S("mlops.seldon.io/")) ||
		    !(str_is(resource->kind, "Model") || str_is(resource->kind, "Pipeline") ||
		      str_is(resource->kind, "Experiment") || str_is(resource->kind, "Server")) ||
		    has_runtime(lint->model, resource->ns) ||
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
