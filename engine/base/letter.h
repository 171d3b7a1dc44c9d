/**
 * @file letter.h
 * Letters that are read as one: those that lists keep apart for no reason, and those of one script that look like another's.
 *
 * Look-alikes are judged by the word that they stand in. A word that mixes Latin letters with Cyrillic or Greek ones that look like them is Latin,
 * and so is one of nothing but look-alikes; one with letters of Cyrillic or Greek that look like no Latin one is of that script, and Latin letters in
 * it become what they look like. A word that keeps letters of two scripts stays as written.
 *
 *     barr[e Cyrillic]l   latin, alike         Latin       barrel
 *     спускн[o Latin]й    own, latin           Cyrillic    спускной
 *
 * Source: Unicode UTS #39 confusables, as tw_text_latin.
 */
#ifndef TIDEWAITER_ENGINE_BASE_LETTER_H
#define TIDEWAITER_ENGINE_BASE_LETTER_H

#include <stdbool.h>
#include <stdint.h>

/** Scripts whose letters Latin ones are written for, and the rest. */
enum tw_script { TW_SCRIPT_CYRILLIC, TW_SCRIPT_GREEK, TW_SCRIPT_OTHER, TW_SCRIPT_LATIN };

/** The letters of one word: zero before its first. */
struct tw_letters_seen {
	bool latin;     /**< a to z */
	uint32_t own;   /**< bits 1 << enum tw_script of the letters that look like no Latin one */
	uint32_t alike; /**< of those that do */
};

/** @param code a letter or digit in lower case */
void tw_letters_see(struct tw_letters_seen *seen, int32_t code);
/** The script that the word is to be read in; TW_SCRIPT_OTHER: as it is written. */
enum tw_script tw_letters_script(const struct tw_letters_seen *seen);
/** The letter as the word's script has it, in lower case. @return 0: it looks like none of Cyrillic or Greek; Latin takes all as they are */
int32_t tw_letter_as(enum tw_script script, int32_t code);

/** Letters that case and accents keep apart and readers do not: dotless i, strokes through l, o, d, forms of Arabic ones. @return 0: to be dropped */
int32_t tw_letter_plain(int32_t code);

#endif
