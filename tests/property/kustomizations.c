// Markers in kustomizations: in every file that a build reads.

#include "trials.h"

#include "base/fs.h"
#include "cmd/inflate.h"
#include "data/yaml.h"
#include "kustomize/kustomize.h"

#include <stdio.h>
#include <string.h>

typedef struct Trial {
	Arena *arena;
	const char *root, *folder;
	Spot spot;
	Count *count;
} Trial;

static bool build(const Trial *t, SourceFiles *files, Str *out)
{
	Fs *disk = fs_folder(t->arena, str_c(t->root), FS_LINKS_INSIDE);
	Fs *fs = fs_memory(t->arena, S("/"), disk);
	KustomizeOptions options = {
		.fs = fs, .enable_helm = true, .traced = files != NULL, .files = files};
	Diag diag = diag_new(t->arena);
	Buf plain = buf_new(t->arena);
	TextList warnings = {0};
	ResMap *resources;
	bool ok;
	Str text;

	if (t->spot.file.len) {
		if (!fs_read(disk, t->arena, t->spot.file, &text, &diag))
			return false;
		fs_memory_put(fs, t->spot.file, spot_change(t->arena, text, &t->spot));
	}
	inflate_charts_with(&options, NULL);
	if (!kustomize_build(t->arena, &options, str_c(t->folder), &resources, &warnings, &diag))
		return false;
	if (files)
		return kustomize_write_traced(t->arena, resources, out, &diag);
	ok = kustomize_write(t->arena, resources, &plain, &diag);
	*out = buf_view(&plain);
	return ok;
}

static void try_spot(Trial *t)
{
	SourceFiles files = {.arena = t->arena};
	Str text;

	t->count->tried++;
	if (build(t, &files, &text))
		t->count->shown += spot_check(&t->spot, str_c(t->folder), text, t->count);
}

// Each trial in an arena of its own; one that runs full says nothing.
static void try_spot_alone(const char *root, const char *folder, Spot spot, Count *count)
{
	Arena *arena = arena_new(0);
	Trial trial = {arena, root, folder, spot, count};

	if (arena && !setjmp(*arena_trap(arena)))
		try_spot(&trial);
	arena_free(arena);
}

// --- what can be changed ---

// Patches and values written as text in a kustomization.
static void gather_blocks(Arena *arena, Str file, Str text, const Node *node, Spots *spots)
{
	if (node->kind == NODE_SCALAR && node->style == NODE_LITERAL)
		gather_words(arena, file, text, node->start.offset, node->end.offset, ORIGIN_FILE,
		             spots);
	for (size_t i = 0; i < node->len; i++)
		gather_blocks(arena, file, text, node->children[i], spots);
}

// Words behind "key=", as in the files of generators.
static void gather_assignments(Arena *arena, Str file, Str text, Spots *spots)
{
	Str rest = text, line;
	size_t number = 0;

	while (str_line(&rest, &line)) {
		size_t equals = str_find(line, S("="));
		Str word = equals == STR_NONE ? S("") : str_from(line, equals + 1);
		number++;
		if (word.len < 3 || line.p[0] == '#')
			continue;
		VEC_PUSH(arena, spots->items, spots->len, spots->cap) =
			(Spot){file,
		               (size_t)(word.p - text.p),
		               (size_t)(word.p - text.p) + word.len,
		               number,
		               (size_t)(word.p - line.p) + 1,
		               ORIGIN_FILE,
		               S("zqmarker7x1qz")};
	}
}

static void gather_file(Arena *arena, const SourceFile *file, Spots *spots)
{
	YamlOptions options = {.file = file->name, .v3 = true};
	Diag diag = diag_new(arena);
	Node **documents;
	size_t count;

	if (!str_has_suffix(file->name, S(".yaml")) && !str_has_suffix(file->name, S(".yml"))) {
		gather_assignments(arena, file->name, file->text, spots);
		return;
	}
	if (!yaml_read_all(arena, file->text, &options, &documents, &count, &diag))
		return;
	for (size_t i = 0; i < count; i++) {
		gather_scalars(arena, file->name, file->text, documents[i], ORIGIN_FILE, false,
		               spots);
		gather_blocks(arena, file->name, file->text, documents[i], spots);
	}
}

static bool seen_before(const SourceFiles *files, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (str_eq(files->items[i].name, files->items[at].name))
			return true;
	return false;
}

void try_kustomization(const char *root, const char *folder, size_t most, Count *count)
{
	Arena *list = arena_new(0);
	SourceFiles files = {.arena = list};
	Spots spots = {0};
	Str plain, traced;
	Trial trial = {list, root, folder, {.file = S("")}, count};

	if (!list || setjmp(*arena_trap(list)))
		return;
	if (build(&trial, NULL, &plain) &&
	    (!build(&trial, &files, &traced) || !str_eq(plain, traced))) {
		printf("%s: other bytes where traced\n", folder);
		count->wrong++;
	}
	for (size_t i = 0; i < files.len; i++)
		if (!seen_before(&files, i))
			gather_file(list, &files.items[i], &spots);
	for (size_t i = 0; i < spots.len; i += spots.len / most + 1)
		try_spot_alone(root, folder, spots.items[i], count);
	arena_free(list);
}
