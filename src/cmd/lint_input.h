#ifndef CMD_LINT_INPUT_H
#define CMD_LINT_INPUT_H

// What lint and graph read: a chart, rendered with its origins, a kustomization, built with its origins, or plain manifests.

#include "cmd/chart_options.h"
#include "lint/lint.h"

typedef struct LintInput {
	const ChartOptions *options;
	StrList targets; // as given; none: the current folder
	Settings settings;
	Str config_file; // --config, or empty: .cleat.yaml beside the input, then in the current folder
	bool no_config;
} LintInput;

// Whether the target is a chart (a folder with a Chart.yaml, or an archive).
bool lint_input_is_chart(Arena *arena, Str target);
// Finds and reads the settings.
bool lint_input_config(Arena *arena, LintInput *input, Diag *diag);
// Reads the input (with `values` laid over the common ones) into lint->model, and its files into lint->files. Log
// lines go to `log`.
bool lint_input_read(const LintInput *input, const StrList *values, Lint *lint, Buf *log,
                     Diag *diag);

#endif
