#ifndef BASE_PRINT_TABLE_H
#define BASE_PRINT_TABLE_H

// The runs of runes that strconv.IsPrint calls printable, below U+10000 and from there on, in order.
// print_table.c is made by tools/make-isprint.c.

#include <stddef.h>
#include <stdint.h>

extern const uint16_t print_table_16[][2];
extern const size_t print_table_16_len;
extern const uint32_t print_table_32[][2];
extern const size_t print_table_32_len;

#endif
