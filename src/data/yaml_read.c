// Text to Nodes, as go-yaml v3 reads them for Kustomize: with order, styles, tags, anchors, marks
// and, where asked for, comments. The tree is built without recursion: nesting is bounded by a
// number, not by the stack.

#include "data/yaml.h"

#include "data/yaml_aliases.h"
#include "data/yaml_parse.h"
#include "data/yaml_quick.h"
#include "data/yaml_resolve.h"
#include "data/yaml_trace.h"

// A collection being read.
typedef struct Open {
	Node *node;
	bool block;
	uint64_t keys;   // of a mapping: a bit for what each is like
	size_t before;   // nodes of the document that were counted before it
	size_t anchored; // its place among the anchored, from 1
} Open;

// A node with an anchor, and how many nodes there are to it, with those that its aliases stand for. None yet: it is open.
typedef struct Anchored {
	Node *node;
	size_t size;
} Anchored;

typedef struct Reader {
	Arena *arena, *scratch;
	const YamlOptions *options;
	Str text;
	Parser parser;
	bool may_be_quick, parsing; // `parsing`: the parser has read the document before this one
	YamlMark at;                // where else the next one begins
	Node *document;
	Open *open;
	size_t depth, cap;
	Map *anchors; // name to number in `anchored`
	Anchored *anchored;
	size_t anchor_count, anchor_cap;
	AliasGuard guard;
	Diag *diag;
} Reader;

static NodeMark node_mark(YamlMark m)
{
	return (NodeMark){(uint32_t)m.pos, (uint32_t)m.line + 1, (uint32_t)m.column + 1};
}

static void set_tag(Reader *r, Node *node, Str tag, const char *fallback)
{
	if (tag.len > 0 && !str_is(tag, "!")) {
		node->tagged = true;
		node->tag = tag_short(r->arena, tag);
	} else {
		node->tag = fallback ? str_c(fallback)
		                     : str_c(scalar_tag(scalar_resolve(node->value, YAML_V3).kind));
	}
}

static const char *scalar_default_tag(const YamlEvent *event)
{
	if (event->style != SCALAR_PLAIN)
		return "!!str";
	return str_is(event->value, "<<") ? "!!merge" : NULL;
}

// Nobody but the reader has the node yet.
static NodeNotes *own_notes(Reader *r, Node *node)
{
	return node->notes ? (NodeNotes *)node->notes : node_notes(r->arena, node);
}

static void set_comments(Reader *r, Node *node, NodeComments comments)
{
	if (node->notes || comments.head.len || comments.line.len || comments.foot.len)
		own_notes(r, node)->comments = comments;
}

static void set_foot(Reader *r, Node *node, Str foot)
{
	NodeComments comments = *node_comments(node);

	comments.foot = foot;
	set_comments(r, node, comments);
}

// The foot of one node becomes that of another.
static void move_foot(Reader *r, Node *from, Node *to)
{
	set_foot(r, to, node_comments(from)->foot);
	set_foot(r, from, (Str){0});
}

static Node *make_node(Reader *r, const YamlEvent *event, NodeKind kind)
{
	Node *node = node_new(r->arena, kind);

	node->start = node_mark(event->start);
	node->end = node_mark(event->end);
	node->value = event->value;
	if (event->anchor.len)
		own_notes(r, node)->anchor = event->anchor;
	set_comments(r, node, r->parser.comments);
	return node;
}

static void remember_anchor(Reader *r, Node *node)
{
	if (!node_anchor(node).len)
		return;
	if (!r->anchors)
		r->anchors = map_new(r->scratch, &TYPE_ANY_MAP);
	map_set(r->scratch, r->anchors, node_anchor(node), value_int((int64_t)r->anchor_count));
	VEC_PUSH(r->scratch, r->anchored, r->anchor_count, r->anchor_cap) =
		(Anchored){node, node->kind == NODE_SCALAR};
}

static Place place_of(const Reader *r, const Node *node)
{
	return (Place){r->options->file, node->start.line, node->start.column};
}

// Whoever follows the alias comes to an end, before long.
static bool check_alias(Reader *r, const Node *node, const Anchored *target)
{
	if (!r->options->followed)
		return true;
	if (!target->size)
		return diag_fail_at(r->diag, place_of(r, node),
		                    "yaml: anchor '%.*s' value contains itself",
		                    STR_ARGS(node->value));
	return alias_guard_follow(&r->guard, target->size) ||
	       diag_fail_at(r->diag, place_of(r, node),
	                    "yaml: document contains excessive aliasing");
}

static bool find_alias(Reader *r, Node *node)
{
	const Value *found = r->anchors ? map_get(r->anchors, node->value) : NULL;

	if (!found)
		return diag_fail_at(r->diag, place_of(r, node),
		                    "yaml: unknown anchor '%.*s' referenced",
		                    STR_ARGS(node->value));
	node->alias = r->anchored[found->i].node;
	return check_alias(r, node, &r->anchored[found->i]);
}

// Feet travel: that of a dedented key belongs to the key before it, that of a value to its own key.
static void settle_comments(Reader *r, const Open *open)
{
	const Node *mapping = open->node;
	Node *last = mapping->children[mapping->len - 1];

	if (mapping->kind != NODE_MAPPING)
		return;
	if (mapping->len % 2 == 1) {
		if (open->block && node_comments(last)->foot.len > 0 && mapping->len > 2)
			move_foot(r, last, mapping->children[mapping->len - 3]);
		return;
	}
	Node *key = mapping->children[mapping->len - 2];
	if (node_comments(key)->foot.len == 0)
		move_foot(r, last, key);
}

// Mappings of more keys are not searched for one that is like a new one: it may be there.
#define SEARCHED_KEYS 64

// Whether a mapping's new key may be there already: keys alike in length and letters are compared.
static bool may_repeat(Open *open, Str key)
{
	const Node *mapping = open->node;
	size_t like = key.len;
	uint64_t bit;

	if (key.len)
		like += 7 * (unsigned char)key.p[0] + 5 * (unsigned char)key.p[key.len / 2] +
		        3 * (unsigned char)key.p[key.len - 1];
	bit = UINT64_C(1) << (like & 63);
	if (!(open->keys & bit)) {
		open->keys |= bit;
		return false;
	}
	return mapping->len > 2 * SEARCHED_KEYS || node_find(mapping, key) != STR_NONE;
}

static void end_collection(Reader *r, const YamlEvent *event)
{
	Open *open = &r->open[--r->depth];
	Node *node = open->node;

	node->end = node_mark(event->end);
	r->open[r->depth - 1].node->repeats |= node->repeats;
	if (open->anchored)
		r->anchored[open->anchored - 1].size = r->guard.decoded - open->before;
	if (!r->options->comments)
		return;
	set_comments(r, node,
	             (NodeComments){node_comments(node)->head, r->parser.comments.line,
	                            r->parser.comments.foot});
	if (node->kind == NODE_MAPPING && open->block && node_comments(node)->foot.len > 0 &&
	    node->len > 1)
		move_foot(r, node, node->children[node->len - 2]);
	settle_comments(r, &r->open[r->depth - 1]);
}

static bool read_node(Reader *r, const YamlEvent *event)
{
	static const NodeStyle styles[] = {
		[SCALAR_PLAIN] = NODE_PLAIN,
		[SCALAR_SINGLE_QUOTED] = NODE_SINGLE_QUOTED,
		[SCALAR_DOUBLE_QUOTED] = NODE_DOUBLE_QUOTED,
		[SCALAR_LITERAL] = NODE_LITERAL,
		[SCALAR_FOLDED] = NODE_FOLDED,
	};
	Open *parent = &r->open[r->depth - 1];
	size_t before = r->guard.decoded++;
	Node *node;

	if (event->kind == EVENT_SCALAR) {
		node = make_node(r, event, NODE_SCALAR);
		node->style = styles[event->style];
		if (r->options->traced && !node->value.origin)
			node->value =
				yaml_trace_scalar(r->arena, r->text, node->start.offset,
			                          node->end.offset, event->style, node->value);
		set_tag(r, node, event->tag, scalar_default_tag(event));
	} else if (event->kind == EVENT_ALIAS) {
		node = make_node(r, event, NODE_ALIAS);
		if (!find_alias(r, node))
			return false;
	} else {
		bool mapping = event->kind == EVENT_MAPPING_START;
		node = make_node(r, event, mapping ? NODE_MAPPING : NODE_SEQUENCE);
		node->style = event->flow ? NODE_FLOW : NODE_STYLE_ANY;
		set_tag(r, node, event->tag, mapping ? "!!map" : "!!seq");
	}
	remember_anchor(r, node);
	if (node->kind == NODE_SCALAR && parent->node->kind == NODE_MAPPING &&
	    parent->node->len % 2 == 0 && may_repeat(parent, node->value))
		parent->node->repeats = true;
	node_push(r->arena, parent->node, node);
	if (event->kind == EVENT_SCALAR || event->kind == EVENT_ALIAS) {
		if (r->options->comments)
			settle_comments(r, parent);
		return true;
	}
	if (r->depth > YAML_DEPTH_LIMIT)
		return diag_fail(r->diag, "yaml: exceeded max depth of %d", YAML_DEPTH_LIMIT);
	VEC_PUSH(r->scratch, r->open, r->depth, r->cap) =
		(Open){.node = node,
	               .block = !event->flow,
	               .before = before,
	               .anchored = node_anchor(node).len ? r->anchor_count : 0};
	return true;
}

// One event of a document, and of the end of the stream. False on an error, which is told.
static bool take_event(void *context, const YamlEvent *event)
{
	Reader *r = context;

	switch (event->kind) {
	case EVENT_DOCUMENT_START:
		r->document = make_node(r, event, NODE_DOCUMENT);
		r->depth = 0;
		r->guard = (AliasGuard){.decoded = 1};
		VEC_PUSH(r->scratch, r->open, r->depth, r->cap) =
			(Open){.node = r->document, .block = true};
		return true;
	case EVENT_DOCUMENT_END:
		set_foot(r, r->document, r->parser.comments.foot);
		r->document->end = node_mark(event->end);
		return true;
	case EVENT_STREAM_START:
	case EVENT_STREAM_END:
		r->document = NULL;
		return true;
	case EVENT_SEQUENCE_END:
	case EVENT_MAPPING_END:
		end_collection(r, event);
		return true;
	default:
		return read_node(r, event);
	}
}

// What follows a document is read quickly again where it begins another one.
static bool find_next_document(Reader *r)
{
	const YamlToken *token = scanner_peek(&r->parser.scanner);

	if (!token || token->kind != TOKEN_DOCUMENT_START)
		return false;
	r->at = token->start;
	return true;
}

// The next document, NULL in *out at the end of the stream.
static bool next_document(Reader *r, Node **out)
{
	YamlEvent event;

	*out = NULL;
	if (r->may_be_quick && (!r->parsing || find_next_document(r))) {
		r->parsing = false;
		if (yaml_quick_document(&r->parser.scanner, &r->at, take_event, r)) {
			*out = r->document;
			return true;
		}
		parser_seek(&r->parser, r->at);
	}
	r->parsing = true;
	do {
		if (!parser_next(&r->parser, &event))
			return parser_fail(&r->parser, r->options->file, r->diag);
		if (!take_event(r, &event))
			return false;
	} while (event.kind != EVENT_DOCUMENT_END && event.kind != EVENT_STREAM_END);
	*out = r->document;
	return true;
}

static void reader_open(Reader *r, Arena *arena, Str text, const YamlOptions *options, Diag *diag)
{
	*r = (Reader){.arena = arena,
	              .scratch = arena_scratch(arena),
	              .options = options,
	              .text = text,
	              .may_be_quick = !options->comments,
	              .diag = diag};
	parser_open(&r->parser, arena, r->scratch, text,
	            options->comments || options->v3 ? YAML_V3 : YAML_V2, options->comments);
	r->at.pos = r->parser.scanner.pos;
}

bool yaml_read_all(Arena *arena, Str text, const YamlOptions *options, Node ***documents,
                   size_t *count, Diag *diag)
{
	Reader reader;
	Node *document;
	size_t cap = 0;

	*documents = NULL;
	*count = 0;
	reader_open(&reader, arena, text, options, diag);
	bool ok;
	while ((ok = next_document(&reader, &document)) && document)
		VEC_PUSH(arena, *documents, *count, cap) = document;
	arena_scratch_free(arena, reader.scratch);
	return ok;
}

bool yaml_read(Arena *arena, Str text, const YamlOptions *options, Node **document, Diag *diag)
{
	Reader reader;

	reader_open(&reader, arena, text, options, diag);
	bool ok = next_document(&reader, document);
	arena_scratch_free(arena, reader.scratch);
	return ok;
}
