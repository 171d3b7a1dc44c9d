/* Commits of the Kafka stream that are begun and ended apart, against a real broker, and against one that dies in between. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/integration/kafka_fixture.h"

#define ROUNDS    60 /* polls of a second each before a test gives up */
#define BROKER_MS 90000

TestSuite(kafka_commit, .timeout = 180);

static struct tw_stream *stream_new(const struct tw_kafka_options *options)
{
	struct tw_stream *stream = NULL;
	struct tw_error err;
	enum tw_code code = tw_stream_kafka_new(options, &stream, &err);
	cr_assert(code == TW_OK, "%s: %s: %s", err.what, err.where, err.detail);
	return stream;
}

static void good(enum tw_code code, const struct tw_error *err)
{
	cr_assert(code == TW_OK, "%s: %s: %s", err->what, err->where, err->detail);
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

static void alert_produce(struct tw_stream *stream, const char *key)
{
	struct tw_header headers[] = {{tw_slice_str("ce_id"), tw_slice_str(key)}};
	struct tw_output output = {
	    .kind = TW_OUTPUT_ALERT, .key = tw_slice_str(key), .value = tw_slice_str("{\"alert\":1}"), .headers = headers, .header_count = 1};
	struct tw_error err;
	good(tw_stream_produce(stream, &output, &err), &err);
}

static void commit_begin(struct tw_stream *stream)
{
	struct tw_error err;
	good(tw_stream_commit_begin(stream, &err), &err);
}

static enum tw_code commit_end(struct tw_stream *stream, struct tw_error *err)
{
	bool over = false;
	enum tw_code code = tw_stream_commit_end(stream, true, &over, err);
	cr_assert(over, "waited for, and not over");
	return code;
}

static void put(const struct kafka_fixture *f, int count)
{
	for (int i = 0; i < count; i++) {
		fixture_put(f->names[0], 0, "k", "{}", "e");
	}
}

/* The group's committed offset of the first topic's partition 0. */
static int64_t committed(struct tw_stream *stream)
{
	const struct tw_stream_place *places;
	uint32_t count = 0;
	bool settled;
	struct tw_error err;
	enum tw_code code = TW_E_IO;
	for (int i = 0; i < ROUNDS && code != TW_OK; i++) { /* a broker that has just come back is slow to answer for the group */
		code = tw_stream_standing(stream, &places, &count, &settled, &err);
		cr_assert(code == TW_OK || err.disposition == TW_RETRY, "%s: %s: %s", err.what, err.where, err.detail);
	}
	good(code, &err);
	for (uint32_t i = 0; i < count; i++) {
		if (strstr(places[i].topic.ptr, "manifests") && places[i].partition == 0) {
			return places[i].committed;
		}
	}
	cr_assert_fail("the topic is not among the group's");
	return -1;
}

Test(kafka_commit, a_batch_is_polled_while_the_one_before_is_on_its_way)
{
	struct kafka_fixture f;
	struct fixture_record records[8];
	struct tw_message *m;
	struct tw_error err;
	bool over;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	put(&f, 6);
	struct tw_stream *stream = stream_new(&options);
	for (int64_t first = 0; first < 6; first += 2) {
		char key[16];
		snprintf(key, sizeof(key), "alert-%lld", (long long)first);
		cr_assert_eq(batch_await(stream, 2, &m), 2);
		cr_expect_eq(m->offset, first);
		/* what was confirmed when it was polled, not what is on its way */
		cr_expect_eq(m->committed, first < 4 ? -1 : first - 2, "%lld", (long long)m->committed);
		good(commit_end(stream, &err), &err);
		alert_produce(stream, key);
		commit_begin(stream);
	}
	while (tw_stream_commit_end(stream, false, &over, &err) == TW_OK && !over) {
	}
	cr_assert_eq(fixture_await(f.names[5], records, 8, 3), 3);
	cr_expect_str_eq(records[0].key, "alert-0");
	cr_expect_str_eq(records[2].key, "alert-4");
	cr_expect_eq(committed(stream), 6);
	good(commit_end(stream, &err), &err); /* nothing is on its way: over */
	tw_stream_free(stream);
}

Test(kafka_commit, whoever_changes_what_a_commit_depends_on_waits_for_it)
{
	struct kafka_fixture f;
	struct tw_message *m;
	struct tw_error err;
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	put(&f, 5);
	struct tw_stream *stream = stream_new(&options);
	cr_assert_eq(batch_await(stream, 1, &m), 1);
	commit_begin(stream);
	cr_expect_eq(committed(stream), 1, "the group's standing lacks the commit on its way");
	good(commit_end(stream, &err), &err);

	cr_assert_eq(batch_await(stream, 1, &m), 1);
	commit_begin(stream);
	cr_assert_eq(batch_await(stream, 1, &m), 1);
	cr_assert_eq(m->offset, 2);
	good(tw_stream_abort(stream, &err), &err);
	good(commit_end(stream, &err), &err);
	cr_expect_eq(committed(stream), 2);
	cr_assert_eq(batch_await(stream, 1, &m), 1);
	cr_expect_eq(m->offset, 2, "what was undone did not come again");

	commit_begin(stream);
	tw_stream_rejoin(stream);
	good(commit_end(stream, &err), &err);
	cr_assert_eq(batch_await(stream, 1, &m), 1);
	cr_expect(m->offset == 3 && m->committed == 3);

	commit_begin(stream);
	tw_stream_gate(stream, true);
	good(commit_end(stream, &err), &err);
	tw_stream_gate(stream, false);
	cr_assert_eq(batch_await(stream, 1, &m), 1);
	alert_produce(stream, "last");
	commit_begin(stream);
	tw_stream_free(stream);
	struct fixture_record records[4];
	cr_expect_eq(fixture_await(f.names[5], records, 4, 1), 1, "the end did not wait");
}

/* One member of a group that works with two batches in flight; offsets by partition. */
struct worker {
	struct tw_stream *stream;
	struct {
		int32_t partition;
		int64_t offset;
	} hand[64], way[64];
	uint32_t in_hand, on_its_way;
	bool flying;
};

static int landed(struct worker *worker, bool wait, bool seen[2][60])
{
	struct tw_error err;
	bool over = true;
	int count = 0;
	enum tw_code code = tw_stream_commit_end(worker->stream, wait, &over, &err);
	cr_assert(code == TW_OK || err.disposition == TW_RETRY, "%s: %s", err.what, err.detail);
	for (uint32_t i = 0; worker->flying && over && code == TW_OK && i < worker->on_its_way; i++) {
		bool *once = &seen[worker->way[i].partition][worker->way[i].offset];
		cr_assert(!*once, "offset %lld was committed twice", (long long)worker->way[i].offset);
		*once = true;
		count++;
	}
	if (code != TW_OK) {
		worker->in_hand = 0;
		cr_assert(tw_stream_abort(worker->stream, &err) == TW_OK || err.disposition == TW_RETRY);
	}
	worker->flying = worker->flying && !over;
	return count;
}

static int work(struct worker *worker, bool seen[2][60])
{
	struct tw_error err;
	struct tw_message *m;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = tw_stream_poll(worker->stream, 3, 20, &m, &count, &polled, &err);
	cr_assert(code == TW_OK || err.disposition == TW_RETRY, "%s: %s", err.what, err.detail);
	if (code != TW_OK) {
		int ended = landed(worker, true, seen);
		worker->in_hand = 0;
		cr_assert(tw_stream_abort(worker->stream, &err) == TW_OK || err.disposition == TW_RETRY);
		return ended;
	}
	for (uint32_t i = 0; i < count; i++) {
		worker->hand[worker->in_hand].partition = m[i].partition;
		worker->hand[worker->in_hand++].offset = m[i].offset;
	}
	int ended = landed(worker, worker->in_hand > 50, seen);
	if (!worker->flying && worker->in_hand) {
		alert_produce(worker->stream, "batch");
		memcpy(worker->way, worker->hand, sizeof(worker->way));
		worker->on_its_way = worker->in_hand;
		worker->in_hand = 0;
		commit_begin(worker->stream);
		worker->flying = true;
	}
	return ended;
}

Test(kafka_commit, partitions_move_while_batches_are_on_their_way_and_each_event_is_committed_once)
{
	struct kafka_fixture f;
	static const struct tw_property quick[] = {{"session.timeout.ms", "6000"}, {"heartbeat.interval.ms", "300"}};
	bool seen[2][60] = {{false}};
	int left = 120;
	fixture_init(&f, 2);
	struct tw_kafka_options first = fixture_options(&f), second = first;
	first.properties = second.properties = quick;
	first.property_count = second.property_count = 2;
	second.instance = "the-other";
	struct worker workers[2] = {{.stream = stream_new(&first)}, {.stream = NULL}};
	for (int i = 0; i < 60; i++) {
		fixture_put(f.names[0], 0, "a", "{}", "e");
		fixture_put(f.names[0], 1, "b", "{}", "e");
		if (i == 10 || i == 40) { /* it joins, leaves and joins again in the middle of the first's work */
			workers[1] = (struct worker){.stream = stream_new(&second)};
		} else if (i == 25) {
			left -= landed(&workers[1], true, seen);
			tw_stream_rejoin(workers[1].stream);
			tw_stream_free(workers[1].stream);
			workers[1] = (struct worker){.stream = NULL};
		}
		for (int w = 0; w < 2 && workers[w].stream; w++) {
			left -= work(&workers[w], seen);
		}
	}
	for (int round = 0; round < 3000 && left > 0; round++) {
		left -= workers[round % 2].stream ? work(&workers[round % 2], seen) : 0;
	}
	cr_expect_eq(left, 0, "%d of 120 were never committed", left);
	tw_stream_free(workers[0].stream);
	tw_stream_free(workers[1].stream);
}

/* ---- a broker of our own, for it has to die ---- */

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The broker dies with this process. @return its pid */
static pid_t broker_serve(const char *folder)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)) {
			_exit(126);
		}
		execl("tests/integration/broker/broker.sh", "broker.sh", "serve", folder, (char *)NULL);
		_exit(127);
	}
	cr_assert_gt(pid, 0);
	return pid;
}

/* Into TW_TEST_KAFKA, for the fixture. */
static void broker_address(const char *folder)
{
	char path[128], address[64] = "";
	int64_t until = now_ms() + BROKER_MS;
	snprintf(path, sizeof(path), "%s/address", folder);
	while (!address[0] && now_ms() < until) {
		FILE *file = fopen(path, "r");
		if (file) {
			address[0] = fgets(address, sizeof(address), file) ? address[0] : '\0';
			fclose(file);
		}
		usleep(20000);
	}
	address[strcspn(address, "\n")] = '\0';
	cr_assert(address[0], "no broker came up");
	setenv("TW_TEST_KAFKA", address, 1);
}

Test(kafka_commit, a_broker_that_dies_under_a_commit_loses_and_doubles_nothing)
{
	struct kafka_fixture f;
	char folder[] = "/tmp/tw-commit-XXXXXX";
	struct tw_message *m;
	struct tw_error err;
	bool over = true;
	if (!getenv("TW_TEST_KAFKA")) {
		cr_skip_test("no Kafka broker: TW_TEST_KAFKA is not set");
	}
	cr_assert(mkdtemp(folder));
	pid_t broker = broker_serve(folder);
	broker_address(folder);
	fixture_init(&f, 1);
	struct tw_kafka_options options = fixture_options(&f);
	put(&f, 4);
	struct tw_stream *stream = stream_new(&options);
	cr_assert_eq(batch_await(stream, 2, &m), 2);
	alert_produce(stream, "first");
	kill(broker, SIGSTOP);
	commit_begin(stream);
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = tw_stream_poll(stream, 2, 100, &m, &count, &polled, &err);
	cr_expect(code == TW_OK || err.disposition == TW_RETRY, "%s: %s", err.what, err.detail);
	code = tw_stream_commit_end(stream, false, &over, &err);
	cr_expect(code == TW_OK && !over, "a broker that sleeps has committed");
	kill(broker, SIGKILL);
	waitpid(broker, NULL, 0);
	cr_expect(commit_end(stream, &err) == TW_E_IO && err.disposition == TW_RETRY, "%s", err.what);
	code = tw_stream_poll(stream, 2, 100, &m, &count, &polled, &err);
	cr_expect(code == TW_E_IO && err.disposition == TW_RETRY);
	broker = broker_serve(folder);

	int64_t next = 0;
	int alerts = 0;
	while (next < 4) { /* all again, or the first two were committed after all */
		cr_assert(batch_await(stream, 2, &m) > 0);
		cr_expect(m->offset == next || (next == 0 && m->offset == 2), "offset %lld, expected %lld", (long long)m->offset, (long long)next);
		next = m->offset;
		alert_produce(stream, next ? "later" : "first");
		commit_begin(stream);
		code = commit_end(stream, &err);
		cr_assert(code == TW_OK || err.disposition == TW_RETRY, "%s: %s", err.what, err.detail);
		if (code == TW_OK) {
			next = committed(stream);
			alerts++;
		}
	}
	struct fixture_record records[8];
	int found = fixture_await(f.names[5], records, 8, 2), firsts = 0;
	for (int i = 0; i < found; i++) {
		firsts += strcmp(records[i].key, "first") == 0;
	}
	cr_expect_eq(firsts, 1, "the first batch's alert is there %d times", firsts);
	cr_expect_geq(found, alerts);
	tw_stream_free(stream);
	kill(broker, SIGKILL);
	waitpid(broker, NULL, 0);
	char command[160];
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	cr_expect_eq(system(command), 0);
}
