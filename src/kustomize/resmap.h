#ifndef KUSTOMIZE_RESMAP_H
#define KUSTOMIZE_RESMAP_H

// Resources in order, no two with the same current id, found by the ids and names they have and had through a
// hash index: nothing here compares resources in pairs.
//
// The index only grows. An entry says where to look, the resource itself is asked whether it still (or also) has
// that id. Whoever changes ids calls resmap_touch or resmap_refresh, which adds the new entries.

#include "kustomize/resource.h"

typedef struct IdEntry {
	uint64_t hash;
	Resource *resource;
	uint32_t next; // index + 1 of the next entry in the bucket
} IdEntry;

typedef struct ResMap {
	Arena *arena;
	Resource **items;
	size_t len, cap;
	IdEntry *entries;
	size_t entry_count, entry_cap;
	uint32_t *buckets; // index + 1 of the newest entry; a power of two
	size_t bucket_count;
	bool indexed; // the index is up: it is built when first asked
	bool emptied; // some resource may have become empty since resmap_drop_empty
} ResMap;

typedef struct Resources {
	Resource **items;
	size_t len, cap;
} Resources;

ResMap *resmap_new(Arena *arena);
// Fails on an id that is there: "may not add resource with an already registered id: ...".
bool resmap_append(ResMap *map, Resource *resource, Diag *diag);
bool resmap_append_all(ResMap *map, const ResMap *other, Diag *diag);
// Appends a generated resource, or replaces or merges into the one of its id, as its behavior says.
bool resmap_absorb(ResMap *map, Resource *resource, Diag *diag);

// In order. Those whose current id, or any id they have or had, equals `id`.
Resources resmap_by_current_id(ResMap *map, const ResId *id);
Resources resmap_by_any_id(ResMap *map, const ResId *id);
// Those that have or had this name.
Resources resmap_by_name(ResMap *map, Str name);

// After one resource, or any of them, may have changed its id.
void resmap_touch(ResMap *map, Resource *resource);
void resmap_refresh(ResMap *map);
void resmap_drop_empty(ResMap *map);

#endif
