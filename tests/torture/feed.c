/**
 * @file feed.c
 * The torture test's producer: each event reaches the log once, however often the broker is killed meanwhile (an idempotent producer that
 * never gives up).
 *
 *     feed BROKERS        stdin: TOPIC tab PARTITION tab KEY tab VALUE, a line each; an empty line asks for "acknowledged N", which is
 *                         answered when the broker has confirmed all N events so far
 *
 * Exit: 0 at the end of the input with everything confirmed, 1 when an event was lost.
 */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POLL_MS 50

static unsigned long long acknowledged, lost;

static void delivered(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
	(void)client;
	(void)opaque;
	acknowledged += !message->err;
	lost += message->err != 0;
	if (message->err) {
		fprintf(stderr, "feed: %s\n", rd_kafka_err2str(message->err));
	}
}

static rd_kafka_t *client_new(const char *brokers)
{
	static const char *const pairs[][2] = {{"enable.idempotence", "true"},      {"message.timeout.ms", "0"}, {"linger.ms", "2"},
	                                       {"reconnect.backoff.max.ms", "500"}, {"retries", "1000000"},      {"log_level", "2"}};
	char words[256];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	if (rd_kafka_conf_set(conf, "bootstrap.servers", brokers, words, sizeof(words)) != RD_KAFKA_CONF_OK) {
		fprintf(stderr, "feed: %s\n", words);
		exit(1);
	}
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (rd_kafka_conf_set(conf, pairs[i][0], pairs[i][1], words, sizeof(words)) != RD_KAFKA_CONF_OK) {
			fprintf(stderr, "feed: %s\n", words);
			exit(1);
		}
	}
	rd_kafka_conf_set_dr_msg_cb(conf, delivered);
	rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, words, sizeof(words));
	if (!client) {
		fprintf(stderr, "feed: %s\n", words);
		exit(1);
	}
	return client;
}

/* Cuts the line up in place. */
static void line_send(rd_kafka_t *client, char *line)
{
	char *rest = line;
	const char *topic = strsep(&rest, "\t"), *partition = strsep(&rest, "\t"), *key = strsep(&rest, "\t");
	if (!rest) {
		fprintf(stderr, "feed: a line without three tabs\n");
		exit(1);
	}
	rd_kafka_resp_err_t cause;
	do {
		cause = rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION((int32_t)strtol(partition, NULL, 10)),
		                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key, strlen(key)),
		                          RD_KAFKA_V_VALUE(rest, strlen(rest)), RD_KAFKA_V_END);
		rd_kafka_poll(client, cause == RD_KAFKA_RESP_ERR__QUEUE_FULL ? POLL_MS : 0);
	} while (cause == RD_KAFKA_RESP_ERR__QUEUE_FULL);
	if (cause) {
		fprintf(stderr, "feed: %s\n", rd_kafka_err2str(cause));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: feed BROKERS\n");
		return 64;
	}
	rd_kafka_t *client = client_new(argv[1]);
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	while ((length = getline(&line, &room, stdin)) > 0) {
		line[length - 1] = '\0';
		if (length > 1) {
			line_send(client, line);
			continue;
		}
		while (rd_kafka_outq_len(client)) {
			rd_kafka_poll(client, POLL_MS);
		}
		printf("acknowledged %llu\n", acknowledged);
		fflush(stdout);
	}
	while (rd_kafka_outq_len(client)) {
		rd_kafka_poll(client, POLL_MS);
	}
	free(line);
	rd_kafka_destroy(client);
	return lost ? 1 : 0;
}
