/**
 * @file name_partners.h
 * The listed terms that the words of one query meet, asked by term: what a form's words are to the query without reading any of them.
 *
 *     words -> what each meets (name_similar.h) -> table, by term: what meeting it gains at most, one place a term
 *
 * Invariant: a function of the pairs that were put in; a place of another query is empty. Threads: one thread's.
 */
#ifndef TIDEWAITER_FEEDS_NAME_PARTNERS_H
#define TIDEWAITER_FEEDS_NAME_PARTNERS_H

#include <stdbool.h>
#include <stdint.h>

#include <tidewaiter/error.h>

/** A listed term that a word of the query meets. */
struct tw_partner {
	uint32_t term;
	uint32_t query; /**< the table's, else the place is empty */
	int64_t gain;
};

struct tw_name_partners {
	struct tw_partner *slot;
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

/** Put in a term, or let it gain more. @param gain not negative */
static inline void tw_partners_put(struct tw_name_partners *partners, uint32_t term, int64_t gain)
{
	struct tw_partner *place = tw_partners_place(partners, term);
	int64_t known = place->query == partners->query ? place->gain : 0;
	*place = (struct tw_partner){term, partners->query, gain > known ? gain : known};
}

/** @return what a term gains at most; -1: no word meets it */
static inline int64_t tw_partners_gain(const struct tw_name_partners *partners, uint32_t term)
{
	const struct tw_partner *place = tw_partners_place(partners, term);
	return place->query == partners->query ? place->gain : -1;
}

#endif
