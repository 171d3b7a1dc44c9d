/* The Kafka stream against a real broker: what is committed is committed together, and nothing else is seen or lost. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/integration/kafka_fixture.h"

#define ROUNDS 60 /* polls of a second each before a test gives up */

TestSuite(kafka_stream, .timeout = 120);

static struct tw_stream *stream_new(const struct tw_kafka_options *options)
{
	struct tw_stream *stream = NULL;
	struct tw_error err;
	enum tw_code code = tw_stream_kafka_new(options, &stream, &err);
	cr_assert(code == TW_OK, "%s: %s: %s", err.what, err.where, err.detail);
	return stream;
}

/* Until a batch comes; 0 when none does. */
static uint32_t batch_await(struct tw_stream *stream, uint32_t most, struct tw_message **messages)
{
	struct tw_error err;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	for (int i = 0; i < ROUNDS && polled != TW_POLL_BATCH; i++) {
		enum tw_code code = tw_stream_poll(stream, most, 1000, messages, &count, &polled, &err);
		cr_assert(code == TW_OK || err.disposition == TW_RETRY, "%s: %s: %s", err.what, err.where, err.detail);
	}
	return count;
}

/* One poll that finds nothing. */
static bool quiet(struct tw_stream *stream)
{
	struct tw_error err;
	struct tw_message *messages;
	uint32_t count = 0;
	enum tw_poll polled;
	return tw_stream_poll(stream, 100, 1500, &messages, &count, &polled, &err) == TW_OK && polled == TW_POLL_IDLE && count == 0;
}

static void alert_produce(struct tw_stream *stream, const char *key)
{
	struct tw_header headers[] = {{tw_slice_str("ce_id"), tw_slice_str(key)}, {tw_slice_str("ce_specversion"), tw_slice_str("1.0")}};
	struct tw_output output = {
	    .kind = TW_OUTPUT_ALERT, .key = tw_slice_str(key), .value = tw_slice_str("{\"alert\":1}"), .headers = headers, .header_count = 2};
	struct tw_error err;
	cr_assert(tw_stream_produce(stream, &output, &err) == TW_OK, "%s", err.what);
}

Test(kafka_stream, commits_outputs_and_positions_together)
{
	struct kafka_fixture f;
	struct tw_message *m;
	struct fixture_record records[8];
	struct tw_error err;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	fixture_put(f.names[0], 0, "C-1", "{\"n\":1}", "e1");
	fixture_put(f.names[0], 0, "C-2", "{\"n\":2}", "e2");
	struct tw_stream *stream = stream_new(&options);
	cr_assert(batch_await(stream, 1, &m) == 1);
	cr_assert(m->family == TW_FAMILY_MANIFEST && m->offset == 0 && m->partition == 0 && tw_slice_is(m->key, "C-1"));
	cr_assert(tw_slice_is(m->value, "{\"n\":1}") && tw_slice_is(m->ce_id, "e1") && m->ce_type.len == 0);
	alert_produce(stream, "alert-1");
	cr_assert(fixture_committed(f.names[5], records, 8) == 0, "an output was seen before its commit");
	cr_assert(tw_stream_commit(stream, &err) == TW_OK, "%s: %s", err.what, err.detail);
	cr_assert(fixture_await(f.names[5], records, 8, 1) == 1);
	cr_assert_str_eq(records[0].key, "alert-1");
	cr_assert_str_eq(records[0].ce_id, "alert-1");
	cr_assert_str_eq(records[0].value, "{\"alert\":1}");
	tw_stream_free(stream);

	stream = stream_new(&options);
	cr_assert(batch_await(stream, 10, &m) == 1 && m->offset == 1 && m->committed == 1, "the second process did not go on behind the first");
	cr_assert(tw_stream_commit(stream, &err) == TW_OK);
	cr_assert(quiet(stream));
	tw_stream_free(stream);
}

Test(kafka_stream, delivers_an_aborted_batch_again_and_hides_its_outputs)
{
	struct kafka_fixture f;
	struct tw_message *m;
	struct fixture_record records[8];
	struct tw_error err;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	for (int i = 0; i < 3; i++) {
		fixture_put(f.names[1], 0, "k", "{}", "e");
	}
	struct tw_stream *stream = stream_new(&options);
	for (int round = 0; round < 3; round++) { /* the second abort has no output, the third none to abort: a batch without alerts */
		uint32_t count = batch_await(stream, 10, &m);
		cr_assert(count >= 1 && m->offset == 0 && m->family == TW_FAMILY_CERTIFICATE);
		if (round == 0) {
			alert_produce(stream, "undone");
		}
		cr_assert(tw_stream_abort(stream, &err) == TW_OK, "%s: %s", err.what, err.detail);
	}
	uint32_t seen = 0;
	int commits = 0;
	while (seen < 3) {
		uint32_t count = batch_await(stream, 10, &m);
		cr_assert(count > 0 && m->offset == (int64_t)seen);
		seen += count;
		commits++;
		alert_produce(stream, "done");
		cr_assert(tw_stream_commit(stream, &err) == TW_OK, "%s: %s", err.what, err.detail);
	}
	int alerts = fixture_await(f.names[5], records, 8, commits);
	cr_assert(alerts == commits, "%d alerts of %d commits", alerts, commits);
	for (int i = 0; i < alerts; i++) {
		cr_assert_str_eq(records[i].key, "done");
	}
	tw_stream_free(stream);
}

Test(kafka_stream, delivers_again_what_an_ended_process_left_uncommitted)
{
	struct kafka_fixture f;
	struct tw_message *m;
	struct fixture_record records[8];
	struct tw_error err;
	fixture_init(&f, 2);
	struct tw_kafka_options options = fixture_options(&f);
	fixture_put(f.names[0], 0, "a", "{}", "e");
	fixture_put(f.names[0], 1, "b", "{}", "e");
	struct tw_stream *stream = stream_new(&options);
	cr_assert(batch_await(stream, 10, &m) >= 1);
	alert_produce(stream, "lost-with-the-process");
	tw_stream_free(stream);
	stream = stream_new(&options);
	uint32_t seen = 0;
	int commits = 0;
	while (seen < 2) {
		seen += batch_await(stream, 10, &m);
		cr_assert(seen > 0);
		commits++;
		alert_produce(stream, "again");
		cr_assert(tw_stream_commit(stream, &err) == TW_OK, "%s: %s", err.what, err.detail);
	}
	int alerts = fixture_await(f.names[5], records, 8, commits);
	cr_assert(alerts == commits, "%d alerts of %d commits", alerts, commits);
	for (int i = 0; i < alerts; i++) {
		cr_assert_str_eq(records[i].key, "again");
	}
	tw_stream_free(stream);
}

struct placings {
	int calls;
	int64_t committed, log_start, log_end;
	enum tw_code answer;
};

static enum tw_code placed(void *context, struct tw_slice topic, int32_t partition, int64_t committed, int64_t log_start, int64_t log_end,
                           int64_t *start, struct tw_error *err)
{
	cr_assert_eq(*start, committed < 0 ? log_start : committed);
	struct placings *seen = context;
	if (!strstr(topic.ptr, "manifests")) {
		return TW_OK;
	}
	cr_assert(partition == 0);
	seen->calls++;
	seen->committed = committed;
	seen->log_start = log_start;
	seen->log_end = log_end;
	return seen->answer == TW_OK ? TW_OK
	                             : tw_fail(err, seen->answer, seen->answer == TW_E_IO ? TW_RETRY : TW_STOP, "refused by the test", NULL, NULL);
}

Test(kafka_stream, asks_where_the_state_stands_and_tries_again_when_it_is_away)
{
	struct kafka_fixture f;
	struct tw_message *m;
	struct tw_error err;
	uint32_t count;
	enum tw_poll polled;
	struct placings seen = {.answer = TW_E_IO};
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	options.placed = placed;
	options.context = &seen;
	fixture_put(f.names[0], 0, "a", "{}", "e");
	struct tw_stream *stream = stream_new(&options);
	enum tw_code code = TW_OK;
	for (int i = 0; i < ROUNDS && code == TW_OK; i++) {
		code = tw_stream_poll(stream, 10, 1000, &m, &count, &polled, &err);
		cr_assert(code != TW_OK || polled == TW_POLL_IDLE, "messages came before the partition was placed");
	}
	cr_assert(code == TW_E_IO && err.disposition == TW_RETRY && seen.calls == 1);
	cr_assert(seen.committed == -1 && seen.log_start == 0 && seen.log_end == 1);
	seen.answer = TW_OK;
	cr_assert(batch_await(stream, 10, &m) == 1 && seen.calls == 2);
	tw_stream_free(stream);

	seen.answer = TW_E_STALE;
	stream = stream_new(&options);
	for (int i = 0; i < ROUNDS && (code == TW_E_IO || code == TW_OK); i++) {
		code = tw_stream_poll(stream, 10, 1000, &m, &count, &polled, &err);
	}
	cr_assert(code == TW_E_STALE && err.disposition == TW_STOP);
	tw_stream_free(stream);
}

Test(kafka_stream, shares_partitions_with_a_second_instance_and_loses_nothing)
{
	struct kafka_fixture f;
	struct tw_error err;
	struct tw_message *m;
	bool seen[2][40] = {{false}};
	int left = 80;
	fixture_init(&f, 2);
	struct tw_kafka_options first = fixture_options(&f), second = first;
	static const struct tw_property quick[] = {{"session.timeout.ms", "6000"}, {"heartbeat.interval.ms", "300"}};
	first.properties = second.properties = quick;
	first.property_count = second.property_count = 2;
	second.instance = "the-other";
	struct tw_stream *streams[2] = {stream_new(&first), NULL};
	for (int i = 0; i < 40; i++) {
		fixture_put(f.names[0], 0, "a", "{}", "e");
		fixture_put(f.names[0], 1, "b", "{}", "e");
	}
	for (int round = 0; round < 400 && left > 0; round++) {
		if (round == 3) { /* in the middle of the first's work */
			streams[1] = stream_new(&second);
		}
		for (int s = 0; s < 2 && streams[s]; s++) {
			uint32_t count = 0;
			enum tw_poll polled = TW_POLL_IDLE;
			enum tw_code code = tw_stream_poll(streams[s], 5, 200, &m, &count, &polled, &err);
			cr_assert(code == TW_OK || err.disposition == TW_RETRY, "%s: %s", err.what, err.detail);
			if (code != TW_OK || polled != TW_POLL_BATCH || tw_stream_commit(streams[s], &err) != TW_OK) {
				continue;
			}
			for (uint32_t i = 0; i < count; i++) {
				cr_assert(!seen[m[i].partition][m[i].offset], "offset %lld was committed twice", (long long)m[i].offset);
				seen[m[i].partition][m[i].offset] = true;
				left--;
			}
		}
	}
	cr_assert(left == 0, "%d of 80 were never committed", left);
	tw_stream_free(streams[0]);
	tw_stream_free(streams[1]);
}

Test(kafka_stream, stops_when_another_process_takes_its_instance)
{
	struct kafka_fixture f;
	struct tw_error err;
	struct tw_message *m;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	fixture_put(f.names[0], 0, "a", "{}", "e");
	struct tw_stream *zombie = stream_new(&options);
	cr_assert(batch_await(zombie, 10, &m) == 1);
	alert_produce(zombie, "zombie");
	struct tw_stream *heir = stream_new(&options);
	cr_assert(batch_await(heir, 10, &m) == 1 && m->offset == 0);
	cr_assert(tw_stream_commit(zombie, &err) != TW_OK, "a zombie committed");
	alert_produce(heir, "heir");
	cr_assert(tw_stream_commit(heir, &err) == TW_OK, "%s: %s", err.what, err.detail);
	enum tw_code code = TW_OK;
	uint32_t count;
	enum tw_poll polled;
	for (int i = 0; i < ROUNDS && (code == TW_OK || err.disposition == TW_RETRY); i++) {
		code = tw_stream_poll(zombie, 10, 500, &m, &count, &polled, &err);
	}
	cr_assert(code == TW_E_STALE && err.disposition == TW_STOP, "%s: %s", err.what, err.detail);
	struct fixture_record records[4];
	cr_assert(fixture_await(f.names[5], records, 4, 1) == 1);
	cr_assert_str_eq(records[0].key, "heir");
	tw_stream_free(zombie);
	tw_stream_free(heir);
}

Test(kafka_stream, says_which_topic_is_missing)
{
	struct kafka_fixture f;
	struct tw_stream *stream = NULL;
	struct tw_error err;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	options.topics.holds = "nobody-made-this";
	cr_assert(tw_stream_kafka_new(&options, &stream, &err) == TW_E_MISSING && err.disposition == TW_STOP);
	cr_assert_str_eq(err.where, "nobody-made-this");
	cr_assert(stream == NULL);
}

Test(kafka_stream, says_that_credentials_are_refused)
{
	const char *door = getenv("TW_TEST_KAFKA_SASL");
	struct kafka_fixture f;
	struct tw_stream *stream = NULL;
	struct tw_error err;
	static const struct tw_property wrong[] = {
	    {"security.protocol", "SASL_PLAINTEXT"}, {"sasl.mechanism", "PLAIN"}, {"sasl.username", "tidewaiter"}, {"sasl.password", "not-this"}};
	static const struct tw_property right[] = {
	    {"security.protocol", "SASL_PLAINTEXT"}, {"sasl.mechanism", "PLAIN"}, {"sasl.username", "tidewaiter"}, {"sasl.password", "tests-only"}};
	if (!door || !door[0]) {
		cr_skip_test("TW_TEST_KAFKA_SASL is not set");
	}
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	options.brokers = door;
	options.properties = wrong;
	options.property_count = 4;
	enum tw_code code = tw_stream_kafka_new(&options, &stream, &err);
	cr_assert(code == TW_E_AUTH && err.disposition == TW_STOP, "%s: %s", err.what, err.detail);
	options.properties = right;
	stream = stream_new(&options);
	tw_stream_free(stream);
}

Test(kafka_stream, refuses_properties_that_do_not_exist_or_are_not_free)
{
	struct kafka_fixture f = {.group = "g", .instance = "i"};
	static const struct tw_property unknown[] = {{"fetch.wait.max", "1"}}, out_of_range[] = {{"linger.ms", "x"}},
	                                not_free[] = {{"isolation.level", "read_uncommitted"}};
	struct tw_stream *stream = NULL;
	struct tw_error err;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	options.property_count = 1;
	options.properties = unknown;
	cr_assert(tw_stream_kafka_new(&options, &stream, &err) == TW_E_UNKNOWN && strstr(err.where, "fetch.wait.max"));
	options.properties = out_of_range;
	cr_assert(tw_stream_kafka_new(&options, &stream, &err) == TW_E_RANGE);
	options.properties = not_free;
	cr_assert(tw_stream_kafka_new(&options, &stream, &err) == TW_E_CONFLICT && strcmp(err.where, "isolation.level") == 0);
}

/* State that lacks everything from offset 2 on. */
static enum tw_code placed_behind(void *context, struct tw_slice topic, int32_t partition, int64_t committed, int64_t log_start, int64_t log_end,
                                  int64_t *start, struct tw_error *err)
{
	(void)context;
	(void)partition;
	(void)log_start;
	(void)log_end;
	(void)err;
	*start = strstr(topic.ptr, "manifests") && committed > 2 ? 2 : *start;
	return TW_OK;
}

static void commit_all(struct tw_stream *stream, int64_t end)
{
	struct tw_message *m;
	struct tw_error err;
	for (int64_t next = 0; next < end;) {
		uint32_t count = batch_await(stream, 10, &m);
		cr_assert(count && m->offset == next);
		next += count;
		cr_assert(tw_stream_commit(stream, &err) == TW_OK, "%s: %s", err.what, err.detail);
	}
}

/* Polls until the stream says that it is a member with placed partitions. @return the committed offset of the first topic's partition 0 */
static int64_t settled_await(struct tw_stream *stream)
{
	struct tw_error err;
	for (int i = 0; i < ROUNDS; i++) {
		const struct tw_stream_place *places;
		struct tw_message *m;
		uint32_t count = 0, messages = 0;
		bool settled = false;
		enum tw_poll polled;
		enum tw_code code = tw_stream_standing(stream, &places, &count, &settled, &err);
		cr_assert(code == TW_OK || err.disposition == TW_RETRY, "%s: %s", err.what, err.detail);
		for (uint32_t p = 0; p < count && settled; p++) {
			if (strstr(places[p].topic.ptr, "manifests") && places[p].partition == 0) {
				return places[p].committed;
			}
		}
		code = tw_stream_poll(stream, 10, 200, &m, &messages, &polled, &err);
		cr_assert(code == TW_OK || err.disposition == TW_RETRY, "%s: %s", err.what, err.detail);
		cr_assert(code != TW_OK || messages == 0, "messages before anybody asked for them");
	}
	cr_assert_fail("never settled");
	return -1;
}

Test(kafka_stream, gated_delivers_what_is_committed_and_missing_and_open_the_rest)
{
	struct kafka_fixture f;
	struct tw_error err;
	struct tw_message *m;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	for (int i = 0; i < 5; i++) {
		fixture_put(f.names[0], 0, "k", "{}", "e");
	}
	struct tw_stream *stream = stream_new(&options);
	commit_all(stream, 5);
	tw_stream_free(stream);
	for (int i = 0; i < 3; i++) {
		fixture_put(f.names[0], 0, "k", "{}", "e");
	}
	options.placed = placed_behind;
	stream = stream_new(&options);
	tw_stream_gate(stream, true);
	for (int64_t next = 2; next < 5;) {
		uint32_t count = batch_await(stream, 2, &m);
		cr_assert(count >= 1 && m->offset == next && m->committed == 5, "offset %lld in place of %lld", (long long)m->offset,
		          (long long)next);
		cr_assert(tw_stream_commit(stream, &err) == TW_OK);
		next += count;
		cr_assert(next <= 5, "new events came through the gate");
	}
	cr_assert(quiet(stream));
	cr_assert_eq(settled_await(stream), 5, "a commit behind the gate moved the group");
	tw_stream_gate(stream, false);
	int64_t next = 5;
	while (next < 8) {
		uint32_t count = batch_await(stream, 10, &m);
		cr_assert(count >= 1 && m->offset == next, "offset %lld in place of %lld", (long long)m->offset, (long long)next);
		next += count;
		cr_assert(tw_stream_commit(stream, &err) == TW_OK, "%s: %s", err.what, err.detail);
	}
	cr_assert_eq(settled_await(stream), 8);
	cr_assert(quiet(stream));
	tw_stream_free(stream);
}

Test(kafka_stream, an_open_stream_does_not_deliver_what_has_to_be_rebuilt)
{
	struct kafka_fixture f;
	struct tw_error err;
	struct tw_message *m;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	for (int i = 0; i < 5; i++) {
		fixture_put(f.names[0], 0, "k", "{}", "e");
	}
	struct tw_stream *stream = stream_new(&options);
	commit_all(stream, 5);
	tw_stream_free(stream);
	options.placed = placed_behind;
	stream = stream_new(&options);
	enum tw_code code = TW_OK;
	for (int i = 0; i < ROUNDS && (code == TW_OK || code == TW_E_IO); i++) {
		uint32_t count = 0;
		enum tw_poll polled = TW_POLL_IDLE;
		code = tw_stream_poll(stream, 10, 1000, &m, &count, &polled, &err);
		cr_assert(code != TW_OK || count == 0);
	}
	cr_assert(code == TW_E_STALE && err.disposition == TW_RETRY, "%s: %s", err.what, err.detail);
	tw_stream_free(stream);
}

Test(kafka_stream, after_somebody_joined_anew_nobody_commits_what_was_read_before)
{
	struct kafka_fixture f;
	struct tw_error err;
	struct tw_message *m;
	/* who does not poll for that long has left, as far as the group is concerned */
	static const struct tw_property quick[] = {
	    {"session.timeout.ms", "6000"}, {"heartbeat.interval.ms", "300"}, {"max.poll.interval.ms", "6000"}};
	fixture_init(&f, 2);
	struct tw_kafka_options first = fixture_options(&f), second = first;
	first.properties = second.properties = quick;
	first.property_count = second.property_count = 3;
	second.instance = "the-other";
	struct tw_stream *streams[2] = {stream_new(&first), stream_new(&second)};
	for (int round = 0; round < 2 * ROUNDS; round++) { /* both are members, each with a partition of every topic */
		uint32_t count = 0;
		enum tw_poll polled;
		enum tw_code code = tw_stream_poll(streams[round % 2], 10, 100, &m, &count, &polled, &err);
		cr_assert(code == TW_OK || err.disposition == TW_RETRY, "%s: %s", err.what, err.detail);
	}
	fixture_put(f.names[0], 0, "a", "{}", "e");
	fixture_put(f.names[0], 1, "b", "{}", "e");
	/* whichever of the two has partition 0 sleeps with a batch in its hands */
	uint32_t count[2] = {0, 0};
	int32_t partition[2];
	for (int s = 0; s < 2; s++) {
		count[s] = batch_await(streams[s], 10, &m);
		cr_assert_eq(count[s], 1);
		partition[s] = m->partition;
	}
	cr_assert_neq(partition[0], partition[1]);
	struct tw_stream *zombie = streams[0], *awake = streams[1];
	cr_assert_eq(tw_stream_abort(awake, &err), TW_OK);
	tw_stream_rejoin(awake);
	alert_produce(zombie, "zombie");
	cr_assert_eq(settled_await(awake), -1); /* it has an assignment of the new generation */
	cr_expect_neq(tw_stream_commit(zombie, &err), TW_OK, "a batch from before the new generation was committed");
	struct fixture_record records[4];
	cr_expect_eq(fixture_committed(f.names[5], records, 4), 0);
	tw_stream_free(zombie);
	tw_stream_free(awake);
}
