#ifndef TEMPLATE_TRACE_H
#define TEMPLATE_TRACE_H

// What a traced evaluation remembers beside the origins of its bytes: which values were read, and every decision with
// the values that took it. Only an engine made with `traced` has a Trace.

#include "base/diag.h"
#include "data/origin.h"
#include "data/value.h"

struct Engine;

typedef struct Trace {
	Arena *arena;
	Map *paths;              // address of a map or list of the values to its key path
	Map *reads;              // key path to how often it was asked for
	const Cause **decisions; // in the order they were taken
	size_t decision_count, decision_cap;
} Trace;

Trace *engine_trace(const struct Engine *engine);

// Gives every map and list below `values` its key path, so that reading an entry, even a missing one, is known by
// its path. `prefix` is the path of `values` itself: empty for the parent's, "sub" for a subchart's.
void trace_name_values(Trace *trace, const Value *values, Str prefix);

// Of a cause: the place of its node in its template file; the source text of the node ("{{ .Values.x }}"); the
// name of the template it stands in ("t/templates/a.yaml", or that of a define).
Place cause_place(const Cause *cause);
Str cause_source(Arena *arena, const Cause *cause);
Str cause_template(const Cause *cause);
// A word for its kind: "if", "include", ...
const char *cause_word(const Cause *cause);

// The line and column of byte `offset` of an origin's run. For values and flags that is where the value begins.
Place origin_place(const Origin *origin, size_t offset);

#endif
