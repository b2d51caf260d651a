// Errors of templates as Helm 4 shows them (pkg/engine).

#include "chart/errors.h"

#include "base/buf.h"

#define PREFIX "template: "

// One link of a chain: an error as Go's text/template prints it, taken apart.
typedef struct Link {
	Str location, function, message;
} Link;

// "NAME:1:2: executing "NAME" at <NODE>: MESSAGE", by the first places that fit, as Helm searches it.
static bool parse_executing(Str text, Link *out)
{
	size_t at = str_find(text, S(": executing ")), end;
	Str rest;

	if (at == STR_NONE)
		return false;
	rest = str_from(text, at + 12);
	if (!str_has_prefix(rest, S("\"")))
		return false;
	end = str_find_byte(str_from(rest, 1), '"');
	if (end == STR_NONE)
		return false;
	rest = str_from(rest, end + 2);
	if (!str_has_prefix(rest, S(" at <")))
		return false;
	end = str_find(rest, S(">: "));
	if (end == STR_NONE)
		return false;
	out->location = str_to(text, at);
	out->function = str_slice(text, at + 2, (size_t)(rest.p + end + 2 - text.p));
	out->message = str_from(rest, end + 3);
	end = str_find(out->message, S(" template:"));
	if (end != STR_NONE)
		out->message = str_to(out->message, end);
	return true;
}

static bool parse_link(Str text, Link *out)
{
	size_t at;

	*out = (Link){0};
	if (!str_has_prefix(text, S(PREFIX)))
		return false;
	if (str_has_prefix(text, S(PREFIX "no template "))) {
		out->message = text;
		return true;
	}
	text = str_from(text, sizeof PREFIX - 1);
	if (parse_executing(text, out))
		return true;
	at = str_rfind(text, S(": "));
	if (at == STR_NONE)
		return false;
	out->location = str_to(text, at);
	out->message = str_from(text, at + 2);
	at = str_find(out->message, S(" template:"));
	if (at != STR_NONE)
		out->message = str_to(out->message, at);
	return true;
}

// The error that this one wraps: what a function that was called returned. Go knows it; here it is what follows
// "error calling NAME: " right behind the node.
static bool unwrap(Str text, Str *inner)
{
	size_t at = str_find(text, S(">: error calling ")), end;

	if (at == STR_NONE)
		return false;
	*inner = str_from(text, at + 17);
	end = str_find(*inner, S(": "));
	if (end == STR_NONE)
		return false;
	*inner = str_from(*inner, end + 2);
	return true;
}

static void write_link(Buf *out, const Link *link)
{
	if (link->location.len) {
		buf_str(out, link->location);
		buf_c(out, "\n  ");
	}
	if (link->function.len) {
		buf_str(out, link->function);
		buf_c(out, "\n    ");
	}
	if (link->message.len) {
		buf_str(out, link->message);
		buf_byte(out, '\n');
	}
}

// The author's own words between Helm's marks, with the outermost place before them.
static bool author_error(Arena *arena, Str message, Str *out)
{
	Str start = S("HELM_ERR_START"), rest = str_from(message, sizeof PREFIX - 1);
	size_t from, to, place = str_find(rest, S(": "));

	if (place == STR_NONE)
		return false;
	from = str_find(str_from(rest, place + 2), start);
	to = str_rfind(rest, S("HELM_ERR_END"));
	if (from == STR_NONE || to == STR_NONE || to < place + 2 + from + start.len)
		return false;
	from += place + 2 + start.len;
	*out = str_concat(
		arena,
		str_printf(arena, "execution error at (%.*s): ", STR_ARGS(str_to(rest, place))),
		str_slice(rest, from, to));
	return true;
}

static bool links_equal(const Link *a, const Link *b)
{
	return str_eq(a->location, b->location) && str_eq(a->function, b->function) &&
	       str_eq(a->message, b->message);
}

Str error_of_execution(Arena *arena, Str file, Str message)
{
	Buf out = buf_new(arena);
	Link link, last = {0};
	Str text = message;

	if (!str_has_prefix(message, S(PREFIX)))
		return str_concat(arena,
		                  str_printf(arena, "execution error in (%.*s): ", STR_ARGS(file)),
		                  message);
	if (author_error(arena, message, &text))
		return text;
	do {
		if (!parse_link(text, &link))
			return message; // somewhere down the chain stands an error that is no template's
		if (!out.len || !links_equal(&link, &last))
			write_link(&out, &link);
		last = link;
	} while (unwrap(text, &text));
	return str_trim_space(buf_view(&out));
}

Str error_of_parsing(Arena *arena, Str file, Str message)
{
	size_t first = str_find(message, S(": ")), last = str_rfind(message, S(": ")), end;
	Str rest;

	if (first == STR_NONE)
		return str_concat(arena,
		                  str_printf(arena, "parse error in (%.*s): ", STR_ARGS(file)),
		                  message);
	rest = str_from(message, first + 2);
	end = str_find(rest, S(": "));
	if (end != STR_NONE)
		rest = str_to(rest, end);
	return str_concat(arena, str_printf(arena, "parse error at (%.*s): ", STR_ARGS(rest)),
	                  str_from(message, last + 2));
}

// --- places ---

static bool read_number(Str text, size_t *at, size_t *out)
{
	size_t start = *at;

	*out = 0;
	while (*at < text.len && text.p[*at] >= '0' && text.p[*at] <= '9' && *out < SIZE_MAX / 20)
		*out = *out * 10 + (size_t)(text.p[(*at)++] - '0');
	return *at > start;
}

// "NAME:LINE:COLUMN" or "NAME:LINE" at the start of `text`, up to ": ".
static bool read_place(Str text, Place *out)
{
	size_t end = str_find(text, S(": ")), colon, at = 0;
	Str place = str_to(text, end == STR_NONE ? text.len : end), tail;

	*out = (Place){0};
	colon = str_find_byte(place, ':');
	if (colon == STR_NONE)
		return false;
	out->file = str_to(place, colon);
	tail = str_from(place, colon + 1);
	if (!read_number(tail, &at, &out->line))
		return false;
	if (at < tail.len && tail.p[at] == ':') {
		at++;
		read_number(tail, &at, &out->column);
		out->column++; // Go counts from 0 here
	}
	return at == tail.len;
}

bool error_place(Str message, bool innermost, Place *out)
{
	bool found = false;
	Place place;
	size_t at;

	while ((at = str_find(message, S(PREFIX))) != STR_NONE) {
		message = str_from(message, at + sizeof PREFIX - 1);
		if (read_place(message, &place)) {
			*out = place;
			found = true;
			if (!innermost)
				break;
		}
	}
	return found;
}
