// Base64 and PEM as Go's encoding packages read and write them.

#include "base/pem.h"

#include "base/buf.h"

#include <string.h>

// Characters of base64 in a line of a PEM block.
#define PEM_LINE 64

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Str base64_encode(Arena *arena, Str data)
{
	Buf buf = buf_new(arena);

	buf_reserve(&buf, data.len / 3 * 4 + 4);
	for (size_t i = 0; i < data.len; i += 3) {
		size_t left = data.len - i;
		uint32_t bits = (uint32_t)(unsigned char)data.p[i] << 16;

		if (left > 1)
			bits |= (uint32_t)(unsigned char)data.p[i + 1] << 8;
		if (left > 2)
			bits |= (unsigned char)data.p[i + 2];
		buf_byte(&buf, digits[bits >> 18]);
		buf_byte(&buf, digits[bits >> 12 & 63]);
		buf_byte(&buf, left > 1 ? digits[bits >> 6 & 63] : '=');
		buf_byte(&buf, left > 2 ? digits[bits & 63] : '=');
	}
	return buf_view(&buf);
}

static int digit_value(char c)
{
	const char *found = c == '\0' ? NULL : strchr(digits, c);

	return found == NULL ? -1 : (int)(found - digits);
}

static size_t skip_line_ends(Str text, size_t at)
{
	while (at < text.len && (text.p[at] == '\n' || text.p[at] == '\r'))
		at++;
	return at;
}

static bool fail_at(Diag *diag, size_t at)
{
	return diag_fail(diag, "illegal base64 data at input byte %zu", at);
}

// What follows the first '=' of a group of which `count` digits were read: one more after two
// digits, then nothing.
static bool end_of_padding(Str text, size_t at, size_t count, Diag *diag)
{
	size_t start = at++;

	if (count < 2)
		return fail_at(diag, start);
	if (count == 2) {
		at = skip_line_ends(text, at);
		if (at == text.len)
			return fail_at(diag, text.len);
		if (text.p[at] != '=')
			return fail_at(diag, at - 1);
		at++;
	}
	at = skip_line_ends(text, at);
	return at == text.len || fail_at(diag, at);
}

bool base64_decode(Arena *arena, Str text, Str *out, Diag *diag)
{
	Buf buf = buf_new(arena);
	uint32_t bits = 0;
	size_t count = 0;

	buf_reserve(&buf, text.len / 4 * 3 + 3);
	for (size_t at = skip_line_ends(text, 0); at < text.len; at = skip_line_ends(text, at)) {
		int value = digit_value(text.p[at]);

		if (text.p[at] == '=') {
			if (!end_of_padding(text, at, count, diag))
				return false;
			buf_byte(&buf, (char)(bits >> (count == 3 ? 10 : 4)));
			if (count == 3)
				buf_byte(&buf, (char)(bits >> 2));
			count = 0;
			break;
		}
		if (value < 0)
			return fail_at(diag, at);
		bits = bits << 6 | (uint32_t)value;
		at++;
		if (++count < 4)
			continue;
		buf_byte(&buf, (char)(bits >> 16));
		buf_byte(&buf, (char)(bits >> 8));
		buf_byte(&buf, (char)bits);
		bits = 0;
		count = 0;
	}
	// Go names the start of a group that is cut short.
	if (count > 0)
		return fail_at(diag, text.len - count);
	*out = buf_view(&buf);
	return true;
}

// Takes a line that is `dashes`TYPE-----.
static bool read_mark(Str line, Str dashes, Str *type)
{
	line = str_trim_ascii(line);
	if (!str_has_prefix(line, dashes) || !str_has_suffix(line, S("-----")) ||
	    line.len < dashes.len + 5)
		return false;
	*type = str_slice(line, dashes.len, line.len - 5);
	return true;
}

// The lines of a block up to its end. "Key: value" lines at its head and the empty line after them
// are skipped.
static bool read_block(Arena *arena, Str *rest, PemBlock *out)
{
	Diag ignored = diag_new(arena);
	Buf body = buf_new(arena);
	Str line, type;

	while (str_line(rest, &line)) {
		if (read_mark(line, S("-----END "), &type))
			return str_eq(type, out->type) &&
			       base64_decode(arena, buf_view(&body), &out->data, &ignored);
		if (str_find_byte(line, ':') == STR_NONE)
			buf_str(&body, str_trim_ascii(line));
	}
	return false;
}

bool pem_decode(Arena *arena, Str text, PemBlock *out)
{
	Str rest = text, line;

	while (str_line(&rest, &line)) {
		if (!read_mark(line, S("-----BEGIN "), &out->type))
			continue;
		if (read_block(arena, &rest, out))
			return true;
	}
	return false;
}

Str pem_encode(Arena *arena, const char *type, Str data)
{
	Str text = base64_encode(arena, data);
	Buf buf = buf_new(arena);

	buf_c(&buf, "-----BEGIN ");
	buf_c(&buf, type);
	buf_c(&buf, "-----\n");
	for (size_t at = 0; at < text.len; at += PEM_LINE) {
		buf_str(&buf, str_slice(text, at, at + PEM_LINE));
		buf_byte(&buf, '\n');
	}
	buf_c(&buf, "-----END ");
	buf_c(&buf, type);
	buf_c(&buf, "-----\n");
	return buf_view(&buf);
}
