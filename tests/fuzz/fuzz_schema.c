// A schema (up to the first NUL byte) and a value: checking ends in an answer or one error.

#include "data/json.h"
#include "data/schema.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(Arena *arena, Str input)
{
	size_t cut = str_find_byte(input, '\0');
	Diag diag = diag_new(arena), reason = diag_new(arena);
	SchemaReport report;
	Value v;

	if (cut == STR_NONE || !json_read(arena, str_from(input, cut + 1), JSON_FLOAT64, &v, &diag))
		v = value_map(map_new(arena, &TYPE_ANY_MAP));
	if (!schema_validate(arena, str_to(input, cut), SCHEMA_URL, &v, NULL, &report, &reason) &&
	    !reason.message.len)
		abort();
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
