// encoding/json.

#include "data/json.h"
#include "unit.h"

static Str written(Arena *arena, const Value *v, JsonStyle style)
{
	Text out = text_new(arena, false);
	Diag diag = diag_new(arena);

	return json_write(&out, v, style, &diag) ? text_str(&out) : diag.message;
}

// What becomes of a text that is read and written again; the error where it can't be read.
static Str through(Arena *arena, const char *text, JsonStyle style)
{
	Diag diag = diag_new(arena);
	Value v;

	return json_read(arena, str_c(text), JSON_FLOAT64, &v, &diag) ? written(arena, &v, style)
	                                                              : diag.message;
}

static void test_values_come_out_as_go_writes_them(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{" {\"b\" : 1, \"a\":[true,null,\"x\"]} ", "{\"a\":[true,null,\"x\"],\"b\":1}"},
		{"[1e6,1E21,0.5,-0,1.0]", "[1000000,1e+21,0.5,-0,1]"},
		{"\"<&>\\u2028\\n\\u0001\\/\"", "\"\\u003c\\u0026\\u003e\\u2028\\n\\u0001/\""},
		{"\"\\ud83d\\ude00\\ud83d\"", "\"\xf0\x9f\x98\x80\xef\xbf\xbd\""},
		{"\"\xff\"", "\"\xef\xbf\xbd\""},
		{"{\"a\":1,\"a\":2}", "{\"a\":2}"},
		{"[]", "[]"},
		{"{}", "{}"},
	};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_str(through(arena, cases[i].text, (JsonStyle){true, NULL}), cases[i].want);
	arena_free(arena);
}

static void test_errors_are_go_s(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", "unexpected end of JSON input"},
		{"[1,", "unexpected end of JSON input"},
		{"{a}", "invalid character 'a' looking for beginning of object key string"},
		{"{\"a\"}", "invalid character '}' after object key"},
		{"{\"a\":1 2}", "invalid character '2' after object key:value pair"},
		{"[1 2]", "invalid character '2' after array element"},
		{"[1,]", "invalid character ']' looking for beginning of value"},
		{"1 x", "invalid character 'x' after top-level value"},
		{"tru", "invalid character ' ' in literal true (expecting 'e')"},
		{"-", "invalid character ' ' in numeric literal"},
		{"1.x", "invalid character 'x' after decimal point in numeric literal"},
		{"\"\\q\"", "invalid character 'q' in string escape code"},
		{"\"a\nb\"", "invalid character '\\n' in string literal"},
		{"'", "invalid character '\\'' looking for beginning of value"},
		{"\xc3\xa9", "invalid character '\xc3\x83' looking for beginning of value"},
		{"1e400", "json: cannot unmarshal number 1e400 into Go value of type float64"},
	};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_str(through(arena, cases[i].text, (JsonStyle){true, NULL}), cases[i].want);
	arena_free(arena);
}

static void test_errors_have_a_place(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Value v;

	(void)state;
	assert_false(json_read(arena, S("{\n  \"a\": x\n}"), JSON_FLOAT64, &v, &diag));
	assert_int_equal(diag.place.line, 2);
	assert_int_equal(diag.place.column, 8);
	arena_free(arena);
}

static void test_nesting_ends_where_go_s_does(void **state)
{
	UNIT_ARENA(arena);
	Buf text = buf_new(arena);
	Diag diag = diag_new(arena);
	Value v;

	(void)state;
	buf_fill(&text, '[', 10000);
	buf_fill(&text, ']', 10000);
	assert_true(json_read(arena, buf_view(&text), JSON_FLOAT64, &v, &diag));
	assert_int_equal(written(arena, &v, (JsonStyle){true, NULL}).len, 20000);
	text.len = 0;
	buf_fill(&text, '[', 1000000);
	assert_false(json_read(arena, buf_view(&text), JSON_FLOAT64, &v, &diag));
	assert_str(diag.message, "invalid character '[' exceeded max depth");
	arena_free(arena);
}

static void test_pretty_is_as_marshal_indent(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(
		through(arena, "{\"a\":[],\"b\":{},\"c\":[1,{\"d\":2}]}", (JsonStyle){true, "  "}),
		"{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1,\n    {\n      \"d\": 2\n    }\n "
		" ]\n}");
	arena_free(arena);
}

static void test_a_map_inside_itself_is_refused(void **state)
{
	UNIT_ARENA(arena);
	Map *map = map_new(arena, &TYPE_ANY_MAP);
	List *list = list_new(arena, &TYPE_ANY_LIST, 0);
	Value v = value_map(map);

	(void)state;
	list_push(arena, list, v);
	map_set(arena, map, S("x"), value_list(list));
	assert_str(written(arena, &v, (JsonStyle){true, NULL}),
	           "json: unsupported value: encountered a cycle via map[string]interface {}");
	arena_free(arena);
}

static void test_bytes_are_base64_and_nil_is_null(void **state)
{
	UNIT_ARENA(arena);
	List *bytes = list_new(arena, &TYPE_BYTES, 0), *none = list_new(arena, &TYPE_ANY_LIST, 0);
	Value v = value_list(bytes), nil = value_list(none);

	(void)state;
	for (int i = 0; i < 4; i++)
		list_push(arena, bytes, value_of_kind(V_UINT8, "hi\xff!"[i] & 0xFF));
	none->nil = true;
	assert_str(written(arena, &v, (JsonStyle){true, NULL}), "\"aGn/IQ==\"");
	assert_str(written(arena, &nil, (JsonStyle){true, NULL}), "null");
	arena_free(arena);
}

static void test_numbers_that_json_lacks_are_refused(void **state)
{
	UNIT_ARENA(arena);
	Value v = value_float(1.0 / 0.0);

	(void)state;
	assert_str(written(arena, &v, (JsonStyle){true, NULL}), "json: unsupported value: +Inf");
	arena_free(arena);
}

static void test_numbers_can_keep_their_text(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Value v;

	(void)state;
	assert_true(json_read(arena, S("[1.0, 12345678901234567890]"), JSON_NUMBERS, &v, &diag));
	assert_str(written(arena, &v, (JsonStyle){true, NULL}), "[1.0,12345678901234567890]");
	assert_true(json_read(arena, S("[1.0, 5]"), JSON_INT64, &v, &diag));
	assert_int_equal(v.list->items[0].kind, V_FLOAT64);
	assert_int_equal(v.list->items[1].kind, V_INT64);
	arena_free(arena);
}

static void test_strings_keep_where_they_came_from(void **state)
{
	UNIT_ARENA(arena);
	Str text = S("{\"a\": \"x\\ty\"}");
	Origin origin = {.kind = ORIGIN_TEMPLATE, .base = text.p, .len = text.len};
	Diag diag = diag_new(arena);
	size_t offset;
	Value v;
	Str s;

	(void)state;
	text.origin = &origin;
	assert_true(json_read(arena, text, JSON_FLOAT64, &v, &diag));
	s = value_as_str(map_get(v.map, S("a")));
	assert_str(s, "x\ty");
	assert_ptr_equal(origin_at(s, 2, &offset), &origin);
	assert_int_equal(offset, 10);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_come_out_as_go_writes_them),
		cmocka_unit_test(test_errors_are_go_s),
		cmocka_unit_test(test_errors_have_a_place),
		cmocka_unit_test(test_nesting_ends_where_go_s_does),
		cmocka_unit_test(test_pretty_is_as_marshal_indent),
		cmocka_unit_test(test_a_map_inside_itself_is_refused),
		cmocka_unit_test(test_bytes_are_base64_and_nil_is_null),
		cmocka_unit_test(test_numbers_that_json_lacks_are_refused),
		cmocka_unit_test(test_numbers_can_keep_their_text),
		cmocka_unit_test(test_strings_keep_where_they_came_from),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
