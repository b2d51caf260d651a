// SARIF 2.1.0: what code scanning reads. The first location is the line to edit, values and rendered lines are related.

#include "lint/report/report.h"

static Str level(Severity severity)
{
	return severity == SEVERITY_ERROR     ? S("error")
	       : severity == SEVERITY_WARNING ? S("warning")
	                                      : S("note");
}

static void text_object(Buf *out, const char *key, Str text)
{
	json_key(out, key);
	json_open(out, '{');
	json_pair(out, "text", text);
	json_close(out, '}');
}

// A URI reference, relative as code scanning wants it; of a path from the root, a URI. What may not stand in one is
// written in hexadecimal.
static Str uri(Arena *arena, Str path)
{
	Buf buf = buf_new(arena);

	if (str_has_prefix(path, S("/")))
		buf_c(&buf, "file://");
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.p[i];
		bool plain = ascii_is_alnum((char)c) || c == '-' || c == '.' || c == '_' ||
		             c == '~' || c == '/';
		if (plain)
			buf_byte(&buf, (char)c);
		else
			buf_printf(&buf, "%%%02X", c);
	}
	return buf_view(&buf);
}

// Columns count bytes here. SARIF's count what the run says: units of UTF-16, which editors and viewers take them for
// even where they do not read what the run says.
static size_t column_of(Lint *lint, Place place)
{
	Str before = str_to(lint_line(lint, place), place.column - 1);
	size_t column = 1, size;
	uint32_t rune;

	if (!before.len)
		return place.column;
	for (; (size = utf8_decode(before, &rune)); before = str_from(before, size))
		column += rune > 0xFFFF ? 2 : 1;
	return column;
}

static void write_location(Lint *lint, Buf *out, Place place, Str message, size_t id)
{
	json_open(out, '{');
	if (id)
		json_count(out, "id", id);
	json_key(out, "physicalLocation");
	json_open(out, '{');
	json_key(out, "artifactLocation");
	json_open(out, '{');
	json_pair(out, "uri", uri(lint->arena, place.file));
	json_close(out, '}');
	if (place.line) {
		json_key(out, "region");
		json_open(out, '{');
		json_count(out, "startLine", place.line);
		if (place.column)
			json_count(out, "startColumn", column_of(lint, place));
		json_close(out, '}');
	}
	json_close(out, '}');
	if (message.len)
		text_object(out, "message", message);
	json_close(out, '}');
}

static void write_properties(Buf *out, const Finding *finding)
{
	if (!finding->resource.len && !finding->configuration.len)
		return;
	json_key(out, "properties");
	json_open(out, '{');
	if (finding->resource.len)
		json_pair(out, "resource", finding->resource);
	if (finding->ns.len)
		json_pair(out, "namespace", finding->ns);
	if (finding->container.len)
		json_pair(out, "container", finding->container);
	if (finding->configuration.len)
		json_pair(out, "configuration", finding->configuration);
	json_close(out, '}');
}

// What decided that the object a finding misses is not there.
static void write_left_out(Lint *lint, Buf *out, const LeftOut *left_out, size_t id)
{
	if (!left_out || !left_out->because.len)
		return;
	if (left_out->value.file.len)
		write_location(lint, out, left_out->value, left_out->because, id++);
	if (left_out->condition.file.len)
		write_location(lint, out, left_out->condition,
		               str_printf(lint->arena, "the condition that leaves out %.*s/%.*s",
		                          STR_ARGS(left_out->kind), STR_ARGS(left_out->name)),
		               id);
}

static void write_related(Lint *lint, Buf *out, const Finding *finding)
{
	Place main_place = finding_place(finding);
	size_t id = 1;

	json_key(out, "relatedLocations");
	json_open(out, '[');
	if (finding->values.file.len && main_place.file.p != finding->values.file.p)
		write_location(lint, out, finding->values,
		               finding->values_path.len ? finding->values_path : S("the value"),
		               id++);
	if (finding->manifest.file.len && finding->template.file.len)
		write_location(lint, out, finding->manifest, S("the rendered line"), id++);
	write_left_out(lint, out, finding->left_out, id);
	json_close(out, ']');
}

static void write_suppression(Buf *out, const Finding *finding)
{
	if (finding->state == FINDING_NEW)
		return;
	json_key(out, "suppressions");
	json_open(out, '[');
	json_open(out, '{');
	json_pair(out, "kind",
	          finding->state == FINDING_SUPPRESSED ? S("inSource") : S("external"));
	if (finding->reason.len)
		json_pair(out, "justification", finding->reason);
	json_close(out, '}');
	json_close(out, ']');
}

static size_t rule_index(const Rule *rule)
{
	size_t i = 0;

	while (lint_rule_at(i) != rule)
		i++;
	return i;
}

static Str full_message(Lint *lint, const Finding *finding)
{
	Buf buf = buf_new(lint->arena);

	buf_str(&buf, finding->message);
	if (finding->configuration.len) {
		buf_c(&buf, " (with ");
		buf_str(&buf, finding->configuration);
		buf_byte(&buf, ')');
	}
	buf_c(&buf, ". ");
	buf_str(&buf, finding->mend);
	return buf_view(&buf);
}

static void write_result(Lint *lint, Buf *out, const Finding *finding)
{
	json_open(out, '{');
	json_pair(out, "ruleId", str_c(finding->rule->id));
	json_count(out, "ruleIndex", rule_index(finding->rule));
	json_pair(out, "level", level(finding->severity));
	text_object(out, "message", full_message(lint, finding));
	json_key(out, "locations");
	json_open(out, '[');
	write_location(lint, out, finding_place(finding), S(""), 0);
	json_close(out, ']');
	write_related(lint, out, finding);
	json_key(out, "partialFingerprints");
	json_open(out, '{');
	json_pair(out, "cleat/v1", finding->fingerprint);
	json_close(out, '}');
	write_suppression(out, finding);
	write_properties(out, finding);
	json_close(out, '}');
}

static void write_rules(Buf *out)
{
	const Rule *rule;

	json_key(out, "rules");
	json_open(out, '[');
	for (size_t i = 0; (rule = lint_rule_at(i)); i++) {
		json_open(out, '{');
		json_pair(out, "id", str_c(rule->id));
		text_object(out, "shortDescription", str_c(rule->summary));
		text_object(out, "fullDescription", str_c(rule->why));
		text_object(out, "help", str_c(rule->mend));
		json_key(out, "defaultConfiguration");
		json_open(out, '{');
		json_pair(out, "level", level(rule->severity));
		json_close(out, '}');
		json_close(out, '}');
	}
	json_close(out, ']');
}

void report_sarif(Lint *lint, const ReportOptions *options, Buf *out)
{
	json_open(out, '{');
	json_pair(out, "$schema", S("https://json.schemastore.org/sarif-2.1.0.json"));
	json_pair(out, "version", S("2.1.0"));
	json_key(out, "runs");
	json_open(out, '[');
	json_open(out, '{');
	json_key(out, "tool");
	json_open(out, '{');
	json_key(out, "driver");
	json_open(out, '{');
	json_pair(out, "name", S("cleat"));
	json_pair(out, "version", options->tool_version);
	write_rules(out);
	json_close(out, '}');
	json_close(out, '}');
	json_pair(out, "columnKind", S("utf16CodeUnits"));
	json_key(out, "results");
	json_open(out, '[');
	for (size_t i = 0; i < lint->findings.len; i++) {
		buf_byte(out, '\n');
		write_result(lint, out, lint->findings.items[i]);
	}
	buf_byte(out, '\n');
	json_close(out, ']');
	if (options->explored) {
		json_key(out, "properties");
		json_open(out, '{');
		json_explored(options, out);
		json_close(out, '}');
	}
	json_close(out, '}');
	json_close(out, ']');
	json_close(out, '}');
	buf_byte(out, '\n');
}
