// `cleat golden`: what the project renders to, against the files that say what it should. Where the bytes are the same
// nothing but the render is done; only where they differ is it read, compared and rendered again with its origins.

#include "cmd/changes.h"
#include "cmd/commands.h"
#include "cmd/files.h"
#include "cmd/project.h"
#include "data/json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Fewer renders are done before anyone could read of them.
#define PROGRESS_FROM 20

typedef struct GoldenCommand {
	bool update;
	StrList only;
	Str colour, output;
} GoldenCommand;

static bool check_output(Str value, Diag *diag)
{
	return str_is(value, "text") || str_is(value, "json") ||
	       diag_fail(diag, "must be one of: text, json");
}

#define ROW(kind, name, letter, field, argument, help, check)                                      \
	{                                                                                          \
		kind, name, letter, offsetof(GoldenCommand, field), argument, help, NULL, NULL,    \
			check                                                                      \
	}

static const Option OPTIONS[] = {
	ROW(OPTION_FLAG, "update", 'u', update, NULL, "write the golden files as they render now",
            NULL),
	ROW(OPTION_CSV, "only", 0, only, "NAMES", "only these renders", NULL),
	ROW(OPTION_TEXT, "output", 'o', output, "FORMAT", "text or json", check_output),
	ROW(OPTION_TEXT, "color", 0, colour, "WHEN",
            "auto, always or never (NO_COLOR is respected)", check_colour),
	{.kind = OPTION_END},
};

const OptionTable golden_options = {
	"Usage: cleat golden [DIR] [options]",
	"Renders every combination that DIR/.cleat.yaml names (default: the current folder) and "
	"compares it\n"
	"with its golden file, resource by resource and field by field, with the line that made "
	"each\n"
	"difference. Exit codes: 0 all as they should be (or written), 1 something differs, 2 "
	"called wrongly.",
	OPTIONS,
};

typedef struct Golden {
	Arena *arena;
	const GoldenCommand *command;
	Project project;
	size_t same, different, failed, written;
	Buf out, log;
	Diag diag;
} Golden;

static void input_of(const GoldenCase *c, ResourcesInput *input, ChartOptions *options)
{
	*options = (ChartOptions){.values = {.files = c->values, .set = c->set},
	                          .namespace = c->ns.len ? c->ns : S("default"),
	                          .seed = c->seed,
	                          .now = c->now,
	                          .kube_version = c->kube_version};
	*input = (ResourcesInput){
		.path = c->chart, .overlay = c->overlay, .chart = options, .release = c->release};
}

// --- showing a difference ---

static void title(Golden *g, const GoldenCase *c, const char *what)
{
	buf_printf(&g->out, "%.*s: %s\n", STR_ARGS(diag_escape(g->arena, c->name)), what);
}

static bool wants_json(const Golden *g)
{
	return str_is(g->command->output, "json");
}

// One entry of the list that -o json prints; `entry` may hold more of it.
static void add_json(Golden *g, Arena *arena, const GoldenCase *c, const char *state, Map *entry)
{
	Text text = text_new(arena, false);
	Diag ignored = diag_new(arena);
	Value v;

	entry = entry ? entry : map_new(arena, &TYPE_ANY_MAP);
	map_set(arena, entry, S("name"), value_str(c->name));
	map_set(arena, entry, S("file"), value_str(c->file));
	map_set(arena, entry, S("state"), value_str(str_c(state)));
	v = value_map(entry);
	json_write(&text, &v, (JsonStyle){false, "  "}, &ignored);
	buf_c(&g->out, g->out.len ? ",\n" : "[\n");
	buf_str(&g->out, text_str(&text));
}

// A render of which there is nothing more to say.
static void tell(Golden *g, Arena *arena, const GoldenCase *c, const char *state, const char *words)
{
	if (wants_json(g))
		add_json(g, arena, c, state, NULL);
	else if (words)
		title(g, c, words);
}

// The same resources in other bytes: comments, order, spacing.
static void show_first_line(Golden *g, const GoldenCase *c, Str old, Str new)
{
	Str old_line = S(""), new_line = S("");
	size_t line = 0;
	bool more = true;

	while (more && str_eq(old_line, new_line)) {
		more = str_line(&old, &old_line);
		if (!more)
			old_line = S("the end of the file");
		if (!str_line(&new, &new_line)) {
			new_line = S("the end of the render");
			more = false;
		}
		line++;
	}
	buf_printf(&g->out, "  %.*s:%zu: only comments, order or spacing differ, first here:\n    ",
	           STR_ARGS(diag_escape(g->arena, c->file)), line);
	buf_str(&g->out, diag_escape(g->arena, old_line));
	buf_c(&g->out, " -> ");
	buf_str(&g->out, diag_escape(g->arena, new_line));
	buf_byte(&g->out, '\n');
}

static void indent(Buf *out, Str text)
{
	Str line;

	while (str_line(&text, &line)) {
		buf_c(out, "  ");
		buf_str(out, line);
		buf_byte(out, '\n');
	}
}

static bool compare(Golden *g, Arena *arena, const GoldenCase *c, Str old, Str new, Buf *log)
{
	ResourceSet before = {.arena = arena, .sources = map_new(arena, &TYPE_ANY_MAP)}, after;
	ResourcesInput input;
	ChartOptions options;
	CompareOptions how = {.namespace = c->ns.len ? c->ns : S("default")};
	ChangeReport report = {
		arena, NULL, &before, &after, c->file, c->name, wants_colour(g->command->colour)};
	Buf out = buf_new(arena);
	Changes changes;

	input_of(c, &input, &options);
	input.traced = true;
	if (!resources_add_text(&before, c->file, old, &g->diag) ||
	    resources_read(arena, &input, &after, log, &g->diag) != CHART_OK)
		return false;
	compare_documents(arena, before.documents, before.len, after.documents, after.len, &how,
	                  &changes);
	report.changes = &changes;
	if (wants_json(g)) {
		add_json(g, arena, c, "different", changes_value(&report));
		return true;
	}
	title(g, c, "differs");
	changes_printer(S("text"))(&report, &out);
	indent(&g->out, buf_view(&out));
	if (!changes.len)
		show_first_line(g, c, old, new);
	return true;
}

// --- one render ---

static bool render_case(Golden *g, Arena *arena, const GoldenCase *c, Str *text, Buf *log)
{
	ResourcesInput input;
	ChartOptions options;
	ResourceSet set;

	input_of(c, &input, &options);
	input.text_only = true;
	if (resources_read(arena, &input, &set, log, &g->diag) != CHART_OK)
		return false;
	*text = set.text;
	return true;
}

static bool is_missing(const Diag *diag)
{
	return str_has_suffix(diag->message, S("no such file or directory"));
}

static bool update(Golden *g, Arena *arena, const GoldenCase *c, Str old, bool there, Str new)
{
	if (there && str_eq(old, new)) {
		g->same++;
		tell(g, arena, c, "same", NULL);
		return true;
	}
	if (!file_write(arena, c->file, new, &g->diag))
		return false;
	g->written++;
	tell(g, arena, c, "written", there ? "rewritten" : "written");
	return true;
}

static bool check_case(Golden *g, Arena *arena, const GoldenCase *c, Buf *log)
{
	Diag reading = diag_new(arena);
	Str old = S(""), new;
	bool there;

	if (!render_case(g, arena, c, &new, log))
		return false;
	there = fs_read_any(arena, c->file, &old, &reading);
	if (!there && !is_missing(&reading))
		return diag_fail(&g->diag, "%.*s", STR_ARGS(reading.message));
	if (g->command->update)
		return update(g, arena, c, old, there, new);
	if (there && str_eq(old, new)) {
		g->same++;
		tell(g, arena, c, "same", NULL);
		return true;
	}
	if (there && !compare(g, arena, c, old, new, log))
		return false;
	g->different++;
	if (there)
		return true;
	tell(g, arena, c, "missing", "has no golden file yet");
	if (!wants_json(g))
		buf_printf(&g->out, "  `cleat golden --update` writes %.*s\n",
		           STR_ARGS(diag_escape(g->arena, c->file)));
	return true;
}

static void show_failure(Golden *g, Arena *arena, const GoldenCase *c)
{
	Map *entry = map_new(arena, &TYPE_ANY_MAP);

	if (wants_json(g)) {
		map_set(arena, entry, S("error"), value_str(g->diag.message));
		add_json(g, arena, c, "failed", entry);
		return;
	}
	title(g, c, "can't be rendered");
	indent(&g->out, diag_escape(arena, g->diag.message));
	indent(&g->out, diag_escape(arena, g->diag.detail));
}

// One that fails does not keep the others from being looked at.
static void run_case(Golden *g, const GoldenCase *c)
{
	Arena *scratch = arena_scratch(g->arena);
	Buf log = buf_new(scratch);

	g->diag = diag_new(scratch);
	if (!check_case(g, scratch, c, &log)) {
		g->failed++;
		show_failure(g, scratch, c);
		buf_str(&g->log, buf_view(&log));
	}
	g->diag = diag_new(g->arena);
	arena_scratch_free(g->arena, scratch);
}

// --- all of them ---

static bool is_wanted(const Golden *g, const GoldenCase *c)
{
	for (size_t i = 0; i < g->command->only.len; i++)
		if (str_eq(g->command->only.items[i], c->name))
			return true;
	return !g->command->only.len;
}

static bool check_only(Golden *g)
{
	Str *names = ARENA_ARRAY(g->arena, Str, g->project.case_count + 1), nearest;

	for (size_t i = 0; i < g->project.case_count; i++)
		names[i] = g->project.cases[i].name;
	for (size_t i = 0; i < g->command->only.len; i++) {
		bool found = false;
		for (size_t k = 0; k < g->project.case_count; k++)
			found |= str_eq(g->command->only.items[i], names[k]);
		if (found)
			continue;
		nearest = str_nearest(g->command->only.items[i], names, g->project.case_count);
		return nearest.len
		               ? diag_fail(&g->diag,
		                           "there is no golden render \"%.*s\" (did you mean "
		                           "\"%.*s\"?)",
		                           STR_ARGS(g->command->only.items[i]), STR_ARGS(nearest))
		               : diag_fail(&g->diag, "there is no golden render \"%.*s\"",
		                           STR_ARGS(g->command->only.items[i]));
	}
	return true;
}

// Before each render, for a person who waits; gone when all is done.
static void show_progress(const Golden *g, size_t i)
{
	Str name;

	if (g->project.case_count < PROGRESS_FROM || !isatty(STDERR_FILENO))
		return;
	name = i < g->project.case_count ? diag_escape(g->arena, g->project.cases[i].name) : S("");
	if (name.len)
		fprintf(stderr, "\r\033[K%zu of %zu: %.*s", i + 1, g->project.case_count,
		        STR_ARGS(name));
	else
		fputs("\r\033[K", stderr);
}

static int run_all(Golden *g)
{
	for (size_t i = 0; i < g->project.case_count; i++) {
		show_progress(g, i);
		if (is_wanted(g, &g->project.cases[i]))
			run_case(g, &g->project.cases[i]);
	}
	show_progress(g, g->project.case_count);
	fwrite(g->log.p, 1, g->log.len, stderr);
	if (wants_json(g))
		buf_c(&g->out, g->out.len ? "\n]\n" : "[]\n");
	fwrite(g->out.p, 1, g->out.len, stdout);
	if (!wants_json(g)) {
		printf("%zu as they should be", g->same);
		if (g->command->update)
			printf(", %zu written", g->written);
		else
			printf(", %zu different", g->different);
		printf(g->failed ? ", %zu can't be rendered\n" : "\n", g->failed);
	}
	if (g->different && !g->command->update)
		fputs("`cleat golden --update` takes the renders as they are now\n", stderr);
	return g->different || g->failed ? 1 : 0;
}

int cmd_golden(Arena *arena, int argc, char **argv)
{
	GoldenCommand *command = ARENA_NEW(arena, GoldenCommand);
	Golden g = {.arena = arena,
	            .command = command,
	            .out = buf_new(arena),
	            .log = buf_new(arena),
	            .diag = diag_new(arena)};
	StrList args = {0};
	bool help = false, ready;

	ready = options_parse(arena, &golden_options, argc, argv, command, &args, &g.log, &help,
	                      &g.diag);
	if (help) {
		options_help(&golden_options, stdout);
		return 0;
	}
	if (ready && args.len > 1)
		ready = diag_fail(&g.diag,
		                  "cleat golden takes one folder, the one of " PROJECT_FILE);
	if (ready && project_read(arena, args.len ? args.items[0] : S("."), &g.project, &g.diag) &&
	    check_only(&g))
		return run_all(&g);
	print_failure(arena, &g.diag, false);
	return 2;
}
