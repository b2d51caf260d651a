// Conversions: see funcs/cast.h for what they make of which value.

#include "funcs/cast.h"
#include "funcs/families.h"

#include "base/num.h"

// Sprig throws the error away: what is no number is 0, what is too large the largest number.
static bool atoi_(Call *c)
{
	int64_t i = 0;

	if (num_parse_int(call_str(c, 0), 10, 64, &i) == NUM_SYNTAX)
		i = 0;
	return call_return_int(c, i);
}

static bool to_int(Call *c)
{
	return call_return_int(c, cast_int64(&c->args[0]));
}

static bool to_int64(Call *c)
{
	return call_return_int64(c, cast_int64(&c->args[0]));
}

static bool to_float64(Call *c)
{
	return call_return_float(c, cast_float64(&c->args[0]));
}

static bool to_string(Call *c)
{
	return call_return_str(c, cast_strval(c, &c->args[0]));
}

static bool to_strings(Call *c)
{
	return call_return_list(c, cast_strings(c, &c->args[0]));
}

const Func convert_funcs[] = {
	{"atoi", "string -> int", "the decimal number in a string, 0 where it is none", atoi_,
         "{{ atoi \"42\" }} => 42"},
	{"float64", "any -> float64", "the value as a number with a fraction, 0 where it is none",
         to_float64, "{{ float64 \"1.5\" }} => 1.5"},
	{"int", "any -> int", "the value as a whole number, 0 where it is none", to_int,
         "{{ int 3.7 }} => 3"},
	{"int64", "any -> int64", "the value as a 64-bit whole number, 0 where it is none",
         to_int64, "{{ int64 \"0x10\" }} => 16"},
	{"toString", "any -> string", "the value as a string", to_string,
         "{{ toString 1.5 | quote }} => \"1.5\""},
	{"toStrings", "any -> strings",
         "the elements of a list as strings; a value alone as a list of one", to_strings,
         "{{ toStrings (list 1 true nil) }} => [1 true]"},
	{NULL, NULL, NULL, NULL, NULL},
};
