/**
 * @file disguise_sieve.h
 * A look at a text's words before a disguise is undone in it: almost every text has none that matters, and is not read again.
 *
 *     "R1FLE parts, p-i-s-t-o-l"     R1FLE begins a phrase by its key, so does p-i-s-t-o-l as one word      either: undo
 *      steel pipes, 3.5-inch         neither a word does nor what is tied together                          nothing to find
 *
 * Invariant: it never turns away a text in which tw_disguise_undo, joined or not, leaves a word that begins a phrase. Threads: immutable once made.
 */
#ifndef TIDEWAITER_RULES_DISGUISE_SIEVE_H
#define TIDEWAITER_RULES_DISGUISE_SIEVE_H

#include "rules/phrases.h"

/** Of how many bytes a word is at least that begins a phrase, by its first byte and its last, as they are written. Last bytes share places; 0: none
 * does. */
struct tw_disguise_sieve {
	uint8_t least[256][32];
};

/** @param phrases keys (tw_disguise_key), added; sealed or not */
void tw_disguise_sieve_make(struct tw_disguise_sieve *sieve, const struct tw_phrases *phrases);
/**
 * @param phrases those that it was made of, sealed
 * @param text    of which `plain` was made
 * @return false: undoing finds nothing. O(words of the text)
 */
bool tw_disguise_sieve_passes(const struct tw_disguise_sieve *sieve, const struct tw_phrases *phrases, struct tw_slice text,
                              const struct tw_plain *plain);

#endif
