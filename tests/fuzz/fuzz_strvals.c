// --set and its kin on any text: the first byte chooses the kind, the rest is the argument, applied twice.

#include "chart/strvals.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const StrvalsKind KINDS[] = {STRVALS_TYPED, STRVALS_STRING, STRVALS_JSON,
	                                    STRVALS_LITERAL};
	Arena *arena = arena_new((size_t)64 << 20);
	StrvalsOptions options;
	Map *values;
	Diag diag;

	if (!size || !arena || setjmp(*arena_trap(arena))) {
		arena_free(arena);
		return 0;
	}
	options = (StrvalsOptions){KINDS[data[0] % 4], data[0] & 4, "--set"};
	values = map_new(arena, &TYPE_ANY_MAP);
	for (int i = 0; i < 2; i++) {
		diag = diag_new(arena);
		strvals_parse(arena, str_n((const char *)data + 1, size - 1), &options, values,
		              &diag);
	}
	arena_free(arena);
	return 0;
}
