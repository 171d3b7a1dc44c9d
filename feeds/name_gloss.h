/**
 * @file name_gloss.h
 * Words of companies' names that lists translate rather than transliterate: company forms, trades, places.
 *
 *     深圳市海润科技有限公司                      " shenzhen " 海润 " technology " " co ltd "
 *     ОАО Челябинский металлургический комбинат   " jsc " Челябинск " metallurgical " " plant "
 *
 * What is in no table stays in its script, for name_latin.h and name_script.h to read.
 * Source: the project's own table, from common knowledge of the languages; a word is in it because companies are named so, not because
 * one company is. Threads: any.
 */
#ifndef TIDEWAITER_FEEDS_NAME_GLOSS_H
#define TIDEWAITER_FEEDS_NAME_GLOSS_H

#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

enum tw_gloss {
	TW_GLOSS_FORMS,  /**< company forms alone: these are never transliterated */
	TW_GLOSS_BODIES, /**< and what kind of body it is: a Bank of Trade may be listed as Tejarat Bank */
	TW_GLOSS_ALL,
};

/**
 * @param text UTF-8; past 1,024 characters nothing is read
 * @param out  in `arena`, or `text` itself when nothing of it is known
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_gloss(struct tw_slice text, enum tw_gloss what, struct tw_arena *arena, struct tw_slice *out);

#endif
