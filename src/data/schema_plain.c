// A quick look over a schema: one walk, which builds nothing but the regular expressions that checking values needs
// anyway. Whatever it is not sure of, it leaves to the metaschema.

#include "data/schema_plain.h"

#include "base/regex.h"
#include "data/json.h"

#include <string.h>

// Deeper schemas, and longer lists whose items must differ, are left to the metaschema.
#define PLAIN_DEPTH  100
#define PLAIN_LIST   64
#define PLAIN_DIGITS 15

typedef struct Plain {
	Arena *arena;
	Map *regexes;
	int draft;
	int depth;
} Plain;

typedef bool PlainCheck(Plain *p, const Value *v);

static bool plain_schema(Plain *p, const Value *v);

static bool plain_any(Plain *p, const Value *v)
{
	(void)p, (void)v;
	return true;
}

static bool plain_never(Plain *p, const Value *v)
{
	(void)p, (void)v;
	return false;
}

static bool plain_string(Plain *p, const Value *v)
{
	(void)p;
	return v->kind == V_STRING;
}

static bool plain_bool(Plain *p, const Value *v)
{
	(void)p;
	return v->kind == V_BOOL;
}

static bool plain_list(Plain *p, const Value *v)
{
	(void)p;
	return v->kind == V_LIST;
}

// The text of a number of the given bytes only; empty for all else.
static Str digits_of(const Value *v, const char *bytes)
{
	Str text;

	if (v->kind != V_OBJECT || v->object->type != &TYPE_JSON_NUMBER)
		return S("");
	text = *(const Str *)v->object->data;
	if (text.len > PLAIN_DIGITS)
		return S("");
	for (size_t i = 0; i < text.len; i++)
		if (!strchr(bytes, text.p[i]))
			return S("");
	return text;
}

static bool plain_count(Plain *p, const Value *v)
{
	(void)p;
	return digits_of(v, "0123456789").len > 0;
}

static bool plain_number(Plain *p, const Value *v)
{
	(void)p;
	return digits_of(v, "-.0123456789").len > 0;
}

static bool plain_above_0(Plain *p, const Value *v)
{
	Str text = digits_of(v, ".0123456789");

	(void)p;
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] > '0')
			return true;
	return false;
}

// In draft 4 it is a flag that stands beside a limit.
static bool plain_exclusive(Plain *p, const Value *v)
{
	return p->draft > 4 && plain_number(p, v);
}

static bool plain_strings(Plain *p, const Value *v)
{
	const Value *items;

	if (v->kind != V_LIST || v->list->len > PLAIN_LIST || (p->draft == 4 && !v->list->len))
		return false;
	items = v->list->items;
	for (size_t i = 0; i < v->list->len; i++) {
		if (items[i].kind != V_STRING)
			return false;
		for (size_t j = 0; j < i; j++)
			if (str_eq(value_as_str(&items[i]), value_as_str(&items[j])))
				return false;
	}
	return true;
}

static bool plain_enum(Plain *p, const Value *v)
{
	if (p->draft >= 2019)
		return v->kind == V_LIST;
	return plain_strings(p, v) && v->list->len;
}

static bool plain_type(Plain *p, const Value *v)
{
	static const char *const NAMES[] = {"string", "object", "integer", "boolean",
	                                    "array",  "number", "null"};

	if (v->kind == V_LIST) {
		if (!v->list->len || !plain_strings(p, v))
			return false;
		for (size_t i = 0; i < v->list->len; i++)
			if (!plain_type(p, &v->list->items[i]))
				return false;
		return true;
	}
	for (size_t i = 0; v->kind == V_STRING && i < sizeof NAMES / sizeof *NAMES; i++)
		if (str_is(value_as_str(v), NAMES[i]))
			return true;
	return false;
}

static bool plain_ref(Plain *p, const Value *v)
{
	Str ref;

	(void)p;
	if (v->kind != V_STRING)
		return false;
	ref = value_as_str(v);
	if (!str_is(ref, "#") && !str_has_prefix(ref, S("#/")))
		return false;
	for (size_t i = 1; i < ref.len; i++) {
		char c = ref.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c && strchr("/$-._", c))))
			return false;
	}
	return true;
}

static bool plain_regex(Plain *p, Str pattern)
{
	Diag ignored = diag_new(p->arena);
	Regex *regex;

	if (map_get(p->regexes, pattern))
		return true;
	if (!regex_compile(p->arena, pattern, &regex, &ignored))
		return false;
	map_set(p->arena, p->regexes, pattern, (Value){.kind = V_INVALID, .pointer = regex});
	return true;
}

static bool plain_pattern(Plain *p, const Value *v)
{
	return v->kind == V_STRING && plain_regex(p, value_as_str(v));
}

static bool plain_map(Plain *p, const Value *v)
{
	if (v->kind != V_MAP)
		return false;
	for (size_t i = 0; i < v->map->len; i++)
		if (!plain_schema(p, &v->map->entries[i].value))
			return false;
	return true;
}

static bool plain_patterns(Plain *p, const Value *v)
{
	if (v->kind != V_MAP)
		return false;
	for (size_t i = 0; i < v->map->len; i++)
		if (!plain_regex(p, v->map->entries[i].key))
			return false;
	return plain_map(p, v);
}

static bool plain_schemas(Plain *p, const Value *v)
{
	if (v->kind != V_LIST || !v->list->len)
		return false;
	for (size_t i = 0; i < v->list->len; i++)
		if (!plain_schema(p, &v->list->items[i]))
			return false;
	return true;
}

static bool plain_items(Plain *p, const Value *v)
{
	return v->kind == V_LIST ? p->draft < 2020 && plain_schemas(p, v) : plain_schema(p, v);
}

static bool plain_prefix_items(Plain *p, const Value *v)
{
	return p->draft >= 2020 && plain_schemas(p, v);
}

static bool plain_additional(Plain *p, const Value *v)
{
	return v->kind == V_BOOL || plain_schema(p, v);
}

// What is not here means nothing to any draft.
static const struct {
	const char *key;
	PlainCheck *check;
} keywords[] = {
	{"type", plain_type},
	{"enum", plain_enum},
	{"$ref", plain_ref},
	{"title", plain_string},
	{"items", plain_items},
	{"anyOf", plain_schemas},
	{"allOf", plain_schemas},
	{"oneOf", plain_schemas},
	{"const", plain_any},
	{"not", plain_schema},
	{"if", plain_schema},
	{"then", plain_schema},
	{"else", plain_schema},
	{"id", plain_never},
	{"$id", plain_never},
	{"$defs", plain_map},
	{"format", plain_string},
	{"default", plain_any},
	{"minimum", plain_number},
	{"maximum", plain_number},
	{"pattern", plain_pattern},
	{"$schema", plain_never},
	{"$anchor", plain_never},
	{"required", plain_strings},
	{"examples", plain_list},
	{"contains", plain_schema},
	{"readOnly", plain_bool},
	{"minItems", plain_count},
	{"maxItems", plain_count},
	{"$comment", plain_string},
	{"minLength", plain_count},
	{"maxLength", plain_count},
	{"writeOnly", plain_bool},
	{"properties", plain_map},
	{"deprecated", plain_bool},
	{"multipleOf", plain_above_0},
	{"description", plain_string},
	{"definitions", plain_map},
	{"uniqueItems", plain_bool},
	{"prefixItems", plain_prefix_items},
	{"minContains", plain_count},
	{"maxContains", plain_count},
	{"$dynamicRef", plain_never},
	{"$vocabulary", plain_never},
	{"dependencies", plain_never},
	{"minProperties", plain_count},
	{"maxProperties", plain_count},
	{"propertyNames", plain_schema},
	{"contentSchema", plain_never},
	{"$recursiveRef", plain_never},
	{"$dynamicAnchor", plain_never},
	{"additionalItems", plain_additional},
	{"contentEncoding", plain_never},
	{"unevaluatedItems", plain_schema},
	{"exclusiveMinimum", plain_exclusive},
	{"exclusiveMaximum", plain_exclusive},
	{"dependentSchemas", plain_never},
	{"$recursiveAnchor", plain_never},
	{"contentMediaType", plain_never},
	{"patternProperties", plain_patterns},
	{"dependentRequired", plain_never},
	{"additionalProperties", plain_additional},
	{"unevaluatedProperties", plain_schema},
};

static bool plain_keyword(Plain *p, Str key, const Value *v)
{
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (key.len && key.p[0] == keywords[i].key[0] && str_is(key, keywords[i].key))
			return keywords[i].check(p, v);
	return true;
}

static bool plain_entries(Plain *p, const Map *map, bool root)
{
	for (size_t i = 0; i < map->len; i++)
		if (!(root && str_is(map->entries[i].key, "$schema")) &&
		    !plain_keyword(p, map->entries[i].key, &map->entries[i].value))
			return false;
	return true;
}

static bool plain_schema(Plain *p, const Value *v)
{
	bool ok;

	if (v->kind == V_BOOL)
		return p->draft > 4;
	if (v->kind != V_MAP || p->depth >= PLAIN_DEPTH)
		return false;
	p->depth++;
	ok = plain_entries(p, v->map, false);
	p->depth--;
	return ok;
}

bool schema_is_plain(Arena *arena, const Value *doc, int draft, Map *regexes)
{
	Plain p = {.arena = arena, .regexes = regexes, .draft = draft};

	return doc->kind == V_MAP && plain_entries(&p, doc->map, true);
}
