/**
 * @file common_words.h
 * Which words stand in many goods descriptions: a pattern is not looked for by one of them where it has another. Pure.
 */
#ifndef TIDEWAITER_RULES_COMMON_WORDS_H
#define TIDEWAITER_RULES_COMMON_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#define TW_COMMON_WORD_BYTES 8U /* words are told apart by so many of their first */
#define TW_COMMON_WORD_NONE  8U

/**
 * One text of 2 to the power of so many has this word.
 * @param word   letters, digits and '_' in lower case
 * @param length of 1 to TW_COMMON_WORD_BYTES
 * @param whole  the word ends there or goes on behind eight bytes; false: it may go on, the commonest that begins so counts
 * @return TW_COMMON_WORD_NONE: none of the common ones
 */
uint32_t tw_common_word_bits(const char *word, uint32_t length, bool whole);

#endif
