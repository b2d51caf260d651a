#ifndef DATA_SCHEMA_URL_H
#define DATA_SCHEMA_URL_H

// URLs as Go's net/url takes them apart, as far as JSON Schema needs: references and formats.

#include "base/buf.h"
#include "base/diag.h"

typedef struct Url {
	Str scheme, opaque, host, path, query;
	bool has_host;    // "//" stood in it
	bool force_query; // a '?' with nothing behind it
} Url;

// url.Parse of a text without fragment. The message is Go's: parse "%": invalid URL escape "%".
bool url_parse(Arena *arena, Str text, Url *out, Diag *diag);
Str url_text(Arena *arena, const Url *url);
Url url_resolve(Arena *arena, const Url *base, const Url *ref);
// url.PathUnescape; the message is that of url.EscapeError.
bool url_unescape(Arena *arena, Str text, Str *out, Diag *diag);
// url.PathEscape of every part between slashes.
void url_escape_path(Buf *out, Str text);

#endif
