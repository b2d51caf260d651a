#ifndef CMD_TARBALL_H
#define CMD_TARBALL_H

// Writing .tar.gz files whose bytes depend on nothing but what goes in: no user, no clock, no order of a folder.

#include "base/diag.h"

typedef struct TarballFile {
	Str path;
	Str data;
	bool folder;
} TarballFile;

// The archive's bytes; `time` (seconds since 1970) is the time of every entry.
bool tarball_make(Arena *arena, const TarballFile *files, size_t count, int64_t time, Str *out,
                  Diag *diag);

#endif
