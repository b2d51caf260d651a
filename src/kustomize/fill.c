// Reads a mapping into a struct as Go's encoding/json does.

#include "kustomize/fill.h"

#include "base/num.h"
#include "data/text.h"
#include "kustomize/scalar.h"

#include <string.h>

typedef struct Decoder {
	Arena *arena;
	FillMode mode;
	Str file;
	Diag *diag;
	const char *inside; // Go's name of the innermost struct
	bool converts;      // numbers and booleans become text where text is wanted
} Decoder;

void text_list_add(Arena *arena, TextList *list, Str s)
{
	VEC_PUSH(arena, list->items, list->len, list->cap) = s;
}

Str text_list_str(Arena *arena, const TextList *list)
{
	Buf out = buf_new(arena);

	buf_byte(&out, '[');
	for (size_t i = 0; i < list->len; i++) {
		if (i)
			buf_byte(&out, ' ');
		buf_str(&out, list->items[i]);
	}
	buf_byte(&out, ']');
	return buf_view(&out);
}

static size_t map_position(const TextMap *map, Str key, bool *found)
{
	size_t low = 0, high = map->len;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(key, map->items[middle].key);
		if (!order) {
			*found = true;
			return middle;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

void text_map_set(Arena *arena, TextMap *map, Str key, Str value)
{
	bool found;
	size_t at = map_position(map, key, &found);

	map->set = true;
	if (found) {
		map->items[at].value = value;
		return;
	}
	VEC_PUSH(arena, map->items, map->len, map->cap) = (TextPair){0};
	memmove(map->items + at + 1, map->items + at, (map->len - 1 - at) * sizeof *map->items);
	map->items[at] = (TextPair){key, value};
}

const Str *text_map_get(const TextMap *map, Str key)
{
	bool found;
	size_t at = map_position(map, key, &found);

	return found ? &map->items[at].value : NULL;
}

static ScalarRules rules_of(const Decoder *decoder)
{
	return decoder->mode == FILL_RESOURCE ? SCALAR_YAML_1_2 : SCALAR_YAML_1_1;
}

static Place place_of(const Decoder *decoder, const Node *node)
{
	return (Place){decoder->file, node->start.line, node->start.column};
}

static const char *json_kind(Decoder *decoder, const Node *node, Scalar *scalar)
{
	return scalar_json_kind(decoder->arena, node, rules_of(decoder), scalar);
}

static bool fail_type(Decoder *decoder, const Node *node, Str path, Str go_type)
{
	Scalar scalar;
	const char *kind = json_kind(decoder, node, &scalar);

	if (!path.len)
		return diag_fail_at(decoder->diag, place_of(decoder, node),
		                    "json: cannot unmarshal %s into Go value of type %.*s", kind,
		                    STR_ARGS(go_type));
	return diag_fail_at(decoder->diag, place_of(decoder, node),
	                    "json: cannot unmarshal %s into Go struct field %s.%.*s of type %.*s",
	                    kind, decoder->inside, STR_ARGS(path), STR_ARGS(go_type));
}

static Str go_name(Decoder *decoder, const char *before, const FillType *type)
{
	return str_printf(decoder->arena, "%stypes.%s", before, type->name);
}

// A number as Go's 'g' format writes it.
static Str scalar_text(Arena *arena, const Scalar *scalar)
{
	Buf text = buf_new(arena);

	if (scalar->kind == SCALAR_FLOAT)
		num_format_float(&text, scalar->f, 'g', -1);
	else
		scalar_write_json(&text, scalar);
	return buf_view(&text);
}

static bool decode_str(Decoder *decoder, const Node *node, const FillType *type, Str path, Str *out)
{
	Scalar scalar = {.kind = SCALAR_NULL};
	const char *kind = json_kind(decoder, node, &scalar);

	if (!strcmp(kind, "null"))
		return true;
	if (!strcmp(kind, "string")) {
		*out = scalar.kind == SCALAR_STRING ? scalar.s : node->value;
		return true;
	}
	if (!decoder->converts || node->kind != NODE_SCALAR)
		return fail_type(decoder, node, path,
		                 type ? go_name(decoder, "", type) : S("string"));
	*out = text_made_from(decoder->arena, scalar_text(decoder->arena, &scalar), node->value);
	return true;
}

static bool decode_int(Decoder *decoder, const Node *node, Str path, int64_t *out)
{
	Scalar scalar = {.kind = SCALAR_NULL};
	const char *kind = json_kind(decoder, node, &scalar);

	if (!strcmp(kind, "null"))
		return true;
	if (scalar.kind == SCALAR_INT && !strcmp(kind, "number")) {
		*out = scalar.i;
		return true;
	}
	if (!strcmp(kind, "number")) {
		Buf text = buf_new(decoder->arena);
		scalar_write_json(&text, &scalar);
		return diag_fail_at(decoder->diag, place_of(decoder, node),
		                    "json: cannot unmarshal number %.*s into Go struct field "
		                    "%s.%.*s of type int64",
		                    STR_ARGS(buf_view(&text)), decoder->inside, STR_ARGS(path));
	}
	return fail_type(decoder, node, path, S("int64"));
}

static bool decode_bool(Decoder *decoder, const Node *node, Str path, bool *out)
{
	Scalar scalar = {.kind = SCALAR_NULL};
	const char *kind = json_kind(decoder, node, &scalar);

	if (!strcmp(kind, "null"))
		return true;
	if (strcmp(kind, "bool"))
		return fail_type(decoder, node, path, S("bool"));
	*out = scalar.b;
	return true;
}

// YAML 1.1 makes booleans and numbers of some keys; JSON writes them as text again.
static Str key_text(Decoder *decoder, const Node *key)
{
	Diag ignored = diag_new(decoder->arena);
	Buf text = buf_new(decoder->arena);
	Scalar scalar;

	if (key->kind != NODE_SCALAR ||
	    !scalar_of_node(decoder->arena, key, rules_of(decoder), &scalar, &ignored) ||
	    scalar.kind == SCALAR_STRING)
		return key->value;
	scalar_write_json(&text, &scalar);
	return buf_view(&text);
}

static bool is_null(Decoder *decoder, const Node *node)
{
	Scalar scalar;

	return node->kind == NODE_SCALAR && !strcmp(json_kind(decoder, node, &scalar), "null");
}

static bool decode_str_list(Decoder *decoder, const Node *node, const FillType *type, Str path,
                            TextList *out)
{
	if (is_null(decoder, node))
		return true;
	if (node->kind != NODE_SEQUENCE)
		return fail_type(decoder, node, path,
		                 type ? go_name(decoder, "[]", type) : S("[]string"));
	*out = (TextList){0};
	for (size_t i = 0; i < node->len; i++) {
		Str item = S("");
		if (!decode_str(decoder, node->children[i], type, path, &item))
			return false;
		text_list_add(decoder->arena, out, item);
	}
	return true;
}

static bool decode_str_map(Decoder *decoder, const Node *node, Str path, TextMap *out)
{
	if (is_null(decoder, node))
		return true;
	if (node->kind != NODE_MAPPING)
		return fail_type(decoder, node, path, S("map[string]string"));
	out->set = true;
	for (size_t i = 0; i + 1 < node->len; i += 2) {
		Str value = S("");
		if (!decode_str(decoder, node->children[i + 1], NULL, path, &value))
			return false;
		text_map_set(decoder->arena, out, key_text(decoder, node->children[i]), value);
	}
	return true;
}

static bool decode_bool_map(Decoder *decoder, const Node *node, Str path, const Node **out)
{
	if (is_null(decoder, node))
		return true;
	if (node->kind != NODE_MAPPING)
		return fail_type(decoder, node, path, S("map[string]bool"));
	*out = node;
	for (size_t i = 0; i + 1 < node->len; i += 2) {
		bool ignored;
		if (!decode_bool(decoder, node->children[i + 1], path, &ignored))
			return false;
	}
	return true;
}

static bool decode_fields(Decoder *decoder, const Node *node, const FillType *type, Str path,
                          void *out);

static bool decode_list(Decoder *decoder, const Node *node, const FillType *type, Str path,
                        StructList *out)
{
	char *items;

	if (is_null(decoder, node))
		return true;
	if (node->kind != NODE_SEQUENCE)
		return fail_type(decoder, node, path,
		                 type->list_name ? str_c(type->list_name)
		                                 : go_name(decoder, "[]", type));
	items = arena_calloc(decoder->arena, node->len + 1, type->size);
	for (size_t i = 0; i < node->len; i++)
		if (!decode_fields(decoder, node->children[i], type, path, items + i * type->size))
			return false;
	out->items = items;
	out->len = node->len;
	return true;
}

static bool decode_struct_ptr(Decoder *decoder, const Node *node, const FillType *type, Str path,
                              void **out)
{
	if (is_null(decoder, node))
		return true;
	*out = arena_calloc(decoder->arena, 1, type->size);
	return decode_fields(decoder, node, type, path, *out);
}

static bool decode_field(Decoder *decoder, const Node *node, const FillField *field, Str path,
                         char *at)
{
	switch (field->kind) {
	case FILL_STR:
		return decode_str(decoder, node, field->type, path, (Str *)at);
	case FILL_STR_PTR:
		if (is_null(decoder, node))
			return true;
		*(Str **)at = ARENA_NEW(decoder->arena, Str);
		return decode_str(decoder, node, field->type, path, *(Str **)at);
	case FILL_BOOL:
		return decode_bool(decoder, node, path, (bool *)at);
	case FILL_INT:
		return decode_int(decoder, node, path, (int64_t *)at);
	case FILL_STR_LIST:
		return decode_str_list(decoder, node, field->type, path, (TextList *)at);
	case FILL_STR_MAP:
		return decode_str_map(decoder, node, path, (TextMap *)at);
	case FILL_STRUCT:
		return is_null(decoder, node) ||
		       decode_fields(decoder, node, field->type, path, at);
	case FILL_STRUCT_PTR:
		return decode_struct_ptr(decoder, node, field->type, path, (void **)at);
	case FILL_STRUCT_LIST:
		return decode_list(decoder, node, field->type, path, (StructList *)at);
	case FILL_MAPPING:
		if (node->kind != NODE_MAPPING && !is_null(decoder, node))
			return fail_type(decoder, node, path, S("map[string]interface {}"));
		if (!is_null(decoder, node))
			*(const Node **)at = node;
		return true;
	case FILL_BOOL_MAP:
		return decode_bool_map(decoder, node, path, (const Node **)at);
	case FILL_NOTHING:
		return true;
	}
	return true;
}

static Str own_name(const FillField *field)
{
	Str name = str_c(field->name);
	size_t dot = str_rfind(name, S("."));

	return dot == STR_NONE ? name : str_from(name, dot + 1);
}

static const FillField *find_field(const FillType *type, Str name)
{
	for (size_t i = 0; i < type->field_count; i++)
		if (str_eq(name, own_name(&type->fields[i])))
			return &type->fields[i];
	for (size_t i = 0; i < type->field_count; i++)
		if (str_ieq(name, own_name(&type->fields[i])))
			return &type->fields[i];
	return NULL;
}

// Of keys that stand twice, the last counts.
static bool comes_again(const Node *map, size_t at)
{
	for (size_t i = at + 2; i + 1 < map->len; i += 2)
		if (str_eq(map->children[i]->value, map->children[at]->value))
			return true;
	return false;
}

static bool decode_named(Decoder *decoder, const Node *node, const FillField *field, Str path,
                         void *out)
{
	Str below = path.len ? str_printf(decoder->arena, "%.*s.%s", STR_ARGS(path), field->name)
	                     : str_c(field->name);
	bool converts = decoder->converts, embedded = strchr(field->name, '.') != NULL, ok;

	if (field->seen && !is_null(decoder, node))
		*(bool *)((char *)out + field->seen) = true;
	decoder->converts = converts && !embedded;
	ok = decode_field(decoder, node, field, below, (char *)out + field->offset);
	decoder->converts = converts;
	return ok;
}

static bool is_strict(const Decoder *decoder)
{
	return decoder->mode == FILL_KUSTOMIZATION || decoder->mode == FILL_STRICT;
}

static bool decode_fields(Decoder *decoder, const Node *node, const FillType *type, Str path,
                          void *out)
{
	if (is_null(decoder, node))
		return true;
	if (node->kind != NODE_MAPPING)
		return fail_type(decoder, node, path, go_name(decoder, "", type));
	if (type->keeps_node)
		*(const Node **)out = node;
	for (size_t i = 0; i + 1 < node->len; i += 2) {
		Str name = node->children[i]->value;
		const FillField *field = find_field(type, name);
		if (comes_again(node, i))
			continue;
		decoder->inside = type->name;
		if (field) {
			if (!decode_named(decoder, node->children[i + 1], field, path, out))
				return false;
		} else if (is_strict(decoder)) {
			return diag_fail_at(decoder->diag, place_of(decoder, node->children[i]),
			                    "json: unknown field \"%.*s\"", STR_ARGS(name));
		}
	}
	return true;
}

static Decoder decoder_new(Arena *arena, const FillType *type, FillMode mode, Str file, Diag *diag)
{
	return (Decoder){arena, mode, file, diag, type->name, mode != FILL_KUSTOMIZATION};
}

static bool finish(const Decoder *decoder, bool ok)
{
	if (ok || decoder->mode == FILL_KUSTOMIZATION)
		return ok;
	return diag_wrap(decoder->diag, "error unmarshaling JSON: while decoding JSON");
}

bool fill_struct(Arena *arena, const Node *node, const FillType *type, FillMode mode, Str file,
                 void *out, Diag *diag)
{
	Decoder decoder = decoder_new(arena, type, mode, file, diag);

	return finish(&decoder, decode_fields(&decoder, node, type, S(""), out));
}

bool fill_struct_list(Arena *arena, const Node *node, const FillType *type, FillMode mode, Str file,
                      StructList *out, Diag *diag)
{
	Decoder decoder = decoder_new(arena, type, mode, file, diag);

	return finish(&decoder, decode_list(&decoder, node, type, S(""), out));
}
