/**
 * @file name_tree.c
 * Splitting by the most even letter, then summing up by eights; see name_tree.h.
 */
#include "feeds/name_tree.h"

#include <stddef.h>

#include "engine/base/arena.h"
#include "feeds/name_index.h"

#define MASK_BITS   32U
#define SAMPLED_MAX 1024U /* masks that are counted to find a letter: of more, a share */

/* The letter that is nearest to being in half of the terms. */
static uint32_t even_letter(const uint32_t *masks, const uint32_t *term, uint32_t count)
{
	uint32_t with[MASK_BITS] = {0}, step = count / SAMPLED_MAX + 1, sampled = 0, best = 0, least = UINT32_MAX;
	for (uint32_t i = 0; i < count; i += step) {
		for (uint32_t bit = 0; bit < MASK_BITS; bit++) {
			with[bit] += masks[term[i]] >> bit & 1;
		}
		sampled++;
	}
	for (uint32_t bit = 0; bit < MASK_BITS; bit++) {
		uint32_t off = with[bit] * 2 > sampled ? with[bit] * 2 - sampled : sampled - with[bit] * 2;
		if (off < least) {
			least = off;
			best = bit;
		}
	}
	return best;
}

/* Those without the letter first. @return how many */
static uint32_t part(const uint32_t *masks, uint32_t *term, uint32_t count, uint32_t bit)
{
	uint32_t from = 0, to = count;
	while (from < to) {
		if (masks[term[from]] >> bit & 1) {
			uint32_t moved = term[from];
			term[from] = term[--to];
			term[to] = moved;
		} else {
			from++;
		}
	}
	return from;
}

/* Terms that no letter parts are left as they are: each call is of fewer, so that it ends, at most MASK_BITS deep. */
static void order(const uint32_t *masks, uint32_t *term, uint32_t count)
{
	if (count <= TW_TREE_FAN) {
		return;
	}
	uint32_t without = part(masks, term, count, even_letter(masks, term, count));
	if (without && without < count) {
		order(masks, term, without);
		order(masks, term + without, count - without);
	}
}

static void sum_up(struct tw_tree_node *node, const uint32_t *any, const uint32_t *all, uint32_t child, uint32_t count)
{
	node->any[child] = 0;
	node->all[child] = count ? UINT32_MAX : 0;
	for (uint32_t i = 0; i < count; i++) {
		node->any[child] |= any[i];
		node->all[child] &= all[i];
	}
}

/* How many of `fan` places from `at` on are filled. */
static uint32_t filled(uint32_t count, uint32_t at, uint32_t fan)
{
	return at >= count ? 0 : count - at < fan ? count - at : fan;
}

static void sum_length(struct tw_name_tree *tree, uint32_t length)
{
	const uint32_t *mask = tree->mask + (size_t)tree->group_at[length] * TW_TREE_GROUP;
	struct tw_tree_node *leaf = tree->leaf + tree->group_at[length], *top = tree->top + tree->top_at[length];
	uint32_t count = tree->count[length], groups = (count + TW_TREE_GROUP - 1) / TW_TREE_GROUP;
	for (uint32_t at = 0; at < groups * TW_TREE_FAN; at++) {
		const uint32_t *first = mask + (size_t)at * TW_TREE_FAN;
		sum_up(&leaf[at / TW_TREE_FAN], first, first, at % TW_TREE_FAN, filled(count, at * TW_TREE_FAN, TW_TREE_FAN));
	}
	for (uint32_t at = 0; at < groups; at++) {
		uint32_t leaves = (filled(count, at * TW_TREE_GROUP, TW_TREE_GROUP) + TW_TREE_FAN - 1) / TW_TREE_FAN;
		sum_up(&top[at / TW_TREE_FAN], leaf[at].any, leaf[at].all, at % TW_TREE_FAN, leaves);
	}
}

bool tw_name_tree_build(struct tw_name_tree *tree, const uint32_t *masks, const struct tw_name_head *head, const uint32_t *first, struct tw_arena *arena)
{
	*tree = (struct tw_name_tree){0};
	for (uint32_t length = 0; length < TW_TREE_LENGTHS; length++) {
		tree->count[length] = first[length + 1] - first[length];
		tree->group_at[length] = tree->groups;
		tree->top_at[length] = tree->tops;
		tree->groups += (tree->count[length] + TW_TREE_GROUP - 1) / TW_TREE_GROUP;
		tree->tops += (tree->count[length] + TW_TREE_TOP - 1) / TW_TREE_TOP;
	}
	size_t places = (size_t)tree->groups * TW_TREE_GROUP;
	tree->mask = tw_arena_alloc(arena, places * sizeof(*tree->mask));
	tree->letters = tw_arena_alloc(arena, places * sizeof(*tree->letters));
	tree->term = tw_arena_alloc(arena, places * sizeof(*tree->term));
	tree->leaf = tw_arena_alloc(arena, tree->groups * sizeof(*tree->leaf));
	tree->top = tw_arena_alloc(arena, tree->tops * sizeof(*tree->top));
	if (!tree->mask || !tree->letters || !tree->term || !tree->leaf || !tree->top) {
		return false;
	}
	for (uint32_t length = 0; length < TW_TREE_LENGTHS; length++) {
		size_t at = (size_t)tree->group_at[length] * TW_TREE_GROUP;
		for (uint32_t i = 0; i < tree->count[length]; i++) {
			tree->term[at + i] = first[length] + i;
		}
		order(masks, tree->term + at, tree->count[length]);
		for (uint32_t i = 0; i < tree->count[length]; i++) {
			tree->mask[at + i] = masks[tree->term[at + i]];
			tree->letters[at + i] = head[tree->term[at + i]].letters;
		}
		sum_length(tree, length);
	}
	return true;
}

struct tw_name_branch tw_name_tree_branch(const struct tw_name_tree *tree, uint32_t length)
{
	uint32_t group = tree->group_at[length];
	return (struct tw_name_branch){tree->top + tree->top_at[length], tree->leaf + group, tree->mask + (size_t)group * TW_TREE_GROUP,
	                               tree->count[length]};
}
