#include "data/text.h"

#include <string.h>

// See template/eval.c.
#ifdef CLEAT_UNTRACED
#define IS_TRACED(text) false
#else
#define IS_TRACED(text) ((text)->traced)
#endif

Text text_new(Arena *arena, bool traced)
{
	return (Text){.buf = buf_new(arena), .traced = traced};
}

// Adds the span, or makes the last one longer where it goes on in the same origin.
static void add_span(Text *text, OriginSpan span)
{
	if (!span.cause)
		span.cause = text->cause;
	if (!span.len || (!span.origin && !span.cause))
		return;
	if (text->span_count) {
		OriginSpan *last = &text->spans[text->span_count - 1];
		if (last->origin == span.origin && last->cause == span.cause &&
		    last->start + last->len == span.start &&
		    (!span.origin || last->offset + last->len == span.offset)) {
			last->len += span.len;
			return;
		}
	}
	VEC_PUSH(text->buf.arena, text->spans, text->span_count, text->span_cap) = span;
}

// The first span of an origin that ends behind byte `at`.
static size_t first_span(const Origin *origin, size_t at)
{
	size_t low = 0, high = origin->span_count;

	while (low < high) {
		size_t mid = (low + high) / 2;
		if (origin->spans[mid].start + origin->spans[mid].len <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

// Whether `s` views bytes of its origin's run: where it does not (the bytes were made anew), the whole of
// the origin stands for it.
static bool views_origin(Str s)
{
	const Origin *origin = s.origin;

	return origin->base && s.p >= origin->base && s.p + s.len <= origin->base + origin->len;
}

// Bytes that an action made from nothing belong to it all the same.
static void add_gap(Text *text, size_t start, size_t len)
{
	add_span(text, (OriginSpan){.start = (uint32_t)start, .len = (uint32_t)len});
}

static void add_spans_of(Text *text, size_t start, Str s)
{
	const Origin *origin = s.origin;
	size_t from = (size_t)(s.p - origin->base), done = from;

	for (size_t i = first_span(origin, from); i < origin->span_count; i++) {
		OriginSpan span = origin->spans[i];
		size_t cut;
		if (span.start >= from + s.len)
			break;
		cut = span.start < from ? from - span.start : 0;
		span.len -= cut;
		span.offset += cut;
		span.start += cut;
		if (span.start + span.len > from + s.len)
			span.len = from + s.len - span.start;
		if (span.start > done)
			add_gap(text, done - from + start, span.start - done);
		done = span.start + span.len;
		span.start = span.start - from + start;
		add_span(text, span);
	}
	if (done < from + s.len)
		add_gap(text, done - from + start, from + s.len - done);
}

static void add_origin(Text *text, size_t start, Str s)
{
	const Origin *origin = s.origin;

	if (!origin)
		add_gap(text, start, s.len);
	else if (origin->kind == ORIGIN_SPANS && views_origin(s))
		add_spans_of(text, start, s);
	else
		add_span(
			text,
			(OriginSpan){.start = (uint32_t)start,
		                     .len = (uint32_t)s.len,
		                     .offset = views_origin(s) ? (uint32_t)(s.p - origin->base) : 0,
		                     .origin = origin});
}

void text_write(Text *text, Str s)
{
	size_t start = text->buf.len;

	buf_str(&text->buf, s);
	if (IS_TRACED(text) && s.len)
		add_origin(text, start, s);
}

void text_bytes(Text *text, const char *bytes, size_t len)
{
	text_write(text, str_n(bytes, len));
}

void text_byte(Text *text, char byte)
{
	if (IS_TRACED(text))
		text_bytes(text, &byte, 1);
	else
		buf_byte(&text->buf, byte);
}

void text_fill(Text *text, char byte, size_t count)
{
	size_t start = text->buf.len;

	buf_fill(&text->buf, byte, count);
	if (IS_TRACED(text))
		add_gap(text, start, count);
}

void text_rune(Text *text, uint32_t rune)
{
	char bytes[4];

	text_bytes(text, bytes, utf8_encode(rune, bytes));
}

void text_write_as(Text *text, Str bytes, Str source)
{
	size_t start = text->buf.len, offset = 0;
	const Origin *origin;

	buf_str(&text->buf, bytes);
	if (!IS_TRACED(text) || !bytes.len)
		return;
	origin = origin_at(source, 0, &offset);
	add_span(text, (OriginSpan){.start = (uint32_t)start,
	                            .len = (uint32_t)bytes.len,
	                            .offset = (uint32_t)offset,
	                            .origin = origin,
	                            .cause = cause_at(source, 0)});
}

void text_truncate(Text *text, size_t len)
{
	text->buf.len = len;
	while (text->span_count) {
		OriginSpan *last = &text->spans[text->span_count - 1];
		if (last->start < len) {
			if (last->start + last->len > len)
				last->len = len - last->start;
			break;
		}
		text->span_count--;
	}
}

Str text_str(Text *text)
{
	Str s = buf_view(&text->buf);
	Origin *origin;

	if (!IS_TRACED(text) || !text->span_count)
		return s;
	origin = ARENA_NEW(text->buf.arena, Origin);
	*origin = (Origin){.kind = ORIGIN_SPANS,
	                   .base = s.p,
	                   .len = s.len,
	                   .spans = text->spans,
	                   .span_count = text->span_count};
	s.origin = origin;
	return s;
}

// The span that covers byte `at`, or NULL.
static const OriginSpan *span_at(Str s, size_t at)
{
	const Origin *origin = s.origin;
	size_t place, i;

	if (!origin || origin->kind != ORIGIN_SPANS)
		return NULL;
	place = views_origin(s) ? (size_t)(s.p - origin->base) + at : 0;
	i = first_span(origin, place);
	return i < origin->span_count && origin->spans[i].start <= place ? &origin->spans[i] : NULL;
}

const Origin *origin_at(Str s, size_t at, size_t *offset)
{
	const OriginSpan *span = span_at(s, at);
	size_t ignored;

	if (!offset)
		offset = &ignored;
	*offset = 0;
	if (!s.origin)
		return NULL;
	if (s.origin->kind != ORIGIN_SPANS) {
		*offset = views_origin(s) ? (size_t)(s.p - s.origin->base) + at : 0;
		return s.origin;
	}
	if (!span)
		return NULL;
	*offset = span->offset +
	          (views_origin(s) ? (size_t)(s.p - s.origin->base) + at - span->start : 0);
	return span->origin;
}

const Cause *cause_at(Str s, size_t at)
{
	const OriginSpan *span = span_at(s, at);

	return span ? span->cause : NULL;
}

bool origin_next(Str s, size_t *at, size_t end, OriginSpan *run)
{
	const Origin *origin = s.origin;
	const OriginSpan *span;
	size_t base, stop = end < s.len ? end : s.len, offset, i;

	if (*at >= stop)
		return false;
	*run = (OriginSpan){.start = (uint32_t)*at, .len = (uint32_t)(stop - *at)};
	if (!origin || origin->kind != ORIGIN_SPANS || !views_origin(s)) {
		run->origin = origin_at(s, *at, &offset);
		run->offset = (uint32_t)offset;
		*at = stop;
		return true;
	}
	base = (size_t)(s.p - origin->base);
	i = first_span(origin, base + *at);
	span = &origin->spans[i];
	if (i == origin->span_count || span->start >= base + stop) {
		*at = stop;
		return true;
	}
	if (span->start > base + *at) {
		run->len = span->start - base - *at;
	} else {
		size_t span_end = span->start + span->len - base;
		run->len = (span_end < stop ? span_end : stop) - *at;
		run->origin = span->origin;
		run->offset = span->offset + base + *at - span->start;
		run->cause = span->cause;
	}
	*at += run->len;
	return true;
}

// The place of one byte of a text as an origin of its own.
static const Origin *place_of_byte(Arena *arena, const Origin *source, size_t offset)
{
	Origin *origin;

	if (!source || !source->lines)
		return source;
	origin = ARENA_NEW(arena, Origin);
	*origin = *source;
	line_index_place(source->lines, offset, &origin->line, &origin->column);
	origin->lines = NULL;
	origin->base = NULL;
	if (source->base && offset <= source->len)
		origin->text = str_n(source->base + offset, source->len - offset);
	return origin;
}

const Origin *origin_of_reading(Arena *arena, Str s)
{
	size_t offset;
	const Origin *source = origin_at(s, 0, &offset);

	return place_of_byte(arena, source, offset);
}

typedef struct Union {
	Arena *arena;
	OriginSpan *parts;
	size_t len, cap;
	const Origin *
		text; // the template or file that the last part of that kind is from: its first place does for all
} Union;

static void add_part(Union *u, const Origin *origin, size_t offset)
{
	if (!origin || (origin->lines && origin == u->text))
		return;
	if (origin->lines)
		u->text = origin;
	VEC_PUSH(u->arena, u->parts, u->len, u->cap) =
		(OriginSpan){.origin = place_of_byte(u->arena, origin, offset)};
}

const Origin *origin_derived(Arena *arena, const Str *sources, size_t count)
{
	Union u = {.arena = arena};
	Origin *origin;

	for (size_t i = 0; i < count; i++) {
		const Origin *from = sources[i].origin;
		size_t at = 0;
		OriginSpan run;
		if (!from)
			continue;
		if (from->kind != ORIGIN_SPANS) {
			add_part(&u, from,
			         views_origin(sources[i]) ? (size_t)(sources[i].p - from->base)
			                                  : 0);
			continue;
		}
		while (views_origin(sources[i]) &&
		       origin_next(sources[i], &at, sources[i].len, &run))
			add_part(&u, run.origin, run.offset);
		for (size_t j = 0; !views_origin(sources[i]) && j < from->span_count; j++)
			add_part(&u, from->spans[j].origin, from->spans[j].offset);
	}
	if (!u.len)
		return NULL;
	origin = ARENA_NEW(arena, Origin);
	*origin = (Origin){.kind = ORIGIN_DERIVED, .spans = u.parts, .span_count = u.len};
	return origin;
}

const Origin *origin_encoded(Arena *arena, Str source)
{
	const Origin *derived = origin_derived(arena, &source, 1);
	Origin *origin;

	if (!derived)
		return NULL;
	origin = ARENA_NEW(arena, Origin);
	*origin = *derived;
	origin->text = source;
	return origin;
}

LineIndex *line_index_new(Arena *arena, Str text)
{
	LineIndex *lines = ARENA_NEW(arena, LineIndex);

	*lines = (LineIndex){.arena = arena, .text = text};
	return lines;
}

static void find_lines(LineIndex *lines)
{
	size_t count = 1, at = 0, end;

	if (lines->count)
		return;
	for (Str rest = lines->text; (end = str_find_byte(rest, '\n')) != STR_NONE; count++)
		rest = str_from(rest, end + 1);
	lines->starts = arena_alloc(lines->arena, count * sizeof *lines->starts);
	lines->count = count;
	lines->starts[0] = 0;
	for (size_t i = 1; i < count; i++) {
		at += str_find_byte(str_from(lines->text, at), '\n') + 1;
		lines->starts[i] = at;
	}
}

size_t line_index_start(LineIndex *lines, size_t line)
{
	find_lines(lines);
	return line < lines->count ? lines->starts[line] : lines->text.len;
}

void line_index_place(LineIndex *lines, size_t offset, size_t *line, size_t *column)
{
	size_t low = 0, high;

	find_lines(lines);
	high = lines->count;
	while (low + 1 < high) {
		size_t mid = low + (high - low) / 2;
		if (lines->starts[mid] <= offset)
			low = mid;
		else
			high = mid;
	}
	*line = low + 1;
	*column = offset - lines->starts[low] + 1;
}

Str text_concat(Arena *arena, Str a, Str b)
{
	Text text;

	if (!a.origin && !b.origin)
		return str_concat(arena, a, b);
	text = text_new(arena, true);
	text_write(&text, a);
	text_write(&text, b);
	return text_str(&text);
}

Str text_made_from(Arena *arena, Str bytes, Str source)
{
	Text text = text_new(arena, true);

	if (!source.origin)
		return bytes;
	text_write_as(&text, bytes, source);
	return text_str(&text);
}

Str text_of_file(Arena *arena, Str file, Str text)
{
	Origin *origin = ARENA_NEW(arena, Origin);

	*origin = (Origin){.kind = ORIGIN_FILE,
	                   .base = text.p,
	                   .len = text.len,
	                   .file = file,
	                   .line = 1,
	                   .column = 1,
	                   .lines = line_index_new(arena, text)};
	text.origin = origin;
	return text;
}
