/**
 * @file record.h
 * What alert, hold and shadow record have in common: ids, headers, the event's own words. Private to engine/emit.
 */
#ifndef TIDEWAITER_ENGINE_EMIT_RECORD_H
#define TIDEWAITER_ENGINE_EMIT_RECORD_H

#include "engine/emit/emit.h"
#include "engine/emit/json.h"

/**
 * "tw1-" and 32 hex digits: a hash of topic, partition, offset and kind ("alert", "hold"). Where the record's subject is not the
 * event's own consignment, the subject is part of the kind, so that one revocation can be told of every consignment it touches.
 * @return {NULL, 0} at the arena's ceiling
 */
struct tw_slice tw_record_id(const struct tw_alert_case *about, const char *kind, struct tw_arena *arena);

/** Origin, key and CloudEvents headers of `out`. @param type "tidewaiter.alert.raised" ... @return TW_OK, TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_record_finish(const struct tw_alert_case *about, struct tw_slice id, const char *type, struct tw_arena *arena,
                                          struct tw_output *out, struct tw_error *err);

/** The customs office that the event names: the consignment's, or the inspecting one; empty when none. */
struct tw_slice tw_record_office(const struct tw_event *event);

/**
 * "warnings": of the lists that were hit, one text each that is too old or only a last good copy; of the rules that a match was given up of, one
 * each, of the first few. No member where there are none.
 */
void tw_record_warnings(struct tw_json *json, const struct tw_alert_case *about);

/** "name": RFC 3339 instant. */
void tw_record_instant(struct tw_json *json, const char *name, int64_t ms);

/** "about": the event's own entity, where that is no consignment; no member where it is one. */
void tw_record_about(struct tw_json *json, const struct tw_alert_case *about);

/** "input": which event it was, and the digest of its bytes. @param text_bytes texts of the event's own are cut to so many */
void tw_record_input(struct tw_json *json, const struct tw_event *event, const char *digest, uint32_t text_bytes);

#endif
