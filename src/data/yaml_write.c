// Values to YAML: Helm's toYaml and toYamlPretty.
//
// toYaml is sigs.k8s.io/yaml's Marshal: the value becomes JSON, go-yaml v2 reads the JSON as YAML,
// and writes it. That detour shows in numbers (1e6 becomes the integer 1000000) and in rare
// strings: what JSON leaves as it is but YAML folds or refuses. Common values take the direct way;
// the rest goes through JSON as Helm's does.

#include "data/yaml.h"

#include "base/num.h"
#include "base/unicode.h"
#include "data/json.h"
#include "data/text.h"
#include "data/yaml_resolve.h"
#include "data/yaml_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A key this long may, escaped, be longer than the 1024 characters that YAML allows a key on one
// line.
#define SAFE_KEY 170

typedef struct ValueWriter {
	Emitter emitter;
	Arena *arena; // scratch
	size_t depth;
	Diag *diag;
} ValueWriter;

// --- strings
// ---------------------------------------------------------------------------------------------

// [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?: a number to base 60 in YAML 1.1.
static bool is_base60(Str s)
{
	size_t i = s.len > 0 && (s.p[0] == '-' || s.p[0] == '+');
	bool any = false;

	if (i >= s.len || s.p[i] < '0' || s.p[i] > '9')
		return false;
	while (i < s.len && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_'))
		i++;
	while (i + 1 < s.len && s.p[i] == ':' && s.p[i + 1] >= '0' && s.p[i + 1] <= '9') {
		bool two = i + 2 < s.len && s.p[i + 2] >= '0' && s.p[i + 2] <= '9';
		if (two && s.p[i + 1] > '5')
			return false;
		i += two ? 3 : 2;
		any = true;
	}
	if (any && i < s.len && s.p[i] == '.') {
		for (i++; i < s.len && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_');)
			i++;
	}
	return any && i == s.len;
}

ScalarStyle string_style(Str s, YamlDialect dialect)
{
	if (memchr(s.p ? s.p : "", '\n', s.len))
		return SCALAR_LITERAL;
	// v3 still quotes what YAML 1.1 takes for a boolean.
	bool plain = scalar_resolve(s, YAML_V2).kind == SCALAR_STR &&
	             (dialect == YAML_V2 || scalar_resolve(s, YAML_V3).kind == SCALAR_STR) &&
	             !is_base60(s);
	return plain ? SCALAR_PLAIN : SCALAR_DOUBLE_QUOTED;
}

Str encode_binary(Arena *arena, Str bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	Buf out = buf_new(arena);
	size_t length = (bytes.len + 2) / 3 * 4;
	size_t written = 0;

	for (size_t i = 0; i < bytes.len; i += 3) {
		const unsigned char *p = (const unsigned char *)bytes.p + i;
		size_t left = bytes.len - i;
		uint32_t bits = (uint32_t)p[0] << 16 | (left > 1 ? (uint32_t)p[1] << 8 : 0) |
		                (left > 2 ? p[2] : 0);
		for (int k = 0; k < 4; k++) {
			buf_byte(&out, k > (int)left ? '=' : digits[bits >> (18 - 6 * k) & 63]);
			if (++written % 70 == 0 && length >= 70)
				buf_byte(&out, '\n');
		}
	}
	if (length >= 70 && written % 70 != 0)
		buf_byte(&out, '\n');
	return buf_view(&out);
}

// Whether JSON's detour through YAML leaves the string as it is: no DEL, no C1 control, no NEL
// (which YAML folds), no U+FFFE and U+FFFF, and valid UTF-8.
static bool survives_json(Str s)
{
	size_t at = 0;

	while (at < s.len && (unsigned char)s.p[at] < 0x7F)
		at++;
	if (at == s.len)
		return true;
	for (Str rest = str_from(s, at); rest.len > 0;) {
		uint32_t rune;
		size_t size = utf8_decode(rest, &rune);
		if ((rune >= 0x7F && rune < 0xA0) || rune == 0xFFFE || rune == 0xFFFF ||
		    (rune == 0xFFFD && size == 1))
			return false;
		rest = str_from(rest, size);
	}
	return true;
}

// --- the order of keys
// -----------------------------------------------------------------------------------

typedef struct KeyRune {
	uint32_t rune;
	size_t size;
} KeyRune;

static KeyRune rune_at(Str s, size_t at)
{
	KeyRune r;

	r.size = utf8_decode(str_from(s, at), &r.rune);
	return r;
}

static void digit_run(Str s, size_t at, size_t *end, int64_t *value)
{
	uint64_t number = (uint64_t)*value;

	for (KeyRune r = rune_at(s, at); r.size && unicode_is_digit(r.rune); r = rune_at(s, at)) {
		number = number * 10 + (r.rune - '0');
		at += r.size;
	}
	*value = (int64_t)number;
	*end = at;
}

// Whether a digit that is no zero stands in the run of digits before `at`, which both keys share.
static bool in_number(Str s, size_t at)
{
	while (at > 0) {
		size_t before = at - 1;
		while (before > 0 && ((unsigned char)s.p[before] & 0xC0) == 0x80)
			before--;
		KeyRune r = rune_at(s, before);
		if (!unicode_is_digit(r.rune))
			return false;
		if (r.rune != '0')
			return true;
		at = before;
	}
	return false;
}

static bool digit_before(Str s, size_t at)
{
	return at > 0 && s.p[at - 1] >= '0' && s.p[at - 1] <= '9';
}

// go-yaml's order: letters behind other characters (v3: before them, inside a number), numbers by
// their value. `at` is where the keys differ.
static int compare_from(Str a, Str b, size_t at, YamlDialect dialect)
{
	KeyRune ra = rune_at(a, at), rb = rune_at(b, at);
	bool letter_a = unicode_is_letter(ra.rune), letter_b = unicode_is_letter(rb.rune);
	int64_t number_a = 0, number_b = 0;
	size_t end_a, end_b;

	if (letter_a && letter_b)
		return ra.rune < rb.rune ? -1 : 1;
	if (letter_a || letter_b)
		return (dialect == YAML_V3 && digit_before(a, at) ? letter_a : letter_b) ? -1 : 1;
	if ((ra.rune == '0' || rb.rune == '0') && in_number(a, at))
		number_a = number_b = 1;
	digit_run(a, at, &end_a, &number_a);
	digit_run(b, at, &end_b, &number_b);
	if (number_a != number_b)
		return number_a < number_b ? -1 : 1;
	if (end_a != end_b)
		return end_a < end_b ? -1 : 1;
	return ra.rune < rb.rune ? -1 : 1;
}

static int compare_keys(Str a, Str b, YamlDialect dialect)
{
	size_t least = a.len < b.len ? a.len : b.len, at = 0;

	while (at < least && a.p[at] == b.p[at])
		at++;
	if (at == least)
		return a.len < b.len ? -1 : a.len > b.len;
	while (at > 0 && ((unsigned char)a.p[at] & 0xC0) == 0x80)
		at--;
	return compare_from(a, b, at, dialect);
}

static Str entry_key(const void *entry)
{
	return (*(const MapEntry *const *)entry)->key;
}

static int compare_v2(const void *a, const void *b)
{
	return compare_keys(entry_key(a), entry_key(b), YAML_V2);
}
static int compare_v3(const void *a, const void *b)
{
	return compare_keys(entry_key(a), entry_key(b), YAML_V3);
}

static MapEntry **sorted_entries(Arena *arena, Map *map, YamlDialect dialect)
{
	int (*compare)(const void *, const void *) = dialect == YAML_V2 ? compare_v2 : compare_v3;
	MapEntry **entries = ARENA_ARRAY(arena, MapEntry *, map->len + 1);

	map_sort(map);
	for (size_t i = 0; i < map->len; i++)
		entries[i] = &map->entries[i];
	for (size_t i = 1; i < map->len; i++) {
		if (compare(&entries[i - 1], &entries[i]) > 0) {
			qsort(entries, map->len, sizeof *entries, compare);
			break;
		}
	}
	return entries;
}

// --- writing
// ---------------------------------------------------------------------------------------------

bool emitter_fail(const Emitter *emitter, Diag *diag)
{
	return diag_fail(diag, "yaml: %s",
	                 emitter->problem ? emitter->problem
	                                  : "unknown problem generating YAML content");
}

static bool emit(ValueWriter *w, const EmitEvent *event)
{
	return emitter_emit(&w->emitter, event) || emitter_fail(&w->emitter, w->diag);
}

static bool emit_text(ValueWriter *w, Str text, ScalarStyle style)
{
	return emit(w, &(EmitEvent){.kind = EMIT_SCALAR, .style = style, .value = text});
}

static bool write_string(ValueWriter *w, Str s)
{
	if (w->emitter.dialect == YAML_V3 && !utf8_valid(s)) {
		Str text = encode_binary(w->arena, s);
		ScalarStyle style = memchr(text.p, '\n', text.len) ? SCALAR_LITERAL : SCALAR_PLAIN;
		return emit(w, &(EmitEvent){.kind = EMIT_SCALAR,
		                            .style = style,
		                            .tag = S("tag:yaml.org,2002:binary"),
		                            .value = text});
	}
	return emit_text(w, s, string_style(s, w->emitter.dialect));
}

// The number as go-yaml v2 reads it from JSON: an integer where it fits one.
static void format_json_number(Buf *out, double f)
{
	num_json_float(out, f);
	Scalar scalar = scalar_resolve(buf_view(out), YAML_V2);
	out->len = 0;
	if (scalar.kind == SCALAR_INT)
		num_format_int(out, scalar.i, 10);
	else if (scalar.kind == SCALAR_UINT)
		num_format_uint(out, scalar.u, 10);
	else
		num_format_float(out, scalar.f, 'g', -1);
}

static void spell_number(const ValueWriter *w, Buf *out, double f)
{
	if (w->emitter.dialect == YAML_V2)
		format_json_number(out, f);
	else if (isnan(f) || isinf(f))
		buf_c(out, isnan(f) ? ".nan" : f > 0 ? ".inf" : "-.inf");
	else
		num_format_float(out, f, 'g', -1);
}

static bool write_value(ValueWriter *w, const Value *v);

static bool write_list(ValueWriter *w, const List *list)
{
	if (!emit(w, &(EmitEvent){.kind = EMIT_SEQUENCE_START, .empty = list->len == 0}))
		return false;
	for (size_t i = 0; i < list->len; i++) {
		if (!write_value(w, &list->items[i]))
			return false;
	}
	return emit(w, &(EmitEvent){.kind = EMIT_SEQUENCE_END});
}

static bool write_map(ValueWriter *w, Map *map)
{
	if (!emit(w, &(EmitEvent){.kind = EMIT_MAPPING_START, .empty = map->len == 0}))
		return false;
	MapEntry **entries = sorted_entries(w->arena, map, w->emitter.dialect);
	size_t count = map->len;
	for (size_t i = 0; i < count; i++) {
		if (!write_string(w, entries[i]->key) || !write_value(w, &entries[i]->value))
			return false;
	}
	return emit(w, &(EmitEvent){.kind = EMIT_MAPPING_END});
}

// What v3 writes as text: what marshals itself as text, durations and json.Number. A time is a plain scalar; the
// other named numbers are numbers.
static bool write_object_text(ValueWriter *w, const Object *object, bool *done)
{
	const Type *type = object->type;
	Buf out = buf_new(w->arena);
	Str text;

	*done = true;
	if (strcmp(type->name, "time.Time") == 0 && type->json &&
	    type->json(object, &out, w->diag)) {
		text = buf_view(&out);
		return emit_text(w, str_slice(text, 1, text.len - 1), SCALAR_PLAIN);
	}
	if (type->format && (!type->underlying || strcmp(type->name, "time.Duration") == 0) &&
	    type->format(object, &out))
		return write_string(w, buf_view(&out));
	*done = false;
	return true;
}

// Objects, for v3 only: text where the type has one, else a mapping of its fields in lower case.
static bool write_object(ValueWriter *w, Object *object)
{
	const Type *type = object->type;
	bool done;

	if (object->nil)
		return emit_text(w, S("null"), SCALAR_PLAIN);
	if (type->as_container) {
		Value inner = type->as_container(object);
		return write_value(w, &inner);
	}
	if (!write_object_text(w, object, &done) || done)
		return !w->diag->set;
	if (type->underlying) {
		Value inner = type->underlying(object);
		return write_value(w, &inner);
	}
	size_t count = 0;
	while (type->fields && type->fields[count])
		count++;
	if (!emit(w, &(EmitEvent){.kind = EMIT_MAPPING_START, .empty = count == 0}))
		return false;
	for (size_t i = 0; i < count; i++) {
		Str name = str_copy(w->arena, str_c(type->fields[i]));
		for (size_t k = 0; k < name.len; k++)
			((char *)name.p)[k] |= name.p[k] >= 'A' && name.p[k] <= 'Z' ? 0x20 : 0;
		if (!write_string(w, name) || !write_value(w, &object->fields[i]))
			return false;
	}
	return emit(w, &(EmitEvent){.kind = EMIT_MAPPING_END});
}

static bool write_collection(ValueWriter *w, const Value *v)
{
	bool null =
		w->emitter.dialect == YAML_V2 && (v->kind == V_LIST ? v->list->nil : v->map->nil);

	if (null)
		return emit_text(w, S("null"), SCALAR_PLAIN);
	if (++w->depth > YAML_DEPTH_LIMIT)
		return diag_fail(w->diag, "yaml: exceeded max depth of %d", YAML_DEPTH_LIMIT);
	bool ok = v->kind == V_LIST ? write_list(w, v->list) : write_map(w, v->map);
	w->depth--;
	return ok;
}

// The spelling of a value that is no string: new bytes, of the value's origin.
static bool emit_spelled(ValueWriter *w, Str text, const Value *v)
{
	text.origin = v->origin;
	return emit_text(w, text, SCALAR_PLAIN);
}

static bool write_value(ValueWriter *w, const Value *v)
{
	Buf out = buf_new(w->arena);

	switch ((ValueKind)v->kind) {
	case V_INVALID:
	case V_NIL:
		return emit_spelled(w, S("null"), v);
	case V_BOOL:
		return emit_spelled(w, v->b ? S("true") : S("false"), v);
	case V_INT:
	case V_INT8:
	case V_INT16:
	case V_INT32:
	case V_INT64:
		num_format_int(&out, v->i, 10);
		return emit_spelled(w, buf_view(&out), v);
	case V_UINT:
	case V_UINT8:
	case V_UINT16:
	case V_UINT32:
	case V_UINT64:
		num_format_uint(&out, v->u, 10);
		return emit_spelled(w, buf_view(&out), v);
	case V_FLOAT32:
	case V_FLOAT64:
		spell_number(w, &out, v->f);
		return emit_spelled(w, buf_view(&out), v);
	case V_STRING:
		return write_string(w, value_as_str(v));
	case V_LIST:
	case V_MAP:
		return write_collection(w, v);
	case V_OBJECT:
		return write_object(w, v->object);
	case V_COMPLEX128:
	case V_FUNC:
		break;
	}
	return diag_fail(w->diag, "cannot marshal type: %.*s", STR_ARGS(value_type_name(v)));
}

static bool write_document(Text *out, const Value *v, YamlDialect dialect, Diag *diag)
{
	Arena *arena = out->buf.arena;
	ValueWriter writer = {.arena = arena_scratch(arena), .diag = diag};

	emitter_open(&writer.emitter, out, writer.arena, dialect, 2, false);
	bool ok = emit(&writer, &(EmitEvent){.kind = EMIT_DOCUMENT_START}) &&
	          write_value(&writer, v) && emit(&writer, &(EmitEvent){.kind = EMIT_DOCUMENT_END});
	arena_scratch_free(arena, writer.arena);
	return ok;
}

// Whether the value reads the same after JSON: no objects, no NaN, no odd strings, no nesting that
// may be a cycle.
static bool is_common(const Value *v, size_t depth)
{
	switch ((ValueKind)v->kind) {
	case V_STRING:
		return survives_json(value_as_str(v));
	case V_FLOAT64:
		return !isnan(v->f) && !isinf(v->f);
	case V_FLOAT32:
	case V_COMPLEX128:
	case V_OBJECT:
	case V_FUNC:
		return false;
	case V_LIST:
		if (depth > 1000 || v->list->type == &TYPE_BYTES)
			return false;
		for (size_t i = 0; i < v->list->len; i++) {
			if (!is_common(&v->list->items[i], depth + 1))
				return false;
		}
		return true;
	case V_MAP:
		if (depth > 1000)
			return false;
		for (size_t i = 0; i < v->map->len; i++) {
			const MapEntry *entry = &v->map->entries[i];
			if (entry->key.len > SAFE_KEY || !survives_json(entry->key) ||
			    !is_common(&entry->value, depth + 1))
				return false;
		}
		return true;
	default:
		return true;
	}
}

// By way of JSON, as Helm does it.
static bool write_by_json(Text *out, const Value *v, Arena *scratch, Diag *diag)
{
	YamlValueOptions options = {.ints = true};
	Text json = text_new(scratch, false);
	Value read;

	if (!json_write(&json, v, (JsonStyle){.escape_html = true}, diag))
		return diag_wrap(diag, "error marshaling into JSON");
	return yaml_read_json(scratch, text_str(&json), &options, &read, diag) &&
	       write_document(out, &read, YAML_V2, diag);
}

bool yaml_write_value(Text *out, const Value *v, Diag *diag)
{
	if (is_common(v, 0))
		return write_document(out, v, YAML_V2, diag);
	Arena *arena = out->buf.arena, *scratch = arena_scratch(arena);
	bool ok = write_by_json(out, v, scratch, diag);
	if (!ok)
		diag->message = str_copy(diag->arena,
		                         diag->message); // may have been made in the scratch arena
	arena_scratch_free(arena, scratch);
	return ok;
}

bool yaml_write_value_pretty(Text *out, const Value *v, Diag *diag)
{
	return write_document(out, v, YAML_V3, diag);
}
