// Dates, durations, and the objects of Go's time package with their methods.

#include "funcs/dates.h"

#include "base/num.h"
#include "funcs/families.h"
#include "template/eval.h"

#include <string.h>
#include <time.h>

static const Type type_month, type_weekday, type_location;

// Objects.

static Value make_object(Arena *arena, const Type *type, const void *data, size_t size)
{
	Object *object = ARENA_NEW(arena, Object);

	object->type = type;
	object->data = arena_alloc(arena, size);
	memcpy(object->data, data, size);
	return value_object(object);
}

Value time_value(Arena *arena, const GoTime *t)
{
	return make_object(arena, &TYPE_TIME, t, sizeof *t);
}

static Value number_value(Arena *arena, const Type *type, int64_t n)
{
	return make_object(arena, type, &n, sizeof n);
}

Value duration_value(Arena *arena, int64_t nanoseconds)
{
	return number_value(arena, &TYPE_DURATION, nanoseconds);
}

static const GoTime *time_arg(const Call *c, size_t at)
{
	return c->args[at].object->data;
}

static int64_t number_of(const Object *object)
{
	return *(const int64_t *)object->data;
}

// A Duration, or a number constant that Go takes for one.
static int64_t duration_arg(const Call *c, size_t at)
{
	return c->args[at].kind == V_OBJECT ? number_of(c->args[at].object) : c->args[at].i;
}

static bool return_time(Call *c, GoTime t)
{
	return call_return(c, time_value(c->arena, &t));
}

static bool return_duration(Call *c, int64_t nanoseconds)
{
	return call_return(c, duration_value(c->arena, nanoseconds));
}

static bool return_buf(Call *c, const Buf *buf)
{
	return call_return_derived(c, buf_view(buf));
}

static bool return_bytes(Call *c, Str text)
{
	List *list = list_new(c->arena, &TYPE_BYTES, text.len);

	for (size_t i = 0; i < text.len; i++)
		list_push(c->arena, list, value_of_kind(V_UINT8, (unsigned char)text.p[i]));
	return call_return_list(c, list);
}

static GoTime now_time(const Call *c)
{
	GoTime t = {.zone = zone_local(c->arena)};
	int64_t nanoseconds = 0;
	struct timespec used;

	if (c->eval == NULL)
		return t;
	engine_now(eval_engine(c->eval), &t.seconds, &nanoseconds);
	t.nanoseconds = (int32_t)nanoseconds;
	// A clock that was set has no monotonic half: what --now renders is to be the same each
	// time.
	t.has_monotonic = !engine_options(eval_engine(c->eval))->clock_set &&
	                  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0;
	if (t.has_monotonic)
		t.monotonic = used.tv_sec * GO_SECOND + used.tv_nsec;
	return t;
}

// time.Duration.

static bool print_duration(const Object *object, Buf *out)
{
	duration_print(out, number_of(object));
	return true;
}

static Value underlying_int64(const Object *object)
{
	return value_int64(number_of(object));
}

static Value underlying_int(const Object *object)
{
	return value_int(number_of(object));
}

static bool equal_numbers(const Object *a, const Object *b)
{
	return number_of(a) == number_of(b);
}

static bool duration_json(const Object *object, Buf *out, Diag *diag)
{
	(void)diag;
	num_format_int(out, number_of(object), 10);
	return true;
}

static bool duration_string(Call *c)
{
	Buf buf = buf_new(c->arena);

	duration_print(&buf, duration_arg(c, 0));
	return return_buf(c, &buf);
}

// Whole units and the rest are turned to floats one by one, as in Go.
static bool return_units(Call *c, int64_t unit)
{
	int64_t d = duration_arg(c, 0);

	return call_return_float(c, (double)(d / unit) + (double)(d % unit) / (double)unit);
}

static bool duration_hours(Call *c)
{
	return return_units(c, 3600 * GO_SECOND);
}

static bool duration_minutes(Call *c)
{
	return return_units(c, 60 * GO_SECOND);
}

static bool duration_seconds(Call *c)
{
	return return_units(c, GO_SECOND);
}

static bool duration_milliseconds(Call *c)
{
	return call_return_int64(c, duration_arg(c, 0) / 1000000);
}

static bool duration_microseconds(Call *c)
{
	return call_return_int64(c, duration_arg(c, 0) / 1000);
}

static bool duration_nanoseconds(Call *c)
{
	return call_return_int64(c, duration_arg(c, 0));
}

static bool duration_abs(Call *c)
{
	int64_t d = duration_arg(c, 0);

	return return_duration(c, d == INT64_MIN ? INT64_MAX : d < 0 ? -d : d);
}

static bool duration_round_method(Call *c)
{
	return return_duration(c, duration_round(duration_arg(c, 0), duration_arg(c, 1)));
}

static bool duration_truncate(Call *c)
{
	int64_t d = duration_arg(c, 0), multiple = duration_arg(c, 1);

	return return_duration(c, multiple <= 0 ? d : d - d % multiple);
}

static const Func duration_methods[] = {
	{"Abs", "-> time.Duration", "the duration without its sign", duration_abs, NULL},
	{"Hours", "-> float64", "the duration in hours", duration_hours, NULL},
	{"Microseconds", "-> int64", "the duration in whole microseconds", duration_microseconds,
         NULL},
	{"Milliseconds", "-> int64", "the duration in whole milliseconds", duration_milliseconds,
         NULL},
	{"Minutes", "-> float64", "the duration in minutes", duration_minutes, NULL},
	{"Nanoseconds", "-> int64", "the duration in nanoseconds", duration_nanoseconds, NULL},
	{"Round", "time.Duration -> time.Duration", "the duration rounded to a multiple",
         duration_round_method, NULL},
	{"Seconds", "-> float64", "the duration in seconds", duration_seconds, NULL},
	{"String", "-> string", "the duration as 1h2m3.5s", duration_string, NULL},
	{"Truncate", "time.Duration -> time.Duration", "the duration cut to a multiple",
         duration_truncate, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

const Type TYPE_DURATION = {
	.name = "time.Duration",
	.kind = V_OBJECT,
	.kind_name = "int64",
	.methods = duration_methods,
	.format = print_duration,
	.underlying = underlying_int64,
	.number = number_value,
	.equal = equal_numbers,
	.json = duration_json,
};

// time.Month and time.Weekday.

static bool print_named(const Object *object, Buf *out, const char *name, const char *type)
{
	if (name != NULL) {
		buf_c(out, name);
		return true;
	}
	buf_c(out, "%!");
	buf_c(out, type);
	buf_byte(out, '(');
	num_format_uint(out, (uint64_t)number_of(object), 10);
	buf_byte(out, ')');
	return true;
}

static bool print_month(const Object *object, Buf *out)
{
	return print_named(object, out, month_name(number_of(object)), "Month");
}

static bool print_weekday(const Object *object, Buf *out)
{
	return print_named(object, out, weekday_name(number_of(object)), "Weekday");
}

static bool named_string(Call *c)
{
	Buf buf = buf_new(c->arena);

	c->args[0].object->type->format(c->args[0].object, &buf);
	return return_buf(c, &buf);
}

static const Func named_methods[] = {
	{"String", "-> string", "its English name", named_string, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

static const Type type_month = {
	.name = "time.Month",
	.kind = V_OBJECT,
	.kind_name = "int",
	.methods = named_methods,
	.format = print_month,
	.underlying = underlying_int,
	.number = number_value,
	.equal = equal_numbers,
	.json = duration_json,
};

static const Type type_weekday = {
	.name = "time.Weekday",
	.kind = V_OBJECT,
	.kind_name = "int",
	.methods = named_methods,
	.format = print_weekday,
	.underlying = underlying_int,
	.number = number_value,
	.equal = equal_numbers,
	.json = duration_json,
};

// *time.Location. Its data is a pointer to the zone.

static const Zone *zone_of(const Object *object)
{
	return *(const Zone *const *)object->data;
}

static bool print_location(const Object *object, Buf *out)
{
	buf_str(out, zone_name(zone_of(object)));
	return true;
}

static bool location_json(const Object *object, Buf *out, Diag *diag)
{
	(void)object;
	(void)diag;
	buf_c(out, "{}");
	return true;
}

static const Type type_location = {
	.name = "*time.Location",
	.kind = V_OBJECT,
	.kind_name = "ptr",
	.methods = named_methods,
	.format = print_location,
	.json = location_json,
};

// time.Time.

static bool print_time(const Object *object, Buf *out)
{
	gotime_print(out, object->data);
	return true;
}

static bool time_json(const Object *object, Buf *out, Diag *diag)
{
	GoDate date = gotime_date(object->data);

	if (date.year < 0 || date.year > 9999)
		return diag_fail(diag, "Time.MarshalJSON: year outside of range [0,9999]");
	if (date.offset <= -24 * 3600 || date.offset >= 24 * 3600)
		return diag_fail(diag, "Time.MarshalJSON: timezone hour outside of range [0,23]");
	buf_byte(out, '"');
	gotime_format(out, object->data, S("2006-01-02T15:04:05.999999999Z07:00"));
	buf_byte(out, '"');
	return true;
}

static bool equal_times(const Object *a, const Object *b)
{
	const GoTime *left = a->data, *right = b->data;

	// There is one local zone, though it may have been read twice.
	return gotime_compare(left, right) == 0 &&
	       (left->zone == right->zone ||
	        (zone_is_local(left->zone) && zone_is_local(right->zone)));
}

static bool time_add(Call *c)
{
	return return_time(c, gotime_add(time_arg(c, 0), duration_arg(c, 1)));
}

static bool time_add_date(Call *c)
{
	return return_time(
		c, gotime_add_date(time_arg(c, 0), call_int(c, 1), call_int(c, 2), call_int(c, 3)));
}

static int compare(const Call *c)
{
	return gotime_compare(time_arg(c, 0), time_arg(c, 1));
}

static bool time_after(Call *c)
{
	return call_return_bool(c, compare(c) > 0);
}

static bool time_before(Call *c)
{
	return call_return_bool(c, compare(c) < 0);
}

static bool time_equal(Call *c)
{
	return call_return_bool(c, compare(c) == 0);
}

static bool time_compare(Call *c)
{
	return call_return_int(c, compare(c));
}

static bool time_day(Call *c)
{
	return call_return_int(c, gotime_date(time_arg(c, 0)).day);
}

static bool time_hour(Call *c)
{
	return call_return_int(c, gotime_date(time_arg(c, 0)).hour);
}

static bool time_minute(Call *c)
{
	return call_return_int(c, gotime_date(time_arg(c, 0)).minute);
}

static bool time_second(Call *c)
{
	return call_return_int(c, gotime_date(time_arg(c, 0)).second);
}

static bool time_nanosecond(Call *c)
{
	return call_return_int(c, time_arg(c, 0)->nanoseconds);
}

static bool time_year(Call *c)
{
	return call_return_int(c, gotime_date(time_arg(c, 0)).year);
}

static bool time_year_day(Call *c)
{
	return call_return_int(c, gotime_date(time_arg(c, 0)).year_day);
}

static bool time_month(Call *c)
{
	return call_return(c,
	                   number_value(c->arena, &type_month, gotime_date(time_arg(c, 0)).month));
}

static bool time_weekday(Call *c)
{
	return call_return(
		c, number_value(c->arena, &type_weekday, gotime_date(time_arg(c, 0)).weekday));
}

static bool time_format(Call *c)
{
	Buf buf = buf_new(c->arena);

	gotime_format(&buf, time_arg(c, 0), call_str(c, 1));
	return return_buf(c, &buf);
}

static bool time_string(Call *c)
{
	Buf buf = buf_new(c->arena);

	gotime_print(&buf, time_arg(c, 0));
	return return_buf(c, &buf);
}

// The location as GoString spells it.
static void print_go_location(Buf *out, const Zone *zone)
{
	if (zone == NULL || zone_is_local(zone)) {
		buf_c(out, zone == NULL ? "time.UTC" : "time.Local");
		return;
	}
	buf_c(out, "time.Location(");
	num_quote(out, zone_name(zone));
	buf_byte(out, ')');
}

static bool print_go_time(const Object *object, Buf *buf)
{
	const GoTime *t = object->data;
	GoDate d = gotime_date(t);

	// Go shows the fields as UTC has them, whatever the location.
	d = gotime_date(&(GoTime){.seconds = (int64_t)((uint64_t)t->seconds + (uint64_t)d.offset)});
	buf_printf(buf, "time.Date(%lld, time.%s, %d, %d, %d, %d, %d, ", (long long)d.year,
	           month_name(d.month), d.day, d.hour, d.minute, d.second, (int)t->nanoseconds);
	print_go_location(buf, t->zone);
	buf_byte(buf, ')');
	return true;
}

static bool time_go_string(Call *c)
{
	Buf buf = buf_new(c->arena);

	print_go_time(c->args[0].object, &buf);
	return return_buf(c, &buf);
}

static bool time_is_dst(Call *c)
{
	return call_return_bool(c, gotime_is_dst(time_arg(c, 0)));
}

static bool time_is_zero(Call *c)
{
	return call_return_bool(c, gotime_compare(time_arg(c, 0), &GOTIME_ZERO) == 0);
}

static bool time_local(Call *c)
{
	return return_time(c, gotime_in(time_arg(c, 0), zone_local(c->arena)));
}

static bool time_utc(Call *c)
{
	return return_time(c, gotime_in(time_arg(c, 0), NULL));
}

static bool time_in(Call *c)
{
	if (c->args[1].object->nil)
		return call_fail(c, "time: missing Location in call to Time.In");
	return return_time(c, gotime_in(time_arg(c, 0), zone_of(c->args[1].object)));
}

static bool time_location(Call *c)
{
	const Zone *zone = time_arg(c, 0)->zone;

	return call_return(c, make_object(c->arena, &type_location, &zone, sizeof zone));
}

static bool time_marshal_json(Call *c)
{
	Diag diag = diag_new(c->arena);
	Buf buf = buf_new(c->arena);

	if (!time_json(c->args[0].object, &buf, &diag))
		return call_fail_str(c, diag.message);
	return return_bytes(c, buf_view(&buf));
}

static bool time_marshal_text(Call *c)
{
	Diag diag = diag_new(c->arena);
	Buf buf = buf_new(c->arena);

	if (!time_json(c->args[0].object, &buf, &diag)) {
		Str rest = str_from(diag.message, sizeof "Time.MarshalJSON" - 1);

		return call_fail_str(c, str_concat(c->arena, S("Time.MarshalText"), rest));
	}
	return return_bytes(c, str_slice(buf_view(&buf), 1, buf.len - 1));
}

static bool time_round(Call *c)
{
	return return_time(c, gotime_round(time_arg(c, 0), duration_arg(c, 1)));
}

static bool time_truncate(Call *c)
{
	return return_time(c, gotime_truncate(time_arg(c, 0), duration_arg(c, 1)));
}

static bool time_sub(Call *c)
{
	return return_duration(c, gotime_sub(time_arg(c, 0), time_arg(c, 1)));
}

static bool time_unix(Call *c)
{
	return call_return_int64(c, time_arg(c, 0)->seconds);
}

// Wraps where it does not fit, as Go's does.
static bool return_unix(Call *c, uint64_t per_second)
{
	const GoTime *t = time_arg(c, 0);
	uint64_t fraction = (uint64_t)t->nanoseconds / ((uint64_t)GO_SECOND / per_second);

	return call_return_int64(c, (int64_t)((uint64_t)t->seconds * per_second + fraction));
}

static bool time_unix_milli(Call *c)
{
	return return_unix(c, 1000);
}

static bool time_unix_micro(Call *c)
{
	return return_unix(c, 1000000);
}

static bool time_unix_nano(Call *c)
{
	return return_unix(c, (uint64_t)GO_SECOND);
}

// Rows without a body are methods with results that no template can take; their help is Go's error.
static const Func time_methods[] = {
	{"Add", "time.Duration -> time.Time", "the time that much later", time_add, NULL},
	{"AddDate", "int int int -> time.Time", "the time so many years, months and days later",
         time_add_date, NULL},
	{"After", "time.Time -> bool", "whether later than the other", time_after, NULL},
	{"Before", "time.Time -> bool", "whether earlier than the other", time_before, NULL},
	{"Clock", "-> int int int", "function Clock has 3 return values; should be 1 or 2", NULL,
         NULL},
	{"Compare", "time.Time -> int", "-1, 0 or 1: before, equal to, after the other",
         time_compare, NULL},
	{"Date", "-> int time.Month int", "function Date has 3 return values; should be 1 or 2",
         NULL, NULL},
	{"Day", "-> int", "the day of the month", time_day, NULL},
	{"Equal", "time.Time -> bool", "whether the same moment", time_equal, NULL},
	{"Format", "string -> string", "the time in a layout of Go's", time_format, NULL},
	{"GoString", "-> string", "the time as Go source", time_go_string, NULL},
	{"Hour", "-> int", "the hour", time_hour, NULL},
	{"ISOWeek", "-> int int",
         "invalid function signature for ISOWeek: second return value should be error; is int",
         NULL, NULL},
	{"In", "*time.Location -> time.Time", "the time in another location", time_in, NULL},
	{"IsDST", "-> bool", "whether it is summer time", time_is_dst, NULL},
	{"IsZero", "-> bool", "whether it is the zero time", time_is_zero, NULL},
	{"Local", "-> time.Time", "the time in the local zone", time_local, NULL},
	{"Location", "-> *time.Location", "the time's location", time_location, NULL},
	{"MarshalJSON", "-> []uint8", "the time as JSON", time_marshal_json, NULL},
	{"MarshalText", "-> []uint8", "the time as RFC 3339 has it, in bytes", time_marshal_text,
         NULL},
	{"Minute", "-> int", "the minute", time_minute, NULL},
	{"Month", "-> time.Month", "the month", time_month, NULL},
	{"Nanosecond", "-> int", "the nanosecond within the second", time_nanosecond, NULL},
	{"Round", "time.Duration -> time.Time", "the time rounded to a multiple", time_round, NULL},
	{"Second", "-> int", "the second", time_second, NULL},
	{"String", "-> string", "the time in full", time_string, NULL},
	{"Sub", "time.Time -> time.Duration", "how much later than the other", time_sub, NULL},
	{"Truncate", "time.Duration -> time.Time", "the time cut to a multiple", time_truncate,
         NULL},
	{"UTC", "-> time.Time", "the time in UTC", time_utc, NULL},
	{"Unix", "-> int64", "seconds since 1970", time_unix, NULL},
	{"UnixMicro", "-> int64", "microseconds since 1970", time_unix_micro, NULL},
	{"UnixMilli", "-> int64", "milliseconds since 1970", time_unix_milli, NULL},
	{"UnixNano", "-> int64", "nanoseconds since 1970", time_unix_nano, NULL},
	{"Weekday", "-> time.Weekday", "the day of the week", time_weekday, NULL},
	{"Year", "-> int", "the year", time_year, NULL},
	{"YearDay", "-> int", "the day of the year", time_year_day, NULL},
	{"Zone", "-> string int",
         "invalid function signature for Zone: second return value should be error; is int", NULL,
         NULL},
	{"ZoneBounds", "-> time.Time time.Time",
         "invalid function signature for ZoneBounds: second return value should be error; is "
         "time.Time",
         NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

// The fields that Go hides, which fmt shows all the same.
static const Type type_local_pointer = {
	.name = "*time.Location", .kind = V_OBJECT, .kind_name = "ptr", .address = 0x3ffc320};
static const Type type_zone_pointer = {
	.name = "*time.Location", .kind = V_OBJECT, .kind_name = "ptr"};
static Object local_pointer = {.type = &type_local_pointer};
static Object zone_pointer = {.type = &type_zone_pointer};
static Object no_pointer = {.type = &type_zone_pointer, .nil = true};

static Value time_hidden_field(const Object *object, size_t index)
{
	const GoTime *t = object->data;

	if (index == 0)
		return value_of_kind(V_UINT64, t->nanoseconds);
	if (index == 1)
		return value_int64((int64_t)((uint64_t)t->seconds - (uint64_t)GOTIME_ZERO.seconds));
	return value_object(!t->zone                 ? &no_pointer
	                    : zone_is_local(t->zone) ? &local_pointer
	                                             : &zone_pointer);
}

const Type TYPE_TIME = {
	.name = "time.Time",
	.kind = V_OBJECT,
	.kind_name = "struct",
	.go_string = print_go_time,
	.all_fields = (const char *const[]){"wall", "ext", "loc", NULL},
	.all_field = time_hidden_field,
	.methods = time_methods,
	.format = print_time,
	.equal = equal_times,
	.json = time_json,
};

// The functions.

static bool is_time(const Value *v)
{
	return v->kind == V_OBJECT && v->object->type == &TYPE_TIME;
}

// What Sprig takes for a date: a time, seconds since 1970 as an int, int64 or (where allowed)
// int32. Everything else is now.
static GoTime date_of(const Call *c, const Value *v, bool int32_too)
{
	if (is_time(v))
		return *(const GoTime *)v->object->data;
	if (v->kind == V_INT || v->kind == V_INT64 || (int32_too && v->kind == V_INT32))
		return (GoTime){.seconds = v->i, .zone = zone_local(c->arena)};
	return now_time(c);
}

static bool format_in(Call *c, Str layout, const Value *date, Str zone)
{
	GoTime t = date_of(c, date, true);
	Buf buf = buf_new(c->arena);
	const Zone *location;

	if (!zone_load(c->arena, zone, &location))
		location = NULL;
	t = gotime_in(&t, location);
	gotime_format(&buf, &t, layout);
	return return_buf(c, &buf);
}

static bool now(Call *c)
{
	return return_time(c, now_time(c));
}

static bool date(Call *c)
{
	return format_in(c, call_str(c, 0), &c->args[1], S("Local"));
}

static bool date_in_zone(Call *c)
{
	return format_in(c, call_str(c, 0), &c->args[1], call_str(c, 2));
}

static bool html_date(Call *c)
{
	return format_in(c, S("2006-01-02"), &c->args[0], S("Local"));
}

static bool html_date_in_zone(Call *c)
{
	return format_in(c, S("2006-01-02"), &c->args[0], call_str(c, 1));
}

static bool date_modify(Call *c)
{
	Diag diag = diag_new(c->arena);
	int64_t duration;

	if (!duration_parse(call_str(c, 0), &duration, &diag))
		return call_return(c, c->args[1]);
	return return_time(c, gotime_add(time_arg(c, 1), duration));
}

static bool must_date_modify(Call *c)
{
	Diag diag = diag_new(c->arena);
	int64_t duration;

	if (!duration_parse(call_str(c, 0), &duration, &diag))
		return call_fail_str(c, diag.message);
	return return_time(c, gotime_add(time_arg(c, 1), duration));
}

static bool ago(Call *c)
{
	GoTime t = date_of(c, &c->args[0], false), present = now_time(c);
	Buf buf = buf_new(c->arena);

	duration_print(&buf, duration_round(gotime_sub(&present, &t), GO_SECOND));
	return return_buf(c, &buf);
}

static bool duration(Call *c)
{
	Buf buf = buf_new(c->arena);
	int64_t seconds = 0;

	// Beyond 64 bits ParseInt gives the limit, which Sprig goes on with.
	if (c->args[0].kind == V_STRING &&
	    num_parse_int(call_str(c, 0), 10, 64, &seconds) == NUM_SYNTAX)
		seconds = 0;
	else if (c->args[0].kind == V_INT64)
		seconds = c->args[0].i;
	duration_print(&buf, (int64_t)((uint64_t)seconds * (uint64_t)GO_SECOND));
	return return_buf(c, &buf);
}

static int64_t duration_of(Call *c)
{
	Diag diag = diag_new(c->arena);
	int64_t nanoseconds = 0;

	if (c->args[0].kind == V_STRING) {
		if (!duration_parse(call_str(c, 0), &nanoseconds, &diag))
			return 0;
	} else if (c->args[0].kind == V_INT64) {
		nanoseconds = c->args[0].i;
	} else if (is_time(&c->args[0])) {
		GoTime present = now_time(c);

		nanoseconds = gotime_sub(&present, time_arg(c, 0));
	}
	return nanoseconds;
}

// The largest unit of which there is more than one; the sign is dropped.
static bool duration_round_func(Call *c)
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[] = {{"y", 365 * 86400}, {"mo", 30 * 86400}, {"d", 86400},
	             {"h", 3600},        {"m", 60},          {"s", 1}};
	int64_t nanoseconds = duration_of(c);
	uint64_t n = nanoseconds < 0 ? -(uint64_t)nanoseconds : (uint64_t)nanoseconds;
	Buf buf = buf_new(c->arena);

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		uint64_t unit = units[i].seconds * (uint64_t)GO_SECOND;

		if (n > unit) {
			num_format_uint(&buf, n / unit, 10);
			buf_c(&buf, units[i].name);
			return return_buf(c, &buf);
		}
	}
	return call_return_c(c, "0s");
}

static bool to_date(Call *c)
{
	Diag diag = diag_new(c->arena);
	GoTime t;

	gotime_parse(c->arena, call_str(c, 0), call_str(c, 1), zone_local(c->arena), &t, &diag);
	return return_time(c, t);
}

static bool must_to_date(Call *c)
{
	Diag diag = diag_new(c->arena);
	GoTime t;

	if (!gotime_parse(c->arena, call_str(c, 0), call_str(c, 1), zone_local(c->arena), &t,
	                  &diag))
		return call_fail_str(c, diag.message);
	return return_time(c, t);
}

static bool unix_epoch(Call *c)
{
	Buf buf = buf_new(c->arena);

	num_format_int(&buf, time_arg(c, 0)->seconds, 10);
	return return_buf(c, &buf);
}

const Func date_funcs[] = {
	{"ago", "any -> string", "how long ago a time or a Unix time was, in whole seconds", ago,
         "{{ now | ago }} => 0s"},
	{"date", "string any -> string",
         "a time, or seconds since 1970, in a layout that shows how Jan 2 15:04:05 2006 would look",
         date, "{{ toDate \"2006-01-02\" \"2024-02-29\" | date \"02 Jan 06\" }} => 29 Feb 24"},
	{"dateInZone", "string any string -> string",
         "date in a time zone, UTC where there is none of that name", date_in_zone,
         "{{ dateInZone \"2006-01-02 15:04 MST\" 0 \"America/New_York\" }} => 1969-12-31 19:00 "
         "EST"},
	{"dateModify", "string time -> time.Time",
         "a time that much later; as it was where that is no duration", date_modify,
         "{{ toDate \"15:04\" \"10:30\" | dateModify \"-1h30m\" | date \"15:04\" }} => 09:00"},
	{"date_in_zone", "string any string -> string", "an older name of dateInZone", date_in_zone,
         "{{ date_in_zone \"15:04\" 3600 \"UTC\" }} => 01:00"},
	{"date_modify", "string time -> time.Time", "an older name of dateModify", date_modify,
         "{{ toDate \"15:04\" \"10:30\" | date_modify \"1h\" | date \"15:04\" }} => 11:30"},
	{"duration", "any -> string", "seconds as a duration", duration,
         "{{ duration \"95\" }} => 1m35s"},
	{"durationRound", "any -> string", "a duration in its largest unit", duration_round_func,
         "{{ durationRound \"2h10m5s\" }} => 2h"},
	{"htmlDate", "any -> string", "a time as a date picker wants it", html_date,
         "{{ toDate \"2006-01-02\" \"2024-02-29\" | htmlDate }} => 2024-02-29"},
	{"htmlDateInZone", "any string -> string", "htmlDate in a time zone", html_date_in_zone,
         "{{ htmlDateInZone 0 \"UTC\" }} => 1970-01-01"},
	{"mustDateModify", "string time -> time.Time",
         "dateModify that fails where that is no duration", must_date_modify,
         "{{ toDate \"15:04\" \"10:30\" | mustDateModify \"15m\" | date \"15:04\" }} => 10:45"},
	{"mustToDate", "string string -> time.Time",
         "toDate that fails where the text does not fit the layout", must_to_date,
         "{{ (mustToDate \"2006-01-02\" \"2017-12-31\").YearDay }} => 365"},
	{"must_date_modify", "string time -> time.Time", "an older name of mustDateModify",
         must_date_modify,
         "{{ toDate \"15:04\" \"10:30\" | must_date_modify \"15s\" | date \"15:04:05\" }} => "
         "10:30:15"},
	{"now", "-> time.Time", "the present time", now, "{{ kindOf now }} => struct"},
	{"toDate", "string string -> time.Time",
         "the time that a text in a layout is, in the local zone; the zero time where it does not "
         "fit",
         to_date, "{{ (toDate \"2006-01-02\" \"2017-12-31\").Weekday }} => Sunday"},
	{"unixEpoch", "time -> string", "the seconds since 1970", unix_epoch,
         "{{ toDate \"2006-01-02 MST\" \"1970-01-02 UTC\" | unixEpoch }} => 86400"},
	{NULL, NULL, NULL, NULL, NULL},
};
