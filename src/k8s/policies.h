#ifndef K8S_POLICIES_H
#define K8S_POLICIES_H

// Network policies and permissions: what the rendered ones certainly forbid. What can't be known from the render (labels
// of namespaces made elsewhere, roles of other releases) counts as allowed.

#include "k8s/model.h"

// A step of building the model: which pods a policy selects, and whom a binding names.
void policies_link(Model *model);

// The policy that keeps `from`'s pods from reaching `to`'s pods on a port, NULL where none does. `port_name` is the name of
// the container port, where it has one.
const Resource *policy_blocks(const Model *model, const Workload *from, const Workload *to,
                              int64_t port, Str port_name, bool *egress);

typedef enum Permission { PERMISSION_YES, PERMISSION_NO, PERMISSION_UNKNOWN } Permission;

typedef struct ApiRequest {
	const char *verb;
	Str group, resource; // "batch", "jobs"
	Str ns;
	Str name; // empty: of no object that is named, so that a rule's resourceNames do not count
} ApiRequest;

Permission account_may(const Model *model, Str account_ns, Str account, const ApiRequest *request);

// matchLabels and matchExpressions over a mapping of labels. An empty selector matches all.
bool selector_matches(const Node *selector, const Node *labels);

#endif
