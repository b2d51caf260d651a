#ifndef DATA_SCHEMA_GRAPH_H
#define DATA_SCHEMA_GRAPH_H

// A compiled schema: a graph of Schemas, one for each place of a document that is used as one. References are edges.
// schema_compile.c makes it, schema_check.c runs it.

#include "base/regex.h"
#include "data/schema.h"
#include "data/schema_format.h"
#include "data/schema_number.h"

typedef struct Schema Schema;
typedef struct SchemaRoot SchemaRoot;

// JSON's types as bits; an integer is a number too.
typedef enum JsonType {
	JSON_NULL = 1,
	JSON_BOOLEAN = 2,
	JSON_NUMBER = 4,
	JSON_INTEGER = 8,
	JSON_STRING = 16,
	JSON_ARRAY = 32,
	JSON_OBJECT = 64,
} JsonType;

// A keyword's number that may be missing.
typedef struct SchemaCount {
	bool set;
	int64_t n;
} SchemaCount;

typedef struct SchemaLimit {
	bool set;
	Decimal n;
} SchemaLimit;

// The value of additionalProperties or additionalItems.
typedef struct SchemaAdditional {
	bool set, allowed; // a boolean
	Schema *schema;    // or a schema
} SchemaAdditional;

typedef struct SchemaList {
	Schema **items;
	size_t len;
	bool set;
} SchemaList;

// A key of the schema with what it demands: a schema, a list of names, a pattern with a schema.
typedef struct SchemaEntry {
	Str key;
	Schema *schema;
	Regex *regex;
	Str *names;
	size_t name_count;
} SchemaEntry;

typedef struct SchemaEntries {
	SchemaEntry *items; // sorted by key
	size_t len, cap;
	bool set;
} SchemaEntries;

// Keywords for one type of value, and others that few schemas have, are groups of their own: NULL where a schema has none
// of them. Most schemas of a chart are a type and a description.
typedef struct SchemaNumbers {
	SchemaLimit minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of;
} SchemaNumbers;

typedef struct SchemaStrings {
	SchemaCount min_length, max_length;
	Regex *pattern;
} SchemaStrings;

typedef struct SchemaArrays {
	SchemaCount min_items, max_items, min_contains, max_contains;
	bool unique_items;
	Schema *contains, *items, *items_2020, *unevaluated;
	SchemaList item_list, prefix_items;
	SchemaAdditional additional;
} SchemaArrays;

typedef struct SchemaObjects {
	SchemaCount min_properties, max_properties;
	Str *required;
	size_t required_count;
	Schema *property_names;
	SchemaEntries properties, pattern_properties, dependencies, dependent_required,
		dependent_schemas;
	SchemaAdditional additional;
	Schema *unevaluated;
} SchemaObjects;

typedef struct SchemaCombined {
	Schema *not_schema, *if_schema, *then_schema, *else_schema;
	SchemaList all_of, any_of, one_of;
} SchemaCombined;

// References of draft 2019 and later that depend on the way to them, and where they may lead.
typedef struct SchemaDynamic {
	Schema *recursive_ref, *dynamic_ref;
	bool recursive_anchor;
	Str ref_anchor, anchor;
	SchemaEntries anchors; // of a resource: key and schema
} SchemaDynamic;

struct Schema {
	SchemaRoot *root;     // NULL: put together from vocabularies
	const Schema *parent; // of a part of a plain document
	Str ptr;            // JSON pointer: from the parent, where there is one, else from the root
	const Value *plain; // what it is made from, in a plain document
	int draft;          // 4, 6, 7, 2019, 2020
	Schema *resource;

	bool is_bool, bool_value;
	Schema *ref;
	unsigned types; // JsonType bits, 0: any
	const List *enumeration;
	const Value *constant;
	const SchemaFormat *format;

	SchemaNumbers *numbers;
	SchemaStrings *strings;
	SchemaArrays *arrays;
	SchemaObjects *objects;
	SchemaCombined *combined;
	SchemaDynamic *dynamic;

	// What this schema alone says of all properties or items.
	bool all_properties_evaluated, all_items_evaluated;
	size_t items_evaluated;
};

// The URL with the pointer, as messages name a schema.
Str schema_location(Arena *arena, const Schema *schema);

// A part of a document with an id of its own may follow another draft: where the metaschema meets it, another one
// takes over.
Schema *schema_root_meta(SchemaRoot *root, Str ptr);
// Whether the document has such parts at all.
bool schema_root_has_parts(const SchemaRoot *root);

SchemaEntry *schema_entry(const SchemaEntries *entries, Str key);

// Compiles the schema at `url` (its document is `doc`).
Schema *schema_compile(Arena *arena, Str url, const Value *doc, SchemaLoader *loader, Diag *diag);

// Runs it. `meta` and `root` are set where documents are checked against their metaschema. True where `v` is valid;
// else the report's text begins with "jsonschema validation failed with ...". False with `diag` set
// where the check itself had to stop.
bool schema_check(Arena *arena, Schema *schema, const Value *v, Schema *meta, SchemaRoot *root,
                  SchemaReport *report, Diag *diag);

// A key as a step of a JSON pointer.
void schema_escape_token(Buf *out, Str token);
// 'text' in single quotes, as the reference quotes in messages.
void schema_quote(Buf *out, Str text);

#endif
