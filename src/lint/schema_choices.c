// Walking JSON Schemas along a path of keys.

#include "lint/schema_choices.h"

#include "base/num.h"
#include "data/json.h"

// Subschemas that one question may look at: anyOf below anyOf, and references to what stands above, have no end.
#define VISITS_MAX 4096

SchemaChoices schema_choices_new(Arena *arena)
{
	return (SchemaChoices){arena, map_new(arena, &TYPE_ANY_MAP)};
}

typedef struct Walk {
	Arena *arena;
	const Value *root; // of the document, for references
	const Str *keys;
	size_t count, visits;
	List *out;
} Walk;

static void add(Walk *w, const Value *v)
{
	if (w->out->len == SCHEMA_CHOICES_MAX || v->kind == V_LIST || v->kind == V_MAP ||
	    value_is_null(v))
		return;
	for (size_t i = 0; i < w->out->len; i++)
		if (value_equal(&w->out->items[i], v))
			return;
	list_push(w->arena, w->out, *v);
}

static bool names_type(const Value *type, const char *name)
{
	if (type->kind == V_STRING)
		return str_is(value_as_str(type), name);
	for (size_t i = 0; type->kind == V_LIST && i < type->list->len; i++)
		if (type->list->items[i].kind == V_STRING &&
		    str_is(value_as_str(&type->list->items[i]), name))
			return true;
	return false;
}

static void add_members(Walk *w, const Map *schema)
{
	const Value *members = map_get(schema, S("enum")), *constant = map_get(schema, S("const")),
		    *type = map_get(schema, S("type")),
		    both[] = {value_bool(true), value_bool(false)};

	for (size_t i = 0; members && members->kind == V_LIST && i < members->list->len; i++)
		add(w, &members->list->items[i]);
	if (constant)
		add(w, constant);
	for (size_t i = 0; type && names_type(type, "boolean") && !members && !constant && i < 2;
	     i++)
		add(w, &both[i]);
}

// Where "#/$defs/port" leads in the document; NULL elsewhere. Keys with escapes in them are not looked for.
static const Value *follow(const Walk *w, Str ref)
{
	const Value *at = w->root;
	Str key;

	if (!str_has_prefix(ref, S("#/")))
		return NULL;
	ref = str_from(ref, 2);
	while (at && str_cut(&ref, S("/"), &key))
		at = at->kind == V_MAP ? map_get(at->map, key) : NULL;
	return at;
}

static void walk(Walk *w, const Value *schema, size_t at);

static void walk_parts(Walk *w, const Map *schema, size_t at)
{
	static const char *const lists[] = {"allOf", "anyOf", "oneOf"};
	static const char *const schemas[] = {"then", "else"};
	const Value *ref = map_get(schema, S("$ref"));

	if (ref && ref->kind == V_STRING)
		walk(w, follow(w, value_as_str(ref)), at);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const Value *parts = map_get(schema, str_c(lists[i]));
		for (size_t j = 0; parts && parts->kind == V_LIST && j < parts->list->len; j++)
			walk(w, &parts->list->items[j], at);
	}
	for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
		walk(w, map_get(schema, str_c(schemas[i])), at);
}

static void walk(Walk *w, const Value *schema, size_t at)
{
	const Value *properties;

	if (!schema || schema->kind != V_MAP || ++w->visits > VISITS_MAX)
		return;
	if (at == w->count)
		add_members(w, schema->map);
	properties = map_get(schema->map, S("properties"));
	if (at < w->count && properties && properties->kind == V_MAP)
		walk(w, map_get(properties->map, w->keys[at]), at + 1);
	walk_parts(w, schema->map, at);
}

static const Value *read_schema(SchemaChoices *choices, Str text)
{
	Str address = str_n((const char *)&text.p, sizeof text.p);
	Value *known = map_get(choices->read, address);
	Diag ignored = diag_new(choices->arena);
	Value v;

	if (known)
		return known;
	if (!json_read(choices->arena, text, JSON_INT64, &v, &ignored))
		v = value_nil();
	map_set(choices->arena, choices->read, str_copy(choices->arena, address), v);
	return map_get(choices->read, address);
}

List *schema_choices(SchemaChoices *choices, const Chart *chart, const Str *keys, size_t count)
{
	Walk w = {.arena = choices->arena,
	          .keys = keys,
	          .count = count,
	          .out = list_new(choices->arena, &TYPE_ANY_LIST, 0)};
	const Chart *next;

	while (chart && w.count) {
		if (chart->has_schema) {
			w.root = read_schema(choices, chart->schema);
			walk(&w, w.root, 0);
		}
		next = NULL;
		for (size_t i = 0; i < chart->dep_count && !next; i++)
			if (str_eq(chart_name(chart->deps[i]), w.keys[0]))
				next = chart->deps[i];
		chart = next;
		w.keys++;
		w.count--;
	}
	return w.out;
}
