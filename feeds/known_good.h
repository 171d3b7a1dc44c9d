/**
 * @file known_good.h
 * A centre's own "not the same" decisions: this party is not that entry. What an officer looked into once is not shown again, and takes no place
 * among the hits, until the decision runs out.
 *
 *     name,identifier,country,list,entry,reason,author,decided_on,expires_on
 *     Eric Badege,,XA,un-sc,CDi.001,"born 1991, passport seen",h.tide,2026-02-01,2027-01-31
 *     ,QZ 884 213,,ofac-sdn,15718,the number is a shipyard's,h.tide,2026-02-01,
 *
 * A row states whom it is about: by name, by number, or by both, and then both must agree; a country narrows it. Names are compared folded (case,
 * accents, punctuation do not count, word order does), numbers by letters and digits. A decision by name alone never hides a hit by number: a
 * number that agrees is evidence that nobody looked at. The last day counts by the *event's* time, so that a run said again says the same.
 *
 * Invariant: the file is read whole or refused with its line; what is loaded never changes. Threads: any.
 */
#ifndef TIDEWAITER_FEEDS_KNOWN_GOOD_H
#define TIDEWAITER_FEEDS_KNOWN_GOOD_H

#include <stdint.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;
struct tw_known_good;

#define TW_KNOWN_GOOD_BYTES_MAX (64U * 1024U * 1024U) /* some 400,000 decisions */
#define TW_KNOWN_GOOD_FOREVER   INT32_MAX

/** One decision; texts as written, borrowed from what was loaded. */
struct tw_known_good_row {
	struct tw_slice name, identifier; /**< one of them may be empty */
	uint16_t country;                 /**< 0: any */
	struct tw_slice list, entry;
	struct tw_slice reason, author;
	int32_t decided_day, expires_day; /**< the last day it counts on; TW_KNOWN_GOOD_FOREVER: none is stated */
	uint32_t line;
	struct tw_slice name_key, identifier_key; /* as compared */
};

/** Who was hit, as the event states it. */
struct tw_known_subject {
	struct tw_slice name; /**< the text that was screened, or the party's name when a number hit */
	const struct tw_slice *identifiers;
	uint32_t identifier_count;
	struct tw_slice hit_identifier; /**< the number that hit; empty: a name did */
	uint16_t country;               /**< 0: not stated */
	bool day_stated;
	int32_t day; /**< of the event; not stated: only decisions without a last day count */
};

/**
 * @param path a CSV file with the header above
 * @return TW_OK; TW_E_MISSING (no file, a column, a row without party, list, entry, reason or author), TW_E_SYNTAX (a date, a header), TW_E_TYPE (a
 *         country), TW_E_RANGE (it runs out before it was decided), TW_E_CONFLICT (the same decision twice), TW_E_LIMIT, TW_E_IO, TW_E_MEMORY;
 *         where = file:line
 */
TW_MUST_USE enum tw_code tw_known_good_load(const char *path, struct tw_known_good **out, struct tw_error *err);
void tw_known_good_free(struct tw_known_good *known);

/** @return 64 hex digits: SHA-256 over the file's bytes */
struct tw_slice tw_known_good_digest(const struct tw_known_good *known);
/** @return all rows by list, entry, line */
const struct tw_known_good_row *tw_known_good_rows(const struct tw_known_good *known, uint32_t *count);

/**
 * The decision that hides a hit.
 * @param known NULL: there are none
 * @param arena for keys while comparing: rewound before it returns. At its ceiling nothing is hidden
 * @return the first one in file order, NULL: the hit stands
 */
const struct tw_known_good_row *tw_known_good_find(const struct tw_known_good *known, struct tw_slice list, struct tw_slice entry,
                                                   const struct tw_known_subject *subject, struct tw_arena *arena);
/** The decision that would hide a hit had it not run out before the subject's day; only asked where none is in force. Otherwise as above. */
const struct tw_known_good_row *tw_known_good_expired(const struct tw_known_good *known, struct tw_slice list, struct tw_slice entry,
                                                      const struct tw_known_subject *subject, struct tw_arena *arena);

#endif
