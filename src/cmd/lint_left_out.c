// Rendering what might have been.

#include "cmd/lint_left_out.h"

#include "lint/left_out.h"

typedef struct Attempts {
	const LintInput *input;
	const LintChart *chart;
	Lint *lint; // that of the findings
	LeftOutSearch *search;
} Attempts;

static void look_at(Attempts *a, const LeftOutAttempt *attempt, Arena *arena)
{
	Lint lint = {.arena = arena,
	             .keep = a->lint->arena,
	             .settings = a->lint->settings,
	             .files = a->lint->files};
	Diag refused = diag_new(arena); // then this is not how the object comes
	Value values = value_map(a->chart->values);
	Render render = {0};

	values = value_deep_copy(arena, &values);
	if (!left_out_apply(a->search, attempt, arena, values.map, &refused) ||
	    !lint_chart_render(a->chart, values.map, &lint, &render, &refused) ||
	    !lint_chart_model(a->input, a->chart, &lint, &render, &refused))
		return;
	if (!left_out_found(a->search, attempt, lint.model, a->lint))
		left_out_learn(a->search, attempt, &render);
}

static void free_arena(void *arena)
{
	arena_free(arena);
}

// In memory of its own: what runs out of it is not how the object comes, either.
static void try_attempt(Attempts *a, const LeftOutAttempt *attempt)
{
	Arena *arena = arena_new(0);

	if (!arena)
		arena_fail(a->lint->arena);
	arena_defer(a->lint->arena, free_arena, arena);
	if (!setjmp(*arena_trap(arena)))
		look_at(a, attempt, arena);
	arena_undefer(a->lint->arena, arena);
	arena_free(arena);
}

void lint_left_out(const LintInput *input, Lint *lint, const LintRead *read)
{
	LintChart chart;
	Attempts a = {.input = input, .chart = &chart, .lint = lint};
	const LeftOutAttempt *attempt;

	if (!read->chart)
		return;
	a.search = left_out_new(lint->arena, &lint->findings);
	if (!left_out_wanted(a.search))
		return;
	chart = *read->chart;
	chart.objects_only = true;
	lint_chart_settle(lint->arena, &chart);
	left_out_learn(a.search, NULL, read->render);
	while (left_out_wanted(a.search) && (attempt = left_out_next(a.search)))
		try_attempt(&a, attempt);
}
