// Defaults and choices. What is empty: nil, false, 0, and strings, lists and dictionaries of no
// length.

#include "funcs/cast.h"
#include "funcs/families.h"

static bool default_(Call *c)
{
	return call_return(c, c->count < 2 || cast_empty(&c->args[1]) ? c->args[0] : c->args[1]);
}

static bool empty(Call *c)
{
	return call_return_bool(c, cast_empty(&c->args[0]));
}

// The first argument that is empty, or that is not; c->count where there is none.
static size_t find_empty(const Call *c, bool is_empty)
{
	size_t i = 0;

	while (i < c->count && cast_empty(&c->args[i]) != is_empty)
		i++;
	return i;
}

static bool coalesce(Call *c)
{
	size_t found = find_empty(c, false);

	return call_return(c, found < c->count ? c->args[found] : value_nil());
}

static bool all(Call *c)
{
	return call_return_bool(c, find_empty(c, true) == c->count);
}

static bool any(Call *c)
{
	return call_return_bool(c, find_empty(c, false) < c->count);
}

static bool ternary(Call *c)
{
	return call_return(c, c->args[c->args[2].b ? 0 : 1]);
}

const Func logic_funcs[] = {
	{"all", "any... -> bool", "whether none of the values is empty", all,
         "{{ all 1 \"a\" 0 }} => false"},
	{"any", "any... -> bool", "whether one of the values is not empty", any,
         "{{ any 0 \"\" 1 }} => true"},
	{"coalesce", "any... -> any", "the first value that is not empty", coalesce,
         "{{ coalesce 0 \"\" \"x\" }} => x"},
	{"default", "any any... -> any", "the second value, or the first where that is empty",
         default_, "{{ \"\" | default \"foo\" }} => foo"},
	{"empty", "any -> bool", "whether the value is nil, false, 0 or of no length", empty,
         "{{ empty (list) }} => true"},
	{"ternary", "any any bool -> any",
         "the first value where the condition is true, else the second", ternary,
         "{{ true | ternary \"yes\" \"no\" }} => yes"},
	{NULL, NULL, NULL, NULL, NULL},
};
