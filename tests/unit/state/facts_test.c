/**
 * @file facts_test.c
 * Which facts follow from two events of a consignment, whichever comes second, and what they do to the records that they name.
 */
#include "engine/state/due.h"
#include "engine/state/facts.h"

#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/state/entity.h"
#include "engine/state/operations.h"
#include "engine/event/serial.h"
#include "tests/unit/state/events.h"
#include "tests/unit/state/facts_suite.h"

#define SEEDS 60

static struct tw_arena arena;
static struct tw_store *store;
static int64_t offset, fact_offset;

static void start(void)
{
	struct tw_error err;
	tw_arena_init(&arena, 1U << 20, 0);
	offset = fact_offset = 0;
	cr_assert_eq(tw_store_memory_new(&store, &err), TW_OK);
}

static void stop(void)
{
	tw_store_free(store);
	tw_arena_fini(&arena);
}

TestSuite(facts, .init = start, .fini = stop);

/* One event as it is judged. */
struct told {
	const struct tw_event *event;
	struct tw_operations *operations;
	struct tw_priors *priors;
	struct tw_event *facts;
	uint32_t count;
};

static struct told apply(const struct tw_event *event, const char *topic, int64_t at)
{
	struct told told = {.event = event};
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_operations_of(event, &arena, &told.operations, &err), TW_OK, "%s", err.what);
	struct tw_store_event stored = {.offset = at, .operations = told.operations};
	struct tw_store_part part = {.topic = tw_slice_str(topic), .next = at + 1, .events = &stored, .event_count = 1};
	cr_assert_eq(tw_store_apply(store, &part, 1, &arena, &err), TW_OK);
	told.priors = stored.priors;
	return told;
}

/* Reads the event and hands its facts on at once. */
static struct told tell(const struct tw_event *event)
{
	struct tw_error err;
	struct told told = apply(event, "tw.manifests", offset++);
	cr_assert_eq(tw_facts_of(event, told.operations, told.priors, &arena, &told.facts, &told.count, &err), TW_OK);
	for (uint32_t i = 0; i < told.count; i++) {
		tw_due_turn(&told.facts[i]);
		apply(&told.facts[i], "tw.facts", fact_offset++);
	}
	return told;
}

static int64_t ask(const struct told *told, enum tw_entity_kind kind, enum tw_metric metric, uint32_t days, const void *subject)
{
	struct tw_history_query query = {kind, metric, days, subject};
	struct tw_history_answer answer = tw_history_answer_of(told->event, told->operations, told->priors, &query, &arena);
	return answer.stated ? answer.value : -1;
}

/* Revision of C1, or of another consignment, that draws 10 pieces on a certificate; NULL: on none. */
static struct tw_event *revision(const char *consignment, int64_t at, const char *certificate)
{
	const char *id = tw_arena_format(&arena, "%s-%lld", consignment, (long long)at).ptr;
	struct tw_event *event =
	    manifest_new(&arena, at > 1 ? TW_CONSIGNMENT_AMENDED : TW_CONSIGNMENT_DECLARED, id, "2026-03-01T00:00:00Z", consignment);
	event->consignment.revision = number(at);
	event->time.ms += at * TW_DAY_MS;
	party_add(&arena, &event->consignment.parties, "Quill", "XA");
	struct tw_item *item = item_add(&arena, event, 1, 10, "C62");
	if (certificate) {
		ref_add(&arena, item, "QZ", certificate, 1);
	}
	return event;
}

static struct tw_event *cancellation(const char *consignment, const char *time)
{
	return manifest_new(&arena, TW_CONSIGNMENT_CANCELLED, "evt-x", time, consignment);
}

static struct tw_event *outcome(const char *consignment, const char *id, const char *time, enum tw_result result)
{
	struct tw_event *event = event_new(&arena, TW_INSPECTION_COMPLETED, id, time);
	event->outcome.consignment = text(consignment);
	event->outcome.inspection.result.value = result;
	return event;
}

/* What is drawn on the certificate besides, as a new consignment would be told. */
static int64_t drawn(const char *certificate)
{
	static int probes;
	const char *name = tw_arena_format(&arena, "PROBE-%d", probes++).ptr;
	struct tw_event *probe = revision(name, 1, certificate);
	((struct tw_item *)probe->consignment.items.data)->quantity = amount(0);
	struct told told = tell(probe);
	const struct tw_item *item = probe->consignment.items.data;
	int64_t before = ask(&told, TW_ENTITY_CERTIFICATE, TW_METRIC_DRAWN_BEFORE, 0, item->certificates.data);
	return before < 0 ? 0 : before / 10000;
}

Test(facts, a_cancelled_consignment_gives_back_its_draws)
{
	cr_expect_eq(tell(revision("C1", 1, "1")).count, 0);
	tell(revision("C2", 1, "1"));
	cr_expect_eq(drawn("1"), 20);
	struct told told = tell(cancellation("C1", "2026-03-05T00:00:00Z"));
	cr_assert_eq(told.count, 1);
	cr_expect_eq(told.facts[0].type, TW_FACT_DRAWS_ENDED);
	cr_expect_eq(told.facts[0].time.ms, told.event->time.ms);
	cr_expect(tw_slice_is(tw_slice_of(told.facts[0].fact.consignment), "C1"));
	cr_expect_eq(drawn("1"), 10);
	struct tw_event *probe = revision("C9", 1, "1");
	told = tell(probe);
	const struct tw_item *item = probe->consignment.items.data;
	int64_t others = ask(&told, TW_ENTITY_CERTIFICATE, TW_METRIC_OTHER_CONSIGNMENTS, 0, item->certificates.data);
	cr_expect_eq(others, 3, "C2 and two probes, not C1: %lld", (long long)others);
}

Test(facts, a_declaration_behind_its_own_cancellation_draws_nothing)
{
	cr_expect_eq(tell(cancellation("C1", "2026-03-05T00:00:00Z")).count, 0);
	cr_expect_eq(tell(revision("C1", 1, "1")).count, 1);
	cr_expect_eq(drawn("1"), 0);
	cr_expect_eq(tell(revision("C1", 9, "1")).count, 0, "made after the cancellation: it draws again");
	cr_expect_eq(drawn("1"), 10);
}

Test(facts, an_amendment_gives_back_what_it_does_not_name_whichever_comes_first)
{
	tell(revision("C1", 1, "1"));
	cr_expect_eq(tell(revision("C1", 2, "2")).count, 1);
	cr_expect_eq(drawn("1"), 0);
	cr_expect_eq(drawn("2"), 10);
	tell(revision("C2", 2, "3"));
	cr_expect_eq(tell(revision("C2", 1, "4")).count, 1);
	cr_expect_eq(drawn("3"), 10);
	cr_expect_eq(drawn("4"), 0);
	struct told told = tell(revision("C2", 3, "3"));
	cr_expect_eq(told.count, 1, "of all before it that named another: told again, which changes nothing");
	cr_expect(tw_slice_is(tw_slice_of(*(const struct tw_text *)told.facts[0].fact.certificates.data), "QZ|4"));
	cr_expect_eq(drawn("3"), 10);
	cr_expect_eq(drawn("4"), 0);
}

/* Three revisions in three partitions: the third is applied, and hides the first from the second; state is lost before the third is committed. */
Test(facts, a_revision_that_was_lost_before_it_was_committed_has_hidden_nothing)
{
	tell(revision("C1", 1, "1"));
	struct told second =
	    apply(revision("C1", 2, "2"), "tw.manifests", offset++); /* in the new life: what it told is in the log, which is nothing */
	cr_assert(second.operations);
	cr_expect_eq(drawn("1"), 10);
	tell(revision("C1", 3, "2"));
	cr_expect_eq(drawn("1"), 0);
	cr_expect_eq(drawn("2"), 10);
}

Test(facts, a_cancellation_older_than_the_latest_revision_ends_nothing)
{
	tell(revision("C1", 1, "1"));
	tell(revision("C1", 5, "1"));
	cr_expect_eq(tell(cancellation("C1", "2026-03-03T00:00:00Z")).count, 0);
	cr_expect_eq(drawn("1"), 10);
}

Test(facts, an_outcome_counts_for_every_party_and_the_vessel_whenever_they_are_named)
{
	struct tw_event *first = revision("C1", 1, NULL);
	first->consignment.means.imo = text("9074729");
	tell(first);
	struct told told = tell(outcome("C1", "o-1", "2026-03-03T00:00:00Z", TW_RESULT_SEIZURE));
	cr_assert_eq(told.count, 1);
	cr_expect_eq(told.facts[0].type, TW_FACT_INSPECTED);
	cr_expect_eq(told.facts[0].fact.parties.count, 2);
	struct tw_event *second = revision("C1", 2, NULL);
	party_add(&arena, &second->consignment.parties, "Marble", "XA");
	cr_expect_eq(tell(second).count, 1, "Marble came later");
	cr_expect_eq(tell(revision("C1", 3, NULL)).count, 1, "another roll: told again, which changes nothing");
	struct tw_event *probe = revision("C2", 1, NULL);
	struct tw_party *marble = party_add(&arena, &probe->consignment.parties, "Marble", "XA");
	probe->consignment.means.imo = text("9074729");
	told = tell(probe);
	cr_expect_eq(ask(&told, TW_ENTITY_PARTY, TW_METRIC_SEIZURES, 0, probe->consignment.parties.data), 1);
	cr_expect_eq(ask(&told, TW_ENTITY_PARTY, TW_METRIC_SEIZURES, 0, marble), 1);
	cr_expect_eq(ask(&told, TW_ENTITY_VESSEL, TW_METRIC_DISCREPANCIES, 0, NULL), 1);
}

/* The roll that is there already may have been brought in a life of the state that was lost, by an event that is yet to be committed. */
Test(facts, a_revision_tells_of_an_outcome_though_another_one_has_brought_the_same_parties)
{
	tell(outcome("C1", "o-1", "2026-03-03T00:00:00Z", TW_RESULT_SEIZURE));
	cr_expect_eq(tell(revision("C1", 1, NULL)).count, 1);
	cr_expect_eq(tell(revision("C1", 2, NULL)).count, 1);
}

Test(facts, inspections_are_counted_by_result_and_day_and_not_of_the_consignment_itself)
{
	tell(revision("C1", 1, NULL));
	tell(outcome("C1", "o-1", "2026-03-03T00:00:00Z", TW_RESULT_CONFORM));
	tell(outcome("C1", "o-2", "2026-03-20T00:00:00Z", TW_RESULT_DISCREPANCY));
	tell(outcome("C1", "o-2", "2026-03-20T00:00:00Z", TW_RESULT_DISCREPANCY)); /* sent twice */
	tell(outcome("C1", "o-3", "2026-06-20T00:00:00Z", TW_RESULT_SEIZURE));
	struct tw_event *probe = revision("C2", 25, NULL), *itself = revision("C1", 25, NULL);
	struct told told = tell(probe);
	const void *party = probe->consignment.parties.data;
	cr_expect_eq(ask(&told, TW_ENTITY_PARTY, TW_METRIC_INSPECTIONS, 0, party), 3);
	cr_expect_eq(ask(&told, TW_ENTITY_PARTY, TW_METRIC_INSPECTIONS, 7, party), 1, "the last week before 26 March");
	cr_expect_eq(ask(&told, TW_ENTITY_PARTY, TW_METRIC_DISCREPANCIES, 0, party), 2);
	cr_expect_eq(ask(&told, TW_ENTITY_PARTY, TW_METRIC_DISCREPANCIES, 30, party), 1);
	cr_expect_eq(ask(&told, TW_ENTITY_PARTY, TW_METRIC_SEIZURES, 0, party), 1);
	struct tw_history_query query = {TW_ENTITY_PARTY, TW_METRIC_DISCREPANCIES, 0, party};
	struct tw_history_answer answer = tw_history_answer_of(probe, told.operations, told.priors, &query, &arena);
	cr_expect_eq(answer.related_count, 1, "one consignment, two outcomes");
	cr_expect(tw_slice_is(answer.related[0], "C1"));
	told = tell(itself);
	cr_expect_eq(ask(&told, TW_ENTITY_PARTY, TW_METRIC_DISCREPANCIES, 0, itself->consignment.parties.data), 0);
	cr_expect_eq(ask(&told, TW_ENTITY_CONSIGNMENT, TW_METRIC_DISCREPANCIES, 0, NULL), 2);
	cr_expect_eq(ask(&told, TW_ENTITY_CONSIGNMENT, TW_METRIC_INSPECTIONS, 7, NULL), 1);
}

Test(facts, more_keys_than_one_fact_holds_make_several)
{
	struct tw_event *event = revision("C1", 1, NULL);
	for (uint32_t i = 0; i < 2 * TW_FACT_KEYS_MAX + 1; i++) {
		ref_add(&arena, event->consignment.items.data, "QZ", tw_arena_format(&arena, "%u", i).ptr, 1);
	}
	tell(event);
	struct told told = tell(cancellation("C1", "2026-03-05T00:00:00Z"));
	cr_assert_eq(told.count, 3);
	cr_expect_eq(told.facts[0].fact.certificates.count, TW_FACT_KEYS_MAX);
	cr_expect_eq(told.facts[2].fact.certificates.count, 1);
	cr_expect_eq(drawn("0") + drawn("300") + drawn("512"), 0);
}

Test(facts, events_that_have_nothing_to_tell_make_none)
{
	tell(revision("C1", 1, "1"));
	cr_expect_not(tw_facts_follow(TW_CERTIFICATE_REVOKED));
	tell(revision("C2", 1, NULL));
	cr_expect_eq(tell(manifest_new(&arena, TW_CONSIGNMENT_DEPARTED, "evt-a", "2026-03-09T00:00:00Z", "C2")).count, 0, "on no certificate");
	cr_expect_eq(tell(manifest_new(&arena, TW_CONSIGNMENT_ARRIVED, "evt-b", "2026-03-09T00:00:00Z", "C2")).count, 0, "on no certificate");
	cr_expect_eq(tell(cancellation("C-UNKNOWN", "2026-03-09T00:00:00Z")).count, 0);
	cr_expect_not(tw_facts_follow(TW_FACT_DRAWS_ENDED), "facts make no facts");
	struct told told = tell(revision("C3", 1, "1"));
	struct tw_error err;
	cr_expect_eq(tw_facts_of(told.event, told.operations, NULL, &arena, &told.facts, &told.count, &err), TW_OK);
	cr_expect_eq(told.count, 0, "no priors: a rebuild");
}

/* A certificate that is valid until that day. */
static struct told certified(const char *number_text, int64_t revision_number, int32_t until)
{
	struct tw_event *event = certificate_new(&arena, TW_CERTIFICATE_ISSUED, "evt-c", "2026-04-20T00:00:00Z", "QZ", number_text);
	event->certificate.revision = number(revision_number);
	event->certificate.valid_until = (struct tw_date){until, {1, 2}};
	return tell(event);
}

static struct told departure(const char *consignment, const char *time)
{
	return tell(manifest_new(&arena, TW_CONSIGNMENT_DEPARTED, time, time, consignment));
}

Test(facts, a_departure_and_a_revision_tell_the_certificate_whichever_comes_first)
{
	int32_t until = tw_instant_day(revision("C0", 1, NULL)->time.ms) + 3; /* 2026-03-05 */
	tell(revision("C1", 1, "1"));
	struct told told = departure("C1", "2026-03-09T08:00:00Z");
	cr_assert_eq(told.count, 1);
	cr_expect_eq(told.facts[0].type, TW_CERTIFICATE_GOODS_DEPARTED);
	cr_expect_eq(departure("C2", "2026-03-09T08:00:00Z").count, 0, "nobody knows its certificate");
	told = tell(revision("C2", 1, "1"));
	cr_assert_eq(told.count, 1);
	cr_expect_eq(tw_instant_day(told.facts[0].time.ms), until + 4, "of the departure, not of the revision");
	struct told terms = certified("1", 1, until);
	cr_expect_eq(ask(&terms, TW_ENTITY_CERTIFICATE, TW_METRIC_DEPARTED_LATE, 0, NULL), 2);
	terms = certified("1", 2, until);
	cr_expect_eq(ask(&terms, TW_ENTITY_CERTIFICATE, TW_METRIC_DEPARTED_LATE, 0, NULL), 0, "known before");
}

Test(facts, of_departures_the_first_counts_whichever_is_told_first)
{
	int32_t until = tw_instant_day(revision("C0", 1, NULL)->time.ms) + 3;
	tell(revision("C1", 1, "1"));
	departure("C1", "2026-03-09T08:00:00Z");
	struct told told = departure("C1", "2026-03-04T08:00:00Z");
	cr_assert_eq(told.count, 1);
	cr_expect_eq(tw_instant_day(told.facts[0].time.ms), until - 1);
	departure("C1", "2026-03-12T08:00:00Z");
	struct told terms = certified("1", 1, until);
	cr_expect_eq(ask(&terms, TW_ENTITY_CERTIFICATE, TW_METRIC_DEPARTED_LATE, 0, NULL), 0);
}

Test(facts, a_departure_is_told_to_certificates_and_to_no_series_of_serials)
{
	struct tw_event *event = revision("C1", 1, "1");
	struct tw_item *item = event->consignment.items.data;
	struct tw_marking *range = marking_add(&arena, &item->markings, "Sample arms", "AB100");
	range->kind = (struct tw_choice){TW_MARKING_SERIAL_RANGE, {1, 2}};
	range->from = text("AB100");
	range->to = text("AB199");
	tw_serial_count(range);
	tell(event);
	cr_expect_eq(departure("C1", "2026-03-09T08:00:00Z").count, 1);
}

Test(facts, a_departure_of_no_consignment_leaves_nothing)
{
	struct tw_event *event = certificate_new(&arena, TW_CERTIFICATE_GOODS_DEPARTED, "evt-c", "2026-03-09T00:00:00Z", "QZ", "1");
	struct tw_operations *operations = NULL;
	struct tw_error err;
	cr_assert_eq(tw_operations_of(event, &arena, &operations, &err), TW_OK);
	cr_expect_eq(operations->count, 1);
}

Test(facts, a_full_arena_refuses_wherever_it_is_full)
{
	tell(revision("C1", 1, "1"));
	tell(outcome("C1", "o-1", "2026-03-03T00:00:00Z", TW_RESULT_SEIZURE));
	struct tw_event *event = revision("C1", 2, "2");
	party_add(&arena, &event->consignment.parties, "Marble", "XA");
	bool done = false;
	for (size_t ceiling = 256; ceiling < 1048576 && !done; ceiling += ceiling / 4) {
		struct told told = apply(event, "tw.manifests", offset++);
		struct tw_arena small;
		struct tw_error err;
		tw_arena_init(&small, 64, ceiling);
		enum tw_code code = tw_facts_of(event, told.operations, told.priors, &small, &told.facts, &told.count, &err);
		cr_assert(code == TW_OK || (code == TW_E_MEMORY && err.disposition == TW_STOP && told.count == 0));
		done = code == TW_OK;
		tw_arena_fini(&small);
	}
	cr_expect(done);
}

static enum tw_code mentioned(struct tw_event *fact)
{
	struct tw_operations *operations = NULL;
	struct tw_error err = {.disposition = TW_STOP};
	enum tw_code code = tw_operations_of(fact, &arena, &operations, &err);
	cr_expect(code == TW_OK || err.disposition == TW_REJECT);
	return code;
}

static struct tw_event *ended(const char *event, const char *certificate)
{
	struct tw_event *fact = event_new(&arena, TW_FACT_DRAWS_ENDED, "f-1", "2026-03-01T00:00:00Z");
	fact->fact.consignment = text("C1");
	fact->fact.version = (struct tw_fact_version){number(1), fact->time, text(event)};
	struct tw_text *key = certificate ? tw_list_push(&arena, &fact->fact.certificates, sizeof(*key)) : NULL;
	if (key) {
		*key = text(certificate);
	}
	return fact;
}

Test(facts, a_fact_that_nobody_here_would_make_is_refused)
{
	char wide[TW_KEY_BYTES_MAX + 2];
	memset(wide, 'k', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	cr_expect_eq(mentioned(ended("00000000000000ff", "QZ|1")), TW_OK);
	cr_expect_eq(mentioned(ended("00000000000000ff", wide)), TW_E_CORRUPT);
	cr_expect_eq(mentioned(ended("00000000000000fg", "QZ|1")), TW_E_CORRUPT);
	cr_expect_eq(mentioned(ended("ff", "QZ|1")), TW_E_CORRUPT);
	cr_expect_eq(mentioned(ended("00000000000000ff", NULL)), TW_E_CORRUPT);
	struct tw_event *fact = ended("00000000000000ff", "QZ|1");
	fact->fact.version.time.span.to = 0;
	cr_expect_eq(mentioned(fact), TW_E_CORRUPT);
	fact = ended("00000000000000ff", "QZ|1");
	fact->type = TW_FACT_INSPECTED;
	cr_expect_eq(mentioned(fact), TW_E_CORRUPT);
	fact->fact.consignment = text(wide);
	cr_expect_eq(mentioned(fact), TW_E_CORRUPT);
}

Test(facts, any_order_of_events_and_facts_ends_in_equal_records_that_say_what_the_events_say)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct tw_store *one = NULL, *other = NULL;
		struct tw_error err;
		cr_assert_eq(tw_store_memory_new(&one, &err), TW_OK);
		cr_assert_eq(tw_store_memory_new(&other, &err), TW_OK);
		suite_facts_end_equal_in_any_order(one, other, seed * 1000);
		tw_store_free(one);
		tw_store_free(other);
	}
}
