// What plain scalars are worth as JSON.

#include "kustomize/scalar.h"
#include "unit.h"

static Arena *arena;

static Str json_of(const char *text, ScalarRules rules)
{
	Scalar scalar = scalar_of_text(arena, str_c(text), rules);
	Buf out = buf_new(arena);

	scalar_write_json(&out, &scalar);
	return buf_view(&out);
}

static void assert_json(const char *text, ScalarRules rules, const char *expected)
{
	Str json = json_of(text, rules);

	assert_string_equal(str_to_c(arena, json), expected);
}

static void test_numbers_of_go_yaml(void **state)
{
	(void)state;
	assert_json("0755", SCALAR_YAML_1_2, "493");
	assert_json("0o17", SCALAR_YAML_1_2, "15");
	assert_json("0x1F", SCALAR_YAML_1_2, "31");
	assert_json("1_000", SCALAR_YAML_1_2, "1000");
	assert_json("1e3", SCALAR_YAML_1_2, "1000");
	assert_json("3.0", SCALAR_YAML_1_2, "3");
	assert_json("18446744073709551615", SCALAR_YAML_1_2, "18446744073709551615");
	assert_json("1.2.3", SCALAR_YAML_1_2, "\"1.2.3\"");
	assert_json("-", SCALAR_YAML_1_2, "\"-\"");
}

static void test_words_are_booleans_only_in_yaml_1_1(void **state)
{
	(void)state;
	assert_json("yes", SCALAR_YAML_1_2, "\"yes\"");
	assert_json("yes", SCALAR_YAML_1_1, "true");
	assert_json("Off", SCALAR_YAML_1_1, "false");
	assert_json("n", SCALAR_YAML_1_1, "false");
	assert_json("True", SCALAR_YAML_1_2, "true");
	assert_json("~", SCALAR_YAML_1_2, "null");
	assert_json("", SCALAR_YAML_1_2, "null");
}

static void test_dates_become_times_of_day(void **state)
{
	(void)state;
	assert_json("2020-01-02", SCALAR_YAML_1_2, "\"2020-01-02T00:00:00Z\"");
	assert_json("2020-1-2T3:4:5.600+02:00", SCALAR_YAML_1_2, "\"2020-01-02T03:04:05.6+02:00\"");
	assert_json("2020-02-30", SCALAR_YAML_1_2, "\"2020-02-30\"");
	assert_json("2020-01-02", SCALAR_YAML_1_1, "\"2020-01-02\"");
}

static void test_json_strings_are_escaped_as_go_does(void **state)
{
	(void)state;
	assert_json("a<b>&c", SCALAR_YAML_1_2, "\"a\\u003cb\\u003e\\u0026c\"");
	assert_json("tab\tquote\"", SCALAR_YAML_1_2, "\"tab\\tquote\\\"\"");
	assert_json("\xff", SCALAR_YAML_1_2, "\"\\ufffd\"");
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_of_go_yaml),
		cmocka_unit_test(test_words_are_booleans_only_in_yaml_1_1),
		cmocka_unit_test(test_dates_become_times_of_day),
		cmocka_unit_test(test_json_strings_are_escaped_as_go_does),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
