/**
 * @file nearest.h
 * "Did you mean ...?": the known name that a mistyped one is closest to. For settings, commands, rule keys, fields.
 * Source: optimal string alignment distance; Damerau, A technique for computer detection and correction of spelling errors, CACM 7(3), 1964.
 * Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_BASE_NEAREST_H
#define TIDEWAITER_ENGINE_BASE_NEAREST_H

#include <tidewaiter/slice.h>

/** Search for the known name that is the fewest edits away from what was written. */
struct tw_nearest {
	struct tw_slice wanted;
	const char *best;
	uint32_t distance;
};

/** @param wanted what was written, borrowed as long as the search is used */
struct tw_nearest tw_nearest_to(struct tw_slice wanted);
/** @param name terminated, borrowed as long as the search is used; of equally near names the first offered wins */
void tw_nearest_offer(struct tw_nearest *nearest, const char *name);
void tw_nearest_offer_all(struct tw_nearest *nearest, const char *const *names);
#define TW_HINT_BYTES 96
/** @return `buffer`: `; did you mean "…"?`, or empty when nothing is near enough to be what was meant */
const char *tw_nearest_hint(const struct tw_nearest *nearest, char buffer[TW_HINT_BYTES]);

/** Edits (insert, delete, replace, swap neighbours) between two names; names past 64 bytes are as far as can be. */
uint32_t tw_edit_distance(struct tw_slice a, struct tw_slice b);

#endif
