/**
 * @file alert.c
 * The alert's body: everything an officer needs to decide, and everything anybody needs to reproduce the judgement.
 *
 *     alert raised consignment about revision office eta summary   what it is about
 *     lane points probability_ppm rank_key selection hold         the judgement
 *     reasons suppressed papers matches warnings entities related why
 *     snapshot input engine                                       judged with what, on which bytes
 *
 * Reasons stand by what they counted, largest first; then those that did not count, by their rule's points; then in rule order.
 *
 * A record has to fit into a Kafka message. Texts are cut to a bound that keeps any sane alert whole; should hostile input still
 * make it too large, it is written again with less detail, and "detail" says so. What was counted is never left out, so the points
 * always add up, and pointer, byte span and input digest always lead back to the full evidence.
 *
 * Source: the event contract, "What comes out"; feeds/schema/alert.json.
 */
#include "engine/emit/papers.h"
#include "engine/emit/reason.h"
#include "engine/emit/record.h"

#include "engine/base/arena.h"
#include "engine/base/digits.h"
#include "engine/base/hash.h"
#include "engine/base/time.h"
#include "engine/event/eta.h"

#include <stdio.h>

/* librdkafka's default message.max.bytes is 1,000,000 with key and headers */
#define ALERT_BYTES_MAX   900000U
#define SUMMARY_BYTES_MAX 256U

static const struct tw_detail details[] = {
    {NULL, 1024, UINT32_MAX, true},
    {"short", 64, 64, true},
    {"bare", 64, 16, false},
};
#define DETAILS (sizeof(details) / sizeof(details[0]))

/* ---- what it is about ---- */

static const struct tw_text *party_name(const struct tw_consignment *consignment, enum tw_party_role role)
{
	static const struct tw_text none;
	const struct tw_party *parties = consignment->parties.data;
	for (uint32_t i = 0; i < consignment->parties.count; i++) {
		if (parties[i].role.value == role && tw_stated(parties[i].name.span)) {
			return &parties[i].name;
		}
	}
	return &none;
}

/* The first leg of that role that says where; its place, else its country. */
static struct tw_slice leg_place(const struct tw_consignment *consignment, enum tw_leg_role role)
{
	const struct tw_leg *legs = consignment->route.data;
	for (uint32_t i = 0; i < consignment->route.count; i++) {
		const struct tw_text *where = tw_stated(legs[i].place.span) ? &legs[i].place : &legs[i].country;
		if (legs[i].role.value == role && tw_stated(where->span)) {
			return tw_slice_of(*where);
		}
	}
	return (struct tw_slice){NULL, 0};
}

static struct tw_slice first_stated(struct tw_slice first, struct tw_slice second)
{
	return first.len ? first : second;
}

static void summary_text(struct tw_json *json, const char *name, struct tw_slice text)
{
	tw_json_text_member(json, name, tw_json_cut(text, SUMMARY_BYTES_MAX));
}

static void write_summary(struct tw_json *json, const struct tw_consignment *consignment)
{
	const struct tw_item *items = consignment->items.data;
	tw_json_key(json, "summary");
	tw_json_object(json);
	if (consignment->items.count) {
		summary_text(json, "what", tw_slice_of(items[0].description));
		tw_json_integer_member(json, "items", consignment->items.count);
	}
	summary_text(json, "from", first_stated(leg_place(consignment, TW_LEG_ORIGIN), leg_place(consignment, TW_LEG_LOAD)));
	summary_text(json, "to", first_stated(leg_place(consignment, TW_LEG_DELIVERY), leg_place(consignment, TW_LEG_DISCHARGE)));
	summary_text(json, "consignor", tw_slice_of(*party_name(consignment, TW_ROLE_CONSIGNOR)));
	summary_text(json, "consignee", tw_slice_of(*party_name(consignment, TW_ROLE_CONSIGNEE)));
	tw_json_object_end(json);
}

static void write_subject(struct tw_json *json, const struct tw_alert_case *about, struct tw_slice id, const struct tw_detail *detail)
{
	const struct tw_event *event = about->event;
	int64_t eta_ms = tw_eta_ms(event);
	char day[TW_DATE_BYTES];
	tw_json_text_member(json, "alert", id);
	tw_record_instant(json, "raised", event->time.ms);
	tw_json_text_member(json, "consignment", about->consignment);
	tw_record_about(json, about);
	if (event->family == TW_FAMILY_MANIFEST && tw_stated(event->consignment.revision.span)) {
		tw_json_integer_member(json, "revision", event->consignment.revision.value);
	}
	tw_json_text_member(json, "office", tw_json_cut(tw_record_office(event), detail->text_bytes));
	if (eta_ms != TW_ETA_NONE) {
		tw_json_text_member(json, "eta", tw_slice_str(tw_date_format(tw_instant_day(eta_ms), day)));
	}
	if (event->family == TW_FAMILY_MANIFEST) {
		write_summary(json, &event->consignment);
	}
}

/* ---- the judgement ---- */

static void write_judgement(struct tw_json *json, const struct tw_alert_case *about, struct tw_arena *arena)
{
	static const char *const selections[] = {"none", "score", "random", "revealed", "suppressed"};
	const struct tw_assessment *judged = about->assessment;
	tw_json_text_member(json, "lane", tw_slice_str(tw_lane_word(judged->lane)));
	tw_json_integer_member(json, "points", judged->points);
	tw_json_integer_member(json, "probability_ppm", judged->probability_ppm);
	tw_json_text_member(json, "rank_key", tw_slice_str(judged->rank_key));
	tw_json_key(json, "selection");
	tw_json_object(json);
	tw_json_text_member(json, "by", tw_slice_str(selections[judged->selection]));
	tw_json_integer_member(json, "inclusion_ppm", judged->inclusion_ppm);
	tw_json_object_end(json);
	if (judged->hold) {
		tw_json_text_member(json, "hold", tw_record_id(about, "hold", arena));
	}
}

/* ---- why ---- */

/* Does `a` stand before `b`? What counted first, by weight; equals keep their order. */
static bool before(const struct tw_finding *a, const struct tw_finding *b)
{
	if ((a->counted != 0) != (b->counted != 0)) {
		return a->counted != 0;
	}
	return a->counted != b->counted ? a->counted > b->counted : tw_finding_points(a) > tw_finding_points(b);
}

static uint32_t *reason_order(const struct tw_findings *findings, struct tw_arena *arena)
{
	uint32_t *order = tw_arena_alloc_raw(arena, ((size_t)findings->count + 1) * sizeof(*order));
	for (uint32_t i = 0; order && i < findings->count; i++) {
		uint32_t at = i;
		for (; at > 0 && before(&findings->finding[i], &findings->finding[order[at - 1]]); at--) {
			order[at] = order[at - 1];
		}
		order[at] = i;
	}
	return order;
}

static void write_reasons(struct tw_json *json, const struct tw_findings *findings, const struct tw_detail *detail)
{
	uint32_t *order = reason_order(findings, json->arena);
	uint32_t dropped = findings->dropped;
	if (!order) {
		json->failed = true;
		return;
	}
	tw_json_key(json, "reasons");
	tw_json_array(json);
	for (uint32_t i = 0; i < findings->count; i++) {
		const struct tw_finding *finding = &findings->finding[order[i]];
		if (finding->counted || finding->rule->action == TW_ACTION_HOLD || i < detail->list_items) {
			tw_reason_write(json, finding, detail);
		} else {
			dropped++;
		}
	}
	tw_json_array_end(json);
	if (dropped) {
		tw_json_integer_member(json, "reasons_dropped", dropped);
	}
}

/* What a decision has taken out of the score; nothing of it is ever left out. */
static void write_suppressed(struct tw_json *json, const struct tw_suppressed_list *suppressed, const struct tw_detail *detail)
{
	char day[TW_DATE_BYTES];
	if (!suppressed || suppressed->count == 0) {
		return;
	}
	tw_json_key(json, "suppressed");
	tw_json_array(json);
	for (uint32_t i = 0; i < suppressed->count; i++) {
		const struct tw_suppressed *one = &suppressed->at[i];
		tw_json_object(json);
		tw_json_text_member(json, "rule", one->finding.rule->id);
		tw_json_integer_member(json, "version", one->finding.rule->version);
		tw_json_text_member(json, "title", tw_json_cut(one->finding.rule->title, detail->text_bytes));
		tw_json_integer_member(json, "points", tw_finding_points(&one->finding));
		tw_json_integer_member(json, "counted", one->counted);
		tw_json_text_member(json, "action", tw_slice_str(tw_action_word(one->finding.rule->action)));
		tw_json_text_member(json, "because", tw_json_cut(one->finding.because, detail->text_bytes));
		tw_json_text_member(json, "reason", tw_json_cut(one->reason, detail->text_bytes));
		tw_json_text_member(json, "author", tw_json_cut(one->author, detail->text_bytes));
		tw_json_text_member(json, "until", tw_slice_str(tw_date_format(one->until_day, day)));
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void write_measures(struct tw_json *json, uint32_t measures)
{
	if (measures == 0) {
		return;
	}
	tw_json_key(json, "measures");
	tw_json_array(json);
	for (uint32_t i = 0; i < TW_MEASURES; i++) {
		if (measures & (1U << i)) {
			tw_json_text(json, tw_slice_str(tw_measure_word(i)));
		}
	}
	tw_json_array_end(json);
}

/* "2012", "2012-06", "2012-06-29": as far as the issuer states it. */
static void write_listed_on(struct tw_json *json, struct tw_list_date date)
{
	char text[16];
	snprintf(text, sizeof(text), "%04u-%02u-%02u", date.year, date.month, date.day);
	uint32_t stated = !date.year ? 0 : date.day ? 10 : date.month ? 7 : 4;
	tw_json_text_member(json, "listed_on", (struct tw_slice){text, stated});
}

static void write_parts(struct tw_json *json, const struct tw_match *match)
{
	if (match->part_count == 0) {
		return;
	}
	tw_json_key(json, "parts");
	tw_json_array(json);
	for (uint32_t i = 0; i < match->part_count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "feature", tw_slice_str(match->part[i].feature));
		tw_json_integer_member(json, "ppm", match->part[i].ppm);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void write_match(struct tw_json *json, const struct tw_match *match, const struct tw_detail *detail)
{
	tw_json_object(json);
	tw_json_text_member(json, "list", match->list);
	tw_json_text_member(json, "entry", match->entry);
	tw_json_text_member(json, "name", tw_json_cut(match->name, detail->text_bytes));
	tw_json_text_member(json, "programme", tw_json_cut(match->programme, detail->text_bytes));
	tw_json_text_member(json, "basis", tw_slice_str(tw_basis_word(match->basis)));
	tw_json_text_member(json, "scheme", match->scheme);
	tw_json_text_member(json, "query", tw_json_cut(match->query, detail->text_bytes));
	tw_json_integer_member(json, "similarity_ppm", match->similarity_ppm);
	write_parts(json, match);
	write_measures(json, match->measures);
	write_listed_on(json, match->listed_on);
	if (match->is_new) {
		tw_json_key(json, "new");
		tw_json_flag(json, true);
	}
	tw_json_text_member(json, "role", match->role);
	tw_json_text_member(json, "pointer", match->pointer);
	tw_json_integer_member(json, "from", match->span.from);
	tw_json_integer_member(json, "to", match->span.to);
	tw_json_object_end(json);
}

static void write_matches(struct tw_json *json, const struct tw_matches *matches, const struct tw_detail *detail)
{
	tw_json_key(json, "matches");
	tw_json_array(json);
	for (uint32_t i = 0; matches && i < tw_detail_most(matches->count, detail); i++) {
		write_match(json, &matches->match[i], detail);
	}
	tw_json_array_end(json);
}

static void write_entities(struct tw_json *json, const struct tw_alert_case *about, const struct tw_detail *detail)
{
	char text[TW_DATE_BYTES], window[TW_DIGITS_MAX + 1];
	tw_json_key(json, "entities");
	tw_json_array(json);
	for (uint32_t i = 0; i < tw_detail_most(about->entity_count, detail); i++) {
		const struct tw_entity_view *entity = &about->entities[i];
		tw_json_object(json);
		tw_json_text_member(json, "kind", entity->kind);
		tw_json_text_member(json, "key", entity->key);
		tw_json_integer_member(json, "seen", entity->seen);
		if (entity->first != INT32_MIN) {
			tw_json_text_member(json, "first", tw_slice_str(tw_date_format(entity->first, text)));
		}
		uint32_t length = tw_digits_write(window, entity->window_days);
		window[length++] = 'd';
		tw_json_text_member(json, "window", (struct tw_slice){window, length});
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

/* ---- judged with what, on which bytes ---- */

static void write_snapshot(struct tw_json *json, const struct tw_snapshot_info *snapshot)
{
	tw_json_key(json, "snapshot");
	tw_json_object(json);
	tw_json_text_member(json, "digest", snapshot->digest);
	tw_json_text_member(json, "rules", snapshot->rules);
	tw_json_key(json, "lists");
	tw_json_array(json);
	for (uint32_t i = 0; i < snapshot->list_count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "id", snapshot->lists[i].id);
		tw_json_text_member(json, "date", snapshot->lists[i].date);
		tw_json_text_member(json, "digest", snapshot->lists[i].digest);
		tw_json_integer_member(json, "entries", snapshot->lists[i].entries);
		tw_json_text_member(json, "stale", snapshot->lists[i].stale);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
	tw_json_object_end(json);
}

static enum tw_code body_write(const struct tw_alert_case *about, struct tw_slice id, const char *digest, const struct tw_detail *detail,
                               struct tw_arena *arena, struct tw_slice *out, struct tw_error *err)
{
	struct tw_json json;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	write_subject(&json, about, id, detail);
	write_judgement(&json, about, arena);
	write_reasons(&json, about->findings, detail);
	write_suppressed(&json, about->suppressed, detail);
	if (about->papers) {
		tw_json_key(&json, "papers");
		tw_papers_write(&json, about->papers, detail->list_items);
	}
	write_matches(&json, about->matches, detail);
	tw_record_warnings(&json, about);
	write_entities(&json, about, detail);
	tw_reason_texts(&json, "related", about->related, about->related_count, detail);
	write_snapshot(&json, about->snapshot);
	tw_record_input(&json, about->event, digest, detail->text_bytes);
	tw_json_text_member(&json, "engine", tw_slice_str(about->engine_version));
	if (detail->name) {
		tw_json_text_member(&json, "detail", tw_slice_str(detail->name));
	}
	tw_json_object_end(&json);
	return tw_json_end(&json, out, err);
}

struct tw_slice tw_emit_alert_id(const struct tw_alert_case *about, struct tw_arena *arena)
{
	return tw_record_id(about, "alert", arena);
}

enum tw_code tw_emit_alert(const struct tw_alert_case *about, struct tw_arena *arena, struct tw_output *out, struct tw_error *err)
{
	char digest[TW_SHA256_HEX_BYTES];
	struct tw_output made = {.kind = TW_OUTPUT_ALERT};
	struct tw_slice id = tw_emit_alert_id(about, arena);
	if (!id.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an alert", NULL, NULL);
	}
	enum tw_code code = tw_sha256_hex(about->event->raw.ptr, about->event->raw.len, digest, err);
	for (size_t i = 0; code == TW_OK && i < DETAILS && (i == 0 || made.value.len > ALERT_BYTES_MAX); i++) {
		code = body_write(about, id, digest, &details[i], arena, &made.value, err);
	}
	if (code == TW_OK) {
		code = tw_record_finish(about, id, "tidewaiter.alert.raised", arena, &made, err);
	}
	if (code == TW_OK) {
		*out = made;
	}
	return code;
}
