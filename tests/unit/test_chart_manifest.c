// Documents, their order, and errors of templates.

#include "chart/errors.h"
#include "chart/manifest.h"
#include "unit.h"

static size_t cut(Str text, Str *out, size_t max)
{
	Str rest = str_trim_space(text), document;
	bool first = true;
	size_t count = 0;

	while (count < max && manifest_next(&rest, &first, &document))
		out[count++] = document;
	return count;
}

static void test_documents_are_cut_at_lines_that_begin_with_dashes(void **state)
{
	Str docs[8];

	(void)state;
	assert_int_equal(cut(S("---\na: 1\n\n---  \nb: 2\n---c: 3\n  ---\n"), docs, 8), 3);
	assert_str(docs[0], "a: 1");
	assert_str(docs[1], "b: 2");
	assert_str(docs[2], "c: 3\n  ---");
}

static void test_a_second_separator_at_once_stays_in_the_text(void **state)
{
	Str docs[8];

	(void)state;
	assert_int_equal(cut(S("---\n---\na: 1"), docs, 8), 1);
	assert_str(docs[0], "---\na: 1");
}

static void test_nothing_is_no_document(void **state)
{
	Str docs[8];

	(void)state;
	assert_int_equal(cut(S(" \n\n"), docs, 8), 0);
	assert_int_equal(cut(S("---"), docs, 8), 0);
}

static void test_kinds_are_sorted_and_ties_keep_their_order(void **state)
{
	UNIT_ARENA(arena);
	Rendered files[] = {
		{S("c/b.yaml"), S("kind: Zed\n---\nkind: Service\nx: 1")},
		{S("c/a.yaml"), S("kind: Service\nx: 2\n---\nkind: Namespace\n---\n# nothing")}};
	Manifests hooks = {0}, manifests = {0};
	BadManifest bad = {0};
	Log log = log_new(arena);
	Diag diag = diag_new(arena);

	(void)state;
	assert_true(manifests_sort(arena, &log, files, 2, &hooks, &manifests, &bad, &diag));
	assert_int_equal(manifests.len, 5);
	assert_str(manifests.items[0].kind, "Namespace");
	assert_str(manifests.items[1].content, "kind: Service\nx: 2");
	assert_str(manifests.items[2].content, "kind: Service\nx: 1");
	assert_str(manifests.items[3].content, "# nothing");
	assert_str(manifests.items[4].kind, "Zed");
	arena_free(arena);
}

static void test_a_document_that_is_no_yaml_is_named(void **state)
{
	UNIT_ARENA(arena);
	Rendered files[] = {{S("c/a.yaml"), S("kind: A\n---\nx: y\nb: c: d\n")}};
	Manifests hooks = {0}, manifests = {0};
	BadManifest bad = {0};
	Log log = log_new(arena);
	Diag diag = diag_new(arena);

	(void)state;
	assert_false(manifests_sort(arena, &log, files, 1, &hooks, &manifests, &bad, &diag));
	assert_str(diag.message, "YAML parse error on c/a.yaml: error converting YAML to JSON: "
	                         "yaml: line 2: mapping values "
	                         "are not allowed in this context");
	assert_ptr_equal(bad.file, &files[0]);
	assert_int_equal(bad.line, 2);
	arena_free(arena);
}

static void test_a_chain_of_includes_becomes_lines(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(error_of_execution(arena, S("c/a.yaml"),
	                              S("template: c/a.yaml:1:2: executing \"c/a.yaml\" at "
	                                "<include \"x\" .>: error calling "
	                                "include: template: c/_h.tpl:3:4: executing \"x\" at "
	                                "<.a.b>: nil pointer evaluating "
	                                "interface {}.b")),
	           "c/a.yaml:1:2\n  executing \"c/a.yaml\" at <include \"x\" .>:\n    error "
	           "calling include:\n"
	           "c/_h.tpl:3:4\n  executing \"x\" at <.a.b>:\n    nil pointer evaluating "
	           "interface {}.b");
	arena_free(arena);
}

static void test_an_error_of_a_function_stays_as_it_is(void **state)
{
	UNIT_ARENA(arena);
	Str message = S("template: c/a.yaml:1:2: executing \"c/a.yaml\" at <semver \"x\">: error "
	                "calling semver: invalid");

	(void)state;
	assert_true(str_eq(error_of_execution(arena, S("c/a.yaml"), message), message));
	arena_free(arena);
}

static void test_an_authors_message_stands_alone(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(error_of_execution(arena, S("c/a.yaml"),
	                              S("template: c/a.yaml:1:2: executing \"c/a.yaml\" at <fail>: "
	                                "error calling fail: "
	                                "HELM_ERR_STARTmy words: here\nHELM_ERR_END")),
	           "execution error at (c/a.yaml:1:2): my words: here\n");
	arena_free(arena);
}

static void test_a_parse_error_keeps_place_and_reason(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(error_of_parsing(arena, S("c/a.yaml"),
	                            S("template: c/a.yaml:3: function \"x\" not defined")),
	           "parse error at (c/a.yaml:3): function \"x\" not defined");
	arena_free(arena);
}

static void test_the_innermost_place_of_an_error(void **state)
{
	Place place = {0};

	(void)state;
	assert_true(error_place(S("template: c/a.yaml:1:2: executing \"a\" at <x>: error calling "
	                          "include: template: "
	                          "c/_h.tpl:30:4: executing"),
	                        true, &place));
	assert_str(place.file, "c/_h.tpl");
	assert_int_equal(place.line, 30);
	assert_int_equal(place.column, 5);
	assert_false(error_place(S("no place"), true, &place));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents_are_cut_at_lines_that_begin_with_dashes),
		cmocka_unit_test(test_a_second_separator_at_once_stays_in_the_text),
		cmocka_unit_test(test_nothing_is_no_document),
		cmocka_unit_test(test_kinds_are_sorted_and_ties_keep_their_order),
		cmocka_unit_test(test_a_document_that_is_no_yaml_is_named),
		cmocka_unit_test(test_a_chain_of_includes_becomes_lines),
		cmocka_unit_test(test_an_error_of_a_function_stays_as_it_is),
		cmocka_unit_test(test_an_authors_message_stands_alone),
		cmocka_unit_test(test_a_parse_error_keeps_place_and_reason),
		cmocka_unit_test(test_the_innermost_place_of_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
