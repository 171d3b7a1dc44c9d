/* A file stream that is dropped in the middle, and another that goes on: what is read again, what is cut, and when it refuses. */
#include "engine/io/bookmark.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64], input[96], output[96], checkpoint[128];
static const struct tw_file_identity identity = {"0.1.0", "snapshot", "settings"};

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void begin(void)
{
	snprintf(folder, sizeof(folder), "/tmp/tw-bookmark-XXXXXX");
	cr_assert(mkdtemp(folder) != NULL);
	snprintf(input, sizeof(input), "%s/in", folder);
	snprintf(output, sizeof(output), "%s/out", folder);
	snprintf(checkpoint, sizeof(checkpoint), "%s" TW_CHECKPOINT_SUFFIX, output);
	put(input, "1\n2\n\n3\n4\n5");
}

static void end(void)
{
	unlink(input);
	unlink(output);
	unlink(checkpoint);
	rmdir(folder);
}

TestSuite(bookmark, .init = begin, .fini = end);

static void good(enum tw_code code, const struct tw_error *err)
{
	cr_assert(code == TW_OK, "%s: %s: %s", err->what, err->where, err->detail);
}

static enum tw_code stream_try(const struct tw_file_identity *whose, bool resume, struct tw_stream **out, struct tw_error *err)
{
	static const char *const inputs[] = {input};
	struct tw_file_options options = {.inputs = inputs,
	                                  .input_count = 1,
	                                  .topic = "tw.manifests",
	                                  .output = output,
	                                  .identity = whose,
	                                  .resume = resume,
	                                  .topics = {.input = {"tw.manifests"}, .alerts = "alerts"}};
	return tw_stream_file_new(&options, out, err);
}

static struct tw_stream *stream_open(bool resume)
{
	struct tw_stream *stream = NULL;
	struct tw_error err;
	good(stream_try(&identity, resume, &stream, &err), &err);
	return stream;
}

/* Take up to `most` lines and write one output for each that is new. @return lines taken */
static uint32_t batch(struct tw_stream *stream, uint32_t most, enum tw_poll *polled)
{
	struct tw_message *messages;
	uint32_t count;
	struct tw_error err;
	good(tw_stream_poll(stream, most, 0, &messages, &count, polled, &err), &err);
	for (uint32_t i = 0; i < count; i++) {
		struct tw_output line = {.kind = TW_OUTPUT_ALERT, .key = messages[i].value, .value = tw_slice_str("{}")};
		if (!messages[i].replayed) {
			good(tw_stream_produce(stream, &line, &err), &err);
		}
	}
	if (count) {
		good(tw_stream_commit(stream, &err), &err);
	}
	return count;
}

static void to_end(struct tw_stream *stream)
{
	enum tw_poll polled = TW_POLL_IDLE;
	struct tw_error err;
	while (polled != TW_POLL_END) {
		batch(stream, 2, &polled);
	}
	good(tw_stream_file_checkpoint(stream, true, &err), &err);
}

static void output_text(char text[1024])
{
	FILE *file = fopen(output, "r");
	size_t got = file ? fread(text, 1, 1023, file) : 0;
	text[got] = '\0';
	if (file) {
		fclose(file);
	}
}

/* A run that finishes `lines`, says so, writes one more batch without saying so, and is gone. */
static void run_torn(uint32_t lines)
{
	struct tw_stream *stream = stream_open(false);
	enum tw_poll polled;
	struct tw_error err;
	if (lines) {
		cr_assert(batch(stream, lines, &polled) == lines);
		good(tw_stream_file_checkpoint(stream, false, &err), &err);
	}
	cr_assert(batch(stream, 1, &polled) == 1);
	tw_stream_free(stream);
}

static struct tw_file_standing standing(const struct tw_stream *stream)
{
	struct tw_file_standing out;
	tw_stream_file_standing(stream, &out);
	return out;
}

Test(bookmark, gives_the_undisturbed_output_wherever_the_run_was_dropped)
{
	char expected[1024], got[1024];
	struct tw_stream *stream = stream_open(false);
	to_end(stream);
	tw_stream_free(stream);
	output_text(expected);
	for (uint32_t lines = 0; lines < 5; lines++) {
		run_torn(lines);
		stream = stream_open(true);
		cr_assert(standing(stream).resumed && standing(stream).lines == lines && standing(stream).lines_due == lines);
		to_end(stream);
		tw_stream_free(stream);
		output_text(got);
		cr_assert_str_eq(got, expected);
	}
}

Test(bookmark, hands_out_finished_lines_in_batches_of_their_own)
{
	struct tw_message *messages;
	uint32_t count;
	enum tw_poll polled;
	struct tw_error err;
	run_torn(3);
	struct tw_stream *stream = stream_open(true);
	good(tw_stream_poll(stream, 100, 0, &messages, &count, &polled, &err), &err);
	cr_assert(count == 3 && messages[0].replayed && messages[2].replayed && messages[2].offset == 2);
	good(tw_stream_abort(stream, &err), &err);
	good(tw_stream_poll(stream, 100, 0, &messages, &count, &polled, &err), &err);
	cr_assert(count == 3 && messages[0].replayed, "an aborted batch comes again as what it was");
	good(tw_stream_commit(stream, &err), &err);
	good(tw_stream_poll(stream, 100, 0, &messages, &count, &polled, &err), &err);
	cr_assert(count == 1 && !messages[0].replayed && messages[0].offset == 3 && messages[0].committed == 3);
	tw_stream_free(stream);
}

Test(bookmark, begins_anew_where_there_is_no_checkpoint)
{
	put(output, "what was there\n");
	struct tw_stream *stream = stream_open(true);
	char got[1024];
	cr_assert(!standing(stream).resumed && standing(stream).kept && access(checkpoint, F_OK) == 0);
	output_text(got);
	cr_assert_str_eq(got, "");
	tw_stream_free(stream);
}

Test(bookmark, of_a_finished_run_says_so_and_touches_nothing)
{
	struct tw_stream *stream = stream_open(false);
	to_end(stream);
	tw_stream_free(stream);
	FILE *file = fopen(output, "a");
	fputs("later\n", file);
	fclose(file);
	stream = stream_open(true);
	enum tw_poll polled;
	char got[1024];
	cr_assert(standing(stream).finished && batch(stream, 100, &polled) == 4 && batch(stream, 100, &polled) == 1);
	output_text(got);
	cr_assert(standing(stream).lines_due == 0 && strstr(got, "later\n") != NULL);
	tw_stream_free(stream);
}

static void refused(const struct tw_file_identity *whose, const char *words)
{
	struct tw_stream *stream = NULL;
	struct tw_error err = {.what = ""};
	char before[1024], after[1024];
	output_text(before);
	cr_assert(stream_try(whose, true, &stream, &err) == TW_E_CONFLICT, "%s", words);
	cr_assert(strstr(err.what, words) != NULL, "%s", err.what);
	output_text(after);
	cr_assert_str_eq(before, after);
	cr_assert(access(checkpoint, F_OK) == 0);
}

Test(bookmark, refuses_what_would_not_write_the_same)
{
	run_torn(3);
	refused(&(struct tw_file_identity){"0.2.0", "snapshot", "settings"}, "another version");
	refused(&(struct tw_file_identity){"0.1.0", "other", "settings"}, "rules, lists");
	refused(&(struct tw_file_identity){"0.1.0", "snapshot", "other"}, "settings that change");
	put(input, "1\n2\n\n3\n4\n5\n");
	refused(&identity, "an input has changed");
	put(input, "1\n2\n\n3\n4\n5");
	put(output, "{}\n");
	refused(&identity, "shorter than its checkpoint");
}

Test(bookmark, refuses_other_lines_of_the_same_size_before_the_output_changes)
{
	static const char *const changed[] = {"1\n2\n\nX\n4\n5", "12\n\n3\n4\n5\n"};
	struct tw_message *messages;
	uint32_t count;
	enum tw_poll polled;
	struct tw_error err;
	char before[1024], after[1024];
	run_torn(3);
	output_text(before);
	for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
		put(input, changed[i]);
		struct tw_stream *stream = stream_open(true);
		good(tw_stream_poll(stream, 100, 0, &messages, &count, &polled, &err), &err);
		cr_assert(count == 3 && tw_stream_commit(stream, &err) == TW_E_CONFLICT);
		tw_stream_free(stream);
		output_text(after);
		cr_assert_str_eq(before, after);
	}
	put(input, "1\n2\n\n\n\n\n\n\n");
	struct tw_stream *stream = stream_open(true);
	good(tw_stream_poll(stream, 2, 0, &messages, &count, &polled, &err), &err);
	cr_assert(tw_stream_commit(stream, &err) == TW_OK);
	cr_assert(tw_stream_poll(stream, 2, 0, &messages, &count, &polled, &err) == TW_E_CONFLICT && strstr(err.detail, "fewer lines") != NULL);
	tw_stream_free(stream);
}

Test(bookmark, does_not_mind_other_lines_beyond_what_was_finished)
{
	run_torn(3);
	put(input, "1\n2\n\n3\n8\n9");
	struct tw_stream *stream = stream_open(true);
	char got[1024];
	to_end(stream);
	tw_stream_free(stream);
	output_text(got);
	cr_assert(strstr(got, "\"9\"") != NULL && strstr(got, "\"4\"") == NULL);
}

Test(bookmark, refuses_two_writers_of_one_output)
{
	struct tw_stream *first = stream_open(false), *second = NULL;
	struct tw_error err;
	cr_assert(stream_try(&identity, true, &second, &err) == TW_E_CONFLICT && strstr(err.what, "another process") != NULL);
	cr_assert(stream_try(&identity, false, &second, &err) == TW_E_CONFLICT && access(checkpoint, F_OK) == 0);
	tw_stream_free(first);
}

Test(bookmark, needs_files_on_both_sides_to_resume)
{
	static const char *const pipes[] = {"-"}, *const files[] = {input};
	struct tw_file_options options = {.inputs = pipes,
	                                  .input_count = 1,
	                                  .topic = "tw.manifests",
	                                  .output = output,
	                                  .identity = &identity,
	                                  .resume = true,
	                                  .topics = {.input = {"tw.manifests"}}};
	struct tw_stream *stream = NULL;
	struct tw_error err;
	cr_assert(tw_stream_file_new(&options, &stream, &err) == TW_E_TYPE);
	options.resume = false;
	put(checkpoint, "of an earlier run");
	good(tw_stream_file_new(&options, &stream, &err), &err);
	cr_assert(!standing(stream).kept && access(checkpoint, F_OK) != 0, "it would speak of another output");
	tw_stream_free(stream);
	options.inputs = files;
	options.resume = true;
	options.output = "/dev/null";
	cr_assert(tw_stream_file_new(&options, &stream, &err) == TW_E_CONFLICT);
}

Test(bookmark, refuses_a_checkpoint_that_is_none)
{
	struct tw_stream *stream = NULL;
	struct tw_error err;
	put(checkpoint, "garbage\n");
	cr_assert(stream_try(&identity, true, &stream, &err) == TW_E_CORRUPT && strcmp(err.where, checkpoint) == 0);
	put(checkpoint, "tidewaiter checkpoint 9\n");
	cr_assert(stream_try(&identity, true, &stream, &err) == TW_E_UNKNOWN);
}
