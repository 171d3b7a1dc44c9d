/**
 * @file text_memo.h
 * What all patterns and all word lists said of a text, remembered by one thread from event to event: the descriptions, names and addresses of a
 * port's week come again. Of 3,230 bills of lading 61% of the descriptions, 82% of the addresses and 93% of the names had been there before.
 *
 *     text --hash--> four places --the same bytes--> its known: candidate sets and their answers, words that were met
 *
 * Invariant: what is remembered is a function of the text and the rules alone, so that an answer is the same with it and without. Bounded: a full
 * pool begins anew, between two events. Threads: one owner.
 */
#ifndef TIDEWAITER_RULES_TEXT_MEMO_H
#define TIDEWAITER_RULES_TEXT_MEMO_H

#include "engine/base/arena.h"
#include "rules/patterns.h"
#include "rules/words.h"

#define TW_TEXT_MEMO_BYTES 256U /* of a text: longer ones are rarely the same */

/** What was found in one text; each part zero before its first question. */
struct tw_text_known {
	struct tw_slice text;   /**< its bytes, which live as long as this */
	struct tw_arena *arena; /**< where what was found lives */
	struct tw_pattern_marks marks;
	struct tw_word_marks words;
};

struct tw_text_memo;

struct tw_text_memo *tw_text_memo_new(void); /**< @return NULL without memory */
void tw_text_memo_free(struct tw_text_memo *memo);
/** An event begins: nobody holds what was remembered. */
void tw_text_memo_begin(struct tw_text_memo *memo);
/** @return what is known of the text, good until the next tw_text_memo_begin; NULL: it is too long, or there is no room until then */
struct tw_text_known *tw_text_memo_of(struct tw_text_memo *memo, struct tw_slice text);

#endif
