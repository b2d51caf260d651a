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

void buf_vprintf(Buf *buf, const char *format, va_list args)
{
	va_list again;
	int need;

	va_copy(again, args);
	need = vsnprintf(NULL, 0, format, args);
	if (need > 0) {
		buf_reserve(buf, (size_t)need + 1);
		vsnprintf(buf->p + buf->len, (size_t)need + 1, format, again);
		buf->len += (size_t)need;
	}
	va_end(again);
}

void buf_printf(Buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(buf, format, args);
	va_end(args);
}

Str buf_view(const Buf *buf)
{
	return (Str){buf->p ? buf->p : "", buf->len, NULL};
}
