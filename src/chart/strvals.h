#ifndef CHART_STRVALS_H
#define CHART_STRVALS_H

// The grammar of --set and its kin: a.b=c,list[0].name=x,list={a,b}, with backslashes before , . = [ where they are
// meant as such. Later settings change what earlier ones (and values files) made, in place.

#include "data/value.h"

typedef enum StrvalsKind {
	STRVALS_TYPED,   // --set: true, false, null, integers are what they look like
	STRVALS_STRING,  // --set-string
	STRVALS_FILE,    // --set-file: the value is a path, the file's text is set
	STRVALS_JSON,    // --set-json's key=json form
	STRVALS_LITERAL, // --set-literal: one key, all behind its = is the value, no escapes
} StrvalsKind;

// Helm's limits.
#define STRVALS_INDEX_MAX 65536
#define STRVALS_DEPTH_MAX 30

typedef struct StrvalsOptions {
	StrvalsKind kind;
	bool traced;      // leaves get an ORIGIN_FLAG origin
	const char *flag; // "--set": its name in origins
} StrvalsOptions;

// Applies `text` to `values`. Messages are those of Helm's pkg/strvals.
bool strvals_parse(Arena *arena, Str text, const StrvalsOptions *options, Map *values, Diag *diag);

#endif
