#ifndef CHART_SCHEMA_H
#define CHART_SCHEMA_H

// values.schema.json of a chart and its subcharts against the values they get.

#include "chart/chart.h"

// Helm's error names each chart whose values its schema refuses.
bool schema_check_chart(Arena *arena, Log *log, Chart *chart, Map *values, Diag *diag);

#endif
