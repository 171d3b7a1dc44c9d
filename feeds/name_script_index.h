/**
 * @file name_script_index.h
 * Names in Arabic and Hebrew letters against the Latin names of a fuzzy index: finds what comparing with every one of them finds.
 *
 *     key[], term[]   the index's words by key (name_script.h), of which half the bits tell all but a few words apart
 *     word -> its keys -> terms of these keys -> tw_script_spells -> spelt terms with their similarity
 *     rarest words that a hit cannot all miss -> their terms' postings -> tw_name_compare_given
 *
 * What has no word of these scripts is never asked, so other names pay nothing. A Latin token of the query ("al", "abdul") meets itself alone.
 * The bound is that of name_index.h. Invariant: immutable once built, borrows the fuzzy index; what a thread remembers (name_script_memo.h) changes
 * speed alone.
 */
#ifndef TIDEWAITER_FEEDS_NAME_SCRIPT_INDEX_H
#define TIDEWAITER_FEEDS_NAME_SCRIPT_INDEX_H

#include "feeds/name_index.h"
#include "feeds/name_script.h"
#include "feeds/name_script_memo.h"

struct tw_script_index {
	const struct tw_name_index *names;
	uint32_t *key;  /* of term[], folded into half its bits; ascending */
	uint32_t *term; /* fuzzy terms of `names`, by that, then by place */
	uint32_t count;
};

/** @param names must outlive the index @param arena the index's memory @return false without memory */
TW_MUST_USE bool tw_script_index_build(struct tw_script_index *index, const struct tw_name_index *names, struct tw_arena *arena);

/**
 * Every form of the index that agrees with one of `forms` at `threshold_ppm` (1 to TW_PPM) or more.
 * @param memo    of this index and this thread; NULL: nothing is remembered
 * @param scratch used for the call, rewound. @return false when it is at its ceiling
 */
TW_MUST_USE bool tw_script_index_search(const struct tw_script_index *index, struct tw_script_memo *memo, const struct tw_script_forms *forms,
                                        int32_t threshold_ppm, struct tw_arena *scratch, struct tw_name_listener listener);

/** The same by comparing with every form: the reference that the index is tested against. */
TW_MUST_USE bool tw_script_index_search_all(const struct tw_script_index *index, const struct tw_script_forms *forms, int32_t threshold_ppm,
                                            struct tw_arena *scratch, struct tw_name_listener listener);

#endif
