// Any bytes end in a value or one error; what was read writes, and reads back as the same.

#include "data/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check(Arena *arena, Str text, JsonNumbers numbers, const char *indent)
{
	Diag diag = diag_new(arena);
	Text first = text_new(arena, false), second = text_new(arena, false);
	Value v, again;

	if (!json_read(arena, text, numbers, &v, &diag)) {
		must(diag.set && diag.message.len > 0);
		return;
	}
	must(json_write(&first, &v, (JsonStyle){indent != NULL, indent}, &diag));
	must(json_read(arena, text_str(&first), numbers, &again, &diag));
	must(json_write(&second, &again, (JsonStyle){indent != NULL, indent}, &diag));
	// As an integer, minus zero has no sign.
	must(str_eq(text_str(&first), text_str(&second)) ||
	     (numbers == JSON_INT64 && str_contains(text_str(&first), S("-0"))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *volatile arena = arena_new((size_t)256 << 20);
	Str text;

	if (!arena)
		return 0;
	if (setjmp(*arena_trap(arena)) == 0) {
		text = str_copy(arena, str_n((const char *)data, size));
		check(arena, text, JSON_FLOAT64, NULL);
		check(arena, text, JSON_INT64, "  ");
		check(arena, text, JSON_NUMBERS, NULL);
	}
	arena_free(arena);
	return 0;
}
