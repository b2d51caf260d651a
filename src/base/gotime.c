// The calendar, layouts, parsing and arithmetic of points in time.

#include "base/gotime.h"

#include "base/gozone.h"
#include "base/num.h"

#include <string.h>
#include <strings.h>

#define DAY 86400

// Go counts from March 1 of a year so early that no time lies before it, in unsigned seconds that
// wrap.
#define ABSOLUTE_YEARS    ((uint64_t)292277022400)
#define DAYS_IN_400_YEARS 146097
// Days from there to 1970-01-01: March 1 of the year 0 (as far from the start as ABSOLUTE_YEARS
// says) to it are 719468.
#define ABSOLUTE_TO_UNIX (ABSOLUTE_YEARS / 400 * DAYS_IN_400_YEARS * DAY + (uint64_t)719468 * DAY)

static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};
static const char *const weekday_names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                            "Thursday", "Friday", "Saturday"};

const char *month_name(int64_t month)
{
	return month >= 1 && month <= 12 ? month_names[month - 1] : NULL;
}

const char *weekday_name(int64_t weekday)
{
	return weekday >= 0 && weekday <= 6 ? weekday_names[weekday] : NULL;
}

// The calendar.

bool year_is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_before_month(int month)
{
	static const int before[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

	return before[month];
}

int days_in_month(int month, int64_t year)
{
	if (month == 2)
		return year_is_leap(year) ? 29 : 28;
	return days_before_month(month + 1) - days_before_month(month);
}

static void date_of_seconds(int64_t seconds, GoDate *out)
{
	uint64_t absolute = (uint64_t)seconds + ABSOLUTE_TO_UNIX;
	uint64_t days = absolute / DAY, rest = absolute % DAY;
	uint64_t era = days / DAYS_IN_400_YEARS, day_of_era = days % DAYS_IN_400_YEARS;
	// Years here begin with March, so that the leap day is their last.
	uint64_t year =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day = (int)(day_of_era - (365 * year + year / 4 - year / 100));
	int month = (5 * day + 2) / 153;

	out->day = day - (153 * month + 2) / 5 + 1;
	out->month = month < 10 ? month + 3 : month - 9;
	out->year = (int64_t)(era * 400 + year - ABSOLUTE_YEARS) + (out->month <= 2);
	out->year_day = days_before_month(out->month) + out->day +
	                (year_is_leap(out->year) && out->month > 2);
	out->hour = (int)(rest / 3600);
	out->minute = (int)(rest / 60 % 60);
	out->second = (int)(rest % 60);
	out->weekday = (int)((days + 3) % 7);
}

void year_of(int64_t second, int64_t *year, int *year_day)
{
	GoDate date;

	date_of_seconds(second, &date);
	*year = date.year;
	*year_day = date.year_day;
}

GoDate gotime_date(const GoTime *t)
{
	ZoneSpan span = zone_at(t->zone, t->seconds);
	GoDate date;

	date_of_seconds((int64_t)((uint64_t)t->seconds + (uint64_t)span.offset), &date);
	date.offset = span.offset;
	date.zone = span.name;
	return date;
}

// Moves what `low` has beyond [0, base) to `high`.
static void carry(int64_t *high, int64_t *low, int64_t base)
{
	int64_t more = *low / base;

	if (*low % base < 0)
		more--;
	*high = (int64_t)((uint64_t)*high + (uint64_t)more);
	*low -= more * base;
}

static uint64_t days_before_year(int64_t year)
{
	// March-based years since the absolute one.
	uint64_t years = (uint64_t)year + ABSOLUTE_YEARS;

	return years * 365 + years / 4 - years / 100 + years / 400;
}

GoTime gotime_from_date(int64_t year, int64_t month, int64_t day, int64_t hour, int64_t minute,
                        int64_t second, int64_t nanosecond, const Zone *zone)
{
	GoTime t = {.zone = zone};
	uint64_t days;
	ZoneSpan span;

	month = (int64_t)((uint64_t)month - 1);
	carry(&year, &month, 12);
	carry(&second, &nanosecond, GO_SECOND);
	carry(&minute, &second, 60);
	carry(&hour, &minute, 60);
	carry(&day, &hour, 24);
	// January and February belong to the March-based year before.
	year = (int64_t)((uint64_t)year - (month < 2));
	days = days_before_year(year) + (uint64_t)((153 * ((month + 10) % 12) + 2) / 5) +
	       (uint64_t)day - 1;
	t.seconds = (int64_t)(days * DAY + (uint64_t)(hour * 3600 + minute * 60 + second) -
	                      ABSOLUTE_TO_UNIX);
	t.nanoseconds = (int32_t)nanosecond;
	span = zone_at(zone, t.seconds);
	if (span.offset != 0) {
		int64_t utc = (int64_t)((uint64_t)t.seconds - (uint64_t)span.offset);

		if (utc < span.start || utc >= span.end)
			span = zone_at(zone, utc);
		t.seconds = (int64_t)((uint64_t)t.seconds - (uint64_t)span.offset);
	}
	return t;
}

bool gotime_is_dst(const GoTime *t)
{
	return zone_at(t->zone, t->seconds).is_dst;
}

// Layouts.

typedef enum Element {
	NO_ELEMENT,
	LONG_MONTH,
	SHORT_MONTH,
	NUMBER_MONTH,
	ZERO_MONTH,
	LONG_WEEKDAY,
	SHORT_WEEKDAY,
	NUMBER_DAY,
	SPACE_DAY,
	ZERO_DAY,
	SPACE_YEAR_DAY,
	ZERO_YEAR_DAY,
	HOUR_24,
	NUMBER_HOUR,
	ZERO_HOUR,
	NUMBER_MINUTE,
	ZERO_MINUTE,
	NUMBER_SECOND,
	ZERO_SECOND,
	LONG_YEAR,
	SHORT_YEAR,
	UPPER_PM,
	LOWER_PM,
	ZONE_ABBREVIATION,
	Z_OFFSET,
	Z_OFFSET_SECONDS,
	Z_OFFSET_SHORT,
	Z_OFFSET_COLON,
	Z_OFFSET_COLON_SECONDS,
	OFFSET,
	OFFSET_SECONDS,
	OFFSET_SHORT,
	OFFSET_COLON,
	OFFSET_COLON_SECONDS,
	FRACTION_0, // as many digits as asked for
	FRACTION_9, // without zeros at the end
} Element;

// Of those that begin alike the first that fits counts.
static const struct {
	const char *text;
	Element element;
	bool word; // no small letter may follow
} elements[] = {
	{"January", LONG_MONTH, false},
	{"Jan", SHORT_MONTH, true},
	{"Monday", LONG_WEEKDAY, false},
	{"Mon", SHORT_WEEKDAY, true},
	{"MST", ZONE_ABBREVIATION, false},
	{"01", ZERO_MONTH, false},
	{"02", ZERO_DAY, false},
	{"03", ZERO_HOUR, false},
	{"04", ZERO_MINUTE, false},
	{"05", ZERO_SECOND, false},
	{"06", SHORT_YEAR, false},
	{"002", ZERO_YEAR_DAY, false},
	{"15", HOUR_24, false},
	{"1", NUMBER_MONTH, false},
	{"2006", LONG_YEAR, false},
	{"2", NUMBER_DAY, false},
	{"_2006", NO_ELEMENT, false}, // an underscore, and then the year
	{"_2", SPACE_DAY, false},
	{"__2", SPACE_YEAR_DAY, false},
	{"3", NUMBER_HOUR, false},
	{"4", NUMBER_MINUTE, false},
	{"5", NUMBER_SECOND, false},
	{"PM", UPPER_PM, false},
	{"pm", LOWER_PM, false},
	{"-070000", OFFSET_SECONDS, false},
	{"-07:00:00", OFFSET_COLON_SECONDS, false},
	{"-0700", OFFSET, false},
	{"-07:00", OFFSET_COLON, false},
	{"-07", OFFSET_SHORT, false},
	{"Z070000", Z_OFFSET_SECONDS, false},
	{"Z07:00:00", Z_OFFSET_COLON_SECONDS, false},
	{"Z0700", Z_OFFSET, false},
	{"Z07:00", Z_OFFSET_COLON, false},
	{"Z07", Z_OFFSET_SHORT, false},
};

#define ELEMENT_COUNT (sizeof elements / sizeof elements[0])

typedef struct Chunk {
	Str prefix; // text that stands for itself
	Element element;
	Str text; // the element's
	Str rest;
} Chunk;

static bool is_digit_at(Str s, size_t at)
{
	return at < s.len && s.p[at] >= '0' && s.p[at] <= '9';
}

// .000 or ,999: their length, 0 where there is no such thing.
static size_t fraction_length(Str s)
{
	size_t len = 1;

	if (s.len < 2 || (s.p[0] != '.' && s.p[0] != ',') || (s.p[1] != '0' && s.p[1] != '9'))
		return 0;
	while (len < s.len && s.p[len] == s.p[1])
		len++;
	return is_digit_at(s, len) ? 0 : len;
}

// The element that `s` begins with.
static Element element_at(Str s, size_t *length)
{
	*length = fraction_length(s);
	if (*length > 0)
		return s.p[1] == '0' ? FRACTION_0 : FRACTION_9;
	for (size_t i = 0; i < ELEMENT_COUNT; i++) {
		Str text;

		if (s.p[0] != elements[i].text[0])
			continue;
		text = str_c(elements[i].text);
		if (!str_has_prefix(s, text))
			continue;
		if (elements[i].word && s.len > text.len && s.p[text.len] >= 'a' &&
		    s.p[text.len] <= 'z')
			continue;
		*length = text.len;
		return elements[i].element;
	}
	return NO_ELEMENT;
}

static Chunk next_chunk(Str layout)
{
	for (size_t i = 0; i < layout.len; i++) {
		size_t length;
		Element element = element_at(str_from(layout, i), &length);

		if (element != NO_ELEMENT) {
			return (Chunk){str_to(layout, i), element, str_slice(layout, i, i + length),
			               str_from(layout, i + length)};
		}
	}
	return (Chunk){layout, NO_ELEMENT, S(""), S("")};
}

// Formatting.

static void put_number(Buf *out, int64_t n, size_t width)
{
	Buf digits = buf_new(out->arena);
	uint64_t magnitude = n < 0 ? -(uint64_t)n : (uint64_t)n;

	if (n < 0)
		buf_byte(out, '-');
	num_format_uint(&digits, magnitude, 10);
	if (digits.len < width)
		buf_fill(out, '0', width - digits.len);
	buf_str(out, buf_view(&digits));
}

static void put_fraction(Buf *out, int32_t nanoseconds, Str element)
{
	bool trim = element.p[1] == '9';
	size_t digits = element.len - 1;
	Buf all = buf_new(out->arena);

	if (trim && nanoseconds == 0)
		return;
	put_number(&all, nanoseconds, 9);
	if (all.len > digits)
		all.len = digits;
	while (trim && all.len > 0 && all.p[all.len - 1] == '0')
		all.len--;
	if (trim && all.len == 0)
		return;
	buf_byte(out, element.p[0]);
	buf_str(out, buf_view(&all));
}

static void put_offset(Buf *out, int64_t offset, Element element)
{
	bool colon = element == Z_OFFSET_COLON || element == OFFSET_COLON ||
	             element == Z_OFFSET_COLON_SECONDS || element == OFFSET_COLON_SECONDS;
	bool seconds = element == Z_OFFSET_SECONDS || element == OFFSET_SECONDS ||
	               element == Z_OFFSET_COLON_SECONDS || element == OFFSET_COLON_SECONDS;
	int64_t minutes = offset / 60;

	if (offset == 0 && element >= Z_OFFSET && element <= Z_OFFSET_COLON_SECONDS) {
		buf_byte(out, 'Z');
		return;
	}
	buf_byte(out, minutes < 0 ? '-' : '+');
	if (minutes < 0) {
		minutes = -minutes;
		offset = -offset;
	}
	put_number(out, minutes / 60, 2);
	if (element == Z_OFFSET_SHORT || element == OFFSET_SHORT)
		return;
	if (colon)
		buf_byte(out, ':');
	put_number(out, minutes % 60, 2);
	if (!seconds)
		return;
	if (colon)
		buf_byte(out, ':');
	put_number(out, offset % 60, 2);
}

static void put_abbreviation(Buf *out, const GoDate *date)
{
	if (date->zone.len > 0)
		buf_str(out, date->zone);
	else
		put_offset(out, date->offset, OFFSET);
}

static void put_padded(Buf *out, int n, int width)
{
	for (int limit = 10; width > 1; width--, limit *= 10) {
		if (n < limit)
			buf_byte(out, ' ');
	}
	put_number(out, n, 0);
}

static void put_element(Buf *out, const GoDate *date, int32_t nanoseconds, const Chunk *chunk)
{
	int hour = date->hour % 12 == 0 ? 12 : date->hour % 12;

	switch (chunk->element) {
	case LONG_MONTH:
		buf_c(out, month_names[date->month - 1]);
		break;
	case SHORT_MONTH:
		buf_bytes(out, month_names[date->month - 1], 3);
		break;
	case NUMBER_MONTH:
	case ZERO_MONTH:
		put_number(out, date->month, chunk->element == ZERO_MONTH ? 2 : 0);
		break;
	case LONG_WEEKDAY:
		buf_c(out, weekday_names[date->weekday]);
		break;
	case SHORT_WEEKDAY:
		buf_bytes(out, weekday_names[date->weekday], 3);
		break;
	case NUMBER_DAY:
	case ZERO_DAY:
		put_number(out, date->day, chunk->element == ZERO_DAY ? 2 : 0);
		break;
	case SPACE_DAY:
		put_padded(out, date->day, 2);
		break;
	case SPACE_YEAR_DAY:
		put_padded(out, date->year_day, 3);
		break;
	case ZERO_YEAR_DAY:
		put_number(out, date->year_day, 3);
		break;
	case HOUR_24:
		put_number(out, date->hour, 2);
		break;
	case NUMBER_HOUR:
	case ZERO_HOUR:
		put_number(out, hour, chunk->element == ZERO_HOUR ? 2 : 0);
		break;
	case NUMBER_MINUTE:
	case ZERO_MINUTE:
		put_number(out, date->minute, chunk->element == ZERO_MINUTE ? 2 : 0);
		break;
	case NUMBER_SECOND:
	case ZERO_SECOND:
		put_number(out, date->second, chunk->element == ZERO_SECOND ? 2 : 0);
		break;
	case LONG_YEAR:
		put_number(out, date->year, 4);
		break;
	case SHORT_YEAR:
		put_number(out, (date->year < 0 ? -date->year : date->year) % 100, 2);
		break;
	case UPPER_PM:
		buf_c(out, date->hour >= 12 ? "PM" : "AM");
		break;
	case LOWER_PM:
		buf_c(out, date->hour >= 12 ? "pm" : "am");
		break;
	case ZONE_ABBREVIATION:
		put_abbreviation(out, date);
		break;
	case FRACTION_0:
	case FRACTION_9:
		put_fraction(out, nanoseconds, chunk->text);
		break;
	default:
		put_offset(out, date->offset, chunk->element);
	}
}

void gotime_format(Buf *out, const GoTime *t, Str layout)
{
	GoDate date = gotime_date(t);

	while (layout.len > 0) {
		Chunk chunk = next_chunk(layout);

		buf_str(out, chunk.prefix);
		if (chunk.element == NO_ELEMENT)
			return;
		put_element(out, &date, t->nanoseconds, &chunk);
		layout = chunk.rest;
	}
}

void gotime_print(Buf *out, const GoTime *t)
{
	uint64_t nanoseconds;

	gotime_format(out, t, S("2006-01-02 15:04:05.999999999 -0700 MST"));
	if (!t->has_monotonic)
		return;
	nanoseconds = t->monotonic < 0 ? -(uint64_t)t->monotonic : (uint64_t)t->monotonic;
	buf_c(out, t->monotonic < 0 ? " m=-" : " m=+");
	put_number(out, (int64_t)(nanoseconds / (uint64_t)GO_SECOND), 0);
	buf_byte(out, '.');
	put_number(out, (int64_t)(nanoseconds % (uint64_t)GO_SECOND), 9);
}

// Parsing.

typedef struct Parser {
	Str layout, text;                   // as they were given
	Str rest;                           // of the text
	int64_t year, month, day, year_day; // -1: not given
	int64_t hour, minute, second, nanosecond;
	bool am, pm, utc;
	int64_t offset; // -1: not given
	Str zone;
	const char *out_of_range; // what is
	Diag *diag;
} Parser;

// The time package's own way of quoting.
static void put_quoted(Buf *out, Str s)
{
	buf_byte(out, '"');
	while (s.len > 0) {
		uint32_t rune;
		size_t size = utf8_decode(s, &rune);

		if (rune >= 0x80 || rune < ' ') {
			for (size_t i = 0; i < size; i++)
				buf_printf(out, "\\x%02x", (unsigned char)s.p[i]);
		} else {
			if (rune == '"' || rune == '\\')
				buf_byte(out, '\\');
			buf_byte(out, (char)rune);
		}
		s = str_from(s, size);
	}
	buf_byte(out, '"');
}

static bool fail_element(Parser *p, Str element, Str value)
{
	Buf buf = buf_new(p->diag->arena);

	buf_c(&buf, "parsing time ");
	put_quoted(&buf, p->text);
	buf_c(&buf, " as ");
	put_quoted(&buf, p->layout);
	buf_c(&buf, ": cannot parse ");
	put_quoted(&buf, value);
	buf_c(&buf, " as ");
	put_quoted(&buf, element);
	return diag_fail_str(p->diag, buf_view(&buf));
}

static bool fail_message(Parser *p, const char *message, const char *more)
{
	Buf buf = buf_new(p->diag->arena);

	buf_c(&buf, "parsing time ");
	put_quoted(&buf, p->text);
	buf_c(&buf, message);
	buf_c(&buf, more);
	return diag_fail_str(p->diag, buf_view(&buf));
}

static bool fail_extra(Parser *p)
{
	Buf buf = buf_new(p->diag->arena);

	buf_c(&buf, "parsing time ");
	put_quoted(&buf, p->text);
	buf_c(&buf, ": extra text: ");
	put_quoted(&buf, p->rest);
	return diag_fail_str(p->diag, buf_view(&buf));
}

static Str skip_blanks(Str s)
{
	while (s.len > 0 && s.p[0] == ' ')
		s = str_from(s, 1);
	return s;
}

// Takes text that stands for itself; a run of blanks matches any run of them. On failure *rest is
// where.
static bool skip_text(Str *rest, Str text)
{
	while (text.len > 0) {
		if (text.p[0] == ' ') {
			if (rest->len > 0 && rest->p[0] != ' ')
				return false;
			text = skip_blanks(text);
			*rest = skip_blanks(*rest);
			continue;
		}
		if (rest->len == 0 || rest->p[0] != text.p[0])
			return false;
		text = str_from(text, 1);
		*rest = str_from(*rest, 1);
	}
	return true;
}

// At most `digits` digits, at least one; just as many where `fixed`.
static bool take_digits(Str *rest, size_t digits, bool fixed, int64_t *out)
{
	size_t len = 0;

	*out = 0;
	while (len < digits && is_digit_at(*rest, len))
		len++;
	if (len == 0 || (fixed && len < digits))
		return false;
	for (size_t i = 0; i < len; i++)
		*out = *out * 10 + (rest->p[i] - '0');
	*rest = str_from(*rest, len);
	return true;
}

// Go's atoi: a sign and digits, the whole of `s`.
static bool whole_number(Str s, int64_t *out)
{
	bool negative = s.len > 0 && s.p[0] == '-';

	if (s.len > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		s = str_from(s, 1);
	*out = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit_at(s, i))
			return false;
		*out = *out * 10 + (s.p[i] - '0');
	}
	if (negative)
		*out = -*out;
	return true;
}

static bool take_name(Str *rest, const char *const *names, size_t count, size_t shortened,
                      int64_t *out)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = shortened > 0 ? shortened : strlen(names[i]);

		if (rest->len >= len && strncasecmp(rest->p, names[i], len) == 0) {
			*rest = str_from(*rest, len);
			*out = (int64_t)i;
			return true;
		}
	}
	return false;
}

static bool in_range(Parser *p, int64_t n, int64_t low, int64_t high, const char *what)
{
	if (n < low || n > high)
		p->out_of_range = what;
	return true;
}

static bool parse_year(Parser *p, bool whole)
{
	size_t digits = whole ? 4 : 2;
	Str text = str_to(p->rest, digits);

	if (p->rest.len < digits || (whole && !is_digit_at(p->rest, 0)))
		return false;
	p->rest = str_from(p->rest, digits);
	if (!whole_number(text, &p->year))
		return false;
	if (!whole)
		p->year += p->year >= 69 ? 1900 : 2000;
	return true;
}

static bool is_fraction_mark(Str s)
{
	return s.len > 0 && (s.p[0] == '.' || s.p[0] == ',');
}

// The mark and digits that make `len` bytes.
static bool parse_fraction(Parser *p, size_t len)
{
	Str text = str_to(p->rest, len < 10 ? len : 10);

	p->rest = str_from(p->rest, len);
	if (!is_fraction_mark(text) || !whole_number(str_from(text, 1), &p->nanosecond))
		return false;
	if (p->nanosecond < 0)
		p->out_of_range = "fractional second";
	for (size_t i = text.len; i < 10; i++)
		p->nanosecond *= 10;
	return true;
}

static size_t fraction_digits(Str s)
{
	size_t len = 1;

	while (is_digit_at(s, len))
		len++;
	return len;
}

// A fraction may follow the seconds though the layout has none.
static bool parse_second(Parser *p, bool fixed, Str layout)
{
	Element next;

	if (!take_digits(&p->rest, 2, fixed, &p->second))
		return false;
	if (p->second >= 60) {
		p->out_of_range = "second";
		return true;
	}
	if (!is_fraction_mark(p->rest) || !is_digit_at(p->rest, 1))
		return true;
	next = next_chunk(layout).element;
	if (next == FRACTION_0 || next == FRACTION_9)
		return true;
	return parse_fraction(p, fraction_digits(p->rest));
}

static bool parse_half(Parser *p, const char *am, const char *pm)
{
	Str text = str_to(p->rest, 2);

	if (p->rest.len < 2)
		return false;
	p->rest = str_from(p->rest, 2);
	p->pm = p->pm || str_is(text, pm);
	p->am = p->am || str_is(text, am);
	return str_is(text, pm) || str_is(text, am);
}

// The shape of an offset: where its minutes and seconds begin, 0 where it has none, and where
// colons stand.
typedef struct OffsetShape {
	size_t len, minutes, seconds, colon, second_colon;
} OffsetShape;

static OffsetShape offset_shape(Element element)
{
	switch (element) {
	case Z_OFFSET_COLON:
	case OFFSET_COLON:
		return (OffsetShape){6, 4, 0, 3, 0};
	case Z_OFFSET_SHORT:
	case OFFSET_SHORT:
		return (OffsetShape){3, 0, 0, 0, 0};
	case Z_OFFSET_COLON_SECONDS:
	case OFFSET_COLON_SECONDS:
		return (OffsetShape){9, 4, 7, 3, 6};
	case Z_OFFSET_SECONDS:
	case OFFSET_SECONDS:
		return (OffsetShape){7, 3, 5, 0, 0};
	default:
		return (OffsetShape){5, 3, 0, 0, 0};
	}
}

static bool two_digits(Str s, size_t at, int64_t *out)
{
	Str part = str_slice(s, at, at + 2);

	*out = 0;
	return at == 0 || take_digits(&part, 2, true, out);
}

static bool parse_offset(Parser *p, Element element)
{
	OffsetShape shape = offset_shape(element);
	Str text = str_to(p->rest, shape.len);
	int64_t hours, minutes = 0, seconds = 0;
	bool fine;

	if (element < OFFSET && str_has_prefix(p->rest, S("Z"))) {
		p->rest = str_from(p->rest, 1);
		p->utc = true;
		return true;
	}
	if (text.len < shape.len || (shape.colon > 0 && text.p[shape.colon] != ':') ||
	    (shape.second_colon > 0 && text.p[shape.second_colon] != ':'))
		return false;
	p->rest = str_from(p->rest, shape.len);
	fine = two_digits(text, 1, &hours) && two_digits(text, shape.minutes, &minutes) &&
	       two_digits(text, shape.seconds, &seconds);
	// Some people write offsets of 24 hours or 60 minutes.
	in_range(p, hours, 0, 24, "time zone offset hour");
	in_range(p, minutes, 0, 60, "time zone offset minute");
	in_range(p, seconds, 0, 60, "time zone offset second");
	p->offset = (hours * 60 + minutes) * 60 + seconds;
	if (text.p[0] == '-')
		p->offset = -p->offset;
	return fine && (text.p[0] == '+' || text.p[0] == '-');
}

// A sign and hours up to 23; its length, 0 where it is none.
static size_t signed_hours(Str s)
{
	size_t len = 1;
	int64_t hours = 0;

	if (s.len == 0 || (s.p[0] != '-' && s.p[0] != '+'))
		return 0;
	while (is_digit_at(s, len) && hours <= 23)
		hours = hours * 10 + (s.p[len++] - '0');
	return len == 1 || hours > 23 ? 0 : len;
}

// How much of `s` looks like an abbreviation of a zone; 0 where nothing.
static size_t abbreviation_length(Str s)
{
	size_t upper = 0;

	if (s.len < 3)
		return 0;
	if (str_has_prefix(s, S("ChST")) || str_has_prefix(s, S("MeST")))
		return 4;
	if (str_has_prefix(s, S("GMT")))
		return 3 + signed_hours(str_from(s, 3));
	if (s.p[0] == '+' || s.p[0] == '-')
		return signed_hours(s);
	while (upper < 6 && upper < s.len && s.p[upper] >= 'A' && s.p[upper] <= 'Z')
		upper++;
	if (upper == 5)
		return s.p[4] == 'T' ? 5 : 0;
	if (upper == 4)
		return s.p[3] == 'T' || str_has_prefix(s, S("WITA")) ? 4 : 0;
	return upper == 3 ? 3 : 0;
}

static bool parse_abbreviation(Parser *p)
{
	size_t len;

	if (str_has_prefix(p->rest, S("UTC"))) {
		p->utc = true;
		p->rest = str_from(p->rest, 3);
		return true;
	}
	len = abbreviation_length(p->rest);
	p->zone = str_to(p->rest, len);
	p->rest = str_from(p->rest, len);
	return len > 0;
}

static bool parse_day(Parser *p, Element element)
{
	if (element == SPACE_DAY && str_has_prefix(p->rest, S(" ")))
		p->rest = str_from(p->rest, 1);
	return take_digits(&p->rest, 2, element == ZERO_DAY, &p->day);
}

static bool parse_year_day(Parser *p, Element element)
{
	for (int i = 0; i < 2 && element == SPACE_YEAR_DAY && str_has_prefix(p->rest, S(" ")); i++)
		p->rest = str_from(p->rest, 1);
	return take_digits(&p->rest, 3, element == ZERO_YEAR_DAY, &p->year_day);
}

static bool parse_month_name(Parser *p, size_t shortened)
{
	bool found = take_name(&p->rest, month_names, 12, shortened, &p->month);

	p->month++;
	return found;
}

static bool parse_element(Parser *p, const Chunk *chunk)
{
	int64_t ignored;

	switch (chunk->element) {
	case SHORT_YEAR:
	case LONG_YEAR:
		return parse_year(p, chunk->element == LONG_YEAR);
	case SHORT_MONTH:
		return parse_month_name(p, 3);
	case LONG_MONTH:
		return parse_month_name(p, 0);
	case NUMBER_MONTH:
	case ZERO_MONTH:
		return take_digits(&p->rest, 2, chunk->element == ZERO_MONTH, &p->month) &&
		       in_range(p, p->month, 1, 12, "month");
	case SHORT_WEEKDAY:
		return take_name(&p->rest, weekday_names, 7, 3, &ignored);
	case LONG_WEEKDAY:
		return take_name(&p->rest, weekday_names, 7, 0, &ignored);
	case NUMBER_DAY:
	case SPACE_DAY:
	case ZERO_DAY:
		return parse_day(p, chunk->element);
	case SPACE_YEAR_DAY:
	case ZERO_YEAR_DAY:
		return parse_year_day(p, chunk->element);
	case HOUR_24:
		return take_digits(&p->rest, 2, false, &p->hour) &&
		       in_range(p, p->hour, 0, 23, "hour");
	case NUMBER_HOUR:
	case ZERO_HOUR:
		return take_digits(&p->rest, 2, chunk->element == ZERO_HOUR, &p->hour) &&
		       in_range(p, p->hour, 0, 12, "hour");
	case NUMBER_MINUTE:
	case ZERO_MINUTE:
		return take_digits(&p->rest, 2, chunk->element == ZERO_MINUTE, &p->minute) &&
		       in_range(p, p->minute, 0, 59, "minute");
	case NUMBER_SECOND:
	case ZERO_SECOND:
		return parse_second(p, chunk->element == ZERO_SECOND, chunk->rest);
	case UPPER_PM:
		return parse_half(p, "AM", "PM");
	case LOWER_PM:
		return parse_half(p, "am", "pm");
	case ZONE_ABBREVIATION:
		return parse_abbreviation(p);
	case FRACTION_0:
		return p->rest.len >= chunk->text.len && parse_fraction(p, chunk->text.len);
	case FRACTION_9:
		// It may be missing.
		if (!is_fraction_mark(p->rest) || !is_digit_at(p->rest, 1))
			return true;
		return parse_fraction(p, fraction_digits(p->rest));
	default:
		return parse_offset(p, chunk->element);
	}
}

static bool parse_elements(Parser *p)
{
	Str layout = p->layout;

	for (;;) {
		Chunk chunk = next_chunk(layout);
		Str start;

		if (!skip_text(&p->rest, chunk.prefix))
			return fail_element(p, chunk.prefix, p->rest);
		if (chunk.element == NO_ELEMENT)
			return p->rest.len == 0 || fail_extra(p);
		start = p->rest;
		if (!parse_element(p, &chunk) && p->out_of_range == NULL)
			return fail_element(p, chunk.text, start);
		if (p->out_of_range != NULL) {
			Str what = str_printf(p->diag->arena, ": %s out of range", p->out_of_range);

			return fail_message(p, str_to_c(p->diag->arena, what), "");
		}
		layout = chunk.rest;
	}
}

// Makes month and day of the day of the year.
static bool resolve_year_day(Parser *p)
{
	int64_t month = 0, day = 0, year_day = p->year_day;

	if (year_is_leap(p->year)) {
		if (year_day == 31 + 29) {
			month = 2;
			day = 29;
		} else if (year_day > 31 + 29) {
			year_day--;
		}
	}
	if (year_day < 1 || year_day > 365)
		return fail_message(p, ": day-of-year out of range", "");
	if (month == 0) {
		month = (year_day - 1) / 31 + 1;
		if (days_before_month((int)month + 1) < year_day)
			month++;
		day = year_day - days_before_month((int)month);
	}
	if (p->month >= 0 && p->month != month)
		return fail_message(p, ": day-of-year does not match month", "");
	if (p->day >= 0 && p->day != day)
		return fail_message(p, ": day-of-year does not match day", "");
	p->month = month;
	p->day = day;
	return true;
}

static bool resolve_date(Parser *p)
{
	if (p->pm && p->hour < 12)
		p->hour += 12;
	else if (p->am && p->hour == 12)
		p->hour = 0;
	if (p->year_day >= 0) {
		if (!resolve_year_day(p))
			return false;
	} else {
		p->month = p->month < 0 ? 1 : p->month;
		p->day = p->day < 0 ? 1 : p->day;
	}
	if (p->day < 1 || p->day > days_in_month((int)p->month, p->year))
		return fail_message(p, ": day out of range", "");
	return true;
}

static GoTime date_in(const Parser *p, const Zone *zone)
{
	return gotime_from_date(p->year, p->month, p->day, p->hour, p->minute, p->second,
	                        p->nanosecond, zone);
}

// An offset that `zone` has at that time means that zone; else it is a zone of its own.
static GoTime with_offset(Arena *arena, const Parser *p, const Zone *zone)
{
	GoTime t = date_in(p, NULL);
	ZoneSpan span;

	t.seconds -= p->offset;
	span = zone_at(zone, t.seconds);
	if (span.offset == p->offset && (p->zone.len == 0 || str_eq(span.name, p->zone)))
		t.zone = zone;
	else
		t.zone = zone_fixed(arena, p->zone, p->offset);
	return t;
}

static GoTime with_abbreviation(Arena *arena, const Parser *p, const Zone *zone)
{
	GoTime t = date_in(p, NULL);
	int64_t offset = 0;

	if (zone_offset_of(zone, p->zone, t.seconds, &offset)) {
		t.seconds -= offset;
		t.zone = zone;
		return t;
	}
	if (p->zone.len > 3 && str_has_prefix(p->zone, S("GMT"))) {
		whole_number(str_from(p->zone, 3), &offset);
		offset *= 3600;
	}
	// Unknown: the clock is taken as UTC's, which makes the time lossless to print but not
	// right.
	t.zone = zone_fixed(arena, p->zone, offset);
	return t;
}

bool gotime_parse(Arena *arena, Str layout, Str text, const Zone *zone, GoTime *out, Diag *diag)
{
	Parser p = {.layout = layout,
	            .text = text,
	            .rest = text,
	            .month = -1,
	            .day = -1,
	            .year_day = -1,
	            .offset = -1,
	            .zone = S(""),
	            .diag = diag};

	*out = GOTIME_ZERO;
	if (!parse_elements(&p) || !resolve_date(&p))
		return false;
	if (p.utc)
		*out = date_in(&p, NULL);
	else if (p.offset != -1)
		*out = with_offset(arena, &p, zone);
	else if (p.zone.len > 0)
		*out = with_abbreviation(arena, &p, zone);
	else
		*out = date_in(&p, zone);
	return true;
}

// Arithmetic.

// Nanoseconds since the zero time.
static __int128 total(const GoTime *t)
{
	return ((__int128)t->seconds - GOTIME_ZERO.seconds) * GO_SECOND + t->nanoseconds;
}

int gotime_compare(const GoTime *a, const GoTime *b)
{
	if (a->seconds != b->seconds)
		return a->seconds < b->seconds ? -1 : 1;
	return a->nanoseconds == b->nanoseconds ? 0 : a->nanoseconds < b->nanoseconds ? -1 : 1;
}

GoTime gotime_add(const GoTime *t, int64_t duration)
{
	GoTime sum = *t;
	int64_t seconds = duration / GO_SECOND, nanoseconds = t->nanoseconds + duration % GO_SECOND;

	carry(&seconds, &nanoseconds, GO_SECOND);
	sum.seconds = (int64_t)((uint64_t)t->seconds + (uint64_t)seconds);
	sum.nanoseconds = (int32_t)nanoseconds;
	sum.monotonic = (int64_t)((uint64_t)t->monotonic + (uint64_t)duration);
	return sum;
}

int64_t gotime_sub(const GoTime *a, const GoTime *b)
{
	__int128 difference = total(a) - total(b);

	if (a->has_monotonic && b->has_monotonic)
		difference = (__int128)a->monotonic - b->monotonic;
	return difference > INT64_MAX   ? INT64_MAX
	       : difference < INT64_MIN ? INT64_MIN
	                                : (int64_t)difference;
}

GoTime gotime_add_date(const GoTime *t, int64_t years, int64_t months, int64_t days)
{
	GoDate date = gotime_date(t);

	return gotime_from_date((int64_t)((uint64_t)date.year + (uint64_t)years),
	                        (int64_t)((uint64_t)date.month + (uint64_t)months),
	                        (int64_t)((uint64_t)date.day + (uint64_t)days), date.hour,
	                        date.minute, date.second, t->nanoseconds, t->zone);
}

GoTime gotime_in(const GoTime *t, const Zone *zone)
{
	return (GoTime){.seconds = t->seconds, .nanoseconds = t->nanoseconds, .zone = zone};
}

static int64_t rest_of(const GoTime *t, int64_t duration)
{
	int64_t rest = (int64_t)(total(t) % duration);

	return rest < 0 ? rest + duration : rest;
}

GoTime gotime_truncate(const GoTime *t, int64_t duration)
{
	GoTime plain = gotime_in(t, t->zone);

	return duration <= 0 ? plain : gotime_add(&plain, -rest_of(t, duration));
}

GoTime gotime_round(const GoTime *t, int64_t duration)
{
	GoTime plain = gotime_in(t, t->zone);
	int64_t rest;

	if (duration <= 0)
		return plain;
	rest = rest_of(t, duration);
	return gotime_add(&plain, rest < duration - rest ? -rest : duration - rest);
}

// Durations.

static bool fail_duration(Diag *diag, const char *message, Str text)
{
	Buf buf = buf_new(diag->arena);

	buf_c(&buf, message);
	put_quoted(&buf, text);
	return diag_fail_str(diag, buf_view(&buf));
}

// Nanoseconds of a unit, 0 where it is none.
static uint64_t unit_size(Str unit)
{
	static const struct {
		const char *name;
		uint64_t size;
	} units[] = {{"ns", 1},       {"us", 1000},      {"\xc2\xb5s", 1000}, {"\xce\xbcs", 1000},
	             {"ms", 1000000}, {"s", 1000000000}, {"m", 60000000000},  {"h", 3600000000000}};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (str_is(unit, units[i].name))
			return units[i].size;
	}
	return 0;
}

// Digits before the point; false where they are more than 2^63.
static bool take_integer(Str *s, uint64_t *out)
{
	const uint64_t limit = (uint64_t)1 << 63;

	*out = 0;
	while (is_digit_at(*s, 0)) {
		if (*out > limit / 10)
			return false;
		*out = *out * 10 + (uint64_t)(s->p[0] - '0');
		if (*out > limit)
			return false;
		*s = str_from(*s, 1);
	}
	return true;
}

// Digits behind the point; those that no longer fit are dropped.
static uint64_t take_decimals(Str *s, double *scale)
{
	const uint64_t limit = (uint64_t)1 << 63;
	uint64_t n = 0;
	bool full = false;

	*scale = 1;
	for (; is_digit_at(*s, 0); *s = str_from(*s, 1)) {
		uint64_t more;

		if (full || n > (limit - 1) / 10) {
			full = true;
			continue;
		}
		more = n * 10 + (uint64_t)(s->p[0] - '0');
		if (more > limit) {
			full = true;
			continue;
		}
		n = more;
		*scale *= 10;
	}
	return n;
}

// One number and its unit.
static bool parse_part(Str *s, Str text, uint64_t *out, Diag *diag)
{
	const uint64_t limit = (uint64_t)1 << 63;
	uint64_t whole, decimals = 0, size;
	double scale = 1;
	size_t before = s->len, digits, end = 0;
	Str unit;

	if (!take_integer(s, &whole))
		return fail_duration(diag, "time: invalid duration ", text);
	digits = before - s->len;
	if (s->len > 0 && s->p[0] == '.') {
		*s = str_from(*s, 1);
		before = s->len;
		decimals = take_decimals(s, &scale);
		digits += before - s->len;
	}
	if (digits == 0)
		return fail_duration(diag, "time: invalid duration ", text);
	while (end < s->len && s->p[end] != '.' && !is_digit_at(*s, end))
		end++;
	if (end == 0)
		return fail_duration(diag, "time: missing unit in duration ", text);
	unit = str_to(*s, end);
	*s = str_from(*s, end);
	size = unit_size(unit);
	if (size == 0) {
		Buf buf = buf_new(diag->arena);

		buf_c(&buf, "time: unknown unit ");
		put_quoted(&buf, unit);
		buf_c(&buf, " in duration ");
		put_quoted(&buf, text);
		return diag_fail_str(diag, buf_view(&buf));
	}
	if (whole > limit / size)
		return fail_duration(diag, "time: invalid duration ", text);
	*out = whole * size;
	if (decimals > 0)
		*out += (uint64_t)((double)decimals * ((double)size / scale));
	return *out <= limit || fail_duration(diag, "time: invalid duration ", text);
}

bool duration_parse(Str text, int64_t *out, Diag *diag)
{
	const uint64_t limit = (uint64_t)1 << 63;
	uint64_t sum = 0, part = 0;
	bool negative = text.len > 0 && text.p[0] == '-';
	Str s = text;

	*out = 0;
	if (text.len > 0 && (text.p[0] == '-' || text.p[0] == '+'))
		s = str_from(s, 1);
	if (str_is(s, "0"))
		return true;
	if (s.len == 0)
		return fail_duration(diag, "time: invalid duration ", text);
	while (s.len > 0) {
		if (!parse_part(&s, text, &part, diag))
			return false;
		sum += part;
		if (sum > limit)
			return fail_duration(diag, "time: invalid duration ", text);
	}
	if (!negative && sum == limit)
		return fail_duration(diag, "time: invalid duration ", text);
	*out = (int64_t)(negative ? -sum : sum);
	return true;
}

// n / 10^digits, without zeros at the end.
static void put_decimal(Buf *out, uint64_t n, size_t digits)
{
	uint64_t power = 1, rest;

	for (size_t i = 0; i < digits; i++)
		power *= 10;
	num_format_uint(out, n / power, 10);
	rest = n % power;
	if (rest == 0)
		return;
	while (rest % 10 == 0) {
		rest /= 10;
		digits--;
	}
	buf_byte(out, '.');
	put_number(out, (int64_t)rest, digits);
}

void duration_print(Buf *out, int64_t duration)
{
	uint64_t n = duration < 0 ? -(uint64_t)duration : (uint64_t)duration;
	uint64_t minutes = n / 60000000000;

	if (n == 0) {
		buf_c(out, "0s");
		return;
	}
	if (duration < 0)
		buf_byte(out, '-');
	if (n < (uint64_t)GO_SECOND) {
		size_t digits = n < 1000 ? 0 : n < 1000000 ? 3 : 6;

		put_decimal(out, n, digits);
		buf_c(out, digits == 0 ? "ns" : digits == 3 ? "\xc2\xb5s" : "ms");
		return;
	}
	if (minutes >= 60) {
		num_format_uint(out, minutes / 60, 10);
		buf_byte(out, 'h');
	}
	if (minutes > 0) {
		num_format_uint(out, minutes % 60, 10);
		buf_byte(out, 'm');
	}
	put_decimal(out, n % 60000000000, 9);
	buf_byte(out, 's');
}

int64_t duration_round(int64_t duration, int64_t multiple)
{
	int64_t rest, rounded;
	bool less_than_half;

	if (multiple <= 0)
		return duration;
	rest = duration % multiple;
	rest = duration < 0 ? -rest : rest;
	less_than_half = (uint64_t)rest + (uint64_t)rest < (uint64_t)multiple;
	if (duration < 0) {
		if (less_than_half)
			return duration + rest;
		return __builtin_sub_overflow(duration, multiple - rest, &rounded) ? INT64_MIN
		                                                                   : rounded;
	}
	if (less_than_half)
		return duration - rest;
	return __builtin_add_overflow(duration, multiple - rest, &rounded) ? INT64_MAX : rounded;
}
