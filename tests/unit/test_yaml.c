// Reading YAML to Values and writing them, as Helm 4.1.4 does: every expectation below is what its
// fromYaml, toYaml and toYamlPretty gave.

#include "data/json.h"
#include "data/text.h"
#include "data/yaml.h"
#include "unit.h"

typedef struct Case {
	const char *text, *expected;
} Case;

// Texts and what they are in JSON.
static const Case readable[] = {
	{"a: 1\nb: two\nc: [x, {y: z}]\n",
         "{\"a\":1,\"b\":\"two\",\"c\":[\"x\",{\"true\":\"z\"}]}"},
	{"", "{}"},
	{"# only a comment\n", "{}"},
	{"~", "{}"},
	{"a: ~\nb:\nc: null\nd: \"\"\n", "{\"a\":null,\"b\":null,\"c\":null,\"d\":\"\"}"},
	{"a: yes\nb: on\nc: y\nd: n\ne: off\nf: True\ng: tRue\n",
         "{\"a\":true,\"b\":true,\"c\":true,\"d\":false,\"e\":false,\"f\":true,\"g\":\"tRue\"}"},
	{"a: 0777\nb: 0o17\nc: 0x1F\nd: 0b11\ne: 1_000\nf: 08\ng: -0b11\n",
         "{\"a\":511,\"b\":15,\"c\":31,\"d\":3,\"e\":1000,\"f\":8,\"g\":-3}"},
	{"a: 1e3\nb: .5\nc: 1.\nd: +1\ne: 1e400\nf: 12345678901234567890123\n",
         "{\"a\":1000,\"b\":0.5,\"c\":1,\"d\":1,\"e\":\"1e400\",\"f\":1.2345678901234568e+22}"},
	{"a: 12:30\nb: 2001-01-01\nc: 2001-12-14t21:59:43.10-05:00\nd: 1.2.3\n",
         "{\"a\":\"12:30\",\"b\":\"2001-01-01\",\"c\":\"2001-12-14t21:59:43.10-05:00\",\"d\":\"1.2."
         "3\"}"},
	{"1: a\n1.5: b\ntrue: c\nyes: d\n0x10: e\n0.1234567890123: f\n",
         "{\"0.12345679\":\"f\",\"1\":\"a\",\"1.5\":\"b\",\"16\":\"e\",\"true\":\"d\"}"},
	{"a: 1\na: 2\n", "{\"a\":2}"},
	{"base: &b {a: 1, c: 2}\nd:\n  a: 0\n  <<: *b\n  c: 3\n",
         "{\"base\":{\"a\":1,\"c\":2},\"d\":{\"a\":1,\"c\":3}}"},
	{"d:\n  <<: [{a: 1, b: 1}, {a: 2, c: 3}]\n", "{\"d\":{\"a\":1,\"b\":1,\"c\":3}}"},
	{"d:\n  \"<<\": {a: 1}\n", "{\"d\":{\"\\u003c\\u003c\":{\"a\":1}}}"},
	{"a: !!str 1\nb: !!int \"2\"\nc: !!float 1\nd: !foo 1\ne: ! 1\nf: !!binary aGVsbG8=\n",
         "{\"a\":\"1\",\"b\":2,\"c\":1,\"d\":\"1\",\"e\":\"1\",\"f\":\"hello\"}"},
	{"a: |\n  x\n   y\n\nb: |-\n  x\n\nc: |+\n  x\n\nd: >\n  a\n  b\n\n  c\n   d\n",
         "{\"a\":\"x\\n y\\n\",\"b\":\"x\",\"c\":\"x\\n\\n\",\"d\":\"a b\\nc\\n d\\n\"}"},
	{"a: |2\n   x\n", "{\"a\":\" x\\n\"}"},
	{"a: \"x\\ny\\u263a\\x41 \\\n   z\"\nb: 'it''s\n\n  two'\n", "{\"a\":\"x\\ny\xE2\x98\xBA"
                                                                     "A z\",\"b\":\"it's\\ntwo\"}"},
	{"a: x\n y\n\n z # c\nb: x#y\n", "{\"a\":\"x y\\nz\",\"b\":\"x#y\"}"},
	{"a: {b: c,}\nd: [e,]\nf: {g}\nh: [i: j]\n",
         "{\"a\":{\"b\":\"c\"},\"d\":[\"e\"],\"f\":{\"g\":null},\"h\":[{\"i\":\"j\"}]}"},
	{"a: {b:c, \"d\":e}\n", "{\"a\":{\"b:c\":null,\"d\":\"e\"}}"},
	{"a: 1\n---\nb: 2\n", "{\"a\":1}"},
	{"%YAML 1.1\n---\na: 1\n...\nrubbish: [\n", "{\"a\":1}"},
	{"a: x\xC2\x85"
         "b: y\n",
         "{\"a\":\"x\",\"b\":true}"},
	{"a: 1\x0D\nb: 2\x0D\n", "{\"a\":1,\"b\":2}"},
	{"a: &b\n", "{\"a\":null}"},
	{"{\? a : b}\n", "{\"a\":\"b\"}"},
	{"{}: x\n", "{}"},
	{"a: !<tag:yaml.org,2002:int> 3\n", "{\"a\":3}"},
	{"%TAG !e! tag:example.com,2000:\n---\na: !e!x 1\n", "{\"a\":\"1\"}"},
	{"a: 0.1\nb: 100000000\nc: 1.0\nd: -0.0\n", "{\"a\":0.1,\"b\":100000000,\"c\":1,\"d\":-0}"},
};

// Texts and why they are refused.
static const Case refused[] = {
	{"a: .nan\n", "error converting YAML to JSON: json: unsupported value: NaN"},
	{"a: .inf\n", "error converting YAML to JSON: json: unsupported value: +Inf"},
	{"~: a\n", "error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: "
                   "<nil>, value: \"a\""},
	{"18446744073709551615: x\n", "error converting YAML to JSON: unsupported map key of type: "
                                      "uint64, key: 0xffffffffffffffff, value: \"x\""},
	{"\? [a]\n: b\n",
         "error converting YAML to JSON: yaml: invalid map key: []interface {}{\"a\"}"},
	{"\? {a: 1, b: [x, null, 1.5]}\n: c\n",
         "error converting YAML to JSON: yaml: invalid map key: map[interface {}]interface "
         "{}{\"a\":1, \"b\":[]interface {}{\"x\", interface {}(nil), 1.5}}"},
	{"d:\n  <<: 1\n", "error converting YAML to JSON: yaml: map merge requires map or sequence "
                          "of maps as the value"},
	{"a: &x 1\nb: *x\nc: *y\n",
         "error converting YAML to JSON: yaml: unknown anchor 'y' referenced"},
	{"a: &x [*x]\n", "error converting YAML to JSON: yaml: anchor 'x' value contains itself"},
	{"a: !!int x\n", "error converting YAML to JSON: yaml: cannot decode !!str `x` as a !!int"},
	{"a: !!binary \"@@\"\n",
         "error converting YAML to JSON: yaml: !!binary value contains invalid base64 data"},
	{"a: \"x\\ny\\u263a\\x41\\/\"\n",
         "error converting YAML to JSON: yaml: found unknown escape character"},
	{"a: b: c\n",
         "error converting YAML to JSON: yaml: mapping values are not allowed in this context"},
	{"a:\n- b\nc: [x\n",
         "error converting YAML to JSON: yaml: line 3: did not find expected ',' or ']'"},
	{"a:\n\x09- b\n", "error converting YAML to JSON: yaml: line 2: found character that "
                          "cannot start any token"},
	{"a: \"x\n", "error converting YAML to JSON: yaml: line 2: found unexpected end of stream"},
	{"a: @x\n",
         "error converting YAML to JSON: yaml: found character that cannot start any token"},
	{"- a\nb: c\n",
         "error converting YAML to JSON: yaml: line 1: did not find expected '-' indicator"},
	{"%YAML 1.2\n---\na: 1\n",
         "error converting YAML to JSON: yaml: found incompatible YAML document"},
	{"a: \x01\n", "error converting YAML to JSON: yaml: control characters are not allowed"},
	{"a: *x\n", "error converting YAML to JSON: yaml: unknown anchor 'x' referenced"},
	{"a: !e!x 1\n", "error converting YAML to JSON: yaml: found undefined tag handle"},
	{"\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\": 1\n",
         "error converting YAML to JSON: yaml: mapping values are not allowed in this context"},
	{"a:\n  b:\n c: d\n",
         "error converting YAML to JSON: yaml: line 2: did not find expected key"},
	{"key: - x\n", "error converting YAML to JSON: yaml: block sequence entries are not "
                       "allowed in this context"},
	{"a: 1\n b: 2\n", "error converting YAML to JSON: yaml: line 2: mapping values are not "
                          "allowed in this context"},
	{"a: >x\n",
         "error converting YAML to JSON: yaml: did not find expected comment or line break"},
	{"\x09"
         "a: 1\n",
         "error converting YAML to JSON: yaml: found character that cannot start any token"},
	{"a: \xE2\x80\xA8"
         "b\n",
         "error converting YAML to JSON: yaml: line 3: could not find expected ':'"},
};

// A value in JSON, by toYaml, by toYamlPretty.
static const struct {
	const char *json, *plain, *pretty;
} writable[] = {
	{"\"plain\"", "plain", "plain"},
	{"\"\"", "\"\"", "\"\""},
	{"\" x\"", "' x'", "' x'"},
	{"\"x \"", "'x '", "'x '"},
	{"\"a: b\"", "'a: b'", "'a: b'"},
	{"\"a #b\"", "'a #b'", "'a #b'"},
	{"\"#a\"", "'#a'", "'#a'"},
	{"\"- a\"", "'- a'", "'- a'"},
	{"\"-\"", "'-'", "'-'"},
	{"\"yes\"", "\"yes\"", "\"yes\""},
	{"\"no\"", "\"no\"", "\"no\""},
	{"\"y\"", "\"y\"", "\"y\""},
	{"\"null\"", "\"null\"", "\"null\""},
	{"\"~\"", "\"~\"", "\"~\""},
	{"\"true\"", "\"true\"", "\"true\""},
	{"\"1\"", "\"1\"", "\"1\""},
	{"\"1.5\"", "\"1.5\"", "\"1.5\""},
	{"\"1e3\"", "\"1e3\"", "\"1e3\""},
	{"\"0x1F\"", "\"0x1F\"", "\"0x1F\""},
	{"\"0o17\"", "\"0o17\"", "\"0o17\""},
	{"\"2001-01-01\"", "\"2001-01-01\"", "\"2001-01-01\""},
	{"\"2001-01-01 10:00:00\"", "\"2001-01-01 10:00:00\"", "\"2001-01-01 10:00:00\""},
	{"\"12:30\"", "\"12:30\"", "\"12:30\""},
	{"\"1:60\"", "1:60", "1:60"},
	{"\"<<\"", "<<", "<<"},
	{"\"=\"", "=", "="},
	{"\"@x\"", "'@x'", "'@x'"},
	{"\"%x\"", "'%x'", "'%x'"},
	{"\"`x\"", "'`x'", "'`x'"},
	{"\"{a}\"", "'{a}'", "'{a}'"},
	{"\"[a]\"", "'[a]'", "'[a]'"},
	{"\"a,b\"", "a,b", "a,b"},
	{"\"a{b\"", "a{b", "a{b"},
	{"\"&a\"", "'&a'", "'&a'"},
	{"\"*a\"", "'*a'", "'*a'"},
	{"\"!a\"", "'!a'", "'!a'"},
	{"\"|\"", "'|'", "'|'"},
	{"\">\"", "'>'", "'>'"},
	{"\"it's\"", "it's", "it's"},
	{"\"say \\\"hi\\\"\"", "say \"hi\"", "say \"hi\""},
	{"\"back\\\\slash\"", "back\\slash", "back\\slash"},
	{"\"\\\"q\"", "'\"q'", "'\"q'"},
	{"\"a\\nb\"", "|-\n  a\n  b", "|-\n  a\n  b"},
	{"\"a\\nb\\n\"", "|\n  a\n  b", "|\n  a\n  b"},
	{"\"a\\n\\n\"", "|+\n  a\n", "|+\n  a\n"},
	{"\"\\n\"", "|2+\n", "|2+\n"},
	{"\" a\\nb\"", "|2-\n   a\n  b", "|2-\n   a\n  b"},
	{"\"a \\nb\"", "\"a \\nb\"", "\"a \\nb\""},
	{"\"a\\n b\"", "|-\n  a\n   b", "|-\n  a\n   b"},
	{"\"a\\tb\"", "\"a\\tb\"", "\"a\\tb\""},
	{"\"\\ta\"", "\"\\ta\"", "\"\\ta\""},
	{"\"a\\r\\nb\"", "\"a\\r\\nb\"", "\"a\\r\\nb\""},
	{"\"caf\\u00e9\"", "caf\xC3\xA9", "caf\xC3\xA9"},
	{"\"\\ud83d\\ude00\"", "\"\\U0001F600\"", "\"\\U0001F600\""},
	{"\"\\u0085\"", "' '", "\"\\N\""},
	{"\"a\\u0085b\"", "a b", "\"a\\Nb\""},
	{"\"\\u2028x\"", "'\xE2\x80\xA8  x'", "'\xE2\x80\xA8  x'"},
	{"\"\\ufeffx\"", "\"\\uFEFF\\x78\"", "\"\\uFEFF\\x78\""},
	{"\"\\u00a0\"", "\xC2\xA0", "\xC2\xA0"},
	{"\"\\u0007\\u001b\\u0000\"", "\"\\a\\e\\0\"", "\"\\a\\e\\0\""},
	{"\"...\"", "'...'", "'...'"},
	{"\"--- a\"", "'--- a'", "'--- a'"},
	{"\"\?\"", "'\?'", "'\?'"},
	{"\"\? a\"", "'\? a'", "'\? a'"},
	{"\":\"", "':'", "':'"},
	{"\"a:\"", "'a:'", "'a:'"},
	{"\"a:b\"", "a:b", "a:b"},
	{"\"http://x.y/z\?a=b#c\"", "http://x.y/z\?a=b#c", "http://x.y/z\?a=b#c"},
	{"\"word word word word word word word word word word word word word word word word word "
         "word word word word word word word word word word word word word end\"",
         "word word word word word word word word word word word word word word word word word\n  "
         "word word word word word word word word word word word word word end",
         "word word word word word word word word word word word word word word word word word "
         "word word word word word word word word word word word word word end"},
	{"\"'quoted' word word word word word word word word word word word word word word word "
         "word word word word word word word word word word word word word word word end\"",
         "'''quoted'' word word word word word word word word word word word word word word\n  "
         "word word word word word word word word word word word word word word word word\n  end'",
         "'''quoted'' word word word word word word word word word word word word word word word "
         "word word word word word word word word word word word word word word word end'"},
	{"\"tab\\tword word word word word word word word word word word word word word word word "
         "word word word word word word word word word word word word word word end\"",
         "\"tab\\tword word word word word word word word word word word word word word word "
         "word\n  word word word word word word word word word word word word word word end\"",
         "\"tab\\tword word word word word word word word word word word word word word word word "
         "word word word word word word word word word word word word word word end\""},
	{"null", "null", "null"},
	{"true", "true", "true"},
	{"1", "1", "1"},
	{"-1", "-1", "-1"},
	{"1.5", "1.5", "1.5"},
	{"1e6", "1000000", "1e+06"},
	{"123456789.5", "1.234567895e+08", "1.234567895e+08"},
	{"1e20", "1e+20", "1e+20"},
	{"1e21", "1e+21", "1e+21"},
	{"1e22", "1e+22", "1e+22"},
	{"1e-7", "1e-07", "1e-07"},
	{"0.00001", "1e-05", "1e-05"},
	{"12345678901234567890", "12345678901234567000", "1.2345678901234567e+19"},
	{"[]", "[]", "[]"},
	{"{}", "{}", "{}"},
	{"[[]]", "- []", "- []"},
	{"[{}]", "- {}", "- {}"},
	{"[[1,[2]],{\"a\":[1],\"b\":{\"c\":{}}}]", "- - 1\n  - - 2\n- a:\n  - 1\n  b:\n    c: {}",
         "- - 1\n  - - 2\n- a:\n    - 1\n  b:\n    c: {}"},
	{"{\"b\":1,\"a\":{\"x\":[1,{\"y\":2,\"z\":[]}]}}",
         "a:\n  x:\n  - 1\n  - \"y\": 2\n    z: []\nb: 1",
         "a:\n  x:\n    - 1\n    - \"y\": 2\n      z: []\nb: 1"},
	{"{\"a10\":1,\"a2\":2,\"a02\":3,\"B\":4,\"_\":5,\"1\":6,\"10\":7,\"2\":8,\"a-b\":9}",
         "_: 5\n\"1\": 6\n\"2\": 8\n\"10\": 7\nB: 4\na-b: 9\na2: 2\na02: 3\na10: 1",
         "_: 5\n\"1\": 6\n\"2\": 8\n\"10\": 7\nB: 4\na-b: 9\na2: 2\na02: 3\na10: 1"},
	{"{\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\":1,"
         "\"lllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
         "llllllllllllllllllllllllllllllllllllllllll\":2}",
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk: 1\n\? "
         "lllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
         "llllllllllllllllllllllllllllllllllllllll\n: 2",
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk: 1\n\? "
         "lllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
         "llllllllllllllllllllllllllllllllllllllll\n: 2"},
	{"{\"a\\nb\":1}", "\? |-\n  a\n  b\n: 1", "\? |-\n  a\n  b\n: 1"},
	{"{\"\":1,\" \":2,\"yes\":3,\"1\":4}", "\"\": 1\n' ': 2\n\"1\": 4\n\"yes\": 3",
         "\"\": 1\n' ': 2\n\"1\": 4\n\"yes\": 3"},
	{"{\"a\":\"x\\ny\\n\",\"b\":[\"x\\ny\",{\"c\":\"\\n\"}]}",
         "a: |\n  x\n  y\nb:\n- |-\n  x\n  y\n- c: |2+\n",
         "a: |\n  x\n  y\nb:\n  - |-\n    x\n    y\n  - c: |2+\n"},
	{"\"<a> & b\"", "<a> & b", "<a> & b"},
	{"{\"<\":\"\\u003e\"}", "<: '>'", "<: '>'"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Str to_json(Arena *arena, const Value *v)
{
	Text text = text_new(arena, false);
	Diag diag = diag_new(arena);

	if (!json_write(&text, v, (JsonStyle){.escape_html = true}, &diag))
		fail_msg("%.*s", STR_ARGS(diag.message));
	return text_str(&text);
}

static void check_readable(bool traced)
{
	for (size_t i = 0; i < COUNT(readable); i++) {
		UNIT_ARENA(arena);
		YamlValueOptions options = {.yaml.traced = traced};
		Diag diag = diag_new(arena);
		Value v;

		if (!yaml_read_value(arena, str_c(readable[i].text), &options, &v, &diag))
			fail_msg("%s: %.*s", readable[i].text, STR_ARGS(diag.message));
		if (v.kind == V_NIL) // fromYaml starts from an empty map
			v = value_map(map_new(arena, &TYPE_ANY_MAP));
		assert_str(to_json(arena, &v), readable[i].expected);
		arena_free(arena);
	}
}

static void test_texts_become_the_values_that_helm_sees(void **state)
{
	(void)state;
	check_readable(false);
}

static void test_tracing_changes_no_value(void **state)
{
	(void)state;
	check_readable(true);
}

static void test_bad_texts_are_refused_in_helms_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		UNIT_ARENA(arena);
		YamlValueOptions options = {0};
		Diag diag = diag_new(arena);
		Value v;

		if (yaml_read_value(arena, str_c(refused[i].text), &options, &v, &diag))
			fail_msg("%s: read", refused[i].text);
		assert_str(diag.message, refused[i].expected);
		arena_free(arena);
	}
}

static void test_values_are_written_as_helm_writes_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(writable); i++) {
		UNIT_ARENA(arena);
		Diag diag = diag_new(arena);
		Text plain = text_new(arena, false), pretty = text_new(arena, false);
		Value v;

		assert_true(json_read(arena, str_c(writable[i].json), JSON_FLOAT64, &v, &diag));
		assert_true(yaml_write_value_pretty(&pretty, &v, &diag));
		Str text = text_str(&pretty);
		assert_str(str_to(text, text.len - 1), writable[i].pretty);
		// toYaml gives nothing where it fails.
		if (!yaml_write_value(&plain, &v, &diag)) {
			assert_string_equal(writable[i].plain, "");
		} else {
			text = text_str(&plain);
			assert_str(str_to(text, text.len - 1), writable[i].plain);
		}
		arena_free(arena);
	}
}

static void test_origins_tell_line_column_and_path(void **state)
{
	UNIT_ARENA(arena);
	YamlValueOptions options = {.yaml.traced = true, .yaml.file = S("values.yaml")};
	Diag diag = diag_new(arena);
	Value v;
	static const char *const path[] = {"a", "b"};

	(void)state;
	assert_true(yaml_read_value(arena, S("x: 1\na:\n  b: [p, {c.d: word}]\n"), &options, &v,
	                            &diag));
	const Value *leaf = map_get(value_at(&v, path, 2)->list->items[1].map, S("c.d"));
	assert_str(leaf->origin->file, "values.yaml");
	assert_int_equal(leaf->origin->kind, ORIGIN_VALUES);
	assert_int_equal(leaf->origin->line, 3);
	assert_int_equal(leaf->origin->column, 16);
	assert_str(leaf->origin->path, "a.b[1].c\\.d");
	assert_ptr_equal(leaf->origin->base, leaf->s.p);
	arena_free(arena);
}

static void test_origins_survive_writing(void **state)
{
	UNIT_ARENA(arena);
	YamlValueOptions options = {.yaml.traced = true};
	Diag diag = diag_new(arena);
	Text text = text_new(arena, true);
	Value v;

	(void)state;
	assert_true(yaml_read_value(arena, S("a: one\nb: \"yes\"\n"), &options, &v, &diag));
	assert_true(yaml_write_value(&text, &v, &diag));
	Str out = text_str(&text);
	assert_str(out, "a: one\nb: \"yes\"\n");
	assert_int_equal(origin_at(out, 3, NULL)->line, 1);
	assert_int_equal(origin_at(out, 11, NULL)->line, 2);
	assert_null(origin_at(out, 10, NULL));
	arena_free(arena);
}

static void test_repeated_keys_are_errors_only_where_strict(void **state)
{
	UNIT_ARENA(arena);
	YamlValueOptions options = {.strict = true};
	Diag diag = diag_new(arena);
	Value v;

	(void)state;
	assert_false(yaml_read_value(arena, S("a: 1\nb: 2\na: 3\n"), &options, &v, &diag));
	assert_str(diag.message, "error converting YAML to JSON: yaml: unmarshal errors:\n"
	                         "  line 3: key \"a\" already set in map");
	arena_free(arena);
}

// "a0: &a0 [x, ...]", then each of `levels` lists the one before it, `wide` times.
static Str alias_bomb(Arena *arena, int levels, int wide)
{
	Buf bomb = buf_new(arena);

	buf_c(&bomb, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i <= levels; i++) {
		buf_printf(&bomb, "a%d: &a%d [", i, i);
		for (int k = 0; k < wide; k++)
			buf_printf(&bomb, "*a%d,", i - 1);
		buf_c(&bomb, "]\n");
	}
	return buf_view(&bomb);
}

static void test_aliases_that_blow_up_are_refused(void **state)
{
	UNIT_ARENA(arena);
	YamlValueOptions options = {0};
	Diag diag = diag_new(arena);
	Value v;

	(void)state;
	assert_false(yaml_read_value(arena, alias_bomb(arena, 8, 10), &options, &v, &diag));
	assert_str(diag.message,
	           "error converting YAML to JSON: yaml: document contains excessive aliasing");
	arena_free(arena);
}

static void test_followed_aliases_are_refused_where_values_are(void **state)
{
	Arena *arena = arena_new(0);
	YamlOptions followed = {.followed = true}, plain = {0};
	YamlValueOptions values = {0};
	int bad = 0;

	(void)state;
	for (int levels = 1; levels < 7; levels++)
		for (int wide = 1; wide < 40; wide += 3) {
			Str text = alias_bomb(arena, levels, wide);
			Diag diag = diag_new(arena), other = diag_new(arena);
			Node *node;
			Value v;
			bool good = yaml_read_value(arena, text, &values, &v, &diag);
			diag = diag_new(arena);
			assert_int_equal(yaml_read(arena, text, &followed, &node, &diag), good);
			bad += !good;
			if (!good) {
				assert_str(diag.message,
				           "yaml: document contains excessive aliasing");
				assert_true(diag.place.line > 1);
			}
			assert_true(yaml_read(arena, text, &plain, &node, &other));
		}
	assert_true(bad > 0 && bad < 78);
	arena_free(arena);
}

static void test_a_followed_alias_that_stands_for_itself_is_refused(void **state)
{
	static const char *const texts[] = {"a: &a [*a]", "a: &a\n  b: {c: *a}\n", "&a [&b [*b]]"};
	YamlOptions followed = {.followed = true};
	Arena *arena = arena_new(0);
	Node *node;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		Diag diag = diag_new(arena);
		assert_false(yaml_read(arena, str_c(texts[i]), &followed, &node, &diag));
		assert_true(str_has_suffix(diag.message, S("value contains itself")));
	}
	arena_free(arena);
}

static void test_deep_nesting_is_refused(void **state)
{
	UNIT_ARENA(arena);
	YamlValueOptions options = {0};
	Diag diag = diag_new(arena);
	Buf deep = buf_new(arena);
	Value v;

	(void)state;
	buf_fill(&deep, '[', 100000);
	assert_false(yaml_read_value(arena, buf_view(&deep), &options, &v, &diag));
	assert_true(str_contains(diag.message, S("exceeded max depth")));
	arena_free(arena);
}

static void test_heads_are_read_without_the_rest(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	YamlHead head;

	(void)state;
	assert_true(yaml_scan_head(
		arena,
		S("apiVersion: v1\nkind: 1.10\nmetadata:\n  name: true\n  annotations:\n"
	          "    helm.sh/hook-weight: 5\n    a: ~\nspec: {name: x, kind: [y]}\n"),
		&head, &diag));
	assert_str(head.version, "v1");
	assert_str(head.kind, "1.1");
	assert_str(head.name, "true");
	assert_int_equal(head.annotation_count, 2);
	assert_str(head.annotations[0].key, "helm.sh/hook-weight");
	assert_str(head.annotations[0].value, "5");
	assert_int_equal(head.annotations[1].value.len, 0);
	arena_free(arena);
}

static void test_bad_heads_are_refused_in_helms_words(void **state)
{
	static const Case cases[] = {
		{"kind: [a]\n", "error unmarshaling JSON: while decoding JSON: json: cannot "
	                        "unmarshal array into Go struct "
	                        "field SimpleHead.kind of type string"},
		{"metadata: {name: [x]}\n",
	         "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into "
	         "Go struct field .metadata.name of type string"},
		{"metadata: {annotations: [x]}\n",
	         "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into "
	         "Go struct field "
	         ".metadata.annotations of type map[string]string"},
		{"- a\n", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
	                  "array into Go value of type "
	                  "util.SimpleHead"},
		{"a: .inf\n", "error converting YAML to JSON: json: unsupported value: +Inf"},
		{"a: b: c\n", "error converting YAML to JSON: yaml: mapping values are not allowed "
	                      "in this context"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		UNIT_ARENA(arena);
		Diag diag = diag_new(arena);
		YamlHead head;

		assert_false(yaml_scan_head(arena, str_c(cases[i].text), &head, &diag));
		assert_str(diag.message, cases[i].expected);
		arena_free(arena);
	}
}

static void test_resources_are_written_as_kustomize_prints_them(void **state)
{
	static const Case cases[] = {
		{"# gone\nkind: X # gone\na: yes\nd: 2001-01-01\nn: 0777\nf: 1.0\nt: '1'\n",
	         "a: \"yes\"\nd: \"2001-01-01T00:00:00Z\"\nf: 1\nkind: X\n\"n\": 511\nt: \"1\"\n"},
		{"x: &x {a: 1, b: 2}\ny:\n  b: 3\n  <<: *x\n",
	         "x:\n  a: 1\n  b: 2\n\"y\":\n  a: 1\n  b: 3\n"},
		{"a: >+ # c\n  one\n  two\n\n# foot\nb: 1\n", "a: |+\n  one two\n\n\nb: 1\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		UNIT_ARENA(arena);
		YamlOptions options = {.comments = true};
		Diag diag = diag_new(arena);
		Buf out = buf_new(arena);
		Node *document;

		assert_true(yaml_read(arena, str_c(cases[i].text), &options, &document, &diag));
		assert_true(yaml_write_resource(&out, document, &diag));
		assert_str(buf_view(&out), cases[i].expected);
		arena_free(arena);
	}
}

// go-yaml v3's own examples of where comments go.
static void test_comments_and_styles_come_back(void **state)
{
	static const char *const texts[] = {
		"# doc\n\n# head\na: 1 # line\n# foot\n\nb: 2\n",
		"a:\n# on the list\n- x # one\n# two\n- 'y'\n# end of list\n\n# of b\nb: \"z\"\n",
		"a: |-\n  x\n  y\nb: >-\n  folded\nc: {d: e, f: [1, 2]}\n",
		"a: &x !t\n  b: 1\nc: *x\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		UNIT_ARENA(arena);
		YamlOptions options = {.comments = true};
		Diag diag = diag_new(arena);
		Buf out = buf_new(arena);
		Node *document;

		assert_true(yaml_read(arena, str_c(texts[i]), &options, &document, &diag));
		assert_true(yaml_write_node(&out, document, &diag));
		assert_str(buf_view(&out), texts[i]);
		arena_free(arena);
	}
}

static void test_all_documents_are_read_with_marks(void **state)
{
	UNIT_ARENA(arena);
	YamlOptions options = {0};
	Diag diag = diag_new(arena);
	Node **documents;
	size_t count;

	(void)state;
	assert_true(yaml_read_all(arena, S("a: 1\n---\n- b\n- 'c'\n...\n---\n"), &options,
	                          &documents, &count, &diag));
	assert_int_equal(count, 3);
	Node *item = node_follow(documents[1])->children[1];
	assert_int_equal(item->start.line, 4);
	assert_int_equal(item->start.column, 3);
	assert_int_equal(item->start.offset, 15);
	assert_int_equal(item->end.offset, 18);
	assert_int_equal(item->style, NODE_SINGLE_QUOTED);
	assert_true(node_is_null(node_follow(documents[2])));
	arena_free(arena);
}

static void test_utf16_is_read(void **state)
{
	UNIT_ARENA(arena);
	YamlValueOptions options = {0};
	Diag diag = diag_new(arena);
	Value v;

	(void)state;
	assert_true(yaml_read_value(arena,
	                            str_n("\xFF\xFE"
	                                  "a\0:\0 \0\x3a\x26\n\0",
	                                  12),
	                            &options, &v, &diag));
	assert_str(to_json(arena, &v), "{\"a\":\"\xE2\x98\xBA\"}");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts_become_the_values_that_helm_sees),
		cmocka_unit_test(test_tracing_changes_no_value),
		cmocka_unit_test(test_bad_texts_are_refused_in_helms_words),
		cmocka_unit_test(test_values_are_written_as_helm_writes_them),
		cmocka_unit_test(test_origins_tell_line_column_and_path),
		cmocka_unit_test(test_origins_survive_writing),
		cmocka_unit_test(test_repeated_keys_are_errors_only_where_strict),
		cmocka_unit_test(test_aliases_that_blow_up_are_refused),
		cmocka_unit_test(test_followed_aliases_are_refused_where_values_are),
		cmocka_unit_test(test_a_followed_alias_that_stands_for_itself_is_refused),
		cmocka_unit_test(test_deep_nesting_is_refused),
		cmocka_unit_test(test_heads_are_read_without_the_rest),
		cmocka_unit_test(test_bad_heads_are_refused_in_helms_words),
		cmocka_unit_test(test_resources_are_written_as_kustomize_prints_them),
		cmocka_unit_test(test_comments_and_styles_come_back),
		cmocka_unit_test(test_all_documents_are_read_with_marks),
		cmocka_unit_test(test_utf16_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
