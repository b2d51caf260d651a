// Schemas of charts, by the rules of Helm's pkg/chart/common/util.

#include "chart/schema.h"

#include "data/schema.h"

#include <stdio.h>

// A schema may refer to files of its chart: "other.json" stands for file:///other.json there. Helm looks for that below
// the machine's root and so never finds it; its words for that are kept for files that the chart lacks.
typedef struct Loader {
	SchemaLoader base;
	Arena *arena; // the chart's: its files stay with it
	Chart *chart;
	Log *log;
} Loader;

static bool load_file(SchemaLoader *base, Arena *arena, Str url, Str *text)
{
	Loader *loader = (Loader *)base;
	Diag ignored = diag_new(arena);
	Str name = str_from(url, S("file:///").len);

	if (!str_has_prefix(url, S("file:///")))
		return false;
	for (size_t i = 0; i < loader->chart->files.len; i++) {
		ChartFile *file = &loader->chart->files.items[i];
		if (str_eq(file->name, name))
			return chart_file_read(loader->arena, file, text, &ignored);
	}
	return false;
}

static void warn_urn(SchemaLoader *base, Str urn)
{
	LogPair pair = {"urn", urn};

	log_write(((Loader *)base)->log, LOG_WARN,
	          S("unresolved URN reference ignored; using permissive schema"), &pair, 1);
}

// The origin of a value, or of the first thing in it that has one.
static const Origin *first_origin(const Value *v)
{
	const Origin *origin = v->origin;

	if (v->kind == V_MAP) {
		map_sort(v->map);
		for (size_t i = 0; !origin && i < v->map->len; i++)
			origin = first_origin(&v->map->entries[i].value);
	} else if (v->kind == V_LIST) {
		for (size_t i = 0; !origin && i < v->list->len; i++)
			origin = first_origin(&v->list->items[i]);
	}
	return origin;
}

// A line for a refused value: where it was set. Nothing where its origin is not known.
static void write_place(Buf *places, const Value *refused)
{
	const Origin *origin = first_origin(refused);
	size_t before = places->len;
	Str line;

	if (!origin || (origin->kind != ORIGIN_VALUES && origin->kind != ORIGIN_FLAG))
		return;
	if (origin->kind == ORIGIN_VALUES) {
		buf_str(places, origin->file);
		buf_printf(places, ":%zu:%zu  ", origin->line, origin->column);
		buf_str(places, origin->path);
	} else {
		buf_str(places, origin->text);
	}
	buf_byte(places, '\n');
	line = str_from(buf_view(places), before);
	if (str_find(str_to(buf_view(places), before), line) != STR_NONE)
		places->len = before; // told already
}

static void check_one(Arena *arena, Log *log, Chart *chart, Map *values, Buf *errors, Buf *places)
{
	Arena *scratch = arena_scratch(arena);
	Loader loader = {{load_file, warn_urn}, arena, chart, log};
	Diag diag = diag_new(scratch);
	Value instance = value_map(values);
	SchemaReport report;

	if (!schema_validate(scratch, chart->schema, SCHEMA_URL, &instance, &loader.base, &report,
	                     &diag))
		report = (SchemaReport){.text = diag.message};
	if (report.text.len) {
		buf_str(errors, chart_name(chart));
		buf_c(errors, ":\n");
		buf_str(errors, report.text);
	}
	for (size_t i = 0; i < report.len; i++)
		write_place(places, &report.refused[i]);
	arena_scratch_free(arena, scratch);
}

static void log_dependencies(Log *log, const Chart *chart)
{
	char count[24];
	LogPair pairs[] = {{"chart", chart_name(chart)}, {"dependencies", S("")}};

	if (!log->debug)
		return;
	snprintf(count, sizeof count, "%zu", chart->dep_count);
	pairs[1].value = str_c(count);
	log_write(log, LOG_DEBUG, S("number of dependencies in the chart"), pairs, 2);
}

static void check_chart(Arena *arena, Log *log, Chart *chart, Map *values, Buf *errors, Buf *places)
{
	if (chart->has_schema)
		check_one(arena, log, chart, values, errors, places);
	log_dependencies(log, chart);
	for (size_t i = 0; i < chart->dep_count; i++) {
		Str name = chart_name(chart->deps[i]), type;
		Value *v = map_get(values, name);
		if (!v || value_is_null(v))
			continue;
		if (v->kind == V_MAP) {
			check_chart(arena, log, chart->deps[i], v->map, errors, places);
			continue;
		}
		type = value_type_name(v);
		buf_str(errors, name);
		buf_c(errors, ":\ninvalid type for values: expected object (map), got ");
		buf_str(errors, type);
		buf_byte(errors, '\n');
	}
}

bool schema_check_chart(Arena *arena, Log *log, Chart *chart, Map *values, Diag *diag)
{
	Buf errors = buf_new(arena), places = buf_new(arena);
	Str prefix = S("values don't meet the specifications of the schema(s) in the following "
	               "chart(s):\n");

	check_chart(arena, log, chart, values, &errors, &places);
	if (!errors.len)
		return true;
	diag->detail = str_trim_ascii(buf_view(&places));
	return diag_fail_str(diag, str_concat(arena, prefix, buf_view(&errors)));
}
