/**
 * @file ftm.h
 * Between the three parts of the FollowTheMoney reader: what a file states *about* entities, kept until all of them are known.
 *
 *     line -> ftm_json.c, an entity: staged at once
 *          -> ftm_about.c, a record about one: kept by its id -> ftm_join.c, behind the last line: staged
 */
#ifndef TIDEWAITER_FEEDS_FTM_H
#define TIDEWAITER_FEEDS_FTM_H

#include "feeds/list_json.h"

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

/** What a record states; the paths are ftm_json.c's. */
enum tw_ftm_slot {
	TW_FTM_ID = 1,
	TW_FTM_SCHEMA,
	TW_FTM_CAPTION,
	TW_FTM_TARGET,
	TW_FTM_VIA,
	TW_FTM_NAME, /* the four kinds of names stand together */
	TW_FTM_ALIAS,
	TW_FTM_WEAK_ALIAS,
	TW_FTM_FORMER_NAME,
	TW_FTM_BIRTH,
	TW_FTM_NATION, /* a person's or an organisation's country */
	TW_FTM_COUNTRY,
	TW_FTM_ADDRESS_TEXT,
	TW_FTM_ADDRESS_ID,
	TW_FTM_IMO,
	TW_FTM_REGISTRATION,
	TW_FTM_MMSI,
	TW_FTM_CALL_SIGN,
	TW_FTM_PASSPORT,
	TW_FTM_NATIONAL_ID,
	TW_FTM_TAX,
	TW_FTM_LEI,
	TW_FTM_DUNS,
	TW_FTM_BIC,
	TW_FTM_BIK,
	TW_FTM_SERIAL,
	TW_FTM_FULL,
	TW_FTM_BOX, /* parts of an address, in tw_ftm_place's order */
	TW_FTM_STREET,
	TW_FTM_STREET_2,
	TW_FTM_POSTAL_CODE,
	TW_FTM_REGION,
	TW_FTM_STATE,
	TW_FTM_CITY,
	TW_FTM_PROGRAM,
	TW_FTM_PROVISIONS,
	TW_FTM_LISTED,
	TW_FTM_START,
	TW_FTM_END,
	TW_FTM_HOLDER,
	TW_FTM_NUMBER,
	TW_FTM_TYPE,
	TW_FTM_OWNER, /* ends of a relation */
	TW_FTM_OPERATOR,
	TW_FTM_PARENT,
	TW_FTM_ASSET,
	TW_FTM_AGENT,
	TW_FTM_CLIENT,
	TW_FTM_PERSON,
	TW_FTM_RELATIVE,
	TW_FTM_ASSOCIATE,
	TW_FTM_DIRECTOR,
	TW_FTM_ORGANIZATION,
	TW_FTM_MEMBER,
	TW_FTM_SUBJECT,
	TW_FTM_OBJECT,
};

/** One record's part of a line. */
struct tw_ftm_record {
	const struct tw_json_line *line;
	struct tw_list_stage *stage;
	struct tw_ftm *ftm;
	uint32_t serial;   /**< 0: the line's own object */
	uint32_t from, to; /**< its facts are among these of the line */
	struct tw_slice id;
	struct tw_slice holder; /**< the entity around a nested record */
};

/** @param at 0 at first @return the record's next fact that is not blank; NULL behind the last */
const struct tw_json_fact *tw_ftm_fact_next(const struct tw_ftm_record *record, uint32_t *at);
/** @return the first value of a slot; empty when there is none */
struct tw_slice tw_ftm_value(const struct tw_ftm_record *record, uint32_t slot);

/* Each copies what it keeps into the stage's arena and returns false when there is no memory left. */

TW_MUST_USE bool tw_ftm_keep(const struct tw_ftm_record *record, struct tw_slice *text);
TW_MUST_USE bool tw_ftm_link_push(const struct tw_ftm_record *record, struct tw_slice from, struct tw_slice to, enum tw_list_relation relation);
TW_MUST_USE bool tw_ftm_place_of_push(const struct tw_ftm_record *record, struct tw_slice holder, struct tw_slice place);
/** A record of a schema that is no entity; one of a schema that nothing is screened by is counted. */
TW_MUST_USE bool tw_ftm_about_add(const struct tw_ftm_record *record, struct tw_slice schema);

/** Stage every record with its entity. Records about an entity that is not listed are counted. @return false: no memory or a bound */
TW_MUST_USE bool tw_ftm_join(struct tw_list_stage *stage, struct tw_ftm *ftm);

#endif
