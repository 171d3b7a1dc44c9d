/**
 * @file bench_latency.c
 * From an event's append to its committed alert: `bench_latency BROKERS IN OUT RATE SECONDS [WARM_SECONDS]`. One thread sends seeded events at RATE
 * a second, each at its time or as soon after it as may be, and reads the committed alerts; an alert's key is its consignment, which names the
 * event. The clock starts when an event is due, not when it was sent: a stall of ours or the producer's lingering counts as latency, not as rest.
 *
 *     one event every 100 ms until the first alert comes | WARM_SECONDS, not counted | SECONDS, counted | alerts until none comes for QUIET_MS
 *
 * Prints how many alerts were read, and percentiles of those counted. 1 when there are none.
 */
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/traffic.h"

#define FIRST_MS 90000
#define QUIET_MS 3000
#define KEY_LEAD "BNCH"

struct bench {
	rd_kafka_t *producer, *consumer;
	rd_kafka_topic_t *in;
	struct tw_traffic traffic;
	int64_t *due_ns; /* by event number; 0: not counted */
	uint64_t sent, room;
	double *latency_ms;
	uint64_t alerts, counted;
};

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static rd_kafka_t *client_new(rd_kafka_type_t type, const char *brokers, const char *const (*pairs)[2], size_t count)
{
	char words[256];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	bool set = rd_kafka_conf_set(conf, "bootstrap.servers", brokers, words, sizeof(words)) == RD_KAFKA_CONF_OK;
	for (size_t i = 0; i < count && set; i++) {
		set = rd_kafka_conf_set(conf, pairs[i][0], pairs[i][1], words, sizeof(words)) == RD_KAFKA_CONF_OK;
	}
	rd_kafka_t *client = set ? rd_kafka_new(type, conf, words, sizeof(words)) : NULL;
	if (!client) {
		fprintf(stderr, "bench_latency: %s\n", words);
		exit(1);
	}
	return client;
}

static void clients_open(struct bench *bench, const char *brokers, const char *in, const char *out)
{
	static const char *const sender[][2] = {{"linger.ms", "1"}, {"queue.buffering.max.messages", "1000000"}};
	static const char *const reader[][2] = {
	    {"group.id", "latency"}, {"isolation.level", "read_committed"}, {"enable.auto.commit", "false"}, {"auto.offset.reset", "earliest"}};
	bench->producer = client_new(RD_KAFKA_PRODUCER, brokers, sender, 2);
	bench->consumer = client_new(RD_KAFKA_CONSUMER, brokers, reader, 4);
	bench->in = rd_kafka_topic_new(bench->producer, in, NULL);
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, out, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
	if (!bench->in || rd_kafka_assign(bench->consumer, list)) {
		fprintf(stderr, "bench_latency: cannot use the topics %s and %s\n", in, out);
		exit(1);
	}
	rd_kafka_topic_partition_list_destroy(list);
}

static void event_send(struct bench *bench, int64_t due_ns)
{
	static char event[8192];
	if (bench->sent == bench->room) {
		fprintf(stderr, "bench_latency: more events than were planned for\n");
		exit(1);
	}
	size_t length = tw_traffic_next(&bench->traffic, event, sizeof(event));
	bench->due_ns[bench->sent++] = due_ns;
	while (rd_kafka_produce(bench->in, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, event, length, NULL, 0, NULL)) {
		rd_kafka_poll(bench->producer, 1);
	}
}

/* @return whether an alert came within `wait_ms` */
static bool alert_read(struct bench *bench, int wait_ms)
{
	char key[32];
	rd_kafka_message_t *message = rd_kafka_consumer_poll(bench->consumer, wait_ms);
	bool came = message && !message->err;
	if (came) {
		snprintf(key, sizeof(key), "%.*s", (int)message->key_len, (const char *)message->key);
		uint64_t number = strtoull(key + strlen(KEY_LEAD), NULL, 10);
		if (strncmp(key, KEY_LEAD, strlen(KEY_LEAD)) != 0 || number >= bench->sent) {
			fprintf(stderr, "bench_latency: an alert on nothing that was sent: %s\n", key);
			exit(1);
		}
		bench->alerts++;
		if (bench->due_ns[number]) {
			bench->latency_ms[bench->counted++] = (double)(now_ns() - bench->due_ns[number]) / 1e6;
			bench->due_ns[number] = 0; /* once an event */
		}
	}
	if (message) {
		rd_kafka_message_destroy(message);
	}
	return came;
}

static void first_await(struct bench *bench)
{
	int64_t until = now_ns() + (int64_t)FIRST_MS * 1000000;
	while (bench->alerts == 0) {
		if (now_ns() > until) {
			fprintf(stderr, "bench_latency: no alert came in %d ms\n", FIRST_MS);
			exit(1);
		}
		event_send(bench, 0);
		rd_kafka_poll(bench->producer, 0);
		alert_read(bench, 100);
	}
}

static void paced_send(struct bench *bench, uint64_t rate, double seconds, bool counted)
{
	int64_t begun = now_ns();
	uint64_t total = (uint64_t)(seconds * (double)rate), sent = 0;
	while (sent < total) {
		uint64_t due = (uint64_t)((double)(now_ns() - begun) * (double)rate / 1e9);
		for (; sent < due && sent < total; sent++) {
			int64_t at = begun + (int64_t)((double)sent * 1e9 / (double)rate);
			event_send(bench, counted ? at : 0);
		}
		rd_kafka_poll(bench->producer, 0);
		for (int i = 0; i < 100 && alert_read(bench, i ? 0 : 1); i++) {
		}
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void say(struct bench *bench)
{
	static const double wanted[] = {0.5, 0.9, 0.99, 0.999};
	static const char *const names[] = {"p50", "p90", "p99", "p999"};
	qsort(bench->latency_ms, bench->counted, sizeof(double), by_size);
	printf("alerts %llu of %llu events, %llu measured\n", (unsigned long long)bench->alerts, (unsigned long long)bench->sent,
	       (unsigned long long)bench->counted);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && bench->counted; i++) {
		printf("%s %.1f ms\n", names[i], bench->latency_ms[(uint64_t)(wanted[i] * (double)(bench->counted - 1))]);
	}
}

int main(int argc, char **argv)
{
	if (argc < 6) {
		fprintf(stderr, "usage: bench_latency BROKERS IN OUT RATE SECONDS [WARM_SECONDS]\n");
		return 64;
	}
	uint64_t rate = strtoull(argv[4], NULL, 10);
	double seconds = strtod(argv[5], NULL), warm = argc > 6 ? strtod(argv[6], NULL) : 3;
	struct bench bench = {.room = (uint64_t)((seconds + warm) * (double)rate) + FIRST_MS / 100 + 1};
	bench.due_ns = calloc(bench.room, sizeof(*bench.due_ns));
	bench.latency_ms = calloc(bench.room, sizeof(*bench.latency_ms));
	if (rate == 0 || seconds <= 0 || !bench.due_ns || !bench.latency_ms) {
		fprintf(stderr, "bench_latency: a rate and a time above nothing, please\n");
		free(bench.due_ns);
		free(bench.latency_ms);
		return 64;
	}
	tw_traffic_init(&bench.traffic, 7);
	clients_open(&bench, argv[1], argv[2], argv[3]);
	first_await(&bench);
	paced_send(&bench, rate, warm, false);
	paced_send(&bench, rate, seconds, true);
	rd_kafka_flush(bench.producer, 10000);
	while (alert_read(&bench, QUIET_MS)) {
	}
	say(&bench);
	rd_kafka_topic_destroy(bench.in);
	rd_kafka_consumer_close(bench.consumer);
	rd_kafka_destroy(bench.consumer);
	rd_kafka_destroy(bench.producer);
	free(bench.due_ns);
	free(bench.latency_ms);
	return bench.counted ? 0 : 1;
}
