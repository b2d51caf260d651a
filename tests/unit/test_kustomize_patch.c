// Strategic merge patches, JSON patches and the writer, on texts.

#include "data/yaml.h"
#include "kustomize/json_patch.h"
#include "kustomize/merge.h"
#include "kustomize/print.h"
#include "kustomize/read.h"
#include "unit.h"

static Arena *arena;

static Node *node_of(const char *text)
{
	ReadOptions options = {.file = S("test")};
	Diag diag = diag_new(arena);
	Node *node = NULL;

	assert_true(read_document(arena, str_c(text), &options, &node, &diag));
	return node;
}

static char *printed(Node *node)
{
	Buf out = buf_new(arena);
	Diag diag = diag_new(arena);

	assert_true(print_resource(arena, &out, node, &diag));
	return str_to_c(arena, buf_view(&out));
}

static void test_merge_puts_items_of_the_patch_first(void **state)
{
	Node *target = node_of("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: "
	                       "i}, {name: b}]}\n");
	Node *patch = node_of("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: c}, {name: a, "
	                      "tty: true}]}\n");
	Diag diag = diag_new(arena);

	(void)state;
	assert_true(merge_patch(arena, NULL, patch, &target, &diag));
	assert_string_equal(printed(target),
	                    "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: c\n"
	                    "  - image: i\n    name: a\n    tty: true\n  - name: b\n");
}

static void test_merge_of_unknown_kind_replaces_lists(void **state)
{
	Node *target = node_of("apiVersion: x/v1\nkind: X\nspec: {l: [{name: a}]}\n");
	Node *patch = node_of("apiVersion: x/v1\nkind: X\nspec: {l: [{name: b}]}\n");
	Diag diag = diag_new(arena);

	(void)state;
	assert_true(merge_patch(arena, NULL, patch, &target, &diag));
	assert_string_equal(printed(target),
	                    "apiVersion: x/v1\nkind: X\nspec:\n  l:\n  - name: b\n");
}

static void test_delete_directive_empties_the_target(void **state)
{
	Node *target = node_of("a: b\n");
	Node *patch = node_of("$patch: delete\n");
	Diag diag = diag_new(arena);

	(void)state;
	assert_true(merge_patch(arena, NULL, patch, &target, &diag));
	assert_null(target);
}

static void test_merge_of_different_kinds_fails(void **state)
{
	Node *target = node_of("a: text\n");
	Node *patch = node_of("a: {b: c}\n");
	Diag diag = diag_new(arena);

	(void)state;
	assert_false(merge_patch(arena, NULL, patch, &target, &diag));
	assert_true(str_has_prefix(diag.message,
	                           S("wrong node kind: expected ScalarNode but got MappingNode")));
}

static void test_json_patch_leaves_the_target_where_it_fails(void **state)
{
	Node *target = node_of("a: {b: 1}\n");
	Node *patch = node_of("[{op: add, path: /a/c, value: 2}, {op: remove, path: /x/y}]\n");
	Diag diag = diag_new(arena);

	(void)state;
	assert_false(json_patch_apply(arena, patch, &target, &diag));
	assert_string_equal(printed(target), "a:\n  b: 1\n");
	assert_string_equal(
		str_to_c(arena, diag.message),
		"remove operation does not apply: doc is missing path: \"/x/y\": missing value");
}

static void test_json_patch_unescapes_pointers(void **state)
{
	Node *target = node_of("a: {}\n");
	Node *patch = node_of("[{op: add, path: /a/x~1y~0z, value: v}]\n");
	Diag diag = diag_new(arena);

	(void)state;
	assert_true(json_patch_apply(arena, patch, &target, &diag));
	assert_string_equal(printed(target), "a:\n  x/y~z: v\n");
}

// The fast writer must say what the general one says.
static void assert_same_print(const char *text)
{
	Diag diag = diag_new(arena);
	Buf out = buf_new(arena);
	Node *node = node_of(text);

	assert_true(yaml_write_resource(&out, node_of(text), &diag));
	assert_string_equal(printed(node), str_to_c(arena, buf_view(&out)));
}

static void test_writers_agree(void **state)
{
	static const char *const texts[] = {
		"a: 1\nb: 1.50\nc: yes\nd: ~\ne: \"1\"\nf: 'x: y'\ng: 2020-01-01\nh: 0x1F\n",
		"z10: a\nz9: b\nZ: c\n_x: d\na.b: e\na-b: f\na/b: g\n\"1\": h\ny01: i\nz1: j\n",
		"l: [a, 1, [x], {}, [], {k: v}, \"#\", 'it''s', -1, 1e9, 10Gi, 1.2.3, \"12:30\"]\n",
		"t: |\n  one\n  two\nu: \"tab\\there\"\nv: \" lead\"\nw: \"trail:\"\nx: "
		"gr\xC3\xBC\xC3\x9F\x65\n",
		"deep:\n  er:\n    text: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
		"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb "
		"ccccccccccccc ddd eee  fff\n    list:\n    - "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
		"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cccccccc ddd\n    - \"quoted: "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
		"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb ccccccccccccc ddd\"\n",
		"f: .inf1\ng: 1_0\nh: +5\ni: $(VAR)\nj: (x)\nk: a #b\nl: a#b\nm: a:b\nn: off\no: "
		"null\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_same_print(texts[i]);
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge_puts_items_of_the_patch_first),
		cmocka_unit_test(test_merge_of_unknown_kind_replaces_lists),
		cmocka_unit_test(test_delete_directive_empties_the_target),
		cmocka_unit_test(test_merge_of_different_kinds_fails),
		cmocka_unit_test(test_json_patch_leaves_the_target_where_it_fails),
		cmocka_unit_test(test_json_patch_unescapes_pointers),
		cmocka_unit_test(test_writers_agree),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
