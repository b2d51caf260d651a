#include "cmd/changes.h"

#include "data/json.h"

#include <stdlib.h>
#include <string.h>

// --- counting ---

typedef struct Counts {
	size_t fields, changed, added, removed;
} Counts;

static Counts count(const Changes *changes)
{
	Counts counts = {0};

	// Changes of one resource follow each other.
	for (size_t i = 0; i < changes->len; i++) {
		const Change *c = &changes->items[i];
		counts.added += c->kind == CHANGE_ADDED;
		counts.removed += c->kind == CHANGE_REMOVED;
		counts.fields += c->kind == CHANGE_FIELD;
		counts.changed += c->kind == CHANGE_FIELD && (!i || c[-1].kind != CHANGE_FIELD ||
		                                              c[-1].after_root != c->after_root);
	}
	return counts;
}

Str changes_summary(const ChangeReport *r)
{
	Counts n = count(r->changes);

	return str_printf(
		r->arena,
		"%zu of %zu resources differ: %zu changed (%zu field%s), %zu added, %zu removed",
		n.changed + n.added + n.removed, r->changes->resources, n.changed, n.fields,
		n.fields == 1 ? "" : "s", n.added, n.removed);
}

// --- where from ---

// The new side's origin; of what went, the old side's.
static ResourceOrigin origin_of(const ChangeReport *r, const Change *c)
{
	bool gone = c->kind == CHANGE_REMOVED || (c->kind == CHANGE_FIELD && !c->after);

	if (gone)
		return resources_origin(r->before, c->before_root, c->before, 0);
	return resources_origin(r->after, c->after_root, c->after, change_offset(c));
}

static Str place_text(Arena *arena, Place place)
{
	if (!place.line)
		return diag_escape(arena, place.file);
	return str_printf(arena, "%.*s:%zu", STR_ARGS(diag_escape(arena, place.file)), place.line);
}

// "values/prod.yaml:12 train.replicas, templates/training.yaml:30"; empty where nothing is known.
static Str origin_text(Arena *arena, const ResourceOrigin *o)
{
	Buf out = buf_new(arena);

	if (o->values.file.len) {
		buf_str(&out, o->values.line ? place_text(arena, o->values)
		                             : str_concat(arena, S("--set "), o->values.file));
		if (o->values.line && o->values_path.len) {
			buf_byte(&out, ' ');
			buf_str(&out, diag_escape(arena, o->values_path));
		}
	}
	if (o->template.file.len) {
		buf_c(&out, out.len ? ", " : "");
		buf_str(&out, place_text(arena, o->template));
	}
	if (!out.len && o->manifest.file.len)
		buf_str(&out, place_text(arena, o->manifest));
	return buf_view(&out);
}

// --- text ---

#define RED    "\033[31m"
#define GREEN  "\033[32m"
#define BOLD   "\033[1m"
#define DIM    "\033[2m"
#define NORMAL "\033[0m"

static void painted(const ChangeReport *r, Buf *out, const char *colour, Str text)
{
	if (r->colour)
		buf_c(out, colour);
	buf_str(out, diag_escape(r->arena, text));
	if (r->colour)
		buf_c(out, NORMAL);
}

static void print_field(const ChangeReport *r, const Change *c, Buf *out)
{
	Str before, after;
	size_t line;

	change_values(r->arena, c, &before, &after, &line);
	buf_byte(out, ' ');
	buf_str(out, diag_escape(r->arena, c->path));
	if (line)
		buf_printf(out, " line %zu", line);
	buf_c(out, ": ");
	painted(r, out, RED, before);
	buf_c(out, " -> ");
	painted(r, out, GREEN, after);
	if (c->secret && str_eq(before, after))
		buf_c(out, " (another one)");
}

static void print_text(const ChangeReport *r, Buf *out)
{
	for (size_t i = 0; i < r->changes->len; i++) {
		const Change *c = &r->changes->items[i];
		ResourceOrigin origin = origin_of(r, c);
		Str from = origin_text(r->arena, &origin);
		painted(r, out, BOLD, c->resource);
		if (c->kind == CHANGE_FIELD)
			print_field(r, c, out);
		else
			painted(r, out, c->kind == CHANGE_ADDED ? GREEN : RED,
			        c->kind == CHANGE_ADDED ? S(": added") : S(": removed"));
		buf_byte(out, '\n');
		if (!from.len)
			continue;
		buf_c(out, "    ");
		painted(r, out, DIM, str_concat(r->arena, S("from "), from));
		buf_byte(out, '\n');
	}
	if (r->changes->len) {
		buf_str(out, changes_summary(r));
		buf_byte(out, '\n');
	}
}

// --- JSON ---

static void put(Arena *arena, Map *map, const char *key, Str text)
{
	text.origin = NULL;
	map_set(arena, map, str_c(key), value_str(text));
}

static void put_place(Arena *arena, Map *map, const char *key, Place place, Str path)
{
	Map *entry = map_new(arena, &TYPE_ANY_MAP);

	if (!place.file.len)
		return;
	put(arena, entry, place.line || !path.len ? "file" : "flag", place.file);
	if (place.line)
		map_set(arena, entry, S("line"), value_int((int64_t)place.line));
	if (path.len)
		put(arena, entry, "path", path);
	map_set(arena, map, str_c(key), value_map(entry));
}

static Map *change_entry(const ChangeReport *r, const Change *c)
{
	static const char *const KINDS[] = {"added", "removed", "changed"};
	Map *entry = map_new(r->arena, &TYPE_ANY_MAP);
	ResourceOrigin origin = origin_of(r, c);
	Str before, after;
	size_t line;

	put(r->arena, entry, "kind", str_c(KINDS[c->kind]));
	put(r->arena, entry, "resource", c->resource);
	if (c->kind == CHANGE_FIELD) {
		change_values(r->arena, c, &before, &after, &line);
		put(r->arena, entry, "path", c->path);
		if (c->before)
			put(r->arena, entry, "before", before);
		if (c->after)
			put(r->arena, entry, "after", after);
		if (line)
			map_set(r->arena, entry, S("textLine"), value_int((int64_t)line));
		if (c->secret)
			map_set(r->arena, entry, S("secret"), value_bool(true));
	}
	put_place(r->arena, entry, "template", origin.template, S(""));
	put_place(r->arena, entry, "values", origin.values, origin.values_path);
	put_place(r->arena, entry, "manifest", origin.manifest, S(""));
	return entry;
}

Map *changes_value(const ChangeReport *r)
{
	List *list = list_new(r->arena, &TYPE_ANY_LIST, r->changes->len);
	Map *root = map_new(r->arena, &TYPE_ANY_MAP);
	Counts n = count(r->changes);

	for (size_t i = 0; i < r->changes->len; i++)
		list_push(r->arena, list, value_map(change_entry(r, &r->changes->items[i])));
	put(r->arena, root, "before", r->before_name);
	put(r->arena, root, "after", r->after_name);
	map_set(r->arena, root, S("resources"), value_int((int64_t)r->changes->resources));
	map_set(r->arena, root, S("changed"), value_int((int64_t)n.changed));
	map_set(r->arena, root, S("added"), value_int((int64_t)n.added));
	map_set(r->arena, root, S("removed"), value_int((int64_t)n.removed));
	map_set(r->arena, root, S("changes"), value_list(list));
	return root;
}

static void print_json(const ChangeReport *r, Buf *out)
{
	Text text = text_new(r->arena, false);
	Diag ignored = diag_new(r->arena);
	Value v = value_map(changes_value(r));

	json_write(&text, &v, (JsonStyle){false, "  "}, &ignored);
	buf_str(out, text_str(&text));
	buf_byte(out, '\n');
}

// --- Markdown ---

// Text inside a code span in a table's cell: neither bars nor backticks end it.
static void print_code(const ChangeReport *r, Buf *out, Str text)
{
	Str shown = diag_escape(r->arena, text);

	buf_c(out, "<code>");
	for (size_t i = 0; i < shown.len; i++) {
		char c = shown.p[i];
		if (strchr("|`<>&*_[]\\~@#", c) && c)
			buf_printf(out, "&#%d;", c);
		else
			buf_byte(out, c);
	}
	buf_c(out, "</code>");
}

static void print_row(const ChangeReport *r, const Change *c, Buf *out)
{
	ResourceOrigin origin = origin_of(r, c);
	Str from = origin_text(r->arena, &origin), before = S(""), after = S("");
	size_t line = 0;

	buf_c(out, "| ");
	if (c->kind == CHANGE_FIELD) {
		change_values(r->arena, c, &before, &after, &line);
		print_code(r, out, c->path);
		if (line)
			buf_printf(out, " line %zu", line);
	} else {
		buf_c(out, c->kind == CHANGE_ADDED ? "**added**" : "**removed**");
	}
	buf_c(out, " | ");
	if (before.len)
		print_code(r, out, before);
	buf_c(out, " | ");
	if (after.len)
		print_code(r, out, after);
	buf_c(out, " | ");
	if (from.len)
		print_code(r, out, from);
	buf_c(out, " |\n");
}

static void print_markdown(const ChangeReport *r, Buf *out)
{
	buf_c(out, "### cleat diff ");
	print_code(r, out, r->before_name);
	buf_c(out, " → ");
	print_code(r, out, r->after_name);
	buf_c(out, "\n\n");
	if (!r->changes->len) {
		buf_printf(out, "No difference in %zu resources.\n", r->changes->resources);
		return;
	}
	buf_str(out, changes_summary(r));
	buf_c(out, ".\n");
	for (size_t i = 0; i < r->changes->len; i++) {
		const Change *c = &r->changes->items[i];
		if (!i || !str_eq(c[-1].resource, c->resource)) {
			buf_c(out, i ? "\n</details>\n\n<details open><summary>"
			             : "\n<details open><summary>");
			print_code(r, out, c->resource);
			buf_c(out, "</summary>\n\n| field | before | after | from "
			           "|\n|---|---|---|---|\n");
		}
		print_row(r, c, out);
	}
	buf_c(out, "\n</details>\n");
}

ChangePrinter *changes_printer(Str format)
{
	if (str_is(format, "json"))
		return print_json;
	if (str_is(format, "markdown"))
		return print_markdown;
	return !format.len || str_is(format, "text") ? print_text : NULL;
}
