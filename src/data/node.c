// Trees of YAML nodes: making, finding, changing, copying, comparing.

#include "data/node.h"

#include <string.h>

Node *node_new(Arena *arena, NodeKind kind)
{
	Node *node = ARENA_NEW(arena, Node);

	node->kind = kind;
	if (kind == NODE_MAPPING)
		node->tag = S("!!map");
	else if (kind == NODE_SEQUENCE)
		node->tag = S("!!seq");
	return node;
}

const NodeComments *node_comments(const Node *node)
{
	static const NodeComments none;

	return node->notes ? &node->notes->comments : &none;
}

Str node_anchor(const Node *node)
{
	return node->notes ? node->notes->anchor : S("");
}

// Copies of a node share its notes, so that they are never changed in place.
NodeNotes *node_notes(Arena *arena, Node *node)
{
	NodeNotes *notes = ARENA_NEW(arena, NodeNotes);

	if (node->notes)
		*notes = *node->notes;
	node->notes = notes;
	return notes;
}

void node_drop_anchor(Arena *arena, Node *node)
{
	if (node_anchor(node).len)
		node_notes(arena, node)->anchor = S("");
}

Node *node_tagged(Arena *arena, const char *tag, Str value)
{
	Node *node = node_new(arena, NODE_SCALAR);

	node->tag = str_c(tag);
	node->value = value;
	return node;
}

Node *node_scalar(Arena *arena, Str value)
{
	return node_tagged(arena, "!!str", value);
}

void node_push(Arena *arena, Node *sequence, Node *item)
{
	size_t cap = sequence->cap;

	if (!cap) // most are small, and there are as many as of all else
		VEC_RESERVE(arena, sequence->children, 0, cap, 4);
	sequence->children = arena_vec_room(arena, sequence->children, sequence->len, &cap,
	                                    sizeof *sequence->children);
	sequence->cap = (uint32_t)cap;
	sequence->children[sequence->len++] = item;
}

Node *node_follow(Node *node)
{
	while (node) {
		if (node->kind == NODE_ALIAS)
			node = node->alias;
		else if (node->kind == NODE_DOCUMENT)
			node = node->len > 0 ? node->children[0] : NULL;
		else
			break;
	}
	return node;
}

size_t node_find(const Node *mapping, Str key)
{
	if (!mapping || mapping->kind != NODE_MAPPING)
		return STR_NONE;
	for (size_t i = 0; i + 1 < mapping->len; i += 2) {
		const Node *name = mapping->children[i];
		if (name->kind == NODE_SCALAR && str_eq(name->value, key))
			return i;
	}
	return STR_NONE;
}

Node *node_get(const Node *mapping, Str key)
{
	size_t at = node_find(mapping, key);

	return at == STR_NONE ? NULL : mapping->children[at + 1];
}

Node *node_get_c(const Node *mapping, const char *key)
{
	return node_get(mapping, str_c(key));
}

void node_set(Arena *arena, Node *mapping, Str key, Node *value)
{
	size_t at = node_find(mapping, key);

	if (at != STR_NONE) {
		mapping->children[at + 1] = value;
		return;
	}
	node_push(arena, mapping, node_scalar(arena, key));
	node_push(arena, mapping, value);
}

bool node_remove(Node *mapping, Str key)
{
	size_t at = node_find(mapping, key);

	if (at == STR_NONE)
		return false;
	for (size_t i = at; i + 2 < mapping->len; i++)
		mapping->children[i] = mapping->children[i + 2];
	mapping->len -= 2;
	return true;
}

Node *node_path(const Node *node, const char *const *path, size_t count)
{
	Node *at = node_follow((Node *)node);

	for (size_t i = 0; at && i < count; i++)
		at = node_follow(node_get_c(at, path[i]));
	return at;
}

typedef struct Copier {
	Arena *arena;
	Map *anchored; // address of an anchored node to the number of its copy
	Node **copies;
	size_t count, cap;
} Copier;

// A node's address as a key.
static Str address_key(Arena *arena, const Node *node)
{
	char *bytes = arena_alloc(arena, sizeof(const Node *));

	memcpy(bytes, &node, sizeof node);
	return str_n(bytes, sizeof node);
}

static void remember_copy(Copier *c, const Node *from, Node *to)
{
	if (!c->anchored)
		c->anchored = map_new(c->arena, &TYPE_ANY_MAP);
	map_set(c->arena, c->anchored, address_key(c->arena, from), value_int((int64_t)c->count));
	VEC_PUSH(c->arena, c->copies, c->count, c->cap) = to;
}

static Node *find_copy(const Copier *c, const Node *from)
{
	const Value *found = c->anchored ? map_get(c->anchored, address_key(c->arena, from)) : NULL;

	return found ? c->copies[found->i]
	             : (Node *)from; // else anchored outside of what is copied
}

static Node *copy(Copier *c, const Node *node)
{
	Node *to = ARENA_NEW(c->arena, Node);

	*to = *node;
	if (node_anchor(node).len > 0)
		remember_copy(c, node, to);
	if (node->kind == NODE_ALIAS) {
		to->alias = find_copy(c, node->alias);
		return to;
	}
	to->cap = node->len;
	to->children = node->len ? ARENA_ARRAY(c->arena, Node *, node->len) : NULL;
	for (size_t i = 0; i < node->len; i++)
		to->children[i] = copy(c, node->children[i]);
	return to;
}

Node *node_copy(Arena *arena, const Node *node)
{
	Copier copier = {.arena = arena};

	return copy(&copier, node);
}

// Comparing follows aliases, which may stand for far more than the text holds, or for themselves:
// two trees that need more steps or levels than these are taken for different.
#define EQUAL_STEPS 10000000
#define EQUAL_DEPTH 20000

typedef struct Comparison {
	size_t steps, depth;
} Comparison;

static bool equal(Comparison *c, const Node *a, const Node *b);

// The place of the key in the mapping, looked for from `from` on, round to it again: keys of equal
// mappings mostly stand in the same order. STR_NONE where there is none.
static size_t find_from(const Node *mapping, const Node *key, size_t from)
{
	for (size_t n = 0; n + 1 < mapping->len; n += 2) {
		size_t at = (from + n) % mapping->len;
		const Node *other = node_follow(mapping->children[at]);
		if (other && other->kind == NODE_SCALAR && str_eq(other->value, key->value))
			return at;
	}
	return STR_NONE;
}

static bool mappings_equal(Comparison *c, const Node *a, const Node *b)
{
	size_t at = 0;

	for (size_t i = 0; i + 1 < a->len; i += 2, at += 2) {
		const Node *key = node_follow(a->children[i]);

		// The order of keys is no data; keys that are no scalars are compared in place.
		if (key && key->kind == NODE_SCALAR)
			at = find_from(b, key, at < b->len ? at : 0);
		else if (at >= b->len || !equal(c, key, b->children[at]))
			return false;
		if (at == STR_NONE || !equal(c, a->children[i + 1], b->children[at + 1]))
			return false;
	}
	return true;
}

static bool contents_equal(Comparison *c, const Node *a, const Node *b)
{
	if (a->kind != b->kind || a->len != b->len)
		return false;
	if (a->kind == NODE_SCALAR)
		return str_eq(a->tag, b->tag) && str_eq(a->value, b->value);
	if (a->kind == NODE_MAPPING)
		return mappings_equal(c, a, b);
	for (size_t i = 0; i < a->len; i++) {
		if (!equal(c, a->children[i], b->children[i]))
			return false;
	}
	return true;
}

static bool equal(Comparison *c, const Node *a, const Node *b)
{
	bool same_alias = a && b && a->kind == NODE_ALIAS && b->kind == NODE_ALIAS &&
	                  str_eq(a->value, b->value);

	a = node_follow((Node *)a);
	b = node_follow((Node *)b);
	if (!a || !b || a == b || same_alias)
		return same_alias || a == b;
	if (++c->steps > EQUAL_STEPS || c->depth >= EQUAL_DEPTH)
		return false;
	c->depth++;
	bool result = contents_equal(c, a, b);
	c->depth--;
	return result;
}

bool node_equal(const Node *a, const Node *b)
{
	Comparison comparison = {0};

	return equal(&comparison, a, b);
}

bool node_is_string(const Node *node)
{
	return node && node->kind == NODE_SCALAR && str_is(node->tag, "!!str");
}

bool node_is_null(const Node *node)
{
	return !node || (node->kind == NODE_SCALAR && str_is(node->tag, "!!null"));
}
