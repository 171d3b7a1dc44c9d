/**
 * @file kafka_errors_test.c
 * Every class of broker error, met once at each request of a batch's way: which way does the stream go? On librdkafka's mock cluster, so needs
 * no broker. It delivers aborted messages and drops transactional offsets: only the way is looked at, not what was delivered.
 *
 *     passing      the same call again, inside the commit: it succeeds, nothing is delivered again
 *     abortable    the commit fails, retry; the next polls abort and deliver the batch again; it commits
 *     fatal        as abortable, by a new producer: seen by its InitProducerId, which is refused once, and heard of
 *     fenced, or credentials refused: TW_E_STALE or TW_E_AUTH, stop
 *
 * Source: KIP-98, KIP-360, KIP-447; librdkafka 2.0.2, rdkafka_txnmgr.c.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

#include "tests/integration/kafka_mock.h"

#define POLL_MS    50
#define POLLS      400
#define ROUNDS     4
#define PARTITIONS 40 /* of each of five topics: many fetchers to stop */
#define REBALANCES 2
#define REVOKED_MS 500 /* more than two heartbeats */

static struct kafka_mock mock;
static struct tw_stream *stream;

static void start(void)
{
	struct tw_error err = {.detail = ""};
	cr_assert(kafka_mock_init(&mock, PARTITIONS), "no mock cluster");
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

struct refusal {
	const char *name;
	enum mock_request request;
	rd_kafka_resp_err_t error;
};

static void alert_produce(void)
{
	struct tw_error err = {.detail = ""};
	struct tw_output output = {.kind = TW_OUTPUT_ALERT, .key = tw_slice_str("key"), .value = tw_slice_str("alert")};
	cr_assert_eq(tw_stream_produce(stream, &output, &err), TW_OK, "%s: %s", err.what, err.detail);
}

static void batch_await(const char *when)
{
	struct tw_message *messages;
	uint32_t count = 0;
	struct tw_error err = {.detail = ""};
	enum tw_code code;
	do {
		code = poll_until(TW_POLL_BATCH, &messages, &count, &err);
	} while (code == TW_E_IO && err.disposition == TW_RETRY);
	cr_assert_eq(code, TW_OK, "%s: %s: %s", when, err.what, err.detail);
	cr_assert_eq(count, 1, "%s: %u events", when, count);
}

/*
 * The event at `last`, once more: alone, or, where a commit had been asked for and the group was asked how far it is, behind all that the log has;
 * for the mock keeps no offsets of transactions. @return whether it came alone
 */
static bool again_await(const char *when, int64_t last)
{
	struct tw_message *messages;
	uint32_t count = 0;
	int64_t first = -1, next = -1;
	struct tw_error err = {.detail = ""};
	while (next <= last) {
		enum tw_code code = poll_until(TW_POLL_BATCH, &messages, &count, &err);
		cr_assert(code == TW_OK || (code == TW_E_IO && err.disposition == TW_RETRY), "%s: %s: %s", when, err.what, err.detail);
		for (uint32_t i = 0; code == TW_OK && i < count; i++) {
			first = first < 0 ? messages[i].offset : first;
			cr_assert(next < 0 || messages[i].offset == next, "%s: offset %lld after %lld", when, (long long)messages[i].offset,
			          (long long)next);
			next = messages[i].offset + 1;
		}
	}
	cr_assert(next == last + 1 && (first == last || first == 0), "%s: offsets %lld to %lld", when, (long long)first, (long long)next);
	return first == last;
}

/* An event, its batch, an alert for it, the refusal, the commit. */
static enum tw_code commit_refused(const struct refusal *refusal, struct tw_error *err)
{
	cr_assert(kafka_mock_put(&mock, "event"));
	batch_await(refusal->name);
	kafka_mock_push(&mock, refusal->request, refusal->error);
	alert_produce();
	return tw_stream_commit(stream, err);
}

static void batch_commit(const char *when)
{
	struct tw_error err = {.detail = ""};
	alert_produce();
	cr_assert_eq(tw_stream_commit(stream, &err), TW_OK, "%s: %s: %s", when, err.what, err.detail);
}

Test(kafka_errors, makes_the_same_call_again_where_the_trouble_passes)
{
	static const struct refusal refusals[] = {
	    {"InitProducerId", MOCK_INIT_PRODUCER_ID, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS}, /* met by the first poll */
	    {"AddPartitionsToTxn", MOCK_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS},
	    {"AddPartitionsToTxn", MOCK_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS},
	    {"Produce", MOCK_PRODUCE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION},
	    {"AddOffsetsToTxn", MOCK_ADD_OFFSETS, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS},
	    {"TxnOffsetCommit", MOCK_TXN_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS},
	    {"EndTxn", MOCK_END_TXN, RD_KAFKA_RESP_ERR_NOT_COORDINATOR},
	};
	struct tw_message *messages;
	uint32_t count;
	enum tw_poll polled;
	kafka_mock_push(&mock, refusals[0].request, refusals[0].error);
	for (size_t i = 1; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct tw_error err = {.detail = ""};
		cr_assert_eq(commit_refused(&refusals[i], &err), TW_OK, "%s %s: %s: %s", refusals[i].name, rd_kafka_err2name(refusals[i].error),
		             err.what, err.detail);
		cr_assert_eq(tw_stream_poll(stream, 100, POLL_MS, &messages, &count, &polled, &err), TW_OK);
		cr_assert_eq(polled, TW_POLL_IDLE, "%s: delivered again", refusals[i].name);
	}
}

Test(kafka_errors, aborts_and_delivers_the_batch_again)
{
	static const struct refusal refusals[] = {
	    {"TxnOffsetCommit", MOCK_TXN_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION},
	    {"TxnOffsetCommit", MOCK_TXN_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID},
	};
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct tw_error err = {.detail = ""};
		enum tw_code code = commit_refused(&refusals[i], &err);
		cr_assert(code == TW_E_IO && err.disposition == TW_RETRY, "%s %s: %d %s", refusals[i].name, rd_kafka_err2name(refusals[i].error),
		          code, err.detail);
		batch_await(refusals[i].name);
		batch_commit(refusals[i].name);
	}
}

/* A message that cannot be sent leaves a gap in the producer's numbers, which librdkafka may hold against the next transaction too. */
Test(kafka_errors, aborts_where_an_output_cannot_be_sent_and_commits_in_the_end)
{
	static const struct refusal refusal = {"Produce", MOCK_PRODUCE, RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS};
	struct tw_error err = {.detail = ""};
	enum tw_code code = commit_refused(&refusal, &err);
	cr_assert_neq(code, TW_OK);
	for (int round = 0; round < ROUNDS && code != TW_OK; round++) {
		cr_assert(code == TW_E_IO && err.disposition == TW_RETRY, "%d %s", code, err.detail);
		batch_await(refusal.name);
		alert_produce();
		code = tw_stream_commit(stream, &err);
	}
	cr_assert_eq(code, TW_OK, "%s: %s", err.what, err.detail);
}

Test(kafka_errors, stops_where_an_output_is_larger_than_its_topic_takes)
{
	static const struct refusal refusal = {"Produce", MOCK_PRODUCE, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE};
	struct tw_error err = {.detail = ""};
	cr_assert_eq(commit_refused(&refusal, &err), TW_E_LIMIT);
	cr_assert_eq(err.disposition, TW_STOP);
}

Test(kafka_errors, takes_a_new_producer_where_the_old_one_is_lost)
{
	static const struct refusal refusals[] = {
	    {"AddPartitionsToTxn", MOCK_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH},
	    {"AddPartitionsToTxn", MOCK_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE},
	    {"AddOffsetsToTxn", MOCK_ADD_OFFSETS, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH},
	    {"TxnOffsetCommit", MOCK_TXN_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH},
	    {"EndTxn", MOCK_END_TXN, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH},
	    {"EndTxn", MOCK_END_TXN, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE},
	};
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct tw_error err = {.detail = ""};
		enum tw_code code = commit_refused(&refusals[i], &err);
		cr_assert(code == TW_E_IO && err.disposition == TW_RETRY, "%s %s: %d %s", refusals[i].name, rd_kafka_err2name(refusals[i].error),
		          code, err.detail);
		/* a refused EndTxn may be the second one, with the first one done: the group is asked from where to go on */
		bool alone = again_await(refusals[i].name, (int64_t)i);
		cr_assert(!alone || refusals[i].request != MOCK_END_TXN || i == 0, "%s: the group was not asked", refusals[i].name);
		batch_commit(refusals[i].name);
	}
	/* once more, and the new producer is told no: only a new one asks */
	struct tw_error err = {.detail = ""};
	struct tw_message *messages;
	uint32_t count;
	cr_assert_eq(commit_refused(&refusals[0], &err), TW_E_IO);
	kafka_mock_push(&mock, MOCK_INIT_PRODUCER_ID, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
	cr_assert_eq(poll_until(TW_POLL_BATCH, &messages, &count, &err), TW_E_AUTH);
	cr_assert_eq(err.disposition, TW_STOP);
}

Test(kafka_errors, asks_for_its_offsets_again_where_they_are_not_settled)
{
	cr_assert(kafka_mock_put(&mock, "event"));
	kafka_mock_push(&mock, MOCK_OFFSET_FETCH, RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT);
	kafka_mock_push(&mock, MOCK_OFFSET_FETCH, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
	batch_await("OffsetFetch");
	batch_commit("OffsetFetch");
}

Test(kafka_errors, joins_again_where_the_group_does_not_know_it)
{
	kafka_mock_push(&mock, MOCK_JOIN_GROUP, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE);
	cr_assert(kafka_mock_put(&mock, "event"));
	batch_await("JoinGroup");
	kafka_mock_push(&mock, MOCK_HEARTBEAT, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);
	batch_await("Heartbeat"); /* not committed: whoever has the partition next is given it again */
	batch_commit("Heartbeat");
}

static void expect_stop(enum tw_code wanted)
{
	struct tw_message *messages;
	uint32_t count;
	struct tw_error err = {.detail = ""};
	enum tw_code code;
	do {
		code = poll_until(TW_POLL_BATCH, &messages, &count, &err);
	} while (code == TW_OK || (code == TW_E_IO && err.disposition == TW_RETRY));
	cr_assert(code == wanted && err.disposition == TW_STOP, "%d: %s: %s", code, err.what, err.detail);
}

Test(kafka_errors, stops_where_another_process_has_joined_as_this_instance)
{
	cr_assert(kafka_mock_put(&mock, "event"));
	batch_await("before");
	kafka_mock_push(&mock, MOCK_HEARTBEAT, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID);
	batch_commit("before");
	struct tw_message *messages;
	uint32_t count;
	enum tw_poll polled = TW_POLL_IDLE;
	struct tw_error err = {.detail = ""};
	enum tw_code code = TW_OK;
	for (int i = 0; i < POLLS && code == TW_OK; i++) {
		code = tw_stream_poll(stream, 100, POLL_MS, &messages, &count, &polled, &err);
	}
	cr_assert(code == TW_E_STALE && err.disposition == TW_STOP, "%d: %s: %s", code, err.what, err.detail);
}

Test(kafka_errors, stops_where_another_process_is_in_the_group_as_this_instance)
{
	kafka_mock_push(&mock, MOCK_JOIN_GROUP, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID);
	expect_stop(TW_E_STALE);
}

Test(kafka_errors, stops_where_it_may_not_read_the_groups_offsets)
{
	cr_assert(kafka_mock_put(&mock, "event"));
	kafka_mock_push(&mock, MOCK_OFFSET_FETCH, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
	expect_stop(TW_E_AUTH);
}

Test(kafka_errors, stops_where_it_may_not_take_part_in_transactions)
{
	kafka_mock_push(&mock, MOCK_INIT_PRODUCER_ID, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
	expect_stop(TW_E_AUTH);
}
