// A whole build.

#include "kustomize/kustomize.h"

#include "kustomize/origin.h"
#include "kustomize/target.h"

void build_warn(Build *build, Str warning)
{
	if (build->warnings)
		text_list_add(build->arena, build->warnings, warning);
}

void transformers_add(Build *build, Transformers *list, Transformer transformer)
{
	VEC_PUSH(build->arena, list->items, list->len, list->cap) = transformer;
}

bool transformers_run(Build *build, const Transformers *list, ResMap *map, Diag *diag)
{
	for (size_t i = 0; i < list->len; i++) {
		const Transformer *transformer = &list->items[i];
		if (transformer->run != transform_image)
			build->images = (ImageFields){0};
		if (!transformer->run(build, transformer, map, diag))
			return false;
		if (transformer->origin.len)
			origin_add_transformation(build->arena, map, transformer->origin);
		resmap_drop_empty(map);
	}
	return true;
}

// Resources for Kustomize's own use are not part of the output.
static void drop_local(ResMap *map)
{
	for (size_t i = 0; i < map->len; i++) {
		const Node *annotations =
			tree_get_c(resource_metadata(map->items[i]), "annotations");
		const Node *local = tree_get_c(annotations, "config.kubernetes.io/local-config");
		if (local && !str_is(tree_text(local), "false"))
			map->items[i]->node = NULL;
	}
	map->emptied = true;
	resmap_drop_empty(map);
}

static bool sort_output(Build *build, const Kustomization *k, ResMap *map, Diag *diag)
{
	SortOptions legacy = {.order = S("legacy")};

	if (k->sort) {
		if (build->options->reorder != REORDER_DEFAULT)
			build_warn(build,
			           S("Warning: Sorting order is set both in 'kustomization.yaml' "
			             "('sortOptions') and in a CLI flag ('--reorder'). Using the "
			             "kustomization "
			             "file over the CLI flag."));
		return sort_resources(build, k->sort, map, diag);
	}
	return build->options->reorder == REORDER_NONE || sort_resources(build, &legacy, map, diag);
}

static bool has_metadata(const Build *build, const char *name)
{
	for (size_t i = 0; i < build->metadata.len; i++)
		if (str_is(build->metadata.items[i], name))
			return true;
	return false;
}

static bool add_managed_by(Build *build, ResMap *map, Diag *diag)
{
	LabelSettings settings = {0};
	Transformer transformer = {.run = transform_labels, .settings = &settings};
	FieldSpec spec =
		fieldspec_new(build->arena, (Gvk){S(""), S(""), S("")}, S("metadata/labels"), true);

	if (!build->options->managed_by && !has_metadata(build, "managedByLabel"))
		return true;
	// kubectl's Kustomize does not know its own version.
	text_map_set(build->arena, &settings.pairs, S("app.kubernetes.io/managed-by"),
	             S("kustomize-v5.7.1"));
	settings.specs = (FieldSpecs){&spec, 1, 1};
	return transform_labels(build, &transformer, map, diag);
}

// What is done once, to everything: hashes, then references to names, then vars, which may read the names.
static bool finish(Build *build, const Kustomization *k, Accumulator *all, Diag *diag)
{
	ResMap *map = all->map;

	if (!transform_hash(build, map, diag) || !references_fix(build, all->config, map, diag) ||
	    !vars_resolve(build, &all->vars, &all->config->lists[CONFIG_VAR_REFERENCE], map, diag))
		return false;
	resmap_refresh(map);
	drop_local(map);
	if (!sort_output(build, k, map, diag) || !add_managed_by(build, map, diag))
		return false;
	for (size_t i = 0; i < map->len; i++)
		resource_drop_notes(build->arena, map->items[i]);
	if (!has_metadata(build, "originAnnotations"))
		origin_remove(build->arena, map, ORIGIN_ANNOTATION);
	if (!has_metadata(build, "transformerAnnotations"))
		origin_remove(build->arena, map, TRANSFORM_ANNOTATION);
	return true;
}

// Files are named from the current folder, those of an Fs from its root.
static void trace_files(const KustomizeOptions *options, Str path, Loader *loader)
{
	Diag ignored = diag_new(loader->arena);
	FsPlace here = {.path = S(""), .folder = true};

	if (!options->traced)
		return;
	loader->files = options->files ? options->files : ARENA_NEW(loader->arena, SourceFiles);
	if (!options->fs)
		fs_resolve(loader->arena, S("."), &here, &ignored);
	loader->files->arena = loader->arena;
	loader->files->here = here.path;
	loader->files->absolute = str_has_prefix(path, S("/"));
}

bool kustomize_build(Arena *arena, const KustomizeOptions *options, Str path, ResMap **out,
                     TextList *warnings, Diag *diag)
{
	Build build = {.arena = arena, .options = options, .warnings = warnings};
	Target target = {.build = &build, .origin = S("")};
	Accumulator all = {.map = resmap_new(arena)};
	Loader *loader;

	if (!loader_open(arena, options->fs, options->unrestricted, path, &loader, diag))
		return false;
	trace_files(options, path, loader);
	target.loader = loader;
	build.defaults = config_default(arena);
	if (!target_load(&target, diag))
		return false;
	build.metadata = target.kustomization.build_metadata;
	*out = all.map;
	if (!target_accumulate(&target, &all, diag))
		return false;
	*out = all.map;
	return finish(&build, &target.kustomization, &all, diag);
}
