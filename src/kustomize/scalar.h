#ifndef KUSTOMIZE_SCALAR_H
#define KUSTOMIZE_SCALAR_H

// What a scalar node is worth as JSON. Kustomize keeps YAML nodes while it works, and turns them into JSON
// values when it prints or patches them; what a plain scalar means then is go-yaml v3's decision (YAML 1.2 with
// some of 1.1), for its own configuration files go-yaml v2's (1.1).

#include "data/node.h"

typedef enum ScalarKind {
	SCALAR_NULL,
	SCALAR_BOOL,
	SCALAR_INT,
	SCALAR_UINT, // above the largest int64
	SCALAR_FLOAT,
	SCALAR_STRING,
} ScalarKind;

typedef struct Scalar {
	ScalarKind kind;
	bool time; // a string that was written as a time stamp
	union {
		bool b;
		int64_t i;
		uint64_t u;
		double f;
		Str s;
	};
} Scalar;

typedef enum ScalarRules { SCALAR_YAML_1_2, SCALAR_YAML_1_1 } ScalarRules;

// What a plain scalar's text means.
Scalar scalar_of_text(Arena *arena, Str text, ScalarRules rules);
// What a node means: its tag decides, then its quotes, then its text. False where tag and text disagree, with
// go-yaml's message.
bool scalar_of_node(Arena *arena, const Node *node, ScalarRules rules, Scalar *out, Diag *diag);
// What encoding/json calls the node's value: object, array, string, number, bool or null. A scalar's value goes to
// *out.
const char *scalar_json_kind(Arena *arena, const Node *node, ScalarRules rules, Scalar *out);
// Whether a plain scalar with this text would not be a string under YAML 1.1 or 1.2.
bool scalar_needs_quotes(Arena *arena, Str text);
// As encoding/json writes it: strings quoted with < > & escaped.
void scalar_write_json(Buf *out, const Scalar *scalar);
void scalar_write_json_string(Buf *out, Str s);

#endif
