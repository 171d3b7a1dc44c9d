/**
 * @file name_spelling.h
 * One spelling for the transliteration families of Arabic and Russian names, so that variants of a word meet.
 */
#ifndef TIDEWAITER_FEEDS_NAME_SPELLING_H
#define TIDEWAITER_FEEDS_NAME_SPELLING_H

#include <tidewaiter/slice.h>

#define TW_NAME_SPELLING_ROOM 64 /* bytes, enough for any word of up to 31 */

/**
 * The canonical spelling of a word: "youssef" and "yusuf" are "yusuf", "ivanoff" is "ivanov".
 * @param word lower-case ASCII letters; any other byte, or more than 31, leaves it as it is
 * @param out  TW_NAME_SPELLING_ROOM bytes; not terminated
 * @return bytes written, at most 31; at least 1 for a word of at least 1
 */
uint32_t tw_name_spelling(struct tw_slice word, char *out);

#endif
