#ifndef LINT_GRAPH_H
#define LINT_GRAPH_H

// Who waits for whom, drawn: as lines of text, for Graphviz, or as a picture. Waits for what is not rendered end in a node of
// their own, missing or outside as the rules judge it, and what is part of a cycle is marked.

#include "k8s/model.h"
#include "lint/settings.h"

typedef struct Graph Graph;

Graph *graph_new(Arena *arena, const Model *model, const Settings *settings);
void graph_text(const Graph *graph, Buf *out);
void graph_dot(const Graph *graph, Buf *out);
void graph_svg(const Graph *graph, Buf *out);

#endif
