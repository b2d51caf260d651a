// Bytes to tokens, by the rules of go-yaml's scanner.

#include "data/yaml_scan.h"

#include <string.h>

// Zero bytes behind the text: the longest look-ahead is four ("---" and what ends it).
#define PADDING 8
// go-yaml decodes its input in pieces of this size; a bad byte is met when its piece is.
#define PIECE 512
// "The ':' indicator must appear at most 1024 characters beyond the start of the key."
#define SIMPLE_KEY_LIMIT 1024
// How far go-yaml looks for the next comment over white space.
#define COMMENT_PEEK 512

enum {
	IS_BLANK = 1, // space, tab
	IS_END = 2,   // CR, LF, NUL; C2 and E2 may start a break of several bytes
	IS_FLOW = 4,  // , ? [ ] { }
	IS_WORD = 8,  // letters, digits, _ -
	IS_URI = 16,  // what may stand in a tag beside words
	IS_HEX = 32,
	IS_COLON = 64,
};

static const uint8_t byte_class[256] = {
	['\t'] = IS_BLANK,
	[' '] = IS_BLANK,
	[0] = IS_END,
	['\n'] = IS_END,
	['\r'] = IS_END,
	[0xC2] = IS_END,
	[0xE2] = IS_END,
	[','] = IS_FLOW | IS_URI,
	['?'] = IS_FLOW | IS_URI,
	['['] = IS_FLOW | IS_URI,
	[']'] = IS_FLOW | IS_URI,
	['{'] = IS_FLOW,
	['}'] = IS_FLOW,
	[':'] = IS_COLON | IS_URI,
	['0' ... '9'] = IS_WORD | IS_HEX,
	['a' ... 'f'] = IS_WORD | IS_HEX,
	['g' ... 'z'] = IS_WORD,
	['A' ... 'F'] = IS_WORD | IS_HEX,
	['G' ... 'Z'] = IS_WORD,
	['_'] = IS_WORD,
	['-'] = IS_WORD,
	[';'] = IS_URI,
	['/'] = IS_URI,
	['@'] = IS_URI,
	['&'] = IS_URI,
	['='] = IS_URI,
	['+'] = IS_URI,
	['$'] = IS_URI,
	['.'] = IS_URI,
	['!'] = IS_URI,
	['~'] = IS_URI,
	['*'] = IS_URI,
	['\''] = IS_URI,
	['('] = IS_URI,
	[')'] = IS_URI,
	['%'] = IS_URI,
};

static inline bool is(const char *p, int classes)
{
	return byte_class[(unsigned char)*p] & classes;
}

// Bytes of the line break at p: CR, LF, CRLF, NEL, LS, PS; 0 where there is none.
static inline int break_size(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	if (u[0] == '\n')
		return 1;
	if (u[0] == '\r')
		return u[1] == '\n' ? 2 : 1;
	if (u[0] == 0xC2 && u[1] == 0x85)
		return 2;
	if (u[0] == 0xE2 && u[1] == 0x80 && (u[2] == 0xA8 || u[2] == 0xA9))
		return 3;
	return 0;
}

static inline bool at_break_or_end(const char *p)
{
	return is(p, IS_END) && (*p == 0 || break_size(p));
}

static inline bool at_space_or_end(const char *p)
{
	return is(p, IS_BLANK) || at_break_or_end(p);
}

static inline bool at_bom(const char *p)
{
	return p[0] == '\xEF' && p[1] == '\xBB' && p[2] == '\xBF';
}

static inline const char *here(const Scanner *s)
{
	return s->text + s->pos;
}

static inline YamlMark mark(const Scanner *s)
{
	return (YamlMark){s->pos, s->line, s->pos - s->line_start};
}

static inline void move_to(Scanner *s, const char *p)
{
	s->pos = (int32_t)(p - s->text);
	s->newlines = 0;
}

// Over the line break at the position, of `size` bytes.
static inline void next_line(Scanner *s, int size)
{
	s->pos += size;
	s->line++;
	s->line_start = s->pos;
	s->newlines++;
}

static bool fail_at(Scanner *s, YamlMark context, const char *problem)
{
	s->error = YAML_ERROR_SCANNER;
	s->context_mark = context;
	s->problem = problem;
	s->problem_mark = mark(s);
	return false;
}

// A view of the text from `start` to `end`: of the caller's own bytes where they are the same.
static inline Str view(const Scanner *s, const char *start, const char *end)
{
	if (!s->source.p)
		return str_n(start, (size_t)(end - start));
	return (Str){s->source.p + (start - s->text), (size_t)(end - start), s->source.origin};
}

// --- decoding
// -------------------------------------------------------------------------------------------

static size_t decode_rune(const unsigned char *p, size_t left, uint32_t *rune, const char **problem)
{
	size_t width = p[0] < 0x80 ? 1 : (p[0] & 0xE0) == 0xC0 ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : 4;
	uint32_t r = p[0] & (0xFF >> (width + (width > 1)));

	*problem = NULL;
	if (p[0] >= 0x80 && (p[0] < 0xC0 || p[0] >= 0xF8))
		*problem = "invalid leading UTF-8 octet";
	else if (width > left)
		*problem = "incomplete UTF-8 octet sequence";
	for (size_t i = 1; !*problem && i < width; i++) {
		if ((p[i] & 0xC0) != 0x80)
			*problem = "invalid trailing UTF-8 octet";
		r = r << 6 | (p[i] & 0x3F);
	}
	if (*problem)
		return width;
	if ((width == 2 && r < 0x80) || (width == 3 && r < 0x800) || (width == 4 && r < 0x10000))
		*problem = "invalid length of a UTF-8 sequence";
	else if ((r >= 0xD800 && r <= 0xDFFF) || r > 0x10FFFF)
		*problem = "invalid Unicode character";
	*rune = r;
	return width;
}

static bool rune_allowed(uint32_t r)
{
	return r == '\t' || r == '\n' || r == '\r' || (r >= 0x20 && r <= 0x7E) || r == 0x85 ||
	       (r >= 0xA0 && r <= 0xD7FF) || (r >= 0xE000 && r <= 0xFFFD) || r >= 0x10000;
}

// The first byte that go-yaml's reader refuses, and why; `size` where there is none.
static size_t find_bad_byte(const unsigned char *p, size_t size, const char **problem)
{
	size_t at = 0;

	*problem = NULL;
	while (at < size) {
		uint32_t rune = 0;

		while (at + 8 <= size && scanner_eight_plain((const char *)p + at))
			at += 8;
		while (at < size && p[at] >= 0x20 && p[at] <= 0x7E)
			at++;
		if (at == size)
			break;
		if (p[at] < 0x80 && rune_allowed(p[at])) {
			at++;
			continue;
		}
		size_t width = decode_rune(p + at, size - at, &rune, problem);
		if (!*problem && !rune_allowed(rune))
			*problem = "control characters are not allowed";
		if (*problem)
			return at;
		at += width;
	}
	return size;
}

// Where the piece of the input that holds the bad byte begins: the scanner fails when it gets
// there.
static size_t piece_start(const unsigned char *p, size_t bad)
{
	size_t start = 0, end = PIECE;

	while (end <= bad) {
		size_t cut = end;

		// An incomplete character at the end of a piece is moved to the next one.
		while (cut > start && end - cut < 4 && (p[cut - 1] & 0xC0) == 0x80)
			cut--;
		if (cut > start && p[cut - 1] >= 0xC0) {
			size_t lead = cut - 1;
			size_t width = p[lead] < 0xE0 ? 2 : p[lead] < 0xF0 ? 3 : 4;
			start = lead + width > end ? lead : end;
		} else {
			start = end;
		}
		end = start + PIECE;
	}
	return start;
}

// UTF-16 with a byte order mark, as UTF-8. What can't be decoded ends it.
static Str from_utf16(Arena *arena, Str text, bool big, const char **problem)
{
	const unsigned char *p = (const unsigned char *)text.p + 2;
	size_t left = text.len - 2;
	Buf out = buf_new(arena);

	*problem = NULL;
	buf_reserve(&out, text.len + PADDING);
	for (; left > 0 && !*problem;) {
		if (left < 2) {
			*problem = "incomplete UTF-16 character";
			break;
		}
		uint32_t r = (uint32_t)(p[!big] << 8 | p[big]);
		size_t width = 2;
		if ((r & 0xFC00) == 0xDC00) {
			*problem = "unexpected low surrogate area";
		} else if ((r & 0xFC00) == 0xD800) {
			if (left < 4) {
				*problem = "incomplete UTF-16 surrogate pair";
				break;
			}
			uint32_t low = (uint32_t)(p[2 + !big] << 8 | p[2 + big]);
			if ((low & 0xFC00) != 0xDC00)
				*problem = "expected low surrogate area";
			r = 0x10000 + ((r & 0x3FF) << 10) + (low & 0x3FF);
			width = 4;
		}
		if (!*problem && !rune_allowed(r))
			*problem = "control characters are not allowed";
		if (!*problem)
			buf_rune(&out, r);
		p += width;
		left -= width;
	}
	return buf_view(&out);
}

void scanner_open(Scanner *s, Arena *arena, Arena *scratch, Str text, YamlDialect dialect,
                  bool comments)
{
	*s = (Scanner){
		.arena = arena,
		.scratch = scratch,
		.dialect = dialect,
		.keep_comments = comments,
		.source = text,
		.indent = -1,
	};
	if (text.len >= INT32_MAX - PADDING) {
		s->bad = "the text is larger than 2 GiB";
		text.len = 0;
	}
	bool little = text.len >= 2 && memcmp(text.p, "\xFF\xFE", 2) == 0;
	bool big = text.len >= 2 && memcmp(text.p, "\xFE\xFF", 2) == 0;
	size_t length = text.len;

	if (little || big) {
		text = from_utf16(scratch, text, big, &s->bad);
		length = text.len;
		s->source.p = NULL;
	} else if (!s->bad) {
		length = find_bad_byte((const unsigned char *)text.p, text.len, &s->bad);
		if (s->bad)
			length = piece_start((const unsigned char *)text.p, length);
	}
	// Scalars are views of the caller's bytes, or of the converted ones.
	char *copy = arena_alloc(s->source.p ? scratch : arena, length + PADDING);
	if (length)
		memcpy(copy, text.p, length);
	memset(copy + length, 0, PADDING);
	s->text = copy;
	s->length = (int32_t)length;
	if (!little && !big && length >= 3 && at_bom(copy)) {
		s->pos = 3;
		s->line_start = 3;
	}
}

void scanner_seek(Scanner *s, YamlMark at)
{
	s->pos = at.pos;
	s->line = at.line;
	s->line_start = at.pos - at.column;
	s->newlines = 0;
	s->indent = -1;
	s->indent_count = s->key_count = 0;
	s->started = s->available = false;
	s->error = YAML_ERROR_NONE;
	s->head = s->token_count = s->taken = 0;
}

Str scanner_view(const Scanner *s, const char *start, const char *end)
{
	return view(s, start, end);
}

// --- the token queue
// ------------------------------------------------------------------------------------

// A token at `number` places behind the head, or at the end where `number` is negative.
static YamlToken *insert_token(Scanner *s, ptrdiff_t number, TokenKind kind, YamlMark start,
                               YamlMark end)
{
	// The two tokens before the head stay: comments look back at them.
	if (s->token_count == s->token_cap && s->head > 2) {
		size_t drop = s->head - 2;
		memmove(s->tokens, s->tokens + drop, (s->token_count - drop) * sizeof *s->tokens);
		s->head -= drop;
		s->token_count -= drop;
	}
	s->tokens = arena_vec_room(s->scratch, s->tokens, s->token_count, &s->token_cap,
	                           sizeof *s->tokens);
	YamlToken *token = s->tokens + s->token_count++;
	if (number >= 0) {
		YamlToken *place = s->tokens + s->head + number;
		memmove(place + 1, place, (size_t)(token - place) * sizeof *place);
		token = place;
	}
	token->kind = (uint8_t)kind;
	token->key_level = 0;
	token->start = start;
	token->end = end;
	return token;
}

static inline YamlToken *add_token(Scanner *s, TokenKind kind, YamlMark start)
{
	return insert_token(s, -1, kind, start, mark(s));
}

// --- comments ---------------------------------------------------------------------------------

static YamlComment *add_comment(Scanner *s)
{
	YamlComment *comment = &VEC_PUSH(s->scratch, s->comments, s->comment_count, s->comment_cap);

	*comment = (YamlComment){0};
	return comment;
}

// The text's padding lets eight bytes be read at any of it.
static const char *line_end(const char *p)
{
	while (scanner_eight_plain(p))
		p += 8;
	while (!at_break_or_end(p))
		p++;
	return p;
}

const char *scanner_line_end(const char *p)
{
	return line_end(p);
}

// A comment behind a token on its line.
static void scan_line_comment(Scanner *s, YamlMark token)
{
	const char *p = here(s);

	if (s->newlines > 0)
		return;
	for (int peek = 0; peek < COMMENT_PEEK && is(p, IS_BLANK); peek++)
		p++;
	if (*p != '#' || p - here(s) >= COMMENT_PEEK)
		return;
	const char *end = line_end(p);
	YamlComment *comment = add_comment(s);
	s->pos = (int32_t)(p - s->text);
	comment->token = token;
	comment->start = mark(s);
	comment->line = view(s, p, end);
	move_to(s, end);
}

// What a run of comment lines has been found to be so far.
typedef struct CommentScan {
	YamlMark scan, token, start;
	int32_t line, column; // of the byte looked at; the column counts from 1
	int32_t next_indent;
	bool recent_empty, first_empty;
	Buf text;
} CommentScan;

static void end_foot(Scanner *s, CommentScan *c, int peek)
{
	YamlMark end = {s->pos + peek, c->line, c->column};
	YamlComment *comment = add_comment(s);

	comment->scan = c->scan;
	comment->token = c->token;
	comment->start = c->start;
	comment->end = end;
	comment->foot = buf_view(&c->text);
	c->scan = c->token = end;
	c->text = buf_new(s->arena);
}

// At a line break, the end, or the bracket that closes a flow collection (`close`): an empty line
// splits what came before it off as the foot of the content above.
static void comment_gap(Scanner *s, CommentScan *c, int peek, bool close, int32_t foot_line,
                        TokenKind last)
{
	bool dedented = c->start.column - 1 < c->next_indent;

	if (!close && c->recent_empty)
		return;
	if (close ||
	    (c->first_empty && ((c->start.line == foot_line && last != TOKEN_VALUE) || dedented))) {
		if (c->text.len == 0)
			return;
		if (dedented)
			c->token = c->start; // unrelated to the token above
		end_foot(s, c, peek);
	} else if (c->text.len > 0 && here(s)[peek] != 0) {
		buf_byte(&c->text, '\n');
	}
}

// The line below the content where a comment must start to be its foot.
static int32_t find_foot_line(const Scanner *s, YamlMark scan)
{
	if (scan.line <= 0)
		return -1;
	int32_t line = s->line - s->newlines + 1;
	return s->newlines == 0 && s->pos - s->line_start > 1 ? line + 1 : line;
}

// Comment lines of their own, from the '#' at the position on: heads of what follows, or feet of
// what went before where an empty line or another indentation says so.
static void scan_comments(Scanner *s, YamlMark scan)
{
	YamlToken *token = &s->tokens[s->token_count - 1];
	if (token->kind == TOKEN_FLOW_ENTRY && s->token_count > 1)
		token--;
	TokenKind last = token->kind;
	CommentScan c = {.scan = scan, .token = token->start, .text = buf_new(s->arena)};
	int32_t foot_line = find_foot_line(s, scan);
	int peek = 0;

	c.next_indent = s->indent < 0 ? 0 : s->indent;
	c.first_empty = s->newlines <= 1;
	c.line = s->line;
	c.column = s->pos - s->line_start;
	for (; peek < COMMENT_PEEK; peek++) {
		const char *p = here(s) + peek;

		c.column++;
		if (is(p, IS_BLANK))
			continue;
		bool close = s->key_count > 1 && (*p == ']' || *p == '}');
		if (close || at_break_or_end(p)) {
			comment_gap(s, &c, peek, close, foot_line, last);
			if (!break_size(p))
				break;
			c.first_empty = false;
			c.recent_empty = true;
			c.column = 0;
			c.line++;
			continue;
		}
		if (c.text.len > 0 && c.column - 1 < c.next_indent && c.column != c.start.column)
			end_foot(s, &c, peek);
		if (*p != '#')
			break;
		if (c.text.len == 0)
			c.start = (YamlMark){s->pos + peek, c.line, c.column};
		else
			buf_byte(&c.text, '\n');
		c.recent_empty = false;
		// The gap before this line is consumed now, and then the line.
		while (here(s) < p) {
			int size = break_size(here(s));
			if (size)
				next_line(s, size);
			else
				s->pos++;
		}
		const char *end = line_end(p);
		buf_bytes(&c.text, p, (size_t)(end - p));
		move_to(s, end);
		peek = 0;
		c.column = 0;
		c.line = s->line;
		c.next_indent = s->indent < 0 ? 0 : s->indent;
	}
	if (c.text.len > 0) {
		YamlComment *comment = add_comment(s);
		comment->scan = c.scan;
		comment->token = comment->start = c.start;
		comment->end = (YamlMark){s->pos + peek - 1, c.line, c.column};
		comment->head = buf_view(&c.text);
	}
}

// A line comment behind "-" on top of the entry's content looks more like the content's header:
//
//	- # the comment
//	  key: value
static void line_comment_to_head(Scanner *s)
{
	if (s->comment_count == 0 || s->token_count < 2)
		return;
	YamlComment *comment = &s->comments[s->comment_count - 1];
	const YamlToken *last = &s->tokens[s->token_count - 1];
	if (last[-1].kind != TOKEN_BLOCK_SEQUENCE_START || last->kind != TOKEN_BLOCK_ENTRY ||
	    comment->line.len == 0 || break_size(here(s)))
		return;
	comment->head = comment->line;
	comment->line = (Str){0};
	if (comment->start.line == s->line - 1)
		comment->token = mark(s);
}

// Where a block ends: before the comments that stand at its parent's level and so belong below it.
static YamlMark block_end_mark(const Scanner *s, YamlMark end)
{
	int32_t stop = end.pos;

	for (size_t i = s->comment_count; i-- > 0;) {
		const YamlComment *comment = &s->comments[i];
		if (comment->end.pos < stop)
			break;
		if (comment->start.column == s->indent + 1)
			end = comment->start;
		stop = comment->scan.pos;
	}
	return end;
}

// --- indentation and simple keys
// ------------------------------------------------------------------------

static bool roll_indent(Scanner *s, int32_t column, ptrdiff_t number, TokenKind kind, YamlMark at)
{
	if (s->key_count > 1 || s->indent >= column)
		return true;
	if (s->indent_count >= YAML_SCAN_DEPTH_LIMIT)
		return fail_at(s, s->keys[s->key_count - 1].mark, "exceeded max depth of 10000");
	VEC_PUSH(s->scratch, s->indents, s->indent_count, s->indent_cap) = s->indent;
	s->indent = column;
	insert_token(s, number, kind, at, at);
	return true;
}

static inline void unroll_indent(Scanner *s, int32_t column, YamlMark scan)
{
	if (s->key_count > 1 || s->indent <= column)
		return;
	YamlMark end = mark(s);
	if (s->keep_comments) {
		end = scan;
		end.pos--;
	}
	while (s->indent > column) {
		if (s->keep_comments)
			end = block_end_mark(s, end);
		insert_token(s, -1, TOKEN_BLOCK_END, end, end);
		s->indent = s->indents[--s->indent_count];
	}
}

static bool fail_simple_key(Scanner *s, const SimpleKey *key)
{
	return fail_at(s, key->mark, "could not find expected ':'");
}

static bool beyond_key_limit(const Scanner *s, const SimpleKey *key)
{
	if (s->pos - key->mark.pos <= SIMPLE_KEY_LIMIT)
		return false;
	size_t count = 0;
	for (const char *p = s->text + key->mark.pos; p < here(s) && count <= SIMPLE_KEY_LIMIT; p++)
		count += ((unsigned char)*p & 0xC0) != 0x80;
	return count > SIMPLE_KEY_LIMIT;
}

// Whether the key still can be one here. False with s->error set where it had to be.
static inline bool key_is_valid(Scanner *s, SimpleKey *key)
{
	if (!key->possible)
		return false;
	if (key->mark.line == s->line && !beyond_key_limit(s, key))
		return true;
	if (key->required)
		return fail_simple_key(s, key);
	key->possible = false;
	return false;
}

// The token no longer is looked at as a possible key. Nothing where it has been taken.
static inline void forget_key_token(Scanner *s, size_t number)
{
	if (number >= s->taken && number - s->taken < s->token_count - s->head)
		s->tokens[s->head + (number - s->taken)].key_level = 0;
}

static inline bool remove_key(Scanner *s)
{
	SimpleKey *key = &s->keys[s->key_count - 1];

	if (!key->possible)
		return true;
	if (key->required)
		return fail_simple_key(s, key);
	key->possible = false;
	forget_key_token(s, key->token);
	return true;
}

// Notes that the next token may start a simple key; `*level` is for that token's key_level.
static inline bool save_key(Scanner *s, int32_t *level)
{
	*level = 0;
	if (!s->key_allowed)
		return true;
	if (!remove_key(s))
		return false;
	SimpleKey *key = &s->keys[s->key_count - 1];
	key->possible = true;
	key->mark = mark(s);
	key->required = s->key_count == 1 && s->indent == key->mark.column;
	key->token = s->taken + (s->token_count - s->head);
	*level = (int32_t)s->key_count;
	return true;
}

// --- scalars
// --------------------------------------------------------------------------------------------

static bool at_document_indicator(const Scanner *s, const char *p)
{
	return p - s->text == s->line_start &&
	       (memcmp(p, "---", 3) == 0 || memcmp(p, "...", 3) == 0) && at_space_or_end(p + 3);
}

// Appends the break of `size` bytes at p: everything becomes LF but LS and PS.
static void buf_break(Buf *buf, const char *p, int size)
{
	if (size == 3)
		buf_bytes(buf, p, 3);
	else
		buf_byte(buf, '\n');
}

// The white space inside a flow scalar: what it becomes when more content follows.
typedef struct Folding {
	const char *blanks, *blanks_end; // spaces and tabs on the line of content
	const char *first;               // the first line break, NULL where there was none
	int first_size;
	Buf breaks; // the further ones
} Folding;

static void fold_break(Scanner *s, Folding *f)
{
	int size = break_size(here(s));

	if (!f->first) {
		f->first = here(s);
		f->first_size = size;
	} else {
		buf_break(&f->breaks, here(s), size);
	}
	next_line(s, size);
}

// One line break becomes a space, several become one fewer; LS and PS stay.
static void fold_into(Buf *out, Folding *f)
{
	if (!f->first) {
		buf_bytes(out, f->blanks, (size_t)(f->blanks_end - f->blanks));
		return;
	}
	if (f->first_size == 3)
		buf_bytes(out, f->first, 3);
	else if (f->breaks.len == 0)
		buf_byte(out, ' ');
	buf_str(out, buf_view(&f->breaks));
	f->breaks.len = 0;
	f->first = NULL;
}

// The end of a run of plain scalar content from p on: white space, an end, or an indicator.
static inline const char *plain_run(const char *p, bool flow)
{
	int stop = flow ? IS_BLANK | IS_END | IS_COLON | IS_FLOW : IS_BLANK | IS_END | IS_COLON;

	for (;; p++) {
		if (!is(p, stop))
			continue;
		if (is(p, IS_BLANK) || (flow && is(p, IS_FLOW)))
			return p;
		if (*p == ':' ? at_space_or_end(p + 1) : at_break_or_end(p))
			return p;
	}
}

static bool scan_plain(Scanner *s, int32_t level)
{
	bool flow = s->key_count > 1;
	int32_t indent = s->indent + 1;
	YamlMark start = mark(s), end;
	const char *first = here(s), *last = plain_run(first, flow);
	bool leading_blanks = false, joined = false;
	Folding f = {.breaks = {.arena = s->scratch}};
	Buf out = {.arena = s->arena};

	for (;;) {
		move_to(s, last);
		end = mark(s);
		const char *p = last;
		if (!is(p, IS_BLANK) && !break_size(p))
			break;
		f.blanks = p;
		f.first = NULL;
		f.breaks.len = 0;
		leading_blanks = false;
		for (;;) {
			p = here(s);
			if (is(p, IS_BLANK)) {
				if (leading_blanks && *p == '\t' && s->pos - s->line_start < indent)
					return fail_at(
						s, start,
						"found a tab character that violates indentation");
				s->pos++;
			} else if (break_size(p)) {
				if (!leading_blanks)
					f.blanks_end = p;
				leading_blanks = true;
				fold_break(s, &f);
			} else {
				break;
			}
		}
		if (!leading_blanks)
			f.blanks_end = p;
		if ((!flow && s->pos - s->line_start < indent) || *p == '#' ||
		    at_document_indicator(s, p))
			break;
		const char *run = plain_run(p, flow);
		if (run == p)
			break;
		if (leading_blanks || joined) {
			if (!joined)
				buf_bytes(&out, first, (size_t)(last - first));
			joined = true;
			fold_into(&out, &f);
			buf_bytes(&out, p, (size_t)(run - p));
			leading_blanks = false;
		}
		last = run;
	}
	YamlToken *token = insert_token(s, -1, TOKEN_SCALAR, start, end);
	token->style = SCALAR_PLAIN;
	token->key_level = level;
	token->value = joined ? buf_view(&out) : view(s, first, last);
	if (leading_blanks)
		s->key_allowed = true;
	return true;
}

static int hex_digit(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

// The character of an escape in double quotes, NULL for none; \x \u \U are not among them.
static const char *simple_escape(char c)
{
	switch (c) {
	case '0':
		return ""; // a zero byte
	case 'a':
		return "\a";
	case 'b':
		return "\b";
	case 't':
	case '\t':
		return "\t";
	case 'n':
		return "\n";
	case 'v':
		return "\v";
	case 'f':
		return "\f";
	case 'r':
		return "\r";
	case 'e':
		return "\x1B";
	case ' ':
		return " ";
	case '"':
		return "\"";
	case '\'':
		return "'";
	case '\\':
		return "\\";
	case 'N':
		return "\xC2\x85";
	case '_':
		return "\xC2\xA0";
	case 'L':
		return "\xE2\x80\xA8";
	case 'P':
		return "\xE2\x80\xA9";
	default:
		return NULL;
	}
}

static bool scan_escape(Scanner *s, YamlMark start, Buf *out)
{
	const char *p = here(s);
	const char *simple = simple_escape(p[1]);

	if (simple) {
		buf_bytes(out, simple, *simple ? strlen(simple) : 1);
		move_to(s, p + 2);
		return true;
	}
	int digits = p[1] == 'x' ? 2 : p[1] == 'u' ? 4 : p[1] == 'U' ? 8 : 0;
	if (digits == 0)
		return fail_at(s, start, "found unknown escape character");
	move_to(s, p + 2);
	uint64_t value = 0;
	for (int i = 2; i < 2 + digits; i++) {
		if (!is(p + i, IS_HEX))
			return fail_at(s, start, "did not find expected hexdecimal number");
		value = value << 4 | (uint64_t)hex_digit(p[i]);
	}
	if ((value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF)
		return fail_at(s, start, "found invalid Unicode character escape code");
	buf_rune(out, (uint32_t)value);
	move_to(s, p + 2 + digits);
	return true;
}

// Content of a quoted scalar up to white space, the closing quote or an escaped line break.
static bool scan_quoted_run(Scanner *s, YamlMark start, char quote, Buf *out, bool *escaped_break)
{
	for (;;) {
		const char *p = here(s), *from = p;

		while (!is(p, IS_BLANK) && *p != quote && (*p != '\\' || quote == '\'') &&
		       !at_break_or_end(p))
			p++;
		buf_bytes(out, from, (size_t)(p - from));
		if (p > from)
			move_to(s, p);
		if (quote == '\'' && p[0] == '\'' && p[1] == '\'') {
			buf_byte(out, '\'');
			move_to(s, p + 2);
		} else if (quote == '"' && *p == '\\') {
			int size = break_size(p + 1);
			if (size) {
				move_to(s, p + 1);
				next_line(s, size);
				*escaped_break = true;
				return true;
			}
			if (!scan_escape(s, start, out))
				return false;
		} else {
			return true;
		}
	}
}

static void add_quoted(Scanner *s, YamlMark start, char quote, int32_t level, Str value)
{
	YamlToken *token = add_token(s, TOKEN_SCALAR, start);

	token->style = quote == '"' ? SCALAR_DOUBLE_QUOTED : SCALAR_SINGLE_QUOTED;
	token->key_level = level;
	token->value = value;
}

static bool scan_quoted(Scanner *s, int32_t level)
{
	YamlMark start = mark(s);
	const char *first = here(s) + 1, *p = first;
	char quote = *here(s);

	// Most need no second look: one line, no escapes.
	while (*p != quote && *p != '\\' && !at_break_or_end(p))
		p++;
	if (*p == quote && (quote == '"' || p[1] != quote)) {
		move_to(s, p + 1);
		add_quoted(s, start, quote, level, view(s, first, p));
		return true;
	}

	Buf out = buf_new(s->arena);
	Folding f = {.breaks = {.arena = s->scratch}};
	move_to(s, first);
	for (;;) {
		bool leading_blanks = false;

		if (at_document_indicator(s, here(s)))
			return fail_at(s, start, "found unexpected document indicator");
		if (*here(s) == 0)
			return fail_at(s, start, "found unexpected end of stream");
		if (!scan_quoted_run(s, start, quote, &out, &leading_blanks))
			return false;
		if (*here(s) == quote)
			break;
		f.blanks = f.blanks_end = here(s);
		f.first = NULL;
		bool escaped = leading_blanks;
		for (;;) {
			p = here(s);
			if (is(p, IS_BLANK)) {
				s->pos++;
				if (!leading_blanks)
					f.blanks_end = p + 1;
			} else if (break_size(p)) {
				// Behind an escaped break every break counts.
				if (leading_blanks && !f.first) {
					buf_break(&f.breaks, p, break_size(p));
					next_line(s, break_size(p));
				} else {
					fold_break(s, &f);
				}
				leading_blanks = true;
			} else {
				break;
			}
		}
		if (escaped) {
			buf_str(&out, buf_view(&f.breaks));
			f.breaks.len = 0;
		} else {
			fold_into(&out, &f);
		}
	}
	move_to(s, here(s) + 1);
	add_quoted(s, start, quote, level, buf_view(&out));
	return true;
}

// The indicators behind '|' or '>': chomping (-1, 0, 1) and indentation in either order.
static bool scan_block_header(Scanner *s, YamlMark start, int *chomping, int *increment)
{
	const char *p = here(s);

	for (int i = 0; i < 2; i++) {
		if ((*p == '+' || *p == '-') && *chomping == 0) {
			*chomping = *p == '+' ? 1 : -1;
		} else if (*p >= '0' && *p <= '9' && *increment == 0) {
			if (*p == '0') {
				move_to(s, p);
				return fail_at(s, start,
				               "found an indentation indicator equal to 0");
			}
			*increment = *p - '0';
		} else {
			break;
		}
		p++;
	}
	while (is(p, IS_BLANK))
		p++;
	move_to(s, p);
	if (*p == '#') {
		if (s->keep_comments)
			scan_line_comment(s, start);
		move_to(s, line_end(here(s)));
	}
	if (!at_break_or_end(here(s)))
		return fail_at(s, start, "did not find expected comment or line break");
	int size = break_size(here(s));
	if (size)
		next_line(s, size);
	return true;
}

// Indentation and empty lines inside a block scalar; finds the indentation where *indent is 0.
static bool scan_block_breaks(Scanner *s, int32_t *indent, Buf *breaks, YamlMark start,
                              YamlMark *end)
{
	int32_t max_indent = 0;

	*end = mark(s);
	for (;;) {
		const char *p = here(s);
		int32_t column = s->pos - s->line_start;

		while ((*indent == 0 || column < *indent) && *p == ' ') {
			p++;
			column++;
		}
		s->pos = (int32_t)(p - s->text);
		if (column > max_indent)
			max_indent = column;
		if ((*indent == 0 || column < *indent) && *p == '\t')
			return fail_at(
				s, start,
				"found a tab character where an indentation space is expected");
		int size = is(p, IS_END) ? break_size(p) : 0;
		if (size == 0)
			break;
		buf_break(breaks, p, size);
		next_line(s, size);
		*end = mark(s);
	}
	if (*indent == 0) {
		*indent = max_indent > s->indent + 1 ? max_indent : s->indent + 1;
		if (*indent < 1)
			*indent = 1;
	}
	return true;
}

static bool scan_block_scalar(Scanner *s, bool literal)
{
	YamlMark start = mark(s), end;
	int chomping = 0, increment = 0;
	int32_t indent = 0;
	Buf out = buf_new(s->arena), breaks = buf_new(s->scratch);
	const char *leading_break = NULL;
	int leading_size = 0;
	bool leading_blank = false;

	move_to(s, here(s) + 1);
	if (!scan_block_header(s, start, &chomping, &increment))
		return false;
	if (increment > 0)
		indent = s->indent >= 0 ? s->indent + increment : increment;
	if (!scan_block_breaks(s, &indent, &breaks, start, &end))
		return false;
	while (s->pos - s->line_start == indent && *here(s) != 0) {
		const char *p = here(s);
		bool trailing_blank = is(p, IS_BLANK);

		if (!literal && !leading_blank && !trailing_blank && leading_break &&
		    leading_size != 3) {
			if (breaks.len == 0)
				buf_byte(&out, ' ');
		} else if (leading_break) {
			buf_break(&out, leading_break, leading_size);
		}
		buf_str(&out, buf_view(&breaks));
		breaks.len = 0;
		leading_blank = trailing_blank;
		const char *stop = line_end(p);
		buf_bytes(&out, p, (size_t)(stop - p));
		move_to(s, stop);
		leading_size = break_size(stop);
		leading_break = leading_size ? stop : NULL;
		if (leading_size)
			next_line(s, leading_size);
		if (!scan_block_breaks(s, &indent, &breaks, start, &end))
			return false;
	}
	if (chomping != -1 && leading_break)
		buf_break(&out, leading_break, leading_size);
	if (chomping == 1)
		buf_str(&out, buf_view(&breaks));
	YamlToken *token = insert_token(s, -1, TOKEN_SCALAR, start, end);
	token->style = literal ? SCALAR_LITERAL : SCALAR_FOLDED;
	token->value = buf_view(&out);
	return true;
}

bool scanner_scalar(Scanner *s, YamlMark at, int32_t indent, YamlToken *out)
{
	bool ok;

	scanner_seek(s, at);
	s->indent = indent;
	switch (*here(s)) {
	case '|':
	case '>':
		ok = scan_block_scalar(s, *here(s) == '|');
		break;
	case '\'':
	case '"':
		ok = scan_quoted(s, 0);
		break;
	default:
		ok = scan_plain(s, 0);
	}
	if (ok)
		*out = s->tokens[0];
	return ok;
}

// --- directives, anchors, tags
// --------------------------------------------------------------------------

static bool scan_anchor(Scanner *s, TokenKind kind, int32_t level)
{
	YamlMark start = mark(s);
	const char *first = here(s) + 1, *p = first;

	while (is(p, IS_WORD))
		p++;
	move_to(s, p);
	if (p == first || !(at_space_or_end(p) || strchr("?:,]}%@`", *p)))
		return fail_at(s, start, "did not find expected alphabetic or numeric character");
	YamlToken *token = add_token(s, kind, start);
	token->key_level = level;
	token->value = view(s, first, p);
	return true;
}

static bool scan_uri_escapes(Scanner *s, YamlMark start, Buf *out)
{
	int width = 0;

	for (int i = 0; i == 0 || i < width; i++) {
		const char *p = here(s);

		if (p[0] != '%' || !is(p + 1, IS_HEX) || !is(p + 2, IS_HEX))
			return fail_at(s, start, "did not find URI escaped octet");
		int octet = hex_digit(p[1]) << 4 | hex_digit(p[2]);
		if (i == 0) {
			width = octet < 0x80             ? 1
			        : (octet & 0xE0) == 0xC0 ? 2
			        : (octet & 0xF0) == 0xE0 ? 3
			        : (octet & 0xF8) == 0xF0 ? 4
			                                 : 0;
			if (width == 0)
				return fail_at(s, start, "found an incorrect leading UTF-8 octet");
		} else if ((octet & 0xC0) != 0x80) {
			return fail_at(s, start, "found an incorrect trailing UTF-8 octet");
		}
		buf_byte(out, (char)octet);
		move_to(s, p + 3);
	}
	return true;
}

// The rest of a tag behind `head` (a handle that turned out to be none, or nothing).
static bool scan_tag_uri(Scanner *s, Str head, YamlMark start, Str *out)
{
	Buf uri = buf_new(s->arena);
	bool any = head.len > 0;

	if (head.len > 1)
		buf_bytes(&uri, head.p + 1, head.len - 1);
	while (is(here(s), IS_WORD | IS_URI)) {
		any = true;
		if (*here(s) == '%') {
			if (!scan_uri_escapes(s, start, &uri))
				return false;
		} else {
			buf_byte(&uri, *here(s));
			move_to(s, here(s) + 1);
		}
	}
	if (!any)
		return fail_at(s, start, "did not find expected tag URI");
	*out = buf_view(&uri);
	return true;
}

static bool scan_tag_handle(Scanner *s, bool directive, YamlMark start, Str *out)
{
	const char *first = here(s), *p = first;

	if (*p != '!')
		return fail_at(s, start, "did not find expected '!'");
	p++;
	while (is(p, IS_WORD))
		p++;
	if (*p == '!')
		p++;
	else if (directive && p - first != 1) {
		move_to(s, p);
		return fail_at(s, start, "did not find expected '!'");
	}
	move_to(s, p);
	*out = view(s, first, p);
	return true;
}

static bool scan_tag(Scanner *s, int32_t level)
{
	YamlMark start = mark(s);
	Str handle = {0}, suffix = {0};

	if (here(s)[1] == '<') {
		move_to(s, here(s) + 2);
		if (!scan_tag_uri(s, (Str){0}, start, &suffix))
			return false;
		if (*here(s) != '>')
			return fail_at(s, start, "did not find the expected '>'");
		move_to(s, here(s) + 1);
	} else {
		if (!scan_tag_handle(s, false, start, &handle))
			return false;
		bool whole = handle.len > 1 && handle.p[handle.len - 1] == '!';
		if (!scan_tag_uri(s, whole ? (Str){0} : handle, start, &suffix))
			return false;
		if (!whole)
			handle = suffix.len > 0 ? S("!") : (Str){0};
		if (handle.len == 0)
			suffix = S("!");
	}
	if (!at_space_or_end(here(s)))
		return fail_at(s, start, "did not find expected whitespace or line break");
	YamlToken *token = add_token(s, TOKEN_TAG, start);
	token->key_level = level;
	token->value = handle;
	token->suffix = suffix;
	return true;
}

static void skip_blanks(Scanner *s)
{
	while (is(here(s), IS_BLANK))
		s->pos++;
}

static bool scan_version_number(Scanner *s, YamlMark start, int8_t *out)
{
	int value = 0, digits = 0;

	for (; *here(s) >= '0' && *here(s) <= '9'; move_to(s, here(s) + 1)) {
		if (++digits > 2)
			return fail_at(s, start, "found extremely long version number");
		value = value * 10 + (*here(s) - '0');
	}
	if (digits == 0)
		return fail_at(s, start, "did not find expected version number");
	*out = (int8_t)value;
	return true;
}

static bool scan_version(Scanner *s, YamlMark start)
{
	int8_t major, minor;

	skip_blanks(s);
	if (!scan_version_number(s, start, &major))
		return false;
	if (*here(s) != '.')
		return fail_at(s, start, "did not find expected digit or '.' character");
	move_to(s, here(s) + 1);
	if (!scan_version_number(s, start, &minor))
		return false;
	YamlToken *token = add_token(s, TOKEN_VERSION_DIRECTIVE, start);
	token->major = major;
	token->minor = minor;
	return true;
}

static bool scan_tag_directive(Scanner *s, YamlMark start)
{
	Str handle, prefix;

	skip_blanks(s);
	if (!scan_tag_handle(s, true, start, &handle))
		return false;
	if (!is(here(s), IS_BLANK))
		return fail_at(s, start, "did not find expected whitespace");
	skip_blanks(s);
	if (!scan_tag_uri(s, (Str){0}, start, &prefix))
		return false;
	if (!at_space_or_end(here(s)))
		return fail_at(s, start, "did not find expected whitespace or line break");
	YamlToken *token = add_token(s, TOKEN_TAG_DIRECTIVE, start);
	token->value = handle;
	token->suffix = prefix;
	return true;
}

static bool scan_directive(Scanner *s)
{
	YamlMark start = mark(s);
	const char *first = here(s) + 1, *p = first;

	while (is(p, IS_WORD))
		p++;
	move_to(s, p);
	if (p == first)
		return fail_at(s, start, "could not find expected directive name");
	if (!at_space_or_end(p))
		return fail_at(s, start, "found unexpected non-alphabetical character");
	if (p - first == 4 && memcmp(first, "YAML", 4) == 0) {
		if (!scan_version(s, start))
			return false;
	} else if (p - first == 3 && memcmp(first, "TAG", 3) == 0) {
		if (!scan_tag_directive(s, start))
			return false;
	} else {
		return fail_at(s, start, "found unknown directive name");
	}
	skip_blanks(s);
	if (*here(s) == '#')
		move_to(s, line_end(here(s)));
	if (!at_break_or_end(here(s)))
		return fail_at(s, start, "did not find expected comment or line break");
	int size = break_size(here(s));
	if (size)
		next_line(s, size);
	return true;
}

// --- tokens
// ---------------------------------------------------------------------------------------------

static void skip_to_token(Scanner *s)
{
	YamlMark scan = mark(s);

	for (;;) {
		const char *p = here(s);

		bool tabs = s->key_count > 1 || !s->key_allowed;
		while (*p == ' ' || (tabs && *p == '\t'))
			p++;
		s->pos = (int32_t)(p - s->text);
		if (s->keep_comments)
			line_comment_to_head(s);
		if (*p == '#') {
			if (s->keep_comments)
				scan_comments(s, scan);
			else
				s->pos = (int32_t)(line_end(p) - s->text);
			p = here(s);
		}
		int size = is(p, IS_END) ? break_size(p) : 0;
		if (size == 0)
			return;
		next_line(s, size);
		if (s->key_count == 1)
			s->key_allowed = true;
	}
}

static void fetch_stream_start(Scanner *s)
{
	s->started = true;
	s->key_allowed = true;
	VEC_PUSH(s->scratch, s->keys, s->key_count, s->key_cap) = (SimpleKey){0};
	add_token(s, TOKEN_STREAM_START, mark(s));
}

static bool fetch_stream_end(Scanner *s)
{
	if (s->pos != s->line_start) {
		s->line++;
		s->line_start = s->pos;
	}
	unroll_indent(s, -1, mark(s));
	if (!remove_key(s))
		return false;
	s->key_allowed = false;
	add_token(s, TOKEN_STREAM_END, mark(s));
	return true;
}

static bool fetch_directive(Scanner *s)
{
	unroll_indent(s, -1, mark(s));
	s->key_allowed = false;
	return remove_key(s) && scan_directive(s);
}

static bool fetch_document_indicator(Scanner *s, TokenKind kind)
{
	YamlMark start = mark(s);

	unroll_indent(s, -1, start);
	if (!remove_key(s))
		return false;
	s->key_allowed = false;
	move_to(s, here(s) + 3);
	add_token(s, kind, start);
	return true;
}

static void add_indicator(Scanner *s, TokenKind kind, int32_t level)
{
	YamlMark start = mark(s);

	move_to(s, here(s) + 1);
	add_token(s, kind, start)->key_level = level;
}

static bool fetch_flow_start(Scanner *s, TokenKind kind)
{
	int32_t level;

	if (!save_key(s, &level))
		return false;
	// The level begins with the number of its own bracket, which closing it forgets: so go-yaml
	// doesn't wait for the ':' behind an empty collection.
	SimpleKey key = {.mark = mark(s), .token = s->taken + (s->token_count - s->head)};
	if (s->key_count > YAML_SCAN_DEPTH_LIMIT)
		return fail_at(s, key.mark, "exceeded max depth of 10000");
	VEC_PUSH(s->scratch, s->keys, s->key_count, s->key_cap) = key;
	s->key_allowed = true;
	add_indicator(s, kind, level);
	return true;
}

static bool fetch_flow_end(Scanner *s, TokenKind kind)
{
	if (!remove_key(s))
		return false;
	if (s->key_count > 1) {
		s->key_count--;
		forget_key_token(s, s->keys[s->key_count].token);
	}
	s->key_allowed = false;
	add_indicator(s, kind, 0);
	return true;
}

static bool fetch_flow_entry(Scanner *s)
{
	if (!remove_key(s))
		return false;
	s->key_allowed = true;
	add_indicator(s, TOKEN_FLOW_ENTRY, 0);
	return true;
}

// "- ", "? ", and the ": " of a complex key: where the block context allows one, it may open a
// block.
static bool open_block(Scanner *s, TokenKind kind, const char *problem)
{
	if (s->key_count > 1)
		return true;
	if (!s->key_allowed)
		return fail_at(s, mark(s), problem);
	return roll_indent(s, s->pos - s->line_start, -1, kind, mark(s));
}

static bool fetch_block_entry(Scanner *s)
{
	if (!open_block(s, TOKEN_BLOCK_SEQUENCE_START,
	                "block sequence entries are not allowed in this context") ||
	    !remove_key(s))
		return false;
	s->key_allowed = true;
	add_indicator(s, TOKEN_BLOCK_ENTRY, 0);
	return true;
}

static bool fetch_key(Scanner *s)
{
	if (!open_block(s, TOKEN_BLOCK_MAPPING_START,
	                "mapping keys are not allowed in this context") ||
	    !remove_key(s))
		return false;
	s->key_allowed = s->key_count == 1;
	add_indicator(s, TOKEN_KEY, 0);
	return true;
}

static bool fetch_value(Scanner *s)
{
	SimpleKey *key = &s->keys[s->key_count - 1];

	if (key_is_valid(s, key)) {
		ptrdiff_t number = (ptrdiff_t)(key->token - s->taken);
		insert_token(s, number, TOKEN_KEY, key->mark, key->mark);
		if (!roll_indent(s, key->mark.column, number, TOKEN_BLOCK_MAPPING_START, key->mark))
			return false;
		key->possible = false;
		forget_key_token(s, key->token);
		s->key_allowed = false;
	} else {
		if (s->error || !open_block(s, TOKEN_BLOCK_MAPPING_START,
		                            "mapping values are not allowed in this context"))
			return false;
		s->key_allowed = s->key_count == 1;
	}
	add_indicator(s, TOKEN_VALUE, 0);
	return true;
}

static bool fetch_named(Scanner *s, bool (*scan)(Scanner *, int32_t))
{
	int32_t level;

	if (!save_key(s, &level))
		return false;
	s->key_allowed = false;
	return scan(s, level);
}

static bool scan_alias_token(Scanner *s, int32_t level)
{
	return scan_anchor(s, TOKEN_ALIAS, level);
}
static bool scan_anchor_token(Scanner *s, int32_t level)
{
	return scan_anchor(s, TOKEN_ANCHOR, level);
}

static bool fetch_block_scalar(Scanner *s, bool literal)
{
	if (!remove_key(s))
		return false;
	s->key_allowed = true;
	return scan_block_scalar(s, literal);
}

static bool fetch_content(Scanner *s)
{
	const char *p = here(s);
	bool flow = s->key_count > 1;

	switch (*p) {
	case '[':
		return fetch_flow_start(s, TOKEN_FLOW_SEQUENCE_START);
	case '{':
		return fetch_flow_start(s, TOKEN_FLOW_MAPPING_START);
	case ']':
		return fetch_flow_end(s, TOKEN_FLOW_SEQUENCE_END);
	case '}':
		return fetch_flow_end(s, TOKEN_FLOW_MAPPING_END);
	case ',':
		return fetch_flow_entry(s);
	case '-':
		if (at_space_or_end(p + 1))
			return fetch_block_entry(s);
		break;
	case '?':
		if (flow || at_space_or_end(p + 1))
			return fetch_key(s);
		break;
	case ':':
		if (flow || at_space_or_end(p + 1))
			return fetch_value(s);
		break;
	case '*':
		return fetch_named(s, scan_alias_token);
	case '&':
		return fetch_named(s, scan_anchor_token);
	case '!':
		return fetch_named(s, scan_tag);
	case '|':
	case '>':
		if (!flow)
			return fetch_block_scalar(s, *p == '|');
		return fail_at(s, mark(s), "found character that cannot start any token");
	case '\'':
	case '"':
		return fetch_named(s, scan_quoted);
	case '%':
	case '@':
	case '`':
	case '#':
	case '\t':
		return fail_at(s, mark(s), "found character that cannot start any token");
	default:
		break;
	}
	return fetch_named(s, scan_plain);
}

static bool fetch_token(Scanner *s)
{
	if (!s->started) {
		fetch_stream_start(s);
		return true;
	}
	YamlMark scan = mark(s);
	skip_to_token(s);
	unroll_indent(s, s->pos - s->line_start, scan);
	const char *p = here(s);
	if (*p == 0)
		return fetch_stream_end(s);
	if (s->pos == s->line_start) {
		if (*p == '%')
			return fetch_directive(s);
		if (at_document_indicator(s, p))
			return fetch_document_indicator(s, *p == '-' ? TOKEN_DOCUMENT_START
			                                             : TOKEN_DOCUMENT_END);
	}
	if (!s->keep_comments)
		return fetch_content(s);

	YamlMark comment = mark(s);
	if (s->token_count > 0 && *p == (s->key_count > 1 ? ',' : ':'))
		comment = s->tokens[s->token_count - 1].start;
	if (!fetch_content(s))
		return false;
	// "-" alone has no line comments: they become heads of what follows.
	if (s->tokens[s->token_count - 1].kind != TOKEN_BLOCK_ENTRY)
		scan_line_comment(s, comment);
	return true;
}

// Whether the token at the head of the queue still may turn out to be a key.
static bool head_may_be_key(Scanner *s)
{
	int32_t level = s->tokens[s->head].key_level;

	if (level == 0 || (size_t)level > s->key_count)
		return false;
	return key_is_valid(s, &s->keys[level - 1]);
}

YamlToken *scanner_peek(Scanner *s)
{
	// Foot comments are told from heads by what follows: v3 looks two tokens further.
	size_t ahead = s->dialect == YAML_V3 ? 2 : 0;

	if (s->error)
		return NULL;
	while (!s->available) {
		if (s->token_count - s->head > ahead && !head_may_be_key(s)) {
			if (s->error)
				return NULL;
			s->available = true;
			break;
		}
		if (s->token_count > s->head &&
		    s->tokens[s->token_count - 1].kind == TOKEN_STREAM_END) {
			s->available = true;
			break;
		}
		bool ok = fetch_token(s);
		if (s->bad && s->pos >= s->length && s->started) {
			s->error = YAML_ERROR_READER;
			s->problem = s->bad;
			s->problem_mark = s->context_mark = (YamlMark){0};
			return NULL;
		}
		if (!ok)
			return NULL;
	}
	return &s->tokens[s->head];
}

void scanner_take(Scanner *s)
{
	if (s->tokens[s->head].kind == TOKEN_STREAM_END)
		return;
	s->available = false;
	s->taken++;
	s->head++;
}
