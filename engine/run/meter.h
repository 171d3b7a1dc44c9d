/**
 * @file meter.h
 * Where a run's time goes: the clock is read when one stage ends and the next begins, some ten times a portion, never for an event alone.
 *
 *     poll | decode | lists | (send ahead) state | rules | produce | commit | poll ...       what lies between two laps belongs to the later
 *
 * For the summary and the log; nothing that is judged or put out depends on it. Private to engine/run. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_METER_H
#define TIDEWAITER_ENGINE_RUN_METER_H

#include <stddef.h>
#include <stdint.h>

enum tw_stage {
	TW_STAGE_POLL, /**< waiting for events, and fetching them */
	TW_STAGE_DECODE,
	TW_STAGE_LISTS,   /**< lists and reference tables, duplicates, the operations that an event makes */
	TW_STAGE_STATE,   /**< sending to the store and waiting for it */
	TW_STAGE_RULES,   /**< rules, score, the bytes of alerts */
	TW_STAGE_PRODUCE, /**< keeping outputs and handing them to the stream */
	TW_STAGE_COMMIT,  /**< beginning a commit, and waiting for one with nothing else to do */
	TW_STAGES
};

struct tw_meter {
	int64_t at_ns; /**< the last lap; 0: none yet */
	int64_t ns[TW_STAGES];
};

/** What passed since the last lap was this stage's; the first lap only starts the clock. */
void tw_meter_lap(struct tw_meter *meter, enum tw_stage stage);
/** "poll", "decode", ... */
const char *tw_stage_name(enum tw_stage stage);
/** "poll 12%, decode 20%, ... commit 3% of 7.1 s"; shares of the sum, rounded. @return `buffer`, terminated, cut short to `size` */
const char *tw_meter_text(const struct tw_meter *meter, char *buffer, size_t size);

#endif
