// What the formats share.

#include "lint/report/report.h"

#include "base/unicode.h"

#include <stdlib.h>
#include <string.h>

ReportWrite *report_find(Str name)
{
	static const struct {
		const char *name;
		ReportWrite *write;
	} formats[] = {
		{"text", report_text},     {"json", report_json},   {"sarif", report_sarif},
		{"github", report_github}, {"junit", report_junit},
	};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (str_is(name, formats[i].name))
			return formats[i].write;
	return NULL;
}

Place finding_place(const Finding *finding)
{
	if (finding->template.file.len)
		return finding->template;
	return finding->values.file.len ? finding->values : finding->manifest;
}

static void write_place(Buf *out, const char *before, Place place)
{
	buf_c(out, before);
	buf_str(out, place.file);
	if (place.line)
		buf_printf(out, ":%zu:%zu", place.line, place.column);
}

Str finding_left_out(Arena *arena, const Finding *finding)
{
	const LeftOut *left_out = finding->left_out;
	Buf out = buf_new(arena);

	if (!left_out || !left_out->because.len)
		return S("");
	if (left_out->condition.file.len)
		write_place(&out, "by ", left_out->condition);
	if (left_out->value.file.len)
		write_place(&out, out.len ? ", set in " : "set in ", left_out->value);
	return buf_view(&out);
}

static int compare(const void *a, const void *b)
{
	const Finding *x = *(Finding *const *)a, *y = *(Finding *const *)b;
	Place p = finding_place(x), q = finding_place(y);
	int order;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if ((order = str_cmp(p.file, q.file)))
		return order;
	if (p.line != q.line)
		return p.line < q.line ? -1 : 1;
	if (p.column != q.column)
		return p.column < q.column ? -1 : 1;
	if ((order = strcmp(x->rule->id, y->rule->id)))
		return order;
	if ((order = str_cmp(x->resource, y->resource)))
		return order;
	if (x->manifest.line != y->manifest.line)
		return x->manifest.line < y->manifest.line ? -1 : 1;
	return str_cmp(x->about, y->about);
}

void report_sort(Findings *findings)
{
	if (findings->len)
		qsort(findings->items, findings->len, sizeof *findings->items, compare);
}

ReportCounts report_count(const Findings *findings)
{
	ReportCounts counts = {0};

	for (size_t i = 0; i < findings->len; i++) {
		const Finding *finding = findings->items[i];
		if (finding->state == FINDING_SUPPRESSED)
			counts.suppressed++;
		else if (finding->state == FINDING_KNOWN)
			counts.known++;
		else if (finding->severity == SEVERITY_ERROR)
			counts.errors++;
		else if (finding->severity == SEVERITY_WARNING)
			counts.warnings++;
		else
			counts.infos++;
	}
	return counts;
}

void report_explored(const ReportOptions *options, Buf *out)
{
	const ExploreCounts *explored = options->explored;

	if (!explored)
		return;
	buf_printf(out,
	           "%zu other %s tried: %zu refused by the chart, %zu rendered the same as another",
	           explored->tried,
	           explored->tried == 1 ? "configuration was" : "configurations were",
	           explored->refused, explored->equal);
	if (explored->left)
		buf_printf(out, "; the limit of %zu left %zu more out (--explore-limit)",
		           options->explore_limit, explored->left);
	buf_byte(out, '\n');
}

void json_string(Buf *out, Str text)
{
	buf_byte(out, '"');
	for (size_t i = 0; i < text.len;) {
		uint32_t rune;
		size_t width = utf8_decode(str_from(text, i), &rune);
		if (!width)
			break;
		if (rune == '"' || rune == '\\')
			buf_printf(out, "\\%c", (char)rune);
		else if (rune == '\n')
			buf_c(out, "\\n");
		else if (rune == '\t')
			buf_c(out, "\\t");
		else if (unicode_is_order(rune))
			buf_printf(out, "\\u%04x", rune);
		else
			buf_rune(out, rune);
		i += width;
	}
	buf_byte(out, '"');
}

void json_explored(const ReportOptions *options, Buf *out)
{
	const ExploreCounts *explored = options->explored;

	if (!explored)
		return;
	json_key(out, "explored");
	json_open(out, '{');
	json_count(out, "tried", explored->tried);
	json_count(out, "refused", explored->refused);
	json_count(out, "equal", explored->equal);
	json_count(out, "left", explored->left);
	json_count(out, "limit", options->explore_limit);
	json_close(out, '}');
}

static void comma(Buf *out)
{
	size_t at = out->len;

	while (at && strchr(" \n", out->p[at - 1]) != NULL)
		at--;
	if (at && strchr("{[:,", out->p[at - 1]) == NULL)
		buf_byte(out, ',');
}

void json_key(Buf *out, const char *key)
{
	comma(out);
	json_string(out, str_c(key));
	buf_byte(out, ':');
}

void json_pair(Buf *out, const char *key, Str text)
{
	json_key(out, key);
	json_string(out, text);
}

void json_count(Buf *out, const char *key, size_t n)
{
	json_key(out, key);
	buf_printf(out, "%zu", n);
}

void json_open(Buf *out, char bracket)
{
	comma(out);
	buf_byte(out, bracket);
}

void json_close(Buf *out, char bracket)
{
	buf_byte(out, bracket);
}
