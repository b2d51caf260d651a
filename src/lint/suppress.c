// Finding suppressions and applying them.

#include "lint/suppress.h"

#define MARK "cleat:ignore"

Suppressions *suppressions_new(Arena *arena)
{
	Suppressions *all = ARENA_NEW(arena, Suppressions);

	all->arena = arena;
	all->files = map_new(arena, &TYPE_ANY_MAP);
	all->by_rule = map_new(arena, &TYPE_ANY_MAP);
	return all;
}

static Str rule_key(Arena *arena, Str file, Str rule)
{
	return model_key(arena, file, rule, S(""));
}

static bool is_rule_char(char c)
{
	return (c >= 'a' && c <= 'z') || c == '-';
}

// "RULE: reason", or several rules before the colon: "a, b: reason".
static void add(Suppressions *all, Str text, Place place, size_t first, size_t last)
{
	size_t colon = str_find_byte(text, ':');
	Str rules = str_to(text, colon == STR_NONE ? text.len : colon), rule;
	Str reason = colon == STR_NONE ? S("") : str_trim_ascii(str_from(text, colon + 1));

	if (colon == STR_NONE) { // the rule is the first word
		size_t end = 0;
		rules = str_trim_ascii(rules);
		while (end < rules.len && is_rule_char(rules.p[end]))
			end++;
		rules = str_to(rules, end);
	}
	while (str_cut(&rules, S(","), &rule)) {
		Suppression *made = ARENA_NEW(all->arena, Suppression);
		Str key = rule_key(all->arena, place.file, str_trim_ascii(rule));
		*made = (Suppression){place,
		                      first,
		                      last,
		                      str_trim_ascii(rule),
		                      reason,
		                      false,
		                      table_get(all->by_rule, key)};
		VEC_PUSH(all->arena, all->items, all->len, all->cap) = made;
		table_put(all->arena, all->by_rule, key, made);
	}
}

static bool is_comment(Str line)
{
	line = str_trim_ascii(line);
	return !line.len || line.p[0] == '#' || str_has_prefix(line, S("{{/*")) ||
	       str_has_prefix(line, S("{{- /*")) || str_has_prefix(line, S("//"));
}

static size_t spaces_of(Str line)
{
	size_t spaces = 0;

	while (spaces < line.len && line.p[spaces] == ' ')
		spaces++;
	return spaces;
}

// The line after the comments that begin at `rest`, and the last one that is indented below it.
static size_t next_line(Str rest, size_t line, size_t *last)
{
	Str text;
	size_t first = 0, indent = 0;

	while (str_line(&rest, &text)) {
		line++;
		if (is_comment(text))
			continue;
		if (!first) {
			first = *last = line;
			indent = spaces_of(text);
			continue;
		}
		if (spaces_of(text) <= indent)
			break;
		*last = line;
	}
	return first;
}

void suppressions_read(Suppressions *all, Str file, Str text)
{
	Str rest = text, line;
	size_t number = 0;

	if (map_get(all->files, file))
		return;
	map_set(all->arena, all->files, file, value_bool(true));
	if (str_find(text, S(MARK)) == STR_NONE)
		return;
	while (str_line(&rest, &line)) {
		size_t at = str_find(line, S(MARK)), end, first, last;
		Str said;
		number++;
		if (at == STR_NONE)
			continue;
		said = str_from(line, at + sizeof MARK - 1);
		if (!said.len || (said.p[0] != ' ' && said.p[0] != '\t'))
			continue;
		end = str_find(said, S("*/"));
		said = str_trim_ascii(str_to(said, end == STR_NONE ? said.len : end));
		last = number;
		first = is_comment(line) ? next_line(rest, number, &last) : number;
		add(all, said, (Place){file, number, at + 1}, first, last);
	}
}

static bool apply_at(Lint *lint, Suppressions *all, Finding *finding, Place place)
{
	Suppression *found;

	if (!place.file.len)
		return false;
	found = table_get(all->by_rule,
	                  rule_key(lint->arena, place.file, str_c(finding->rule->id)));
	while (found &&
	       !(found->reason.len && place.line >= found->first && place.line <= found->last))
		found = found->next;
	if (!found)
		return false;
	found->used = true;
	finding->state = FINDING_SUPPRESSED;
	finding->reason = found->reason;
	return true;
}

static void apply_annotation(Lint *lint, Suppressions *all, Finding *finding,
                             const Resource *resource)
{
	const Node *node = node_at(node_at(resource->metadata, "annotations"), "cleat.dev/ignore");
	Str rest = node_text(node), line;

	while (rest.len && str_line(&rest, &line)) {
		size_t colon = str_find_byte(line, ':');
		Str rule = str_trim_ascii(str_to(line, colon == STR_NONE ? line.len : colon));
		if (!str_is(rule, finding->rule->id) || colon == STR_NONE ||
		    !str_trim_ascii(str_from(line, colon + 1)).len)
			continue;
		finding->state = FINDING_SUPPRESSED;
		finding->reason = str_trim_ascii(str_from(line, colon + 1));
	}
	(void)lint;
	(void)all;
}

void suppressions_apply(Lint *lint, Suppressions *all, Finding *finding, const Resource *resource)
{
	if (apply_at(lint, all, finding, finding->template) ||
	    apply_at(lint, all, finding, finding->values) ||
	    apply_at(lint, all, finding, finding->manifest))
		return;
	if (resource)
		apply_annotation(lint, all, finding, resource);
}

const Rule suppression_rules[] = {
	{"unused-suppression", SEVERITY_WARNING, "a suppression that no finding needs",
         "What it excused is gone, or it stands on the wrong line: then the next real finding "
         "there would be hidden.",
         "Remove it, or move it to the line of the finding (or right above).", NULL},
	{"bad-suppression", SEVERITY_ERROR,
         "a suppression without a reason, or of a rule that does not exist",
         "A suppression is read years later by somebody who has to decide whether it still holds.",
         "Write `cleat:ignore RULE: reason`, with a rule of `cleat lint --rules`.", NULL},
	{0},
};

void suppressions_report(Lint *lint, Suppressions *all)
{
	for (size_t i = 0; i < all->len; i++) {
		Suppression *s = all->items[i];
		Str about = str_printf(lint->arena, "%s", str_to_c(lint->arena, s->rule));
		if (!lint_rule(s->rule))
			lint_add_at(lint, &suppression_rules[1], s->place, (Place){0}, about,
			            str_printf(lint->arena, "there is no rule \"%s\" to ignore",
			                       str_to_c(lint->arena, s->rule)));
		else if (!s->reason.len)
			lint_add_at(lint, &suppression_rules[1], s->place, (Place){0}, about,
			            str_printf(lint->arena, "no reason is given for ignoring %s",
			                       str_to_c(lint->arena, s->rule)));
		else if (!s->used)
			lint_add_at(lint, &suppression_rules[0], s->place, (Place){0}, about,
			            str_printf(lint->arena, "nothing here needs ignoring %s",
			                       str_to_c(lint->arena, s->rule)));
	}
}
