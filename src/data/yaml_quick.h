#ifndef DATA_YAML_QUICK_H
#define DATA_YAML_QUICK_H

// A reader for the way nearly all manifests are written: block style, a line a key. It gives the events that
// yaml_parse.c gives at a fraction of the cost, and gives up at the first thing it is not sure of.
// Inside data/ only.

#include "data/yaml_parse.h"

// False: the reading ends there.
typedef bool YamlTake(void *context, const YamlEvent *event);

// Whether all of `text` was read, as one document, all of it printable ASCII. Where not, some of its events may have been
// given already, and the text has to be read with yaml_parse.h, which may well find it right.
// The events have no marks. Of scalars whose bytes would have to be put together (block scalars, escapes) it does not say
// the value: their style is SCALAR_LITERAL, their value empty.
bool yaml_quick_read(Arena *arena, Str text, YamlTake *take, void *context);
// The same for the next document of a scanner that keeps no comments, from `*at` on: the text's beginning, or what ended
// the document before. With marks and all values. Where it was read, its end is put into `*at`. At the end of the text
// the only event is EVENT_STREAM_END. Where it was not read, parser_seek to `*at` and read on from there.
bool yaml_quick_document(Scanner *scanner, YamlMark *at, YamlTake *take, void *context);

#endif
