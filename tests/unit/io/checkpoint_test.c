/* The checkpoint's text: what is written reads back, and nothing else is read. */
#include "engine/io/checkpoint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/arena.h"

static struct tw_arena arena;

static void begin(void)
{
	tw_arena_init(&arena, 4096, 0);
}

static void end(void)
{
	tw_arena_fini(&arena);
}

TestSuite(checkpoint, .init = begin, .fini = end);

static const struct tw_checkpoint_input inputs[] = {{7, {"a file.ndjson", 13}}, {UINT64_MAX, {"b", 1}}};

static struct tw_checkpoint example(void)
{
	return (struct tw_checkpoint){.program = tw_slice_str("0.1.0"),
	                              .snapshot = tw_slice_str("5d41"),
	                              .settings = tw_slice_str("9f86"),
	                              .inputs = inputs,
	                              .input_count = 2,
	                              .lines = 41000,
	                              .read_hash = 0x0e6f3b1c22d90a47,
	                              .at_input = 2,
	                              .at_byte = 181044,
	                              .bytes = 181051,
	                              .output_bytes = 91744,
	                              .finished = true};
}

static enum tw_code parse(struct tw_slice text, struct tw_checkpoint *out)
{
	struct tw_error err;
	return tw_checkpoint_parse(text, "a.checkpoint", &arena, out, &err);
}

static void same(const struct tw_checkpoint *got, const struct tw_checkpoint *wanted)
{
	cr_assert(tw_slice_equal(got->program, wanted->program) && tw_slice_equal(got->snapshot, wanted->snapshot));
	cr_assert(tw_slice_equal(got->settings, wanted->settings) && got->input_count == wanted->input_count);
	for (uint32_t i = 0; i < got->input_count; i++) {
		cr_assert(got->inputs[i].size == wanted->inputs[i].size && tw_slice_equal(got->inputs[i].path, wanted->inputs[i].path));
	}
	cr_assert(got->lines == wanted->lines && got->read_hash == wanted->read_hash && got->bytes == wanted->bytes);
	cr_assert(got->at_input == wanted->at_input && got->at_byte == wanted->at_byte && got->output_bytes == wanted->output_bytes);
	cr_assert(got->finished == wanted->finished);
}

Test(checkpoint, reads_back_what_was_written)
{
	struct tw_checkpoint written = example(), got;
	cr_assert(parse(tw_checkpoint_text(&written, &arena), &got) == TW_OK);
	same(&got, &written);
	written = (struct tw_checkpoint){.program = tw_slice_str("0.1.0"), .snapshot = {"", 0}, .settings = {"", 0}};
	cr_assert(parse(tw_checkpoint_text(&written, &arena), &got) == TW_OK);
	same(&got, &written);
}

Test(checkpoint, writes_a_newline_in_a_name_as_a_question_mark)
{
	const struct tw_checkpoint_input odd = {1, {"a\nlines 5", 9}};
	struct tw_checkpoint written = example(), got;
	written.inputs = &odd;
	written.input_count = 1;
	written.at_input = 1;
	cr_assert(parse(tw_checkpoint_text(&written, &arena), &got) == TW_OK);
	cr_assert(tw_slice_is(got.inputs[0].path, "a?lines 5") && got.lines == written.lines);
}

Test(checkpoint, refuses_a_text_with_any_byte_changed)
{
	struct tw_checkpoint written = example(), got;
	struct tw_slice text = tw_checkpoint_text(&written, &arena);
	for (uint32_t i = 0; i < text.len; i++) {
		struct tw_slice changed = tw_arena_copy(&arena, text);
		((char *)(uintptr_t)changed.ptr)[i] ^= 1;
		enum tw_code code = parse(changed, &got);
		cr_assert(code == TW_E_CORRUPT || code == TW_E_UNKNOWN, "byte %u", i);
	}
}

Test(checkpoint, refuses_a_text_that_ends_too_early_or_too_late)
{
	struct tw_checkpoint written = example(), got;
	struct tw_slice text = tw_checkpoint_text(&written, &arena);
	for (uint32_t i = 0; i < text.len; i++) {
		cr_assert(parse((struct tw_slice){text.ptr, i}, &got) == TW_E_CORRUPT, "%u bytes", i);
	}
	cr_assert(parse(tw_arena_format(&arena, "%s\n", text.ptr), &got) == TW_E_CORRUPT);
}

Test(checkpoint, refuses_what_is_none_and_leaves_the_result_alone)
{
	static const char *const garbage[] = {"", "\n", "{\"lines\": 5}\n", "tidewaiter checkpoint\n", "tidewaiter checkpoint x\n"};
	struct tw_checkpoint got = {.lines = 5};
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		cr_assert(parse(tw_slice_str(garbage[i]), &got) == TW_E_CORRUPT && got.lines == 5, "%s", garbage[i]);
	}
}

Test(checkpoint, refuses_another_format_and_names_both)
{
	struct tw_checkpoint got;
	struct tw_error err;
	struct tw_slice text = tw_slice_str("tidewaiter checkpoint 2\nwhatever follows\n");
	cr_assert(tw_checkpoint_parse(text, "a.checkpoint", &arena, &got, &err) == TW_E_UNKNOWN);
	cr_assert(strstr(err.detail, "format 2, not 1") != NULL && strcmp(err.where, "a.checkpoint") == 0);
}

Test(checkpoint, is_replaced_as_a_whole_and_says_when_it_cannot_be)
{
	char folder[] = "/tmp/tw-checkpoint-XXXXXX", path[128], aside[160];
	struct tw_checkpoint written = example(), got;
	struct tw_error err;
	cr_assert(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/out.checkpoint", folder);
	snprintf(aside, sizeof(aside), "%s.new", path);
	cr_assert(tw_checkpoint_read(path, &arena, &got, &err) == TW_E_MISSING);
	cr_assert(tw_checkpoint_write(path, &written, &arena, &err) == TW_OK);
	written.lines++;
	cr_assert(tw_checkpoint_write(path, &written, &arena, &err) == TW_OK);
	cr_assert(tw_checkpoint_read(path, &arena, &got, &err) == TW_OK);
	same(&got, &written);
	cr_assert(access(aside, F_OK) != 0);
	unlink(path);
	rmdir(folder);
	cr_assert(tw_checkpoint_write(path, &written, &arena, &err) == TW_E_IO && strcmp(err.where, path) == 0);
}
