#include "data/node_path.h"

#include "base/buf.h"
#include "base/num.h"

#include <string.h>

// What names an item of a list, tried in this order.
static const char *const ITEM_NAMES[] = {"name", "containerPort", "port", "mountPath", "key",
                                         "ip",   "type"};

static Str item_name(const Node *item)
{
	for (size_t i = 0; i < sizeof ITEM_NAMES / sizeof *ITEM_NAMES; i++) {
		const Node *name =
			item->kind == NODE_MAPPING ? node_get_c(item, ITEM_NAMES[i]) : NULL;
		if (name && name->kind == NODE_SCALAR && name->value.len)
			return name->value;
	}
	return S("");
}

static bool is_plain_key(Str key)
{
	for (size_t i = 0; i < key.len; i++)
		if (strchr(".[]\"' \t\n", key.p[i]) || !key.p[i])
			return false;
	return key.len > 0;
}

Str node_path_of_key(Arena *arena, Str parent, Str key)
{
	Buf buf = buf_new(arena);

	buf_str(&buf, parent);
	if (is_plain_key(key)) {
		if (parent.len)
			buf_byte(&buf, '.');
		buf_str(&buf, key);
	} else {
		buf_byte(&buf, '[');
		num_quote(&buf, key);
		buf_byte(&buf, ']');
	}
	return buf_view(&buf);
}

Str node_path_of_item(Arena *arena, Str parent, const Node *item, size_t index)
{
	Str name = item_name(item);
	Buf buf = buf_new(arena);

	buf_str(&buf, parent);
	if (is_plain_key(name)) {
		buf_byte(&buf, '[');
		buf_str(&buf, name);
		buf_byte(&buf, ']');
	} else {
		buf_printf(&buf, "[%zu]", index);
	}
	return buf_view(&buf);
}

// --- reading a path ---

typedef struct Step {
	bool bracket, quoted;
	Str text;
} Step;

// The next step of `*rest`; false at the end, or (with `*rest` left as it is) where the path is malformed.
static bool next_step(Arena *arena, Str *rest, Step *step)
{
	Str path = *rest;
	size_t end = 0;

	*step = (Step){0};
	if (path.len && path.p[0] == '.')
		path = str_from(path, 1);
	if (!path.len)
		return false;
	if (path.p[0] != '[') {
		while (end < path.len && path.p[end] != '.' && path.p[end] != '[')
			end += path.p[end] == '\\' && end + 1 < path.len ? 2 : 1;
		step->text = str_to(path, end);
		*rest = str_from(path, end);
		return end > 0;
	}
	step->bracket = true;
	step->quoted = path.len > 1 && path.p[1] == '"';
	if (step->quoted) {
		for (end = 2; end < path.len && path.p[end] != '"'; end++)
			end += path.p[end] == '\\';
		if (end + 1 >= path.len || path.p[end + 1] != ']' ||
		    !num_unquote(arena, str_slice(path, 1, end + 1), &step->text))
			return false;
		*rest = str_from(path, end + 2);
		return true;
	}
	end = str_find_byte(path, ']');
	if (end == STR_NONE)
		return false;
	step->text = str_slice(path, 1, end);
	*rest = str_from(path, end + 1);
	return true;
}

static Node *item_of(const Node *sequence, Str text)
{
	int64_t index;

	for (size_t i = 0; i < sequence->len; i++)
		if (str_eq(item_name(node_follow(sequence->children[i])), text))
			return sequence->children[i];
	if (num_parse_int(text, 10, 64, &index) != NUM_OK || index < 0 ||
	    (uint64_t)index >= sequence->len)
		return NULL;
	return sequence->children[index];
}

// A key with a dot in it may be written with a backslash before the dot.
static Str unescape(Arena *arena, Str text)
{
	Buf buf = buf_new(arena);

	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '\\' && i + 1 < text.len)
			i++;
		buf_byte(&buf, text.p[i]);
	}
	return buf_view(&buf);
}

static Node *take_step(Arena *arena, Node *node, Step step)
{
	Str key = step.quoted ? step.text : unescape(arena, step.text);

	if (node->kind == NODE_MAPPING)
		return node_get(node, key);
	return node->kind == NODE_SEQUENCE ? item_of(node, key) : NULL;
}

static Str nearest_child(Arena *arena, const Node *node, Str name)
{
	size_t count = node->kind == NODE_MAPPING    ? node->len / 2
	               : node->kind == NODE_SEQUENCE ? node->len
	                                             : 0;
	Str *names = ARENA_ARRAY(arena, Str, count + 1);

	for (size_t i = 0; i < count; i++)
		names[i] = node->kind == NODE_MAPPING ? node->children[2 * i]->value
		                                      : item_name(node_follow(node->children[i]));
	return str_nearest(name, names, count);
}

Node *node_at_path(Arena *arena, Node *root, Str path, Str *found, Str *nearest)
{
	Node *node = node_follow(root);
	Str rest = path;
	Step step;

	*found = *nearest = S("");
	while (rest.len) {
		Node *next = next_step(arena, &rest, &step) && node ? take_step(arena, node, step)
		                                                    : NULL;
		if (!next) {
			if (node && step.text.len)
				*nearest = nearest_child(arena, node, step.text);
			return NULL;
		}
		*found = str_to(path, (size_t)(rest.p - path.p));
		node = node_follow(next);
	}
	return node;
}

// --- walking ---

typedef struct Walk {
	Arena *arena;
	NodeVisit *visit;
	void *context;
} Walk;

static void walk(const Walk *w, Node *node, Str path)
{
	node = node->kind == NODE_ALIAS
	               ? node
	               : node_follow(node); // what an alias stands for has been seen
	if (!node)
		return;
	if (node->kind == NODE_SCALAR)
		w->visit(w->context, node, path, false);
	for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node->len; i++)
		walk(w, node->children[i],
		     node_path_of_item(w->arena, path, node_follow(node->children[i]), i));
	for (size_t i = 0; node->kind == NODE_MAPPING && i + 1 < node->len; i += 2) {
		Str here = node_path_of_key(w->arena, path, node->children[i]->value);
		if (node->children[i]->kind == NODE_SCALAR)
			w->visit(w->context, node->children[i], here, true);
		walk(w, node->children[i + 1], here);
	}
}

void node_walk_scalars(Arena *arena, Node *root, NodeVisit *visit, void *context)
{
	Walk w = {arena, visit, context};

	if (root)
		walk(&w, root, S(""));
}
