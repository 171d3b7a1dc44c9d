/**
 * @file rule_test.c
 * See rule_test.h. One test is one small engine: decoder, memory store, screener over the whole snapshot; asked whether its rule fired.
 */
#include "engine/run/rule_test.h"

#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/decode/decode.h"
#include "engine/event/shape.h"
#include "engine/run/duplicates.h"
#include "engine/run/judge.h"
#include "engine/screen/reference_check.h"
#include "engine/screen/screen.h"
#include "engine/screen/snapshot.h"
#include "engine/state/clock.h"
#include "engine/state/due.h"
#include "engine/state/operations.h"
#include "rules/trace.h"

#define ARENA_BLOCK_BYTES (256U * 1024U)

struct tw_rule_test_bench {
	const struct tw_snapshot *snapshot;
	struct tw_decoder *decoder;
	struct tw_screener *screener;
	struct tw_store *store; /* of the test at hand, both */
	struct tw_duplicates *duplicates;
	struct tw_arena arena;
	int64_t offset;
	bool real; /* the snapshot's own lists and registers are asked */
};

/* One event with what the store knew before it. */
struct prepared {
	struct tw_event event;
	struct tw_operations *operations;
	struct tw_priors *priors;
	struct tw_matches matches; /* of the snapshot's own lists */
	struct tw_arena *arena;
	bool copy; /* byte for byte an earlier event of the test: it adds nothing, raises nothing */
};

enum tw_code tw_rule_test_bench_new(const struct tw_snapshot *snapshot, struct tw_rule_test_bench **out, struct tw_error *err)
{
	struct tw_rule_test_bench *bench = calloc(1, sizeof(*bench));
	if (!bench) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a rule test", NULL, NULL);
	}
	bench->snapshot = snapshot;
	tw_arena_init(&bench->arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_decoder_new((struct tw_decode_limits){TW_EVENT_BYTES_MAX}, &bench->decoder, err);
	code = code == TW_OK ? tw_screener_new(snapshot, &bench->screener, err) : code;
	if (code != TW_OK) {
		tw_rule_test_bench_free(bench);
		return code;
	}
	*out = bench;
	return TW_OK;
}

void tw_rule_test_bench_free(struct tw_rule_test_bench *bench)
{
	if (bench) {
		tw_screener_free(bench->screener);
		tw_decoder_free(bench->decoder);
		tw_arena_fini(&bench->arena);
		free(bench);
	}
}

void tw_rule_test_bench_real(struct tw_rule_test_bench *bench)
{
	bench->real = true;
}

/* As the pipeline does it: one topic a family, one partition. */
static enum tw_code compare(struct tw_rule_test_bench *bench, struct prepared *out, struct tw_error *err)
{
	struct tw_seen_before before = {TW_SEEN_FIRST, -1};
	const struct tw_event *event = &out->event;
	struct tw_sighting sighting = {.topic = event->origin.topic,
	                               .offset = event->origin.offset,
	                               .source = tw_slice_of(event->source),
	                               .id = tw_slice_of(event->id),
	                               .raw = event->raw,
	                               .type = event->type,
	                               .time_ms = event->time.ms};
	enum tw_code code = tw_duplicates_see(bench->duplicates, &sighting, &before, err);
	out->copy = before.seen == TW_SEEN_SAME;
	out->event.id_reused = before.seen == TW_SEEN_OTHER;
	out->event.id_reused_at = before.offset;
	return code;
}

static enum tw_code apply(struct tw_rule_test_bench *bench, struct tw_slice topic, struct tw_operations *operations, struct tw_priors **priors,
                          struct tw_error *err)
{
	struct tw_store_event event = {.offset = bench->offset, .operations = operations};
	struct tw_store_part part = {.topic = topic, .committed = 0, .next = bench->offset + 1, .events = &event, .event_count = 1};
	bench->offset++;
	enum tw_code code = tw_store_apply(bench->store, &part, 1, &bench->arena, err);
	*priors = event.priors;
	return code;
}

/* Code lists, and where they are asked the lists of names too. */
static enum tw_code meet(struct tw_rule_test_bench *bench, struct prepared *out, struct tw_error *err)
{
	if (bench->real) {
		return tw_screen_lists(bench->screener, &out->event, &bench->arena, &out->matches, err);
	}
	return tw_reference_check(tw_snapshot_reference(bench->snapshot), &out->event, &bench->arena, err);
}

static enum tw_code prepare(struct tw_rule_test_bench *bench, enum tw_family family, struct tw_slice json, struct prepared *out, struct tw_error *err)
{
	struct tw_reject reject = {.detail = {NULL, 0}};
	*out = (struct prepared){.arena = &bench->arena};
	out->event.raw = json;
	out->event.origin = (struct tw_origin){tw_slice_str(tw_family_name(family)), 0, bench->offset};
	enum tw_code code = tw_decode(bench->decoder, family, json, NULL, &bench->arena, &out->event, &reject, err);
	if (code != TW_OK) {
		return code == TW_E_SYNTAX ? tw_fail(err, TW_E_SYNTAX, TW_REJECT, "the event is refused by the decoder", NULL, "%.*s",
		                                     (int)reject.detail.len, reject.detail.ptr)
		                           : code;
	}
	code = compare(bench, out, err);
	code = code == TW_OK ? meet(bench, out, err) : code;
	if (code == TW_OK && !out->copy) {
		code = tw_operations_of(&out->event, &bench->arena, &out->operations, err);
	}
	if (code != TW_OK) {
		return code;
	}
	return apply(bench, out->event.origin.topic, out->operations, &out->priors, err);
}

/* What follows of one event, and of that, until nothing does. Time passes only where a test says so. */
static enum tw_code follow(struct tw_rule_test_bench *bench, const struct tw_case *about, struct tw_error *err)
{
	static const struct tw_time_policy policy = {.idle_days = 1};
	struct tw_list facts;
	enum tw_code code = tw_judge_facts_of(&policy, &bench->arena, about, &facts, err);
	for (uint32_t i = 0; code == TW_OK && i < facts.count; i++) {
		struct tw_case fact = {.event = &((struct tw_event *)facts.data)[i]};
		tw_due_turn(&((struct tw_event *)facts.data)[i]);
		code = tw_operations_of(fact.event, &bench->arena, &fact.operations, err);
		code = code == TW_OK ? apply(bench, tw_slice_str(tw_family_name(TW_FAMILY_FACT)), fact.operations, &fact.priors, err) : code;
		code = code == TW_OK ? follow(bench, &fact, err) : code;
	}
	return code;
}

/* A given event, and what it means for others. */
static enum tw_code give(struct tw_rule_test_bench *bench, enum tw_family family, struct tw_slice json, struct tw_error *err)
{
	struct prepared given;
	enum tw_code code = prepare(bench, family, json, &given, err);
	const struct tw_case about = {.event = &given.event, .operations = given.operations, .priors = given.priors};
	return code == TW_OK && !given.copy ? follow(bench, &about, err) : code;
}

static struct tw_history_answer answer(void *context, const struct tw_history_query *query)
{
	const struct prepared *prepared = context;
	return tw_history_answer_of(&prepared->event, prepared->operations, prepared->priors, query, prepared->arena);
}

static bool may_say(void *context, enum tw_entity_kind kind, enum tw_metric metric)
{
	const struct prepared *prepared = context;
	return tw_history_may_say(prepared->operations, prepared->priors, kind, metric, prepared->arena);
}

/* "/parties/2" and "/means" name what a list match is assumed for; an alert's pointers begin with the body, and may. */
static const void *subject_of(const struct tw_event *event, struct tw_slice pointer)
{
	static const char *const bodies[] = {"/consignment", "/certificate"};
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		uint32_t length = (uint32_t)strlen(bodies[i]);
		if (pointer.len > length && memcmp(pointer.ptr, bodies[i], length) == 0 && pointer.ptr[length] == '/') {
			pointer = (struct tw_slice){pointer.ptr + length, pointer.len - length};
		}
	}
	const struct tw_list *parties = event->family == TW_FAMILY_CERTIFICATE ? &event->certificate.parties : &event->consignment.parties;
	if (tw_slice_is(pointer, "/means")) {
		return &event->consignment.means;
	}
	static const char parties_at[] = "/parties/";
	if (pointer.len >= sizeof(parties_at) && memcmp(pointer.ptr, parties_at, sizeof(parties_at) - 1) == 0) {
		unsigned long at = strtoul(pointer.ptr + sizeof(parties_at) - 1, NULL, 10);
		return at < parties->count ? (const char *)parties->data + at * sizeof(struct tw_party) : NULL;
	}
	return NULL;
}

static enum tw_code assume_matches(const struct tw_rule_test *test, const struct tw_event *event, struct tw_arena *arena, struct tw_matches *out,
                                   struct tw_error *err)
{
	struct tw_list found = {0};
	for (uint32_t i = 0; i < test->listed_count; i++) {
		const struct tw_rule_test_match *listed = &test->listed[i];
		const void *subject = subject_of(event, listed->subject);
		if (!subject) {
			return tw_fail(err, TW_E_MISSING, TW_REJECT, "the test assumes a list match for something the event does not have", NULL,
			               "%.*s; a subject is as in parties/0, or means", (int)listed->subject.len, listed->subject.ptr);
		}
		struct tw_match *match = tw_list_push(arena, &found, sizeof(*match));
		if (!match) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a rule test", NULL, NULL);
		}
		*match = (struct tw_match){.list = listed->list,
		                           .entry = listed->entry,
		                           .name = listed->name,
		                           .query = listed->name,
		                           .basis = listed->basis,
		                           .similarity_ppm = listed->similarity_ppm,
		                           .pointer = listed->subject,
		                           .subject = subject};
	}
	*out = (struct tw_matches){found.data, found.count};
	return TW_OK;
}

/* The rule itself, whatever its status: a draft is tested like any other. */
static enum tw_code ask_rule(struct tw_rule_test_bench *bench, const struct tw_rule_test *test, const struct prepared *prepared,
                             const struct tw_matches *matches, const struct tw_screen_history history, const struct tw_rule_trace *trace,
                             struct tw_rule_test_outcome *out, struct tw_error *err)
{
	uint32_t rule = tw_rules_find(tw_snapshot_rules(bench->snapshot), test->rule);
	struct tw_rule_held held = {false, 0};
	enum tw_code code = tw_screen_trace(bench->screener, &prepared->event, matches, history, rule, trace, &bench->arena, &held, err);
	out->fired = held.holds;
	out->points = held.points;
	return code;
}

static enum tw_code test_events(struct tw_rule_test_bench *bench, const struct tw_rule_test *test, const struct tw_rule_trace *trace,
                                struct tw_rule_test_outcome *out, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	struct prepared prepared;
	struct tw_matches matches = {NULL, 0};
	bench->offset = 0;
	for (uint32_t i = 0; code == TW_OK && i < test->given_count; i++) {
		code = give(bench, test->given_family[i], test->given[i], err);
	}
	if (code == TW_OK) {
		code = prepare(bench, test->family, test->event, &prepared, err);
	}
	if (code == TW_OK) {
		matches = prepared.matches;
		code = test->listed_count ? assume_matches(test, &prepared.event, &bench->arena, &matches, err) : code;
	}
	if (code == TW_OK && !prepared.copy) {
		const struct tw_screen_history history = {answer, &prepared, may_say};
		code = tw_screen_rules(bench->screener, &prepared.event, &matches, history, &bench->arena, &out->findings, err);
		code = code == TW_OK ? ask_rule(bench, test, &prepared, &matches, history, trace, out, err) : code;
	}
	return code;
}

/* Registers that the test assumes, of which nothing is seen after it. */
struct assumed {
	struct tw_specimens *specimens;
	struct tw_quantities *quantities;
	struct tw_serial_forms *forms;
	struct tw_marking_list *markings;
	struct tw_screen_registers registers;
};

static enum tw_code rows_text(struct tw_rule_test_bench *bench, const char *header, struct tw_slice rows, struct tw_slice *out, struct tw_error *err)
{
	*out = tw_arena_format(&bench->arena, "%s\n%.*s\n", header, (int)rows.len, rows.ptr);
	return out->ptr ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a rule test", NULL, NULL);
}

static enum tw_code registers_assume(struct tw_rule_test_bench *bench, const struct tw_rule_test *test, struct assumed *out, struct tw_error *err)
{
	struct tw_slice text;
	enum tw_code code = TW_OK;
	if (test->specimens.len) {
		code = rows_text(bench, TW_SPECIMENS_HEADER, test->specimens, &text, err);
		code = code == TW_OK ? tw_specimens_read("specimens", text, &out->specimens, err) : code;
	}
	if (code == TW_OK && test->quantities.len) {
		code = rows_text(bench, TW_QUANTITIES_HEADER, test->quantities, &text, err);
		code = code == TW_OK ? tw_quantities_read("quantities", text, &out->quantities, err) : code;
	}
	if (code == TW_OK && test->serial_forms.len) {
		code = rows_text(bench, TW_SERIAL_FORMS_HEADER, test->serial_forms, &text, err);
		code = code == TW_OK ? tw_serial_forms_read("serial_forms", text, &out->forms, err) : code;
	}
	if (code == TW_OK && test->markings.len) {
		code = rows_text(bench, TW_MARKING_LIST_HEADER, test->markings, &text, err);
		code = code == TW_OK ? tw_marking_list_read("markings", text, NULL, &out->markings, err) : code;
	}
	if (code != TW_OK && code != TW_E_MEMORY) {
		err->disposition = TW_REJECT;
	}
	out->registers = (struct tw_screen_registers){out->specimens, out->quantities, out->forms, out->markings};
	tw_screener_registers(bench->screener, bench->real ? NULL : &out->registers);
	return code;
}

static void registers_forget(struct tw_rule_test_bench *bench, struct assumed *assumed)
{
	tw_screener_registers(bench->screener, NULL);
	tw_specimens_free(assumed->specimens);
	tw_quantities_free(assumed->quantities);
	tw_serial_forms_free(assumed->forms);
	tw_marking_list_free(assumed->markings);
}

enum tw_code tw_rule_test_one(struct tw_rule_test_bench *bench, const struct tw_rule_test *test, const struct tw_rule_trace *trace,
                              struct tw_rule_test_outcome *out, struct tw_error *err)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	*out = (struct tw_rule_test_outcome){.passed = false};
	tw_arena_reset(&bench->arena);
	enum tw_code code = tw_duplicates_new(test->given_count + 1, &bench->duplicates, err);
	struct assumed assumed = {.specimens = NULL};
	code = code == TW_OK ? registers_assume(bench, test, &assumed, err) : code;
	code = code == TW_OK ? tw_store_memory_new(&bench->store, err) : code;
	if (code == TW_OK) {
		code = test_events(bench, test, trace, out, err);
		tw_store_free(bench->store);
	}
	registers_forget(bench, &assumed);
	tw_duplicates_free(bench->duplicates);
	bench->duplicates = NULL;
	if (code != TW_OK && err->disposition == TW_REJECT) {
		out->refused = tw_arena_copy(&bench->arena, tw_slice_str(tw_error_text(err, text, sizeof(text))));
		return TW_OK;
	}
	out->passed = code == TW_OK && out->fired == test->fires && (!test->has_points || out->points == test->points);
	return code;
}

void tw_rule_test_say(FILE *out, const struct tw_rule_test *test, const struct tw_rule_test_outcome *outcome)
{
	const struct tw_findings *findings = &outcome->findings;
	fprintf(out, "%.*s: rule %.*s, test \"%.*s\": ", (int)test->where.len, test->where.ptr, (int)test->rule.len, test->rule.ptr,
	        (int)test->name.len, test->name.ptr);
	if (outcome->refused.len) {
		fprintf(out, "%.*s\n", (int)outcome->refused.len, outcome->refused.ptr);
		return;
	}
	if (test->fires && outcome->fired) { /* then only its points can be others */
		fprintf(out, "expected %d points; it has %d\n", test->points, outcome->points);
		return;
	}
	fprintf(out, "expected %s; fired:", test->fires ? "it to fire" : "it not to fire");
	for (uint32_t i = 0; i < findings->count; i++) {
		fprintf(out, " %.*s", (int)findings->finding[i].rule->id.len, findings->finding[i].rule->id.ptr);
	}
	fprintf(out, "%s\n", findings->count ? "" : " nothing");
}

static void count_untested(const struct tw_rules *rules, struct tw_rule_test_result *result)
{
	for (uint32_t r = 0; r < tw_rules_count(rules); r++) {
		const struct tw_rule_info *info = tw_rules_info(rules, r);
		bool seen[2] = {false, false};
		for (uint32_t t = 0; t < tw_rules_test_count(rules); t++) {
			const struct tw_rule_test *test = tw_rules_test(rules, t);
			seen[test->fires] |= tw_slice_equal(test->rule, info->id);
		}
		result->rules += seen[0] || seen[1];
		result->rules_untested += info->status == TW_RULE_ACTIVE && !(seen[0] && seen[1]);
	}
}

enum tw_code tw_rule_tests_run(const struct tw_snapshot *snapshot, FILE *out, struct tw_rule_test_result *result, struct tw_error *err)
{
	const struct tw_rules *rules = tw_snapshot_rules(snapshot);
	struct tw_rule_test_bench *bench = NULL;
	struct tw_rule_test_outcome outcome;
	*result = (struct tw_rule_test_result){0};
	enum tw_code code = tw_rule_test_bench_new(snapshot, &bench, err);
	if (code != TW_OK || !bench) {
		return code;
	}
	for (uint32_t i = 0; code == TW_OK && i < tw_rules_test_count(rules); i++) {
		const struct tw_rule_test *test = tw_rules_test(rules, i);
		code = tw_rule_test_one(bench, test, NULL, &outcome, err);
		result->passed += code == TW_OK && outcome.passed;
		result->failed += code == TW_OK && !outcome.passed;
		if (code == TW_OK && !outcome.passed) {
			tw_rule_test_say(out, test, &outcome);
		}
	}
	count_untested(rules, result);
	tw_rule_test_bench_free(bench);
	return code;
}
