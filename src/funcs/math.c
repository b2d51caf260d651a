// Sprig's numbers. Integers wrap around as Go's do; the functions whose names end in f go through
// decimal numbers (funcs/decimal.h), so that 0.1 and 0.2 are 0.3.

#include "funcs/cast.h"
#include "funcs/decimal.h"
#include "funcs/families.h"

#include "base/num.h"
#include "template/format.h"

#include <math.h>

// --- integers ---

static int64_t wrap_add(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t wrap_sub(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t wrap_mul(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a * (uint64_t)b);
}

static int64_t larger(int64_t a, int64_t b)
{
	return b > a ? b : a;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return b < a ? b : a;
}

static bool return_folded(Call *c, int64_t from, size_t first, int64_t (*step)(int64_t, int64_t))
{
	for (size_t i = first; i < c->count; i++)
		from = step(from, cast_int64(&c->args[i]));
	return call_return_int64(c, from);
}

static bool add(Call *c)
{
	return return_folded(c, 0, 0, wrap_add);
}

static bool add1(Call *c)
{
	return call_return_int64(c, wrap_add(cast_int64(&c->args[0]), 1));
}

static bool sub(Call *c)
{
	return return_folded(c, cast_int64(&c->args[0]), 1, wrap_sub);
}

static bool mul(Call *c)
{
	return return_folded(c, cast_int64(&c->args[0]), 1, wrap_mul);
}

static bool max(Call *c)
{
	return return_folded(c, cast_int64(&c->args[0]), 1, larger);
}

static bool min(Call *c)
{
	return return_folded(c, cast_int64(&c->args[0]), 1, smaller);
}

static bool div(Call *c)
{
	int64_t a = cast_int64(&c->args[0]), b = cast_int64(&c->args[1]);

	if (!b)
		return call_fail(c, "runtime error: integer divide by zero");
	// The smallest number has no positive twin: Go's quotient is the number itself, C's
	// undefined.
	return call_return_int64(c, b == -1 ? wrap_sub(0, a) : a / b);
}

static bool mod(Call *c)
{
	int64_t a = cast_int64(&c->args[0]), b = cast_int64(&c->args[1]);

	if (!b)
		return call_fail(c, "runtime error: integer divide by zero");
	return call_return_int64(c, b == -1 ? 0 : a % b);
}

static bool to_decimal(Call *c)
{
	Text text = call_text(c);
	int64_t i = 0;

	format_value(&text, &c->args[0]);
	return call_return_int64(c,
	                         num_parse_int(buf_view(&text.buf), 8, 64, &i) == NUM_OK ? i : 0);
}

// --- decimal numbers ---

typedef Decimal DecimalStep(Arena *arena, const Decimal *a, const Decimal *b);

static bool decimal_of(Call *c, double f, Decimal *out)
{
	if (isnan(f))
		return call_fail(c, "Cannot create a Decimal from NaN");
	if (isinf(f))
		return call_fail(c, "Cannot create a Decimal from %cInf", f < 0 ? '-' : '+');
	*out = decimal_from_float(c->arena, f);
	return true;
}

// Sprig's execDecimalOp: the arguments from `first` on, one after the other.
static bool return_decimal(Call *c, double from, const double *constant, size_t first,
                           DecimalStep *step)
{
	Decimal result, next;

	if (!decimal_of(c, from, &result))
		return false;
	if (constant) {
		next = decimal_from_float(c->arena, *constant);
		result = step(c->arena, &result, &next);
	}
	for (size_t i = first; i < c->count; i++) {
		if (!decimal_of(c, cast_float64(&c->args[i]), &next))
			return false;
		if (step == decimal_div && decimal_is_zero(&next))
			return call_fail(c, "decimal division by 0");
		result = step(c->arena, &result, &next);
		if (result.len > DECIMAL_LIMIT)
			return call_fail(c, "the result has too many digits");
	}
	return call_return_float(c, decimal_to_float(c->arena, &result));
}

static bool addf(Call *c)
{
	return return_decimal(c, 0, NULL, 0, decimal_add);
}

static bool add1f(Call *c)
{
	static const double one = 1;

	return return_decimal(c, cast_float64(&c->args[0]), &one, 1, decimal_add);
}

static bool subf(Call *c)
{
	return return_decimal(c, cast_float64(&c->args[0]), NULL, 1, decimal_sub);
}

static bool mulf(Call *c)
{
	return return_decimal(c, cast_float64(&c->args[0]), NULL, 1, decimal_mul);
}

static bool divf(Call *c)
{
	return return_decimal(c, cast_float64(&c->args[0]), NULL, 1, decimal_div);
}

// --- floats ---

// math.Max: an infinity beats NaN, NaN beats the rest, and 0 is larger than -0.
static double max_float(double a, double b)
{
	if ((isinf(a) && a > 0) || (isinf(b) && b > 0))
		return INFINITY;
	if (isnan(a) || isnan(b))
		return NAN;
	if (a == 0 && b == 0)
		return signbit(a) ? b : a;
	return a > b ? a : b;
}

static double min_float(double a, double b)
{
	if ((isinf(a) && a < 0) || (isinf(b) && b < 0))
		return -INFINITY;
	if (isnan(a) || isnan(b))
		return NAN;
	if (a == 0 && b == 0)
		return signbit(a) ? a : b;
	return a < b ? a : b;
}

static bool return_folded_float(Call *c, double (*step)(double, double))
{
	double result = cast_float64(&c->args[0]);

	for (size_t i = 1; i < c->count; i++)
		result = step(result, cast_float64(&c->args[i]));
	return call_return_float(c, result);
}

static bool maxf(Call *c)
{
	return return_folded_float(c, max_float);
}

static bool minf(Call *c)
{
	return return_folded_float(c, min_float);
}

static bool floor_(Call *c)
{
	return call_return_float(c, floor(cast_float64(&c->args[0])));
}

static bool ceil_(Call *c)
{
	return call_return_float(c, ceil(cast_float64(&c->args[0])));
}

// math.Pow(10, n) as Go computes it, by squaring a mantissa in [0.5, 1): its last bit is not always
// that of the C library's pow.
static double go_pow10(int64_t n)
{
	// A power of ten that is not 0 or infinite has at most three digits.
	int64_t left = n < 0 ? (n < -5000 ? 5000 : -n) : (n > 5000 ? 5000 : n);
	double result = 1, base;
	int exponent = 0, base_exponent;

	if (n == 0)
		return 1;
	if (n == 1)
		return 10;
	base = frexp(10, &base_exponent);
	for (; left; left >>= 1) {
		if (base_exponent < -(1 << 12) || base_exponent > 1 << 12) {
			exponent += base_exponent;
			break;
		}
		if (left & 1) {
			result *= base;
			exponent += base_exponent;
		}
		base *= base;
		base_exponent *= 2;
		if (base < 0.5) {
			base += base;
			base_exponent--;
		}
	}
	if (n < 0) {
		result = 1 / result;
		exponent = -exponent;
	}
	return ldexp(result, exponent);
}

static bool round_(Call *c)
{
	double limit = c->count > 2 ? c->args[2].f : 0.5, power = go_pow10(call_int(c, 1));
	double digit = power * cast_float64(&c->args[0]), whole;

	return call_return_float(c, (modf(digit, &whole) >= limit ? ceil(digit) : floor(digit)) /
	                                    power);
}

// --- sequences ---

// How many steps lead from start to just before stop; 0 where the step leads away from it.
static uint64_t step_count(int64_t start, int64_t stop, int64_t step)
{
	uint64_t distance, size;

	if (stop < start) {
		if (step >= 0)
			return 0;
		distance = (uint64_t)start - (uint64_t)stop;
		size = -(uint64_t)step;
	} else {
		if (step <= 0)
			return 0;
		distance = (uint64_t)stop - (uint64_t)start;
		size = (uint64_t)step;
	}
	return distance / size + (distance % size != 0);
}

static bool return_steps(Call *c, int64_t start, int64_t stop, int64_t step)
{
	uint64_t count = step_count(start, stop, step);
	List *list;

	if (!cast_list_fits(c, count))
		return false;
	list = list_new(c->arena, &TYPE_INT_LIST, count);
	for (uint64_t i = 0; i < count; i++)
		list_push(c->arena, list, value_int(wrap_add(start, wrap_mul((int64_t)i, step))));
	return call_return_list(c, list);
}

static bool until_step(Call *c)
{
	return return_steps(c, call_int(c, 0), call_int(c, 1), call_int(c, 2));
}

static bool until(Call *c)
{
	int64_t count = call_int(c, 0);

	return return_steps(c, 0, count, count < 0 ? -1 : 1);
}

// Like the shell's seq: start, step and end are given as END, START END or START STEP END; the end
// belongs to it.
static bool seq(Call *c)
{
	int64_t start = 1, step = 1, end, towards = 1;
	uint64_t count;
	Buf out = buf_new(c->arena);

	if (c->count < 1 || c->count > 3)
		return call_return_c(c, "");
	end = call_int(c, c->count - 1);
	if (c->count > 1)
		start = call_int(c, 0);
	if (end < start)
		towards = step = -1;
	if (c->count == 3) {
		step = call_int(c, 1);
		if (towards < 0 && step > 0)
			return call_return_c(c, "");
	}
	count = step_count(start, wrap_add(end, towards), step);
	if (!cast_list_fits(c, count))
		return false;
	for (uint64_t i = 0; i < count; i++) {
		if (i)
			buf_byte(&out, ' ');
		num_format_int(&out, wrap_add(start, wrap_mul((int64_t)i, step)), 10);
	}
	return call_return_str(c, buf_view(&out));
}

const Func math_funcs[] = {
	{"add", "any... -> int64", "the sum of the numbers", add, "{{ add 1 2 3 }} => 6"},
	{"add1", "any -> int64", "the number plus 1", add1, "{{ add1 41 }} => 42"},
	{"add1f", "any -> float64", "the number plus 1, with its fraction", add1f,
         "{{ add1f 1.5 }} => 2.5"},
	{"addf", "any... -> float64", "the sum of numbers with fractions", addf,
         "{{ addf 0.1 0.2 }} => 0.3"},
	{"biggest", "any any... -> int64", "an older name of max", max, "{{ biggest 1 3 2 }} => 3"},
	{"ceil", "any -> float64", "the next whole number that is not smaller", ceil_,
         "{{ ceil 1.2 }} => 2"},
	{"div", "any any -> int64", "the quotient of two whole numbers, cut towards 0", div,
         "{{ div 7 2 }} => 3"},
	{"divf", "any any... -> float64", "the first number divided by each of the others", divf,
         "{{ divf 10 2 4 }} => 1.25"},
	{"floor", "any -> float64", "the next whole number that is not larger", floor_,
         "{{ floor 1.8 }} => 1"},
	{"max", "any any... -> int64", "the largest of whole numbers", max, "{{ max 1 3 2 }} => 3"},
	{"maxf", "any any... -> float64", "the largest of the numbers", maxf,
         "{{ maxf 1 2.5 2 }} => 2.5"},
	{"min", "any any... -> int64", "the smallest of whole numbers", min,
         "{{ min 3 1 2 }} => 1"},
	{"minf", "any any... -> float64", "the smallest of the numbers", minf,
         "{{ minf 2 1.5 3 }} => 1.5"},
	{"mod", "any any -> int64", "the rest of a division of whole numbers", mod,
         "{{ mod 7 3 }} => 1"},
	{"mul", "any any... -> int64", "the product of whole numbers", mul,
         "{{ mul 2 3 4 }} => 24"},
	{"mulf", "any any... -> float64", "the product of numbers with fractions", mulf,
         "{{ mulf 1.5 2 3 }} => 9"},
	{"round", "any int float64... -> float64",
         "the number with n digits behind the point; rounded up from .5 on, or from the fraction "
         "given",
         round_, "{{ round 123.5555 3 }} => 123.556"},
	{"seq", "int... -> string", "the numbers from start by step to end, as the shell's seq",
         seq, "{{ seq 0 2 10 }} => 0 2 4 6 8 10"},
	{"sub", "any any -> int64", "the difference of two whole numbers", sub,
         "{{ sub 5 3 }} => 2"},
	{"subf", "any any... -> float64", "the first number less each of the others", subf,
         "{{ subf 7.5 2 3 }} => 2.5"},
	{"toDecimal", "any -> int64", "the number that octal digits stand for", to_decimal,
         "{{ toDecimal \"0777\" }} => 511"},
	{"until", "int -> []int", "the whole numbers from 0 up to, not including, n", until,
         "{{ until 5 }} => [0 1 2 3 4]"},
	{"untilStep", "int int int -> []int",
         "the whole numbers from start by step up to, not including, stop", until_step,
         "{{ untilStep 3 10 3 }} => [3 6 9]"},
	{NULL, NULL, NULL, NULL, NULL},
};
