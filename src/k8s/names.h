#ifndef K8S_NAMES_H
#define K8S_NAMES_H

// Names of settings, by what they end in: every variable and every key of a file is held against tables of words.

#include "base/str.h"

#include <stdint.h>

// A row of such a table, in small letters; '_' stands for '-' and '.', too.
#define NAME_ROW(literal)                                                                          \
	{                                                                                          \
		(literal), sizeof(literal) - 1, NULL                                               \
	}

// Whether the name, in any case, ends in one of the rows. These are sorted from the last letter on, and none ends in
// another.
bool name_ends_in(Str name, const Str *rows, size_t count);
// Whether `part` is somewhere in the name, by the same rules.
bool name_holds(Str name, Str part);
// The last two letters of a table's rows: by the last one, in its five low bits, those that stand before it. Most names are
// refused by them alone.
typedef uint32_t NameLetters[32];
#define NAME_LAST(letter)   [(letter)&31]
#define NAME_BEFORE(letter) (UINT32_C(1) << ((letter)&31))
bool name_may_end_in(Str name, const NameLetters letters);
// How the row stands to the name in that order: 0 where the name ends in it.
int name_compare_end(Str row, Str name);
// Whether it is that of a file that holds a program, or a text about one: what is assigned there is no setting.
bool name_is_program(Str name);
// Whether a host is no name yet, but says that somebody has to put one there: changeme, your-db-host, db_host_or_ip
bool name_is_to_be_set(Str host);
// Whether one is a slip of the other: one letter more, less or other, or two neighbours swapped. Singular and plural are
// two names, and so are short ones.
bool name_is_slip(Str a, Str b);

#endif
