// Hostile settings and baselines: what is read is used, what is not is one error.

#include "lint/baseline.h"
#include "lint/lint.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_settings(Arena *arena, Str text)
{
	Settings settings = settings_default();
	Diag diag = diag_new(arena);
	Str file = S("templates/backends/a.yaml");

	if (!settings_read(arena, text, S(".cleat.yaml"), &settings, &diag)) {
		if (!diag.set || !str_has_prefix(diag.message, S(".cleat.yaml")))
			abort();
		return;
	}
	settings.here = settings.folder = S("/work/");
	for (size_t i = 0; lint_rule_at(i); i++)
		if (settings_severity(&settings, arena, str_c(lint_rule_at(i)->id), file,
		                      SEVERITY_INFO) == SEVERITY_DEFAULT)
			abort();
	for (int kind = 0; kind < OUTSIDE_COUNT; kind++)
		settings_outside(&settings, (OutsideKind)kind, S("kafka"), S("broker.example.com"));
}

static void check_baseline(Arena *arena, Str text)
{
	Settings settings = settings_default();
	Finding finding = {.fingerprint = S("0123456789abcdef")};
	Finding *one = &finding;
	Findings findings = {&one, 1, 1};
	Diag diag = diag_new(arena);
	size_t mended;

	if (!baseline_apply(arena, S("base"), text, &settings, &findings, &mended, &diag) &&
	    !diag.set)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *volatile arena = arena_new((size_t)64 << 20);

	if (!arena)
		return 0;
	if (setjmp(*arena_trap(arena)) == 0) {
		Str text = str_copy(arena, str_n((const char *)data, size));
		check_settings(arena, text);
		check_baseline(arena, text);
	}
	arena_free(arena);
	return 0;
}
