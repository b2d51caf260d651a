// Strategic merge patches.
//
// The target is walked together with the patch; where the patch says nothing the walk goes on alone, since
// Kustomize then still drops fields without a value and sorts out lists with merge keys. A target that takes over a
// part of the patch is walked with that part as both sides, which carries out the directives in it.

#include "kustomize/merge.h"

#include "data/yaml.h"

#include <string.h>

typedef struct Merge {
	Arena *arena;
	const OpenApi *schema;
	Diag *diag;
	size_t depth;
} Merge;

// --- directives ---

typedef enum Directive { DIRECTIVE_MERGE, DIRECTIVE_REPLACE, DIRECTIVE_DELETE } Directive;

static bool directive_of(Str text, Directive *out, Diag *diag)
{
	if (str_is(text, "merge"))
		*out = DIRECTIVE_MERGE;
	else if (str_is(text, "replace"))
		*out = DIRECTIVE_REPLACE;
	else if (str_is(text, "delete"))
		*out = DIRECTIVE_DELETE;
	else
		return diag_fail(diag, "unknown patch strategy '%.*s'", STR_ARGS(text));
	return true;
}

// Reads "$patch" and takes it out of the patch. A list's stands in an item of its own.
static bool take_directive(Merge *merge, Node *patch, Directive *out)
{
	*out = DIRECTIVE_MERGE;
	if (!patch)
		return true;
	if (patch->kind == NODE_MAPPING) {
		const Node *field = tree_get_c(patch, "$patch");
		if (!field)
			return true;
		if (!directive_of(field->value, out, merge->diag))
			return false;
		tree_set(merge->arena, patch, S("$patch"), NULL);
		return true;
	}
	if (patch->kind != NODE_SEQUENCE)
		return diag_fail(
			merge->diag,
			"no implemented strategic merge patch strategy for '%.*s' ('%.*s')",
			STR_ARGS(patch->tag), STR_ARGS(patch->value));
	for (size_t i = 0; i < patch->len; i++) {
		const Node *field = tree_get_c(patch->children[i], "$patch");
		Str text;
		if (!field)
			continue;
		if (patch->children[i]->len > 2)
			return true;
		text = field->value;
		if (!directive_of(text, out, merge->diag))
			return false;
		for (size_t k = 0; k < patch->len;) {
			field = tree_get_c(patch->children[k], "$patch");
			if ((field && str_eq(field->value, text)) ||
			    tree_is_empty(patch->children[k]))
				tree_remove_at(patch, k, 1);
			else
				k++;
		}
		return true;
	}
	return true;
}

// --- what is merged ---

typedef struct Merged {
	Node *node; // NULL: the field goes
	bool keep;  // a null that stays
} Merged;

static bool walk(Merge *merge, const MergeType *type, Node *target, Node *patch, Merged *out);

static const MergeType *type_of(const Merge *merge, const MergeType *type, const Node *target,
                                const Node *patch)
{
	const Node *sides[] = {target, patch};

	for (size_t i = 0; !type && i < 2; i++) {
		Str kind = tree_get_text(sides[i], "kind");
		Str api_version = kind.len ? tree_get_text(sides[i], "apiVersion") : S("");
		if (kind.len && api_version.len)
			type = openapi_type_of(merge->schema, api_version, kind);
	}
	return type;
}

// What the target of a mapping is before its fields are merged.
static bool map_target(Merge *merge, Node *target, Node *patch, Merged *out)
{
	Directive directive;

	if (tree_is_null(target)) {
		Diag ignored = diag_new(merge->arena);
		Merge quiet = {merge->arena, merge->schema, &ignored, 0};
		if (!take_directive(&quiet, patch, &directive))
			directive = DIRECTIVE_MERGE;
		if (directive == DIRECTIVE_DELETE)
			return true;
		if (!patch && target && target->value.len)
			*out = (Merged){target, true};
		else
			out->node = patch;
		return true;
	}
	if (patch && tree_is_null(patch))
		return true;
	if (!take_directive(merge, patch, &directive))
		return false;
	if (directive != DIRECTIVE_DELETE)
		out->node = directive == DIRECTIVE_REPLACE ? patch : target;
	return true;
}

// A key that is added keeps the quotes it has in the patch.
static void keep_quotes(Node *map, Str key, const Node *patch)
{
	size_t at = node_find(patch, key);

	if (at != STR_NONE && map != patch && map->len > 1)
		map->children[map->len - 2]->style = patch->children[at]->style;
}

static bool merge_field(Merge *merge, const MergeType *type, Node *map, Str key, Node *patch)
{
	Node *patched = tree_get(patch, key);
	size_t before = map->len;
	Merged merged = {0};

	if (!walk(merge, merge_type_field(type, key), tree_get(map, key), patched, &merged))
		return false;
	if (merged.keep)
		return true;
	tree_set(merge->arena, map, key, merged.node);
	if (map->len > before)
		keep_quotes(map, key, patch);
	return true;
}

// Fields that the patch does not mention: no need to look them up.
static bool merge_alone(Merge *merge, const MergeType *type, Node *map)
{
	for (size_t i = 0; i + 1 < map->len;) {
		Node *field = map->children[i + 1];
		Merged merged = {0};
		if (field->kind == NODE_SCALAR && !tree_is_null(field)) {
			i += 2;
			continue;
		}
		if (!walk(merge, merge_type_field(type, map->children[i]->value), field, NULL,
		          &merged))
			return false;
		if (!merged.keep && tree_is_null(merged.node)) {
			tree_remove_at(map, i, 2);
			continue;
		}
		if (merged.node != field)
			*field = *merged.node;
		i += 2;
	}
	return true;
}

static bool walk_map(Merge *merge, const MergeType *type, Node *target, Node *patch, Merged *out)
{
	Str *keys;
	size_t count = 0;
	Node *map;

	if (!map_target(merge, target, patch, out))
		return false;
	map = out->node;
	if (!map || map->kind != NODE_MAPPING)
		return true;
	if (!patch)
		return merge_alone(merge, type, map);
	keys = ARENA_ARRAY(merge->arena, Str, map->len / 2 + patch->len / 2 + 1);
	for (size_t i = 0; i + 1 < map->len; i += 2)
		keys[count++] = map->children[i]->value;
	for (size_t i = 0; map != patch && patch->kind == NODE_MAPPING && i + 1 < patch->len;
	     i += 2)
		if (!tree_get(map, patch->children[i]->value))
			keys[count++] = patch->children[i]->value;
	for (size_t i = 0; i < count; i++)
		if (!merge_field(merge, type, map, keys[i], patch))
			return false;
	return true;
}

// --- lists with merge keys ---

static Str key_value(const Node *item, const char *key)
{
	const Node *field = *key ? tree_get_c(item, key) : item;

	if (*key && tree_is_empty(field))
		return S("");
	return field->value;
}

// Whether an item has the values; an empty value is met by any item that has the field at all (as where
// Kustomize sets items) or by none (as where it looks them up).
static bool item_matches(const Node *item, const char *const *keys, const Str *values, size_t count,
                         bool lenient)
{
	if (!*keys[0])
		return str_eq(tree_text(item), values[0]);
	if (item->kind != NODE_MAPPING)
		return false;
	for (size_t i = 0; i < count; i++) {
		const Node *field = tree_get_c(item, keys[i]);
		if (!field || (!(lenient && !values[i].len) && !str_eq(field->value, values[i])))
			return false;
	}
	return true;
}

// Replaces the items that match by `item`, or removes them where it is NULL; appends it where none matched. Empty
// items go. `value_count` may be below the count of keys: then the first values alone decide.
static void set_item(Arena *arena, Node *list, Node *item, const char *const *keys,
                     const Str *values, size_t value_count)
{
	bool found = false, by_field = *keys[0] && value_count && values[0].len;
	size_t kept = 0;

	for (size_t i = 0; i < list->len; i++) {
		Node *at = list->children[i];
		bool matches;
		if (tree_is_null(at) || (at->kind == NODE_MAPPING && !at->len))
			continue;
		if (at->kind != NODE_MAPPING && by_field) {
			list->children[kept++] = at;
			continue;
		}
		matches = value_count && item_matches(at, keys, values, value_count, true);
		if (matches) {
			found = true;
			if (item)
				list->children[kept++] = item;
		} else if (value_count) {
			list->children[kept++] = at;
		}
	}
	list->len = kept;
	if (item && !found && !tree_is_null(item))
		node_push(arena, list, item);
}

// Adds the items of `source` to `list`, replacing those of the same keys.
static bool append_items(Merge *merge, Node *list, const Node *source, const char *const *keys,
                         size_t key_count)
{
	Str *values = ARENA_ARRAY(merge->arena, Str, key_count + 1);

	for (size_t i = 0; i < source->len; i++) {
		Node *item = source->children[i];
		size_t count = 0;
		if (!*keys[0]) {
			values[0] = item->value;
			set_item(merge->arena, list, item, keys, values, 1);
			continue;
		}
		if (!tree_expect(item, NODE_MAPPING, merge->diag))
			return false;
		for (size_t k = 0; k < key_count; k++) {
			const Node *field = tree_get_c(item, keys[k]);
			if (field)
				values[count++] = field->value;
			else
				node_push(merge->arena, list, item);
		}
		if (key_count > 1)
			set_item(merge->arena, list, NULL, keys, values, count);
		set_item(merge->arena, list, item, keys, values, count);
	}
	return true;
}

typedef struct Tuples {
	Str *values; // `width` a tuple
	size_t len, width;
} Tuples;

static bool has_tuple(const Tuples *tuples, const Str *values)
{
	for (size_t i = 0; i < tuples->len; i++) {
		bool same = true;
		for (size_t k = 0; same && k < tuples->width; k++)
			same = str_eq(tuples->values[i * tuples->width + k], values[k]);
		if (same)
			return true;
	}
	return false;
}

// The key values of all items, the patch's first.
static Tuples collect_tuples(Merge *merge, const char *const *keys, size_t key_count,
                             const Node *target, const Node *patch)
{
	const Node *sides[] = {patch, target};
	size_t room = (target ? target->len : 0) + (patch ? patch->len : 0) + 1;
	Tuples tuples = {ARENA_ARRAY(merge->arena, Str, room * key_count), 0, key_count};

	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; sides[s] && i < sides[s]->len; i++) {
			Str *at = tuples.values + tuples.len * key_count;
			for (size_t k = 0; k < key_count; k++)
				at[k] = key_value(sides[s]->children[i], keys[k]);
			if (!has_tuple(&tuples, at))
				tuples.len++;
		}
	return tuples;
}

// Tuples that share a value and else differ only where one has none become one.
static void unify_tuples(Tuples *tuples)
{
	size_t width = tuples->width;

	for (size_t i = 0; i < tuples->len; i++)
		for (size_t j = 0; j < tuples->len; j++) {
			Str *a = tuples->values + i * width, *b = tuples->values + j * width;
			bool common = false, match = true;
			for (size_t k = 0; match && k < width; k++) {
				bool same = str_eq(a[k], b[k]);
				common |= same;
				match = same || !a[k].len || !b[k].len;
			}
			if (!match || !common)
				continue;
			for (size_t k = 0; k < width; k++) {
				Str value = a[k].len ? a[k] : b[k];
				a[k] = b[k] = value;
			}
		}
}

// The keys that any tuple has a value for; all where none has.
static size_t used_keys(Merge *merge, Tuples *tuples, const char *const *keys,
                        const char *const **used)
{
	const char **out = ARENA_ARRAY(merge->arena, const char *, tuples->width);
	size_t *columns = ARENA_ARRAY(merge->arena, size_t, tuples->width), count = 0;

	for (size_t k = 0; k < tuples->width; k++)
		for (size_t i = 0; i < tuples->len; i++)
			if (tuples->values[i * tuples->width + k].len) {
				columns[count] = k;
				out[count++] = keys[k];
				break;
			}
	*used = out;
	if (!count) {
		*used = keys;
		return tuples->width;
	}
	for (size_t i = 0; i < tuples->len; i++) // in place: never ahead of what is read
		for (size_t k = 0; k < count; k++)
			tuples->values[i * count + k] =
				tuples->values[i * tuples->width + columns[k]];
	tuples->width = count;
	return count;
}

static Node *find_item(const Node *list, const char *const *keys, const Str *values, size_t count)
{
	const char *given[8];
	Str wanted[8];
	size_t n = 0;

	if (!list || list->kind != NODE_SEQUENCE)
		return NULL;
	for (size_t k = 0; k < count && n < 8; k++)
		if (values[k].len || !*keys[k]) {
			given[n] = keys[k];
			wanted[n++] = values[k];
		}
	if (!n) {
		for (; n < count && n < 8; n++) {
			given[n] = keys[n];
			wanted[n] = values[n];
		}
	}
	for (size_t i = 0; i < list->len; i++)
		if (!*given[0] ? str_eq(list->children[i]->value, wanted[0])
		               : item_matches(list->children[i], given, wanted, n, false))
			return list->children[i];
	return NULL;
}

static void give_keys(Arena *arena, Node *item, const char *const *keys, const Str *values,
                      size_t count)
{
	for (size_t k = 0; k < count; k++)
		if (*keys[k] && values[k].len && item->kind == NODE_MAPPING &&
		    !tree_get_c(item, keys[k]))
			tree_set(arena, item, str_c(keys[k]), tree_scalar(arena, values[k], ""));
}

static bool merge_items(Merge *merge, const MergeType *type, Node *target, Node *dest, Node *patch,
                        Merged *out)
{
	static const char *const plain_value[] = {""};
	const char *const *keys = type->key_count ? type->keys : plain_value;
	size_t key_count = type->key_count ? type->key_count : 1;
	Tuples tuples = collect_tuples(merge, keys, key_count, target, patch);
	Node *items = tree_kind(merge->arena, NODE_SEQUENCE);

	out->node = dest;
	if (!tuples.len)
		return true;
	if (key_count > 1)
		unify_tuples(&tuples);
	key_count = used_keys(merge, &tuples, keys, &keys);
	for (size_t i = 0; i < tuples.len; i++) {
		Str *values = tuples.values + i * key_count;
		Merged merged = {0};
		if (!walk(merge, type->items, find_item(target, keys, values, key_count),
		          find_item(patch, keys, values, key_count), &merged))
			return false;
		if (tree_is_null(merged.node) ||
		    (merged.node->kind == NODE_MAPPING && !merged.node->len)) {
			set_item(merge->arena, dest, NULL, keys, values, key_count);
			continue;
		}
		give_keys(merge->arena, merged.node, keys, values, key_count);
		set_item(merge->arena, items, merged.node, keys, values, key_count);
	}
	out->node = items;
	return append_items(merge, items, dest, keys, key_count);
}

// Most lists that a patch does not mention have items with different keys: those stay as they are.
static bool all_different(const MergeType *type, const Node *list)
{
	const char *key = type->key_count ? type->keys[0] : "";

	if (list->len > 64)
		return false;
	for (size_t i = 0; i < list->len; i++) {
		Str value = key_value(list->children[i], key);
		if (!value.len || tree_is_empty(list->children[i]))
			return false;
		for (size_t k = 1; k < type->key_count; k++)
			if (key_value(list->children[i], type->keys[k]).len)
				return false; // more than one key counts
		for (size_t j = 0; j < i; j++)
			if (str_eq(value, key_value(list->children[j], key)))
				return false;
	}
	return true;
}

static bool walk_keyed_list(Merge *merge, const MergeType *type, Node *target, Node *patch,
                            Merged *out)
{
	Directive directive;

	if (!tree_is_null(target) && patch && tree_is_null(patch))
		return true;
	if (tree_is_null(target)) {
		target = patch;
	} else {
		if (!take_directive(merge, patch, &directive))
			return false;
		if (directive == DIRECTIVE_DELETE)
			return true;
		if (directive == DIRECTIVE_REPLACE)
			target = patch;
	}
	if (!target)
		return true;
	if (!patch && all_different(type, target)) {
		Merged merged;
		out->node = target;
		for (size_t i = 0; i < target->len; i++)
			if (!walk(merge, type->items, target->children[i], NULL, &merged))
				return false;
		return true;
	}
	return merge_items(merge, type, target, target, patch, out);
}

static NodeKind kind_of(const Node *target, const Node *patch, bool *any)
{
	const Node *first = tree_is_null(target) ? patch : target;

	*any = !tree_is_null(first);
	return *any ? first->kind : NODE_MAPPING;
}

static bool walk(Merge *merge, const MergeType *type, Node *target, Node *patch, Merged *out)
{
	bool any, ok = true;
	NodeKind kind = kind_of(target, patch, &any);

	*out = (Merged){0};
	if (merge->depth > YAML_DEPTH_LIMIT)
		return diag_fail(merge->diag, "the patch is nested too deeply");
	if (any &&
	    (!tree_expect(target, kind, merge->diag) || !tree_expect(patch, kind, merge->diag)))
		return false;
	merge->depth++;
	if (kind == NODE_MAPPING) {
		ok = walk_map(merge, type_of(merge, type, target, patch), target, patch, out);
	} else if (kind == NODE_SEQUENCE && type && type->merge) {
		ok = walk_keyed_list(merge, type, target, patch, out);
	} else {
		out->node = patch ? patch : target;
	}
	merge->depth--;
	return ok;
}

bool merge_patch(Arena *arena, const OpenApi *schema, Node *patch, Node **target, Diag *diag)
{
	Merge merge = {arena, schema, diag, 0};
	Merged merged;

	if (!walk(&merge, NULL, *target, patch, &merged))
		return false;
	*target = merged.node;
	return true;
}
