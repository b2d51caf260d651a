// Reading what is to be linted.

#include "cmd/lint_input.h"

#include "cmd/overlay.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// Folders below folders: no deeper.
#define FOLDER_DEPTH 16

typedef struct Sources {
	Source *items;
	size_t len, cap;
	Map *seen; // files and folders by their paths without links: each is read once
	Buf *log;
} Sources;

static bool is_folder(Arena *arena, Str path)
{
	struct stat info;

	return stat(str_to_c(arena, path), &info) == 0 && S_ISDIR(info.st_mode);
}

static bool is_file(Arena *arena, Str path)
{
	struct stat info;

	return stat(str_to_c(arena, path), &info) == 0 && S_ISREG(info.st_mode);
}

bool lint_input_is_chart(Arena *arena, Str target)
{
	return chart_is_there(arena, target);
}

// Where paths in the settings count from.
static void find_folder(Arena *arena, Str file, Settings *settings)
{
	char *here = getcwd(NULL, 0);
	Str folder = path_dir(arena, file);

	if (here)
		settings->here = str_copy(arena, str_c(here));
	free(here);
	if (!str_has_prefix(folder, S("/")))
		folder = path_join(arena, settings->here, folder);
	settings->folder = str_is(folder, "/") ? folder : str_concat(arena, folder, S("/"));
}

bool lint_input_config(Arena *arena, LintInput *input, Diag *diag)
{
	Str file = input->config_file, text,
	    target = input->targets.len ? input->targets.items[0] : S(".");

	input->settings = settings_default();
	if (input->no_config)
		return true;
	if (!file.len && is_folder(arena, target)) {
		file = path_join(arena, target, S(".cleat.yaml"));
		if (!is_file(arena, file))
			file = S("");
	}
	if (!file.len && is_file(arena, S(".cleat.yaml")))
		file = S(".cleat.yaml");
	if (!file.len)
		return true;
	find_folder(arena, file, &input->settings);
	return fs_read_any(arena, file, &text, diag) &&
	       settings_read(arena, text, file, &input->settings, diag);
}

static bool is_manifest_name(Str name)
{
	return str_has_suffix(name, S(".yaml")) || str_has_suffix(name, S(".yml")) ||
	       str_has_suffix(name, S(".json"));
}

// A link may lead to what was read already, or round in a circle; a file may be named twice.
static bool is_seen(Arena *arena, Sources *sources, Str path)
{
	char *real = realpath(str_to_c(arena, path), NULL);
	Str key = real ? str_copy(arena, str_c(real)) : S("");

	free(real);
	if (!sources->seen)
		sources->seen = map_new(arena, &TYPE_ANY_MAP);
	if (!key.len || map_get(sources->seen, key))
		return key.len != 0;
	map_set(arena, sources->seen, key, value_bool(true));
	return false;
}

// The templates of a chart below are no manifests.
static bool is_chart_below(Lint *lint, Str folder, Sources *out)
{
	if (!is_folder(lint->arena, folder) || !lint_input_is_chart(lint->arena, folder))
		return false;
	folder = diag_escape(lint->arena, folder);
	buf_printf(out->log, "Warning: %.*s is a chart and was left out: cleat lint %.*s\n",
	           STR_ARGS(folder), STR_ARGS(folder));
	return true;
}

static bool read_folder(Lint *lint, Fs *fs, Str below, Str shown, Sources *out, int depth,
                        Diag *diag)
{
	Str *names;
	size_t count;

	if (!fs_list(fs, lint->arena, below, &names, &count, diag))
		return false;
	for (size_t i = 0; i < count; i++) {
		Str path = path_join(lint->arena, below, names[i]), text,
		    name = path_join(lint->arena, shown, names[i]);
		FsInfo info = fs_info(fs, path);
		bool folder = info.kind == FS_FOLDER && depth < FOLDER_DEPTH,
		     file = info.kind == FS_FILE && is_manifest_name(names[i]);
		if (names[i].p[0] == '.' || info.escapes || !(folder || file) ||
		    is_seen(lint->arena, out, name))
			continue;
		if (folder) {
			if (!is_chart_below(lint, name, out) &&
			    !read_folder(lint, fs, path, name, out, depth + 1, diag))
				return false;
			continue;
		}
		if (!fs_read(fs, lint->arena, path, &text, diag))
			return false;
		VEC_PUSH(lint->arena, out->items, out->len, out->cap) =
			(Source){.name = name, .text = text};
	}
	return true;
}

static bool read_manifests(Lint *lint, Str target, Sources *out, Diag *diag)
{
	bool folder = is_folder(lint->arena, target);
	Str text;

	if ((folder || is_file(lint->arena, target)) && is_seen(lint->arena, out, target))
		return true;
	if (folder)
		return read_folder(lint, fs_folder(lint->arena, target, FS_LINKS_INSIDE), S("."),
		                   target, out, 0, diag);
	if (!fs_read_any(lint->arena, target, &text, diag))
		return false;
	VEC_PUSH(lint->arena, out->items, out->len, out->cap) =
		(Source){.name = str_is(target, "-") ? S("standard input") : target, .text = text};
	return true;
}

// The chart's own texts, for excerpts and for suppressions, by the names that places use.
static void add_chart_files(Lint *lint, const Chart *chart, Str below)
{
	for (size_t i = 0; i < chart->templates.len; i++) {
		const ChartFile *file = &chart->templates.items[i];
		if (!file->fs)
			lint_add_file(lint, str_concat(lint->arena, below, file->name), file->data);
	}
	for (size_t i = 0; i < chart->dep_count; i++)
		add_chart_files(lint, chart->deps[i],
		                str_printf(lint->arena, "%scharts/%s/",
		                           str_to_c(lint->arena, below),
		                           str_to_c(lint->arena, chart_name(chart->deps[i]))));
}

static void add_values_file(Lint *lint, Str file)
{
	VEC_PUSH(lint->arena, lint->value_files, lint->value_file_count, lint->value_file_cap) =
		file;
}

// What subcharts say in their own values is suppressed there.
static void add_own_values(Lint *lint, const Chart *chart)
{
	if (chart->values_text.len)
		lint_add_file(lint, chart->values_file, chart->values_text);
	for (size_t i = 0; i < chart->dep_count; i++)
		add_own_values(lint, chart->deps[i]);
}

static void add_values_files(Lint *lint, const LintInput *input, const StrList *values)
{
	const StrList *lists[] = {&input->options->values.files, values};
	Diag ignored = diag_new(lint->arena); // it was read before
	Str text;

	lint->value_file_count = 0;
	add_own_values(lint, lint->chart);
	if (lint->chart->values_text.len)
		add_values_file(lint, lint->chart->values_file);
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; lists[i] && j < lists[i]->len; j++) {
			Str file = lists[i]->items[j];
			if (str_is(file, "-") || !fs_read_any(lint->arena, file, &text, &ignored))
				continue;
			lint_add_file(lint, file, text);
			add_values_file(lint, file);
		}
}

// A copy that reads a template would keep it for itself.
static void read_templates(Arena *arena, Chart *chart)
{
	// The render that needs one that can't be read says so.
	Diag ignored = diag_new(arena);
	Str text;

	for (size_t i = 0; i < chart->templates.len; i++)
		(void)chart_file_read(arena, &chart->templates.items[i], &text, &ignored);
	for (size_t i = 0; i < chart->dep_count; i++)
		read_templates(arena, chart->deps[i]);
}

void lint_chart_settle(Arena *arena, LintChart *chart)
{
	EngineOptions *options = &chart->options.engine;

	read_templates(arena, chart->chart);
	if (!options->clock_set) {
		options->clock_set = true;
		options->now = (int64_t)time(NULL);
	}
	options->seeded = true; // where --seed is not said with 0
}

static bool load_chart(const LintInput *input, const StrList *values, Lint *lint, Str target,
                       LintChart *out, Buf *log, Diag *diag)
{
	ChartOptions options = *input->options;
	StrList args = {0};
	Render render = {.arena = lint->arena, .log = log_new(lint->arena)};
	Str folder = path_clean(lint->arena, target);

	for (size_t i = 0; values && i < values->len; i++)
		str_list_push(lint->arena, &options.values.files, values->items[i]);
	str_list_push(lint->arena, &args, target);
	options.loaded = input->earlier ? input->earlier->chart : NULL;
	if (chart_options_load(&options, &args, true, &render, &out->options, &out->values, diag) !=
	    CHART_OK) {
		buf_str(log, buf_view(&render.log.out));
		return false;
	}
	out->chart = render.chart;
	out->release = render.release;
	out->ns = options.namespace;
	out->folder = str_is(folder, ".") || !is_folder(lint->arena, target)
	                      ? S("")
	                      : str_concat(lint->arena, folder, S("/"));
	out->options.engine.cache = input->earlier ? input->earlier->options.engine.cache
	                                           : engine_cache_new(lint->arena);
	if (input->several)
		read_templates(lint->arena, out->chart);
	if (input->explored)
		lint_chart_settle(lint->arena, out);
	return true;
}

bool lint_chart_render(const LintChart *chart, Map *values, Lint *lint, Render *render, Diag *diag)
{
	bool late = false;

	*render = (Render){.arena = lint->arena, .log = log_new(lint->arena)};
	render->release = chart->release;
	render->chart = chart_copy(lint->arena, chart->chart);
	if (!render_templates(render, &chart->options, values, &late, diag))
		return false;
	lint->chart = render->chart;
	lint->values = render->values;
	lint->reads = render->trace ? render->trace->reads : NULL;
	lint->parsed = chart->options.engine.cache;
	lint->chart_prefix = str_concat(lint->arena, chart_name(render->chart), S("/"));
	lint->chart_folder = chart->folder;
	add_chart_files(lint, render->chart, lint->chart_folder);
	return true;
}

// Helm cuts at every "---" that begins a line, YAML only where nothing but space follows: what templates have glued to it
// ("---apiVersion: v1", by trimming white space) begins a document all the same.
static bool begins_with_glued_cut(Str line)
{
	return line.len > 3 && line.p[0] == '-' && str_has_prefix(line, S("---")) &&
	       strchr(" \t\r-", line.p[3]) == NULL;
}

static void add_rendered(Lint *lint, Sources *out, Str name, Str text)
{
	Source source = {.name = name};
	Str rest = text, line;
	size_t from = 0, lines = 0;

	while (str_line(&rest, &line)) {
		size_t at = (size_t)(line.p - text.p);
		if (begins_with_glued_cut(line)) {
			source.text = str_slice(text, from, at);
			if (at > from)
				VEC_PUSH(lint->arena, out->items, out->len, out->cap) = source;
			source.lines_before = lines;
			from = at + 3;
		}
		lines++;
	}
	source.text = str_from(text, from);
	if (source.text.len)
		VEC_PUSH(lint->arena, out->items, out->len, out->cap) = source;
}

static Sources chart_sources(Lint *lint, const Render *render)
{
	Sources out = {0};

	for (size_t i = 0; i < render->file_count; i++)
		add_rendered(lint, &out,
		             str_concat(lint->arena, S("rendered "), render->files[i].name),
		             render->files[i].text);
	return out;
}

bool lint_chart_model(const LintInput *input, const LintChart *chart, Lint *lint,
                      const Render *render, Diag *diag)
{
	Sources sources = chart_sources(lint, render);
	ModelOptions options = {.ns = chart->ns.len ? chart->ns : input->settings.ns,
	                        .cluster_domain = input->settings.cluster_domain,
	                        .objects_only = chart->objects_only};

	return model_build(lint->arena, sources.items, sources.len, &options, &lint->model, diag);
}

static bool read_chart(const LintInput *input, const StrList *values, Lint *lint, Str target,
                       LintRead *out, Buf *log, Diag *diag)
{
	out->chart = ARENA_NEW(lint->arena, LintChart);
	out->render = ARENA_NEW(lint->arena, Render);
	if (!load_chart(input, values, lint, target, out->chart, log, diag))
		return false;
	if (!lint_chart_render(out->chart, out->chart->values, lint, out->render, diag)) {
		buf_str(log, buf_view(&out->render->log.out));
		return false;
	}
	add_values_files(lint, input, values);
	return lint_chart_model(input, out->chart, lint, out->render, diag);
}

// --- kustomizations ---

static bool read_kustomization(Lint *lint, Str folder, Sources *out, Buf *log, Diag *diag)
{
	Built built;

	if (!overlay_build(lint->arena, NULL, folder, true, &built, log, diag))
		return false;
	for (size_t i = 0; i < built.files->len; i++)
		lint_add_file(lint, built.files->items[i].name, built.files->items[i].text);
	for (size_t i = 0; i < built.files->chart_count; i++)
		VEC_PUSH(lint->arena, lint->folders, lint->folder_count, lint->folder_cap) =
			(LintFolder){built.files->charts[i].prefix, built.files->charts[i].folder};
	VEC_PUSH(lint->arena, out->items, out->len, out->cap) =
		(Source){.name = str_concat(lint->arena, S("built "), folder), .text = built.text};
	return true;
}

static bool read_target(Lint *lint, Str target, Sources *sources, Buf *log, Diag *diag)
{
	size_t first = sources->len;
	Str folder;

	if (overlay_is_there(lint->arena, target, &folder))
		return read_kustomization(lint, folder, sources, log, diag);
	if (!read_manifests(lint, target, sources, diag))
		return false;
	for (size_t i = first; i < sources->len; i++)
		lint_add_file(lint, sources->items[i].name, sources->items[i].text);
	return true;
}

// An empty pipe is what a render that failed leaves behind, and "nothing found" would hide it.
static void warn_of_nothing(Arena *arena, const StrList *targets, Buf *log)
{
	buf_c(log, "Warning: there is no Kubernetes object in ");
	for (size_t i = 0; i < targets->len; i++) {
		if (i)
			buf_c(log, ", ");
		buf_str(log, str_is(targets->items[i], "-")
		                     ? S("standard input")
		                     : diag_escape(arena, targets->items[i]));
	}
	buf_c(log, ": nothing was checked\n");
}

bool lint_input_read(const LintInput *input, const StrList *values, Lint *lint, LintRead *read,
                     Buf *log, Diag *diag)
{
	Sources sources = {.log = log};
	StrList targets = input->targets;
	Str here = S("."), ns = input->options->namespace;
	ModelOptions options = {.ns = ns.len ? ns : input->settings.ns,
	                        .cluster_domain = input->settings.cluster_domain};

	if (!read)
		read = ARENA_NEW(lint->arena, LintRead);
	*read = (LintRead){0};
	if (!targets.len)
		targets = (StrList){.items = &here, .len = 1};
	for (size_t i = 0; i < targets.len; i++) {
		if (!lint_input_is_chart(lint->arena, targets.items[i])) {
			if (!read_target(lint, targets.items[i], &sources, log, diag))
				return false;
			continue;
		}
		if (targets.len > 1)
			return diag_fail(
				diag, "a chart is linted on its own: name one chart, or manifests");
		return read_chart(input, values, lint, targets.items[i], read, log, diag);
	}
	if (!model_build(lint->arena, sources.items, sources.len, &options, &lint->model, diag))
		return false;
	if (!lint->model->resources.len)
		warn_of_nothing(lint->arena, &targets, log);
	return true;
}
