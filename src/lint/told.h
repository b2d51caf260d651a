#ifndef LINT_TOLD_H
#define LINT_TOLD_H

// One line of a template makes many objects, by a helper or a loop: what is wrong with it is told once, with the names of
// the first of them.
//
//	Told told = told_new(lint);
//	told_once(&told, lint_add(...)); ...
//	told_all(&told);

#include "lint/lint.h"

typedef struct ToldLine ToldLine;

typedef struct Told {
	Lint *lint;
	Map *index; // by what a finding is about and where it stands
	ToldLine **lines;
	size_t len, cap;
} Told;

Told told_new(Lint *lint);
// Takes a finding, the last that was added, out again where its line has been told already.
void told_once(Told *told, Finding *finding);
// Adds to each finding which other objects its line is about.
void told_all(Told *told);

#endif
