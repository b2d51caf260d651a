#ifndef LINT_SUPPRESS_H
#define LINT_SUPPRESS_H

// Suppressions: a comment on the line of a finding, or right above it (then it covers the block that the line begins,
// too: what is indented below it, or all up to the end of an `if`, `range`, `with` or `define`), in a template, a values
// file or a manifest,
//
//	# cleat:ignore RULE: reason
//	{{/* cleat:ignore RULE: reason */}}
//
// or an annotation of the object: cleat.dev/ignore: "RULE: reason" (several on lines of their own). Each wants a
// reason; one that nothing needs is reported.

#include "lint/lint.h"

typedef struct Suppression {
	Place place;
	size_t first, last; // the lines it speaks of; 0 of an annotation
	Str rule, reason;
	bool used;
	struct Suppression *next; // of the same file (or object) and rule
} Suppression;

typedef struct Suppressions {
	Arena *arena;
	Map *files;   // and objects that were read already
	Map *by_rule; // file (or object) and rule to the last Suppression
	Suppression **items;
	size_t len, cap;
} Suppressions;

Suppressions *suppressions_new(Arena *arena);
// Finds the comments of a file, once.
void suppressions_read(Suppressions *all, Str file, Str text);
// Finds the annotations of the model's objects, of each once.
void suppressions_collect(Lint *lint, Suppressions *all);
// Marks the finding where a suppression covers it.
void suppressions_apply(Lint *lint, Suppressions *all, Finding *finding, const Resource *resource);
// Reports those that nothing needed, that name no rule, or give no reason. Once, after every set.
void suppressions_report(Lint *lint, Suppressions *all);

#endif
