// Merge types from an OpenAPI document.

#include "kustomize/openapi.h"

#include <string.h>

#define REF_PREFIX "#/definitions/"
// Definitions refer to each other; a type is built once and found again by name.
typedef struct NamedType {
	Str name;
	MergeType *type;
} NamedType;

typedef struct KindType {
	Str api_version, kind;
	const MergeType *type;
} KindType;

struct OpenApi {
	Arena *arena;
	BuiltinTypes builtin;
	const Node *definitions;
	NamedType *named;
	size_t named_count, named_cap;
	KindType *kinds;
	size_t kind_count, kind_cap;
};

static const MergeType *build(OpenApi *api, const Node *schema);

static void fill_list(OpenApi *api, const Node *schema, MergeType *type)
{
	const Node *strategy = tree_get_c(schema, "x-kubernetes-patch-strategy");
	const Node *list_keys = tree_get_c(schema, "x-kubernetes-list-map-keys");
	const Node *merge_key = tree_get_c(schema, "x-kubernetes-patch-merge-key");
	Str rest = tree_text(strategy), part;
	const char **keys;

	type->items = build(api, tree_get_c(schema, "items"));
	while (strategy && str_cut(&rest, S(","), &part))
		type->merge |= str_is(part, "merge");
	if (list_keys && list_keys->kind == NODE_SEQUENCE) {
		keys = ARENA_ARRAY(api->arena, const char *, list_keys->len + 1);
		for (size_t i = 0; i < list_keys->len; i++)
			keys[i] = str_to_c(api->arena, tree_text(list_keys->children[i]));
		type->keys = keys;
		type->key_count = list_keys->len;
	} else if (merge_key) {
		keys = ARENA_ARRAY(api->arena, const char *, 1);
		keys[0] = str_to_c(api->arena, tree_text(merge_key));
		type->keys = keys;
		type->key_count = 1;
	}
}

static void fill(OpenApi *api, const Node *schema, MergeType *type)
{
	const Node *properties = tree_get_c(schema, "properties");
	const Node *more = tree_get_c(schema, "additionalProperties");
	MergeField *fields;

	if (str_is(tree_get_text(schema, "type"), "array")) {
		fill_list(api, schema, type);
		return;
	}
	if (properties && properties->kind == NODE_MAPPING) {
		fields = ARENA_ARRAY(api->arena, MergeField, properties->len / 2 + 1);
		type->fields = fields;
		for (size_t i = 0; i + 1 < properties->len; i += 2)
			fields[type->field_count++] =
				(MergeField){str_to_c(api->arena, properties->children[i]->value),
			                     build(api, properties->children[i + 1])};
	}
	if (more && more->kind == NODE_MAPPING)
		type->values = build(api, more);
}

static const MergeType *named(OpenApi *api, Str name)
{
	const Node *definition = tree_get(api->definitions, name);
	const MergeType *builtin =
		api->builtin == BUILTIN_ABSENT ? NULL : merge_type_of_definition(name);
	MergeType *type;

	if (builtin && (!definition || api->builtin == BUILTIN_OVER))
		return builtin;
	for (size_t i = 0; i < api->named_count; i++)
		if (str_eq(api->named[i].name, name))
			return api->named[i].type;
	if (!definition)
		return NULL;
	type = ARENA_NEW(api->arena, MergeType);
	VEC_PUSH(api->arena, api->named, api->named_count, api->named_cap) =
		(NamedType){name, type};
	fill(api, definition, type);
	return type;
}

static const MergeType *build(OpenApi *api, const Node *schema)
{
	const Node *ref = tree_get_c(schema, "$ref");
	MergeType *type;

	if (!schema)
		return NULL;
	if (ref && str_has_prefix(tree_text(ref), S(REF_PREFIX)))
		return named(api, str_from(tree_text(ref), sizeof REF_PREFIX - 1));
	type = ARENA_NEW(api->arena, MergeType);
	fill(api, schema, type);
	return type;
}

static Str group_version(OpenApi *api, const Node *gvk)
{
	Str group = tree_get_text(gvk, "group"), version = tree_get_text(gvk, "version");

	if (!group.len)
		return version;
	return str_concat(api->arena, str_concat(api->arena, group, S("/")), version);
}

bool openapi_read(Arena *arena, const Node *document, BuiltinTypes builtin, OpenApi **out,
                  Diag *diag)
{
	OpenApi *api = ARENA_NEW(arena, OpenApi);

	*out = api;
	api->arena = arena;
	api->builtin = builtin;
	if (!document || document->kind != NODE_MAPPING)
		return diag_fail(diag, "the document is no mapping");
	api->definitions = tree_get_c(document, "definitions");
	if (!api->definitions || api->definitions->kind != NODE_MAPPING)
		return true;
	for (size_t i = 0; i + 1 < api->definitions->len; i += 2) {
		const Node *gvks = tree_get_c(api->definitions->children[i + 1],
		                              "x-kubernetes-group-version-kind");
		for (size_t g = 0; gvks && gvks->kind == NODE_SEQUENCE && g < gvks->len; g++)
			VEC_PUSH(arena, api->kinds, api->kind_count, api->kind_cap) =
				(KindType){group_version(api, gvks->children[g]),
			                   tree_get_text(gvks->children[g], "kind"),
			                   named(api, api->definitions->children[i]->value)};
	}
	return true;
}

static const MergeType *own_type_of(const OpenApi *api, Str api_version, Str kind)
{
	for (size_t i = api->kind_count; i > 0; i--)
		if (str_eq(api->kinds[i - 1].kind, kind) &&
		    str_eq(api->kinds[i - 1].api_version, api_version))
			return api->kinds[i - 1].type;
	return NULL;
}

const MergeType *openapi_type_of(const OpenApi *api, Str api_version, Str kind)
{
	const MergeType *own = api ? own_type_of(api, api_version, kind) : NULL;
	const MergeType *builtin =
		api && api->builtin == BUILTIN_ABSENT ? NULL : merge_type_of(api_version, kind);

	return !own || (builtin && api->builtin == BUILTIN_OVER) ? builtin : own;
}
