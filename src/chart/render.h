#ifndef CHART_RENDER_H
#define CHART_RENDER_H

// Rendering a loaded chart: values, templates, documents. What `helm template` does between its flags and its output.

#include "chart/dependencies.h"
#include "chart/manifest.h"
#include "chart/objects.h"
#include "chart/values.h"
#include "template/eval.h"
#include "template/trace.h"

typedef struct RenderOptions {
	Release release;
	Capabilities capabilities;
	EngineOptions engine;
	bool skip_schema;
	bool render_subchart_notes;
	bool keep_going; // lint: templates that fail are noted and left out
} RenderOptions;

// A file of crds/, with the path that Helm shows.
typedef struct CrdFile {
	Str name;
	ChartFile *file;
} CrdFile;

typedef struct Render {
	Arena *arena;
	Log log;
	Str release; // its name
	Chart *chart;
	Map *values;     // what .Values is at the root
	Rendered *files; // what the templates wrote, NOTES.txt not among them; by name once sorted
	size_t file_count;
	Str notes;
	Manifests hooks, manifests;
	DependencySwitches asked; // the values that decided which dependencies take part
	Trace *trace;             // what a traced render remembers; NULL elsewhere
	bool refused;             // a schema refused the values
	BadManifest bad;          // set where manifests_sort failed: bad.file is NULL elsewhere
} Render;

// Runs the templates: `render->files` and notes. `values` are the user's (may be NULL). The chart is changed:
// disabled dependencies go. Messages are Helm's, without "Error: ". `*late` is set once Helm would have begun to render:
// it adds a hint to errors from there on.
bool render_templates(Render *render, const RenderOptions *options, Map *values, bool *late,
                      Diag *diag);
// Then reads what they wrote into hooks and manifests.
bool render_manifests(Render *render, Diag *diag);
// The chart's CRDs, then its subcharts'.
size_t render_crds(Arena *arena, const Chart *chart, CrdFile **out);
// Helm's rule for a release's name; `diag` gets the reason.
bool release_name_check(Arena *arena, Str name, Diag *diag);

#endif
