// `cleat watch`: renders and lints again whenever a file changes, and shows only what changed.

#include "cmd/changes.h"
#include "cmd/commands.h"
#include "cmd/kubeconfig.h"
#include "cmd/lint_input.h"
#include "lint/suppress.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

// An editor writes a file in several steps: what comes within this many milliseconds is one change.
#define SETTLE_MS 40
// Folders below folders: no deeper, and no more than this many.
#define FOLDER_DEPTH 16
#define FOLDER_LIMIT 4096

typedef struct WatchCommand {
	ChartOptions chart;
	Str overlay, release, colour, runs;
	bool no_lint;
} WatchCommand;

static bool check_runs(Str value, Diag *diag)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.p[i] < '0' || value.p[i] > '9')
			return diag_fail(diag, "a number is needed");
	return value.len < 10 || diag_fail(diag, "too many");
}

#define CHART_BASE offsetof(WatchCommand, chart)
#define ROW(kind, name, letter, field, argument, help, check)                                      \
	{                                                                                          \
		kind, name, letter, offsetof(WatchCommand, field), argument, help, NULL, NULL,     \
			check                                                                      \
	}

static const Option OPTIONS[] = {
	ROW(OPTION_FLAG, "no-lint", 0, no_lint, NULL, "render only", NULL),
	ROW(OPTION_TEXT, "kustomize", 'k', overlay, "DIR",
            "lay the kustomization in DIR over the chart", NULL),
	ROW(OPTION_TEXT, "release", 0, release, "NAME", "the release's name", NULL),
	ROW(OPTION_TEXT, "runs", 0, runs, "N", "stop after N renders (default: when interrupted)",
            check_runs),
	ROW(OPTION_TEXT, "color", 0, colour, "WHEN",
            "auto, always or never (NO_COLOR is respected)", check_colour),
	{.kind = OPTION_HEADING, .help = "Values, release and chart, as for render:"},
	CHART_OPTION_ROWS,
	{.kind = OPTION_END},
};

const OptionTable watch_options = {
	"Usage: cleat watch [CHART | DIR] [options]",
	"Renders a chart, kustomization or manifests (default: the current folder) now and again "
	"whenever a\n"
	"file changes, and shows which fields changed, which findings are new and which are "
	"mended. Ends when\n"
	"interrupted.",
	OPTIONS,
};

// One render with its findings, in an arena of its own: it lives until the next has been compared with it.
typedef struct Round {
	Arena *arena;
	ResourceSet set;
	Findings findings;
	bool ok;
} Round;

typedef struct Watch {
	Arena *arena;
	WatchCommand *command;
	Str target;
	int notify;
	size_t folders;
	Diag diag;
} Watch;

// --- a round ---

static bool lint_round(const Watch *w, Round *round, Buf *log, Diag *diag)
{
	LintInput *input = ARENA_NEW(round->arena, LintInput);
	Lint *lint = ARENA_NEW(round->arena, Lint);

	input->options = &w->command->chart;
	str_list_push(round->arena, &input->targets, w->target);
	lint->arena = round->arena;
	lint->files = map_new(round->arena, &TYPE_ANY_MAP);
	lint->suppressions = suppressions_new(round->arena);
	lint->settings = &input->settings;
	if (!lint_input_config(round->arena, input, diag) ||
	    !lint_input_read(input, NULL, lint, NULL, log, diag))
		return false;
	lint_run(lint);
	round->findings = lint->findings;
	return true;
}

static Round *round_new(const Watch *w)
{
	Arena *arena = arena_new(0);
	Round *volatile round = NULL;
	ResourcesInput input = {.path = w->target,
	                        .overlay = w->command->overlay,
	                        .chart = &w->command->chart,
	                        .release = w->command->release,
	                        .traced = true};
	Diag diag;
	Buf log;

	if (!arena || setjmp(*arena_trap(arena))) {
		fputs("Error: out of memory, or past the limit of it\n", stderr);
		arena_free(arena);
		return NULL;
	}
	round = ARENA_NEW(arena, Round);
	diag = diag_new(arena);
	log = buf_new(arena);
	round->arena = arena;
	round->ok = resources_read(arena, &input, &round->set, &log, &diag) == CHART_OK &&
	            (w->command->no_lint || lint_round(w, round, &log, &diag));
	if (!round->ok)
		print_failure(arena, &diag, false);
	return round;
}

static const Finding *find_finding(const Findings *findings, const Finding *wanted)
{
	for (size_t i = 0; i < findings->len; i++)
		if (str_eq(findings->items[i]->fingerprint, wanted->fingerprint))
			return findings->items[i];
	return NULL;
}

static void print_findings(const Round *round, const Findings *these, const Findings *others,
                           const char *word, Buf *out)
{
	for (size_t i = 0; i < these->len; i++) {
		const Finding *f = these->items[i];
		Place place = f->values.file.len     ? f->values
		              : f->template.file.len ? f->template
		                                     : f->manifest;
		if (f->state != FINDING_NEW || find_finding(others, f))
			continue;
		buf_c(out, word);
		buf_str(out, diag_escape(round->arena, place.file));
		buf_printf(out, ":%zu: %.*s: ", place.line,
		           STR_ARGS(lint_severity_name(f->severity)));
		buf_str(out, diag_escape(round->arena, f->message));
		buf_printf(out, " [%s]\n", f->rule->id);
	}
}

static size_t count_findings(const Findings *findings)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->len; i++)
		count += findings->items[i]->state == FINDING_NEW;
	return count;
}

static void show_changes(const Watch *w, const Round *before, const Round *after)
{
	CompareOptions options = {.namespace = namespace_of(after->arena, &w->command->chart)};
	ChangeReport report = {after->arena,
	                       NULL,
	                       &before->set,
	                       &after->set,
	                       S("before"),
	                       S("now"),
	                       wants_colour(w->command->colour)};
	Buf out = buf_new(after->arena);
	Changes changes;

	compare_documents(after->arena, before->set.documents, before->set.len,
	                  after->set.documents, after->set.len, &options, &changes);
	report.changes = &changes;
	changes_printer(S("text"))(&report, &out);
	print_findings(after, &after->findings, &before->findings, "new: ", &out);
	print_findings(after, &before->findings, &after->findings, "mended: ", &out);
	fwrite(out.p, 1, out.len, stdout);
}

// --- waiting for a change ---

static bool is_skipped(const char *name)
{
	return name[0] == '.' || !strcmp(name, "node_modules") || !strcmp(name, "build");
}

static void watch_folder(Watch *w, const char *path, int depth)
{
	DIR *dir;
	struct dirent *entry;

	if (depth > FOLDER_DEPTH || w->folders >= FOLDER_LIMIT ||
	    inotify_add_watch(w->notify, path,
	                      IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
	                              IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR) < 0)
		return;
	w->folders++;
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		struct stat info;
		char *below;
		if (is_skipped(entry->d_name))
			continue;
		below = str_to_c(w->arena, path_join(w->arena, str_c(path), str_c(entry->d_name)));
		if (lstat(below, &info) == 0 && S_ISDIR(info.st_mode))
			watch_folder(w, below, depth + 1);
	}
	if (dir)
		closedir(dir);
}

static void watch_parent(Watch *w, Str file)
{
	watch_folder(w, str_to_c(w->arena, path_dir(w->arena, file)), FOLDER_DEPTH);
}

// All that a render reads: adding a folder again changes nothing, so this is done anew before each render.
static void watch_all(Watch *w)
{
	Arena *arena = w->arena;
	const StrList *files = &w->command->chart.values.files;
	ResourcesKind kind = resources_kind(arena, NULL, w->target);
	struct stat info;

	w->arena = arena_scratch(arena);
	w->folders = 0;
	// What is gone (a branch without it) comes back beside its neighbours.
	if (stat(str_to_c(w->arena, w->target), &info) != 0 || !S_ISDIR(info.st_mode))
		watch_parent(w, w->target);
	else // a kustomization's bases lie beside it
		watch_folder(w,
		             str_to_c(w->arena, kind == RESOURCES_KUSTOMIZATION
		                                        ? path_join(w->arena, w->target, S(".."))
		                                        : w->target),
		             0);
	if (w->command->overlay.len)
		watch_folder(w,
		             str_to_c(w->arena, path_join(w->arena, w->command->overlay, S(".."))),
		             0);
	for (size_t i = 0; i < files->len; i++)
		watch_parent(w, files->items[i]);
	arena_scratch_free(arena, w->arena);
	w->arena = arena;
}

static bool wait_for_change(Watch *w)
{
	struct pollfd wait = {.fd = w->notify, .events = POLLIN};
	char events[8192] __attribute__((aligned(8)));
	int timeout = -1;

	for (;;) {
		int ready = poll(&wait, 1, timeout);
		if (ready < 0 && errno != EINTR)
			return false;
		if (ready == 0)
			return true; // quiet again
		if (ready > 0 && read(w->notify, events, sizeof events) < 0 && errno != EINTR &&
		    errno != EAGAIN)
			return false;
		if (ready > 0)
			timeout = SETTLE_MS;
	}
}

// --- the command ---

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void greet(const Watch *w, const Round *round)
{
	size_t findings = count_findings(&round->findings);

	if (w->command->no_lint)
		printf("%zu resource%s; watching %zu folder%s\n", round->set.len,
		       plural(round->set.len), w->folders, plural(w->folders));
	else
		printf("%zu resource%s, %zu finding%s; watching %zu folder%s\n", round->set.len,
		       plural(round->set.len), findings, plural(findings), w->folders,
		       plural(w->folders));
}

static int watch(Watch *w)
{
	long runs = strtol(str_to_c(w->arena, w->command->runs), NULL, 10);
	Round *last = NULL, *next;

	for (long i = 1;; i++) {
		watch_all(w);
		next = round_new(w);
		if (!next)
			return 1;
		if (next->ok && last)
			show_changes(w, last, next);
		else if (next->ok)
			greet(w, next);
		fflush(stdout);
		if (next->ok) {
			Round *gone = last;
			last = next;
			next = gone;
		}
		if (next)
			arena_free(next->arena);
		if (i == runs || !wait_for_change(w))
			break;
	}
	if (last)
		arena_free(last->arena);
	return 0;
}

int cmd_watch(Arena *arena, int argc, char **argv)
{
	WatchCommand *command = ARENA_NEW(arena, WatchCommand);
	Watch w = {.arena = arena, .command = command, .target = S("."), .diag = diag_new(arena)};
	Buf notes = buf_new(arena);
	StrList args = {0};
	bool help = false, ready;
	int code;

	ready = options_parse(arena, &watch_options, argc, argv, command, &args, &notes, &help,
	                      &w.diag);
	if (help) {
		options_help(&watch_options, stdout);
		return 0;
	}
	if (ready && args.len > 1)
		ready = diag_fail(&w.diag, "cleat watch takes one chart, kustomization or folder");
	if (ready && args.len)
		w.target = args.items[0];
	if (ready && resources_kind(arena, NULL, w.target) == RESOURCES_MISSING)
		ready = diag_fail(&w.diag, "there is nothing at %.*s", STR_ARGS(w.target));
	if (ready && (w.notify = inotify_init1(IN_CLOEXEC)) < 0)
		ready = diag_fail(&w.diag, "files can't be watched: %s", strerror(errno));
	if (!ready) {
		print_failure(arena, &w.diag, false);
		return 2;
	}
	code = watch(&w);
	close(w.notify);
	return code;
}
