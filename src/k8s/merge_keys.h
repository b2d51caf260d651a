#ifndef K8S_MERGE_KEYS_H
#define K8S_MERGE_KEYS_H

// How strategic merge patches treat the lists of a kind: a tree of types, each with the fields that lead to a
// list that merges. A field that is not there replaces its list. The tree of the built-in kinds is constant;
// one can also be read from an OpenAPI document (kustomize/openapi.h).

#include "base/str.h"

typedef struct MergeType MergeType;

typedef struct MergeField {
	const char *name;
	const MergeType *type;
} MergeField;

struct MergeType {
	const MergeField *fields; // of an object
	size_t field_count;
	const MergeType *values; // of a map with any keys
	const MergeType *items;  // of a list; NULL where nothing below its items merges
	bool merge;              // a list whose items are merged rather than replaced
	const char *const *
		keys; // fields that tell which items are the same; none: the items are plain values
	size_t key_count;
};

// The type of a built-in kind, NULL for others.
const MergeType *merge_type_of(Str api_version, Str kind);
// The type of a built-in definition by its name in the API's document ("io.k8s.api.core.v1.PodSpec"), NULL for others
// and for those below which nothing merges.
const MergeType *merge_type_of_definition(Str name);
// The type below a field, NULL where nothing merges there.
const MergeType *merge_type_field(const MergeType *type, Str name);

#endif
