#ifndef BASE_DIAG_H
#define BASE_DIAG_H

// What went wrong, and where. Functions that can fail return false (or NULL) and fill a Diag; the caller
// passes it up. A Diag holds one error: the first fill wins, so clean-up code can't hide the cause.

#include "base/str.h"

// Lines and columns count from 1; 0 is "not known". Columns count bytes.
typedef struct Place {
	Str file;
	size_t line, column;
} Place;

typedef struct Diag {
	Arena *arena;
	bool set;
	Str message; // one sentence, in the reference's words where it has them
	Place place; // where a person must look, file empty where nowhere
	Place since; // where what breaks there began (a quote, a mapping), line 0 where not known
	Str detail;  // further lines for people (an excerpt with a caret, a hint): may be empty
} Diag;

Diag diag_new(Arena *arena);
// All return false, so that `return diag_fail(...)` reads well. (Cold: the compiler lays out code for the other way.)
bool diag_fail(Diag *diag, const char *format, ...) __attribute__((cold, format(printf, 2, 3)));
bool diag_fail_str(Diag *diag, Str message) __attribute__((cold));
bool diag_fail_at(Diag *diag, Place place, const char *format, ...)
	__attribute__((cold, format(printf, 3, 4)));
// Puts "prefix: " before the message, as Go's wrapped errors do.
bool diag_wrap(Diag *diag, const char *format, ...) __attribute__((cold, format(printf, 2, 3)));
// Text from outside, with control characters escaped, for printing to a terminal. Line ends and tabs stay.
Str diag_escape(Arena *arena, Str text);
// These, too: for what has to stay on one line.
Str diag_escape_line(Arena *arena, Str text);

#endif
