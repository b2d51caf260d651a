// From a name on the command line to documents.

#include "cmd/resources.h"

#include "base/fs_path.h"
#include "cmd/overlay.h"
#include "cmd/render_output.h"
#include "data/yaml.h"

// Folders below folders: no deeper.
#define FOLDER_DEPTH 16

// --- what is it? ---

static FsInfo info_of(Arena *arena, Fs *fs, Str path)
{
	Fs *disk = fs ? fs
	              : fs_folder(arena, path.len && path.p[0] == '/' ? S("/") : S("."),
	                          FS_LINKS_FOLLOW);

	if (!fs && path.len && path.p[0] == '/')
		path = str_from(path_clean(arena, path), 1);
	return fs_info(disk, path.len ? path_clean(arena, path) : S("."));
}

static bool has_file(Arena *arena, Fs *fs, Str folder, const char *name)
{
	return info_of(arena, fs, path_join(arena, folder, str_c(name))).kind == FS_FILE;
}

ResourcesKind resources_kind(Arena *arena, Fs *fs, Str path)
{
	FsInfo info;

	if (str_is(path, "-"))
		return RESOURCES_MANIFESTS;
	if (str_has_suffix(path, S(".tgz")) || str_has_suffix(path, S(".tar.gz")))
		return RESOURCES_CHART;
	info = info_of(arena, fs, path);
	if (info.kind != FS_FOLDER)
		return info.kind == FS_NONE ? RESOURCES_MISSING : RESOURCES_MANIFESTS;
	if (has_file(arena, fs, path, "kustomization.yaml") ||
	    has_file(arena, fs, path, "kustomization.yml") ||
	    has_file(arena, fs, path, "Kustomization"))
		return RESOURCES_KUSTOMIZATION;
	return has_file(arena, fs, path, "Chart.yaml") ? RESOURCES_CHART : RESOURCES_MANIFESTS;
}

// --- documents and their texts ---

// A node's address as the key of a table.
static Str key_of(Arena *arena, const Node *node)
{
	const Node **key = ARENA_NEW(arena, const Node *);

	*key = node;
	return (Str){(const char *)key, sizeof *key, NULL};
}

static void add_document(ResourceSet *set, Node *document, const Source *source)
{
	Node *root = node_follow(document), *items;

	VEC_PUSH(set->arena, set->documents, set->len, set->cap) = document;
	if (!root || root->kind != NODE_MAPPING)
		return;
	table_put(set->arena, set->sources, key_of(set->arena, root), (void *)source);
	items = node_get_c(root, "items");
	for (size_t i = 0; items && items->kind == NODE_SEQUENCE && i < items->len; i++)
		table_put(set->arena, set->sources,
		          key_of(set->arena, node_follow(items->children[i])), (void *)source);
}

bool resources_add_text(ResourceSet *set, Str name, Str text, Diag *diag)
{
	YamlOptions options = {.file = name, .followed = true};
	Source *source = ARENA_NEW(set->arena, Source);
	Node **documents;
	size_t count;

	*source = (Source){.name = name, .text = text};
	if (!yaml_read_all(set->arena, text, &options, &documents, &count, diag))
		return diag_wrap(diag, "%.*s", STR_ARGS(name));
	for (size_t i = 0; i < count; i++)
		add_document(set, documents[i], source);
	return true;
}

// --- charts ---

static bool add_manifests(ResourceSet *set, const Manifests *manifests, Diag *diag)
{
	for (size_t i = 0; i < manifests->len; i++)
		if (!resources_add_text(set, manifests->items[i].name, manifests->items[i].content,
		                        diag))
			return false;
	return true;
}

static ChartOutcome read_chart(const ResourcesInput *input, ResourceSet *set, Buf *log, Diag *diag)
{
	Render render = {.arena = set->arena, .log = log_new(set->arena)};
	ChartOptions options = *input->chart;
	OutputOptions output = {.release = input->release};
	StrList args = {0};
	Buf text = buf_new(set->arena);
	Str folder = path_clean(set->arena, input->path);
	ChartOutcome outcome;
	bool late = false, ok;

	if (input->release.len)
		str_list_push(set->arena, &args, input->release);
	str_list_push(set->arena, &args, input->path);
	options.fs = options.values.fs = input->fs;
	outcome = chart_options_render(&options, &args, input->traced, &render, &late, diag);
	ok = outcome == CHART_OK && render_manifests(&render, diag) &&
	     output_compose(&render, &output, &text, diag);
	buf_str(log, buf_view(&render.log.out));
	if (!ok)
		return outcome == CHART_OK ? CHART_FAILED : outcome;
	set->text = buf_view(&text);
	set->prefix = str_concat(set->arena, chart_name(render.chart), S("/"));
	set->folder = str_is(folder, ".") || str_has_suffix(folder, S("gz"))
	                      ? S("")
	                      : str_concat(set->arena, folder, S("/"));
	if (input->text_only)
		return CHART_OK;
	return add_manifests(set, &render.manifests, diag) &&
	                       add_manifests(set, &render.hooks, diag)
	               ? CHART_OK
	               : CHART_FAILED;
}

// --- kustomizations ---

// A path below the current folder, from there; others as they are.
static Str shown_path(Arena *arena, Str path)
{
	Str here = chart_path(arena, S("."));

	if (path_is_below(path, here) && path.len > here.len)
		return str_from(path, here.len + !str_is(here, "/"));
	return path;
}

static void add_built(ResourceSet *set, const Built *built)
{
	set->text = built->text;
	for (size_t i = 0; i < built->len; i++) {
		Source *source = ARENA_NEW(set->arena, Source);
		source->name = shown_path(set->arena, built->items[i].file);
		add_document(set, built->items[i].node, source);
	}
}

static ChartOutcome read_kustomization(const ResourcesInput *input, ResourceSet *set, Buf *log,
                                       Diag *diag)
{
	Built built;

	if (!overlay_build(set->arena, input->fs, input->path, input->traced, &built, log, diag))
		return CHART_FAILED;
	add_built(set, &built);
	return CHART_OK;
}

static ChartOutcome read_overlaid(const ResourcesInput *input, ResourceSet *set, Buf *log,
                                  Diag *diag)
{
	ResourceSet chart = {.arena = set->arena, .sources = map_new(set->arena, &TYPE_ANY_MAP)};
	ChartOutcome outcome = read_chart(input, &chart, log, diag);
	Built built;

	if (outcome != CHART_OK)
		return outcome;
	if (!overlay_build_over(set->arena, input->fs, input->overlay, chart.text, &built, log,
	                        diag))
		return CHART_FAILED;
	add_built(set, &built);
	return CHART_OK;
}

// --- manifests ---

static bool is_manifest_name(Str name)
{
	return str_has_suffix(name, S(".yaml")) || str_has_suffix(name, S(".yml")) ||
	       str_has_suffix(name, S(".json"));
}

static bool read_folder(ResourceSet *set, Fs *fs, Str below, int depth, Diag *diag)
{
	Str *names, text;
	size_t count;

	if (!fs_list(fs, set->arena, below, &names, &count, diag))
		return false;
	for (size_t i = 0; i < count; i++) {
		Str path = path_join(set->arena, below, names[i]);
		FsInfo info = fs_info(fs, path);
		if (names[i].p[0] == '.' || info.escapes)
			continue;
		if (info.kind == FS_FOLDER && depth < FOLDER_DEPTH &&
		    !read_folder(set, fs, path, depth + 1, diag))
			return false;
		if (info.kind == FS_FILE && is_manifest_name(names[i]) &&
		    (!fs_read(fs, set->arena, path, &text, diag) ||
		     !resources_add_text(set, path_join(set->arena, fs->root, path), text, diag)))
			return false;
	}
	return true;
}

static bool read_manifests(const ResourcesInput *input, ResourceSet *set, Diag *diag)
{
	bool is_stdin = str_is(input->path, "-");
	Str text;

	if (!is_stdin && info_of(set->arena, input->fs, input->path).kind == FS_FOLDER) {
		Fs *fs = input->fs ? fs_below(set->arena, input->fs, input->path)
		                   : fs_folder(set->arena, input->path, FS_LINKS_INSIDE);
		return read_folder(set, fs, S("."), 0, diag);
	}
	if (input->fs && !is_stdin ? !fs_read(input->fs, set->arena,
	                                      path_clean(set->arena, input->path), &text, diag)
	                           : !fs_read_any(set->arena, input->path, &text, diag))
		return false;
	return resources_add_text(set, is_stdin ? S("standard input") : input->path, text, diag);
}

// --- all of it ---

ChartOutcome resources_read(Arena *arena, const ResourcesInput *input, ResourceSet *out, Buf *log,
                            Diag *diag)
{
	*out = (ResourceSet){.arena = arena, .sources = map_new(arena, &TYPE_ANY_MAP)};
	switch (resources_kind(arena, input->fs, input->path)) {
	case RESOURCES_CHART:
		return input->overlay.len ? read_overlaid(input, out, log, diag)
		                          : read_chart(input, out, log, diag);
	case RESOURCES_KUSTOMIZATION:
		return read_kustomization(input, out, log, diag);
	case RESOURCES_MANIFESTS:
		return read_manifests(input, out, diag) ? CHART_OK : CHART_FAILED;
	case RESOURCES_MISSING:
		break;
	}
	diag_fail(diag, "there is nothing at %.*s: name a chart, a kustomization, manifests or -",
	          STR_ARGS(input->path));
	return CHART_MISUSED;
}

static void name_from_chart(const ResourceSet *set, Place *place)
{
	if (place->file.len && str_has_prefix(place->file, set->prefix))
		place->file =
			str_concat(set->arena, set->folder, str_from(place->file, set->prefix.len));
}

ResourceOrigin resources_origin(const ResourceSet *set, const Node *root, const Node *node,
                                size_t offset)
{
	ResourceOrigin origin = {0};
	const Source *source = root ? table_get(set->sources, key_of(set->arena, root)) : NULL;

	if (!source || !node)
		return origin;
	if (source->text.p && node->start.line && source->text.origin) {
		OriginPlaces found = lint_origin(source, node, offset, S(""), set->arena);
		origin.template = found.template;
		origin.values = found.values;
		origin.values_path = found.values_path;
		origin.called_from = found.called_from;
		name_from_chart(set, &origin.template);
	} else if (node->origin) {
		origin.manifest = origin_place(node->origin, 0);
		origin.manifest.file = shown_path(set->arena, origin.manifest.file);
	} else if (source->name.len && node->start.line) {
		origin.manifest = source->text.p ? lint_node_place(source, node, offset)
		                                 : (Place){source->name, 0, 0};
	}
	return origin;
}
