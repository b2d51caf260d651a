// Scalars as JSON has them: spelled as strings, or decoded.

#include "data/yaml_spell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void spell_float(Buf *out, double f, bool yaml)
{
	char text[32];
	float narrow = (float)f;
	int precision = 0;

	if (isnan(narrow)) {
		buf_c(out, yaml ? ".nan" : "NaN");
		return;
	}
	if (isinf(narrow)) {
		buf_c(out, narrow > 0 ? (yaml ? ".inf" : "+Inf") : (yaml ? "-.inf" : "-Inf"));
		return;
	}
	do
		snprintf(text, sizeof text, "%.*e", precision, (double)narrow);
	while (strtof(text, NULL) != narrow && ++precision < 9);
	int exponent = atoi(strchr(text, 'e') + 1);
	if (exponent >= -4 && exponent < 6)
		snprintf(text, sizeof text, "%.*f", precision > exponent ? precision - exponent : 0,
		         (double)narrow);
	buf_c(out, text);
}

// !!binary: base64 with line breaks in it; what is no UTF-8 comes back from JSON as U+FFFD.
bool spell_binary(Arena *arena, Str text, Str *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	Buf raw = buf_new(arena);
	uint32_t bits = 0;
	size_t count = 0, pads = 0;

	for (size_t i = 0; i < text.len; i++) {
		char byte = text.p[i];
		if (byte == '\n' || byte == '\r')
			continue;
		const char *digit = byte ? strchr(digits, byte) : NULL;
		if (byte == '=' && count % 4 >= 2 && pads < 2) {
			pads++;
			bits <<= 6;
		} else if (digit && pads == 0) {
			bits = bits << 6 | (uint32_t)(digit - digits);
		} else {
			return false;
		}
		if (++count % 4 == 0) {
			char bytes[3] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
			buf_bytes(&raw, bytes, 3 - pads);
		}
	}
	if (count % 4 != 0)
		return false;
	Buf clean = buf_new(arena);
	Str rest = buf_view(&raw);
	uint32_t rune;
	for (size_t size; (size = utf8_decode(rest, &rune)) > 0; rest = str_from(rest, size))
		buf_rune(&clean, rune);
	*out = buf_view(&clean);
	return true;
}
