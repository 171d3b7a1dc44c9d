/**
 * @file decision.c
 * See decision.h.
 */
#include "feeds/decision.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"

enum tw_code tw_decision_days(const struct tw_csv *csv, struct tw_slice decided, struct tw_slice expires, struct tw_decision_days *out,
                              struct tw_error *err)
{
	if (!tw_date_parse(decided, &out->decided)) {
		return tw_csv_fail(csv, TW_E_SYNTAX, "not a day (YYYY-MM-DD)", decided, err);
	}
	if (expires.len && !tw_date_parse(expires, &out->expires)) {
		return tw_csv_fail(csv, TW_E_SYNTAX, "not a day (YYYY-MM-DD)", expires, err);
	}
	if (out->expires < out->decided) {
		return tw_csv_fail(csv, TW_E_RANGE, "a decision that runs out before it was made", expires, err);
	}
	return TW_OK;
}

enum tw_code tw_decision_party(const struct tw_csv *csv, struct tw_slice name, struct tw_slice identifier, struct tw_slice country,
                               struct tw_arena *arena, struct tw_decision_party *out, struct tw_error *err)
{
	*out = (struct tw_decision_party){tw_text_fold(name, arena), tw_text_alnum(identifier, arena), tw_country_code(country)};
	if (!out->name.ptr || !out->identifier.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a party's keys", csv->name, NULL);
	}
	if ((name.len && !out->name.len) || (identifier.len && !out->identifier.len)) {
		return tw_csv_fail(csv, TW_E_SYNTAX, "nothing to compare: no letter and no digit", name.len ? name : identifier, err);
	}
	if (country.len && !out->country) {
		return tw_csv_fail(csv, TW_E_TYPE, "not a country of two letters", country, err);
	}
	return TW_OK;
}
