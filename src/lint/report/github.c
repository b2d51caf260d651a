// GitHub's workflow commands: annotations on the lines of a pull request.

#include "lint/report/report.h"

// In a message % and line ends are escaped; in a property also : and ,
static void escaped(Buf *out, Str text, bool property)
{
	text = diag_escape(out->arena, text);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c == '%' || c == '\n' || (property && (c == ':' || c == ',')))
			buf_printf(out, "%%%02X", c);
		else
			buf_byte(out, (char)c);
	}
}

void report_github(Lint *lint, const ReportOptions *options, Buf *out)
{
	for (size_t i = 0; i < lint->findings.len; i++) {
		const Finding *finding = lint->findings.items[i];
		Place place = finding_place(finding);
		Str left_out = finding_left_out(lint->arena, finding);
		if (finding->state != FINDING_NEW)
			continue;
		buf_c(out, finding->severity == SEVERITY_ERROR     ? "::error "
		           : finding->severity == SEVERITY_WARNING ? "::warning "
		                                                   : "::notice ");
		buf_c(out, "file=");
		escaped(out, place.file, true);
		if (place.line)
			buf_printf(out, ",line=%zu", place.line);
		if (place.line && place.column)
			buf_printf(out, ",col=%zu", place.column);
		buf_c(out, ",title=");
		escaped(out, str_c(finding->rule->id), true);
		buf_c(out, "::");
		if (finding->resource.len) {
			escaped(out, finding->resource, false);
			buf_c(out, ": ");
		}
		escaped(out, finding->message, false);
		if (finding->configuration.len) {
			buf_c(out, " (with ");
			escaped(out, finding->configuration, false);
			buf_byte(out, ')');
		}
		if (left_out.len) {
			buf_c(out, "%0Aleft out ");
			escaped(out, left_out, false);
		}
		buf_c(out, "%0A");
		escaped(out, finding->mend, false);
		buf_byte(out, '\n');
	}
	report_explored(options, out); // a plain line of the job's log
}
