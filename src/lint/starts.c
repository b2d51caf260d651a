// The order in which workloads can start, and where there is none.

#include "lint/starts.h"

// The workloads of which one has to start: those behind a service, or those of an object. Many may wait for the same.
typedef struct Group {
	size_t *heard; // the waits that it would answer
	size_t heard_count, heard_cap;
	bool started;
} Group;

typedef struct Vertex {
	Workload *workload;
	const Wait **waits;
	size_t count, cap, open; // open: waits not answered yet
	Group **groups;          // it is a member of
	size_t group_count, group_cap;
	bool started;
	int colour; // 0 not seen, 1 on the path, 2 done
} Vertex;

typedef struct Edge {
	const Wait *wait;
	size_t from;
	bool answered;
	Workload **targets;
	size_t target_count;
} Edge;

struct Starts {
	Arena *arena;
	const Model *model;
	Vertex *vertices;
	size_t count;
	Edge *edges;
	size_t edge_count, edge_cap;
	Map *index;   // address of a workload to its vertex
	Map *edge_of; // address of a wait to its edge
	Map *groups;  // address of their members to groups
	size_t next;
};

static Str address_key(Arena *arena, const void *pointer)
{
	return str_printf(arena, "%p", pointer);
}

static Vertex *vertex_of(const Starts *starts, const Workload *workload)
{
	return table_get(starts->index, address_key(starts->arena, workload));
}

// What a wait needs, as workloads.
static void find_targets(Starts *starts, Edge *edge)
{
	const Wait *wait = edge->wait;
	const Resource *object;

	if (wait->service) {
		edge->targets = wait->service->backends.items;
		edge->target_count = wait->service->backends.len;
		return;
	}
	if (wait->kind != WAIT_KUBE || !wait->object_kind.len || !wait->object_name.len)
		return;
	if (str_is(wait->object_kind, "Service")) {
		const Service *service = model_service(starts->model, wait->ns, wait->object_name);
		edge->targets = service ? service->backends.items : NULL;
		edge->target_count = service ? service->backends.len : 0;
		return;
	}
	object = model_resource(starts->model, str_to_c(starts->arena, wait->object_kind), wait->ns,
	                        wait->object_name);
	edge->targets = object ? object->workloads.items : NULL;
	edge->target_count = object ? object->workloads.len : 0;
}

// Whether a wait keeps its own pod from starting.
static bool blocks(const Wait *wait, const Edge *edge)
{
	if (!edge->target_count || wait->conditional || wait->gives_up)
		return false;
	if (wait->kind == WAIT_KUBE && wait->tries_once)
		return false; // the object is there as soon as it is applied
	if (wait->kind == WAIT_NAME && wait->service && !wait->service->headless)
		return false; // the name is there as soon as the service is
	if (wait->kind == WAIT_NAME && wait->service &&
	    node_bool(node_at(node_at(wait->service->resource->metadata, "annotations"),
	                      "service.alpha.kubernetes.io/tolerate-unready-endpoints"),
	              false))
		return false;
	if (wait->kind == WAIT_NAME && wait->service &&
	    node_bool(node_at(wait->service->resource->spec, "publishNotReadyAddresses"), false))
		return false;
	if (!wait->start)
		return wait->container->kind == CONTAINER_INIT;
	if (wait->container->kind != CONTAINER_MAIN)
		return false;
	for (size_t i = 0; i < edge->target_count; i++)
		if (edge->targets[i] == wait->workload)
			return false; // it may well have started its server before
	return true;
}

static Group *group_of(Starts *starts, const Edge *edge)
{
	Str key = address_key(starts->arena, edge->targets);
	Group *group = table_get(starts->groups, key);

	if (group)
		return group;
	group = ARENA_NEW(starts->arena, Group);
	table_put(starts->arena, starts->groups, key, group);
	for (size_t i = 0; i < edge->target_count; i++) {
		Vertex *member = vertex_of(starts, edge->targets[i]);
		if (member)
			VEC_PUSH(starts->arena, member->groups, member->group_count,
			         member->group_cap) = group;
	}
	return group;
}

static void add_wait(Starts *starts, const Wait *wait)
{
	Edge edge = {.wait = wait};
	Vertex *from = vertex_of(starts, wait->workload);
	Group *group;

	find_targets(starts, &edge);
	if (!from || !blocks(wait, &edge))
		return;
	edge.from = (size_t)(from - starts->vertices);
	group = group_of(starts, &edge);
	VEC_PUSH(starts->arena, group->heard, group->heard_count, group->heard_cap) =
		starts->edge_count;
	VEC_PUSH(starts->arena, starts->edges, starts->edge_count, starts->edge_cap) = edge;
	VEC_PUSH(starts->arena, from->waits, from->count, from->cap) = wait;
	from->open++;
}

// The workloads that waited for nothing else can start now.
static void start_group(Starts *starts, Group *group, size_t *queue, size_t *tail)
{
	if (group->started)
		return;
	group->started = true;
	for (size_t i = 0; i < group->heard_count; i++) {
		Edge *edge = &starts->edges[group->heard[i]];
		edge->answered = true;
		if (--starts->vertices[edge->from].open == 0)
			queue[(*tail)++] = edge->from;
	}
}

static void start_all(Starts *starts)
{
	size_t *queue = ARENA_ARRAY(starts->arena, size_t, starts->count + 1), head = 0, tail = 0;

	for (size_t i = 0; i < starts->count; i++)
		if (!starts->vertices[i].open)
			queue[tail++] = i;
	while (head < tail) {
		Vertex *vertex = &starts->vertices[queue[head++]];
		vertex->started = true;
		for (size_t i = 0; i < vertex->group_count; i++)
			start_group(starts, vertex->groups[i], queue, &tail);
	}
}

Starts *starts_new(Arena *arena, const Model *model)
{
	Starts *starts = ARENA_NEW(arena, Starts);

	starts->arena = arena;
	starts->model = model;
	starts->count = model->workloads.len;
	starts->vertices = ARENA_ARRAY(arena, Vertex, starts->count + 1);
	starts->index = map_new(arena, &TYPE_ANY_MAP);
	starts->edge_of = map_new(arena, &TYPE_ANY_MAP);
	starts->groups = map_new(arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i < starts->count; i++) {
		starts->vertices[i].workload = model->workloads.items[i];
		table_put(arena, starts->index, address_key(arena, model->workloads.items[i]),
		          &starts->vertices[i]);
	}
	for (size_t i = 0; i < model->waits.len; i++)
		add_wait(starts, model->waits.items[i]);
	for (size_t i = 0; i < starts->edge_count; i++)
		table_put(arena, starts->edge_of, address_key(arena, starts->edges[i].wait),
		          &starts->edges[i]);
	start_all(starts);
	return starts;
}

size_t starts_targets(const Starts *starts, const Wait *wait, Workload *const **out)
{
	const Edge *edge = table_get(starts->edge_of, address_key(starts->arena, wait));

	*out = edge ? edge->targets : NULL;
	return edge ? edge->target_count : 0;
}

// The first wait of a vertex that is never answered, and the first workload behind it that never starts.
static const Edge *stuck_edge(const Starts *starts, const Vertex *vertex, Vertex **to)
{
	for (size_t i = 0; i < vertex->count; i++) {
		const Edge *edge =
			table_get(starts->edge_of, address_key(starts->arena, vertex->waits[i]));
		if (!edge || edge->answered)
			continue;
		for (size_t j = 0; j < edge->target_count; j++) {
			*to = vertex_of(starts, edge->targets[j]);
			if (*to && !(*to)->started)
				return edge;
		}
	}
	return NULL;
}

bool starts_next_cycle(Starts *starts, StartCycle *out)
{
	for (; starts->next < starts->count; starts->next++) {
		Vertex *vertex = &starts->vertices[starts->next], *to;
		const Wait **path = NULL;
		size_t len = 0, cap = 0;
		const Edge *edge;
		if (vertex->started || vertex->colour)
			continue;
		// Every vertex left has one way on: following it must come back to the path, or to a cycle told before.
		while (!vertex->colour && (edge = stuck_edge(starts, vertex, &to))) {
			vertex->colour = 1;
			VEC_PUSH(starts->arena, path, len, cap) = edge->wait;
			vertex = to;
		}
		for (size_t i = 0; i < len; i++) {
			if (vertex->colour == 1 && path[i]->workload == vertex->workload) {
				*out = (StartCycle){path + i, len - i};
				for (size_t j = 0; j < len; j++)
					vertex_of(starts, path[j]->workload)->colour = 2;
				starts->next++;
				return true;
			}
		}
		for (size_t j = 0; j < len; j++)
			vertex_of(starts, path[j]->workload)->colour = 2;
	}
	return false;
}
