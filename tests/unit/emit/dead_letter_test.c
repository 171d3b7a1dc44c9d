/**
 * @file dead_letter_test.c
 * Refusals keep their bytes, and every output can stand as one line of a file.
 */
#include "tests/unit/emit/fixture.h"

#include <criterion/criterion.h>

static struct fixture fixture;
static const char poison[] = "{\"id\": \"\xFF\x00\n";
static struct tw_dead_letter_case about;

static void setup(void)
{
	fixture_init(&fixture);
	about = (struct tw_dead_letter_case){.raw = {poison, sizeof(poison) - 1},
	                                     .key = tw_slice_str("XCLU0009"),
	                                     .origin = {tw_slice_str("tw.manifests"), 1, 99},
	                                     .reason = "utf8",
	                                     .detail = tw_slice_str("/id is not UTF-8"),
	                                     .stage = "decode",
	                                     .byte = 8,
	                                     .engine_version = "0.1.0"};
}

static void teardown(void)
{
	fixture_fini(&fixture);
}

TestSuite(dead_letter, .init = setup, .fini = teardown);
TestSuite(line, .init = setup, .fini = teardown);

static struct tw_output letter(void)
{
	struct tw_output out;
	cr_assert_eq(tw_emit_dead_letter(&about, &fixture.arena, &out, NULL), TW_OK);
	return out;
}

static struct tw_slice line_of(const struct tw_output *out, const char *topic)
{
	struct tw_slice line;
	cr_assert_eq(tw_emit_line(out, tw_slice_str(topic), &fixture.arena, &line, NULL), TW_OK);
	cr_assert_eq(memchr(line.ptr, '\n', line.len), line.ptr + line.len - 1, "one line and its newline");
	assert_json(line);
	return line;
}

Test(dead_letter, keeps_the_source_bytes_and_the_key_untouched)
{
	struct tw_output out = letter();
	cr_assert_eq(out.value.ptr, poison);
	cr_assert_eq(out.value.len, sizeof(poison) - 1);
	cr_assert(tw_slice_is(out.key, "XCLU0009"));
	cr_assert_eq(out.origin.offset, 99);
	cr_assert_eq(out.kind, TW_OUTPUT_DEAD_LETTER);
}

Test(dead_letter, says_everything_in_headers)
{
	const char *expected[][2] = {{"dlq.reason", "utf8"},  {"dlq.detail", "/id is not UTF-8"},
	                             {"dlq.stage", "decode"}, {"dlq.topic", "tw.manifests"},
	                             {"dlq.partition", "1"},  {"dlq.offset", "99"},
	                             {"dlq.byte", "8"},       {"dlq.engine", "0.1.0"}};
	struct tw_output out = letter();
	cr_assert_eq(out.header_count, 8);
	for (unsigned i = 0; i < 8; i++) {
		cr_assert(tw_slice_is(out.headers[i].name, expected[i][0]));
		cr_assert(tw_slice_is(out.headers[i].value, expected[i][1]), "%s", expected[i][0]);
	}
}

Test(dead_letter, leaves_out_the_byte_when_it_is_not_known)
{
	about.byte = -1;
	struct tw_output out = letter();
	cr_assert_eq(out.header_count, 7);
	cr_assert(tw_slice_is(out.headers[6].name, "dlq.engine"));
}

Test(dead_letter, says_memory_at_the_arenas_ceiling)
{
	struct tw_arena small;
	struct tw_output out;
	tw_arena_init(&small, 64, 64);
	cr_assert_eq(tw_emit_dead_letter(&about, &small, &out, NULL), TW_E_MEMORY);
	tw_arena_fini(&small);
}

Test(line, of_a_dead_letter_carries_its_bytes_as_base64)
{
	struct tw_output out = letter();
	struct tw_slice line = line_of(&out, "tw.dead-letter");
	golden("dead-letter.ndjson", line);
	cr_assert_eq(occurrences(line, "\"value_base64\":\"eyJpZCI6ICL/AAo=\""), 1);
}

Test(line, pads_base64_by_the_rest_of_three)
{
	const char *cases[][2] = {{"", "\"\""}, {"f", "\"Zg==\""}, {"fo", "\"Zm8=\""}, {"foo", "\"Zm9v\""}, {"foob", "\"Zm9vYg==\""}};
	for (unsigned i = 0; i < 5; i++) {
		about.raw = tw_slice_str(cases[i][0]);
		struct tw_output out = letter();
		struct tw_slice line = line_of(&out, "t");
		cr_assert_eq(occurrences(line, cases[i][1]), 1, "RFC 4648, section 10: %s", cases[i][0]);
	}
}

Test(line, of_an_alert_carries_the_body_as_it_is)
{
	struct tw_output out;
	cr_assert_eq(tw_emit_alert(&fixture.about, &fixture.arena, &out, NULL), TW_OK);
	struct tw_slice line = line_of(&out, "tw.alerts");
	golden("alert.ndjson", line);
	cr_assert_eq(occurrences(line, out.value.ptr), 1);
	cr_assert_eq(occurrences(line, "{\"topic\":\"tw.alerts\",\"key\":\"XCLU0001\",\"headers\":{\"ce_specversion\":\"1.0\""), 1);
}

Test(line, keeps_a_key_that_is_not_text)
{
	about.key = tw_slice_str("\xFFk");
	struct tw_output out = letter();
	cr_assert_eq(occurrences(line_of(&out, "t"), "\"key_base64\":\"/2s=\""), 1);
}

Test(line, says_memory_at_the_arenas_ceiling)
{
	struct tw_arena small;
	struct tw_output out = letter();
	struct tw_slice line = {"untouched", 9};
	tw_arena_init(&small, 64, 64);
	cr_assert_eq(tw_emit_line(&out, tw_slice_str("t"), &small, &line, NULL), TW_E_MEMORY);
	cr_assert_str_eq(line.ptr, "untouched");
	tw_arena_fini(&small);
}
