/**
 * @file name_holders.c
 * Fields one behind the other in an array that grows; see name_holders.h.
 */
#include "feeds/name_holders.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/pages.h"

#define ROOM_START 8192U
#define ROOM_FULL  (1U << 21) /* 16 MiB a domain and thread */
#define BITS_MIN   6U         /* of a field: a word of the array */
#define BITS_MAX   27U
#define BITS_EACH  8U /* at least, a form */
#define AHEAD      8U /* terms whose postings are on their way from memory */

void tw_name_holders_fini(struct tw_name_holders *holders)
{
	free(holders->bits);
}

void tw_name_holders_forget(struct tw_name_holders *holders, struct tw_similar_memo *memo)
{
	for (uint32_t i = 0; i < memo->used; i++) {
		memo->word[i].holders_bits = 0;
	}
	holders->used = 0;
}

bool tw_name_holders_are_full(const struct tw_name_holders *holders)
{
	return holders->used > ROOM_FULL;
}

static bool make_room(struct tw_name_holders *holders, uint32_t more)
{
	uint32_t size = holders->size ? holders->size : ROOM_START;
	while (size - holders->used < more) {
		size *= 2;
	}
	if (size == holders->size) {
		return true;
	}
	uint64_t *bits = realloc(holders->bits, size * sizeof(*bits));
	if (bits) {
		tw_pages_large(bits, size * sizeof(*bits));
		holders->bits = bits;
		holders->size = size;
	}
	return bits != NULL;
}

static void mark_forms(const struct tw_similar_memo *memo, const struct tw_similar *word, uint64_t *bits, uint32_t shift)
{
	const struct tw_similar_posted *term = &memo->posted[word->first];
	for (uint32_t i = 0; i < word->words; i++) {
		const uint64_t *posting = memo->index->posting + term[i].first;
		if (i + AHEAD < word->words) {
			__builtin_prefetch(memo->index->posting + term[i + AHEAD].first);
		}
		for (uint32_t p = 0; p < term[i].until[TW_NAME_KINDS - 1]; p++) {
			uint32_t bit = (tw_name_posting_form(posting[p]) * UINT32_C(0x9E3779B1)) >> shift;
			bits[bit / 64] |= UINT64_C(1) << bit % 64;
		}
	}
}

bool tw_name_holders_find(struct tw_name_holders *holders, const struct tw_similar_memo *memo, struct tw_similar *word, struct tw_holders *out)
{
	if (!word->holders_bits) {
		uint64_t forms = tw_similar_forms(word);
		uint32_t bits = BITS_MIN;
		while (bits < BITS_MAX && forms * BITS_EACH > UINT64_C(1) << bits) {
			bits++;
		}
		uint32_t words = (UINT32_C(1) << bits) / 64;
		if (!make_room(holders, words)) {
			return false;
		}
		memset(holders->bits + holders->used, 0, words * sizeof(*holders->bits));
		mark_forms(memo, word, holders->bits + holders->used, 32 - bits);
		word->holders = holders->used;
		word->holders_bits = (uint8_t)bits;
		holders->used += words;
	}
	*out = (struct tw_holders){holders->bits + word->holders, 32U - word->holders_bits};
	return true;
}
