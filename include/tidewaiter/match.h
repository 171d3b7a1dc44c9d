/**
 * @file match.h
 * A list entry that something in an event agrees with. Found by engine/screen over the list index, asked for by rules, shown in alerts.
 */
#ifndef TIDEWAITER_MATCH_H
#define TIDEWAITER_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include <tidewaiter/slice.h>

enum tw_entry_kind { TW_ENTRY_UNKNOWN = 0, TW_ENTRY_PERSON, TW_ENTRY_ORGANISATION, TW_ENTRY_VESSEL, TW_ENTRY_AIRCRAFT };
/** What agreed. Stable words in alerts: tw_basis_word. */
enum tw_match_basis { TW_MATCH_NAME = 1, TW_MATCH_IDENTIFIER, TW_MATCH_ADDRESS };

/** @return the word of alerts, rules and lists */
static inline const char *tw_basis_word(enum tw_match_basis basis)
{
	static const char *const words[] = {"", "name", "identifier", "address"};
	return words[basis];
}

/** How far the issuer itself trusts a name. UN: Good and Low; OFAC: strong and weak. */
enum tw_name_quality { TW_NAME_PRIMARY = 1, TW_NAME_STRONG, TW_NAME_WEAK, TW_NAME_FORMER, TW_NAME_ORIGINAL_SCRIPT };

/** What a listing orders, as bits; only what the issuer states. */
enum tw_list_measure {
	TW_MEASURE_ARMS_EMBARGO = 1U << 0,
	TW_MEASURE_ASSET_FREEZE = 1U << 1,
	TW_MEASURE_TRAVEL_BAN = 1U << 2,
	TW_MEASURE_EXPORT_DENIAL = 1U << 3, /**< export privileges denied */
	TW_MEASURE_SHIPPING = 1U << 4,      /**< port entry, deflagging, crewing, chartering */
	TW_MEASURE_OTHER = 1U << 5,
};
#define TW_MEASURES 6U

/** @param bit 0 to TW_MEASURES - 1 @return the word of alerts and lists: "arms embargo" */
static inline const char *tw_measure_word(uint32_t bit)
{
	static const char *const words[TW_MEASURES] = {"arms embargo", "asset freeze", "travel ban", "export denial", "shipping", "other"};
	return words[bit];
}

/** A date as far as it is stated. Year 0: nothing is; month 0, day 0: that part is not. */
struct tw_list_date {
	uint16_t year;
	uint8_t month;
	uint8_t day;
	bool circa; /**< the issuer says "circa", or states a span of which this is an end */
};

/** What one feature adds to a similarity, or takes from it; constant words, in this order. */
struct tw_match_part {
	const char *feature; /**< constant: "name", "kind", "script", "reading", "rarity", "spelling", "quality", "birth_date", "country", "address",
	                        "identifier" */
	int32_t ppm;
};
#define TW_MATCH_PARTS_MAX 10

struct tw_match {
	/* from the snapshot: live as long as it */
	struct tw_slice list;      /**< "un-sc", "ofac-sdn" */
	struct tw_slice entry;     /**< the issuer's own reference: "QDi.001", "36" */
	struct tw_slice name;      /**< the listed name, identifier or address that agreed, as issued */
	struct tw_slice programme; /**< the issuer's programme or committee, as issued */
	enum tw_entry_kind kind;
	enum tw_name_quality quality;
	uint32_t measures;             /**< enum tw_list_measure; 0: the issuer states none */
	struct tw_list_date listed_on; /**< year 0: not stated */
	/* about this hit */
	enum tw_match_basis basis;
	struct tw_slice scheme;  /**< identifier scheme, else empty */
	uint32_t similarity_ppm; /**< at most 1,000,000; an equal name alone stays under 980,000, an identifier is 1,000,000; an address
	                              alone at most 500,000 */
	struct tw_match_part part[TW_MATCH_PARTS_MAX]; /**< their sum, held between 0 and 1,000,000, is similarity_ppm */
	uint32_t part_count;
	bool is_new; /**< the edition of the lists before had not what hit; false where none is compared with */
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
