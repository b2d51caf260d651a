#ifndef LINT_FALLBACK_H
#define LINT_FALLBACK_H

// Whether a text of a template only stands in for a value that nobody has set: {{ .Values.host | default "db" }}. Whoever
// installs the chart can set that.

#include "lint/lint.h"

// Of byte `offset` of the scalar's value.
bool text_is_fallback(const Source *source, const Node *node, size_t offset);

#endif
