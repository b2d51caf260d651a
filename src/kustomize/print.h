#ifndef KUSTOMIZE_PRINT_H
#define KUSTOMIZE_PRINT_H

// Resources as Kustomize prints them, written straight from their nodes. yaml_write_resource (data/yaml.h) says what
// is right; this does the usual cases faster: easy words and texts, block or flow, anything below a mapping. What is
// not easy is handed to it, a scalar or a whole resource at a time.

#include "kustomize/tree.h"

bool print_resource(Arena *arena, Buf *out, Node *node, Diag *diag);

#endif
