// `cleat dependency list [CHART]`: what a chart depends on, and whether it is there.

#include "chart/archive.h"
#include "chart/match.h"
#include "chart/version.h"
#include "cmd/commands.h"
#include "cmd/options.h"

#include "base/num.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef struct DependencyCommand {
	Str width;
} DependencyCommand;

static const Option OPTIONS[] = {
	{OPTION_TEXT, "max-col-width", 0, offsetof(DependencyCommand, width), "N",
         "columns wider than this are cut (80)", NULL, NULL, NULL},
	{.kind = OPTION_END},
};

const OptionTable dependency_options = {
	"Usage: cleat dependency list [CHART] [options]",
	"Lists the dependencies in Chart.yaml and whether charts/ has them, as `helm dependency "
	"list`. To bring what\n"
	"is missing, run `helm dependency build` or `helm pull REPO/CHART --untar -d charts`.\n",
	OPTIONS,
};

typedef struct Listing {
	Arena *arena;
	Str path; // of the chart, as given
	Fs *fs;
	Chart *chart;
	Log log;
} Listing;

static Chart *load_quietly(Listing *l, Str path)
{
	Log log = log_new(l->arena);
	ChartLoad load = {l->arena, &log, false};
	Diag ignored = diag_new(l->arena);

	return chart_load(&load, path, &ignored);
}

static const char *version_status(Listing *l, const Dependency *dep, const Chart *found)
{
	if (str_eq(found->meta->version, dep->version))
		return NULL;
	if (!version_constraint_is_valid(l->arena, dep->version) ||
	    !version_is_valid(l->arena, found->meta->version))
		return "invalid version";
	return version_in_range(l->arena, dep->version, found->meta->version) ? NULL
	                                                                      : "wrong version";
}

static const char *archive_status(Listing *l, Str name, const Dependency *dep)
{
	Chart *found = load_quietly(
		l, path_join(l->arena, path_join(l->arena, l->path, S("charts")), name));
	const char *status;

	if (!found)
		return "corrupt";
	if (!str_eq(chart_name(found), dep->name))
		return "misnamed";
	status = version_status(l, dep, found);
	return status ? status : "ok";
}

typedef struct Names {
	Str *items;
	size_t len, cap;
} Names;

static Names names_in_charts(Listing *l)
{
	Names names = {0};
	Diag ignored = diag_new(l->arena);

	fs_list(l->fs, l->arena, S("charts"), &names.items, &names.len, &ignored);
	return names;
}

// The archives in charts/ that may be the dependency, NAME-*.tgz; of several only those whose rest is a version count.
static const char *packed_status(Listing *l, const Dependency *dep)
{
	Names all = names_in_charts(l), fits = {0}, versions = {0};
	Str pattern = str_concat(l->arena, dep->name, S("-*.tgz"));

	for (size_t i = 0; i < all.len; i++) {
		MatchResult result = match_path(pattern, all.items[i]);
		if (result == MATCH_BAD_PATTERN)
			return "bad pattern";
		if (result == MATCH_YES)
			VEC_PUSH(l->arena, fits.items, fits.len, fits.cap) = all.items[i];
	}
	if (fits.len == 1)
		return archive_status(l, fits.items[0], dep);
	for (size_t i = 0; i < fits.len; i++) {
		Str rest = str_slice(fits.items[i], dep->name.len + 1, fits.items[i].len - 4);
		if (version_is_strict(l->arena, rest))
			VEC_PUSH(l->arena, versions.items, versions.len, versions.cap) =
				fits.items[i];
	}
	if (versions.len == 1)
		return archive_status(l, versions.items[0], dep);
	return versions.len > 1 ? "too many matches" : NULL;
}

static const char *status_of(Listing *l, const Dependency *dep)
{
	const char *status = packed_status(l, dep);
	const Chart *found = NULL;

	if (status)
		return status;
	for (size_t i = 0; i < l->chart->dep_count; i++)
		if (str_eq(chart_name(l->chart->deps[i]), dep->name))
			found = l->chart->deps[i];
	if (!found)
		return "missing";
	status = version_status(l, dep, found);
	return status ? status : "unpacked";
}

#define COLUMNS 4

typedef struct Row {
	Str cells[COLUMNS];
} Row;

// A cell that is too long ends in dots.
static Str cut(Arena *arena, Str cell, size_t width)
{
	return utf8_count(cell) <= width || width < 3
	               ? cell
	               : str_concat(arena, str_to(cell, width - 3), S("..."));
}

static void print_rows(const Row *rows, size_t count)
{
	size_t widths[COLUMNS] = {0};

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < COLUMNS; k++) {
			size_t width = utf8_count(rows[i].cells[k]);
			widths[k] = width > widths[k] ? width : widths[k];
		}
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < COLUMNS; k++) {
			Str cell = rows[i].cells[k];
			fwrite(cell.p, 1, cell.len, stdout);
			printf("%*s", (int)(widths[k] - utf8_count(cell)), "");
			if (k + 1 < COLUMNS)
				fputc('\t', stdout);
		}
		fputc('\n', stdout);
	}
}

static void print_dependencies(Listing *l, size_t width)
{
	const PtrList *deps = &l->chart->meta->dependencies;
	Row *rows = ARENA_ARRAY(l->arena, Row, deps->len + 1);

	rows[0] = (Row){{S("NAME"), S("VERSION"), S("REPOSITORY"), S("STATUS")}};
	for (size_t i = 0; i < deps->len; i++) {
		const Dependency *dep = deps->items[i];
		Str cells[COLUMNS] = {dep->name, dep->version, dep->repository,
		                      str_c(status_of(l, dep))};
		for (size_t k = 0; k < COLUMNS; k++)
			rows[i + 1].cells[k] =
				cut(l->arena, diag_escape(l->arena, cells[k]), width);
	}
	print_rows(rows, deps->len + 1);
}

static bool is_listed(const Listing *l, Str name)
{
	for (size_t i = 0; i < l->chart->meta->dependencies.len; i++)
		if (str_eq(((const Dependency *)l->chart->meta->dependencies.items[i])->name, name))
			return true;
	return false;
}

// Charts in charts/ that Chart.yaml does not name.
static void print_unlisted(Listing *l)
{
	Names names = names_in_charts(l);

	for (size_t i = 0; i < names.len; i++) {
		Str inner = path_join(l->arena, S("charts"), names.items[i]);
		Str path = path_join(l->arena, l->path, inner);
		Buf quoted = buf_new(l->arena);
		Chart *chart;
		if (fs_info(l->fs, inner).kind != FS_FOLDER && !str_is(path_ext(inner), ".tgz"))
			continue;
		num_quote(&quoted, path);
		chart = load_quietly(l, path);
		if (!chart)
			printf("WARNING: %.*s is not a chart.\n", STR_ARGS(buf_view(&quoted)));
		else if (!is_listed(l, chart_name(chart)))
			printf("WARNING: %.*s is not in Chart.yaml.\n",
			       STR_ARGS(buf_view(&quoted)));
	}
}

static int list(Arena *arena, Str path, size_t width)
{
	Listing l = {.arena = arena, .path = path_clean(arena, path), .log = log_new(arena)};
	ChartLoad load = {arena, &l.log, false};
	Diag diag = diag_new(arena);

	l.fs = fs_folder(arena, l.path, FS_LINKS_FOLLOW);
	if (fs_info(l.fs, S(".")).kind == FS_NONE) {
		fprintf(stderr, "Error: stat %.*s: no such file or directory\n",
		        STR_ARGS(diag_escape(arena, l.path)));
		return 2;
	}
	l.chart = chart_load(&load, l.path, &diag);
	fwrite(l.log.out.p, 1, l.log.out.len, stderr);
	if (!l.chart) {
		fprintf(stderr, "Error: %.*s\n", STR_ARGS(diag_escape(arena, diag.message)));
		return 1;
	}
	if (!l.chart->meta->dependencies.set) {
		Str charts = path_join(arena, l.path, S("charts"));
		printf("WARNING: no dependencies at %.*s\n", STR_ARGS(diag_escape(arena, charts)));
		return 0;
	}
	print_dependencies(&l, width);
	fputc('\n', stdout);
	print_unlisted(&l);
	return 0;
}

static int refuse(Arena *arena, Str what)
{
	fprintf(stderr,
	        "Error: dependency %.*s is not done by cleat, which has `dependency list` only: "
	        "`helm dependency build` or "
	        "`helm pull REPO/CHART --untar -d charts` bring charts into charts/\n",
	        STR_ARGS(diag_escape(arena, what)));
	return 2;
}

int cmd_dependency(Arena *arena, int argc, char **argv)
{
	DependencyCommand command = {.width = S("80")};
	StrList args = {0};
	Buf notes = buf_new(arena);
	Diag diag = diag_new(arena);
	bool help = false;
	int64_t width;

	if (!options_parse(arena, &dependency_options, argc, argv, &command, &args, &notes, &help,
	                   &diag)) {
		fprintf(stderr, "Error: %.*s\n", STR_ARGS(diag_escape(arena, diag.message)));
		return 2;
	}
	if (help || !args.len) {
		options_help(&dependency_options, help ? stdout : stderr);
		return help ? 0 : 2;
	}
	if (!str_is(args.items[0], "list") && !str_is(args.items[0], "ls"))
		return refuse(arena, args.items[0]);
	if (args.len > 2 || num_parse_int(command.width, 10, 32, &width) != NUM_OK || width < 0) {
		fputs("Error: dependency list takes one CHART, and --max-col-width a number\n",
		      stderr);
		return 2;
	}
	return list(arena, args.len > 1 ? args.items[1] : S("."), (size_t)width);
}
