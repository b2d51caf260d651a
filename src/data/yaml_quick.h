#ifndef DATA_YAML_QUICK_H
#define DATA_YAML_QUICK_H

// A reader for the way nearly all manifests are written: block style, a line a key, ASCII. It gives the events that
// yaml_parse.c gives, without marks, at a fraction of the cost, and gives up at the first thing it is not sure of.
// Of scalars whose bytes would have to be put together (block scalars, escapes) it does not say the value: their style
// is SCALAR_LITERAL, their value empty.
// Inside data/ only.

#include "data/yaml_parse.h"

// False: the reading ends there.
typedef bool YamlTake(void *context, const YamlEvent *event);

// Whether all of `text` was read, as one document. Where not, some of its events may have been given already, and the
// text has to be read with yaml_parse.h, which may well find it right.
bool yaml_quick_read(Arena *arena, Str text, YamlTake *take, void *context);

#endif
