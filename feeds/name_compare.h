/**
 * @file name_compare.h
 * How much two names agree, token by token: the one function that brute force and the index both ask.
 *
 *     query   YUSEF (w 9)   TERN (w 12)              QUILL (w 11)     LTD (w 1)
 *               | 0.93        | 1                      | 1              extra
 *     listed  YUSUF (w 7)   TERN (w 12)   BIN (w 1)  QUILL (w 11)
 *                                          extra
 *
 *     similarity = sum(s * p) / (sum(p) + extra tokens' weights),  p = 2 * the lesser weight of a pair, over the best one-to-one alignment
 *
 * A weight is how rare a token is among the names of the loaded lists: a token in the place of a common one cannot be worth more than the
 * common one. A word meets a word of a Jaro-Winkler similarity of TOKEN_PPM_MIN or more, or of four letters one of which is replaced; two slips of a
 * long word weigh no more than one of a short one. An initial meets a word that begins with it,
 * a stop word or a company form meets itself. Without one pair of words there is no agreement at all. Firms of which each has a number, or a place,
 * that the other lacks contradict each other: they are two, or two branches of one. Words of a person (two of its own) or of a firm (one, and one of
 * trade) that are all in a longer listed name lose no more than `left_out_weight` by each that was left out, up to an agreement of `left_out_ppm`.
 *
 * Invariants: integers only, symmetric in nothing but reproducible in everything: the result depends on the two token sequences and the
 * kind's constants alone. Of unmatched weight E on the query's side, E * extra_query <= sum(p) * (1/T - 1) at a similarity of T: the index
 * is built on that inequality.
 * Sources: Jaro, JASA 84 (1989); Winkler, Proc. ASA Survey Research Methods (1990); Kuhn, Naval Research Logistics 2 (1955), for the alignment.
 * Threads: any.
 */
#ifndef TIDEWAITER_FEEDS_NAME_COMPARE_H
#define TIDEWAITER_FEEDS_NAME_COMPARE_H

#include "feeds/name_forms.h"

#define TW_PPM             1000000
#define TW_NAME_TERM_BYTES TW_NAME_FORM_TOKEN_MAX
#define TW_TOKEN_PPM_MIN   866000 /* Jaro-Winkler below which two words have nothing to do with each other */
#define TW_NAME_WEIGHT_MAX 1000
#define TW_NAME_WEIGHT_MIN 200 /* a word in every name is still a word */
#define TW_NAME_SYMBOLS    36  /* a to z, 0 to 9 */

/** A token ready to be compared. */
struct tw_name_term {
	uint32_t letters, twice;       /**< which letters it has, and which it has twice or more */
	char text[TW_NAME_TERM_BYTES]; /**< zeros behind its end */
	uint8_t len;
	uint8_t word;    /**< enum tw_name_word */
	bool fuzzy : 1;  /**< letters a to z alone, two or more: others are equal or nothing */
	bool number : 1; /**< it has a digit */
	bool minor : 1;  /**< a word of trade or a place in a firm's name, a patronymic in a person's */
	bool place : 1;  /**< a country or a town in a firm's name */
	bool known : 1;  /**< of a query's: some listed name has this very word, so that it is hardly a slip of another */
	uint16_t weight;
};

/** A query's token with the places of its letters. */
struct tw_name_pattern {
	struct tw_name_term term;
	uint32_t at[TW_NAME_SYMBOLS];
};

/** How names of one kind are compared, in ppm. Source of all constants: the project's choice, first guesses; what they find is measured by
 * bench/quality. */
struct tw_name_rules {
	int32_t extra_query_ppm;  /**< what of its weight a token that only the query has costs */
	int32_t extra_listed_ppm; /**< and one that only the list has */
	int32_t initial_ppm;      /**< similarity of an initial and a word that begins with it */
	uint16_t initial_weight, stop_weight, form_weight;
	uint16_t minor_weight_max; /**< of a minor word, however rare it is among the listed */
	bool minor_slips;          /**< a word that no listed name has may be a minor one misspelt */
	bool minor_agrees;         /**< minor words alone make an agreement, though a name has others */
	bool numbers_agree;        /**< names with different numbers are different names */
	uint16_t other_number;     /**< weight of a contradiction: either name has a number that the other lacks */
	uint16_t other_place;      /**< the same of places */
	bool acronyms;             /**< words of three letters or fewer meet their equal alone */
	uint16_t left_out_weight;  /**< of a word that only the list has, where the rest are equal: its rarity does not make its absence odder */
	int32_t left_out_ppm;      /**< what two names so compared agree at most; 0: they are not */
	uint16_t own_words_min;    /**< of the query's, equal ones that are not minor, to be so compared */
	uint16_t own_weight_min;   /**< and what all that is equal weighs */
};

/** @return the constants of a domain */
const struct tw_name_rules *tw_name_rules_of(enum tw_name_domain domain);

/** @return what a listed word without partner weighs at least: where the rest are equal, what it does weigh. The index's bounds are built on it */
static inline uint32_t tw_name_left_out(const struct tw_name_rules *rules, uint32_t weight)
{
	return rules->left_out_ppm && weight > rules->left_out_weight ? rules->left_out_weight : weight;
}

/** @return the token cut, classed and with its letters; weight 0 */
struct tw_name_term tw_name_term_make(const struct tw_name_form_token *token, enum tw_name_domain domain);

/**
 * @param names   names of the domain, at least 1
 * @param holding how many of them hold the token
 * @return what a plain word weighs, TW_NAME_WEIGHT_MIN to TW_NAME_WEIGHT_MAX; words that no listed name has weigh most
 */
uint16_t tw_name_weight(uint32_t names, uint32_t holding);

/** Fill in the weight that the term's class or rarity gives it. */
void tw_name_term_weigh(struct tw_name_term *term, const struct tw_name_rules *rules, uint32_t names, uint32_t holding);

void tw_name_pattern_make(struct tw_name_pattern *pattern, const struct tw_name_term *term);

/** Jaro-Winkler similarity in ppm, rounded down, of two fuzzy terms. Bit-parallel: time by the listed term's length alone. */
int32_t tw_jaro_winkler(const struct tw_name_pattern *a, const struct tw_name_term *b);

/**
 * Can words of `a` and `b` letters that share `matched` of them, the first `prefix` (at most 4) in their places, meet? Never false for two
 * that do.
 */
bool tw_name_may_meet(uint32_t matched, uint32_t a, uint32_t b, uint32_t prefix);

/** @return what tw_name_term_similarity of two such words is at most; 0: they cannot meet */
int32_t tw_name_similarity_most(uint32_t matched, uint32_t a, uint32_t b, uint32_t prefix);

/** @return similarity of two tokens in ppm, spread so that TW_TOKEN_PPM_MIN counts much less than equal; 0: they do not meet */
int32_t tw_name_term_similarity(const struct tw_name_pattern *a, const struct tw_name_term *b, const struct tw_name_rules *rules);

/** What is known of another word from the letters that the two share (name_jaro.h). */
struct tw_name_match {
	uint32_t len;     /**< of the other word */
	uint32_t matched; /**< Jaro's: letters that match */
	uint32_t halves;  /**< of them, those out of order: two are one transposition */
	uint32_t prefix;  /**< first letters that they share, at most 4 */
	uint32_t slips;   /**< name_slips.h */
};

/** The same of two fuzzy terms that differ, where it is known how. */
int32_t tw_name_similarity_matched(const struct tw_name_term *a, const struct tw_name_match *match, const struct tw_name_rules *rules);

struct tw_name_agreement {
	int32_t ppm;     /**< 0 to TW_PPM */
	uint32_t weight; /**< of what was paired: how much the agreement says */
	uint32_t says;   /**< what the letters of the words that agree say, in 1024ths of a bit (name_detail.h), of a common word the less */
};

/**
 * Compare two names.
 * @param query  `query_count` patterns, at most TW_NAME_TOKENS_MAX
 * @param listed `listed_count` terms, at most TW_NAME_TOKENS_MAX
 */
struct tw_name_agreement tw_name_compare(const struct tw_name_pattern *query, uint32_t query_count, const struct tw_name_term *const *listed,
                                         uint32_t listed_count, const struct tw_name_rules *rules);

/**
 * The same where the similarities of tokens are known from elsewhere (name_script_index.h).
 * @param query      of each pattern the term's class, number and weight are read
 * @param similarity in ppm, by the query's token and the listed one; 0: they do not meet
 */
struct tw_name_agreement tw_name_compare_given(const struct tw_name_pattern *query, uint32_t query_count, const struct tw_name_term *const *listed,
                                               uint32_t listed_count, int32_t (*similarity)[TW_NAME_TOKENS_MAX], const struct tw_name_rules *rules);

#endif
