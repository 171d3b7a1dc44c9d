/**
 * @file known_good_test.c
 * feeds/known_good: what a decision hides, until when, and what is no decision.
 */
#include "feeds/known_good.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"

#define HEADER "name,identifier,country,list,entry,reason,author,decided_on,expires_on\n"

static enum tw_code load(const char *rows, struct tw_known_good **out, struct tw_error *err)
{
	char path[] = "/tmp/tw-known-good-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	cr_assert(file);
	fputs(rows, file);
	fclose(file);
	enum tw_code code = tw_known_good_load(path, out, err);
	unlink(path);
	return code;
}

static struct tw_known_good *loaded(const char *rows)
{
	struct tw_known_good *known = NULL;
	struct tw_error err;
	cr_assert_eq(load(rows, &known, &err), TW_OK, "%s %s %s", err.where, err.what, err.detail);
	return known;
}

static void assert_refused(const char *rows, enum tw_code code, const char *line)
{
	struct tw_known_good *known = NULL;
	struct tw_error err = {.code = TW_OK};
	cr_assert_eq(load(rows, &known, &err), code, "%s: %s", rows, err.what);
	cr_assert_null(known);
	cr_assert_not_null(strstr(err.where, line), "%s", err.where);
}

/* Asks for entry L 7. @return the line of the decision, 0: none */
static uint32_t line_of(const struct tw_known_good *known, struct tw_known_subject subject)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	const struct tw_known_good_row *row = tw_known_good_find(known, tw_slice_str("L"), tw_slice_str("7"), &subject, &arena);
	uint32_t line = row ? row->line : 0;
	tw_arena_fini(&arena);
	return line;
}

static struct tw_known_subject named(const char *name)
{
	return (struct tw_known_subject){.name = tw_slice_str(name), .day_stated = true, .day = tw_day_of_civil(2026, 3, 1)};
}

Test(known_good, hides_the_decided_pair_whatever_case_and_accents)
{
	struct tw_known_good *known = loaded(HEADER "Ákos Vale,,,L,7,seen,h,2026-01-01,\n");
	cr_assert_eq(line_of(known, named("AKOS  VALE")), 2);
	cr_assert_eq(line_of(known, named("Vale Akos")), 0);
	cr_assert_eq(line_of(known, named("Akos Vales")), 0);
	cr_assert_eq(line_of(NULL, named("Akos Vale")), 0);
	tw_known_good_free(known);
}

Test(known_good, speaks_of_its_own_list_and_entry_only)
{
	struct tw_known_good *known = loaded(HEADER "Akos Vale,,,L,70,seen,h,2026-01-01,\nAkos Vale,,,M,7,seen,h,2026-01-01,\n");
	cr_assert_eq(line_of(known, named("Akos Vale")), 0);
	tw_known_good_free(known);
}

Test(known_good, counts_up_to_its_last_day_of_the_events_time)
{
	struct tw_known_good *known = loaded(HEADER "Akos Vale,,,L,7,seen,h,2026-01-01,2026-03-01\n");
	struct tw_known_subject subject = named("Akos Vale");
	cr_assert_eq(line_of(known, subject), 2);
	subject.day++;
	cr_assert_eq(line_of(known, subject), 0);
	subject.day_stated = false;
	cr_assert_eq(line_of(known, subject), 0, "an event without a time cannot be told to be before the end");
	tw_known_good_free(known);
}

Test(known_good, needs_the_country_and_the_number_that_it_states)
{
	struct tw_known_good *known = loaded(HEADER "Akos Vale,QZ 12-34,XA,L,7,seen,h,2026-01-01,\n");
	const struct tw_slice right[] = {tw_slice_str("9"), tw_slice_str("qz1234")};
	struct tw_known_subject subject = named("Akos Vale");
	cr_assert_eq(line_of(known, subject), 0);
	subject.identifiers = right;
	subject.identifier_count = 2;
	cr_assert_eq(line_of(known, subject), 0);
	subject.country = 'X' << 8 | 'A';
	cr_assert_eq(line_of(known, subject), 2);
	subject.identifier_count = 1;
	cr_assert_eq(line_of(known, subject), 0);
	tw_known_good_free(known);
}

Test(known_good, by_name_alone_never_hides_a_hit_by_number)
{
	struct tw_known_good *known = loaded(HEADER "Akos Vale,,,L,7,seen,h,2026-01-01,\n,QZ1234,,L,7,a shipyard's,h,2026-01-01,\n");
	struct tw_known_subject subject = named("Akos Vale");
	subject.hit_identifier = tw_slice_str("QZ9999");
	cr_assert_eq(line_of(known, subject), 0);
	subject.hit_identifier = tw_slice_str("QZ-1234");
	cr_assert_eq(line_of(known, subject), 3);
	tw_known_good_free(known);
}

Test(known_good, has_rows_in_order_and_the_digest_of_its_bytes)
{
	uint32_t count;
	struct tw_known_good *known = loaded(HEADER "B,,,M,1,r,a,2026-01-01,\nA,,,L,2,r,a,2026-01-01,\n");
	struct tw_known_good *other = loaded(HEADER "B,,,M,1,r,a,2026-01-02,\nA,,,L,2,r,a,2026-01-01,\n");
	const struct tw_known_good_row *rows = tw_known_good_rows(known, &count);
	cr_assert_eq(count, 2);
	cr_assert_eq(rows[0].line, 3);
	cr_assert_eq(rows[0].expires_day, TW_KNOWN_GOOD_FOREVER);
	cr_assert_eq(tw_known_good_digest(known).len, 64);
	cr_assert_not(tw_slice_equal(tw_known_good_digest(known), tw_known_good_digest(other)));
	tw_known_good_free(known);
	tw_known_good_free(other);
}

Test(known_good, may_be_empty_but_for_its_header)
{
	struct tw_known_good *known = loaded(HEADER);
	cr_assert_eq(line_of(known, named("Akos Vale")), 0);
	tw_known_good_free(known);
}

Test(known_good, is_refused_whole_with_the_line_of_what_is_wrong)
{
	assert_refused("", TW_E_MISSING, "");
	assert_refused("name,list\n", TW_E_SYNTAX, ":1");
	assert_refused(HEADER ",,,L,7,r,a,2026-01-01,\n", TW_E_MISSING, ":2");
	assert_refused(HEADER "N,,,L,,r,a,2026-01-01,\n", TW_E_MISSING, ":2");
	assert_refused(HEADER "N,,,L,7,,a,2026-01-01,\n", TW_E_MISSING, ":2");
	assert_refused(HEADER "N,,,L,7,r,,2026-01-01,\n", TW_E_MISSING, ":2");
	assert_refused(HEADER "N,,,L,7,r,a,2026-02-30,\n", TW_E_SYNTAX, ":2");
	assert_refused(HEADER "N,,,L,7,r,a,2026-02-01,soon\n", TW_E_SYNTAX, ":2");
	assert_refused(HEADER "N,,,L,7,r,a,2026-02-01,2026-01-31\n", TW_E_RANGE, ":2");
	assert_refused(HEADER "...,,,L,7,r,a,2026-02-01,\n", TW_E_SYNTAX, ":2");
	assert_refused(HEADER "N\xe9,,,L,7,r,a,2026-02-01,\n", TW_E_SYNTAX, ":2");
	assert_refused(HEADER "N,,XAB,L,7,r,a,2026-02-01,\n", TW_E_TYPE, ":2");
	assert_refused(HEADER "N,,,L,7,r,a,2026-01-01,\nM,,,L,7,r,a,2026-01-01,\nn,,,L,7,q,b,2026-01-02,\n", TW_E_CONFLICT, ":4");
}

Test(known_good, that_is_not_there_is_missing)
{
	struct tw_known_good *known = NULL;
	struct tw_error err;
	cr_assert_eq(tw_known_good_load("/tmp/tw-no-such-known-good.csv", &known, &err), TW_E_MISSING);
}

Test(known_good, a_decision_that_ran_out_is_told_from_one_that_never_was)
{
	struct tw_known_good *known = loaded(HEADER "Orla Tern,,,L,7,r,a,2026-01-01,2026-02-28\n");
	struct tw_arena arena;
	tw_arena_init(&arena, 4096, 0);
	struct tw_known_subject subject = named("Orla Tern");
	const struct tw_known_good_row *row = tw_known_good_expired(known, tw_slice_str("L"), tw_slice_str("7"), &subject, &arena);
	cr_expect_eq(line_of(known, subject), 0u);
	cr_expect(row && row->line == 2);
	cr_expect_null(tw_known_good_expired(known, tw_slice_str("L"), tw_slice_str("8"), &subject, &arena));
	subject.day = row->expires_day;
	cr_expect_null(tw_known_good_expired(known, tw_slice_str("L"), tw_slice_str("7"), &subject, &arena), "on its last day it counts");
	cr_expect_eq(line_of(known, subject), 2u);
	subject.day_stated = false;
	cr_expect_null(tw_known_good_expired(known, tw_slice_str("L"), tw_slice_str("7"), &subject, &arena));
	cr_expect_null(tw_known_good_expired(NULL, tw_slice_str("L"), tw_slice_str("7"), &subject, &arena));
	tw_arena_fini(&arena);
	tw_known_good_free(known);
}
