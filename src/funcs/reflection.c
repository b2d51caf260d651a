// What kind of value is it, in Go's words.

#include "funcs/cast.h"
#include "funcs/families.h"

static bool type_of(Call *c)
{
	return call_return_str(c, value_type_name(&c->args[0]));
}

static bool kind_of(Call *c)
{
	return call_return_str(c, value_kind_name(&c->args[0]));
}

static bool type_is(Call *c)
{
	return call_return_bool(c, str_eq(call_str(c, 0), value_type_name(&c->args[1])));
}

static bool type_is_like(Call *c)
{
	Str wanted = call_str(c, 0), type = value_type_name(&c->args[1]);

	return call_return_bool(c, str_eq(wanted, type) || (str_has_prefix(type, S("*")) &&
	                                                    str_eq(wanted, str_from(type, 1))));
}

static bool kind_is(Call *c)
{
	return call_return_bool(c, str_eq(call_str(c, 0), value_kind_name(&c->args[1])));
}

// A comparison goes no deeper than the shallower of the two.
static bool deep_equal(Call *c)
{
	if (!cast_is_bounded(&c->args[0]) && !cast_is_bounded(&c->args[1]))
		return cast_fail_unbounded(c);
	return call_return_bool(c, value_equal(&c->args[0], &c->args[1]));
}

const Func reflection_funcs[] = {
	{"deepEqual", "any any -> bool",
         "whether two values are equal in type and content, all the way down", deep_equal,
         "{{ deepEqual (list 1 2) (list 1 2) }} => true"},
	{"kindIs", "string any -> bool", "whether the value is of the kind", kind_is,
         "{{ kindIs \"map\" (dict) }} => true"},
	{"kindOf", "any -> string", "the kind of a value: string, int, float64, slice, map ...",
         kind_of, "{{ kindOf (list) }} => slice"},
	{"typeIs", "string any -> bool", "whether the value is of the type", type_is,
         "{{ typeIs \"int\" 1 }} => true"},
	{"typeIsLike", "string any -> bool", "whether the value is of the type or a pointer to it",
         type_is_like, "{{ typeIsLike \"semver.Version\" (semver \"1.2.3\") }} => true"},
	{"typeOf", "any -> string", "the type of a value in Go's words", type_of,
         "{{ typeOf (list) }} => []interface {}"},
	{NULL, NULL, NULL, NULL, NULL},
};
