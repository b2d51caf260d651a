// Annotations that say where resources come from.

#include "kustomize/origin.h"

#include "data/yaml.h"
#include "kustomize/scalar.h"

static Str yaml_text(Arena *arena, Str text)
{
	Buf out = buf_new(arena);
	Diag ignored = diag_new(arena);
	Node *node = node_scalar(arena, text);

	if (scalar_needs_quotes(arena, text))
		node->style = NODE_DOUBLE_QUOTED;
	if (!yaml_write_node(&out, node, &ignored))
		return text;
	return str_trim_space(buf_view(&out));
}

Str origin_of_path(Arena *arena, Str path)
{
	return str_concat(arena, str_concat(arena, S("path: "), yaml_text(arena, path)), S("\n"));
}

static void add_line(Arena *arena, Buf *out, const char *key, Str value)
{
	if (!value.len)
		return;
	buf_c(out, key);
	buf_str(out, yaml_text(arena, value));
	buf_byte(out, '\n');
}

Str origin_of_config(Arena *arena, Str file, Str api_version, Str kind, Str name, Str ns)
{
	Buf out = buf_new(arena);

	add_line(arena, &out, "configuredIn: ", file);
	buf_c(&out, "configuredBy:\n");
	add_line(arena, &out, "  apiVersion: ", api_version);
	add_line(arena, &out, "  kind: ", kind);
	add_line(arena, &out, "  name: ", name);
	add_line(arena, &out, "  namespace: ", ns);
	return buf_view(&out);
}

Str origin_of_plugin(Arena *arena, const Resource *config)
{
	const Node *annotations = tree_get_c(resource_metadata(config), "annotations");
	Str origin = tree_get_text(annotations, ORIGIN_ANNOTATION), path = origin, line;

	if (!origin.len)
		return S("");
	while (str_line(&origin, &line))
		if (str_has_prefix(line, S("path: ")))
			path = str_from(line, 6);
	return origin_of_config(arena, path, gvk_api_version(arena, &config->id.gvk),
	                        config->id.gvk.kind, config->id.name, config->id.ns);
}

void origin_set(Arena *arena, Resource *resource, Str origin)
{
	TextMap map = resource_metadata_map(arena, resource, "annotations");

	text_map_set(arena, &map, S(ORIGIN_ANNOTATION), origin);
	resource_set_metadata_map(arena, resource, "annotations", &map);
}

void origin_add(Arena *arena, const Resources *resources, Str origin)
{
	for (size_t i = 0; origin.len && i < resources->len; i++) {
		const Node *annotations =
			tree_get_c(resource_metadata(resources->items[i]), "annotations");
		if (!tree_get_c(annotations, ORIGIN_ANNOTATION))
			origin_set(arena, resources->items[i], origin);
	}
}

// An item of a list: the first line behind "- ", the others below it.
static Str as_item(Arena *arena, Str text)
{
	Buf out = buf_new(arena);
	Str line;
	bool first = true;

	while (str_line(&text, &line)) {
		buf_c(&out, first ? "- " : "  ");
		buf_str(&out, line);
		buf_byte(&out, '\n');
		first = false;
	}
	return buf_view(&out);
}

void origin_add_transformation(Arena *arena, ResMap *map, Str origin)
{
	Str item = as_item(arena, origin);

	for (size_t i = 0; i < map->len; i++) {
		Resource *resource = map->items[i];
		TextMap annotations;
		const Str *before;
		if (resource_is_empty(resource))
			continue;
		annotations = resource_metadata_map(arena, resource, "annotations");
		before = text_map_get(&annotations, S(TRANSFORM_ANNOTATION));
		if (!text_map_get(&annotations, S(ORIGIN_ANNOTATION)))
			text_map_set(arena, &annotations, S(ORIGIN_ANNOTATION), origin);
		else
			text_map_set(arena, &annotations, S(TRANSFORM_ANNOTATION),
			             before ? str_concat(arena, *before, item) : item);
		resource_set_metadata_map(arena, resource, "annotations", &annotations);
	}
}

void origin_remove(Arena *arena, ResMap *map, const char *annotation)
{
	for (size_t i = 0; i < map->len; i++) {
		Node *metadata = resource_metadata(map->items[i]);
		Node *annotations = tree_get_c(metadata, "annotations");
		if (!annotations || annotations->kind != NODE_MAPPING)
			continue;
		tree_set(arena, annotations, str_c(annotation), NULL);
		if (!annotations->len)
			tree_set(arena, metadata, S("annotations"), NULL);
	}
}
