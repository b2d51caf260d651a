// From options to a rendered chart, in the order in which Helm looks at things, since that decides which error comes.

#include "cmd/chart_options.h"

#include "chart/dependencies.h"
#include "cmd/kubeconfig.h"

#include "base/num.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int exit_code(ChartOutcome outcome)
{
	return (int)outcome;
}

void print_failure(Arena *arena, const Diag *diag, bool hint)
{
	Str message = diag_escape(arena, diag->message), detail = diag_escape(arena, diag->detail);

	fputs("Error: ", stderr);
	fwrite(message.p, 1, message.len, stderr);
	fputc('\n', stderr);
	if (hint)
		fputs("\nUse --debug flag to render out invalid YAML\n", stderr);
	if (detail.len) {
		fputc('\n', stderr);
		fwrite(detail.p, 1, detail.len, stderr);
		fputc('\n', stderr);
	}
}

bool chart_is_there(Arena *arena, Str path)
{
	struct stat info;

	if (str_has_suffix(path, S(".tgz")) || str_has_suffix(path, S(".tar.gz")))
		return true;
	path = path_join(arena, path, S("Chart.yaml"));
	return stat(str_to_c(arena, path), &info) == 0 && S_ISREG(info.st_mode);
}

// --- the clock and chance ---

static bool read_digits(Str *text, size_t count, int64_t *out)
{
	*out = 0;
	if (text->len < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (text->p[i] < '0' || text->p[i] > '9')
			return false;
		*out = *out * 10 + (text->p[i] - '0');
	}
	*text = str_from(*text, count);
	return true;
}

static bool skip(Str *text, const char *any)
{
	if (!text->len || !strchr(any, text->p[0]))
		return false;
	*text = str_from(*text, 1);
	return true;
}

// Days from 1970-01-01, by the civil calendar.
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t era, of_era, of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool read_fraction(Str *text, int64_t *nanoseconds)
{
	int64_t scale = 100000000;

	*nanoseconds = 0;
	if (!skip(text, "."))
		return true;
	if (!text->len || text->p[0] < '0' || text->p[0] > '9')
		return false;
	for (; text->len && text->p[0] >= '0' && text->p[0] <= '9'; scale /= 10) {
		*nanoseconds += (text->p[0] - '0') * scale;
		*text = str_from(*text, 1);
	}
	return true;
}

static bool read_zone(Str *text, int64_t *seconds)
{
	int64_t hours, minutes;
	bool west;

	*seconds = 0;
	if (skip(text, "Zz"))
		return true;
	west = text->len && text->p[0] == '-';
	if (!skip(text, "+-") || !read_digits(text, 2, &hours) || !skip(text, ":") ||
	    !read_digits(text, 2, &minutes))
		return false;
	*seconds = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return hours < 24 && minutes < 60;
}

static bool read_rfc3339(Str text, int64_t *seconds, int64_t *nanoseconds)
{
	int64_t year, month, day, hour, minute, second, zone;

	if (!read_digits(&text, 4, &year) || !skip(&text, "-") || !read_digits(&text, 2, &month) ||
	    !skip(&text, "-") || !read_digits(&text, 2, &day) || !skip(&text, "Tt ") ||
	    !read_digits(&text, 2, &hour) || !skip(&text, ":") || !read_digits(&text, 2, &minute) ||
	    !skip(&text, ":") || !read_digits(&text, 2, &second) ||
	    !read_fraction(&text, nanoseconds) || !read_zone(&text, &zone) || text.len)
		return false;
	if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 ||
	    second > 59)
		return false;
	*seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - zone;
	return true;
}

static bool engine_options_from(const ChartOptions *o, bool traced, EngineOptions *out, Diag *diag)
{
	*out = (EngineOptions){.traced = traced, .enable_dns = o->enable_dns};
	if (o->seed.len) {
		out->seeded = true;
		if (num_parse_uint(o->seed, 0, 64, &out->seed) != NUM_OK)
			return diag_fail(diag,
			                 "invalid argument \"%.*s\" for \"--seed\" flag: a whole "
			                 "number is needed",
			                 STR_ARGS(o->seed));
	}
	if (o->now.len) {
		out->clock_set = true;
		if (num_parse_int(o->now, 10, 64, &out->now) != NUM_OK &&
		    !read_rfc3339(o->now, &out->now, &out->now_nanoseconds))
			return diag_fail(diag,
			                 "invalid argument \"%.*s\" for \"--now\" flag: a time "
			                 "like 2026-01-31T12:00:00Z "
			                 "or seconds since 1970 is needed",
			                 STR_ARGS(o->now));
	}
	return true;
}

// --- name and chart ---

static bool run_name_template(Arena *arena, Str text, const EngineOptions *options, Str *out,
                              Diag *diag)
{
	Engine *engine = engine_new(arena, options);
	Value nothing = value_invalid();
	Text result = text_new(arena, false);

	if (!engine_parse(engine, S("name-template"), text, diag) ||
	    !engine_execute(engine, S("name-template"), &nothing, &result, diag))
		return false;
	*out = text_str(&result);
	return true;
}

static ChartOutcome name_and_chart(Arena *arena, const ChartOptions *o, const StrList *args,
                                   const EngineOptions *engine, Str *name, Str *chart, Diag *diag)
{
	Buf more = buf_new(arena);

	for (size_t i = 2; i < args->len; i++) {
		if (i > 2)
			buf_c(&more, ", ");
		buf_str(&more, args->items[i]);
	}
	*name = S("release-name");
	*chart = args->len ? args->items[args->len > 1] : S(".");
	if (args->len > 2)
		diag_fail(diag, "expected at most two arguments, unexpected arguments: %.*s",
		          STR_ARGS(buf_view(&more)));
	else if (args->len == 2 && o->generate_name)
		diag_fail(diag, "cannot set --generate-name and also specify a name");
	else if (args->len == 2 && o->name_template.len)
		diag_fail(diag, "cannot set --name-template and also specify a name");
	if (diag->set)
		return CHART_MISUSED;
	if (args->len == 2)
		*name = args->items[0];
	else if (o->name_template.len &&
	         !run_name_template(arena, o->name_template, engine, name, diag))
		return CHART_FAILED;
	return CHART_OK;
}

static bool is_remote(Str chart)
{
	return str_has_prefix(chart, S("oci://")) || str_has_prefix(chart, S("http://")) ||
	       str_has_prefix(chart, S("https://"));
}

// Helm would look for the chart in registries and repositories now.
static ChartOutcome locate_chart(Arena *arena, Fs *fs, Str chart, Diag *diag)
{
	struct stat info;
	Buf quoted = buf_new(arena);

	if (fs ? fs_info(fs, chart).kind != FS_NONE : stat(str_to_c(arena, chart), &info) == 0)
		return CHART_OK;
	num_quote(&quoted, chart);
	if (str_has_prefix(chart, S("/")) || str_has_prefix(chart, S(".")))
		diag_fail(diag, "path %.*s not found", STR_ARGS(buf_view(&quoted)));
	else if (is_remote(chart))
		diag_fail(diag,
		          "%.*s is on the network, which cleat does not use: `helm pull %.*s "
		          "--untar` brings the chart "
		          "here, then name its folder",
		          STR_ARGS(chart), STR_ARGS(chart));
	else if (str_find_byte(chart, '/') != STR_NONE)
		diag_fail(diag,
		          "there is no chart at %.*s; if it is the name of a chart in a "
		          "repository, `helm pull %.*s --untar` "
		          "brings it here, then name its folder",
		          STR_ARGS(buf_view(&quoted)), STR_ARGS(chart));
	else
		diag_fail(diag, "there is no chart at %.*s: name the folder or .tgz of a chart",
		          STR_ARGS(buf_view(&quoted)));
	return CHART_MISUSED;
}

// --- all of it ---

// Files that a person named and that are not there: a wrong call, not a failed render.
static ChartOutcome outcome_of_values(const Diag *diag)
{
	return str_has_suffix(diag->message, S("no such file or directory")) ||
	                       str_has_prefix(diag->message, S("values from "))
	               ? CHART_MISUSED
	               : CHART_FAILED;
}

static bool check_installable(Render *render, const ChartOptions *o, Diag *diag)
{
	const Metadata *meta = render->chart->meta;

	if (meta->type.len && !str_is(meta->type, "application"))
		return diag_fail(diag, "%.*s charts are not installable", STR_ARGS(meta->type));
	if (meta->deprecated)
		log_write(&render->log, LOG_WARN, S("this chart is deprecated"), NULL, 0);
	if (dependencies_check(render->arena, render->chart, diag))
		return true;
	diag->detail = str_printf(
		render->arena, "looked for them in %.*s%s",
		STR_ARGS(path_join(render->arena, render->chart->place, S("charts"))),
		o->dependency_update
			? "\n--dependency-update needs the network, which cleat does not "
			  "use: run `helm dependency update` on the chart"
			: "");
	return false;
}

static bool check_name(Render *render, Str name, Diag *diag)
{
	LogPair pair = {"error", S("")};

	if (release_name_check(render->arena, name, diag))
		return true;
	pair.value = diag->message;
	log_write(&render->log, LOG_ERROR, S("release name check failed"), &pair, 1);
	return diag_wrap(diag, "release name check failed");
}

static void log_start(Render *render, Str chart)
{
	LogPair version = {"version", S("")}, path = {"path", chart};

	log_write(&render->log, LOG_DEBUG, S("Original chart version"), &version, 1);
	log_write(&render->log, LOG_DEBUG, S("Chart path"), &path, 1);
}

static Chart *load_chart(const ChartLoad *load, Fs *fs, Str chart, Diag *diag)
{
	Str bytes;

	if (!fs)
		return chart_load(load, chart, diag);
	if (fs_info(fs, chart).kind == FS_FOLDER)
		return chart_load_folder(load, fs_below(load->arena, fs, chart), chart, diag);
	return fs_read(fs, load->arena, chart, &bytes, diag)
	               ? chart_load_archive(load, bytes, chart, diag)
	               : NULL;
}

static bool kube_version_from(Arena *arena, Str text, KubeVersion *out, Diag *diag)
{
	*out = kube_version_default();
	return !text.len || kube_version_parse(arena, text, out, diag) ||
	       diag_wrap(diag, "invalid kube version '%.*s'", STR_ARGS(text));
}

ChartOutcome chart_options_load(const ChartOptions *o, const StrList *args, bool traced,
                                Render *render, RenderOptions *options, Map **values, Diag *diag)
{
	Arena *arena = render->arena;
	ChartLoad load = {arena, &render->log, traced};
	ChartOutcome outcome;
	Str chart;

	*options = (RenderOptions){.skip_schema = o->skip_schema,
	                           .render_subchart_notes = o->subchart_notes};
	render->log.debug = o->debug;
	if (!engine_options_from(o, traced, &options->engine, diag) ||
	    !kube_version_from(arena, o->kube_version, &options->capabilities.kube, diag))
		return CHART_MISUSED;
	options->capabilities.extra_apis = o->api_versions;
	options->release.upgrade = o->is_upgrade;
	outcome = name_and_chart(arena, o, args, &options->engine, &options->release.name, &chart,
	                         diag);
	if (outcome == CHART_OK)
		outcome = locate_chart(arena, o->fs, str_trim_space(chart), diag);
	if (outcome != CHART_OK)
		return outcome;
	log_start(render, chart_path(arena, str_trim_space(chart)));
	if (!values_from_flags(arena, &o->values, traced, values, diag))
		return outcome_of_values(diag);
	render->chart =
		o->loaded ? o->loaded : load_chart(&load, o->fs, str_trim_space(chart), diag);
	if (!render->chart || !check_installable(render, o, diag) ||
	    !check_name(render, options->release.name, diag))
		return CHART_FAILED;
	options->release.namespace = namespace_of(arena, o);
	render->release = options->release.name;
	return CHART_OK;
}

static ChartOutcome render_once(const ChartOptions *o, const StrList *args, bool traced,
                                Render *render, bool *late, Diag *diag)
{
	RenderOptions options;
	Map *values;
	ChartOutcome outcome = chart_options_load(o, args, traced, render, &options, &values, diag);

	if (outcome != CHART_OK)
		return outcome;
	return render_templates(render, &options, values, late, diag) ? CHART_OK : CHART_FAILED;
}

bool chart_options_trace(const ChartOptions *o, const StrList *args, Render *again, Diag *diag)
{
	bool late = false;

	for (size_t i = 0; i < o->values.files.len; i++)
		if (str_is(o->values.files.items[i], "-"))
			return false;
	again->log = log_new(again->arena);
	return render_once(o, args, true, again, &late, diag) == CHART_OK;
}

ChartOutcome chart_options_render(const ChartOptions *o, const StrList *args, bool traced,
                                  Render *render, bool *late, Diag *diag)
{
	ChartOutcome outcome = render_once(o, args, traced, render, late, diag);
	Render again = {.arena = render->arena};
	Diag told = diag_new(render->arena);

	if (render->refused && !traced) {
		chart_options_trace(o, args, &again, &told);
		diag->detail = told.detail;
	}
	return outcome;
}
