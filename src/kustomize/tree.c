// Nodes as Kustomize's library reads and writes them.

#include "kustomize/tree.h"

#include "data/text.h"
#include "data/yaml.h"
#include "kustomize/scalar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool tree_is_empty(const Node *node)
{
	return tree_is_null(node) ||
	       ((node->kind == NODE_MAPPING || node->kind == NODE_SEQUENCE) && node->len == 0);
}

bool tree_is_string(const Node *node)
{
	return node && node->kind == NODE_SCALAR && (!node->tag.len || str_is(node->tag, TAG_STR));
}

Str tree_text(const Node *node)
{
	return tree_is_null(node) ? S("") : node->value;
}

static size_t field_index(const Node *map, Str key)
{
	for (size_t i = 0; i + 1 < map->len; i += 2) {
		const Str *name = &map->children[i]->value;
		if (name->len == key.len &&
		    (!key.len || (name->p[0] == key.p[0] && !memcmp(name->p, key.p, key.len))))
			return i;
	}
	return STR_NONE;
}

Node *tree_get(const Node *map, Str key)
{
	size_t at;

	if (!map || map->kind != NODE_MAPPING)
		return NULL;
	at = field_index(map, key);
	return at == STR_NONE ? NULL : map->children[at + 1];
}

Node *tree_get_c(const Node *map, const char *key)
{
	return tree_get(map, str_c(key));
}

Str tree_get_text(const Node *map, const char *key)
{
	return tree_text(tree_get_c(map, key));
}

Node *tree_scalar(Arena *arena, Str text, const char *tag)
{
	Node *node = ARENA_NEW(arena, Node);

	node->kind = NODE_SCALAR;
	node->value = text;
	node->tag = str_c(tag);
	return node;
}

Node *tree_key(Arena *arena, Str text)
{
	return tree_scalar(arena, text, "");
}

Node *tree_lines(Arena *arena, Str text)
{
	Node *node = tree_scalar(arena, text, TAG_STR);

	if (str_find_byte(text, '\n') != STR_NONE)
		node->style = NODE_LITERAL;
	return node;
}

Node *tree_kind(Arena *arena, NodeKind kind)
{
	Node *node = ARENA_NEW(arena, Node);

	node->kind = kind;
	node->value = S("");
	node->tag = S("");
	return node;
}

void tree_remove_at(Node *parent, size_t index, size_t width)
{
	memmove(parent->children + index, parent->children + index + width,
	        (parent->len - index - width) * sizeof *parent->children);
	parent->len -= width;
}

// A string that would read as a number, a boolean or null is quoted when it is set anew.
static void quote_where_needed(Arena *arena, Node *value)
{
	bool plain = value->style == NODE_STYLE_ANY || value->style == NODE_PLAIN;

	if (plain && tree_is_string(value) && value->value.len &&
	    scalar_needs_quotes(arena, value->value))
		value->style = NODE_DOUBLE_QUOTED;
}

void tree_set_kept(Arena *arena, Node *map, Str key, Node *value)
{
	size_t at = map->kind == NODE_MAPPING ? field_index(map, key) : STR_NONE;

	quote_where_needed(arena, value);
	if (at != STR_NONE) {
		Node *field = map->children[at + 1];
		value->style = field->style;
		*field = *value;
		return;
	}
	node_push(arena, map, tree_key(arena, key));
	node_push(arena, map, value);
}

void tree_set(Arena *arena, Node *map, Str key, Node *value)
{
	size_t at;

	if (!tree_is_null(value)) {
		tree_set_kept(arena, map, key, value);
		return;
	}
	at = map->kind == NODE_MAPPING ? field_index(map, key) : STR_NONE;
	if (at != STR_NONE)
		tree_remove_at(map, at, 2);
}

Node *tree_get_or_add(Arena *arena, Node *map, Str key, NodeKind kind)
{
	Node *field = tree_get(map, key);

	if (!field) {
		field = tree_kind(arena, kind);
		node_push(arena, map, tree_key(arena, key));
		node_push(arena, map, field);
	}
	return field;
}

static const char *kind_name(NodeKind kind)
{
	static const char *const names[] = {"ScalarNode", "SequenceNode", "MappingNode",
	                                    "AliasNode", "DocumentNode"};

	return names[kind];
}

bool tree_fail_kind(const Node *node, NodeKind expected, Diag *diag)
{
	Buf text = buf_new(diag->arena);
	Diag ignored = diag_new(diag->arena);

	buf_printf(&text, "wrong node kind: expected %s but got %s: node contents:\n",
	           kind_name(expected), kind_name(node->kind));
	yaml_write_node(&text, node, &ignored);
	return diag_fail_str(diag, buf_view(&text));
}

bool tree_expect(const Node *node, NodeKind kind, Diag *diag)
{
	return tree_is_null(node) || node->kind == kind || tree_fail_kind(node, kind, diag);
}

bool tree_set_scalar(Node *node, Str text, const char *tag, Diag *diag)
{
	if (!tree_expect(node, NODE_SCALAR, diag))
		return false;
	node->kind = NODE_SCALAR;
	node->value = text;
	node->tag = str_c(tag);
	node->origin = NULL;
	return true;
}

// --- aliases ---

// A document may grow tenfold by its aliases, and by a hundred thousand nodes in any case.
#define ALIAS_GROWTH_FREE  ((size_t)100000)
#define ALIAS_GROWTH_RATIO 10

typedef struct Expansion {
	Arena *arena;
	Diag *diag;
	size_t size;  // nodes of the document as written
	size_t added; // nodes made so far
	size_t depth;
} Expansion;

static bool has_aliases(const Node *node, size_t *size)
{
	bool found = node->kind == NODE_ALIAS || node_anchor(node).len;

	++*size;
	for (size_t i = 0; i < node->len; i++) {
		const Node *child = node->children[i];
		if (child->kind == NODE_SCALAR && !node_anchor(child).len &&
		    !(child->value.len == 2 && str_is(child->tag, "!!merge")))
			++*size;
		else
			found |= has_aliases(child, size) || str_is(child->tag, "!!merge");
	}
	return found;
}

static Node *copy_counted(Expansion *expansion, const Node *node)
{
	Node *copy;
	size_t limit = ALIAS_GROWTH_FREE + expansion->size * ALIAS_GROWTH_RATIO;

	if (++expansion->added > limit) {
		diag_fail(expansion->diag, "yaml: document contains excessive aliasing");
		return NULL;
	}
	copy = ARENA_NEW(expansion->arena, Node);
	*copy = *node;
	node_drop_anchor(expansion->arena, copy);
	copy->children = node->len ? ARENA_ARRAY(expansion->arena, Node *, node->len) : NULL;
	copy->cap = node->len;
	for (size_t i = 0; i < node->len; i++)
		if (!(copy->children[i] = copy_counted(expansion, node->children[i])))
			return NULL;
	return copy;
}

static bool expand(Expansion *expansion, Node **node);

// The mappings that a merge key names, the strongest last.
static bool merge_sources(Expansion *expansion, Node *value, Node ***list, size_t *len, size_t *cap)
{
	Node *target = value->kind == NODE_ALIAS ? value->alias : value;

	if (target->kind == NODE_MAPPING) {
		VEC_PUSH(expansion->arena, *list, *len, *cap) = target;
		return true;
	}
	if (value->kind == NODE_ALIAS)
		return diag_fail(expansion->diag,
		                 "invalid map merge: received alias for a non-map value");
	if (value->kind != NODE_SEQUENCE)
		return diag_fail(expansion->diag,
		                 "map merge requires map or sequence of maps as the value");
	for (size_t i = value->len; i > 0; i--) {
		if (value->children[i - 1]->kind == NODE_SEQUENCE)
			return diag_fail(expansion->diag,
			                 "invalid map merge: received a nested sequence");
		if (!merge_sources(expansion, value->children[i - 1], list, len, cap))
			return false;
	}
	return true;
}

static void set_entry(Arena *arena, Node *map, Node *key, Node *value)
{
	size_t at = field_index(map, key->value);

	if (at != STR_NONE) {
		map->children[at] = key;
		map->children[at + 1] = value;
	} else {
		node_push(arena, map, key);
		node_push(arena, map, value);
	}
}

static bool merge_into(Expansion *expansion, Node *map, Node *source)
{
	if (source == map)
		return diag_fail(expansion->diag, "yaml: anchor '%.*s' value contains itself",
		                 STR_ARGS(node_anchor(source)));
	if (!expand(expansion, &source))
		return false;
	for (size_t i = 0; i + 1 < source->len; i += 2) {
		Node *key = copy_counted(expansion, source->children[i]);
		Node *value = key ? copy_counted(expansion, source->children[i + 1]) : NULL;
		if (!value)
			return false;
		set_entry(expansion->arena, map, key, value);
	}
	return true;
}

static bool carry_out_merge(Expansion *expansion, Node *map, size_t at)
{
	Node **sources = NULL, **own;
	size_t count = 0, cap = 0, own_len;
	Node *value = map->children[at + 1];

	tree_remove_at(map, at, 2);
	for (size_t i = at; i + 1 < map->len; i += 2)
		if (str_is(map->children[i]->tag, "!!merge"))
			return diag_fail(expansion->diag, "duplicate merge key");
	if (!merge_sources(expansion, value, &sources, &count, &cap))
		return false;
	own_len = map->len;
	own = ARENA_ARRAY(expansion->arena, Node *, own_len + 1);
	memcpy(own, map->children, own_len * sizeof *own);
	for (size_t i = 0; i < count; i++)
		if (!merge_into(expansion, map, sources[i]))
			return false;
	for (size_t i = 0; i + 1 < own_len; i += 2)
		set_entry(expansion->arena, map, own[i], own[i + 1]);
	return true;
}

static bool expand_children(Expansion *expansion, Node *node)
{
	if (node->kind == NODE_MAPPING)
		for (size_t i = 0; i + 1 < node->len; i += 2)
			if (str_is(node->children[i]->tag, "!!merge")) {
				if (!carry_out_merge(expansion, node, i))
					return false;
				break;
			}
	for (size_t i = 0; i < node->len; i++)
		if (!expand(expansion, &node->children[i]))
			return false;
	return true;
}

static bool expand(Expansion *expansion, Node **node)
{
	Node *at = *node;
	bool ok;

	if (expansion->depth > YAML_DEPTH_LIMIT)
		return diag_fail(expansion->diag, "yaml: an anchor's value contains itself");
	node_drop_anchor(expansion->arena, at);
	expansion->depth++;
	if (at->kind == NODE_ALIAS) {
		Node *target = at->alias;
		ok = expand(expansion, &target) && (*node = copy_counted(expansion, target));
	} else {
		ok = expand_children(expansion, at);
	}
	expansion->depth--;
	return ok;
}

bool tree_expand_aliases(Arena *arena, Node **node, Diag *diag)
{
	Expansion expansion = {.arena = arena, .diag = diag};

	if (!has_aliases(*node, &expansion.size))
		return true;
	return expand(&expansion, node);
}

// --- detours ---

static bool is_unsettled(const Node *node)
{
	Str v = node->value;

	if (node->style == NODE_FOLDED)
		return true;
	if (node->style != NODE_LITERAL || !v.len)
		return false;
	return v.p[0] == ' ' || v.p[0] == '\n' || v.p[0] == '\t' ||
	       (v.len > 1 && v.p[v.len - 1] == '\n' && v.p[v.len - 2] == '\n');
}

static bool is_quoted(const Node *node)
{
	return node->style == NODE_SINGLE_QUOTED || node->style == NODE_DOUBLE_QUOTED;
}

// Mends what can be mended in place and tells whether something else is left.
static bool settle_in_place(Arena *arena, Node *node, bool flow)
{
	bool left = false;
	Scalar scalar;
	Diag ignored;

	if (node->kind == NODE_SCALAR) {
		if (flow && !node->value.len && !node->tagged && tree_is_null(node)) {
			node->tag = S(TAG_STR);
		} else if (is_quoted(node) && node->tag.len && !str_is(node->tag, TAG_STR)) {
			ignored = diag_new(arena);
			if (scalar_of_node(arena, node, SCALAR_YAML_1_2, &scalar, &ignored) &&
			    scalar.kind == SCALAR_STRING)
				node->tag = S(TAG_STR);
		}
		return is_unsettled(node);
	}
	flow |= node->style == NODE_FLOW;
	for (size_t i = 0; i < node->len; i++)
		left |= settle_in_place(arena, node->children[i], flow);
	return left;
}

bool tree_mend(Arena *arena, Node *node)
{
	return settle_in_place(arena, node, false);
}

// What was read again from the text of `source` was written where that was.
static void take_places(Arena *arena, Node *node, const Node *source)
{
	node->start = source->start;
	node->end = source->end;
	if (node->kind == NODE_SCALAR && source->kind == NODE_SCALAR)
		node->value = str_eq(node->value, source->value)
		                      ? source->value
		                      : text_made_from(arena, node->value, source->value);
	for (size_t i = 0; i < node->len && i < source->len; i++)
		take_places(arena, node->children[i], source->children[i]);
}

bool tree_settle(Arena *arena, Node **node, Diag *diag)
{
	YamlOptions options = {.v3 = true};
	Buf text;
	Node *document;

	if (!tree_mend(arena, *node))
		return true;
	text = buf_new(arena);
	if (!yaml_write_node(&text, *node, diag) ||
	    !yaml_read(arena, buf_view(&text), &options, &document, diag))
		return false;
	if (document && document->len) {
		take_places(arena, document->children[0], *node);
		*node = document->children[0];
	}
	return true;
}

// --- JSON ---

static int compare_keys(const void *a, const void *b)
{
	return str_cmp((*(Node *const *)a)->value, (*(Node *const *)b)->value);
}

Node **tree_sorted_pairs(Arena *arena, const Node *map)
{
	Node **pairs = ARENA_ARRAY(arena, Node *, map->len + 1);

	if (map->len)
		memcpy(pairs, map->children, map->len * sizeof *pairs);
	if (map->len)
		qsort(pairs, map->len / 2, 2 * sizeof *pairs, compare_keys);
	return pairs;
}

// Keys that are no strings make maps that JSON does not have.
static bool is_text_key(Arena *arena, const Node *key, Diag *diag)
{
	Scalar scalar;

	if (str_is(key->tag, TAG_STR))
		return true;
	return scalar_of_node(arena, key, SCALAR_YAML_1_2, &scalar, diag) &&
	       (scalar.kind == SCALAR_STRING ||
	        diag_fail(diag, "json: unsupported type: map[interface {}]interface {}"));
}

static bool write_json_map(Arena *arena, Buf *out, const Node *node, Diag *diag)
{
	Node **pairs = tree_sorted_pairs(arena, node);

	buf_byte(out, '{');
	for (size_t i = 0; i + 1 < node->len; i += 2) {
		if (i)
			buf_byte(out, ',');
		if (!is_text_key(arena, pairs[i], diag))
			return false;
		scalar_write_json_string(out, pairs[i]->value);
		buf_byte(out, ':');
		if (!tree_write_json(arena, out, pairs[i + 1], diag))
			return false;
	}
	buf_byte(out, '}');
	return true;
}

bool tree_write_json(Arena *arena, Buf *out, const Node *node, Diag *diag)
{
	Scalar scalar;

	if (node->kind == NODE_MAPPING)
		return write_json_map(arena, out, node, diag);
	if (node->kind == NODE_SEQUENCE) {
		buf_byte(out, '[');
		for (size_t i = 0; i < node->len; i++) {
			if (i)
				buf_byte(out, ',');
			if (!tree_write_json(arena, out, node->children[i], diag))
				return false;
		}
		buf_byte(out, ']');
		return true;
	}
	if (!scalar_of_node(arena, node, SCALAR_YAML_1_2, &scalar, diag))
		return false;
	if (scalar.kind == SCALAR_FLOAT && !isfinite(scalar.f))
		return diag_fail(diag, "json: unsupported value: %s",
		                 isnan(scalar.f) ? "NaN"
		                 : scalar.f > 0  ? "+Inf"
		                                 : "-Inf");
	scalar_write_json(out, &scalar);
	return true;
}

bool tree_equal_json(Arena *arena, const Node *a, const Node *b)
{
	Buf left = buf_new(arena), right = buf_new(arena);
	Diag ignored = diag_new(arena);

	return tree_write_json(arena, &left, a, &ignored) &&
	       tree_write_json(arena, &right, b, &ignored) &&
	       str_eq(buf_view(&left), buf_view(&right));
}
