/**
 * @file words.h
 * All word lists of a rule set behind one interface: one pass over a text finds every word and phrase of every list.
 *
 *     text --tw_plain_of--> words --hash of each run of words, while some phrase begins so--> hits (list, place)
 *     "two machine-guns"    two | machine | guns          "two": no    "machine": begins one    "machine guns": hit
 *
 * A listed phrase stands for its spellings: each gap may be missing (machine gun, machine-gun, machinegun), and the last word, the first
 * or all of them may be in the plural of English, French or Spanish. `machine gun*` also takes whatever the last word goes on with, which is how
 * languages with many endings are written. Words are whole words. Lists of the same words are one list.
 *
 * Invariant: an answer depends on the text and the lists alone. Threads: lists are immutable once sealed.
 */
#ifndef TIDEWAITER_RULES_WORDS_H
#define TIDEWAITER_RULES_WORDS_H

#include "rules/compile.h"

#define TW_WORD_HITS_MAX     256U /* of one text; a description that repeats itself more often says nothing new */
#define TW_WORD_PHRASE_MAX   8U   /* words of one phrase */
#define TW_WORD_NO_LIST      UINT32_MAX
#define TW_WORD_WITHIN_MAX   10000U
#define TW_WORD_STEM_LETTERS 3U /* what must stand before a `*` */

struct tw_words;

/** One place where a phrase of a list stands. */
struct tw_word_hit {
	uint32_t list;
	uint32_t at, end;                /**< characters of the folded text */
	uint32_t source_from, source_to; /**< bytes of the source text */
};

/** What was found in one text: zero before its first question. */
struct tw_word_marks {
	const struct tw_word_hit *hit; /**< by place, then by length */
	uint32_t count;
	const uint64_t *lists; /**< bits of the lists that were met */
	bool known;
	bool undone; /**< those of disguised lists too */
};

/** What a condition asks: `list` (not inside `except`), or `list` and `beside` with at most `within` characters between. */
struct tw_word_test {
	uint32_t list;
	uint32_t beside; /**< TW_WORD_NO_LIST: not asked */
	uint32_t within;
	uint32_t except; /**< TW_WORD_NO_LIST: none */
	bool disguised;  /**< `list` and `beside` are: the text is read undone too */
};

/** @param arena borrowed, outlives the words @return NULL without memory */
struct tw_words *tw_words_new(struct tw_arena *arena);
/**
 * Add the phrases of one list.
 * @param literals borrowed as long as the words
 * @param disguised whether deliberate misspellings are found too
 * @param list written on success
 * @return false after a reported error: a phrase without a word, of too many words, a `*` inside or after too little
 */
bool tw_words_add(struct tw_words *words, const struct tw_literals *literals, bool disguised, struct tw_rule_report *report, uint32_t *list);
/** No more lists: builds the table. @return false without memory */
bool tw_words_seal(struct tw_words *words);

/**
 * Read a text, once; again when it was read plainly and is asked undone.
 * @param text UTF-8, at most TW_TEXT_BYTES_MAX
 * @param undone disguised lists are asked: what they say of the text is not known without
 * @param arena what is needed meanwhile
 * @param keep where what was found lives; may be `arena`
 * @return false at an arena's ceiling
 */
bool tw_words_read(const struct tw_words *words, struct tw_word_marks *marks, struct tw_slice text, bool undone, struct tw_arena *arena,
                   struct tw_arena *keep);
/** @param marks of a text that was read @param place the first that holds: bytes of the source text; may be NULL */
bool tw_words_meet(const struct tw_word_marks *marks, const struct tw_word_test *test, struct tw_span *place);
/** @param lists bits of the lists that some texts met @return false: none of them meets the test */
bool tw_words_may_meet(const uint64_t *lists, const struct tw_word_test *test);
size_t tw_words_list_bytes(const struct tw_words *words);

/** What `words` or `near` ask, with the `except` and `spelling` beside it. @param mapping that holds them @return false after a reported error */
bool tw_compile_word_test(struct tw_compile *compile, const struct tw_yaml *comparator, const struct tw_yaml *mapping, struct tw_word_test *test);
/** A member that only goes with words and near stands beside another comparator: reported. @return whether none does */
bool tw_compile_no_word_members(struct tw_compile *compile, const struct tw_yaml *comparator, const struct tw_yaml *mapping);
/** `words` and `near` as a condition. @return NULL after a reported error */
struct tw_clause *tw_compile_words(struct tw_compile *compile, const struct tw_operand *left, const struct tw_yaml *comparator,
                                   const struct tw_yaml *mapping);

#endif
