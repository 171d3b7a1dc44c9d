/**
 * @file pipeline_parts.h
 * The pipeline's insides, shared by pipeline.c (life, what is polled and when), pipeline_judge.c (a batch's portions) and pipeline_commit.c (outputs,
 * commits, what is given up). Private to pipeline*.c. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_PIPELINE_PARTS_H
#define TIDEWAITER_ENGINE_RUN_PIPELINE_PARTS_H

#include "engine/run/kept.h"
#include "engine/run/pipeline.h"
#include "engine/run/portion.h"
#include "engine/run/recovery.h"

#define TW_PORTIONS 3U /**< the one that is ruled, the one that is looked up, and one that is only read */

/** Which message. */
struct tw_pipeline_place {
	uint64_t topic; /* its hash */
	int32_t partition;
	int64_t offset;
};

struct tw_pipeline {
	struct tw_pipeline_options options;
	struct tw_stages stages;
	struct tw_portion portions[TW_PORTIONS];
	struct tw_portion *turn[TW_PORTIONS]; /* the one that is ruled first */
	struct tw_portion reread;             /* never more than one event of what is only looked at */
	struct tw_counters total;
	struct tw_counters batch;      /* of the batch in hand: no commit of it has begun */
	struct tw_counters committing; /* of the one on its way */
	uint32_t in_hand;              /* events of the batch in hand */
	uint32_t behind;               /* events that came in full polls, one right after the other */
	bool on_its_way;
	struct tw_pipeline_place first, begun_first; /* of the batch in hand; of the one on its way */
	bool in_doubt;                               /* that one failed, and its events may come again or not */
	struct tw_kept kept;                         /* outputs of the batch in hand while another is on its way */
	struct tw_outage stream_outage;
	uint64_t commits, aborts;
	struct tw_recovery recovery;
};

/* ---- pipeline_judge.c ---- */

/** Every event of a poll: judged, and its outputs put. @return TW_OK, or why the batch in hand is given up */
TW_MUST_USE enum tw_code tw_pipeline_judge(struct tw_pipeline *pipeline, const struct tw_message *messages, uint32_t count, struct tw_error *err);

/* ---- pipeline_commit.c ---- */

/** The batch on its way, if any: counted once it is committed. @param wait false: only look */
TW_MUST_USE enum tw_code tw_pipeline_previous_end(struct tw_pipeline *pipeline, bool wait, struct tw_error *err);
/** Nothing is on its way any more: what waited for that. */
TW_MUST_USE enum tw_code tw_pipeline_kept_produce(struct tw_pipeline *pipeline, struct tw_error *err);
/** Outputs of events that were judged: to the stream, or kept while a commit is on its way. */
TW_MUST_USE enum tw_code tw_pipeline_put(struct tw_pipeline *pipeline, const struct tw_case *cases, uint32_t count, struct tw_error *err);
/** @param all nothing more is to come: nothing is left in hand or on its way; else as far as it goes without waiting, but for a full batch */
TW_MUST_USE enum tw_code tw_pipeline_move(struct tw_pipeline *pipeline, bool all, struct tw_error *err);
/** The batch in hand comes again, or the caller stops. @param code why @return as tw_pipeline_batch */
TW_MUST_USE enum tw_code tw_pipeline_give_up(struct tw_pipeline *pipeline, enum tw_code code, struct tw_error *err);
struct tw_pipeline_place tw_pipeline_place(const struct tw_message *message);
/** After batches that were given up: facts and time go on where the events that come now do. @param next the first of them */
void tw_pipeline_doubt_end(struct tw_pipeline *pipeline, const struct tw_pipeline_place *next);

#endif
