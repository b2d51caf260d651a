#ifndef DATA_YAML_SPELL_H
#define DATA_YAML_SPELL_H

// Scalars as JSON has them. Inside data/ only.

#include "base/buf.h"

// strconv.FormatFloat(f, 'g', -1, 32), with which sigs.k8s.io/yaml spells floats where it needs
// strings: seven digits or so are left of a double. `yaml`: infinities and NaN as YAML spells them,
// else as Go does.
void spell_float(Buf *out, double f, bool yaml);
// The bytes of a !!binary, with U+FFFD for what is no UTF-8. False where it is no base64.
bool spell_binary(Arena *arena, Str text, Str *out);

#endif
