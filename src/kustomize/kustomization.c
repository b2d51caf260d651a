// Reading kustomization files.

#include "kustomize/kustomization.h"

#include "kustomize/scalar.h"

#include <string.h>

// --- fields ---

static const FillField label_fields[] = {
	{"pairs", FILL_STR_MAP, offsetof(LabelRule, pairs), NULL, 0},
	{"includeSelectors", FILL_BOOL, offsetof(LabelRule, include_selectors), NULL, 0},
	{"includeTemplates", FILL_BOOL, offsetof(LabelRule, include_templates), NULL, 0},
	{"fields", FILL_STRUCT_LIST, offsetof(LabelRule, fields), &fieldspec_type, 0},
};
static const FillType label_type = FILL_TYPE_WITH_NODE("Label", LabelRule, label_fields);

static const FillField globals_fields[] = {
	{"chartHome", FILL_STR, offsetof(HelmGlobals, chart_home), NULL, 0},
	{"configHome", FILL_STR, offsetof(HelmGlobals, config_home), NULL, 0},
};
static const FillType globals_type = FILL_TYPE("HelmGlobals", HelmGlobals, globals_fields);

// The fields of before helmCharts. Those that never did anything there are only accepted.
static const FillField old_chart_fields[] = {
	{"chartName", FILL_STR, offsetof(HelmChart, name), NULL, 0},
	{"chartVersion", FILL_STR, offsetof(HelmChart, version), NULL, 0},
	{"chartRepoUrl", FILL_STR, offsetof(HelmChart, repo), NULL, 0},
	{"chartHome", FILL_STR, offsetof(HelmChart, chart_home), NULL, 0},
	{"chartRepoName", FILL_NOTHING, 0, NULL, 0},
	{"helmBin", FILL_NOTHING, 0, NULL, 0},
	{"helmHome", FILL_STR, offsetof(HelmChart, config_home), NULL, 0},
	{"values", FILL_STR, offsetof(HelmChart, values_file), NULL, 0},
	{"valuesLocal", FILL_MAPPING, offsetof(HelmChart, values_inline), NULL, 0},
	{"valuesMerge", FILL_STR, offsetof(HelmChart, values_merge), NULL, 0},
	{"releaseName", FILL_STR, offsetof(HelmChart, release_name), NULL, 0},
	{"releaseNamespace", FILL_NOTHING, 0, NULL, 0},
	{"extraArgs", FILL_NOTHING, 0, NULL, 0},
};
static const FillType old_chart_type =
	FILL_TYPE_WITH_NODE("HelmChartArgs", HelmChart, old_chart_fields);

#define FIELD(name, kind, member)                                                                  \
	{                                                                                          \
		name, kind, offsetof(Kustomization, member), NULL, 0                               \
	}
#define FIELD_OF(name, kind, member, type)                                                         \
	{                                                                                          \
		name, kind, offsetof(Kustomization, member), type, 0                               \
	}
#define FIELD_SEEN(name, kind, member, type, seen)                                                 \
	{                                                                                          \
		name, kind, offsetof(Kustomization, member), type, offsetof(Kustomization, seen)   \
	}

static const FillField fields[] = {
	FIELD("TypeMeta.kind", FILL_STR, kind),
	FIELD("TypeMeta.apiVersion", FILL_STR, api_version),
	{"metadata", FILL_NOTHING, 0, NULL, 0},
	FIELD("openapi", FILL_STR_MAP, openapi),
	FIELD("namePrefix", FILL_STR, name_prefix),
	FIELD("nameSuffix", FILL_STR, name_suffix),
	FIELD("namespace", FILL_STR, ns),
	FIELD_SEEN("commonLabels", FILL_STR_MAP, common_labels, NULL, has_common_labels),
	FIELD_OF("labels", FILL_STRUCT_LIST, labels, &label_type),
	FIELD("commonAnnotations", FILL_STR_MAP, common_annotations),
	FIELD_SEEN("patchesStrategicMerge", FILL_STR_LIST, patches_strategic, &patch_text_type,
                   has_patches_strategic),
	FIELD_SEEN("patchesJson6902", FILL_STRUCT_LIST, patches_json, &patch_type,
                   has_patches_json),
	FIELD_OF("patches", FILL_STRUCT_LIST, patches, &patch_type),
	FIELD_OF("images", FILL_STRUCT_LIST, images, &image_type),
	FIELD_SEEN("imageTags", FILL_STRUCT_LIST, image_tags, &image_type, has_image_tags),
	FIELD_OF("replacements", FILL_STRUCT_LIST, replacements, &replacement_field_type),
	FIELD_OF("replicas", FILL_STRUCT_LIST, replicas, &replica_type),
	FIELD_SEEN("vars", FILL_STRUCT_LIST, vars, &var_type, has_vars),
	FIELD_OF("sortOptions", FILL_STRUCT_PTR, sort, &sort_options_type),
	FIELD("resources", FILL_STR_LIST, resources),
	FIELD("components", FILL_STR_LIST, components),
	FIELD("crds", FILL_STR_LIST, crds),
	FIELD_SEEN("bases", FILL_STR_LIST, bases, NULL, has_bases),
	FIELD_OF("configMapGenerator", FILL_STRUCT_LIST, config_maps, &config_map_args_type),
	FIELD_OF("secretGenerator", FILL_STRUCT_LIST, secrets, &secret_args_type),
	FIELD_OF("helmGlobals", FILL_STRUCT_PTR, helm_globals, &globals_type),
	FIELD_OF("helmCharts", FILL_STRUCT_LIST, charts, &helm_chart_type),
	FIELD_OF("helmChartInflationGenerator", FILL_STRUCT_LIST, old_charts, &old_chart_type),
	FIELD_OF("generatorOptions", FILL_STRUCT_PTR, generator_options, &generator_options_type),
	FIELD("configurations", FILL_STR_LIST, configurations),
	FIELD("generators", FILL_STR_LIST, generators),
	FIELD("transformers", FILL_STR_LIST, transformers),
	FIELD("validators", FILL_STR_LIST, validators),
	FIELD("buildMetadata", FILL_STR_LIST, build_metadata),
};
static const FillType kustomization_type = FILL_TYPE("Kustomization", Kustomization, fields);

// --- finding ---

static const char *const file_names[] = {"kustomization.yaml", "kustomization.yml",
                                         "Kustomization"};
#define FILE_NAMES (sizeof file_names / sizeof *file_names)

static bool find_file(const Loader *loader, Str *name, Str *text, Diag *diag)
{
	size_t found = 0;

	for (size_t i = 0; i < FILE_NAMES; i++) {
		Diag ignored = diag_new(loader->arena);
		Str content;
		if (!loader_read(loader, str_c(file_names[i]), &content, &ignored))
			continue;
		found++;
		*text = content;
		*name = str_c(file_names[i]);
	}
	if (found == 1)
		return true;
	if (found)
		return diag_fail(diag, "Found multiple kustomization files under: %.*s\n",
		                 STR_ARGS(loader->root));
	return diag_fail(diag,
	                 "unable to find one of 'kustomization.yaml', 'kustomization.yml' or "
	                 "'Kustomization' in "
	                 "directory '%.*s'",
	                 STR_ARGS(loader->root));
}

// --- checking and mending ---

static void warn_deprecated(Build *build, const Kustomization *k)
{
	static const char *const edit =
		"Run 'kustomize edit fix' to update your Kustomization automatically.";
	const struct {
		bool has;
		const char *old, *new, *stage;
	} rows[] = {
		{k->has_bases, "bases", "resources", ""},
		{k->has_common_labels, "commonLabels", "labels", ""},
		{k->has_image_tags, "imageTags", "images", ""},
		{k->has_patches_json, "patchesJson6902", "patches", ""},
		{k->has_patches_strategic, "patchesStrategicMerge", "patches", ""},
		{k->has_vars, "vars", "replacements", "[EXPERIMENTAL] "},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].has)
			build_warn(build,
			           str_printf(build->arena,
			                      "# Warning: '%s' is deprecated. Please use '%s' "
			                      "instead. %s%s",
			                      rows[i].old, rows[i].new, rows[i].stage, edit));
}

static void join_lists(Arena *arena, StructList *list, const StructList *more, size_t size)
{
	char *items;

	if (!more->len)
		return;
	items = arena_calloc(arena, list->len + more->len, size);
	if (list->len)
		memcpy(items, list->items, list->len * size);
	memcpy(items + list->len * size, more->items, more->len * size);
	*list = (StructList){items, list->len + more->len};
}

static void mend(Build *build, Kustomization *k)
{
	const HelmChart *old = k->old_charts.items;
	HelmGlobals globals = {0};

	if (!k->kind.len)
		k->kind = S("Kustomization");
	if (!k->api_version.len)
		k->api_version = str_is(k->kind, "Component")
		                         ? S("kustomize.config.k8s.io/v1alpha1")
		                         : S("kustomize.config.k8s.io/v1beta1");
	for (size_t i = 0; i < k->bases.len; i++)
		text_list_add(build->arena, &k->resources, k->bases.items[i]);
	join_lists(build->arena, &k->images, &k->image_tags, sizeof(Image));
	for (size_t i = 0; i < k->old_charts.len; i++) {
		if (old[i].chart_home.len)
			globals.chart_home = old[i].chart_home;
		if (old[i].config_home.len)
			globals.config_home = old[i].config_home;
	}
	if (!k->helm_globals && (globals.chart_home.len || globals.config_home.len)) {
		k->helm_globals = ARENA_NEW(build->arena, HelmGlobals);
		*k->helm_globals = globals;
	}
	join_lists(build->arena, &k->charts, &k->old_charts, sizeof(HelmChart));
}

// A file that only says what it is counts as empty; so does one whose lists are null.
static bool is_empty(const Kustomization *k)
{
	for (size_t i = 0; k->node && i + 1 < k->node->len; i += 2) {
		Str name = k->node->children[i]->value;
		const Node *value = k->node->children[i + 1];
		if (str_ieq(name, S("kind")) || str_ieq(name, S("apiVersion")))
			continue;
		if (tree_is_null(value) || (value->kind == NODE_SCALAR && !value->value.len))
			continue;
		// Bases and image tags move into lists that stay nil when there are none.
		if ((str_ieq(name, S("bases")) || str_ieq(name, S("imageTags"))) && !value->len)
			continue;
		return false;
	}
	return true;
}

static bool check(const Loader *loader, const Kustomization *k, Diag *diag)
{
	const char *version = str_is(k->kind, "Component") ? "kustomize.config.k8s.io/v1alpha1"
	                                                   : "kustomize.config.k8s.io/v1beta1";
	bool kind_ok = str_is(k->kind, "Kustomization") || str_is(k->kind, "Component");
	bool version_ok = str_is(k->api_version, version);
	Buf errors = buf_new(loader->arena);

	if (kind_ok && version_ok)
		return true;
	if (!kind_ok)
		buf_c(&errors, "kind should be Kustomization or Component");
	if (!kind_ok && !version_ok)
		buf_byte(&errors, '\n');
	if (!version_ok)
		buf_printf(&errors, "apiVersion for %.*s should be %s", STR_ARGS(k->kind), version);
	return diag_fail(diag, "Failed to read kustomization file under %.*s:\n%.*s",
	                 STR_ARGS(loader->root), STR_ARGS(buf_view(&errors)));
}

bool kustomization_load(Build *build, const Loader *loader, Kustomization *out, Diag *diag)
{
	ReadOptions options = {.traced = build->options->traced};
	Node *document = NULL;
	Str text;

	*out = (Kustomization){0};
	if (!find_file(loader, &out->file, &text, diag))
		return false;
	options.file = path_join(build->arena, loader->root, out->file);
	options.own = true;
	if (!read_document(build->arena, text, &options, &document, diag))
		return diag_wrap(diag, "invalid Kustomization");
	if (document && !fill_struct(build->arena, document, &kustomization_type,
	                             FILL_KUSTOMIZATION, options.file, out, diag))
		return diag_wrap(diag, "invalid Kustomization");
	out->node = document;
	warn_deprecated(build, out);
	mend(build, out);
	if (is_empty(out))
		return diag_fail(diag, "kustomization.yaml is empty");
	return check(loader, out, diag);
}
