#ifndef BASE_GOURL_H
#define BASE_GOURL_H

// URLs as Go 1.25's net/url takes them apart and puts them together.

#include "base/diag.h"

typedef struct GoUrl {
	Str scheme, opaque, host, path, query,
		fragment; // path and fragment unescaped, query as it was
	bool has_user, has_password;
	Str user, password; // unescaped
} GoUrl;

// url.Parse. The message is Go's: parse "http://[::1": missing ']' in host
bool gourl_parse(Arena *arena, Str text, GoUrl *out, Diag *diag);
// URL.String of these fields.
Str gourl_string(Arena *arena, const GoUrl *url);
// Userinfo.String, empty where there is none.
Str gourl_userinfo(Arena *arena, const GoUrl *url);
// URL.Hostname: the host without its port and brackets.
Str gourl_hostname(const GoUrl *url);

#endif
