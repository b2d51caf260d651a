#ifndef KUSTOMIZE_JSON_PATCH_H
#define KUSTOMIZE_JSON_PATCH_H

// JSON patches (RFC 6902) as Kustomize's library (evanphx/json-patch) carries them out, with its leniencies:
// "replace" adds a missing field of an object, indices may count from the end.

#include "kustomize/tree.h"

// Checks that a document is a list of operations.
bool json_patch_check(Arena *arena, const Node *patch, Diag *diag);
// Applies all operations. The result shares no node with *target, whose scalars have become plain JSON values.
bool json_patch_apply(Arena *arena, const Node *patch, Node **target, Diag *diag);

#endif
