#ifndef KUSTOMIZE_IDS_H
#define KUSTOMIZE_IDS_H

// What names a resource: group, version, kind, name and namespace.

#include "base/buf.h"

typedef struct Gvk {
	Str group, version, kind;
} Gvk;

typedef struct ResId {
	Gvk gvk;
	Str name, ns;
	bool cluster; // known to live outside namespaces
} ResId;

// "apps/v1" is group "apps", version "v1"; "v1" has no group.
Gvk gvk_of(Str api_version, Str kind);
bool gvk_equal(const Gvk *a, const Gvk *b);
// Whether `selector` selects `gvk`: its empty fields select anything.
bool gvk_selected(const Gvk *gvk, const Gvk *selector);
// "Deployment.v1.apps", with [noGrp], [noVer], [noKind] for what is missing.
Str gvk_str(Arena *arena, const Gvk *gvk);
Str gvk_api_version(Arena *arena, const Gvk *gvk);
// Kustomize's order of kinds: by rank, then by group, version and kind.
int gvk_compare(const Gvk *a, const Gvk *b);

// The namespace that counts: "default" where none is given, one of its own for what has none.
Str resid_namespace(const ResId *id);
bool resid_equal(const ResId *a, const ResId *b);
bool resid_selected(const ResId *id, const ResId *selector);
bool resid_is_empty(const ResId *id);
// "Deployment.v1.apps/name.namespace".
Str resid_str(Arena *arena, const ResId *id);

#define NAMESPACE_NONE "_non_namespaceable_"

#endif
