/**
 * @file clock.h
 * What time it is, by events alone: how far every source has come, and which days have passed for all of them.
 *
 *     event of a manifest or certificate, first of its source and partition on a day
 *         --> fact.time_passed  --> clock of the partition    'K' source     version: latest day     record "clock|tw.manifests/3" of TW_ENTITY_TIME
 *                                        | its lowest rises
 *         --> fact.time_passed  --> clock of all partitions   'K' partition  version: latest day     record "clock"
 *                                        | its lowest, less the lateness, is above what was told
 *         --> fact.days_passed  --> "clock": TW_COUNT_PASSED, and the records of those days (due.h)
 *
 * The *lowest* of a clock is the least day of its members: no source is behind it. A member that is more than idle_days behind the others is left
 * out until it speaks again: how far the others are is the second highest day of three members or more, so that one event dated far ahead does not
 * move time, else the highest. Time that was told never goes back: a source that comes late, or wakes up, holds back what follows and nothing else.
 *
 * No clock is read, and nothing is kept that the log does not say: a fact that is told again says the same (days only grow), so whoever tells them
 * may forget what he told (engine/run/ticks.h). Of manifests and certificates alone, for they settle deliveries; a source costs a fact a day.
 *
 * Source: Akidau et al., "The Dataflow Model", VLDB 2015, low watermarks of event time; Begoli et al., "One SQL to Rule Them All", SIGMOD 2019,
 * section 3.2: allowed lateness, idle inputs.
 */
#ifndef TIDEWAITER_ENGINE_STATE_CLOCK_H
#define TIDEWAITER_ENGINE_STATE_CLOCK_H

#include "engine/state/store.h"

struct tw_drafts;
struct tw_state;

/** All in days of event time. */
struct tw_time_policy {
	uint32_t lateness_days; /**< what has passed is so far behind the lowest */
	uint32_t idle_days;     /**< at least 1; who is further behind the others does not hold time back */
	uint32_t grace_days;    /**< a delivery is late so many days after its time */
	uint32_t confirm_days;  /**< a certificate is to be confirmed within so many days of its first use; 0: never told */
};

/** Days that time is told of; what is outside is never due. */
#define TW_TIME_DAY_MIN 0     /* 1970-01-01 */
#define TW_TIME_DAY_MAX 84005 /* 2199-12-31: certificates last months */

/** @return whether events of that family say how far their source has come */
bool tw_tells_time(enum tw_family family);
/** The fact that an event's source has come to its day, in its partition. @param facts struct tw_event, in the arena @return false at its ceiling */
bool tw_time_tell(const struct tw_event *event, struct tw_arena *arena, struct tw_list *facts);

/**
 * The least day of a clock's members, without the idle ones.
 * @param state NULL: nothing is known @return false: it has no member
 */
bool tw_clock_low(const struct tw_state *state, uint32_t idle_days, int32_t *day);
/** @param clock a prior of "clock" @return whether days have passed; `day`: the latest that has, told or about to be */
bool tw_clock_passed(const struct tw_state *clock, const struct tw_time_policy *policy, int32_t *day);

/** What time_passed makes of its clock's prior. @param facts as in tw_time_tell @return false at the arena's ceiling */
bool tw_clock_facts(const struct tw_time_policy *policy, const struct tw_event *event, const struct tw_operations *operations,
                    const struct tw_priors *priors, struct tw_arena *arena, struct tw_list *facts);
/** What time_passed and days_passed leave in records. What is none of ours leaves TW_E_CORRUPT in the drafts. */
void tw_clock_mention(struct tw_drafts *drafts, const struct tw_event *event);

/** Keys of TW_ENTITY_TIME. @param name empty: of all partitions @return {NULL, 0} at the arena's ceiling */
struct tw_slice tw_key_clock(struct tw_slice name, struct tw_arena *arena);
/** What is due on a day lies in so many records, by certificate: each that is put there reads one of them. */
#define TW_DAY_PARTS 16U
/** @param part below TW_DAY_PARTS */
struct tw_slice tw_key_day(int32_t day, uint32_t part, struct tw_arena *arena);

#endif
