/**
 * @file list_xml.h
 * One reader for every list that comes as XML; what an issuer calls its elements is a map.
 *
 *     bytes -> SAX2 events -> path below the entry -> slot -> group_end / entry_end of the map -> struct tw_list_stage
 *
 *     <sdnEntry>                          entry: all slots are blank
 *       <uid>36</uid>                     "uid"                slot below group_slots: lives as long as the entry
 *       <akaList><aka>                    "akaList/aka"        group: the slots from group_slots on are blank
 *         <category>weak</category>       "akaList/aka/category"
 *       </aka>                            group_end(…)         slots are read, texts staged
 *     </sdnEntry>                         entry_end(…)         so the order of elements does not matter
 *
 * Paths are local names, whatever their namespace; "@name" behind one is an attribute without prefix. Nothing is ever fetched, a document
 * type is refused before it can declare an entity, and depth, text and whole size are bounded.
 */
#ifndef TIDEWAITER_FEEDS_LIST_XML_H
#define TIDEWAITER_FEEDS_LIST_XML_H

#include "feeds/list_loader.h"

#define TW_LIST_XML_SLOTS_MAX  48 /* the richest map (OFAC's advanced XML) has 43 */
#define TW_LIST_XML_GROUPS_MAX 6  /* the deepest map (OFAC's advanced XML) has 5 inside each other */

/** The state that a map's functions see. */
struct tw_list_xml {
	struct tw_list_stage *stage;
	uint32_t entry; /**< at its place in stage->entries */
	uint32_t line;  /**< where the entry starts */
	/** Trimmed, in stage->scratch with a NUL behind it, until the entry ends; blank ones are {"", 0}. */
	struct tw_slice slot[TW_LIST_XML_SLOTS_MAX];
	/** Set by entry_end where the entry cannot stand: a constant text that says why, and a detail with a NUL behind it. */
	const char *unfit;
	const char *unfit_detail;
	uint32_t name_rank; /**< see tw_list_xml_name */
	uint32_t name_at;
	const char *record; /**< the element of the map's records that is open; NULL: an entry is */
	void *own;          /**< the map's */
};

struct tw_list_xml_entry {
	const char *element;
	enum tw_entry_kind kind;
};

struct tw_list_xml_path {
	const char *path; /**< from below the entry's element on: "akaList/aka/category", "@logicalId", "nameAlias@wholeName" */
	uint32_t number;  /**< of a slot or a group */
};

struct tw_list_xml_map {
	const char *root;          /**< the document's element */
	const char *other;         /**< what is said of another one: "not the UN consolidated list" */
	const char *date;          /**< path from below the root on of the day the list was made: its first 10 bytes are kept; NULL: none */
	uint32_t depth;            /**< of an entry's element; the root's is 1 */
	bool strict;               /**< an entry that cannot stand refuses the list, instead of being passed over as unread */
	const char *date_parts[3]; /**< instead of `date`: paths of year, month and day; NULL: none */
	uint32_t group_slots;
	const uint32_t *group_from;              /**< by number of a group: slots from here on are blank when it starts; groups may then stand inside
	                                              each other, up to TW_LIST_XML_GROUPS_MAX. NULL: none does, and it is group_slots for all */
	const struct tw_list_xml_entry *entries; /**< the last one has no element */
	const char *const *records;            /**< elements beside the entries that are none: what entries refer to; the last is NULL. NULL: none */
	const struct tw_list_xml_path *groups; /**< the last one has no path */
	const struct tw_list_xml_path *fields; /**< the last one has no path */
	/** Each returns false when a call on the stage did. */
	bool (*group_end)(struct tw_list_xml *xml, uint32_t group);
	bool (*entry_end)(struct tw_list_xml *xml); /**< of a record too (xml->record): nothing is staged for it */
	void *own;                                  /**< the functions' own state, borrowed for the load */
};

/** Read `file` by `map`. @return as tw_list_builder_add, with where = file:line */
TW_MUST_USE enum tw_code tw_list_xml_load(const struct tw_list_xml_map *map, struct tw_list_stage *stage, const struct tw_list_file *file,
                                          struct tw_error *err);

/** Slots `from` to `last` with a space between them, none where one is blank; in stage->scratch; {NULL, 0} without memory. */
struct tw_slice tw_list_xml_join(struct tw_list_xml *xml, uint32_t from, uint32_t last);

/** Add `text` behind what `slot` holds, with `between` where it holds something; a text that it holds already is not added. */
TW_MUST_USE bool tw_list_xml_append(struct tw_list_xml *xml, uint32_t slot, const char *between, struct tw_slice text);

/**
 * Stage a name of which it is not known yet whether it is the entry's own.
 * @param rank 0: it cannot be the primary name; the first name of the highest rank becomes it (tw_list_xml_primary)
 */
TW_MUST_USE bool tw_list_xml_name(struct tw_list_xml *xml, struct tw_slice text, enum tw_name_quality quality, uint32_t rank);

/** Make the best of the names the primary one. @return false when the entry has no name of a rank above 0 */
bool tw_list_xml_primary(struct tw_list_xml *xml);

/**
 * Stage what the issuer calls an IMO number, with or without "IMO" before it: as issued even where the check digit is wrong.
 * @return as tw_list_stage_identifier
 */
TW_MUST_USE bool tw_list_xml_imo(struct tw_list_xml *xml, struct tw_slice number);

/** Set id and programme. @return false without memory */
TW_MUST_USE bool tw_list_xml_identify(struct tw_list_xml *xml, struct tw_slice id, struct tw_slice programme);

/** Count a part of the entry that is passed over. @param reason constant text */
void tw_list_xml_skip(struct tw_list_xml *xml, const char *reason);

#endif
