/**
 * @file passage.c
 * See passage.h.
 */
#include "engine/state/passage.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/state/links.h"
#include "engine/state/series_part.h"

#define DAY_BYTES 11 /* 2026-03-02 and terminator */

/* ---- what a consignment says ---- */

static struct tw_slice country_text(uint16_t code, struct tw_arena *arena, bool *full)
{
	char letters[TW_COUNTRY_BYTES];
	struct tw_slice kept = code ? tw_arena_copy(arena, tw_country_letters(code, letters)) : (struct tw_slice){"", 0};
	*full = *full || !kept.ptr;
	return kept;
}

static struct tw_slice day_text(bool stated, int32_t day, struct tw_arena *arena, bool *full)
{
	char text[TW_INSTANT_BYTES] = "";
	struct tw_slice kept = {"", 0};
	if (stated) {
		tw_instant_format((int64_t)day * TW_DAY_MS, text);
		kept = tw_arena_copy(arena, (struct tw_slice){text, DAY_BYTES - 1});
	}
	*full = *full || !kept.ptr;
	return kept;
}

bool tw_passage_say(const struct tw_consignment *consignment, const struct tw_way *way, struct tw_arena *arena, struct tw_particulars *said)
{
	bool full = false;
	said->of[TW_PARTICULAR_SENDER] = tw_key_of_role(&consignment->parties, TW_ROLE_CONSIGNOR, arena, &full);
	said->of[TW_PARTICULAR_RECEIVER] = tw_key_of_role(&consignment->parties, TW_ROLE_CONSIGNEE, arena, &full);
	struct tw_slice user = tw_key_of_role(&consignment->parties, TW_ROLE_END_USER, arena, &full);
	said->of[TW_PARTICULAR_END_USER] = tw_slice_equal(user, said->of[TW_PARTICULAR_RECEIVER]) ? (struct tw_slice){"", 0} : user;
	said->of[TW_PARTICULAR_SENT] = country_text(tw_route_country(&consignment->route, TW_LEG_LOAD, TW_LEG_ORIGIN), arena, &full);
	said->of[TW_PARTICULAR_BOUND] = country_text(way->countries ? way->country[0] : 0, arena, &full);
	said->of[TW_PARTICULAR_LEAVES] = day_text(way->departs, way->first, arena, &full);
	said->of[TW_PARTICULAR_DUE] = day_text(way->arrives, way->arrival, arena, &full);
	return !full;
}

/* ---- which others are live ---- */

struct passage {
	struct tw_version version; /* of the revision that says so */
	struct tw_slice consignment;
	struct tw_particulars said;
};

/* Texts are cut where they are kept: a prefix that is as long as can be is the whole. */
static bool is_party(struct tw_slice key, struct tw_slice other)
{
	struct tw_slice one = {key.ptr, key.len < TW_PARTICULAR_BYTES ? key.len : TW_PARTICULAR_BYTES};
	return one.len && other.len >= one.len && memcmp(one.ptr, other.ptr, one.len) == 0 &&
	       (other.len == one.len || one.len == TW_PARTICULAR_BYTES);
}

/* Days of one form sort as texts. What states no day goes by when it was told. */
static bool is_there_by(const struct passage *earlier, const struct passage *later)
{
	struct tw_slice due = earlier->said.of[TW_PARTICULAR_DUE], leaves = later->said.of[TW_PARTICULAR_LEAVES];
	char told[TW_INSTANT_BYTES];
	if (due.len == 0) {
		return earlier->version.time_ms < later->version.time_ms;
	}
	if (leaves.len == 0) {
		tw_instant_format(later->version.time_ms, told);
		leaves = (struct tw_slice){told, DAY_BYTES - 1};
	}
	return tw_slice_compare(due, leaves) <= 0;
}

static bool follows(const struct passage *later, const struct passage *earlier)
{
	struct tw_slice sender = later->said.of[TW_PARTICULAR_SENDER];
	return (is_party(sender, earlier->said.of[TW_PARTICULAR_RECEIVER]) || is_party(sender, earlier->said.of[TW_PARTICULAR_END_USER])) &&
	       is_there_by(earlier, later);
}

/* The event's own. @return false at the arena's ceiling */
static bool own_passage(const struct tw_question *question, struct tw_arena *arena, struct passage *out)
{
	struct tw_way way;
	const struct tw_event *event = question->event;
	tw_way_of(&event->consignment, tw_instant_day(event->time.ms), &way);
	*out = (struct passage){.version = {0, event->time.ms, 0}, .consignment = question->consignment};
	return tw_passage_say(&event->consignment, &way, arena, &out->said);
}

/* Some of the run, as an element states it: what it says of that. @return false: it states none of it */
static bool said_of_run(const struct tw_element *element, const struct tw_run *run, struct tw_particulars *out)
{
	struct tw_run held;
	uint64_t left = 0;
	struct tw_cursor cursor = tw_runs_read(element, &left);
	while (tw_runs_next(&cursor, &left, &held)) {
		if (held.letters == run->letters && held.first <= run->last && run->first <= held.last) {
			tw_runs_said(element, held.first > run->first ? held.first : run->first, out);
			return true;
		}
	}
	return false;
}

static struct passage *passage_add(struct tw_list *list, const struct tw_element *element, struct tw_arena *arena)
{
	struct passage *added = tw_list_push(arena, list, sizeof(*added));
	if (added) {
		*added = (struct passage){.version = element->version, .consignment = tw_element_tail(element)};
	}
	return added;
}

/* Those whose serials meet the mark's. A view has one consignment from several records. @return false at the arena's ceiling */
static bool overlapping(const struct tw_question *question, struct tw_arena *arena, struct tw_list *out)
{
	struct tw_slice last = {"", 0};
	for (uint32_t i = 0; question->series && question->parts && i < question->series->element_count; i++) {
		const struct tw_element *element = &question->series->elements[i];
		struct tw_particulars said = {.of = {{NULL, 0}}};
		if (!tw_is_others(question, element, TW_ELEMENT_SHIPPED) || tw_slice_equal(tw_element_tail(element), last) ||
		    !said_of_run(element, &question->parts->run, &said)) {
			continue;
		}
		struct passage *added = passage_add(out, element, arena);
		if (!added) {
			return false;
		}
		added->said = said;
		last = added->consignment;
	}
	return true;
}

/* What one of them says in the mark's series. */
static void said_in_series(const struct tw_question *question, struct tw_slice consignment, struct tw_particulars *out)
{
	bool found = false;
	for (uint32_t i = 0; question->series && question->parts && i < question->series->element_count && !found; i++) {
		const struct tw_element *element = &question->series->elements[i];
		found = tw_element_is(element, TW_ELEMENT_SHIPPED) && tw_slice_equal(tw_element_tail(element), consignment) &&
		        said_of_run(element, &question->parts->run, out);
	}
}

/* Those that state the very mark. @return false at the arena's ceiling */
static bool stating(const struct tw_question *question, struct tw_arena *arena, struct tw_list *out)
{
	for (uint32_t i = 0; question->state && i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		if (!tw_is_others(question, element, TW_ELEMENT_SIGHTING) || !tw_series_stands(question->series, tw_element_tail(element))) {
			continue;
		}
		struct passage *added = passage_add(out, element, arena);
		if (!added) {
			return false;
		}
		tw_particulars_read(element->bytes, &added->said);
		said_in_series(question, added->consignment, &added->said);
	}
	return true;
}

/* From when to when others are live: after the latest that is over, before the first that goes on from here. */
struct span {
	int64_t after_ms, before_ms;
};

static struct span live_span(const struct tw_list *others, const struct passage *own)
{
	const struct passage *other = others->data;
	struct span span = {INT64_MIN, INT64_MAX};
	for (uint32_t i = 0; i < others->count; i++) {
		int64_t at_ms = other[i].version.time_ms;
		if (follows(own, &other[i]) && at_ms > span.after_ms) {
			span.after_ms = at_ms;
		}
		if (follows(&other[i], own) && at_ms < span.before_ms) {
			span.before_ms = at_ms;
		}
	}
	return span;
}

/* Whether the goods were last sent to one country, and now come from another. */
static bool is_elsewhere(const struct passage *other, const struct passage *own)
{
	bool before = other->version.time_ms <= own->version.time_ms;
	struct tw_slice bound = before ? other->said.of[TW_PARTICULAR_BOUND] : own->said.of[TW_PARTICULAR_BOUND];
	struct tw_slice sent = before ? own->said.of[TW_PARTICULAR_SENT] : other->said.of[TW_PARTICULAR_SENT];
	return bound.len && sent.len && !tw_slice_equal(bound, sent);
}

bool tw_asks_of_passage(enum tw_metric metric)
{
	return metric >= TW_METRIC_MARKING_LIVE && metric <= TW_METRIC_MARKING_PASSED_ON;
}

/* The nearest in time before the event, and the nearest after it: goods move from one hand to the next. */
static bool is_nearest(const struct tw_list *others, uint32_t number, const struct passage *own)
{
	const struct passage *other = others->data;
	int64_t at_ms = other[number].version.time_ms, own_ms = own->version.time_ms;
	for (uint32_t i = 0; i < others->count; i++) {
		int64_t held_ms = other[i].version.time_ms;
		if ((at_ms <= own_ms && held_ms > at_ms && held_ms <= own_ms) || (at_ms > own_ms && held_ms > own_ms && held_ms < at_ms)) {
			return false;
		}
	}
	return true;
}

/* Whether the question counts that one of the others. */
static bool is_counted(const struct tw_question *question, const struct tw_list *others, uint32_t number, const struct passage *own,
                       const struct span *span)
{
	const struct passage *other = &((const struct passage *)others->data)[number];
	int64_t at_ms = other->version.time_ms;
	if (!tw_is_recent(question, at_ms)) {
		return false;
	}
	if (question->query->metric == TW_METRIC_MARKING_PASSED_ON) {
		return follows(own, other);
	}
	bool live = !tw_is_carried_on(question, other->consignment) && at_ms > span->after_ms && at_ms < span->before_ms;
	return live && (question->query->metric != TW_METRIC_MARKING_ELSEWHERE || (is_nearest(others, number, own) && is_elsewhere(other, own)));
}

bool tw_answer_passage(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	enum tw_metric metric = question->query->metric;
	struct tw_list others = {NULL, 0, 0};
	struct tw_recent recent = {.answer = answer};
	struct passage own;
	int64_t count = 0;
	bool exact = metric == TW_METRIC_MARKING_LIVE || !question->parts;
	if (question->event->family != TW_FAMILY_MANIFEST || (metric == TW_METRIC_OVERLAPS_LIVE && !question->parts)) {
		return true;
	}
	if (!(exact ? stating(question, arena, &others) : overlapping(question, arena, &others)) ||
	    (others.count && !own_passage(question, arena, &own))) {
		return false;
	}
	const struct passage *other = others.data;
	const struct span span = others.count ? live_span(&others, &own) : (struct span){0, 0};
	for (uint32_t i = 0; i < others.count; i++) {
		if (is_counted(question, &others, i, &own, &span)) {
			tw_recent_add(&recent, &other[i].version, other[i].consignment);
			count++;
		}
	}
	if (others.count) {
		tw_answer_value(answer, count);
	}
	return true;
}
