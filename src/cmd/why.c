// `cleat why`: which lines made a rendered value, and what a value reaches.

#include "cmd/why.h"

#include "cmd/commands.h"
#include "data/json.h"
#include "data/yaml.h"

#include <stdio.h>

typedef struct WhyCommand {
	ChartOptions chart;
	Str value, output;
} WhyCommand;

#define CHART_BASE offsetof(WhyCommand, chart)

static bool check_output(Str value, Diag *diag)
{
	return str_is(value, "text") || str_is(value, "json") ||
	       diag_fail(diag, "there is no output format \"%.*s\": text or json", STR_ARGS(value));
}

static const Option OPTIONS[] = {
	{OPTION_TEXT, "value", 0, offsetof(WhyCommand, value), "PATH",
         "the other way round: what this value reaches and decides", NULL, NULL, NULL},
	{OPTION_TEXT, "output", 'o', offsetof(WhyCommand, output), "FORMAT", "text or json", NULL,
         NULL, check_output},
	CHART_OPTION_ROWS,
	{OPTION_END, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL},
};

const OptionTable why_options = {
	"Usage: cleat why KIND/NAME PATH [CHART | KUSTOMIZATION] [options]\n"
	"       cleat why --value KEY.PATH [CHART] [options]",
	"Which lines made a rendered value: the template's, those of the helpers on the way, the "
	"values\n"
	"file's, and the conditions that let it appear; of a kustomization, the line of the patch, "
	"generator\n"
	"or base that wrote it. PATH is written spec.containers[0].env[NAME].value; a list's item "
	"is named by\n"
	"its index or its name, a key with dots in it as [\"a.b\"].",
	OPTIONS,
};

static bool print_json(const Why *w, Map *answer, Buf *out)
{
	Text text = text_new(w->arena, false);
	Value v = value_map(answer);

	if (!json_write(&text, &v, (JsonStyle){false, "  "}, w->diag))
		return false;
	buf_str(out, text_str(&text));
	buf_byte(out, '\n');
	return true;
}

// --- kustomizations ---

static bool add_document(Why *w, Str name, Str text)
{
	YamlHead head;

	if (!yaml_scan_head(w->arena, text, &head, w->diag))
		return false;
	VEC_PUSH(w->arena, w->render.manifests.items, w->render.manifests.len,
	         w->render.manifests.cap) = (Manifest){.name = name,
	                                               .content = text,
	                                               .api_version = head.version,
	                                               .kind = head.kind,
	                                               .resource = head.name};
	return true;
}

static bool build_kustomization(Why *w, const WhyCommand *c, Str target, Str folder)
{
	Str rest, document;

	if (c->value.len)
		return diag_fail(w->diag,
		                 "--value asks for a chart's values, and %.*s is a kustomization",
		                 STR_ARGS(target));
	if (!overlay_build(w->arena, NULL, folder, true, &w->built, &w->render.log.out, w->diag))
		return false;
	rest = w->built.text;
	while (rest.len && str_cut(&rest, S("\n---\n"), &document)) {
		if (rest.p)
			document.len++; // the document's own line end
		if (!add_document(w, folder, document))
			return false;
	}
	return true;
}

// Renders the chart, or builds the kustomization.
static ChartOutcome read_target(Why *w, const WhyCommand *c, const StrList *args)
{
	Str target = args->len ? args->items[0] : S("."), folder;
	bool late = false;

	if (chart_is_there(w->arena, target) || !overlay_is_there(w->arena, target, &folder))
		return chart_options_render(&c->chart, args, true, &w->render, &late, w->diag);
	return build_kustomization(w, c, target, folder) ? CHART_OK : CHART_FAILED;
}

// --- the command ---

static bool answer_question(Why *w, const WhyCommand *c, const StrList *args, Buf *out)
{
	Map *answer = map_new(w->arena, &TYPE_ANY_MAP);

	if (w->render.chart) {
		if (!render_manifests(&w->render, w->diag))
			return false;
		w->prefix = str_concat(w->arena, chart_name(w->render.chart), S("/"));
	}
	if (!(c->value.len ? why_value(w, c->value, answer)
	                   : why_resource(w, args->items[0], args->items[1], answer)))
		return false;
	if (str_is(c->output, "json"))
		return print_json(w, answer, out);
	if (c->value.len)
		why_print_value(out, w, answer);
	else
		why_print_resource(out, w, answer);
	return true;
}

// What is left of the arguments for the render: [CHART].
static bool chart_argument(const WhyCommand *c, const StrList *args, StrList *chart, Diag *diag)
{
	size_t own = c->value.len ? 0 : 2;

	if (args->len < own)
		return diag_fail(diag, "cleat why wants KIND/NAME and PATH, or --value KEY.PATH; "
		                       "`cleat why --help` says more");
	if (args->len > own + 1)
		return diag_fail(diag, "cleat why takes one chart");
	*chart = (StrList){.items = args->items + own, .len = args->len - own};
	return true;
}

int cmd_why(Arena *arena, int argc, char **argv)
{
	WhyCommand *command = ARENA_NEW(arena, WhyCommand);
	Diag diag = diag_new(arena);
	Why w = {.arena = arena, .render = {.arena = arena, .log = log_new(arena)}, .diag = &diag};
	Buf notes = buf_new(arena), out = buf_new(arena);
	ChartOutcome outcome = CHART_MISUSED;
	StrList args = {0}, chart;
	bool help = false;

	if (options_parse(arena, &why_options, argc, argv, command, &args, &notes, &help, &diag) &&
	    !help && chart_argument(command, &args, &chart, &diag))
		outcome = read_target(&w, command, &chart);
	if (help) {
		options_help(&why_options, stdout);
		return 0;
	}
	if (outcome == CHART_OK && !answer_question(&w, command, &args, &out))
		outcome = CHART_FAILED;
	fwrite(notes.p, 1, notes.len, stderr);
	fwrite(w.render.log.out.p, 1, w.render.log.out.len, stderr);
	fwrite(out.p, 1, out.len, stdout);
	if (outcome != CHART_OK)
		print_failure(arena, &diag, false);
	return exit_code(outcome);
}
