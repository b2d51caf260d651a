#ifndef K8S_SECRETS_H
#define K8S_SECRETS_H

// What is secret, and how it is shown: never as it is.

#include "data/node.h"

// "m********n" with its length class: the first and last letter of a long enough text.
Str secret_mask(Arena *arena, Str text);
// A line "key: value" with the value masked.
Str secret_mask_after_colon(Arena *arena, Str line);
// Whether what stands at `path` of a resource of `kind` is a secret: all data of a Secret, and what is called like a
// credential (an environment variable's value by its name).
bool secret_is_path(Str kind, Str path, const Node *node);
// Whether a name is usual for a credential: "password", "MINIO_SECRET_KEY", "apiToken".
bool secret_is_name(Str name);

#endif
