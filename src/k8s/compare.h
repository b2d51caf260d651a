#ifndef K8S_COMPARE_H
#define K8S_COMPARE_H

// What differs between two sets of resources, field by field. Resources are matched by group, kind, namespace and name;
// items of lists by the merge keys of their kind, or by `name`, so that order does not count where Kubernetes does not
// let it count. The cost grows with the input: every match goes through a table.

#include "data/node.h"

typedef enum ChangeKind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_FIELD } ChangeKind;

typedef struct Change {
	ChangeKind kind;
	Str resource; // "Deployment/train-gru", "Deployment/ns/train-gru" outside the default namespace
	Str path;     // CHANGE_FIELD: where; see data/node_path.h
	const Node *before, *after;           // NULL: not there on that side
	const Node *before_root, *after_root; // the documents
	bool secret;                          // show it masked
} Change;

typedef struct Changes {
	Change *items;
	size_t len, cap;
	size_t resources; // compared, on either side
} Changes;

typedef struct CompareOptions {
	Str namespace; // of resources that name none
	bool ignore_cluster; // leave out what a cluster adds, on either side: status, uid, managedFields, defaults
} CompareOptions;

// The documents of both sides; lists (kind: List) count as their items, what is no resource is left out.
void compare_documents(Arena *arena, Node *const *before, size_t before_count, Node *const *after,
                       size_t after_count, const CompareOptions *options, Changes *out);

// A value as one line, cut where it is long; masked where the change is secret.
Str change_value(Arena *arena, const Change *change, const Node *node);
// Both values; of texts of several lines the first that differ, and `*line` is which (from 1; else 0).
void change_values(Arena *arena, const Change *change, Str *before, Str *after, size_t *line);
// The first byte of the new scalar that differs: the one whose origin tells why. 0 for anything else.
size_t change_offset(const Change *change);

#endif
