#ifndef BASE_FS_PATH_H
#define BASE_FS_PATH_H

// Where a path on disk really leads: what a rule like "nothing outside this folder" must look at.

#include "base/fs.h"

typedef struct FsPlace {
	Str path;             // absolute, without links
	bool folder, regular; // neither: a pipe, a device
} FsPlace;

// Makes `path` absolute and resolves all links, as Go's filepath.Abs and EvalSymlinks do. Fails with Go's words
// ("lstat /a/b: no such file or directory"), the path being the first part that is not there.
bool fs_resolve(Arena *arena, Str path, FsPlace *out, Diag *diag);

// Whether `path` is `folder` or below it; both resolved.
bool path_is_below(Str path, Str folder);

#endif
