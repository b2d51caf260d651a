#ifndef LINT_SCHEMA_CHOICES_H
#define LINT_SCHEMA_CHOICES_H

// What the schemas of a chart and its subcharts (values.schema.json) name as the possible values of a key: the members
// of `enum`, a `const`, both of a boolean. Whether a value is valid is data/schema.h's question; this only lists.

#include "chart/chart.h"
#include "data/value.h"

// More values than these are no choice any more, and each is a render.
#define SCHEMA_CHOICES_MAX 256

typedef struct SchemaChoices {
	Arena *arena;
	Map *read; // address of a schema's text to its Value
} SchemaChoices;

SchemaChoices schema_choices_new(Arena *arena);
// Scalars that may stand at `keys` of the chart's values, in the schemas' order; each once.
List *schema_choices(SchemaChoices *choices, const Chart *chart, const Str *keys, size_t count);

#endif
