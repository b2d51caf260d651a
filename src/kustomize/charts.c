// Charts that a kustomization inflates.

#include "kustomize/merge.h"
#include "kustomize/scalar.h"
#include "kustomize/trace.h"
#include "kustomize/transform.h"

#include "data/text.h"
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
	FIELD("valuesInline", FILL_MAPPING, values_inline),
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

// --- values ---

// A scalar as JSON spells it, in quotes where it is a string or a key: what it means no longer depends on YAML's
// version.
static Node *settled_scalar(Arena *arena, const Node *node, ScalarRules rules, bool key)
{
	Node *settled = node_copy(arena, node);
	Diag ignored = diag_new(arena);
	Buf text = buf_new(arena);
	Scalar scalar;
	bool known = scalar_of_node(arena, node, rules, &scalar, &ignored);

	settled->tagged = false;
	settled->tag = S(TAG_STR);
	settled->style = NODE_DOUBLE_QUOTED;
	if (!known)
		return settled;
	if (scalar.kind == SCALAR_STRING) {
		settled->value =
			scalar.time ? text_made_from(arena, scalar.s, node->value) : node->value;
	} else {
		scalar_write_json(&text, &scalar);
		settled->value = text_made_from(arena, buf_view(&text), node->value);
	}
	if (key || scalar.kind == SCALAR_STRING)
		return settled;
	settled->style = NODE_PLAIN;
	settled->tag = scalar.kind == SCALAR_NULL    ? S(TAG_NULL)
	               : scalar.kind == SCALAR_BOOL  ? S("!!bool")
	               : scalar.kind == SCALAR_FLOAT ? S("!!float")
	                                             : S(TAG_INT);
	return settled;
}

static Node *settled_values(Arena *arena, const Node *node, ScalarRules rules)
{
	Node *settled;

	if (node->kind == NODE_SCALAR)
		return settled_scalar(arena, node, rules, false);
	settled = tree_kind(arena, node->kind);
	for (size_t i = 0; i < node->len; i++) {
		const Node *child = node->children[i];
		bool key = node->kind == NODE_MAPPING && i % 2 == 0;
		node_push(arena, settled,
		          key ? settled_scalar(arena, child, rules, true)
		              : settled_values(arena, child, rules));
	}
	return settled;
}

// The values file joined with the inline values, the one or the other winning.
static bool join_values(Build *build, const HelmChart *chart, Str file, Str text, Node **joined,
                        Diag *diag)
{
	ReadOptions options = {.file = file, .traced = build->options->traced};
	Node *values = NULL, *over = *joined;

	if (!read_document(build->arena, text, &options, &values, diag))
		return diag_wrap(diag, "could not parse values file into rnode");
	if (str_is(chart->values_merge, "merge")) {
		over = values;
		values = *joined;
	}
	*joined = values ? values : over;
	return !values || !over || merge_patch(build->arena, build->schema, over, joined, diag) ||
	       diag_wrap(diag, "could not merge values");
}

static bool chart_values(Build *build, const Loader *loader, const HelmChart *chart, Str folder,
                         Str *out, Diag *diag)
{
	Str file = chart->values_file.len ? chart->values_file
	                                  : path_join(build->arena, folder, S("values.yaml"));
	const Node *own = chart->values_inline;
	ScalarRules rules = chart->in_resource ? SCALAR_YAML_1_2 : SCALAR_YAML_1_1;
	bool alone = own && own->len && str_is(chart->values_merge, "replace");
	Buf text = buf_new(build->arena);
	Node *joined;

	*out = S("");
	if (!alone && !loader_read(loader, file, out, diag))
		return false;
	if (!own || !own->len)
		return true;
	joined = settled_values(build->arena, own, rules);
	if (!alone && !join_values(build, chart, file, *out, &joined, diag))
		return false;
	*out = S("");
	if (!joined)
		return true;
	if (!yaml_write_resource(&text, joined, diag))
		return diag_wrap(diag, "could not parse merged values into map");
	*out = buf_view(&text);
	if (build->options->traced)
		*out = trace_print(build->arena, *out, joined);
	return true;
}

// --- inflating ---

static bool is_folder(const Loader *loader, Str path)
{
	Diag ignored = diag_new(loader->arena);
	FsPlace place;

	if (loader->fs)
		return fs_info(loader->fs, str_from(path, 1)).kind == FS_FOLDER;
	return fs_resolve(loader->arena, path, &place, &ignored) && place.folder;
}

static bool fail_missing(const HelmChart *chart, Str folder, Diag *diag)
{
	bool oci = str_has_prefix(chart->repo, S("oci://"));

	if (!chart->repo.len)
		return diag_fail(diag, "no repo specified for pull, no chart found at '%.*s'",
		                 STR_ARGS(folder));
	return diag_fail(
		diag,
		"chart '%.*s' of repository '%.*s' is not fetched: cleat uses no network; "
		"`helm pull %s%.*s%s%.*s%s%.*s --untar --untardir %.*s` brings it to '%.*s'",
		STR_ARGS(chart->name), STR_ARGS(chart->repo), oci ? "" : "--repo ",
		STR_ARGS(chart->repo), oci ? "/" : " ", STR_ARGS(chart->name),
		chart->version.len ? " --version " : "", STR_ARGS(chart->version),
		STR_ARGS(path_dir(diag->arena, folder)), STR_ARGS(folder));
}

bool chart_inflate(Build *build, const Loader *loader, HelmChart *chart, Resources *out, Diag *diag)
{
	Str folder = chart_folder(loader, chart), values, manifests;
	ReadOptions options = {.file = folder, .traced = build->options->traced};

	if (!build->options->inflate)
		return diag_fail(diag, "chart '%.*s' cannot be inflated here",
		                 STR_ARGS(chart->name));
	if (!is_folder(loader, folder))
		return fail_missing(chart, folder, diag);
	if (!chart_values(build, loader, chart, folder, &values, diag) ||
	    !build->options->inflate(build->options->inflate_context, build->arena, loader, chart,
	                             folder, values, build->options->traced, &manifests, diag))
		return false;
	return read_resources(build->arena, manifests, &options, out, diag) ||
	       diag_wrap(diag, "could not parse rnode slice into resource map");
}
