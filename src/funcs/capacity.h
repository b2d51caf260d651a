#ifndef FUNCS_CAPACITY_H
#define FUNCS_CAPACITY_H

// Go's slices have a capacity beyond their length, and Sprig's `slice` lets a template reach into
// it: with three items in a values file, `slice $l 0 4` is no error but has a nil at its end. So
// the capacity of every list must be known: it follows from how the list came about, and from the
// sizes of memory blocks that Go hands out.

#include "data/value.h"

// What Go's append makes of a slice of `cap` elements that must hold `need`.
size_t capacity_grow(const Type *type, size_t cap, size_t need);
// The capacity of a list.
size_t capacity_of(const List *list);
// The value of a place that nothing was put into.
Value capacity_zero(Arena *arena, const Type *type);

#endif
