/**
 * @file address.h
 * How much two postal addresses agree, whoever wrote them down and in whatever order.
 *
 *     "Unit 4, 17 Quay St., Portmoor"       number 4, number 17, street (type), word quay, word portmoor
 *     "17-4 Quay Street, PORTMOOR 20110"    number 17, number 4, word quay, street (type), word portmoor, number 20110
 *
 *     similarity = what agrees of the lesser side, less what the other side has beyond it at a quarter of its weight
 *
 * A word of place or street weighs 4, and more where it is long; a number 3; a word that every other address has (street, floor, industrial,
 * zone) 1. Words meet as names' words do (name_compare.h), numbers are equal or not.
 * A number in the place of another one contradicts: it takes off twice what it weighs, and where no number agrees nothing does.
 *
 * Invariants: integers only, symmetric, and a function of the two texts alone. Threads: any.
 * Sources: words of street and building after Universal Postal Union, S42 (components of an address); weights are the project's choice, and
 * bench/quality measures what they find.
 */
#ifndef TIDEWAITER_FEEDS_ADDRESS_H
#define TIDEWAITER_FEEDS_ADDRESS_H

#include <stdint.h>

#include <tidewaiter/slice.h>

struct tw_arena;

/** What a word of an address says. */
enum tw_address_word {
	TW_ADDRESS_COMMON, /**< what every other address has, or one letter */
	TW_ADDRESS_NUMBER,
	TW_ADDRESS_PLACE /**< of a street, a quarter, a town */
};

/**
 * Read one word as the comparison does.
 * @param word a token of tw_name_split; left as it is compared: an abbreviation written out (constant text), a number without letters and zeros
 * around it
 */
enum tw_address_word tw_address_word(struct tw_slice *word);

/** Agreement from which two addresses are one place to all appearance. Source: project's choice; measured by bench/quality. */
#define TW_ADDRESS_PPM_MIN 750000

/**
 * Compare two addresses, each with or without its city, postcode and country.
 * @param a,b     UTF-8, any bytes; borrowed for the call; tokens past TW_NAME_TOKENS_MAX are not compared
 * @param scratch taken from and given back
 * @return 0 to 1,000,000 ppm; 0 also where they have too little in common to be told from others (a word and a number, three numbers, or
 *         three words), where their numbers or their words contradict, and where `scratch` is at its ceiling: 0 says nothing
 */
int32_t tw_address_compare(struct tw_slice a, struct tw_slice b, struct tw_arena *scratch);

#endif
