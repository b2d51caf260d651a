// Which configurations of a chart are tried, and in which order: see lint/explore.h. The charts here are one template.

#include "chart/render.h"
#include "lint/explore.h"
#include "unit.h"

typedef struct Run {
	Arena *arena;
	Fs *chart;
	Explore *explore;
	Str *tried; // as options
	size_t count, cap;
	ExploreCounts counts;
} Run;

// The chart as it is, or under a configuration; what it shows is learnt.
static void look_at(Run *run, Configuration *configuration)
{
	Render *render = ARENA_NEW(run->arena, Render);
	RenderOptions options = {.release = {S("r"), S("default"), false},
	                         .engine = {.traced = true}};
	ChartLoad load = {run->arena, &render->log, true};
	Diag diag = diag_new(run->arena);
	Map *values = map_new(run->arena, &TYPE_ANY_MAP);
	bool late;

	options.capabilities.kube = kube_version_default();
	*render = (Render){.arena = run->arena, .log = log_new(run->arena)};
	render->chart = chart_load_folder(&load, run->chart, S("c"), &diag);
	assert_non_null(render->chart);
	if (configuration)
		assert_true(explore_apply(run->explore, configuration, run->arena, values, &diag));
	assert_true(render_templates(render, &options, values, &late, &diag));
	explore_learn(run->explore, configuration, render);
}

static Run explore(Arena *arena, Str template, Str values, size_t limit)
{
	Run run = {.arena = arena, .explore = explore_new(arena, NULL, limit)};
	Configuration *configuration;

	run.chart = fs_memory(arena, S("c"), NULL);
	fs_memory_put(run.chart, S("Chart.yaml"), S("{apiVersion: v2, name: c, version: 0.1.0}"));
	fs_memory_put(run.chart, S("values.yaml"), values);
	fs_memory_put(run.chart, S("templates/a.yaml"), template);
	look_at(&run, NULL);
	while ((configuration = explore_next(run.explore))) {
		VEC_PUSH(arena, run.tried, run.count, run.cap) =
			explore_text(run.explore, configuration, arena);
		look_at(&run, configuration);
	}
	run.counts = explore_counts(run.explore);
	return run;
}

// s0, s1, ... are booleans that decide something each.
static Run explore_switches(Arena *arena, int count, size_t limit)
{
	Buf template = buf_new(arena), values = buf_new(arena);

	for (int i = 0; i < count; i++) {
		buf_printf(&template, "{{ if .Values.s%d }}k%d: v{{ end }}\n", i, i);
		buf_printf(&values, "s%d: %s\n", i, i % 2 ? "true" : "false");
	}
	return explore(arena, buf_view(&template), buf_view(&values), limit);
}

static Str other_value(Arena *arena, int i)
{
	return str_printf(arena, "--set s%d=%s", i, i % 2 ? "false" : "true");
}

static bool was_tried(const Run *run, Str options)
{
	for (size_t i = 0; i < run->count; i++)
		if (str_eq(run->tried[i], options))
			return true;
	return false;
}

static void assert_none_twice(const Run *run)
{
	for (size_t i = 0; i < run->count; i++)
		for (size_t j = 0; j < i; j++)
			assert_false(str_eq(run->tried[i], run->tried[j]));
}

static void test_every_switch_and_every_pair_is_reached(void **state)
{
	UNIT_ARENA(arena);
	Run run = explore_switches(arena, 8, 200);

	(void)state;
	assert_int_equal(run.count, 8 + 8 * 7 / 2);
	assert_int_equal(run.counts.tried, run.count);
	assert_int_equal(run.counts.left, 0);
	assert_none_twice(&run);
	for (int i = 0; i < 8; i++) {
		assert_true(was_tried(&run, other_value(arena, i)));
		for (int j = i + 1; j < 8; j++) {
			Str a = other_value(arena, i), b = other_value(arena, j),
			    text = str_printf(arena, "%.*s %.*s", STR_ARGS(a), STR_ARGS(b)),
			    turned = str_printf(arena, "%.*s %.*s", STR_ARGS(b), STR_ARGS(a));
			assert_true(was_tried(&run, text) || was_tried(&run, turned));
		}
	}
	arena_free(arena);
}

static void test_singles_come_before_pairs(void **state)
{
	UNIT_ARENA(arena);
	Run run = explore_switches(arena, 12, 200);

	(void)state;
	for (size_t i = 0; i < run.count; i++) {
		size_t first = str_find(run.tried[i], S("--set")),
		       last = str_rfind(run.tried[i], S("--set"));
		assert_int_equal(first != last, i >= 12);
	}
	arena_free(arena);
}

static void test_the_order_is_always_the_same(void **state)
{
	UNIT_ARENA(arena);
	Run one = explore_switches(arena, 9, 200), two = explore_switches(arena, 9, 200);

	(void)state;
	assert_int_equal(one.count, two.count);
	for (size_t i = 0; i < one.count; i++)
		assert_true(str_eq(one.tried[i], two.tried[i]));
	arena_free(arena);
}

static void test_the_limit_is_met_and_what_is_left_is_counted(void **state)
{
	UNIT_ARENA(arena);
	Run within_singles = explore_switches(arena, 8, 5),
	    within_pairs = explore_switches(arena, 8, 10), all = explore_switches(arena, 8, 36);

	(void)state;
	assert_int_equal(within_singles.count, 5);
	assert_int_equal(within_singles.counts.left, 3);
	assert_int_equal(within_pairs.count, 10);
	assert_int_equal(within_pairs.counts.left, 26);
	assert_int_equal(all.count, 36);
	assert_int_equal(all.counts.left, 0);
	arena_free(arena);
}

static void test_without_a_switch_nothing_is_tried(void **state)
{
	UNIT_ARENA(arena);
	Run run = explore(arena, S("a: {{ .Values.text }}\n"), S("text: b\n"), 200);

	(void)state;
	assert_int_equal(run.count, 0);
	assert_int_equal(run.counts.tried + run.counts.left, 0);
	arena_free(arena);
}

static void test_values_of_one_switch_are_tried_alone(void **state)
{
	UNIT_ARENA(arena);
	Buf template = buf_new(arena);
	Run run;

	(void)state;
	for (int i = 0; i < 50; i++)
		buf_printf(&template, "{{ if eq .Values.mode \"m%d\" }}k%d: v{{ end }}\n", i, i);
	run = explore(arena, buf_view(&template), S("mode: m7\n"), 200);
	assert_int_equal(run.count, 49);
	assert_none_twice(&run);
	for (int i = 0; i < 50; i++)
		assert_int_equal(was_tried(&run, str_printf(arena, "--set-string mode=m%d", i)) ||
		                         was_tried(&run, str_printf(arena, "--set mode=m%d", i)),
		                 i != 7);
	arena_free(arena);
}

static void test_what_a_switch_brings_into_view_is_tried_with_it(void **state)
{
	UNIT_ARENA(arena);
	Run run = explore(arena,
	                  S("{{ if .Values.a }}{{ if .Values.b }}x: y{{ end }}\n"
	                    "{{ if .Values.c }}z: w{{ end }}{{ end }}\n"
	                    "{{ if .Values.d }}{{ if .Values.b }}u: v{{ end }}{{ end }}\n"),
	                  S("{a: false, b: false, c: false, d: false}\n"), 200);

	(void)state;
	assert_none_twice(&run);
	assert_true(was_tried(&run, S("--set a=true")));
	assert_true(was_tried(&run, S("--set a=true --set b=true")));
	assert_true(was_tried(&run, S("--set a=true --set c=true")) ||
	            was_tried(&run, S("--set c=true --set a=true")));
	for (size_t i = 0; i < run.count; i++) // b and c say nothing without what asks for them
		assert_true(str_contains(run.tried[i], S("a=true")) ||
		            str_contains(run.tried[i], S("d=true")));
	arena_free(arena);
}

static void test_a_smaller_configuration_is_handed_out_once(void **state)
{
	UNIT_ARENA(arena);
	Run with_pairs = explore_switches(arena, 3, 200), singles = explore_switches(arena, 3, 3);
	Setting settings[] = {{0, 0}, {1, 0}, {2, 0}};
	Configuration all = {.settings = settings, .count = 3};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_null(explore_without(with_pairs.explore, &all, i));
		assert_non_null(explore_without(singles.explore, &all, i));
		assert_null(explore_without(singles.explore, &all, i));
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_switch_and_every_pair_is_reached),
		cmocka_unit_test(test_singles_come_before_pairs),
		cmocka_unit_test(test_the_order_is_always_the_same),
		cmocka_unit_test(test_the_limit_is_met_and_what_is_left_is_counted),
		cmocka_unit_test(test_without_a_switch_nothing_is_tried),
		cmocka_unit_test(test_values_of_one_switch_are_tried_alone),
		cmocka_unit_test(test_what_a_switch_brings_into_view_is_tried_with_it),
		cmocka_unit_test(test_a_smaller_configuration_is_handed_out_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
