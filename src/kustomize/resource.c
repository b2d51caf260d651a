// A resource on its way through a build.

#include "kustomize/resource.h"

#include "k8s/kinds.h"
#include "kustomize/scalar.h"

#include <string.h>

// --- the node's own fields ---

Node *resource_metadata(const Resource *resource)
{
	Node *metadata = tree_get_c(resource->node, "metadata");

	return tree_is_empty(metadata) ? NULL : metadata;
}

// Kustomize takes the text of any node that is not empty, even of a list.
static Str field_text(const Node *map, const char *name)
{
	const Node *field = tree_get_c(map, name);

	return tree_is_empty(field) ? S("") : field->value;
}

static Str top_text(const Node *map, const char *name)
{
	const Node *field = tree_get_c(map, name);

	return field ? field->value : S("");
}

bool resource_refresh(Resource *resource)
{
	Node *metadata = resource_metadata(resource);
	Str api_version = top_text(resource->node, "apiVersion");
	ResId id = {.gvk = gvk_of(api_version, top_text(resource->node, "kind")),
	            .name = field_text(metadata, "name"),
	            .ns = field_text(metadata, "namespace")};
	ResId *old = &resource->id;

	if (old->gvk.kind.p && str_eq(id.name, old->name) && str_eq(id.ns, old->ns) &&
	    gvk_equal(&id.gvk, &old->gvk)) {
		id.cluster = old->cluster;
		*old = id;
		return false;
	}
	id.cluster = kind_is_cluster_scoped(api_version, id.gvk.kind);
	*old = id;
	return true;
}

Resource *resource_new(Arena *arena, Node *node)
{
	Resource *resource = ARENA_NEW(arena, Resource);

	resource->node = node;
	resource_refresh(resource);
	return resource;
}

static TextList copy_list(Arena *arena, const TextList *list)
{
	TextList copy = {0};

	for (size_t i = 0; i < list->len; i++)
		text_list_add(arena, &copy, list->items[i]);
	return copy;
}

Resource *resource_copy(Arena *arena, const Resource *resource)
{
	Resource *copy = ARENA_NEW(arena, Resource);

	*copy = *resource;
	copy->node = resource->node ? node_copy(arena, resource->node) : NULL;
	copy->prev = ARENA_ARRAY(arena, PrevId, resource->prev_len + 1);
	copy->prev_cap = resource->prev_len + 1;
	if (resource->prev_len)
		memcpy(copy->prev, resource->prev, resource->prev_len * sizeof *copy->prev);
	copy->index = NULL;
	copy->hashes = NULL;
	copy->hash_count = copy->hash_cap = 0;
	copy->prefixes = copy_list(arena, &resource->prefixes);
	copy->suffixes = copy_list(arena, &resource->suffixes);
	copy->vars = copy_list(arena, &resource->vars);
	if (copy->node)
		resource_refresh(copy);
	return copy;
}

Resource *resource_copy_shown(Arena *arena, const Resource *resource)
{
	Resource *copy = resource_copy(arena, resource);

	if (str_is(copy->id.gvk.kind, "Secret")) {
		tree_set(arena, copy->node, S("data"), NULL);
		tree_set(arena, copy->node, S("stringData"), NULL);
	}
	return copy;
}

bool resource_is_empty(const Resource *resource)
{
	return tree_is_empty(resource->node);
}

void resource_set_kind(Arena *arena, Resource *resource, Str kind)
{
	tree_set(arena, resource->node, S("kind"), tree_scalar(arena, kind, ""));
}

void resource_set_api_version(Arena *arena, Resource *resource, Str api_version)
{
	tree_set(arena, resource->node, S("apiVersion"), tree_scalar(arena, api_version, ""));
}

static Node *metadata_or_new(Arena *arena, Resource *resource)
{
	return tree_get_or_add(arena, resource->node, S("metadata"), NODE_MAPPING);
}

void resource_set_name(Arena *arena, Resource *resource, Str name)
{
	tree_set(arena, metadata_or_new(arena, resource), S("name"), tree_scalar(arena, name, ""));
}

void resource_set_namespace(Arena *arena, Resource *resource, Str ns)
{
	if (ns.len)
		tree_set(arena, metadata_or_new(arena, resource), S("namespace"),
		         tree_scalar(arena, ns, ""));
	else if (tree_get_c(resource->node, "metadata"))
		tree_set(arena, tree_get_c(resource->node, "metadata"), S("namespace"), NULL);
}

TextMap resource_metadata_map(Arena *arena, const Resource *resource, const char *field)
{
	const Node *map = tree_get_c(resource_metadata(resource), field);
	TextMap out = {0};

	if (map && map->kind == NODE_MAPPING)
		for (size_t i = 0; i + 1 < map->len; i += 2)
			text_map_set(arena, &out, map->children[i]->value,
			             map->children[i + 1]->value);
	return out;
}

static Node *string_node(Arena *arena, Str text)
{
	Node *node = tree_scalar(arena, text, TAG_STR);

	node->style = NODE_DOUBLE_QUOTED;
	return node;
}

void resource_set_metadata_map(Arena *arena, Resource *resource, const char *field,
                               const TextMap *map)
{
	Node *metadata = metadata_or_new(arena, resource), *node;

	tree_set(arena, metadata, str_c(field), NULL);
	if (!map->len)
		return;
	node = tree_kind(arena, NODE_MAPPING);
	for (size_t i = 0; i < map->len; i++) {
		node_push(arena, node, tree_key(arena, map->items[i].key));
		node_push(arena, node, string_node(arena, map->items[i].value));
	}
	tree_set(arena, metadata, str_c(field), node);
}

// --- notes ---

#define NOTES "internal.config.kubernetes.io/"

void resource_annotate(Arena *arena, Resource *resource, Str key, Str value)
{
	Node *metadata = metadata_or_new(arena, resource);
	Node *annotations = tree_get_c(metadata, "annotations");

	if (annotations && tree_is_empty(annotations))
		tree_set(arena, metadata, S("annotations"), NULL);
	annotations = tree_get_or_add(arena, metadata, S("annotations"), NODE_MAPPING);
	tree_set(arena, annotations, key, string_node(arena, value));
}

void resource_store_id(Arena *arena, Resource *resource)
{
	const ResId *id = &resource->id;

	resource->annotated = true;
	VEC_PUSH(arena, resource->prev, resource->prev_len, resource->prev_cap) =
		(PrevId){id->name, resid_namespace(id), id->gvk.kind};
}

ResId resource_prev_id(const Resource *resource, size_t index)
{
	const PrevId *prev = &resource->prev[index];

	return (ResId){.gvk = {resource->id.gvk.group, resource->id.gvk.version, prev->kind},
	               .name = prev->name,
	               .ns = prev->ns};
}

ResId resource_original_id(const Resource *resource)
{
	return resource->prev_len ? resource_prev_id(resource, 0) : resource->id;
}

static Str join(Arena *arena, const TextList *list)
{
	Buf out = buf_new(arena);

	for (size_t i = 0; i < list->len; i++) {
		if (i)
			buf_byte(&out, ',');
		buf_str(&out, list->items[i]);
	}
	return buf_view(&out);
}

static void expose(Arena *arena, Resource *resource, const char *note, Str value)
{
	if (value.len)
		resource_annotate(arena, resource, str_concat(arena, S(NOTES), str_c(note)), value);
}

void resource_expose_notes(Arena *arena, Resource *resource)
{
	static const char *const behaviors[] = {"unspecified", "create", "replace", "merge"};
	TextList names = {0}, spaces = {0}, kinds = {0};

	if (!resource->annotated)
		return;
	for (size_t i = 0; i < resource->prev_len; i++) {
		text_list_add(arena, &names, resource->prev[i].name);
		text_list_add(arena, &spaces, resource->prev[i].ns);
		text_list_add(arena, &kinds, resource->prev[i].kind);
	}
	expose(arena, resource, "previousNames", join(arena, &names));
	expose(arena, resource, "previousNamespaces", join(arena, &spaces));
	expose(arena, resource, "previousKinds", join(arena, &kinds));
	expose(arena, resource, "prefixes", join(arena, &resource->prefixes));
	expose(arena, resource, "suffixes", join(arena, &resource->suffixes));
	if (resource->behavior != BEHAVIOR_UNSPECIFIED || resource->needs_hash)
		expose(arena, resource, "generatorBehavior", str_c(behaviors[resource->behavior]));
	if (resource->needs_hash)
		expose(arena, resource, "needsHashSuffix", S("enabled"));
}

static TextList split(Arena *arena, Str text)
{
	TextList out = {0};
	Str part;

	if (text.len)
		while (str_cut(&text, S(","), &part))
			text_list_add(arena, &out, part);
	return out;
}

static Str note(const Node *annotations, const char *name)
{
	for (size_t i = 0; annotations && i + 1 < annotations->len; i += 2) {
		Str key = annotations->children[i]->value;
		if (str_has_prefix(key, S(NOTES)) && str_is(str_from(key, sizeof NOTES - 1), name))
			return annotations->children[i + 1]->value;
	}
	return S("");
}

static void remove_notes(Node *annotations)
{
	static const char *const others[] = {"config.kubernetes.io/path",
	                                     "config.kubernetes.io/index", "config.k8s.io/id"};
	static const char *const own[] = {"previousKinds",
	                                  "previousNames",
	                                  "prefixes",
	                                  "suffixes",
	                                  "previousNamespaces",
	                                  "allowNameChange",
	                                  "allowKindChange",
	                                  "refBy",
	                                  "generatorBehavior",
	                                  "needsHashSuffix",
	                                  "path",
	                                  "index",
	                                  "seqindent",
	                                  "id",
	                                  "annotations-migration-resource-id"};

	for (size_t i = 0; i + 1 < annotations->len;) {
		Str key = annotations->children[i]->value;
		bool drop = false;
		for (size_t n = 0; n < sizeof others / sizeof *others; n++)
			drop |= str_is(key, others[n]);
		if (str_has_prefix(key, S(NOTES)))
			for (size_t n = 0; n < sizeof own / sizeof *own; n++)
				drop |= str_is(str_from(key, sizeof NOTES - 1), own[n]);
		if (drop)
			tree_remove_at(annotations, i, 2);
		else
			i += 2;
	}
}

void resource_hide_notes(Arena *arena, Resource *resource)
{
	Node *metadata = resource_metadata(resource);
	Node *annotations = tree_get_c(metadata, "annotations");

	if (!annotations || annotations->kind != NODE_MAPPING)
		return;
	remove_notes(annotations);
	if (!annotations->len)
		tree_set(arena, metadata, S("annotations"), NULL);
}

void resource_absorb_notes(Arena *arena, Resource *resource)
{
	Node *metadata = resource_metadata(resource);
	Node *annotations = tree_get_c(metadata, "annotations");
	TextList names = split(arena, note(annotations, "previousNames"));
	TextList spaces = split(arena, note(annotations, "previousNamespaces"));
	TextList kinds = split(arena, note(annotations, "previousKinds"));

	if (!resource->annotated)
		return;
	resource->prev_len = 0;
	for (size_t i = 0; i < names.len && i < spaces.len && i < kinds.len; i++)
		VEC_PUSH(arena, resource->prev, resource->prev_len, resource->prev_cap) =
			(PrevId){names.items[i], spaces.items[i], kinds.items[i]};
	resource->prefixes = split(arena, note(annotations, "prefixes"));
	resource->suffixes = split(arena, note(annotations, "suffixes"));
	resource->needs_hash = str_is(note(annotations, "needsHashSuffix"), "enabled");
	resource_hide_notes(arena, resource);
}

void resource_read_notes(Arena *arena, Resource *resource)
{
	const Node *annotations = tree_get_c(resource_metadata(resource), "annotations");

	for (size_t i = 0; annotations && i + 1 < annotations->len; i += 2)
		resource->annotated |= str_has_prefix(annotations->children[i]->value, S(NOTES));
	resource_absorb_notes(arena, resource);
}

void resource_drop_notes(Arena *arena, Resource *resource)
{
	Node *annotations = tree_get_c(resource_metadata(resource), "annotations");
	TextMap map;

	if (annotations && annotations->kind == NODE_MAPPING)
		remove_notes(annotations);
	map = resource_metadata_map(arena, resource, "annotations");
	resource_set_metadata_map(arena, resource, "annotations", &map);
}

// --- comparing and merging ---

static bool same_ending(const TextList *a, const TextList *b)
{
	const TextList *shorter = a->len <= b->len ? a : b, *longer = a->len <= b->len ? b : a;
	size_t offset = longer->len - shorter->len;

	if (!shorter->len)
		return !offset;
	for (size_t i = 0; i < shorter->len; i++)
		if (!str_eq(shorter->items[i], longer->items[i + offset]))
			return false;
	return true;
}

bool resource_same_affixes(const Resource *a, const Resource *b, bool allow_empty)
{
	bool any_prefix = allow_empty && (!a->prefixes.len || !b->prefixes.len);
	bool any_suffix = allow_empty && (!a->suffixes.len || !b->suffixes.len);

	return (any_prefix || same_ending(&a->prefixes, &b->prefixes)) &&
	       (any_suffix || same_ending(&a->suffixes, &b->suffixes));
}

static TextMap merged(Arena *arena, const Resource *under, const Resource *over, const char *field)
{
	TextMap map = resource_metadata_map(arena, under, field);
	TextMap more = resource_metadata_map(arena, over, field);

	for (size_t i = 0; i < more.len; i++)
		text_map_set(arena, &map, more.items[i].key, more.items[i].value);
	return map;
}

void resource_copy_metadata(Arena *arena, Resource *resource, const Resource *other)
{
	TextMap labels = merged(arena, other, resource, "labels");
	TextMap annotations = merged(arena, other, resource, "annotations");

	resource_set_metadata_map(arena, resource, "labels", &labels);
	resource_set_metadata_map(arena, resource, "annotations", &annotations);
	resource_set_name(arena, resource, other->id.name);
	resource_set_namespace(arena, resource, other->id.ns);
	resource->prev = other->prev;
	resource->prev_len = other->prev_len;
	resource->prev_cap = other->prev_len; // shared: growing must copy
	resource->prefixes = copy_list(arena, &other->prefixes);
	resource->suffixes = copy_list(arena, &other->suffixes);
	resource->vars = copy_list(arena, &other->vars);
	resource->behavior = other->behavior;
	resource->needs_hash = resource->needs_hash && other->needs_hash;
	resource->annotated |= other->annotated;
	resource_refresh(resource);
}
