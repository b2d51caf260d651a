// Reads TOML. The lexer steps through the text rune by rune, with up to four steps back, as BurntSushi's
// does: which line an error names, and which of two errors comes first, depends on it.

#include "data/toml.h"

#include "base/num.h"
#include "base/unicode.h"
#include "data/toml_quote.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Arrays and inline tables nest at most so deep: reading them recurses.
#define DEPTH_MAX     1000
#define KEY_DEPTH_MAX 10000
#define END           0  // what the reference takes for the end of the text
#define STOP          -1 // an error has been reported

// What is known of a key, apart from its value: the reference keeps this by the key's full name.
typedef struct Path Path;
struct Path {
	Path *parent;
	Str key;
	int depth;
	bool implicit; // its table was made on the way to another
	bool is_array;
	Map *children; // key to index in `nodes`
	Path **nodes;
	size_t len, cap;
};

// Where keys go: a table, with its path. `table` is NULL where what stands there is no table.
typedef struct Scope {
	Path *path;
	Map *table;
	Path *bad; // the nearest path that is no table
} Scope;

typedef struct Reader {
	Arena *arena;
	Str text;
	Diag *diag;
	TomlTimeMaker *make_time;
	size_t start, at; // of the item being read
	long line;
	bool at_end, failed;
	size_t widths[4];
	Path root;
	Map *mapping;
	Scope scope;
	Str key;       // the last part of the key whose value is being read
	long key_line; // of the first part of the key read last: what errors about keys name
	int depth;
} Reader;

typedef enum ItemKind {
	ITEM_STRING,
	ITEM_MULTILINE,
	ITEM_RAW,
	ITEM_RAW_MULTILINE,
	ITEM_INTEGER,
	ITEM_FLOAT,
	ITEM_BOOL,
	ITEM_DATETIME,
	ITEM_ARRAY,
	ITEM_TABLE,
} ItemKind;

typedef struct Item {
	ItemKind kind;
	Str text;
	long line;
} Item;

// --- keys in messages ---

static bool is_bare(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

void toml_quote(Buf *out, Str s)
{
	static const char from[] = "\"\\\b\t\n\f\r", to[] = "\"\\btnfr";

	buf_byte(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		const char *hit = memchr(from, c, sizeof from - 1);
		if (hit) {
			buf_byte(out, '\\');
			buf_byte(out, to[hit - from]);
		} else if (c < ' ' || c == 0x7F) {
			buf_printf(out, "\\u%04x", c);
		} else {
			buf_byte(out, (char)c);
		}
	}
	buf_byte(out, '"');
}

void toml_key(Buf *out, Str key)
{
	bool bare = key.len > 0;

	for (size_t i = 0; bare && i < key.len; i++)
		bare = is_bare(key.p[i]);
	if (bare)
		buf_str(out, key);
	else
		toml_quote(out, key);
}

static void write_path(Buf *out, const Path *path)
{
	const Path **steps = NULL;
	size_t len = 0, cap = 0;

	for (; path->parent; path = path->parent)
		VEC_PUSH(out->arena, steps, len, cap) = path;
	while (len--) {
		toml_key(out, steps[len]->key);
		if (len)
			buf_byte(out, '.');
	}
}

static Str path_text(Reader *r, const Path *path)
{
	Buf text = buf_new(r->arena);

	write_path(&text, path);
	return buf_view(&text);
}

// --- errors ---

static bool fail_line(Reader *r, long line, Str message)
{
	Buf text = buf_new(r->arena), key = buf_new(r->arena);

	if (r->failed)
		return false;
	r->failed = true;
	write_path(&key, r->scope.path);
	if (r->key.len) {
		if (key.len)
			buf_byte(&key, '.');
		buf_str(&key, r->key);
	}
	buf_printf(&text, "toml: line %ld", line);
	if (key.len) {
		buf_c(&text, " (last key ");
		num_quote(&text, buf_view(&key));
		buf_byte(&text, ')');
	}
	buf_c(&text, ": ");
	buf_str(&text, message);
	diag_fail_str(r->diag, buf_view(&text));
	if (line > 0)
		r->diag->place.line = (size_t)line;
	return false;
}

// An error where the lexer is. At the end of the text it is the last line that counts.
static bool fail(Reader *r, Str message)
{
	bool newline = r->at >= 1 && r->text.p[r->at - 1] == '\n';

	return fail_line(r, r->line - (r->at_end && newline), message);
}

static bool fail_c(Reader *r, const char *message)
{
	return fail(r, str_c(message));
}

static Str quoted_rune(Reader *r, int32_t rune)
{
	Buf text = buf_new(r->arena);

	num_quote_rune(&text, (uint32_t)rune, false);
	return buf_view(&text);
}

static Str quoted(Reader *r, Str s)
{
	Buf text = buf_new(r->arena);

	num_quote(&text, s);
	return buf_view(&text);
}

static Str joined(Reader *r, const char *before, Str middle, const char *after)
{
	return str_concat(r->arena, str_concat(r->arena, str_c(before), middle), str_c(after));
}

// "BEFORE 'x' AFTER"
static bool fail_rune(Reader *r, const char *before, int32_t rune, const char *after)
{
	return fail(r, joined(r, before, quoted_rune(r, rune), after));
}

static bool fail_rune_line(Reader *r, long line, const char *before, int32_t rune,
                           const char *after)
{
	return fail_line(r, line, joined(r, before, quoted_rune(r, rune), after));
}

// --- stepping ---

static bool is_control(uint32_t rune)
{
	return (rune < ' ' && rune != '\t' && rune != '\r' && rune != '\n') || rune == 0x7F;
}

static int32_t next(Reader *r)
{
	uint32_t rune;
	size_t size;
	bool lone_cr;

	if (r->failed)
		return STOP;
	if (r->at >= r->text.len) {
		r->at_end = true;
		return END;
	}
	if (r->text.p[r->at] == '\n')
		r->line++;
	memmove(r->widths + 1, r->widths, 3 * sizeof *r->widths);
	size = utf8_decode(str_from(r->text, r->at), &rune);
	if (size == 1 && rune == 0xFFFD) {
		fail(r, str_printf(r->arena, "invalid UTF-8 byte: 0x%02x",
		                   (unsigned char)r->text.p[r->at]));
		return STOP;
	}
	lone_cr = rune == '\r' && (r->at + 1 == r->text.len || r->text.p[r->at + 1] != '\n');
	if (is_control(rune) || lone_cr) {
		fail(r, str_printf(r->arena,
		                   "TOML files cannot contain control characters: '0x%02x'", rune));
		return STOP;
	}
	r->widths[0] = size;
	r->at += size;
	return (int32_t)rune;
}

static void backup(Reader *r)
{
	if (r->at_end) {
		r->at_end = false;
		return;
	}
	r->at -= r->widths[0];
	memmove(r->widths, r->widths + 1, 3 * sizeof *r->widths);
	if (r->at < r->text.len && r->text.p[r->at] == '\n')
		r->line--;
}

// Steps back where `rune` was read; nothing to undo after an error.
static void unread(Reader *r)
{
	if (!r->failed)
		backup(r);
}

static bool accept(Reader *r, char wanted)
{
	if (next(r) == wanted)
		return true;
	unread(r);
	return false;
}

static int32_t peek(Reader *r)
{
	int32_t rune = next(r);

	unread(r);
	return rune;
}

static void ignore(Reader *r)
{
	r->start = r->at;
}

static bool is_blank(int32_t c)
{
	return c == ' ' || c == '\t';
}
static bool is_newline(int32_t c)
{
	return c == '\n' || c == '\r';
}
static bool is_digit(int32_t c)
{
	return c >= '0' && c <= '9';
}
static bool is_octal(int32_t c)
{
	return c >= '0' && c <= '7';
}
static bool is_binary(int32_t c)
{
	return c == '0' || c == '1';
}

static bool is_hex(int32_t c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static void skip_blanks(Reader *r)
{
	while (is_blank(next(r)))
		;
	unread(r);
	ignore(r);
}

static Str current(const Reader *r)
{
	return str_slice(r->text, r->start, r->at);
}

static bool emit(Reader *r, Item *item, ItemKind kind)
{
	if (r->failed)
		return false;
	*item = (Item){kind, current(r), r->line};
	r->start = r->at;
	return true;
}

// --- strings ---

static bool lex_hex_escape(Reader *r, int count, const char *words)
{
	for (int i = 0; i < count; i++)
		if (!is_hex(next(r)))
			return fail(r, joined(r, words, quoted(r, current(r)), " instead"));
	return true;
}

// Behind the backslash.
static bool lex_escape(Reader *r)
{
	int32_t c = next(r);
	Buf message = buf_new(r->arena);

	switch (c) {
	case STOP:
		return false;
	case 'e':
	case 'b':
	case 't':
	case 'n':
	case 'f':
	case 'r':
	case '"':
	case ' ':
	case '\t':
	case '\\':
		return true;
	case 'x':
		return lex_hex_escape(r, 2,
		                      "expected two hexadecimal digits after '\\x', but got ");
	case 'u':
		return lex_hex_escape(r, 4,
		                      "expected four hexadecimal digits after '\\u', but got ");
	case 'U':
		return lex_hex_escape(r, 8,
		                      "expected eight hexadecimal digits after '\\U', but got ");
	}
	buf_c(&message, "invalid escape in string '\\");
	buf_rune(&message, (uint32_t)c);
	buf_byte(&message, '\'');
	return fail_line(r, r->line - r->at_end, buf_view(&message));
}

// Behind the opening quote.
static bool lex_string(Reader *r, Item *item)
{
	for (;;) {
		int32_t c = next(r);
		if (c == STOP)
			return false;
		if (c == END)
			return fail_c(r, "unexpected EOF; expected '\"'");
		if (is_newline(c))
			return fail_line(r, r->line - 1, S("strings cannot contain newlines"));
		if (c == '\\' && !lex_escape(r))
			return false;
		if (c == '"')
			break;
	}
	backup(r);
	if (!emit(r, item, ITEM_STRING))
		return false;
	next(r);
	ignore(r);
	return true;
}

static bool lex_raw_string(Reader *r, Item *item)
{
	for (;;) {
		int32_t c = next(r);
		if (c == STOP)
			return false;
		if (c == END)
			return fail_c(r, "unexpected EOF; expected \"'\"");
		if (is_newline(c))
			return fail_line(r, r->line - 1, S("strings cannot contain newlines"));
		if (c == '\'')
			break;
	}
	backup(r);
	if (!emit(r, item, ITEM_RAW))
		return false;
	next(r);
	ignore(r);
	return true;
}

// At one quote of a multi-line string. True where the string ends here: `*item` is it.
static bool lex_closing(Reader *r, Item *item, char quote)
{
	const char *five = quote == '"' ? "\"\"\"\"\"" : "'''''";

	if (!accept(r, quote))
		return false;
	if (!accept(r, quote)) {
		unread(r);
		return false;
	}
	if (peek(r) == quote) {
		// Two quotes may stand before the closing three, not more.
		if (str_has_suffix(current(r), str_c(five)) &&
		    !(quote == '"' && str_has_suffix(current(r), S("\\\"\"\"\"\""))))
			return fail_c(r, quote == '"' ? "unexpected '\"\"\"\"\"\"'"
			                              : "unexpected \"''''''\"");
		backup(r);
		backup(r);
		return false;
	}
	if (r->failed)
		return false;
	for (int i = 0; i < 3; i++)
		backup(r);
	emit(r, item, quote == '"' ? ITEM_MULTILINE : ITEM_RAW_MULTILINE);
	for (int i = 0; i < 3; i++)
		next(r);
	ignore(r);
	return true;
}

static bool lex_multiline(Reader *r, Item *item, char quote)
{
	for (;;) {
		int32_t c = next(r);
		if (c == STOP)
			return false;
		if (c == END)
			return fail_c(r, quote == '"' ? "unexpected EOF; expected '\"\"\"'"
			                              : "unexpected EOF; expected \"'''\"");
		if (c == quote && lex_closing(r, item, quote))
			return true;
		if (c == '\\' && quote == '"' && !is_newline(next(r))) {
			unread(r);
			if (!lex_escape(r))
				return false;
		}
	}
}

// --- numbers, dates, words ---

static bool lex_while(Reader *r, Item *item, ItemKind kind, bool (*digit)(int32_t),
                      const char *others)
{
	int32_t c;

	do
		c = next(r);
	while (digit(c) || (c > 0 && c < 128 && strchr(others, c)));
	unread(r);
	return emit(r, item, kind);
}

static bool lex_float(Reader *r, Item *item)
{
	return lex_while(r, item, ITEM_FLOAT, is_digit, "_.-+eE");
}

static bool lex_decimal(Reader *r, Item *item)
{
	int32_t c;

	do
		c = next(r);
	while (is_digit(c) || c == '_');
	if (c == '.' || c == 'e' || c == 'E')
		return lex_float(r, item);
	unread(r);
	return emit(r, item, ITEM_INTEGER);
}

static bool lex_number_or_date(Reader *r, Item *item)
{
	int32_t c;

	do
		c = next(r);
	while (is_digit(c));
	switch (c) {
	case '-':
	case ':':
		if (!lex_while(r, item, ITEM_DATETIME, is_digit, "-:Tt .Zz+"))
			return false;
		item->text = str_trim_ascii(item->text);
		return true;
	case '_':
		return lex_decimal(r, item);
	case '.':
	case 'e':
	case 'E':
		return lex_float(r, item);
	}
	unread(r);
	return emit(r, item, ITEM_INTEGER);
}

static bool lex_base(Reader *r, Item *item, bool (*digit)(int32_t), const char *words)
{
	int32_t c = peek(r);
	Buf message = buf_new(r->arena);

	if (r->failed)
		return false;
	if (!digit(c)) {
		buf_c(&message, words);
		buf_str(&message, current(r));
		buf_rune(&message, (uint32_t)c);
		buf_byte(&message, '\'');
		return fail(r, buf_view(&message));
	}
	return lex_while(r, item, ITEM_INTEGER, digit, "_");
}

// Behind a leading 0.
static bool lex_after_zero(Reader *r, Item *item)
{
	int32_t c = next(r);

	if (is_digit(c))
		return lex_number_or_date(r, item);
	switch (c) {
	case '_':
		return lex_decimal(r, item);
	case '.':
	case 'e':
	case 'E':
		return lex_float(r, item);
	case 'b':
		return lex_base(r, item, is_binary, "not a binary number: '");
	case 'o':
		return lex_base(r, item, is_octal, "not an octal number: '");
	case 'x':
		return lex_base(r, item, is_hex, "not a hexadecimal number: '");
	}
	unread(r);
	return emit(r, item, ITEM_INTEGER);
}

static bool lex_special_float(Reader *r, Item *item, const char *rest)
{
	if (!accept(r, rest[0]) || !accept(r, rest[1]))
		return fail(r, joined(r, "invalid float: '", current(r), "'"));
	return emit(r, item, ITEM_FLOAT);
}

// Behind a sign.
static bool lex_signed(Reader *r, Item *item)
{
	int32_t c = next(r), p;
	Buf message = buf_new(r->arena);

	switch (c) {
	case STOP:
		return false;
	case 'i':
		return lex_special_float(r, item, "nf");
	case 'n':
		return lex_special_float(r, item, "an");
	case '.':
		return fail_c(r, "floats must start with a digit, not '.'");
	case '0':
		p = peek(r);
		if (p != 'b' && p != 'o' && p != 'x')
			break;
		buf_c(&message, "cannot use sign with non-decimal numbers: '");
		buf_str(&message, current(r));
		buf_rune(&message, (uint32_t)p);
		buf_byte(&message, '\'');
		return fail(r, buf_view(&message));
	}
	if (!is_digit(c))
		return fail_rune(r, "expected a digit but got ", c, "");
	return lex_decimal(r, item);
}

static bool lex_word(Reader *r, Item *item)
{
	size_t from = r->at;
	int32_t c;
	Str word;

	do
		c = next(r);
	while (c > 0 && unicode_is_letter((uint32_t)c));
	unread(r);
	word = str_slice(r->text, from, r->at);
	if (str_is(word, "true") || str_is(word, "false"))
		return emit(r, item, ITEM_BOOL);
	return fail(r, joined(r, "expected value but found ", quoted(r, word), " instead"));
}

static bool lex_quoted_value(Reader *r, Item *item, char quote)
{
	if (accept(r, quote)) {
		if (accept(r, quote)) {
			ignore(r);
			return lex_multiline(r, item, quote);
		}
		unread(r);
	}
	ignore(r);
	return quote == '"' ? lex_string(r, item) : lex_raw_string(r, item);
}

// A value, or the opening of an array or inline table.
static bool lex_value(Reader *r, Item *item)
{
	int32_t c;

	skip_blanks(r);
	c = next(r);
	if (is_digit(c))
		return c == '0' ? lex_after_zero(r, item) : lex_number_or_date(r, item);
	switch (c) {
	case STOP:
		return false;
	case '[':
	case '{':
		ignore(r);
		return emit(r, item, c == '[' ? ITEM_ARRAY : ITEM_TABLE);
	case '"':
	case '\'':
		return lex_quoted_value(r, item, (char)c);
	case '.':
		return fail_c(r, "floats must start with a digit, not '.'");
	case 'i':
	case 'n':
		if ((accept(r, 'n') && accept(r, 'f')) || (accept(r, 'a') && accept(r, 'n')))
			return emit(r, item, ITEM_FLOAT);
		break;
	case '-':
	case '+':
		return lex_signed(r, item);
	case END:
		return fail_c(r, "unexpected EOF; expected value");
	}
	if (unicode_is_letter((uint32_t)c)) {
		unread(r);
		return lex_word(r, item);
	}
	return fail_rune_line(r, r->line - (c == '\n'), "expected value but found ", c, " instead");
}

// Behind '#': to the end of the line.
static void lex_comment(Reader *r)
{
	int32_t c;

	do
		c = next(r);
	while (c != STOP && c != END && !is_newline(c));
	unread(r);
	ignore(r);
}

// --- paths and tables ---

static Path *path_child(Reader *r, Path *path, Str key)
{
	Value *index;
	Path *child;

	if (!path->children)
		path->children = map_new(r->arena, &TYPE_ANY_MAP);
	index = map_get(path->children, key);
	if (index)
		return path->nodes[index->i];
	child = ARENA_NEW(r->arena, Path);
	child->parent = path;
	child->key = key;
	child->depth = path->depth + 1;
	map_set(r->arena, path->children, key, value_int((int64_t)path->len));
	VEC_PUSH(r->arena, path->nodes, path->len, path->cap) = child;
	return child;
}

static bool is_table_list(const Value *v)
{
	return v && v->kind == V_LIST && v->list->type == &TYPE_MAP_LIST;
}

static bool fail_path(Reader *r, const Path *path, const char *words)
{
	return fail_line(r, r->key_line, joined(r, "Key '", path_text(r, path), words));
}

// The scope one key down.
static Scope scope_down(Reader *r, Scope up, Str key)
{
	Scope down = {path_child(r, up.path, key), NULL, up.bad};
	const Value *v = up.table ? map_get(up.table, key) : NULL;

	if (is_table_list(v) && v->list->len)
		down.table = v->list->items[v->list->len - 1].map;
	else if (v && v->kind == V_MAP)
		down.table = v->map;
	else if (!down.bad)
		down.bad = down.path;
	return down;
}

// Puts a value into the table of a scope. A key may be set twice only where it was made on the way.
static bool set_value(Reader *r, Scope scope, Str key, Value v)
{
	Path *path = path_child(r, scope.path, key);

	if (!scope.table)
		return fail_path(r, scope.bad, "' has already been defined.");
	if (!map_get(scope.table, key)) {
		map_set(r->arena, scope.table, key, v);
		return true;
	}
	if (!path->implicit)
		return fail_path(r, path, "' has already been defined.");
	path->implicit = false;
	if (path->is_array)
		map_set(r->arena, scope.table, key, v);
	return true;
}

// Notes whether what stands at `key` in the scope is an array. An empty key stands for the scope itself.
static void set_type(Reader *r, Str key, bool is_array)
{
	Path *path = r->scope.path;

	if (key.len || !path->parent)
		path = path_child(r, path, key);
	path->is_array = is_array;
}

// Tables nest at most so deep: a line like a.a.a.a... costs nothing to write.
static bool check_depth(Reader *r, const Path *parent)
{
	if (parent->depth < KEY_DEPTH_MAX)
		return true;
	return fail_line(r, r->key_line,
	                 str_printf(r->arena, "tables nest deeper than %d levels", KEY_DEPTH_MAX));
}

// Goes one table down on the way to another, making it where it is missing.
static bool enter_parent(Reader *r, Scope *scope, Str key)
{
	Path *path = path_child(r, scope->path, key);

	if (!scope->table)
		return fail_path(r, scope->bad, "' was already created as a hash.");
	if (!map_get(scope->table, key)) {
		path->implicit = true;
		map_set(r->arena, scope->table, key, value_map(map_new(r->arena, &TYPE_ANY_MAP)));
	}
	if (!check_depth(r, scope->path))
		return false;
	*scope = scope_down(r, *scope, key);
	return scope->table || fail_path(r, path, "' was already created as a hash.");
}

// Opens the table `key` of `parent`, or a new last one of the array of tables there.
static bool enter_table(Reader *r, Scope parent, Str key, bool array)
{
	Value table = value_map(map_new(r->arena, &TYPE_ANY_MAP));
	Value *v;

	if (!parent.table)
		return fail_path(r, parent.bad, "' was already created as a hash.");
	if (!check_depth(r, parent.path))
		return false;
	r->scope = parent;
	if (!array) {
		if (!set_value(r, parent, key, table))
			return false;
	} else {
		v = map_get(parent.table, key);
		if (!v) {
			map_set(r->arena, parent.table, key,
			        value_list(list_new(r->arena, &TYPE_MAP_LIST, 0)));
			v = map_get(parent.table, key);
		}
		if (!is_table_list(v))
			return fail_path(r, path_child(r, parent.path, key),
			                 "' was already created and cannot be used as an array.");
		list_push(r->arena, v->list, table);
	}
	r->scope = scope_down(r, parent, key);
	return true;
}

// --- values ---

static bool read_value(Reader *r, const Item *item, bool in_array, Value *out);

static Str strip_first_newline(Str s)
{
	if (str_has_prefix(s, S("\n")))
		return str_from(s, 1);
	return str_has_prefix(s, S("\r\n")) ? str_from(s, 2) : s;
}

// Where the white space ends that a line-ending backslash at s.p[at] takes away; `at` where it is none.
static size_t line_continuation(Str s, size_t at)
{
	size_t end = at + 1;

	while (end < s.len && memchr(" \t\r\n", s.p[end], 4))
		end++;
	return str_find_byte(str_slice(s, at + 1, end), '\n') == STR_NONE ? at : end;
}

static uint32_t parse_hex(Str s)
{
	uint32_t value = 0;

	for (size_t i = 0; i < s.len; i++)
		value = value << 4 |
		        (uint32_t)(is_digit(s.p[i]) ? s.p[i] - '0' : (s.p[i] | 0x20) - 'a' + 10);
	return value;
}

static bool write_code_point(Reader *r, const Item *item, Text *out, Str digits, Str source)
{
	uint32_t rune = parse_hex(digits);
	char bytes[4];

	if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF))
		return fail_line(
			r, item->line,
			joined(r, "Escaped character '\\u", digits, "' is not valid UTF-8."));
	text_write_as(out, str_n(bytes, utf8_encode(rune, bytes)), source);
	return true;
}

// The escape at s.p[*at], which the lexer found well-formed.
static bool write_escape(Reader *r, const Item *item, Text *out, Str s, size_t *at)
{
	static const char from[] = "btnfre\"\\", to[] = "\b\t\n\f\r\x1b\"\\";
	char kind = s.p[*at + 1];
	const char *hit = memchr(from, kind, sizeof from - 1);
	size_t size = hit ? 2 : kind == 'x' ? 4 : kind == 'u' ? 6 : 10;
	Str source = str_slice(s, *at, *at + size);

	if (kind == ' ' || kind == '\t')
		return fail_line(r, item->line,
		                 joined(r, "invalid escape: '\\", str_n(&kind, 1), "'"));
	*at += size;
	if (!hit)
		return write_code_point(r, item, out, str_from(source, 2), source);
	text_write_as(out, str_n(&to[hit - from], 1), source);
	return true;
}

static bool unescape(Reader *r, const Item *item, Str s, bool multiline, Str *out)
{
	Text text;

	*out = s;
	if (str_find_byte(s, '\\') == STR_NONE)
		return true;
	text = text_new(r->arena, s.origin != NULL);
	for (size_t at = 0; at < s.len;) {
		size_t backslash = str_find_byte(str_from(s, at), '\\'), end;
		text_write(&text, str_to(str_from(s, at), backslash));
		if (backslash == STR_NONE)
			break;
		at += backslash;
		end = multiline ? line_continuation(s, at) : at;
		if (end > at)
			at = end;
		else if (!write_escape(r, item, &text, s, &at))
			return false;
	}
	*out = text_str(&text);
	return true;
}

static bool read_string(Reader *r, const Item *item, Str *out)
{
	switch (item->kind) {
	case ITEM_STRING:
		return unescape(r, item, item->text, false, out);
	case ITEM_MULTILINE:
		return unescape(r, item, strip_first_newline(item->text), true, out);
	case ITEM_RAW_MULTILINE:
		*out = strip_first_newline(item->text);
		return true;
	default:
		*out = item->text;
		return true;
	}
}

static bool underscores_ok(Str s)
{
	bool ok = false;

	if (str_is(s, "nan") || str_is(s, "+nan") || str_is(s, "-nan") || str_is(s, "inf") ||
	    str_is(s, "+inf") || str_is(s, "-inf"))
		return true;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '_' && !ok)
			return false;
		ok = is_hex(s.p[i]);
	}
	return ok;
}

static bool has_leading_zero(Str s)
{
	if (s.len > 1 && s.p[0] == '0' && s.p[1] != 'b' && s.p[1] != 'o' && s.p[1] != 'x')
		return true;
	return s.len > 2 && (s.p[0] == '-' || s.p[0] == '+') && s.p[1] == '0';
}

static bool fail_number(Reader *r, const Item *item, const char *before, const char *after)
{
	return fail_line(r, item->line, joined(r, before, quoted(r, item->text), after));
}

static bool read_integer(Reader *r, const Item *item, Value *out)
{
	int64_t i;
	NumError error;

	if (!underscores_ok(item->text))
		return fail_number(r, item, "Invalid integer ",
		                   ": underscores must be surrounded by digits");
	if (has_leading_zero(item->text))
		return fail_number(r, item, "Invalid integer ", ": cannot have leading zeroes");
	error = num_parse_int(item->text, 0, 64, &i);
	if (error == NUM_RANGE)
		return fail_line(r, item->line,
		                 joined(r, "", item->text, " is out of range for int64"));
	if (error == NUM_SYNTAX)
		return fail_line(r, item->line,
		                 joined(r, "Expected integer value, but got '", item->text, "'."));
	*out = value_int64(i);
	return true;
}

// The parts between '.', 'e' and 'E': underscores must be right in each, and the first has no leading zero.
static bool check_float_parts(Reader *r, const Item *item)
{
	Str s = item->text;
	bool first = true, zero = false;

	for (size_t i = 0, start = 0; i <= s.len; i++) {
		Str part = str_slice(s, start, i);
		if (i < s.len && s.p[i] != '.' && s.p[i] != 'e' && s.p[i] != 'E')
			continue;
		start = i + 1;
		if (!part.len)
			continue;
		if (!underscores_ok(part))
			return fail_number(r, item, "Invalid float ",
			                   ": underscores must be surrounded by digits");
		zero |= first && has_leading_zero(part);
		first = false;
	}
	return !zero || fail_number(r, item, "Invalid float ", ": cannot have leading zeroes");
}

static bool read_float(Reader *r, const Item *item, Value *out)
{
	Buf plain = buf_new(r->arena);
	Str s = item->text, digits;
	NumError error;
	double f;

	if (!check_float_parts(r, item))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '.' && (i + 1 == s.len || !is_digit(s.p[i + 1])))
			return fail_number(r, item, "Invalid float ",
			                   ": '.' must be followed by one or more digits");
		if (s.p[i] != '_')
			buf_byte(&plain, s.p[i]);
	}
	digits = buf_view(&plain);
	if (str_is(digits, "+nan") || str_is(digits, "-nan")) {
		*out = value_float(digits.p[0] == '-' ? -nan("") : nan(""));
		return true;
	}
	error = num_parse_float(digits, &f);
	if (error == NUM_RANGE)
		return fail_line(r, item->line, joined(r, "", s, " is out of range for float64"));
	if (error == NUM_SYNTAX)
		return fail_number(r, item, "Invalid float value: ", "");
	*out = value_float(f);
	return true;
}

// --- dates and times ---

// `count` digits at *at.
static bool take_digits(Str s, size_t *at, int count, int *out)
{
	*out = 0;
	for (int i = 0; i < count; i++, ++*at) {
		if (*at >= s.len || !is_digit(s.p[*at]))
			return false;
		*out = *out * 10 + (s.p[*at] - '0');
	}
	return true;
}

static bool take(Str s, size_t *at, char c)
{
	if (*at >= s.len || s.p[*at] != c)
		return false;
	++*at;
	return true;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool parse_date(Str s, size_t *at, TomlTime *t)
{
	if (!take_digits(s, at, 4, &t->year) || !take(s, at, '-') ||
	    !take_digits(s, at, 2, &t->month) || !take(s, at, '-') ||
	    !take_digits(s, at, 2, &t->day))
		return false;
	return t->month >= 1 && t->month <= 12 && t->day >= 1 &&
	       t->day <= days_in(t->year, t->month);
}

static bool parse_clock(Str s, size_t *at, TomlTime *t)
{
	int scale = 100000000;

	if (!take_digits(s, at, 2, &t->hour) || !take(s, at, ':') ||
	    !take_digits(s, at, 2, &t->minute))
		return false;
	if (take(s, at, ':')) {
		if (!take_digits(s, at, 2, &t->second))
			return false;
		if (*at + 1 < s.len && s.p[*at] == '.' && is_digit(s.p[*at + 1]))
			for (++*at; *at < s.len && is_digit(s.p[*at]); ++*at, scale /= 10)
				t->nanosecond += (s.p[*at] - '0') * scale;
	}
	return t->hour < 24 && t->minute < 60 && t->second < 60;
}

static bool parse_zone(Str s, size_t *at, TomlTime *t)
{
	int hours, minutes, sign;

	if (*at == s.len) {
		t->zone = "datetime-local";
		return true;
	}
	t->zone = "UTC";
	if (take(s, at, 'Z'))
		return true;
	sign = s.p[*at] == '-' ? -1 : 1;
	if (!take(s, at, '+') && !take(s, at, '-'))
		return false;
	if (!take_digits(s, at, 2, &hours) || !take(s, at, ':') || !take_digits(s, at, 2, &minutes))
		return false;
	t->offset = sign * (hours * 3600 + minutes * 60);
	if (t->offset)
		t->zone = "";
	return hours <= 24 && minutes <= 60;
}

static bool parse_datetime(Str s, TomlTime *t)
{
	size_t at = 0;
	bool ok;

	*t = (TomlTime){.month = 1, .day = 1};
	if (s.len > 2 && s.p[2] == ':') {
		t->zone = "time-local";
		ok = parse_clock(s, &at, t);
	} else {
		t->zone = "date-local";
		ok = parse_date(s, &at, t);
		if (ok && take(s, &at, 'T'))
			ok = parse_clock(s, &at, t) && parse_zone(s, &at, t);
	}
	return ok && at == s.len;
}

static void format_clock(const TomlTime *t, Buf *out, const char *between)
{
	buf_printf(out, "%04d-%02d-%02d%s%02d:%02d:%02d", t->year, t->month, t->day, between,
	           t->hour, t->minute, t->second);
	if (t->nanosecond) {
		buf_printf(out, ".%09d", t->nanosecond);
		while (out->p[out->len - 1] == '0')
			out->len--;
	}
}

static void format_offset(const TomlTime *t, Buf *out, const char *colon)
{
	int minutes = abs(t->offset) / 60;

	buf_printf(out, "%c%02d%s%02d", t->offset < 0 ? '-' : '+', minutes / 60, colon,
	           minutes % 60);
}

// time.Time's String.
static bool time_format(const Object *object, Buf *out)
{
	const TomlTime *t = object->data;

	format_clock(t, out, " ");
	buf_byte(out, ' ');
	format_offset(t, out, "");
	buf_byte(out, ' ');
	if (t->zone[0])
		buf_c(out, t->zone);
	else
		format_offset(t, out, "");
	return true;
}

static bool time_json(const Object *object, Buf *out, Diag *diag)
{
	const TomlTime *t = object->data;

	(void)diag;
	buf_byte(out, '"');
	format_clock(t, out, "T");
	if (t->offset)
		format_offset(t, out, ":");
	else
		buf_byte(out, 'Z');
	buf_byte(out, '"');
	return true;
}

static bool time_equal(const Object *a, const Object *b)
{
	const TomlTime *x = a->data, *y = b->data;

	return x->year == y->year && x->month == y->month && x->day == y->day &&
	       x->hour == y->hour && x->minute == y->minute && x->second == y->second &&
	       x->nanosecond == y->nanosecond && x->offset == y->offset &&
	       strcmp(x->zone, y->zone) == 0;
}

static const Type TYPE_TOML_TIME = {.name = "time.Time",
                                    .kind = V_OBJECT,
                                    .kind_name = "struct",
                                    .format = time_format,
                                    .json = time_json,
                                    .equal = time_equal};

static Value make_own_time(Arena *arena, const TomlTime *t)
{
	Object *object = ARENA_NEW(arena, Object);
	TomlTime *copy = ARENA_NEW(arena, TomlTime);

	*copy = *t;
	object->type = &TYPE_TOML_TIME;
	object->data = copy;
	return value_object(object);
}

static bool read_datetime(Reader *r, const Item *item, Value *out)
{
	char *text = str_to_c(r->arena, item->text);
	Str s = str_n(text, item->text.len);
	TomlTime t;

	for (size_t i = 0; i < s.len; i++) {
		if (text[i] == 'z')
			text[i] = 'Z';
		else if (text[i] == 't' || text[i] == ' ')
			text[i] = 'T';
	}
	if (!parse_datetime(s, &t))
		return fail_line(r, item->line, joined(r, "invalid datetime: ", quoted(r, s), ""));
	*out = r->make_time(r->arena, &t);
	return true;
}

// --- keys, arrays, inline tables ---

typedef struct Key {
	Str *parts;
	size_t len, cap;
} Key;

static bool is_quote(int32_t c)
{
	return c == '"' || c == '\'';
}

// One part of a key or table name. A bare one may turn out empty: what follows is the error then.
static bool read_key_part(Reader *r, int32_t first, Key *key)
{
	Item item;
	Str part;
	int32_t c;

	if (is_quote(first)) {
		ignore(r);
		next(r);
		ignore(r);
		if (first == '"' ? !lex_string(r, &item) : !lex_raw_string(r, &item))
			return false;
	} else {
		do
			c = next(r);
		while (c > 0 && c < 128 && is_bare((char)c));
		unread(r);
		if (!emit(r, &item, ITEM_RAW))
			return false;
	}
	if (!key->len)
		r->key_line = item.line;
	if (!read_string(r, &item, &part))
		return false;
	VEC_PUSH(r->arena, key->parts, key->len, key->cap) = part;
	return true;
}

// a.b.c =
static bool read_key(Reader *r, Key *key)
{
	int32_t c;

	*key = (Key){0};
	skip_blanks(r);
	c = peek(r);
	if (c == '=' || c == END)
		return fail_c(r, "unexpected '=': key name appears blank");
	if (c == '.')
		return fail_c(r, "unexpected '.': keys cannot start with a '.'");
	for (;;) {
		skip_blanks(r);
		c = peek(r);
		if (c == STOP)
			return false;
		if (key->len && (c == '=' || c == END))
			return fail_c(r, "unexpected '='");
		if (key->len && c == '.')
			return fail_c(r, "unexpected '.'");
		if (!read_key_part(r, c, key))
			return false;
		skip_blanks(r);
		c = next(r);
		if (c == '=')
			break;
		if (c == END)
			return fail_c(r, "unexpected EOF; expected key separator '='");
		if (c != '.')
			return fail_rune_line(r, r->line - (c == '\n'),
			                      "expected '.' or '=', but got ", c, " instead");
		ignore(r);
	}
	ignore(r);
	return true;
}

// Makes the tables on the way to the key's last part, and stands in the last of them.
static bool enter_key(Reader *r, const Key *key)
{
	r->key = key->parts[key->len - 1];
	for (size_t i = 0; i + 1 < key->len; i++) {
		Scope parent = r->scope;
		path_child(r, parent.path, key->parts[i])->implicit = true;
		if (!enter_table(r, parent, key->parts[i], false))
			return false;
	}
	return true;
}

static bool read_pair(Reader *r, bool inline_table, Map *inline_hash)
{
	Scope outer = r->scope;
	Item item;
	Value v;
	Key key;

	if (!read_key(r, &key) || !enter_key(r, &key) || !lex_value(r, &item) ||
	    !read_value(r, &item, false, &v))
		return false;
	if (!set_value(r, r->scope, r->key, v))
		return false;
	set_type(r, r->key, v.kind == V_LIST);
	if (inline_table) {
		for (size_t i = 0; i + 1 < key.len; i++) {
			Value *down = map_get(inline_hash, key.parts[i]);
			if (!down) {
				map_set(r->arena, inline_hash, key.parts[i],
				        value_map(map_new(r->arena, &TYPE_ANY_MAP)));
				down = map_get(inline_hash, key.parts[i]);
			}
			if (down->kind != V_MAP)
				return fail_line(r, r->key_line,
				                 joined(r, "",
				                        quoted(r, path_text(r, r->scope.path)),
				                        " is not a table"));
			inline_hash = down->map;
		}
		map_set(r->arena, inline_hash, r->key, v);
	}
	r->scope = outer;
	return true;
}

static bool deeper(Reader *r, const Item *item)
{
	if (++r->depth <= DEPTH_MAX)
		return true;
	return fail_line(r, item->line,
	                 str_printf(r->arena, "arrays and inline tables nest deeper than %d levels",
	                            DEPTH_MAX));
}

// White space, newlines and comments inside brackets. Returns the rune behind them.
static int32_t skip_inside(Reader *r)
{
	for (;;) {
		int32_t c = next(r);
		if (c == '#')
			lex_comment(r);
		else if (!is_blank(c) && !is_newline(c))
			return c;
		ignore(r);
	}
}

static bool fail_expected(Reader *r, const char *words, int32_t c, const char *after)
{
	Buf message = buf_new(r->arena);

	buf_c(&message, words);
	if (c == END) {
		buf_c(&message, "end of file");
	} else {
		buf_byte(&message, '\'');
		buf_rune(&message, (uint32_t)c);
		buf_byte(&message, '\'');
	}
	buf_c(&message, after);
	return fail(r, buf_view(&message));
}

static bool read_array(Reader *r, const Item *open, Value *out)
{
	List *list = list_new(r->arena, &TYPE_ANY_LIST, 0);
	Item item;
	Value v;

	set_type(r, r->key, true);
	if (!deeper(r, open))
		return false;
	for (;;) {
		int32_t c = skip_inside(r);
		if (c == ',')
			return fail_c(r, "unexpected comma");
		if (c == ']')
			break;
		unread(r);
		if (!lex_value(r, &item) || !read_value(r, &item, true, &v))
			return false;
		list_push(r->arena, list, v);
		c = skip_inside(r);
		if (c == ']')
			break;
		if (c != ',')
			return fail_expected(
				r, "expected a comma (',') or array terminator (']'), but got ", c,
				"");
		ignore(r);
	}
	ignore(r);
	r->depth--;
	*out = value_list(list);
	return true;
}

static bool read_inline_pairs(Reader *r, Map *hash)
{
	for (;;) {
		int32_t c = skip_inside(r);
		if (c == ',')
			return fail_c(r, "unexpected comma");
		if (c == '}')
			return true;
		unread(r);
		if (!read_pair(r, true, hash))
			return false;
		c = skip_inside(r);
		if (c == ',') {
			ignore(r);
			skip_blanks(r);
			if (peek(r) != '}')
				continue;
			c = skip_inside(r);
		}
		if (c == '}')
			return true;
		return fail_expected(r,
		                     "expected a comma or an inline table terminator '}', but got ",
		                     c, " instead");
	}
}

// While it is read, its keys also go into a table at its place, so that they are checked like others.
static bool read_inline_table(Reader *r, const Item *open, bool in_array, Value *out)
{
	Scope outer = r->scope;
	Str outer_key = r->key;
	Map *hash = map_new(r->arena, &TYPE_ANY_MAP);

	if (!deeper(r, open))
		return false;
	r->scope = scope_down(r, outer, outer_key);
	r->key = (Str){0};
	r->scope.path->implicit = true;
	if (!enter_table(r, outer, outer_key, in_array) || !read_inline_pairs(r, hash))
		return false;
	ignore(r);
	r->scope = outer;
	r->key = outer_key;
	r->depth--;
	*out = value_map(hash);
	return true;
}

// What is no text.
static bool read_plain(Reader *r, const Item *item, Value *out)
{
	bool ok = true;

	if (item->kind == ITEM_INTEGER)
		ok = read_integer(r, item, out);
	else if (item->kind == ITEM_FLOAT)
		ok = read_float(r, item, out);
	else if (item->kind == ITEM_DATETIME)
		ok = read_datetime(r, item, out);
	else
		*out = value_bool(str_is(item->text, "true"));
	if (ok)
		out->origin = origin_of_reading(r->arena, item->text);
	return ok;
}

static bool read_value(Reader *r, const Item *item, bool in_array, Value *out)
{
	Str s;

	switch (item->kind) {
	case ITEM_INTEGER:
	case ITEM_FLOAT:
	case ITEM_BOOL:
	case ITEM_DATETIME:
		return read_plain(r, item, out);
	case ITEM_ARRAY:
		return read_array(r, item, out);
	case ITEM_TABLE:
		return read_inline_table(r, item, in_array, out);
	default:
		if (!read_string(r, item, &s))
			return false;
		*out = value_str(s);
		return true;
	}
}

// --- the document ---

static bool read_table_name(Reader *r, Key *key)
{
	*key = (Key){0};
	for (;;) {
		int32_t c;
		skip_blanks(r);
		c = peek(r);
		if (c == ']' || c == END)
			return fail_c(r,
			              "unexpected end of table name (table names cannot be empty)");
		if (c == '.')
			return fail_c(r,
			              "unexpected table separator (table names cannot be empty)");
		if (c == STOP || !read_key_part(r, c, key))
			return false;
		skip_blanks(r);
		c = next(r);
		if (c == ']')
			return true;
		if (c != '.')
			return fail_rune(r, "expected '.' or ']' to end table name, but got ", c,
			                 " instead");
		ignore(r);
	}
}

// Behind '['.
static bool read_header(Reader *r)
{
	bool array = peek(r) == '[';
	Scope scope = {&r->root, r->mapping, NULL};
	Key key;

	if (array)
		next(r);
	ignore(r);
	if (!read_table_name(r, &key))
		return false;
	if (array) {
		int32_t c = next(r);
		if (c != ']')
			return fail_rune(r,
			                 "expected end of table array name delimiter ']', but got ",
			                 c, " instead");
	}
	ignore(r);
	for (size_t i = 0; i + 1 < key.len; i++)
		if (!enter_parent(r, &scope, key.parts[i]))
			return false;
	if (!enter_table(r, scope, key.parts[key.len - 1], array))
		return false;
	set_type(r, (Str){0}, false);
	return true;
}

// Behind a value or header: nothing more on the line. False at the end of the text too.
static bool read_line_end(Reader *r)
{
	for (;;) {
		int32_t c = next(r);
		if (is_blank(c))
			continue;
		if (c == '#')
			lex_comment(r);
		else if (c == END)
			return false;
		else if (!is_newline(c))
			return fail_rune(r,
			                 "expected a top-level item to end with a newline, "
			                 "comment, or EOF, but got ",
			                 c, " instead");
		ignore(r);
		return true;
	}
}

static bool read_document(Reader *r)
{
	for (;;) {
		int32_t c = skip_inside(r);
		if (c == END)
			return true;
		if (c == '[') {
			if (!read_header(r))
				return false;
		} else {
			unread(r);
			if (r->failed || !read_pair(r, false, NULL))
				return false;
			r->key = (Str){0};
		}
		if (!read_line_end(r))
			return !r->failed;
	}
}

bool toml_read_with(Arena *arena, Str text, TomlTimeMaker *make_time, Value *out, Diag *diag)
{
	Reader r = {.arena = arena, .text = text, .diag = diag, .make_time = make_time, .line = 1};

	if (str_has_prefix(text, S("\xff\xfe")) || str_has_prefix(text, S("\xfe\xff")))
		r.text = str_from(text, 2);
	else if (str_has_prefix(text, S("\xef\xbb\xbf")))
		r.text = str_from(text, 3);
	r.mapping = map_new(arena, &TYPE_ANY_MAP);
	r.scope = (Scope){&r.root, r.mapping, NULL};
	if (str_find_byte(str_to(r.text, 6), '\0') != STR_NONE)
		return fail_line(&r, 1,
		                 S("files cannot contain NULL bytes; probably using UTF-16; TOML "
		                   "files must be UTF-8"));
	if (!read_document(&r))
		return false;
	*out = value_map(r.mapping);
	return true;
}

bool toml_read(Arena *arena, Str text, Value *out, Diag *diag)
{
	return toml_read_with(arena, text, make_own_time, out, diag);
}
