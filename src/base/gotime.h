#ifndef BASE_GOTIME_H
#define BASE_GOTIME_H

// Points in time, time zones and durations as Go's time package has them: its layouts ("2006-01-02
// 15:04 MST"), its reading of the system's zone files, its words of errors. Years beyond any
// calendar wrap as they do in Go.

#include "base/buf.h"
#include "base/diag.h"

// A location. NULL stands for UTC.
typedef struct Zone Zone;

typedef struct GoTime {
	int64_t seconds; // since 1970
	int32_t nanoseconds;
	const Zone *zone;
	bool has_monotonic; // read from a clock: prints with "m=+..." as in Go
	int64_t monotonic;  // nanoseconds since the program began
} GoTime;

// Go's zero Time: January 1 of the year 1, UTC.
#define GOTIME_ZERO ((GoTime){.seconds = -62135596800})

typedef struct GoDate {
	int64_t year;
	int month, day, year_day; // from 1
	int hour, minute, second;
	int weekday;    // Sunday is 0
	int64_t offset; // seconds east of UTC
	Str zone;       // "CET"
} GoDate;

// time.LoadLocation: a name of the system's zone database, "" or "UTC", "Local". False where there
// is none such.
bool zone_load(Arena *arena, Str name, const Zone **out);
// time.Local: as $TZ and /etc/localtime say.
const Zone *zone_local(Arena *arena);
const Zone *zone_fixed(Arena *arena, Str name, int64_t offset);
Str zone_name(const Zone *zone);
bool zone_is_local(const Zone *zone);

GoDate gotime_date(const GoTime *t); // as its zone sees it
// time.Date: fields out of range carry over.
GoTime gotime_from_date(int64_t year, int64_t month, int64_t day, int64_t hour, int64_t minute,
                        int64_t second, int64_t nanosecond, const Zone *zone);
bool gotime_is_dst(const GoTime *t);

void gotime_format(Buf *out, const GoTime *t, Str layout);
void gotime_print(Buf *out, const GoTime *t); // Time.String
// time.ParseInLocation; the message of a failure is Go's ("parsing time \"x\" as \"2006\": cannot
// parse ...").
bool gotime_parse(Arena *arena, Str layout, Str text, const Zone *zone, GoTime *out, Diag *diag);

int gotime_compare(const GoTime *a, const GoTime *b);
GoTime gotime_add(const GoTime *t, int64_t duration);
int64_t gotime_sub(const GoTime *a, const GoTime *b); // as far as a Duration reaches
GoTime gotime_add_date(const GoTime *t, int64_t years, int64_t months, int64_t days);
GoTime gotime_in(const GoTime *t, const Zone *zone);
GoTime gotime_truncate(const GoTime *t, int64_t duration);
GoTime gotime_round(const GoTime *t, int64_t duration);

// Durations are nanoseconds.
#define GO_SECOND ((int64_t)1000000000)

bool duration_parse(Str text, int64_t *out, Diag *diag);
void duration_print(Buf *out, int64_t duration);
int64_t duration_round(int64_t duration, int64_t multiple);

const char *month_name(int64_t month);     // NULL where it is not 1 to 12
const char *weekday_name(int64_t weekday); // NULL where it is not 0 to 6

#endif
