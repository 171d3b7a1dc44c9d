/*
 * Two batches in flight: the golden world's events from a scripted stream whose commits take a while, fail, or leave in doubt. Whatever happens, the
 * committed outputs are those of a run that nothing disturbs, each once, and nothing is produced while a commit is on its way.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/run/assemble.h"
#include "engine/run/config.h"
#include "engine/run/pipeline.h"
#include "tests/unit/run/doubtful_store.h"
#include "tests/unit/run/scripted_stream.h"

#define INPUT  "tests/golden/basic/input.ndjson"
#define CONFIG "tests/golden/basic/tidewaiter.yaml"

struct world {
	struct tw_settings settings;
	struct tw_engine engine;
	struct scripted stream;
	struct doubtful store;
};

static void good(enum tw_code code, const struct tw_error *err)
{
	cr_assert(code == TW_OK, "%s: %s: %s", err->what, err->where, err->detail);
}

static void world_make(struct world *world, uint32_t batch_events, uint32_t poll_most, uint32_t looks)
{
	static const char *const inputs[] = {INPUT};
	struct tw_error err;
	struct scripted *s = &world->stream;
	enum tw_poll polled;
	memset(world, 0, sizeof(*world));
	tw_log_setup(TW_LOG_ERROR, false);
	good(tw_settings_init(&world->settings, &err), &err);
	good(tw_config_read(&world->settings, CONFIG, &err), &err);
	world->settings.batch_events = batch_events;
	good(tw_engine_snapshot(&world->engine, &world->settings, NULL, &err), &err);
	good(tw_engine_store(&world->engine, false, false, &err), &err);
	world->store = (struct doubtful){.store = {.calls = &doubtful_calls}, .inner = world->engine.store};
	world->engine.store = &world->store.store;
	struct tw_file_options files = {.inputs = inputs, .input_count = 1, .topics = world->settings.topics};
	good(tw_stream_file_new(&files, &s->file, &err), &err);
	good(tw_stream_poll(s->file, 1000, 0, &s->messages, &s->count, &polled, &err), &err);
	cr_assert(s->count > 20 && s->count <= sizeof(s->handed) / sizeof(s->handed[0]));
	s->base.kind = &scripted_kind;
	s->poll_most = poll_most;
	s->looks = looks;
	s->settled = true;
	tw_arena_init(&s->arena, 65536, 0);
	world->engine.stream = &s->base;
	good(tw_engine_ready(&world->engine, true, &err), &err);
}

static void world_drop(struct world *world)
{
	tw_engine_fini(&world->engine);
	tw_settings_fini(&world->settings);
	free(world->stream.done.text);
}

static void world_run(struct world *world)
{
	enum tw_poll polled = TW_POLL_IDLE;
	struct tw_error err;
	while (polled != TW_POLL_END) {
		good(tw_pipeline_batch(world->engine.pipeline, &polled, &err), &err);
	}
	cr_assert(!world->stream.flying && world->stream.committed == world->stream.count);
}

/* What a run that nothing disturbs gives. */
static char *expected(struct tw_counters *counters)
{
	struct world world;
	world_make(&world, 1000, 1000, 0);
	world_run(&world);
	char *text = world.stream.done.text;
	*counters = *tw_pipeline_counters(world.engine.pipeline);
	world.stream.done.text = NULL;
	world_drop(&world);
	cr_assert(text != NULL, "the golden input raises nothing");
	return text;
}

/* The run's end against an undisturbed one: the same bytes, the same counts. */
static void same_as_undisturbed(const struct world *world)
{
	struct tw_counters whole;
	char *text = expected(&whole);
	const struct tw_counters *counters = tw_pipeline_counters(world->engine.pipeline);
	cr_expect_str_eq(world->stream.done.text, text);
	cr_expect_eq(counters->events, whole.events);
	cr_expect_eq(counters->alerts, whole.alerts);
	cr_expect_eq(counters->holds, whole.holds);
	cr_expect_eq(counters->dead_letters, whole.dead_letters);
	cr_expect_eq(counters->bytes, whole.bytes);
	free(text);
}

Test(pipeline_flight, judges_the_next_batch_while_one_is_on_its_way_and_keeps_its_outputs)
{
	static const struct {
		uint32_t batch, poll, looks;
	} cases[] = {{1, 1, 0}, {1, 1, 3}, {4, 4, 1}, {4, 4, 100}, {7, 3, 2}, {28, 2, 4}, {1000, 1, 5}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world world;
		world_make(&world, cases[i].batch, cases[i].poll, cases[i].looks);
		world_run(&world);
		same_as_undisturbed(&world);
		cr_expect_eq(world.stream.aborts, 0);
		cr_expect((world.stream.polls_in_flight > 0) == (cases[i].looks > 0), "case %zu: %u polls while a commit was on its way", i,
		          world.stream.polls_in_flight);
		world_drop(&world);
	}
}

Test(pipeline_flight, commits_one_event_alone_when_idle_and_collects_while_a_commit_is_on_its_way)
{
	struct world world;
	world_make(&world, 1000, 1, 10);
	world_run(&world);
	/* the first alone; then, with a look when it begins and two for each event, five at a time */
	cr_expect_eq(world.stream.commits, 1 + (world.stream.count - 1 + 4) / 5);
	world_drop(&world);
}

Test(pipeline_flight, never_collects_more_than_a_batch_holds)
{
	struct world world;
	world_make(&world, 5, 3, 1000); /* no look ever finds a commit over */
	world_run(&world);
	cr_expect_eq(world.stream.commits, 1 + (world.stream.count - 3 + 4) / 5);
	world_drop(&world);
}

/* The same stages, but the store is across a socket. */
static void world_far(struct world *world, uint32_t portion_bytes)
{
	struct tw_error err;
	struct tw_pipeline_options options = {.stream = world->engine.stream,
	                                      .store = world->engine.store,
	                                      .judge = world->engine.judge,
	                                      .batch_events = 1000,
	                                      .batch_wait_ms = 10,
	                                      .store_far = true,
	                                      .portion_bytes = portion_bytes};
	tw_pipeline_free(world->engine.pipeline);
	good(tw_pipeline_new(&options, &world->engine.pipeline, &err), &err);
}

Test(pipeline_flight, says_the_same_wherever_portions_that_are_sent_ahead_end)
{
	static const uint32_t sizes[] = {1, 700, 3000};
	struct world whole;
	world_make(&whole, 1000, 1000, 0);
	world_far(&whole, 1U << 30);
	world_run(&whole);
	cr_expect_eq(whole.store.calls, 1);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct world world;
		world_make(&world, 1000, 1000, 0);
		world_far(&world, sizes[i]);
		world_run(&world);
		cr_expect_str_eq(world.stream.done.text, whole.stream.done.text, "portions of %u bytes", sizes[i]);
		cr_expect(world.store.calls > 1 && (sizes[i] > 1 || world.store.calls == world.stream.count));
		cr_expect_eq(world.store.starts, world.store.calls, "each is sent ahead, once");
		world_drop(&world);
	}
	world_drop(&whole);
}

Test(pipeline_flight, hands_over_nothing_of_what_the_store_takes_back_and_judges_it_anew)
{
	struct world whole;
	world_make(&whole, 1000, 1000, 0);
	world_far(&whole, 700);
	whole.store.late = true;
	world_run(&whole);
	cr_assert_eq(whole.store.confirms, whole.store.calls);
	cr_assert_gt(whole.store.calls, 3);
	for (uint32_t at = 1; at <= whole.store.calls; at++) {
		for (uint32_t away = 0; away < 2; away++) {
			struct world world;
			world_make(&world, 1000, 1000, 0);
			world_far(&world, 700);
			world.store.late = true;
			*(away ? &world.store.away_at : &world.store.void_at) = at;
			world_run(&world);
			cr_expect_str_eq(world.stream.done.text, whole.stream.done.text, "portion %u, %s", at, away ? "away" : "taken back");
			cr_expect_eq(world.store.calls, whole.store.calls + 1);
			cr_expect_eq(world.stream.aborts, 0);
			cr_expect_eq(tw_pipeline_counters(world.engine.pipeline)->events, tw_pipeline_counters(whole.engine.pipeline)->events);
			cr_expect_eq(tw_pipeline_counters(world.engine.pipeline)->alerts, tw_pipeline_counters(whole.engine.pipeline)->alerts);
			world_drop(&world);
		}
	}
	world_drop(&whole);
}

Test(pipeline_flight, shares_out_what_one_poll_brought_though_it_is_little)
{
	enum { ROOM = 20 * 1024 };
	struct world world;
	world_make(&world, 1000, 1000, 0);
	world_far(&world, 0);
	char *roomy = malloc((size_t)world.stream.count * ROOM);
	for (uint32_t i = 0; i < world.stream.count; i++) { /* an event may end in blanks */
		struct tw_slice *value = &world.stream.messages[i].value;
		char *at = memset(roomy + (size_t)i * ROOM, ' ', ROOM);
		cr_assert_lt(value->len, ROOM);
		memcpy(at, value->ptr, value->len);
		*value = (struct tw_slice){at, ROOM};
	}
	world_run(&world);
	cr_expect(world.store.calls == 4 || world.store.calls == 5, "%u calls", world.store.calls);
	world_drop(&world);
	free(roomy);
}

Test(pipeline_flight, gives_both_batches_up_when_the_first_fails_and_delivers_nothing_twice)
{
	for (uint32_t fails = 0; fails < 6; fails++) {
		for (uint32_t looks = 0; looks < 4; looks++) {
			struct world world;
			world_make(&world, 4, 3, looks);
			world.stream.fate[fails] = FAILS;
			world_run(&world);
			same_as_undisturbed(&world);
			cr_expect_eq(world.stream.aborts, 1);
			world_drop(&world);
		}
	}
}

Test(pipeline_flight, a_commit_in_doubt_that_was_committed_after_all_is_not_delivered_again)
{
	for (uint32_t doubt = 0; doubt < 4; doubt++) {
		struct world world;
		struct tw_counters whole;
		world_make(&world, 4, 4, 2);
		world.stream.fate[doubt] = FAILS_BUT_WAS_COMMITTED;
		world_run(&world);
		char *text = expected(&whole);
		cr_expect_str_eq(world.stream.done.text, text);
		cr_expect_lt(tw_pipeline_counters(world.engine.pipeline)->events, whole.events, "what nobody confirmed is not counted");
		free(text);
		world_drop(&world);
	}
}

Test(pipeline_flight, hands_on_what_makes_going_on_wrong)
{
	struct world world;
	struct tw_error err;
	enum tw_poll polled;
	world_make(&world, 4, 4, 1);
	world.stream.fate[0] = FAILS_FOR_GOOD;
	enum tw_code code = TW_OK;
	for (int i = 0; i < 10 && code == TW_OK; i++) {
		code = tw_pipeline_batch(world.engine.pipeline, &polled, &err);
	}
	cr_expect(code == TW_E_STALE && err.disposition == TW_STOP);
	cr_expect_null(world.stream.done.text, "something was committed");
	cr_expect_eq(tw_pipeline_counters(world.engine.pipeline)->events, 0, "it was counted");
	world_drop(&world);
}

Test(pipeline_flight, a_stop_ends_the_commit_on_its_way_and_commits_what_is_judged)
{
	struct world world;
	struct tw_error err;
	enum tw_poll polled;
	world_make(&world, 4, 3, 1000);
	good(tw_pipeline_batch(world.engine.pipeline, &polled, &err), &err);
	good(tw_pipeline_batch(world.engine.pipeline, &polled, &err), &err);
	cr_assert(world.stream.flying && world.stream.next == 6);
	cr_expect_eq(tw_pipeline_counters(world.engine.pipeline)->events, 0, "counted before it was committed");
	good(tw_pipeline_finish(world.engine.pipeline, &err), &err);
	cr_expect(!world.stream.flying && world.stream.committed == 6);
	cr_expect_eq(tw_pipeline_counters(world.engine.pipeline)->events, 6);
	good(tw_pipeline_finish(world.engine.pipeline, &err), &err);
	cr_expect_eq(world.stream.commits, 2, "nothing was left to commit");
	world_drop(&world);
}

Test(pipeline_flight, a_stop_over_a_commit_that_fails_counts_and_commits_nothing)
{
	struct world world;
	struct tw_error err;
	enum tw_poll polled;
	world_make(&world, 4, 3, 1000);
	world.stream.fate[0] = FAILS;
	good(tw_pipeline_batch(world.engine.pipeline, &polled, &err), &err);
	good(tw_pipeline_batch(world.engine.pipeline, &polled, &err), &err);
	good(tw_pipeline_finish(world.engine.pipeline, &err), &err);
	cr_expect(world.stream.commits == 1 && world.stream.committed == 0 && world.stream.done.text == NULL);
	cr_expect_eq(tw_pipeline_counters(world.engine.pipeline)->events, 0);
	world_drop(&world);
}

Test(pipeline_flight, state_found_lost_ends_the_commit_on_its_way_first)
{
	for (uint32_t at = 1; at < 20; at++) {
		struct world world;
		world_make(&world, 6, 2, 3);
		world.store.stale_at = at;
		world_run(&world); /* the stream asserts that nothing is on its way when it is gated, left, asked, undone */
		same_as_undisturbed(&world);
		cr_expect(!world.stream.gated && world.stream.aborts == (world.store.calls >= at));
		world_drop(&world);
	}
}

Test(pipeline_flight, a_batch_whose_partitions_went_away_is_given_up_alone)
{
	for (uint32_t at = 1; at < 8; at++) {
		struct world world;
		world_make(&world, 6, 2, 3);
		world.stream.lost_at = at;
		world_run(&world);
		same_as_undisturbed(&world);
		cr_expect_eq(world.stream.aborts, at > 1);
		world_drop(&world);
	}
}
