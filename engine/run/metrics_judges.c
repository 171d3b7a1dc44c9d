/**
 * @file metrics_judges.c
 * See metrics_page.h: the writers of what judges, its loads and its lists.
 */
#include "engine/run/metrics_page.h"

#define DAY_S 86400

void tw_metrics_reloads_say(struct tw_metrics_page *page)
{
	if (page->facts->reload) {
		tw_metrics_put_one(page, "outcome", tw_slice_str("taken"), page->reloads.taken);
		tw_metrics_put_one(page, "outcome", tw_slice_str("unchanged"), page->reloads.unchanged);
		tw_metrics_put_one(page, "outcome", tw_slice_str("refused"), page->reloads.refused);
	}
}

void tw_metrics_parts_say(struct tw_metrics_page *page)
{
	static const char *const parts[TW_RELOAD_PARTS] = {"lists", "rules", "other"};
	for (unsigned i = 0; page->facts->reload && i < TW_RELOAD_PARTS; i++) {
		tw_metrics_put_two(page, "part", tw_slice_str(parts[i]), "outcome", "taken", page->reloads.part_taken[i]);
		tw_metrics_put_two(page, "part", tw_slice_str(parts[i]), "outcome", "refused", page->reloads.part_refused[i]);
	}
}

void tw_metrics_reload_good_say(struct tw_metrics_page *page)
{
	if (page->facts->reload && page->reloads.last != TW_RELOAD_NONE) {
		tw_metrics_put(page, page->reloads.last != TW_RELOAD_REFUSED);
	}
}

void tw_metrics_reload_refused_say(struct tw_metrics_page *page)
{
	const struct tw_reload_refusal *refusal = page->facts->reload ? tw_reload_refused(page->facts->reload) : NULL;
	if (refusal) {
		tw_metrics_put_two(page, "reason", tw_slice_str(refusal->reason), "code", refusal->code, 1);
	}
}

void tw_metrics_snapshot_say(struct tw_metrics_page *page)
{
	if (page->facts->snapshot) {
		tw_metrics_put_one(page, "digest", tw_snapshot_info(page->facts->snapshot)->digest, 1);
	}
}

void tw_metrics_rules_say(struct tw_metrics_page *page)
{
	if (page->facts->snapshot) {
		tw_metrics_put(page, tw_rules_count(tw_snapshot_rules(page->facts->snapshot)));
	}
}

void tw_metrics_rules_shadow_say(struct tw_metrics_page *page)
{
	if (page->facts->snapshot) {
		tw_metrics_put(page, tw_rules_count_of(tw_snapshot_rules(page->facts->snapshot), TW_RULE_SHADOW));
	}
}

void tw_metrics_embargoes_say(struct tw_metrics_page *page)
{
	uint32_t count;
	if (page->facts->snapshot) {
		tw_embargoes_rows(tw_snapshot_embargoes(page->facts->snapshot), &count);
		tw_metrics_put(page, count);
	}
}

void tw_metrics_known_good_say(struct tw_metrics_page *page)
{
	const struct tw_known_good *known = page->facts->snapshot ? tw_snapshot_known_good(page->facts->snapshot) : NULL;
	uint32_t count = 0, expired = 0;
	const struct tw_known_good_row *row = known ? tw_known_good_rows(known, &count) : NULL;
	for (uint32_t i = 0; i < count; i++) {
		expired += row[i].expires_day < page->facts->now_s / DAY_S;
	}
	if (known) {
		tw_metrics_put_one(page, "state", tw_slice_str("in_force"), count - expired);
		tw_metrics_put_one(page, "state", tw_slice_str("expired"), expired);
	}
}

void tw_metrics_suppressions_say(struct tw_metrics_page *page)
{
	const struct tw_suppressions *known = page->facts->snapshot ? tw_snapshot_suppressions(page->facts->snapshot) : NULL;
	uint32_t count = 0, expired = 0;
	const struct tw_suppression *row = known ? tw_suppressions_rows(known, &count) : NULL;
	for (uint32_t i = 0; i < count; i++) {
		expired += row[i].expires_day < page->facts->now_s / DAY_S;
	}
	if (known) {
		tw_metrics_put_one(page, "state", tw_slice_str("in_force"), count - expired);
		tw_metrics_put_one(page, "state", tw_slice_str("expired"), expired);
	}
}

/* ---- reported marks ---- */

static const struct tw_marking_list_report *marks_of(const struct tw_metrics_page *page)
{
	const struct tw_marking_list *marks = page->facts->snapshot ? tw_snapshot_markings(page->facts->snapshot) : NULL;
	return marks ? tw_marking_list_report(marks) : NULL;
}

void tw_metrics_marks_loaded_say(struct tw_metrics_page *page)
{
	const struct tw_marking_list_report *report = marks_of(page);
	if (report) {
		tw_metrics_put(page, report->stale.code == TW_OK && !(page->facts->reload && tw_reload_blames_markings(page->facts->reload)));
	}
}

void tw_metrics_marks_say(struct tw_metrics_page *page)
{
	const struct tw_marking_list_report *report = marks_of(page);
	if (report) {
		tw_metrics_put_one(page, "status", tw_slice_str("lost"), report->lost);
		tw_metrics_put_one(page, "status", tw_slice_str("stolen"), report->stolen);
		tw_metrics_put_one(page, "status", tw_slice_str("destroyed"), report->destroyed);
	}
}

void tw_metrics_marks_unread_say(struct tw_metrics_page *page)
{
	const struct tw_marking_list_report *report = marks_of(page);
	uint32_t unread = 0;
	for (uint32_t i = 0; report && i < TW_MARKING_LIST_SKIPS; i++) {
		unread += report->skip[i].count;
	}
	if (report) {
		tw_metrics_put(page, unread);
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

bool tw_metrics_list_loaded(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)report;
	*out = list->stale.len == 0 && !(page->facts->reload && tw_reload_blames(page->facts->reload, list->id));
	return true;
}

bool tw_metrics_list_age(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)report;
	*out = page->facts->now_s / DAY_S - list->day;
	return list->day != INT32_MIN;
}

bool tw_metrics_list_age_max(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)page;
	(void)report;
	*out = list->age_days_max;
	return list->age_days_max != 0;
}

bool tw_metrics_list_entries(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)page;
	(void)report;
	*out = list->entries;
	return true;
}

bool tw_metrics_list_names(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)page;
	(void)list;
	*out = report->names;
	return true;
}

bool tw_metrics_list_unread(const struct tw_metrics_page *page, const struct tw_list_info *list, const struct tw_list_report *report, int64_t *out)
{
	(void)page;
	(void)list;
	*out = unread_of(report);
	return true;
}
