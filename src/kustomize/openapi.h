#ifndef KUSTOMIZE_OPENAPI_H
#define KUSTOMIZE_OPENAPI_H

// Where merge types and the scope of kinds come from: the built-in tables, or an OpenAPI document named by a
// kustomization ("openapi: {path: ...}"), which then takes the place of the tables.

#include "k8s/merge_keys.h"
#include "kustomize/tree.h"

typedef struct OpenApi OpenApi;

// Reads a document. NULL as an OpenApi stands for the built-in tables.
bool openapi_read(Arena *arena, const Node *document, OpenApi **out, Diag *diag);
const MergeType *openapi_type_of(const OpenApi *api, Str api_version, Str kind);

#endif
