/**
 * @file quantities.h
 * The quantity bands of a centre: how much of which goods is plausible for which end-user, stated by the centre, row by row with its source.
 *
 *     end_user,country,hs,control_code,per,low,high,unit,from,to,source
 *     Sample Border Guard of TG,TG,9301,,certificate,10,500,C62,2024-01-01,2026-12-31,"force of 1,200; note 118"
 *     Sample Border Guard of TG,TG,,ML3,consignment,,40000,C62,,,note 118
 *     Sample Border Guard of TG,TG,,,365 days,,900,C62,,,note 119
 *
 * A row is a statement of its own: of the goods whose HS code begins with its code, and whose control code is its code or a part of it (ML3, ML3.a; a
 * row without a code is of all goods), what one consignment, or one certificate, states in units that can be counted into the row's lies between its
 * bounds. An open bound is none. Days are those of the event, open without a date. Over days the engine keeps pieces and gross kilograms of a party
 * whatever the goods, and controlled goods line by line (engine/state/receipts.h): so a row over days names a control code or a code of chapter 93,
 * in any unit, or no goods, in C62 or KGM.
 *
 * Invariant: the file is read whole or refused with line and column; what is loaded never changes. Threads: any.
 * Source: Wassenaar Arrangement, Best Practice Guidelines for Exports of Small Arms and Light Weapons: whether quantities are in keeping with the
 * legitimate needs of the recipient; the bounds are the centre's own, each with its source.
 */
#ifndef TIDEWAITER_FEEDS_QUANTITIES_H
#define TIDEWAITER_FEEDS_QUANTITIES_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/register.h"

struct tw_arena;
struct tw_quantities;

#define TW_QUANTITIES_HEADER    "end_user,country,hs,control_code,per,low,high,unit,from,to,source"
#define TW_QUANTITIES_BYTES_MAX (16U * 1024U * 1024U) /* some 100,000 bands */

enum tw_quantity_per { TW_PER_CONSIGNMENT = 1, TW_PER_CERTIFICATE, TW_PER_DAYS };

/** One row; texts as written, borrowed from what was loaded. */
struct tw_quantity_row {
	struct tw_slice end_user, source;
	struct tw_slice hs, control_code; /**< digits alone; letters and digits alone, folded; empty: all goods */
	uint16_t country;
	enum tw_quantity_per per;
	uint32_t days; /**< DAYS: 1 to TW_HISTORY_DAYS */
	bool low_stated, high_stated;
	int64_t low_e4, high_e4; /**< in `unit` */
	uint32_t unit;           /**< of tw_unit_code */
	int32_t from_day, to_day;
	uint32_t line;
};

/**
 * @param path a CSV file with the header above
 * @return TW_OK; TW_E_MISSING (no file, a row without end-user, country, unit, source or bounds), TW_E_SYNTAX (a date, a header), TW_E_TYPE (a
 * country, a number, a code, a period), TW_E_RANGE (bounds or days the wrong way round), TW_E_CONFLICT (a row twice, goods over days), TW_E_LIMIT,
 * TW_E_IO, TW_E_MEMORY; where = file:line:column
 */
TW_MUST_USE enum tw_code tw_quantities_load(const char *path, struct tw_quantities **out, struct tw_error *err);
/** tw_quantities_load from memory. @param name for messages @param bytes borrowed for the call */
TW_MUST_USE enum tw_code tw_quantities_read(const char *name, struct tw_slice bytes, struct tw_quantities **out, struct tw_error *err);
/** All that is wrong, to a sink. @return TW_OK: nothing is; else as tw_quantities_load, of the first fault */
TW_MUST_USE enum tw_code tw_quantities_lint(const char *name, struct tw_slice bytes, const struct tw_register_sink *sink, struct tw_error *err);
void tw_quantities_free(struct tw_quantities *quantities);

/** @return 64 hex digits: SHA-256 over the file's bytes */
struct tw_slice tw_quantities_digest(const struct tw_quantities *quantities);
/** @param quantities NULL: none @return all rows by country, then line */
const struct tw_quantity_row *tw_quantities_rows(const struct tw_quantities *quantities, uint32_t *count);

/** Are these goods the row's? @param hs, control_code as a paper states them, may be empty @param arena rewound @param full set at its ceiling */
bool tw_quantity_row_takes(const struct tw_quantity_row *row, struct tw_slice hs, struct tw_slice control_code, struct tw_arena *arena, bool *full);

#endif
