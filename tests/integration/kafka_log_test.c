/* The log read by nobody's member, against a real broker: all of it up to where the group is, and no trace left in the group. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/io/log_stream.h"
#include "tests/integration/kafka_fixture.h"

#define ROUNDS 60

TestSuite(kafka_log, .timeout = 120);

static struct tw_stream *log_new(const struct kafka_fixture *fixture)
{
	struct tw_log_options options = {.kafka = fixture_options(fixture)};
	struct tw_stream *log = NULL;
	struct tw_error err;
	cr_assert_eq(tw_stream_log_new(&options, &log, &err), TW_OK, "%s: %s: %s", err.what, err.where, err.detail);
	return log;
}

/* One batch of the group, judged by nobody, committed. */
static void group_commit(const struct kafka_fixture *fixture, uint32_t most)
{
	struct tw_kafka_options options = fixture_options(fixture);
	struct tw_stream *stream = NULL;
	struct tw_message *messages;
	struct tw_error err;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	options.leave = true;
	cr_assert_eq(tw_stream_kafka_new(&options, &stream, &err), TW_OK);
	for (int i = 0; i < ROUNDS && polled != TW_POLL_BATCH; i++) {
		cr_assert(tw_stream_poll(stream, most, 1000, &messages, &count, &polled, &err) == TW_OK || err.disposition == TW_RETRY);
	}
	cr_assert_eq(count, most);
	cr_assert_eq(tw_stream_commit(stream, &err), TW_OK, "%s", err.detail);
	tw_stream_free(stream);
}

/* Polls and commits until the end. @return messages of partition 0 of the first topic, their offsets ascending by one */
static int read_on(struct tw_stream *log, int64_t from)
{
	struct tw_message *messages;
	struct tw_error err;
	uint32_t count = 0;
	int read = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	for (int i = 0; i < ROUNDS && polled != TW_POLL_END; i++) {
		cr_assert_eq(tw_stream_poll(log, 2, 1000, &messages, &count, &polled, &err), TW_OK, "%s: %s", err.what, err.detail);
		for (uint32_t k = 0; k < count; k++) {
			cr_expect(messages[k].replayed && messages[k].offset == from + read && messages[k].family == TW_FAMILY_MANIFEST);
			read++;
		}
		cr_assert_eq(tw_stream_commit(log, &err), TW_OK);
	}
	cr_expect_eq(polled, TW_POLL_END);
	return read;
}

static void put(const struct kafka_fixture *fixture, int count)
{
	for (int i = 0; i < count; i++) {
		fixture_put(fixture->names[0], 0, "C", "{\"n\":1}", "e");
	}
}

Test(kafka_log, ends_where_the_group_is_and_goes_on_when_it_is_told_to)
{
	struct kafka_fixture f;
	uint32_t count, members = 7;
	struct tw_error err;
	fixture_init(&f, 1);
	put(&f, 5);
	group_commit(&f, 3);
	struct tw_stream *log = log_new(&f);
	const struct tw_log_place *places = tw_stream_log_places(log, &count);
	cr_assert(count >= 5);
	cr_expect(places[0].log_start == 0 && places[0].log_end == 5 && places[0].committed == 3 && places[0].upto == 3);
	cr_expect(places[1].committed == -1 && places[1].upto == 0);
	cr_expect_eq(tw_stream_log_left(log), 3);
	cr_expect_eq(read_on(log, 0), 3);
	cr_expect_eq(tw_stream_log_left(log), 0);
	tw_stream_log_range(log, 0, 2); /* behind what was read: nothing */
	cr_expect_eq(read_on(log, 3), 0);
	tw_stream_log_range(log, 0, 5);
	cr_expect_eq(read_on(log, 3), 2);
	cr_expect_eq(tw_stream_log_members(log, &members, &err), TW_OK);
	cr_expect_eq(members, 0, "a reader, or one that left, is a member");
	put(&f, 2);
	cr_assert_eq(tw_stream_log_look(log, &err), TW_OK);
	places = tw_stream_log_places(log, &count);
	cr_expect(places[0].log_end == 7 && places[0].upto == 5);
	tw_stream_free(log);
	group_commit(&f, 4); /* the group goes on as if nobody had read */
}

Test(kafka_log, a_batch_that_is_given_up_comes_again)
{
	struct kafka_fixture f;
	struct tw_message *messages;
	struct tw_error err;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	fixture_init(&f, 1);
	put(&f, 4);
	group_commit(&f, 4);
	struct tw_stream *log = log_new(&f);
	for (int i = 0; i < ROUNDS && polled != TW_POLL_BATCH; i++) {
		cr_assert_eq(tw_stream_poll(log, 2, 1000, &messages, &count, &polled, &err), TW_OK);
	}
	cr_expect(messages[0].offset == 0 && messages[0].committed == -1, "nothing was committed to this stream yet");
	cr_assert_eq(tw_stream_abort(log, &err), TW_OK);
	cr_expect_eq(tw_stream_log_left(log), 4);
	cr_expect_eq(read_on(log, 0), 4);
	tw_stream_free(log);
}

Test(kafka_log, what_is_no_message_does_not_keep_it_from_its_end)
{
	struct kafka_fixture f;
	struct tw_error err;
	struct tw_message *messages;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	fixture_init(&f, 1);
	/* alerts of one engine are the input of this reader: each commit leaves a marker behind its messages */
	put(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	struct tw_stream *stream = NULL;
	cr_assert_eq(tw_stream_kafka_new(&options, &stream, &err), TW_OK);
	for (int i = 0; i < ROUNDS && polled != TW_POLL_BATCH; i++) {
		cr_assert(tw_stream_poll(stream, 1, 1000, &messages, &count, &polled, &err) == TW_OK || err.disposition == TW_RETRY);
	}
	struct tw_output output = {.kind = TW_OUTPUT_ALERT, .key = tw_slice_str("k"), .value = tw_slice_str("{}")};
	cr_assert_eq(tw_stream_produce(stream, &output, &err), TW_OK);
	cr_assert_eq(tw_stream_commit(stream, &err), TW_OK);
	tw_stream_free(stream);
	struct fixture_record records[4];
	cr_assert_eq(fixture_await(f.names[5], records, 4, 1), 1);

	struct tw_log_options of_alerts = {.kafka = fixture_options(&f)};
	memset(&of_alerts.kafka.topics, 0, sizeof(of_alerts.kafka.topics));
	of_alerts.kafka.topics.input[0] = f.names[5];
	struct tw_stream *log = NULL;
	cr_assert_eq(tw_stream_log_new(&of_alerts, &log, &err), TW_OK);
	const struct tw_log_place *places = tw_stream_log_places(log, &count);
	cr_assert(count == 1 && places[0].log_end == 2, "%lld", (long long)places[0].log_end);
	tw_stream_log_range(log, 0, 2);
	cr_expect_eq(read_on(log, 0), 1);
	tw_stream_free(log);
}

Test(kafka_log, refuses_outputs_missing_topics_and_nameless_groups)
{
	struct kafka_fixture f;
	struct tw_error err;
	struct tw_stream *log = NULL;
	fixture_init(&f, 1);
	struct tw_log_options options = {.kafka = fixture_options(&f)};
	cr_assert_eq(tw_stream_log_new(&options, &log, &err), TW_OK, "%s: %s: %s", err.what, err.where, err.detail);
	struct tw_output output = {.kind = TW_OUTPUT_ALERT, .key = tw_slice_str("k"), .value = tw_slice_str("{}")};
	cr_expect_eq(tw_stream_produce(log, &output, &err), TW_E_CONFLICT);
	tw_stream_free(log);
	options.kafka.topics.input[0] = "tw.no-such-topic";
	cr_expect_eq(tw_stream_log_new(&options, &log, &err), TW_E_MISSING);
	options.kafka.group = "";
	cr_expect_eq(tw_stream_log_new(&options, &log, &err), TW_E_MISSING);
	options = (struct tw_log_options){.kafka = fixture_options(&f)};
	memset(&options.kafka.topics, 0, sizeof(options.kafka.topics));
	cr_expect_eq(tw_stream_log_new(&options, &log, &err), TW_E_MISSING);
}
