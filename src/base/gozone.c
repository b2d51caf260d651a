// Time zones: the files of the zone database (RFC 8536) and the rules they end with, read as Go
// reads them.

#include "base/gozone.h"

#include "base/fs.h"

#include <stdlib.h>
#include <string.h>

// Go reads no larger zone file.
#define ZONE_FILE_MAX ((size_t)10 << 20)
#define DAY           86400
#define HOUR          3600

typedef struct ZoneKind {
	Str name;
	int64_t offset;
	bool is_dst;
} ZoneKind;

typedef struct Change {
	int64_t when;
	uint8_t kind;
} Change;

struct Zone {
	Str name;
	bool local;
	ZoneKind *kinds;
	size_t kind_count;
	Change *changes; // in order
	size_t change_count;
	Str rule; // what holds after the last change, "CET-1CEST,M3.5.0,M10.5.0/3"
};

// Rules.

static bool take_number(Str *s, int low, int high, int *out)
{
	int n = 0;
	size_t digits = 0;

	while (digits < s->len && s->p[digits] >= '0' && s->p[digits] <= '9') {
		n = n * 10 + (s->p[digits] - '0');
		if (n > high)
			return false;
		digits++;
	}
	*s = str_from(*s, digits);
	*out = n;
	return digits > 0 && n >= low;
}

static bool take(Str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	*s = str_from(*s, 1);
	return true;
}

static bool take_name(Str *s, Str *out)
{
	size_t end = 0;

	if (take(s, '<')) {
		end = str_find_byte(*s, '>');
		if (end == STR_NONE)
			return false;
		*out = str_to(*s, end);
		*s = str_from(*s, end + 1);
		return true;
	}
	while (end < s->len && strchr("0123456789,-+", s->p[end]) == NULL)
		end++;
	*out = str_to(*s, end);
	*s = str_from(*s, end);
	return end >= 3;
}

// [+-]hh[:mm[:ss]], in seconds.
static bool take_offset(Str *s, int64_t *out)
{
	bool negative = take(s, '-');
	int hours, minutes = 0, seconds = 0;

	if (!negative)
		take(s, '+');
	if (!take_number(s, 0, 24 * 7, &hours))
		return false;
	if (take(s, ':')) {
		if (!take_number(s, 0, 59, &minutes))
			return false;
		if (take(s, ':') && !take_number(s, 0, 59, &seconds))
			return false;
	}
	*out = (int64_t)hours * HOUR + minutes * 60 + seconds;
	if (negative)
		*out = -*out;
	return true;
}

typedef struct Rule {
	// 'J': day of a year without February 29; 'D': day of the year; 'M': month, week, weekday
	char kind;
	int day, week, month;
	int64_t time;
} Rule;

static bool take_rule(Str *s, Rule *out)
{
	if (take(s, 'J')) {
		out->kind = 'J';
		if (!take_number(s, 1, 365, &out->day))
			return false;
	} else if (take(s, 'M')) {
		out->kind = 'M';
		if (!take_number(s, 1, 12, &out->month) || !take(s, '.') ||
		    !take_number(s, 1, 5, &out->week) || !take(s, '.') ||
		    !take_number(s, 0, 6, &out->day))
			return false;
	} else {
		out->kind = 'D';
		if (!take_number(s, 0, 365, &out->day))
			return false;
	}
	out->time = 2 * HOUR;
	return !take(s, '/') || take_offset(s, &out->time);
}

// The day of the month, from 0, that "week w, weekday d" is.
static int rule_day(const Rule *rule, int64_t year)
{
	// Zeller: the weekday of the first of the month.
	int month = (rule->month + 9) % 12 + 1;
	int64_t y = rule->month <= 2 ? year - 1 : year;
	int64_t century = y / 100, rest = y % 100;
	int weekday =
		(int)(((26 * month - 2) / 10 + 1 + rest + rest / 4 + century / 4 - 2 * century) %
	              7);
	int day;

	if (weekday < 0)
		weekday += 7;
	day = rule->day - weekday;
	if (day < 0)
		day += 7;
	for (int i = 1; i < rule->week && day + 7 < days_in_month(rule->month, year); i++)
		day += 7;
	return day;
}

// Seconds from the start of the year, UTC, to where the rule sets in.
static int64_t rule_time(const Rule *rule, int64_t year, int64_t offset)
{
	int64_t day = rule->day;

	if (rule->kind == 'J')
		day = rule->day - 1 + (year_is_leap(year) && rule->day >= 60);
	else if (rule->kind == 'M')
		day = rule_day(rule, year) + days_before_month(rule->month) +
		      (year_is_leap(year) && rule->month > 2);
	return day * DAY + rule->time - offset;
}

typedef struct RuleSet {
	ZoneSpan standard, summer;
	Rule start, end;
	bool has_summer;
} RuleSet;

static bool parse_rules(Str s, RuleSet *out)
{
	memset(out, 0, sizeof *out);
	if (!take_name(&s, &out->standard.name) || !take_offset(&s, &out->standard.offset))
		return false;
	// A rule counts west of UTC.
	out->standard.offset = -out->standard.offset;
	if (s.len == 0 || s.p[0] == ',')
		return true;
	out->has_summer = true;
	if (!take_name(&s, &out->summer.name))
		return false;
	out->summer.offset = out->standard.offset + HOUR;
	if (s.len > 0 && s.p[0] != ',') {
		if (!take_offset(&s, &out->summer.offset))
			return false;
		out->summer.offset = -out->summer.offset;
	}
	if (s.len == 0)
		s = S(",M3.2.0,M11.1.0");
	if (!take(&s, ',') && !take(&s, ';'))
		return false;
	return take_rule(&s, &out->start) && take(&s, ',') && take_rule(&s, &out->end) &&
	       s.len == 0;
}

// What the rule says for `second`, which lies after the last change of the file, `last`.
static bool apply_rule(Str text, int64_t last, int64_t second, ZoneSpan *out)
{
	int64_t year, in_year, year_start, start, end;
	int year_day;
	RuleSet rules;

	if (!parse_rules(text, &rules))
		return false;
	if (!rules.has_summer) {
		*out = rules.standard;
		out->start = last;
		out->end = ZONE_OMEGA;
		return true;
	}
	year_of(second, &year, &year_day);
	in_year = (int64_t)(year_day - 1) * DAY + second % DAY;
	year_start = second - in_year;
	start = rule_time(&rules.start, year, rules.standard.offset);
	end = rule_time(&rules.end, year, rules.summer.offset);
	rules.summer.is_dst = true;
	if (end < start) { // the southern half: summer lasts over the new year
		ZoneSpan swapped = rules.standard;
		int64_t moved = start;

		rules.standard = rules.summer;
		rules.summer = swapped;
		start = end;
		end = moved;
	}
	if (in_year >= start && in_year < end) {
		*out = rules.summer;
		out->start = start + year_start;
		out->end = end + year_start;
		return true;
	}
	*out = rules.standard;
	out->start = in_year < start ? year_start : end + year_start;
	out->end = in_year < start ? start + year_start : year_start + 365 * DAY;
	return true;
}

// Looking up.

// What held before the first change: Go looks for a kind that no change leads to, then for one
// without summer time.
static size_t first_kind(const Zone *zone)
{
	bool used = false;

	for (size_t i = 0; i < zone->change_count; i++)
		used = used || zone->changes[i].kind == 0;
	if (!used)
		return 0;
	if (zone->change_count > 0 && zone->kinds[zone->changes[0].kind].is_dst) {
		for (size_t i = zone->changes[0].kind; i-- > 0;) {
			if (!zone->kinds[i].is_dst)
				return i;
		}
	}
	for (size_t i = 0; i < zone->kind_count; i++) {
		if (!zone->kinds[i].is_dst)
			return i;
	}
	return 0;
}

static ZoneSpan span_of(const ZoneKind *kind, int64_t start, int64_t end)
{
	return (ZoneSpan){kind->name, kind->offset, start, end, kind->is_dst};
}

ZoneSpan zone_at(const Zone *zone, int64_t second)
{
	size_t low = 0, high;
	int64_t end = ZONE_OMEGA;
	ZoneSpan span;

	if (zone == NULL || zone->kind_count == 0)
		return (ZoneSpan){S("UTC"), 0, ZONE_ALPHA, ZONE_OMEGA, false};
	if (zone->change_count == 0 || second < zone->changes[0].when) {
		if (zone->change_count > 0)
			end = zone->changes[0].when;
		return span_of(&zone->kinds[first_kind(zone)], ZONE_ALPHA, end);
	}
	high = zone->change_count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (second < zone->changes[middle].when) {
			end = zone->changes[middle].when;
			high = middle;
		} else {
			low = middle;
		}
	}
	if (low == zone->change_count - 1 && zone->rule.len > 0 &&
	    apply_rule(zone->rule, zone->changes[low].when, second, &span))
		return span;
	return span_of(&zone->kinds[zone->changes[low].kind], zone->changes[low].when, end);
}

bool zone_offset_of(const Zone *zone, Str abbreviation, int64_t second, int64_t *offset)
{
	size_t count = zone == NULL ? 0 : zone->kind_count;

	for (size_t i = 0; i < count; i++) {
		ZoneSpan span;

		if (!str_eq(zone->kinds[i].name, abbreviation))
			continue;
		span = zone_at(zone, (int64_t)((uint64_t)second - (uint64_t)zone->kinds[i].offset));
		if (str_eq(span.name, abbreviation)) {
			*offset = span.offset;
			return true;
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (str_eq(zone->kinds[i].name, abbreviation)) {
			*offset = zone->kinds[i].offset;
			return true;
		}
	}
	return false;
}

// Reading files.

typedef struct Header {
	size_t utc_flags, wall_flags, leaps, changes, kinds, chars;
} Header;

static uint64_t big_endian(const char *p, size_t bytes)
{
	uint64_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | (unsigned char)p[i];
	return n;
}

// The magic, a version, 15 bytes of nothing, six counts.
static bool read_header(Str *data, int *version, Header *out)
{
	const char *p = data->p;

	if (data->len < 44 || memcmp(p, "TZif", 4) != 0)
		return false;
	*version = p[4] == '\0' ? 1 : p[4] - '0';
	if (*version < 1 || *version > 3)
		return false;
	*out = (Header){
		.utc_flags = big_endian(p + 20, 4),
		.wall_flags = big_endian(p + 24, 4),
		.leaps = big_endian(p + 28, 4),
		.changes = big_endian(p + 32, 4),
		.kinds = big_endian(p + 36, 4),
		.chars = big_endian(p + 40, 4),
	};
	*data = str_from(*data, 44);
	// With every count below the file's size no sum of sizes can overflow.
	return out->utc_flags <= ZONE_FILE_MAX && out->wall_flags <= ZONE_FILE_MAX &&
	       out->leaps <= ZONE_FILE_MAX && out->changes <= ZONE_FILE_MAX &&
	       out->kinds <= ZONE_FILE_MAX && out->chars <= ZONE_FILE_MAX;
}

static size_t block_size(const Header *h, size_t time_bytes)
{
	return h->changes * (time_bytes + 1) + h->kinds * 6 + h->chars +
	       h->leaps * (time_bytes + 4) + h->wall_flags + h->utc_flags;
}

static bool read_kinds(Arena *arena, Zone *zone, const Header *h, const char *kinds,
                       const char *chars)
{
	zone->kinds = ARENA_ARRAY(arena, ZoneKind, h->kinds);
	zone->kind_count = h->kinds;
	for (size_t i = 0; i < h->kinds; i++) {
		const char *p = kinds + 6 * i;
		size_t start = (unsigned char)p[5], end;

		if (start >= h->chars)
			return false;
		for (end = start; end < h->chars && chars[end] != '\0';)
			end++;
		zone->kinds[i].offset = (int32_t)big_endian(p, 4);
		zone->kinds[i].is_dst = p[4] != 0;
		zone->kinds[i].name = str_n(chars + start, end - start);
	}
	return h->kinds > 0;
}

static bool read_changes(Arena *arena, Zone *zone, const Header *h, const char *times,
                         size_t time_bytes)
{
	const char *kinds = times + h->changes * time_bytes;

	// Without a change, the first kind holds always.
	zone->change_count = h->changes > 0 ? h->changes : 1;
	zone->changes = ARENA_ARRAY(arena, Change, zone->change_count);
	if (h->changes == 0)
		zone->changes[0].when = ZONE_ALPHA;
	for (size_t i = 0; i < h->changes; i++) {
		uint64_t when = big_endian(times + i * time_bytes, time_bytes);

		zone->changes[i].when = time_bytes == 4 ? (int32_t)when : (int64_t)when;
		zone->changes[i].kind = (uint8_t)kinds[i];
		if (zone->changes[i].kind >= h->kinds)
			return false;
	}
	return true;
}

static bool read_zone(Arena *arena, Str data, Zone *zone)
{
	size_t time_bytes = 4, size;
	const char *p, *kinds;
	Header h;
	int version;

	if (!read_header(&data, &version, &h))
		return false;
	if (version > 1) {
		if (block_size(&h, 4) > data.len)
			return false;
		data = str_from(data, block_size(&h, 4));
		if (!read_header(&data, &version, &h))
			return false;
		time_bytes = 8;
	}
	size = block_size(&h, time_bytes);
	if (size > data.len)
		return false;
	p = data.p;
	kinds = p + h.changes * (time_bytes + 1);
	if (!read_kinds(arena, zone, &h, kinds, kinds + 6 * h.kinds) ||
	    !read_changes(arena, zone, &h, p, time_bytes))
		return false;
	data = str_from(data, size);
	if (data.len > 2 && data.p[0] == '\n' && data.p[data.len - 1] == '\n')
		zone->rule = str_slice(data, 1, data.len - 1);
	return true;
}

// Where Go looks, too.
static const char *const zone_folders[] = {"/usr/share/zoneinfo", "/usr/share/lib/zoneinfo",
                                           "/usr/lib/locale/TZ", "/etc/zoneinfo"};

static bool load_below(Arena *arena, const char *folder, Str path, Zone *zone)
{
	Fs *fs = fs_folder(arena, str_c(folder), FS_LINKS_FOLLOW);
	Diag ignored = diag_new(arena);
	FsInfo info = fs_info(fs, path);
	Str data;

	return info.kind == FS_FILE && info.size <= ZONE_FILE_MAX &&
	       fs_read(fs, arena, path, &data, &ignored) && read_zone(arena, data, zone);
}

static bool has_dot_dot(Str name)
{
	Str part;

	while (str_cut(&name, S("/"), &part)) {
		if (str_is(part, ".."))
			return true;
	}
	return false;
}

static bool load_named(Arena *arena, Str name, Zone *zone)
{
	zone->name = str_copy(arena, name);
	if (str_find_byte(name, '\0') != STR_NONE)
		return false;
	for (size_t i = 0; i < sizeof zone_folders / sizeof zone_folders[0]; i++) {
		if (load_below(arena, zone_folders[i], path_clean(arena, name), zone))
			return true;
	}
	return false;
}

const Zone *zone_local(Arena *arena)
{
	Zone *zone = ARENA_NEW(arena, Zone);
	const char *set = getenv("TZ");
	Str name = str_c(set);

	zone->local = true;
	if (set == NULL && load_below(arena, "/etc", S("localtime"), zone)) {
		zone->name = S("Local");
		return zone;
	}
	if (str_has_prefix(name, S(":")))
		name = str_from(name, 1);
	if (str_has_prefix(name, S("/"))) {
		if (load_below(arena, "/", str_from(path_clean(arena, name), 1), zone)) {
			zone->name = str_is(name, "/etc/localtime") ? S("Local") : name;
			return zone;
		}
	} else if (name.len > 0 && !str_is(name, "UTC") && load_named(arena, name, zone)) {
		return zone;
	}
	*zone = (Zone){.name = S("UTC"), .local = true};
	return zone;
}

bool zone_load(Arena *arena, Str name, const Zone **out)
{
	Zone *zone;

	*out = NULL;
	if (name.len == 0 || str_is(name, "UTC"))
		return true;
	if (str_is(name, "Local")) {
		*out = zone_local(arena);
		return true;
	}
	if (has_dot_dot(name) || name.p[0] == '/' || name.p[0] == '\\')
		return false;
	zone = ARENA_NEW(arena, Zone);
	if (!load_named(arena, name, zone))
		return false;
	*out = zone;
	return true;
}

const Zone *zone_fixed(Arena *arena, Str name, int64_t offset)
{
	Zone *zone = ARENA_NEW(arena, Zone);

	zone->name = str_copy(arena, name);
	zone->kinds = ARENA_ARRAY(arena, ZoneKind, 1);
	zone->kinds[0] = (ZoneKind){zone->name, offset, false};
	zone->kind_count = 1;
	zone->changes = ARENA_ARRAY(arena, Change, 1);
	zone->changes[0].when = ZONE_ALPHA;
	zone->change_count = 1;
	return zone;
}

Str zone_name(const Zone *zone)
{
	return zone == NULL ? S("UTC") : zone->name;
}

bool zone_is_local(const Zone *zone)
{
	return zone != NULL && zone->local;
}
