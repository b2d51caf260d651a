#ifndef CHART_DEPENDENCIES_H
#define CHART_DEPENDENCIES_H

// Which of the charts in charts/ take part, under which names, and what the parent imports from their values.

#include "chart/values.h"

// The names in Chart.yaml that charts/ lacks, joined by ", "; false where there are any. `diag` gets Helm's error.
bool dependencies_check(Arena *arena, const Chart *chart, Diag *diag);
// Helm's ProcessDependencies: aliases, tags, conditions, import-values. Changes the chart.
bool dependencies_process(Arena *arena, Log *log, Chart *chart, Map *values, Diag *diag);

#endif
