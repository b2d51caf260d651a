// Runs a compiled schema over a value and words what is wrong with it.
//
// Errors make a tree: a keyword like allOf holds the errors of its parts. Where only the answer counts (below
// `not`, `if`), none are made.

#include "base/num.h"
#include "data/json.h"
#include "data/schema_graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Schemas times values nest at most so deep; checking recurses.
#define DEPTH_MAX 2000
// Schemas that refer to one another can ask for more steps than the universe has time for.
#define STEPS_MAX 10000000

typedef enum ErrorKind { ERROR_PLAIN, ERROR_GROUP, ERROR_REFERENCE } ErrorKind;

typedef struct Error Error;
struct Error {
	ErrorKind kind;
	Str place;    // JSON pointer in the value
	Str message;  // not of references and groups
	Value *about; // the values at fault
	size_t about_len, about_cap;
	Error **causes;
	size_t len, cap;
};

// The way to a value: object keys and list indexes.
typedef struct Step {
	const struct Step *parent;
	Str key;
	size_t index;
	bool is_index;
} Step;

// Which schemas are being applied, to which value.
typedef struct Scope {
	const struct Scope *parent;
	const Schema *schema;
	const char *ref_keyword; // the keyword that led here, where it was a reference
	int value_id;            // the same for scopes of the same value
	int depth;
} Scope;

// Properties and items that no keyword has looked at yet. NULL: nobody asks.
typedef struct Unevaluated {
	bool *flags;
	size_t len, left;
} Unevaluated;

typedef struct Runner {
	Arena *arena;
	Diag *diag;
	SchemaRoot *root; // the document being checked by its metaschema
	size_t steps;
	bool stopped;
	Error any; // what stands for any error where only the answer counts
} Runner;

typedef struct Check {
	Runner *run;
	const Value *v;
	const Step *place;
	const Schema *schema;
	const Scope *scope;
	Unevaluated unevaluated;
	bool quick; // only the answer counts
	Schema *meta;
	Error **errors;
	size_t len, cap;
} Check;

static Error *check(Check *k);

// --- messages ---

void schema_quote(Buf *out, Str text)
{
	Buf quoted = buf_new(out->arena);

	num_quote(&quoted, text);
	buf_byte(out, '\'');
	for (size_t i = 1; i + 1 < quoted.len; i++) {
		if (quoted.p[i] == '\\' && quoted.p[i + 1] == '"' && i + 2 < quoted.len) {
			buf_byte(out, '"');
			i++;
		} else if (quoted.p[i] == '\\') {
			buf_byte(out, '\\');
			buf_byte(out, quoted.p[++i]);
		} else if (quoted.p[i] == '\'') {
			buf_c(out, "\\'");
		} else {
			buf_byte(out, quoted.p[i]);
		}
	}
	buf_byte(out, '\'');
}

static void quote_all(Buf *out, const Str *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_c(out, ", ");
		schema_quote(out, names[i]);
	}
}

// Digits in groups of three, as the reference's printer writes whole numbers for English.
static void write_grouped(Buf *out, Str digits)
{
	size_t sign = digits.len && digits.p[0] == '-';

	for (size_t i = 0; i < digits.len; i++) {
		if (i > sign && (digits.len - i) % 3 == 0)
			buf_byte(out, ',');
		buf_byte(out, digits.p[i]);
	}
}

static void write_count(Buf *out, int64_t n)
{
	Buf digits = buf_new(out->arena);

	num_format_int(&digits, n, 10);
	write_grouped(out, buf_view(&digits));
}

// 1,234.5 and 1.5×10²¹.
static void write_decimal(Buf *out, const Decimal *d)
{
	static const char *const superscripts[] = {"⁰", "¹", "²", "³", "⁴",
	                                           "⁵", "⁶", "⁷", "⁸", "⁹"};
	double f = decimal_double(out->arena, d);
	Buf text = buf_new(out->arena);
	size_t e, point;
	Str s;

	if (isinf(f)) {
		buf_c(out, f < 0 ? "-∞" : "∞");
		return;
	}
	num_format_float(&text, f, 'g', -1);
	s = buf_view(&text);
	e = str_find_byte(s, 'e');
	if (e == STR_NONE) {
		point = str_find_byte(s, '.');
		write_grouped(out, str_to(s, point));
		if (point != STR_NONE)
			buf_str(out, str_from(s, point));
		return;
	}
	buf_str(out, str_to(s, e));
	buf_c(out, "×10");
	for (size_t i = e + 1; i < s.len; i++) {
		if (s.p[i] == '-')
			buf_c(out, "⁻");
		else if (s.p[i] != '+')
			buf_c(out, superscripts[s.p[i] - '0']);
	}
}

// A scalar as messages show it.
static void write_scalar(Buf *out, const Value *v)
{
	switch ((ValueKind)v->kind) {
	case V_STRING:
		schema_quote(out, value_as_str(v));
		break;
	case V_LIST:
	case V_MAP:
		buf_c(out, "value");
		break;
	case V_INVALID:
	case V_NIL:
		buf_c(out, "<nil>");
		break;
	case V_BOOL:
		buf_c(out, v->b ? "true" : "false");
		break;
	case V_OBJECT:
		if (v->object->type->format)
			v->object->type->format(v->object, out);
		break;
	default:
		if (value_is_float(v))
			num_print_float(out, v->f);
		else if (value_is_uint(v))
			num_format_uint(out, v->u, 10);
		else
			num_format_int(out, v->i, 10);
	}
}

static Str place_text(Arena *arena, const Step *place)
{
	const Step **steps = NULL;
	size_t len = 0, cap = 0;
	Buf out = buf_new(arena);

	for (; place; place = place->parent)
		VEC_PUSH(arena, steps, len, cap) = place;
	while (len--) {
		buf_byte(&out, '/');
		if (steps[len]->is_index)
			num_format_uint(&out, steps[len]->index, 10);
		else
			schema_escape_token(&out, steps[len]->key);
	}
	return buf_view(&out);
}

// --- making errors ---

static Error *make_error(Check *k, ErrorKind kind, Str message)
{
	Error *error;

	if (k->quick)
		return &k->run->any;
	error = ARENA_NEW(k->run->arena, Error);
	error->kind = kind;
	error->place = place_text(k->run->arena, k->place);
	error->message = message;
	VEC_PUSH(k->run->arena, error->about, error->about_len, error->about_cap) = *k->v;
	return error;
}

static void add(Check *k, Error *error)
{
	if (error)
		VEC_PUSH(k->run->arena, k->errors, k->len, k->cap) = error;
}

static void add_cause(Check *k, Error *error, Error *cause)
{
	if (error != &k->run->any)
		VEC_PUSH(k->run->arena, error->causes, error->len, error->cap) = cause;
}

// An error with the errors that led to it.
static void add_with(Check *k, Str message, Error **causes, size_t len)
{
	Error *error = make_error(k, ERROR_PLAIN, message);

	for (size_t i = 0; i < len; i++)
		add_cause(k, error, causes[i]);
	add(k, error);
}

static void add_message(Check *k, Str message)
{
	add(k, make_error(k, ERROR_PLAIN, message));
}

// "KEYWORD: got 1, want 2"
static void add_counts(Check *k, const char *keyword, int64_t got, int64_t want)
{
	Buf message = buf_new(k->run->arena);

	buf_c(&message, keyword);
	buf_c(&message, ": got ");
	write_count(&message, got);
	buf_c(&message, ", want ");
	write_count(&message, want);
	add_message(k, buf_view(&message));
}

static void check_min(Check *k, const char *keyword, size_t got, SchemaCount want)
{
	if (want.set && (int64_t)got < want.n)
		add_counts(k, keyword, (int64_t)got, want.n);
}

static void check_max(Check *k, const char *keyword, size_t got, SchemaCount want)
{
	if (want.set && (int64_t)got > want.n)
		add_counts(k, keyword, (int64_t)got, want.n);
}

// --- equality ---

static bool is_number(const Value *v)
{
	if (v->kind == V_OBJECT)
		return v->object->type == &TYPE_JSON_NUMBER;
	return value_is_int(v) || value_is_uint(v) || value_is_float(v);
}

// 0 for what is none of JSON's.
static unsigned type_of(const Value *v)
{
	switch ((ValueKind)v->kind) {
	case V_INVALID:
	case V_NIL:
		return JSON_NULL;
	case V_BOOL:
		return JSON_BOOLEAN;
	case V_STRING:
		return JSON_STRING;
	case V_LIST:
		return JSON_ARRAY;
	case V_MAP:
		return JSON_OBJECT;
	default:
		return is_number(v) ? JSON_NUMBER : 0;
	}
}

static bool equal(Arena *arena, const Value *a, const Value *b);

static bool equal_lists(Arena *arena, const List *a, const List *b)
{
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++)
		if (!equal(arena, &a->items[i], &b->items[i]))
			return false;
	return true;
}

static bool equal_maps(Arena *arena, const Map *a, const Map *b)
{
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++) {
		const Value *other = map_get(b, a->entries[i].key);
		if (!other || !equal(arena, &a->entries[i].value, other))
			return false;
	}
	return true;
}

static bool equal(Arena *arena, const Value *a, const Value *b)
{
	Decimal x, y;

	if (type_of(a) != type_of(b))
		return false;
	switch (type_of(a)) {
	case JSON_NULL:
		return true;
	case JSON_BOOLEAN:
		return a->b == b->b;
	case JSON_STRING:
		return str_eq(value_as_str(a), value_as_str(b));
	case JSON_NUMBER:
		if (value_is_float(a) && value_is_float(b))
			return a->f == b->f;
		return decimal_of(arena, a, &x) && decimal_of(arena, b, &y) &&
		       decimal_cmp(&x, &y) == 0;
	case JSON_ARRAY:
		return equal_lists(arena, a->list, b->list);
	case JSON_OBJECT:
		return equal_maps(arena, a->map, b->map);
	}
	return false;
}

static uint64_t mix(uint64_t hash, uint64_t more)
{
	return (hash ^ more) * 0x9E3779B97F4A7C15u + (hash >> 29);
}

// Equal values have equal hashes.
static uint64_t hash_value(Arena *arena, const Value *v)
{
	uint64_t hash = type_of(v);
	Decimal d;

	switch (type_of(v)) {
	case JSON_BOOLEAN:
		return mix(hash, v->b);
	case JSON_STRING:
		return mix(hash, str_hash(value_as_str(v)));
	case JSON_NUMBER:
		if (decimal_of(arena, v, &d))
			hash = mix(mix(hash, str_hash(d.digits)),
			           (uint64_t)d.point * 2 + d.negative);
		return hash;
	case JSON_ARRAY:
		for (size_t i = 0; i < v->list->len; i++)
			hash = mix(hash, hash_value(arena, &v->list->items[i]));
		return hash;
	case JSON_OBJECT:
		map_sort(v->map);
		for (size_t i = 0; i < v->map->len; i++)
			hash = mix(mix(hash, str_hash(v->map->entries[i].key)),
			           hash_value(arena, &v->map->entries[i].value));
		return hash;
	}
	return hash;
}

typedef struct Hashed {
	uint64_t hash;
	size_t index;
} Hashed;

static int compare_hashed(const void *a, const void *b)
{
	const Hashed *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

// The first item that equals one before it, and the first of those.
static bool find_duplicate(Arena *arena, const List *list, size_t *first, size_t *second)
{
	Hashed *hashed = ARENA_ARRAY(arena, Hashed, list->len);
	bool found = false;

	for (size_t i = 0; i < list->len; i++)
		hashed[i] = (Hashed){hash_value(arena, &list->items[i]), i};
	qsort(hashed, list->len, sizeof *hashed, compare_hashed);
	for (size_t i = 1; i < list->len; i++) {
		for (size_t j = i; j-- > 0 && hashed[j].hash == hashed[i].hash;) {
			if (found && hashed[i].index > *second)
				break;
			if (!equal(arena, &list->items[hashed[i].index],
			           &list->items[hashed[j].index]))
				continue;
			*first = hashed[j].index;
			*second = hashed[i].index;
			found = true;
		}
	}
	return found;
}

// --- applying schemas to values ---

static bool wants_properties(const Schema *s, bool caller_needs)
{
	return !s->all_properties_evaluated &&
	       (caller_needs || (s->objects && s->objects->unevaluated));
}

static bool wants_items(const Schema *s, bool caller_needs, size_t len)
{
	return !s->all_items_evaluated && (caller_needs || (s->arrays && s->arrays->unevaluated)) &&
	       s->items_evaluated < len;
}

static Unevaluated unevaluated_of(Arena *arena, const Value *v, const Schema *s, bool caller_needs)
{
	Unevaluated out = {0};
	size_t from = 0;

	if (v->kind == V_MAP && wants_properties(s, caller_needs)) {
		map_sort(v->map);
		out.len = v->map->len;
	} else if (v->kind == V_LIST && wants_items(s, caller_needs, v->list->len)) {
		out.len = v->list->len;
		from = s->items_evaluated;
	}
	if (!out.len)
		return out;
	out.flags = ARENA_ARRAY(arena, bool, out.len);
	memset(out.flags + from, 1, out.len - from);
	out.left = out.len - from;
	return out;
}

static void mark_evaluated(Unevaluated *u, size_t index)
{
	if (u->flags && u->flags[index]) {
		u->flags[index] = false;
		u->left--;
	}
}

static void merge_evaluated(Unevaluated *u, const Unevaluated *other)
{
	for (size_t i = 0; u->left && i < u->len; i++)
		if (!other->flags || !other->flags[i])
			mark_evaluated(u, i);
}

// A part of a document with a dialect of its own is checked by that dialect's metaschema.
static void follow_dialect(Check *k)
{
	Schema *meta;

	if (!k->run->root || k->schema != k->meta || !schema_root_has_parts(k->run->root))
		return;
	meta = schema_root_meta(k->run->root, place_text(k->run->arena, k->place));
	if (meta)
		k->schema = k->meta = meta;
}

// Applies another schema to the same value.
static Error *check_self(Check *k, const Schema *schema, const char *ref_keyword, bool quick)
{
	Scope scope = {k->scope, schema, ref_keyword, k->scope->value_id, k->scope->depth + 1};
	Check sub = {.run = k->run,
	             .v = k->v,
	             .place = k->place,
	             .schema = schema,
	             .scope = &scope,
	             .quick = k->quick || quick,
	             .meta = k->meta};
	Error *error;

	sub.unevaluated = unevaluated_of(k->run->arena, k->v, schema, k->unevaluated.left > 0);
	follow_dialect(&sub);
	error = check(&sub);
	if (!error)
		merge_evaluated(&k->unevaluated, &sub.unevaluated);
	return error;
}

// Applies a schema to a part of the value.
static Error *check_part(Check *k, const Schema *schema, const Value *v, Step place)
{
	Scope scope = {k->scope, schema, NULL, k->scope->value_id + 1, k->scope->depth + 1};
	Check sub = {.run = k->run,
	             .v = v,
	             .place = &place,
	             .schema = schema,
	             .scope = &scope,
	             .quick = k->quick,
	             .meta = k->meta};

	place.parent = k->place;
	sub.unevaluated = unevaluated_of(k->run->arena, v, schema, false);
	follow_dialect(&sub);
	return check(&sub);
}

static Error *check_property(Check *k, const Schema *schema, const MapEntry *entry)
{
	return check_part(k, schema, &entry->value, (Step){.key = entry->key});
}

static Error *check_item(Check *k, const Schema *schema, size_t at, size_t shown)
{
	return check_part(k, schema, &k->v->list->items[at],
	                  (Step){.index = shown, .is_index = true});
}

static Error *check_ref(Check *k, const Schema *schema, const char *keyword)
{
	Error *cause = check_self(k, schema, keyword, false), *error;

	if (!cause || k->quick)
		return cause;
	error = make_error(k, ERROR_REFERENCE, S("validation failed"));
	if (cause->kind != ERROR_GROUP) {
		add_cause(k, error, cause);
		return error;
	}
	error->causes = cause->causes;
	error->len = cause->len;
	return error;
}

// --- objects ---

// The names that are not among the object's keys.
static size_t find_missing(Check *k, const Str *names, size_t count, Str **missing)
{
	size_t len = 0, cap = 0;

	*missing = NULL;
	for (size_t i = 0; i < count; i++)
		if (!map_get(k->v->map, names[i]))
			VEC_PUSH(k->run->arena, *missing, len, cap) = names[i];
	return len;
}

static void check_required(Check *k)
{
	Buf message = buf_new(k->run->arena);
	Str *missing;
	const SchemaObjects *objects = k->schema->objects;
	size_t count = find_missing(k, objects->required, objects->required_count, &missing);

	if (!count)
		return;
	buf_c(&message, count == 1 ? "missing property " : "missing properties ");
	quote_all(&message, missing, count);
	add_message(k, buf_view(&message));
}

// What a property demands where it is there: other properties, or that the object fits another schema.
static void check_dependencies(Check *k, const SchemaEntries *entries)
{
	for (size_t i = 0; i < entries->len; i++) {
		const SchemaEntry *entry = &entries->items[i];
		Buf message = buf_new(k->run->arena);
		Str *missing;
		size_t count;
		if (!map_get(k->v->map, entry->key))
			continue;
		if (entry->schema) {
			add(k, check_self(k, entry->schema, NULL, false));
			continue;
		}
		count = find_missing(k, entry->names, entry->name_count, &missing);
		if (!count)
			continue;
		buf_c(&message, "properties ");
		quote_all(&message, missing, count);
		buf_c(&message, " required, if ");
		schema_quote(&message, entry->key);
		buf_c(&message, " exists");
		add_message(k, buf_view(&message));
	}
}

static bool check_one_property(Check *k, const MapEntry *entry, bool *forbidden)
{
	const SchemaObjects *s = k->schema->objects;
	const SchemaEntry *known = schema_entry(&s->properties, entry->key);
	bool evaluated = known != NULL;

	if (known)
		add(k, check_property(k, known->schema, entry));
	for (size_t i = 0; i < s->pattern_properties.len; i++) {
		const SchemaEntry *pattern = &s->pattern_properties.items[i];
		if (!regex_search(pattern->regex, entry->key, 0, NULL))
			continue;
		evaluated = true;
		add(k, check_property(k, pattern->schema, entry));
	}
	if (evaluated || !s->additional.set)
		return evaluated;
	if (s->additional.schema)
		add(k, check_property(k, s->additional.schema, entry));
	else
		*forbidden = !s->additional.allowed;
	return true;
}

static void check_properties(Check *k)
{
	Map *map = k->v->map;
	Arena *arena = k->run->arena;
	Buf message = buf_new(arena);
	Str *extra = NULL;
	Value *values = NULL;
	size_t len = 0, cap = 0, value_len = 0, value_cap = 0;
	Error *error;

	map_sort(map);
	for (size_t i = 0; i < map->len; i++) {
		bool forbidden = false;
		if (k->quick && k->len)
			return;
		if (check_one_property(k, &map->entries[i], &forbidden))
			mark_evaluated(&k->unevaluated, i);
		if (!forbidden)
			continue;
		VEC_PUSH(arena, extra, len, cap) = map->entries[i].key;
		VEC_PUSH(arena, values, value_len, value_cap) = map->entries[i].value;
	}
	if (!len)
		return;
	buf_c(&message, "additional properties ");
	quote_all(&message, extra, len);
	buf_c(&message, " not allowed");
	error = make_error(k, ERROR_PLAIN, buf_view(&message));
	if (error != &k->run->any) {
		error->about = values;
		error->about_len = value_len;
	}
	add(k, error);
}

// A name is checked as a value of its own, at no place.
static void check_property_names(Check *k)
{
	Map *map = k->v->map;
	const Schema *schema = k->schema->objects->property_names;

	for (size_t i = 0; schema && i < map->len; i++) {
		Value name = value_str(map->entries[i].key);
		Scope scope = {NULL, schema, NULL, 0, k->scope->depth + 1};
		Check sub = {.run = k->run,
		             .v = &name,
		             .schema = schema,
		             .scope = &scope,
		             .quick = k->quick,
		             .meta = k->meta};
		Buf message = buf_new(k->run->arena);
		Error *cause = check(&sub), *error;
		if (!cause)
			continue;
		buf_c(&message, "invalid propertyName ");
		schema_quote(&message, map->entries[i].key);
		error = make_error(k, ERROR_PLAIN, buf_view(&message));
		if (error != &k->run->any) {
			error->place = S("");
			if (cause->kind == ERROR_GROUP)
				error->causes = cause->causes, error->len = cause->len;
			else
				add_cause(k, error, cause);
		}
		add(k, error);
	}
}

static void check_object(Check *k)
{
	const SchemaObjects *s = k->schema->objects;
	size_t len = k->v->map->len;

	if (!s)
		return;
	check_min(k, "minProperties", len, s->min_properties);
	check_max(k, "maxProperties", len, s->max_properties);
	check_required(k);
	if (k->quick && k->len)
		return;
	check_dependencies(k, &s->dependencies);
	check_properties(k);
	if (k->schema->draft == 4)
		return;
	check_property_names(k);
	if (k->schema->draft == 6)
		return;
	check_dependencies(k, &s->dependent_schemas);
	check_dependencies(k, &s->dependent_required);
}

// --- lists ---

static void check_unique(Check *k)
{
	Buf message = buf_new(k->run->arena);
	size_t first = 0, second = 0;

	if (!k->schema->arrays->unique_items || k->v->list->len < 2 ||
	    !find_duplicate(k->run->arena, k->v->list, &first, &second))
		return;
	buf_c(&message, "items at ");
	write_count(&message, (int64_t)first);
	buf_c(&message, " and ");
	write_count(&message, (int64_t)second);
	buf_c(&message, " are equal");
	add_message(k, buf_view(&message));
}

static size_t check_first_items(Check *k, const SchemaList *schemas)
{
	size_t count = schemas->len < k->v->list->len ? schemas->len : k->v->list->len;

	for (size_t i = 0; i < count; i++)
		add(k, check_item(k, schemas->items[i], i, i));
	return count;
}

// Items behind the first `from`. The reference counts them from 0 again when it says where they are.
static void check_other_items(Check *k, const Schema *schema, size_t from)
{
	for (size_t i = from; schema && i < k->v->list->len; i++)
		add(k, check_item(k, schema, i, i - from));
}

static void check_items_before_2020(Check *k)
{
	const SchemaArrays *s = k->schema->arrays;
	size_t len = k->v->list->len, evaluated = 0;
	Buf message = buf_new(k->run->arena);

	if (s->items) {
		check_other_items(k, s->items, 0);
		evaluated = len;
	} else if (s->item_list.set) {
		evaluated = check_first_items(k, &s->item_list);
	}
	if (!s->additional.set)
		return;
	if (s->additional.schema) {
		check_other_items(k, s->additional.schema, evaluated);
	} else if (!s->additional.allowed && evaluated != len) {
		buf_c(&message, "last ");
		write_count(&message, (int64_t)(len - evaluated));
		buf_c(&message, " additionalItem(s) not allowed");
		add_message(k, buf_view(&message));
	}
}

static void write_matches(Buf *message, const size_t *matches, size_t count)
{
	buf_c(message, " items required to match contains schema, but ");
	if (!count) {
		buf_c(message, "none matched");
		return;
	}
	buf_c(message, "matched ");
	write_count(message, (int64_t)count);
	buf_c(message, " items at ");
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_byte(message, ' ');
		num_format_uint(message, matches[i], 10);
	}
}

static void check_contains(Check *k)
{
	const SchemaArrays *s = k->schema->arrays;
	Arena *arena = k->run->arena;
	Error **errors = NULL, *error;
	size_t error_len = 0, error_cap = 0, *matches = NULL, len = 0, cap = 0;
	Buf message = buf_new(arena), too_many = buf_new(arena);

	if (!s->contains)
		return;
	for (size_t i = 0; i < k->v->list->len; i++) {
		error = check_item(k, s->contains, i, i);
		if (error) {
			VEC_PUSH(arena, errors, error_len, error_cap) = error;
			continue;
		}
		VEC_PUSH(arena, matches, len, cap) = i;
		if (k->schema->draft >= 2020)
			mark_evaluated(&k->unevaluated, i);
	}
	if (s->min_contains.set && (int64_t)len < s->min_contains.n) {
		buf_c(&message, "min ");
		write_count(&message, s->min_contains.n);
		write_matches(&message, matches, len);
		add_with(k, buf_view(&message), errors, error_len);
	} else if (!s->min_contains.set && !len) {
		add_with(k, S("no items match contains schema"), errors, error_len);
	}
	if (s->max_contains.set && (int64_t)len > s->max_contains.n) {
		buf_c(&too_many, "max ");
		write_count(&too_many, s->max_contains.n);
		write_matches(&too_many, matches, len);
		add_message(k, buf_view(&too_many));
	}
}

static void check_array(Check *k)
{
	const SchemaArrays *s = k->schema->arrays;

	if (!s)
		return;
	check_min(k, "minItems", k->v->list->len, s->min_items);
	check_max(k, "maxItems", k->v->list->len, s->max_items);
	check_unique(k);
	if (k->schema->draft < 2020)
		check_items_before_2020(k);
	else
		check_other_items(k, s->items_2020, check_first_items(k, &s->prefix_items));
	check_contains(k);
}

// --- strings and numbers ---

static void check_string(Check *k)
{
	const SchemaStrings *s = k->schema->strings;
	Str text = value_as_str(k->v);
	Buf message = buf_new(k->run->arena);

	if (!s)
		return;
	if (s->min_length.set || s->max_length.set) {
		size_t len = utf8_count(text);
		check_min(k, "minLength", len, s->min_length);
		check_max(k, "maxLength", len, s->max_length);
	}
	if (!s->pattern || regex_search(s->pattern, text, 0, NULL))
		return;
	schema_quote(&message, text);
	buf_c(&message, " does not match pattern ");
	schema_quote(&message, regex_pattern(s->pattern));
	add_message(k, buf_view(&message));
}

static void add_limit(Check *k, const char *keyword, const Decimal *got, const Decimal *want)
{
	Buf message = buf_new(k->run->arena);

	buf_c(&message, keyword);
	buf_c(&message, ": got ");
	write_decimal(&message, got);
	buf_c(&message, ", want ");
	write_decimal(&message, want);
	add_message(k, buf_view(&message));
}

static void check_number(Check *k)
{
	const SchemaNumbers *s = k->schema->numbers;
	Decimal n;

	if (!s || !decimal_of(k->run->arena, k->v, &n))
		return;
	if (s->minimum.set && decimal_cmp(&n, &s->minimum.n) < 0)
		add_limit(k, "minimum", &n, &s->minimum.n);
	if (s->maximum.set && decimal_cmp(&n, &s->maximum.n) > 0)
		add_limit(k, "maximum", &n, &s->maximum.n);
	if (s->exclusive_minimum.set && decimal_cmp(&n, &s->exclusive_minimum.n) <= 0)
		add_limit(k, "exclusiveMinimum", &n, &s->exclusive_minimum.n);
	if (s->exclusive_maximum.set && decimal_cmp(&n, &s->exclusive_maximum.n) >= 0)
		add_limit(k, "exclusiveMaximum", &n, &s->exclusive_maximum.n);
	if (s->multiple_of.set && !decimal_divides(k->run->arena, &n, &s->multiple_of.n))
		add_limit(k, "multipleOf", &n, &s->multiple_of.n);
}

// --- keywords for any value ---

static Error *type_error(Check *k, unsigned type)
{
	static const char *const names[] = {"null",   "boolean", "number", "integer",
	                                    "string", "array",   "object"};
	Buf message = buf_new(k->run->arena);
	bool first = true;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (type == 1u << i)
			buf_printf(&message, "got %s, want ", names[i]);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!(k->schema->types & 1u << i))
			continue;
		if (!first)
			buf_c(&message, " or ");
		first = false;
		buf_c(&message, names[i]);
	}
	return make_error(k, ERROR_PLAIN, buf_view(&message));
}

static bool fits_type(Check *k, unsigned type)
{
	Decimal n;

	if (!k->schema->types || k->schema->types & type)
		return true;
	return type == JSON_NUMBER && k->schema->types & JSON_INTEGER &&
	       decimal_of(k->run->arena, k->v, &n) && decimal_is_int(&n);
}

static bool is_composite(const Value *v)
{
	return v->kind == V_LIST || v->kind == V_MAP;
}

static Error *const_error(Check *k)
{
	Buf message = buf_new(k->run->arena);

	if (is_composite(k->schema->constant)) {
		buf_c(&message, "'const' failed");
	} else {
		buf_c(&message, "value must be ");
		write_scalar(&message, k->schema->constant);
	}
	return make_error(k, ERROR_PLAIN, buf_view(&message));
}

static Error *enum_error(Check *k)
{
	const List *wanted = k->schema->enumeration;
	Buf message = buf_new(k->run->arena);

	for (size_t i = 0; i < wanted->len; i++)
		if (is_composite(&wanted->items[i]))
			return make_error(k, ERROR_PLAIN, S("'enum' failed"));
	buf_c(&message, wanted->len == 1 ? "value must be " : "value must be one of ");
	for (size_t i = 0; i < wanted->len; i++) {
		if (i)
			buf_c(&message, ", ");
		write_scalar(&message, &wanted->items[i]);
	}
	return make_error(k, ERROR_PLAIN, buf_view(&message));
}

static bool is_in_enum(Check *k)
{
	for (size_t i = 0; i < k->schema->enumeration->len; i++)
		if (equal(k->run->arena, k->v, &k->schema->enumeration->items[i]))
			return true;
	return false;
}

static Error *format_error(Check *k)
{
	Diag reason = diag_new(k->run->arena);
	Buf message = buf_new(k->run->arena);

	if (k->v->kind != V_STRING ||
	    k->schema->format->check(k->run->arena, value_as_str(k->v), &reason))
		return NULL;
	write_scalar(&message, k->v);
	buf_printf(&message, " is not valid %s: ", k->schema->format->name);
	buf_str(&message, reason.message);
	return make_error(k, ERROR_PLAIN, buf_view(&message));
}

static void check_all_of(Check *k)
{
	const SchemaList *list = &k->schema->combined->all_of;
	Error **errors = NULL, *error;
	size_t len = 0, cap = 0;

	for (size_t i = 0; i < list->len; i++) {
		error = check_self(k, list->items[i], NULL, false);
		if (!error)
			continue;
		VEC_PUSH(k->run->arena, errors, len, cap) = error;
		if (k->quick)
			break;
	}
	if (len)
		add_with(k, S("'allOf' failed"), errors, len);
}

static void check_any_of(Check *k)
{
	const SchemaList *list = &k->schema->combined->any_of;
	Error **errors = NULL, *error;
	size_t len = 0, cap = 0;
	bool matched = !list->len;

	for (size_t i = 0; i < list->len; i++) {
		error = check_self(k, list->items[i], NULL, false);
		if (error) {
			VEC_PUSH(k->run->arena, errors, len, cap) = error;
			continue;
		}
		matched = true;
		if (!k->unevaluated.left) // else every one that matches counts
			break;
	}
	if (!matched)
		add_with(k, S("'anyOf' failed"), errors, len);
}

static void check_one_of(Check *k)
{
	const SchemaList *list = &k->schema->combined->one_of;
	Error **errors = NULL, *error;
	size_t len = 0, cap = 0, matched = STR_NONE;
	Buf message = buf_new(k->run->arena);

	for (size_t i = 0; i < list->len; i++) {
		error = check_self(k, list->items[i], NULL, matched != STR_NONE);
		if (error && matched == STR_NONE)
			VEC_PUSH(k->run->arena, errors, len, cap) = error;
		if (error)
			continue;
		if (matched == STR_NONE) {
			matched = i;
			continue;
		}
		buf_c(&message, "'oneOf' failed, subschemas ");
		write_count(&message, (int64_t)matched);
		buf_c(&message, ", ");
		write_count(&message, (int64_t)i);
		buf_c(&message, " matched");
		add_message(k, buf_view(&message));
		return;
	}
	if (list->len && matched == STR_NONE)
		add_with(k, S("'oneOf' failed, none matched"), errors, len);
}

static void check_combined(Check *k)
{
	const SchemaCombined *s = k->schema->combined;

	if (!s)
		return;
	if (s->not_schema && !check_self(k, s->not_schema, NULL, true))
		add_message(k, S("'not' failed"));
	check_all_of(k);
	check_any_of(k);
	check_one_of(k);
	if (!s->if_schema)
		return;
	if (!check_self(k, s->if_schema, NULL, true)) {
		if (s->then_schema)
			add(k, check_self(k, s->then_schema, NULL, false));
	} else if (s->else_schema) {
		add(k, check_self(k, s->else_schema, NULL, false));
	}
}

static void check_unevaluated(Check *k)
{
	const Schema *s = k->schema;
	Unevaluated *u = &k->unevaluated;

	if (k->v->kind == V_MAP && s->objects && s->objects->unevaluated) {
		for (size_t i = 0; u->flags && i < u->len; i++)
			if (u->flags[i])
				add(k, check_property(k, s->objects->unevaluated,
				                      &k->v->map->entries[i]));
		*u = (Unevaluated){0};
	} else if (k->v->kind == V_LIST && s->arrays && s->arrays->unevaluated) {
		for (size_t i = 0; u->flags && i < u->len; i++)
			if (u->flags[i])
				add(k, check_item(k, s->arrays->unevaluated, i, i));
		*u = (Unevaluated){0};
	}
}

// --- references ---

// The outermost schema on the way here whose resource asks for it.
static const Schema *recursive_target(Check *k, const Schema *schema)
{
	if (!schema->dynamic || !schema->dynamic->recursive_anchor)
		return schema;
	for (const Scope *scope = k->scope; scope; scope = scope->parent) {
		const Schema *resource = scope->schema->resource;
		if (resource && resource->dynamic && resource->dynamic->recursive_anchor)
			schema = scope->schema;
	}
	return schema;
}

static const Schema *dynamic_target(Check *k, const Schema *schema, Str anchor)
{
	if (!anchor.len || !schema->dynamic || !str_eq(schema->dynamic->anchor, anchor))
		return schema;
	for (const Scope *scope = k->scope; scope; scope = scope->parent) {
		const Schema *resource = scope->schema->resource;
		const SchemaEntry *found =
			resource && resource->dynamic
				? schema_entry(&resource->dynamic->anchors, anchor)
				: NULL;
		if (found)
			schema = found->schema;
	}
	return schema;
}

static void check_dynamic_refs(Check *k)
{
	const SchemaDynamic *s = k->schema->dynamic;

	if (s && s->recursive_ref)
		add(k, check_ref(k, recursive_target(k, s->recursive_ref), "$recursiveRef"));
	if (s && s->dynamic_ref)
		add(k,
		    check_ref(k, dynamic_target(k, s->dynamic_ref, s->ref_anchor), "$dynamicRef"));
}

// --- cycles and limits ---

static Str keyword_path(Arena *arena, const Scope *scope)
{
	Buf out;
	Str path = S("");

	for (; scope->parent; scope = scope->parent) {
		Str own = schema_location(arena, scope->schema);
		Str parent = schema_location(arena, scope->parent->schema);
		out = buf_new(arena);
		if (scope->ref_keyword) {
			buf_byte(&out, '/');
			buf_c(&out, scope->ref_keyword);
		} else {
			buf_str(&out, str_from(own, parent.len));
		}
		buf_str(&out, path);
		path = buf_view(&out);
	}
	return path;
}

// A part of a plain document may be two Schemas: where it stands, and as what references lead to.
static bool is_same_schema(const Schema *a, const Schema *b)
{
	return a == b || (a->plain && a->plain == b->plain);
}

// Where the same schema is already being applied to the same value.
static Error *cycle_error(Check *k)
{
	const Scope *scope = k->scope->parent;
	Buf message = buf_new(k->run->arena);

	for (; scope && scope->value_id == k->scope->value_id; scope = scope->parent) {
		if (!is_same_schema(scope->schema, k->scope->schema))
			continue;
		buf_c(&message, "both ");
		buf_str(&message, keyword_path(k->run->arena, k->scope));
		buf_c(&message, " and ");
		buf_str(&message, keyword_path(k->run->arena, scope));
		buf_c(&message, " resolve to ");
		num_quote(&message, schema_location(k->run->arena, k->schema));
		buf_c(&message, " causing reference cycle");
		return make_error(k, ERROR_PLAIN, buf_view(&message));
	}
	return NULL;
}

static bool stop(Check *k, const char *what)
{
	k->run->stopped = true;
	diag_fail(k->run->diag, "unable to validate schema: %s", what);
	return true;
}

static bool out_of_bounds(Check *k)
{
	if (k->run->stopped)
		return true;
	if (k->scope->depth > DEPTH_MAX)
		return stop(k, "values and schemas nest too deep");
	if (++k->run->steps > STEPS_MAX)
		return stop(k, "checking the values takes too many steps");
	return false;
}

// --- one schema, one value ---

// What ends the matter at once.
static Error *check_first(Check *k, unsigned type)
{
	const Schema *s = k->schema;

	if (!type) {
		Str name = value_type_name(k->v);
		return make_error(k, ERROR_PLAIN,
		                  str_concat(k->run->arena, S("invalid jsonType "), name));
	}
	if (!fits_type(k, type))
		return type_error(k, type);
	if (s->constant && !equal(k->run->arena, k->v, s->constant))
		return const_error(k);
	if (s->enumeration && !is_in_enum(k))
		return enum_error(k);
	return s->format ? format_error(k) : NULL;
}

static void check_rest(Check *k, unsigned type)
{
	if (type == JSON_OBJECT)
		check_object(k);
	else if (type == JSON_ARRAY)
		check_array(k);
	else if (type == JSON_STRING)
		check_string(k);
	else if (type == JSON_NUMBER)
		check_number(k);
	if (k->len && k->quick)
		return;
	if (k->schema->draft >= 2019)
		check_dynamic_refs(k);
	check_combined(k);
	if (k->schema->draft >= 2019)
		check_unevaluated(k);
}

static Error *check(Check *k)
{
	const Schema *s = k->schema;
	unsigned type = type_of(k->v);
	Error *error;

	if (out_of_bounds(k))
		return &k->run->any;
	if (s->is_bool)
		return s->bool_value ? NULL : make_error(k, ERROR_PLAIN, S("false schema"));
	error = cycle_error(k);
	if (!error)
		error = check_first(k, type);
	if (error)
		return error;
	if (s->ref) {
		error = check_ref(k, s->ref, "$ref");
		if (s->draft < 2019)
			return error;
		add(k, error);
	}
	check_rest(k, type);
	if (k->len <= 1)
		return k->len ? k->errors[0] : NULL;
	error = make_error(k, ERROR_GROUP, S("validation failed"));
	if (error != &k->run->any) {
		error->causes = k->errors;
		error->len = k->len;
	}
	return error;
}

// --- the text ---

static void write_error(Buf *out, SchemaReport *report, const Error *error, size_t indent)
{
	// A reference with one cause is not worth a line.
	if (error->kind != ERROR_REFERENCE || error->len != 1) {
		buf_byte(out, '\n');
		buf_fill(out, ' ', 2 * indent);
		buf_c(out, "- at ");
		schema_quote(out, error->place);
		buf_c(out, ": ");
		buf_str(out, error->message);
		indent++;
	}
	for (size_t i = 0; i < error->len; i++)
		write_error(out, report, error->causes[i], indent);
	for (size_t i = 0; !error->len && i < error->about_len; i++)
		VEC_PUSH(out->arena, report->refused, report->len, report->cap) = error->about[i];
}

bool schema_check(Arena *arena, Schema *schema, const Value *v, Schema *meta, SchemaRoot *root,
                  SchemaReport *report, Diag *diag)
{
	Runner run = {.arena = arena, .diag = diag, .root = root};
	Scope scope = {.schema = schema};
	Check k = {.run = &run, .v = v, .schema = schema, .scope = &scope, .meta = meta};
	Buf text = buf_new(arena);
	Error *error;

	*report = (SchemaReport){.text = S("")};
	k.unevaluated = unevaluated_of(arena, v, schema, false);
	error = check(&k);
	if (run.stopped)
		return false;
	if (!error)
		return true;
	buf_c(&text, "jsonschema validation failed with ");
	schema_quote(&text, schema_location(arena, schema));
	if (error->kind != ERROR_GROUP) {
		write_error(&text, report, error, 0);
	} else {
		for (size_t i = 0; i < error->len; i++)
			write_error(&text, report, error->causes[i], 0);
	}
	report->text = buf_view(&text);
	return true;
}
