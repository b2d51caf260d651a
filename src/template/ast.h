#ifndef TEMPLATE_AST_H
#define TEMPLATE_AST_H

// The parsed form of a template. Positions are byte offsets in the text that was parsed, chosen as Go
// chooses them, since errors show them.

#include "base/diag.h"
#include "data/value.h"
#include "template/func.h"

typedef enum AstKind {
	AST_TEXT,
	AST_ACTION,
	AST_BOOL,
	AST_BREAK,
	AST_CHAIN,
	AST_COMMAND,
	AST_CONTINUE,
	AST_DOT,
	AST_ELSE, // never in a finished tree
	AST_END,  // likewise
	AST_FIELD,
	AST_IDENTIFIER,
	AST_IF,
	AST_LIST,
	AST_NIL,
	AST_NUMBER,
	AST_PIPE,
	AST_RANGE,
	AST_STRING,
	AST_TEMPLATE,
	AST_VARIABLE,
	AST_WITH,
} AstKind;

// A numeric constant is kept under every type that can hold it: Go's ideal constants.
typedef struct AstNumber {
	bool is_int, is_uint, is_float, is_complex;
	int64_t i;
	uint64_t u;
	double f;
	double re, im;
} AstNumber;

typedef struct Tree Tree;
typedef struct Signature Signature;
typedef struct Ast Ast;

// Nodes are allocated as large as their kind needs (parse.c): a field of another kind's is not there.
struct Ast {
	AstKind kind : 8;
	// FIELD, VARIABLE: the number of names up to the "Values" of .Values.a, $.Values.a and .root.Values.a; 0 where
	// they name none.
	uint8_t values;
	uint32_t pos;
	const Tree *tree; // for error places
	Str text;         // TEXT, STRING (unquoted), NUMBER, IDENTIFIER, TEMPLATE (name)
	union {
		struct { // LIST: nodes; PIPE: commands; COMMAND: arguments
			Ast **items;
			uint32_t count;
			uint32_t decl_count; // from here on of a PIPE only
			Ast **decls;         // the variables it declares or assigns
			bool is_assign;
		};
		// FIELD; VARIABLE, whose first name is its own, with the $; CHAIN: fields of `node`
		struct {
			Str *names;
			size_t name_count;
			Ast *node; // of a CHAIN only
		};
		struct { // ACTION, IF, RANGE, WITH, TEMPLATE (pipe may be NULL)
			Ast *pipe, *list, *else_list;
		};
		struct { // IDENTIFIER
			const Func *func;
			const Signature *signature;
		};
		struct { // STRING: as written; BOOL
			Str quoted;
			bool truth;
		};
		AstNumber *number;
	};
};

// One template: what a `define`, a `block` or a whole file gives.
struct Tree {
	Str name;
	Str parse_name; // the file's name, for places
	Str text;       // the whole text it was parsed from; carries the text's origin where traced
	Ast *root;      // AST_LIST
};

// Parses `text` as the template `name`: the trees of what it defines, itself last. Errors are Go's: "template: NAME:LINE: reason".
typedef struct Parsed {
	Tree **trees;
	size_t count;
} Parsed;
struct Engine;
bool parse_template(struct Engine *engine, Arena *arena, Str name, Str text, Parsed *out,
                    Diag *diag);
// The same, or what the engine's cache kept of it; it is kept there.
bool engine_parsed(struct Engine *engine, Str name, Str text, Parsed *out, Diag *diag);

// A tree of nothing but space and comments, which does not replace a definition.
bool ast_is_empty(const Ast *node);
// The node as Go prints it in errors.
Str ast_to_str(Arena *arena, const Ast *node);
// Whether a command is `include "name" ...`, by a name that is written out.
bool ast_includes(const Ast *command, Str *name);
// "name:line:column" of the node, as Go counts: lines from 1, columns from 0, in bytes.
Str ast_location(Arena *arena, const Ast *node);

#endif
