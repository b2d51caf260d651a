// Which resources a patch or replacement is for.

#include "kustomize/select.h"

#include <stdlib.h>
#include <string.h>

// Go's names for embedded structs stand before the fields' own.
#define FIELD(name, member)                                                                        \
	{                                                                                          \
		name, FILL_STR, offsetof(Selector, member), NULL, 0                                \
	}

static const FillField selector_fields[] = {
	FIELD("ResId.Gvk.group", group),
	FIELD("ResId.Gvk.version", version),
	FIELD("ResId.Gvk.kind", kind),
	FIELD("ResId.name", name),
	FIELD("ResId.namespace", ns),
	FIELD("labelSelector", labels),
	FIELD("annotationSelector", annotations),
};
const FillType selector_type =
	FILL_TYPE_LISTED("Selector", "[]*types.Selector", Selector, selector_fields);

ResId selector_id(const Selector *selector)
{
	return (ResId){.gvk = {selector->group, selector->version, selector->kind},
	               .name = selector->name,
	               .ns = selector->ns};
}

Str selector_str(Arena *arena, const Selector *selector)
{
	ResId id = selector_id(selector);

	return str_printf(arena, "%.*s:a=%.*s:l=%.*s", STR_ARGS(resid_str(arena, &id)),
	                  STR_ARGS(selector->annotations), STR_ARGS(selector->labels));
}

// --- patterns ---

typedef struct Pattern {
	Str text;
	Regex *regex; // NULL: the text as it stands, empty: anything
} Pattern;

static bool is_literal(Str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (memchr("\\.+*?()|[]{}^$", text.p[i], 14))
			return false;
	return true;
}

static bool pattern_compile(Arena *arena, Str text, Pattern *out, Diag *diag)
{
	*out = (Pattern){text, NULL};
	return is_literal(text) ||
	       regex_compile(arena, str_printf(arena, "^(?:%.*s)$", STR_ARGS(text)), &out->regex,
	                     diag);
}

static bool pattern_matches(const Pattern *pattern, Str s)
{
	if (!pattern->text.len)
		return true;
	if (!pattern->regex)
		return str_eq(pattern->text, s);
	return regex_search(pattern->regex, s, 0, NULL);
}

// --- label selectors ---

typedef struct Requirement {
	Str key;
	bool negated, exists; // exists: only the key counts
	int compare;          // > 0: greater than, < 0: less than
	Str *values;
	size_t count, cap;
} Requirement;

typedef struct LabelParser {
	Arena *arena;
	Str text;
	size_t at;
	Diag *diag;
} LabelParser;

static void skip_space(LabelParser *parser)
{
	while (parser->at < parser->text.len && strchr(" \t\r\n", parser->text.p[parser->at]))
		parser->at++;
}

static bool take(LabelParser *parser, const char *token)
{
	skip_space(parser);
	if (!str_has_prefix(str_from(parser->text, parser->at), str_c(token)))
		return false;
	parser->at += strlen(token);
	return true;
}

static Str word(LabelParser *parser)
{
	size_t start;

	skip_space(parser);
	start = parser->at;
	while (parser->at < parser->text.len &&
	       !strchr(" \t\r\n=!(),><", parser->text.p[parser->at]))
		parser->at++;
	return str_slice(parser->text, start, parser->at);
}

// What stands there: a word or a sign.
static Str token(LabelParser *parser)
{
	static const char *const signs[] = {"!=", "==", "=", "!", "(", ")", ",", ">", "<"};
	Str at;

	skip_space(parser);
	at = str_from(parser->text, parser->at);
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (str_has_prefix(at, str_c(signs[i])))
			return str_c(signs[i]);
	return word(parser);
}

static bool fail_labels(LabelParser *parser, const char *expected)
{
	Str found = token(parser);

	return diag_fail(parser->diag, "found '%.*s', expected: %s", STR_ARGS(found), expected);
}

static bool value_set(LabelParser *parser, Requirement *out)
{
	Str found;

	if (!take(parser, "(")) {
		found = token(parser);
		return diag_fail(parser->diag, "found '%.*s' expected: '('", STR_ARGS(found));
	}
	do {
		VEC_PUSH(parser->arena, out->values, out->count, out->cap) = word(parser);
	} while (take(parser, ","));
	return take(parser, ")") || fail_labels(parser, "',' or ')'");
}

static bool one_value(LabelParser *parser, Requirement *out)
{
	size_t before = parser->at;
	Str value = word(parser);

	skip_space(parser);
	if (!value.len && parser->at < parser->text.len && parser->text.p[parser->at] != ',') {
		parser->at = before;
		return fail_labels(parser, "identifier");
	}
	VEC_PUSH(parser->arena, out->values, out->count, out->cap) = value;
	return true;
}

static bool requirement(LabelParser *parser, Requirement *out)
{
	size_t before;
	Str name;

	*out = (Requirement){.negated = take(parser, "!")};
	out->key = word(parser);
	if (!out->key.len)
		return fail_labels(parser, "identifier");
	skip_space(parser);
	if (out->negated || parser->at == parser->text.len || parser->text.p[parser->at] == ',') {
		out->exists = true;
		return true;
	}
	if (take(parser, "!=")) {
		out->negated = true;
	} else if (take(parser, ">")) {
		out->compare = 1;
	} else if (take(parser, "<")) {
		out->compare = -1;
	} else if (!take(parser, "==") && !take(parser, "=")) {
		before = parser->at;
		name = word(parser);
		out->negated = str_is(name, "notin");
		if (out->negated || str_is(name, "in"))
			return value_set(parser, out);
		parser->at = before;
		return fail_labels(parser, "'=', '!=', '==', 'in', notin'");
	}
	return one_value(parser, out);
}

static bool parse_number(Str s, long long *out)
{
	char *end;
	char text[24];

	if (!s.len || s.len >= sizeof text)
		return false;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	*out = strtoll(text, &end, 10);
	return !*end;
}

static bool requirement_holds(const Requirement *wanted, const TextMap *labels)
{
	const Str *value = text_map_get(labels, wanted->key);
	long long have, limit;
	bool among = false;

	if (wanted->exists)
		return (value != NULL) != wanted->negated;
	if (wanted->compare)
		return value && parse_number(*value, &have) &&
		       parse_number(wanted->values[0], &limit) &&
		       (wanted->compare > 0 ? have > limit : have < limit);
	for (size_t i = 0; value && i < wanted->count; i++)
		among |= str_eq(*value, wanted->values[i]);
	return among != wanted->negated;
}

static bool labels_match(Arena *arena, Str text, const TextMap *labels, bool *matches, Diag *diag)
{
	LabelParser parser = {arena, text, 0, diag};
	Requirement wanted;

	skip_space(&parser);
	if (parser.at == text.len)
		return true;
	if (strchr("=(),><", text.p[parser.at]))
		return fail_labels(&parser, "!, identifier, or 'end of string'");
	do {
		skip_space(&parser);
		if (parser.at == text.len || strchr("=(),><", text.p[parser.at]))
			return fail_labels(&parser, "identifier after ','");
		if (!requirement(&parser, &wanted))
			return diag_wrap(diag, "unable to parse requirement");
		*matches &= requirement_holds(&wanted, labels);
	} while (take(&parser, ","));
	skip_space(&parser);
	return parser.at == text.len || fail_labels(&parser, "',' or 'end of string'");
}

bool select_by_labels(Arena *arena, const Resource *resource, const Selector *selector,
                      bool *matches, Diag *diag)
{
	TextMap map;

	*matches = true;
	if (selector->annotations.len) {
		map = resource_metadata_map(arena, resource, "annotations");
		if (!labels_match(arena, selector->annotations, &map, matches, diag))
			return false;
	}
	if (selector->labels.len) {
		map = resource_metadata_map(arena, resource, "labels");
		if (!labels_match(arena, selector->labels, &map, matches, diag))
			return false;
	}
	return true;
}

// --- resources ---

typedef struct Patterns {
	Pattern group, version, kind, name, ns;
} Patterns;

static bool compile(Arena *arena, const Selector *selector, Patterns *out, Diag *diag)
{
	return pattern_compile(arena, selector->group, &out->group, diag) &&
	       pattern_compile(arena, selector->version, &out->version, diag) &&
	       pattern_compile(arena, selector->kind, &out->kind, diag) &&
	       pattern_compile(arena, selector->name, &out->name, diag) &&
	       pattern_compile(arena, selector->ns, &out->ns, diag);
}

static bool id_matches(const Patterns *patterns, const Resource *resource)
{
	ResId original = resource_original_id(resource);
	const ResId *current = &resource->id;

	if (!pattern_matches(&patterns->ns, resid_namespace(&original)) &&
	    !pattern_matches(&patterns->ns, resid_namespace(current)))
		return false;
	if (!pattern_matches(&patterns->name, original.name) &&
	    !pattern_matches(&patterns->name, current->name))
		return false;
	return pattern_matches(&patterns->group, current->gvk.group) &&
	       pattern_matches(&patterns->version, current->gvk.version) &&
	       pattern_matches(&patterns->kind, current->gvk.kind);
}

bool select_resources(ResMap *map, const Selector *selector, Resources *out, Diag *diag)
{
	Patterns patterns;
	Resources candidates = {map->items, map->len, 0};
	bool matches;

	*out = (Resources){0};
	if (!compile(map->arena, selector, &patterns, diag))
		return false;
	if (selector->name.len && !patterns.name.regex)
		candidates = resmap_by_name(map, selector->name);
	for (size_t i = 0; i < candidates.len; i++) {
		Resource *resource = candidates.items[i];
		if (!id_matches(&patterns, resource))
			continue;
		if (!select_by_labels(map->arena, resource, selector, &matches, diag))
			return false;
		if (matches)
			VEC_PUSH(map->arena, out->items, out->len, out->cap) = resource;
	}
	return true;
}
