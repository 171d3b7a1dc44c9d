/**
 * @file required_check.h
 * The literal extractor against PCRE2: what it says that every match contains must stand in every match that PCRE2 finds.
 */
#ifndef TIDEWAITER_TESTS_REFERENCE_REQUIRED_CHECK_H
#define TIDEWAITER_TESTS_REFERENCE_REQUIRED_CHECK_H

#include <stdio.h>
#include <tidewaiter/slice.h>

#include "dice.h"

enum required_verdict {
	REQUIRED_NO_PATTERN, /**< PCRE2 refuses it */
	REQUIRED_NO_MATCH,
	REQUIRED_SILENT,  /**< a match, of which the extractor said nothing */
	REQUIRED_HOLDS,   /**< a match with one of the literals in it */
	REQUIRED_LACKING, /**< a match without any: the pass over texts would lose it */
};

/** One pattern, compiled by PCRE2 and read by the extractor once for any number of texts. */
struct required_checker;

/** @param pattern borrowed, well-formed UTF-8 @return never NULL, also for a pattern that PCRE2 refuses */
struct required_checker *required_checker_new(struct tw_slice pattern);
void required_checker_free(struct required_checker *checker);

/** @param text well-formed UTF-8 */
enum required_verdict required_checker_text(struct required_checker *checker, struct tw_slice text);

/** The same of one text. */
enum required_verdict required_check(struct tw_slice pattern, struct tw_slice text);

/** A random pattern, and beside it a text made to meet it, mostly. */
void random_pattern(struct dice *dice, FILE *pattern, FILE *text);

#endif
