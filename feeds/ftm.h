/**
 * @file ftm.h
 * Between the two halves of the FollowTheMoney reader: what a file states *about* entities, kept until all of them are known.
 *
 *     ftm_json.c: line -> an entity, staged at once             \
 *                      -> a record about one: by its id, in tw_ftm  >-- ftm_join.c, behind the last line -> stage
 */
#ifndef TIDEWAITER_FEEDS_FTM_H
#define TIDEWAITER_FEEDS_FTM_H

#include "feeds/list_loader.h"

#define TW_FTM_PARTS 6 /* of an address: box, two lines of a street, postal code, region, state */

struct tw_ftm_id {
	struct tw_slice id;
	uint32_t entry;
};

struct tw_ftm_sanction {
	struct tw_slice holder, programme;
	uint32_t line, measures;
	struct tw_list_date listed_on, removed_on;
};

struct tw_ftm_document {
	struct tw_slice holder, number, country;
	const char *scheme;
	uint32_t line;
};

/** An Address entity. */
struct tw_ftm_place {
	struct tw_slice id, full, part[TW_FTM_PARTS], city, country;
};

struct tw_ftm_place_of {
	struct tw_slice holder, place;
	uint32_t line;
};

struct tw_ftm_link {
	struct tw_slice from, to;
	enum tw_list_relation relation;
	uint32_t line;
};

/** Arrays in the stage's arena, in the file's order. */
struct tw_ftm {
	struct tw_list ids;       /**< struct tw_ftm_id */
	struct tw_list sanctions; /**< struct tw_ftm_sanction */
	struct tw_list documents; /**< struct tw_ftm_document */
	struct tw_list places;    /**< struct tw_ftm_place */
	struct tw_list place_of;  /**< struct tw_ftm_place_of */
	struct tw_list links;     /**< struct tw_ftm_link */
};

/** Stage every record with its entity. Records about an entity that is not listed are counted. @return false: no memory or a bound */
TW_MUST_USE bool tw_ftm_join(struct tw_list_stage *stage, struct tw_ftm *ftm);

#endif
