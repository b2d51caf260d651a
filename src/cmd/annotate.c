#include "cmd/annotate.h"

#include "base/buf.h"
#include "data/yaml.h"

#include <string.h>

// More values than this on one line are counted, not named.
#define VALUES_SHOWN 3

typedef struct Lines {
	bool *closed; // lines, from 1, where a comment would become content or cut a scalar in two
	size_t count;
} Lines;

static void close_lines(Lines *lines, size_t first, size_t last)
{
	for (size_t i = first; i <= last && i <= lines->count; i++)
		lines->closed[i] = true;
}

// A block scalar may have a comment behind its sign, not in its text; a quoted or plain one of several lines has room for
// none.
static void close_scalars(Lines *lines, const Node *node)
{
	size_t last = node->end.column == 1 && node->end.line > node->start.line
	                      ? node->end.line - 1
	                      : node->end.line;

	if (node->kind == NODE_SCALAR && last > node->start.line) {
		bool block = node->style == NODE_LITERAL || node->style == NODE_FOLDED;
		close_lines(lines, node->start.line + block, last);
	}
	for (size_t i = 0; i < node->len; i++)
		close_scalars(lines, node->children[i]);
}

static size_t count_lines(Str text)
{
	size_t count = 1;

	for (size_t i = 0; i < text.len; i++)
		count += text.p[i] == '\n';
	return count;
}

static Str short_file(Str file, Str prefix)
{
	return str_has_prefix(file, prefix) ? str_from(file, prefix.len) : file;
}

static void write_origin(Buf *out, const Origin *origin, Str prefix)
{
	Place place;

	if (origin->kind == ORIGIN_VALUES) {
		place = origin_place(origin, 0);
		buf_c(out, ", ");
		buf_str(out, short_file(place.file, prefix));
		buf_printf(out, ":%zu ", place.line);
		buf_str(out, origin->path);
	} else if (origin->kind == ORIGIN_FLAG) {
		buf_c(out, ", ");
		buf_str(out, origin->text);
	} else if (origin->kind == ORIGIN_BUILTIN) {
		buf_c(out, ", .");
		buf_str(out, origin->path);
	}
}

// The parts of what is derived count each for itself; the same origin is named once.
static void note_origin(const Origin *origin, const Origin **seen, size_t *count, size_t *more)
{
	if (!origin || origin->kind == ORIGIN_TEMPLATE)
		return;
	if (origin->kind == ORIGIN_DERIVED) {
		for (size_t i = 0; i < origin->span_count; i++)
			note_origin(origin->spans[i].origin, seen, count, more);
		return;
	}
	for (size_t i = 0; i < *count; i++)
		if (seen[i] == origin ||
		    (str_eq(seen[i]->path, origin->path) && seen[i]->kind == origin->kind))
			return;
	if (*count < VALUES_SHOWN)
		seen[(*count)++] = origin;
	else
		++*more;
}

// "  # templates/a.yaml:6, values.yaml:4 port"; nothing where nothing is known.
static void write_comment(Buf *out, Str content, size_t start, size_t end, Str prefix)
{
	const Origin *seen[VALUES_SHOWN];
	size_t count = 0, more = 0, at = start;
	Place place = {0};
	Buf line = buf_new(out->arena);
	OriginSpan run;

	while (origin_next(content, &at, end, &run)) {
		if (run.cause && run.cause->kind == CAUSE_ACTION)
			place = cause_place(
				run.cause); // an action says more than the text around it
		else if (!place.line && run.origin && run.origin->kind == ORIGIN_TEMPLATE)
			place = origin_place(run.origin, run.offset);
		note_origin(run.origin, seen, &count, &more);
	}
	if (!place.line && !count)
		return;
	buf_str(&line, short_file(place.file, prefix));
	buf_printf(&line, ":%zu", place.line);
	for (size_t i = 0; i < count; i++)
		write_origin(&line, seen[i], prefix);
	if (more)
		buf_printf(&line, " and %zu more", more);
	buf_c(out, "  # ");
	for (size_t i = 0; i < line.len; i++) // a flag's text may hold anything
		buf_byte(out, line.p[i] == '\n' || line.p[i] == '\r' ? ' ' : line.p[i]);
}

static void write_annotated(Buf *out, Str content, const Lines *lines, Str prefix)
{
	size_t start = 0;

	for (size_t number = 1; start <= content.len; number++) {
		size_t len = str_find_byte(str_from(content, start), '\n');
		size_t end = len == STR_NONE ? content.len : start + len;
		Str line = str_slice(content, start, end);
		bool blank = !str_trim_space(line).len;
		buf_str(out, line);
		if (!blank && !lines->closed[number] && line.p[line.len - 1] != '\r')
			write_comment(out, content, start, end, prefix);
		if (len == STR_NONE)
			break;
		buf_byte(out, '\n');
		start = end + 1;
	}
}

static bool annotate(Arena *arena, Str prefix, Manifest *m, Diag *diag)
{
	YamlOptions options = {.file = m->name};
	Lines lines = {NULL, count_lines(m->content)};
	Buf out = buf_new(arena);
	Node *document;

	if (!yaml_read(arena, m->content, &options, &document, diag))
		return false;
	lines.closed = ARENA_ARRAY(arena, bool, lines.count + 2);
	if (document)
		close_scalars(&lines, document);
	write_annotated(&out, m->content, &lines, prefix);
	m->content = buf_view(&out);
	return true;
}

bool annotate_manifests(Render *render, Diag *diag)
{
	Manifests *groups[] = {&render->hooks, &render->manifests};
	Str prefix = str_concat(render->arena, chart_name(render->chart), S("/"));

	for (size_t g = 0; g < 2; g++)
		for (size_t i = 0; i < groups[g]->len; i++)
			if (!annotate(render->arena, prefix, &groups[g]->items[i], diag))
				return false;
	return true;
}
