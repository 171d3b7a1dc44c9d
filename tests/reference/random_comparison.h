/**
 * @file random_comparison.h
 * The leaves of a random rule: a value with a comparator that goes with it.
 */
#ifndef TIDEWAITER_TESTS_REFERENCE_RANDOM_COMPARISON_H
#define TIDEWAITER_TESTS_REFERENCE_RANDOM_COMPARISON_H

#include <stdio.h>

#include "dice.h"
#include "engine/event/metric.h"
#include "engine/event/shape.h"

#define MAKING_SCOPES_MAX 8U
#define MAKING_PATH_BYTES 160U
#define MAKING_BOUND_MAX  64U

/** A rule that is being made. */
struct making {
	bool given; /**< inside of what a macro is given: it may not be used there again */
	struct dice *dice;
	enum tw_family family;
	FILE *out;
	const struct tw_shape *scope[MAKING_SCOPES_MAX]; /* what is bound, outermost first */
	uint32_t scope_count;
	const struct tw_shape *bound[MAKING_BOUND_MAX]; /* all that the rule binds anywhere */
	uint32_t bound_count;
};

struct making_path {
	char text[MAKING_PATH_BYTES];
	uint32_t length;
};

/** A path, from anything that is in sight, to a field of one of the kinds (bits 1 << enum tw_field_kind). @return NULL: none found */
const struct tw_field *making_field(struct making *making, uint32_t kinds, struct making_path *out);
/** A path that goes on from `out` inside an element of `shape`; `out` is left alone when there is none. */
const struct tw_field *making_member(struct making *making, const struct tw_shape *shape, uint32_t kinds, struct making_path *out);

/** A whole condition: a field, a question to history, a sum or a ratio, compared. */
void making_comparison(struct making *making);
/** A whole condition over elements that a path chooses: a member compared, an embargo on its country; of parties what is remembered of them. */
void making_chosen(struct making *making, const struct tw_shape *shape, const char *chosen);
/** The right side of a comparison that goes with a field of that kind: `above: 3`. */
void making_comparator(struct making *making, const struct tw_field *field);
/** `words` or `near` with what may stand beside them. */
void making_words_test(struct making *making);
/** Patterns, or a set of them. */
void making_patterns(struct making *making);

/* ---- random_past.c ---- */

#define MAKING_ANSWER_NUMBERS (1U << TW_ANSWER_COUNT | 1U << TW_ANSWER_DAYS | 1U << TW_ANSWER_AMOUNT)

/** `history: {...}` of something in sight, whose answer is of one of the kinds (bits 1 << enum tw_answer_kind). */
void making_history(struct making *making, uint32_t answers);
/** The same with any answer, compared. */
void making_past(struct making *making);
/** A whole condition about earlier goods of the innermost party. @return false: none is in sight, nothing was written */
bool making_earlier(struct making *making);

/* ---- any of them ---- */

/** A number of any origin, with its braces. */
void making_number(struct making *making);
/** What a count is held against: `above: 1`. */
void making_count_comparator(struct making *making);

#endif
