// Charts that a kustomization inflates.

#include "kustomize/merge.h"
#include "kustomize/transform.h"

#include "data/yaml.h"

#define FIELD(name, kind, member)                                                                  \
	{                                                                                          \
		name, kind, offsetof(HelmChart, member), NULL, 0                                   \
	}

static const FillField chart_fields[] = {
	FIELD("name", FILL_STR, name),
	FIELD("version", FILL_STR, version),
	FIELD("repo", FILL_STR, repo),
	FIELD("releaseName", FILL_STR, release_name),
	FIELD("namespace", FILL_STR, ns),
	FIELD("additionalValuesFiles", FILL_STR_LIST, additional_values_files),
	FIELD("valuesFile", FILL_STR, values_file),
	FIELD("valuesInline", FILL_NODE, values_inline),
	FIELD("valuesMerge", FILL_STR, values_merge),
	FIELD("includeCRDs", FILL_BOOL, include_crds),
	FIELD("skipHooks", FILL_BOOL, skip_hooks),
	FIELD("apiVersions", FILL_STR_LIST, api_versions),
	FIELD("kubeVersion", FILL_STR, kube_version),
	FIELD("nameTemplate", FILL_STR, name_template),
	FIELD("skipTests", FILL_BOOL, skip_tests),
	FIELD("debug", FILL_BOOL, debug),
	FIELD("devel", FILL_BOOL, devel),
	FIELD("chartHome", FILL_STR, chart_home),
	FIELD("configHome", FILL_STR, config_home),
};
const FillType helm_chart_type = FILL_TYPE_WITH_NODE("HelmChart", HelmChart, chart_fields);

bool chart_prepare(Build *build, const Loader *loader, HelmChart *chart, Diag *diag)
{
	if (!build->options->enable_helm)
		return diag_fail(diag, "must specify --enable-helm");
	if (!chart->name.len)
		return diag_fail(diag, "chart name cannot be empty");
	if (!chart->chart_home.len)
		chart->chart_home = S("charts");
	if (!chart->values_merge.len)
		chart->values_merge = S("override");
	if (!str_is(chart->values_merge, "override") && !str_is(chart->values_merge, "merge") &&
	    !str_is(chart->values_merge, "replace"))
		return diag_fail(diag, "valuesMerge must be one of [merge override replace]");
	for (size_t i = 0; i < chart->additional_values_files.len; i++) {
		Str ignored;
		if (!loader_read(loader, chart->additional_values_files.items[i], &ignored, diag))
			return diag_wrap(diag, "could not load additionalValuesFile");
	}
	return true;
}

static Str chart_folder(const Loader *loader, const HelmChart *chart)
{
	Arena *arena = loader->arena;
	Str home = chart->chart_home;

	if (!home.len || home.p[0] != '/')
		home = path_join(arena, loader->root, home);
	if (chart->version.len && chart->repo.len)
		home = path_join(arena, home,
		                 str_printf(arena, "%.*s-%.*s", STR_ARGS(chart->name),
		                            STR_ARGS(chart->version)));
	return path_join(arena, home, chart->name);
}

// The values file joined with the inline values, the one or the other winning.
static bool merge_values(Build *build, const Loader *loader, const HelmChart *chart, Str folder,
                         Str *out, Diag *diag)
{
	Str file = chart->values_file.len ? chart->values_file
	                                  : path_join(build->arena, folder, S("values.yaml"));
	bool replace = str_is(chart->values_merge, "replace");
	ReadOptions options = {.file = file, .traced = build->options->traced};
	Node *values = NULL, *merged_values = NULL;
	Buf text = buf_new(build->arena);

	*out = S("");
	if ((!chart->values_inline || !replace) && !loader_read(loader, file, out, diag))
		return false;
	if (!chart->values_inline)
		return true;
	merged_values = node_copy(build->arena, chart->values_inline);
	if (!replace) {
		Node *over;
		if (!read_document(build->arena, *out, &options, &values, diag))
			return diag_wrap(diag, "could not parse values file into rnode");
		over = merged_values;
		merged_values = values;
		if (str_is(chart->values_merge, "merge")) {
			merged_values = over;
			over = values;
		}
		if (!merged_values)
			merged_values = over;
		else if (over &&
		         !merge_patch(build->arena, build->schema, over, &merged_values, diag))
			return diag_wrap(diag, "could not merge values");
	}
	if (merged_values && !yaml_write_node(&text, merged_values, diag))
		return false;
	*out = buf_view(&text);
	return true;
}

bool chart_inflate(Build *build, const Loader *loader, HelmChart *chart, Resources *out, Diag *diag)
{
	Str folder = chart_folder(loader, chart), values, manifests;
	ReadOptions options = {.file = folder, .traced = build->options->traced};
	FsPlace place;
	Diag missing = diag_new(build->arena);

	if (!build->options->inflate)
		return diag_fail(diag, "chart '%.*s' cannot be inflated here",
		                 STR_ARGS(chart->name));
	if (!loader->fs && (!fs_resolve(build->arena, folder, &place, &missing) || !place.folder)) {
		if (chart->repo.len)
			return diag_fail(diag,
			                 "chart '%.*s' of repository '%.*s' is not fetched: cleat "
			                 "uses no network; "
			                 "put it at '%.*s'",
			                 STR_ARGS(chart->name), STR_ARGS(chart->repo),
			                 STR_ARGS(folder));
		return diag_fail(diag, "no repo specified for pull, no chart found at '%.*s'",
		                 STR_ARGS(folder));
	}
	if (!merge_values(build, loader, chart, folder, &values, diag) ||
	    !build->options->inflate(build->options->inflate_context, build->arena, loader, chart,
	                             folder, values, &manifests, diag))
		return false;
	return read_resources(build->arena, manifests, &options, out, diag);
}
