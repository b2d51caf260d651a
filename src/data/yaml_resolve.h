#ifndef DATA_YAML_RESOLVE_H
#define DATA_YAML_RESOLVE_H

// What a plain scalar is, by go-yaml's tables. Inside data/ only; others use data/yaml.h.

#include "base/buf.h"
#include "data/yaml_scan.h"

typedef enum ScalarKind {
	SCALAR_STR,
	SCALAR_NULL,
	SCALAR_BOOL,
	SCALAR_INT,  // fits an int64
	SCALAR_UINT, // only fits a uint64
	SCALAR_FLOAT,
	SCALAR_TIMESTAMP,
	SCALAR_MERGE,
	SCALAR_BINARY, // only by its tag
	SCALAR_OTHER,  // a tag of its own: the text stays as it is
} ScalarKind;

typedef struct Scalar {
	ScalarKind kind;
	union {
		bool b;
		int64_t i;
		uint64_t u;
		double f;
	};
} Scalar;

// v2 knows YAML 1.1's booleans (y, yes, on, ...), v3 only true and false.
Scalar scalar_resolve(Str text, YamlDialect dialect);
// The same under an explicit tag (in full or short form). False where the text can't be of that
// tag: then *resolved is what it is ("cannot decode !!str `x` as a !!int").
bool scalar_resolve_tagged(Str text, Str tag, YamlDialect dialect, Scalar *resolved);
// "!!str" and so on; "" for SCALAR_OTHER.
const char *scalar_tag(ScalarKind kind);
// A SCALAR_TIMESTAMP as Go's JSON spells it: "2001-12-14T21:59:43.1-05:00".
void timestamp_format(Buf *out, Str text);
// "tag:yaml.org,2002:str" as "!!str"; other tags as they are.
Str tag_short(Arena *arena, Str tag);
Str tag_long(Arena *arena, Str tag);

#endif
