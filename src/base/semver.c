// Semantic versions, read and compared as Masterminds/semver v3.4.0 does. Its regular expressions
// are written out as scanners here: charts compare versions often, and these languages need no
// backtracking.

#include "base/semver.h"

#include "base/buf.h"
#include "base/num.h"

#include <string.h>

// No constraint that a person writes comes near it. Rewriting hyphen ranges looks at a text again
// and again.
#define CONSTRAINT_MAX ((size_t)16 << 10)

typedef enum Operator {
	OP_EQUAL, // "" and "="; "~" where the version has a wildcard
	OP_NOT_EQUAL,
	OP_GREATER,
	OP_LESS,
	OP_GREATER_EQUAL,
	OP_LESS_EQUAL,
	OP_TILDE,
	OP_CARET,
} Operator;

typedef struct Constraint {
	Operator op;
	Semver version;
	bool dirty;       // some part is left open: 1.x, 1
	bool minor_dirty; // the minor one and with it the patch
	bool patch_dirty; // only the patch
} Constraint;

// Constraints that must all hold.
typedef struct Group {
	Constraint *items;
	size_t len, cap;
	bool prereleases; // one of them names a prerelease, so that prereleases may match
} Group;

struct SemverConstraints {
	Group *groups; // one of which must hold
	size_t len, cap;
};

// Scanning. Each takes what it is named for off the front of *s, and says whether there was any.

static bool is_identifier(char c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

// A number of a constraint's version: the package's class for it has a '|' too many.
static bool is_part(char c)
{
	return ascii_is_digit(c) || c == 'x' || c == 'X' || c == '*' || c == '|';
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

static Str take_while(Str *s, bool (*is)(char))
{
	size_t len = 0;
	Str taken;

	while (len < s->len && is(s->p[len]))
		len++;
	taken = str_to(*s, len);
	*s = str_from(*s, len);
	return taken;
}

static bool take_byte(Str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	*s = str_from(*s, 1);
	return true;
}

// `mark` and what follows it, of characters that `is`; nothing where none follow.
static Str take_marked(Str *s, char mark, bool (*is)(char))
{
	Str rest = *s, taken = S("");

	if (take_byte(&rest, mark)) {
		taken = take_while(&rest, is);
		if (taken.len > 0)
			*s = rest;
	}
	return taken;
}

// Identifiers with dots between them, after `mark`.
static Str take_identifiers(Str *s, char mark)
{
	Str start = str_from(*s, 1);

	if (take_marked(s, mark, is_identifier).len == 0)
		return S("");
	while (take_marked(s, '.', is_identifier).len > 0)
		;
	return str_to(start, start.len - s->len);
}

typedef struct Parts {
	Str number[3]; // empty where missing
	Str prerelease, metadata;
} Parts;

// A version with up to three numbers, of characters that `is`.
static bool take_version(Str *s, bool (*is)(char), Parts *out)
{
	Str rest = *s;

	take_byte(&rest, 'v');
	out->number[0] = take_while(&rest, is);
	if (out->number[0].len == 0)
		return false;
	out->number[1] = take_marked(&rest, '.', is);
	out->number[2] = take_marked(&rest, '.', is);
	out->prerelease = take_identifiers(&rest, '-');
	out->metadata = take_identifiers(&rest, '+');
	*s = rest;
	return true;
}

// Versions.

static bool only(Str s, bool (*is)(char))
{
	return take_while(&s, is).len > 0 && s.len == 0;
}

static bool all_are(Str s, bool (*is)(char))
{
	return s.len == 0 || only(s, is);
}

bool semver_valid_prerelease(Str text, Diag *diag)
{
	Str part;

	while (str_cut(&text, S("."), &part)) {
		if (only(part, ascii_is_digit)) {
			if (part.len > 1 && part.p[0] == '0')
				return diag_fail(diag, "version segment starts with 0");
		} else if (!only(part, is_identifier)) {
			return diag_fail(diag, "invalid prerelease string");
		}
	}
	return true;
}

bool semver_valid_metadata(Str text, Diag *diag)
{
	Str part;

	while (str_cut(&text, S("."), &part)) {
		if (!only(part, is_identifier))
			return diag_fail(diag, "invalid metadata string");
	}
	return true;
}

// strconv.ParseUint of digits.
static bool parse_number(Str digits, const char *prefix, uint64_t *out, Diag *diag)
{
	if (digits.len == 0) {
		*out = 0;
		return true;
	}
	if (num_parse_uint(digits, 10, 64, out) == NUM_OK)
		return true;
	diag_fail_str(diag, str_concat(diag->arena,
	                               str_concat(diag->arena, S("strconv.ParseUint: parsing \""),
	                                          digits),
	                               S("\": value out of range")));
	return prefix == NULL ? false : diag_wrap(diag, "%s", prefix);
}

bool semver_parse(Arena *arena, Str text, Semver *out, Diag *diag)
{
	static const char prefix[] = "error parsing version segment";
	Str rest = text;
	Parts parts;

	(void)arena;
	if (!take_version(&rest, ascii_is_digit, &parts) || rest.len > 0)
		return diag_fail(diag, "invalid semantic version");
	*out = (Semver){
		.prerelease = parts.prerelease, .metadata = parts.metadata, .original = text};
	return parse_number(parts.number[0], prefix, &out->major, diag) &&
	       parse_number(parts.number[1], prefix, &out->minor, diag) &&
	       parse_number(parts.number[2], prefix, &out->patch, diag) &&
	       (parts.prerelease.len == 0 || semver_valid_prerelease(parts.prerelease, diag));
}

static bool valid_segment(Str part, Diag *diag)
{
	if (!all_are(part, ascii_is_digit))
		return diag_fail(diag, "invalid characters in version");
	if (part.len > 1 && part.p[0] == '0')
		return diag_fail(diag, "version segment starts with 0");
	return true;
}

// strconv.ParseUint says of an empty part what it says of no number.
static bool parse_segment(Str part, uint64_t *out, Diag *diag)
{
	if (part.len == 0)
		return diag_fail(diag, "strconv.ParseUint: parsing \"\": invalid syntax");
	return parse_number(part, NULL, out, diag);
}

bool semver_parse_strict(Arena *arena, Str text, Semver *out, Diag *diag)
{
	size_t first, second;
	Str patch;

	(void)arena;
	if (text.len == 0)
		return diag_fail(diag, "version string empty");
	first = str_find_byte(text, '.');
	second = first == STR_NONE ? STR_NONE : str_find_byte(str_from(text, first + 1), '.');
	if (second == STR_NONE)
		return diag_fail(diag, "invalid semantic version");
	*out = (Semver){.original = text, .prerelease = S(""), .metadata = S("")};
	patch = str_from(text, first + 1 + second + 1);
	if (str_find_byte(patch, '+') != STR_NONE) {
		out->metadata = str_from(patch, str_find_byte(patch, '+') + 1);
		patch = str_to(patch, str_find_byte(patch, '+'));
		if (!semver_valid_metadata(out->metadata, diag))
			return false;
	}
	if (str_find_byte(patch, '-') != STR_NONE) {
		out->prerelease = str_from(patch, str_find_byte(patch, '-') + 1);
		patch = str_to(patch, str_find_byte(patch, '-'));
		if (!semver_valid_prerelease(out->prerelease, diag))
			return false;
	}
	{
		Str major = str_to(text, first),
		    minor = str_slice(text, first + 1, first + 1 + second);

		return valid_segment(major, diag) && valid_segment(minor, diag) &&
		       valid_segment(patch, diag) && parse_segment(major, &out->major, diag) &&
		       parse_segment(minor, &out->minor, diag) &&
		       parse_segment(patch, &out->patch, diag);
	}
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

// One identifier of a prerelease: numbers come before words, nothing before anything. A number too
// large for 64 bits is a word.
static int compare_identifiers(Str a, Str b)
{
	uint64_t i, j;
	bool a_number, b_number;

	if (str_eq(a, b))
		return 0;
	if (a.len == 0 || b.len == 0)
		return a.len == 0 ? -1 : 1;
	a_number = num_parse_uint(a, 10, 64, &i) == NUM_OK;
	b_number = num_parse_uint(b, 10, 64, &j) == NUM_OK;
	if (a_number && b_number)
		return i > j ? 1 : -1;
	if (a_number != b_number)
		return a_number ? -1 : 1;
	return str_cmp(a, b) > 0 ? 1 : -1;
}

static int compare_prereleases(Str a, Str b)
{
	for (;;) {
		Str part_a = S(""), part_b = S("");
		bool more_a = str_cut(&a, S("."), &part_a), more_b = str_cut(&b, S("."), &part_b);
		int order;

		if (!more_a && !more_b)
			return 0;
		order = compare_identifiers(part_a, part_b);
		if (order != 0)
			return order;
	}
}

int semver_compare(const Semver *a, const Semver *b)
{
	int order = compare_numbers(a->major, b->major);

	if (order == 0)
		order = compare_numbers(a->minor, b->minor);
	if (order == 0)
		order = compare_numbers(a->patch, b->patch);
	if (order != 0 || (a->prerelease.len == 0 && b->prerelease.len == 0))
		return order;
	if (a->prerelease.len == 0 || b->prerelease.len == 0)
		return a->prerelease.len == 0 ? 1 : -1;
	return compare_prereleases(a->prerelease, b->prerelease);
}

Str semver_string(Arena *arena, const Semver *version)
{
	Buf buf = buf_new(arena);

	num_format_uint(&buf, version->major, 10);
	buf_byte(&buf, '.');
	num_format_uint(&buf, version->minor, 10);
	buf_byte(&buf, '.');
	num_format_uint(&buf, version->patch, 10);
	if (version->prerelease.len > 0) {
		buf_byte(&buf, '-');
		buf_str(&buf, version->prerelease);
	}
	if (version->metadata.len > 0) {
		buf_byte(&buf, '+');
		buf_str(&buf, version->metadata);
	}
	return buf_view(&buf);
}

// Constraints: reading.

static const struct {
	const char *text;
	Operator op;
} operators[] = {
	// The longer ones first.
	{"!=", OP_NOT_EQUAL},  {">=", OP_GREATER_EQUAL}, {"=>", OP_GREATER_EQUAL},
	{"<=", OP_LESS_EQUAL}, {"=<", OP_LESS_EQUAL},    {"~>", OP_TILDE},
	{"=", OP_EQUAL},       {">", OP_GREATER},        {"<", OP_LESS},
	{"~", OP_TILDE},       {"^", OP_CARET},
};

static Operator take_operator(Str *s)
{
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
		Str text = str_c(operators[i].text);

		if (str_has_prefix(*s, text)) {
			*s = str_from(*s, text.len);
			return operators[i].op;
		}
	}
	return OP_EQUAL;
}

static bool is_wild(Str part)
{
	return part.len == 0 || (part.len == 1 && strchr("xX*", part.p[0]) != NULL);
}

// The version of a constraint, open parts as 0. Prerelease and metadata stay, but an open part
// drops the metadata.
static bool read_constraint(Arena *arena, Str whole, const Parts *parts, Constraint *out,
                            Diag *diag)
{
	Diag ignored = diag_new(arena);
	Buf buf = buf_new(arena);
	const Str *n = parts->number;

	if (!is_wild(n[0]) && !is_wild(n[1]) && !is_wild(n[2])) {
		buf_str(&buf, whole);
	} else {
		out->dirty = true;
		out->minor_dirty = !is_wild(n[0]) && is_wild(n[1]);
		out->patch_dirty = !is_wild(n[0]) && !is_wild(n[1]);
		buf_str(&buf, is_wild(n[0]) ? S("0") : n[0]);
		buf_byte(&buf, '.');
		buf_str(&buf, out->patch_dirty ? n[1] : S("0"));
		buf_c(&buf, ".0");
		if (parts->prerelease.len > 0) {
			buf_byte(&buf, '-');
			buf_str(&buf, parts->prerelease);
		}
	}
	return semver_parse(arena, buf_view(&buf), &out->version, &ignored) ||
	       diag_fail(diag, "constraint parser error");
}

static bool fail_improper(Diag *diag, Str text)
{
	// It counts more than a wrong version before it.
	diag->set = false;
	return diag_fail_str(diag, str_concat(diag->arena, S("improper constraint: "), text));
}

// Constraints with commas or spaces between them, all of which must hold.
static bool read_group(Arena *arena, Str text, Group *group, Diag *diag)
{
	Str rest = text;
	// A wrong version is only complained of where the whole is well-formed.
	bool parsed = true;

	take_while(&rest, is_space);
	for (;;) {
		Constraint constraint = {.op = take_operator(&rest)};
		bool spaced;
		Parts parts;
		Str start;

		take_while(&rest, is_space);
		start = rest;
		if (!take_version(&rest, is_part, &parts))
			return fail_improper(diag, text);
		parsed = parsed && read_constraint(arena, str_to(start, start.len - rest.len),
		                                   &parts, &constraint, diag);
		if (constraint.version.prerelease.len > 0)
			group->prereleases = true;
		VEC_PUSH(arena, group->items, group->len, group->cap) = constraint;
		spaced = take_while(&rest, is_space).len > 0;
		if (rest.len == 0)
			return parsed;
		if (take_byte(&rest, ','))
			take_while(&rest, is_space);
		else if (!spaced)
			return fail_improper(diag, text);
	}
}

typedef struct Range {
	Str whole, low, high;
} Range;

// "1.2 - 2.3", with the white space around it, at the start of `s`.
static bool match_range(Str s, Range *out)
{
	Str rest = s, start;
	Parts parts;

	take_while(&rest, is_space);
	start = rest;
	if (!take_version(&rest, is_part, &parts))
		return false;
	out->low = str_to(start, start.len - rest.len);
	if (take_while(&rest, is_space).len == 0 || !take_byte(&rest, '-') ||
	    take_while(&rest, is_space).len == 0)
		return false;
	start = rest;
	if (!take_version(&rest, is_part, &parts))
		return false;
	out->high = str_to(start, start.len - rest.len);
	take_while(&rest, is_space);
	out->whole = str_to(s, s.len - rest.len);
	return true;
}

// Writes hyphen ranges as two comparisons. As in the Go package, the text of a range is replaced
// where it occurs first.
static Str rewrite_ranges(Arena *arena, Str text)
{
	Str result = text;

	for (size_t at = 0; at < text.len;) {
		Range range;
		size_t found;
		Buf buf;

		if (!match_range(str_from(text, at), &range)) {
			at++;
			continue;
		}
		found = str_find(result, range.whole);
		at += range.whole.len;
		if (found == STR_NONE)
			continue;
		buf = buf_new(arena);
		buf_str(&buf, str_to(result, found));
		buf_c(&buf, ">= ");
		buf_str(&buf, range.low);
		buf_c(&buf, ", <= ");
		buf_str(&buf, range.high);
		buf_byte(&buf, ' ');
		buf_str(&buf, str_from(result, found + range.whole.len));
		result = buf_view(&buf);
	}
	return result;
}

bool semver_constraints_parse(Arena *arena, Str text, SemverConstraints **out, Diag *diag)
{
	SemverConstraints *constraints = ARENA_NEW(arena, SemverConstraints);
	Str rest, part;

	if (text.len > CONSTRAINT_MAX)
		return diag_fail(diag, "improper constraint: longer than %zu bytes",
		                 CONSTRAINT_MAX);
	rest = rewrite_ranges(arena, text);
	while (str_cut(&rest, S("||"), &part)) {
		Group group = {NULL, 0, 0, false};

		if (!read_group(arena, part, &group, diag))
			return false;
		VEC_PUSH(arena, constraints->groups, constraints->len, constraints->cap) = group;
	}
	*out = constraints;
	return true;
}

// Constraints: checking.

static bool check_not_equal(const Constraint *c, const Semver *v)
{
	if (c->dirty) {
		if (c->version.major != v->major)
			return true;
		if (c->version.minor != v->minor && !c->minor_dirty)
			return true;
		if (c->minor_dirty)
			return false;
		if (c->version.patch != v->patch && !c->patch_dirty)
			return true;
		if (c->patch_dirty)
			return compare_prereleases(v->prerelease, c->version.prerelease) != 0;
	}
	return semver_compare(v, &c->version) != 0;
}

static bool check_greater(const Constraint *c, const Semver *v)
{
	if (c->dirty && v->major != c->version.major)
		return v->major > c->version.major;
	// 11.1.0 is not > 11, and 11.1.1 not > 11.1.
	if (c->minor_dirty)
		return false;
	if (c->patch_dirty)
		return v->minor > c->version.minor;
	return semver_compare(v, &c->version) > 0;
}

static bool check_less_equal(const Constraint *c, const Semver *v)
{
	if (!c->dirty)
		return semver_compare(v, &c->version) <= 0;
	if (v->major > c->version.major)
		return false;
	return v->major != c->version.major || v->minor <= c->version.minor || c->minor_dirty;
}

static bool check_tilde(const Constraint *c, const Semver *v)
{
	const Semver *from = &c->version;

	if (semver_compare(v, from) < 0)
		return false;
	// ~0.0.0 takes everything.
	if (from->major == 0 && from->minor == 0 && from->patch == 0 && !c->minor_dirty &&
	    !c->patch_dirty)
		return true;
	return v->major == from->major && (v->minor == from->minor || c->minor_dirty);
}

static bool check_caret(const Constraint *c, const Semver *v)
{
	const Semver *from = &c->version;

	if (semver_compare(v, from) < 0)
		return false;
	if (from->major > 0 || c->minor_dirty)
		return v->major == from->major;
	if (v->major > 0)
		return false;
	if (from->minor > 0 || c->patch_dirty)
		return v->minor == from->minor;
	return v->minor == 0 && v->patch == from->patch;
}

static bool check(const Constraint *c, const Semver *v)
{
	switch (c->op) {
	case OP_NOT_EQUAL:
		return check_not_equal(c, v);
	case OP_GREATER:
		return check_greater(c, v);
	case OP_LESS:
		return semver_compare(v, &c->version) < 0;
	case OP_GREATER_EQUAL:
		return semver_compare(v, &c->version) >= 0;
	case OP_LESS_EQUAL:
		return check_less_equal(c, v);
	case OP_TILDE:
		return check_tilde(c, v);
	case OP_CARET:
		return check_caret(c, v);
	case OP_EQUAL:
		break;
	}
	return c->dirty ? check_tilde(c, v) : semver_compare(v, &c->version) == 0;
}

bool semver_check(const SemverConstraints *constraints, const Semver *version)
{
	for (size_t i = 0; i < constraints->len; i++) {
		const Group *group = &constraints->groups[i];
		bool holds = version->prerelease.len == 0 || group->prereleases;

		for (size_t j = 0; j < group->len && holds; j++)
			holds = check(&group->items[j], version);
		if (holds)
			return true;
	}
	return false;
}
