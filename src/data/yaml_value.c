// Text to Value, as sigs.k8s.io/yaml's Unmarshal does it: go-yaml v2 reads the first document, what
// it found is written as JSON, and that is read back. The three steps are one here; what JSON can't
// say is still an error.
//
// The events of the document are kept as a flat list, in which every collection knows where it
// ends. That is all the tree that anchors, aliases and merge keys need.

#include "data/yaml.h"

#include "base/num.h"
#include "data/yaml_aliases.h"
#include "data/yaml_parse.h"
#include "data/yaml_resolve.h"
#include "data/yaml_spell.h"
#include "data/yaml_trace.h"
#include "data/yaml_write.h"

#include <math.h>
#include <string.h>

// A guess: a key and a value on a short line.
#define BYTES_PER_ITEM 10
#define MERGE_TAG      "tag:yaml.org,2002:merge"

typedef struct Item {
	uint8_t kind; // EventKind: ALIAS, SCALAR, SEQUENCE_START, MAPPING_START
	bool implicit;
	bool active;  // an alias that is being followed
	bool viewed;  // the value is a view of the source, with its origin
	uint32_t end; // the item behind this one and all in it
	union {
		uint32_t target; // of an alias
		uint32_t style;  // ScalarStyle of a scalar
	};
	uint32_t length;
	int32_t line, column;
	const char *text; // the value's bytes
	const Str *tag;   // NULL: none
} Item;

typedef struct Tape {
	Arena *arena;
	Arena *scratch; // for the list itself
	Str text;       // the source
	Item *items;
	size_t count, cap;
	uint32_t *open; // collections not yet ended
	size_t depth, open_cap;
	Map *anchors; // name to item number
} Tape;

typedef struct Converter {
	Arena *arena;
	const YamlValueOptions *options;
	Item *items;
	size_t item_count;
	Str text;         // the source; of Nodes there is none
	LineIndex *lines; // of the source, once asked for
	AliasGuard guard;
	size_t alias_depth;
	size_t shown; // items printed for a message
	Buf path;     // of the value being made, where traced
	Buf repeated; // keys set twice, where strict
	bool unsaid;  // something that JSON can't hold was met: looked for in the end, when nothing
		      // else failed
	Diag *diag;
} Converter;

// --- reading the events
// ----------------------------------------------------------------------------------

static void set_anchor(Tape *tape, Str name, size_t number)
{
	if (!tape->anchors)
		tape->anchors = map_new(tape->scratch, &TYPE_ANY_MAP);
	map_set(tape->scratch, tape->anchors, name, value_int((int64_t)number));
}

static bool find_anchor(const Tape *tape, Str name, uint32_t *number)
{
	const Value *found = tape->anchors ? map_get(tape->anchors, name) : NULL;

	if (found)
		*number = (uint32_t)found->i;
	return found != NULL;
}

static Item *push_item(Tape *tape, EventKind kind)
{
	Item *item = &VEC_PUSH(tape->scratch, tape->items, tape->count, tape->cap);

	*item = (Item){.kind = (uint8_t)kind, .end = (uint32_t)tape->count};
	return item;
}

static void set_text(Item *item, Str value)
{
	item->text = value.p;
	item->length = (uint32_t)value.len;
	item->viewed = value.origin != NULL;
}

static void set_tag(Tape *tape, Item *item, Str tag)
{
	Str *copy = arena_alloc(tape->scratch, sizeof *copy);

	*copy = tag;
	item->tag = copy;
}

static bool tape_event(Tape *tape, const YamlEvent *event, Diag *diag)
{
	if (event->kind == EVENT_SEQUENCE_END || event->kind == EVENT_MAPPING_END) {
		tape->items[tape->open[--tape->depth]].end = (uint32_t)tape->count;
		return true;
	}
	if (event->anchor.len > 0)
		set_anchor(tape, event->anchor, tape->count);
	bool collection = event->kind == EVENT_SEQUENCE_START || event->kind == EVENT_MAPPING_START;
	if (collection) {
		if (tape->depth >= YAML_DEPTH_LIMIT)
			return diag_fail(diag, "yaml: exceeded max depth of %d", YAML_DEPTH_LIMIT);
		VEC_PUSH(tape->scratch, tape->open, tape->depth, tape->open_cap) =
			(uint32_t)tape->count;
	}
	Item *item = push_item(tape, event->kind);
	item->implicit = event->implicit;
	item->line = event->start.line;
	item->column = event->start.column;
	set_text(item, event->value);
	item->style = event->style;
	if (event->tag.len > 0)
		set_tag(tape, item, event->tag);
	if (event->kind == EVENT_ALIAS && !find_anchor(tape, event->value, &item->target))
		return diag_fail(diag, "yaml: unknown anchor '%.*s' referenced",
		                 STR_ARGS(event->value));
	return true;
}

// The first document of the text; no items where it has none.
static bool tape_read(Tape *tape, Str text, Str file, Diag *diag)
{
	Parser parser;
	YamlEvent event;

	// Room for what common texts hold: memory that is not touched costs nothing, growing would
	// copy.
	tape->cap = text.len / BYTES_PER_ITEM + 16;
	tape->items = arena_alloc(tape->scratch, tape->cap * sizeof *tape->items);
	parser_open(&parser, tape->arena, tape->scratch, text, YAML_V2, false);
	tape->text = text;
	for (;;) {
		if (!parser_next(&parser, &event))
			return parser_fail(&parser, file, diag);
		switch (event.kind) {
		case EVENT_STREAM_START:
		case EVENT_DOCUMENT_START:
			break;
		case EVENT_STREAM_END:
		case EVENT_DOCUMENT_END:
			return true;
		default:
			if (!tape_event(tape, &event, diag))
				return false;
		}
	}
}

static bool tape_node(Tape *tape, const Node *node, Map *numbers, Diag *diag);

static bool tape_children(Tape *tape, const Node *node, Map *numbers, Diag *diag)
{
	size_t number = tape->count - 1;

	if (++tape->depth > YAML_DEPTH_LIMIT)
		return diag_fail(diag, "yaml: exceeded max depth of %d", YAML_DEPTH_LIMIT);
	for (size_t i = 0; i < node->len; i++) {
		if (!tape_node(tape, node->children[i], numbers, diag))
			return false;
	}
	tape->depth--;
	tape->items[number].end = (uint32_t)tape->count;
	return true;
}

// The same list from a Node that was read or made before. Aliases are found by the address of what
// they mean.
static bool tape_node(Tape *tape, const Node *node, Map *numbers, Diag *diag)
{
	static const EventKind kinds[] = {
		[NODE_SCALAR] = EVENT_SCALAR,
		[NODE_SEQUENCE] = EVENT_SEQUENCE_START,
		[NODE_MAPPING] = EVENT_MAPPING_START,
		[NODE_ALIAS] = EVENT_ALIAS,
	};

	if (node->kind == NODE_DOCUMENT)
		return node->len == 0 || tape_node(tape, node->children[0], numbers, diag);
	const Node *key = node->kind == NODE_ALIAS ? node->alias : node;
	char *address = arena_alloc(tape->scratch, sizeof key);
	memcpy(address, &key, sizeof key);
	Str name = str_n(address, sizeof key);
	size_t number = tape->count;
	Item *item = push_item(tape, kinds[node->kind]);
	if (node->start.line > 0) {
		item->line = (int32_t)node->start.line - 1;
		item->column = (int32_t)node->start.column - 1;
	}
	set_text(item, node->value);
	if (node->kind == NODE_ALIAS) {
		const Value *found = map_get(numbers, name);
		if (!found)
			return diag_fail(diag, "yaml: unknown anchor '%.*s' referenced",
			                 STR_ARGS(node->value));
		item->target = (uint32_t)found->i;
		return true;
	}
	bool quoted = node->style >= NODE_SINGLE_QUOTED && node->style <= NODE_FOLDED;
	if (node->kind == NODE_SCALAR && node->tagged)
		set_tag(tape, item, node->tag);
	else if (node->kind == NODE_SCALAR && str_is(node->tag, "!!str") && !node->start.line)
		quoted = true; // made as a string, so it is one
	item->implicit = !quoted && !item->tag;
	if (node_anchor(node).len > 0)
		map_set(tape->scratch, numbers, name, value_int((int64_t)number));
	if (node->kind == NODE_SCALAR)
		return true;
	return tape_children(tape, node, numbers, diag);
}

static Str item_value(const Converter *c, const Item *item)
{
	return (Str){item->text, item->length, item->viewed ? c->text.origin : NULL};
}

// --- keys
// --------------------------------------------------------------------------------------------------

// The scalar that an item is; false (diag filled) where its tag forbids it.
static bool resolve_item(Converter *c, const Item *item, Scalar *out)
{
	if (!item->tag && !item->implicit) {
		*out = (Scalar){.kind = SCALAR_STR};
		return true;
	}
	if (!item->tag) {
		*out = scalar_resolve(item_value(c, item), YAML_V2);
		return true;
	}
	if (scalar_resolve_tagged(item_value(c, item), *item->tag, YAML_V2, out))
		return true;
	Str shown = str_printf(c->arena, "yaml: cannot decode %s `", scalar_tag(out->kind));
	shown = str_concat(c->arena, shown, item_value(c, item));
	shown = str_concat(c->arena, shown, S("` as a "));
	return diag_fail_str(c->diag, str_concat(c->arena, shown, tag_short(c->arena, *item->tag)));
}

static const Item *follow(const Converter *c, const Item *item)
{
	while (item->kind == EVENT_ALIAS)
		item = &c->items[item->target];
	return item;
}

static bool convert_binary(Converter *c, Str text, Str *out)
{
	return spell_binary(c->arena, text, out) ||
	       diag_fail(c->diag, "yaml: !!binary value contains invalid base64 data");
}

static void go_scalar(Converter *c, const Item *item, bool top, Buf *out)
{
	Scalar scalar;
	Str text = item_value(c, item);

	if (!resolve_item(c, item, &scalar))
		return;
	switch (scalar.kind) {
	case SCALAR_NULL:
		buf_c(out, top ? "<nil>" : "interface {}(nil)");
		break;
	case SCALAR_BOOL:
		buf_c(out, scalar.b ? "true" : "false");
		break;
	case SCALAR_INT:
		num_format_int(out, scalar.i, 10);
		break;
	case SCALAR_UINT:
		buf_c(out, "0x");
		num_format_uint(out, scalar.u, 16);
		break;
	case SCALAR_FLOAT:
		num_format_float(out, scalar.f, 'g', -1);
		break;
	default:
		if (scalar.kind != SCALAR_BINARY || convert_binary(c, text, &text))
			num_quote(out, text);
	}
}

static void go_syntax(Converter *c, const Item *item, bool top, Buf *out);

static uint64_t float_order(double f)
{
	uint64_t bits;

	memcpy(&bits, &f, sizeof bits);
	return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

// What sorts keys as Go's fmt does: by type (nil, string, uint64, int, float64, bool in Helm's binary), then by value.
static Str key_order(Converter *c, const Item *item)
{
	static const char RANKS[] = {[SCALAR_NULL] = '0',
	                             [SCALAR_UINT] = '2',
	                             [SCALAR_INT] = '3',
	                             [SCALAR_FLOAT] = '4',
	                             [SCALAR_BOOL] = '5'};
	Buf out = buf_new(c->arena);
	Str text = item_value(c, item);
	Scalar scalar = {.kind = SCALAR_NULL};
	uint64_t bits = 0;

	if (item->kind == EVENT_SCALAR && !resolve_item(c, item, &scalar))
		return S("");
	if (scalar.kind >= sizeof RANKS || !RANKS[scalar.kind]) {
		if (scalar.kind == SCALAR_BINARY)
			convert_binary(c, text, &text);
		return str_concat(c->arena, S("1"), text);
	}
	if (scalar.kind == SCALAR_UINT)
		bits = scalar.u;
	else if (scalar.kind == SCALAR_INT)
		bits = (uint64_t)scalar.i ^ (uint64_t)1 << 63;
	else if (scalar.kind == SCALAR_FLOAT)
		bits = float_order(scalar.f);
	else if (scalar.kind == SCALAR_BOOL)
		bits = scalar.b;
	buf_byte(&out, RANKS[scalar.kind]);
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_byte(&out, (char)(bits >> shift));
	return buf_view(&out);
}

// The last of equal keys counts.
static void go_map(Converter *c, const Item *item, Buf *out)
{
	Map *entries = map_new(c->arena, &TYPE_ANY_MAP);

	for (uint32_t i = (uint32_t)(item - c->items) + 1; i < item->end;) {
		Buf shown = buf_new(c->arena);
		Str order = key_order(c, follow(c, &c->items[i]));
		go_syntax(c, &c->items[i], false, &shown);
		buf_byte(&shown, ':');
		i = c->items[i].end;
		go_syntax(c, &c->items[i], false, &shown);
		i = c->items[i].end;
		map_set(c->arena, entries, order, value_str(buf_view(&shown)));
	}
	map_sort(entries);
	buf_c(out, "map[interface {}]interface {}{");
	for (size_t i = 0; i < entries->len; i++) {
		if (i > 0)
			buf_c(out, ", ");
		buf_str(out, value_as_str(&entries->entries[i].value));
	}
	buf_byte(out, '}');
}

// How much of a value a message shows: Go would print all of it.
#define GO_SYNTAX_LIMIT 65536

// A value as Go's %#v prints it, for the messages about keys.
static void go_syntax(Converter *c, const Item *item, bool top, Buf *out)
{
	item = follow(c, item);
	if (c->shown++ > GO_SYNTAX_LIMIT)
		return;
	if (item->kind == EVENT_SCALAR) {
		go_scalar(c, item, top, out);
		return;
	}
	if (item->kind == EVENT_MAPPING_START) {
		go_map(c, item, out);
		return;
	}
	buf_c(out, "[]interface {}{");
	uint32_t first = (uint32_t)(item - c->items) + 1;
	for (uint32_t i = first; i < item->end; i = c->items[i].end) {
		if (i > first)
			buf_c(out, ", ");
		go_syntax(c, &c->items[i], false, out);
	}
	buf_byte(out, '}');
}

// A key that JSON can't have goes into the map under a name that no YAML can spell, with the
// message for a value: a later entry of the same key, or of the whole map's, takes its place.
#define BAD_KEY "\xFF"

static Str bad_key(Converter *c, const Item *key, const char *type, const Item *value)
{
	Buf out = buf_new(c->arena);

	c->unsaid = true;
	buf_printf(&out, "unsupported map key of type: %s, key: ", type);
	go_syntax(c, key, true, &out);
	buf_c(&out, ", value: ");
	go_syntax(c, value, true, &out);
	return buf_view(&out);
}

// The first key inside of `item` that Go's decoder refuses for being a list or map, NULL where it has none.
static const Item *refused_inside(const Converter *c, const Item *item)
{
	uint32_t next = (uint32_t)(item - c->items) + 1;
	bool is_key = item->kind == EVENT_MAPPING_START;

	while (next < item->end) {
		const Item *inner = &c->items[next], *found;
		if (inner->kind == EVENT_SEQUENCE_START || inner->kind == EVENT_MAPPING_START) {
			found = refused_inside(c, inner);
			if (found || is_key)
				return found ? found : inner;
		}
		if (item->kind == EVENT_MAPPING_START)
			is_key = !is_key;
		next = inner->end;
	}
	return NULL;
}

// A key as the string that JSON needs. *message is set where JSON can't have it.
static bool convert_key(Converter *c, const Item *key, const Item *value, Str *out,
                        ScalarKind *kind, Str *message)
{
	Buf buf = buf_new(c->arena);
	const Item *inner;
	Scalar scalar;

	if (key->kind != EVENT_SCALAR) {
		buf_c(&buf, "yaml: invalid map key: ");
		inner = refused_inside(c, key);
		go_syntax(c, inner ? inner : key, true, &buf);
		return diag_fail_str(c->diag, buf_view(&buf));
	}
	if (!resolve_item(c, key, &scalar))
		return false;
	*kind = scalar.kind;
	switch (scalar.kind) {
	case SCALAR_NULL:
		*out = S(BAD_KEY);
		*message = bad_key(c, key, "%!s(<nil>)", value);
		return true;
	case SCALAR_UINT:
		*out = str_concat(c->arena, S(BAD_KEY), item_value(c, key));
		*message = bad_key(c, key, "uint64", value);
		return true;
	case SCALAR_BOOL:
		*out = scalar.b ? S("true") : S("false");
		return true;
	case SCALAR_INT:
		num_format_int(&buf, scalar.i, 10);
		break;
	case SCALAR_FLOAT:
		spell_float(&buf, scalar.f, true);
		break;
	case SCALAR_BINARY:
		return convert_binary(c, item_value(c, key), out);
	default:
		*out = item_value(c, key);
		return true;
	}
	*out = buf_view(&buf);
	return true;
}

// --- values
// ------------------------------------------------------------------------------------------------

// Counts a step; at an alias, goes to what it stands for. NULL on an error. `*alias` must go to
// step_out.
static const Item *step_into(Converter *c, Item *item, Item **alias)
{
	*alias = NULL;
	for (;;) {
		if (!alias_guard_step(&c->guard, c->alias_depth > 0)) {
			diag_fail(c->diag, "yaml: document contains excessive aliasing");
			return NULL;
		}
		if (item->kind != EVENT_ALIAS)
			return item;
		if (item->active) {
			diag_fail(c->diag, "yaml: anchor '%.*s' value contains itself",
			          (int)item->length, item->text);
			return NULL;
		}
		item->active = true;
		c->alias_depth++;
		*alias = item;
		item = &c->items[item->target];
	}
}

static void step_out(Converter *c, Item *alias)
{
	if (alias) {
		alias->active = false;
		c->alias_depth--;
	}
}

// Where `item` begins in the text.
static size_t source_offset(Converter *c, const Item *item)
{
	size_t start;

	if (!c->lines)
		c->lines = line_index_new(c->arena, c->text);
	start = line_index_start(c->lines, (size_t)item->line);
	return start < c->text.len ? start + (size_t)item->column : start;
}

// A text that was put together (merged values) or that is a file's of another name has origins of its own: the place is
// theirs.
static void set_source_place(Converter *c, const Item *item, Origin *origin)
{
	size_t offset;
	const Origin *source = origin_at(c->text, source_offset(c, item), &offset);

	if (!source)
		return;
	origin->file = source->file;
	origin->line = source->line;
	origin->column = source->column;
	if (source->lines)
		line_index_place(source->lines, offset, &origin->line, &origin->column);
}

// The origin of what `item` was read as, for its key path as it stands; `bytes` are where a string was read.
static const Origin *origin_of(Converter *c, const Item *item, Str bytes)
{
	Origin *origin = ARENA_NEW(c->arena, Origin);

	origin->kind = ORIGIN_VALUES;
	origin->base = bytes.p;
	origin->len = bytes.len;
	origin->file = c->options->yaml.file;
	origin->line = c->options->yaml.above + (size_t)item->line + 1;
	origin->column = (size_t)item->column + 1;
	origin->path = str_copy(c->arena, buf_view(&c->path));
	if (c->text.origin)
		set_source_place(c, item, origin);
	return origin;
}

// Whether the value is for a string of Helm's head, where NaN is but a spelling.
static bool in_head_string(const Converter *c)
{
	Str path = buf_view(&c->path);

	return c->options->head &&
	       (str_ieq(path, S("kind")) || str_ieq(path, S("apiVersion")) ||
	        str_ieq(path, S("metadata.name")) ||
	        (path.len > 21 && str_ieq(str_to(path, 21), S("metadata.annotations."))));
}

// The same where the text is what a template wrote: of a number its place, of a text the bytes that say it.
static void trace_text(Converter *c, const Item *item, Value *out)
{
	size_t start = source_offset(c, item), end = c->text.len;
	Str source, s;

	if (item + 1 < c->items + c->item_count)
		end = source_offset(c, item + 1);
	source = str_slice(c->text, start, end > start ? end : start);
	if (out->kind != V_STRING) {
		out->origin = origin_of_reading(c->arena, source);
		return;
	}
	s = value_as_str(out);
	if (s.p != item->text)
		out->origin = origin_derived(c->arena, &source, 1);
	else if (!item->viewed)
		*out = value_str(yaml_trace_scalar(c->arena, source, 0, source.len,
		                                   (ScalarStyle)item->style, s));
}

static bool convert_scalar(Converter *c, const Item *item, Value *out)
{
	Scalar scalar;
	Str text = item_value(c, item);

	if (!resolve_item(c, item, &scalar))
		return false;
	switch (scalar.kind) {
	case SCALAR_NULL:
		*out = value_nil();
		break;
	case SCALAR_BOOL:
		*out = value_bool(scalar.b);
		break;
	case SCALAR_INT:
		*out = c->options->ints ? value_int64(scalar.i) : value_float((double)scalar.i);
		break;
	case SCALAR_UINT:
		*out = value_float((double)scalar.u);
		if (c->options->ints)
			*out = (Value){.kind = V_UINT64, .u = scalar.u};
		break;
	case SCALAR_FLOAT:
		*out = value_float(scalar.f);
		if (!isnan(scalar.f) && !isinf(scalar.f))
			break;
		c->unsaid = true;
		if (in_head_string(c)) {
			Buf spelled = buf_new(c->arena);
			spell_float(&spelled, scalar.f, false);
			*out = value_str(buf_view(&spelled));
		}
		break;
	case SCALAR_BINARY:
		if (!convert_binary(c, text, &text))
			return false;
		*out = value_str(text);
		break;
	default:
		*out = value_str(text);
	}
	if (c->options->yaml.traced)
		out->origin = origin_of(c, item,
		                        out->kind == V_STRING ? str_n(out->s.p, out->s.len)
		                                              : str_n(item->text, item->length));
	else if (c->text.origin)
		trace_text(c, item, out);
	return true;
}

static bool convert(Converter *c, Item *item, Value *out);

// The path of an entry: "a.b[0].c", with the dots of a key escaped as --set wants them.
static void push_key(Converter *c, Str key)
{
	if (!c->options->yaml.traced && !c->options->head)
		return;
	if (c->path.len > 0)
		buf_byte(&c->path, '.');
	for (size_t i = 0; i < key.len; i++) {
		if (key.p[i] == '.' || key.p[i] == ',' || key.p[i] == '\\')
			buf_byte(&c->path, '\\');
		buf_byte(&c->path, key.p[i]);
	}
}

static bool convert_sequence(Converter *c, const Item *item, Value *out)
{
	uint32_t i = (uint32_t)(item - c->items) + 1;
	size_t path = c->path.len, number = 0, count = 0;

	for (uint32_t j = i; j < item->end; j = c->items[j].end)
		count++;
	List *list = list_new(c->arena, &TYPE_ANY_LIST, count);
	for (; i < item->end; i = c->items[i].end) {
		Value v;
		if (c->options->yaml.traced)
			buf_printf(&c->path, "[%zu]", number);
		if (!convert(c, &c->items[i], &v))
			return false;
		c->path.len = path;
		number++;
		list_push(c->arena, list, v);
	}
	*out = value_list(list);
	return true;
}

static bool is_merge_key(const Item *key)
{
	return key->kind == EVENT_SCALAR && key->length == 2 && memcmp(key->text, "<<", 2) == 0 &&
	       (key->implicit ||
	        (key->tag && (str_is(*key->tag, MERGE_TAG) || str_is(*key->tag, "!!merge"))));
}

// `set` holds the keys set so far, told apart by type, where strict.
static bool convert_entries(Converter *c, const Item *item, Map *map, Map *set);

static bool merge_one(Converter *c, Item *item, Map *map, Map *set)
{
	Item *alias;

	if (follow(c, item)->kind != EVENT_MAPPING_START)
		return diag_fail(c->diag,
		                 "yaml: map merge requires map or sequence of maps as the value");
	const Item *mapping = step_into(c, item, &alias);
	if (!mapping || !convert_entries(c, mapping, map, set))
		return false;
	step_out(c, alias);
	return true;
}

// Earlier maps of a list win, so they are set last.
static bool merge(Converter *c, Item *item, Map *map, Map *set)
{
	if (item->kind != EVENT_SEQUENCE_START)
		return merge_one(c, item, map, set);
	uint32_t *starts = NULL;
	size_t count = 0, cap = 0;
	for (uint32_t i = (uint32_t)(item - c->items) + 1; i < item->end; i = c->items[i].end)
		VEC_PUSH(c->arena, starts, count, cap) = i;
	while (count-- > 0) {
		if (!merge_one(c, &c->items[starts[count]], map, set))
			return false;
	}
	return true;
}

// Where strict: whether the key was set before, which is noted.
static bool key_is_repeated(Converter *c, Map *set, Str key, ScalarKind kind, const Item *value)
{
	if (!set)
		return false;
	Str typed = str_concat(c->arena, str_c(scalar_tag(kind)), key);
	if (!map_get(set, typed)) {
		map_set(c->arena, set, typed, value_nil());
		return false;
	}
	buf_printf(&c->repeated, "\n  line %d: key ", value->line + 1);
	if (kind == SCALAR_STR || kind == SCALAR_TIMESTAMP || kind == SCALAR_OTHER ||
	    kind == SCALAR_BINARY)
		num_quote(&c->repeated, key);
	else
		buf_str(&c->repeated, key);
	buf_c(&c->repeated, " already set in map");
	return true;
}

static bool convert_entry(Converter *c, Item *key, Item *value, Map *map, Map *set)
{
	size_t path = c->path.len;
	ScalarKind kind = SCALAR_STR;
	Item *alias;
	Str name, message = {0};
	Value v;

	const Item *real = step_into(c, key, &alias);
	if (!real || !convert_key(c, real, value, &name, &kind, &message))
		return false;
	step_out(c, alias);
	push_key(c, name);
	if (c->options->yaml.traced)
		name.origin =
			origin_of(c, real, name); // templates print keys as well: range, toYaml
	else if (c->text.origin && !name.origin)  // of a number, or unescaped
		name = text_made_from(c->arena, name, str_from(c->text, source_offset(c, real)));
	if (!convert(c, value, &v))
		return false;
	c->path.len = path;
	if (message.len > 0)
		v = value_str(message);
	if (!key_is_repeated(c, set, name, kind, value))
		map_set(c->arena, map, name, v);
	return true;
}

static bool convert_entries(Converter *c, const Item *item, Map *map, Map *set)
{
	for (uint32_t i = (uint32_t)(item - c->items) + 1; i < item->end;) {
		Item *key = &c->items[i], *value = &c->items[key->end];

		i = value->end;
		bool ok = is_merge_key(key) ? merge(c, value, map, set)
		                            : convert_entry(c, key, value, map, set);
		if (!ok)
			return false;
	}
	return true;
}

static bool convert(Converter *c, Item *item, Value *out)
{
	Item *alias;
	const Item *real = step_into(c, item, &alias);
	bool ok;

	if (!real)
		return false;
	if (real->kind == EVENT_SCALAR) {
		ok = convert_scalar(c, real, out);
	} else if (real->kind == EVENT_SEQUENCE_START) {
		ok = convert_sequence(c, real, out);
	} else {
		Map *map = map_new(c->arena, &TYPE_ANY_MAP);
		Map *set = c->options->strict ? map_new(c->arena, &TYPE_ANY_MAP) : NULL;
		ok = convert_entries(c, real, map, set);
		*out = value_map(map);
	}
	step_out(c, alias);
	return ok;
}

// JSON's refusals, keys before values: the keys are converted before anything is written.
static bool check_keys(Converter *c, const Value *v)
{
	if (v->kind == V_LIST) {
		for (size_t i = 0; i < v->list->len; i++) {
			if (!check_keys(c, &v->list->items[i]))
				return false;
		}
	} else if (v->kind == V_MAP) {
		for (size_t i = 0; i < v->map->len; i++) {
			const MapEntry *entry = &v->map->entries[i];
			if (str_has_prefix(entry->key, S(BAD_KEY)))
				return diag_fail_str(c->diag, value_as_str(&entry->value));
			if (!check_keys(c, &entry->value))
				return false;
		}
	}
	return true;
}

static bool check_values(Converter *c, const Value *v)
{
	if (v->kind == V_LIST) {
		for (size_t i = 0; i < v->list->len; i++) {
			if (!check_values(c, &v->list->items[i]))
				return false;
		}
	} else if (v->kind == V_MAP) {
		map_sort(v->map);
		for (size_t i = 0; i < v->map->len; i++) {
			if (!check_values(c, &v->map->entries[i].value))
				return false;
		}
	} else if (v->kind == V_FLOAT64 && (isnan(v->f) || isinf(v->f))) {
		const char *what = isnan(v->f) ? "NaN" : v->f > 0 ? "+Inf" : "-Inf";
		return diag_fail(c->diag, "json: unsupported value: %s", what);
	}
	return true;
}

static bool check_said(Converter *c, const Value *v)
{
	return check_keys(c, v) && check_values(c, v);
}

static bool convert_tape(Arena *arena, Tape *tape, const YamlValueOptions *options, Value *out,
                         Diag *diag)
{
	Converter c = {
		.arena = arena,
		.options = options,
		.items = tape->items,
		.item_count = tape->count,
		.text = tape->text,
		.guard = {.decoded = 1}, // the document
		.path = buf_new(arena),
		.repeated = buf_new(arena),
		.diag = diag,
	};

	*out = value_nil();
	if (tape->count == 0)
		return true;
	if (!convert(&c, &tape->items[0], out))
		return false;
	if (c.repeated.len > 0)
		return diag_fail_str(diag, str_concat(arena, S("yaml: unmarshal errors:"),
		                                      buf_view(&c.repeated)));
	if (c.unsaid)
		return check_said(&c, out);
	return true;
}

bool yaml_read_json(Arena *arena, Str text, const YamlValueOptions *options, Value *out, Diag *diag)
{
	Tape tape = {.arena = arena, .scratch = arena_scratch(arena)};

	*out = value_nil();
	bool ok = tape_read(&tape, text, options->yaml.file, diag) &&
	          convert_tape(arena, &tape, options, out, diag);
	arena_scratch_free(arena, tape.scratch);
	return ok;
}

bool yaml_read_value(Arena *arena, Str text, const YamlValueOptions *options, Value *out,
                     Diag *diag)
{
	return yaml_read_json(arena, text, options, out, diag) ||
	       diag_wrap(diag, "error converting YAML to JSON");
}

bool node_to_value(Arena *arena, const Node *node, const YamlValueOptions *options, Value *out,
                   Diag *diag)
{
	Tape tape = {.arena = arena, .scratch = arena_scratch(arena)};

	*out = value_nil();
	bool ok = tape_node(&tape, node, map_new(tape.scratch, &TYPE_ANY_MAP), diag) &&
	          convert_tape(arena, &tape, options, out, diag);
	arena_scratch_free(arena, tape.scratch);
	return ok || diag_wrap(diag, "error converting YAML to JSON");
}
