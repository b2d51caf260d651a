#ifndef LINT_ORIGIN_CLASS_H
#define LINT_ORIGIN_CLASS_H

// Who wrote a text, in a word: what rules ask before they blame somebody.

#include "lint/lint.h"

typedef enum OriginClass {
	WRITTEN_UNKNOWN,  // not a traced render: the manifest itself, or a file of a kustomization
	WRITTEN_VALUES,   // a values file
	WRITTEN_TEMPLATE, // a template's own text
	WRITTEN_MADE,     // generated while rendering, a built-in, or given by a flag
} OriginClass;

// Of bytes [offset, offset + len) of a scalar's value; len 0: all of it. Any byte from a values file makes it VALUES.
OriginClass origin_class(const Source *source, const Node *node, size_t offset, size_t len);
// The same for bytes that hold `text` (decoded, part of more): where they were derived from several origins, only one
// that says the text itself counts as its writer.
OriginClass origin_class_of_text(const Source *source, const Node *node, size_t offset, size_t len,
                                 Str text);
// The key path in the values of its first byte that has one, empty elsewhere.
Str origin_values_path(Arena *arena, const Source *source, const Node *node, size_t offset);
// Whether a table of the values above `path` can be switched off: "externalBackend.mlflow.host" where
// externalBackend.enabled is there. `*on` is the switch's state, `*toggle` the table.
bool values_toggle(Arena *arena, const Map *values, Str path, Str *toggle, bool *on);

#endif
