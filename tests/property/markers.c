// A property of origins, tried on any charts: put a unique marker in place of one value, one key or one word of a
// template's text, render, and look where it comes out. Every place must name the line that was changed, and no other
// bytes may. Numbers are changed to a number, everything else to a word.
//
//	markers [-n MOST-PER-CHART] CHART...
//
// Prints a line a chart and the sum; each place that is wrong is printed too. Values whose change makes the chart
// fail, or that come out nowhere, say nothing and are counted apart.

#include "base/fs.h"
#include "chart/dependencies.h"
#include "chart/render.h"
#include "data/node_path.h"
#include "data/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD   "zqmarker7x1qz"
#define NUMBER "618397" // of six digits: Go prints more with an exponent

typedef struct Count {
	size_t tried, shown, places, exact, derived, wrong, strays;
} Count;

typedef struct Spot {
	Str file;            // below the chart
	size_t start, end;   // bytes to replace
	size_t line, column; // where the scalar or word begins
	bool in_values;
	Str marker; // what stands there instead
} Spot;

typedef struct Spots {
	Spot *items;
	size_t len, cap;
} Spots;

typedef struct Trial {
	Arena *arena;
	const char *chart;
	Spot spot;
	Count *count;
} Trial;

// --- what can be changed ---

static bool is_simple(Str text)
{
	if (!text.len)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (strchr("{}\n\\'\"", text.p[i]))
			return false;
	return true;
}

typedef struct Gather {
	Arena *arena;
	Str text;
	Spots *spots;
} Gather;

static bool is_number(Str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.len > 0;
}

static void gather_scalar(void *context, const Node *scalar, Str path, bool is_key)
{
	Gather *g = context;
	Str raw = str_slice(g->text, scalar->start.offset, scalar->end.offset);
	bool quoted = raw.len && (raw.p[0] == '"' || raw.p[0] == '\'');
	bool number = !is_key && str_is(scalar->tag, "!!int") && is_number(raw);
	size_t start = scalar->start.offset + quoted;

	(void)path;
	if ((!number && !str_is(scalar->tag, "!!str")) || scalar->anchor.len ||
	    !is_simple(scalar->value) || scalar->style == NODE_LITERAL ||
	    scalar->style == NODE_FOLDED)
		return;
	VEC_PUSH(g->arena, g->spots->items, g->spots->len, g->spots->cap) =
		(Spot){S("values.yaml"),
	               start,
	               quoted ? scalar->end.offset - 1 : start + scalar->value.len,
	               scalar->start.line,
	               scalar->start.column,
	               true,
	               number ? S(NUMBER) : S(WORD)};
}

static void gather_values(Arena *arena, Fs *fs, Spots *spots)
{
	Diag diag = diag_new(arena);
	YamlOptions options = {.file = S("values.yaml")};
	Gather g = {arena, S(""), spots};
	Node *document;

	if (fs_read(fs, arena, S("values.yaml"), &g.text, &diag) &&
	    yaml_read(arena, g.text, &options, &document, &diag) && document)
		node_walk_scalars(arena, document, gather_scalar, &g);
}

// Words behind "key: " on lines that hold no action.
static void gather_text(Arena *arena, Str file, Str text, Spots *spots)
{
	Str rest = text, line;
	size_t number = 0;

	while (str_line(&rest, &line)) {
		size_t colon = str_find(line, S(": "));
		Str word = colon == STR_NONE ? S("") : str_from(line, colon + 2);
		number++;
		if (str_contains(line, S("{{")) || str_contains(line, S("}}")) ||
		    str_contains(line, S("#")) || !is_simple(word) || word.len < 3 ||
		    strchr("|>&*![0123456789", word.p[0]) || str_contains(word, S(" ")))
			continue;
		VEC_PUSH(arena, spots->items, spots->len, spots->cap) = (Spot){
			file,   (size_t)(word.p - text.p),     (size_t)(word.p - text.p) + word.len,
			number, (size_t)(word.p - line.p) + 1, false,
			S(WORD)};
	}
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
			gather_text(arena, path, text, spots);
	}
}

// --- one trial ---

static Str changed(Arena *arena, Str text, const Spot *spot)
{
	Str with = str_concat(arena, str_to(text, spot->start), spot->marker);

	return str_concat(arena, with, str_from(text, spot->end));
}

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
		fs_memory_put(fs, t->spot.file, changed(t->arena, text, &t->spot));
	}
	out->chart = chart_load_folder(&load, fs, S("chart"), &diag);
	if (!out->chart || !dependencies_check(t->arena, out->chart, &diag))
		return false;
	out->release = options.release.name;
	return render_templates(out, &options, NULL, &late, &diag);
}

// A subchart's values.yaml is another file of that name.
static bool is_file(Str file, const Spot *spot)
{
	return str_has_suffix(file, spot->file) && !str_contains(file, S("/charts/"));
}

static bool names_spot(const Origin *origin, size_t offset, const Spot *spot)
{
	Place place;

	if (!origin)
		return false;
	for (size_t i = 0; origin->kind == ORIGIN_DERIVED && i < origin->span_count; i++)
		if (names_spot(origin->spans[i].origin, 0, spot))
			return true;
	if (origin->kind != (spot->in_values ? ORIGIN_VALUES : ORIGIN_TEMPLATE))
		return false;
	place = origin_place(origin, offset);
	if (place.line != spot->line || place.column != spot->column)
		return false;
	return is_file(place.file, spot);
}

static bool is_part_of_marker(Str text, Str marker)
{
	char lower[64];

	if (text.len >= sizeof lower)
		return str_contains(text, marker);
	for (size_t i = 0; i < text.len; i++)
		lower[i] = (char)(text.p[i] | (text.p[i] >= 'A' && text.p[i] <= 'Z' ? 0x20 : 0));
	return str_contains(marker, str_n(lower, text.len)) ||
	       str_contains(str_n(lower, text.len), marker);
}

static void report(const Trial *t, const Rendered *file, Str around, const char *what)
{
	if (t->count->wrong + t->count->strays > 10)
		return;
	printf("  %s: %s:%zu in %.*s: %.*s\n", what, t->spot.file.p, t->spot.line,
	       STR_ARGS(file->name), STR_ARGS(around));
}

// The runs below a marker that came out.
static void check_place(const Trial *t, const Rendered *file, size_t at)
{
	size_t end = at + t->spot.marker.len, from = at;
	bool exact = true, derived = false;
	OriginSpan run;

	while (origin_next(file->text, &from, end, &run)) {
		if (!names_spot(run.origin, run.offset, &t->spot))
			exact = false;
		else if (run.origin->kind == ORIGIN_DERIVED)
			derived = true;
	}
	t->count->places++;
	if (!exact) {
		t->count->wrong++;
		report(t, file, str_slice(file->text, at > 30 ? at - 30 : 0, end + 10),
		       "does not name");
	} else if (derived) {
		t->count->derived++;
	} else {
		t->count->exact++;
	}
}

// The bytes of a run that claim to be those of the marker.
static Str claimed(const Trial *t, const Rendered *file, const OriginSpan *run)
{
	Str text = str_slice(file->text, run->start, run->start + run->len), none = {0};
	const Spot *spot = &t->spot;
	size_t end = spot->start + spot->marker.len, from = run->offset, to = from + run->len;

	if (!run->origin || run->origin->kind == ORIGIN_DERIVED)
		return none;
	// A run of a template's own text goes on before and behind the word.
	if (!spot->in_values && run->origin->kind == ORIGIN_TEMPLATE && run->origin->lines) {
		if (!is_file(run->origin->file, spot) || from >= end || to <= spot->start)
			return none;
		return str_slice(text, from < spot->start ? spot->start - from : 0,
		                 (to < end ? to : end) - from);
	}
	return names_spot(run->origin, run->offset, spot) ? text : none;
}

// Other bytes that claim to come from there. Parts of the marker (trunc) are right, and so is what is derived.
static void check_strays(const Trial *t, const Rendered *file)
{
	size_t from = 0;
	OriginSpan run;

	while (origin_next(file->text, &from, file->text.len, &run)) {
		Str text = claimed(t, file, &run);
		if (!text.len || is_part_of_marker(text, t->spot.marker))
			continue;
		t->count->strays++;
		report(t, file, str_to(text, 60), "stray bytes");
	}
}

static void try_spot(Trial *t)
{
	Render out;
	bool shown = false;

	t->count->tried++;
	if (!render(t, true, &out))
		return;
	for (size_t i = 0; i < out.file_count; i++) {
		const Rendered *file = &out.files[i];
		Str rest = file->text;
		for (size_t at; (at = str_find(rest, t->spot.marker)) != STR_NONE;) {
			shown = true;
			check_place(t, file, (size_t)(rest.p - file->text.p) + at);
			rest = str_from(rest, at + t->spot.marker.len);
		}
		check_strays(t, file);
	}
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
	Trial trial = {arena, chart, {S(""), 0, 0, 0, 0, false, S("")}, NULL};
	Render plain, traced;
	bool ok = render(&trial, false, &plain);

	if (ok != render(&trial, true, &traced))
		return false;
	for (size_t i = 0; ok && i < plain.file_count; i++)
		if (i >= traced.file_count || !str_eq(plain.files[i].text, traced.files[i].text))
			return false;
	return true;
}

static void try_chart(const char *chart, size_t most, Count *sum)
{
	Arena *list = arena_new(0);
	Count count = {0};
	Spots spots = {0};
	Fs *fs;

	if (!list || setjmp(*arena_trap(list)))
		return;
	if (!same_bytes(list, chart)) {
		printf("%s: other bytes where traced\n", chart);
		count.wrong++;
	}
	fs = fs_folder(list, str_c(chart), FS_LINKS_FOLLOW);
	gather_values(list, fs, &spots);
	gather_templates(list, fs, S("templates"), &spots);
	for (size_t i = 0; i < spots.len; i += spots.len / most + 1)
		try_spot_alone(chart, spots.items[i], &count);
	printf("%s: %zu markers, %zu came out at %zu places: %zu exact, %zu derived, %zu wrong, "
	       "%zu strays\n",
	       chart, count.tried, count.shown, count.places, count.exact, count.derived,
	       count.wrong, count.strays);
	fflush(stdout);
	sum->tried += count.tried;
	sum->shown += count.shown;
	sum->places += count.places;
	sum->exact += count.exact;
	sum->derived += count.derived;
	sum->wrong += count.wrong;
	sum->strays += count.strays;
	arena_free(list);
}

int main(int argc, char **argv)
{
	size_t most = 100;
	Count sum = {0};
	int first = 1;

	if (argc > 2 && !strcmp(argv[1], "-n")) {
		most = (size_t)atol(argv[2]);
		first = 3;
	}
	for (int i = first; i < argc; i++)
		try_chart(argv[i], most ? most : 1, &sum);
	printf("%zu markers, %zu came out at %zu places: %.2f%% exact, %zu derived, %zu wrong, %zu "
	       "strays\n",
	       sum.tried, sum.shown, sum.places,
	       sum.places ? 100.0 * (double)sum.exact / (double)sum.places : 0, sum.derived,
	       sum.wrong, sum.strays);
	printf("%zu passed, %zu failed\n", sum.exact + sum.derived, sum.wrong + sum.strays);
	return sum.wrong || sum.strays || !sum.places;
}
