/* No broker at all: needs none, so it is never skipped. */
#include <criterion/criterion.h>

#include "engine/io/stream.h"

Test(kafka_away, asks_to_try_again_when_no_broker_answers, .timeout = 60)
{
	struct tw_kafka_options options = {.brokers = "127.0.0.1:1", .group = "g", .instance = "i"};
	struct tw_stream *stream = NULL;
	struct tw_error err;
	options.topics = (struct tw_topics){.input = {"a"}, .alerts = "b", .holds = "c", .dead_letter = "d"};
	cr_assert(tw_stream_kafka_new(&options, &stream, &err) == TW_E_IO && err.disposition == TW_RETRY);
	cr_assert_str_eq(err.where, "127.0.0.1:1");
	cr_assert(stream == NULL);
}

Test(kafka_away, refuses_to_start_without_an_instance_name)
{
	struct tw_kafka_options options = {.brokers = "127.0.0.1:1", .group = "g", .instance = ""};
	struct tw_stream *stream = NULL;
	struct tw_error err;
	cr_assert(tw_stream_kafka_new(&options, &stream, &err) == TW_E_MISSING && err.disposition == TW_STOP && stream == NULL);
}
