#ifndef LINT_MASK_H
#define LINT_MASK_H

// No output of the linter holds a credential. Rules mask what they quote; this is for lines of files that are shown, and
// the last look at every message.

#include "lint/lint.h"

// Notes every text of the render that is a credential, or may be one.
void mask_collect(Lint *lint);
// Notes what another look at the same files noted, too.
void mask_take(Lint *lint, const Lint *other);
// A line of a file without what is a credential by what was noted, by its name or by its shape. Takes time in the length
// of the line, however many texts are noted.
typedef struct MaskCut {
	size_t start, end; // bytes of the line
} MaskCut;
typedef struct MaskedLine {
	Str text;
	const MaskCut *cuts; // in order, apart
	size_t cut_count;
} MaskedLine;
MaskedLine mask_line(Lint *lint, Str line);
// Where a column of the line (from 1) has gone: of one that was taken out, where the mask begins.
size_t mask_column(const MaskedLine *masked, size_t column);
// A message without any of the noted texts.
Str mask_message(Lint *lint, Str message);

#endif
