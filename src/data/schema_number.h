#ifndef DATA_SCHEMA_NUMBER_H
#define DATA_SCHEMA_NUMBER_H

// Numbers in JSON Schema are compared exactly, whatever their size: as the decimal digits they are written with.

#include "data/value.h"

// 0.DIGITS * 10^point; no zero leads or ends the digits, 0 has none.
typedef struct Decimal {
	bool negative;
	Str digits;
	int64_t point;
} Decimal;

// False for what is no number, and for numbers beyond all reason (which the reference does not take either).
bool decimal_of(Arena *arena, const Value *v, Decimal *out);
bool decimal_is_int(const Decimal *d);
int decimal_cmp(const Decimal *a, const Decimal *b);
// Whether a / b is a whole number; b is not 0.
bool decimal_divides(Arena *arena, const Decimal *a, const Decimal *b);
double decimal_double(Arena *arena, const Decimal *d);
// A whole number; of one that does not fit the low 64 bits, as in Go.
int64_t decimal_int(const Decimal *d);

#endif
