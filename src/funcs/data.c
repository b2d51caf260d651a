// YAML, JSON and TOML, out and in. Most of these are Helm's own, which differ from Sprig's: they
// never fail, but give an empty string, or a dictionary with the key Error, or a list that holds
// the message.

#include "data/json.h"
#include "data/toml.h"
#include "data/yaml.h"
#include "funcs/cast.h"
#include "funcs/dates.h"
#include "funcs/families.h"

#include <math.h>
#include <string.h>

static const JsonStyle COMPACT = {.escape_html = true};
static const JsonStyle PRETTY = {.escape_html = true, .indent = "  "};
static const JsonStyle RAW = {.escape_html = false};

// --- writing ---

// What the Go function does when the value can't be written.
typedef enum OnError { GIVE_EMPTY, GIVE_MESSAGE, FAIL } OnError;

static bool return_written(Call *c, Text *text, bool ok, const Diag *diag, OnError on_error)
{
	if (ok)
		return call_return_text(c, text);
	if (on_error == FAIL)
		return call_fail_str(c, diag->message);
	return on_error == GIVE_MESSAGE ? call_return_str(c, diag->message) : call_return_c(c, "");
}

static void drop_last_newline(Text *text)
{
	if (text->buf.len && text->buf.p[text->buf.len - 1] == '\n')
		text_truncate(text, text->buf.len - 1);
}

static bool return_yaml(Call *c, bool (*write)(Text *, const Value *, Diag *), OnError on_error)
{
	Text text = call_text(c);
	Diag diag = diag_new(c->arena);
	bool ok;

	// What goes too deep is the writer's to refuse: of a dictionary that holds itself Helm's
	// toYaml makes nothing.
	if (!cast_is_countable(&c->args[0]))
		return cast_fail_unbounded(c);
	ok = write(&text, &c->args[0], &diag);

	// There Go's writer panics, which fails the call whatever the function does with errors.
	if (!ok && str_has_prefix(diag.message, S("cannot marshal type: ")))
		return call_fail_str(c, diag.message);
	drop_last_newline(&text);
	return return_written(c, &text, ok, &diag, on_error);
}

static bool to_yaml(Call *c)
{
	return return_yaml(c, yaml_write_value, GIVE_EMPTY);
}

static bool must_to_yaml(Call *c)
{
	return return_yaml(c, yaml_write_value, FAIL);
}

static bool to_yaml_pretty(Call *c)
{
	return return_yaml(c, yaml_write_value_pretty, GIVE_EMPTY);
}

static bool return_json(Call *c, JsonStyle style, OnError on_error)
{
	Text text = call_text(c);
	Diag diag = diag_new(c->arena);
	bool ok = json_write(&text, &c->args[0], style, &diag);

	return return_written(c, &text, ok, &diag, on_error);
}

static bool to_json(Call *c)
{
	return return_json(c, COMPACT, GIVE_EMPTY);
}

static bool must_to_json(Call *c)
{
	return return_json(c, COMPACT, FAIL);
}

static bool to_pretty_json(Call *c)
{
	return return_json(c, PRETTY, GIVE_EMPTY);
}

static bool must_to_pretty_json(Call *c)
{
	return return_json(c, PRETTY, FAIL);
}

// Sprig's toRawJson panics where its mustToRawJson fails: one message.
static bool to_raw_json(Call *c)
{
	return return_json(c, RAW, FAIL);
}

static bool to_toml(Call *c)
{
	Text text = call_text(c);
	Diag diag = diag_new(c->arena);
	bool ok;

	if (value_is_null(&c->args[0]))
		return call_fail(c, "reflect: call of reflect.Value.Type on zero Value");
	ok = toml_write(&text, &c->args[0], &diag);
	return return_written(c, &text, ok, &diag, GIVE_MESSAGE);
}

// --- origins of what was read ---

// Depth up to which leaves get their origin: deeper ones are read all the same.
#define ORIGIN_DEPTH_LIMIT 1000

static void set_origin(Value *v, const Origin *origin, int depth)
{
	if (!v->origin)
		v->origin = origin;
	if (depth == ORIGIN_DEPTH_LIMIT)
		return;
	if (v->kind == V_LIST) {
		for (size_t i = 0; i < v->list->len; i++)
			set_origin(&v->list->items[i], origin, depth + 1);
	} else if (v->kind == V_MAP) {
		for (size_t i = 0; i < v->map->len; i++)
			set_origin(&v->map->entries[i].value, origin, depth + 1);
	}
}

// Every leaf comes from the text that was read: which byte of it is not known, so the whole text is
// what it was made from.
static bool return_read(Call *c, Value v)
{
	Str text = call_str(c, 0);

	if (c->traced && text.origin)
		set_origin(&v, origin_derived(c->arena, &text, 1), 0);
	return call_return(c, v);
}

// --- reading ---

static Map *new_map(Call *c)
{
	return map_new(c->arena, &TYPE_ANY_MAP);
}

static bool return_error_map(Call *c, Map *map, Str message)
{
	map_set(c->arena, map, S("Error"), value_str(message));
	return return_read(c, value_map(map));
}

static bool return_error_list(Call *c, Str message)
{
	List *list = list_new(c->arena, &TYPE_ANY_LIST, 1);

	list_push(c->arena, list, value_str(message));
	return return_read(c, value_list(list));
}

// encoding/json's name of what stands in the text.
static const char *json_name(const Value *v)
{
	switch (v->kind) {
	case V_MAP:
		return "object";
	case V_LIST:
		return "array";
	case V_STRING:
		return "string";
	case V_BOOL:
		return "bool";
	}
	return "number";
}

static Str wrong_shape(Call *c, const Value *v, ValueKind wanted)
{
	return str_printf(c->arena, "json: cannot unmarshal %s into Go value of type %s",
	                  json_name(v), wanted == V_MAP ? TYPE_ANY_MAP.name : TYPE_ANY_LIST.name);
}

// Numbers that no float64 can hold are infinite now; Go leaves nil in their place.
static void drop_infinite(Value *v)
{
	if (v->kind == V_FLOAT64 && isinf(v->f)) {
		*v = value_nil();
	} else if (v->kind == V_LIST) {
		for (size_t i = 0; i < v->list->len; i++)
			drop_infinite(&v->list->items[i]);
	} else if (v->kind == V_MAP) {
		for (size_t i = 0; i < v->map->len; i++)
			drop_infinite(&v->map->entries[i].value);
	}
}

// Reads JSON that should be a map or list. Null gives Go's nil map or list. False with a message
// where Go's Unmarshal returns an error; *v is then what it had filled before: of numbers that are
// too large, all others.
static bool read_json(Call *c, ValueKind wanted, Value *v, Str *message)
{
	Diag diag = diag_new(c->arena);
	bool ok;

	*v = value_nil();
	ok = json_read(c->arena, call_str(c, 0), JSON_FLOAT64, v, &diag);
	if (!ok) {
		*message = diag.message;
		if (!str_has_prefix(diag.message, S("json: cannot unmarshal number ")))
			*v = value_nil();
		else if (v->kind != wanted)
			*message = wrong_shape(c, v, wanted);
		drop_infinite(v);
	} else if (v->kind != wanted && !value_is_null(v)) {
		*message = wrong_shape(c, v, wanted);
		ok = false;
	}
	return ok;
}

static bool from_json(Call *c)
{
	Value v;
	Str message;

	if (!read_json(c, V_MAP, &v, &message))
		return return_error_map(c, v.kind == V_MAP ? v.map : new_map(c), message);
	if (value_is_null(&v)) {
		v = value_map(new_map(c));
		v.map->nil = true;
	}
	return return_read(c, v);
}

static bool from_json_array(Call *c)
{
	Value v;
	Str message;

	if (!read_json(c, V_LIST, &v, &message))
		return return_error_list(c, message);
	if (value_is_null(&v)) {
		v = value_list(list_new(c->arena, &TYPE_ANY_LIST, 0));
		v.list->nil = true;
	}
	return return_read(c, v);
}

static bool must_from_json(Call *c)
{
	Diag diag = diag_new(c->arena);
	Value v = value_nil();

	if (!json_read(c->arena, call_str(c, 0), JSON_FLOAT64, &v, &diag))
		return call_fail_str(c, diag.message);
	return return_read(c, v);
}

// Helm goes through JSON: YAML's own errors are those of the conversion, a wrong shape is an error
// of JSON.
static bool read_yaml(Call *c, ValueKind wanted, Value *v, Str *message)
{
	const YamlValueOptions options = {.ints = false};
	Diag diag = diag_new(c->arena);

	*v = value_nil();
	if (!yaml_read_value(c->arena, call_str(c, 0), &options, v, &diag)) {
		*message = diag.message;
		return false;
	}
	if (v->kind == wanted || value_is_null(v))
		return true;
	*message = str_concat(c->arena, S("error unmarshaling JSON: while decoding JSON: "),
	                      wrong_shape(c, v, wanted));
	return false;
}

static bool from_yaml(Call *c)
{
	Value v;
	Str message;

	if (!read_yaml(c, V_MAP, &v, &message))
		return return_error_map(c, new_map(c), message);
	return return_read(c, value_is_null(&v) ? value_map(new_map(c)) : v);
}

static bool from_yaml_array(Call *c)
{
	Value v;
	Str message;

	if (!read_yaml(c, V_LIST, &v, &message))
		return return_error_list(c, message);
	return return_read(c, value_is_null(&v) ? value_list(list_new(c->arena, &TYPE_ANY_LIST, 0))
	                                        : v);
}

// The zones of local times keep their names: toToml tells by them that no zone was written.
static Value time_from_toml(Arena *arena, const TomlTime *t)
{
	const Zone *zone =
		strcmp(t->zone, "UTC") ? zone_fixed(arena, str_c(t->zone), t->offset) : NULL;
	GoTime time = gotime_from_date(t->year, t->month, t->day, t->hour, t->minute, t->second,
	                               t->nanosecond, zone);

	return time_value(arena, &time);
}

static bool from_toml(Call *c)
{
	Diag diag = diag_new(c->arena);
	Value v = value_nil();

	if (!toml_read_with(c->arena, call_str(c, 0), time_from_toml, &v, &diag))
		return return_error_map(c, new_map(c), diag.message);
	return return_read(c, v);
}

const Func data_funcs[] = {
	{"fromJson", "string -> dict",
         "the dictionary in JSON text; with the key Error where it is none", from_json,
         "{{ (fromJson \"{\\\"a\\\": [1, 2]}\").a }} => [1 2]"},
	{"fromJsonArray", "string -> list",
         "the list in JSON text; a list of the error where it is none", from_json_array,
         "{{ fromJsonArray \"[1, \\\"a\\\"]\" }} => [1 a]"},
	{"fromToml", "string -> dict",
         "the dictionary in TOML text; with the key Error where it is none", from_toml,
         "{{ (fromToml \"a = 1\").a }} => 1"},
	{"fromYaml", "string -> dict",
         "the dictionary in YAML text; with the key Error where it is none", from_yaml,
         "{{ (fromYaml \"a: [1, 2]\").a }} => [1 2]"},
	{"fromYamlArray", "string -> list",
         "the list in YAML text; a list of the error where it is none", from_yaml_array,
         "{{ fromYamlArray \"[1, a]\" }} => [1 a]"},
	{"mustFromJson", "string -> any", "the value in JSON text, whatever it is", must_from_json,
         "{{ mustFromJson \"[1, 2]\" }} => [1 2]"},
	{"mustToJson", "any -> string", "as toJson, but fails where that gives an empty string",
         must_to_json, "{{ mustToJson (dict \"a\" 1) }} => {\"a\":1}"},
	{"mustToPrettyJson", "any -> string",
         "as toPrettyJson, but fails where that gives an empty string", must_to_pretty_json,
         "{{ mustToPrettyJson (list) }} => []"},
	{"mustToRawJson", "any -> string", "as toRawJson", to_raw_json,
         "{{ mustToRawJson \"<a>\" }} => \"<a>\""},
	{"mustToYaml", "any -> string", "as toYaml, but fails where that gives an empty string",
         must_to_yaml, "{{ mustToYaml (dict \"a\" 1) }} => a: 1"},
	{"toJson", "any -> string", "the value as JSON, with < > & escaped", to_json,
         "{{ toJson (dict \"a\" (list 1 \"<\")) }} => {\"a\":[1,\"\\u003c\"]}"},
	{"toPrettyJson", "any -> string", "the value as JSON in indented lines", to_pretty_json,
         "{{ toPrettyJson (dict \"a\" 1) | quote }} => \"{\\n  \\\"a\\\": 1\\n}\""},
	{"toRawJson", "any -> string", "the value as JSON, with < > & as they are", to_raw_json,
         "{{ toRawJson (list \"<\" \">\") }} => [\"<\",\">\"]"},
	{"toToml", "any -> string", "the value as TOML; the error where it can't be", to_toml,
         "{{ toToml (dict \"a\" 1) | trim }} => a = 1"},
	{"toYaml", "any -> string", "the value as YAML, without a line end behind it", to_yaml,
         "{{ toYaml (dict \"b\" \"x\" \"a\" (list 1 2)) | quote }} => \"a:\\n- 1\\n- 2\\nb: x\""},
	{"toYamlPretty", "any -> string", "as toYaml, with lists indented in what holds them",
         to_yaml_pretty,
         "{{ toYamlPretty (dict \"a\" (list 1 2)) | quote }} => \"a:\\n  - 1\\n  - 2\""},
	{NULL, NULL, NULL, NULL, NULL},
};
