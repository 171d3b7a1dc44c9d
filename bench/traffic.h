/**
 * @file traffic.h
 * Seeded manifest events for the benchmarks: about 1.5 KB each, ordinary trade in its variety, parties and vessels that come back.
 * Same seed and number, same bytes, on every machine.
 */
#ifndef TIDEWAITER_BENCH_TRAFFIC_H
#define TIDEWAITER_BENCH_TRAFFIC_H

#include <stddef.h>
#include <stdint.h>

struct tw_traffic {
	uint64_t state;
	uint64_t number;
};

void tw_traffic_init(struct tw_traffic *traffic, uint64_t seed);
/** Write the next event as one JSON object, no newline. @return its length; `size` of 8192 always suffices */
size_t tw_traffic_next(struct tw_traffic *traffic, char *out, size_t size);
/** A party name as the events draw them, terminated. */
void tw_traffic_name(struct tw_traffic *traffic, char *out, size_t size);

#endif
