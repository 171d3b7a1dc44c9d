/**
 * @file name_tree.h
 * The letter sets of the index's fuzzy terms, a tree a length (tw_name_scan_branch): sets that are alike stand side by side.
 *
 *     place   0 ... 63 | 64 ... 127 | ...     terms of one length, split again and again by the letter that half of them have
 *
 * Invariant: each term of the length stands at one place. The order is a function of the masks alone.
 */
#ifndef TIDEWAITER_FEEDS_NAME_TREE_H
#define TIDEWAITER_FEEDS_NAME_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include <tidewaiter/error.h>

#include "feeds/name_scan.h"

#define TW_TREE_LENGTHS 32 /* more than the longest term has letters */

struct tw_arena;
struct tw_name_head;

struct tw_name_tree {
	uint32_t *mask;    /**< by place */
	uint64_t *letters; /**< by place: what is looked at beside the mask */
	uint32_t *term;    /**< by place: where the term stands in the vocabulary */
	struct tw_tree_node *leaf, *top;
	uint32_t count[TW_TREE_LENGTHS];    /**< by length */
	uint32_t group_at[TW_TREE_LENGTHS]; /**< its first group: place / TW_TREE_GROUP, and in `leaf` */
	uint32_t top_at[TW_TREE_LENGTHS];   /**< its first node of `top` */
	uint32_t groups, tops;              /**< of all lengths */
};

/**
 * @param masks by term; the terms of a length stand together, from first[length] to first[length + 1]
 * @param head by term, of which the letters are kept beside the masks
 * @param first TW_TREE_LENGTHS + 1 places
 * @param arena owns the tree
 * @return false without memory
 */
TW_MUST_USE bool tw_name_tree_build(struct tw_name_tree *tree, const uint32_t *masks, const struct tw_name_head *head, const uint32_t *first,
                                    struct tw_arena *arena);

/** @return the terms of one length, whose places count from tree->group_at[length] * TW_TREE_GROUP */
struct tw_name_branch tw_name_tree_branch(const struct tw_name_tree *tree, uint32_t length);

#endif
