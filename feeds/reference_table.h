/**
 * @file reference_table.h
 * The tables behind reference.h: filled and put in order by reference_load.c, read by reference.c, seen by nobody else.
 *
 *     countries   row per code, found through a 26 x 26 table of row numbers; names sorted by folded spelling
 *     borders     one bit a pair of codes
 *     places      rows sorted by code; a 26 x 26 table of first rows bounds the binary search to one country
 *     headings    rows sorted by code
 *     owners      one bit a three-letter code
 *
 * Invariant: every table is complete, sorted and without doubles when tw_reference_load returns TW_OK; nothing changes it after that.
 */
#ifndef TIDEWAITER_FEEDS_REFERENCE_TABLE_H
#define TIDEWAITER_FEEDS_REFERENCE_TABLE_H

#include <tidewaiter/slice.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"

#define TW_LETTERS      26U
#define TW_LETTER_PAIRS (TW_LETTERS * TW_LETTERS)
#define TW_OWNERS       (TW_LETTERS * TW_LETTER_PAIRS)
#define TW_NO_ROW       UINT32_MAX
#define TW_LOCODE_BYTES 5U
#define TW_HS_HEADING   4U /* digits of a heading; a subheading has six */

struct tw_country {
	uint16_t code;
	struct tw_slice name;
};

struct tw_spelling {
	struct tw_slice folded;
	uint16_t code;
};

struct tw_place {
	char code[TW_LOCODE_BYTES];
	struct tw_slice name;
};

struct tw_heading {
	struct tw_slice code;
	struct tw_slice text;
};

struct tw_reference {
	struct tw_arena arena;
	struct tw_list countries; /* struct tw_country */
	struct tw_list spellings; /* struct tw_spelling, sorted */
	struct tw_list places;    /* struct tw_place, sorted */
	struct tw_list headings;  /* struct tw_heading, sorted */
	uint32_t country_row[TW_LETTER_PAIRS];
	uint32_t place_row[TW_LETTER_PAIRS + 1]; /* first place of a country; the next entry bounds it */
	uint8_t border[TW_LETTER_PAIRS][(TW_LETTER_PAIRS + 7) / 8];
	uint8_t owner[(TW_OWNERS + 7) / 8];
	char digest[TW_SHA256_HEX_BYTES];
};

/** @return 0 .. TW_LETTER_PAIRS - 1 for two capital letters, TW_LETTER_PAIRS otherwise */
uint32_t tw_letter_pair(uint16_t code);
/** "be anr" -> "BEANR". @return false when it is not five letters and digits */
bool tw_locode_of(struct tw_slice text, char out[TW_LOCODE_BYTES]);
/** @return a number for the first three letters, TW_OWNERS when there are not three */
uint32_t tw_owner_number(struct tw_slice code);

/* How the tables are sorted, for qsort and bsearch alike. */
int tw_spelling_order(const void *a, const void *b);
int tw_place_order(const void *a, const void *b);
int tw_heading_order(const void *a, const void *b);

#endif
