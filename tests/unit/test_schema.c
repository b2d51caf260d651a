// JSON Schema. The public suite runs in tests/compat/json-schema-suite; here are the messages and the limits.

#include "data/json.h"
#include "data/schema.h"
#include "unit.h"

#include <stdio.h>

// The errors, or what is wrong with the schema.
static Str errors_of_str(Arena *arena, Str schema, Str json, SchemaLoader *loader)
{
	Diag diag = diag_new(arena);
	SchemaReport report;
	Value v;

	if (!json_read(arena, json, JSON_FLOAT64, &v, &diag))
		return diag.message;
	if (!schema_validate(arena, schema, SCHEMA_URL, &v, loader, &report, &diag))
		return diag.message;
	return report.text;
}

static Str errors_of(Arena *arena, const char *schema, const char *json)
{
	return errors_of_str(arena, str_c(schema), str_c(json), NULL);
}

static void test_errors_have_helm_s_words(void **state)
{
	static const struct {
		const char *schema, *json, *want;
	} cases[] = {
		{"{\"properties\":{\"replicas\":{\"type\":\"integer\"}}}", "{\"replicas\":\"x\"}",
	         "- at '/replicas': got string, want integer\n"},
		{"{\"required\":[\"a\",\"b\"]}", "{}", "- at '': missing properties 'a', 'b'\n"},
		{"{\"additionalProperties\":false}", "{\"it's\":1,\"b\":2}",
	         "- at '': additional properties 'b', 'it\\'s' not allowed\n"},
		{"{\"properties\":{\"n\":{\"maximum\":1000000}}}", "{\"n\":1234567.5}",
	         "- at '/n': maximum: got 1.2345675\xc3\x97"
	         "10\xe2\x81\xb0\xe2\x81\xb6, want 1\xc3\x97"
	         "10\xe2\x81\xb0\xe2\x81\xb6\n"},
		{"{\"properties\":{\"s\":{\"minLength\":1234}}}", "{\"s\":\"ab\"}",
	         "- at '/s': minLength: got 2, want 1,234\n"},
		{"{\"properties\":{\"e\":{\"enum\":[\"a\",1.0,null]}}}", "{\"e\":2}",
	         "- at '/e': value must be one of 'a', 1.0, <nil>\n"},
		{"{\"anyOf\":[{\"required\":[\"a\"]},{\"allOf\":[{\"type\":\"null\"},{"
	         "\"minProperties\":2}]}]}",
	         "{}",
	         "- at '': 'anyOf' failed\n  - at '': missing property 'a'\n  - at '': 'allOf' "
	         "failed\n"
	         "    - at '': got object, want null\n    - at '': minProperties: got 0, want 2\n"},
		{"{\"$ref\":\"#/$defs/x\",\"$defs\":{\"x\":{\"not\":{}}}}", "{}",
	         "- at '': 'not' failed\n"},
		{"{\"properties\":{\"p\":{\"pattern\":\"^a\"}}}", "{\"p\":\"b\\n\"}",
	         "- at '/p': 'b\\n' does not match pattern '^a'\n"},
		{"{\"$schema\":\"http://json-schema.org/draft-07/"
	         "schema#\",\"properties\":{\"i\":{\"format\":\"ipv4\"}}}",
	         "{\"i\":\"1.2.3\"}",
	         "- at '/i': '1.2.3' is not valid ipv4: expected four decimals\n"},
		{"{\"properties\":{\"i\":{\"format\":\"ipv4\"}}}", "{\"i\":\"1.2.3\"}", ""},
	};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_str(errors_of(arena, cases[i].schema, cases[i].json), cases[i].want);
	arena_free(arena);
}

static void test_unusable_schemas_say_why(void **state)
{
	static const struct {
		const char *schema, *want;
	} cases[] = {
		{"", "EOF"},
		{"{\"a\":", "unexpected EOF"},
		{"{bad", "invalid character 'b' looking for beginning of object key string"},
		{"{} {}", "invalid character after top-level value"},
		{"{\"$ref\":\"#/nope\"}",
	         "json-pointer in \"file:///values.schema.json#/nope\" not found"},
		{"{\"$ref\":\"other.json\"}", "failing loading \"file:///other.json\": open "
	                                      "/other.json: no such file or directory"},
		{"{\"$ref\":\"#x\"}", "anchor in \"file:///values.schema.json#x\" not found in "
	                              "schema \"file:///values.schema.json\""},
		{"{\"type\":\"bogus\"}",
	         "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema "
	         "validation failed with "
	         "'https://json-schema.org/draft/2020-12/schema#'\n- at '': 'allOf' failed\n  - at "
	         "'/type': 'anyOf' failed\n"
	         "    - at '/type': value must be one of 'array', 'boolean', 'integer', 'null', "
	         "'number', 'object', 'string'\n"
	         "    - at '/type': got string, want array"},
	};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_str(errors_of(arena, cases[i].schema, "{}"), cases[i].want);
	arena_free(arena);
}

static bool load_other(SchemaLoader *loader, Arena *arena, Str url, Str *text)
{
	(void)loader;
	(void)arena;
	*text = S("{\"type\":\"integer\"}");
	return str_is(url, "file:///other.json");
}

static void test_references_reach_files_beside_the_schema(void **state)
{
	UNIT_ARENA(arena);
	SchemaLoader loader = {.load = load_other};

	(void)state;
	assert_str(errors_of_str(arena, S("{\"properties\":{\"a\":{\"$ref\":\"other.json\"}}}"),
	                         S("{\"a\":1.5}"), &loader),
	           "- at '/a': got number, want integer\n");
	arena_free(arena);
}

static void test_schemas_that_refer_to_themselves_end(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(errors_of(arena, "{\"$ref\":\"#\"}", "{}"),
	           "- at '': both /$ref and  resolve to \"file:///values.schema.json#\" causing "
	           "reference cycle\n");
	assert_str(
		errors_of(
			arena,
			"{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"additionalProperties\":false}",
			"{\"a\":{\"a\":{\"b\":1}}}"),
		"- at '/a/a': additional properties 'b' not allowed\n");
	arena_free(arena);
}

static void test_schemas_that_double_their_work_are_stopped(void **state)
{
	UNIT_ARENA(arena);
	Buf schema = buf_new(arena);

	(void)state;
	buf_c(&schema, "{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
	for (int i = 0; i < 60; i++)
		buf_printf(&schema,
		           "\"d%d\":{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/"
		           "d%d\"}]},",
		           i, i + 1, i + 1);
	buf_c(&schema, "\"d60\":{}}}");
	assert_str(errors_of_str(arena, buf_view(&schema), S("{}"), NULL),
	           "unable to validate schema: checking the values takes too many steps");
	arena_free(arena);
}

static void test_deep_schemas_and_values_are_refused(void **state)
{
	UNIT_ARENA(arena);
	Buf schema = buf_new(arena), json = buf_new(arena);

	(void)state;
	for (int i = 0; i < 5000; i++)
		buf_c(&schema, "{\"not\":");
	buf_c(&schema, "{}");
	buf_fill(&schema, '}', 5000);
	assert_str(errors_of_str(arena, buf_view(&schema), S("{}"), NULL),
	           "schema nests deeper than 1000 levels");
	buf_fill(&json, '[', 5000);
	buf_fill(&json, ']', 5000);
	assert_str(errors_of_str(arena, S("{\"items\":{\"$ref\":\"#\"}}"), buf_view(&json), NULL),
	           "unable to validate schema: values and schemas nest too deep");
	arena_free(arena);
}

static void test_numbers_compare_exactly(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(errors_of(arena, "{\"items\":{\"multipleOf\":0.01}}",
	                     "[4.35, 0.07, 1e300, 19.99, 0]"),
	           "");
	assert_str(errors_of(arena, "{\"items\":{\"multipleOf\":0.0001}}", "[0.00075]"),
	           "- at '/0': multipleOf: got 0.00075, want 0.0001\n");
	assert_str(errors_of(arena, "{\"items\":{\"maximum\":9007199254740993}}",
	                     "[9007199254740992]"),
	           "");
	assert_str(errors_of(arena, "{\"items\":{\"type\":\"integer\"}}", "[1.0, 1e3, 5]"), "");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors_have_helm_s_words),
		cmocka_unit_test(test_unusable_schemas_say_why),
		cmocka_unit_test(test_references_reach_files_beside_the_schema),
		cmocka_unit_test(test_schemas_that_refer_to_themselves_end),
		cmocka_unit_test(test_schemas_that_double_their_work_are_stopped),
		cmocka_unit_test(test_deep_schemas_and_values_are_refused),
		cmocka_unit_test(test_numbers_compare_exactly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
