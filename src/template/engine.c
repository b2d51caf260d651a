// The engine: the set of templates, the tables every evaluation shares, randomness and the clock.

#include "template/engine.h"

#include "base/regex.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define OUTPUT_LIMIT_DEFAULT ((size_t)256 << 20)
// Some seconds of work: loops within loops and templates that call themselves twice end in an error, not never.
#define STEP_LIMIT_DEFAULT ((size_t)200 * 1000 * 1000)
// What must be left of the stack for the functions that a template calls.
#define STACK_RESERVE ((size_t)256 << 10)

// --- results to use again ---

bool engine_recall(const Engine *engine, Str what, Str *result)
{
	const EngineCache *cache = engine->options.cache;
	const Value *known = cache ? map_get(cache->results, what) : NULL;

	if (known)
		*result = value_as_str(known);
	return known != NULL;
}

void engine_keep(Engine *engine, Str what, Str result)
{
	EngineCache *cache = engine->options.cache;

	if (cache)
		map_set(cache->arena, cache->results, str_copy(cache->arena, what),
		        value_str(str_copy(cache->arena, result)));
}

// --- the stack's end ---

// Recursion of templates, of include and tpl, and of nested actions all run down the same stack, so one look
// at how much is left guards them all.
static char *find_stack_low(void)
{
	pthread_attr_t attributes;
	void *low = NULL;
	size_t size = 0;

	if (pthread_getattr_np(pthread_self(), &attributes) != 0)
		return NULL;
	pthread_attr_getstack(&attributes, &low, &size);
	pthread_attr_destroy(&attributes);
	return low ? (char *)low + STACK_RESERVE : NULL;
}

bool engine_stack_is_low(const Engine *engine)
{
	return (char *)__builtin_frame_address(0) < engine->stack_low;
}

// --- templates ---

typedef struct CachedTemplate {
	Str text;
	Parsed parsed;
} CachedTemplate;

EngineCache *engine_cache_new(Arena *arena)
{
	EngineCache *cache = ARENA_NEW(arena, EngineCache);

	cache->arena = arena;
	cache->parsed = map_new(arena, &TYPE_ANY_MAP);
	cache->signatures = map_new(arena, &TYPE_ANY_MAP);
	cache->results = map_new(arena, &TYPE_ANY_MAP);
	return cache;
}

// The template as it was parsed before: of the same name and the very same text.
static const Parsed *cache_find(const EngineCache *cache, Str name, Str text)
{
	const Value *found = cache ? map_get(cache->parsed, name) : NULL;
	const CachedTemplate *known = found ? found->pointer : NULL;

	return known && known->text.p == text.p && known->text.len == text.len ? &known->parsed
	                                                                       : NULL;
}

static void cache_put(EngineCache *cache, Str name, Str text, const Parsed *parsed)
{
	CachedTemplate *kept = ARENA_NEW(cache->arena, CachedTemplate);

	*kept = (CachedTemplate){text, *parsed};
	map_set(cache->arena, cache->parsed, name, (Value){.kind = V_FUNC, .pointer = kept});
}

Engine *engine_new(Arena *arena, const EngineOptions *options)
{
	Engine *engine = ARENA_NEW(arena, Engine);

	engine->arena = arena;
	engine->trees = options->cache ? options->cache->arena : arena;
	engine->options = *options;
	if (!engine->options.output_limit)
		engine->options.output_limit = OUTPUT_LIMIT_DEFAULT;
	if (!engine->options.step_limit)
		engine->options.step_limit = STEP_LIMIT_DEFAULT;
	engine->scope = ARENA_NEW(arena, Scope);
	engine->scope->trees = map_new(arena, &TYPE_ANY_MAP);
	engine->signatures =
		options->cache ? options->cache->signatures : map_new(arena, &TYPE_ANY_MAP);
	engine->tpl_parsed = map_new(arena, &TYPE_ANY_MAP);
	engine->included = map_new(arena, &TYPE_ANY_MAP);
	engine->stack_low = find_stack_low();
	if (options->traced) {
		engine->trace = ARENA_NEW(arena, Trace);
		engine->trace->arena = arena;
		engine->trace->paths = map_new(arena, &TYPE_ANY_MAP);
		engine->trace->reads = map_new(arena, &TYPE_ANY_MAP);
	}
	return engine;
}

Arena *engine_arena(const Engine *engine)
{
	return engine->arena;
}

const EngineOptions *engine_options(const Engine *engine)
{
	return &engine->options;
}

Tree *scope_find(const Scope *scope, Str name)
{
	for (; scope; scope = scope->outer) {
		Value *found = map_get(scope->trees, name);
		if (found)
			return found->pointer;
	}
	return NULL;
}

// An empty template never replaces one that is there.
bool engine_add(Engine *engine, Scope *scope, const Parsed *parsed)
{
	for (size_t i = 0; i < parsed->count; i++) {
		Tree *tree = parsed->trees[i];
		if (ast_is_empty(tree->root) && scope_find(scope, tree->name))
			continue;
		map_set(engine->arena, scope->trees, tree->name,
		        (Value){.kind = V_FUNC, .pointer = tree});
	}
	return true;
}

// Where traced, the whole text is one run of bytes from one file: places are found by address.
static Str with_origin(Engine *engine, Str name, Str text)
{
	Origin *origin;

	if (!engine->options.traced)
		return text;
	origin = ARENA_NEW(engine->trees, Origin);
	*origin = (Origin){.kind = ORIGIN_TEMPLATE,
	                   .base = text.p,
	                   .len = text.len,
	                   .file = name,
	                   .line = 1,
	                   .column = 1};
	origin->lines = line_index_new(engine->trees, text);
	text.origin = origin;
	return text;
}

bool engine_parsed(Engine *engine, Str name, Str text, Parsed *out, Diag *diag)
{
	EngineCache *cache = engine->options.cache;
	const Parsed *known = cache_find(cache, name, text);

	if (known) {
		*out = *known;
		return true;
	}
	if (cache) // the name is part of every tree, and may be of an arena that goes earlier
		name = str_copy(cache->arena, name);
	if (!parse_template(engine, engine->trees, name, with_origin(engine, name, text), out,
	                    diag))
		return false;
	if (cache)
		cache_put(cache, name, text, out);
	return true;
}

bool engine_parse(Engine *engine, Str name, Str text, Diag *diag)
{
	Parsed parsed;

	return engine_parsed(engine, name, text, &parsed, diag) &&
	       engine_add(engine, engine->scope, &parsed);
}

bool engine_has(const Engine *engine, Str name)
{
	return scope_find(engine->scope, name) != NULL;
}

Str func_nearest(Str name)
{
	const Func *const *rows;
	size_t count = func_all(&rows);
	Str pair[2] = {S(""), S("")}; // the best so far, and the next

	for (size_t i = 0; i < count; i++) {
		pair[1] = str_c(rows[i]->name);
		pair[0] = str_nearest(name, pair, 2);
	}
	return pair[0];
}

Str engine_suggest_function(Engine *engine, Str name)
{
	Str nearest = func_nearest(name);

	return nearest.len ? str_printf(engine->arena, "did you mean \"%.*s\"?", STR_ARGS(nearest))
	                   : S("");
}

void text_remove_no_value(Text *text, size_t from)
{
	Str mark = S("<no value>"), rest = str_from(buf_view(&text->buf), from);
	size_t at = str_find(rest, mark), to;
	Text kept;

	if (at == STR_NONE)
		return;
	if (text->traced) {
		// The spans move with the bytes: what follows is written again, piece by piece.
		Str whole = text_str(text);
		kept = text_new(text->buf.arena, true);
		rest = str_from(whole, from);
		text_write(&kept, str_to(whole, from));
		for (; (at = str_find(rest, mark)) != STR_NONE;
		     rest = str_from(rest, at + mark.len))
			text_write(&kept, str_to(rest, at));
		text_write(&kept, rest);
		*text = kept;
		return;
	}
	for (to = from; at != STR_NONE; at = str_find(rest, mark)) {
		memmove(text->buf.p + to, rest.p, at);
		to += at;
		rest = str_from(rest, at + mark.len);
	}
	memmove(text->buf.p + to, rest.p, rest.len);
	text->buf.len = to + rest.len;
}

// --- texts that templates are rendered into ---

Text engine_text_open(Engine *engine)
{
	if (engine->spare_len)
		return engine->spare[--engine->spare_len];
	return text_new(engine->arena, engine->options.traced);
}

static void *copy_items(Arena *arena, const void *items, size_t size)
{
	return size ? memcpy(arena_alloc(arena, size), items, size) : NULL;
}

Str engine_text_close(Engine *engine, Text *text)
{
	Text kept = *text;

	kept.buf.p = copy_items(engine->arena, text->buf.p, text->buf.len);
	kept.spans = copy_items(engine->arena, text->spans, text->span_count * sizeof *text->spans);
	text->buf.len = text->span_count = 0;
	text->cause = NULL;
	VEC_PUSH(engine->arena, engine->spare, engine->spare_len, engine->spare_cap) = *text;
	return text_str(&kept);
}

// --- randomness and the clock ---

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

// splitmix64: spreads a small seed over the generator's state.
static uint64_t spread(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

// xoshiro256**.
static uint64_t next_random(uint64_t state[4])
{
	uint64_t result = rotate(state[1] * 5, 7) * 9, shifted = state[1] << 17;

	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= shifted;
	state[3] = rotate(state[3], 45);
	return result;
}

// Without a seed the bytes are the system's own, since they become keys and passwords. They are fetched many at a time:
// `shuffle` asks once a character.
static void system_random(Engine *engine, unsigned char *out, size_t len)
{
	size_t taken;

	for (; len; out += taken, len -= taken) {
		if (!engine->random_left) {
			ssize_t got = getrandom(engine->random_pool, sizeof engine->random_pool, 0);
			if (got != sizeof engine->random_pool) // so many come whole, or not at all
				arena_fail(engine->arena);
			engine->random_left = sizeof engine->random_pool;
		}
		taken = len < engine->random_left ? len : engine->random_left;
		memcpy(out, engine->random_pool + sizeof engine->random_pool - engine->random_left,
		       taken);
		engine->random_left -= taken;
	}
}

void engine_random(Engine *engine, void *out, size_t len)
{
	unsigned char *bytes = out;
	uint64_t seed = engine->options.seed;

	if (!engine->options.seeded) {
		system_random(engine, bytes, len);
		return;
	}
	if (!engine->random_ready)
		for (size_t i = 0; i < 4; i++)
			engine->random[i] = spread(&seed);
	engine->random_ready = true;
	for (size_t i = 0; i < len; i += 8) {
		uint64_t r = next_random(engine->random);
		memcpy(bytes + i, &r, len - i < 8 ? len - i : 8);
	}
}

void engine_now(Engine *engine, int64_t *seconds, int64_t *nanoseconds)
{
	struct timespec now;

	if (engine->options.clock_set) {
		*seconds = engine->options.now;
		*nanoseconds = engine->options.now_nanoseconds;
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	*seconds = now.tv_sec;
	*nanoseconds = now.tv_nsec;
}

struct RegexCache *engine_regexes(Engine *engine)
{
	if (!engine->regexes)
		engine->regexes = regex_cache_new(engine->arena);
	return engine->regexes;
}
