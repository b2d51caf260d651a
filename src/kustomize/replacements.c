// Replacements: values of one resource's field copied into others.

#include "base/num.h"
#include "data/text.h"
#include "kustomize/path.h"
#include "kustomize/transform.h"

#include <string.h>

typedef struct FieldOptions {
	Str delimiter, encoding;
	int64_t index;
	bool create;
} FieldOptions;

typedef struct Source {
	Selector id;
	Str field_path;
	FieldOptions *options;
} Source;

typedef struct Target {
	Selector *select;
	StructList reject;
	TextList field_paths;
	FieldOptions *options;
} Target;

typedef struct Replacement {
	const Node *node;
	Source *source;
	StructList targets;
	bool has_targets;
	Str *source_value;
	Str path;
} Replacement;

static const FillField option_fields[] = {
	{"delimiter", FILL_STR, offsetof(FieldOptions, delimiter), NULL, 0},
	{"index", FILL_INT, offsetof(FieldOptions, index), NULL, 0},
	{"encoding", FILL_STR, offsetof(FieldOptions, encoding), NULL, 0},
	{"create", FILL_BOOL, offsetof(FieldOptions, create), NULL, 0},
};
static const FillType options_type = FILL_TYPE("FieldOptions", FieldOptions, option_fields);

static const FillField source_fields[] = {
	{"ResId.Gvk.group", FILL_STR, offsetof(Source, id.group), NULL, 0},
	{"ResId.Gvk.version", FILL_STR, offsetof(Source, id.version), NULL, 0},
	{"ResId.Gvk.kind", FILL_STR, offsetof(Source, id.kind), NULL, 0},
	{"ResId.name", FILL_STR, offsetof(Source, id.name), NULL, 0},
	{"ResId.namespace", FILL_STR, offsetof(Source, id.ns), NULL, 0},
	{"fieldPath", FILL_STR, offsetof(Source, field_path), NULL, 0},
	{"options", FILL_STRUCT_PTR, offsetof(Source, options), &options_type, 0},
};
static const FillType source_type = FILL_TYPE("SourceSelector", Source, source_fields);

static const FillField target_fields[] = {
	{"select", FILL_STRUCT_PTR, offsetof(Target, select), &selector_type, 0},
	{"reject", FILL_STRUCT_LIST, offsetof(Target, reject), &selector_type, 0},
	{"fieldPaths", FILL_STR_LIST, offsetof(Target, field_paths), NULL, 0},
	{"options", FILL_STRUCT_PTR, offsetof(Target, options), &options_type, 0},
};
static const FillType target_type =
	FILL_TYPE_LISTED("TargetSelector", "[]*types.TargetSelector", Target, target_fields);

#define REPLACEMENT_FIELDS(embedded)                                                               \
	{embedded "source", FILL_STRUCT_PTR, offsetof(Replacement, source), &source_type, 0},      \
		{embedded "targets", FILL_STRUCT_LIST, offsetof(Replacement, targets),             \
	         &target_type, offsetof(Replacement, has_targets)},                                \
	{                                                                                          \
		embedded "sourceValue", FILL_STR_PTR, offsetof(Replacement, source_value), NULL, 0 \
	}

// In a kustomization, where a file may stand for it; and in such a file.
static const FillField replacement_field_fields[] = {
	REPLACEMENT_FIELDS("Replacement."),
	{"path", FILL_STR, offsetof(Replacement, path), NULL, 0},
};
const FillType replacement_field_type =
	FILL_TYPE_WITH_NODE("ReplacementField", Replacement, replacement_field_fields);
static const FillField replacement_fields[] = {REPLACEMENT_FIELDS("")};
static const FillType replacement_type =
	FILL_TYPE_WITH_NODE("Replacement", Replacement, replacement_fields);

// --- reading ---

static void add_all(Arena *arena, ReplacementSettings *settings, const StructList *more)
{
	StructList *all = &settings->replacements;
	Replacement *joined = ARENA_ARRAY(arena, Replacement, all->len + more->len + 1);

	if (all->len)
		memcpy(joined, all->items, all->len * sizeof *joined);
	if (more->len)
		memcpy(joined + all->len, more->items, more->len * sizeof *joined);
	*all = (StructList){joined, all->len + more->len};
}

static bool load_file(Build *build, const Loader *loader, Str path, StructList *out, Diag *diag)
{
	ReadOptions options = {.file = path, .traced = build->options->traced};
	Node *document = NULL;
	Str text;

	*out = (StructList){0};
	if (!loader_read(loader, path, &text, diag) ||
	    !read_document(build->arena, text, &options, &document, diag))
		return false;
	if (document && document->kind == NODE_SEQUENCE)
		return fill_struct_list(build->arena, document, &replacement_type, FILL_OWN, path,
		                        out, diag);
	if (!document || document->kind != NODE_MAPPING)
		return diag_fail(
			diag,
			"unsupported replacement type encountered within replacement path: %s",
			document && !tree_is_null(document) ? "string" : "invalid");
	*out = (StructList){ARENA_NEW(build->arena, Replacement), 1};
	return fill_struct(build->arena, document, &replacement_type, FILL_OWN, path, out->items,
	                   diag);
}

bool replacements_prepare(Build *build, const Loader *loader, const StructList *fields,
                          ReplacementSettings *settings, Diag *diag)
{
	Replacement *field = fields->items;

	for (size_t i = 0; i < fields->len; i++, field++) {
		StructList found = {field, 1};
		if (field->path.len && (field->source || field->targets.len))
			return diag_fail(diag, "cannot specify both path and inline replacement");
		if (field->path.len && !load_file(build, loader, field->path, &found, diag))
			return false;
		add_all(build->arena, settings, &found);
	}
	return true;
}

// --- the source ---

static Str source_str(Arena *arena, const Source *source)
{
	ResId id = selector_id(&source->id);
	Buf out = buf_new(arena);

	buf_str(&out, resid_str(arena, &id));
	if (source->field_path.len) {
		buf_byte(&out, ':');
		buf_str(&out, source->field_path);
	}
	if (source->options && (source->options->delimiter.len || source->options->create)) {
		buf_byte(&out, ':');
		buf_str(&out, source->options->delimiter);
		buf_printf(&out, "(%lld), create=%s", (long long)source->options->index,
		           source->options->create ? "true" : "false");
	}
	return buf_view(&out);
}

// The ids count as if every kind had namespaces.
static bool is_selected(const Resource *resource, const ResId *selector)
{
	ResId id = resource->id;

	id.cluster = false;
	if (resid_selected(&id, selector))
		return true;
	for (size_t i = 0; i < resource->prev_len; i++) {
		id = resource_prev_id(resource, i);
		if (resid_selected(&id, selector))
			return true;
	}
	return false;
}

static Resources candidates(ResMap *map, const ResId *selector)
{
	if (selector->name.len)
		return resmap_by_name(map, selector->name);
	return (Resources){map->items, map->len, 0};
}

static bool find_source(Build *build, ResMap *map, const Source *source, Resource **out, Diag *diag)
{
	ResId selector = selector_id(&source->id);
	Resources found = candidates(map, &selector);

	*out = NULL;
	for (size_t i = 0; i < found.len; i++) {
		if (!is_selected(found.items[i], &selector))
			continue;
		if (*out)
			return diag_fail(diag, "multiple matches for selector %.*s",
			                 STR_ARGS(source_str(build->arena, source)));
		*out = found.items[i];
	}
	if (!*out)
		return diag_fail(diag, "nothing selected by %.*s",
		                 STR_ARGS(source_str(build->arena, source)));
	return true;
}

static TextList split_at(Arena *arena, Str text, Str delimiter)
{
	TextList parts = {0};
	Str part;

	while (str_cut(&text, delimiter, &part))
		text_list_add(arena, &parts, part);
	return parts;
}

static bool refine(Build *build, const FieldOptions *options, Node **value, Diag *diag)
{
	TextList parts;

	if (!options || !options->delimiter.len)
		return true;
	if ((*value)->kind != NODE_SCALAR)
		return diag_fail(diag, "delimiter option can only be used with scalar nodes");
	parts = split_at(build->arena, tree_text(*value), options->delimiter);
	if (options->index < 0 || (uint64_t)options->index >= parts.len)
		return diag_fail(diag, "options.index %lld is out of bounds for value %.*s",
		                 (long long)options->index, STR_ARGS(tree_text(*value)));
	*value = node_copy(build->arena, *value);
	(*value)->value = parts.items[options->index];
	return true;
}

static bool source_value(Build *build, ResMap *map, const Replacement *replacement, Node **out,
                         Diag *diag)
{
	Source *source = replacement->source;
	Resource *resource;
	ResId id;
	Path path;

	if (replacement->source_value && source)
		return diag_fail(diag, "value and resource selectors are mutually exclusive");
	if (replacement->source_value) {
		*out = tree_scalar(build->arena, *replacement->source_value, "");
		return true;
	}
	if (!find_source(build, map, source, &resource, diag))
		return false;
	if (!source->field_path.len)
		source->field_path = S("metadata.name");
	path = path_parse(build->arena, source->field_path);
	if (!path_lookup(build->arena, resource->node, &path, out, diag))
		return diag_wrap(diag, "error looking up replacement source");
	id = selector_id(&source->id);
	if (tree_is_empty(*out))
		return diag_fail(diag, "fieldPath `%.*s` is missing for replacement source %.*s",
		                 STR_ARGS(source->field_path),
		                 STR_ARGS(resid_str(build->arena, &id)));
	return refine(build, source->options, out, diag);
}

// --- the targets ---

static bool set_value(Build *build, const FieldOptions *options, Node *field, const Node *source,
                      Diag *diag)
{
	Node *value = node_copy(build->arena, source);

	if (options && options->delimiter.len) {
		TextList parts;
		Text text = text_new(build->arena, build->options->traced);
		Str new_part = tree_text(value);
		if (field->kind != NODE_SCALAR)
			return diag_fail(diag,
			                 "delimiter option can only be used with scalar nodes");
		parts = split_at(build->arena, field->value, options->delimiter);
		if (options->index >= 0 && (uint64_t)options->index < parts.len)
			parts.items[options->index] = new_part;
		else if (options->index >= 0)
			text_list_add(build->arena, &parts, new_part);
		if (options->index < 0) {
			text_write(&text, new_part);
			text_write(&text, options->delimiter);
		}
		for (size_t i = 0; i < parts.len; i++) {
			if (i)
				text_write(&text, options->delimiter);
			text_write(&text, parts.items[i]);
		}
		value->value = text_str(&text);
	}
	if (field->kind == NODE_SCALAR)
		field->value = value->value; // the tag stays: a number in quotes stays a string
	else
		*field = *value;
	return true;
}

static bool fail_field(Build *build, Str path, bool create, Diag *diag)
{
	Buf message = buf_new(build->arena);

	buf_printf(&message, "unable to find %sfield ", create ? "or create " : "");
	num_quote(&message, path);
	buf_c(&message, " in replacement target");
	if (diag->set)
		return diag_wrap(diag, "%.*s", STR_ARGS(buf_view(&message)));
	return diag_fail_str(diag, buf_view(&message));
}

static bool copy_to(Build *build, const Target *target, Resource *resource, const Node *value,
                    Diag *diag)
{
	bool create = target->options && target->options->create;
	FoundNodes fields;

	for (size_t i = 0; i < target->field_paths.len; i++) {
		Str text = target->field_paths.items[i];
		Path path = path_parse(build->arena, text);
		if (!path_match(build->arena, resource->node, &path, create, value->kind, &fields,
		                diag) ||
		    !fields.len)
			return fail_field(build, text, create, diag);
		for (size_t k = 0; k < fields.len; k++)
			if (!set_value(build, target->options, fields.items[k], value, diag))
				return false;
	}
	return true;
}

static bool is_rejected(Build *build, const Target *target, const Resource *resource,
                        bool *rejected, Diag *diag)
{
	const Selector *reject = target->reject.items;
	bool matches;

	*rejected = false;
	for (size_t i = 0; i < target->reject.len; i++, reject++) {
		ResId id = selector_id(reject);
		if (reject->labels.len || reject->annotations.len) {
			if (!select_by_labels(build->arena, resource, reject, &matches, diag))
				return false;
			*rejected |= matches;
		}
		*rejected |= !resid_is_empty(&id) && is_selected(resource, &id);
	}
	return true;
}

static bool apply_target(Build *build, ResMap *map, Target *target, const Node *value, Diag *diag)
{
	ResId selector;
	Resources found;
	bool matches, rejected;

	if (!target->select)
		return diag_fail(diag, "target must specify resources to select");
	if (!target->field_paths.len)
		text_list_add(build->arena, &target->field_paths, S("metadata.name"));
	selector = selector_id(target->select);
	found = candidates(map, &selector);
	for (size_t i = 0; i < found.len; i++) {
		Resource *resource = found.items[i];
		if (!is_selected(resource, &selector))
			continue;
		if (!select_by_labels(build->arena, resource, target->select, &matches, diag) ||
		    !is_rejected(build, target, resource, &rejected, diag))
			return false;
		if (!matches || rejected)
			continue;
		if (!copy_to(build, target, resource, value, diag))
			return false;
		resmap_touch(map, resource);
	}
	return true;
}

bool transform_replacements(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	const ReplacementSettings *settings = transformer->settings;
	const Replacement *replacement = settings->replacements.items;

	for (size_t i = 0; i < settings->replacements.len; i++, replacement++) {
		Target *target = replacement->targets.items;
		Node *value;
		if ((!replacement->source && !replacement->source_value) ||
		    !replacement->has_targets)
			return diag_fail(
				diag, "replacements must specify a source and at least one target");
		if (!source_value(build, map, replacement, &value, diag))
			return false;
		for (size_t t = 0; t < replacement->targets.len; t++)
			if (!apply_target(build, map, &target[t], value, diag))
				return false;
	}
	return true;
}
