/* What is said of the parts that there are, in the format of the collector; the format itself is read strictly by tests/metrics_test.py. */
#include "engine/run/metrics.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/run/assemble.h"
#include "engine/run/config.h"

#define CONFIG "tests/golden/basic/tidewaiter.yaml"

/* Freed by the caller. */
static char *printed(const struct tw_metrics_facts *facts)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	cr_assert_not_null(out);
	tw_metrics_print(facts, out);
	fclose(out);
	return text;
}

static void shows(const struct tw_metrics_facts *facts, const char *sample)
{
	char *text = printed(facts);
	cr_expect(strstr(text, sample) != NULL, "%s\nis not in\n%s", sample, text);
	free(text);
}

Test(metrics, parts_that_are_not_there_leave_their_metrics_out)
{
	struct tw_metrics_facts facts = {.worker = "w", .now_s = 100, .started_s = 40};
	char *text = printed(&facts);
	cr_expect_str_eq(
	    text, "# HELP tidewaiter_info The program; always 1.\n# TYPE tidewaiter_info gauge\ntidewaiter_info{worker=\"w\",version=\"" TW_VERSION
	          "\"} 1\n# HELP tidewaiter_start_time_seconds When the process began, seconds since 1970.\n"
	          "# TYPE tidewaiter_start_time_seconds gauge\ntidewaiter_start_time_seconds{worker=\"w\"} 40\n");
	free(text);
}

Test(metrics, a_name_cannot_break_out_of_its_label)
{
	shows(&(struct tw_metrics_facts){.worker = "a\"b\\c\nd"}, "\ntidewaiter_start_time_seconds{worker=\"a\\\"b\\\\c\\nd\"} 0\n");
}

Test(metrics, a_supervisor_tells_of_its_workers)
{
	struct tw_crew_standing crew = {3, 7};
	struct tw_metrics_facts facts = {.worker = "supervisor", .crew = &crew};
	shows(&facts, "\ntidewaiter_workers{worker=\"supervisor\"} 3\n");
	shows(&facts, "\ntidewaiter_worker_restarts_total{worker=\"supervisor\"} 7\n");
}

Test(metrics, a_list_shows_its_age_and_that_its_file_is_not_the_one_in_use, .timeout = 60)
{
	struct tw_settings settings;
	struct tw_engine engine = {0};
	struct tw_reload *reload = NULL;
	struct tw_error err;
	tw_log_setup(TW_LOG_ERROR + 1, false);
	cr_assert_eq(tw_settings_init(&settings, &err), TW_OK);
	cr_assert_eq(tw_config_read(&settings, CONFIG, &err), TW_OK);
	cr_assert_eq(tw_reload_new(&settings, 0, &reload, &err), TW_OK);
	cr_assert_eq(tw_engine_snapshot(&engine, &settings, NULL, &err), TW_OK);
	struct tw_metrics_facts facts = {.worker = "w", .snapshot = engine.snapshot, .reload = reload};
	facts.now_s = ((int64_t)tw_snapshot_info(engine.snapshot)->lists[0].day + 12) * 86400 + 5;
	shows(&facts, "\ntidewaiter_list_age_days{worker=\"w\",list=\"un-sc\"} 12\n");
	shows(&facts, "\ntidewaiter_list_loaded{worker=\"w\",list=\"un-sc\"} 1\n");
	shows(&facts, "\ntidewaiter_list_entries{worker=\"w\",list=\"un-sc\"} 2\n");
	shows(&facts, "\ntidewaiter_reloads_total{worker=\"w\",outcome=\"refused\"} 0\n");
	((struct tw_list_source *)settings.lists.data)[0].path = "tests/golden/basic/input.ndjson";
	cr_assert_not(tw_reload_now(reload, &engine, true), "that is no list");
	shows(&facts, "\ntidewaiter_list_loaded{worker=\"w\",list=\"un-sc\"} 0\n");
	shows(&facts, "\ntidewaiter_reload_good{worker=\"w\"} 0\n");
	shows(&facts, "\ntidewaiter_reload_parts_total{worker=\"w\",part=\"lists\",outcome=\"refused\"} 1\n");
	shows(&facts, "\ntidewaiter_reload_refused{worker=\"w\",reason=\"");
	shows(&facts, "\",code=\"syntax\"} 1\n");
	tw_reload_free(reload);
	tw_engine_fini(&engine);
	tw_settings_fini(&settings);
}

Test(metrics, a_list_of_reported_marks_shows_what_it_holds_and_that_its_file_is_not_the_one_in_use, .timeout = 60)
{
	static const char rows[] = "serial,maker,model,calibre,country,status,reported_on,reference\nAB1417,Samplearms,,,XA,stolen,,\n"
	                           "AB1418,Samplearms,,,XA,lost,,\nAB1419,Samplearms,,,XA,lost,,\n12,Samplearms,,,XA,lost,,\n";
	struct tw_settings settings;
	struct tw_engine engine = {0};
	struct tw_reload *reload = NULL;
	struct tw_error err;
	char path[] = "/tmp/metrics_marks_XXXXXX";
	int file = mkstemp(path);
	tw_log_setup(TW_LOG_ERROR + 1, false);
	cr_assert_eq(write(file, rows, sizeof(rows) - 1), (ssize_t)(sizeof(rows) - 1));
	cr_assert_eq(tw_settings_init(&settings, &err), TW_OK);
	cr_assert_eq(tw_config_read(&settings, CONFIG, &err), TW_OK);
	settings.markings_path = path;
	cr_assert_eq(tw_reload_new(&settings, 0, &reload, &err), TW_OK);
	cr_assert_eq(tw_engine_snapshot(&engine, &settings, NULL, &err), TW_OK, "%s %s %s", err.what, err.where, err.detail);
	struct tw_metrics_facts facts = {.worker = "w", .snapshot = engine.snapshot, .reload = reload};
	shows(&facts, "\ntidewaiter_markings_loaded{worker=\"w\"} 1\n");
	shows(&facts, "\ntidewaiter_markings_reports{worker=\"w\",status=\"lost\"} 2\n");
	shows(&facts, "\ntidewaiter_markings_reports{worker=\"w\",status=\"stolen\"} 1\n");
	shows(&facts, "\ntidewaiter_markings_reports{worker=\"w\",status=\"destroyed\"} 0\n");
	shows(&facts, "\ntidewaiter_markings_passed_rows{worker=\"w\"} 1\n");
	cr_assert_eq(pwrite(file, "broken", 6, 0), 6);
	cr_assert_not(tw_reload_now(reload, &engine, true), "that is no list");
	shows(&facts, "\ntidewaiter_markings_loaded{worker=\"w\"} 0\n");
	shows(&facts, "\ntidewaiter_list_loaded{worker=\"w\",list=\"un-sc\"} 1\n");
	tw_reload_free(reload);
	tw_engine_fini(&engine);
	tw_settings_fini(&settings);
	(void)close(file);
	(void)remove(path);
}

Test(metrics, the_table_has_a_row_a_metric_and_no_name_twice)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	cr_assert_not_null(out);
	tw_metrics_table(out);
	fclose(out);
	unsigned rows = 0;
	for (const char *row = strstr(text, "\n| `"); row; row = strstr(row + 1, "\n| `")) {
		char name[80];
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(row + 4, "`") + 5, row);
		cr_expect_null(strstr(row + 1, name), "%s comes twice", name);
		rows++;
	}
	cr_expect_gt(rows, 30u);
	free(text);
}
