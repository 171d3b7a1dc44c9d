/**
 * @file fact.h
 * What the engine tells itself: the nouns of tw.facts. Private to it: made and read by tidewaiter alone.
 *
 * Some events must change records that only another event names. A cancellation names its consignment, but must give back what that draws on
 * certificates; an inspection's outcome names its consignment, but counts for its parties. The consignment's record knows the rest:
 * whichever of the two comes second there makes a *fact* that carries all keys, and the fact is read like any other event. So every record
 * stays a function of its own operations, and of no other record. Time that passes is such knowledge too: engine/state/clock.h.
 *
 * Source: the event contract (feeds/schema/fact.json).
 */
#ifndef TIDEWAITER_FACT_H
#define TIDEWAITER_FACT_H

#include <tidewaiter/slice.h>

enum tw_fact_party_kind { TW_FACT_PARTY = 1, TW_FACT_VESSEL };

/** One revision of a consignment: what it draws has this version on the certificates' records. */
struct tw_fact_version {
	struct tw_count revision;
	struct tw_instant time;
	struct tw_text event; /* 16 hex digits */
};

struct tw_fact_outcome {
	struct tw_instant time;
	struct tw_text event;    /* 16 hex digits */
	struct tw_choice result; /* enum tw_result */
};

struct tw_fact_party {
	struct tw_choice kind; /* enum tw_fact_party_kind */
	struct tw_text key;
};

/** Keys are entity keys (engine/event/keys.h), not texts as somebody stated them. */
struct tw_fact_body {
	struct tw_text consignment;     /* not of time_passed, days_passed, delivery_due, confirmation_..., paper_shared */
	struct tw_fact_version version; /* draws_ended; arrived: of the arrival; delivery_expected: of what is on record of it (due.h) */
	struct tw_text country;         /* arrived: of the office that says so, where it tells */
	struct tw_list certificates;    /* draws_ended, arrived; delivery_..., confirmation_..., paper_shared, departed (one): struct tw_text */
	struct tw_list series;          /* draws_ended: struct tw_text, series of markings, and numbers of no maker */
	struct tw_list licences;        /* draws_ended: struct tw_text */
	struct tw_list outcomes;        /* inspected: struct tw_fact_outcome */
	struct tw_list parties;         /* inspected, delivery_expected: struct tw_fact_party */
	struct tw_list consignments;    /* delivery_due: struct tw_text */
	struct tw_text document;        /* paper_shared: key of the document or printed paper */
	struct tw_text clock;           /* time_passed: whose member; not stated: the clock of all partitions */
	struct tw_text member;          /* time_passed */
	struct tw_date from,
	    until; /* days_passed: days whose deliveries are looked for, both included; not stated: none. confirmation_...: from: first use */
	struct tw_date day;        /* time_passed: the member's latest; days_passed, ..._due: passed; ..._expected: the first that is late */
	struct tw_instant settled; /* delivery_expected: verified at that time */
};

#endif
