/**
 * @file name_search.c
 * Asking the index of one domain; see name_index.h for why nothing is missed.
 */
#include <stdlib.h>

#include "feeds/name_similar.h"

#define PLANES_MAX   3
#define SPARED_MAX   ((1U << PLANES_MAX) - 1)
#define COUNTED_MAX  8   /* counting a form costs about a sixteenth of looking at it: at most half of what is saved */
#define FEW_POSTINGS 32  /* forms that are looked at in less time than counting takes to plan */
#define BATCH        64U /* candidates looked at together, so that they come from memory side by side */

struct tw_name_memo {
	const struct tw_name_index *index;
	struct tw_similar_memo similar;
	uint32_t *seen; /* by form: the query that compared it last */
	uint32_t query;
	uint64_t *counts;  /* PLANES_MAX words for 64 forms: the bits of how many of the query's words each holds. Zero between queries */
	struct mark *mark; /* by term: the query's words that are similar to it */
	uint64_t *marked;  /* a bit a term: it has a mark. Zero between queries, and small enough for the nearest cache */
};

struct mark {
	uint64_t words;
	int32_t ppm;  /* of the one word; of several it is not known here */
	int32_t gain; /* see gain_of; of several words the largest */
};

static size_t counts_size(const struct tw_name_index *index)
{
	return ((size_t)index->form_count / 64 + 1) * PLANES_MAX;
}

struct tw_name_memo *tw_name_memo_new(const struct tw_name_index *index)
{
	struct tw_name_memo *memo = calloc(1, sizeof(*memo));
	if (!memo) {
		return NULL;
	}
	memo->index = index;
	memo->seen = calloc((size_t)index->form_count + 1, sizeof(*memo->seen));
	memo->mark = calloc((size_t)index->term_count + 1, sizeof(*memo->mark));
	memo->marked = calloc((size_t)index->term_count / 64 + 1, sizeof(*memo->marked));
	memo->counts = calloc(counts_size(index), sizeof(*memo->counts));
	if (!tw_similar_init(&memo->similar, index) || !memo->counts || !memo->marked || !memo->seen || !memo->mark) {
		tw_name_memo_free(memo);
		return NULL;
	}
	return memo;
}

void tw_name_memo_free(struct tw_name_memo *memo)
{
	if (memo) {
		tw_similar_fini(&memo->similar);
		free(memo->seen);
		free(memo->mark);
		free(memo->marked);
		free(memo->counts);
		free(memo);
	}
}

void tw_name_memo_forget(struct tw_name_memo *memo)
{
	tw_similar_forget(&memo->similar);
}

/* ---- one query ---- */

struct query {
	const struct tw_name_index *index;
	struct tw_name_memo *memo;
	struct tw_name_listener listener;
	int64_t threshold;
	struct tw_name_pattern pattern[TW_NAME_TOKENS_MAX];
	uint32_t count;
	const struct tw_similar *word[TW_NAME_TOKENS_MAX]; /* plain words alone, by place */
	uint32_t place[TW_NAME_TOKENS_MAX];                /* of the plain words in `pattern` */
	uint32_t words;
	int64_t weight; /* of all tokens */
	bool initials;
	int64_t least[2][TW_NAME_TOKENS_MAX], floor[2]; /* see lay_floor; by whether the form has initials */
	uint32_t planes;                                /* see count_form */
	uint32_t batch[BATCH], batched;
};

/* @param memo NULL: the words are weighed, and what they meet is not looked up. @return false when there is no memory */
static bool read_form(struct query *query, struct tw_name_memo *memo, const struct tw_name_form *form)
{
	for (uint32_t i = 0; i < form->count; i++) {
		struct tw_name_term term = tw_name_term_make(&form->token[i], query->index->domain);
		if (term.word != TW_WORD_PLAIN) {
			tw_name_index_weigh(query->index, &term, UINT32_MAX);
		} else if (!memo) {
			tw_name_index_weigh(query->index, &term, tw_name_index_find(query->index, &term));
		} else if ((query->word[query->words] = tw_similar_find(&memo->similar, &term))) {
			term = query->word[query->words]->term;
		} else {
			return false;
		}
		tw_name_pattern_make(&query->pattern[i], &term);
		query->weight += term.weight;
		query->initials |= term.word == TW_WORD_INITIAL;
		if (term.word == TW_WORD_PLAIN) {
			query->place[query->words++] = i;
		}
	}
	query->count = form->count;
	return true;
}

static int64_t weight_of(const struct query *query, uint32_t word)
{
	return query->pattern[query->place[word]].term.weight;
}

/* What it costs at least, in ppm of weight at the threshold, that a word of the query has no word for a partner. */
static int64_t cost_of(const struct query *query, uint32_t word, bool initials)
{
	int64_t weight = weight_of(query, word), alone = query->threshold * query->index->rules->extra_query_ppm / TW_PPM * weight;
	int64_t lesser = weight < query->index->rules->initial_weight ? weight : query->index->rules->initial_weight;
	int64_t begun = (query->threshold - query->index->rules->initial_ppm) * 2 * lesser;
	begun = begun > 0 ? begun : 0;
	return initials && begun < alone ? begun : alone;
}

static void visit(struct query *query, uint32_t form);

static void visit_batch(struct query *query)
{
	const struct tw_name_index *index = query->index;
	for (uint32_t i = 0; i < query->batched; i++) {
		__builtin_prefetch(&index->form_term[index->form_first[query->batch[i]]]);
	}
	for (uint32_t i = 0; i < query->batched; i++) {
		visit(query, query->batch[i]);
	}
	query->batched = 0;
}

static void offer(struct query *query, uint32_t form)
{
	__builtin_prefetch(&query->index->form_first[form]);
	query->batch[query->batched++] = form;
	if (query->batched == BATCH) {
		visit_batch(query);
	}
}

/* One way into the postings: all forms, or those with an initial. */
struct entrance {
	const uint32_t *first, *posting;
	bool initials;
};

static uint32_t forms_of(const struct query *query, const struct entrance *entrance, uint32_t word)
{
	return entrance->initials ? query->word[word]->initialled : query->word[word]->forms;
}

static inline void for_forms(struct query *query, const struct entrance *entrance, uint32_t word, void (*each)(struct query *, uint32_t form))
{
	const struct tw_similar *met = query->word[word];
	for (uint32_t i = 0; i < met->count; i++) {
		uint32_t term = query->memo->similar.pool[met->first + i].term;
		for (uint32_t p = entrance->first[term]; p < entrance->first[term + 1]; p++) {
			each(query, entrance->posting[p]);
		}
	}
}

static uint64_t *counts_of(const struct query *query, uint32_t form)
{
	return &query->memo->counts[(size_t)(form / 64) * PLANES_MAX];
}

/* The form holds one word more. It is offered when its count runs over the planes. */
static void count_form(struct query *query, uint32_t form)
{
	uint64_t *plane = counts_of(query, form), carry = UINT64_C(1) << form % 64;
	for (uint32_t i = 0; carry && i < query->planes; i++) {
		uint64_t before = plane[i];
		plane[i] = before ^ carry;
		carry &= before;
	}
	if (carry) {
		offer(query, form);
	}
}

static void clear_form(struct query *query, uint32_t form)
{
	memset(counts_of(query, form), 0, PLANES_MAX * sizeof(uint64_t));
}

/* Words with the fewest forms first. */
static void order_words(const struct query *query, const struct entrance *entrance, uint32_t *order)
{
	for (uint32_t word = 0; word < query->words; word++) {
		uint32_t at = word;
		for (; at && forms_of(query, entrance, order[at - 1]) > forms_of(query, entrance, word); at--) {
			order[at] = order[at - 1];
		}
		order[at] = word;
	}
}

/* The largest values so far, the largest first. */
struct largest {
	int64_t value[SPARED_MAX], sum;
	uint32_t room;
};

static void put_largest(struct largest *largest, int64_t value)
{
	uint32_t at = largest->room;
	if (!at || value <= largest->value[at - 1]) {
		return;
	}
	largest->sum += value - largest->value[at - 1];
	for (at--; at && largest->value[at - 1] < value; at--) {
		largest->value[at] = largest->value[at - 1];
	}
	largest->value[at] = value;
}

/* Where to look: the forms that hold 2^planes or more of the first words. */
struct plan {
	uint32_t order[TW_NAME_TOKENS_MAX];
	int64_t adds[TW_NAME_TOKENS_MAX]; /* what each of them adds when it is missed: its cost, and its weight's share */
	uint32_t words, planes;
	uint64_t postings; /* of those words */
};

/* How many words, from the first, are such that a hit holds more than `spared` of them, whichever; 0: not even all. The inequality of
 * tw_name_affordable with all of the words' weights on one side. */
static uint32_t words_needed(const struct query *query, const struct plan *plan, uint32_t spared)
{
	int64_t most = 2 * (TW_PPM - query->threshold) * query->weight + query->threshold, missed = 0;
	struct largest met = {.room = spared};
	for (uint32_t i = 0; i < query->words; i++) {
		missed += plan->adds[i];
		put_largest(&met, plan->adds[i]);
		if (missed - met.sum > most) {
			return i + 1;
		}
	}
	return 0;
}

static uint64_t postings_of(const struct query *query, const struct entrance *entrance, const struct plan *plan, uint32_t words)
{
	uint64_t postings = 0;
	for (uint32_t i = 0; i < words; i++) {
		postings += forms_of(query, entrance, plan->order[i]);
	}
	return postings;
}

/* All words, where no set of them suffices. The more words a hit must hold, the fewer forms are looked at and the more are counted. */
static void plan_visit(const struct query *query, const struct entrance *entrance, struct plan *plan)
{
	order_words(query, entrance, plan->order);
	for (uint32_t i = 0; i < query->words; i++) {
		uint32_t word = plan->order[i];
		plan->adds[i] = cost_of(query, word, entrance->initials) + 2 * (TW_PPM - query->threshold) * weight_of(query, word);
	}
	uint32_t words = words_needed(query, plan, 0);
	plan->words = words ? words : query->words;
	plan->planes = 0;
	plan->postings = postings_of(query, entrance, plan, plan->words);
	if (plan->postings <= FEW_POSTINGS) {
		return;
	}
	uint64_t most = plan->postings * COUNTED_MAX;
	for (uint32_t planes = 1; planes <= PLANES_MAX && (words = words_needed(query, plan, (1U << planes) - 1)); planes++) {
		uint64_t postings = postings_of(query, entrance, plan, words);
		if (postings > most) {
			return;
		}
		plan->words = words;
		plan->planes = planes;
		plan->postings = postings;
	}
}

static void clear_counts(struct query *query, const struct entrance *entrance, const struct plan *plan)
{
	size_t words = counts_size(query->index);
	if (plan->postings > words) {
		memset(query->memo->counts, 0, words * sizeof(uint64_t));
		return;
	}
	for (uint32_t i = 0; i < plan->words; i++) {
		for_forms(query, entrance, plan->order[i], clear_form);
	}
}

/* Does any word meet a form? Few names have initials. */
static bool is_worth(const struct query *query, const struct entrance *entrance)
{
	uint32_t forms = 0;
	for (uint32_t word = 0; word < query->words; word++) {
		forms |= forms_of(query, entrance, word);
	}
	return forms != 0;
}

/* Forms with initials are complete behind the second entrance alone, the others behind the first. */
static void visit_candidates(struct query *query, const struct entrance *entrance)
{
	struct plan plan;
	plan.order[0] = 0;
	if (!is_worth(query, entrance)) {
		return;
	}
	plan_visit(query, entrance, &plan);
	query->planes = plan.planes;
	for (uint32_t i = 0; i < plan.words; i++) {
		for_forms(query, entrance, plan.order[i], count_form);
	}
	visit_batch(query);
	if (plan.planes) {
		clear_counts(query, entrance, &plan);
	}
}

static bool is_marked(const struct tw_name_memo *memo, uint32_t term)
{
	return memo->marked[term / 64] >> term % 64 & 1;
}

/*
 * A hit's pairs gain at least what its words without partner cost, all but one unit of slack:
 *     sum of (similarity - T) * p over pairs  >=  T * (extra weights of both sides) - T
 * A word of the query gains what its best partner gives or costs what it costs alone; a listed word that meets none costs its part.
 */
static int64_t gain_of(const struct query *query, uint32_t word, struct tw_similar_term met)
{
	int64_t weight = weight_of(query, word), own = query->index->weight[met.term];
	return (met.ppm - query->threshold) * 2 * (weight < own ? weight : own);
}

/* What each word gains at least in any form, and all tokens together; what is not a word finds its equal. */
static void lay_floor(struct query *query)
{
	const struct tw_name_rules *rules = query->index->rules;
	int64_t others = query->weight;
	for (uint32_t word = 0; word < query->words; word++) {
		others -= weight_of(query, word);
	}
	for (uint32_t initials = 0; initials < 2; initials++) {
		query->floor[initials] = 2 * (TW_PPM - query->threshold) * others;
		for (uint32_t word = 0; word < query->words; word++) {
			int64_t weight = weight_of(query, word), least = -(query->threshold * rules->extra_query_ppm / TW_PPM * weight);
			int64_t lesser = weight < rules->initial_weight ? weight : rules->initial_weight;
			int64_t begun = (rules->initial_ppm - query->threshold) * 2 * lesser;
			query->least[initials][word] = initials && begun > least ? begun : least;
			query->floor[initials] += query->least[initials][word];
		}
	}
}

/* What the words of a mark gain above their least, each by its best partner. */
static int64_t rise(const struct mark *mark, const int64_t *least, uint64_t *met, int64_t *best)
{
	int64_t sum = 0;
	for (uint64_t words = mark->words; words; words &= words - 1) {
		uint32_t word = (uint32_t)__builtin_ctzll(words);
		int64_t above = mark->gain - least[word], before = *met >> word & 1 ? best[word] : 0;
		if (above > before) {
			sum += above - before;
			best[word] = above;
			*met |= UINT64_C(1) << word;
		}
	}
	return sum;
}

/* An initial, a stop word or a company form of the list may meet without a mark, and any word an initial of the query. */
static bool may_agree(const struct query *query, uint32_t form)
{
	const struct tw_name_index *index = query->index;
	const struct tw_name_rules *rules = index->rules;
	uint32_t initials = index->form_initials[form / 64] >> form % 64 & 1;
	int64_t best[TW_NAME_TOKENS_MAX], sum = query->floor[initials], alone = 0;
	uint64_t met = 0;
	for (uint32_t i = index->form_first[form]; i < index->form_first[form + 1]; i++) {
		uint32_t term = index->form_term[i];
		if (is_marked(query->memo, term)) {
			sum += rise(&query->memo->mark[term], query->least[initials], &met, best);
		} else if (index->weight[term] > rules->initial_weight) {
			alone += index->weight[term];
		}
	}
	sum -= query->initials ? 0 : query->threshold * rules->extra_listed_ppm / TW_PPM * alone;
	return sum >= -query->threshold;
}

static int32_t similarity_of(const struct query *query, uint32_t token, const uint8_t *word_at, uint32_t term)
{
	const struct tw_name_index *index = query->index;
	const struct tw_name_term *listed = &index->vocabulary[term];
	if (word_at[token] < query->words && listed->word == TW_WORD_PLAIN) {
		const struct mark *mark = &query->memo->mark[term];
		if (!is_marked(query->memo, term) || !(mark->words >> word_at[token] & 1)) {
			return 0;
		}
		if (!(mark->words & (mark->words - 1))) {
			return mark->ppm;
		}
	}
	return tw_name_term_similarity(&query->pattern[token], listed, index->rules);
}

static void tell(const struct query *query, uint32_t form, struct tw_name_agreement agreement)
{
	if (agreement.ppm >= query->threshold) {
		query->listener.hit(query->listener.context, query->index->form_name[form], agreement);
	}
}

static void compare(const struct query *query, uint32_t form)
{
	const struct tw_name_index *index = query->index;
	const struct tw_name_term *listed[TW_NAME_TOKENS_MAX];
	int32_t similarity[TW_NAME_TOKENS_MAX][TW_NAME_TOKENS_MAX];
	uint8_t word_at[TW_NAME_TOKENS_MAX]; /* by token: which of the words it is, or none of them */
	uint32_t from = index->form_first[form], count = index->form_first[form + 1] - from;
	memset(word_at, UINT8_MAX, query->count);
	for (uint32_t word = 0; word < query->words; word++) {
		word_at[query->place[word]] = (uint8_t)word;
	}
	for (uint32_t at = 0; at < count; at++) {
		uint32_t term = index->form_term[from + at];
		listed[at] = &index->vocabulary[term];
		for (uint32_t token = 0; token < query->count; token++) {
			similarity[token][at] = similarity_of(query, token, word_at, term);
		}
	}
	tell(query, form, tw_name_compare_given(query->pattern, query->count, listed, count, similarity, index->rules));
}

static void visit(struct query *query, uint32_t form)
{
	if (may_agree(query, form) && query->memo->seen[form] != query->memo->query) {
		query->memo->seen[form] = query->memo->query;
		compare(query, form);
	}
}

static void mark(const struct query *query)
{
	struct tw_name_memo *memo = query->memo;
	for (uint32_t word = 0; word < query->words; word++) {
		const struct tw_similar_term *met = &memo->similar.pool[query->word[word]->first];
		for (uint32_t i = 0; i < query->word[word]->count; i++) {
			int32_t gain = (int32_t)gain_of(query, word, met[i]); /* weights are at most TW_NAME_WEIGHT_MAX */
			struct mark *mark = &memo->mark[met[i].term];
			struct mark known = is_marked(memo, met[i].term) ? *mark : (struct mark){0, 0, gain};
			*mark = (struct mark){known.words | UINT64_C(1) << word, met[i].ppm, gain > known.gain ? gain : known.gain};
			memo->marked[met[i].term / 64] |= UINT64_C(1) << met[i].term % 64;
		}
	}
}

static void unmark(const struct query *query)
{
	for (uint32_t word = 0; word < query->words; word++) {
		for (uint32_t i = 0; i < query->word[word]->count; i++) {
			query->memo->marked[query->memo->similar.pool[query->word[word]->first + i].term / 64] = 0;
		}
	}
}

static void begin(struct tw_name_memo *memo)
{
	if (tw_similar_is_full(&memo->similar)) {
		tw_name_memo_forget(memo);
	}
	if (++memo->query == 0) {
		memset(memo->seen, 0, memo->index->form_count * sizeof(*memo->seen));
		memo->query = 1;
	}
}

bool tw_name_index_search(const struct tw_name_index *index, struct tw_name_memo *memo, const struct tw_name_form *form, int32_t threshold_ppm,
                          struct tw_name_listener listener)
{
	struct query query;
	query.index = index;
	query.memo = memo;
	query.listener = listener;
	query.threshold = threshold_ppm;
	query.words = 0;
	query.weight = 0;
	query.initials = false;
	query.batched = 0;
	begin(memo);
	if (!read_form(&query, memo, form)) {
		return false;
	}
	lay_floor(&query);
	mark(&query);
	visit_candidates(&query, &(struct entrance){index->posting_first, index->posting, false});
	if (index->initialled_first[index->term_count]) {
		visit_candidates(&query, &(struct entrance){index->initialled_first, index->initialled, true});
	}
	unmark(&query);
	return true;
}

/* Nothing known of the words: what the index is tested against. */
static void compare_all_words(const struct query *query, uint32_t form)
{
	const struct tw_name_index *index = query->index;
	const struct tw_name_term *listed[TW_NAME_TOKENS_MAX];
	uint32_t from = index->form_first[form], count = index->form_first[form + 1] - from;
	for (uint32_t at = 0; at < count; at++) {
		listed[at] = &index->vocabulary[index->form_term[from + at]];
	}
	tell(query, form, tw_name_compare(query->pattern, query->count, listed, count, index->rules));
}

void tw_name_index_search_all(const struct tw_name_index *index, const struct tw_name_form *form, int32_t threshold_ppm,
                              struct tw_name_listener listener)
{
	struct query query;
	query.index = index;
	query.listener = listener;
	query.threshold = threshold_ppm;
	query.words = 0;
	query.weight = 0;
	query.initials = false;
	(void)read_form(&query, NULL, form); /* looks nothing up: cannot fail */
	for (uint32_t at = 0; query.words && at < index->form_count; at++) {
		compare_all_words(&query, at);
	}
}

uint32_t tw_name_index_weight(const struct tw_name_index *index, const struct tw_name_form *form)
{
	uint32_t weight = 0;
	for (uint32_t i = 0; i < form->count; i++) {
		struct tw_name_term term = tw_name_term_make(&form->token[i], index->domain);
		if (term.word == TW_WORD_PLAIN) {
			tw_name_index_weigh(index, &term, tw_name_index_find(index, &term));
			weight += term.weight;
		}
	}
	return weight;
}
