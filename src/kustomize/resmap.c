// Resources in order, found by id.

#include "kustomize/resmap.h"

#include <stdlib.h>
#include <string.h>

ResMap *resmap_new(Arena *arena)
{
	ResMap *map = ARENA_NEW(arena, ResMap);

	map->arena = arena;
	return map;
}

// --- the index ---

static uint64_t mix(uint64_t hash, Str s)
{
	return (hash ^ str_hash(s)) * 0x9E3779B97F4A7C15u;
}

static uint64_t id_hash(const ResId *id)
{
	uint64_t hash = mix(1, id->name);

	hash = mix(hash, id->gvk.kind);
	hash = mix(hash, id->gvk.group);
	hash = mix(hash, id->gvk.version);
	return mix(hash, resid_namespace(id));
}

static uint64_t name_hash(Str name)
{
	return mix(2, name);
}

static void rehash(ResMap *map, size_t bucket_count)
{
	map->buckets = ARENA_ARRAY(map->arena, uint32_t, bucket_count);
	map->bucket_count = bucket_count;
	for (size_t i = 0; i < map->entry_count; i++) {
		uint32_t *bucket = &map->buckets[(map->entries[i].hash >> 20) & (bucket_count - 1)];
		map->entries[i].next = *bucket;
		*bucket = (uint32_t)i + 1;
	}
}

static void index_add(ResMap *map, uint64_t hash, Resource *resource)
{
	uint32_t *bucket;

	for (size_t i = 0; i < resource->hash_count; i++)
		if (resource->hashes[i] == hash)
			return;
	VEC_PUSH(map->arena, resource->hashes, resource->hash_count, resource->hash_cap) = hash;
	if (map->entry_count >= UINT32_MAX - 1)
		arena_fail(map->arena);
	if (map->entry_count + 1 > map->bucket_count)
		rehash(map, map->bucket_count ? map->bucket_count * 2 : 64);
	VEC_PUSH(map->arena, map->entries, map->entry_count, map->entry_cap) =
		(IdEntry){hash, resource, 0};
	bucket = &map->buckets[(hash >> 20) & (map->bucket_count - 1)];
	map->entries[map->entry_count - 1].next = *bucket;
	*bucket = (uint32_t)map->entry_count;
}

static void index_resource(ResMap *map, Resource *resource)
{
	if (resource->index != map) {
		resource->index = map;
		resource->hash_count = 0;
	}
	index_add(map, id_hash(&resource->id), resource);
	index_add(map, name_hash(resource->id.name), resource);
	for (size_t i = 0; i < resource->prev_len; i++) {
		ResId id = resource_prev_id(resource, i);
		index_add(map, id_hash(&id), resource);
		index_add(map, name_hash(id.name), resource);
	}
}

static void build_index(ResMap *map)
{
	if (map->indexed)
		return;
	map->indexed = true;
	for (size_t i = 0; i < map->len; i++)
		index_resource(map, map->items[i]);
}

static bool is_member(const ResMap *map, const Resource *resource)
{
	return resource->position < map->len && map->items[resource->position] == resource;
}

static int compare_positions(const void *a, const void *b)
{
	const Resource *left = *(Resource *const *)a, *right = *(Resource *const *)b;

	return left->position < right->position ? -1 : left->position > right->position;
}

typedef bool Matches(const Resource *resource, const void *key);

static Resources find(ResMap *map, uint64_t hash, Matches *matches, const void *key)
{
	Resources found = {0};

	build_index(map);
	if (!map->bucket_count)
		return found;
	for (uint32_t at = map->buckets[(hash >> 20) & (map->bucket_count - 1)]; at;) {
		IdEntry *entry = &map->entries[at - 1];
		if (entry->hash == hash && is_member(map, entry->resource) &&
		    matches(entry->resource, key))
			VEC_PUSH(map->arena, found.items, found.len, found.cap) = entry->resource;
		at = entry->next;
	}
	if (found.len > 1)
		qsort(found.items, found.len, sizeof *found.items, compare_positions);
	return found;
}

static bool has_current_id(const Resource *resource, const void *key)
{
	return resid_equal(&resource->id, key);
}

static bool has_any_id(const Resource *resource, const void *key)
{
	if (resource_is_empty(resource))
		return false;
	if (resid_equal(&resource->id, key))
		return true;
	for (size_t i = 0; i < resource->prev_len; i++) {
		ResId id = resource_prev_id(resource, i);
		if (resid_equal(&id, key))
			return true;
	}
	return false;
}

static bool has_any_name(const Resource *resource, const void *key)
{
	const Str *name = key;

	if (str_eq(resource->id.name, *name))
		return true;
	for (size_t i = 0; i < resource->prev_len; i++)
		if (str_eq(resource->prev[i].name, *name))
			return true;
	return false;
}

Resources resmap_by_current_id(ResMap *map, const ResId *id)
{
	return find(map, id_hash(id), has_current_id, id);
}

Resources resmap_by_any_id(ResMap *map, const ResId *id)
{
	return find(map, id_hash(id), has_any_id, id);
}

Resources resmap_by_name(ResMap *map, Str name)
{
	return find(map, name_hash(name), has_any_name, &name);
}

// --- changing ---

static void push(ResMap *map, Resource *resource)
{
	resource->position = map->len;
	VEC_PUSH(map->arena, map->items, map->len, map->cap) = resource;
	if (map->indexed)
		index_resource(map, resource);
}

bool resmap_append(ResMap *map, Resource *resource, Diag *diag)
{
	if (resmap_by_current_id(map, &resource->id).len)
		return diag_fail(diag, "may not add resource with an already registered id: %.*s",
		                 STR_ARGS(resid_str(map->arena, &resource->id)));
	push(map, resource);
	return true;
}

bool resmap_append_all(ResMap *map, const ResMap *other, Diag *diag)
{
	for (size_t i = 0; i < other->len; i++)
		if (!resmap_append(map, other->items[i], diag))
			return false;
	return true;
}

// Both maps of strings joined, the resource's own entries winning.
static void merge_data(Arena *arena, Resource *resource, const Resource *old, const char *field)
{
	const Node *under = tree_get_c(old->node, field), *over = tree_get_c(resource->node, field);
	const Node *sources[] = {under, over};
	TextMap map = {0};
	Node *node;

	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; sources[s] && i + 1 < sources[s]->len; i += 2)
			text_map_set(arena, &map, sources[s]->children[i]->value,
			             tree_text(sources[s]->children[i + 1]));
	tree_set(arena, resource->node, str_c(field), NULL);
	if (!map.len)
		return;
	node = tree_kind(arena, NODE_MAPPING);
	for (size_t i = 0; i < map.len; i++) {
		node_push(arena, node, tree_key(arena, map.items[i].key));
		node_push(arena, node, tree_lines(arena, map.items[i].value));
	}
	tree_set(arena, resource->node, str_c(field), node);
}

#define ORIGIN_KEY "config.kubernetes.io/origin"

static void merge_generated(ResMap *map, Resource *resource, const Resource *old)
{
	TextMap annotations = resource_metadata_map(map->arena, old, "annotations");
	const Str *origin = text_map_get(&annotations, S(ORIGIN_KEY));

	resource_copy_metadata(map->arena, resource, old);
	merge_data(map->arena, resource, old, "data");
	merge_data(map->arena, resource, old, "binaryData");
	if (origin)
		resource_annotate(map->arena, resource, S(ORIGIN_KEY), *origin);
}

// Go's %#v of a ResId, which Kustomize's message shows.
static Str id_as_go(Arena *arena, const ResId *id)
{
	return str_printf(
		arena,
		"resid.ResId{Gvk:resid.Gvk{Group:\"%.*s\", Version:\"%.*s\", Kind:\"%.*s\", "
		"isClusterScoped:%s}, Name:\"%.*s\", Namespace:\"%.*s\"}",
		STR_ARGS(id->gvk.group), STR_ARGS(id->gvk.version), STR_ARGS(id->gvk.kind),
		id->cluster ? "true" : "false", STR_ARGS(id->name), STR_ARGS(id->ns));
}

bool resmap_absorb(ResMap *map, Resource *resource, Diag *diag)
{
	Resources matches = resmap_by_any_id(map, &resource->id);
	Behavior behavior = resource->behavior;
	Resource *old;

	if (!matches.len) {
		if (behavior == BEHAVIOR_MERGE || behavior == BEHAVIOR_REPLACE)
			return diag_fail(diag, "id %.*s does not exist; cannot merge or replace",
			                 STR_ARGS(id_as_go(map->arena, &resource->id)));
		return resmap_append(map, resource, diag);
	}
	if (matches.len > 1)
		return diag_fail(diag, "found multiple objects that could accept merge of %.*s",
		                 STR_ARGS(resid_str(map->arena, &resource->id)));
	old = matches.items[0];
	if (behavior == BEHAVIOR_REPLACE)
		resource_copy_metadata(map->arena, resource, old);
	else if (behavior == BEHAVIOR_MERGE)
		merge_generated(map, resource, old);
	else
		return diag_fail(diag, "id %.*s exists; behavior must be merge or replace",
		                 STR_ARGS(id_as_go(map->arena, &resource->id)));
	resource_refresh(resource);
	resource->position = old->position;
	map->items[old->position] = resource;
	if (map->indexed)
		index_resource(map, resource);
	return true;
}

void resmap_touch(ResMap *map, Resource *resource)
{
	if (resource_is_empty(resource))
		map->emptied = true;
	if (resource->node)
		resource_refresh(resource);
	if (map->indexed)
		index_resource(map, resource);
}

void resmap_refresh(ResMap *map)
{
	for (size_t i = 0; i < map->len; i++)
		resmap_touch(map, map->items[i]);
}

void resmap_drop_empty(ResMap *map)
{
	size_t kept = 0;

	if (!map->emptied)
		return;
	map->emptied = false;
	for (size_t i = 0; i < map->len; i++) {
		Resource *resource = map->items[i];
		if (resource_is_empty(resource)) {
			resource->position = SIZE_MAX;
			continue;
		}
		resource->position = kept;
		map->items[kept++] = resource;
	}
	map->len = kept;
}
