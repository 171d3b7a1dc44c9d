/* A pipeline that only brings state back: it folds with a judge that has no rules, puts nothing out, and ends where judging would begin. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/arena.h"
#include "engine/base/log.h"
#include "engine/io/stream_kind.h"
#include "engine/run/pipeline.h"
#include "engine/run/recovery.h"
#include "engine/score/score.h"
#include "engine/state/store_calls.h"

#define EVENTS 3

/* A group that has committed three events; a store in memory whose epoch is closed until it has them. */
static struct world {
	struct tw_stream stream;
	struct tw_store store;
	struct tw_store *memory;
	struct tw_message messages[EVENTS];
	char text[EVENTS][256];
	uint32_t handed, commits, produced, polls_open;
	bool gated;
} world;

static int64_t watermark(void)
{
	struct tw_store_standing standing;
	struct tw_error err;
	cr_assert_eq(tw_store_watermark(world.memory, tw_slice_str("tw.manifests"), 0, &standing, &err), TW_OK);
	return standing.most < 0 ? 0 : standing.most;
}

static enum tw_code world_poll(struct tw_stream *stream, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                               enum tw_poll *polled, struct tw_error *err)
{
	(void)stream;
	(void)most;
	(void)timeout_ms;
	(void)err;
	world.polls_open += !world.gated;
	*out = world.messages + world.handed;
	*count = world.handed < EVENTS;
	*polled = *count ? TW_POLL_BATCH : TW_POLL_IDLE;
	world.handed += *count;
	return TW_OK;
}

static enum tw_code world_produce(struct tw_stream *stream, const struct tw_output *output, struct tw_error *err)
{
	(void)stream;
	(void)output;
	(void)err;
	world.produced++;
	return TW_OK;
}

static enum tw_code world_commit(struct tw_stream *stream, struct tw_error *err)
{
	(void)stream;
	(void)err;
	world.commits++;
	return TW_OK;
}

static enum tw_code world_standing(struct tw_stream *stream, const struct tw_stream_place **places, uint32_t *count, bool *settled,
                                   struct tw_error *err)
{
	static const struct tw_stream_place place = {{"tw.manifests", 12}, 0, EVENTS};
	(void)stream;
	(void)err;
	*places = &place;
	*count = 1;
	*settled = true;
	return TW_OK;
}

static void world_rejoin(struct tw_stream *stream)
{
	(void)stream;
}

static void world_gate(struct tw_stream *stream, bool gated)
{
	(void)stream;
	world.gated = gated;
}

static enum tw_code world_apply(struct tw_store *store, struct tw_store_part *parts, uint32_t count, struct tw_arena *arena, bool *late,
                                struct tw_error *err)
{
	(void)store;
	*late = false;
	for (uint32_t i = 0; i < count; i++) {
		cr_expect(parts[i].rebuild, "a live append in a closed epoch");
	}
	return tw_store_apply(world.memory, parts, count, arena, err);
}

static enum tw_code world_survey(struct tw_store *store, const struct tw_store_place *places, uint32_t count, bool may_open,
                                 struct tw_store_life *out, struct tw_error *err)
{
	static bool adopted;
	(void)store;
	(void)places;
	(void)count;
	(void)may_open;
	(void)err;
	int64_t missing = EVENTS - watermark();
	*out = (struct tw_store_life){.adopted = !adopted, .open = missing == 0, .missing = missing};
	adopted = true;
	return TW_OK;
}

static const struct tw_stream_kind stream_kind = {
    .poll = world_poll, .produce = world_produce, .commit = world_commit, .standing = world_standing, .rejoin = world_rejoin, .gate = world_gate};
static const struct tw_store_calls store_calls = {.apply = world_apply, .survey = world_survey};

static void world_make(void)
{
	struct tw_error err;
	tw_log_setup(TW_LOG_ERROR, false);
	world = (struct world){.stream = {&stream_kind}, .store = {.calls = &store_calls}};
	cr_assert_eq(tw_store_memory_new(&world.memory, &err), TW_OK);
	for (int i = 0; i < EVENTS; i++) {
		snprintf(world.text[i], sizeof(world.text[i]),
		         "{\"id\":\"e%d\",\"type\":\"consignment.declared\",\"time\":\"2026-03-0%dT00:00:00Z\",\"source\":\"t\",\"consignment\":{"
		         "\"id\":\"C-%d\","
		         "\"items\":[{\"line\":1,\"description\":\"Rifles\"}]}}",
		         i, i + 1, i);
		world.messages[i] = (struct tw_message){.family = TW_FAMILY_MANIFEST,
		                                        .topic = tw_slice_str("tw.manifests"),
		                                        .offset = i,
		                                        .committed = EVENTS,
		                                        .value = tw_slice_str(world.text[i])};
	}
	world.messages[1].value = tw_slice_str("not json"); /* a dead letter was put out in the first life */
}

TestSuite(rebuild, .timeout = 20);

Test(rebuild, folds_what_is_missing_puts_nothing_out_and_ends_where_judging_would_begin)
{
	struct tw_error err = {.detail = ""};
	struct tw_judge *judge = NULL;
	struct tw_pipeline *pipeline = NULL;
	struct tw_score_policy policy = {.red_points = 100, .yellow_points = 60, .blue_points = 30};
	enum tw_poll polled = TW_POLL_IDLE;
	world_make();
	struct tw_judge_options judging = {.snapshot = NULL, .policy = &policy, .event_bytes = 65536};
	cr_assert_eq(tw_judge_new(&judging, &judge, &err), TW_OK, "%s: %s", err.what, err.detail);
	struct tw_pipeline_options options = {.stream = &world.stream,
	                                      .store = &world.store,
	                                      .judge = judge,
	                                      .batch_events = 10,
	                                      .batch_wait_ms = 1,
	                                      .shared_state = true,
	                                      .rebuild_only = true};
	cr_assert_eq(tw_pipeline_new(&options, &pipeline, &err), TW_OK);
	while (polled != TW_POLL_END) { /* looks are half a second apart: the suite's time-out ends one that never opens */
		cr_assert_eq(tw_pipeline_batch(pipeline, &polled, &err), TW_OK, "%s: %s", err.what, err.detail);
	}
	cr_expect_eq(polled, TW_POLL_END);
	cr_expect(world.handed == EVENTS && world.produced == 0 && world.polls_open == 0, "%u handed, %u put out, %u polls of live events",
	          world.handed, world.produced, world.polls_open);
	cr_expect_eq(watermark(), EVENTS);
	const struct tw_recovery *recovery = tw_pipeline_recovery(pipeline);
	cr_expect(recovery->events == EVENTS && recovery->missing == 0 && recovery->open);
	cr_expect_eq(tw_judge_limited(judge), 0);
	struct tw_arena arena;
	struct tw_slice bytes = {NULL, 0};
	tw_arena_init(&arena, 65536, 0);
	cr_assert_eq(tw_store_read(world.memory, TW_ENTITY_CONSIGNMENT, tw_slice_str("C-2"), &arena, &bytes, &err), TW_OK);
	cr_expect_gt(bytes.len, 0);
	tw_arena_fini(&arena);
	tw_pipeline_free(pipeline);
	tw_judge_free(judge);
	tw_store_free(world.memory);
}
