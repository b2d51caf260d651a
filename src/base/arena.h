#ifndef BASE_ARENA_H
#define BASE_ARENA_H

// Everything that lives as long as a piece of work (a render, a build, a lint) is allocated from that
// work's arena and freed with it, at once. Nothing is freed one by one.
//
// An arena has a limit. Meeting it, or the system's refusal, jumps to the one place that opened the
// arena (`arena_trap`): the only non-local jump in cleat. Code between the trap and the allocation must
// therefore own nothing but arena memory; what it must own beside that (a descriptor, a library's
// object) is registered with `arena_defer` and released by `arena_free`.

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Arena Arena;

// The default limit: far above any real chart, far below what hurts a machine.
#define ARENA_LIMIT_DEFAULT ((size_t)1 << 30)

// A new arena that hands out at most `limit` bytes; 0 means ARENA_LIMIT_DEFAULT. NULL where the system
// refuses even the first block.
Arena *arena_new(size_t limit);
// One that is expected to grow to megabytes: the arena of a whole command.
Arena *arena_new_large(size_t limit);

// Runs the deferred releases, newest first, and gives all memory back. NULL is allowed.
void arena_free(Arena *arena);

// Set where the work is opened:
//
//	if (setjmp(*arena_trap(arena))) { report "out of memory"; arena_free(arena); return 1; }
jmp_buf *arena_trap(Arena *arena);

// `size` bytes aligned for any type, not cleared. Never returns NULL: see above.
void *arena_alloc(Arena *arena, size_t size);

// `count` items of `size` bytes, cleared; the product is checked.
void *arena_calloc(Arena *arena, size_t count, size_t size);

// A larger copy of `ptr` (NULL is allowed) of `old` bytes. In place where it was the last allocation.
void *arena_grow(Arena *arena, void *ptr, size_t old, size_t size);

// Calls `release(object)` when the arena is freed.
void arena_defer(Arena *arena, void (*release)(void *), void *object);
// Takes back the newest arena_defer of `object`: it has been released by hand.
void arena_undefer(Arena *arena, const void *object);

// An arena for work whose memory is given back before the parent's: its failures jump to the parent's trap, and it goes
// with the parent at the latest. Freed scratch arenas are kept for the next one, so that a loop asks the system once.
Arena *arena_scratch(Arena *parent);
void arena_scratch_free(Arena *parent, Arena *scratch);

// Bytes handed out so far.
size_t arena_used(const Arena *arena);

// Jumps to the trap as if memory had run out.
_Noreturn void arena_fail(Arena *arena);

#define ARENA_NEW(arena, type)          ((type *)arena_calloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_calloc((arena), (count), sizeof(type)))

// Appends to a growing array kept as (items, len, cap): VEC_PUSH(arena, v->items, v->len, v->cap) = item;
#define VEC_PUSH(arena, items, len, cap)                                                           \
	(*((items) = arena_vec_room((arena), (items), (len), &(cap), sizeof *(items)),             \
	   &(items)[(len)++]))
void *arena_vec_room(Arena *arena, void *items, size_t len, size_t *cap, size_t item_size);

// Room for so many more, and no more than that, where their number is known.
#define VEC_RESERVE(arena, items, len, cap, more)                                                  \
	((items) = arena_vec_reserve((arena), (items), (len) + (more), &(cap), sizeof *(items)))
void *arena_vec_reserve(Arena *arena, void *items, size_t want, size_t *cap, size_t item_size);

#endif
