#ifndef CMD_RESOURCES_H
#define CMD_RESOURCES_H

// The resources behind whatever a person names: a chart (rendered), a chart under an overlay, a kustomization (built), a
// file or folder of manifests, standard input. Each document keeps the text it was read from, and so, where it was
// traced, the lines that made it.

#include "cmd/chart_options.h"
#include "k8s/compare.h"
#include "lint/lint.h"

typedef enum ResourcesKind {
	RESOURCES_CHART,
	RESOURCES_KUSTOMIZATION,
	RESOURCES_MANIFESTS,
	RESOURCES_MISSING,
} ResourcesKind;

typedef struct ResourcesInput {
	Fs *fs;                    // where the paths lead; NULL: the disk
	Str path;                  // "-" is standard input
	Str overlay;               // a kustomization to lay over the chart, or empty
	const ChartOptions *chart; // how to render a chart
	Str release;               // empty: release-name
	bool traced;
	bool text_only; // only `text` is wanted: documents are not read
} ResourcesInput;

typedef struct ResourceSet {
	Arena *arena;
	Node **documents;
	size_t len, cap;
	Str text;     // what `cleat render` or `cleat build` prints; not set for manifests
	Map *sources; // address of a document's root to its Source
	Str prefix;   // what the names of the chart's templates begin with: "flts/"
	Str folder;   // where they lie: "" or "charts/flts/"
} ResourceSet;

ResourcesKind resources_kind(Arena *arena, Fs *fs, Str path);
// Warnings go to `log`.
ChartOutcome resources_read(Arena *arena, const ResourcesInput *input, ResourceSet *out, Buf *log,
                            Diag *diag);
// Documents of a text that is at hand.
bool resources_add_text(ResourceSet *set, Str name, Str text, Diag *diag);

// Where a value of the set came from, as far as it is known: places without a file are not.
typedef struct ResourceOrigin {
	Place template, values, manifest;
	Str values_path; // the key in the values file; of a flag, `values.file` is its text
	Str called_from;
} ResourceOrigin;

// `root` is the document, `node` a node of it, `offset` a byte of its value.
ResourceOrigin resources_origin(const ResourceSet *set, const Node *root, const Node *node,
                                size_t offset);

#endif
