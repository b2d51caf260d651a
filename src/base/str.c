#include "base/str.h"

#include "base/buf.h"
#include "base/unicode.h"

#include <string.h>

Str str_c(const char *c_string)
{
	return str_n(c_string, c_string ? strlen(c_string) : 0);
}

char *str_to_c(Arena *arena, Str s)
{
	char *copy = arena_alloc(arena, s.len + 1);

	if (s.len)
		memcpy(copy, s.p, s.len);
	copy[s.len] = '\0';
	return copy;
}

Str str_copy(Arena *arena, Str s)
{
	return str_n(str_to_c(arena, s), s.len);
}

Str str_concat(Arena *arena, Str a, Str b)
{
	Buf buf = buf_new(arena);

	buf_reserve(&buf, a.len + b.len);
	buf_str(&buf, a);
	buf_str(&buf, b);
	return buf_view(&buf);
}

Str str_printf(Arena *arena, const char *format, ...)
{
	Buf buf = buf_new(arena);
	va_list args;

	va_start(args, format);
	buf_vprintf(&buf, format, args);
	va_end(args);
	return buf_view(&buf);
}

bool str_is(Str s, const char *c_string)
{
	return str_eq(s, str_c(c_string));
}

int str_cmp(Str a, Str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.p, b.p, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_ieq(Str a, Str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

bool str_icontains(Str s, Str part)
{
	char first = part.len ? ascii_lower(part.p[0]) : '\0';

	for (size_t at = 0; at + part.len <= s.len; at++)
		if (!part.len || (ascii_lower(s.p[at]) == first &&
		                  str_ieq(str_slice(s, at, at + part.len), part)))
			return true;
	return false;
}

bool str_has_prefix(Str s, Str prefix)
{
	return str_eq(str_to(s, prefix.len), prefix);
}

bool str_has_suffix(Str s, Str suffix)
{
	return s.len >= suffix.len && str_eq(str_from(s, s.len - suffix.len), suffix);
}

// Up to this length a comparison at every place where the first byte stands is linear still, and mostly quicker than
// memmem.
#define SHORT_PART 16

// How common a byte is in texts and in JSON, roughly: 0 for the rare ones.
// clang-format off
static const unsigned char commonness[256] = {
	[' '] = 3, ['"'] = 3, ['e'] = 3, ['t'] = 3, ['a'] = 3, ['o'] = 3, ['i'] = 3, ['n'] = 3, ['s'] = 3, ['r'] = 3,
	['l'] = 3, ['d'] = 2, ['c'] = 2, ['u'] = 2, ['m'] = 2, ['p'] = 2, ['h'] = 2, ['g'] = 2, ['f'] = 2, ['b'] = 2,
	['.'] = 2, [':'] = 2, ['-'] = 2, ['_'] = 2, [','] = 2, ['/'] = 1, ['0'] = 2, ['1'] = 2, ['y'] = 1, ['v'] = 1,
	['w'] = 1, ['k'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['('] = 1, [')'] = 1, ['{'] = 1, ['}'] = 1,
};
// clang-format on
// In shorter texts any byte will do.
#define LOOK_FOR_RARE 64

// Which byte of it to look for.
static size_t rare_byte(Str part)
{
	size_t rare = 0;

	for (size_t i = 1; i < part.len; i++)
		if (commonness[(unsigned char)part.p[i]] < commonness[(unsigned char)part.p[rare]])
			rare = i;
	return rare;
}

static size_t find_short(Str s, Str part)
{
	size_t rare = s.len < LOOK_FOR_RARE ? 0 : rare_byte(part);
	const char *p = s.p + rare, *end = p + (s.len - part.len + 1);

	for (; p < end && (p = memchr(p, part.p[rare], (size_t)(end - p))); p++)
		if (memcmp(p - rare, part.p, part.len) == 0)
			return (size_t)(p - s.p) - rare;
	return STR_NONE;
}

size_t str_find(Str s, Str part)
{
	const char *hit;

	if (!part.len)
		return 0;
	if (part.len > s.len)
		return STR_NONE;
	if (part.len <= SHORT_PART)
		return find_short(s, part);
	hit = s.len ? memmem(s.p, s.len, part.p, part.len) : NULL;
	return hit ? (size_t)(hit - s.p) : STR_NONE;
}

size_t str_indent(Str s)
{
	size_t count = 0;

	while (s.len - count >= 8 && !memcmp(s.p + count, "        ", 8))
		count += 8;
	while (count < s.len && s.p[count] == ' ')
		count++;
	return count;
}

size_t str_rfind(Str s, Str part)
{
	for (size_t at = s.len + 1; at-- > 0;)
		if (s.len - at >= part.len && memcmp(s.p + at, part.p, part.len) == 0)
			return at;
	return STR_NONE;
}

bool str_contains(Str s, Str part)
{
	return str_find(s, part) != STR_NONE;
}

size_t str_find_byte(Str s, char byte)
{
	const char *hit = s.len ? memchr(s.p, byte, s.len) : NULL;

	return hit ? (size_t)(hit - s.p) : STR_NONE;
}

// The start of the last character of a non-empty string, as Go's DecodeLastRune finds it.
static size_t last_rune(Str s, uint32_t *rune)
{
	size_t start = s.len - 1;

	for (size_t back = 1; back <= 4 && back <= s.len; back++) {
		unsigned char c = (unsigned char)s.p[s.len - back];
		if ((c & 0xC0) == 0x80)
			continue;
		if (utf8_decode(str_from(s, s.len - back), rune) == back)
			return s.len - back;
		break;
	}
	*rune = 0xFFFD;
	if ((unsigned char)s.p[start] < 0x80)
		*rune = (unsigned char)s.p[start];
	return start;
}

Str str_trim_space(Str s)
{
	uint32_t rune;
	size_t size;

	while ((size = utf8_decode(s, &rune)) && unicode_is_space(rune))
		s = str_from(s, size);
	while (s.len) {
		size_t start = last_rune(s, &rune);
		if (!unicode_is_space(rune))
			break;
		s = str_to(s, start);
	}
	return s;
}

Str str_trim_ascii(Str s)
{
	while (s.len && memchr(" \t\r\n", s.p[0], 4))
		s = str_from(s, 1);
	while (s.len && memchr(" \t\r\n", s.p[s.len - 1], 4))
		s = str_to(s, s.len - 1);
	return s;
}

bool str_cut(Str *rest, Str separator, Str *part)
{
	size_t at;

	if (!rest->p)
		return false;
	at = str_find(*rest, separator);
	if (at == STR_NONE || !separator.len) {
		*part = *rest;
		*rest = (Str){0};
		return true;
	}
	*part = str_to(*rest, at);
	*rest = str_from(*rest, at + separator.len);
	return true;
}

bool str_line(Str *rest, Str *line)
{
	size_t at;

	if (!rest->len)
		return false;
	at = str_find_byte(*rest, '\n');
	*line = str_to(*rest, at);
	*rest = at == STR_NONE ? str_from(*rest, rest->len) : str_from(*rest, at + 1);
	return true;
}

static uint64_t load(const char *p, size_t len)
{
	uint64_t word = 0;

	memcpy(&word, p, len);
	return word;
}

// Folds the 128 bits of a product: every bit of both factors reaches every bit of the result.
static uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Eight bytes a step. Keys are short and chosen by no enemy who gains by collisions: a chart could only slow itself
// down, and its steps are limited.
uint64_t str_hash(Str s)
{
	uint64_t hash = 0x9E3779B97F4A7C15u ^ s.len;

	for (; s.len > 8; s.p += 8, s.len -= 8)
		hash = fold(hash ^ load(s.p, 8), 0xA0761D6478BD642Fu);
	return fold(hash ^ (s.len ? load(s.p, s.len) : 0), 0xE7037ED1A0B428DBu);
}

// Names in question are identifiers: longer ones get no suggestion, so a fixed row is enough.
#define NEAREST_MAX 64

static size_t edit_distance(Str a, Str b)
{
	size_t row[NEAREST_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 0; i < a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < b.len; j++) {
			size_t change = diagonal + (ascii_lower(a.p[i]) != ascii_lower(b.p[j]));
			size_t best = row[j] < row[j + 1] ? row[j] + 1 : row[j + 1] + 1;
			diagonal = row[j + 1];
			row[j + 1] = change < best ? change : best;
		}
	}
	return row[b.len];
}

Str str_nearest(Str name, const Str *names, size_t count)
{
	Str best = {0};
	size_t best_distance = name.len < 4 ? 2 : 2 + name.len / 4;

	if (!name.len || name.len > NEAREST_MAX)
		return S("");
	for (size_t i = 0; i < count; i++) {
		size_t distance;
		if (names[i].len > NEAREST_MAX)
			continue;
		distance = edit_distance(name, names[i]);
		if (distance < best_distance) {
			best_distance = distance;
			best = names[i];
		}
	}
	return best.p ? best : S("");
}

size_t utf8_decode(Str s, uint32_t *rune)
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint32_t low, value;
	size_t need;

	*rune = 0xFFFD;
	if (!s.len)
		return 0;
	if (p[0] < 0x80) {
		*rune = p[0];
		return 1;
	}
	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		need = 2, value = p[0] & 0x1F, low = 0x80;
	else if ((p[0] & 0xF0) == 0xE0)
		need = 3, value = p[0] & 0x0F, low = 0x800;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		need = 4, value = p[0] & 0x07, low = 0x10000;
	else
		return 1;
	if (s.len < need)
		return 1;
	for (size_t i = 1; i < need; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 1;
		value = value << 6 | (p[i] & 0x3F);
	}
	if (value < low || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 1;
	*rune = value;
	return need;
}

size_t utf8_encode(uint32_t rune, char out[4])
{
	if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF))
		rune = 0xFFFD;
	if (rune < 0x80) {
		out[0] = (char)rune;
		return 1;
	}
	if (rune < 0x800) {
		out[0] = (char)(0xC0 | rune >> 6);
		out[1] = (char)(0x80 | (rune & 0x3F));
		return 2;
	}
	if (rune < 0x10000) {
		out[0] = (char)(0xE0 | rune >> 12);
		out[1] = (char)(0x80 | (rune >> 6 & 0x3F));
		out[2] = (char)(0x80 | (rune & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | rune >> 18);
	out[1] = (char)(0x80 | (rune >> 12 & 0x3F));
	out[2] = (char)(0x80 | (rune >> 6 & 0x3F));
	out[3] = (char)(0x80 | (rune & 0x3F));
	return 4;
}

size_t utf8_count(Str s)
{
	size_t count = 0;
	uint32_t rune;

	for (size_t size; (size = utf8_decode(s, &rune)); s = str_from(s, size))
		count++;
	return count;
}

bool utf8_valid(Str s)
{
	uint32_t rune;

	for (size_t size; (size = utf8_decode(s, &rune)); s = str_from(s, size))
		if (rune == 0xFFFD && size == 1)
			return false;
	return true;
}
