/**
 * @file name_query.c
 * One form: what its words are to the query's, by the table of partners, or else by their letters and then by comparing those that may meet; then
 * the alignment. See name_query.h. Each step refuses most of what comes to it.
 */
#include "feeds/name_query.h"

#include "feeds/name_sieve.h"

/* The listed form, and which of its places may meet which word. */
struct listed {
	const uint32_t *term;
	uint32_t count;
	bool initials;
	uint64_t all;                        /* its places */
	uint64_t odd;                        /* places of what is not of letters alone: numbers, initials, stop words, company forms */
	uint64_t likely[TW_NAME_TOKENS_MAX]; /* by word */
	const struct tw_partner *partner[TW_NAME_TOKENS_MAX]; /* of the table, where there is one */
	const struct tw_name_term *token[TW_NAME_TOKENS_MAX];
	int32_t similarity[TW_NAME_TOKENS_MAX][TW_NAME_TOKENS_MAX]; /* by the query's token and the listed one */
};

/* Places of a word that may meet, by their letters. @param mask by place; TW_SIEVE_LANES at a time can be read */
static uint64_t likely(const struct tw_name_query *query, const struct tw_query_word *word, const uint32_t *mask, uint32_t count)
{
	const int32_t *spare = query->index->spare[word->similar->term.len];
	uint64_t places = 0;
	for (uint32_t at = 0; at < count; at += TW_SIEVE_LANES) {
		places |= (uint64_t)tw_name_sieve_masks(query->index->scan, mask + at, word->mask, spare) << at;
	}
	return places;
}

/* Places of words that an initial of the query may begin. */
static uint64_t begun(const struct tw_name_query *query, const uint32_t *mask, uint32_t count)
{
	uint32_t letters = 0;
	uint64_t places = 0;
	for (uint32_t i = 0; i < query->count; i++) {
		letters |= query->pattern[i].term.word == TW_WORD_INITIAL ? tw_name_mask(&query->pattern[i].term) : 0;
	}
	for (uint32_t at = 0; at < count; at++) {
		places |= (uint64_t)((mask[at] & letters) != 0) << at;
	}
	return places;
}

/* Could the form agree, by the letters of its words? */
static bool may_agree(const struct tw_name_query *query, struct listed *listed)
{
	const struct tw_name_index *index = query->index;
	int64_t gain = query->others[listed->initials];
	uint32_t mask[TW_NAME_TOKENS_MAX];
	uint64_t met = 0;
	for (uint32_t at = 0; at < listed->count; at++) {
		mask[at] = index->masks[listed->term[at]];
	}
	for (uint32_t i = 0; i < query->words; i++) {
		const struct tw_query_word *word = &query->word[i];
		bool fuzzy = word->similar->term.fuzzy;
		listed->likely[i] = fuzzy ? likely(query, word, mask, listed->count) & listed->all & ~listed->odd : 0;
		met |= listed->likely[i];
		gain += (fuzzy ? listed->likely[i] : listed->odd) ? word->best : word->least[listed->initials];
	}
	met |= query->initials ? begun(query, mask, listed->count) : 0;
	for (uint64_t alone = listed->all & ~(met | listed->odd); alone; alone &= alone - 1) {
		uint32_t term = listed->term[__builtin_ctzll(alone)];
		gain -= query->threshold * index->rules->extra_listed_ppm / TW_PPM * tw_name_left_out(index->rules, index->head[term].weight);
	}
	return gain >= -query->threshold;
}

/* The same where it is known what the words meet, were each listed term to meet the word that gains most. What a term weighs that meets none is asked
 * of the index's memory at last. */
static bool partners_agree(const struct tw_name_query *query, struct listed *listed)
{
	const struct tw_name_index *index = query->index;
	int64_t gain = query->others[listed->initials] + query->least + query->threshold;
	uint64_t alone = 0;
	for (uint32_t at = 0; at < listed->count; at++) {
		const struct tw_partner *partner = listed->partner[at] = tw_partners_find(query->partners, listed->term[at]);
		gain += partner ? partner->gain : 0;
		alone |= (uint64_t)(!partner && listed->term[at] < index->fuzzy_count) << at;
	}
	const int64_t each = query->initials ? 0 : query->threshold * index->rules->extra_listed_ppm / TW_PPM;
	if (gain < each * tw_name_lightest(index->rules) * tw_name_bits(alone)) {
		return false;
	}
	for (; each && alone && gain >= 0; alone &= alone - 1) {
		gain -= each * tw_name_left_out(index->rules, index->head[listed->term[__builtin_ctzll(alone)]].weight);
	}
	return gain >= 0;
}

static void meet(const struct tw_name_query *query, struct listed *listed, uint32_t token, uint64_t places)
{
	for (; places; places &= places - 1) {
		uint32_t at = (uint32_t)__builtin_ctzll(places);
		listed->similarity[token][at] = tw_name_term_similarity(&query->pattern[token], listed->token[at], query->index->rules);
	}
}

/* What the words meet, from the table: all of it is there. */
static void meet_partners(const struct tw_name_query *query, struct listed *listed)
{
	const struct tw_partner_pair *pair = query->partners->pair;
	for (uint32_t at = 0; at < listed->count; at++) {
		for (uint32_t i = listed->partner[at] ? listed->partner[at]->pair : TW_PARTNERS_END; i != TW_PARTNERS_END; i = pair[i].next) {
			listed->similarity[query->word[pair[i].word].place][at] = pair[i].ppm;
		}
	}
}

/* Every pair that meets. */
static void meet_all(const struct tw_name_query *query, struct listed *listed)
{
	for (uint32_t at = 0; at < listed->count; at++) {
		listed->token[at] = &query->index->vocabulary[listed->term[at]];
		__builtin_prefetch(listed->token[at]);
	}
	for (uint32_t token = 0; token < query->count; token++) {
		uint32_t word = query->pattern[token].term.word;
		memset(listed->similarity[token], 0, listed->count * sizeof(listed->similarity[token][0]));
		meet(query, listed, token, word == TW_WORD_INITIAL ? listed->all : word == TW_WORD_PLAIN ? 0 : listed->odd);
	}
	if (query->partners) {
		meet_partners(query, listed);
		return;
	}
	for (uint32_t i = 0; i < query->words; i++) {
		meet(query, listed, query->word[i].place, listed->odd | listed->likely[i]);
	}
}

/* The most that each token gains, were no partner taken by another. */
static bool can_agree(const struct tw_name_query *query, const struct listed *listed)
{
	const struct tw_name_rules *rules = query->index->rules;
	int64_t gain = 0;
	uint64_t met = 0;
	for (uint32_t token = 0; token < query->count; token++) {
		int64_t weight = query->pattern[token].term.weight, most = -(query->threshold * rules->extra_query_ppm / TW_PPM * weight);
		for (uint32_t at = 0; at < listed->count; at++) {
			int64_t ppm = listed->similarity[token][at], other = query->index->head[listed->term[at]].weight;
			int64_t gained = (ppm - query->threshold) * 2 * (weight < other ? weight : other);
			most = ppm && gained > most ? gained : most;
			met |= (uint64_t)(ppm != 0) << at;
		}
		gain += most;
	}
	for (uint32_t at = 0; at < listed->count; at++) {
		gain -= met >> at & 1 ? 0
		                      : query->threshold * rules->extra_listed_ppm / TW_PPM *
		                            tw_name_left_out(rules, query->index->head[listed->term[at]].weight);
	}
	return gain >= -query->threshold;
}

void tw_name_query_visit(const struct tw_name_query *query, struct tw_listed_form form)
{
	const struct tw_name_index *index = query->index;
	struct listed listed;
	listed.term = form.term;
	listed.count = form.count;
	listed.all = listed.count < TW_NAME_TOKENS_MAX ? (UINT64_C(1) << listed.count) - 1 : UINT64_MAX;
	listed.initials = form.form >= index->words_at[TW_KIND_INITIAL][0];
	listed.odd = 0;
	for (uint32_t at = 0; at < listed.count; at++) {
		listed.odd |= (uint64_t)(listed.term[at] >= index->fuzzy_count) << at;
	}
	if (query->partners ? !partners_agree(query, &listed) : !may_agree(query, &listed)) {
		return;
	}
	meet_all(query, &listed);
	query->work->compared++;
	if (!can_agree(query, &listed)) {
		return;
	}
	struct tw_name_agreement agreement =
	    tw_name_compare_given(query->pattern, query->count, listed.token, listed.count, listed.similarity, index->rules);
	if (agreement.ppm >= query->threshold) {
		query->work->hits++;
		query->listener.hit(query->listener.context, index->form_name[form.form], agreement);
	}
}
