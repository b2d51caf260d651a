// Why a rendered document is no YAML, for people.

#include "cmd/explain.h"

#include <string.h>

// Lines shown before and after the one in question.
#define CONTEXT 3

static void write_lines(Buf *out, Str document, size_t bad)
{
	size_t number = 0, from = bad > CONTEXT ? bad - CONTEXT : 1;
	Str line;

	while (str_line(&document, &line) && number < bad + CONTEXT) {
		number++;
		if (number < from)
			continue;
		buf_printf(out, "%c %4zu | ", number == bad ? '>' : ' ', number);
		buf_str(out, line);
		buf_byte(out, '\n');
	}
}

static size_t line_of(const Origin *origin, size_t offset)
{
	size_t line = origin->line;

	for (size_t i = 0; i < offset && i < origin->len; i++)
		line += origin->base && origin->base[i] == '\n';
	return line;
}

static void write_origin(Buf *out, const Origin *origin, size_t offset)
{
	if (origin->kind == ORIGIN_TEMPLATE) {
		buf_c(out, "  template ");
		buf_str(out, origin->file);
		buf_printf(out, ":%zu\n", line_of(origin, offset));
	} else if (origin->kind == ORIGIN_VALUES) {
		buf_c(out, "  value ");
		buf_str(out, origin->path);
		buf_c(out, " from ");
		buf_str(out, origin->file);
		buf_printf(out, ":%zu\n", line_of(origin, offset));
	} else if (origin->kind == ORIGIN_FLAG) {
		buf_c(out, "  value ");
		buf_str(out, origin->path);
		buf_c(out, " from ");
		buf_str(out, origin->text);
		buf_byte(out, '\n');
	} else if (origin->kind == ORIGIN_BUILTIN) {
		buf_c(out, "  .");
		buf_str(out, origin->path);
		buf_byte(out, '\n');
	}
}

// Who wrote the bytes of a line, each told once.
static void write_origins(Buf *out, Str line)
{
	const Origin *last = NULL;
	size_t last_line = 0;

	for (size_t i = 0; i < line.len; i++) {
		size_t offset = 0, at;
		const Origin *origin = origin_at(line, i, &offset);
		if (!origin)
			continue;
		at = line_of(origin, offset);
		if (origin != last || at != last_line)
			write_origin(out, origin, offset);
		last = origin;
		last_line = at;
	}
}

static Str nth_line(Str text, size_t number)
{
	Str line = S("");

	for (size_t i = 0; i < number; i++)
		if (!str_line(&text, &line))
			return S("");
	return line;
}

void explain_bad_manifest(const Render *render, const ChartOptions *options, const StrList *args,
                          Diag *diag)
{
	Arena *arena = render->arena;
	Render again = {.arena = arena};
	Diag ignored = diag_new(arena);
	Buf out = buf_new(arena);
	size_t line = render->bad.line ? render->bad.line : 1;

	if (!render->bad.file)
		return;
	buf_str(&out, render->bad.file->name);
	buf_c(&out, ", as rendered:\n");
	write_lines(&out, render->bad.document, line);
	if (chart_options_trace(options, args, &again, &ignored) &&
	    !render_manifests(&again, &ignored) && again.bad.file &&
	    str_eq(again.bad.file->name, render->bad.file->name)) {
		Buf origins = buf_new(arena);
		write_origins(&origins, nth_line(again.bad.document, line));
		if (origins.len)
			buf_printf(&out, "line %zu was made by\n%.*s", line,
			           STR_ARGS(buf_view(&origins)));
	}
	if (out.len && out.p[out.len - 1] == '\n')
		out.len--;
	diag->detail = buf_view(&out);
}
