#ifndef CHART_DECODE_H
#define CHART_DECODE_H

// Filling C structs from YAML as Helm fills Go structs (sigs.k8s.io/yaml over encoding/json): keys match without
// regard to case, numbers and booleans become text where text is wanted, null leaves what is there, and a wrong
// type is reported in encoding/json's words after everything else has been filled.

#include "base/diag.h"
#include "data/value.h"

typedef struct StrList {
	Str *items;
	size_t len;
	bool set; // not nil in Go
} StrList;

typedef struct PtrList {
	void **items; // NULL for null
	size_t len;
	bool set;
} PtrList;

typedef enum DecodeKind {
	DECODE_STRING,     // Str
	DECODE_BOOL,       // bool
	DECODE_STRINGS,    // StrList
	DECODE_STRING_MAP, // Map * of TYPE_STRING_MAP
	DECODE_ANY_LIST,   // List *, numbers as float64
	DECODE_STRUCT,     // pointer to `type`
	DECODE_STRUCTS,    // PtrList of `type`
} DecodeKind;

struct DecodeType;

typedef struct DecodeField {
	const char *name;
	DecodeKind kind;
	size_t offset;
	const struct DecodeType *type;
} DecodeField;

typedef struct DecodeType {
	const char *
		name; // as encoding/json names the struct of a field: "Metadata", "" where it has none
	const char *full; // as reflect prints the type: "v2.Metadata"
	size_t size;
	const DecodeField *fields; // ends with a NULL name
} DecodeType;

// Fills `*out`, of `type`, from a value read with integers kept (YamlValueOptions.ints). Strings are views of it.
bool decode_value(Arena *arena, const Value *value, const DecodeType *type, void *out, Diag *diag);
// The same from text. Errors are sigs.k8s.io/yaml's.
bool decode_yaml(Arena *arena, Str text, Str file, const DecodeType *type, void *out, Diag *diag);

#endif
