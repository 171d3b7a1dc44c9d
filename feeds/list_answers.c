/**
 * @file list_answers.c
 * Four places a hash, the last one noted first; answers behind one another in a pool; a full pool begins anew. Most names meet nothing: they have a
 * table of their own, of hashes alone, four to a line of memory. See list_answers.h.
 */
#include "feeds/list_answers.h"

#include <stdlib.h>
#include <string.h>

#define WAYS   4U     /* places of a hash. With one, 3% of 2,000 names lost theirs to another of them and took two thirds of the time of all */
#define CLEAR  16384U /* a power of two: with the ways 1 MiB; the firms of a port's week */
#define PLACES 4096U  /* a power of two */
#define POOL   65536U /* answers: with the places 2 MiB a thread */
_Static_assert(TW_LIST_ANSWERS_MAX <= POOL && TW_LIST_ANSWERS_MAX < UINT16_MAX, "a name's answers fit the pool, their numbers tw_list_met.place");

struct place {
	struct tw_hash128 query;
	uint32_t first, count; /* in the pool; 0: empty */
};

struct tw_list_answers {
	_Alignas(64) struct tw_hash128 clear[CLEAR][WAYS]; /* names that met nothing; {0, 0}: none */
	struct place place[PLACES][WAYS];
	struct tw_list_answer pool[POOL];
	uint32_t used;
};

struct tw_list_answers *tw_list_answers_new(void)
{
	struct tw_list_answers *answers = aligned_alloc(_Alignof(struct tw_list_answers), sizeof(*answers));
	if (answers) {
		memset(answers, 0, sizeof(*answers));
	}
	return answers;
}

void tw_list_answers_free(struct tw_list_answers *answers)
{
	free(answers);
}

static bool same(const struct tw_list_answer *a, const struct tw_list_answer *b)
{
	return a->name == b->name && a->met == b->met && a->agreement.ppm == b->agreement.ppm && a->agreement.weight == b->agreement.weight &&
	       a->agreement.says == b->agreement.says && a->rarity_ppm == b->rarity_ppm && a->spelling_ppm == b->spelling_ppm;
}

void tw_list_met_clear(struct tw_list_met *met)
{
	met->count = 0;
	memset(met->place, 0, sizeof(met->place));
}

/* Where an answer's number stands, or would stand: at most half of the places are taken. */
static uint16_t *place_of(struct tw_list_met *met, const struct tw_list_answer *answer)
{
	uint32_t hash = (answer->name ^ (uint32_t)answer->agreement.ppm * 31U) * UINT32_C(0x9E3779B1), at = hash >> 16;
	for (;; at++) {
		uint16_t *place = &met->place[at % (2 * TW_LIST_ANSWERS_MAX)];
		if (!*place || same(&met->answer[*place - 1], answer)) {
			return place;
		}
	}
}

void tw_list_met_add(struct tw_list_met *met, struct tw_list_answer answer)
{
	uint16_t *place = place_of(met, &answer);
	if (*place) {
		return;
	}
	if (met->count < TW_LIST_ANSWERS_MAX) {
		met->answer[met->count] = answer;
		*place = (uint16_t)(met->count + 1);
	}
	met->count += met->count <= TW_LIST_ANSWERS_MAX;
}

static bool equal(struct tw_hash128 a, struct tw_hash128 b)
{
	return a.low == b.low && a.high == b.high;
}

static bool is_none(struct tw_hash128 hash)
{
	return !(hash.low | hash.high);
}

const struct tw_list_answer *tw_list_answers_find(const struct tw_list_answers *answers, struct tw_hash128 query, uint32_t *count)
{
	const struct tw_hash128 *clear = answers->clear[query.low & (CLEAR - 1)];
	const struct place *place = answers->place[query.low & (PLACES - 1)];
	*count = 0;
	if (is_none(query)) {
		return NULL;
	}
	for (uint32_t way = 0; way < WAYS; way++) {
		if (equal(clear[way], query)) {
			return answers->pool;
		}
	}
	for (uint32_t way = 0; way < WAYS; way++) {
		if (place[way].count && equal(place[way].query, query)) {
			*count = place[way].count;
			return &answers->pool[place[way].first];
		}
	}
	return NULL;
}

/* What stood at the last of a hash's places is forgotten. */
static void note_clear(struct tw_list_answers *answers, struct tw_hash128 query)
{
	struct tw_hash128 *clear = answers->clear[query.low & (CLEAR - 1)];
	memmove(&clear[1], &clear[0], (WAYS - 1) * sizeof(clear[0]));
	clear[0] = query;
}

void tw_list_answers_note(struct tw_list_answers *answers, struct tw_hash128 query, const struct tw_list_met *met)
{
	if (is_none(query) || met->count > TW_LIST_ANSWERS_MAX) {
		return;
	}
	if (!met->count) {
		note_clear(answers, query);
		return;
	}
	if (met->count > POOL - answers->used) {
		memset(answers->place, 0, sizeof(answers->place));
		answers->used = 0;
	}
	memcpy(&answers->pool[answers->used], met->answer, met->count * sizeof(met->answer[0]));
	struct place *place = answers->place[query.low & (PLACES - 1)];
	memmove(&place[1], &place[0], (WAYS - 1) * sizeof(place[0]));
	place[0] = (struct place){query, answers->used, met->count};
	answers->used += met->count;
}
