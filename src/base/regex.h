#ifndef BASE_REGEX_H
#define BASE_REGEX_H

// Regular expressions: RE2's syntax as Go's regexp takes it, with Go's answers and Go's errors.
//
// A pattern is parsed to a tree and compiled to a program of a few instructions. Two machines run
// it, both in time linear in the text: a backtracker that never visits a pair of instruction and
// position twice (short texts, no threads to copy), and a Pike simulation (long texts). Both find
// the leftmost match and, of those that start there, the one that a backtracking engine would have
// tried first.
//
// PCRE2 is not used: the syntax has to be parsed here anyway to refuse, in Go's words, what RE2
// refuses; PCRE2 does not treat invalid UTF-8 as Go does, knows Unicode by the version that
// happens to be installed, and needs its match limit (an error that Go never gives) to be safe.

#include "base/diag.h"

typedef struct Regex Regex;

// Compiles `pattern`. False with Go's message in `diag`: "error parsing regexp: missing closing ):
// `(`".
bool regex_compile(Arena *arena, Str pattern, Regex **out, Diag *diag);

// A pattern's text; its capturing groups without the whole match, which is group 0; their names,
// empty where none.
Str regex_pattern(const Regex *regex);
size_t regex_groups(const Regex *regex);
Str regex_group_name(const Regex *regex, size_t group);

// Finds the first match that begins at or after `from`. What stands before `from` still counts for
// ^ and \b. spans[2g] and spans[2g+1] are where group g begins and ends, STR_NONE where it took no
// part. `spans` has room for 2 * (regex_groups + 1); NULL where only the answer counts.
bool regex_search(const Regex *regex, Str text, size_t from, size_t *spans);

// Walks all matches as Go's FindAll does: no empty match right after a match.
//
//	RegexWalk walk = regex_walk(regex, text, arena);
//	while (regex_next(&walk)) use(walk.spans);
typedef struct RegexWalk {
	const Regex *regex;
	Str text;
	size_t *spans;
	size_t position, last_end;
} RegexWalk;

RegexWalk regex_walk(const Regex *regex, Str text, Arena *arena);
bool regex_next(RegexWalk *walk);

// Where a result goes, piece by piece: pieces of what went in keep their origins.
typedef struct RegexOut {
	Arena *arena;
	void (*write)(void *context, Str piece);
	void *context;
} RegexOut;

// ReplaceAllString: `with` may use $1, ${1}, $name, ${name}, $$; ReplaceAllLiteralString where
// `literal`.
void regex_replace(const Regex *regex, Str text, Str with, bool literal, const RegexOut *out);
// Expand: writes `with`, its references replaced by what the groups in `spans` hold.
void regex_expand(const Regex *regex, Str text, const size_t *spans, Str with, const RegexOut *out);
// QuoteMeta: what RE2 gives a meaning is escaped.
void regex_quote_meta(Str text, const RegexOut *out);

// Compiled patterns by their text, for callers that meet the same ones again and again. Failures
// are not kept.
typedef struct RegexCache RegexCache;
RegexCache *regex_cache_new(Arena *arena);
bool regex_cached(RegexCache *cache, Str pattern, Regex **out, Diag *diag);

#endif
