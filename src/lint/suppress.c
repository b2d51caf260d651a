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

// Where a suppression stands and what it speaks of: lines of a file, or an object.
typedef struct Scope {
	Place place;
	size_t first, last;
	Str key; // of what it speaks of: the file, or the object
} Scope;

// "RULE: reason", or several rules before the colon: "a, b: reason".
static void add(Suppressions *all, Str text, const Scope *scope)
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
		Str key = rule_key(all->arena, scope->key, str_trim_ascii(rule));
		*made = (Suppression){scope->place,
		                      scope->first,
		                      scope->last,
		                      str_trim_ascii(rule),
		                      reason,
		                      false,
		                      table_get(all->by_rule, key)};
		VEC_PUSH(all->arena, all->items, all->len, all->cap) = made;
		table_put(all->arena, all->by_rule, key, made);
	}
}

// --- comments ---

static bool opens_comment(Str line)
{
	Str inner = str_trim_ascii(line);

	if (!str_has_prefix(inner, S("{{")))
		return false;
	inner = str_from(inner, str_has_prefix(inner, S("{{-")) ? 3 : 2);
	return str_has_prefix(str_trim_ascii(inner), S("/*"));
}

// Whether the line is a comment or empty. `*inside` is whether a template's comment goes on: set before, and behind it.
static bool is_comment(Str line, bool *inside)
{
	if (*inside || opens_comment(line)) {
		*inside = !str_contains(line, S("*/"));
		return true;
	}
	line = str_trim_ascii(line);
	return !line.len || line.p[0] == '#' || str_has_prefix(line, S("//"));
}

static bool is_action(Str line)
{
	return str_has_prefix(str_trim_ascii(line), S("{{"));
}

static bool is_item(Str line)
{
	return str_has_prefix(str_from(line, str_indent(line)), S("-"));
}

// How many blocks of the template the line opens, less those that it ends.
static int depth_of(Str line)
{
	static const char *const opening[] = {"if", "range", "with", "define", "block"};
	int depth = 0;
	size_t at, end;

	while ((at = str_find(line, S("{{"))) != STR_NONE) {
		Str word;
		line = str_from(line, at + 2);
		word = str_trim_ascii(str_from(line, str_has_prefix(line, S("-")) ? 1 : 0));
		for (end = 0; end < word.len && ascii_is_alnum(word.p[end]);)
			end++;
		word = str_to(word, end);
		depth -= str_is(word, "end");
		for (size_t i = 0; i < sizeof opening / sizeof *opening; i++)
			depth += str_is(word, opening[i]);
	}
	return depth;
}

// The line after the comments that begin at `rest`, and the last one of the block that it begins: what is indented below
// it, or a list at its own indentation (actions in between may stand at the margin), or all up to the `end` of an action.
static size_t next_line(Str rest, size_t line, bool inside, size_t *last)
{
	Str text;
	size_t first = 0, indent = 0;
	bool item = false;
	int depth = 0;

	while (str_line(&rest, &text)) {
		line++;
		if (is_comment(text, &inside))
			continue;
		if (!first) {
			first = *last = line;
			indent = str_indent(text);
			item = is_item(text);
			depth = is_action(text) ? depth_of(text) : 0;
			if (is_action(text) && depth <= 0)
				break;
		} else if (depth > 0) {
			*last = line;
			depth += depth_of(text);
			if (depth <= 0)
				break;
		} else if (!is_action(text)) {
			size_t spaces = str_indent(text);
			if (spaces < indent || (spaces == indent && (item || !is_item(text))))
				break;
			*last = line;
		}
	}
	return first;
}

// What stands behind the mark; false where the mark is but a word in a text. Without a rule it is empty.
static bool cut_said(Str line, size_t at, Str *said)
{
	Str before = str_trim_ascii(str_to(line, at));
	size_t end;

	*said = str_from(line, at + sizeof MARK - 1);
	end = str_find(*said, S("*/"));
	*said = str_to(*said, end == STR_NONE ? said->len : end);
	if (said->len && (said->p[0] == ' ' || said->p[0] == '\t')) {
		*said = str_trim_ascii(*said);
		return true;
	}
	return (!said->len || said->p[0] == ':') &&
	       (str_has_suffix(before, S("#")) || str_has_suffix(before, S("/*")));
}

void suppressions_read(Suppressions *all, Str file, Str text)
{
	Str rest = text, line;
	size_t number = 0, first = 0, last = 0;
	bool inside = false;

	if (map_get(all->files, file))
		return;
	map_set(all->arena, all->files, file, value_bool(true));
	if (str_find(text, S(MARK)) == STR_NONE)
		return;
	while (str_line(&rest, &line)) {
		size_t at = str_find(line, S(MARK));
		bool comment = is_comment(line, &inside);
		Scope scope = {.place = {file, ++number, at + 1}, .key = file};
		Str said;
		if (at == STR_NONE || !cut_said(line, at, &said))
			continue;
		if (comment && first <= number) // else it is one of several in a row
			first = next_line(rest, number, inside, &last);
		scope.first = comment ? first : number;
		scope.last = comment ? last : number;
		add(all, said, &scope);
	}
}

// --- annotations ---

static Str object_key(Arena *arena, const Resource *resource)
{
	return str_concat(arena, S("\n"),
	                  model_key(arena, resource->kind, resource->ns, resource->name));
}

// Where a byte of the annotation was written: in the template, or in the manifest that was given.
static Place place_of(Lint *lint, Arena *arena, const Resource *resource, const Node *node,
                      size_t offset)
{
	Place template = lint_origin(resource->source, node, offset, S(""), lint->arena).template;

	template = template.file.len ? lint_person_place(lint, template)
	                             : lint_node_place(resource->source, node, offset);
	template.file = str_copy(arena, template.file);
	return template;
}

void suppressions_collect(Lint *lint, Suppressions *all)
{
	for (size_t i = 0; i < lint->model->resources.len; i++) {
		const Resource *resource = lint->model->resources.items[i];
		const Node *node =
			node_at(node_at(resource->metadata, "annotations"), "cleat.dev/ignore");
		Str rest = node_text(node), line;
		Scope scope = {.key = rest.len ? object_key(all->arena, resource) : S("")};
		if (!rest.len || map_get(all->files, scope.key))
			continue;
		map_set(all->arena, all->files, scope.key, value_bool(true));
		while (rest.len && str_line(&rest, &line)) {
			if (!str_trim_ascii(line).len)
				continue;
			scope.place = place_of(lint, all->arena, resource, node,
			                       (size_t)(line.p - node_text(node).p));
			add(all, str_copy(all->arena, str_trim_ascii(line)), &scope);
		}
	}
}

// --- applying ---

static bool apply(Lint *lint, const Suppressions *all, Finding *finding, Str key, size_t line)
{
	Suppression *found =
		table_get(all->by_rule, rule_key(lint->arena, key, str_c(finding->rule->id)));

	while (found && !(found->reason.len && line >= found->first && line <= found->last))
		found = found->next;
	if (!found)
		return false;
	found->used = true;
	finding->state = FINDING_SUPPRESSED;
	finding->reason = found->reason;
	return true;
}

static bool apply_at(Lint *lint, const Suppressions *all, Finding *finding, Place place)
{
	return place.file.len && apply(lint, all, finding, place.file, place.line);
}

void suppressions_apply(Lint *lint, Suppressions *all, Finding *finding, const Resource *resource)
{
	if (!all->len || apply_at(lint, all, finding, finding->template) ||
	    apply_at(lint, all, finding, finding->values) ||
	    apply_at(lint, all, finding, finding->manifest) || !resource)
		return;
	apply(lint, all, finding, object_key(lint->arena, resource), 0);
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

static void report(Lint *lint, const Rule *rule, const Suppression *s, Str message)
{
	lint_add_at(lint, rule, s->place, (Place){0}, str_copy(lint->arena, s->rule), message);
}

static void report_one(Lint *lint, const Suppression *s)
{
	const Rule *unused = &suppression_rules[0], *bad = &suppression_rules[1];
	const char *rule = str_to_c(lint->arena, s->rule);

	if (!s->rule.len)
		report(lint, bad, s, S("no rule is named that is to be ignored"));
	else if (!lint_rule(s->rule))
		report(lint, bad, s, lint_no_rule(lint->arena, s->rule));
	else if (!s->reason.len)
		report(lint, bad, s,
		       str_printf(lint->arena, "no reason is given for ignoring %s", rule));
	else if (!s->used)
		report(lint, unused, s,
		       str_printf(lint->arena, "nothing here needs ignoring %s", rule));
}

// One annotation in a template may have come to many objects: it is used where one of them needs it, and told once.
void suppressions_report(Lint *lint, Suppressions *all)
{
	Map *done = map_new(lint->arena, &TYPE_ANY_MAP);

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < all->len; i++) {
			const Suppression *s = all->items[i];
			Str key = str_printf(lint->arena, "%s:%zu:%zu %s",
			                     str_to_c(lint->arena, s->place.file), s->place.line,
			                     s->place.column, str_to_c(lint->arena, s->rule));
			if (s->used != (pass == 0) || map_get(done, key))
				continue;
			map_set(lint->arena, done, key, value_bool(true));
			report_one(lint, s);
		}
}
