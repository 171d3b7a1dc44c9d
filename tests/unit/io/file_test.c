/* The file stream: which messages lines become, what abort and commit do, and that bad lines never touch their neighbours. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/io/lines.h"
#include "engine/io/stream.h"

static char folder[64];

static void folder_make(void)
{
	snprintf(folder, sizeof(folder), "/tmp/tw file test XXXXXX");
	cr_assert(mkdtemp(folder) != NULL);
}

static void folder_remove(void)
{
	static const char *const names[] = {"a", "b", "out", "x.gz"};
	char path[128];
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

TestSuite(file, .init = folder_make, .fini = folder_remove);

static const char *path_of(const char *name, char out[128])
{
	snprintf(out, 128, "%s/%s", folder, name);
	return out;
}

static void file_put(const char *name, const char *text, size_t length)
{
	char path[128];
	int fd = open(path_of(name, path), O_WRONLY | O_CREAT | O_TRUNC, 0644);
	cr_assert(fd >= 0 && write(fd, text, length) == (ssize_t)length);
	close(fd);
}

static struct tw_topics topics(void)
{
	return (struct tw_topics){.input = {"tw.manifests", "tw.certificates", "tw.markings", "tw.outcomes", "tw.decisions"},
	                          .alerts = "tw.alerts",
	                          .holds = "tw.holds",
	                          .dead_letter = "tw.dead-letter"};
}

static struct tw_stream *stream_open(const char *const *inputs, uint32_t count, const char *topic, const char *output)
{
	struct tw_file_options options = {.inputs = inputs, .input_count = count, .topic = topic, .output = output, .topics = topics()};
	struct tw_stream *stream = NULL;
	struct tw_error err;
	cr_assert(tw_stream_file_new(&options, &stream, &err) == TW_OK, "%s", err.what);
	return stream;
}

static uint32_t poll_some(struct tw_stream *stream, uint32_t most, struct tw_message **messages, enum tw_poll *polled)
{
	uint32_t count = 0;
	struct tw_error err;
	cr_assert(tw_stream_poll(stream, most, 1000, messages, &count, polled, &err) == TW_OK, "%s", err.what);
	return count;
}

Test(file, turns_envelopes_into_messages_with_offsets_by_topic)
{
	static const char text[] = "{\"topic\":\"tw.manifests\",\"key\":\"k\",\"value\":{\"n\":1}}\r\n"
	                           "\n"
	                           "{\"topic\":\"tw.certificates\",\"value\":{\"n\":2},\"headers\":{\"ce_id\":\"x\"}}\n"
	                           "{\"topic\":\"tw.manifests\",\"value\":{\"n\":3}}";
	char path[128];
	const char *inputs[] = {path_of("a", path)};
	struct tw_message *m;
	enum tw_poll polled;
	file_put("a", text, sizeof(text) - 1);
	struct tw_stream *stream = stream_open(inputs, 1, NULL, NULL);
	cr_assert(poll_some(stream, 100, &m, &polled) == 2 && polled == TW_POLL_BATCH);
	cr_assert(m[0].offset == 0 && tw_slice_is(m[0].value, "{\"n\":1}") && m[1].offset == 0 && tw_slice_is(m[1].value, "{\"n\":2}"));
	cr_assert(poll_some(stream, 100, &m, &polled) == 1, "the last line has no newline and is a line all the same");
	cr_assert(m[0].offset == 1 && tw_slice_is(m[0].value, "{\"n\":3}"));
	cr_assert(poll_some(stream, 100, &m, &polled) == 0 && polled == TW_POLL_END);
	tw_stream_free(stream);
}

Test(file, gives_family_key_and_headers)
{
	static const char text[] = "{\"topic\":\"tw.certificates\",\"key\":\"k\",\"value\":{},\"headers\":{\"ce_id\":\"x\"}}\n";
	char path[128];
	const char *inputs[] = {path_of("a", path)};
	struct tw_message *m;
	enum tw_poll polled;
	file_put("a", text, sizeof(text) - 1);
	struct tw_stream *stream = stream_open(inputs, 1, NULL, NULL);
	cr_assert(poll_some(stream, 100, &m, &polled) == 1);
	cr_assert(m->family == TW_FAMILY_CERTIFICATE && m->partition == 0 && m->offset == 0 && m->refused == NULL);
	cr_assert(tw_slice_is(m->key, "k") && tw_slice_is(m->ce_id, "x") && tw_slice_is(m->topic, "tw.certificates"));
	tw_stream_free(stream);
}

Test(file, reads_several_files_of_bare_lines_in_order)
{
	char first[128], second[128];
	const char *inputs[] = {path_of("a", first), path_of("b", second)};
	struct tw_message *m;
	enum tw_poll polled = TW_POLL_IDLE;
	char seen[16] = "";
	file_put("a", "1\n2", 3);
	file_put("b", "3\n", 2);
	struct tw_stream *stream = stream_open(inputs, 2, "tw.manifests", NULL);
	int64_t next = 0;
	while (polled != TW_POLL_END) {
		uint32_t count = poll_some(stream, 2, &m, &polled);
		for (uint32_t i = 0; i < count; i++) {
			cr_assert(m[i].offset == next++ && m[i].family == TW_FAMILY_MANIFEST);
			strncat(seen, m[i].value.ptr, m[i].value.len);
		}
	}
	cr_assert_str_eq(seen, "123");
	tw_stream_free(stream);
}

Test(file, keeps_stated_places_and_refuses_an_offset_that_goes_back)
{
	static const char text[] = "{\"topic\":\"tw.manifests\",\"partition\":2,\"offset\":40,\"value\":{}}\n"
	                           "{\"topic\":\"tw.manifests\",\"partition\":2,\"offset\":40,\"value\":{}}\n"
	                           "{\"topic\":\"tw.manifests\",\"partition\":2,\"offset\":45,\"value\":{}}\n";
	char path[128];
	const char *inputs[] = {path_of("a", path)};
	struct tw_message *m;
	enum tw_poll polled;
	file_put("a", text, sizeof(text) - 1);
	struct tw_stream *stream = stream_open(inputs, 1, NULL, NULL);
	cr_assert(poll_some(stream, 100, &m, &polled) == 3);
	cr_assert(m[0].partition == 2 && m[0].offset == 40 && m[0].committed == 40);
	cr_assert(m[1].refused != NULL && strstr(m[1].refused, "offset") != NULL);
	cr_assert(m[2].offset == 45 && m[2].refused == NULL);
	tw_stream_free(stream);
}

Test(file, refuses_bad_lines_and_keeps_their_neighbours)
{
	static const char text[] = "not json\n"
	                           "{\"topic\":\"tw.manifests\",\"value\":{\"n\":1}}\n"
	                           "{\"topic\":\"nobody.reads\",\"value\":{}}\n"
	                           "{\"topic\":\"tw.manifests\",\"value\":{\"n\":2}}\n";
	char path[128];
	const char *inputs[] = {path_of("a", path)};
	struct tw_message *m;
	enum tw_poll polled;
	file_put("a", text, sizeof(text) - 1);
	struct tw_stream *stream = stream_open(inputs, 1, NULL, NULL);
	cr_assert(poll_some(stream, 100, &m, &polled) == 4);
	cr_assert(m[0].refused && tw_slice_is(m[0].value, "not json") && m[0].offset == 0 && m[0].family == 0);
	cr_assert(!m[1].refused && m[1].offset == 0);
	cr_assert(m[2].refused && m[2].offset == 1 && strstr(m[2].refused, "topic") != NULL);
	cr_assert(!m[3].refused && m[3].offset == 1);
	tw_stream_free(stream);
}

Test(file, passes_over_a_line_that_is_too_long_and_goes_on_behind_it)
{
	char path[128];
	const char *inputs[] = {path_of("a", path)};
	struct tw_message *m;
	enum tw_poll polled = TW_POLL_IDLE;
	size_t long_bytes = 9 * 1024 * 1024; /* more than the buffer */
	char *text = malloc(long_bytes + 8);
	uint32_t refused = 0, good = 0;
	memset(text, 'x', long_bytes);
	memcpy(text + long_bytes, "\n{}\n{}\n", 7);
	file_put("a", text, long_bytes + 7);
	free(text);
	struct tw_stream *stream = stream_open(inputs, 1, "tw.manifests", NULL);
	while (polled != TW_POLL_END) {
		uint32_t count = poll_some(stream, 10, &m, &polled);
		for (uint32_t i = 0; i < count; i++) {
			refused += m[i].refused != NULL && m[i].value.len == TW_LINE_BYTES_KEPT;
			good += !m[i].refused && tw_slice_is(m[i].value, "{}");
		}
	}
	cr_assert(refused == 1 && good == 2, "%u refused, %u good", refused, good);
	tw_stream_free(stream);
}

Test(file, reads_the_same_lines_whatever_the_batch_size)
{
	char path[128];
	const char *inputs[] = {path_of("a", path)};
	size_t lines = 20000, used = 0;
	char *text = malloc(lines * 400);
	for (size_t i = 0; i < lines; i++) { /* 5 MB: several buffers, lines across their borders */
		used += (size_t)sprintf(text + used, "{\"n\":%zu,\"pad\":\"%0*d\"}\n", i, (int)(100 + i * 7 % 250), 0);
	}
	file_put("a", text, used);
	for (uint32_t most = 1; most <= 10000; most = most * 100) {
		struct tw_stream *stream = stream_open(inputs, 1, "tw.manifests", NULL);
		struct tw_message *m;
		enum tw_poll polled = TW_POLL_IDLE;
		size_t at = 0, seen = 0;
		while (polled != TW_POLL_END) {
			uint32_t count = poll_some(stream, most, &m, &polled);
			for (uint32_t i = 0; i < count; i++, seen++) {
				cr_assert(m[i].offset == (int64_t)seen && memcmp(m[i].value.ptr, text + at, m[i].value.len) == 0);
				at += m[i].value.len + 1;
			}
		}
		uint64_t done, total;
		tw_stream_progress(stream, &done, &total);
		cr_assert(seen == lines && at == used && done == used && total == used);
		tw_stream_free(stream);
	}
	free(text);
}

Test(file, delivers_an_aborted_batch_again)
{
	char path[128], out[128];
	const char *inputs[] = {path_of("a", path)};
	struct tw_message *m;
	enum tw_poll polled;
	struct tw_error err;
	struct stat info;
	struct tw_output output = {.kind = TW_OUTPUT_ALERT, .key = tw_slice_str("k"), .value = tw_slice_str("{}")};
	file_put("a", "1\n2\n3\n", 6);
	struct tw_stream *stream = stream_open(inputs, 1, "tw.manifests", path_of("out", out));
	cr_assert(poll_some(stream, 2, &m, &polled) == 2);
	cr_assert(tw_stream_produce(stream, &output, &err) == TW_OK);
	cr_assert(tw_stream_abort(stream, &err) == TW_OK);
	cr_assert(poll_some(stream, 2, &m, &polled) == 2 && m[0].offset == 0 && tw_slice_is(m[1].value, "2"));
	cr_assert(tw_stream_commit(stream, &err) == TW_OK);
	cr_assert(stat(out, &info) == 0 && info.st_size == 0, "an aborted output was written");
	cr_assert(poll_some(stream, 2, &m, &polled) == 1 && m[0].offset == 2 && m[0].committed == 2);
	tw_stream_free(stream);
}

Test(file, writes_outputs_on_commit_as_whole_lines)
{
	char path[128], out[128], bytes[4096];
	const char *inputs[] = {path_of("a", path)};
	struct tw_error err;
	struct tw_output output = {.kind = TW_OUTPUT_ALERT, .key = tw_slice_str("some-key"), .value = tw_slice_str("{\"alert\":1}")};
	struct stat info;
	file_put("a", "1\n", 2);
	struct tw_stream *stream = stream_open(inputs, 1, "tw.manifests", path_of("out", out));
	cr_assert(tw_stream_produce(stream, &output, &err) == TW_OK && tw_stream_produce(stream, &output, &err) == TW_OK);
	cr_assert(stat(out, &info) == 0 && info.st_size == 0, "written before the commit");
	cr_assert(tw_stream_commit(stream, &err) == TW_OK);
	tw_stream_free(stream);
	FILE *file = fopen(out, "r");
	size_t got = fread(bytes, 1, sizeof(bytes) - 1, file);
	fclose(file);
	bytes[got] = '\0';
	cr_assert(got > 0 && bytes[got - 1] == '\n' && strstr(bytes, "tw.alerts") && strstr(bytes, "some-key"));
}

Test(file, says_how_to_unpack_what_is_compressed)
{
	char path[128], plain[128];
	const char *named[] = {path_of("x.gz", path)}, *hidden[] = {path_of("a", plain)};
	struct tw_file_options options = {.inputs = named, .input_count = 1, .topic = "tw.manifests", .topics = topics()};
	struct tw_stream *stream = NULL;
	struct tw_message *m;
	uint32_t count;
	enum tw_poll polled;
	struct tw_error err;
	file_put("x.gz", "\x1f\x8b\x08", 3);
	file_put("a", "\x1f\x8b\x08", 3);
	cr_assert(tw_stream_file_new(&options, &stream, &err) == TW_E_TYPE && strstr(err.detail, "zcat") != NULL);
	stream = stream_open(hidden, 1, "tw.manifests", NULL);
	cr_assert(tw_stream_poll(stream, 10, 0, &m, &count, &polled, &err) == TW_E_TYPE && strstr(err.detail, "zcat") != NULL);
	tw_stream_free(stream);
}

Test(file, refuses_a_missing_second_file_before_reading_the_first)
{
	char first[128], second[128];
	const char *inputs[] = {path_of("a", first), path_of("b", second)};
	struct tw_file_options options = {.inputs = inputs, .input_count = 2, .topic = "tw.manifests", .topics = topics()};
	struct tw_stream *stream = NULL;
	struct tw_error err;
	file_put("a", "1\n", 2);
	cr_assert(tw_stream_file_new(&options, &stream, &err) == TW_E_MISSING && strcmp(err.where, second) == 0 && stream == NULL);
}

Test(file, refuses_a_topic_that_is_not_configured)
{
	char path[128];
	const char *inputs[] = {path_of("a", path)};
	struct tw_file_options options = {.inputs = inputs, .input_count = 1, .topic = "tw.manifest", .topics = topics()};
	struct tw_stream *stream = NULL;
	struct tw_error err;
	file_put("a", "1\n", 2);
	cr_assert(tw_stream_file_new(&options, &stream, &err) == TW_E_UNKNOWN && stream == NULL);
}
