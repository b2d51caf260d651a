// Integers, as Go's strconv reads and writes them.

#include "base/num.h"

#include <string.h>

static char lower(char c)
{
	return (char)(c | 0x20);
}

void num_format_uint(Buf *out, uint64_t u, int base)
{
	char digits[64]; // 64 binary digits at most
	size_t at = sizeof digits;

	if (base == 10) {
		do
			digits[--at] = (char)('0' + u % 10);
		while (u /= 10);
	} else {
		do
			digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[u % (unsigned)base];
		while (u /= (unsigned)base);
	}
	buf_bytes(out, digits + at, sizeof digits - at);
}

void num_format_int(Buf *out, int64_t i, int base)
{
	if (i < 0) {
		buf_byte(out, '-');
		num_format_uint(out, 0 - (uint64_t)i, base);
	} else {
		num_format_uint(out, (uint64_t)i, base);
	}
}

static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (lower(c) >= 'a' && lower(c) <= 'z')
		return (unsigned)(lower(c) - 'a') + 10;
	return 255;
}

bool num_underscores_ok(Str s)
{
	char last = '^'; // a digit or prefix ('0'), an underscore, or '!' for any other character
	size_t i = 0;
	bool hex = false;

	if (s.len && (s.p[0] == '-' || s.p[0] == '+'))
		s = str_from(s, 1);
	if (s.len >= 2 && s.p[0] == '0' && memchr("box", lower(s.p[1]), 3)) {
		hex = lower(s.p[1]) == 'x';
		last = '0';
		i = 2;
	}
	for (; i < s.len; i++) {
		char c = s.p[i];
		if ((c >= '0' && c <= '9') || (hex && lower(c) >= 'a' && lower(c) <= 'f')) {
			last = '0';
		} else if (c == '_') {
			if (last != '0')
				return false;
			last = '_';
		} else {
			if (last == '_')
				return false;
			last = '!';
		}
	}
	return last != '_';
}

// Takes the prefix of a base 0 literal off.
static int prefix_base(Str *s)
{
	if (s->p[0] != '0')
		return 10;
	if (s->len >= 3) {
		int base = lower(s->p[1]) == 'b'   ? 2
		           : lower(s->p[1]) == 'o' ? 8
		           : lower(s->p[1]) == 'x' ? 16
		                                   : 0;
		if (base) {
			*s = str_from(*s, 2);
			return base;
		}
	}
	*s = str_from(*s, 1);
	return 8;
}

NumError num_parse_uint(Str s, int base, int bits, uint64_t *out)
{
	const Str whole = s;
	bool underscores = false, any_base = base == 0;
	uint64_t max = bits >= 64 || bits <= 0 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
	uint64_t n = 0;

	*out = 0;
	if (!s.len)
		return NUM_SYNTAX;
	if (any_base)
		base = prefix_base(&s);
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = digit_value(s.p[i]);
		if (s.p[i] == '_' && any_base) {
			underscores = true;
			continue;
		}
		if (digit >= (unsigned)base)
			return NUM_SYNTAX;
		if (__builtin_mul_overflow(n, (uint64_t)base, &n) ||
		    __builtin_add_overflow(n, digit, &n) || n > max) {
			*out = max;
			return NUM_RANGE;
		}
	}
	if (underscores && !num_underscores_ok(whole))
		return NUM_SYNTAX;
	*out = n;
	return NUM_OK;
}

NumError num_parse_int(Str s, int base, int bits, int64_t *out)
{
	bool negative = s.len && s.p[0] == '-';
	uint64_t cutoff = (uint64_t)1 << ((bits > 0 && bits <= 64 ? bits : 64) - 1);
	uint64_t u;
	NumError error;

	*out = 0;
	if (s.len && (s.p[0] == '-' || s.p[0] == '+'))
		s = str_from(s, 1);
	error = num_parse_uint(s, base, bits, &u);
	if (error == NUM_SYNTAX)
		return error;
	if (!negative && u >= cutoff) {
		*out = (int64_t)(cutoff - 1);
		return NUM_RANGE;
	}
	if (negative && u > cutoff) {
		*out = (int64_t)(0 - cutoff);
		return NUM_RANGE;
	}
	*out = negative ? (int64_t)(0 - u) : (int64_t)u;
	return error;
}
