/**
 * @file name_search.c
 * Asking the index of one domain: which words' postings hold every hit, and how many words a hit has. See name_index.h for why nothing is missed,
 * name_candidates.h for what is done with the postings.
 */
#include <stdlib.h>

#include "feeds/name_candidates.h"
#include "feeds/name_detail.h"

struct tw_name_memo *tw_name_memo_new(const struct tw_name_index *index)
{
	struct tw_name_memo *memo = calloc(1, sizeof(*memo));
	if (!memo) {
		return NULL;
	}
	memo->index = index;
	if (!tw_similar_init(&memo->similar, index) || !tw_name_candidates_init(memo)) {
		tw_name_memo_free(memo);
		return NULL;
	}
	return memo;
}

void tw_name_memo_free(struct tw_name_memo *memo)
{
	if (memo) {
		tw_similar_fini(&memo->similar);
		tw_name_candidates_fini(memo);
		free(memo);
	}
}

void tw_name_memo_forget(struct tw_name_memo *memo)
{
	tw_similar_forget(&memo->similar);
	tw_name_holders_forget(&memo->holders, &memo->similar);
	tw_name_united_forget(&memo->united);
}

/* ---- how many words a hit has ---- */

static uint32_t words_of(const struct tw_name_query *query, int64_t *weight)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < query->count; i++) {
		uint32_t word = query->pattern[i].term.word;
		if (word == TW_WORD_PLAIN || word == TW_WORD_INITIAL) {
			weight[count++] = query->pattern[i].term.weight;
		}
	}
	return count;
}

static int heavier(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x < *y) - (*x > *y);
}

/*
 * Words and initials meet these alone. A form of k of them leaves all but k of the query's without partner, at best the lightest ones, and each
 * that it has more than the query costs as much as the lightest word of any name.
 */
static void find_ranges(const struct tw_name_query *query, struct tw_name_range *ranges)
{
	const struct tw_name_rules *rules = query->index->rules;
	int64_t weight[TW_NAME_TOKENS_MAX], paired = 0, all = 0, one = query->threshold, gain = 2 * (TW_PPM - query->threshold);
	uint32_t count = words_of(query, weight), least = 0, most = TW_NAME_TOKENS_MAX;
	qsort(weight, count, sizeof(*weight), heavier);
	for (uint32_t i = 0; i < count; i++) {
		all += weight[i];
	}
	for (; least < count && gain * (paired + query->weight - all) - tw_name_cost_alone(query, all - paired) < -one; least++) {
		paired += weight[least];
	}
	int64_t each = query->threshold * rules->extra_listed_ppm / TW_PPM * tw_name_lightest(rules);
	if (each > 0 && (gain * query->weight + one) / each < TW_NAME_TOKENS_MAX - count) {
		most = count + (uint32_t)((gain * query->weight + one) / each);
	}
	for (uint32_t kind = 0; kind < TW_NAME_KINDS; kind++) {
		ranges[kind] = (struct tw_name_range){query->index->words_at[kind][least], query->index->words_at[kind][most + 1]};
	}
}

/* ---- which words' postings hold every hit ---- */

/* What a word costs to enter by. */
static uint32_t price(const struct tw_query_word *word, enum tw_name_kind kind)
{
	return word->similar->forms[kind] + (word->similar->met ? 0 : TW_NAME_LOOK_UP);
}

static void order_words(const struct tw_name_query *query, enum tw_name_kind kind, uint8_t *order)
{
	for (uint32_t word = 0; word < query->words; word++) {
		uint32_t at = word;
		for (; at && price(&query->word[order[at - 1]], kind) > price(&query->word[word], kind); at--) {
			order[at] = order[at - 1];
		}
		order[at] = (uint8_t)word;
	}
}

/* How many words, from the first, a hit cannot all miss: the inequality of name_index.h with all weights on one side, and of each word what its
 * best partner gives, and least what none but an initial does, of which there are as many as the kind says. All, where it can miss any: without one
 * word there is no hit. None where there is no hit. */
static uint32_t words_needed(const struct tw_name_query *query, enum tw_name_kind kind, const uint8_t *order)
{
	int64_t most = query->threshold + query->others[kind != TW_KIND_WORDS], missed = 0, begun = 0;
	for (uint32_t i = 0; i < query->words; i++) {
		most += query->word[i].best;
	}
	if (most < 0) {
		return 0;
	}
	for (uint32_t i = 0; i < query->words; i++) {
		const struct tw_query_word *word = &query->word[order[i]];
		int64_t by_initial = kind == TW_KIND_INITIAL ? word->least[1] - word->least[0] : 0;
		missed += word->best - word->least[kind == TW_KIND_INITIALS];
		begun = by_initial > begun ? by_initial : begun;
		if (missed - begun > most) {
			return i + 1;
		}
	}
	return query->words;
}

/* Words are looked up one at a time: what one of them meets may show that another is the better way.
 * @param kinds by word: a bit is set where forms of this kind are behind it
 * @return false without memory */
static bool plan(struct tw_name_query *query, enum tw_name_kind kind, struct tw_similar_memo *memo, uint8_t *kinds)
{
	uint8_t order[TW_NAME_TOKENS_MAX] = {0};
	for (;;) {
		uint32_t known = 0;
		order_words(query, kind, order);
		uint32_t count = words_needed(query, kind, order);
		while (known < count && query->word[order[known]].similar->met) {
			known++;
		}
		if (known == count) {
			for (uint32_t i = 0; i < count; i++) {
				kinds[order[i]] |= (uint8_t)(1U << kind);
			}
			return true;
		}
		if (!tw_similar_meet(memo, query->word[order[known]].similar)) {
			return false;
		}
		tw_name_query_settle(query, memo, &query->word[order[known]]);
	}
}

/* ---- searching ---- */

static void begin(struct tw_name_memo *memo)
{
	if (tw_similar_is_full(&memo->similar)) {
		tw_name_memo_forget(memo);
	} else if (tw_name_holders_are_full(&memo->holders)) {
		tw_name_holders_forget(&memo->holders, &memo->similar);
	}
	if (++memo->query == 0) {
		memset(memo->seen, 0, memo->index->form_count);
		memo->query = 1;
	}
}

bool tw_name_index_search(const struct tw_name_index *index, struct tw_name_memo *memo, const struct tw_name_form *form, int32_t threshold_ppm,
                          struct tw_name_listener listener)
{
	struct tw_name_query query;
	struct tw_name_range ranges[TW_NAME_KINDS];
	uint8_t kinds[TW_NAME_TOKENS_MAX] = {0};
	bool fits = true;
	query.index = index;
	query.work = &memo->work;
	memo->work.searches++;
	query.listener = listener;
	query.threshold = threshold_ppm;
	begin(memo);
	tw_name_query_read(&query, &memo->similar, form);
	find_ranges(&query, ranges);
	for (uint32_t kind = 0; fits && kind < TW_NAME_KINDS; kind++) {
		fits = ranges[kind].from >= ranges[kind].to || plan(&query, (enum tw_name_kind)kind, &memo->similar, kinds);
	}
	for (uint32_t word = 0; fits && word < query.words; word++) {
		fits = !kinds[word] || tw_name_candidates_visit(&query, memo, ranges, word, kinds[word]);
	}
	tw_name_candidates_finish(&query, memo);
	return fits;
}

/* Nothing known of the words: what the index is tested against. */
static void compare_all_words(const struct tw_name_query *query, uint32_t form)
{
	const struct tw_name_index *index = query->index;
	const struct tw_name_term *listed[TW_NAME_TOKENS_MAX];
	uint32_t count;
	const uint32_t *term = tw_name_index_form(index, form, &count);
	for (uint32_t at = 0; at < count; at++) {
		listed[at] = &index->vocabulary[term[at]];
	}
	struct tw_name_agreement agreement = tw_name_compare(query->pattern, query->count, listed, count, index->rules);
	if (agreement.ppm >= query->threshold) {
		query->listener.hit(query->listener.context, index->form_name[form], agreement);
	}
}

void tw_name_index_search_all(const struct tw_name_index *index, const struct tw_name_form *form, int32_t threshold_ppm,
                              struct tw_name_listener listener)
{
	struct tw_name_query query;
	query.index = index;
	query.work = NULL;
	query.listener = listener;
	query.threshold = threshold_ppm;
	tw_name_query_read(&query, NULL, form);
	for (uint32_t at = 0; query.words && at < index->form_count; at++) {
		compare_all_words(&query, at);
	}
}

struct tw_name_agreement tw_name_index_equal(const struct tw_name_index *index, const struct tw_name_form *form)
{
	struct tw_name_agreement equal = {TW_PPM, 0, 0};
	for (uint32_t i = 0; i < form->count; i++) {
		struct tw_name_term term = tw_name_term_make(&form->token[i], index->domain);
		if (term.word == TW_WORD_PLAIN) {
			tw_name_index_weigh(index, &term, tw_name_index_find(index, &term));
			equal.weight += term.weight;
			equal.says += tw_name_information((struct tw_slice){term.text, term.len}) * term.weight / TW_NAME_WEIGHT_MAX;
		}
	}
	return equal;
}
