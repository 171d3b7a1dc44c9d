/**
 * @file fact_test.c
 * A fact's bytes: exact, the same each time, and read back as what was written (the suite of state reads back thousands more).
 */
#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/emit/emit.h"
#include "tests/unit/emit/fixture.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 1U << 16, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(fact, .init = start, .fini = stop);

static struct tw_text stated(const char *words)
{
	return (struct tw_text){words, (uint32_t)strlen(words), {0, 1}};
}

static struct tw_event fact_of(enum tw_event_type type)
{
	static const struct tw_span made = {0, 1};
	struct tw_event event = {.type = type, .family = TW_FAMILY_FACT, .time = {1772439240000, made}, .source = stated("tidewaiter")};
	event.fact.consignment = stated("C\"1");
	return event;
}

static struct tw_slice value_of(const struct tw_event *fact, int64_t offset)
{
	const struct tw_origin cause = {tw_slice_str("tw.manifests"), 2, offset};
	struct tw_output output = {.value = {NULL, 0}};
	struct tw_error err;
	cr_assert_eq(tw_emit_fact(fact, &cause, &arena, &output, &err), TW_OK);
	cr_expect_eq(output.kind, TW_OUTPUT_FACT);
	cr_expect(tw_slice_is(output.key, "C\"1"));
	cr_expect_eq(output.header_count, 0);
	cr_expect_eq(output.origin.partition, 2);
	cr_expect_eq(output.origin.offset, offset);
	assert_json(output.value);
	return output.value;
}

Test(fact, draws_that_ended_name_revision_and_certificates)
{
	struct tw_text keys[] = {stated("QZ|QZMOD1"), stated("|7")};
	struct tw_event fact = fact_of(TW_FACT_DRAWS_ENDED);
	fact.fact.version = (struct tw_fact_version){{2, {0, 1}}, fact.time, stated("00000000000000ff")};
	fact.fact.certificates = (struct tw_list){keys, 2, 2};
	struct tw_slice value = value_of(&fact, 0);
	static const char wanted[] =
	    "\"type\":\"fact.draws_ended\",\"time\":\"2026-03-02T08:14:00Z\",\"source\":\"tidewaiter\",\"fact\":{\"consignment\":"
	    "\"C\\\"1\",\"version\":{\"revision\":2,\"time\":\"2026-03-02T08:14:00Z\",\"event\":\"00000000000000ff\"},"
	    "\"certificates\":[\"QZ|QZMOD1\",\"|7\"]}}";
	cr_assert_gt(value.len, sizeof(wanted));
	cr_expect_str_eq(value.ptr + value.len - (sizeof(wanted) - 1), wanted, "%s", value.ptr);
}

Test(fact, inspections_name_outcomes_and_parties)
{
	static const struct tw_span made = {0, 1};
	struct tw_event fact = fact_of(TW_FACT_INSPECTED);
	struct tw_fact_outcome outcomes[] = {{fact.time, stated("01"), {TW_RESULT_SEIZURE, made}}, {fact.time, stated("02"), {0, {0, 0}}}};
	struct tw_fact_party parties[] = {{{TW_FACT_PARTY, made}, stated("quill|XA")}, {{TW_FACT_VESSEL, made}, stated("9074729")}};
	fact.fact.outcomes = (struct tw_list){outcomes, 2, 2};
	fact.fact.parties = (struct tw_list){parties, 2, 2};
	struct tw_slice value = value_of(&fact, 0);
	static const char wanted[] =
	    "\"fact\":{\"consignment\":\"C\\\"1\",\"outcomes\":[{\"time\":\"2026-03-02T08:14:00Z\",\"event\":\"01\",\"result\":"
	    "\"seizure\"},{\"time\":\"2026-03-02T08:14:00Z\",\"event\":\"02\"}],\"parties\":[{\"kind\":\"party\",\"key\":"
	    "\"quill|XA\"},{\"kind\":\"vessel\",\"key\":\"9074729\"}]}}";
	cr_assert_gt(value.len, sizeof(wanted));
	cr_expect_str_eq(value.ptr + value.len - (sizeof(wanted) - 1), wanted, "%s", value.ptr);
}

Test(fact, facts_of_time_are_keyed_by_what_they_are_about)
{
	static const struct tw_span made = {0, 1};
	const struct tw_origin cause = {tw_slice_str("tw.facts"), 0, 7};
	struct tw_text keys[] = {stated("QZ|QZMOD1")}, consignments[] = {stated("C1"), stated("C2")};
	struct tw_event due = fact_of(TW_FACT_DELIVERY_DUE);
	struct tw_output output;
	struct tw_error err;
	due.fact.consignment = (struct tw_text){"", 0, {0, 0}};
	due.fact.certificates = (struct tw_list){keys, 1, 1};
	due.fact.consignments = (struct tw_list){consignments, 2, 2};
	due.fact.day = (struct tw_date){20585, made};
	cr_assert_eq(tw_emit_fact(&due, &cause, &arena, &output, &err), TW_OK);
	cr_expect(tw_slice_is(output.key, "QZ|QZMOD1"));
	cr_expect(strstr(output.value.ptr, "\"fact\":{\"certificates\":[\"QZ|QZMOD1\"],\"consignments\":[\"C1\",\"C2\"],\"day\":\"2026-05-12\"}"),
	          "%s", output.value.ptr);
	struct tw_event passed = fact_of(TW_FACT_DAYS_PASSED);
	passed.fact.consignment = due.fact.consignment;
	passed.fact.from = passed.fact.until = passed.fact.day = due.fact.day;
	passed.fact.settled = (struct tw_instant){0, made};
	cr_assert_eq(tw_emit_fact(&passed, &cause, &arena, &output, &err), TW_OK);
	cr_expect(tw_slice_is(output.key, "time"));
	cr_expect(strstr(output.value.ptr, "\"fact\":{\"from\":\"2026-05-12\",\"until\":\"2026-05-12\",\"day\":\"2026-05-12\","), "%s",
	          output.value.ptr);
}

/* {"id":"tw1-... */
static struct tw_slice id_of(struct tw_slice value)
{
	cr_assert_gt(value.len, 43);
	cr_assert_eq(memcmp(value.ptr, "{\"id\":\"tw1-", 11), 0);
	return (struct tw_slice){value.ptr + 7, 36};
}

Test(fact, the_id_is_of_its_cause_and_of_what_it_says)
{
	struct tw_text keys[] = {stated("QZ|QZMOD1")};
	struct tw_event fact = fact_of(TW_FACT_DRAWS_ENDED);
	struct tw_slice first = id_of(value_of(&fact, 0)), again = id_of(value_of(&fact, 0)), elsewhere = id_of(value_of(&fact, 1));
	fact.fact.certificates = (struct tw_list){keys, 1, 1};
	struct tw_slice other = id_of(value_of(&fact, 0));
	cr_expect(tw_slice_equal(first, again));
	cr_expect_not(tw_slice_equal(first, elsewhere));
	cr_expect_not(tw_slice_equal(first, other));
}

Test(fact, a_full_arena_refuses)
{
	struct tw_event fact = fact_of(TW_FACT_INSPECTED);
	const struct tw_origin cause = {tw_slice_str("t"), 0, 0};
	struct tw_output output = {.kind = 0};
	struct tw_error err;
	struct tw_arena small;
	tw_arena_init(&small, 64, 128);
	cr_expect_eq(tw_emit_fact(&fact, &cause, &small, &output, &err), TW_E_MEMORY);
	cr_expect_eq(output.kind, 0);
	tw_arena_fini(&small);
}
