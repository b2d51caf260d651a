#include "data/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const Type TYPE_ANY_LIST = {.name = "[]interface {}", .kind = V_LIST, .elem = V_NIL};
const Type TYPE_ANY_MAP = {.name = "map[string]interface {}", .kind = V_MAP, .elem = V_NIL};
const Type TYPE_STRING_LIST = {.name = "[]string", .kind = V_LIST, .elem = V_STRING};
const Type TYPE_STRING_MAP = {.name = "map[string]string", .kind = V_MAP, .elem = V_STRING};
const Type TYPE_INT_LIST = {.name = "[]int", .kind = V_LIST, .elem = V_INT};
const Type TYPE_BYTES = {.name = "[]uint8", .kind = V_LIST, .elem = V_UINT8};
const Type TYPE_LIST_LIST = {
	.name = "[][]interface {}", .kind = V_LIST, .elem = V_LIST, .elem_type = &TYPE_ANY_LIST};
const Type TYPE_MAP_LIST = {.name = "[]map[string]interface {}",
                            .kind = V_LIST,
                            .elem = V_MAP,
                            .elem_type = &TYPE_ANY_MAP};
const Type TYPE_VALUES = {.name = "common.Values", .kind = V_MAP, .elem = V_NIL};

// --- making values ---

Value value_invalid(void)
{
	return (Value){.kind = V_INVALID};
}

Value value_nil(void)
{
	return (Value){.kind = V_NIL};
}

Value value_bool(bool b)
{
	return (Value){.kind = V_BOOL, .b = b};
}

Value value_int(int64_t i)
{
	return (Value){.kind = V_INT, .i = i};
}

Value value_int64(int64_t i)
{
	return (Value){.kind = V_INT64, .i = i};
}

Value value_of_kind(ValueKind kind, int64_t i)
{
	return (Value){.kind = (uint8_t)kind, .i = i};
}

Value value_float(double f)
{
	return (Value){.kind = V_FLOAT64, .f = f};
}

Value value_str(Str s)
{
	return (Value){.kind = V_STRING, .origin = s.origin, .s = {s.p, s.len}};
}

Value value_list(List *list)
{
	return (Value){.kind = V_LIST, .list = list};
}

Value value_map(Map *map)
{
	return (Value){.kind = V_MAP, .map = map};
}

Value value_object(Object *object)
{
	return (Value){.kind = V_OBJECT, .object = object};
}

Str value_as_str(const Value *v)
{
	return (Str){v->s.p, v->s.len, v->origin};
}

// --- lists ---

List *list_new(Arena *arena, const Type *type, size_t cap)
{
	List *list = ARENA_NEW(arena, List);

	list->type = type;
	if (cap) {
		list->items = ARENA_ARRAY(arena, Value, cap);
		list->cap = cap;
	}
	return list;
}

void list_push(Arena *arena, List *list, Value v)
{
	VEC_PUSH(arena, list->items, list->len, list->cap) = v;
}

// --- maps ---

// Below this many entries a walk is quicker than a hash.
#define MAP_WALK_MAX 8

Map *map_new(Arena *arena, const Type *type)
{
	Map *map = ARENA_NEW(arena, Map);

	map->type = type;
	return map;
}

// The slot of the index that holds the entry of `key`, or the empty slot where it would go. Slots hold an
// entry's position + 1. The index has at least twice as many slots as entries, so that one is free.
static size_t index_slot(const Map *map, Str key)
{
	size_t mask = map->index_cap - 1, slot = str_hash(key) & mask;

	while (map->index[slot] && !str_eq(map->entries[map->index[slot] - 1].key, key))
		slot = (slot + 1) & mask;
	return slot;
}

static void index_fill(Map *map)
{
	memset(map->index, 0, map->index_cap * sizeof *map->index);
	for (size_t i = 0; i < map->len; i++)
		map->index[index_slot(map, map->entries[i].key)] = (uint32_t)(i + 1);
}

static void index_grow(Arena *arena, Map *map)
{
	size_t cap = map->index_cap ? map->index_cap : MAP_WALK_MAX * 4;

	while (cap < map->cap * 2)
		cap *= 2;
	if (cap != map->index_cap) {
		map->index = ARENA_ARRAY(arena, uint32_t, cap);
		map->index_cap = cap;
		index_fill(map);
	}
}

// Position of the key's entry or STR_NONE.
static size_t map_find(const Map *map, Str key)
{
	size_t slot;

	if (!map->index) {
		for (size_t i = 0; i < map->len; i++)
			if (str_eq(map->entries[i].key, key))
				return i;
		return STR_NONE;
	}
	slot = index_slot(map, key);
	return map->index[slot] ? map->index[slot] - 1 : STR_NONE;
}

Value *map_get(const Map *map, Str key)
{
	size_t at = map_find(map, key);

	return at == STR_NONE ? NULL : &map->entries[at].value;
}

void map_set(Arena *arena, Map *map, Str key, Value v)
{
	size_t at = map_find(map, key);

	if (at != STR_NONE) {
		map->entries[at].value = v;
		return;
	}
	if (map->len >= UINT32_MAX - 1)
		arena_fail(arena);
	map->nil = false;
	map->sorted =
		!map->len || (map->sorted && str_cmp(map->entries[map->len - 1].key, key) < 0);
	VEC_PUSH(arena, map->entries, map->len, map->cap) = (MapEntry){key, v};
	// A map that was larger keeps its index, which must know every key.
	if (map->len <= MAP_WALK_MAX && !map->index)
		return;
	if (!map->index || map->index_cap < map->len * 2)
		index_grow(arena, map);
	else
		map->index[index_slot(map, key)] = (uint32_t)map->len;
}

bool map_delete(Map *map, Str key)
{
	size_t at = map_find(map, key);

	if (at == STR_NONE)
		return false;
	memmove(map->entries + at, map->entries + at + 1,
	        (map->len - at - 1) * sizeof *map->entries);
	map->len--;
	if (map->index)
		index_fill(map);
	return true;
}

static int compare_entries(const void *a, const void *b)
{
	return str_cmp(((const MapEntry *)a)->key, ((const MapEntry *)b)->key);
}

void map_sort(Map *map)
{
	if (map->sorted || !map->len)
		return;
	qsort(map->entries, map->len, sizeof *map->entries, compare_entries);
	map->sorted = true;
	if (map->index)
		index_fill(map);
}

const Value *value_at(const Value *v, const char *const *path, size_t count)
{
	for (size_t i = 0; i < count && v; i++)
		v = v->kind == V_MAP ? map_get(v->map, str_c(path[i])) : NULL;
	return v;
}

// --- questions ---

bool value_truth(const Value *v)
{
	switch ((ValueKind)v->kind) {
	case V_INVALID:
	case V_NIL:
		return false;
	case V_BOOL:
		return v->b;
	case V_FLOAT32:
	case V_FLOAT64:
		return v->f != 0;
	case V_COMPLEX128:
		return v->c.re != 0 || v->c.im != 0;
	case V_STRING:
	case V_LIST:
	case V_MAP:
		return value_len(v) > 0;
	case V_FUNC:
		return true;
	case V_OBJECT: {
		const Type *type = v->object->type;
		Value under;
		if (v->object->nil)
			return false;
		if (type->as_container)
			under = type->as_container(v->object);
		else if (type->underlying)
			under = type->underlying(v->object);
		else
			return true;
		return value_truth(&under);
	}
	default:
		return value_is_uint(v) ? v->u != 0 : v->i != 0;
	}
}

const Type *value_map_type(const Value *v)
{
	return v->unnamed ? &TYPE_ANY_MAP : v->map->type;
}

size_t value_len(const Value *v)
{
	switch (v->kind) {
	case V_STRING:
		return v->s.len;
	case V_LIST:
		return v->list->len;
	case V_MAP:
		return v->map->len;
	}
	return 0;
}

static bool lists_equal(const List *a, const List *b)
{
	if (a == b)
		return true;
	if (a->type != b->type || a->len != b->len || a->nil != b->nil)
		return false;
	for (size_t i = 0; i < a->len; i++)
		if (!value_equal(&a->items[i], &b->items[i]))
			return false;
	return true;
}

static bool maps_equal(const Map *a, const Map *b)
{
	if (a == b)
		return true;
	if (a->len != b->len || a->nil != b->nil)
		return false;
	for (size_t i = 0; i < a->len; i++) {
		const Value *other = map_get(b, a->entries[i].key);
		if (!other || !value_equal(&a->entries[i].value, other))
			return false;
	}
	return true;
}

bool value_equal(const Value *a, const Value *b)
{
	if (a->kind != b->kind)
		return value_is_null(a) && value_is_null(b);
	switch ((ValueKind)a->kind) {
	case V_INVALID:
	case V_NIL:
		return true;
	case V_BOOL:
		return a->b == b->b;
	case V_FLOAT32:
	case V_FLOAT64:
		return a->f == b->f;
	case V_COMPLEX128:
		return a->c.re == b->c.re && a->c.im == b->c.im;
	case V_STRING:
		return str_eq(value_as_str(a), value_as_str(b));
	case V_LIST:
		return lists_equal(a->list, b->list);
	case V_MAP:
		return value_map_type(a) == value_map_type(b) && maps_equal(a->map, b->map);
	case V_OBJECT:
		if (a->object == b->object)
			return true;
		return a->object->type == b->object->type && a->object->type->equal &&
		       a->object->type->equal(a->object, b->object);
	case V_FUNC:
		return false; // as reflect.DeepEqual: functions are equal only where both are nil
	default:
		return a->i == b->i;
	}
}

// Entries and index are taken over as they stand: only the values below are walked. Every chart's values are copied a
// few times in a render, as Helm copies them, so that this is felt in large umbrellas.
static Map *copy_map(Arena *arena, const Map *map)
{
	Map *copy = ARENA_NEW(arena, Map);

	*copy = *map;
	copy->cap = map->len;
	copy->entries = NULL;
	copy->index = NULL;
	if (!map->len)
		copy->index_cap = 0;
	if (map->len) {
		copy->entries = arena_alloc(arena, map->len * sizeof *copy->entries);
		memcpy(copy->entries, map->entries, map->len * sizeof *copy->entries);
	}
	if (map->len && map->index) {
		copy->index = arena_alloc(arena, map->index_cap * sizeof *copy->index);
		memcpy(copy->index, map->index, map->index_cap * sizeof *copy->index);
	}
	for (size_t i = 0; i < copy->len; i++)
		if (copy->entries[i].value.kind >= V_LIST)
			copy->entries[i].value = value_deep_copy(arena, &copy->entries[i].value);
	return copy;
}

Value value_deep_copy(Arena *arena, const Value *v)
{
	Value copy = *v;

	if (v->kind == V_LIST) {
		copy.list = list_new(arena, v->list->type, v->list->len);
		copy.list->nil = v->list->nil;
		for (size_t i = 0; i < v->list->len; i++)
			list_push(arena, copy.list, value_deep_copy(arena, &v->list->items[i]));
	} else if (v->kind == V_MAP) {
		copy.map = copy_map(arena, v->map);
	} else if (v->kind == V_OBJECT && v->object->type->deep_copy) {
		copy = v->object->type->deep_copy(arena, v->object);
	}
	return copy;
}

Value value_over(Arena *arena, Value winner, const Value *loser)
{
	Origin *origin;

	if (!winner.origin || !loser || !loser->origin || loser->origin == winner.origin)
		return winner;
	origin = ARENA_NEW(arena, Origin);
	*origin = *winner.origin;
	origin->over = loser->origin;
	winner.origin = origin;
	return winner;
}

// What reflect says of the kinds that are no composite.
static const char *const KIND_NAMES[] = {
	[V_INVALID] = "invalid", [V_NIL] = "invalid",
	[V_BOOL] = "bool",       [V_INT] = "int",
	[V_INT8] = "int8",       [V_INT16] = "int16",
	[V_INT32] = "int32",     [V_INT64] = "int64",
	[V_UINT] = "uint",       [V_UINT8] = "uint8",
	[V_UINT16] = "uint16",   [V_UINT32] = "uint32",
	[V_UINT64] = "uint64",   [V_FLOAT32] = "float32",
	[V_FLOAT64] = "float64", [V_COMPLEX128] = "complex128",
	[V_STRING] = "string",   [V_LIST] = "slice",
	[V_MAP] = "map",         [V_OBJECT] = "struct",
	[V_FUNC] = "func",
};

Str value_type_name(const Value *v)
{
	switch (v->kind) {
	case V_INVALID:
	case V_NIL:
		return S("<nil>");
	case V_LIST:
		return str_c(v->list->type->name);
	case V_MAP:
		return str_c(value_map_type(v)->name);
	case V_OBJECT:
		return str_c(v->object->type->name);
	}
	return str_c(KIND_NAMES[v->kind]);
}

Str value_kind_name(const Value *v)
{
	if (v->kind == V_OBJECT && v->object->type->kind_name)
		return str_c(v->object->type->kind_name);
	return str_c(KIND_NAMES[v->kind]);
}
