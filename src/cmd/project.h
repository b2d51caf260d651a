#ifndef CMD_PROJECT_H
#define CMD_PROJECT_H

// What .cleat.yaml says of golden files. The same file holds the linter's settings (lint/settings.h): each side reads its
// own keys and leaves the other's alone.
//
//	golden:
//	  - name: prod                     # how reports call it
//	    chart: .                       # a chart, or a kustomization; the default is the folder of this file
//	    overlay: overlays/prod         # a kustomization to lay over the chart, as `cleat render -k` does
//	    values: [values/prod.yaml]     # values files, in their order
//	    set: [kafka.enabled=false]     # as --set takes it
//	    release: flts                  # default: release-name
//	    namespace: flts                # default: default
//	    file: tests/golden/prod.yaml   # the golden file; the default is golden/NAME.yaml
//
// Paths count from the folder of .cleat.yaml.

#include "base/diag.h"
#include "chart/decode.h"

#define PROJECT_FILE ".cleat.yaml"

typedef struct GoldenCase {
	Str name, chart, overlay, release, ns, file, seed, now, kube_version;
	StrList values, set;
	Place place; // in .cleat.yaml
} GoldenCase;

typedef struct Project {
	Str folder;
	GoldenCase *cases;
	size_t case_count, case_cap;
} Project;

// Reads the .cleat.yaml of a folder. Errors name its line; a missing file is one.
bool project_read(Arena *arena, Str folder, Project *out, Diag *diag);

#endif
