// --set and its kin, by the rules of Helm's pkg/strvals, oddities included: they are what scripts rely on.

#include "chart/strvals.h"

#include "base/fs.h"
#include "base/num.h"
#include "data/json.h"

#include <string.h>

typedef struct Parser {
	Arena *arena;
	const StrvalsOptions *options;
	Str text;  // the whole argument
	size_t at; // read so far
	Diag *diag;
	Buf path;       // the key being set, for origins
	size_t indices; // [i][j]... so far in this key
} Parser;

// Helm has no limit on a[0][0][0]...: ours guards the stack.
#define INDEX_DEPTH_MAX 1000

// How reading went. END is Go's io.EOF: the end of the text, which callers pass up and the outermost takes for success.
typedef enum Outcome { GOES_ON, END, FAILED } Outcome;

static Outcome fail(Parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

static Outcome fail(Parser *p, const char *format, ...)
{
	Buf message = buf_new(p->arena);
	va_list args;

	va_start(args, format);
	buf_vprintf(&message, format, args);
	va_end(args);
	diag_fail_str(p->diag, buf_view(&message));
	return FAILED;
}

static Str quoted(Parser *p, Str text)
{
	Buf out = buf_new(p->arena);

	num_quote(&out, text);
	return buf_view(&out);
}

// Go's %q of a []rune.
static Str quoted_runes(Parser *p, Str text)
{
	Buf out = buf_new(p->arena);
	uint32_t rune;

	buf_byte(&out, '[');
	for (size_t size; (size = utf8_decode(text, &rune)); text = str_from(text, size)) {
		if (out.len > 1)
			buf_byte(&out, ' ');
		num_quote_rune(&out, rune, false);
	}
	buf_byte(&out, ']');
	return buf_view(&out);
}

// --- reading ---

static size_t peek(Parser *p, uint32_t *rune)
{
	return utf8_decode(str_from(p->text, p->at), rune);
}

// Text up to one of the (ASCII) runes of `stops`, which is read too and is `*last`. False at the end of the text;
// what was read before it is in `*out` all the same.
static bool read_until(Parser *p, const char *stops, Str *out, char *last)
{
	Buf text = buf_new(p->arena);
	bool escapes = p->options->kind != STRVALS_LITERAL, found = false;
	uint32_t rune;
	size_t size;

	while (!found && (size = peek(p, &rune))) {
		p->at += size;
		if (rune < 0x80 && rune && strchr(stops, (int)rune)) {
			*last = (char)rune;
			found = true;
		} else if (rune == '\\' && escapes) {
			size = peek(p, &rune);
			p->at += size;
			if (!size)
				break;
			buf_rune(&text, rune);
		} else {
			buf_rune(&text, rune);
		}
	}
	*out = buf_view(&text);
	return found;
}

// The flag as the origin of what it set at the path as it stands.
static const Origin *flag_origin(Parser *p, const char *base, size_t len)
{
	Origin *origin = ARENA_NEW(p->arena, Origin);

	origin->kind = ORIGIN_FLAG;
	origin->base = base;
	origin->len = len;
	origin->text = str_printf(p->arena, "%s %.*s", p->options->flag, STR_ARGS(p->text));
	origin->path = str_copy(p->arena, buf_view(&p->path));
	return origin;
}

static Value traced(Parser *p, Value v)
{
	if (!p->options->traced || v.kind == V_LIST || v.kind == V_MAP)
		return v;
	v.origin = v.kind == V_STRING ? flag_origin(p, v.s.p, v.s.len) : flag_origin(p, NULL, 0);
	return v;
}

// What --set takes a text for.
static Value typed(Str text)
{
	int64_t number;

	if (str_ieq(text, S("true")) || str_ieq(text, S("false")))
		return value_bool(text.len == 4);
	if (str_ieq(text, S("null")))
		return value_nil();
	if (str_is(text, "0"))
		return value_int64(0);
	if (text.len && text.p[0] != '0' && num_parse_int(text, 10, 64, &number) == NUM_OK)
		return value_int64(number);
	return value_str(text);
}

// A value's text as what the option makes of it.
static bool convert(Parser *p, Str text, Value *out)
{
	Str content;

	if (p->options->kind == STRVALS_FILE) {
		if (!fs_read_any(p->arena, str_is(str_trim_space(text), "-") ? S("-") : text,
		                 &content, p->diag))
			return false;
		*out = traced(p, value_str(content));
	} else {
		*out = traced(p, p->options->kind == STRVALS_TYPED ? typed(text) : value_str(text));
	}
	return true;
}

// --- setting ---

static void set_key(Parser *p, Map *map, Str key, Value v)
{
	if (!key.len)
		return;
	if (p->options->traced)
		key.origin = flag_origin(p, key.p, key.len);
	map_set(p->arena, map, key, value_over(p->arena, v, map_get(map, key)));
}

static bool set_index(Parser *p, List *list, int64_t index, Value v)
{
	if (index > STRVALS_INDEX_MAX) {
		fail(p, "index of %lld is greater than maximum supported index of %d",
		     (long long)index, STRVALS_INDEX_MAX);
		return false;
	}
	while (list->len <= (size_t)index)
		list_push(p->arena, list, value_nil());
	list->items[index] = v;
	return true;
}

// Go's copying semantics: a list in `values` is never changed where it stands but replaced by a longer one. Here the
// list is ours alone (values files were merged into fresh maps), so growing it in place is the same.

// Spaces and a comma, or the end: the value is empty and both are read. Anything else stays.
static bool read_empty(Parser *p)
{
	uint32_t rune;
	size_t size;

	while ((size = peek(p, &rune))) {
		if (rune == ',') {
			p->at += size;
			return true;
		}
		if (str_trim_space(str_slice(p->text, p->at, p->at + size)).len)
			return false;
		p->at += size;
	}
	return true;
}

static size_t digits(Str text, size_t at)
{
	while (at < text.len && text.p[at] >= '0' && text.p[at] <= '9')
		at++;
	return at;
}

static size_t number_extent(Str text)
{
	size_t at = digits(text, text.p[0] == '-'), after;

	if (at < text.len && text.p[at] == '.')
		at = digits(text, at + 1);
	if (at < text.len && (text.p[at] | 0x20) == 'e') {
		after = at + 1 +
		        (at + 1 < text.len && (text.p[at + 1] == '+' || text.p[at + 1] == '-'));
		at = digits(text, after);
	}
	return at;
}

// Where the first JSON value of `text` ends, as encoding/json's Decoder finds it: without looking at what follows.
static size_t json_extent(Str text)
{
	size_t at = 0, depth = 0;

	if (str_has_prefix(text, S("true")) || str_has_prefix(text, S("null")))
		return 4;
	if (str_has_prefix(text, S("false")))
		return 5;
	if (text.p[0] == '-' || (text.p[0] >= '0' && text.p[0] <= '9'))
		return number_extent(text);
	for (bool quote = false; at < text.len; at++) {
		char c = text.p[at];
		if (quote && c == '\\')
			at++;
		else if (c == '"')
			quote = !quote;
		else if (!quote && (c == '{' || c == '['))
			depth++;
		else if (!quote && (c == '}' || c == ']'))
			depth -= depth > 0;
		if (!quote && !depth)
			return at + 1 < text.len ? at + 1 : text.len;
	}
	return text.len;
}

static Outcome read_json(Parser *p, Value *out)
{
	Str rest;
	size_t extent;

	*out = value_nil();
	if (read_empty(p))
		return GOES_ON;
	rest = str_from(p->text, p->at);
	extent = json_extent(rest);
	if (!json_read(p->arena, str_to(rest, extent), JSON_FLOAT64, out, p->diag))
		return FAILED;
	p->at += extent;
	read_empty(p);
	*out = traced(p, *out);
	return GOES_ON;
}

// {a,b,c} after an opening brace that has been read.
static Outcome read_list(Parser *p, Value *out)
{
	List *list = list_new(p->arena, &TYPE_ANY_LIST, 0);
	Value item;
	Str text;
	char last;

	for (;;) {
		if (!read_until(p, ",}", &text, &last))
			return fail(p, "list must terminate with '}'");
		if (last == '}' && p->at < p->text.len && p->text.p[p->at] == ',')
			p->at++;
		if (!convert(p, text, &item))
			return FAILED;
		list_push(p->arena, list, item);
		if (last == '}')
			break;
	}
	*out = value_list(list);
	return GOES_ON;
}

// What stands behind '='. END where the text ends there: the value is then the empty string.
static Outcome read_value(Parser *p, Value *out)
{
	Str text;
	char last;

	if (p->options->kind == STRVALS_JSON)
		return read_json(p, out);
	if (p->options->kind == STRVALS_LITERAL) {
		text = str_from(p->text, p->at);
		p->at = p->text.len;
		*out = traced(p, value_str(text));
		return GOES_ON;
	}
	if (p->at == p->text.len) {
		*out = traced(p, value_str(S("")));
		return END;
	}
	if (p->text.p[p->at] == '{') {
		p->at++;
		return read_list(p, out);
	}
	read_until(p, ",", &text, &last);
	return convert(p, text, out) ? GOES_ON : FAILED;
}

// --- keys ---

static Outcome read_key(Parser *p, Map *map, size_t depth);

// Go's panic for a value that is not of the type the path wants, as Helm reports it.
static Outcome fail_type(Parser *p, const Value *v, const char *want)
{
	Str have = value_type_name(v);

	if (v->kind == V_NIL)
		return fail(
			p, "unable to parse key: interface conversion: interface {} is nil, not %s",
			want);
	return fail(p, "unable to parse key: interface conversion: interface {} is %.*s, not %s",
	            STR_ARGS(have), want);
}

static Outcome read_index(Parser *p, int64_t *index)
{
	Str text;
	char last;
	NumError error;

	if (!read_until(p, "]", &text, &last))
		return END; // Helm takes the wrapped io.EOF for the end as well: a[0 sets nothing and is no error
	error = num_parse_int(text, 10, 64, index);
	if (error != NUM_OK)
		return fail(p, "error parsing index: strconv.Atoi: parsing %.*s: %s",
		            STR_ARGS(quoted(p, text)),
		            error == NUM_RANGE ? "value out of range" : "invalid syntax");
	buf_printf(&p->path, "[%lld]", (long long)*index);
	return GOES_ON;
}

static Outcome read_item(Parser *p, List *list, int64_t index, size_t depth);

static Outcome read_item_key(Parser *p, List *list, int64_t index, size_t depth)
{
	Map *inner = NULL;
	Outcome outcome;

	if ((size_t)index < list->len && list->items[index].kind == V_MAP)
		inner = list->items[index].map;
	if (!inner) {
		inner = map_new(p->arena, &TYPE_ANY_MAP);
		if ((size_t)index < list->len)
			list->items[index] = value_map(inner);
	}
	buf_byte(&p->path, '.');
	outcome = read_key(p, inner, depth);
	if (outcome != GOES_ON)
		return outcome;
	return set_index(p, list, index, value_map(inner)) ? GOES_ON : FAILED;
}

static Outcome read_item_index(Parser *p, List *list, int64_t index, size_t depth)
{
	List *inner = NULL;
	int64_t next;
	Outcome outcome = read_index(p, &next);

	if (outcome != GOES_ON)
		return outcome;
	if ((size_t)index < list->len && list->items[index].kind != V_NIL) {
		if (list->items[index].kind != V_LIST)
			return fail_type(p, &list->items[index], "[]interface {}");
		inner = list->items[index].list;
	}
	if (!inner)
		inner = list_new(p->arena, &TYPE_ANY_LIST, 0);
	outcome = read_item(p, inner, next, depth);
	if (outcome != GOES_ON)
		return outcome;
	return set_index(p, list, index, value_list(inner)) ? GOES_ON : FAILED;
}

// What follows "[index]": a value, a further index, a key.
static Outcome read_item(Parser *p, List *list, int64_t index, size_t depth)
{
	Outcome outcome;
	Value v;
	Str text;
	char last = 0;
	bool found;

	if (index < 0)
		return fail(p, "negative %lld index not allowed", (long long)index);
	if (++p->indices > INDEX_DEPTH_MAX)
		return fail(p,
		            "list index nested level is greater than maximum supported nested "
		            "level of %d",
		            INDEX_DEPTH_MAX);
	found = read_until(p, "[.=", &text, &last);
	if (text.len)
		return fail(p, "unexpected data at end of array index: %.*s",
		            STR_ARGS(quoted_runes(p, text)));
	if (!found)
		return END;
	if (last == '.')
		return read_item_key(p, list, index, depth);
	if (last == '[')
		return read_item_index(p, list, index, depth);
	outcome = read_value(p, &v);
	if (outcome == FAILED)
		return outcome;
	return set_index(p, list, index, v) ? GOES_ON : FAILED;
}

static Outcome read_key_index(Parser *p, Map *map, Str key, size_t depth)
{
	Value *old = map_get(map, key);
	List *list;
	int64_t index;
	Outcome outcome = read_index(p, &index);

	if (outcome != GOES_ON)
		return outcome;
	if (old && old->kind != V_LIST)
		return fail_type(p, old, "[]interface {}");
	list = old ? old->list : list_new(p->arena, &TYPE_ANY_LIST, 0);
	outcome = read_item(p, list, index, depth);
	set_key(p, map, key, value_list(list));
	return outcome;
}

static Outcome read_key_key(Parser *p, Map *map, Str key, size_t depth)
{
	Value *old = map_get(map, key);
	Map *inner;
	Outcome outcome;

	if (++depth > STRVALS_DEPTH_MAX)
		return fail(p,
		            "value name nested level is greater than maximum supported nested "
		            "level of %d",
		            STRVALS_DEPTH_MAX);
	if (old && old->kind != V_MAP)
		return fail_type(p, old, "map[string]interface {}");
	inner = old ? old->map : map_new(p->arena, &TYPE_ANY_MAP);
	buf_byte(&p->path, '.');
	outcome = read_key(p, inner, depth);
	if (outcome == GOES_ON && !inner->len)
		return fail(p, "key map %.*s has no value", STR_ARGS(quoted(p, key)));
	if (inner->len)
		set_key(p, map, key, value_map(inner));
	return outcome;
}

static Outcome read_key(Parser *p, Map *map, size_t depth)
{
	bool literal = p->options->kind == STRVALS_LITERAL;
	Outcome outcome;
	Value v;
	Str key;
	char last = 0;
	bool found = read_until(p, literal ? "=[." : "=[,.", &key, &last);

	buf_str(&p->path, key);
	if (!found)
		return key.len ? fail(p, "key %.*s has no value", STR_ARGS(quoted(p, key))) : END;
	if (last == '[')
		return read_key_index(p, map, key, depth);
	if (last == '.')
		return read_key_key(p, map, key, depth);
	if (last == ',') {
		set_key(p, map, key, value_str(S("")));
		return fail(p, "key %.*s has no value (cannot end with ,)",
		            STR_ARGS(quoted(p, key)));
	}
	outcome = read_value(p, &v);
	if (outcome != FAILED)
		set_key(p, map, key, v);
	return outcome;
}

bool strvals_parse(Arena *arena, Str text, const StrvalsOptions *options, Map *values, Diag *diag)
{
	Parser p = {arena, options, text, 0, diag, buf_new(arena), 0};
	Outcome outcome;

	do {
		p.path.len = 0;
		p.indices = 0;
		outcome = read_key(&p, values, 0);
	} while (outcome == GOES_ON);
	return outcome == END;
}
