// Field paths of replacements and vars.

#include "kustomize/path.h"

#include "base/num.h"
#include "base/regex.h"
#include "data/yaml.h"
#include "kustomize/fieldspec.h"

static bool is_bracketed(Str part)
{
	return part.len >= 2 && part.p[0] == '[' && part.p[part.len - 1] == ']';
}

static Str trim_brackets(Str s)
{
	while (s.len && (s.p[0] == '[' || s.p[0] == ']'))
		s = str_from(s, 1);
	while (s.len && (s.p[s.len - 1] == '[' || s.p[s.len - 1] == ']'))
		s = str_to(s, s.len - 1);
	return s;
}

Path path_parse(Arena *arena, Str text)
{
	size_t count, cap = 0;
	Str *split = path_split(arena, text, '.', &count);
	Path path = {0};

	for (size_t i = 0; i < count; i++) {
		Str part = split[i];
		bool open = part.len && part.p[0] == '[' && part.p[part.len - 1] != ']';
		// Dots in brackets do not split.
		while (open && i + 1 < count) {
			i++;
			part = str_concat(arena, str_concat(arena, part, S(".")), split[i]);
			if (str_has_suffix(split[i], S("]"))) {
				if (str_find_byte(part, '=') == STR_NONE)
					part = trim_brackets(part);
				open = false;
			}
		}
		if (open && str_find_byte(part, '=') == STR_NONE)
			part = trim_brackets(part);
		VEC_PUSH(arena, path.parts, path.len, cap) = part;
	}
	return path;
}

static bool parse_index(Str part, int64_t *out)
{
	return num_parse_int(part, 10, 64, out) == NUM_OK;
}

static bool split_condition(Str part, Str *field, Str *value, Diag *diag)
{
	Str inner = str_slice(part, 1, part.len - 1);
	size_t equals = str_find_byte(inner, '=');

	if (equals == STR_NONE)
		return diag_fail(
			diag,
			"list path element must contain fieldName=fieldValue for element to match");
	*field = str_to(inner, equals);
	*value = str_from(inner, equals + 1);
	return true;
}

// --- one node ---

static Node *item_with(const Node *list, Str field, Str value)
{
	for (size_t i = 0; i < list->len; i++) {
		Node *item = list->children[i], *at;
		if (!field.len) {
			if (str_eq(item->value, value))
				return item;
			continue;
		}
		at = tree_get(item, field);
		if (at && str_eq(at->value, value))
			return item;
	}
	return NULL;
}

static bool lookup_part(Node *node, Str part, Node **out, Diag *diag)
{
	Str field, value;
	int64_t index;

	*out = NULL;
	if (parse_index(part, &index) || str_is(part, "-")) {
		if (str_is(part, "-"))
			index = -1;
		else if (index < 0)
			return diag_fail(diag, "array index %lld cannot be negative",
			                 (long long)index);
		if (!tree_expect(node, NODE_SEQUENCE, diag))
			return false;
		if (node->len && index < 0)
			index = (int64_t)node->len - 1;
		if (index >= 0 && (uint64_t)index < node->len)
			*out = node->children[index];
		return true;
	}
	if (str_is(part, "*"))
		return diag_fail(diag, "wildcard is not supported in PathGetter");
	if (is_bracketed(part)) {
		if (!split_condition(part, &field, &value, diag) ||
		    !tree_expect(node, NODE_SEQUENCE, diag))
			return false;
		*out = item_with(node, field, value);
		return true;
	}
	if (tree_is_null(node))
		return true;
	if (!tree_expect(node, NODE_MAPPING, diag))
		return false;
	*out = tree_get(node, part);
	return true;
}

bool path_lookup(Arena *arena, Node *root, const Path *path, Node **out, Diag *diag)
{
	Node *at = root;

	(void)arena;
	for (size_t i = 0; at && i < path->len; i++) {
		Str part = str_trim_space(path->parts[i]);
		if (part.len && !lookup_part(at, part, &at, diag))
			return false;
	}
	*out = at;
	return true;
}

// --- all nodes ---

typedef struct Matcher {
	Arena *arena;
	const Path *path;
	bool create;
	NodeKind kind;
	FoundNodes *out;
	Diag *diag;
} Matcher;

static bool match(Matcher *matcher, Node *node, size_t part);

static bool is_index(Str part)
{
	int64_t index;

	return parse_index(part, &index) && index >= 0;
}

// Of what kind a made node must be for the next part to fit.
static NodeKind kind_for(const Matcher *matcher, size_t next)
{
	Str part;

	if (next >= matcher->path->len)
		return matcher->kind;
	part = matcher->path->parts[next];
	if (!part.len)
		return matcher->kind;
	return is_bracketed(part) || is_index(part) ? NODE_SEQUENCE : NODE_MAPPING;
}

static bool match_index(Matcher *matcher, Node *node, size_t part)
{
	int64_t index;

	parse_index(matcher->path->parts[part], &index);
	if (!tree_expect(node, NODE_SEQUENCE, matcher->diag))
		return false;
	if (matcher->create && (uint64_t)index == node->len)
		node_push(matcher->arena, node,
		          tree_kind(matcher->arena, kind_for(matcher, part + 1)));
	if ((uint64_t)index >= node->len)
		return diag_fail(matcher->diag, "index %lld specified but only %u elements found",
		                 (long long)index, node->len);
	return match(matcher, node->children[index], part + 1);
}

static bool match_every(Matcher *matcher, Node *node, size_t part)
{
	if (!tree_expect(node, NODE_SEQUENCE, matcher->diag))
		return false;
	for (size_t i = 0; i < node->len; i++)
		if (!match(matcher, node->children[i], part + 1))
			return false;
	return true;
}

static bool item_text(Arena *arena, const Node *node, Str *out, Diag *diag)
{
	Buf text = buf_new(arena);

	if (node->kind == NODE_SCALAR && node->style != NODE_SINGLE_QUOTED &&
	    node->style != NODE_DOUBLE_QUOTED && str_find_byte(node->value, '\n') == STR_NONE) {
		*out = node->value;
		return true;
	}
	if (!yaml_write_node(&text, node, diag))
		return false;
	*out = str_trim_space(buf_view(&text));
	return true;
}

static bool match_items(Matcher *matcher, Node *node, size_t part, Str field, Regex *pattern)
{
	for (size_t i = 0; i < node->len; i++) {
		Node *item = node->children[i], *value = field.len ? tree_get(item, field) : item;
		Str text;
		if (!value)
			continue;
		if (!item_text(matcher->arena, value, &text, matcher->diag))
			return false;
		if (!regex_search(pattern, text, 0, NULL))
			continue;
		if (!field.len)
			VEC_PUSH(matcher->arena, matcher->out->items, matcher->out->len,
			         matcher->out->cap) = item;
		else if (!match(matcher, item, part + 1))
			return false;
	}
	return true;
}

static bool match_condition(Matcher *matcher, Node *node, size_t part)
{
	size_t before = matcher->out->len;
	Str field, value;
	Regex *pattern;
	Node *item;

	if (!split_condition(matcher->path->parts[part], &field, &value, matcher->diag) ||
	    !tree_expect(node, NODE_SEQUENCE, matcher->diag) ||
	    !regex_compile(matcher->arena, value, &pattern, matcher->diag) ||
	    !match_items(matcher, node, part, field, pattern))
		return false;
	if (!matcher->create || matcher->out->len > before)
		return true;
	item = tree_scalar(matcher->arena, value, "");
	if (field.len) {
		Node *map = tree_kind(matcher->arena, NODE_MAPPING);
		node_push(matcher->arena, map, tree_key(matcher->arena, field));
		node_push(matcher->arena, map, item);
		item = map;
	}
	node_push(matcher->arena, node, item);
	return match_items(matcher, node, part, field, pattern);
}

static bool match_field(Matcher *matcher, Node *node, size_t part)
{
	Str name = matcher->path->parts[part];
	Node *field;

	if (!tree_is_null(node) && !tree_expect(node, NODE_MAPPING, matcher->diag))
		return false;
	field = tree_is_null(node) ? NULL : tree_get(node, name);
	if (!field && !matcher->create)
		return true;
	if (!field) {
		field = tree_kind(matcher->arena, kind_for(matcher, part + 1));
		node_push(matcher->arena, node, tree_key(matcher->arena, name));
		node_push(matcher->arena, node, field);
	}
	return match(matcher, field, part + 1);
}

static bool match(Matcher *matcher, Node *node, size_t part)
{
	Str text;

	if (part == matcher->path->len) {
		VEC_PUSH(matcher->arena, matcher->out->items, matcher->out->len,
		         matcher->out->cap) = node;
		return true;
	}
	text = matcher->path->parts[part];
	if (is_index(text))
		return match_index(matcher, node, part);
	if (is_bracketed(text))
		return match_condition(matcher, node, part);
	if (str_is(text, "*"))
		return match_every(matcher, node, part);
	return match_field(matcher, node, part);
}

bool path_match(Arena *arena, Node *root, const Path *path, bool create, NodeKind kind,
                FoundNodes *out, Diag *diag)
{
	Matcher matcher = {arena, path, create, kind, out, diag};

	*out = (FoundNodes){0};
	return match(&matcher, root, 0);
}
