#ifndef CMD_LINT_EXPLORE_H
#define CMD_LINT_EXPLORE_H

// `cleat lint --explore`: a chart that was linted under its values is rendered and linted under the configurations that
// lint/explore.h chooses.

#include "cmd/lint_input.h"
#include "lint/explore.h"

// What is explored: the chart under one values set.
typedef struct Exploring {
	const LintInput *input;
	const LintChart *chart;
	Explore *explore;
	Str set; // its name
} Exploring;

// Begins where lint_input_read has left off: with the chart under its own values.
Exploring *exploring_new(const LintInput *input, const LintRead *read, const Lint *lint);
// Tries the configurations of all values sets. What `all` does not have is added, with the smallest configuration that
// shows it. `lint` is that of the values alone: its files and suppressions are shared. `log` gets the refused
// ones, under --debug.
void explore_run(Exploring *const *items, size_t count, Lint *lint, Findings *all, Buf *log);
ExploreCounts exploring_counts(Exploring *const *items, size_t count);

#endif
