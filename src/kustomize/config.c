// Which fields the transformers treat.

#include "kustomize/config.h"

#include "kustomize/scalar.h"

#include "kustomize/config_table.h"

#include <string.h>

#define FIELD(name, kind, member)                                                                  \
	{                                                                                          \
		name, kind, offsetof(FieldSpecText, member), NULL, 0                               \
	}

static const FillField fieldspec_fields[] = {
	FIELD("Gvk.group", FILL_STR, group), FIELD("Gvk.version", FILL_STR, version),
	FIELD("Gvk.kind", FILL_STR, kind),   FIELD("path", FILL_STR, path),
	FIELD("create", FILL_BOOL, create),
};
const FillType fieldspec_type = FILL_TYPE("FieldSpec", FieldSpecText, fieldspec_fields);
static const FillType fs_slice_type =
	FILL_TYPE_LISTED("FieldSpec", "types.FsSlice", FieldSpecText, fieldspec_fields);

FieldSpecs fieldspecs_of(Arena *arena, const StructList *texts)
{
	FieldSpecs specs = {0};
	const FieldSpecText *text = texts->items;

	for (size_t i = 0; i < texts->len; i++, text++)
		VEC_PUSH(arena, specs.items, specs.len, specs.cap) =
			fieldspec_new(arena, (Gvk){text->group, text->version, text->kind},
		                      text->path, text->create);
	return specs;
}

// --- merging ---

static NameReference *find_reference(Config *config, const Gvk *target)
{
	for (size_t i = 0; i < config->reference_count; i++)
		if (gvk_equal(&config->references[i].target, target))
			return &config->references[i];
	return NULL;
}

static bool merge_reference(Arena *arena, Config *config, const NameReference *more, Diag *diag)
{
	NameReference *have = find_reference(config, &more->target);

	if (!have) {
		VEC_PUSH(arena, config->references, config->reference_count,
		         config->reference_cap) = (NameReference){.target = more->target};
		have = &config->references[config->reference_count - 1];
	}
	return fieldspecs_merge(arena, &have->referrers, &more->referrers, diag);
}

static void sort_references(Config *config)
{
	for (size_t i = 1; i < config->reference_count; i++) {
		NameReference reference = config->references[i];
		size_t at = i;
		while (at > 0 &&
		       gvk_compare(&reference.target, &config->references[at - 1].target) < 0) {
			config->references[at] = config->references[at - 1];
			at--;
		}
		config->references[at] = reference;
	}
}

static const char *const list_names[CONFIG_LISTS] = {
	[CONFIG_NAME_PREFIX] = "NamePrefix",
	[CONFIG_NAME_SUFFIX] = "NameSuffix",
	[CONFIG_NAMESPACE] = "NameSpace",
	[CONFIG_COMMON_LABELS] = "CommonLabels",
	[CONFIG_LABELS] = "Labels",
	[CONFIG_TEMPLATE_LABELS] = "TemplateLabels",
	[CONFIG_COMMON_ANNOTATIONS] = "CommonAnnotations",
	[CONFIG_VAR_REFERENCE] = "VarReference",
	[CONFIG_IMAGES] = "Images",
	[CONFIG_REPLICAS] = "Replicas",
};

static bool merge_from(Arena *arena, Config *merged, const Config *more, Diag *diag)
{
	for (size_t i = 0; i < CONFIG_LISTS; i++) {
		if (!fieldspecs_merge(arena, &merged->lists[i], &more->lists[i], diag))
			return diag_wrap(diag, "failed to merge %s fieldSpec", list_names[i]);
		fieldspecs_sort(&merged->lists[i]);
	}
	for (size_t i = 0; i < more->reference_count; i++)
		if (!merge_reference(arena, merged, &more->references[i], diag))
			return diag_wrap(diag, "failed to merge NameReference fieldSpec");
	for (size_t i = 0; i < merged->reference_count; i++)
		fieldspecs_sort(&merged->references[i].referrers);
	sort_references(merged);
	return true;
}

bool config_merge(Arena *arena, const Config *a, const Config *b, const Config **out, Diag *diag)
{
	Config *merged;

	if (!b || (b->builtin && (!a || a == b))) {
		*out = a ? a : b;
		return true;
	}
	// Not even merging into nothing is a copy: a general field takes the place of special ones before it.
	merged = ARENA_NEW(arena, Config);
	*out = merged;
	return (!a || merge_from(arena, merged, a, diag)) && merge_from(arena, merged, b, diag);
}

// --- built in ---

static void add_row(Arena *arena, FieldSpecs *specs, Gvk gvk, Str path, bool create)
{
	VEC_PUSH(arena, specs->items, specs->len, specs->cap) =
		fieldspec_new(arena, gvk, path, create);
}

static FieldSpecs *referrers_of(Arena *arena, Config *config, Gvk target)
{
	NameReference *reference = find_reference(config, &target);

	if (!reference) {
		VEC_PUSH(arena, config->references, config->reference_count,
		         config->reference_cap) = (NameReference){.target = target};
		reference = &config->references[config->reference_count - 1];
	}
	return &reference->referrers;
}

static Gvk gvk_c(const char *group, const char *version, const char *kind)
{
	return (Gvk){str_c(group), str_c(version), str_c(kind)};
}

static void add_pod_fields(Arena *arena, Config *config)
{
	for (size_t h = 0; h < pod_holder_count; h++)
		for (size_t f = 0; f < pod_field_count; f++) {
			const PodHolder *holder = &pod_holders[h];
			const PodField *field = &pod_fields[f];
			FieldSpecs *specs = &config->lists[CONFIG_VAR_REFERENCE];
			if (!(holder->groups & field->group))
				continue;
			if (field->group != POD_VARS)
				specs = referrers_of(arena, config,
				                     gvk_c(field->target_group,
				                           field->target_version,
				                           field->target_kind));
			add_row(arena, specs, gvk_c("", holder->version, holder->kind),
			        str_concat(arena, str_c(holder->prefix), str_c(field->path)),
			        false);
		}
}

const Config *config_default(Arena *arena)
{
	Config *config = ARENA_NEW(arena, Config);

	config->builtin = true;
	for (size_t i = 0; i < config_row_count; i++) {
		const ConfigRow *row = &config_rows[i];
		add_row(arena, &config->lists[row->list],
		        gvk_c(row->group, row->version, row->kind), str_c(row->path), row->create);
	}
	add_pod_fields(arena, config);
	for (size_t i = 0; i < reference_row_count; i++) {
		const ReferenceRow *row = &reference_rows[i];
		Gvk target = gvk_c(row->target_group, row->target_version, row->target_kind);
		add_row(arena, referrers_of(arena, config, target),
		        gvk_c(row->group, row->version, row->kind), str_c(row->path), false);
	}
	for (size_t i = 0; i < CONFIG_LISTS; i++)
		fieldspecs_sort(&config->lists[i]);
	for (size_t i = 0; i < config->reference_count; i++)
		fieldspecs_sort(&config->references[i].referrers);
	sort_references(config);
	return config;
}

// --- configuration files ---

typedef struct ReferenceText {
	Str group, version, kind;
	StructList specs;
} ReferenceText;

typedef struct ConfigText {
	StructList lists[CONFIG_LISTS];
	StructList references;
} ConfigText;

static const FillField reference_fields[] = {
	{"Gvk.group", FILL_STR, offsetof(ReferenceText, group), NULL, 0},
	{"Gvk.version", FILL_STR, offsetof(ReferenceText, version), NULL, 0},
	{"Gvk.kind", FILL_STR, offsetof(ReferenceText, kind), NULL, 0},
	{"fieldSpecs", FILL_STRUCT_LIST, offsetof(ReferenceText, specs), &fs_slice_type, 0},
};
static const FillType reference_type =
	FILL_TYPE("NameBackReferences", ReferenceText, reference_fields);

#define LIST(name, list)                                                                           \
	{                                                                                          \
		name, FILL_STRUCT_LIST, offsetof(ConfigText, lists[list]), &fs_slice_type, 0       \
	}

static const FillField config_fields[] = {
	LIST("namePrefix", CONFIG_NAME_PREFIX),
	LIST("nameSuffix", CONFIG_NAME_SUFFIX),
	LIST("namespace", CONFIG_NAMESPACE),
	LIST("commonLabels", CONFIG_COMMON_LABELS),
	LIST("labels", CONFIG_LABELS),
	LIST("templateLabels", CONFIG_TEMPLATE_LABELS),
	LIST("commonAnnotations", CONFIG_COMMON_ANNOTATIONS),
	LIST("varReference", CONFIG_VAR_REFERENCE),
	LIST("images", CONFIG_IMAGES),
	LIST("replicas", CONFIG_REPLICAS),
	{"nameReference", FILL_STRUCT_LIST, offsetof(ConfigText, references), &reference_type, 0},
};
static const FillType config_type = FILL_TYPE("TransformerConfig", ConfigText, config_fields);

bool config_read(Arena *arena, const Node *node, Str file, const Config **out, Diag *diag)
{
	ConfigText text = {0};
	Config *config = ARENA_NEW(arena, Config);
	const ReferenceText *reference;

	if (!fill_struct(arena, node, &config_type, FILL_STRICT, file, &text, diag))
		return false;
	for (size_t i = 0; i < CONFIG_LISTS; i++)
		config->lists[i] = fieldspecs_of(arena, &text.lists[i]);
	reference = text.references.items;
	for (size_t i = 0; i < text.references.len; i++, reference++)
		VEC_PUSH(arena, config->references, config->reference_count,
		         config->reference_cap) =
			(NameReference){{reference->group, reference->version, reference->kind},
		                        fieldspecs_of(arena, &reference->specs)};
	for (size_t i = 0; i < CONFIG_LISTS; i++)
		fieldspecs_sort(&config->lists[i]);
	sort_references(config);
	*out = config;
	return true;
}

// --- definitions of custom resources ---

// A definition refers to others by name; one that refers to itself is followed this deep.
#define CRD_DEPTH_LIMIT 64

typedef struct CrdReader {
	Arena *arena;
	const Node *definitions;
	Config *config;
	Gvk gvk;
	Diag *diag;
} CrdReader;

static Node *field_any_case(const Node *map, const char *name)
{
	Node *exact = tree_get_c(map, name);

	if (exact || !map || map->kind != NODE_MAPPING)
		return exact;
	for (size_t i = 0; i + 1 < map->len; i += 2)
		if (str_ieq(map->children[i]->value, str_c(name)))
			return map->children[i + 1];
	return NULL;
}

static Node *properties_of(const Node *definition)
{
	return tree_get_c(field_any_case(definition, "schema"), "properties");
}

static bool add_crd_spec(CrdReader *reader, FieldSpecs *specs, Str path)
{
	FieldSpec spec = fieldspec_new(reader->arena, reader->gvk, path, false);

	return fieldspecs_merge_one(reader->arena, specs, &spec, reader->diag);
}

static bool read_crd_type(CrdReader *reader, Str type, Str path, size_t depth);

static bool read_crd_property(CrdReader *reader, const Node *property, Str path, size_t depth)
{
	Config *config = reader->config;
	const Node *version = tree_get_c(property, "x-kubernetes-object-ref-api-version");
	const Node *kind = tree_get_c(property, "x-kubernetes-object-ref-kind");
	const Node *ref = tree_get_c(property, "$ref");
	Str key;

	if (tree_get_c(property, "x-kubernetes-annotation") &&
	    !add_crd_spec(reader, &config->lists[CONFIG_COMMON_ANNOTATIONS], path))
		return false;
	if (tree_get_c(property, "x-kubernetes-label-selector") &&
	    !add_crd_spec(reader, &config->lists[CONFIG_COMMON_LABELS], path))
		return false;
	if (tree_get_c(property, "x-kubernetes-identity") &&
	    !add_crd_spec(reader, &config->lists[CONFIG_NAME_PREFIX], path))
		return false;
	if (version && kind) {
		const Node *name_key = tree_get_c(property, "x-kubernetes-object-ref-name-key");
		Gvk target = {S(""), tree_text(version), tree_text(kind)};
		key = name_key ? tree_text(name_key) : S("name");
		key = str_concat(reader->arena, str_concat(reader->arena, path, S("/")), key);
		if (!add_crd_spec(reader, referrers_of(reader->arena, config, target), key))
			return false;
	}
	return !ref || read_crd_type(reader, tree_text(ref), path, depth + 1);
}

static bool read_crd_type(CrdReader *reader, Str type, Str path, size_t depth)
{
	const Node *properties = properties_of(tree_get(reader->definitions, type));

	if (depth > CRD_DEPTH_LIMIT)
		return diag_fail(reader->diag, "definition '%.*s' refers to itself",
		                 STR_ARGS(type));
	if (!properties || properties->kind != NODE_MAPPING)
		return true;
	for (size_t i = 0; i + 1 < properties->len; i += 2) {
		Str below = properties->children[i]->value;
		if (path.len)
			below = str_concat(reader->arena, str_concat(reader->arena, path, S("/")),
			                   below);
		if (!read_crd_property(reader, properties->children[i + 1], below, depth))
			return false;
	}
	return true;
}

// The type of what a file of definitions holds, or of one of its definitions, is wrong.
static bool fail_crd(Arena *arena, const Node *node, Str file, const char *type, Diag *diag)
{
	Scalar ignored;

	return diag_fail_at(
		diag, (Place){file, node->start.line, node->start.column},
		"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal %s "
		"into Go value of type %s",
		scalar_json_kind(arena, node, SCALAR_YAML_1_1, &ignored), type);
}

static bool check_crds(Arena *arena, const Node *node, Str file, Diag *diag)
{
	if (node->kind != NODE_MAPPING)
		return fail_crd(arena, node, file, "accumulator.nameToApiMap", diag);
	for (size_t i = 0; i + 1 < node->len; i += 2) {
		const Node *definition = node->children[i + 1];
		const Node *schema = field_any_case(definition, "schema");
		if (definition->kind != NODE_MAPPING && !tree_is_null(definition))
			return fail_crd(arena, definition, file, "accumulator.OpenAPIDefinition",
			                diag);
		if (schema && schema->kind != NODE_MAPPING && !tree_is_null(schema))
			return fail_crd(arena, schema, file, "spec.Schema", diag);
	}
	return true;
}

bool config_read_crds(Arena *arena, const Node *node, Str file, const Config **out, Diag *diag)
{
	CrdReader reader = {.arena = arena,
	                    .definitions = node,
	                    .config = ARENA_NEW(arena, Config),
	                    .diag = diag};

	*out = reader.config;
	if (!node)
		return diag_fail_at(diag, (Place){file, 1, 1}, "the file is empty");
	if (tree_is_null(node))
		return true;
	if (!check_crds(arena, node, file, diag))
		return false;
	for (size_t i = 0; i + 1 < node->len; i += 2) {
		Str name = node->children[i]->value;
		const Node *properties = properties_of(node->children[i + 1]);
		size_t dot = str_rfind(name, S("."));
		if (!tree_get_c(properties, "kind") || !tree_get_c(properties, "apiVersion") ||
		    !tree_get_c(properties, "metadata"))
			continue;
		reader.gvk = (Gvk){S(""), S(""), dot == STR_NONE ? name : str_from(name, dot + 1)};
		if (!read_crd_type(&reader, name, S(""), 0))
			return false;
	}
	return true;
}
