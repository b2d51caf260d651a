// Trees of nodes: finding, changing, copying, comparing.

#include "data/yaml.h"
#include "unit.h"

static Node *read(Arena *arena, const char *text)
{
	YamlOptions options = {.comments = true};
	Diag diag = diag_new(arena);
	Node *document;

	if (!yaml_read(arena, str_c(text), &options, &document, &diag))
		fail_msg("%.*s", STR_ARGS(diag.message));
	return document;
}

static void test_path_goes_through_mappings_and_aliases(void **state)
{
	UNIT_ARENA(arena);
	static const char *const path[] = {"a", "b", "c"};
	Node *document = read(arena, "x: &x\n  c: found\na:\n  b: *x\n");

	(void)state;
	assert_str(node_path(document, path, 3)->value, "found");
	assert_null(node_path(document, (const char *const[]){"a", "no", "c"}, 3));
	arena_free(arena);
}

static void test_set_replaces_or_appends_and_remove_closes_the_gap(void **state)
{
	UNIT_ARENA(arena);
	Node *map = node_follow(read(arena, "a: 1\nb: 2\nc: 3\n"));
	Buf out = buf_new(arena);
	Diag diag = diag_new(arena);

	(void)state;
	node_set(arena, map, S("b"), node_scalar(arena, S("yes")));
	node_set(arena, map, S("d"), node_tagged(arena, "!!int", S("4")));
	assert_true(node_remove(map, S("a")));
	assert_false(node_remove(map, S("a")));
	assert_true(yaml_write_node(&out, map, &diag));
	assert_str(buf_view(&out), "b: yes\nc: 3\nd: 4\n");
	arena_free(arena);
}

static void test_copy_is_equal_and_aliases_point_into_it(void **state)
{
	UNIT_ARENA(arena);
	Node *from = read(arena, "a: &x [1, 2]\nb: *x\n");
	Node *to = node_copy(arena, from);
	Node *map = node_follow(to);

	(void)state;
	assert_true(node_equal(from, to));
	assert_ptr_equal(map->children[3]->alias, map->children[1]);
	assert_ptr_not_equal(map->children[1], node_follow(from)->children[1]);
	arena_free(arena);
}

static void test_equal_asks_for_data_not_for_style_or_order(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_true(
		node_equal(read(arena, "a: 'x' # c\nb: [1]\n"), read(arena, "b:\n- 1\na: x\n")));
	assert_false(node_equal(read(arena, "a: '1'\n"), read(arena, "a: 1\n")));
	assert_false(node_equal(read(arena, "a: 1\n"), read(arena, "a: 1\nb: 2\n")));
	assert_false(node_equal(read(arena, "[1, 2]"), read(arena, "[2, 1]")));
	arena_free(arena);
}

static void test_equal_ends_where_an_alias_contains_itself(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_true(node_equal(read(arena, "a: &x [*x]"), read(arena, "a: &x [*x]")));
	assert_false(node_equal(read(arena, "a: &x [*x]"), read(arena, "a: &y [*y, 1]")));
	arena_free(arena);
}

static void test_null_and_string_are_told_by_the_tag(void **state)
{
	UNIT_ARENA(arena);
	Node *list = node_follow(read(arena, "[~, '', a, 1, null]"));

	(void)state;
	assert_true(node_is_null(list->children[0]));
	assert_true(node_is_string(list->children[1]));
	assert_true(node_is_string(list->children[2]));
	assert_false(node_is_string(list->children[3]));
	assert_true(node_is_null(list->children[4]));
	assert_true(node_is_null(NULL));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path_goes_through_mappings_and_aliases),
		cmocka_unit_test(test_set_replaces_or_appends_and_remove_closes_the_gap),
		cmocka_unit_test(test_copy_is_equal_and_aliases_point_into_it),
		cmocka_unit_test(test_equal_asks_for_data_not_for_style_or_order),
		cmocka_unit_test(test_equal_ends_where_an_alias_contains_itself),
		cmocka_unit_test(test_null_and_string_are_told_by_the_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
