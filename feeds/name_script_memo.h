/**
 * @file name_script_memo.h
 * What words in Arabic and Hebrew letters meet in one index, remembered by one thread.
 *
 *     the word's letters -> a slot -> listed terms that it spells, with their similarity
 *
 * Invariant: what is remembered is what was found for exactly these letters, of which the word is made; memory is bounded, and all is forgotten
 * when it is full. Threads: one thread's.
 */
#ifndef TIDEWAITER_FEEDS_NAME_SCRIPT_MEMO_H
#define TIDEWAITER_FEEDS_NAME_SCRIPT_MEMO_H

#include "feeds/name_script.h"

/** A listed term that a token of a query meets. */
struct tw_script_met {
	uint32_t term;
	int32_t ppm;
};

struct tw_script_memo;
struct tw_script_memo *tw_script_memo_new(void); /**< @return NULL without memory */
void tw_script_memo_free(struct tw_script_memo *memo);
void tw_script_memo_forget(struct tw_script_memo *memo);

/**
 * @param memo NULL: nothing is remembered
 * @param out  what the word meets, ascending by term, until the next tw_script_memo_note
 * @return is it known?
 */
bool tw_script_memo_find(const struct tw_script_memo *memo, const struct tw_script_word *word, const struct tw_script_met **out, uint32_t *count);

/** Remember what a word meets, where there is room for so much. @param memo as above @param met copied */
void tw_script_memo_note(struct tw_script_memo *memo, const struct tw_script_word *word, const struct tw_script_met *met, uint32_t count);

#endif
