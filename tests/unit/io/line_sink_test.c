/* Lines out: when they are written, what append keeps, and what happens when the disk says no. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/io/lines.h"

static char path[64];

static void path_make(void)
{
	snprintf(path, sizeof(path), "/tmp/tw-sink-XXXXXX");
	int fd = mkstemp(path);
	cr_assert(fd >= 0);
	close(fd);
}

static void path_remove(void)
{
	unlink(path);
}

TestSuite(line_sink, .init = path_make, .fini = path_remove);

static void content_is(const char *expected)
{
	char bytes[256];
	FILE *file = fopen(path, "r");
	size_t got = fread(bytes, 1, sizeof(bytes) - 1, file);
	fclose(file);
	bytes[got] = '\0';
	cr_assert_str_eq(bytes, expected);
}

static void content_put(const char *text)
{
	FILE *file = fopen(path, "w");
	fputs(text, file);
	fclose(file);
}

Test(line_sink, starts_a_file_anew_unless_told_to_append)
{
	struct tw_line_sink sink;
	struct tw_error err;
	content_put("old\n");
	cr_assert(tw_line_sink_init(&sink, path, true, true, &err) == TW_OK);
	cr_assert(tw_line_sink_add(&sink, tw_slice_str("new\n"), &err) == TW_OK && tw_line_sink_commit(&sink, &err) == TW_OK);
	tw_line_sink_fini(&sink);
	content_is("old\nnew\n");
	cr_assert(tw_line_sink_init(&sink, path, false, false, &err) == TW_OK);
	tw_line_sink_fini(&sink);
	content_is("");
}

Test(line_sink, cuts_an_unfinished_last_line_off_before_appending)
{
	struct tw_line_sink sink;
	struct tw_error err;
	content_put("whole\ntorn");
	cr_assert(tw_line_sink_init(&sink, path, true, false, &err) == TW_OK);
	tw_line_sink_fini(&sink);
	content_is("whole\n");
	content_put("torn");
	cr_assert(tw_line_sink_init(&sink, path, true, false, &err) == TW_OK);
	tw_line_sink_fini(&sink);
	content_is("");
}

Test(line_sink, drops_what_was_not_committed)
{
	struct tw_line_sink sink;
	struct tw_error err;
	cr_assert(tw_line_sink_init(&sink, path, false, false, &err) == TW_OK);
	cr_assert(tw_line_sink_add(&sink, tw_slice_str("gone\n"), &err) == TW_OK);
	tw_line_sink_drop(&sink);
	cr_assert(tw_line_sink_add(&sink, tw_slice_str("kept\n"), &err) == TW_OK && tw_line_sink_commit(&sink, &err) == TW_OK);
	tw_line_sink_fini(&sink);
	content_is("kept\n");
}

Test(line_sink, writes_batches_larger_than_one_write_in_full)
{
	struct tw_line_sink sink;
	struct tw_error err;
	struct stat info;
	char *line = malloc(700001);
	memset(line, 'x', 700000);
	line[700000] = '\n';
	cr_assert(tw_line_sink_init(&sink, path, false, false, &err) == TW_OK);
	for (int i = 0; i < 7; i++) {
		cr_assert(tw_line_sink_add(&sink, (struct tw_slice){line, 700001}, &err) == TW_OK);
	}
	cr_assert(tw_line_sink_commit(&sink, &err) == TW_OK);
	cr_assert(stat(path, &info) == 0 && info.st_size == 7 * 700001);
	tw_line_sink_fini(&sink);
	free(line);
}

Test(line_sink, reports_a_full_disk_and_keeps_the_lines)
{
	struct tw_line_sink sink;
	struct tw_error err;
	cr_assert(tw_line_sink_init(&sink, "/dev/full", true, false, &err) == TW_OK);
	cr_assert(tw_line_sink_add(&sink, tw_slice_str("x\n"), &err) == TW_OK);
	cr_assert(tw_line_sink_commit(&sink, &err) == TW_E_IO && err.disposition == TW_STOP && sink.used == 2);
	tw_line_sink_fini(&sink);
}

Test(line_sink, refuses_a_path_it_cannot_open)
{
	struct tw_line_sink sink;
	struct tw_error err;
	cr_assert(tw_line_sink_init(&sink, "/nonexistent/folder/out", false, false, &err) == TW_E_IO && strstr(err.where, "/nonexistent") != NULL);
}

Test(line_sink, measures_cuts_and_locks_a_file)
{
	struct tw_line_sink sink, second;
	struct tw_error err;
	content_put("one\ntwo\n");
	cr_assert(tw_line_sink_open(&sink, path, false, &err) == TW_OK && tw_line_sink_length(&sink) == 8, "open changes nothing");
	cr_assert(tw_line_sink_open(&second, path, false, &err) == TW_E_CONFLICT && strcmp(err.where, path) == 0);
	tw_line_sink_fini(&second);
	cr_assert(tw_line_sink_cut(&sink, 4, &err) == TW_OK && tw_line_sink_length(&sink) == 4 && tw_line_sink_sync(&sink, &err) == TW_OK);
	tw_line_sink_fini(&sink);
	content_is("one\n");
	cr_assert(tw_line_sink_open(&second, path, false, &err) == TW_OK, "the lock goes with its holder");
	tw_line_sink_fini(&second);
}

Test(line_sink, of_no_file_has_no_length_and_nothing_to_cut)
{
	struct tw_line_sink sink;
	struct tw_error err;
	cr_assert(tw_line_sink_init(&sink, "/dev/null", false, true, &err) == TW_OK);
	cr_assert(!sink.regular && tw_line_sink_length(&sink) == 0 && tw_line_sink_cut(&sink, 4, &err) == TW_OK);
	tw_line_sink_fini(&sink);
}
