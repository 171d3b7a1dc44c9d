/**
 * @file name_trade_words.h
 * Words of firms' names that say what a firm does and is, not what it is called, and what they are short for.
 */
#ifndef TIDEWAITER_FEEDS_NAME_TRADE_WORDS_H
#define TIDEWAITER_FEEDS_NAME_TRADE_WORDS_H

#include <tidewaiter/slice.h>

/** @return what an abbreviation is short for in the name of an organisation ("intl": "international"), or the present name of a place
 *  ("bombay": "mumbai"), or a word of trade in English (name_trade_meanings.h: it may be two words); `word` when it is none of these */
struct tw_slice tw_name_unabbreviated(struct tw_slice word);

/** @param word no abbreviation @return whether any firm's name may have it: trading, group, office ... */
bool tw_name_is_trade(struct tw_slice word);

/** @param word that no listed firm has @return whether it is such a word of 6 letters or more with one slip: "tradign" */
bool tw_name_is_nearly_trade(struct tw_slice word);

#endif
