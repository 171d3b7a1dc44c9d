/**
 * @file text_words.h
 * A text as the pass over all patterns reads it: letters, digits and the underscore in lower case, and where its words begin and end.
 *
 *     text   AK-47, steel  rifles
 *     plain  "ak 47  steel  rifles"      a byte for each of the text's; words begin at 0, 3, 7, 14
 *
 * A character beyond ASCII stands between words, but U+017F and U+212A, which are the letters that they fold to. Threads: one owner. The ways of
 * reading are equal to the bit; `best` is this processor's.
 */
#ifndef TIDEWAITER_RULES_TEXT_WORDS_H
#define TIDEWAITER_RULES_TEXT_WORDS_H

#include <tidewaiter/slice.h>

enum tw_text_scan { TW_TEXT_SCALAR, TW_TEXT_AVX2, TW_TEXT_AVX512 };

struct tw_text_words {
	const char *plain; /**< of so many bytes: blanks before and behind, TW_TEXT_MARGIN that may be read */
	uint32_t bytes;
	uint32_t *start; /**< of each word, in `plain` */
	uint64_t *word;  /**< what each begins with, as tw_key_word has it; 0 in the place behind the last */
	uint32_t count;
	bool ascii; /**< the text has nothing else */
	/* its own */
	char *plain_room, *spelled;
	uint64_t *bits; /* a byte each: whether it is in a word */
	uint32_t room;
};

#define TW_TEXT_MARGIN 64U

/** Can this processor read texts so? Only such a way may be asked for. */
bool tw_text_scan_has(enum tw_text_scan scan);
enum tw_text_scan tw_text_scan_best(void);
/** @param words zero before its first text @param text well-formed UTF-8 @return false without memory */
bool tw_text_words_of(struct tw_text_words *words, struct tw_slice text, enum tw_text_scan scan);
/**
 * Does a literal in the form of tw_required_char stand there? A blank of it stands for any run of what is no word.
 * @param at the place in `plain` of its byte `before`, or the blank before the first @param before below `length`
 */
bool tw_text_words_hold(const struct tw_text_words *words, const char *literal, uint32_t length, int64_t at, uint32_t before);
void tw_text_words_fini(struct tw_text_words *words);

#endif
