// The first line is a pattern, the rest a text: what matches lies within the text and in order, and
// to replace every match by itself changes nothing.

#include "base/buf.h"
#include "base/regex.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void append(void *buf, Str piece)
{
	buf_str(buf, piece);
}

static void check(Arena *arena, Str pattern, Str text)
{
	Diag diag = diag_new(arena);
	Buf replaced = buf_new(arena);
	RegexOut out = {arena, append, &replaced};
	size_t last = 0;
	RegexWalk walk;
	Regex *regex;

	if (!regex_compile(arena, pattern, &regex, &diag)) {
		must(diag.set && str_has_prefix(diag.message, S("error parsing regexp: ")));
		return;
	}
	walk = regex_walk(regex, text, arena);
	while (regex_next(&walk)) {
		must(walk.spans[0] >= last && walk.spans[1] >= walk.spans[0] &&
		     walk.spans[1] <= text.len);
		last = walk.spans[1];
		for (size_t group = 1; group <= regex_groups(regex); group++) {
			size_t start = walk.spans[2 * group], end = walk.spans[2 * group + 1];

			must((start == STR_NONE) == (end == STR_NONE));
			must(start == STR_NONE ||
			     (start <= end && start >= walk.spans[0] && end <= walk.spans[1]));
		}
	}
	regex_replace(regex, text, S("$0"), false, &out);
	must(str_eq(buf_view(&replaced), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *volatile arena = arena_new((size_t)256 << 20);

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
