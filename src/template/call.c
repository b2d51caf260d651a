// Signatures: read from a row's text, and checked against values in Go's words.

#include "template/engine.h"

#include <string.h>

static const struct {
	const char *word;
	Param param;
} PARAM_WORDS[] = {
	{"any", {.kind = PARAM_ANY, .go_name = {"interface {}", 12, NULL}}},
	{"value", {.kind = PARAM_VALUE, .go_name = {"reflect.Value", 13, NULL}}},
	{"string", {.kind = PARAM_SCALAR, .scalar = V_STRING, .go_name = {"string", 6, NULL}}},
	{"bool", {.kind = PARAM_SCALAR, .scalar = V_BOOL, .go_name = {"bool", 4, NULL}}},
	{"int", {.kind = PARAM_SCALAR, .scalar = V_INT, .go_name = {"int", 3, NULL}}},
	{"int64", {.kind = PARAM_SCALAR, .scalar = V_INT64, .go_name = {"int64", 5, NULL}}},
	{"uint", {.kind = PARAM_SCALAR, .scalar = V_UINT, .go_name = {"uint", 4, NULL}}},
	{"uint32", {.kind = PARAM_SCALAR, .scalar = V_UINT32, .go_name = {"uint32", 6, NULL}}},
	{"uint64", {.kind = PARAM_SCALAR, .scalar = V_UINT64, .go_name = {"uint64", 6, NULL}}},
	{"float64", {.kind = PARAM_SCALAR, .scalar = V_FLOAT64, .go_name = {"float64", 7, NULL}}},
	{"rune", {.kind = PARAM_SCALAR, .scalar = V_INT32, .go_name = {"int32", 5, NULL}}},
	{"list",
         {.kind = PARAM_LIST, .type = &TYPE_ANY_LIST, .go_name = {"[]interface {}", 14, NULL}}},
	{"strings",
         {.kind = PARAM_LIST, .type = &TYPE_STRING_LIST, .go_name = {"[]string", 8, NULL}}},
	{"bytes", {.kind = PARAM_LIST, .type = &TYPE_BYTES, .go_name = {"[]uint8", 7, NULL}}},
	{"dict",
         {.kind = PARAM_MAP,
          .type = &TYPE_ANY_MAP,
          .go_name = {"map[string]interface {}", 23, NULL}}},
	{"time", {.kind = PARAM_OBJECT, .go_name = {"time.Time", 9, NULL}}},
	// A number written down will do for a named number.
	{"time.Duration",
         {.kind = PARAM_OBJECT, .scalar = V_INT64, .go_name = {"time.Duration", 13, NULL}}},
};

static Param param_from_word(Str word)
{
	for (size_t i = 0; i < sizeof PARAM_WORDS / sizeof *PARAM_WORDS; i++)
		if (str_is(word, PARAM_WORDS[i].word))
			return PARAM_WORDS[i].param;
	return (Param){.kind = PARAM_OBJECT, .go_name = word};
}

static Signature *read_signature(Arena *arena, Str text)
{
	Signature *signature = ARENA_NEW(arena, Signature);
	Str params = str_to(text, str_find(text, S("->"))), word;
	size_t cap = 0;

	while (str_cut(&params, S(" "), &word)) {
		if (!word.len)
			continue;
		signature->variadic = str_has_suffix(word, S("..."));
		if (signature->variadic)
			word = str_to(word, word.len - 3);
		VEC_PUSH(arena, signature->params, signature->count, cap) = param_from_word(word);
	}
	return signature;
}

const Signature *engine_signature(Engine *engine, const Func *func)
{
	Str text = str_c(func->signature);
	Value *known = map_get(engine->signatures, text);
	Signature *signature;

	if (known)
		return known->pointer;
	signature = read_signature(engine->trees, text);
	map_set(engine->trees, engine->signatures, text,
	        (Value){.kind = V_FUNC, .pointer = signature});
	return signature;
}

static const Type TYPE_NIL_POINTER = {.name = "nil", .kind = V_OBJECT, .kind_name = "ptr"};

bool param_nil(Arena *arena, const Param *param, Value *out)
{
	switch (param->kind) {
	case PARAM_ANY:
		*out = value_nil();
		return true;
	case PARAM_VALUE:
		*out = value_invalid();
		return true;
	case PARAM_LIST:
		*out = value_list(list_new(arena, param->type, 0));
		out->list->nil = true;
		return true;
	case PARAM_MAP:
		*out = value_map(map_new(arena, param->type));
		out->map->nil = true;
		return true;
	case PARAM_OBJECT:
		if (!str_has_prefix(param->go_name, S("*")))
			break;
		*out = value_object(ARENA_NEW(arena, Object));
		out->object->type = &TYPE_NIL_POINTER;
		out->object->nil = true;
		return true;
	case PARAM_SCALAR:
		break;
	}
	return false;
}

// Go assigns a named type to an unnamed one of the same shape: Values is a map[string]interface{}.
static bool assignable(const Param *param, const Value *value)
{
	switch (param->kind) {
	case PARAM_ANY:
	case PARAM_VALUE:
		return true;
	case PARAM_SCALAR:
		return value->kind == param->scalar;
	case PARAM_LIST:
		return value->kind == V_LIST && value->list->type->elem == param->type->elem &&
		       value->list->type->elem_type == param->type->elem_type;
	case PARAM_MAP:
		return value->kind == V_MAP && value->map->type->elem == param->type->elem;
	case PARAM_OBJECT:
		break;
	}
	if (value->kind != V_OBJECT)
		return false;
	// A pointer is followed where what it points to is asked for.
	return str_is(param->go_name, value->object->type->name) ||
	       (value->object->type->name[0] == '*' &&
	        str_is(param->go_name, value->object->type->name + 1));
}

void struct_copy(Arena *arena, Value *value)
{
	Object *copy;

	if (value->kind == V_OBJECT && value->object->type->copied) {
		copy = ARENA_NEW(arena, Object);
		*copy = *value->object;
		copy->type = copy->type->copied;
		value->object = copy;
	}
}

// What changes where a value becomes an argument: it is no interface any more, a struct is copied, and a map
// takes on the parameter's type.
static void pass_as(Arena *arena, const Param *param, Value *value)
{
	value->boxed = false;
	if (param->kind == PARAM_MAP)
		value->unnamed = true;
	struct_copy(arena, value);
}

bool param_accept(Arena *arena, const Param *param, Value *value, Str *error)
{
	Str got;

	if (value->kind == V_INVALID) {
		if (param_nil(arena, param, value))
			return true;
		*error = str_concat(arena, S("invalid value; expected "), param->go_name);
		return false;
	}
	if (assignable(param, value)) {
		if (param->kind != PARAM_VALUE)
			pass_as(arena, param, value);
		return true;
	}
	got = value->kind == V_NIL ? S("interface {}") : value_type_name(value);
	*error = str_printf(arena, "wrong type for value; expected %.*s; got %.*s",
	                    STR_ARGS(param->go_name), STR_ARGS(got));
	return false;
}

// --- what a function's body calls ---

bool call_return(Call *call, Value v)
{
	call->result = v;
	return true;
}

bool call_return_str(Call *call, Str s)
{
	return call_return(call, value_str(s));
}

bool call_return_c(Call *call, const char *constant)
{
	return call_return_str(call, str_c(constant));
}

bool call_return_bool(Call *call, bool b)
{
	return call_return(call, value_bool(b));
}

bool call_return_int(Call *call, int64_t i)
{
	return call_return(call, value_int(i));
}

bool call_return_int64(Call *call, int64_t i)
{
	return call_return(call, value_int64(i));
}

bool call_return_float(Call *call, double f)
{
	return call_return(call, value_float(f));
}

bool call_return_list(Call *call, List *list)
{
	return call_return(call, value_list(list));
}

bool call_return_map(Call *call, Map *map)
{
	return call_return(call, value_map(map));
}

bool call_return_text(Call *call, Text *text)
{
	return call_return_str(call, text_str(text));
}

bool call_return_rendered(Call *call, Text *text)
{
	return call_return_str(call, engine_text_close(call->eval->engine, text));
}

bool call_return_derived(Call *call, Str s)
{
	Str *sources;
	size_t count = 0;

	s.origin = NULL;
	if (call->traced) {
		sources = ARENA_ARRAY(call->arena, Str, call->count + 1);
		for (size_t i = 0; i < call->count; i++) {
			const Value *arg = &call->args[i];
			sources[count++] = arg->kind == V_STRING ? value_as_str(arg)
			                                         : (Str){"", 0, arg->origin};
		}
		s.origin = origin_derived(call->arena, sources, count);
	}
	return call_return_str(call, s);
}

bool call_return_encoded(Call *call, Str s, Str source)
{
	s.origin = call->traced ? origin_encoded(call->arena, source) : NULL;
	return call_return_str(call, s);
}

bool call_fail_str(Call *call, Str message)
{
	call->error = message;
	return false;
}

bool call_fail(Call *call, const char *format, ...)
{
	Buf buf = buf_new(call->arena);
	va_list args;

	va_start(args, format);
	buf_vprintf(&buf, format, args);
	va_end(args);
	return call_fail_str(call, buf_view(&buf));
}

Text call_text(Call *call)
{
	Text text = text_new(call->arena, call->traced);

	if (call->traced && call->eval)
		text.cause = call->eval->cause;
	return text;
}

Text call_text_open(Call *call)
{
	Text text = engine_text_open(call->eval->engine);

	text.cause = call->eval->cause;
	return text;
}

Str call_str(const Call *call, size_t arg)
{
	return value_as_str(&call->args[arg]);
}
