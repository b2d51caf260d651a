// Findings as one JSON object: for scripts.

#include "lint/report/report.h"

static void write_place(Buf *out, const char *key, Place place)
{
	if (!place.file.len)
		return;
	json_key(out, key);
	json_open(out, '{');
	json_pair(out, "file", place.file);
	json_count(out, "line", place.line);
	json_count(out, "column", place.column);
	json_close(out, '}');
}

static void write_left_out(Buf *out, const LeftOut *left_out)
{
	if (!left_out || !left_out->because.len)
		return;
	json_key(out, "leftOut");
	json_open(out, '{');
	json_pair(out, "kind", left_out->kind);
	json_pair(out, "name", left_out->name);
	if (left_out->key.len)
		json_pair(out, "key", left_out->key);
	json_pair(out, "because", left_out->because);
	write_place(out, "condition", left_out->condition);
	write_place(out, "values", left_out->value);
	json_close(out, '}');
}

static void write_finding(const Finding *finding, Buf *out)
{
	static const char *const states[] = {"new", "ignored", "known"};

	json_open(out, '{');
	json_pair(out, "rule", str_c(finding->rule->id));
	json_pair(out, "severity", lint_severity_name(finding->severity));
	json_pair(out, "message", finding->message);
	json_pair(out, "mend", finding->mend);
	if (finding->resource.len)
		json_pair(out, "resource", finding->resource);
	if (finding->ns.len)
		json_pair(out, "namespace", finding->ns);
	if (finding->container.len)
		json_pair(out, "container", finding->container);
	write_place(out, "template", finding->template);
	if (finding->called_from.len)
		json_pair(out, "calledFrom", finding->called_from);
	write_place(out, "values", finding->values);
	if (finding->values_path.len)
		json_pair(out, "valuesPath", finding->values_path);
	write_place(out, "rendered", finding->manifest);
	write_left_out(out, finding->left_out);
	json_pair(out, "state", str_c(states[finding->state]));
	if (finding->reason.len)
		json_pair(out, "reason", finding->reason);
	if (finding->set_count) {
		json_key(out, "sets");
		json_open(out, '[');
		for (size_t i = 0; i < finding->set_count; i++) {
			if (i)
				buf_byte(out, ',');
			json_string(out, finding->sets[i]);
		}
		json_close(out, ']');
	}
	if (finding->configuration.len)
		json_pair(out, "configuration", finding->configuration);
	json_pair(out, "fingerprint", finding->fingerprint);
	json_close(out, '}');
}

void report_json(Lint *lint, const ReportOptions *options, Buf *out)
{
	ReportCounts counts = report_count(&lint->findings);

	json_open(out, '{');
	json_key(out, "findings");
	json_open(out, '[');
	for (size_t i = 0; i < lint->findings.len; i++) {
		buf_byte(out, '\n');
		write_finding(lint->findings.items[i], out);
	}
	buf_byte(out, '\n');
	json_close(out, ']');
	json_key(out, "summary");
	json_open(out, '{');
	json_count(out, "errors", counts.errors);
	json_count(out, "warnings", counts.warnings);
	json_count(out, "infos", counts.infos);
	json_count(out, "ignored", counts.suppressed);
	json_count(out, "known", counts.known);
	json_count(out, "mended", options->mended);
	json_explored(options, out);
	json_close(out, '}');
	json_close(out, '}');
	buf_byte(out, '\n');
}
