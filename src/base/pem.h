#ifndef BASE_PEM_H
#define BASE_PEM_H

// Base64 (Go's StdEncoding) and PEM blocks.

#include "base/diag.h"

Str base64_encode(Arena *arena, Str data);
// Line ends are skipped. Else "illegal base64 data at input byte N".
bool base64_decode(Arena *arena, Str text, Str *out, Diag *diag);

typedef struct PemBlock {
	Str type; // "RSA PRIVATE KEY"
	Str data;
} PemBlock;

// The first block in the text; what stands before it is skipped. False where there is none.
bool pem_decode(Arena *arena, Str text, PemBlock *out);
Str pem_encode(Arena *arena, const char *type, Str data);

#endif
