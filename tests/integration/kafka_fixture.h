/**
 * @file kafka_fixture.h
 * What a Kafka test needs beside the stream under test: topics of its own on the run's broker, records put in, committed records read back.
 * The broker is started once by tests/run.sh, which says where in TW_TEST_KAFKA; without it these tests are skipped.
 */
#ifndef TIDEWAITER_TESTS_KAFKA_FIXTURE_H
#define TIDEWAITER_TESTS_KAFKA_FIXTURE_H

#include "engine/io/stream.h"

#define FIXTURE_TOPICS      9
#define FIXTURE_NAME_BYTES  96
#define FIXTURE_RECORDS_MAX 4096

struct kafka_fixture {
	char names[FIXTURE_TOPICS][FIXTURE_NAME_BYTES]; /* five inputs, alerts, holds, dead letters, facts */
	char group[FIXTURE_NAME_BYTES];
	char instance[FIXTURE_NAME_BYTES];
};

struct fixture_record {
	char key[64];
	char value[128];
	char ce_id[64]; /* "" without that header */
};

/* Skips the test when there is no broker. Names are unique to this process and call; every topic gets `partitions`. */
void fixture_init(struct kafka_fixture *fixture, int partitions);
/* Points into the fixture. */
struct tw_kafka_options fixture_options(const struct kafka_fixture *fixture);
/* One record with a ce_id header, acknowledged by the broker before the return. */
void fixture_put(const char *topic, int partition, const char *key, const char *value, const char *ce_id);
/* Everything that is committed in the topic now. @return how many of at most `room` */
int fixture_committed(const char *topic, struct fixture_record *records, int room);
/*
 * As fixture_committed, but asks again until `expected` are there: a commit is confirmed when the coordinator has decided it, its markers
 * reach the partitions a moment later. Gives up after a bounded number of questions. @return how many there are, more than expected too
 */
int fixture_await(const char *topic, struct fixture_record *records, int room, int expected);

#endif
