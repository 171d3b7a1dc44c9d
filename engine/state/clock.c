/**
 * @file clock.c
 * See clock.h.
 */
#include "engine/state/clock.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/state/facts.h"
#include "engine/state/mentions.h"
#include "engine/state/operations.h"
#include "engine/state/question.h"

static const struct tw_slice all = {"", 0};

/* Of one fact: a longer leap is told in several. */
#define DAYS_MAX 64

bool tw_tells_time(enum tw_family family)
{
	return family == TW_FAMILY_MANIFEST || family == TW_FAMILY_CERTIFICATE;
}

struct tw_slice tw_key_clock(struct tw_slice name, struct tw_arena *arena)
{
	struct tw_slice key = name.len ? tw_arena_format(arena, "clock|%.*s", (int)name.len, name.ptr) : tw_slice_str("clock");
	return key.ptr ? tw_key_consignment(key, arena) : key;
}

struct tw_slice tw_key_day(int32_t day, uint32_t part, struct tw_arena *arena)
{
	char text[TW_DATE_BYTES];
	return tw_arena_format(arena, "day|%s|%u", tw_date_format(day, text), part);
}

static bool is_day(const struct tw_date *date)
{
	return tw_stated(date->span) && date->day >= TW_TIME_DAY_MIN && date->day <= TW_TIME_DAY_MAX;
}

/* ---- facts ---- */

static bool passed_tell(struct tw_slice clock, struct tw_slice member, int32_t day, struct tw_arena *arena, struct tw_list *facts)
{
	struct tw_event *fact = clock.ptr && member.ptr ? tw_fact_new(arena, facts, TW_FACT_TIME_PASSED, (int64_t)day * TW_DAY_MS) : NULL;
	if (!fact) {
		return false;
	}
	fact->fact.clock = (struct tw_text){clock.ptr, clock.len, clock.len ? TW_FACT_STATED : (struct tw_span){0, 0}};
	fact->fact.member = tw_fact_text(member);
	fact->fact.day = (struct tw_date){day, TW_FACT_STATED};
	return true;
}

bool tw_time_tell(const struct tw_event *event, struct tw_arena *arena, struct tw_list *facts)
{
	const struct tw_origin *origin = &event->origin;
	int32_t day = tw_instant_day(event->time.ms);
	if (day < TW_TIME_DAY_MIN || day > TW_TIME_DAY_MAX) {
		return true;
	}
	struct tw_slice place =
	    tw_arena_format(arena, "%.*s/%d", (int)origin->topic.len, origin->topic.ptr ? origin->topic.ptr : "", origin->partition);
	return passed_tell(place, tw_key_consignment(tw_slice_of(event->source), arena), day, arena, facts);
}

static bool days_tell(int32_t from, int32_t until, int32_t day, struct tw_arena *arena, struct tw_list *facts)
{
	bool any = from <= until;
	struct tw_event *fact = tw_fact_new(arena, facts, TW_FACT_DAYS_PASSED, (int64_t)day * TW_DAY_MS);
	if (!fact) {
		return false;
	}
	fact->fact.from = (struct tw_date){from, any ? TW_FACT_STATED : (struct tw_span){0, 0}};
	fact->fact.until = (struct tw_date){until, any ? TW_FACT_STATED : (struct tw_span){0, 0}};
	fact->fact.day = (struct tw_date){day, TW_FACT_STATED};
	return true;
}

/* Days on which nothing can be due are not looked at. What is put on record after this clock was read meets it there (due.c). */
static bool low_tell(const struct tw_state *clock, int32_t low, struct tw_arena *arena, struct tw_list *facts)
{
	int64_t told = clock ? tw_state_counter(clock, TW_COUNT_PASSED, -1) : -1;
	int64_t first = clock ? tw_state_counter(clock, TW_COUNT_DUE_FIRST, TW_TIME_DAY_MAX) : TW_TIME_DAY_MAX;
	int64_t last = clock ? tw_state_counter(clock, TW_COUNT_DUE_LAST, -1) : -1;
	int64_t from = first > told ? first : told + 1;
	int64_t until = last < low ? last : low;
	if (low <= told) {
		return true;
	}
	bool whole = true;
	for (; whole && until - from >= DAYS_MAX; from += DAYS_MAX) {
		whole = days_tell((int32_t)from, (int32_t)from + DAYS_MAX - 1, (int32_t)from + DAYS_MAX - 1, arena, facts);
	}
	return whole && days_tell((int32_t)from, (int32_t)until, low, arena, facts);
}

/* ---- clocks ---- */

bool tw_clock_low(const struct tw_state *state, uint32_t idle_days, int32_t *day)
{
	int64_t high[2] = {INT64_MIN, INT64_MIN}, low = INT64_MAX; /* high: the highest, the second highest */
	uint32_t members = 0;
	for (uint32_t i = 0; state && i < state->element_count; i++) {
		if (tw_element_is(&state->elements[i], TW_ELEMENT_CLOCK)) {
			int64_t at = tw_instant_day(state->elements[i].version.time_ms);
			high[1] = at > high[0] ? high[0] : at > high[1] ? at : high[1];
			high[0] = at > high[0] ? at : high[0];
			members++;
		}
	}
	for (uint32_t i = 0; state && i < state->element_count; i++) {
		int64_t at = tw_instant_day(state->elements[i].version.time_ms);
		bool idle = at + idle_days < high[members > 2];
		if (tw_element_is(&state->elements[i], TW_ELEMENT_CLOCK) && !idle && at < low) {
			low = at;
		}
	}
	*day = members ? (int32_t)low : 0;
	return members;
}

bool tw_clock_passed(const struct tw_state *clock, const struct tw_time_policy *policy, int32_t *day)
{
	int64_t told = clock ? tw_state_counter(clock, TW_COUNT_PASSED, -1) : -1;
	int32_t low;
	if (tw_clock_low(clock, policy->idle_days, &low) && (int64_t)low - policy->lateness_days > told) {
		told = (int64_t)low - policy->lateness_days;
	}
	*day = (int32_t)told;
	return told >= TW_TIME_DAY_MIN;
}

bool tw_clock_facts(const struct tw_time_policy *policy, const struct tw_event *event, const struct tw_operations *operations,
                    const struct tw_priors *priors, struct tw_arena *arena, struct tw_list *facts)
{
	uint32_t own = operations->own[TW_ENTITY_TIME];
	const struct tw_state *before = tw_prior_state(priors, own, arena);
	const struct tw_state *with = tw_state_with(before, &operations->operation[own], arena);
	struct tw_slice clock = tw_slice_of(event->fact.clock);
	int32_t low, was;
	if (!with || !tw_priors_whole(priors)) {
		return false;
	}
	if (clock.len == 0) {
		return !tw_clock_passed(with, policy, &low) || low_tell(before, low, arena, facts);
	}
	bool rises = tw_clock_low(with, policy->idle_days, &low) && (!tw_clock_low(before, policy->idle_days, &was) || low > was);
	return !rises || passed_tell(all, clock, low, arena, facts);
}

/* ---- records ---- */

static void refuse(struct tw_drafts *drafts, bool memory)
{
	drafts->code = drafts->code ? drafts->code : memory ? TW_E_MEMORY : TW_E_CORRUPT;
}

static void mention_member(struct tw_drafts *drafts, const struct tw_fact_body *fact)
{
	struct tw_slice key = tw_key_clock(tw_slice_of(fact->clock), drafts->arena);
	struct tw_element element = {.version = {0, (int64_t)fact->day.day * TW_DAY_MS, 0}, .bytes = all};
	uint32_t own = tw_drafts_mention_own(drafts, TW_ENTITY_TIME, key, fact);
	element.key = tw_element_key(TW_ELEMENT_CLOCK, tw_slice_of(fact->member), drafts->arena);
	if (fact->member.len == 0 || fact->member.len > TW_KEY_BYTES_MAX) {
		refuse(drafts, false);
	} else if (!element.key.ptr) {
		refuse(drafts, true);
	}
	tw_drafts_put(drafts, own, element);
}

static void mention_days(struct tw_drafts *drafts, const struct tw_fact_body *fact)
{
	struct tw_counter passed = {TW_COUNT_PASSED, fact->day.day};
	tw_drafts_count(drafts, tw_drafts_mention_own(drafts, TW_ENTITY_TIME, tw_key_clock(all, drafts->arena), fact), passed);
	if (!is_day(&fact->from) && !is_day(&fact->until)) {
		return;
	}
	if (!is_day(&fact->from) || !is_day(&fact->until) || fact->until.day - fact->from.day >= DAYS_MAX) {
		refuse(drafts, false);
	}
	for (int32_t day = fact->from.day; day <= fact->until.day; day++) {
		for (uint32_t part = 0; part < TW_DAY_PARTS && !drafts->code; part++) {
			tw_drafts_count(drafts, tw_drafts_mention(drafts, TW_ENTITY_TIME, tw_key_day(day, part, drafts->arena), NULL, NULL), passed);
		}
	}
}

void tw_clock_mention(struct tw_drafts *drafts, const struct tw_event *event)
{
	if (!is_day(&event->fact.day)) {
		refuse(drafts, false);
	} else if (event->type == TW_FACT_TIME_PASSED) {
		mention_member(drafts, &event->fact);
	} else {
		mention_days(drafts, &event->fact);
	}
}
