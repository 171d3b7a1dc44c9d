/**
 * @file name_similar.c
 * Letter masks first, then the words themselves; see name_similar.h.
 */
#include "feeds/name_similar.h"

#include <stdlib.h>

#include "engine/base/hash.h"

#define SLOTS      65536U /* words remembered: 3 MB a domain and thread; names of a port's traffic repeat within it */
#define POOL_START 65536U

bool tw_similar_init(struct tw_similar_memo *memo, const struct tw_name_index *index)
{
	*memo = (struct tw_similar_memo){.index = index, .generation = 1, .pool_size = POOL_START};
	memo->slot = calloc(SLOTS, sizeof(*memo->slot));
	memo->pool = malloc(POOL_START * sizeof(*memo->pool));
	memo->found = malloc(((size_t)index->fuzzy_count + TW_SCAN_PADDING) * sizeof(*memo->found));
	return memo->slot && memo->pool && memo->found;
}

void tw_similar_fini(struct tw_similar_memo *memo)
{
	free(memo->slot);
	free(memo->pool);
	free(memo->found);
}

void tw_similar_forget(struct tw_similar_memo *memo)
{
	if (++memo->generation == 0) {
		memset(memo->slot, 0, SLOTS * sizeof(*memo->slot));
		memo->generation = 1;
	}
	memo->used = 0;
	memo->pool_used = 0;
}

bool tw_similar_is_full(const struct tw_similar_memo *memo)
{
	return memo->used > SLOTS / 2;
}

static bool keep(struct tw_similar_memo *memo, struct tw_similar *word, uint32_t term)
{
	if (memo->pool_used == memo->pool_size) {
		uint32_t *pool = realloc(memo->pool, 2 * (size_t)memo->pool_size * sizeof(*pool));
		if (!pool) {
			return false;
		}
		memo->pool = pool;
		memo->pool_size *= 2;
	}
	const struct tw_name_index *index = memo->index;
	memo->pool[memo->pool_used++] = term;
	word->count++;
	word->forms += index->posting_first[term + 1] - index->posting_first[term];
	word->initialled += index->initialled_first[term + 1] - index->initialled_first[term];
	return true;
}

struct probe {
	struct tw_name_pattern pattern;
	uint32_t mask, head;
	struct tw_similar *word;
};

/* Of the first four letters. */
static uint32_t shared_head(uint32_t a, uint32_t b)
{
	return a == b ? TW_NAME_HEAD : (uint32_t)__builtin_clz(a ^ b) / 8;
}

/* A run's bound takes all four first letters for shared: here they are known. @return how many places are left */
static uint32_t keep_likely(const struct tw_name_index *index, const struct probe *probe, uint32_t length, uint32_t *found, uint32_t count)
{
	const uint8_t *needed = index->needed[probe->pattern.term.len][length];
	uint32_t kept = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = found[i], least = needed[shared_head(probe->head, index->head[at])];
		uint32_t here = probe->pattern.term.len - tw_name_bits(probe->mask & ~index->masks[at]);
		uint32_t there = length - tw_name_bits(index->masks[at] & ~probe->mask);
		found[kept] = at;
		kept += here >= least && there >= least;
	}
	return kept;
}

/* Terms of one length in [from, to), which begin with the word's first letter or all do not, into `found`. @return how many */
static uint32_t scan_run(const struct tw_name_index *index, const struct probe *probe, uint32_t length, uint32_t from, uint32_t to, bool begun,
                         uint32_t *found)
{
	const struct tw_name_term *term = &probe->pattern.term;
	uint32_t needed = index->needed[term->len][length][begun ? TW_NAME_HEAD : 0];
	if (from == to || needed > term->len || needed > length) {
		return 0;
	}
	uint32_t count = tw_name_scan(index->scan, index->masks, from, to, probe->mask, term->len - needed, length - needed, found);
	return begun ? keep_likely(index, probe, length, found, count) : count;
}

/* Terms whose letters do not rule out that they are similar. Room for all: no term is in two runs. */
static uint32_t scan_all(const struct tw_name_index *index, const struct probe *probe, uint32_t *found)
{
	uint32_t letter = (uint32_t)(probe->pattern.term.text[0] - 'a'), count = 0;
	for (uint32_t length = 2; length <= TW_NAME_TERM_BYTES; length++) {
		const uint32_t *at = index->letter_at[length];
		count += scan_run(index, probe, length, at[0], at[letter], false, found + count);
		count += scan_run(index, probe, length, at[letter], at[letter + 1], true, found + count);
		count += scan_run(index, probe, length, at[letter + 1], index->letter_at[length + 1][0], false, found + count);
	}
	return count;
}

static void prefetch_term(const struct tw_name_term *term)
{
	__builtin_prefetch(term);
	__builtin_prefetch((const char *)(term + 1) - 1);
}

#define AHEAD 12U

static bool keep_similar(struct tw_similar_memo *memo, const struct probe *probe, uint32_t count)
{
	const struct tw_name_term *vocabulary = memo->index->vocabulary;
	for (uint32_t i = 0; i < count && i < AHEAD; i++) {
		prefetch_term(&vocabulary[memo->found[i]]);
	}
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = memo->found[i];
		if (i + AHEAD < count) {
			prefetch_term(&vocabulary[memo->found[i + AHEAD]]);
		}
		if (tw_name_term_similarity(&probe->pattern, &vocabulary[at], memo->index->rules) && !keep(memo, probe->word, at)) {
			return false;
		}
	}
	return true;
}

void tw_name_index_weigh(const struct tw_name_index *index, struct tw_name_term *term, uint32_t at)
{
	if (at != UINT32_MAX) {
		term->weight = index->weight[at];
	} else {
		tw_name_term_weigh(term, index->rules, index->form_count, 0);
	}
}

static bool look_up(struct tw_similar_memo *memo, struct tw_similar *word)
{
	word->first = memo->pool_used;
	uint32_t same = tw_name_index_find(memo->index, &word->term);
	tw_name_index_weigh(memo->index, &word->term, same);
	if (!word->term.fuzzy) {
		return same == UINT32_MAX || keep(memo, word, same);
	}
	struct probe probe = {.mask = tw_name_mask(&word->term), .head = tw_name_head(&word->term), .word = word};
	tw_name_pattern_make(&probe.pattern, &word->term);
	return keep_similar(memo, &probe, scan_all(memo->index, &probe, memo->found));
}

const struct tw_similar *tw_similar_find(struct tw_similar_memo *memo, const struct tw_name_term *term)
{
	uint32_t at = (uint32_t)tw_hash64(term->text, sizeof(term->text), 0) % SLOTS;
	for (; memo->slot[at].generation == memo->generation; at = (at + 1) % SLOTS) {
		if (memo->slot[at].term.len == term->len && memcmp(memo->slot[at].term.text, term->text, sizeof(term->text)) == 0) {
			return &memo->slot[at];
		}
	}
	struct tw_similar *word = &memo->slot[at];
	*word = (struct tw_similar){.term = *term, .generation = memo->generation};
	if (!look_up(memo, word)) {
		*word = (struct tw_similar){0};
		return NULL;
	}
	memo->used++;
	return word;
}
