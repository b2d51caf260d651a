#ifndef TEMPLATE_FUNC_H
#define TEMPLATE_FUNC_H

// The functions a template may call. Each is a row: name, signature, one line of help, an example, the C
// function. The signature is checked in one place (template/call.c), which converts arguments and
// reports mismatches in Go's words, so no function checks its own arguments. The same rows print the manual.
//
// Signature: parameter types, "->", result type. Types are Go's:
//	any (interface{}), string, bool, int, int64, float64, rune (int32), time (time.Time),
//	list ([]interface{}), dict (map[string]interface{}), strings ([]string), bytes ([]byte),
//	value (reflect.Value, which builtins take: may be V_INVALID), object types by their Go name,
// the last one with "..." where it repeats. "int string -> string", "any... -> bool", "-> string".
// A function that Go declares with an error result is no different here: it may call call_fail.

#include "data/text.h"
#include "data/value.h"

struct Eval;

typedef struct Call {
	struct Eval *eval; // the evaluation in progress (template/eval.h), NULL in unit tests
	Arena *arena;
	bool traced; // origins are wanted
	const struct Func *func;
	Value *args; // after conversion; the receiver first for methods
	size_t count;
	Value result;
	Str error; // the reason, where the body returned false
} Call;

typedef bool FuncBody(Call *call);

typedef struct Func {
	const char *name;
	const char *signature;
	const char *help; // one line for the manual
	FuncBody *body;
	const char *example; // "template => output", run by the tests; NULL for methods
} Func;

// All return true, so that a body can end in `return call_return_...`.
bool call_return(Call *call, Value v);
bool call_return_str(Call *call, Str s);
bool call_return_c(Call *call, const char *constant);
bool call_return_bool(Call *call, bool b);
bool call_return_int(Call *call, int64_t i);
bool call_return_int64(Call *call, int64_t i);
bool call_return_float(Call *call, double f);
bool call_return_list(Call *call, List *list);
bool call_return_map(Call *call, Map *map);
bool call_return_text(Call *call, Text *text);
bool call_return_rendered(Call *call, Text *text); // one of call_text_open
// New bytes made from all string arguments: the result's origin is their union, marked derived.
bool call_return_derived(Call *call, Str s);
// Of what encodes one string so that it can be read back.
bool call_return_encoded(Call *call, Str s, Str source);
// Returns false. The message is what the Go function's error (or panic) says; the engine adds
// "error calling NAME: ".
bool call_fail(Call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool call_fail_str(Call *call, Str message);

Text call_text(Call *call);                 // an empty Text, traced where the call is
Text call_text_open(Call *call);            // one to render a template into
Str call_str(const Call *call, size_t arg); // of a string argument, with its origin
static inline int64_t call_int(const Call *call, size_t arg)
{
	return call->args[arg].i;
}

// The joined tables (funcs/table.c).
const Func *func_find(Str name);
// Every row in name order, for the manual and completions.
size_t func_all(const Func *const **rows);
// The function whose name is closest to a misspelt one, or empty.
Str func_nearest(Str name);

#endif
