/**
 * @file rules_backtest_topics.c
 * See rules_backtest.h. History where it lies: topics of the log, oldest message first, by somebody who joins no group.
 */
#include <string.h>

#include "engine/base/nearest.h"
#include "engine/base/time.h"
#include "engine/io/log_stream.h"
#include "engine/command/rules_backtest.h"
#include "engine/run/settings.h"

#define PREFIX "topic:"

bool tw_backtest_instant(const char *text, int64_t *ms)
{
	int32_t day;
	if (tw_date_parse(tw_slice_str(text), &day)) {
		*ms = (int64_t)day * 86400000;
		return true;
	}
	return tw_instant_parse(tw_slice_str(text), ms);
}

/* Names of topics hold letters, digits, dots, dashes and underscores: an @ is not of them. */
bool tw_backtest_topic_of(const char *input, struct tw_backtest_topic *out, bool *wrong)
{
	struct tw_backtest_topic found = {.since_ms = 0};
	if (strncmp(input, PREFIX, sizeof(PREFIX) - 1) != 0) {
		return false;
	}
	found.name = tw_slice_str(input + sizeof(PREFIX) - 1);
	const char *time = strchr(found.name.ptr, '@');
	found.name.len = time ? (uint32_t)(time - found.name.ptr) : found.name.len;
	if (found.name.len == 0 || (time && (!tw_backtest_instant(time + 1, &found.since_ms) || found.since_ms <= 0))) {
		if (wrong) {
			*wrong = true;
		}
		return false;
	}
	if (out) {
		*out = found;
	}
	return true;
}

static enum tw_code topic_add(const struct tw_settings *settings, const char *input, struct tw_log_options *options, struct tw_error *err)
{
	struct tw_backtest_topic topic = {.since_ms = 0};
	struct tw_nearest nearest;
	char hint[TW_HINT_BYTES];
	(void)tw_backtest_topic_of(input, &topic, NULL);
	nearest = tw_nearest_to(topic.name);
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		const char *name = settings->topics.input[i];
		if (!name || !name[0] || i == TW_FAMILY_FACT - 1) { /* facts are made anew: they follow from the rest */
			continue;
		}
		tw_nearest_offer(&nearest, name);
		if (tw_slice_is(topic.name, name)) {
			options->kafka.topics.input[i] = name;
			options->since_ms[i] = topic.since_ms;
			return TW_OK;
		}
	}
	return tw_fail(err, TW_E_UNKNOWN, TW_STOP, "no input topic has that name: the settings topics.* name them", input, "%s",
	               tw_nearest_hint(&nearest, hint));
}

enum tw_code tw_backtest_topics_open(const struct tw_settings *settings, const struct tw_backtest_history *history, struct tw_stream **out,
                                     struct tw_error *err)
{
	struct tw_log_options options = {.kafka = {.brokers = settings->kafka_brokers,
	                                           .group = settings->kafka_group,
	                                           .properties = settings->kafka_properties.data,
	                                           .property_count = settings->kafka_properties.count},
	                                 .by_time = true};
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < history->input_count && code == TW_OK; i++) {
		code = topic_add(settings, history->inputs[i], &options, err);
	}
	return code == TW_OK ? tw_stream_log_new(&options, out, err) : code;
}
