// What a plain scalar is: null, a boolean, a number, a date or a string.

#include "data/yaml_resolve.h"

#include "base/num.h"

#include <math.h>
#include <string.h>

#define LONG_TAG "tag:yaml.org,2002:"

static const char *const tags[] = {
	[SCALAR_STR] = "!!str",
	[SCALAR_NULL] = "!!null",
	[SCALAR_BOOL] = "!!bool",
	[SCALAR_INT] = "!!int",
	[SCALAR_UINT] = "!!int",
	[SCALAR_FLOAT] = "!!float",
	[SCALAR_TIMESTAMP] = "!!timestamp",
	[SCALAR_MERGE] = "!!merge",
	[SCALAR_BINARY] = "!!binary",
	[SCALAR_OTHER] = "",
};

// Words that mean something, by their first byte. `v1` words are YAML 1.1's: v2 only.
typedef struct Word {
	const char *text;
	uint8_t kind;
	bool yes, v1;
} Word;

static const Word words[] = {
	{"y", SCALAR_BOOL, true, true},       {"Y", SCALAR_BOOL, true, true},
	{"yes", SCALAR_BOOL, true, true},     {"Yes", SCALAR_BOOL, true, true},
	{"YES", SCALAR_BOOL, true, true},     {"on", SCALAR_BOOL, true, true},
	{"On", SCALAR_BOOL, true, true},      {"ON", SCALAR_BOOL, true, true},
	{"n", SCALAR_BOOL, false, true},      {"N", SCALAR_BOOL, false, true},
	{"no", SCALAR_BOOL, false, true},     {"No", SCALAR_BOOL, false, true},
	{"NO", SCALAR_BOOL, false, true},     {"off", SCALAR_BOOL, false, true},
	{"Off", SCALAR_BOOL, false, true},    {"OFF", SCALAR_BOOL, false, true},
	{"true", SCALAR_BOOL, true, false},   {"True", SCALAR_BOOL, true, false},
	{"TRUE", SCALAR_BOOL, true, false},   {"false", SCALAR_BOOL, false, false},
	{"False", SCALAR_BOOL, false, false}, {"FALSE", SCALAR_BOOL, false, false},
	{"~", SCALAR_NULL, false, false},     {"null", SCALAR_NULL, false, false},
	{"Null", SCALAR_NULL, false, false},  {"NULL", SCALAR_NULL, false, false},
};

// --- timestamps: the forms that go-yaml gives to time.Parse
// ----------------------------------------------

// Go's getnum: one or two digits.
static bool small_number(Str *s, int *out)
{
	if (s->len == 0 || !ascii_is_digit(s->p[0]))
		return false;
	int value = s->p[0] - '0';
	size_t used = 1;
	if (s->len > 1 && ascii_is_digit(s->p[1])) {
		value = value * 10 + (s->p[1] - '0');
		used = 2;
	}
	*s = str_from(*s, used);
	*out = value;
	return true;
}

static bool eat(Str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	*s = str_from(*s, 1);
	return true;
}

// The parts of a timestamp; the fraction and the zone ("Z", "+hh:mm") as they stand in the text.
typedef struct Stamp {
	int year, month, day, hour, minute, second;
	Str fraction, zone;
} Stamp;

static bool clock_time(Str *s, Stamp *t)
{
	if (!small_number(s, &t->hour) || !eat(s, ':') || !small_number(s, &t->minute) ||
	    !eat(s, ':') || !small_number(s, &t->second) || t->hour > 23 || t->minute > 59 ||
	    t->second > 59)
		return false;
	if (s->len >= 2 && (s->p[0] == '.' || s->p[0] == ',') && ascii_is_digit(s->p[1])) {
		size_t end = 1;
		while (end < s->len && ascii_is_digit(s->p[end]))
			end++;
		t->fraction = str_slice(*s, 1, end);
		*s = str_from(*s, end);
	}
	return true;
}

// "Z" or "+hh:mm". Go lets 24 hours and 60 minutes pass.
static bool is_zone(Str s)
{
	if (str_is(s, "Z"))
		return true;
	if (s.len != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' ||
	    !ascii_is_digit(s.p[1]) || !ascii_is_digit(s.p[2]) || !ascii_is_digit(s.p[4]) ||
	    !ascii_is_digit(s.p[5]))
		return false;
	return (s.p[1] - '0') * 10 + (s.p[2] - '0') <= 24 &&
	       (s.p[4] - '0') * 10 + (s.p[5] - '0') <= 60;
}

static int days_in(int month, int year)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

static bool parse_timestamp(Str s, Stamp *t)
{
	*t = (Stamp){.zone = S("Z")};
	if (s.len < 8 || s.p[4] != '-')
		return false;
	for (int i = 0; i < 4; i++) {
		if (!ascii_is_digit(s.p[i]))
			return false;
		t->year = t->year * 10 + (s.p[i] - '0');
	}
	s = str_from(s, 5);
	if (!small_number(&s, &t->month) || !eat(&s, '-') || !small_number(&s, &t->day) ||
	    t->month < 1 || t->month > 12 || t->day < 1 || t->day > days_in(t->month, t->year))
		return false;
	if (s.len == 0)
		return true;
	if (eat(&s, 'T') || eat(&s, 't')) {
		if (!clock_time(&s, t) || !is_zone(s))
			return false;
		t->zone = s;
		return true;
	}
	if (!eat(&s, ' '))
		return false;
	while (eat(&s, ' '))
		;
	return clock_time(&s, t) && s.len == 0;
}

static bool is_timestamp(Str s)
{
	Stamp stamp;

	return parse_timestamp(s, &stamp);
}

void timestamp_format(Buf *out, Str s)
{
	Stamp t;

	if (!parse_timestamp(s, &t))
		return;
	buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month, t.day, t.hour, t.minute,
	           t.second);
	Str fraction = str_to(t.fraction, 9);
	while (fraction.len > 0 && fraction.p[fraction.len - 1] == '0')
		fraction.len--;
	if (fraction.len > 0) {
		buf_byte(out, '.');
		buf_str(out, fraction);
	}
	bool utc = str_is(t.zone, "+00:00") || str_is(t.zone, "-00:00");
	buf_str(out, utc ? S("Z") : t.zone);
}

// --- numbers
// ---------------------------------------------------------------------------------------------

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
static bool looks_like_float(Str s)
{
	size_t i = 0, whole = 0, fraction = 0;

	if (i < s.len && (s.p[i] == '-' || s.p[i] == '+'))
		i++;
	for (; i < s.len && ascii_is_digit(s.p[i]); i++)
		whole++;
	if (i < s.len && s.p[i] == '.') {
		for (i++; i < s.len && ascii_is_digit(s.p[i]); i++)
			fraction++;
	}
	if (whole + fraction == 0)
		return false;
	if (i < s.len && (s.p[i] == 'e' || s.p[i] == 'E')) {
		size_t digits = 0;
		i++;
		if (i < s.len && (s.p[i] == '-' || s.p[i] == '+'))
			i++;
		for (; i < s.len && ascii_is_digit(s.p[i]); i++)
			digits++;
		if (digits == 0)
			return false;
	}
	return i == s.len;
}

static Scalar as_int(int64_t i)
{
	return (Scalar){.kind = SCALAR_INT, .i = i};
}
static Scalar as_float(double f)
{
	return (Scalar){.kind = SCALAR_FLOAT, .f = f};
}

// "-0b" and "0b" followed by what strconv's own prefix doesn't take: a sign ("0b-1").
static bool resolve_base(Str s, const char *prefix, int base, Scalar *out)
{
	char digits[80];
	bool negative = s.len > 0 && s.p[0] == '-';
	Str rest = str_from(s, negative);

	if (!str_has_prefix(rest, str_c(prefix)))
		return false;
	rest = str_from(rest, 2);
	if (rest.len + 1 > sizeof digits) // more digits than 64 bits hold, but for leading zeros
		return false;
	digits[0] = '-';
	memcpy(digits + negative, rest.p, rest.len);
	Str number = str_n(digits, rest.len + negative);
	if (num_parse_int(number, base, 64, &out->i) == NUM_OK)
		out->kind = SCALAR_INT;
	else if (!negative && num_parse_uint(number, base, 64, &out->u) == NUM_OK)
		out->kind = SCALAR_UINT;
	else
		return false;
	return true;
}

// A short run of digits is most numbers there are.
static bool resolve_digits(Str s, Scalar *out)
{
	int64_t value = 0;

	if (s.len > 18 || (s.p[0] == '0' && s.len > 1))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_digit(s.p[i]))
			return false;
		value = value * 10 + (s.p[i] - '0');
	}
	*out = as_int(value);
	return true;
}

static Scalar resolve_number(Str s, YamlDialect dialect)
{
	// No number that fits has more digits, but for floats with many of them.
	char small[128];
	Scalar out = {.kind = SCALAR_STR};
	double f;

	if (resolve_digits(s, &out))
		return out;
	if (memchr(s.p, '_', s.len)) {
		if (s.len > sizeof small)
			return out;
		size_t len = 0;
		for (size_t i = 0; i < s.len; i++) {
			if (s.p[i] != '_')
				small[len++] = s.p[i];
		}
		s = str_n(small, len);
	}
	if (num_parse_int(s, 0, 64, &out.i) == NUM_OK)
		out.kind = SCALAR_INT;
	else if (num_parse_uint(s, 0, 64, &out.u) == NUM_OK)
		out.kind = SCALAR_UINT;
	else if (looks_like_float(s) && num_parse_float(s, &f) == NUM_OK)
		return as_float(f);
	else if (!resolve_base(s, "0b", 2, &out) && dialect == YAML_V3)
		resolve_base(s, "0o", 8, &out);
	return out;
}

// .inf and .nan, with and without a sign.
static bool resolve_special_float(Str s, Scalar *out)
{
	bool sign = s.p[0] == '+' || s.p[0] == '-';
	Str rest = str_from(s, sign);

	if (str_is(rest, ".inf") || str_is(rest, ".Inf") || str_is(rest, ".INF")) {
		*out = as_float(s.p[0] == '-' ? -INFINITY : INFINITY);
		return true;
	}
	if (!sign && (str_is(rest, ".nan") || str_is(rest, ".NaN") || str_is(rest, ".NAN"))) {
		*out = as_float(NAN);
		return true;
	}
	return false;
}

static Scalar resolve_word(Str s, YamlDialect dialect)
{
	if (s.len <= 5) {
		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			const Word *word = &words[i];
			if (word->text[0] == s.p[0] && str_is(s, word->text) &&
			    (dialect == YAML_V2 || !word->v1))
				return (Scalar){.kind = word->kind, .b = word->yes};
		}
	}
	return (Scalar){.kind = SCALAR_STR};
}

Scalar scalar_resolve(Str s, YamlDialect dialect)
{
	Scalar out = {.kind = SCALAR_STR};
	double f;

	if (s.len == 0)
		return (Scalar){.kind = SCALAR_NULL};
	switch (s.p[0]) {
	case '0' ... '9':
		if (is_timestamp(s))
			return (Scalar){.kind = SCALAR_TIMESTAMP};
		return resolve_number(s, dialect);
	case '+':
	case '-':
		if (resolve_special_float(s, &out))
			return out;
		return resolve_number(s, dialect);
	case '.':
		if (resolve_special_float(s, &out))
			return out;
		return num_parse_float(s, &f) == NUM_OK ? as_float(f) : out;
	case 'y':
	case 'Y':
	case 'n':
	case 'N':
	case 't':
	case 'T':
	case 'f':
	case 'F':
	case 'o':
	case 'O':
	case '~':
		return resolve_word(s, dialect);
	default:
		// "<<" is among go-yaml's words, but no hint leads to it: a plain one is told by
		// its value.
		return out;
	}
}

bool scalar_resolve_tagged(Str text, Str tag, YamlDialect dialect, Scalar *out)
{
	if (str_has_prefix(tag, S(LONG_TAG)))
		tag = str_from(tag, sizeof LONG_TAG - 1);
	else if (str_has_prefix(tag, S("!!")))
		tag = str_from(tag, 2);
	else
		tag = S("");
	*out = (Scalar){.kind = SCALAR_STR};
	if (str_is(tag, "str"))
		return true;
	if (str_is(tag, "binary")) {
		out->kind = SCALAR_BINARY;
		return true;
	}
	bool number = str_is(tag, "int") || str_is(tag, "float");
	if (!number && !str_is(tag, "bool") && !str_is(tag, "null") && !str_is(tag, "timestamp")) {
		out->kind = SCALAR_OTHER;
		return true;
	}
	*out = scalar_resolve(text, dialect);
	if (out->kind == SCALAR_TIMESTAMP && !str_is(tag, "timestamp"))
		out->kind = SCALAR_STR; // dates are not even tried
	if (str_is(tag, scalar_tag(out->kind) + 2))
		return true;
	if (str_is(tag, "float") && out->kind == SCALAR_INT) {
		*out = as_float((double)out->i);
		return true;
	}
	return false;
}

const char *scalar_tag(ScalarKind kind)
{
	return tags[kind];
}

Str tag_short(Arena *arena, Str tag)
{
	if (!str_has_prefix(tag, S(LONG_TAG)))
		return tag;
	return str_concat(arena, S("!!"), str_from(tag, sizeof LONG_TAG - 1));
}

Str tag_long(Arena *arena, Str tag)
{
	return str_has_prefix(tag, S("!!")) ? str_concat(arena, S(LONG_TAG), str_from(tag, 2))
	                                    : tag;
}
