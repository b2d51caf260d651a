#ifndef PROPERTY_MARKER_H
#define PROPERTY_MARKER_H

// A unique marker in place of one value, one key or one word of a file, and where it comes out: every place must name
// the line that was changed, and no other bytes may. Numbers are changed to a number, everything else to a word.

#include "data/node.h"
#include "data/origin.h"

typedef struct Count {
	size_t tried, shown, places, exact, derived, wrong, strays;
} Count;

typedef struct Spot {
	Str file;
	size_t start, end;   // bytes to replace
	size_t line, column; // where the scalar or word begins
	OriginKind kind;     // of what comes from there
	Str marker;          // what stands there instead
} Spot;

typedef struct Spots {
	Spot *items;
	size_t len, cap;
} Spots;

// The scalars of a document of `text`, keys too where `keys`.
void gather_scalars(Arena *arena, Str file, Str text, Node *document, OriginKind kind, bool keys,
                    Spots *spots);
// Words behind "key: " on lines that hold no action, from byte `from` up to `end`.
void gather_words(Arena *arena, Str file, Str text, size_t from, size_t end, OriginKind kind,
                  Spots *spots);

// `text` with the marker.
Str spot_change(Arena *arena, Str text, const Spot *spot);
// Looks for the marker in a text with origins, which `name` is for reports. Whether it is there.
bool spot_check(const Spot *spot, Str name, Str text, Count *count);

void count_print(const char *name, const Count *count);
void count_add(Count *sum, const Count *count);

#endif
