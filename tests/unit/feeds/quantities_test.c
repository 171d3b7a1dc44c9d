/**
 * @file quantities_test.c
 * feeds/quantities: which row is a band, which is refused with its place, and which goods are a row's. Fictional end-users.
 */
#include "feeds/quantities.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/event/unit.h"

static struct tw_error err;

static enum tw_code read_rows(const char *rows, struct tw_quantities **out)
{
	char text[2048];
	snprintf(text, sizeof(text), TW_QUANTITIES_HEADER "\n%s", rows);
	return tw_quantities_read("bands.csv", tw_slice_str(text), out, &err);
}

static void refused(const char *rows, enum tw_code code, const char *where, const char *what)
{
	struct tw_quantities *none = NULL;
	cr_expect_eq(read_rows(rows, &none), code, "%s: %s %s", rows, err.what, err.where);
	cr_expect_str_eq(err.where, where, "%s", rows);
	cr_expect_str_eq(err.what, what, "%s", rows);
	cr_expect_null(none);
}

Test(quantities, a_row_that_cannot_be_meant_is_refused_with_its_field)
{
	refused(",QZ,,,certificate,,5,C62,,,n\n", TW_E_MISSING, "bands.csv:2:1", "a band without its end-user");
	refused("A,Quz,,,certificate,,5,C62,,,n\n", TW_E_TYPE, "bands.csv:2:3", "not a country of two letters");
	refused("A,QZ,,,certificate,,5,,,,n\n", TW_E_MISSING, "bands.csv:2:23", "a band without its unit");
	refused("A,QZ,,,certificate,,5,C62,,,\n", TW_E_MISSING, "bands.csv:2:29", "a band without its source");
	refused("A,QZ,,,certificate,,,C62,,,n\n", TW_E_MISSING, "bands.csv:2:20", "a band without bounds");
	refused("A,QZ,9x,,certificate,,5,C62,,,n\n", TW_E_TYPE, "bands.csv:2:6", "not an HS code of 2 to 10 digits");
	refused("A,QZ,9,,certificate,,5,C62,,,n\n", TW_E_TYPE, "bands.csv:2:6", "not an HS code of 2 to 10 digits");
	refused("A,QZ,,,certificates,,5,C62,,,n\n", TW_E_TYPE, "bands.csv:2:8",
	        "a period that is none of consignment, certificate, or a number of days");
	refused("A,QZ,,,0 days,,5,C62,,,n\n", TW_E_RANGE, "bands.csv:2:8", "a period of more days than are kept");
	refused("A,QZ,,,401 days,,5,C62,,,n\n", TW_E_RANGE, "bands.csv:2:8", "a period of more days than are kept");
	refused("A,QZ,8471,,30 days,,5,C62,,,n\n", TW_E_CONFLICT, "bands.csv:2:12",
	        "a band over days is of controlled goods, or of all in pieces or kilograms");
	refused("A,QZ,,,30 days,,5,LTR,,,n\n", TW_E_CONFLICT, "bands.csv:2:8",
	        "a band over days is of controlled goods, or of all in pieces or kilograms");
	refused("A,QZ,,,certificate,6,5,C62,,,n\n", TW_E_RANGE, "bands.csv:2:20", "a band whose lower bound is above its upper one");
	refused("A,QZ,,,certificate,,-5,C62,,,n\n", TW_E_TYPE, "bands.csv:2:21", "not a number");
	refused("A,QZ,,,certificate,,1.23456,C62,,,n\n", TW_E_TYPE, "bands.csv:2:21", "not a number");
	refused("A,QZ,,,certificate,,99999999999999999999,C62,,,n\n", TW_E_TYPE, "bands.csv:2:21", "not a number");
	refused("A,QZ,,,certificate,,5,C62,soon,,n\n", TW_E_SYNTAX, "bands.csv:2:27", "not a day (YYYY-MM-DD)");
	refused("A,QZ,,,certificate,,5,C62,2026-02-01,2026-01-01,n\n", TW_E_RANGE, "bands.csv:2:38", "a band that ends before it begins");
	refused("A,QZ,,,certificate,,5,C62,,,n\nA,QZ,,,certificate,,6,EA,,,n\n", TW_E_CONFLICT, "bands.csv:3", "a band that stands twice");
	refused("A,QZ\n", TW_E_SYNTAX, "bands.csv:2", "a row with the wrong number of columns");
	struct tw_quantities *none = NULL;
	cr_expect_eq(tw_quantities_load("/nonexistent/bands.csv", &none, &err), TW_E_MISSING);
}

Test(quantities, rows_are_read_by_country)
{
	struct tw_quantities *quantities = NULL;
	uint32_t count = 0;
	cr_assert_eq(
	    read_rows("Sample Guard,QZ,9301.90,ML1,certificate,0.5,1200,C62,2024-01-01,,\"note \"\"1\"\"\"\n"
	              "Sample Guard,QZ,9301,,certificate,,5,C62,2023-01-01,2023-12-31,n\nSample Guard,QZ,9301,,certificate,,6,C62,2024-01-01,,n\n"
	              "Other Guard,QA,,,365 days,,900,KGM,,,n\n",
	              &quantities),
	    TW_OK, "%s %s", err.what, err.where);
	const struct tw_quantity_row *row = tw_quantities_rows(quantities, &count);
	cr_assert_eq(count, 4);
	cr_expect(tw_slice_is(row[0].end_user, "Other Guard") && row[0].per == TW_PER_DAYS && row[0].days == 365 && !row[0].low_stated);
	cr_expect(row[0].from_day == INT32_MIN && row[0].to_day == INT32_MAX && row[0].line == 5);
	cr_expect(row[1].low_e4 == 5000 && row[1].high_e4 == 12000000 && row[1].unit == TW_UNIT_PIECE && tw_slice_is(row[1].hs, "930190"));
	cr_expect(row[1].from_day == tw_day_of_civil(2024, 1, 1) && tw_slice_is(row[1].source, "note \"1\""));
	cr_expect_eq(tw_quantities_digest(quantities).len, 64);
	cr_expect_null(tw_quantities_rows(NULL, &count));
	cr_expect_eq(count, 0);
	tw_quantities_free(quantities);
}

Test(quantities, goods_are_a_rows_by_the_begin_of_their_codes)
{
	struct tw_quantities *quantities = NULL;
	struct tw_arena arena;
	uint32_t count = 0;
	bool full = false;
	tw_arena_init(&arena, 4096, 0);
	cr_assert_eq(read_rows("A,QZ,9301,,consignment,,5,C62,,,n\nA,QZ,,ML1,consignment,,5,C62,,,n\nA,QZ,,,consignment,,5,C62,,,n\n", &quantities),
	             TW_OK);
	const struct tw_quantity_row *row = tw_quantities_rows(quantities, &count);
#define TAKES(at, hs, code) tw_quantity_row_takes(&row[at], tw_slice_str(hs), tw_slice_str(code), &arena, &full)
	cr_expect(TAKES(0, "9301.90", "") && TAKES(0, "9301", "ML1"));
	cr_expect_not(TAKES(0, "93", "") || TAKES(0, "930200", "") || TAKES(0, "", "ML1"));
	cr_expect(TAKES(1, "", "ML1.a") && TAKES(1, "930190", "ml 1"));
	cr_expect_not(TAKES(1, "", "ML10.c") || TAKES(1, "930190", "") || TAKES(1, "", "ML"));
	cr_expect(TAKES(2, "", "") && TAKES(2, "630120", "6A003"));
	cr_expect_not(full);
	tw_arena_fini(&arena);
	tw_quantities_free(quantities);
}
