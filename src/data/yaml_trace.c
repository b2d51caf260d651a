#include "data/yaml_trace.h"

#include "data/text.h"

#include <string.h>

// A scalar being told again, from its source, as the value that is known already.
typedef struct Retelling {
	Text out;
	Str source; // of the scalar
	Str value;
	size_t at; // how much of the value was told
} Retelling;

static bool says(const Retelling *r, Str piece)
{
	return r->value.len - r->at >= piece.len &&
	       (!piece.len || !memcmp(r->value.p + r->at, piece.p, piece.len));
}

// The next `piece.len` bytes of the value stand in the source as they are.
static void tell(Retelling *r, Str piece)
{
	text_write(&r->out, piece);
	r->at += piece.len;
}

// The next `len` bytes of the value are made from this piece of the source.
static void tell_as(Retelling *r, size_t len, Str piece)
{
	Str made = str_slice(r->value, r->at, r->at + len);

	made.origin = NULL;
	text_write_as(&r->out, made, piece);
	r->at += made.len;
}

// --- blocks ---

// The lines of a block scalar behind its header. A literal's lines are its value's, without the indent; of a folded
// one's, what lies between them is a blank or line ends.
static void retell_block(Retelling *r, bool literal)
{
	Str rest = r->source, line;

	if (!str_line(&rest, &line))
		return;
	while (r->at < r->value.len && str_line(&rest, &line)) {
		Str wanted = str_from(r->value, r->at);
		size_t end = str_find_byte(wanted, '\n');
		Str content = str_from(line, str_indent(line));
		wanted = str_to(wanted, end);
		if (literal && wanted.len <= line.len)
			content = str_from(line, line.len - wanted.len);
		while (!says(r, content) && r->at < r->value.len &&
		       strchr(" \n", r->value.p[r->at]))
			tell_as(r, 1, line);
		if (!says(r, content))
			return;
		tell(r, content);
		if (literal && r->at < r->value.len)
			tell_as(r, 1, line);
	}
	tell_as(r, r->value.len - r->at, line);
}

// --- flow scalars ---

// How much of the source one escape takes.
static size_t escape_width(Str rest)
{
	switch (rest.len > 1 ? rest.p[1] : 'n') {
	case 'x':
		return 4;
	case 'u':
		return 6;
	case 'U':
		return 10;
	default:
		return 2;
	}
}

static size_t white_space(Str rest)
{
	size_t count = 0;

	while (count < rest.len && strchr(" \t\r\n", rest.p[count]))
		count++;
	return count;
}

// How far the value goes on in the source's own words.
static size_t common(const Retelling *r, Str rest, char quote)
{
	size_t count = 0;

	while (count < rest.len && r->at + count < r->value.len &&
	       rest.p[count] == r->value.p[r->at + count] && rest.p[count] != '\n' &&
	       rest.p[count] != quote && !(quote == '"' && rest.p[count] == '\\'))
		count++;
	return count;
}

static void retell_flow(Retelling *r, char quote)
{
	size_t at = 0;

	if (quote && (at = str_find_byte(r->source, quote)) == STR_NONE)
		return;
	at += quote != '\0';
	while (r->at < r->value.len && at < r->source.len) {
		Str rest = str_from(r->source, at);
		size_t same = common(r, rest, quote), width, made = 1;
		if (same) {
			tell(r, str_to(rest, same));
			at += same;
			continue;
		}
		if (quote == '"' && rest.p[0] == '\\') {
			uint32_t rune;
			width = escape_width(rest);
			made = utf8_decode(str_from(r->value, r->at), &rune);
			if (rest.len > 1 && (rest.p[1] == '\n' || rest.p[1] == '\r')) {
				at += 1 + white_space(str_from(rest, 1)); // joins lines
				continue;
			}
		} else if (quote == '\'' && rest.p[0] == '\'') {
			width = 2;
		} else if ((width = white_space(rest)) != 0) { // folded lines
			made = r->value.p[r->at] == '\n' ? white_space(str_from(r->value, r->at))
			                                 : r->value.p[r->at] == ' ';
		} else {
			return;
		}
		tell_as(r, made, rest);
		at += width;
	}
}

Str yaml_trace_scalar(Arena *arena, Str text, size_t start, size_t end, ScalarStyle style,
                      Str value)
{
	Retelling r = {text_new(arena, true), str_slice(text, start, end), value, 0};

	if (!text.origin)
		return value;
	if (style == SCALAR_LITERAL || style == SCALAR_FOLDED)
		retell_block(&r, style == SCALAR_LITERAL);
	else
		retell_flow(&r, style == SCALAR_DOUBLE_QUOTED   ? '"'
		                : style == SCALAR_SINGLE_QUOTED ? '\''
		                                                : '\0');
	tell_as(&r, value.len - r.at, r.source);
	return text_str(&r.out);
}
