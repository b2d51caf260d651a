#ifndef KUSTOMIZE_MERGE_H
#define KUSTOMIZE_MERGE_H

// Strategic merge patches as Kustomize carries them out: maps merge, lists are replaced unless their kind's schema
// gives merge keys, nulls remove, "$patch" deletes or replaces. Items of merged lists come in the patch's order,
// then the others.

#include "k8s/merge_keys.h"
#include "kustomize/openapi.h"
#include "kustomize/tree.h"

// Merges `patch` (which is used up) into *target. *target becomes NULL where the patch deletes it.
bool merge_patch(Arena *arena, const OpenApi *schema, Node *patch, Node **target, Diag *diag);

#endif
