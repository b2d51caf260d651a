#ifndef KUSTOMIZE_READ_H
#define KUSTOMIZE_READ_H

// Reading YAML as Kustomize reads it.

#include "kustomize/resmap.h"

typedef struct ReadOptions {
	Str file;
	bool traced; // keep origins
	bool own;    // one of Kustomize's own files: YAML 1.1's errors
} ReadOptions;

// All resources of a text: documents one after another, lists taken apart, aliases expanded. Fails on what is no
// resource (no kind, no name) and on malformed YAML ("MalformedYAMLError: yaml: line 3: ...").
bool read_resources(Arena *arena, Str text, const ReadOptions *options, Resources *out, Diag *diag);
// Whether a document has what makes it a resource: kind and name.
bool read_check_metadata(Arena *arena, const Node *node, const ReadOptions *options, Diag *diag);

// The first document of one of Kustomize's own files, aliases expanded; NULL for an empty one.
bool read_document(Arena *arena, Str text, const ReadOptions *options, Node **out, Diag *diag);

#endif
