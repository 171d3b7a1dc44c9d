/**
 * @file spelling.h
 * The spellings that one listed phrase stands for; see words.h. Loading only.
 */
#ifndef TIDEWAITER_RULES_SPELLING_H
#define TIDEWAITER_RULES_SPELLING_H

#include "engine/base/plain.h"

#define TW_SPELLING_BYTES_MAX 512U

/** @param text borrowed for the call @return false to stop */
typedef bool (*tw_spelling_take)(void *context, struct tw_slice text);

/**
 * Every spelling of the phrase, some of them more than once.
 * @param stem the last word goes on: no plurals of it
 * @return false when `take` said so, or a spelling is longer than TW_SPELLING_BYTES_MAX
 */
bool tw_spellings(const struct tw_plain *phrase, bool stem, tw_spelling_take take, void *context);

#endif
