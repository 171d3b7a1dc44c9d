/**
 * @file list_diff.h
 * Two editions of one list side by side: what came, what went, what reads otherwise. Entries are paired by the issuer's own reference; both
 * indexes are in one strict order, so one walk over both finds all.
 */
#ifndef TIDEWAITER_FEEDS_LIST_DIFF_H
#define TIDEWAITER_FEEDS_LIST_DIFF_H

#include "feeds/list_entry.h"

enum tw_list_change { TW_LIST_ADDED = 1, TW_LIST_REMOVED, TW_LIST_CHANGED };

/** One difference. */
struct tw_list_difference {
	enum tw_list_change change;
	struct tw_list_entry before; /**< not of one ADDED */
	struct tw_list_entry after;  /**< not of one REMOVED */
	uint32_t fields;             /**< CHANGED: bit an enum tw_list_field; the order of a field's parts does not count */
};

/** A walk; zero but for the two indexes, whose lists have the same ids. */
struct tw_list_diff {
	const struct tw_list_index *before, *after;
	uint32_t before_at, after_at;
	uint32_t same; /**< entries passed over because they are equal */
};

/**
 * The next difference, by list, then by entry reference, in byte order.
 * @param arena for texts while comparing: rewound before it returns
 * @param found false: there is no further one; `out` is not written then
 * @return TW_OK, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_list_diff_next(struct tw_list_diff *diff, struct tw_arena *arena, struct tw_list_difference *out, bool *found,
                                           struct tw_error *err);

/** Texts of `from` that `other` lacks, each as often as it lacks it. @param out struct tw_slice, in `arena` @return false at its ceiling */
TW_MUST_USE bool tw_list_texts_lacking(const struct tw_list *from, const struct tw_list *other, struct tw_arena *arena, struct tw_list *out);

#endif
