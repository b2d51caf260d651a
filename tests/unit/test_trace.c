// Origins through templates: for every byte that comes out, what it says of itself. In the masks below, s and n are
// bytes of the values of those names, k of a key, T is the template's own text, d is derived from a value, and - is made from nothing.

#include "data/value.h"
#include "template/eval.h"
#include "template/trace.h"
#include "unit.h"

static Value leaf(Arena *arena, const char *text, const char *path, size_t line)
{
	Origin *origin = ARENA_NEW(arena, Origin);
	Str s = str_c(text);

	*origin = (Origin){.kind = ORIGIN_VALUES,
	                   .base = s.p,
	                   .len = s.len,
	                   .file = S("values.yaml"),
	                   .line = line,
	                   .column = 4,
	                   .path = str_c(path)};
	s.origin = origin;
	return value_str(s);
}

static Value sample(Arena *arena, Engine *engine)
{
	Map *root = map_new(arena, &TYPE_ANY_MAP), *values = map_new(arena, &TYPE_ANY_MAP);
	Map *table = map_new(arena, &TYPE_ANY_MAP);
	Value n = value_float(80), key = leaf(arena, "key", "k", 1), named;
	List *list = list_new(arena, &TYPE_ANY_LIST, 2);

	n.origin = leaf(arena, "80", "n", 2).origin;
	list_push(arena, list, leaf(arena, "ab", "s", 1));
	list_push(arena, list, n);
	map_set(arena, values, S("s"), leaf(arena, "text", "s", 1));
	map_set(arena, values, S("n"), n);
	map_set(arena, values, S("spaced"), leaf(arena, " s x ", "s", 1));
	map_set(arena, values, S("lines"), leaf(arena, "a\nb", "s", 1));
	map_set(arena, values, S("tpl"), leaf(arena, "<{{ .Values.n }}>", "s", 1));
	map_set(arena, values, S("list"), value_list(list));
	map_set(arena, table, value_as_str(&key), n);
	map_set(arena, values, S("table"), value_map(table));
	map_set(arena, values, S("on"), value_bool(true));
	map_set(arena, values, S("long"), leaf(arena, "one two three four", "s", 1));
	map_set(arena, values, S("words"), leaf(arena, "big box", "s", 1));
	map_set(arena, values, S("path"), leaf(arena, "/a/b.c", "s", 1));
	map_set(arena, root, S("Values"), value_map(values));
	named = value_map(values);
	trace_name_values(engine_trace(engine), &named, S(""));
	return value_map(root);
}

static char mask_of(const Origin *origin)
{
	if (!origin)
		return '-';
	switch (origin->kind) {
	case ORIGIN_VALUES:
		return origin->path.p[0];
	case ORIGIN_TEMPLATE:
		return 'T';
	case ORIGIN_DERIVED:
		return 'd';
	default:
		return '?';
	}
}

static Text run(Arena *arena, const char *template, Engine **engine)
{
	EngineOptions options = {.traced = true};
	Text out = text_new(arena, true);
	Diag diag = diag_new(arena);
	Value dot;

	*engine = engine_new(arena, &options);
	dot = sample(arena, *engine);
	if (!engine_parse(*engine, S("_h"), S("{{ define \"h\" }}({{ .Values.s }}){{ end }}"),
	                  &diag) ||
	    !engine_parse(*engine, S("t"), str_c(template), &diag) ||
	    !engine_execute(*engine, S("t"), &dot, &out, &diag))
		fail_msg("%s: %.*s", template, STR_ARGS(diag.message));
	return out;
}

typedef struct Case {
	const char *template, *output, *mask;
} Case;

static const Case CASES[] = {
	{"a: {{ .Values.s }}", "a: text", "TTTssss"},
	{"{{ .Values.s | quote }}", "\"text\"", "-ssss-"},
	{"{{ .Values.s | squote }}", "'text'", "-ssss-"},
	{"{{ .Values.n }}", "80", "nn"},
	{"{{ .Values.n | quote }}", "\"80\"", "-nn-"},
	{"{{ .Values.n | int }}", "80", "dd"},
	{"{{ .Values.lines | indent 1 }}", " a\n b", "-ss-s"},
	{"{{ .Values.s | nindent 2 }}", "\n  text", "---ssss"},
	{"{{ .Values.spaced | trim }}", "s x", "sss"},
	{"{{ trimAll \"t\" .Values.s }}", "ex", "ss"},
	{"{{ trimPrefix \"te\" .Values.s }}", "xt", "ss"},
	{"{{ trimSuffix \"xt\" .Values.s }}", "te", "ss"},
	{"{{ .Values.s | trunc 2 }}", "te", "ss"},
	{"{{ .Values.s | trunc -2 }}", "xt", "ss"},
	{"{{ substr 1 3 .Values.s }}", "ex", "ss"},
	{"{{ .Values.s | replace \"ex\" \"12\" }}", "t12t", "sTTs"},
	{"{{ cat .Values.s .Values.n }}", "text 80", "ssss-nn"},
	{"{{ join \",\" .Values.list }}", "ab,80", "ssTnn"},
	{"{{ printf \"%s:%v\" .Values.s .Values.n }}", "text:80", "ssssTnn"},
	{"{{ print .Values.s \"x\" }}", "textx", "ssssT"},
	{"{{ default \"x\" .Values.s }}", "text", "ssss"},
	{"{{ default \"x\" .Values.nope }}", "x", "T"},
	{"{{ ternary .Values.s \"x\" .Values.on }}", "text", "ssss"},
	{"{{ coalesce .Values.nope .Values.s }}", "text", "ssss"},
	{"{{ required \"why\" .Values.s }}", "text", "ssss"},
	{"{{ or .Values.nope .Values.s }}", "text", "ssss"},
	{"{{ and .Values.on .Values.s }}", "text", "ssss"},
	{"{{ include \"h\" . }}", "(text)", "TssssT"},
	{"{{ include \"h\" . | quote }}", "\"(text)\"", "-TssssT-"},
	{"{{ template \"h\" . }}", "(text)", "TssssT"},
	{"{{ tpl .Values.tpl . }}", "<80>", "snns"},
	{"{{ tpl \"{{ .Values.s }}\" . }}", "text", "ssss"},
	{"{{ $x := .Values.s }}{{ $x }}", "text", "ssss"},
	{"{{ with .Values.s }}{{ . }}{{ end }}", "text", "ssss"},
	{"{{ range .Values.list }}{{ . }};{{ end }}", "ab;80;", "ssTnnT"},
	{"{{ (dict \"k\" .Values.s).k }}", "text", "ssss"},
	{"{{ $d := dict }}{{ $_ := set $d \"k\" .Values.s }}{{ $d.k }}", "text", "ssss"},
	{"{{ (merge (dict) (dict \"k\" .Values.s)).k }}", "text", "ssss"},
	{"{{ first (list .Values.s) }}", "text", "ssss"},
	{"{{ index .Values.list 0 }}", "ab", "ss"},
	{"{{ dict \"k\" .Values.s | toYaml }}", "k: text", "T--ssss"},
	{"{{ dict \"k\" .Values.n | toYaml }}", "k: 80", "T--nn"},
	{"{{ .Values.list | toYaml }}", "- ab\n- 80", "--ss---nn"},
	{"{{ .Values.table | toYaml }}", "key: 80", "kkk--nn"},
	{"{{ .Values.table | toJson }}", "{\"key\":80}", "--kkk--nn-"},
	{"{{ range $k, $v := .Values.table }}{{ $k }}={{ $v }}{{ end }}", "key=80", "kkkTnn"},
	{"{{ keys .Values.table | join \",\" }}", "key", "kkk"},
	{"{{ .Values.s | upper }}", "TEXT", "ssss"},
	{"{{ nospace .Values.spaced }}", "sx", "ss"},
	{"{{ .Values.s | b64enc }}", "dGV4dA==", "dddddddd"},
	{"{{ .Values.s | sha256sum | trunc 4 }}", "982d", "dddd"},
	{"{{ len .Values.s }}", "4", "d"},
	{"{{ .Values.s | html }}", "text", "ssss"},
	{"{{ .Values.table }} {{ .Values.list }}", "map[key:80] [ab 80]", "----kkk-nn-T-ss-nn-"},
	{"{{ (fromYaml (printf \"a: %v\" .Values.n)).a }}", "80", "nn"},
	{"{{ (fromYaml (printf \"%v: x\" .Values.n)) | toYaml }}", "\"80\": x", "-nn---T"},
	{"{{ (fromYaml (printf \"a: \\\"%s\\\\t\\\"\" .Values.s)).a }}", "text\t", "ssssT"},
	{"{{ (fromJson (printf \"{\\\"a\\\": %v}\" .Values.n)).a }}", "80", "nn"},
	{"{{ (fromToml (printf \"a = %v\" .Values.n)).a }}", "80", "nn"},
	{"{{ trunc 3 (printf \"%s%s\" .Values.s .Values.s) }}", "tex", "sss"},
	{"{{ abbrev 6 .Values.long }}", "one...", "sss---"},
	{"{{ abbrevboth 5 10 .Values.long }}", "...wo t...", "---ssss---"},
	{"{{ append .Values.list .Values.s }}", "[ab 80 text]", "-ss-nn-ssss-"},
	{"{{ b32dec (b32enc .Values.s) }}", "text", "dddd"},
	{"{{ b32enc .Values.s }}", "ORSXQ5A=", "dddddddd"},
	{"{{ b64dec (b64enc .Values.s) }}", "text", "dddd"},
	{"{{ base .Values.path }}", "b.c", "sss"},
	{"{{ camelcase .Values.words }}", "BigBox", "ssssss"},
	{"{{ chunk 1 .Values.list }}", "[[ab] [80]]", "--ss---nn--"},
	{"{{ clean .Values.path }}", "/a/b.c", "ssssss"},
	{"{{ compact (list .Values.s \"\" .Values.n) }}", "[text 80]", "-ssss-nn-"},
	{"{{ concat .Values.list (list .Values.s) }}", "[ab 80 text]", "-ss-nn-ssss-"},
	{"{{ deepCopy .Values.table }}", "map[key:80]", "----kkk-nn-"},
	{"{{ dig \"key\" \"no\" .Values.table }}", "80", "nn"},
	{"{{ dig \"nope\" .Values.s .Values.table }}", "text", "ssss"},
	{"{{ dir .Values.path }}", "/a", "ss"},
	{"{{ ext .Values.path }}", ".c", "ss"},
	{"{{ fromJsonArray (printf \"[%q]\" .Values.s) }}", "[text]", "-ssss-"},
	{"{{ fromYamlArray (printf \"- %s\" .Values.s) }}", "[text]", "-ssss-"},
	{"{{ get (dict \"a\" .Values.s) \"a\" }}", "text", "ssss"},
	{"{{ initial (list .Values.s 1) }}", "[text]", "-ssss-"},
	{"{{ initials .Values.words }}", "bb", "ss"},
	{"{{ js .Values.s }}", "text", "ssss"},
	{"{{ js (print .Values.s \"'\") }}", "text\\'", "ssssTT"},
	{"{{ kebabcase .Values.words }}", "big-box", "sssssss"},
	{"{{ last .Values.list }}", "80", "nn"},
	{"{{ lower (upper .Values.s) }}", "text", "ssss"},
	{"{{ mustMerge (dict) (dict \"a\" .Values.s) }}", "map[a:text]", "----T-ssss-"},
	{"{{ mustMergeOverwrite (dict) (dict \"a\" .Values.s) }}", "map[a:text]", "----T-ssss-"},
	{"{{ mustRegexFind \"e.\" .Values.s }}", "ex", "ss"},
	{"{{ mustRegexFindAll \"[tx].\" .Values.s 1 }}", "[te]", "-ss-"},
	{"{{ mustRegexReplaceAll \"(e)x\" .Values.s \"$1-\" }}", "te-t", "ssTs"},
	{"{{ mustRegexReplaceAllLiteral \"ex\" .Values.s \"$\" }}", "t$t", "sTs"},
	{"{{ mustRegexSplit \"x\" .Values.s -1 }}", "[te t]", "-ss-s-"},
	{"{{ mustToJson .Values.s }}", "\"text\"", "-ssss-"},
	{"{{ mustToPrettyJson .Values.s }}", "\"text\"", "-ssss-"},
	{"{{ mustToYaml .Values.s }}", "text", "ssss"},
	{"{{ default .Values.s (add 1 2) }}", "3", "-"},
	{"{{ get (dict \"a\" 1 \"b\" .Values.s) \"a\" }}", "1", "-"},
	{"{{ mergeOverwrite (dict \"a\" 1) (dict \"a\" .Values.s) }}", "map[a:text]",
         "----T-ssss-"},
	{"{{ mustFromJson (printf \"[%q]\" .Values.s) }}", "[text]", "-ssss-"},
	{"{{ omit (dict \"a\" .Values.s \"b\" 1) \"b\" }}", "map[a:text]", "----T-ssss-"},
	{"{{ pick (dict \"a\" .Values.s \"b\" 1) \"a\" }}", "map[a:text]", "----T-ssss-"},
	{"{{ pluck \"a\" (dict \"a\" .Values.s) }}", "[text]", "-ssss-"},
	{"{{ prepend .Values.list .Values.s }}", "[text ab 80]", "-ssss-ss-nn-"},
	{"{{ println .Values.s .Values.n }}", "text 80\n", "ssss-nn-"},
	{"{{ regexFind \"e.\" .Values.s }}", "ex", "ss"},
	{"{{ regexFindAll \"[tx].\" .Values.s -1 }}", "[te xt]", "-ss-ss-"},
	{"{{ regexQuoteMeta (print .Values.s \".\") }}", "text\\.", "ssss-T"},
	{"{{ regexReplaceAll \"(e)x\" .Values.s \"<$1>\" }}", "t<e>t", "sTsTs"},
	{"{{ regexReplaceAllLiteral \"ex\" .Values.s \"--\" }}", "t--t", "sTTs"},
	{"{{ regexSplit \"x\" .Values.s -1 }}", "[te t]", "-ss-s-"},
	{"{{ repeat 2 .Values.s }}", "texttext", "ssssssss"},
	{"{{ rest .Values.list }}", "[80]", "-nn-"},
	{"{{ reverse .Values.list }}", "[80 ab]", "-nn-ss-"},
	{"{{ sha1sum .Values.s | trunc 4 }}", "372e", "dddd"},
	{"{{ sha512sum .Values.s | trunc 4 }}", "eaf2", "dddd"},
	{"{{ slice .Values.list 0 1 }}", "[ab]", "-ss-"},
	{"{{ snakecase .Values.words }}", "big_box", "sssssss"},
	{"{{ sortAlpha .Values.list }}", "[80 ab]", "-nn-ss-"},
	{"{{ (split \"x\" .Values.s)._0 }}", "te", "ss"},
	{"{{ splitList \"x\" .Values.s }}", "[te t]", "-ss-s-"},
	{"{{ (splitn \"e\" 2 .Values.s)._1 }}", "xt", "ss"},
	{"{{ swapcase .Values.s }}", "TEXT", "ssss"},
	{"{{ title .Values.words }}", "Big Box", "sssssss"},
	{"{{ .Values.table | toPrettyJson }}", "{\n  \"key\": 80\n}", "-----kkk---nn--"},
	{"{{ .Values.table | toRawJson }}", "{\"key\":80}", "--kkk--nn-"},
	{"{{ toString .Values.s }} {{ toString .Values.n }}", "text 80", "ssssTnn"},
	{"{{ toStrings .Values.list }}", "[ab 80]", "-ss-nn-"},
	{"{{ toToml .Values.table }}", "key = 80.0\n", "kkk---nnnn-"},
	{"{{ toYamlPretty .Values.list }}", "- ab\n- 80", "--ss---nn"},
	{"{{ trimall \"t\" .Values.s }}", "ex", "ss"},
	{"{{ tuple .Values.s }}", "[text]", "-ssss-"},
	{"{{ uniq (list .Values.s .Values.s) }}", "[text]", "-ssss-"},
	{"{{ unset (dict \"a\" .Values.s \"b\" 1) \"b\" }}", "map[a:text]", "----T-ssss-"},
	{"{{ untitle .Values.words }}", "big box", "sssssss"},
	{"{{ urlJoin (dict \"scheme\" \"http\" \"host\" .Values.s \"path\" .Values.path) }}",
         "http://text/a/b.c", "ddddddddddddddddd"},
	{"{{ (urlParse (printf \"http://%s/p\" .Values.s)).host }}", "text", "ssss"},
	{"{{ urlquery .Values.s }}", "text", "ssss"},
	{"{{ urlquery (print .Values.s \"/\") }}", "text%2F", "ssssTTT"},
	{"{{ values .Values.table }}", "[80]", "-nn-"},
	{"{{ without .Values.list \"ab\" }}", "[80]", "-nn-"},
	{"{{ wrap 4 .Values.long }}", "one\ntwo\nthree\nfour", "sss-sss-sssss-ssss"},
	{"{{ wrapWith 4 \",\" .Values.long }}", "one,two,thre,e,four", "sssTsssTssssTsTssss"},
	{"{{ plural .Values.s \"x\" 1 }}", "text", "ssss"},
	{"{{ decryptAES \"k\" (encryptAES \"k\" .Values.s) }}", "text", "dddd"},
	{"{{ html (print .Values.s \"<\") }}", "text&lt;", "ssssTTTT"},
	{"{{ (fromJson (printf \"{\\\"a\\\": \\\"%s\\\\n\\\"}\" .Values.s)).a }}", "text\n",
         "ssssT"},
	{"{{ cat .Values.s \"b\" }}", "text b", "ssss-T"},
	{"{{ .Values.lines | quote }}", "\"a\\nb\"", "-ssss-"},
	{"{{ list .Values.lines | toYaml }}", "- |-\n  a\n  b", "-------s---s"},
	{"{{ list .Values.lines | toJson }}", "[\"a\\nb\"]", "--ssss--"},
	{"{{ dict \"a\" .Values.spaced | toYaml }}", "a: ' s x '", "T---sssss-"},
	{"{{ printf \"%q %x %5s|%-6s|%.2s\" .Values.s .Values.s .Values.s .Values.s .Values.s }}",
         "\"text\" 74657874  text|text  |te", "-ssss-TssssssssT-ssssTssss--Tss"},
	{"{{ printf \"%v\" .Values.list }}", "[ab 80]", "-ss-nn-"},
	{"{{ printf \"%d\" (int .Values.n) }}", "80", "dd"},
	{"{{ dict \"a\" (print .Values.s \": 'x'\") | toYaml }}", "a: 'text: ''x'''",
         "T---ssssTTTTTTT-"},
	{"{{ (urlParse (print \"http://u@\" .Values.s \"/p%20q\")) }}",
         "map[fragment: host:text hostname:text opaque: path:/p q query: scheme:http userinfo:u]",
         "-------------------ssss----------ssss--------------dddd---------------TTTT----------T-"},
};

static void test_every_byte_names_where_it_came_from(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		Arena *arena = arena_new(0);
		char mask[128];
		Engine *engine;
		Text out = run(arena, CASES[i].template, &engine);
		Str text = text_str(&out);
		assert_str(text, CASES[i].output);
		assert_true(text.len < sizeof mask);
		for (size_t at = 0; at < text.len; at++)
			mask[at] = mask_of(origin_at(text, at, NULL));
		mask[text.len] = '\0';
		if (strcmp(mask, CASES[i].mask))
			fail_msg("%s: %s is %s, want %s", CASES[i].template, CASES[i].output, mask,
			         CASES[i].mask);
		arena_free(arena);
	}
}

// Functions whose bytes are none of their arguments': from chance, the clock, keys, the name of a type, the count.
static const char *const MADE_ANEW[] = {
	"adler32sum",
	"ago",
	"bcrypt",
	"buildCustomCert",
	"call",
	"date",
	"dateInZone",
	"date_in_zone",
	"derivePassword",
	"duration",
	"durationRound",
	"encryptAES",
	"fail",
	"genCA",
	"genCAWithKey",
	"genPrivateKey",
	"genSelfSignedCert",
	"genSelfSignedCertWithKey",
	"genSignedCert",
	"genSignedCertWithKey",
	"getHostByName",
	"hello",
	"htmlDate",
	"htmlDateInZone",
	"htpasswd",
	"kindOf",
	"lookup",
	"randAlpha",
	"randAlphaNum",
	"randAscii",
	"randBytes",
	"randNumeric",
	"semver",
	"seq",
	"shuffle",
	"typeOf",
	"unixEpoch",
	"until",
	"untilStep",
	"uuidv4",
};

static bool is_made_anew(const Func *func)
{
	static const char *const NO_TEXT[] = {"-> bool", "-> int", "-> int64", "-> float64",
	                                      "-> time.Time"};

	for (size_t i = 0; i < sizeof NO_TEXT / sizeof *NO_TEXT; i++)
		if (str_has_suffix(str_c(func->signature), str_c(NO_TEXT[i])))
			return true;
	for (size_t i = 0; i < sizeof MADE_ANEW / sizeof *MADE_ANEW; i++)
		if (!strcmp(MADE_ANEW[i], func->name))
			return true;
	return false;
}

// Whether a template calls the function: its name stands there as a word of its own.
static bool calls(Str template, const char *name)
{
	Str rest = template, word;

	while (str_cut(&rest, S(" "), &word)) {
		while (word.len && word.p[0] == '(')
			word = str_from(word, 1);
		if (str_is(word, name))
			return true;
	}
	return false;
}

// A function of another name that does the same counts.
static bool has_case(const Func *func)
{
	const Func *const *rows;
	size_t count = func_all(&rows);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; rows[i]->body == func->body && j < sizeof CASES / sizeof *CASES;
		     j++)
			if (calls(str_c(CASES[j].template), rows[i]->name))
				return true;
	return false;
}

static void test_every_function_that_gives_text_has_a_rule(void **state)
{
	const Func *const *rows;
	size_t count = func_all(&rows);

	(void)state;
	for (size_t i = 0; i < count; i++)
		if (!is_made_anew(rows[i]) && !has_case(rows[i]))
			fail_msg("%s: no case shows where its bytes come from", rows[i]->name);
	for (size_t i = 0; i < sizeof MADE_ANEW / sizeof *MADE_ANEW; i++)
		assert_non_null(func_find(str_c(MADE_ANEW[i])));
}

// Line of `part` of what `template` writes, by its origin or by the last part of what it was derived from.
static size_t line_of(Arena *arena, const char *template, const char *part)
{
	Engine *engine;
	Text out = run(arena, template, &engine);
	Str text = text_str(&out);
	size_t offset;
	const Origin *origin = origin_at(text, str_find(text, str_c(part)), &offset);

	assert_non_null(origin);
	if (origin->kind != ORIGIN_DERIVED)
		return origin_place(origin, offset).line;
	assert_in_range(origin->span_count, 1, 10);
	return origin_place(origin->spans[origin->span_count - 1].origin, 0).line;
}

static void test_what_was_read_from_a_text_names_its_line(void **state)
{
	static const char HELPER[] =
		"{{ define \"x\" }}\na: 1\nb:\n  c: 25\n  d: |\n    one\n  e: true\n{{ end }}\n"
		"{{ toJson (fromYaml (include \"x\" .)) }}";
	UNIT_ARENA(arena);

	(void)state;
	assert_int_equal(line_of(arena, HELPER, "25"), 4);
	assert_int_equal(line_of(arena, HELPER, "one"), 6);
	assert_int_equal(line_of(arena, HELPER, "true"), 7);
	assert_int_equal(line_of(arena, "\n\n{{ b64enc \"x\" }}", "eA=="), 3);
	arena_free(arena);
}

static void test_a_cause_leads_outwards(void **state)
{
	UNIT_ARENA(arena);
	const Cause *cause;
	Engine *engine;
	Text out = run(arena, "{{ if .Values.on }}\n{{ include \"h\" . }}{{ end }}", &engine);

	(void)state;
	cause = cause_at(text_str(&out), 2);
	assert_int_equal(cause->kind, CAUSE_ACTION);
	assert_str(cause_source(arena, cause), "{{.Values.s}}");
	assert_int_equal(cause->outer->kind, CAUSE_INCLUDE);
	assert_int_equal(cause_place(cause->outer).line, 2);
	cause = cause->outer->outer; // the action that includes
	assert_int_equal(cause->kind, CAUSE_ACTION);
	assert_int_equal(cause->outer->kind, CAUSE_IF);
	assert_int_equal(cause->outer->path_count, 1);
	assert_str(cause->outer->paths[0], "on");
	assert_true(cause->outer->went);
	arena_free(arena);
}

static void test_reads_of_missing_values_are_known_too(void **state)
{
	UNIT_ARENA(arena);
	Engine *engine;

	(void)state;
	run(arena,
	    "{{ .Values.nope }}{{ if .Values.other }}{{ end }}{{ hasKey .Values \"third\" }}",
	    &engine);
	assert_non_null(map_get(engine_trace(engine)->reads, S("nope")));
	assert_non_null(map_get(engine_trace(engine)->reads, S("other")));
	assert_non_null(map_get(engine_trace(engine)->reads, S("third")));
	assert_null(map_get(engine_trace(engine)->reads, S("s")));
	arena_free(arena);
}

static void test_choices_are_decisions(void **state)
{
	UNIT_ARENA(arena);
	const Trace *trace;
	Engine *engine;

	(void)state;
	run(arena, "{{ default \"x\" .Values.nope }}", &engine);
	trace = engine_trace(engine);
	assert_int_equal(trace->decision_count, 1);
	assert_int_equal(trace->decisions[0]->kind, CAUSE_CHOICE);
	assert_str(trace->decisions[0]->paths[0], "nope");
	assert_false(trace->decisions[0]->went);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_byte_names_where_it_came_from),
		cmocka_unit_test(test_every_function_that_gives_text_has_a_rule),
		cmocka_unit_test(test_what_was_read_from_a_text_names_its_line),
		cmocka_unit_test(test_a_cause_leads_outwards),
		cmocka_unit_test(test_reads_of_missing_values_are_known_too),
		cmocka_unit_test(test_choices_are_decisions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
