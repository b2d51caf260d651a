#include "data/schema_number.h"

#include "base/num.h"
#include "data/json.h"

#include <math.h>
#include <string.h>

// Go's big.Rat gives up at exponents of a million; nobody needs more digits than these.
#define EXPONENT_MAX 1000000
#define DIGITS_MAX   1000

static Str number_text(Arena *arena, const Value *v)
{
	Buf text = buf_new(arena);

	if (v->kind == V_OBJECT && v->object->type == &TYPE_JSON_NUMBER)
		return *(const Str *)v->object->data;
	if (value_is_float(v))
		num_print_float(&text, v->f);
	else if (value_is_int(v))
		num_format_int(&text, v->i, 10);
	else if (value_is_uint(v))
		num_format_uint(&text, v->u, 10);
	return buf_view(&text);
}

// The digits around the point, without it.
static size_t read_digits(Buf *digits, Str text, size_t at, int64_t *point)
{
	bool fraction = false;

	for (; at < text.len; at++) {
		char c = text.p[at];
		if (c == '.') {
			fraction = true;
		} else if (c < '0' || c > '9') {
			break;
		} else if (digits->len || c != '0') {
			buf_byte(digits, c);
			*point += !fraction;
		} else {
			*point -= fraction;
		}
	}
	return at;
}

bool decimal_of(Arena *arena, const Value *v, Decimal *out)
{
	Str text = number_text(arena, v);
	Buf digits = buf_new(arena);
	int64_t exponent = 0;
	size_t at;

	*out = (Decimal){0};
	if (!text.len || (value_is_float(v) && !isfinite(v->f)))
		return false;
	out->negative = text.p[0] == '-';
	at = read_digits(&digits, text, out->negative, &out->point);
	if (at < text.len) {
		NumError error = num_parse_int(str_from(text, at + 1), 10, 64, &exponent);
		if (error != NUM_OK || exponent > EXPONENT_MAX || exponent < -EXPONENT_MAX)
			return false;
	}
	while (digits.len && digits.p[digits.len - 1] == '0')
		digits.len--;
	if (digits.len > DIGITS_MAX)
		return false;
	out->digits = buf_view(&digits);
	out->point = digits.len ? out->point + exponent : 0;
	out->negative = out->negative && digits.len;
	return true;
}

bool decimal_is_int(const Decimal *d)
{
	return !d->digits.len || d->point >= (int64_t)d->digits.len;
}

static int cmp_size(const Decimal *a, const Decimal *b)
{
	if (!a->digits.len || !b->digits.len)
		return (a->digits.len > 0) - (b->digits.len > 0);
	if (a->point != b->point)
		return a->point < b->point ? -1 : 1;
	return str_cmp(a->digits, b->digits);
}

int decimal_cmp(const Decimal *a, const Decimal *b)
{
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	return a->negative ? -cmp_size(a, b) : cmp_size(a, b);
}

// Long division, digit by digit: `rest` holds the remainder as decimal digits, most significant first.
static bool rest_at_least(const char *rest, Str divisor)
{
	return rest[0] > 0 || memcmp(rest + 1, divisor.p, divisor.len) >= 0;
}

static bool rest_is_zero(const char *rest, size_t len)
{
	for (size_t i = 0; i <= len; i++)
		if (rest[i])
			return false;
	return true;
}

static void rest_subtract(char *rest, Str divisor)
{
	int borrow = 0;

	for (size_t i = divisor.len; i-- > 0;) {
		int digit = rest[i + 1] - divisor.p[i] - borrow;
		borrow = digit < 0;
		rest[i + 1] = (char)(digit + 10 * borrow);
	}
	rest[0] = (char)(rest[0] - borrow);
}

bool decimal_divides(Arena *arena, const Decimal *a, const Decimal *b)
{
	// As whole numbers A * 10^shift / B.
	int64_t shift = (a->point - (int64_t)a->digits.len) - (b->point - (int64_t)b->digits.len);
	size_t len = b->digits.len;
	char *digits, *rest;

	if (!a->digits.len)
		return true;
	if (shift < 0) // B would have to hold a factor 10 that A, which ends in no zero, has not
		return false;
	if (!len)
		return false;
	digits = str_to_c(arena, b->digits);
	for (size_t i = 0; i < len; i++)
		digits[i] = (char)(digits[i] - '0');
	rest = arena_calloc(arena, len + 1, 1);
	for (int64_t i = 0; i < (int64_t)a->digits.len + shift; i++) {
		bool zero = i >= (int64_t)a->digits.len;
		memmove(rest, rest + 1, len);
		rest[len] = zero ? 0 : (char)(a->digits.p[i] - '0');
		while (rest_at_least(rest, str_n(digits, len)))
			rest_subtract(rest, str_n(digits, len));
		if (!zero)
			continue;
		if (rest_is_zero(rest, len)) // more zeros change nothing
			return true;
		// 10 holds 2 and 5, each of which a digit of B holds less than four times.
		if (i > (int64_t)a->digits.len + 4 * (int64_t)len + 64)
			return false;
	}
	return rest_is_zero(rest, len);
}

double decimal_double(Arena *arena, const Decimal *d)
{
	Buf text = buf_new(arena);
	double f = 0;

	if (!d->digits.len)
		return 0;
	if (d->negative)
		buf_byte(&text, '-');
	buf_str(&text, d->digits);
	buf_byte(&text, 'e');
	num_format_int(&text, d->point - (int64_t)d->digits.len, 10);
	num_parse_float(buf_view(&text), &f);
	return f;
}

int64_t decimal_int(const Decimal *d)
{
	uint64_t u = 0;

	for (int64_t at = 0; at < d->point; at++)
		u = u * 10 + (uint64_t)(at < (int64_t)d->digits.len ? d->digits.p[at] - '0' : 0);
	return (int64_t)(d->negative ? 0 - u : u);
}
