/**
 * @file links.h
 * What consignments linked with an entity, and when they last did: consignees of a shipper, routes of a vessel, users of a telephone.
 *
 *     link  'L' kind, hash be64    version: event time    -> for parties, users and a box's arms the consignment's key, else nothing
 *
 * One element a linked value, by hash; the latest mention wins. So a window asks of each value whether it was last seen inside. When a record
 * is folded, of each kind the latest TW_LINKS_MAX stay (fold.c), and a bit of TW_COUNT_LINKS_OVER remembers that some are gone: whatever is
 * gone was last seen before all that stay. At 32 of each of the five kinds of a party a record has 160 links, some 5 KiB.
 *
 * Arms are headings of firearms, their parts and ammunition, kept of the consignment itself and of its containers: an amendment that names other
 * goods, or another bill over the same box, does not make them forgotten.
 *
 * Kept of parties that trade: not of carriers, forwarders, brokers, agents and declarants, who meet everybody.
 * Invariant: links commute like all elements, and are made of the event's raw fields alone.
 */
#ifndef TIDEWAITER_ENGINE_STATE_LINKS_H
#define TIDEWAITER_ENGINE_STATE_LINKS_H

#include <tidewaiter/event.h>

#include "engine/state/mentions.h"

struct tw_history_answer;
struct tw_question;

/** Stable: part of stored keys. */
enum tw_link {
	TW_LINK_CONSIGNEE = 1,
	TW_LINK_CONSIGNOR,
	TW_LINK_ROUTE,
	TW_LINK_VESSEL,
	TW_LINK_HEADING,
	TW_LINK_FLAG,
	TW_LINK_NAME,
	TW_LINK_USER,
	TW_LINK_ARMS,
};
#define TW_LINKS 9U

/** Puts a declared or amended consignment's links into the drafts of everything that it mentions. After all mentions. */
void tw_links_put(struct tw_drafts *drafts, const struct tw_consignment *consignment, int64_t time_ms, struct tw_slice key);
/** Metrics TW_METRIC_CONSIGNEES to TW_METRIC_NEW_ARMS_HEADINGS. */
void tw_answer_links(const struct tw_question *question, struct tw_history_answer *answer);
/** @return enum tw_link of an element, 0 when it is no link */
enum tw_link tw_link_of(const struct tw_element *element);
/** @return a leg's country, else the country of its UN/LOCODE; 0: neither */
uint16_t tw_leg_country(const struct tw_leg *leg);
/** @return country of the first leg of a role that has one, else of the first of the other role; 0: neither */
uint16_t tw_route_country(const struct tw_list *route, uint32_t role, uint32_t other);
/** @return key of the first party of a role that has one, in the arena; empty: none @param full set at the arena's ceiling */
struct tw_slice tw_key_of_role(const struct tw_list *list, uint32_t role, struct tw_arena *arena, bool *full);
/** "consignee", "route" ...; never NULL */
const char *tw_link_name(enum tw_link link);

#endif
