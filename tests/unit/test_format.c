// Go's fmt.

#include "template/format.h"
#include "unit.h"

#include <stdio.h>

static const char *const version_fields[] = {"Version", "Major", NULL};
static const Type version_type = {
	.name = "*chart.Version", .kind = V_OBJECT, .kind_name = "ptr", .fields = version_fields};

static bool month_format(const Object *object, Buf *out)
{
	(void)object;
	buf_c(out, "March");
	return true;
}

static Value month_underlying(const Object *object)
{
	(void)object;
	return value_int(3);
}

static const Type month_type = {.name = "time.Month",
                                .kind = V_OBJECT,
                                .kind_name = "int",
                                .format = month_format,
                                .underlying = month_underlying};

static Str print(Arena *arena, const char *format, Value v)
{
	return format_verb(arena, format, &v);
}

static Str print_many(Arena *arena, const char *format, const Value *args, size_t count)
{
	Text out = text_new(arena, false);

	format_printf(&out, str_c(format), args, count);
	return text_str(&out);
}

static Value some_map(Arena *arena)
{
	Map *map = map_new(arena, &TYPE_ANY_MAP);
	List *list = list_new(arena, &TYPE_ANY_LIST, 0);

	list_push(arena, list, value_str(S("x")));
	list_push(arena, list, value_nil());
	map_set(arena, map, S("b"), value_list(list));
	map_set(arena, map, S("a"), value_float(1));
	return value_map(map);
}

static void test_verbs_of_scalars(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(print(arena, "%d|", value_int(42)), "42|");
	assert_str(print(arena, "%+05d|", value_int(42)), "+0042|");
	assert_str(print(arena, "%-6d|", value_int(42)), "42    |");
	assert_str(print(arena, "%#x", value_int(255)), "0xff");
	assert_str(print(arena, "%08b", value_int(5)), "00000101");
	assert_str(print(arena, "%.3d", value_int(5)), "005");
	assert_str(print(arena, "%c%%", value_int(0x1F600)), "\xf0\x9f\x98\x80%");
	assert_str(print(arena, "%#U", value_int(0x41)), "U+0041 'A'");
	assert_str(print(arena, "%q", value_int('x')), "'x'");
	assert_str(print(arena, "%08.3f", value_float(-3.14159)), "-003.142");
	assert_str(print(arena, "%v", value_float(1e6)), "1e+06");
	assert_str(print(arena, "%#g", value_float(1)), "1.00000");
	assert_str(print(arena, "%6.2s|", value_str(S("h\xc3\xa9llo"))), "    h\xc3\xa9|");
	assert_str(print(arena, "%q", value_str(S("a\"b"))), "\"a\\\"b\"");
	assert_str(print(arena, "%#q", value_str(S("a\"b"))), "`a\"b`");
	assert_str(print(arena, "% x", value_str(S("hi"))), "68 69");
	assert_str(print(arena, "%t", value_bool(true)), "true");
	assert_str(print(arena, "%T", value_float(1)), "float64");
	arena_free(arena);
}

static void test_wrong_verbs_say_so(void **state)
{
	UNIT_ARENA(arena);
	Value two[] = {value_int(1), value_str(S("x"))};

	(void)state;
	assert_str(print(arena, "%d", value_str(S("x"))), "%!d(string=x)");
	assert_str(print(arena, "%s", value_nil()), "%!s(<nil>)");
	assert_str(print(arena, "%s", value_int(1)), "%!s(int=1)");
	assert_str(print(arena, "%z", value_bool(true)), "%!z(bool=true)");
	assert_str(print(arena, "%d %d", value_int(1)), "1 %!d(MISSING)");
	assert_str(print(arena, "%", value_int(1)), "%!(NOVERB)%!(EXTRA int=1)");
	assert_str(print_many(arena, "%d", two, 2), "1%!(EXTRA string=x)");
	assert_str(print_many(arena, "%[3]d", two, 2), "%!d(BADINDEX)");
	assert_str(print_many(arena, "%[2]*[1]d", two, 2), "%!(BADWIDTH)1");
	assert_str(print_many(arena, "%.*d", two + 1, 1), "%!(BADPREC)%!d(MISSING)");
	arena_free(arena);
}

static void test_operands_can_be_picked_and_give_widths(void **state)
{
	UNIT_ARENA(arena);
	Value args[] = {value_int(5), value_str(S("x"))};

	(void)state;
	assert_str(print_many(arena, "%*s|", args, 2), "    x|");
	assert_str(print_many(arena, "%[2]s %[1]d", args, 2), "x 5");
	arena_free(arena);
}

static void test_maps_and_lists(void **state)
{
	UNIT_ARENA(arena);
	Value map = some_map(arena);

	(void)state;
	assert_str(print(arena, "%v", map), "map[a:1 b:[x <nil>]]");
	assert_str(
		print(arena, "%#v", map),
		"map[string]interface {}{\"a\":1, \"b\":[]interface {}{\"x\", interface {}(nil)}}");
	assert_str(print(arena, "%d", map),
	           "map[%!d(string=a):%!d(float64=1) %!d(string=b):[%!d(string=x) <nil>]]");
	assert_str(print(arena, "%T", map), "map[string]interface {}");
	arena_free(arena);
}

static void test_bytes_print_as_text_where_asked(void **state)
{
	UNIT_ARENA(arena);
	List *bytes = list_new(arena, &TYPE_BYTES, 0);

	(void)state;
	list_push(arena, bytes, value_of_kind(V_UINT8, 'h'));
	list_push(arena, bytes, value_of_kind(V_UINT8, 'i'));
	assert_str(print(arena, "%s %[1]x %[1]v %[1]q", value_list(bytes)),
	           "hi 6869 [104 105] \"hi\"");
	assert_str(print(arena, "%#v", value_list(bytes)), "[]byte{0x68, 0x69}");
	arena_free(arena);
}

static void test_structs_and_named_numbers(void **state)
{
	UNIT_ARENA(arena);
	Value fields[] = {value_str(S("v1.2")), value_str(S("1"))};
	Object version = {.type = &version_type, .fields = fields},
	       none = {.type = &version_type, .nil = true};
	Object month = {.type = &month_type};

	(void)state;
	assert_str(print(arena, "%v", value_object(&version)), "&{v1.2 1}");
	assert_str(print(arena, "%+v", value_object(&version)), "&{Version:v1.2 Major:1}");
	assert_str(print(arena, "%#v", value_object(&version)),
	           "&chart.Version{Version:\"v1.2\", Major:\"1\"}");
	assert_str(print(arena, "%v", value_object(&none)), "<nil>");
	assert_str(print(arena, "%v %[1]d %5[1]s", value_object(&month)), "March 3 March");
	assert_str(print(arena, "%t", value_object(&month)), "%!t(time.Month=3)");
	arena_free(arena);
}

static void test_print_puts_blanks_between_what_is_no_string(void **state)
{
	UNIT_ARENA(arena);
	Value args[] = {value_int(1),     value_int(2), value_str(S("x")),
	                value_bool(true), value_nil(),  value_nil()};
	Text print_out = text_new(arena, false), line_out = text_new(arena, false);

	(void)state;
	format_print(&print_out, args, 6);
	assert_str(text_str(&print_out), "1 2x"
	                                 "true <nil> <nil>");
	format_println(&line_out, args, 3);
	assert_str(text_str(&line_out), "1 2 x\n");
	arena_free(arena);
}

static void test_strings_keep_their_origin(void **state)
{
	UNIT_ARENA(arena);
	Str s = S("abc");
	Origin origin = {.kind = ORIGIN_VALUES, .base = s.p, .len = s.len};
	Text out = text_new(arena, true);
	Value v;
	size_t offset;
	Str text;

	(void)state;
	s.origin = &origin;
	v = value_str(s);
	format_printf(&out, S("<%5s|%q>"), (Value[]){v, v}, 2);
	text = text_str(&out);
	assert_str(text, "<  abc|\"abc\">");
	assert_null(origin_at(text, 1, NULL));
	assert_ptr_equal(origin_at(text, 4, &offset), &origin);
	assert_int_equal(offset, 1);
	assert_ptr_equal(origin_at(text, 9, &offset), &origin);
	assert_int_equal(offset, 1);
	arena_free(arena);
}

static void test_a_map_inside_itself_ends(void **state)
{
	UNIT_ARENA(arena);
	Map *map = map_new(arena, &TYPE_ANY_MAP);

	(void)state;
	map_set(arena, map, S("a"), value_map(map));
	map_set(arena, map, S("b"), value_map(map));
	assert_true(str_contains(print(arena, "%v", value_map(map)), S("TOODEEP")));
	arena_free(arena);
}

static void test_huge_widths_are_refused_as_in_go(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(print(arena, "%99999999d", value_int(1)), "%!(NOVERB)%!(EXTRA int=1)");
	assert_int_equal(print(arena, "%1000000d", value_int(1)).len, 1000000);
	assert_int_equal(print(arena, "%.1000000f", value_float(1)).len, 1000002);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verbs_of_scalars),
		cmocka_unit_test(test_wrong_verbs_say_so),
		cmocka_unit_test(test_operands_can_be_picked_and_give_widths),
		cmocka_unit_test(test_maps_and_lists),
		cmocka_unit_test(test_bytes_print_as_text_where_asked),
		cmocka_unit_test(test_structs_and_named_numbers),
		cmocka_unit_test(test_print_puts_blanks_between_what_is_no_string),
		cmocka_unit_test(test_strings_keep_their_origin),
		cmocka_unit_test(test_a_map_inside_itself_ends),
		cmocka_unit_test(test_huge_widths_are_refused_as_in_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
