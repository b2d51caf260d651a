#ifndef KUSTOMIZE_TREE_H
#define KUSTOMIZE_TREE_H

// Nodes as Kustomize's library (kyaml) reads and writes them. Its rules differ from plain mappings: a null is as
// good as missing, setting a field overwrites the node that is there, keeping its style, and setting it to null
// removes it.
//
// Overwriting in place matters: one node may hang in several places (a label set by one transformer in a
// resource's metadata, selector and template), and a later patch to one place then shows in all of them. So it
// is in Kustomize.

#include "data/node.h"

#define TAG_NULL "!!null"
#define TAG_STR  "!!str"
#define TAG_INT  "!!int"
#define TAG_MAP  "!!map"
#define TAG_SEQ  "!!seq"

// NULL or tagged null.
static inline bool tree_is_null(const Node *node)
{
	return !node || (node->tag.len == sizeof TAG_NULL - 1 && node->tag.p[2] == 'n' &&
	                 str_is(node->tag, TAG_NULL));
}
bool tree_is_empty(const Node *node); // null, {} or []
bool tree_is_string(const Node *node);
Str tree_text(const Node *node); // a scalar's text, empty for nulls

// A mapping's field; NULL where missing or `map` is none. Takes NULL.
Node *tree_get(const Node *map, Str key);
Node *tree_get_c(const Node *map, const char *key);
Str tree_get_text(const Node *map, const char *key); // empty where missing or null

Node *tree_scalar(Arena *arena, Str text, const char *tag); // tag "": what the text resolves to
Node *tree_key(Arena *arena, Str text);   // a key as Kustomize adds it: without a tag
Node *tree_lines(Arena *arena, Str text); // a string, a literal block where it has several lines
Node *tree_kind(Arena *arena, NodeKind kind); // an empty mapping, sequence or scalar without a tag
// Sets, replaces or (for null or NULL) removes a field.
void tree_set(Arena *arena, Node *map, Str key, Node *value);
// The same but a null stays.
void tree_set_kept(Arena *arena, Node *map, Str key, Node *value);
// The field, made as an empty node of `kind` where it is missing.
Node *tree_get_or_add(Arena *arena, Node *map, Str key, NodeKind kind);
// Overwrites a scalar's text and tag, keeping its style. False with kyaml's message where it is no scalar.
bool tree_set_scalar(Node *node, Str text, const char *tag, Diag *diag);
// The mapping's fields replaced by `count` string fields; the field itself is removed where count is 0.
void tree_remove_at(Node *parent, size_t index, size_t width);

// "wrong node kind: expected ScalarNode but got MappingNode: node contents: ..."
bool tree_fail_kind(const Node *node, NodeKind expected, Diag *diag);
bool tree_expect(const Node *node, NodeKind kind, Diag *diag); // nulls pass

// Replaces aliases by copies of what they stand for and carries out merge keys. Fails where that would make a
// document grow beyond all proportion.
bool tree_expand_aliases(Arena *arena, Node **node, Diag *diag);

// Kustomize writes a node as text and reads it again on every way to JSON. Some do not come back as they were: block
// scalars that begin or end with white space and folded ones, nulls without a word in flow collections, quoted
// scalars with the tag of a number. This does what the detour does.
bool tree_settle(Arena *arena, Node **node, Diag *diag);
// Only what can be done in place, for yaml_write_resource, which does the rest. True where something is left.
bool tree_mend(Arena *arena, Node *node);

// A mapping's pairs of (key, value) in key order.
Node **tree_sorted_pairs(Arena *arena, const Node *map);
// Compact JSON of a node, keys sorted, as encoding/json writes it.
bool tree_write_json(Arena *arena, Buf *out, const Node *node, Diag *diag);
// Equal as JSON. Nodes whose scalars make no sense are unequal.
bool tree_equal_json(Arena *arena, const Node *a, const Node *b);

#endif
