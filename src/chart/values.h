#ifndef CHART_VALUES_H
#define CHART_VALUES_H

// Values: read from files and flags, laid over a chart's own and handed down to its subcharts.
//
// Go's maps are references and Helm changes them in place while it coalesces, sharing some parts of them between
// charts (nested tables below `global`). Templates can see that, so the same is done here, copy for copy.

#include "chart/chart.h"
#include "data/value.h"

// A values file: its documents, each a table, merged. Errors begin "cannot unmarshal yaml document: ".
bool values_read(Arena *arena, Str text, Str file, bool traced, Map **out, Diag *diag);
// A new table with everything of `a` and `b`; where both have a table, those are merged; else b's counts.
Map *values_merge(Arena *arena, const Map *a, const Map *b);

// What the command line says of values, in the order in which Helm lays it over each other.
typedef struct ValueFlags {
	StrList files;   // -f
	StrList json;    // --set-json
	StrList set;     // --set
	StrList strings; // --set-string
	StrList texts;   // --set-file
	StrList literal; // --set-literal
	Fs *fs;          // where -f reads: NULL is the disk
} ValueFlags;

bool values_from_flags(Arena *arena, const ValueFlags *flags, bool traced, Map **out, Diag *diag);

// The work of laying values over each other: warnings go to `log`.
typedef struct Coalesce {
	Arena *arena;
	Log *log;
	bool merge; // keep nulls (Helm's MergeValues)
} Coalesce;

// Lays `values` (may be NULL), copied, over the chart's and its subcharts' own.
bool values_coalesce(const Coalesce *c, const Chart *chart, const Map *values, Map **out,
                     Diag *diag);
// The same into `values` itself, which is changed.
bool values_coalesce_into(const Coalesce *c, const Chart *chart, Map *values, Diag *diag);
// Lays `dest` over `source` in place; `prefix` names the place in warnings.
Map *values_coalesce_tables(const Coalesce *c, Map *dest, Map *source, Str prefix);

// Where "a.b.c" leads through tables: NULL where it does not, and then `*missing` is the key that is no table.
Map *values_table(Map *values, Str path, Str *missing);
// The value at "a.b.c" where it is no table; NULL elsewhere.
const Value *values_path(Map *values, Str path);

#endif
