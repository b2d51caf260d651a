// Versions and constraints. Every form of them is in tests/template/semver.test.

#include "base/buf.h"
#include "base/semver.h"
#include "unit.h"

static void assert_version(const char *text, const char *printed)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Semver version;

	if (semver_parse(arena, str_c(text), &version, &diag))
		assert_str(semver_string(arena, &version), printed);
	else
		assert_str(diag.message, printed);
	arena_free(arena);
}

static void assert_strict(const char *text, const char *printed)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Semver version;

	if (semver_parse_strict(arena, str_c(text), &version, &diag))
		assert_str(semver_string(arena, &version), printed);
	else
		assert_str(diag.message, printed);
	arena_free(arena);
}

static bool check(const char *constraint, const char *text)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	SemverConstraints *constraints;
	Semver version;
	bool holds;

	if (!semver_constraints_parse(arena, str_c(constraint), &constraints, &diag) ||
	    !semver_parse(arena, str_c(text), &version, &diag))
		fail_msg("%s %s: %.*s", constraint, text, STR_ARGS(diag.message));
	holds = semver_check(constraints, &version);
	arena_free(arena);
	return holds;
}

static void test_versions_are_completed(void **state)
{
	(void)state;
	assert_version("v1", "1.0.0");
	assert_version("1.02", "1.2.0");
	assert_version("1.2.3-rc.1+b.2", "1.2.3-rc.1+b.2");
	assert_version("1.2.3.4", "invalid semantic version");
	assert_version("", "invalid semantic version");
	assert_version("1.2.3-01", "version segment starts with 0");
	assert_version("99999999999999999999", "error parsing version segment: strconv.ParseUint: "
	                                       "parsing \"99999999999999999999\": "
	                                       "value out of range");
}

static void test_strict_versions_are_not(void **state)
{
	(void)state;
	assert_strict("1.2.3", "1.2.3");
	assert_strict("1.2", "invalid semantic version");
	assert_strict("", "version string empty");
	assert_strict("v1.2.3", "invalid characters in version");
	assert_strict("1.02.3", "version segment starts with 0");
	assert_strict("1.2.3-", "invalid prerelease string");
	assert_strict("1.2.3+", "invalid metadata string");
}

static void test_prereleases_match_only_where_one_is_named(void **state)
{
	(void)state;
	assert_false(check(">=1.0.0", "1.2.0-rc.1"));
	assert_true(check(">=1.0.0-0", "1.2.0-rc.1"));
	assert_true(check("^1.2.0 || 3 - 4", "3.9.9"));
	assert_false(check("~1.2", "1.3.0"));
	assert_true(check("!=1.x", "2.0.0"));
}

static void test_a_huge_constraint_is_refused_at_once(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Buf buf = buf_new(arena);
	SemverConstraints *constraints;

	(void)state;
	while (buf.len < 1000000)
		buf_c(&buf, "1-1 - ");
	assert_false(semver_constraints_parse(arena, buf_view(&buf), &constraints, &diag));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions_are_completed),
		cmocka_unit_test(test_strict_versions_are_not),
		cmocka_unit_test(test_prereleases_match_only_where_one_is_named),
		cmocka_unit_test(test_a_huge_constraint_is_refused_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
