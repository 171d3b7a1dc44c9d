/**
 * @file state_verify.h
 * What `state verify` knows while it compares (state_verify.c), and how that is told (state_verify_say.c). Private to engine/command.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_STATE_VERIFY_H
#define TIDEWAITER_ENGINE_COMMAND_STATE_VERIFY_H

#include "engine/command/state_command.h"
#include "engine/command/state_compare.h"
#include "engine/command/state_log.h"
#include "engine/run/progress.h"
#include "engine/run/worker.h"

#define TW_VERIFY_CHUNK_NAMES 1000U

struct tw_state_verify {
	struct tw_settings *settings;
	const struct tw_state_request *request;
	struct tw_engine live;         /* the store that is looked at */
	struct tw_state_log log;       /* the memory that knows better */
	struct tw_store_place *places; /* committed: of step 1 */
	int64_t *below;                /* the cut of the chunk at hand, for one shard after the other */
	uint32_t place_count;
	struct tw_differences differences;
	struct tw_arena names;                               /* keys of both sides */
	struct tw_arena scratch;                             /* one chunk */
	struct tw_list known;                                /* struct tw_store_name, of the memory */
	struct tw_list strange;                              /* struct tw_store_name, of the store, unknown to the memory */
	struct tw_store_name waiting[TW_VERIFY_CHUNK_NAMES]; /* of the scan, not looked up yet */
	uint32_t waiting_count;
	uint64_t compared, scanned;
	int64_t compare_ms;
	bool partial; /* some history is not in the log any more */
	bool open;    /* every epoch is */
	bool out_of_memory;
	enum tw_code visit_code; /* of a visit that ended the scan */
	struct tw_error visit_error;
	struct tw_progress progress;
};

/** One line a difference, then the count. */
void tw_state_verify_text(const struct tw_state_verify *verify, FILE *out);
/** One object. @param verify its scratch arena is reset */
void tw_state_verify_json(struct tw_state_verify *verify, FILE *out);

#endif
