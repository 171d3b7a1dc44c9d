/**
 * @file trace.h
 * What is known of one mark: every sighting in order of time, who else may have made it, and what is missing to identify the weapon.
 *
 * A sighting says how sure it is that it speaks of the mark that was asked about. *Exact*: the same maker and the same text, sign by sign.
 * *Normalised*: the same once case, blanks and punctuation are dropped. *Number*: the same letters and number with other noughts before it.
 * *In range*: the number lies in a range or row of serials that was stated whole. *Folded*: the same once look-alikes are one (0/O, 1/I/L, 5/S, 8/B,
 * 2/Z): a hint, no identification. Unknown is an answer: a trace without sightings.
 *
 * Source: UN, International Tracing Instrument (A/60/88, annex), III.8 (what a mark says) and on tracing (what a tracing request says).
 */
#ifndef TIDEWAITER_TRACE_H
#define TIDEWAITER_TRACE_H

#include <stdbool.h>
#include <tidewaiter/event.h>
#include <tidewaiter/history.h>
#include <tidewaiter/slice.h>

/** What a sighting may say beside the mark. Stable: the numbers are part of stored state. */
enum tw_particular {
	TW_PARTICULAR_RAW = 1, /**< the mark as written, where that is not its normalised form */
	TW_PARTICULAR_MODEL,
	TW_PARTICULAR_CALIBRE,
	TW_PARTICULAR_ORIGIN,    /**< country of manufacture */
	TW_PARTICULAR_YEAR,      /**< of manufacture */
	TW_PARTICULAR_COMPONENT, /**< frame, receiver, barrel, slide ... */
	TW_PARTICULAR_KIND,      /**< rifle, pistol ... as stated; of an inspection the kind of finding */
	TW_PARTICULAR_IMPORT,    /**< import marks: country and year, commas between them */
	TW_PARTICULAR_REFERENCE, /**< the authority's own, of a marking event */
	TW_PARTICULAR_AUTHORITY,
	TW_PARTICULAR_PLACE,        /**< country where it happened */
	TW_PARTICULAR_QUANTITY,     /**< ten-thousandths, in digits */
	TW_PARTICULAR_CONSIGNMENT,  /**< whose inspection, or of which a diversion was reported */
	TW_PARTICULAR_CERTIFICATE,  /**< key of the certificate whose event it was */
	TW_PARTICULAR_EVENT_SOURCE, /**< envelope: who sent it */
	TW_PARTICULAR_EVENT_ID,     /**< envelope: under which id */
	TW_PARTICULAR_SENDER,       /**< of a consignment: its consignor's key; this and the next six: engine/state/passage.h */
	TW_PARTICULAR_RECEIVER,     /**< its consignee's */
	TW_PARTICULAR_END_USER,     /**< its end-user's, where that is another one */
	TW_PARTICULAR_SENT,         /**< country where the goods are loaded first */
	TW_PARTICULAR_BOUND,        /**< country for which they are bound */
	TW_PARTICULAR_LEAVES,       /**< day of departure, where the route states one */
	TW_PARTICULAR_DUE,          /**< day of arrival there, likewise */
	TW_PARTICULAR_MAKER,        /**< of a number whoever made it (engine/state/number.h): who did, reduced */
};
#define TW_PARTICULARS 24U

/** Parallel to enum tw_particular; empty: not stated. */
struct tw_particulars {
	struct tw_slice of[TW_PARTICULARS + 1];
};

/** How sure a sighting speaks of the mark, surest first. */
enum tw_trace_match { TW_TRACE_EXACT = 1, TW_TRACE_NORMALISED, TW_TRACE_NUMBER, TW_TRACE_IN_RANGE, TW_TRACE_FOLDED };
#define TW_TRACE_MATCHES 5U

enum tw_sighting_kind {
	TW_SIGHTING_REPORTED = 1, /**< a marking event: `type` */
	TW_SIGHTING_CERTIFIED,    /**< a certificate lists it */
	TW_SIGHTING_SHIPPED,      /**< a consignment states it */
	TW_SIGHTING_INSPECTED,    /**< an inspection found it */
	TW_SIGHTING_NAMED,        /**< another event of a certificate names it, as a report of diversion does */
};

struct tw_mark_sighting {
	enum tw_sighting_kind kind;
	enum tw_trace_match match;
	enum tw_event_type type; /**< of the event; 0 where the record does not say */
	int64_t time_ms;         /**< event time; of a consignment or certificate that of the revision on record */
	struct tw_slice name;    /**< consignment id or certificate key; empty: neither */
	bool ended;              /**< the consignment was cancelled, or amended without it */
	bool no_maker;           /**< a maker was asked for, and this states none */
	struct tw_particulars said;
};

/** A maker, or nobody, who has such serials. */
struct tw_trace_candidate {
	struct tw_slice maker;     /**< reduced; empty: none is stated */
	enum tw_trace_match match; /**< 0: that the maker has serials of such letters is all that is known */
	bool looked;               /**< false: what follows is not set */
	uint32_t sightings;
	int64_t first_ms, last_ms;
	enum tw_marking_status status;
};

/** What identifies a weapon. Source: International Tracing Instrument, on tracing, and III.8. */
enum tw_identity { TW_IDENTITY_MAKER = 0, TW_IDENTITY_MODEL, TW_IDENTITY_SERIAL, TW_IDENTITY_ORIGIN, TW_IDENTITY_IMPORT };
#define TW_IDENTITIES       5U
#define TW_IDENTITY_VALUES  4U  /* different values of one of them that are shown */
#define TW_CANDIDATES_SHOWN 64U /* makers; how many more there are is said */

struct tw_trace_identity {
	struct tw_slice value[TW_IDENTITY_VALUES]; /**< different ones, in order of time; none: missing. More than one: they do not agree */
	uint32_t count;
};

struct tw_trace {
	struct tw_slice key;                   /**< MAKER|SERIAL as it is compared */
	struct tw_slice maker;                 /**< as asked; empty: none was stated */
	struct tw_slice serial;                /**< as asked */
	struct tw_list sightings;              /**< struct tw_mark_sighting, by time */
	struct tw_trace_candidate *candidates; /**< surest first, then by maker */
	uint32_t candidate_count;
	uint32_t candidates_more;
	struct tw_trace_identity identity[TW_IDENTITIES]; /**< of what was asked, and of sightings that are more than folded */
	enum tw_marking_status status;                    /**< the last that was reported, by sightings that are more than folded */
	bool partial;                                     /**< a record has lost its oldest elements at its limit */
};

#endif
