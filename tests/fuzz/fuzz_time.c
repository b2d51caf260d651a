// The first line is a layout, the second a text: layouts print any time, texts parse or give one
// error; a duration that parses prints as one that parses the same; a URL and a PEM text end in an
// answer or one error.

#include "base/gotime.h"
#include "base/gourl.h"
#include "base/pem.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_time(Arena *arena, Str layout, Str text)
{
	Diag diag = diag_new(arena);
	Buf buf = buf_new(arena);
	int64_t odd = 0;
	GoTime t;

	if (gotime_parse(arena, layout, text, NULL, &t, &diag))
		gotime_print(&buf, &t);
	else
		must(diag.set);
	memcpy(&odd, text.p, text.len < sizeof odd ? text.len : sizeof odd);
	t = (GoTime){.seconds = odd};
	gotime_format(&buf, &t, layout);
	t = gotime_add(&t, odd);
	t = gotime_add_date(&t, odd % 100000, odd % 77, odd % 1000000);
	gotime_print(&buf, &t);
}

static void check_duration(Arena *arena, Str text)
{
	Diag diag = diag_new(arena);
	Buf buf = buf_new(arena);
	int64_t duration, again;

	if (!duration_parse(text, &duration, &diag)) {
		must(diag.set);
		return;
	}
	duration_print(&buf, duration);
	must(duration_parse(buf_view(&buf), &again, &diag) && again == duration);
}

static void check_url(Arena *arena, Str text)
{
	Diag diag = diag_new(arena);
	PemBlock block;
	GoUrl url;

	if (gourl_parse(arena, text, &url, &diag))
		gourl_string(arena, &url);
	else
		must(diag.set);
	pem_decode(arena, text, &block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *volatile arena = arena_new((size_t)64 << 20);

	if (!arena)
		return 0;
	if (setjmp(*arena_trap(arena)) == 0) {
		Str text = str_copy(arena, str_n((const char *)data, size));
		size_t end = str_find_byte(text, '\n');

		if (end != STR_NONE) {
			check_time(arena, str_to(text, end), str_from(text, end + 1));
			check_duration(arena, str_from(text, end + 1));
		}
		check_url(arena, text);
	}
	arena_free(arena);
	return 0;
}
