/* See kafka_fixture.h. */
#include "tests/integration/kafka_fixture.h"

#include <criterion/criterion.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS   20000
#define QUESTIONS 100

static const char *brokers(void)
{
	const char *address = getenv("TW_TEST_KAFKA");
	if (!address || !address[0]) {
		cr_skip_test("no Kafka broker: TW_TEST_KAFKA is not set");
	}
	return address;
}

static rd_kafka_t *client_new(rd_kafka_type_t type, const char *const (*pairs)[2], size_t count)
{
	char words[256];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	cr_assert(rd_kafka_conf_set(conf, "bootstrap.servers", brokers(), words, sizeof(words)) == RD_KAFKA_CONF_OK, "%s", words);
	for (size_t i = 0; i < count; i++) {
		cr_assert(rd_kafka_conf_set(conf, pairs[i][0], pairs[i][1], words, sizeof(words)) == RD_KAFKA_CONF_OK, "%s", words);
	}
	rd_kafka_t *client = rd_kafka_new(type, conf, words, sizeof(words));
	cr_assert(client != NULL, "%s", words);
	return client;
}

/* The controller has made a topic a moment before the broker knows of it. */
static void topic_await(rd_kafka_t *client, const char *name)
{
	bool known = false;
	rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, NULL);
	for (int i = 0; i < QUESTIONS && !known; i++) {
		const struct rd_kafka_metadata *metadata;
		cr_assert(!rd_kafka_metadata(client, 0, topic, &metadata, WAIT_MS));
		known = metadata->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR;
		rd_kafka_metadata_destroy(metadata);
		rd_kafka_poll(client, known ? 0 : 20);
	}
	rd_kafka_topic_destroy(topic);
	cr_assert(known, "%s did not appear", name);
}

static void topics_create(const struct kafka_fixture *fixture, int partitions)
{
	char words[256];
	rd_kafka_t *client = client_new(RD_KAFKA_PRODUCER, NULL, 0);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
	rd_kafka_NewTopic_t *topics[FIXTURE_TOPICS];
	for (int i = 0; i < FIXTURE_TOPICS; i++) {
		topics[i] = rd_kafka_NewTopic_new(fixture->names[i], partitions, 1, words, sizeof(words));
	}
	rd_kafka_CreateTopics(client, topics, FIXTURE_TOPICS, NULL, queue);
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, WAIT_MS);
	cr_assert(event != NULL && !rd_kafka_event_error(event), "topics were not created");
	rd_kafka_event_destroy(event);
	rd_kafka_NewTopic_destroy_array(topics, FIXTURE_TOPICS);
	for (int i = 0; i < FIXTURE_TOPICS; i++) {
		topic_await(client, fixture->names[i]);
	}
	rd_kafka_queue_destroy(queue);
	rd_kafka_destroy(client);
}

void fixture_init(struct kafka_fixture *fixture, int partitions)
{
	static const char *const words[] = {"manifests", "certificates", "markings", "outcomes", "decisions", "alerts", "holds", "dead", "facts"};
	struct timespec now;
	char tag[40];
	brokers();
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(tag, sizeof(tag), "%ld-%lld", (long)getpid(), (long long)now.tv_nsec);
	for (int i = 0; i < FIXTURE_TOPICS; i++) {
		snprintf(fixture->names[i], FIXTURE_NAME_BYTES, "test-%s-%s", tag, words[i]);
	}
	snprintf(fixture->group, FIXTURE_NAME_BYTES, "group-%s", tag);
	snprintf(fixture->instance, FIXTURE_NAME_BYTES, "instance-%s", tag);
	topics_create(fixture, partitions);
}

struct tw_kafka_options fixture_options(const struct kafka_fixture *fixture)
{
	struct tw_kafka_options options = {.brokers = brokers(), .group = fixture->group, .instance = fixture->instance};
	for (int i = 0; i < TW_FAMILY_FACT - 1; i++) {
		options.topics.input[i] = fixture->names[i];
	}
	options.topics.input[TW_FAMILY_FACT - 1] = fixture->names[8];
	options.topics.alerts = fixture->names[5];
	options.topics.holds = fixture->names[6];
	options.topics.dead_letter = fixture->names[7];
	return options;
}

void fixture_put(const char *topic, int partition, const char *key, const char *value, const char *ce_id)
{
	rd_kafka_t *client = client_new(RD_KAFKA_PRODUCER, NULL, 0);
	rd_kafka_headers_t *headers = rd_kafka_headers_new(1);
	rd_kafka_header_add(headers, "ce_id", -1, ce_id, -1);
	rd_kafka_resp_err_t cause = rd_kafka_producev(
	    client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
	    RD_KAFKA_V_KEY(key, strlen(key)), RD_KAFKA_V_VALUE((void *)(uintptr_t)value, strlen(value)), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
	cr_assert(!cause, "%s", rd_kafka_err2str(cause));
	cr_assert(!rd_kafka_flush(client, WAIT_MS), "not acknowledged");
	rd_kafka_destroy(client);
}

static void record_copy(const rd_kafka_message_t *message, struct fixture_record *out)
{
	rd_kafka_headers_t *headers;
	const void *value;
	size_t size;
	*out = (struct fixture_record){.key = ""};
	snprintf(out->key, sizeof(out->key), "%.*s", (int)message->key_len, (const char *)message->key);
	snprintf(out->value, sizeof(out->value), "%.*s", (int)message->len, (const char *)message->payload);
	if (!rd_kafka_message_headers(message, &headers) && !rd_kafka_header_get_last(headers, "ce_id", &value, &size)) {
		snprintf(out->ce_id, sizeof(out->ce_id), "%.*s", (int)size, (const char *)value);
	}
}

int fixture_committed(const char *topic, struct fixture_record *records, int room)
{
	static const char *const pairs[][2] = {
	    {"group.id", "reader"}, {"isolation.level", "read_committed"}, {"enable.partition.eof", "true"}, {"enable.auto.commit", "false"}};
	rd_kafka_t *client = client_new(RD_KAFKA_CONSUMER, pairs, 4);
	const struct rd_kafka_metadata *metadata;
	rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
	cr_assert(!rd_kafka_metadata(client, 0, handle, &metadata, WAIT_MS));
	int partitions = metadata->topics[0].partition_cnt, ended = 0, count = 0;
	rd_kafka_metadata_destroy(metadata);
	rd_kafka_topic_destroy(handle);
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(partitions);
	for (int i = 0; i < partitions; i++) {
		rd_kafka_topic_partition_list_add(list, topic, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
	}
	rd_kafka_assign(client, list);
	rd_kafka_topic_partition_list_destroy(list);
	while (ended < partitions) {
		rd_kafka_message_t *message = rd_kafka_consumer_poll(client, WAIT_MS);
		cr_assert(message != NULL, "the topic's end was not reached");
		if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
			ended++;
		} else if (!message->err && count < room) {
			record_copy(message, &records[count++]);
		}
		rd_kafka_message_destroy(message);
	}
	rd_kafka_consumer_close(client);
	rd_kafka_destroy(client);
	return count;
}

int fixture_await(const char *topic, struct fixture_record *records, int room, int expected)
{
	int count = 0;
	for (int i = 0; i < QUESTIONS && count < expected; i++) {
		count = fixture_committed(topic, records, room);
	}
	return count;
}
