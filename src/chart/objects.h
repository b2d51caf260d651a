#ifndef CHART_OBJECTS_H
#define CHART_OBJECTS_H

// What a template finds beside its values: .Chart, .Release, .Capabilities, .Files. In Helm 4 .Chart is a plain
// map; .Capabilities and .Files are objects with methods.

#include "chart/chart.h"
#include "chart/version.h"
#include "data/value.h"

// The release that Helm would make.
typedef struct Release {
	Str name, namespace;
	bool upgrade;
} Release;

typedef struct Capabilities {
	KubeVersion kube;
	StrList extra_apis; // -a, behind the built-in ones
} Capabilities;

// common.Values: the dot, the root chart's .Values and .Template.
extern const Type TYPE_CHART_VALUES;

// What `helm template` assumes of the cluster.
KubeVersion kube_version_default(void);

Value object_chart(Arena *arena, const Chart *chart, bool traced);
Value object_release(Arena *arena, const Release *release, bool traced);
Value object_capabilities(Arena *arena, const Capabilities *capabilities);
// The files of a chart that are no templates, values or metadata.
Value object_files(Arena *arena, const Chart *chart, bool traced);

#endif
