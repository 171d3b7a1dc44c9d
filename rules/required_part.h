/**
 * @file required_part.h
 * What is known of one part of a pattern, and what follows of several that stand together. Inside the reader of required.c alone.
 *
 * Texts are in the form of tw_required_char with one blank for a run of them, so that a character of no word is a blank whichever it is and however
 * often it stands there, and \b is a blank where the pattern goes no further. Of several needed sets the one whose keys are rarest stays, by how
 * often letters stand in goods descriptions. Pure.
 */
#ifndef TIDEWAITER_RULES_REQUIRED_PART_H
#define TIDEWAITER_RULES_REQUIRED_PART_H

#include "rules/required.h"

#define TW_PART_EDGE '\x01' /* \b, of no width; settling makes it a blank or nothing */

struct tw_part {
	bool again;  /**< an exact part that may stand several times in a row */
	bool exact;  /**< `texts` is all that it matches; else one of `texts` is in every match, count 0: nothing known */
	bool begins; /**< of a part that is not exact: every match begins with one of `texts`, but for a blank that stands before it */
	struct tw_required texts;
};

struct tw_part tw_part_empty(void);
struct tw_part tw_part_byte(char c);
struct tw_part tw_part_anything(void);
/** exact x exact. @return false when the product would be too large or too long: `left` is as it was */
bool tw_part_multiply(struct tw_part *left, const struct tw_part *right);
/**
 * exact x what begins with its texts, all of which may be cut: what a match of both has, where the left one begins.
 * @return false when there are too many: `left` is as it was
 */
bool tw_part_lead(struct tw_part *left, const struct tw_part *right);
bool tw_part_same_texts(const struct tw_required *a, const struct tw_required *b);
/** left | right. Too many alternatives: nothing is known. */
void tw_part_add(struct tw_part *left, const struct tw_part *right);
void tw_part_optional(struct tw_part *part);
/** Any number of times, once at the least. */
void tw_part_repeat(struct tw_part *part);
/** One of `other` is needed, and so is all that its own reading found. @param other an exact part's texts too: edges are settled here */
void tw_part_keep_better(struct tw_required *best, const struct tw_required *other);
struct tw_required tw_part_settled(const struct tw_required *texts);
/** @return bytes of the shortest text; 0: there is none */
uint32_t tw_part_shortest(const struct tw_required *texts);

#endif
