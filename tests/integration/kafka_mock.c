/* See kafka_mock.h. */
#include "tests/integration/kafka_mock.h"

#include <string.h>

#define FLUSH_MS 10000

static const char *const names[] = {"m", "c", "k", "o", "d", "alerts", "holds", "dead", "facts"};

bool kafka_mock_init(struct kafka_mock *mock, int partitions)
{
	static const struct tw_property properties[] = {{"session.timeout.ms", "6000"},
	                                                {"heartbeat.interval.ms", "200"},
	                                                {"topic.metadata.refresh.interval.ms", "1000"},
	                                                {"transaction.timeout.ms", "20000"}};
	char words[256];
	memset(mock, 0, sizeof(*mock));
	mock->owner = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), words, sizeof(words));
	mock->cluster = mock->owner ? rd_kafka_mock_cluster_new(mock->owner, 1) : NULL;
	if (!mock->cluster) {
		return false;
	}
	mock->options =
	    (struct tw_kafka_options){.brokers = rd_kafka_mock_cluster_bootstraps(mock->cluster), .group = "group", .instance = "instance"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		rd_kafka_mock_topic_create(mock->cluster, names[i], partitions, 1);
	}
	for (int i = 0; i < TW_FAMILY_FACT - 1; i++) {
		mock->options.topics.input[i] = names[i];
	}
	mock->options.topics.input[TW_FAMILY_FACT - 1] = names[8];
	mock->options.topics.alerts = names[5];
	mock->options.topics.holds = names[6];
	mock->options.topics.dead_letter = names[7];
	mock->options.properties = properties;
	mock->options.property_count = sizeof(properties) / sizeof(properties[0]);
	return true;
}

void kafka_mock_fini(struct kafka_mock *mock)
{
	if (mock->cluster) {
		rd_kafka_mock_cluster_destroy(mock->cluster);
	}
	if (mock->owner) {
		rd_kafka_destroy(mock->owner);
	}
}

bool kafka_mock_put(struct kafka_mock *mock, const char *value)
{
	char words[256];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set(conf, "bootstrap.servers", mock->options.brokers, words, sizeof(words));
	rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, words, sizeof(words));
	if (!client) {
		return false;
	}
	const rd_kafka_resp_err_t cause =
	    rd_kafka_producev(client, RD_KAFKA_V_TOPIC(names[0]), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
	                      RD_KAFKA_V_VALUE((void *)(uintptr_t)value, strlen(value)), RD_KAFKA_V_END);
	bool sent = !cause && !rd_kafka_flush(client, FLUSH_MS);
	rd_kafka_destroy(client);
	return sent;
}

void kafka_mock_push(struct kafka_mock *mock, enum mock_request request, rd_kafka_resp_err_t error)
{
	rd_kafka_mock_push_request_errors(mock->cluster, (int16_t)request, 1, error);
}
