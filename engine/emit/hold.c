/**
 * @file hold.c
 * The hold that an alert places: on whose order, on what legal basis, until when at the latest.
 *
 * A hold interferes with somebody's goods, so it says by what right and when it ends by itself. The limit is the longest of the
 * rules that ask for it, counted from the event's time; a rule without a number of days sets none.
 *
 * Source: the event contract, "What comes out"; feeds/schema/hold.json. That a decision to the detriment of a person states its reasons
 * and can be contested: World Customs Organization, Revised Kyoto Convention, General Annex, chapter 10.
 */
#include "engine/emit/record.h"

#include "engine/base/arena.h"
#include "engine/base/time.h"

/* 9999-12-31T00:00:00Z: the last day that the contract's dates can say */
#define INSTANT_MS_MAX    253402214400000LL
#define BECAUSE_BYTES_MAX 1024U

static bool asks_hold(const struct tw_finding *finding)
{
	return finding->rule->action == TW_ACTION_HOLD && finding->rule->status == TW_RULE_ACTIVE;
}

/* Whether an earlier hold finding satisfies `same` with this one: each rule and each legal basis is named once. */
static bool said_before(const struct tw_findings *findings, uint32_t at, bool (*same)(const struct tw_rule_info *, const struct tw_rule_info *))
{
	for (uint32_t i = 0; i < at; i++) {
		if (asks_hold(&findings->finding[i]) && same(findings->finding[i].rule, findings->finding[at].rule)) {
			return true;
		}
	}
	return false;
}

static bool same_basis(const struct tw_rule_info *a, const struct tw_rule_info *b)
{
	return tw_slice_equal(a->legal_basis, b->legal_basis);
}

static bool same_rule(const struct tw_rule_info *a, const struct tw_rule_info *b)
{
	return tw_slice_equal(a->id, b->id);
}

static void write_limit(struct tw_json *json, const struct tw_alert_case *about)
{
	const struct tw_findings *findings = about->findings;
	int64_t days = 0;
	for (uint32_t i = 0; i < findings->count; i++) {
		const struct tw_rule_info *rule = findings->finding[i].rule;
		days = asks_hold(&findings->finding[i]) && rule->hold_days > days ? rule->hold_days : days;
	}
	if (days) {
		int64_t limit = about->event->time.ms + days * TW_DAY_MS;
		tw_record_instant(json, "limit", limit > INSTANT_MS_MAX ? INSTANT_MS_MAX : limit);
	}
}

static void write_basis(struct tw_json *json, const struct tw_findings *findings)
{
	tw_json_key(json, "legal_basis");
	tw_json_array(json);
	for (uint32_t i = 0; i < findings->count; i++) {
		if (asks_hold(&findings->finding[i]) && findings->finding[i].rule->legal_basis.len && !said_before(findings, i, same_basis)) {
			tw_json_text(json, findings->finding[i].rule->legal_basis);
		}
	}
	tw_json_array_end(json);
}

static void write_reasons(struct tw_json *json, const struct tw_findings *findings)
{
	tw_json_key(json, "reasons");
	tw_json_array(json);
	for (uint32_t i = 0; i < findings->count; i++) {
		const struct tw_finding *finding = &findings->finding[i];
		if (!asks_hold(finding) || said_before(findings, i, same_rule)) {
			continue;
		}
		tw_json_object(json);
		tw_json_text_member(json, "rule", finding->rule->id);
		tw_json_integer_member(json, "version", finding->rule->version);
		tw_json_key(json, "because");
		tw_json_text(json, tw_json_cut(finding->because, BECAUSE_BYTES_MAX));
		tw_json_text_member(json, "legal_basis", finding->rule->legal_basis);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static enum tw_code body_write(const struct tw_alert_case *about, struct tw_slice id, struct tw_slice alert, struct tw_arena *arena,
                               struct tw_slice *out, struct tw_error *err)
{
	struct tw_json json;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "hold", id);
	tw_json_text_member(&json, "state", tw_slice_str("placed"));
	tw_json_text_member(&json, "consignment", about->consignment);
	tw_json_text_member(&json, "office", tw_json_cut(tw_record_office(about->event), BECAUSE_BYTES_MAX));
	write_basis(&json, about->findings);
	write_reasons(&json, about->findings);
	tw_record_instant(&json, "placed_at", about->event->time.ms);
	write_limit(&json, about);
	tw_json_text_member(&json, "alert", alert);
	tw_json_text_member(&json, "engine", tw_slice_str(about->engine_version));
	tw_json_object_end(&json);
	return tw_json_end(&json, out, err);
}

enum tw_code tw_emit_hold(const struct tw_alert_case *about, struct tw_arena *arena, struct tw_output *out, struct tw_error *err)
{
	struct tw_output made = {.kind = TW_OUTPUT_HOLD};
	struct tw_slice id = tw_record_id(about, "hold", arena), alert = tw_record_id(about, "alert", arena);
	if (!id.ptr || !alert.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a hold", NULL, NULL);
	}
	enum tw_code code = body_write(about, id, alert, arena, &made.value, err);
	if (code == TW_OK) {
		code = tw_record_finish(about, id, "tidewaiter.hold.placed", arena, &made, err);
	}
	if (code == TW_OK) {
		*out = made;
	}
	return code;
}
