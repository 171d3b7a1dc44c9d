/**
 * @file check_decisions.c
 * See check_decisions.h.
 */
#include "engine/run/check_decisions.h"

#include "engine/base/time.h"

void tw_check_known_good_say(const struct tw_known_good *known, int32_t today, FILE *out)
{
	uint32_t decisions, expired = 0;
	const struct tw_known_good_row *row = tw_known_good_rows(known, &decisions);
	for (uint32_t i = 0; i < decisions; i++) {
		expired += row[i].expires_day < today;
	}
	fprintf(out, "known good %u decisions, %u expired\n", decisions, expired);
	for (uint32_t i = 0; i < decisions; i++) {
		char day[TW_DATE_BYTES];
		if (row[i].expires_day < today) {
			fprintf(out, "           line %u: %.*s %.*s expired after %s\n", row[i].line, (int)row[i].list.len, row[i].list.ptr,
			        (int)row[i].entry.len, row[i].entry.ptr, tw_date_format(row[i].expires_day, day));
		}
	}
}

#define SOON_DAYS 14 /* what runs out within so many days is told of: time to decide anew */

static bool rule_known(const struct tw_rules *rules, struct tw_slice id)
{
	for (uint32_t i = 0; i < tw_rules_count(rules); i++) {
		if (tw_slice_equal(tw_rules_info(rules, i)->id, id)) {
			return true;
		}
	}
	return false;
}

void tw_check_suppressions_say(const struct tw_snapshot *snapshot, int32_t today, FILE *out)
{
	uint32_t count, expired = 0, unknown = 0;
	char day[TW_DATE_BYTES];
	const struct tw_suppression *row = tw_suppressions_rows(tw_snapshot_suppressions(snapshot), &count);
	for (uint32_t i = 0; i < count; i++) {
		expired += row[i].expires_day < today;
		unknown += !rule_known(tw_snapshot_rules(snapshot), row[i].rule);
	}
	fprintf(out, "suppressed %u decisions, %u expired, %u of rules that are not loaded\n", count, expired, unknown);
	for (uint32_t i = 0; i < count; i++) {
		const char *rule = row[i].rule.ptr, *until = tw_date_format(row[i].expires_day, day);
		if (!rule_known(tw_snapshot_rules(snapshot), row[i].rule)) {
			fprintf(out, "           line %u: no rule \"%s\" is loaded\n", row[i].line, rule);
		}
		if (row[i].expires_day < today) {
			fprintf(out, "           line %u: %s expired after %s\n", row[i].line, rule, until);
		} else if (row[i].expires_day - today <= SOON_DAYS) {
			fprintf(out, "           line %u: %s runs out after %s, in %d days\n", row[i].line, rule, until, row[i].expires_day - today);
		}
	}
}

void tw_check_specimens_say(const struct tw_specimens *specimens, int32_t today, FILE *out)
{
	uint32_t count, signatories = 0, countries = 0, ended = 0;
	char day[TW_DATE_BYTES];
	const struct tw_specimen_row *row = tw_specimens_rows(specimens, &count);
	for (uint32_t i = 0; i < count; i++) {
		signatories += row[i].name.len != 0;
		countries += i == 0 || row[i].country != row[i - 1].country;
		ended += row[i].to_day < today;
	}
	fprintf(out, "specimens  %u signatories and %u offices of %u countries, %u whose time ended\n", signatories, count - signatories, countries,
	        ended);
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_slice who = row[i].name.len ? row[i].name : row[i].office.len ? row[i].office : row[i].authority;
		if (row[i].to_day >= today && row[i].to_day - today <= SOON_DAYS) {
			fprintf(out, "           line %u: %.*s ends on %s, in %d days\n", row[i].line, (int)who.len, who.ptr,
			        tw_date_format(row[i].to_day, day), row[i].to_day - today);
		}
	}
}

void tw_check_quantities_say(const struct tw_quantities *quantities, int32_t today, FILE *out)
{
	uint32_t count, countries = 0, ended = 0;
	char day[TW_DATE_BYTES];
	const struct tw_quantity_row *row = tw_quantities_rows(quantities, &count);
	for (uint32_t i = 0; i < count; i++) {
		countries += i == 0 || row[i].country != row[i - 1].country;
		ended += row[i].to_day < today;
	}
	fprintf(out, "quantities %u bands for end-users of %u countries, %u whose time ended\n", count, countries, ended);
	for (uint32_t i = 0; i < count; i++) {
		if (row[i].to_day >= today && row[i].to_day - today <= SOON_DAYS) {
			fprintf(out, "           line %u: the band of %.*s ends on %s, in %d days\n", row[i].line, (int)row[i].end_user.len,
			        row[i].end_user.ptr, tw_date_format(row[i].to_day, day), row[i].to_day - today);
		}
	}
}

void tw_check_markings_say(const struct tw_marking_list *markings, FILE *out)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	const struct tw_marking_list_report *report = tw_marking_list_report(markings);
	fprintf(out, "markings   %u lost, %u stolen, %u destroyed", report->lost, report->stolen, report->destroyed);
	if (report->ranges) {
		fprintf(out, ", %u of them a range", report->ranges);
	}
	fprintf(out, "%s\n", report->mapped ? ", mapped" : "");
	if (report->stale.code != TW_OK) {
		fprintf(out, "           LAST GOOD COPY: %s\n", tw_error_text(&report->stale, text, sizeof(text)));
	}
}
