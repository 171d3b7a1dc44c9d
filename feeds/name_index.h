/**
 * @file name_index.h
 * The fuzzy index over the listed names of one domain: finds what comparing with every name finds, and asks few of them.
 *
 *     vocabulary   terms by (fuzzy first, length, text)      masks[term]   its letters in 32 bits
 *     forms        by (initials: none, one, more; words; tokens): form -> terms, name
 *     postings     term -> (form that holds it, letters and weight of its other words)
 *
 *     query token -> scan of the masks of possible lengths (name_tree.h), first letters -> similar terms   (remembered by the memo; those of the
 *                    words of most names by the index, name_near.h)
 *     rarest tokens that a hit cannot all miss -> their similar terms' postings (those of words that come again united, name_united.h)
 *                                              -> forms of as many words -> their letters (name_sieve.h)
 *                                              -> each word of the form -> tw_name_compare
 *
 * Exact recall by construction. A hit of similarity T misses so little weight on the query's side that X, any set of its words with
 *     sum of costs over X  >  2 (1 - T) (query's weight - X's weight),  cost of a word = T * extra_query * its weight
 * cannot be without partners as a whole (name_compare.h; a pair never weighs more than twice its query word). So the postings of one such
 * set hold every hit: those of the words' similar words. An initial is no partner here, for it is in too many forms: forms that have one are
 * looked for by sets of their own, whose words gain what initials give them and still fall short: one initial gives it to one word. What else of the
 * query is looked up is a matter of speed. A scanned mask is refused only when the letters it lacks rule out TW_TOKEN_PPM_MIN, a posting only when
 * the letters of the form's other words rule out so many of the query's words that T is out of reach.
 *
 * Invariant: immutable once built, shared by all threads; what a thread remembers is in its own memo and changes speed alone.
 * Sources: prefix filtering after Chaudhuri, Ganti, Kaushik, ICDE 2006; the letter-mask scan is this project's.
 */
#ifndef TIDEWAITER_FEEDS_NAME_INDEX_H
#define TIDEWAITER_FEEDS_NAME_INDEX_H

#include "feeds/name_compare.h"
#include "feeds/name_near.h"
#include "feeds/name_tree.h"

#define TW_NAME_HEAD 4 /* first letters that count for the similarity of words. Source: Winkler 1990 */

/** Forms by how many initials they have. */
enum tw_name_kind { TW_KIND_WORDS = 0, TW_KIND_INITIAL, TW_KIND_INITIALS };
#define TW_NAME_KINDS 3

#define TW_LACKING_MAX 7 /* letters; more count as so many */

struct tw_arena;
struct tw_index_array;
struct tw_name_memo;

/** What is asked of a term that a word may meet, side by side in memory. */
struct tw_name_head {
	uint64_t letters; /**< tw_jaro_pack */
	uint32_t posting; /**< where its postings begin; the next term's says where they end */
	uint16_t weight;  /**< vocabulary[].weight */
	uint16_t kind;    /**< of its last posting's form: enum tw_name_kind, and no other is later */
};

struct tw_name_index {
	enum tw_name_domain domain;
	const struct tw_name_rules *rules;
	enum tw_name_scan scan; /**< the best there is; tests set another */
	struct tw_name_term *vocabulary;
	uint32_t term_count, fuzzy_count;
	uint32_t *run; /**< TW_NAME_RUNS + 1: see tw_name_run */
	uint8_t needed[TW_NAME_TERM_BYTES + 1][TW_NAME_TERM_BYTES + 1]
	              [TW_NAME_HEAD + 1]; /**< by both lengths and how many first letters agree:
	                                       letters that a pair shares at least; 255: it cannot meet */
	int32_t alike[TW_NAME_TERM_BYTES + 1]
	             [TW_LACKING_MAX + 1]; /**< by a word's length and its letters that another lacks: their similarity at most */
	int32_t spare[TW_NAME_TERM_BYTES + 1]
	             [2 * TW_LACKING_MAX + 2]; /**< by the same: letters that it may lack of the other's; -1: it cannot meet */
	uint32_t *masks;
	struct tw_name_tree tree; /**< the same of the fuzzy terms, alike ones side by side */
	struct tw_name_near near; /**< what the words of most names meet */
	struct tw_name_head *head; /**< by term, term_count + 1 */
	uint32_t *slot;           /**< by hash: a term's place, name_index_build.h; 0: empty */
	uint32_t slots;
	uint64_t *filter; /**< a bit by hash, ten a term: most texts that are no term are known by theirs */
	uint32_t *form_term; /**< form by form */
	uint32_t *form_name; /**< the caller's number */
	uint32_t form_count;
	struct tw_name_class *class; /**< class_count + 1: the last one is behind all forms */
	uint32_t class_count;
	uint32_t words_at[TW_NAME_KINDS][TW_NAME_TOKENS_MAX + 2]; /**< of a kind: the first form of so many words or more */
	uint64_t *posting; /**< of words and initials, forms ascending: see tw_name_posting_form; TW_SCAN_PADDING more */
};

/** Forms of so many tokens stand together. A word here is what is no stop word and no company form. */
struct tw_name_class {
	uint32_t form;  /**< its first */
	uint32_t place; /**< of that form's first token in form_term */
	uint32_t tokens;
};

/*
 * A posting: | 6: weight of the form's other words and initials, in units, rounded down | 26: letters of these | 32: form |
 */
#define TW_POSTING_WEIGHT     128
#define TW_POSTING_WEIGHT_MAX 63
#define TW_POSTING_LETTERS_AT 32
#define TW_POSTING_WEIGHT_AT  58
#define TW_POSTING_LETTERS    0x3FFFFFFU /* of a tw_name_mask */

static inline uint32_t tw_name_posting_form(uint64_t posting)
{
	return (uint32_t)posting;
}

/** @return what the form's other words and initials weigh at least */
static inline uint32_t tw_name_posting_weight(uint64_t posting)
{
	return (uint32_t)(posting >> TW_POSTING_WEIGHT_AT) * TW_POSTING_WEIGHT;
}

/** @return of `count` postings how many come before those of a form; they are ascending */
static inline uint32_t tw_name_postings_before(const uint64_t *posting, uint32_t count, uint32_t form)
{
	uint32_t from = 0;
	while (count) {
		uint32_t half = count / 2;
		bool before = tw_name_posting_form(posting[from + half]) < form;
		from += before ? half + 1 : 0;
		count = before ? count - half - 1 : half;
	}
	return from;
}

/** One listed name on its way into the index. */
struct tw_name_source {
	struct tw_slice text;
	uint32_t name;
};

/**
 * @param names borrowed for the call
 * @param arena the index's memory
 * @return false when the arena, or the system, has no memory; `index` is then not usable
 */
TW_MUST_USE bool tw_name_index_build(struct tw_name_index *index, enum tw_name_domain domain, const struct tw_name_source *names, uint32_t count,
                                     struct tw_arena *arena);

/** @return words of `filter` */
static inline uint64_t tw_name_filter_words(const struct tw_name_index *index)
{
	return index->slots / 8U + 1;
}

/** A term of this class and text, or UINT32_MAX. */
uint32_t tw_name_index_find(const struct tw_name_index *index, const struct tw_name_term *term);

#define TW_NAME_RUNS ((TW_NAME_TERM_BYTES + 1) * 26U * 26U)

/** @return where fuzzy terms begin that have this length and these first two letters (0 to 25), in `run`; they end where the next ones begin */
static inline uint32_t tw_name_run(uint32_t length, uint32_t first, uint32_t second)
{
	return (length * 26U + first) * 26U + second;
}

/** @return the class of a form */
const struct tw_name_class *tw_name_index_class(const struct tw_name_index *index, uint32_t form);

/** @return the terms of a form of this class, class->tokens of them */
static inline const uint32_t *tw_name_class_terms(const struct tw_name_index *index, const struct tw_name_class *class, uint32_t form)
{
	return &index->form_term[class->place + (size_t)(form - class->form) * class->tokens];
}

/** @return the terms of a form, `count` of them */
const uint32_t *tw_name_index_form(const struct tw_name_index *index, uint32_t form, uint32_t *count);

/** @return the 32 letter bits that are scanned: 26 letters, and six common ones that occur twice */
uint32_t tw_name_mask(const struct tw_name_term *term);

/** What one thread remembers of one index: similar terms by token, and marks. @param index must outlive it @return NULL without memory */
struct tw_name_memo *tw_name_memo_new(const struct tw_name_index *index);
void tw_name_memo_free(struct tw_name_memo *memo);
/** Forget the similar terms: for measuring cold. */
void tw_name_memo_forget(struct tw_name_memo *memo);

/** Told of each form that agrees, in no useful order; one name may come several times. */
struct tw_name_listener {
	void (*hit)(void *context, uint32_t name, struct tw_name_agreement agreement);
	void *context;
};

/**
 * Every form of the index that agrees with `form` at `threshold_ppm` (1 to TW_PPM) or more.
 * @param memo of this index and this thread
 * @return false when there is no memory
 */
TW_MUST_USE bool tw_name_index_search(const struct tw_name_index *index, struct tw_name_memo *memo, const struct tw_name_form *form,
                                      int32_t threshold_ppm, struct tw_name_listener listener);

/** The same by comparing with every form: the reference that the index is tested against. */
void tw_name_index_search_all(const struct tw_name_index *index, const struct tw_name_form *form, int32_t threshold_ppm,
                              struct tw_name_listener listener);

/**
 * The arrays of an index by number from 0, for writing them and for pointing the index at mapped ones. The size of an array may stand in one before
 * it: who maps sets each pointer before he asks for the next; the plain members must be there already.
 * @return false behind the last
 */
bool tw_name_index_array(struct tw_name_index *index, uint32_t number, struct tw_index_array *out);

/**
 * The inequality above: can names agree in which tokens of this cost and weight have no partner? One unit of slack, for compare rounds extras down.
 * @param weight of the other tokens of that side
 */
static inline bool tw_name_affordable(int64_t threshold_ppm, int64_t cost, int64_t weight)
{
	return cost - threshold_ppm <= 2 * (TW_PPM - threshold_ppm) * weight;
}

/** @return what a name says that is equal to this form: the weight of its words in this index, and their letters */
struct tw_name_agreement tw_name_index_equal(const struct tw_name_index *index, const struct tw_name_form *form);

#endif
