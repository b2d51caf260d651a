// Summing up origins.

#include "lint/origin_class.h"

#include "data/text.h"

// What is drawn at random has as many characters, where somebody else writes a part of the text.
#define DRAWN_LEAST 16

// Whether an origin's own bytes say the text, or a good part of it.
static bool says(const Origin *origin, Str text)
{
	if (!text.p)
		return true;
	if (origin->kind == ORIGIN_TEMPLATE && !origin->base) // what was made of it
		return str_contains(origin->text, text);
	if (origin->kind == ORIGIN_TEMPLATE)
		return str_contains(str_n(origin->base, origin->len), text);
	return origin_says(origin, text);
}

static OriginClass class_of(const Origin *origin, Str text)
{
	OriginClass found = WRITTEN_MADE;

	if (!origin)
		return WRITTEN_MADE;
	if (origin->kind == ORIGIN_VALUES)
		return WRITTEN_VALUES;
	if (origin->kind == ORIGIN_TEMPLATE)
		return WRITTEN_TEMPLATE;
	if (origin->kind == ORIGIN_FILE)
		return WRITTEN_UNKNOWN;
	for (size_t i = 0; origin->kind == ORIGIN_DERIVED && i < origin->span_count; i++) {
		const Origin *from = origin->spans[i].origin;
		OriginClass part = class_of(from, text);
		if ((part == WRITTEN_VALUES || part == WRITTEN_TEMPLATE) &&
		    from->kind != ORIGIN_DERIVED && !says(from, text))
			continue;
		if (part == WRITTEN_VALUES)
			return part;
		if (part == WRITTEN_TEMPLATE)
			found = part;
	}
	return found;
}

OriginClass origin_class(const Source *source, const Node *node, size_t offset, size_t len)
{
	return origin_class_of_text(source, node, offset, len, (Str){0});
}

OriginClass origin_class_of_text(const Source *source, const Node *node, size_t offset, size_t len,
                                 Str text)
{
	size_t from, to, at, start, drawn = 0;
	OriginSpan run;
	bool template = false, made = false, file = false, values = false;

	if (!source->text.origin)
		return WRITTEN_UNKNOWN;
	if (!len)
		len = node->value.len > offset ? node->value.len - offset : 0;
	from = lint_source_offset(source, node, offset);
	to = lint_source_offset(source, node, offset + len);
	for (at = start = from; at < to && origin_next(source->text, &at, to, &run); start = at) {
		OriginClass one = class_of(run.origin, text);
		drawn += run.origin ? 0 : at - start;
		if (one == WRITTEN_VALUES)
			values = true;
		else if (one == WRITTEN_TEMPLATE)
			template = true;
		else if (one == WRITTEN_UNKNOWN)
			file = true;
		else
			made = true;
	}
	if (drawn >= DRAWN_LEAST && drawn * 2 > to - from)
		return WRITTEN_MADE; // "admin:" and what was drawn
	if (values)
		return WRITTEN_VALUES;
	if (file)
		return WRITTEN_UNKNOWN;
	return made ? WRITTEN_MADE : template ? WRITTEN_TEMPLATE : WRITTEN_MADE;
}

Str origin_values_path(Arena *arena, const Source *source, const Node *node, size_t offset)
{
	return lint_origin(source, node, offset, S(""), arena).values_path;
}

bool values_toggle(Arena *arena, const Map *values, Str path, Str *toggle, bool *on)
{
	const Map *table = values;
	Str rest = path, key;
	size_t used = 0;

	(void)arena;
	while (table && str_cut(&rest, S("."), &key)) {
		const Value *next = map_get(table, key);
		const Value *enabled;
		used += key.len + 1;
		if (!next || next->kind != V_MAP)
			return false;
		table = next->map;
		enabled = map_get(table, S("enabled"));
		if (!enabled || enabled->kind != V_BOOL)
			continue;
		*toggle = str_to(path, used - 1);
		*on = enabled->b;
		return true;
	}
	return false;
}
