// Go's strconv.

#include "base/num.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

static Str float_text(Arena *arena, double f, char verb, int precision, int bits)
{
	Buf out = buf_new(arena);

	num_format_float_bits(&out, f, verb, precision, bits);
	return buf_view(&out);
}

static void test_floats_print_with_the_fewest_digits(void **state)
{
	static const struct {
		double f;
		const char *text;
	} cases[] = {
		{0, "0"},
		{-0.0, "-0"},
		{8080, "8080"},
		{0.5, "0.5"},
		{1e6, "1e+06"},
		{123456, "123456"},
		{1234567, "1.234567e+06"},
		{0.0001, "0.0001"},
		{0.00001, "1e-05"},
		{0.1 + 0.2, "0.30000000000000004"},
		{5e-324, "5e-324"},
		{1.7976931348623157e308, "1.7976931348623157e+308"},
		{5.684341886080802e-14,
	         "5.684341886080802e-14"}, // a power of two: the interval is lopsided
		{9007199254740993.0, "9.007199254740992e+15"},
		{HUGE_VAL, "+Inf"},
		{-HUGE_VAL, "-Inf"},
	};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		Buf out = buf_new(arena);
		num_print_float(&out, cases[i].f);
		assert_str(buf_view(&out), cases[i].text);
	}
	arena_free(arena);
}

static void test_floats_print_with_verb_and_precision(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(float_text(arena, 3.14159, 'f', 2, 64), "3.14");
	assert_str(float_text(arena, 2.5, 'f', 0, 64), "2");
	assert_str(float_text(arena, 1234.5678, 'e', 3, 64), "1.235e+03");
	assert_str(float_text(arena, 100000, 'g', 3, 64), "1e+05");
	assert_str(float_text(arena, 100, 'g', 5, 64), "100");
	assert_str(float_text(arena, 0.1f, 'g', -1, 32), "0.1");
	assert_str(float_text(arena, 1, 'b', -1, 64), "4503599627370496p-52");
	assert_str(float_text(arena, 1, 'x', -1, 64), "0x1p+00");
	assert_str(float_text(arena, -0.375, 'X', 3, 64), "-0X1.800P-02");
	assert_int_equal(float_text(arena, 1, 'f', 5000, 64).len, 5002);
	arena_free(arena);
}

static void test_json_floats_use_few_exponents(void **state)
{
	static const struct {
		double f;
		const char *text;
	} cases[] = {{1e6, "1000000"},
	             {1e20, "100000000000000000000"},
	             {1e21, "1e+21"},
	             {1e-6, "0.000001"},
	             {1e-7, "1e-7"}};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		Buf out = buf_new(arena);
		num_json_float(&out, cases[i].f);
		assert_str(buf_view(&out), cases[i].text);
	}
	arena_free(arena);
}

static void test_what_is_printed_reads_back(void **state)
{
	UNIT_ARENA(arena);
	uint64_t bits = 88172645463325252u;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		double f, again;
		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		memcpy(&f, &bits, sizeof f);
		if (isnan(f) || isinf(f))
			continue;
		assert_int_equal(num_parse_float(float_text(arena, f, 'g', -1, 64), &again),
		                 NUM_OK);
		assert_memory_equal(&f, &again, sizeof f);
	}
	arena_free(arena);
}

static void test_floats_parse_as_go_reads_them(void **state)
{
	static const struct {
		const char *text;
		NumError error;
		double f;
	} cases[] = {
		{"1", NUM_OK, 1},          {".5", NUM_OK, 0.5},
		{"5.", NUM_OK, 5},         {"1_000", NUM_OK, 1000},
		{"1__0", NUM_SYNTAX, 0},   {"_1", NUM_SYNTAX, 0},
		{"0x1p-2", NUM_OK, 0.25},  {"0x1", NUM_SYNTAX, 0},
		{"1e", NUM_SYNTAX, 0},     {"", NUM_SYNTAX, 0},
		{"+", NUM_SYNTAX, 0},      {"1e400", NUM_RANGE, HUGE_VAL},
		{"inf", NUM_OK, HUGE_VAL}, {"-Infinity", NUM_OK, -HUGE_VAL},
		{"1 ", NUM_SYNTAX, 0},     {"1e-400", NUM_OK, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		double f;
		assert_int_equal(num_parse_float(str_c(cases[i].text), &f), cases[i].error);
		assert_true(f == cases[i].f);
	}
}

static void test_a_million_digits_parse_in_no_time(void **state)
{
	UNIT_ARENA(arena);
	Buf digits = buf_new(arena);
	double f;

	(void)state;
	buf_fill(&digits, '7', 1000000);
	assert_int_equal(num_parse_float(buf_view(&digits), &f), NUM_RANGE);
	digits.len = 0;
	buf_c(&digits, "0.");
	buf_fill(&digits, '3', 1000000);
	assert_int_equal(num_parse_float(buf_view(&digits), &f), NUM_OK);
	assert_true(f == 1.0 / 3);
	arena_free(arena);
}

static void test_integers_parse_in_every_base(void **state)
{
	static const struct {
		const char *text;
		int base, bits;
		NumError error;
		int64_t i;
	} cases[] = {
		{"12", 10, 64, NUM_OK, 12},
		{"-12", 10, 64, NUM_OK, -12},
		{"+7", 10, 64, NUM_OK, 7},
		{"0x1F", 0, 64, NUM_OK, 31},
		{"0o17", 0, 64, NUM_OK, 15},
		{"017", 0, 64, NUM_OK, 15},
		{"0b101", 0, 64, NUM_OK, 5},
		{"1_000", 0, 64, NUM_OK, 1000},
		{"1_000", 10, 64, NUM_SYNTAX, 0},
		{"0_", 0, 64, NUM_SYNTAX, 0},
		{"", 10, 64, NUM_SYNTAX, 0},
		{"-", 10, 64, NUM_SYNTAX, 0},
		{"8a", 10, 64, NUM_SYNTAX, 0},
		{"9223372036854775807", 10, 64, NUM_OK, INT64_MAX},
		{"9223372036854775808", 10, 64, NUM_RANGE, INT64_MAX},
		{"-9223372036854775808", 10, 64, NUM_OK, INT64_MIN},
		{"-9223372036854775809", 10, 64, NUM_RANGE, INT64_MIN},
		{"128", 10, 8, NUM_RANGE, 127},
		{"-129", 10, 8, NUM_RANGE, -128},
		{"zz", 36, 64, NUM_OK, 1295},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t got;
		assert_int_equal(
			num_parse_int(str_c(cases[i].text), cases[i].base, cases[i].bits, &got),
			cases[i].error);
		assert_int_equal(got, cases[i].i);
	}
}

static void test_quotes_escape_what_cannot_be_printed(void **state)
{
	UNIT_ARENA(arena);
	Buf out = buf_new(arena);

	(void)state;
	num_quote(&out, S("a\"b\\\n\t\x01\x7f\xff\xc2\xad\xc3\xa9\xf0\x9f\x98\x80"));
	assert_str(buf_view(&out),
	           "\"a\\\"b\\\\\\n\\t\\x01\\x7f\\xff\\u00ad\xc3\xa9\xf0\x9f\x98\x80\"");
	out.len = 0;
	num_quote_ascii(&out, S("\xc3\xa9\xf0\x9f\x98\x80"));
	assert_str(buf_view(&out), "\"\\u00e9\\U0001f600\"");
	out.len = 0;
	num_quote_rune(&out, '\'', false);
	num_quote_rune(&out, 0xD800, false);
	num_quote_rune(&out, 0x110000, true);
	assert_str(buf_view(&out), "'\\'''\xef\xbf\xbd''\\ufffd'");
	arena_free(arena);
}

static void test_literals_unquote(void **state)
{
	static const struct {
		const char *literal, *text; // NULL: none
	} cases[] = {
		{"\"a\\n\\x41\\u00e9\\101\"", "a\nA\xc3\xa9"
	                                      "A"},
		{"`raw\\n\r`", "raw\\n"},
		{"'x'", "x"},
		{"'\\''", "'"},
		{"'xy'", NULL},
		{"\"\\'\"", NULL},
		{"\"\\ud800\"", NULL},
		{"\"\\400\"", NULL},
		{"\"a", NULL},
		{"\"", NULL},
		{"\"a\nb\"", NULL},
		{"\"a\"b\"", NULL},
		{"`a`b`", NULL},
		{"", NULL},
	};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		Str out;
		bool ok = num_unquote(arena, str_c(cases[i].literal), &out);
		assert_int_equal(ok, cases[i].text != NULL);
		if (ok)
			assert_str(out, cases[i].text);
	}
	arena_free(arena);
}

static void test_printable_is_what_unicode_15_says(void **state)
{
	(void)state;
	assert_true(num_is_print(' '));
	assert_false(num_is_print(0xA0));
	assert_false(num_is_print(0xAD));
	assert_true(num_is_print(0xFFFD));
	assert_true(num_is_print(0x1F600));
	assert_false(num_is_print(0xE000));
	assert_true(num_is_print(0x0CF3));   // new in 15.0
	assert_false(num_is_print(0x2EBF0)); // new in 15.1
	assert_false(num_is_print(0x110000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_floats_print_with_the_fewest_digits),
		cmocka_unit_test(test_floats_print_with_verb_and_precision),
		cmocka_unit_test(test_json_floats_use_few_exponents),
		cmocka_unit_test(test_what_is_printed_reads_back),
		cmocka_unit_test(test_floats_parse_as_go_reads_them),
		cmocka_unit_test(test_a_million_digits_parse_in_no_time),
		cmocka_unit_test(test_integers_parse_in_every_base),
		cmocka_unit_test(test_quotes_escape_what_cannot_be_printed),
		cmocka_unit_test(test_literals_unquote),
		cmocka_unit_test(test_printable_is_what_unicode_15_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
