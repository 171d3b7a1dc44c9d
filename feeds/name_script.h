/**
 * @file name_script.h
 * Words in Arabic and Hebrew letters, which leave short vowels out: asked which Latin words spell them, instead of guessing the vowels.
 *
 *     letters   m h m d        each with the Latin letters it is written by, and what those cost
 *     Latin     M u H a MM e D   vowels that nobody wrote are free behind a consonant, doubled letters are one
 *
 *     letters -> keys: the consonants as classes, several where a letter is ambiguous   -> Latin words of these keys -> tw_script_spells
 *     Latin   -> one key
 *
 * A Latin word whose key is none of the word's keys does not spell it: that is the definition, so that a table of Latin words by key finds
 * all of them.
 *
 * Invariant: integers alone; the result depends on the two words and nothing else. Threads: any.
 * Source: the letters' Latin spellings are those of BGN/PCGN (Arabic, Persian, Hebrew) and of French, Turkish and everyday use, from common
 * knowledge; what a spelling costs is the project's choice, measured by bench/quality.
 */
#ifndef TIDEWAITER_FEEDS_NAME_SCRIPT_H
#define TIDEWAITER_FEEDS_NAME_SCRIPT_H

#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

#include "feeds/name_forms.h"

struct tw_arena;

#define TW_SCRIPT_LETTERS_MAX   20 /* of a word that are looked at: longer ones are cut */
#define TW_SCRIPT_SPELLINGS_MAX 10 /* of one letter */
#define TW_SCRIPT_KEYS_MAX      32 /* of one word: further ambiguities are not followed */
#define TW_SCRIPT_KEY_CLASSES   16 /* of one key: later consonants are not in it */
#define TW_SCRIPT_FORMS_MAX     6

/** One Latin spelling of a letter. */
struct tw_script_spelling {
	char text[4];
	uint8_t len; /**< 0: the letter is not written */
	uint8_t cost;
};

struct tw_script_letter {
	struct tw_script_spelling spelling[TW_SCRIPT_SPELLINGS_MAX];
	const char *classes; /**< of the key */
	uint8_t count;
	bool consonant; /**< an unwritten vowel may follow, though the letter itself is not written */
	uint16_t character;
};

/** A word ready to be asked. */
struct tw_script_word {
	struct tw_script_letter letter[TW_SCRIPT_LETTERS_MAX];
	uint32_t count;
	uint64_t key[TW_SCRIPT_KEYS_MAX]; /**< all distinct */
	uint32_t key_count;
};

/** A token of a name: Latin where it is an article or another word that is always written so, else a word of the script. */
struct tw_script_token {
	struct tw_name_form_token latin; /**< text of length 0: look at `word` */
	const struct tw_script_word *word;
};

struct tw_script_form {
	struct tw_script_token token[TW_NAME_TOKENS_MAX];
	uint32_t count;
};

struct tw_script_forms {
	struct tw_script_form form[TW_SCRIPT_FORMS_MAX]; /**< words apart as usual, joined, all apart; of a company with all translated, and with
	                                                  little; equal ones once */
	uint32_t count;
};

#define TW_SCRIPT_PPM 1000000 /* spelt as one would expect */

/** @return whether a UTF-16 unit is an Arabic or Hebrew letter that the table knows */
bool tw_script_is_letter(uint16_t character);

/** One Arabic letter for its usual shapes (alef with hamza or madda, Persian yeh, kaf and heh ...), any other character as it is. */
uint16_t tw_script_usual(uint16_t character);

/** @param characters UTF-16, no marks; others than letters are passed over @return false when no letter is left */
bool tw_script_word_make(const uint16_t *characters, uint32_t count, struct tw_script_word *word);

/** Has the text an Arabic or Hebrew letter? Looks at bytes alone; a few other scripts pass too and end with no forms. */
bool tw_script_asks(struct tw_slice text);

/**
 * A name in Arabic or Hebrew letters, as words. "al" is a token of its own, "abd al-X" is abdul X, "X allah" is one word; and the other ways.
 * @param out count 0 when no word of the name is written in these letters
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_script_forms_make(struct tw_slice text, enum tw_name_domain domain, struct tw_arena *arena, struct tw_script_forms *out);

/** @param latin lower-case letters a to z @return its consonants as classes, four bits each; 0: it has none */
uint64_t tw_script_key(struct tw_slice latin);

/** @return how well `latin` (lower-case a to z, at most 31) spells the word, in ppm; 0: it does not */
int32_t tw_script_spells(const struct tw_script_word *word, struct tw_slice latin);

/** The same for a Latin word whose key is known to be one of the word's. */
int32_t tw_script_spells_keyed(const struct tw_script_word *word, struct tw_slice latin);

#endif
