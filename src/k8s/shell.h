#ifndef K8S_SHELL_H
#define K8S_SHELL_H

// Shell scripts as containers carry them: enough of the POSIX grammar (and of bash's) to know which commands run, with
// which words, inside which loops and conditions. Nothing is executed. A script that can't be read to its end keeps
// what was understood before.
//
// Offsets count bytes in the script, so that a finding can point at the word it speaks of.

#include "base/str.h"

typedef struct ShellNode ShellNode;
typedef struct ShellWord ShellWord;

typedef enum ShellPartKind {
	SHELL_LITERAL,
	SHELL_VARIABLE, // $X, ${X}, ${X:-word}
	SHELL_COMMAND,  // $(...) or `...`
	SHELL_UNKNOWN,  // arithmetic, globs of parameters: a text that only running it would tell
} ShellPartKind;

typedef struct ShellPart {
	ShellPartKind kind;
	bool quoted; // in quotes: not split at spaces
	Str text; // LITERAL: its bytes; VARIABLE: its name; COMMAND: the text between the brackets
	Str op; // VARIABLE: ":-", "-", ":=", "=", ":?", "?", ":+", "+", "%", "%%", "#", "##", "/", "//", ",,", "^^", "!" or empty
	ShellWord *word; // what follows the operator
	ShellNode *command;
	size_t offset;
} ShellPart;

struct ShellWord {
	ShellPart *parts;
	size_t count, cap;
	size_t offset;
};

typedef struct ShellAssign {
	Str name;
	bool adds; // NAME+=
	ShellWord *value;
} ShellAssign;

typedef struct ShellRedirect {
	Str op;            // "<", ">", ">>", "<<", "<<<", "<&", ">&"
	ShellWord *target; // "<<": the document itself
} ShellRedirect;

typedef enum ShellKind {
	SHELL_SIMPLE,
	SHELL_PIPE, // children in order
	SHELL_AND,  // left && right
	SHELL_OR,   // left || right
	SHELL_NOT,
	SHELL_LIST,  // children one after the other
	SHELL_GROUP, // { } or ( )
	SHELL_WHILE, // children: condition, body
	SHELL_UNTIL,
	SHELL_FOR,      // name, words; child: body
	SHELL_IF,       // children: condition, then, [else]
	SHELL_CASE,     // words[0]; children: the branches
	SHELL_FUNCTION, // name; child: body
} ShellKind;

struct ShellNode {
	ShellKind kind;
	size_t offset;
	bool background;
	Str name;
	ShellNode **children;
	size_t count, cap;
	ShellAssign *assigns;
	size_t assign_count, assign_cap;
	ShellWord **words;
	size_t word_count, word_cap;
	ShellRedirect *redirects;
	size_t redirect_count, redirect_cap;
};

// Whether a file is one, by its name or its first line.
bool shell_is_script(Str name, Str text);
// Reads a script. Never NULL; `*complete` (may be NULL) tells whether it was understood to its end.
ShellNode *shell_parse(Arena *arena, Str script, bool *complete);

#endif
