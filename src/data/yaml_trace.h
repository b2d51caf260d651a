#ifndef DATA_YAML_TRACE_H
#define DATA_YAML_TRACE_H

// Origins for scalars that do not stand in one piece in their text: blocks, folded lines, escapes. Each run of the value
// gets the origin of the bytes that say it.

#include "data/yaml_scan.h"

// `value` is what text[start, end) says in the given style. Its bytes are copied where `text` has an origin.
Str yaml_trace_scalar(Arena *arena, Str text, size_t start, size_t end, ScalarStyle style,
                      Str value);

#endif
