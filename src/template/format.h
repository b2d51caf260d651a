#ifndef TEMPLATE_FORMAT_H
#define TEMPLATE_FORMAT_H

// Go's fmt: how values print. Strings that are printed as they are keep their origins.

#include "data/text.h"
#include "data/value.h"

// fmt.Sprint(v) / "%v".
void format_value(Text *out, const Value *v);
// As an action shows it: what a pointer points to.
void format_shown(Text *out, const Value *v);
Str format_to_str(Arena *arena, const Value *v);
// fmt.Sprint(args...): a blank between operands where neither is a string.
void format_print(Text *out, const Value *args, size_t count);
// The same of what pointers point to, as html, js and urlquery take their arguments.
void format_print_shown(Text *out, const Value *args, size_t count);
// fmt.Sprintln(args...).
void format_println(Text *out, const Value *args, size_t count);
// fmt.Sprintf: every verb, flag, width, precision, argument index; wrong ones print %!d(string=x).
void format_printf(Text *out, Str format, const Value *args, size_t count);
// The C-side convenience: a constant format applied to values.
Str format_verb(Arena *arena, const char *format, const Value *v);

#endif
