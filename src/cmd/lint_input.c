// Reading what is to be linted.

#include "cmd/lint_input.h"

#include "cmd/overlay.h"

#include <string.h>
#include <sys/stat.h>

// Folders below folders: no deeper.
#define FOLDER_DEPTH 16

typedef struct Sources {
	Source *items;
	size_t len, cap;
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
	return fs_read_any(arena, file, &text, diag) &&
	       settings_read(arena, text, file, &input->settings, diag);
}

static bool is_manifest_name(Str name)
{
	return str_has_suffix(name, S(".yaml")) || str_has_suffix(name, S(".yml")) ||
	       str_has_suffix(name, S(".json"));
}

static bool read_folder(Lint *lint, Fs *fs, Str below, Str shown, Sources *out, int depth,
                        Diag *diag)
{
	Str *names;
	size_t count;

	if (!fs_list(fs, lint->arena, below, &names, &count, diag))
		return false;
	for (size_t i = 0; i < count; i++) {
		Str path = path_join(lint->arena, below, names[i]), text;
		FsInfo info = fs_info(fs, path);
		if (names[i].p[0] == '.' || info.escapes)
			continue;
		if (info.kind == FS_FOLDER && depth < FOLDER_DEPTH) {
			if (!read_folder(lint, fs, path, path_join(lint->arena, shown, names[i]),
			                 out, depth + 1, diag))
				return false;
		} else if (info.kind == FS_FILE && is_manifest_name(names[i])) {
			if (!fs_read(fs, lint->arena, path, &text, diag))
				return false;
			VEC_PUSH(lint->arena, out->items, out->len, out->cap) =
				(Source){path_join(lint->arena, shown, names[i]), text};
		}
	}
	return true;
}

static bool read_manifests(Lint *lint, Str target, Sources *out, Diag *diag)
{
	Str text;

	if (is_folder(lint->arena, target))
		return read_folder(lint, fs_folder(lint->arena, target, FS_LINKS_INSIDE), S("."),
		                   target, out, 0, diag);
	if (!fs_read_any(lint->arena, target, &text, diag))
		return false;
	VEC_PUSH(lint->arena, out->items, out->len, out->cap) =
		(Source){str_is(target, "-") ? S("standard input") : target, text};
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
	Diag ignored = diag_new(lint->arena);
	Str text;

	if (!fs_read_any(lint->arena, file, &text, &ignored))
		return;
	lint_add_file(lint, file, text);
	VEC_PUSH(lint->arena, lint->value_files, lint->value_file_count, lint->value_file_cap) =
		file;
}

static void add_values_files(Lint *lint, const LintInput *input, const StrList *values)
{
	const StrList *lists[] = {&input->options->values.files, values};
	Str own = path_join(lint->arena, lint->chart->place, S("values.yaml"));

	lint->value_file_count = 0;
	if (is_file(lint->arena, own))
		add_values_file(lint, own);
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; lists[i] && j < lists[i]->len; j++)
			if (!str_is(lists[i]->items[j], "-"))
				add_values_file(lint, lists[i]->items[j]);
}

static bool read_chart(const LintInput *input, const StrList *values, Lint *lint, Str target,
                       Sources *out, Str *ns, Buf *log, Diag *diag)
{
	ChartOptions options = *input->options;
	StrList args = {0};
	Render *render = ARENA_NEW(lint->arena, Render);
	Str folder;
	bool late = false;

	for (size_t i = 0; values && i < values->len; i++)
		str_list_push(lint->arena, &options.values.files, values->items[i]);
	str_list_push(lint->arena, &args, target);
	render->arena = lint->arena;
	render->log = log_new(lint->arena);
	if (chart_options_render(&options, &args, true, render, &late, diag) != CHART_OK) {
		buf_str(log, buf_view(&render->log.out));
		return false;
	}
	folder = path_clean(lint->arena, target);
	lint->chart = render->chart;
	lint->values = render->values;
	lint->reads = render->trace ? render->trace->reads : NULL;
	lint->chart_prefix = str_concat(lint->arena, chart_name(render->chart), S("/"));
	lint->chart_folder = str_is(folder, ".") || !is_folder(lint->arena, target)
	                             ? S("")
	                             : str_concat(lint->arena, folder, S("/"));
	*ns = options.namespace;
	for (size_t i = 0; i < render->file_count; i++)
		if (render->files[i].text.len)
			VEC_PUSH(lint->arena, out->items, out->len, out->cap) = (Source){
				str_concat(lint->arena, S("rendered "), render->files[i].name),
				render->files[i].text};
	add_chart_files(lint, render->chart, lint->chart_folder);
	add_values_files(lint, input, values);
	return true;
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
		(Source){str_concat(lint->arena, S("built "), folder), built.text};
	return true;
}

bool lint_input_read(const LintInput *input, const StrList *values, Lint *lint, Buf *log,
                     Diag *diag)
{
	Sources sources = {0};
	StrList targets = input->targets;
	Str here = S("."), ns = input->options->namespace;
	ModelOptions options = {input->settings.ns, input->settings.cluster_domain};

	if (!targets.len)
		targets = (StrList){.items = &here, .len = 1};
	for (size_t i = 0; i < targets.len; i++) {
		Str folder;
		if (!lint_input_is_chart(lint->arena, targets.items[i]) &&
		    overlay_is_there(lint->arena, targets.items[i], &folder)) {
			if (!read_kustomization(lint, folder, &sources, log, diag))
				return false;
			continue;
		}
		if (!lint_input_is_chart(lint->arena, targets.items[i])) {
			size_t first = sources.len;
			if (!read_manifests(lint, targets.items[i], &sources, diag))
				return false;
			for (size_t j = first; j < sources.len; j++)
				lint_add_file(lint, sources.items[j].name, sources.items[j].text);
			continue;
		}
		if (targets.len > 1)
			return diag_fail(
				diag, "a chart is linted on its own: name one chart, or manifests");
		if (!read_chart(input, values, lint, targets.items[i], &sources, &ns, log, diag))
			return false;
	}
	if (ns.len)
		options.ns = ns;
	return model_build(lint->arena, sources.items, sources.len, &options, &lint->model, diag);
}
