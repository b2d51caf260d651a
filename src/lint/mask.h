#ifndef LINT_MASK_H
#define LINT_MASK_H

// No output of the linter holds a credential. Rules mask what they quote; this is for lines of files that are shown, and
// the last look at every message.

#include "lint/lint.h"

// Notes every text of the render that is a credential, or may be one.
void mask_collect(Lint *lint);
// Notes what another look at the same files noted, too.
void mask_take(Lint *lint, const Lint *other);
// A line of a file with everything taken out that is a credential by what was noted, by its name or by its shape.
Str mask_line(Lint *lint, Str line);
// A message without any of the noted texts.
Str mask_message(Lint *lint, Str message);

#endif
