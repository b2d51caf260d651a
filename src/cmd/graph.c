// `cleat graph`: who waits for whom.

#include "lint/graph.h"
#include "cmd/commands.h"
#include "cmd/lint_input.h"

typedef struct GraphCommand {
	ChartOptions chart;
	Str output;
} GraphCommand;

static bool check_output(Str value, Diag *diag)
{
	return str_is(value, "text") || str_is(value, "dot") || str_is(value, "svg") ||
	       diag_fail(diag, "must be one of: text, dot, svg");
}

#define CHART_BASE offsetof(GraphCommand, chart)

static const Option OPTIONS[] = {
	{OPTION_TEXT, "output", 'o', offsetof(GraphCommand, output), "FORMAT", "text, dot or svg",
         NULL, NULL, check_output},
	{.kind = OPTION_HEADING, .help = "Values, release and chart, as for render:"},
	CHART_OPTION_ROWS,
	{.kind = OPTION_END},
};

const OptionTable graph_options = {
	"Usage: cleat graph [CHART | FILE | FOLDER | -]... [options]",
	"Draws which workload waits for which, as init containers and start commands say it. Waits "
	"for what is not\n"
	"rendered and cycles are marked; what .cleat.yaml says to come from elsewhere is outside. "
	"Without an argument:\n"
	"the current folder.",
	OPTIONS,
};

int cmd_graph(Arena *arena, int argc, char **argv)
{
	GraphCommand *command = ARENA_NEW(arena, GraphCommand);
	LintInput input = {.options = &command->chart};
	Lint lint = {.arena = arena, .files = map_new(arena, &TYPE_ANY_MAP)};
	Diag diag = diag_new(arena);
	Buf notes = buf_new(arena), out = buf_new(arena);
	bool help = false, done;

	done = options_parse(arena, &graph_options, argc, argv, command, &input.targets, &notes,
	                     &help, &diag);
	if (help) {
		options_help(&graph_options, stdout);
		return 0;
	}
	done = done && lint_input_config(arena, &input, &diag) &&
	       lint_input_read(&input, NULL, &lint, NULL, &notes, &diag);
	fwrite(notes.p, 1, notes.len, stderr);
	if (!done) {
		print_failure(arena, &diag, false);
		return 2;
	}
	if (str_is(command->output, "dot"))
		graph_dot(graph_new(arena, lint.model, &input.settings), &out);
	else if (str_is(command->output, "svg"))
		graph_svg(graph_new(arena, lint.model, &input.settings), &out);
	else
		graph_text(graph_new(arena, lint.model, &input.settings), &out);
	fwrite(out.p, 1, out.len, stdout);
	return 0;
}
