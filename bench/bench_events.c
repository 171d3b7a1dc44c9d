/**
 * @file bench_events.c
 * Write seeded manifest events as NDJSON: `bench_events COUNT [SEED] [--envelope | --euc]`. Feeds the pipeline benchmark and kcat. With --euc, in
 * envelopes, one in ten touches a certificate and one in ten carries 20 serials.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/traffic.h"

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: bench_events COUNT [SEED] [--envelope | --euc]\n");
		return 64;
	}
	unsigned long long count = strtoull(argv[1], NULL, 10), seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	int euc = argc > 3 && strcmp(argv[3], "--euc") == 0, envelope = euc || (argc > 3 && strcmp(argv[3], "--envelope") == 0);
	struct tw_traffic traffic;
	static char event[8192];
	tw_traffic_init(&traffic, seed);
	for (unsigned long long i = 0; i < count; i++) {
		const char *topic = "tw.manifests";
		size_t length = euc ? tw_traffic_euc(&traffic, event, sizeof(event), &topic) : tw_traffic_next(&traffic, event, sizeof(event));
		if (envelope ? printf("{\"topic\":\"%s\",\"value\":%.*s}\n", topic, (int)length, event) < 0
		             : printf("%.*s\n", (int)length, event) < 0) {
			perror("bench_events");
			return 74;
		}
	}
	return 0;
}
