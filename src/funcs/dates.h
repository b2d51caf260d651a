#ifndef FUNCS_DATES_H
#define FUNCS_DATES_H

// The objects of Go's time package, for whoever has a time to show to templates.

#include "base/gotime.h"
#include "data/value.h"

extern const Type TYPE_TIME;     // time.Time
extern const Type TYPE_DURATION; // time.Duration

Value time_value(Arena *arena, const GoTime *t);
Value duration_value(Arena *arena, int64_t nanoseconds);

#endif
