// Reading network policies and roles.

#include "k8s/policies.h"

static Str label_of(const Node *labels, Str key, bool *there)
{
	const Node *value = labels && labels->kind == NODE_MAPPING ? node_get(labels, key) : NULL;

	*there = value != NULL;
	return node_text(value);
}

static bool expression_matches(const Node *expression, const Node *labels)
{
	Str op = node_text_at(expression, "operator"), value;
	const Node *values = node_at(expression, "values");
	bool there, listed = false;

	value = label_of(labels, node_text_at(expression, "key"), &there);
	for (size_t i = 0; i < node_count(values); i++)
		listed |= there && str_eq(node_text(node_item(values, i)), value);
	if (str_is(op, "In"))
		return listed;
	if (str_is(op, "NotIn"))
		return !listed;
	if (str_is(op, "Exists"))
		return there;
	return str_is(op, "DoesNotExist") ? !there : true;
}

bool selector_matches(const Node *selector, const Node *labels)
{
	const Node *match = node_at(selector, "matchLabels"),
		   *expressions = node_at(selector, "matchExpressions");

	for (size_t i = 0; i < node_count(match); i++) {
		bool there;
		Str value = label_of(labels, node_text(node_key(match, i)), &there);
		if (!there || !str_eq(value, node_text(node_value(match, i))))
			return false;
	}
	for (size_t i = 0; i < node_count(expressions); i++)
		if (!expression_matches(node_item(expressions, i), labels))
			return false;
	return true;
}

// Whether a namespace may match a selector. Its labels are known where it is rendered; its name always is.
static bool namespace_may_match(const Model *model, const Node *selector, Str ns)
{
	const Resource *resource = model_resource(model, "Namespace", S(""), ns);
	const Node *match = node_at(selector, "matchLabels");
	const Node *expressions = node_at(selector, "matchExpressions");

	if (!node_count(selector) || !(node_count(match) + node_count(expressions)))
		return true;
	for (size_t i = 0; i < node_count(match); i++) {
		Str key = node_text(node_key(match, i)), value = node_text(node_value(match, i));
		bool there = false;
		if (str_is(key, "kubernetes.io/metadata.name")) {
			if (!str_eq(value, ns))
				return false;
			continue;
		}
		if (!resource)
			continue; // made elsewhere: its labels may be anything
		if (!str_eq(label_of(node_at(resource->metadata, "labels"), key, &there), value) ||
		    !there)
			return false;
	}
	for (size_t i = 0; i < node_count(expressions); i++) {
		const Node *expression = node_item(expressions, i),
			   *values = node_at(expression, "values");
		bool listed = false;
		if (!str_is(node_text_at(expression, "key"), "kubernetes.io/metadata.name")) {
			if (resource &&
			    !expression_matches(expression, node_at(resource->metadata, "labels")))
				return false;
			continue;
		}
		for (size_t j = 0; j < node_count(values); j++)
			listed |= str_eq(node_text(node_item(values, j)), ns);
		if (listed != str_is(node_text_at(expression, "operator"), "In"))
			return false;
	}
	return true;
}

static bool peer_matches(const Model *model, const Resource *policy, const Node *peer,
                         const Workload *other)
{
	const Node *namespaces = node_at(peer, "namespaceSelector"),
		   *pods = node_at(peer, "podSelector");

	if (node_at(peer, "ipBlock"))
		return true; // addresses of pods are not known
	if (namespaces ? !namespace_may_match(model, namespaces, other->resource->ns)
	               : !str_eq(policy->ns, other->resource->ns))
		return false;
	return !pods || selector_matches(pods, other->labels);
}

static bool port_matches(const Node *item, int64_t port, Str port_name)
{
	const Node *wanted = node_at(item, "port");
	int64_t first = node_int(wanted, -1), last = node_int(node_at(item, "endPort"), first);

	if (str_is(node_text_at(item, "protocol"), "UDP") ||
	    str_is(node_text_at(item, "protocol"), "SCTP"))
		return false;
	if (!wanted)
		return true;
	if (first < 0)
		return !port_name.len || str_eq(node_text(wanted), port_name);
	return port >= first && port <= last;
}

static bool rule_allows(const Model *model, const Resource *policy, const Node *rule,
                        const char *peers_key, const Workload *other, int64_t port, Str port_name)
{
	const Node *peers = node_at(rule, peers_key), *ports = node_at(rule, "ports");
	bool peer = !node_count(peers), reaches = !node_count(ports) || port <= 0;

	for (size_t i = 0; i < node_count(peers) && !peer; i++)
		peer = peer_matches(model, policy, node_item(peers, i), other);
	for (size_t i = 0; i < node_count(ports) && !reaches; i++)
		reaches = port_matches(node_item(ports, i), port, port_name);
	return peer && reaches;
}

static bool policy_covers(const Resource *policy, bool egress)
{
	const Node *types = node_at(policy->spec, "policyTypes");

	for (size_t i = 0; i < node_count(types); i++)
		if (str_is(node_text(node_item(types, i)), egress ? "Egress" : "Ingress"))
			return true;
	// Without policyTypes: ingress always, egress where there are rules for it.
	return !types && (!egress || node_at(policy->spec, "egress"));
}

// One direction: a pod that some policy selects may do only what one of those allows.
static const Resource *blocked(const Model *model, const Workload *pod, const Workload *other,
                               bool egress, int64_t port, Str port_name)
{
	const Resource *found = NULL;

	for (size_t i = 0; i < model->policies.len; i++) {
		const Resource *policy = model->policies.items[i];
		const Node *rules = node_at(policy->spec, egress ? "egress" : "ingress");
		if (!str_eq(policy->ns, pod->resource->ns) || !policy_covers(policy, egress) ||
		    !selector_matches(node_at(policy->spec, "podSelector"), pod->labels))
			continue;
		found = policy;
		for (size_t j = 0; j < node_count(rules); j++)
			if (rule_allows(model, policy, node_item(rules, j), egress ? "to" : "from",
			                other, port, port_name))
				return NULL;
	}
	return found;
}

const Resource *policy_blocks(const Model *model, const Workload *from, const Workload *to,
                              int64_t port, Str port_name, bool *egress)
{
	const Resource *policy = blocked(model, from, to, true, port, port_name);

	*egress = policy != NULL;
	return policy ? policy : blocked(model, to, from, false, port, port_name);
}

static bool lists(const Node *list, Str word)
{
	for (size_t i = 0; i < node_count(list); i++) {
		Str item = node_text(node_item(list, i));
		if (str_is(item, "*") || str_eq(item, word))
			return true;
	}
	return false;
}

static bool role_allows(const Resource *role, const ApiRequest *request)
{
	const Node *rules = node_at(role->node, "rules");

	for (size_t i = 0; i < node_count(rules); i++) {
		const Node *rule = node_item(rules, i), *names = node_at(rule, "resourceNames");
		if (lists(node_at(rule, "verbs"), str_c(request->verb)) &&
		    lists(node_at(rule, "resources"), request->resource) &&
		    lists(node_at(rule, "apiGroups"), request->group) &&
		    (!request->name.len || !node_count(names) || lists(names, request->name)))
			return true;
	}
	return false;
}

static bool binds(const Resource *binding, Str account_ns, Str account)
{
	const Node *subjects = node_at(binding->node, "subjects");

	for (size_t i = 0; i < node_count(subjects); i++) {
		const Node *subject = node_item(subjects, i);
		Str kind = node_text_at(subject, "kind"), name = node_text_at(subject, "name");
		Str ns = node_text_at(subject, "namespace");
		if (str_is(kind, "ServiceAccount") && str_eq(name, account) &&
		    (!ns.len || str_eq(ns, account_ns)))
			return true;
		if (str_is(kind, "Group") && (str_is(name, "system:serviceaccounts") ||
		                              str_is(name, "system:authenticated")))
			return true;
		if (str_is(kind, "Group") && str_has_prefix(name, S("system:serviceaccounts:")) &&
		    str_eq(str_from(name, 23), account_ns))
			return true;
	}
	return false;
}

Permission account_may(const Model *model, Str account_ns, Str account, const ApiRequest *request)
{
	bool unknown = !str_is(account, "default") &&
	               !model_resource(model, "ServiceAccount", account_ns, account);

	for (size_t i = 0; i < model->bindings.len; i++) {
		const Resource *binding = model->bindings.items[i], *role;
		const Node *ref = node_at(binding->node, "roleRef");
		bool cluster = str_is(binding->kind, "ClusterRoleBinding"), cluster_role;
		if ((!cluster && !str_eq(binding->ns, request->ns)) ||
		    !binds(binding, account_ns, account))
			continue;
		cluster_role = str_is(node_text_at(ref, "kind"), "ClusterRole");
		role = model_resource(model, cluster_role ? "ClusterRole" : "Role",
		                      cluster_role ? S("") : binding->ns,
		                      node_text_at(ref, "name"));
		if (!role || node_at(role->node, "aggregationRule"))
			unknown = true; // view, edit, admin, or a role of another release
		else if (role_allows(role, request))
			return PERMISSION_YES;
	}
	return unknown ? PERMISSION_UNKNOWN : PERMISSION_NO;
}
