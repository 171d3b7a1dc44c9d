/**
 * @file outage.h
 * A peer that went away: said once, waited for with growing pauses, said again when it is back.
 *
 *     note -> log "away" (then once a minute) ; pause 100 ms, 200 ms, ... 5 s, cut short by a stop
 *     over -> log "back" with the time it took
 */
#ifndef TIDEWAITER_ENGINE_RUN_OUTAGE_H
#define TIDEWAITER_ENGINE_RUN_OUTAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <tidewaiter/error.h>

struct tw_outage {
	const char *away_event; /**< "kafka_away"; constant, for the log */
	const char *back_event; /**< "kafka_back" */
	bool away;
	int64_t since_ms;
	int64_t said_ms;
	uint32_t pause_ms;
	uint64_t errors; /**< waits that were begun: each for a call that failed */
	/** Called behind each pause, for what must go on meanwhile; NULL: nothing must. */
	void (*meanwhile)(void *context);
	void *context;
};

/** Monotonic milliseconds, for pauses and rates; never for anything that reaches output. */
int64_t tw_now_ms(void);
/** Say it if it is due, then pause. @return false when a stop was asked for meanwhile */
bool tw_outage_wait(struct tw_outage *outage, const struct tw_error *err);
/** The peer answered. */
void tw_outage_over(struct tw_outage *outage);

#endif
