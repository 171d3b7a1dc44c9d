/**
 * @file blocks.c
 * See blocks.h for the picture.
 * Invariant: a block on the free list of a class has that class's size, and every chunk byte before `at` belongs to one block.
 */
#include "engine/state/blocks.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES_FIRST (64U * 1024U) /* a rule's test wants no more */
#define CHUNK_BYTES_MAX   (2U * 1024U * 1024U)
#define MIN_BITS          6U /* of TW_BLOCK_BYTES_MIN */

struct tw_chunk {
	struct tw_chunk *next;
	size_t bytes; /* 16 with `next`: blocks stay aligned */
};

struct tw_large {
	struct tw_large *next;
	struct tw_large *before;
};

/* The smallest class that holds so much, and its size. 65 to 80 bytes are class 1, 81 to 96 class 2, ... 129 to 160 class 5. */
static uint32_t class_of(size_t bytes, size_t *size)
{
	if (bytes <= TW_BLOCK_BYTES_MIN) {
		*size = TW_BLOCK_BYTES_MIN;
		return 0;
	}
	uint32_t power = 63U - (uint32_t)__builtin_clzll((unsigned long long)bytes - 1);
	uint32_t quarters = (uint32_t)((bytes - 1) >> (power - 2)) - 3; /* 1 to 4 above the power */
	*size = ((size_t)1 << power) + ((size_t)quarters << (power - 2));
	return (power - MIN_BITS) * 4 + quarters;
}

static bool chunk_add(struct tw_blocks *blocks)
{
	size_t bytes = blocks->chunks ? blocks->chunks->bytes * 2 : CHUNK_BYTES_FIRST;
	bytes = bytes > CHUNK_BYTES_MAX ? CHUNK_BYTES_MAX : bytes;
	struct tw_chunk *chunk = malloc(bytes);
	if (!chunk) {
		return false;
	}
	*chunk = (struct tw_chunk){blocks->chunks, bytes};
	blocks->chunks = chunk;
	blocks->at = (char *)chunk + sizeof(*chunk);
	blocks->end = (char *)chunk + bytes;
	return true;
}

/* What is left of the chunk before is smaller than one block and stays unused. */
static void *cut(struct tw_blocks *blocks, size_t size)
{
	while ((size_t)(blocks->end - blocks->at) < size) {
		if (!chunk_add(blocks)) {
			return NULL;
		}
	}
	void *block = blocks->at;
	blocks->at += size;
	return block;
}

static void *large_take(struct tw_blocks *blocks, size_t bytes, size_t *got)
{
	struct tw_large *large = bytes > SIZE_MAX - sizeof(*large) ? NULL : malloc(sizeof(*large) + bytes);
	if (!large) {
		return NULL;
	}
	*large = (struct tw_large){blocks->large, NULL};
	if (blocks->large) {
		blocks->large->before = large;
	}
	blocks->large = large;
	*got = bytes;
	return large + 1;
}

static void large_give(struct tw_blocks *blocks, void *block)
{
	struct tw_large *large = (struct tw_large *)block - 1;
	if (large->before) {
		large->before->next = large->next;
	} else {
		blocks->large = large->next;
	}
	if (large->next) {
		large->next->before = large->before;
	}
	free(large);
}

void *tw_blocks_take(struct tw_blocks *blocks, size_t bytes, size_t *got)
{
	if (bytes > TW_BLOCK_BYTES_MAX) {
		return large_take(blocks, bytes, got);
	}
	uint32_t class = class_of(bytes, got);
	void *block = blocks->free[class];
	if (!block) {
		return cut(blocks, *got);
	}
	memcpy(&blocks->free[class], block, sizeof(void *));
	return block;
}

void tw_blocks_give(struct tw_blocks *blocks, void *block, size_t got)
{
	size_t size;
	if (!block) {
		return;
	}
	if (got > TW_BLOCK_BYTES_MAX) {
		large_give(blocks, block);
		return;
	}
	uint32_t class = class_of(got, &size);
	memcpy(block, &blocks->free[class], sizeof(void *));
	blocks->free[class] = block;
}

void tw_blocks_fini(struct tw_blocks *blocks)
{
	for (struct tw_chunk *chunk = blocks->chunks, *next; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	for (struct tw_large *large = blocks->large, *next; large; large = next) {
		next = large->next;
		free(large);
	}
	*blocks = (struct tw_blocks){.chunks = NULL};
}
