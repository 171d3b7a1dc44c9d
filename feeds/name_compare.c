/**
 * @file name_compare.c
 * Token similarity, weights and the alignment; see name_compare.h for the formula.
 */
#include "feeds/name_compare.h"

#include <assert.h>

#include "feeds/name_detail.h"
#include "feeds/name_place_words.h"
#include "feeds/name_scan.h"
#include "feeds/name_slips.h"
#include "feeds/name_trade_words.h"
#include "feeds/name_words.h"

#define PREFIX_MAX    4 /* Source: Winkler 1990 */
#define PREFIX_TENTHS 1 /* Source: Winkler 1990: a tenth of what is missing, for each letter of the prefix */
#define TOKEN_SLOPE   2 /* what is missing to equal counts twice: 0.87 becomes 0.74. Project's choice */
/* What a word that some listed name has lacks to another counts so much more: most slips make no word, and Antonia is no slip of Antonio.
 * Source: bench/quality, tuning half: a fifth fewer of the persons that nobody listed hit, and no listed one is lost. */
#define KNOWN_SLOPE_TENTHS 15
#define ACRONYM_LETTERS    3 /* of a firm's or a ship's word: with one letter changed it is another's as likely as not */
#define WEIGHT_PER_OCTAVE  64
#define SLIP_LETTERS       4 /* of a word to each letter of it that is dropped, added, replaced, or exchanged with its neighbour */

/* One table, a row a domain. A name of a person that the list has more of costs half of one that the query has more of, since papers leave out
 * second names and patronymics and seldom invent them; a firm's less too, whose listed names are the long ones of registers. Vessels: short
 * names, so every token counts. Papers leave out a rare second name as often as a common one: what is left out weighs less (measured by
 * bench/quality, tuning half: 13 of 193 names of first and last word more are found, as many false alarms at any similarity from 0.6 on): two
 * words of a person's own, for a name alone inside a longer one is no agreement, and Muhammad Ali a part of too many; of a firm's one, with a word
 * of its trade. A firm's form is a tenth of a rare word: evaders change it, others have another one (the same half: at 0.5% false alarms 0.886
 * found with a weight of 20, 0.918 with 100, and 13 of 62 firms that nobody listed hit no more). */
static const struct tw_name_rules rules_of[] = {
    [TW_NAME_OF_PERSON] = {1000000, 500000, 700000, 250, 40, 30, 350, false, true, false, 0, 0, false, 350, 850000, 2, 1200},
    [TW_NAME_OF_ORGANISATION] = {1000000, 700000, 700000, 120, 30, 100, 200, true, false, false, 700, 500, true, 600, 850000, 1, 1000},
    [TW_NAME_OF_VESSEL] = {1000000, 1000000, 700000, 200, 60, 30, 1000, false, true, true, 0, 0, true, 0, 0, 0, 0},
    [TW_NAME_OF_AIRCRAFT] = {1000000, 1000000, 700000, 200, 60, 30, 1000, false, true, true, 0, 0, true, 0, 0, 0, 0},
};

const struct tw_name_rules *tw_name_rules_of(enum tw_name_domain domain)
{
	return &rules_of[domain];
}

/* ---- terms ---- */

static bool is_roman(const struct tw_name_term *term)
{
	static const char *const numerals[] = {"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"};
	for (size_t i = 0; i < sizeof(numerals) / sizeof(numerals[0]); i++) {
		if (tw_slice_is((struct tw_slice){term->text, term->len}, numerals[i])) {
			return true;
		}
	}
	return false;
}

static void note_letters(struct tw_name_term *term)
{
	bool letters_only = true;
	for (uint32_t i = 0; i < term->len; i++) {
		char c = term->text[i];
		term->number |= c >= '0' && c <= '9';
		if (c < 'a' || c > 'z') {
			letters_only = false;
			continue;
		}
		uint32_t bit = UINT32_C(1) << (c - 'a');
		term->twice |= term->letters & bit;
		term->letters |= bit;
	}
	term->fuzzy = letters_only && term->len > 1 && term->word == TW_WORD_PLAIN;
}

struct tw_name_term tw_name_term_make(const struct tw_name_form_token *token, enum tw_name_domain domain)
{
	struct tw_name_term term = {.word = (uint8_t)token->word};
	term.len = (uint8_t)(token->text.len < TW_NAME_TERM_BYTES ? token->text.len : TW_NAME_TERM_BYTES);
	if (term.len) {
		memcpy(term.text, token->text.ptr, term.len);
	}
	note_letters(&term);
	term.minor = term.word == TW_WORD_PLAIN && tw_name_is_minor((struct tw_slice){term.text, term.len}, domain);
	term.place = term.word == TW_WORD_PLAIN && domain == TW_NAME_OF_ORGANISATION && tw_name_is_place((struct tw_slice){term.text, term.len});
	term.minor |= term.place;
	if (domain == TW_NAME_OF_VESSEL && is_roman(&term)) {
		term.number = true;
		term.fuzzy = false;
		term.word = TW_WORD_PLAIN;
	}
	if (domain == TW_NAME_OF_VESSEL && term.word == TW_WORD_INITIAL) {
		term.word = TW_WORD_PLAIN; /* "Tiger C" and "Gardenia K" are so painted, and no registry shortens Cub to C */
	}
	return term;
}

/* log2 in 1/64: enough to tell 1,000 from 1,010, and integers alone. */
static uint32_t octaves(uint64_t value)
{
	uint32_t whole = 0;
	while (value >> (whole + 1)) {
		whole++;
	}
	uint64_t part = (value * WEIGHT_PER_OCTAVE >> whole) - WEIGHT_PER_OCTAVE;
	return whole * WEIGHT_PER_OCTAVE + (uint32_t)part;
}

uint16_t tw_name_weight(uint32_t names, uint32_t holding)
{
	uint32_t rarest = octaves((uint64_t)names + 1), common = octaves((uint64_t)holding + 1);
	uint32_t span = rarest < 8 * WEIGHT_PER_OCTAVE ? 8 * WEIGHT_PER_OCTAVE : rarest; /* among a few names no word is common */
	uint32_t lost = (uint32_t)((uint64_t)(TW_NAME_WEIGHT_MAX - TW_NAME_WEIGHT_MIN) * (common < span ? common : span) / span);
	return (uint16_t)(TW_NAME_WEIGHT_MAX - lost);
}

static bool is_minor(const struct tw_name_term *term, const struct tw_name_rules *rules, uint32_t holding)
{
	return term->minor || (rules->minor_slips && !holding && tw_name_is_nearly_trade((struct tw_slice){term->text, term->len}));
}

void tw_name_term_weigh(struct tw_name_term *term, const struct tw_name_rules *rules, uint32_t names, uint32_t holding)
{
	switch ((enum tw_name_word)term->word) {
	case TW_WORD_PLAIN:
		term->weight = tw_name_weight(names, holding);
		if (term->weight > rules->minor_weight_max && is_minor(term, rules, holding)) {
			term->weight = rules->minor_weight_max;
		}
		return;
	case TW_WORD_INITIAL:
		term->weight = rules->initial_weight;
		return;
	case TW_WORD_STOP:
		term->weight = rules->stop_weight;
		return;
	case TW_WORD_FORM:
		term->weight = rules->form_weight;
		return;
	}
}

static uint32_t symbol_of(char c)
{
	return c >= 'a' && c <= 'z' ? (uint32_t)(c - 'a') : (uint32_t)(c - '0') + 26;
}

void tw_name_pattern_make(struct tw_name_pattern *pattern, const struct tw_name_term *term)
{
	memset(pattern->at, 0, sizeof(pattern->at));
	pattern->term = *term;
	for (uint32_t i = 0; term->fuzzy && i < term->len; i++) {
		pattern->at[symbol_of(term->text[i])] |= 1U << i;
	}
}

/* ---- similarity of tokens ---- */

static int32_t winkler(uint64_t numerator, uint64_t denominator, uint32_t prefix)
{
	int32_t jaro = (int32_t)(numerator * TW_PPM / denominator);
	return jaro + (int32_t)(prefix * PREFIX_TENTHS) * (TW_PPM - jaro) / 10;
}

static uint32_t common_prefix(const struct tw_name_term *a, const struct tw_name_term *b)
{
	uint32_t most = a->len < b->len ? a->len : b->len, count = 0;
	most = most < PREFIX_MAX ? most : PREFIX_MAX;
	while (count < most && a->text[count] == b->text[count]) {
		count++;
	}
	return count;
}

/* @param m letters that match, not 0 */
static int32_t winkler_of(uint64_t m, uint32_t halves, uint32_t la, uint32_t lb, uint32_t prefix)
{
	return winkler(m * m * (la + lb) + (m - halves / 2) * la * lb, 3 * m * la * lb, prefix);
}

/* `here` and `there` mark matched letters of both; the k-th of one that is not the k-th of the other is half a transposition. */
static uint32_t half_transpositions(const struct tw_name_pattern *a, const struct tw_name_term *b, uint32_t here, uint32_t there)
{
	uint32_t count = 0;
	while (there) {
		uint32_t lowest = here & -here;
		count += !(a->at[symbol_of(b->text[__builtin_ctz(there)])] & lowest);
		here ^= lowest;
		there &= there - 1;
	}
	return count;
}

int32_t tw_jaro_winkler(const struct tw_name_pattern *a, const struct tw_name_term *b)
{
	uint32_t la = a->term.len, lb = b->len, longer = la > lb ? la : lb;
	uint32_t reach = longer / 2 > 1 ? longer / 2 - 1 : 0;
	uint64_t window = (UINT64_C(1) << (reach + 1)) - 1;
	uint32_t here = 0, there = 0;
	uint64_t m = 0;
	for (uint32_t j = 0; j < lb; j++) {
		uint32_t free = a->at[symbol_of(b->text[j])] & (uint32_t)window & ~here;
		here |= free & -free;
		there |= (uint32_t)(free != 0) << j;
		m += free != 0;
		window = window << 1 | (j < reach);
	}
	if (!m) {
		return 0;
	}
	return winkler_of(m, half_transpositions(a, b, here, there), la, lb, common_prefix(&a->term, b));
}

static bool terms_equal(const struct tw_name_term *a, const struct tw_name_term *b)
{
	return a->len == b->len && a->letters == b->letters && a->twice == b->twice && memcmp(a->text, b->text, sizeof(a->text)) == 0;
}

static bool begins_with(const struct tw_name_term *word, const struct tw_name_term *initial)
{
	return word->word == TW_WORD_PLAIN && word->len > 1 && initial->word == TW_WORD_INITIAL && initial->len <= word->len &&
	       memcmp(word->text, initial->text, initial->len) == 0;
}

/* Jaro similarities from which a prefix of so many letters lifts a pair to TW_TOKEN_PPM_MIN, less what rounding may take. */
#define JARO_MIN(prefix) ((TW_TOKEN_PPM_MIN - (prefix)*100000) * INT64_C(10) / (10 - (prefix)) - 10)

/* The one length at which a slip, a letter replaced, takes words below TW_TOKEN_PPM_MIN. */
static bool is_four_letters(uint32_t a, uint32_t b)
{
	return a == SLIP_LETTERS && b == SLIP_LETTERS;
}

bool tw_name_may_meet(uint32_t matched, uint32_t a, uint32_t b, uint32_t prefix)
{
	static const int64_t least[PREFIX_MAX + 1] = {JARO_MIN(0), JARO_MIN(1), JARO_MIN(2), JARO_MIN(3), JARO_MIN(4)};
	if (is_four_letters(a, b) && matched + 1 >= SLIP_LETTERS) {
		return true;
	}
	return (int64_t)TW_PPM * (matched * (a + b) + a * b) >= 3 * least[prefix] * (int64_t)(a * b);
}

#define ROUNDED 10 /* ppm that integers may add up to */

int32_t tw_name_similarity_most(uint32_t matched, uint32_t a, uint32_t b, uint32_t prefix)
{
	int64_t longer = a > b ? a : b, slipped = longer - matched;
	if (!tw_name_may_meet(matched, a, b, prefix)) {
		return 0;
	}
	int64_t jaro = (int64_t)TW_PPM * (matched * (a + b) + a * b) / (3 * (int64_t)a * b);
	int64_t most = TW_PPM - TOKEN_SLOPE * (TW_PPM - jaro - prefix * PREFIX_TENTHS * (TW_PPM - jaro) / 10) + ROUNDED;
	int64_t of_slips = slipped * SLIP_LETTERS > longer ? 0 : TW_PPM - slipped * TW_PPM / longer + ROUNDED; /* each is a slip at least */
	most = of_slips > most ? of_slips : most;
	return (int32_t)(most < TW_PPM ? most : TW_PPM);
}

/* Of its letters those that another lacks; one that it has twice counts as two. */
static uint32_t lacked(const struct tw_name_term *own, const struct tw_name_term *other)
{
	return tw_name_bits((uint64_t)(own->twice & ~other->twice) << 32 | (own->letters & ~other->letters));
}

/* Letters of one that the other lacks are unmatched in it. */
static bool may_meet(const struct tw_name_term *a, const struct tw_name_term *b)
{
	uint32_t left = a->len - lacked(a, b), right = b->len - lacked(b, a);
	return tw_name_may_meet(left < right ? left : right, a->len, b->len, common_prefix(a, b));
}

static uint32_t slips(const struct tw_name_pattern *a, const struct tw_name_term *b)
{
	struct tw_slips slips = tw_slips_begin(a->term.len);
	for (uint32_t j = 0; j < b->len; j++) {
		tw_slips_step(&slips, a->at[symbol_of(b->text[j])]);
	}
	return slips.count;
}

/* Words that differ by few slips, wherever in them: Jaro-Winkler takes more off for one in the first letters than for other words that begin
 * alike. */
static int32_t similarity_of_slips(uint32_t count, uint32_t longer)
{
	return count * SLIP_LETTERS > longer ? 0 : TW_PPM - (int32_t)(count * TW_PPM / longer);
}

/* Could slips be counted to any end? @param ppm Jaro-Winkler of two fuzzy terms that differ */
static bool slips_count(uint32_t a, uint32_t b, int32_t ppm)
{
	return ppm >= TW_TOKEN_PPM_MIN || is_four_letters(a, b);
}

/* @param ppm the same @param count slips; any, where they do not count */
static int32_t spread(const struct tw_name_term *a, uint32_t b, int32_t ppm, uint32_t count)
{
	if (!slips_count(a->len, b, ppm)) {
		return 0;
	}
	int32_t slipped = similarity_of_slips(count, a->len > b ? a->len : b), wide = TW_PPM - TOKEN_SLOPE * (TW_PPM - ppm);
	if (ppm < TW_TOKEN_PPM_MIN) {
		return slipped;
	}
	int32_t alike = slipped > wide ? slipped : wide;
	return a->known ? TW_PPM - (TW_PPM - alike) * KNOWN_SLOPE_TENTHS / 10 : alike;
}

static bool are_acronyms(uint32_t a, uint32_t b, const struct tw_name_rules *rules)
{
	return rules->acronyms && a <= ACRONYM_LETTERS && b <= ACRONYM_LETTERS;
}

int32_t tw_name_similarity_matched(const struct tw_name_term *a, const struct tw_name_match *match, const struct tw_name_rules *rules)
{
	if (!match->matched || are_acronyms(a->len, match->len, rules)) {
		return 0;
	}
	return spread(a, match->len, winkler_of(match->matched, match->halves, a->len, match->len, match->prefix), match->slips);
}

int32_t tw_name_term_similarity(const struct tw_name_pattern *a, const struct tw_name_term *b, const struct tw_name_rules *rules)
{
	const struct tw_name_term *term = &a->term;
	if (term->word == b->word && terms_equal(term, b)) {
		return TW_PPM;
	}
	if (begins_with(b, term) || begins_with(term, b)) {
		return rules->initial_ppm;
	}
	if (!term->fuzzy || !b->fuzzy || are_acronyms(term->len, b->len, rules) || !may_meet(term, b)) {
		return 0;
	}
	int32_t ppm = tw_jaro_winkler(a, b);
	return slips_count(term->len, b->len, ppm) ? spread(term, b->len, ppm, slips(a, b)) : 0;
}

/* ---- alignment ---- */

#define NO_PAIR UINT32_MAX

/* Worth of every pair, rows the shorter side; `paired` is what came out. */
struct table {
	int64_t worth[TW_NAME_TOKENS_MAX][TW_NAME_TOKENS_MAX];
	int32_t similarity[TW_NAME_TOKENS_MAX][TW_NAME_TOKENS_MAX];
	uint32_t rows, columns;
	uint32_t paired[TW_NAME_TOKENS_MAX]; /* by row: a column or NO_PAIR */
};

static uint32_t pair_weight(const struct tw_name_term *a, const struct tw_name_term *b)
{
	return 2U * (a->weight < b->weight ? a->weight : b->weight);
}

/* When no row and no column has two partners there is nothing to choose. @return false when there is */
static bool align_simply(struct table *table)
{
	uint64_t taken = 0;
	for (uint32_t row = 0; row < table->rows; row++) {
		table->paired[row] = NO_PAIR;
		for (uint32_t column = 0; column < table->columns; column++) {
			if (!table->worth[row][column]) {
				continue;
			}
			if (table->paired[row] != NO_PAIR || taken >> column & 1) {
				return false;
			}
			table->paired[row] = column;
			taken |= UINT64_C(1) << column;
		}
	}
	return true;
}

/* The state of Kuhn's algorithm: potentials of rows and columns (from 1), each column's row, the way back of the augmenting path. */
struct kuhn {
	int64_t row[TW_NAME_TOKENS_MAX + 1], column[TW_NAME_TOKENS_MAX + 1], slack[TW_NAME_TOKENS_MAX + 1];
	uint32_t owner[TW_NAME_TOKENS_MAX + 1], back[TW_NAME_TOKENS_MAX + 1];
	bool used[TW_NAME_TOKENS_MAX + 1];
};

/* Follow the least slack to the next column, moving the potentials by it. */
static uint32_t step(const struct table *table, struct kuhn *kuhn, uint32_t at)
{
	uint32_t row = kuhn->owner[at], next = 0;
	int64_t least = INT64_MAX;
	kuhn->used[at] = true;
	for (uint32_t j = 1; j <= table->columns; j++) {
		if (kuhn->used[j]) {
			continue;
		}
		int64_t reduced = -table->worth[row - 1][j - 1] - kuhn->row[row] - kuhn->column[j];
		if (reduced < kuhn->slack[j]) {
			kuhn->slack[j] = reduced;
			kuhn->back[j] = at;
		}
		if (kuhn->slack[j] < least) {
			least = kuhn->slack[j];
			next = j;
		}
	}
	for (uint32_t j = 0; j <= table->columns; j++) {
		if (kuhn->used[j]) {
			kuhn->row[kuhn->owner[j]] += least;
			kuhn->column[j] -= least;
		} else {
			kuhn->slack[j] -= least;
		}
	}
	return next;
}

/* The alignment of the greatest worth, in rows^2 * columns steps. */
static void align_best(struct table *table)
{
	struct kuhn kuhn = {0};
	for (uint32_t row = 1; row <= table->rows; row++) {
		uint32_t at = 0;
		kuhn.owner[0] = row;
		for (uint32_t j = 0; j <= table->columns; j++) {
			kuhn.slack[j] = INT64_MAX;
			kuhn.used[j] = false;
		}
		do {
			at = step(table, &kuhn, at);
		} while (kuhn.owner[at]);
		for (; at; at = kuhn.back[at]) {
			kuhn.owner[at] = kuhn.owner[kuhn.back[at]];
		}
	}
	for (uint32_t row = 0; row < table->rows; row++) {
		table->paired[row] = NO_PAIR;
	}
	for (uint32_t j = 1; j <= table->columns; j++) {
		if (kuhn.owner[j] && table->worth[kuhn.owner[j] - 1][j - 1]) {
			table->paired[kuhn.owner[j] - 1] = j - 1;
		}
	}
}

/* ---- names ---- */

/* The two names, the shorter as rows. */
struct sides {
	const struct tw_name_pattern *query;
	const struct tw_name_term *const *listed;
	bool query_is_rows;
};

static const struct tw_name_term *query_term(const struct sides *sides, uint32_t row, uint32_t column)
{
	return &sides->query[sides->query_is_rows ? row : column].term;
}

static const struct tw_name_term *listed_term(const struct sides *sides, uint32_t row, uint32_t column)
{
	return sides->listed[sides->query_is_rows ? column : row];
}

static void fill(struct table *table, const struct sides *sides, const struct tw_name_rules *rules)
{
	for (uint32_t row = 0; row < table->rows; row++) {
		for (uint32_t column = 0; column < table->columns; column++) {
			const struct tw_name_pattern *pattern = &sides->query[sides->query_is_rows ? row : column];
			const struct tw_name_term *listed = listed_term(sides, row, column);
			int32_t ppm = tw_name_term_similarity(pattern, listed, rules);
			table->similarity[row][column] = ppm;
			table->worth[row][column] = ppm ? (int64_t)ppm * pair_weight(&pattern->term, listed) : 0;
		}
	}
}

/* Weight of both sides, as extras cost, and whether their numbers can agree. */
struct totals {
	int64_t extra; /* ppm * weight: all tokens at first, then those without a partner */
	int64_t worth;
	int64_t weight;
	int64_t spared;      /* ppm * weight: of the listed tokens without a partner, what tw_name_left_out takes off */
	uint32_t equal, own; /* pairs of equal tokens; of equal words that are not minor */
	bool telling;        /* either side has a word that is not minor */
	bool words;
	int32_t numbers[2], places[2]; /* of the query and of the listed name, less those paired with their equal */
};

static void count_term(struct totals *totals, const struct tw_name_term *term, int side, int32_t by)
{
	totals->numbers[side] += term->number ? by : 0;
	totals->places[side] += term->place ? by : 0;
}

static bool is_telling(const struct tw_name_term *term)
{
	return term->word == TW_WORD_PLAIN && !term->minor;
}

static int64_t spared(const struct tw_name_term *listed, const struct tw_name_rules *rules)
{
	return (int64_t)(listed->weight - tw_name_left_out(rules, listed->weight)) * rules->extra_listed_ppm;
}

static void count_pair(struct totals *totals, const struct tw_name_term *query, const struct tw_name_term *listed, int32_t ppm,
                       const struct tw_name_rules *rules)
{
	uint32_t weight = pair_weight(query, listed);
	totals->worth += (int64_t)ppm * weight;
	totals->weight += weight;
	totals->spared -= spared(listed, rules);
	totals->equal += ppm == TW_PPM;
	totals->own += ppm == TW_PPM && is_telling(query);
	totals->extra -= (int64_t)query->weight * rules->extra_query_ppm + (int64_t)listed->weight * rules->extra_listed_ppm;
	bool telling = !(query->minor && listed->minor) || rules->minor_agrees || !totals->telling;
	totals->words |= query->word == TW_WORD_PLAIN && listed->word == TW_WORD_PLAIN && telling;
	if (ppm == TW_PPM) {
		count_term(totals, query, 0, -1);
		count_term(totals, listed, 1, -1);
	}
}

/* Each has what the other lacks. */
static int64_t contradictions(const struct totals *totals, const struct tw_name_rules *rules)
{
	bool numbers = totals->numbers[0] && totals->numbers[1], places = totals->places[0] && totals->places[1];
	return (numbers ? rules->other_number : 0) + (places ? rules->other_place : 0);
}

/* Is all that the query has in the listed name, words of its own among it that are not in everybody's? */
static bool is_shortened(const struct totals *totals, uint32_t query_count, const struct tw_name_rules *rules)
{
	return totals->equal == query_count && totals->own >= rules->own_words_min && totals->weight / 2 >= rules->own_weight_min;
}

/* Bortnikov is hardly a slip of Bortnik, nor Goetzmann of Goetz: words that end otherwise are two more often than words with a slip elsewhere. */
static bool ends_otherwise(const struct tw_name_term *a, const struct tw_name_term *b)
{
	return a->len && b->len && a->text[a->len - 1] != b->text[b->len - 1];
}

/* What the letters of two words say, of the one that says less; a common word's the less, and half of it where they end otherwise. A word of which
 * the letters are not known (of another script) says what its partner does. */
static uint32_t pair_information(const struct tw_name_term *query, const struct tw_name_term *listed)
{
	uint32_t weight = query->weight < listed->weight ? query->weight : listed->weight;
	uint32_t there = tw_name_information((struct tw_slice){listed->text, listed->len});
	uint32_t here = query->len ? tw_name_information((struct tw_slice){query->text, query->len}) : there;
	uint32_t says = (here < there ? here : there) * weight / TW_NAME_WEIGHT_MAX;
	return ends_otherwise(query, listed) ? says / 2 : says;
}

/* What all that agrees says: words alone. */
static uint32_t information(const struct table *table, const struct sides *sides)
{
	uint32_t says = 0;
	for (uint32_t row = 0; row < table->rows; row++) {
		if (table->paired[row] != NO_PAIR) {
			const struct tw_name_term *query = query_term(sides, row, table->paired[row]),
			                          *listed = listed_term(sides, row, table->paired[row]);
			says += query->word == TW_WORD_PLAIN && listed->word == TW_WORD_PLAIN ? pair_information(query, listed) : 0;
		}
	}
	return says;
}

/* The best alignment of a filled table, counted. */
static struct tw_name_agreement settle(struct table *table, const struct sides *sides, uint32_t query_count, uint32_t listed_count,
                                       const struct tw_name_rules *rules)
{
	struct totals totals = {0};
	if (!align_simply(table)) {
		align_best(table);
	}
	for (uint32_t i = 0; i < query_count; i++) {
		totals.extra += (int64_t)sides->query[i].term.weight * rules->extra_query_ppm;
		count_term(&totals, &sides->query[i].term, 0, 1);
		totals.telling |= is_telling(&sides->query[i].term);
	}
	for (uint32_t i = 0; i < listed_count; i++) {
		totals.extra += (int64_t)sides->listed[i]->weight * rules->extra_listed_ppm;
		totals.spared += spared(sides->listed[i], rules);
		count_term(&totals, sides->listed[i], 1, 1);
		totals.telling |= is_telling(sides->listed[i]);
	}
	for (uint32_t row = 0; row < table->rows; row++) {
		if (table->paired[row] != NO_PAIR) {
			uint32_t column = table->paired[row];
			count_pair(&totals, query_term(sides, row, column), listed_term(sides, row, column), table->similarity[row][column], rules);
		}
	}
	if (!totals.words || (rules->numbers_agree && (totals.numbers[0] || totals.numbers[1]))) {
		return (struct tw_name_agreement){0, 0, 0};
	}
	int64_t extra = totals.extra / TW_PPM + contradictions(&totals, rules);
	int32_t ppm = (int32_t)(totals.worth / (totals.weight + extra));
	if (ppm < rules->left_out_ppm && is_shortened(&totals, query_count, rules)) {
		int32_t shortened = (int32_t)(totals.worth / (totals.weight + extra - totals.spared / TW_PPM));
		shortened = shortened < rules->left_out_ppm ? shortened : rules->left_out_ppm;
		ppm = shortened > ppm ? shortened : ppm;
	}
	return (struct tw_name_agreement){ppm, (uint32_t)totals.weight / 2, information(table, sides)};
}

static void begin(struct table *table, const struct sides *sides, uint32_t query_count, uint32_t listed_count)
{
	assert(query_count <= TW_NAME_TOKENS_MAX && listed_count <= TW_NAME_TOKENS_MAX);
	table->rows = sides->query_is_rows ? query_count : listed_count;
	table->columns = sides->query_is_rows ? listed_count : query_count;
}

struct tw_name_agreement tw_name_compare(const struct tw_name_pattern *query, uint32_t query_count, const struct tw_name_term *const *listed,
                                         uint32_t listed_count, const struct tw_name_rules *rules)
{
	struct sides sides = {query, listed, query_count <= listed_count};
	struct table table;
	begin(&table, &sides, query_count, listed_count);
	fill(&table, &sides, rules);
	return settle(&table, &sides, query_count, listed_count, rules);
}

struct tw_name_agreement tw_name_compare_given(const struct tw_name_pattern *query, uint32_t query_count, const struct tw_name_term *const *listed,
                                               uint32_t listed_count, int32_t (*similarity)[TW_NAME_TOKENS_MAX], const struct tw_name_rules *rules)
{
	struct sides sides = {query, listed, query_count <= listed_count};
	struct table table;
	begin(&table, &sides, query_count, listed_count);
	for (uint32_t row = 0; row < table.rows; row++) {
		for (uint32_t column = 0; column < table.columns; column++) {
			int32_t ppm = sides.query_is_rows ? similarity[row][column] : similarity[column][row];
			const struct tw_name_term *here = query_term(&sides, row, column), *there = listed_term(&sides, row, column);
			table.similarity[row][column] = ppm;
			table.worth[row][column] = ppm ? (int64_t)ppm * pair_weight(here, there) : 0;
		}
	}
	return settle(&table, &sides, query_count, listed_count, rules);
}
