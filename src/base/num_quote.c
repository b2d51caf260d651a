// Quoted strings, as Go's strconv reads and writes them.

#include "base/num.h"
#include "base/print_table.h"

#include <string.h>

#define RUNE_MAX   0x10FFFFu
#define RUNE_ERROR 0xFFFDu

static bool is_surrogate(uint32_t rune)
{
	return rune >= 0xD800 && rune <= 0xDFFF;
}

static bool in_table_16(uint16_t rune)
{
	size_t low = 0, high = print_table_16_len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (print_table_16[middle][1] < rune)
			low = middle + 1;
		else
			high = middle;
	}
	return low < print_table_16_len && print_table_16[low][0] <= rune;
}

static bool in_table_32(uint32_t rune)
{
	size_t low = 0, high = print_table_32_len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (print_table_32[middle][1] < rune)
			low = middle + 1;
		else
			high = middle;
	}
	return low < print_table_32_len && print_table_32[low][0] <= rune;
}

bool num_is_print(uint32_t rune)
{
	if (rune < 0x7F)
		return rune >= ' ';
	return rune < 0x10000 ? in_table_16((uint16_t)rune) : in_table_32(rune);
}

static void quote_hex(Buf *out, const char *prefix, uint32_t value, int digits)
{
	buf_c(out, prefix);
	for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
		buf_byte(out, "0123456789abcdef"[value >> shift & 0xF]);
}

static void quote_char(Buf *out, uint32_t rune, char quote, bool ascii)
{
	static const char letters[] = "abtnvfr"; // of \a (7) to \r (13)

	if (rune == (unsigned char)quote || rune == '\\') {
		buf_byte(out, '\\');
		buf_byte(out, (char)rune);
	} else if ((!ascii || rune < 0x80) && num_is_print(rune)) {
		buf_rune(out, rune);
	} else if (rune >= '\a' && rune <= '\r') {
		buf_byte(out, '\\');
		buf_byte(out, letters[rune - '\a']);
	} else if (rune < ' ' || rune == 0x7F) {
		quote_hex(out, "\\x", rune, 2);
	} else if (rune < 0x10000) {
		quote_hex(out, "\\u", rune, 4);
	} else {
		quote_hex(out, "\\U", rune, 8);
	}
}

static void quote(Buf *out, Str s, bool ascii)
{
	buf_byte(out, '"');
	for (size_t i = 0, size; i < s.len; i += size) {
		unsigned char c = (unsigned char)s.p[i];
		uint32_t rune = c;
		size_t run = i;
		while (run < s.len && s.p[run] >= ' ' && s.p[run] < 0x7F && s.p[run] != '"' &&
		       s.p[run] != '\\')
			run++;
		if (run > i) {
			size = run - i;
			buf_bytes(out, s.p + i, size);
			continue;
		}
		size = c < 0x80 ? 1 : utf8_decode(str_from(s, i), &rune);
		if (size == 1 && rune == RUNE_ERROR)
			quote_hex(out, "\\x", c, 2);
		else
			quote_char(out, rune, '"', ascii);
	}
	buf_byte(out, '"');
}

void num_quote(Buf *out, Str s)
{
	quote(out, s, false);
}

void num_quote_ascii(Buf *out, Str s)
{
	quote(out, s, true);
}

void num_quote_rune(Buf *out, uint32_t rune, bool ascii)
{
	if (rune > RUNE_MAX || is_surrogate(rune))
		rune = RUNE_ERROR;
	buf_byte(out, '\'');
	quote_char(out, rune, '\'', ascii);
	buf_byte(out, '\'');
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool unquote_hex(Str s, char kind, uint32_t *rune, bool *multibyte, size_t *bytes)
{
	size_t count = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
	uint32_t value = 0;

	if (s.len < 2 + count)
		return false;
	for (size_t i = 0; i < count; i++) {
		int digit = hex_value(s.p[2 + i]);
		if (digit < 0)
			return false;
		value = value << 4 | (uint32_t)digit;
	}
	if (kind != 'x' && (value > RUNE_MAX || is_surrogate(value)))
		return false;
	*multibyte = kind != 'x';
	*rune = value;
	*bytes = 2 + count;
	return true;
}

static bool unquote_octal(Str s, uint32_t *rune, size_t *bytes)
{
	uint32_t value = 0;

	if (s.len < 4)
		return false;
	for (size_t i = 1; i < 4; i++) {
		if (s.p[i] < '0' || s.p[i] > '7')
			return false;
		value = value << 3 | (uint32_t)(s.p[i] - '0');
	}
	*rune = value;
	*bytes = 4;
	return value <= 255;
}

bool num_unquote_char(Str s, char quote_mark, uint32_t *rune, bool *multibyte, size_t *bytes)
{
	static const char letters[] = "abtnvfr";
	const char *letter;
	unsigned char c;

	*multibyte = false;
	if (!s.len)
		return false;
	c = (unsigned char)s.p[0];
	*bytes = 1;
	*rune = c;
	if (c == (unsigned char)quote_mark && (c == '\'' || c == '"'))
		return false;
	if (c >= 0x80) {
		*multibyte = true;
		*bytes = utf8_decode(s, rune);
		return true;
	}
	if (c != '\\')
		return true;
	if (s.len < 2)
		return false;
	c = (unsigned char)s.p[1];
	*bytes = 2;
	letter = memchr(letters, c, sizeof letters - 1);
	if (letter) {
		*rune = (uint32_t)('\a' + (letter - letters));
		return true;
	}
	if (c == 'x' || c == 'u' || c == 'U')
		return unquote_hex(s, (char)c, rune, multibyte, bytes);
	if (c >= '0' && c <= '7')
		return unquote_octal(s, rune, bytes);
	*rune = c;
	return c == '\\' || ((c == '\'' || c == '"') && c == (unsigned char)quote_mark);
}

// A raw string: everything but carriage returns stands for itself.
static bool unquote_raw(Arena *arena, Str inside, Str *out)
{
	Buf buf;

	if (str_find_byte(inside, '`') != STR_NONE)
		return false;
	*out = inside;
	if (str_find_byte(inside, '\r') == STR_NONE)
		return true;
	buf = buf_new(arena);
	for (size_t i = 0; i < inside.len; i++)
		if (inside.p[i] != '\r')
			buf_byte(&buf, inside.p[i]);
	*out = buf_view(&buf);
	return true;
}

bool num_unquote(Arena *arena, Str literal, Str *out)
{
	char mark = literal.len >= 2 ? literal.p[0] : 0;
	Str inside;
	Buf buf;
	uint32_t rune;
	bool multibyte;
	size_t bytes;

	if (!mark || literal.p[literal.len - 1] != mark || !memchr("\"'`", mark, 3))
		return false;
	inside = str_slice(literal, 1, literal.len - 1);
	if (mark == '`')
		return unquote_raw(arena, inside, out);
	if (str_find_byte(inside, '\n') != STR_NONE)
		return false;
	if (mark == '"' && str_find_byte(inside, '\\') == STR_NONE &&
	    str_find_byte(inside, '"') == STR_NONE && utf8_valid(inside)) {
		*out = inside;
		return true;
	}
	buf = buf_new(arena);
	while (inside.len) {
		if (!num_unquote_char(inside, mark, &rune, &multibyte, &bytes))
			return false;
		inside = str_from(inside, bytes);
		if (multibyte)
			buf_rune(&buf, rune);
		else
			buf_byte(&buf, (char)rune);
		if (mark == '\'' && inside.len)
			return false;
	}
	*out = buf_view(&buf);
	return true;
}
