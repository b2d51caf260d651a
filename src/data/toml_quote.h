#ifndef DATA_TOML_QUOTE_H
#define DATA_TOML_QUOTE_H

// What reader and writer of TOML share: quoting.

#include "base/buf.h"

// A string in double quotes.
void toml_quote(Buf *out, Str s);
// A key, quoted where it is not bare.
void toml_key(Buf *out, Str key);

#endif
