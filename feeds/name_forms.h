/**
 * @file name_forms.h
 * The spellings a name is searched by: Latin, lower-case, cut into classed tokens, a handful of them in the order of likelihood.
 *
 *     "Al-Salam Trading Co., L.L.C."   al/STOP salam trading co/FORM llc/FORM        alsalam trading co/FORM llc/FORM
 *     "Youssef Mohamed"                youssef mohamed                               yusuf muhamad
 *     "Иванов Пётр"                    ivanov petr                                   ...
 *
 * Where name.h says whether two spellings are equal, these are what is *compared*: variants of one name in several scripts and
 * romanisations share a form, or come close in one. The first form is what is written; the others are the canonical spelling (the
 * transliteration families of Arabic and Russian names), further romanisations, short tokens joined to their neighbours, and what is read into
 * the text: Chinese and Korean names by their syllables, letters that a scanner took for digits.
 *
 * Invariant: the forms of a text depend on nothing but the text and the domain. Threads: any.
 */
#ifndef TIDEWAITER_FEEDS_NAME_FORMS_H
#define TIDEWAITER_FEEDS_NAME_FORMS_H

#include <tidewaiter/error.h>
#include <tidewaiter/limits.h>
#include <tidewaiter/slice.h>

#include "feeds/name.h"

struct tw_arena;

#define TW_NAME_FORMS_MAX      10
#define TW_NAME_FORM_TOKEN_MAX 31 /* bytes */

enum tw_name_word {
	TW_WORD_PLAIN = 0,
	TW_WORD_INITIAL, /**< a single letter */
	TW_WORD_STOP,    /**< of, the, al, bin ... */
	TW_WORD_FORM,    /**< a company form, as its one token */
};

struct tw_name_form_token {
	struct tw_slice text; /**< lower-case Latin letters and digits (other scripts only where no romanisation exists), 1 to 31 bytes */
	enum tw_name_word word;
};

/** What a form takes for granted beside what is written. */
enum tw_name_read {
	TW_READ_WRITTEN = 0,
	TW_READ_SYLLABLES, /**< Chinese or Korean, in a coarse spelling: name_syllables.h */
	TW_READ_MISTAKEN,  /**< other signs than are written: name_mistaken.h */
	TW_READ_DIGITS,    /**< of these, letters for digits among letters alone */
};

struct tw_name_form {
	struct tw_name_form_token token[TW_NAME_TOKENS_MAX];
	uint32_t count;
	enum tw_name_read read;
};

struct tw_name_forms {
	struct tw_name_form *form; /**< in the order of likelihood; all distinct; none empty */
	uint32_t count;            /**< 0 when nothing of the text is a letter or a digit */
};

/**
 * The forms of a name.
 * @param text   UTF-8, any bytes; borrowed for the call. Tokens past TW_NAME_TOKENS_MAX and bytes past 31 of a token are not kept
 * @param domain decides which words are stop words, and whether company forms and ship prefixes are looked for
 * @param arena  owns the forms and their bytes until its reset
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_forms_make(struct tw_slice text, enum tw_name_domain domain, struct tw_arena *arena, struct tw_name_forms *out);

/** The same of a text that is split already. @param split tw_name_split of `text`, borrowed; the forms keep its bytes; NULL: not split yet */
TW_MUST_USE bool tw_name_forms_split(struct tw_slice text, const struct tw_name_tokens *split, enum tw_name_domain domain, struct tw_arena *arena,
                                     struct tw_name_forms *out);

#endif
