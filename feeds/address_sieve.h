/**
 * @file address_sieve.h
 * Whether any of an address's numbers and words make a key that is there (address_key.h), in one pass over its letters: nearly all addresses of a day
 * do not, and never come to be read properly.
 *
 *     two bits for each key, in one word of 64; 32 bits of sieve and more for a key
 *
 * Invariant: what tw_address_keys would find is let through. Threads: any, once all keys are in.
 * Source: Putze, Sanders, Singler 2007 (blocked Bloom filters); FNV-1a, draft-eastlake-fnv.
 */
#ifndef TIDEWAITER_FEEDS_ADDRESS_SIEVE_H
#define TIDEWAITER_FEEDS_ADDRESS_SIEVE_H

#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_address_sieve {
	uint64_t *word; /* malloc'd */
	uint64_t mask;
};

/** An empty sieve. @param keys that will be added @return false without memory */
TW_MUST_USE bool tw_address_sieve_init(struct tw_address_sieve *sieve, uint32_t keys);
void tw_address_sieve_fini(struct tw_address_sieve *sieve);

/** @param key of tw_address_key */
void tw_address_sieve_add(struct tw_address_sieve *sieve, struct tw_slice key);

/** @param text,town as tw_address_keys @return false: none of its keys is there. True says nothing, and is said of all that is not plain ASCII */
bool tw_address_sieve_passes(const struct tw_address_sieve *sieve, struct tw_slice text, struct tw_slice town);

#endif
