// The output of a build.

#include "base/num.h"
#include "data/text.h"
#include "data/yaml.h"
#include "kustomize/kustomize.h"
#include "kustomize/print.h"
#include "kustomize/scalar.h"
#include "kustomize/trace.h"

// --- what can't be printed ---

static void show_scalar(Arena *arena, Buf *out, const Node *node)
{
	Diag ignored = diag_new(arena);
	Scalar scalar;

	if (!scalar_of_node(arena, node, SCALAR_YAML_1_2, &scalar, &ignored))
		num_quote(out, node->value);
	else if (scalar.kind == SCALAR_NULL)
		buf_c(out, "interface {}(nil)");
	else if (scalar.kind == SCALAR_STRING)
		num_quote(out, scalar.s);
	else
		scalar_write_json(out, &scalar);
}

static bool has_text_keys(Arena *arena, const Node *map)
{
	Diag ignored = diag_new(arena);
	Scalar scalar;

	for (size_t i = 0; i + 1 < map->len; i += 2)
		if (!scalar_of_node(arena, map->children[i], SCALAR_YAML_1_2, &scalar, &ignored) ||
		    scalar.kind != SCALAR_STRING)
			return false;
	return true;
}

static void show_value(Arena *arena, Buf *out, const Node *node);

// In the order of Go's printing: what is no string after the strings.
static void show_map(Arena *arena, Buf *out, const Node *map)
{
	bool text = has_text_keys(arena, map);
	Node **pairs = tree_sorted_pairs(arena, map);
	Diag ignored = diag_new(arena);
	size_t shown = 0;
	Scalar scalar;

	buf_c(out, text ? "map[string]interface {}{" : "map[interface {}]interface {}{");
	for (int others = 0; others < 2; others++)
		for (size_t i = 0; i + 1 < map->len; i += 2) {
			bool string = !scalar_of_node(arena, pairs[i], SCALAR_YAML_1_2, &scalar,
			                              &ignored) ||
			              scalar.kind == SCALAR_STRING;
			if (string == others)
				continue;
			buf_c(out, shown++ ? ", " : "");
			show_scalar(arena, out, pairs[i]);
			buf_byte(out, ':');
			show_value(arena, out, pairs[i + 1]);
		}
	buf_byte(out, '}');
}

// A value as Go's %#v has it.
static void show_value(Arena *arena, Buf *out, const Node *node)
{
	if (node->kind == NODE_MAPPING) {
		show_map(arena, out, node);
	} else if (node->kind == NODE_SEQUENCE) {
		buf_c(out, "[]interface {}{");
		for (size_t i = 0; i < node->len; i++) {
			buf_c(out, i ? ", " : "");
			show_value(arena, out, node->children[i]);
		}
		buf_byte(out, '}');
	} else {
		show_scalar(arena, out, node);
	}
}

// The first key that is no scalar; NULL where there is none.
static const Node *find_odd_key(const Node *node)
{
	const Node *found = NULL;

	for (size_t i = 0; !found && i < node->len; i++) {
		const Node *child = node->children[i];
		bool key = node->kind == NODE_MAPPING && i % 2 == 0;
		found = key && child->kind != NODE_SCALAR ? child : find_odd_key(child);
	}
	return found;
}

// What is wrong with the text of a node, which Kustomize reads again before it finds out: lines count in it.
static Str why_unreadable(Arena *arena, const Node *node, Str otherwise)
{
	YamlOptions options = {.v3 = true};
	Buf text = buf_new(arena), ignored = buf_new(arena);
	Diag diag = diag_new(arena);
	const Node *odd;
	Node *document;

	if (!yaml_write_node(&text, node, &diag) ||
	    !yaml_read(arena, buf_view(&text), &options, &document, &diag) || !document ||
	    !document->len || print_resource(arena, &ignored, document->children[0], &diag))
		return otherwise;
	odd = find_odd_key(document->children[0]);
	if (!odd || !str_is(diag.message, "yaml: invalid map key"))
		return diag.message;
	text = buf_new(arena);
	buf_str(&text, diag.message);
	buf_c(&text, ": ");
	show_value(arena, &text, odd);
	return buf_view(&text);
}

static bool fail_to_print(Arena *arena, const Resource *resource, Diag *diag)
{
	Buf shown = buf_new(arena);

	diag->message = why_unreadable(arena, resource->node, diag->message);
	if (str_has_prefix(diag->message, S("yaml: ")))
		buf_c(&shown, "map[string]interface {}(nil)");
	else
		show_value(arena, &shown, resource_copy_shown(arena, resource)->node);
	diag->place = (Place){resource->file, resource->line, 0};
	diag->detail = str_printf(arena, "in %.*s", STR_ARGS(resid_str(arena, &resource->id)));
	return diag_wrap(diag, "%.*s", STR_ARGS(buf_view(&shown)));
}

static bool write_one(Arena *arena, const Resource *resource, Buf *out, Diag *diag)
{
	return print_resource(arena, out, resource->node, diag) ||
	       fail_to_print(arena, resource, diag);
}

bool kustomize_write(Arena *arena, const ResMap *resources, Buf *out, Diag *diag)
{
	for (size_t i = 0; i < resources->len; i++) {
		if (i)
			buf_c(out, "---\n");
		if (!write_one(arena, resources->items[i], out, diag))
			return false;
	}
	return true;
}

bool kustomize_write_traced(Arena *arena, const ResMap *resources, Str *out, Diag *diag)
{
	Text text = text_new(arena, true);

	for (size_t i = 0; i < resources->len; i++) {
		Buf one = buf_new(arena);
		if (i)
			text_write(&text, S("---\n"));
		if (!write_one(arena, resources->items[i], &one, diag))
			return false;
		text_write(&text, trace_print(arena, buf_view(&one), resources->items[i]->node));
	}
	*out = text_str(&text);
	return true;
}
