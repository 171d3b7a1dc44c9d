/**
 * @file progress.h
 * How far, how fast, how long yet: one line on a terminal, rewritten in place; nothing anywhere else.
 */
#ifndef TIDEWAITER_ENGINE_RUN_PROGRESS_H
#define TIDEWAITER_ENGINE_RUN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct tw_progress {
	FILE *out;
	bool shown;        /**< the stream is a terminal */
	const char *label; /**< before the bar, NULL: none */
	const char *unit;  /**< what is counted, NULL: events */
	int64_t begun_ms, drawn_ms;
};

/** The line's text. @param total 0: not known @param unit what `count` counts @return `buffer`, terminated. Pure. */
const char *tw_progress_text(uint64_t done, uint64_t total, uint64_t count, const char *unit, int64_t ms, char *buffer, size_t size);
void tw_progress_begin(struct tw_progress *progress, FILE *out, int64_t now_ms);
/** Draws at most ten times a second. */
void tw_progress_draw(struct tw_progress *progress, uint64_t done, uint64_t total, uint64_t events, int64_t now_ms);
/** Clears the line. */
void tw_progress_end(struct tw_progress *progress);

#endif
