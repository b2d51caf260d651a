// The head of a rendered document: what Helm reads of every one of them, with the whole document
// checked.
//
// Almost all documents are plain mappings without anchors or odd keys: these are only walked
// through, and nothing is built. At the first thing that needs a second look the document is read
// in full, which finds the error's words.

#include "data/yaml.h"

#include "base/num.h"
#include "data/yaml_parse.h"
#include "data/yaml_quick.h"
#include "data/yaml_resolve.h"
#include "data/yaml_spell.h"

#include <string.h>

// Which part of the document an open collection is.
typedef enum Part { PART_OTHER, PART_ROOT, PART_METADATA, PART_ANNOTATIONS } Part;

typedef struct Level {
	bool mapping;
	bool value; // of mappings: a value comes next
	uint8_t part;
} Level;

typedef struct Walk {
	Arena *arena;
	Level *levels;
	size_t depth, cap;
	Str key; // the last one read
	YamlHead *head;
	size_t annotation_cap;
} Walk;

typedef enum Step { STEP_ON, STEP_DONE, STEP_LOOK } Step;

// A scalar as the string that Helm's head holds: numbers and booleans are spelled out.
static Str scalar_as_string(Arena *arena, Str text, const Scalar *scalar)
{
	Buf out = buf_new(arena);

	switch (scalar->kind) {
	case SCALAR_NULL:
		return (Str){0};
	case SCALAR_BOOL:
		return scalar->b ? S("true") : S("false");
	case SCALAR_INT:
		num_format_int(&out, scalar->i, 10);
		return buf_view(&out);
	case SCALAR_UINT:
		num_format_uint(&out, scalar->u, 10);
		return buf_view(&out);
	case SCALAR_FLOAT:
		spell_float(&out, scalar->f, false);
		return buf_view(&out);
	default:
		return text;
	}
}

static void add_annotation(Walk *w, Str key, Str value)
{
	YamlHead *head = w->head;

	for (size_t i = 0; i < head->annotation_count; i++) {
		if (str_eq(head->annotations[i].key, key)) {
			head->annotations[i].value = value;
			return;
		}
	}
	VEC_PUSH(w->arena, head->annotations, head->annotation_count, w->annotation_cap) =
		(YamlPair){key, value};
}

static Str *head_field(Walk *w, Part part)
{
	if (part == PART_ROOT && str_is(w->key, "apiVersion"))
		return &w->head->version;
	if (part == PART_ROOT && str_is(w->key, "kind"))
		return &w->head->kind;
	if (part == PART_METADATA && str_is(w->key, "name"))
		return &w->head->name;
	return NULL;
}

static bool is_head_key(Part part, Str key)
{
	if (part == PART_ROOT)
		return str_ieq(key, S("apiVersion")) || str_ieq(key, S("kind")) ||
		       str_ieq(key, S("metadata"));
	return part == PART_METADATA && (str_ieq(key, S("name")) || str_ieq(key, S("annotations")));
}

static bool is_exact_key(Str key)
{
	return str_is(key, "apiVersion") || str_is(key, "kind") || str_is(key, "metadata") ||
	       str_is(key, "name") || str_is(key, "annotations");
}

// Whether a plain key is surely a string: letters that begin no word of YAML's, and no merge key.
static bool is_string_key(const YamlEvent *event)
{
	if (!event->implicit)
		return true;
	if (event->value.len == 0 || event->value.p[0] == '<')
		return false;
	ScalarKind kind = scalar_resolve(event->value, YAML_V2).kind;
	return kind == SCALAR_STR || kind == SCALAR_BOOL || kind == SCALAR_INT ||
	       kind == SCALAR_TIMESTAMP;
}

static Step walk_key(Walk *w, Level *level, const YamlEvent *event)
{
	if (!is_string_key(event))
		return STEP_LOOK;
	if (level->part != PART_OTHER) {
		// What is set twice, or by a key that JSON takes for it though its case differs:
		// look.
		if (event->implicit && scalar_resolve(event->value, YAML_V2).kind != SCALAR_STR)
			return STEP_LOOK;
		if (is_head_key(level->part, event->value) && !is_exact_key(event->value))
			return STEP_LOOK;
	}
	w->key = event->value;
	level->value = true;
	return STEP_ON;
}

// A value that a string of the head may hold, or that JSON must be able to hold.
static Step walk_scalar(Walk *w, Level *level, const YamlEvent *event)
{
	Part part = level->part;
	Str *field = head_field(w, part);
	bool collection = (part == PART_ROOT && str_is(w->key, "metadata")) ||
	                  (part == PART_METADATA && str_is(w->key, "annotations"));

	if (!event->implicit) {
		if (collection)
			return STEP_LOOK;
		if (field)
			*field = event->value;
		else if (part == PART_ANNOTATIONS)
			add_annotation(w, w->key, event->value);
		return STEP_ON;
	}
	if (!field && !collection && part != PART_ANNOTATIONS) {
		// Only infinities and NaN need a look.
		char first = event->value.len > 0 ? event->value.p[0] : 'x';
		if (first != '.' && first != '+' && first != '-')
			return STEP_ON;
		Scalar scalar = scalar_resolve(event->value, YAML_V2);
		return scalar.kind == SCALAR_FLOAT ? STEP_LOOK : STEP_ON;
	}
	Scalar scalar = scalar_resolve(event->value, YAML_V2);
	if (collection)
		return scalar.kind == SCALAR_NULL ? STEP_ON : STEP_LOOK;
	Str text = scalar_as_string(w->arena, event->value, &scalar);
	if (part == PART_ANNOTATIONS)
		add_annotation(w, w->key, text);
	else if (scalar.kind != SCALAR_NULL)
		*field = text;
	return STEP_ON;
}

static Step walk_start(Walk *w, const YamlEvent *event)
{
	bool mapping = event->kind == EVENT_MAPPING_START;
	Part part = PART_OTHER;

	if (w->depth == 0) {
		if (!mapping)
			return STEP_LOOK;
		part = PART_ROOT;
	} else {
		Level *parent = &w->levels[w->depth - 1];
		if (parent->mapping && !parent->value)
			return STEP_LOOK; // a collection as a key
		if (parent->part == PART_ANNOTATIONS || head_field(w, parent->part))
			return STEP_LOOK;
		if (parent->part == PART_ROOT && str_is(w->key, "metadata"))
			part = PART_METADATA;
		else if (parent->part == PART_METADATA && str_is(w->key, "annotations"))
			part = PART_ANNOTATIONS;
		if (part != PART_OTHER) {
			if (!mapping || (part == PART_METADATA ? w->head->has_metadata
			                                       : w->head->annotations != NULL))
				return STEP_LOOK;
			w->head->has_metadata = true;
		}
		parent->value = false;
	}
	if (w->depth >= YAML_DEPTH_LIMIT)
		return STEP_LOOK;
	VEC_PUSH(w->arena, w->levels, w->depth, w->cap) = (Level){mapping, false, (uint8_t)part};
	return STEP_ON;
}

static Step walk(Walk *w, const YamlEvent *event)
{
	switch (event->kind) {
	case EVENT_STREAM_START:
	case EVENT_DOCUMENT_START:
		return STEP_ON;
	case EVENT_STREAM_END:
	case EVENT_DOCUMENT_END:
		return STEP_DONE;
	case EVENT_SEQUENCE_END:
	case EVENT_MAPPING_END:
		w->depth--;
		return STEP_ON;
	default:
		break;
	}
	if (event->kind == EVENT_ALIAS || event->anchor.p || event->tag.p)
		return STEP_LOOK;
	if (event->kind != EVENT_SCALAR)
		return walk_start(w, event);
	if (w->depth == 0)
		return event->implicit && scalar_resolve(event->value, YAML_V2).kind == SCALAR_NULL
		               ? STEP_ON
		               : STEP_LOOK;
	Level *level = &w->levels[w->depth - 1];
	if (level->mapping && !level->value)
		return walk_key(w, level, event);
	level->value = false;
	return walk_scalar(w, level, event);
}

// --- the second look
// -------------------------------------------------------------------------------------

static const char *json_kind(const Value *v)
{
	switch ((ValueKind)v->kind) {
	case V_BOOL:
		return "bool";
	case V_STRING:
		return "string";
	case V_LIST:
		return "array";
	case V_MAP:
		return "object";
	default:
		return "number";
	}
}

static bool wrong_type(const Value *v, const char *what, Diag *diag)
{
	return diag_fail(diag,
	                 "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal %s "
	                 "into Go %s",
	                 json_kind(v), what);
}

static bool value_as_head_string(Walk *w, const Value *v, const char *field, Str *out, Diag *diag)
{
	Scalar scalar = {.kind = SCALAR_STR};

	switch ((ValueKind)v->kind) {
	case V_NIL:
		return true;
	case V_STRING:
		*out = value_as_str(v);
		return true;
	case V_BOOL:
		scalar = (Scalar){.kind = SCALAR_BOOL, .b = v->b};
		break;
	case V_INT64:
		scalar = (Scalar){.kind = SCALAR_INT, .i = v->i};
		break;
	case V_UINT64:
		scalar = (Scalar){.kind = SCALAR_UINT, .u = v->u};
		break;
	case V_FLOAT64:
		scalar = (Scalar){.kind = SCALAR_FLOAT, .f = v->f};
		break;
	default:
		return diag_fail(diag,
		                 "error unmarshaling JSON: while decoding JSON: json: cannot "
		                 "unmarshal %s into Go "
		                 "struct field %s of type string",
		                 json_kind(v), field);
	}
	*out = scalar_as_string(w->arena, (Str){0}, &scalar);
	return true;
}

static bool read_annotations(Walk *w, const Value *v, Diag *diag)
{
	if (v->kind == V_NIL)
		return true;
	if (v->kind != V_MAP)
		return wrong_type(v, "struct field .metadata.annotations of type map[string]string",
		                  diag);
	map_sort(v->map);
	for (size_t i = 0; i < v->map->len; i++) {
		const MapEntry *entry = &v->map->entries[i];
		Str text = {0};
		if (!value_as_head_string(w, &entry->value, ".metadata.annotations", &text, diag))
			return false;
		add_annotation(w, entry->key, text);
	}
	return true;
}

static bool read_metadata(Walk *w, const Value *v, Diag *diag)
{
	if (v->kind == V_NIL)
		return true;
	if (v->kind != V_MAP)
		return wrong_type(v,
		                  "struct field SimpleHead.metadata of type struct { Name string "
		                  "\"json:\\\"name\\\"\"; "
		                  "Annotations map[string]string \"json:\\\"annotations\\\"\" }",
		                  diag);
	w->head->has_metadata = true;
	map_sort(v->map);
	for (size_t i = 0; i < v->map->len; i++) {
		const MapEntry *entry = &v->map->entries[i];
		bool ok = true;
		if (str_ieq(entry->key, S("name")))
			ok = value_as_head_string(w, &entry->value, ".metadata.name",
			                          &w->head->name, diag);
		else if (str_ieq(entry->key, S("annotations")))
			ok = read_annotations(w, &entry->value, diag);
		if (!ok)
			return false;
	}
	return true;
}

// In the order of the keys in JSON, where the first error wins.
static bool read_in_full(Walk *w, Str text, Diag *diag)
{
	YamlValueOptions options = {.ints = true, .head = true};
	Value v;

	*w->head = (YamlHead){0};
	w->annotation_cap = 0;
	if (!yaml_read_value(w->arena, text, &options, &v, diag))
		return false;
	if (v.kind == V_NIL)
		return true;
	if (v.kind != V_MAP)
		return wrong_type(&v, "value of type util.SimpleHead", diag);
	map_sort(v.map);
	for (size_t i = 0; i < v.map->len; i++) {
		const MapEntry *entry = &v.map->entries[i];
		bool ok = true;
		if (str_ieq(entry->key, S("apiVersion")))
			ok = value_as_head_string(w, &entry->value, "SimpleHead.apiVersion",
			                          &w->head->version, diag);
		else if (str_ieq(entry->key, S("kind")))
			ok = value_as_head_string(w, &entry->value, "SimpleHead.kind",
			                          &w->head->kind, diag);
		else if (str_ieq(entry->key, S("metadata")))
			ok = read_metadata(w, &entry->value, diag);
		if (!ok)
			return false;
	}
	return true;
}

static bool take_quick(void *context, const YamlEvent *event)
{
	Walk *w = context;

	// What such a scalar says, the quick reader does not tell, and the head may want it.
	if (event->kind == EVENT_SCALAR && event->style == SCALAR_LITERAL && w->depth) {
		const Level *level = &w->levels[w->depth - 1];
		if (level->part == PART_ANNOTATIONS || (level->value && head_field(w, level->part)))
			return false;
	}
	return walk(w, event) == STEP_ON;
}

bool yaml_scan_head(Arena *arena, Str text, YamlHead *head, Diag *diag)
{
	Walk w = {.arena = arena, .head = head};
	Parser parser;
	YamlEvent event;
	Step step = STEP_ON;

	*head = (YamlHead){0};
	if (yaml_quick_read(arena, text, take_quick, &w))
		return true;
	*head = (YamlHead){0};
	w = (Walk){.arena = arena, .head = head};
	Arena *scratch = arena_scratch(arena);
	parser_open(&parser, arena, scratch, text, YAML_V2, false);
	bool ok = true;
	while (step == STEP_ON && ok) {
		ok = parser_next(&parser, &event);
		if (ok)
			step = walk(&w, &event);
	}
	if (!ok)
		parser_fail(&parser, (Str){0}, diag);
	arena_scratch_free(arena, scratch);
	if (!ok)
		return diag_wrap(diag, "error converting YAML to JSON");
	return step == STEP_DONE || read_in_full(&w, text, diag);
}
