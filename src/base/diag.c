#include "base/diag.h"

#include "base/buf.h"

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

// Terminals obey control characters; nothing from outside may give them orders. Line ends and tabs stay.
Str diag_escape(Arena *arena, Str text)
{
	Buf buf = buf_new(arena);
	uint32_t rune;

	for (size_t size; (size = utf8_decode(text, &rune)); text = str_from(text, size)) {
		bool control = (rune < 0x20 && rune != '\n' && rune != '\t') ||
		               (rune >= 0x7F && rune < 0xA0);
		if (rune == 0xFFFD && size == 1)
			buf_printf(&buf, "\\x%02x", (unsigned char)text.p[0]);
		else if (control)
			buf_printf(&buf, "\\x%02x", (unsigned)rune);
		else
			buf_bytes(&buf, text.p, size);
	}
	return buf_view(&buf);
}
