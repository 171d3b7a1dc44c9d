/**
 * @file kafka_conf.c
 * librdkafka's properties: ours, the operator's, and the few that exactly-once does not let anybody change. And its errors in our words.
 * Source: librdkafka 2.0.2 CONFIGURATION.md; its issues 4438, 4636, 4849 for what is set differently from its defaults.
 */
#include <stdio.h>
#include <string.h>

#include "engine/io/kafka.h"

#define CONSUMER 1U
#define PRODUCER 2U

#define PREFETCH_MIB         128U
#define HEARTBEAT_MS         500U
#define TRANSACTION_LEAST_MS 10000U /* a batch that waits for a slow Redis must not be aborted for that */
#define TRANSACTION_MOST_MS  60000U /* librdkafka's own */

struct property {
	const char *name;
	const char *value;
	unsigned clients;
};

/* The operator may change these. */
static const struct property defaults[] = {
    {"client.id", "tidewaiter", CONSUMER | PRODUCER},
    {"socket.keepalive.enable", "true", CONSUMER | PRODUCER},
    /* Bytes bound the queue (prefetch_set), for events are large or small. */
    {"queued.min.messages", "1000000", CONSUMER},
    {"fetch.wait.max.ms", "50", CONSUMER},
    /* A transaction's second AddPartitions meets the first one's commit marker and is retried: 100 ms of back-off would cost 60 ms a batch. */
    {"retry.backoff.ms", "20", PRODUCER},
    {"linger.ms", "0", PRODUCER},
    {"compression.codec", "lz4", PRODUCER},
    {"partitioner", "murmur2_random", PRODUCER}, /* as the Java clients: a consumer of ours may join topics by partition */
    /* A dead letter is as large as its event, and headers come on top. */
    {"message.max.bytes", "2097152", PRODUCER},
};

/* Nobody may change these: nothing lost, nothing doubled depends on them. Values NULL come from settings of their own. */
static const struct property fixed[] = {
    {"bootstrap.servers", NULL, CONSUMER | PRODUCER},
    {"group.id", NULL, CONSUMER},
    {"group.instance.id", NULL, CONSUMER}, /* a killed process takes its own place again at once */
    {"transactional.id", NULL, PRODUCER},
    {"enable.auto.commit", "false", CONSUMER},
    {"enable.auto.offset.store", "false", CONSUMER},
    {"isolation.level", "read_committed", CONSUMER},
    {"auto.offset.reset", "error", CONSUMER},             /* never a silent jump over lost events */
    {"partition.assignment.strategy", "range", CONSUMER}, /* cooperative-sticky loses assignments before 2.4 */
    {"allow.auto.create.topics", "false", CONSUMER},
    {"enable.idempotence", "true", PRODUCER},
};

enum tw_code kafka_fail(struct tw_error *err, rd_kafka_resp_err_t cause, const char *what, const char *where, const char *detail)
{
	const char *words = detail && detail[0] ? detail : rd_kafka_err2str(cause);
	if (kafka_is_auth(cause)) {
		return tw_fail(err, TW_E_AUTH, TW_STOP, "kafka refuses our credentials or rights", where,
		               "%s; check kafka.properties.sasl.*, and what that user may do", words);
	}
	if (kafka_is_fenced(cause)) {
		return tw_fail(err, TW_E_STALE, TW_STOP, "another process runs as this instance", where,
		               "%s; give each its own kafka.instance, then start this one again", words);
	}
	return tw_fail(err, TW_E_IO, TW_RETRY, what, where, "%s", words);
}

bool kafka_is_auth(rd_kafka_resp_err_t cause)
{
	return cause == RD_KAFKA_RESP_ERR__AUTHENTICATION || cause == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED ||
	       cause == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED || cause == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
	       cause == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED || cause == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
}

bool kafka_is_fenced(rd_kafka_resp_err_t cause)
{
	return cause == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID || cause == RD_KAFKA_RESP_ERR_PRODUCER_FENCED || cause == RD_KAFKA_RESP_ERR__FENCED;
}

bool kafka_is_fenced_producer(rd_kafka_resp_err_t cause)
{
	return cause == RD_KAFKA_RESP_ERR_PRODUCER_FENCED || cause == RD_KAFKA_RESP_ERR__FENCED || cause == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

static enum tw_code property_set(rd_kafka_conf_t *conf, const char *name, const char *value, struct tw_error *err)
{
	char words[TW_ERROR_DETAIL_BYTES], where[TW_ERROR_WHERE_BYTES];
	rd_kafka_conf_res_t result = rd_kafka_conf_set(conf, name, value, words, sizeof(words));
	if (result == RD_KAFKA_CONF_OK) {
		return TW_OK;
	}
	snprintf(where, sizeof(where), "kafka.properties.%s", name);
	return tw_fail(err, result == RD_KAFKA_CONF_UNKNOWN ? TW_E_UNKNOWN : TW_E_RANGE, TW_STOP, "librdkafka does not take this property", where,
	               "%s", words);
}

/* @return NULL: not set at all; a reader is nobody's member, and has no name */
static const char *fixed_value(const struct tw_kafka_options *options, const struct property *property)
{
	if (property->value) {
		return property->value;
	}
	if (strcmp(property->name, "bootstrap.servers") == 0) {
		return options->brokers;
	}
	return strcmp(property->name, "group.id") == 0 ? options->group : options->instance;
}

static enum tw_code property_check(const struct tw_property *property, struct tw_error *err)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (strcmp(property->name, fixed[i].name) == 0) {
			return tw_fail(err, TW_E_CONFLICT, TW_STOP, "this librdkafka property is not free: exactly-once depends on it",
			               property->name, "%s", fixed[i].value ? fixed[i].value : "use kafka.brokers, kafka.group, kafka.instance");
		}
	}
	return TW_OK;
}

static enum tw_code milliseconds_set(rd_kafka_conf_t *conf, const char *name, uint32_t ms, struct tw_error *err)
{
	char text[16];
	snprintf(text, sizeof(text), "%u", ms);
	return property_set(conf, name, text, err);
}

/*
 * How long others wait for one who is gone without a word. A member hears of a rebalance in the answer to a heartbeat: librdkafka's 3 s between two
 * of them would be 3 s without output for all; 2.0.2 sends them from a thread of its own, so that a long batch does not cost the session. And what a
 * dead worker's open transaction says of offsets cannot be read until it is aborted (KIP-447): librdkafka's 60 s would be a minute without output for
 * partitions that the group has long given to others.
 */
static enum tw_code session_set(rd_kafka_conf_t *conf, unsigned client, uint32_t timeout_ms, struct tw_error *err)
{
	uint32_t transaction_ms = timeout_ms < TRANSACTION_MOST_MS ? timeout_ms : TRANSACTION_MOST_MS;
	uint32_t heartbeat_ms = timeout_ms / 5 < HEARTBEAT_MS ? timeout_ms / 5 : HEARTBEAT_MS;
	if (!timeout_ms) {
		return TW_OK;
	}
	if (client == PRODUCER) {
		return milliseconds_set(conf, "transaction.timeout.ms", transaction_ms > TRANSACTION_LEAST_MS ? transaction_ms : TRANSACTION_LEAST_MS,
		                        err);
	}
	enum tw_code code = milliseconds_set(conf, "session.timeout.ms", timeout_ms, err);
	return code == TW_OK ? milliseconds_set(conf, "heartbeat.interval.ms", heartbeat_ms, err) : code;
}

/*
 * What waits here, of all partitions together. 2.0.2 stops fetching for a whole second when its queue passes the bound: below a second's work it
 * would run dry. A pause in place of that would throw away what is queued, and fetch it again.
 */
static enum tw_code prefetch_set(rd_kafka_conf_t *conf, uint32_t prefetch_mib, struct tw_error *err)
{
	char text[16];
	snprintf(text, sizeof(text), "%u", (prefetch_mib ? prefetch_mib : PREFETCH_MIB) * 1024);
	return property_set(conf, "queued.max.messages.kbytes", text, err);
}

static enum tw_code client_conf(const struct tw_kafka_options *options, unsigned client, rd_kafka_conf_t *conf, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]) && code == TW_OK; i++) {
		code = defaults[i].clients & client ? property_set(conf, defaults[i].name, defaults[i].value, err) : TW_OK;
	}
	code = code == TW_OK ? session_set(conf, client, options->session_timeout_ms, err) : code;
	code = code == TW_OK && client == CONSUMER ? prefetch_set(conf, options->prefetch_mib, err) : code;
	for (uint32_t i = 0; i < options->property_count && code == TW_OK; i++) {
		const struct tw_property *property = &options->properties[i];
		code = property_check(property, err);
		code = code == TW_OK ? property_set(conf, property->name, property->value, err) : code;
	}
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]) && code == TW_OK; i++) {
		const char *value = fixed_value(options, &fixed[i]);
		code = fixed[i].clients & client && value ? property_set(conf, fixed[i].name, value, err) : TW_OK;
	}
	return code;
}

/* Refused rights outweigh an outage: they do not pass. */
static void broker_told(struct kafka_stream *stream, const struct kafka_told *told)
{
	stream->outage_seen = stream->outage_seen || told->outage;
	if (told->broker_error && !kafka_is_auth(stream->broker_error)) {
		stream->broker_error = told->broker_error;
		snprintf(stream->reason, sizeof(stream->reason), "%s", told->reason);
	}
}

void kafka_told_take(struct kafka_stream *stream)
{
	broker_told(stream, &stream->producer_told);
	stream->producer_told = (struct kafka_told){.outage = false};
}

/*
 * Served inside calls on the client: of the consumer by the owner, of the producer by whoever has it just then. Most are passing troubles that
 * librdkafka mends itself; remembered is what a person must hear of.
 */
static void error_told(rd_kafka_t *client, int cause, const char *reason, void *opaque)
{
	struct kafka_stream *stream = opaque;
	bool consumer = rd_kafka_type(client) == RD_KAFKA_CONSUMER;
	struct kafka_told here = {.outage = cause == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN};
	if (here.outage || kafka_is_auth((rd_kafka_resp_err_t)cause)) {
		here.broker_error = (rd_kafka_resp_err_t)cause;
		snprintf(here.reason, sizeof(here.reason), "%s", reason);
	}
	if (consumer) {
		stream->consumer_fatal = stream->consumer_fatal || cause == RD_KAFKA_RESP_ERR__FATAL;
		broker_told(stream, &here);
	} else if (!kafka_is_auth(stream->producer_told.broker_error)) {
		here.outage = here.outage || stream->producer_told.outage;
		stream->producer_told = here.broker_error ? here : stream->producer_told;
	}
}

static void delivery_told(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
	struct kafka_stream *stream = opaque;
	(void)client;
	if (message->err && !stream->produce_error) {
		stream->produce_error = message->err;
	}
}

/* Errors come back through calls and callbacks: lines that librdkafka would write to stderr by itself say the same once more. */
static void log_dropped(const rd_kafka_t *client, int level, const char *facility, const char *line)
{
	(void)client;
	(void)level;
	(void)facility;
	(void)line;
}

enum tw_code kafka_conf_build(struct kafka_stream *stream, rd_kafka_conf_t **consumer, rd_kafka_conf_t **producer, struct tw_error *err)
{
	rd_kafka_conf_t *made[2] = {rd_kafka_conf_new(), rd_kafka_conf_new()};
	enum tw_code code = client_conf(&stream->options, CONSUMER, made[0], err);
	code = code == TW_OK ? client_conf(&stream->options, PRODUCER, made[1], err) : code;
	if (code != TW_OK) {
		rd_kafka_conf_destroy(made[0]);
		rd_kafka_conf_destroy(made[1]);
		return code;
	}
	for (int i = 0; i < 2; i++) {
		rd_kafka_conf_set_opaque(made[i], stream);
		rd_kafka_conf_set_error_cb(made[i], error_told);
		rd_kafka_conf_set_log_cb(made[i], log_dropped);
	}
	rd_kafka_conf_set_rebalance_cb(made[0], kafka_rebalance);
	rd_kafka_conf_set_dr_msg_cb(made[1], delivery_told);
	*consumer = made[0];
	*producer = made[1];
	return TW_OK;
}

enum tw_code kafka_conf_reader(const struct tw_kafka_options *options, rd_kafka_conf_t **out, struct tw_error *err)
{
	struct tw_kafka_options use = *options;
	rd_kafka_conf_t *made = rd_kafka_conf_new();
	use.instance = NULL;
	use.session_timeout_ms = 0;
	enum tw_code code = client_conf(&use, CONSUMER, made, err);
	code = code == TW_OK ? property_set(made, "enable.partition.eof", "true", err) : code; /* a log may end in marks that are no messages */
	if (code != TW_OK) {
		rd_kafka_conf_destroy(made);
		return code;
	}
	rd_kafka_conf_set_log_cb(made, log_dropped);
	*out = made;
	return TW_OK;
}
