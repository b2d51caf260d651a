#ifndef DATA_SCHEMA_PLAIN_H
#define DATA_SCHEMA_PLAIN_H

// Most charts' schemas are plain: known keywords with values that are surely right, references within the document,
// no ids, no anchors. For those the metaschema, which is several times as large as they are, has nothing to say.

#include "data/value.h"

// Whether `doc`, of the draft (4, 6, 7, 2019, 2020), surely is valid by its metaschema, and no part of it has an id,
// anchor or $schema of its own, and every $ref is "#" or a pointer ("#/a/b") without escapes. False says nothing.
// Every pattern is compiled meanwhile, into `regexes`: pattern to Regex (`pointer`).
bool schema_is_plain(Arena *arena, const Value *doc, int draft, Map *regexes);

#endif
