/* The pipeline over a stream that fails on demand: the golden world's events in, the same bytes out whatever happens on the way. */
#include "engine/run/pipeline.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/emit/emit.h"
#include "engine/io/stream_kind.h"
#include "engine/run/assemble.h"
#include "engine/run/config.h"

/* A golden case; every test has a process of its own. */
static const char *input = "tests/golden/basic/input.ndjson";
static const char *config = "tests/golden/basic/tidewaiter.yaml";

/* A file stream in front of which things go wrong; outputs are kept as lines. */
struct fake_stream {
	struct tw_stream base;
	struct tw_stream *file;
	struct tw_arena arena;
	char *text; /* committed lines */
	size_t text_used;
	char *batch; /* of the open batch */
	size_t batch_used;
	uint32_t polls_to_fail, commits_to_fail, produces_to_fail;
	enum tw_code failure;
	enum tw_disposition disposition;
	uint32_t aborts;
	bool rereads;    /* reading began somewhere in the log */
	uint32_t reread; /* so many messages come as read again */
};

static enum tw_code fake_fail(struct fake_stream *fake, uint32_t *left, struct tw_error *err)
{
	if (*left == 0) {
		return TW_OK;
	}
	(*left)--;
	return tw_fail(err, fake->failure, fake->disposition, "failed by the test", NULL, NULL);
}

static enum tw_code fake_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                              enum tw_poll *polled, struct tw_error *err)
{
	struct fake_stream *fake = (struct fake_stream *)base;
	enum tw_code code = fake_fail(fake, &fake->polls_to_fail, err);
	code = code == TW_OK ? tw_stream_poll(fake->file, most, timeout_ms, out, count, polled, err) : code;
	for (uint32_t i = 0; code == TW_OK && *polled == TW_POLL_BATCH && i < *count && fake->rereads; i++) {
		(*out)[i].reread = fake->reread > 0;
		(*out)[i].committed = -1;
		fake->reread -= fake->reread > 0;
	}
	return code;
}

static void append(char **text, size_t *used, const char *more, size_t length)
{
	*text = realloc(*text, *used + length + 1);
	memcpy(*text + *used, more, length);
	*used += length;
	(*text)[*used] = '\0';
}

static enum tw_code fake_produce(struct tw_stream *base, const struct tw_output *output, struct tw_error *err)
{
	struct fake_stream *fake = (struct fake_stream *)base;
	struct tw_slice line;
	enum tw_code code = fake_fail(fake, &fake->produces_to_fail, err);
	tw_arena_reset(&fake->arena);
	code = code == TW_OK ? tw_emit_line(output, tw_slice_str("out"), &fake->arena, &line, err) : code;
	if (code == TW_OK) {
		append(&fake->batch, &fake->batch_used, line.ptr, line.len);
	}
	return code;
}

static enum tw_code fake_commit(struct tw_stream *base, struct tw_error *err)
{
	struct fake_stream *fake = (struct fake_stream *)base;
	enum tw_code code = fake_fail(fake, &fake->commits_to_fail, err);
	if (code == TW_OK && fake->batch_used) {
		append(&fake->text, &fake->text_used, fake->batch, fake->batch_used);
	}
	fake->batch_used = 0;
	return code == TW_OK ? tw_stream_commit(fake->file, err) : code;
}

static enum tw_code fake_abort(struct tw_stream *base, struct tw_error *err)
{
	struct fake_stream *fake = (struct fake_stream *)base;
	fake->batch_used = 0;
	fake->aborts++;
	return tw_stream_abort(fake->file, err);
}

static void fake_free(struct tw_stream *base)
{
	struct fake_stream *fake = (struct fake_stream *)base;
	tw_stream_free(fake->file);
	tw_arena_fini(&fake->arena);
	free(fake->batch);
}

static void fake_progress(const struct tw_stream *base, uint64_t *done, uint64_t *total)
{
	tw_stream_progress(((const struct fake_stream *)base)->file, done, total);
}

static const struct tw_stream_kind fake_kind = {
    .poll = fake_poll, .produce = fake_produce, .commit = fake_commit, .abort = fake_abort, .free = fake_free, .progress = fake_progress};

struct world {
	struct tw_settings settings;
	struct tw_engine engine;
	struct fake_stream fake;
	struct tw_counters counters;
	struct tw_pipeline_standing standing;
};

static void good(enum tw_code code, const struct tw_error *err)
{
	cr_assert(code == TW_OK, "%s: %s: %s", err->what, err->where, err->detail);
}

/* @param copies of the input, one behind the other */
static uint32_t meanwhile_calls;

static void meanwhile_count(void *context)
{
	(void)context;
	meanwhile_calls++;
}

static void world_make_of(struct world *world, uint32_t batch_events, uint32_t copies)
{
	static const char *inputs[2]; /* borrowed by the stream */
	inputs[0] = inputs[1] = input;
	struct tw_error err;
	memset(world, 0, sizeof(*world));
	tw_log_setup(TW_LOG_ERROR, false);
	good(tw_settings_init(&world->settings, &err), &err);
	good(tw_config_read(&world->settings, config, &err), &err);
	world->settings.batch_events = batch_events;
	good(tw_engine_snapshot(&world->engine, &world->settings, NULL, &err), &err);
	good(tw_engine_store(&world->engine, false, false, &err), &err);
	struct tw_file_options files = {.inputs = inputs, .input_count = copies, .topics = world->settings.topics};
	good(tw_stream_file_new(&files, &world->fake.file, &err), &err);
	world->fake.base.kind = &fake_kind;
	world->fake.failure = TW_E_IO;
	world->fake.disposition = TW_RETRY;
	tw_arena_init(&world->fake.arena, 65536, 0);
	world->engine.stream = &world->fake.base;
	world->engine.meanwhile = meanwhile_count;
	good(tw_engine_ready(&world->engine, true, &err), &err);
}

static void world_make(struct world *world, uint32_t batch_events)
{
	world_make_of(world, batch_events, 1);
}

/* To the end of the input. */
static void world_run(struct world *world)
{
	enum tw_poll polled = TW_POLL_IDLE;
	struct tw_error err;
	while (polled != TW_POLL_END) {
		good(tw_pipeline_batch(world->engine.pipeline, &polled, &err), &err);
	}
	world->counters = *tw_pipeline_counters(world->engine.pipeline);
	tw_pipeline_stand(world->engine.pipeline, &world->standing);
}

static void world_drop(struct world *world)
{
	tw_engine_fini(&world->engine);
	tw_settings_fini(&world->settings);
	free(world->fake.text);
}

/* What a run that nothing disturbs gives. */
static char *expected(struct tw_counters *counters)
{
	struct world world;
	world_make(&world, 1000);
	world_run(&world);
	char *text = world.fake.text;
	*counters = world.counters;
	world.fake.text = NULL;
	world_drop(&world);
	cr_assert(text != NULL, "the golden input raises nothing");
	return text;
}

static void same_counts(const struct tw_counters *a, const struct tw_counters *b)
{
	cr_assert(a->events == b->events && a->alerts == b->alerts && a->dead_letters == b->dead_letters && a->holds == b->holds &&
	          a->bytes == b->bytes);
}

Test(pipeline, gives_the_same_bytes_whatever_the_batch_size)
{
	static const uint32_t sizes[] = {1, 2, 3, 7, 10000};
	struct tw_counters counters;
	char *whole = expected(&counters);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct world world;
		world_make(&world, sizes[i]);
		world_run(&world);
		cr_assert_str_eq(world.fake.text, whole, "batches of %u events", sizes[i]);
		same_counts(&world.counters, &counters);
		world_drop(&world);
	}
	free(whole);
}

Test(pipeline, judges_a_batch_alike_when_it_comes_again)
{
	struct tw_counters counters;
	struct world world;
	char *whole = expected(&counters);
	world_make(&world, 5);
	world.fake.commits_to_fail = 2;
	world_run(&world);
	cr_assert(world.fake.aborts == 2);
	cr_assert(world.standing.aborts == 2 && world.standing.commits == world.counters.batches && world.standing.judging);
	cr_assert(world.standing.stream.errors == 2 && !world.standing.stream.away && world.standing.store.errors == 0);
	cr_assert_eq(meanwhile_calls, 2, "what must go on while a peer is away does");
	cr_assert_str_eq(world.fake.text, whole);
	same_counts(&world.counters, &counters);
	world_drop(&world);
	free(whole);
}

Test(pipeline, follows_up_facts_alike_wherever_batches_end_and_however_often_they_come)
{
	static const uint32_t sizes[] = {1, 2, 3, 7, 10000};
	struct tw_counters counters;
	input = "tests/golden/facts/input.ndjson";
	config = "tests/golden/facts/tidewaiter.yaml";
	char *whole = expected(&counters);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (uint32_t failures = 0; failures < 3; failures++) {
			struct world world;
			world_make(&world, sizes[i]);
			world.fake.commits_to_fail = failures;
			world_run(&world);
			cr_assert_eq(world.fake.aborts, failures);
			cr_assert_str_eq(world.fake.text, whole, "batches of %u events, %u failed", sizes[i], failures);
			same_counts(&world.counters, &counters);
			world_drop(&world);
		}
	}
	free(whole);
}

Test(pipeline, keeps_nothing_of_a_batch_whose_output_was_refused_for_now)
{
	struct tw_counters counters;
	struct world world;
	char *whole = expected(&counters);
	world_make(&world, 1000);
	world.fake.produces_to_fail = 1;
	world_run(&world);
	cr_assert(world.fake.aborts == 1);
	cr_assert_str_eq(world.fake.text, whole);
	same_counts(&world.counters, &counters);
	world_drop(&world);
	free(whole);
}

Test(pipeline, waits_for_input_that_is_away)
{
	struct tw_counters counters;
	struct world world;
	char *whole = expected(&counters);
	world_make(&world, 1000);
	world.fake.polls_to_fail = 1;
	world_run(&world);
	cr_assert(world.fake.aborts == 0);
	cr_assert_str_eq(world.fake.text, whole);
	world_drop(&world);
	free(whole);
}

Test(pipeline, hands_on_what_makes_going_on_wrong)
{
	struct world world;
	struct tw_error err;
	enum tw_poll polled;
	world_make(&world, 1000);
	world.fake.failure = TW_E_STALE;
	world.fake.disposition = TW_STOP;
	world.fake.polls_to_fail = 1;
	cr_assert(tw_pipeline_batch(world.engine.pipeline, &polled, &err) == TW_E_STALE && err.disposition == TW_STOP);
	world.fake.commits_to_fail = 1;
	cr_assert(tw_pipeline_batch(world.engine.pipeline, &polled, &err) == TW_E_STALE);
	cr_assert(world.fake.aborts == 1 && world.fake.text == NULL, "a batch that was not committed left something behind");
	cr_assert(tw_pipeline_counters(world.engine.pipeline)->events == 0, "it was counted");
	world_drop(&world);
}

/* What is read again fills the window of duplicates, and does nothing else: in batches of its own and in mixed ones. */
Test(pipeline, only_looks_at_what_is_read_again)
{
	static const uint32_t sizes[] = {1, 5, 10000};
	struct tw_counters counters;
	free(expected(&counters));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct world world;
		world_make_of(&world, sizes[i], 2);
		world.fake.rereads = true;
		world.fake.reread = (uint32_t)counters.events;
		world_run(&world);
		cr_assert(world.counters.events == counters.events && world.counters.bytes == counters.bytes, "what is read again was counted");
		cr_assert(world.counters.dead_letters == counters.dead_letters && world.counters.alerts == 0 && world.counters.holds == 0);
		cr_assert(world.counters.duplicates == counters.events - counters.dead_letters, "%llu duplicates",
		          (unsigned long long)world.counters.duplicates);
		world_drop(&world);
		world_make(&world, sizes[i]);
		world.fake.rereads = true;
		world.fake.reread = (uint32_t)counters.events;
		world_run(&world);
		cr_assert(world.counters.events == 0 && world.fake.text == NULL && world.fake.aborts == 0);
		world_drop(&world);
	}
}

/* History too: an entity that was only looked at was never seen. */
Test(pipeline, keeps_what_is_read_again_out_of_the_state)
{
	struct tw_counters counters;
	struct world world;
	free(expected(&counters));
	world_make_of(&world, 7, 2);
	world.fake.rereads = true;
	world.settings.duplicates_window = 0;
	tw_pipeline_free(world.engine.pipeline);
	tw_judge_free(world.engine.judge);
	tw_duplicates_free(world.engine.duplicates);
	world.engine.duplicates = NULL;
	struct tw_error err;
	good(tw_engine_ready(&world.engine, true, &err), &err);
	world.fake.reread = (uint32_t)counters.events;
	world_run(&world);
	same_counts(&world.counters, &counters);
	cr_assert_arr_eq(world.counters.lane, counters.lane, sizeof(counters.lane), "the second copy was judged with a history of the first");
	world_drop(&world);
}
