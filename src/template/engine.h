#ifndef TEMPLATE_ENGINE_H
#define TEMPLATE_ENGINE_H

// What the parser, the evaluator and the caller of functions share; not for other folders.

#include "template/ast.h"
#include "template/eval.h"
#include "template/trace.h"

// The type of a parameter, from a word of a signature.
typedef enum ParamKind {
	PARAM_ANY,    // interface{}
	PARAM_VALUE,  // reflect.Value: takes even what is no value
	PARAM_SCALAR, // of `scalar`'s kind
	PARAM_LIST,   // of `type`
	PARAM_MAP,
	PARAM_OBJECT, // of the type whose Go name is `go_name`
} ParamKind;

typedef struct Param {
	ParamKind kind;
	ValueKind scalar;
	const Type *type;
	Str go_name; // for errors
} Param;

struct Signature {
	Param *params;
	size_t count;
	bool variadic; // the last one repeats
};

// Template names in view: those of the chart, then those that each running tpl has added.
typedef struct Scope Scope;
struct Scope {
	Scope *outer;
	Map *trees; // name to Tree
};

struct EngineCache {
	Arena *arena;
	Map *parsed;     // name to CachedTemplate
	Map *signatures; // text to Signature
	Map *results;    // what was wanted to the result
};

struct Engine {
	Arena *arena;
	Arena *trees; // of parsed templates and signatures: the cache's, where there is one
	EngineOptions options;
	Scope *scope;               // the chart's
	Map *signatures;            // text to Signature
	Map *tpl_parsed;            // text to Parsed
	Map *included;              // how often each name is being included right now
	struct RegexCache *regexes; // compiled patterns, by their text; NULL until the first
	Text *spare;                // buffers of texts that have been closed
	size_t spare_len, spare_cap;
	uint64_t random[4];
	bool random_ready;
	unsigned char random_pool
		[256]; // the system's random bytes, of which the last random_left are unused
	size_t random_left;
	size_t steps;
	char *stack_low; // no deeper than this, or the next call may not return
	Trace *trace;    // NULL where nobody asked for origins
};

// Paths that were read, each once: what a condition, a choice or a variable's value hangs on.
typedef struct Reads {
	Str *paths;
	size_t count, cap;
} Reads;

typedef struct Variable {
	Str name;
	Value value;
	const Reads *reads; // what its value hangs on, where traced; may be NULL
} Variable;

// One evaluation. Running a template inside another saves and restores what is its own (tree, node,
// var_base, depth, out).
struct Eval {
	Engine *engine;
	Arena *arena;
	Scope *scope;
	const Tree *tree;
	const Ast *node; // the one at work, for errors
	Variable *vars;
	size_t var_count, var_cap, var_base;
	size_t depth;
	Text *out;
	bool traced; // the engine's, at hand: nearly every node asks
	bool failed;
	Str error; // Go's text of it
	Str hint;  // what Go does not say: a name that was meant, a value that is missing
	// Where traced only.
	const Ast *calling; // the call whose body runs
	Cause *cause;       // why what is written now is written
	Cause *action;      // the innermost action
	Reads *reads; // of the condition or choice that is evaluated; NULL while there is none
	Reads *around; // of the variable, or of the caller's condition, that all this is for; may be NULL
};

const Signature *engine_signature(Engine *engine, const Func *func);
// "did you mean ..." for a name that is no function, or empty.
Str engine_suggest_function(Engine *engine, Str name);
bool engine_stack_is_low(const Engine *engine);
Tree *scope_find(const Scope *scope, Str name);
bool engine_add(Engine *engine, Scope *scope, const Parsed *parsed);

// call.c: whether `value` may be passed as `param`; converts it in place. On failure *error says why, in Go's
// words.
bool param_accept(Arena *arena, const Param *param, Value *value, Str *error);
// call.c: makes a struct that was reached through a pointer a copy of it, which lacks the pointer's methods.
void struct_copy(Arena *arena, Value *value);
// The value that nil becomes as a `param`; false where it can't be nil.
bool param_nil(Arena *arena, const Param *param, Value *out);

// trace.c: an entry of `map` was asked for. Does nothing where the map is none of the values'.
void trace_read(Eval *e, const Map *map, Str key);
Cause *trace_cause(Eval *e, CauseKind kind, const Ast *node);
// What is being decided hangs on these, too.
void trace_depend(Eval *e, const Reads *reads);
// What the value that a variable has now hangs on: `reads` and, where it had one before, that and the conditions
// around the assignment.
void trace_variable(Eval *e, Variable *variable, const Reads *reads, bool assigned);
// The values that `v`, a leaf, was made of are read.
void trace_read_leaf(Eval *e, const Value *v);
// Notes a decision that is done: its paths are those of `reads`.
void trace_decide(Eval *e, Cause *cause, const Reads *reads, bool went);
bool trace_is_choice(const Func *func);
// A choice that a function made in the current action, by the paths in `reads`.
void trace_choice(Eval *e, const Ast *node, const Reads *reads, bool went);
// Gives what a function made from its arguments the union of their origins, where it has none of its own.
void trace_result(Eval *e, Call *call);

// The rows of the built-in functions of text/template (builtins.c).
extern const Func builtin_funcs[];

// Removes every "<no value>" from `text` behind byte `from`, as Helm does with what it rendered.
void text_remove_no_value(Text *text, size_t from);

#endif
