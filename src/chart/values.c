// Values: files, flags and coalescing, by the rules of Helm's pkg/cli/values and pkg/chart/common/util.

#include "chart/values.h"

#include "chart/strvals.h"
#include "data/json.h"
#include "data/yaml.h"
#include "template/format.h"

// --- files ---

// The next document of `*rest`, as k8s's YAML reader cuts them: at lines that begin with "---", behind which only a
// comment may stand. A separator that nothing precedes belongs to the document after it.
static bool next_document(Str *rest, Str *document, Diag *diag)
{
	const char *start = rest->p;
	Str line, after, at = *rest;

	while (at.len && str_line(&at, &line)) {
		if (!str_has_prefix(line, S("---")))
			continue;
		after = str_trim_space(str_from(line, 3));
		if (after.len && after.p[0] != '#')
			return diag_fail(diag,
			                 "error reading yaml document: invalid Yaml document "
			                 "separator: %.*s",
			                 STR_ARGS(after));
		if (line.p != start) {
			*document = str_to(*rest, (size_t)(line.p - start));
			*rest = at;
			return true;
		}
	}
	*document = *rest;
	*rest = S("");
	return true;
}

static bool read_document(Arena *arena, Str text, const YamlOptions *yaml, Map **out, Diag *diag)
{
	YamlValueOptions options = {.yaml = *yaml};
	Value v;

	*out = NULL;
	if (!yaml_read_value(arena, text, &options, &v, diag))
		return diag_wrap(diag, "cannot unmarshal yaml document");
	if (v.kind == V_MAP)
		*out = v.map;
	else if (!value_is_null(&v))
		return diag_fail(
			diag,
			"cannot unmarshal yaml document: error unmarshaling JSON: while decoding "
			"JSON: json: "
			"cannot unmarshal %s into Go value of type map[string]interface {}",
			v.kind == V_LIST     ? "array"
			: v.kind == V_STRING ? "string"
			: v.kind == V_BOOL   ? "bool"
					     : "number");
	return true;
}

Map *values_merge(Arena *arena, const Map *a, const Map *b)
{
	Map *out = map_new(arena, &TYPE_ANY_MAP);

	for (size_t i = 0; a && i < a->len; i++)
		map_set(arena, out, a->entries[i].key, a->entries[i].value);
	for (size_t i = 0; b && i < b->len; i++) {
		const Value *v = &b->entries[i].value, *old = map_get(out, b->entries[i].key);
		if (v->kind == V_MAP && old && old->kind == V_MAP)
			map_set(arena, out, b->entries[i].key,
			        value_map(values_merge(arena, old->map, v->map)));
		else
			map_set(arena, out, b->entries[i].key, value_over(arena, *v, old));
	}
	return out;
}

bool values_read(Arena *arena, Str text, Str file, bool traced, Map **out, Diag *diag)
{
	YamlOptions yaml = {.file = file, .traced = traced};
	Str document, rest = text;
	Map *part;

	*out = NULL;
	while (rest.len) {
		const char *start = rest.p;
		if (!next_document(&rest, &document, diag) ||
		    !read_document(arena, document, &yaml, &part, diag))
			return false;
		for (const char *p = start; traced && rest.len && p < rest.p; p++)
			yaml.above += *p == '\n';
		*out = *out ? values_merge(arena, *out, part) : part;
	}
	if (!*out)
		*out = map_new(arena, &TYPE_ANY_MAP);
	return true;
}

// --- flags ---

// A scheme that Helm would fetch from.
static bool is_remote(Str path)
{
	return str_has_prefix(path, S("http://")) || str_has_prefix(path, S("https://")) ||
	       str_has_prefix(path, S("oci://"));
}

static bool merge_file(Arena *arena, Fs *fs, Str path, bool traced, Map **base, Diag *diag)
{
	bool is_stdin = str_is(str_trim_space(path), "-");
	Str text;
	Map *map;

	if (is_remote(path))
		return diag_fail(diag,
		                 "values from %.*s: cleat does not use the network; download the "
		                 "file and name "
		                 "it with -f",
		                 STR_ARGS(path));
	if (fs && !is_stdin ? !fs_read(fs, arena, path, &text, diag)
	                    : !fs_read_any(arena, is_stdin ? S("-") : path, &text, diag))
		return false;
	if (!values_read(arena, text, path, traced, &map, diag))
		return diag_wrap(diag, "failed to parse %.*s", STR_ARGS(path));
	*base = values_merge(arena, *base, map);
	return true;
}

static bool merge_json(Arena *arena, Str text, bool traced, Map **base, Diag *diag)
{
	static const StrvalsOptions base_options = {STRVALS_JSON, false, "--set-json"};
	StrvalsOptions options = base_options;
	Diag inner = diag_new(arena);
	Str trimmed = str_trim_space(text);
	Value v;

	options.traced = traced;
	if (str_has_prefix(trimmed, S("{"))) {
		if (!json_read(arena, trimmed, JSON_FLOAT64, &v, &inner) || v.kind != V_MAP)
			return diag_fail(diag, "failed parsing --set-json data JSON: %.*s",
			                 STR_ARGS(text));
		*base = values_merge(arena, *base, v.map);
		return true;
	}
	return strvals_parse(arena, text, &options, *base, &inner) ||
	       diag_fail(diag, "failed parsing --set-json data %.*s", STR_ARGS(text));
}

static bool apply(Arena *arena, const StrList *list, StrvalsKind kind, const char *flag,
                  bool traced, Map *base, Diag *diag)
{
	StrvalsOptions options = {kind, traced, flag};

	for (size_t i = 0; i < list->len; i++)
		if (!strvals_parse(arena, list->items[i], &options, base, diag))
			return diag_wrap(diag, "failed parsing %s data", flag);
	return true;
}

bool values_from_flags(Arena *arena, const ValueFlags *flags, bool traced, Map **out, Diag *diag)
{
	Map *base = map_new(arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < flags->files.len; i++)
		if (!merge_file(arena, flags->fs, flags->files.items[i], traced, &base, diag))
			return false;
	for (size_t i = 0; i < flags->json.len; i++)
		if (!merge_json(arena, flags->json.items[i], traced, &base, diag))
			return false;
	*out = base;
	return apply(arena, &flags->set, STRVALS_TYPED, "--set", traced, base, diag) &&
	       apply(arena, &flags->strings, STRVALS_STRING, "--set-string", traced, base, diag) &&
	       apply(arena, &flags->texts, STRVALS_FILE, "--set-file", traced, base, diag) &&
	       apply(arena, &flags->literal, STRVALS_LITERAL, "--set-literal", traced, base, diag);
}

// --- coalescing ---

static bool is_table(const Value *v)
{
	return v->kind == V_MAP;
}

static Str concat_prefix(Arena *arena, Str prefix, Str key)
{
	return prefix.len ? str_concat(arena, str_concat(arena, prefix, S(".")), key) : key;
}

// "%v", for warnings.
static Str shown(const Coalesce *c, const Value *v)
{
	return format_to_str(c->arena, v);
}

// Places are put together only for the warnings that name them, which are rare.
typedef struct Prefix {
	const struct Prefix *outer;
	Str key;
} Prefix;

static Str prefix_text(const Coalesce *c, const Prefix *prefix)
{
	if (!prefix)
		return S("");
	return concat_prefix(c->arena, prefix_text(c, prefix->outer), prefix->key);
}

static Map *coalesce_tables(const Coalesce *c, Map *dest, Map *source, const Prefix *prefix);

static void coalesce_entry(const Coalesce *c, Map *dest, const MapEntry *entry, bool source_had,
                           const Prefix *prefix)
{
	const Value *v = &entry->value;
	Value *old = map_get(dest, entry->key);
	Prefix here = {prefix, entry->key};

	if (!old) {
		map_set(c->arena, dest, entry->key, *v);
	} else if (!c->merge && old->kind == V_NIL && source_had) {
		map_delete(dest, entry->key); // the user's null takes the chart's default away
	} else if (is_table(v)) {
		if (is_table(old))
			coalesce_tables(c, old->map, v->map, &here);
		else
			log_printf(c->log, LOG_INFO,
			           "warning: cannot overwrite table with non table for %.*s (%.*s)",
			           STR_ARGS(prefix_text(c, &here)), STR_ARGS(shown(c, v)));
	} else if (is_table(old) && v->kind != V_NIL) {
		log_printf(
			c->log, LOG_INFO,
			"warning: destination for %.*s is a table. Ignoring non-table value (%.*s)",
			STR_ARGS(prefix_text(c, &here)), STR_ARGS(shown(c, v)));
	} else {
		*old = value_over(c->arena, *old, v);
	}
}

// Helm's coalesceTablesFullKey. A null in dest is written to source as well: where source is a table that somebody
// still holds (import-values), that can be seen.
static Map *coalesce_tables(const Coalesce *c, Map *dest, Map *source, const Prefix *prefix)
{
	if (!source)
		return dest;
	if (!dest)
		return source;
	for (size_t i = 0; i < source->len; i++) {
		MapEntry entry = source->entries[i];
		const Value *old = map_get(dest, entry.key);
		bool had = entry.value.kind != V_NIL;
		if (old && old->kind == V_NIL)
			entry.value = source->entries[i].value = value_nil();
		coalesce_entry(c, dest, &entry, had, prefix);
	}
	for (size_t i = 0; i < dest->len; i++)
		if (dest->entries[i].value.kind == V_NIL && !map_get(source, dest->entries[i].key))
			map_set(c->arena, source, dest->entries[i].key, value_nil());
	return dest;
}

Map *values_coalesce_tables(const Coalesce *c, Map *dest, Map *source, Str prefix)
{
	Prefix first = {NULL, prefix};

	return coalesce_tables(c, dest, source, prefix.len ? &first : NULL);
}

static bool has_dep(const Chart *chart, Str name)
{
	for (size_t i = 0; i < chart->dep_count; i++)
		if (str_eq(chart_name(chart->deps[i]), name))
			return true;
	return false;
}

// One default of the chart against what `values` say for it.
static void coalesce_default(const Coalesce *c, const Chart *chart, Map *values,
                             const MapEntry *entry, const Prefix *prefix)
{
	Value *value = map_get(values, entry->key);
	Prefix here = {prefix, entry->key};
	Coalesce inner = *c;

	if (!value) {
		map_set(c->arena, values, entry->key, entry->value);
	} else if (value->kind == V_NIL && !c->merge) {
		map_delete(values, entry->key);
	} else if (is_table(value)) {
		if (is_table(&entry->value)) {
			// What is meant for a subchart keeps its nulls: that chart's own defaults come later.
			inner.merge = c->merge || has_dep(chart, entry->key);
			coalesce_tables(&inner, value->map, entry->value.map, &here);
		} else if (entry->value.kind != V_NIL) {
			log_printf(c->log, LOG_INFO,
			           "warning: skipped value for %.*s: Not a table.",
			           STR_ARGS(prefix_text(c, &here)));
		}
	} else {
		*value = value_over(c->arena, *value, &entry->value);
	}
}

static void coalesce_defaults(const Coalesce *c, const Chart *chart, Map *values,
                              const Prefix *prefix)
{
	Prefix here = {prefix, chart_name(chart)};
	Value defaults, copy;

	if (!chart->values)
		return;
	defaults = value_map(chart->values);
	copy = value_deep_copy(c->arena, &defaults);
	for (size_t i = 0; i < copy.map->len; i++)
		coalesce_default(c, chart, values, &copy.map->entries[i], &here);
}

static Map *copy_shallow(const Coalesce *c, const Map *map)
{
	Map *copy = map_new(c->arena, map->type);

	for (size_t i = 0; i < map->len; i++)
		map_set(c->arena, copy, map->entries[i].key, map->entries[i].value);
	return copy;
}

// One of the parent's globals laid over the subchart's. Only the top of a table is copied: what is nested in it is
// shared by both from here on, as in Helm.
static void coalesce_global(const Coalesce *c, Map *dest, const MapEntry *entry,
                            const Prefix *prefix)
{
	Value *old = map_get(dest, entry->key);
	Prefix here = {prefix, entry->key};
	Coalesce merging = *c;
	Map *copy;

	if (!is_table(&entry->value)) {
		if (old && is_table(old))
			log_printf(c->log, LOG_INFO, "key %.*s is table. Skipping",
			           STR_ARGS(entry->key));
		else
			map_set(c->arena, dest, entry->key, entry->value);
		return;
	}
	copy = copy_shallow(c, entry->value.map);
	if (old && !is_table(old)) {
		log_printf(c->log, LOG_INFO,
		           "Conflict: cannot merge map onto non-map for \"%.*s\". Skipping.",
		           STR_ARGS(entry->key));
		return;
	}
	merging.merge = true;
	if (old)
		coalesce_tables(&merging, copy, old->map, &here);
	map_set(c->arena, dest, entry->key, value_map(copy));
}

// The table under `global`, NULL (and a warning) where it is something else. Missing gives an empty one.
static Map *global_table(const Coalesce *c, const Map *values, const char *which)
{
	Value *v = map_get(values, S("global"));

	if (!v)
		return map_new(c->arena, &TYPE_ANY_MAP);
	if (is_table(v))
		return v->map;
	log_printf(c->log, LOG_INFO, "warning: skipping globals because %s global is not a table.",
	           which);
	return NULL;
}

static void coalesce_globals(const Coalesce *c, Map *dest, const Map *source, const Prefix *prefix)
{
	Map *dest_global = global_table(c, dest, "destination");
	Map *source_global = dest_global ? global_table(c, source, "source") : NULL;

	if (!source_global)
		return;
	for (size_t i = 0; i < source_global->len; i++)
		coalesce_global(c, dest_global, &source_global->entries[i], prefix);
	map_set(c->arena, dest, S("global"), value_map(dest_global));
}

static bool coalesce_chart(const Coalesce *c, const Chart *chart, Map *dest, const Prefix *prefix,
                           Diag *diag)
{
	Prefix here = {prefix, chart_name(chart)};

	coalesce_defaults(c, chart, dest, prefix);
	for (size_t i = 0; i < chart->dep_count; i++) {
		Str name = chart_name(chart->deps[i]);
		Value *v = map_get(dest, name);
		Map *inner;
		if (v && !is_table(v))
			return diag_fail(diag, "type mismatch on %.*s: %.*s", STR_ARGS(name),
			                 STR_ARGS(format_verb(c->arena, "%t", v)));
		inner = v ? v->map : map_new(c->arena, &TYPE_ANY_MAP);
		if (!v)
			map_set(c->arena, dest, name, value_map(inner));
		coalesce_globals(c, inner, dest, &here);
		if (!coalesce_chart(c, chart->deps[i], inner, &here, diag))
			return false;
	}
	return true;
}

bool values_coalesce_into(const Coalesce *c, const Chart *chart, Map *values, Diag *diag)
{
	return coalesce_chart(c, chart, values, NULL, diag);
}

bool values_coalesce(const Coalesce *c, const Chart *chart, const Map *values, Map **out,
                     Diag *diag)
{
	Value from = value_map((Map *)values), copy;

	*out = map_new(c->arena, &TYPE_ANY_MAP);
	if (values) {
		copy = value_deep_copy(c->arena, &from);
		*out = copy.map;
	}
	return coalesce_chart(c, chart, *out, NULL, diag);
}

// --- looking up ---

Map *values_table(Map *values, Str path, Str *missing)
{
	Str part;

	while (str_cut(&path, S("."), &part)) {
		Value *v = map_get(values, part);
		if (!v || !is_table(v)) {
			*missing = part;
			return NULL;
		}
		values = v->map;
	}
	return values;
}

const Value *values_path(Map *values, Str path)
{
	size_t dot = str_rfind(path, S("."));
	Str missing;
	Value *v;

	if (dot != STR_NONE) {
		values = values_table(values, str_to(path, dot), &missing);
		path = str_from(path, dot + 1);
	}
	v = values ? map_get(values, path) : NULL;
	return v && !is_table(v) ? v : NULL;
}
