#include "data/schema_url.h"

#include "base/num.h"

#include <string.h>

static bool is_alpha(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static int hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Str quoted(Arena *arena, Str s)
{
	Buf text = buf_new(arena);

	num_quote(&text, s);
	return buf_view(&text);
}

static bool is_escape(Str s, size_t at)
{
	return at + 2 < s.len && hex_value(s.p[at + 1]) >= 0 && hex_value(s.p[at + 2]) >= 0;
}

static bool fail_escape(Arena *arena, Str s, size_t at, Diag *diag)
{
	Str bad = quoted(arena, str_slice(s, at, at + 3));

	return diag_fail_str(diag, str_concat(arena, S("invalid URL escape "), bad));
}

bool url_unescape(Arena *arena, Str text, Str *out, Diag *diag)
{
	Buf plain = buf_new(arena);

	*out = text;
	if (str_find_byte(text, '%') == STR_NONE)
		return true;
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] != '%') {
			buf_byte(&plain, text.p[i]);
			continue;
		}
		if (!is_escape(text, i))
			return fail_escape(arena, text, i, diag);
		buf_byte(&plain, (char)(hex_value(text.p[i + 1]) << 4 | hex_value(text.p[i + 2])));
		i += 2;
	}
	*out = buf_view(&plain);
	return true;
}

void url_escape_path(Buf *out, Str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		if (is_alpha(c) || ascii_is_digit(c) || (c && strchr("/-_.~$&+=:@", c)))
			buf_byte(out, c);
		else
			buf_printf(out, "%%%02X", (unsigned char)c);
	}
}

// The length of "scheme", 0 where there is none. False for a colon without one.
static bool scan_scheme(Str text, size_t *len)
{
	*len = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		if (is_alpha(c))
			continue;
		if (c == ':') {
			*len = i;
			return i > 0;
		}
		if (!i || !(ascii_is_digit(c) || c == '+' || c == '-' || c == '.'))
			return true;
	}
	return true;
}

static bool check_port(Arena *arena, Str port, Diag *diag)
{
	bool ok = !port.len || port.p[0] == ':';

	for (size_t i = 1; ok && i < port.len; i++)
		ok = ascii_is_digit(port.p[i]);
	if (ok)
		return true;
	return diag_fail_str(
		diag, str_concat(arena, str_concat(arena, S("invalid port "), quoted(arena, port)),
	                         S(" after host")));
}

static bool check_host_bytes(Arena *arena, Str host, Diag *diag)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = host.p[i];
		if (c == '%') {
			if (!is_escape(host, i) || (hex_value(host.p[i + 1]) < 8 &&
			                            !str_has_prefix(str_from(host, i), S("%25"))))
				return fail_escape(arena, host, i, diag);
			i += 2;
		} else if ((unsigned char)c < 0x80 && !is_alpha(c) && !ascii_is_digit(c) &&
		           !(c && strchr("-_.~!$&'()*+,;=:[]<>\"", c))) {
			return diag_fail_str(diag,
			                     str_concat(arena,
			                                str_concat(arena, S("invalid character "),
			                                           quoted(arena, str_n(&c, 1))),
			                                S(" in host name")));
		}
	}
	return true;
}

static bool check_authority(Arena *arena, Str authority, Diag *diag)
{
	size_t at = str_rfind(authority, S("@")), end;
	Str host = at == STR_NONE ? authority : str_from(authority, at + 1);

	for (size_t i = 0; at != STR_NONE && i < at; i++) {
		char c = authority.p[i];
		if (c == '%' && !is_escape(authority, i))
			return fail_escape(arena, authority, i, diag);
		if (!is_alpha(c) && !ascii_is_digit(c) && !(c && strchr("-._:~!$&'()*+,;=%@", c)))
			return diag_fail(diag, "net/url: invalid userinfo");
	}
	if (host.len && host.p[0] == '[') {
		end = str_rfind(host, S("]"));
		if (end == STR_NONE)
			return diag_fail(diag, "missing ']' in host");
		return check_port(arena, str_from(host, end + 1), diag) &&
		       check_host_bytes(arena, host, diag);
	}
	end = str_rfind(host, S(":"));
	if (end != STR_NONE && !check_port(arena, str_from(host, end), diag))
		return false;
	return check_host_bytes(arena, host, diag);
}

static bool parse_parts(Arena *arena, Str rest, Url *out, Diag *diag)
{
	size_t scheme, query, slash;
	Str path;

	for (size_t i = 0; i < rest.len; i++)
		if ((unsigned char)rest.p[i] < ' ' || rest.p[i] == 0x7F)
			return diag_fail(diag, "net/url: invalid control character in URL");
	if (!scan_scheme(rest, &scheme))
		return diag_fail(diag, "missing protocol scheme");
	if (scheme) {
		char *lower = str_to_c(arena, str_to(rest, scheme));
		for (size_t i = 0; i < scheme; i++)
			if (lower[i] >= 'A' && lower[i] <= 'Z')
				lower[i] |= 0x20;
		out->scheme = str_n(lower, scheme);
		rest = str_from(rest, scheme + 1);
	}
	query = str_find_byte(rest, '?');
	if (query != STR_NONE) {
		out->query = str_from(rest, query + 1);
		out->force_query = !out->query.len;
		rest = str_to(rest, query);
	}
	if (!rest.len || rest.p[0] != '/') {
		if (scheme) {
			out->opaque = rest;
			return true;
		}
		slash = str_find_byte(rest, '/');
		if (str_find_byte(str_to(rest, slash), ':') != STR_NONE)
			return diag_fail(diag, "first path segment in URL cannot contain colon");
	}
	if (str_has_prefix(rest, S("//")) && (scheme || !str_has_prefix(rest, S("///")))) {
		rest = str_from(rest, 2);
		slash = str_find_byte(rest, '/');
		out->has_host = true;
		out->host = str_to(rest, slash);
		rest = slash == STR_NONE ? str_from(rest, rest.len) : str_from(rest, slash);
		if (!check_authority(arena, out->host, diag))
			return false;
	}
	out->path = rest;
	return url_unescape(arena, rest, &path, diag);
}

bool url_parse(Arena *arena, Str text, Url *out, Diag *diag)
{
	memset(out, 0, sizeof *out);
	out->scheme = out->opaque = out->host = out->path = out->query = S("");
	if (parse_parts(arena, text, out, diag))
		return true;
	diag->message = str_concat(
		arena,
		str_concat(arena, str_concat(arena, S("parse "), quoted(arena, text)), S(": ")),
		diag->message);
	return false;
}

Str url_text(Arena *arena, const Url *url)
{
	Buf out = buf_new(arena);

	if (url->scheme.len) {
		buf_str(&out, url->scheme);
		buf_byte(&out, ':');
	}
	if (url->opaque.len) {
		buf_str(&out, url->opaque);
	} else {
		if (url->host.len || (url->has_host && url->path.len)) {
			buf_c(&out, "//");
			buf_str(&out, url->host);
			if (url->host.len && url->path.len && url->path.p[0] != '/')
				buf_byte(&out, '/');
		}
		buf_str(&out, url->path);
	}
	if (url->force_query || url->query.len) {
		buf_byte(&out, '?');
		buf_str(&out, url->query);
	}
	return buf_view(&out);
}

// Without "." and "..", beginning with a slash.
static Str clean_path(Arena *arena, Str path)
{
	Buf out = buf_new(arena);
	Str element = {0};
	bool first = true;

	if (!path.len)
		return path;
	buf_byte(&out, '/');
	while (str_cut(&path, S("/"), &element)) {
		if (str_is(element, ".")) {
			first = false;
		} else if (str_is(element, "..")) {
			size_t slash = str_rfind(str_from(buf_view(&out), 1), S("/"));
			out.len = slash == STR_NONE ? 1 : slash + 1;
			first = slash == STR_NONE;
		} else {
			if (!first)
				buf_byte(&out, '/');
			buf_str(&out, element);
			first = false;
		}
	}
	if (str_is(element, ".") || str_is(element, ".."))
		buf_byte(&out, '/');
	return out.len > 1 && out.p[1] == '/' ? str_from(buf_view(&out), 1) : buf_view(&out);
}

Url url_resolve(Arena *arena, const Url *base, const Url *ref)
{
	Url url = *ref;
	size_t slash;

	if (!ref->scheme.len)
		url.scheme = base->scheme;
	if (ref->scheme.len || ref->host.len) {
		url.path = clean_path(arena, ref->path);
		return url;
	}
	if (!ref->path.len && !ref->force_query && !ref->query.len) {
		url.query = base->query;
		url.force_query = base->force_query;
	}
	if (base->opaque.len) {
		// net/url would drop it unless the path is empty; the reference puts it back.
		url.opaque = base->opaque;
		url.path = ref->path;
		return url;
	}
	url.host = base->host;
	url.has_host = base->has_host;
	if (ref->path.len && ref->path.p[0] == '/') {
		url.path = clean_path(arena, ref->path);
	} else if (ref->path.len) {
		slash = str_rfind(base->path, S("/"));
		url.path = clean_path(
			arena,
			str_concat(arena, str_to(base->path, slash == STR_NONE ? 0 : slash + 1),
		                   ref->path));
	} else {
		url.path = clean_path(arena, base->path);
	}
	return url;
}
