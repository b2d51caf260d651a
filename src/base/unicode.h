#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

// Unicode as Go 1.25 knows it (15.0.0): classes of characters and equality without case. The tables
// are our own because the answers must be Go's whatever version of a Unicode library the system
// has, because no library that we may link knows scripts, and because a constant table costs a
// start nothing.

#include "base/str.h"

#define UNICODE_MAX 0x10FFFF

typedef struct UnicodeRange {
	uint32_t first, last;
} UnicodeRange;

typedef struct UnicodeClass {
	const char *name;
	const UnicodeRange *ranges; // in order, not touching
	size_t count;
} UnicodeClass;

// A general category of two letters ("Lu") or a script ("Greek"), NULL where there is none of that
// name. Cs and Cn are not among them: no valid text holds the one, and the other is what no class
// holds.
const UnicodeClass *unicode_class(Str name);
// All categories whose name begins with `letter`, called one by one.
void unicode_each_category(char letter, void (*found)(void *context, const UnicodeClass *),
                           void *context);
bool unicode_in(const UnicodeClass *unicode_class, uint32_t rune);
bool unicode_is_letter(uint32_t rune); // category L
bool unicode_is_digit(uint32_t rune);  // category Nd
bool unicode_is_space(uint32_t rune);  // Go's unicode.IsSpace
// What a terminal obeys rather than shows: control characters, marks that turn the direction of writing (text would look
// like what it is not), separators of lines. Line feed and tab among them.
bool unicode_is_order(uint32_t rune);
size_t unicode_width(uint32_t rune); // in a terminal's cells: 0, 1 or 2

// The next larger character that is equal but for case, or the smallest where rune is the largest:
// applied again and again it goes round all of them. A rune without case is its own.
uint32_t unicode_fold(uint32_t rune);
// Calls `found` for every character of [first, last] that has another case.
void unicode_each_cased(uint32_t first, uint32_t last, void (*found)(void *context, uint32_t rune),
                        void *context);

#endif
