/**
 * @file arena.h
 * Memory by lifetime: process, snapshot, batch. Allocate by bumping a pointer, free everything at once.
 *
 *     first block        second block
 *     [######....]  ->   [#####################...]     reset keeps the blocks: a warm arena never calls malloc again
 *           ^used
 *
 * Invariant: the sum of all blocks never passes the ceiling; past it tw_arena_alloc returns NULL and the caller says TW_E_MEMORY or
 * TW_E_LIMIT. Threads: one owner at a time.
 */
#ifndef TIDEWAITER_ENGINE_BASE_ARENA_H
#define TIDEWAITER_ENGINE_BASE_ARENA_H

#include <stddef.h>
#include <tidewaiter/slice.h>

struct tw_arena_block;

struct tw_arena {
	struct tw_arena_block *first;
	struct tw_arena_block *current;
	size_t block_bytes;
	size_t ceiling_bytes;
	size_t held_bytes;
};

/** A point to rewind to. */
struct tw_arena_mark {
	struct tw_arena_block *block;
	size_t used;
};

/** @param block_bytes size of a normal block (larger requests get their own) @param ceiling_bytes most bytes ever held, 0 for none */
void tw_arena_init(struct tw_arena *arena, size_t block_bytes, size_t ceiling_bytes);
/** Frees all blocks. The arena may be initialised again. */
void tw_arena_fini(struct tw_arena *arena);
/** Forgets all contents, keeps the blocks. */
void tw_arena_reset(struct tw_arena *arena);

/** @return `bytes` zeroed bytes, 16-aligned, until reset; NULL at the ceiling or when the system has no memory */
void *tw_arena_alloc(struct tw_arena *arena, size_t bytes);
/** As tw_arena_alloc, contents undefined: for bytes that are written at once. */
void *tw_arena_alloc_raw(struct tw_arena *arena, size_t bytes);
/** Terminated copy; the terminator is not counted. @return {NULL, 0} at the ceiling */
struct tw_slice tw_arena_copy(struct tw_arena *arena, struct tw_slice bytes);
/** Slices one after the other, terminated. @param part may be empty ones @return {NULL, 0} at the ceiling */
struct tw_slice tw_arena_join(struct tw_arena *arena, const struct tw_slice *part, uint32_t count);
/** Terminated, formatted. @return {NULL, 0} at the ceiling */
struct tw_slice tw_arena_format(struct tw_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** A place to go back to; good until an earlier one is gone back to, or the arena is reset. */
struct tw_arena_mark tw_arena_mark(const struct tw_arena *arena);
/** Forget everything allocated after the mark. */
void tw_arena_rewind(struct tw_arena *arena, struct tw_arena_mark mark);
/** Bytes held from the system, for the memory metric. */
size_t tw_arena_held(const struct tw_arena *arena);

/**
 * Append one zeroed element; grows by doubling inside the arena (the old copy is left behind until reset).
 * @return the new element, NULL at the ceiling. Earlier element pointers may move: index, do not keep them, until the list is complete.
 */
void *tw_list_push(struct tw_arena *arena, struct tw_list *list, size_t element_bytes);

#endif
