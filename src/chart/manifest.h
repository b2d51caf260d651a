#ifndef CHART_MANIFEST_H
#define CHART_MANIFEST_H

// Rendered files cut into documents, told apart into hooks and the rest, and put in the order of installation.

#include "chart/chart.h"
#include "data/value.h"

// A rendered template: its name ("t/templates/a.yaml") and what it wrote.
typedef struct Rendered {
	Str name, text;
} Rendered;

typedef struct Manifest {
	Str name;    // of the file
	Str content; // without the white space around it; its origin as in the file's text
	Str api_version, kind, resource; // resource: metadata.name
	bool hook;
	bool test; // a hook of `helm test`
	int64_t weight;
} Manifest;

typedef struct Manifests {
	Manifest *items;
	size_t len, cap;
} Manifests;

// Where a document that is no YAML stands, for people.
typedef struct BadManifest {
	const Rendered *file;
	Str document;
	// In the document, from 1, 0 where not known: where reading stopped (Helm's number is often one less), and where
	// the quote, mapping or key began that could not be read.
	size_t line, since;
} BadManifest;

// The documents of a text, as Helm cuts it: at "---" at the start of a line.
bool manifest_next(Str *rest, bool *first, Str *document);

// Reads all files, in the order of their names, into hooks and manifests, each sorted as Helm installs them. On
// failure `bad` says where.
bool manifests_sort(Arena *arena, Log *log, Rendered *files, size_t count, Manifests *hooks,
                    Manifests *manifests, BadManifest *bad, Diag *diag);

#endif
