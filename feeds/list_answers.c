/**
 * @file list_answers.c
 * One place a hash, answers behind one another in a pool; a full pool begins anew. Most names meet nothing: they have a table of their own, of
 * hashes alone. See list_answers.h.
 */
#include "feeds/list_answers.h"

#include <stdlib.h>
#include <string.h>

#define CLEAR  65536U /* a power of two: 1 MiB; the firms of a port's week */
#define PLACES 16384U /* a power of two */
#define POOL   65536U /* answers: with the places 2 MiB a thread */

struct place {
	struct tw_hash128 query;
	uint32_t first, count; /* in the pool; 0: empty */
};

struct tw_list_answers {
	struct tw_hash128 clear[CLEAR]; /* names that met nothing; {0, 0}: none */
	struct place place[PLACES];
	struct tw_list_answer pool[POOL];
	uint32_t used;
};

struct tw_list_answers *tw_list_answers_new(void)
{
	return calloc(1, sizeof(struct tw_list_answers));
}

void tw_list_answers_free(struct tw_list_answers *answers)
{
	free(answers);
}

static bool same(const struct tw_list_answer *a, const struct tw_list_answer *b)
{
	return a->name == b->name && a->met == b->met && a->agreement.ppm == b->agreement.ppm && a->agreement.weight == b->agreement.weight &&
	       a->rarity_ppm == b->rarity_ppm && a->spelling_ppm == b->spelling_ppm;
}

void tw_list_met_add(struct tw_list_met *met, struct tw_list_answer answer)
{
	for (uint32_t i = 0; i < met->count && i < TW_LIST_ANSWERS_MAX; i++) {
		if (same(&met->answer[i], &answer)) {
			return;
		}
	}
	if (met->count < TW_LIST_ANSWERS_MAX) {
		met->answer[met->count] = answer;
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
	const struct place *place = &answers->place[query.low & (PLACES - 1)];
	*count = 0;
	if (is_none(query)) {
		return NULL;
	}
	if (equal(answers->clear[query.low & (CLEAR - 1)], query)) {
		return answers->pool;
	}
	if (!place->count || !equal(place->query, query)) {
		return NULL;
	}
	*count = place->count;
	return &answers->pool[place->first];
}

void tw_list_answers_note(struct tw_list_answers *answers, struct tw_hash128 query, const struct tw_list_met *met)
{
	if (is_none(query) || met->count > TW_LIST_ANSWERS_MAX) {
		return;
	}
	if (!met->count) {
		answers->clear[query.low & (CLEAR - 1)] = query;
		return;
	}
	if (met->count > POOL - answers->used) {
		memset(answers->place, 0, sizeof(answers->place));
		answers->used = 0;
	}
	memcpy(&answers->pool[answers->used], met->answer, met->count * sizeof(met->answer[0]));
	answers->place[query.low & (PLACES - 1)] = (struct place){query, answers->used, met->count};
	answers->used += met->count;
}
