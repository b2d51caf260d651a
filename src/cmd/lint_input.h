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
	bool explored;                   // charts will be rendered again, under other values
	bool several;                    // values sets
	const struct LintChart *earlier; // as the first of them read it; NULL before that
} LintInput;

// A chart as it was loaded, to be rendered once or many times.
typedef struct LintChart {
	Chart *chart;          // renders work on copies
	RenderOptions options; // with a cache of parsed templates: rules read them, too
	Map *values;           // the person's own
	Str release, ns, folder;
	bool objects_only; // see ModelOptions
} LintChart;

// What was read beside lint->model: NULL where the input is no chart.
typedef struct LintRead {
	LintChart *chart;
	Render *render;
} LintRead;

// Whether the target is a chart (a folder with a Chart.yaml, or an archive).
bool lint_input_is_chart(Arena *arena, Str target);
// Finds and reads the settings.
bool lint_input_config(Arena *arena, LintInput *input, Diag *diag);
// Reads the input (with `values` laid over the common ones) into lint->model, and its files into lint->files. Log
// lines go to `log`. `read` may be NULL.
bool lint_input_read(const LintInput *input, const StrList *values, Lint *lint, LintRead *read,
                     Buf *log, Diag *diag);
// Makes a chart ready for renders whose memory goes before that of `arena`, and fixes what differs from one render to the
// next though the values are the same: else every render is another one.
void lint_chart_settle(Arena *arena, LintChart *chart);
// The two steps of reading a chart that is loaded: renders it with `values`, then reads what came out.
bool lint_chart_render(const LintChart *chart, Map *values, Lint *lint, Render *render, Diag *diag);
bool lint_chart_model(const LintInput *input, const LintChart *chart, Lint *lint,
                      const Render *render, Diag *diag);

#endif
