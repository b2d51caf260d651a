#ifndef FUNCS_CAST_H
#define FUNCS_CAST_H

// How Sprig turns any value into a string or a number: its own strval and strslice, and the library
// spf13/cast for numbers, where what can't be converted is 0. And its idea of emptiness.

#include "template/func.h"

// How many elements (or bytes) one call may make. Go would try, and die of it.
#define FUNCS_LIST_LIMIT ((size_t)4 << 20)
#define FUNCS_TEXT_LIMIT ((size_t)256 << 20)

// Sprig's strval: the string itself, the content of []byte, Error() or String() of what has it,
// else as %v prints it. Keeps the value's origin.
Str cast_strval(Call *call, const Value *v);
// Sprig's strslice: a []string as it is, other lists' elements that are not nil, anything else
// alone.
List *cast_strings(Call *call, const Value *v);

// cast.ToInt64 and cast.ToInt, which agree on 64-bit systems.
int64_t cast_int64(const Value *v);
double cast_float64(const Value *v);
// Go's int64(f) on amd64: truncates; what does not fit is the smallest number.
int64_t cast_truncate(double f);

// Sprig's empty.
bool cast_empty(const Value *v);
// The list behind a value of Go's kind slice: a list, or an object that Go holds as one. Else NULL.
List *cast_list(const Value *v);

// "error calling X: runtime error: invalid memory address or nil pointer dereference": what Go
// makes of reflecting on nil.
bool cast_fail_nil(Call *call);
// Fail where a result would have more bytes, or elements, than one call may make.
bool cast_text_fits(Call *call, size_t bytes);
bool cast_list_fits(Call *call, size_t elements);

// Whether walking the value all the way down comes to an end soon. Dictionaries may hold
// themselves, or hold one another so often that no one could visit all paths; Go dies of the one
// and takes for ever for the other.
bool cast_is_bounded(const Value *v);
// Whether the walk comes to an end because it goes too deep, if for no other reason.
bool cast_is_countable(const Value *v);
bool cast_fail_unbounded(Call *call);

#endif
