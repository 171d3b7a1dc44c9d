/**
 * @file record.c
 * See record.h. Source: CNCF, CloudEvents 1.0, Kafka protocol binding, section 3.2 (binary content mode).
 */
#include "engine/emit/record.h"

#include "engine/base/arena.h"
#include "engine/base/digits.h"
#include "engine/base/hash.h"
#include "engine/base/time.h"

#define SOURCE "tidewaiter"

/* What the record is about: a consignment, where none is known the event's own entity. Its topic's key and its subject. */
static struct tw_slice record_subject(const struct tw_alert_case *about)
{
	return about->consignment.len || !about->about_kind ? about->consignment : about->about_key;
}

static bool is_own(const struct tw_alert_case *about)
{
	return tw_slice_equal(record_subject(about), tw_slice_of(about->event->consignment.id));
}

struct tw_slice tw_record_id(const struct tw_alert_case *about, const char *kind, struct tw_arena *arena)
{
	const struct tw_origin *origin = &about->event->origin;
	struct tw_slice other = is_own(about) ? (struct tw_slice){NULL, 0} : record_subject(about);
	const struct tw_slice line = {"\n", 1};
	char partition[TW_DIGITS_SIGNED_MAX], offset[TW_DIGITS_SIGNED_MAX], hex[TW_HASH128_HEX_BYTES];
	const struct tw_slice part[] = {origin->topic,
	                                line,
	                                {partition, tw_digits_signed(partition, origin->partition)},
	                                line,
	                                {offset, tw_digits_signed(offset, origin->offset)},
	                                line,
	                                tw_slice_str(kind),
	                                {"\n", other.len ? 1 : 0},
	                                other};
	struct tw_slice text = tw_arena_join(arena, part, sizeof(part) / sizeof(part[0]));
	if (!text.ptr) {
		return text;
	}
	const struct tw_slice id[] = {{"tw1-", 4}, tw_slice_str(tw_hash128_hex(tw_hash128(text.ptr, text.len), hex))};
	return tw_arena_join(arena, id, 2);
}

static void header_add(struct tw_output *out, const char *name, struct tw_slice value)
{
	out->headers[out->header_count++] = (struct tw_header){tw_slice_str(name), value};
}

enum tw_code tw_record_finish(const struct tw_alert_case *about, struct tw_slice id, const char *type, struct tw_arena *arena, struct tw_output *out,
                              struct tw_error *err)
{
	char instant[TW_INSTANT_BYTES];
	out->key = record_subject(about);
	out->origin.partition = about->event->origin.partition;
	out->origin.offset = about->event->origin.offset;
	out->header_count = 0;
	out->headers = tw_arena_alloc(arena, 8 * sizeof(*out->headers));
	struct tw_slice time = tw_arena_copy(arena, tw_slice_str(tw_instant_format(about->event->time.ms, instant)));
	if (!out->headers || !time.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a record's headers", NULL, NULL);
	}
	header_add(out, "ce_specversion", tw_slice_str("1.0"));
	header_add(out, "ce_id", id);
	header_add(out, "ce_source", tw_slice_str(SOURCE));
	header_add(out, "ce_type", tw_slice_str(type));
	header_add(out, "ce_time", time);
	if (out->key.len) {
		header_add(out, "ce_subject", out->key);
	}
	header_add(out, "content-type", tw_slice_str("application/json"));
	return TW_OK;
}

struct tw_slice tw_record_office(const struct tw_event *event)
{
	switch (event->family) {
	case TW_FAMILY_MANIFEST:
		return tw_slice_of(event->consignment.office);
	case TW_FAMILY_OUTCOME:
		return tw_slice_of(event->outcome.inspection.office);
	case TW_FAMILY_CERTIFICATE:
	case TW_FAMILY_MARKING:
	case TW_FAMILY_DECISION:
	case TW_FAMILY_FACT:
		break;
	}
	return (struct tw_slice){NULL, 0};
}

void tw_record_instant(struct tw_json *json, const char *name, int64_t ms)
{
	char text[TW_INSTANT_BYTES];
	tw_json_text_member(json, name, tw_slice_str(tw_instant_format(ms, text)));
}

void tw_record_about(struct tw_json *json, const struct tw_alert_case *about)
{
	if (!about->about_kind) {
		return;
	}
	tw_json_key(json, "about");
	tw_json_object(json);
	tw_json_text_member(json, "kind", tw_slice_str(about->about_kind));
	tw_json_text_member(json, "key", about->about_key);
	tw_json_object_end(json);
}

void tw_record_input(struct tw_json *json, const struct tw_event *event, const char *digest, uint32_t text_bytes)
{
	tw_json_key(json, "input");
	tw_json_object(json);
	tw_json_text_member(json, "topic", event->origin.topic);
	tw_json_integer_member(json, "partition", event->origin.partition);
	tw_json_integer_member(json, "offset", event->origin.offset);
	tw_json_text_member(json, "id", tw_json_cut(tw_slice_of(event->id), text_bytes));
	tw_json_text_member(json, "source", tw_json_cut(tw_slice_of(event->source), text_bytes));
	tw_json_text_member(json, "type", tw_json_cut(tw_slice_of(event->type_text), text_bytes));
	tw_json_text_member(json, "digest", tw_slice_str(digest));
	tw_json_object_end(json);
}
