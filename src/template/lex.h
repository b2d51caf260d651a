#ifndef TEMPLATE_LEX_H
#define TEMPLATE_LEX_H

// Tokens of a template, as Go's text/template/parse makes them.

#include "base/str.h"

typedef enum TokenKind {
	TOKEN_ERROR,
	TOKEN_BOOL,
	TOKEN_CHAR, // printable ASCII of no other meaning: the comma
	TOKEN_CHAR_CONSTANT,
	TOKEN_COMPLEX,
	TOKEN_ASSIGN,
	TOKEN_DECLARE,
	TOKEN_EOF,
	TOKEN_FIELD,
	TOKEN_IDENTIFIER,
	TOKEN_LEFT_DELIM,
	TOKEN_LEFT_PAREN,
	TOKEN_NUMBER,
	TOKEN_PIPE,
	TOKEN_RAW_STRING,
	TOKEN_RIGHT_DELIM,
	TOKEN_RIGHT_PAREN,
	TOKEN_SPACE,
	TOKEN_STRING,
	TOKEN_TEXT,
	TOKEN_VARIABLE,
	TOKEN_KEYWORD, // only marks where keywords begin
	TOKEN_BLOCK,
	TOKEN_BREAK,
	TOKEN_CONTINUE,
	TOKEN_DOT,
	TOKEN_DEFINE,
	TOKEN_ELSE,
	TOKEN_END,
	TOKEN_IF,
	TOKEN_NIL,
	TOKEN_RANGE,
	TOKEN_TEMPLATE,
	TOKEN_WITH,
} TokenKind;

typedef struct Token {
	TokenKind kind;
	size_t pos;
	Str text; // of TOKEN_ERROR: the message
} Token;

typedef struct Lexer {
	Arena *arena;
	Str input;
	size_t start, pos;
	int paren_depth;
	bool inside_action;
} Lexer;

Lexer lex_new(Arena *arena, Str input);
Token lex_next(Lexer *lexer);
// The line of a byte of the text, from 1. Only errors ask: tokens carry no lines.
size_t lex_line(Str text, size_t pos);
// As Go prints a token in "unexpected %s in ...".
Str token_to_str(Arena *arena, const Token *token);

#endif
