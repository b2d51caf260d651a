#ifndef CMD_INFLATE_H
#define CMD_INFLATE_H

// Charts that a kustomization names, rendered by this program's own engine, as Kustomize has `helm template` do it.

#include "chart/chart.h"
#include "kustomize/kustomize.h"

typedef struct Inflate {
	// What charts see where their entry in the kustomization says nothing.
	Str kube_version;
	StrList api_versions;
} Inflate;

// Sets the options' `inflate`; `inflate` may be NULL.
void inflate_charts_with(KustomizeOptions *options, const Inflate *inflate);

#endif
