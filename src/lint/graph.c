// The graph of waits, as text and for Graphviz.

#include "lint/graph.h"

#include "lint/missing.h"
#include "lint/starts.h"

#include <string.h>

static size_t node_for(Graph *graph, Str ns, Str name, NodeRole role)
{
	Str key = model_key(graph->arena, ns, name, role == NODE_WORKLOAD ? S("") : S("?"));
	Value *found = map_get(graph->index, key);

	if (found)
		return (size_t)found->i;
	map_set(graph->arena, graph->index, key, value_int((int64_t)graph->node_count));
	VEC_PUSH(graph->arena, graph->nodes, graph->node_count, graph->node_cap) =
		(GraphNode){.name = name, .role = role};
	return graph->node_count - 1;
}

static Str label_of(Graph *graph, const Wait *wait)
{
	Str host = wait->service_name.len ? wait->service_name : wait->host;

	if (wait->kind == WAIT_KUBE)
		return str_printf(graph->arena, "%s/%s", str_to_c(graph->arena, wait->object_kind),
		                  str_to_c(graph->arena, wait->object_name));
	if (wait->port > 0)
		return str_printf(graph->arena, "%s:%lld", str_to_c(graph->arena, host),
		                  (long long)wait->port);
	return host;
}

static void add_edge(Graph *graph, size_t from, size_t to, Str label, bool missing)
{
	Str key = str_printf(graph->arena, "%zu %zu %s", from, to, str_to_c(graph->arena, label));

	if (map_get(graph->drawn, key))
		return;
	map_set(graph->arena, graph->drawn, key, value_bool(true));
	VEC_PUSH(graph->arena, graph->nodes[from].edges, graph->nodes[from].edge_count,
	         graph->nodes[from].edge_cap) = graph->edge_count;
	VEC_PUSH(graph->arena, graph->edges, graph->edge_count, graph->edge_cap) =
		(GraphEdge){from, to, label, missing, false};
	graph->nodes[to].asked_differently |=
		graph->nodes[to].asked.len && !str_eq(graph->nodes[to].asked, label);
	graph->nodes[to].asked = label;
}

// A wait that nothing rendered answers: its end is missing, or lies outside.
static void add_end(Graph *graph, const Model *model, const Settings *settings, const Wait *wait,
                    size_t from, Str label)
{
	const Service *service = wait->service;
	bool missing = service ? !service->no_selector && !str_is(service->type, "ExternalName")
	                       : wait_is_missing(model, settings, wait);

	add_edge(graph, from,
	         node_for(graph, wait->ns, label, missing ? NODE_MISSING : NODE_OUTSIDE), label,
	         missing);
}

static void add_wait(Graph *graph, const Model *model, const Settings *settings,
                     const Starts *starts, const Wait *wait)
{
	Workload *const *targets = NULL;
	size_t count = starts_targets(starts, wait, &targets);
	Str label = label_of(graph, wait);
	const Resource *object;
	size_t from;

	if (!count && wait->service) {
		targets = wait->service->backends.items;
		count = wait->service->backends.len;
	}
	if (!count && wait->kind == WAIT_KUBE && wait->object_kind.len && wait->object_name.len) {
		object = model_resource(model, str_to_c(graph->arena, wait->object_kind), wait->ns,
		                        wait->object_name);
		if (object) {
			targets = object->workloads.items;
			count = object->workloads.len;
		}
	}
	if (!count && wait->kind == WAIT_KUBE && !wait->object_name.len)
		return; // made up while the pod runs
	from = node_for(graph, wait->workload->resource->ns, wait->workload->what, NODE_WORKLOAD);
	for (size_t i = 0; i < count; i++)
		add_edge(graph, from,
		         node_for(graph, targets[i]->resource->ns, targets[i]->what, NODE_WORKLOAD),
		         label, false);
	if (!count)
		add_end(graph, model, settings, wait, from, label);
}

static void mark_cycles(Graph *graph, Starts *starts)
{
	StartCycle cycle;

	while (starts_next_cycle(starts, &cycle)) {
		for (size_t i = 0; i < cycle.len; i++) {
			const Workload *workload = cycle.waits[i]->workload;
			size_t node = node_for(graph, workload->resource->ns, workload->what,
			                       NODE_WORKLOAD);
			graph->nodes[node].cycle = true;
		}
	}
	for (size_t i = 0; i < graph->edge_count; i++) {
		GraphEdge *edge = &graph->edges[i];
		edge->cycle = graph->nodes[edge->from].cycle && graph->nodes[edge->to].cycle;
	}
}

// A node's column is one more than that of the furthest thing it waits for. Cycles are cut where they close. The walk
// keeps its own stack: chains may be long.
static void find_column(Graph *graph, size_t start)
{
	size_t *stack = NULL, len = 0, cap = 0;

	VEC_PUSH(graph->arena, stack, len, cap) = start;
	while (len) {
		GraphNode *node = &graph->nodes[stack[len - 1]];
		if (node->state == 0) {
			node->state = 1;
			for (size_t i = 0; i < node->edge_count; i++)
				if (graph->nodes[graph->edges[node->edges[i]].to].state == 0)
					VEC_PUSH(graph->arena, stack, len, cap) =
						graph->edges[node->edges[i]].to;
			continue;
		}
		len--;
		if (node->state == 2)
			continue;
		node->state = 2;
		node->stuck = node->cycle;
		for (size_t i = 0; i < node->edge_count; i++) {
			const GraphEdge *edge = &graph->edges[node->edges[i]];
			const GraphNode *to = &graph->nodes[edge->to];
			if (to->state == 2 && to->column + 1 > node->column)
				node->column = to->column + 1;
			node->stuck |= to->role == NODE_MISSING || to->stuck;
		}
	}
}

static void find_columns(Graph *graph)
{
	for (size_t i = 0; i < graph->node_count; i++)
		find_column(graph, i);
	for (size_t i = 0; i < graph->node_count; i++)
		if (graph->nodes[i].column + 1 > graph->columns)
			graph->columns = graph->nodes[i].column + 1;
}

Graph *graph_new(Arena *arena, const Model *model, const Settings *settings)
{
	Graph *graph = ARENA_NEW(arena, Graph);
	Starts *starts = starts_new(arena, model);

	graph->arena = arena;
	graph->index = map_new(arena, &TYPE_ANY_MAP);
	graph->drawn = map_new(arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i < model->waits.len; i++) {
		const Wait *wait = model->waits.items[i];
		if (wait->service_name.len || wait->kind == WAIT_KUBE)
			add_wait(graph, model, settings, starts, wait);
	}
	mark_cycles(graph, starts);
	find_columns(graph);
	return graph;
}

static void escaped(const Graph *graph, Buf *out, Str text)
{
	buf_str(out, diag_escape_line(graph->arena, text));
}

void graph_text(const Graph *graph, Buf *out)
{
	if (!graph->edge_count)
		buf_c(out, "nothing waits for anything\n");
	for (size_t i = 0; i < graph->node_count; i++) {
		const GraphNode *node = &graph->nodes[i];
		if (!node->edge_count)
			continue;
		escaped(graph, out, node->name);
		buf_c(out, node->cycle   ? "  (in a cycle: never starts)\n"
		           : node->stuck ? "  (never starts)\n"
		                         : "\n");
		for (size_t j = 0; j < node->edge_count; j++) {
			const GraphEdge *edge = &graph->edges[node->edges[j]];
			buf_c(out, j + 1 < node->edge_count ? "  +- " : "  `- ");
			escaped(graph, out, edge->label);
			if (edge->missing) {
				buf_c(out, "  MISSING\n");
				continue;
			}
			if (graph->nodes[edge->to].role == NODE_OUTSIDE) {
				buf_c(out, "  outside\n");
				continue;
			}
			buf_c(out, " -> ");
			escaped(graph, out, graph->nodes[edge->to].name);
			buf_c(out, edge->cycle ? "  CYCLE\n" : "\n");
		}
	}
}

static void dot_string(Buf *out, Str text)
{
	buf_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		if (c == '"' || c == '\\')
			buf_byte(out, '\\');
		buf_byte(out, (unsigned char)c < 0x20 ? ' ' : c);
	}
	buf_byte(out, '"');
}

void graph_dot(const Graph *graph, Buf *out)
{
	buf_c(out, "digraph waits {\n\trankdir=LR;\n\tnode [shape=box, fontname=\"sans-serif\"];\n"
	           "\tedge [fontname=\"sans-serif\", fontsize=10];\n");
	for (size_t i = 0; i < graph->node_count; i++) {
		const GraphNode *node = &graph->nodes[i];
		buf_printf(out, "\tn%zu [label=", i);
		dot_string(out, node->name);
		buf_c(out, node->role == NODE_MISSING ? ", style=dashed, color=red, fontcolor=red"
		           : node->stuck              ? ", color=red"
		                                      : "");
		buf_c(out, "];\n");
	}
	for (size_t i = 0; i < graph->edge_count; i++) {
		const GraphEdge *edge = &graph->edges[i];
		buf_printf(out, "\tn%zu -> n%zu [label=", edge->from, edge->to);
		dot_string(out, edge->missing ? S("missing") : edge->label);
		buf_c(out,
		      edge->missing || edge->cycle ? ", color=red, fontcolor=red];\n" : "];\n");
	}
	buf_c(out, "}\n");
}
