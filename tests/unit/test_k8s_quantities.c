// Kubernetes' amounts.

#include "unit.h"

#include "k8s/quantities.h"

static void expect(const char *text, int64_t want)
{
	int64_t got = -1;

	assert_true(quantity_parse(str_c(text), &got));
	assert_int_equal(got, want);
}

static void test_suffixes(void **state)
{
	(void)state;
	expect("1", 1000);
	expect("500m", 500);
	expect("0.5", 500);
	expect("2k", 2000000);
	expect("1Ki", 1024000);
	expect("1Gi", 1073741824000);
	expect("1e3", 1000000);
	expect("1E", INT64_MAX);
	expect("-1", -1000);
	expect("100n", 0);
}

static void test_what_is_no_quantity(void **state)
{
	static const char *const bad[] = {"", "x", "1x", "1 Gi", "1GI", "--1", "1.2.3", "Gi"};
	int64_t ignored;
	(void)state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(quantity_parse(str_c(bad[i]), &ignored));
}

static void test_text_is_for_people(void **state)
{
	Arena *arena = arena_new(0);
	(void)state;

	assert_true(str_is(quantity_text(arena, 1500, false), "1500m"));
	assert_true(str_is(quantity_text(arena, 2147483648000, true), "2Gi"));
	assert_true(str_is(quantity_text(arena, 3000, false), "3"));
	arena_free(arena);
}

static void test_sums_stay_at_the_limit(void **state)
{
	(void)state;
	assert_int_equal(quantity_add(INT64_MAX, 1), INT64_MAX);
	assert_int_equal(quantity_times(INT64_MAX / 2, 3), INT64_MAX);
	assert_int_equal(quantity_times(500, 3), 1500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suffixes),
		cmocka_unit_test(test_what_is_no_quantity),
		cmocka_unit_test(test_text_is_for_people),
		cmocka_unit_test(test_sums_stay_at_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
