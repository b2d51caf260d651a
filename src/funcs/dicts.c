// Sprig's dictionaries. Maps are references: set, unset and the merges change the map that they are
// given, and nothing is copied, so that two maps may share a nested one after a merge. Helm's do.
//
// Where Go's order is random (keys, values), ours is that of the keys.

#include "funcs/cast.h"
#include "funcs/families.h"

// Nested maps that a merge descends into, and entries that it looks at: a map that holds itself would have no end.
#define MERGE_DEPTH_LIMIT 1000
#define MERGE_STEP_LIMIT  ((size_t)20000000)

// The map in an argument, NULL for Go's nil map, which can be read but not written.
static Map *map_arg(const Call *c, size_t arg)
{
	const Value *v = &c->args[arg];

	return v->kind == V_MAP && v->map && !v->map->nil ? v->map : NULL;
}

static const Value *find(const Call *c, size_t arg, Str key)
{
	const Map *map = map_arg(c, arg);

	return map ? map_get(map, key) : NULL;
}

static Map *new_map(Call *c)
{
	return map_new(c->arena, &TYPE_ANY_MAP);
}

static bool dict(Call *c)
{
	Map *map = new_map(c);

	for (size_t i = 0; i < c->count; i += 2)
		map_set(c->arena, map, cast_strval(c, &c->args[i]),
		        i + 1 < c->count ? c->args[i + 1] : value_str(S("")));
	return call_return_map(c, map);
}

static bool get(Call *c)
{
	const Value *v = find(c, 0, call_str(c, 1));

	return call_return(c, v ? *v : value_str(S("")));
}

static bool has_key(Call *c)
{
	return call_return_bool(c, find(c, 0, call_str(c, 1)) != NULL);
}

static bool set(Call *c)
{
	Map *map = map_arg(c, 0);

	if (!map)
		return call_fail(c, "assignment to entry in nil map");
	map_set(c->arena, map, call_str(c, 1), c->args[2]);
	return call_return(c, c->args[0]);
}

static bool unset(Call *c)
{
	Map *map = map_arg(c, 0);

	if (map)
		map_delete(map, call_str(c, 1));
	return call_return(c, c->args[0]);
}

static bool pluck(Call *c)
{
	List *found = list_new(c->arena, &TYPE_ANY_LIST, 0);

	for (size_t i = 1; i < c->count; i++) {
		const Value *v = find(c, i, call_str(c, 0));
		if (v)
			list_push(c->arena, found, *v);
	}
	return call_return_list(c, found);
}

static bool pick(Call *c)
{
	Map *picked = new_map(c);

	for (size_t i = 1; i < c->count; i++) {
		Str key = call_str(c, i);
		const Value *v = find(c, 0, key);
		if (v)
			map_set(c->arena, picked, key, *v);
	}
	return call_return_map(c, picked);
}

static bool omit(Call *c)
{
	const Map *map = map_arg(c, 0);
	Map *left = new_map(c), *omitted = new_map(c);

	for (size_t i = 1; i < c->count; i++)
		map_set(c->arena, omitted, call_str(c, i), value_nil());
	for (size_t i = 0; map && i < map->len; i++) {
		if (!map_get(omitted, map->entries[i].key))
			map_set(c->arena, left, map->entries[i].key, map->entries[i].value);
	}
	return call_return_map(c, left);
}

static bool keys(Call *c)
{
	List *names = list_new(c->arena, &TYPE_STRING_LIST, 0);

	for (size_t i = 0; i < c->count; i++) {
		Map *map = map_arg(c, i);
		if (!map)
			continue;
		map_sort(map);
		for (size_t j = 0; j < map->len; j++)
			list_push(c->arena, names, value_str(map->entries[j].key));
	}
	return call_return_list(c, names);
}

static bool values(Call *c)
{
	List *all = list_new(c->arena, &TYPE_ANY_LIST, 0);
	Map *map = map_arg(c, 0);

	if (map)
		map_sort(map);
	for (size_t i = 0; map && i < map->len; i++)
		list_push(c->arena, all, map->entries[i].value);
	return call_return_list(c, all);
}

// --- merging, as the library mergo does it ---

typedef struct Merge {
	Call *call;
	bool overwrite;
	size_t steps;
	const char *error; // what mergo returns as an error: merge gives "" then, mustMerge fails
} Merge;

// Strings only can go into a map[string]string; a value that comes from a map of any value never is
// one to reflect.
static bool merge_set(Merge *m, Map *dst, const Map *src, Str key, Value v)
{
	Str from = value_type_name(&v);

	if (src->type->elem == dst->type->elem || dst->type->elem == V_NIL) {
		map_set(m->call->arena, dst, key, v);
		return true;
	}
	if (src->type->elem == V_NIL)
		from = S("interface {}");
	return call_fail(
		m->call,
		"reflect.Value.SetMapIndex: value of type %.*s is not assignable to type %s",
		STR_ARGS(from), dst->type->elem == V_STRING ? "string" : dst->type->name);
}

static bool is_pointer(const Value *v)
{
	return v->kind == V_OBJECT && str_is(value_kind_name(v), "ptr");
}

static bool merge_maps(Merge *m, Map *dst, const Map *src, unsigned depth);

// What mergo does inside of a value that is a map, struct or pointer on the source's side.
static bool merge_nested(Merge *m, const Value *dst, const Value *src, unsigned depth)
{
	if (!dst)
		return true;
	if (dst->kind == V_MAP && src->kind == V_MAP)
		return merge_maps(m, dst->map, src->map, depth + 1);
	if (is_pointer(dst) && !is_pointer(src) && !m->overwrite)
		m->error = "src and dst must be of same type";
	return true;
}

static bool merge_entry(Merge *m, Map *dst, const Map *src, const MapEntry *entry, unsigned depth)
{
	const Value *old = map_get(dst, entry->key);
	Value v = entry->value;

	if (value_is_null(&v))
		return m->overwrite ? merge_set(m, dst, src, entry->key, v) : true;
	if (v.kind == V_MAP || v.kind == V_OBJECT) {
		if (!merge_nested(m, old, &v, depth))
			return false;
		if (m->error)
			return true;
		// The nested merge may have moved the entries.
		old = map_get(dst, entry->key);
	}
	// Emptiness is asked after the nested merge: an empty map that was filled by it stays.
	if (old && !cast_empty(old)) {
		if (v.kind == V_MAP && old->kind == V_MAP)
			return true;
		if (!m->overwrite)
			return true;
	}
	return merge_set(m, dst, src, entry->key, v);
}

static bool merge_maps(Merge *m, Map *dst, const Map *src, unsigned depth)
{
	size_t len = src->len;

	for (size_t i = 0; i < len && i < src->len && !m->error; i++) {
		MapEntry entry = src->entries[i];
		if (depth > MERGE_DEPTH_LIMIT || ++m->steps > MERGE_STEP_LIMIT)
			return cast_fail_unbounded(m->call);
		if (!merge_entry(m, dst, src, &entry, depth))
			return false;
	}
	return true;
}

// Merges all sources into the first map. Where that is nil, the first source that is not makes one.
static bool merge_all(Call *c, Merge *m, Value *out)
{
	Map *dst = map_arg(c, 0);

	*out = c->args[0];
	for (size_t i = 1; i < c->count && !m->error; i++) {
		const Map *src = map_arg(c, i);
		if (src && !dst)
			*out = value_map(dst = new_map(c));
		if (src && src != dst && !merge_maps(m, dst, src, 0))
			return false;
	}
	return true;
}

static bool return_merged(Call *c, bool overwrite, bool must)
{
	Merge m = {c, overwrite, 0, NULL};
	Value merged;

	if (!merge_all(c, &m, &merged))
		return false;
	if (m.error)
		return must ? call_fail(c, "%s", m.error) : call_return_c(c, "");
	return call_return(c, merged);
}

static bool merge(Call *c)
{
	return return_merged(c, false, false);
}

static bool must_merge(Call *c)
{
	return return_merged(c, false, true);
}

static bool merge_overwrite(Call *c)
{
	return return_merged(c, true, false);
}

static bool must_merge_overwrite(Call *c)
{
	return return_merged(c, true, true);
}

static bool deep_copy(Call *c)
{
	if (value_is_null(&c->args[0]))
		return call_fail(c, "reflect: call of reflect.Value.Type on zero Value");
	if (!cast_is_bounded(&c->args[0]))
		return cast_fail_unbounded(c);
	return call_return(c, value_deep_copy(c->arena, &c->args[0]));
}

// --- dig ---

static bool fail_conversion(Call *c, const Value *v, const char *wanted)
{
	Str type = value_is_null(v) ? S("nil") : value_type_name(v);

	return call_fail(c, "interface conversion: interface {} is %.*s, not %s", STR_ARGS(type),
	                 wanted);
}

// Go asks for this very type here: neither .Values nor a map[string]string is one.
static bool is_dict(const Value *v)
{
	return v->kind == V_MAP && value_map_type(v) == &TYPE_ANY_MAP;
}

static bool dig(Call *c)
{
	const Value *at;
	size_t key_count;

	if (c->count < 3)
		return call_fail(c, "dig needs at least three arguments");
	key_count = c->count - 2;
	at = &c->args[c->count - 1];
	if (!is_dict(at))
		return fail_conversion(c, at, "map[string]interface {}");
	for (size_t i = 0; i < key_count; i++) {
		if (c->args[i].kind != V_STRING)
			return fail_conversion(c, &c->args[i], "string");
	}
	for (size_t i = 0; i < key_count; i++) {
		if (!is_dict(at))
			return fail_conversion(c, at, "map[string]interface {}");
		at = map_get(at->map, call_str(c, i));
		if (!at)
			return call_return(c, c->args[c->count - 2]);
	}
	return call_return(c, *at);
}

const Func dict_funcs[] = {
	{"deepCopy", "any -> any", "a copy that shares nothing with the value", deep_copy,
         "{{ $a := dict \"k\" 1 }}{{ $b := deepCopy $a }}{{ $_ := set $b \"k\" 2 }}{{ $a.k }} => "
         "1"},
	{"dict", "any... -> dict", "a dictionary of keys and values in turn", dict,
         "{{ dict \"a\" 1 \"b\" 2 }} => map[a:1 b:2]"},
	{"dig", "any... -> any",
         "the value under a path of keys, or the default that stands before the dictionary", dig,
         "{{ dig \"user\" \"role\" \"guest\" (dict \"user\" (dict \"name\" \"x\")) }} => guest"},
	{"get", "dict string -> any", "the value of a key, an empty string where there is none",
         get, "{{ get (dict \"a\" 1) \"a\" }} => 1"},
	{"hasKey", "dict string -> bool", "whether the dictionary has the key", has_key,
         "{{ hasKey (dict \"a\" 1) \"b\" }} => false"},
	{"keys", "dict... -> strings", "the keys of all dictionaries", keys,
         "{{ keys (dict \"a\" 1) (dict \"b\" 2) }} => [a b]"},
	{"merge", "dict dict... -> any",
         "fills what the first dictionary lacks from the others, in place", merge,
         "{{ merge (dict \"a\" 1) (dict \"a\" 2 \"b\" 3) }} => map[a:1 b:3]"},
	{"mergeOverwrite", "dict dict... -> any",
         "puts all of the others into the first dictionary, in place", merge_overwrite,
         "{{ mergeOverwrite (dict \"a\" 1) (dict \"a\" 2 \"b\" 3) }} => map[a:2 b:3]"},
	{"mustDeepCopy", "any -> any", "as deepCopy", deep_copy,
         "{{ mustDeepCopy (dict \"k\" 1) }} => map[k:1]"},
	{"mustMerge", "dict dict... -> any",
         "as merge, but fails where merge returns an empty string", must_merge,
         "{{ mustMerge (dict \"a\" 1) (dict \"a\" 2 \"b\" 3) }} => map[a:1 b:3]"},
	{"mustMergeOverwrite", "dict dict... -> any",
         "as mergeOverwrite, but fails where that returns an empty string", must_merge_overwrite,
         "{{ mustMergeOverwrite (dict \"a\" 1) (dict \"a\" 2 \"b\" 3) }} => map[a:2 b:3]"},
	{"omit", "dict string... -> dict", "a new dictionary without the keys named", omit,
         "{{ omit (dict \"a\" 1 \"b\" 2) \"a\" }} => map[b:2]"},
	{"pick", "dict string... -> dict", "a new dictionary with the keys named only", pick,
         "{{ pick (dict \"a\" 1 \"b\" 2) \"a\" }} => map[a:1]"},
	{"pluck", "string dict... -> list",
         "the values of one key in all dictionaries that have it", pluck,
         "{{ pluck \"a\" (dict \"a\" 1) (dict \"b\" 2) (dict \"a\" 3) }} => [1 3]"},
	{"set", "dict string any -> dict", "sets a key in the dictionary and returns it", set,
         "{{ set (dict \"a\" 1) \"b\" 2 }} => map[a:1 b:2]"},
	{"unset", "dict string -> dict", "takes a key out of the dictionary and returns it", unset,
         "{{ unset (dict \"a\" 1 \"b\" 2) \"a\" }} => map[b:2]"},
	{"values", "dict -> list", "the values, in the order of their keys", values,
         "{{ values (dict \"a\" 1 \"b\" 2) }} => [1 2]"},
	{NULL, NULL, NULL, NULL, NULL},
};
