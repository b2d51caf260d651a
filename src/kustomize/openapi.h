#ifndef KUSTOMIZE_OPENAPI_H
#define KUSTOMIZE_OPENAPI_H

// Where merge types and the scope of kinds come from: the built-in tables, or an OpenAPI document named by a
// kustomization ("openapi: {path: ...}"). That takes the place of the tables, unless something before it had need of
// them: Kustomize parses its own document when it first meets a kind it does not know or a patch, and what is parsed
// stays.

#include "k8s/merge_keys.h"
#include "kustomize/tree.h"

typedef struct OpenApi OpenApi;

typedef enum BuiltinTypes {
	BUILTIN_ABSENT,
	BUILTIN_UNDER, // what the document defines wins
	BUILTIN_OVER,
} BuiltinTypes;

// Reads a document. NULL as an OpenApi stands for the built-in tables.
bool openapi_read(Arena *arena, const Node *document, BuiltinTypes builtin, OpenApi **out,
                  Diag *diag);
const MergeType *openapi_type_of(const OpenApi *api, Str api_version, Str kind);

#endif
