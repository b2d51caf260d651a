// The arena: blocks of growing size, a list of deferred releases, one jump out.

#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// The first block is small since most arenas are; later ones double up to BLOCK_MAX, so that a big render asks the
// system a handful of times and a small one wastes little.
#define BLOCK_MIN ((size_t)64 << 10)
#define BLOCK_MAX ((size_t)4 << 20)
#define ALIGN     (_Alignof(max_align_t))
// Once an arena takes this much, and from the start where much is expected, blocks are asked for in huge pages: to
// be handed 2 MiB page by page takes four times as long on bare machines and fifty times as long in a virtual one, and
// was most of the time of a render.
#define HUGE_FROM ((size_t)448 << 10)
#define HUGE_PAGE ((size_t)2 << 20)
// Blocks of a scratch arena up to this size lie in its parent's, and stay with it for its next use.
#define LENT_MAX ((size_t)256 << 10)

// Under AddressSanitizer what is not handed out is out of bounds.
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define FORBID(p, size) ASAN_POISON_MEMORY_REGION((p), (size))
#define ALLOW(p, size)  ASAN_UNPOISON_MEMORY_REGION((p), (size))
#else
#define FORBID(p, size) ((void)(p), (void)(size))
#define ALLOW(p, size)  ((void)(p), (void)(size))
#endif

typedef enum BlockSource { BLOCK_HEAP, BLOCK_MAPPED, BLOCK_LENT } BlockSource;

typedef struct Block Block;
struct Block {
	Block *next;
	size_t size; // of `bytes`
	BlockSource source;
	_Alignas(max_align_t) unsigned char bytes[];
};

typedef struct Deferred Deferred;
struct Deferred {
	Deferred *next;
	void (*release)(void *);
	void *object;
};

struct Arena {
	Block *blocks; // newest first
	unsigned char *at, *end;
	unsigned char *last; // the latest allocation: may grow in place
	size_t used, limit, next_size, taken;
	bool large;
	Deferred *deferred;
	Arena *parent;     // of a scratch arena
	Arena *spare;      // scratch arenas that wait for their next use
	Arena *next_spare; // of such an arena
	jmp_buf trap;
};

// To what keeps the next allocation aligned; 0 where that overflows.
static inline size_t round_up(size_t size)
{
	return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

Arena *arena_new(size_t limit)
{
	Arena *arena = calloc(1, sizeof *arena);

	if (!arena)
		return NULL;
	arena->limit = limit ? limit : ARENA_LIMIT_DEFAULT;
	arena->next_size = BLOCK_MIN;
	return arena;
}

Arena *arena_new_large(size_t limit)
{
	Arena *arena = arena_new(limit);

	if (arena) {
		arena->large = true;
		arena->next_size = BLOCK_MAX;
	}
	return arena;
}

static void run_deferred(Arena *arena)
{
	while (arena->deferred) {
		Deferred *first = arena->deferred;
		arena->deferred = first->next;
		if (first->object)
			first->release(first->object);
	}
}

static void free_block(Block *block)
{
	if (block->source == BLOCK_LENT) {
		FORBID(block->bytes, block->size);
		return;
	}
	ALLOW(block->bytes, block->size);
	if (block->source == BLOCK_MAPPED)
		munmap(block, sizeof *block + block->size);
	else
		free(block);
}

static void free_blocks(Arena *arena)
{
	while (arena->blocks) {
		Block *next = arena->blocks->next;
		free_block(arena->blocks);
		arena->blocks = next;
	}
}

void arena_free(Arena *arena)
{
	if (!arena)
		return;
	run_deferred(arena);
	free_blocks(arena);
	free(arena);
}

jmp_buf *arena_trap(Arena *arena)
{
	return &arena->trap;
}

void arena_fail(Arena *arena)
{
	while (arena->parent)
		arena = arena->parent;
	longjmp(arena->trap, 1);
}

// `size` bytes, a multiple of a huge page, aligned to one.
static void *map_huge(size_t size)
{
	unsigned char *p =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before;

	if (p != MAP_FAILED && (uintptr_t)p % HUGE_PAGE) {
		munmap(p, size);
		p = mmap(NULL, size + HUGE_PAGE, PROT_READ | PROT_WRITE,
		         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		before = HUGE_PAGE - (uintptr_t)p % HUGE_PAGE;
		if (p != MAP_FAILED) {
			munmap(p, before);
			munmap(p + before + size, HUGE_PAGE - before);
			p += before;
		}
	}
	if (p == MAP_FAILED)
		return NULL;
	(void)madvise(p, size, MADV_HUGEPAGE); // a wish: the system may not know them
	return p;
}

// A block with room for `want` bytes or more; NULL where the system refuses.
static Block *take_block(Arena *arena, size_t want)
{
	BlockSource source = BLOCK_HEAP;
	size_t total;
	Block *block;

	if (want > SIZE_MAX - sizeof *block - HUGE_PAGE)
		return NULL;
	total = sizeof *block + want;
	if (arena->parent && want <= LENT_MAX) {
		block = arena_alloc(arena->parent, total);
		source = BLOCK_LENT;
	} else if (arena->large || arena->taken + want >= HUGE_FROM) {
		total = (total + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
		block = map_huge(total);
		source = BLOCK_MAPPED;
	} else {
		block = malloc(total);
	}
	if (block) {
		block->size = total - sizeof *block;
		block->source = source;
	}
	return block;
}

static void use_block(Arena *arena, Block *block)
{
	FORBID(block->bytes, block->size);
	block->next = arena->blocks;
	arena->blocks = block;
	arena->at = block->bytes;
	arena->end = block->bytes + block->size;
}

static void add_block(Arena *arena, size_t size)
{
	Block *block = take_block(arena, size > arena->next_size ? size : arena->next_size);

	if (!block)
		arena_fail(arena);
	arena->taken += block->size;
	if (arena->next_size < BLOCK_MAX)
		arena->next_size *= 2;
	use_block(arena, block);
}

// Where the latest block or the limit may not do, or nothing was asked for.
static __attribute__((cold, noinline)) void *alloc_slowly(Arena *arena, size_t size)
{
	unsigned char *p;

	if (size > SIZE_MAX - ALIGN || size > arena->limit - arena->used)
		arena_fail(arena);
	size = round_up(size);
	if (size == 0)
		size = ALIGN;
	if ((size_t)(arena->end - arena->at) < size)
		add_block(arena, size);
	p = arena->at;
	ALLOW(p, size);
	arena->at += size;
	arena->used += size < arena->limit - arena->used ? size : arena->limit - arena->used;
	arena->last = p;
	return p;
}

void *arena_alloc(Arena *arena, size_t size)
{
	size_t rounded = round_up(size);
	unsigned char *p = arena->at;

	if (!rounded || rounded > (size_t)(arena->end - p) || rounded > arena->limit - arena->used)
		return alloc_slowly(arena, size);
	ALLOW(p, size);
	arena->at = p + rounded;
	arena->used += rounded;
	arena->last = p;
	return p;
}

void *arena_calloc(Arena *arena, size_t count, size_t size)
{
	size_t total;
	void *p;

	if (__builtin_mul_overflow(count, size, &total))
		arena_fail(arena);
	p = arena_alloc(arena, total);
	return memset(p, 0, total);
}

// The last allocation may be extended within its block: what makes appending to one buffer cheap.
static bool grow_in_place(Arena *arena, unsigned char *ptr, size_t size)
{
	size_t rounded = round_up(size);
	size_t more;

	if (ptr != arena->last || rounded > (size_t)(arena->end - ptr))
		return false;
	more = rounded - (size_t)(arena->at - ptr);
	if (ptr + rounded > arena->at && more > arena->limit - arena->used)
		arena_fail(arena);
	ALLOW(ptr, size);
	if (ptr + rounded <= arena->at)
		return true;
	arena->used += more;
	arena->at = ptr + rounded;
	return true;
}

void *arena_grow(Arena *arena, void *ptr, size_t old, size_t size)
{
	void *p;

	if (size > SIZE_MAX - ALIGN)
		arena_fail(arena);
	if (ptr && size <= old)
		return ptr;
	if (ptr && grow_in_place(arena, ptr, size))
		return ptr;
	p = arena_alloc(arena, size);
	if (old)
		memcpy(p, ptr, old);
	return p;
}

void *arena_vec_reserve(Arena *arena, void *items, size_t want, size_t *cap, size_t item_size)
{
	size_t bytes;

	if (want <= *cap)
		return items;
	if (__builtin_mul_overflow(want, item_size, &bytes))
		arena_fail(arena);
	items = arena_grow(arena, items, *cap * item_size, bytes);
	*cap = want;
	return items;
}

void *arena_vec_room(Arena *arena, void *items, size_t len, size_t *cap, size_t item_size)
{
	size_t want;

	if (len < *cap)
		return items;
	want = *cap ? *cap * 2 : item_size < 48 ? 8 : 4;
	if (want < *cap)
		arena_fail(arena);
	return arena_vec_reserve(arena, items, want, cap, item_size);
}

void arena_defer(Arena *arena, void (*release)(void *), void *object)
{
	Deferred *deferred = ARENA_NEW(arena, Deferred);

	deferred->release = release;
	deferred->object = object;
	deferred->next = arena->deferred;
	arena->deferred = deferred;
}

void arena_undefer(Arena *arena, const void *object)
{
	for (Deferred *deferred = arena->deferred; deferred; deferred = deferred->next)
		if (deferred->object == object) {
			deferred->object = NULL;
			return;
		}
}

static void release_scratch(void *scratch)
{
	arena_free(scratch);
}

Arena *arena_scratch(Arena *parent)
{
	Arena *scratch = parent->spare;

	if (scratch) {
		parent->spare = scratch->next_spare;
		return scratch;
	}
	scratch = arena_new(parent->limit);
	if (!scratch)
		arena_fail(parent);
	scratch->parent = parent;
	arena_defer(parent, release_scratch, scratch);
	return scratch;
}

// Lent blocks go back while nothing of the parent's lies behind them.
static void return_blocks(Arena *parent, Arena *scratch)
{
	Block *block;
	size_t total;

	while ((block = scratch->blocks) && block->source == BLOCK_LENT) {
		total = round_up(sizeof *block + block->size);
		if ((unsigned char *)block + total != parent->at)
			return;
		scratch->blocks = block->next;
		FORBID(block, total);
		parent->at = (unsigned char *)block;
		parent->used -= total;
		parent->last = NULL;
	}
}

// Of the blocks that stay with it the latest, the largest of those that were lent, is kept.
void arena_scratch_free(Arena *parent, Arena *scratch)
{
	Block *kept;

	run_deferred(scratch);
	scratch->spare = NULL; // its own scratch arenas have just gone
	return_blocks(parent, scratch);
	kept = scratch->blocks;
	if (!kept)
		scratch->next_size = BLOCK_MIN;
	else
		scratch->blocks = kept->next;
	free_blocks(scratch);
	scratch->used = 0;
	scratch->last = scratch->at = scratch->end = NULL;
	if (kept && kept->size > HUGE_PAGE) {
		free_block(kept);
		kept = NULL;
	}
	if (kept)
		use_block(scratch, kept);
	scratch->next_spare = parent->spare;
	parent->spare = scratch;
}

size_t arena_used(const Arena *arena)
{
	return arena->used;
}
