#ifndef LINT_GRAPH_H
#define LINT_GRAPH_H

// Who waits for whom, drawn: as lines of text, for Graphviz, or as a picture. Waits for what is not rendered end in a node of
// their own, missing or outside as the rules judge it, and what is part of a cycle is marked.

#include "k8s/model.h"
#include "lint/settings.h"

typedef enum NodeRole {
	NODE_WORKLOAD,
	NODE_MISSING, // what nothing rendered is
	NODE_OUTSIDE, // what others provide, or what can't be known
} NodeRole;

typedef struct GraphNode {
	Str name;
	NodeRole role;
	bool stuck; // never starts, since it waits for a missing one or in a cycle
	bool cycle;
	Str asked; // what everybody calls it who waits for it; empty where they differ
	bool asked_differently;
	size_t column; // from the right: one more than that of the furthest thing it waits for
	int state;     // while columns are found: 0 not seen, 1 at work, 2 done
	size_t *edges, edge_count, edge_cap;
} GraphNode;

typedef struct GraphEdge {
	size_t from, to;
	Str label; // "mlflow:5000"
	bool missing, cycle;
} GraphEdge;

typedef struct Graph {
	Arena *arena;
	GraphNode *nodes;
	size_t node_count, node_cap;
	GraphEdge *edges;
	size_t edge_count, edge_cap;
	Map *index; // name to node
	Map *drawn; // edges
	size_t columns;
} Graph;

Graph *graph_new(Arena *arena, const Model *model, const Settings *settings);
void graph_text(const Graph *graph, Buf *out);
void graph_dot(const Graph *graph, Buf *out);
void graph_svg(const Graph *graph, Buf *out);

#endif
