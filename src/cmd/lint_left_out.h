#ifndef CMD_LINT_LEFT_OUT_H
#define CMD_LINT_LEFT_OUT_H

// Where a finding misses an object that a template of the chart would have rendered under another value, says so in the
// finding: renders the chart with the decisions turned round that lint/left_out.h chooses.

#include "cmd/lint_input.h"

// After lint_run on what lint_input_read gave. Costs nothing where no finding misses an object.
void lint_left_out(const LintInput *input, Lint *lint, const LintRead *read);

#endif
