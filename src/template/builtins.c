// The functions that Go's text/template itself brings, but for `slice`, which Sprig's replaces.

#include "base/num.h"
#include "template/engine.h"
#include "template/format.h"

#include <string.h>

// --- index and len ---

static Value *unboxed(Value *v)
{
	if (v->kind == V_NIL)
		v->kind = V_INVALID;
	v->boxed = false;
	if (v->kind == V_OBJECT && !v->object->nil && v->object->type->as_container)
		*v = v->object->type->as_container(v->object);
	return v;
}

// The type behind a pointer: index and len follow it first.
static Str pointed_type(const Value *v)
{
	Str type = value_type_name(v);

	return str_has_prefix(type, S("*")) ? str_from(type, 1) : type;
}

static bool index_argument(Call *call, Value *index, size_t cap, size_t *out)
{
	int64_t i;
	Value given = *index;

	given.boxed = false;
	unboxed(index);
	if (index->kind == V_INVALID)
		return call_fail(call, "cannot index slice/array with nil");
	if (index->kind == V_OBJECT && index->object->type->number)
		*index = index->object->type->underlying(index->object);
	if (!value_is_int(index) && !value_is_uint(index)) {
		Str type = value_type_name(&given);
		return call_fail(call, "cannot index slice/array with type %.*s", STR_ARGS(type));
	}
	i = index->i;
	if (i < 0 || (uint64_t)i > cap)
		return call_fail(call, "index out of range: %lld", (long long)i);
	*out = (size_t)i;
	return true;
}

static Value zero_of(Call *call, const Type *type)
{
	Param param = {.kind = type->elem == V_LIST ? PARAM_LIST : PARAM_MAP,
	               .type = type->elem_type};
	Value out = {.kind = (uint8_t)type->elem};

	if (type->elem == V_STRING)
		out = value_str(S(""));
	else if (type->elem_type)
		param_nil(call->arena, &param, &out);
	return out;
}

static bool index_map(Call *call, const Map *map, Value *key, Value *out)
{
	const Value *found;
	Str type;

	unboxed(key);
	if (key->kind == V_INVALID)
		return call_fail(call, "value is nil; should be of type string");
	if (key->kind != V_STRING) {
		type = value_type_name(key);
		return call_fail(call, "value has type %.*s; should be string", STR_ARGS(type));
	}
	if (call->traced && call->eval)
		trace_read(call->eval, map, value_as_str(key));
	found = map_get(map, value_as_str(key));
	*out = found ? *found : zero_of(call, map->type);
	out->boxed = map->type->elem == V_NIL;
	return true;
}

static bool index_once(Call *call, Value *item, Value *index)
{
	size_t at = 0;

	if (item->kind == V_NIL || (item->kind == V_OBJECT && item->object->nil))
		return call_fail(call, "index of nil pointer");
	if (item->kind == V_OBJECT)
		unboxed(item);
	if (item->kind == V_MAP)
		return index_map(call, item->map, index, item);
	if (item->kind != V_LIST && item->kind != V_STRING) {
		Str type = pointed_type(item);
		return call_fail(call, "can't index item of type %.*s", STR_ARGS(type));
	}
	if (!index_argument(call, index, value_len(item), &at))
		return false;
	if (at == value_len(item)) // Go's check lets it through, and reflect then panics
		return call_fail(call, item->kind == V_STRING
		                               ? "reflect: string index out of range"
		                               : "reflect: slice index out of range");
	if (item->kind == V_STRING) {
		*item = (Value){.kind = V_UINT8, .u = (unsigned char)item->s.p[at]};
		return true;
	}
	{
		const Type *type = item->list->type;
		*item = item->list->items[at];
		item->boxed = type->elem == V_NIL;
	}
	return true;
}

static bool index_value(Call *call)
{
	Value item = call->args[0];

	if (value_is_null(&item))
		return call_fail(call, "index of untyped nil");
	for (size_t i = 1; i < call->count; i++)
		if (!index_once(call, &item, &call->args[i]))
			return false;
	return call_return(call, item);
}

static bool length(Call *call)
{
	Value *item = &call->args[0];
	Str type;

	if (item->kind == V_INVALID)
		return call_fail(call, "reflect: call of reflect.Value.Type on zero Value");
	if (item->kind == V_NIL || (item->kind == V_OBJECT && item->object->nil))
		return call_fail(call, "len of nil pointer");
	type = pointed_type(item);
	unboxed(item);
	if (item->kind != V_STRING && item->kind != V_LIST && item->kind != V_MAP)
		return call_fail(call, "len of type %.*s", STR_ARGS(type));
	return call_return_int(call, (int64_t)value_len(item));
}

// --- logic and comparison ---

static bool not_value(Call *call)
{
	return call_return_bool(call, !value_truth(&call->args[0]));
}

typedef enum Basic {
	BASIC_NONE,
	BASIC_BOOL,
	BASIC_COMPLEX,
	BASIC_INT,
	BASIC_FLOAT,
	BASIC_STRING,
	BASIC_UINT
} Basic;

// Named numbers and strings (time.Duration) compare as what they are underneath.
static Basic basic_kind(Value *v)
{
	if (v->kind == V_NIL)
		v->kind = V_INVALID;
	v->boxed = false;
	if (v->kind == V_OBJECT && v->object->type->underlying)
		*v = v->object->type->underlying(v->object);
	if (value_is_int(v))
		return BASIC_INT;
	if (value_is_uint(v))
		return BASIC_UINT;
	if (value_is_float(v))
		return BASIC_FLOAT;
	switch (v->kind) {
	case V_BOOL:
		return BASIC_BOOL;
	case V_COMPLEX128:
		return BASIC_COMPLEX;
	case V_STRING:
		return BASIC_STRING;
	}
	return BASIC_NONE;
}

static bool is_nil(const Value *v)
{
	switch (v->kind) {
	case V_INVALID:
	case V_NIL:
		return true;
	case V_LIST:
		return v->list->nil;
	case V_MAP:
		return v->map->nil;
	case V_OBJECT:
		return v->object->nil;
	}
	return false;
}

// fmt of a reflect.Value prints a copy of what it holds; of the zero one, "<invalid reflect.Value>".
static Str shown(Call *call, const char *verb, const Value *v)
{
	Value held = *v;

	if (v->kind == V_INVALID)
		return S("<invalid reflect.Value>");
	struct_copy(call->arena, &held);
	return format_verb(call->arena, verb, &held);
}

// What Go compares with nothing but nil: slices and maps, also those of a type with a name.
static bool is_container(const Value *v)
{
	return v->kind == V_LIST || v->kind == V_MAP ||
	       (v->kind == V_OBJECT && v->object->type->as_container);
}

static bool equal_others(Call *call, const Value *a, const Value *b, bool *equal)
{
	Str kind_a = value_kind_name(a), kind_b = value_kind_name(b);

	if (!str_eq(kind_a, kind_b) && a->kind != V_INVALID && b->kind != V_INVALID) {
		Str type_a = value_type_name(a), type_b = value_type_name(b);
		Str text_a = shown(call, "%s", a), text_b = shown(call, "%v", b);
		return call_fail(call, "non-comparable types %.*s: %.*s, %.*s: %.*s",
		                 STR_ARGS(text_a), STR_ARGS(type_a), STR_ARGS(type_b),
		                 STR_ARGS(text_b));
	}
	if (is_nil(a) || is_nil(b)) {
		*equal = is_nil(a) == is_nil(b);
		return true;
	}
	if (is_container(b)) {
		Str text = shown(call, "%s", b), type = value_type_name(b);
		return call_fail(call, "non-comparable type %.*s: %.*s", STR_ARGS(text),
		                 STR_ARGS(type));
	}
	*equal = value_equal(a, b);
	return true;
}

static bool equal_same_kind(Call *call, Basic kind, const Value *a, const Value *b, bool *equal)
{
	switch (kind) {
	case BASIC_BOOL:
		*equal = a->b == b->b;
		return true;
	case BASIC_COMPLEX:
		*equal = a->c.re == b->c.re && a->c.im == b->c.im;
		return true;
	case BASIC_FLOAT:
		*equal = a->f == b->f;
		return true;
	case BASIC_INT:
	case BASIC_UINT:
		*equal = a->i == b->i;
		return true;
	case BASIC_STRING:
		*equal = str_eq(value_as_str(a), value_as_str(b));
		return true;
	case BASIC_NONE:
		break;
	}
	return equal_others(call, a, b, equal);
}

static bool incompatible(Call *call, const Value *a, const Value *b)
{
	Str type_a = value_type_name(a), type_b = value_type_name(b);

	return call_fail(call, "incompatible types for comparison: %.*s and %.*s", STR_ARGS(type_a),
	                 STR_ARGS(type_b));
}

static bool equal_values(Call *call, const Value *first, const Value *second, bool *equal)
{
	Value a = *first, b = *second;
	Basic kind_a = basic_kind(&a), kind_b = basic_kind(&b);

	*equal = false;
	if (kind_a == kind_b)
		return equal_same_kind(call, kind_a, &a, &b, equal);
	if (kind_a == BASIC_INT && kind_b == BASIC_UINT)
		*equal = a.i >= 0 && a.u == b.u;
	else if (kind_a == BASIC_UINT && kind_b == BASIC_INT)
		*equal = b.i >= 0 && a.u == b.u;
	else if (a.kind != V_INVALID && b.kind != V_INVALID)
		return incompatible(call, first, second);
	return true;
}

static bool eq(Call *call)
{
	bool equal;

	if (call->count < 2)
		return call_fail(call, "missing argument for comparison");
	for (size_t i = 1; i < call->count; i++) {
		if (!equal_values(call, &call->args[0], &call->args[i], &equal))
			return false;
		if (equal)
			return call_return_bool(call, true);
	}
	return call_return_bool(call, false);
}

static bool ne(Call *call)
{
	bool equal;

	return equal_values(call, &call->args[0], &call->args[1], &equal) &&
	       call_return_bool(call, !equal);
}

static bool less(Call *call, bool *out)
{
	Value a = call->args[0], b = call->args[1];
	Basic kind_a = basic_kind(&a), kind_b = basic_kind(&b);

	if (kind_a == BASIC_NONE || kind_b == BASIC_NONE)
		return call_fail(call, "invalid type for comparison");
	if (kind_a == BASIC_INT && kind_b == BASIC_UINT)
		*out = a.i < 0 || a.u < b.u;
	else if (kind_a == BASIC_UINT && kind_b == BASIC_INT)
		*out = b.i >= 0 && a.u < b.u;
	else if (kind_a != kind_b)
		return incompatible(call, &call->args[0], &call->args[1]);
	else if (kind_a == BASIC_BOOL || kind_a == BASIC_COMPLEX)
		return call_fail(call, "invalid type for comparison");
	else if (kind_a == BASIC_FLOAT)
		*out = a.f < b.f;
	else if (kind_a == BASIC_INT)
		*out = a.i < b.i;
	else if (kind_a == BASIC_UINT)
		*out = a.u < b.u;
	else
		*out = str_cmp(value_as_str(&a), value_as_str(&b)) < 0;
	return true;
}

static bool less_or_equal(Call *call, bool *out)
{
	return less(call, out) && (*out || equal_values(call, &call->args[0], &call->args[1], out));
}

static bool lt(Call *call)
{
	bool result;

	return less(call, &result) && call_return_bool(call, result);
}

static bool le(Call *call)
{
	bool result;

	return less_or_equal(call, &result) && call_return_bool(call, result);
}

static bool gt(Call *call)
{
	bool result;

	return less_or_equal(call, &result) && call_return_bool(call, !result);
}

static bool ge(Call *call)
{
	bool result;

	return less(call, &result) && call_return_bool(call, !result);
}

// --- printing ---

static bool print(Call *call)
{
	Text out = call_text(call);

	format_print(&out, call->args, call->count);
	return call_return_text(call, &out);
}

static bool println(Call *call)
{
	Text out = call_text(call);

	format_println(&out, call->args, call->count);
	return call_return_text(call, &out);
}

static bool print_formatted(Call *call)
{
	Text out = call_text(call);

	format_printf(&out, call_str(call, 0), call->args + 1, call->count - 1);
	return call_return_text(call, &out);
}

// --- escaping ---

// The arguments as one text: a lone string as it is, else as actions show them, nil being "<no value>".
static Str escaper_text(Call *call)
{
	Text out = call_text(call);

	if (call->count == 1 && call->args[0].kind == V_STRING)
		return call_str(call, 0);
	for (size_t i = 0; i < call->count; i++)
		if (value_is_null(&call->args[i]))
			call->args[i] = value_str(S("<no value>"));
	format_print_shown(&out, call->args, call->count);
	return text_str(&out);
}

static const char *html_escape(char c)
{
	switch (c) {
	case '\0':
		return "\xEF\xBF\xBD";
	case '"':
		return "&#34;";
	case '\'':
		return "&#39;";
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	}
	return NULL;
}

// Writes `s` with some bytes replaced; the rest keeps its origin.
static bool escape_bytes(Call *call, Str s, const char *(*replacement)(char))
{
	Text out = call_text(call);
	size_t kept = 0;

	for (size_t i = 0; i < s.len; i++) {
		const char *other = replacement(s.p[i]);
		if (!other)
			continue;
		text_write(&out, str_slice(s, kept, i));
		text_write_as(&out, str_c(other), str_slice(s, i, i + 1));
		kept = i + 1;
	}
	if (!kept)
		return call_return_str(call, s);
	text_write(&out, str_from(s, kept));
	return call_return_text(call, &out);
}

static bool html(Call *call)
{
	return escape_bytes(call, escaper_text(call), html_escape);
}

static Str js_escape(Arena *arena, Str s, uint32_t rune, size_t size)
{
	Buf buf = buf_new(arena);

	if (rune == '\\' || rune == '\'' || rune == '"') {
		buf_byte(&buf, '\\');
		buf_byte(&buf, (char)rune);
	} else if (rune < 0x80) {
		buf_printf(&buf, "\\u%04X", (unsigned)rune);
	} else if (num_is_print(rune)) {
		buf_bytes(&buf, s.p, size);
	} else {
		buf_printf(&buf, "\\u%04X", (unsigned)rune);
	}
	return buf_view(&buf);
}

static bool js_is_special(uint32_t rune)
{
	return rune < ' ' || rune >= 0x80 || rune == '\\' || rune == '\'' || rune == '"' ||
	       rune == '<' || rune == '>' || rune == '&' || rune == '=';
}

static bool js(Call *call)
{
	Str s = escaper_text(call);
	Text out = call_text(call);
	uint32_t rune;
	size_t size;

	for (; (size = utf8_decode(s, &rune)); s = str_from(s, size)) {
		Str piece = str_to(s, size);
		if (js_is_special(rune))
			text_write_as(&out, js_escape(call->arena, s, rune, size), piece);
		else
			text_write(&out, piece);
	}
	return call_return_text(call, &out);
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-_.~", c));
}

static bool url_query(Call *call)
{
	static const char hex[] = "0123456789ABCDEF";
	Str s = escaper_text(call);
	Text out = call_text(call);

	for (size_t i = 0; i < s.len; i++) {
		Str piece = str_slice(s, i, i + 1);
		unsigned char c = (unsigned char)s.p[i];
		char escape[3] = {'%', hex[c >> 4], hex[c & 15]};
		if (is_unreserved(s.p[i]))
			text_write(&out, piece);
		else if (c == ' ')
			text_write_as(&out, S("+"), piece);
		else
			text_write_as(&out, str_n(escape, 3), piece);
	}
	return call_return_text(call, &out);
}

const Func builtin_funcs[] = {
	// `and`, `or` and `call` have no body: the evaluator runs them itself, since the first two do not evaluate
	// every argument and the last one names its argument's text.
	{"and", "value value... -> value", "the first empty argument, or the last one; stops there",
         NULL, "{{ and 1 \"\" 2 }} => "},
	{"call", "value value... -> value", "the result of calling a function value", NULL, NULL},
	{"eq", "value value... -> bool", "whether the first equals any of the others", eq,
         "{{ eq 1 2 1 }} => true"},
	{"ge", "value value -> bool", "first >= second", ge, "{{ ge 2 2 }} => true"},
	{"gt", "value value -> bool", "first > second", gt, "{{ gt 2 3 }} => false"},
	{"html", "any... -> string", "the text with HTML's signs escaped", html,
         "{{ html \"a<b\" }} => a&lt;b"},
	{"index", "value value... -> value", "the element at the given indexes or keys",
         index_value, "{{ index (list 4 5 6) 1 }} => 5"},
	{"js", "any... -> string", "the text escaped for JavaScript", js,
         "{{ js \"it's\" }} => it\\'s"},
	{"le", "value value -> bool", "first <= second", le, "{{ le 2 3 }} => true"},
	{"len", "value -> int", "the length of a string in bytes, a list or a map", length,
         "{{ len \"abc\" }} => 3"},
	{"lt", "value value -> bool", "first < second", lt, "{{ lt 2 3 }} => true"},
	{"ne", "value value -> bool", "whether two values differ", ne, "{{ ne 1 2 }} => true"},
	{"not", "value -> bool", "true for an empty value", not_value, "{{ not \"\" }} => true"},
	{"or", "value value... -> value",
         "the first argument that is not empty, or the last one; stops there", NULL,
         "{{ or \"\" 2 3 }} => 2"},
	{"print", "any... -> string",
         "the arguments as text, a blank between two that are no strings", print,
         "{{ print 1 2 \"a\" }} => 1 2a"},
	{"printf", "string any... -> string", "the arguments in a format, as Go's fmt.Sprintf",
         print_formatted, "{{ printf \"%s-%03d\" \"a\" 7 }} => a-007"},
	{"println", "any... -> string", "the arguments as text with blanks between and a line end",
         println, "{{ println 1 2 | trim }} => 1 2"},
	{"urlquery", "any... -> string", "the text escaped for a URL's query", url_query,
         "{{ urlquery \"a b&c\" }} => a+b%26c"},
	{NULL, NULL, NULL, NULL, NULL},
};
