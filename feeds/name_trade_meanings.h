/**
 * @file name_trade_meanings.h
 * Words of trade that firms' names have in another language, romanised: lists have the one edition or the other of such a name.
 *
 *     "Omutninskiy Metallurgicheskiy Zavod"     omutninskiy metallurgical plant
 *     "Quill Tejarat", "Quill Savunma"          quill trading, quill defense
 *
 * Threads: any.
 */
#ifndef TIDEWAITER_FEEDS_NAME_TRADE_MEANINGS_H
#define TIDEWAITER_FEEDS_NAME_TRADE_MEANINGS_H

#include <tidewaiter/slice.h>

/** @param word lower-case Latin @return the English word for a word of trade in another language, of two English ones the usual ("factory": "plant");
 *  else `word`; a space parts two words ("machine building") */
struct tw_slice tw_name_trade_meaning(struct tw_slice word);

#endif
