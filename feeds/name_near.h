/**
 * @file name_near.h
 * What the words of most names meet, found when the index is built: such a word is asked for most often, and its letters are scanned for once.
 *
 *     term    the words that are known, ascending            first    by word: where its list begins in `gap`; one more says where the last ends
 *     gap     the fuzzy terms that each meets, ascending: how far each is from the one before, in sevens of bits, lowest first, 128 set: more follow;
 *             then a byte that says how similar it is: a place in `ppm`, or TW_NEAR_ELSE
 *     ppm     the similarities that most pairs of such words have
 *
 * Words have few letters, so that a few hundred similarities are all there are, and two in a hundred pairs have one that `ppm` has no place for: it is
 * found again by comparing the two (name_similar.h).
 *
 * Invariant: a word's list is every fuzzy term that it meets, itself among them. Source: gaps in bytes after Williams, Zobel, Compressing integers
 * for fast file access, The Computer Journal 42 (1999).
 */
#ifndef TIDEWAITER_FEEDS_NAME_NEAR_H
#define TIDEWAITER_FEEDS_NAME_NEAR_H

#include <stdbool.h>
#include <stdint.h>

#include <tidewaiter/error.h>

#define TW_NEAR_PPMS 255U
#define TW_NEAR_ELSE 255U /* a similarity that is none of them */

struct tw_arena;
struct tw_name_index;

struct tw_name_near {
	uint32_t *term;
	uint32_t *first;
	uint8_t *gap;
	int32_t *ppm;          /**< TW_NEAR_PPMS, most frequent first */
	uint32_t count, bytes; /**< words; of `gap` */
};

/**
 * Find what the words of most names meet, a share of the index's.
 * @param index laid out but for its `near`, which is written; nothing is known while it is being found
 * @param arena the index's memory
 * @return false without memory
 */
TW_MUST_USE bool tw_name_near_build(struct tw_name_index *index, struct tw_arena *arena);

/** A list under way. */
struct tw_near_walk {
	const uint8_t *at, *end;
	uint32_t term;  /**< the last one */
	uint32_t alike; /**< how similar it is: a place in `ppm`, or TW_NEAR_ELSE */
};

/** @return is it known what the term meets? Else `walk` is not written */
bool tw_name_near_find(const struct tw_name_near *near, uint32_t term, struct tw_near_walk *walk);

/** The next term of a list, in `walk`. @return false behind the last */
static inline bool tw_near_next(struct tw_near_walk *walk)
{
	uint32_t gap = 0, shift = 0;
	if (walk->at == walk->end) {
		return false;
	}
	for (; *walk->at & 0x80U; shift += 7) {
		gap |= (*walk->at++ & 0x7FU) << shift;
	}
	walk->term += gap | (uint32_t)*walk->at++ << shift;
	walk->alike = *walk->at++;
	return true;
}

#endif
