// The functions: their table, their examples, and what no template test can see (origins, limits).
// What they return for which arguments is in tests/template, checked against the real Helm.

#include "base/num.h"
#include "funcs/decimal.h"
#include "funcs/families.h"
#include "funcs/letters.h"
#include "template/eval.h"
#include "unit.h"

// What the template writes; the error where it fails.
static Str run_template(Arena *arena, Str text)
{
	EngineOptions options = {.clock_set = true};
	Engine *engine = engine_new(arena, &options);
	Diag diag = diag_new(arena);
	Map *root = map_new(arena, &TYPE_ANY_MAP);
	Value dot = value_map(root);
	Text out = text_new(arena, false);

	map_set(arena, root, S("Values"), value_map(map_new(arena, &TYPE_VALUES)));
	if (engine_parse(engine, S("t"), text, &diag) &&
	    engine_execute(engine, S("t"), &dot, &out, &diag))
		return text_str(&out);
	return diag.message;
}

static void assert_fails(const char *text, const char *part)
{
	UNIT_ARENA(arena);
	Str got = run_template(arena, str_c(text));

	if (!str_contains(got, str_c(part)))
		fail_msg("%s: got \"%.*s\", want \"%s\"", text, STR_ARGS(got), part);
	arena_free(arena);
}

// --- the table ---

static void test_the_index_has_every_row_in_order(void **state)
{
	const Func *const *rows;
	size_t count = func_all(&rows);

	(void)state;
	assert_in_range(count, 200, 400);
	for (size_t i = 0; i < count; i++) {
		// No name: the index is older than the rows. Run tools/make-func-index.
		assert_non_null(rows[i]->name);
		assert_ptr_equal(func_find(str_c(rows[i]->name)), rows[i]);
		if (i)
			assert_true(strcmp(rows[i - 1]->name, rows[i]->name) < 0);
	}
	// A row was added to a family and tools/make-func-index was not run.
	if (func_unindexed())
		fail_msg("%s is not in src/funcs/table_index.h", func_unindexed()->name);
	assert_null(func_find(S("nothing")));
	assert_null(func_find(S("")));
	assert_null(func_find(S("inden")));
	assert_null(func_find(S("indentt")));
}

static void test_functions_of_no_released_helm_do_not_exist(void **state)
{
	(void)state;
	assert_null(func_find(S("env")));
	assert_null(func_find(S("expandenv")));
	assert_null(func_find(S("mustToToml")));
	assert_null(func_find(S("durationSeconds")));
}

static void test_every_row_is_documented(void **state)
{
	const Func *const *rows;
	size_t count = func_all(&rows);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_non_null(strstr(rows[i]->signature, "->"));
		assert_in_range(strlen(rows[i]->help), 5, 120);
	}
}

static void test_examples_are_true(void **state)
{
	const Func *const *rows;
	size_t count = func_all(&rows);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		UNIT_ARENA(arena);
		Str example = str_c(rows[i]->example), want, got;
		size_t arrow = str_rfind(example, S(" => "));

		if (arrow != STR_NONE) {
			want = str_from(example, arrow + 4);
			got = run_template(arena, str_to(example, arrow));
			if (!str_eq(got, want))
				fail_msg("%s: got \"%.*s\"", rows[i]->example, STR_ARGS(got));
		}
		arena_free(arena);
	}
}

// --- limits ---

static void test_enormous_results_are_refused(void **state)
{
	(void)state;
	assert_fails("{{ until 1000000000 }}",
	             "error calling until: the result would have more than 4194304 elements");
	assert_fails("{{ seq 1000000000 }}", "more than 4194304 elements");
	assert_fails("{{ untilStep 0 9223372036854775807 1 }}", "more than 4194304 elements");
	assert_fails("{{ repeat 1000000000000 \"abc\" }}",
	             "the result would have more than 268435456 bytes");
	assert_fails("{{ indent 1000000000000 \"a\" }}", "more than 268435456 bytes");
	assert_fails("{{ nindent 9223372036854775807 \"a\\nb\" }}", "more than 268435456 bytes");
	assert_fails("{{ $x := repeat 100000 \"a\" }}{{ replace \"a\" $x $x }}",
	             "more than 268435456 bytes");
	assert_fails("{{ $x := repeat 100000 \"a\" }}{{ replace \"\" $x $x }}",
	             "more than 268435456 bytes");
	assert_fails("{{ $x := repeat 100000 \"a\" }}{{ wrapWith 1 $x $x }}",
	             "more than 268435456 bytes");
	assert_fails("{{ $x := repeat 1000000 \"a\" }}{{ join $x (until 1000) }}",
	             "more than 268435456 bytes");
	assert_fails("{{ $x := repeat 5000000 \"a\" }}{{ splitList \"\" $x }}",
	             "more than 4194304 elements");
}

#define CYCLE(name) "{{ $" name " := dict }}{{ $_ := set $" name " \"d\" $" name " }}"
#define TANGLE(name)                                                                               \
	"{{ $" name " := dict \"x\" 1 }}{{ range until 60 }}{{ $" name " = dict \"a\" $" name      \
	" \"b\" $" name " }}{{ end }}"

static void test_dictionaries_that_hold_themselves_are_refused(void **state)
{
	(void)state;
	assert_fails(CYCLE("a") CYCLE("b") "{{ merge $a $b }}", "does it hold itself?");
	assert_fails(CYCLE("a") CYCLE("b") "{{ deepEqual $a $b }}", "does it hold itself?");
	assert_fails(CYCLE("a") "{{ deepCopy $a }}", "does it hold itself?");
	assert_fails(CYCLE("a") "{{ uniq (list $a) }}", "does it hold itself?");
	assert_fails(CYCLE("a") "{{ without (list 1) $a }}", "does it hold itself?");
	assert_fails(CYCLE("a") "{{ has $a (list $a) }}", "does it hold itself?");
	assert_fails(TANGLE("a") TANGLE("b") "{{ mergeOverwrite $a $b }}", "does it hold itself?");
	assert_fails(TANGLE("a") "{{ deepCopy $a }}", "does it hold itself?");
}

static void test_lists_that_share_their_items_do_not_see_each_other(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(
		run_template(arena,
	                     S("{{ $a := append (list 1) 2 }}{{ $a = append $a 3 }}{{ $b := append "
	                       "$a 4 }}"
	                       "{{ $c := append $a 5 }}{{ $d := concat $b (list 6) }}"
	                       "{{ $e := concat $b (list 7 8) }}{{ $f := append (slice $d 0 2) 9 }}"
	                       "{{ $a }}{{ $b }}{{ $c }}{{ $d }}{{ $e }}{{ $f }}")),
		"[1 2 3][1 2 3 4][1 2 3 5][1 2 3 4 6][1 2 3 4 7 8][1 2 9]");
	arena_free(arena);
}

static void test_append_in_a_loop_does_not_copy_every_time(void **state)
{
	UNIT_ARENA(arena);
	Str got = run_template(
		arena,
		S("{{ $l := list }}{{ range until 100000 }}{{ $l = append $l . }}{{ end }}"
	          "{{ $m := list }}{{ range until 100000 }}{{ $m = concat $m (list .) }}{{ end }}"
	          "{{ len $l }} {{ last $l }} {{ index $m 77777 }}"));

	(void)state;
	assert_str(got, "100000 99999 77777");
	assert_in_range(arena_used(arena), 0, 200 << 20);
	arena_free(arena);
}

static void test_long_lists_are_no_quadratic_work(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(run_template(arena, S("{{ uniq (until 300000) | len }} {{ without (until "
	                                 "300000) 1 2 | len }}")),
	           "300000 299998");
	arena_free(arena);
}

// --- origins ---

// Calls a function with string arguments; the last one has an origin at line 7.
static Str call_traced(Arena *arena, const char *name, const Value *before, size_t count,
                       const char *text)
{
	Origin *origin = ARENA_NEW(arena, Origin);
	Value args[4];
	Call call = {.arena = arena, .traced = true, .args = args, .count = count + 1};
	Str s = str_c(text);

	*origin = (Origin){
		.kind = ORIGIN_VALUES, .base = s.p, .len = s.len, .line = 7, .path = S("k")};
	s.origin = origin;
	for (size_t i = 0; i < count; i++)
		args[i] = before[i];
	args[count] = value_str(s);
	call.func = func_find(str_c(name));
	assert_true(call.func->body(&call));
	return value_as_str(&call.result);
}

// The bytes of `s` whose origin is known: others as dots.
static Str known_bytes(Arena *arena, Str s)
{
	Buf out = buf_new(arena);

	for (size_t i = 0; i < s.len; i++)
		buf_byte(&out, origin_at(s, i, NULL) ? s.p[i] : '.');
	return buf_view(&out);
}

static void test_functions_that_keep_bytes_keep_origins(void **state)
{
	UNIT_ARENA(arena);
	Value two = value_int(2), args[2] = {value_str(S("b")), value_str(S("--"))};
	size_t offset;
	Str got;

	(void)state;
	assert_str(known_bytes(arena, call_traced(arena, "indent", &two, 1, "a\nb")), "..a\n..b");
	assert_str(known_bytes(arena, call_traced(arena, "nindent", &two, 1, "a")), "...a");
	assert_str(known_bytes(arena, call_traced(arena, "quote", NULL, 0, "a\"b")), ".a\\\"b.");
	assert_str(known_bytes(arena, call_traced(arena, "squote", NULL, 0, "ab")), ".ab.");
	assert_str(known_bytes(arena, call_traced(arena, "cat", args, 2, "x")), ".....x");
	assert_str(known_bytes(arena, call_traced(arena, "replace", args, 2, "abc")), "a..c");
	assert_str(known_bytes(arena, call_traced(arena, "repeat", &two, 1, "ab")), "abab");
	assert_str(known_bytes(arena, call_traced(arena, "abbrev", (Value[]){value_int(6)}, 1,
	                                          "abcdefghi")),
	           "abc...");
	assert_str(known_bytes(arena, call_traced(arena, "default", args, 1, "x")), "x");
	assert_str(known_bytes(arena, call_traced(arena, "b64enc", NULL, 0, "hello")), "aGVsbG8=");
	got = call_traced(arena, "trunc", (Value[]){value_int(-2)}, 1, "abcdef");
	assert_int_equal(origin_at(got, 1, &offset)->line, 7);
	assert_int_equal(offset, 5);
	got = call_traced(arena, "lower", NULL, 0, "abcDef");
	assert_str(got, "abcdef");
	assert_non_null(origin_at(got, 5, &offset));
	assert_int_equal(offset, 5);
	arena_free(arena);
}

// --- decimal numbers ---

static double divide(Arena *arena, double a, double b)
{
	Decimal x = decimal_from_float(arena, a), y = decimal_from_float(arena, b),
		q = decimal_div(arena, &x, &y);

	return decimal_to_float(arena, &q);
}

static void test_decimals_are_exact_where_floats_are_not(void **state)
{
	UNIT_ARENA(arena);
	Decimal a = decimal_from_float(arena, 0.1), b = decimal_from_float(arena, 0.2), sum;

	(void)state;
	sum = decimal_add(arena, &a, &b);
	assert_true(decimal_to_float(arena, &sum) == 0.3);
	sum = decimal_sub(arena, &a, &a);
	assert_true(decimal_is_zero(&sum));
	assert_true(divide(arena, 1, 3) == 0.3333333333333333);
	assert_true(divide(arena, 2, -3) == -0.6666666666666667);
	assert_true(divide(arena, 1e308, 1e-5) > 1e308); // infinite
	assert_true(divide(arena, 1e-20, 3) == 0);
	assert_true(divide(arena, 123456789012345678, 3.7e-200) == 123456789012345678 / 3.7e-200);
	arena_free(arena);
}

static void test_case_is_gos(void **state)
{
	(void)state;
	assert_int_equal(letter_upper(0xDF), 0xDF);   // sharp s has no capital of one letter
	assert_int_equal(letter_lower(0x1E9E), 0xDF); // but is one's small letter
	assert_int_equal(letter_title(0x1C6), 0x1C5); // dz with caron
	assert_int_equal(letter_upper(0x1C5), 0x1C4);
	assert_int_equal(letter_lower(0x100), 0x101); // alternating pairs
	assert_int_equal(letter_upper(0x101), 0x100);
	assert_int_equal(letter_upper(0x10428), 0x10400);
	assert_int_equal(letter_lower(0x130), 'i');
	assert_int_equal(letter_upper(0x10FFFF), 0x10FFFF);
}

static void test_a_loop_without_end_is_named(void **state)
{
	UNIT_ARENA(arena);
	EngineOptions options = {.step_limit = 1000};
	Engine *engine = engine_new(arena, &options);
	Diag diag = diag_new(arena);
	Value dot = value_map(map_new(arena, &TYPE_ANY_MAP));
	Text out = text_new(arena, false);

	(void)state;
	assert_true(engine_parse(engine, S("t"), S("{{ range 100000000000 }}{{ end }}"), &diag));
	assert_false(engine_execute(engine, S("t"), &dot, &out, &diag));
	assert_true(str_contains(diag.message,
	                         S("at <100000000000>: the templates took more than 1000 steps")));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_loop_without_end_is_named),
		cmocka_unit_test(test_the_index_has_every_row_in_order),
		cmocka_unit_test(test_functions_of_no_released_helm_do_not_exist),
		cmocka_unit_test(test_every_row_is_documented),
		cmocka_unit_test(test_examples_are_true),
		cmocka_unit_test(test_enormous_results_are_refused),
		cmocka_unit_test(test_dictionaries_that_hold_themselves_are_refused),
		cmocka_unit_test(test_lists_that_share_their_items_do_not_see_each_other),
		cmocka_unit_test(test_append_in_a_loop_does_not_copy_every_time),
		cmocka_unit_test(test_long_lists_are_no_quadratic_work),
		cmocka_unit_test(test_functions_that_keep_bytes_keep_origins),
		cmocka_unit_test(test_decimals_are_exact_where_floats_are_not),
		cmocka_unit_test(test_case_is_gos),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
