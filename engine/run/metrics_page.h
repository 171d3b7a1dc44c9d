/**
 * @file metrics_page.h
 * The page of metrics under way and what writes its lines: of metrics.c and of metrics_judges.c, theirs alone.
 */
#ifndef TIDEWAITER_ENGINE_RUN_METRICS_PAGE_H
#define TIDEWAITER_ENGINE_RUN_METRICS_PAGE_H

#include "engine/run/metrics.h"

struct tw_metrics_page {
	const struct tw_metrics_facts *facts;
	FILE *out;
	const struct tw_metrics_row *metric;
	bool headed;                        /* HELP and TYPE stand: before the first sample, and only where there is one */
	const struct tw_counters *counters; /* of the pipeline, where there is one */
	struct tw_pipeline_standing standing;
	struct tw_reload_counts reloads;
};

struct tw_metrics_row {
	const char *name;
	const char *type;   /* "counter" or "gauge" */
	const char *labels; /* besides worker, for the table; "" none */
	const char *help;
	/* one of: a writer; a uint64_t of struct tw_counters, or of struct tw_pipeline_standing; a number that each list has, or has not */
	enum { BY_SAY, BY_COUNTERS, BY_STANDING, BY_LIST } by;
	void (*say)(struct tw_metrics_page *page);
	size_t at;
	bool (*of_list)(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out);
};

struct tw_metrics_label {
	const char *name;
	struct tw_slice value;
};

/** The name and labels of a sample, up to its value. @param labels two, name NULL: none */
void tw_metrics_sample(struct tw_metrics_page *page, const struct tw_metrics_label *labels);
/** A sample whole, of two labels, one or none besides the worker. */
void tw_metrics_put_two(struct tw_metrics_page *page, const char *name, struct tw_slice value, const char *second, const char *second_value,
                        uint64_t number);
void tw_metrics_put_one(struct tw_metrics_page *page, const char *name, struct tw_slice value, uint64_t number);
void tw_metrics_put(struct tw_metrics_page *page, uint64_t number);
void tw_metrics_put_signed(struct tw_metrics_page *page, const char *name, struct tw_slice value, int64_t number);

/* ---- writers of what judges: loads, snapshot, lists (metrics_judges.c) ---- */

void tw_metrics_reloads_say(struct tw_metrics_page *page);
void tw_metrics_parts_say(struct tw_metrics_page *page);
void tw_metrics_reload_good_say(struct tw_metrics_page *page);
void tw_metrics_reload_refused_say(struct tw_metrics_page *page);
void tw_metrics_snapshot_say(struct tw_metrics_page *page);
void tw_metrics_rules_say(struct tw_metrics_page *page);
void tw_metrics_rules_shadow_say(struct tw_metrics_page *page);
void tw_metrics_embargoes_say(struct tw_metrics_page *page);
void tw_metrics_known_good_say(struct tw_metrics_page *page);
void tw_metrics_suppressions_say(struct tw_metrics_page *page);
void tw_metrics_marks_loaded_say(struct tw_metrics_page *page);
void tw_metrics_marks_say(struct tw_metrics_page *page);
void tw_metrics_marks_unread_say(struct tw_metrics_page *page);

/** A number that each list has; false: this one has not. */
bool tw_metrics_list_loaded(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out);
bool tw_metrics_list_age(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out);
bool tw_metrics_list_age_max(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out);
bool tw_metrics_list_entries(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out);
bool tw_metrics_list_names(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out);
bool tw_metrics_list_unread(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out);

#endif
