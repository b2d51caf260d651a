#ifndef BASE_STR_H
#define BASE_STR_H

// A Str is a view of bytes that somebody else (an arena, a constant) owns: no terminator, any byte
// allowed. It may carry the origin of its bytes (data/origin.h); slices keep it, since an origin knows
// the address its bytes start at. NULL where nobody asked for origins.

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct Origin;

typedef struct Str {
	const char *p;
	size_t len;
	const struct Origin *origin;
} Str;

#define S(literal)  ((Str){(literal), sizeof(literal) - 1, NULL})
#define STR_ARGS(s) (int)(s).len, (s).p // for printf("%.*s") of short, trusted strings only

// Of ASCII alone, whatever the locale.
static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}
static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}
static inline bool ascii_is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

Str str_c(const char *c_string); // views it; NULL gives the empty string
static inline Str str_n(const char *bytes, size_t len)
{
	return (Str){bytes ? bytes : "", len, NULL};
}

char *str_to_c(Arena *arena, Str s); // a NUL-terminated copy
Str str_copy(Arena *arena, Str s);   // bytes copied; the origin is not kept
Str str_concat(Arena *arena, Str a, Str b);
Str str_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Slices; indices are clamped to the string. All keep the origin.
static inline Str str_slice(Str s, size_t start, size_t end)
{
	if (end > s.len)
		end = s.len;
	if (start > end)
		start = end;
	return (Str){start ? s.p + start : s.p, end - start,
	             s.origin}; // p may be NULL: nothing is added to it
}

static inline Str str_from(Str s, size_t start)
{
	return str_slice(s, start, s.len);
}

static inline Str str_to(Str s, size_t end)
{
	return str_slice(s, 0, end);
}

static inline bool str_eq(Str a, Str b)
{
	return a.len == b.len && (!a.len || memcmp(a.p, b.p, a.len) == 0);
}

bool str_is(Str s, const char *c_string);
int str_cmp(Str a, Str b);  // byte order, as Go compares strings
bool str_ieq(Str a, Str b); // ASCII case folded
bool str_has_prefix(Str s, Str prefix);
bool str_has_suffix(Str s, Str suffix);
bool str_contains(Str s, Str part);
bool str_icontains(Str s, Str part); // ASCII case does not count
#define STR_NONE ((size_t)-1)
size_t str_find(Str s, Str part);  // first position or STR_NONE
size_t str_rfind(Str s, Str part); // last position or STR_NONE
size_t str_indent(Str s);          // how many spaces it begins with
size_t str_find_byte(Str s, char byte);
Str str_trim_space(Str s); // Go's strings.TrimSpace: Unicode white space
Str str_trim_ascii(Str s); // space, tab, CR, LF
// Cuts `*rest` at the first `separator`: the part before it is returned, `*rest` is what follows it.
// False once `*rest` is exhausted (its p is NULL then). An empty string gives one empty part.
bool str_cut(Str *rest, Str separator, Str *part);
// The next line without its LF (a CR before it stays); false at the end.
bool str_line(Str *rest, Str *line);
uint64_t str_hash(Str s);

// The closest of `names` by edit distance for "did you mean", or an empty Str where none is close.
Str str_nearest(Str name, const Str *names, size_t count);

// UTF-8. `*rune` is 0xFFFD and the size 1 for an invalid byte, as in Go. 0 at the end.
size_t utf8_decode(Str s, uint32_t *rune);
size_t utf8_encode(uint32_t rune, char out[4]);
size_t utf8_count(Str s);
bool utf8_valid(Str s);

#endif
