#ifndef DATA_JSON_H
#define DATA_JSON_H

// JSON as Go's encoding/json reads and writes it: keys sorted, floats in Go's form, errors in Go's words
// ("invalid character 'x' looking for beginning of value").

#include "data/text.h"
#include "data/value.h"

typedef enum JsonNumbers {
	JSON_FLOAT64, // every number (Go's default)
	JSON_INT64,   // integers that fit as int64, the rest as float64
	JSON_NUMBERS, // every number as its text (Go's UseNumber): objects of TYPE_JSON_NUMBER
} JsonNumbers;

// json.Number. Object.data is a Str: the number as it was written.
extern const Type TYPE_JSON_NUMBER;

bool json_read(Arena *arena, Str text, JsonNumbers numbers, Value *out, Diag *diag);

typedef struct JsonStyle {
	bool escape_html;   // < > & U+2028 U+2029 as \u003c ...: Go's default
	const char *indent; // NULL for compact
} JsonStyle;
// Fails on NaN, infinities, functions, as json.Marshal does ("json: unsupported value: NaN").
bool json_write(Text *out, const Value *v, JsonStyle style, Diag *diag);

#endif
