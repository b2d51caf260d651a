#ifndef KUSTOMIZE_FIELDSPEC_H
#define KUSTOMIZE_FIELDSPEC_H

// Where a transformer writes: a kind (its empty parts select any) and a path "spec/template/spec/containers[]/image".
// A path element meets lists by itself: it is looked up in every item. "[]" says that a list is expected.

#include "kustomize/ids.h"
#include "kustomize/tree.h"

typedef struct PathStep {
	Str name;
	bool list;    // written with []
	bool special; // a wildcard or an index, which no mapping has
} PathStep;

typedef struct FieldSpec {
	Gvk gvk;
	Str path;
	bool create; // make what is missing on the way
	PathStep *steps;
	size_t step_count;
} FieldSpec;

typedef struct FieldSpecs {
	FieldSpec *items;
	size_t len, cap;
} FieldSpecs;

FieldSpec fieldspec_new(Arena *arena, Gvk gvk, Str path, bool create);
// Appends what is not there yet. Fails where the same field is there with another `create`.
bool fieldspecs_merge_one(Arena *arena, FieldSpecs *specs, const FieldSpec *spec, Diag *diag);
bool fieldspecs_merge(Arena *arena, FieldSpecs *specs, const FieldSpecs *more, Diag *diag);
void fieldspecs_sort(FieldSpecs *specs);

// Splits at `delimiter`; a backslash before it keeps it. A leading delimiter is dropped.
Str *path_split(Arena *arena, Str path, char delimiter, size_t *count);

// What to do with a field that was found.
typedef struct FieldSetter FieldSetter;
struct FieldSetter {
	Arena *arena;
	Diag *diag;
	bool (*set)(FieldSetter *setter, Node *field);
	bool creates;    // missing fields are made where the spec says so
	NodeKind kind;   // of the last field, when it is made
	const char *tag; // for a null that becomes of that kind
	void *context;
};

// Applies the setter to every field the spec leads to in `root`, which must be of the spec's kind (gvk).
bool fieldspec_apply(const FieldSpec *spec, const Gvk *gvk, Node *root, FieldSetter *setter);

#endif
