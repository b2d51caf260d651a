// Dependencies, by the rules of Helm's pkg/chart/v2/util.

#include "chart/dependencies.h"

#include "chart/version.h"
#include "template/format.h"

#include "base/num.h"

// Charts that depend on each other through aliases end nowhere in Helm; here they end at this depth.
#define DEPTH_LIMIT CHART_DEPTH_LIMIT

typedef struct Processing {
	Arena *arena;
	Arena *scratch; // for what only decides which charts take part
	Log *log;
	DependencySwitches *asked; // may be NULL
	Diag *diag;
} Processing;

static Dependency *dep_at(const Metadata *meta, size_t i)
{
	return meta->dependencies.items[i];
}

bool dependencies_check(Arena *arena, const Chart *chart, Diag *diag)
{
	Buf missing = buf_new(arena);

	for (size_t i = 0; i < chart->meta->dependencies.len; i++) {
		Str name = dep_at(chart->meta, i)->name;
		bool found = false;
		for (size_t k = 0; k < chart->dep_count && !found; k++)
			found = str_eq(chart_name(chart->deps[k]), name);
		if (found)
			continue;
		if (missing.len)
			buf_c(&missing, ", ");
		buf_str(&missing, name);
	}
	return !missing.len || diag_fail(diag,
	                                 "an error occurred while checking for chart dependencies. "
	                                 "You may need to run `helm "
	                                 "dependency build` to fetch missing dependencies: found "
	                                 "in Chart.yaml, but missing in "
	                                 "charts/ directory: %.*s",
	                                 STR_ARGS(buf_view(&missing)));
}

// --- which charts ---

static bool wants(Arena *arena, const Dependency *req, const Chart *chart)
{
	return str_eq(chart_name(chart), req->name) &&
	       version_in_range(arena, req->version, chart->meta->version);
}

static Metadata *copy_metadata(Arena *arena, const Metadata *meta)
{
	Metadata *copy = ARENA_NEW(arena, Metadata);

	*copy = *meta;
	copy->dependencies.items = ARENA_ARRAY(arena, void *, meta->dependencies.len + 1);
	for (size_t i = 0; i < meta->dependencies.len; i++) {
		Dependency *dep = ARENA_NEW(arena, Dependency);
		*dep = *dep_at(meta, i);
		copy->dependencies.items[i] = dep;
	}
	return copy;
}

static ChartFiles copy_files(Arena *arena, ChartFiles files)
{
	ChartFile *items = ARENA_ARRAY(arena, ChartFile, files.len + 1);

	for (size_t i = 0; i < files.len; i++)
		items[i] = files.items[i];
	return (ChartFiles){items, files.len, files.len};
}

Chart *chart_copy(Arena *arena, const Chart *chart)
{
	Chart *copy = ARENA_NEW(arena, Chart);
	Chart **deps = ARENA_ARRAY(arena, Chart *, chart->dep_count + 1);

	*copy = *chart;
	copy->meta = copy_metadata(arena, chart->meta);
	copy->templates = copy_files(arena, chart->templates);
	copy->files = copy_files(arena, chart->files);
	for (size_t i = 0; i < chart->dep_count; i++)
		deps[i] = chart_copy(arena, chart->deps[i]);
	chart_set_deps(copy, deps, chart->dep_count);
	return copy;
}

// A chart may be wanted under several names: each gets a copy of what processing changes.
static Chart *copy_chart(Arena *arena, const Chart *chart, Str alias)
{
	Chart *copy = ARENA_NEW(arena, Chart);
	Chart **deps = ARENA_ARRAY(arena, Chart *, chart->dep_count + 1);

	*copy = *chart;
	copy->meta = copy_metadata(arena, chart->meta);
	for (size_t i = 0; i < chart->dep_count; i++) {
		deps[i] = ARENA_NEW(arena, Chart);
		*deps[i] = *chart->deps[i];
	}
	chart_set_deps(copy, deps, chart->dep_count);
	if (alias.len)
		copy->meta->name = alias;
	return copy;
}

static Chart *find_wanted(Arena *arena, Chart *const *charts, size_t count, const Dependency *req)
{
	for (size_t i = 0; i < count; i++)
		if (wants(arena, req, charts[i]))
			return copy_chart(arena, charts[i], req->alias);
	return NULL;
}

static bool is_listed(Arena *arena, const Chart *chart, const Chart *dep)
{
	for (size_t i = 0; i < chart->meta->dependencies.len; i++)
		if (wants(arena, dep_at(chart->meta, i), dep))
			return true;
	return false;
}

// The charts that Chart.yaml does not name, then those it names, in its order.
static void choose_charts(const Processing *p, Chart *chart)
{
	size_t count = 0, wanted = chart->meta->dependencies.len;
	Chart **deps = ARENA_ARRAY(p->arena, Chart *, chart->dep_count + wanted + 1);

	for (size_t i = 0; i < chart->dep_count; i++)
		if (!is_listed(p->arena, chart, chart->deps[i]))
			deps[count++] = chart->deps[i];
	for (size_t i = 0; i < wanted; i++) {
		Dependency *req = dep_at(chart->meta, i);
		Chart *found = find_wanted(p->arena, chart->deps, chart->dep_count, req);
		if (found)
			deps[count++] = found;
		if (req->alias.len)
			req->name = req->alias;
		req->enabled = true;
	}
	chart_set_deps(chart, deps, count);
}

// --- tags and conditions ---

static void warn_no_bool(const Processing *p, const char *what, Str key, Str chart)
{
	LogPair pairs[] = {{what, key}, {"chart", chart}};

	log_write(p->log, LOG_WARN, S("returned non-bool value"), pairs, 2);
}

static void note_switch(const Processing *p, Str prefix, Str path, bool on)
{
	if (p->asked)
		VEC_PUSH(p->arena, p->asked->items, p->asked->len, p->asked->cap) =
			(DependencySwitch){str_concat(p->arena, prefix, path), on};
}

static void apply_tags(const Processing *p, const Metadata *meta, Map *values)
{
	Str missing;
	Map *tags = values_table(values, S("tags"), &missing);

	for (size_t i = 0; i < meta->dependencies.len; i++) {
		Dependency *dep = dep_at(meta, i);
		bool on = false, off = false;
		for (size_t k = 0; k < dep->tags.len; k++) {
			const Value *v = tags ? map_get(tags, dep->tags.items[k]) : NULL;
			note_switch(p, S("tags."), dep->tags.items[k],
			            !v || v->kind != V_BOOL || v->b);
			if (!v)
				continue;
			if (v->kind != V_BOOL)
				warn_no_bool(p, "tag", dep->tags.items[k], dep->name);
			else if (v->b)
				on = true;
			else
				off = true;
		}
		dep->enabled = on || !off;
	}
}

// The first condition with a value decides; where none has one, the first may be set.
static void apply_condition(const Processing *p, Dependency *dep, Map *values, Str path)
{
	Str rest = str_trim_space(dep->condition), part, first = S("");

	while (str_cut(&rest, S(","), &part)) {
		const Value *v =
			part.len ? values_path(values, str_concat(p->arena, path, part)) : NULL;
		if (!first.len)
			first = part;
		if (!v)
			continue;
		if (v->kind == V_BOOL) {
			note_switch(p, path, part, v->b);
			dep->enabled = v->b;
			return;
		}
		warn_no_bool(p, "path", part, dep->name);
	}
	if (first.len)
		note_switch(p, path, first, dep->enabled);
}

// --- enabling ---

static bool is_disabled(const Metadata *meta, Str name)
{
	for (size_t i = 0; i < meta->dependencies.len; i++)
		if (!dep_at(meta, i)->enabled && str_eq(dep_at(meta, i)->name, name))
			return true;
	return false;
}

// Copies what coalescing this chart's values into `values` may change, and shares the rest: a copy of everything, as
// Helm makes, for every chart of an umbrella is what makes Helm's cost grow with the square.
static Map *copy_touched(const Processing *p, const Chart *chart, const Map *values)
{
	Map *copy = map_new(p->scratch, &TYPE_ANY_MAP);

	for (size_t i = 0; values && i < values->len; i++) {
		MapEntry entry = values->entries[i];
		bool touched = str_is(entry.key, "global") ||
		               (chart->values && map_get(chart->values, entry.key));
		for (size_t k = 0; k < chart->dep_count && !touched; k++)
			touched = str_eq(chart_name(chart->deps[k]), entry.key);
		map_set(p->scratch, copy, entry.key,
		        touched ? value_deep_copy(p->scratch, &entry.value) : entry.value);
	}
	return copy;
}

static bool process_enabled(const Processing *p, Chart *chart, const Map *values, Str path,
                            size_t depth);

static void drop_disabled(const Processing *p, Chart *chart)
{
	Metadata *meta = chart->meta;
	void **kept = ARENA_ARRAY(p->arena, void *, meta->dependencies.len + 1),
	     **dropped = ARENA_ARRAY(p->arena, void *, meta->dependencies.len + 1);
	size_t count = 0, len = 0, dropped_len = 0;

	for (size_t i = 0; i < chart->dep_count; i++)
		if (!is_disabled(meta, chart_name(chart->deps[i])))
			chart->deps[count++] = chart->deps[i];
	for (size_t i = 0; i < meta->dependencies.len; i++)
		if (!is_disabled(meta, dep_at(meta, i)->name))
			kept[len++] = meta->dependencies.items[i];
		else
			dropped[dropped_len++] = meta->dependencies.items[i];
	chart->dep_count = count;
	meta->dependencies = (PtrList){kept, len, len > 0};
	if (dropped_len)
		chart->dropped = (PtrList){dropped, dropped_len, true};
}

static bool process_enabled(const Processing *p, Chart *chart, const Map *values, Str path,
                            size_t depth)
{
	Coalesce coalesce = {p->scratch, p->log, false};
	Map *all;

	if (!chart->meta->dependencies.set)
		return true;
	if (depth > DEPTH_LIMIT)
		return diag_fail(p->diag, "charts are nested more than %d deep", DEPTH_LIMIT);
	choose_charts(p, chart);
	all = copy_touched(p, chart, values);
	if (!values_coalesce_into(&coalesce, chart, all, p->diag))
		return false;
	apply_tags(p, chart->meta, all);
	for (size_t i = 0; i < chart->meta->dependencies.len; i++)
		apply_condition(p, dep_at(chart->meta, i), all, path);
	drop_disabled(p, chart);
	for (size_t i = 0; i < chart->dep_count; i++) {
		Str inner = str_concat(
			p->arena, str_concat(p->arena, path, chart_name(chart->deps[i])), S("."));
		if (!process_enabled(p, chart->deps[i], all, inner, depth + 1))
			return false;
	}
	return true;
}

// --- import-values ---

// {a: {b: table}} for "a.b"; "." is the table itself.
static Map *path_to_map(Arena *arena, Str path, Map *table)
{
	size_t dot;

	if (str_is(path, "."))
		return table;
	do {
		Map *outer = map_new(arena, &TYPE_ANY_MAP);
		dot = str_rfind(path, S("."));
		map_set(arena, outer, dot == STR_NONE ? path : str_from(path, dot + 1),
		        value_map(table));
		table = outer;
		path = str_to(path, dot == STR_NONE ? 0 : dot);
	} while (dot != STR_NONE);
	return table;
}

static Str missing_table(Arena *arena, Str key)
{
	Buf out = buf_new(arena);

	num_quote(&out, key);
	buf_c(&out, " is not a table");
	return buf_view(&out);
}

static Str member_text(Arena *arena, const Map *map, const char *key)
{
	const Value *v = map_get(map, str_c(key));

	return v ? format_verb(arena, "%v", v) : S("<nil>");
}

// {child: a.b, parent: c.d}: the child's table a.b becomes c.d of the parent.
static Map *import_pair(const Processing *p, const Coalesce *c, Map *values, const Dependency *dep,
                        const Map *pair, Map *into)
{
	Str child = member_text(p->arena, pair, "child"),
	    parent = member_text(p->arena, pair, "parent"), missing;
	Str path = str_concat(p->arena, str_concat(p->arena, dep->name, S(".")), child);
	Map *table = values_table(values, path, &missing);

	if (!table) {
		LogPair pairs[] = {{"chart", dep->name},
		                   {"error", missing_table(p->arena, missing)}};
		log_write(p->log, LOG_WARN, S("ImportValues missing table from chart"), pairs, 2);
		return into;
	}
	return values_coalesce_tables(c, into, path_to_map(p->arena, parent, table), S(""));
}

// "name": the child's exports.name becomes part of the parent's top level.
static Map *import_export(const Processing *p, const Coalesce *c, Map *values,
                          const Dependency *dep, Str name, Map *into)
{
	Str missing,
		path = str_concat(p->arena, str_concat(p->arena, dep->name, S(".exports.")), name);
	Map *table = values_table(values, path, &missing);

	if (!table) {
		LogPair pairs[] = {{"error", missing_table(p->arena, missing)}};
		log_write(p->log, LOG_WARN, S("ImportValues missing table"), pairs, 1);
		return into;
	}
	return values_coalesce_tables(c, into, table, S(""));
}

// What .Chart.Dependencies shows of an import afterwards.
static Value import_shown(Arena *arena, Str child, Str parent)
{
	Map *map = map_new(arena, &TYPE_STRING_MAP);

	map_set(arena, map, S("child"), value_str(child));
	map_set(arena, map, S("parent"), value_str(parent));
	return value_map(map);
}

static Map *import_one(const Processing *p, const Coalesce *c, Map *values, const Dependency *dep,
                       const Value *v, Map *into, List *shown)
{
	if (v->kind == V_MAP) {
		list_push(p->arena, shown,
		          import_shown(p->arena, member_text(p->arena, v->map, "child"),
		                       member_text(p->arena, v->map, "parent")));
		return import_pair(p, c, values, dep, v->map, into);
	}
	if (v->kind == V_STRING) {
		list_push(p->arena, shown,
		          import_shown(p->arena,
		                       str_concat(p->arena, S("exports."), value_as_str(v)),
		                       S(".")));
		return import_export(p, c, values, dep, value_as_str(v), into);
	}
	return into;
}

static bool import_values(const Processing *p, Chart *chart)
{
	Coalesce coalesce = {p->arena, p->log, true};
	Map *all, *imported = map_new(p->arena, &TYPE_ANY_MAP);
	Value whole;

	if (!chart->meta->dependencies.set)
		return true;
	if (!values_coalesce(&coalesce, chart, NULL, &all, p->diag))
		return false;
	for (size_t i = 0; i < chart->meta->dependencies.len; i++) {
		Dependency *dep = dep_at(chart->meta, i);
		List *shown = list_new(p->arena, &TYPE_ANY_LIST, 0);
		for (size_t k = 0; dep->import_values && k < dep->import_values->len; k++)
			imported = import_one(p, &coalesce, all, dep, &dep->import_values->items[k],
			                      imported, shown);
		dep->import_values = shown;
	}
	// What is imported weighs less than the parent's own. Imported tables are parts of `all`: Helm copies it first.
	whole = value_map(all);
	if (imported->len)
		whole = value_deep_copy(p->arena, &whole);
	chart->values = values_coalesce_tables(&coalesce, whole.map, imported, S(""));
	return true;
}

static bool process_imports(const Processing *p, Chart *chart)
{
	for (size_t i = 0; i < chart->dep_count; i++)
		if (!process_imports(p, chart->deps[i]))
			return false;
	return import_values(p, chart);
}

static void free_arena(void *arena)
{
	arena_free(arena);
}

bool dependencies_process(Arena *arena, Log *log, Chart *chart, Map *values,
                          DependencySwitches *asked, Diag *diag)
{
	Processing p = {arena, arena_new(0), log, asked, diag};
	bool ok;

	if (!p.scratch)
		arena_fail(arena);
	arena_defer(arena, free_arena, p.scratch);
	if (setjmp(*arena_trap(p.scratch)))
		arena_fail(arena);
	ok = process_enabled(&p, chart, values, S(""), 0);
	arena_undefer(arena, p.scratch);
	arena_free(p.scratch);
	return ok && process_imports(&p, chart);
}
