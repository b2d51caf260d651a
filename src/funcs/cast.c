#include "funcs/cast.h"

#include "base/num.h"
#include "template/format.h"

#include <math.h>

static Str bytes_to_str(Arena *arena, const List *bytes)
{
	Buf buf = buf_new(arena);

	buf_reserve(&buf, bytes->len);
	for (size_t i = 0; i < bytes->len; i++)
		buf_byte(&buf, (char)bytes->items[i].u);
	return buf_view(&buf);
}

Str cast_strval(Call *call, const Value *v)
{
	Str s;

	if (v->kind == V_STRING)
		return value_as_str(v);
	if (v->kind == V_LIST && v->list->type == &TYPE_BYTES) {
		s = bytes_to_str(call->arena, v->list);
	} else if (v->kind == V_OBJECT && v->object->type->bytes &&
	           v->object->type->bytes(v->object, &s)) {
		return s;
	} else {
		Text text = call_text(call);
		format_value(&text, v);
		s = text_str(&text);
	}
	if (!s.origin)
		s.origin = v->origin;
	return s;
}

List *cast_list(const Value *v)
{
	Value held;

	if (v->kind == V_LIST)
		return v->list;
	if (v->kind != V_OBJECT || !v->object->type->as_container)
		return NULL;
	held = v->object->type->as_container(v->object);
	return held.kind == V_LIST ? held.list : NULL;
}

List *cast_strings(Call *call, const Value *v)
{
	const List *from = cast_list(v);
	List *to;

	if (from && from->type == &TYPE_STRING_LIST)
		return (List *)from;
	to = list_new(call->arena, &TYPE_STRING_LIST, from ? from->len : 1);
	to->go_cap = from ? from->len : 1;
	if (!from && !value_is_null(v))
		list_push(call->arena, to, value_str(cast_strval(call, v)));
	for (size_t i = 0; from && i < from->len; i++) {
		if (!value_is_null(&from->items[i]))
			list_push(call->arena, to, value_str(cast_strval(call, &from->items[i])));
	}
	return to;
}

int64_t cast_truncate(double f)
{
	// 2^63 is a double, 2^63 - 1 is not.
	return f >= -0x1p63 && f < 0x1p63 ? (int64_t)f : INT64_MIN;
}

// "12.00" is "12": cast cuts at the first point from the end that has a zero behind it, as long as
// it meets nothing but zeros and points.
static Str trim_zero_decimal(Str s)
{
	bool zero = false;

	for (size_t i = s.len; i > 0; i--) {
		if (s.p[i - 1] == '0')
			zero = true;
		else if (s.p[i - 1] != '.')
			return s;
		else if (zero)
			return str_to(s, i - 1);
	}
	return s;
}

// The one kind of named number that cast knows: time.Month and time.Weekday. Durations it does not.
static bool calendar_number(const Value *v, int64_t *out)
{
	const Type *type;
	Value number;

	if (v->kind != V_OBJECT)
		return false;
	type = v->object->type;
	if (!type->underlying || (!str_is(str_c(type->name), "time.Month") &&
	                          !str_is(str_c(type->name), "time.Weekday")))
		return false;
	number = type->underlying(v->object);
	*out = number.i;
	return true;
}

int64_t cast_int64(const Value *v)
{
	int64_t i = 0;

	if (value_is_int(v))
		return v->i;
	if (value_is_uint(v))
		return (int64_t)v->u;
	if (value_is_float(v))
		return cast_truncate(v->f);
	if (v->kind == V_BOOL)
		return v->b;
	if (v->kind == V_STRING)
		return num_parse_int(trim_zero_decimal(value_as_str(v)), 0, 64, &i) == NUM_OK ? i
		                                                                              : 0;
	return calendar_number(v, &i) ? i : 0;
}

double cast_float64(const Value *v)
{
	double f = 0;
	int64_t i;

	if (value_is_int(v))
		return (double)v->i;
	if (value_is_uint(v))
		return (double)v->u;
	if (value_is_float(v))
		return v->f;
	if (v->kind == V_BOOL)
		return v->b;
	if (v->kind == V_STRING)
		return num_parse_float(value_as_str(v), &f) == NUM_OK ? f : 0;
	return calendar_number(v, &i) ? (double)i : 0;
}

static bool object_empty(const Object *object)
{
	const Type *type = object->type;
	Value held;

	if (object->nil)
		return true;
	if (type->as_container)
		held = type->as_container(object);
	else if (type->underlying)
		held = type->underlying(object);
	else
		return false;
	return cast_empty(&held);
}

bool cast_empty(const Value *v)
{
	switch (v->kind) {
	case V_INVALID:
	case V_NIL:
		return true;
	case V_BOOL:
		return !v->b;
	case V_FLOAT32:
	case V_FLOAT64:
		return v->f == 0;
	case V_COMPLEX128:
		return v->c.re == 0 && v->c.im == 0;
	case V_STRING:
		return v->s.len == 0;
	case V_LIST:
		return v->list->len == 0;
	case V_MAP:
		return v->map->len == 0;
	case V_OBJECT:
		return object_empty(v->object);
	case V_FUNC:
		return v->func == NULL;
	}
	return value_is_int(v) ? v->i == 0 : v->u == 0;
}

bool cast_fail_nil(Call *call)
{
	return call_fail(call, "runtime error: invalid memory address or nil pointer dereference");
}

bool cast_text_fits(Call *call, size_t bytes)
{
	return bytes <= FUNCS_TEXT_LIMIT ||
	       call_fail(call, "the result would have more than %zu bytes", FUNCS_TEXT_LIMIT);
}

bool cast_list_fits(Call *call, size_t elements)
{
	return elements <= FUNCS_LIST_LIMIT ||
	       call_fail(call, "the result would have more than %zu elements", FUNCS_LIST_LIMIT);
}

// No real chart comes near these; a walk within them needs little stack and time.
#define WALK_DEPTH_LIMIT 10000
#define WALK_NODE_LIMIT  ((size_t)20000000)

typedef enum WalkEnd { WALK_DONE, WALK_TOO_DEEP, WALK_TOO_LONG } WalkEnd;

static WalkEnd walk(const Value *v, size_t depth, size_t *left)
{
	WalkEnd end = WALK_DONE;

	if (v->kind != V_LIST && v->kind != V_MAP)
		return WALK_DONE;
	if (!depth)
		return WALK_TOO_DEEP;
	for (size_t i = 0; v->kind == V_LIST && i < v->list->len && end == WALK_DONE; i++)
		end = (*left)-- ? walk(&v->list->items[i], depth - 1, left) : WALK_TOO_LONG;
	for (size_t i = 0; v->kind == V_MAP && i < v->map->len && end == WALK_DONE; i++)
		end = (*left)-- ? walk(&v->map->entries[i].value, depth - 1, left) : WALK_TOO_LONG;
	return end;
}

bool cast_is_bounded(const Value *v)
{
	size_t left = WALK_NODE_LIMIT;

	return walk(v, WALK_DEPTH_LIMIT, &left) == WALK_DONE;
}

bool cast_is_countable(const Value *v)
{
	size_t left = WALK_NODE_LIMIT;

	return walk(v, WALK_DEPTH_LIMIT, &left) != WALK_TOO_LONG;
}

bool cast_fail_unbounded(Call *call)
{
	return call_fail(call,
	                 "the value is nested too deeply or too often (does it hold itself?)");
}
