#ifndef KUSTOMIZE_LOADER_H
#define KUSTOMIZE_LOADER_H

// Where a kustomization's files come from. Each folder with a kustomization is a root; its files must lie in or
// below it with all links resolved, while further roots (bases, components) may lie anywhere that is no root above
// it in the chain. Nothing remote is read.

#include "base/fs_path.h"

typedef struct Loader Loader;
struct Loader {
	Arena *arena;
	Fs *fs; // NULL: the disk; else paths below its root, shown as absolute ones
	bool unrestricted;
	Str root; // absolute, resolved
	const Loader *referrer;
};

// A root that a person named.
bool loader_open(Arena *arena, Fs *fs, bool unrestricted, Str path, Loader **out, Diag *diag);
// A root that a kustomization at another root named. Cycles are errors.
bool loader_enter(const Loader *loader, Str path, Loader **out, Diag *diag);
// A file that a kustomization named.
bool loader_read(const Loader *loader, Str path, Str *out, Diag *diag);
// Whether the file is there and may be read.
bool loader_has(const Loader *loader, Str path);

// Whether a path would be fetched from the network (by HTTP or git).
bool loader_is_remote(Str path);

#endif
