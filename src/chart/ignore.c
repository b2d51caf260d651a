// .helmignore, by the rules of Helm's pkg/ignore.

#include "chart/ignore.h"

#include "base/fs.h"
#include "chart/match.h"

// Most rules are plain names or *.ending: those need no pattern matching, which hundreds of files times dozens of
// rules would feel.
typedef enum RuleShape { RULE_PATTERN, RULE_NAME, RULE_ENDING } RuleShape;

typedef struct Rule {
	Str pattern; // RULE_ENDING: without its star
	RuleShape shape;
	bool negated;
	bool folders; // it ended in '/': only folders match
	bool whole;   // it has a '/': matched against the whole path, else against the last name
} Rule;

struct IgnoreRules {
	Rule *rules;
	size_t len, cap;
};

static bool is_plain(Str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] == '*' || text.p[i] == '?' || text.p[i] == '[' || text.p[i] == '\\')
			return false;
	return true;
}

static void set_shape(Rule *rule)
{
	if (is_plain(rule->pattern)) {
		rule->shape = RULE_NAME;
	} else if (!rule->whole && rule->pattern.p[0] == '*' &&
	           is_plain(str_from(rule->pattern, 1))) {
		rule->shape = RULE_ENDING;
		rule->pattern = str_from(rule->pattern, 1);
	}
}

static bool add_rule(Arena *arena, IgnoreRules *rules, Str line, Diag *diag)
{
	Rule rule = {0};

	line = str_trim_space(line);
	if (!line.len || line.p[0] == '#')
		return true;
	if (str_contains(line, S("**")))
		return diag_fail(diag, "double-star (**) syntax is not supported");
	if (match_path(line, S("abc")) == MATCH_BAD_PATTERN)
		return diag_fail(diag, "syntax error in pattern");
	if (line.p[0] == '!') {
		rule.negated = true;
		line = str_from(line, 1);
	}
	if (str_has_suffix(line, S("/"))) {
		rule.folders = true;
		line = str_to(line, line.len - 1);
	}
	rule.whole = str_find_byte(line, '/') != STR_NONE;
	rule.pattern = str_has_prefix(line, S("/")) ? str_from(line, 1) : line;
	set_shape(&rule);
	VEC_PUSH(arena, rules->rules, rules->len, rules->cap) = rule;
	return true;
}

// Go's bufio.Scanner refuses lines from here on.
#define LINE_LIMIT 65536

bool ignore_parse(Arena *arena, Str text, IgnoreRules **out, Diag *diag)
{
	IgnoreRules *rules = ARENA_NEW(arena, IgnoreRules);
	Str line;

	*out = rules;
	if (str_has_prefix(text, S("\xEF\xBB\xBF")))
		text = str_from(text, 3);
	while (str_line(&text, &line)) {
		if (line.len >= LINE_LIMIT)
			return diag_fail(diag, "bufio.Scanner: token too long");
		if (!add_rule(arena, rules, line, diag))
			return false;
	}
	return add_rule(arena, rules, S("templates/.?*"), diag);
}

static bool rule_matches(const Rule *rule, Str path, Str base)
{
	Str name = rule->whole ? path : base;

	if (rule->shape == RULE_NAME)
		return str_eq(rule->pattern, name);
	if (rule->shape == RULE_ENDING)
		return str_has_suffix(name, rule->pattern);
	return match_path(rule->pattern, name) == MATCH_YES;
}

bool ignore_path(const IgnoreRules *rules, Str path, bool folder)
{
	Str base = path_base(path);

	for (size_t i = 0; i < rules->len; i++) {
		const Rule *rule = &rules->rules[i];
		bool fits = (!rule->folders || folder) && rule_matches(rule, path, base);
		if (fits != rule->negated)
			return true;
	}
	return false;
}
