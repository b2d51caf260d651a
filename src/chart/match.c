// Patterns over paths: Go's filepath.Match and gobwas/glob.

#include "chart/match.h"

#include <string.h>

// --- filepath.Match ---

// One rune of a class, perhaps escaped. False where the pattern is malformed there.
static bool class_rune(Str *chunk, uint32_t *rune)
{
	size_t size;

	if (!chunk->len || chunk->p[0] == '-' || chunk->p[0] == ']')
		return false;
	if (chunk->p[0] == '\\') {
		*chunk = str_from(*chunk, 1);
		if (!chunk->len)
			return false;
	}
	size = utf8_decode(*chunk, rune);
	if (*rune == 0xFFFD && size == 1)
		return false;
	*chunk = str_from(*chunk, size);
	return chunk->len > 0;
}

// The class after '[' against `rune`; `*chunk` becomes what follows its ']'.
static bool class_match(Str *chunk, uint32_t rune, bool *match)
{
	bool negated = chunk->len && chunk->p[0] == '^', found = false;
	uint32_t low, high;

	if (negated)
		*chunk = str_from(*chunk, 1);
	for (size_t ranges = 0;; ranges++) {
		if (ranges && chunk->len && chunk->p[0] == ']') {
			*chunk = str_from(*chunk, 1);
			break;
		}
		if (!class_rune(chunk, &low))
			return false;
		high = low;
		if (chunk->p[0] == '-') {
			*chunk = str_from(*chunk, 1);
			if (!class_rune(chunk, &high))
				return false;
		}
		found |= low <= rune && rune <= high;
	}
	*match = found != negated;
	return true;
}

// Matches a chunk without stars at the start of `*name`, which becomes the rest. A failed chunk is read to its end all
// the same, since a malformed one is an error.
static MatchResult chunk_match(Str chunk, Str *name)
{
	bool failed = false, in_class;
	Str rest = *name;

	while (chunk.len) {
		uint32_t rune = 0;
		char c = chunk.p[0];
		failed |= !rest.len;
		if (c == '[' || c == '?') {
			failed |= c == '?' && rest.len && rest.p[0] == '/';
			rest = str_from(rest, failed ? 0 : utf8_decode(rest, &rune));
			chunk = str_from(chunk, 1);
			if (c == '[') {
				if (!class_match(&chunk, rune, &in_class))
					return MATCH_BAD_PATTERN;
				failed |= !in_class;
			}
			continue;
		}
		if (c == '\\') {
			chunk = str_from(chunk, 1);
			if (!chunk.len)
				return MATCH_BAD_PATTERN;
		}
		failed |= !failed && chunk.p[0] != rest.p[0];
		rest = str_from(rest, failed ? 0 : 1);
		chunk = str_from(chunk, 1);
	}
	if (failed)
		return MATCH_NO;
	*name = rest;
	return MATCH_YES;
}

// Cuts the next chunk off the pattern: leading stars, then all up to the next star outside a class.
static bool next_chunk(Str *pattern, Str *chunk)
{
	bool star = false, in_class = false;
	size_t i = 0;

	while (pattern->len && pattern->p[0] == '*') {
		*pattern = str_from(*pattern, 1);
		star = true;
	}
	for (; i < pattern->len && (in_class || pattern->p[i] != '*'); i++) {
		if (pattern->p[i] == '\\' && i + 1 < pattern->len)
			i++;
		else if (pattern->p[i] == '[')
			in_class = true;
		else if (pattern->p[i] == ']')
			in_class = false;
	}
	*chunk = str_to(*pattern, i);
	*pattern = str_from(*pattern, i);
	return star;
}

// The chunk after a star: the shortest run without '/' after which it matches. `last`: the name must end there.
static MatchResult star_match(Str chunk, Str *name, bool last)
{
	for (size_t i = 0; i < name->len && name->p[i] != '/'; i++) {
		Str rest = str_from(*name, i + 1);
		MatchResult result = chunk_match(chunk, &rest);
		if (result == MATCH_BAD_PATTERN)
			return result;
		if (result == MATCH_YES && !(last && rest.len)) {
			*name = rest;
			return MATCH_YES;
		}
	}
	return MATCH_NO;
}

static MatchResult check_rest(Str pattern)
{
	Str chunk;

	while (pattern.len) {
		Str nothing = S("");
		next_chunk(&pattern, &chunk);
		if (chunk_match(chunk, &nothing) == MATCH_BAD_PATTERN)
			return MATCH_BAD_PATTERN;
	}
	return MATCH_NO;
}

MatchResult match_path(Str pattern, Str name)
{
	while (pattern.len) {
		Str chunk, rest = name;
		bool star = next_chunk(&pattern, &chunk);
		MatchResult result;
		if (star && !chunk.len)
			return str_find_byte(name, '/') == STR_NONE ? MATCH_YES : MATCH_NO;
		result = chunk_match(chunk, &rest);
		if (result == MATCH_YES && (!rest.len || pattern.len)) {
			name = rest;
			continue;
		}
		if (result != MATCH_BAD_PATTERN)
			result = star ? star_match(chunk, &name, !pattern.len) : MATCH_NO;
		if (result == MATCH_BAD_PATTERN)
			return result;
		if (result == MATCH_NO)
			return check_rest(pattern);
	}
	return name.len ? MATCH_NO : MATCH_YES;
}

// --- gobwas/glob ---
//
// A glob is compiled to a program of a few instructions, run over the name with a set of states, so that time is
// bounded whatever the stars and braces do. GLOB_SPLIT tries both `next` and `other`.

typedef enum GlobOp {
	GLOB_RUNE,   // this rune
	GLOB_SINGLE, // any but '/'
	GLOB_ANY,    // any at all
	GLOB_LIST,   // one of `chars`, or none of them
	GLOB_RANGE,  // low..high, or outside
	GLOB_SPLIT,
	GLOB_JUMP,
	GLOB_END,
} GlobOp;

typedef struct GlobStep {
	GlobOp op;
	bool negated;
	uint32_t low, high;
	Str chars;
	size_t next, other;
} GlobStep;

typedef struct GlobSet {
	size_t *steps, len;
	bool *has;
} GlobSet;

struct Glob {
	Arena *arena;
	GlobStep *steps;
	size_t len, cap;
	GlobSet sets[2]; // room for matching
	size_t *stack;
};

static size_t emit(Glob *glob, GlobStep step)
{
	VEC_PUSH(glob->arena, glob->steps, glob->len, glob->cap) = step;
	glob->steps[glob->len - 1].next = glob->len;
	return glob->len - 1;
}

// A run of any (`op`) or no runes.
static void emit_star(Glob *glob, GlobOp op)
{
	size_t split = emit(glob, (GlobStep){.op = GLOB_SPLIT});
	size_t body = emit(glob, (GlobStep){.op = op});

	glob->steps[body].next = split;
	glob->steps[split].next = body;
	glob->steps[split].other = glob->len;
}

// The class after '['. gobwas takes one range or one list, and '!' alone to negate.
static bool compile_class(Glob *glob, Str *rest)
{
	GlobStep step = {.op = GLOB_LIST};
	Buf chars = buf_new(glob->arena);
	uint32_t rune = 0, after = 0;
	size_t size;

	if (rest->len && rest->p[0] == '!') {
		step.negated = true;
		*rest = str_from(*rest, 1);
	}
	size = utf8_decode(*rest, &rune);
	utf8_decode(str_from(*rest, size), &after);
	if (!size)
		return false;
	if (after == '-' && rest->len > size) {
		*rest = str_from(*rest, size + 1);
		size = utf8_decode(*rest, &after);
		*rest = str_from(*rest, size);
		step.op = GLOB_RANGE;
		step.low = rune;
		step.high = after;
		if (!size || after < rune || !rest->len || rest->p[0] != ']')
			return false;
	} else {
		for (; rest->len && rest->p[0] != ']'; *rest = str_from(*rest, 1)) {
			if (rest->p[0] == '\\')
				*rest = str_from(*rest, 1);
			if (rest->len)
				buf_byte(&chars, rest->p[0]);
		}
		step.chars = buf_view(&chars);
		if (!rest->len || !step.chars.len)
			return false;
	}
	*rest = str_from(*rest, 1);
	emit(glob, step);
	return true;
}

// The deepest nesting of braces: a pattern is a person's, deeper ones are an attack on the stack.
#define GLOB_DEPTH_MAX 100

static bool compile_pattern(Glob *glob, Str *rest, size_t depth);

// Alternatives after '{': each is tried by a split, and jumps behind the last.
static bool compile_braces(Glob *glob, Str *rest, size_t depth)
{
	size_t *ends = NULL, count = 0, cap = 0;
	bool more = true;

	if (depth > GLOB_DEPTH_MAX)
		return false;
	while (more) {
		size_t split = emit(glob, (GlobStep){.op = GLOB_SPLIT});
		if (!compile_pattern(glob, rest, depth))
			return false;
		VEC_PUSH(glob->arena, ends, count, cap) = emit(glob, (GlobStep){.op = GLOB_JUMP});
		more = rest->len && rest->p[0] == ',';
		*rest = str_from(*rest, 1); // ',' or '}'; an open brace ends with the pattern
		glob->steps[split].other = more ? glob->len : glob->steps[split].next;
	}
	for (size_t i = 0; i < count; i++)
		glob->steps[ends[i]].next = glob->len;
	return true;
}

static bool compile_one(Glob *glob, Str *rest, size_t depth)
{
	uint32_t rune;
	size_t size = utf8_decode(*rest, &rune);

	if (rune == 0xFFFD)
		return false;
	*rest = str_from(*rest, size);
	switch (rune) {
	case '*':
		if (rest->len && rest->p[0] == '*') {
			*rest = str_from(*rest, 1);
			emit_star(glob, GLOB_ANY);
		} else {
			emit_star(glob, GLOB_SINGLE);
		}
		return true;
	case '?':
		emit(glob, (GlobStep){.op = GLOB_SINGLE});
		return true;
	case '[':
		return compile_class(glob, rest);
	case '{':
		return compile_braces(glob, rest, depth + 1);
	case '\\':
		if (!rest->len)
			return true;
		size = utf8_decode(*rest, &rune);
		*rest = str_from(*rest, size);
		break;
	}
	emit(glob, (GlobStep){.op = GLOB_RUNE, .low = rune});
	return true;
}

// Up to the end, or inside braces to their ',' or '}'.
static bool compile_pattern(Glob *glob, Str *rest, size_t depth)
{
	while (rest->len) {
		if (depth && (rest->p[0] == ',' || rest->p[0] == '}'))
			return true;
		if (!compile_one(glob, rest, depth))
			return false;
	}
	return true;
}

Glob *glob_compile(Arena *arena, Str pattern)
{
	Glob *glob = ARENA_NEW(arena, Glob);

	glob->arena = arena;
	if (!compile_pattern(glob, &pattern, 0))
		return NULL;
	emit(glob, (GlobStep){.op = GLOB_END});
	for (size_t i = 0; i < 2; i++) {
		glob->sets[i].steps = ARENA_ARRAY(arena, size_t, glob->len);
		glob->sets[i].has = ARENA_ARRAY(arena, bool, glob->len);
	}
	glob->stack = ARENA_ARRAY(arena, size_t, glob->len * 2 + 2);
	return glob;
}

static void set_add(const Glob *glob, GlobSet *set, size_t *stack, size_t step)
{
	size_t depth = 0;

	stack[depth++] = step;
	while (depth) {
		step = stack[--depth];
		if (set->has[step])
			continue;
		set->has[step] = true;
		set->steps[set->len++] = step;
		if (glob->steps[step].op == GLOB_SPLIT)
			stack[depth++] = glob->steps[step].other;
		if (glob->steps[step].op == GLOB_SPLIT || glob->steps[step].op == GLOB_JUMP)
			stack[depth++] = glob->steps[step].next;
	}
}

static bool list_has(Str chars, uint32_t rune)
{
	uint32_t each;

	for (size_t size; (size = utf8_decode(chars, &each)); chars = str_from(chars, size))
		if (each == rune)
			return true;
	return false;
}

static bool step_takes(const GlobStep *step, uint32_t rune)
{
	switch (step->op) {
	case GLOB_RUNE:
		return step->low == rune;
	case GLOB_SINGLE:
		return rune != '/';
	case GLOB_ANY:
		return true;
	case GLOB_LIST:
		return list_has(step->chars, rune) != step->negated;
	case GLOB_RANGE:
		return (step->low <= rune && rune <= step->high) != step->negated;
	default:
		return false;
	}
}

static void set_clear(const Glob *glob, GlobSet *set)
{
	set->len = 0;
	memset(set->has, 0, glob->len * sizeof *set->has);
}

bool glob_match(Glob *glob, Str name)
{
	GlobSet *now = &glob->sets[0], *next = &glob->sets[1], *swap;
	uint32_t rune;

	set_clear(glob, now);
	set_add(glob, now, glob->stack, 0);
	for (size_t size; now->len && (size = utf8_decode(name, &rune));
	     name = str_from(name, size)) {
		set_clear(glob, next);
		for (size_t i = 0; i < now->len; i++)
			if (step_takes(&glob->steps[now->steps[i]], rune))
				set_add(glob, next, glob->stack, glob->steps[now->steps[i]].next);
		swap = now;
		now = next;
		next = swap;
	}
	return !name.len && now->has[glob->len - 1];
}
