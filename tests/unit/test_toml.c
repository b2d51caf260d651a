// BurntSushi/toml.

#include "data/json.h"
#include "data/toml.h"
#include "unit.h"

// What becomes of TOML that is read and written again; the error where it can't be.
static Str through(Arena *arena, Str text)
{
	Text out = text_new(arena, false);
	Diag diag = diag_new(arena);
	Value v;

	if (!toml_read(arena, text, &v, &diag) || !toml_write(&out, &v, &diag))
		return diag.message;
	return text_str(&out);
}

static Str from_json(Arena *arena, const char *text)
{
	Text out = text_new(arena, false);
	Diag diag = diag_new(arena);
	Value v;

	if (!json_read(arena, str_c(text), JSON_FLOAT64, &v, &diag) || !toml_write(&out, &v, &diag))
		return diag.message;
	return text_str(&out);
}

static void test_documents_read_and_write(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", ""},
		{"a = 1\nb = 'x'\nc = 1.5\nd = true", "a = 1\nb = \"x\"\nc = 1.5\nd = true\n"},
		{"a = [1, 'x', [2]]", "a = [1, \"x\", [2]]\n"},
		{"a.b.c = 1\n[t]\nx = 2", "[a]\n  [a.b]\n    c = 1\n\n[t]\n  x = 2\n"},
		{"[[a]]\nx = 1\n[[a]]\ny = {z = 2}",
	         "[[a]]\n  x = 1\n\n[[a]]\n  [a.y]\n    z = 2\n"},
		{"a = 0x1F\nb = 1_000\nc = 1e3\nd = inf\ne = -nan",
	         "a = 31\nb = 1000\nc = 1000.0\nd = inf\ne = -nan\n"},
		{"a = \"\"\"\nx\\\n   y\"\"\"\nb = '''\nraw\\'''", "a = \"xy\"\nb = \"raw\\\\\"\n"},
		{"a = 2020-01-02\nb = 03:04:05.5\nc = 2020-01-02T03:04:05\nd = 2020-01-02 "
	         "03:04:05+01:30",
	         "a = 2020-01-02\nb = 03:04:05.5\nc = 2020-01-02T03:04:05\nd = "
	         "2020-01-02T03:04:05+01:30\n"},
		{"'a b' = 1\n\"\" = 2", "\"\" = 2\n\"a b\" = 1\n"},
		{"a = [ # c\n 1,\n]\n# end", "a = [1]\n"},
	};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_str(through(arena, str_c(cases[i].text)), cases[i].want);
	arena_free(arena);
}

static void test_errors_are_the_library_s(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"a = ", "toml: line 1 (last key \"a\"): unexpected EOF; expected value"},
		{"a = x", "toml: line 1 (last key \"a\"): expected value but found \"x\" instead"},
		{"a = 1\na = 2",
	         "toml: line 2 (last key \"a\"): Key 'a' has already been defined."},
		{"a = 1\n[a.b]", "toml: line 2: Key 'a' was already created as a hash."},
		{"[a]\n[a]", "toml: line 2: Key 'a' has already been defined."},
		{"a = 01", "toml: line 1 (last key \"a\"): Invalid integer \"01\": cannot have "
	                   "leading zeroes"},
		{"a = 9223372036854775808",
	         "toml: line 1 (last key \"a\"): 9223372036854775808 is out of range for int64"},
		{"a = \"x\ny\"", "toml: line 1 (last key \"a\"): strings cannot contain newlines"},
		{"a = 2020-13-01",
	         "toml: line 1 (last key \"a\"): invalid datetime: \"2020-13-01\""},
		{"a = \"\\q\"", "toml: line 1 (last key \"a\"): invalid escape in string '\\q'"},
		{"= 1", "toml: line 1: unexpected '=': key name appears blank"},
		{"[]", "toml: line 1: unexpected end of table name (table names cannot be empty)"},
		{"a = 1 b = 2", "toml: line 1: expected a top-level item to end with a newline, "
	                        "comment, or EOF, but got 'b' "
	                        "instead"},
		{"a = \x01", "toml: line 1 (last key \"a\"): TOML files cannot contain control "
	                     "characters: '0x01'"},
		{"a = '\xff'", "toml: line 1 (last key \"a\"): invalid UTF-8 byte: 0xff"},
	};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_str(through(arena, str_c(cases[i].text)), cases[i].want);
	arena_free(arena);
}

static void test_values_write_in_order(void **state)
{
	static const struct {
		const char *json, *want;
	} cases[] = {
		{"{\"b\":{\"x\":1},\"a\":[{\"y\":2}],\"c\":3}",
	         "c = 3.0\n\n[[a]]\n  y = 2.0\n\n[b]\n  x = 1.0\n"},
		{"{\"a\":[{\"y\":2},3]}", "a = [{y = 2.0}, 3.0]\n"},
		{"{\"a\":null,\"b\":\"q\\\"\\u0001\"}", "b = \"q\\\"\\u0001\"\n"},
		{"{\"a\":[1,null]}", "toml: cannot encode array with nil element"},
		{"[{\"a\":1}]", "toml: top-level values must be Go maps or structs"},
		{"[1,2]", "[1.0, 2.0]"},
		{"{\"a\":1e6,\"b\":1e21}", "a = 1e+06\nb = 1e+21\n"},
	};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_str(from_json(arena, cases[i].json), cases[i].want);
	arena_free(arena);
}

static void test_arrays_of_tables_have_go_s_type(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Value v;

	(void)state;
	assert_true(toml_read(arena, S("[[a]]\n[b]\nc = [{}]\nd = 1\n"), &v, &diag));
	assert_str(value_type_name(map_get(v.map, S("a"))), "[]map[string]interface {}");
	v = *map_get(v.map, S("b"));
	assert_str(value_type_name(map_get(v.map, S("c"))), "[]interface {}");
	assert_str(value_type_name(map_get(v.map, S("d"))), "int64");
	arena_free(arena);
}

static void test_hostile_nesting_is_refused(void **state)
{
	UNIT_ARENA(arena);
	Buf text = buf_new(arena);

	(void)state;
	buf_c(&text, "a = ");
	buf_fill(&text, '[', 1000000);
	assert_str(through(arena, buf_view(&text)), "toml: line 1 (last key \"a\"): arrays and "
	                                            "inline tables nest deeper than 1000 levels");
	text.len = 0;
	for (int i = 0; i < 200000; i++)
		buf_c(&text, "a.");
	buf_c(&text, "a = 1");
	assert_true(str_has_suffix(through(arena, buf_view(&text)),
	                           S("tables nest deeper than 10000 levels")));
	arena_free(arena);
}

static void test_a_map_inside_itself_is_refused(void **state)
{
	UNIT_ARENA(arena);
	Map *map = map_new(arena, &TYPE_ANY_MAP);
	Value v = value_map(map);
	Text out = text_new(arena, false);
	Diag diag = diag_new(arena);

	(void)state;
	map_set(arena, map, S("x"), v);
	assert_false(toml_write(&out, &v, &diag));
	assert_str(diag.message, "toml: value nests deeper than 1000 levels");
	arena_free(arena);
}

static void test_many_keys_cost_no_more_each(void **state)
{
	UNIT_ARENA(arena);
	Buf text = buf_new(arena);
	Diag diag = diag_new(arena);
	Value v;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_printf(&text, "[t.k%d]\na.b = {c = [%d]}\n", i, i);
	assert_true(toml_read(arena, buf_view(&text), &v, &diag));
	assert_int_equal(value_len(map_get(v.map, S("t"))), 100000);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents_read_and_write),
		cmocka_unit_test(test_errors_are_the_library_s),
		cmocka_unit_test(test_values_write_in_order),
		cmocka_unit_test(test_arrays_of_tables_have_go_s_type),
		cmocka_unit_test(test_hostile_nesting_is_refused),
		cmocka_unit_test(test_a_map_inside_itself_is_refused),
		cmocka_unit_test(test_many_keys_cost_no_more_each),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
