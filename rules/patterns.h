/**
 * @file patterns.h
 * All text patterns of a rule set behind one interface, so that what happens inside may change.
 *
 * Each pattern is compiled once, however many rules use it; a *set* is what one condition asks for: any of its patterns. For each text
 * of an event one pass over its bytes (prefilter.h) finds which patterns can match at all; PCRE2 runs on those alone, and a set is asked of a text at
 * most once an event.
 *
 *     text --one pass--> candidate patterns, candidate sets     set asked: not a candidate -> false
 *                                                               candidate -> PCRE2 JIT, answer remembered
 *
 * A text is read twice where it is not spelled plainly: as it was received, so that a pattern may ask for an accent, and in its normal form
 * (engine/base/normal.h: accents, look-alike letters, dashes and quotes), so that it need not. A set meets the text when one of its patterns matches
 * either. A text in ASCII is its own normal form: it is read once.
 *
 * A match that passes its limit is given up: the set does not meet the text, and whoever asks for it learns so.
 *
 * Source: PCRE2 10.42, pcre2api; match and depth limits bound what a hostile text can cost.
 */
#ifndef TIDEWAITER_RULES_PATTERNS_H
#define TIDEWAITER_RULES_PATTERNS_H

#include "rules/compile.h"

struct tw_patterns;
struct tw_pattern_bench; /* match data, JIT stack; one a thread */

/** What is known about one text: zero before its first question. */
struct tw_pattern_marks {
	struct tw_pattern_found *found;
};

/** What is known is asked for again, in another event: a match that was given up is tried, and counted, anew. */
void tw_pattern_marks_again(struct tw_pattern_marks *marks);

/** @param arena borrowed, outlives the patterns @return NULL without memory */
struct tw_patterns *tw_patterns_new(struct tw_arena *arena);
void tw_patterns_free(struct tw_patterns *patterns);
/** Add the patterns of one condition. @param set written on success @return false after a reported error (with PCRE2's own words) */
bool tw_patterns_add(struct tw_patterns *patterns, const struct tw_literals *literals, struct tw_rule_report *report, uint32_t *set);
/** No more patterns: builds the pass over texts. @return false without memory */
bool tw_patterns_seal(struct tw_patterns *patterns);

TW_MUST_USE enum tw_code tw_pattern_bench_new(const struct tw_patterns *patterns, struct tw_pattern_bench **out, struct tw_error *err);
void tw_pattern_bench_free(struct tw_pattern_bench *bench);
/** For tests and benchmarks: texts are read as received alone, as PCRE2 by itself would, from here on. */
void tw_pattern_bench_as_received(struct tw_pattern_bench *bench);
uint64_t tw_pattern_bench_limited(const struct tw_pattern_bench *bench);
/** Did a set not meet a text because a match was given up, now or when its answer was remembered, since this was last asked? */
bool tw_pattern_bench_gave_up(struct tw_pattern_bench *bench);

/**
 * Does the text, as received or in its normal form, meet any pattern of the set? Caseless, Unicode.
 * @param marks the text's own, of this event
 * @param text  well-formed UTF-8: decoding made sure
 * @param arena the batch's
 * @param failed set when the arena is at its ceiling, or there is no memory for a text longer than any before
 */
bool tw_patterns_match(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_pattern_marks *marks, uint32_t set,
                       struct tw_slice text, struct tw_arena *arena, bool *failed);

/**
 * Where the first pattern of the set that matches does so; found once for a text. Parameters as for tw_patterns_match.
 * @param place bytes of the text as received, whichever reading was met; may be empty
 * @return false: none does, or no memory
 */
bool tw_patterns_place(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_pattern_marks *marks, uint32_t set,
                       struct tw_slice text, struct tw_arena *arena, struct tw_span *place, bool *failed);

/** The sets that this text may meet, ascending; they live as long as the marks. Parameters as for tw_patterns_match. */
const uint32_t *tw_patterns_find(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_pattern_marks *marks,
                                 struct tw_slice text, struct tw_arena *arena, uint32_t *count, bool *failed);
/** Of one bit a set. */
size_t tw_patterns_set_bytes(const struct tw_patterns *patterns);
/** For tools: a set's patterns one by one, in a fixed order, without the pass that spares work. @param at below the count */
uint32_t tw_patterns_set_count(const struct tw_patterns *patterns, uint32_t set);
struct tw_slice tw_patterns_set_text(const struct tw_patterns *patterns, uint32_t set, uint32_t at);
bool tw_patterns_set_match(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, uint32_t set, uint32_t at, struct tw_slice text);
#endif
