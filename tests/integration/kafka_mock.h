/**
 * @file kafka_mock.h
 * librdkafka's mock cluster, for what a real broker does not do on demand: answer a given request with a given error. It delivers aborted
 * messages and forgets transactional offsets, so it can tell which way a stream goes, never what was delivered. No Criterion in here.
 * Source: librdkafka 2.0.2, rdkafka_mock.h.
 */
#ifndef TIDEWAITER_TESTS_KAFKA_MOCK_H
#define TIDEWAITER_TESTS_KAFKA_MOCK_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "engine/io/stream.h"

/* Numbers of the requests that errors are injected into. Source: Kafka protocol guide, "API Keys". */
enum mock_request {
	MOCK_PRODUCE = 0,
	MOCK_OFFSET_FETCH = 9,
	MOCK_JOIN_GROUP = 11,
	MOCK_HEARTBEAT = 12,
	MOCK_INIT_PRODUCER_ID = 22,
	MOCK_ADD_PARTITIONS = 24,
	MOCK_ADD_OFFSETS = 25,
	MOCK_END_TXN = 26,
	MOCK_TXN_OFFSET_COMMIT = 28,
};

struct kafka_mock {
	rd_kafka_t *owner;
	rd_kafka_mock_cluster_t *cluster;
	struct tw_kafka_options options; /* points into the cluster and at constants */
};

/* One broker, every topic with `partitions`; group, instance and short time-outs set. @return false when there is no mock cluster to be had */
bool kafka_mock_init(struct kafka_mock *mock, int partitions);
void kafka_mock_fini(struct kafka_mock *mock);
/* One event into the manifests' partition 0, acknowledged. */
bool kafka_mock_put(struct kafka_mock *mock, const char *value);
/* The next request of that kind is answered with that error. */
void kafka_mock_push(struct kafka_mock *mock, enum mock_request request, rd_kafka_resp_err_t error);

#endif
