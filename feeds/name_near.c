/**
 * @file name_near.c
 * Choosing words by how many names hold them, asking each as a query does, keeping what it met and how similar that is; see name_near.h.
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
#define BYTES_MAX 6U    /* of one pair */

static uint32_t held_by(const struct tw_name_index *index, uint32_t term)
{
	uint32_t forms = index->head[term + 1].posting - index->head[term].posting;
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

/* What all words meet, word by word, as long as it is not known which similarities are frequent. */
struct pairs {
	struct tw_similar_term *at;
	size_t used, room;
};

static int by_place(const void *a, const void *b)
{
	const struct tw_similar_term *x = a, *y = b;
	return (x->term > y->term) - (x->term < y->term);
}

static bool make_room(struct pairs *pairs, uint32_t count)
{
	if (pairs->room - pairs->used < count) {
		size_t room = pairs->room * 2 + count + 4096;
		struct tw_similar_term *at = realloc(pairs->at, room * sizeof(*at));
		if (!at) {
			return false;
		}
		pairs->at = at;
		pairs->room = room;
	}
	return true;
}

/* What one word meets. @return false without memory */
static bool pair_word(const struct tw_name_index *index, struct tw_similar_memo *memo, uint32_t term, struct pairs *pairs)
{
	if (tw_similar_is_full(memo)) {
		tw_similar_forget(memo);
	}
	struct tw_similar *word = tw_similar_word(memo, &index->vocabulary[term]);
	if (!tw_similar_meet(memo, word) || !make_room(pairs, word->count)) {
		return false;
	}
	struct tw_similar_term *met = &memo->pool[word->first];
	qsort(met, word->count, sizeof(*met), by_place);
	for (uint32_t i = 0; i < word->count && met[i].term < index->fuzzy_count; i++) { /* but for the initial, which is found at once */
		pairs->at[pairs->used++] = met[i];
	}
	return pairs->used <= UINT32_MAX / BYTES_MAX;
}

/* @param index its `near` has room for the words; `first` counts pairs until they are written */
static bool pair_words(struct tw_name_index *index, uint32_t least, struct pairs *pairs)
{
	struct tw_name_near near = index->near;
	struct tw_similar_memo memo;
	bool fits = tw_similar_init(&memo, index);
	near.count = 0;
	for (uint32_t term = 0; fits && term < index->fuzzy_count; term++) {
		if (held_by(index, term) >= least) {
			near.term[near.count] = term;
			near.first[near.count++] = (uint32_t)pairs->used;
			fits = pair_word(index, &memo, term, pairs);
		}
	}
	near.first[near.count] = (uint32_t)pairs->used;
	tw_similar_fini(&memo);
	index->near = near;
	return fits;
}

/* A similarity, and how many pairs have it. */
struct frequent {
	uint32_t ppm, pairs;
};

static int by_ppm(const void *a, const void *b)
{
	const struct frequent *x = a, *y = b;
	return (x->ppm > y->ppm) - (x->ppm < y->ppm);
}

static int by_pairs(const void *a, const void *b)
{
	const struct frequent *x = a, *y = b;
	return x->pairs != y->pairs ? (x->pairs < y->pairs) - (x->pairs > y->pairs) : by_ppm(a, b);
}

/* Those that most pairs have, into `ppm`. @return false without memory */
static bool count_ppm(const struct pairs *pairs, int32_t *ppm)
{
	struct frequent *frequent = calloc(TW_PPM + 1, sizeof(*frequent));
	uint32_t count = 0;
	for (size_t i = 0; frequent && i < pairs->used; i++) {
		frequent[pairs->at[i].ppm].pairs++;
	}
	for (uint32_t i = 0; frequent && i <= TW_PPM; i++) {
		if (frequent[i].pairs) {
			frequent[count++] = (struct frequent){i, frequent[i].pairs};
		}
	}
	if (count) {
		qsort(frequent, count, sizeof(*frequent), by_pairs);
	}
	for (uint32_t i = 0; i < TW_NEAR_PPMS; i++) {
		ppm[i] = frequent && i < count ? (int32_t)frequent[i].ppm : 0;
	}
	free(frequent);
	return frequent != NULL;
}

static uint8_t *put_gap(uint8_t *to, uint32_t gap)
{
	for (; gap >= 0x80U; gap >>= 7) {
		*to++ = (uint8_t)(gap | 0x80U);
	}
	*to++ = (uint8_t)gap;
	return to;
}

/* @param place by ppm, where it stands in near.ppm */
static void put_lists(struct tw_name_near *near, const struct pairs *pairs, const uint8_t *place, uint8_t *bytes)
{
	uint8_t *to = bytes;
	for (uint32_t word = 0, pair = 0; word < near->count; word++) {
		uint32_t end = near->first[word + 1], before = 0;
		near->first[word] = (uint32_t)(to - bytes);
		for (; pair < end; pair++) {
			to = put_gap(to, pairs->at[pair].term - before);
			*to++ = place[pairs->at[pair].ppm];
			before = pairs->at[pair].term;
		}
	}
	near->bytes = (uint32_t)(to - bytes);
	near->first[near->count] = near->bytes;
}

/* @return false without memory */
static bool write_lists(struct tw_name_near *near, const struct pairs *pairs, struct tw_arena *arena)
{
	uint8_t *place = malloc(TW_PPM + 1), *bytes = malloc(pairs->used * BYTES_MAX + 1);
	bool fits = place && bytes && count_ppm(pairs, near->ppm);
	if (fits) {
		memset(place, TW_NEAR_ELSE, TW_PPM + 1);
		for (uint32_t i = TW_NEAR_PPMS; i--;) {
			place[near->ppm[i]] = (uint8_t)i;
		}
		put_lists(near, pairs, place, bytes);
		near->gap = tw_arena_alloc_raw(arena, near->bytes);
		fits = near->gap != NULL;
	}
	if (fits && near->bytes) {
		memcpy(near->gap, bytes, near->bytes);
	}
	free(place);
	free(bytes);
	return fits;
}

bool tw_name_near_build(struct tw_name_index *index, struct tw_arena *arena)
{
	uint32_t least = least_held(index), words = 0;
	struct pairs pairs = {NULL, 0, 0};
	for (uint32_t term = 0; term < index->fuzzy_count; term++) {
		words += held_by(index, term) >= least;
	}
	index->near = (struct tw_name_near){.term = tw_arena_alloc_raw(arena, words * sizeof(*index->near.term)),
	                                    .first = tw_arena_alloc_raw(arena, ((size_t)words + 1) * sizeof(*index->near.first)),
	                                    .ppm = tw_arena_alloc_raw(arena, TW_NEAR_PPMS * sizeof(*index->near.ppm))};
	bool fits = index->near.term && index->near.first && index->near.ppm && pair_words(index, least, &pairs);
	fits = fits && write_lists(&index->near, &pairs, arena);
	free(pairs.at);
	return fits;
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
	*walk = (struct tw_near_walk){near->gap + first[0], near->gap + first[1], 0, 0};
	return true;
}
