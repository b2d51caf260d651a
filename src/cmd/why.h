#ifndef CMD_WHY_H
#define CMD_WHY_H

// What `cleat why` works on. An answer is a map that is printed as it is for -o json, and read for people.

#include "cmd/chart_options.h"
#include "cmd/overlay.h"

typedef struct Why {
	Arena *arena;
	Render render;
	Str prefix;  // "chart/", which is left out of template names
	Built built; // of a kustomization: its documents are the render's manifests
	bool masked; // the answer holds a secret: no line of a source that may hold it is shown
	Diag *diag;
} Why;

// Which lines made what stands at `path` of a resource ("Deployment/web"):
//	resource, path, source (its template), line (of the output), rendered (that line)
//	pieces: the runs of bytes, each with text, origin, action, through and because
//	lines: of a map or list that takes several: line, text, made (the places that made it)
// Where there is no such resource or path, false and a Diag that names the nearest.
bool why_resource(Why *w, Str resource, Str path, Map *answer);

// What a value reaches:
//	value, reads (how often it or a part of it was asked for)
//	reaches: the places of the output that it made
//	decides: the conditions and choices that hang on it, with how often each was taken (times), and what appeared by
//	it (appears: resource and values, the number of its scalars)
bool why_value(const Why *w, Str value, Map *answer);

// As the command line says a place: "templates/a.yaml:6:11".
Str why_place(const Why *w, Place place);

void why_print_resource(Buf *out, const Why *w, const Map *answer);
void why_print_value(Buf *out, const Why *w, const Map *answer);

#endif
