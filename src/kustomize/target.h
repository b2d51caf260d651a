#ifndef KUSTOMIZE_TARGET_H
#define KUSTOMIZE_TARGET_H

// One kustomization on its way: what it reads, generates and transforms, in Kustomize's order.

#include "kustomize/kustomization.h"

// What has been gathered: resources, the fields that transformers treat, vars.
typedef struct Accumulator {
	ResMap *map;
	const Config *config;
	Vars vars;
} Accumulator;

typedef struct Target {
	Build *build;
	const Loader *loader;
	Kustomization kustomization;
	Str origin; // path of the folder from where the build began; "" there
	size_t depth;
} Target;

bool target_load(Target *target, Diag *diag);
// Adds everything the kustomization describes.
bool target_accumulate(Target *target, Accumulator *into, Diag *diag);

#endif
