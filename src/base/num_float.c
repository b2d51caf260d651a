// Floating point numbers, as Go's strconv reads and writes them.
//
// Both ways go over decimal digits and an exponent. The common cases (whole numbers, a few decimals) are
// done in exact floating point arithmetic; the rest asks the C library, which rounds correctly, with texts
// that have no decimal point, so that no locale can interfere.

#include "base/num.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// 0.d0d1d2... * 10^point. A double has at most 767 significant digits; from the point on at most 1074.
#define DIGITS_MAX 1440
// Enough to print any double exactly; more are zeros.
#define PRECISION_MAX 1100

typedef struct Digits {
	char d[DIGITS_MAX];
	int len, point;
} Digits;

static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
#define EXACT_INT    9007199254740992.0 // 2^53
#define EXACT_DIGITS 1000000000000000u  // 10^DBL_DIG

static void digits_trim(Digits *digits)
{
	while (digits->len && digits->d[digits->len - 1] == '0')
		digits->len--;
	if (!digits->len)
		digits->point = 0;
}

// The digits of a whole number times 10^-scale.
static void digits_of_int(Digits *digits, uint64_t u, int scale)
{
	char reversed[20];
	int len = 0;

	for (; u; u /= 10)
		reversed[len++] = (char)('0' + u % 10);
	digits->len = len;
	digits->point = len - scale;
	for (int i = 0; i < len; i++)
		digits->d[i] = reversed[len - 1 - i];
	digits_trim(digits);
}

// Takes the digits out of what printf wrote: [d]d.ddd[e+dd].
static void digits_of_text(Digits *digits, const char *text)
{
	bool fraction = false;

	digits->len = digits->point = 0;
	for (; *text && *text != 'e'; text++) {
		if (*text < '0' || *text > '9') {
			fraction = true;
			continue;
		}
		if (digits->len || *text != '0') {
			digits->d[digits->len++] = *text;
			digits->point += !fraction;
		} else if (fraction) {
			digits->point--;
		}
	}
	if (*text == 'e')
		digits->point += atoi(text + 1);
	digits_trim(digits);
}

static void digits_significant(Digits *digits, double f, int count)
{
	char text[PRECISION_MAX + 16];

	if (count > PRECISION_MAX)
		count = PRECISION_MAX;
	snprintf(text, sizeof text, "%.*e", count - 1, f);
	digits_of_text(digits, text);
}

static void digits_after_point(Digits *digits, double f, int count)
{
	char text[PRECISION_MAX + 330];

	snprintf(text, sizeof text, "%.*f", count > PRECISION_MAX ? PRECISION_MAX : count, f);
	digits_of_text(digits, text);
}

static double digits_value(const Digits *digits, int bits)
{
	char text[64];

	snprintf(text, sizeof text, "%.*se%d", digits->len, digits->d, digits->point - digits->len);
	return bits == 32 ? (double)strtof(text, NULL) : strtod(text, NULL);
}

// Adds one in the last place.
static void digits_up(Digits *digits)
{
	int i = digits->len;

	while (i > 0 && digits->d[i - 1] == '9')
		i--;
	if (i == 0) {
		digits->d[0] = '1';
		digits->len = 1;
		digits->point++;
		return;
	}
	digits->d[i - 1]++;
	digits->len = i;
}

// The nearest whole number to 0 <= f < 2^53, the even one of two.
static uint64_t round_to_even(double f)
{
	uint64_t whole = (uint64_t)f;
	double rest = f - (double)whole;

	return whole + (rest > 0.5 || (rest == 0.5 && whole % 2));
}

static bool shortest_fast(Digits *digits, double f)
{
	if (f < EXACT_INT && f == floor(f)) {
		digits_of_int(digits, (uint64_t)f, 0);
		return true;
	}
	// At most 15 digits always survive the way through a double: what reads back as f is unique.
	for (int scale = 1; scale <= DBL_DIG; scale++) {
		uint64_t scaled =
			f * powers[scale] < 1e15 ? round_to_even(f * powers[scale]) : EXACT_DIGITS;
		if (scaled >= EXACT_DIGITS)
			return false;
		if (scaled && (double)scaled / powers[scale] == f) {
			digits_of_int(digits, scaled, scale);
			return true;
		}
	}
	return false;
}

// The fewest digits that read back as f > 0, and of those the nearest.
static void digits_shortest(Digits *digits, double f, int bits)
{
	bool normal = bits == 32 ? f >= (double)FLT_MIN : f >= DBL_MIN;
	int safe = bits == 32 ? FLT_DIG : DBL_DIG;
	int exponent;
	// Below a power of two doubles lie closer than above: the nearest decimal may lie too low where
	// the next one up is in.
	bool uneven = frexp(f, &exponent) == 0.5;

	if (bits == 64 && shortest_fast(digits, f))
		return;
	for (int count = normal && !uneven ? safe : 1;; count++) {
		digits_significant(digits, f, count);
		if (digits_value(digits, bits) == f || count > 17)
			return;
		if (uneven) {
			// printf rounded up or down; with it rounded down, try up.
			Digits up = *digits;
			while (up.len < count)
				up.d[up.len++] = '0';
			digits_up(&up);
			if (digits_value(&up, bits) == f) {
				*digits = up;
				return;
			}
		}
	}
}

static void write_exponent(Buf *out, char letter, int exponent, int min_digits)
{
	buf_byte(out, letter);
	buf_byte(out, exponent < 0 ? '-' : '+');
	if (exponent < 0)
		exponent = -exponent;
	if (min_digits > 1 && exponent < 10)
		buf_byte(out, '0');
	num_format_uint(out, (uint64_t)exponent, 10);
}

static void write_scientific(Buf *out, const Digits *digits, int precision, char letter)
{
	int have = digits->len < precision + 1 ? digits->len : precision + 1;

	buf_byte(out, digits->len ? digits->d[0] : '0');
	if (precision > 0) {
		buf_byte(out, '.');
		if (have > 1)
			buf_bytes(out, digits->d + 1, (size_t)have - 1);
		buf_fill(out, '0', (size_t)(precision + 1 - (have > 1 ? have : 1)));
	}
	write_exponent(out, letter, digits->len ? digits->point - 1 : 0, 2);
}

static void write_plain(Buf *out, const Digits *digits, int precision)
{
	int have = digits->len < digits->point ? digits->len : digits->point;

	if (digits->point > 0) {
		buf_bytes(out, digits->d, (size_t)have);
		buf_fill(out, '0', (size_t)(digits->point - have));
	} else {
		buf_byte(out, '0');
	}
	if (precision <= 0)
		return;
	buf_byte(out, '.');
	for (int i = 0; i < precision; i++) {
		int at = digits->point + i;
		if (at >= digits->len) {
			buf_fill(out, '0', (size_t)(precision - i));
			return;
		}
		buf_byte(out, at < 0 ? '0' : digits->d[at]);
	}
}

static void write_general(Buf *out, const Digits *digits, int precision, bool shortest, char letter)
{
	int threshold = precision;
	int exponent = digits->point - 1;

	if (threshold > digits->len && digits->len >= digits->point)
		threshold = digits->len;
	if (shortest)
		threshold = 6;
	if (exponent < -4 || exponent >= threshold) {
		if (precision > digits->len)
			precision = digits->len;
		write_scientific(out, digits, precision - 1, letter);
		return;
	}
	if (precision > digits->point)
		precision = digits->len;
	write_plain(out, digits, precision - digits->point);
}

// The mantissa as a whole number and its exponent of two, as the bits have them.
static uint64_t split_bits(double f, int bits, int *exponent)
{
	int mantissa_bits = bits == 32 ? 23 : 52;
	int e;
	double fraction;

	if (f == 0) {
		*exponent = bits == 32 ? -149 : -1074;
		return 0;
	}
	fraction = frexp(f, &e);
	if (e < (bits == 32 ? -125 : -1021)) // subnormal
		e = bits == 32 ? -125 : -1021;
	else
		return *exponent = e - 1 - mantissa_bits,
		       (uint64_t)ldexp(fraction, mantissa_bits + 1);
	*exponent = e - 1 - mantissa_bits;
	return (uint64_t)ldexp(f, -*exponent);
}

static void write_binary(Buf *out, double f, int bits)
{
	int exponent;
	uint64_t mantissa = split_bits(f, bits, &exponent);

	num_format_uint(out, mantissa, 10);
	buf_byte(out, 'p');
	if (exponent >= 0)
		buf_byte(out, '+');
	num_format_int(out, exponent, 10);
}

static void write_hexadecimal(Buf *out, double f, char verb, int precision)
{
	const char *hex = verb == 'x' ? "0123456789abcdef" : "0123456789ABCDEF";
	uint64_t mantissa = 0;
	int exponent = 0;

	if (f != 0) {
		mantissa = (uint64_t)ldexp(frexp(f, &exponent), 61); // the leading 1 at bit 60
		exponent--;
	}
	if (precision >= 0 && precision < 15) {
		int shift = precision * 4;
		uint64_t extra = (mantissa << shift) & (((uint64_t)1 << 60) - 1);
		mantissa >>= 60 - shift;
		if ((extra | (mantissa & 1)) > (uint64_t)1 << 59)
			mantissa++;
		mantissa <<= 60 - shift;
		if (mantissa & (uint64_t)1 << 61) {
			mantissa >>= 1;
			exponent++;
		}
	}
	buf_byte(out, '0');
	buf_byte(out, verb);
	buf_byte(out, (char)('0' + ((mantissa >> 60) & 1)));
	mantissa <<= 4;
	if (precision < 0 ? mantissa != 0 : precision > 0)
		buf_byte(out, '.');
	for (int i = 0; precision < 0 ? mantissa != 0 : i < precision; i++) {
		buf_byte(out, hex[mantissa >> 60]);
		mantissa <<= 4;
	}
	write_exponent(out, verb == 'x' ? 'p' : 'P', exponent, 2);
}

// The precision that shows all digits.
static int natural_precision(const Digits *digits, char verb)
{
	int precision = verb == 'f'   ? digits->len - digits->point
	                : verb == 'e' ? digits->len - 1
	                              : digits->len;

	return precision > 0 ? precision : 0;
}

void num_format_float_bits(Buf *out, double f, char verb, int precision, int bits)
{
	char small = (char)(verb | 0x20);
	bool shortest = precision < 0;
	Digits digits;

	digits.len = digits.point = 0;
	if (isnan(f)) {
		buf_c(out, "NaN");
		return;
	}
	if (isinf(f)) {
		buf_c(out, f < 0 ? "-Inf" : "+Inf");
		return;
	}
	if (signbit(f)) {
		buf_byte(out, '-');
		f = -f;
	}
	if (verb == 'b') {
		write_binary(out, f, bits);
		return;
	}
	if (small == 'x') {
		write_hexadecimal(out, f, verb, precision);
		return;
	}
	if (small == 'g' && precision == 0)
		precision = 1;
	if (shortest) {
		if (f != 0)
			digits_shortest(&digits, f, bits);
		precision = natural_precision(&digits, small);
	} else if (f != 0) {
		if (small == 'f')
			digits_after_point(&digits, f, precision);
		else
			digits_significant(&digits, f,
			                   small == 'e' && precision < PRECISION_MAX ? precision + 1
			                                                             : precision);
	}
	if (small == 'e')
		write_scientific(out, &digits, precision, verb);
	else if (small == 'f')
		write_plain(out, &digits, precision);
	else
		write_general(out, &digits, precision, shortest, verb == 'g' ? 'e' : 'E');
}

void num_format_float(Buf *out, double f, char verb, int precision)
{
	num_format_float_bits(out, f, verb, precision, 64);
}

void num_print_float(Buf *out, double f)
{
	if (f >= 0 && f < 1e6 && f == (double)(uint32_t)f && !signbit(f)) {
		num_format_uint(out, (uint64_t)f, 10);
		return;
	}
	num_format_float(out, f, 'g', -1);
}

static void json_float(Buf *out, double f, int bits)
{
	double size = fabs(f);
	double low = bits == 32 ? (double)1e-6f : 1e-6, high = bits == 32 ? (double)1e21f : 1e21;
	size_t start = out->len;

	if (size == 0 || (size >= low && size < high)) {
		num_format_float_bits(out, f, 'f', -1, bits);
		return;
	}
	num_format_float_bits(out, f, 'e', -1, bits);
	// e-09 becomes e-9.
	if (out->len - start >= 4 && memcmp(out->p + out->len - 4, "e-0", 3) == 0) {
		out->p[out->len - 2] = out->p[out->len - 1];
		out->len--;
	}
}

void num_json_float(Buf *out, double f)
{
	json_float(out, f, 64);
}

void num_json_float32(Buf *out, double f)
{
	json_float(out, f, 32);
}

// A number's text, taken apart.
typedef struct Scan {
	bool negative, hex, underscores, sticky; // sticky: digits other than 0 were left out
	char digits[800];                        // no double needs more
	int len;
	int64_t point; // value is 0.digits * base^point, times 2^binary for hexadecimal ones
	int64_t binary;
} Scan;

static bool is_hex_digit(char c)
{
	return ascii_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool scan_mantissa(Scan *scan, Str s, size_t *at)
{
	bool dot = false, any = false;

	for (; *at < s.len; ++*at) {
		char c = s.p[*at];
		if (c == '_') {
			scan->underscores = true;
		} else if (c == '.') {
			if (dot)
				return any;
			dot = true;
		} else if (scan->hex ? is_hex_digit(c) : ascii_is_digit(c)) {
			any = true;
			if (c == '0' && !scan->len) {
				scan->point -= dot;
				continue;
			}
			scan->point += !dot;
			if (scan->len < (int)sizeof scan->digits)
				scan->digits[scan->len++] = c;
			else
				scan->sticky |= c != '0';
		} else {
			break;
		}
	}
	return any;
}

// What follows the exponent's letter. Go stops counting beyond 10000, and so must this.
static bool scan_exponent(Scan *scan, Str s, size_t *at, int64_t *exponent)
{
	bool negative = *at < s.len && s.p[*at] == '-';
	int64_t e = 0;

	if (*at < s.len && (s.p[*at] == '+' || s.p[*at] == '-'))
		++*at;
	if (*at >= s.len || !ascii_is_digit(s.p[*at]))
		return false;
	for (; *at < s.len && (ascii_is_digit(s.p[*at]) || s.p[*at] == '_'); ++*at) {
		if (s.p[*at] == '_')
			scan->underscores = true;
		else if (e < 10000)
			e = e * 10 + (s.p[*at] - '0');
	}
	*exponent = negative ? -e : e;
	return true;
}

static bool scan_number(Scan *scan, Str s)
{
	size_t at = 0;
	int64_t exponent = 0;

	if (at < s.len && (s.p[at] == '+' || s.p[at] == '-'))
		scan->negative = s.p[at++] == '-';
	if (at + 2 < s.len && s.p[at] == '0' && (s.p[at + 1] | 0x20) == 'x') {
		scan->hex = true;
		at += 2;
	}
	if (!scan_mantissa(scan, s, &at))
		return false;
	if (at < s.len && (s.p[at] | 0x20) == (scan->hex ? 'p' : 'e')) {
		at++;
		if (!scan_exponent(scan, s, &at, &exponent))
			return false;
	} else if (scan->hex) {
		return false;
	}
	if (scan->hex)
		scan->binary = exponent;
	else
		scan->point += exponent;
	return at == s.len && (!scan->underscores || num_underscores_ok(s));
}

static bool special_float(Str s, double *out)
{
	Str word = s;
	bool negative = s.len && s.p[0] == '-';

	if (s.len && (s.p[0] == '+' || s.p[0] == '-'))
		word = str_from(s, 1);
	if (str_ieq(word, S("inf")) || str_ieq(word, S("infinity"))) {
		*out = negative ? -HUGE_VAL : HUGE_VAL;
		return true;
	}
	if (str_ieq(s, S("nan"))) {
		*out = nan("");
		return true;
	}
	return false;
}

// Up to 15 digits and a small power of ten: one exact operation.
static bool scan_value_fast(const Scan *scan, double *out)
{
	int64_t exponent = scan->point - scan->len;
	uint64_t mantissa = 0;

	if (scan->hex || scan->len > DBL_DIG || exponent < -22 || exponent > 22)
		return false;
	for (int i = 0; i < scan->len; i++)
		mantissa = mantissa * 10 + (uint64_t)(scan->digits[i] - '0');
	*out = exponent < 0 ? (double)mantissa / powers[-exponent]
	                    : (double)mantissa * powers[exponent];
	return true;
}

static double scan_value(const Scan *scan)
{
	char text[sizeof scan->digits + 64];
	int64_t exponent = scan->point - scan->len - scan->sticky;
	double f;

	if (!scan->len)
		return 0;
	if (scan_value_fast(scan, &f))
		return f;
	if (!scan->hex && scan->point > 400)
		return HUGE_VAL;
	if (!scan->hex && scan->point < -400)
		return 0;
	if (scan->hex)
		exponent = exponent * 4 + scan->binary;
	snprintf(text, sizeof text, "%s%.*s%s%c%lld", scan->hex ? "0x" : "", scan->len,
	         scan->digits, scan->sticky ? "1" : "", scan->hex ? 'p' : 'e', (long long)exponent);
	return strtod(text, NULL);
}

NumError num_parse_float(Str s, double *out)
{
	Scan scan = {0};
	double f;

	*out = 0;
	if (special_float(s, out))
		return NUM_OK;
	if (!scan_number(&scan, s))
		return NUM_SYNTAX;
	f = scan_value(&scan);
	*out = scan.negative ? -f : f;
	return isinf(f) ? NUM_RANGE : NUM_OK;
}
