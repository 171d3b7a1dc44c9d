/**
 * @file kafka_clock.h
 * The clock that patience with a broker is measured by. Never in anything that is scored.
 */
#ifndef TIDEWAITER_ENGINE_IO_KAFKA_CLOCK_H
#define TIDEWAITER_ENGINE_IO_KAFKA_CLOCK_H

#include <stdint.h>
#include <time.h>

/** Milliseconds since some moment before the process began. */
static inline int64_t kafka_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
