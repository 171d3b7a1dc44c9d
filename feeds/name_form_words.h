/**
 * @file name_form_words.h
 * Words of company forms in many languages, short ("gmbh") and written out ("obshchestvo s ogranichennoy otvetstvennostyu"), and the kind of company
 * each stands for.
 */
#ifndef TIDEWAITER_FEEDS_NAME_FORM_WORDS_H
#define TIDEWAITER_FEEDS_NAME_FORM_WORDS_H

#include <tidewaiter/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tw_name_form_use {
	TW_FORM_LAST = 1 << 0,  /**< is a legal form at the end of a name */
	TW_FORM_FIRST = 1 << 1, /**< is one at the start too: "OOO Romashka", "PT Maju" */
};

/** A company form of several words, a space between them, and its kind. */
struct tw_name_phrase {
	struct tw_slice words;
	struct tw_slice kind;
	bool leads; /**< it may stand before the name too */
};

extern const struct tw_name_phrase tw_name_phrases[];
extern const size_t tw_name_phrase_count;

/** Phrases that end in `word`, or in what it is short for. @return their numbers, the longer before the shorter @param count 0 where there are none
 */
const uint8_t *tw_name_phrases_ending(struct tw_slice word, uint32_t *count);

/** The same of phrases that begin with `word` and may stand before a name. */
const uint8_t *tw_name_phrases_leading(struct tw_slice word, uint32_t *count);

/** @param word folded @return enum tw_name_form_use flags, 0 for a word that is no form */
uint32_t tw_name_form_uses(struct tw_slice word);

/** @param word folded, one that has uses @return the kind of company it stands for: llc, jsc, corp, co, lp, est, fz, soe; itself when alone */
struct tw_slice tw_name_form_kind(struct tw_slice word);

/** @return whether `word` is `known` with at most one letter dropped, added, replaced, or exchanged with its neighbour */
bool tw_name_is_nearly(struct tw_slice word, struct tw_slice known);

/** @return whether `word` is `known`, a word of five letters or more, with at most two such slips; of four letters, with one */
bool tw_name_is_doubtfully(struct tw_slice word, struct tw_slice known);

/** @return the long word of a company form that two pieces are ("li", "mited": "limited"); of length 0 when they are none */
struct tw_slice tw_name_form_torn(struct tw_slice head, struct tw_slice tail);

/** @return the long word of a company form that is meant ("compnay": "company"); `word` when it is none, or nearly none */
struct tw_slice tw_name_form_mended(struct tw_slice word);

/** @return whether a word is a company form, or one of the words of a form written out: joint, stock, liability ... */
bool tw_name_is_form_word(struct tw_slice word);

/** @return whether `word` is `known`, a word of a phrase, or short for it ("joint stock co") */
bool tw_name_form_same(struct tw_slice word, struct tw_slice known);

#endif
