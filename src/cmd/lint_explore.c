// Rendering and linting configurations.

#include "cmd/lint_explore.h"

#include "lint/mask.h"

// A finding that is told, and the smallest configuration known to show it: NULL where the values alone do.
typedef struct Told {
	Finding *finding;
	Exploring *exploring;
	const Configuration *configuration;
} Told;

typedef struct Run {
	Exploring *exploring;
	Lint *lint; // that of the values alone
	Findings *all;
	Buf *log;
	Map *told;     // fingerprint to Told
	bool reducing; // looking for smaller configurations that show what is told
	Str text;      // of the configuration at work, once a finding needs it
} Run;

Exploring *exploring_new(const LintInput *input, const LintRead *read, const Lint *lint)
{
	Exploring *exploring = ARENA_NEW(lint->arena, Exploring);

	exploring->input = input;
	exploring->chart = read->chart;
	exploring->set = lint->set;
	exploring->explore = explore_new(lint->arena, &input->settings.explore.except,
	                                 input->settings.explore.limit);
	explore_learn(exploring->explore, NULL, read->render);
	explore_learn_model(exploring->explore, NULL, lint->model);
	explore_is_known(exploring->explore, read->render);
	return exploring;
}

// --- findings ---

static Place copy_place(Arena *arena, Place place)
{
	place.file = str_copy(arena, place.file);
	return place;
}

// A finding of memory that goes with its configuration.
static Finding *copy_finding(Arena *arena, const Finding *finding)
{
	Finding *copy = ARENA_NEW(arena, Finding);
	Str *texts[] = {&copy->message,   &copy->resource,    &copy->ns,
	                &copy->container, &copy->values_path, &copy->called_from,
	                &copy->about,     &copy->fingerprint, &copy->reason};

	*copy = *finding;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = str_copy(arena, *texts[i]);
	copy->template = copy_place(arena, finding->template);
	copy->values = copy_place(arena, finding->values);
	copy->manifest = copy_place(arena, finding->manifest);
	copy->left_out = NULL; // the configuration says it
	copy->sets = NULL;
	copy->set_count = copy->set_cap = 0;
	return copy;
}

static void add_set(Arena *arena, Finding *finding, Str set)
{
	for (size_t i = 0; i < finding->set_count; i++)
		if (str_eq(finding->sets[i], set))
			return;
	VEC_PUSH(arena, finding->sets, finding->set_count, finding->set_cap) = set;
}

static Told *tell(Run *run, Finding *finding, const Configuration *configuration)
{
	Told *told = ARENA_NEW(run->lint->arena, Told);

	*told = (Told){finding, run->exploring, configuration};
	table_put(run->lint->arena, run->told, finding->fingerprint, told);
	return told;
}

static Str text_of(Run *run, const Configuration *configuration)
{
	if (!run->text.len)
		run->text = explore_text(run->exploring->explore, configuration, run->lint->arena);
	return run->text;
}

static void take_finding(Run *run, const Configuration *configuration, const Finding *finding)
{
	Arena *arena = run->lint->arena;
	Told *told = table_get(run->told, finding->fingerprint);

	if (told && (!told->configuration || told->configuration->count < configuration->count))
		return;
	if (!told) {
		Finding *copy = copy_finding(arena, finding);
		copy->configuration = text_of(run, configuration);
		told = tell(run, copy, configuration);
		VEC_PUSH(arena, run->all->items, run->all->len, run->all->cap) = copy;
	} else if (told->configuration->count > configuration->count) {
		told->exploring = run->exploring;
		told->configuration = configuration;
		told->finding->configuration = text_of(run, configuration);
		told->finding->set_count = 0;
	}
	if (run->exploring->set.len &&
	    str_eq(told->finding->configuration, text_of(run, configuration)))
		add_set(arena, told->finding, run->exploring->set);
}

// --- one configuration ---

static bool render(Run *run, const Configuration *configuration, Lint *lint, Render *out,
                   Diag *diag)
{
	const LintChart *chart = run->exploring->chart;
	Value values = value_map(chart->values);

	values = value_deep_copy(lint->arena, &values);
	return explore_apply(run->exploring->explore, configuration, lint->arena, values.map,
	                     diag) &&
	       lint_chart_render(chart, values.map, lint, out, diag);
}

// The schema, `required`, `fail` or a template that was not made for it refuses it: no fault of the chart's, since no
// person would have got further either. --debug says why.
static void note_refused(Run *run, Configuration *configuration, const Diag *diag)
{
	Arena *arena = run->lint->arena;

	explore_refused(run->exploring->explore, configuration);
	if (!run->exploring->input->options->debug)
		return;
	buf_c(run->log, "refused: ");
	buf_str(run->log, text_of(run, configuration));
	buf_c(run->log, ": ");
	buf_str(run->log, diag_escape(arena, mask_message(run->lint, diag->message)));
	buf_byte(run->log, '\n');
}

static void look_at(Run *run, Configuration *configuration, Arena *arena)
{
	Explore *explore = run->exploring->explore;
	Render rendered = {0};
	Diag diag = diag_new(arena);
	Settings settings = settings_copy(arena, run->lint->settings);
	Lint lint = {.arena = arena,
	             .keep = run->lint->arena,
	             .settings = &settings,
	             .files = run->lint->files,
	             .suppressions = run->lint->suppressions,
	             .later_set = true};
	bool done = render(run, configuration, &lint, &rendered, &diag);

	explore_learn(explore, configuration, &rendered);
	if (done && !run->reducing && explore_is_known(explore, &rendered))
		return;
	if (!done || !lint_chart_model(run->exploring->input, run->exploring->chart, &lint,
	                               &rendered, &diag)) {
		note_refused(run, configuration, &diag);
		return;
	}
	explore_outside(explore, configuration, lint.model, &settings);
	lint.switched_off = explore_switched_off(explore, configuration, lint.model);
	explore_learn_model(explore, configuration, lint.model);
	lint_run(&lint);
	findings_number(arena, &lint.findings);
	for (size_t i = 0; i < lint.findings.len; i++)
		take_finding(run, configuration, lint.findings.items[i]);
	mask_take(run->lint, &lint);
}

static void free_arena(void *arena)
{
	arena_free(arena);
}

// In memory of its own, which may run out without more harm than that the configuration counts as refused.
static void try_configuration(Run *run, Configuration *configuration)
{
	Arena *arena = arena_new(0);

	if (!arena)
		arena_fail(run->lint->arena);
	arena_defer(run->lint->arena, free_arena, arena);
	if (setjmp(*arena_trap(arena)))
		explore_refused(run->exploring->explore, configuration);
	else
		look_at(run, configuration, arena);
	arena_undefer(run->lint->arena, arena);
	arena_free(arena);
}

static void try_next(Run *run, Configuration *configuration)
{
	run->text = S("");
	try_configuration(run, configuration);
}

// A pair brings the settings with it under which each of the two was met: those that a finding does not need go.
static void reduce(Run *run, const Told *told)
{
	for (size_t i = 0; told->configuration && i < told->configuration->count; i++) {
		const Configuration *before = told->configuration;
		Configuration *smaller;
		run->exploring = told->exploring;
		smaller = explore_without(run->exploring->explore, before, i);
		if (smaller)
			try_next(run, smaller);
		if (told->configuration != before)
			i = (size_t)-1; // a smaller one: from its first setting on
	}
}

void explore_run(Exploring *const *items, size_t count, Lint *lint, Findings *all, Buf *log)
{
	Run run = {
		.lint = lint, .all = all, .log = log, .told = map_new(lint->arena, &TYPE_ANY_MAP)};
	Configuration *configuration;

	for (size_t i = 0; i < all->len; i++)
		tell(&run, all->items[i], NULL);
	for (size_t i = 0; i < count; i++) {
		run.exploring = items[i];
		while ((configuration = explore_next(items[i]->explore)))
			try_next(&run, configuration);
	}
	run.reducing = true;
	for (size_t i = 0; i < all->len; i++)
		reduce(&run, table_get(run.told, all->items[i]->fingerprint));
}

ExploreCounts exploring_counts(Exploring *const *items, size_t count)
{
	ExploreCounts sum = {0};

	for (size_t i = 0; i < count; i++) {
		ExploreCounts counts = explore_counts(items[i]->explore);
		sum.tried += counts.tried;
		sum.refused += counts.refused;
		sum.equal += counts.equal;
		sum.left += counts.left;
	}
	return sum;
}
