#ifndef LINT_LEFT_OUT_H
#define LINT_LEFT_OUT_H

// Which decision left an object out of a render: the decisions whose other way would write objects are turned round,
// one after the other, until a render has it. What is learnt here is only what to try; the caller renders.
//
//	left_out_learn(search, NULL, render)
//	while (left_out_wanted(search) && (attempt = left_out_next(search)))
//		apply it, render, read; left_out_found for what came out, else left_out_learn(search, attempt, render)
//
// The most promising come first: where the branch that was not taken writes that kind of object (or the key) and speaks of the name,
// or the subchart that is off is called like it. What a decision hangs on together with others is tried together when
// each alone was not enough; a decision that is met only when another goes the other way is tried on top of that one.

#include "lint/lint.h"
#include "lint/switches.h"

typedef struct LeftOutAttempt {
	Setting *settings;
	size_t count;
	Place condition; // of the decision; without a file where a dependency's condition decided
	int score;
} LeftOutAttempt;

typedef struct LeftOutSearch LeftOutSearch;

// For the findings that miss an object; `arena` outlives the renders.
LeftOutSearch *left_out_new(Arena *arena, const Findings *findings);
// What a render decided; NULL is the one that misses the objects.
void left_out_learn(LeftOutSearch *search, const LeftOutAttempt *attempt, const Render *render);
// Whether anything is still missing.
bool left_out_wanted(const LeftOutSearch *search);
// The next one; NULL where nothing is left or enough was tried.
LeftOutAttempt *left_out_next(LeftOutSearch *search);
bool left_out_apply(const LeftOutSearch *search, const LeftOutAttempt *attempt, Arena *arena,
                    Map *values, Diag *diag);
// Tells the findings whose object the model has. False where it has none of them.
bool left_out_found(LeftOutSearch *search, const LeftOutAttempt *attempt, const Model *model,
                    Lint *lint);

#endif
