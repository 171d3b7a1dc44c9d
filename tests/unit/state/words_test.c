/**
 * @file words_test.c
 * A confirmation or verification by somebody who trades under the certificate counts for nothing, whatever comes first; anybody else's counts.
 */
#include "engine/state/words.h"

#include <criterion/criterion.h>
#include <string.h>

#include "engine/state/field.h"
#include "tests/unit/state/told.h"

static struct told_world world;

static void start(void)
{
	told_start(&world);
}

static void stop(void)
{
	told_stop(&world);
}

TestSuite(own_words, .init = start, .fini = stop);

static struct tw_event *issued(void)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_ISSUED, "c-1", "2026-01-10T08:00:00Z", "QZ", "1");
	struct tw_party *user = party_add(&world.arena, &event->certificate.parties, "Sample Guard", "QZ");
	struct tw_party *exporter = party_add(&world.arena, &event->certificate.parties, "Samplearms Works", "XA");
	user->role.value = TW_ROLE_END_USER;
	exporter->role.value = TW_ROLE_EXPORTER;
	certificate_item_add(&world.arena, event, 1, 500, "C62");
	return event;
}

static struct tw_event *confirmed(const char *by)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_AUTHENTICATED, "a-1", "2026-01-20T08:00:00Z", "QZ", "1");
	event->certificate.by = text(by);
	return event;
}

static struct tw_event *verified(const char *by)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_DELIVERY_VERIFIED, "v-1", "2026-03-20T08:00:00Z", "QZ", "1");
	event->certificate.consignment = text("C1");
	event->certificate.reported_by = text(by);
	return event;
}

static struct tw_event *shipment(const char *consignor)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, "m-1", "2026-02-01T08:00:00Z", "C1");
	party_add(&world.arena, &event->consignment.parties, consignor, "XA")->role.value = TW_ROLE_CONSIGNOR;
	ref_add(&world.arena, item_add(&world.arena, event, 1, 100, "C62"), "QZ", "1", 1);
	return event;
}

static struct told asking(void)
{
	return tell(&world, certificate_new(&world.arena, TW_CERTIFICATE_REINSTATED, "r-1", "2026-06-20T08:00:00Z", "QZ", "1"));
}

static int64_t asked(enum tw_metric metric)
{
	struct told told = asking();
	return told_ask(&world, &told, TW_ENTITY_CERTIFICATE, metric, 0, NULL);
}

Test(own_words, the_exporters_confirmation_counts_for_nothing)
{
	tell(&world, issued());
	tell(&world, confirmed("SAMPLEARMS WORKS, export department"));
	cr_expect_eq(asked(TW_METRIC_AUTHENTICATED), 0);
	cr_expect_eq(asked(TW_METRIC_OWN_WORDS), 1);
}

Test(own_words, so_does_it_when_the_certificate_comes_after)
{
	tell(&world, confirmed("Samplearms Works"));
	cr_expect_eq(asked(TW_METRIC_AUTHENTICATED), 1, "nobody knows yet that he trades");
	tell(&world, issued());
	cr_expect_eq(asked(TW_METRIC_AUTHENTICATED), 0);
	cr_expect_eq(asked(TW_METRIC_STATUS), TW_CERTIFICATE_STATUS_ISSUED);
}

Test(own_words, an_authority_the_end_user_and_nobody_count)
{
	tell(&world, issued());
	tell(&world, confirmed("Sample Ministry"));
	cr_expect_eq(asked(TW_METRIC_AUTHENTICATED), 1);
	cr_expect_eq(asked(TW_METRIC_OWN_WORDS), 0);
	tell(&world, confirmed("Sample Guard"));
	cr_expect_eq(asked(TW_METRIC_AUTHENTICATED), 1);
	tell(&world, confirmed(""));
	cr_expect_eq(asked(TW_METRIC_AUTHENTICATED), 1);
}

Test(own_words, a_name_that_goes_on_without_a_blank_is_another)
{
	tell(&world, issued());
	tell(&world, confirmed("Samplearms Worksop Council"));
	cr_expect_eq(asked(TW_METRIC_AUTHENTICATED), 1);
}

Test(own_words, who_sent_goods_does_not_verify_that_they_came)
{
	tell(&world, shipment("Harrowgate Trading"));
	tell(&world, verified("Harrowgate Trading"));
	cr_expect_eq(asked(TW_METRIC_OPEN_CONSIGNMENTS), 1);
	struct tw_event *later = verified("Sample Guard");
	later->id = text("v-2");
	later->time.ms += 1000;
	tell(&world, later);
	cr_expect_eq(asked(TW_METRIC_OPEN_CONSIGNMENTS), 0);
}

Test(own_words, it_is_said_in_which_part_he_trades)
{
	tell(&world, issued());
	struct told told = tell(&world, confirmed("Samplearms Works"));
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_SAID_BY, 0, NULL), TW_ROLE_EXPORTER);
	told = tell(&world, confirmed("Sample Ministry"));
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_SAID_BY, 0, NULL), TW_NAMED_NOT);
	told = tell(&world, confirmed(""));
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_SAID_BY, 0, NULL), NOT_STATED);
}

Test(own_words, a_record_without_words_is_itself)
{
	const struct tw_state nothing = {NULL, 0, NULL, 0};
	cr_expect_eq(tw_words_heard(&nothing, &world.arena), &nothing);
	cr_expect_null(tw_words_heard(NULL, &world.arena));
}

Test(own_words, what_a_word_is_about_may_be_gone)
{
	struct tw_element word = {{"wSgone", 6}, {0, 1, 1}, {"Samplearms Works", 16}};
	struct tw_state state = {NULL, 0, &word, 1};
	cr_expect_eq(tw_words_heard(&state, &world.arena), &state);
	word.key.len = 1;
	cr_expect_eq(tw_words_heard(&state, &world.arena), &state);
}
