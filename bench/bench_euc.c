/**
 * @file bench_euc.c
 * What the ten-thousandth consignment under one certificate costs against the first ones, and the ten-thousandth range of one series of serials:
 * decode, state in memory, the rules given as arguments, facts; no lists, no I/O. usage: bench_euc RULES_FOLDER...
 *
 * Cold, every event has a certificate or a maker of its own; hot, all share one. Parties, ships and boxes are new in every event, so that nothing
 * else grows hot. Processor time, of several passes the least. Checks that the hot record says that it is at its limit, and the cold one does not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/base/arena.h"
#include "engine/decode/decode.h"
#include "engine/screen/screen.h"
#include "engine/screen/snapshot.h"
#include "engine/state/facts.h"
#include "engine/state/operations.h"

#define EVENTS 10000U
#define WINDOW 200U /* events that one figure is the mean of */
#define PASSES 3

enum kind { CERTIFICATE, RANGE, KINDS };

static const char *const words[KINDS] = {"certificate", "range"};

struct bench {
	struct tw_decoder *decoder;
	struct tw_screener *screener;
	struct tw_store *store;
	struct tw_arena arena;
	int64_t offset, facts;
};

struct prepared {
	struct tw_event event;
	struct tw_operations *operations;
	struct tw_priors *priors;
	struct tw_arena *arena;
};

/* What a pass came to. */
struct figures {
	double first_ns, last_ns;
	uint32_t record_bytes, limits;
};

static double busy_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void require(enum tw_code code, const struct tw_error *err)
{
	char text[1024];
	if (code != TW_OK) {
		fprintf(stderr, "bench_euc: %s\n", tw_error_text(err, text, sizeof(text)));
		exit(1);
	}
}

static struct tw_slice event_of(enum kind kind, bool hot, uint32_t number, char *out, size_t size)
{
	uint32_t one = hot ? 0 : number, from = number * 20;
	char stated[400];
	if (kind == CERTIFICATE) {
		snprintf(stated, sizeof(stated), "\"certificates\":[{\"number\":\"XB/MOD/2026/%05u\",\"issuer_country\":\"XB\",\"line\":1}]", one);
	} else {
		snprintf(stated, sizeof(stated),
		         "\"make\":\"Halden %05u\",\"markings\":[{\"kind\":\"serial_range\",\"from\":\"HX%07u\",\"to\":\"HX%07u\"}]", one, from,
		         from + 19);
	}
	int length =
	    snprintf(out, size,
	             "{\"id\":\"e-%u\",\"type\":\"consignment.declared\",\"time\":\"2026-03-%02uT%02u:%02u:%02uZ\",\"source\":\"bench\","
	             "\"consignment\":{\"id\":\"EUC%07u\",\"revision\":1,\"office\":\"XBMAR\",\"means\":{\"mode\":\"sea\",\"name\":\"Tidal %u\"},"
	             "\"route\":[{\"role\":\"load\",\"country\":\"XA\",\"departure\":\"2026-03-01\"},{\"role\":\"discharge\",\"country\":\"XB\","
	             "\"arrival\":\"2026-03-20\"}],\"parties\":[{\"role\":\"consignor\",\"name\":\"Alder %u Works\",\"country\":\"XA\"},"
	             "{\"role\":\"consignee\",\"name\":\"Bering %u Guard\",\"country\":\"XB\"}],\"items\":[{\"line\":1,\"description\":"
	             "\"Hunting rifles, bolt action\",\"hs\":\"930330\",\"quantity\":20,\"unit\":\"C62\",\"gross_kg\":90,%s}]}}",
	             number, number / 400 + 1, number / 20 % 24, number % 60, number % 60, number, number, number, number, stated);
	return (struct tw_slice){out, (uint32_t)length};
}

static void apply(struct bench *bench, struct tw_slice topic, int64_t *offset, struct tw_operations *operations, struct tw_priors **priors)
{
	struct tw_error err = {.detail = ""};
	struct tw_store_event event = {.offset = *offset, .operations = operations};
	struct tw_store_part part = {.topic = topic, .committed = *offset, .next = *offset + 1, .events = &event, .event_count = 1};
	++*offset;
	require(tw_store_apply(bench->store, &part, 1, &bench->arena, &err), &err);
	*priors = event.priors;
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

/* @return whether some record was at its limit */
static bool judge(struct bench *bench, struct tw_slice json)
{
	struct prepared prepared = {.arena = &bench->arena};
	struct tw_reject reject;
	struct tw_error err = {.detail = ""};
	struct tw_findings findings;
	struct tw_event *facts = NULL;
	uint32_t count = 0;
	bool limit = false;
	prepared.event.raw = json;
	require(tw_decode(bench->decoder, TW_FAMILY_MANIFEST, json, NULL, &bench->arena, &prepared.event, &reject, &err), &err);
	require(tw_operations_of(&prepared.event, &bench->arena, &prepared.operations, &err), &err);
	apply(bench, tw_slice_str("tw.manifests"), &bench->offset, prepared.operations, &prepared.priors);
	const struct tw_screen_history history = {answer, &prepared, may_say};
	const struct tw_matches none = {NULL, 0};
	require(tw_screen_rules(bench->screener, &prepared.event, &none, history, &bench->arena, &findings, &err), &err);
	require(tw_facts_of(&prepared.event, prepared.operations, prepared.priors, &bench->arena, &facts, &count, &err), &err);
	for (uint32_t i = 0; i < findings.count; i++) {
		limit |= tw_slice_is(findings.finding[i].rule->id, "euc-record-full");
	}
	tw_arena_reset(&bench->arena);
	return limit;
}

static struct figures pass(struct bench *bench, enum kind kind, bool hot)
{
	static char buffer[4096];
	struct figures figures = {.first_ns = 0};
	struct tw_error err = {.detail = ""};
	struct tw_slice record = {NULL, 0};
	require(tw_store_memory_new(&bench->store, &err), &err);
	bench->offset = bench->facts = 0;
	double begin = busy_ns();
	for (uint32_t i = 0; i < EVENTS; i++) {
		figures.limits += judge(bench, event_of(kind, hot, i, buffer, sizeof(buffer)));
		if (i + 1 == WINDOW) {
			figures.first_ns = (busy_ns() - begin) / WINDOW;
		}
		begin = i + 1 == EVENTS - WINDOW ? busy_ns() : begin;
	}
	figures.last_ns = (busy_ns() - begin) / WINDOW;
	enum tw_entity_kind entity = kind == CERTIFICATE ? TW_ENTITY_CERTIFICATE : TW_ENTITY_MARKING;
	const char *key = kind == CERTIFICATE ? "XB|XBMOD202600000" : "HALDEN00000|~HX";
	if (tw_store_read(bench->store, entity, tw_slice_str(key), &bench->arena, &record, &err) == TW_OK) {
		figures.record_bytes = record.len;
	}
	tw_arena_reset(&bench->arena);
	tw_store_free(bench->store);
	return figures;
}

static double least(double held, double value)
{
	return held == 0 || value < held ? value : held;
}

/* Cold and hot in turn, so that a busy hour of the machine meets both. */
static void measure(struct bench *bench, enum kind kind, struct figures *cold, struct figures *hot)
{
	*cold = *hot = (struct figures){.first_ns = 0};
	for (int i = 0; i < PASSES; i++) {
		for (int is_hot = 0; is_hot < 2; is_hot++) {
			struct figures *held = is_hot ? hot : cold;
			struct figures figures = pass(bench, kind, is_hot);
			figures.first_ns = least(held->first_ns, figures.first_ns);
			figures.last_ns = least(held->last_ns, figures.last_ns);
			*held = figures;
		}
	}
}

int main(int argc, char **argv)
{
	const struct tw_snapshot_sources sources = {.rule_paths = (const char *const *)(const void *)(argv + 1),
	                                            .rule_path_count = (size_t)(argc - 1),
	                                            .embargoes = "feeds/embargoes/embargoes.csv",
	                                            .reference = "feeds/reference"};
	struct tw_snapshot *snapshot = NULL;
	struct bench bench = {.offset = 0};
	struct tw_error err = {.detail = ""};
	if (argc < 2) {
		fprintf(stderr, "usage: bench_euc RULES_FOLDER...\n");
		return 64;
	}
	tw_arena_init(&bench.arena, 1 << 20, 0);
	require(tw_snapshot_build(&sources, stderr, &snapshot, &err), &err);
	require(tw_screener_new(snapshot, &bench.screener, &err), &err);
	require(tw_decoder_new((struct tw_decode_limits){1 << 20}, &bench.decoder, &err), &err);
	for (int kind = 0; kind < KINDS; kind++) {
		struct figures cold, hot;
		measure(&bench, (enum kind)kind, &cold, &hot);
		printf("%s: cold %.1f us an event; all %u on one: the first %u %.1f us each, the last %.1f us; its record %u bytes\n", words[kind],
		       cold.last_ns / 1000, EVENTS, WINDOW, hot.first_ns / 1000, hot.last_ns / 1000, hot.record_bytes);
		printf("RESULT euc.%s_last_vs_first %.2f ratio\nRESULT euc.%s_last_vs_own %.2f ratio\nRESULT euc.%s_record %u bytes\n", words[kind],
		       hot.last_ns / hot.first_ns, words[kind], hot.last_ns / cold.last_ns, words[kind], hot.record_bytes);
		if (hot.record_bytes == 0 || cold.limits || (kind == CERTIFICATE && !hot.limits)) {
			fprintf(stderr, "bench_euc: the hot record is not there, or does not say that it is full\n");
			return 1;
		}
	}
	tw_screener_free(bench.screener);
	tw_decoder_free(bench.decoder);
	tw_snapshot_free(snapshot);
	tw_arena_fini(&bench.arena);
	return 0;
}
