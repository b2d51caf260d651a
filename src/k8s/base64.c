// Base64, as Secrets hold it.

#include "k8s/base64.h"

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

bool base64_read(Arena *arena, Str text, Str *out)
{
	char *bytes = arena_alloc(arena, text.len / 4 * 3 + 4);
	size_t len = 0, digits = 0;
	uint32_t group = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		if (c == '\n' || c == '\r' || c == ' ' || c == '=')
			continue;
		if (digit(c) < 0)
			return false;
		group = group << 6 | (uint32_t)digit(c);
		if (++digits % 4 == 0) {
			bytes[len++] = (char)(group >> 16);
			bytes[len++] = (char)(group >> 8);
			bytes[len++] = (char)group;
		}
	}
	if (digits % 4 == 1)
		return false;
	if (digits % 4 == 2)
		bytes[len++] = (char)(group >> 4);
	if (digits % 4 == 3) {
		bytes[len++] = (char)(group >> 10);
		bytes[len++] = (char)(group >> 2);
	}
	*out = str_n(bytes, len);
	return true;
}

size_t base64_head(Str text, char *bytes, size_t cap)
{
	size_t len = 0, bits = 0;
	uint32_t group = 0;

	for (size_t i = 0; i < text.len && len < cap && digit(text.p[i]) >= 0; i++) {
		group = group << 6 | (uint32_t)digit(text.p[i]);
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		bytes[len++] = (char)(group >> bits & 0xFF);
	}
	return len;
}
