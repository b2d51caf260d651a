#ifndef CHART_IGNORE_H
#define CHART_IGNORE_H

// .helmignore: rules of Helm's own, not git's. The first rule that matches ends the search; a negated rule ignores
// whatever it does not match.

#include "base/diag.h"

typedef struct IgnoreRules IgnoreRules;

// The rules of a .helmignore (an empty text gives none) and Helm's own: dot files in templates/ never count.
bool ignore_parse(Arena *arena, Str text, IgnoreRules **out, Diag *diag);
// Whether the file or folder at `path` below the chart is left out.
bool ignore_path(const IgnoreRules *rules, Str path, bool folder);

#endif
