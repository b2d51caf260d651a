#ifndef BASE_BUF_H
#define BASE_BUF_H

// A growing run of bytes in an arena. A zeroed Buf with `arena` set is an empty one.

#include "base/str.h"

#include <stdarg.h>

typedef struct Buf {
	Arena *arena;
	char *p;
	size_t len, cap;
} Buf;

Buf buf_new(Arena *arena);
void buf_reserve(Buf *buf, size_t more); // room for `more` bytes after len
void buf_byte(Buf *buf, char byte);
void buf_bytes(Buf *buf, const char *bytes, size_t len);
void buf_str(Buf *buf, Str s);
void buf_c(Buf *buf, const char *c_string);
void buf_fill(Buf *buf, char byte, size_t count);
void buf_rune(Buf *buf, uint32_t rune); // as UTF-8
void buf_printf(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(Buf *buf, const char *format, va_list args);
// Text inside XML: signs escaped, what XML can't hold replaced.
void buf_xml(Buf *buf, Str text);
// What is in it; valid until the next append.
Str buf_view(const Buf *buf);

#endif
