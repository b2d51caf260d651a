#ifndef BASE_GOZONE_H
#define BASE_GOZONE_H

// What base/gotime.c asks of a zone (base/gozone.c).

#include "base/gotime.h"

#define ZONE_ALPHA INT64_MIN
#define ZONE_OMEGA INT64_MAX

typedef struct ZoneSpan {
	Str name;
	int64_t offset;
	int64_t start, end; // while it is in force, as far as that is known
	bool is_dst;
} ZoneSpan;

// What is in force at a second since 1970.
ZoneSpan zone_at(const Zone *zone, int64_t second);
// The offset that an abbreviation has in a zone, best of all at that second of local time.
bool zone_offset_of(const Zone *zone, Str abbreviation, int64_t second, int64_t *offset);

// The calendar, for rules that name a day.
bool year_is_leap(int64_t year);
int days_in_month(int month, int64_t year);
int days_before_month(int month); // in a year that is not leap
void year_of(int64_t second, int64_t *year, int *year_day);

#endif
