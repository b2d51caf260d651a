#include "marker.h"

#include "data/node_path.h"
#include "data/text.h"
#include "template/trace.h"

#include <stdio.h>
#include <string.h>

#define WORD   "zqmarker7x1qz"
#define NUMBER "618397" // of six digits: Go prints more with an exponent

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
	Str file, text;
	OriginKind kind;
	bool keys;
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
	// Of a value the place is that of the scalar, of a file's text that of its first byte.
	size_t column = scalar->start.column + (quoted && g->kind == ORIGIN_FILE);

	(void)path;
	if ((!number && !str_is(scalar->tag, "!!str")) || node_anchor(scalar).len ||
	    !is_simple(scalar->value) || scalar->style == NODE_LITERAL ||
	    scalar->style == NODE_FOLDED || (is_key && !g->keys))
		return;
	VEC_PUSH(g->arena, g->spots->items, g->spots->len, g->spots->cap) =
		(Spot){g->file,
	               start,
	               quoted ? scalar->end.offset - 1 : start + scalar->value.len,
	               scalar->start.line,
	               column,
	               g->kind,
	               number ? S(NUMBER) : S(WORD)};
}

void gather_scalars(Arena *arena, Str file, Str text, Node *document, OriginKind kind, bool keys,
                    Spots *spots)
{
	Gather g = {arena, file, text, kind, keys, spots};

	node_walk_scalars(arena, document, gather_scalar, &g);
}

void gather_words(Arena *arena, Str file, Str text, size_t from, size_t end, OriginKind kind,
                  Spots *spots)
{
	Str rest = str_to(text, end), line;
	size_t number = 0;

	while (str_line(&rest, &line)) {
		size_t colon = str_find(line, S(": "));
		Str word = colon == STR_NONE ? S("") : str_from(line, colon + 2);
		number++;
		if (str_contains(line, S("{{")) || str_contains(line, S("}}")) ||
		    str_contains(line, S("#")) || !is_simple(word) || word.len < 3 ||
		    strchr("|>&*![0123456789", word.p[0]) || str_contains(word, S(" ")) ||
		    word.p < text.p + from)
			continue;
		VEC_PUSH(arena, spots->items, spots->len, spots->cap) = (Spot){
			file,   (size_t)(word.p - text.p),     (size_t)(word.p - text.p) + word.len,
			number, (size_t)(word.p - line.p) + 1, kind,
			S(WORD)};
	}
}

Str spot_change(Arena *arena, Str text, const Spot *spot)
{
	Str with = str_concat(arena, str_to(text, spot->start), spot->marker);

	return str_concat(arena, with, str_from(text, spot->end));
}

// --- where it comes out ---

// What a kustomization reads may be a chart's too.
static bool fits_kind(OriginKind kind, OriginKind wanted)
{
	return kind == wanted ||
	       (wanted == ORIGIN_FILE && (kind == ORIGIN_VALUES || kind == ORIGIN_TEMPLATE));
}

// A subchart's values.yaml is another file of that name. Below a kustomization, templates are called by their chart,
// wherever it lies.
static bool is_file(OriginKind kind, Str file, const Spot *spot)
{
	if (spot->kind == ORIGIN_FILE)
		return str_has_suffix(file, spot->file) ||
		       (kind == ORIGIN_TEMPLATE && str_has_suffix(spot->file, file));
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
	if (!fits_kind(origin->kind, spot->kind))
		return false;
	place = origin_place(origin, offset);
	// Of a chart's value below a kustomization the place may be the quote before it.
	if (place.line != spot->line ||
	    (place.column != spot->column && origin->kind == spot->kind))
		return false;
	return is_file(origin->kind, place.file, spot);
}

static bool is_part_of_marker(Str text, Str marker)
{
	char lower[64];

	if (text.len >= sizeof lower)
		return str_contains(text, marker);
	for (size_t i = 0; i < text.len; i++)
		lower[i] = ascii_lower(text.p[i]);
	return str_contains(marker, str_n(lower, text.len)) ||
	       str_contains(str_n(lower, text.len), marker);
}

static void report(const Spot *spot, Count *count, Str name, Str around, const char *what)
{
	if (count->wrong + count->strays > 10)
		return;
	printf("  %s: %.*s:%zu:%zu in %.*s: %.*s\n", what, STR_ARGS(spot->file), spot->line,
	       spot->column, STR_ARGS(name), STR_ARGS(around));
}

// The runs below a marker that came out.
static void check_place(const Spot *spot, Str name, Str text, size_t at, Count *count)
{
	size_t end = at + spot->marker.len, from = at;
	bool exact = true, derived = false;
	OriginSpan run;

	while (origin_next(text, &from, end, &run)) {
		if (!names_spot(run.origin, run.offset, spot))
			exact = false;
		else if (run.origin->kind == ORIGIN_DERIVED)
			derived = true;
	}
	count->places++;
	if (!exact) {
		count->wrong++;
		report(spot, count, name, str_slice(text, at > 30 ? at - 30 : 0, end + 10),
		       "does not name");
	} else if (derived) {
		count->derived++;
	} else {
		count->exact++;
	}
}

// The bytes of a run that claim to be those of the marker.
static Str claimed(const Spot *spot, Str text, const OriginSpan *run)
{
	Str bytes = str_slice(text, run->start, run->start + run->len), none = {0};
	size_t end = spot->start + spot->marker.len, from = run->offset, to = from + run->len;

	if (!run->origin || run->origin->kind == ORIGIN_DERIVED)
		return none;
	// A run of a template's own text goes on before and behind the word.
	if (spot->kind == ORIGIN_TEMPLATE && run->origin->kind == ORIGIN_TEMPLATE &&
	    run->origin->lines) {
		if (!is_file(run->origin->kind, run->origin->file, spot) || from >= end ||
		    to <= spot->start)
			return none;
		return str_slice(bytes, from < spot->start ? spot->start - from : 0,
		                 (to < end ? to : end) - from);
	}
	return names_spot(run->origin, run->offset, spot) ? bytes : none;
}

// Other bytes that claim to come from there. Parts of the marker (trunc) are right, and so is what is derived.
static void check_strays(const Spot *spot, Str name, Str text, Count *count)
{
	size_t from = 0;
	OriginSpan run;

	while (origin_next(text, &from, text.len, &run)) {
		Str bytes = claimed(spot, text, &run);
		if (!bytes.len || is_part_of_marker(bytes, spot->marker))
			continue;
		count->strays++;
		report(spot, count, name, str_to(bytes, 60), "stray bytes");
	}
}

bool spot_check(const Spot *spot, Str name, Str text, Count *count)
{
	Str rest = text;
	bool shown = false;

	for (size_t at; (at = str_find(rest, spot->marker)) != STR_NONE;) {
		shown = true;
		check_place(spot, name, text, (size_t)(rest.p - text.p) + at, count);
		rest = str_from(rest, at + spot->marker.len);
	}
	// In a kustomization, words that nobody wrote are shown as coming from the word before them, and what was written
	// is tried by markers of its own.
	if (spot->kind != ORIGIN_FILE)
		check_strays(spot, name, text, count);
	return shown;
}

// --- counts ---

void count_print(const char *name, const Count *count)
{
	printf("%s: %zu markers, %zu came out at %zu places: %zu exact, %zu derived, %zu wrong, "
	       "%zu strays\n",
	       name, count->tried, count->shown, count->places, count->exact, count->derived,
	       count->wrong, count->strays);
	fflush(stdout);
}

void count_add(Count *sum, const Count *count)
{
	sum->tried += count->tried;
	sum->shown += count->shown;
	sum->places += count->places;
	sum->exact += count->exact;
	sum->derived += count->derived;
	sum->wrong += count->wrong;
	sum->strays += count->strays;
}
