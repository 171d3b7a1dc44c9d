/**
 * @file metrics.c
 * See metrics.h. A row's writer adds the samples of that row and no other, so that the lines of one metric stand together, as the format wants it.
 */
#include "engine/run/metrics_page.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "engine/event/shape.h"
#include "engine/run/meter.h"

/* ---- the process ---- */

static void info_say(struct tw_metrics_page *page)
{
	tw_metrics_put_one(page, "version", tw_slice_str(TW_VERSION), 1);
}

static void start_say(struct tw_metrics_page *page)
{
	tw_metrics_put_signed(page, NULL, (struct tw_slice){"", 0}, page->facts->started_s);
}

static void workers_say(struct tw_metrics_page *page)
{
	if (page->facts->crew) {
		tw_metrics_put(page, page->facts->crew->running);
	}
}

static void restarts_say(struct tw_metrics_page *page)
{
	if (page->facts->crew) {
		tw_metrics_put(page, page->facts->crew->restarts);
	}
}

/* ---- events ---- */

/* @param family 0: none is known */
static struct tw_slice family_word(unsigned family)
{
	return tw_slice_str(family ? tw_family_name((enum tw_family)family) : "unknown");
}

static void events_say(struct tw_metrics_page *page)
{
	const struct tw_counters *counters = page->counters;
	for (unsigned family = 0; counters && family <= TW_FAMILIES; family++) {
		if (family) {
			tw_metrics_put_two(page, "family", family_word(family), "outcome", "screened", counters->family[family - 1]);
			tw_metrics_put_two(page, "family", family_word(family), "outcome", "duplicate", counters->family_duplicate[family]);
		}
		tw_metrics_put_two(page, "family", family_word(family), "outcome", "dead_letter", counters->family_dead[family]);
	}
}

static void dead_say(struct tw_metrics_page *page)
{
	const struct tw_counters *counters = page->counters;
	for (unsigned i = 0; counters && i < TW_DEAD_REASONS_MAX && counters->dead[i].reason; i++) {
		tw_metrics_put_one(page, "reason", tw_slice_str(counters->dead[i].reason), counters->dead[i].count);
	}
}

static void alerts_say(struct tw_metrics_page *page)
{
	static const char *const lanes[] = {"", "red", "yellow", "blue", "green"};
	for (unsigned lane = TW_LANE_RED; page->counters && lane <= TW_LANE_GREEN; lane++) {
		tw_metrics_put_one(page, "lane", tw_slice_str(lanes[lane]), page->counters->lane[lane]);
	}
}

static void rules_counted_say(struct tw_metrics_page *page, const struct tw_rule_counts *counts)
{
	for (unsigned i = 0; i < TW_RULES_COUNTED && counts->of[i].rule[0]; i++) {
		tw_metrics_put_one(page, "rule", tw_slice_str(counts->of[i].rule), counts->of[i].count);
	}
}

static void shadows_say(struct tw_metrics_page *page)
{
	if (page->counters) {
		rules_counted_say(page, &page->counters->shadow);
	}
}

static void suppressed_say(struct tw_metrics_page *page)
{
	if (page->counters) {
		rules_counted_say(page, &page->counters->suppressed);
	}
}

static void limited_rules_say(struct tw_metrics_page *page)
{
	if (page->counters) {
		rules_counted_say(page, &page->counters->limited);
	}
}

static void hidden_say(struct tw_metrics_page *page)
{
	if (page->facts->judge) {
		tw_metrics_put(page, tw_judge_known_good(page->facts->judge));
	}
}

static void limited_say(struct tw_metrics_page *page)
{
	if (page->facts->judge) {
		tw_metrics_put(page, tw_judge_limited(page->facts->judge));
	}
}

/* ---- batches, state, peers ---- */

static void lag_say(struct tw_metrics_page *page)
{
	int64_t lag[TW_FAMILIES];
	if (!page->facts->stream) {
		return;
	}
	tw_stream_lag(page->facts->stream, lag);
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		if (lag[i] >= 0) {
			tw_metrics_put_signed(page, "family", family_word(i + 1), lag[i]);
		}
	}
}

static void stages_say(struct tw_metrics_page *page)
{
	const struct tw_meter *meter = page->facts->pipeline ? tw_pipeline_meter(page->facts->pipeline) : NULL;
	for (unsigned i = 0; meter && i < TW_STAGES; i++) {
		const struct tw_metrics_label labels[2] = {{"stage", tw_slice_str(tw_stage_name((enum tw_stage)i))}, {NULL, {"", 0}}};
		tw_metrics_sample(page, labels);
		fprintf(page->out, "%.6f\n", (double)meter->ns[i] / 1e9);
	}
}

static void judging_say(struct tw_metrics_page *page)
{
	if (page->counters) {
		tw_metrics_put(page, page->standing.judging);
	}
}

static void missing_say(struct tw_metrics_page *page)
{
	if (page->counters && page->standing.missing >= 0) {
		tw_metrics_put(page, (uint64_t)page->standing.missing);
	}
}

static void errors_say(struct tw_metrics_page *page)
{
	if (page->counters) {
		tw_metrics_put_one(page, "peer", tw_slice_str("kafka"), page->standing.stream.errors);
		tw_metrics_put_one(page, "peer", tw_slice_str("redis"), page->standing.store.errors);
	}
}

static void away_say(struct tw_metrics_page *page)
{
	if (page->counters) {
		tw_metrics_put_one(page, "peer", tw_slice_str("kafka"), page->standing.stream.away);
		tw_metrics_put_one(page, "peer", tw_slice_str("redis"), page->standing.store.away);
	}
}

/* ---- the table ---- */

#define SAY(writer)     BY_SAY, writer, 0, NULL
#define COUNTED(field)  BY_COUNTERS, NULL, offsetof(struct tw_counters, field), NULL
#define STANDING(field) BY_STANDING, NULL, offsetof(struct tw_pipeline_standing, field), NULL
#define LISTED(reader)  BY_LIST, NULL, 0, reader

/* clang-format off */
static const struct tw_metrics_row metrics[] = {
	{"tidewaiter_info", "gauge", "version", "The program; always 1.", SAY(info_say)},
	{"tidewaiter_start_time_seconds", "gauge", "", "When the process began, seconds since 1970.", SAY(start_say)},
	{"tidewaiter_workers", "gauge", "", "Workers that live; of a supervisor alone.", SAY(workers_say)},
	{"tidewaiter_worker_restarts_total", "counter", "", "Workers that were started again; of a supervisor alone.", SAY(restarts_say)},
	{"tidewaiter_events_total", "counter", "family, outcome", "Events, once committed; outcome is screened, dead_letter or duplicate.", SAY(events_say)},
	{"tidewaiter_event_bytes_total", "counter", "", "Bytes of these events.", COUNTED(bytes)},
	{"tidewaiter_dead_letters_total", "counter", "reason", "Events that could not be read.", SAY(dead_say)},
	{"tidewaiter_conflicting_events_total", "counter", "", "Events judged though another one had their source and id.", COUNTED(conflicting)},
	{"tidewaiter_replayed_events_total", "counter", "", "Events of an earlier run, read again for history alone.", COUNTED(replayed)},
	{"tidewaiter_alerts_total", "counter", "lane", "Alerts raised.", SAY(alerts_say)},
	{"tidewaiter_random_alerts_total", "counter", "", "Of them, those selected at random.", COUNTED(random)},
	{"tidewaiter_holds_total", "counter", "", "Holds placed.", COUNTED(holds)},
	{"tidewaiter_shadow_findings_total", "counter", "rule", "Findings of rules in the shadow: they count nowhere else. Past 63 rules the rest is others.", SAY(shadows_say)},
	{"tidewaiter_suppressed_findings_total", "counter", "rule", "Findings that a suppression has taken out of the score. Past 63 rules the rest is others.", SAY(suppressed_say)},
	{"tidewaiter_known_good_hits_total", "counter", "", "List hits that decisions of the known good have hidden.", SAY(hidden_say)},
	{"tidewaiter_limited_matches_total", "counter", "", "Text matches given up at their limit.", SAY(limited_say)},
	{"tidewaiter_limited_events_total", "counter", "rule", "Events on which a match of the rule was given up. Past 63 rules the rest is others.", SAY(limited_rules_say)},
	{"tidewaiter_lag_events", "gauge", "family", "Events in our partitions that were not fetched yet, as of the last fetch; Kafka alone.", SAY(lag_say)},
	{"tidewaiter_batches_total", "counter", "", "Batches judged and committed.", COUNTED(batches)},
	{"tidewaiter_commits_total", "counter", "", "Commits that came to their end, those of a rebuild too.", STANDING(commits)},
	{"tidewaiter_aborts_total", "counter", "", "Batches given up: their events come again.", STANDING(aborts)},
	{"tidewaiter_stage_seconds_total", "counter", "stage", "Where the time goes, waiting included.", SAY(stages_say)},
	{"tidewaiter_judging", "gauge", "", "1: events are judged; 0: the state is looked after first.", SAY(judging_say)},
	{"tidewaiter_missing_events", "gauge", "", "Committed events that the state lacked at the last look.", SAY(missing_say)},
	{"tidewaiter_rebuilds_total", "counter", "", "Rebuilds of state that was lost.", STANDING(rebuilds)},
	{"tidewaiter_rebuilt_events_total", "counter", "", "Events appended again by rebuilds.", STANDING(rebuilt_events)},
	{"tidewaiter_peer_errors_total", "counter", "peer", "Calls to kafka or redis that failed and were tried again.", SAY(errors_say)},
	{"tidewaiter_peer_away", "gauge", "peer", "1: kafka or redis does not answer, and is waited for.", SAY(away_say)},
	{"tidewaiter_reloads_total", "counter", "outcome", "Rules and lists loaded anew; outcome is taken, unchanged or refused.", SAY(tw_metrics_reloads_say)},
	{"tidewaiter_reload_parts_total", "counter", "part, outcome", "What a load brought, or was refused for: lists, rules, other.", SAY(tw_metrics_parts_say)},
	{"tidewaiter_reload_good", "gauge", "", "1: the last load was good; 0: it was refused, and the old rules and lists stay. Not there before the first.", SAY(tw_metrics_reload_good_say)},
	{"tidewaiter_reload_refused", "gauge", "reason, code", "1: why the last load was refused. Not there when it was not.", SAY(tw_metrics_reload_refused_say)},
	{"tidewaiter_snapshot_info", "gauge", "digest", "What judges, as alerts name it; always 1.", SAY(tw_metrics_snapshot_say)},
	{"tidewaiter_rules", "gauge", "", "Rules loaded.", SAY(tw_metrics_rules_say)},
	{"tidewaiter_rules_shadow", "gauge", "", "Of them, those in the shadow.", SAY(tw_metrics_rules_shadow_say)},
	{"tidewaiter_embargoes", "gauge", "", "Embargoes loaded.", SAY(tw_metrics_embargoes_say)},
	{"tidewaiter_known_good_rows", "gauge", "state", "Decisions of the known good; state is in_force or expired, by the wall clock.", SAY(tw_metrics_known_good_say)},
	{"tidewaiter_suppressions", "gauge", "state", "Suppressions; state is in_force or expired, by the wall clock.", SAY(tw_metrics_suppressions_say)},
	{"tidewaiter_markings_loaded", "gauge", "", "1: the file of reported marks is in use; 0: it is missing or was refused, and the last good one stands in.", SAY(tw_metrics_marks_loaded_say)},
	{"tidewaiter_markings_reports", "gauge", "status", "Reports of marks loaded; status is lost, stolen or destroyed.", SAY(tw_metrics_marks_say)},
	{"tidewaiter_markings_passed_rows", "gauge", "", "Rows of that file that were passed over.", SAY(tw_metrics_marks_unread_say)},
	{"tidewaiter_list_loaded", "gauge", "list", "1: the configured file is in use; 0: it is missing or was refused, and the last good one stands in.", LISTED(tw_metrics_list_loaded)},
	{"tidewaiter_list_age_days", "gauge", "list", "Days since the date that the list states, by the wall clock; not there where it states none.", LISTED(tw_metrics_list_age)},
	{"tidewaiter_list_age_days_max", "gauge", "list", "The age_days_max of the list's settings, where one is set.", LISTED(tw_metrics_list_age_max)},
	{"tidewaiter_list_entries", "gauge", "list", "Entries loaded.", LISTED(tw_metrics_list_entries)},
	{"tidewaiter_list_names", "gauge", "list", "Names loaded.", LISTED(tw_metrics_list_names)},
	{"tidewaiter_list_unread_rows", "gauge", "list", "Rows of the list that could not be read.", LISTED(tw_metrics_list_unread)},
};
/* clang-format on */

#define METRICS (sizeof(metrics) / sizeof(metrics[0]))

static void lists_say(struct tw_metrics_page *page)
{
	const struct tw_snapshot *snapshot = page->facts->snapshot;
	uint32_t count = 0;
	const struct tw_list_report *reports = snapshot ? tw_snapshot_reports(snapshot, &count) : NULL;
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_list_info *list = &tw_snapshot_info(snapshot)->lists[i];
		int64_t number;
		if (page->metric->of_list(page, list, &reports[i], &number)) {
			tw_metrics_put_signed(page, "list", list->id, number);
		}
	}
}

static void metric_say(struct tw_metrics_page *page)
{
	switch (page->metric->by) {
	case BY_SAY:
		page->metric->say(page);
		return;
	case BY_COUNTERS:
		if (page->counters) {
			tw_metrics_put(page, *(const uint64_t *)(const void *)((const char *)page->counters + page->metric->at));
		}
		return;
	case BY_STANDING:
		if (page->counters) {
			tw_metrics_put(page, *(const uint64_t *)(const void *)((const char *)&page->standing + page->metric->at));
		}
		return;
	case BY_LIST:
		lists_say(page);
	}
}

void tw_metrics_print(const struct tw_metrics_facts *facts, FILE *out)
{
	struct tw_metrics_page page = {.facts = facts, .out = out};
	if (facts->pipeline) {
		page.counters = tw_pipeline_counters(facts->pipeline);
		tw_pipeline_stand(facts->pipeline, &page.standing);
	}
	if (facts->reload) {
		page.reloads = tw_reload_counted(facts->reload);
	}
	for (size_t i = 0; i < METRICS; i++) {
		page.metric = &metrics[i];
		page.headed = false;
		metric_say(&page);
	}
}

void tw_metrics_table(FILE *out)
{
	fputs("| metric | type | labels | |\n|---|---|---|---|\n", out);
	for (size_t i = 0; i < METRICS; i++) {
		fprintf(out, "| `%s` | %s | %s | %s |\n", metrics[i].name, metrics[i].type, metrics[i].labels, metrics[i].help);
	}
}
