// Patterns: filepath.Match as Go has it, gobwas/glob as .Files.Glob uses it.

#include "chart/ignore.h"
#include "chart/match.h"
#include "unit.h"

static void test_path_patterns_match_as_in_go(void **state)
{
	static const struct {
		const char *pattern, *name;
		MatchResult want;
	} CASES[] = {
		{"abc", "abc", MATCH_YES},
		{"*", "abc", MATCH_YES},
		{"*c", "abc", MATCH_YES},
		{"a*", "a", MATCH_YES},
		{"a*", "ab/c", MATCH_NO},
		{"a*/b", "abc/b", MATCH_YES},
		{"a*/b", "a/c/b", MATCH_NO},
		{"a*b*c*d*e*/f", "axbxcxdxe/f", MATCH_YES},
		{"a*b?c*x", "abxbbxdbxebxczzx", MATCH_YES},
		{"a*b?c*x", "abxbbxdbxebxczzy", MATCH_NO},
		{"ab[c]", "abc", MATCH_YES},
		{"ab[b-d]", "abc", MATCH_YES},
		{"ab[^c]", "abc", MATCH_NO},
		{"ab[^e-g]", "abc", MATCH_YES},
		{"a\\*b", "a*b", MATCH_YES},
		{"a\\*b", "ab", MATCH_NO},
		{"a?b",
	         "a\xE2\x98\xBA"
	         "b",
	         MATCH_YES},
		{"a[^a]b",
	         "a\xE2\x98\xBA"
	         "b",
	         MATCH_YES},
		{"[]a]", "]", MATCH_BAD_PATTERN},
		{"[-]", "-", MATCH_BAD_PATTERN},
		{"[x-]", "x", MATCH_BAD_PATTERN},
		{"[a-b-d]", "a", MATCH_BAD_PATTERN},
		{"[", "a", MATCH_BAD_PATTERN},
		{"[^bc", "a", MATCH_BAD_PATTERN},
		{"a[", "a", MATCH_BAD_PATTERN},
		{"a[", "ab", MATCH_BAD_PATTERN},
		{"*x", "xxx", MATCH_YES},
		{"\\", "a", MATCH_BAD_PATTERN},
		{"a/b[", "x", MATCH_BAD_PATTERN},
		{"", "", MATCH_YES},
		{"", "a", MATCH_NO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
		if (match_path(str_c(CASES[i].pattern), str_c(CASES[i].name)) != CASES[i].want)
			fail_msg("%s against %s", CASES[i].pattern, CASES[i].name);
}

static void test_globs_match_as_gobwas(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool want;
	} CASES[] = {
		{"*.txt", "a.txt", true},
		{"*.txt", "x/a.txt", false},
		{"**.txt", "x/a.txt", true},
		{"x/**", "x/y/z", true},
		{"x/*", "x/y/z", false},
		{"{a,b}*", "bcd", true},
		{"{a,b}*", "cd", false},
		{"{a,{b,c}d}", "cd", true},
		{"[ab]", "b", true},
		{"[!ab]", "b", false},
		{"[!ab]", "/", true},
		{"[a-c]", "b", true},
		{"[!a-c]", "d", true},
		{"?", "/", false},
		{"?", "\xC3\xBC", true},
		{"\\*", "*", true},
		{"{a,b", "b", true},
		{"a}", "a}", true},
		{"", "", true},
		{"**", "", true},
		{"a,b", "a,b", true},
	};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		Glob *glob = glob_compile(arena, str_c(CASES[i].pattern));
		if (!glob || glob_match(glob, str_c(CASES[i].name)) != CASES[i].want)
			fail_msg("%s against %s", CASES[i].pattern, CASES[i].name);
	}
	arena_free(arena);
}

static void test_globs_that_can_not_be_read(void **state)
{
	static const char *const BAD[] = {"[", "[]", "[a", "[b-a]", "[a-", "[!", "\xFF"};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
		assert_null(glob_compile(arena, str_c(BAD[i])));
	arena_free(arena);
}

static void test_a_glob_of_many_stars_takes_no_exponential_time(void **state)
{
	UNIT_ARENA(arena);
	Buf pattern = buf_new(arena), name = buf_new(arena);
	Glob *glob;

	(void)state;
	for (size_t i = 0; i < 200; i++)
		buf_c(&pattern, "*a{b,**}");
	buf_fill(&name, 'a', 4000);
	buf_byte(&name, 'x');
	glob = glob_compile(arena, buf_view(&pattern));
	assert_non_null(glob);
	assert_true(glob_match(glob, buf_view(&name)));
	arena_free(arena);
}

static void test_braces_nested_too_deep_are_refused(void **state)
{
	UNIT_ARENA(arena);
	Buf pattern = buf_new(arena);

	(void)state;
	buf_fill(&pattern, '{', 100000);
	assert_null(glob_compile(arena, buf_view(&pattern)));
	arena_free(arena);
}

static void test_ignore_rules(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	IgnoreRules *rules;

	(void)state;
	assert_true(ignore_parse(arena, S("\xEF\xBB\xBF# x\n*.bak\n/top\nsub/\na/b?.txt\n"), &rules,
	                         &diag));
	assert_true(ignore_path(rules, S("x/y.bak"), false));
	assert_true(ignore_path(rules, S("top"), false));
	assert_false(ignore_path(rules, S("x/top"), false));
	assert_true(ignore_path(rules, S("x/sub"), true));
	assert_false(ignore_path(rules, S("x/sub"), false));
	assert_true(ignore_path(rules, S("a/b1.txt"), false));
	assert_false(ignore_path(rules, S("a/b12.txt"), false));
	assert_true(ignore_path(rules, S("templates/.x"), false));
	assert_false(ignore_path(rules, S("templates/x"), false));
	arena_free(arena);
}

static void test_a_negated_rule_ignores_all_that_it_does_not_match(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	IgnoreRules *rules;

	(void)state;
	assert_true(ignore_parse(arena, S("!keep\n"), &rules, &diag));
	assert_false(ignore_path(rules, S("keep"), false));
	assert_true(ignore_path(rules, S("other"), false));
	arena_free(arena);
}

static void test_ignore_rules_that_helm_refuses(void **state)
{
	UNIT_ARENA(arena);
	IgnoreRules *rules;
	Diag diag = diag_new(arena), other = diag_new(arena);

	(void)state;
	assert_false(ignore_parse(arena, S("a/**\n"), &rules, &diag));
	assert_str(diag.message, "double-star (**) syntax is not supported");
	assert_false(ignore_parse(arena, S("a[\n"), &rules, &other));
	assert_str(other.message, "syntax error in pattern");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path_patterns_match_as_in_go),
		cmocka_unit_test(test_globs_match_as_gobwas),
		cmocka_unit_test(test_globs_that_can_not_be_read),
		cmocka_unit_test(test_a_glob_of_many_stars_takes_no_exponential_time),
		cmocka_unit_test(test_braces_nested_too_deep_are_refused),
		cmocka_unit_test(test_ignore_rules),
		cmocka_unit_test(test_a_negated_rule_ignores_all_that_it_does_not_match),
		cmocka_unit_test(test_ignore_rules_that_helm_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
