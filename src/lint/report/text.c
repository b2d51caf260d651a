// Findings for people: the line with a caret, where its content comes from, how to mend it.

#include "lint/report/report.h"

#include "base/unicode.h"
#include "lint/mask.h"

#include <string.h>

#define RED    "\x1b[1;31m"
#define YELLOW "\x1b[1;33m"
#define BLUE   "\x1b[1;34m"
#define BOLD   "\x1b[1m"
#define DIM    "\x1b[2m"
#define RESET  "\x1b[0m"

// Longer lines are cut around the caret.
#define LINE_WIDTH 120
#define CUT        "..."

typedef struct Printer {
	Lint *lint;
	const ReportOptions *options;
	Buf *out;
	Map *mended; // rules whose hint was printed
	Str line;    // that was shown last: several findings may stand on a long one
	MaskedLine masked;
} Printer;

static void paint(Printer *p, const char *colour)
{
	if (p->options->colour)
		buf_c(p->out, colour);
}

static void put(Printer *p, Str text)
{
	buf_str(p->out, diag_escape_line(p->lint->arena, text));
}

static const char *severity_colour(Severity severity)
{
	return severity == SEVERITY_ERROR ? RED : severity == SEVERITY_WARNING ? YELLOW : BLUE;
}

static void place(Printer *p, Place at)
{
	put(p, at.file);
	if (at.line)
		buf_printf(p->out, ":%zu", at.line);
	if (at.line && at.column)
		buf_printf(p->out, ":%zu", at.column);
}

// As many cells as the text takes, or the text itself; what would give the terminal orders is not shown.
static void draw(Printer *p, Str text, bool blank)
{
	uint32_t rune;

	for (size_t size; (size = utf8_decode(text, &rune)); text = str_from(text, size)) {
		bool odd = unicode_is_order(rune) || (rune == 0xFFFD && size == 1);
		if (!odd && !blank)
			buf_bytes(p->out, text.p, size);
		for (size_t i = odd ? 1 : blank ? unicode_width(rune) : 0; i > 0; i--)
			buf_byte(p->out, blank || rune == '\t' ? ' ' : '?');
	}
}

// Moves back to where a character begins.
static size_t to_character(Str line, size_t at)
{
	while (at && at < line.len && ((unsigned char)line.p[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static void excerpt(Printer *p, Place at)
{
	Str raw = lint_line(p->lint, at), line;
	size_t column = at.column ? at.column - 1 : 0, from = 0, to;

	if (!raw.len || column > raw.len)
		return;
	if (raw.p != p->line.p || raw.len != p->line.len)
		p->masked = mask_line(p->lint, raw);
	p->line = raw;
	line = p->masked.text;
	if (str_has_suffix(line, S("\r")))
		line = str_to(line, line.len - 1);
	column = mask_column(&p->masked, column + 1) - 1;
	if (column > line.len)
		column = line.len;
	if (line.len > LINE_WIDTH && column > LINE_WIDTH / 2)
		from = to_character(line, column - LINE_WIDTH / 2);
	to = to_character(line, from + LINE_WIDTH);
	paint(p, DIM);
	buf_printf(p->out, "%6zu | ", at.line);
	paint(p, RESET);
	buf_c(p->out, from ? CUT : "");
	draw(p, str_slice(line, from, to), false);
	buf_c(p->out, to < line.len ? CUT : "");
	buf_c(p->out, "\n       | ");
	draw(p, from ? S(CUT) : S(""), true);
	draw(p, str_slice(line, from, column), true);
	paint(p, BOLD);
	buf_c(p->out, "^\n");
	paint(p, RESET);
}

static void note(Printer *p, const char *label)
{
	buf_c(p->out, "       ");
	paint(p, DIM);
	buf_printf(p->out, "= %s: ", label);
	paint(p, RESET);
}

static void print_places(Printer *p, const Finding *finding)
{
	Place main_place = finding_place(finding);

	buf_c(p->out, "   --> ");
	place(p, main_place);
	if (finding->called_from.len) {
		buf_c(p->out, " (called from ");
		put(p, finding->called_from);
		buf_byte(p->out, ')');
	}
	buf_byte(p->out, '\n');
	excerpt(p, main_place);
	if (finding->values.file.len && finding->template.file.len) {
		note(p, "values");
		place(p, finding->values);
		buf_byte(p->out, ' ');
		put(p, finding->values_path);
		buf_byte(p->out, '\n');
	}
	if (!finding->resource.len)
		return;
	note(p, finding->template.file.len ? "rendered" : "in");
	put(p, finding->resource);
	if (finding->ns.len) {
		buf_c(p->out, " in namespace ");
		put(p, finding->ns);
	}
	if (finding->container.len) {
		buf_c(p->out, ", container ");
		put(p, finding->container);
	}
	if (finding->template.file.len && finding->manifest.file.len) {
		buf_c(p->out, ", ");
		place(p, finding->manifest);
	}
	buf_byte(p->out, '\n');
}

// Where it was decided that the object the finding misses is not there.
static void print_left_out(Printer *p, const Finding *finding)
{
	Str places = finding_left_out(p->lint->arena, finding);

	if (!places.len)
		return;
	note(p, "left out");
	put(p, places);
	buf_byte(p->out, '\n');
}

// Under which values: nothing where it is all of them.
static void print_conditions(Printer *p, const Finding *finding)
{
	bool some = p->options->set_count > 1 && finding->set_count &&
	            finding->set_count < p->options->set_count;

	if (!some && !finding->configuration.len)
		return;
	note(p, "only with");
	for (size_t i = 0; some && i < finding->set_count; i++) {
		buf_c(p->out, i ? ", " : "");
		put(p, finding->sets[i]);
	}
	if (some && finding->configuration.len)
		buf_c(p->out, " and ");
	put(p, finding->configuration);
	buf_byte(p->out, '\n');
}

static void print_finding(Printer *p, const Finding *finding)
{
	paint(p, severity_colour(finding->severity));
	put(p, lint_severity_name(finding->severity));
	paint(p, RESET);
	buf_c(p->out, "[");
	put(p, str_c(finding->rule->id));
	buf_c(p->out, "]: ");
	paint(p, BOLD);
	put(p, finding->message);
	paint(p, RESET);
	buf_byte(p->out, '\n');
	print_places(p, finding);
	print_left_out(p, finding);
	print_conditions(p, finding);
	if (finding->state == FINDING_SUPPRESSED) {
		note(p, "ignored");
		put(p, finding->reason);
		buf_byte(p->out, '\n');
	} else if (!map_get(p->mended, finding->mend)) {
		map_set(p->lint->arena, p->mended, finding->mend, value_bool(true));
		note(p, "mend");
		put(p, finding->mend);
		buf_byte(p->out, '\n');
	}
	buf_byte(p->out, '\n');
}

static void count_text(Printer *p, size_t n, const char *one, const char *many, bool *first)
{
	if (!n)
		return;
	buf_printf(p->out, "%s%zu %s", *first ? "" : ", ", n, n == 1 ? one : many);
	*first = false;
}

static bool is_stuck(const Finding *finding)
{
	return finding->state == FINDING_NEW && finding->severity == SEVERITY_ERROR &&
	       str_has_prefix(str_c(finding->rule->id), S("wait-"));
}

// Who never starts under a configuration, in one line: what an operator asks first.
static void print_stuck_with(Printer *p, Str configuration)
{
	Map *seen = map_new(p->lint->arena, &TYPE_ANY_MAP);
	Buf names = buf_new(p->lint->arena);
	size_t count = 0;

	for (size_t i = 0; i < p->lint->findings.len; i++) {
		const Finding *finding = p->lint->findings.items[i];
		if (!is_stuck(finding) || !str_eq(finding->configuration, configuration) ||
		    map_get(seen, finding->resource))
			continue;
		map_set(p->lint->arena, seen, finding->resource, value_bool(true));
		if (count++)
			buf_c(&names, ", ");
		buf_str(&names, finding->resource);
	}
	buf_printf(p->out, "%zu %s", count,
	           count == 1 ? "workload waits for ever" : "workloads wait for ever");
	if (configuration.len) {
		buf_c(p->out, " with ");
		put(p, configuration);
	}
	buf_c(p->out, ": ");
	put(p, buf_view(&names));
	buf_byte(p->out, '\n');
}

static void print_stuck(Printer *p)
{
	Map *done = map_new(p->lint->arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < p->lint->findings.len; i++) {
		const Finding *finding = p->lint->findings.items[i];
		if (!is_stuck(finding) || map_get(done, finding->configuration))
			continue;
		map_set(p->lint->arena, done, finding->configuration, value_bool(true));
		print_stuck_with(p, finding->configuration);
	}
}

void report_text(Lint *lint, const ReportOptions *options, Buf *out)
{
	Printer p = {.lint = lint,
	             .options = options,
	             .out = out,
	             .mended = map_new(lint->arena, &TYPE_ANY_MAP)};
	ReportCounts counts = report_count(&lint->findings);
	bool first = true;

	for (size_t i = 0; i < lint->findings.len; i++) {
		const Finding *finding = lint->findings.items[i];
		if (finding->state == FINDING_NEW ||
		    (finding->state == FINDING_SUPPRESSED && options->show_suppressed))
			print_finding(&p, finding);
	}
	print_stuck(&p);
	count_text(&p, counts.errors, "error", "errors", &first);
	count_text(&p, counts.warnings, "warning", "warnings", &first);
	count_text(&p, counts.infos, "info", "infos", &first);
	if (first)
		buf_c(out, "nothing found");
	first = false;
	count_text(&p, counts.suppressed, "ignored in place", "ignored in place", &first);
	count_text(&p, counts.known, "known from the baseline", "known from the baseline", &first);
	count_text(&p, options->mended, "of the baseline mended (write it anew to forget it)",
	           "of the baseline mended (write it anew to forget them)", &first);
	buf_byte(out, '\n');
	report_explored(options, out);
}
