#ifndef BASE_DER_H
#define BASE_DER_H

// What Go's encoding/asn1 says of bytes that are not the DER of a structure.

#include "base/str.h"

// Why `der` is no SEQUENCE of at least so many members whose Go type is `type` ("pkcs1PrivateKey"): looks at the heads of
// the sequence and of what is in it, not at contents.
Str der_complaint(Arena *arena, Str der, const char *type, size_t members);

#endif
