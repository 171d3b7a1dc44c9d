/**
 * @file suppressions.h
 * A centre's own decisions that a rule shall not count for somebody, for a time: "this rule for this party until ...".
 *
 *     rule,name,identifier,country,consignment,from,to,reason,author,decided_on,expires_on
 *     route-long-way,Harbour & Sons,,XB,,,,"feeder service, contract seen",h.tide,2026-02-01,2026-08-31
 *     behaviour-burst,,XB123456,,,,,bonded warehouse,h.tide,2026-02-01,2026-04-30
 *     goods-gun-parts,,,,HLCUXX1260200417,,,toy importer,h.tide,2026-02-01,2026-02-28
 *     route-detour,,,,,XALOA,XB,ice season,h.tide,2026-01-10,2026-04-15
 *
 * A row states whom it is about: a party (by name, by number, or by both, and then both must agree; a country narrows it), a consignment, a route
 * (where it begins, where it ends, or both: a country or a UN/LOCODE); all that it states must hold. A rule that shall be silent for everybody is
 * no row of this file: its status says so. Every row runs out; days count by the *event's* time, the first and the last included, so that a run
 * said again says the same.
 *
 * Invariant: the file is read whole or refused with its line; what is loaded never changes. Threads: any.
 */
#ifndef TIDEWAITER_FEEDS_SUPPRESSIONS_H
#define TIDEWAITER_FEEDS_SUPPRESSIONS_H

#include <stdint.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;
struct tw_suppressions;

#define TW_SUPPRESSIONS_BYTES_MAX (16U * 1024U * 1024U) /* some 100,000 decisions */

/** One end of a route; nothing stated: any. */
struct tw_suppression_place {
	uint16_t country;      /**< 0: not stated */
	struct tw_slice place; /**< five letters and digits, upper case; empty: the whole country */
};

/** One decision; texts as written, borrowed from what was loaded. */
struct tw_suppression {
	struct tw_slice rule;
	struct tw_slice name, identifier; /**< both may be empty */
	uint16_t country;                 /**< 0: any */
	struct tw_slice consignment;      /**< empty: any */
	struct tw_suppression_place from, to;
	struct tw_slice reason, author;
	int32_t decided_day, expires_day; /**< first and last day it counts on */
	uint32_t line;
	struct tw_slice name_key, identifier_key; /* as compared: tw_text_fold, tw_text_alnum */
};

/**
 * @param path a CSV file with the header above
 * @return TW_OK; TW_E_MISSING (no file, a column, a row without rule, subject, reason, author or days), TW_E_SYNTAX (a date, a header, nothing to
 *         compare), TW_E_TYPE (a country, a place), TW_E_RANGE (it runs out before it was decided), TW_E_CONFLICT (the same rule and subject
 *         twice; a country without a party), TW_E_LIMIT, TW_E_IO, TW_E_MEMORY; where = file:line
 */
TW_MUST_USE enum tw_code tw_suppressions_load(const char *path, struct tw_suppressions **out, struct tw_error *err);
void tw_suppressions_free(struct tw_suppressions *suppressions);

/** @return 64 hex digits: SHA-256 over the file's bytes */
struct tw_slice tw_suppressions_digest(const struct tw_suppressions *suppressions);
/** @return all rows by rule, then line */
const struct tw_suppression *tw_suppressions_rows(const struct tw_suppressions *suppressions, uint32_t *count);
/** @param suppressions NULL: there are none @return the rows of one rule, by line; NULL with count 0: none */
const struct tw_suppression *tw_suppressions_of(const struct tw_suppressions *suppressions, struct tw_slice rule, uint32_t *count);

#endif
