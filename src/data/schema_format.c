#include "data/schema_format.h"

#include "base/num.h"
#include "base/regex.h"
#include "data/schema_url.h"

#include <string.h>

static bool is_alpha(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_hex(char c)
{
	return ascii_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static size_t count_digits(Str s)
{
	size_t count = 0;

	while (count < s.len && ascii_is_digit(s.p[count]))
		count++;
	return count;
}

// BEFORE 'x' AFTER, of the rune that text starts with.
static bool fail_rune(Diag *diag, const char *before, Str text, const char *after)
{
	Buf message = buf_new(diag->arena);
	uint32_t rune;

	utf8_decode(text, &rune);
	buf_c(&message, before);
	num_quote_rune(&message, rune, false);
	buf_c(&message, after);
	return diag_fail_str(diag, buf_view(&message));
}

// BEFORE: the reason that was given.
static bool wrap(Diag *diag, const char *before)
{
	diag->message = str_concat(diag->arena, str_c(before), diag->message);
	return false;
}

static bool check_pointer(Arena *arena, Str s, Diag *diag)
{
	(void)arena;
	if (s.len && s.p[0] != '/')
		return diag_fail(diag, "not starting with /");
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '~' && (i + 1 == s.len || (s.p[i + 1] != '0' && s.p[i + 1] != '1')))
			return diag_fail(diag, "~ must be followed by 0 or 1");
	return true;
}

static bool check_relative_pointer(Arena *arena, Str s, Diag *diag)
{
	size_t digits = count_digits(s);

	if (!digits)
		return diag_fail(diag, "must start with non-negative integer");
	if (digits > 1 && s.p[0] == '0')
		return diag_fail(diag, "starts with zero");
	s = str_from(s, digits);
	return str_is(s, "#") || check_pointer(arena, s, diag);
}

static bool check_uuid(Arena *arena, Str s, Diag *diag)
{
	static const size_t lengths[] = {8, 4, 4, 4, 12};
	Str parts[6], rest = s;
	size_t count = 0;

	(void)arena;
	while (count < 6 && str_cut(&rest, S("-"), &parts[count]))
		count++;
	if (count != 5)
		return diag_fail(diag, "must have 5 elements");
	for (size_t i = 0; i < 5; i++) {
		if (parts[i].len != lengths[i])
			return diag_fail(diag, "element %zu must be %zu characters long", i + 1,
			                 lengths[i]);
		for (size_t j = 0; j < parts[i].len; j++)
			if (!is_hex(parts[i].p[j]))
				return fail_rune(diag, "non-hex character ", str_from(parts[i], j),
				                 "");
	}
	return true;
}

// Numbers with units in the order of `all`, each at most once.
static bool check_units(Str s, const char *all, Diag *diag)
{
	const char *units = all, *hit;

	while (s.len) {
		size_t digits = count_digits(s);
		if (!digits)
			return diag_fail(diag, "missing number");
		s = str_from(s, digits);
		if (!s.len)
			return diag_fail(diag, "missing unit");
		hit = s.p[0] ? strchr(units, s.p[0]) : NULL;
		if (!hit && s.p[0] && strchr(all, s.p[0]))
			return fail_rune(diag, "unit ", str_to(s, 1), " out of order");
		if (!hit)
			return fail_rune(diag, "invalid unit ", str_to(s, 1), "");
		units = hit + 1;
		s = str_from(s, 1);
	}
	return true;
}

static bool check_duration(Arena *arena, Str s, Diag *diag)
{
	static const char *const units[] = {"YMD", "HMS"};
	Str part;

	(void)arena;
	if (!s.len || s.p[0] != 'P')
		return diag_fail(diag, "must start with P");
	s = str_from(s, 1);
	if (!s.len)
		return diag_fail(diag, "nothing after P");
	if (s.p[s.len - 1] == 'W') {
		if (s.len == 1)
			return diag_fail(diag, "no number in week");
		return count_digits(s) == s.len - 1 || diag_fail(diag, "invalid week");
	}
	for (size_t i = 0; str_cut(&s, S("T"), &part); i++) {
		if (i && !part.len)
			return diag_fail(diag, "no time elements");
		if (i >= 2)
			return diag_fail(diag, "more than one T");
		if (!check_units(part, units[i], diag))
			return false;
	}
	return true;
}

static bool check_ipv4(Arena *arena, Str s, Diag *diag)
{
	Str parts[5], rest = s;
	size_t count = 0;

	while (count < 5 && str_cut(&rest, S("."), &parts[count]))
		count++;
	if (count != 4)
		return diag_fail(diag, "expected four decimals");
	for (size_t i = 0; i < 4; i++) {
		int64_t n;
		NumError error;
		if (parts[i].len > 1 && parts[i].p[0] == '0')
			return diag_fail(diag, "leading zeros");
		error = num_parse_int(parts[i], 10, 64, &n);
		if (error != NUM_OK) {
			Buf message = buf_new(arena);
			buf_c(&message, "strconv.Atoi: parsing ");
			num_quote(&message, parts[i]);
			buf_c(&message,
			      error == NUM_RANGE ? ": value out of range" : ": invalid syntax");
			return diag_fail_str(diag, buf_view(&message));
		}
		if (n < 0 || n > 255)
			return diag_fail(diag, "decimal must be between 0 and 255");
	}
	return true;
}

// netip.ParseAddr's words.
static bool fail_addr(Diag *diag, Str whole, const char *reason, Str at)
{
	Buf message = buf_new(diag->arena);

	buf_c(&message, "ParseAddr(");
	num_quote(&message, whole);
	buf_c(&message, "): ");
	buf_c(&message, reason);
	if (at.len) {
		buf_c(&message, " (at ");
		num_quote(&message, at);
		buf_byte(&message, ')');
	}
	return diag_fail_str(diag, buf_view(&message));
}

// The last 32 bits in dotted form.
static bool check_embedded_ipv4(Str whole, Str s, Diag *diag)
{
	int value = 0, fields = 0;
	size_t digits = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		if (ascii_is_digit(c)) {
			if (digits == 1 && value == 0)
				return fail_addr(diag, whole,
				                 "IPv4 field has octet with leading zero",
				                 (Str){0});
			value = value * 10 + (c - '0');
			digits++;
			if (value > 255)
				return fail_addr(diag, whole, "IPv4 field has value >255",
				                 (Str){0});
		} else if (c == '.') {
			if (i == 0 || i == s.len - 1 || s.p[i - 1] == '.')
				return fail_addr(diag, whole,
				                 "IPv4 field must have at least one digit",
				                 str_from(s, i));
			if (fields == 3)
				return fail_addr(diag, whole, "IPv4 address too long", (Str){0});
			fields++;
			value = 0;
			digits = 0;
		} else {
			return fail_addr(diag, whole, "unexpected character", str_from(s, i));
		}
	}
	return fields == 3 || fail_addr(diag, whole, "IPv4 address too short", (Str){0});
}

static bool check_ipv6_groups(Str whole, Str s, Diag *diag)
{
	size_t groups = 0; // of 16 bits
	bool ellipsis = false;

	if (str_has_prefix(s, S("::"))) {
		ellipsis = true;
		s = str_from(s, 2);
		if (!s.len)
			return true;
	}
	while (groups < 8) {
		size_t len = 0;
		uint32_t value = 0;
		while (len < s.len && is_hex(s.p[len])) {
			char c = s.p[len++];
			value = value << 4 |
			        (uint32_t)(ascii_is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
			if (len > 4)
				return fail_addr(diag, whole,
				                 "each group must have 4 or fewer digits", s);
			if (value > 0xFFFF)
				return fail_addr(diag, whole, "IPv6 field has value >=2^16", s);
		}
		if (!len)
			return fail_addr(diag, whole,
			                 "each colon-separated field must have at least one digit",
			                 s);
		if (len < s.len && s.p[len] == '.') {
			if (!ellipsis && groups != 6)
				return fail_addr(diag, whole,
				                 "embedded IPv4 address must replace the final 2 "
				                 "fields of the address",
				                 s);
			if (groups + 2 > 8)
				return fail_addr(
					diag, whole,
					"too many hex fields to fit an embedded IPv4 at the end of "
					"the address",
					s);
			if (!check_embedded_ipv4(whole, s, diag))
				return false;
			groups += 2;
			s = str_from(s, s.len);
			break;
		}
		groups++;
		s = str_from(s, len);
		if (!s.len)
			break;
		if (s.p[0] != ':')
			return fail_addr(diag, whole, "unexpected character, want colon", s);
		if (s.len == 1)
			return fail_addr(diag, whole, "colon must be followed by more characters",
			                 s);
		s = str_from(s, 1);
		if (s.p[0] == ':') {
			if (ellipsis)
				return fail_addr(diag, whole, "multiple :: in address", s);
			ellipsis = true;
			s = str_from(s, 1);
			if (!s.len)
				break;
		}
	}
	if (s.len)
		return fail_addr(diag, whole, "trailing garbage after address", s);
	if (groups < 8 && !ellipsis)
		return fail_addr(diag, whole, "address string too short", (Str){0});
	if (groups == 8 && ellipsis)
		return fail_addr(diag, whole, "the :: must expand to at least one field of zeros",
		                 (Str){0});
	return true;
}

static bool check_ipv6(Arena *arena, Str s, Diag *diag)
{
	size_t zone = str_find_byte(s, '%');
	size_t special = 0;

	(void)arena;
	if (str_find_byte(s, ':') == STR_NONE)
		return diag_fail(diag, "missing colon");
	while (special < s.len && !strchr(".:%", s.p[special] ? s.p[special] : 'x'))
		special++;
	if (s.p[special] == '.') // ParseAddr takes it for IPv4
		return check_embedded_ipv4(s, s, diag);
	if (s.p[special] == '%')
		return fail_addr(diag, s, "missing IPv6 address", (Str){0});
	if (zone != STR_NONE && zone + 1 == s.len)
		return fail_addr(diag, s, "zone must be a non-empty string", (Str){0});
	if (!check_ipv6_groups(s, str_to(s, zone), diag))
		return false;
	return zone == STR_NONE || diag_fail(diag, "zone id is not a part of ipv6 address");
}

static bool check_hostname(Arena *arena, Str s, Diag *diag)
{
	Str label;

	(void)arena;
	if (str_has_suffix(s, S(".")))
		s = str_to(s, s.len - 1);
	if (s.len > 253)
		return diag_fail(diag, "more than 253 characters long");
	while (str_cut(&s, S("."), &label)) {
		if (label.len < 1 || label.len > 63)
			return diag_fail(diag, "label must be 1 to 63 characters long");
		if (label.p[0] == '-')
			return diag_fail(diag, "label starts with hyphen");
		if (label.p[label.len - 1] == '-')
			return diag_fail(diag, "label ends with hyphen");
		for (size_t i = 0; i < label.len; i++)
			if (!is_alpha(label.p[i]) && !ascii_is_digit(label.p[i]) &&
			    label.p[i] != '-')
				return fail_rune(diag, "invalid character ", str_from(label, i),
				                 "");
	}
	return true;
}

static bool check_local_part(Str local, Diag *diag)
{
	if (local.len > 1 && local.p[0] == '"') {
		local = str_slice(local, 1, local.len - 1);
		if (str_find_byte(local, '\\') != STR_NONE || str_find_byte(local, '"') != STR_NONE)
			return diag_fail(
				diag,
				"backslash and quote are not allowed within quoted local part");
		return true;
	}
	if (str_has_prefix(local, S(".")))
		return diag_fail(diag, "starts with dot");
	if (str_has_suffix(local, S(".")))
		return diag_fail(diag, "ends with dot");
	if (str_contains(local, S("..")))
		return diag_fail(diag, "consecutive dots");
	for (size_t i = 0; i < local.len; i++) {
		char c = local.p[i];
		if (!is_alpha(c) && !ascii_is_digit(c) && !(c && strchr(".!#$%&'*+-/=?^_`{|}~", c)))
			return fail_rune(diag, "invalid character ", str_from(local, i), "");
	}
	return true;
}

static bool check_email(Arena *arena, Str s, Diag *diag)
{
	size_t at = str_rfind(s, S("@"));
	Str domain;

	if (s.len > 254)
		return diag_fail(diag, "more than 255 characters long");
	if (at == STR_NONE)
		return diag_fail(diag, "missing @");
	if (at > 64)
		return diag_fail(diag, "local part more than 64 characters long");
	if (!check_local_part(str_to(s, at), diag))
		return false;
	domain = str_from(s, at + 1);
	if (!str_has_prefix(domain, S("[")) || !str_has_suffix(domain, S("]")))
		return check_hostname(arena, domain, diag) || wrap(diag, "invalid domain: ");
	domain = str_slice(domain, 1, domain.len - 1);
	if (str_has_prefix(domain, S("IPv6:")))
		return check_ipv6(arena, str_from(domain, 5), diag) ||
		       wrap(diag, "invalid ipv6 address: ");
	return check_ipv4(arena, domain, diag) || wrap(diag, "invalid ipv4 address: ");
}

// Package time quotes in its own way: what is no printable ASCII as the hex of its bytes.
static void quote_for_time(Buf *out, Str s)
{
	buf_byte(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c >= 0x80 || c < ' ') {
			buf_printf(out, "\\x%02x", c);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_byte(out, '\\');
		buf_byte(out, (char)c);
	}
	buf_byte(out, '"');
}

// time.Parse("2006-01-02"). Go names the part of the layout and the rest of the text that do not fit.
static bool fail_date(Diag *diag, Str whole, const char *layout, Str rest)
{
	Buf message = buf_new(diag->arena);

	buf_c(&message, "parsing time ");
	quote_for_time(&message, whole);
	buf_c(&message, " as \"2006-01-02\": cannot parse ");
	quote_for_time(&message, rest);
	buf_c(&message, " as \"");
	buf_c(&message, layout);
	buf_byte(&message, '"');
	return diag_fail_str(diag, buf_view(&message));
}

static bool fail_date_range(Diag *diag, Str whole, const char *part)
{
	Buf message = buf_new(diag->arena);

	buf_c(&message, "parsing time ");
	quote_for_time(&message, whole);
	buf_printf(&message, ": %s out of range", part);
	return diag_fail_str(diag, buf_view(&message));
}

static int number_at(Str s, size_t at, size_t len)
{
	int value = 0;

	for (size_t i = at; i < at + len; i++)
		value = value * 10 + (s.p[i] - '0');
	return value;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool check_date(Arena *arena, Str s, Diag *diag)
{
	static const struct {
		size_t at, digits;
		const char *layout;
	} parts[] = {{0, 4, "2006"}, {5, 2, "01"}, {8, 2, "02"}};
	int month, day;

	(void)arena;
	for (size_t i = 0; i < 3; i++) {
		size_t at = parts[i].at;
		if (i && (at > s.len || s.p[at - 1] != '-'))
			return fail_date(diag, s, "-", str_from(s, at - 1));
		if (count_digits(str_slice(s, at, at + parts[i].digits)) < parts[i].digits)
			return fail_date(diag, s, parts[i].layout, str_from(s, at));
		if (i == 1 && (number_at(s, 5, 2) < 1 || number_at(s, 5, 2) > 12))
			return fail_date_range(diag, s, "month");
	}
	if (s.len > 10) {
		Buf message = buf_new(diag->arena);
		buf_c(&message, "parsing time ");
		quote_for_time(&message, s);
		buf_c(&message, ": extra text: ");
		quote_for_time(&message, str_from(s, 10));
		return diag_fail_str(diag, buf_view(&message));
	}
	month = number_at(s, 5, 2);
	day = number_at(s, 8, 2);
	if (day < 1 || day > days_in(number_at(s, 0, 4), month))
		return fail_date_range(diag, s, "day");
	return true;
}

// Atoi of a part: signs are taken, as in the reference.
static bool clock_part(Str s, int64_t *out)
{
	return num_parse_int(s, 10, 64, out) == NUM_OK;
}

static bool check_offset(Str s, int *minutes, Diag *diag)
{
	int64_t hour, minute;

	if (s.len != 6)
		return diag_fail(diag, "offset must be 6 characters long");
	if (s.p[0] != '+' && s.p[0] != '-')
		return diag_fail(diag, "offset must begin with plus/minus");
	if (s.p[3] != ':')
		return diag_fail(diag, "missing colon in offset in correct place");
	if (!clock_part(str_slice(s, 1, 3), &hour) || !clock_part(str_slice(s, 4, 6), &minute))
		return diag_fail(diag, "invalid hour/min in offset");
	if (hour < 0 || minute < 0)
		return diag_fail(diag, "non-positive hour/min in offset");
	if (hour > 23 || minute > 59)
		return diag_fail(diag, "hour/min in offset out of range");
	*minutes = (int)(hour * 60 + minute) * (s.p[0] == '+' ? -1 : 1);
	return true;
}

static bool check_time(Arena *arena, Str s, Diag *diag)
{
	int64_t part[3];
	int offset = 0, minutes;

	(void)arena;
	if (s.len < 9)
		return diag_fail(diag, "less than 9 characters long");
	if (s.p[2] != ':' || s.p[5] != ':')
		return diag_fail(diag, "missing colon in correct place");
	for (size_t i = 0; i < 3; i++) {
		if (!clock_part(str_slice(s, 3 * i, 3 * i + 2), &part[i]))
			return diag_fail(diag, "invalid hour/min/sec");
		if (part[i] < 0)
			return diag_fail(diag, "non-positive hour/min/sec");
	}
	if (part[0] > 23 || part[1] > 59 || part[2] > 60)
		return diag_fail(diag, "hour/min/sec out of range");
	s = str_from(s, 8);
	if (s.len && s.p[0] == '.') {
		size_t digits = count_digits(str_from(s, 1));
		if (!digits)
			return diag_fail(diag, "no digits in second fraction");
		s = str_from(s, 1 + digits);
	}
	if (!str_is(s, "z") && !str_is(s, "Z") && !check_offset(s, &offset, diag))
		return false;
	minutes = (int)(part[0] * 60 + part[1]) + offset;
	if (minutes < 0)
		minutes += 24 * 60;
	if (part[2] >= 60 && minutes != 23 * 60 + 59)
		return diag_fail(diag, "invalid leap second");
	return true;
}

static bool check_date_time(Arena *arena, Str s, Diag *diag)
{
	if (s.len < 20)
		return diag_fail(diag, "less than 20 characters long");
	if (s.p[10] != 't' && s.p[10] != 'T')
		return diag_fail(diag, "11th character must be t or T");
	if (!check_date(arena, str_to(s, 10), diag))
		return wrap(diag, "invalid date element: ");
	return check_time(arena, str_from(s, 11), diag) || wrap(diag, "invalid time element: ");
}

static bool parse_reference(Arena *arena, Str s, Url *url, Diag *diag)
{
	size_t hash = str_find_byte(s, '#'), open, close;
	Str host, fragment, address;

	if (!url_parse(arena, str_to(s, hash), url, diag)) {
		Buf message = buf_new(arena);
		size_t colon = str_rfind(diag->message, S("\": "));
		buf_c(&message, "parse ");
		num_quote(&message, s);
		buf_str(&message, colon == STR_NONE ? S("") : str_from(diag->message, colon + 1));
		diag->message = buf_view(&message);
		return false;
	}
	if (hash != STR_NONE && !url_unescape(arena, str_from(s, hash + 1), &fragment, diag)) {
		Buf message = buf_new(arena);
		buf_c(&message, "parse ");
		num_quote(&message, s);
		buf_c(&message, ": ");
		buf_str(&message, diag->message);
		diag->message = buf_view(&message);
		return false;
	}
	host = url->host;
	if (str_rfind(host, S("@")) != STR_NONE)
		host = str_from(host, str_rfind(host, S("@")) + 1);
	open = str_find_byte(host, '[');
	close = str_rfind(host, S("]"));
	if (open == STR_NONE && str_find_byte(host, ':') != str_rfind(host, S(":")))
		return diag_fail(diag, "ipv6 address not enclosed in brackets");
	if (open == STR_NONE || close == STR_NONE)
		return true;
	address = str_slice(host, open + 1, close);
	if (str_find_byte(address, ':') == STR_NONE)
		return true;
	return check_ipv6(arena, address, diag) || wrap(diag, "invalid ipv6 address: ");
}

static bool check_uri(Arena *arena, Str s, Diag *diag)
{
	Url url;

	if (!parse_reference(arena, s, &url, diag))
		return false;
	return url.scheme.len || diag_fail(diag, "relative url");
}

static bool check_uri_reference(Arena *arena, Str s, Diag *diag)
{
	Url url;

	if (str_find_byte(s, '\\') != STR_NONE)
		return diag_fail(diag, "contains \\");
	return parse_reference(arena, s, &url, diag);
}

static bool check_uri_template(Arena *arena, Str s, Diag *diag)
{
	Str rest, part;
	Url url;

	if (!parse_reference(arena, s, &url, diag))
		return false;
	for (rest = url.path; str_cut(&rest, S("/"), &part);) {
		bool open = false;
		for (size_t i = 0; i < part.len; i++) {
			if (part.p[i] != '{' && part.p[i] != '}')
				continue;
			if ((part.p[i] == '{') == open)
				return diag_fail(diag, "nested curly braces");
			open = !open;
		}
		if (open)
			return diag_fail(diag, "no matching closing brace");
	}
	return true;
}

static bool check_period(Arena *arena, Str s, Diag *diag)
{
	size_t slash = str_find_byte(s, '/');
	Str start, end;

	if (slash == STR_NONE)
		return diag_fail(diag, "missing slash");
	start = str_to(s, slash);
	end = str_from(s, slash + 1);
	if (str_has_prefix(start, S("P"))) {
		if (!check_duration(arena, start, diag))
			return wrap(diag, "invalid start duration: ");
		return check_date_time(arena, end, diag) || wrap(diag, "invalid end date-time: ");
	}
	if (!check_date_time(arena, start, diag))
		return wrap(diag, "invalid start date-time: ");
	if (str_has_prefix(end, S("P")))
		return check_duration(arena, end, diag) || wrap(diag, "invalid end duration: ");
	return check_date_time(arena, end, diag) || wrap(diag, "invalid end date-time: ");
}

// Identifiers between dots.
static bool check_identifiers(Str s, const char *kind, bool zeros_matter, Diag *diag)
{
	Str part;

	while (str_cut(&s, S("."), &part)) {
		if (!part.len)
			return diag_fail(diag, "%s identifier is empty", kind);
		for (size_t i = 0; i < part.len; i++)
			if (!ascii_is_digit(part.p[i]) && !is_alpha(part.p[i]) && part.p[i] != '-')
				return fail_rune(diag, "invalid character ", str_from(part, i),
				                 kind[0] == 'b' ? " in build identifier"
				                                : " in pre-release identifier");
		if (zeros_matter && part.len > 1 && part.p[0] == '0' &&
		    count_digits(part) == part.len)
			return diag_fail(diag, "%s numeric identifier starts with zero", kind);
	}
	return true;
}

static bool check_semver(Arena *arena, Str s, Diag *diag)
{
	static const char *const names[] = {"major", "minor", "patch"};
	size_t plus = str_find_byte(s, '+'), hyphen, count = 0;
	Str parts[4];

	(void)arena;
	if (plus != STR_NONE) {
		if (plus + 1 == s.len)
			return diag_fail(diag, "build is empty");
		if (!check_identifiers(str_from(s, plus + 1), "build", false, diag))
			return false;
		s = str_to(s, plus);
	}
	hyphen = str_find_byte(s, '-');
	if (hyphen != STR_NONE) {
		if (!check_identifiers(str_from(s, hyphen + 1), "pre-release", true, diag))
			return false;
		s = str_to(s, hyphen);
	}
	while (count < 4 && str_cut(&s, S("."), &parts[count]))
		count++;
	if (count != 3)
		return diag_fail(diag, "versionCore must have 3 numbers separated by dot");
	for (size_t i = 0; i < 3; i++) {
		if (!parts[i].len)
			return diag_fail(diag, "%s is empty", names[i]);
		if (parts[i].len > 1 && parts[i].p[0] == '0')
			return diag_fail(diag, "%s starts with zero", names[i]);
		if (count_digits(parts[i]) < parts[i].len)
			return diag_fail(diag, "%s contains non-digit", names[i]);
	}
	return true;
}

static bool check_regex(Arena *arena, Str s, Diag *diag)
{
	Regex *regex;

	return regex_compile(arena, s, &regex, diag);
}

static const SchemaFormat formats[] = {
	{"json-pointer", check_pointer},
	{"relative-json-pointer", check_relative_pointer},
	{"uuid", check_uuid},
	{"duration", check_duration},
	{"period", check_period},
	{"ipv4", check_ipv4},
	{"ipv6", check_ipv6},
	{"hostname", check_hostname},
	{"email", check_email},
	{"date", check_date},
	{"time", check_time},
	{"date-time", check_date_time},
	{"uri", check_uri},
	{"iri", check_uri},
	{"uri-reference", check_uri_reference},
	{"iri-reference", check_uri_reference},
	{"uri-template", check_uri_template},
	{"semver", check_semver},
	{"regex", check_regex},
};

const SchemaFormat *schema_format_find(Str name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (str_is(name, formats[i].name))
			return &formats[i];
	return NULL;
}
