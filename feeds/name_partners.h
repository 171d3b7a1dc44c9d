/**
 * @file name_partners.h
 * The listed terms that the words of one query meet, asked by term: what a form's words are to the query without reading any of them.
 *
 *     words -> what each meets (name_similar.h) -> table, by term: what meeting it gains at most, one place a term, and its pairs, a word each
 *
 * Invariant: a function of the pairs that were put in; a place of another query is empty. Threads: one thread's.
 */
#ifndef TIDEWAITER_FEEDS_NAME_PARTNERS_H
#define TIDEWAITER_FEEDS_NAME_PARTNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tidewaiter/error.h>

/** A listed term that a word of the query meets. */
struct tw_partner {
	uint32_t term;
	uint32_t query; /**< the table's, else the place is empty */
	int64_t gain;
	uint32_t pair; /**< the last one that was put in */
};

/** A word that meets a term. */
struct tw_partner_pair {
	int32_t ppm;
	uint16_t word; /**< of the query */
	uint16_t next; /**< the term's pair before it; TW_PARTNERS_END: none */
};
#define TW_PARTNERS_END UINT16_MAX

struct tw_name_partners {
	struct tw_partner *slot;
	struct tw_partner_pair *pair;
	uint32_t pairs; /**< put in */
	uint32_t shift; /**< of a hash, to the places that are in use */
	uint32_t query;
};

/** @param partners all zero @return false without memory; fini all the same */
TW_MUST_USE bool tw_partners_init(struct tw_name_partners *partners);
void tw_partners_fini(struct tw_name_partners *partners);

/** Begin anew. @param pairs that will be put in at most @return false when they are too many for a table; nothing is to be put in then */
TW_MUST_USE bool tw_partners_begin(struct tw_name_partners *partners, uint32_t pairs);

/** @return the pair's place, empty where the term is not in the table */
static inline struct tw_partner *tw_partners_place(const struct tw_name_partners *partners, uint32_t term)
{
	uint32_t last = UINT32_MAX >> partners->shift;
	uint32_t at = (term * UINT32_C(0x9E3779B1)) >> partners->shift; /* Source: Knuth, TAOCP 3, section 6.4: the golden ratio in 32 bits */
	while (partners->slot[at].query == partners->query && partners->slot[at].term != term) {
		at = (at + 1) & last;
	}
	return &partners->slot[at];
}

/** Put in a pair, so that its term is there, or gains more. @param gain not negative */
static inline void tw_partners_put(struct tw_name_partners *partners, uint32_t term, uint32_t word, int32_t ppm, int64_t gain)
{
	struct tw_partner *place = tw_partners_place(partners, term);
	bool known = place->query == partners->query;
	partners->pair[partners->pairs] = (struct tw_partner_pair){ppm, (uint16_t)word, known ? (uint16_t)place->pair : TW_PARTNERS_END};
	*place = (struct tw_partner){term, partners->query, known && place->gain > gain ? place->gain : gain, partners->pairs++};
}

/** @return the term, or NULL: no word meets it */
static inline const struct tw_partner *tw_partners_find(const struct tw_name_partners *partners, uint32_t term)
{
	const struct tw_partner *place = tw_partners_place(partners, term);
	return place->query == partners->query ? place : NULL;
}

#endif
