#ifndef K8S_TOKENS_H
#define K8S_TOKENS_H

// What gives itself away by its form, whatever it is called: tokens of providers, and private keys. One table; adding a
// provider is a row.

#include "base/str.h"

typedef struct Token {
	const char *what; // "a GitHub token"
	bool key;         // a private key
	size_t at, len;   // where in the text
} Token;

// No token has fewer characters before a space, a quote, a colon; but for addresses.
#define TOKEN_LEAST 20

// The next one in `text` from byte `from` on.
bool token_next(Str text, size_t from, Token *out);
// The one that byte `at` gives away: it begins there, or has its mark there.
bool token_seen(Str text, size_t at, Token *out);
// Whether a mark in the middle of a token may begin with these two characters: nearly no two of a text do.
static inline bool token_mark_begins(char first, char second)
{
	switch (first) {
	case 'T':
		return second == '3';
	case 'Q':
		return second == '~';
	case 'F':
		return second == 'F';
	case '.':
		return second == 'a';
	case ':':
		return second == 'A';
	case '-':
		return second == 'u';
	case '/':
		return second == 'I';
	default:
		return false;
	}
}
// The one that begins at byte `at`.
bool token_at(Str text, size_t at, Token *out);

#endif
