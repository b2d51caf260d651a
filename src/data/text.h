#ifndef DATA_TEXT_H
#define DATA_TEXT_H

// Bytes being written, and, where `traced`, the spans that say where each run of them came from. The
// evaluator writes to a Text, and so does every function that puts a string together from pieces: then
// the result keeps the origin of every piece without further thought.

#include "base/buf.h"
#include "data/origin.h"

typedef struct Text {
	Buf buf;
	bool traced;
	const Cause *cause; // given to bytes that have none yet
	OriginSpan *spans;
	size_t span_count, span_cap;
} Text;

Text text_new(Arena *arena, bool traced);
void text_write(Text *text, Str s);    // bytes with their origin
void text_byte(Text *text, char byte); // bytes of no origin (a quote, an indent)
void text_fill(Text *text, char byte, size_t count);
void text_bytes(Text *text, const char *bytes, size_t len);
void text_rune(Text *text, uint32_t rune);
// Bytes made from `source` (an escape for a character): they get source's origin though they differ.
void text_write_as(Text *text, Str bytes, Str source);
// Cuts back to `len` bytes.
void text_truncate(Text *text, size_t len);
// The whole as a Str: its origin is NULL, the one origin that covers it all, or ORIGIN_SPANS. The bytes
// stay where they are, so the Text must not be written any more.
Str text_str(Text *text);

// The span that covers byte `at` of `s` by its origin: what wrote that byte. Follows ORIGIN_SPANS. NULL
// where none is known. `*offset` (may be NULL) becomes the byte's place in that origin's run.
const Origin *origin_at(Str s, size_t at, size_t *offset);
// The cause of byte `at` of `s`, or NULL.
const Cause *cause_at(Str s, size_t at);
// Walks the runs of `s` from byte *at to `end`: each call gives one run of a single origin and cause (both may be NULL)
// in *run, whose start counts from the first byte of `s`, and moves *at behind it. False at the end.
bool origin_next(Str s, size_t *at, size_t end, OriginSpan *run);
// The origin for new bytes made from several strings; NULL where none has one.
const Origin *origin_derived(Arena *arena, const Str *sources, size_t count);
// The same for what encodes one string so that it can be read back, which is kept with it.
const Origin *origin_encoded(Arena *arena, Str source);
// The origin of a value that is no text (a number) and was read from where `s` begins: that place. NULL where none is
// known.
const Origin *origin_of_reading(Arena *arena, Str s);
// The lines of a text, for the places of its origin.
LineIndex *line_index_new(Arena *arena, Str text);
// The line and column, from 1, of a byte.
void line_index_place(LineIndex *lines, size_t offset, size_t *line, size_t *column);
// The byte that a line, counted from 0, begins with; the text's end behind the last one.
size_t line_index_start(LineIndex *lines, size_t line);

// Two strings put together, with their origins where they have any.
Str text_concat(Arena *arena, Str a, Str b);
// Bytes made from `source` as a whole (a number spelled another way): they come from where it begins.
Str text_made_from(Arena *arena, Str bytes, Str source);
// A file's text, its origin being the file itself.
Str text_of_file(Arena *arena, Str file, Str text);

#endif
