/**
 * @file state_view.h
 * A folded record added up for a person: windows back from its newest day, countries, a certificate's draws against its terms.
 * Pure: no clock; "today" is the newest day that the record has. Private to engine/run. Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_RUN_STATE_VIEW_H
#define TIDEWAITER_ENGINE_RUN_STATE_VIEW_H

#include <tidewaiter/history.h>

#include "engine/state/field.h"
#include "engine/state/ledger.h"

#define TW_VIEW_WINDOWS   4U
#define TW_VIEW_COUNTRIES (26U * 26U)

/** One line of a certificate: what its latest terms certify, and what all consignments together draw. */
struct tw_view_line {
	int64_t line; /**< 0: draws that name none */
	bool certified, certified_stated;
	int64_t certified_e4;
	uint32_t certified_unit;
	int64_t drawn_e4;
	uint32_t drawn_unit; /**< of the draws; TW_UNIT_NONE: none states one */
	bool mixed;          /**< draws, or draws and terms, in more than one unit: no sum has a meaning */
	bool missing;        /**< a draw without a quantity */
	uint32_t draws;
};

struct tw_state_view {
	bool counted;                                /**< it has day buckets */
	int32_t newest_day;                          /**< of them */
	int64_t window[TW_VIEW_WINDOWS][TW_BUCKETS]; /**< 7, 30, 365 days, ever */
	bool dated;
	int32_t first_day, last_day;
	char countries[TW_VIEW_COUNTRIES][3]; /**< by letter */
	uint32_t country_count;
	int64_t counterparties, offices; /**< estimates */
	struct tw_view_line *lines;      /**< certificates, by line */
	uint32_t line_count;
	enum tw_certificate_status status; /**< certificates: by the newest statement */
	enum tw_marking_status marking;    /**< markings: likewise */
};

/** Days of window i; 0: ever. */
uint32_t tw_view_window_days(uint32_t window);
/** @param out lines in the arena @return false at the arena's ceiling */
bool tw_state_view(const struct tw_state *state, enum tw_entity_kind kind, struct tw_arena *arena, struct tw_state_view *out);
/** "issued", "unknown" ... */
const char *tw_view_certificate_word(enum tw_certificate_status status);
const char *tw_view_marking_word(enum tw_marking_status status);

/** The consignment that a certificate's status names: what stands behind a marking's is something else. */
static inline struct tw_slice tw_view_status_consignment(const struct tw_element *element, enum tw_event_type type)
{
	bool marking = type >= TW_MARKING_MANUFACTURED && type <= TW_MARKING_TRACE_ANSWERED;
	return element->bytes.len > 1 && !marking ? (struct tw_slice){element->bytes.ptr + 1, element->bytes.len - 1} : (struct tw_slice){"", 0};
}

#endif
