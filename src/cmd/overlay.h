#ifndef CMD_OVERLAY_H
#define CMD_OVERLAY_H

// Kustomizations, built for commands that go on with the resources; and a rendered chart with a kustomization laid over
// it, in one pass: its manifests stand wherever a kustomization on the way names the file chart.yaml, whether such a file
// is there or not.

#include "base/fs.h"
#include "data/node.h"
#include "kustomize/loader.h"

#define OVERLAY_CHART_FILE "chart.yaml"

typedef struct BuiltResource {
	Node *node;
	Str file; // where it was read
	size_t line;
} BuiltResource;

typedef struct Built {
	BuiltResource *items;
	size_t len;
	Str text;           // as `cleat build` prints it; of a traced build with origins
	SourceFiles *files; // what a traced build has read
} Built;

// Whether the path is a kustomization on disk, or the file of one; `*folder` is where it lies.
bool overlay_is_there(Arena *arena, Str path, Str *folder);
// Paths lead into `fs`; NULL: the disk. Warnings go to `log`.
bool overlay_build(Arena *arena, Fs *fs, Str path, bool traced, Built *out, Buf *log, Diag *diag);
// The kustomization at `path` with `manifests` as its chart.yaml.
bool overlay_build_over(Arena *arena, Fs *fs, Str path, Str manifests, Built *out, Buf *log,
                        Diag *diag);

#endif
