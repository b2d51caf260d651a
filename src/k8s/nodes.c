// Asking a document questions: helpers that take NULL for what is not there, so that rules read in one line.

#include "k8s/model.h"

#include "base/num.h"

const Node *node_at(const Node *mapping, const char *key)
{
	const Node *found;

	mapping = mapping ? node_follow((Node *)mapping) : NULL;
	if (!mapping || mapping->kind != NODE_MAPPING)
		return NULL;
	found = node_get_c(mapping, key);
	return found ? node_follow((Node *)found) : NULL;
}

const Node *node_down(const Node *mapping, const char *path)
{
	Str rest = str_c(path), part;

	while (mapping && str_cut(&rest, S("."), &part)) {
		mapping = node_follow((Node *)mapping);
		if (!mapping || mapping->kind != NODE_MAPPING)
			return NULL;
		mapping = node_get(mapping, part);
	}
	return mapping ? node_follow((Node *)mapping) : NULL;
}

static void each_down(const Node *parent, const Node *node, Str path, FoundVisit *visit,
                      void *context)
{
	Str step;

	if (!node)
		return;
	if (!path.len || !str_cut(&path, S("."), &step)) {
		visit(context, parent, node);
		return;
	}
	if (!path.p)
		path = S("");
	if (str_is(step, "[]"))
		for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node_count(node); i++)
			each_down(node, node_item(node, i), path, visit, context);
	else if (node->kind == NODE_MAPPING)
		each_down(node, node_get(node, step), path, visit, context);
}

void node_each_down(const Node *node, const char *path, FoundVisit *visit, void *context)
{
	each_down(NULL, node, str_c(path), visit, context);
}

Str node_text(const Node *node)
{
	node = node ? node_follow((Node *)node) : NULL;
	if (!node || node->kind != NODE_SCALAR || node_is_null(node))
		return S("");
	return node->value;
}

Str node_text_at(const Node *mapping, const char *key)
{
	return node_text(node_at(mapping, key));
}

Str node_setting(const Node *mapping, Str key)
{
	Str name = str_is(key, "value") ? node_text_at(mapping, "name") : S("");

	return name.len ? name : key;
}

int64_t node_int(const Node *node, int64_t fallback)
{
	int64_t i;
	double d;

	if (num_parse_int(node_text(node), 10, 64, &i) == NUM_OK)
		return i;
	if (node_text(node).len && num_parse_float(node_text(node), &d) == NUM_OK && d > -1e15 &&
	    d < 1e15)
		return (int64_t)d;
	return fallback;
}

bool node_bool(const Node *node, bool fallback)
{
	Str text = node_text(node);

	if (str_ieq(text, S("true")))
		return true;
	if (str_ieq(text, S("false")))
		return false;
	return fallback;
}

size_t node_count(const Node *node)
{
	if (!node || (node->kind != NODE_SEQUENCE && node->kind != NODE_MAPPING))
		return 0;
	return node->kind == NODE_MAPPING ? node->len / 2 : node->len;
}

const Node *node_item(const Node *sequence, size_t i)
{
	if (!sequence || sequence->kind != NODE_SEQUENCE || i >= sequence->len)
		return NULL;
	return node_follow(sequence->children[i]);
}

const Node *node_key(const Node *mapping, size_t i)
{
	return mapping && mapping->kind == NODE_MAPPING && 2 * i + 1 < mapping->len
	               ? node_follow(mapping->children[2 * i])
	               : NULL;
}

const Node *node_value(const Node *mapping, size_t i)
{
	return mapping && mapping->kind == NODE_MAPPING && 2 * i + 1 < mapping->len
	               ? node_follow(mapping->children[2 * i + 1])
	               : NULL;
}
