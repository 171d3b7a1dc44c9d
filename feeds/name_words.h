/**
 * @file name_words.h
 * Words of names that say less than a name does: stop words, minor words, ships' numbers and prefixes. Company forms: name_form_words.h;
 * abbreviations and words of trade: name_trade_words.h.
 */
#ifndef TIDEWAITER_FEEDS_NAME_WORDS_H
#define TIDEWAITER_FEEDS_NAME_WORDS_H

#include <tidewaiter/slice.h>

#include "feeds/name.h"

/** @param word lower-case Latin @return whether it is a stop word in `domain`: of, the, and; al, bin, de for persons ... */
bool tw_name_is_stop(struct tw_slice word, enum tw_name_domain domain);

/** @param word a stop word of persons @return the one of its spellings that all are compared in ("ibn": "bin", "abou": "abu"); mostly itself */
struct tw_slice tw_name_usual_stop(struct tw_slice word);

/** @return whether a word before a person's name is none of it: capt, colonel, qari ... */
bool tw_name_is_title(struct tw_slice word);

/** @param word no abbreviation @return whether it is a word that papers add or leave out: trading, group, office of a firm, a person's patronymic */
bool tw_name_is_minor(struct tw_slice word, enum tw_name_domain domain);

/** @param word of a ship's or a firm's name @return a number in digits without zeros ahead ("vii", "07": "7"), and with `last` one in words; else
 * `word` */
struct tw_slice tw_name_ship_number(struct tw_slice word, bool last);

/** @return whether a word before a ship's name is none of it: mv, mt, tanker ... */
bool tw_name_is_ship_prefix(struct tw_slice word);

#endif
