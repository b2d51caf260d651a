// Patches: strategic merge and JSON, for what they name or for what their target selects.

#include "base/num.h"
#include "data/yaml.h"
#include "kustomize/json_patch.h"
#include "kustomize/merge.h"
#include "kustomize/transform.h"

static const FillField patch_fields[] = {
	{"path", FILL_STR, offsetof(Patch, path), NULL, 0},
	{"patch", FILL_STR, offsetof(Patch, text), NULL, 0},
	{"target", FILL_STRUCT_PTR, offsetof(Patch, target), &selector_type, 0},
	{"options", FILL_BOOL_MAP, offsetof(Patch, options), NULL, 0},
};
const FillType patch_text_type = FILL_TEXT_TYPE("PatchStrategicMerge");
const FillType patch_type = FILL_TYPE_WITH_NODE("Patch", Patch, patch_fields);

// --- reading ---

static Str quoted(Arena *arena, Str text)
{
	Buf out = buf_new(arena);

	num_quote(&out, text);
	return buf_view(&out);
}

static bool option(const Patch *patch, const char *name)
{
	return str_is(tree_get_text(patch->options, name), "true");
}

static void set_options(Build *build, PatchSettings *settings)
{
	bool name = option(&settings->patch, "allowNameChange");
	bool kind = option(&settings->patch, "allowKindChange");

	for (size_t i = 0; i < settings->merges.len; i++) {
		Resource *patch = settings->merges.items[i];
		TextMap annotations = resource_metadata_map(build->arena, patch, "annotations");
		patch->allow_name_change = name;
		patch->allow_kind_change = kind;
		// Kustomize notes it in the patch's annotations, which makes all of them strings.
		if ((name || kind) && annotations.len)
			resource_set_metadata_map(build->arena, patch, "annotations", &annotations);
	}
}

static Str shown_settings(Arena *arena, const Patch *patch)
{
	Buf out = buf_new(arena);
	Diag ignored = diag_new(arena);

	if (patch->node)
		yaml_write_resource(&out, patch->node, &ignored);
	return buf_view(&out);
}

static bool load_text(const Loader *loader, PatchSettings *settings, Str *text, Diag *diag)
{
	Arena *arena = loader->arena;
	Patch *patch = &settings->patch;

	patch->text = str_trim_space(patch->text);
	if (!patch->text.len && !patch->path.len)
		return diag_fail(diag, "must specify one of patch and path in\n%.*s",
		                 STR_ARGS(shown_settings(arena, patch)));
	if (patch->text.len && patch->path.len)
		return diag_fail(diag, "patch and path can't be set at the same time\n%.*s",
		                 STR_ARGS(shown_settings(arena, patch)));
	if (patch->text.len) {
		*text = patch->text;
		settings->source =
			str_printf(arena, "[patch: %.*s]", STR_ARGS(quoted(arena, *text)));
		return true;
	}
	settings->file = patch->path;
	settings->source = str_printf(arena, "[path: %.*s]", STR_ARGS(quoted(arena, patch->path)));
	return loader_read(loader, patch->path, text, diag) ||
	       diag_wrap(diag, "failed to get the patch file from path(%.*s)",
	                 STR_ARGS(patch->path));
}

// What a text is shows only when it is read: a list of operations or resources.
bool patch_prepare(Build *build, const Loader *loader, PatchSettings *settings, Diag *diag)
{
	Diag merge_error = diag_new(build->arena), json_error = diag_new(build->arena);
	ReadOptions options = {.traced = build->options->traced}, own = {.own = true};
	Node *document = NULL;
	bool is_merge, is_json;
	Str text;

	if (!load_text(loader, settings, &text, diag))
		return false;
	options.file = settings->file;
	is_merge = read_resources(build->arena, text, &options, &settings->merges, &merge_error);
	is_json = text.len && read_document(build->arena, text, &own, &document, &json_error) &&
	          (!document || tree_is_null(document) ||
	           json_patch_check(build->arena, document, &json_error));
	if (is_merge && is_json && settings->merges.len && document && document->len)
		return diag_fail(diag, "illegally qualifies as both an SM and JSON patch: %.*s",
		                 STR_ARGS(settings->source));
	if (!is_merge && !is_json) {
		diag->detail = merge_error.message;
		return diag_fail(diag, "unable to parse SM or JSON patch from %.*s",
		                 STR_ARGS(settings->source));
	}
	if (is_merge) {
		set_options(build, settings);
		return true;
	}
	settings->json = document;
	return true;
}

bool patch_strategic_prepare(Build *build, const Loader *loader, const TextList *paths, Str text,
                             PatchSettings *settings, Diag *diag)
{
	if (!paths->len && !text.len)
		return diag_fail(diag, "empty file path and empty patch content");
	for (size_t i = 0; i < paths->len; i++) {
		Diag ignored = diag_new(build->arena);
		ReadOptions options = {.traced = build->options->traced};
		Resources found = {0};
		Str content;
		// The string may be a patch itself.
		if (!read_resources(build->arena, paths->items[i], &options, &found, &ignored)) {
			options.file = paths->items[i];
			found = (Resources){0};
			if (!loader_read(loader, paths->items[i], &content, diag))
				return false;
			if (!read_resources(build->arena, content, &options, &found, diag)) {
				if (str_has_prefix(diag->message, S("MalformedYAMLError")))
					diag->message = str_printf(
						build->arena, "%.*s in File: %.*s",
						STR_ARGS(diag->message), STR_ARGS(paths->items[i]));
				return false;
			}
		}
		for (size_t k = 0; k < found.len; k++)
			VEC_PUSH(build->arena, settings->merges.items, settings->merges.len,
			         settings->merges.cap) = found.items[k];
	}
	if (text.len) {
		ReadOptions options = {.traced = build->options->traced};
		if (!read_resources(build->arena, text, &options, &settings->merges, diag))
			return false;
	}
	settings->by_id = true;
	if (!settings->merges.len)
		return diag_fail(diag, "patch appears to be empty; files=%.*s, Patch=%.*s",
		                 STR_ARGS(text_list_str(build->arena, paths)), STR_ARGS(text));
	return true;
}

static Str json_of(Arena *arena, const Node *node)
{
	Buf out = buf_new(arena);
	Diag ignored = diag_new(arena);

	tree_write_json(arena, &out, node, &ignored);
	return buf_view(&out);
}

bool patch_json_prepare(Build *build, const Loader *loader, PatchSettings *settings, Diag *diag)
{
	ReadOptions options = {
		.traced = build->options->traced, .file = settings->patch.path, .own = true};
	Patch *patch = &settings->patch;
	Node *document = NULL;
	Str text = patch->text;

	if (!patch->target || !patch->target->name.len)
		return diag_fail(diag, "must specify the target name");
	if (!patch->path.len && !patch->text.len)
		return diag_fail(diag, "empty file path and empty jsonOp");
	if (patch->path.len && patch->text.len)
		return diag_fail(diag, "must specify a file path or jsonOp, not both");
	if (patch->path.len && !loader_read(loader, patch->path, &text, diag))
		return false;
	if (!text.len)
		return diag_fail(diag, "patch file '%.*s' empty seems to be empty",
		                 STR_ARGS(patch->path));
	if (!read_document(build->arena, text, &options, &document, diag))
		return false;
	if (document && !tree_is_null(document) && !json_patch_check(build->arena, document, diag))
		return diag_wrap(
			diag, "decoding %.*s",
			STR_ARGS(text.p[0] == '[' ? text : json_of(build->arena, document)));
	if (!document || !document->len)
		return diag_fail(diag, "patch appears to be empty; file=%.*s, JsonOp=%.*s",
		                 STR_ARGS(patch->path), STR_ARGS(text));
	settings->json = document;
	return true;
}

// --- applying ---

static bool apply_json(Build *build, const PatchSettings *settings, ResMap *map, Resource *resource,
                       Diag *diag)
{
	const ReadOptions options = {.file = settings->file};
	bool ok;

	resource_expose_notes(build->arena, resource);
	ok = !settings->json ||
	     (json_patch_apply(build->arena, settings->json, &resource->node, diag) &&
	      read_check_metadata(build->arena, resource->node, &options, diag));
	resource_hide_notes(build->arena, resource);
	resmap_touch(map, resource);
	return ok;
}

// Whether merging the patch could take Kustomize's notes away.
static bool touches_notes(const Node *patch)
{
	const Node *metadata = tree_get_c(patch, "metadata");
	const Node *annotations = tree_get_c(metadata, "annotations");

	return tree_get_c(patch, "$patch") || tree_get_c(metadata, "$patch") ||
	       tree_get_c(annotations, "$patch") || (annotations && tree_is_null(annotations));
}

static bool apply_merge(Build *build, ResMap *map, Resource *target, Resource *patch, Diag *diag)
{
	ResId id = target->id;
	bool exposed = touches_notes(patch->node);
	bool ok;

	if (patch->allow_name_change || patch->allow_kind_change)
		resource_store_id(build->arena, target);
	if (exposed)
		resource_expose_notes(build->arena, target);
	build->builtin_parsed |= !build->schema;
	ok = merge_patch(build->arena, build->schema, patch->node, &target->node, diag);
	if (!ok || resource_is_empty(target)) {
		if (ok)
			target->node = NULL;
		map->emptied = true;
		return ok;
	}
	if (exposed)
		resource_absorb_notes(build->arena, target);
	if (!patch->allow_kind_change)
		resource_set_kind(build->arena, target, id.gvk.kind);
	if (!patch->allow_name_change)
		resource_set_name(build->arena, target, id.name);
	resource_set_namespace(build->arena, target, id.ns);
	resmap_touch(map, target);
	return true;
}

// What a patch becomes for one of the targets it was not written for: its labels and annotations become strings,
// its version the target's.
static Resource *patch_for(Build *build, const Resource *patch, const Resource *target)
{
	static const char *const fields[] = {"labels", "annotations"};
	Resource *copy = resource_copy(build->arena, patch);

	for (size_t i = 0; i < 2; i++) {
		TextMap map = resource_metadata_map(build->arena, copy, fields[i]);
		if (tree_get_c(resource_metadata(copy), fields[i]))
			resource_set_metadata_map(build->arena, copy, fields[i], &map);
	}
	resource_set_name(build->arena, copy, patch->id.name);
	resource_set_namespace(build->arena, copy, patch->id.ns);
	resource_set_api_version(build->arena, copy,
	                         gvk_api_version(build->arena, &target->id.gvk));
	resource_set_kind(build->arena, copy, patch->id.gvk.kind);
	return copy;
}

static bool one_target(Build *build, ResMap *map, const Resource *patch, Resource **out, Diag *diag)
{
	ResId id = resource_original_id(patch);
	Resources found = resmap_by_any_id(map, &id);
	Str shown = resid_str(build->arena, &id);

	if (found.len != 1)
		return diag_fail(
			diag, "%s matches for Id %.*s; failed to find unique target for patch %.*s",
			found.len ? "multiple" : "no", STR_ARGS(shown), STR_ARGS(shown));
	*out = found.items[0];
	return true;
}

// Resources that a patch made equal in name and kind to others are refused.
static bool check_unique(Build *build, ResMap *map, const Resource *resource, Diag *diag)
{
	if (!resource->node || resmap_by_current_id(map, &resource->id).len <= 1)
		return true;
	return diag_fail(diag, "may not add resource with an already registered id: %.*s",
	                 STR_ARGS(resid_str(build->arena, &resource->id)));
}

static bool merge_into_selected(Build *build, const PatchSettings *settings, ResMap *map,
                                Diag *diag)
{
	const Resource *patch = settings->merges.items[0];
	Resources selected;

	if (settings->merges.len > 1)
		return diag_fail(diag,
		                 "Multiple Strategic-Merge Patches in one `patches` entry is not "
		                 "allowed to set "
		                 "`patches.target` field: %.*s",
		                 STR_ARGS(settings->source));
	if (!select_resources(map, settings->patch.target, &selected, diag))
		return diag_wrap(
			diag, "unable to find patch target %.*s in `resources`",
			STR_ARGS(quoted(build->arena,
		                        selector_str(build->arena, settings->patch.target))));
	for (size_t i = 0; i < selected.len; i++)
		if (!apply_merge(build, map, selected.items[i],
		                 patch_for(build, patch, selected.items[i]), diag))
			return false;
	resmap_drop_empty(map);
	for (size_t i = 0; i < selected.len; i++)
		if (!check_unique(build, map, selected.items[i], diag))
			return false;
	return true;
}

bool transform_patch(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	const PatchSettings *settings = transformer->settings;
	Resources selected;

	if (settings->merges.len && settings->patch.target)
		return merge_into_selected(build, settings, map, diag);
	for (size_t i = 0; i < settings->merges.len; i++) {
		Resource *patch = settings->merges.items[i], *target;
		ResId id = resource_original_id(patch);
		if (!one_target(build, map, patch, &target, diag))
			return diag_wrap(
				diag, "no resource matches strategic merge patch %.*s",
				STR_ARGS(quoted(build->arena, resid_str(build->arena, &id))));
		if (!apply_merge(build, map, target, patch, diag))
			return false;
	}
	if (settings->merges.len)
		return true;
	if (!settings->patch.target)
		return diag_fail(diag, "must specify a target for JSON patch %.*s",
		                 STR_ARGS(settings->source));
	if (!select_resources(map, settings->patch.target, &selected, diag))
		return false;
	for (size_t i = 0; i < selected.len; i++) {
		resource_store_id(build->arena, selected.items[i]);
		if (!apply_json(build, settings, map, selected.items[i], diag))
			return false;
	}
	return true;
}

bool transform_patch_strategic(Build *build, const Transformer *transformer, ResMap *map,
                               Diag *diag)
{
	const PatchSettings *settings = transformer->settings;

	for (size_t i = 0; i < settings->merges.len; i++) {
		Resource *patch = settings->merges.items[i], *target;
		if (!one_target(build, map, patch, &target, diag) ||
		    !apply_merge(build, map, target, patch_for(build, patch, target), diag))
			return false;
		if (!target->node)
			resmap_drop_empty(map);
		if (!check_unique(build, map, target, diag))
			return false;
	}
	return true;
}

bool transform_patch_json(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	const PatchSettings *settings = transformer->settings;
	Resources selected;

	if (!select_resources(map, settings->patch.target, &selected, diag))
		return false;
	for (size_t i = 0; i < selected.len; i++)
		if (!apply_json(build, settings, map, selected.items[i], diag))
			return false;
	return true;
}
