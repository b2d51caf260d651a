// Where a kustomization's files come from.

#include "kustomize/loader.h"

#include "data/text.h"

static bool has_prefix_any_case(Str s, const char *prefix)
{
	Str want = str_c(prefix);

	return s.len >= want.len && str_ieq(str_to(s, want.len), want);
}

static Str strip(Str s, const char *prefix)
{
	return has_prefix_any_case(s, prefix) ? str_from(s, str_c(prefix).len) : s;
}

// git@host:path
static bool has_user(Str s)
{
	size_t at = str_find_byte(s, '@');

	if (at == STR_NONE || at == 0)
		return false;
	for (size_t i = 0; i < at; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-')))
			return false;
	}
	return true;
}

bool loader_is_remote(Str path)
{
	static const char *const schemes[] = {"https://", "http://", "ssh://", "file://", "oci://"};

	path = strip(path, "git::");
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (has_prefix_any_case(path, schemes[i]))
			return true;
	if (has_user(path) && str_find_byte(path, ':') != STR_NONE)
		return true;
	return has_prefix_any_case(path, "github.com/") || has_prefix_any_case(path, "github.com:");
}

static bool fail_remote(Str path, Diag *diag)
{
	return diag_fail(
		diag,
		"remote resource '%.*s' is not fetched: cleat uses no network; copy it next to the "
		"kustomization and name the copy",
		STR_ARGS(path));
}

static bool resolve(const Loader *loader, Str path, FsPlace *place, Diag *diag)
{
	Str inner;
	FsInfo info;

	if (!loader->fs)
		return fs_resolve(loader->arena, path, place, diag);
	path = path_clean(loader->arena, str_concat(loader->arena, S("/"), path));
	inner = path.len > 1 ? str_from(path, 1) : S(".");
	info = fs_info(loader->fs, inner);
	if (info.kind == FS_NONE || info.escapes)
		return diag_fail(diag, "lstat %.*s: no such file or directory", STR_ARGS(path));
	*place = (FsPlace){path, info.kind == FS_FOLDER, info.kind == FS_FILE};
	return true;
}

static bool confirm_root(Loader *loader, Str path, Diag *diag)
{
	FsPlace place;

	if (!path.len)
		return diag_fail(diag, "directory path cannot be empty");
	if (!resolve(loader, path, &place, diag))
		return diag_wrap(
			diag,
			"must build at directory: not a valid directory: evalsymlink failure on "
			"'%.*s' ",
			STR_ARGS(path));
	if (!place.folder)
		return diag_fail(diag, "must build at directory: '%.*s': file is not directory",
		                 STR_ARGS(path));
	loader->root = place.path;
	return true;
}

bool loader_open(Arena *arena, Fs *fs, bool unrestricted, Str path, Loader **out, Diag *diag)
{
	Loader *loader = ARENA_NEW(arena, Loader);

	*loader = (Loader){arena, fs, unrestricted, S(""), NULL, NULL};
	*out = loader;
	if (loader_is_remote(path))
		return fail_remote(path, diag);
	return confirm_root(loader, path, diag);
}

bool loader_enter(const Loader *loader, Str path, Loader **out, Diag *diag)
{
	Loader *entered = ARENA_NEW(loader->arena, Loader);

	*entered = (Loader){loader->arena, loader->fs, loader->unrestricted,
	                    S(""),         loader,     loader->files};
	*out = entered;
	if (!path.len)
		return diag_fail(diag, "new root cannot be empty");
	if (loader_is_remote(path))
		return fail_remote(path, diag);
	if (path.p[0] == '/')
		return diag_fail(diag, "new root '%.*s' cannot be absolute", STR_ARGS(path));
	if (!confirm_root(entered, path_join(loader->arena, loader->root, path), diag))
		return false;
	for (const Loader *at = loader; at; at = at->referrer)
		if (path_is_below(at->root, entered->root))
			return diag_fail(diag,
			                 "cycle detected: candidate root '%.*s' contains visited "
			                 "root '%.*s'",
			                 STR_ARGS(entered->root), STR_ARGS(at->root));
	return true;
}

static bool locate(const Loader *loader, Str path, FsPlace *place, Diag *diag)
{
	Str full;

	if (loader_is_remote(path) &&
	    (has_prefix_any_case(path, "http://") || has_prefix_any_case(path, "https://")))
		return fail_remote(path, diag);
	full = path.len && path.p[0] == '/' ? path : path_join(loader->arena, loader->root, path);
	if (!resolve(loader, full, place, diag))
		return diag_wrap(diag, "evalsymlink failure on '%.*s' ", STR_ARGS(full));
	if (place->folder)
		return diag_fail(diag, "'%.*s' must resolve to a file", STR_ARGS(full));
	if (!loader->unrestricted && !path_is_below(place->path, loader->root))
		return diag_fail(diag, "security; file '%.*s' is not in or below '%.*s'",
		                 STR_ARGS(full), STR_ARGS(loader->root));
	return true;
}

// --- what was read ---

// The way from one absolute path to another; the other itself where they share nothing.
static Str relative(Arena *arena, Str from, Str to)
{
	size_t common = 0;
	Buf out = buf_new(arena);

	for (size_t i = 0; i < from.len && i < to.len && from.p[i] == to.p[i]; i++)
		if (from.p[i] == '/')
			common = i;
	if (!common)
		return to;
	for (size_t i = common; i < from.len; i++)
		if (from.p[i] == '/')
			buf_c(&out, "../");
	buf_str(&out, str_from(to, common + 1));
	return buf_view(&out);
}

Str source_files_name(SourceFiles *files, Str path)
{
	if (!files->here.len)
		return str_from(path, 1);
	if (path_is_below(path, files->here) && path.len > files->here.len)
		return str_from(path, files->here.len + !str_is(files->here, "/"));
	return files->absolute ? path : relative(files->arena, files->here, path);
}

void source_files_add(SourceFiles *files, Str name, Str text)
{
	VEC_PUSH(files->arena, files->items, files->len, files->cap) = (SourceFile){name, text};
}

void source_files_add_chart(SourceFiles *files, Str prefix, Str folder)
{
	VEC_PUSH(files->arena, files->charts, files->chart_count, files->chart_cap) =
		(SourceChart){prefix, folder};
}

bool loader_read(const Loader *loader, Str path, Str *out, Diag *diag)
{
	FsPlace place;

	if (!locate(loader, path, &place, diag))
		return false;
	// A pipe may never end, or never begin.
	if (!place.folder && !place.regular)
		return diag_fail(diag, "'%.*s' is no regular file", STR_ARGS(place.path));
	if (loader->fs ? !fs_read(loader->fs, loader->arena, str_from(place.path, 1), out, diag)
	               : !fs_read_any(loader->arena, place.path, out, diag))
		return false;
	if (loader->files) {
		Str name = source_files_name(loader->files, place.path);
		*out = text_of_file(loader->arena, name, *out);
		source_files_add(loader->files, name, *out);
	}
	return true;
}

bool loader_has(const Loader *loader, Str path)
{
	Diag ignored = diag_new(loader->arena);
	FsPlace place;

	return locate(loader, path, &place, &ignored);
}
