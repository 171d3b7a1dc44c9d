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
/**
 * The next event of a stream in which one in ten touches a certificate (of ten of those, eight consignments draw on one, one certificate is issued,
 * one delivery is verified) and another one in ten carries 20 serials; the others are those of tw_traffic_next.
 * @param topic out: the topic that it belongs to @return as tw_traffic_next
 */
size_t tw_traffic_euc(struct tw_traffic *traffic, char *out, size_t size, const char **topic);
/** A party name as the events draw them, terminated. */
void tw_traffic_name(struct tw_traffic *traffic, char *out, size_t size);

#endif
