/**
 * @file saw.h
 * What a condition saw, in words, where it compares no value of the event: for `explain` and failing tests.
 */
#ifndef TIDEWAITER_RULES_SAW_H
#define TIDEWAITER_RULES_SAW_H

#include <tidewaiter/slice.h>

struct tw_eval;
struct tw_rule_node;

/** Warnings that are shown; an event may have many. */
#define TW_SAW_WARNINGS 4U

/**
 * Of `listed` the likeliest match of its subject, whether it meets the rest or not; of `embargo` country and day; of `warning` what the decoder
 * warned of. @return in the evaluation's arena, or constant; {NULL, 0}: a condition of another kind, or no memory (`eval->failed`). Threads: any.
 */
struct tw_slice tw_saw(struct tw_eval *eval, const struct tw_rule_node *node);
/** Of a band its bounds for the goods at hand. @return as tw_saw; {NULL, 0} too where it has no row of them */
struct tw_slice tw_saw_against(struct tw_eval *eval, const struct tw_rule_node *node);

#endif
