/**
 * @file trace.c
 * See trace.h.
 *
 *     trace answered reference authority country     which request, and who asked
 *     marks                                          one by one: sightings by time, other makers, what identifies it and what is missing
 *     input engine                                   on which bytes
 */
#include "engine/emit/trace.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/emit/record.h"
#include "engine/event/metric.h"
#include "engine/event/shape.h"

#define TEXT_BYTES_MAX 1024U

const char *tw_trace_what(const struct tw_mark_sighting *sighting)
{
	static const char *const words[] = {"", "reported", "certified", "shipped", "inspected", "named"};
	const char *type = sighting->type ? tw_event_type_name(sighting->type) : NULL;
	const char *dot = type ? strchr(type, '.') : NULL;
	bool own = sighting->kind == TW_SIGHTING_REPORTED || sighting->kind == TW_SIGHTING_NAMED;
	return own && dot ? dot + 1 : words[sighting->kind];
}

static const char *match_word(enum tw_trace_match match)
{
	static const char *const words[TW_TRACE_MATCHES + 1] = {"", "exact", "normalised", "number", "in_range", "folded"};
	return words[match];
}

/* The member's name in JSON. */
static const char *identity_word(enum tw_identity which)
{
	static const char *const words[TW_IDENTITIES] = {"maker", "model", "serial", "country_of_manufacture", "import_marks"};
	return words[which];
}

const char *tw_trace_status_word(enum tw_marking_status status)
{
	return status ? tw_metric_of(TW_METRIC_MARKING_STATUS)->words[status - 1] : "unknown";
}

bool tw_trace_is_known(const struct tw_trace *trace)
{
	return trace->sightings.count || trace->candidate_count;
}

bool tw_trace_is_identified(const struct tw_trace *trace)
{
	for (uint32_t i = 0; i < TW_IDENTITIES; i++) {
		if (trace->identity[i].count != 1) {
			return false;
		}
	}
	return true;
}

static int64_t number_of(struct tw_slice digits)
{
	char text[32];
	snprintf(text, sizeof(text), "%.*s", (int)digits.len, digits.ptr);
	return strtoll(text, NULL, 10);
}

static void said_write(struct tw_json *json, const struct tw_particulars *said)
{
	/* in the order of enum tw_particular; consignment and certificate stand with the sighting itself */
	static const char *const names[TW_PARTICULARS + 1] = {NULL,        "written",   "model",     "calibre",      "country_of_manufacture",
	                                                      NULL,        "component", "kind",      "import_marks", "reference",
	                                                      "authority", "country",   NULL,        NULL,           NULL,
	                                                      "source",    "event",     "consignor", "consignee",    "end_user",
	                                                      "from",      "to",        "departure", "arrival",      "make"};
	for (uint32_t i = 1; i <= TW_PARTICULARS; i++) {
		if (names[i]) {
			tw_json_text_member(json, names[i], said->of[i]);
		} else if (i == TW_PARTICULAR_YEAR && said->of[i].len) {
			tw_json_integer_member(json, "year", number_of(said->of[i]));
		} else if (i == TW_PARTICULAR_QUANTITY && said->of[i].len) {
			tw_json_key(json, "quantity");
			tw_json_amount(json, number_of(said->of[i]));
		}
	}
}

static void flag_member(struct tw_json *json, const char *name, bool flag)
{
	if (flag) {
		tw_json_key(json, name);
		tw_json_flag(json, true);
	}
}

static void sighting_write(struct tw_json *json, const struct tw_mark_sighting *sighting)
{
	bool certificate = sighting->kind == TW_SIGHTING_CERTIFIED || sighting->kind == TW_SIGHTING_NAMED;
	struct tw_slice consignment = certificate ? sighting->said.of[TW_PARTICULAR_CONSIGNMENT] : sighting->name;
	tw_json_object(json);
	tw_record_instant(json, "at", sighting->time_ms);
	tw_json_text_member(json, "what", tw_slice_str(tw_trace_what(sighting)));
	tw_json_text_member(json, "match", tw_slice_str(match_word(sighting->match)));
	tw_json_text_member(json, "consignment", consignment);
	tw_json_text_member(json, "certificate", certificate ? sighting->name : (struct tw_slice){"", 0});
	said_write(json, &sighting->said);
	flag_member(json, "withdrawn", sighting->ended);
	flag_member(json, "maker_not_stated", sighting->no_maker);
	tw_json_object_end(json);
}

static void candidates_write(struct tw_json *json, const struct tw_trace *trace)
{
	tw_json_key(json, "candidates");
	tw_json_array(json);
	for (uint32_t i = 0; i < trace->candidate_count; i++) {
		const struct tw_trace_candidate *one = &trace->candidates[i];
		tw_json_object(json);
		tw_json_text_member(json, "maker", one->maker);
		tw_json_text_member(json, "match", tw_slice_str(one->match ? match_word(one->match) : "letters"));
		if (one->looked) {
			tw_json_integer_member(json, "sightings", one->sightings);
			tw_record_instant(json, "first", one->first_ms);
			tw_record_instant(json, "last", one->last_ms);
			tw_json_text_member(json, "status", tw_slice_str(tw_trace_status_word(one->status)));
		}
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
	if (trace->candidates_more) {
		tw_json_integer_member(json, "candidates_more", trace->candidates_more);
	}
}

static void identity_write(struct tw_json *json, const struct tw_trace *trace)
{
	tw_json_key(json, "identified");
	tw_json_flag(json, tw_trace_is_identified(trace));
	tw_json_key(json, "identity");
	tw_json_object(json);
	for (uint32_t i = 0; i < TW_IDENTITIES; i++) {
		if (trace->identity[i].count) {
			tw_json_key(json, identity_word((enum tw_identity)i));
			tw_json_array(json);
			for (uint32_t k = 0; k < trace->identity[i].count; k++) {
				tw_json_text(json, tw_json_cut(trace->identity[i].value[k], TEXT_BYTES_MAX));
			}
			tw_json_array_end(json);
		}
	}
	tw_json_object_end(json);
	for (uint32_t pass = 0; pass < 2; pass++) {
		tw_json_key(json, pass ? "disagree" : "missing");
		tw_json_array(json);
		for (uint32_t i = 0; i < TW_IDENTITIES; i++) {
			if (pass ? trace->identity[i].count > 1 : trace->identity[i].count == 0) {
				tw_json_text(json, tw_slice_str(identity_word((enum tw_identity)i)));
			}
		}
		tw_json_array_end(json);
	}
}

void tw_trace_write(struct tw_json *json, const struct tw_trace *trace, uint32_t most)
{
	const struct tw_mark_sighting *sightings = trace->sightings.data;
	uint32_t from = most && trace->sightings.count > most ? trace->sightings.count - most : 0;
	tw_json_object(json);
	tw_json_text_member(json, "mark", tw_json_cut(trace->serial, TEXT_BYTES_MAX));
	tw_json_text_member(json, "maker", tw_json_cut(trace->maker, TEXT_BYTES_MAX));
	tw_json_text_member(json, "key", trace->key);
	tw_json_key(json, "known");
	tw_json_flag(json, tw_trace_is_known(trace));
	tw_json_text_member(json, "status", tw_slice_str(tw_trace_status_word(trace->status)));
	tw_json_key(json, "sightings");
	tw_json_array(json);
	for (uint32_t i = from; i < trace->sightings.count; i++) {
		sighting_write(json, &sightings[i]);
	}
	tw_json_array_end(json);
	if (from) {
		tw_json_integer_member(json, "sightings_before", from);
	}
	candidates_write(json, trace);
	identity_write(json, trace);
	flag_member(json, "partial", trace->partial);
	tw_json_object_end(json);
}

/* ---- an answer ---- */

static enum tw_code body_write(const struct tw_trace_case *answer, struct tw_slice id, const char *digest, struct tw_arena *arena,
                               struct tw_slice *out, struct tw_error *err)
{
	const struct tw_marking_report *report = &answer->about.event->marking;
	struct tw_json json;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "trace", id);
	tw_record_instant(&json, "answered", answer->about.event->time.ms);
	tw_json_text_member(&json, "reference", tw_json_cut(tw_slice_of(report->reference), TEXT_BYTES_MAX));
	tw_json_text_member(&json, "authority", tw_json_cut(tw_slice_of(report->authority), TEXT_BYTES_MAX));
	tw_json_text_member(&json, "country", tw_slice_of(report->country));
	tw_json_key(&json, "marks");
	tw_json_array(&json);
	for (uint32_t i = 0; i < answer->count; i++) {
		tw_trace_write(&json, &answer->traces[i], TW_TRACE_SIGHTINGS_MAX);
	}
	tw_json_array_end(&json);
	if (answer->more) {
		tw_json_integer_member(&json, "marks_more", answer->more);
	}
	tw_record_input(&json, answer->about.event, digest, TEXT_BYTES_MAX);
	tw_json_text_member(&json, "engine", tw_slice_str(answer->about.engine_version));
	tw_json_object_end(&json);
	return tw_json_end(&json, out, err);
}

enum tw_code tw_emit_trace(const struct tw_trace_case *answer, struct tw_arena *arena, struct tw_output *out, struct tw_error *err)
{
	char digest[TW_SHA256_HEX_BYTES];
	const struct tw_event *event = answer->about.event;
	struct tw_output made = {.kind = TW_OUTPUT_TRACE};
	struct tw_slice id = tw_record_id(&answer->about, "trace", arena);
	if (!id.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an answer to a trace", NULL, NULL);
	}
	enum tw_code code = tw_sha256_hex(event->raw.ptr, event->raw.len, digest, err);
	code = code == TW_OK ? body_write(answer, id, digest, arena, &made.value, err) : code;
	code = code == TW_OK ? tw_record_finish(&answer->about, id, "tidewaiter.trace.answered", arena, &made, err) : code;
	if (code == TW_OK) {
		*out = made;
	}
	return code;
}
