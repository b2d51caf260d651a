#ifndef K8S_KINDS_H
#define K8S_KINDS_H

// Facts about the built-in kinds.

#include "base/str.h"

// Whether objects of this kind certainly live outside namespaces. Unknown kinds do not.
bool kind_is_cluster_scoped(Str api_version, Str kind);

// Kustomize's order of kinds: below 0 for those that go first, above 0 for those that go last, 0 between.
int kind_rank(Str kind);

#endif
