// `cleat diff A B`: what differs between two charts, values files, revisions, kustomizations or sets of manifests.

#include "cmd/changes.h"
#include "cmd/commands.h"
#include "cmd/kubeconfig.h"
#include "cmd/revision.h"
#include "data/yaml.h"

#include <stdio.h>
#include <string.h>

typedef struct DiffCommand {
	ChartOptions chart;
	StrList values_a, values_b;
	Str output, rev, colour, release, target;
	bool ignore_cluster;
} DiffCommand;

static bool check_output(Str value, Diag *diag)
{
	return changes_printer(value) || diag_fail(diag, "must be one of: text, json, markdown");
}

#define CHART_BASE offsetof(DiffCommand, chart)
#define ROW(kind, name, letter, field, argument, help, check)                                      \
	{                                                                                          \
		kind, name, letter, offsetof(DiffCommand, field), argument, help, NULL, NULL,      \
			check                                                                      \
	}

static const Option OPTIONS[] = {
	{.kind = OPTION_HEADING, .help = "What is compared:"},
	ROW(OPTION_CSV, "values-a", 0, values_a, "FILE",
            "values file of the first side only; repeatable", NULL),
	ROW(OPTION_CSV, "values-b", 0, values_b, "FILE",
            "values file of the second side only; repeatable", NULL),
	ROW(OPTION_TEXT, "rev", 0, rev, "A..B",
            "git revisions: A..B, A...B (from where they parted), or A (with the files as they "
            "are)",
            NULL),
	ROW(OPTION_TEXT, "chart", 0, target, "CHART",
            "the chart that two values files are compared for (default: .)", NULL),
	ROW(OPTION_TEXT, "release", 0, release, "NAME", "the release's name", NULL),
	ROW(OPTION_FLAG, "ignore-cluster-defaults", 0, ignore_cluster, NULL,
            "leave out what a cluster adds: status, defaults, managed fields", NULL),
	{.kind = OPTION_HEADING, .help = "Output:"},
	ROW(OPTION_TEXT, "output", 'o', output, "FORMAT", "text, json or markdown", check_output),
	ROW(OPTION_TEXT, "color", 0, colour, "WHEN",
            "auto, always or never (NO_COLOR is respected)", check_colour),
	{.kind = OPTION_HEADING, .help = "Values, release and chart, as for render:"},
	CHART_OPTION_ROWS,
	{.kind = OPTION_END},
};

const OptionTable diff_options = {
	"Usage: cleat diff A B [options]\n"
	"       cleat diff [CHART] -f A.yaml -f B.yaml [options]\n"
	"       cleat diff [CHART] --values-a A.yaml --values-b B.yaml [options]\n"
	"       cleat diff [CHART] --rev main..HEAD [options]",
	"Compares resource by resource and field by field, and names the line that made each "
	"difference. A\n"
	"and B are charts, kustomizations, manifests (files, folders, - for standard input) or two "
	"values\n"
	"files. Lists match by their merge keys, order does not count, secrets are masked. Exit "
	"codes: 0 the\n"
	"same, 1 different, 2 trouble.",
	OPTIONS,
};

typedef struct Side {
	ResourcesInput input;
	ChartOptions chart;
	Str name; // for titles
} Side;

typedef struct Diff {
	Arena *arena;
	DiffCommand *command;
	Side sides[2];
	ResourceSet sets[2];
	Buf log;
	Diag diag;
} Diff;

static void add_values(Diff *d, Side *side, const StrList *files)
{
	StrList all = {0};

	for (size_t i = 0; i < side->chart.values.files.len; i++)
		str_list_push(d->arena, &all, side->chart.values.files.items[i]);
	for (size_t i = 0; i < files->len; i++)
		str_list_push(d->arena, &all, files->items[i]);
	side->chart.values.files = all;
	if (files->len)
		side->name = files->items[files->len - 1];
}

// --- which sides? ---

// A YAML file without apiVersion and kind is taken for values.
static bool is_values_file(Arena *arena, Str path)
{
	Diag ignored = diag_new(arena);
	YamlOptions options = {.file = path};
	Node *document, *root;
	Str text;

	if (str_is(path, "-") || resources_kind(arena, NULL, path) != RESOURCES_MANIFESTS ||
	    (!str_has_suffix(path, S(".yaml")) && !str_has_suffix(path, S(".yml"))) ||
	    !fs_read_any(arena, path, &text, &ignored) ||
	    !yaml_read(arena, text, &options, &document, &ignored) || !document)
		return false;
	root = node_follow(document);
	return root->kind == NODE_MAPPING && !node_get_c(root, "apiVersion") &&
	       !node_get_c(root, "kind");
}

// The same path on both sides, each with values files of its own.
static bool sides_by_values(Diff *d, Str target, StrList a, StrList b)
{
	for (size_t i = 0; i < 2; i++) {
		d->sides[i].input.path = target;
		d->sides[i].name = target;
	}
	add_values(d, &d->sides[0], &a);
	add_values(d, &d->sides[1], &b);
	return true;
}

static bool sides_from_values_files(Diff *d, Str a, Str b)
{
	StrList first = {0}, second = {0};

	str_list_push(d->arena, &first, a);
	str_list_push(d->arena, &second, b);
	return sides_by_values(d, d->command->target.len ? d->command->target : S("."), first,
	                       second);
}

// Two -f files and one chart: a side each.
static bool sides_by_two_files(Diff *d, Str target)
{
	StrList files = d->command->chart.values.files, none = {0};

	for (size_t i = 0; i < 2; i++)
		d->sides[i].chart.values.files = none;
	return sides_by_values(d, target, (StrList){.items = files.items, .len = 1},
	                       (StrList){.items = files.items + 1, .len = 1});
}

// Paths count from the current folder, which may lie below the work tree's root.
static void move_to_revision(Diff *d, Side *side, const Revision *revision)
{
	StrList files = {0};

	side->input.fs = revision->fs;
	side->input.path = path_join(d->arena, revision->here, side->input.path);
	for (size_t i = 0; i < side->chart.values.files.len; i++)
		str_list_push(
			d->arena, &files,
			path_join(d->arena, revision->here, side->chart.values.files.items[i]));
	side->chart.values.files = files;
}

static bool sides_by_revision(Diff *d, Str target)
{
	Str rev = d->command->rev, names[2] = {rev, S("")};
	size_t dots = str_find(rev, S(".."));

	sides_by_values(d, target, d->command->values_a, d->command->values_b);
	if (dots != STR_NONE) {
		bool three = str_has_prefix(str_from(rev, dots), S("..."));
		names[0] = dots ? str_to(rev, dots) : S("HEAD");
		names[1] = str_from(rev, dots + (three ? 3 : 2));
		if (!names[1].len)
			names[1] = S("HEAD");
		if (three &&
		    !revision_merge_base(d->arena, names[0], names[1], &names[0], &d->diag))
			return false;
	}
	for (size_t i = 0; i < 2; i++) {
		Revision revision;
		d->sides[i].name = names[i].len ? names[i] : S("the work tree");
		if (!names[i].len)
			continue;
		if (!revision_open(d->arena, names[i], &revision, &d->diag))
			return false;
		move_to_revision(d, &d->sides[i], &revision);
	}
	return true;
}

static bool choose_sides(Diff *d, const StrList *args)
{
	DiffCommand *c = d->command;
	Str target = args->len ? args->items[0] : c->target.len ? c->target : S(".");

	for (size_t i = 0; i < 2; i++) {
		d->sides[i].chart = c->chart;
		d->sides[i].input = (ResourcesInput){.release = c->release, .traced = true};
	}
	if (args->len > 2 || (args->len == 2 && c->rev.len))
		return diag_fail(&d->diag, "cleat diff takes A and B, or one of them with --rev; "
		                           "`cleat diff --help` says more");
	if (c->rev.len)
		return sides_by_revision(d, target);
	if (args->len == 2) {
		if (is_values_file(d->arena, args->items[0]) &&
		    is_values_file(d->arena, args->items[1]))
			return sides_from_values_files(d, args->items[0], args->items[1]);
		if (str_is(args->items[0], "-") && str_is(args->items[1], "-"))
			return diag_fail(&d->diag, "standard input can be one side only");
		sides_by_values(d, target, c->values_a, c->values_b);
		for (size_t i = 0; i < 2; i++) {
			d->sides[i].input.path = args->items[i];
			d->sides[i].name =
				str_is(args->items[i], "-") ? S("standard input") : args->items[i];
		}
		return true;
	}
	if (c->values_a.len || c->values_b.len)
		return sides_by_values(d, target, c->values_a, c->values_b);
	if (c->chart.values.files.len == 2)
		return sides_by_two_files(d, target);
	return diag_fail(&d->diag, "cleat diff needs two sides: A and B, two values files, or "
	                           "--rev; `cleat diff --help` "
	                           "says more");
}

// --- comparing ---

static bool read_sides(Diff *d)
{
	for (size_t i = 0; i < 2; i++) {
		d->sides[i].input.chart = &d->sides[i].chart;
		if (resources_read(d->arena, &d->sides[i].input, &d->sets[i], &d->log, &d->diag) !=
		    CHART_OK) {
			diag_wrap(&d->diag, "%.*s", STR_ARGS(d->sides[i].name));
			return false;
		}
	}
	return true;
}

static int compare(Diff *d)
{
	CompareOptions options = {namespace_of(d->arena, &d->command->chart),
	                          d->command->ignore_cluster};
	ChangeReport report = {d->arena,
	                       NULL,
	                       &d->sets[0],
	                       &d->sets[1],
	                       d->sides[0].name,
	                       d->sides[1].name,
	                       wants_colour(d->command->colour)};
	Buf out = buf_new(d->arena);
	Changes changes;

	compare_documents(d->arena, d->sets[0].documents, d->sets[0].len, d->sets[1].documents,
	                  d->sets[1].len, &options, &changes);
	report.changes = &changes;
	changes_printer(d->command->output)(&report, &out);
	fwrite(out.p, 1, out.len, stdout);
	return changes.len ? 1 : 0;
}

int cmd_diff(Arena *arena, int argc, char **argv)
{
	DiffCommand *command = ARENA_NEW(arena, DiffCommand);
	Diff d = {
		.arena = arena, .command = command, .log = buf_new(arena), .diag = diag_new(arena)};
	StrList args = {0};
	bool help = false, ready;
	int code = 2;

	ready = options_parse(arena, &diff_options, argc, argv, command, &args, &d.log, &help,
	                      &d.diag);
	if (help) {
		options_help(&diff_options, stdout);
		return 0;
	}
	if (ready && choose_sides(&d, &args) && read_sides(&d))
		code = compare(&d);
	fwrite(d.log.p, 1, d.log.len, stderr);
	if (d.diag.set)
		print_failure(arena, &d.diag, false);
	return code;
}
