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
	struct tw_name_term term;   /* len 0: empty */
	uint32_t first, count;      /* similar terms, in the pool */
	uint32_t forms, initialled; /* postings of them together */
};

struct tw_name_memo {
	const struct tw_name_index *index;
	struct remembered *slot;
	uint32_t used;
	uint32_t *pool;
	uint32_t pool_used, pool_size;
	uint32_t *found; /* the scan's answer */
	uint32_t *seen;  /* by form: the query that compared it last */
	uint32_t query;
	uint64_t *meets; /* by term: the query's words that are similar to it; zero between queries */
};

struct tw_name_memo *tw_name_memo_new(const struct tw_name_index *index)
{
	struct tw_name_memo *memo = calloc(1, sizeof(*memo));
	if (!memo) {
		return NULL;
	}
	memo->index = index;
	memo->pool_size = POOL_START;
	memo->slot = calloc(MEMO_SLOTS, sizeof(*memo->slot));
	memo->pool = malloc(POOL_START * sizeof(*memo->pool));
	memo->found = malloc(((size_t)index->fuzzy_count + TW_SCAN_PADDING) * sizeof(*memo->found));
	memo->seen = calloc((size_t)index->form_count + 1, sizeof(*memo->seen));
	memo->meets = calloc((size_t)index->term_count + 1, sizeof(*memo->meets));
	if (!memo->slot || !memo->pool || !memo->found || !memo->seen || !memo->meets) {
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
		free(memo);
	}
}

void tw_name_memo_forget(struct tw_name_memo *memo)
{
	memset(memo->slot, 0, MEMO_SLOTS * sizeof(*memo->slot));
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

/* The fewest letters that must be matched for TW_TOKEN_PPM_MIN; more than the shorter has when it cannot be. */
static uint32_t letters_needed(uint32_t a, uint32_t b, uint32_t prefix)
{
	uint32_t most = a < b ? a : b, needed = 1;
	while (needed <= most && tw_jaro_winkler_bound(needed, a, b, prefix < most ? prefix : most) < TW_TOKEN_PPM_MIN) {
		needed++;
	}
	return needed;
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
	uint32_t most = term->len < length ? term->len : length;
	if (from == to || needed > most) {
		return true;
	}
	uint32_t count = tw_name_scan(index->scan, index->masks, from, to, probe->mask, term->len - needed, length - needed, memo->found);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = memo->found[i];
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
		uint32_t needed = letters_needed(term->len, length, 0);
		bool fits = scan_run(memo, probe, length, at[0], at[letter], needed) &&
		            scan_run(memo, probe, length, at[letter], at[letter + 1], letters_needed(term->len, length, 4)) &&
		            scan_run(memo, probe, length, at[letter + 1], index->letter_at[length + 1][0], needed);
		if (!fits) {
			return false;
		}
	}
	return true;
}

static bool look_up(struct tw_name_memo *memo, struct remembered *word)
{
	word->first = memo->pool_used;
	uint32_t same = tw_name_index_find(memo->index, &word->term);
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
	for (; memo->slot[at].term.len; at = (at + 1) % MEMO_SLOTS) {
		if (memo->slot[at].term.len == term->len && memcmp(memo->slot[at].term.text, term->text, sizeof(term->text)) == 0) {
			return &memo->slot[at];
		}
	}
	struct remembered *word = &memo->slot[at];
	*word = (struct remembered){.term = *term};
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

static struct tw_name_term weighed(const struct tw_name_index *index, const struct tw_name_form_token *token)
{
	struct tw_name_term term = tw_name_term_make(token, index->domain);
	uint32_t at = term.word == TW_WORD_PLAIN ? tw_name_index_find(index, &term) : UINT32_MAX;
	uint32_t holding = at == UINT32_MAX ? 0 : index->posting_first[at + 1] - index->posting_first[at];
	tw_name_term_weigh(&term, index->rules, index->form_count, holding);
	return term;
}

static void read_form(struct query *query, const struct tw_name_form *form)
{
	for (uint32_t i = 0; i < form->count; i++) {
		struct tw_name_term term = weighed(query->index, &form->token[i]);
		tw_name_pattern_make(&query->pattern[i], &term);
		query->weight += term.weight;
		query->initials |= term.word == TW_WORD_INITIAL;
		if (term.word == TW_WORD_PLAIN) {
			query->place[query->words++] = i;
		}
	}
	query->count = form->count;
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

/* Can names agree in which tokens of this cost and weight have no partner? One unit of slack: compare rounds extras down. */
static bool affordable(int64_t threshold, int64_t cost, int64_t weight)
{
	return cost - threshold <= 2 * (TW_PPM - threshold) * weight;
}

static void visit(struct query *query, uint32_t form);

static void visit_all(struct query *query, const struct remembered *word, const uint32_t *first, const uint32_t *posting)
{
	for (uint32_t i = 0; i < word->count; i++) {
		uint32_t term = query->memo->pool[word->first + i];
		for (uint32_t p = first[term]; p < first[term + 1]; p++) {
			visit(query, posting[p]);
		}
	}
}

/* The words with the fewest forms that a hit cannot all miss: their postings hold every hit (all words, where none suffice). */
static void visit_candidates(struct query *query, bool initials)
{
	const struct tw_name_index *index = query->index;
	uint64_t left = query->words == 64 ? UINT64_MAX : (UINT64_C(1) << query->words) - 1;
	int64_t cost = 0, weight = query->weight;
	while (left && affordable(query->threshold, cost, weight)) {
		uint32_t best = (uint32_t)__builtin_ctzll(left);
		for (uint64_t rest = left; rest; rest &= rest - 1) {
			uint32_t word = (uint32_t)__builtin_ctzll(rest);
			uint32_t forms = initials ? query->word[word]->initialled : query->word[word]->forms;
			best = forms < (initials ? query->word[best]->initialled : query->word[best]->forms) ? word : best;
		}
		left &= ~(UINT64_C(1) << best);
		cost += cost_of(query, best, initials);
		weight -= weight_of(query, best);
		visit_all(query, query->word[best], initials ? index->initialled_first : index->posting_first,
		          initials ? index->initialled : index->posting);
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
	return affordable(query->threshold, cost, weight);
}

/* The same bound from both sides, by the marks on the form's terms. */
static bool may_agree(const struct query *query, uint32_t form)
{
	const struct tw_name_index *index = query->index;
	int64_t alone = 0, weight = 0;
	uint64_t met = 0;
	for (uint32_t i = index->form_first[form]; i < index->form_first[form + 1]; i++) {
		uint32_t term = index->form_term[i];
		uint64_t words = query->memo->meets[term];
		int64_t own = index->weight[term];
		met |= words;
		weight += own;
		alone += words || own <= index->rules->initial_weight ? 0 : own; /* an initial, a stop word or a form may meet without a mark */
	}
	bool initials = index->form_initials[form / 64] >> form % 64 & 1;
	int64_t cost = query->threshold * index->rules->extra_listed_ppm / TW_PPM * alone;
	return (query->initials || affordable(query->threshold, cost, weight - alone)) && query_side_fits(query, met, initials);
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
	if (query->memo->seen[form] == query->memo->query) {
		return;
	}
	query->memo->seen[form] = query->memo->query;
	if (may_agree(query, form)) {
		compare(query, form);
	}
}

static void mark(const struct query *query, bool on)
{
	for (uint32_t word = 0; word < query->words; word++) {
		for (uint32_t i = 0; i < query->word[word]->count; i++) {
			uint64_t *meets = &query->memo->meets[query->memo->pool[query->word[word]->first + i]];
			*meets = on ? *meets | UINT64_C(1) << word : 0;
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
	read_form(&query, form);
	for (uint32_t word = 0; word < query.words; word++) {
		query.word[word] = remember(memo, &query.pattern[query.place[word]].term);
		if (!query.word[word]) {
			return false;
		}
	}
	mark(&query, true);
	visit_candidates(&query, false);
	if (index->initialled_first[index->term_count]) {
		visit_candidates(&query, true);
	}
	mark(&query, false);
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
	read_form(&query, form);
	for (uint32_t at = 0; query.words && at < index->form_count; at++) {
		compare(&query, at);
	}
}

uint32_t tw_name_index_weight(const struct tw_name_index *index, const struct tw_name_form *form)
{
	uint32_t weight = 0;
	for (uint32_t i = 0; i < form->count; i++) {
		struct tw_name_term term = weighed(index, &form->token[i]);
		weight += term.word == TW_WORD_PLAIN ? term.weight : 0;
	}
	return weight;
}
