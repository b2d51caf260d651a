// Patterns of .cleat.yaml, and which of its rows counts.

#include "unit.h"

#include "lint/lint.h"
#include "lint/settings.h"

static void test_patterns_of_paths_stop_at_slashes(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool match;
	} rows[] = {
		{"templates/*.yaml", "templates/a.yaml", true},
		{"templates/*.yaml", "templates/a/b.yaml", false},
		{"templates/**", "templates/a/b.yaml", true},
		{"templates/**/b.yaml", "templates/b.yaml", true},
		{"templates/**/b.yaml", "templates/a/c/b.yaml", true},
		{"templates/**/b.yaml", "templates/a/cb.yaml", false},
		{"**/a*/b", "x/a1/c/a2/b", true},
		{"**/a*/b", "x/a1/c/ba2/b", false},
		{"**/a/**/b?", "a/a/x/a/y/b1", true},
		{"a/**", "a", false},
		{"a*", "a", true},
		{"**.yaml", "a/b.yaml", true},
		{"**/b.yaml", "b.yaml", true},
		{"**", "", true},
		{"*", "a/b", false},
		{"a?.yaml", "ab.yaml", true},
		{"a?.yaml", "a/.yaml", false},
		{"templates", "templates/a.yaml", false},
		{"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
		{"", "a", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (pattern_match(str_c(rows[i].pattern), str_c(rows[i].path), true) !=
		    rows[i].match)
			fail_msg("%s of %s", rows[i].pattern, rows[i].path);
}

static void test_patterns_of_names_stop_at_nothing(void **state)
{
	(void)state;
	assert_true(pattern_match(S("*.example.com"), S("a.b.example.com"), false));
	assert_false(pattern_match(S("*.example.com"), S("example.com"), false));
	assert_true(pattern_match(S("a*"), S("a/b"), false));
	assert_true(pattern_match(S("ml*"), S("mlflow"), false));
	assert_false(pattern_match(S("ml?"), S("mlflow"), false));
}

static bool read(Arena *arena, const char *text, Settings *out, Diag *diag)
{
	*out = settings_default();
	return settings_read(arena, str_c(text), S("c.yaml"), out, diag);
}

static void test_names_may_have_a_namespace(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Settings settings;

	(void)state;
	assert_true(read(arena, "outside: {services: [kafka/bro*, mlflow, '*/any']}\n", &settings,
	                 &diag));
	assert_true(settings_outside(&settings, OUTSIDE_SERVICES, S("kafka"), S("broker")));
	assert_false(settings_outside(&settings, OUTSIDE_SERVICES, S("other"), S("broker")));
	assert_true(settings_outside(&settings, OUTSIDE_SERVICES, S("other"), S("mlflow")));
	assert_true(settings_outside(&settings, OUTSIDE_SERVICES, S("other"), S("any")));
	assert_false(settings_outside(&settings, OUTSIDE_SECRETS, S("other"), S("mlflow")));
	arena_free(arena);
}

static void test_the_last_row_that_speaks_of_a_rule_counts(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Settings settings;
	Str rule = S("hardcoded-host");

	(void)state;
	assert_true(read(arena,
	                 "rules: {hardcoded-host: error, latest-tag: off}\n"
	                 "paths:\n"
	                 "- {path: 'templates/**', rules: {hardcoded-host: off}}\n"
	                 "- {path: 'templates/a/*', rules: {latest-tag: info}}\n"
	                 "- {path: 'templates/a/b.yaml', rules: {hardcoded-host: info}}\n",
	                 &settings, &diag));
	settings.folder = S("/repo/chart/");
	settings.here = S("/repo");
	assert_int_equal(settings_severity(&settings, arena, rule, S("values.yaml"), SEVERITY_INFO),
	                 SEVERITY_ERROR);
	assert_int_equal(settings_severity(&settings, arena, rule, S("chart/templates/c.yaml"),
	                                   SEVERITY_INFO),
	                 SEVERITY_OFF);
	assert_int_equal(settings_severity(&settings, arena, rule,
	                                   S("/repo/chart/templates/a/b.yaml"), SEVERITY_ERROR),
	                 SEVERITY_INFO);
	assert_int_equal(settings_severity(&settings, arena, S("latest-tag"),
	                                   S("chart/templates/a/b.yaml"), SEVERITY_ERROR),
	                 SEVERITY_INFO);
	assert_int_equal(settings_severity(&settings, arena, S("ip-literal"),
	                                   S("chart/templates/a/b.yaml"), SEVERITY_WARNING),
	                 SEVERITY_WARNING);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns_of_paths_stop_at_slashes),
		cmocka_unit_test(test_patterns_of_names_stop_at_nothing),
		cmocka_unit_test(test_names_may_have_a_namespace),
		cmocka_unit_test(test_the_last_row_that_speaks_of_a_rule_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
