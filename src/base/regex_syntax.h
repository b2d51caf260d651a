#ifndef BASE_REGEX_SYNTAX_H
#define BASE_REGEX_SYNTAX_H

// The syntax of regular expressions: from a pattern's text to its tree. Only base/regex.c needs it.

#include "base/diag.h"

typedef enum RegexOp {
	RX_NO_MATCH,
	RX_EMPTY,
	// These four stand for one character where the literal is one: their order is that of Go,
	// in which two that meet in an alternation are merged.
	RX_LITERAL, // runes; without case where `fold`
	RX_CLASS,   // runes are pairs: first and last of each range
	RX_ANY_NOT_NL,
	RX_ANY,
	RX_BEGIN_LINE,
	RX_END_LINE,
	RX_BEGIN_TEXT,
	RX_END_TEXT,
	RX_WORD_BOUNDARY,
	RX_NO_WORD_BOUNDARY,
	RX_CAPTURE,
	RX_STAR,
	RX_PLUS,
	RX_QUEST,
	RX_REPEAT, // min to max times; max -1: no limit
	RX_CONCAT,
	RX_ALTERNATE,
	RX_PAREN, // only while parsing
	RX_BAR,   // only while parsing
} RegexOp;

typedef struct RuneSet {
	uint32_t *items;
	size_t len, cap;
} RuneSet;

typedef struct RegexNode RegexNode;
struct RegexNode {
	RegexOp op;
	bool fold, lazy;
	unsigned flags; // RX_PAREN: the flags to restore at its end
	RuneSet runes;
	RegexNode **subs;
	size_t sub_count, sub_cap;
	int min, max;
	size_t group; // RX_CAPTURE: its number; RX_PAREN: 0 where it does not capture
	Str name;
	int64_t size;  // instructions it will take, about
	size_t height; // of the tree below
};

typedef struct RegexTree {
	RegexNode *root;
	size_t groups;
	Str *names; // of groups, from 1 on
} RegexTree;

bool regex_parse(Arena *arena, Str pattern, RegexTree *out, Diag *diag);

#endif
