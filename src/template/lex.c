#include "template/lex.h"

#include "base/num.h"
#include "base/unicode.h"

#include <string.h>

#define END_OF_INPUT ((uint32_t)-1)
#define MARKER_LEN   2 // "- " or " -"

// What an ASCII byte can be: actions are nearly all ASCII, so one look at a table decides for most bytes.
enum { ALNUM = 1, SPACE = 2, DIGIT = 4, ENDS_NAME = 8 };

static const unsigned char CLASS[256] = {
	['a' ... 'z'] = ALNUM,
	['A' ... 'Z'] = ALNUM,
	['_'] = ALNUM,
	['0' ... '9'] = ALNUM | DIGIT,
	[' '] = SPACE | ENDS_NAME,
	['\t'] = SPACE | ENDS_NAME,
	['\r'] = SPACE | ENDS_NAME,
	['\n'] = SPACE | ENDS_NAME,
	['.'] = ENDS_NAME,
	[','] = ENDS_NAME,
	['|'] = ENDS_NAME,
	[':'] = ENDS_NAME,
	['('] = ENDS_NAME,
	[')'] = ENDS_NAME,
};

Lexer lex_new(Arena *arena, Str input)
{
	return (Lexer){.arena = arena, .input = input};
}

size_t lex_line(Str text, size_t pos)
{
	size_t line = 1;

	for (size_t i = 0; i < pos && i < text.len; i++)
		line += text.p[i] == '\n';
	return line;
}

static Token emit(Lexer *lexer, TokenKind kind)
{
	Str input = lexer->input;
	size_t start = lexer->start, len = lexer->pos - start;

	lexer->start = lexer->pos;
	return (Token){kind, start, {start ? input.p + start : input.p, len, input.origin}};
}

static Token fail(Lexer *lexer, Str message)
{
	Token token = {TOKEN_ERROR, lexer->start, message};

	// Nothing is read behind an error.
	lexer->input = str_to(lexer->input, 0);
	lexer->start = lexer->pos = 0;
	return token;
}

static Str rest(const Lexer *lexer)
{
	return str_from(lexer->input, lexer->pos);
}

// The byte `ahead` of the position; 0 at the end, as for a NUL, which no token begins with or ends at.
static inline unsigned char byte_at(const Lexer *lexer, size_t ahead)
{
	size_t at = lexer->pos + ahead;

	return at < lexer->input.len ? (unsigned char)lexer->input.p[at] : 0;
}

static uint32_t peek(const Lexer *lexer)
{
	uint32_t rune;

	if (lexer->pos < lexer->input.len && (unsigned char)lexer->input.p[lexer->pos] < 0x80)
		return (unsigned char)lexer->input.p[lexer->pos];
	return utf8_decode(rest(lexer), &rune) ? rune : END_OF_INPUT;
}

static uint32_t next_rune(Lexer *lexer)
{
	uint32_t rune;
	size_t size = utf8_decode(rest(lexer), &rune);

	lexer->pos += size;
	return size ? rune : END_OF_INPUT;
}

static inline uint32_t next(Lexer *lexer)
{
	if (lexer->pos < lexer->input.len && (unsigned char)lexer->input.p[lexer->pos] < 0x80)
		return (unsigned char)lexer->input.p[lexer->pos++];
	return next_rune(lexer);
}

static bool is_space(uint32_t c)
{
	return c < 0x80 && CLASS[c] & SPACE;
}

static bool is_digit(uint32_t c)
{
	return c < 0x80 && CLASS[c] & DIGIT;
}

// Letters and digits of any script may stand in a name.
static bool is_alphanumeric(uint32_t c)
{
	if (c < 0x80)
		return CLASS[c] & ALNUM;
	return c != END_OF_INPUT && (unicode_is_letter(c) || unicode_is_digit(c));
}

static void skip_name(Lexer *lexer)
{
	for (;;) {
		const char *p = lexer->input.p;
		size_t at = lexer->pos, len = lexer->input.len;
		while (at < len && CLASS[(unsigned char)p[at]] & ALNUM)
			at++;
		lexer->pos = at;
		if (byte_at(lexer, 0) < 0x80 || !is_alphanumeric(peek(lexer)))
			return;
		next(lexer);
	}
}

static bool accept(Lexer *lexer, const char *valid)
{
	unsigned char c = byte_at(lexer, 0);

	if (!c || !strchr(valid, c))
		return false;
	lexer->pos++;
	return true;
}

static void accept_run(Lexer *lexer, const char *valid)
{
	while (accept(lexer, valid))
		;
}

// {{- with a space after it.
static bool has_left_marker(Str s)
{
	return s.len >= 2 && s.p[0] == '-' && is_space((unsigned char)s.p[1]);
}

// Whether "}}" stands at the position, or " -}}".
static bool at_right_delim(const Lexer *lexer, bool *trim)
{
	unsigned char c = byte_at(lexer, 0);

	*trim = CLASS[c] & SPACE && byte_at(lexer, 1) == '-' && byte_at(lexer, 2) == '}' &&
	        byte_at(lexer, 3) == '}';
	return *trim || (c == '}' && byte_at(lexer, 1) == '}');
}

// Whether what follows ends a name: so that {{.x.y}} and {{$x|f}} work and {{.x!}} does not.
static bool at_terminator(const Lexer *lexer)
{
	unsigned char c = byte_at(lexer, 0);

	return lexer->pos >= lexer->input.len || CLASS[c] & ENDS_NAME ||
	       (c == '}' && byte_at(lexer, 1) == '}');
}

// fmt's %#U.
static Str name_rune(Arena *arena, uint32_t c)
{
	Buf buf = buf_new(arena);

	if (c == END_OF_INPUT)
		return S("U+FFFFFFFFFFFFFFFF");
	buf_printf(&buf, "U+%04X", (unsigned)c);
	if (num_is_print(c)) {
		buf_c(&buf, " '");
		buf_rune(&buf, c);
		buf_byte(&buf, '\'');
	}
	return buf_view(&buf);
}

static Token bad_character(Lexer *lexer, uint32_t c)
{
	return fail(lexer,
	            str_concat(lexer->arena, S("bad character "), name_rune(lexer->arena, c)));
}

static size_t trailing_space(Str s)
{
	size_t len = s.len;

	while (len && is_space((unsigned char)s.p[len - 1]))
		len--;
	return s.len - len;
}

static void skip_leading_space(Lexer *lexer)
{
	while (lexer->pos < lexer->input.len && is_space((unsigned char)lexer->input.p[lexer->pos]))
		lexer->pos++;
}

static Token lex_left_delim(Lexer *lexer);

// Braces are rare enough in text that looking for one is quicker than looking for two.
static size_t find_left_delim(Str s)
{
	const char *p = s.p, *end = s.p + s.len;

	for (; end - p >= 2 && (p = memchr(p, '{', (size_t)(end - p - 1))); p++)
		if (p[1] == '{')
			return (size_t)(p - s.p);
	return STR_NONE;
}

static Token lex_text(Lexer *lexer)
{
	size_t at = find_left_delim(rest(lexer)), trim = 0;
	Token token;

	if (at == STR_NONE) {
		lexer->pos = lexer->input.len;
		return emit(lexer, lexer->pos > lexer->start ? TOKEN_TEXT : TOKEN_EOF);
	}
	if (!at)
		return lex_left_delim(lexer);
	lexer->pos += at;
	if (has_left_marker(str_from(lexer->input, lexer->pos + 2)))
		trim = trailing_space(str_slice(lexer->input, lexer->start, lexer->pos));
	lexer->pos -= trim;
	token = emit(lexer, TOKEN_TEXT);
	lexer->pos += trim;
	lexer->start = lexer->pos;
	return token.text.len ? token : lex_left_delim(lexer);
}

static Token lex_comment(Lexer *lexer)
{
	size_t end;
	bool trim;

	lexer->pos += 2;
	end = str_find(rest(lexer), S("*/"));
	if (end == STR_NONE)
		return fail(lexer, S("unclosed comment"));
	lexer->pos += end + 2;
	if (!at_right_delim(lexer, &trim))
		return fail(lexer, S("comment ends before closing delimiter"));
	lexer->pos += trim ? 2 + MARKER_LEN : 2;
	if (trim)
		skip_leading_space(lexer);
	lexer->start = lexer->pos;
	return lex_text(lexer);
}

static Token lex_left_delim(Lexer *lexer)
{
	size_t marker;
	Token token;

	lexer->pos += 2;
	marker = has_left_marker(rest(lexer)) ? MARKER_LEN : 0;
	if (str_has_prefix(str_from(lexer->input, lexer->pos + marker), S("/*"))) {
		lexer->pos += marker;
		lexer->start = lexer->pos;
		return lex_comment(lexer);
	}
	token = emit(lexer, TOKEN_LEFT_DELIM);
	lexer->inside_action = true;
	lexer->pos += marker;
	lexer->start = lexer->pos;
	lexer->paren_depth = 0;
	return token;
}

static Token lex_right_delim(Lexer *lexer, bool trim)
{
	Token token;

	if (trim) {
		lexer->pos += MARKER_LEN;
		lexer->start = lexer->pos;
	}
	lexer->pos += 2;
	token = emit(lexer, TOKEN_RIGHT_DELIM);
	if (trim)
		skip_leading_space(lexer);
	lexer->start = lexer->pos;
	lexer->inside_action = false;
	return token;
}

// A run of space, less the one that belongs to a closing trim marker.
static Token lex_space(Lexer *lexer)
{
	size_t spaces = 0;
	bool trim;

	while (CLASS[byte_at(lexer, 0)] & SPACE) {
		lexer->pos++;
		spaces++;
	}
	lexer->pos--;
	if (at_right_delim(lexer, &trim) && trim) {
		if (spaces == 1)
			return lex_right_delim(lexer, true);
	} else {
		lexer->pos++;
	}
	return emit(lexer, TOKEN_SPACE);
}

static Token lex_quote(Lexer *lexer)
{
	for (;;) {
		unsigned char plain = byte_at(lexer, 0);
		while (plain >= ' ' && plain < 0x80 && plain != '"' && plain != '\\') {
			lexer->pos++;
			plain = byte_at(lexer, 0);
		}
		uint32_t c = next(lexer);
		if (c == '\\') {
			c = next(lexer);
			if (c != END_OF_INPUT && c != '\n')
				continue;
		}
		if (c == END_OF_INPUT || c == '\n')
			return fail(lexer, S("unterminated quoted string"));
		if (c == '"')
			return emit(lexer, TOKEN_STRING);
	}
}

static Token lex_raw_quote(Lexer *lexer)
{
	size_t end = str_find_byte(rest(lexer), '`');

	if (end == STR_NONE)
		return fail(lexer, S("unterminated raw quoted string"));
	lexer->pos += end + 1;
	return emit(lexer, TOKEN_RAW_STRING);
}

static Token lex_char(Lexer *lexer)
{
	for (;;) {
		uint32_t c = next(lexer);
		if (c == '\\') {
			c = next(lexer);
			if (c != END_OF_INPUT && c != '\n')
				continue;
		}
		if (c == END_OF_INPUT || c == '\n')
			return fail(lexer, S("unterminated character constant"));
		if (c == '\'')
			return emit(lexer, TOKEN_CHAR_CONSTANT);
	}
}

static Token lex_field_or_variable(Lexer *lexer, TokenKind kind)
{
	if (at_terminator(lexer))
		return emit(lexer, kind == TOKEN_VARIABLE ? TOKEN_VARIABLE : TOKEN_DOT);
	skip_name(lexer);
	if (!at_terminator(lexer))
		return bad_character(lexer, peek(lexer));
	return emit(lexer, kind);
}

static Token lex_identifier(Lexer *lexer)
{
	static const struct {
		const char *word;
		TokenKind kind;
	} keywords[] = {
		{"block", TOKEN_BLOCK},   {"break", TOKEN_BREAK}, {"continue", TOKEN_CONTINUE},
		{"define", TOKEN_DEFINE}, {"else", TOKEN_ELSE},   {"end", TOKEN_END},
		{"false", TOKEN_BOOL},    {"if", TOKEN_IF},       {"nil", TOKEN_NIL},
		{"range", TOKEN_RANGE},   {"true", TOKEN_BOOL},   {"template", TOKEN_TEMPLATE},
		{"with", TOKEN_WITH},
	};
	// Most words are functions, whose first letter begins no keyword or which are longer than any.
	static const char first_letters[] = "bcdefinrtw";
	Str word;

	skip_name(lexer);
	if (!at_terminator(lexer))
		return bad_character(lexer, peek(lexer));
	word = str_slice(lexer->input, lexer->start, lexer->pos);
	for (size_t i = 0; word.len <= 8 && strchr(first_letters, word.p[0]) &&
	                   i < sizeof keywords / sizeof *keywords;
	     i++)
		if (word.p[0] == keywords[i].word[0] && str_is(word, keywords[i].word))
			return emit(lexer, keywords[i].kind);
	return emit(lexer, TOKEN_IDENTIFIER);
}

// Takes what may be a number; it is checked when it is converted.
static bool scan_number(Lexer *lexer)
{
	const char *digits = "0123456789_";
	bool decimal = true, hex = false;

	accept(lexer, "+-");
	if (accept(lexer, "0")) {
		if (accept(lexer, "xX"))
			digits = "0123456789abcdefABCDEF_", decimal = false, hex = true;
		else if (accept(lexer, "oO"))
			digits = "01234567_", decimal = false;
		else if (accept(lexer, "bB"))
			digits = "01_", decimal = false;
	}
	accept_run(lexer, digits);
	if (accept(lexer, "."))
		accept_run(lexer, digits);
	if ((decimal && accept(lexer, "eE")) || (hex && accept(lexer, "pP"))) {
		accept(lexer, "+-");
		accept_run(lexer, "0123456789_");
	}
	accept(lexer, "i");
	if (is_alphanumeric(peek(lexer))) {
		next(lexer);
		return false;
	}
	return true;
}

static Token lex_number(Lexer *lexer)
{
	bool ok = scan_number(lexer);
	uint32_t sign = peek(lexer);
	TokenKind kind = TOKEN_NUMBER;
	Buf buf;

	if (ok && (sign == '+' || sign == '-')) {
		kind = TOKEN_COMPLEX;
		ok = scan_number(lexer) && lexer->input.p[lexer->pos - 1] == 'i';
	}
	if (ok)
		return emit(lexer, kind);
	buf = buf_new(lexer->arena);
	buf_c(&buf, "bad number syntax: ");
	num_quote(&buf, str_slice(lexer->input, lexer->start, lexer->pos));
	return fail(lexer, buf_view(&buf));
}

static Token lex_dot(Lexer *lexer)
{
	if (!is_digit(peek(lexer)))
		return lex_field_or_variable(lexer, TOKEN_FIELD);
	lexer->pos--;
	return lex_number(lexer);
}

static Token lex_paren(Lexer *lexer, uint32_t c)
{
	lexer->paren_depth += c == '(' ? 1 : -1;
	if (lexer->paren_depth < 0)
		return fail(lexer, S("unexpected right paren"));
	return emit(lexer, c == '(' ? TOKEN_LEFT_PAREN : TOKEN_RIGHT_PAREN);
}

static Token lex_inside_action(Lexer *lexer)
{
	unsigned char first = byte_at(lexer, 0);
	bool trim;
	uint32_t c;

	// Most spaces are one, between two words.
	if (first == ' ' && CLASS[byte_at(lexer, 1)] & ALNUM) {
		lexer->pos++;
		return emit(lexer, TOKEN_SPACE);
	}
	if ((first == '}' || CLASS[first] & SPACE) && at_right_delim(lexer, &trim))
		return lexer->paren_depth ? fail(lexer, S("unclosed left paren"))
		                          : lex_right_delim(lexer, trim);
	c = next(lexer);
	if (is_space(c)) {
		lexer->pos--;
		return lex_space(lexer);
	}
	switch (c) {
	case END_OF_INPUT:
		return fail(lexer, S("unclosed action"));
	case '=':
		return emit(lexer, TOKEN_ASSIGN);
	case ':':
		return next(lexer) == '=' ? emit(lexer, TOKEN_DECLARE)
		                          : fail(lexer, S("expected :="));
	case '|':
		return emit(lexer, TOKEN_PIPE);
	case '"':
		return lex_quote(lexer);
	case '`':
		return lex_raw_quote(lexer);
	case '$':
		return lex_field_or_variable(lexer, TOKEN_VARIABLE);
	case '\'':
		return lex_char(lexer);
	case '.':
		return lex_dot(lexer);
	case '(':
	case ')':
		return lex_paren(lexer, c);
	}
	if (c == '+' || c == '-' || is_digit(c)) {
		lexer->pos--;
		return lex_number(lexer);
	}
	if (is_alphanumeric(c))
		return lex_identifier(lexer);
	if (c < 0x7F && c > 0x20)
		return emit(lexer, TOKEN_CHAR);
	return fail(lexer, str_concat(lexer->arena, S("unrecognized character in action: "),
	                              name_rune(lexer->arena, c)));
}

Token lex_next(Lexer *lexer)
{
	return lexer->inside_action ? lex_inside_action(lexer) : lex_text(lexer);
}

Str token_to_str(Arena *arena, const Token *token)
{
	Buf buf = buf_new(arena);
	Str shown = token->text;
	size_t runes = 0, at = 0;
	uint32_t rune;

	if (token->kind == TOKEN_EOF)
		return S("EOF");
	if (token->kind == TOKEN_ERROR)
		return token->text;
	if (token->kind > TOKEN_KEYWORD) {
		buf_printf(&buf, "<%.*s>", STR_ARGS(token->text));
		return buf_view(&buf);
	}
	if (token->text.len > 10) {
		while (runes < 10 && at < token->text.len) {
			at += utf8_decode(str_from(token->text, at), &rune);
			runes++;
		}
		shown = str_to(token->text, at);
	}
	num_quote(&buf, shown);
	if (token->text.len > 10)
		buf_c(&buf, "...");
	return buf_view(&buf);
}
