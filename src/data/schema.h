#ifndef DATA_SCHEMA_H
#define DATA_SCHEMA_H

// JSON Schema as Helm 4 checks values with (santhosh-tekuri/jsonschema v6): drafts 4, 6, 7, 2019-09 and
// 2020-12, the last where a schema does not say. Formats are asserted up to draft 7 only, unless the schema's
// own metaschema asks for it. The schema itself is checked against its metaschema first.
//
// A schema is compiled to a graph (schema_compile.c), which is then run over the value (schema_check.c).
// Where the reference walks a Go map, in an order that changes from run to run, keys are walked in order.

#include "data/value.h"

// Where other documents come from. The schema's own references never reach beyond what `load` gives.
typedef struct SchemaLoader SchemaLoader;
struct SchemaLoader {
	// The JSON text at an absolute URL without fragment ("file:///other.json"). False where there is
	// none: then the message is what Helm says of a file that is not there, or of a network out of reach.
	bool (*load)(SchemaLoader *loader, Arena *arena, Str url, Str *text);
	// Told of every `urn:` reference, which Helm takes for a schema that allows everything, with a
	// warning. May be NULL.
	void (*unresolved_urn)(SchemaLoader *loader, Str urn);
};

// The URL that Helm gives values.schema.json.
#define SCHEMA_URL S("file:///values.schema.json")

// What is wrong with a value.
typedef struct SchemaReport {
	// Empty where the value is valid, else what Helm prints below the chart's name, with its newline
	// ("- at '/replicas': got string, want integer\n").
	Str text;
	Value *refused; // what the errors are about, in the order of the text
	size_t len, cap;
} SchemaReport;

// Checks `instance` against the schema in `text`, whose URL is `url`. `loader` may be NULL. True where the schema could
// be used. False, with the message Helm prints instead of a report's text, where it could not.
bool schema_validate(Arena *arena, Str text, Str url, const Value *instance, SchemaLoader *loader,
                     SchemaReport *report, Diag *diag);

#endif
