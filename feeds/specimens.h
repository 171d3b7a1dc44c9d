/**
 * @file specimens.h
 * The specimen register of a centre: who may sign end-user certificates, for which country, authority and office, from when to when.
 *
 *     country,authority,office,name,position,from,to,reference
 *     PT,Sample Ministry of the Interior,Lisboa,Col. A. Yarrowby,Director of procurement,2024-01-01,2026-12-31,note 118
 *     PT,Sample Ministry of the Interior,Porto,,,2020-01-01,,"the office alone: whoever signs there is on its own rows"
 *
 * A row with a name is a signatory of that office; one without is the office. Days without a date are open. Names, authorities and offices are
 * compared as two papers' names are (name_alike.h). Days are those of the signature, so that a run said again says the same.
 *
 * Invariant: the file is read whole or refused with its line; what is loaded never changes. Threads: any.
 * Source: UN, MOSAIC 03.21: authentication of end-user certificates against specimen signatures and stamps exchanged between authorities.
 */
#ifndef TIDEWAITER_FEEDS_SPECIMENS_H
#define TIDEWAITER_FEEDS_SPECIMENS_H

#include <stdint.h>
#include <tidewaiter/error.h>
#include <tidewaiter/history.h>
#include <tidewaiter/slice.h>

#include "feeds/register.h"

struct tw_arena;
struct tw_specimens;

#define TW_SPECIMENS_HEADER    "country,authority,office,name,position,from,to,reference"
#define TW_SPECIMENS_BYTES_MAX (16U * 1024U * 1024U) /* some 100,000 signatories */

/** One row; texts as written, borrowed from what was loaded. */
struct tw_specimen_row {
	uint16_t country;
	struct tw_slice authority, office, name, position, reference;
	int32_t from_day, to_day; /**< INT32_MIN, INT32_MAX: open */
	uint32_t line;
};

/** What a certificate states of one who signed, or of its issuer. */
struct tw_specimen_question {
	uint16_t country;
	struct tw_slice authority, office;
	struct tw_slice name; /**< empty: of the office alone */
	int32_t day;
};

/**
 * @param path a CSV file with the header above
 * @return TW_OK; TW_E_MISSING (no file, a row without country, or with neither name, authority nor office), TW_E_SYNTAX (a date, a header), TW_E_TYPE
 *         (a country), TW_E_RANGE (it ends before it begins), TW_E_CONFLICT (a row twice), TW_E_LIMIT, TW_E_IO, TW_E_MEMORY; where = file:line,
 * file:line:column of a field
 */
TW_MUST_USE enum tw_code tw_specimens_load(const char *path, struct tw_specimens **out, struct tw_error *err);
/** tw_specimens_load from memory. @param name for messages @param bytes borrowed for the call */
TW_MUST_USE enum tw_code tw_specimens_read(const char *name, struct tw_slice bytes, struct tw_specimens **out, struct tw_error *err);
/** All that is wrong, to a sink. @return TW_OK: nothing is; else as tw_specimens_load, of the first fault */
TW_MUST_USE enum tw_code tw_specimens_lint(const char *name, struct tw_slice bytes, const struct tw_register_sink *sink, struct tw_error *err);
void tw_specimens_free(struct tw_specimens *specimens);

/** @return 64 hex digits: SHA-256 over the file's bytes */
struct tw_slice tw_specimens_digest(const struct tw_specimens *specimens);
/** @return all rows by country, then line */
const struct tw_specimen_row *tw_specimens_rows(const struct tw_specimens *specimens, uint32_t *count);

/**
 * @param specimens NULL: there is none
 * @param arena     rewound @param full set at its ceiling
 * @return what the register says; 0: it has nothing of that country, or the question nothing to compare
 */
enum tw_specimen tw_specimens_ask(const struct tw_specimens *specimens, const struct tw_specimen_question *question, struct tw_arena *arena,
                                  bool *full);

#endif
