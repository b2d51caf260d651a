#include "base/buf.h"

#include <stdio.h>
#include <string.h>

// An empty Buf's bytes may be handed to functions that want no NULL.
Buf buf_new(Arena *arena)
{
	return (Buf){arena, (char *)"", 0, 0};
}

void buf_reserve(Buf *buf, size_t more)
{
	size_t need, cap;

	if (buf->cap - buf->len >= more)
		return;
	if (__builtin_add_overflow(buf->len, more, &need))
		arena_fail(buf->arena);
	cap = buf->cap ? buf->cap : 64;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	buf->p = arena_grow(buf->arena, buf->p, buf->cap, cap);
	buf->cap = cap;
}

void buf_byte(Buf *buf, char byte)
{
	if (buf->len == buf->cap)
		buf_reserve(buf, 1);
	buf->p[buf->len++] = byte;
}

void buf_bytes(Buf *buf, const char *bytes, size_t len)
{
	if (!len)
		return;
	buf_reserve(buf, len);
	memcpy(buf->p + buf->len, bytes, len);
	buf->len += len;
}

void buf_str(Buf *buf, Str s)
{
	buf_bytes(buf, s.p, s.len);
}

void buf_c(Buf *buf, const char *c_string)
{
	buf_bytes(buf, c_string, strlen(c_string));
}

void buf_fill(Buf *buf, char byte, size_t count)
{
	if (!count)
		return;
	buf_reserve(buf, count);
	memset(buf->p + buf->len, byte, count);
	buf->len += count;
}

void buf_rune(Buf *buf, uint32_t rune)
{
	char bytes[4];

	buf_bytes(buf, bytes, utf8_encode(rune, bytes));
}

// One conversion of a format, taken apart.
typedef struct Conversion {
	char flags[8];
	int width, precision; // -1: none
	bool counted;         // its precision is the length of a text: "%.*s"
	char size;            // 'l', 'z', 'L' for ll, 'h', 'H' for hh, '\0'
	char letter;
} Conversion;

static int read_count(const char **at, va_list *args)
{
	int n = 0;

	if (**at == '*') {
		++*at;
		return va_arg(*args, int);
	}
	while (**at >= '0' && **at <= '9')
		n = n * 10 + (*(*at)++ - '0');
	return n;
}

static Conversion read_conversion(const char **at, va_list *args)
{
	Conversion c = {.width = -1, .precision = -1};
	size_t flags = 0;

	for (++*at; **at && strchr("-+ #0", **at); ++*at)
		if (flags + 1 < sizeof c.flags)
			c.flags[flags++] = **at;
	if (**at == '*' || (**at >= '1' && **at <= '9'))
		c.width = read_count(at, args);
	if (**at == '.') {
		++*at;
		c.counted = **at == '*';
		c.precision = read_count(at, args);
	}
	while (**at && strchr("lzhjt", **at)) {
		c.size = c.size == 'l' && **at == 'l'   ? 'L'
		         : c.size == 'h' && **at == 'h' ? 'H'
		                                        : **at;
		++*at;
	}
	c.letter = **at;
	if (**at)
		++*at;
	return c;
}

// "%.*s" writes all of its bytes, zeros too: a Str is no C string.
static void print_text(Buf *buf, const Conversion *c, const char *text)
{
	size_t len = c->counted && c->precision >= 0 ? (size_t)c->precision
	             : c->precision >= 0             ? strnlen(text, (size_t)c->precision)
	                                             : strlen(text);
	size_t fill = c->width > 0 && (size_t)c->width > len ? (size_t)c->width - len : 0;

	if (!strchr(c->flags, '-'))
		buf_fill(buf, ' ', fill);
	buf_bytes(buf, text, len);
	if (strchr(c->flags, '-'))
		buf_fill(buf, ' ', fill);
}

static int64_t signed_arg(const Conversion *c, va_list *args)
{
	switch (c->size) {
	case 'l':
		return va_arg(*args, long);
	case 'L':
		return va_arg(*args, long long);
	case 'z':
	case 't':
		return va_arg(*args, ptrdiff_t);
	case 'j':
		return va_arg(*args, intmax_t);
	default:
		return va_arg(*args, int);
	}
}

static uint64_t unsigned_arg(const Conversion *c, va_list *args)
{
	switch (c->size) {
	case 'l':
		return va_arg(*args, unsigned long);
	case 'L':
		return va_arg(*args, unsigned long long);
	case 'z':
	case 't':
		return va_arg(*args, size_t);
	case 'j':
		return va_arg(*args, uintmax_t);
	case 'H':
		return (unsigned char)va_arg(*args, unsigned);
	default:
		return va_arg(*args, unsigned);
	}
}

// Everything but texts is left to snprintf, with a format of the widest type.
static void print_number(Buf *buf, const Conversion *c, va_list *args)
{
	bool is_float = strchr("eEfFgGaA", c->letter),
	     is_signed = c->letter == 'd' || c->letter == 'i';
	double f = is_float ? va_arg(*args, double) : 0;
	int64_t i = is_signed ? signed_arg(c, args) : 0;
	uint64_t u = !is_float && !is_signed ? unsigned_arg(c, args) : 0;
	char format[24], letter[] = {c->letter, '\0'};
	size_t room = 64;

	// The widths and precisions are cleat's own, not taken from outside.
	snprintf(format, sizeof format, "%%%s*.*%s%s", c->flags, is_float ? "" : "ll", letter);
	for (int need = 0;; room = (size_t)need + 1) {
		int width = c->width > 0 ? c->width : 0;
		buf_reserve(buf, room);
		if (is_float)
			need = snprintf(buf->p + buf->len, room, format, width, c->precision, f);
		else if (is_signed)
			need = snprintf(buf->p + buf->len, room, format, width, c->precision,
			                (long long)i);
		else
			need = snprintf(buf->p + buf->len, room, format, width, c->precision,
			                (unsigned long long)u);
		if (need < 0)
			return;
		if ((size_t)need < room) {
			buf->len += (size_t)need;
			return;
		}
	}
}

void buf_vprintf(Buf *buf, const char *format, va_list args)
{
	va_list rest;

	va_copy(rest, args);
	while (*format) {
		size_t plain = strcspn(format, "%");
		Conversion c;
		buf_bytes(buf, format, plain);
		format += plain;
		if (!*format)
			break;
		c = read_conversion(&format, &rest);
		if (c.letter == 's')
			print_text(buf, &c, va_arg(rest, const char *));
		else if (c.letter == 'c')
			buf_byte(buf, (char)va_arg(rest, int));
		else if (c.letter == '%')
			buf_byte(buf, '%');
		else if (c.letter == 'p')
			buf_printf(buf, "0x%zx", (size_t)va_arg(rest, void *));
		else
			print_number(buf, &c, &rest);
	}
	va_end(rest);
}

void buf_printf(Buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(buf, format, args);
	va_end(args);
}

void buf_xml(Buf *buf, Str text)
{
	uint32_t rune;

	for (size_t size; (size = utf8_decode(text, &rune)); text = str_from(text, size)) {
		if (rune == '<')
			buf_c(buf, "&lt;");
		else if (rune == '>')
			buf_c(buf, "&gt;");
		else if (rune == '&')
			buf_c(buf, "&amp;");
		else if (rune == '"')
			buf_c(buf, "&quot;");
		else if (rune == '\n' || rune == '\t')
			buf_printf(buf, "&#%u;", (unsigned)rune);
		else
			buf_rune(buf,
			         rune < 0x20 || rune == 0xFFFE || rune == 0xFFFF ? 0xFFFD : rune);
	}
}

Str buf_view(const Buf *buf)
{
	return (Str){buf->p ? buf->p : "", buf->len, NULL};
}
