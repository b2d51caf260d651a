// Names, values and what stands beside them, in the formats that config maps carry.

#include "unit.h"

#include "k8s/pairs.h"

// What the table of the pair `name`, `value` gives `other`.
static Str beside(Arena *arena, const char *text, const char *name, const char *value,
                  const char *other)
{
	Pairs pairs = {0};

	pairs_of_text(arena, str_c(text), &pairs);
	for (size_t i = 0; i < pairs.len; i++)
		if (str_is(pairs.items[i].name, name) && str_is(pairs.items[i].value, value))
			return pairs_beside(&pairs, i, str_c(other));
	return S("no such pair");
}

static void test_a_table_is_one_in_every_format(void **state)
{
	static const char *const texts[] = {
		"a:\n  host: h\n  port: 1\nb:\n  port: 2\n",
		"b:\n- port: 2\n- host: h # c\n  tls: {port: 3}\n  port: 1\n",
		"{\"b\": {\"port\": 2}, \"a\": {\"x\": [{\"port\": 3}], \"host\": \"h\", \"port\": "
		"1}}",
		"{\n  \"a\": {\n    \"port\": \"1\",\n    \"host\": \"h\"\n  },\n  \"port\": "
		"2\n}\n",
		"[a]\nport = 1\nhost = 'h'\n[b]\nport = 2\n",
		"host=h\nport=1 ; c\n",
		"export host=\"h\"\r\nexport port=1\r\n",
		"- {port: 2}\n- {port: 1, host: h}\n",
	};
	(void)state;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		Arena *arena = arena_new(0);
		assert_true(str_is(beside(arena, texts[i], "host", "h", "PORT"), "1"));
		arena_free(arena);
	}
}

static void test_other_tables_are_not_beside(void **state)
{
	static const char *const texts[] = {
		"a:\n  host: h\nb:\n  port: 1\n",
		"- host: h\n- port: 1\n",
		"- port: 1\n- host: h\n",
		"[a]\nhost = h\n[b]\nport = 1\n",
		"{\"a\": {\"host\": \"h\"}, \"port\": 1}",
		"# port: 1\nhost: h\n",
	};
	(void)state;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		Arena *arena = arena_new(0);
		assert_true(str_is(beside(arena, texts[i], "host", "h", "port"), ""));
		arena_free(arena);
	}
}

static void expect_pairs(const Pairs *pairs, const char *want)
{
	Arena *arena = arena_new(0);
	Buf buf = buf_new(arena);

	for (size_t i = 0; i < pairs->len; i++)
		if (pairs->items[i].value.len)
			buf_printf(&buf, "%.*s=%.*s ", STR_ARGS(pairs->items[i].name),
			           STR_ARGS(pairs->items[i].value));
	assert_true(str_is(buf_view(&buf), want));
	arena_free(arena);
}

static void test_items_have_the_name_of_their_list(void **state)
{
	Arena *arena = arena_new(0);
	Pairs pairs = {0};
	(void)state;

	pairs_of_text(
		arena,
		S("brokers:\n  - k:1\n  - 'k:2'\ntargets: [\"t:1\", t:2]\nserver s:80 w=1;\n"),
		&pairs);
	expect_pairs(&pairs, "brokers=k:1 brokers=k:2 targets=t:1 targets=t:2 server=s:80 ");
	arena_free(arena);
}

static void test_options_of_a_command(void **state)
{
	Arena *arena = arena_new(0);
	Pairs pairs = {0};
	Str option = S("");
	(void)state;

	pairs_of_argument(arena, NULL, S("--a=1"), &option, &pairs);
	pairs_of_argument(arena, NULL, S("-b"), &option, &pairs);
	pairs_of_argument(arena, NULL, S("2"), &option, &pairs);
	pairs_of_argument(arena, NULL, S("alone"), &option, &pairs);
	pairs_of_argument(arena, NULL, S("-Dc.d=3"), &option, &pairs);
	pairs_of_argument(arena, NULL, S("E=4 run --f \\\n  '5' -- -g"), &option, &pairs);
	expect_pairs(&pairs, "a=1 b=2 c.d=3 E=4 f=5 ");
	arena_free(arena);
}

static void test_what_is_no_file_of_settings(void **state)
{
	static const char *const texts[] = {"\"",  "'a\\", "{{{{", "]]]]", "- - - -",
	                                    "= =", ":",    "- ",   "a:\n", "["};
	(void)state;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		Arena *arena = arena_new(0);
		Pairs pairs = {0};
		pairs_of_text(arena, str_c(texts[i]), &pairs);
		expect_pairs(&pairs, "");
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_table_is_one_in_every_format),
		cmocka_unit_test(test_other_tables_are_not_beside),
		cmocka_unit_test(test_items_have_the_name_of_their_list),
		cmocka_unit_test(test_options_of_a_command),
		cmocka_unit_test(test_what_is_no_file_of_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
