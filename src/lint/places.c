// From a byte of a scalar to its line: in the rendered text, in the template that wrote it, in the values behind it.

#include "lint/lint.h"

#include "data/text.h"
#include "k8s/credential.h"
#include "template/trace.h"

#include <string.h>

static bool is_block(const Node *node)
{
	return node->kind == NODE_SCALAR &&
	       (node->style == NODE_LITERAL || node->style == NODE_FOLDED);
}

// The indent of a block scalar's lines: that of its first line with text.
static size_t block_indent(Str text, size_t at)
{
	while (at < text.len) {
		size_t spaces = str_indent(str_from(text, at));
		if (at + spaces < text.len && text.p[at + spaces] != '\n')
			return spaces;
		at += spaces + 1;
	}
	return 0;
}

// From byte `at` to the line's end.
static size_t line_length(Str text, size_t at)
{
	Str rest = str_from(text, at);
	size_t end = str_find_byte(rest, '\n');

	return end == STR_NONE ? rest.len : end;
}

static BlockCursor block_start(const Source *source, const Node *node)
{
	Str text = source->text;
	size_t header = node->start.offset, at = header + line_length(text, header) + 1;

	return (BlockCursor){node, at, 0, 1, block_indent(text, at)};
}

// Byte `offset` of the scalar, in the text; `*line` is its line.
static size_t block_offset(const Source *source, const Node *node, size_t offset, BlockCursor *line)
{
	Str text = source->text;
	BlockCursor *kept = source->cursor, c;

	c = kept && kept->node == node && kept->done <= offset ? *kept : block_start(source, node);
	while (c.at < text.len) {
		size_t skip = 0, len;
		while (skip < c.indent && c.at + skip < text.len && text.p[c.at + skip] == ' ')
			skip++;
		len = line_length(text, c.at + skip);
		if (kept)
			*kept = c;
		*line = c;
		if (offset <= c.done + len)
			return c.at + skip + (offset - c.done);
		c.done += len + 1;
		c.line++;
		c.at += skip + len + 1;
	}
	return text.len;
}

// How many bytes of the value an escape makes, and how long it is itself.
static size_t escape_width(Str text, size_t at, size_t *made)
{
	char c = at + 1 < text.len ? text.p[at + 1] : 'n';

	*made = 1;
	if (c == 'x')
		return 4;
	if (c == 'u' || c == 'U') {
		*made = c == 'u' ? 2 : 4;
		return c == 'u' ? 6 : 10;
	}
	return 2;
}

static size_t flow_offset(Str text, size_t at, char quote, size_t offset)
{
	for (size_t done = 0; done < offset && at < text.len;) {
		char c = text.p[at];
		size_t made = 1, width = 1;
		if (quote == '"' && c == '\\') {
			width = escape_width(text, at, &made);
		} else if (quote == '\'' && c == '\'') {
			width = 2;
		} else if (c == '\n') { // folded to a space, with the white space around it
			while (at + width < text.len && strchr(" \t\n", text.p[at + width]) != NULL)
				width++;
		}
		at += width;
		done += made;
	}
	return at;
}

size_t lint_source_offset(const Source *source, const Node *node, size_t offset)
{
	size_t at = node->start.offset;
	BlockCursor line;

	if (node->kind != NODE_SCALAR || at >= source->text.len)
		return at;
	if (is_block(node))
		return block_offset(source, node, offset, &line);
	switch (node->style) {
	case NODE_SINGLE_QUOTED:
		return flow_offset(source->text, at + 1, '\'', offset);
	case NODE_DOUBLE_QUOTED:
		return flow_offset(source->text, at + 1, '"', offset);
	default:
		return flow_offset(source->text, at, '\0', offset);
	}
}

// Counts from the node's own line, not from the start of the text: findings may be many.
Place lint_node_place(const Source *source, const Node *node, size_t offset)
{
	size_t from = node->start.offset, at, end;
	Place place = {source->name, source->lines_before + node->start.line, node->start.column};

	if (is_block(node) && from < source->text.len) {
		BlockCursor line = {.at = from};
		at = block_offset(source, node, offset, &line);
		if (line.line) {
			place.line += line.line;
			place.column = at - line.at + 1;
		}
		return place;
	}
	at = lint_source_offset(source, node, offset);
	while (from < at && (end = from + line_length(source->text, from)) < at) {
		place.line++;
		place.column = 1;
		from = end + 1;
	}
	place.column += at - from;
	return place;
}

bool origin_says(const Origin *origin, Str text)
{
	Str own = str_n(origin->base, origin->base ? origin->len : 0);

	return text.len && own.len > 2 && (str_contains(text, own) || str_contains(own, text));
}

// The place in a values file (or flag) that a text comes from: of several the one that says what is spoken of, or is
// called like a credential, since the rest (a user, a server) is seldom what a finding speaks of; best both; else the
// first.
static const Origin *values_origin(const Origin *origin, Str text)
{
	const Origin *best = NULL;
	int best_rank = 0;

	if (!origin || origin->kind == ORIGIN_VALUES || origin->kind == ORIGIN_FLAG)
		return origin;
	for (size_t i = 0; origin->kind == ORIGIN_DERIVED && i < origin->span_count; i++) {
		const Origin *part = origin->spans[i].origin;
		int rank;
		if (!part || (part->kind != ORIGIN_VALUES && part->kind != ORIGIN_FLAG))
			continue;
		rank = 1 + 2 * origin_says(part, text) + credential_name(part->path);
		if (rank <= best_rank)
			continue;
		best = part;
		best_rank = rank;
	}
	return best;
}

static Str called_from(const Cause *cause, Place template, Arena *arena)
{
	Str found = S("");

	for (const Cause *c = cause; c; c = c->outer) {
		Place place;
		if (c->kind != CAUSE_INCLUDE && c->kind != CAUSE_TEMPLATE)
			continue;
		place = cause_place(c);
		// A text that tpl ran has no file.
		if (str_find_byte(place.file, '/') != STR_NONE &&
		    !str_eq(place.file, template.file))
			found = str_printf(arena, "%s:%zu", str_to_c(arena, place.file),
			                   place.line);
	}
	return found;
}

static Place template_place(const Origin *origin, size_t in_origin, Str text, const Cause *cause)
{
	Place place = {0};

	if (origin && origin->kind == ORIGIN_FILE && text.len) { // a whole file, encoded
		Str own = str_n(origin->base, origin->base ? origin->len : 0);
		size_t found = str_has_prefix(str_from(own, in_origin), text) ? STR_NONE
		                                                              : str_find(own, text);
		in_origin = found == STR_NONE ? in_origin : found;
	}
	if (origin && (origin->kind == ORIGIN_TEMPLATE || origin->kind == ORIGIN_FILE))
		place = origin_place(origin, in_origin);
	else if (cause)
		place = cause_place(cause);
	// A text that tpl ran has no file: the call stands for it.
	for (const Cause *c = cause;
	     c && place.file.len && str_find_byte(place.file, '/') == STR_NONE; c = c->outer)
		if (cause_place(c).file.len)
			place = cause_place(c);
	return place;
}

static OriginPlaces places_of(const Origin *origin, size_t in_origin, const Cause *cause, Str text,
                              Arena *arena)
{
	const Origin *from = values_origin(origin, text);
	OriginPlaces out = {.template = template_place(origin, in_origin, text, cause),
	                    .literal = origin && origin->kind == ORIGIN_TEMPLATE};

	if (from) {
		out.values_path = from->path;
		out.values = origin_place(from, 0);
	}
	if (from && from->kind == ORIGIN_FLAG) {
		out.values = (Place){.file = credential_mask(arena, from->text)};
	} else if (from) {
		Str own = str_n(from->base, from->base ? from->len : 0);
		size_t found = from == origin ? in_origin : text.len ? str_find(own, text) : 0;
		out.in_values = from;
		out.values_offset = found == STR_NONE ? 0 : found;
	}
	out.called_from = called_from(cause, out.template, arena);
	return out;
}

OriginPlaces lint_origin(const Source *source, const Node *node, size_t offset, Str text,
                         Arena *arena)
{
	size_t at = lint_source_offset(source, node, offset), in_origin = 0;
	const Origin *origin = origin_at(source->text, at, &in_origin);

	return places_of(origin, in_origin, cause_at(source->text, at), text, arena);
}

OriginPlaces lint_origin_decoded(const Source *source, const Node *node, size_t at, Str text,
                                 Arena *arena)
{
	size_t encoded = lint_source_offset(source, node, 0), in_origin = 0;
	const Origin *whole = origin_at(source->text, encoded, NULL), *origin = NULL;
	const Cause *cause = cause_at(source->text, encoded);

	if (whole && whole->kind == ORIGIN_DERIVED && at < whole->text.len &&
	    str_has_prefix(str_from(whole->text, at), text))
		origin = origin_at(whole->text, at, &in_origin);
	if (!origin)
		return lint_origin(source, node, 0, text, arena);
	// What a helper says itself is mended there; a value is one of the action that encodes it.
	if (origin->kind == ORIGIN_TEMPLATE)
		cause = cause_at(whole->text, at);
	return places_of(origin, in_origin, cause, text, arena);
}
