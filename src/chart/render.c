// Rendering a chart, by the rules of Helm's pkg/engine and pkg/action.

#include "chart/render.h"

#include "chart/dependencies.h"
#include "chart/errors.h"
#include "chart/schema.h"

#include "base/num.h"

#include <stdio.h>
#include <stdlib.h>

// --- names ---

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// [a-z0-9]([-a-z0-9]*[a-z0-9])? joined by dots.
static bool name_is_valid(Str name)
{
	Str label;

	while (str_cut(&name, S("."), &label)) {
		if (!label.len || !is_alnum(label.p[0]) || !is_alnum(label.p[label.len - 1]))
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!is_alnum(label.p[i]) && label.p[i] != '-')
				return false;
	}
	return true;
}

#define RELEASE_NAME_LIMIT 53

bool release_name_check(Arena *arena, Str name, Diag *diag)
{
	Buf quoted = buf_new(arena);

	if (name.len && name.len <= RELEASE_NAME_LIMIT && name_is_valid(name))
		return true;
	num_quote(&quoted, name);
	if (!name.len)
		return diag_fail(diag, "release name %.*s: no name provided",
		                 STR_ARGS(buf_view(&quoted)));
	return diag_fail(diag,
	                 "release name %.*s: invalid release name, must match regex "
	                 "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and "
	                 "the length must not "
	                 "be longer than %d",
	                 STR_ARGS(buf_view(&quoted)), RELEASE_NAME_LIMIT);
}

// --- gathering templates ---

typedef struct Template {
	Str name; // "t/charts/sub/templates/a.yaml"
	Str text;
	Map *dot;      // shared by the templates of a chart
	Str base_path; // "t/charts/sub/templates"
	size_t slashes;
} Template;

typedef struct Templates {
	Template *items;
	size_t len, cap;
	Map *index; // name to position: a chart that is there twice under one name is rendered once, the last one
} Templates;

typedef struct Gather {
	Arena *arena;
	Templates *templates;
	Value release, capabilities;
	bool traced;
	Diag *diag;
} Gather;

static size_t count_slashes(Str name)
{
	size_t count = 0;

	for (size_t i = 0; i < name.len; i++)
		count += name.p[i] == '/';
	return count;
}

static bool gather_template(Gather *g, const Chart *chart, ChartFile *file, Str path, Map *dot)
{
	Template template = {.dot = dot, .base_path = path_join(g->arena, path, S("templates"))};
	Value *known;

	if (chart_is_library(chart) && !str_has_prefix(path_base(file->name), S("_")))
		return true;
	if (!chart_file_read(g->arena, file, &template.text, g->diag))
		return false;
	template.name = path_join(g->arena, path, file->name);
	template.slashes = count_slashes(template.name);
	known = map_get(g->templates->index, template.name);
	if (known) {
		g->templates->items[known->i] = template;
		return true;
	}
	map_set(g->arena, g->templates->index, template.name,
	        value_int((int64_t)g->templates->len));
	VEC_PUSH(g->arena, g->templates->items, g->templates->len, g->templates->cap) = template;
	return true;
}

// What `values` hold for the subchart, by the dots in its name as Helm looks it up.
static Map *values_of(Arena *arena, const Chart *chart, Map *parent_values)
{
	Str missing;
	Map *found = values_table(parent_values, chart_name(chart), &missing);

	return found ? found : map_new(arena, &TYPE_CHART_VALUES);
}

static bool gather_chart(Gather *g, const Chart *chart, Map *values, Map **out)
{
	Map *dot = map_new(g->arena, &TYPE_CHART_VALUES),
	    *subcharts = map_new(g->arena, &TYPE_ANY_MAP), *inner;
	Str path = chart_full_path(g->arena, chart);

	*out = dot;
	map_set(g->arena, dot, S("Capabilities"), g->capabilities);
	map_set(g->arena, dot, S("Chart"), object_chart(g->arena, chart, g->traced));
	map_set(g->arena, dot, S("Files"), object_files(g->arena, chart, g->traced));
	map_set(g->arena, dot, S("Release"), g->release);
	map_set(g->arena, dot, S("Subcharts"), value_map(subcharts));
	map_set(g->arena, dot, S("Values"), value_map(values));
	for (size_t i = 0; i < chart->dep_count; i++) {
		const Chart *dep = chart->deps[i];
		if (!gather_chart(g, dep, values_of(g->arena, dep, values), &inner))
			return false;
		map_set(g->arena, subcharts, chart_name(dep), value_map(inner));
	}
	for (size_t i = 0; i < chart->templates.len; i++)
		if (!gather_template(g, chart, &chart->templates.items[i], path, dot))
			return false;
	return true;
}

// Deep paths first, and among those of one depth the last name first: of two definitions of a name, the one nearest
// to the root chart is parsed last and counts.
static int compare_templates(const void *a, const void *b)
{
	const Template *x = a, *y = b;

	if (x->slashes != y->slashes)
		return x->slashes > y->slashes ? -1 : 1;
	return str_cmp(y->name, x->name);
}

// --- excerpts: the lines around a place, which Helm's messages lack ---

static Str line_at(Str text, size_t number)
{
	Str line = S("");

	for (size_t i = 0; i < number; i++)
		if (!str_line(&text, &line))
			return S("");
	return line;
}

static Str excerpt(Arena *arena, const Templates *templates, Place place)
{
	const Value *at = map_get(templates->index, place.file);
	Buf out = buf_new(arena);
	Str line;

	if (!at || !place.line)
		return S("");
	line = line_at(templates->items[at->i].text, place.line);
	buf_printf(&out, "  %zu | ", place.line);
	buf_str(&out, line);
	if (place.column && place.column <= line.len + 1) {
		size_t digits = (size_t)snprintf(NULL, 0, "%zu", place.line);
		buf_byte(&out, '\n');
		buf_fill(&out, ' ', digits + 2);
		buf_c(&out, " | ");
		for (size_t i = 0; i + 1 < place.column; i++)
			buf_byte(&out, line.p[i] == '\t' ? '\t' : ' ');
		buf_byte(&out, '^');
	}
	return buf_view(&out);
}

static bool fail_template(Render *render, const Templates *templates, Str file, bool parsing,
                          const Diag *inner, Diag *diag)
{
	Str message = parsing ? error_of_parsing(render->arena, file, inner->message)
	                      : error_of_execution(render->arena, file, inner->message);
	Buf detail = buf_new(render->arena);
	Place place;

	if (error_place(inner->message, true, &place)) {
		diag->place = place;
		buf_str(&detail, excerpt(render->arena, templates, place));
	}
	if (inner->detail.len) {
		if (detail.len)
			buf_byte(&detail, '\n');
		buf_str(&detail, inner->detail);
	}
	diag->detail = buf_view(&detail);
	return diag_fail_str(diag, message);
}

// --- running ---

static bool parse_all(Render *render, Engine *engine, const Templates *templates, Diag *diag)
{
	for (size_t i = 0; i < templates->len; i++) {
		const Template *template = &templates->items[i];
		Diag inner = diag_new(render->arena);
		if (!engine_parse(engine, template->name, template->text, &inner))
			return fail_template(render, templates, template->name, true, &inner, diag);
	}
	return true;
}

static void note_template(Arena *arena, const Template *template)
{
	Map *map = map_new(arena, &TYPE_CHART_VALUES);

	map_set(arena, map, S("BasePath"), value_str(template->base_path));
	map_set(arena, map, S("Name"), value_str(template->name));
	map_set(arena, template->dot, S("Template"), value_map(map));
}

static bool run_all(Render *render, Engine *engine, const Templates *templates, Diag *diag)
{
	render->files = ARENA_ARRAY(render->arena, Rendered, templates->len + 1);
	for (size_t i = 0; i < templates->len; i++) {
		const Template *template = &templates->items[i];
		Value dot = value_map(template->dot);
		Diag inner = diag_new(render->arena);
		Text text;
		if (str_has_prefix(path_base(template->name), S("_")))
			continue;
		note_template(render->arena, template);
		text = engine_text_open(engine);
		if (!engine_execute(engine, template->name, &dot, &text, &inner))
			return fail_template(render, templates, template->name, false, &inner,
			                     diag);
		render->files[render->file_count++] =
			(Rendered){template->name, engine_text_close(engine, &text)};
	}
	return true;
}

// NOTES.txt files are no manifests. The root chart's is kept, and the others where they are asked for.
static void take_notes(Render *render, bool subcharts)
{
	Str own = str_concat(render->arena, chart_name(render->chart), S("/templates/NOTES.txt"));
	Buf notes = buf_new(render->arena);
	size_t kept = 0;

	for (size_t i = 0; i < render->file_count; i++) {
		Rendered *file = &render->files[i];
		if (!str_has_suffix(file->name, S("NOTES.txt"))) {
			render->files[kept++] = *file;
			continue;
		}
		if (!subcharts && !str_eq(file->name, own))
			continue;
		if (notes.len)
			buf_byte(&notes, '\n');
		buf_str(&notes, file->text);
	}
	render->file_count = kept;
	render->notes = buf_view(&notes);
}

static bool check_kube_version(Render *render, const RenderOptions *options, Diag *diag)
{
	Str wanted = render->chart->meta->kube_version;

	return !wanted.len ||
	       version_in_range(render->arena, wanted, options->capabilities.kube.normalized) ||
	       diag_fail(diag,
	                 "chart requires kubeVersion: %.*s which is incompatible with Kubernetes "
	                 "%.*s",
	                 STR_ARGS(wanted), STR_ARGS(options->capabilities.kube.version));
}

static void as_values(Map *map)
{
	map->type =
		&TYPE_CHART_VALUES; // the root's values have a name in Go; those of subcharts share their parent's tables
}

static bool process_dependencies(Render *render, Map *values, Diag *diag)
{
	Diag inner = diag_new(render->arena);
	LogPair pair = {"error", S("")};

	if (dependencies_process(render->arena, &render->log, render->chart, values, &render->asked,
	                         &inner))
		return true;
	pair.value = inner.message;
	log_write(&render->log, LOG_ERROR, S("chart dependencies processing failed"), &pair, 1);
	diag_fail_str(diag, inner.message);
	return diag_wrap(diag, "chart dependencies processing failed");
}

bool render_templates(Render *render, const RenderOptions *options, Map *values, bool *late,
                      Diag *diag)
{
	Arena *arena = render->arena;
	Coalesce coalesce = {arena, &render->log, false};
	Templates templates = {.index = map_new(arena, &TYPE_ANY_MAP)};
	Gather gather = {arena,
	                 &templates,
	                 object_release(arena, &options->release, options->engine.traced),
	                 object_capabilities(arena, &options->capabilities),
	                 options->engine.traced,
	                 diag};
	Engine *engine;
	Map *dot;

	if (!process_dependencies(render, values, diag) ||
	    !values_coalesce(&coalesce, render->chart, values, &render->values, diag))
		return false;
	render->refused =
		!options->skip_schema &&
		!schema_check_chart(arena, &render->log, render->chart, render->values, diag);
	if (render->refused)
		return false;
	as_values(render->values);
	*late = true;
	if (!check_kube_version(render, options, diag) ||
	    !gather_chart(&gather, render->chart, render->values, &dot))
		return false;
	if (templates.len)
		qsort(templates.items, templates.len, sizeof *templates.items, compare_templates);
	for (size_t i = 0; i < templates.len; i++)
		map_set(arena, templates.index, templates.items[i].name, value_int((int64_t)i));
	engine = engine_new(arena, &options->engine);
	render->trace = engine_trace(engine);
	if (render->trace) {
		Value root = value_map(render->values);
		trace_name_values(render->trace, &root, S(""));
	}
	if (!parse_all(render, engine, &templates, diag) ||
	    !run_all(render, engine, &templates, diag))
		return false;
	take_notes(render, options->render_subchart_notes);
	return true;
}

bool render_manifests(Render *render, Diag *diag)
{
	render->hooks = render->manifests = (Manifests){0};
	render->bad = (BadManifest){0};
	return manifests_sort(render->arena, &render->log, render->files, render->file_count,
	                      &render->hooks, &render->manifests, &render->bad, diag);
}

// --- CRDs ---

typedef struct Crds {
	CrdFile *items;
	size_t len, cap;
} Crds;

static bool has_manifest_extension(Str name)
{
	Str ext = path_ext(name);

	return str_ieq(ext, S(".yaml")) || str_ieq(ext, S(".yml")) || str_ieq(ext, S(".json"));
}

static void gather_crds(Arena *arena, const Chart *chart, Crds *crds)
{
	Str path = chart_full_path(arena, chart);

	for (size_t i = 0; i < chart->files.len; i++) {
		ChartFile *file = &chart->files.items[i];
		if (str_has_prefix(file->name, S("crds/")) && has_manifest_extension(file->name))
			VEC_PUSH(arena, crds->items, crds->len, crds->cap) =
				(CrdFile){path_join(arena, path, file->name), file};
	}
	for (size_t i = 0; i < chart->dep_count; i++)
		gather_crds(arena, chart->deps[i], crds);
}

size_t render_crds(Arena *arena, const Chart *chart, CrdFile **out)
{
	Crds crds = {0};

	gather_crds(arena, chart, &crds);
	*out = crds.items;
	return crds.len;
}
