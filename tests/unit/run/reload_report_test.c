/* How the last load ended, written and read again. */
#include "engine/run/reload_report.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/run/settings.h"

static char folder[] = "/tmp/tidewaiter-report-XXXXXX";
static char path[64];
static struct tw_arena arena;
static struct tw_error err;

static void setup(void)
{
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/reload", folder);
	tw_arena_init(&arena, 4096, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
	unlink(path);
	rmdir(folder);
}

TestSuite(reload_report, .init = setup, .fini = teardown);

static struct tw_reload_report refused(const char *problems)
{
	return (struct tw_reload_report){.load = 3,
	                                 .pid = 4711,
	                                 .outcome = "refused",
	                                 .asked = true,
	                                 .snapshot = tw_slice_str("0123456789abcdef"),
	                                 .code = "syntax",
	                                 .reason = tw_slice_str("a.yaml:1:\n no title"),
	                                 .problems = tw_slice_str(problems)};
}

static const char *said(const struct tw_reload_report *report)
{
	static char text[8192];
	FILE *out = fmemopen(text, sizeof(text), "w");
	cr_assert_not_null(out);
	tw_reload_report_say(report, out);
	fclose(out);
	return text;
}

Test(reload_report, what_was_written_is_read)
{
	struct tw_reload_report wrote = refused("a.yaml:1:1: error: one\na.yaml:1:9: warning: slow\nb.yaml:2:1: error: two\n"), read;
	cr_assert_eq(tw_reload_report_write(path, &wrote, &err), TW_OK);
	cr_assert_eq(tw_reload_report_read(path, &arena, &read, &err), TW_OK, "%s", err.what);
	cr_assert(read.load == 3 && read.pid == 4711 && read.asked);
	cr_assert(tw_reload_report_refused(&read));
	cr_assert(tw_slice_is(read.snapshot, "0123456789abcdef"));
	cr_assert_str_eq(read.code, "syntax");
	cr_assert(tw_slice_is(read.reason, "a.yaml:1:  no title"), "a line end is a blank");
	const char *text = said(&read);
	cr_assert(strstr(text, "last load  REFUSED 20") == text, "%s", text);
	cr_assert(strstr(text, "by process 4711, kept 0123456789ab\n           syntax: a.yaml:1:  no title\n"
	                       "           a.yaml:1:1: error: one\n           b.yaml:2:1: error: two\n"),
	          "%s", text);
}

Test(reload_report, a_good_load_has_no_reason)
{
	struct tw_reload_report wrote = {.load = 4, .pid = 1, .outcome = "taken", .snapshot = tw_slice_str("ab")}, read;
	cr_assert_eq(tw_reload_report_write(path, &wrote, &err), TW_OK);
	cr_assert_eq(tw_reload_report_read(path, &arena, &read, &err), TW_OK);
	cr_assert_not(tw_reload_report_refused(&read));
	cr_assert_not(read.asked);
	cr_assert_null(read.code);
	cr_assert(strstr(said(&read), ", in use ab\n"));
	cr_assert_null(strchr(strchr(said(&read), '\n') + 1, '\n'), "one line");
}

Test(reload_report, problems_have_a_bound)
{
	char problems[3 * 50 + 1] = "";
	for (int i = 0; i < 50; i++) {
		memcpy(problems + 3 * i, "ab\n", 4);
	}
	struct tw_reload_report wrote = refused(problems), read;
	uint32_t lines = 0;
	cr_assert_eq(tw_reload_report_write(path, &wrote, &err), TW_OK);
	cr_assert_eq(tw_reload_report_read(path, &arena, &read, &err), TW_OK);
	for (uint32_t i = 0; i < read.problems.len; i++) {
		lines += read.problems.ptr[i] == '\n';
	}
	cr_assert_eq(lines, TW_RELOAD_PROBLEMS_MAX);
}

Test(reload_report, no_file_another_and_half_of_one_are_told_apart)
{
	struct tw_reload_report read;
	cr_assert_eq(tw_reload_report_read(path, &arena, &read, &err), TW_E_MISSING);
	FILE *out = fopen(path, "w");
	cr_assert_not_null(out);
	fputs("something else\n", out);
	fclose(out);
	cr_assert_eq(tw_reload_report_read(path, &arena, &read, &err), TW_E_CORRUPT);
	out = fopen(path, "w");
	cr_assert_not_null(out);
	fputs("tidewaiter-reload 1\nload 2\n", out);
	fclose(out);
	cr_assert_eq(tw_reload_report_read(path, &arena, &read, &err), TW_E_CORRUPT);
	struct tw_reload_report wrote = refused("");
	cr_assert_eq(tw_reload_report_write("/tmp/no-such-folder-of-tidewaiter/reload", &wrote, &err), TW_E_IO);
}

Test(reload_report, it_stands_where_the_settings_say)
{
	char found[TW_RELOAD_PATH_BYTES];
	struct tw_settings settings;
	cr_assert_eq(tw_settings_init(&settings, &err), TW_OK);
	cr_assert_not(tw_reload_report_path(&settings, found));
	settings.last_good_path = "/copies";
	cr_assert(tw_reload_report_path(&settings, found));
	cr_assert_str_eq(found, "/copies/reload");
	settings.reload_report = "/run/last";
	cr_assert(tw_reload_report_path(&settings, found));
	cr_assert_str_eq(found, "/run/last");
	tw_settings_fini(&settings);
}
