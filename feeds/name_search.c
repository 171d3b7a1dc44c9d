/**
 * @file name_search.c
 * Asking the index of one domain; see name_index.h for why nothing is missed.
 */
#include <stdlib.h>

#include "engine/base/hash.h"
#include "feeds/name_index.h"

#define MEMO_SLOTS 65536U /* tokens remembered: 3 MB a domain and thread; names of a port's traffic repeat within it */
#define POOL_START 65536U

/* What a plain word of a query meets. */
struct remembered {
	struct tw_name_term term;   /* weighed */
	uint32_t generation;        /* the memo's, else it is empty */
	uint32_t first, count;      /* similar terms, in the pool */
	uint32_t forms, initialled; /* postings of them together */
};

struct tw_name_memo {
	const struct tw_name_index *index;
	struct remembered *slot;
	uint32_t used, generation;
	uint32_t *pool;
	uint32_t pool_used, pool_size;
	uint32_t *found; /* the scan's answer */
	uint32_t *seen;  /* by form: the query that compared it last */
	uint32_t query;
	uint64_t *among;  /* a bit a form: it holds the second word. Zero between queries */
	uint64_t *meets;  /* by term: the query's words that are similar to it */
	uint64_t *marked; /* a bit a term: it meets any. Zero between queries, and small enough for the nearest cache */
};

struct tw_name_memo *tw_name_memo_new(const struct tw_name_index *index)
{
	struct tw_name_memo *memo = calloc(1, sizeof(*memo));
	if (!memo) {
		return NULL;
	}
	memo->index = index;
	memo->generation = 1;
	memo->pool_size = POOL_START;
	memo->slot = calloc(MEMO_SLOTS, sizeof(*memo->slot));
	memo->pool = malloc(POOL_START * sizeof(*memo->pool));
	memo->found = malloc(((size_t)index->fuzzy_count + TW_SCAN_PADDING) * sizeof(*memo->found));
	memo->seen = calloc((size_t)index->form_count + 1, sizeof(*memo->seen));
	memo->meets = calloc((size_t)index->term_count + 1, sizeof(*memo->meets));
	memo->marked = calloc((size_t)index->term_count / 64 + 1, sizeof(*memo->marked));
	memo->among = calloc((size_t)index->form_count / 64 + 1, sizeof(*memo->among));
	if (!memo->among || !memo->marked || !memo->slot || !memo->pool || !memo->found || !memo->seen || !memo->meets) {
		tw_name_memo_free(memo);
		return NULL;
	}
	return memo;
}

void tw_name_memo_free(struct tw_name_memo *memo)
{
	if (memo) {
		free(memo->slot);
		free(memo->pool);
		free(memo->found);
		free(memo->seen);
		free(memo->meets);
		free(memo->marked);
		free(memo->among);
		free(memo);
	}
}

void tw_name_memo_forget(struct tw_name_memo *memo)
{
	if (++memo->generation == 0) {
		memset(memo->slot, 0, MEMO_SLOTS * sizeof(*memo->slot));
		memo->generation = 1;
	}
	memo->used = 0;
	memo->pool_used = 0;
}

/* ---- similar terms of one word ---- */

static bool keep(struct tw_name_memo *memo, struct remembered *word, uint32_t term)
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
	uint32_t mask;
	struct remembered *word;
};

/* Terms of one length in [from, to), which begin with the word's first letter or all do not. */
static bool scan_run(struct tw_name_memo *memo, const struct probe *probe, uint32_t length, uint32_t from, uint32_t to, uint32_t needed)
{
	const struct tw_name_index *index = memo->index;
	const struct tw_name_term *term = &probe->pattern.term;
	if (from == to || needed > term->len || needed > length) {
		return true;
	}
	uint32_t count = tw_name_scan(index->scan, index->masks, from, to, probe->mask, term->len - needed, length - needed, memo->found);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = memo->found[i];
		__builtin_prefetch(&index->vocabulary[memo->found[i + 4 < count ? i + 4 : i]]);
		if (tw_name_term_similarity(&probe->pattern, &index->vocabulary[at], index->rules) && !keep(memo, probe->word, at)) {
			return false;
		}
	}
	return true;
}

static bool scan_all(struct tw_name_memo *memo, const struct probe *probe)
{
	const struct tw_name_index *index = memo->index;
	const struct tw_name_term *term = &probe->pattern.term;
	uint32_t letter = (uint32_t)(term->text[0] - 'a');
	for (uint32_t length = 2; length <= TW_NAME_TERM_BYTES; length++) {
		const uint32_t *at = index->letter_at[length];
		const uint8_t *needed = index->needed[term->len][length];
		bool fits = scan_run(memo, probe, length, at[0], at[letter], needed[0]) &&
		            scan_run(memo, probe, length, at[letter], at[letter + 1], needed[1]) &&
		            scan_run(memo, probe, length, at[letter + 1], index->letter_at[length + 1][0], needed[0]);
		if (!fits) {
			return false;
		}
	}
	return true;
}

/* @param at the term's place in the vocabulary, UINT32_MAX: no listed name has it */
static void weigh(const struct tw_name_index *index, struct tw_name_term *term, uint32_t at)
{
	if (at != UINT32_MAX) {
		term->weight = index->weight[at];
	} else {
		tw_name_term_weigh(term, index->rules, index->form_count, 0);
	}
}

static bool look_up(struct tw_name_memo *memo, struct remembered *word)
{
	word->first = memo->pool_used;
	uint32_t same = tw_name_index_find(memo->index, &word->term);
	weigh(memo->index, &word->term, same);
	if (!word->term.fuzzy) {
		return same == UINT32_MAX || keep(memo, word, same);
	}
	struct probe probe = {.mask = tw_name_mask(&word->term), .word = word};
	tw_name_pattern_make(&probe.pattern, &word->term);
	return scan_all(memo, &probe);
}

/* @return the word's slot, filled; NULL without memory */
static const struct remembered *remember(struct tw_name_memo *memo, const struct tw_name_term *term)
{
	uint32_t at = (uint32_t)tw_hash64(term->text, sizeof(term->text), 0) % MEMO_SLOTS;
	for (; memo->slot[at].generation == memo->generation; at = (at + 1) % MEMO_SLOTS) {
		if (memo->slot[at].term.len == term->len && memcmp(memo->slot[at].term.text, term->text, sizeof(term->text)) == 0) {
			return &memo->slot[at];
		}
	}
	struct remembered *word = &memo->slot[at];
	*word = (struct remembered){.term = *term, .generation = memo->generation};
	if (!look_up(memo, word)) {
		*word = (struct remembered){0};
		return NULL;
	}
	memo->used++;
	return word;
}

/* ---- one query ---- */

struct query {
	const struct tw_name_index *index;
	struct tw_name_memo *memo;
	struct tw_name_listener listener;
	int64_t threshold;
	struct tw_name_pattern pattern[TW_NAME_TOKENS_MAX];
	uint32_t count;
	const struct remembered *word[TW_NAME_TOKENS_MAX]; /* plain words alone, by place */
	uint32_t place[TW_NAME_TOKENS_MAX];                /* of the plain words in `pattern` */
	uint32_t words;
	int64_t weight; /* of all tokens */
	bool initials;
};

/* @param memo NULL: the words are weighed, and what they meet is not looked up. @return false when there is no memory */
static bool read_form(struct query *query, struct tw_name_memo *memo, const struct tw_name_form *form)
{
	for (uint32_t i = 0; i < form->count; i++) {
		struct tw_name_term term = tw_name_term_make(&form->token[i], query->index->domain);
		if (term.word != TW_WORD_PLAIN) {
			weigh(query->index, &term, UINT32_MAX);
		} else if (!memo) {
			weigh(query->index, &term, tw_name_index_find(query->index, &term));
		} else if ((query->word[query->words] = remember(memo, &term))) {
			term.weight = query->word[query->words]->term.weight;
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

#define AHEAD 8U

/* Where a form's terms stand is known only after a first look: that look is done ahead of time, and the terms are asked for in between. */
static void fetch(const struct tw_name_index *index, const uint32_t *posting, uint32_t left)
{
	if (left > 2 * AHEAD) {
		__builtin_prefetch(&index->form_first[posting[2 * AHEAD]]);
	}
	if (left > AHEAD) {
		__builtin_prefetch(&index->form_term[index->form_first[posting[AHEAD]]]);
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

/* @param among a bit a form, NULL: all */
static void visit_all(struct query *query, const struct entrance *entrance, uint32_t word, const uint64_t *among)
{
	const struct remembered *met = query->word[word];
	for (uint32_t i = 0; i < met->count; i++) {
		uint32_t term = query->memo->pool[met->first + i];
		for (uint32_t p = entrance->first[term]; p < entrance->first[term + 1]; p++) {
			uint32_t form = entrance->posting[p];
			if (!among) {
				fetch(query->index, entrance->posting + p, entrance->first[term + 1] - p);
			} else if (!(among[form / 64] >> form % 64 & 1)) {
				continue;
			}
			visit(query, form);
		}
	}
}

static void note_forms(struct query *query, const struct entrance *entrance, uint32_t word, bool on)
{
	const struct remembered *met = query->word[word];
	uint64_t *among = query->memo->among;
	for (uint32_t i = 0; i < met->count; i++) {
		uint32_t term = query->memo->pool[met->first + i];
		for (uint32_t p = entrance->first[term]; p < entrance->first[term + 1]; p++) {
			uint32_t form = entrance->posting[p];
			among[form / 64] = on ? among[form / 64] | UINT64_C(1) << form % 64 : 0;
		}
	}
}

/* Of the words in `left` the one with the fewest forms. */
static uint32_t rarest(const struct query *query, const struct entrance *entrance, uint64_t left)
{
	uint32_t best = (uint32_t)__builtin_ctzll(left);
	for (uint64_t rest = left; rest; rest &= rest - 1) {
		uint32_t word = (uint32_t)__builtin_ctzll(rest);
		best = forms_of(query, entrance, word) < forms_of(query, entrance, best) ? word : best;
	}
	return best;
}

/* Words that no hit can miss. */
static uint64_t obligatory(const struct query *query, bool initials)
{
	uint64_t words = 0;
	for (uint32_t word = 0; word < query->words; word++) {
		bool spared = tw_name_affordable(query->threshold, cost_of(query, word, initials), query->weight - weight_of(query, word));
		words |= (uint64_t)!spared << word;
	}
	return words;
}

#define SECOND_MAX 16 /* marking a form costs about a sixteenth of looking at it */

/* Two obligatory words: the forms of the rarer that hold the other too. */
static bool visit_pair(struct query *query, const struct entrance *entrance)
{
	uint64_t words = obligatory(query, entrance->initials);
	if (!words) {
		return false;
	}
	uint32_t one = rarest(query, entrance, words);
	words &= ~(UINT64_C(1) << one);
	if (!words) {
		visit_all(query, entrance, one, NULL);
		return true;
	}
	uint32_t other = rarest(query, entrance, words);
	bool worth = forms_of(query, entrance, other) / SECOND_MAX < forms_of(query, entrance, one);
	if (worth) {
		note_forms(query, entrance, other, true);
	}
	visit_all(query, entrance, one, worth ? query->memo->among : NULL);
	if (worth) {
		note_forms(query, entrance, other, false);
	}
	return true;
}

/* The words with the fewest forms that a hit cannot all miss: their postings hold every hit (all words, where none suffice). Forms with
 * initials are complete behind the second entrance alone, the others behind the first. */
static void visit_candidates(struct query *query, const struct entrance *entrance)
{
	uint64_t left = query->words == 64 ? UINT64_MAX : (UINT64_C(1) << query->words) - 1;
	int64_t cost = 0, weight = query->weight;
	if (visit_pair(query, entrance)) {
		return;
	}
	while (left && tw_name_affordable(query->threshold, cost, weight)) {
		uint32_t best = rarest(query, entrance, left);
		left &= ~(UINT64_C(1) << best);
		cost += cost_of(query, best, entrance->initials);
		weight -= weight_of(query, best);
		visit_all(query, entrance, best, NULL);
	}
}

static bool query_side_fits(const struct query *query, uint64_t met, bool initials)
{
	int64_t cost = 0, weight = query->weight;
	for (uint32_t word = 0; word < query->words; word++) {
		if (!(met >> word & 1)) {
			cost += cost_of(query, word, initials);
			weight -= weight_of(query, word);
		}
	}
	return tw_name_affordable(query->threshold, cost, weight);
}

static bool is_marked(const struct tw_name_memo *memo, uint32_t term)
{
	return memo->marked[term / 64] >> term % 64 & 1;
}

/* The same bound for words that only the list has. An initial, a stop word or a company form may meet without a mark. */
static bool listed_side_fits(const struct query *query, uint32_t form)
{
	const struct tw_name_index *index = query->index;
	int64_t alone = 0, weight = 0;
	for (uint32_t i = index->form_first[form]; i < index->form_first[form + 1]; i++) {
		uint32_t term = index->form_term[i];
		int64_t own = index->weight[term];
		bool free_of_marks = own <= index->rules->initial_weight || is_marked(query->memo, term);
		alone += free_of_marks ? 0 : own;
		weight += free_of_marks ? own : 0;
	}
	return tw_name_affordable(query->threshold, query->threshold * index->rules->extra_listed_ppm / TW_PPM * alone, weight);
}

static bool may_agree(const struct query *query, uint32_t form)
{
	const struct tw_name_index *index = query->index;
	uint64_t met = 0;
	for (uint32_t i = index->form_first[form]; i < index->form_first[form + 1]; i++) {
		uint32_t term = index->form_term[i];
		met |= is_marked(query->memo, term) ? query->memo->meets[term] : 0;
	}
	bool initials = index->form_initials[form / 64] >> form % 64 & 1;
	return query_side_fits(query, met, initials) && (query->initials || listed_side_fits(query, form));
}

static void compare(const struct query *query, uint32_t form)
{
	const struct tw_name_index *index = query->index;
	const struct tw_name_term *listed[TW_NAME_TOKENS_MAX];
	uint32_t count = 0;
	for (uint32_t i = index->form_first[form]; i < index->form_first[form + 1]; i++) {
		listed[count++] = &index->vocabulary[index->form_term[i]];
	}
	struct tw_name_agreement agreement = tw_name_compare(query->pattern, query->count, listed, count, index->rules);
	if (agreement.ppm >= query->threshold) {
		query->listener.hit(query->listener.context, index->form_name[form], agreement);
	}
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
		for (uint32_t i = 0; i < query->word[word]->count; i++) {
			uint32_t term = memo->pool[query->word[word]->first + i];
			memo->meets[term] = UINT64_C(1) << word | (is_marked(memo, term) ? memo->meets[term] : 0);
			memo->marked[term / 64] |= UINT64_C(1) << term % 64;
		}
	}
}

static void unmark(const struct query *query)
{
	for (uint32_t word = 0; word < query->words; word++) {
		for (uint32_t i = 0; i < query->word[word]->count; i++) {
			query->memo->marked[query->memo->pool[query->word[word]->first + i] / 64] = 0;
		}
	}
}

static void begin(struct tw_name_memo *memo)
{
	if (memo->used > MEMO_SLOTS / 2) {
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
	begin(memo);
	if (!read_form(&query, memo, form)) {
		return false;
	}
	mark(&query);
	visit_candidates(&query, &(struct entrance){index->posting_first, index->posting, false});
	if (index->initialled_first[index->term_count]) {
		visit_candidates(&query, &(struct entrance){index->initialled_first, index->initialled, true});
	}
	unmark(&query);
	return true;
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
		compare(&query, at);
	}
}

uint32_t tw_name_index_weight(const struct tw_name_index *index, const struct tw_name_form *form)
{
	uint32_t weight = 0;
	for (uint32_t i = 0; i < form->count; i++) {
		struct tw_name_term term = tw_name_term_make(&form->token[i], index->domain);
		if (term.word == TW_WORD_PLAIN) {
			weigh(index, &term, tw_name_index_find(index, &term));
			weight += term.weight;
		}
	}
	return weight;
}
