// Structs from YAML: encoding/json's rules over sigs.k8s.io/yaml's conversion.

#include "chart/decode.h"

#include "base/num.h"
#include "data/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Decode {
	Arena *arena;
	const char *owner; // the struct of the field being filled, NULL at the root
	Buf path;          // the field's path from the root: "dependencies.name"
	Str error;         // the first mismatch; decoding goes on, as encoding/json's does
} Decode;

// What encoding/json calls a value that does not fit.
static const char *json_name(const Value *v)
{
	switch (v->kind) {
	case V_STRING:
		return "string";
	case V_BOOL:
		return "bool";
	case V_LIST:
		return "array";
	case V_MAP:
		return "object";
	}
	return "number";
}

static void mismatch(Decode *d, const Value *v, const char *type)
{
	if (d->error.len)
		return;
	if (d->owner)
		d->error = str_printf(
			d->arena,
			"json: cannot unmarshal %s into Go struct field %s.%.*s of type %s",
			json_name(v), d->owner, STR_ARGS(buf_view(&d->path)), type);
	else
		d->error =
			str_printf(d->arena, "json: cannot unmarshal %s into Go value of type %s",
		                   json_name(v), type);
}

// strconv.FormatFloat(f, 'g', -1, 32): sigs.k8s.io/yaml turns a float into text as a float32.
static Str float_text(Arena *arena, double f)
{
	char digits[32], text[64];
	float narrow = (float)f;
	int precision = 0, exponent;
	size_t count = 0;
	char *e;

	do {
		snprintf(digits, sizeof digits, "%.*e", precision, (double)narrow);
	} while (precision++ < 9 && strtof(digits, NULL) != narrow);
	e = strchr(digits, 'e');
	if (!e) { // inf, nan
		Buf out = buf_new(arena);
		num_format_float(&out, f, 'g', -1);
		return buf_view(&out);
	}
	exponent = atoi(e + 1);
	count = (size_t)(e - digits);
	if (exponent < -4 || exponent >= 6) {
		snprintf(text, sizeof text, "%.*se%c%02d", (int)count, digits,
		         exponent < 0 ? '-' : '+', abs(exponent));
		return str_copy(arena, str_c(text));
	}
	snprintf(text, sizeof text, "%.*f", precision - 1 > exponent ? precision - 1 - exponent : 0,
	         (double)narrow);
	return str_copy(arena, str_c(text));
}

static bool scalar_text(Decode *d, const Value *v, Str *out)
{
	Buf text = buf_new(d->arena);

	switch (v->kind) {
	case V_STRING:
		*out = value_as_str(v);
		return true;
	case V_BOOL:
		*out = v->b ? S("true") : S("false");
		return true;
	case V_FLOAT64:
		*out = float_text(d->arena, v->f);
		return true;
	case V_LIST:
	case V_MAP:
		return false;
	}
	if (value_is_uint(v))
		num_format_uint(&text, v->u, 10);
	else
		num_format_int(&text, v->i, 10);
	*out = buf_view(&text);
	return true;
}

static void decode_string(Decode *d, const Value *v, Str *out)
{
	if (!value_is_null(v) && !scalar_text(d, v, out))
		mismatch(d, v, "string");
}

static void decode_strings(Decode *d, const Value *v, StrList *out)
{
	if (value_is_null(v)) {
		*out = (StrList){0};
		return;
	}
	if (v->kind != V_LIST) {
		mismatch(d, v, "[]string");
		return;
	}
	*out = (StrList){ARENA_ARRAY(d->arena, Str, v->list->len + 1), v->list->len, true};
	for (size_t i = 0; i < out->len; i++) {
		out->items[i] = S("");
		decode_string(d, &v->list->items[i], &out->items[i]);
	}
}

static void decode_string_map(Decode *d, const Value *v, Map **out)
{
	if (value_is_null(v)) {
		*out = NULL;
		return;
	}
	if (v->kind != V_MAP) {
		mismatch(d, v, "map[string]string");
		return;
	}
	*out = map_new(d->arena, &TYPE_STRING_MAP);
	for (size_t i = 0; i < v->map->len; i++) {
		Str text = S("");
		decode_string(d, &v->map->entries[i].value, &text);
		map_set(d->arena, *out, v->map->entries[i].key, value_str(text));
	}
}

// Numbers decoded into interface{} are float64.
static Value any_value(Arena *arena, const Value *v)
{
	Value copy = *v;

	if (v->kind == V_INT64)
		return value_float((double)v->i);
	if (v->kind == V_LIST) {
		copy.list = list_new(arena, &TYPE_ANY_LIST, v->list->len);
		for (size_t i = 0; i < v->list->len; i++)
			list_push(arena, copy.list, any_value(arena, &v->list->items[i]));
	} else if (v->kind == V_MAP) {
		copy.map = map_new(arena, &TYPE_ANY_MAP);
		for (size_t i = 0; i < v->map->len; i++)
			map_set(arena, copy.map, v->map->entries[i].key,
			        any_value(arena, &v->map->entries[i].value));
	}
	return copy;
}

static void decode_any_list(Decode *d, const Value *v, List **out)
{
	if (value_is_null(v))
		*out = NULL;
	else if (v->kind != V_LIST)
		mismatch(d, v, "[]interface {}");
	else
		*out = any_value(d->arena, v).list;
}

static void decode_struct(Decode *d, const Value *v, const DecodeType *type, void *out);

static void decode_structs(Decode *d, const Value *v, const DecodeType *type, PtrList *out)
{
	if (value_is_null(v)) {
		*out = (PtrList){0};
		return;
	}
	if (v->kind != V_LIST) {
		mismatch(d, v, str_to_c(d->arena, str_printf(d->arena, "[]*%s", type->full)));
		return;
	}
	*out = (PtrList){ARENA_ARRAY(d->arena, void *, v->list->len + 1), v->list->len, true};
	for (size_t i = 0; i < out->len; i++) {
		const Value *item = &v->list->items[i];
		if (value_is_null(item))
			continue;
		out->items[i] = arena_calloc(d->arena, 1, type->size);
		decode_struct(d, item, type, out->items[i]);
	}
}

static void decode_field(Decode *d, const Value *v, const DecodeField *field, void *out)
{
	switch (field->kind) {
	case DECODE_STRING:
		decode_string(d, v, out);
		return;
	case DECODE_BOOL:
		if (v->kind == V_BOOL)
			*(bool *)out = v->b;
		else if (!value_is_null(v))
			mismatch(d, v, "bool");
		return;
	case DECODE_STRINGS:
		decode_strings(d, v, out);
		return;
	case DECODE_STRING_MAP:
		decode_string_map(d, v, out);
		return;
	case DECODE_ANY_LIST:
		decode_any_list(d, v, out);
		return;
	case DECODE_STRUCT:
		if (value_is_null(v)) {
			*(void **)out = NULL;
			return;
		}
		if (!*(void **)out)
			*(void **)out = arena_calloc(d->arena, 1, field->type->size);
		decode_struct(d, v, field->type, *(void **)out);
		return;
	case DECODE_STRUCTS:
		decode_structs(d, v, field->type, out);
		return;
	}
}

static const DecodeField *find_field(const DecodeType *type, Str key)
{
	for (const DecodeField *f = type->fields; f->name; f++)
		if (str_is(key, f->name))
			return f;
	for (const DecodeField *f = type->fields; f->name; f++)
		if (str_ieq(key, str_c(f->name)))
			return f;
	return NULL;
}

static void decode_struct(Decode *d, const Value *v, const DecodeType *type, void *out)
{
	const char *owner = d->owner;
	size_t path = d->path.len;

	if (value_is_null(v))
		return;
	if (v->kind != V_MAP) {
		mismatch(d, v, type->full);
		return;
	}
	map_sort(
		v->map); // as JSON text orders the keys: the last of those that differ in case only wins
	for (size_t i = 0; i < v->map->len; i++) {
		const DecodeField *field = find_field(type, v->map->entries[i].key);
		if (!field)
			continue;
		d->owner = type->name;
		if (path)
			buf_byte(&d->path, '.');
		buf_c(&d->path, field->name);
		decode_field(d, &v->map->entries[i].value, field, (char *)out + field->offset);
		d->path.len = path;
	}
	d->owner = owner;
}

bool decode_value(Arena *arena, const Value *value, const DecodeType *type, void *out, Diag *diag)
{
	Decode d = {.arena = arena, .path = buf_new(arena)};

	decode_struct(&d, value, type, out);
	if (!d.error.len)
		return true;
	diag_fail_str(diag, d.error);
	return diag_wrap(diag, "error unmarshaling JSON: while decoding JSON");
}

bool decode_yaml(Arena *arena, Str text, Str file, const DecodeType *type, void *out, Diag *diag)
{
	YamlValueOptions options = {.yaml = {.file = file}, .ints = true};
	Value value;

	return yaml_read_value(arena, text, &options, &value, diag) &&
	       decode_value(arena, &value, type, out, diag);
}
