/**
 * @file name_united.c
 * Runs one behind the other in two arrays that grow; see name_united.h.
 */
#include "feeds/name_united.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/pages.h"

#define ROOM_START 8192U
#define ASKED      3U /* times: a name's forms share words, so that twice is not yet often. Source: the project's choice */
#define AHEAD      8U /* terms whose postings are on their way from memory */

void tw_name_united_fini(struct tw_name_united *united)
{
	free(united->posting);
	free(united->gain);
}

void tw_name_united_forget(struct tw_name_united *united)
{
	united->used = 0;
}

static bool make_room(struct tw_name_united *united, uint32_t more)
{
	size_t size = united->size ? united->size : ROOM_START, needed = (size_t)united->used + more + TW_SCAN_PADDING;
	while (size < needed) {
		size *= 2;
	}
	if (size > TW_UNITED_MAX || size == united->size) {
		return size == united->size;
	}
	uint64_t *posting = realloc(united->posting, size * sizeof(*posting));
	united->posting = posting ? posting : united->posting;
	int32_t *gain = posting ? realloc(united->gain, size * sizeof(*gain)) : NULL;
	if (gain) {
		united->gain = gain;
		united->size = (uint32_t)size;
		tw_pages_large(posting, size * sizeof(*posting));
		tw_pages_large(gain, size * sizeof(*gain));
	}
	return gain != NULL;
}

/* @param next by kind, where its next posting goes */
static void unite_term(struct tw_name_united *united, const uint64_t *posting, const struct tw_similar_posted *posted, int64_t gain, uint32_t *next)
{
	for (uint32_t kind = 0, p = 0; kind < TW_NAME_KINDS; kind++) {
		for (; p < posted->until[kind]; p++) {
			united->posting[next[kind]] = posting[p];
			united->gain[next[kind]++] = (int32_t)gain;
		}
	}
}

static void unite(struct tw_name_united *united, const struct tw_similar_memo *memo, struct tw_similar *word)
{
	uint32_t next[TW_NAME_KINDS], at = united->used;
	for (uint32_t kind = 0; kind < TW_NAME_KINDS; kind++) {
		next[kind] = at;
		at += word->forms[kind];
		word->united_until[kind] = at - united->used;
	}
	for (uint32_t i = word->first; i < word->first + word->words; i++) {
		if (i + AHEAD < word->first + word->words) {
			__builtin_prefetch(memo->index->posting + memo->posted[i + AHEAD].first);
		}
		unite_term(united, memo->index->posting + memo->posted[i].first, &memo->posted[i],
		           tw_similar_gain(word, memo->pool[i], word->threshold), next);
	}
	memset(&united->posting[at], 0, TW_SCAN_PADDING * sizeof(*united->posting));
	memset(&united->gain[at], 0, TW_SCAN_PADDING * sizeof(*united->gain));
	word->united = united->used;
	word->united_threshold = word->threshold;
	united->used = at;
}

bool tw_name_united_find(struct tw_name_united *united, const struct tw_similar_memo *memo, struct tw_similar *word, struct tw_united *out)
{
	word->asked += word->asked < ASKED;
	if (word->united_threshold != word->threshold) {
		if (word->asked < ASKED || !make_room(united, tw_similar_forms(word))) {
			return false;
		}
		unite(united, memo, word);
	}
	*out = (struct tw_united){.posting = united->posting + word->united, .gain = united->gain + word->united};
	memcpy(out->until, word->united_until, sizeof(out->until));
	return true;
}
