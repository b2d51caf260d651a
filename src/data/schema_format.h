#ifndef DATA_SCHEMA_FORMAT_H
#define DATA_SCHEMA_FORMAT_H

// The formats that a schema can name ("ipv4", "date-time").

#include "base/diag.h"

// Fails with the reason ("expected four decimals").
typedef bool SchemaFormatCheck(Arena *arena, Str text, Diag *diag);

typedef struct SchemaFormat {
	const char *name;
	SchemaFormatCheck *check;
} SchemaFormat;

// NULL where there is none of that name: then it is not checked.
const SchemaFormat *schema_format_find(Str name);

#endif
