/**
 * @file blocks.h
 * Memory for records that grow: blocks of a few sizes, each given back to its own free list, cut from chunks that are only freed together.
 *
 *     chunk   [ 64 | 320 | 64 | 96 |  ...  bump ->        ]     64 KiB, doubled up to 2 MiB
 *     free    class 64 -> block -> block,  class 80 -> ...      sizes step by a quarter of their power of two: a fifth is lost at most
 *
 * A record moves up the classes as it grows, and what it leaves serves the next one: malloc's bookkeeping is not on the way of an event.
 * Blocks past TW_BLOCK_BYTES_MAX are malloc's own. Huge pages were measured and left out: clearing them costs more than faults do.
 * Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_STATE_BLOCKS_H
#define TIDEWAITER_ENGINE_STATE_BLOCKS_H

#include <stddef.h>
#include <tidewaiter/error.h>

#define TW_BLOCK_BYTES_MIN 64U
#define TW_BLOCK_BYTES_MAX (64U * 1024U)
#define TW_BLOCK_CLASSES   41U /* four a power of two from 64 to 65,536, both ends included */

struct tw_blocks {
	void *free[TW_BLOCK_CLASSES]; /* its first word points to the next */
	struct tw_chunk *chunks;
	char *at; /* of the newest chunk: at <= end */
	char *end;
	struct tw_large *large;
};

/** Zeroed is empty. */
void tw_blocks_fini(struct tw_blocks *blocks);
/** @param got the block's whole size, at least `bytes`; aligned to 16 @return NULL when there is no memory */
TW_MUST_USE void *tw_blocks_take(struct tw_blocks *blocks, size_t bytes, size_t *got);
/** @param got as tw_blocks_take said; NULL is fine */
void tw_blocks_give(struct tw_blocks *blocks, void *block, size_t got);

#endif
