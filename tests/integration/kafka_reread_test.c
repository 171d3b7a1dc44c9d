/* What a stream hands out before the place where reading begins: all of it, marked, once, and never part of what is committed. */
#include <criterion/criterion.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/integration/kafka_fixture.h"

#define ROUNDS 60 /* polls of a second each before a test gives up */

TestSuite(kafka_reread, .timeout = 120);

static struct tw_stream *stream_new(const struct tw_kafka_options *options)
{
	struct tw_stream *stream = NULL;
	struct tw_error err;
	enum tw_code code = tw_stream_kafka_new(options, &stream, &err);
	cr_assert(code == TW_OK, "%s: %s: %s", err.what, err.where, err.detail);
	return stream;
}

/* As many messages as it takes to have `wanted`: "r2 r3 4 5 " in the order of their coming, `r` for what is read again. Commits after each batch. */
static void come(struct tw_stream *stream, uint32_t most, int wanted, const char *expected)
{
	char text[256] = "";
	size_t used = 0;
	int got = 0;
	struct tw_error err;
	for (int i = 0; i < ROUNDS && got < wanted; i++) {
		struct tw_message *m;
		uint32_t count = 0, fresh = 0;
		enum tw_poll polled = TW_POLL_IDLE;
		enum tw_code code = tw_stream_poll(stream, most, 1000, &m, &count, &polled, &err);
		cr_assert(code == TW_OK || err.disposition == TW_RETRY, "%s: %s: %s", err.what, err.where, err.detail);
		count = code == TW_OK && polled == TW_POLL_BATCH ? count : 0;
		for (uint32_t k = 0; k < count; k++, got++) {
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%lld ", m[k].reread ? "r" : "", (long long)m[k].offset);
			fresh += !m[k].reread;
		}
		if (fresh) {
			cr_assert_eq(tw_stream_commit(stream, &err), TW_OK, "%s: %s", err.what, err.detail);
		}
	}
	cr_assert_str_eq(text, expected);
}

static bool quiet(struct tw_stream *stream)
{
	struct tw_error err;
	struct tw_message *messages;
	uint32_t count = 0;
	enum tw_poll polled;
	return tw_stream_poll(stream, 100, 1500, &messages, &count, &polled, &err) == TW_OK && polled == TW_POLL_IDLE && count == 0;
}

static void put(const struct kafka_fixture *f, int family, int count)
{
	for (int i = 0; i < count; i++) {
		fixture_put(f->names[family], 0, "k", "{}", "e");
	}
}

static int64_t committed(struct tw_stream *stream)
{
	const struct tw_stream_place *places;
	struct tw_error err;
	uint32_t count = 0;
	bool settled;
	cr_assert_eq(tw_stream_standing(stream, &places, &count, &settled, &err), TW_OK, "%s: %s", err.what, err.detail);
	for (uint32_t p = 0; p < count; p++) {
		if (strstr(places[p].topic.ptr, "manifests")) {
			return places[p].committed;
		}
	}
	return -2;
}

Test(kafka_reread, shows_so_many_offsets_before_the_committed_one_and_commits_none_of_them)
{
	struct kafka_fixture f;
	struct tw_error err;
	struct tw_message *m;
	uint32_t count;
	enum tw_poll polled = TW_POLL_IDLE;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	options.reread_offsets[0] = 3;
	put(&f, 0, 5);
	struct tw_stream *stream = stream_new(&options);
	come(stream, 10, 5, "0 1 2 3 4 "); /* there is nothing before the log's start */
	tw_stream_free(stream);

	put(&f, 0, 2);
	stream = stream_new(&options);
	come(stream, 2, 2, "r2 r3 ");
	cr_assert_eq(committed(stream), 5);
	for (int i = 0; i < ROUNDS && polled != TW_POLL_BATCH; i++) { /* a batch that is given up is not what is read again */
		cr_assert_eq(tw_stream_poll(stream, 2, 1000, &m, &count, &polled, &err), TW_OK);
	}
	cr_assert(count >= 1 && m[0].offset == 4 && m[0].reread && m[0].committed == 5);
	cr_assert_eq(tw_stream_abort(stream, &err), TW_OK);
	come(stream, 10, 2, "5 6 ");
	cr_assert_eq(committed(stream), 7);
	cr_assert(quiet(stream));
	tw_stream_free(stream);

	put(&f, 1, 1);
	put(&f, 0, 1);
	options.reread_offsets[0] = 100; /* more than there is */
	stream = stream_new(&options);
	come(stream, 1, 7, "r0 r1 r2 r3 r4 r5 r6 ");
	tw_stream_free(stream);
}

Test(kafka_reread, shows_nothing_of_a_topic_that_is_not_asked_for)
{
	struct kafka_fixture f;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	options.reread_offsets[0] = 3;
	put(&f, 1, 3);
	struct tw_stream *stream = stream_new(&options);
	come(stream, 10, 3, "0 1 2 ");
	tw_stream_free(stream);
	put(&f, 1, 1);
	stream = stream_new(&options);
	come(stream, 10, 1, "3 ");
	tw_stream_free(stream);
}

/* State that lacks everything from offset 2 on. */
static enum tw_code placed_behind(void *context, struct tw_slice topic, int32_t partition, int64_t at, int64_t log_start, int64_t log_end,
                                  int64_t *start, struct tw_error *err)
{
	(void)context;
	(void)partition;
	(void)log_start;
	(void)log_end;
	(void)err;
	*start = strstr(topic.ptr, "manifests") && at > 2 ? 2 : *start;
	return TW_OK;
}

Test(kafka_reread, begins_before_what_is_rebuilt)
{
	struct kafka_fixture f;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	options.reread_offsets[0] = 1;
	put(&f, 0, 5);
	struct tw_stream *stream = stream_new(&options);
	come(stream, 10, 5, "0 1 2 3 4 ");
	tw_stream_free(stream);
	put(&f, 0, 2);
	options.placed = placed_behind;
	stream = stream_new(&options);
	tw_stream_gate(stream, true);
	come(stream, 10, 4, "r1 2 3 4 ");
	cr_assert(quiet(stream));
	tw_stream_gate(stream, false);
	come(stream, 10, 2, "5 6 ");
	tw_stream_free(stream);
}

/* The gate opens while there is still something to rebuild, for somebody else has done it: what lies between is looked at all the same. */
Test(kafka_reread, leaves_no_hole_where_somebody_else_rebuilt)
{
	struct kafka_fixture f;
	struct tw_error err;
	struct tw_message *m;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	options.reread_offsets[0] = 4;
	put(&f, 0, 8);
	struct tw_stream *stream = stream_new(&options);
	come(stream, 10, 8, "0 1 2 3 4 5 6 7 ");
	tw_stream_free(stream);
	put(&f, 0, 1);
	options.placed = placed_behind;
	stream = stream_new(&options);
	tw_stream_gate(stream, true);
	come(stream, 1, 5, "r0 r1 2 3 4 ");
	for (int i = 0; i < ROUNDS && polled != TW_POLL_BATCH; i++) { /* handed out, and given up before anybody looked */
		cr_assert_eq(tw_stream_poll(stream, 1, 1000, &m, &count, &polled, &err), TW_OK);
	}
	cr_assert(count == 1 && m->offset == 5 && !m->reread);
	tw_stream_gate(stream, false);
	come(stream, 10, 4, "r5 r6 r7 8 ");
	tw_stream_free(stream);
}

/* Between the question where the log begins and the fetch, it begins later. */
static enum tw_code placed_deleting(void *context, struct tw_slice topic, int32_t partition, int64_t at, int64_t log_start, int64_t log_end,
                                    int64_t *start, struct tw_error *err)
{
	const struct tw_kafka_options *options = context;
	char words[256];
	(void)log_start;
	(void)log_end;
	(void)err;
	if (!strstr(topic.ptr, "manifests") || at < 0) {
		return TW_OK;
	}
	*start = at;
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	cr_assert_eq(rd_kafka_conf_set(conf, "bootstrap.servers", options->brokers, words, sizeof(words)), RD_KAFKA_CONF_OK);
	rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, words, sizeof(words));
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, topic.ptr, partition)->offset = at - 2;
	rd_kafka_DeleteRecords_t *order = rd_kafka_DeleteRecords_new(list);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
	rd_kafka_DeleteRecords(client, &order, 1, NULL, queue);
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 20000);
	cr_assert(event && !rd_kafka_event_error(event), "records were not deleted");
	rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
	rd_kafka_DeleteRecords_destroy(order);
	rd_kafka_topic_partition_list_destroy(list);
	rd_kafka_destroy(client);
	return TW_OK;
}

Test(kafka_reread, does_without_what_the_log_loses_meanwhile)
{
	struct kafka_fixture f;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	options.reread_offsets[0] = 5;
	put(&f, 0, 6);
	struct tw_stream *stream = stream_new(&options);
	come(stream, 10, 6, "0 1 2 3 4 5 ");
	tw_stream_free(stream);
	put(&f, 0, 1);
	options.placed = placed_deleting;
	options.context = &options;
	stream = stream_new(&options);
	come(stream, 10, 3, "r4 r5 6 ");
	tw_stream_free(stream);
}
