#ifndef FUNCS_DECIMAL_H
#define FUNCS_DECIMAL_H

// Decimal numbers of any length, as the library shopspring/decimal has them, which Sprig's addf,
// subf, mulf and divf calculate with: (-1)^negative * digits * 10^exponent. Digits are kept in
// groups of nine, the lowest group first, without groups of 0 at the top; no groups is 0.

#include "base/arena.h"

#include <stdint.h>

typedef struct Decimal {
	bool negative;
	uint32_t *groups;
	size_t len;
	int64_t exponent;
} Decimal;

// Groups a number may have before the caller should give up: multiplying many numbers adds up their
// digits.
#define DECIMAL_LIMIT ((size_t)20000)

// The shortest decimal number that reads back as f, which is finite.
Decimal decimal_from_float(Arena *arena, double f);
// The nearest float64; infinite where there is none.
double decimal_to_float(Arena *arena, const Decimal *d);
bool decimal_is_zero(const Decimal *d);
Decimal decimal_add(Arena *arena, const Decimal *a, const Decimal *b);
Decimal decimal_sub(Arena *arena, const Decimal *a, const Decimal *b);
Decimal decimal_mul(Arena *arena, const Decimal *a, const Decimal *b);
// With 16 digits behind the point, the last one rounded half away from 0. b is not 0.
Decimal decimal_div(Arena *arena, const Decimal *a, const Decimal *b);

#endif
