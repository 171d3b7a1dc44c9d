/* What an alert is raised for: the golden world with one rule a family that always speaks, one event at a time, nothing remembered. */
#include "engine/run/judge.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/base/log.h"
#include "engine/run/assemble.h"
#include "engine/run/config.h"
#include "engine/state/entity.h"

#define CONFIG "tests/golden/basic/tidewaiter.yaml"

static const char *const families[] = {"certificate", "marking", "decision", "outcome"};
#define FAMILIES (sizeof(families) / sizeof(families[0]))

static char folder[] = "/tmp/tidewaiter-judge-XXXXXX";
static struct tw_settings settings;
static struct tw_engine engine;
static struct tw_judge *judge;
static struct tw_arena arena;

static void rule_path(char path[128], size_t at)
{
	snprintf(path, 128, "%s/%s-speaks.yaml", folder, families[at]);
}

static void rule_write(size_t at, const char *body)
{
	char path[128];
	rule_path(path, at);
	FILE *file = fopen(path, "w");
	cr_assert_not_null(file);
	fprintf(file,
	        "id: %s-speaks\nversion: 1\nstatus: active\ntitle: A title\non: %s\nsource: [\"Targeting practice\"]\nfalse_positives: none known\n"
	        "points: 150\naction: hold\nlegal_basis: none\nhold_days: 3\nseverity: 2\nbecause: It speaks.\nwhen: {field: event.source, stated: "
	        "true}\n"
	        "tests:\n  - {name: fires, fires: true, event: {%s}}\n  - {name: silent, fires: false, event: {source: \"\", %s}}\n",
	        families[at], families[at], body, body);
	fclose(file);
}

static void setup(void)
{
	static const char *const bodies[] = {"certificate: {number: a, issuer: {country: QZ}}", "item: {marks: []}", "decision: {}",
	                                     "consignment: a, inspection: {}"};
	struct tw_error err;
	tw_log_setup(TW_LOG_ERROR, false);
	cr_assert_not_null(mkdtemp(folder));
	for (size_t i = 0; i < FAMILIES; i++) {
		rule_write(i, bodies[i]);
	}
	cr_assert_eq(tw_settings_init(&settings, &err), TW_OK);
	cr_assert_eq(tw_config_read(&settings, CONFIG, &err), TW_OK);
	((const char **)settings.rule_paths.data)[0] = folder;
	cr_assert_eq(tw_engine_snapshot(&engine, &settings, NULL, &err), TW_OK, "%s: %s: %s", err.what, err.where, err.detail);
	struct tw_judge_options options = {.snapshot = engine.snapshot, .policy = &engine.policy, .event_bytes = 65536};
	cr_assert_eq(tw_judge_new(&options, &judge, &err), TW_OK);
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	char path[128];
	for (size_t i = 0; i < FAMILIES; i++) {
		rule_path(path, i);
		unlink(path);
	}
	rmdir(folder);
	tw_arena_fini(&arena);
	tw_judge_free(judge);
	tw_engine_fini(&engine);
	tw_settings_fini(&settings);
}

TestSuite(judge, .init = setup, .fini = teardown);

/* @param body everything of the event but its envelope */
static struct tw_case judged(enum tw_family family, const char *type, const char *body)
{
	static struct tw_message message;
	struct tw_error err;
	message = (struct tw_message){.family = family, .topic = tw_slice_str("tw.in"), .offset = 7};
	message.value = tw_arena_format(&arena, "{\"id\":\"e-1\",\"type\":\"%s\",\"time\":\"2026-03-02T08:14:00Z\",\"source\":\"s\",%s}", type, body);
	struct tw_case about = {.message = &message};
	cr_assert_eq(tw_judge_read(judge, &arena, &about, &err), TW_OK);
	cr_assert_null(about.dead_reason, "%s", about.dead_reason);
	cr_assert_eq(tw_judge_rule(judge, &arena, &about, &err), TW_OK);
	return about;
}

static void states(const struct tw_case *about, const char *needle)
{
	const struct tw_slice *value = &about->outputs[0].value;
	cr_assert_not_null(memmem(value->ptr, value->len, needle, strlen(needle)), "%s is missing in %.*s", needle, (int)value->len, value->ptr);
}

static void states_not(const struct tw_case *about, const char *needle)
{
	const struct tw_slice *value = &about->outputs[0].value;
	cr_assert_null(memmem(value->ptr, value->len, needle, strlen(needle)), "%s stands in %.*s", needle, (int)value->len, value->ptr);
}

Test(judge, judges_with_another_snapshot_once_it_was_changed)
{
	static const char body[] = "\"certificate\":{\"number\":\"QZ/MOD/1\",\"issuer\":{\"country\":\"QZ\"}}";
	struct tw_snapshot *next = NULL;
	struct tw_error err;
	struct tw_case before = judged(TW_FAMILY_CERTIFICATE, "certificate.issued", body);
	states(&before, tw_snapshot_info(engine.snapshot)->digest.ptr);
	rule_write(1, "item: {marks: [], kind: rifle}");
	cr_assert_eq(tw_engine_snapshot_make(&settings, engine.snapshot, false, NULL, &next, &err), TW_OK, "%s", err.what);
	cr_assert_eq(tw_judge_change(judge, next, &err), TW_OK);
	tw_arena_reset(&arena);
	tw_snapshot_free(engine.snapshot); /* nothing refers to it any more */
	engine.snapshot = next;
	struct tw_case after = judged(TW_FAMILY_CERTIFICATE, "certificate.issued", body);
	states(&after, tw_snapshot_info(next)->digest.ptr);
}

Test(judge, raises_an_alert_about_a_certificate_that_no_consignment_uses)
{
	struct tw_case about =
	    judged(TW_FAMILY_CERTIFICATE, "certificate.issued", "\"certificate\":{\"number\":\"QZ/MOD/1\",\"issuer\":{\"country\":\"QZ\"}}");
	cr_assert_geq(about.output_count, 1);
	cr_assert(tw_slice_is(about.outputs[0].key, "QZ|QZMOD1"));
	states(&about, "\"about\":{\"kind\":\"certificate\",\"key\":\"QZ|QZMOD1\"}");
	states_not(&about, "\"consignment\"");
}

Test(judge, holds_nothing_where_there_are_no_goods)
{
	struct tw_case about =
	    judged(TW_FAMILY_CERTIFICATE, "certificate.issued", "\"certificate\":{\"number\":\"QZ/MOD/1\",\"issuer\":{\"country\":\"QZ\"}}");
	cr_assert_eq(about.output_count, 1);
	cr_assert_not(about.assessment.hold);
	states_not(&about, "\"hold\":\"tw1-");
	struct tw_case named = judged(TW_FAMILY_CERTIFICATE, "certificate.diversion_reported",
	                              "\"certificate\":{\"number\":\"QZ/MOD/1\",\"issuer\":{\"country\":\"QZ\"},\"consignment\":\"XCLU0001\"}");
	cr_assert_eq(named.output_count, 2);
	states(&named, "\"hold\":\"tw1-");
}

Test(judge, puts_the_consignment_that_a_certificate_names_before_the_certificate)
{
	struct tw_case about = judged(TW_FAMILY_CERTIFICATE, "certificate.diversion_reported",
	                              "\"certificate\":{\"number\":\"QZ/MOD/1\",\"issuer\":{\"country\":\"QZ\"},\"consignment\":\"XCLU0001\"}");
	cr_assert(tw_slice_is(about.outputs[0].key, "XCLU0001"));
	states(&about, "\"consignment\":\"XCLU0001\",\"about\":{\"kind\":\"certificate\",\"key\":\"QZ|QZMOD1\"}");
}

Test(judge, goes_by_the_first_mark_that_tells_one_weapon_from_another)
{
	struct tw_case about = judged(
	    TW_FAMILY_MARKING, "marking.stolen",
	    "\"item\":{\"make\":\"Quill\",\"marks\":[{\"kind\":\"import_mark\",\"value\":\"QZ26\"},{\"kind\":\"serial\",\"value\":\"AB-1\"}]}");
	cr_assert(tw_slice_is(about.outputs[0].key, "QUILL|AB1"));
	states(&about, "\"about\":{\"kind\":\"marking\",\"key\":\"QUILL|AB1\"}");
}

Test(judge, goes_by_the_events_id_where_too_little_is_stated_for_a_key)
{
	struct tw_case marking = judged(TW_FAMILY_MARKING, "marking.stolen", "\"item\":{\"marks\":[{\"kind\":\"import_mark\",\"value\":\"QZ26\"}]}");
	states(&marking, "\"about\":{\"kind\":\"marking\",\"key\":\"e-1\"}");
	struct tw_case certificate =
	    judged(TW_FAMILY_CERTIFICATE, "certificate.issued", "\"certificate\":{\"number\":\"//\",\"issuer\":{\"country\":\"QZ\"}}");
	states(&certificate, "\"about\":{\"kind\":\"certificate\",\"key\":\"e-1\"}");
}

Test(judge, goes_by_the_entity_of_a_decision_that_names_no_consignment)
{
	struct tw_case about = judged(TW_FAMILY_DECISION, "watch.added", "\"entity\":\"QZ|QZMOD1\",\"decision\":{\"officer\":\"o\"}");
	states(&about, "\"about\":{\"kind\":\"decision\",\"key\":\"QZ|QZMOD1\"}");
}

Test(judge, says_nothing_beside_the_consignment_of_an_outcome)
{
	struct tw_case about = judged(TW_FAMILY_OUTCOME, "inspection.completed", "\"consignment\":\"XCLU0001\",\"inspection\":{}");
	states(&about, "\"consignment\":\"XCLU0001\"");
	states_not(&about, "\"about\"");
}

Test(judge, buries_what_it_cannot_read)
{
	struct tw_message message = {.family = TW_FAMILY_MARKING, .topic = tw_slice_str("tw.in"), .value = tw_slice_str("{")};
	struct tw_case about = {.message = &message};
	struct tw_error err;
	cr_assert_eq(tw_judge_read(judge, &arena, &about, &err), TW_OK);
	cr_assert_str_eq(about.dead_reason, "truncated");
	cr_assert_eq(about.outputs[0].kind, TW_OUTPUT_DEAD_LETTER);
	cr_assert_eq(tw_judge_rule(judge, &arena, &about, &err), TW_OK);
	cr_assert_eq(about.output_count, 1);
}

Test(judge, folds_an_event_to_the_operations_that_reading_gives_and_buries_the_same)
{
	struct tw_message message = {.family = TW_FAMILY_OUTCOME,
	                             .topic = tw_slice_str("tw.in"),
	                             .value = tw_slice_str("{\"id\":\"e-1\",\"type\":\"inspection.completed\",\"time\":\"2026-03-02T08:14:00Z\","
	                                                   "\"source\":\"s\",\"consignment\":\"XCLU0001\",\"inspection\":{}}")};
	struct tw_case read = {.message = &message}, folded = {.message = &message};
	struct tw_error err;
	cr_assert_eq(tw_judge_read(judge, &arena, &read, &err), TW_OK);
	cr_assert_eq(tw_judge_fold(judge, &arena, &folded, &err), TW_OK);
	cr_assert(read.operations->count > 0 && read.operations->count == folded.operations->count);
	for (uint32_t i = 0; i < read.operations->count; i++) {
		const struct tw_operation *a = &read.operations->operation[i], *b = &folded.operations->operation[i];
		cr_assert(a->kind == b->kind && tw_slice_equal(a->key, b->key) && tw_slice_equal(a->payload, b->payload));
	}
	message.value = tw_slice_str("{");
	folded = (struct tw_case){.message = &message};
	cr_assert_eq(tw_judge_fold(judge, &arena, &folded, &err), TW_OK);
	cr_assert(folded.operations == NULL && strcmp(folded.dead_reason, "truncated") == 0);
}
