#ifndef CHART_ERRORS_H
#define CHART_ERRORS_H

// Helm does not print the template engine's errors as they are: a chain of includes becomes lines, a message of the
// chart's author stands alone.

#include "base/diag.h"

// What Helm makes of an error of running a template ("template: t/a.yaml:1:2: executing ...").
Str error_of_execution(Arena *arena, Str file, Str message);
// What it makes of one of parsing.
Str error_of_parsing(Arena *arena, Str file, Str message);
// The place in a template that the message names first, or last (the innermost): false where it names none.
bool error_place(Str message, bool innermost, Place *out);

#endif
