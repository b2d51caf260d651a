// The first line is a constraint, the second a version: both end in an answer or one error, and a
// version that was read prints as one that reads as equal.

#include "base/semver.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check(Arena *arena, Str constraint, Str text)
{
	Diag diag = diag_new(arena), other = diag_new(arena);
	SemverConstraints *constraints;
	Semver version, again;

	if (!semver_parse(arena, text, &version, &diag)) {
		must(diag.set);
		return;
	}
	must(semver_parse_strict(arena, semver_string(arena, &version), &again, &diag));
	must(semver_compare(&version, &again) == 0);
	if (semver_constraints_parse(arena, constraint, &constraints, &other))
		semver_check(constraints, &version);
	else
		must(other.set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *volatile arena = arena_new((size_t)64 << 20);

	if (!arena)
		return 0;
	if (setjmp(*arena_trap(arena)) == 0) {
		Str text = str_copy(arena, str_n((const char *)data, size));
		size_t end = str_find_byte(text, '\n');

		if (end != STR_NONE)
			check(arena, str_to(text, end), str_from(text, end + 1));
	}
	arena_free(arena);
	return 0;
}
