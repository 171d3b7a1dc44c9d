/* What is asked of librdkafka, without a broker: how long others wait for a worker that is gone. */
#include <criterion/criterion.h>

#include "engine/io/kafka.h"

static char value[64];

static const char *value_of(rd_kafka_conf_t *conf, const char *name)
{
	size_t size = sizeof(value);
	return rd_kafka_conf_get(conf, name, value, &size) == RD_KAFKA_CONF_OK ? value : "unknown";
}

static void expect(uint32_t session_ms, const char *session, const char *heartbeat, const char *transaction)
{
	struct kafka_stream stream = {.options = {.brokers = "127.0.0.1:1", .group = "g", .instance = "i", .session_timeout_ms = session_ms}};
	struct tw_error err = {.detail = ""};
	rd_kafka_conf_t *consumer = NULL, *producer = NULL;
	cr_assert(kafka_conf_build(&stream, &consumer, &producer, &err) == TW_OK, "%s: %s", err.where, err.detail);
	cr_expect_str_eq(value_of(consumer, "session.timeout.ms"), session);
	cr_expect_str_eq(value_of(consumer, "heartbeat.interval.ms"), heartbeat);
	cr_expect_str_eq(value_of(producer, "transaction.timeout.ms"), transaction);
	rd_kafka_conf_destroy(consumer);
	rd_kafka_conf_destroy(producer);
}

Test(kafka_conf, a_dead_workers_transaction_is_over_when_its_session_is)
{
	expect(15000, "15000", "500", "15000");
	expect(1000, "1000", "200", "10000");
	expect(300000, "300000", "500", "60000");
}

Test(kafka_conf, the_operators_word_goes_before_the_settings)
{
	struct tw_property property = {"transaction.timeout.ms", "30000"};
	struct kafka_stream stream = {
	    .options = {
	        .brokers = "127.0.0.1:1", .group = "g", .instance = "i", .session_timeout_ms = 15000, .properties = &property, .property_count = 1}};
	struct tw_error err;
	rd_kafka_conf_t *consumer = NULL, *producer = NULL;
	cr_assert(kafka_conf_build(&stream, &consumer, &producer, &err) == TW_OK);
	cr_expect_str_eq(value_of(producer, "transaction.timeout.ms"), "30000");
	rd_kafka_conf_destroy(consumer);
	rd_kafka_conf_destroy(producer);
}
