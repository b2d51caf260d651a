// The table of tokens' forms, row by row.

#include "k8s/tokens.c" // for its tables

#include "base/buf.h"
#include "unit.h"

// Characters that look drawn, always the same.
static void add_drawn(Buf *out, TokenChars chars, size_t len)
{
	const char *must = "7Q3K"; // a short prefix wants digits and capitals behind it
	uint32_t seed = 12345;

	for (; *must && len; must++)
		if (fits(*must, chars)) {
			buf_byte(out, *must);
			len--;
		}
	while (len) {
		char c;
		seed = seed * 1664525 + 1013904223;
		c = (char)(seed >> 24);
		if (!ascii_is_alnum(c) || !fits(c, chars))
			continue;
		buf_byte(out, c);
		len--;
	}
}

static void assert_found(Str text, size_t at, size_t len)
{
	Token token = {0};

	if (!token_next(text, 0, &token) || token.at != at || token.len != len)
		fail_msg("%.*s: found %zu bytes at %zu, not %zu at %zu", STR_ARGS(text), token.len,
		         token.at, len, at);
}

static void check_shape(Arena *arena, const TokenShape *shape)
{
	Buf text = buf_new(arena);

	buf_c(&text, "see \"");
	buf_c(&text, shape->prefix);
	add_drawn(&text, shape->chars, shape->least);
	buf_c(&text, "\" there");
	assert_found(buf_view(&text), 5, strlen(shape->prefix) + shape->least);
}

static void test_second_characters_are_those_of_the_forms(void **state)
{
	static const char *const others[] = {"eyJ", "LS0", "PuTTY", "https://"};
	uint64_t made[COUNT(second_bits)] = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++)
		made[(int)shapes[i].prefix[0]] |= SECOND(shapes[i].prefix[1]);
	for (size_t i = 0; i < COUNT(broken_shapes); i++)
		made[(int)broken_shapes[i].prefix[0]] |= SECOND(broken_shapes[i].prefix[1]);
	for (size_t i = 0; i < COUNT(others); i++)
		made[(int)others[i][0]] |= SECOND(others[i][1]);
	assert_memory_equal(made, second_bits, sizeof made);
}

static void test_every_form_is_found_at_its_shortest(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++)
		check_shape(arena, &shapes[i]);
	for (size_t i = 0; i < COUNT(broken_shapes); i++)
		check_shape(arena, &broken_shapes[i]);
	arena_free(arena);
}

static void test_every_mark_is_found_in_its_middle(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(marks); i++) {
		const TokenMark *mark = &marks[i];
		Buf text = buf_new(arena);
		buf_c(&text, "= ");
		add_drawn(&text, mark->before, mark->before_least - 1);
		buf_byte(&text, '7');
		buf_c(&text, mark->mark);
		add_drawn(&text, mark->chars, mark->least);
		buf_byte(&text, '\n');
		assert_found(buf_view(&text), 2,
		             mark->before_least + strlen(mark->mark) + mark->least);
	}
	arena_free(arena);
}

static void assert_sorted(const TokenShape *rows, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (compare_pairs(rows[i - 1].prefix, rows[i].prefix) > 0)
			fail_msg("%s stands behind %s", rows[i].prefix, rows[i - 1].prefix);
}

static void test_rows_are_sorted_and_long_enough(void **state)
{
	(void)state;
	assert_sorted(shapes, COUNT(shapes));
	assert_sorted(broken_shapes, COUNT(broken_shapes));
	for (size_t i = 0; i < COUNT(shapes); i++)
		assert_true(strlen(shapes[i].prefix) + shapes[i].least >= TOKEN_LEAST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_second_characters_are_those_of_the_forms),
		cmocka_unit_test(test_every_form_is_found_at_its_shortest),
		cmocka_unit_test(test_every_mark_is_found_in_its_middle),
		cmocka_unit_test(test_rows_are_sorted_and_long_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
