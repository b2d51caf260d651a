#ifndef KUSTOMIZE_TRANSFORM_H
#define KUSTOMIZE_TRANSFORM_H

// What is done to resources. A transformer is a function with its settings, made from a field of a kustomization or
// from a document of its own (`transformers:`). Settings are checked, and their files read, before the first
// transformer of a kustomization runs.

#include "kustomize/config.h"
#include "kustomize/kustomize.h"
#include "kustomize/openapi.h"
#include "kustomize/read.h"
#include "kustomize/select.h"

// Where images stand in resources: found once for all rules of `images` that follow each other.
typedef struct ImageFields {
	const ResMap *map;
	const FieldSpec *specs;
	Node **items;
	size_t len, cap;
} ImageFields;

// One build, shared by all its kustomizations.
typedef struct Build {
	Arena *arena;
	const KustomizeOptions *options;
	const Config *defaults;
	OpenApi *schema; // NULL: built in
	bool schema_set;
	bool builtin_parsed, builtin_wanted; // what a schema meets that is set later (openapi.h)
	TextList *warnings;
	TextList metadata; // buildMetadata of the outermost kustomization
	ImageFields images;
} Build;

void build_warn(Build *build, Str warning);

typedef struct Transformer Transformer;
struct Transformer {
	bool (*run)(Build *build, const Transformer *transformer, ResMap *map, Diag *diag);
	const char *kind;     // "PrefixTransformer"
	const void *settings; // of the family below
	Str origin;           // what buildMetadata says of it; empty where nobody asks
};

typedef struct Transformers {
	Transformer *items;
	size_t len, cap;
} Transformers;

void transformers_add(Build *build, Transformers *list, Transformer transformer);
// Runs them in order. Resources that became empty go after each.
bool transformers_run(Build *build, const Transformers *list, ResMap *map, Diag *diag);

// --- names.c ---
typedef struct AffixSettings {
	Str text;
	FieldSpecs specs;
} AffixSettings;
bool transform_prefix(Build *build, const Transformer *transformer, ResMap *map, Diag *diag);
bool transform_suffix(Build *build, const Transformer *transformer, ResMap *map, Diag *diag);
// Appends content hashes to the names of generated resources.
bool transform_hash(Build *build, ResMap *map, Diag *diag);

// --- namespace.c ---
typedef struct NamespaceSettings {
	Str ns;
	FieldSpecs specs;
	bool unset_only;
	Str subjects; // defaultOnly, allServiceAccounts or none
} NamespaceSettings;
bool transform_namespace(Build *build, const Transformer *transformer, ResMap *map, Diag *diag);

// --- labels.c: labels and annotations ---
typedef struct LabelSettings {
	TextMap pairs;
	FieldSpecs specs;
} LabelSettings;
bool transform_labels(Build *build, const Transformer *transformer, ResMap *map, Diag *diag);

// --- images.c ---
typedef struct Image {
	const Node *node;
	Str name, new_name, new_tag, tag_suffix, digest;
} Image;
extern const FillType image_type;
typedef struct ImageSettings {
	Image image;
	Regex *pattern;
	FieldSpecs specs;
} ImageSettings;
bool image_prepare(Build *build, ImageSettings *settings, Diag *diag);
bool transform_image(Build *build, const Transformer *transformer, ResMap *map, Diag *diag);

// --- replicas.c ---
typedef struct Replica {
	const Node *node;
	Str name;
	int64_t count;
} Replica;
extern const FillType replica_type;
typedef struct ReplicaSettings {
	Replica replica;
	FieldSpecs specs;
} ReplicaSettings;
bool transform_replicas(Build *build, const Transformer *transformer, ResMap *map, Diag *diag);

// --- patches.c ---
typedef struct Patch {
	const Node *node;
	Str path, text;
	Selector *target;
	const Node *options;
} Patch;
extern const FillType patch_type;
extern const FillType patch_text_type; // of an item of patchesStrategicMerge
typedef struct PatchSettings {
	Patch patch;
	Str source; // "[path: "x"]" for messages
	Str file;
	Resources merges; // strategic merge patches
	const Node *json; // or a JSON patch
	bool by_id;       // patchesStrategicMerge: its targets are copied into
} PatchSettings;
bool patch_prepare(Build *build, const Loader *loader, PatchSettings *settings, Diag *diag);
bool transform_patch(Build *build, const Transformer *transformer, ResMap *map, Diag *diag);
// patchesStrategicMerge: paths or texts.
bool patch_strategic_prepare(Build *build, const Loader *loader, const TextList *paths, Str text,
                             PatchSettings *settings, Diag *diag);
bool transform_patch_strategic(Build *build, const Transformer *transformer, ResMap *map,
                               Diag *diag);
// patchesJson6902.
bool patch_json_prepare(Build *build, const Loader *loader, PatchSettings *settings, Diag *diag);
bool transform_patch_json(Build *build, const Transformer *transformer, ResMap *map, Diag *diag);

// --- replacements.c ---
typedef struct ReplacementSettings {
	StructList replacements;
} ReplacementSettings;
extern const FillType replacement_field_type;
bool replacements_prepare(Build *build, const Loader *loader, const StructList *fields,
                          ReplacementSettings *settings, Diag *diag);
bool transform_replacements(Build *build, const Transformer *transformer, ResMap *map, Diag *diag);

// --- vars.c ---
typedef struct Var {
	Str name;
	Str api_version;
	Selector object; // group, version, kind, name, namespace
	Str field_path;
} Var;
extern const FillType var_type;
typedef struct Vars {
	Var *items;
	size_t len, cap;
} Vars;
// Adds a kustomization's vars, noting on resources which take their value from them.
bool vars_merge(Build *build, Vars *vars, const Vars *more, ResMap *map, Diag *diag);
bool vars_absorb(Build *build, Vars *vars, const Vars *more, Diag *diag);
bool vars_resolve(Build *build, const Vars *vars, const FieldSpecs *specs, ResMap *map, Diag *diag);

// --- references.c: names that other resources hold ---
bool references_fix(Build *build, const Config *config, ResMap *map, Diag *diag);

// --- sort.c ---
typedef struct LegacySort {
	TextList first, last;
} LegacySort;
typedef struct SortOptions {
	Str order;
	LegacySort *legacy;
} SortOptions;
extern const FillType sort_options_type;
bool sort_resources(Build *build, const SortOptions *options, ResMap *map, Diag *diag);

// --- generators.c ---
typedef struct GeneratorOptions {
	TextMap labels, annotations;
	bool disable_hash, immutable;
} GeneratorOptions;
extern const FillType generator_options_type;
typedef struct GeneratorArgs {
	const Node *node;
	Str ns, name, behavior, type;
	TextList literals, files, envs;
	Str env;
	GeneratorOptions *options;
} GeneratorArgs;
extern const FillType config_map_args_type;
extern const FillType secret_args_type;
// The same in documents of their own.
extern const FillType config_map_plugin_type;
extern const FillType secret_plugin_type;
// Adds the options of the whole kustomization to a generator's own.
void generator_options_merge(Build *build, GeneratorOptions **own, const GeneratorOptions *all);
bool generate(Build *build, const Loader *loader, const GeneratorArgs *args, bool secret,
              Resource **out, Diag *diag);

// --- charts.c ---
bool chart_prepare(Build *build, const Loader *loader, HelmChart *chart, Diag *diag);
bool chart_inflate(Build *build, const Loader *loader, HelmChart *chart, Resources *out,
                   Diag *diag);

// --- plugins.c: transformers and generators from documents of their own ---
bool plugin_transformer(Build *build, const Loader *loader, const Resource *config,
                        Transformer *out, Diag *diag);
// A document that generates, read and checked before anything is generated.
typedef struct GeneratorPlugin GeneratorPlugin;
bool plugin_generator(Build *build, const Loader *loader, const Resource *config,
                      GeneratorPlugin **out, Diag *diag);
bool plugin_generate(Build *build, const Loader *loader, const GeneratorPlugin *generator,
                     Resources *out, Diag *diag);

#endif
