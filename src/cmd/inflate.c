#include "cmd/inflate.h"

#include "cmd/chart_options.h"
#include "cmd/render_output.h"

// Values files lie in memory: what Kustomize merged is no file, and the others were read by the kustomization's rules.
static void add_values(Arena *arena, ChartOptions *options, Str name, Str text)
{
	if (str_is(name, "-"))
		name = S("./-");
	fs_memory_put(options->values.fs, name, text);
	str_list_push(arena, &options->values.files, name);
}

static bool add_additional_values(const Loader *loader, const HelmChart *chart,
                                  ChartOptions *options, Diag *diag)
{
	const TextList *files = &chart->additional_values_files;
	Str text;

	for (size_t i = 0; i < files->len; i++) {
		if (!loader_read(loader, files->items[i], &text, diag))
			return false;
		add_values(loader->arena, options, files->items[i], text);
	}
	return true;
}

static void set_capabilities(Arena *arena, const Inflate *inflate, const HelmChart *chart,
                             ChartOptions *options)
{
	options->kube_version = chart->kube_version;
	for (size_t i = 0; i < chart->api_versions.len; i++)
		str_list_push(arena, &options->api_versions, chart->api_versions.items[i]);
	if (!inflate)
		return;
	if (!options->kube_version.len)
		options->kube_version = inflate->kube_version;
	if (!options->api_versions.len)
		options->api_versions = inflate->api_versions;
}

// Lines that Helm writes to standard error are shown by Kustomize only where it fails; so here they are dropped.
static bool render_chart(Arena *arena, const ChartOptions *options, const StrList *args,
                         const OutputOptions *output, bool traced, Str *manifests, Diag *diag)
{
	Render *render = ARENA_NEW(arena, Render);
	Text text = text_new(arena, traced);
	bool late = false;

	*render = (Render){.arena = arena, .log = log_new(arena)};
	if (chart_options_render(options, args, traced, render, &late, diag) != CHART_OK ||
	    !render_manifests(render, diag) || !output_compose_text(render, output, &text, diag))
		return false;
	*manifests = text_str(&text);
	return true;
}

static bool inflate_chart(void *context, Arena *arena, const Loader *loader, const HelmChart *chart,
                          Str folder, Str values, bool traced, Str *manifests, Diag *diag)
{
	ChartOptions options = {
		.namespace = chart->ns,
		.name_template = chart->name_template,
		.debug = chart->debug,
		.generate_name = !chart->release_name.len,
		.fs = loader->fs,
	};
	OutputOptions output = {.include_crds = chart->include_crds,
	                        .no_hooks = chart->skip_hooks,
	                        .skip_tests = chart->skip_tests};
	StrList args = {0};

	options.values.fs = fs_memory(arena, S(""), NULL);
	add_values(arena, &options, str_concat(arena, chart->name, S("-kustomize-values.yaml")),
	           values);
	if (!add_additional_values(loader, chart, &options, diag))
		return false;
	set_capabilities(arena, context, chart, &options);
	if (chart->release_name.len)
		str_list_push(arena, &args, chart->release_name);
	str_list_push(arena, &args, loader->fs ? str_from(folder, 1) : folder);
	return render_chart(arena, &options, &args, &output, traced, manifests, diag) ||
	       diag_wrap(diag, "chart '%.*s' at '%.*s'", STR_ARGS(chart->name), STR_ARGS(folder));
}

void inflate_charts_with(KustomizeOptions *options, const Inflate *inflate)
{
	options->inflate = inflate_chart;
	options->inflate_context = (void *)inflate;
}
