/**
 * @file prefilter.h
 * Which patterns can match a text at all? One pass over the text, whatever the number of patterns.
 *
 *     text      AK-47, gas  pistons    words, and what the word before each ended with: two keys a word, looked up in a bitmap
 *     its form  " ak 47 gas pistons "  " gas" + "pist" -> pattern 17, if " gas pistons " stands there and what else it needs is in the text
 *
 * A pattern stands under the rarest keys that it cannot do without (required_key.h), by how many of the other patterns have them and by their
 * letters. Where it needs no word that begins at a known place, it stands under a gram of four bytes or two, and a window slides over the text: only
 * when there is such a pattern. A pattern without literals is a candidate of every text. What a text may cost is bounded: past so many entries that
 * were looked at, every pattern is its candidate.
 *
 * Invariant: a pattern that PCRE2 matches (caseless, Unicode) is a candidate. Threads: immutable once built; one scratch a thread.
 * Source: the idea of q-gram filters, Navarro and Raffinot, "Flexible Pattern Matching in Strings", 2002, chapter 6.
 */
#ifndef TIDEWAITER_RULES_PREFILTER_H
#define TIDEWAITER_RULES_PREFILTER_H

#include "rules/required.h"
#include "rules/text_words.h"

struct tw_arena;
struct tw_prefilter;
struct tw_prefilter_scratch;

/** @param required one a pattern, borrowed as long as the prefilter @return NULL without memory */
struct tw_prefilter *tw_prefilter_new(struct tw_arena *arena, const struct tw_required *const *required, uint32_t count);
/** @return NULL without memory */
struct tw_prefilter_scratch *tw_prefilter_scratch_new(const struct tw_prefilter *prefilter);
void tw_prefilter_scratch_free(struct tw_prefilter_scratch *scratch);
/** For tests: another way of reading texts than this processor's best; the candidates are the same. */
void tw_prefilter_scratch_scan(struct tw_prefilter_scratch *scratch, enum tw_text_scan scan);

/**
 * @param text well-formed UTF-8 of any length
 * @param out  candidates in no order, each once; good until the next pass with this scratch
 * @return how many; UINT32_MAX without memory for a text longer than any before
 */
uint32_t tw_prefilter_pass(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, struct tw_slice text, const uint32_t **out);
/**
 * After a pass: does a text match every candidate whose literals are exact, with nothing more to ask? Not one beyond ASCII, and not one that cost
 * too much to tell.
 */
bool tw_prefilter_sure(const struct tw_prefilter_scratch *scratch);

#endif
