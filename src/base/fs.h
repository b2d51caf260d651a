#ifndef BASE_FS_H
#define BASE_FS_H

// Files come from somewhere. Nothing above base/ opens a file by itself: it asks an Fs for a path below
// its root. There is one for a folder on disk, one in memory laid over another, one for an archive
// (chart/archive.h makes it from a .tgz). Paths are relative, '/'-separated, clean; "." is the root.

#include "base/diag.h"

typedef enum FsKind { FS_NONE, FS_FILE, FS_FOLDER, FS_OTHER } FsKind;

typedef struct FsInfo {
	FsKind kind; // what it is after following links; FS_NONE: not there
	uint64_t size;
	bool link;    // the path itself is a symbolic link
	bool escapes; // it is a link whose target lies outside the root
} FsInfo;

typedef struct Fs Fs;
typedef struct FsOps {
	// Reads a whole file into the arena.
	bool (*read)(Fs *fs, Arena *arena, Str path, Str *out, Diag *diag);
	bool (*info)(Fs *fs, Str path, FsInfo *out);
	// The names in a folder, sorted by byte order.
	bool (*list)(Fs *fs, Arena *arena, Str path, Str **names, size_t *count, Diag *diag);
} FsOps;

struct Fs {
	const FsOps *ops;
	Str root; // for messages: the path a person gave
};

// How a folder's file system treats symbolic links.
typedef enum FsLinks {
	FS_LINKS_INSIDE, // followed while they stay below the root; else refused (kustomize)
	FS_LINKS_FOLLOW, // followed wherever they lead (Helm follows links of a chart, with a warning)
} FsLinks;

// Largest single file that is read: 5 GiB would only ever be a mistake or an attack.
#define FS_FILE_LIMIT ((uint64_t)512 << 20)

Fs *fs_folder(Arena *arena, Str path, FsLinks links);
// Files in memory (`fs_memory_put`) laid over `below` (which may be NULL).
Fs *fs_memory(Arena *arena, Str root, Fs *below);
void fs_memory_put(Fs *memory, Str path, Str content);
// The part of `fs` below `folder`, with that folder as its root.
Fs *fs_below(Arena *arena, Fs *fs, Str folder);

bool fs_read(Fs *fs, Arena *arena, Str path, Str *out, Diag *diag);
FsInfo fs_info(Fs *fs, Str path);
bool fs_list(Fs *fs, Arena *arena, Str path, Str **names, size_t *count, Diag *diag);

// What a person named on the command line: any path, "-" is standard input. Messages are Go's
// ("open x: no such file or directory").
bool fs_read_any(Arena *arena, Str path, Str *out, Diag *diag);

// Go's path.Clean and path.Join on '/'-separated paths.
Str path_clean(Arena *arena, Str path);
Str path_join(Arena *arena, Str a, Str b);
Str path_base(Str path); // last element, as Go's path.Base
Str path_dir(Arena *arena, Str path);
Str path_ext(Str path);

#endif
