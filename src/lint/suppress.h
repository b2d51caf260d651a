#ifndef LINT_SUPPRESS_H
#define LINT_SUPPRESS_H

// Suppressions: a comment on the line of a finding, or right above it (then it covers what is indented below that line,
// too), in a template, a values file or a manifest,
//
//	# cleat:ignore RULE: reason
//	{{/* cleat:ignore RULE: reason */}}
//
// or an annotation of the object: cleat.dev/ignore: "RULE: reason" (several on lines of their own). Each wants a
// reason; one that nothing needs is reported.

#include "lint/lint.h"

typedef struct Suppression {
	Place place;
	size_t first, last; // the lines it speaks of
	Str rule, reason;
	bool used;
	struct Suppression *next; // of the same file and rule
} Suppression;

typedef struct Suppressions {
	Arena *arena;
	Map *files;   // read already
	Map *by_rule; // "file\nrule" to the first Suppression
	Suppression **items;
	size_t len, cap;
} Suppressions;

Suppressions *suppressions_new(Arena *arena);
// Finds the comments of a file, once.
void suppressions_read(Suppressions *all, Str file, Str text);
// Marks the finding where a suppression covers it.
void suppressions_apply(Lint *lint, Suppressions *all, Finding *finding, const Resource *resource);
// Reports those that nothing needed, that name no rule, or give no reason. Once, after every set.
void suppressions_report(Lint *lint, Suppressions *all);

#endif
