/**
 * @file match.h
 * A list entry that something in an event agrees with. Found by engine/screen over the list index, asked for by rules, shown in alerts.
 */
#ifndef TIDEWAITER_MATCH_H
#define TIDEWAITER_MATCH_H

#include <tidewaiter/slice.h>

enum tw_entry_kind { TW_ENTRY_UNKNOWN = 0, TW_ENTRY_PERSON, TW_ENTRY_ORGANISATION, TW_ENTRY_VESSEL, TW_ENTRY_AIRCRAFT };
/** What agreed. Stable words in alerts: name, identifier. */
enum tw_match_basis { TW_MATCH_NAME = 1, TW_MATCH_IDENTIFIER };
/** How far the issuer itself trusts a name. UN: Good and Low; OFAC: strong and weak. */
enum tw_name_quality { TW_NAME_PRIMARY = 1, TW_NAME_STRONG, TW_NAME_WEAK, TW_NAME_FORMER, TW_NAME_ORIGINAL_SCRIPT };

struct tw_match {
	/* from the snapshot: live as long as it */
	struct tw_slice list;      /**< "un-sc", "ofac-sdn" */
	struct tw_slice entry;     /**< the issuer's own reference: "QDi.001", "36" */
	struct tw_slice name;      /**< the listed name or identifier that agreed, as issued */
	struct tw_slice programme; /**< the issuer's programme or committee, as issued */
	enum tw_entry_kind kind;
	enum tw_name_quality quality;
	/* about this hit */
	enum tw_match_basis basis;
	struct tw_slice scheme;  /**< identifier scheme, empty for names */
	uint32_t similarity_ppm; /**< 1,000,000 is equal after normalisation */
	/* set by engine/screen: where in the event */
	struct tw_slice query;   /**< the event's text, as received */
	struct tw_slice role;    /**< "consignee", "vessel" ... */
	struct tw_slice pointer; /**< JSON pointer */
	struct tw_span span;
	const void *subject; /**< the struct tw_party or tw_means it belongs to, for rules that bind to the same one */
};

struct tw_matches {
	struct tw_match *match; /**< by similarity_ppm descending, then list id, entry id, basis: a strict order */
	uint32_t count;
};

#endif
