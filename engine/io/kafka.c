/**
 * @file kafka.c
 * Start and end of a Kafka stream: clients made, brokers reached, every topic looked up; at the end transactions closed, the group left.
 */
#include "engine/io/kafka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 5000 /* until "no broker answers"; a stop is noticed only between two tries */
#define ASK_MS     500  /* one look-up; between two the error callback may say why it is in vain */

/* One topic's metadata; waits until a broker answers, refuses us, or CONNECT_MS are over. */
static enum tw_code topic_check(struct kafka_stream *stream, const char *name, struct tw_error *err)
{
	int64_t until = kafka_now_ms() + CONNECT_MS;
	const struct rd_kafka_metadata *found = NULL;
	rd_kafka_topic_t *topic = rd_kafka_topic_new(stream->consumer, name, NULL);
	rd_kafka_resp_err_t cause = topic ? RD_KAFKA_RESP_ERR__TRANSPORT : rd_kafka_last_error();
	while (topic && !kafka_is_auth(stream->broker_error) && kafka_now_ms() < until) {
		cause = rd_kafka_metadata(stream->consumer, 0, topic, &found, ASK_MS);
		rd_kafka_poll(stream->consumer, 0);
		if (!cause && found->topic_cnt == 1 && found->topics[0].err != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
			cause = found->topics[0].err;
			break;
		}
		if (!cause) { /* made a moment ago */
			cause = RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
			rd_kafka_metadata_destroy(found);
			found = NULL;
			rd_kafka_poll(stream->consumer, ASK_MS / 5);
		}
	}
	if (found) {
		rd_kafka_metadata_destroy(found);
	}
	if (topic) {
		rd_kafka_topic_destroy(topic);
	}
	if (cause == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || cause == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION ||
	    cause == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "kafka has no such topic", name, "create it, or change the settings topics.*");
	}
	if (cause && stream->broker_error) {
		return kafka_fail(err, stream->broker_error, "no kafka broker answers", stream->options.brokers, stream->reason);
	}
	return cause ? kafka_fail(err, cause, "no kafka broker answers", stream->options.brokers, NULL) : TW_OK;
}

static enum tw_code topics_check(struct kafka_stream *stream, struct tw_error *err)
{
	const struct tw_topics *topics = &stream->options.topics;
	const char *const outputs[] = {topics->alerts, topics->holds, topics->dead_letter, topics->input[TW_FAMILY_FACT - 1]};
	enum tw_code code = TW_OK;
	bool any = false;
	for (unsigned i = 0; i < TW_FAMILIES && code == TW_OK; i++) {
		any = any || topics->input[i];
		code = topics->input[i] ? topic_check(stream, topics->input[i], err) : TW_OK;
	}
	for (unsigned i = 0; i < sizeof(outputs) / sizeof(outputs[0]) && code == TW_OK; i++) {
		code = outputs[i] && outputs[i][0] ? topic_check(stream, outputs[i], err)
		                                   : tw_fail(err, TW_E_MISSING, TW_STOP, "an output topic has no name", "topics", NULL);
	}
	if (code == TW_OK && topics->shadow && topics->shadow[0]) {
		code = topic_check(stream, topics->shadow, err);
	}
	if (code == TW_OK && topics->traces && topics->traces[0]) {
		code = topic_check(stream, topics->traces, err);
	}
	return code == TW_OK && !any ? tw_fail(err, TW_E_MISSING, TW_STOP, "no input topic has a name", "topics", NULL) : code;
}

static void text_free(struct kafka_text *text)
{
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		free(text->input[i]);
	}
	free(text->alerts);
	free(text->holds);
	free(text->dead_letter);
	free(text->shadow);
	free(text->traces);
	free(text->brokers);
	free(text->group);
	free(text->instance);
}

static void stream_free(struct tw_stream *base)
{
	struct kafka_stream *stream = (struct kafka_stream *)base;
	struct tw_error ignored;
	kafka_committer_stop(stream);
	if (stream->producer && (stream->state == KAFKA_OPEN || stream->state == KAFKA_ABORTING)) {
		enum tw_code code = kafka_abort(base, &ignored); /* else readers of our topics would wait for the transaction's time-out */
		(void)code;
	}
	if (stream->consumer && stream->options.leave && stream->joined && !stream->consumer_fatal) {
		kafka_leave(stream);
	}
	kafka_consumer_close(stream);
	kafka_producer_close(stream);
	if (stream->consumer_conf) {
		rd_kafka_conf_destroy(stream->consumer_conf);
	}
	if (stream->producer_conf) {
		rd_kafka_conf_destroy(stream->producer_conf);
	}
	text_free(&stream->text);
	free(stream->held);
	free(stream->messages);
	free(stream->places);
	free(stream->standing);
	free(stream);
}

static void stream_progress(const struct tw_stream *base, uint64_t *done, uint64_t *total)
{
	*done = ((const struct kafka_stream *)base)->bytes_done;
	*total = 0;
}

static const struct tw_stream_kind kafka_kind = {
    .poll = kafka_poll,
    .produce = kafka_produce,
    .commit = kafka_commit,
    .commit_begin = kafka_commit_begin,
    .commit_end = kafka_commit_end,
    .abort = kafka_abort,
    .free = stream_free,
    .progress = stream_progress,
    .standing = kafka_standing,
    .rejoin = kafka_rejoin,
    .gate = kafka_gate,
    .lag = kafka_lag,
};

/* NULL and "" alike: none. @return false without memory */
static bool text_keep(const char *given, char **kept, const char **use)
{
	*kept = given && given[0] ? strdup(given) : NULL;
	*use = *kept;
	return *kept || !given || !given[0];
}

static enum tw_code options_keep(struct kafka_stream *stream, const struct tw_kafka_options *options, struct tw_error *err)
{
	struct tw_kafka_options *use = &stream->options;
	bool kept = true;
	*use = *options;
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		kept = text_keep(options->topics.input[i], &stream->text.input[i], &use->topics.input[i]) && kept;
	}
	kept = text_keep(options->topics.alerts, &stream->text.alerts, &use->topics.alerts) && kept;
	kept = text_keep(options->topics.holds, &stream->text.holds, &use->topics.holds) && kept;
	kept = text_keep(options->topics.dead_letter, &stream->text.dead_letter, &use->topics.dead_letter) && kept;
	kept = text_keep(options->topics.shadow, &stream->text.shadow, &use->topics.shadow) && kept;
	kept = text_keep(options->topics.traces, &stream->text.traces, &use->topics.traces) && kept;
	kept = text_keep(options->brokers, &stream->text.brokers, &use->brokers) && kept;
	kept = text_keep(options->group, &stream->text.group, &use->group) && kept;
	kept = text_keep(options->instance, &stream->text.instance, &use->instance) && kept;
	if (!kept) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a stream", NULL, NULL);
	}
	if (!use->brokers || !use->group || !use->instance) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "kafka.brokers, kafka.group and kafka.instance must be set", "kafka", NULL);
	}
	return TW_OK;
}

enum tw_code tw_stream_kafka_new(const struct tw_kafka_options *options, struct tw_stream **out, struct tw_error *err)
{
	struct kafka_stream *stream = calloc(1, sizeof(*stream));
	if (!stream) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a stream", NULL, NULL);
	}
	stream->base.kind = &kafka_kind;
	stream->left = -1;
	enum tw_code code = options_keep(stream, options, err);
	code = code == TW_OK ? kafka_conf_build(stream, &stream->consumer_conf, &stream->producer_conf, err) : code;
	code = code == TW_OK ? kafka_consumer_open(stream, err) : code;
	code = code == TW_OK ? topics_check(stream, err) : code;
	code = code == TW_OK ? kafka_producer_open(stream, err) : code;
	code = code == TW_OK ? kafka_committer_start(stream, err) : code;
	if (code != TW_OK) {
		stream_free(&stream->base);
		return code;
	}
	rd_kafka_poll_set_consumer(stream->consumer);
	*out = &stream->base;
	return TW_OK;
}
