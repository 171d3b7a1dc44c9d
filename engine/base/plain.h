/**
 * @file plain.h
 * A text as words to look up: folded once, each word with the place that it came from.
 *
 *     "Fusils d’ASSAUT, Barrе"      fusils | d | assaut | barre         (the last letter was Cyrillic)
 *                                   0..6     7..8  ...                   bytes of the source
 *
 * Folding is tw_text_fold's (NFKC, case, accents), and further: look-alikes are read in the script of their word (letter.h); Turkish dotless i is i;
 * the Arabic article, lengthened strokes and the two letters that are often written for each other are dropped or made one. Scripts that set no
 * spaces (Chinese, Japanese, Thai, Khmer, Lao, Burmese) give a word a character. Lists and texts go through the same function, so that they can only
 * meet.
 *
 * Source: Unicode UAX #15, UAX #31; Arabic normalisation as in Lucene's ArabicNormalizer, by its description.
 */
#ifndef TIDEWAITER_ENGINE_BASE_PLAIN_H
#define TIDEWAITER_ENGINE_BASE_PLAIN_H

#include <stdbool.h>
#include <tidewaiter/slice.h>

struct tw_arena;

struct tw_plain_word {
	uint32_t from, to;               /**< bytes of `text` */
	uint32_t source_from, source_to; /**< bytes of the source text */
	uint32_t at;                     /**< characters of `text` before it, a space between two words counted */
};

struct tw_plain {
	const char *text; /**< words with a space between two */
	const struct tw_plain_word *word;
	uint32_t count;
	uint32_t characters; /**< of `text` */
};

/**
 * @param text        UTF-8, at most TW_TEXT_BYTES_MAX; ill-formed bytes separate words
 * @param look_alikes false: letters stay in the script they are written in
 * @param out         in `arena`; count 0 when the text holds no word
 * @return false at the arena's ceiling. Threads: any.
 */
bool tw_plain_of(struct tw_slice text, bool look_alikes, struct tw_arena *arena, struct tw_plain *out);

/** Is this word one character of a script without spaces? */
bool tw_plain_is_ideograph(struct tw_slice word);

#endif
