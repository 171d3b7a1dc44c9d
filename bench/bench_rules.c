/**
 * @file bench_rules.c
 * What a rule set costs as it grows: one folder an argument, smallest first. How long it takes to load, and what an event takes in decoding,
 * lists and rules. The events are those of traffic.c and, under TW_BILLS, real bills of lading as NDJSON envelopes.
 * usage: bench_rules RULES_FOLDER...   Checks that the findings are those of every rule evaluated by itself, without the index.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/traffic.h"
#include "engine/base/arena.h"
#include "engine/decode/decode.h"
#include "engine/screen/screen.h"
#include "engine/screen/snapshot.h"
#include "rules/bench.h"

#define EVENTS  4000U
#define CHECKED 500U
#define ROUNDS  5
#define LOADS   3
#define TEXT    4096U

/* The processor's time of this thread: others on the machine do not count. */
static double now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double wall_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

struct bench {
	struct tw_snapshot *snapshot;
	struct tw_screener *screener;
	struct tw_decoder *decoder;
	struct tw_arena arena;
};

struct cost {
	double all_ns, rules_ns;
	uint64_t findings;
};

static void need(enum tw_code code, const struct tw_error *err)
{
	char text[1024];
	if (code != TW_OK) {
		fprintf(stderr, "bench_rules: %s\n", tw_error_text(err, text, sizeof(text)));
		exit(1);
	}
}

static void event_of(struct bench *bench, struct tw_slice bytes, struct tw_event *event)
{
	struct tw_error err;
	struct tw_reject reject;
	*event = (struct tw_event){.raw = bytes};
	need(tw_decode(bench->decoder, TW_FAMILY_MANIFEST, bytes, NULL, &bench->arena, event, &reject, &err), &err);
}

static void one(struct bench *bench, struct tw_slice bytes, struct cost *cost)
{
	struct tw_error err;
	struct tw_event event;
	struct tw_matches matches;
	struct tw_findings findings;
	const struct tw_screen_history nothing = {.answer = NULL};
	double from = now_ns();
	event_of(bench, bytes, &event);
	need(tw_screen_lists(bench->screener, &event, &bench->arena, &matches, &err), &err);
	double middle = now_ns();
	need(tw_screen_rules(bench->screener, &event, &matches, nothing, &bench->arena, &findings, &err), &err);
	double end = now_ns();
	cost->all_ns += end - from;
	cost->rules_ns += end - middle;
	cost->findings += findings.count;
	tw_arena_reset(&bench->arena);
}

/* The same rules in the same order, whether the index chose them or none was spared. */
static void check(struct bench *bench, struct tw_rule_bench *spared, struct tw_rule_bench *every, struct tw_slice bytes)
{
	const struct tw_rules *rules = tw_snapshot_rules(bench->snapshot);
	struct tw_error err;
	struct tw_event event;
	struct tw_matches matches;
	struct tw_findings a, b;
	event_of(bench, bytes, &event);
	need(tw_screen_lists(bench->screener, &event, &bench->arena, &matches, &err), &err);
	const struct tw_rule_env env = {.event = &event, .matches = &matches};
	need(tw_rules_eval(rules, spared, &env, &bench->arena, &a, &err), &err);
	need(tw_rules_eval(rules, every, &env, &bench->arena, &b, &err), &err);
	bool same = a.count == b.count;
	for (uint32_t i = 0; same && i < a.count; i++) {
		same = a.finding[i].rule == b.finding[i].rule;
	}
	if (!same) {
		fprintf(stderr, "bench_rules: %u findings, %u without the index\n", a.count, b.count);
		exit(1);
	}
	tw_arena_reset(&bench->arena);
}

static void check_all(struct bench *bench)
{
	struct tw_rule_bench *spared, *every;
	struct tw_error err;
	struct tw_traffic traffic;
	char buffer[8192];
	need(tw_rule_bench_new(tw_snapshot_rules(bench->snapshot), &spared, &err), &err);
	need(tw_rule_bench_new(tw_snapshot_rules(bench->snapshot), &every, &err), &err);
	tw_rule_bench_spare_nothing(every);
	tw_traffic_init(&traffic, 2);
	for (uint32_t i = 0; i < CHECKED; i++) {
		size_t length = tw_traffic_next(&traffic, buffer, sizeof(buffer));
		check(bench, spared, every, (struct tw_slice){buffer, (uint32_t)length});
	}
	tw_rule_bench_free(spared);
	tw_rule_bench_free(every);
}

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

static double median(double *values, uint32_t count)
{
	qsort(values, count, sizeof(*values), by_size);
	return values[count / 2];
}

static void screen(struct bench *bench, double *all_ns, double *rules_ns, uint64_t *findings)
{
	double all[ROUNDS], rules[ROUNDS];
	char buffer[8192];
	for (int round = 0; round < ROUNDS; round++) {
		struct cost cost = {0, 0, 0};
		struct tw_traffic traffic;
		tw_traffic_init(&traffic, 1);
		for (uint32_t i = 0; i < EVENTS; i++) {
			size_t length = tw_traffic_next(&traffic, buffer, sizeof(buffer));
			one(bench, (struct tw_slice){buffer, (uint32_t)length}, &cost);
		}
		all[round] = cost.all_ns / EVENTS;
		rules[round] = cost.rules_ns / EVENTS;
		*findings = cost.findings;
	}
	*all_ns = median(all, ROUNDS);
	*rules_ns = median(rules, ROUNDS);
}

static void load(struct bench *bench, const char *folder, double *wall_s, double *processor_s)
{
	static const struct tw_list_source lists[] = {
	    {.id = "un-sc", .format = TW_LIST_UN_XML, .path = "feeds/sample/lists/un/UN_consolidated_2026-02-27.xml"}};
	const char *const paths[] = {folder};
	const struct tw_snapshot_sources sources = {.rule_paths = paths,
	                                            .rule_path_count = 1,
	                                            .lists = lists,
	                                            .list_count = 1,
	                                            .embargoes = "feeds/embargoes/embargoes.csv",
	                                            .reference = "feeds/reference"};
	double wall[LOADS], processor[LOADS];
	struct tw_error err;
	for (int i = 0; i < LOADS; i++) {
		struct tw_rules *rules;
		struct timespec used;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
		double from = wall_ns(), before = (double)used.tv_sec + (double)used.tv_nsec / 1e9;
		need(tw_rules_load(paths, 1, NULL, &rules, &err), &err);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
		wall[i] = (wall_ns() - from) / 1e9;
		processor[i] = (double)used.tv_sec + (double)used.tv_nsec / 1e9 - before;
		tw_rules_free(rules);
	}
	*wall_s = median(wall, LOADS);
	*processor_s = median(processor, LOADS);
	need(tw_snapshot_build(&sources, NULL, &bench->snapshot, &err), &err);
	need(tw_screener_new(bench->snapshot, &bench->screener, &err), &err);
}

int main(int argc, char **argv)
{
	struct tw_error err;
	double first_all = 0, first_rules = 0, all_ns = 0, rules_ns = 0;
	if (argc < 2) {
		fprintf(stderr, "usage: bench_rules RULES_FOLDER...\n");
		return 64;
	}
	for (int i = 1; i < argc; i++) {
		struct bench bench = {NULL, NULL, NULL, {0}};
		double wall_s = 0, processor_s = 0;
		uint64_t findings = 0;
		tw_arena_init(&bench.arena, 1 << 20, 0);
		need(tw_decoder_new((struct tw_decode_limits){1 << 20}, &bench.decoder, &err), &err);
		load(&bench, argv[i], &wall_s, &processor_s);
		check_all(&bench);
		screen(&bench, &all_ns, &rules_ns, &findings);
		first_all = i == 1 ? all_ns : first_all;
		first_rules = i == 1 ? rules_ns : first_rules;
		uint32_t count = tw_rules_count(tw_snapshot_rules(bench.snapshot));
		printf("%u rules: loaded in %.2f s (%.2f s of the processor); %.0f events/s through decode, lists and rules, %.0f ns of each in "
		       "rules; %llu "
		       "findings of %u events\n",
		       count, wall_s, processor_s, 1e9 / all_ns, rules_ns, (unsigned long long)findings, EVENTS);
		printf("RESULT rules%u.events %.0f events/s\nRESULT rules%u.rules %.0f ns/event\nRESULT rules%u.load %.2f s\n", count, 1e9 / all_ns,
		       count, rules_ns, count, wall_s);
		printf("RESULT rules%u.of_smallest %.2f of the events/s (aim: 0.5 at 10,000)\n", count, first_all / all_ns);
		tw_screener_free(bench.screener);
		tw_decoder_free(bench.decoder);
		tw_snapshot_free(bench.snapshot);
		tw_arena_fini(&bench.arena);
	}
	printf("rules alone: %.1f times the smallest set's time at the largest\n", rules_ns / first_rules);
	return 0;
}
