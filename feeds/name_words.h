/**
 * @file name_words.h
 * Words of names that say less than a name does: company forms, stop words, abbreviations, ships' prefixes.
 */
#ifndef TIDEWAITER_FEEDS_NAME_WORDS_H
#define TIDEWAITER_FEEDS_NAME_WORDS_H

#include <tidewaiter/slice.h>

#include "feeds/name.h"

enum tw_name_form_use {
	TW_FORM_LAST = 1 << 0,  /**< is a legal form at the end of a name */
	TW_FORM_FIRST = 1 << 1, /**< is one at the start too: "OOO Romashka", "PT Maju" */
	TW_FORM_ENDS = 1 << 2,  /**< is the last word of a form of several words */
};

/** A company form of several words, a space between them, and its kind. */
struct tw_name_phrase {
	struct tw_slice words;
	struct tw_slice kind;
};

#define TW_NAME_PHRASES 26
extern const struct tw_name_phrase tw_name_phrases[TW_NAME_PHRASES];

/** @param word folded @return enum tw_name_form_use flags, 0 for a word that is no form */
uint32_t tw_name_form_uses(struct tw_slice word);

/** @param word folded, one that has uses @return the kind of company it stands for: llc, jsc, corp, co, lp, est, fz; itself when alone */
struct tw_slice tw_name_form_kind(struct tw_slice word);

/** @return whether `word` is `known` with at most one letter dropped, added, replaced, or exchanged with its neighbour */
bool tw_name_is_nearly(struct tw_slice word, struct tw_slice known);

/** @return the long word of a company form that is meant ("compnay": "company"); `word` when it is none, or nearly none */
struct tw_slice tw_name_form_mended(struct tw_slice word);

/** @param word lower-case Latin @return whether it is a stop word in `domain`: of, the, and; al, bin, de for persons ... */
bool tw_name_is_stop(struct tw_slice word, enum tw_name_domain domain);

/** @return what an abbreviation is short for in the name of an organisation ("intl": "international"); `word` when it is none */
struct tw_slice tw_name_unabbreviated(struct tw_slice word);

/** @return whether a word before a ship's name is none of it: mv, mt, ms, ss */
bool tw_name_is_ship_prefix(struct tw_slice word);

#endif
