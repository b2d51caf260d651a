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

static bool add_policy(void *context, Workload *workload)
{
	void **both = context;
	Model *model = both[0];
	Resource *policy = both[1];

	if (selector_matches(node_at(policy->spec, "podSelector"), workload->labels))
		VEC_PUSH(model->arena, workload->policies.items, workload->policies.len,
		         workload->policies.cap) = policy;
	return true;
}

static void link_policy(Model *model, Resource *policy)
{
	const Node *match = node_at(node_at(policy->spec, "podSelector"), "matchLabels");
	Namespace *ns = table_get(model->namespaces, policy->ns);
	void *both[2] = {model, policy};

	if (node_count(match))
		model_select(model, policy->ns, match, add_policy, both);
	else
		VEC_PUSH(model->arena, ns->open_policies.items, ns->open_policies.len,
		         ns->open_policies.cap) = policy;
}

static bool allows(const Model *model, const Resource *policy, const Workload *other, bool egress,
                   int64_t port, Str port_name)
{
	const Node *rules = node_at(policy->spec, egress ? "egress" : "ingress");

	for (size_t i = 0; i < node_count(rules); i++)
		if (rule_allows(model, policy, node_item(rules, i), egress ? "to" : "from", other,
		                port, port_name))
			return true;
	return false;
}

// One direction: a pod that some policy selects may do only what one of those allows.
static const Resource *blocked(const Model *model, const Workload *pod, const Workload *other,
                               bool egress, int64_t port, Str port_name)
{
	const Namespace *ns = model_namespace(model, pod->resource->ns);
	const Resource *found = NULL;

	for (size_t i = 0; i < pod->policies.len + ns->open_policies.len; i++) {
		bool own = i < pod->policies.len;
		const Resource *policy = own ? pod->policies.items[i]
		                             : ns->open_policies.items[i - pod->policies.len];
		if (!policy_covers(policy, egress) ||
		    (!own && !selector_matches(node_at(policy->spec, "podSelector"), pod->labels)))
			continue;
		if (allows(model, policy, other, egress, port, port_name))
			return NULL;
		found = policy;
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

// All service accounts, or those of a namespace, by the name of the group that stands for them.
static Str group_key(const Model *model, Str group)
{
	return model_key(model->arena, S("Group"), group, S(""));
}

static Str account_key(const Model *model, Str ns, Str account)
{
	return model_key(model->arena, S("ServiceAccount"), ns, account);
}

typedef struct Bindings {
	MODEL_TABLE(Resource) list;
} Bindings;

static void add_bound(Model *model, Str key, Resource *binding)
{
	Bindings *bindings = table_get(model->bound, key);

	if (!bindings) {
		bindings = ARENA_NEW(model->arena, Bindings);
		table_put(model->arena, model->bound, key, bindings);
	}
	VEC_PUSH(model->arena, bindings->list.items, bindings->list.len, bindings->list.cap) =
		binding;
}

static void link_binding(Model *model, Resource *binding)
{
	const Node *subjects = node_at(binding->node, "subjects");

	for (size_t i = 0; i < node_count(subjects); i++) {
		const Node *subject = node_item(subjects, i);
		Str kind = node_text_at(subject, "kind"), name = node_text_at(subject, "name");
		if (str_is(kind, "ServiceAccount"))
			add_bound(model,
			          account_key(model, node_text_at(subject, "namespace"), name),
			          binding);
		else if (str_is(kind, "Group"))
			add_bound(model, group_key(model, name), binding);
	}
}

void policies_link(Model *model)
{
	for (size_t i = 0; i < model->policies.len; i++)
		link_policy(model, model->policies.items[i]);
	model->bound = map_new(model->arena, &TYPE_ANY_MAP);
	model->permissions = map_new(model->arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i < model->bindings.len; i++)
		link_binding(model, model->bindings.items[i]);
}

static Permission binding_allows(const Model *model, const Resource *binding,
                                 const ApiRequest *request)
{
	const Node *ref = node_at(binding->node, "roleRef");
	bool cluster_role = str_is(node_text_at(ref, "kind"), "ClusterRole");
	const Resource *role;

	if (!str_is(binding->kind, "ClusterRoleBinding") && !str_eq(binding->ns, request->ns))
		return PERMISSION_NO;
	role = model_resource(model, cluster_role ? "ClusterRole" : "Role",
	                      cluster_role ? S("") : binding->ns, node_text_at(ref, "name"));
	if (!role || node_at(role->node, "aggregationRule"))
		return PERMISSION_UNKNOWN; // view, edit, admin, or a role of another release
	return role_allows(role, request) ? PERMISSION_YES : PERMISSION_NO;
}

static Permission find_permission(const Model *model, Str account_ns, Str account,
                                  const ApiRequest *request)
{
	Str group = str_concat(model->arena, S("system:serviceaccounts:"), account_ns);
	const Str keys[] = {account_key(model, account_ns, account),
	                    account_key(model, S(""), account),
	                    group_key(model, S("system:serviceaccounts")),
	                    group_key(model, S("system:authenticated")), group_key(model, group)};
	bool unknown = !str_is(account, "default") &&
	               !model_resource(model, "ServiceAccount", account_ns, account);

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const Bindings *bindings = table_get(model->bound, keys[i]);
		for (size_t j = 0; bindings && j < bindings->list.len; j++) {
			Permission may = binding_allows(model, bindings->list.items[j], request);
			if (may == PERMISSION_YES)
				return may;
			unknown |= may == PERMISSION_UNKNOWN;
		}
	}
	return unknown ? PERMISSION_UNKNOWN : PERMISSION_NO;
}

static Permission known_permission(const Model *model, Str account_ns, Str account,
                                   const ApiRequest *request)
{
	Str who = model_key(model->arena, account_ns, account, str_c(request->verb)),
	    what = model_key(model->arena, request->group, request->resource, request->ns),
	    key = model_key(model->arena, who, what, request->name);
	const Value *known = map_get(model->permissions, key);
	Permission may;

	if (known)
		return (Permission)known->i;
	may = find_permission(model, account_ns, account, request);
	map_set(model->arena, model->permissions, key, value_int(may));
	return may;
}

// Who may for none of the names may not for this one; who may for one that nothing has may for all.
Permission account_may(const Model *model, Str account_ns, Str account, const ApiRequest *request)
{
	ApiRequest any = *request, none = *request;
	Permission may;

	any.name = S("");
	none.name = S("\n");
	may = known_permission(model, account_ns, account, &any);
	if (may != PERMISSION_YES || !request->name.len ||
	    known_permission(model, account_ns, account, &none) == PERMISSION_YES)
		return may;
	return known_permission(model, account_ns, account, request);
}
