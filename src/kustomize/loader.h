#ifndef KUSTOMIZE_LOADER_H
#define KUSTOMIZE_LOADER_H

// Where a kustomization's files come from. Each folder with a kustomization is a root; its files must lie in or
// below it with all links resolved, while further roots (bases, components) may lie anywhere that is no root above
// it in the chain. Nothing remote is read.

#include "base/fs_path.h"

// What a traced build has read: for excerpts, and for the places that its origins name.
typedef struct SourceFile {
	Str name, text;
} SourceFile;

// Places in an inflated chart begin with `prefix` ("web/templates/..."), which stands for `folder`.
typedef struct SourceChart {
	Str prefix, folder;
} SourceChart;

typedef struct SourceFiles {
	Arena *arena;
	Str here; // the current folder, from where files are named; empty: not known yet
	bool absolute; // the build's folder was named by an absolute path: so are files outside of `here`
	SourceFile *items;
	size_t len, cap;
	SourceChart *charts;
	size_t chart_count, chart_cap;
} SourceFiles;

// A file may be there more than once.
void source_files_add(SourceFiles *files, Str name, Str text);
void source_files_add_chart(SourceFiles *files, Str prefix, Str folder);
// A path of a loader, as a person would name it from where they are.
Str source_files_name(SourceFiles *files, Str path);

typedef struct Loader Loader;
struct Loader {
	Arena *arena;
	Fs *fs; // NULL: the disk; else paths below its root, shown as absolute ones
	bool unrestricted;
	Str root; // absolute, resolved
	const Loader *referrer;
	SourceFiles *files; // NULL: nobody asks for origins
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
