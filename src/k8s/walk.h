#ifndef K8S_WALK_H
#define K8S_WALK_H

// What the reader of waits knows while it walks a container's command: variables, functions, files that the script has
// written, and what stands in its words. For waits.c and its parts only:
//
//	walk_expand.c   words to texts that remember where they were written
//	walk_text.c     what commands print that only print
//	walk_program.c  calls that connect in a program given to python, node, perl, ruby or php

#include "k8s/model.h"
#include "k8s/tools.h"

// What a script may cost: commands looked at, however they call each other.
#define STEP_LIMIT  20000
#define DEPTH_LIMIT 40
// A word put together from pieces grows no longer than this.
#define WORD_LIMIT ((size_t)16 << 10)
// Items of a list that are followed one by one.
#define FOR_LIMIT 32

typedef enum LoopPlace { LOOP_NONE, LOOP_CONDITION, LOOP_BODY } LoopPlace;

typedef struct Flow {
	LoopPlace loop;
	bool endless, conditional;
	bool limited; // under `timeout`, which ends its loops
	bool decides; // the body sets the variable that its loop asks for
	bool fails;   // a failing command here ends the script with an error
	bool judged;  // what follows the command in its list may end the script
	bool gives_up;
} Flow;

typedef struct ShellVar {
	Str name;
	ToolWord value;
} ShellVar;

typedef struct ShellFunction {
	Str name;
	ShellNode *body;
} ShellFunction;

typedef struct Walk {
	Model *model;
	Container *container;
	Resource *resource; // the one that holds the script
	const Node *node;   // the scalar that holds it
	bool starts;        // a main container's start command
	bool strict;        // set -e
	bool pipefail;      // set -o pipefail
	ShellVar *vars;
	size_t var_count, var_cap;
	ShellVar *files; // what the script wrote to them, by their paths
	size_t file_count, file_cap;
	ShellFunction *functions;
	size_t function_count, function_cap;
	size_t steps;
	int depth;
} Walk;

typedef struct Words {
	ToolWord *items;
	size_t len, cap;
} Words;

// Adds text to a word: it stands at `offset` of the script, or in another node.
void word_append(Walk *w, ToolWord *word, Str text, size_t offset, const Node *node,
                 Resource *resource);
void word_append_word(Walk *w, ToolWord *word, const ToolWord *more, size_t offset);
void word_append_unknown(Walk *w, ToolWord *word, size_t offset);
ToolWord word_slice(Walk *w, const ToolWord *word, size_t start, size_t end);
// Where a word's first piece stands in the script.
size_t word_offset(const ToolWord *word, size_t fallback);
Str word_at(const Words *words, size_t i); // empty behind the last

void walk_set(Walk *w, Str name, ToolWord value);
// The variable's value, from the script or the container's environment. False where nobody sets it.
bool walk_variable(Walk *w, Str name, size_t offset, ToolWord *out);
ToolWord walk_expand(Walk *w, const ShellWord *word);
// Expands a word and splits what stood outside of quotes.
void walk_expand_split(Walk *w, const ShellWord *word, Words *out);
// Splits a text as the shell does with what is not quoted.
void walk_split(Walk *w, const ToolWord *whole, Words *out);
// The document or text that a redirection hands to a command's input; NULL where none does.
const ShellWord *walk_input(const ShellNode *node);

// What the first `steps` commands of a pipe (or the one command of a list) print; false where only running them would
// tell. `*source` is where the first known piece of the text stands.
bool walk_output(Walk *w, const ShellNode *node, size_t steps, Str *text, ToolPiece *source);
// The same of one command's words, with the text of its input (NULL: none is known).
bool walk_printed(Walk *w, const Words *words, const Str *input, Str *text);

// Notes what a tool asks for.
void walk_note(Walk *w, const ToolUse *use, Flow flow, size_t offset);

typedef enum ProgramLanguage {
	PROGRAM_NONE,
	PROGRAM_PYTHON,
	PROGRAM_NODE,
	PROGRAM_PERL,
	PROGRAM_RUBY,
	PROGRAM_PHP,
} ProgramLanguage;

// By the interpreter's name, or a script's first line.
ProgramLanguage program_language(Str interpreter);
ProgramLanguage program_language_of_script(Str text);
// The word that holds the program itself: that behind -c or -e. 0 where none does.
size_t program_argument(ProgramLanguage language, const ToolWord *words, size_t count);
// Notes every call that connects in a program's text, which begins `base` bytes into the script.
void program_read(Walk *w, ProgramLanguage language, Str text, size_t base, Flow flow);

#endif
