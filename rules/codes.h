/**
 * @file codes.h
 * The stable numbers of everything that can be wrong with a rule: one table, which `rules lint`, `rules codes` and rules/README.md show.
 *
 * A message finds its row by how its format begins, the longest that fits, so that whoever reports names no number. One without a row of its own
 * has the number of its kind (syntax, type, ...): a number is never wrong, at worst it is broad. Numbers are never used again for another thing.
 * Threads: any, the table is constant.
 */
#ifndef TIDEWAITER_RULES_CODES_H
#define TIDEWAITER_RULES_CODES_H

#include <stdbool.h>
#include <stdint.h>
#include <tidewaiter/error.h>

struct tw_rule_code {
	const char *name;    /**< "TW-R-0201" */
	const char *begins;  /**< how the message's format begins; NULL: what else there is of its kind */
	enum tw_code kind;   /**< TW_OK: a warning */
	const char *meaning; /**< for the table */
	const char *mend;    /**< what to do; NULL: the message says it */
};

/** Rows in the order of their numbers. */
const struct tw_rule_code *tw_rule_codes(uint32_t *count);
/** @param format of the message @param kind TW_OK for a warning @return never NULL */
const struct tw_rule_code *tw_rule_code_of(const char *format, enum tw_code kind);

#endif
