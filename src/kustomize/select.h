#ifndef KUSTOMIZE_SELECT_H
#define KUSTOMIZE_SELECT_H

// Which resources a patch or replacement is for.

#include "base/regex.h"
#include "kustomize/resmap.h"

// As written: every field of the id an anchored regular expression (in patches) or plain (in replacements).
typedef struct Selector {
	Str group, version, kind, name, ns;
	Str labels, annotations;
} Selector;
extern const FillType selector_type;

ResId selector_id(const Selector *selector);
// Kustomize's print of it.
Str selector_str(Arena *arena, const Selector *selector);

// The resources whose original or current name and namespace, kind and labels match.
bool select_resources(ResMap *map, const Selector *selector, Resources *out, Diag *diag);

// A label selector ("a=b,c in (d,e),!f") against the labels or annotations of a resource.
bool select_by_labels(Arena *arena, const Resource *resource, const Selector *selector,
                      bool *matches, Diag *diag);

#endif
