// Waits that can never come true.

#include "k8s/policies.h"
#include "k8s/tools.h"
#include "lint/images.h"
#include "lint/lint.h"
#include "lint/missing.h"
#include "lint/starts.h"

#include <stdio.h>
#include <string.h>

// Names that are looked at for a near one.
#define NEAR_LIMIT 200

#define TEXT(s) str_to_c(lint->arena, (s))

// How the container is called in a sentence.
static const char *container_text(Lint *lint, const Wait *wait)
{
	Str name = wait->container->name;

	if (!name.len) // Argo's script
		return "the container";
	return TEXT(str_printf(lint->arena,
	                       wait->container->kind == CONTAINER_INIT ? "init container %s"
	                                                               : "container %s",
	                       TEXT(name)));
}

// What comes of it: "the pod stays in Init:0/2".
static const char *outcome(Lint *lint, const Wait *wait)
{
	size_t inits = 0, before = 0;

	if (wait->gives_up)
		return "it goes on without after its last try";
	if (wait->container->kind != CONTAINER_INIT)
		return "the pod stays not ready";
	for (size_t i = 0; i < wait->workload->container_count; i++) {
		const Container *container = &wait->workload->containers[i];
		if (container->kind != CONTAINER_INIT && container->kind != CONTAINER_SIDECAR)
			continue;
		inits++;
		before += container->order < wait->container->order;
	}
	return str_to_c(lint->arena,
	                str_printf(lint->arena, "the pod stays in Init:%zu/%zu", before, inits));
}

static const char *target_text(Lint *lint, const Wait *wait)
{
	if (wait->port > 0)
		return str_to_c(lint->arena, str_printf(lint->arena, "%s:%lld", TEXT(wait->host),
		                                        (long long)wait->port));
	return TEXT(wait->host);
}

static Str wait_about(Lint *lint, const Wait *wait)
{
	return str_printf(lint->arena, "%s %s", TEXT(wait->tool), target_text(lint, wait));
}

// The service of that name in another namespace, or the nearest name in this one.
static Str hint_for_missing(Lint *lint, const Wait *wait)
{
	const Service *elsewhere = table_get(lint->model->service_names, wait->service_name);
	const Namespace *ns = model_namespace(lint->model, wait->ns);
	Str names[NEAR_LIMIT], nearest;
	size_t count = 0;

	if (elsewhere)
		return str_printf(lint->arena, "; there is one in namespace %s: write %s.%s",
		                  TEXT(elsewhere->resource->ns), TEXT(wait->service_name),
		                  TEXT(elsewhere->resource->ns));
	for (; ns && count < ns->services.len && count < NEAR_LIMIT; count++)
		names[count] = ns->services.items[count]->resource->name;
	nearest = str_nearest(wait->service_name, names, count);
	return nearest.len ? str_printf(lint->arena, " (did you mean \"%s\"?)", TEXT(nearest))
	                   : S("");
}

static Severity careful(const Wait *wait, Severity severity)
{
	if (!wait->in_render_ns)
		return SEVERITY_INFO;
	return wait->conditional && severity == SEVERITY_ERROR ? SEVERITY_WARNING : severity;
}

// "app=db" or "app==db"; false for what is not understood.
static bool read_term(Str term, Str *key, Str *value)
{
	size_t equals = str_find_byte(term, '=');

	if (equals == STR_NONE || !equals || term.p[equals - 1] == '!')
		return false;
	*key = str_trim_ascii(str_to(term, equals));
	*value = str_from(term, equals + 1);
	*value = str_trim_ascii(str_from(*value, value->len && value->p[0] == '='));
	for (size_t i = 0; i < term.len; i++)
		if (term.p[i] == MODEL_UNKNOWN || term.p[i] == '$' || term.p[i] == '(')
			return false;
	return true;
}

// Whether labels say all of "app=db,tier==back"; true, too, for what is not understood.
static bool label_query_matches(Str selector, const Node *labels)
{
	Str term, key, value;

	while (str_cut(&selector, S(","), &term)) {
		if (!read_term(term, &key, &value))
			return true;
		if (!labels || labels->kind != NODE_MAPPING || !node_get(labels, key) ||
		    !str_eq(node_text(node_get(labels, key)), value))
			return false;
	}
	return true;
}

// Whether the wait's own script labels objects with what it selects by: kubectl label pod "$HOSTNAME" role=master
static bool labels_itself(const Wait *wait)
{
	Str rest = wait->spot.node ? wait->spot.node->value : S(""), line;
	size_t equals = str_find_byte(wait->selector, '=');
	Str key = equals == STR_NONE ? wait->selector : str_to(wait->selector, equals);

	while (key.len && str_line(&rest, &line)) {
		size_t verb = str_find(line, S(" label "));
		if (verb != STR_NONE && str_contains(str_from(line, verb), key))
			return true;
	}
	return false;
}

static bool anything_selected(const Model *model, const Wait *wait)
{
	bool pods = str_is(wait->object_kind, "Pod");
	const Namespace *ns = model_namespace(model, wait->ns);
	Str rest = wait->selector, term, key, value;
	Workload *const *workloads;
	size_t count;

	if (!pods && !str_is(wait->object_kind, "Job") &&
	    !str_is(wait->object_kind, "Deployment") && !str_is(wait->object_kind, "StatefulSet"))
		return true;
	if (model->custom.len) // what an operator labels is not known
		return true;
	workloads = ns ? ns->workloads.items : NULL;
	count = ns ? ns->workloads.len : 0;
	str_cut(&rest, S(","), &term);
	if (pods && read_term(term, &key, &value)) {
		const Service *labelled = table_get(model->pods_by_label,
		                                    model_key(model->arena, wait->ns, key, value));
		workloads = labelled ? labelled->backends.items : NULL;
		count = labelled ? labelled->backends.len : 0;
	}
	for (size_t i = 0; i < count; i++) {
		const Workload *workload = workloads[i];
		const Resource *resource = workload->resource;
		if (!pods && !str_eq(resource->kind, wait->object_kind))
			continue;
		if (label_query_matches(wait->selector,
		                        pods ? workload->labels
		                             : node_at(resource->metadata, "labels")))
			return true;
	}
	return false;
}

// kubectl wait for what a selector picks: without any it fails at once, and again.
static void check_selected(Lint *lint, const Rule *rule, const Wait *wait)
{
	Subject subject = subject_of_wait(wait);

	if (!wait->selector.len || !wait->in_render_ns || labels_itself(wait) ||
	    anything_selected(lint->model, wait))
		return;
	subject.severity = careful(wait, rule->severity);
	lint_add(lint, rule, &subject, wait_about(lint, wait),
	         str_printf(lint->arena,
	                    "%s waits for a %s with %s, and nothing rendered has these labels in "
	                    "namespace %s: %s",
	                    container_text(lint, wait), TEXT(wait->object_kind),
	                    TEXT(wait->selector), TEXT(wait->ns), outcome(lint, wait)));
}

static void check_missing_object(Lint *lint, const Rule *rule, const Wait *wait)
{
	Subject subject = subject_of_wait(wait);
	const char *kind =
		str_is(wait->object_kind, "Endpoints") ? "Service" : TEXT(wait->object_kind);
	Finding *finding;

	if (wait->all_objects) {
		check_selected(lint, rule, wait);
		return;
	}
	if (!wait_is_missing(lint->model, lint->settings, wait))
		return;
	subject.severity = careful(wait, rule->severity);
	finding = lint_add(lint, rule, &subject, wait_about(lint, wait),
	                   str_printf(lint->arena,
	                              "%s waits for %s/%s, and nothing rendered is a %s of that "
	                              "name in namespace %s: %s",
	                              container_text(lint, wait), TEXT(wait->object_kind),
	                              TEXT(wait->object_name), kind, TEXT(wait->ns),
	                              outcome(lint, wait)));
	lint_missed(lint, finding,
	            (LeftOut){.kind = str_c(kind), .ns = wait->ns, .name = wait->object_name});
}

// "postgresql.external.host: postgresql.data.svc.cluster.local": somebody says that it is another release's.
static bool is_said_external(const Wait *wait, const Finding *finding)
{
	Str path = finding->values_path;
	size_t dot = str_find_byte(wait->host, '.');

	return dot != STR_NONE &&
	       (str_contains(path, S("external")) || str_contains(path, S("External")));
}

static void check_missing(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		Subject subject = subject_of_wait(wait);
		Finding *finding;
		if (wait->kind == WAIT_KUBE) {
			check_missing_object(lint, rule, wait);
			continue;
		}
		if (!wait_is_missing(lint->model, lint->settings, wait))
			continue;
		subject.severity = careful(wait, rule->severity);
		finding = lint_add(
			lint, rule, &subject, wait_about(lint, wait),
			str_printf(lint->arena,
		                   "%s waits for %s, and nothing rendered is a service \"%s\" in "
		                   "namespace %s%s: %s",
		                   container_text(lint, wait), target_text(lint, wait),
		                   TEXT(wait->service_name), TEXT(wait->ns),
		                   TEXT(hint_for_missing(lint, wait)), outcome(lint, wait)));
		if (finding->severity == SEVERITY_ERROR && is_said_external(wait, finding))
			finding->severity = SEVERITY_WARNING;
		lint_missed(lint, finding,
		            (LeftOut){.kind = S("Service"),
		                      .ns = wait->ns,
		                      .name = wait->service_name});
	}
}

static void check_port(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		const Service *service = wait->service;
		const ServicePort *target;
		Subject subject = subject_of_wait(wait);
		if (!service || wait->port <= 0 || !service->port_count || service->from_knative ||
		    str_is(service->type, "ExternalName") ||
		    service_has_port(lint->model, wait->service, wait->port, &target))
			continue;
		if (service->headless && service->no_selector)
			continue;
		subject.severity = careful(wait, rule->severity);
		lint_add(lint, rule, &subject, wait_about(lint, wait),
		         target ? str_printf(lint->arena,
		                             "%s waits for port %lld of service \"%s\", which is "
		                             "its target port: the service listens on %lld",
		                             container_text(lint, wait), (long long)wait->port,
		                             TEXT(service->resource->name),
		                             (long long)target->number)
		                : str_printf(
					  lint->arena,
					  "%s waits for port %lld of service \"%s\", which has %s",
					  container_text(lint, wait), (long long)wait->port,
					  TEXT(service->resource->name),
					  TEXT(service_ports(lint->arena, service, true))));
	}
}

static void check_empty(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		const Service *service = wait->service;
		const Workload *zero;
		Subject subject = subject_of_wait(wait);
		if (!service || service->served || service->no_selector || service->has_endpoints ||
		    service->from_knative || str_is(service->type, "ExternalName") ||
		    (wait->kind == WAIT_NAME && !service->headless) ||
		    wait_is_outside(lint->settings, wait) ||
		    model_operator_owns(lint->model, wait->ns, service->resource->name))
			continue;
		zero = service->resting;
		subject.severity = careful(wait, rule->severity);
		lint_add(lint, rule, &subject, wait_about(lint, wait),
		         zero ? str_printf(lint->arena,
		                           "%s waits for %s, and all that service \"%s\" selects "
		                           "is %s, which %s",
		                           container_text(lint, wait), target_text(lint, wait),
		                           TEXT(service->resource->name), TEXT(zero->what),
		                           zero->suspended ? "is suspended" : "is scaled to zero")
		              : str_printf(lint->arena,
		                           "%s waits for %s, and the selector of service \"%s\" "
		                           "matches no pod of the render",
		                           container_text(lint, wait), target_text(lint, wait),
		                           TEXT(service->resource->name)));
	}
}

static void check_cycle(Lint *lint, const Rule *rule)
{
	Starts *starts = starts_new(lint->arena, lint->model);
	StartCycle cycle;

	while (starts_next_cycle(starts, &cycle)) {
		Buf path = buf_new(lint->arena);
		Subject subject = subject_of_wait(cycle.waits[0]);
		Str about;
		for (size_t i = 0; i < cycle.len; i++)
			buf_printf(&path, "%s%s", i ? " waits for " : "",
			           TEXT(cycle.waits[i]->workload->what));
		about = str_copy(lint->arena, buf_view(&path));
		if (cycle.len == 1)
			lint_add(lint, rule, &subject, about,
			         str_printf(lint->arena,
			                    "%s waits for its own service %s before it starts: it "
			                    "never will",
			                    TEXT(cycle.waits[0]->workload->what),
			                    target_text(lint, cycle.waits[0])));
		else
			lint_add(lint, rule, &subject, about,
			         str_printf(lint->arena,
			                    "%s waits for %s: none of them ever starts",
			                    TEXT(buf_view(&path)),
			                    TEXT(cycle.waits[0]->workload->what)));
	}
}

// When a resource is applied: hooks before, the release, hooks after; inside each by weight.
static int phase_of(const Resource *resource)
{
	if (resource->hooks & HOOK_PRE)
		return -1;
	if (resource->hooks & HOOK_POST)
		return 1;
	return 0;
}

static const char *phase_text(Lint *lint, const Resource *resource)
{
	int phase = phase_of(resource);

	if (!phase)
		return "installed with the release";
	return str_to_c(lint->arena, str_printf(lint->arena, "a %s hook of weight %lld",
	                                        phase < 0 ? "pre-install" : "post-install",
	                                        (long long)resource->hook_weight));
}

// Whether `late` comes only after `early`, which blocks what comes later, has ended.
static bool comes_after(const Resource *late, const Resource *early)
{
	if (phase_of(late) != phase_of(early))
		return phase_of(late) > phase_of(early);
	return phase_of(late) && late->hook_weight > early->hook_weight;
}

// The first of what a wait needs that comes too late for it.
static const Resource *too_late(const Wait *wait, bool waves)
{
	const Resource *own = wait->workload->resource, *late = NULL;
	const Service *service = wait->service;

	if (!service)
		return NULL;
	if (waves ? (service->resource->wave > own->wave &&
	             phase_of(service->resource) == phase_of(own))
	          : comes_after(service->resource, own))
		return service->resource;
	for (size_t i = 0; i < service->backends.len; i++) {
		const Resource *backend = service->backends.items[i]->resource;
		if (waves ? !(backend->wave > own->wave && phase_of(backend) == phase_of(own))
		          : !comes_after(backend, own))
			return NULL;
		late = backend;
	}
	return late;
}

static const Resource *late_object(const Lint *lint, const Wait *wait)
{
	const Resource *object;

	if (wait->kind != WAIT_KUBE || !wait->object_kind.len || !wait->object_name.len)
		return NULL;
	object = model_resource(lint->model, str_to_c(lint->arena, wait->object_kind), wait->ns,
	                        wait->object_name);
	return object && comes_after(object, wait->workload->resource) ? object : NULL;
}

static void check_hooks(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		const Resource *own = wait->workload->resource, *late;
		Subject subject = subject_of_wait(wait);
		bool hook_blocks = str_is(own->kind, "Job") || str_is(own->kind, "Pod");
		if (own->hooks & (HOOK_DELETE | HOOK_TEST) || own->pre_upgrade_only)
			continue;
		late = too_late(wait, false);
		if (!late)
			late = late_object(lint, wait);
		if (late && !late->pre_upgrade_only && !(late->hooks & (HOOK_DELETE | HOOK_TEST)) &&
		    (!own->hooks || hook_blocks)) {
			subject.severity = own->hooks ? SEVERITY_ERROR : SEVERITY_WARNING;
			lint_add(lint, rule, &subject, wait_about(lint, wait),
			         own->hooks
			                 ? str_printf(lint->arena,
			                              "%s is %s and waits for %s, but %s/%s is %s: "
			                              "neither ever comes",
			                              TEXT(wait->workload->what),
			                              phase_text(lint, own),
			                              target_text(lint, wait), TEXT(late->kind),
			                              TEXT(late->name), phase_text(lint, late))
			                 : str_printf(lint->arena,
			                              "%s waits for %s, but %s/%s is %s: with "
			                              "--wait Helm runs it only once %s is ready",
			                              TEXT(wait->workload->what),
			                              target_text(lint, wait), TEXT(late->kind),
			                              TEXT(late->name), phase_text(lint, late),
			                              TEXT(wait->workload->what)));
			continue;
		}
		late = too_late(wait, true);
		if (late && (late->has_wave || own->has_wave))
			lint_add(lint, rule, &subject, wait_about(lint, wait),
			         str_printf(lint->arena,
			                    "%s of sync wave %lld waits for %s, but %s/%s is in "
			                    "wave %lld: Argo CD applies it only once the earlier "
			                    "wave is healthy",
			                    TEXT(wait->workload->what), (long long)own->wave,
			                    target_text(lint, wait), TEXT(late->kind),
			                    TEXT(late->name), (long long)late->wave));
	}
}

// The pods' port behind a service's port.
static int64_t pod_port(const Service *service, const Workload *workload, int64_t port, Str *name)
{
	Str target = S("");

	*name = S("");
	for (size_t i = 0; i < service->port_count; i++)
		if (service->ports[i].number == port)
			target = service->ports[i].target;
	for (size_t i = 0; target.len && i < workload->container_count; i++)
		for (size_t j = 0; j < workload->containers[i].port_count; j++) {
			const ContainerPort *p = &workload->containers[i].ports[j];
			char number[32];
			snprintf(number, sizeof number, "%lld", (long long)p->number);
			if (!str_eq(p->name, target) && !str_is(target, number))
				continue;
			*name = p->name;
			return p->number;
		}
	if (target.len && target.p[0] >= '0' && target.p[0] <= '9') {
		int64_t found = 0;
		for (size_t i = 0; i < target.len && i < 6; i++)
			found = found * 10 + (target.p[i] - '0');
		return found;
	}
	*name = target;
	return service->headless ? port : 0;
}

static void check_policy(Lint *lint, const Rule *rule)
{
	if (!lint->model->policies.len)
		return;
	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		const Resource *policy = NULL;
		Subject subject = subject_of_wait(wait);
		bool egress = false, open = false;
		if (wait->kind != WAIT_TCP || !wait->service || !wait->service->backends.len ||
		    node_bool(node_at(wait->workload->pod_spec, "hostNetwork"), false))
			continue;
		for (size_t j = 0; j < wait->service->backends.len && !open; j++) {
			Str name;
			int64_t port = pod_port(wait->service, wait->service->backends.items[j],
			                        wait->port, &name);
			const Resource *one = policy_blocks(lint->model, wait->workload,
			                                    wait->service->backends.items[j], port,
			                                    name, &egress);
			open = !one;
			policy = one;
		}
		if (open || !policy)
			continue;
		subject.severity = careful(wait, rule->severity);
		lint_add(lint, rule, &subject, wait_about(lint, wait),
		         str_printf(lint->arena, "%s waits for %s, but NetworkPolicy/%s %s",
		                    container_text(lint, wait), target_text(lint, wait),
		                    TEXT(policy->name),
		                    egress ? "lets these pods connect nowhere near it"
		                           : "does not let these pods connect to it"));
	}
}

// What the image has not: the tool itself, or the shell that is to run it. Empty where it has both.
static Str missing_tool(const Wait *wait)
{
	const Container *container = wait->container;
	Str shell = container->command_count ? tool_name(node_text(container->command[0])) : S("");

	if (image_lacks(container->image, shell))
		return shell;
	return image_lacks(container->image, wait->tool) ? wait->tool : S("");
}

static void check_tool(Lint *lint, const Rule *rule)
{
	const Container *last = NULL;
	Str last_tool = S("");

	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		Subject subject = subject_of_wait(wait);
		Str tool = missing_tool(wait);
		if (!tool.len || (wait->container == last && str_eq(tool, last_tool)) ||
		    container_installs(wait->container))
			continue;
		last = wait->container;
		last_tool = tool;
		lint_add(lint, rule, &subject,
		         str_printf(lint->arena, "%s in %s", TEXT(tool),
		                    TEXT(image_name(wait->container->image))),
		         str_printf(lint->arena,
		                    "%s waits with %s, which the image %s does not have: it fails "
		                    "whether or not %s answers",
		                    container_text(lint, wait), TEXT(tool),
		                    TEXT(wait->container->image), target_text(lint, wait)));
	}
}

static Str plural(Lint *lint, Str kind, Str *group)
{
	static const struct {
		const char *kind, *group, *plural;
	} kinds[] = {
		{"Deployment", "apps", "deployments"},
		{"StatefulSet", "apps", "statefulsets"},
		{"DaemonSet", "apps", "daemonsets"},
		{"Job", "batch", "jobs"},
		{"Pod", "", "pods"},
		{"Service", "", "services"},
		{"Secret", "", "secrets"},
		{"ConfigMap", "", "configmaps"},
		{"Endpoints", "", "endpoints"},
	};

	(void)lint;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_is(kind, kinds[i].kind)) {
			*group = str_c(kinds[i].group);
			return str_c(kinds[i].plural);
		}
	return S("");
}

static void check_permission(Lint *lint, const Rule *rule)
{
	static const char *const verbs[] = {"get", "list", "watch"};

	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		Str group, resource, ns = wait->workload->resource->ns;
		Buf missing = buf_new(lint->arena);
		Subject subject = subject_of_wait(wait);
		bool unknown = false, image_tool = str_has_prefix(wait->tool, S("k8s-wait")) ||
		                                   str_has_prefix(wait->tool, S("wait_for"));
		size_t needed = str_is(wait->condition, "") && !image_tool ? 1 : image_tool ? 1 : 3;
		if (wait->kind != WAIT_KUBE ||
		    !(resource = plural(lint, wait->object_kind, &group)).len ||
		    str_find_byte(wait->ns, MODEL_UNKNOWN) != STR_NONE)
			continue;
		for (size_t v = 0; v < needed; v++) {
			ApiRequest request = {verbs[v], group, resource, wait->ns,
			                      wait->object_name};
			Permission may =
				account_may(lint->model, ns, wait->workload->account, &request);
			unknown |= may == PERMISSION_UNKNOWN;
			if (may == PERMISSION_NO)
				buf_printf(&missing, "%s%s", missing.len ? ", " : "", verbs[v]);
		}
		if (unknown || !missing.len)
			continue;
		lint_add(
			lint, rule, &subject, wait_about(lint, wait),
			str_printf(lint->arena,
		                   "%s waits for %s with %s, but service account \"%s\" may not %s "
		                   "%s in namespace %s",
		                   container_text(lint, wait),
		                   wait->object_name.len ? TEXT(wait->object_name) : TEXT(resource),
		                   TEXT(wait->tool), TEXT(wait->workload->account),
		                   TEXT(buf_view(&missing)), TEXT(resource), TEXT(wait->ns)));
	}
}

// Kubernetes ends the pod or its job after a while.
static bool has_deadline(const Workload *workload)
{
	const Node *spec = workload->resource->spec;

	return node_at(workload->pod_spec, "activeDeadlineSeconds") ||
	       node_at(spec, "activeDeadlineSeconds") ||
	       node_at(node_down(spec, "jobTemplate.spec"), "activeDeadlineSeconds");
}

static void check_endless(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->waits.len; i++) {
		const Wait *wait = lint->model->waits.items[i];
		Subject subject = subject_of_wait(wait);
		if (!wait->endless || wait->start || has_deadline(wait->workload))
			continue;
		lint_add(lint, rule, &subject, wait_about(lint, wait),
		         str_printf(
				 lint->arena,
				 "%s waits for %s without limit: if it never comes, nobody is told",
				 container_text(lint, wait), target_text(lint, wait)));
	}
}

const Rule wait_rules[] = {
	{"wait-on-missing-service", SEVERITY_ERROR, "a wait for a service that nothing renders",
         "The name never resolves, so the pod stays in Init for ever, and with it everything that "
         "waits for the pod. It "
         "happens when a service is switched off (or lives elsewhere) and the wait for it is not.",
         "Render the wait only when the service is rendered (wrap the init container in the same "
         "condition), wait for the "
         "service's real name, or declare the host under outside.services in .cleat.yaml.",
         check_missing},
	{"wait-on-wrong-port", SEVERITY_ERROR, "a wait for a port that the service does not have",
         "A service answers on its own ports only. A target port is the pod's: nothing listens "
         "there on the service's address.",
         "Wait for one of the service's ports, best by taking both from the same value.",
         check_port},
	{"wait-on-empty-service", SEVERITY_ERROR, "a wait for a service that no pod stands behind",
         "The name resolves, but no pod ever answers: the selector matches nothing, or only what "
         "is scaled to zero.",
         "Make the service's selector and the pods' labels the same, give the workload a replica, "
         "or do not wait.",
         check_empty},
	{"wait-cycle", SEVERITY_ERROR, "workloads that wait for each other",
         "Each waits for another to be ready before it starts: a deadlock. None of them ever "
         "starts.",
         "Remove one of the waits: let that workload start and try again until the other answers.",
         check_cycle},
	{"wait-crosses-hook", SEVERITY_ERROR, "a wait for what is installed only afterwards",
         "Helm finishes a hook before it goes on, and Argo CD a sync wave: what a hook waits for "
         "must be there before it.",
         "Move the wait behind what it waits for (a post-install hook, a later weight or wave), or "
         "that before it.",
         check_hooks},
	{"wait-blocked-by-policy", SEVERITY_ERROR, "a wait that a network policy forbids",
         "The connection is dropped, so the wait never ends, on clusters whose network enforces "
         "policies.",
         "Allow the connection in the policy: from these pods, to that port.", check_policy},
	{"wait-tool-missing", SEVERITY_ERROR, "a wait with a tool that the image does not have",
         "The shell reports \"not found\", the loop takes that as \"not yet\", and waits for ever.",
         "Use a tool that the image has (nc or wget in busybox), or an image that has the tool.",
         check_tool},
	{"wait-needs-permission", SEVERITY_ERROR,
         "a wait on the Kubernetes API without the permission for it",
         "kubectl is refused each time it asks, so the wait fails or never ends.",
         "Give the pod a service account with a Role that allows get, list and watch on what it "
         "waits for.",
         check_permission},
	{"wait-without-end", SEVERITY_INFO, "a wait that never gives up",
         "When what it waits for does not come, the pod hangs in silence instead of failing with a "
         "reason.",
         "Count the tries and exit with a sentence that names what is missing; Kubernetes tries "
         "again anyway.",
         check_endless},
	{0},
};
