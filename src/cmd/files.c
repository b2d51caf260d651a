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

bool file_write(Arena *arena, Str path, Str content, Diag *diag)
{
	char *real = realpath(str_to_c(arena, path), NULL);
	Str target = real ? str_copy(arena, str_c(real)) : path;
	char *beside = str_to_c(
		arena, str_printf(arena, "%.*s.new-%ld", STR_ARGS(target), (long)getpid()));
	bool ok;
	int fd;

	free(real);
	if (!make_folders(arena, path_dir(arena, target), diag))
		return false;
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return fail(diag, "open", target);
	ok = write_all(fd, content);
	ok = close(fd) == 0 && ok && rename(beside, str_to_c(arena, target)) == 0;
	if (!ok) {
		fail(diag, "write", target);
		unlink(beside);
	}
	return ok;
}
