// What differs between two sets of resources.

#include "data/yaml.h"
#include "k8s/compare.h"
#include "unit.h"

typedef struct Docs {
	Node **items;
	size_t count;
} Docs;

static Docs docs(Arena *arena, const char *text)
{
	YamlOptions options = {0};
	Diag diag = diag_new(arena);
	Docs out;

	assert_true(yaml_read_all(arena, str_c(text), &options, &out.items, &out.count, &diag));
	return out;
}

static Changes compare(Arena *arena, const char *before, const char *after, bool ignore_cluster)
{
	CompareOptions options = {.namespace = S("default"), .ignore_cluster = ignore_cluster};
	Docs old = docs(arena, before), new = docs(arena, after);
	Changes changes;

	compare_documents(arena, old.items, old.count, new.items, new.count, &options, &changes);
	return changes;
}

#define DEPLOYMENT "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"

static void test_same_resources_in_another_order_are_the_same(void **state)
{
	UNIT_ARENA(arena);
	Changes changes = compare(
		arena, DEPLOYMENT "---\nkind: Service\napiVersion: v1\nmetadata: {name: b}\n",
		"apiVersion: v1\nkind: Service\nmetadata: {name: b}\n---\n" DEPLOYMENT, false);

	(void)state;
	assert_int_equal(changes.len, 0);
	assert_int_equal(changes.resources, 2);
	arena_free(arena);
}

static void test_list_items_match_by_merge_key(void **state)
{
	UNIT_ARENA(arena);
	Changes changes = compare(arena,
	                          DEPLOYMENT "spec: {template: {spec: {containers: [{name: x, "
	                                     "image: i:1}, {name: y, image: j:1}]}}}\n",
	                          DEPLOYMENT "spec: {template: {spec: {containers: [{name: y, "
	                                     "image: j:1}, {name: x, image: i:2}]}}}\n",
	                          false);

	(void)state;
	assert_int_equal(changes.len, 1);
	assert_true(str_is(changes.items[0].path, "spec.template.spec.containers[x].image"));
	assert_true(str_is(change_value(arena, &changes.items[0], changes.items[0].after), "i:2"));
	assert_int_equal(change_offset(&changes.items[0]), 2);
	arena_free(arena);
}

static void test_added_and_removed_resources(void **state)
{
	UNIT_ARENA(arena);
	Changes changes = compare(arena, "kind: A\nmetadata: {name: x}\n",
	                          "kind: B\nmetadata: {name: x}\n", false);

	(void)state;
	assert_int_equal(changes.len, 2);
	assert_int_equal(changes.items[0].kind, CHANGE_REMOVED);
	assert_int_equal(changes.items[1].kind, CHANGE_ADDED);
	assert_true(str_is(changes.items[1].resource, "B/x"));
	arena_free(arena);
}

static void test_cluster_defaults_on_either_side(void **state)
{
	UNIT_ARENA(arena);
	const char *plain = DEPLOYMENT "spec: {replicas: 1}\n";
	const char *filled = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, "
			     "namespace: default, uid: u, "
			     "annotations: {deployment.kubernetes.io/revision: '3'}}\n"
			     "spec: {replicas: 1, revisionHistoryLimit: 10}\nstatus: {x: y}\n";

	(void)state;
	assert_int_equal(compare(arena, plain, filled, true).len, 0);
	assert_int_equal(compare(arena, filled, plain, true).len, 0);
	assert_int_not_equal(compare(arena, plain, filled, false).len, 0);
	arena_free(arena);
}

static void test_twins_are_matched_in_order(void **state)
{
	UNIT_ARENA(arena);
	Changes changes = compare(
		arena,
		"kind: A\nmetadata: {name: x}\nv: 1\n---\nkind: A\nmetadata: {name: x}\nv: 2\n",
		"kind: A\nmetadata: {name: x}\nv: 1\n---\nkind: A\nmetadata: {name: x}\nv: 3\n",
		false);

	(void)state;
	assert_int_equal(changes.len, 1);
	assert_true(str_is(change_value(arena, &changes.items[0], changes.items[0].before), "2"));
	arena_free(arena);
}

static void test_secrets_are_masked_at_any_depth(void **state)
{
	UNIT_ARENA(arena);
	Changes changes = compare(arena, "kind: Pod\nmetadata: {name: p}\n",
	                          "kind: Pod\nmetadata: {name: p}\nspec: {env: [{name: "
	                          "DB_PASSWORD, value: open-sesame}, {name: URL, value: "
	                          "'http://u:open-sesame@h/'}], apiToken: open-sesame}\n",
	                          false);
	Str shown = change_value(arena, &changes.items[0], changes.items[0].after);

	(void)state;
	assert_int_equal(changes.len, 1);
	assert_false(str_contains(shown, S("open-sesame")));
	assert_true(str_contains(shown, S("DB_PASSWORD")));
	arena_free(arena);
}

static void test_hostile_documents_are_passed_over(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_int_equal(compare(arena, "[1, 2]\n---\n---\nx\n---\nkind: [a]\n",
	                         "kind: List\nitems: {a: b}\n---\nkind: List\nitems: [1, [2]]\n",
	                         false)
	                         .len,
	                 1);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_resources_in_another_order_are_the_same),
		cmocka_unit_test(test_list_items_match_by_merge_key),
		cmocka_unit_test(test_added_and_removed_resources),
		cmocka_unit_test(test_cluster_defaults_on_either_side),
		cmocka_unit_test(test_twins_are_matched_in_order),
		cmocka_unit_test(test_secrets_are_masked_at_any_depth),
		cmocka_unit_test(test_hostile_documents_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
