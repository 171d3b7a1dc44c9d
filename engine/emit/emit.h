/**
 * @file emit.h
 * Judgements and refusals to bytes: alerts, holds, shadow records, dead letters, each with its CloudEvents headers. Pure: same input, same bytes.
 * Source: CloudEvents 1.0, Kafka protocol binding, binary content mode; bodies: feeds/schema/{alert,hold,shadow}.json.
 */
#ifndef TIDEWAITER_ENGINE_EMIT_H
#define TIDEWAITER_ENGINE_EMIT_H

#include <tidewaiter/alert.h>
#include <tidewaiter/error.h>
#include <tidewaiter/event.h>
#include <tidewaiter/papers.h>

struct tw_arena;

/** Everything an alert says. All borrowed. */
struct tw_alert_case {
	const struct tw_event *event;
	const struct tw_assessment *assessment;
	const struct tw_findings *findings;
	const struct tw_matches *matches;
	const struct tw_entity_view *entities;
	uint32_t entity_count;
	const struct tw_snapshot_info *snapshot;
	struct tw_slice consignment; /**< the event's own, or the one it reveals something about; empty: none is known, then `about_key` is set */
	const char *about_kind;      /**< "certificate", "marking", "decision": what the event is about beside a consignment; NULL: nothing */
	struct tw_slice about_key;   /**< of that entity; read when `about_kind` is set */
	const struct tw_slice *related;
	uint32_t related_count;
	const char *engine_version;
	const struct tw_suppressed_list *suppressed; /**< NULL: none */
	const struct tw_papers *papers;              /**< side by side; NULL: none are needed */
	const struct tw_limited_rules *limited;      /**< rules that may have missed the event; NULL: none */
};

/** @param out in the arena @return TW_OK, TW_E_MEMORY. The id "tw1-…" is the hash of topic, partition, offset and kind. */
TW_MUST_USE enum tw_code tw_emit_alert(const struct tw_alert_case *about, struct tw_arena *arena, struct tw_output *out, struct tw_error *err);
/** The hold placed by the alert's hold findings; call when assessment->hold. */
TW_MUST_USE enum tw_code tw_emit_hold(const struct tw_alert_case *about, struct tw_arena *arena, struct tw_output *out, struct tw_error *err);

/** What a rule in the shadow said of one event. All borrowed. */
struct tw_shadow_case {
	struct tw_alert_case about;       /**< `findings`: the rule's alone; `assessment`: as judged without it; no matches, no entities needed */
	const struct tw_assessment *with; /**< had the rule been active */
	struct tw_slice alert;            /**< id of the alert that was raised on the event; empty: none was */
};
/** @param out in the arena @return TW_OK, TW_E_MEMORY. The id is the hash of topic, partition, offset and rule. */
TW_MUST_USE enum tw_code tw_emit_shadow(const struct tw_shadow_case *shadow, struct tw_arena *arena, struct tw_output *out, struct tw_error *err);
/** The id that tw_emit_alert gives the case's alert. @return {NULL, 0} at the arena's ceiling */
struct tw_slice tw_emit_alert_id(const struct tw_alert_case *about, struct tw_arena *arena);

/** A refusal. Value: the source bytes untouched; headers dlq.reason, dlq.detail, dlq.stage, dlq.topic, dlq.partition, dlq.offset, dlq.byte,
 * dlq.engine. */
struct tw_dead_letter_case {
	struct tw_slice raw;
	struct tw_slice key;
	struct tw_origin origin;
	const char *reason; /**< tw_reject_name or tw_code_name */
	struct tw_slice detail;
	const char *stage; /**< "decode", "state" ... */
	int64_t byte;      /**< -1 when not known */
	const char *engine_version;
};
TW_MUST_USE enum tw_code tw_emit_dead_letter(const struct tw_dead_letter_case *about, struct tw_arena *arena, struct tw_output *out,
                                             struct tw_error *err);

/**
 * A fact for the log, without headers: the id is a hash of `cause`, where the event stands that it follows from, and of what it says.
 * @param fact of tw_facts_of @return TW_OK, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_emit_fact(const struct tw_event *fact, const struct tw_origin *cause, struct tw_arena *arena, struct tw_output *out,
                                      struct tw_error *err);

/**
 * One output as one NDJSON line for files: {"topic": …, "key": …, "headers": {…}, "value": {…}} with the newline; a dead letter's value,
 * which may be no JSON at all, goes into "value_base64".
 */
TW_MUST_USE enum tw_code tw_emit_line(const struct tw_output *output, struct tw_slice topic, struct tw_arena *arena, struct tw_slice *line,
                                      struct tw_error *err);

#endif
