// Go's net/url, and as much of net/netip as it needs for hosts in brackets.

#include "base/gourl.h"

#include "base/buf.h"
#include "base/num.h"

#include <string.h>

// Parts of a URL, which differ in what must be escaped in them.
typedef enum Part { IN_PATH, IN_HOST, IN_ZONE, IN_USERINFO, IN_FRAGMENT } Part;

static bool is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool should_escape(char c, Part part)
{
	if (ascii_is_alnum(c) || is_in(c, "-_.~"))
		return false;
	switch (part) {
	case IN_HOST:
	case IN_ZONE:
		return !is_in(c, "!$&'()*+,;=:[]<>\"");
	case IN_PATH:
		return !is_in(c, "$&+,/:;=@");
	case IN_USERINFO:
		return !is_in(c, "$&+,;=");
	case IN_FRAGMENT:
		return !is_in(c, "$&+,/:;=?@!()*");
	}
	return true;
}

static void put_escaped(Buf *out, Str s, Part part)
{
	for (size_t i = 0; i < s.len; i++) {
		if (should_escape(s.p[i], part))
			buf_printf(out, "%%%02X", (unsigned char)s.p[i]);
		else
			buf_byte(out, s.p[i]);
	}
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool fail_quoted(Diag *diag, const char *before, Str text, const char *after)
{
	Buf buf = buf_new(diag->arena);

	buf_c(&buf, before);
	num_quote(&buf, text);
	buf_c(&buf, after);
	return diag_fail_str(diag, buf_view(&buf));
}

// The byte that "%xx" at `at` stands for, or -1 where it may not stand there.
static int escaped_byte(Str s, size_t at, Part part)
{
	int high, low, byte;

	if (at + 2 >= s.len)
		return -1;
	high = hex_value(s.p[at + 1]);
	low = hex_value(s.p[at + 2]);
	if (high < 0 || low < 0)
		return -1;
	byte = high * 16 + low;
	// In a host only bytes beyond ASCII may be escaped; %25 begins an IPv6 zone.
	if (part == IN_HOST && byte < 0x80 && byte != '%')
		return -1;
	if (part == IN_ZONE && byte != '%' && byte != ' ' && should_escape((char)byte, IN_HOST))
		return -1;
	return byte;
}

static bool unescape(Arena *arena, Str s, Part part, Str *out, Diag *diag)
{
	Buf buf = buf_new(arena);

	for (size_t i = 0; i < s.len; i++) {
		int byte;

		if (s.p[i] != '%') {
			if ((part == IN_HOST || part == IN_ZONE) && (unsigned char)s.p[i] < 0x80 &&
			    should_escape(s.p[i], part))
				return fail_quoted(diag, "invalid character ",
				                   str_slice(s, i, i + 1), " in host name");
			buf_byte(&buf, s.p[i]);
			continue;
		}
		byte = escaped_byte(s, i, part);
		if (byte < 0)
			return fail_quoted(diag, "invalid URL escape ", str_slice(s, i, i + 3), "");
		buf_byte(&buf, (char)byte);
		i += 2;
	}
	*out = buf_view(&buf);
	return true;
}

// net/netip.ParseAddr, for its errors. *is_v4 says which kind of address it is.

static bool fail_address(Diag *diag, Str in, const char *message, Str at)
{
	Buf buf = buf_new(diag->arena);

	buf_c(&buf, "invalid host: ParseAddr(");
	num_quote(&buf, in);
	buf_c(&buf, "): ");
	buf_c(&buf, message);
	if (at.len > 0) {
		buf_c(&buf, " (at ");
		num_quote(&buf, at);
		buf_byte(&buf, ')');
	}
	return diag_fail_str(diag, buf_view(&buf));
}

static bool check_ipv4(Str in, Str s, Diag *diag)
{
	int value = 0, digits = 0, dots = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (c >= '0' && c <= '9') {
			if (digits == 1 && value == 0)
				return fail_address(
					diag, in, "IPv4 field has octet with leading zero", S(""));
			value = value * 10 + (c - '0');
			digits++;
			if (value > 255)
				return fail_address(diag, in, "IPv4 field has value >255", S(""));
		} else if (c == '.') {
			if (i == 0 || i == s.len - 1 || s.p[i - 1] == '.')
				return fail_address(diag, in,
				                    "IPv4 field must have at least one digit",
				                    str_from(s, i));
			if (dots == 3)
				return fail_address(diag, in, "IPv4 address too long", S(""));
			dots++;
			value = digits = 0;
		} else {
			return fail_address(diag, in, "unexpected character", str_from(s, i));
		}
	}
	return dots == 3 || fail_address(diag, in, "IPv4 address too short", S(""));
}

// Digits of a field of an IPv6 address.
static bool field_digits(Str in, Str s, size_t *out, Diag *diag)
{
	size_t digits = 0;

	for (; digits < s.len && hex_value(s.p[digits]) >= 0; digits++) {
		if (digits > 3)
			return fail_address(diag, in, "each group must have 4 or less digits", s);
	}
	if (digits == 0)
		return fail_address(diag, in,
		                    "each colon-separated field must have at least one digit", s);
	*out = digits;
	return true;
}

static bool embedded_ipv4(Str in, Str s, size_t bytes, bool ellipsis, Diag *diag)
{
	if (!ellipsis && bytes != 12)
		return fail_address(
			diag, in,
			"embedded IPv4 address must replace the final 2 fields of the address", s);
	if (bytes + 4 > 16)
		return fail_address(
			diag, in,
			"too many hex fields to fit an embedded IPv4 at the end of the address", s);
	return check_ipv4(in, s, diag);
}

// What follows a field: the end, a colon and more, or the two colons that stand for zeros.
static bool after_field(Str in, Str *s, bool *ellipsis, Diag *diag)
{
	if (s->p[0] != ':')
		return fail_address(diag, in, "unexpected character, want colon", *s);
	if (s->len == 1)
		return fail_address(diag, in, "colon must be followed by more characters", *s);
	*s = str_from(*s, 1);
	if (s->p[0] != ':')
		return true;
	if (*ellipsis)
		return fail_address(diag, in, "multiple :: in address", *s);
	*ellipsis = true;
	*s = str_from(*s, 1);
	return true;
}

static bool check_ipv6(Str in, Diag *diag)
{
	size_t zone = str_find_byte(in, '%'), bytes = 0, digits = 0;
	Str s = zone == STR_NONE ? in : str_to(in, zone);
	bool ellipsis = false;

	if (zone != STR_NONE && zone + 1 == in.len)
		return fail_address(diag, in, "zone must be a non-empty string", S(""));
	if (str_has_prefix(s, S("::"))) {
		ellipsis = true;
		s = str_from(s, 2);
		if (s.len == 0)
			return true;
	}
	while (bytes < 16) {
		if (!field_digits(in, s, &digits, diag))
			return false;
		if (digits < s.len && s.p[digits] == '.') {
			if (!embedded_ipv4(in, s, bytes, ellipsis, diag))
				return false;
			s = S("");
			bytes += 4;
			break;
		}
		bytes += 2;
		s = str_from(s, digits);
		if (s.len == 0)
			break;
		if (!after_field(in, &s, &ellipsis, diag))
			return false;
		if (s.len == 0)
			break;
	}
	if (s.len > 0)
		return fail_address(diag, in, "trailing garbage after address", s);
	if (bytes < 16 && !ellipsis)
		return fail_address(diag, in, "address string too short", S(""));
	if (bytes >= 16 && ellipsis)
		return fail_address(diag, in, "the :: must expand to at least one field of zeros",
		                    S(""));
	return true;
}

static bool check_address(Str in, Diag *diag)
{
	for (size_t i = 0; i < in.len; i++) {
		if (in.p[i] == '.')
			return check_ipv4(in, in, diag) && diag_fail(diag, "invalid IP-literal");
		if (in.p[i] == ':')
			return check_ipv6(in, diag);
		if (in.p[i] == '%')
			return fail_address(diag, in, "missing IPv6 address", S(""));
	}
	return fail_address(diag, in, "unable to parse IP", S(""));
}

// Parsing.

static size_t last_of(Str s, char c)
{
	return str_rfind(s, str_n(&c, 1));
}

static bool is_port(Str s)
{
	if (s.len > 0 && s.p[0] != ':')
		return false;
	for (size_t i = 1; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	}
	return true;
}

static bool parse_bracketed_host(Arena *arena, Str host, Str *out, Diag *diag)
{
	size_t end = last_of(host, ']'), zone;
	Str port, name, zone_name = S("");

	if (end == STR_NONE)
		return diag_fail(diag, "missing ']' in host");
	port = str_from(host, end + 1);
	if (!is_port(port))
		return fail_quoted(diag, "invalid port ", port, " after host");
	name = str_slice(host, 1, end);
	zone = str_find(name, S("%25"));
	if (zone != STR_NONE) {
		if (!unescape(arena, str_to(name, zone), IN_HOST, out, diag) ||
		    !unescape(arena, str_from(name, zone), IN_ZONE, &zone_name, diag))
			return false;
		name = str_concat(arena, *out, zone_name);
	} else if (!unescape(arena, name, IN_HOST, &name, diag)) {
		return false;
	}
	if (!check_address(name, diag))
		return false;
	*out = str_concat(arena, S("["), str_concat(arena, name, str_concat(arena, S("]"), port)));
	return true;
}

static bool parse_host(Arena *arena, Str host, Str *out, Diag *diag)
{
	size_t bracket = last_of(host, '['), colon = last_of(host, ':');

	if (bracket == 0)
		return parse_bracketed_host(arena, host, out, diag);
	if (bracket != STR_NONE)
		return diag_fail(diag, "invalid IP-literal");
	if (colon != STR_NONE && !is_port(str_from(host, colon)))
		return fail_quoted(diag, "invalid port ", str_from(host, colon), " after host");
	return unescape(arena, host, IN_HOST, out, diag);
}

static bool parse_userinfo(Arena *arena, Str info, GoUrl *out, Diag *diag)
{
	size_t colon = str_find_byte(info, ':');

	for (size_t i = 0; i < info.len; i++) {
		if (!ascii_is_alnum(info.p[i]) && !is_in(info.p[i], "-._:~!$&'()*+,;=%@"))
			return diag_fail(diag, "net/url: invalid userinfo");
	}
	out->has_user = true;
	out->has_password = colon != STR_NONE;
	if (!out->has_password)
		return unescape(arena, info, IN_USERINFO, &out->user, diag);
	return unescape(arena, str_to(info, colon), IN_USERINFO, &out->user, diag) &&
	       unescape(arena, str_from(info, colon + 1), IN_USERINFO, &out->password, diag);
}

static bool parse_authority(Arena *arena, Str authority, GoUrl *out, Diag *diag)
{
	size_t at = last_of(authority, '@');

	if (at == STR_NONE)
		return parse_host(arena, authority, &out->host, diag);
	return parse_host(arena, str_from(authority, at + 1), &out->host, diag) &&
	       parse_userinfo(arena, str_to(authority, at), out, diag);
}

// Takes "http:" off *rest, where it begins so.
static bool parse_scheme(Arena *arena, Str *rest, Str *out, Diag *diag)
{
	size_t len = 0;
	Buf lower = buf_new(arena);

	*out = S("");
	while (len < rest->len && (ascii_is_alnum(rest->p[len]) || is_in(rest->p[len], "+-."))) {
		if (len == 0 && !((rest->p[0] | 0x20) >= 'a' && (rest->p[0] | 0x20) <= 'z'))
			return true;
		len++;
	}
	if (len == rest->len || rest->p[len] != ':')
		return true;
	if (len == 0)
		return diag_fail(diag, "missing protocol scheme");
	for (size_t i = 0; i < len; i++) {
		char c = rest->p[i];

		buf_byte(&lower, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
	}
	*out = buf_view(&lower);
	*rest = str_from(*rest, len + 1);
	return true;
}

static bool has_control(Str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return true;
	}
	return false;
}

static bool parse_without_fragment(Arena *arena, Str text, GoUrl *out, Diag *diag)
{
	Str rest = text;
	size_t query, slash;

	if (has_control(text))
		return diag_fail(diag, "net/url: invalid control character in URL");
	if (str_is(text, "*")) {
		out->path = text;
		return true;
	}
	if (!parse_scheme(arena, &rest, &out->scheme, diag))
		return false;
	query = str_find_byte(rest, '?');
	if (query != STR_NONE) {
		out->query = str_from(rest, query + 1);
		rest = str_to(rest, query);
	}
	if (!str_has_prefix(rest, S("/"))) {
		if (out->scheme.len > 0) {
			out->opaque = rest;
			return true;
		}
		slash = str_find_byte(rest, '/');
		if (str_find_byte(slash == STR_NONE ? rest : str_to(rest, slash), ':') != STR_NONE)
			return diag_fail(diag, "first path segment in URL cannot contain colon");
	}
	if (str_has_prefix(rest, S("//")) &&
	    (out->scheme.len > 0 || !str_has_prefix(rest, S("///")))) {
		Str authority = str_from(rest, 2);

		slash = str_find_byte(authority, '/');
		rest = slash == STR_NONE ? S("") : str_from(authority, slash);
		authority = slash == STR_NONE ? authority : str_to(authority, slash);
		if (!parse_authority(arena, authority, out, diag))
			return false;
	}
	return unescape(arena, rest, IN_PATH, &out->path, diag);
}

// Go names the URL in front of what is wrong.
static bool name_url(Diag *diag, Str url)
{
	Buf buf = buf_new(diag->arena);

	buf_c(&buf, "parse ");
	num_quote(&buf, url);
	buf_c(&buf, ": ");
	buf_str(&buf, diag->message);
	diag->message = buf_view(&buf);
	return false;
}

bool gourl_parse(Arena *arena, Str text, GoUrl *out, Diag *diag)
{
	size_t hash = str_find_byte(text, '#');
	Str before = hash == STR_NONE ? text : str_to(text, hash);

	*out = (GoUrl){.scheme = S(""),
	               .opaque = S(""),
	               .host = S(""),
	               .path = S(""),
	               .query = S(""),
	               .fragment = S(""),
	               .user = S(""),
	               .password = S("")};
	if (!parse_without_fragment(arena, before, out, diag))
		return name_url(diag, before);
	if (hash != STR_NONE &&
	    !unescape(arena, str_from(text, hash + 1), IN_FRAGMENT, &out->fragment, diag))
		return name_url(diag, text);
	return true;
}

// Printing.

static void put_userinfo(Buf *out, const GoUrl *url)
{
	put_escaped(out, url->user, IN_USERINFO);
	if (url->has_password) {
		buf_byte(out, ':');
		put_escaped(out, url->password, IN_USERINFO);
	}
}

Str gourl_userinfo(Arena *arena, const GoUrl *url)
{
	Buf buf = buf_new(arena);

	if (url->has_user)
		put_userinfo(&buf, url);
	return buf_view(&buf);
}

static void put_authority(Buf *out, const GoUrl *url)
{
	if (url->scheme.len == 0 && url->host.len == 0 && !url->has_user)
		return;
	if (url->host.len > 0 || url->path.len > 0 || url->has_user)
		buf_c(out, "//");
	if (url->has_user) {
		put_userinfo(out, url);
		buf_byte(out, '@');
	}
	put_escaped(out, url->host, IN_HOST);
}

static void put_path(Buf *out, const GoUrl *url)
{
	Buf path = buf_new(out->arena);
	size_t slash;
	Str first;

	if (str_is(url->path, "*"))
		buf_str(&path, url->path);
	else
		put_escaped(&path, url->path, IN_PATH);
	if (path.len > 0 && path.p[0] != '/' && url->host.len > 0)
		buf_byte(out, '/');
	slash = str_find_byte(buf_view(&path), '/');
	first = slash == STR_NONE ? buf_view(&path) : str_to(buf_view(&path), slash);
	// What looks like a scheme must not come first.
	if (out->len == 0 && str_find_byte(first, ':') != STR_NONE)
		buf_c(out, "./");
	buf_str(out, buf_view(&path));
}

Str gourl_string(Arena *arena, const GoUrl *url)
{
	Buf buf = buf_new(arena);

	if (url->scheme.len > 0) {
		buf_str(&buf, url->scheme);
		buf_byte(&buf, ':');
	}
	if (url->opaque.len > 0) {
		buf_str(&buf, url->opaque);
	} else {
		put_authority(&buf, url);
		put_path(&buf, url);
	}
	if (url->query.len > 0) {
		buf_byte(&buf, '?');
		buf_str(&buf, url->query);
	}
	if (url->fragment.len > 0) {
		buf_byte(&buf, '#');
		put_escaped(&buf, url->fragment, IN_FRAGMENT);
	}
	return buf_view(&buf);
}

Str gourl_hostname(const GoUrl *url)
{
	Str host = url->host;
	size_t colon = last_of(host, ':');

	if (colon != STR_NONE && is_port(str_from(host, colon)))
		host = str_to(host, colon);
	if (str_has_prefix(host, S("[")) && str_has_suffix(host, S("]")))
		host = str_slice(host, 1, host.len - 1);
	return host;
}
