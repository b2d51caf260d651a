// JUnit's XML: a test case for every rule, failed by its findings.

#include "lint/report/report.h"

static bool fails(const Finding *finding, const ReportOptions *options)
{
	return finding->state == FINDING_NEW && finding->severity >= options->fail_on;
}

static void write_case(Lint *lint, const ReportOptions *options, Buf *out, const Rule *rule)
{
	buf_c(out, "    <testcase classname=\"cleat\" name=\"");
	buf_xml(out, str_c(rule->id));
	buf_c(out, "\" time=\"0\">\n");
	for (size_t i = 0; i < lint->findings.len; i++) {
		const Finding *finding = lint->findings.items[i];
		Place place = finding_place(finding);
		Str left_out;
		if (finding->rule != rule || !fails(finding, options))
			continue;
		left_out = finding_left_out(lint->arena, finding);
		buf_c(out, "      <failure type=\"");
		buf_xml(out, lint_severity_name(finding->severity));
		buf_c(out, "\" message=\"");
		buf_xml(out, finding->message);
		buf_c(out, "\">");
		buf_xml(out, place.file);
		buf_printf(out, ":%zu ", place.line);
		buf_xml(out, finding->resource);
		if (finding->configuration.len) {
			buf_c(out, "\nonly with ");
			buf_xml(out, finding->configuration);
		}
		if (left_out.len) {
			buf_c(out, "\nleft out ");
			buf_xml(out, left_out);
		}
		buf_c(out, "\n");
		buf_xml(out, finding->mend);
		buf_c(out, "</failure>\n");
	}
	buf_c(out, "    </testcase>\n");
}

static void write_explored(const ReportOptions *options, Buf *out)
{
	const ExploreCounts *explored = options->explored;
	const struct {
		const char *name;
		size_t n;
	} counts[] = {{"tried", explored->tried},
	              {"refused", explored->refused},
	              {"equal", explored->equal},
	              {"left", explored->left},
	              {"limit", options->explore_limit}};

	buf_c(out, "    <properties>\n");
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		buf_printf(out, "      <property name=\"explored.%s\" value=\"%zu\"/>\n",
		           counts[i].name, counts[i].n);
	buf_c(out, "    </properties>\n");
}

void report_junit(Lint *lint, const ReportOptions *options, Buf *out)
{
	size_t rules = 0, failures = 0;
	const Rule *rule;

	while (lint_rule_at(rules))
		rules++;
	for (size_t i = 0; (rule = lint_rule_at(i)); i++) {
		bool failed = false;
		for (size_t j = 0; j < lint->findings.len && !failed; j++)
			failed = lint->findings.items[j]->rule == rule &&
			         fails(lint->findings.items[j], options);
		failures += failed;
	}
	buf_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
	// Jenkins and Surefire want all of these.
	buf_printf(out,
	           "  <testsuite name=\"cleat lint\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" "
	           "skipped=\"0\" time=\"0\">\n",
	           rules, failures);
	if (options->explored)
		write_explored(options, out);
	for (size_t i = 0; (rule = lint_rule_at(i)); i++)
		write_case(lint, options, out, rule);
	buf_c(out, "  </testsuite>\n</testsuites>\n");
}
