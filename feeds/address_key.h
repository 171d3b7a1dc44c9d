/**
 * @file address_key.h
 * Keys by which an address is found among many, before address.h compares: a number and a word that both must have.
 *
 *     "Unit 4, 17 Quay St., Portmoor", town "Portmoor"    as listed: "17 quay"
 *     "17-4 Quay Street, PORTMOOR 20110"                  as asked:  "17 portmoor", "17 quay", "4 portmoor", "4 quay"
 *
 * A number behind "unit", "floor" and the like tells a part of a house, and one of five digits or more is a postcode more often than a house: they
 * stand behind other numbers. A number behind "box" is a letter box, and no key is made of it. Words of the town alone make none either.
 *
 * Invariant: a function of the two texts alone. Threads: any.
 * Source: the project's choice; words after address.h.
 */
#ifndef TIDEWAITER_FEEDS_ADDRESS_KEY_H
#define TIDEWAITER_FEEDS_ADDRESS_KEY_H

#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

#define TW_ADDRESS_KEYS_MAX 12U /* of an address that is asked for: six words with two numbers each, or fewer with more */

struct tw_address_keys {
	struct tw_slice key[TW_ADDRESS_KEYS_MAX];
	uint32_t count; /**< 0: it has too little to be found by */
};

/**
 * The one key of a listed address: its first house number, else its longest number, and its longest word outside the town.
 * @param text,town UTF-8, any bytes; an empty town is one that is not told apart: then a second word must be there, for the first may be the town
 * @param arena     the key lives until its reset
 * @param out       length 0 when the address has none
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_address_key(struct tw_slice text, struct tw_slice town, struct tw_arena *arena, struct tw_slice *out);

/** Every key under which an address like this one may be listed. As tw_address_key, but that words of the town are asked for too. */
TW_MUST_USE bool tw_address_keys(struct tw_slice text, struct tw_slice town, struct tw_arena *arena, struct tw_address_keys *out);

#endif
