/**
 * @file suppressions_test.c
 * feeds/suppressions: what a decision must state, and which rows speak of a rule.
 */
#include "feeds/suppressions.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/text.h"
#include "engine/base/time.h"

#define HEADER "rule,name,identifier,country,consignment,from,to,reason,author,decided_on,expires_on\n"
#define WHY    ",seen,h.tide,2026-01-01,2026-12-31\n"

static enum tw_code load(const char *rows, struct tw_suppressions **out, struct tw_error *err)
{
	char path[] = "/tmp/tw-suppressions-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	cr_assert(file);
	fputs(rows, file);
	fclose(file);
	enum tw_code code = tw_suppressions_load(path, out, err);
	unlink(path);
	return code;
}

static void assert_refused(const char *rows, enum tw_code code, const char *line, const char *what)
{
	struct tw_suppressions *loaded = NULL;
	struct tw_error err = {.code = TW_OK};
	cr_assert_eq(load(rows, &loaded, &err), code, "%s: %d %s", rows, (int)err.code, err.what);
	cr_assert_null(loaded);
	cr_assert(strstr(err.where, line) && strstr(err.what, what), "%s %s", err.where, err.what);
}

Test(suppressions, are_read_whole_and_found_by_their_rule)
{
	struct tw_suppressions *loaded = NULL;
	struct tw_error err;
	uint32_t count;
	cr_assert_eq(load(HEADER "b,Harbour & Sons,,XB,,,,\"feeder, seen\",h.tide,2026-02-01,2026-08-31\n"
	                         "a,,XB 12.34,,,,,bonded,h.tide,2026-02-01,2026-02-01\n"
	                         "b,,,,,xa loa,XB,ice,h.tide,2026-01-10,2026-04-15\n",
	                  &loaded, &err),
	             TW_OK, "%s %s", err.where, err.what);
	const struct tw_suppression *rows = tw_suppressions_rows(loaded, &count);
	cr_assert_eq(count, 3);
	cr_expect(tw_slice_is(rows[0].rule, "a") && rows[0].line == 3 && tw_slice_is(rows[0].identifier_key, "XB1234"));
	rows = tw_suppressions_of(loaded, tw_slice_str("b"), &count);
	cr_assert_eq(count, 2);
	cr_expect(tw_slice_is(rows[0].name_key, "harbour sons") && rows[0].country == tw_country_code(tw_slice_str("XB")));
	cr_expect(tw_slice_is(rows[0].reason, "feeder, seen") && rows[0].expires_day == tw_day_of_civil(2026, 8, 31));
	cr_expect(tw_slice_is(rows[1].from.place, "XALOA") && rows[1].to.place.len == 0 && rows[1].to.country == tw_country_code(tw_slice_str("XB")));
	cr_expect_null(tw_suppressions_of(loaded, tw_slice_str("c"), &count));
	cr_expect_null(tw_suppressions_of(NULL, tw_slice_str("a"), &count));
	cr_expect_eq(count, 0);
	cr_expect_eq(tw_suppressions_digest(loaded).len, 64);
	tw_suppressions_free(loaded);
	tw_suppressions_free(NULL);
}

Test(suppressions, a_file_of_nothing_suppresses_nothing)
{
	struct tw_suppressions *loaded = NULL;
	struct tw_error err;
	uint32_t count = 7;
	cr_assert_eq(load(HEADER, &loaded, &err), TW_OK);
	cr_expect_null(tw_suppressions_of(loaded, tw_slice_str("a"), &count));
	cr_expect_eq(count, 0);
	tw_suppressions_free(loaded);
}

Test(suppressions, what_is_no_decision_is_refused_with_its_line)
{
	assert_refused("rule,party\n", TW_E_SYNTAX, ":1", "");
	assert_refused(HEADER "a,,,,C1,,,,h.tide,2026-01-01,2026-12-31\n", TW_E_MISSING, ":2", "without its rule, reason");
	assert_refused(HEADER "a,,,,C1,,,seen,h.tide,2026-01-01,\n", TW_E_MISSING, ":2", "without its rule, reason");
	assert_refused(HEADER "a,,,,C1,," WHY "a,,,,,," WHY, TW_E_MISSING, ":3", "for everybody");
	assert_refused(HEADER "a,,,XB,C1,," WHY, TW_E_CONFLICT, ":2", "narrows a party");
	assert_refused(HEADER "a,N,,Togo,,," WHY, TW_E_TYPE, ":2", "country");
	assert_refused(HEADER "a,Lind\xe9n,,,,," WHY, TW_E_SYNTAX, ":2", "not UTF-8");
	assert_refused(HEADER "a,--,,,,," WHY, TW_E_SYNTAX, ":2", "nothing to compare");
	assert_refused(HEADER "a,,,,,XAL," WHY, TW_E_TYPE, ":2", "UN/LOCODE");
	assert_refused(HEADER "a,,,,,,12ABC" WHY, TW_E_TYPE, ":2", "UN/LOCODE");
	assert_refused(HEADER "a,,,,C1,,,seen,h.tide,2026-13-01,2026-12-31\n", TW_E_SYNTAX, ":2", "not a day");
	assert_refused(HEADER "a,,,,C1,,,seen,h.tide,2026-01-01,soon\n", TW_E_SYNTAX, ":2", "not a day");
	assert_refused(HEADER "a,,,,C1,,,seen,h.tide,2026-01-02,2026-01-01\n", TW_E_RANGE, ":2", "runs out before");
	assert_refused(HEADER "a,Al Co,,,,," WHY "b,Al Co,,,,," WHY "a,AL  CO.,,,,," WHY, TW_E_CONFLICT, ":4", "stands twice");
}

Test(suppressions, one_decision_may_follow_another)
{
	struct tw_suppressions *loaded = NULL;
	struct tw_error err;
	cr_assert_eq(load(HEADER "a,,,,C1,,,seen,h.tide,2026-01-01,2026-01-31\na,,,,C1,,,seen,h.tide,2026-02-01,2026-02-28\n", &loaded, &err), TW_OK);
	tw_suppressions_free(loaded);
	assert_refused(HEADER "a,,,,C1,,,seen,h.tide,2026-01-01,2026-02-01\na,,,,C1,,,seen,h.tide,2026-02-01,2026-02-28\n", TW_E_CONFLICT, ":3",
	               "twice");
}
