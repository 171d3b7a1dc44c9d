/**
 * @file embargo.h
 * One arms embargo interval as data: who forbids what, towards whom, from when to when, and how sure we are.
 * Source: feeds/embargoes/embargoes.csv, whose rows name instrument and source one by one.
 */
#ifndef TIDEWAITER_EMBARGO_H
#define TIDEWAITER_EMBARGO_H

#include <tidewaiter/slice.h>

/** Goods classes, a bit set. Words as in the data file. */
enum tw_goods {
	TW_GOODS_ALL = 1 << 0,              /**< all_goods: a general trade ban */
	TW_GOODS_ARMS = 1 << 1,             /**< arms */
	TW_GOODS_ARMS_AND_RELATED = 1 << 2, /**< arms_and_related: with ammunition, parts, vehicles, paramilitary equipment */
	TW_GOODS_HEAVY = 1 << 3,            /**< heavy_conventional: the UN Register's seven classes */
	TW_GOODS_LIGHT = 1 << 4,            /**< light_weapons */
	TW_GOODS_AMMUNITION = 1 << 5,       /**< ammunition */
	TW_GOODS_REPRESSION = 1 << 6,       /**< dual_use_police */
	TW_GOODS_DUAL_USE = 1 << 7,         /**< dual_use */
	TW_GOODS_SURVEILLANCE = 1 << 8,     /**< surveillance */
};

enum tw_confidence { TW_CONFIDENCE_SEEN = 1, TW_CONFIDENCE_DERIVED, TW_CONFIDENCE_RECALLED };
/** Whom it is aimed at: a state, armed groups in it, or listed persons and groups wherever they are. */
enum tw_embargo_target { TW_TARGET_STATE = 1, TW_TARGET_NON_STATE, TW_TARGET_ENTITY_GROUP };
enum tw_direction { TW_DIRECTION_SUPPLY_TO = 1 << 0, TW_DIRECTION_SUPPLY_FROM = 1 << 1 };

#define TW_DAY_OPEN INT32_MAX /**< no end found; no verification date given */

struct tw_embargo {
	struct tw_slice id;
	struct tw_slice issuer;
	struct tw_slice regime;
	enum tw_embargo_target target;
	uint16_t country; /**< tw_country_code; 0: listed persons anywhere */
	struct tw_slice group;
	uint32_t goods;      /**< enum tw_goods bits */
	uint32_t directions; /**< enum tw_direction bits */
	int32_t start;       /**< first day in force */
	int32_t end;         /**< first day no longer in force, TW_DAY_OPEN */
	struct tw_slice instrument;
	struct tw_slice instrument_end;
	struct tw_slice exemptions;
	struct tw_slice source;
	enum tw_confidence confidence;
	bool binding;           /**< false: a voluntary call, or suspended (NOT IN EFFECT) */
	int32_t verified_until; /**< past this day the renewal was not verified; TW_DAY_OPEN when the data do not say */
	uint32_t line;          /**< of the data file, for messages */
};

struct tw_embargo_query {
	uint16_t country;
	uint32_t goods; /**< what is being shipped, enum tw_goods bits */
	int32_t day;
	uint32_t directions;
	uint32_t targets; /**< bit (1 << enum tw_embargo_target) for each kind of target that is meant; 0: any */
};

#endif
