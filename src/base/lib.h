#ifndef BASE_LIB_H
#define BASE_LIB_H

// Shared libraries that most renders do not touch (libcrypto, libpcre2, libarchive, libutf8proc) are
// loaded when first needed: linking them costs 1 to 3 ms of every start. A module that wraps such a library
// keeps one constant table of the names it needs and a struct of function pointers in the same order.
// Loading twice is harmless; the handle is never closed. With CLEAT_STATIC defined the table is filled
// by the linker instead (see lib.c).

#include "base/diag.h"

typedef void (*LibFunction)(void);

// Opens the first of `sonames` (NULL-terminated) that loads and finds all `symbols` (NULL-terminated), which
// are stored in `functions` in their order. On failure `diag` names the library and package to install.
bool lib_load(const char *const *sonames, const char *const *symbols, LibFunction *functions,
              const char *package, Diag *diag);

#endif
