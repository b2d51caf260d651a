#ifndef KUSTOMIZE_CONFIG_H
#define KUSTOMIZE_CONFIG_H

// Which fields the transformers treat: built in, and what a kustomization adds by `configurations` and `crds`.

#include "kustomize/fieldspec.h"
#include "kustomize/fill.h"

typedef enum ConfigList {
	CONFIG_NAME_PREFIX,
	CONFIG_NAME_SUFFIX,
	CONFIG_NAMESPACE,
	CONFIG_COMMON_LABELS,
	CONFIG_LABELS,
	CONFIG_TEMPLATE_LABELS,
	CONFIG_COMMON_ANNOTATIONS,
	CONFIG_VAR_REFERENCE,
	CONFIG_IMAGES,
	CONFIG_REPLICAS,
	CONFIG_LISTS,
} ConfigList;

// Fields that hold the name of a resource of kind `target`.
typedef struct NameReference {
	Gvk target;
	FieldSpecs referrers;
} NameReference;

// Constant once made: shared between kustomizations that add nothing.
typedef struct Config {
	FieldSpecs lists[CONFIG_LISTS];
	NameReference *references;
	size_t reference_count, reference_cap;
	bool builtin; // the built-in fields and nothing else
} Config;

// The built-in fields.
const Config *config_default(Arena *arena);
// Both together; either may be NULL. Fails where they disagree on whether a field is created.
bool config_merge(Arena *arena, const Config *a, const Config *b, const Config **out, Diag *diag);
// Reads a configuration file's mapping.
bool config_read(Arena *arena, const Node *node, Str file, const Config **out, Diag *diag);
// What the OpenAPI definitions of custom resources say about names and labels in them.
bool config_read_crds(Arena *arena, const Node *node, Str file, const Config **out, Diag *diag);

// For fieldSpecs in transformers' own configurations.
extern const FillType fieldspec_type;
typedef struct FieldSpecText {
	Str group, version, kind, path;
	bool create;
} FieldSpecText;
FieldSpecs fieldspecs_of(Arena *arena, const StructList *texts);

#endif
