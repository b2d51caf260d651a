// Findings of one line of a template, told once.

#include "lint/told.h"

#define TEXT(s) str_to_c(lint->arena, (s))

struct ToldLine {
	Finding *finding;
	Buf others; // resources
	size_t count;
};

// Names written out behind a finding; further ones are counted.
#define OTHERS_SHOWN 3

Told told_new(Lint *lint)
{
	return (Told){.lint = lint, .index = map_new(lint->arena, &TYPE_ANY_MAP)};
}

void told_once(Told *told, Finding *finding)
{
	Lint *lint = told->lint;
	Str key = str_printf(lint->arena, "%s %s:%zu:%zu %s:%zu", TEXT(finding->about),
	                     TEXT(finding->template.file), finding->template.line,
	                     finding->template.column, TEXT(finding->values.file),
	                     finding->values.line);
	ToldLine *line = table_get(told->index, key);

	if (!finding->template.file.len || finding->state != FINDING_NEW || !lint->findings.len ||
	    lint->findings.items[lint->findings.len - 1] != finding) // off for the path
		return;
	if (!line) {
		line = ARENA_NEW(lint->arena, ToldLine);
		*line = (ToldLine){.finding = finding, .others = buf_new(lint->arena)};
		table_put(lint->arena, told->index, key, line);
		VEC_PUSH(lint->arena, told->lines, told->len, told->cap) = line;
		return;
	}
	lint->findings.len--;
	if (!str_eq(finding->resource, line->finding->resource) && line->count++ < OTHERS_SHOWN)
		buf_printf(&line->others, "%s%s", line->others.len ? ", " : "",
		           TEXT(finding->resource));
}

void told_all(Told *told)
{
	Lint *lint = told->lint;

	for (size_t i = 0; i < told->len; i++) {
		const ToldLine *line = told->lines[i];
		Str more = line->count > OTHERS_SHOWN ? str_printf(lint->arena, " and %zu more",
		                                                   line->count - OTHERS_SHOWN)
		                                      : S("");
		if (line->count)
			line->finding->message =
				str_printf(lint->arena, "%s; the same line does so in %s%s",
			                   TEXT(line->finding->message),
			                   TEXT(buf_view(&line->others)), TEXT(more));
	}
}
