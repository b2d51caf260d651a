#ifndef KUSTOMIZE_KUSTOMIZATION_H
#define KUSTOMIZE_KUSTOMIZATION_H

// A kustomization file.

#include "kustomize/transform.h"

typedef struct LabelRule {
	const Node *node;
	TextMap pairs;
	bool include_selectors, include_templates;
	StructList fields;
} LabelRule;

typedef struct HelmGlobals {
	Str chart_home, config_home;
} HelmGlobals;

typedef struct Kustomization {
	Str kind, api_version;
	TextMap openapi;
	Str name_prefix, name_suffix, ns;
	TextMap common_labels, common_annotations;
	StructList labels; // LabelRule
	TextList patches_strategic;
	StructList patches_json, patches; // Patch
	StructList images, image_tags;    // Image
	StructList replacements;
	StructList replicas; // Replica
	StructList vars;     // Var
	SortOptions *sort;
	TextList resources, components, crds, bases;
	StructList config_maps, secrets; // GeneratorArgs
	GeneratorOptions *generator_options;
	HelmGlobals *helm_globals;
	StructList charts;     // HelmChart
	StructList old_charts; // of helmChartInflationGenerator
	TextList configurations, generators, transformers, validators;
	TextList build_metadata;

	const Node *node;
	Str file; // its name: kustomization.yaml, ...
	// Which deprecated fields there are.
	bool has_bases, has_common_labels, has_image_tags, has_patches_json, has_patches_strategic,
		has_vars;
} Kustomization;

// Finds and reads the kustomization of a root. Deprecated fields are turned into their successors, with a warning.
bool kustomization_load(Build *build, const Loader *loader, Kustomization *out, Diag *diag);

#endif
