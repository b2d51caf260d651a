// What the operators of custom resources make: objects that are called like the resource, or have its name in theirs.

#include "k8s/model.h"

// No object has a longer name.
#define NAME_LIMIT 253

// Custom resources that never make services or secrets of their own name.
static bool makes_nothing(const Resource *resource)
{
	static const char *const kinds[] = {
		"ServiceMonitor",
		"PodMonitor",
		"PrometheusRule",
		"Probe",
		"VirtualService",
		"DestinationRule",
		"Gateway",
		"HTTPRoute",
		"GRPCRoute",
		"TCPRoute",
		"TLSRoute",
		"AuthorizationPolicy",
		"PeerAuthentication",
		"ExternalSecret",
		"SealedSecret",
		"SecretStore",
		"Certificate",
		"VerticalPodAutoscaler",
		"ScaledObject",
		"Sidecar",
		"EnvoyFilter",
		"ServiceEntry",
		"IngressRoute",
		"Middleware",
		"BackendConfig",
		"FrontendConfig",
		"ManagedCertificate",
		"CiliumNetworkPolicy",
		"Application",
		"AppProject",
		"Task",
		"Pipeline",
		"ClusterTask",
		"SecretProviderClass",
		"Model",
		"HelmRelease",
		"WorkflowTemplate",
		"Workflow",
		"CronWorkflow",
		"Route",
		"PodGroup",
		"TriggerAuthentication",
		"GrafanaDashboard",
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_is(resource->kind, kinds[i]))
			return true;
	return false;
}

void model_see_operator(Model *model, const Resource *resource)
{
	Namespace *ns = table_get(model->namespaces, resource->ns);

	ns->has_prometheus |= str_is(resource->kind, "Prometheus");
	ns->has_alertmanager |= str_is(resource->kind, "Alertmanager");
	ns->has_seldon |= str_has_prefix(resource->kind, S("Seldon"));
	if (makes_nothing(resource) || !resource->name.len)
		return;
	if (!ns->owners)
		ns->owners = map_new(model->arena, &TYPE_ANY_MAP);
	map_set(model->arena, ns->owners, resource->name, value_bool(true));
}

static bool is_break(char c)
{
	return c == '-' || c == '.';
}

// Whether one of the owners stands in `name` between dashes, dots or its ends.
static bool has_owner(const Map *owners, Str name)
{
	if (!owners || name.len > NAME_LIMIT)
		return false;
	for (size_t from = 0; from < name.len; from++) {
		if (from && !is_break(name.p[from - 1]))
			continue;
		for (size_t to = from + 1; to <= name.len; to++)
			if ((to == name.len || is_break(name.p[to])) &&
			    map_get(owners, str_slice(name, from, to)))
				return true;
	}
	return false;
}

static bool owns(const Namespace *ns, Str name)
{
	return ns && (has_owner(ns->owners, name) ||
	              (ns->has_prometheus && str_is(name, "prometheus-operated")) ||
	              (ns->has_alertmanager && str_is(name, "alertmanager-operated")) ||
	              (ns->has_seldon && str_has_prefix(name, S("seldon-"))));
}

bool model_operator_owns(const Model *model, Str ns, Str name)
{
	return owns(model_namespace(model, ns), name) ||
	       (ns.len && owns(model_namespace(model, S("")), name));
}
