#ifndef CHART_DEPENDENCIES_H
#define CHART_DEPENDENCIES_H

// Which of the charts in charts/ take part, under which names, and what the parent imports from their values.

#include "chart/values.h"

// The names in Chart.yaml that charts/ lacks, joined by ", "; false where there are any. `diag` gets Helm's error.
bool dependencies_check(Arena *arena, const Chart *chart, Diag *diag);
// A value that decides whether a dependency takes part: a condition's path or "tags.x".
typedef struct DependencySwitch {
	Str path;
	bool on; // what it is, or counts as where no values have it
} DependencySwitch;

typedef struct DependencySwitches {
	DependencySwitch *items;
	size_t len, cap;
} DependencySwitches;

// Helm's ProcessDependencies: aliases, tags, conditions, import-values. Changes the chart. `asked` (may be NULL) gets
// the values that decided.
bool dependencies_process(Arena *arena, Log *log, Chart *chart, Map *values,
                          DependencySwitches *asked, Diag *diag);
// A chart that shares what it was loaded from with `chart` and owns what processing its dependencies and reading its
// files changes.
Chart *chart_copy(Arena *arena, const Chart *chart);

#endif
