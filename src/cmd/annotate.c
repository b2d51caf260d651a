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

static void write_origin(Buf *out, const Origin *origin, const FileNames *names)
{
	Place place;

	if (origin->kind == ORIGIN_VALUES) {
		place = origin_place(origin, 0);
		buf_str(out, names->shown(names->context, place.file));
		buf_printf(out, ":%zu ", place.line);
		buf_str(out, origin->path);
	} else if (origin->kind == ORIGIN_FLAG) {
		buf_str(out, origin->text);
	} else if (origin->kind == ORIGIN_BUILTIN) {
		buf_byte(out, '.');
		buf_str(out, origin->path);
	}
}

static bool is_text(const Origin *origin)
{
	return origin && (origin->kind == ORIGIN_TEMPLATE || origin->kind == ORIGIN_FILE);
}

// The parts of what is derived count each for itself; the same origin is named once.
static void note_origin(const Origin *origin, const Origin **seen, size_t *count, size_t *more)
{
	if (!origin || is_text(origin))
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

// What indents a line, or quotes a value.
static bool is_blank(Str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!strchr(" \t\"'", text.p[i]))
			return false;
	return true;
}

void annotate_line(Buf *out, Str content, size_t start, size_t end, const FileNames *names)
{
	const Origin *seen[VALUES_SHOWN];
	size_t count = 0, more = 0, at = start;
	const char *between = "";
	Place place = {0};
	OriginSpan run;

	// What an action made of values says more than the text around it.
	while (origin_next(content, &at, end, &run)) {
		if (!run.origin && is_blank(str_slice(content, run.start, run.start + run.len)))
			continue;
		if (!is_text(run.origin) && run.cause && run.cause->kind == CAUSE_ACTION)
			place = cause_place(run.cause);
		else if (!place.line && is_text(run.origin))
			place = origin_place(run.origin, run.offset);
		note_origin(run.origin, seen, &count, &more);
	}
	if (place.line) {
		buf_str(out, names->shown(names->context, place.file));
		buf_printf(out, ":%zu", place.line);
		between = ", ";
	}
	for (size_t i = 0; i < count; i++) {
		buf_c(out, between);
		write_origin(out, seen[i], names);
		between = ", ";
	}
	if (more)
		buf_printf(out, " and %zu more", more);
}

// "  # templates/a.yaml:6, values.yaml:4 port"; nothing where nothing is known.
static void write_comment(Buf *out, Str content, size_t start, size_t end, const FileNames *names)
{
	Buf line = buf_new(out->arena);

	annotate_line(&line, content, start, end, names);
	if (!line.len)
		return;
	buf_c(out, "  # ");
	for (size_t i = 0; i < line.len; i++) // a flag's text may hold anything
		buf_byte(out, line.p[i] == '\n' || line.p[i] == '\r' ? ' ' : line.p[i]);
}

static void write_annotated(Buf *out, Str content, const Lines *lines, const FileNames *names)
{
	size_t start = 0;

	for (size_t number = 1; start <= content.len; number++) {
		size_t len = str_find_byte(str_from(content, start), '\n');
		size_t end = len == STR_NONE ? content.len : start + len;
		Str line = str_slice(content, start, end);
		bool blank = !str_trim_space(line).len;
		buf_str(out, line);
		if (!blank && !lines->closed[number] && line.p[line.len - 1] != '\r')
			write_comment(out, content, start, end, names);
		if (len == STR_NONE)
			break;
		buf_byte(out, '\n');
		start = end + 1;
	}
}

static bool annotate(Arena *arena, const FileNames *names, Manifest *m, Diag *diag)
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
	write_annotated(&out, m->content, &lines, names);
	m->content = buf_view(&out);
	return true;
}

// Templates of the chart itself are named from its folder.
static Str below_chart(void *context, Str file)
{
	const Str *prefix = context;

	return str_has_prefix(file, *prefix) ? str_from(file, prefix->len) : file;
}

bool annotate_manifests(Render *render, Diag *diag)
{
	Manifests *groups[] = {&render->hooks, &render->manifests};
	Str prefix = str_concat(render->arena, chart_name(render->chart), S("/"));
	FileNames names = {below_chart, &prefix};

	for (size_t g = 0; g < 2; g++)
		for (size_t i = 0; i < groups[g]->len; i++)
			if (!annotate(render->arena, &names, &groups[g]->items[i], diag))
				return false;
	return true;
}
