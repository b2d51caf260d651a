#ifndef DATA_NODE_PATH_H
#define DATA_NODE_PATH_H

// Paths into a document: spec.containers[0].env[MLFLOW_URI].value. A bracket holds an index, the name of a list's item
// (its `name`, or whatever key is usual for it), or a quoted key: metadata.annotations["a.b/c"].

#include "data/node.h"

// The node at `path` below `root`; where it leads nowhere, NULL, and `*found` is how much of the path led somewhere
// and `*nearest` the closest name there (both may be empty).
Node *node_at_path(Arena *arena, Node *root, Str path, Str *found, Str *nearest);

// The path of a child: for a mapping's value, its key; for a sequence's item, its name or its index.
Str node_path_of_key(Arena *arena, Str parent, Str key);
Str node_path_of_item(Arena *arena, Str parent, const Node *item, size_t index);

// Calls `visit` for every scalar below `root`, keys included, with the path of the value it belongs to.
typedef void NodeVisit(void *context, const Node *scalar, Str path, bool is_key);
void node_walk_scalars(Arena *arena, Node *root, NodeVisit *visit, void *context);

#endif
