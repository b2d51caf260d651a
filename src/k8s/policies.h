#ifndef K8S_POLICIES_H
#define K8S_POLICIES_H

// Network policies and permissions: what the rendered ones certainly forbid. What can't be known from the render (labels
// of namespaces made elsewhere, roles of other releases) counts as allowed.

#include "k8s/model.h"

// The policy that keeps `from`'s pods from reaching `to`'s pods on a port, NULL where none does. `port_name` is the name of
// the container port, where it has one.
const Resource *policy_blocks(const Model *model, const Workload *from, const Workload *to,
                              int64_t port, Str port_name, bool *egress);

typedef enum Permission { PERMISSION_YES, PERMISSION_NO, PERMISSION_UNKNOWN } Permission;

// Whether the account may do `verb` on `resource` ("jobs") of API group `group` in namespace `ns`.
Permission account_may(const Model *model, Str account_ns, Str account, const char *verb, Str group,
                       Str resource, Str ns);

// matchLabels and matchExpressions over a mapping of labels. An empty selector matches all.
bool selector_matches(const Node *selector, const Node *labels);

#endif
