// From a render's decisions to the values that can be varied.

#include "lint/switches.h"

#include "chart/strvals.h"
#include "k8s/credential.h"
#include "template/ast.h"

#include <stdlib.h>
#include <string.h>

// A decision's conditions are looked at so far outwards, and so many of its values.
#define OUTER_MAX 16
#define PATHS_MAX 16
// Templates nest no deeper than a person can read.
#define DEPTH_MAX 200

// --- bits ---

void bits_set(Arena *arena, Bits *bits, size_t i)
{
	size_t need = i / 64 + 1;

	if (need > bits->len) {
		bits->words = arena_grow(arena, bits->words, bits->len * sizeof *bits->words,
		                         need * sizeof *bits->words);
		memset(bits->words + bits->len, 0, (need - bits->len) * sizeof *bits->words);
		bits->len = need;
	}
	bits->words[i / 64] |= (uint64_t)1 << i % 64;
}

void bits_join(Arena *arena, Bits *into, const Bits *from)
{
	for (size_t i = from->len; i-- > 0;)
		if (from->words[i]) {
			bits_set(arena, into, i * 64 + (size_t)__builtin_ctzll(from->words[i]));
			into->words[i] |= from->words[i];
		}
}

bool bits_has(const Bits *bits, size_t i)
{
	return i / 64 < bits->len && (bits->words[i / 64] >> i % 64 & 1);
}

bool bits_meet(const Bits *a, const Bits *b)
{
	for (size_t i = 0; i < a->len && i < b->len; i++)
		if (a->words[i] & b->words[i])
			return true;
	return false;
}

bool bits_meet3(const Bits *a, const Bits *b, const Bits *c)
{
	for (size_t i = 0; i < a->len && i < b->len && i < c->len; i++)
		if (a->words[i] & b->words[i] & c->words[i])
			return true;
	return false;
}

// --- paths ---

// A shared table of globals has a path in each chart that sees it; where it is set is the parent's.
static Str global_path(const Chart *chart, Str path)
{
	Str rest = path, key;

	while (str_cut(&rest, S("."), &key)) {
		const Chart *next = NULL;
		if (str_is(key, "global"))
			return str_from(path, (size_t)(key.p - path.p));
		for (size_t i = 0; i < chart->dep_count && !next; i++)
			if (str_eq(chart_name(chart->deps[i]), key))
				next = chart->deps[i];
		if (!next)
			return path;
		chart = next;
	}
	return path;
}

typedef struct Keys {
	Str *items;
	size_t len, cap;
} Keys;

// The keys that a dotted path stands for: of the ways to cut it (keys may hold dots) the first that leads to a value.
static const Value *find_value(Arena *arena, const Map *map, Str path, Keys *keys)
{
	for (size_t i = 0; i <= path.len; i++) {
		const Value *v;
		size_t mark = keys->len;
		if (i < path.len && path.p[i] != '.')
			continue;
		v = map_get(map, str_to(path, i));
		if (!v)
			continue;
		VEC_PUSH(arena, keys->items, keys->len, keys->cap) = str_to(path, i);
		if (i < path.len)
			v = v->kind == V_MAP
			            ? find_value(arena, v->map, str_from(path, i + 1), keys)
			            : NULL;
		if (v)
			return v;
		keys->len = mark;
	}
	return NULL;
}

static void cut_keys(Arena *arena, Str path, Keys *keys)
{
	Str key;

	keys->len = 0;
	while (str_cut(&path, S("."), &key))
		VEC_PUSH(arena, keys->items, keys->len, keys->cap) = key;
}

// Puts a backslash before what --set gives a meaning.
static void escape(Buf *out, Str text, const char *special)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr(special, text.p[i]) != NULL)
			buf_byte(out, '\\');
		buf_byte(out, text.p[i]);
	}
}

static Str set_key(Arena *arena, const Keys *keys)
{
	Buf out = buf_new(arena);

	for (size_t i = 0; i < keys->len; i++) {
		if (i)
			buf_byte(&out, '.');
		escape(&out, keys->items[i], "\\.,=[");
	}
	return buf_view(&out);
}

// --- values ---

// Whether --set takes the text for something that is no text.
static bool looks_typed(Str text)
{
	return str_ieq(text, S("true")) || str_ieq(text, S("false")) || str_ieq(text, S("null")) ||
	       (text.len && strchr("+-0123456789", text.p[0]) != NULL);
}

// The option that sets the key to a value; false where none can say it.
static bool set_option(Arena *arena, Str key, const Value *v, SwitchValue *out)
{
	Str text = v->kind == V_STRING ? value_as_str(v) : S("");
	Buf buf = buf_new(arena);

	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7F)
			return false;
	if (text.len && text.p[0] == '{')
		return false; // the beginning of a list
	out->flag = v->kind == V_STRING && looks_typed(text) ? "--set-string"
	            : value_is_float(v)                      ? "--set-json"
	                                                     : "--set";
	buf_str(&buf, key);
	buf_byte(&buf, '=');
	if (v->kind == V_BOOL)
		buf_c(&buf, v->b ? "true" : "false");
	else if (value_is_int(v))
		buf_printf(&buf, "%lld", (long long)v->i);
	else if (value_is_float(v))
		buf_printf(&buf, "%.17g", v->f);
	else
		escape(&buf, text, "\\,");
	out->text = buf_view(&buf);
	return true;
}

// --- what a condition compares with ---

typedef struct Compared {
	Str path;
	List *literals;
	Arena *arena;
} Compared;

// Whether a chain of fields can be what the path names: .Values.a.b, or .b where the dot is a table.
static bool chain_is(const Ast *chain, Str path)
{
	size_t first = chain->kind == AST_VARIABLE, end = path.len;

	for (size_t i = first; i < chain->name_count; i++)
		if (str_is(chain->names[i], "Values"))
			first = i + 1;
	if (first == chain->name_count)
		return false;
	for (size_t i = chain->name_count; i-- > first;) {
		Str name = chain->names[i];
		if (end < name.len || !str_eq(str_slice(path, end - name.len, end), name))
			return false;
		end -= name.len;
		if (!end)
			return i == first;
		if (path.p[--end] != '.')
			return false;
	}
	return true;
}

// Gathers the texts and counts the chains of an expression.
static void gather(Compared *c, const Ast *node, List *texts, bool *asks, int depth)
{
	if (!node || depth > DEPTH_MAX)
		return;
	if (node->kind == AST_STRING)
		list_push(c->arena, texts, value_str(node->text));
	else if (node->kind == AST_FIELD || node->kind == AST_VARIABLE)
		*asks |= chain_is(node, c->path);
	else if (node->kind == AST_PIPE || node->kind == AST_COMMAND)
		for (size_t i = 0; i < node->count; i++)
			gather(c, node->items[i], texts, asks, depth + 1);
}

static bool compares(const Ast *command)
{
	static const char *const names[] = {"eq", "ne", "has", "hasPrefix", "hasSuffix"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (command->kind == AST_COMMAND && command->count &&
		    command->items[0]->kind == AST_IDENTIFIER &&
		    str_is(command->items[0]->text, names[i]))
			return true;
	return false;
}

static void find_compared(Compared *c, const Ast *node, int depth)
{
	List *texts = list_new(c->arena, &TYPE_ANY_LIST, 0);
	bool asks = false;

	if (!node || depth > DEPTH_MAX || (node->kind != AST_PIPE && node->kind != AST_COMMAND))
		return;
	for (size_t i = 0; i < node->count; i++)
		find_compared(c, node->items[i], depth + 1);
	if (compares(node)) {
		gather(c, node, texts, &asks, depth);
	} else if (node->kind == AST_PIPE && node->count > 1 &&
	           compares(node->items[node->count - 1])) {
		gather(c, node, texts, &asks, depth); // .Values.a | eq "x"
	}
	for (size_t i = 0; asks && i < texts->len; i++)
		list_push(c->arena, c->literals, texts->items[i]);
}

// The literals that the decision compares the value with.
static List *compared_with(Arena *arena, const Cause *cause, Str path)
{
	Compared c = {path, list_new(arena, &TYPE_ANY_LIST, 0), arena};
	const Ast *node = cause->node;

	if (cause->kind ==
	    CAUSE_CHOICE) // its node is the function's name: the arguments are the action's
		node = cause->outer && cause->outer->kind == CAUSE_ACTION ? cause->outer->node
		                                                          : NULL;
	if (node && (node->kind == AST_IF || node->kind == AST_WITH || node->kind == AST_RANGE ||
	             node->kind == AST_ACTION))
		find_compared(&c, node->pipe, 0);
	return c.literals;
}

// --- learning ---

typedef struct Learn {
	Switches *s;
	const Render *render;
	Arena *scratch;
	Map *seen;     // path to Seen
	Settable *new; // in the order in which they were met
	size_t new_count, new_cap;
} Learn;

// What this render has said of a path so far.
typedef struct Seen {
	size_t which;    // STR_NONE: no switch
	const Ast *node; // the latest decision that asked for it
	size_t file;
} Seen;

size_t switches_file(Switches *s, Str name)
{
	const Value *known = map_get(s->files, name);

	if (known)
		return (size_t)known->i;
	map_set(s->arena, s->files, str_copy(s->arena, name), value_int((int64_t)s->files->len));
	return s->files->len - 1;
}

static Str pair_key(const size_t *pair)
{
	return str_n((const char *)pair, 2 * sizeof *pair);
}

static void mark_together(Switches *s, size_t a, size_t b)
{
	size_t pair[] = {a < b ? a : b, a < b ? b : a};

	if (a != b && !map_get(s->together, pair_key(pair)))
		map_set(s->arena, s->together, str_copy(s->arena, pair_key(pair)), value_nil());
}

bool switches_together(const Switches *s, size_t a, size_t b)
{
	size_t pair[] = {a < b ? a : b, a < b ? b : a};

	return map_get(s->together, pair_key(pair)) != NULL;
}

// A pattern names a path and all that is below it.
static bool is_excepted(Switches *s, Str path)
{
	bool found = false;

	for (size_t i = 0; s->except && i < s->except->len; i++)
		for (size_t end = 0; end <= path.len; end++)
			if ((end == path.len || path.p[end] == '.') &&
			    pattern_match(s->except->items[i], str_to(path, end), false))
				found = s->except_used[i] = true;
	return found;
}

static void add_value(Learn *l, size_t which, const Value *v, bool decides)
{
	Switch *sw = &l->s->items[which];
	SwitchValue made;

	if ((sw->own.kind == v->kind && value_equal(&sw->own, v)) ||
	    !set_option(l->s->arena, sw->key, v, &made))
		return;
	if (sw->value_count == SCHEMA_CHOICES_MAX)
		return;
	for (size_t i = 0; i < sw->value_count; i++)
		if (str_eq(sw->values[i].text, made.text))
			return;
	VEC_PUSH(l->s->arena, sw->values, sw->value_count, sw->value_cap) = made;
	VEC_PUSH(l->scratch, l->new, l->new_count, l->new_cap) =
		(Settable){.setting = {which, sw->value_count - 1},
	                   .decides = decides,
	                   .off = v->kind == V_BOOL && !v->b};
}

// Where a value was set.
static Place value_place(Arena *arena, const Value *v)
{
	const Origin *origin = !v ? NULL : v->kind == V_STRING ? value_as_str(v).origin : v->origin;
	Place place = {0};

	if (!origin)
		return place;
	place = origin->kind == ORIGIN_FLAG ? (Place){.file = credential_mask(arena, origin->text)}
	        : origin->kind == ORIGIN_VALUES ? origin_place(origin, 0)
	                                        : place;
	place.file = str_copy(arena, place.file);
	return place;
}

static size_t add_switch(Learn *l, Str path, const Keys *keys, Value own, Place place)
{
	Switches *s = l->s;
	Switch *sw;

	path = str_copy(s->arena, path);
	map_set(s->arena, s->by_path, path, value_int((int64_t)s->len));
	sw = &VEC_PUSH(s->arena, s->items, s->len, s->cap);
	*sw = (Switch){.path = path, .key = set_key(s->arena, keys), .own = own, .place = place};
	if (own.kind == V_STRING)
		sw->own = value_str(str_copy(s->arena, value_as_str(&own)));
	else if (own.kind == V_LIST || own.kind == V_MAP || own.kind == V_OBJECT)
		sw->own = value_nil();
	sw->own.origin = NULL;
	return s->len - 1;
}

static bool is_from_flag(const Value *v)
{
	return v && v->origin && v->origin->kind == ORIGIN_FLAG;
}

static bool is_left_alone(const Switches *s, const Value *v)
{
	return !s->every && is_from_flag(v);
}

// What makes a condition that only asks whether there is a value go the other way.
static void add_opposite(Learn *l, size_t which, const Value *v)
{
	Value other = value_bool(true);

	if (v && v->kind == V_STRING) {
		if (!value_as_str(v).len)
			return;
		other = value_str(S(""));
	} else if (v && value_is_int(v)) {
		other = value_int(v->i == 0);
	}
	add_value(l, which, &other, true);
}

// Whether the path can be a switch at all: then it is one, though maybe without other values yet.
static size_t find_switch(Learn *l, Str path, bool decides)
{
	Keys keys = {0};
	const Value *known = map_get(l->s->by_path, path), *v;
	Value flipped;
	List *choices;
	size_t which;

	if (known)
		return (size_t)known->i;
	v = find_value(l->scratch, l->render->values, path, &keys);
	if (is_left_alone(l->s, v) || (v && (v->kind == V_LIST || v->kind == V_MAP)))
		return STR_NONE;
	if (!v)
		cut_keys(l->scratch, path, &keys);
	if ((!v && str_find_byte(path, '[') != STR_NONE) || is_excepted(l->s, path) ||
	    ((!v || v->kind != V_BOOL) && credential_name(path)))
		return STR_NONE;
	choices = schema_choices(&l->s->schemas, l->render->chart, keys.items, keys.len);
	if (!choices->len && !l->s->every && (!v || (v->kind != V_BOOL && v->kind != V_STRING)))
		return STR_NONE;
	which = add_switch(l, path, &keys, v ? *v : value_nil(), value_place(l->s->arena, v));
	if (v && v->kind == V_BOOL) {
		flipped = value_bool(!v->b);
		add_value(l, which, &flipped, decides);
	}
	for (size_t i = 0; i < choices->len; i++)
		add_value(l, which, &choices->items[i], decides);
	if (l->s->every && (!v || v->kind != V_BOOL))
		add_opposite(l, which, v);
	return which;
}

static Seen *see(Learn *l, Str path, bool decides)
{
	Value *known = map_get(l->seen, path);
	Seen *seen;

	if (known)
		return known->pointer;
	seen = ARENA_NEW(l->scratch, Seen);
	seen->file = STR_NONE;
	seen->which = find_switch(l, global_path(l->render->chart, path), decides);
	map_set(l->scratch, l->seen, path, (Value){.kind = V_FUNC, .pointer = seen});
	return seen;
}

static void mark_all(Learn *l, size_t which, const Cause *cause)
{
	for (size_t i = 0; i < cause->path_count && i < PATHS_MAX; i++) {
		const Value *other = map_get(l->seen, cause->paths[i]);
		const Seen *seen = other ? other->pointer : NULL;
		if (seen && seen->which != STR_NONE)
			mark_together(l->s, which, seen->which);
	}
}

// The decisions around this one are known already: they were taken before.
static void relate(Learn *l, size_t which, const Cause *cause)
{
	size_t outwards = 0;

	for (const Cause *c = cause; c && outwards < OUTER_MAX; c = c->outer)
		if (c->path_count) {
			mark_all(l, which, c);
			outwards++;
		}
}

static Str file_of(const Cause *cause)
{
	while (cause->outer)
		cause = cause->outer;
	return cause->node && cause->node->tree ? cause->node->tree->parse_name : S("");
}

static void learn_decision(Learn *l, const Cause *cause)
{
	size_t file = STR_NONE;

	for (size_t i = 0; i < cause->path_count; i++) {
		Seen *seen = see(l, cause->paths[i], true);
		List *literals;
		if (seen->which == STR_NONE)
			continue;
		if (file == STR_NONE)
			file = switches_file(l->s, file_of(cause));
		if (seen->node == cause->node && seen->file == file)
			continue;
		seen->node = cause->node;
		seen->file = file;
		bits_set(l->s->arena, &l->s->items[seen->which].files, file);
		relate(l, seen->which, cause);
		if (l->s->items[seen->which].own.kind != V_STRING)
			continue;
		literals = compared_with(l->scratch, cause, cause->paths[i]);
		for (size_t j = 0; j < literals->len; j++)
			add_value(l, seen->which, &literals->items[j], true);
	}
}

// A boolean that templates read and no decision asked for: it may decide all the same, by way of a variable.
static void learn_reads(Learn *l, const Map *reads)
{
	for (size_t i = 0; i < reads->len; i++) {
		Keys keys = {0};
		const Value *v =
			find_value(l->scratch, l->render->values, reads->entries[i].key, &keys);
		if (v && v->kind == V_BOOL)
			see(l, reads->entries[i].key, false);
	}
}

static int compare_new(const void *a, const void *b)
{
	const Settable *x = a, *y = b;

	if (x->setting.value != y->setting.value)
		return x->setting.value < y->setting.value ? -1 : 1;
	if (x->off != y->off)
		return x->off ? 1 : -1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void hand_out(Learn *l, Settables *found)
{
	for (size_t i = 0; i < l->new_count; i++)
		l->new[i].order = i;
	if (l->new_count)
		qsort(l->new, l->new_count, sizeof *l->new, compare_new);
	for (size_t i = 0; i < l->new_count; i++)
		VEC_PUSH(l->s->arena, found->items, found->len, found->cap) = l->new[i];
}

size_t switches_find(const Switches *s, const Chart *chart, Str path)
{
	const Value *known = map_get(s->by_path, global_path(chart, path));

	return known ? (size_t)known->i : STR_NONE;
}

bool switches_apply(const Switches *s, const Setting *settings, size_t count, Arena *arena,
                    Map *values, Diag *diag)
{
	for (size_t i = 0; i < count; i++) {
		const SwitchValue *v = &s->items[settings[i].which].values[settings[i].value];
		StrvalsOptions options = {STRVALS_TYPED, true, v->flag};
		if (!strcmp(v->flag, "--set-string"))
			options.kind = STRVALS_STRING;
		else if (!strcmp(v->flag, "--set-json"))
			options.kind = STRVALS_JSON;
		if (!strvals_parse(arena, v->text, &options, values, diag))
			return false;
	}
	return true;
}

Switches *switches_new(Arena *arena, const Patterns *except)
{
	Switches *s = ARENA_NEW(arena, Switches);

	s->arena = arena;
	s->except = except;
	s->except_used = ARENA_ARRAY(arena, bool, (except ? except->len : 0) + 1);
	s->schemas = schema_choices_new(arena);
	s->by_path = map_new(arena, &TYPE_ANY_MAP);
	s->files = map_new(arena, &TYPE_ANY_MAP);
	s->together = map_new(arena, &TYPE_ANY_MAP);
	return s;
}

// What decides on a dependency is a boolean, whether or not the values say it.
static void learn_dependency(Learn *l, const DependencySwitch *asked)
{
	Str path = global_path(l->render->chart, asked->path);
	Keys keys = {0};
	const Value *v = find_value(l->scratch, l->render->values, path, &keys);
	Value flipped = value_bool(!asked->on);
	size_t which;

	if (map_get(l->s->by_path, path) || is_left_alone(l->s, v) || is_excepted(l->s, path) ||
	    (v && v->kind != V_BOOL))
		return;
	if (!v)
		cut_keys(l->scratch, path, &keys);
	which = add_switch(l, path, &keys, value_bool(asked->on), value_place(l->s->arena, v));
	add_value(l, which, &flipped, true);
}

void switches_learn(Switches *s, const Render *render, Settables *found)
{
	Learn l = {.s = s, .render = render, .scratch = arena_scratch(s->arena)};

	l.seen = map_new(l.scratch, &TYPE_ANY_MAP);
	for (size_t i = 0; render->values && i < render->asked.len; i++)
		learn_dependency(&l, &render->asked.items[i]);
	for (size_t i = 0; render->trace && i < render->trace->decision_count; i++)
		learn_decision(&l, render->trace->decisions[i]);
	if (render->trace)
		learn_reads(&l, render->trace->reads);
	hand_out(&l, found);
	arena_scratch_free(s->arena, l.scratch);
}
