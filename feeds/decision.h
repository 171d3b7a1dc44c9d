/**
 * @file decision.h
 * What rows of a centre's own decisions have in common (known_good.h, suppressions.h): the days between which they hold, and the party they are of.
 * Threads: any.
 */
#ifndef TIDEWAITER_FEEDS_DECISION_H
#define TIDEWAITER_FEEDS_DECISION_H

#include "feeds/csv.h"

struct tw_decision_days {
	int32_t decided;
	int32_t expires; /**< in it; as given where the text is empty */
};

/**
 * @param out `expires` says what an empty text means
 * @return TW_OK; TW_E_SYNTAX, TW_E_RANGE: file and line
 */
TW_MUST_USE enum tw_code tw_decision_days(const struct tw_csv *csv, struct tw_slice decided, struct tw_slice expires, struct tw_decision_days *out,
                                          struct tw_error *err);

/** How a party is compared; what is not stated is empty. */
struct tw_decision_party {
	struct tw_slice name;       /**< tw_text_fold */
	struct tw_slice identifier; /**< tw_text_alnum */
	uint16_t country;           /**< tw_country_code; 0: any */
};

/** @param arena owns the keys @return TW_OK; TW_E_SYNTAX, TW_E_TYPE: file and line; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_decision_party(const struct tw_csv *csv, struct tw_slice name, struct tw_slice identifier, struct tw_slice country,
                                           struct tw_arena *arena, struct tw_decision_party *out, struct tw_error *err);

#endif
