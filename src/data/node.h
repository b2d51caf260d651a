#ifndef DATA_NODE_H
#define DATA_NODE_H

// What a YAML file says: order, style, tags, anchors, comments and marks kept. Kustomize edits Nodes, the
// linter reads Nodes; a values file is read as Nodes and turned into Values.
//
// Comments belong to nodes by the rules of go-yaml v3 (the library Kustomize uses): head (above), line
// (behind) and foot (below, set off by an empty line).

#include "base/diag.h"
#include "data/value.h"

typedef enum NodeKind {
	NODE_SCALAR,
	NODE_SEQUENCE,
	NODE_MAPPING,
	NODE_ALIAS,
	NODE_DOCUMENT
} NodeKind;

typedef enum NodeStyle {
	NODE_STYLE_ANY, // plain scalar, block collection: what the writer picks
	NODE_PLAIN,
	NODE_SINGLE_QUOTED,
	NODE_DOUBLE_QUOTED,
	NODE_LITERAL,
	NODE_FOLDED,
	NODE_FLOW, // flow collection
} NodeStyle;

// Of a text, which is smaller than 2 GiB: a large manifest has a million nodes, so these are small.
typedef struct NodeMark {
	uint32_t offset;       // byte in the text that was read
	uint32_t line, column; // from 1
} NodeMark;

// With their '#', several lines joined by LF.
typedef struct NodeComments {
	Str head, line, foot;
} NodeComments;

// What few nodes have.
typedef struct NodeNotes {
	NodeComments comments;
	Str anchor;
} NodeNotes;

typedef struct Node Node;
struct Node {
	NodeKind kind : 8;
	NodeStyle style : 8;
	bool tagged;  // the tag stands in the text (`!!str 1`), not found by resolving
	bool repeats; // of what was read: a key may stand twice in it, or below it; false: none does
	NodeMark start, end; // of the content in the text that was read; zero for made nodes
	uint32_t len, cap;   // of the children
	Str tag;   // short form: "!!str", "!!int", "!!map", "!custom"; resolved for plain scalars
	Str value; // scalars: the content; aliases: the anchor's name
	union {
		Node *alias; // NODE_ALIAS: what it stands for
		Node **children; // sequences: items; mappings: key, value, key, value...; documents: the root
	};
	const NodeNotes *notes; // NULL where there are none: see node_comments, node_anchor
	const Origin *origin;   // who wrote it, where traced (a patch, a base file)
};

Node *node_new(Arena *arena, NodeKind kind);
const NodeComments *node_comments(const Node *node); // empty ones where there are none
Str node_anchor(const Node *node);                   // empty where there is none
NodeNotes *node_notes(Arena *arena, Node *node);     // its own, to change
void node_drop_anchor(Arena *arena, Node *node);
Node *node_scalar(Arena *arena, Str value); // a string: quoted by the writer where it must be
Node *node_tagged(Arena *arena, const char *tag, Str value);
void node_push(Arena *arena, Node *sequence, Node *item);
Node *node_follow(Node *node); // through aliases and documents
// Mappings. Keys are compared as scalar text.
Node *node_get(const Node *mapping, Str key); // the value or NULL
Node *node_get_c(const Node *mapping, const char *key);
size_t node_find(const Node *mapping, Str key); // index of the key in children, or STR_NONE
void node_set(Arena *arena, Node *mapping, Str key, Node *value); // replaces or appends
bool node_remove(Node *mapping, Str key);
// a.b.c through mappings; NULL where one is missing.
Node *node_path(const Node *node, const char *const *path, size_t count);
Node *node_copy(Arena *arena, const Node *node); // deep; aliases point into the copy
bool node_equal(const Node *a, const Node *b);   // same data; style and comments do not count
bool node_is_string(const Node *node);
bool node_is_null(const Node *node);

#endif
