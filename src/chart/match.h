#ifndef CHART_MATCH_H
#define CHART_MATCH_H

// The two pattern languages that Helm's users meet: Go's filepath.Match (.helmignore, --show-only, dependency
// archives) and gobwas/glob with '/' as separator (.Files.Glob). Both run in time bounded by pattern times name.

#include "base/buf.h"

typedef enum MatchResult { MATCH_NO, MATCH_YES, MATCH_BAD_PATTERN } MatchResult;

// filepath.Match: * and ? stop at '/', [a-z], [^a-z], \x. A pattern that can't be read is reported whether or not
// the name would have matched so far.
MatchResult match_path(Str pattern, Str name);

// A compiled glob: * and ? stop at '/', ** does not; [abc], [!abc], [a-z]; {a,b}; \x.
typedef struct Glob Glob;

// NULL where the pattern can't be read.
Glob *glob_compile(Arena *arena, Str pattern);
bool glob_match(Glob *glob, Str name);

#endif
