// Lines to events, for the common block style. Every rule here takes less than YAML does, never more: what is no
// `key: value`, `- item`, comment or block scalar in the plainest form is left to the full parser.

#include "data/yaml_quick.h"

#include <string.h>

// Longer keys are left to the full parser, which knows what is too long.
#define KEY_LIMIT 128

enum { KEY_START = 1, KEY_PART = 2, STARTS_PLAIN = 4 };

static const uint8_t byte_class[256] = {
	['a' ... 'z'] = KEY_START | KEY_PART | STARTS_PLAIN,
	['A' ... 'Z'] = KEY_START | KEY_PART | STARTS_PLAIN,
	['_'] = KEY_START | KEY_PART | STARTS_PLAIN,
	['0' ... '9'] = KEY_PART | STARTS_PLAIN,
	['.'] = KEY_PART | STARTS_PLAIN,
	['/'] = KEY_PART | STARTS_PLAIN,
	['-'] = KEY_PART | STARTS_PLAIN, // where no space follows
	[':'] = STARTS_PLAIN,            // likewise
	['$'] = STARTS_PLAIN,
	['('] = STARTS_PLAIN,
	['+'] = STARTS_PLAIN,
	['<'] = STARTS_PLAIN,
	['='] = STARTS_PLAIN,
	['\\'] = STARTS_PLAIN,
	['^'] = STARTS_PLAIN,
	['~'] = STARTS_PLAIN,
};

// An open collection, and the column its keys or dashes stand in.
typedef struct Level {
	size_t column;
	bool sequence;
} Level;

typedef struct Quick {
	Arena *arena;
	YamlTake *take;
	void *context;
	const char *at, *end; // the rest of the text, which begins with a line
	Level *levels;
	size_t depth, cap;
	bool pending; // a key waits for its value, which stands on the next lines if anywhere
} Quick;

static bool give(Quick *q, EventKind kind)
{
	YamlEvent event = {.kind = (uint8_t)kind};

	return q->take(q->context, &event);
}

static bool give_scalar(Quick *q, Str value, bool plain)
{
	YamlEvent event = {.kind = EVENT_SCALAR, .implicit = plain, .value = value};

	return q->take(q->context, &event);
}

static bool push(Quick *q, size_t column, bool sequence)
{
	VEC_PUSH(q->arena, q->levels, q->depth, q->cap) = (Level){column, sequence};
	return give(q, sequence ? EVENT_SEQUENCE_START : EVENT_MAPPING_START);
}

static bool pop(Quick *q)
{
	return give(q, q->levels[--q->depth].sequence ? EVENT_SEQUENCE_END : EVENT_MAPPING_END);
}

static inline Level *top(const Quick *q)
{
	return &q->levels[q->depth - 1];
}

static bool give_pending(Quick *q)
{
	q->pending = false;
	return give_scalar(q, S(""), true);
}

// The next line, without its LF. False at the end, and at a byte that is no printable ASCII (`*ok` is false then).
static bool next_line(Quick *q, Str *line, bool *ok)
{
	const char *p = q->at, *stop;

	*ok = true;
	if (p >= q->end)
		return false;
	stop = memchr(p, '\n', (size_t)(q->end - p));
	if (!stop)
		stop = q->end;
	*line = str_n(p, (size_t)(stop - p));
	q->at = stop + 1;
	for (; p + 8 <= stop; p += 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		if ((w | (w - 0x2020202020202020u) | (w + 0x0101010101010101u)) &
		    0x8080808080808080u)
			return *ok = false;
	}
	for (; p < stop; p++)
		if (*p < 0x20 || *p > 0x7E)
			return *ok = false;
	return true;
}

static size_t indent_of(Str line)
{
	size_t i = 0;

	while (i < line.len && line.p[i] == ' ')
		i++;
	return i;
}

// What is left of the line is white space or a comment, which a space sets off.
static bool ends_line(Str rest)
{
	size_t spaces = indent_of(rest);

	return spaces == rest.len || (spaces && rest.p[spaces] == '#');
}

typedef struct Key {
	Str text;
	bool plain;
	size_t used; // bytes of the line, with the colon
} Key;

static bool ends_key(Str s, size_t colon)
{
	return colon < KEY_LIMIT && colon < s.len && s.p[colon] == ':' &&
	       (colon + 1 == s.len || s.p[colon + 1] == ' ');
}

// Whether `s` begins with a key: plain, or in quotes with nothing to unescape.
static bool find_key(Str s, Key *key)
{
	char quote = s.len ? s.p[0] : 0;
	size_t i = 1;

	if (quote == '"' || quote == '\'') {
		while (i < s.len && s.p[i] != quote && s.p[i] != '\\')
			i++;
		if (i >= s.len || s.p[i] != quote || !ends_key(s, i + 1))
			return false;
		*key = (Key){str_slice(s, 1, i), false, i + 2};
		return true;
	}
	if (!s.len || !(byte_class[(unsigned char)s.p[0]] & KEY_START))
		return false;
	while (i < s.len && byte_class[(unsigned char)s.p[i]] & KEY_PART)
		i++;
	*key = (Key){str_to(s, i), true, i + 1};
	return ends_key(s, i);
}

// A scalar whose bytes would have to be put together. What it says is not told: whoever wants to know refuses it.
static bool give_untold(Quick *q)
{
	YamlEvent event = {.kind = EVENT_SCALAR, .style = SCALAR_LITERAL};

	return q->take(q->context, &event);
}

// Finds the end of the quoted scalar that `s` begins with. `*untold` where it has escapes, of the plainest only.
static bool find_quote(Str s, size_t *end, bool *untold)
{
	char quote = s.p[0];
	size_t i = 1;

	*untold = false;
	for (; i < s.len; i++) {
		char next = i + 1 < s.len ? s.p[i + 1] : 0;
		if (s.p[i] == quote) {
			*end = i;
			if (quote == '"' || next != quote)
				return true;
		} else if (s.p[i] != '\\' || quote == '\'') {
			continue;
		} else if (!next || !strchr("\"\\nt", next)) {
			return false;
		}
		*untold = true;
		i++;
	}
	return false;
}

static bool read_quoted(Quick *q, Str s)
{
	size_t end;
	bool untold;

	if (!find_quote(s, &end, &untold) || !ends_line(str_from(s, end + 1)))
		return false;
	return untold ? give_untold(q) : give_scalar(q, str_slice(s, 1, end), false);
}

// An item of a list in brackets: in quotes, or a word. `*s` becomes what follows it.
static bool read_flow_item(Quick *q, Str *s)
{
	size_t end = 0;
	bool untold, given;

	if (s->len && (s->p[0] == '"' || s->p[0] == '\'')) {
		if (!find_quote(*s, &end, &untold))
			return false;
		given = untold ? give_untold(q) : give_scalar(q, str_slice(*s, 1, end), false);
		*s = str_from(*s, end + 1);
		return given;
	}
	if (!s->len || s->p[0] == '-')
		return false;
	while (end < s->len && byte_class[(unsigned char)s->p[end]] & KEY_PART)
		end++;
	given = end && give_scalar(q, str_to(*s, end), true);
	*s = str_from(*s, end);
	return given;
}

static bool read_list(Quick *q, Str s)
{
	if (!give(q, EVENT_SEQUENCE_START))
		return false;
	s = str_from(s, 1 + indent_of(str_from(s, 1)));
	while (!(s.len && s.p[0] == ']')) {
		if (!read_flow_item(q, &s))
			return false;
		s = str_from(s, indent_of(s));
		if (s.len && s.p[0] == ',') {
			s = str_from(s, 1 + indent_of(str_from(s, 1)));
			if (s.len && s.p[0] == ']')
				return false;
		} else if (!s.len || s.p[0] != ']') {
			return false;
		}
	}
	return ends_line(str_from(s, 1)) && give(q, EVENT_SEQUENCE_END);
}

static bool read_plain(Quick *q, Str s)
{
	size_t i = 0, end = 0; // behind the last byte that is no space

	if (!(byte_class[(unsigned char)s.p[0]] & STARTS_PLAIN) ||
	    ((s.p[0] == '-' || s.p[0] == ':') && (s.len == 1 || s.p[1] == ' ')))
		return false;
	for (; i < s.len; i++) {
		char c = s.p[i];
		if (c == ' ')
			continue;
		if (c == ':' && (i + 1 == s.len || s.p[i + 1] == ' '))
			return false;
		if (c == '#' && end != i)
			break;
		end = i + 1;
	}
	return give_scalar(q, str_to(s, end), true);
}

// Over the lines of a block scalar inside a collection at `column`.
static bool read_block(Quick *q, Str header, size_t column)
{
	size_t indent = 0, i = header.len > 1 && (header.p[1] == '-' || header.p[1] == '+') ? 2 : 1;
	bool ok;
	Str line;

	if (indent_of(str_from(header, i)) + i != header.len)
		return false;
	for (;;) {
		const char *before = q->at;
		size_t spaces;
		if (!next_line(q, &line, &ok))
			break;
		spaces = indent_of(line);
		if (spaces == line.len) {
			if (!indent && spaces)
				return false; // may count as indentation
			continue;
		}
		if (!indent)
			indent = spaces > column ? spaces : column + 1;
		if (spaces < indent) {
			q->at = before;
			break;
		}
	}
	return ok && give_untold(q);
}

static bool read_value(Quick *q, Str s)
{
	switch (s.p[0]) {
	case '"':
	case '\'':
		return read_quoted(q, s);
	case '|':
	case '>':
		return read_block(q, s, top(q)->column);
	case '{':
		return s.len > 1 && s.p[1] == '}' && ends_line(str_from(s, 2)) &&
		       give(q, EVENT_MAPPING_START) && give(q, EVENT_MAPPING_END);
	case '[':
		return read_list(q, s);
	default:
		return read_plain(q, s);
	}
}

// `s` begins with `key`, in a mapping that is open.
static bool read_entry(Quick *q, Str s, const Key *key)
{
	Str value = str_from(s, key->used);

	if (!give_scalar(q, key->text, key->plain))
		return false;
	if (ends_line(value)) {
		q->pending = true;
		return true;
	}
	return read_value(q, str_from(value, indent_of(value)));
}

static bool read_item(Quick *q, Str s, size_t column)
{
	size_t spaces;
	Key key;

	if (q->pending && column >= top(q)->column) {
		q->pending = false;
		if (!push(q, column, true))
			return false;
	}
	if (q->pending && !give_pending(q))
		return false;
	while (q->depth && top(q)->column > column)
		if (!pop(q))
			return false;
	if (!q->depth || !top(q)->sequence || top(q)->column != column)
		return false;
	spaces = indent_of(str_from(s, 1));
	s = str_from(s, 1 + spaces);
	if (!s.len || s.p[0] == '#')
		return false;
	if (!find_key(s, &key))
		return read_value(q, s);
	return push(q, column + 1 + spaces, false) && read_entry(q, s, &key);
}

static bool read_key(Quick *q, Str s, size_t column)
{
	Key key;

	if (!find_key(s, &key))
		return false;
	if (!q->depth) {
		if (column || !push(q, 0, false))
			return false;
	} else if (q->pending && column > top(q)->column) {
		q->pending = false;
		if (!push(q, column, false))
			return false;
	}
	if (q->pending && !give_pending(q))
		return false;
	while (q->depth > 1 &&
	       (top(q)->column > column || (top(q)->sequence && top(q)->column == column)))
		if (!pop(q))
			return false;
	return !top(q)->sequence && top(q)->column == column && read_entry(q, s, &key);
}

static bool read_line(Quick *q, Str line)
{
	size_t column = indent_of(line);
	Str s = str_from(line, column);

	if (!s.len || s.p[0] == '#')
		return true;
	if ((s.p[0] == '{' || s.p[0] == '[') && q->pending && column > top(q)->column) {
		q->pending = false;
		return read_value(q, s);
	}
	if (s.p[0] != '-')
		return read_key(q, s, column);
	return s.len > 1 && s.p[1] == ' ' && q->depth && read_item(q, s, column);
}

bool yaml_quick_read(Arena *arena, Str text, YamlTake *take, void *context)
{
	Quick q = {.arena = arena,
	           .take = take,
	           .context = context,
	           .at = text.p,
	           .end = text.p + text.len};
	bool ok;
	Str line;

	if (!text.len)
		return false;
	while (next_line(&q, &line, &ok))
		if (!read_line(&q, line))
			return false;
	if (!ok || !q.depth || (q.pending && !give_pending(&q)))
		return false;
	while (q.depth)
		if (!pop(&q))
			return false;
	return true;
}
