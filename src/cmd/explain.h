#ifndef CMD_EXPLAIN_H
#define CMD_EXPLAIN_H

// "yaml: line 106" of a text that nobody sees: the rendered lines around it, the template line that made them, and
// the values that went into them.

#include "cmd/chart_options.h"

// Adds to diag->detail. The chart is rendered once more, with origins kept.
void explain_bad_manifest(const Render *render, const ChartOptions *options, const StrList *args,
                          Diag *diag);

#endif
