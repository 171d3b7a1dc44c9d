/**
 * @file name_candidates.c
 * Sieving, thinning, looking; see name_candidates.h. What comes next from memory is fetched while what is there is looked at.
 */
#include "feeds/name_candidates.h"

#include <stdlib.h>

#include "feeds/name_sieve.h"

#define BATCH      64U   /* candidates looked at together, so that they come from memory side by side */
#define RUN        256U  /* postings that are sieved together */
#define NARROW_MIN 64U   /* postings of which it pays to search for the range */
#define CANDIDATES 4096U /* that are thinned together */
#define DUE        CANDIDATES
#define AHEAD      8U /* runs of postings that are on their way from memory */

/* A form that may be a hit, what its words may still cost, and what its other words weigh more than their partners can. */
struct tw_name_candidate {
	uint32_t form;
	int32_t over;
	int64_t left;
};

bool tw_name_candidates_init(struct tw_name_memo *memo)
{
	const struct tw_name_index *index = memo->index;
	memo->seen = calloc((size_t)index->form_count + 1, sizeof(*memo->seen));
	memo->candidate = calloc(CANDIDATES, sizeof(*memo->candidate));
	memo->due = calloc(DUE, sizeof(*memo->due));
	return tw_partners_init(&memo->partners) && memo->seen && memo->candidate && memo->due;
}

void tw_name_candidates_fini(struct tw_name_memo *memo)
{
	tw_partners_fini(&memo->partners);
	tw_name_holders_fini(&memo->holders);
	tw_name_united_fini(&memo->united);
	free(memo->seen);
	free(memo->candidate);
	free(memo->due);
}

/* One word's way into the postings. */
struct entrance {
	struct tw_name_query *query;
	struct tw_name_memo *memo;
	uint32_t entered; /* the word */
	uint32_t kinds;   /* of forms that are behind it */
	struct tw_name_range range[TW_NAME_KINDS];
	struct tw_name_sieve sieve[TW_NAME_KINDS]; /* `most` but for what the entering word gains */
	int64_t best[TW_NAME_TOKENS_MAX];          /* by word: its own, when the sieves were filled */
	int32_t heaviest[TW_NAME_TOKENS_MAX];      /* the same of what it meets */
	uint32_t count;                            /* candidates */
	bool fits;                                 /* there was memory */
};

/* Keep the candidates that hold a word, or can do without it: what could have been its partner is then one more that they have. In a form with an
 * initial that may be its partner. */
static void thin(struct entrance *entrance, uint32_t number, struct tw_holders holders)
{
	const struct tw_query_word *word = &entrance->query->word[number];
	const int64_t best = entrance->best[number], each = entrance->sieve[0].each;
	const int32_t alone = entrance->heaviest[number], held_over = alone - (int32_t)word->similar->heaviest;
	const int32_t missing_over[2] = {alone, alone - entrance->query->index->rules->initial_weight};
	const uint32_t first = entrance->query->index->words_at[TW_KIND_INITIAL][0], several = entrance->query->index->words_at[TW_KIND_INITIALS][0];
	struct tw_name_candidate *candidate = entrance->memo->candidate;
	const int64_t missing[2] = {best - word->least[0], best - word->least[1]}, held = best - word->best;
	uint32_t kept = 0;
	for (uint32_t i = 0; i < entrance->count; i++) {
		struct tw_name_candidate one = candidate[i];
		bool holds = tw_holders_may_have(holders, one.form);
		one.left -= holds ? held : missing[one.form >= several];
		one.over += holds ? held_over : missing_over[one.form >= first];
		candidate[kept] = one;
		kept += one.left >= each * (one.over > 0 ? one.over : 0);
	}
	entrance->count = kept;
}

/* What it costs to know the forms of a word. Looking it up is the cheaper the more was spent for want of it: words that come again are known in the
 * end, at twice the least cost at most. Source: the ski rental problem, Karlin et al., Competitive snoopy caching, Algorithmica 3 (1988). */
static uint32_t price_of_forms(const struct tw_similar *word)
{
	uint32_t look_up = word->met || word->spent > TW_NAME_LOOK_UP ? 0 : TW_NAME_LOOK_UP - word->spent;
	return word->holders_bits ? 0 : tw_similar_forms(word) + look_up;
}

/* Candidates are looked at though it is not known what these words meet. */
static void note_spent(struct entrance *entrance)
{
	const struct tw_name_query *query = entrance->query;
	for (uint32_t i = 0; i < query->words; i++) {
		struct tw_similar *word = query->word[i].similar;
		word->spent += word->met ? 0 : entrance->count * TW_NAME_VISIT;
	}
}

/* As long as that costs less than looking at them. @return false without memory */
static bool thin_candidates(struct entrance *entrance)
{
	struct tw_name_query *query = entrance->query;
	uint64_t done = UINT64_C(1) << entrance->entered;
	for (uint32_t step = 1; step < query->words; step++) {
		uint32_t best = UINT32_MAX, least = UINT32_MAX;
		for (uint32_t i = 0; i < query->words; i++) {
			uint32_t price = done >> i & 1 ? UINT32_MAX : price_of_forms(query->word[i].similar);
			best = price < least ? i : best;
			least = price < least ? price : least;
		}
		if (least >= entrance->count * TW_NAME_VISIT) {
			note_spent(entrance);
			return true;
		}
		struct tw_similar_memo *similar = &entrance->memo->similar;
		struct tw_holders holders;
		if (!tw_similar_meet(similar, query->word[best].similar) ||
		    !tw_name_holders_find(&entrance->memo->holders, similar, query->word[best].similar, &holders)) {
			return false;
		}
		tw_name_query_settle(query, &entrance->memo->similar, &query->word[best]);
		done |= UINT64_C(1) << best;
		thin(entrance, best, holders);
	}
	return true;
}

/* Candidates come by class more often than not. @param class where the last one was found */
static struct tw_listed_form find_form(const struct tw_name_index *index, uint32_t form, const struct tw_name_class **class)
{
	if (form - (*class)->form >= (*class)[1].form - (*class)->form) {
		*class = tw_name_index_class(index, form);
	}
	return (struct tw_listed_form){form, (*class)->tokens, tw_name_class_terms(index, *class, form)};
}

/* What is known of a form's terms by their letters. */
static void fetch_letters(const struct tw_name_index *index, struct tw_listed_form form)
{
	for (uint32_t at = 0; at < form.count; at++) {
		__builtin_prefetch(&index->masks[form.term[at]]);
		__builtin_prefetch(&index->head[form.term[at]]);
	}
}

/* What is looked at of each is on its way from memory before the first is looked at: its terms, then what is known of these. */
static void visit_batch(const struct tw_name_query *query, struct tw_name_memo *memo, const uint32_t *batch, uint32_t count)
{
	const struct tw_name_class *class = memo->index->class;
	struct tw_listed_form form[BATCH];
	uint32_t fresh = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *seen = &memo->seen[batch[i]];
		form[fresh] = find_form(memo->index, batch[i], &class);
		__builtin_prefetch(form[fresh].term);
		fresh += *seen != memo->query;
		*seen = memo->query;
	}
	for (uint32_t i = 0; i < fresh && !query->partners; i++) {
		fetch_letters(memo->index, form[i]);
	}
	memo->work.looked_at += fresh;
	for (uint32_t i = 0; i < fresh; i++) {
		tw_name_query_visit(query, form[i]);
	}
}

/* What each term that a word meets gains it more than its least. */
static void put_partners(const struct tw_name_query *query, struct tw_name_memo *memo, uint32_t number)
{
	const struct tw_query_word *word = &query->word[number];
	const struct tw_similar *similar = word->similar;
	const struct tw_similar_term *met = &memo->similar.pool[similar->first];
	for (uint32_t i = 0; i < similar->count; i++) {
		int64_t gain = tw_similar_gain(similar, met[i], query->threshold);
		tw_partners_put(&memo->partners, met[i].term, number, (int32_t)met[i].ppm, gain > word->least[0] ? gain - word->least[0] : 0);
	}
}

/* Put all words' partners into the table, where they are known and it has room. */
static void know_partners(struct tw_name_query *query, struct tw_name_memo *memo)
{
	uint32_t pairs = 0;
	for (uint32_t i = 0; i < query->words; i++) {
		if (!query->word[i].similar->met) {
			return;
		}
		pairs += query->word[i].similar->count;
	}
	if (query->partners || !tw_partners_begin(&memo->partners, pairs)) {
		return;
	}
	for (uint32_t i = 0; i < query->words; i++) {
		put_partners(query, memo, i);
	}
	query->partners = &memo->partners;
}

void tw_name_candidates_finish(struct tw_name_query *query, struct tw_name_memo *memo)
{
	if (memo->due_count) {
		know_partners(query, memo);
	}
	for (uint32_t at = 0; at < memo->due_count; at += BATCH) {
		visit_batch(query, memo, &memo->due[at], memo->due_count - at < BATCH ? memo->due_count - at : BATCH);
	}
	memo->due_count = 0;
}

/* What is looked at is on its way from memory until then. */
static void visit_candidates(struct entrance *entrance)
{
	struct tw_name_memo *memo = entrance->memo;
	memo->work.sieved += entrance->count;
	entrance->fits = entrance->fits && thin_candidates(entrance);
	memo->work.candidates += entrance->count;
	if (memo->due_count + entrance->count > DUE) {
		tw_name_candidates_finish(entrance->query, memo);
	}
	for (uint32_t i = 0; i < entrance->count; i++) {
		memo->due[memo->due_count++] = memo->candidate[i].form;
		__builtin_prefetch(&memo->seen[memo->candidate[i].form]);
	}
	entrance->count = 0;
}

/* A word or an initial of the query that a form may lack. */
struct sieved {
	uint32_t letters;
	int64_t cost[TW_NAME_KINDS][TW_SIEVE_LACKING];
};

static void sieve_word(const struct tw_query_word *word, struct sieved *out)
{
	out->letters = word->mask;
	for (uint32_t kind = 0; kind < TW_NAME_KINDS; kind++) {
		int64_t missing = word->best - word->least[kind == TW_KIND_INITIALS];
		for (uint32_t lacking = 0; lacking < TW_SIEVE_LACKING; lacking++) {
			out->cost[kind][lacking] = word->cost[lacking] < missing ? word->cost[lacking] : missing;
		}
	}
}

static void sieve_initial(const struct tw_name_query *query, const struct tw_name_term *term, struct sieved *out)
{
	int64_t gain[2] = {tw_name_gain_beginning(query, term->weight), 2 * (TW_PPM - query->threshold) * term->weight};
	out->letters = tw_name_mask(term);
	for (uint32_t kind = 0; kind < TW_NAME_KINDS; kind++) {
		out->cost[kind][0] = 0;
		for (uint32_t lacking = 1; lacking < TW_SIEVE_LACKING; lacking++) {
			out->cost[kind][lacking] = gain[kind != TW_KIND_WORDS] + tw_name_cost_alone(query, term->weight);
		}
	}
}

/* What costs most is kept. */
static void put_sieved(struct entrance *entrance, const struct sieved *sieved)
{
	uint32_t at = entrance->sieve[0].count;
	if (at == TW_SIEVE_WORDS_MAX) {
		for (uint32_t i = at = 0; i < TW_SIEVE_WORDS_MAX; i++) {
			at = entrance->sieve[0].word[i].cost[1] < entrance->sieve[0].word[at].cost[1] ? i : at;
		}
		if (entrance->sieve[0].word[at].cost[1] >= sieved->cost[0][1]) {
			return;
		}
	}
	for (uint32_t kind = 0; kind < TW_NAME_KINDS; kind++) {
		struct tw_name_sieve *sieve = &entrance->sieve[kind];
		sieve->word[at].wanted = (uint64_t)(sieved->letters & TW_POSTING_LETTERS) << TW_POSTING_LETTERS_AT;
		memcpy(sieve->word[at].cost, sieved->cost[kind], sizeof(sieved->cost[kind]));
		sieve->count += at == sieve->count;
	}
}

/* What the partners of the words and initials that a form may still have weigh at most. */
static uint32_t heaviest_partners(const struct tw_name_query *query, uint32_t entered)
{
	uint32_t weight = (query->paired - query->words) * TW_NAME_WEIGHT_MAX; /* an initial begins any word */
	for (uint32_t i = 0; i < query->words; i++) {
		weight += i == entered ? 0 : query->word[i].similar->heaviest;
	}
	return weight;
}

/* Of all but the word that is entered by. */
static void fill_sieves(struct entrance *entrance)
{
	const struct tw_name_query *query = entrance->query;
	struct sieved sieved;
	int64_t best = 0, begun = 0;
	for (uint32_t kind = 0; kind < TW_NAME_KINDS; kind++) {
		entrance->sieve[kind].count = 0;
		entrance->sieve[kind].most = query->others[kind != TW_KIND_WORDS] + query->threshold;
		entrance->sieve[kind].weight = heaviest_partners(query, entrance->entered);
		entrance->sieve[kind].each = (uint32_t)(query->threshold * query->index->rules->extra_listed_ppm / TW_PPM);
	}
	for (uint32_t token = 0, word = 0; token < query->count; token++) {
		const struct tw_name_term *term = &query->pattern[token].term;
		if (term->word == TW_WORD_INITIAL) {
			sieve_initial(query, term, &sieved);
			put_sieved(entrance, &sieved);
		}
		if (term->word != TW_WORD_PLAIN || word++ == entrance->entered) {
			continue;
		}
		entrance->best[word - 1] = query->word[word - 1].best;
		entrance->heaviest[word - 1] = (int32_t)query->word[word - 1].similar->heaviest;
		sieve_word(&query->word[word - 1], &sieved);
		best += query->word[word - 1].best;
		int64_t by_initial = query->word[word - 1].least[1] - query->word[word - 1].least[0];
		begun = by_initial > begun ? by_initial : begun;
		put_sieved(entrance, &sieved);
	}
	for (uint32_t kind = 0; kind < TW_NAME_KINDS; kind++) {
		entrance->sieve[kind].most += best + (kind == TW_KIND_INITIAL ? begun : 0); /* it gives that to one word */
	}
}

/* Postings of forms of one kind. @param gain of the entering word by each; NULL: the sieve has it, for it is the same of all */
static void visit_run(struct entrance *entrance, enum tw_name_kind kind, const uint64_t *posting, const int32_t *gain, uint32_t count)
{
	const struct tw_name_sieve *sieve = &entrance->sieve[kind];
	const struct tw_name_range range = entrance->range[kind];
	uint32_t fits[RUN];
	entrance->memo->work.postings += count;
	for (uint32_t at = 0; at < count; at += RUN) {
		entrance->memo->work.runs++;
		uint32_t kept = tw_name_sieve(entrance->query->index->scan, sieve, posting + at, gain ? gain + at : NULL,
		                              count - at < RUN ? count - at : RUN, fits);
		for (uint32_t i = 0; i < kept; i++) {
			uint64_t one = posting[at + fits[i]];
			uint32_t form = tw_name_posting_form(one);
			int32_t over = (int32_t)tw_name_posting_weight(one) - (int32_t)sieve->weight;
			int64_t left = sieve->most + (gain ? gain[at + fits[i]] : 0);
			entrance->memo->candidate[entrance->count] = (struct tw_name_candidate){form, over, left};
			entrance->count += form - range.from < range.to - range.from;
		}
		if (entrance->count + RUN > CANDIDATES) {
			visit_candidates(entrance);
		}
	}
}

/* @param gain of the entering word by this term */
static void visit_term(struct entrance *entrance, const struct tw_similar_posted *term, int64_t gain)
{
	const struct tw_name_index *index = entrance->query->index;
	const uint64_t *posting = index->posting + term->first;
	for (uint32_t kind = 0, end = 0; kind < TW_NAME_KINDS; kind++) {
		uint32_t from = end, to = end = term->until[kind];
		struct tw_name_sieve *sieve = &entrance->sieve[kind];
		if (from == to || !(entrance->kinds >> kind & 1) || sieve->most + gain < 0) {
			continue;
		}
		const struct tw_name_range range = entrance->range[kind];
		if (to - from > NARROW_MIN) {
			uint32_t behind = from + tw_name_postings_before(posting + from, to - from, range.to);
			from += tw_name_postings_before(posting + from, to - from, range.from);
			to = behind;
		}
		if (from == to) {
			continue;
		}
		sieve->most += gain;
		visit_run(entrance, (enum tw_name_kind)kind, posting + from, NULL, to - from);
		sieve->most -= gain;
	}
}

/* All that the word meets at once. */
static void visit_united(struct entrance *entrance, struct tw_united united)
{
	for (uint32_t kind = 0, from = 0; kind < TW_NAME_KINDS; from = united.until[kind++]) {
		const struct tw_name_range range = entrance->range[kind];
		if (entrance->kinds >> kind & 1 && range.from < range.to) {
			visit_run(entrance, (enum tw_name_kind)kind, united.posting + from, united.gain + from, united.until[kind] - from);
		}
	}
}

/* One term after the other. */
static void visit_terms(struct entrance *entrance)
{
	const struct tw_name_query *query = entrance->query;
	struct tw_similar_memo *similar = &entrance->memo->similar;
	const struct tw_similar *met = query->word[entrance->entered].similar;
	const uint32_t terms = met->held[__builtin_ctz(entrance->kinds)];
	for (uint32_t i = 0; i < terms && i < AHEAD; i++) {
		__builtin_prefetch(query->index->posting + similar->posted[met->first + i].first);
	}
	for (uint32_t i = 0; i < terms && entrance->fits; i++) {
		const struct tw_similar_term term = similar->pool[met->first + i]; /* copies: the pool may move */
		const struct tw_similar_posted posted = similar->posted[met->first + i];
		if (i + AHEAD < terms) {
			__builtin_prefetch(query->index->posting + similar->posted[met->first + i + AHEAD].first);
		}
		visit_term(entrance, &posted, tw_similar_gain(met, term, query->threshold));
	}
}

/* @return false without memory */
static bool enter(struct entrance *entrance)
{
	struct tw_name_memo *memo = entrance->memo;
	struct tw_united united;
	fill_sieves(entrance);
	if (tw_name_united_find(&memo->united, &memo->similar, entrance->query->word[entrance->entered].similar, &united)) {
		visit_united(entrance, united);
	} else {
		visit_terms(entrance);
	}
	visit_candidates(entrance);
	return entrance->fits;
}

bool tw_name_candidates_visit(struct tw_name_query *query, struct tw_name_memo *memo, const struct tw_name_range *ranges, uint32_t entered,
                              uint32_t kinds)
{
	struct entrance entrance;
	memo->work.entered++;
	entrance.query = query;
	entrance.memo = memo;
	entrance.entered = entered;
	entrance.kinds = kinds;
	memcpy(entrance.range, ranges, sizeof(entrance.range));
	entrance.count = 0;
	entrance.fits = true;
	return enter(&entrance);
}
