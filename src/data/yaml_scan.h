#ifndef DATA_YAML_SCAN_H
#define DATA_YAML_SCAN_H

// The lowest layer of reading YAML: bytes to tokens. Inside data/ only; others use data/yaml.h.
//
// Why not libyaml: Helm and Kustomize read with go-yaml, whose scanner left libyaml years ago. The
// two no longer accept the same texts ('?' and ':' inside flow collections, %YAML 1.2, tags), look
// ahead differently (which decides which error is met first) and only go-yaml's knows comments.
// Same bytes means its rules.
//
// The text is copied once, with zero bytes behind it, so that no look-ahead needs a length check.
// Scalars that stand in one piece in the text are views of the caller's bytes, with the origin
// these have; only folded, escaped and indented ones are put together anew.

#include "base/buf.h"

#include <string.h>

// A place in the text. The column counts bytes of the line from 0, the line counts from 0.
typedef struct YamlMark {
	int32_t pos, line, column;
} YamlMark;

typedef enum TokenKind {
	TOKEN_STREAM_START,
	TOKEN_STREAM_END,
	TOKEN_VERSION_DIRECTIVE, // major.minor in `major`, `minor`
	TOKEN_TAG_DIRECTIVE,     // handle in `value`, prefix in `suffix`
	TOKEN_DOCUMENT_START,
	TOKEN_DOCUMENT_END,
	TOKEN_BLOCK_SEQUENCE_START,
	TOKEN_BLOCK_MAPPING_START,
	TOKEN_BLOCK_END,
	TOKEN_FLOW_SEQUENCE_START,
	TOKEN_FLOW_SEQUENCE_END,
	TOKEN_FLOW_MAPPING_START,
	TOKEN_FLOW_MAPPING_END,
	TOKEN_BLOCK_ENTRY,
	TOKEN_FLOW_ENTRY,
	TOKEN_KEY,
	TOKEN_VALUE,
	TOKEN_ALIAS,
	TOKEN_ANCHOR,
	TOKEN_TAG, // handle in `value`, suffix in `suffix`
	TOKEN_SCALAR,
} TokenKind;

typedef enum ScalarStyle {
	SCALAR_PLAIN,
	SCALAR_SINGLE_QUOTED,
	SCALAR_DOUBLE_QUOTED,
	SCALAR_LITERAL,
	SCALAR_FOLDED,
} ScalarStyle;

typedef struct YamlToken {
	uint8_t kind;
	uint8_t style; // ScalarStyle
	int8_t major, minor;
	int32_t key_level; // the simple key that this token may start, counted from 1; 0 for none
	YamlMark start, end;
	Str value, suffix;
} YamlToken;

// A comment waiting for the token it belongs to. `scan` is where the search for it began.
typedef struct YamlComment {
	YamlMark scan, token, start, end;
	Str head, line, foot;
} YamlComment;

// A token that turns out to be a mapping's key when a ':' follows on the same line.
typedef struct SimpleKey {
	bool possible, required;
	size_t token; // its number in the stream
	YamlMark mark;
} SimpleKey;

typedef enum YamlErrorKind {
	YAML_ERROR_NONE,
	YAML_ERROR_READER,
	YAML_ERROR_SCANNER,
	YAML_ERROR_PARSER
} YamlErrorKind;

// go-yaml's two versions: v2 reads for Helm, v3 for Kustomize.
typedef enum YamlDialect { YAML_V2, YAML_V3 } YamlDialect;

typedef struct Scanner {
	Arena *arena;   // for what stays: scalars that had to be put together, tags
	Arena *scratch; // for what goes with the scanner: the copy of the text, tokens
	YamlDialect dialect;
	bool keep_comments;
	Str source;       // what the caller gave; p is NULL where the text had to be converted from
			  // UTF-16
	const char *text; // the copy
	int32_t length;   // up to where the text may be read
	const char *bad;  // what is wrong with the bytes at `length`, NULL where that is the end

	int32_t pos, line, line_start;
	int32_t newlines; // line breaks since the last byte that is no white space

	int32_t indent;
	int32_t *indents;
	size_t indent_count, indent_cap;
	SimpleKey *keys; // one for the block context, one for every open flow collection
	size_t key_count, key_cap;
	bool key_allowed;
	bool started;

	YamlToken *tokens; // those before `head` have been taken
	size_t head, token_count, token_cap;
	size_t taken; // number in the stream of tokens[head]
	bool available;

	YamlComment *comments;
	size_t comment_head, comment_count, comment_cap;

	YamlErrorKind error;
	const char *problem;
	YamlMark problem_mark, context_mark;
} Scanner;

// Nesting that is refused: go-yaml's limit for flow collections and for indentation levels.
#define YAML_SCAN_DEPTH_LIMIT 10000

// `comments`: keep them (YAML_V3 only).
void scanner_open(Scanner *scanner, Arena *arena, Arena *scratch, Str text, YamlDialect dialect,
                  bool comments);
// Begins anew at a place where a document begins: its line's first byte.
void scanner_seek(Scanner *scanner, YamlMark at);
// Reads the scalar that begins at `at`, inside a block collection at column `indent` and in no flow collection. Then the
// scanner stands behind it: behind the white space, too, that may have folded into it.
bool scanner_scalar(Scanner *scanner, YamlMark at, int32_t indent, YamlToken *out);
// The bytes from `start` to `end` of the scanner's text: of the caller's own text where they are the same.
Str scanner_view(const Scanner *scanner, const char *start, const char *end);
// Where the line of the scanner's text that `p` stands in ends, by any of YAML's line breaks.
const char *scanner_line_end(const char *p);
// Whether 8 bytes are plain ASCII text, told by their high bits: no byte with the high bit set, no control character, no
// DEL.
static inline bool scanner_eight_plain(const char *p)
{
	uint64_t w;

	memcpy(&w, p, 8);
	return !((w | (w - 0x2020202020202020u) | (w + 0x0101010101010101u)) & 0x8080808080808080u);
}
// The next token, valid until the next call; NULL on an error. After the stream's end: that token
// again.
YamlToken *scanner_peek(Scanner *scanner);
void scanner_take(Scanner *scanner);
#endif
