// Any bytes as a template: parsed and run against a few values, traced and not. Both must write the same, or fail the
// same.

#include "template/eval.h"

#include <stdlib.h>
#include <string.h>

// Enough for any short template that does not run away; what does, meets the limit.
#define FUZZ_ARENA ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Value sample_values(Arena *arena)
{
	Map *root = map_new(arena, &TYPE_ANY_MAP), *values = map_new(arena, &TYPE_ANY_MAP);
	List *list = list_new(arena, &TYPE_ANY_LIST, 3);

	list_push(arena, list, value_str(S("one")));
	list_push(arena, list, value_float(2));
	list_push(arena, list, value_nil());
	map_set(arena, values, S("s"), value_str(S("text: \"x\"\n")));
	map_set(arena, values, S("l"), value_list(list));
	map_set(arena, values, S("n"), value_float(1e6));
	map_set(arena, values, S("b"), value_bool(true));
	map_set(arena, root, S("Values"), value_map(values));
	return value_map(root);
}

static bool run(Arena *arena, Str text, bool traced, Text *out, Diag *diag)
{
	EngineOptions options = {.traced = traced,
	                         .seeded = true,
	                         .seed = 1,
	                         .clock_set = true,
	                         .output_limit = 1 << 20,
	                         .step_limit = 100000};
	Engine *engine = engine_new(arena, &options);
	Value dot = sample_values(arena);

	*out = text_new(arena, traced);
	return engine_parse(engine, S("t"), text, diag) &&
	       engine_execute(engine, S("t"), &dot, out, diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *arena = arena_new(FUZZ_ARENA);
	Text plain, traced;
	Diag diag, traced_diag;
	bool ok;

	if (setjmp(*arena_trap(arena))) {
		arena_free(arena);
		return 0;
	}
	diag = diag_new(arena);
	traced_diag = diag_new(arena);
	ok = run(arena, str_n((const char *)data, size), false, &plain, &diag);
	if (ok != run(arena, str_n((const char *)data, size), true, &traced, &traced_diag))
		abort();
	if (ok ? !str_eq(buf_view(&plain.buf), buf_view(&traced.buf))
	       : !str_eq(diag.message, traced_diag.message))
		abort();
	arena_free(arena);
	return 0;
}
