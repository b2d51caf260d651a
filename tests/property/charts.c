// Markers in charts: in values and in the texts of templates.

#include "trials.h"

#include "base/fs.h"
#include "chart/dependencies.h"
#include "chart/render.h"
#include "data/yaml.h"

#include <stdio.h>
#include <string.h>

typedef struct Trial {
	Arena *arena;
	const char *chart;
	Spot spot;
	Count *count;
} Trial;

static void gather_values(Arena *arena, Fs *fs, Spots *spots)
{
	Str file = S("values.yaml"), text;
	Diag diag = diag_new(arena);
	YamlOptions options = {.file = file};
	Node *document;

	if (fs_read(fs, arena, file, &text, &diag) &&
	    yaml_read(arena, text, &options, &document, &diag) && document)
		gather_scalars(arena, file, text, document, ORIGIN_VALUES, true, spots);
}

static void gather_templates(Arena *arena, Fs *fs, Str folder, Spots *spots)
{
	Diag diag = diag_new(arena);
	Str *names, text;
	size_t count;

	if (fs_info(fs, folder).kind != FS_FOLDER ||
	    !fs_list(fs, arena, folder, &names, &count, &diag))
		return;
	for (size_t i = 0; i < count; i++) {
		Str path = path_join(arena, folder, names[i]);
		if (fs_info(fs, path).kind == FS_FOLDER)
			gather_templates(arena, fs, path, spots);
		else if (str_has_suffix(path, S(".yaml")) && fs_read(fs, arena, path, &text, &diag))
			gather_words(arena, path, text, 0, text.len, ORIGIN_TEMPLATE, spots);
	}
}

// --- one trial ---

static bool render(const Trial *t, bool traced, Render *out)
{
	RenderOptions options = {.release = {S("rel"), S("default"), false},
	                         .capabilities = {.kube = kube_version_default()},
	                         .engine = {.traced = traced, .seeded = true, .clock_set = true},
	                         .skip_schema = true};
	Fs *disk = fs_folder(t->arena, str_c(t->chart), FS_LINKS_FOLLOW);
	Fs *fs = fs_memory(t->arena, S("chart"), disk);
	Diag diag = diag_new(t->arena);
	bool late = false;
	ChartLoad load;
	Str text;

	*out = (Render){.arena = t->arena, .log = log_new(t->arena)};
	load = (ChartLoad){t->arena, &out->log, traced};
	if (t->spot.file.len) {
		if (!fs_read(disk, t->arena, t->spot.file, &text, &diag))
			return false;
		fs_memory_put(fs, t->spot.file, spot_change(t->arena, text, &t->spot));
	}
	out->chart = chart_load_folder(&load, fs, S("chart"), &diag);
	if (!out->chart || !dependencies_check(t->arena, out->chart, &diag))
		return false;
	out->release = options.release.name;
	return render_templates(out, &options, NULL, &late, &diag);
}

static void try_spot(Trial *t)
{
	Render out;
	bool shown = false;

	t->count->tried++;
	if (!render(t, true, &out))
		return;
	for (size_t i = 0; i < out.file_count; i++)
		shown |= spot_check(&t->spot, out.files[i].name, out.files[i].text, t->count);
	t->count->shown += shown;
}

// Each trial in an arena of its own; one that runs full says nothing.
static void try_spot_alone(const char *chart, Spot spot, Count *count)
{
	Arena *arena = arena_new(0);
	Trial trial = {arena, chart, spot, count};

	if (arena && !setjmp(*arena_trap(arena)))
		try_spot(&trial);
	arena_free(arena);
}

// The chart as it is, traced and not: the same bytes, or the same failure.
static bool same_bytes(Arena *arena, const char *chart)
{
	Trial trial = {arena, chart, {.file = S("")}, NULL};
	Render plain, traced;
	bool ok = render(&trial, false, &plain);

	if (ok != render(&trial, true, &traced))
		return false;
	for (size_t i = 0; ok && i < plain.file_count; i++)
		if (i >= traced.file_count || !str_eq(plain.files[i].text, traced.files[i].text))
			return false;
	return true;
}

void try_chart(const char *chart, size_t most, Count *count)
{
	Arena *list = arena_new(0);
	Spots spots = {0};
	Fs *fs;

	if (!list || setjmp(*arena_trap(list)))
		return;
	if (!same_bytes(list, chart)) {
		printf("%s: other bytes where traced\n", chart);
		count->wrong++;
	}
	fs = fs_folder(list, str_c(chart), FS_LINKS_FOLLOW);
	gather_values(list, fs, &spots);
	gather_templates(list, fs, S("templates"), &spots);
	for (size_t i = 0; i < spots.len; i += spots.len / most + 1)
		try_spot_alone(chart, spots.items[i], count);
	arena_free(list);
}
