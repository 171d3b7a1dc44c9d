/**
 * @file name_words.h
 * Words of names that say less than a name does: stop words, abbreviations, words of trade, ships' prefixes. Company forms: name_form_words.h.
 */
#ifndef TIDEWAITER_FEEDS_NAME_WORDS_H
#define TIDEWAITER_FEEDS_NAME_WORDS_H

#include <tidewaiter/slice.h>

#include "feeds/name.h"

/** @param word lower-case Latin @return whether it is a stop word in `domain`: of, the, and; al, bin, de for persons ... */
bool tw_name_is_stop(struct tw_slice word, enum tw_name_domain domain);

/** @return what an abbreviation is short for in the name of an organisation ("intl": "international"); `word` when it is none */
struct tw_slice tw_name_unabbreviated(struct tw_slice word);

/** @param word no abbreviation @return whether it is a word that papers add or leave out: trading, group, office of a firm, a person's patronymic */
bool tw_name_is_minor(struct tw_slice word, enum tw_name_domain domain);

/** @param word that no listed firm has @return whether it is a firm's minor word of 6 letters or more with one slip: "tradign" */
bool tw_name_is_nearly_minor(struct tw_slice word);

/** @param word of a ship's name @return a number in digits without zeros ahead ("vii", "07": "7"), and with `last` one in words; else `word` */
struct tw_slice tw_name_ship_number(struct tw_slice word, bool last);

/** @return whether a word before a ship's name is none of it: mv, mt, ms, ss */
bool tw_name_is_ship_prefix(struct tw_slice word);

#endif
