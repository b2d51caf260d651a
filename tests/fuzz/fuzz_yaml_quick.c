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

// --- whole streams, with marks and all values

static void expect_mark(YamlMark got, YamlMark wanted)
{
	expect(got.pos == wanted.pos && got.line == wanted.line && got.column == wanted.column);
}

static void expect_same(const YamlEvent *got, const YamlEvent *wanted)
{
	expect(got->kind == wanted->kind && !wanted->anchor.p && !wanted->tag.p);
	// Of what begins a collection nobody asks where it ends, and so on.
	if (wanted->kind == EVENT_SEQUENCE_START || wanted->kind == EVENT_MAPPING_START)
		expect(got->flow == wanted->flow);
	else
		expect_mark(got->end, wanted->end);
	if (wanted->kind != EVENT_SEQUENCE_END && wanted->kind != EVENT_MAPPING_END)
		expect_mark(got->start, wanted->start);
	expect(got->style == wanted->style && got->implicit == wanted->implicit &&
	       str_eq(got->value, wanted->value));
}

static void compare_documents(Arena *arena, Str text, YamlDialect dialect)
{
	Parser quick, parser;
	YamlMark at = {0};
	YamlEvent event;
	Events events = {.arena = arena};

	parser_open(&quick, arena, arena, text, dialect, false);
	parser_open(&parser, arena, arena, text, dialect, false);
	at.pos = quick.scanner.pos;
	expect(parser_next(&parser, &event) || parser.scanner.error);
	while (yaml_quick_document(&quick.scanner, &at, note, &events)) {
		for (size_t i = 0; i < events.len; i++) {
			expect(parser_next(&parser, &event));
			expect_same(&events.items[i], &event);
		}
		if (event.kind == EVENT_STREAM_END)
			return;
		events.len = 0;
	}
	// What the parser says from there on is what it says after all that came before.
	parser_seek(&quick, at);
	do {
		YamlEvent got;
		expect(parser_next(&parser, &event) ==
		       (parser_next(&quick, &got) &&
		        (got.kind != EVENT_STREAM_START || parser_next(&quick, &got))));
		if (parser.scanner.error) {
			expect(parser.scanner.problem == quick.scanner.problem);
			return;
		}
		expect(got.kind == event.kind && str_eq(got.value, event.value));
		expect_mark(got.start, event.start);
	} while (event.kind != EVENT_STREAM_END);
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
	compare_documents(arena, str_n((const char *)data, size), YAML_V2);
	compare_documents(arena, str_n((const char *)data, size), YAML_V3);
	arena_free(arena);
	return 0;
}
