// Where a transformer writes.

#include "kustomize/fieldspec.h"

#include "base/num.h"

#include <stdlib.h>
#include <string.h>

Str *path_split(Arena *arena, Str path, char delimiter, size_t *count)
{
	Str separator = str_n(&delimiter, 1), part, *parts = NULL;
	Str rest = path.len ? path : S(""); // no path is one of an empty name
	size_t len = 0, cap = 0;
	bool joined = false;

	if (path.len && path.p[0] == delimiter)
		rest = str_from(path, 1);
	while (str_cut(&rest, separator, &part)) {
		bool more = part.len && part.p[part.len - 1] == '\\' && rest.p;
		Str text = more ? str_concat(arena, str_to(part, part.len - 1), separator) : part;
		if (joined)
			parts[len - 1] = str_concat(arena, parts[len - 1], text);
		else
			VEC_PUSH(arena, parts, len, cap) = text;
		joined = more;
	}
	*count = len;
	return parts;
}

static bool is_special(Str name)
{
	int64_t index;

	return str_is(name, "*") || num_parse_int(name, 10, 64, &index) == NUM_OK;
}

FieldSpec fieldspec_new(Arena *arena, Gvk gvk, Str path, bool create)
{
	FieldSpec spec = {.gvk = gvk, .path = path, .create = create};
	Str *parts = path_split(arena, path, '/', &spec.step_count);

	spec.steps = ARENA_ARRAY(arena, PathStep, spec.step_count + 1);
	for (size_t i = 0; i < spec.step_count; i++) {
		bool list = str_has_suffix(parts[i], S("[]"));
		Str name = list ? str_to(parts[i], parts[i].len - 2) : parts[i];
		spec.steps[i] = (PathStep){name, list, is_special(name)};
	}
	return spec;
}

bool fieldspecs_merge_one(Arena *arena, FieldSpecs *specs, const FieldSpec *spec, Diag *diag)
{
	for (size_t i = 0; i < specs->len; i++) {
		FieldSpec *have = &specs->items[i];
		if (!str_eq(have->path, spec->path) || !gvk_selected(&have->gvk, &spec->gvk))
			continue;
		return have->create == spec->create || diag_fail(diag, "conflicting fieldspecs");
	}
	VEC_PUSH(arena, specs->items, specs->len, specs->cap) = *spec;
	return true;
}

bool fieldspecs_merge(Arena *arena, FieldSpecs *specs, const FieldSpecs *more, Diag *diag)
{
	for (size_t i = 0; i < more->len; i++)
		if (!fieldspecs_merge_one(arena, specs, &more->items[i], diag))
			return false;
	return true;
}

// Stable: few specs, sorted once a kustomization.
void fieldspecs_sort(FieldSpecs *specs)
{
	for (size_t i = 1; i < specs->len; i++) {
		FieldSpec spec = specs->items[i];
		size_t at = i;
		while (at > 0 && gvk_compare(&spec.gvk, &specs->items[at - 1].gvk) < 0) {
			specs->items[at] = specs->items[at - 1];
			at--;
		}
		specs->items[at] = spec;
	}
}

static bool apply_at(const FieldSpec *spec, size_t step, Node *node, FieldSetter *setter);

// What the reference's lookup of a field takes for a wildcard or an index is none in a mapping.
static bool fail_special(const Node *map, const PathStep *at, Diag *diag)
{
	if (str_is(at->name, "*"))
		diag_fail(diag, "wildcard is not supported in PathGetter");
	else
		tree_fail_kind(map, NODE_SEQUENCE, diag);
	return diag_wrap(diag, "fieldName: %.*s", STR_ARGS(at->name));
}

static bool apply_in_map(const FieldSpec *spec, size_t step, Node *map, FieldSetter *setter)
{
	const PathStep *at = &spec->steps[step];
	bool last = step + 1 == spec->step_count;
	bool make = spec->create && setter->creates && !at->list;
	NodeKind kind = last ? setter->kind : NODE_MAPPING;
	Node *field;

	if (!at->name.len)
		return diag_fail(setter->diag, "cannot set or create an empty field name");
	if (at->special)
		return fail_special(map, at, setter->diag);
	field = make ? tree_get_or_add(setter->arena, map, at->name, kind)
	             : tree_get(map, at->name);
	if (!field)
		return true;
	// A null on the way becomes what the path needs.
	if (tree_is_null(field) && (make || at->list)) {
		field->kind = make ? kind : NODE_SEQUENCE;
		field->tag = make ? str_c(last ? setter->tag : TAG_MAP) : S("");
	}
	return apply_at(spec, step + 1, field, setter);
}

static bool apply_at(const FieldSpec *spec, size_t step, Node *node, FieldSetter *setter)
{
	if (step == spec->step_count)
		return setter->set(setter, node);
	if (tree_is_null(node))
		return true;
	if (node->kind == NODE_MAPPING)
		return apply_in_map(spec, step, node, setter);
	if (node->kind != NODE_SEQUENCE)
		return diag_fail(setter->diag, "expected sequence or mapping node");
	for (size_t i = 0; i < node->len; i++)
		if (!apply_at(spec, step, node->children[i], setter)) {
			Buf path = buf_new(setter->arena);
			for (size_t s = step; s < spec->step_count; s++)
				buf_printf(&path, "%s%.*s%s", s > step ? " " : "",
				           STR_ARGS(spec->steps[s].name),
				           spec->steps[s].list ? "[]" : "");
			return diag_wrap(setter->diag, "visit traversal on path: [%.*s]",
			                 STR_ARGS(buf_view(&path)));
		}
	return true;
}

bool fieldspec_apply(const FieldSpec *spec, const Gvk *gvk, Node *root, FieldSetter *setter)
{
	ResId id;

	if (!gvk_selected(gvk, &spec->gvk) || apply_at(spec, 0, root, setter))
		return true;
	id = (ResId){.gvk = *gvk,
	             .name = tree_get_text(tree_get_c(root, "metadata"), "name"),
	             .ns = tree_get_text(tree_get_c(root, "metadata"), "namespace")};
	return diag_wrap(setter->diag, "considering field '%.*s' of object %.*s",
	                 STR_ARGS(spec->path), STR_ARGS(resid_str(setter->arena, &id)));
}
