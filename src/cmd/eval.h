#ifndef CMD_EVAL_H
#define CMD_EVAL_H

// Template cases (tests/template/README.md): one template in a small chart, and what it must give.

#include "chart/chart.h"

typedef struct EvalCase {
	Str template;
	StrList values;   // texts of values files
	StrList set;      // arguments of --set
	ChartFiles files; // further files of the chart
} EvalCase;

// What the template writes, or what Helm says where it fails. True where it rendered.
bool eval_case(Arena *arena, const EvalCase *test, Str *out);
// Runs the cases of .test files, prints those that fail and the count. The exit code.
int eval_test_files(char **paths, int count);

#endif
