#ifndef CHART_ARCHIVE_H
#define CHART_ARCHIVE_H

// A packaged chart: a gzipped tar whose paths begin with one folder, which is dropped.

#include "chart/chart.h"

// Whether the bytes look like gzip; `name` is what to call them in the message.
bool archive_check(Str bytes, Str name, Diag *diag);
// The files in it, within Helm's limits, with Helm's checks of their paths and Helm's words.
bool archive_read_files(Arena *arena, Str bytes, ChartFiles *files, Diag *diag);

#endif
