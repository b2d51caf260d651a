// Nodes to YAML, as Kustomize prints them: go-yaml v3's encoder with an indent of 2 and compact
// sequences.
//
// Comments, scalar styles, flow styles, anchors and the order of keys stay. Tags are written where
// they stood in the text and where dropping them would change what a value is.

#include "data/yaml.h"

#include "data/text.h"
#include "data/yaml_resolve.h"
#include "data/yaml_write.h"

#include <string.h>

typedef struct NodeWriter {
	Emitter emitter;
	Arena *arena;
	size_t depth;
	Diag *diag;
} NodeWriter;

static bool emit(NodeWriter *w, const EmitEvent *event)
{
	return emitter_emit(&w->emitter, event) || emitter_fail(&w->emitter, w->diag);
}

static bool is_quoted(NodeStyle style)
{
	return style >= NODE_SINGLE_QUOTED && style <= NODE_FOLDED;
}

// The tag to write, empty where it goes without saying. *force: a string that would be taken for
// something else without quotes.
static Str needed_tag(const NodeWriter *w, const Node *node, bool *force)
{
	const char *resolved = node->kind == NODE_MAPPING ? "!!map" : "!!seq";

	*force = false;
	if (node->tag.len == 0 || node->tagged)
		return tag_long(w->arena, node->tag);
	if (node->kind == NODE_SCALAR) {
		bool string = str_is(node->tag, "!!str");
		if (string && is_quoted(node->style))
			return (Str){0};
		resolved = scalar_tag(scalar_resolve(node->value, YAML_V3).kind);
		if (string && !str_is(node->tag, resolved)) {
			*force = true;
			return (Str){0};
		}
		// A plain "<<" is a merge key and resolves to a string.
		if (str_is(node->tag, "!!merge"))
			return str_is(node->value, "<<") ? S("tag:yaml.org,2002:merge") : (Str){0};
	}
	return str_is(node->tag, resolved) ? (Str){0} : tag_long(w->arena, node->tag);
}

static ScalarStyle node_scalar_style(const Node *node, bool force)
{
	switch (node->style) {
	case NODE_SINGLE_QUOTED:
		return SCALAR_SINGLE_QUOTED;
	case NODE_DOUBLE_QUOTED:
		return SCALAR_DOUBLE_QUOTED;
	case NODE_LITERAL:
		return SCALAR_LITERAL;
	case NODE_FOLDED:
		return SCALAR_FOLDED;
	default:
		break;
	}
	if (node->value.len > 0 && memchr(node->value.p, '\n', node->value.len))
		return SCALAR_LITERAL;
	return force ? SCALAR_DOUBLE_QUOTED : SCALAR_PLAIN;
}

static bool write_scalar(NodeWriter *w, const Node *node, Str tag, bool force, Str foot, Str tail)
{
	Str value = node->value;

	if (!utf8_valid(value)) {
		if (str_is(node->tag, "!!binary"))
			return diag_fail(
				w->diag,
				"yaml: explicitly tagged !!binary data must be base64-encoded");
		if (node->tag.len > 0)
			return diag_fail(w->diag, "yaml: cannot marshal invalid UTF-8 data as %.*s",
			                 STR_ARGS(node->tag));
		tag = S("tag:yaml.org,2002:binary");
		value = encode_binary(w->arena, value);
	}
	return emit(w, &(EmitEvent){
			       .kind = EMIT_SCALAR,
			       .style = node_scalar_style(node, force),
			       .anchor = node_anchor(node),
			       .tag = tag,
			       .value = value,
			       .head = node_comments(node)->head,
			       .line = node_comments(node)->line,
			       .foot = foot,
			       .tail = tail,
		       });
}

static bool write_node(NodeWriter *w, const Node *node, bool key, Str tail);

// The foot of a key is written when all of its value is: with the next key, or with the mapping's
// end.
static bool write_entries(NodeWriter *w, const Node *node, Str *tail)
{
	for (size_t i = 0; i + 1 < node->len; i += 2) {
		if (!write_node(w, node->children[i], true, *tail) ||
		    !write_node(w, node->children[i + 1], false, (Str){0}))
			return false;
		*tail = node_comments(node->children[i])->foot;
	}
	return true;
}

static bool write_collection(NodeWriter *w, const Node *node, Str tag, Str foot, Str tail)
{
	bool mapping = node->kind == NODE_MAPPING;
	EmitEvent start = {
		.kind = mapping ? EMIT_MAPPING_START : EMIT_SEQUENCE_START,
		.flow = node->style == NODE_FLOW,
		.empty = node->len == 0,
		.anchor = node_anchor(node),
		.tag = tag,
		.head = node_comments(node)->head,
		.tail = mapping ? tail : (Str){0},
	};
	Str last = {0};

	if (!emit(w, &start))
		return false;
	if (mapping && !write_entries(w, node, &last))
		return false;
	for (size_t i = 0; !mapping && i < node->len; i++) {
		if (!write_node(w, node->children[i], false, (Str){0}))
			return false;
	}
	return emit(w, &(EmitEvent){
			       .kind = mapping ? EMIT_MAPPING_END : EMIT_SEQUENCE_END,
			       .line = node_comments(node)->line,
			       .foot = foot,
			       .tail = last,
		       });
}

static bool write_node(NodeWriter *w, const Node *node, bool key, Str tail)
{
	Str foot = key ? (Str){0} : node_comments(node)->foot;
	bool force, ok;

	if (node->kind == NODE_ALIAS)
		return emit(w, &(EmitEvent){
				       .kind = EMIT_ALIAS,
				       .value = node->value,
				       .head = node_comments(node)->head,
				       .line = node_comments(node)->line,
				       .foot = foot,
			       });
	Str tag = needed_tag(w, node, &force);
	if (node->kind == NODE_SCALAR)
		return write_scalar(w, node, tag, force, foot, tail);
	if (++w->depth > YAML_DEPTH_LIMIT)
		return diag_fail(w->diag, "yaml: exceeded max depth of %d", YAML_DEPTH_LIMIT);
	ok = write_collection(w, node, tag, foot, tail);
	w->depth--;
	return ok;
}

bool yaml_write_node(Buf *out, const Node *document, Diag *diag)
{
	Text text = {.buf = *out};
	NodeWriter writer = {.arena = arena_scratch(out->arena), .diag = diag};
	bool wrapped = document->kind == NODE_DOCUMENT;
	const Node *root = !wrapped ? document : document->len > 0 ? document->children[0] : NULL;
	EmitEvent start = {.kind = EMIT_DOCUMENT_START}, end = {.kind = EMIT_DOCUMENT_END};

	if (wrapped) {
		start.head = node_comments(document)->head;
		end.foot = node_comments(document)->foot;
	}
	emitter_open(&writer.emitter, &text, writer.arena, YAML_V3, 2, true);
	bool ok = emit(&writer, &start) && (!root || write_node(&writer, root, false, (Str){0})) &&
	          emit(&writer, &end);
	arena_scratch_free(out->arena, writer.arena);
	*out = text.buf;
	return ok;
}
