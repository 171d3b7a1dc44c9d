/* Lines taken apart: what is handed over, what is refused and why, and that the event's bytes stay as they are. */
#include "engine/io/envelope.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* On the heap at its exact size, so that a sanitizer sees one byte too far. */
static char *line_of(const char *text)
{
	size_t length = strlen(text);
	char *line = malloc(length ? length : 1);
	memcpy(line, text, length);
	return line;
}

static bool is(struct tw_slice slice, const char *text)
{
	return tw_slice_is(slice, text);
}

static void refused(const char *text, const char *why)
{
	struct tw_line_envelope envelope = {.partition = 77};
	char *line = line_of(text);
	const char *reason = tw_envelope_split(line, (uint32_t)strlen(text), &envelope);
	cr_assert(reason != NULL, "accepted: %s", text);
	cr_assert(strstr(reason, why) != NULL, "%s: \"%s\" does not say \"%s\"", text, reason, why);
	cr_assert(memcmp(line, text, strlen(text)) == 0, "a refused line was changed: %s", text);
	cr_assert(envelope.partition == 77, "out was written");
	free(line);
}

Test(envelope, hands_over_every_member_it_knows)
{
	const char *text =
	    " { \"topic\" : \"tw.manifests\", \"key\": \"C-1\", \"partition\": 3, \"offset\": 417, \"unknown\": [1, {\"a\": \"]\"}],\n"
	    "\"headers\": {\"ce_id\": \"e1\", \"other\": 7, \"ce_type\": \"t\", \"ce_time\": \"n\", \"ce_source\": null}, \"value\": {\"id\": 1} } ";
	char *line = line_of(text);
	struct tw_line_envelope e;
	cr_assert(tw_envelope_split(line, (uint32_t)strlen(text), &e) == NULL);
	cr_assert(is(e.topic, "tw.manifests") && is(e.key, "C-1") && is(e.value, "{\"id\": 1}"));
	cr_assert(e.partition == 3 && e.offset == 417);
	cr_assert(is(e.ce_id, "e1") && is(e.ce_type, "t") && is(e.ce_time, "n") && is(e.ce_source, ""));
	free(line);
}

Test(envelope, leaves_the_value_untouched_whatever_its_strings_hold)
{
	const char *value = "{\"text\": \"a } ] \\\" \\\\\", \"deep\": [[{\"x\": \"{[\"}]], \"u\": \"\\u00e9\"}";
	char text[256];
	snprintf(text, sizeof(text), "{\"value\":%s,\"topic\":\"t\",\"key\":\"k\\u00e9\\n\"}", value);
	char *line = line_of(text);
	struct tw_line_envelope e;
	cr_assert(tw_envelope_split(line, (uint32_t)strlen(text), &e) == NULL);
	cr_assert(is(e.value, value));
	cr_assert(e.value.ptr == line + strlen("{\"value\":"));
	cr_assert(is(e.key, "k\xC3\xA9\n"));
	cr_assert(e.partition == -1 && e.offset == -1);
	free(line);
}

Test(envelope, undoes_every_escape_of_a_key)
{
	const char *text = "{\"topic\":\"t\",\"value\":0,\"key\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u20ac\\ud83d\\ude00\"}";
	char *line = line_of(text);
	struct tw_line_envelope e;
	cr_assert(tw_envelope_split(line, (uint32_t)strlen(text), &e) == NULL);
	cr_assert(is(e.key, "\"\\/\b\f\n\r\tA\xE2\x82\xAC\xF0\x9F\x98\x80"));
	cr_assert(is(e.value, "0"));
	free(line);
}

Test(envelope, reads_null_as_not_stated)
{
	const char *text = "{\"topic\":\"t\",\"value\":null,\"key\":null,\"offset\":null,\"partition\":null,\"headers\":null}";
	char *line = line_of(text);
	struct tw_line_envelope e;
	cr_assert(tw_envelope_split(line, (uint32_t)strlen(text), &e) == NULL);
	cr_assert(e.offset == -1 && e.partition == -1 && e.key.len == 0 && is(e.value, "null"));
	free(line);
}

Test(envelope, refuses_what_is_no_envelope_and_says_why)
{
	refused("", "no JSON object");
	refused("[1]", "no JSON object");
	refused("{}", "no topic");
	refused("{\"topic\":\"t\"}", "no value");
	refused("{\"value\":{}}", "no topic");
	refused("{\"topic\":\"\",\"value\":{}}", "no topic");
	refused("{\"topic\":7,\"value\":{}}", "topic is no string");
	refused("{\"topic\":\"t\\u0041\",\"value\":{}}", "escape");
	refused("{\"topic\":\"t\",\"value\":{},\"value\":{}}", "twice");
	refused("{\"topic\":\"t\",\"topic\":\"t\",\"value\":{}}", "twice");
	refused("{\"topic\":\"t\",\"value\":{}} x", "follow");
	refused("{\"topic\":\"t\",\"value\":{},}", "name is missing");
	refused("{\"topic\":\"t\" \"value\":{}}", "comma");
	refused("{\"topic\" \"t\"}", "colon");
	refused("{\"topic\":\"t\",\"value\":}", "value is missing");
	refused("{\"topic\":\"t\",\"value\":{},\"key\":1}", "key is no string");
	refused("{\"topic\":\"t\",\"value\":{},\"headers\":[]}", "headers is no object");
	refused("{\"topic\":\"t\",\"value\":{},\"headers\":{\"ce_id\":1}}", "ce_ header");
	refused("{\"topic\":\"t\",\"value\":{},\"headers\":{\"ce_id\":\"a\",\"ce_id\":\"b\"}}", "twice");
}

Test(envelope, refuses_numbers_that_are_no_position)
{
	refused("{\"topic\":\"t\",\"value\":{},\"offset\":-1}", "offset");
	refused("{\"topic\":\"t\",\"value\":{},\"offset\":1.5}", "offset");
	refused("{\"topic\":\"t\",\"value\":{},\"offset\":9223372036854775807}", "offset");
	refused("{\"topic\":\"t\",\"value\":{},\"offset\":99999999999999999999}", "offset");
	refused("{\"topic\":\"t\",\"value\":{},\"offset\":\"1\"}", "offset");
	refused("{\"topic\":\"t\",\"value\":{},\"partition\":2147483648}", "partition");
}

Test(envelope, refuses_broken_escapes_without_changing_the_line)
{
	refused("{\"topic\":\"t\",\"value\":{},\"key\":\"\\n\\x\"}", "broken escape");
	refused("{\"topic\":\"t\",\"value\":{},\"key\":\"\\u12g4\"}", "broken escape");
	refused("{\"topic\":\"t\",\"value\":{},\"key\":\"\\ud83d\"}", "broken escape");
	refused("{\"topic\":\"t\",\"value\":{},\"key\":\"\\ude00\"}", "broken escape");
	refused("{\"topic\":\"t\",\"value\":{},\"key\":\"\\ud83d\\u0041\"}", "broken escape");
	refused("{\"topic\":\"t\",\"value\":{},\"headers\":{\"ce_id\":\"\\q\"}}", "broken escape");
}

Test(envelope, refuses_a_line_cut_anywhere)
{
	const char *text =
	    "{\"topic\":\"t\",\"key\":\"\\u00e9\",\"offset\":12,\"headers\":{\"ce_id\":\"\\\\\",\"o\":[]},\"value\":{\"a\":[\"\\\"\",{}]}}";
	struct tw_line_envelope e;
	for (size_t length = 0; length < strlen(text); length++) {
		char *line = malloc(length ? length : 1);
		memcpy(line, text, length);
		cr_assert(tw_envelope_split(line, (uint32_t)length, &e) != NULL, "accepted when cut at %zu", length);
		free(line);
	}
}
