/**
 * @file name_scan.h
 * The letter-mask scan: which of many letter sets lose at most so many letters against one. The one loop of the name index that the
 * processor's wide registers speed up; every way gives the same answer.
 *
 * A tree of sets says the same of all below a node: no set below has a letter that `any` lacks, and every set below has those of `all`.
 *
 *     top    8 groups: any, all        leaf   8 times 8 sets: any, all        mask   8 sets
 *
 * Sets that are alike stand side by side (name_tree.h), so that most of them are refused by eights and by sixty-fours.
 */
#ifndef TIDEWAITER_FEEDS_NAME_SCAN_H
#define TIDEWAITER_FEEDS_NAME_SCAN_H

#include <stdbool.h>
#include <stdint.h>

enum tw_name_scan { TW_SCAN_SCALAR = 0, TW_SCAN_AVX2, TW_SCAN_AVX512, TW_SCAN_NEON };
#define TW_NAME_SCANS 4

#define TW_SCAN_PADDING 16 /* readable masks behind the last */

/** @return bits set. In line: the baseline processor has no instruction for it. Source: Warren, Hacker's Delight, section 5-1 */
static inline uint32_t tw_name_bits(uint64_t value)
{
	value -= value >> 1 & 0x5555555555555555U;
	value = (value & 0x3333333333333333U) + (value >> 2 & 0x3333333333333333U);
	value = (value + (value >> 4)) & 0x0F0F0F0F0F0F0F0FU;
	return (uint32_t)(value * 0x0101010101010101U >> 56);
}

/** @return the widest way that this processor has */
enum tw_name_scan tw_name_scan_best(void);

/** Is it compiled in, and does this processor have it? */
bool tw_name_scan_has(enum tw_name_scan scan);

/**
 * Places i in [from, to) with popcount(wanted & ~masks[i]) <= lost_here and popcount(masks[i] & ~wanted) <= lost_there, ascending.
 * @param masks readable up to `to` + TW_SCAN_PADDING
 * @param out   room for to - from + TW_SCAN_PADDING
 * @return how many
 */
uint32_t tw_name_scan(enum tw_name_scan scan, const uint32_t *masks, uint32_t from, uint32_t to, uint32_t wanted, uint32_t lost_here,
                      uint32_t lost_there, uint32_t *out);

#define TW_TREE_FAN   8                             /* of each node: a register of 32-bit lanes */
#define TW_TREE_GROUP (TW_TREE_FAN * TW_TREE_FAN)   /* sets below a node of `leaf` */
#define TW_TREE_TOP   (TW_TREE_GROUP * TW_TREE_FAN) /* and of `top` */

/** What its eight children have together. */
struct tw_tree_node {
	uint32_t any[TW_TREE_FAN];
	uint32_t all[TW_TREE_FAN];
};

/** A tree of letter sets. */
struct tw_name_branch {
	const struct tw_tree_node *top, *leaf; /**< one for TW_TREE_TOP sets, and for TW_TREE_GROUP of them; the last may be part empty */
	const uint32_t *mask;                  /**< readable up to the next multiple of TW_TREE_GROUP */
	uint32_t count;
};

/**
 * The same as tw_name_scan of a whole tree.
 * @param out places in `mask`, ascending; room for `count`
 */
uint32_t tw_name_scan_branch(enum tw_name_scan scan, const struct tw_name_branch *branch, uint32_t wanted, uint32_t lost_here, uint32_t lost_there,
                             uint32_t *out);

#endif
