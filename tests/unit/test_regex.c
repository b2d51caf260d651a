// Regular expressions: what they find, what they refuse, and that none runs away. Which syntax
// means what is also in tests/template/regex.test, checked against the real Helm.

#include "base/buf.h"
#include "base/regex.h"
#include "base/unicode.h"
#include "unit.h"

static Regex *compile(Arena *arena, const char *pattern)
{
	Diag diag = diag_new(arena);
	Regex *regex;

	if (!regex_compile(arena, str_c(pattern), &regex, &diag))
		fail_msg("/%s/: %.*s", pattern, STR_ARGS(diag.message));
	return regex;
}

static void assert_refused(const char *pattern, const char *message)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Regex *regex;

	assert_false(regex_compile(arena, str_c(pattern), &regex, &diag));
	assert_str(diag.message, message);
	arena_free(arena);
}

// The matches with '|' behind each.
static Str find_all(Arena *arena, const char *pattern, Str text)
{
	RegexWalk walk = regex_walk(compile(arena, pattern), text, arena);
	Buf buf = buf_new(arena);

	while (regex_next(&walk)) {
		buf_str(&buf, str_slice(text, walk.spans[0], walk.spans[1]));
		buf_byte(&buf, '|');
	}
	return buf_view(&buf);
}

static void append(void *buf, Str piece)
{
	buf_str(buf, piece);
}

static Str replace(Arena *arena, const char *pattern, const char *text, const char *with)
{
	Buf buf = buf_new(arena);
	RegexOut out = {arena, append, &buf};

	regex_replace(compile(arena, pattern), str_c(text), str_c(with), false, &out);
	return buf_view(&buf);
}

static void test_the_leftmost_match_is_the_first_way_tried(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(find_all(arena, "a|ab", S("ab")), "a|");
	assert_str(find_all(arena, "a+?", S("aa")), "a|a|");
	assert_str(find_all(arena, "(a|ab)(c|bcd)(d*)", S("abcd")), "abcd|");
	arena_free(arena);
}

static void test_empty_matches_do_not_follow_a_match(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(find_all(arena, "b*", S("abbc")), "|bb||");
	assert_str(replace(arena, "b*", "abbc", "-"), "-a-c-");
	arena_free(arena);
}

static void test_an_invalid_byte_is_one_character(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(find_all(arena, ".", S("\xff\xc3")), "\xff|\xc3|");
	assert_str(find_all(arena, "[^a]", S("\xff")), "\xff|");
	assert_str(find_all(arena, "\\x{fffd}", S("\xff")), "\xff|");
	arena_free(arena);
}

static void test_references_take_the_longest_name(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(replace(arena, "(a)(?P<n>b)", "ab", "$1x-${1}x-$n-$$-$"), "-ax-b-$-$");
	assert_str(replace(arena, "(a)", "a", "$01 ${ $9"), " ${ ");
	arena_free(arena);
}

static void test_folding_knows_all_cases(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(find_all(arena, "(?i)k", S("kK\xe2\x84\xaa")), "k|K|\xe2\x84\xaa|");
	assert_str(find_all(arena, "(?i)[s]", S("\xc5\xbf")), "\xc5\xbf|");
	assert_int_equal(unicode_fold('A'), 'a');
	assert_int_equal(unicode_fold('1'), '1');
	for (uint32_t rune = 0; rune < 0x20000; rune++) {
		uint32_t other = rune;
		int steps = 0;

		do
			other = unicode_fold(other);
		while (other != rune && ++steps < 5);
		assert_int_equal(other, rune);
	}
	arena_free(arena);
}

static void test_what_re2_refuses_is_refused_in_its_words(void **state)
{
	(void)state;
	assert_refused("(", "error parsing regexp: missing closing ): `(`");
	assert_refused("a)", "error parsing regexp: unexpected ): `a)`");
	assert_refused("[a", "error parsing regexp: missing closing ]: `[a`");
	assert_refused("a**", "error parsing regexp: invalid nested repetition operator: `**`");
	assert_refused("*", "error parsing regexp: missing argument to repetition operator: `*`");
	assert_refused("a{1001}", "error parsing regexp: invalid repeat count: `{1001}`");
	assert_refused("(a{100}){100}", "error parsing regexp: invalid repeat count: `{100}`");
	assert_refused("\\1", "error parsing regexp: invalid escape sequence: `\\1`");
	assert_refused("(?=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`");
	assert_refused("a\\", "error parsing regexp: trailing backslash at end of expression: ``");
	assert_refused("\\pX", "error parsing regexp: invalid character class range: `\\pX`");
	assert_refused("\xff", "error parsing regexp: invalid UTF-8: `\xff`");
}

static void test_nesting_is_limited_to_a_thousand(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Buf buf = buf_new(arena);
	Regex *regex;

	(void)state;
	buf_fill(&buf, '(', 999);
	buf_byte(&buf, 'a');
	buf_fill(&buf, ')', 999);
	assert_true(regex_compile(arena, buf_view(&buf), &regex, &diag));
	buf = buf_new(arena);
	buf_fill(&buf, '(', 100000);
	assert_false(regex_compile(arena, buf_view(&buf), &regex, &diag));
	buf_byte(&buf, 'a');
	buf_fill(&buf, ')', 100000);
	diag = diag_new(arena);
	assert_false(regex_compile(arena, buf_view(&buf), &regex, &diag));
	assert_true(str_contains(diag.message, S("expression nests too deeply")));
	arena_free(arena);
}

// Patterns that a plain backtracker would need ages for.
static void test_no_pattern_runs_away(void **state)
{
	static const char *const patterns[] = {"(a*)*b",           "(a|a)*b",
	                                       "(a+)+$b",          "((a*)*)*b",
	                                       "(a?){100}a{100}b", "(.*)(.*)(.*)(.*)(.*)(.*)x",
	                                       "(x+x+)+y"};
	UNIT_ARENA(arena);
	Buf text = buf_new(arena);

	(void)state;
	buf_fill(&text, 'a', 20000);
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
		assert_false(regex_search(compile(arena, patterns[i]), buf_view(&text), 0, NULL));
	arena_free(arena);
}

// Short texts go to one machine, long ones to the other.
static void test_both_machines_agree(void **state)
{
	static const char *const patterns[] = {"(a|ab)(c|bcd)(d*)", "(?i)(K+)|x?", "\\b(\\w+)\\b",
	                                       "(a*)+?(b|$)", "^|c"};
	UNIT_ARENA(arena);
	Buf padded = buf_new(arena);

	(void)state;
	buf_c(&padded, "abcd kK xab\n\xc3\xa9 ");
	buf_fill(&padded, ' ', 300000);
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		Regex *regex = compile(arena, patterns[i]);
		size_t a[8], b[8];
		bool found_a = regex_search(regex, str_to(buf_view(&padded), 20), 0, a);
		bool found_b = regex_search(regex, buf_view(&padded), 0, b);

		assert_int_equal(found_a, found_b);
		if (found_a)
			assert_memory_equal(a, b, 2 * (regex_groups(regex) + 1) * sizeof *a);
	}
	arena_free(arena);
}

static void test_the_cache_gives_the_same_pattern_again(void **state)
{
	UNIT_ARENA(arena);
	RegexCache *cache = regex_cache_new(arena);
	Diag diag = diag_new(arena);
	Regex *first, *again;

	(void)state;
	assert_true(regex_cached(cache, S("a+"), &first, &diag));
	for (int i = 0; i < 100; i++)
		assert_true(regex_cached(cache, str_printf(arena, "x%d", i), &again, &diag));
	assert_true(regex_cached(cache, S("a+"), &again, &diag));
	assert_ptr_equal(first, again);
	assert_false(regex_cached(cache, S("("), &again, &diag));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_leftmost_match_is_the_first_way_tried),
		cmocka_unit_test(test_empty_matches_do_not_follow_a_match),
		cmocka_unit_test(test_an_invalid_byte_is_one_character),
		cmocka_unit_test(test_references_take_the_longest_name),
		cmocka_unit_test(test_folding_knows_all_cases),
		cmocka_unit_test(test_what_re2_refuses_is_refused_in_its_words),
		cmocka_unit_test(test_nesting_is_limited_to_a_thousand),
		cmocka_unit_test(test_no_pattern_runs_away),
		cmocka_unit_test(test_both_machines_agree),
		cmocka_unit_test(test_the_cache_gives_the_same_pattern_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
