// What other objects name: a route's service, the workload that is scaled, the role that is bound.

#include "lint/targets.h"

#include "base/num.h"
#include "lint/origin_class.h"

#include <string.h>

#define TEXT(s) str_to_c(lint->arena, (s))

bool is_no_name(Str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] == '{' || name.p[i] == '_')
			return true;
	return false;
}

typedef struct Target {
	const char *use, *what; // "a path", "service"
	Resource *resource;     // who names it
	const Node *name;
	Str text; // the name itself, where the node holds more
	Str ns;
} Target;

static bool is_expected(Lint *lint, const Target *target)
{
	// The cluster's own namespaces hold what the cluster made.
	return target->text.len && !is_no_name(target->text) &&
	       !str_is(target->text, "kubernetes") && !str_has_prefix(target->ns, S("kube-")) &&
	       !model_operator_owns(lint->model, target->ns, target->text) &&
	       !lint_service_is_outside(lint, target->ns, target->text);
}

static void missing_target(Lint *lint, const Rule *rule, const Target *target)
{
	Subject subject = {.resource = target->resource, .node = target->name};
	bool service = str_is(str_c(target->what), "service");
	Finding *finding;

	if (!is_expected(lint, target))
		return;
	if (origin_class(target->resource->source, target->name, 0, 0) == WRITTEN_VALUES)
		subject.severity = SEVERITY_INFO;
	finding = lint_add(
		lint, rule, &subject, target->text,
		str_printf(lint->arena,
	                   "%s wants %s \"%s\", which nothing rendered makes in namespace %s",
	                   target->use, target->what, TEXT(target->text), TEXT(target->ns)));
	lint_missed(lint, finding,
	            (LeftOut){.kind = service ? S("Service") : str_c(target->what),
	                      .ns = target->ns,
	                      .name = target->text});
}

static bool declares_port(const Service *service, Str port)
{
	int64_t number = 0;

	for (size_t i = 0; i < service->port_count; i++)
		if (str_eq(service->ports[i].name, port) ||
		    (num_parse_int(port, 10, 32, &number) == NUM_OK &&
		     service->ports[i].number == number))
			return true;
	return !service->port_count; // without ports it is no service that can be judged
}

// A service that is not there, or has no such port; `port` may be NULL.
static void check_service(Lint *lint, const Rule *rule, const Target *target, const Node *port)
{
	const Service *found = model_service(lint->model, target->ns, target->text);
	Subject subject = {.resource = target->resource, .node = port};

	if (!found) {
		missing_target(lint, rule, target);
		return;
	}
	if (!port || found->from_knative || declares_port(found, node_text(port)))
		return;
	lint_add(lint, rule, &subject,
	         str_printf(lint->arena, "%s:%s", TEXT(target->text), TEXT(node_text(port))),
	         str_printf(lint->arena, "%s wants port %s of service \"%s\", which has %s",
	                    target->use, TEXT(node_text(port)), TEXT(target->text),
	                    TEXT(service_ports(lint->arena, found, true))));
}

// networking.k8s.io/v1: {service: {name: x, port: {number: 80}}}; before it: {serviceName: x, servicePort: 80}.
static void check_backend(Lint *lint, const Rule *rule, Resource *ingress, const Node *backend)
{
	const Node *service = node_at(backend, "service"),
		   *name = service ? node_at(service, "name") : node_at(backend, "serviceName"),
		   *port = node_at(service, "port");
	Target target = {"a path of the ingress", "service",  ingress, name,
	                 node_text(name),         ingress->ns};

	port = !service                  ? node_at(backend, "servicePort")
	       : node_at(port, "number") ? node_at(port, "number")
	                                 : node_at(port, "name");
	// The AWS controller's actions are no services.
	if (!str_is(node_text(port), "use-annotation"))
		check_service(lint, rule, &target, port);
}

static void check_ingress(Lint *lint, const Rule *rule, Resource *ingress)
{
	const Node *rules = node_at(ingress->spec, "rules"),
		   *fallback = node_at(ingress->spec, "defaultBackend");

	if (!fallback)
		fallback = node_at(ingress->spec, "backend");
	if (fallback)
		check_backend(lint, rule, ingress, fallback);
	for (size_t i = 0; i < node_count(rules); i++) {
		const Node *paths = node_at(node_at(node_item(rules, i), "http"), "paths");
		for (size_t j = 0; j < node_count(paths); j++)
			check_backend(lint, rule, ingress, node_at(node_item(paths, j), "backend"));
	}
}

// Other kinds that name a service: {name, namespace, port}, or Istio's {host, port: {number}}.
static const struct {
	const char *kind, *path; // see node_each_down
	const char *use;
} service_refs[] = {
	{"HTTPRoute", "spec.rules.[].backendRefs.[]", "a rule of the route"},
	{"GRPCRoute", "spec.rules.[].backendRefs.[]", "a rule of the route"},
	{"TCPRoute", "spec.rules.[].backendRefs.[]", "a rule of the route"},
	{"TLSRoute", "spec.rules.[].backendRefs.[]", "a rule of the route"},
	{"VirtualService", "spec.http.[].route.[].destination", "a route"},
	{"VirtualService", "spec.tcp.[].route.[].destination", "a route"},
	{"VirtualService", "spec.tls.[].route.[].destination", "a route"},
	{"IngressRoute", "spec.routes.[].services.[]", "a route"},
	{"IngressRouteTCP", "spec.routes.[].services.[]", "a route"},
	{"Route", "spec.to", "the route"},
	{"ValidatingWebhookConfiguration", "webhooks.[].clientConfig.service", "the webhook"},
	{"MutatingWebhookConfiguration", "webhooks.[].clientConfig.service", "the webhook"},
	{"APIService", "spec.service", "the API service"},
};

typedef struct Check {
	Lint *lint;
	const Rule *rule;
	Resource *resource;
	const char *use;
} Check;

static void check_service_ref(void *context, const Node *parent, const Node *ref)
{
	const Check *check = context;
	Lint *lint = check->lint;
	Resource *resource = check->resource;
	const Node *host = node_at(ref, "host"), *name = host ? host : node_at(ref, "name"),
		   *port = node_at(ref, "port");
	Str kind = node_text_at(ref, "kind"), ns = node_text_at(ref, "namespace");
	Target target = {check->use, "service",       resource,
	                 name,       node_text(name), ns.len ? ns : resource->ns};
	ClusterName meant;

	(void)parent;
	if (kind.len && !str_is(kind, "Service"))
		return;
	if (host) {
		if (!model_cluster_name(lint->model, target.text, resource->ns, &meant))
			return;
		target.ns = meant.ns;
		target.text = meant.service;
		port = node_at(port, "number");
	}
	if (model_has_namespace(lint->model, target.ns))
		check_service(lint, check->rule, &target, port);
}

static void check_services(Lint *lint, const Rule *rule, Resource *resource)
{
	for (size_t i = 0; i < sizeof service_refs / sizeof *service_refs; i++) {
		Check check = {lint, rule, resource, service_refs[i].use};
		if (str_is(resource->kind, service_refs[i].kind))
			node_each_down(resource->node, service_refs[i].path, check_service_ref,
			               &check);
	}
}

static void check_target(Lint *lint, const Rule *rule, Target target, const Node *ref,
                         const char *const *kinds)
{
	Str kind = node_text_at(ref, "kind");

	target.name = node_at(ref, "name");
	target.text = node_text(target.name);
	target.ns = target.resource->ns;
	for (size_t i = 0; kinds[i]; i++)
		if (kind.len ? str_is(kind, kinds[i]) : !i) { // KEDA's may be left out
			target.what = kinds[i];
			if (!model_resource(lint->model, kinds[i], target.ns, target.text))
				missing_target(lint, rule, &target);
		}
}

void targets_check(Lint *lint, const Rule *rule)
{
	static const char *const scaled[] = {"Deployment", "StatefulSet", "ReplicaSet", NULL};
	static const char *const bound[] = {"Role", NULL};

	for (size_t i = 0; i < lint->model->resources.len; i++) {
		Resource *resource = lint->model->resources.items[i];
		if (str_is(resource->kind, "Ingress") && !resource->custom)
			check_ingress(lint, rule, resource);
		else if (str_is(resource->kind, "HorizontalPodAutoscaler"))
			check_target(lint, rule,
			             (Target){.use = "the autoscaler", .resource = resource},
			             node_at(resource->spec, "scaleTargetRef"), scaled);
		else if (str_is(resource->kind, "ScaledObject"))
			check_target(lint, rule,
			             (Target){.use = "the scaled object", .resource = resource},
			             node_at(resource->spec, "scaleTargetRef"), scaled);
		else if (str_is(resource->kind, "VerticalPodAutoscaler"))
			check_target(lint, rule,
			             (Target){.use = "the autoscaler", .resource = resource},
			             node_at(resource->spec, "targetRef"), scaled);
		else if (str_is(resource->kind, "RoleBinding"))
			check_target(lint, rule,
			             (Target){.use = "the binding", .resource = resource},
			             node_at(resource->node, "roleRef"), bound);
		else
			check_services(lint, rule, resource);
	}
}
