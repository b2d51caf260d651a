#ifndef BASE_NUM_H
#define BASE_NUM_H

// Numbers and quoted strings as Go's strconv reads and writes them.

#include "base/buf.h"

// strconv.FormatFloat(f, verb, precision, 64): verb is one of b e E f F g G x X; precision -1 is the
// shortest text that reads back as f. NaN, +Inf and -Inf are spelled as Go spells them.
void num_format_float(Buf *out, double f, char verb, int precision);
// The same of a float32 (bits is 32 or 64).
void num_format_float_bits(Buf *out, double f, char verb, int precision, int bits);
// fmt's %v of a float64: %g, shortest: 8080, 0.5, 1e+06.
void num_print_float(Buf *out, double f);
// encoding/json's float64: 'f' form, or 'e' below 1e-6 and from 1e21 on, exponent without padding.
void num_json_float(Buf *out, double f);
void num_json_float32(Buf *out, double f);
void num_format_int(Buf *out, int64_t i, int base);
void num_format_uint(Buf *out, uint64_t u, int base);

typedef enum NumError { NUM_OK, NUM_SYNTAX, NUM_RANGE } NumError;
// strconv.ParseInt(s, base, bits): base 0 takes 0x 0o 0b 0 prefixes and underscores. On NUM_RANGE *out is
// the nearest limit, as in Go.
NumError num_parse_int(Str s, int base, int bits, int64_t *out);
NumError num_parse_uint(Str s, int base, int bits, uint64_t *out);
// strconv.ParseFloat(s, 64): decimal, hexadecimal, inf, infinity, nan, underscores only as Go allows.
NumError num_parse_float(Str s, double *out);

// Whether underscores stand only where a Go literal may have them: between digits, or after a prefix.
bool num_underscores_ok(Str s);

// strconv.Quote and QuoteToASCII: in double quotes, Go's escapes, what Unicode can't print escaped.
void num_quote(Buf *out, Str s);
void num_quote_ascii(Buf *out, Str s);
void num_quote_rune(Buf *out, uint32_t rune, bool ascii);
// strconv.Unquote of a Go literal in " ` or ' quotes. False where it is none.
bool num_unquote(Arena *arena, Str literal, Str *out);
// strconv.UnquoteChar: the first character or escape of a literal's inside. `*bytes` is how much of it was
// read, `*multibyte` false for a rune that stands for one byte (\xff). False where it is none.
bool num_unquote_char(Str s, char quote, uint32_t *rune, bool *multibyte, size_t *bytes);
// strconv.IsPrint.
bool num_is_print(uint32_t rune);

#endif
