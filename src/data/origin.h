#ifndef DATA_ORIGIN_H
#define DATA_ORIGIN_H

// Where bytes came from. An Origin describes the run of bytes [base, base + len): a Str that views a part
// of that run finds its place by address, so slicing keeps origins for free. A run copied elsewhere gets
// a new Origin (`origin_spans`, made by data/text.h). Only a traced render makes any.

#include "base/diag.h"

typedef enum OriginKind {
	ORIGIN_VALUES,   // a place in a values file: file, line, column, key path
	ORIGIN_FLAG,     // a flag: `text` is its argument ("a.b=c"), `path` the key it set
	ORIGIN_TEMPLATE, // a place in a template's own text
	ORIGIN_BUILTIN,  // .Release.Name and kin: `path` names it
	ORIGIN_SPANS,    // a sequence of runs, each with an origin of its own
	ORIGIN_DERIVED,  // new bytes made from others (b64enc): the union of what went in
	ORIGIN_FILE, // a place in a file that is no template: a manifest, a patch, a kustomization
} OriginKind;

typedef struct Origin Origin;

// Why bytes are there: the action that wrote them, and outwards from it the conditions that let it run and the
// calls that led to its template. Made by the evaluator (template/trace.h reads them); `node` is the action, the
// control structure or the call in its template.
typedef enum CauseKind {
	CAUSE_ROOT,   // a template file at work
	CAUSE_ACTION, // {{ ... }}
	CAUSE_IF,     // `went` says which way: true the list, false the else
	CAUSE_WITH,
	CAUSE_RANGE,
	CAUSE_TEMPLATE, // {{ template "x" }}
	CAUSE_INCLUDE,
	CAUSE_TPL,
	CAUSE_CHOICE, // and, or, default, ternary, coalesce, required
} CauseKind;

typedef struct Cause Cause;
struct Cause {
	CauseKind kind;
	bool went;
	const struct Ast *node;
	const Str *paths; // the values that decided it: "externalBackend.enabled"
	size_t path_count;
	const Cause *outer;
	const Cause *
		choices; // ACTION: the CAUSE_CHOICE made while it ran, the latest first, linked by `outer`
};

// There are as many of these as of everything else in a traced render, so they are small: texts end before 4 GiB, since
// arenas do.
typedef struct OriginSpan {
	uint32_t start, len; // bytes, counted from the owner's base
	uint32_t offset;     // which byte of the origin's run the span starts with
	const Origin *
		origin; // never of kind ORIGIN_SPANS; NULL for bytes that an action made from nothing
	const Cause *cause; // NULL where none is known
} OriginSpan;

// Where each line of a text begins: looked for when a place is first asked for, since most texts are asked for none.
typedef struct LineIndex {
	Arena *arena;
	Str text;
	size_t count; // 0 before that
	size_t *starts;
} LineIndex;

struct Origin {
	OriginKind kind;
	const char *base;
	size_t len;
	Str file;            // VALUES, TEMPLATE, FILE
	size_t line, column; // of the first byte, from 1
	Str path;            // VALUES, FLAG, BUILTIN: "externalBackend.mlflow.trackingUri"
	LineIndex *lines;    // TEMPLATE, FILE: of the whole text
	Str text; // FLAG: as typed; DERIVED: what was encoded, with its own origin; a place in a text, without a base of
		  // its own: the text from there on
	const OriginSpan *
		spans; // SPANS: in order, without overlap; DERIVED: its parts, start and len unused
	size_t span_count;
	// VALUES, FLAG: what was there before and lost to this one (an earlier values file), or NULL.
	const Origin *over;
};

#endif
