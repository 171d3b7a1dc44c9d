/**
 * @file name_gloss_words.h
 * The table of name_gloss.c.
 */
#ifndef TIDEWAITER_FEEDS_NAME_GLOSS_WORDS_H
#define TIDEWAITER_FEEDS_NAME_GLOSS_WORDS_H

#include <stdint.h>
#include <uchar.h>

enum tw_gloss_kind {
	TW_GLOSS_FORM, /**< a company form */
	TW_GLOSS_WORD,
	TW_GLOSS_STEM, /**< a word that begins so: its endings are many */
};

struct tw_gloss_entry {
	const char16_t *from; /**< folded as name_gloss.c folds, never empty; a space stands for any signs between words */
	const char *to;       /**< lower-case, at most 44 bytes; empty: the word says nothing */
	enum tw_gloss_kind kind;
};

/** By code units. */
extern const struct tw_gloss_entry tw_gloss_entries[];
extern const uint32_t tw_gloss_entry_count;

#endif
