/**
 * @file reason.h
 * One finding as a reason, for alerts and for the records of shadow rules. Private to engine/emit.
 */
#ifndef TIDEWAITER_ENGINE_EMIT_REASON_H
#define TIDEWAITER_ENGINE_EMIT_REASON_H

#include <tidewaiter/finding.h>

#include "engine/emit/json.h"

/** How much of a record is written: one that does not fit into a message is written again with less. */
struct tw_detail {
	const char *name; /**< NULL: full */
	uint32_t text_bytes;
	uint32_t list_items;
	bool evidence;
};

/** "red" ... "green"; "" for none. */
const char *tw_lane_word(enum tw_lane lane);
/** "inform" ... "hold". */
const char *tw_action_word(enum tw_action action);
/** `count`, or the detail's bound on lists. */
uint32_t tw_detail_most(uint32_t count, const struct tw_detail *detail);
/** The finding as one object: feeds/schema/alert.json, $defs/reason. */
void tw_reason_write(struct tw_json *json, const struct tw_finding *finding, const struct tw_detail *detail);
/** "name": the texts as an array; no member where there are none. */
void tw_reason_texts(struct tw_json *json, const char *name, const struct tw_slice *texts, uint32_t count, const struct tw_detail *detail);

#endif
