/* Lines that operators search: whose they are, and that one worker's repeats do not hide another's. */
#include "engine/base/log.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char said[8192];

/* What goes to standard error meanwhile is in `said` afterwards. */
struct capture {
	char path[sizeof("/tmp/tw-log-XXXXXX")];
	int file, before;
};

static void capture_begin(struct capture *capture)
{
	memcpy(capture->path, "/tmp/tw-log-XXXXXX", sizeof(capture->path));
	capture->file = mkstemp(capture->path);
	capture->before = dup(STDERR_FILENO);
	dup2(capture->file, STDERR_FILENO);
}

static void capture_end(const struct capture *capture)
{
	dup2(capture->before, STDERR_FILENO);
	ssize_t size = pread(capture->file, said, sizeof(said) - 1, 0);
	said[size > 0 ? size : 0] = '\0';
	close(capture->before);
	close(capture->file);
	unlink(capture->path);
}

/* Three incidents of worker a, one of b, one of nobody. */
static void incidents_say(bool json)
{
	struct capture capture;
	tw_log_setup(TW_LOG_INFO, json);
	capture_begin(&capture);
	for (int i = 0; i < 3; i++) {
		tw_log_worker("w-a");
		tw_log(TW_LOG_INFO, "thing", "n=%d", i);
	}
	tw_log_worker("w-b");
	tw_log(TW_LOG_INFO, "thing", "n=%d", 10);
	tw_log_worker(NULL);
	tw_log(TW_LOG_INFO, "thing", "n=%d", 20);
	tw_log_each(TW_LOG_INFO, "answer", "n=%d", 30);
	tw_log_each(TW_LOG_INFO, "answer", "n=%d", 31);
	tw_log_each(TW_LOG_DEBUG, "answer", "n=%d", 32);
	capture_end(&capture);
}

static int count_of(const char *words)
{
	int count = 0;
	for (const char *at = said; (at = strstr(at, words)); at += strlen(words)) {
		count++;
	}
	return count;
}

Test(log, a_line_names_its_worker_and_repeats_are_counted_by_worker)
{
	incidents_say(false);
	cr_assert(strstr(said, "event=thing worker=w-a n=0\n") && strstr(said, "event=thing worker=w-b n=10\n"), "%s", said);
	cr_assert(strstr(said, "event=thing n=20\n"), "%s", said);
	cr_assert_eq(count_of("event=thing"), 3, "repeats within seconds are swallowed: %s", said);
	cr_assert_eq(count_of("event=answer"), 2, "but not what somebody waits for, above the level that is logged: %s", said);
}

Test(log, what_is_no_text_leaves_a_line_that_programs_can_read)
{
	struct capture capture;
	tw_log_setup(TW_LOG_INFO, true);
	capture_begin(&capture);
	tw_log_each(TW_LOG_INFO, "header", "reason=\"J\xfcrgen\n\x1b[31m\xc3\xa9\"");
	capture_end(&capture);
	cr_assert(strstr(said, "\"message\":\"reason=\\\"J?rgen??[31m\xc3\xa9\\\"\"}\n"), "%s", said);
}

Test(log, json_lines_name_the_worker_too)
{
	incidents_say(true);
	cr_assert(strstr(said, "\"event\":\"thing\",\"worker\":\"w-a\",\"repeated\":0,\"message\":\"n=0\"}"), "%s", said);
	cr_assert(strstr(said, "\"event\":\"thing\",\"repeated\":0,\"message\":\"n=20\"}"), "%s", said);
}

/* A reader of key=value lines ends a value at its second quote: what a person or a peer wrote must not bring one. */
Test(log, a_reason_keeps_its_quotes_to_itself)
{
	struct tw_error err;
	struct capture capture;
	tw_fail(&err, TW_E_SYNTAX, TW_STOP, "not a rule", "a.yaml:3", "found \"%s\"\nand C:\\rules", "when");
	tw_log_setup(TW_LOG_INFO, false);
	tw_log_worker(NULL);
	capture_begin(&capture);
	tw_log_error(TW_LOG_ERROR, "quoted", &err);
	capture_end(&capture);
	cr_assert(strstr(said, "event=quoted code=syntax reason=\"a.yaml:3: not a rule: found \\\"when\\\"?and C:\\\\rules\"\n"), "%s", said);
}

Test(log, a_quoted_text_is_cut_to_its_room_and_never_in_an_escape)
{
	char out[16];
	cr_assert_str_eq(tw_log_quoted("plain", out, sizeof(out)), "plain");
	cr_assert_str_eq(tw_log_quoted("a\nb", out, sizeof(out)), "a\\u000ab");
	for (size_t room = 8; room <= sizeof(out); room++) {
		size_t length = strlen(tw_log_quoted("\"\"\"\"\"\"\"\"\"\"\"\"", out, room));
		cr_assert(length < room && length % 2 == 0, "%zu of %zu", length, room);
	}
}
