#ifndef CHART_LOG_H
#define CHART_LOG_H

// What Helm tells beside its output: lines of Go's slog text handler, without the time, on standard error. The
// engine never prints: lines are gathered here and whoever owns the render prints them.

#include "base/buf.h"

typedef struct Log {
	Buf out;
	bool debug; // --debug: keep lines of that level too
} Log;

typedef enum LogLevel { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } LogLevel;

typedef struct LogPair {
	const char *key;
	Str value;
} LogPair;

Log log_new(Arena *arena);
// level=WARN msg="..." key=value ...
void log_write(Log *log, LogLevel level, Str message, const LogPair *pairs, size_t count);
// Without pairs, from a format.
void log_printf(Log *log, LogLevel level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
