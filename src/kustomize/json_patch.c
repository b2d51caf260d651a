// JSON patches.

#include "kustomize/json_patch.h"

#include "base/num.h"
#include "data/text.h"
#include "kustomize/scalar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Patcher {
	Arena *arena;
	Diag *diag;
	Node *root;
} Patcher;

// --- JSON values ---

// A copy in which every scalar is a JSON value: its tag says of which kind. Integers beyond 2^53 lose precision, as
// they do where JSON is read into floats.
static Node *to_json(Arena *arena, const Node *node, ScalarRules rules, Diag *diag);

static Node *scalar_to_json(Arena *arena, const Node *node, ScalarRules rules, Diag *diag)
{
	static const char *const tags[] = {"!!null", "!!bool",  "!!int",
	                                   "!!int",  "!!float", "!!str"};
	Node *copy = ARENA_NEW(arena, Node);
	Scalar scalar;
	Buf text = buf_new(arena);
	double rounded;

	*copy = *node;
	if (!scalar_of_node(arena, node, rules, &scalar, diag))
		return NULL;
	copy->tag = str_c(tags[scalar.kind]);
	copy->style = NODE_PLAIN;
	if (scalar.kind == SCALAR_STRING) {
		copy->style = str_find_byte(scalar.s, '\n') == STR_NONE ? NODE_DOUBLE_QUOTED
		                                                        : NODE_LITERAL;
		copy->value = scalar.s;
		return copy;
	}
	rounded = scalar.kind == SCALAR_INT    ? (double)scalar.i
	          : scalar.kind == SCALAR_UINT ? (double)scalar.u
	                                       : 0;
	if (fabs(rounded) >= 9007199254740992.0) {
		scalar = (Scalar){.kind = SCALAR_FLOAT, .f = rounded};
		copy->tag = S("!!float");
	}
	scalar_write_json(&text, &scalar);
	copy->value = text_made_from(arena, buf_view(&text), node->value);
	return copy;
}

static int compare_values(const void *a, const void *b)
{
	return str_cmp((*(Node *const *)a)->value, (*(Node *const *)b)->value);
}

static bool check_keys(Arena *arena, const Node *map, Diag *diag)
{
	Node **keys = ARENA_ARRAY(arena, Node *, map->len / 2 + 1);
	size_t count = map->len / 2;

	for (size_t i = 0; i < count; i++)
		keys[i] = map->children[2 * i];
	if (count)
		qsort(keys, count, sizeof *keys, compare_values);
	for (size_t i = 1; i < count; i++)
		if (str_eq(keys[i]->value, keys[i - 1]->value))
			return diag_fail(
				diag,
				"yaml: unmarshal errors:\n  line %u: mapping key \"%.*s\" already "
				"defined at line %u",
				keys[i]->start.line, STR_ARGS(keys[i]->value),
				keys[i - 1]->start.line);
	return true;
}

static Node *to_json(Arena *arena, const Node *node, ScalarRules rules, Diag *diag)
{
	Node *copy;

	if (node->kind == NODE_SCALAR)
		return scalar_to_json(arena, node, rules, diag);
	if (node->kind == NODE_MAPPING && !check_keys(arena, node, diag))
		return NULL;
	copy = ARENA_NEW(arena, Node);
	*copy = *node;
	copy->children = ARENA_ARRAY(arena, Node *, node->len + 1);
	copy->cap = node->len + 1;
	for (size_t i = 0; i < node->len; i++) {
		if (node->kind == NODE_MAPPING && i % 2 == 0) {
			copy->children[i] = tree_scalar(arena, node->children[i]->value, TAG_STR);
			continue;
		}
		copy->children[i] = to_json(arena, node->children[i], rules, diag);
		if (!copy->children[i])
			return NULL;
	}
	return copy;
}

// --- pointers ---

static Str unescape(Arena *arena, Str part)
{
	Buf out;

	if (str_find_byte(part, '~') == STR_NONE)
		return part;
	out = buf_new(arena);
	for (size_t i = 0; i < part.len; i++) {
		bool escape = part.p[i] == '~' && i + 1 < part.len;
		if (escape && (part.p[i + 1] == '0' || part.p[i + 1] == '1'))
			buf_byte(&out, part.p[++i] == '0' ? '~' : '/');
		else
			buf_byte(&out, part.p[i]);
	}
	return buf_view(&out);
}

// The place of an index in a list of `len` items; negative ones count from the end.
static bool list_index(Patcher *patcher, Str key, size_t len, bool strict, size_t *out)
{
	int64_t index;

	if (num_parse_int(key, 10, 64, &index) != NUM_OK)
		return diag_fail(patcher->diag, "strconv.Atoi: parsing \"%.*s\": invalid syntax",
		                 STR_ARGS(key));
	if (index < -(int64_t)len || (strict && index >= (int64_t)len))
		return diag_fail(patcher->diag,
		                 "Unable to access invalid index: %lld: invalid index referenced",
		                 (long long)index);
	*out = (size_t)(index < 0 ? index + (int64_t)len : index);
	return true;
}

// A container's entry: NULL in *out where an object does not have it. False for a bad index.
static bool get(Patcher *patcher, const Node *container, Str key, Node **out)
{
	size_t at;

	*out = NULL;
	if (container->kind == NODE_MAPPING) {
		*out = tree_get(container, key);
		return true;
	}
	if (!list_index(patcher, key, container->len, true, &at))
		return false;
	*out = container->children[at];
	return true;
}

// The container a pointer leads into, NULL where it leads nowhere, and the last key.
static Node *find_container(Patcher *patcher, Str path, Str *key)
{
	Diag ignored = diag_new(patcher->arena);
	Patcher quiet = {patcher->arena, &ignored, patcher->root};
	Node *at = patcher->root;
	Str rest = path, part, next;

	if (!str_cut(&rest, S("/"), &part) || !str_cut(&rest, S("/"), &part))
		return NULL;
	while (str_cut(&rest, S("/"), &next)) {
		if (!get(&quiet, at, unescape(patcher->arena, part), &at) || tree_is_null(at) ||
		    at->kind == NODE_SCALAR)
			return NULL;
		part = next;
	}
	*key = unescape(patcher->arena, part);
	return at;
}

// --- operations ---

static void insert_at(Arena *arena, Node *list, size_t at, Node *value)
{
	node_push(arena, list, value);
	memmove(list->children + at + 1, list->children + at,
	        (list->len - 1 - at) * sizeof *list->children);
	list->children[at] = value;
}

static void put(Arena *arena, Node *map, Str key, Node *value)
{
	for (size_t i = 0; i + 1 < map->len; i += 2)
		if (str_eq(map->children[i]->value, key)) {
			map->children[i + 1] = value;
			return;
		}
	node_push(arena, map, tree_scalar(arena, key, TAG_STR));
	node_push(arena, map, value);
}

static Node *null_or(Arena *arena, Node *value)
{
	return value ? value : tree_scalar(arena, S("null"), TAG_NULL);
}

static bool add(Patcher *patcher, Node *container, Str key, Node *value)
{
	size_t at;
	int64_t ignored;

	value = null_or(patcher->arena, value);
	if (container->kind == NODE_MAPPING) {
		put(patcher->arena, container, key, value);
		return true;
	}
	if (str_is(key, "-")) {
		node_push(patcher->arena, container, value);
		return true;
	}
	if (num_parse_int(key, 10, 64, &ignored) != NUM_OK)
		return diag_fail(patcher->diag,
		                 "value was not a proper array index: '%.*s': strconv.Atoi: "
		                 "parsing \"%.*s\": "
		                 "invalid syntax",
		                 STR_ARGS(key), STR_ARGS(key));
	if (!list_index(patcher, key, container->len + 1, true, &at))
		return false;
	insert_at(patcher->arena, container, at, value);
	return true;
}

static bool remove_key(Patcher *patcher, Node *container, Str key)
{
	size_t at;

	if (container->kind == NODE_SEQUENCE) {
		if (!list_index(patcher, key, container->len, true, &at))
			return false;
		tree_remove_at(container, at, 1);
		return true;
	}
	for (size_t i = 0; i + 1 < container->len; i += 2)
		if (str_eq(container->children[i]->value, key)) {
			tree_remove_at(container, i, 2);
			return true;
		}
	return diag_fail(patcher->diag, "Unable to remove nonexistent key: %.*s: missing value",
	                 STR_ARGS(key));
}

// A field that must be text. The operations differ in what they say of one that is not.
static bool op_text(Patcher *patcher, const Node *op, const char *field, const char *name, Str *out)
{
	const Node *node = tree_get_c(op, field);
	bool from = !strcmp(field, "from");
	bool terse =
		!from && (!strcmp(name, "add") || !strcmp(name, "remove") || !strcmp(name, "copy"));
	Scalar scalar = {.kind = SCALAR_NULL};
	const char *kind =
		node ? scalar_json_kind(patcher->arena, node, SCALAR_YAML_1_1, &scalar) : "null";

	*out = tree_text(node);
	if (!strcmp(kind, "string"))
		return true;
	if (terse)
		diag_fail(patcher->diag, "missing value");
	else if (!strcmp(kind, "null"))
		diag_fail(patcher->diag, "operation%s missing %s field: missing value",
		          from ? "," : "", field);
	else
		diag_fail(patcher->diag, "json: cannot unmarshal %s into Go value of type string",
		          kind);
	return diag_wrap(patcher->diag, "%s operation failed to decode %s", name, field);
}

static Node *op_value(Patcher *patcher, const Node *op)
{
	const Node *value = tree_get_c(op, "value");

	return value ? to_json(patcher->arena, value, SCALAR_YAML_1_1, patcher->diag) : NULL;
}

static bool apply_add(Patcher *patcher, const Node *op)
{
	Str path, key;
	Node *container;

	if (!op_text(patcher, op, "path", "add", &path))
		return false;
	container = find_container(patcher, path, &key);
	if (!container)
		return diag_fail(patcher->diag,
		                 "add operation does not apply: doc is missing path: \"%.*s\": "
		                 "missing value",
		                 STR_ARGS(path));
	return add(patcher, container, key, op_value(patcher, op)) ||
	       diag_wrap(patcher->diag, "error in add for path: '%.*s'", STR_ARGS(path));
}

static bool apply_remove(Patcher *patcher, const Node *op)
{
	Str path, key;
	Node *container;

	if (!op_text(patcher, op, "path", "remove", &path))
		return false;
	container = find_container(patcher, path, &key);
	if (!container)
		return diag_fail(patcher->diag,
		                 "remove operation does not apply: doc is missing path: \"%.*s\": "
		                 "missing value",
		                 STR_ARGS(path));
	return remove_key(patcher, container, key) ||
	       diag_wrap(patcher->diag, "error in remove for path: '%.*s'", STR_ARGS(path));
}

static bool apply_replace(Patcher *patcher, const Node *op)
{
	Str path, key;
	Node *container, *old, *value = op_value(patcher, op);
	Diag ignored = diag_new(patcher->arena);
	Patcher quiet = {patcher->arena, &ignored, patcher->root};
	size_t at;

	if (!op_text(patcher, op, "path", "replace", &path))
		return false;
	if (!path.len) {
		if (!value || value->kind == NODE_SCALAR)
			return diag_fail(patcher->diag,
			                 "replace operation value must be object or array");
		patcher->root = value;
		return true;
	}
	container = find_container(patcher, path, &key);
	if (!container)
		return diag_fail(patcher->diag,
		                 "replace operation does not apply: doc is missing path: %.*s: "
		                 "missing value",
		                 STR_ARGS(path));
	if (!get(&quiet, container, key, &old))
		return diag_fail(
			patcher->diag,
			"replace operation does not apply: doc is missing key: %.*s: missing value",
			STR_ARGS(path));
	value = null_or(patcher->arena, value);
	if (container->kind == NODE_MAPPING)
		put(patcher->arena, container, key, value);
	else if (list_index(patcher, key, container->len, true, &at))
		container->children[at] = value;
	return true;
}

static bool apply_move(Patcher *patcher, const Node *op)
{
	Str from, path, key;
	Node *container, *value;

	if (!op_text(patcher, op, "from", "move", &from) ||
	    !op_text(patcher, op, "path", "move", &path))
		return false;
	container = find_container(patcher, from, &key);
	if (!container)
		return diag_fail(patcher->diag,
		                 "move operation does not apply: doc is missing from path: %.*s: "
		                 "missing value",
		                 STR_ARGS(from));
	if (!get(patcher, container, key, &value) || !remove_key(patcher, container, key))
		return diag_wrap(patcher->diag, "error in move for path: '%.*s'", STR_ARGS(key));
	container = find_container(patcher, path, &key);
	if (!container)
		return diag_fail(patcher->diag,
		                 "move operation does not apply: doc is missing destination path: "
		                 "%.*s: missing value",
		                 STR_ARGS(path));
	return add(patcher, container, key, value) ||
	       diag_wrap(patcher->diag, "error in move for path: '%.*s'", STR_ARGS(path));
}

static bool apply_copy(Patcher *patcher, const Node *op)
{
	Str from, path, key;
	Node *container, *value;

	if (!op_text(patcher, op, "from", "copy", &from) ||
	    !op_text(patcher, op, "path", "copy", &path))
		return false;
	container = find_container(patcher, from, &key);
	if (!container)
		return diag_fail(patcher->diag,
		                 "copy operation does not apply: doc is missing from path: %.*s: "
		                 "missing value",
		                 STR_ARGS(from));
	if (!get(patcher, container, key, &value))
		return diag_wrap(patcher->diag, "error in copy for from: '%.*s'", STR_ARGS(from));
	container = find_container(patcher, path, &key);
	if (!container)
		return diag_fail(patcher->diag,
		                 "copy operation does not apply: doc is missing destination path: "
		                 "%.*s: missing value",
		                 STR_ARGS(path));
	value = value ? node_copy(patcher->arena, value) : NULL;
	return add(patcher, container, key, value) ||
	       diag_wrap(patcher->diag, "error while adding value during copy");
}

static bool apply_test(Patcher *patcher, const Node *op)
{
	Str path, key;
	Node *container, *have = patcher->root, *want = op_value(patcher, op);

	if (!op_text(patcher, op, "path", "test", &path))
		return false;
	if (path.len) {
		container = find_container(patcher, path, &key);
		if (!container)
			return diag_fail(patcher->diag,
			                 "test operation does not apply: is missing path: %.*s: "
			                 "missing value",
			                 STR_ARGS(path));
		if (!get(patcher, container, key, &have))
			return diag_wrap(patcher->diag, "error in test for path: '%.*s'",
			                 STR_ARGS(path));
	}
	if (tree_is_null(have) ? tree_is_null(want)
	                       : want && tree_equal_json(patcher->arena, have, want))
		return true;
	return diag_fail(patcher->diag, "testing value %.*s failed: test failed", STR_ARGS(path));
}

typedef struct OperationRow {
	const char *name;
	bool (*apply)(Patcher *patcher, const Node *op);
} OperationRow;

static const OperationRow operations[] = {
	{"add", apply_add},   {"remove", apply_remove}, {"replace", apply_replace},
	{"move", apply_move}, {"test", apply_test},     {"copy", apply_copy},
};

static bool apply_one(Patcher *patcher, const Node *op)
{
	const Node *op_name = tree_get_c(op, "op");
	Scalar scalar = {.kind = SCALAR_NULL};
	bool text = op_name &&
	            !strcmp(scalar_json_kind(patcher->arena, op_name, SCALAR_YAML_1_1, &scalar),
	                    "string");
	Str name = text ? op_name->value : S("");

	for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
		if (str_is(name, operations[i].name))
			return operations[i].apply(patcher, op);
	return diag_fail(patcher->diag, "Unexpected kind: %.*s",
	                 STR_ARGS(name.len ? name : S("unknown")));
}

bool json_patch_check(Arena *arena, const Node *patch, Diag *diag)
{
	Scalar ignored;
	const char *kind = scalar_json_kind(arena, patch, SCALAR_YAML_1_1, &ignored);

	if (strcmp(kind, "array"))
		return diag_fail(diag,
		                 "json: cannot unmarshal %s into Go value of type jsonpatch.Patch",
		                 kind);
	for (size_t i = 0; i < patch->len; i++) {
		kind = scalar_json_kind(arena, patch->children[i], SCALAR_YAML_1_1, &ignored);
		if (strcmp(kind, "object") && strcmp(kind, "null"))
			return diag_fail(diag,
			                 "json: cannot unmarshal %s into Go value of type "
			                 "jsonpatch.Operation",
			                 kind);
	}
	return true;
}

bool json_patch_apply(Arena *arena, const Node *patch, Node **target, Diag *diag)
{
	Patcher patcher = {arena, diag, NULL};
	Node *settled = *target;

	if (!tree_settle(arena, &settled, diag))
		return false;
	patcher.root = to_json(arena, settled, SCALAR_YAML_1_2, diag);
	if (!patcher.root)
		return false;
	for (size_t i = 0; i < patch->len; i++)
		if (!apply_one(&patcher, patch->children[i]))
			return false;
	*target = patcher.root;
	return !diag->set && tree_settle(arena, target, diag);
}
