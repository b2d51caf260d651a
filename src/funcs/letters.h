#ifndef FUNCS_LETTERS_H
#define FUNCS_LETTERS_H

// Letters as Go's unicode package sees them (Unicode 15.0.0): their case, and the classes that
// Sprig's string functions ask for. Case is Go's "simple" one: a character has one other form at
// most, never two letters.

#include "base/str.h"

uint32_t letter_upper(uint32_t rune);
uint32_t letter_lower(uint32_t rune);
uint32_t letter_title(uint32_t rune);

bool letter_is(uint32_t rune);        // category L
bool letter_is_upper(uint32_t rune);  // Lu
bool letter_is_lower(uint32_t rune);  // Ll
bool letter_is_title(uint32_t rune);  // Lt
bool letter_is_number(uint32_t rune); // N
bool letter_is_punct(uint32_t rune);  // P

#endif
