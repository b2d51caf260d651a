// Reading YAML as Kustomize reads it.

#include "kustomize/read.h"

#include "data/text.h"
#include "data/yaml.h"
#include "kustomize/fill.h"
#include "kustomize/scalar.h"

#include <string.h>

// --- documents ---

static Str normalize_line_ends(Arena *arena, Str text)
{
	Text out;

	if (str_find(text, S("\r\n")) == STR_NONE)
		return text;
	out = text_new(arena, text.origin != NULL);
	for (size_t at; (at = str_find(text, S("\r\n"))) != STR_NONE; text = str_from(text, at + 1))
		text_write(&out, str_to(text, at));
	text_write(&out, text);
	return text_str(&out);
}

// Cuts the next document off at a line that begins with "---". What follows it on the line must be a comment.
static bool next_document(Str *rest, Str *document, size_t *line, Diag *diag)
{
	size_t from = 0, end;
	Str after;

	for (;;) {
		size_t at = str_find(str_from(*rest, from), S("\n---"));
		size_t start;
		if (at == STR_NONE) {
			*document = *rest;
			*rest = (Str){NULL, 0, NULL};
			return true;
		}
		start = from + at;
		end = str_find_byte(str_from(*rest, start + 1), '\n');
		if (end == STR_NONE) {
			*document = *rest;
			*rest = (Str){NULL, 0, NULL};
			return true;
		}
		end += start + 1;
		after = str_trim_space(str_slice(*rest, start + 4, end));
		if (after.len && after.p[0] != '#')
			return diag_fail(diag, "invalid document separator: %.*s",
			                 STR_ARGS(str_trim_space(str_slice(*rest, start, end))));
		*document = str_to(*rest, start + 1);
		*rest = str_from(*rest, end + 1);
		(void)line;
		return true;
	}
}

static Node *root_of(Node *document)
{
	if (document && document->kind == NODE_DOCUMENT)
		return document->len ? document->children[0] : NULL;
	return document;
}

static bool read_one(Arena *arena, Str text, const ReadOptions *options, Node **out, Diag *diag)
{
	YamlOptions yaml = {
		.file = options->file, .traced = text.origin != NULL, .v3 = !options->own};

	*out = NULL;
	if (!yaml_read(arena, text, &yaml, out, diag))
		return false;
	*out = root_of(*out);
	return !*out || tree_expand_aliases(arena, out, diag);
}

bool read_document(Arena *arena, Str text, const ReadOptions *options, Node **out, Diag *diag)
{
	return read_one(arena, text, options, out, diag);
}

// --- resources ---

typedef struct Nodes {
	Node **items;
	size_t len, cap;
} Nodes;

// Go's print of a struct with the metadata, as the reference's messages have it.
static Str shown_meta(Arena *arena, const Node *node)
{
	const Node *metadata = tree_get_c(node, "metadata");
	Buf out = buf_new(arena);
	static const char *const maps[] = {"labels", "annotations"};

	buf_c(&out, "{{");
	buf_str(&out, tree_get_text(node, "apiVersion"));
	buf_byte(&out, ' ');
	buf_str(&out, tree_get_text(node, "kind"));
	buf_c(&out, "} {{");
	buf_str(&out, tree_get_text(metadata, "name"));
	buf_byte(&out, ' ');
	buf_str(&out, tree_get_text(metadata, "namespace"));
	buf_c(&out, "}");
	for (size_t m = 0; m < 2; m++) {
		const Node *map = tree_get_c(metadata, maps[m]);
		TextMap sorted = {0};
		for (size_t i = 0; map && i + 1 < map->len; i += 2)
			text_map_set(arena, &sorted, map->children[i]->value,
			             tree_text(map->children[i + 1]));
		buf_c(&out, " map[");
		for (size_t i = 0; i < sorted.len; i++)
			buf_printf(&out, "%s%.*s:%.*s", i ? " " : "", STR_ARGS(sorted.items[i].key),
			           STR_ARGS(sorted.items[i].value));
		buf_byte(&out, ']');
	}
	buf_c(&out, "}}");
	return buf_view(&out);
}

static bool fail_object(Arena *arena, const Node *node, const ReadOptions *options,
                        const char *what, Diag *diag)
{
	Place place = {options->file, node->start.line, node->start.column};

	return diag_fail_at(diag, place, "%s in object %.*s", what,
	                    STR_ARGS(shown_meta(arena, node)));
}

bool read_check_metadata(Arena *arena, const Node *node, const ReadOptions *options, Diag *diag)
{
	const Node *metadata = tree_get_c(node, "metadata");
	Str kind = tree_get_text(node, "kind");

	if (node->kind != NODE_MAPPING ||
	    (!kind.len && tree_is_empty(metadata) && !tree_get_text(node, "apiVersion").len))
		return diag_fail_at(diag,
		                    (Place){options->file, node->start.line, node->start.column},
		                    "missing Resource metadata");
	if (!kind.len)
		return fail_object(arena, node, options, "missing kind", diag);
	if (!str_has_suffix(kind, S("List")) && !tree_get_text(metadata, "name").len)
		return fail_object(arena, node, options, "missing metadata.name", diag);
	return true;
}

// Documents of a text; the items of a lone List or ResourceList instead of it.
static bool read_nodes(Arena *arena, Str text, const ReadOptions *options, Nodes *out, Diag *diag)
{
	size_t line = 0, documents = 0;
	Str document;
	Node *node, *items;

	text = normalize_line_ends(arena, text);
	while (text.p && text.len) {
		if (!next_document(&text, &document, &line, diag))
			return false;
		documents++;
		if (!read_one(arena, document, options, &node, diag))
			return diag_wrap(diag, "MalformedYAMLError");
		if (tree_is_null(node))
			continue;
		items = tree_get_c(node, "items");
		if (!text.p && documents == 1 && (items || tree_get_c(node, "functionConfig")) &&
		    (str_is(tree_get_text(node, "kind"), "List") ||
		     str_is(tree_get_text(node, "kind"), "ResourceList"))) {
			for (size_t i = 0; items && i < items->len; i++)
				VEC_PUSH(arena, out->items, out->len, out->cap) =
					items->children[i];
			continue;
		}
		VEC_PUSH(arena, out->items, out->len, out->cap) = node;
	}
	return true;
}

static const char *go_type(Arena *arena, const Node *node)
{
	Diag ignored = diag_new(arena);
	Scalar scalar;

	if (node->kind == NODE_MAPPING)
		return "map[string]interface {}";
	if (!scalar_of_node(arena, node, SCALAR_YAML_1_2, &scalar, &ignored))
		return "string";
	switch (scalar.kind) {
	case SCALAR_BOOL:
		return "bool";
	case SCALAR_INT:
		return "int";
	case SCALAR_FLOAT:
		return "float64";
	default:
		return "string";
	}
}

// FooList kinds stand for their items, which join at the end of the queue.
static bool take_list(Arena *arena, Node *list, const ReadOptions *options, Nodes *queue,
                      bool *taken, Diag *diag)
{
	Node *items = tree_get_c(list, "items");

	*taken = false;
	if (!str_has_suffix(tree_get_text(list, "kind"), S("List")) || !items)
		return true;
	*taken = true;
	if (tree_is_null(items))
		return true;
	if (items->kind != NODE_SEQUENCE)
		return diag_fail(diag, "expected array in %.*s/items, but found %s",
		                 STR_ARGS(tree_get_text(list, "kind")), go_type(arena, items));
	for (size_t i = 0; i < items->len; i++) {
		Node *item = items->children[i];
		if (tree_is_empty(item))
			continue;
		if (!read_check_metadata(arena, item, options, diag))
			return false;
		VEC_PUSH(arena, queue->items, queue->len, queue->cap) = item;
	}
	return true;
}

bool read_resources(Arena *arena, Str text, const ReadOptions *options, Resources *out, Diag *diag)
{
	Nodes nodes = {0}, queue = {0};
	bool taken;

	if (!read_nodes(arena, text, options, &nodes, diag))
		return false;
	for (size_t i = 0; i < nodes.len; i++) {
		if (tree_is_empty(nodes.items[i]))
			continue;
		if (!read_check_metadata(arena, nodes.items[i], options, diag))
			return false;
		VEC_PUSH(arena, queue.items, queue.len, queue.cap) = nodes.items[i];
	}
	for (size_t i = 0; i < queue.len; i++) {
		Resource *resource;
		if (!take_list(arena, queue.items[i], options, &queue, &taken, diag))
			return false;
		if (taken)
			continue;
		resource = resource_new(arena, queue.items[i]);
		resource_read_notes(arena, resource);
		resource->file = options->file;
		resource->line = queue.items[i]->start.line;
		VEC_PUSH(arena, out->items, out->len, out->cap) = resource;
	}
	return true;
}
