// References by name, selectors, versions: what the API server or a restart would tell, too late.

#include "base/num.h"
#include "k8s/names.h"
#include "lint/images.h"
#include "lint/lint.h"
#include "lint/nearly.h"
#include "lint/origin_class.h"
#include "lint/targets.h"
#include "lint/told.h"

#include "data/text.h"
#include "k8s/policies.h"
#include "template/trace.h"

#include <string.h>

#define TEXT(s) str_to_c(lint->arena, (s))

static bool is_known(const Ref *ref)
{
	static const char *const names[] = {"kube-root-ca.crt", "openshift-service-ca.crt",
	                                    "istio-ca-root-cert"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_is(ref->name, names[i]))
			return true;
	return false;
}

// "data-db-0": a claim that a stateful set of the render makes for one of its pods.
static bool is_claim_of_set(const Model *model, const Ref *ref)
{
	size_t dash = str_rfind(ref->name, S("-"));

	if (ref->kind != REF_CLAIM || dash == STR_NONE)
		return false;
	for (size_t i = 0; i < model->workloads.len; i++) {
		const Resource *set = model->workloads.items[i]->resource;
		const Node *claims = node_at(set->spec, "volumeClaimTemplates");
		Str rest = str_to(ref->name, dash);
		if (!str_eq(set->ns, ref->ns) || !str_has_suffix(rest, set->name) ||
		    rest.len < set->name.len + 2)
			continue;
		rest = str_to(rest, rest.len - set->name.len - 1);
		for (size_t j = 0; j < node_count(claims); j++)
			if (str_eq(node_text_at(node_at(node_item(claims, j), "metadata"), "name"),
			           rest))
				return true;
	}
	return false;
}

static const char *kind_text(RefKind kind)
{
	static const char *const names[] = {"secret", "config map", "claim", "service account"};

	return names[kind];
}

static void check_refs(Lint *lint, const Rule *rule)
{
	static const OutsideKind outside[] = {OUTSIDE_SECRETS, OUTSIDE_CONFIG_MAPS, OUTSIDE_CLAIMS,
	                                      OUTSIDE_ACCOUNTS};

	for (size_t i = 0; i < lint->model->refs.len; i++) {
		const Ref *ref = lint->model->refs.items[i];
		Provider *first = model_provider(lint->model, ref->kind, ref->ns, ref->name);
		Subject subject = {.resource = ref->resource,
		                   .workload = ref->workload,
		                   .container = ref->container,
		                   .node = ref->node};
		Finding *finding;
		if (ref->kind == REF_SECRET || ref->optional || is_known(ref) ||
		    (ref->of_mount && !first) || is_no_name(ref->name) ||
		    is_claim_of_set(lint->model, ref) ||
		    settings_outside(lint->settings, outside[ref->kind], ref->ns, ref->name) ||
		    settings_outside(lint->settings, OUTSIDE_NAMESPACES, S(""), ref->ns))
			continue;
		if (first && (ref->kind != REF_CONFIG || !ref->key.len))
			continue;
		if (first && (model_provides_key(lint->model, first, ref->key) ||
		              model_fills(lint->model, ref->name, ref->key)))
			continue;
		if (first) {
			subject.node = ref->key_node;
			subject.severity = ref->of_mount ? SEVERITY_WARNING : SEVERITY_ERROR;
			finding = lint_add(
				lint, rule, &subject,
				str_printf(lint->arena, "%s/%s", TEXT(ref->name), TEXT(ref->key)),
				str_printf(lint->arena,
			                   "%s wants key %s of config map \"%s\", which it does "
			                   "not have%s",
			                   ref->use, TEXT(ref->key), TEXT(ref->name),
			                   ref->of_mount ? ": an empty folder is mounted" : ""));
			lint_missed_ref(lint, finding, ref, ref->key);
			continue;
		}
		if (model_mentions(lint->model, ref->name) ||
		    model_operator_owns(lint->model, ref->ns, ref->name))
			continue;
		if (origin_class(ref->resource->source, ref->node, 0, 0) == WRITTEN_VALUES)
			subject.severity = SEVERITY_INFO;
		finding = lint_add(
			lint, rule, &subject, ref->name,
			str_printf(
				lint->arena,
				"%s wants %s \"%s\", which nothing rendered makes in namespace %s",
				ref->use, kind_text(ref->kind), TEXT(ref->name), TEXT(ref->ns)));
		lint_missed_ref(lint, finding, ref, S(""));
	}
}

static bool has_volume(const Workload *workload, Str name)
{
	const Node *volumes = node_at(workload->pod_spec, "volumes"),
		   *claims = node_at(workload->resource->spec, "volumeClaimTemplates");

	for (size_t i = 0; i < node_count(volumes); i++)
		if (str_eq(node_text_at(node_item(volumes, i), "name"), name))
			return true;
	for (size_t i = 0; i < node_count(claims); i++)
		if (str_eq(node_text_at(node_at(node_item(claims, i), "metadata"), "name"), name))
			return true;
	return false;
}

// What the API server refuses: a mount of a volume that the pod does not have. An operator may add it to its own kinds.
static void check_mounts(Lint *lint, const Rule *rule, Container *container)
{
	const Node *mounts = node_at(container->node, "volumeMounts");

	for (size_t i = 0; mounts && mounts->kind == NODE_SEQUENCE && i < node_count(mounts); i++) {
		const Node *name = node_at(node_item(mounts, i), "name");
		Subject subject = {.resource = container->workload->resource,
		                   .workload = container->workload,
		                   .container = container,
		                   .node = name,
		                   .severity = SEVERITY_ERROR};
		if (!node_text(name).len || is_no_name(node_text(name)) ||
		    has_volume(container->workload, node_text(name)))
			continue;
		lint_add(
			lint, rule, &subject, node_text(name),
			str_printf(lint->arena,
		                   "container %s mounts volume \"%s\", which the pod does not have",
		                   TEXT(container->name), TEXT(node_text(name))));
	}
}

static bool is_port_name(Str port)
{
	int64_t number;

	return port.len && !is_no_name(port) && num_parse_int(port, 10, 32, &number) != NUM_OK;
}

static bool names_port(const Container *container, Str port)
{
	for (size_t i = 0; i < container->port_count; i++)
		if (str_eq(container->ports[i].name, port))
			return true;
	return false;
}

// A probe knows its own container's ports only.
static void check_probes(Lint *lint, const Rule *rule, Container *container)
{
	static const char *const probes[] = {"livenessProbe", "readinessProbe", "startupProbe"};
	static const char *const actions[] = {"httpGet", "tcpSocket"};

	for (size_t i = 0; i < 6; i++) {
		const Node *probe = node_at(container->node, probes[i / 2]),
			   *port = node_at(node_at(probe, actions[i % 2]), "port");
		Subject subject = {.resource = container->workload->resource,
		                   .workload = container->workload,
		                   .container = container,
		                   .node = port,
		                   .severity = SEVERITY_ERROR};
		if (!is_port_name(node_text(port)) || names_port(container, node_text(port)))
			continue;
		lint_add(lint, rule, &subject, node_text(port),
		         str_printf(lint->arena,
		                    "the %s of container %s asks port \"%s\", and the container "
		                    "has none of that name",
		                    probes[i / 2], TEXT(container->name), TEXT(node_text(port))));
	}
}

static bool some_pod_names(const Service *service, Str port)
{
	for (size_t i = 0; i < service->backends.len; i++) {
		const Workload *workload = service->backends.items[i];
		if (workload->resource->custom)
			return true; // its operator may add to it
		for (size_t j = 0; j < workload->container_count; j++)
			if (names_port(&workload->containers[j], port))
				return true;
	}
	return false;
}

// Of a headless service the names lead to the pods whatever its ports say.
static void check_service_targets(Lint *lint, const Rule *rule, const Service *service)
{
	for (size_t i = 0; i < service->port_count && service->backends.len && !service->headless;
	     i++) {
		Str target = service->ports[i].target;
		Subject subject = {.resource = service->resource,
		                   .node = node_at(service->ports[i].node, "targetPort")};
		if (!subject.node || !is_port_name(target) || some_pod_names(service, target))
			continue;
		lint_add(lint, rule, &subject, target,
		         str_printf(lint->arena,
		                    "the service sends port %lld to port \"%s\", and no container "
		                    "of the pods it selects has one of that name",
		                    (long long)service->ports[i].number, TEXT(target)));
	}
}

static void check_reference(Lint *lint, const Rule *rule)
{
	check_refs(lint, rule);
	for (size_t i = 0; i < lint->model->services.len; i++)
		check_service_targets(lint, rule, lint->model->services.items[i]);
	for (size_t i = 0; i < lint->model->workloads.len; i++) {
		Workload *workload = lint->model->workloads.items[i];
		for (size_t j = 0; !workload->resource->custom && j < workload->container_count;
		     j++) {
			check_mounts(lint, rule, &workload->containers[j]);
			check_probes(lint, rule, &workload->containers[j]);
		}
	}
	targets_check(lint, rule);
}

static bool has_own_selector(const Resource *resource)
{
	return str_has_prefix(resource->api_version, S("apps/")) ||
	       str_has_prefix(resource->api_version, S("extensions/"));
}

static void report_nearly(Lint *lint, const Rule *rule, Resource *resource, const Node *selector,
                          const char *what, NearLabels *labels)
{
	Subject subject = {.resource = resource, .node = selector, .severity = SEVERITY_WARNING};
	Nearly n = nearly_selected(labels, resource->ns, selector);

	// The instance or the name being different, it is simply another application's pods.
	if (!n.found || model_operator_owns(lint->model, resource->ns, resource->name))
		return;
	if (!n.slip &&
	    ((!n.have.len && !str_has_prefix(n.key, S("app.kubernetes.io/"))) ||
	     str_has_suffix(n.key, S("component")) || str_has_suffix(n.key, S("/name")) ||
	     str_is(n.key, "app") || str_contains(n.key, S("role"))))
		return;
	lint_add(lint, rule, &subject, n.key,
	         str_printf(lint->arena, "%s selects no pod: it wants %s: %s, and %s has %s%s",
	                    what, TEXT(n.key), TEXT(n.wanted), TEXT(n.found->what),
	                    n.have.len ? "" : "no such label", TEXT(n.have)));
}

static void check_service_selector(Lint *lint, const Rule *rule, const Service *service,
                                   NearLabels *labels)
{
	if (service->no_selector || service->backends.len || service->has_endpoints)
		return;
	report_nearly(
		lint, rule, service->resource, service->selector,
		TEXT(str_printf(lint->arena, "service \"%s\"", TEXT(service->resource->name))),
		labels);
}

static bool is_found(void *context, Workload *workload)
{
	(void)workload;
	*(bool *)context = true;
	return false;
}

// A budget or a policy that holds for no pod of the render, though it nearly holds for some.
static void check_pod_selector(Lint *lint, const Rule *rule, Resource *resource,
                               const Node *selector, const char *what, NearLabels *labels)
{
	const Node *match = node_at(selector, "matchLabels");
	bool found = false;

	if (node_at(selector, "matchExpressions"))
		return;
	model_select(lint->model, resource->ns, match, is_found, &found);
	if (!found)
		report_nearly(lint, rule, resource, match, what, labels);
}

static void check_selector(Lint *lint, const Rule *rule)
{
	NearLabels *labels = near_labels_new(lint->model);

	for (size_t i = 0; i < lint->model->workloads.len; i++) {
		const Workload *workload = lint->model->workloads.items[i];
		const Node *selector = node_at(workload->resource->spec, "selector");
		Subject subject = {
			.resource = workload->resource, .workload = workload, .node = selector};
		if (!has_own_selector(workload->resource) || !selector ||
		    selector_matches(selector, workload->labels))
			continue;
		lint_add(lint, rule, &subject, S("selector"),
		         str_printf(lint->arena,
		                    "the selector of %s does not match the labels of its own pods: "
		                    "the API server refuses it",
		                    TEXT(workload->what)));
	}
	for (size_t i = 0; i < lint->model->services.len; i++)
		check_service_selector(lint, rule, lint->model->services.items[i], labels);
	for (size_t i = 0; i < lint->model->resources.len; i++) {
		Resource *resource = lint->model->resources.items[i];
		if (str_is(resource->kind, "PodDisruptionBudget"))
			check_pod_selector(lint, rule, resource,
			                   node_at(resource->spec, "selector"),
			                   "the disruption budget", labels);
		else if (str_is(resource->kind, "NetworkPolicy") && !resource->custom)
			check_pod_selector(lint, rule, resource,
			                   node_at(resource->spec, "podSelector"),
			                   "the network policy", labels);
	}
}

static const struct {
	const char *version, *kind, *removed, *instead;
} removed_apis[] = {
	{"extensions/v1beta1", "Deployment", "1.16", "apps/v1"},
	{"extensions/v1beta1", "DaemonSet", "1.16", "apps/v1"},
	{"extensions/v1beta1", "ReplicaSet", "1.16", "apps/v1"},
	{"extensions/v1beta1", "NetworkPolicy", "1.16", "networking.k8s.io/v1"},
	{"extensions/v1beta1", "PodSecurityPolicy", "1.16", "Pod Security Admission"},
	{"extensions/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"},
	{"apps/v1beta1", "", "1.16", "apps/v1"},
	{"apps/v1beta2", "", "1.16", "apps/v1"},
	{"networking.k8s.io/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"},
	{"networking.k8s.io/v1beta1", "IngressClass", "1.22", "networking.k8s.io/v1"},
	{"batch/v1beta1", "CronJob", "1.25", "batch/v1"},
	{"batch/v2alpha1", "CronJob", "1.21", "batch/v1"},
	{"policy/v1beta1", "PodDisruptionBudget", "1.25", "policy/v1"},
	{"policy/v1beta1", "PodSecurityPolicy", "1.25", "Pod Security Admission"},
	{"autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.25", "autoscaling/v2"},
	{"autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.26", "autoscaling/v2"},
	{"rbac.authorization.k8s.io/v1beta1", "", "1.22", "rbac.authorization.k8s.io/v1"},
	{"rbac.authorization.k8s.io/v1alpha1", "", "1.22", "rbac.authorization.k8s.io/v1"},
	{"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.22",
         "apiextensions.k8s.io/v1"},
	{"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", "1.22",
         "admissionregistration.k8s.io/v1"},
	{"admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", "1.22",
         "admissionregistration.k8s.io/v1"},
	{"apiregistration.k8s.io/v1beta1", "APIService", "1.22", "apiregistration.k8s.io/v1"},
	{"certificates.k8s.io/v1beta1", "CertificateSigningRequest", "1.22",
         "certificates.k8s.io/v1"},
	{"coordination.k8s.io/v1beta1", "Lease", "1.22", "coordination.k8s.io/v1"},
	{"scheduling.k8s.io/v1beta1", "PriorityClass", "1.22", "scheduling.k8s.io/v1"},
	{"storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.27", "storage.k8s.io/v1"},
	{"storage.k8s.io/v1beta1", "StorageClass", "1.22", "storage.k8s.io/v1"},
	{"storage.k8s.io/v1beta1", "CSIDriver", "1.22", "storage.k8s.io/v1"},
	{"storage.k8s.io/v1beta1", "VolumeAttachment", "1.22", "storage.k8s.io/v1"},
	{"discovery.k8s.io/v1beta1", "EndpointSlice", "1.25", "discovery.k8s.io/v1"},
	{"events.k8s.io/v1beta1", "Event", "1.25", "events.k8s.io/v1"},
	{"node.k8s.io/v1beta1", "RuntimeClass", "1.25", "node.k8s.io/v1"},
	{"flowcontrol.apiserver.k8s.io/v1beta1", "", "1.26", "flowcontrol.apiserver.k8s.io/v1"},
	{"flowcontrol.apiserver.k8s.io/v1beta2", "", "1.29", "flowcontrol.apiserver.k8s.io/v1"},
	{"flowcontrol.apiserver.k8s.io/v1beta3", "", "1.32", "flowcontrol.apiserver.k8s.io/v1"},
};

// Whether the chart chooses the version by what the cluster serves: then this one is meant for older ones. What is
// rendered without a cluster says nothing of it, since only a cluster lists "policy/v1/PodDisruptionBudget".
static bool is_chosen_by_cluster(const Lint *lint, const Resource *resource, const Node *version)
{
	const Cause *cause = cause_at(resource->source->text, version->start.offset);

	for (; cause; cause = cause->outer)
		if (cause->kind == CAUSE_IF &&
		    str_contains(cause_source(lint->arena, cause), S(".APIVersions")))
			return true;
	return false;
}

static void check_api(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->resources.len; i++) {
		Resource *resource = lint->model->resources.items[i];
		Subject subject = {.resource = resource,
		                   .node = node_at(resource->node, "apiVersion")};
		for (size_t j = 0; j < sizeof removed_apis / sizeof *removed_apis; j++) {
			if (!str_is(resource->api_version, removed_apis[j].version) ||
			    (*removed_apis[j].kind &&
			     !str_is(resource->kind, removed_apis[j].kind)))
				continue;
			if (is_chosen_by_cluster(lint, resource, subject.node))
				break;
			lint_add(lint, rule, &subject, resource->api_version,
			         str_printf(lint->arena,
			                    "%s of %s is gone since Kubernetes %s: use %s",
			                    TEXT(resource->kind), TEXT(resource->api_version),
			                    removed_apis[j].removed, removed_apis[j].instead));
			break;
		}
	}
}

// ":", "registry.example.com/": values that somebody has to set; "ko://..." is an image only when ko has built it.
static bool lacks_name(Str image)
{
	return image.p[0] == ':' || str_contains(image, S("://")) ||
	       image.p[image.len - 1] == '/' || str_contains(image, S("/:"));
}

static void check_latest(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->workloads.len; i++) {
		Workload *workload = lint->model->workloads.items[i];
		for (size_t j = 0; j < workload->container_count; j++) {
			Container *container = &workload->containers[j];
			Subject subject = {.resource = workload->resource,
			                   .workload = workload,
			                   .container = container,
			                   .node = container->image_node};
			bool digest;
			Str tag = image_tag(container->image, &digest);
			if (!container->image.len || digest || lacks_name(container->image) ||
			    (tag.len && !str_is(tag, "latest")) ||
			    str_is(container->image, "auto") ||
			    str_find_byte(container->image, '$') != STR_NONE ||
			    str_find_byte(container->image, '{') != STR_NONE)
				continue;
			if (workload->resource->hooks & HOOK_TEST)
				subject.severity = SEVERITY_INFO;
			if (tag.len) // whoever wrote the tag may not have written the name
				subject.offset = container->image.len - tag.len;
			lint_add(lint, rule, &subject, image_name(container->image),
			         tag.len ? str_printf(lint->arena,
			                              "image %s follows latest: every restart may "
			                              "bring another version",
			                              TEXT(container->image))
			                 : str_printf(lint->arena,
			                              "image %s has no tag, which means latest: "
			                              "every restart may bring another version",
			                              TEXT(container->image)));
		}
	}
}

// --- Keys that stand twice.

// Where a person finds a node: in its template, or in the manifest that was given.
static Place own_place(const Lint *lint, const Resource *resource, const Node *node)
{
	Place template = lint_origin(resource->source, node, 0, S(""), lint->arena).template;

	return template.file.len ? lint_person_place(lint, template)
	                         : lint_node_place(resource->source, node, 0);
}

// Where keys are read: in a resource, or in a values file.
typedef struct Keys {
	Lint *lint;
	const Rule *rule;
	Resource *resource; // NULL: of a values file
	Told *told;
	Source values;
} Keys;

// Helm reads values as if the first of two were not there.
static void duplicate_value(const Keys *keys, const Node *first, const Node *key)
{
	Place place = lint_node_place(&keys->values, key, 0);

	lint_add_at(keys->lint, keys->rule, (Place){0}, place, node_text(key),
	            str_printf(keys->lint->arena,
	                       "value %s stands twice in the same table, first in line %zu: only "
	                       "the last one counts",
	                       str_to_c(keys->lint->arena, node_text(key)),
	                       lint_node_place(&keys->values, first, 0).line));
}

static void duplicate(const Keys *keys, const Node *first, const Node *key)
{
	Lint *lint = keys->lint;
	Resource *resource = keys->resource;
	const Rule *rule = keys->rule;
	Subject subject = {.resource = resource, .node = key};
	Place there;

	if (!resource) {
		duplicate_value(keys, first, key);
		return;
	}
	there = own_place(lint, resource, first);
	told_once(
		keys->told,
		lint_add(lint, rule, &subject, node_text(key),
	                 str_printf(lint->arena,
	                            "key %s stands twice in the same table, first at %s:%zu: only "
	                            "the last one counts, or it is refused",
	                            TEXT(node_text(key)), TEXT(there.file), there.line)));
}

static void find_duplicates(const Keys *keys, const Node *node, int depth)
{
	Map *seen = NULL;

	if (!node || !node->repeats || depth > 200)
		return;
	if (node->kind == NODE_SEQUENCE) {
		for (size_t i = 0; i < node->len; i++)
			if (node->children[i]->kind != NODE_ALIAS)
				find_duplicates(keys, node->children[i], depth + 1);
		return;
	}
	if (node->kind != NODE_MAPPING)
		return;
	if (node->len > 32)
		seen = map_new(keys->lint->arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i + 1 < node->len; i += 2) {
		const Node *key = node->children[i], *first = NULL;
		if (seen && key->kind == NODE_SCALAR) {
			first = table_get(seen, key->value);
			if (!first)
				table_put(keys->lint->arena, seen, key->value, (void *)key);
		}
		for (size_t j = 0; !seen && j < i && !first; j += 2)
			if (key->kind == NODE_SCALAR && node->children[j]->kind == NODE_SCALAR &&
			    str_eq(key->value, node->children[j]->value))
				first = node->children[j];
		if (first && !str_is(key->value, "<<"))
			duplicate(keys, first, key);
		if (node->children[i + 1]->kind != NODE_ALIAS)
			find_duplicates(keys, node->children[i + 1], depth + 1);
	}
}

static void find_duplicate_values(Lint *lint, const Rule *rule, Str name)
{
	const LintFile *file = table_get(lint->files, name);
	Keys keys = {.lint = lint, .rule = rule, .values = {.name = name}};

	if (!file)
		return;
	keys.values.text = file->text;
	find_duplicates(&keys, lint_document(lint, name), 0);
}

static void find_duplicate_variables(Told *told, const Rule *rule, Container *container)
{
	Lint *lint = told->lint;
	Map *seen = map_new(lint->arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < container->env_count; i++) {
		const EnvVar *var = &container->env[i];
		Subject subject = {.resource = container->workload->resource,
		                   .workload = container->workload,
		                   .container = container,
		                   .node = var->node,
		                   .severity = SEVERITY_WARNING};
		if (!map_get(seen, var->name)) {
			map_set(lint->arena, seen, var->name, value_bool(true));
			continue;
		}
		told_once(told, lint_add(lint, rule, &subject, var->name,
		                         str_printf(lint->arena,
		                                    "environment variable %s stands twice in "
		                                    "container %s: only the last one counts",
		                                    TEXT(var->name), TEXT(container->name))));
	}
}

// Items of one name in a list that is one by names: the API server refuses the pod.
static void find_twins(Told *told, const Rule *rule, Workload *workload, const Node *list,
                       const char *what)
{
	Lint *lint = told->lint;

	for (size_t i = 1; list && list->kind == NODE_SEQUENCE && i < node_count(list); i++) {
		const Node *name = node_at(node_item(list, i), "name");
		Subject subject = {
			.resource = workload->resource, .workload = workload, .node = name};
		for (size_t j = 0; j < i && node_text(name).len; j++) {
			if (!str_eq(node_text_at(node_item(list, j), "name"), node_text(name)))
				continue;
			told_once(told, lint_add(lint, rule, &subject,
			                         str_printf(lint->arena, "%s %s", what,
			                                    TEXT(node_text(name))),
			                         str_printf(lint->arena,
			                                    "%s %s stands twice in the list: "
			                                    "the object is refused",
			                                    what, TEXT(node_text(name)))));
			break;
		}
	}
}

static void find_twins_of_pod(Told *told, const Rule *rule, Workload *workload)
{
	find_twins(told, rule, workload, node_at(workload->pod_spec, "volumes"), "volume");
	find_twins(told, rule, workload, node_at(workload->pod_spec, "containers"), "container");
	find_twins(told, rule, workload, node_at(workload->pod_spec, "initContainers"),
	           "init container");
	for (size_t i = 0; i < workload->container_count; i++)
		find_twins(told, rule, workload, node_at(workload->containers[i].node, "ports"),
		           "port");
}

static void check_duplicates(Lint *lint, const Rule *rule)
{
	Told told = told_new(lint);

	for (size_t i = 0; i < lint->model->resources.len; i++) {
		Keys keys = {.lint = lint,
		             .rule = rule,
		             .resource = lint->model->resources.items[i],
		             .told = &told};
		find_duplicates(&keys, keys.resource->node, 0);
	}
	for (size_t i = 0; i < lint->value_file_count; i++)
		find_duplicate_values(lint, rule, lint->value_files[i]);
	for (size_t i = 0; i < lint->model->workloads.len; i++) {
		Workload *workload = lint->model->workloads.items[i];
		for (size_t j = 0; j < workload->container_count; j++)
			find_duplicate_variables(&told, rule, &workload->containers[j]);
		if (!workload->resource->custom)
			find_twins_of_pod(&told, rule, workload);
	}
	told_all(&told);
}

const Rule reference_rules[] = {
	{"duplicate-key", SEVERITY_ERROR, "a key that stands twice",
         "Strict readers refuse the object; others keep one of the two without a word.",
         "Remove one of them.", check_duplicates},
	{"selector-mismatch", SEVERITY_ERROR, "a selector that misses its pods",
         "A workload whose selector does not match its own pods is refused; a service that selects "
         "nothing never answers.",
         "Take selector and labels from the same helper.", check_selector},
	{"reference-missing", SEVERITY_WARNING,
         "a config map, claim, service account, role, routed service or named port that is not "
         "there",
         "The pod is not started until somebody makes it by hand; a route to nothing answers 503, "
         "an autoscaler without its workload scales nothing, a binding without its role allows "
         "nothing, a probe of a port that no container names fails.",
         "Render it, correct the name, or declare it under outside in .cleat.yaml.",
         check_reference},
	{"deprecated-api", SEVERITY_ERROR, "an API version that Kubernetes no longer serves",
         "The API server refuses the object.",
         "Use the version that took its place, by .Capabilities.APIVersions where old "
         "clusters count.",
         check_api},
	{"latest-tag", SEVERITY_WARNING, "an image without a fixed version",
         "Two pods of one Deployment may run different versions, and a rollback brings back "
         "nothing.",
         "Name a version, or pin a digest.", check_latest},
	{0},
};
