#ifndef TEMPLATE_EVAL_H
#define TEMPLATE_EVAL_H

// Go's text/template: a set of named templates that may call each other, and their evaluation.
//
// An Engine belongs to one render (one arena, one thread). Parsing adds templates; executing walks one.
// Errors carry Go's words and places: "template: t/templates/a.yaml:3:7: executing ...".

#include "base/diag.h"
#include "data/text.h"
#include "data/value.h"
#include "template/func.h"

typedef struct Engine Engine;
typedef struct Eval Eval;
// What several engines share, so that a chart that is rendered many times pays once: parsed templates, and what chance
// makes slowly (keys, salted hashes). Its arena outlives theirs.
typedef struct EngineCache EngineCache;
EngineCache *engine_cache_new(Arena *arena);
// The result that was kept for `what`; else false, and the caller makes it and keeps it. Without a cache nothing is kept.
bool engine_recall(const Engine *engine, Str what, Str *result);
void engine_keep(Engine *engine, Str what, Str result);

typedef struct EngineOptions {
	bool strict;     // missingkey=error (--strict)
	bool lint;       // helm lint's leniency: required and fail do not stop
	bool traced;     // keep origins
	bool enable_dns; // getHostByName asks the resolver
	bool seeded;     // --seed
	uint64_t seed;
	bool clock_set; // --now: seconds and nanoseconds since 1970
	int64_t now, now_nanoseconds;
	size_t output_limit; // bytes one render may write; 0: 256 MiB
	EngineCache *cache;  // NULL: templates are parsed for this engine alone
	size_t step_limit;   // rounds of loops and calls of templates together; 0: 200 million
} EngineOptions;

Engine *engine_new(Arena *arena, const EngineOptions *options);
Arena *engine_arena(const Engine *engine);
const EngineOptions *engine_options(const Engine *engine);

// Parses `text` as the template `name` and adds it and what it defines. A later definition of a name replaces
// an earlier one unless it is empty, as in Go.
bool engine_parse(Engine *engine, Str name, Str text, Diag *diag);
bool engine_has(const Engine *engine, Str name);
// A text to render into, and what was written when that is done. A closed text's buffers serve the next one: what stays
// is as large as it has to be.
Text engine_text_open(Engine *engine);
Str engine_text_close(Engine *engine, Text *text);
// Runs the template `name` with `dot` and appends what it writes to `out`.
bool engine_execute(Engine *engine, Str name, const Value *dot, Text *out, Diag *diag);

// For functions that call back (include, tpl). On failure call->error is set: return false.
// include: runs a named template with `dot`.
bool eval_include(Call *call, Str name, const Value *dot, Text *out);
// tpl: parses and runs `text` with `dot`, seeing and (while it runs) adding to the set's templates.
bool eval_tpl(Call *call, Str text, const Value *dot, Text *out);
// Calls the function value or named function with converted arguments (`call`, sort helpers).
bool eval_call_func(Call *call, const Func *func, const Value *args, size_t count, Value *out);

// Randomness and the clock come from here only, so that --seed and --now make a render repeatable.
void engine_random(Engine *engine, void *out, size_t len);
void engine_now(Engine *engine, int64_t *seconds, int64_t *nanoseconds);
Engine *eval_engine(const Eval *eval);
// The compiled regular expressions of this render (base/regex.h).
struct RegexCache *engine_regexes(Engine *engine);

#endif
