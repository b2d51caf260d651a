// A format (the first line) applied to operands (the JSON list behind it): it always prints.

#include "base/num.h"
#include "data/json.h"
#include "template/format.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Every number text that Go would print reads back.
static void check_numbers(Arena *arena, Str text)
{
	double f, again;
	Buf out = buf_new(arena);
	Str quoted, plain;
	Buf quote = buf_new(arena);

	if (num_parse_float(text, &f) == NUM_OK) {
		num_format_float(&out, f, 'g', -1);
		if (num_parse_float(buf_view(&out), &again) != NUM_OK || (again != f && f == f))
			abort();
	}
	num_quote(&quote, text);
	quoted = buf_view(&quote);
	if (!num_unquote(arena, quoted, &plain) || !str_eq(plain, text))
		abort();
	num_unquote(arena, text, &plain);
}

static void check(Arena *arena, Str input)
{
	Diag diag = diag_new(arena);
	Text out = text_new(arena, false);
	Str format, rest = input;
	Value v, mixed[8] = {{0}};

	if (!str_line(&rest, &format))
		return;
	check_numbers(arena, format);
	if (json_read(arena, rest, JSON_INT64, &v, &diag) && v.kind == V_LIST) {
		format_printf(&out, format, v.list->items, v.list->len);
		format_print(&out, v.list->items, v.list->len);
		return;
	}
	mixed[0] = value_int(-5);
	mixed[1] = value_float(1e21);
	mixed[2] = value_str(rest);
	mixed[3] = value_bool(true);
	mixed[4] = value_list(list_new(arena, &TYPE_BYTES, 0));
	mixed[5] = value_map(map_new(arena, &TYPE_STRING_MAP));
	mixed[6].kind = V_COMPLEX128;
	format_printf(&out, format, mixed, 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *volatile arena = arena_new((size_t)64 << 20);

	if (!arena)
		return 0;
	if (setjmp(*arena_trap(arena)) == 0)
		check(arena, str_copy(arena, str_n((const char *)data, size)));
	arena_free(arena);
	return 0;
}
