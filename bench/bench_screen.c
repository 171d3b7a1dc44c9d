/**
 * @file bench_screen.c
 * What screening costs an event: the lists (both sample lists) and the rules (folders given as arguments), without store and I/O.
 * usage: bench_screen RULES_FOLDER...   Checks that both passes over the same events find the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/traffic.h"
#include "engine/base/arena.h"
#include "engine/decode/decode.h"
#include "engine/screen/screen.h"
#include "engine/screen/snapshot.h"

#define EVENTS 20000U
#define ROUNDS 5

struct sums {
	uint64_t matches;
	uint64_t findings;
	double decode_ns, lists_ns, rules_ns;
};

static double now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void fail(const struct tw_error *err)
{
	char text[1024];
	fprintf(stderr, "bench_screen: %s\n", tw_error_text(err, text, sizeof(text)));
	exit(1);
}

static void screen_one(struct tw_decoder *decoder, struct tw_screener *screener, struct tw_slice bytes, struct tw_arena *arena, struct sums *sums)
{
	struct tw_error err;
	struct tw_reject reject;
	struct tw_event event = {.raw = bytes};
	struct tw_matches matches;
	struct tw_findings findings;
	double t0 = now_ns();
	if (tw_decode(decoder, TW_FAMILY_MANIFEST, bytes, NULL, arena, &event, &reject, &err) != TW_OK) {
		fail(&err);
	}
	double t1 = now_ns();
	if (tw_screen_lists(screener, &event, arena, &matches, &err) != TW_OK) {
		fail(&err);
	}
	double t2 = now_ns();
	if (tw_screen_rules(screener, &event, &matches, (struct tw_screen_history){.answer = NULL}, arena, &findings, &err) != TW_OK) {
		fail(&err);
	}
	sums->decode_ns += t1 - t0;
	sums->lists_ns += t2 - t1;
	sums->rules_ns += now_ns() - t2;
	sums->matches += matches.count;
	sums->findings += findings.count;
	tw_arena_reset(arena);
}

static int by_total(const void *a, const void *b)
{
	const struct sums *x = a, *y = b;
	double left = x->lists_ns + x->rules_ns, right = y->lists_ns + y->rules_ns;
	return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
	static const struct tw_list_source lists[] = {
	    {.id = "un-sc", .format = TW_LIST_UN_XML, .path = "feeds/sample/lists/un/UN_consolidated_2026-02-27.xml"},
	    {.id = "ofac-sdn", .format = TW_LIST_OFAC_CSV, .path = "feeds/sample/lists/ofac"}};
	const struct tw_snapshot_sources sources = {.rule_paths = (const char *const *)(const void *)(argv + 1),
	                                            .rule_path_count = (size_t)(argc - 1),
	                                            .lists = lists,
	                                            .list_count = 2,
	                                            .embargoes = "feeds/embargoes/embargoes.csv",
	                                            .reference = "feeds/reference"};
	struct tw_snapshot *snapshot = NULL;
	struct tw_screener *screener = NULL;
	struct tw_decoder *decoder = NULL;
	struct tw_error err;
	struct tw_arena arena;
	struct sums rounds[ROUNDS] = {{0}};
	static char buffer[8192];
	if (argc < 2) {
		fprintf(stderr, "usage: bench_screen RULES_FOLDER...\n");
		return 64;
	}
	tw_arena_init(&arena, 1 << 20, 0);
	if (tw_snapshot_build(&sources, stderr, &snapshot, &err) != TW_OK || tw_screener_new(snapshot, &screener, &err) != TW_OK ||
	    tw_decoder_new((struct tw_decode_limits){1 << 20}, &decoder, &err) != TW_OK) {
		fail(&err);
	}
	for (int round = 0; round < ROUNDS; round++) {
		struct tw_traffic traffic;
		tw_traffic_init(&traffic, 1);
		for (uint32_t i = 0; i < EVENTS; i++) {
			size_t length = tw_traffic_next(&traffic, buffer, sizeof(buffer));
			screen_one(decoder, screener, (struct tw_slice){buffer, (uint32_t)length}, &arena, &rounds[round]);
		}
		if (rounds[round].findings != rounds[0].findings || rounds[round].matches != rounds[0].matches) {
			fprintf(stderr, "bench_screen: two passes over the same events disagree\n");
			return 1;
		}
	}
	qsort(rounds, ROUNDS, sizeof(rounds[0]), by_total);
	const struct sums *median = &rounds[ROUNDS / 2];
	printf("%u rules, %u events, median of %d rounds: decode %.0f ns, lists and reference %.0f ns, rules %.0f ns an event; %llu matches, %llu "
	       "findings\n",
	       tw_rules_count(tw_snapshot_rules(snapshot)), EVENTS, ROUNDS, median->decode_ns / EVENTS, median->lists_ns / EVENTS,
	       median->rules_ns / EVENTS, (unsigned long long)median->matches, (unsigned long long)median->findings);
	printf("RESULT screen.lists %.0f ns/event\nRESULT screen.rules %.0f ns/event\n", median->lists_ns / EVENTS, median->rules_ns / EVENTS);
	tw_screener_free(screener);
	tw_decoder_free(decoder);
	tw_snapshot_free(snapshot);
	tw_arena_fini(&arena);
	return 0;
}
