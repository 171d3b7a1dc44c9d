/**
 * @file name_latin.h
 * Names in any script, in Latin letters: what a reader of the script would write, and what another one would.
 */
#ifndef TIDEWAITER_FEEDS_NAME_LATIN_H
#define TIDEWAITER_FEEDS_NAME_LATIN_H

#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

#define TW_NAME_LATIN_BYTES_MAX 2048 /* of a name that are looked at */

/** How a script is read. */
enum tw_name_reading {
	TW_READING_USUAL = 0, /**< Cyrillic after BGN/PCGN; unwritten vowels as a; Korean after the Revised Romanisation */
	TW_READING_OTHER,     /**< Cyrillic after ICAO 9303 and ISO 9, Ukrainian and Belarusian after their states' own rules; Korean after
	                         McCune-Reischauer, without marks */
	TW_READINGS,
	TW_READING_WHOLE = TW_READINGS, /**< as usual, but a run of Chinese is one word: for companies' names, where no surname leads */
};

/** What a text is written in, beside plain Latin. */
struct tw_name_script {
	bool foreign;   /**< has characters that are not ASCII */
	bool other;     /**< has letters that are not Latin */
	bool ambiguous; /**< has a script that the readings read differently */
	bool syllables; /**< has Chinese or Korean: words of one syllable, joined by others */
};

/** Looks at `text` alone; never fails. */
struct tw_name_script tw_name_script_of(struct tw_slice text);

/**
 * One reading of a name. ASCII is left as it is; accents of Latin letters are the folding's.
 * @param text UTF-8; ill-formed bytes separate words; past TW_NAME_LATIN_BYTES_MAX nothing is read
 * @param out  in `arena`, lower-case where it was another script's
 * @return false when the arena is at its ceiling. Threads: any; the transliterator of other scripts is opened once and only read
 */
TW_MUST_USE bool tw_name_latin(struct tw_slice text, enum tw_name_reading reading, struct tw_arena *arena, struct tw_slice *out);

#endif
