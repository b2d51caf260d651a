#ifndef LINT_BASELINE_H
#define LINT_BASELINE_H

// A baseline: the findings that an old project has and knows of, one a line: fingerprint, rule, resource. They are kept,
// new ones count, and those that are mended are noted.

#include "lint/lint.h"

// Marks the findings that the baseline knows; `*mended` is how many of its entries none of them is, of rules that are on.
// An entry that is none is an error with its line.
bool baseline_apply(Arena *arena, Str file, Str text, const Settings *settings, Findings *findings,
                    size_t *mended, Diag *diag);
// What the findings would be as a baseline.
Str baseline_write(Arena *arena, const Findings *findings);

#endif
