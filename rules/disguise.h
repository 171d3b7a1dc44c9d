/**
 * @file disguise.h
 * What a word says once a deliberate misspelling is undone: words that were taken apart, digits in the place of letters, letters doubled or left out.
 *
 *     "2 R I F L E S, kalashn1kov p-i-s-t-o-l, P1ST0L-4711"
 *      2 rifies      kaiashnikov pistoi        p1st0i 4711      words of equal key are equal: i stands for l, too
 *
 * *Joined*: what one mark (hyphen, dot, slash ...) holds together without a blank, and single letters with the same blank or mark between each, four
 * of them or more, are one word. *Digits* are 0 o, 1 i or l, 3 e, 4 a, 5 s, 7 t, 8 b, where one at least stands between letters and the letters are
 * not fewer; two digits or more at an end of the word stay digits. What is tied to a number is a *code*, and left as it is. *Letters*: i and l are
 * one; in words of five letters and more a doubled letter counts once and ck is k. Words of fewer than four letters, and those with a letter that is
 * not Latin, have digits and letters as they are. Lists and texts go through the same function, so that they can only meet.
 *
 * Bound: one pass over the words, no word longer for it. Threads: any.
 * Source: Targeting practice; which digits stand for which letters, as in the filters of mail and forums.
 */
#ifndef TIDEWAITER_RULES_DISGUISE_H
#define TIDEWAITER_RULES_DISGUISE_H

#include "rules/spelling.h"

#define TW_DISGUISE_LETTERS_MIN 4U  /* of a word that can be disguised */
#define TW_DISGUISE_FOLD_MIN    5U  /* in which doubled letters count once */
#define TW_DISGUISE_LONG        8U  /* of a listed word of which one letter may be missing */
#define TW_DISGUISE_PIECES_MIN  5U  /* letters of a word that one mark takes apart, if its pieces are longer than a letter */
#define TW_DISGUISE_JOINED_MAX  64U /* bytes; what is longer is no word */

/**
 * The key of one word of a plain text.
 * @param digits whether digits may stand for letters: in a text, not in a list
 * @param out room for word.len bytes @return bytes written
 */
uint32_t tw_disguise_key(struct tw_slice word, bool digits, char *out);

/** May the listed phrase stand for itself without one inner letter? One word of eight Latin letters or more. */
bool tw_disguise_may_lack(const struct tw_plain *phrase);
/**
 * The keys that one spelling of a listed phrase (tw_spellings) stands for, some of them more than once: of its words; with one of two l as the 1 that
 * is no second l; without one inner letter.
 * @param lacks of its phrase, tw_disguise_may_lack
 * @param spelling at most TW_SPELLING_BYTES_MAX
 * @return false when `take` said so
 */
bool tw_disguise_spellings(struct tw_slice spelling, bool lacks, tw_spelling_take take, void *context);

/**
 * A text's words by their keys, each with the place that its words had.
 * @param text   of which `plain` was made
 * @param joined whether what was taken apart is one word
 * @param out    in `arena`
 * @param any    out, may be NULL: whether something was taken apart, joined or not
 * @return false at the arena's ceiling
 */
bool tw_disguise_undo(struct tw_slice text, const struct tw_plain *plain, bool joined, struct tw_arena *arena, struct tw_plain *out, bool *any);

#endif
