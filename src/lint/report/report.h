#ifndef LINT_REPORT_REPORT_H
#define LINT_REPORT_REPORT_H

// Findings, printed: one file a format. All print the same findings in the same order.

#include "lint/explore.h"
#include "lint/lint.h"

typedef struct ReportOptions {
	bool colour;
	bool show_suppressed;
	Severity fail_on;
	size_t set_count; // values sets of the run; 0 or 1: findings do not name theirs
	size_t mended;    // entries of the baseline that are gone
	Str tool_version;
	const ExploreCounts *explored; // NULL where nothing was
	size_t explore_limit;
} ReportOptions;

typedef void ReportWrite(Lint *lint, const ReportOptions *options, Buf *out);

ReportWrite report_text, report_json, report_sarif, report_github, report_junit;
// By its name on the command line; NULL where there is none.
ReportWrite *report_find(Str name);

// Most severe first, then by place and rule.
void report_sort(Findings *findings);
typedef struct ReportCounts {
	size_t errors, warnings, infos, suppressed, known;
} ReportCounts;
ReportCounts report_count(const Findings *findings);
// A line on what was explored; nothing where nothing was.
void report_explored(const ReportOptions *options, Buf *out);
void json_explored(const ReportOptions *options, Buf *out);
// Where a person edits: the template line, else the values line, else the manifest's.
Place finding_place(const Finding *finding);
// "by templates/a.yaml:3:7, set in values.yaml:12:3": what decided that the object a finding misses is not there; empty
// where that is not known.
Str finding_left_out(Arena *arena, const Finding *finding);

// JSON, by hand: a string with its quotes; "key": "text"; "key": number. A comma where the buffer needs one.
void json_string(Buf *out, Str text);
void json_key(Buf *out, const char *key);
void json_pair(Buf *out, const char *key, Str text);
void json_count(Buf *out, const char *key, size_t n);
void json_open(Buf *out, char bracket);
void json_close(Buf *out, char bracket);

#endif
