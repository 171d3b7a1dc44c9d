/**
 * @file name_near.c
 * Choosing words by how many names hold them, asking each as a query does, keeping what it met; see name_near.h.
 */
#include "feeds/name_near.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "feeds/name_similar.h"

/* Words that are known: of a quarter of the words come four in five of those that names are made of, and finding what a word meets takes as long as
 * a query does. Source: measured by bench_names. */
#define SHARE     4U
#define WORDS_MAX 16384U
#define HELD_MAX  4096U /* names that hold a word; more count as so many */
#define GAP_BYTES 5U    /* of one gap at most */

static uint32_t held_by(const struct tw_name_index *index, uint32_t term)
{
	uint32_t forms = index->posting_first[term + 1] - index->posting_first[term];
	return forms < HELD_MAX ? forms : HELD_MAX;
}

/* How many names hold a word that is known, so that it is one of few. */
static uint32_t least_held(const struct tw_name_index *index)
{
	uint32_t words[HELD_MAX + 1] = {0}, most = index->fuzzy_count / SHARE, known = 0, least = HELD_MAX + 1;
	most = most < WORDS_MAX ? most : WORDS_MAX;
	for (uint32_t term = 0; term < index->fuzzy_count; term++) {
		words[held_by(index, term)]++;
	}
	while (least > 1 && known + words[least - 1] <= most) {
		known += words[--least];
	}
	return least;
}

/* A list as it grows. */
struct bytes {
	uint8_t *at;
	size_t used, room;
};

static bool put_gap(struct bytes *bytes, uint32_t gap)
{
	if (bytes->room - bytes->used < GAP_BYTES) {
		size_t room = bytes->room * 2 + 4096;
		uint8_t *at = realloc(bytes->at, room);
		if (!at) {
			return false;
		}
		bytes->at = at;
		bytes->room = room;
	}
	for (; gap >= 0x80U; gap >>= 7) {
		bytes->at[bytes->used++] = (uint8_t)(gap | 0x80U);
	}
	bytes->at[bytes->used++] = (uint8_t)gap;
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct tw_similar_term *x = a, *y = b;
	return (x->term > y->term) - (x->term < y->term);
}

/* What one word meets. @return false without memory */
static bool put_word(const struct tw_name_index *index, struct tw_similar_memo *memo, uint32_t term, struct bytes *bytes)
{
	if (tw_similar_is_full(memo)) {
		tw_similar_forget(memo);
	}
	struct tw_similar *word = tw_similar_word(memo, &index->vocabulary[term]);
	if (!tw_similar_meet(memo, word)) {
		return false;
	}
	struct tw_similar_term *met = &memo->pool[word->first];
	uint32_t before = 0;
	qsort(met, word->count, sizeof(*met), by_place);
	for (uint32_t i = 0; i < word->count && met[i].term < index->fuzzy_count; i++) { /* but for the initial, which is found at once */
		if (!put_gap(bytes, met[i].term - before)) {
			return false;
		}
		before = met[i].term;
	}
	return true;
}

/* @param index its `near` has room for the words */
static bool put_words(struct tw_name_index *index, uint32_t least, struct bytes *bytes)
{
	struct tw_name_near near = index->near;
	struct tw_similar_memo memo;
	bool fits = tw_similar_init(&memo, index);
	near.count = 0;
	for (uint32_t term = 0; fits && term < index->fuzzy_count; term++) {
		if (held_by(index, term) >= least) {
			near.term[near.count] = term;
			near.first[near.count++] = (uint32_t)bytes->used;
			fits = put_word(index, &memo, term, bytes) && bytes->used <= UINT32_MAX;
		}
	}
	near.first[near.count] = (uint32_t)bytes->used;
	near.bytes = (uint32_t)bytes->used;
	tw_similar_fini(&memo);
	index->near = near;
	return fits;
}

bool tw_name_near_build(struct tw_name_index *index, struct tw_arena *arena)
{
	uint32_t least = least_held(index), words = 0;
	struct bytes bytes = {NULL, 0, 0};
	for (uint32_t term = 0; term < index->fuzzy_count; term++) {
		words += held_by(index, term) >= least;
	}
	index->near = (struct tw_name_near){.term = tw_arena_alloc_raw(arena, words * sizeof(*index->near.term)),
	                                    .first = tw_arena_alloc_raw(arena, ((size_t)words + 1) * sizeof(*index->near.first))};
	bool fits = index->near.term && index->near.first && put_words(index, least, &bytes);
	index->near.gap = fits ? tw_arena_alloc_raw(arena, bytes.used) : NULL;
	if (index->near.gap && bytes.used) {
		memcpy(index->near.gap, bytes.at, bytes.used);
	}
	free(bytes.at);
	return index->near.gap != NULL;
}

bool tw_name_near_find(const struct tw_name_near *near, uint32_t term, struct tw_near_walk *walk)
{
	const uint32_t *at = near->term;
	for (uint32_t left = near->count; left > 1;) { /* without branches: half of them would be foretold wrongly */
		uint32_t half = left / 2;
		at += at[half] <= term ? half : 0;
		left -= half;
	}
	if (!near->count || *at != term) {
		return false;
	}
	const uint32_t *first = &near->first[at - near->term];
	*walk = (struct tw_near_walk){near->gap + first[0], near->gap + first[1], 0};
	return true;
}
