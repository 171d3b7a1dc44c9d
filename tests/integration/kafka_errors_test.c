/**
 * @file kafka_errors_test.c
 * Every class of broker error, met once: which way does the stream go? On librdkafka's mock cluster, so needs no broker.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

#include "tests/integration/kafka_mock.h"

#define POLL_MS    50
#define POLLS      400
#define REBALANCES 2
#define REVOKED_MS 500 /* more than two heartbeats */

static struct kafka_mock mock;
static struct tw_stream *stream;

static void start(void)
{
	struct tw_error err = {.detail = ""};
	cr_assert(kafka_mock_init(&mock, 40), "no mock cluster");
	cr_assert_eq(tw_stream_kafka_new(&mock.options, &stream, &err), TW_OK, "%s: %s", err.what, err.detail);
}

static void stop(void)
{
	tw_stream_free(stream);
	stream = NULL;
	kafka_mock_fini(&mock);
}

TestSuite(kafka_errors, .init = start, .fini = stop, .timeout = 120);

/* Polls until something else than nothing comes. */
static enum tw_code poll_until(enum tw_poll wanted, struct tw_message **messages, uint32_t *count, struct tw_error *err)
{
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = TW_OK;
	for (int i = 0; i < POLLS && code == TW_OK && polled != wanted; i++) {
		code = tw_stream_poll(stream, 100, POLL_MS, messages, count, &polled, err);
	}
	cr_assert(code != TW_OK || polled == wanted, "waited in vain");
	return code;
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Keeps the stream busy with what needs no poll. */
static void questions_ask(int64_t for_ms)
{
	const struct tw_stream_place *places;
	uint32_t count;
	bool settled;
	struct tw_error err;
	for (int64_t end = now_ms() + for_ms; now_ms() < end;) {
		cr_assert_eq(tw_stream_standing(stream, &places, &count, &settled, &err), TW_OK);
	}
}

/* librdkafka 2.0.2 aborts the process when a partition that is being stopped is taken away once more before the stop is confirmed. */
Test(kafka_errors, survives_a_rebalance_right_behind_a_rewind)
{
	struct tw_message *messages;
	uint32_t count;
	enum tw_poll polled;
	struct tw_error err;
	cr_assert(kafka_mock_put(&mock, "one"));
	for (int i = 0; i < REBALANCES; i++) {
		cr_assert_eq(poll_until(TW_POLL_BATCH, &messages, &count, &err), TW_OK);
		kafka_mock_push(&mock, MOCK_HEARTBEAT, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION);
		questions_ask(REVOKED_MS); /* the refusal comes to librdkafka's own thread; a poll would take note of it too early */
		cr_assert_eq(tw_stream_abort(stream, &err), TW_OK);
		cr_assert_eq(tw_stream_poll(stream, 100, 0, &messages, &count, &polled, &err), TW_OK);
	}
}
