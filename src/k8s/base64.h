#ifndef K8S_BASE64_H
#define K8S_BASE64_H

#include "base/str.h"

// Standard base64, with or without line breaks and padding; false where `text` is none.
bool base64_read(Arena *arena, Str text, Str *out);
// Its first bytes, at most `cap`, up to where it is none: for a look without an arena.
size_t base64_head(Str text, char *bytes, size_t cap);

#endif
