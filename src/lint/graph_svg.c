// The picture of a graph of waits: columns from the left are those that wait for most. What is waited for across columns
// runs through lanes of its own, so that no line passes behind a box, and rows are ordered so that few lines cross.

#include "lint/graph.h"

#include "base/unicode.h"

#include <stdlib.h>

// Sizes of the picture, in its own units.
#define BOX_HEIGHT  32
#define ROW_HEIGHT  64
#define LANE_HEIGHT 20
#define COLUMN_GAP  150
#define LETTER_10TH 73 // the width of a letter, tenfold
#define PADDING     24
#define MARGIN      20
// Rounds in which the rows are ordered by what they are joined to: more change little.
#define ROUNDS 8

// A place in a column: of a node, or of the lane to one.
typedef struct Slot {
	size_t column, row, y;
	double centre;
	bool lane;
} Slot;

// From a slot to one of the next column to the right.
typedef struct Link {
	size_t from, to;
} Link;

typedef struct Layout {
	const Graph *graph;
	Arena *arena;
	Slot *slots; // those of the nodes, in their order, then the lanes
	size_t slot_count, slot_cap;
	size_t *lanes; // of each node, the first of its lanes, which lie in the columns to its left, one in each
	size_t *furthest; // the column of the furthest that waits for it
	Link **links;     // those that end in each column
	size_t *link_count, *link_cap;
	size_t **columns; // the slots of each, in the order of rows
	size_t *column_len;
	size_t *x, *width; // of each column
	size_t total, height;
} Layout;

static size_t width_of(Str name)
{
	size_t cells = 0, size;
	uint32_t rune;

	for (; (size = utf8_decode(name, &rune)); name = str_from(name, size))
		cells += unicode_width(rune);
	return cells * LETTER_10TH / 10 + PADDING;
}

// Where the line to a node passes through a column: its lane there, or the node itself.
static size_t slot_in(const Layout *l, size_t node, size_t column)
{
	size_t own = l->graph->nodes[node].column;

	return column == own ? node : l->lanes[node] + (column - own - 1);
}

static void add_link(Layout *l, size_t from, size_t to)
{
	size_t end = l->slots[to].column;

	VEC_PUSH(l->arena, l->links[end], l->link_count[end], l->link_cap[end]) = (Link){from, to};
}

// One lane for each node and column, however many lines pass there.
static void add_lanes(Layout *l, size_t node)
{
	size_t own = l->graph->nodes[node].column;

	l->lanes[node] = l->slot_count;
	for (size_t column = own + 1; column < l->furthest[node]; column++) {
		VEC_PUSH(l->arena, l->slots, l->slot_count, l->slot_cap) =
			(Slot){.column = column, .lane = true};
		add_link(l, l->slot_count - 1, slot_in(l, node, column - 1));
	}
}

static void add_slots(Layout *l)
{
	const Graph *graph = l->graph;

	l->furthest = ARENA_ARRAY(l->arena, size_t, graph->node_count + 1);
	for (size_t i = 0; i < graph->node_count; i++)
		VEC_PUSH(l->arena, l->slots, l->slot_count, l->slot_cap) =
			(Slot){.column = graph->nodes[i].column};
	for (size_t i = 0; i < graph->edge_count; i++) {
		const GraphEdge *edge = &graph->edges[i];
		if (graph->nodes[edge->from].column > l->furthest[edge->to])
			l->furthest[edge->to] = graph->nodes[edge->from].column;
	}
	l->lanes = ARENA_ARRAY(l->arena, size_t, graph->node_count + 1);
	for (size_t i = 0; i < graph->node_count; i++)
		add_lanes(l, i);
	for (size_t i = 0; i < graph->edge_count; i++) {
		const GraphEdge *edge = &graph->edges[i];
		size_t column = graph->nodes[edge->from].column;
		if (column > graph->nodes[edge->to].column)
			add_link(l, edge->from, slot_in(l, edge->to, column - 1));
	}
}

static void fill_columns(Layout *l)
{
	l->columns = ARENA_ARRAY(l->arena, size_t *, l->graph->columns + 1);
	l->column_len = ARENA_ARRAY(l->arena, size_t, l->graph->columns + 1);
	for (size_t i = 0; i < l->slot_count; i++)
		l->column_len[l->slots[i].column]++;
	for (size_t i = 0; i < l->graph->columns; i++) {
		l->columns[i] = ARENA_ARRAY(l->arena, size_t, l->column_len[i] + 1);
		l->column_len[i] = 0;
	}
	for (size_t i = 0; i < l->slot_count; i++) {
		Slot *slot = &l->slots[i];
		slot->row = l->column_len[slot->column]++;
		l->columns[slot->column][slot->row] = i;
	}
}

// --- rows ---

typedef struct Ranked {
	double centre;
	size_t row, slot;
} Ranked;

static int compare(const void *a, const void *b)
{
	const Ranked *x = a, *y = b;

	if (x->centre != y->centre)
		return x->centre < y->centre ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static void sort_column(Layout *l, size_t column)
{
	size_t count = l->column_len[column];
	Ranked *ranked = ARENA_ARRAY(l->arena, Ranked, count + 1);

	for (size_t i = 0; i < count; i++) {
		const Slot *slot = &l->slots[l->columns[column][i]];
		ranked[i] = (Ranked){slot->centre, slot->row, l->columns[column][i]};
	}
	qsort(ranked, count, sizeof *ranked, compare);
	for (size_t i = 0; i < count; i++) {
		l->columns[column][i] = ranked[i].slot;
		l->slots[ranked[i].slot].row = i;
	}
}

// Where in its column a slot lies, from 0 to 1: columns differ in length.
static double share(const Layout *l, size_t slot)
{
	return ((double)l->slots[slot].row + 0.5) / (double)l->column_len[l->slots[slot].column];
}

// Each slot goes to the middle of those it is joined to, on one side: to the right, or to the left.
static void order_rows(Layout *l, bool right)
{
	double *sums = ARENA_ARRAY(l->arena, double, l->slot_count + 1);
	size_t *counts = ARENA_ARRAY(l->arena, size_t, l->slot_count + 1);

	for (size_t step = 0; step < l->graph->columns; step++) {
		size_t column = right ? step : l->graph->columns - 1 - step;
		for (size_t i = 0; i < l->column_len[column]; i++) {
			size_t slot = l->columns[column][i];
			l->slots[slot].centre =
				counts[slot] ? sums[slot] / (double)counts[slot] : share(l, slot);
		}
		sort_column(l, column);
		if (!right && !column)
			return;
		column -= !right;
		for (size_t i = 0; i < l->link_count[column]; i++) {
			Link link = l->links[column][i];
			size_t here = right ? link.to : link.from,
			       there = right ? link.from : link.to;
			sums[there] += share(l, here);
			counts[there]++;
		}
	}
}

// --- sizes ---

static size_t height_of(const Layout *l, size_t column)
{
	size_t height = 0;

	for (size_t i = 0; i < l->column_len[column]; i++)
		height += l->slots[l->columns[column][i]].lane ? LANE_HEIGHT : ROW_HEIGHT;
	return height;
}

static void measure(Layout *l)
{
	const Graph *graph = l->graph;

	l->x = ARENA_ARRAY(l->arena, size_t, graph->columns + 1);
	l->width = ARENA_ARRAY(l->arena, size_t, graph->columns + 1);
	l->total = MARGIN;
	for (size_t i = 0; i < graph->node_count; i++) {
		size_t *width = &l->width[graph->nodes[i].column],
		       own = width_of(graph->nodes[i].name);
		*width = own > *width ? own : *width;
	}
	for (size_t i = graph->columns; i > 0; i--) {
		size_t height = height_of(l, i - 1);
		l->x[i - 1] = l->total;
		l->total += l->width[i - 1] + (i > 1 ? COLUMN_GAP : MARGIN);
		l->height = height > l->height ? height : l->height;
	}
	for (size_t i = 0; i < graph->columns; i++) {
		size_t y = MARGIN + (l->height - height_of(l, i)) / 2;
		for (size_t j = 0; j < l->column_len[i]; j++) {
			Slot *slot = &l->slots[l->columns[i][j]];
			slot->y = y + (slot->lane ? LANE_HEIGHT / 2 : BOX_HEIGHT / 2);
			y += slot->lane ? LANE_HEIGHT : ROW_HEIGHT;
		}
	}
	l->height += 2 * MARGIN;
}

static Layout layout_of(const Graph *graph)
{
	Layout layout = {.graph = graph, .arena = graph->arena};

	layout.links = ARENA_ARRAY(graph->arena, Link *, graph->columns + 1);
	layout.link_count = ARENA_ARRAY(graph->arena, size_t, graph->columns + 1);
	layout.link_cap = ARENA_ARRAY(graph->arena, size_t, graph->columns + 1);
	add_slots(&layout);
	fill_columns(&layout);
	for (int i = 0; i < ROUNDS; i++)
		order_rows(&layout, i % 2 == 0);
	measure(&layout);
	return layout;
}

// --- drawing ---

static void curve(Buf *out, size_t x1, size_t y1, size_t x2, size_t y2)
{
	size_t middle = (x1 + x2) / 2;

	buf_printf(out, " C%zu %zu %zu %zu %zu %zu", middle, y1, middle, y2, x2, y2);
}

// From one column to the next: to the node, or into its lane.
static void draw_line(const Layout *l, const GraphEdge *edge, Buf *out)
{
	size_t column = l->slots[edge->from].column, x = l->x[column] + l->width[column],
	       y = l->slots[edge->from].y;

	buf_printf(out, "M%zu %zu", x, y);
	curve(out, x, y, l->x[column - 1], l->slots[slot_in(l, edge->to, column - 1)].y);
}

// The lanes of a node, from the furthest on, once for all lines that run there.
static void draw_lanes(const Layout *l, size_t node, const char *kind, Buf *out)
{
	size_t column = l->furthest[node], end = l->graph->nodes[node].column;

	if (column < end + 2)
		return;
	column--;
	buf_printf(out, "<path class=\"%s\" d=\"M%zu %zu", kind, l->x[column],
	           l->slots[slot_in(l, node, column)].y);
	for (; column > end; column--) {
		size_t x = l->x[column] + l->width[column],
		       y = l->slots[slot_in(l, node, column)].y;
		buf_printf(out, " L%zu %zu", x, y);
		curve(out, x, y, l->x[column - 1], l->slots[slot_in(l, node, column - 1)].y);
	}
	buf_printf(out, "\" marker-end=\"url(#%s)\"/>\n", kind);
}

// Back, round below: the closing of a cycle.
static void draw_back(const Layout *l, const GraphEdge *edge, Buf *out)
{
	const Slot *from = &l->slots[edge->from], *to = &l->slots[edge->to];
	size_t below = (from->y > to->y ? from->y : to->y) + BOX_HEIGHT,
	       x1 = l->x[from->column] + l->width[from->column] / 2,
	       x2 = l->x[to->column] + l->width[to->column] / 2 + (from == to ? 30 : 0);

	buf_printf(out, "M%zu %zu C%zu %zu %zu %zu %zu %zu", x1, from->y + BOX_HEIGHT / 2, x1,
	           below, x2, below, x2, to->y + BOX_HEIGHT / 2);
}

static const char *kind_of(bool bad)
{
	return bad ? "bad" : "good";
}

static bool is_bad(const GraphEdge *edge)
{
	return edge->missing || edge->cycle;
}

static void draw_edge(const Layout *l, const GraphEdge *edge, Buf *out)
{
	const char *kind = kind_of(is_bad(edge));
	size_t from = l->slots[edge->from].column, to = l->slots[edge->to].column;

	buf_printf(out, "<path class=\"%s\" d=\"", kind);
	(from <= to ? draw_back : draw_line)(l, edge, out);
	if (from <= to + 1)
		buf_printf(out, "\" marker-end=\"url(#%s)\"/>\n", kind);
	else
		buf_c(out, "\"/>\n");
}

static void draw_edges(const Layout *l, Buf *out)
{
	const Graph *graph = l->graph;
	bool *bad = ARENA_ARRAY(l->arena, bool, graph->node_count + 1);

	for (size_t i = 0; i < graph->edge_count; i++) {
		draw_edge(l, &graph->edges[i], out);
		bad[graph->edges[i].to] |= is_bad(&graph->edges[i]);
	}
	for (size_t i = 0; i < graph->node_count; i++)
		draw_lanes(l, i, kind_of(bad[i]), out);
}

static void draw_text(Buf *out, const char *class, size_t x, size_t y, Str text)
{
	buf_printf(out, "<text%s x=\"%zu\" y=\"%zu\">", class, x, y);
	buf_xml(out, text);
	buf_c(out, "</text>\n");
}

// Where a node goes by several names, each line says its own, behind where it begins.
static void label_edge(const Layout *l, const GraphEdge *edge, Buf *out)
{
	const Slot *from = &l->slots[edge->from], *next;

	if (from->column <= l->slots[edge->to].column ||
	    !l->graph->nodes[edge->to].asked_differently)
		return;
	next = &l->slots[slot_in(l, edge->to, from->column - 1)];
	draw_text(out, " class=\"label\"",
	          (l->x[from->column] + l->width[from->column] + l->x[next->column]) / 2,
	          (from->y + next->y) / 2 - 4, edge->label);
}

static void draw_node(const Layout *l, size_t i, Buf *out)
{
	const GraphNode *node = &l->graph->nodes[i];
	size_t column = node->column, middle = l->x[column] + l->width[column] / 2,
	       y = l->slots[i].y;

	buf_printf(
		out,
		"<rect class=\"%s\" x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%d\" rx=\"4\"/>\n",
		node->role == NODE_MISSING ? "missing"
		: node->stuck              ? "stuck"
					   : "box",
		l->x[column], y - BOX_HEIGHT / 2, l->width[column], BOX_HEIGHT);
	draw_text(out, "", middle, y + 4, node->name);
	if (node->role == NODE_MISSING)
		draw_text(out, " class=\"label\"", middle, y + BOX_HEIGHT / 2 + 12, S("missing"));
	else if (node->asked.len && !node->asked_differently)
		draw_text(out, " class=\"label\"", middle, y + BOX_HEIGHT / 2 + 12, node->asked);
}

static void draw_styles(Buf *out)
{
	buf_c(out, "<title>Who waits for whom</title>\n<style>\n"
	           "rect { fill: #fff; stroke: #456; } .stuck { stroke: #c00; fill: #fee; }\n"
	           ".missing { stroke: #c00; fill: none; stroke-dasharray: 5 4; }\n"
	           "text { font: 12px monospace; text-anchor: middle; } .label { font-size: 10px; "
	           "fill: #456;\nstroke: #fff; stroke-width: 4px; paint-order: stroke; }\n"
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
}

void graph_svg(const Graph *graph, Buf *out)
{
	Layout layout = layout_of(graph);
	Str nothing = S("nothing waits for anything");

	if (!graph->node_count) {
		layout.total = width_of(nothing);
		layout.height = ROW_HEIGHT;
	}
	buf_printf(out,
	           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
	           "viewBox=\"0 0 %zu %zu\">\n",
	           layout.total, layout.height, layout.total, layout.height);
	draw_styles(out);
	draw_edges(&layout, out);
	for (size_t i = 0; i < graph->node_count; i++)
		draw_node(&layout, i, out);
	for (size_t i = 0; i < graph->edge_count; i++)
		label_edge(&layout, &graph->edges[i], out);
	if (!graph->node_count)
		draw_text(out, "", layout.total / 2, layout.height / 2, nothing);
	buf_c(out, "</svg>\n");
}
