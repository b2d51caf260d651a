// Lines to events, for the common block style. Every rule here takes less than YAML does, never more: what is no
// `key: value`, `- item`, comment or block scalar in the plainest form is left to the full parser.

#include "data/yaml_quick.h"

#include <string.h>

// Longer keys are left to the full parser, which knows what is too long.
#define KEY_LIMIT 128

// Deeper nesting is left to it, too.
#define DEPTH_LIMIT 200

enum { KEY_START = 1, KEY_PART = 2, STARTS_PLAIN = 4 };

static const uint8_t byte_class[256] = {
	['a' ... 'z'] = KEY_START | KEY_PART | STARTS_PLAIN,
	['A' ... 'Z'] = KEY_START | KEY_PART | STARTS_PLAIN,
	['_'] = KEY_START | KEY_PART | STARTS_PLAIN,
	['0' ... '9'] = KEY_PART | STARTS_PLAIN,
	['.'] = KEY_PART | STARTS_PLAIN,
	['/'] = KEY_PART | STARTS_PLAIN,
	['-'] = KEY_PART | STARTS_PLAIN, // where no white space follows
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
	Scanner *scanner; // reads the scalars; NULL where no marks and not every value are wanted
	const char *text, *at,
		*end; // `at`: the rest of the text, which begins with a line: behind `end` where the
		      // last line has no LF
	int32_t at_line;        // the number of that line
	const char *line_start; // of the line at hand, and its number
	int32_t line;
	Level *levels;
	size_t depth, cap;
	bool pending; // a key waits for its value, which stands on the next lines if anywhere
	YamlMark pending_mark; // behind its colon
} Quick;

static inline YamlMark mark_at(const Quick *q, const char *p)
{
	return (YamlMark){(int32_t)(p - q->text), q->line, (int32_t)(p - q->line_start)};
}

static bool give_at(Quick *q, EventKind kind, YamlMark start, YamlMark end)
{
	YamlEvent event = {.kind = (uint8_t)kind, .start = start, .end = end};

	return q->take(q->context, &event);
}

static bool give(Quick *q, EventKind kind, YamlMark at)
{
	return give_at(q, kind, at, at);
}

// A bracket, or the two of an empty mapping.
static bool give_flow(Quick *q, EventKind kind, const char *p)
{
	YamlEvent event = {.kind = (uint8_t)kind,
	                   .flow = true,
	                   .start = mark_at(q, p),
	                   .end = mark_at(q, p + 1)};

	return q->take(q->context, &event);
}

// A scalar that stands in one piece in the line; `quotes` of them around it.
static bool give_scalar(Quick *q, Str value, ScalarStyle style)
{
	size_t quotes = style != SCALAR_PLAIN;
	YamlEvent event = {.kind = EVENT_SCALAR,
	                   .style = (uint8_t)style,
	                   .implicit = style == SCALAR_PLAIN,
	                   .value = value};

	if (q->scanner) {
		event.start = mark_at(q, value.p - quotes);
		event.end = mark_at(q, value.p + value.len + quotes);
		event.value = scanner_view(q->scanner, value.p, value.p + value.len);
	}
	return q->take(q->context, &event);
}

static bool push(Quick *q, size_t column, bool sequence)
{
	if (q->depth > DEPTH_LIMIT)
		return false;
	VEC_PUSH(q->arena, q->levels, q->depth, q->cap) = (Level){column, sequence};
	return give(q, sequence ? EVENT_SEQUENCE_START : EVENT_MAPPING_START,
	            mark_at(q, q->line_start + column));
}

static bool pop(Quick *q, YamlMark at)
{
	return give(q, q->levels[--q->depth].sequence ? EVENT_SEQUENCE_END : EVENT_MAPPING_END, at);
}

static inline Level *top(const Quick *q)
{
	return &q->levels[q->depth - 1];
}

static bool give_empty(Quick *q, YamlMark at)
{
	YamlEvent event = {.kind = EVENT_SCALAR, .implicit = true, .start = at, .end = at};

	return q->take(q->context, &event);
}

static bool give_pending(Quick *q)
{
	q->pending = false;
	return give_empty(q, q->pending_mark);
}

static const char *end_of_line(const Quick *q, const char *p)
{
	const char *stop = memchr(p, '\n', (size_t)(q->end - p));

	return stop ? stop : q->end;
}

// The next line, without its LF. False at the end, and at a byte that is no printable ASCII (`*ok` is false then); where
// there is a scanner, it sees to the bytes.
static bool next_line(Quick *q, Str *line, bool *ok)
{
	const char *p = q->at, *stop;

	*ok = true;
	if (p >= q->end)
		return false;
	stop = end_of_line(q, p);
	*line = str_n(p, (size_t)(stop - p));
	q->line_start = p;
	q->line = q->at_line++;
	q->at = stop + 1;
	if (q->scanner)
		return true;
	for (; p + 8 <= stop; p += 8)
		if (!scanner_eight_plain(p))
			return *ok = false;
	for (; p < stop; p++)
		if (*p < 0x20 || *p > 0x7E)
			return *ok = false;
	return true;
}

// Whether a comment goes on to the end of its line: a CR and other line breaks, which are left to the full parser, end it.
static bool is_comment(const Quick *q, Str comment)
{
	return !q->scanner || scanner_line_end(comment.p) == comment.p + comment.len;
}

// What is left of the line is white space or a comment, which a space sets off.
static bool ends_line(const Quick *q, Str rest)
{
	size_t spaces = str_indent(rest);

	return spaces == rest.len ||
	       (spaces && rest.p[spaces] == '#' && is_comment(q, str_from(rest, spaces)));
}

typedef struct Key {
	Str text;
	ScalarStyle style;
	size_t used; // bytes of the line, with the colon
} Key;

static bool is_printable(char c)
{
	return c >= 0x20 && c <= 0x7E;
}

static ScalarStyle quoted_style(char quote)
{
	return quote == '"' ? SCALAR_DOUBLE_QUOTED : SCALAR_SINGLE_QUOTED;
}

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
		while (i < s.len && s.p[i] != quote && s.p[i] != '\\' && is_printable(s.p[i]))
			i++;
		if (i >= s.len || s.p[i] != quote || !ends_key(s, i + 1))
			return false;
		*key = (Key){str_slice(s, 1, i), quoted_style(quote), i + 2};
		return true;
	}
	if (!s.len || !(byte_class[(unsigned char)s.p[0]] & KEY_START))
		return false;
	while (i < s.len && byte_class[(unsigned char)s.p[i]] & KEY_PART)
		i++;
	*key = (Key){str_to(s, i), SCALAR_PLAIN, i + 1};
	return ends_key(s, i);
}

// A scalar whose bytes would have to be put together. What it says is not told: whoever wants to know refuses it.
static bool give_untold(Quick *q)
{
	YamlEvent event = {.kind = EVENT_SCALAR, .style = SCALAR_LITERAL};

	return !q->scanner && q->take(q->context, &event);
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
		} else if (!is_printable(s.p[i])) {
			return false;
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

	if (!find_quote(s, &end, &untold) || !ends_line(q, str_from(s, end + 1)))
		return false;
	return untold ? give_untold(q) : give_scalar(q, str_slice(s, 1, end), quoted_style(s.p[0]));
}

// An item of a list in brackets: in quotes, or a word. `*s` becomes what follows it.
static bool read_flow_item(Quick *q, Str *s)
{
	size_t end = 0;
	bool untold, given;

	if (s->len && (s->p[0] == '"' || s->p[0] == '\'')) {
		if (!find_quote(*s, &end, &untold))
			return false;
		given = untold ? give_untold(q)
		               : give_scalar(q, str_slice(*s, 1, end), quoted_style(s->p[0]));
		*s = str_from(*s, end + 1);
		return given;
	}
	if (!s->len || s->p[0] == '-')
		return false;
	while (end < s->len && byte_class[(unsigned char)s->p[end]] & KEY_PART)
		end++;
	given = end && give_scalar(q, str_to(*s, end), SCALAR_PLAIN);
	*s = str_from(*s, end);
	return given;
}

static bool read_list(Quick *q, Str s)
{
	if (!give_flow(q, EVENT_SEQUENCE_START, s.p))
		return false;
	s = str_from(s, 1 + str_indent(str_from(s, 1)));
	while (!(s.len && s.p[0] == ']')) {
		if (!read_flow_item(q, &s))
			return false;
		s = str_from(s, str_indent(s));
		if (s.len && s.p[0] == ',') {
			s = str_from(s, 1 + str_indent(str_from(s, 1)));
			if (s.len && s.p[0] == ']')
				return false;
		} else if (!s.len || s.p[0] != ']') {
			return false;
		}
	}
	return ends_line(q, str_from(s, 1)) && give_flow(q, EVENT_SEQUENCE_END, s.p);
}

static bool starts_plain(Str s)
{
	return byte_class[(unsigned char)s.p[0]] & STARTS_PLAIN &&
	       !((s.p[0] == '-' || s.p[0] == ':') &&
	         (s.len == 1 || s.p[1] == ' ' || !is_printable(s.p[1])));
}

static bool read_plain(Quick *q, Str s)
{
	size_t i = 0, end = 0; // behind the last byte that is no space

	if (!starts_plain(s))
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
	return give_scalar(q, str_to(s, end), SCALAR_PLAIN);
}

// Over the lines of a block scalar inside a collection at `column`.
static bool read_block(Quick *q, Str header, size_t column)
{
	size_t indent = 0, i = header.len > 1 && (header.p[1] == '-' || header.p[1] == '+') ? 2 : 1;
	bool ok;
	Str line;

	if (str_indent(str_from(header, i)) + i != header.len)
		return false;
	for (;;) {
		const char *before = q->at;
		size_t spaces;
		if (!next_line(q, &line, &ok))
			break;
		spaces = str_indent(line);
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

// The line behind a scalar that the scanner has read. False where it holds what belongs to no scalar.
static bool go_behind_scalar(Quick *q, const YamlToken *token)
{
	const Scanner *scanner = q->scanner;
	bool block = token->style == SCALAR_LITERAL || token->style == SCALAR_FOLDED;
	const char *behind = q->text + token->end.pos, *stop;

	q->line = scanner->line;
	q->line_start = q->text + scanner->line_start;
	if (block || scanner->line > token->end.line) {
		q->at = scanner->pos < scanner->length
		                ? q->line_start
		                : q->end + (scanner->pos > scanner->line_start);
		q->at_line = q->line;
		return q->line_start == q->text || q->line_start[-1] == '\n';
	}
	stop = end_of_line(q, behind);
	q->at = stop + 1;
	q->at_line = q->line + 1;
	return ends_line(q, str_n(behind, (size_t)(stop - behind)));
}

static bool scan_scalar(Quick *q, Str s)
{
	YamlEvent event = {.kind = EVENT_SCALAR};
	YamlToken token;

	if (!scanner_scalar(q->scanner, mark_at(q, s.p), (int32_t)top(q)->column, &token))
		return false;
	event.style = token.style;
	event.implicit = token.style == SCALAR_PLAIN;
	event.start = token.start;
	event.end = token.end;
	event.value = token.value;
	return go_behind_scalar(q, &token) && q->take(q->context, &event);
}

static bool read_value(Quick *q, Str s)
{
	switch (s.p[0]) {
	case '{':
		return s.len > 1 && s.p[1] == '}' && ends_line(q, str_from(s, 2)) &&
		       give_flow(q, EVENT_MAPPING_START, s.p) &&
		       give_flow(q, EVENT_MAPPING_END, s.p + 1);
	case '[':
		return read_list(q, s);
	case '"':
	case '\'':
		return q->scanner ? scan_scalar(q, s) : read_quoted(q, s);
	case '|':
	case '>':
		return q->scanner ? scan_scalar(q, s) : read_block(q, s, top(q)->column);
	default:
		return q->scanner ? starts_plain(s) && scan_scalar(q, s) : read_plain(q, s);
	}
}

// `s` begins with `key`, in a mapping that is open.
static bool read_entry(Quick *q, Str s, const Key *key)
{
	Str value = str_from(s, key->used);

	if (!give_scalar(q, key->text, key->style))
		return false;
	if (ends_line(q, value)) {
		q->pending = true;
		q->pending_mark = mark_at(q, value.p);
		return true;
	}
	return read_value(q, str_from(value, str_indent(value)));
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
		if (!pop(q, mark_at(q, s.p)))
			return false;
	if (!q->depth || !top(q)->sequence || top(q)->column != column)
		return false;
	spaces = str_indent(str_from(s, 1));
	s = str_from(s, 1 + spaces);
	if (!s.len || s.p[0] == '#')
		return false;
	if (!find_key(s, &key))
		return read_value(q, s);
	return push(q, column + 1 + spaces, false) && read_entry(q, s, &key);
}

// A scalar on the line below its key.
static bool read_hanging(Quick *q, Str s, size_t column)
{
	if (!q->scanner || !q->pending || column <= top(q)->column)
		return false;
	q->pending = false;
	return read_value(q, s);
}

static bool read_key(Quick *q, Str s, size_t column)
{
	Key key;

	if (!find_key(s, &key))
		return read_hanging(q, s, column);
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
		if (!pop(q, mark_at(q, s.p)))
			return false;
	return !top(q)->sequence && top(q)->column == column && read_entry(q, s, &key);
}

static bool read_line(Quick *q, Str line)
{
	size_t column = str_indent(line);
	Str s = str_from(line, column);

	if (!s.len || s.p[0] == '#')
		return is_comment(q, s);
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
	           .text = text.p,
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
		if (!pop(&q, mark_at(&q, q.end)))
			return false;
	return true;
}

// --- with marks and all values
// ---------------------------------------------------------------------------------

// "---", which ends a document and begins another.
static bool is_cut(Str line)
{
	return str_has_prefix(line, S("---")) && (line.len == 3 || line.p[3] == ' ');
}

static YamlMark end_mark(const Quick *q)
{
	int32_t length = (int32_t)(q->end - q->text);

	return q->at > q->end ? mark_at(q, q->end) : (YamlMark){length, q->at_line, 0};
}

// Where the stream's end stands: in a line of its own.
static YamlMark stream_end_mark(const Quick *q)
{
	YamlMark at = end_mark(q);

	return at.column ? (YamlMark){at.pos, at.line + 1, 0} : at;
}

// To the first line with content, which is read next; empty at the end. False where the full parser has to see to it.
static bool skip_to_content(Quick *q, Str *line)
{
	bool ok;

	while (next_line(q, line, &ok)) {
		Str s = str_from(*line, str_indent(*line));
		if (s.len && s.p[0] != '#') {
			q->at = q->line_start;
			q->at_line = q->line;
			return true;
		}
		if (!is_comment(q, s))
			return false;
	}
	*line = S("");
	return true;
}

// Up to the document's content, of which `line` is the first line.
static bool read_start(Quick *q, Str line)
{
	bool ok;

	if (!is_cut(line))
		return give(q, EVENT_DOCUMENT_START, mark_at(q, line.p + str_indent(line)));
	if (!next_line(q, &line, &ok) || !ends_line(q, str_from(line, 3)) ||
	    !give_at(q, EVENT_DOCUMENT_START, mark_at(q, line.p), mark_at(q, line.p + 3)) ||
	    !skip_to_content(q, &line))
		return false;
	if (!line.len)
		return give_empty(q, stream_end_mark(q));
	return !is_cut(line) || give_empty(q, mark_at(q, line.p));
}

static bool close_all(Quick *q, bool cut)
{
	YamlMark end = cut ? mark_at(q, q->line_start) : end_mark(q),
		 stream_end = cut ? end : stream_end_mark(q);

	if (q->pending && !give_pending(q))
		return false;
	while (q->depth)
		if (!pop(q, (int32_t)top(q)->column > end.column ? end : stream_end))
			return false;
	return give(q, EVENT_DOCUMENT_END, stream_end);
}

bool yaml_quick_document(Scanner *scanner, YamlMark *at, YamlTake *take, void *context)
{
	Quick q = {.arena = scanner->scratch,
	           .take = take,
	           .context = context,
	           .scanner = scanner,
	           .text = scanner->text,
	           .at = scanner->text + at->pos,
	           .at_line = at->line,
	           .end = scanner->text + scanner->length};
	bool cut = false, ok;
	Str line;

	if (scanner->bad || !skip_to_content(&q, &line))
		return false;
	if (!line.len)
		return give(&q, EVENT_STREAM_END, stream_end_mark(&q));
	if (!read_start(&q, line))
		return false;
	while (!cut && next_line(&q, &line, &ok)) {
		cut = is_cut(line);
		// v3 looks two tokens ahead, and so may meet an error of the next document in this one.
		if (cut ? scanner->dialect == YAML_V3 : !read_line(&q, line))
			return false;
	}
	if (!close_all(&q, cut))
		return false;
	*at = cut ? mark_at(&q, q.line_start) : stream_end_mark(&q);
	return true;
}
