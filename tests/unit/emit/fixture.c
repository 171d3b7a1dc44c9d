/**
 * @file fixture.c
 * See fixture.h. Parties, places, list and entry are fictional.
 */
#include "engine/base/time.h"
#include "tests/unit/emit/fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <yajl/yajl_parse.h>

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

static struct tw_text text(const char *words)
{
	return (struct tw_text){words, (uint32_t)strlen(words), {1, 2}};
}

static struct tw_leg leg(enum tw_leg_role role, const char *place, int32_t arrival)
{
	struct tw_leg out = {.role = {role, {1, 2}}, .place = text(place)};
	if (arrival) {
		out.arrival = (struct tw_date){arrival, {1, 2}};
	}
	return out;
}

static void event_init(struct fixture *out)
{
	static const char raw[] = "{\"id\":\"evt-000001\",\"type\":\"consignment.declared\"}";
	struct tw_event *event = &out->event;
	event->raw = tw_slice_str(raw);
	event->key = tw_slice_str("XCLU0001");
	event->origin = (struct tw_origin){tw_slice_str("tw.manifests"), 2, 417};
	event->id = text("evt-000001");
	event->type_text = text("consignment.declared");
	event->source = text("port-community-system-7");
	event->time = (struct tw_instant){1772439240000, {1, 2}};
	event->type = TW_CONSIGNMENT_DECLARED;
	event->family = TW_FAMILY_MANIFEST;
	event->consignment.id = text("XCLU0001");
	event->consignment.revision = (struct tw_count){1, {1, 2}};
	event->consignment.office = text("XBMAR");
	out->legs[0] = leg(TW_LEG_ORIGIN, "XALOA", 0);
	out->legs[1] = leg(TW_LEG_TRANSHIPMENT, "XCTRS", 20510);
	out->legs[2] = leg(TW_LEG_DISCHARGE, "XBMAR", 20515);
	out->parties[0] = (struct tw_party){.role = {TW_ROLE_CONSIGNOR, {1, 2}}, .name = text("Anvil \"North\" Works")};
	out->parties[1] = (struct tw_party){.role = {TW_ROLE_CONSIGNEE, {1, 2}}, .name = text("Société d'Équipement QZ")};
	out->items[0] = (struct tw_item){.line = {1, {1, 2}}, .description = text("RIFLES, 7.62 mm\nwith \"spare\" parts\t\\ crates")};
	out->items[1] = (struct tw_item){.line = {2, {1, 2}}, .description = text("manuals")};
	event->consignment.route = (struct tw_list){out->legs, COUNT(out->legs), COUNT(out->legs)};
	event->consignment.parties = (struct tw_list){out->parties, COUNT(out->parties), COUNT(out->parties)};
	event->consignment.items = (struct tw_list){out->items, COUNT(out->items), COUNT(out->items)};
}

static struct tw_rule_info rule(const char *id, int32_t points, const char *group, enum tw_action action)
{
	return (struct tw_rule_info){.id = tw_slice_str(id),
	                             .version = 3,
	                             .status = TW_RULE_ACTIVE,
	                             .title = tw_slice_str(id),
	                             .points = points,
	                             .group = tw_slice_str(group),
	                             .action = action,
	                             .severity = 4,
	                             .source = tw_slice_str("OSCE FSC.DEC/5/04")};
}

static void findings_init(struct fixture *out)
{
	out->rules[0] = rule("embargo-destination", 90, "embargo", TW_ACTION_HOLD);
	out->rules[0].title = tw_slice_str("Arms to an embargoed destination");
	out->rules[0].legal_basis = tw_slice_str("Fictional Arms Trade Act, section 4");
	out->rules[0].hold_days = 30;
	out->rules[1] = rule("euc-over-draw", 60, "certificate", TW_ACTION_EXAMINE);
	out->rules[1].title = tw_slice_str("More shipped than certified");
	out->rules[2] = rule("euc-reused", 40, "certificate", TW_ACTION_SCORE);
	out->rules[3] = rule("long-known-consignee", -7, "history", TW_ACTION_SCORE);
	out->evidence[0] = (struct tw_evidence){tw_slice_str("/consignment/route/2/place"), {301, 306}, tw_slice_str("XBMAR")};
	out->evidence[1] = (struct tw_evidence){tw_slice_str("/consignment/items/0/quantity"), {812, 815}, tw_slice_str("520")};
	out->evidence[2] = (struct tw_evidence){tw_slice_str("/consignment/items/0/marks"), {840, 850}, tw_slice_str("\x1b[31mAB\x01")};
	out->facts[0] = (struct tw_fact){tw_slice_str("certified"), TW_FACT_AMOUNT, 5000000, {NULL, 0}};
	out->facts[1] = (struct tw_fact){tw_slice_str("drawn_before"), TW_FACT_AMOUNT, 4005000, {NULL, 0}};
	out->facts[2] = (struct tw_fact){tw_slice_str("consignments"), TW_FACT_COUNT, 3, {NULL, 0}};
	out->facts[3] = (struct tw_fact){tw_slice_str("valid_until"), TW_FACT_DATE, 20644, {NULL, 0}};
	out->facts[4] = (struct tw_fact){tw_slice_str("authenticated"), TW_FACT_FLAG, 0, {NULL, 0}};
	out->facts[5] = (struct tw_fact){tw_slice_str("consignments"), TW_FACT_TEXT, 0, tw_slice_str("three")};
	out->related[0] = tw_slice_str("XCLU0000");
	out->finding[0] = (struct tw_finding){
	    &out->rules[0], tw_slice_str("XB was under an arms embargo on 2026-03-02."), &out->evidence[0], 1, NULL, 0, NULL, 0, 0, 90};
	out->finding[1] =
	    (struct tw_finding){&out->rules[2], tw_slice_str("The certificate serves another consignment."), NULL, 0, NULL, 0, out->related, 1, 0, 0};
	out->finding[2] = (struct tw_finding){&out->rules[1],
	                                      tw_slice_str("520 pieces on a certificate for 500."),
	                                      &out->evidence[1],
	                                      2,
	                                      out->facts,
	                                      COUNT(out->facts),
	                                      NULL,
	                                      0,
	                                      0,
	                                      60};
	out->finding[3] =
	    (struct tw_finding){&out->rules[3], tw_slice_str("The consignee has been known for 9 years."), NULL, 0, NULL, 0, NULL, 0, 0, -7};
	out->findings = (struct tw_findings){out->finding, COUNT(out->finding), 0};
}

static void context_init(struct fixture *out)
{
	out->match[0] = (struct tw_match){.list = tw_slice_str("xx-test"),
	                                  .entry = tw_slice_str("XXe.001"),
	                                  .name = tw_slice_str("SOCIETE D'EQUIPEMENT QZ"),
	                                  .programme = tw_slice_str("FICTION"),
	                                  .basis = TW_MATCH_NAME,
	                                  .similarity_ppm = 1000000,
	                                  .part = {{"names", 950000}, {"country", 62500}, {"birth_date", -12500}},
	                                  .part_count = 3,
	                                  .measures = TW_MEASURE_ARMS_EMBARGO | TW_MEASURE_SHIPPING,
	                                  .listed_on = {2012, 6, 0, false},
	                                  .query = tw_slice_of(out->parties[1].name),
	                                  .role = tw_slice_str("consignee"),
	                                  .pointer = tw_slice_str("/consignment/parties/1/name"),
	                                  .span = {500, 525}};
	out->match[1] = out->match[0];
	out->match[1].basis = TW_MATCH_IDENTIFIER;
	out->match[1].part_count = out->match[1].measures = 0;
	out->match[1].listed_on.year = 0;
	out->match[1].scheme = tw_slice_str("registration");
	out->matches = (struct tw_matches){out->match, 2};
	out->entities[0] = (struct tw_entity_view){tw_slice_str("party"), tw_slice_str("societe d equipement qz|QZ"), 12, 17000, 365};
	out->entities[1] = (struct tw_entity_view){tw_slice_str("vessel"), tw_slice_str("9074729"), 0, INT32_MIN, 365};
	out->lists[0] = (struct tw_list_info){.id = tw_slice_str("xx-test"),
	                                      .date = tw_slice_str("2026-02-27"),
	                                      .digest = tw_slice_str("ab12"),
	                                      .entries = 1003,
	                                      .day = tw_day_of_civil(2026, 2, 27)};
	out->lists[1] = (struct tw_list_info){.id = tw_slice_str("xx-undated"), .digest = tw_slice_str("cd34"), .entries = 7, .day = INT32_MIN};
	out->snapshot = (struct tw_snapshot_info){tw_slice_str("5eed"), tw_slice_str("beef"), out->lists, 2};
	out->assessment = (struct tw_assessment){.points = 143,
	                                         .probability_ppm = 217155,
	                                         .lane = TW_LANE_RED,
	                                         .selection = TW_SELECTION_SCORE,
	                                         .inclusion_ppm = 1000000,
	                                         .hold = true,
	                                         .rank_key = "1.993485349.8000019cb0fe9400.9996.0f1e2d3c4b5a6978.a1b2c3d4e5f6"};
}

void fixture_init(struct fixture *out)
{
	*out = (struct fixture){.event = {.family = TW_FAMILY_MANIFEST}};
	tw_arena_init(&out->arena, 64 * 1024, 0);
	event_init(out);
	findings_init(out);
	context_init(out);
	out->about = (struct tw_alert_case){.event = &out->event,
	                                    .assessment = &out->assessment,
	                                    .findings = &out->findings,
	                                    .matches = &out->matches,
	                                    .entities = out->entities,
	                                    .entity_count = COUNT(out->entities),
	                                    .snapshot = &out->snapshot,
	                                    .consignment = tw_slice_of(out->event.consignment.id),
	                                    .related = out->related,
	                                    .related_count = 1,
	                                    .engine_version = "0.1.0"};
}

void fixture_fini(struct fixture *out)
{
	tw_arena_fini(&out->arena);
}

void golden(const char *name, struct tw_slice bytes)
{
	char path[128];
	static char expected[64 * 1024];
	snprintf(path, sizeof(path), "tests/data/emit/%s", name);
	FILE *file = fopen(path, getenv("TW_GOLDEN_WRITE") ? "wb" : "rb");
	cr_assert(file, "%s", path);
	if (getenv("TW_GOLDEN_WRITE")) {
		fwrite(bytes.ptr, 1, bytes.len, file);
		fclose(file);
		return;
	}
	size_t length = fread(expected, 1, sizeof(expected), file);
	fclose(file);
	struct tw_slice want = {expected, (uint32_t)length};
	cr_assert(tw_slice_equal(bytes, want), "%s differs; got\n%.*s", path, (int)bytes.len, bytes.ptr);
}

unsigned occurrences(struct tw_slice bytes, const char *needle)
{
	unsigned count = 0;
	size_t length = strlen(needle);
	for (size_t i = 0; i + length <= bytes.len; i++) {
		count += memcmp(bytes.ptr + i, needle, length) == 0;
	}
	return count;
}

void assert_json(struct tw_slice bytes)
{
	yajl_handle parser = yajl_alloc(NULL, NULL, NULL);
	yajl_status status = yajl_parse(parser, (const unsigned char *)bytes.ptr, bytes.len);
	status = status == yajl_status_ok ? yajl_complete_parse(parser) : status;
	yajl_free(parser);
	cr_assert_eq(status, yajl_status_ok, "not JSON: %.*s", (int)(bytes.len < 2000 ? bytes.len : 2000), bytes.ptr);
}
