#include "cmd/overlay.h"

#include "base/fs_path.h"
#include "cmd/inflate.h"
#include "data/yaml.h"
#include "kustomize/kustomize.h"

#include <stdlib.h>
#include <sys/stat.h>

static const char *const NAMES[] = {"kustomization.yaml", "kustomization.yml", "Kustomization"};

static bool is_file(Arena *arena, Str path)
{
	struct stat info;

	return stat(str_to_c(arena, path), &info) == 0 && S_ISREG(info.st_mode);
}

bool overlay_is_there(Arena *arena, Str path, Str *folder)
{
	for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
		bool named = str_is(path_base(path), NAMES[i]) && is_file(arena, path);
		*folder = named ? path_dir(arena, path) : path;
		if (named || is_file(arena, path_join(arena, path, str_c(NAMES[i]))))
			return true;
	}
	return false;
}

// --- a disk without links ---

// Builds over an Fs know no links, so none may be met there: what is no plain path below the root is not there.
typedef struct PlainFs {
	Fs fs;
	Arena *arena;
	Fs *disk;
} PlainFs;

static bool is_plain(const PlainFs *plain, Str path)
{
	Str full = str_concat(plain->arena, S("/"), path);
	char *real = realpath(str_to_c(plain->arena, full), NULL);
	bool same = real && (str_is(path, ".") || str_is(full, real));

	free(real);
	return same;
}

static bool plain_read(Fs *fs, Arena *arena, Str path, Str *out, Diag *diag)
{
	PlainFs *plain = (PlainFs *)fs;

	if (!is_plain(plain, path))
		return diag_fail(diag, "open /%.*s: no such file, or behind a link",
		                 STR_ARGS(path));
	return fs_read(plain->disk, arena, path, out, diag);
}

static bool plain_info(Fs *fs, Str path, FsInfo *out)
{
	PlainFs *plain = (PlainFs *)fs;

	*out = (FsInfo){0};
	if (!is_plain(plain, path))
		return false;
	*out = fs_info(plain->disk, path);
	return true;
}

static bool plain_list(Fs *fs, Arena *arena, Str path, Str **names, size_t *count, Diag *diag)
{
	PlainFs *plain = (PlainFs *)fs;

	return fs_list(plain->disk, arena, path, names, count, diag);
}

static Fs *plain_disk(Arena *arena)
{
	static const FsOps ops = {plain_read, plain_info, plain_list};
	PlainFs *plain = ARENA_NEW(arena, PlainFs);

	plain->fs = (Fs){&ops, S("/")};
	plain->arena = arena;
	plain->disk = fs_folder(arena, S("/"), FS_LINKS_INSIDE);
	return &plain->fs;
}

// --- where chart.yaml is named ---

typedef struct Search {
	Arena *arena;
	Fs *memory;
	Str manifests;
	Map *seen; // folders looked at
	bool found;
	Diag *diag;
} Search;

static bool search_folder(Search *s, Str folder);

static bool search_list(Search *s, Str folder, const Node *list)
{
	for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->len; i++) {
		const Node *item = node_follow(list->children[i]);
		Str path;
		if (item->kind != NODE_SCALAR || str_contains(item->value, S("://")))
			continue;
		path = path_join(s->arena, folder, item->value);
		if (str_is(path_base(path), OVERLAY_CHART_FILE)) {
			fs_memory_put(s->memory, path, s->manifests);
			s->found = true;
		} else if (fs_info(s->memory, path).kind == FS_FOLDER && !search_folder(s, path)) {
			return false;
		}
	}
	return true;
}

// A cycle of bases, or a file that is none, is for the build to report.
static bool search_folder(Search *s, Str folder)
{
	static const char *const LISTS[] = {"resources", "bases", "components"};
	YamlOptions options = {0};
	Str text;
	Node *document, *root;

	if (map_get(s->seen, folder))
		return true;
	map_set(s->arena, s->seen, folder, value_bool(true));
	for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
		Str path = path_join(s->arena, folder, str_c(NAMES[i]));
		Diag ignored = diag_new(s->arena);
		if (fs_info(s->memory, path).kind != FS_FILE)
			continue;
		options.file = path;
		if (!fs_read(s->memory, s->arena, path, &text, s->diag))
			return false;
		if (!yaml_read(s->arena, text, &options, &document, &ignored) || !document)
			continue;
		root = node_follow(document);
		for (size_t k = 0; root->kind == NODE_MAPPING && k < sizeof LISTS / sizeof *LISTS;
		     k++) {
			Node *list = node_get_c(root, LISTS[k]);
			if (list && !search_list(s, folder, node_follow(list)))
				return false;
		}
	}
	return true;
}

// --- building ---

static bool build(Arena *arena, const KustomizeOptions *how, Str path, Built *out, Buf *log,
                  Diag *diag)
{
	TextList warnings = {0};
	Buf text = buf_new(arena);
	ResMap *resources;
	bool ok = kustomize_build(arena, how, path, &resources, &warnings, diag) &&
	          (how->traced ? kustomize_write_traced(arena, resources, &out->text, diag)
	                       : kustomize_write(arena, resources, &text, diag));

	for (size_t i = 0; i < warnings.len; i++) {
		buf_str(log, warnings.items[i]);
		buf_byte(log, '\n');
	}
	if (!ok)
		return false;
	if (!how->traced)
		out->text = buf_view(&text);
	out->files = how->files;
	out->len = resources->len;
	out->items = ARENA_ARRAY(arena, BuiltResource, resources->len + 1);
	for (size_t i = 0; i < resources->len; i++)
		out->items[i] =
			(BuiltResource){resources->items[i]->node, resources->items[i]->file,
		                        resources->items[i]->line};
	return true;
}

bool overlay_build(Arena *arena, Fs *fs, Str path, bool traced, Built *out, Buf *log, Diag *diag)
{
	KustomizeOptions how = {.fs = fs, .enable_helm = true, .traced = traced};

	if (traced)
		how.files = ARENA_NEW(arena, SourceFiles);
	inflate_charts_with(&how, NULL);
	return build(arena, &how, path, out, log, diag);
}

bool overlay_build_over(Arena *arena, Fs *fs, Str path, Str manifests, Built *out, Buf *log,
                        Diag *diag)
{
	Fs *memory = fs_memory(arena, S("/"), fs ? fs : plain_disk(arena));
	Search search = {arena, memory, manifests, map_new(arena, &TYPE_ANY_MAP), false, diag};
	KustomizeOptions how = {.fs = memory, .enable_helm = true};
	FsPlace place = {.path = path, .folder = true};

	if (!fs && !fs_resolve(arena, path, &place, diag))
		return diag_wrap(diag, "there is no kustomization at %.*s", STR_ARGS(path));
	inflate_charts_with(&how, NULL);
	path = fs ? path_clean(arena, path) : str_from(place.path, 1);
	if (!search_folder(&search, path))
		return false;
	if (!search.found)
		return diag_fail(diag,
		                 "no kustomization of %.*s names " OVERLAY_CHART_FILE
		                 " among its resources: add it where the "
		                 "chart's manifests belong",
		                 STR_ARGS(place.path));
	return build(arena, &how, str_concat(arena, S("/"), path), out, log, diag);
}
