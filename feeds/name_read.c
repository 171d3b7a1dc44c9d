/**
 * @file name_read.c
 * Reading a form that is asked for: its tokens weighed, and what each of them gains at most and at least; see name_query.h.
 */
#include "feeds/name_query.h"

static void count_token(struct tw_name_query *query, const struct tw_name_term *term)
{
	bool plain = term->word == TW_WORD_PLAIN;
	query->words += plain;
	query->paired += plain || term->word == TW_WORD_INITIAL;
	query->initials |= term->word == TW_WORD_INITIAL;
	query->weight += term->weight;
}

/* @param memo NULL: the words are weighed alone. A word that it knows is not classed again */
static struct tw_name_term read_token(struct tw_name_query *query, struct tw_similar_memo *memo, const struct tw_name_form_token *token,
                                      uint32_t place)
{
	struct tw_similar *word = memo && token->word == TW_WORD_PLAIN ? tw_similar_known(memo, token->text) : NULL;
	struct tw_name_term term = word ? word->term : tw_name_term_make(token, query->index->domain);
	bool plain = term.word == TW_WORD_PLAIN;
	word = word || !plain || !memo ? word : tw_similar_word(memo, &term);
	if (word) {
		query->word[query->words] = (struct tw_query_word){.similar = word, .place = place};
		return word->term;
	}
	tw_name_index_weigh(query->index, &term, plain ? tw_name_index_find(query->index, &term) : UINT32_MAX);
	return term;
}

static void read_tokens(struct tw_name_query *query, struct tw_similar_memo *memo, const struct tw_name_form *form)
{
	query->count = form->count;
	query->words = 0;
	query->paired = 0;
	query->weight = 0;
	query->initials = false;
	for (uint32_t i = 0; i < form->count; i++) {
		struct tw_name_term term = read_token(query, memo, &form->token[i], i);
		tw_name_pattern_make(&query->pattern[i], &term);
		count_token(query, &term);
	}
}

int64_t tw_name_lightest(const struct tw_name_rules *rules)
{
	int64_t lightest = rules->initial_weight < TW_NAME_WEIGHT_MIN ? rules->initial_weight : TW_NAME_WEIGHT_MIN;
	return rules->minor_weight_max < lightest ? rules->minor_weight_max : lightest;
}

int64_t tw_name_cost_alone(const struct tw_name_query *query, int64_t weight)
{
	return query->threshold * query->index->rules->extra_query_ppm / TW_PPM * weight;
}

/* What a word gains that an initial of the list begins, or loses. */
static int64_t gain_begun(const struct tw_name_query *query, int64_t weight)
{
	const struct tw_name_rules *rules = query->index->rules;
	int64_t lesser = weight < rules->initial_weight ? weight : rules->initial_weight;
	return (rules->initial_ppm - query->threshold) * 2 * lesser;
}

/* What a word gains less than its best where the other lacks letters of it. A gain below nothing is the less the lighter the other is. */
static void weigh_letters(const struct tw_name_query *query, struct tw_query_word *word)
{
	const struct tw_name_term *term = &word->similar->term;
	int64_t lightest = tw_name_lightest(query->index->rules), weight = term->weight;
	lightest = weight < lightest ? weight : lightest;
	for (uint32_t lacking = 0; lacking <= TW_LACKING_MAX; lacking++) {
		int64_t ppm = term->fuzzy ? query->index->alike[term->len][lacking] : lacking ? 0 : TW_PPM;
		int64_t gain = (ppm - query->threshold) * 2 * (ppm < query->threshold ? lightest : weight);
		word->cost[lacking] = ppm && gain > word->least[0] ? word->best - gain : word->best - word->least[0];
	}
}

/* @return what the best term that a word meets gives it */
static int64_t most_gained(const struct tw_name_query *query, const struct tw_similar_memo *memo, const struct tw_similar *similar)
{
	int64_t most = INT64_MIN;
	for (uint32_t i = 0; i < similar->count; i++) {
		int64_t gain = tw_similar_gain(similar, memo->pool[similar->first + i], query->threshold);
		most = gain > most ? gain : most;
	}
	return most;
}

int64_t tw_name_query_settle(const struct tw_name_query *query, const struct tw_similar_memo *memo, struct tw_query_word *word)
{
	struct tw_similar *similar = word->similar;
	if (!similar->met) {
		return 0;
	}
	if (similar->threshold != query->threshold) {
		similar->gain = most_gained(query, memo, similar);
		similar->threshold = query->threshold;
	}
	int64_t best = similar->gain > word->least[1] ? similar->gain : word->least[1], less = word->best - best;
	if (less <= 0) {
		return 0;
	}
	for (uint32_t lacking = 0; lacking <= TW_LACKING_MAX; lacking++) {
		word->cost[lacking] = word->cost[lacking] > less ? word->cost[lacking] - less : 0;
	}
	word->best = best;
	return less;
}

static void weigh_words(struct tw_name_query *query, const struct tw_similar_memo *memo)
{
	query->least = 0;
	for (uint32_t i = 0; i < query->words; i++) {
		struct tw_query_word *word = &query->word[i];
		int64_t weight = word->similar->term.weight, begun = gain_begun(query, weight);
		word->best = 2 * (TW_PPM - query->threshold) * weight;
		word->least[0] = -tw_name_cost_alone(query, weight);
		word->least[1] = begun > word->least[0] ? begun : word->least[0];
		word->mask = tw_name_mask(&word->similar->term);
		weigh_letters(query, word);
		query->least += word->least[0];
		tw_name_query_settle(query, memo, word);
	}
}

int64_t tw_name_gain_beginning(const struct tw_name_query *query, int64_t weight)
{
	int64_t spread = query->index->rules->initial_ppm - query->threshold, lightest = tw_name_lightest(query->index->rules);
	int64_t gain = spread * 2 * (spread > 0 || weight < lightest ? weight : lightest), alone = -tw_name_cost_alone(query, weight);
	return gain > alone ? gain : alone;
}

/* A stop word or a company form finds its equal, an initial of the query its equal or a word. */
static void weigh_others(struct tw_name_query *query)
{
	query->others[0] = query->others[1] = 0;
	for (uint32_t i = 0; i < query->count; i++) {
		int64_t weight = query->pattern[i].term.weight, equal = 2 * weight * (TW_PPM - query->threshold);
		if (query->pattern[i].term.word != TW_WORD_PLAIN) {
			query->others[0] += query->pattern[i].term.word == TW_WORD_INITIAL ? tw_name_gain_beginning(query, weight) : equal;
			query->others[1] += equal;
		}
	}
}

void tw_name_query_read(struct tw_name_query *query, struct tw_similar_memo *memo, const struct tw_name_form *form)
{
	read_tokens(query, memo, form);
	query->partners = NULL;
	if (memo) {
		weigh_words(query, memo);
		weigh_others(query);
	}
}
