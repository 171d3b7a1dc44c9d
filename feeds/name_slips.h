/**
 * @file name_slips.h
 * Slips between two words, letter by letter of the one: dropped, added, replaced, or exchanged with the neighbour, each letter changed at most
 * once (optimal string alignment distance), the other's letters side by side as bits. name_jaro.c has the same steps a lane a word.
 * Source: Hyyro, A bit-vector algorithm for computing Levenshtein and Damerau edit distances, Nordic Journal of Computing 10 (2003).
 */
#ifndef TIDEWAITER_FEEDS_NAME_SLIPS_H
#define TIDEWAITER_FEEDS_NAME_SLIPS_H

#include <stdint.h>

struct tw_slips {
	uint32_t up, down, diagonal, before;
	uint32_t last;  /**< bit of the other's last letter */
	uint32_t count; /**< up to here */
};

/** @param len of the other word, at most 32 */
static inline struct tw_slips tw_slips_begin(uint32_t len)
{
	return (struct tw_slips){.up = UINT32_MAX, .last = len ? UINT32_C(1) << (len - 1) : 0, .count = len};
}

/** The next letter. @param same the places of the other that have it */
static inline void tw_slips_step(struct tw_slips *slips, uint32_t same)
{
	uint32_t exchanged = ((~slips->diagonal & same) << 1) & slips->before, up = slips->up, down = slips->down;
	uint32_t diagonal = (((same & up) + up) ^ up) | same | down | exchanged;
	uint32_t more = down | ~(diagonal | up), less = diagonal & up;
	slips->count += (more & slips->last) != 0;
	slips->count -= (less & slips->last) != 0;
	more = more << 1 | 1;
	slips->up = less << 1 | ~(diagonal | more);
	slips->down = more & diagonal;
	slips->diagonal = diagonal;
	slips->before = same;
}

#endif
