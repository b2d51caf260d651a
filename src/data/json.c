// Go's encoding/json.

#include "data/json.h"

#include "base/num.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// encoding/json's own limit.
#define READ_DEPTH_MAX 10000
// Behind so many levels encoding/json looks for cycles.
#define CYCLE_CHECK_DEPTH 1000

// --- reading ---

// A list or map that is still open.
typedef struct Open {
	List *list; // NULL for a map
	Map *map;
	Str key; // of the entry being read
} Open;

typedef struct Reader {
	Arena *arena;
	Str text;
	size_t at;
	JsonNumbers numbers;
	Diag *diag;
	Open *stack;
	size_t depth, stack_cap;
	Str range_error; // the first number too large for a float64
} Reader;

static Place place_at(const Reader *r, size_t at)
{
	Place place = {.line = 1, .column = 1};

	for (size_t i = 0; i < at && i < r->text.len; i++) {
		place.column++;
		if (r->text.p[i] == '\n') {
			place.line++;
			place.column = 1;
		}
	}
	return place;
}

// "invalid character 'x' ...", or the end of the text. Go shows the byte as if it were a rune, and inside
// a number, a word or an escape takes the end for a space.
static bool bad_char(Reader *r, const char *context)
{
	Buf message = buf_new(r->arena);
	bool end = r->at >= r->text.len;
	unsigned char c = end ? ' ' : (unsigned char)r->text.p[r->at];

	if (end && strncmp(context, "in ", 3) != 0 && strncmp(context, "after decimal", 13) != 0)
		return diag_fail_at(r->diag, place_at(r, r->at), "unexpected end of JSON input");
	buf_c(&message, "invalid character ");
	if (c == '"')
		buf_c(&message, "'\"'");
	else
		num_quote_rune(&message, c, false);
	buf_byte(&message, ' ');
	buf_c(&message, context);
	return diag_fail_at(r->diag, place_at(r, r->at), "%.*s", STR_ARGS(buf_view(&message)));
}

static void skip_space(Reader *r)
{
	while (r->at < r->text.len) {
		char c = r->text.p[r->at];
		if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
			break;
		r->at++;
	}
}

static char peek(const Reader *r)
{
	return r->at < r->text.len ? r->text.p[r->at] : '\0';
}

static bool read_word(Reader *r, const char *word, Value value, Value *out)
{
	for (size_t i = 1; word[i]; i++) {
		r->at++;
		if (r->at < r->text.len && r->text.p[r->at] == word[i])
			continue;
		return bad_char(
			r, str_to_c(r->arena, str_printf(r->arena, "in literal %s (expecting '%c')",
		                                         word, word[i])));
	}
	r->at++;
	*out = value;
	return true;
}

static bool scan_digits(Reader *r, const char *context)
{
	if (!ascii_is_digit(peek(r)))
		return bad_char(r, context);
	while (ascii_is_digit(peek(r)))
		r->at++;
	return true;
}

static bool scan_number(Reader *r, bool *whole)
{
	*whole = true;
	if (peek(r) == '-') {
		r->at++;
		if (!ascii_is_digit(peek(r)))
			return bad_char(r, "in numeric literal");
	}
	if (peek(r) == '0')
		r->at++;
	else
		scan_digits(r, "");
	if (peek(r) == '.') {
		*whole = false;
		r->at++;
		if (!scan_digits(r, "after decimal point in numeric literal"))
			return false;
	}
	if (peek(r) == 'e' || peek(r) == 'E') {
		*whole = false;
		r->at++;
		if (peek(r) == '+' || peek(r) == '-')
			r->at++;
		if (!scan_digits(r, "in exponent of numeric literal"))
			return false;
	}
	return true;
}

static bool number_format(const Object *object, Buf *out)
{
	buf_str(out, *(const Str *)object->data);
	return true;
}

static bool number_json(const Object *object, Buf *out, Diag *diag)
{
	(void)diag;
	return number_format(object, out);
}

static bool number_equal(const Object *a, const Object *b)
{
	return str_eq(*(const Str *)a->data, *(const Str *)b->data);
}

const Type TYPE_JSON_NUMBER = {.name = "json.Number",
                               .kind = V_OBJECT,
                               .kind_name = "string",
                               .format = number_format,
                               .json = number_json,
                               .equal = number_equal};

static Value number_object(Arena *arena, Str text)
{
	Object *object = ARENA_NEW(arena, Object);
	Str *data = ARENA_NEW(arena, Str);

	*data = text;
	object->type = &TYPE_JSON_NUMBER;
	object->data = data;
	return value_object(object);
}

static bool read_number(Reader *r, Value *out)
{
	size_t start = r->at;
	bool whole;
	int64_t i;
	double f;
	Str text;

	if (!scan_number(r, &whole))
		return false;
	text = str_slice(r->text, start, r->at);
	if (r->numbers == JSON_NUMBERS) {
		*out = number_object(r->arena, text);
		return true;
	}
	if (r->numbers == JSON_INT64 && whole && num_parse_int(text, 10, 64, &i) == NUM_OK) {
		*out = value_int64(i);
		return true;
	}
	// Too large: json.Unmarshal goes on and says so at the end, unless a syntax error follows.
	if (num_parse_float(text, &f) != NUM_OK && !r->range_error.p)
		r->range_error = text;
	*out = value_float(f);
	return true;
}

static int hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hex4(Reader *r, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++, r->at++) {
		int digit = r->at < r->text.len ? hex_value(r->text.p[r->at]) : -1;
		if (digit < 0)
			return bad_char(r, "in \\u hexadecimal character escape");
		*out = *out << 4 | (uint32_t)digit;
	}
	return true;
}

// Behind \u. Half of a surrogate pair becomes U+FFFD; what follows it is read on its own.
static bool read_unicode_escape(Reader *r, uint32_t *rune)
{
	uint32_t low;
	size_t back;

	if (!read_hex4(r, rune))
		return false;
	if (*rune < 0xD800 || *rune > 0xDFFF)
		return true;
	back = r->at;
	if (*rune < 0xDC00 && peek(r) == '\\' && r->at + 1 < r->text.len &&
	    r->text.p[r->at + 1] == 'u') {
		r->at += 2;
		if (!read_hex4(r, &low))
			return false;
		if (low >= 0xDC00 && low <= 0xDFFF) {
			*rune = 0x10000 + ((*rune - 0xD800) << 10) + (low - 0xDC00);
			return true;
		}
		r->at = back;
	}
	*rune = 0xFFFD;
	return true;
}

// At the backslash.
static bool read_escape(Reader *r, Text *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	size_t start = r->at++;
	const char *hit = peek(r) ? memchr(from, peek(r), sizeof from - 1) : NULL;
	uint32_t rune;
	char bytes[4];

	if (hit) {
		r->at++;
		text_write_as(out, str_n(&to[hit - from], 1), str_slice(r->text, start, r->at));
		return true;
	}
	if (peek(r) != 'u')
		return bad_char(r, "in string escape code");
	r->at++;
	if (!read_unicode_escape(r, &rune))
		return false;
	text_write_as(out, str_n(bytes, utf8_encode(rune, bytes)),
	              str_slice(r->text, start, r->at));
	return true;
}

// The run of characters that stand for themselves. Sets `*ascii` false where it isn't pure ASCII.
static void scan_plain(Reader *r, bool *ascii)
{
	while (r->at < r->text.len) {
		unsigned char c = (unsigned char)r->text.p[r->at];
		if (c == '"' || c == '\\' || c < ' ')
			return;
		if (c >= 0x80)
			*ascii = false;
		r->at++;
	}
}

static void write_valid(Text *out, Str s)
{
	size_t start = 0;

	for (size_t i = 0; i < s.len;) {
		uint32_t rune;
		size_t size = utf8_decode(str_from(s, i), &rune);
		if (size == 1 && rune == 0xFFFD) {
			text_write(out, str_slice(s, start, i));
			text_write_as(out, S("\xEF\xBF\xBD"), str_slice(s, i, i + 1));
			start = i + 1;
		}
		i += size;
	}
	text_write(out, str_from(s, start));
}

// At the opening quote.
static bool read_string(Reader *r, Str *out)
{
	size_t start = ++r->at;
	bool ascii = true;
	Text text;

	scan_plain(r, &ascii);
	*out = str_slice(r->text, start, r->at);
	if (peek(r) == '"' && (ascii || utf8_valid(*out))) {
		r->at++;
		return true;
	}
	text = text_new(r->arena, r->text.origin != NULL);
	write_valid(&text, *out);
	while (r->at < r->text.len && r->text.p[r->at] != '"') {
		if (r->text.p[r->at] != '\\')
			return bad_char(r, "in string literal");
		if (!read_escape(r, &text))
			return false;
		start = r->at;
		scan_plain(r, &ascii);
		write_valid(&text, str_slice(r->text, start, r->at));
	}
	if (r->at >= r->text.len)
		return bad_char(r, "");
	r->at++;
	*out = text_str(&text);
	return true;
}

static bool open_container(Reader *r, Value *out)
{
	Open open = {0};

	if (r->depth >= READ_DEPTH_MAX)
		return bad_char(r, "exceeded max depth");
	if (r->text.p[r->at++] == '[') {
		open.list = list_new(r->arena, &TYPE_ANY_LIST, 0);
		*out = value_list(open.list);
	} else {
		open.map = map_new(r->arena, &TYPE_ANY_MAP);
		*out = value_map(open.map);
	}
	VEC_PUSH(r->arena, r->stack, r->depth, r->stack_cap) = open;
	return true;
}

// A scalar, or the opening of a list or map, which is left on the stack.
static bool read_start(Reader *r, Value *out)
{
	size_t start = r->at;
	Str s;
	bool ok;

	switch (peek(r)) {
	case '{':
	case '[':
		return open_container(r, out);
	case '"':
		ok = read_string(r, &s);
		*out = value_str(s);
		return ok;
	case 't':
		ok = read_word(r, "true", value_bool(true), out);
		break;
	case 'f':
		ok = read_word(r, "false", value_bool(false), out);
		break;
	case 'n':
		ok = read_word(r, "null", value_nil(), out);
		break;
	default:
		if (peek(r) != '-' && !ascii_is_digit(peek(r)))
			return bad_char(r, "looking for beginning of value");
		ok = read_number(r, out);
	}
	if (ok)
		out->origin = origin_of_reading(r->arena, str_from(r->text, start));
	return ok;
}

static void put(Reader *r, size_t level, Value v)
{
	Open *top = &r->stack[level];

	if (top->list)
		list_push(r->arena, top->list, v);
	else
		map_set(r->arena, top->map, top->key, v);
}

static bool read_key(Reader *r, Str *key)
{
	if (peek(r) != '"')
		return bad_char(r, "looking for beginning of object key string");
	if (!read_string(r, key))
		return false;
	skip_space(r);
	if (peek(r) != ':')
		return bad_char(r, "after object key");
	r->at++;
	return true;
}

// Goes to where the next value of the innermost container starts; closes those that end. `*done` where the
// outermost has.
static bool next_value(Reader *r, bool opened, bool *done)
{
	for (; r->depth; opened = false) {
		Open *top = &r->stack[r->depth - 1];
		skip_space(r);
		if (peek(r) == (top->list ? ']' : '}')) {
			r->at++;
			r->depth--;
			continue;
		}
		if (!opened) {
			if (peek(r) != ',')
				return bad_char(r, top->list ? "after array element"
				                             : "after object key:value pair");
			r->at++;
			skip_space(r);
		}
		return top->list || read_key(r, &top->key);
	}
	*done = true;
	return true;
}

static bool read_document(Reader *r, Value *out)
{
	bool done = false;

	skip_space(r);
	if (!read_start(r, out) || !next_value(r, true, &done))
		return false;
	while (!done) {
		size_t depth = r->depth;
		Value v;
		skip_space(r);
		if (!read_start(r, &v))
			return false;
		put(r, depth - 1,
		    v); // what was opened goes into its parent now and is filled later
		if (!next_value(r, r->depth > depth, &done))
			return false;
	}
	skip_space(r);
	return r->at == r->text.len || bad_char(r, "after top-level value");
}

bool json_read(Arena *arena, Str text, JsonNumbers numbers, Value *out, Diag *diag)
{
	Reader r = {.arena = arena, .text = text, .numbers = numbers, .diag = diag};

	if (!read_document(&r, out))
		return false;
	if (r.range_error.p)
		return diag_fail_at(
			diag, place_at(&r, (size_t)(r.range_error.p - text.p)),
			"json: cannot unmarshal number %.*s into Go value of type float64",
			STR_ARGS(r.range_error));
	return true;
}

// --- writing ---

// A list, map or struct that is being written: how far it is.
typedef struct Level {
	const List *list; // one of the three
	const Map *map;
	const Object *object;
	size_t next;
	bool first;
} Level;

typedef struct Writer {
	Text *out;
	JsonStyle style;
	Diag *diag;
	Level *levels; // outermost first: values nest as deep as memory allows, so no recursion
	size_t depth, level_cap;
	size_t next_check; // the depth at which cycles are looked for
} Writer;

static void write_c(Writer *w, const char *text)
{
	text_bytes(w->out, text, strlen(text));
}

static void write_newline(Writer *w)
{
	if (!w->style.indent)
		return;
	text_byte(w->out, '\n');
	for (size_t i = 0; i < w->depth; i++)
		write_c(w, w->style.indent);
}

// The escape for the character at s.p[at] of `size` bytes; 0 where it needs none.
static size_t escape_for(const Writer *w, Str s, size_t at, char escape[8], size_t *size)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	unsigned char c = (unsigned char)s.p[at];
	const char *hit = memchr(from, c, sizeof from - 1);
	uint32_t rune = c;

	*size = 1;
	if (hit) {
		escape[0] = '\\';
		escape[1] = to[hit - from];
		return 2;
	}
	if (c >= 0x80) {
		*size = utf8_decode(str_from(s, at), &rune);
		if (rune != 0x2028 && rune != 0x2029 && !(rune == 0xFFFD && *size == 1))
			return 0;
	} else if (c >= ' ' && !(w->style.escape_html && (c == '<' || c == '>' || c == '&'))) {
		return 0;
	}
	memcpy(escape, "\\u", 2);
	for (int i = 0; i < 4; i++)
		escape[2 + i] = "0123456789abcdef"[rune >> (12 - 4 * i) & 15];
	return 6;
}

static bool is_plain(const Writer *w, unsigned char c)
{
	return c >= ' ' && c < 0x80 && c != '"' && c != '\\' &&
	       !(w->style.escape_html && (c == '<' || c == '>' || c == '&'));
}

static void write_string(Writer *w, Str s)
{
	size_t start = 0;

	text_byte(w->out, '"');
	for (size_t i = 0, size; i < s.len; i += size) {
		char escape[8];
		size_t len;
		size = 1;
		if (is_plain(w, (unsigned char)s.p[i]))
			continue;
		len = escape_for(w, s, i, escape, &size);
		if (!len)
			continue;
		text_write(w->out, str_slice(s, start, i));
		text_write_as(w->out, str_n(escape, len), str_slice(s, i, i + size));
		start = i + size;
	}
	text_write(w->out, str_from(s, start));
	text_byte(w->out, '"');
}

static bool write_number(Writer *w, const Value *v)
{
	Buf number = buf_new(w->out->buf.arena);

	if (value_is_float(v) && !isfinite(v->f)) {
		num_print_float(&number, v->f);
		return diag_fail(w->diag, "json: unsupported value: %.*s",
		                 STR_ARGS(buf_view(&number)));
	}
	if (v->kind == V_FLOAT64)
		num_json_float(&number, v->f);
	else if (v->kind == V_FLOAT32)
		num_json_float32(&number, v->f);
	else if (value_is_uint(v))
		num_format_uint(&number, v->u, 10);
	else
		num_format_int(&number, v->i, 10);
	text_write_as(w->out, buf_view(&number), (Str){NULL, 0, v->origin});
	return true;
}

static void write_base64(Writer *w, const List *list)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	text_byte(w->out, '"');
	for (size_t i = 0; i < list->len; i += 3) {
		size_t left = list->len - i;
		uint32_t bits = (uint32_t)list->items[i].u << 16;
		if (left > 1)
			bits |= (uint32_t)list->items[i + 1].u << 8;
		if (left > 2)
			bits |= (uint32_t)list->items[i + 2].u;
		text_byte(w->out, digits[bits >> 18]);
		text_byte(w->out, digits[bits >> 12 & 63]);
		text_byte(w->out, left > 1 ? digits[bits >> 6 & 63] : '=');
		text_byte(w->out, left > 2 ? digits[bits & 63] : '=');
	}
	text_byte(w->out, '"');
}

static const void *level_address(const Level *level)
{
	if (level->list)
		return level->list;
	return level->map ? (const void *)level->map : (const void *)level->object;
}

static const char *level_type(const Level *level)
{
	if (level->list)
		return level->list->type->name;
	return level->map ? level->map->type->name : level->object->type->name;
}

static int compare_addresses(const void *a, const void *b)
{
	uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;

	return (x > y) - (x < y);
}

// Whether something below CYCLE_CHECK_DEPTH is inside itself.
static bool has_cycle(Writer *w)
{
	size_t count = w->depth - CYCLE_CHECK_DEPTH;
	uintptr_t *addresses = ARENA_ARRAY(w->out->buf.arena, uintptr_t, count);

	for (size_t i = 0; i < count; i++)
		addresses[i] = (uintptr_t)level_address(&w->levels[CYCLE_CHECK_DEPTH + i]);
	qsort(addresses, count, sizeof *addresses, compare_addresses);
	for (size_t i = 1; i < count; i++)
		if (addresses[i] == addresses[i - 1])
			return true;
	return false;
}

// Go names the first that it meets again.
static bool fail_cycle(Writer *w)
{
	for (size_t i = CYCLE_CHECK_DEPTH + 1; i < w->depth; i++)
		for (size_t j = CYCLE_CHECK_DEPTH; j < i; j++)
			if (level_address(&w->levels[i]) == level_address(&w->levels[j]))
				return diag_fail(
					w->diag,
					"json: unsupported value: encountered a cycle via %s",
					level_type(&w->levels[i]));
	return false;
}

// A cycle nests without end, so it is enough to look each time the depth has doubled.
static bool open_level(Writer *w, Level level)
{
	level.first = true;
	text_byte(w->out, level.list ? '[' : '{');
	VEC_PUSH(w->out->buf.arena, w->levels, w->depth, w->level_cap) = level;
	if (w->depth < w->next_check)
		return true;
	w->next_check *= 2;
	return !has_cycle(w) || fail_cycle(w);
}

static bool start_list(Writer *w, const List *list)
{
	if (list->nil)
		write_c(w, "null");
	else if (list->type->elem == V_UINT8)
		write_base64(w, list);
	else
		return open_level(w, (Level){.list = list});
	return true;
}

static bool start_map(Writer *w, Map *map)
{
	if (map->nil) {
		write_c(w, "null");
		return true;
	}
	map_sort(map);
	return open_level(w, (Level){.map = map});
}

static bool start_value(Writer *w, const Value *v);

static bool start_object(Writer *w, const Value *v)
{
	const Object *object = v->object;
	const Type *type = object->type;
	Buf text = buf_new(w->out->buf.arena);
	Value under;

	if (object->nil) {
		write_c(w, "null");
		return true;
	}
	if (type->json) {
		if (!type->json(object, &text, w->diag)) {
			w->diag->message = str_printf(
				w->diag->arena, "json: error calling MarshalJSON for type %s: %.*s",
				type->name, STR_ARGS(w->diag->message));
			return false;
		}
		text_write_as(w->out, buf_view(&text), (Str){NULL, 0, v->origin});
		return true;
	}
	if (!type->underlying && !type->as_container)
		return open_level(w, (Level){.object = object});
	under = type->underlying ? type->underlying(object) : type->as_container(object);
	under.origin = v->origin;
	return start_value(w, &under);
}

// Writes a scalar; opens a list, map or struct.
static bool start_value(Writer *w, const Value *v)
{
	switch ((ValueKind)v->kind) {
	case V_INVALID:
	case V_NIL:
		text_write_as(w->out, S("null"), (Str){NULL, 0, v->origin});
		return true;
	case V_BOOL:
		text_write_as(w->out, v->b ? S("true") : S("false"), (Str){NULL, 0, v->origin});
		return true;
	case V_STRING:
		write_string(w, value_as_str(v));
		return true;
	case V_LIST:
		return start_list(w, v->list);
	case V_MAP:
		return start_map(w, v->map);
	case V_OBJECT:
		return start_object(w, v);
	case V_FUNC:
		return diag_fail(w->diag, "json: unsupported type: func()");
	case V_COMPLEX128:
		return diag_fail(w->diag, "json: unsupported type: complex128");
	default:
		return write_number(w, v);
	}
}

// What "omitempty" leaves out: false, 0, nil pointers and interfaces, empty lists, maps and strings.
static bool is_empty(const Value *v)
{
	return v->kind == V_OBJECT ? v->object->nil : !value_truth(v);
}

// The next field of a struct that is to be written.
static bool next_field(Level *level, Str *name, Value *v)
{
	const Object *object = level->object;
	const Type *type = object->type;
	const char *const *names = type->json_names ? type->json_names : type->fields;

	while (type->fields && type->fields[level->next]) {
		size_t i = level->next++, comma;
		*name = str_c(names[i]);
		if (str_is(*name, "-"))
			continue;
		*v = value_nil();
		if ((!object->field || !object->field(object, str_c(type->fields[i]), v)) &&
		    object->fields)
			*v = object->fields[i];
		comma = str_find_byte(*name, ',');
		if (comma != STR_NONE && is_empty(v))
			continue;
		*name = str_to(*name, comma);
		return true;
	}
	return false;
}

// The next element, with its key where it has one. False at the end.
static bool next_element(Level *level, Str *key, Value *v)
{
	if (level->object)
		return next_field(level, key, v);
	if (level->list) {
		if (level->next >= level->list->len)
			return false;
		*v = level->list->items[level->next++];
		return true;
	}
	if (level->next >= level->map->len)
		return false;
	*key = level->map->entries[level->next].key;
	*v = level->map->entries[level->next++].value;
	return true;
}

static void close_level(Writer *w)
{
	Level *level = &w->levels[--w->depth];

	if (!level->first)
		write_newline(w);
	text_byte(w->out, level->list ? ']' : '}');
}

bool json_write(Text *out, const Value *v, JsonStyle style, Diag *diag)
{
	Writer w = {.out = out, .style = style, .diag = diag, .next_check = CYCLE_CHECK_DEPTH + 24};

	if (!start_value(&w, v))
		return false;
	while (w.depth) {
		Level *level = &w.levels[w.depth - 1];
		Value element;
		Str key = {0};
		if (!next_element(level, &key, &element)) {
			close_level(&w);
			continue;
		}
		if (!level->first)
			text_byte(out, ',');
		level->first = false;
		write_newline(&w);
		if (!level->list) {
			write_string(&w, key);
			write_c(&w, style.indent ? ": " : ":");
		}
		if (!start_value(&w, &element))
			return false;
	}
	return true;
}
