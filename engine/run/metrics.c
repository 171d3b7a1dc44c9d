/**
 * @file metrics.c
 * See metrics.h. A row's writer adds the samples of that row and no other, so that the lines of one metric stand together, as the format wants it;
 * head and samples are written by one function each.
 */
#include "engine/run/metrics.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "engine/event/shape.h"
#include "engine/run/meter.h"

#define DAY_S 86400

struct page {
	const struct tw_metrics_facts *facts;
	FILE *out;
	const struct metric *metric;
	bool headed;                        /* HELP and TYPE stand: before the first sample, and only where there is one */
	const struct tw_counters *counters; /* of the pipeline, where there is one */
	struct tw_pipeline_standing standing;
	struct tw_reload_counts reloads;
};

struct metric {
	const char *name;
	const char *type;   /* "counter" or "gauge" */
	const char *labels; /* besides worker, for the table; "" none */
	const char *help;
	/* one of: a writer; a uint64_t of struct tw_counters, or of struct tw_pipeline_standing; a number that each list has, or has not */
	enum { BY_SAY, BY_COUNTERS, BY_STANDING, BY_LIST } by;
	void (*say)(struct page *page);
	size_t at;
	bool (*of_list)(const struct page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out);
};

struct label {
	const char *name;
	struct tw_slice value;
};

/* ---- the format ---- */

/* Source: Prometheus, "Exposition formats": backslash, double quote and line feed are escaped in a label's value. */
static void value_put(struct tw_slice value, FILE *out)
{
	for (size_t i = 0; i < value.len; i++) {
		const char *escaped = value.ptr[i] == '\\' ? "\\\\" : value.ptr[i] == '"' ? "\\\"" : value.ptr[i] == '\n' ? "\\n" : NULL;
		if (escaped) {
			fputs(escaped, out);
		} else {
			fputc(value.ptr[i], out);
		}
	}
}

static void label_put(const char *lead, const char *name, struct tw_slice value, FILE *out)
{
	fprintf(out, "%s%s=\"", lead, name);
	value_put(value, out);
	fputc('"', out);
}

/* The name and labels of a sample, up to its value. @param labels two, name NULL: none */
static void sample_begin(struct page *page, const struct label *labels)
{
	const struct metric *metric = page->metric;
	if (!page->headed) {
		fprintf(page->out, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help, metric->name, metric->type);
		page->headed = true;
	}
	fputs(metric->name, page->out);
	label_put("{", "worker", tw_slice_str(page->facts->worker), page->out);
	for (unsigned i = 0; i < 2 && labels[i].name; i++) {
		label_put(",", labels[i].name, labels[i].value, page->out);
	}
	fputs("} ", page->out);
}

static void put_two(struct page *page, const char *name, struct tw_slice value, const char *second, const char *second_value, uint64_t number)
{
	const struct label labels[2] = {{name, value}, {second, tw_slice_str(second_value)}};
	sample_begin(page, labels);
	fprintf(page->out, "%" PRIu64 "\n", number);
}

static void put_one(struct page *page, const char *name, struct tw_slice value, uint64_t number)
{
	put_two(page, name, value, NULL, "", number);
}

static void put(struct page *page, uint64_t number)
{
	put_one(page, NULL, (struct tw_slice){"", 0}, number);
}

static void put_signed(struct page *page, const char *name, struct tw_slice value, int64_t number)
{
	const struct label labels[2] = {{name, value}, {NULL, {"", 0}}};
	sample_begin(page, labels);
	fprintf(page->out, "%" PRId64 "\n", number);
}

/* ---- the process ---- */

static void info_say(struct page *page)
{
	put_one(page, "version", tw_slice_str(TW_VERSION), 1);
}

static void start_say(struct page *page)
{
	put_signed(page, NULL, (struct tw_slice){"", 0}, page->facts->started_s);
}

static void workers_say(struct page *page)
{
	if (page->facts->crew) {
		put(page, page->facts->crew->running);
	}
}

static void restarts_say(struct page *page)
{
	if (page->facts->crew) {
		put(page, page->facts->crew->restarts);
	}
}

/* ---- events ---- */

/* @param family 0: none is known */
static struct tw_slice family_word(unsigned family)
{
	return tw_slice_str(family ? tw_family_name((enum tw_family)family) : "unknown");
}

static void events_say(struct page *page)
{
	const struct tw_counters *counters = page->counters;
	for (unsigned family = 0; counters && family <= TW_FAMILIES; family++) {
		if (family) {
			put_two(page, "family", family_word(family), "outcome", "screened", counters->family[family - 1]);
			put_two(page, "family", family_word(family), "outcome", "duplicate", counters->family_duplicate[family]);
		}
		put_two(page, "family", family_word(family), "outcome", "dead_letter", counters->family_dead[family]);
	}
}

static void dead_say(struct page *page)
{
	const struct tw_counters *counters = page->counters;
	for (unsigned i = 0; counters && i < TW_DEAD_REASONS_MAX && counters->dead[i].reason; i++) {
		put_one(page, "reason", tw_slice_str(counters->dead[i].reason), counters->dead[i].count);
	}
}

static void alerts_say(struct page *page)
{
	static const char *const lanes[] = {"", "red", "yellow", "blue", "green"};
	for (unsigned lane = TW_LANE_RED; page->counters && lane <= TW_LANE_GREEN; lane++) {
		put_one(page, "lane", tw_slice_str(lanes[lane]), page->counters->lane[lane]);
	}
}

static void rules_counted_say(struct page *page, const struct tw_rule_counts *counts)
{
	for (unsigned i = 0; i < TW_RULES_COUNTED && counts->of[i].rule[0]; i++) {
		put_one(page, "rule", tw_slice_str(counts->of[i].rule), counts->of[i].count);
	}
}

static void shadows_say(struct page *page)
{
	if (page->counters) {
		rules_counted_say(page, &page->counters->shadow);
	}
}

static void suppressed_say(struct page *page)
{
	if (page->counters) {
		rules_counted_say(page, &page->counters->suppressed);
	}
}

static void limited_rules_say(struct page *page)
{
	if (page->counters) {
		rules_counted_say(page, &page->counters->limited);
	}
}

static void hidden_say(struct page *page)
{
	if (page->facts->judge) {
		put(page, tw_judge_known_good(page->facts->judge));
	}
}

static void limited_say(struct page *page)
{
	if (page->facts->judge) {
		put(page, tw_judge_limited(page->facts->judge));
	}
}

/* ---- batches, state, peers ---- */

static void lag_say(struct page *page)
{
	int64_t lag[TW_FAMILIES];
	if (!page->facts->stream) {
		return;
	}
	tw_stream_lag(page->facts->stream, lag);
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		if (lag[i] >= 0) {
			put_signed(page, "family", family_word(i + 1), lag[i]);
		}
	}
}

static void stages_say(struct page *page)
{
	const struct tw_meter *meter = page->facts->pipeline ? tw_pipeline_meter(page->facts->pipeline) : NULL;
	for (unsigned i = 0; meter && i < TW_STAGES; i++) {
		const struct label labels[2] = {{"stage", tw_slice_str(tw_stage_name((enum tw_stage)i))}, {NULL, {"", 0}}};
		sample_begin(page, labels);
		fprintf(page->out, "%.6f\n", (double)meter->ns[i] / 1e9);
	}
}

static void judging_say(struct page *page)
{
	if (page->counters) {
		put(page, page->standing.judging);
	}
}

static void missing_say(struct page *page)
{
	if (page->counters && page->standing.missing >= 0) {
		put(page, (uint64_t)page->standing.missing);
	}
}

static void errors_say(struct page *page)
{
	if (page->counters) {
		put_one(page, "peer", tw_slice_str("kafka"), page->standing.stream.errors);
		put_one(page, "peer", tw_slice_str("redis"), page->standing.store.errors);
	}
}

static void away_say(struct page *page)
{
	if (page->counters) {
		put_one(page, "peer", tw_slice_str("kafka"), page->standing.stream.away);
		put_one(page, "peer", tw_slice_str("redis"), page->standing.store.away);
	}
}

/* ---- what judges ---- */

static void reloads_say(struct page *page)
{
	if (page->facts->reload) {
		put_one(page, "outcome", tw_slice_str("taken"), page->reloads.taken);
		put_one(page, "outcome", tw_slice_str("unchanged"), page->reloads.unchanged);
		put_one(page, "outcome", tw_slice_str("refused"), page->reloads.refused);
	}
}

static void parts_say(struct page *page)
{
	static const char *const parts[TW_RELOAD_PARTS] = {"lists", "rules", "other"};
	for (unsigned i = 0; page->facts->reload && i < TW_RELOAD_PARTS; i++) {
		put_two(page, "part", tw_slice_str(parts[i]), "outcome", "taken", page->reloads.part_taken[i]);
		put_two(page, "part", tw_slice_str(parts[i]), "outcome", "refused", page->reloads.part_refused[i]);
	}
}

static void reload_good_say(struct page *page)
{
	if (page->facts->reload && page->reloads.last != TW_RELOAD_NONE) {
		put(page, page->reloads.last != TW_RELOAD_REFUSED);
	}
}

static void reload_refused_say(struct page *page)
{
	const struct tw_reload_refusal *refusal = page->facts->reload ? tw_reload_refused(page->facts->reload) : NULL;
	if (refusal) {
		put_two(page, "reason", tw_slice_str(refusal->reason), "code", refusal->code, 1);
	}
}

static void snapshot_say(struct page *page)
{
	if (page->facts->snapshot) {
		put_one(page, "digest", tw_snapshot_info(page->facts->snapshot)->digest, 1);
	}
}

static void rules_say(struct page *page)
{
	if (page->facts->snapshot) {
		put(page, tw_rules_count(tw_snapshot_rules(page->facts->snapshot)));
	}
}

static void rules_shadow_say(struct page *page)
{
	if (page->facts->snapshot) {
		put(page, tw_rules_count_of(tw_snapshot_rules(page->facts->snapshot), TW_RULE_SHADOW));
	}
}

static void embargoes_say(struct page *page)
{
	uint32_t count;
	if (page->facts->snapshot) {
		tw_embargoes_rows(tw_snapshot_embargoes(page->facts->snapshot), &count);
		put(page, count);
	}
}

static void known_good_say(struct page *page)
{
	const struct tw_known_good *known = page->facts->snapshot ? tw_snapshot_known_good(page->facts->snapshot) : NULL;
	uint32_t count = 0, expired = 0;
	const struct tw_known_good_row *row = known ? tw_known_good_rows(known, &count) : NULL;
	for (uint32_t i = 0; i < count; i++) {
		expired += row[i].expires_day < page->facts->now_s / DAY_S;
	}
	if (known) {
		put_one(page, "state", tw_slice_str("in_force"), count - expired);
		put_one(page, "state", tw_slice_str("expired"), expired);
	}
}

static void suppressions_say(struct page *page)
{
	const struct tw_suppressions *known = page->facts->snapshot ? tw_snapshot_suppressions(page->facts->snapshot) : NULL;
	uint32_t count = 0, expired = 0;
	const struct tw_suppression *row = known ? tw_suppressions_rows(known, &count) : NULL;
	for (uint32_t i = 0; i < count; i++) {
		expired += row[i].expires_day < page->facts->now_s / DAY_S;
	}
	if (known) {
		put_one(page, "state", tw_slice_str("in_force"), count - expired);
		put_one(page, "state", tw_slice_str("expired"), expired);
	}
}

/* ---- reported marks ---- */

static const struct tw_marking_list_report *marks_of(const struct page *page)
{
	const struct tw_marking_list *marks = page->facts->snapshot ? tw_snapshot_markings(page->facts->snapshot) : NULL;
	return marks ? tw_marking_list_report(marks) : NULL;
}

static void marks_loaded_say(struct page *page)
{
	const struct tw_marking_list_report *report = marks_of(page);
	if (report) {
		put(page, report->stale.code == TW_OK && !(page->facts->reload && tw_reload_blames_markings(page->facts->reload)));
	}
}

static void marks_say(struct page *page)
{
	const struct tw_marking_list_report *report = marks_of(page);
	if (report) {
		put_one(page, "status", tw_slice_str("lost"), report->lost);
		put_one(page, "status", tw_slice_str("stolen"), report->stolen);
		put_one(page, "status", tw_slice_str("destroyed"), report->destroyed);
	}
}

static void marks_unread_say(struct page *page)
{
	const struct tw_marking_list_report *report = marks_of(page);
	uint32_t unread = 0;
	for (uint32_t i = 0; report && i < TW_MARKING_LIST_SKIPS; i++) {
		unread += report->skip[i].count;
	}
	if (report) {
		put(page, unread);
	}
}

/* ---- lists ---- */

static uint32_t unread_of(const struct tw_list_report *report)
{
	uint32_t unread = 0;
	for (uint32_t i = 0; i < report->skip_count; i++) {
		unread += report->skip[i].unread ? report->skip[i].count : 0;
	}
	return unread;
}

static bool list_loaded(const struct page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)report;
	*out = list->stale.len == 0 && !(page->facts->reload && tw_reload_blames(page->facts->reload, list->id));
	return true;
}

static bool list_age(const struct page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)report;
	*out = page->facts->now_s / DAY_S - list->day;
	return list->day != INT32_MIN;
}

static bool list_age_max(const struct page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)page;
	(void)report;
	*out = list->age_days_max;
	return list->age_days_max != 0;
}

static bool list_entries(const struct page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)page;
	(void)report;
	*out = list->entries;
	return true;
}

static bool list_names(const struct page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)page;
	(void)list;
	*out = report->names;
	return true;
}

static bool list_unread(const struct page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)page;
	(void)list;
	*out = unread_of(report);
	return true;
}

/* ---- the table ---- */

#define SAY(writer)     BY_SAY, writer, 0, NULL
#define COUNTED(field)  BY_COUNTERS, NULL, offsetof(struct tw_counters, field), NULL
#define STANDING(field) BY_STANDING, NULL, offsetof(struct tw_pipeline_standing, field), NULL
#define LISTED(reader)  BY_LIST, NULL, 0, reader

/* clang-format off */
static const struct metric metrics[] = {
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
	{"tidewaiter_reloads_total", "counter", "outcome", "Rules and lists loaded anew; outcome is taken, unchanged or refused.", SAY(reloads_say)},
	{"tidewaiter_reload_parts_total", "counter", "part, outcome", "What a load brought, or was refused for: lists, rules, other.", SAY(parts_say)},
	{"tidewaiter_reload_good", "gauge", "", "1: the last load was good; 0: it was refused, and the old rules and lists stay. Not there before the first.", SAY(reload_good_say)},
	{"tidewaiter_reload_refused", "gauge", "reason, code", "1: why the last load was refused. Not there when it was not.", SAY(reload_refused_say)},
	{"tidewaiter_snapshot_info", "gauge", "digest", "What judges, as alerts name it; always 1.", SAY(snapshot_say)},
	{"tidewaiter_rules", "gauge", "", "Rules loaded.", SAY(rules_say)},
	{"tidewaiter_rules_shadow", "gauge", "", "Of them, those in the shadow.", SAY(rules_shadow_say)},
	{"tidewaiter_embargoes", "gauge", "", "Embargoes loaded.", SAY(embargoes_say)},
	{"tidewaiter_known_good_rows", "gauge", "state", "Decisions of the known good; state is in_force or expired, by the wall clock.", SAY(known_good_say)},
	{"tidewaiter_suppressions", "gauge", "state", "Suppressions; state is in_force or expired, by the wall clock.", SAY(suppressions_say)},
	{"tidewaiter_markings_loaded", "gauge", "", "1: the file of reported marks is in use; 0: it is missing or was refused, and the last good one stands in.", SAY(marks_loaded_say)},
	{"tidewaiter_markings_reports", "gauge", "status", "Reports of marks loaded; status is lost, stolen or destroyed.", SAY(marks_say)},
	{"tidewaiter_markings_passed_rows", "gauge", "", "Rows of that file that were passed over.", SAY(marks_unread_say)},
	{"tidewaiter_list_loaded", "gauge", "list", "1: the configured file is in use; 0: it is missing or was refused, and the last good one stands in.", LISTED(list_loaded)},
	{"tidewaiter_list_age_days", "gauge", "list", "Days since the date that the list states, by the wall clock; not there where it states none.", LISTED(list_age)},
	{"tidewaiter_list_age_days_max", "gauge", "list", "The age_days_max of the list's settings, where one is set.", LISTED(list_age_max)},
	{"tidewaiter_list_entries", "gauge", "list", "Entries loaded.", LISTED(list_entries)},
	{"tidewaiter_list_names", "gauge", "list", "Names loaded.", LISTED(list_names)},
	{"tidewaiter_list_unread_rows", "gauge", "list", "Rows of the list that could not be read.", LISTED(list_unread)},
};
/* clang-format on */

#define METRICS (sizeof(metrics) / sizeof(metrics[0]))

static void lists_say(struct page *page)
{
	const struct tw_snapshot *snapshot = page->facts->snapshot;
	uint32_t count = 0;
	const struct tw_list_report *reports = snapshot ? tw_snapshot_reports(snapshot, &count) : NULL;
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_list_info *list = &tw_snapshot_info(snapshot)->lists[i];
		int64_t number;
		if (page->metric->of_list(page, list, &reports[i], &number)) {
			put_signed(page, "list", list->id, number);
		}
	}
}

static void metric_say(struct page *page)
{
	switch (page->metric->by) {
	case BY_SAY:
		page->metric->say(page);
		return;
	case BY_COUNTERS:
		if (page->counters) {
			put(page, *(const uint64_t *)(const void *)((const char *)page->counters + page->metric->at));
		}
		return;
	case BY_STANDING:
		if (page->counters) {
			put(page, *(const uint64_t *)(const void *)((const char *)&page->standing + page->metric->at));
		}
		return;
	case BY_LIST:
		lists_say(page);
	}
}

void tw_metrics_print(const struct tw_metrics_facts *facts, FILE *out)
{
	struct page page = {.facts = facts, .out = out};
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
