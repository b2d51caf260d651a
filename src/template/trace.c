#include "template/trace.h"

#include "template/engine.h"

#include <string.h>

Trace *engine_trace(const Engine *engine)
{
	return engine->trace;
}

// --- key paths ---

// Maps are known by address. The key of the table is the address' own bytes.
static Str address_key(Arena *arena, const void *address)
{
	const void **kept = arena_alloc(arena, sizeof *kept);

	*kept = address;
	return str_n((const char *)kept, sizeof *kept);
}

static Str path_of(const Trace *trace, const void *address, bool *known)
{
	Value *found = map_get(trace->paths, str_n((const char *)&address, sizeof address));

	*known = found != NULL;
	return found ? value_as_str(found) : S("");
}

static Str join_path(Arena *arena, Str path, Str key)
{
	Buf buf;

	if (!path.len)
		return key;
	buf = buf_new(arena);
	buf_str(&buf, path);
	buf_byte(&buf, '.');
	buf_str(&buf, key);
	return buf_view(&buf);
}

void trace_name_values(Trace *trace, const Value *values, Str prefix)
{
	const void *address =
		values->kind == V_MAP ? (const void *)values->map : (const void *)values->list;

	if (values->kind != V_MAP && values->kind != V_LIST)
		return;
	map_set(trace->arena, trace->paths, address_key(trace->arena, address), value_str(prefix));
	if (values->kind == V_MAP)
		for (size_t i = 0; i < values->map->len; i++) {
			const MapEntry *entry = &values->map->entries[i];
			if (entry->value.kind == V_MAP || entry->value.kind == V_LIST)
				trace_name_values(trace, &entry->value,
				                  join_path(trace->arena, prefix, entry->key));
		}
	else
		for (size_t i = 0; i < values->list->len; i++) {
			const Value *item = &values->list->items[i];
			if (item->kind == V_MAP || item->kind == V_LIST)
				trace_name_values(
					trace, item,
					str_printf(trace->arena, "%.*s[%zu]", STR_ARGS(prefix), i));
		}
}

// What hangs on more values than this (a condition on the text of a whole template) names the first of them.
#define READS_MAX 64

static Reads *reading(const Eval *e)
{
	return e->reads ? e->reads : e->around;
}

static void reads_add(Arena *arena, Reads *reads, Str path)
{
	for (size_t i = 0; i < reads->count; i++)
		if (str_eq(reads->paths[i], path))
			return;
	if (reads->count < READS_MAX)
		VEC_PUSH(arena, reads->paths, reads->count, reads->cap) = path;
}

static void reads_add_all(Arena *arena, Reads *reads, const Str *paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		reads_add(arena, reads, paths[i]);
}

void trace_depend(Eval *e, const Reads *reads)
{
	Reads *to = reading(e);

	if (to)
		reads_add_all(e->arena, to, reads->paths, reads->count);
}

void trace_variable(Eval *e, Variable *variable, const Reads *reads, bool assigned)
{
	Reads *all;

	if (!assigned) {
		variable->reads = reads->count ? reads : NULL;
		return;
	}
	all = ARENA_NEW(e->arena, Reads);
	reads_add_all(e->arena, all, reads->paths, reads->count);
	if (variable->reads)
		reads_add_all(e->arena, all, variable->reads->paths, variable->reads->count);
	for (const Cause *cause = e->cause;
	     cause && cause->kind != CAUSE_INCLUDE && cause->kind != CAUSE_TEMPLATE;
	     cause = cause->outer)
		reads_add_all(e->arena, all, cause->paths, cause->path_count);
	variable->reads = all->count ? all : NULL;
}

static void read_origin(Eval *e, Reads *reads, const Origin *origin)
{
	for (size_t i = 0; i < origin->span_count; i++)
		if (origin->spans[i].origin)
			read_origin(e, reads, origin->spans[i].origin);
	if (origin->kind == ORIGIN_VALUES || origin->kind == ORIGIN_FLAG)
		reads_add(e->arena, reads, origin->path);
}

void trace_read_leaf(Eval *e, const Value *v)
{
	const Origin *origin = v->kind == V_STRING ? value_as_str(v).origin : v->origin;

	if (origin && reading(e))
		read_origin(e, reading(e), origin);
}

void trace_read(Eval *e, const Map *map, Str key)
{
	Trace *trace = e->engine->trace;
	bool known;
	Str path = path_of(trace, map, &known);
	Value *count;

	if (!known)
		return;
	path = join_path(e->arena, path, key);
	count = map_get(trace->reads, path);
	if (count)
		count->i++;
	else
		map_set(trace->arena, trace->reads, path, value_int(1));
	if (reading(e))
		reads_add(e->arena, reading(e), path);
}

// --- causes ---

Cause *trace_cause(Eval *e, CauseKind kind, const Ast *node)
{
	Cause *cause = ARENA_NEW(e->arena, Cause);

	cause->kind = kind;
	cause->node = node;
	cause->outer = e->cause;
	return cause;
}

static void remember(Trace *trace, const Cause *cause)
{
	VEC_PUSH(trace->arena, trace->decisions, trace->decision_count, trace->decision_cap) =
		cause;
}

void trace_decide(Eval *e, Cause *cause, const Reads *reads, bool went)
{
	cause->paths = reads->paths;
	cause->path_count = reads->count;
	cause->went = went;
	remember(e->engine->trace, cause);
}

bool trace_is_choice(const Func *func)
{
	static const char *const choices[] = {"and", "coalesce", "default",
	                                      "or",  "required", "ternary"};

	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
		if (!strcmp(func->name, choices[i]))
			return true;
	return false;
}

void trace_choice(Eval *e, const Ast *node, const Reads *reads, bool went)
{
	Cause *choice;

	if (!reads->count)
		return;
	trace_depend(e, reads);
	choice = trace_cause(e, CAUSE_CHOICE, node);
	trace_decide(e, choice, reads, went);
	if (e->action) {
		Cause *listed = ARENA_NEW(e->arena, Cause);
		*listed = *choice;
		listed->outer = e->action->choices;
		e->action->choices = listed;
	}
}

// Strings of lists and maps count too: `join`, `cat` and their kin make one text of many. Only so deep and so
// many: what a whole values file went into needs no list of its parts.
#define SOURCES_MAX 64

static void gather_sources(const Value *v, int depth, Str *sources, size_t *count)
{
	if (*count == SOURCES_MAX)
		return;
	if (v->kind == V_STRING)
		sources[(*count)++] = value_as_str(v);
	else if (v->kind == V_LIST && depth)
		for (size_t i = 0; i < v->list->len; i++)
			gather_sources(&v->list->items[i], depth - 1, sources, count);
	else if (v->kind == V_MAP && depth)
		for (size_t i = 0; i < v->map->len; i++)
			gather_sources(&v->map->entries[i].value, depth - 1, sources, count);
	else if (v->origin)
		sources[(*count)++] = (Str){"", 0, v->origin};
}

// Whether a function gives back what it was given or held: what had no origin there has none now.
static bool passes_on(const Func *func)
{
	Str signature = str_c(func->signature);

	return str_has_suffix(signature, S("-> any")) || str_has_suffix(signature, S("-> value"));
}

void trace_result(Eval *e, Call *call)
{
	Str sources[SOURCES_MAX];
	size_t count = 0;

	switch (call->result.kind) {
	case V_INVALID:
	case V_NIL:
	case V_LIST:
	case V_MAP:
	case V_OBJECT:
	case V_FUNC:
		return;
	}
	if (call->result.origin || passes_on(call->func))
		return;
	for (size_t i = 0; i < call->count; i++)
		gather_sources(&call->args[i], 3, sources, &count);
	call->result.origin = origin_derived(e->arena, sources, count);
}

// --- reading causes ---

static Place place_by_index(Str file, LineIndex *lines, size_t offset)
{
	Place place = {.file = file};

	line_index_place(lines, offset, &place.line, &place.column);
	return place;
}

// Texts without an index are those of tpl: short.
static Place place_by_counting(Str file, Str text, size_t offset)
{
	Place place = {file, 1, 1};

	for (size_t i = 0; i < offset && i < text.len; i++) {
		place.column++;
		if (text.p[i] == '\n') {
			place.line++;
			place.column = 1;
		}
	}
	return place;
}

Place origin_place(const Origin *origin, size_t offset)
{
	if (origin->lines)
		return place_by_index(origin->file, origin->lines, offset);
	return (Place){origin->file, origin->line, origin->column};
}

Place cause_place(const Cause *cause)
{
	const Tree *tree = cause->node ? cause->node->tree : NULL;
	const Origin *origin = tree ? tree->text.origin : NULL;

	if (!tree)
		return (Place){0};
	if (origin && origin->lines && origin->base == tree->text.p)
		return place_by_index(tree->parse_name, origin->lines, cause->node->pos);
	return place_by_counting(tree->parse_name, tree->text, cause->node->pos);
}

Str cause_source(Arena *arena, const Cause *cause)
{
	const Ast *node = cause->node;

	if (!node)
		return S("");
	if (node->kind == AST_IF || node->kind == AST_WITH || node->kind == AST_RANGE)
		return str_printf(arena, "%s %s", cause_word(cause),
		                  str_to_c(arena, ast_to_str(arena, node->pipe)));
	return ast_to_str(arena, node);
}

Str cause_template(const Cause *cause)
{
	return cause->node && cause->node->tree ? cause->node->tree->name : S("");
}

const char *cause_word(const Cause *cause)
{
	static const char *const words[] = {
		[CAUSE_ROOT] = "file",       [CAUSE_ACTION] = "action",
		[CAUSE_IF] = "if",           [CAUSE_WITH] = "with",
		[CAUSE_RANGE] = "range",     [CAUSE_TEMPLATE] = "template",
		[CAUSE_INCLUDE] = "include", [CAUSE_TPL] = "tpl",
		[CAUSE_CHOICE] = "choice",
	};

	return words[cause->kind];
}
