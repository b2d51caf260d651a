// Lines as Go's slog.TextHandler writes them.

#include "chart/log.h"

#include "base/num.h"

Log log_new(Arena *arena)
{
	return (Log){.out = buf_new(arena)};
}

// slog quotes what is empty or has blanks, '=', quotes or anything that does not print.
static bool needs_quotes(Str text)
{
	uint32_t rune;

	if (!text.len)
		return true;
	for (size_t size; (size = utf8_decode(text, &rune)); text = str_from(text, size)) {
		if (rune <= ' ' || rune == '"' || rune == '=' || rune == 0x7F)
			return true;
		if (rune >= 0x80 && ((rune == 0xFFFD && size == 1) || !num_is_print(rune)))
			return true;
	}
	return false;
}

static void write_value(Buf *out, Str text)
{
	if (needs_quotes(text))
		num_quote(out, text);
	else
		buf_str(out, text);
}

void log_write(Log *log, LogLevel level, Str message, const LogPair *pairs, size_t count)
{
	static const char *const NAMES[] = {"DEBUG", "INFO", "WARN", "ERROR"};

	if (level == LOG_DEBUG && !log->debug)
		return;
	buf_printf(&log->out, "level=%s msg=", NAMES[level]);
	write_value(&log->out, message);
	for (size_t i = 0; i < count; i++) {
		buf_printf(&log->out, " %s=", pairs[i].key);
		write_value(&log->out, pairs[i].value);
	}
	buf_byte(&log->out, '\n');
}

void log_printf(Log *log, LogLevel level, const char *format, ...)
{
	Buf message = buf_new(log->out.arena);
	va_list args;

	va_start(args, format);
	buf_vprintf(&message, format, args);
	va_end(args);
	log_write(log, level, buf_view(&message), NULL, 0);
}
