/**
 * @file list_json.h
 * The one reader of lists in JSON lines: each line an object, a *path map* of the issuer says which value goes to which slot.
 *
 *     {"id": "X1", "names": {"names": [{"name1": "Al", "name6": "Pha"}, {"name6": "Beta"}]}}
 *      \- fact (entry, ID, 0, "X1")    \- group NAME, serial 1           \- group NAME, serial 2
 *
 *     line -> yajl events -> facts {group, slot, serial, text} in the line's order -> the issuer's line function -> stage
 *
 * What an object states is kept until its line has ended, so the order of members never matters. A group is an object that belongs together
 * (a name, an address); groups do not nest: what stands deeper belongs to the outer one. Values that no row names are never copied.
 *
 * What is read is bounded in depth, text and values. A line that is no JSON object, or passes a bound, is an unread row; a file that ends in
 * the middle of a line was cut and is refused.
 *
 * Source: IETF, RFC 8259; yajl 2.1, yajl_parse.h.
 */
#ifndef TIDEWAITER_FEEDS_LIST_JSON_H
#define TIDEWAITER_FEEDS_LIST_JSON_H

#include "feeds/list_loader.h"

#define TW_JSON_SLOTS_MAX  64
#define TW_JSON_FIELDS_MAX 128 /* rows of the richest map */

/** One value that is wanted. */
struct tw_json_field {
	uint32_t groups;  /**< bit g: it stands in an object of group g */
	uint32_t slot;    /**< from 1 on */
	const char *path; /**< from the group's object: "name6", "properties.alias[]" */
};

/** One kind of object that is read as a whole. */
struct tw_json_group {
	uint32_t group;   /**< from 1 on */
	uint32_t via;     /**< slot that gets the name of the member the object stands under; 0: not wanted */
	const char *path; /**< from the line's object; "*" is one member of any name: "properties.*[]" */
};

/** One stated value. */
struct tw_json_fact {
	uint32_t group, slot;
	uint32_t serial;      /**< which object: those of one group object are alike and stand together; 0 for the entry */
	struct tw_slice text; /**< strings without control characters, numbers as written, "true", "false"; null is no value */
};

/** One line that was read; lives until the line function returns. */
struct tw_json_line {
	struct tw_list_stage *stage;
	void *user;
	uint32_t number; /**< from 1 */
	const struct tw_json_fact *facts;
	uint32_t fact_count;
};

struct tw_json_map {
	const struct tw_json_field *fields;
	uint32_t field_count;
	const struct tw_json_group *groups;
	uint32_t group_count;
	/* Stage what the line states. @return false when there is no memory or a bound was passed (stage->limit) */
	bool (*line)(const struct tw_json_line *line);
};

/**
 * Read every line of a file.
 * @param user handed to the map's line function
 * @return TW_OK; TW_E_SYNTAX for a file cut in the middle of a line; TW_E_LIMIT, TW_E_MEMORY; where = file:line
 */
TW_MUST_USE enum tw_code tw_json_lines_load(struct tw_list_stage *stage, const struct tw_list_file *file, const struct tw_json_map *map, void *user,
                                            struct tw_error *err);

/** @return the first value of a slot of the entry itself; empty when there is none */
struct tw_slice tw_json_value(const struct tw_json_line *line, uint32_t slot);

/** The slots of one object: the first value of each, empty where it has none. */
struct tw_json_object {
	uint32_t group, serial;
	struct tw_slice slot[TW_JSON_SLOTS_MAX];
};

/** The next group object of the line. @param at 0 at first @return false behind the last */
bool tw_json_object_next(const struct tw_json_line *line, uint32_t *at, struct tw_json_object *out);

#endif
