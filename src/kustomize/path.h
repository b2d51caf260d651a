#ifndef KUSTOMIZE_PATH_H
#define KUSTOMIZE_PATH_H

// Field paths of replacements and vars: "spec.containers.[name=app].env.0.value", with "\." and "[a.b.c]" for keys
// that have dots in them, and "*" for every item of a list.

#include "kustomize/tree.h"

typedef struct Path {
	Str *parts;
	size_t len;
} Path;

Path path_parse(Arena *arena, Str text);

// The one node the path leads to, NULL where there is none. No "*".
bool path_lookup(Arena *arena, Node *root, const Path *path, Node **out, Diag *diag);

typedef struct FoundNodes {
	Node **items;
	size_t len, cap;
} FoundNodes;

// All nodes the path leads to. Values of [field=value] are regular expressions. Where `create` what is missing is
// made, the last node of `kind`.
bool path_match(Arena *arena, Node *root, const Path *path, bool create, NodeKind kind,
                FoundNodes *out, Diag *diag);

#endif
