/**
 * @file portion.h
 * A portion of a batch: as many events as one arena holds, with all that becomes of them, on their way through the stages.
 *
 *     messages --read--> cases, operations, sorted into parts of one partition --start, ask--> priors --rule--> findings, outputs
 *
 * Private to engine/run. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_PORTION_H
#define TIDEWAITER_ENGINE_RUN_PORTION_H

#include "engine/base/arena.h"
#include "engine/io/stream.h"
#include "engine/run/duplicates.h"
#include "engine/run/judge.h"
#include "engine/run/meter.h"
#include "engine/run/outage.h"
#include "engine/run/ticks.h"
#include "engine/state/store.h"

/** [from, to), by the time that an event states. */
struct tw_period {
	int64_t from_ms, to_ms;
};

static inline bool tw_period_has(const struct tw_period *period, int64_t ms)
{
	return ms >= period->from_ms && ms < period->to_ms;
}

/** What a portion passes through; all borrowed. */
struct tw_stages {
	struct tw_judge *judge;
	struct tw_store *store;
	struct tw_duplicates *duplicates;  /**< NULL: every event counts, also one that was sent before */
	const struct tw_time_policy *time; /**< NULL: nobody asks when deliveries are due */
	struct tw_ticks *ticks;            /**< NULL: no time passes */
	/** Files: the store is asked for each run of one partition in the order of the lines, so that answers do not depend on where a batch ends. */
	bool in_order;
	const struct tw_period *period; /**< events of another time are history alone; NULL: all are judged */
	/** In order: offsets of the facts' own place. `next` goes back to `committed` with a batch that comes again; `begun`: of the batch on its
	 * way. */
	int64_t facts_next, facts_begun, facts_committed;
	struct tw_outage store_outage;
	struct tw_meter meter;
};

/** Events by partition, or by run of a partition; `owner` and `place` are parallel to the cases: which part, and where in it. */
struct tw_parts {
	struct tw_store_part *part;
	uint32_t count;
	uint32_t *owner;
	uint32_t *place;
};

struct tw_portion {
	struct tw_arena arena;
	struct tw_case *cases; /**< in the arena, as all that comes of them */
	uint32_t count;
	struct tw_parts parts;
	bool read;    /**< decoded, screened, sorted into parts: not asked about yet */
	bool goes_on; /**< in order: the store was asked before, in this arena (struct tw_store_part) */
};

void tw_portion_init(struct tw_portion *portion);
/** How many of the messages make a portion: at most `most`, of `bytes_most` bytes of source together; one of more than that is one. */
uint32_t tw_portion_length(const struct tw_message *messages, uint32_t count, uint32_t most, uint32_t bytes_most);
void tw_portion_fini(struct tw_portion *portion);

/**
 * What needs no state. What the portion held before is gone.
 * @param messages borrowed until the portion is read anew @param count at least 1 @param rebuild the events were committed, their state was lost
 * @return TW_OK: dead letters too; TW_E_MEMORY: more than one arena holds, fewer messages may fit; others as tw_judge_read
 */
TW_MUST_USE enum tw_code tw_portion_read(struct tw_stages *stages, struct tw_portion *portion, const struct tw_message *messages, uint32_t count,
                                         bool rebuild, struct tw_error *err);
/**
 * Show the messages that are read again to the window of duplicates, and take them out of `messages`. Right after their poll, all of them: a message
 * is read again once.
 * @param portion only its arena is used @param count in, out
 * @return TW_OK; TW_E_MEMORY stop; others as tw_judge_fold
 */
TW_MUST_USE enum tw_code tw_portion_reread(struct tw_stages *stages, struct tw_portion *portion, struct tw_message *messages, uint32_t *count,
                                           struct tw_error *err);
/** A portion that will be read anew: its events have not told of time. Of several the last one first. */
void tw_portion_undo(struct tw_stages *stages, struct tw_portion *portion);
/** Send ahead what tw_portion_ask will ask; see tw_store_start. */
void tw_portion_start(struct tw_stages *stages, struct tw_portion *portion);
/**
 * Apply all operations, get all priors; whether they hold, tw_portion_confirm says. A store that is away is waited for.
 * @return as tw_store_ask; TW_E_IO when a stop ended the wait
 */
TW_MUST_USE enum tw_code tw_portion_ask(struct tw_stages *stages, struct tw_portion *portion, struct tw_error *err);
/**
 * Before anything that came of the portion leaves the process.
 * @param held out, false: the portion is to be read anew. What was lost on the way was waited for @return as tw_portion_ask
 */
TW_MUST_USE enum tw_code tw_portion_confirm(struct tw_stages *stages, bool *held, struct tw_error *err);
/** Apply some parts of the portion, or made in its arena. Waits and returns as tw_portion_ask. */
TW_MUST_USE enum tw_code tw_portion_apply(struct tw_stages *stages, struct tw_portion *portion, struct tw_store_part *parts, uint32_t count,
                                          struct tw_error *err);
/** Findings, scores, outputs of all cases; not in order, their facts for the log. @return as tw_judge_rule */
TW_MUST_USE enum tw_code tw_portion_rule(struct tw_stages *stages, struct tw_portion *portion, struct tw_error *err);

#endif
