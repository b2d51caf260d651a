#include "base/diag.h"

#include "base/buf.h"
#include "base/unicode.h"

Diag diag_new(Arena *arena)
{
	return (Diag){.arena = arena};
}

bool diag_fail_str(Diag *diag, Str message)
{
	if (!diag->set) {
		diag->set = true;
		diag->message = message;
	}
	return false;
}

bool diag_fail(Diag *diag, const char *format, ...)
{
	Buf buf = buf_new(diag->arena);
	va_list args;

	va_start(args, format);
	buf_vprintf(&buf, format, args);
	va_end(args);
	return diag_fail_str(diag, buf_view(&buf));
}

bool diag_fail_at(Diag *diag, Place place, const char *format, ...)
{
	Buf buf = buf_new(diag->arena);
	va_list args;

	va_start(args, format);
	buf_vprintf(&buf, format, args);
	va_end(args);
	if (!diag->set)
		diag->place = place;
	return diag_fail_str(diag, buf_view(&buf));
}

bool diag_wrap(Diag *diag, const char *format, ...)
{
	Buf buf = buf_new(diag->arena);
	va_list args;

	va_start(args, format);
	buf_vprintf(&buf, format, args);
	va_end(args);
	buf_c(&buf, ": ");
	buf_str(&buf, diag->message);
	diag->message = buf_view(&buf);
	return false;
}

static void put_escaped(Buf *buf, uint32_t rune, Str bytes)
{
	if (rune == 0xFFFD && bytes.len == 1)
		buf_printf(buf, "\\x%02x", (unsigned char)bytes.p[0]);
	else if (rune == '\n' || rune == '\t')
		buf_c(buf, rune == '\n' ? "\\n" : "\\t");
	else if (unicode_is_order(rune))
		buf_printf(buf, rune < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)rune);
	else
		buf_str(buf, bytes);
}

// Terminals obey control characters; nothing from outside may give them orders.
static Str escape(Arena *arena, Str text, bool lines)
{
	Buf buf = buf_new(arena);
	uint32_t rune;

	for (size_t size; (size = utf8_decode(text, &rune)); text = str_from(text, size)) {
		if (lines && (rune == '\n' || rune == '\t'))
			buf_byte(&buf, (char)rune);
		else
			put_escaped(&buf, rune, str_to(text, size));
	}
	return buf_view(&buf);
}

Str diag_escape(Arena *arena, Str text)
{
	return escape(arena, text, true);
}

Str diag_escape_line(Arena *arena, Str text)
{
	return escape(arena, text, false);
}
