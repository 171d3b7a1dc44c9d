/* How much a poll asks for, over a stream that always has more, or has little: small where the queue is short, a whole batch far behind. */
#include <criterion/criterion.h>

#include "engine/base/log.h"
#include "engine/io/stream_kind.h"
#include "engine/run/assemble.h"
#include "engine/run/config.h"
#include "engine/run/pipeline.h"

#define CONFIG "tests/golden/basic/tidewaiter.yaml"
#define BATCH  2000U
#define POLLS  10U

/* Records that are no events: whatever is asked for, or `there`, whichever is less. */
struct plenty {
	struct tw_stream base;
	struct tw_message messages[BATCH];
	uint32_t there[POLLS];
	uint32_t asked[POLLS];
	uint32_t polls;
	int64_t next;
};

static enum tw_code plenty_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                                enum tw_poll *polled, struct tw_error *err)
{
	struct plenty *plenty = (struct plenty *)base;
	(void)timeout_ms, (void)err;
	uint32_t there = plenty->there[plenty->polls];
	plenty->asked[plenty->polls++] = most;
	*count = there < most ? there : most;
	*polled = *count ? TW_POLL_BATCH : TW_POLL_IDLE;
	*out = plenty->messages;
	for (uint32_t i = 0; i < *count; i++) {
		plenty->messages[i] = (struct tw_message){.family = TW_FAMILY_MANIFEST,
		                                          .topic = tw_slice_str("manifests"),
		                                          .offset = plenty->next++,
		                                          .committed = -1,
		                                          .value = tw_slice_str("no event")};
	}
	return TW_OK;
}

static enum tw_code nothing_put(struct tw_stream *base, const struct tw_output *output, struct tw_error *err)
{
	(void)base, (void)output, (void)err;
	return TW_OK;
}

static enum tw_code nothing_done(struct tw_stream *base, struct tw_error *err)
{
	(void)base, (void)err;
	return TW_OK;
}

static void nothing_freed(struct tw_stream *base)
{
	(void)base;
}

static const struct tw_stream_kind plenty_kind = {
    .poll = plenty_poll, .produce = nothing_put, .commit = nothing_done, .abort = nothing_done, .free = nothing_freed};

/* What each of the polls asked for. @param far the store is across a socket */
static void asked_for(struct plenty *plenty, bool far)
{
	struct tw_settings settings;
	struct tw_engine engine = {.keep = false};
	struct tw_pipeline *pipeline = NULL;
	struct tw_error err = {.what = ""};
	enum tw_poll polled;
	tw_log_setup(TW_LOG_ERROR, false);
	cr_assert(tw_settings_init(&settings, &err) == TW_OK && tw_config_read(&settings, CONFIG, &err) == TW_OK, "%s", err.what);
	cr_assert(tw_engine_snapshot(&engine, &settings, NULL, &err) == TW_OK && tw_engine_store(&engine, false, false, &err) == TW_OK, "%s",
	          err.what);
	plenty->base.kind = &plenty_kind;
	engine.stream = &plenty->base;
	cr_assert_eq(tw_engine_ready(&engine, true, &err), TW_OK, "%s", err.what);
	struct tw_pipeline_options options = {
	    .stream = &plenty->base, .store = engine.store, .judge = engine.judge, .batch_events = BATCH, .batch_wait_ms = 1, .store_far = far};
	cr_assert_eq(tw_pipeline_new(&options, &pipeline, &err), TW_OK);
	for (uint32_t i = 0; i < POLLS; i++) {
		cr_assert_eq(tw_pipeline_batch(pipeline, &polled, &err), TW_OK, "%s", err.what);
	}
	cr_assert_eq(tw_pipeline_counters(pipeline)->events, (uint64_t)plenty->next, "an event was counted twice, or not at all");
	tw_pipeline_free(pipeline);
	tw_engine_fini(&engine);
	tw_settings_fini(&settings);
}

static struct plenty plenty;

Test(pipeline_pace, a_poll_asks_for_little_until_a_whole_batch_came_in_full_polls)
{
	static const uint32_t there[POLLS] = {10, 511, BATCH, BATCH, BATCH, BATCH, BATCH, BATCH, 1999, 0};
	static const uint32_t asked[POLLS] = {512, 512, 512, 512, 512, 512, BATCH, BATCH, BATCH, 512};
	memcpy(plenty.there, there, sizeof(there));
	asked_for(&plenty, true);
	for (uint32_t i = 0; i < POLLS; i++) {
		cr_assert_eq(plenty.asked[i], asked[i], "poll %u asked for %u", i, plenty.asked[i]);
	}
}

Test(pipeline_pace, a_store_in_this_process_is_always_asked_for_a_whole_batch)
{
	static const uint32_t there[POLLS] = {10, 511, BATCH, BATCH, 10, 10, 10, 10, 10, 0};
	memcpy(plenty.there, there, sizeof(there));
	asked_for(&plenty, false);
	for (uint32_t i = 0; i < POLLS; i++) {
		cr_assert_eq(plenty.asked[i], BATCH, "poll %u asked for %u", i, plenty.asked[i]);
	}
}
