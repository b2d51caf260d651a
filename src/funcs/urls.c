// Sprig's urlParse and urlJoin: a URL as a dict of its parts, and back.

#include "base/gourl.h"
#include "funcs/families.h"

// Parts are set in the order in which a URL has them: `rest` is what is left of it. A part that stands there as it is keeps
// its origin, others were unescaped.
static void set_part(Call *c, Map *map, const char *key, Str part, Str *rest)
{
	Str url = call_str(c, 0);
	size_t at = url.origin ? str_find(*rest, part) : STR_NONE;

	if (at != STR_NONE) {
		part = str_slice(*rest, at, at + part.len);
		*rest = str_from(*rest, at + part.len);
	} else if (part.len) {
		part.origin = origin_derived(c->arena, &url, 1);
	}
	map_set(c->arena, map, str_c(key), value_str(part));
}

static bool url_parse(Call *c)
{
	Diag diag = diag_new(c->arena);
	Str rest = call_str(c, 0), at_host;
	Map *map;
	GoUrl url;

	if (!gourl_parse(c->arena, call_str(c, 0), &url, &diag))
		return call_fail_str(
			c, str_concat(c->arena, S("unable to parse url: "), diag.message));
	map = map_new(c->arena, &TYPE_ANY_MAP);
	set_part(c, map, "scheme", url.scheme, &rest);
	set_part(c, map, "opaque", url.opaque, &rest);
	set_part(c, map, "userinfo", gourl_userinfo(c->arena, &url), &rest);
	at_host = rest;
	set_part(c, map, "hostname", gourl_hostname(&url), &at_host);
	set_part(c, map, "host", url.host, &rest);
	set_part(c, map, "path", url.path, &rest);
	set_part(c, map, "query", url.query, &rest);
	set_part(c, map, "fragment", url.fragment, &rest);
	return call_return_map(c, map);
}

// A part that may be missing, but must be a string where it is there.
static bool get_part(Call *c, const char *key, Str *out)
{
	const Value *v = map_get(c->args[0].map, str_c(key));
	Str kind;

	*out = S("");
	if (v == NULL)
		return true;
	if (v->kind == V_STRING) {
		*out = value_as_str(v);
		return true;
	}
	// Sprig asks nil for its type.
	if (value_is_null(v))
		return call_fail(
			c, "runtime error: invalid memory address or nil pointer dereference");
	kind = value_kind_name(v);
	return call_fail(c, "unable to parse %s key, must be of type string, but %.*s found", key,
	                 STR_ARGS(kind));
}

static bool url_join(Call *c)
{
	Diag diag = diag_new(c->arena);
	GoUrl url = {.has_user = false}, parsed;
	Str userinfo;

	if (!get_part(c, "scheme", &url.scheme) || !get_part(c, "host", &url.host) ||
	    !get_part(c, "path", &url.path) || !get_part(c, "query", &url.query) ||
	    !get_part(c, "opaque", &url.opaque) || !get_part(c, "fragment", &url.fragment) ||
	    !get_part(c, "userinfo", &userinfo))
		return false;
	if (userinfo.len > 0) {
		Str text = str_concat(c->arena, S("proto://"),
		                      str_concat(c->arena, userinfo, S("@host")));

		if (!gourl_parse(c->arena, text, &parsed, &diag))
			return call_fail_str(c, str_concat(c->arena,
			                                   S("unable to parse userinfo in dict: "),
			                                   diag.message));
		url.has_user = parsed.has_user;
		url.has_password = parsed.has_password;
		url.user = parsed.user;
		url.password = parsed.password;
	}
	return call_return_derived(c, gourl_string(c->arena, &url));
}

const Func url_funcs[] = {
	{"urlJoin", "dict -> string", "the URL of the parts that urlParse gives", url_join,
         "{{ urlJoin (dict \"scheme\" \"http\" \"host\" \"host:80\" \"path\" \"/path\" \"query\" "
         "\"q=1\") }}"
         " => http://host:80/path?q=1"},
	{"urlParse", "string -> map[string]interface {}",
         "the parts of a URL: scheme, host, hostname, path, query, opaque, fragment, userinfo",
         url_parse,
         "{{ (urlParse \"http://admin@server.com:8080/api?list=false#anchor\").hostname }} => "
         "server.com"},
	{NULL, NULL, NULL, NULL, NULL},
};
