// Transformers and generators from documents of their own: the built-in ones, by kind.

#include "kustomize/transform.h"

#include <stdlib.h>
#include <string.h>

typedef struct Metadata {
	Str name, ns;
} Metadata;

static const FillField metadata_fields[] = {
	{"name", FILL_STR, offsetof(Metadata, name), NULL, 0},
	{"namespace", FILL_STR, offsetof(Metadata, ns), NULL, 0},
};
static const FillType metadata_type = FILL_TYPE("ObjectMeta", Metadata, metadata_fields);

// All fields that any built-in transformer reads.
typedef struct PluginConfig {
	Metadata metadata;
	TextMap labels, annotations;
	StructList specs;
	bool has_specs;
	Str prefix, suffix;
	bool unset_only;
	Str subjects;
	Image image;
	Replica replica;
	StructList replacements;
	Patch patch;
	Str json_op;
	TextList paths;
	Str patches;
	Str value;
	StructList targets;
	Str target_file_path;
	int64_t position;
	SortOptions *sort;
	GeneratorOptions *options;
} PluginConfig;

#define FIELD(name, kind, member, type)                                                            \
	{                                                                                          \
		name, kind, offsetof(PluginConfig, member), type, 0                                \
	}

#define COMMON_FIELDS                                                                              \
	FIELD("metadata", FILL_STRUCT, metadata, &metadata_type),                                  \
	{                                                                                          \
		"fieldSpecs", FILL_STRUCT_LIST, offsetof(PluginConfig, specs), &fieldspec_type,    \
			offsetof(PluginConfig, has_specs)                                          \
	}

static const FillField label_fields[] = {COMMON_FIELDS,
                                         FIELD("labels", FILL_STR_MAP, labels, NULL)};
static const FillField annotation_fields[] = {
	COMMON_FIELDS, FIELD("annotations", FILL_STR_MAP, annotations, NULL)};
static const FillField affix_fields[] = {COMMON_FIELDS, FIELD("prefix", FILL_STR, prefix, NULL),
                                         FIELD("suffix", FILL_STR, suffix, NULL)};
static const FillField namespace_fields[] = {
	COMMON_FIELDS,
	FIELD("unsetOnly", FILL_BOOL, unset_only, NULL),
	FIELD("setRoleBindingSubjects", FILL_STR, subjects, NULL),
};
static const FillField image_plugin_fields[] = {COMMON_FIELDS,
                                                FIELD("imageTag", FILL_STRUCT, image, &image_type)};
static const FillField replica_plugin_fields[] = {
	COMMON_FIELDS, FIELD("replica", FILL_STRUCT, replica, &replica_type)};
static const FillField replacement_plugin_fields[] = {
	COMMON_FIELDS,
	FIELD("replacements", FILL_STRUCT_LIST, replacements, &replacement_field_type),
};
static const FillField patch_plugin_fields[] = {
	COMMON_FIELDS,
	FIELD("path", FILL_STR, patch.path, NULL),
	FIELD("patch", FILL_STR, patch.text, NULL),
	FIELD("target", FILL_STRUCT_PTR, patch.target, &selector_type),
	FIELD("options", FILL_BOOL_MAP, patch.options, NULL),
};
static const FillField json_plugin_fields[] = {
	COMMON_FIELDS,
	FIELD("path", FILL_STR, patch.path, NULL),
	FIELD("jsonOp", FILL_STR, patch.text, NULL),
	FIELD("target", FILL_STRUCT_PTR, patch.target, &selector_type),
};
static const FillField strategic_plugin_fields[] = {
	COMMON_FIELDS,
	FIELD("paths", FILL_STR_LIST, paths, &patch_text_type),
	FIELD("patches", FILL_STR, patches, NULL),
};

typedef struct ValueAddTarget {
	Selector selector;
	Str field_path;
	int64_t position;
} ValueAddTarget;

static const FillField value_target_fields[] = {
	{"selector", FILL_STRUCT, offsetof(ValueAddTarget, selector), &selector_type, 0},
	{"fieldPath", FILL_STR, offsetof(ValueAddTarget, field_path), NULL, 0},
	{"filePathPosition", FILL_INT, offsetof(ValueAddTarget, position), NULL, 0},
};
static const FillType value_target_type = FILL_TYPE("Target", ValueAddTarget, value_target_fields);
static const FillField value_plugin_fields[] = {
	FIELD("value", FILL_STR, value, NULL),
	FIELD("targets", FILL_STRUCT_LIST, targets, &value_target_type),
	FIELD("targetFilePath", FILL_STR, target_file_path, NULL),
};

// --- making transformers ---

typedef struct Plugin {
	Build *build;
	const Loader *loader;
	const Resource *resource;
	PluginConfig *config;
	Diag *diag;
} Plugin;

static FieldSpecs specs_of(const Plugin *plugin)
{
	return fieldspecs_of(plugin->build->arena, &plugin->config->specs);
}

static bool make_labels(Plugin *plugin, Transformer *out)
{
	LabelSettings *settings = ARENA_NEW(plugin->build->arena, LabelSettings);

	*settings = (LabelSettings){plugin->config->labels, specs_of(plugin)};
	*out = (Transformer){.run = transform_labels, .settings = settings};
	return true;
}

static bool make_annotations(Plugin *plugin, Transformer *out)
{
	LabelSettings *settings = ARENA_NEW(plugin->build->arena, LabelSettings);

	*settings = (LabelSettings){plugin->config->annotations, specs_of(plugin)};
	*out = (Transformer){.run = transform_labels, .settings = settings};
	return true;
}

static bool make_affix(Plugin *plugin, Str text, bool prefix, Transformer *out)
{
	AffixSettings *settings = ARENA_NEW(plugin->build->arena, AffixSettings);

	*settings = (AffixSettings){text, specs_of(plugin)};
	*out = (Transformer){.run = prefix ? transform_prefix : transform_suffix,
	                     .settings = settings};
	return plugin->config->has_specs ||
	       diag_fail(plugin->diag, "fieldSpecs is not expected to be nil");
}

static bool make_prefix(Plugin *plugin, Transformer *out)
{
	return make_affix(plugin, plugin->config->prefix, true, out);
}

static bool make_suffix(Plugin *plugin, Transformer *out)
{
	return make_affix(plugin, plugin->config->suffix, false, out);
}

static bool run_both(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	const Transformer *both = transformer->settings;

	return both[0].run(build, &both[0], map, diag) && both[1].run(build, &both[1], map, diag);
}

static bool make_prefix_suffix(Plugin *plugin, Transformer *out)
{
	Transformer *both = ARENA_ARRAY(plugin->build->arena, Transformer, 2);

	*out = (Transformer){.run = run_both, .settings = both};
	return make_prefix(plugin, &both[0]) && make_suffix(plugin, &both[1]);
}

static bool make_namespace(Plugin *plugin, Transformer *out)
{
	NamespaceSettings *settings = ARENA_NEW(plugin->build->arena, NamespaceSettings);
	Str mode = plugin->config->subjects.len ? plugin->config->subjects : S("defaultOnly");

	*settings = (NamespaceSettings){plugin->config->metadata.ns, specs_of(plugin),
	                                plugin->config->unset_only, mode};
	*out = (Transformer){.run = transform_namespace, .settings = settings};
	if (str_is(mode, "defaultOnly") || str_is(mode, "allServiceAccounts") ||
	    str_is(mode, "none"))
		return true;
	return diag_fail(plugin->diag,
	                 "invalid value \"%.*s\" for setRoleBindingSubjects: must be one of "
	                 "\"defaultOnly\", \"none\" or \"allServiceAccounts\"",
	                 STR_ARGS(mode));
}

static bool make_image(Plugin *plugin, Transformer *out)
{
	ImageSettings *settings = ARENA_NEW(plugin->build->arena, ImageSettings);

	*settings = (ImageSettings){plugin->config->image, NULL, specs_of(plugin)};
	*out = (Transformer){.run = transform_image, .settings = settings};
	return image_prepare(plugin->build, settings, plugin->diag);
}

static bool make_replicas(Plugin *plugin, Transformer *out)
{
	ReplicaSettings *settings = ARENA_NEW(plugin->build->arena, ReplicaSettings);

	*settings = (ReplicaSettings){plugin->config->replica, specs_of(plugin)};
	*out = (Transformer){.run = transform_replicas, .settings = settings};
	return true;
}

static bool make_replacements(Plugin *plugin, Transformer *out)
{
	ReplacementSettings *settings = ARENA_NEW(plugin->build->arena, ReplacementSettings);

	*out = (Transformer){.run = transform_replacements, .settings = settings};
	return replacements_prepare(plugin->build, plugin->loader, &plugin->config->replacements,
	                            settings, plugin->diag);
}

static bool make_patch(Plugin *plugin, Transformer *out)
{
	PatchSettings *settings = ARENA_NEW(plugin->build->arena, PatchSettings);

	settings->patch = plugin->config->patch;
	settings->patch.node = plugin->resource->node;
	*out = (Transformer){.run = transform_patch, .settings = settings};
	return patch_prepare(plugin->build, plugin->loader, settings, plugin->diag);
}

static bool make_json_patch(Plugin *plugin, Transformer *out)
{
	PatchSettings *settings = ARENA_NEW(plugin->build->arena, PatchSettings);

	settings->patch = plugin->config->patch;
	*out = (Transformer){.run = transform_patch_json, .settings = settings};
	return patch_json_prepare(plugin->build, plugin->loader, settings, plugin->diag);
}

static bool make_strategic_patch(Plugin *plugin, Transformer *out)
{
	PatchSettings *settings = ARENA_NEW(plugin->build->arena, PatchSettings);

	*out = (Transformer){.run = transform_patch_strategic, .settings = settings};
	return patch_strategic_prepare(plugin->build, plugin->loader, &plugin->config->paths,
	                               plugin->config->patches, settings, plugin->diag);
}

static bool run_hash(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	(void)transformer;
	return transform_hash(build, map, diag);
}

static bool make_hash(Plugin *plugin, Transformer *out)
{
	(void)plugin;
	*out = (Transformer){.run = run_hash};
	return true;
}

// --- values added at a path ---

static Str insert_path_part(Arena *arena, Str path, size_t position, Str part)
{
	TextList parts = {0};
	bool absolute = path.len && path.p[0] == '/';
	Str rest = absolute ? str_from(path, 1) : path, at;
	Buf out = buf_new(arena);

	while (rest.p && rest.len && str_cut(&rest, S("/"), &at))
		if (at.len)
			text_list_add(arena, &parts, at);
	if (absolute)
		buf_byte(&out, '/');
	if (position > parts.len)
		position = parts.len;
	for (size_t i = 0; i <= parts.len; i++) {
		if (i == position) {
			buf_str(&out, part);
			if (i < parts.len)
				buf_byte(&out, '/');
		}
		if (i < parts.len) {
			buf_str(&out, parts.items[i]);
			if (i + 1 < parts.len || position == parts.len)
				buf_byte(&out, '/');
		}
	}
	return buf_view(&out);
}

static bool add_value(Build *build, Str value, const ValueAddTarget *target, Resource *resource,
                      Diag *diag)
{
	size_t count;
	Str *parts = path_split(build->arena, target->field_path, '/', &count);
	Node *at = resource->node;

	for (size_t i = 0; i < count; i++) {
		if (!tree_expect(at, NODE_MAPPING, diag))
			return false;
		at = tree_get_or_add(build->arena, at, parts[i],
		                     i + 1 < count ? NODE_MAPPING : NODE_SCALAR);
	}
	if (target->position > 0)
		value = insert_path_part(build->arena, at->value, (size_t)target->position - 1,
		                         value);
	return tree_set_scalar(at, value, "", diag);
}

static bool run_value_add(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	const PluginConfig *config = transformer->settings;
	const ValueAddTarget *target = config->targets.items;

	for (size_t t = 0; t < config->targets.len; t++, target++) {
		Resources selected;
		if (!select_resources(map, &target->selector, &selected, diag))
			return false;
		for (size_t i = 0; i < selected.len; i++) {
			if (!add_value(build, config->value, target, selected.items[i], diag))
				return false;
			resmap_touch(map, selected.items[i]);
		}
	}
	return true;
}

static bool make_value_add(Plugin *plugin, Transformer *out)
{
	PluginConfig *config = plugin->config;
	ReadOptions options = {.file = config->target_file_path};
	Node *document = NULL;
	Str text;

	*out = (Transformer){.run = run_value_add, .settings = config};
	if (!config->value.len)
		return diag_fail(plugin->diag, "must specify 'value'");
	if (!config->target_file_path.len)
		return true;
	if (!loader_read(plugin->loader, config->target_file_path, &text, plugin->diag) ||
	    !read_document(plugin->build->arena, text, &options, &document, plugin->diag))
		return false;
	return !document || fill_struct_list(plugin->build->arena, tree_get_c(document, "targets"),
	                                     &value_target_type, FILL_OWN, config->target_file_path,
	                                     &config->targets, plugin->diag);
}

// --- kinds ---

typedef struct PluginRow {
	const char *kind;
	const FillField *fields;
	size_t field_count;
	bool (*make)(Plugin *plugin, Transformer *out);
} PluginRow;

#define ROW(kind, fields, make)                                                                    \
	{                                                                                          \
		kind, fields, sizeof(fields) / sizeof *(fields), make                              \
	}

static const PluginRow plugins[] = {
	ROW("AnnotationsTransformer", annotation_fields, make_annotations),
	ROW("HashTransformer", affix_fields, make_hash),
	ROW("ImageTagTransformer", image_plugin_fields, make_image),
	ROW("LabelTransformer", label_fields, make_labels),
	ROW("NamespaceTransformer", namespace_fields, make_namespace),
	ROW("PatchJson6902Transformer", json_plugin_fields, make_json_patch),
	ROW("PatchStrategicMergeTransformer", strategic_plugin_fields, make_strategic_patch),
	ROW("PatchTransformer", patch_plugin_fields, make_patch),
	ROW("PrefixSuffixTransformer", affix_fields, make_prefix_suffix),
	ROW("PrefixTransformer", affix_fields, make_prefix),
	ROW("SuffixTransformer", affix_fields, make_suffix),
	ROW("ReplacementTransformer", replacement_plugin_fields, make_replacements),
	ROW("ReplicaCountTransformer", replica_plugin_fields, make_replicas),
	ROW("ValueAddTransformer", value_plugin_fields, make_value_add),
};

static const char *const generators[] = {"ConfigMapGenerator", "SecretGenerator",
                                         "HelmChartInflationGenerator", "IAMPolicyGenerator"};

static bool is_generator(Str kind)
{
	for (size_t i = 0; i < sizeof generators / sizeof *generators; i++)
		if (str_is(kind, generators[i]))
			return true;
	return false;
}

static bool check_builtin(Build *build, const Resource *config, Diag *diag)
{
	const Gvk *gvk = &config->id.gvk;
	ResId original = resource_original_id(config);

	(void)build;
	if (gvk->group.len || !str_is(gvk->version, "builtin"))
		return diag_fail(
			diag,
			"external plugins disabled; unable to load external plugin '%.*s': "
			"cleat runs no other program",
			STR_ARGS(original.gvk.kind));
	return true;
}

static bool fail_configuration(Build *build, const Resource *config, Diag *diag)
{
	ResId id = resource_original_id(config);

	return diag_wrap(diag, "plugin %.*s fails configuration",
	                 STR_ARGS(resid_str(build->arena, &id)));
}

bool plugin_transformer(Build *build, const Loader *loader, const Resource *config,
                        Transformer *out, Diag *diag)
{
	Plugin plugin = {build, loader, config, ARENA_NEW(build->arena, PluginConfig), diag};
	ResId id = resource_original_id(config);

	if (!check_builtin(build, config, diag))
		return false;
	for (size_t i = 0; i < sizeof plugins / sizeof *plugins; i++) {
		const PluginRow *row = &plugins[i];
		FillType type = {.size = sizeof(PluginConfig),
		                 .fields = row->fields,
		                 .field_count = row->field_count};
		if (!str_is(config->id.gvk.kind, row->kind))
			continue;
		type.name = str_to_c(build->arena, str_printf(build->arena, "%sPlugin", row->kind));
		if (!fill_struct(build->arena, config->node, &type, FILL_RESOURCE, config->file,
		                 plugin.config, diag) ||
		    !row->make(&plugin, out))
			return fail_configuration(build, config, diag);
		out->kind = row->kind;
		return true;
	}
	if (is_generator(config->id.gvk.kind))
		return diag_fail(diag, "plugin %.*s not a transformer",
		                 STR_ARGS(resid_str(build->arena, &id)));
	return diag_fail(diag, "unable to load builtin %.*s",
	                 STR_ARGS(gvk_str(build->arena, &config->id.gvk)));
}

// --- generators ---

typedef struct IamAccount {
	Str name, ns, project;
} IamAccount;

typedef struct IamArgs {
	Metadata metadata;
	Str cloud;
	IamAccount kubernetes, service;
} IamArgs;

struct GeneratorPlugin {
	bool (*run)(Build *build, const Loader *loader, const GeneratorPlugin *generator,
	            Resources *out, Diag *diag);
	const Resource *config;
	GeneratorArgs pairs;
	HelmChart chart;
	IamArgs iam;
};

static const FillType cloud_type = FILL_TEXT_TYPE("Cloud");
static const FillField kubernetes_fields[] = {
	{"name", FILL_STR, offsetof(IamAccount, name), NULL, 0},
	{"namespace", FILL_STR, offsetof(IamAccount, ns), NULL, 0},
};
static const FillType kubernetes_type =
	FILL_TYPE("KubernetesService", IamAccount, kubernetes_fields);
static const FillField service_fields[] = {
	{"name", FILL_STR, offsetof(IamAccount, name), NULL, 0},
	{"projectId", FILL_STR, offsetof(IamAccount, project), NULL, 0},
};
static const FillType service_type = FILL_TYPE("ServiceAccount", IamAccount, service_fields);

#define IAM(name) "IAMPolicyGeneratorArgs." name
static const FillField iam_fields[] = {
	{"metadata", FILL_STRUCT, offsetof(IamArgs, metadata), &metadata_type, 0},
	{IAM("cloud"), FILL_STR, offsetof(IamArgs, cloud), &cloud_type, 0},
	{IAM("kubernetesService"), FILL_STRUCT, offsetof(IamArgs, kubernetes), &kubernetes_type, 0},
	{IAM("serviceAccount"), FILL_STRUCT, offsetof(IamArgs, service), &service_type, 0},
};
static const FillType iam_type = FILL_TYPE("IAMPolicyGeneratorPlugin", IamArgs, iam_fields);

static bool run_pairs(Build *build, const Loader *loader, const GeneratorPlugin *generator,
                      Resources *out, Diag *diag)
{
	bool secret = str_is(generator->config->id.gvk.kind, "SecretGenerator");
	Resource *made;

	if (!generate(build, loader, &generator->pairs, secret, &made, diag))
		return false;
	VEC_PUSH(build->arena, out->items, out->len, out->cap) = made;
	return true;
}

static bool read_pairs(Build *build, GeneratorPlugin *generator, Diag *diag)
{
	const Resource *config = generator->config;
	const Node *metadata = resource_metadata(config);
	GeneratorArgs *args = &generator->pairs;
	bool secret = str_is(config->id.gvk.kind, "SecretGenerator");

	generator->run = run_pairs;
	if (!fill_struct(build->arena, config->node,
	                 secret ? &secret_plugin_type : &config_map_plugin_type, FILL_RESOURCE,
	                 config->file, args, diag))
		return false;
	// Kustomize moves `env` to `envs` in kustomizations only.
	args->env = S("");
	if (!args->name.len)
		args->name = tree_get_text(metadata, "name");
	if (!args->ns.len)
		args->ns = tree_get_text(metadata, "namespace");
	return true;
}

static bool run_chart(Build *build, const Loader *loader, const GeneratorPlugin *generator,
                      Resources *out, Diag *diag)
{
	HelmChart chart = generator->chart;

	return chart_inflate(build, loader, &chart, out, diag);
}

static bool read_chart(Build *build, const Loader *loader, GeneratorPlugin *generator, Diag *diag)
{
	generator->run = run_chart;
	generator->chart.in_resource = true;
	if (!build->options->enable_helm)
		return diag_fail(diag, "must specify --enable-helm");
	return fill_struct(build->arena, generator->config->node, &helm_chart_type, FILL_RESOURCE,
	                   generator->config->file, &generator->chart, diag) &&
	       chart_prepare(build, loader, &generator->chart, diag);
}

static void set_text(Arena *arena, Node *map, Str key, Str value)
{
	tree_set(arena, map, key, tree_scalar(arena, value, TAG_STR));
}

// A service account of Google's cloud.
static bool run_iam(Build *build, const Loader *loader, const GeneratorPlugin *generator,
                    Resources *out, Diag *diag)
{
	const IamArgs *args = &generator->iam;
	Arena *arena = build->arena;
	Node *made = tree_kind(arena, NODE_MAPPING), *metadata, *annotations;
	Str account = str_printf(arena, "%.*s@%.*s.iam.gserviceaccount.com",
	                         STR_ARGS(args->service.name), STR_ARGS(args->service.project));

	(void)loader;
	if (!str_is(args->cloud, "gke"))
		return diag_fail(diag, "cloud provider %.*s not supported yet",
		                 STR_ARGS(args->cloud));
	set_text(arena, made, S("apiVersion"), S("v1"));
	set_text(arena, made, S("kind"), S("ServiceAccount"));
	metadata = tree_get_or_add(arena, made, S("metadata"), NODE_MAPPING);
	annotations = tree_get_or_add(arena, metadata, S("annotations"), NODE_MAPPING);
	set_text(arena, annotations, S("iam.gke.io/gcp-service-account"), account);
	set_text(arena, metadata, S("name"), args->kubernetes.name);
	if (args->kubernetes.ns.len)
		set_text(arena, metadata, S("namespace"), args->kubernetes.ns);
	VEC_PUSH(arena, out->items, out->len, out->cap) = resource_new(arena, made);
	return true;
}

static bool read_iam(Build *build, GeneratorPlugin *generator, Diag *diag)
{
	generator->run = run_iam;
	return fill_struct(build->arena, generator->config->node, &iam_type, FILL_RESOURCE,
	                   generator->config->file, &generator->iam, diag);
}

static bool read_generator(Build *build, const Loader *loader, GeneratorPlugin *generator,
                           Diag *diag)
{
	Str kind = generator->config->id.gvk.kind;

	if (str_is(kind, "HelmChartInflationGenerator"))
		return read_chart(build, loader, generator, diag);
	if (str_is(kind, "IAMPolicyGenerator"))
		return read_iam(build, generator, diag);
	return read_pairs(build, generator, diag);
}

static bool load_generator(Build *build, const Loader *loader, const Resource *config,
                           GeneratorPlugin *out, Diag *diag)
{
	Str kind = config->id.gvk.kind;
	ResId id = resource_original_id(config);
	Transformer ignored;

	*out = (GeneratorPlugin){.config = config};
	if (!check_builtin(build, config, diag))
		return false;
	for (size_t i = 0; i < sizeof plugins / sizeof *plugins; i++)
		if (str_is(kind, plugins[i].kind))
			return plugin_transformer(build, loader, config, &ignored, diag) &&
			       diag_fail(diag, "plugin %.*s not a generator",
			                 STR_ARGS(resid_str(build->arena, &id)));
	if (!is_generator(kind))
		return diag_fail(diag, "unable to load builtin %.*s",
		                 STR_ARGS(gvk_str(build->arena, &config->id.gvk)));
	return read_generator(build, loader, out, diag) || fail_configuration(build, config, diag);
}

bool plugin_generator(Build *build, const Loader *loader, const Resource *config,
                      GeneratorPlugin **out, Diag *diag)
{
	*out = ARENA_NEW(build->arena, GeneratorPlugin);
	return load_generator(build, loader, config, *out, diag) ||
	       diag_wrap(diag, "failed to load generator");
}

bool plugin_generate(Build *build, const Loader *loader, const GeneratorPlugin *generator,
                     Resources *out, Diag *diag)
{
	return generator->run(build, loader, generator, out, diag);
}
