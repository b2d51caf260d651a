#ifndef DATA_YAML_WRITE_H
#define DATA_YAML_WRITE_H

// What the writers of Values and of Nodes share. Inside data/ only; others use data/yaml.h.

#include "data/yaml.h"
#include "data/yaml_emit.h"

// How a string may be written without being taken for something else: plain where it reads back as
// a string.
ScalarStyle string_style(Str s, YamlDialect dialect);
// Fills diag from the emitter's problem.
bool emitter_fail(const Emitter *emitter, Diag *diag);
// yaml_read_value with go-yaml's own messages, not Helm's around them.
bool yaml_read_json(Arena *arena, Str text, const YamlValueOptions *options, Value *out,
                    Diag *diag);
// Base64 in lines of 70, as go-yaml writes what is no UTF-8.
Str encode_binary(Arena *arena, Str bytes);

#endif
