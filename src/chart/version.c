// Versions: semver, and Kubernetes' by its own rules.

#include "chart/version.h"

#include "base/num.h"
#include "base/semver.h"

bool version_is_valid(Arena *arena, Str version)
{
	Diag ignored = diag_new(arena);
	Semver parsed;

	return semver_parse(arena, version, &parsed, &ignored);
}

bool version_is_strict(Arena *arena, Str version)
{
	Diag ignored = diag_new(arena);
	Semver parsed;

	return semver_parse_strict(arena, version, &parsed, &ignored);
}

bool version_constraint_is_valid(Arena *arena, Str constraint)
{
	Diag ignored = diag_new(arena);
	SemverConstraints *constraints;

	return semver_constraints_parse(arena, constraint, &constraints, &ignored);
}

bool version_in_range(Arena *arena, Str constraint, Str version)
{
	Diag ignored = diag_new(arena);
	SemverConstraints *constraints;
	Semver parsed;

	return semver_parse(arena, version, &parsed, &ignored) &&
	       semver_constraints_parse(arena, constraint, &constraints, &ignored) &&
	       semver_check(constraints, &parsed);
}

// --- Kubernetes ---

static Str quoted(Arena *arena, Str text)
{
	Buf out = buf_new(arena);

	num_quote(&out, text);
	return buf_view(&out);
}

static bool check_component(Arena *arena, Str part, Str text, bool first, uint64_t *number,
                            Diag *diag)
{
	NumError error;

	if (first && part.len > 1 && part.p[0] == '0')
		return diag_fail(diag, "illegal zero-prefixed version component %.*s in %.*s",
		                 STR_ARGS(quoted(arena, part)), STR_ARGS(quoted(arena, text)));
	error = num_parse_uint(part, 10, 64, number);
	return error == NUM_OK ||
	       diag_fail(diag,
	                 "illegal non-numeric version component %.*s in %.*s: strconv.ParseUint: "
	                 "parsing %.*s: value "
	                 "out of range",
	                 STR_ARGS(quoted(arena, part)), STR_ARGS(quoted(arena, text)),
	                 STR_ARGS(quoted(arena, part)));
}

// The numbers at the start: digits with single dots between them.
static Str leading_numbers(Str text)
{
	size_t at = 0, end = 0;

	for (;;) {
		while (at < text.len && text.p[at] >= '0' && text.p[at] <= '9')
			at++;
		if (at == end || (end && at == end + 1))
			return str_to(text, end);
		end = at;
		if (at >= text.len || text.p[at] != '.')
			return str_to(text, end);
		at++;
	}
}

bool kube_version_parse(Arena *arena, Str text, KubeVersion *out, Diag *diag)
{
	Str rest = str_trim_ascii(str_concat(arena, text, S("x"))), numbers, part, left;
	Buf normalized = buf_new(arena);
	uint64_t number[2] = {0, 0}, each;
	size_t count = 0;

	rest = str_to(rest, rest.len - 1); // only what leads was to be trimmed
	if (str_has_prefix(rest, S("v")))
		rest = str_from(rest, 1);
	numbers = leading_numbers(rest);
	if (!numbers.len || str_find_byte(str_from(rest, numbers.len), '\n') != STR_NONE)
		return diag_fail(diag, "could not parse %.*s as version",
		                 STR_ARGS(quoted(arena, text)));
	if (str_find_byte(numbers, '.') == STR_NONE)
		return diag_fail(diag, "illegal version string %.*s",
		                 STR_ARGS(quoted(arena, text)));
	left = numbers;
	buf_byte(&normalized, 'v');
	for (; str_cut(&left, S("."), &part); count++) {
		if (!check_component(arena, part, text, !count, &each, diag))
			return false;
		if (count)
			buf_byte(&normalized, '.');
		num_format_uint(&normalized, each, 10);
		if (count < 2)
			number[count] = each;
	}
	out->version = str_has_prefix(text, S("v")) ? text : str_concat(arena, S("v"), text);
	out->normalized = buf_view(&normalized);
	out->major = str_printf(arena, "%llu", (unsigned long long)number[0]);
	out->minor = str_printf(arena, "%llu", (unsigned long long)number[1]);
	return true;
}
