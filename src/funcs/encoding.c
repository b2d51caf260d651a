// Base64 and Base32 with Go's standard alphabets, padding and errors. Line ends inside of what is
// decoded are skipped.

#include "funcs/cast.h"
#include "funcs/families.h"

#include <string.h>

typedef struct Base {
	const char *name;
	const char *alphabet;
	unsigned bits;  // a character stands for
	unsigned chars; // a group has, padding included
	unsigned bytes; // a group stands for
} Base;

static const Base base64 = {
	"base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4, 3};
static const Base base32 = {"base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8, 5};

static bool return_encoded(Call *c, const Base *base)
{
	Str s = call_str(c, 0);
	Buf out = buf_new(c->arena);

	if (!cast_text_fits(c, s.len))
		return false;
	buf_reserve(&out, (s.len + base->bytes - 1) / base->bytes * base->chars);
	for (size_t i = 0; i < s.len; i += base->bytes) {
		size_t len = s.len - i < base->bytes ? s.len - i : base->bytes;
		unsigned full = (unsigned)(len * 8 + base->bits - 1) / base->bits;
		uint64_t group = 0;

		for (size_t j = 0; j < base->bytes; j++)
			group = group << 8 | (j < len ? (unsigned char)s.p[i + j] : 0);
		for (unsigned j = 0; j < base->chars; j++) {
			unsigned shift = (base->chars - 1 - j) * base->bits;
			buf_byte(&out,
			         j < full
			                 ? base->alphabet[group >> shift & ((1u << base->bits) - 1)]
			                 : '=');
		}
	}
	return call_return_encoded(c, buf_view(&out), s);
}

// What each byte stands for: 0xFF for no character of the alphabet.
static void fill_values(const Base *base, uint8_t values[256])
{
	memset(values, 0xFF, 256);
	for (unsigned i = 0; base->alphabet[i]; i++)
		values[(unsigned char)base->alphabet[i]] = (uint8_t)i;
}

static bool is_line_end(char byte)
{
	return byte == '\n' || byte == '\r';
}

static void write_group(Buf *out, const Base *base, uint64_t group, unsigned digits)
{
	unsigned bytes = digits * base->bits / 8;

	group <<= (base->chars - digits) * base->bits;
	for (unsigned i = 0; i < bytes; i++)
		buf_byte(out, (char)(group >> (base->bytes - 1 - i) * 8));
}

// encoding/base64: the position of the byte that is wrong, or STR_NONE. A group that ends too early
// is reported at its first character.
static size_t decode64(Buf *out, Str s)
{
	uint8_t values[256];
	size_t i = 0;

	fill_values(&base64, values);
	for (;;) {
		uint64_t group = 0;
		unsigned digits = 0;

		while (digits < 4) {
			uint8_t value;
			if (i == s.len)
				return digits ? i - digits : STR_NONE;
			value = values[(unsigned char)s.p[i++]];
			if (value != 0xFF) {
				group = group << 6 | value;
				digits++;
				continue;
			}
			if (is_line_end(s.p[i - 1]))
				continue;
			if (s.p[i - 1] != '=' || digits < 2)
				return i - 1;
			if (digits == 2) {
				while (i < s.len && is_line_end(s.p[i]))
					i++;
				if (i == s.len)
					return s.len;
				if (s.p[i] != '=')
					return i - 1;
				i++;
			}
			while (i < s.len && is_line_end(s.p[i]))
				i++;
			write_group(out, &base64, group, digits);
			return i < s.len ? i : STR_NONE;
		}
		write_group(out, &base64, group, digits);
	}
}

// Digits in a last group of Base32 that stand for whole bytes.
static bool is_whole32(unsigned digits)
{
	return digits == 2 || digits == 4 || digits == 5 || digits == 7;
}

// encoding/base32, which takes line ends out first: positions count without them. What follows a
// padded group is ignored.
static size_t decode32(Buf *out, Str s)
{
	uint8_t values[256];

	fill_values(&base32, values);
	for (size_t at = 0; at < s.len;) {
		uint64_t group = 0;
		unsigned digits = 0;

		while (digits < 8) {
			size_t i = at + digits;
			uint8_t value;
			if (i == s.len)
				return at;
			if (s.p[i] == '=' && digits >= 2 && s.len - i - 1 < 8) {
				// The group is padded to its end.
				size_t left = s.len - i - 1;
				if (left + digits < 7)
					return s.len;
				for (size_t k = 0; k < 7 - digits; k++)
					if (left > k && s.p[i + 1 + k] != '=')
						return i + k;
				if (!is_whole32(digits))
					return i;
				write_group(out, &base32, group, digits);
				return STR_NONE;
			}
			value = values[(unsigned char)s.p[i]];
			if (value == 0xFF)
				return i;
			group = group << 5 | value;
			digits++;
		}
		write_group(out, &base32, group, digits);
		at += 8;
	}
	return STR_NONE;
}

static Str without_line_ends(Arena *arena, Str s)
{
	Buf out = buf_new(arena);

	if (str_find_byte(s, '\n') == STR_NONE && str_find_byte(s, '\r') == STR_NONE)
		return s;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_line_end(s.p[i]))
			buf_byte(&out, s.p[i]);
	}
	return buf_view(&out);
}

static bool return_decoded(Call *c, const Base *base, Str s, size_t (*decode)(Buf *, Str))
{
	Buf out = buf_new(c->arena);
	size_t wrong;

	buf_reserve(&out, s.len / base->chars * base->bytes + base->bytes);
	wrong = decode(&out, s);
	// Sprig gives the error as if it were the content.
	if (wrong != STR_NONE)
		return call_return_str(c, str_printf(c->arena, "illegal %s data at input byte %zu",
		                                     base->name, wrong));
	return call_return_derived(c, buf_view(&out));
}

static bool b64enc(Call *c)
{
	return return_encoded(c, &base64);
}

static bool b32enc(Call *c)
{
	return return_encoded(c, &base32);
}

static bool b64dec(Call *c)
{
	return return_decoded(c, &base64, call_str(c, 0), decode64);
}

static bool b32dec(Call *c)
{
	return return_decoded(c, &base32, without_line_ends(c->arena, call_str(c, 0)), decode32);
}

const Func encoding_funcs[] = {
	{"b32dec", "string -> string", "the content of Base32 text; the error where it is none",
         b32dec, "{{ b32dec \"NBSWY3DP\" }} => hello"},
	{"b32enc", "string -> string", "the string as Base32 text", b32enc,
         "{{ b32enc \"hello\" }} => NBSWY3DP"},
	{"b64dec", "string -> string", "the content of Base64 text; the error where it is none",
         b64dec, "{{ b64dec \"aGVsbG8=\" }} => hello"},
	{"b64enc", "string -> string", "the string as Base64 text", b64enc,
         "{{ b64enc \"hello\" }} => aGVsbG8="},
	{NULL, NULL, NULL, NULL, NULL},
};
