// Writes TOML: keys of a table in order, scalars and lists before tables, tables indented by their depth.

#include "data/toml.h"

#include "base/num.h"
#include "data/toml_quote.h"

#include <math.h>
#include <string.h>

// Writing recurses, and a map that holds itself has no end.
#define DEPTH_MAX 1000

typedef struct Writer {
	Text *out;
	Diag *diag;
	Str *key; // of the table being written, from the root
	size_t key_len, key_cap;
	size_t start; // of what this call wrote
	int depth;
} Writer;

// What a Go value is in TOML. NONE is nil.
typedef enum TomlKind {
	KIND_NONE,
	KIND_SCALAR,
	KIND_ARRAY,
	KIND_TABLE,
	KIND_TABLES,
	KIND_BAD
} TomlKind;

static bool write_element(Writer *w, const Value *v);
static bool write_pairs(Writer *w, const Value *v, bool inlined);

static void write_c(Writer *w, const char *text)
{
	text_bytes(w->out, text, strlen(text));
}

static void write_newline(Writer *w)
{
	if (w->out->buf.len > w->start)
		text_byte(w->out, '\n');
}

static bool too_deep(Writer *w)
{
	return diag_fail(w->diag, "toml: value nests deeper than %d levels", DEPTH_MAX);
}

// A list or map that Go holds under a name of its own counts as what it is; pointers and structs as tables.
static Value bare(const Value *v)
{
	Value under = *v;

	if (v->kind == V_OBJECT && !v->object->nil && v->object->type->as_container)
		under = v->object->type->as_container(v->object);
	if (!under.origin)
		under.origin = v->origin;
	return under;
}

static TomlKind kind_of(Writer *w, const Value *v);

// Whether every element is a table. An element that is nil is an error.
static TomlKind kind_of_list(Writer *w, const List *list)
{
	TomlKind kind = KIND_TABLES;

	if (list->nil)
		return KIND_NONE;
	if (!list->len)
		return KIND_ARRAY;
	if (w->depth >= DEPTH_MAX) {
		too_deep(w);
		return KIND_BAD;
	}
	w->depth++;
	for (size_t i = 0; i < list->len; i++) {
		TomlKind element = kind_of(w, &list->items[i]);
		if (element == KIND_NONE)
			diag_fail(w->diag, "toml: cannot encode array with nil element");
		if (element == KIND_NONE || element == KIND_BAD)
			return KIND_BAD;
		if (element != KIND_TABLE)
			kind = KIND_ARRAY;
	}
	w->depth--;
	return kind;
}

static TomlKind kind_of(Writer *w, const Value *value)
{
	Value v = bare(value);

	switch ((ValueKind)v.kind) {
	case V_INVALID:
	case V_NIL:
		return KIND_NONE;
	case V_LIST:
		return kind_of_list(w, v.list);
	case V_MAP:
		return v.map->nil ? KIND_NONE : KIND_TABLE;
	case V_OBJECT:
		if (v.object->nil)
			return KIND_NONE;
		return v.object->type->underlying || v.object->type->json ? KIND_SCALAR
		                                                          : KIND_TABLE;
	case V_FUNC:
	case V_COMPLEX128: {
		Str name = value_kind_name(&v);
		diag_fail(w->diag, "unsupported type: %.*s", STR_ARGS(name));
		return KIND_BAD;
	}
	default:
		return KIND_SCALAR;
	}
}

// --- scalars ---

static void write_quoted(Writer *w, Str s)
{
	Buf quoted = buf_new(w->out->buf.arena);

	toml_quote(&quoted, s);
	if (quoted.len == s.len + 2) { // nothing escaped: the bytes keep their origins
		text_byte(w->out, '"');
		text_write(w->out, s);
		text_byte(w->out, '"');
	} else {
		text_write_as(w->out, buf_view(&quoted), s);
	}
}

static void write_float(Writer *w, const Value *v)
{
	Buf number = buf_new(w->out->buf.arena);
	Str s;

	if (!isfinite(v->f)) {
		if (signbit(v->f))
			buf_byte(&number, '-');
		buf_c(&number, isnan(v->f) ? "nan" : "inf");
	} else {
		num_format_float_bits(&number, v->f, 'g', -1, v->kind == V_FLOAT32 ? 32 : 64);
		s = buf_view(&number);
		if (str_find_byte(s, 'e') == STR_NONE && str_find_byte(s, '.') == STR_NONE)
			buf_c(&number, ".0");
	}
	text_write_as(w->out, buf_view(&number), (Str){NULL, 0, v->origin});
}

static void write_integer(Writer *w, const Value *v)
{
	Buf number = buf_new(w->out->buf.arena);

	if (value_is_uint(v))
		num_format_uint(&number, v->u, 10);
	else
		num_format_int(&number, v->i, 10);
	text_write_as(w->out, buf_view(&number), (Str){NULL, 0, v->origin});
}

// A time, unquoted. Those that TOML calls local are told by the name of their zone, which String() ends in.
static bool write_time(Writer *w, const Value *v)
{
	const Type *type = v->object->type;
	Buf json = buf_new(w->out->buf.arena), words = buf_new(w->out->buf.arena);
	Str text, name;

	if (!type->json(v->object, &json, w->diag))
		return false;
	if (type->format)
		type->format(v->object, &words);
	text = str_slice(buf_view(&json), 1, json.len - 1);
	name = buf_view(&words);
	if (str_has_suffix(name, S(" datetime-local")))
		text = str_to(text, text.len - 1); // without the Z
	else if (str_has_suffix(name, S(" date-local")))
		text = str_to(text, 10);
	else if (str_has_suffix(name, S(" time-local")))
		text = str_slice(text, 11, text.len - 1);
	text_write_as(w->out, text, (Str){NULL, 0, v->origin});
	return true;
}

// Objects with a text of their own: durations and versions in quotes.
static bool write_object(Writer *w, const Value *v)
{
	const Type *type = v->object->type;
	Buf text = buf_new(w->out->buf.arena);
	Value under;

	if (type->json && strcmp(type->name, "time.Time") == 0)
		return write_time(w, v);
	if (type->format &&
	    ((type->json && !type->number) || strcmp(type->name, "time.Duration") == 0)) {
		if (type->format(v->object, &text))
			write_quoted(w, buf_view(&text));
		return true;
	}
	if (!type->underlying)
		return write_pairs(w, v, true);
	under = type->underlying(v->object);
	under.origin = v->origin;
	return write_element(w, &under);
}

// --- arrays ---

static bool write_array(Writer *w, const List *list)
{
	if (w->depth >= DEPTH_MAX)
		return too_deep(w);
	w->depth++;
	text_byte(w->out, '[');
	for (size_t i = 0; i < list->len; i++) {
		if (i)
			write_c(w, ", ");
		if (!write_element(w, &list->items[i]))
			return false;
	}
	text_byte(w->out, ']');
	w->depth--;
	return true;
}

// A value behind "key =" or inside an array.
static bool write_element(Writer *w, const Value *value)
{
	Value v = bare(value);
	Str name;

	switch ((ValueKind)v.kind) {
	case V_BOOL:
		text_write_as(w->out, v.b ? S("true") : S("false"), (Str){NULL, 0, v.origin});
		return true;
	case V_STRING:
		write_quoted(w, value_as_str(&v));
		return true;
	case V_FLOAT32:
	case V_FLOAT64:
		write_float(w, &v);
		return true;
	case V_LIST:
		return write_array(w, v.list);
	case V_MAP:
		return write_pairs(w, &v, true);
	case V_OBJECT:
		return write_object(w, &v);
	case V_INVALID:
	case V_NIL:
	case V_COMPLEX128:
	case V_FUNC:
		name = value_type_name(&v);
		return diag_fail(w->diag, "unexpected type: %.*s", STR_ARGS(name));
	default:
		write_integer(w, &v);
		return true;
	}
}

// --- tables ---

static void write_key_path(Writer *w)
{
	for (size_t i = 0; i < w->key_len; i++) {
		Buf key = buf_new(w->out->buf.arena);
		if (i)
			text_byte(w->out, '.');
		toml_key(&key, w->key[i]);
		text_write_as(w->out, buf_view(&key), w->key[i]);
	}
}

static void write_indent(Writer *w)
{
	for (size_t i = 1; i < w->key_len; i++)
		write_c(w, "  ");
}

static bool write_key_value(Writer *w, Str key, const Value *v, bool inlined)
{
	Buf text = buf_new(w->out->buf.arena);

	if (!inlined)
		write_indent(w);
	toml_key(&text, key);
	text_write_as(w->out, buf_view(&text), key);
	write_c(w, " = ");
	if (!write_element(w, v))
		return false;
	if (!inlined)
		text_byte(w->out, '\n');
	return true;
}

static bool write_table(Writer *w, const Value *v)
{
	if (w->key_len == 1)
		write_newline(w);
	if (w->key_len) {
		write_indent(w);
		text_byte(w->out, '[');
		write_key_path(w);
		write_c(w, "]\n");
	}
	return write_pairs(w, v, false);
}

static bool write_tables(Writer *w, const List *list)
{
	if (!w->key_len)
		return diag_fail(w->diag, "toml: top-level values must be Go maps or structs");
	for (size_t i = 0; i < list->len; i++) {
		write_newline(w);
		write_indent(w);
		write_c(w, "[[");
		write_key_path(w);
		write_c(w, "]]\n");
		if (!write_pairs(w, &list->items[i], false))
			return false;
	}
	return true;
}

// What stands at the key that ends w->key.
static bool write_at_key(Writer *w, const Value *value, TomlKind kind)
{
	Value v = bare(value);

	if (kind == KIND_TABLE)
		return write_table(w, &v);
	if (kind == KIND_TABLES)
		return write_tables(w, v.list);
	if (kind == KIND_NONE)
		return true;
	if (!w->key_len)
		return write_element(w, &v);
	return write_key_value(w, w->key[w->key_len - 1], &v, false);
}

// A table's entries in the order they are written in.
typedef struct Pair {
	Str key;
	Value value;
	TomlKind kind;
} Pair;

static bool is_sub(TomlKind kind)
{
	return kind == KIND_TABLE || kind == KIND_TABLES;
}

// The entries of a map, or the exported fields of a struct.
static bool collect_pairs(Writer *w, const Value *value, Pair **pairs, size_t *len)
{
	Value v = bare(value);
	const char *const *fields = v.kind == V_OBJECT ? v.object->type->fields : NULL;
	size_t cap = 0;

	*pairs = NULL;
	*len = 0;
	if (v.kind == V_MAP) {
		map_sort(v.map);
		for (size_t i = 0; i < v.map->len; i++)
			VEC_PUSH(w->out->buf.arena, *pairs, *len, cap) =
				(Pair){v.map->entries[i].key, v.map->entries[i].value, KIND_NONE};
	}
	for (size_t i = 0; fields && fields[i]; i++) {
		Value field = value_nil();
		if ((!v.object->field || !v.object->field(v.object, str_c(fields[i]), &field)) &&
		    v.object->fields)
			field = v.object->fields[i];
		VEC_PUSH(w->out->buf.arena, *pairs, *len, cap) =
			(Pair){str_c(fields[i]), field, KIND_NONE};
	}
	for (size_t i = 0; i < *len; i++) {
		(*pairs)[i].kind = kind_of(w, &(*pairs)[i].value);
		if ((*pairs)[i].kind == KIND_BAD)
			return false;
	}
	return true;
}

// One of the two passes: what stands in the table itself, then the tables below it.
static bool write_pass(Writer *w, const Pair *pairs, size_t len, bool subs, bool more_follow,
                       bool inlined)
{
	size_t last = len;

	for (size_t i = 0; i < len; i++)
		if (is_sub(pairs[i].kind) == subs)
			last = i;
	for (size_t i = 0; i < len; i++) {
		bool ok;
		if (is_sub(pairs[i].kind) != subs || pairs[i].kind == KIND_NONE)
			continue;
		if (inlined) {
			ok = write_key_value(w, pairs[i].key, &pairs[i].value, true);
			if (ok &&
			    (more_follow ||
			     i != last)) // also where what follows is nil, as in the reference
				write_c(w, ", ");
		} else {
			VEC_PUSH(w->out->buf.arena, w->key, w->key_len, w->key_cap) = pairs[i].key;
			ok = write_at_key(w, &pairs[i].value, pairs[i].kind);
			w->key_len--;
		}
		if (!ok)
			return false;
	}
	return true;
}

static bool write_pairs(Writer *w, const Value *v, bool inlined)
{
	Pair *pairs;
	size_t len;
	bool subs = false;

	if (w->depth >= DEPTH_MAX)
		return too_deep(w);
	if (!collect_pairs(w, v, &pairs, &len))
		return false;
	for (size_t i = 0; i < len; i++)
		subs |= is_sub(pairs[i].kind);
	w->depth++;
	if (inlined)
		text_byte(w->out, '{');
	if (!write_pass(w, pairs, len, false, subs, inlined) ||
	    !write_pass(w, pairs, len, true, false, inlined))
		return false;
	if (inlined)
		text_byte(w->out, '}');
	w->depth--;
	return true;
}

bool toml_write(Text *out, const Value *v, Diag *diag)
{
	Writer w = {.out = out, .diag = diag, .start = out->buf.len};
	TomlKind kind = kind_of(&w, v);

	if (kind == KIND_NONE &&
	    bare(v).kind == V_LIST) // nothing at a key, but an empty list by itself
		kind = KIND_ARRAY;
	return kind != KIND_BAD && write_at_key(&w, v, kind);
}
