// What a scalar node is worth as JSON.

#include "kustomize/scalar.h"

#include "base/num.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool one_of(Str text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(text, words[i]))
			return true;
	return false;
}

static const char *const null_words[] = {"", "~", "null", "Null", "NULL"};
static const char *const true_words[] = {"true", "True", "TRUE"};
static const char *const false_words[] = {"false", "False", "FALSE"};
static const char *const old_true_words[] = {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"};
static const char *const old_false_words[] = {"n", "N", "no", "No", "NO", "off", "Off", "OFF"};
static const char *const nan_words[] = {".nan", ".NaN", ".NAN"};
static const char *const inf_words[] = {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"};
static const char *const minus_inf_words[] = {"-.inf", "-.Inf", "-.INF"};

static bool word_scalar(Str text, ScalarRules rules, Scalar *out)
{
	bool old = rules == SCALAR_YAML_1_1;

	if (text.len > 5)
		return false;
	if (one_of(text, null_words, COUNT(null_words)))
		*out = (Scalar){.kind = SCALAR_NULL};
	else if (one_of(text, true_words, COUNT(true_words)))
		*out = (Scalar){.kind = SCALAR_BOOL, .b = true};
	else if (one_of(text, false_words, COUNT(false_words)))
		*out = (Scalar){.kind = SCALAR_BOOL, .b = false};
	else if (old && one_of(text, old_true_words, COUNT(old_true_words)))
		*out = (Scalar){.kind = SCALAR_BOOL, .b = true};
	else if (old && one_of(text, old_false_words, COUNT(old_false_words)))
		*out = (Scalar){.kind = SCALAR_BOOL, .b = false};
	else if (one_of(text, nan_words, COUNT(nan_words)))
		*out = (Scalar){.kind = SCALAR_FLOAT, .f = NAN};
	else if (one_of(text, inf_words, COUNT(inf_words)))
		*out = (Scalar){.kind = SCALAR_FLOAT, .f = INFINITY};
	else if (one_of(text, minus_inf_words, COUNT(minus_inf_words)))
		*out = (Scalar){.kind = SCALAR_FLOAT, .f = -INFINITY};
	else
		return false;
	return true;
}

// ^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$
static bool looks_like_float(Str s)
{
	size_t i = 0, digits = 0;

	if (i < s.len && (s.p[i] == '-' || s.p[i] == '+'))
		i++;
	for (; i < s.len && ascii_is_digit(s.p[i]); i++)
		digits++;
	if (i < s.len && s.p[i] == '.') {
		size_t before = digits;
		for (i++; i < s.len && ascii_is_digit(s.p[i]); i++)
			digits++;
		if (!before && !digits)
			return false;
	}
	if (!digits)
		return false;
	if (i < s.len && (s.p[i] == 'e' || s.p[i] == 'E')) {
		size_t exponent = 0;
		i++;
		if (i < s.len && (s.p[i] == '-' || s.p[i] == '+'))
			i++;
		for (; i < s.len && ascii_is_digit(s.p[i]); i++)
			exponent++;
		if (!exponent)
			return false;
	}
	return i == s.len;
}

// Digits at *at, at least `min` and at most `max` of them.
static bool take_number(Str s, size_t *at, size_t min, size_t max, int *out)
{
	size_t start = *at;

	*out = 0;
	while (*at < s.len && *at - start < max && ascii_is_digit(s.p[*at]))
		*out = *out * 10 + (s.p[(*at)++] - '0');
	return *at - start >= min;
}

static bool take_byte(Str s, size_t *at, char byte)
{
	if (*at >= s.len || s.p[*at] != byte)
		return false;
	(*at)++;
	return true;
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

// go-yaml v3 takes 2001-1-2, 2001-1-2 3:4:5.6 and 2001-1-2T3:4:5.6Z (or +01:00) for times, which JSON writes in
// full.
static bool time_scalar(Arena *arena, Str s, Scalar *out)
{
	int year, month, day, hour = 0, minute = 0, second = 0, zone_hour = 0, zone_minute = 0;
	size_t at = 0, fraction = 0, fraction_len = 0;
	char zone = 'Z', separator;
	Buf text;

	if (s.len < 8 || s.p[4] != '-' || !take_number(s, &at, 4, 4, &year) ||
	    !take_byte(s, &at, '-') || !take_number(s, &at, 1, 2, &month) ||
	    !take_byte(s, &at, '-') || !take_number(s, &at, 1, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	if (at < s.len) {
		separator = s.p[at++];
		if (separator != 'T' && separator != 't' && separator != ' ')
			return false;
		if (!take_number(s, &at, 1, 2, &hour) || !take_byte(s, &at, ':') ||
		    !take_number(s, &at, 1, 2, &minute) || !take_byte(s, &at, ':') ||
		    !take_number(s, &at, 1, 2, &second) || hour > 23 || minute > 59 || second > 59)
			return false;
		if (at < s.len && s.p[at] == '.') {
			fraction = ++at;
			while (at < s.len && ascii_is_digit(s.p[at]))
				at++;
			fraction_len = at - fraction;
			if (!fraction_len)
				return false;
		}
		if (separator != ' ') {
			if (at >= s.len)
				return false;
			zone = s.p[at++];
			if (zone == '+' || zone == '-') {
				if (!take_number(s, &at, 2, 2, &zone_hour) ||
				    !take_byte(s, &at, ':') ||
				    !take_number(s, &at, 2, 2, &zone_minute) || zone_hour > 24 ||
				    zone_minute > 59)
					return false;
			} else if (zone != 'Z') {
				return false;
			}
		}
		if (at != s.len)
			return false;
	}
	text = buf_new(arena);
	buf_printf(&text, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, hour, minute, second);
	if (fraction_len > 9)
		fraction_len = 9;
	while (fraction_len && s.p[fraction + fraction_len - 1] == '0')
		fraction_len--;
	if (fraction_len)
		buf_printf(&text, ".%.*s", (int)fraction_len, s.p + fraction);
	if (zone == 'Z' || (zone_hour == 0 && zone_minute == 0))
		buf_byte(&text, 'Z');
	else
		buf_printf(&text, "%c%02d:%02d", zone, zone_hour, zone_minute);
	*out = (Scalar){.kind = SCALAR_STRING, .time = true, .s = buf_view(&text)};
	return true;
}

static Str without_underscores(Arena *arena, Str s)
{
	Buf plain;

	if (str_find_byte(s, '_') == STR_NONE)
		return s;
	plain = buf_new(arena);
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != '_')
			buf_byte(&plain, s.p[i]);
	return buf_view(&plain);
}

static bool prefixed_int(Str plain, const char *prefix, int base, Scalar *out)
{
	bool minus = plain.len && plain.p[0] == '-';
	Str digits = str_from(plain, minus);
	int64_t i;

	if (!str_has_prefix(digits, str_c(prefix)))
		return false;
	digits = str_from(digits, 2);
	if (num_parse_int(digits, base, 64, &i) != NUM_OK)
		return false;
	*out = (Scalar){.kind = SCALAR_INT, .i = minus ? -i : i};
	return true;
}

static bool number_scalar(Arena *arena, Str text, Scalar *out)
{
	Str plain = without_underscores(arena, text);
	uint64_t u;
	int64_t i;
	double f;

	if (num_parse_int(plain, 0, 64, &i) == NUM_OK) {
		*out = (Scalar){.kind = SCALAR_INT, .i = i};
		return true;
	}
	if (num_parse_uint(plain, 0, 64, &u) == NUM_OK) {
		*out = (Scalar){.kind = SCALAR_UINT, .u = u};
		return true;
	}
	if (looks_like_float(plain)) {
		if (num_parse_float(plain, &f) != NUM_OK)
			return false;
		*out = (Scalar){.kind = SCALAR_FLOAT, .f = f};
		return true;
	}
	return prefixed_int(plain, "0b", 2, out) || prefixed_int(plain, "0o", 8, out);
}

// The usual scalar is a word: its first byte says that it can be nothing but a string.
static bool may_be_special(Str text)
{
	return !text.len || strchr("0123456789+-.~nNtTfFyYoO", text.p[0]);
}

Scalar scalar_of_text(Arena *arena, Str text, ScalarRules rules)
{
	Scalar out = {.kind = SCALAR_STRING, .s = text};
	double f;

	if (!may_be_special(text) || word_scalar(text, rules, &out))
		return out;
	if (text.p[0] == '.') {
		if (looks_like_float(text) && num_parse_float(text, &f) == NUM_OK)
			out = (Scalar){.kind = SCALAR_FLOAT, .f = f};
	} else if (ascii_is_digit(text.p[0]) || text.p[0] == '+' || text.p[0] == '-') {
		if (rules == SCALAR_YAML_1_2 && time_scalar(arena, text, &out))
			return out;
		number_scalar(arena, text, &out);
	}
	return out;
}

static bool is_quoted(const Node *node)
{
	return node->style == NODE_SINGLE_QUOTED || node->style == NODE_DOUBLE_QUOTED ||
	       node->style == NODE_LITERAL || node->style == NODE_FOLDED;
}

static const char *tag_of(const Scalar *scalar)
{
	static const char *const tags[] = {"!!null", "!!bool",  "!!int",
	                                   "!!int",  "!!float", "!!str"};

	return scalar->time ? "!!timestamp" : tags[scalar->kind];
}

bool scalar_of_node(Arena *arena, const Node *node, ScalarRules rules, Scalar *out, Diag *diag)
{
	bool by_text = rules == SCALAR_YAML_1_1 && !node->tagged && !is_quoted(node);
	Scalar found;

	if ((str_is(node->tag, "!!str") && !by_text) || (!node->tag.len && is_quoted(node)) ||
	    (node->tag.len && node->tag.p[0] == '!' && !str_has_prefix(node->tag, S("!!")))) {
		*out = (Scalar){.kind = SCALAR_STRING, .s = node->value};
		return true;
	}
	found = scalar_of_text(arena, node->value, rules);
	if (by_text || (is_quoted(node) && !node->tagged && str_is(node->tag, tag_of(&found)))) {
		// A tag that the text has by itself is not written: in quotes it is a string then.
		*out = by_text ? found : (Scalar){.kind = SCALAR_STRING, .s = node->value};
		return true;
	}
	if (node->tag.len && !str_is(node->tag, tag_of(&found))) {
		bool is_int = found.kind == SCALAR_INT || found.kind == SCALAR_UINT;
		if (str_is(node->tag, "!!float") && is_int) {
			*out = found; // an integral float is the same JSON
			return true;
		}
		if (str_is(node->tag, "!!binary") || str_is(node->tag, "!!merge") ||
		    str_is(node->tag, "!!timestamp") || rules == SCALAR_YAML_1_1) {
			*out = found.kind == SCALAR_STRING || rules == SCALAR_YAML_1_1
			               ? found
			               : (Scalar){.kind = SCALAR_STRING, .s = node->value};
			return true;
		}
		return diag_fail(diag, "yaml: cannot decode %s `%.*s` as a %.*s", tag_of(&found),
		                 STR_ARGS(node->value), STR_ARGS(node->tag));
	}
	*out = found;
	return true;
}

bool scalar_needs_quotes(Arena *arena, Str text)
{
	Scalar scalar;

	if (!may_be_special(text))
		return false;
	if (scalar_of_text(arena, text, SCALAR_YAML_1_1).kind != SCALAR_STRING)
		return true;
	scalar = scalar_of_text(arena, text, SCALAR_YAML_1_2);
	return scalar.kind != SCALAR_STRING || scalar.time;
}

const char *scalar_json_kind(Arena *arena, const Node *node, ScalarRules rules, Scalar *out)
{
	Diag ignored = diag_new(arena);

	if (node->kind == NODE_MAPPING)
		return "object";
	if (node->kind == NODE_SEQUENCE)
		return "array";
	if (!scalar_of_node(arena, node, rules, out, &ignored))
		return "string";
	switch (out->kind) {
	case SCALAR_NULL:
		return "null";
	case SCALAR_BOOL:
		return "bool";
	case SCALAR_STRING:
		return "string";
	default:
		return "number";
	}
}

void scalar_write_json_string(Buf *out, Str s)
{
	static const char hex[] = "0123456789abcdef";
	uint32_t rune;

	buf_byte(out, '"');
	for (size_t size; (size = utf8_decode(s, &rune)); s = str_from(s, size)) {
		if (rune == '"' || rune == '\\') {
			buf_byte(out, '\\');
			buf_byte(out, (char)rune);
		} else if (rune == '\n') {
			buf_c(out, "\\n");
		} else if (rune == '\r') {
			buf_c(out, "\\r");
		} else if (rune == '\t') {
			buf_c(out, "\\t");
		} else if (rune == '\b') {
			buf_c(out, "\\b");
		} else if (rune == '\f') {
			buf_c(out, "\\f");
		} else if (rune < 0x20 || rune == '<' || rune == '>' || rune == '&') {
			buf_c(out, "\\u00");
			buf_byte(out, hex[rune >> 4]);
			buf_byte(out, hex[rune & 15]);
		} else if (rune == 0x2028 || rune == 0x2029) {
			buf_c(out, rune == 0x2028 ? "\\u2028" : "\\u2029");
		} else if (rune == 0xFFFD && size == 1) {
			buf_c(out, "\\ufffd");
		} else {
			buf_bytes(out, s.p, size);
		}
	}
	buf_byte(out, '"');
}

void scalar_write_json(Buf *out, const Scalar *scalar)
{
	switch (scalar->kind) {
	case SCALAR_NULL:
		buf_c(out, "null");
		break;
	case SCALAR_BOOL:
		buf_c(out, scalar->b ? "true" : "false");
		break;
	case SCALAR_INT:
		num_format_int(out, scalar->i, 10);
		break;
	case SCALAR_UINT:
		num_format_uint(out, scalar->u, 10);
		break;
	case SCALAR_FLOAT:
		num_json_float(out, scalar->f);
		break;
	case SCALAR_STRING:
		scalar_write_json_string(out, scalar->s);
		break;
	}
}
