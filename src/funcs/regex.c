// Sprig's regular expressions. The plain functions panic on a wrong pattern, those with "must"
// return the error: both fail the template, in different words. regexMatch alone says false.

#include "base/regex.h"

#include "base/num.h"
#include "funcs/families.h"
#include "template/eval.h"

static bool compile(Call *c, Regex **out, Diag *diag)
{
	*diag = diag_new(c->arena);
	if (c->eval == NULL)
		return regex_compile(c->arena, call_str(c, 0), out, diag);
	return regex_cached(engine_regexes(eval_engine(c->eval)), call_str(c, 0), out, diag);
}

// strconv.CanBackquote: on one line, without control characters but tabs.
static bool can_backquote(Str s)
{
	while (s.len > 0) {
		uint32_t rune;
		size_t size = utf8_decode(s, &rune);

		if ((rune == 0xFFFD && size == 1) || rune == 0xFEFF ||
		    (rune < ' ' && rune != '\t') || rune == '`' || rune == 0x7F)
			return false;
		s = str_from(s, size);
	}
	return true;
}

// What regexp.MustCompile panics with.
static bool fail_panic(Call *c, const Diag *diag)
{
	Str pattern = call_str(c, 0);
	Buf buf = buf_new(c->arena);

	buf_c(&buf, "regexp: Compile(");
	if (can_backquote(pattern)) {
		buf_byte(&buf, '`');
		buf_str(&buf, pattern);
		buf_byte(&buf, '`');
	} else {
		num_quote(&buf, pattern);
	}
	buf_c(&buf, "): ");
	buf_str(&buf, diag->message);
	return call_fail_str(c, buf_view(&buf));
}

static bool compile_or_panic(Call *c, Regex **out)
{
	Diag diag;

	return compile(c, out, &diag) || fail_panic(c, &diag);
}

static bool compile_or_fail(Call *c, Regex **out)
{
	Diag diag;

	return compile(c, out, &diag) || call_fail_str(c, diag.message);
}

static bool regex_match(Call *c)
{
	Diag diag;
	Regex *regex;

	return call_return_bool(c, compile(c, &regex, &diag) &&
	                                   regex_search(regex, call_str(c, 1), 0, NULL));
}

static bool must_regex_match(Call *c)
{
	Regex *regex;

	return compile_or_fail(c, &regex) &&
	       call_return_bool(c, regex_search(regex, call_str(c, 1), 0, NULL));
}

static bool find(Call *c, const Regex *regex)
{
	RegexWalk walk = regex_walk(regex, call_str(c, 1), c->arena);

	if (!regex_next(&walk))
		return call_return_c(c, "");
	return call_return_str(c, str_slice(walk.text, walk.spans[0], walk.spans[1]));
}

static bool regex_find(Call *c)
{
	Regex *regex;

	return compile_or_panic(c, &regex) && find(c, regex);
}

static bool must_regex_find(Call *c)
{
	Regex *regex;

	return compile_or_fail(c, &regex) && find(c, regex);
}

// FindAllString: at most n matches, all where n is negative; a nil slice where there are none.
static bool find_all(Call *c, const Regex *regex)
{
	RegexWalk walk = regex_walk(regex, call_str(c, 1), c->arena);
	List *list = list_new(c->arena, &TYPE_STRING_LIST, 0);

	for (int64_t n = call_int(c, 2); n != 0 && regex_next(&walk); n--)
		list_push(c->arena, list,
		          value_str(str_slice(walk.text, walk.spans[0], walk.spans[1])));
	list->nil = list->len == 0;
	return call_return_list(c, list);
}

static bool regex_find_all(Call *c)
{
	Regex *regex;

	return compile_or_panic(c, &regex) && find_all(c, regex);
}

static bool must_regex_find_all(Call *c)
{
	Regex *regex;

	return compile_or_fail(c, &regex) && find_all(c, regex);
}

static void write_text(void *text, Str piece)
{
	text_write(text, piece);
}

static bool replace_all(Call *c, const Regex *regex, bool literal)
{
	Text text = call_text(c);
	RegexOut out = {c->arena, write_text, &text};

	regex_replace(regex, call_str(c, 1), call_str(c, 2), literal, &out);
	return call_return_text(c, &text);
}

static bool regex_replace_all(Call *c)
{
	Regex *regex;

	return compile_or_panic(c, &regex) && replace_all(c, regex, false);
}

static bool must_regex_replace_all(Call *c)
{
	Regex *regex;

	return compile_or_fail(c, &regex) && replace_all(c, regex, false);
}

static bool regex_replace_all_literal(Call *c)
{
	Regex *regex;

	return compile_or_panic(c, &regex) && replace_all(c, regex, true);
}

static bool must_regex_replace_all_literal(Call *c)
{
	Regex *regex;

	return compile_or_fail(c, &regex) && replace_all(c, regex, true);
}

// Split: at most n parts, the last one the unsplit rest; all where n is negative.
static bool split(Call *c, const Regex *regex)
{
	Str text = call_str(c, 1);
	int64_t n = call_int(c, 2), left = n;
	List *list = list_new(c->arena, &TYPE_STRING_LIST, 0);
	RegexWalk walk = regex_walk(regex, text, c->arena);
	size_t start = 0, end = 0;

	list->nil = n == 0;
	if (n == 0)
		return call_return_list(c, list);
	if (text.len == 0 && regex_pattern(regex).len > 0) {
		list_push(c->arena, list, value_str(text));
		return call_return_list(c, list);
	}
	for (; left != 0 && !(n > 0 && list->len == (size_t)n - 1) && regex_next(&walk); left--) {
		end = walk.spans[0];
		if (walk.spans[1] != 0)
			list_push(c->arena, list, value_str(str_slice(text, start, end)));
		start = walk.spans[1];
	}
	if (end != text.len)
		list_push(c->arena, list, value_str(str_from(text, start)));
	return call_return_list(c, list);
}

static bool regex_split(Call *c)
{
	Regex *regex;

	return compile_or_panic(c, &regex) && split(c, regex);
}

static bool must_regex_split(Call *c)
{
	Regex *regex;

	return compile_or_fail(c, &regex) && split(c, regex);
}

static bool quote_meta(Call *c)
{
	Text text = call_text(c);
	RegexOut out = {c->arena, write_text, &text};

	regex_quote_meta(call_str(c, 0), &out);
	return call_return_text(c, &text);
}

const Func regex_funcs[] = {
	{"mustRegexFind", "string string -> string", "regexFind, whose error is the pattern's",
         must_regex_find, "{{ mustRegexFind \"[a-z]+\" \"12ab3\" }} => ab"},
	{"mustRegexFindAll", "string string int -> []string",
         "regexFindAll, whose error is the pattern's", must_regex_find_all,
         "{{ mustRegexFindAll \"[0-9]\" \"1a2b3\" -1 }} => [1 2 3]"},
	{"mustRegexMatch", "string string -> bool",
         "regexMatch, which fails where the pattern is wrong", must_regex_match,
         "{{ mustRegexMatch \"^v[0-9]\" \"v1.2\" }} => true"},
	{"mustRegexReplaceAll", "string string string -> string",
         "regexReplaceAll, whose error is the pattern's", must_regex_replace_all,
         "{{ mustRegexReplaceAll \"a(x*)b\" \"-ab-axxb-\" \"${1}W\" }} => -W-xxW-"},
	{"mustRegexReplaceAllLiteral", "string string string -> string",
         "regexReplaceAllLiteral, whose error is the pattern's", must_regex_replace_all_literal,
         "{{ mustRegexReplaceAllLiteral \"a(x*)b\" \"-ab-\" \"${1}\" }} => -${1}-"},
	{"mustRegexSplit", "string string int -> []string",
         "regexSplit, whose error is the pattern's", must_regex_split,
         "{{ mustRegexSplit \"z+\" \"pizza\" -1 }} => [pi a]"},
	{"regexFind", "string string -> string",
         "the first match of the pattern in the text, or nothing", regex_find,
         "{{ regexFind \"[a-zA-Z][1-9]\" \"abcd1234\" }} => d1"},
	{"regexFindAll", "string string int -> []string",
         "the matches of the pattern in the text, at most n where n is not negative",
         regex_find_all, "{{ regexFindAll \"[2,4,6,8]\" \"123456789\" -1 }} => [2 4 6 8]"},
	{"regexMatch", "string string -> bool", "whether the text holds a match of the pattern",
         regex_match, "{{ regexMatch \"^[a-z]+$\" \"abc\" }} => true"},
	{"regexQuoteMeta", "string -> string", "the text as a pattern that matches just it",
         quote_meta, "{{ regexQuoteMeta \"1.2.3\" }} => 1\\.2\\.3"},
	{"regexReplaceAll", "string string string -> string",
         "the text with each match replaced; ${1} or ${name} stands for a group", regex_replace_all,
         "{{ regexReplaceAll \"a(x*)b\" \"-ab-axxb-\" \"${1}W\" }} => -W-xxW-"},
	{"regexReplaceAllLiteral", "string string string -> string",
         "the text with each match replaced by just the other text", regex_replace_all_literal,
         "{{ regexReplaceAllLiteral \"a(x*)b\" \"-ab-axxb-\" \"${1}\" }} => -${1}-${1}-"},
	{"regexSplit", "string string int -> []string",
         "the parts of the text between matches, at most n where n is not negative", regex_split,
         "{{ regexSplit \"z+\" \"pizza\" -1 }} => [pi a]"},
	{NULL, NULL, NULL, NULL, NULL},
};
