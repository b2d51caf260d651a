// One kustomization on its way.
//
// The order is Kustomize's: resources (files, then bases by their own kustomizations), the configuration of
// transformers, generators, components, transformers (patchesStrategicMerge, patches, namespace, prefix, suffix,
// labels, annotations, patchesJson6902, replicas, images, replacements, then those with documents of their own),
// validators, vars. Hashes, references and the values of vars come last of all, in kustomize.c.

#include "kustomize/target.h"

#include "base/num.h"
#include "data/yaml.h"
#include "kustomize/origin.h"

// Bases of bases: deeper than anyone builds, and short of exhausting the stack.
#define DEPTH_LIMIT 256

static Accumulator accumulator_new(Arena *arena)
{
	return (Accumulator){.map = resmap_new(arena)};
}

static bool wants_origins(const Target *target)
{
	return target->build->metadata.len > 0;
}

// --- merging ---

static bool merge_config(Target *target, Accumulator *into, const Config *config, Diag *diag)
{
	return config_merge(target->build->arena, into->config, config, &into->config, diag);
}

static bool merge_accumulator(Target *target, Accumulator *into, const Accumulator *other,
                              Diag *diag)
{
	return resmap_append_all(into->map, other->map, diag) &&
	       merge_config(target, into, other->config, diag) &&
	       vars_absorb(target->build, &into->vars, &other->vars, diag);
}

// --- resources ---

static bool all_differ(Arena *arena, const Resources *resources, Diag *diag)
{
	ResMap *map = resmap_new(arena);

	for (size_t i = 0; resources->len > 1 && i < resources->len; i++)
		if (!resmap_append(map, resources->items[i], diag))
			return false;
	return true;
}

// Kustomize looks for a kind that it does not know in its built-in document.
static void note_kind(Build *build, const Resource *resource)
{
	Str api_version = tree_get_text(resource->node, "apiVersion");

	if (!build->schema_set && !resource->id.cluster &&
	    !merge_type_of(api_version, resource->id.gvk.kind))
		build->builtin_wanted = true;
}

static bool accumulate_file(Target *target, Accumulator *into, Str path, Diag *diag)
{
	Arena *arena = target->build->arena;
	ReadOptions options = {.file = path_join(arena, target->loader->root, path),
	                       .traced = target->build->options->traced};
	Resources found = {0};
	Str text;

	if (!loader_read(target->loader, path, &text, diag))
		return diag_wrap(diag, "accumulating resources from '%.*s'", STR_ARGS(path));
	if (!read_resources(arena, text, &options, &found, diag)) {
		if (str_has_prefix(diag->message, S("MalformedYAMLError")))
			diag->message = str_printf(arena, "%.*s in File: %.*s",
			                           STR_ARGS(diag->message), STR_ARGS(path));
		return diag_wrap(diag, "accumulating resources from '%.*s'", STR_ARGS(path));
	}
	if (wants_origins(target)) {
		Str origin = origin_of_path(arena, path_join(arena, target->origin, path));
		for (size_t i = 0; i < found.len; i++)
			origin_set(arena, found.items[i], origin);
	}
	if (!all_differ(arena, &found, diag))
		return diag_wrap(diag, "accumulating resources from '%.*s'", STR_ARGS(path));
	for (size_t i = 0; i < found.len; i++) {
		note_kind(target->build, found.items[i]);
		if (!resmap_append(into->map, found.items[i], diag))
			return diag_wrap(diag, "merging resources from '%.*s'", STR_ARGS(path));
	}
	return true;
}

static BuiltinTypes builtin_types(const Build *build)
{
	return build->builtin_parsed   ? BUILTIN_UNDER
	       : build->builtin_wanted ? BUILTIN_OVER
	                               : BUILTIN_ABSENT;
}

static bool set_schema(Build *build, const Loader *loader, const Kustomization *kustomization,
                       Diag *diag)
{
	const Str *path = text_map_get(&kustomization->openapi, S("path"));
	const Str *version = text_map_get(&kustomization->openapi, S("version"));
	ReadOptions options = {.own = true};
	Node *document = NULL;
	Str text = S("");

	if (path && !loader_read(loader, *path, &text, diag))
		return false;
	if (build->schema_set || (!path && !version))
		return true;
	build->schema_set = true;
	if (path && version)
		return diag_fail(diag,
		                 "builtin version and custom schema provided, cannot use both");
	if (version)
		return str_is(*version, "v1.21.2") ||
		       diag_fail(diag, "the specified OpenAPI version is not built in");
	options.file = *path;
	return (read_document(build->arena, text, &options, &document, diag) &&
	        openapi_read(build->arena, document, builtin_types(build), &build->schema, diag)) ||
	       diag_wrap(diag, "invalid schema file");
}

static bool accumulate_folder(Target *target, Accumulator *into, const Loader *loader, Str path,
                              bool component, Diag *diag)
{
	Target *sub = ARENA_NEW(target->build->arena, Target);
	Accumulator fresh = accumulator_new(target->build->arena);
	bool is_component;

	*sub = (Target){.build = target->build,
	                .loader = loader,
	                .origin = path_join(target->build->arena, target->origin, path),
	                .depth = target->depth + 1};
	if (sub->depth > DEPTH_LIMIT)
		return diag_fail(diag, "kustomizations are nested too deeply");
	if (!target_load(sub, diag))
		return diag_wrap(diag, "couldn't make target for path '%.*s'",
		                 STR_ARGS(loader->root));
	if (!set_schema(target->build, loader, &sub->kustomization, diag))
		return false;
	is_component = str_is(sub->kustomization.kind, "Component");
	if (component && !is_component)
		return diag_fail(diag, "expected kind 'Component' for path '%.*s' but got '%.*s'",
		                 STR_ARGS(loader->root), STR_ARGS(sub->kustomization.kind));
	if (!component && is_component)
		return diag_fail(diag, "expected kind != 'Component' for path '%.*s'",
		                 STR_ARGS(loader->root));
	// A component works on what is there; a base on its own.
	if (!target_accumulate(sub, component ? into : &fresh, diag))
		return diag_wrap(diag, "recursed accumulation of path '%.*s'",
		                 STR_ARGS(loader->root));
	if (component) {
		Accumulator all = *into;
		*into = fresh;
		fresh = all;
	}
	return merge_accumulator(target, into, &fresh, diag) ||
	       diag_wrap(diag, "recursed merging from path '%.*s'", STR_ARGS(loader->root));
}

static bool accumulate_one(Target *target, Accumulator *into, Str path, Diag *diag)
{
	Diag as_file = diag_new(target->build->arena);
	Loader *loader;

	if (accumulate_file(target, into, path, &as_file))
		return true;
	if (loader_is_remote(path) && str_find(as_file.message, S("uses no network")) != STR_NONE) {
		*diag = as_file;
		return false;
	}
	if (!loader_enter(target->loader, path, &loader, diag)) {
		if (str_find(as_file.message, S("MalformedYAMLError")) != STR_NONE) {
			*diag = as_file;
			return false;
		}
	} else if (accumulate_folder(target, into, loader, path, false, diag)) {
		return true;
	}
	if (as_file.place.file.len && !diag->place.file.len)
		diag->place = as_file.place;
	return diag_wrap(diag, "accumulation err='%.*s'", STR_ARGS(as_file.message));
}

static bool accumulate_resources(Target *target, Accumulator *into, const TextList *paths,
                                 Diag *diag)
{
	for (size_t i = 0; i < paths->len; i++)
		if (!accumulate_one(target, into, paths->items[i], diag))
			return false;
	return true;
}

static Str quoted(Arena *arena, const Diag *diag)
{
	Buf out = buf_new(arena);

	num_quote(&out, diag->message);
	return buf_view(&out);
}

static bool accumulate_components(Target *target, Accumulator *into, Diag *diag)
{
	const TextList *paths = &target->kustomization.components;

	for (size_t i = 0; i < paths->len; i++) {
		Loader *loader;
		const char *stage = "loader.New";
		bool ok = loader_enter(target->loader, paths->items[i], &loader, diag);
		if (ok) {
			stage = "accumulateDirectory:";
			ok = accumulate_folder(target, into, loader, paths->items[i], true, diag);
		}
		if (!ok) {
			diag->message = str_printf(target->build->arena, "%s %.*s", stage,
			                           STR_ARGS(quoted(target->build->arena, diag)));
			return false;
		}
	}
	return true;
}

// --- configuration of transformers ---

static bool read_own_text(Target *target, Str path, Str text, Node **document, Diag *diag)
{
	ReadOptions options = {.file = path, .traced = target->build->options->traced, .own = true};

	*document = NULL;
	return read_document(target->build->arena, text, &options, document, diag) ||
	       diag_wrap(diag, "error converting YAML to JSON");
}

static bool load_configurations(Target *target, const Config **out, Diag *diag)
{
	const TextList *paths = &target->kustomization.configurations;
	Arena *arena = target->build->arena;

	const Config *own = NULL;

	*out = target->build->defaults;
	for (size_t i = 0; i < paths->len; i++) {
		const Config *config;
		Node *document;
		Str text;
		if (!loader_read(target->loader, paths->items[i], &text, diag) ||
		    !read_own_text(target, paths->items[i], text, &document, diag))
			return false;
		if (!document || tree_is_null(document))
			continue;
		if (!config_read(arena, document, paths->items[i], &config, diag) ||
		    !config_merge(arena, own, config, &own, diag))
			return false;
	}
	return !own || config_merge(arena, *out, own, out, diag);
}

static bool load_crd_file(Target *target, Accumulator *into, Str path, Diag *diag)
{
	const Config *config;
	Node *document;
	Str text;

	if (!loader_read(target->loader, path, &text, diag))
		return false;
	if (!read_own_text(target, path, text, &document, diag) ||
	    !config_read_crds(target->build->arena, document, path, &config, diag))
		return diag_wrap(diag, "unable to parse open API definition from '%.*s'",
		                 STR_ARGS(path));
	return merge_config(target, into, config, diag);
}

static bool load_crds(Target *target, Accumulator *into, Diag *diag)
{
	const TextList *paths = &target->kustomization.crds;

	for (size_t i = 0; i < paths->len; i++)
		if (!load_crd_file(target, into, paths->items[i], diag))
			return diag_wrap(diag, "loading CRDs %.*s",
			                 STR_ARGS(text_list_str(target->build->arena, paths)));
	return true;
}

// --- generators ---

static Str file_of(const Target *target)
{
	return path_join(target->build->arena, target->origin, target->kustomization.file);
}

static Str builtin_origin(const Target *target, const char *kind)
{
	if (!wants_origins(target))
		return S("");
	return origin_of_config(target->build->arena, file_of(target), S("builtin"), str_c(kind),
	                        S(""), S(""));
}

// The settings as Kustomize shows them in its message.
static bool fail_builtin(Target *target, const char *kind, const Node *settings, Diag *diag)
{
	Buf text = buf_new(target->build->arena);
	Diag ignored = diag_new(target->build->arena);

	if (settings)
		yaml_write_resource(&text, settings, &ignored);
	if (settings && !diag->place.file.len)
		diag->place = (Place){path_join(target->build->arena, target->loader->root,
		                                target->kustomization.file),
		                      settings->start.line, settings->start.column};
	return diag_wrap(diag, "trouble configuring builtin %s with config: `\n%.*s`", kind,
	                 STR_ARGS(buf_view(&text)));
}

static bool absorb(Target *target, Accumulator *into, const Resources *made, Str origin, Diag *diag)
{
	origin_add(target->build->arena, made, origin);
	for (size_t i = 0; i < made->len; i++)
		if (!resmap_absorb(into->map, made->items[i], diag))
			return diag_wrap(diag, "merging from generator");
	return true;
}

static bool generate_all(Target *target, Accumulator *into, bool secret, Diag *diag)
{
	const Kustomization *k = &target->kustomization;
	const StructList *list = secret ? &k->secrets : &k->config_maps;
	GeneratorArgs *args = list->items;
	Str origin = builtin_origin(target, secret ? "SecretGenerator" : "ConfigMapGenerator");

	for (size_t i = 0; i < list->len; i++) {
		Resource *made;
		Resources one = {&made, 1, 1};
		generator_options_merge(target->build, &args[i].options, k->generator_options);
		if (!generate(target->build, target->loader, &args[i], secret, &made, diag))
			return false;
		made->file = k->file;
		if (!absorb(target, into, &one, origin, diag))
			return false;
	}
	return true;
}

// Fields of helmChartInflationGenerator under the names that helmCharts has for them. Those without one mean nothing to
// a chart.
static Str chart_field_name(Str name)
{
	static const char *const names[][2] = {
		{"chartName", "name"},    {"chartVersion", "version"},
		{"chartRepoUrl", "repo"}, {"values", "valuesFile"},
		{"chartRepoName", ""},    {"valuesLocal", "valuesInline"},
		{"helmBin", ""},          {"helmHome", ""},
		{"releaseNamespace", ""}, {"extraArgs", ""},
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_is(name, names[i][0]))
			return str_c(names[i][1]);
	return name;
}

static bool says_nothing(const Node *value)
{
	return tree_is_empty(value) ||
	       (value->kind == NODE_SCALAR && str_is(value->value, "false"));
}

// A chart as Kustomize shows it: the fields that say something, and the globals that count for it.
static const Node *shown_chart(Target *target, const HelmChart *chart)
{
	Arena *arena = target->build->arena;
	Node *shown = tree_kind(arena, NODE_MAPPING);
	const HelmGlobals *globals = target->kustomization.helm_globals;

	for (size_t i = 0; i + 1 < chart->node->len; i += 2) {
		Str name = chart_field_name(chart->node->children[i]->value);
		if (name.len && !says_nothing(chart->node->children[i + 1]))
			tree_set(arena, shown, name,
			         node_copy(arena, chart->node->children[i + 1]));
	}
	shown->start = chart->node->start;
	if (globals && globals->chart_home.len)
		tree_set(arena, shown, S("chartHome"),
		         tree_scalar(arena, globals->chart_home, TAG_STR));
	if (globals && globals->config_home.len)
		tree_set(arena, shown, S("configHome"),
		         tree_scalar(arena, globals->config_home, TAG_STR));
	return shown;
}

static bool prepare_charts(Target *target, Diag *diag)
{
	const Kustomization *k = &target->kustomization;
	HelmChart *chart = k->charts.items;

	for (size_t i = 0; i < k->charts.len; i++, chart++) {
		if (k->helm_globals) {
			chart->chart_home = k->helm_globals->chart_home;
			chart->config_home = k->helm_globals->config_home;
		}
		if (!chart_prepare(target->build, target->loader, chart, diag))
			return fail_builtin(target, "HelmChartInflationGenerator",
			                    shown_chart(target, chart), diag);
	}
	return true;
}

static bool inflate_charts(Target *target, Accumulator *into, Diag *diag)
{
	const Kustomization *k = &target->kustomization;
	HelmChart *chart = k->charts.items;

	for (size_t i = 0; i < k->charts.len; i++, chart++) {
		Resources made = {0};
		if (!chart_inflate(target->build, target->loader, chart, &made, diag) ||
		    !absorb(target, into, &made,
		            builtin_origin(target, "HelmChartInflationGenerator"), diag))
			return false;
	}
	return true;
}

// The documents that a list of paths or texts stands for.
static bool plugin_documents(Target *target, const TextList *list, const char *what, ResMap **out,
                             Diag *diag)
{
	Arena *arena = target->build->arena;
	Accumulator documents = accumulator_new(arena);
	TextList paths = {0};

	for (size_t i = 0; i < list->len; i++) {
		ReadOptions options = {.file = target->kustomization.file,
		                       .traced = target->build->options->traced};
		Diag ignored = diag_new(arena);
		Resources found = {0};
		if (!read_resources(arena, list->items[i], &options, &found, &ignored)) {
			text_list_add(arena, &paths, list->items[i]);
			continue;
		}
		for (size_t k = 0; k < found.len; k++) {
			if (wants_origins(target))
				origin_set(arena, found.items[k],
				           origin_of_path(arena, file_of(target)));
			if (!resmap_append(documents.map, found.items[k], diag))
				return diag_wrap(diag, "configuring external %s", what);
		}
	}
	*out = documents.map;
	return accumulate_resources(target, &documents, &paths, diag);
}

static bool load_generators(Target *target, ResMap **documents, GeneratorPlugin ***out, Diag *diag)
{
	const TextList *list = &target->kustomization.generators;
	GeneratorPlugin **loaded;

	*documents = NULL;
	*out = NULL;
	if (!list->len)
		return true;
	if (!plugin_documents(target, list, "generator", documents, diag))
		return false;
	*out = loaded = ARENA_ARRAY(target->build->arena, GeneratorPlugin *, (*documents)->len + 1);
	for (size_t i = 0; i < (*documents)->len; i++)
		if (!plugin_generator(target->build, target->loader, (*documents)->items[i],
		                      &loaded[i], diag))
			return false;
	return true;
}

static bool run_generators(Target *target, Accumulator *into, Diag *diag)
{
	GeneratorPlugin **plugins;
	ResMap *documents;

	if (!prepare_charts(target, diag))
		return false;
	if (!load_generators(target, &documents, &plugins, diag))
		return diag_wrap(diag, "loading generator plugins");
	if (!generate_all(target, into, false, diag) || !generate_all(target, into, true, diag) ||
	    !inflate_charts(target, into, diag))
		return false;
	for (size_t i = 0; documents && i < documents->len; i++) {
		Resources made = {0};
		if (!plugin_generate(target->build, target->loader, plugins[i], &made, diag) ||
		    !absorb(target, into, &made,
		            origin_of_plugin(target->build->arena, documents->items[i]), diag))
			return false;
	}
	return true;
}

// --- transformers ---

typedef struct TransformerList {
	Target *target;
	const Config *config;
	Transformers list;
	Diag *diag;
} TransformerList;

static void add(TransformerList *to, const char *kind,
                bool (*run)(Build *, const Transformer *, ResMap *, Diag *), const void *settings)
{
	Transformer transformer = {run, kind, settings, builtin_origin(to->target, kind)};

	transformers_add(to->target->build, &to->list, transformer);
}

#define NEW(to, type) ARENA_NEW((to)->target->build->arena, type)

static bool add_patches(TransformerList *to)
{
	const Kustomization *k = &to->target->kustomization;
	Build *build = to->target->build;
	const Patch *patch = k->patches.items;

	if (k->patches_strategic.len) {
		PatchSettings *settings = NEW(to, PatchSettings);
		if (!patch_strategic_prepare(build, to->target->loader, &k->patches_strategic,
		                             S(""), settings, to->diag)) {
			Node *shown = tree_kind(build->arena, NODE_MAPPING);
			tree_set(build->arena, shown, S("paths"),
			         tree_get_c(k->node, "patchesStrategicMerge"));
			return fail_builtin(to->target, "PatchStrategicMergeTransformer", shown,
			                    to->diag);
		}
		add(to, "PatchStrategicMergeTransformer", transform_patch_strategic, settings);
	}
	for (size_t i = 0; i < k->patches.len; i++, patch++) {
		PatchSettings *settings = NEW(to, PatchSettings);
		settings->patch = *patch;
		if (!patch_prepare(build, to->target->loader, settings, to->diag))
			return fail_builtin(to->target, "PatchTransformer", patch->node, to->diag);
		add(to, "PatchTransformer", transform_patch, settings);
	}
	return true;
}

static void add_names(TransformerList *to)
{
	const Kustomization *k = &to->target->kustomization;

	if (k->ns.len) {
		NamespaceSettings *settings = NEW(to, NamespaceSettings);
		*settings = (NamespaceSettings){k->ns, to->config->lists[CONFIG_NAMESPACE], false,
		                                S("defaultOnly")};
		add(to, "NamespaceTransformer", transform_namespace, settings);
	}
	if (k->name_prefix.len) {
		AffixSettings *settings = NEW(to, AffixSettings);
		*settings = (AffixSettings){k->name_prefix, to->config->lists[CONFIG_NAME_PREFIX]};
		add(to, "PrefixTransformer", transform_prefix, settings);
	}
	if (k->name_suffix.len) {
		AffixSettings *settings = NEW(to, AffixSettings);
		*settings = (AffixSettings){k->name_suffix, to->config->lists[CONFIG_NAME_SUFFIX]};
		add(to, "SuffixTransformer", transform_suffix, settings);
	}
}

// The fields a rule of `labels` writes: its own, those of selectors or templates where asked, else metadata.
static bool label_specs(TransformerList *to, const LabelRule *rule, FieldSpecs *out)
{
	Arena *arena = to->target->build->arena;
	const FieldSpecs *lists = to->config->lists;
	FieldSpec metadata =
		fieldspec_new(arena, (Gvk){S(""), S(""), S("")}, S("metadata/labels"), true);

	*out = fieldspecs_of(arena, &rule->fields);
	if (!fieldspecs_merge(arena, out, &lists[CONFIG_LABELS], to->diag))
		return diag_wrap(to->diag, "failed to merge labels");
	if (rule->include_selectors)
		return fieldspecs_merge(arena, out, &lists[CONFIG_COMMON_LABELS], to->diag) ||
		       diag_wrap(to->diag, "failed to merge labels");
	if (rule->include_templates &&
	    !fieldspecs_merge(arena, out, &lists[CONFIG_TEMPLATE_LABELS], to->diag))
		return diag_wrap(to->diag, "failed to merge template fieldSpec");
	return fieldspecs_merge_one(arena, out, &metadata, to->diag) ||
	       diag_wrap(to->diag, "failed to merge labels");
}

static bool add_labels(TransformerList *to)
{
	const Kustomization *k = &to->target->kustomization;
	const LabelRule *rule = k->labels.items;
	LabelSettings *settings;

	for (size_t i = 0; i < k->labels.len; i++, rule++) {
		settings = NEW(to, LabelSettings);
		settings->pairs = rule->pairs;
		if (!label_specs(to, rule, &settings->specs))
			return false;
		add(to, "LabelTransformer", transform_labels, settings);
	}
	if (k->labels.len || k->common_labels.len) {
		settings = NEW(to, LabelSettings);
		*settings =
			(LabelSettings){k->common_labels, to->config->lists[CONFIG_COMMON_LABELS]};
		add(to, "LabelTransformer", transform_labels, settings);
	}
	if (k->common_annotations.len) {
		settings = NEW(to, LabelSettings);
		*settings = (LabelSettings){k->common_annotations,
		                            to->config->lists[CONFIG_COMMON_ANNOTATIONS]};
		add(to, "AnnotationsTransformer", transform_labels, settings);
	}
	return true;
}

// Where patchesJson6902 says "patch", the transformer says "jsonOp".
static const Node *shown_json_patch(Arena *arena, const Node *patch)
{
	Node *shown = node_copy(arena, patch);

	for (size_t i = 0; i + 1 < shown->len; i += 2)
		if (str_is(shown->children[i]->value, "patch"))
			shown->children[i]->value = S("jsonOp");
	return shown;
}

static bool add_json_patches(TransformerList *to)
{
	const Kustomization *k = &to->target->kustomization;
	const Patch *patch = k->patches_json.items;

	for (size_t i = 0; i < k->patches_json.len; i++, patch++) {
		PatchSettings *settings = NEW(to, PatchSettings);
		settings->patch = *patch;
		if (!patch_json_prepare(to->target->build, to->target->loader, settings, to->diag))
			return fail_builtin(to->target, "PatchJson6902Transformer",
			                    shown_json_patch(to->target->build->arena, patch->node),
			                    to->diag);
		add(to, "PatchJson6902Transformer", transform_patch_json, settings);
	}
	return true;
}

static bool add_counts_and_images(TransformerList *to)
{
	const Kustomization *k = &to->target->kustomization;
	const Replica *replica = k->replicas.items;
	const Image *image = k->images.items;

	for (size_t i = 0; i < k->replicas.len; i++, replica++) {
		ReplicaSettings *settings = NEW(to, ReplicaSettings);
		*settings = (ReplicaSettings){*replica, to->config->lists[CONFIG_REPLICAS]};
		add(to, "ReplicaCountTransformer", transform_replicas, settings);
	}
	for (size_t i = 0; i < k->images.len; i++, image++) {
		ImageSettings *settings = NEW(to, ImageSettings);
		*settings = (ImageSettings){*image, NULL, to->config->lists[CONFIG_IMAGES]};
		if (!image_prepare(to->target->build, settings, to->diag))
			return fail_builtin(to->target, "ImageTagTransformer", image->node,
			                    to->diag);
		add(to, "ImageTagTransformer", transform_image, settings);
	}
	return true;
}

static bool add_replacements(TransformerList *to)
{
	const Kustomization *k = &to->target->kustomization;
	ReplacementSettings *settings;

	if (!k->replacements.len)
		return true;
	settings = NEW(to, ReplacementSettings);
	if (!replacements_prepare(to->target->build, to->target->loader, &k->replacements, settings,
	                          to->diag)) {
		Node *shown = tree_kind(to->target->build->arena, NODE_MAPPING);
		tree_set(to->target->build->arena, shown, S("Replacements"),
		         tree_get_c(k->node, "replacements"));
		return fail_builtin(to->target, "ReplacementTransformer", shown, to->diag);
	}
	add(to, "ReplacementTransformer", transform_replacements, settings);
	return true;
}

static bool add_plugins(TransformerList *to, const TextList *paths, bool origins)
{
	Target *target = to->target;
	ResMap *documents;

	if (!paths->len)
		return true;
	if (!plugin_documents(target, paths, "transformer", &documents, to->diag))
		return false;
	for (size_t i = 0; i < documents->len; i++) {
		Transformer transformer = {0};
		if (!plugin_transformer(target->build, target->loader, documents->items[i],
		                        &transformer, to->diag))
			return false;
		if (origins)
			transformer.origin =
				origin_of_plugin(target->build->arena, documents->items[i]);
		transformers_add(target->build, &to->list, transformer);
	}
	return true;
}

static bool run_transformers(Target *target, Accumulator *into, Diag *diag)
{
	TransformerList to = {.target = target, .config = into->config, .diag = diag};

	if (!add_patches(&to))
		return false;
	add_names(&to);
	return add_labels(&to) && add_json_patches(&to) && add_counts_and_images(&to) &&
	       add_replacements(&to) &&
	       add_plugins(&to, &target->kustomization.transformers, true) &&
	       transformers_run(target->build, &to.list, into->map, diag);
}

// --- validators ---

static bool map_json(Arena *arena, const ResMap *map, Str *out, Diag *diag)
{
	Buf json = buf_new(arena);

	for (size_t i = 0; i < map->len; i++)
		if (!tree_write_json(arena, &json, map->items[i]->node, diag))
			return false;
	*out = buf_view(&json);
	return true;
}

static bool run_validators(Target *target, Accumulator *into, Diag *diag)
{
	TransformerList to = {.target = target, .config = into->config, .diag = diag};
	Arena *arena = target->build->arena;
	Str before, after;

	if (!target->kustomization.validators.len)
		return true;
	if (!add_plugins(&to, &target->kustomization.validators, false))
		return false;
	for (size_t i = 0; i < to.list.len; i++) {
		Transformers one = {&to.list.items[i], 1, 1};
		if (!map_json(arena, into->map, &before, diag) ||
		    !transformers_run(target->build, &one, into->map, diag) ||
		    !map_json(arena, into->map, &after, diag))
			return false;
		if (!str_eq(before, after))
			return diag_fail(
				diag, "validator shouldn't modify the resource map: nodes unequal");
	}
	return true;
}

// --- all ---

bool target_load(Target *target, Diag *diag)
{
	return kustomization_load(target->build, target->loader, &target->kustomization, diag);
}

bool target_accumulate(Target *target, Accumulator *into, Diag *diag)
{
	const Kustomization *k = &target->kustomization;
	const Config *config;
	Vars vars = {k->vars.items, k->vars.len, k->vars.len};

	if (!target->depth && !set_schema(target->build, target->loader, k, diag))
		return false;
	if (!accumulate_resources(target, into, &k->resources, diag))
		return diag_wrap(diag, "accumulating resources");
	if (!load_configurations(target, &config, diag) ||
	    !merge_config(target, into, config, diag) || !load_crds(target, into, diag) ||
	    !run_generators(target, into, diag))
		return false;
	if (!accumulate_components(target, into, diag))
		return diag_wrap(diag, "accumulating components");
	if (!run_transformers(target, into, diag) || !run_validators(target, into, diag))
		return false;
	return vars_merge(target->build, &into->vars, &vars, into->map, diag);
}
