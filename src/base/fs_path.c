// Where a path on disk really leads.

#include "base/fs_path.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// As many links as Go's EvalSymlinks follows.
#define LINK_LIMIT 255

bool path_is_below(Str path, Str folder)
{
	if (str_is(folder, "/") || str_eq(path, folder))
		return true;
	return str_has_prefix(path, folder) && path.p[folder.len] == '/';
}

static bool absolute(Arena *arena, Str path, Str *out, Diag *diag)
{
	char *here;

	if (str_find_byte(path, '\0') != STR_NONE)
		return diag_fail(diag, "lstat %.*s: invalid argument", STR_ARGS(path));
	if (path.len && path.p[0] == '/') {
		*out = path_clean(arena, path);
		return true;
	}
	here = getcwd(NULL, 0);
	if (!here)
		return diag_fail(diag, "getwd: no such file or directory");
	*out = path_join(arena, str_copy(arena, str_c(here)), path);
	free(here);
	return true;
}

static bool fail_lstat(Diag *diag, Str path, int error)
{
	const char *reason = error == ENOENT         ? "no such file or directory"
	                     : error == EACCES       ? "permission denied"
	                     : error == ENAMETOOLONG ? "file name too long"
	                                             : strerror(error);

	return diag_fail(diag, "lstat %.*s: %s", STR_ARGS(path), reason);
}

static bool read_link(Arena *arena, Str path, Str *target, Diag *diag)
{
	char buffer[PATH_MAX];
	ssize_t len = readlink(str_to_c(arena, path), buffer, sizeof buffer);

	if (len < 0 || (size_t)len == sizeof buffer)
		return diag_fail(diag, "readlink %.*s: %s", STR_ARGS(path), strerror(errno));
	*target = str_copy(arena, str_n(buffer, (size_t)len));
	return true;
}

// Goes part by part, to name the part that fails.
static bool walk(Arena *arena, Str path, FsPlace *out, Diag *diag)
{
	Str done = S("/"), rest = path, part;
	size_t links = 0;
	struct stat info = {0};

	*out = (FsPlace){.folder = true};
	while (str_cut(&rest, S("/"), &part)) {
		Str next;
		if (!part.len || str_is(part, "."))
			continue;
		if (str_is(part, "..")) { // of where the links led, not of the path as written
			done = path_dir(arena, done);
			continue;
		}
		next = path_join(arena, done, part);
		if (lstat(str_to_c(arena, next), &info) != 0)
			return fail_lstat(diag, next, errno);
		if (S_ISLNK(info.st_mode)) {
			Str target;
			if (++links > LINK_LIMIT)
				return diag_fail(diag, "EvalSymlinks: too many links");
			if (!read_link(arena, next, &target, diag))
				return false;
			if (rest.p)
				target = str_concat(arena, str_concat(arena, target, S("/")), rest);
			rest = target;
			if (rest.len && rest.p[0] == '/')
				done = S("/");
			continue;
		}
		if (!S_ISDIR(info.st_mode) && rest.p)
			return diag_fail(diag, "not a directory");
		done = next;
		out->folder = S_ISDIR(info.st_mode);
		out->regular = S_ISREG(info.st_mode);
	}
	out->path = done;
	return true;
}

bool fs_resolve(Arena *arena, Str path, FsPlace *out, Diag *diag)
{
	Str full;
	struct stat info;
	char *real;

	if (!absolute(arena, path, &full, diag))
		return false;
	real = realpath(str_to_c(arena, full), NULL);
	if (!real || stat(real, &info) != 0) {
		free(real);
		return walk(arena, full, out, diag);
	}
	*out = (FsPlace){str_copy(arena, str_c(real)), S_ISDIR(info.st_mode),
	                 S_ISREG(info.st_mode)};
	free(real);
	return true;
}
