/**
 * @file name_script_index.c
 * The words of a fuzzy index by their consonants, and asking them; see name_script_index.h.
 */
#include "feeds/name_script_index.h"

#include <stdlib.h>

#include "engine/base/arena.h"

struct keyed {
	uint32_t key;
	uint32_t term;
};

static struct tw_slice text_of(const struct tw_name_index *names, uint32_t term)
{
	return (struct tw_slice){names->vocabulary[term].text, names->vocabulary[term].len};
}

/* The classes of most words are few, so that nothing is folded. */
static uint32_t folded(uint64_t key)
{
	return (uint32_t)(key ^ key >> 32);
}

static int keyed_compare(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = (x->key > y->key) - (x->key < y->key);
	return order ? order : (x->term > y->term) - (x->term < y->term);
}

bool tw_script_index_build(struct tw_script_index *index, const struct tw_name_index *names, struct tw_arena *arena)
{
	uint32_t count = names->fuzzy_count;
	struct keyed *keyed = malloc(((size_t)count + 1) * sizeof(*keyed));
	*index = (struct tw_script_index){.names = names, .count = count};
	index->key = tw_arena_alloc_raw(arena, ((size_t)count + 1) * sizeof(*index->key));
	index->term = tw_arena_alloc_raw(arena, ((size_t)count + 1) * sizeof(*index->term));
	if (!keyed || !index->key || !index->term) {
		free(keyed);
		return false;
	}
	for (uint32_t term = 0; term < count; term++) {
		keyed[term] = (struct keyed){folded(tw_script_key(text_of(names, term))), term};
	}
	qsort(keyed, count, sizeof(*keyed), keyed_compare);
	for (uint32_t i = 0; i < count; i++) {
		index->key[i] = keyed[i].key;
		index->term[i] = keyed[i].term;
	}
	free(keyed);
	return true;
}

/* ---- one query ---- */

struct asked {
	const struct tw_script_met *met; /* by term */
	uint32_t count, forms;
};

/* What the words of a name meet, each asked once for all its forms. */
struct known {
	const struct tw_script_word *word[TW_SCRIPT_FORMS_MAX * TW_NAME_TOKENS_MAX];
	struct asked asked[TW_SCRIPT_FORMS_MAX * TW_NAME_TOKENS_MAX];
	uint32_t count;
};

struct query {
	const struct tw_script_index *index;
	struct tw_script_memo *memo;
	const struct tw_script_form *form;
	struct known known;
	int64_t threshold, weight;                /* of all tokens */
	int64_t heaviest[TW_NAME_TOKENS_MAX + 1]; /* weight of so many of the heaviest tokens */
	struct tw_name_listener listener;
	struct asked asked[TW_NAME_TOKENS_MAX];
	struct tw_name_pattern pattern[TW_NAME_TOKENS_MAX];
};

static int met_compare(const void *a, const void *b)
{
	const struct tw_script_met *x = a, *y = b;
	return (x->term > y->term) - (x->term < y->term);
}

/* The first place whose key is not below `key`. */
static uint32_t lower_bound(const struct tw_script_index *index, uint32_t key)
{
	uint32_t from = 0, to = index->count;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (index->key[middle] < key) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}
	return from;
}

static bool note_met(struct tw_arena *scratch, struct tw_list *list, uint32_t term, int32_t ppm)
{
	struct tw_script_met *met = tw_list_push(scratch, list, sizeof(*met));
	if (met) {
		*met = (struct tw_script_met){term, ppm};
	}
	return met != NULL;
}

static bool meet_key(const struct tw_script_index *index, const struct tw_script_word *word, uint64_t key, struct tw_arena *scratch,
                     struct tw_list *list)
{
	for (uint32_t at = lower_bound(index, folded(key)); at < index->count && index->key[at] == folded(key); at++) {
		struct tw_slice latin = text_of(index->names, index->term[at]);
		int32_t ppm = tw_script_spells_keyed(word, latin);
		if (ppm && tw_script_key(latin) == key && !note_met(scratch, list, index->term[at], ppm)) {
			return false;
		}
	}
	return true;
}

/* Terms that a token meets, by place; a term has one key, so it comes once. */
static bool meet(const struct tw_script_index *index, const struct tw_script_token *token, struct tw_arena *scratch, struct asked *asked)
{
	struct tw_list list = {0};
	if (!token->word) {
		struct tw_name_term term = tw_name_term_make(&token->latin, index->names->domain);
		uint32_t place = tw_name_index_find(index->names, &term);
		if (place != UINT32_MAX && !note_met(scratch, &list, place, TW_PPM)) {
			return false;
		}
	}
	for (uint32_t i = 0; token->word && i < token->word->key_count; i++) {
		if (!meet_key(index, token->word, token->word->key[i], scratch, &list)) {
			return false;
		}
	}
	if (list.count) {
		qsort(list.data, list.count, sizeof(struct tw_script_met), met_compare);
	}
	*asked = (struct asked){list.data, list.count, 0};
	return true;
}

static void count_forms(const struct tw_script_index *index, struct asked *asked)
{
	for (uint32_t i = 0; i < asked->count; i++) {
		const struct tw_name_head *first = &index->names->head[asked->met[i].term];
		asked->forms += first[1].posting - first[0].posting;
	}
}

/* The same, or what is remembered of it, which the next word that is noted may overwrite: it is copied. */
static bool meet_or_recall(const struct query *query, const struct tw_script_token *token, struct tw_arena *scratch, struct asked *asked)
{
	const struct tw_script_met *known;
	uint32_t count;
	if (token->word && tw_script_memo_find(query->memo, token->word, &known, &count)) {
		struct tw_script_met *copy = tw_arena_alloc_raw(scratch, ((size_t)count + 1) * sizeof(*copy));
		if (!copy) {
			return false;
		}
		memcpy(copy, known, count * sizeof(*copy));
		*asked = (struct asked){copy, count, 0};
	} else if (!meet(query->index, token, scratch, asked)) {
		return false;
	} else if (token->word) {
		tw_script_memo_note(query->memo, token->word, asked->met, asked->count);
	}
	count_forms(query->index, asked);
	return true;
}

/* As meet, but what was met before is taken from there. */
static bool meet_once(struct query *query, const struct tw_script_token *token, struct tw_arena *scratch, struct asked *asked)
{
	struct known *known = &query->known;
	for (uint32_t i = 0; token->word && i < known->count; i++) {
		if (known->word[i] == token->word) {
			*asked = known->asked[i];
			return true;
		}
	}
	if (!meet_or_recall(query, token, scratch, asked)) {
		return false;
	}
	if (token->word) {
		known->word[known->count] = token->word;
		known->asked[known->count++] = *asked;
	}
	return true;
}

/* A word of the script is as common as all the words together that spell it. */
static bool read_form(struct query *query, struct tw_arena *scratch)
{
	const struct tw_name_index *names = query->index->names;
	for (uint32_t i = 0; i < query->form->count; i++) {
		const struct tw_script_token *token = &query->form->token[i];
		struct tw_name_term term = {.word = TW_WORD_PLAIN};
		if (!token->word) {
			term = tw_name_term_make(&token->latin, names->domain);
		}
		if (!meet_once(query, token, scratch, &query->asked[i])) {
			return false;
		}
		tw_name_term_weigh(&term, names->rules, names->form_count,
		                   query->asked[i].forms < names->form_count ? query->asked[i].forms : names->form_count);
		query->pattern[i].term = term;
		query->weight += term.weight;
	}
	return true;
}

static int32_t ppm_of(const struct asked *asked, uint32_t term)
{
	uint32_t from = 0, to = asked->count;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (asked->met[middle].term < term) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}
	return from < asked->count && asked->met[from].term == term ? asked->met[from].ppm : 0;
}

static void compare(const struct query *query, uint32_t form)
{
	const struct tw_name_index *names = query->index->names;
	const struct tw_name_term *listed[TW_NAME_TOKENS_MAX];
	int32_t similarity[TW_NAME_TOKENS_MAX][TW_NAME_TOKENS_MAX];
	uint32_t count;
	const uint32_t *term = tw_name_index_form(names, form, &count);
	for (uint32_t at = 0; at < count; at++) {
		listed[at] = &names->vocabulary[term[at]];
		for (uint32_t i = 0; i < query->form->count; i++) {
			similarity[i][at] = ppm_of(&query->asked[i], term[at]);
		}
	}
	struct tw_name_agreement agreement = tw_name_compare_given(query->pattern, query->form->count, listed, count, similarity, names->rules);
	if (agreement.ppm >= query->threshold) {
		query->listener.hit(query->listener.context, names->form_name[form], agreement);
	}
}

static int weight_compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x < *y) - (*x > *y);
}

static void find_heaviest(struct query *query)
{
	int64_t weight[TW_NAME_TOKENS_MAX];
	for (uint32_t i = 0; i < query->form->count; i++) {
		weight[i] = query->pattern[i].term.weight;
	}
	qsort(weight, query->form->count, sizeof(*weight), weight_compare);
	query->heaviest[0] = 0;
	for (uint32_t i = 0; i < query->form->count; i++) {
		query->heaviest[i + 1] = query->heaviest[i] + weight[i];
	}
}

/* A listed form of few words leaves the others of a long query alone: a bound on how far the two can agree, before their words are compared.
 * Pairs weigh at most twice the listed words, and take at most the heaviest words of the query with them. */
static bool may_agree(const struct query *query, uint32_t form)
{
	const struct tw_name_index *names = query->index->names;
	uint32_t count;
	const uint32_t *term = tw_name_index_form(names, form, &count);
	int64_t listed = 0, rest = query->weight - query->heaviest[count < query->form->count ? count : query->form->count];
	for (uint32_t i = 0; i < count; i++) {
		listed += names->head[term[i]].weight;
	}
	return query->threshold * (rest * names->rules->extra_query_ppm / TW_PPM - 1) <= 2 * (TW_PPM - query->threshold) * listed;
}

static uint32_t rarest(const struct query *query, const bool *done)
{
	uint32_t best = UINT32_MAX;
	for (uint32_t i = 0; i < query->form->count; i++) {
		bool word = query->pattern[i].term.word == TW_WORD_PLAIN && !done[i];
		if (word && (best == UINT32_MAX || query->asked[i].forms < query->asked[best].forms)) {
			best = i;
		}
	}
	return best;
}

static void visit(const struct query *query, uint32_t token, uint64_t *seen)
{
	const struct tw_name_index *names = query->index->names;
	for (uint32_t i = 0; i < query->asked[token].count; i++) {
		uint32_t term = query->asked[token].met[i].term;
		for (uint32_t p = names->head[term].posting; p < names->head[term + 1].posting; p++) {
			uint32_t form = tw_name_posting_form(names->posting[p]);
			if (!(seen[form / 64] >> form % 64 & 1)) {
				seen[form / 64] |= UINT64_C(1) << form % 64;
				if (may_agree(query, form)) {
					compare(query, form);
				}
			}
		}
	}
}

/* Consonants that a form's words have together, a further word counting as one: with fewer it could be read as almost any short name. */
#define CONSONANTS_MIN 3

static bool says_something(const struct tw_script_form *form)
{
	uint32_t consonants = 0, words = 0;
	for (uint32_t i = 0; i < form->count; i++) {
		const struct tw_script_token *token = &form->token[i];
		for (uint64_t key = token->word ? token->word->key[0] : 0; key; key >>= 4) {
			consonants++;
		}
		words += token->word || token->latin.word == TW_WORD_PLAIN;
	}
	return consonants && consonants + words > CONSONANTS_MIN;
}

static bool begin(struct query *query, const struct tw_script_form *form, struct tw_arena *scratch)
{
	query->form = form;
	query->weight = 0;
	if (!read_form(query, scratch)) {
		return false;
	}
	find_heaviest(query);
	return true;
}

/* The forms behind the rarest words that a hit cannot all miss. */
static void visit_candidates(struct query *query, uint64_t *seen)
{
	bool done[TW_NAME_TOKENS_MAX] = {false};
	int64_t cost = 0, weight = query->weight;
	uint32_t word;
	while (tw_name_affordable(query->threshold, cost, weight) && (word = rarest(query, done)) != UINT32_MAX) {
		int64_t own = query->pattern[word].term.weight;
		done[word] = true;
		cost += query->threshold * query->index->names->rules->extra_query_ppm / TW_PPM * own;
		weight -= own;
		visit(query, word, seen);
	}
}

bool tw_script_index_search(const struct tw_script_index *index, struct tw_script_memo *memo, const struct tw_script_forms *forms,
                            int32_t threshold_ppm, struct tw_arena *scratch, struct tw_name_listener listener)
{
	struct tw_arena_mark mark = tw_arena_mark(scratch);
	size_t bytes = ((size_t)index->names->form_count / 64 + 1) * sizeof(uint64_t);
	struct query query = {.index = index, .memo = memo, .threshold = threshold_ppm, .listener = listener};
	uint64_t *seen = tw_arena_alloc_raw(scratch, bytes);
	bool fits = seen != NULL;
	for (uint32_t i = 0; fits && i < forms->count; i++) {
		if (!says_something(&forms->form[i])) {
			continue;
		}
		memset(seen, 0, bytes);
		fits = begin(&query, &forms->form[i], scratch);
		if (fits) {
			visit_candidates(&query, seen);
		}
	}
	tw_arena_rewind(scratch, mark);
	return fits;
}

bool tw_script_index_search_all(const struct tw_script_index *index, const struct tw_script_forms *forms, int32_t threshold_ppm,
                                struct tw_arena *scratch, struct tw_name_listener listener)
{
	struct tw_arena_mark mark = tw_arena_mark(scratch);
	struct query query = {.index = index, .threshold = threshold_ppm, .listener = listener};
	bool fits = true;
	for (uint32_t i = 0; fits && i < forms->count; i++) {
		if (!says_something(&forms->form[i])) {
			continue;
		}
		query.known.count = 0;
		fits = begin(&query, &forms->form[i], scratch);
		for (uint32_t at = 0; fits && at < index->names->form_count; at++) {
			compare(&query, at);
		}
	}
	tw_arena_rewind(scratch, mark);
	return fits;
}
