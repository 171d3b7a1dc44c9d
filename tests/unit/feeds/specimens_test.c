/**
 * @file specimens_test.c
 * The register is read whole or refused with its line, and knows who may sign where and when.
 */
#include "feeds/specimens.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"

static enum tw_code read_rows(const char *rows, struct tw_specimens **out, struct tw_error *err)
{
	static char text[4096];
	int length = snprintf(text, sizeof(text), "%s\n%s", TW_SPECIMENS_HEADER, rows);
	return tw_specimens_read("specimens.csv", (struct tw_slice){text, (uint32_t)length}, out, err);
}

static void refused(const char *rows, enum tw_code wanted, const char *where)
{
	struct tw_specimens *specimens = NULL;
	struct tw_error err = {0};
	enum tw_code code = read_rows(rows, &specimens, &err);
	cr_expect_eq(code, wanted, "%s: %d", rows, code);
	cr_expect_str_eq(err.where, where, "%s", rows);
	cr_expect_null(specimens);
}

Test(specimens, a_row_that_cannot_be_meant_is_refused_with_its_line)
{
	refused("PT,A,B,C,,2024-01-01,,\n,A,B,C,,,,\n", TW_E_MISSING, "specimens.csv:3:1");
	refused("Portugal,A,B,C,,,,\n", TW_E_TYPE, "specimens.csv:2:1");
	refused("PT,,,,Director,,,\n", TW_E_MISSING, "specimens.csv:2:6");
	refused("PT,A,B,C,,yesterday,,\n", TW_E_SYNTAX, "specimens.csv:2:11");
	refused("PT,A,B,C,,2024-02-01,2024-01-31,\n", TW_E_RANGE, "specimens.csv:2:22");
	refused("PT,A,B,C,,2024-02-01,,\nPT,A,B,C,,,2024-02-01,\n", TW_E_CONFLICT, "specimens.csv:3");
	refused("PT,A,B\n", TW_E_SYNTAX, "specimens.csv:2");
	refused("PT,A,B,C,,,,\nPT,A,B,J\xfcrgen,,,,\n", TW_E_SYNTAX, "specimens.csv:3:8"); /* as a spreadsheet saves it */
	struct tw_specimens *specimens = NULL;
	struct tw_error err = {0};
	cr_expect_eq(tw_specimens_load("/nonexistent/specimens.csv", &specimens, &err), TW_E_MISSING);
}

static enum tw_specimen ask(const struct tw_specimens *specimens, const char *country, const char *office, const char *name, const char *day)
{
	struct tw_arena arena;
	bool full = false;
	struct tw_specimen_question question = {.country = tw_country_code(tw_slice_str(country)),
	                                        .authority = tw_slice_str("Sample Ministry of the Interior"),
	                                        .office = tw_slice_str(office),
	                                        .name = tw_slice_str(name)};
	cr_assert(tw_date_parse(tw_slice_str(day), &question.day));
	tw_arena_init(&arena, 65536, 0);
	enum tw_specimen says = tw_specimens_ask(specimens, &question, &arena, &full);
	tw_arena_fini(&arena);
	cr_expect_not(full);
	return says;
}

Test(specimens, who_may_sign_where_and_when)
{
	struct tw_specimens *specimens = NULL;
	struct tw_error err = {0};
	cr_assert_eq(read_rows("PT,Sample Ministry of the Interior,Lisboa,Anna Yarrowby,Director,2024-01-01,2025-12-31,note 1\n"
	                       "PT,Sample Ministry of the Interior,Lisboa,Bruno Quillfeather,,2026-01-01,,\n"
	                       "PT,Sample Ministry of the Interior,Porto,,,,2025-12-31,\n"
	                       "GH,,Tema,,,,,\n",
	                       &specimens, &err),
	             TW_OK);
	uint32_t count = 0;
	const struct tw_specimen_row *rows = tw_specimens_rows(specimens, &count);
	cr_assert_eq(count, 4);
	cr_expect_eq(rows[0].line, 5, "by country");
	cr_expect_eq(tw_specimens_digest(specimens).len, 64);
	cr_expect_eq(ask(specimens, "PT", "Lisboa", "Anna Yarrowby", "2025-12-31"), TW_SPECIMEN_LISTED);
	cr_expect_eq(ask(specimens, "PT", "LISBOA", "YARROWBY Anna", "2024-01-01"), TW_SPECIMEN_LISTED);
	cr_expect_eq(ask(specimens, "PT", "Lisboa", "Anna Yarrowby", "2026-01-01"), TW_SPECIMEN_OUTSIDE_TENURE);
	cr_expect_eq(ask(specimens, "PT", "Porto", "Anna Yarrowby", "2025-01-01"), TW_SPECIMEN_OTHER_OFFICE);
	cr_expect_eq(ask(specimens, "PT", "Lisboa", "Carla Ternholm", "2025-01-01"), TW_SPECIMEN_UNKNOWN);
	cr_expect_eq(ask(specimens, "PT", "", "Bruno Quillfeather", "2030-01-01"), TW_SPECIMEN_LISTED, "an open end; no office stated");
	cr_expect_eq(ask(specimens, "PT", "Porto", "", "2025-01-01"), TW_SPECIMEN_LISTED);
	cr_expect_eq(ask(specimens, "PT", "Porto", "", "2026-01-01"), TW_SPECIMEN_OUTSIDE_TENURE);
	cr_expect_eq(ask(specimens, "PT", "Faro", "", "2025-01-01"), TW_SPECIMEN_UNKNOWN);
	cr_expect_eq(ask(specimens, "XB", "Lisboa", "Anna Yarrowby", "2025-01-01"), 0, "nothing is registered of that country");
	cr_expect_eq(ask(NULL, "PT", "Lisboa", "Anna Yarrowby", "2025-01-01"), 0);
	tw_specimens_free(specimens);
}
