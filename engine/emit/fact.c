/**
 * @file fact.c
 * A fact as an event of the contract: what the engine tells itself through the log (feeds/schema/fact.json).
 *
 * Its id is a hash of the causing event's place and of what it says: a batch that is judged again says the same under the same id, and where it
 * says something else (its state was lost meanwhile) it does so under another.
 */
#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/time.h"
#include "engine/emit/emit.h"
#include "engine/emit/json.h"
#include "engine/emit/record.h"
#include "engine/event/shape.h"

static const char *const result_words[] = {"", "conform", "discrepancy", "seizure", "not_examined"};
#define RESULTS (sizeof(result_words) / sizeof(result_words[0]))

static struct tw_slice fact_id(const struct tw_origin *origin, struct tw_slice says, struct tw_arena *arena)
{
	char hex[TW_HASH128_HEX_BYTES];
	struct tw_slice text =
	    tw_arena_format(arena, "%.*s\n%d\n%lld\nfact\n%016llx", (int)origin->topic.len, origin->topic.ptr ? origin->topic.ptr : "",
	                    origin->partition, (long long)origin->offset, (unsigned long long)tw_hash64(says.ptr, says.len, 0));
	return text.ptr ? tw_arena_format(arena, "tw1-%s", tw_hash128_hex(tw_hash128(text.ptr, text.len), hex)) : text;
}

static void write_version(struct tw_json *json, const struct tw_fact_version *version)
{
	if (!tw_stated(version->time.span)) {
		return;
	}
	tw_json_key(json, "version");
	tw_json_object(json);
	tw_json_integer_member(json, "revision", version->revision.value);
	tw_record_instant(json, "time", version->time.ms);
	tw_json_text_member(json, "event", tw_slice_of(version->event));
	tw_json_object_end(json);
}

static void write_keys(struct tw_json *json, const char *name, const struct tw_list *list)
{
	const struct tw_text *keys = list->data;
	if (list->count == 0) {
		return;
	}
	tw_json_key(json, name);
	tw_json_array(json);
	for (uint32_t i = 0; i < list->count; i++) {
		tw_json_text(json, tw_slice_of(keys[i]));
	}
	tw_json_array_end(json);
}

static void write_outcomes(struct tw_json *json, const struct tw_list *list)
{
	const struct tw_fact_outcome *outcomes = list->data;
	if (list->count == 0) {
		return;
	}
	tw_json_key(json, "outcomes");
	tw_json_array(json);
	for (uint32_t i = 0; i < list->count; i++) {
		uint32_t result = outcomes[i].result.value;
		tw_json_object(json);
		tw_record_instant(json, "time", outcomes[i].time.ms);
		tw_json_text_member(json, "event", tw_slice_of(outcomes[i].event));
		tw_json_text_member(json, "result", tw_slice_str(result_words[result < RESULTS ? result : 0]));
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void write_parties(struct tw_json *json, const struct tw_list *list)
{
	const struct tw_fact_party *parties = list->data;
	if (list->count == 0) {
		return;
	}
	tw_json_key(json, "parties");
	tw_json_array(json);
	for (uint32_t i = 0; i < list->count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "kind", tw_slice_str(parties[i].kind.value == TW_FACT_VESSEL ? "vessel" : "party"));
		tw_json_text_member(json, "key", tw_slice_of(parties[i].key));
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void write_text(struct tw_json *json, const char *name, struct tw_text text)
{
	if (tw_stated(text.span)) {
		tw_json_text_member(json, name, tw_slice_of(text));
	}
}

static void write_date(struct tw_json *json, const char *name, const struct tw_date *date)
{
	char text[TW_DATE_BYTES];
	if (tw_stated(date->span)) {
		tw_json_text_member(json, name, tw_slice_str(tw_date_format(date->day, text)));
	}
}

static void write_time(struct tw_json *json, const struct tw_fact_body *fact)
{
	write_text(json, "clock", fact->clock);
	write_text(json, "member", fact->member);
	write_date(json, "from", &fact->from);
	write_date(json, "until", &fact->until);
	write_date(json, "day", &fact->day);
	if (tw_stated(fact->settled.span)) {
		tw_record_instant(json, "settled", fact->settled.ms);
	}
}

static enum tw_code write_body(const struct tw_fact_body *fact, struct tw_arena *arena, struct tw_slice *out, struct tw_error *err)
{
	struct tw_json json;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	write_text(&json, "consignment", fact->consignment);
	write_version(&json, &fact->version);
	write_text(&json, "country", fact->country);
	write_keys(&json, "certificates", &fact->certificates);
	write_keys(&json, "series", &fact->series);
	write_keys(&json, "licences", &fact->licences);
	write_outcomes(&json, &fact->outcomes);
	write_parties(&json, &fact->parties);
	write_keys(&json, "consignments", &fact->consignments);
	write_text(&json, "document", fact->document);
	write_time(&json, fact);
	tw_json_object_end(&json);
	return tw_json_end(&json, out, err);
}

static enum tw_code write_event(const struct tw_event *fact, struct tw_slice id, struct tw_slice body, struct tw_arena *arena, struct tw_slice *out,
                                struct tw_error *err)
{
	struct tw_json json;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "id", id);
	tw_json_text_member(&json, "type", tw_slice_str(tw_event_type_name(fact->type)));
	tw_record_instant(&json, "time", fact->time.ms);
	tw_json_text_member(&json, "source", tw_slice_of(fact->source));
	tw_json_key(&json, "fact");
	tw_json_raw(&json, body);
	tw_json_object_end(&json);
	return tw_json_end(&json, out, err);
}

/* What else speaks of the same comes behind it: of a certificate, of time. */
static struct tw_slice key_of(const struct tw_fact_body *fact)
{
	if (tw_stated(fact->consignment.span)) {
		return tw_slice_of(fact->consignment);
	}
	return fact->certificates.count ? tw_slice_of(*(const struct tw_text *)fact->certificates.data) : tw_slice_str("time");
}

enum tw_code tw_emit_fact(const struct tw_event *fact, const struct tw_origin *cause, struct tw_arena *arena, struct tw_output *out,
                          struct tw_error *err)
{
	struct tw_output made = {.kind = TW_OUTPUT_FACT, .key = key_of(&fact->fact)};
	struct tw_slice body = {NULL, 0};
	made.origin.partition = cause->partition;
	made.origin.offset = cause->offset;
	enum tw_code code = write_body(&fact->fact, arena, &body, err);
	if (code != TW_OK) {
		return code;
	}
	struct tw_slice id = fact_id(cause, body, arena);
	if (!id.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a fact", NULL, NULL);
	}
	code = write_event(fact, id, body, arena, &made.value, err);
	if (code == TW_OK) {
		*out = made;
	}
	return code;
}
