// The graph of waits and its three drawings.

#include "lint/graph.h"

#include "lint/missing.h"
#include "lint/starts.h"

#include <string.h>

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
	size_t column, row;
	int state; // while columns are found: 0 not seen, 1 at work, 2 done
	size_t *edges, edge_count, edge_cap;
} GraphNode;

typedef struct GraphEdge {
	size_t from, to;
	Str label; // "mlflow:5000"
	bool missing, cycle;
} GraphEdge;

struct Graph {
	Arena *arena;
	GraphNode *nodes;
	size_t node_count, node_cap;
	GraphEdge *edges;
	size_t edge_count, edge_cap;
	Map *index; // name to node
	Map *drawn; // edges
	size_t columns, rows;
};

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

static void place(Graph *graph)
{
	size_t *rows;

	for (size_t i = 0; i < graph->node_count; i++)
		find_column(graph, i);
	for (size_t i = 0; i < graph->node_count; i++)
		if (graph->nodes[i].column + 1 > graph->columns)
			graph->columns = graph->nodes[i].column + 1;
	rows = ARENA_ARRAY(graph->arena, size_t, graph->columns + 1);
	for (size_t i = 0; i < graph->node_count; i++) {
		graph->nodes[i].row = rows[graph->nodes[i].column]++;
		if (graph->nodes[i].row + 1 > graph->rows)
			graph->rows = graph->nodes[i].row + 1;
	}
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
	place(graph);
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

// Sizes of the picture, in its own units.
#define BOX_HEIGHT 32
#define ROW_HEIGHT 64
#define COLUMN_GAP 150
#define LETTER     7
#define MARGIN     20

// Where boxes stand: columns from the left are those that wait for most.
typedef struct Layout {
	size_t *x, *width; // of each column
	size_t total, height;
} Layout;

static Layout layout_of(const Graph *graph)
{
	Layout layout = {ARENA_ARRAY(graph->arena, size_t, graph->columns + 1),
	                 ARENA_ARRAY(graph->arena, size_t, graph->columns + 1), MARGIN, 0};

	for (size_t i = 0; i < graph->node_count; i++) {
		size_t width = utf8_count(graph->nodes[i].name) * LETTER + 24;
		if (width > layout.width[graph->nodes[i].column])
			layout.width[graph->nodes[i].column] = width;
	}
	for (size_t i = graph->columns; i > 0; i--) {
		layout.x[i - 1] = layout.total;
		layout.total += layout.width[i - 1] + (i > 1 ? COLUMN_GAP : MARGIN);
	}
	layout.height = graph->rows * ROW_HEIGHT + 2 * MARGIN;
	return layout;
}

static size_t box_y(const GraphNode *node)
{
	return MARGIN + node->row * ROW_HEIGHT;
}

static void svg_edge(const Graph *graph, const Layout *layout, const GraphEdge *edge, Buf *out)
{
	const GraphNode *from = &graph->nodes[edge->from], *to = &graph->nodes[edge->to];
	size_t x1 = layout->x[from->column] + layout->width[from->column],
	       y1 = box_y(from) + BOX_HEIGHT / 2;
	size_t x2 = layout->x[to->column], y2 = box_y(to) + BOX_HEIGHT / 2;
	bool red = edge->missing || edge->cycle;
	const char *kind = red ? "bad" : "good";

	if (from->column > to->column) {
		size_t middle = (x1 + x2) / 2;
		buf_printf(out,
		           "<path class=\"%s\" d=\"M%zu %zu C%zu %zu %zu %zu %zu %zu\" "
		           "marker-end=\"url(#%s)\"/>\n",
		           kind, x1, y1, middle, y1, middle, y2, x2, y2, kind);
	} else { // back, round below: the closing of a cycle
		size_t below = (y1 > y2 ? y1 : y2) + ROW_HEIGHT / 2;
		x1 = layout->x[from->column] + layout->width[from->column] / 2;
		x2 = layout->x[to->column] + layout->width[to->column] / 2 + (from == to ? 30 : 0);
		buf_printf(out,
		           "<path class=\"%s\" d=\"M%zu %zu C%zu %zu %zu %zu %zu %zu\" "
		           "marker-end=\"url(#%s)\"/>\n",
		           kind, x1, y1 + BOX_HEIGHT / 2, x1, below, x2, below, x2,
		           y2 + BOX_HEIGHT / 2, kind);
	}
	if (from->column <= to->column || !to->asked_differently)
		return;
	buf_printf(out, "<text class=\"label\" x=\"%zu\" y=\"%zu\">", (x1 + x2) / 2,
	           (y1 + y2) / 2 - 4);
	buf_xml(out, edge->label);
	buf_c(out, "</text>\n");
}

static void svg_node(const Layout *layout, const GraphNode *node, Buf *out)
{
	size_t x = layout->x[node->column], y = box_y(node), width = layout->width[node->column];

	buf_printf(
		out,
		"<rect class=\"%s\" x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%d\" rx=\"4\"/>\n",
		node->role == NODE_MISSING ? "missing"
		: node->stuck              ? "stuck"
					   : "box",
		x, y, width, BOX_HEIGHT);
	buf_printf(out, "<text x=\"%zu\" y=\"%zu\">", x + width / 2, y + BOX_HEIGHT / 2 + 4);
	buf_xml(out, node->name);
	buf_c(out, "</text>\n");
	if (!node->asked.len || node->asked_differently)
		return;
	buf_printf(out, "<text class=\"label\" x=\"%zu\" y=\"%zu\">", x + width / 2,
	           y + BOX_HEIGHT + 12);
	buf_xml(out, node->role == NODE_MISSING ? S("missing") : node->asked);
	buf_c(out, "</text>\n");
}

void graph_svg(const Graph *graph, Buf *out)
{
	Layout layout = layout_of(graph);

	buf_printf(out,
	           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
	           "viewBox=\"0 0 %zu %zu\">\n",
	           layout.total, layout.height, layout.total, layout.height);
	buf_c(out, "<title>Who waits for whom</title>\n<style>\n"
	           "rect { fill: #fff; stroke: #456; } .stuck { stroke: #c00; fill: #fee; }\n"
	           ".missing { stroke: #c00; fill: none; stroke-dasharray: 5 4; }\n"
	           "text { font: 12px monospace; text-anchor: middle; } .label { font-size: 10px; "
	           "fill: #456; }\n"
	           "path { fill: none; } .good { stroke: #456; } .bad { stroke: #c00; "
	           "}\n</style>\n<defs>\n");
	for (int i = 0; i < 2; i++)
		buf_printf(
			out,
			"<marker id=\"%s\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
			"markerWidth=\"8\" markerHeight=\"8\" "
			"orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" style=\"fill:%s\"/></marker>\n",
			i ? "bad" : "good", i ? "#c00" : "#456");
	buf_c(out,
	      "</defs>\n<rect width=\"100%\" height=\"100%\" style=\"fill:#fff;stroke:none\"/>\n");
	for (size_t i = 0; i < graph->edge_count; i++)
		svg_edge(graph, &layout, &graph->edges[i], out);
	for (size_t i = 0; i < graph->node_count; i++)
		svg_node(&layout, &graph->nodes[i], out);
	buf_c(out, "</svg>\n");
}
