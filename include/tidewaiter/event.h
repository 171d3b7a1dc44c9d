/**
 * @file event.h
 * One event of any family, decoded: the value that travels through all stages.
 *
 * `raw` is the untouched source; every value inside points into it or into the event's arena and carries its span of it.
 * Warnings are information that rules may ask for, never errors.
 */
#ifndef TIDEWAITER_EVENT_H
#define TIDEWAITER_EVENT_H

#include <tidewaiter/certificate.h>
#include <tidewaiter/consignment.h>
#include <tidewaiter/fact.h>
#include <tidewaiter/marking.h>
#include <tidewaiter/outcome.h>
#include <tidewaiter/slice.h>

/** Which body an event has; also which input topic it belongs to. */
enum tw_family {
	TW_FAMILY_MANIFEST = 1,
	TW_FAMILY_CERTIFICATE,
	TW_FAMILY_MARKING,
	TW_FAMILY_OUTCOME,
	TW_FAMILY_DECISION,
	TW_FAMILY_FACT, /**< what the engine tells itself */
};
#define TW_FAMILIES 6

enum tw_event_type {
	TW_CONSIGNMENT_DECLARED = 1,
	TW_CONSIGNMENT_AMENDED,
	TW_CONSIGNMENT_CANCELLED,
	TW_CONSIGNMENT_ARRIVED,
	TW_CONSIGNMENT_DEPARTED,
	TW_CERTIFICATE_ISSUED,
	TW_CERTIFICATE_AUTHENTICATED,
	TW_CERTIFICATE_AUTHENTICATION_FAILED,
	TW_CERTIFICATE_AMENDED,
	TW_CERTIFICATE_SUSPENDED,
	TW_CERTIFICATE_REINSTATED,
	TW_CERTIFICATE_REVOKED,
	TW_CERTIFICATE_REPORTED_LOST,
	TW_CERTIFICATE_DELIVERY_VERIFIED,
	TW_CERTIFICATE_DIVERSION_REPORTED,
	TW_MARKING_MANUFACTURED,
	TW_MARKING_IMPORTED,
	TW_MARKING_TRANSFERRED,
	TW_MARKING_LOST,
	TW_MARKING_STOLEN,
	TW_MARKING_SEIZED,
	TW_MARKING_RECOVERED,
	TW_MARKING_DESTROYED,
	TW_MARKING_DEACTIVATED,
	TW_MARKING_TRACE_REQUESTED,
	TW_MARKING_TRACE_ANSWERED,
	TW_INSPECTION_COMPLETED,
	TW_HOLD_EXTENDED,
	TW_HOLD_RELEASED,
	TW_LANE_CHANGED,
	TW_ALERT_DISMISSED,
	TW_WATCH_ADDED,
	TW_WATCH_REMOVED,
	TW_FACT_DRAWS_ENDED,
	TW_FACT_INSPECTED,
	TW_FACT_ARRIVED,
	TW_FACT_TIME_PASSED,
	TW_FACT_DAYS_PASSED,
	TW_FACT_DELIVERY_EXPECTED,
	TW_FACT_DELIVERY_DUE,
	TW_CERTIFICATE_DELIVERY_DUE, /**< from here on at the end: numbers of types are kept in records */
	TW_FACT_CONFIRMATION_EXPECTED,
	TW_FACT_CONFIRMATION_DUE,
	TW_CERTIFICATE_CONFIRMATION_DUE,
	TW_FACT_PAPER_SHARED,
	TW_CERTIFICATE_PAPER_SHARED,
	TW_FACT_DEPARTED,
	TW_CERTIFICATE_GOODS_DEPARTED,
#define TW_EVENT_TYPE_LAST TW_CERTIFICATE_GOODS_DEPARTED
};

/** Things worth knowing about how an event was stated. Stable: rules name them (tw_warning_name). */
enum tw_warning_kind {
	TW_WARNING_ILL_TYPED = 1,   /**< an optional field had the wrong JSON type or form; the event goes on without it */
	TW_WARNING_CHECK_DIGIT,     /**< ISO 6346 container number or IMO ship number whose check digit does not fit */
	TW_WARNING_UNKNOWN_COUNTRY, /**< not in ISO 3166-1 as loaded */
	TW_WARNING_UNKNOWN_PLACE,   /**< not in UN/LOCODE as loaded */
	TW_WARNING_UNKNOWN_HS,      /**< not in the Harmonized System as loaded */
	TW_WARNING_UNKNOWN_OWNER,   /**< container owner code not in the BIC register as loaded */
	TW_WARNING_UNKNOWN_WORD,    /**< a closed set of words does not have this one */
	TW_WARNING_ID_REUSED,       /**< never in `warnings`, which may be full: `id_reused` says it */
};

struct tw_warning {
	enum tw_warning_kind kind;
	struct tw_slice pointer; /**< JSON pointer, in the event's arena */
	struct tw_span span;
};

/** Where the event came from. Everything needed to find it again. */
struct tw_origin {
	struct tw_slice topic;
	int32_t partition;
	int64_t offset;
};

struct tw_event {
	struct tw_slice raw;
	struct tw_slice key; /**< the message key as received, may be empty */
	struct tw_origin origin;

	struct tw_text id;
	struct tw_text type_text;
	struct tw_instant time;
	struct tw_text source;
	struct tw_text trace;
	enum tw_event_type type;
	enum tw_family family;

	/* exactly one is meaningful, named by `family`; the others are zero */
	struct tw_consignment consignment;
	struct tw_certificate certificate;
	struct tw_marking_report marking;
	struct tw_outcome outcome;
	struct tw_decision decision;
	struct tw_fact_body fact;

	struct tw_list warnings; /**< struct tw_warning, at most TW_WARNINGS_MAX */
	uint32_t warnings_dropped;
	uint32_t unknown_fields; /**< members nobody knows: counted, ignored */

	/* Set behind the decoder, from what the partition's log holds before the event */
	bool id_reused;       /**< another event, with other bytes, has its source and id */
	int64_t id_reused_at; /**< the offset of the last one */
};

#endif
