// Spans: what is written keeps the place it came from, through slices and copies.

#include "data/text.h"
#include "unit.h"

static Str from_values(Arena *arena, const char *bytes, size_t line, const char *path)
{
	Origin *origin = ARENA_NEW(arena, Origin);

	*origin = (Origin){.kind = ORIGIN_VALUES,
	                   .base = bytes,
	                   .len = strlen(bytes),
	                   .file = S("values.yaml"),
	                   .line = line,
	                   .column = 3,
	                   .path = str_c(path)};
	return (Str){bytes, strlen(bytes), origin};
}

static const char *path_at(Str s, size_t at)
{
	const Origin *origin = origin_at(s, at, NULL);

	return origin ? origin->path.p : "none";
}

static void test_pieces_keep_their_origins(void **state)
{
	UNIT_ARENA(arena);
	Text text = text_new(arena, true);
	Str s;

	(void)state;
	text_write(&text, from_values(arena, "host", 1, "a"));
	text_byte(&text, ':');
	text_write(&text, from_values(arena, "9000", 2, "b"));
	s = text_str(&text);
	assert_str(s, "host:9000");
	assert_string_equal(path_at(s, 0), "a");
	assert_string_equal(path_at(s, 3), "a");
	assert_string_equal(path_at(s, 4), "none");
	assert_string_equal(path_at(s, 8), "b");
	arena_free(arena);
}

static void test_a_slice_of_a_slice_still_knows(void **state)
{
	UNIT_ARENA(arena);
	Text text = text_new(arena, true), again = text_new(arena, true);
	size_t offset;
	Str s;

	(void)state;
	text_write(&text, from_values(arena, "abcdef", 1, "a"));
	text_write(&text, from_values(arena, "uvwxyz", 1, "u"));
	text_write(&again, str_slice(str_from(text_str(&text), 2), 1, 7));
	s = text_str(&again);
	assert_str(s, "defuvw");
	assert_string_equal(path_at(s, 2), "a");
	assert_string_equal(path_at(s, 3), "u");
	origin_at(s, 1, &offset);
	assert_int_equal(offset, 4);
	origin_at(s, 5, &offset);
	assert_int_equal(offset, 2);
	arena_free(arena);
}

static void test_truncating_cuts_spans(void **state)
{
	UNIT_ARENA(arena);
	Text text = text_new(arena, true);
	Str s;

	(void)state;
	text_write(&text, from_values(arena, "abc", 1, "a"));
	text_truncate(&text, 2);
	text_write(&text, from_values(arena, "x", 1, "x"));
	s = text_str(&text);
	assert_str(s, "abx");
	assert_string_equal(path_at(s, 1), "a");
	assert_string_equal(path_at(s, 2), "x");
	arena_free(arena);
}

static void test_an_escape_belongs_to_what_it_stands_for(void **state)
{
	UNIT_ARENA(arena);
	Text text = text_new(arena, true);
	Str s;

	(void)state;
	text_write_as(&text, S("\\n"), from_values(arena, "\n", 1, "a"));
	s = text_str(&text);
	assert_str(s, "\\n");
	assert_string_equal(path_at(s, 1), "a");
	arena_free(arena);
}

static void test_bytes_carry_the_cause_of_their_writing(void **state)
{
	UNIT_ARENA(arena);
	const Cause outer = {.kind = CAUSE_ACTION}, inner = {.kind = CAUSE_INCLUDE};
	Text text = text_new(arena, true), part = text_new(arena, true);
	Str s;

	(void)state;
	part.cause = &inner;
	text_write(&part, S("in"));
	text.cause = &outer;
	text_write(&text, S("out"));
	text_write(&text, text_str(&part));
	s = text_str(&text);
	assert_ptr_equal(cause_at(s, 0), &outer);
	assert_ptr_equal(cause_at(s, 4), &inner);
	assert_null(origin_at(s, 0, NULL));
	arena_free(arena);
}

static void test_an_untraced_text_keeps_nothing(void **state)
{
	UNIT_ARENA(arena);
	Text text = text_new(arena, false);

	(void)state;
	text_write(&text, from_values(arena, "abc", 1, "a"));
	assert_null(text_str(&text).origin);
	arena_free(arena);
}

static void test_derived_bytes_name_all_that_went_in(void **state)
{
	UNIT_ARENA(arena);
	Str sources[2] = {from_values(arena, "abc", 1, "a"), S("no origin")};
	const Origin *origin = origin_derived(arena, sources, 2);

	(void)state;
	assert_int_equal(origin->kind, ORIGIN_DERIVED);
	assert_int_equal(origin->span_count, 1);
	assert_string_equal(origin->spans[0].origin->path.p, "a");
	assert_null(origin_derived(arena, &sources[1], 1));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_keep_their_origins),
		cmocka_unit_test(test_a_slice_of_a_slice_still_knows),
		cmocka_unit_test(test_truncating_cuts_spans),
		cmocka_unit_test(test_an_escape_belongs_to_what_it_stands_for),
		cmocka_unit_test(test_bytes_carry_the_cause_of_their_writing),
		cmocka_unit_test(test_an_untraced_text_keeps_nothing),
		cmocka_unit_test(test_derived_bytes_name_all_that_went_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
