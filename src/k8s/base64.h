#ifndef K8S_BASE64_H
#define K8S_BASE64_H

#include "base/str.h"

// Standard base64, with or without line breaks and padding; false where `text` is none.
bool base64_read(Arena *arena, Str text, Str *out);

#endif
