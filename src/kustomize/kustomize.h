#ifndef KUSTOMIZE_KUSTOMIZE_H
#define KUSTOMIZE_KUSTOMIZE_H

// What `kubectl kustomize DIR` does: reads a kustomization and everything it names, and gives the resources it
// describes, in order. The reference is Kustomize 5.7.1; what it does in detail stands at the parts: target.c (the
// order of operations), loader.h (what may be read), transform.h (what can be done to resources).

#include "kustomize/helm.h"
#include "kustomize/resmap.h"

typedef enum Reorder { REORDER_DEFAULT, REORDER_LEGACY, REORDER_NONE } Reorder;

typedef struct KustomizeOptions {
	Fs *fs;               // NULL: the disk
	bool unrestricted;    // --load-restrictor LoadRestrictionsNone
	bool enable_helm;     // --enable-helm
	bool managed_by;      // --enable-managedby-label
	Reorder reorder;      // --reorder
	bool traced;          // the texts of nodes have origins (data/origin.h)
	SourceFiles *files;   // where `traced`: gets what was read; may be NULL
	HelmInflate *inflate; // renders a chart; NULL: charts are refused
	void *inflate_context;
} KustomizeOptions;

// `warnings` gets the lines that Kustomize writes to standard error. On failure `diag` has Kustomize's message.
bool kustomize_build(Arena *arena, const KustomizeOptions *options, Str path, ResMap **out,
                     TextList *warnings, Diag *diag);

// The bytes that `kubectl kustomize` prints: keys sorted, no comments, documents set apart by "---".
bool kustomize_write(Arena *arena, const ResMap *resources, Buf *out, Diag *diag);

// The same with the origin of every word, after a traced build.
bool kustomize_write_traced(Arena *arena, const ResMap *resources, Str *out, Diag *diag);

#endif
