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

static bool keep(struct tw_similar_memo *memo, struct tw_similar *word, uint32_t term, int32_t ppm)
{
	if (memo->pool_used == memo->pool_size) {
		struct tw_similar_term *pool = realloc(memo->pool, 2 * (size_t)memo->pool_size * sizeof(*pool));
		if (!pool) {
			return false;
		}
		memo->pool = pool;
		memo->pool_size *= 2;
	}
	__builtin_prefetch(&memo->index->posting_first[term]);
	memo->pool[memo->pool_used++] = (struct tw_similar_term){term, ppm};
	word->count++;
	return true;
}

static uint32_t postings_of(const uint32_t *first, const struct tw_similar_term *met, uint32_t count)
{
	uint32_t postings = 0;
	for (uint32_t i = 0; i < count; i++) {
		postings += first[met[i].term + 1] - first[met[i].term];
	}
	return postings;
}

/* When all terms are found, so that none waits for the memory of the one before. */
static void count_forms(const struct tw_similar_memo *memo, struct tw_similar *word)
{
	const struct tw_name_index *index = memo->index;
	const struct tw_similar_term *met = &memo->pool[word->first];
	word->forms = postings_of(index->posting_first, met, word->count);
	if (index->initialled_first[index->term_count]) {
		word->initialled = postings_of(index->initialled_first, met, word->count);
	}
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

#define HEAD_ALONE 2U /* terms that share so many first letters are found by them, and those that share fewer by their letters */

/* What a term of this length and mask shares with the word at most. */
static bool is_likely(const struct probe *probe, const uint8_t *needed, uint32_t length, uint32_t mask, uint32_t shared)
{
	uint32_t here = probe->pattern.term.len - tw_name_bits(probe->mask & ~mask), there = length - tw_name_bits(mask & ~probe->mask);
	return here >= needed[shared] && there >= needed[shared];
}

/* A branch's bound takes HEAD_ALONE - 1 first letters for shared: here they are known. @return how many terms there are */
static uint32_t scan_branch(const struct tw_name_index *index, const struct probe *probe, uint32_t length, uint32_t *found)
{
	const struct tw_name_term *word = &probe->pattern.term;
	const uint8_t *needed = index->needed[word->len][length];
	uint32_t least = needed[HEAD_ALONE - 1], kept = 0;
	if (least > word->len || least > length) {
		return 0;
	}
	struct tw_name_branch branch = tw_name_tree_branch(&index->tree, length);
	const uint32_t *term = index->tree.term + (branch.mask - index->tree.mask), *head = index->tree.head + (branch.mask - index->tree.mask);
	uint32_t count = tw_name_scan_branch(index->scan, &branch, probe->mask, word->len - least, length - least, found);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t place = found[i], shared = shared_head(probe->head, head[place]);
		found[kept] = term[place];
		kept += (shared < HEAD_ALONE) & is_likely(probe, needed, length, branch.mask[place], shared < HEAD_ALONE ? shared : 0);
	}
	return kept;
}

/* The first place in [from, to) whose first letters are not before `head`. Without branches: half of them would be foretold wrongly. */
static uint32_t head_at(const struct tw_name_index *index, uint32_t from, uint32_t to, uint32_t head)
{
	uint32_t count = to - from;
	while (count > 1) {
		uint32_t half = count / 2;
		from += index->head[from + half - 1] < head ? half : 0;
		count -= half;
	}
	return from + (count && index->head[from] < head);
}

/* Terms of one length stand by their letters, so that those with the same first ones are a run. */
static uint32_t scan_heads(const struct tw_name_index *index, const struct probe *probe, uint32_t length, uint32_t *found)
{
	const struct tw_name_term *word = &probe->pattern.term;
	const uint8_t *needed = index->needed[word->len][length];
	uint32_t letter = (uint32_t)(word->text[0] - 'a'), least = needed[TW_NAME_HEAD], low = 8 * (TW_NAME_HEAD - HEAD_ALONE), kept = 0;
	uint32_t first = probe->head >> low << low, to = index->letter_at[length][letter + 1];
	uint32_t from = head_at(index, index->letter_at[length][letter], to, first);
	to = head_at(index, from, to, first + (UINT32_C(1) << low));
	uint32_t count = from < to ? tw_name_scan(index->scan, index->masks, from, to, probe->mask, word->len - least, length - least, found) : 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = found[i];
		found[kept] = at;
		kept += is_likely(probe, needed, length, index->masks[at], shared_head(probe->head, index->head[at]));
	}
	return kept;
}

/* Terms whose letters do not rule out that they are similar. Room for all: no term is found twice. */
static uint32_t scan_all(const struct tw_name_index *index, const struct probe *probe, uint32_t *found)
{
	uint32_t count = 0;
	for (uint32_t length = 2; length <= TW_NAME_TERM_BYTES; length++) {
		uint32_t needed = index->needed[probe->pattern.term.len][length][TW_NAME_HEAD];
		if (needed <= probe->pattern.term.len && needed <= length) {
			count += scan_branch(index, probe, length, found + count);
			count += scan_heads(index, probe, length, found + count);
		}
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
		int32_t ppm = tw_name_term_similarity(&probe->pattern, &vocabulary[at], memo->index->rules);
		if (ppm && !keep(memo, probe->word, at, ppm)) {
			return false;
		}
	}
	return true;
}

void tw_name_index_weigh(const struct tw_name_index *index, struct tw_name_term *term, uint32_t at)
{
	if (at != UINT32_MAX) {
		term->weight = index->weight[at];
		term->known = true;
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
		return same == UINT32_MAX || keep(memo, word, same, TW_PPM);
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
	count_forms(memo, word);
	memo->used++;
	return word;
}
