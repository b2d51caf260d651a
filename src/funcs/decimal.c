#include "funcs/decimal.h"

#include "base/num.h"

#include <string.h>

#define GROUP        1000000000u // 10^9: two fit in 64 bits with room for a carry
#define GROUP_DIGITS 9

// shopspring/decimal's DivisionPrecision.
#define DIVISION_DIGITS 16

static Decimal with_room(Arena *arena, size_t len)
{
	return (Decimal){false, ARENA_ARRAY(arena, uint32_t, len ? len : 1), len, 0};
}

static void drop_zeros(Decimal *d)
{
	while (d->len && !d->groups[d->len - 1])
		d->len--;
	if (!d->len)
		d->negative = false;
}

bool decimal_is_zero(const Decimal *d)
{
	return d->len == 0;
}

// --- whole numbers: the groups, without sign and exponent ---

static int compare_groups(const Decimal *a, const Decimal *b)
{
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	for (size_t i = a->len; i-- > 0;) {
		if (a->groups[i] != b->groups[i])
			return a->groups[i] < b->groups[i] ? -1 : 1;
	}
	return 0;
}

static Decimal add_groups(Arena *arena, const Decimal *a, const Decimal *b)
{
	size_t len = (a->len > b->len ? a->len : b->len) + 1;
	Decimal sum = with_room(arena, len);
	uint32_t carry = 0;

	for (size_t i = 0; i < len; i++) {
		carry += (i < a->len ? a->groups[i] : 0) + (i < b->len ? b->groups[i] : 0);
		sum.groups[i] = carry % GROUP;
		carry /= GROUP;
	}
	drop_zeros(&sum);
	return sum;
}

// a is not smaller than b.
static Decimal sub_groups(Arena *arena, const Decimal *a, const Decimal *b)
{
	Decimal difference = with_room(arena, a->len);
	int64_t borrow = 0;

	for (size_t i = 0; i < a->len; i++) {
		int64_t group = (int64_t)a->groups[i] - (i < b->len ? b->groups[i] : 0) - borrow;
		borrow = group < 0;
		difference.groups[i] = (uint32_t)(group + (borrow ? (int64_t)GROUP : 0));
	}
	drop_zeros(&difference);
	return difference;
}

static Decimal mul_groups(Arena *arena, const Decimal *a, const Decimal *b)
{
	Decimal product = with_room(arena, a->len + b->len);

	for (size_t i = 0; i < a->len; i++) {
		uint64_t carry = 0;
		for (size_t j = 0; j < b->len; j++) {
			carry += (uint64_t)a->groups[i] * b->groups[j] + product.groups[i + j];
			product.groups[i + j] = (uint32_t)(carry % GROUP);
			carry /= GROUP;
		}
		product.groups[i + b->len] = (uint32_t)carry;
	}
	drop_zeros(&product);
	return product;
}

static Decimal mul_small(Arena *arena, const Decimal *a, uint32_t factor)
{
	Decimal small = {false, &factor, 1, 0};

	return mul_groups(arena, a, &small);
}

static Decimal mul_power10(Arena *arena, const Decimal *a, uint64_t digits)
{
	static const uint32_t powers[] = {1,      10,      100,      1000,     10000,
	                                  100000, 1000000, 10000000, 100000000};
	size_t shift = digits / GROUP_DIGITS;
	Decimal scaled = mul_small(arena, a, powers[digits % GROUP_DIGITS]), shifted;

	if (!shift || !scaled.len)
		return scaled;
	shifted = with_room(arena, scaled.len + shift);
	memcpy(shifted.groups + shift, scaled.groups, scaled.len * sizeof *scaled.groups);
	return shifted;
}

// a / b for a single group b; the rest goes to *rest.
static Decimal div_small(Arena *arena, const Decimal *a, uint32_t b, uint32_t *rest)
{
	Decimal quotient = with_room(arena, a->len);
	uint64_t left = 0;

	for (size_t i = a->len; i-- > 0;) {
		left = left * GROUP + a->groups[i];
		quotient.groups[i] = (uint32_t)(left / b);
		left %= b;
	}
	drop_zeros(&quotient);
	*rest = (uint32_t)left;
	return quotient;
}

// Subtracts digit * b from the groups of `a` from `at` on; true where that went below 0.
static bool sub_product(uint32_t *a, const Decimal *b, uint64_t digit)
{
	uint64_t carry = 0;
	int64_t borrow = 0;

	for (size_t i = 0; i <= b->len; i++) {
		int64_t group;
		carry += i < b->len ? digit * b->groups[i] : 0;
		group = (int64_t)a[i] - (int64_t)(carry % GROUP) - borrow;
		carry /= GROUP;
		borrow = group < 0;
		a[i] = (uint32_t)(group + (borrow ? (int64_t)GROUP : 0));
	}
	return borrow != 0;
}

static void add_back(uint32_t *a, const Decimal *b)
{
	uint32_t carry = 0;

	for (size_t i = 0; i <= b->len; i++) {
		carry += a[i] + (i < b->len ? b->groups[i] : 0);
		a[i] = carry % GROUP;
		carry /= GROUP;
	}
}

// Long division (Knuth's algorithm D): *rest is a - quotient * b.
static Decimal div_groups(Arena *arena, const Decimal *a, const Decimal *b, Decimal *rest)
{
	uint32_t scale, small;
	Decimal top, bottom, scaled, quotient;

	*rest = *a;
	if (compare_groups(a, b) < 0)
		return with_room(arena, 0);
	if (b->len == 1) {
		quotient = div_small(arena, a, b->groups[0], &small);
		*rest = with_room(arena, 1);
		rest->groups[0] = small;
		drop_zeros(rest);
		return quotient;
	}
	// With a top group of at least half its range, a digit guessed from two groups is at most 2
	// too large.
	scale = GROUP / (b->groups[b->len - 1] + 1);
	bottom = mul_small(arena, b, scale);
	top = with_room(arena, a->len + 1);
	scaled = mul_small(arena, a, scale);
	memcpy(top.groups, scaled.groups, scaled.len * sizeof *top.groups);
	quotient = with_room(arena, a->len - b->len + 1);
	for (size_t i = quotient.len; i-- > 0;) {
		uint64_t two =
			(uint64_t)top.groups[i + b->len] * GROUP + top.groups[i + b->len - 1];
		uint64_t digit = two / bottom.groups[b->len - 1],
			 left = two % bottom.groups[b->len - 1];
		while (digit >= GROUP || digit * bottom.groups[b->len - 2] >
		                                 left * GROUP + top.groups[i + b->len - 2]) {
			digit--;
			left += bottom.groups[b->len - 1];
			if (left >= GROUP)
				break;
		}
		if (sub_product(top.groups + i, &bottom, digit)) {
			digit--;
			add_back(top.groups + i, &bottom);
		}
		quotient.groups[i] = (uint32_t)digit;
	}
	drop_zeros(&quotient);
	drop_zeros(&top);
	*rest = div_small(arena, &top, scale, &small);
	return quotient;
}

// --- decimal numbers ---

// Adds b, or its opposite, to a.
static Decimal add_signed(Arena *arena, const Decimal *a, const Decimal *b, bool opposite)
{
	Decimal left = *a, right = *b, sum;
	bool right_negative = b->len && b->negative != opposite;
	int64_t exponent = a->exponent < b->exponent ? a->exponent : b->exponent;

	if (a->exponent > exponent)
		left = mul_power10(arena, a, (uint64_t)(a->exponent - exponent));
	if (b->exponent > exponent)
		right = mul_power10(arena, b, (uint64_t)(b->exponent - exponent));
	if (a->negative == right_negative) {
		sum = add_groups(arena, &left, &right);
		sum.negative = right_negative;
	} else if (compare_groups(&left, &right) >= 0) {
		sum = sub_groups(arena, &left, &right);
		sum.negative = a->negative;
	} else {
		sum = sub_groups(arena, &right, &left);
		sum.negative = right_negative;
	}
	sum.exponent = exponent;
	drop_zeros(&sum);
	return sum;
}

Decimal decimal_add(Arena *arena, const Decimal *a, const Decimal *b)
{
	return add_signed(arena, a, b, false);
}

Decimal decimal_sub(Arena *arena, const Decimal *a, const Decimal *b)
{
	return add_signed(arena, a, b, true);
}

Decimal decimal_mul(Arena *arena, const Decimal *a, const Decimal *b)
{
	Decimal product = mul_groups(arena, a, b);

	product.negative = product.len && a->negative != b->negative;
	product.exponent = a->exponent + b->exponent;
	return product;
}

Decimal decimal_div(Arena *arena, const Decimal *a, const Decimal *b)
{
	int64_t shift = a->exponent - b->exponent + DIVISION_DIGITS;
	Decimal top = *a, bottom = *b, rest, twice, quotient;
	uint32_t one = 1;
	Decimal unit = {false, &one, 1, 0};

	if (shift >= 0)
		top = mul_power10(arena, a, (uint64_t)shift);
	else
		bottom = mul_power10(arena, b, (uint64_t)-shift);
	quotient = div_groups(arena, &top, &bottom, &rest);
	twice = mul_small(arena, &rest, 2);
	if (compare_groups(&twice, &bottom) >= 0)
		quotient = add_groups(arena, &quotient, &unit);
	quotient.negative = quotient.len && a->negative != b->negative;
	quotient.exponent = -DIVISION_DIGITS;
	return quotient;
}

// --- float64 ---

Decimal decimal_from_float(Arena *arena, double f)
{
	Buf text = buf_new(arena);
	Decimal d = with_room(arena, 3); // 17 digits and a half-filled group at most
	size_t i = 0;
	int64_t exponent = 0, written = 0;
	bool fraction = false;

	if (f == 0) {
		d.len = 0;
		return d;
	}
	num_format_float(&text, f, 'e', -1);
	if (text.p[i] == '-')
		i++;
	for (; i < text.len && text.p[i] != 'e'; i++) {
		uint64_t carry = (uint64_t)(text.p[i] - '0');
		if (text.p[i] == '.') {
			fraction = true;
			continue;
		}
		for (size_t j = 0; j < 3; j++) {
			carry += (uint64_t)d.groups[j] * 10;
			d.groups[j] = (uint32_t)(carry % GROUP);
			carry /= GROUP;
		}
		exponent -= fraction;
	}
	num_parse_int(str_n(text.p + i + 1, text.len - i - 1), 10, 64, &written);
	d.exponent = exponent + written;
	d.negative = f < 0;
	drop_zeros(&d);
	return d;
}

// Reading the digits back rounds once and correctly, as Go's big.Rat does.
double decimal_to_float(Arena *arena, const Decimal *d)
{
	Buf text = buf_new(arena);
	double f = 0;

	if (!d->len)
		return 0;
	if (d->negative)
		buf_byte(&text, '-');
	for (size_t i = d->len; i-- > 0;)
		buf_printf(&text, "%09u", (unsigned)d->groups[i]);
	buf_printf(&text, "e%lld", (long long)d->exponent);
	num_parse_float(buf_view(&text), &f);
	return f;
}
