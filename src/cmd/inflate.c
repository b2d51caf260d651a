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

// --- places ---

static void add_chart_files(SourceFiles *files, const Chart *chart, Str folder)
{
	for (size_t i = 0; i < chart->templates.len; i++) {
		const ChartFile *file = &chart->templates.items[i];
		if (!file->fs)
			source_files_add(files, path_join(files->arena, folder, file->name),
			                 file->data);
	}
	for (size_t i = 0; i < chart->dep_count; i++)
		add_chart_files(files, chart->deps[i],
		                path_join(files->arena,
		                          path_join(files->arena, folder, S("charts")),
		                          chart_name(chart->deps[i])));
}

// The engine names templates "web/templates/...", the loader of charts names values files by the chart's whole path.
static void name_places(SourceFiles *files, const Chart *chart, Str folder)
{
	Str shown = source_files_name(files, folder), slash = S("/");

	source_files_add_chart(files, str_concat(files->arena, chart_name(chart), slash),
	                       str_concat(files->arena, shown, slash));
	source_files_add_chart(files, str_concat(files->arena, folder, slash),
	                       str_concat(files->arena, shown, slash));
	add_chart_files(files, chart, shown);
}

// --- rendering ---

// Lines that Helm writes to standard error are shown by Kustomize only where it fails; so here they are dropped.
static bool render_chart(Render *render, const ChartOptions *options, const StrList *args,
                         const OutputOptions *output, bool traced, Str *manifests, Diag *diag)
{
	Text text = text_new(render->arena, traced);
	bool late = false;

	render->log = log_new(render->arena);
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
	Render *render = ARENA_NEW(arena, Render);

	render->arena = arena;
	options.values.fs = fs_memory(arena, S(""), NULL);
	add_values(arena, &options, str_concat(arena, chart->name, S("-kustomize-values.yaml")),
	           values);
	if (!add_additional_values(loader, chart, &options, diag))
		return false;
	set_capabilities(arena, context, chart, &options);
	if (chart->release_name.len)
		str_list_push(arena, &args, chart->release_name);
	str_list_push(arena, &args, loader->fs ? str_from(folder, 1) : folder);
	if (!render_chart(render, &options, &args, &output, traced, manifests, diag))
		return diag_wrap(diag, "chart '%.*s' at '%.*s'", STR_ARGS(chart->name),
		                 STR_ARGS(folder));
	if (traced && loader->files)
		name_places(loader->files, render->chart, folder);
	return true;
}

void inflate_charts_with(KustomizeOptions *options, const Inflate *inflate)
{
	options->inflate = inflate_chart;
	options->inflate_context = (void *)inflate;
}
