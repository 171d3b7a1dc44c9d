/**
 * @file nearest.h
 * "Did you mean ...?": the known word that a mistyped one is closest to.
 */
#ifndef TIDEWAITER_ENGINE_RUN_NEAREST_H
#define TIDEWAITER_ENGINE_RUN_NEAREST_H

#include <stddef.h>

/** Edits (insert, delete, replace, swap neighbours) from one word to the other; words past 63 bytes count as far apart. */
unsigned tw_edit_distance(const char *a, const char *b);

/** Remembers the closest of the words it is shown; ties go to the first. Start with {0}. */
struct tw_nearest {
	const char *word; /**< NULL: nothing is close enough to be what was meant */
	unsigned distance;
};
/** @param word borrowed, kept when it is the closest yet and at most a third of its letters differ */
void tw_nearest_offer(struct tw_nearest *nearest, const char *meant, const char *word);

#endif
