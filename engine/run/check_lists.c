/**
 * @file check_lists.c
 * See check_lists.h.
 *
 *     LIST      FORMAT    DATE        AGE    PERSONS  ORGS  VESSELS  AIRCRAFT  OTHERS  NAMES  IDENTIFIERS  DIGEST
 *     un-sc     un-xml    2026-02-27  12 d       730   273        0         0       0   4237          473  66b392a40908
 *               passed over: 291 empty names
 */
#include "engine/run/check_lists.h"

#include "engine/base/time.h"

#define DIGEST_DIGITS 12
#define ID_COLUMNS    18

/* "12 d"; "?" where the list states no date. */
static void age_write(const struct tw_list_info *list, int32_t today, char *out, size_t size)
{
	if (list->day == INT32_MIN) {
		snprintf(out, size, "?");
	} else {
		snprintf(out, size, "%d d", today - list->day);
	}
}

static void skips_say(const struct tw_list_report *report, FILE *out)
{
	for (uint32_t i = 0; i < report->skip_count; i++) {
		const struct tw_list_skip *skip = &report->skip[i];
		fprintf(out, "  %-*s %s: %u %s (first: line %u)\n", ID_COLUMNS, "", skip->unread ? "unread" : "passed over", skip->count,
		        skip->reason, skip->first_line);
	}
	if (report->orphans) {
		fprintf(out, "  %-*s passed over: %u rows whose entry is not in the file\n", ID_COLUMNS, "", report->orphans);
	}
	if (report->blank_names) {
		fprintf(out, "  %-*s passed over: %u empty names\n", ID_COLUMNS, "", report->blank_names);
	}
	if (report->cut_remarks) {
		fprintf(out, "  %-*s %u remarks were cut by the issuer's own field width\n", ID_COLUMNS, "", report->cut_remarks);
	}
}

static void list_say(const struct tw_list_info *list, const struct tw_list_report *report, int32_t today, FILE *out)
{
	char age[32], text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128], day[TW_DATE_BYTES];
	age_write(list, today, age, sizeof(age));
	fprintf(out, "  %-*.*s %-15s %-10s %7s %9u %9u %8u %9u %7u %8u %12u  %.*s\n", ID_COLUMNS, (int)list->id.len, list->id.ptr,
	        tw_list_format_name(report->format), list->day == INT32_MIN ? "-" : tw_date_format(list->day, day), age, report->persons,
	        report->organisations, report->vessels, report->aircraft, report->others, report->names, report->identifiers, DIGEST_DIGITS,
	        list->digest.ptr);
	skips_say(report, out);
	if (list->stale.len) {
		fprintf(out, "  %-*s LAST GOOD COPY: %s\n", ID_COLUMNS, "", tw_error_text(&report->stale, text, sizeof(text)));
	}
	if (list->age_days_max && (list->day == INT32_MIN || (int64_t)today - list->day > (int64_t)list->age_days_max)) {
		fprintf(out, "  %-*s TOO OLD for events of today: age_days_max is %u\n", ID_COLUMNS, "", list->age_days_max);
	}
}

void tw_check_lists_say(const struct tw_snapshot *snapshot, const struct tw_settings *settings, int32_t today, FILE *out)
{
	uint32_t reports;
	const struct tw_snapshot_info *info = tw_snapshot_info(snapshot);
	const struct tw_list_report *report = tw_snapshot_reports(snapshot, &reports);
	bool compiled = settings->compiled_path && settings->compiled_path[0];
	fprintf(out, "lists      %u%s%s\n", info->list_count, compiled ? ", mapped from " : "", compiled ? settings->compiled_path : "");
	if (info->list_count) {
		fprintf(out, "  %-*s %-15s %-10s %7s %9s %9s %8s %9s %7s %8s %12s  %s\n", ID_COLUMNS, "LIST", "FORMAT", "DATE", "AGE", "PERSONS",
		        "ORGS", "VESSELS", "AIRCRAFT", "OTHERS", "NAMES", "IDENTIFIERS", "DIGEST");
	}
	for (uint32_t i = 0; i < info->list_count && i < reports; i++) {
		list_say(&info->lists[i], &report[i], today, out);
	}
}

uint32_t tw_check_lists_stale(const struct tw_snapshot *snapshot)
{
	const struct tw_marking_list *markings = tw_snapshot_markings(snapshot);
	uint32_t stale = markings && tw_marking_list_report(markings)->stale.code != TW_OK;
	const struct tw_snapshot_info *info = tw_snapshot_info(snapshot);
	for (uint32_t i = 0; i < info->list_count; i++) {
		stale += info->lists[i].stale.len != 0;
	}
	return stale;
}
