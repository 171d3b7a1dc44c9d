/**
 * @file suppress_test.c
 * engine/screen/suppress: whom a decision takes out of the score, and whom it must not.
 */
#include "engine/screen/suppress.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <tidewaiter/limits.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "feeds/suppressions.h"

#define HEADER "rule,name,identifier,country,consignment,from,to,reason,author,decided_on,expires_on\n"
#define WHY    ",seen,h.tide,2026-01-01,2026-03-31\n"

static struct tw_arena arena;
static struct tw_event event;
static struct tw_party parties[2];
static struct tw_id ids[1];
static struct tw_leg legs[2];
static struct tw_evidence evidence[TW_EVIDENCE_MAX];
static struct tw_rule_info rule, other;
static struct tw_finding finding[2];
static struct tw_findings findings;
static struct tw_suppressed_list out;

static struct tw_text text(const char *from)
{
	return (struct tw_text){.ptr = from, .len = (uint32_t)strlen(from), .span = {1, 1 + (uint32_t)strlen(from)}};
}

static void setup(void)
{
	tw_arena_init(&arena, 4096, 0);
	event = (struct tw_event){.family = TW_FAMILY_MANIFEST, .type = TW_CONSIGNMENT_DECLARED};
	event.time.ms = (int64_t)tw_day_of_civil(2026, 3, 2) * TW_DAY_MS + 5;
	event.consignment.id = text("C1");
	parties[0] = (struct tw_party){.name = text("Harbour & Sons"), .country = text("XB"), .ids = {ids, 1, 1}};
	parties[1] = (struct tw_party){.name = text("Karen Volta"), .address.country = text("XC")};
	ids[0] = (struct tw_id){.scheme = text("eori"), .value = text("XB 12-34")};
	legs[0] = (struct tw_leg){.place = text("XALOA")};
	legs[0].role.value = TW_LEG_LOAD;
	legs[1] = (struct tw_leg){.country = text("XB")};
	legs[1].role.value = TW_LEG_DELIVERY;
	event.consignment.parties = (struct tw_list){parties, 2, 2};
	event.consignment.route = (struct tw_list){legs, 2, 2};
	rule = (struct tw_rule_info){.id = tw_slice_str("r"), .points = 40, .action = TW_ACTION_EXAMINE, .lane = TW_LANE_YELLOW};
	other = (struct tw_rule_info){.id = tw_slice_str("s"), .points = 10, .action = TW_ACTION_SCORE};
	evidence[0].pointer = tw_slice_str("/consignment/items/0/hs");
	evidence[1].pointer = tw_slice_str("/consignment/parties/0/name");
	finding[0] = (struct tw_finding){.rule = &rule, .evidence = evidence, .evidence_count = 2};
	finding[1] = (struct tw_finding){.rule = &other};
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(suppress, .init = setup, .fini = teardown);

/* @return findings that were taken out */
static uint32_t suppressed(const char *rows)
{
	char path[] = "/tmp/tw-suppress-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	struct tw_suppressions *loaded = NULL;
	struct tw_error err;
	cr_assert(file);
	fprintf(file, "%s%s", HEADER, rows);
	fclose(file);
	cr_assert_eq(tw_suppressions_load(path, &loaded, &err), TW_OK, "%s %s %s", err.where, err.what, err.detail);
	unlink(path);
	struct tw_finding copy[2] = {finding[0], finding[1]};
	findings = (struct tw_findings){copy, 2, 0};
	cr_assert_eq(tw_suppress(loaded, &event, &arena, &findings, &out, &err), TW_OK);
	memcpy(finding, copy, sizeof(copy));
	findings.finding = finding;
	for (uint32_t i = 0; i < out.count; i++) {
		out.at[i].reason = tw_arena_copy(&arena, out.at[i].reason);
	}
	tw_suppressions_free(loaded);
	uint32_t count = out.count;
	return count;
}

Test(suppress, takes_out_the_rule_it_names_and_leaves_the_others)
{
	cr_assert_eq(suppressed("r,HARBOUR  sons,,XB,,," WHY), 1);
	cr_expect(out.at[0].finding.rule == &rule && tw_slice_is(out.at[0].reason, "seen"));
	cr_expect_eq(out.at[0].until_day, tw_day_of_civil(2026, 3, 31));
	cr_assert_eq(findings.count, 1);
	cr_expect_eq(findings.finding[0].rule, &other);
}

Test(suppress, a_party_is_meant_by_all_that_the_row_states)
{
	cr_expect_eq(suppressed("r,Harbour & Sons,,XC,,," WHY), 0, "another country");
	cr_expect_eq(suppressed("r,Harbour,,,,," WHY), 0, "a part of the name");
	cr_expect_eq(suppressed("r,Harbour & Sons,XB9999,,,," WHY), 0, "another number");
	cr_expect_eq(suppressed("r,Harbour & Sons,xb1234,,C2,," WHY), 0, "another consignment");
	cr_expect_eq(suppressed("r,Harbour & Sons,xb1234,,C1,XA," WHY), 1);
}

Test(suppress, a_second_party_of_the_evidence_is_not_hidden)
{
	finding[0].evidence_count = 3;
	evidence[2].pointer = tw_slice_str("/consignment/parties/1/name");
	cr_expect_eq(suppressed("r,Harbour & Sons,,,,," WHY), 0);
	cr_expect_eq(suppressed("r,Karen Volta,,,,," WHY), 0);
	cr_expect_eq(suppressed("r,Harbour & Sons,,,,," WHY "r,Karen Volta,,XC,,," WHY), 1, "each has a decision of its own");
}

Test(suppress, a_party_that_the_evidence_does_not_point_at_is_not_meant)
{
	cr_expect_eq(suppressed("r,Karen Volta,,,,," WHY), 0);
	finding[0].evidence_count = 1;
	cr_expect_eq(suppressed("r,Karen Volta,,,,," WHY), 1, "evidence that points at no party: any of the event");
}

Test(suppress, evidence_at_its_bound_is_not_taken_for_whole)
{
	for (uint32_t i = 0; i < TW_EVIDENCE_MAX; i++) {
		evidence[i].pointer = tw_slice_str("/consignment/parties/0/name");
	}
	finding[0].evidence_count = TW_EVIDENCE_MAX;
	cr_expect_eq(suppressed("r,Harbour & Sons,,,,," WHY), 0);
	cr_expect_eq(suppressed("r,,,,C1,," WHY), 1, "a decision on the consignment needs no party");
}

Test(suppress, a_route_is_meant_by_where_it_begins_and_ends)
{
	cr_expect_eq(suppressed("r,,,,,XA," WHY), 1);
	setup();
	cr_expect_eq(suppressed("r,,,,,xa loa,XB" WHY), 1);
	setup();
	cr_expect_eq(suppressed("r,,,,,XB,XA" WHY), 0, "the other way round");
	cr_expect_eq(suppressed("r,,,,,,XBMAR" WHY), 0, "a port that nobody stated");
	cr_expect_eq(suppressed("r,,,,,XALOB," WHY), 0);
}

Test(suppress, days_count_by_the_events_time_first_and_last_included)
{
	cr_expect_eq(suppressed("r,,,,C1,,,seen,h.tide,2026-03-03,2026-03-31\n"), 0);
	cr_expect_eq(suppressed("r,,,,C1,,,seen,h.tide,2026-01-01,2026-03-01\n"), 0);
	cr_expect_eq(suppressed("r,,,,C1,,,seen,h.tide,2026-03-02,2026-03-02\n"), 1);
}

Test(suppress, a_hold_is_never_silent)
{
	rule.action = TW_ACTION_HOLD;
	cr_assert_eq(suppressed("r,,,,C1,," WHY), 1);
	cr_expect_eq(out.at[0].finding.rule->action, TW_ACTION_HOLD, "what it asked for");
	cr_assert_eq(findings.count, 2);
	cr_expect(findings.finding[0].rule->action == TW_ACTION_INFORM && findings.finding[0].rule->lane == 0 &&
	          tw_slice_is(findings.finding[0].rule->id, "r"));
	cr_expect_eq(rule.action, TW_ACTION_HOLD, "the rule itself stays as it is");
}

Test(suppress, a_certificates_parties_are_its_own)
{
	event.family = TW_FAMILY_CERTIFICATE;
	event.certificate.parties = event.consignment.parties;
	cr_expect_eq(suppressed("r,,,,,XA," WHY "r,,,,C1,," WHY), 0, "it has no route and no consignment");
	evidence[1].pointer = tw_slice_str("/certificate/parties/1/name");
	cr_expect_eq(suppressed("r,Karen Volta,,XC,,," WHY), 1);
}

Test(suppress, without_decisions_nothing_changes)
{
	struct tw_error err;
	findings = (struct tw_findings){finding, 2, 0};
	cr_assert_eq(tw_suppress(NULL, &event, &arena, &findings, &out, &err), TW_OK);
	cr_expect(findings.count == 2 && out.count == 0);
}
