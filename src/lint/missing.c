#include "lint/missing.h"

#include "k8s/names.h"

bool wait_is_outside(const Settings *settings, const Wait *wait)
{
	return settings_outside(settings, OUTSIDE_HOSTS, wait->ns, wait->host) ||
	       settings_outside(settings, OUTSIDE_SERVICES, wait->ns, wait->service_name) ||
	       settings_outside(settings, OUTSIDE_NAMESPACES, S(""), wait->ns);
}

bool workload_aliases(const Workload *workload, Str host)
{
	return workload->aliases && map_get(workload->aliases, host);
}

// Names that a pod resolves without any service.
static bool is_known_name(const Wait *wait)
{
	return str_is(wait->service_name, "kubernetes") || str_is(wait->service_name, "kube-dns") ||
	       workload_aliases(wait->workload, wait->host);
}

// The stateful set whose pod "kafka-0" is; any other pod has a name that is not known beforehand.
static bool is_missing_pod(const Model *model, const Wait *wait)
{
	size_t dash = str_rfind(wait->object_name, S("-"));

	if (dash == STR_NONE || dash + 1 == wait->object_name.len ||
	    model_resource(model, "Pod", wait->ns, wait->object_name))
		return false;
	for (size_t i = dash + 1; i < wait->object_name.len; i++)
		if (wait->object_name.p[i] < '0' || wait->object_name.p[i] > '9')
			return false;
	return !model_resource(model, "StatefulSet", wait->ns, str_to(wait->object_name, dash));
}

// Kinds that controllers and people make while the cluster runs.
static bool is_made_by_others(Str kind)
{
	static const char *const kinds[] = {"CustomResourceDefinition",
	                                    "Node",
	                                    "Namespace",
	                                    "Secret",
	                                    "ConfigMap",
	                                    "Certificate"};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_is(kind, kinds[i]))
			return true;
	return false;
}

static bool is_made_up_later(Str name)
{
	return str_find_byte(name, MODEL_UNKNOWN) != STR_NONE ||
	       str_find_byte(name, '$') != STR_NONE;
}

static bool is_missing_object(const Model *model, const Settings *settings, const Wait *wait)
{
	Str kind = wait->object_kind, name = wait->object_name;

	if (!name.len || !kind.len || !wait->in_render_ns || is_made_up_later(name) ||
	    str_find_byte(wait->ns, MODEL_UNKNOWN) != STR_NONE || is_made_by_others(kind))
		return false;
	if (str_is(kind, "Pod") && !is_missing_pod(model, wait))
		return false;
	if (str_is(kind, "Endpoints") &&
	    (model_service(model, wait->ns, name) || str_is(name, "kubernetes")))
		return false;
	return !model_resource(model, str_to_c(model->arena, kind), wait->ns, name) &&
	       !model_operator_owns(model, wait->ns, name) && !model_makes(model, name) &&
	       !settings_outside(settings, OUTSIDE_SERVICES, wait->ns, name);
}

bool wait_is_missing(const Model *model, const Settings *settings, const Wait *wait)
{
	if (wait->kind == WAIT_KUBE)
		return is_missing_object(model, settings, wait);
	return wait->service_name.len && !wait->service && !is_known_name(wait) &&
	       !name_is_to_be_set(wait->host) && !wait_is_outside(settings, wait) &&
	       !model_operator_owns(model, wait->ns, wait->service_name);
}
