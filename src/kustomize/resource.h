#ifndef KUSTOMIZE_RESOURCE_H
#define KUSTOMIZE_RESOURCE_H

// A resource on its way through a build: its node, and what Kustomize remembers of it (in annotations of its own,
// we in fields): the names it had, the prefixes and suffixes it got, how a generator wants it treated.

#include "kustomize/fill.h"
#include "kustomize/ids.h"
#include "kustomize/tree.h"

typedef enum Behavior {
	BEHAVIOR_UNSPECIFIED,
	BEHAVIOR_CREATE,
	BEHAVIOR_REPLACE,
	BEHAVIOR_MERGE
} Behavior;

// An id the resource had. Group and version are always the current ones.
typedef struct PrevId {
	Str name, ns, kind;
} PrevId;

typedef struct Resource {
	Node *node; // a mapping; NULL once deleted
	ResId id;   // as the node says, by the last resource_refresh
	PrevId *prev;
	size_t prev_len, prev_cap;
	TextList prefixes, suffixes;
	TextList vars; // names of the vars that take their value from it
	Behavior behavior;
	bool needs_hash;
	bool allow_name_change, allow_kind_change; // of patches
	bool annotated;                            // there are notes
	size_t position;                           // in its ResMap
	const void *index; // the ResMap that has it in its index, under these hashes
	uint64_t *hashes;
	size_t hash_count, hash_cap;
	Str file; // where it was read, for messages
	size_t line;
} Resource;

Resource *resource_new(Arena *arena, Node *node);
// A deep copy.
Resource *resource_copy(Arena *arena, const Resource *resource);
// A copy for messages, without what a Secret holds.
Resource *resource_copy_shown(Arena *arena, const Resource *resource);
// Reads the id from the node again. True where it changed.
bool resource_refresh(Resource *resource);
bool resource_is_empty(const Resource *resource);

// Puts the current id to those it had.
void resource_store_id(Arena *arena, Resource *resource);
// The first id it had, or the current one.
ResId resource_original_id(const Resource *resource);
ResId resource_prev_id(const Resource *resource, size_t index);

Node *resource_metadata(const Resource *resource); // NULL where missing
// Labels or annotations as strings; empty where missing.
TextMap resource_metadata_map(Arena *arena, const Resource *resource, const char *field);
// Replaces them; an empty map removes the field. All values become strings.
void resource_set_metadata_map(Arena *arena, Resource *resource, const char *field,
                               const TextMap *map);
// Metadata as Kustomize's setters write it; `ns` empty removes the field.
void resource_set_name(Arena *arena, Resource *resource, Str name);
void resource_set_namespace(Arena *arena, Resource *resource, Str ns);
void resource_set_kind(Arena *arena, Resource *resource, Str kind);
void resource_set_api_version(Arena *arena, Resource *resource, Str api_version);
// Adds one annotation as Kustomize's own notes are added.
void resource_annotate(Arena *arena, Resource *resource, Str key, Str value);

// Kustomize's notes written into the node's annotations, where patches can see (and destroy) them; and taken out
// again.
void resource_expose_notes(Arena *arena, Resource *resource);
void resource_absorb_notes(Arena *arena, Resource *resource);
// The same for a resource that was read: notes that a file has count.
void resource_read_notes(Arena *arena, Resource *resource);
// Takes them out without reading them: what was known before still holds.
void resource_hide_notes(Arena *arena, Resource *resource);
// At the end of a build. All annotations become strings, and an empty field goes: so it is where Kustomize takes
// its notes out.
void resource_drop_notes(Arena *arena, Resource *resource);

// Whether the names match from the outside in: what decides between equal names of several layers.
bool resource_same_affixes(const Resource *a, const Resource *b, bool allow_empty);

// Takes over metadata and notes of the resource that a generated one replaces or is merged into.
void resource_copy_metadata(Arena *arena, Resource *resource, const Resource *other);

#endif
