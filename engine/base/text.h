/**
 * @file text.h
 * Unicode in the hot path: validity, NFKC case folding, and the reduced alphabets that numbers and marks are compared in.
 *
 * Folding changes what is compared, never what is kept: evidence always shows the bytes as received. All functions have an ASCII
 * fast path that gives the same answer as the general one (tested).
 * Source: Unicode UAX #15 (NFKC), UAX #31 (NFKC_Casefold); utf8proc for the tables.
 */
#ifndef TIDEWAITER_ENGINE_BASE_TEXT_H
#define TIDEWAITER_ENGINE_BASE_TEXT_H

#include <stdbool.h>
#include <tidewaiter/slice.h>

struct tw_arena;

/** Are all bytes below 0x80? Eight at a time. */
bool tw_text_is_ascii(struct tw_slice text);

/** @return true when the bytes are well-formed UTF-8; else `*at` (may be NULL) is the offset of the first bad byte */
bool tw_utf8_valid(struct tw_slice bytes, uint32_t *at);

/** @return whether the byte is a decimal digit of ASCII, whatever the locale */
static inline bool tw_text_is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/** @return whether the byte is an ASCII control character: a terminal would do what it says */
static inline bool tw_text_is_control(char byte)
{
	return (unsigned char)byte < 0x20 || byte == 0x7f;
}

/**
 * Made fit to be shown on a terminal or put on a line of a log, in place: a control character, or a byte that is no UTF-8, becomes a question
 * mark. What came from a file may hold anything. @return `text`
 */
char *tw_text_tame(char *text);

/**
 * NFKC case fold, accents stripped, default ignorables dropped; every run of anything but letters, digits and combining marks of
 * their script becomes one space; no space at either end. "Al-Saláam & Co." -> "al salaam co".
 * @param text  UTF-8 (ill-formed bytes count as separators), at most TW_TEXT_BYTES_MAX
 * @return a slice in `arena`, terminated; {NULL, 0} at the arena's ceiling; length 0 when nothing is left
 */
struct tw_slice tw_text_fold(struct tw_slice text, struct tw_arena *arena);

/**
 * NFKC, upper case, ASCII letters and digits and non-ASCII letters and digits only: how certificate numbers and marks are compared.
 * "QZ/MOD/2026/00417" -> "QZMOD202600417". Same returns as tw_text_fold.
 */
struct tw_slice tw_text_alnum(struct tw_slice text, struct tw_arena *arena);

/**
 * tw_text_alnum, then look-alikes made one: O as 0, I and L as 1, S as 5, B as 8, Z as 2, and Cyrillic and Greek letters that look Latin.
 * Source: Unicode UTS #39 confusables, the Latin, Cyrillic and Greek capitals and ASCII digits of it; the project's design, section 5.
 */
struct tw_slice tw_text_confusable(struct tw_slice text, struct tw_arena *arena);

#define TW_TEXT_STEP_CODES 18 /**< what one character expands to at most. Source: Unicode UAX #44, Arabic ligature U+FDFA */

/** One source character, folded as tw_text_fold does. */
struct tw_text_step {
	int32_t code[TW_TEXT_STEP_CODES]; /**< letters and digits; a separator is 0 */
	uint32_t count;
	uint32_t bytes; /**< of the source, at least 1 */
};

/** Fold the character that begins at `at`, for callers that must know where each folded letter came from. Ill-formed: one separator. */
void tw_text_step(struct tw_slice text, uint32_t at, struct tw_text_step *out);

/** One character: NFKC case fold, accents stripped, default ignorables dropped, whatever it is. @return how many codes, 0: nothing is left of it */
uint32_t tw_text_decompose(int32_t code, int32_t codes[TW_TEXT_STEP_CODES]);
/** A letter or a digit? */
bool tw_text_is_word(int32_t code);
/** A combining mark, or a default ignorable (soft hyphen, zero-width space)? */
bool tw_text_is_ignorable(int32_t code);

/** As much of a text as fits `most` bytes, no character cut in two; the same bytes. */
static inline struct tw_slice tw_text_head(struct tw_slice text, uint32_t most)
{
	uint32_t length = text.len < most ? text.len : most;
	while (length && length < text.len && ((unsigned char)text.ptr[length] & 0xC0U) == 0x80U) {
		length--;
	}
	return (struct tw_slice){text.ptr, length};
}

/** The capital Latin letter that the capital of a Cyrillic or Greek letter looks like, or 0. Source: as tw_text_confusable. */
char tw_text_latin(int32_t code);

/** Two letters as one number ("ZA" -> 'Z' << 8 | 'A'), case folded, blanks around them dropped; 0 when it is not two ASCII letters. */
uint16_t tw_country_code(struct tw_slice text);
#define TW_COUNTRY_BYTES 3
/** And back. @param code as tw_country_code gives it @param out terminated @return what is in `out`: two letters, or none for 0 */
struct tw_slice tw_country_letters(uint16_t code, char out[TW_COUNTRY_BYTES]);

/** @return version of the library whose Unicode tables fold: another one may fold otherwise; constant text */
const char *tw_text_library(void);

#endif
