// --set and coalescing where a unit test says it best: limits, origins, sharing. The grammar itself is in
// tests/charts/strvals.case.

#include "chart/strvals.h"
#include "chart/values.h"
#include "chart/version.h"
#include "unit.h"

static Map *parse(Arena *arena, const char *text, StrvalsKind kind, Diag *diag)
{
	StrvalsOptions options = {kind, false, "--set"};
	Map *map = map_new(arena, &TYPE_ANY_MAP);

	return strvals_parse(arena, str_c(text), &options, map, diag) ? map : NULL;
}

static void test_set_makes_int64_and_json_makes_float64(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);

	(void)state;
	assert_int_equal(map_get(parse(arena, "a=5", STRVALS_TYPED, &diag), S("a"))->kind, V_INT64);
	assert_int_equal(map_get(parse(arena, "a=5", STRVALS_JSON, &diag), S("a"))->kind,
	                 V_FLOAT64);
	assert_int_equal(map_get(parse(arena, "a=5", STRVALS_STRING, &diag), S("a"))->kind,
	                 V_STRING);
	arena_free(arena);
}

static void test_an_index_past_the_limit_allocates_nothing(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	size_t before = arena_used(arena);

	(void)state;
	assert_null(parse(arena, "a[999999999]=1", STRVALS_TYPED, &diag));
	assert_str(diag.message,
	           "index of 999999999 is greater than maximum supported index of 65536");
	assert_true(arena_used(arena) - before < 65536);
	arena_free(arena);
}

static void test_indices_without_end_are_refused(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Buf text = buf_new(arena);

	(void)state;
	buf_byte(&text, 'a');
	for (size_t i = 0; i < 100000; i++)
		buf_c(&text, "[0]");
	buf_c(&text, "=1");
	buf_byte(&text, '\0');
	parse(arena, text.p, STRVALS_TYPED, &diag); // whatever it says, it comes back
	arena_free(arena);
}

static void test_traced_values_know_their_flag(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	StrvalsOptions options = {STRVALS_TYPED, true, "--set"};
	Map *map = map_new(arena, &TYPE_ANY_MAP);
	const Origin *origin;

	(void)state;
	assert_true(strvals_parse(arena, S("a.b[1]=x"), &options, map, &diag));
	origin = map_get(map_get(map, S("a"))->map, S("b"))->list->items[1].origin;
	assert_int_equal(origin->kind, ORIGIN_FLAG);
	assert_str(origin->path, "a.b[1]");
	assert_str(origin->text, "--set a.b[1]=x");
	arena_free(arena);
}

static Map *read(Arena *arena, const char *text)
{
	Diag diag = diag_new(arena);
	Map *map = NULL;

	assert_true(values_read(arena, str_c(text), S("v"), false, &map, &diag));
	return map;
}

static void test_merging_leaves_both_sides_alone(void **state)
{
	UNIT_ARENA(arena);
	Map *a = read(arena, "x: {p: 1}\n"), *b = read(arena, "x: {q: 2}\n");
	Map *both = values_merge(arena, a, b);

	(void)state;
	assert_int_equal(map_get(both, S("x"))->map->len, 2);
	assert_int_equal(map_get(a, S("x"))->map->len, 1);
	assert_int_equal(map_get(b, S("x"))->map->len, 1);
	arena_free(arena);
}

static void test_a_warning_names_the_place_and_the_value(void **state)
{
	UNIT_ARENA(arena);
	Log log = log_new(arena);
	Coalesce coalesce = {arena, &log, false};

	(void)state;
	values_coalesce_tables(&coalesce, read(arena, "t: {a: 1}\n"),
	                       read(arena, "t: {a: {b: 2}}\n"), S("c"));
	assert_str(buf_view(&log.out), "level=INFO msg=\"warning: cannot overwrite table with non "
	                               "table for c.t.a (map[b:2])\"\n");
	arena_free(arena);
}

static void test_kube_versions(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	KubeVersion kube;

	(void)state;
	assert_true(kube_version_parse(arena, S("1.33.4-gke.1"), &kube, &diag));
	assert_str(kube.version, "v1.33.4-gke.1");
	assert_str(kube.normalized, "v1.33.4");
	assert_str(kube.minor, "33");
	assert_false(kube_version_parse(arena, S("1"), &kube, &diag));
	assert_str(diag.message, "illegal version string \"1\"");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_makes_int64_and_json_makes_float64),
		cmocka_unit_test(test_an_index_past_the_limit_allocates_nothing),
		cmocka_unit_test(test_indices_without_end_are_refused),
		cmocka_unit_test(test_traced_values_know_their_flag),
		cmocka_unit_test(test_merging_leaves_both_sides_alone),
		cmocka_unit_test(test_a_warning_names_the_place_and_the_value),
		cmocka_unit_test(test_kube_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
