/**
 * @file suppress.c
 * See suppress.h. Only rules that fired are looked up, and nearly none has a row: the event itself is looked at last.
 */
#include "engine/screen/suppress.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "feeds/suppressions.h"

#define COUNTRY_LETTERS 2U

struct asking {
	const struct tw_event *event;
	const struct tw_list *parties; /* struct tw_party; NULL: events of its family name none */
	const char *parties_at;        /* pointer of the list, with its slash */
	struct tw_arena *arena;
	bool failed;
};

static void parties_of(struct asking *asking)
{
	static const char *const at[] = {"/consignment/parties/", "/certificate/parties/"};
	bool manifest = asking->event->family == TW_FAMILY_MANIFEST;
	if (manifest || asking->event->family == TW_FAMILY_CERTIFICATE) {
		asking->parties = manifest ? &asking->event->consignment.parties : &asking->event->certificate.parties;
		asking->parties_at = at[!manifest];
	}
}

/* ---- whom a row is about ---- */

static bool keys_equal(struct asking *asking, struct tw_slice key, struct tw_slice wanted)
{
	asking->failed |= !key.ptr;
	return key.ptr && tw_slice_equal(key, wanted);
}

static uint16_t country_of(struct tw_text text)
{
	return tw_country_code(tw_slice_of(text));
}

static bool number_agrees(struct asking *asking, const struct tw_suppression *row, const struct tw_party *party)
{
	const struct tw_id *ids = party->ids.data;
	for (uint32_t i = 0; i < party->ids.count; i++) {
		if (keys_equal(asking, tw_text_alnum(tw_slice_of(ids[i].value), asking->arena), row->identifier_key)) {
			return true;
		}
	}
	return false;
}

static bool party_agrees(struct asking *asking, const struct tw_suppression *row, const struct tw_party *party)
{
	if (row->country && row->country != country_of(party->country) && row->country != country_of(party->address.country)) {
		return false;
	}
	if (row->name_key.len && !keys_equal(asking, tw_text_fold(tw_slice_of(party->name), asking->arena), row->name_key)) {
		return false;
	}
	return row->identifier_key.len == 0 || number_agrees(asking, row, party);
}

static bool leg_agrees(struct asking *asking, const struct tw_suppression_place *wanted, const struct tw_leg *leg)
{
	struct tw_slice place = tw_text_alnum(tw_slice_of(leg->place), asking->arena);
	asking->failed |= !place.ptr;
	struct tw_slice begin = {place.ptr, place.len < COUNTRY_LETTERS ? place.len : COUNTRY_LETTERS};
	if (wanted->place.len) {
		return place.ptr && tw_slice_equal(place, wanted->place);
	}
	return wanted->country == country_of(leg->country) || (place.ptr && wanted->country == tw_country_code(begin));
}

/* @param roles where such an end stands: of a route's begin, or of its end */
static bool end_agrees(struct asking *asking, const struct tw_suppression_place *wanted, const enum tw_leg_role roles[2])
{
	const struct tw_list *route = &asking->event->consignment.route;
	const struct tw_leg *legs = route->data;
	if (!wanted->country) {
		return true;
	}
	for (uint32_t i = 0; asking->event->family == TW_FAMILY_MANIFEST && i < route->count; i++) {
		if ((legs[i].role.value == roles[0] || legs[i].role.value == roles[1]) && leg_agrees(asking, wanted, &legs[i])) {
			return true;
		}
	}
	return false;
}

static struct tw_slice consignment_of(const struct tw_event *event)
{
	switch (event->family) {
	case TW_FAMILY_MANIFEST:
		return tw_slice_of(event->consignment.id);
	case TW_FAMILY_OUTCOME:
		return tw_slice_of(event->outcome.consignment);
	case TW_FAMILY_DECISION:
		return tw_slice_of(event->decision.consignment);
	case TW_FAMILY_CERTIFICATE:
	case TW_FAMILY_MARKING:
	case TW_FAMILY_FACT:
		break;
	}
	return (struct tw_slice){NULL, 0};
}

/* Day, consignment and route; not the party. */
static bool in_force(struct asking *asking, const struct tw_suppression *row)
{
	static const enum tw_leg_role begins[2] = {TW_LEG_ORIGIN, TW_LEG_LOAD}, ends[2] = {TW_LEG_DISCHARGE, TW_LEG_DELIVERY};
	int32_t day = tw_instant_day(asking->event->time.ms);
	if (day < row->decided_day || day > row->expires_day) {
		return false;
	}
	if (row->consignment.len && !tw_slice_equal(row->consignment, consignment_of(asking->event))) {
		return false;
	}
	return end_agrees(asking, &row->from, begins) && end_agrees(asking, &row->to, ends);
}

static bool names_party(const struct tw_suppression *row)
{
	return row->name_key.len || row->identifier_key.len;
}

/* ---- what a finding is about ---- */

/* The number of the party that a piece of evidence points at. @return false: at none */
static bool party_at(const struct asking *asking, struct tw_slice pointer, uint32_t *out)
{
	size_t length = asking->parties_at ? strlen(asking->parties_at) : 0;
	uint32_t at = (uint32_t)length;
	*out = 0;
	if (!length || pointer.len <= length || memcmp(pointer.ptr, asking->parties_at, length) != 0) {
		return false;
	}
	for (; at < pointer.len && pointer.ptr[at] >= '0' && pointer.ptr[at] <= '9' && *out < asking->parties->count; at++) {
		*out = *out * 10 + (uint32_t)(pointer.ptr[at] - '0');
	}
	return *out < asking->parties->count;
}

/* Rows of one rule. @return the first that speaks of this party, NULL: none does */
static const struct tw_suppression *row_for(struct asking *asking, const struct tw_suppression *rows, uint32_t count, const struct tw_party *party)
{
	for (uint32_t i = 0; i < count; i++) {
		if (names_party(&rows[i]) && in_force(asking, &rows[i]) && party_agrees(asking, &rows[i], party)) {
			return &rows[i];
		}
	}
	return NULL;
}

static const struct tw_suppression *by_party(struct asking *asking, const struct tw_suppression *rows, uint32_t count,
                                             const struct tw_finding *finding)
{
	const struct tw_party *parties = asking->parties ? asking->parties->data : NULL;
	const struct tw_suppression *first = NULL;
	bool pointed = false;
	for (uint32_t i = 0; i < finding->evidence_count; i++) {
		uint32_t at;
		if (!parties || !party_at(asking, finding->evidence[i].pointer, &at)) {
			continue;
		}
		const struct tw_suppression *row = row_for(asking, rows, count, &parties[at]);
		pointed = true;
		first = first ? first : row;
		if (!row || finding->evidence_count >= TW_EVIDENCE_MAX) {
			return NULL;
		}
	}
	for (uint32_t i = 0; !pointed && !first && parties && i < asking->parties->count; i++) {
		first = row_for(asking, rows, count, &parties[i]);
	}
	return first;
}

/* @return the row that suppresses the finding; NULL: none */
static const struct tw_suppression *row_of(struct asking *asking, const struct tw_suppressions *suppressions, const struct tw_finding *finding)
{
	uint32_t count;
	const struct tw_suppression *rows = tw_suppressions_of(suppressions, finding->rule->id, &count), *found = NULL;
	if (!rows) {
		return NULL;
	}
	struct tw_arena_mark mark = tw_arena_mark(asking->arena); /* keys are needed to compare alone */
	for (uint32_t i = 0; !found && i < count; i++) {
		found = !names_party(&rows[i]) && in_force(asking, &rows[i]) ? &rows[i] : NULL;
	}
	found = found ? found : by_party(asking, rows, count, finding);
	tw_arena_rewind(asking->arena, mark);
	return found;
}

/* ---- taking out ---- */

/* Goods that the law would have held do not pass unseen: the finding stays as a reason that informs. */
static bool inform_instead(struct tw_finding *finding, struct tw_arena *arena)
{
	struct tw_rule_info *informs = tw_arena_alloc(arena, sizeof(*informs));
	if (informs) {
		*informs = *finding->rule;
		informs->action = TW_ACTION_INFORM;
		informs->lane = (enum tw_lane)0;
		finding->rule = informs;
	}
	return informs != NULL;
}

static bool take(struct asking *asking, const struct tw_suppression *row, struct tw_finding *finding, struct tw_list *list)
{
	struct tw_suppressed *one = tw_list_push(asking->arena, list, sizeof(*one));
	if (one) {
		*one = (struct tw_suppressed){.finding = *finding, .reason = row->reason, .author = row->author, .until_day = row->expires_day};
	}
	return one != NULL;
}

enum tw_code tw_suppress(const struct tw_suppressions *suppressions, const struct tw_event *event, struct tw_arena *arena,
                         struct tw_findings *findings, struct tw_suppressed_list *out, struct tw_error *err)
{
	struct asking asking = {.event = event, .arena = arena};
	struct tw_list list = {NULL, 0, 0};
	uint32_t kept = 0;
	*out = (struct tw_suppressed_list){NULL, 0};
	if (!suppressions || findings->count == 0) {
		return TW_OK;
	}
	parties_of(&asking);
	for (uint32_t i = 0; i < findings->count && !asking.failed; i++) {
		struct tw_finding finding = findings->finding[i];
		const struct tw_suppression *row = row_of(&asking, suppressions, &finding);
		bool hold = finding.rule->action == TW_ACTION_HOLD;
		if (row) {
			asking.failed |= !take(&asking, row, &finding, &list) || (hold && !inform_instead(&finding, arena));
		}
		if (!row || hold) {
			findings->finding[kept++] = finding;
		}
	}
	if (asking.failed) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "the batch's memory is full while suppressions are looked at", NULL, NULL);
	}
	findings->count = kept;
	*out = (struct tw_suppressed_list){list.data, list.count};
	return TW_OK;
}
