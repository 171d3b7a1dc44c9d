/**
 * @file arena.c
 * Bump allocation over a chain of blocks; see arena.h for the picture and the invariant.
 */
#include "engine/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/pages.h"

#define ALIGNMENT 16U

struct tw_arena_block {
	struct tw_arena_block *next;
	size_t size; /* usable bytes */
	size_t used;
	size_t padding; /* keeps `bytes` 16-aligned */
	char bytes[];
};

void tw_arena_init(struct tw_arena *arena, size_t block_bytes, size_t ceiling_bytes)
{
	*arena = (struct tw_arena){.block_bytes = block_bytes, .ceiling_bytes = ceiling_bytes};
}

void tw_arena_fini(struct tw_arena *arena)
{
	struct tw_arena_block *block = arena->first;
	while (block) {
		struct tw_arena_block *next = block->next;
		free(block);
		block = next;
	}
	tw_arena_init(arena, arena->block_bytes, arena->ceiling_bytes);
}

void tw_arena_reset(struct tw_arena *arena)
{
	arena->current = arena->first;
	if (arena->first) {
		arena->first->used = 0;
	}
}

static struct tw_arena_block *block_add(struct tw_arena *arena, size_t bytes)
{
	size_t size = bytes > arena->block_bytes ? bytes : arena->block_bytes;
	if (arena->ceiling_bytes && (size > arena->ceiling_bytes || arena->held_bytes > arena->ceiling_bytes - size)) {
		return NULL;
	}
	struct tw_arena_block *block = tw_pages_alloc(sizeof(*block) + size);
	if (!block) {
		return NULL;
	}
	*block = (struct tw_arena_block){.size = size};
	arena->held_bytes += size;
	if (arena->current) {
		block->next = arena->current->next;
		arena->current->next = block;
	} else {
		block->next = arena->first;
		arena->first = block;
	}
	return block;
}

/* The current block, or the first later one with room; blocks skipped here are used again after the next reset. */
static struct tw_arena_block *block_for(struct tw_arena *arena, size_t bytes)
{
	struct tw_arena_block *block = arena->current ? arena->current : arena->first;
	if (block && !arena->current) {
		block->used = 0;
	}
	while (block && block->size - block->used < bytes) {
		arena->current = block;
		block = block->next;
		if (block) {
			block->used = 0;
		}
	}
	if (!block) {
		block = block_add(arena, bytes);
	}
	if (block) {
		arena->current = block;
	}
	return block;
}

void *tw_arena_alloc_raw(struct tw_arena *arena, size_t bytes)
{
	if (bytes > SIZE_MAX - ALIGNMENT) {
		return NULL;
	}
	size_t rounded = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	rounded = rounded ? rounded : ALIGNMENT;
	struct tw_arena_block *block = arena->current;
	if (!block || block->size - block->used < rounded) {
		block = block_for(arena, rounded);
		if (!block) {
			return NULL;
		}
	}
	void *out = block->bytes + block->used;
	block->used += rounded;
	return out;
}

void *tw_arena_alloc(struct tw_arena *arena, size_t bytes)
{
	void *out = tw_arena_alloc_raw(arena, bytes);
	return out ? memset(out, 0, bytes) : NULL;
}

struct tw_slice tw_arena_join(struct tw_arena *arena, const struct tw_slice *part, uint32_t count)
{
	size_t length = 0, at = 0;
	for (uint32_t i = 0; i < count; i++) {
		length += part[i].len;
	}
	char *out = length < UINT32_MAX ? tw_arena_alloc_raw(arena, length + 1) : NULL;
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	for (uint32_t i = 0; i < count; i++) {
		if (part[i].len) {
			memcpy(out + at, part[i].ptr, part[i].len);
			at += part[i].len;
		}
	}
	out[at] = '\0';
	return (struct tw_slice){out, (uint32_t)at};
}

struct tw_slice tw_arena_copy(struct tw_arena *arena, struct tw_slice bytes)
{
	char *out = tw_arena_alloc_raw(arena, (size_t)bytes.len + 1);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	if (bytes.len) {
		memcpy(out, bytes.ptr, bytes.len);
	}
	out[bytes.len] = '\0';
	return (struct tw_slice){out, bytes.len};
}

struct tw_slice tw_arena_format(struct tw_arena *arena, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *out = length < 0 ? NULL : tw_arena_alloc_raw(arena, (size_t)length + 1);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	va_start(arguments, format);
	vsnprintf(out, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return (struct tw_slice){out, (uint32_t)length};
}

struct tw_arena_mark tw_arena_mark(const struct tw_arena *arena)
{
	return (struct tw_arena_mark){arena->current, arena->current ? arena->current->used : 0};
}

void tw_arena_rewind(struct tw_arena *arena, struct tw_arena_mark mark)
{
	arena->current = mark.block;
	if (mark.block) {
		mark.block->used = mark.used;
	} else {
		tw_arena_reset(arena);
	}
}

size_t tw_arena_held(const struct tw_arena *arena)
{
	return arena->held_bytes;
}

void *tw_list_push(struct tw_arena *arena, struct tw_list *list, size_t element_bytes)
{
	if (list->count == list->capacity) {
		uint32_t capacity = list->capacity ? list->capacity * 2 : 4;
		char *grown = tw_arena_alloc_raw(arena, (size_t)capacity * element_bytes);
		if (!grown) {
			return NULL;
		}
		if (list->count) {
			memcpy(grown, list->data, (size_t)list->count * element_bytes);
		}
		list->data = grown;
		list->capacity = capacity;
	}
	char *element = (char *)list->data + (size_t)list->count * element_bytes;
	list->count++;
	return memset(element, 0, element_bytes);
}
