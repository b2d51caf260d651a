#ifndef KUSTOMIZE_HELM_H
#define KUSTOMIZE_HELM_H

// A chart that a kustomization inflates. The chart engine is plugged in by whoever builds.

#include "kustomize/fill.h"
#include "kustomize/loader.h"

typedef struct HelmChart {
	const Node *node;
	Str name, version, repo, release_name, ns;
	TextList additional_values_files;
	Str values_file;
	const Node *values_inline; // a mapping or NULL
	Str values_merge;          // "override", "merge" or "replace"
	bool include_crds, skip_hooks, skip_tests, debug, devel;
	TextList api_versions;
	Str kube_version, name_template;
	bool in_resource; // read from a resource, by YAML 1.2, not from a kustomization
	// Of helmGlobals.
	Str chart_home, config_home;
} HelmChart;
extern const FillType helm_chart_type;

// Renders the chart in `folder` (absolute, or below the root of the loader's Fs with a '/' before it): `values` is YAML
// to lay over the chart's own values, below the additional values files. Gives manifests as `helm template` prints
// them; where `traced`, with the origins of their bytes, those of the values taken from `values`.
typedef bool HelmInflate(void *context, Arena *arena, const Loader *loader, const HelmChart *chart,
                         Str folder, Str values, bool traced, Str *manifests, Diag *diag);

#endif
