#ifndef DATA_TOML_H
#define DATA_TOML_H

// TOML as BurntSushi/toml v1.6 reads and writes it, which Helm's fromToml and toToml call. Errors are in
// its words ("toml: line 1 (last key "a"): expected value but found 'x' instead").
//
// Integers become int64, arrays []interface {}, arrays of tables []map[string]interface {}.

#include "data/text.h"
#include "data/value.h"

// A date or time. Local ones have no zone: Go gives them one of the names below, at offset 0 where the
// clock is UTC; a local time is of the year 0, January 1.
typedef struct TomlTime {
	int year, month, day, hour, minute, second, nanosecond;
	int offset;       // seconds east of UTC
	const char *zone; // "UTC", "" (an offset), "datetime-local", "date-local" or "time-local"
} TomlTime;

// Makes the time.Time that templates see.
typedef Value TomlTimeMaker(Arena *arena, const TomlTime *time);

// Dates and times become objects of a type of toml.c's own, which print as Go's but have no methods.
bool toml_read(Arena *arena, Str text, Value *out, Diag *diag);
// The same, with times from `make_time`.
bool toml_read_with(Arena *arena, Str text, TomlTimeMaker *make_time, Value *out, Diag *diag);

// An object named "time.Time" is written as its Type.json prints it, without the quotes; without a zone where
// Type.format ends in one of the local names above.
bool toml_write(Text *out, const Value *v, Diag *diag);

#endif
