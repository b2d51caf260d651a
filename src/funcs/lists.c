// Sprig's list functions. They take any list ([]int, []string ...) and return []interface {};
// elements are passed on as they are, with their origins. The `must` twins differ in nothing a
// template can see: an error of theirs is the panic of the others, and the engine reports both
// alike.

#include "funcs/capacity.h"
#include "funcs/cast.h"
#include "funcs/families.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// The list in an argument, or NULL: then the call has failed in the words of Go's function.
static List *list_arg(Call *c, size_t arg, const char *complaint)
{
	const Value *v = &c->args[arg];
	List *list;
	Str kind;

	if (value_is_null(v)) {
		cast_fail_nil(c);
		return NULL;
	}
	list = cast_list(v);
	if (!list) {
		kind = value_kind_name(v);
		call_fail(c, "%s %.*s", complaint, STR_ARGS(kind));
	}
	return list;
}

static List *new_list(Call *c, size_t cap)
{
	return list_new(c->arena, &TYPE_ANY_LIST, cap);
}

static void push_range(Call *c, List *to, const List *from, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++)
		list_push(c->arena, to, from->items[i]);
}

// Go's nil slice of interface{}: prints as [], is null in JSON and YAML.
static bool return_nil_list(Call *c)
{
	List *list = new_list(c, 0);

	list->nil = true;
	return call_return_list(c, list);
}

static bool list(Call *c)
{
	List *to = new_list(c, c->count);

	for (size_t i = 0; i < c->count; i++)
		list_push(c->arena, to, c->args[i]);
	to->go_cap = to->len;
	return call_return_list(c, to);
}

// A list with the items of another and free places for more. Where the other has such places, they
// are taken from it, and the items are shared: lists of interface{} never change once a template
// has them.
static List *extend(Call *c, List *from, size_t more)
{
	List *to;
	size_t room;

	if (from->type == &TYPE_ANY_LIST && from->room >= more) {
		to = ARENA_NEW(c->arena, List);
		to->type = from->type;
		to->items = from->items;
		to->len = from->len;
		to->room = from->room;
		to->grown = from->grown;
		from->room = 0;
		return to;
	}
	// A list that was made longer before will be made longer again.
	room = from->grown ? from->len + more : more;
	to = new_list(c, from->len + room);
	push_range(c, to, from, 0, from->len);
	to->cap = to->len;
	to->room = room;
	return to;
}

// Puts an item into a free place.
static void fill(List *list, Value v)
{
	list->items[list->len++] = v;
	list->cap = list->len;
	list->room--;
	list->grown = true;
}

static bool append(Call *c)
{
	List *from = list_arg(c, 0, "Cannot push on type"), *to;

	if (!from)
		return false;
	to = extend(c, from, 1);
	fill(to, c->args[1]);
	to->go_cap = capacity_grow(to->type, to->len - 1, to->len);
	return call_return_list(c, to);
}

static bool prepend(Call *c)
{
	const List *from = list_arg(c, 0, "Cannot prepend on type");
	List *to;

	if (!from)
		return false;
	to = new_list(c, from->len + 1);
	list_push(c->arena, to, c->args[1]);
	push_range(c, to, from, 0, from->len);
	to->go_cap = capacity_grow(to->type, 1, to->len);
	return call_return_list(c, to);
}

static bool concat(Call *c)
{
	List *to = new_list(c, 0);
	size_t more = 0;

	for (size_t i = 0; i < c->count; i++) {
		const List *from = cast_list(&c->args[i]);
		Str kind;

		if (value_is_null(&c->args[i]))
			return cast_fail_nil(c);
		if (!from) {
			kind = value_kind_name(&c->args[i]);
			return call_fail(c, "Cannot concat type %.*s as list", STR_ARGS(kind));
		}
		more += i ? from->len : 0;
	}
	if (c->count)
		to = extend(c, cast_list(&c->args[0]), more);
	for (size_t i = 1; i < c->count; i++) {
		const List *from = cast_list(&c->args[i]);
		for (size_t j = 0; j < from->len; j++)
			fill(to, from->items[j]);
	}
	to->nil = to->len == 0;
	return call_return_list(c, to);
}

static bool first(Call *c)
{
	const List *from = list_arg(c, 0, "Cannot find first on type");

	return from && call_return(c, from->len ? from->items[0] : value_nil());
}

static bool last(Call *c)
{
	const List *from = list_arg(c, 0, "Cannot find last on type");

	return from && call_return(c, from->len ? from->items[from->len - 1] : value_nil());
}

// The elements from `skip_first` on, without `skip_last` at the end.
static bool return_inner(Call *c, const List *from, size_t skip_first, size_t skip_last)
{
	List *to;

	if (!from)
		return false;
	if (!from->len)
		return return_nil_list(c);
	to = new_list(c, from->len - 1);
	push_range(c, to, from, skip_first, from->len - skip_last);
	to->go_cap = to->len;
	return call_return_list(c, to);
}

static bool rest(Call *c)
{
	return return_inner(c, list_arg(c, 0, "Cannot find rest on type"), 1, 0);
}

static bool initial(Call *c)
{
	return return_inner(c, list_arg(c, 0, "Cannot find initial on type"), 0, 1);
}

static bool reverse(Call *c)
{
	const List *from = list_arg(c, 0, "Cannot find reverse on type");
	List *to;

	if (!from)
		return false;
	to = new_list(c, from->len);
	for (size_t i = from->len; i-- > 0;)
		list_push(c->arena, to, from->items[i]);
	to->go_cap = to->len;
	return call_return_list(c, to);
}

static bool compact(Call *c)
{
	const List *from = list_arg(c, 0, "Cannot compact on type");
	List *to;

	if (!from)
		return false;
	to = new_list(c, 0);
	for (size_t i = 0; i < from->len; i++) {
		if (!cast_empty(&from->items[i]))
			list_push(c->arena, to, from->items[i]);
	}
	return call_return_list(c, to);
}

// A view of the items from start to end, both within the list and what follows it.
static List *slice_view(Call *c, const List *from, size_t start, size_t end)
{
	List *to = ARENA_NEW(c->arena, List);

	to->type = from->type;
	to->items = from->items + start;
	to->len = to->cap = end - start;
	to->go_cap = capacity_of(from) - start;
	to->behind = from->len + from->behind - end;
	return to;
}

// The list with the places that its capacity has behind it, up to `len` of them.
static List *with_places(Call *c, const List *from, size_t len)
{
	List *to = list_new(c->arena, from->type, len);

	push_range(c, to, from, 0, from->len + from->behind);
	while (to->len < len)
		list_push(c->arena, to, capacity_zero(c->arena, from->type));
	to->go_cap = capacity_of(from);
	return to;
}

static bool slice(Call *c)
{
	const List *from = list_arg(c, 0, "list should be type of slice or array but");
	int64_t start, end;

	if (!from)
		return false;
	if (!from->len)
		return call_return(c, value_nil());
	start = c->count > 1 ? cast_int64(&c->args[1]) : 0;
	end = c->count > 2 ? cast_int64(&c->args[2]) : (int64_t)from->len;
	if (start < 0 || end < start ||
	    ((uint64_t)end > from->len && (uint64_t)end > capacity_of(from)))
		return call_fail(c, "reflect.Value.Slice: slice index out of bounds");
	if ((uint64_t)end > from->len + from->behind)
		from = with_places(c, from, (size_t)end);
	return call_return_list(c, slice_view(c, from, (size_t)start, (size_t)end));
}

// The count is computed as Sprig does, in floating point: it decides what happens for sizes below 1. A size of 0 makes
// it infinite or no number at all, neither of which is a length.
static bool chunk(Call *c)
{
	int64_t size = call_int(c, 0), count, len;
	const List *from = list_arg(c, 1, "Cannot chunk type");
	List *to;

	if (!from)
		return false;
	len = (int64_t)from->len;
	count = cast_truncate(floor((double)(len - 1) / (double)size) + 1);
	if (count < 0 || count > len + 1)
		return call_fail(c, "runtime error: makeslice: len out of range");
	to = list_new(c->arena, &TYPE_LIST_LIST, (size_t)count);
	for (int64_t i = 0; i < count; i++) {
		int64_t part_len = size, start;
		List *part;

		if (i == count - 1) {
			part_len = len % size;
			if (part_len == 0)
				part_len = size;
		}
		start = i * size;
		if (part_len < 0 || start < 0 || start > len || part_len > len - start)
			return call_fail(c, "runtime error: makeslice: len out of range");
		part = new_list(c, (size_t)part_len);
		push_range(c, part, from, (size_t)start, (size_t)(start + part_len));
		part->go_cap = part->len;
		list_push(c->arena, to, value_list(part));
	}
	to->go_cap = to->len;
	return call_return_list(c, to);
}

static int compare_strings(const void *a, const void *b)
{
	Str left = value_as_str(a), right = value_as_str(b);

	return str_cmp(left, right);
}

// Sprig sorts a []string where it lies: the template that holds it sees it sorted, too.
static bool sort_alpha(Call *c)
{
	const Value *v = &c->args[0];
	List *to;

	if (cast_list(v)) {
		to = cast_strings(c, v);
		if (to->len)
			qsort(to->items, to->len, sizeof *to->items, compare_strings);
		return call_return_list(c, to);
	}
	to = list_new(c->arena, &TYPE_STRING_LIST, 1);
	list_push(c->arena, to, value_str(cast_strval(c, v)));
	return call_return_list(c, to);
}

// --- sets: uniq, without and has compare by reflect.DeepEqual ---

// Values by a hash that DeepEqual's equals share. Open addressing; slots hold an index + 1.
typedef struct ValueSet {
	Arena *arena;
	Value *items;
	size_t len, cap;
	uint32_t *slots;
	size_t slot_count;
} ValueSet;

// How far a hash looks into nested values: enough to tell most apart.
#define HASH_DEPTH   3
#define HASH_BREADTH 16

static uint64_t hash_mix(uint64_t hash, uint64_t part)
{
	hash = (hash ^ part) * 0x9E3779B97F4A7C15u;
	return hash ^ hash >> 29;
}

static uint64_t value_hash(const Value *v, int depth)
{
	uint64_t hash = hash_mix(0, v->kind), bits, sum = 0;

	switch (v->kind) {
	case V_INVALID:
	case V_NIL:
	case V_OBJECT: // types decide what is equal
	case V_FUNC:
	case V_COMPLEX128:
		return hash;
	case V_BOOL:
		return hash_mix(hash, v->b);
	case V_FLOAT32:
	case V_FLOAT64:
		memcpy(&bits, &v->f, sizeof bits);
		return v->f == 0 ? hash : hash_mix(hash, bits); // 0 and -0 are equal
	case V_STRING:
		return hash_mix(hash, str_hash(value_as_str(v)));
	case V_LIST:
		hash = hash_mix(hash, v->list->len);
		for (size_t i = 0; depth > 0 && i < v->list->len && i < HASH_BREADTH; i++)
			hash = hash_mix(hash, value_hash(&v->list->items[i], depth - 1));
		return hash;
	case V_MAP:
		hash = hash_mix(hash, v->map->len);
		if (v->map->len > HASH_BREADTH || depth == 0)
			return hash;
		for (size_t i = 0; i < v->map->len; i++)
			sum += hash_mix(str_hash(v->map->entries[i].key),
			                value_hash(&v->map->entries[i].value, depth - 1));
		return hash_mix(hash, sum);
	}
	return hash_mix(hash, v->u);
}

static uint32_t *set_slot(const ValueSet *set, const Value *v)
{
	size_t mask = set->slot_count - 1, slot = value_hash(v, HASH_DEPTH) & mask;

	while (set->slots[slot] && !value_equal(v, &set->items[set->slots[slot] - 1]))
		slot = (slot + 1) & mask;
	return &set->slots[slot];
}

static ValueSet set_new(Arena *arena, size_t most)
{
	ValueSet set = {.arena = arena, .slot_count = 16};

	while (set.slot_count < most * 2)
		set.slot_count *= 2;
	set.slots = ARENA_ARRAY(arena, uint32_t, set.slot_count);
	return set;
}

static bool set_has(const ValueSet *set, const Value *v)
{
	return *set_slot(set, v) != 0;
}

// False where it was there.
static bool set_add(ValueSet *set, Value v)
{
	uint32_t *slot = set_slot(set, &v);

	if (*slot)
		return false;
	VEC_PUSH(set->arena, set->items, set->len, set->cap) = v;
	*slot = (uint32_t)set->len;
	return true;
}

static bool uniq(Call *c)
{
	const List *from = list_arg(c, 0, "Cannot find uniq on type");
	ValueSet seen;
	List *to;

	if (!from)
		return false;
	if (!cast_is_bounded(&c->args[0]))
		return cast_fail_unbounded(c);
	seen = set_new(c->arena, from->len);
	to = new_list(c, 0);
	for (size_t i = 0; i < from->len; i++) {
		if (set_add(&seen, from->items[i]))
			list_push(c->arena, to, from->items[i]);
	}
	return call_return_list(c, to);
}

static bool without(Call *c)
{
	const List *from = list_arg(c, 0, "Cannot find without on type");
	ValueSet omit;
	List *to;

	if (!from)
		return false;
	omit = set_new(c->arena, c->count);
	for (size_t i = 1; i < c->count; i++) {
		if (!cast_is_bounded(&c->args[i]))
			return cast_fail_unbounded(c);
		set_add(&omit, c->args[i]);
	}
	to = new_list(c, 0);
	for (size_t i = 0; i < from->len; i++) {
		if (!set_has(&omit, &from->items[i]))
			list_push(c->arena, to, from->items[i]);
	}
	return call_return_list(c, to);
}

static bool has(Call *c)
{
	const List *from;

	if (value_is_null(&c->args[1]))
		return call_return_bool(c, false);
	from = list_arg(c, 1, "Cannot find has on type");
	if (from && !cast_is_bounded(&c->args[0]))
		return cast_fail_unbounded(c);
	for (size_t i = 0; from && i < from->len; i++) {
		if (value_equal(&c->args[0], &from->items[i]))
			return call_return_bool(c, true);
	}
	return from && call_return_bool(c, false);
}

#define APPEND_SIGNATURE  "any any -> list"
#define SUBLIST_SIGNATURE "any -> list"

const Func list_funcs[] = {
	{"append", APPEND_SIGNATURE, "a new list with a value more at its end", append,
         "{{ append (list 1 2) 3 }} => [1 2 3]"},
	{"chunk", "int any -> []list", "the list in parts of n elements", chunk,
         "{{ chunk 2 (list 1 2 3) }} => [[1 2] [3]]"},
	{"compact", SUBLIST_SIGNATURE, "the list without its empty elements", compact,
         "{{ compact (list 1 0 \"a\" \"\") }} => [1 a]"},
	{"concat", "any... -> any", "several lists as one", concat,
         "{{ concat (list 1 2) (list 3) }} => [1 2 3]"},
	{"first", "any -> any", "the first element, nil of an empty list", first,
         "{{ first (list 1 2 3) }} => 1"},
	{"has", "any any -> bool", "whether a value is an element of the list", has,
         "{{ has 4 (list 1 2 3) }} => false"},
	{"initial", SUBLIST_SIGNATURE, "the list without its last element", initial,
         "{{ initial (list 1 2 3) }} => [1 2]"},
	{"last", "any -> any", "the last element, nil of an empty list", last,
         "{{ last (list 1 2 3) }} => 3"},
	{"list", "any... -> list", "a list of the values", list,
         "{{ list 1 \"a\" true }} => [1 a true]"},
	{"mustAppend", APPEND_SIGNATURE, "as append", append,
         "{{ mustAppend (list 1 2) 3 }} => [1 2 3]"},
	{"mustChunk", "int any -> []list", "as chunk", chunk,
         "{{ mustChunk 2 (list 1 2 3) }} => [[1 2] [3]]"},
	{"mustCompact", SUBLIST_SIGNATURE, "as compact", compact,
         "{{ mustCompact (list 1 0 \"a\" \"\") }} => [1 a]"},
	{"mustFirst", "any -> any", "as first", first, "{{ mustFirst (list 1 2 3) }} => 1"},
	{"mustHas", "any any -> bool", "as has", has, "{{ mustHas 2 (list 1 2 3) }} => true"},
	{"mustInitial", SUBLIST_SIGNATURE, "as initial", initial,
         "{{ mustInitial (list 1 2 3) }} => [1 2]"},
	{"mustLast", "any -> any", "as last", last, "{{ mustLast (list 1 2 3) }} => 3"},
	{"mustPrepend", APPEND_SIGNATURE, "as prepend", prepend,
         "{{ mustPrepend (list 1 2) 3 }} => [3 1 2]"},
	{"mustPush", APPEND_SIGNATURE, "another name of mustAppend", append,
         "{{ mustPush (list 1 2) 3 }} => [1 2 3]"},
	{"mustRest", SUBLIST_SIGNATURE, "as rest", rest, "{{ mustRest (list 1 2 3) }} => [2 3]"},
	{"mustReverse", SUBLIST_SIGNATURE, "as reverse", reverse,
         "{{ mustReverse (list 1 2 3) }} => [3 2 1]"},
	{"mustSlice", "any any... -> any", "as slice", slice,
         "{{ mustSlice (list 1 2 3) 1 2 }} => [2]"},
	{"mustUniq", SUBLIST_SIGNATURE, "as uniq", uniq, "{{ mustUniq (list 1 2 1) }} => [1 2]"},
	{"mustWithout", "any any... -> list", "as without", without,
         "{{ mustWithout (list 1 2 3) 2 }} => [1 3]"},
	{"prepend", APPEND_SIGNATURE, "a new list with a value more at its start", prepend,
         "{{ prepend (list 1 2) 3 }} => [3 1 2]"},
	{"push", APPEND_SIGNATURE, "another name of append", append,
         "{{ push (list 1 2) 3 }} => [1 2 3]"},
	{"rest", SUBLIST_SIGNATURE, "the list without its first element", rest,
         "{{ rest (list 1 2 3) }} => [2 3]"},
	{"reverse", SUBLIST_SIGNATURE, "the list from its end to its start", reverse,
         "{{ reverse (list 1 2 3) }} => [3 2 1]"},
	{"slice", "any any... -> any",
         "the elements from one index up to another; up to the end where that is left out", slice,
         "{{ slice (list 1 2 3 4) 1 3 }} => [2 3]"},
	{"sortAlpha", "any -> strings", "the elements as strings, in byte order", sort_alpha,
         "{{ sortAlpha (list \"b\" \"a\" 1) }} => [1 a b]"},
	{"tuple", "any... -> list", "an older name of list", list, "{{ tuple 1 \"a\" }} => [1 a]"},
	{"uniq", SUBLIST_SIGNATURE, "the list without repetitions", uniq,
         "{{ uniq (list 1 2 1) }} => [1 2]"},
	{"without", "any any... -> list", "the list without the values named", without,
         "{{ without (list 1 2 3 2) 2 }} => [1 3]"},
	{NULL, NULL, NULL, NULL, NULL},
};
