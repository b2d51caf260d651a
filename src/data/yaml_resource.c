// Nodes as `kustomize build` prints them. Kustomize writes the Node, reads the text with go-yaml
// v3, makes JSON of that, and YAML of the JSON. Here the Node becomes the Value that the JSON would
// hold, and toYaml's writer does the rest; only where writing and reading would change something,
// they are done.

#include "data/yaml.h"

#include "base/num.h"
#include "data/yaml_aliases.h"
#include "data/yaml_resolve.h"
#include "data/yaml_spell.h"

#include <math.h>

typedef struct Converter {
	Arena *arena;
	AliasGuard guard;
	size_t depth;
	const Node **active; // aliases being followed
	size_t alias_depth, active_cap;
	Buf repeated; // keys that stand twice in a mapping
	Str unsaid;   // why JSON can't hold the result
	Diag *diag;
} Converter;

static bool convert(Converter *c, const Node *node, Value *out);

// go-yaml v3 guards against aliases that blow up as v2 does.
static bool count_step(Converter *c)
{
	return alias_guard_step(&c->guard, c->alias_depth > 0) ||
	       diag_fail(c->diag, "yaml: document contains excessive aliasing");
}

// The list of active aliases stays short: nesting many of them is more aliasing than is allowed.
static bool enter_alias(Converter *c, const Node *node)
{
	if (!node->alias)
		return diag_fail(c->diag, "yaml: unknown anchor '%.*s' referenced",
		                 STR_ARGS(node->value));
	for (size_t i = 0; i < c->alias_depth; i++) {
		if (c->active[i] == node)
			return diag_fail(c->diag, "yaml: anchor '%.*s' value contains itself",
			                 STR_ARGS(node->value));
	}
	VEC_PUSH(c->arena, c->active, c->alias_depth, c->active_cap) = node;
	return true;
}

static void cannot_say(Converter *c, const char *why)
{
	if (c->unsaid.len == 0)
		c->unsaid = str_c(why);
}

static bool resolve_node(Converter *c, const Node *node, Scalar *out)
{
	bool quoted = node->style >= NODE_SINGLE_QUOTED && node->style <= NODE_FOLDED;

	*out = (Scalar){.kind = SCALAR_STR};
	if (str_is(node->tag, "!!str") || (quoted && node->tag.len == 0))
		return true;
	if (node->tag.len == 0) {
		*out = scalar_resolve(node->value, YAML_V3);
		return true;
	}
	if (scalar_resolve_tagged(node->value, node->tag, YAML_V3, out))
		return true;
	Buf message = buf_new(c->arena);
	buf_printf(&message, "yaml: cannot decode %s `", scalar_tag(out->kind));
	buf_str(&message, node->value);
	buf_c(&message, "` as a ");
	buf_str(&message, tag_short(c->arena, node->tag));
	return diag_fail_str(c->diag, buf_view(&message));
}

static bool convert_scalar(Converter *c, const Node *node, Value *out)
{
	Buf text = buf_new(c->arena);
	Str binary;
	Scalar scalar;

	if (!resolve_node(c, node, &scalar))
		return false;
	switch (scalar.kind) {
	case SCALAR_NULL:
		*out = value_nil();
		break;
	case SCALAR_BOOL:
		*out = value_bool(scalar.b);
		break;
	case SCALAR_INT:
		*out = value_int64(scalar.i);
		break;
	case SCALAR_UINT:
		*out = (Value){.kind = V_UINT64, .u = scalar.u};
		break;
	case SCALAR_FLOAT:
		*out = value_float(scalar.f);
		if (isnan(scalar.f) || isinf(scalar.f))
			cannot_say(c, isnan(scalar.f) ? "json: unsupported value: NaN"
			              : scalar.f > 0  ? "json: unsupported value: +Inf"
			                              : "json: unsupported value: -Inf");
		break;
	case SCALAR_TIMESTAMP:
		timestamp_format(&text, node->value);
		*out = value_str(buf_view(&text));
		break;
	case SCALAR_BINARY:
		if (!spell_binary(c->arena, node->value, &binary))
			return diag_fail(c->diag,
			                 "yaml: !!binary value contains invalid base64 data");
		*out = value_str(binary);
		break;
	default:
		*out = value_str(node->value);
	}
	return true;
}

static bool convert_sequence(Converter *c, const Node *node, Value *out)
{
	List *list = list_new(c->arena, &TYPE_ANY_LIST, node->len);

	for (size_t i = 0; i < node->len; i++) {
		Value item;
		if (!convert(c, node->children[i], &item))
			return false;
		list_push(c->arena, list, item);
	}
	*out = value_list(list);
	return true;
}

static bool is_merge_key(const Node *key)
{
	return key->kind == NODE_SCALAR && str_is(key->value, "<<") &&
	       (key->tag.len == 0 || str_is(key->tag, "!") || str_is(key->tag, "!!merge"));
}

// Notes every key that stands twice, by its text.
static void check_repeated(Converter *c, const Node *node)
{
	Map *lines = map_new(c->arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i + 1 < node->len; i += 2) {
		const Node *key = node->children[i];
		if (key->kind != NODE_SCALAR)
			continue;
		const Value *first = map_get(lines, key->value);
		if (!first) {
			map_set(c->arena, lines, key->value, value_int((int64_t)key->start.line));
			continue;
		}
		buf_printf(&c->repeated, "\n  line %u: mapping key ", key->start.line);
		num_quote(&c->repeated, key->value);
		buf_printf(&c->repeated, " already defined at line %lld", (long long)first->i);
	}
}

static bool convert_entries(Converter *c, const Node *node, Map *map, bool merging);

static bool merge_one(Converter *c, const Node *node, Map *map)
{
	const Node *mapping = node_follow((Node *)node);

	if (!mapping || mapping->kind != NODE_MAPPING)
		return diag_fail(c->diag,
		                 "yaml: map merge requires map or sequence of maps as the value");
	if (c->depth >= YAML_DEPTH_LIMIT)
		return diag_fail(c->diag, "yaml: exceeded max depth of %d", YAML_DEPTH_LIMIT);
	bool alias = node->kind == NODE_ALIAS;
	if (!count_step(c) || (alias && !enter_alias(c, node)))
		return false;
	c->depth++;
	bool ok = convert_entries(c, mapping, map, true);
	c->alias_depth -= alias;
	c->depth--;
	return ok;
}

static bool merge(Converter *c, const Node *node, Map *map)
{
	if (node->kind != NODE_SEQUENCE)
		return merge_one(c, node, map);
	for (size_t i = 0; i < node->len; i++) {
		if (!merge_one(c, node->children[i], map))
			return false;
	}
	return true;
}

static bool convert_key(Converter *c, const Node *key, Str *out, bool *usable)
{
	Scalar scalar;

	key = node_follow((Node *)key);
	if (!key || key->kind != NODE_SCALAR)
		return diag_fail(c->diag, "yaml: invalid map key");
	if (!resolve_node(c, key, &scalar))
		return false;
	*out = key->value;
	*usable = true;
	if (scalar.kind == SCALAR_STR || scalar.kind == SCALAR_OTHER || scalar.kind == SCALAR_MERGE)
		return true;
	// At the top, keys are read into strings, and a null into nothing.
	if (c->depth == 1)
		*usable = scalar.kind != SCALAR_NULL;
	else
		cannot_say(c, "json: unsupported type: map[interface {}]interface {}");
	return true;
}

// What a mapping says itself wins over what it merges, wherever the "<<" stands; so does what was
// merged first.
static bool convert_entries(Converter *c, const Node *node, Map *map, bool merging)
{
	const Node *merged = NULL;

	check_repeated(c, node);
	for (size_t i = 0; i + 1 < node->len; i += 2) {
		const Node *key = node->children[i];
		bool usable = true;
		Str name;
		Value v;

		if (is_merge_key(key)) {
			merged = node->children[i + 1];
			continue;
		}
		if (!convert_key(c, key, &name, &usable))
			return false;
		c->guard.decoded++;
		if (!usable || (merging && map_get(map, name)))
			continue;
		if (!convert(c, node->children[i + 1], &v))
			return false;
		map_set(c->arena, map, name, v);
	}
	return !merged || merge(c, merged, map);
}

static bool convert_collection(Converter *c, const Node *node, Value *out)
{
	bool ok;

	if (c->depth >= YAML_DEPTH_LIMIT)
		return diag_fail(c->diag, "yaml: exceeded max depth of %d", YAML_DEPTH_LIMIT);
	c->depth++;
	if (node->kind == NODE_SEQUENCE) {
		ok = convert_sequence(c, node, out);
	} else {
		Map *map = map_new(c->arena, &TYPE_ANY_MAP);
		ok = convert_entries(c, node, map, false);
		*out = value_map(map);
	}
	c->depth--;
	return ok;
}

static bool convert(Converter *c, const Node *node, Value *out)
{
	bool ok;

	if (!count_step(c))
		return false;
	switch (node->kind) {
	case NODE_SCALAR:
		return convert_scalar(c, node, out);
	case NODE_SEQUENCE:
	case NODE_MAPPING:
		return convert_collection(c, node, out);
	case NODE_ALIAS:
		if (!enter_alias(c, node))
			return false;
		ok = convert(c, node->alias, out);
		c->alias_depth--;
		return ok;
	case NODE_DOCUMENT:
		break;
	}
	*out = value_nil();
	return node->len == 0 || convert(c, node->children[0], out);
}

// A scalar that may not come back from go-yaml v3's writer as it went in: folded ones, and literals
// that begin or end with white space (a comment behind "|+" adds an empty line).
static bool is_unstable(const Node *node)
{
	Str v = node->value;

	if (node->style == NODE_FOLDED)
		return true;
	return node->style == NODE_LITERAL && v.len > 0 &&
	       (v.p[0] == ' ' || v.p[0] == '\n' || v.p[0] == '\t' ||
	        (v.len > 1 && v.p[v.len - 1] == '\n' && v.p[v.len - 2] == '\n'));
}

static bool has_unstable(const Node *node, size_t depth)
{
	if (node->kind == NODE_SCALAR)
		return is_unstable(node);
	if (depth > YAML_DEPTH_LIMIT)
		return false;
	for (size_t i = 0; i < node->len; i++) {
		if (has_unstable(node->children[i], depth + 1))
			return true;
	}
	return false;
}

// Kustomize's detour: the Node as text, and that read again.
static bool reread(Arena *arena, const Node **node, Diag *diag)
{
	YamlOptions options = {.v3 = true};
	Buf text = buf_new(arena);
	Node *document;

	if (!yaml_write_node(&text, *node, diag) ||
	    !yaml_read(arena, buf_view(&text), &options, &document, diag))
		return false;
	if (document)
		*node = document;
	return true;
}

bool node_to_json_value(Arena *arena, const Node *node, Value *out, Diag *diag)
{
	if (has_unstable(node, 0) && !reread(arena, &node, diag))
		return false;
	Converter c = {.arena = arena, .repeated = buf_new(arena), .diag = diag};

	*out = value_nil();
	if (!convert(&c, node, out))
		return false;
	if (c.repeated.len > 0)
		return diag_fail_str(diag, str_concat(arena, S("yaml: unmarshal errors:"),
		                                      buf_view(&c.repeated)));
	if (c.unsaid.len > 0)
		return diag_fail_str(diag, c.unsaid);
	return true;
}

bool yaml_write_resource(Buf *out, const Node *resource, Diag *diag)
{
	Arena *scratch = arena_scratch(out->arena);
	Text text = {.buf = *out};
	Value value;

	bool ok = node_to_json_value(scratch, resource, &value, diag) &&
	          yaml_write_value(&text, &value, diag);
	if (!ok)
		diag->message = str_copy(diag->arena,
		                         diag->message); // may have been made in the scratch arena
	arena_scratch_free(out->arena, scratch);
	*out = text.buf;
	return ok;
}
