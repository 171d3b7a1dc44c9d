/**
 * @file shadow.c
 * What a rule in the shadow would have said: one record an event and rule, for its author alone.
 *
 *     shadow raised consignment about revision office     what it is about
 *     reason                                              as it would stand in the alert; "counted" is what it would have added
 *     without with                                        the judgement as it was, and as it would have been with this rule active
 *     alert                                               that was raised on the event, where one was
 *     snapshot input engine                               judged with what, on which bytes
 *
 * Source: the event contract, as an addition to "What comes out"; feeds/schema/shadow.json.
 */
#include "engine/emit/reason.h"
#include "engine/emit/record.h"

#include "engine/base/arena.h"
#include "engine/base/hash.h"

#define TEXT_BYTES_MAX 1024U

static void write_judged(struct tw_json *json, const char *name, const struct tw_assessment *judged)
{
	tw_json_key(json, name);
	tw_json_object(json);
	tw_json_text_member(json, "lane", tw_slice_str(tw_lane_word(judged->lane)));
	tw_json_integer_member(json, "points", judged->points);
	tw_json_integer_member(json, "probability_ppm", judged->probability_ppm);
	tw_json_key(json, "alert");
	tw_json_flag(json, judged->selection != TW_SELECTION_NONE);
	tw_json_key(json, "hold");
	tw_json_flag(json, judged->hold);
	tw_json_object_end(json);
}

static void write_subject(struct tw_json *json, const struct tw_alert_case *about, struct tw_slice id)
{
	const struct tw_event *event = about->event;
	tw_json_text_member(json, "shadow", id);
	tw_record_instant(json, "raised", event->time.ms);
	tw_json_text_member(json, "consignment", about->consignment);
	tw_record_about(json, about);
	if (event->family == TW_FAMILY_MANIFEST && tw_stated(event->consignment.revision.span)) {
		tw_json_integer_member(json, "revision", event->consignment.revision.value);
	}
	tw_json_text_member(json, "office", tw_json_cut(tw_record_office(event), TEXT_BYTES_MAX));
}

static enum tw_code body_write(const struct tw_shadow_case *shadow, struct tw_slice id, const char *digest, struct tw_arena *arena,
                               struct tw_slice *out, struct tw_error *err)
{
	static const struct tw_detail full = {NULL, TEXT_BYTES_MAX, UINT32_MAX, true};
	const struct tw_alert_case *about = &shadow->about;
	struct tw_json json;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	write_subject(&json, about, id);
	tw_json_key(&json, "reason");
	tw_reason_write(&json, about->findings->finding, &full);
	write_judged(&json, "without", about->assessment);
	write_judged(&json, "with", shadow->with);
	tw_json_text_member(&json, "alert", shadow->alert);
	tw_json_key(&json, "snapshot");
	tw_json_object(&json);
	tw_json_text_member(&json, "digest", about->snapshot->digest);
	tw_json_text_member(&json, "rules", about->snapshot->rules);
	tw_json_object_end(&json);
	tw_record_input(&json, about->event, digest, TEXT_BYTES_MAX);
	tw_json_text_member(&json, "engine", tw_slice_str(about->engine_version));
	tw_json_object_end(&json);
	return tw_json_end(&json, out, err);
}

enum tw_code tw_emit_shadow(const struct tw_shadow_case *shadow, struct tw_arena *arena, struct tw_output *out, struct tw_error *err)
{
	char digest[TW_SHA256_HEX_BYTES];
	const struct tw_event *event = shadow->about.event;
	struct tw_output made = {.kind = TW_OUTPUT_SHADOW};
	struct tw_slice kind = tw_arena_format(arena, "shadow\n%s", shadow->about.findings->finding->rule->id.ptr);
	struct tw_slice id = kind.ptr ? tw_record_id(&shadow->about, kind.ptr, arena) : kind;
	if (!id.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a shadow record", NULL, NULL);
	}
	enum tw_code code = tw_sha256_hex(event->raw.ptr, event->raw.len, digest, err);
	code = code == TW_OK ? body_write(shadow, id, digest, arena, &made.value, err) : code;
	code = code == TW_OK ? tw_record_finish(&shadow->about, id, "tidewaiter.shadow.fired", arena, &made, err) : code;
	if (code == TW_OK) {
		*out = made;
	}
	return code;
}
