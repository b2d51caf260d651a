// Why a rendered document is no YAML, for people.

#include "cmd/explain.h"

#include "template/trace.h"

#include <string.h>

// Lines shown before and after the one in question.
#define CONTEXT 3

static bool is_near(size_t line, size_t other)
{
	return line + CONTEXT >= other && line <= other + CONTEXT;
}

// The lines around the two in question, which are marked.
static void write_lines(Buf *out, Str document, size_t bad, size_t since)
{
	size_t number = 0, last = 0;
	Str line;

	while (str_line(&document, &line)) {
		number++;
		if (!is_near(number, bad) && !is_near(number, since))
			continue;
		if (last && number != last + 1)
			buf_c(out, "       ...\n");
		last = number;
		buf_printf(out, "%c %4zu | ", number == bad || number == since ? '>' : ' ', number);
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
		buf_printf(
			out, ":%zu\n",
			origin->line); // where it begins: its text may be spelled in several ways
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

// What is told once is not told again.
static void tell(Buf *out, const Origin *origin, size_t offset)
{
	Buf told = buf_new(out->arena);

	for (size_t i = 0; origin->kind == ORIGIN_DERIVED && i < origin->span_count; i++)
		if (origin->spans[i].origin)
			tell(out, origin->spans[i].origin, 0);
	write_origin(&told, origin, offset);
	if (!str_contains(buf_view(out), buf_view(&told)))
		buf_str(out, buf_view(&told));
}

// Who wrote the bytes of a line: the template's text, or the action that printed them and the values it printed.
static void write_origins(Buf *out, Str line)
{
	size_t at = 0;
	OriginSpan run;

	while (origin_next(line, &at, line.len, &run)) {
		if (run.cause && run.cause->kind == CAUSE_ACTION) {
			Place place = cause_place(run.cause);
			tell(out,
			     &(Origin){.kind = ORIGIN_TEMPLATE,
			               .file = place.file,
			               .line = place.line},
			     0);
		}
		if (run.origin)
			tell(out, run.origin, run.offset);
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

static void write_makers(Buf *out, Str document, size_t number, const char *which)
{
	Buf origins = buf_new(out->arena);

	write_origins(&origins, nth_line(document, number));
	if (origins.len)
		buf_printf(out, "line %zu%s was made by\n%.*s", number, which,
		           STR_ARGS(buf_view(&origins)));
}

// Reading may have stopped behind the last line.
static size_t line_within(Str document, size_t number)
{
	size_t count = 0;
	Str line;

	while (count < number && str_line(&document, &line))
		count++;
	return count ? count : 1;
}

void explain_bad_manifest(const Render *render, const ChartOptions *options, const StrList *args,
                          Diag *diag)
{
	Arena *arena = render->arena;
	Render again = {.arena = arena};
	Diag ignored = diag_new(arena);
	Buf out = buf_new(arena);
	Str document = render->bad.document;
	size_t line = line_within(document, render->bad.line), since = line;

	if (!render->bad.file)
		return;
	if (render->bad.since)
		since = line_within(document, render->bad.since);
	buf_str(&out, render->bad.file->name);
	buf_c(&out, ", as rendered:\n");
	write_lines(&out, document, line, since);
	if (chart_options_trace(options, args, &again, &ignored) &&
	    !render_manifests(&again, &ignored) && again.bad.file &&
	    str_eq(again.bad.file->name, render->bad.file->name)) {
		write_makers(&out, again.bad.document, line,
		             since == line ? "" : ", where reading stopped,");
		if (since != line)
			write_makers(&out, again.bad.document, since,
			             ", where the part that broke began,");
	}
	if (out.len && out.p[out.len - 1] == '\n')
		out.len--;
	diag->detail = buf_view(&out);
}
