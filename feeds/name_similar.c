/**
 * @file name_similar.c
 * Letter masks first, then the words themselves; see name_similar.h.
 */
#include "feeds/name_similar.h"

#include <stdlib.h>

#include "engine/base/hash.h"
#include "engine/base/pages.h"
#include "feeds/name_jaro.h"

#define SLOTS      65536U                               /* 512 KiB a domain and thread */
#define WORDS      (SLOTS / 2 + TW_NAME_TOKENS_MAX + 1) /* remembered, 5 MB where all are; names of a port's traffic repeat within it */
#define POOL_START 65536U
#define PPM_BITS   0xFFFFFU /* TW_PPM fits in */
#define WEIGHTS    0x3FFU   /* TW_NAME_WEIGHT_MAX does */

bool tw_similar_init(struct tw_similar_memo *memo, const struct tw_name_index *index)
{
	*memo = (struct tw_similar_memo){.index = index, .generation = 1, .pool_size = POOL_START};
	memo->slot = calloc(SLOTS, sizeof(*memo->slot));
	memo->word = malloc(WORDS * sizeof(*memo->word));
	memo->pool = malloc(POOL_START * sizeof(*memo->pool));
	memo->posted = malloc(POOL_START * sizeof(*memo->posted));
	memo->found = malloc(((size_t)index->fuzzy_count + 1 + TW_SCAN_PADDING) * sizeof(*memo->found));
	tw_pages_large(memo->word, WORDS * sizeof(*memo->word));
	return memo->slot && memo->word && memo->pool && memo->posted && memo->found;
}

void tw_similar_fini(struct tw_similar_memo *memo)
{
	free(memo->slot);
	free(memo->word);
	free(memo->pool);
	free(memo->posted);
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

static bool grow_pool(struct tw_similar_memo *memo)
{
	size_t size = 2 * (size_t)memo->pool_size;
	struct tw_similar_term *pool = realloc(memo->pool, size * sizeof(*pool));
	memo->pool = pool ? pool : memo->pool;
	tw_pages_large(pool, size * sizeof(*pool));
	struct tw_similar_posted *posted = pool ? realloc(memo->posted, size * sizeof(*posted)) : NULL;
	if (posted) {
		tw_pages_large(posted, size * sizeof(*posted));
		memo->posted = posted;
		memo->pool_size *= 2;
	}
	return posted != NULL;
}

static bool keep(struct tw_similar_memo *memo, struct tw_similar *word, uint32_t term, int32_t ppm)
{
	if (memo->pool_used == memo->pool_size && !grow_pool(memo)) {
		return false;
	}
	__builtin_prefetch(&memo->index->head[term]);
	memo->pool[memo->pool_used++] = (struct tw_similar_term){.term = term, .ppm = (uint32_t)ppm & PPM_BITS};
	word->count++;
	return true;
}

static void exchange(struct tw_similar_memo *memo, uint32_t a, uint32_t b)
{
	struct tw_similar_term term = memo->pool[a];
	struct tw_similar_posted posted = memo->posted[a];
	memo->pool[a] = memo->pool[b];
	memo->posted[a] = memo->posted[b];
	memo->pool[b] = term;
	memo->posted[b] = posted;
}

/* Which postings of a term are of which kind, where not all are of the first. @param posted all of the first */
static void find_kinds(const struct tw_name_index *index, struct tw_similar_posted *posted, uint32_t latest)
{
	for (uint32_t kind = 0; kind < latest; kind++) {
		posted->until[kind] =
		    tw_name_postings_before(&index->posting[posted->first], posted->until[TW_NAME_KINDS - 1], index->words_at[kind + 1][0]);
	}
}

/* When all terms are found, so that none waits for the memory of the one before. Those of the latest kinds come first. */
static void describe(struct tw_similar_memo *memo, struct tw_similar *word)
{
	const struct tw_name_index *index = memo->index;
	memset(word->forms, 0, sizeof(word->forms));
	memset(word->held, 0, sizeof(word->held));
	word->heaviest = 0;
	for (uint32_t at = word->first; at < word->first + word->count; at++) {
		struct tw_similar_term *met = &memo->pool[at];
		const struct tw_name_head *head = &index->head[met->term];
		uint32_t count = head[1].posting - head[0].posting;
		memo->posted[at] = (struct tw_similar_posted){head->posting, {count, count, count}};
		met->weight = head->weight & WEIGHTS;
		word->heaviest = met->weight > word->heaviest ? met->weight : word->heaviest;
	}
	for (uint32_t i = 0; i < word->words; i++) {
		struct tw_similar_posted *posted = &memo->posted[word->first + i];
		uint32_t latest = index->head[memo->pool[word->first + i].term].kind, at = i, from = 0;
		find_kinds(index, posted, latest);
		for (uint32_t kind = 0; kind < TW_NAME_KINDS; kind++) {
			word->forms[kind] += posted->until[kind] - from;
			from = posted->until[kind];
		}
		for (uint32_t kind = 0; kind <= latest; kind++) {
			exchange(memo, word->first + at, word->first + word->held[kind]);
			at = word->held[kind]++;
		}
	}
}

/* A word on its way to the terms that it meets; terms of one length wait until the lanes are full. */
struct probe {
	struct tw_similar_memo *memo;
	struct tw_similar *word;
	struct tw_name_pattern pattern;
	struct tw_jaro_word jaro;
	struct tw_jaro_lanes lanes;
	uint32_t mask;
	uint64_t letters;
	uint64_t waiting[TW_JARO_LANES]; /* their letters */
	uint32_t place[TW_JARO_LANES];   /* in the tree, with IN_TREE, or in the vocabulary */
	uint32_t count;
	bool fits;
};

#define AHEAD      8U
#define IN_TREE    (UINT32_C(1) << 31)
#define HEAD_ALONE 2U /* terms that share so many first letters are found by them, and those that share fewer by their letters */

/* What a term of this length and mask shares with the word at most. */
static bool is_likely(const struct probe *probe, const uint8_t *needed, uint32_t length, uint32_t mask, uint32_t shared)
{
	uint32_t here = probe->pattern.term.len - tw_name_bits(probe->mask & ~mask), there = length - tw_name_bits(mask & ~probe->mask);
	return here >= needed[shared] && there >= needed[shared];
}

/* Do enough letters match in this lane? */
static bool matches(const struct probe *probe, uint32_t lane)
{
	const uint8_t *needed = probe->memo->index->needed[probe->pattern.term.len][probe->lanes.len];
	return probe->lanes.matched[lane] >= needed[tw_jaro_prefix(probe->letters, probe->waiting[lane])];
}

static int32_t similarity_of(const struct probe *probe, uint32_t lane)
{
	const uint64_t letters = probe->waiting[lane];
	uint32_t length = probe->lanes.len, shared = tw_jaro_prefix(probe->letters, letters);
	if (letters == probe->letters && length == probe->pattern.term.len) {
		return TW_PPM;
	}
	const struct tw_name_match match = {length, probe->lanes.matched[lane], probe->lanes.halves[lane], shared, probe->lanes.slips[lane]};
	return tw_name_similarity_matched(&probe->pattern.term, &match, probe->memo->index->rules);
}

/* Which of those that wait may meet. */
static uint32_t match(struct probe *probe)
{
	uint32_t left = (UINT32_C(1) << probe->count) - 1, lanes = 0;
	if (probe->lanes.len > TW_JARO_LETTERS || !left) {
		return left;
	}
	tw_jaro_match(probe->memo->index->scan, &probe->jaro, &probe->lanes);
	for (uint32_t lane = 0; lane < probe->count; lane++) {
		lanes |= (uint32_t)matches(probe, lane) << lane;
	}
	if (lanes) {
		tw_jaro_slips(probe->memo->index->scan, &probe->jaro, &probe->lanes);
	}
	return lanes;
}

/* Compare those that wait. */
static void compare(struct probe *probe)
{
	const struct tw_name_index *index = probe->memo->index;
	bool packed = probe->lanes.len <= TW_JARO_LETTERS;
	for (uint32_t lanes = match(probe); lanes; lanes &= lanes - 1) {
		uint32_t lane = (uint32_t)__builtin_ctz(lanes);
		int32_t ppm = packed ? similarity_of(probe, lane) : 1;
		if (!ppm) {
			continue;
		}
		uint32_t place = probe->place[lane], term = place & IN_TREE ? index->tree.term[place & ~IN_TREE] : place;
		ppm = packed ? ppm : tw_name_term_similarity(&probe->pattern, &index->vocabulary[term], index->rules);
		probe->fits &= !ppm || keep(probe->memo, probe->word, term, ppm);
	}
	probe->count = 0;
}

/* Put it into the next lane, which it keeps if it is one to be compared. Without branches: most would be foretold wrongly. */
static void offer(struct probe *probe, uint32_t place, uint64_t letters, bool wanted)
{
	uint32_t lane = probe->count;
	probe->place[lane] = place;
	probe->waiting[lane] = letters;
	probe->lanes.high[lane] = (uint32_t)(letters >> 32);
	probe->lanes.low[lane] = (uint32_t)letters;
	probe->count += wanted;
	if (probe->count == TW_JARO_LANES) {
		compare(probe);
	}
}

/* A branch's bound takes HEAD_ALONE - 1 first letters for shared: here they are known. */
static void scan_branch(struct probe *probe, uint32_t length, uint32_t *found)
{
	const struct tw_name_index *index = probe->memo->index;
	const struct tw_name_term *word = &probe->pattern.term;
	const uint8_t *needed = index->needed[word->len][length];
	uint32_t least = needed[HEAD_ALONE - 1];
	if (least > word->len || least > length) {
		return;
	}
	struct tw_name_branch branch = tw_name_tree_branch(&index->tree, length);
	const uint32_t first = (uint32_t)(branch.mask - index->tree.mask);
	const uint64_t *letters = index->tree.letters + first;
	uint32_t count = tw_name_scan_branch(index->scan, &branch, probe->mask, word->len - least, length - least, found);
	for (uint32_t i = 0; i < count && i < AHEAD; i++) {
		__builtin_prefetch(&letters[found[i]]);
	}
	for (uint32_t i = 0; i < count; i++) {
		if (i + AHEAD < count) {
			__builtin_prefetch(&letters[found[i + AHEAD]]);
		}
		uint32_t place = found[i], shared = tw_jaro_prefix(probe->letters, letters[place]);
		bool likely = is_likely(probe, needed, length, branch.mask[place], shared < HEAD_ALONE ? shared : 0);
		offer(probe, (first + place) | IN_TREE, letters[place], (shared < HEAD_ALONE) & likely);
	}
}

/* Terms of one length stand by their letters, so that those with the same first ones are a run. */
static void scan_heads(struct probe *probe, uint32_t length, uint32_t *found)
{
	const struct tw_name_index *index = probe->memo->index;
	const struct tw_name_term *word = &probe->pattern.term;
	const uint8_t *needed = index->needed[word->len][length];
	uint32_t least = needed[TW_NAME_HEAD], run = tw_name_run(length, (uint32_t)(word->text[0] - 'a'), (uint32_t)(word->text[1] - 'a'));
	uint32_t from = index->run[run], to = index->run[run + 1];
	uint32_t count = from < to ? tw_name_scan(index->scan, index->masks, from, to, probe->mask, word->len - least, length - least, found) : 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = found[i], shared = tw_jaro_prefix(probe->letters, index->head[at].letters);
		offer(probe, at, index->head[at].letters, is_likely(probe, needed, length, index->masks[at], shared));
	}
}

/* Terms whose letters do not rule out that they are similar: no term is found twice. */
static bool scan_all(struct probe *probe)
{
	const struct tw_name_index *index = probe->memo->index;
	for (uint32_t length = 2; length <= TW_NAME_TERM_BYTES; length++) {
		uint32_t needed = index->needed[probe->pattern.term.len][length][TW_NAME_HEAD];
		if (needed <= probe->pattern.term.len && needed <= length) {
			probe->lanes.len = length;
			scan_branch(probe, length, probe->memo->found);
			scan_heads(probe, length, probe->memo->found);
			compare(probe);
		}
	}
	return probe->fits;
}

/* Terms that are known to be similar. @return false without memory */
static bool meet_near(struct tw_similar_memo *memo, struct tw_similar *word, struct tw_near_walk walk)
{
	const struct tw_name_index *index = memo->index;
	struct tw_name_pattern pattern;
	bool made = false;
	while (tw_near_next(&walk)) {
		int32_t ppm = walk.alike == TW_NEAR_ELSE ? 0 : index->near.ppm[walk.alike];
		if (!ppm) {
			if (!made) {
				tw_name_pattern_make(&pattern, &word->term);
			}
			made = true;
			ppm = tw_name_term_similarity(&pattern, &index->vocabulary[walk.term], index->rules);
		}
		if (!keep(memo, word, walk.term, ppm)) {
			return false;
		}
	}
	return true;
}

void tw_name_index_weigh(const struct tw_name_index *index, struct tw_name_term *term, uint32_t at)
{
	if (at != UINT32_MAX) {
		term->weight = index->head[at].weight;
		term->known = true;
	} else {
		tw_name_term_weigh(term, index->rules, index->form_count, 0);
	}
}

/* A share of the postings of words that have its length and begin with its letter. Source: the project's choice. */
#define GUESSED_SHARE 4

static void guess_forms(const struct tw_name_index *index, struct tw_similar *word)
{
	const struct tw_name_head *head = index->head;
	uint32_t forms = word->same == UINT32_MAX ? 0 : head[word->same + 1].posting - head[word->same].posting;
	if (word->term.fuzzy) {
		const uint32_t *run = &index->run[tw_name_run(word->term.len, (uint32_t)(word->term.text[0] - 'a'), 0)];
		forms += (head[run[26]].posting - head[run[0]].posting) / GUESSED_SHARE;
	}
	word->forms[0] = forms;
	for (uint32_t kind = 1; kind < TW_NAME_KINDS; kind++) {
		uint32_t end = kind + 1 < TW_NAME_KINDS ? index->words_at[kind + 1][0] : index->form_count;
		word->forms[kind] = (uint32_t)((uint64_t)forms * (end - index->words_at[kind][0]) / ((uint64_t)index->form_count + 1));
		word->forms[0] -= word->forms[kind];
	}
}

/* Where a text is, or will be. @return NULL: it is not there */
static struct tw_similar *find_text(const struct tw_similar_memo *memo, const char *text, uint32_t len, uint32_t *at)
{
	*at = (uint32_t)tw_hash64(text, len, 0) % SLOTS;
	for (; memo->slot[*at].generation == memo->generation; *at = (*at + 1) % SLOTS) {
		struct tw_similar *known = &memo->word[memo->slot[*at].word];
		if (known->term.len == len && memcmp(known->term.text, text, len) == 0) {
			return known;
		}
	}
	return NULL;
}

struct tw_similar *tw_similar_known(const struct tw_similar_memo *memo, struct tw_slice text)
{
	uint32_t at;
	return find_text(memo, text.ptr, text.len, &at);
}

struct tw_similar *tw_similar_word(struct tw_similar_memo *memo, const struct tw_name_term *term)
{
	uint32_t at;
	struct tw_similar *known = find_text(memo, term->text, term->len, &at);
	if (known) {
		return known;
	}
	struct tw_similar *word = &memo->word[memo->used];
	memo->slot[at] = (struct tw_similar_slot){memo->generation, memo->used++};
	*word = (struct tw_similar){.term = *term, .heaviest = TW_NAME_WEIGHT_MAX, .same = tw_name_index_find(memo->index, term)};
	tw_name_index_weigh(memo->index, &word->term, word->same);
	guess_forms(memo->index, word);
	return word;
}

/* Initials that a word begins with: one, for an initial is one letter. */
static bool meet_initial(struct tw_similar_memo *memo, struct tw_similar *word)
{
	struct tw_name_term initial =
	    tw_name_term_make(&(struct tw_name_form_token){.text = {word->term.text, 1}, .word = TW_WORD_INITIAL}, memo->index->domain);
	uint32_t place = word->term.len > 1 && initial.word == TW_WORD_INITIAL ? tw_name_index_find(memo->index, &initial) : UINT32_MAX;
	return place == UINT32_MAX || keep(memo, word, place, memo->index->rules->initial_ppm);
}

static bool meet_words(struct tw_similar_memo *memo, struct tw_similar *word)
{
	if (!word->term.fuzzy) {
		return word->same == UINT32_MAX || keep(memo, word, word->same, TW_PPM);
	}
	struct tw_near_walk walk;
	struct probe probe;
	if (tw_name_near_find(&memo->index->near, word->same, &walk)) {
		return meet_near(memo, word, walk);
	}
	memo->scanned++;
	probe.memo = memo;
	probe.word = word;
	probe.mask = tw_name_mask(&word->term);
	probe.letters = tw_jaro_pack(&word->term);
	probe.count = 0;
	probe.fits = true;
	memset(&probe.lanes, 0, sizeof(probe.lanes));
	tw_name_pattern_make(&probe.pattern, &word->term);
	tw_jaro_word_make(&probe.jaro, &probe.pattern);
	return scan_all(&probe);
}

bool tw_similar_meet(struct tw_similar_memo *memo, struct tw_similar *word)
{
	if (word->met) {
		return true;
	}
	word->first = memo->pool_used;
	word->count = 0;
	if (!meet_words(memo, word)) {
		return false;
	}
	word->words = word->count;
	if (!meet_initial(memo, word)) {
		return false;
	}
	describe(memo, word);
	word->met = true;
	memo->met++;
	memo->terms += word->count;
	return true;
}
