#include "cmd/files.h"

#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(Diag *diag, const char *verb, Str path)
{
	return diag_fail(diag, "%s %.*s: %s", verb, STR_ARGS(path), strerror(errno));
}

static bool make_folders(Arena *arena, Str folder, Diag *diag)
{
	for (size_t i = 1; i <= folder.len; i++)
		if (i == folder.len || folder.p[i] == '/')
			if (mkdir(str_to_c(arena, str_to(folder, i)), 0777) != 0 && errno != EEXIST)
				return fail(diag, "mkdir", str_to(folder, i));
	return true;
}

static bool write_all(int fd, Str content)
{
	while (content.len) {
		ssize_t got = write(fd, content.p, content.len);
		if (got < 0 && errno != EINTR)
			return false;
		content = str_from(content, got > 0 ? (size_t)got : 0);
	}
	return true;
}

// A device or a pipe (/dev/stdout) stays what it is.
static bool write_through(const char *path, Str content, Diag *diag)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return fail(diag, "open", str_c(path));
	ok = write_all(fd, content);
	return (close(fd) == 0 && ok) || fail(diag, "write", str_c(path));
}

// Written beside and put in the place of `target`, with the mode of what stands there.
static bool replace(Arena *arena, Str target, const struct stat *old, Str content, Diag *diag)
{
	char *beside = str_to_c(
		arena, str_printf(arena, "%.*s.new-%ld", STR_ARGS(target), (long)getpid()));
	bool ok;
	int fd;

	if (!make_folders(arena, path_dir(arena, target), diag))
		return false;
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return fail(diag, "open", target);
	ok = (!old || fchmod(fd, old->st_mode & 07777) == 0) && write_all(fd, content);
	ok = close(fd) == 0 && ok && rename(beside, str_to_c(arena, target)) == 0;
	if (!ok) {
		fail(diag, "write", target);
		unlink(beside);
	}
	return ok;
}

bool file_write(Arena *arena, Str path, Str content, Diag *diag)
{
	char *name = str_to_c(arena, path), *real;
	struct stat old;
	Str target;

	if (stat(name, &old) != 0)
		return replace(arena, path, NULL, content, diag);
	if (!S_ISREG(old.st_mode))
		return write_through(name, content, diag);
	real = realpath(name, NULL);
	target = real ? str_copy(arena, str_c(real)) : path;
	free(real);
	return replace(arena, target, &old, content, diag);
}
