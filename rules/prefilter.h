/**
 * @file prefilter.h
 * Which patterns can match a text at all? One pass over the text, whatever the number of patterns.
 *
 *     text      AK-47 rifles           the literal's rarest four bytes lead to it; the whole literal must stand there
 *     its form  " ak 47 rifles "       " ak 47 " -> pattern 3, "rifl" of "rifle" -> pattern 17
 *
 * A text is brought into the form of tw_required_char once. A window of four bytes slides over it and looks into a bitmap, which turns almost all of
 * them away; what passes leads to the few literals under that gram. Literals of two bytes have a table of their own, looked into only
 * when there are some; those of three stand under every gram that they begin. A pattern without literals is a candidate of every text.
 *
 * Invariant: a pattern that PCRE2 matches (caseless, Unicode) is a candidate. Threads: immutable once built; one scratch a thread.
 * Source: the idea of q-gram filters, Navarro and Raffinot, "Flexible Pattern Matching in Strings", 2002, chapter 6.
 */
#ifndef TIDEWAITER_RULES_PREFILTER_H
#define TIDEWAITER_RULES_PREFILTER_H

#include "rules/required.h"

struct tw_arena;
struct tw_prefilter;
struct tw_prefilter_scratch;

/** @param required one a pattern, borrowed as long as the prefilter @return NULL without memory */
struct tw_prefilter *tw_prefilter_new(struct tw_arena *arena, const struct tw_required *const *required, uint32_t count);
/** @return NULL without memory */
struct tw_prefilter_scratch *tw_prefilter_scratch_new(const struct tw_prefilter *prefilter);
void tw_prefilter_scratch_free(struct tw_prefilter_scratch *scratch);

/**
 * @param text well-formed UTF-8 of any length
 * @param out  candidates in no order, each once; good until the next pass with this scratch
 * @return how many; UINT32_MAX without memory for a text longer than any before
 */
uint32_t tw_prefilter_pass(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, struct tw_slice text, const uint32_t **out);

#endif
