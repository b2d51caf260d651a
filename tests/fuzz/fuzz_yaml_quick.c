// Whatever the quick reader reads, the full parser reads too, as the same events.

#include "data/yaml_quick.h"

#include <stdint.h>
#include <stdlib.h>

typedef struct Events {
	Arena *arena;
	YamlEvent *items;
	size_t len, cap;
} Events;

static bool note(void *context, const YamlEvent *event)
{
	Events *events = context;

	VEC_PUSH(events->arena, events->items, events->len, events->cap) = *event;
	return true;
}

static bool is_bare(const YamlEvent *event)
{
	return event->kind == EVENT_STREAM_START || event->kind == EVENT_DOCUMENT_START;
}

static void expect(bool ok)
{
	if (!ok)
		abort();
}

static void compare(Arena *arena, Str text, const Events *quick)
{
	Parser parser;
	YamlEvent event;
	size_t at = 0;

	parser_open(&parser, arena, arena, text, YAML_V2, false);
	for (;;) {
		expect(parser_next(&parser, &event));
		if (is_bare(&event))
			continue;
		if (event.kind == EVENT_DOCUMENT_END)
			break;
		expect(at < quick->len);
		const YamlEvent *got = &quick->items[at++];
		expect(got->kind == event.kind && !event.anchor.p && !event.tag.p);
		if (event.kind != EVENT_SCALAR)
			continue;
		expect(got->implicit == event.implicit);
		expect(got->style == SCALAR_LITERAL || str_eq(got->value, event.value));
	}
	expect(at == quick->len);
	expect(parser_next(&parser, &event) && event.kind == EVENT_STREAM_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *arena = arena_new(0);
	Events events = {.arena = arena};
	Str text = str_trim_space(str_n((const char *)data, size));

	if (!arena || setjmp(*arena_trap(arena))) {
		arena_free(arena);
		return 0;
	}
	if (yaml_quick_read(arena, text, note, &events))
		compare(arena, text, &events);
	arena_free(arena);
	return 0;
}
