#ifndef CHART_VERSION_H
#define CHART_VERSION_H

// Semantic versions as charts use them (Masterminds/semver), and Kubernetes' own.

#include "base/diag.h"

// semver.NewVersion takes it: "1.2", "v1.2.3-rc.1+build".
bool version_is_valid(Arena *arena, Str version);
// semver.StrictNewVersion takes it: all three numbers, no v.
bool version_is_strict(Arena *arena, Str version);
// Whether the version satisfies the constraint; false too where either can't be read.
bool version_in_range(Arena *arena, Str constraint, Str version);
bool version_constraint_is_valid(Arena *arena, Str constraint);

// What --kube-version makes of its argument.
typedef struct KubeVersion {
	Str version;    // "v1.33.4-gke.1": as given, with a v
	Str normalized; // "v1.33.4": what constraints are checked against
	Str major, minor;
} KubeVersion;

bool kube_version_parse(Arena *arena, Str text, KubeVersion *out, Diag *diag);

#endif
