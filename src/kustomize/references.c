// Names of resources that other resources hold: where a name changed, the reference follows.
//
// A reference is found by the name it holds, which some resource had before. Which resource that is, when several
// had the name, is told by kind, namespace and the prefixes and suffixes both got.

#include "data/text.h"
#include "kustomize/print.h"
#include "kustomize/transform.h"

#include <stdlib.h>
#include <string.h>

// --- finding resources by a name they had ---

typedef struct NameEntry {
	uint64_t hash;
	Resource *resource;
	uint32_t next;
} NameEntry;

// Which original namespaces there are, within each current one.
typedef struct NameIndex {
	Arena *arena;
	NameEntry *entries;
	size_t len, cap;
	uint32_t *buckets;
	size_t bucket_count;
} NameIndex;

static uint64_t key_hash(uint64_t seed, Str a, Str b)
{
	uint64_t hash = (seed ^ str_hash(a)) * 0x9E3779B97F4A7C15u;

	return (hash ^ str_hash(b)) * 0x9E3779B97F4A7C15u;
}

enum { BY_NAME = 1, BY_NAME_IN_NAMESPACE = 2, ORIGINAL_NAMESPACE = 3, ORIGINAL_NAMESPACE_IN = 4 };

static void insert(NameIndex *index, uint64_t hash, Resource *resource)
{
	VEC_PUSH(index->arena, index->entries, index->len, index->cap) =
		(NameEntry){hash, resource, 0};
}

static void build_buckets(NameIndex *index)
{
	index->bucket_count = 64;
	while (index->bucket_count < index->len)
		index->bucket_count *= 2;
	index->buckets = ARENA_ARRAY(index->arena, uint32_t, index->bucket_count);
	for (size_t i = index->len; i > 0; i--) { // so that chains run in order
		uint32_t *bucket = &index->buckets[(index->entries[i - 1].hash >> 20) &
		                                   (index->bucket_count - 1)];
		index->entries[i - 1].next = *bucket;
		*bucket = (uint32_t)i;
	}
}

static bool had_name_before(const Resource *resource, size_t count, Str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(resource->prev[i].name, name))
			return true;
	return false;
}

static void index_resource(NameIndex *index, Resource *resource)
{
	Str ns = resid_namespace(&resource->id);
	ResId original = resource_original_id(resource);
	Str original_ns = resid_namespace(&original);

	for (size_t i = 0; i < resource->prev_len; i++) {
		Str name = resource->prev[i].name;
		if (had_name_before(resource, i, name))
			continue;
		insert(index, key_hash(BY_NAME, name, S("")), resource);
		insert(index, key_hash(BY_NAME_IN_NAMESPACE, name, ns), resource);
	}
	insert(index, key_hash(ORIGINAL_NAMESPACE, original_ns, S("")), resource);
	insert(index, key_hash(ORIGINAL_NAMESPACE_IN, original_ns, ns), resource);
}

// --- one reference ---

typedef struct Reference {
	Build *build;
	NameIndex *index;
	Resource *referrer;
	TextMap *role_namespaces; // of the subjects of a RoleBinding
	const Gvk *target;
	const FieldSpec *spec;
} Reference;

static bool is_cluster_wide(const Resource *resource)
{
	return resource->id.cluster;
}

// Namespaced resources see their own namespace, what has none, and (role bindings) their subjects' namespaces.
static bool can_refer(const Reference *reference, const Resource *resource)
{
	const Resource *referrer = reference->referrer;

	return is_cluster_wide(referrer) || is_cluster_wide(resource) ||
	       str_eq(resid_namespace(&referrer->id), resid_namespace(&resource->id)) ||
	       text_map_get(reference->role_namespaces, resource->id.ns);
}

static int compare_positions(const void *a, const void *b)
{
	const Resource *left = *(Resource *const *)a, *right = *(Resource *const *)b;

	return left->position < right->position ? -1 : left->position > right->position;
}

static void collect(const Reference *reference, uint64_t hash, Str name, Resources *out)
{
	NameIndex *index = reference->index;

	for (uint32_t at = index->buckets[(hash >> 20) & (index->bucket_count - 1)]; at;
	     at = index->entries[at - 1].next) {
		NameEntry *entry = &index->entries[at - 1];
		if (entry->hash == hash && can_refer(reference, entry->resource) &&
		    had_name_before(entry->resource, entry->resource->prev_len, name))
			VEC_PUSH(index->arena, out->items, out->len, out->cap) = entry->resource;
	}
}

// All resources that had the name and that the referrer can see, in order.
static Resources candidates(const Reference *reference, Str name)
{
	Resources out = {0};
	Str own = resid_namespace(&reference->referrer->id);

	if (is_cluster_wide(reference->referrer)) {
		collect(reference, key_hash(BY_NAME, name, S("")), name, &out);
		return out;
	}
	collect(reference, key_hash(BY_NAME_IN_NAMESPACE, name, own), name, &out);
	collect(reference, key_hash(BY_NAME_IN_NAMESPACE, name, S(NAMESPACE_NONE)), name, &out);
	for (size_t i = 0; i < reference->role_namespaces->len; i++) {
		Str ns = reference->role_namespaces->items[i].key;
		if (!str_eq(ns, own))
			collect(reference, key_hash(BY_NAME_IN_NAMESPACE, name, ns), name, &out);
	}
	if (out.len > 1)
		qsort(out.items, out.len, sizeof *out.items, compare_positions);
	return out;
}

static bool was_of_kind(const Resource *resource, const Gvk *gvk)
{
	for (size_t i = 0; i < resource->prev_len; i++) {
		ResId id = resource_prev_id(resource, i);
		if (gvk_selected(&id.gvk, gvk))
			return true;
	}
	return false;
}

// A role reference names the kind it means.
static bool fits_role(const Reference *reference, const Resource *resource)
{
	const Node *role = tree_get_c(reference->referrer->node, "roleRef");
	const Node *group = tree_get_c(role, "apiGroup"), *kind = tree_get_c(role, "kind");
	Gvk gvk;

	if (!str_has_suffix(reference->spec->path, S("roleRef/name")) || !group || !kind)
		return true;
	gvk = (Gvk){group->value, S(""), kind->value};
	return was_of_kind(resource, &gvk);
}

static bool fits_namespace(const Reference *reference, const Resource *resource)
{
	const Resource *referrer = reference->referrer;

	return is_cluster_wide(referrer) || is_cluster_wide(resource) ||
	       str_is(resource->id.gvk.kind, "ServiceAccount") ||
	       str_eq(resid_namespace(&referrer->id), resid_namespace(&resource->id));
}

static void keep_same_affixes(const Reference *reference, Resources *list, bool allow_empty)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->len; i++)
		if (resource_same_affixes(list->items[i], reference->referrer, allow_empty))
			list->items[kept++] = list->items[i];
	list->len = kept;
}

static bool all_same(const Resources *list, bool namespaces)
{
	for (size_t i = 1; i < list->len; i++)
		if (!str_eq(list->items[0]->id.name, list->items[i]->id.name) ||
		    (namespaces && !str_eq(list->items[0]->id.ns, list->items[i]->id.ns)))
			return false;
	return true;
}

// A resource as it stands, with Kustomize's notes, for who has to tell why several fit.
static bool write_with_notes(Buf *out, const Resource *resource, Diag *diag)
{
	Resource *shown = resource_copy_shown(out->arena, resource);

	resource_expose_notes(out->arena, shown);
	return print_resource(out->arena, out, shown->node, diag);
}

static bool fail_many(const Reference *reference, const Resources *list, Diag *diag)
{
	Buf message = buf_new(reference->build->arena);

	buf_c(&message, "found multiple possible referrals: ");
	for (size_t i = 0; i < list->len; i++) {
		if (i)
			buf_c(&message, ", ");
		buf_str(&message, resid_str(reference->build->arena, &list->items[i]->id));
	}
	buf_c(&message, "\n\n**** Too many possible referral targets to referrer:\n");
	if (!write_with_notes(&message, reference->referrer, diag))
		return false;
	for (size_t i = 0; i < list->len; i++) {
		buf_printf(&message, "\n--- possible referral %zu:\n", i);
		if (!write_with_notes(&message, list->items[i], diag))
			return false;
	}
	buf_byte(&message, '\n');
	return diag_fail_str(diag, buf_view(&message));
}

// The resource that is meant; NULL where there is none.
static bool select_referral(const Reference *reference, Resources list, bool namespaces,
                            Resource **out, Diag *diag)
{
	size_t kept = 0;

	*out = NULL;
	for (size_t i = 0; i < list.len; i++)
		if (was_of_kind(list.items[i], reference->target) &&
		    fits_role(reference, list.items[i]) && fits_namespace(reference, list.items[i]))
			list.items[kept++] = list.items[i];
	list.len = kept;
	if (list.len > 1 || !list.len) {
		keep_same_affixes(reference, &list, true);
		if (list.len > 1)
			keep_same_affixes(reference, &list, false);
	}
	if (!list.len)
		return true;
	if (list.len > 1 && !all_same(&list, namespaces))
		return fail_many(reference, &list, diag);
	*out = list.items[0];
	(*out)->annotated = true;
	return true;
}

// Where a resource's name has the one it was given, behind its prefixes.
static size_t find_given_name(const Resource *resource, Str given)
{
	Str name = resource->id.name;
	size_t at = 0;

	for (size_t i = 0; i < resource->prefixes.len; i++)
		at += resource->prefixes.items[i].len;
	return str_has_prefix(str_from(name, at), given) ? at : str_find(name, given);
}

// The new name; what it has of the old one was written by who wrote the reference.
static Str renamed(Arena *arena, Str old, const Resource *referral)
{
	Str name = referral->id.name;
	size_t at = old.origin ? find_given_name(referral, old) : STR_NONE;

	if (at == STR_NONE)
		return name;
	return text_concat(arena, text_concat(arena, str_to(name, at), old),
	                   str_from(name, at + old.len));
}

static bool set_name(Reference *reference, Node *field, Diag *diag)
{
	Resource *referral;

	if (!select_referral(reference, candidates(reference, field->value), false, &referral,
	                     diag))
		return false;
	if (referral && !str_eq(referral->id.name, field->value))
		return tree_set_scalar(
			field, renamed(reference->build->arena, field->value, referral), "", diag);
	return true;
}

static bool any_original_namespace(const Reference *reference, Str ns)
{
	NameIndex *index = reference->index;
	uint64_t hash = key_hash(ORIGINAL_NAMESPACE, ns, S(""));
	Str spaces[] = {resid_namespace(&reference->referrer->id), S(NAMESPACE_NONE)};
	size_t count =
		is_cluster_wide(reference->referrer) ? 1 : 2 + reference->role_namespaces->len;

	for (size_t i = 0; i < count; i++) {
		if (!is_cluster_wide(reference->referrer))
			hash = key_hash(ORIGINAL_NAMESPACE_IN, ns,
			                i < 2 ? spaces[i]
			                      : reference->role_namespaces->items[i - 2].key);
		for (uint32_t at = index->buckets[(hash >> 20) & (index->bucket_count - 1)]; at;
		     at = index->entries[at - 1].next)
			if (index->entries[at - 1].hash == hash &&
			    can_refer(reference, index->entries[at - 1].resource))
				return true;
	}
	return false;
}

// The candidates of the namespace that a reference names beside the name: the one they came from, else the one they
// are in.
static Resources candidates_in(const Reference *reference, Str name, Str ns)
{
	Resources list = candidates(reference, name);
	bool original = any_original_namespace(reference, ns);
	size_t kept = 0;

	for (size_t i = 0; i < list.len; i++) {
		ResId id = original ? resource_original_id(list.items[i]) : list.items[i]->id;
		Str have = resid_namespace(&id);
		if (str_eq(have, ns) && !str_is(have, NAMESPACE_NONE))
			list.items[kept++] = list.items[i];
	}
	list.len = kept;
	return list;
}

// A map with a name and perhaps a namespace: both follow.
static bool set_name_and_namespace(Reference *reference, Node *map, Diag *diag)
{
	Arena *arena = reference->build->arena;
	Node *name = tree_get_c(map, "name"), *ns = tree_get_c(map, "namespace");
	Resource *referral;

	if (!name)
		return diag_fail(diag, "path config error; no 'name' field in node");
	if (!select_referral(reference,
	                     ns ? candidates_in(reference, name->value, ns->value)
	                        : candidates(reference, name->value),
	                     true, &referral, diag))
		return false;
	if (!referral || (str_eq(referral->id.name, name->value) && !referral->id.ns.len))
		return true;
	tree_set(arena, map, S("name"),
	         tree_scalar(arena, renamed(arena, name->value, referral), ""));
	if (referral->id.ns.len)
		tree_set(arena, map, S("namespace"), tree_scalar(arena, referral->id.ns, ""));
	return true;
}

static bool set_reference(FieldSetter *setter, Node *field)
{
	Reference *reference = setter->context;

	if (tree_is_null(field))
		return true;
	if (field->kind == NODE_SCALAR)
		return set_name(reference, field, setter->diag);
	if (field->kind == NODE_MAPPING)
		return set_name_and_namespace(reference, field, setter->diag);
	for (size_t i = 0; i < field->len; i++) {
		Node *item = field->children[i];
		if (tree_is_null(item))
			continue;
		if (item->kind == NODE_SEQUENCE)
			return diag_fail(
				setter->diag,
				"a list is expected to be either a string or a map of string");
		if (item->kind == NODE_SCALAR
		            ? !set_name(reference, item, setter->diag)
		            : !set_name_and_namespace(reference, item, setter->diag))
			return false;
	}
	return true;
}

// --- all references ---

// The fields a kind may hold names in, so that not every resource asks every field of the configuration.
typedef struct KindFields {
	Str kind;
	struct {
		const Gvk *target;
		const FieldSpec *spec;
	} * items;
	size_t len, cap;
} KindFields;

typedef struct FieldIndex {
	Arena *arena;
	const Config *config;
	KindFields *kinds;
	size_t len, cap;
} FieldIndex;

static KindFields *fields_of(FieldIndex *index, Str kind)
{
	KindFields *fields;

	for (size_t i = 0; i < index->len; i++)
		if (str_eq(index->kinds[i].kind, kind))
			return &index->kinds[i];
	VEC_PUSH(index->arena, index->kinds, index->len, index->cap) = (KindFields){.kind = kind};
	fields = &index->kinds[index->len - 1];
	for (size_t r = 0; r < index->config->reference_count; r++) {
		const NameReference *reference = &index->config->references[r];
		for (size_t s = 0; s < reference->referrers.len; s++) {
			const FieldSpec *spec = &reference->referrers.items[s];
			if (spec->gvk.kind.len && !str_eq(spec->gvk.kind, kind))
				continue;
			fields->items = arena_vec_room(index->arena, fields->items, fields->len,
			                               &fields->cap, sizeof *fields->items);
			fields->items[fields->len].target = &reference->target;
			fields->items[fields->len++].spec = spec;
		}
	}
	return fields;
}

static bool role_namespaces(Arena *arena, const Resource *resource, TextMap *out, Diag *diag)
{
	const Node *subjects = tree_get_c(resource->node, "subjects");

	*out = (TextMap){0};
	if (!str_is(resource->id.gvk.kind, "RoleBinding") || !subjects ||
	    subjects->kind != NODE_SEQUENCE)
		return true;
	for (size_t i = 0; i < subjects->len; i++) {
		const Node *ns = tree_get_c(subjects->children[i], "namespace");
		if (!ns || !str_is(tree_get_text(subjects->children[i], "kind"), "ServiceAccount"))
			continue;
		if (tree_is_null(ns) || ns->kind != NODE_SCALAR)
			return diag_fail(
				diag, "Invalid Input: namespace is blank for resource \"%.*s\"\n",
				STR_ARGS(resid_str(arena, &resource->id)));
		text_map_set(arena, out, ns->value, S(""));
	}
	return true;
}

static bool fix_resource(Build *build, NameIndex *names, const KindFields *fields,
                         Resource *resource, Diag *diag)
{
	ResId original = resource_original_id(resource);
	TextMap namespaces;
	Reference reference = {build, names, resource, &namespaces, NULL, NULL};
	FieldSetter setter = {
		.arena = build->arena, .diag = diag, .set = set_reference, .context = &reference};

	if (!fields->len)
		return true;
	if (!role_namespaces(build->arena, resource, &namespaces, diag))
		return false;
	for (size_t i = 0; i < fields->len; i++) {
		FieldSpec spec = *fields->items[i].spec;
		if (!gvk_selected(&original.gvk, &spec.gvk))
			continue;
		reference.target = fields->items[i].target;
		reference.spec = &spec;
		spec.gvk = resource->id.gvk;
		spec.create = false;
		if (!fieldspec_apply(&spec, &resource->id.gvk, resource->node, &setter))
			return diag_wrap(diag, "updating name reference in '%.*s' field of '%.*s'",
			                 STR_ARGS(spec.path),
			                 STR_ARGS(resid_str(build->arena, &resource->id)));
	}
	return true;
}

bool references_fix(Build *build, const Config *config, ResMap *map, Diag *diag)
{
	NameIndex names = {.arena = build->arena};
	FieldIndex fields = {.arena = build->arena, .config = config};

	for (size_t i = 0; i < map->len; i++)
		index_resource(&names, map->items[i]);
	build_buckets(&names);
	for (size_t i = 0; i < map->len; i++) {
		ResId original = resource_original_id(map->items[i]);
		if (!fix_resource(build, &names, fields_of(&fields, original.gvk.kind),
		                  map->items[i], diag))
			return false;
	}
	return true;
}
