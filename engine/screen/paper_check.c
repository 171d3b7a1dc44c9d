/**
 * @file paper_check.c
 * See paper_check.h.
 */
#include "engine/screen/paper_check.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "feeds/name_alike.h"

static bool is_alike(const struct tw_drawn_party *party, const struct tw_named *named, struct tw_arena *arena, bool *full)
{
	if (party->country && named->country && party->country != named->country) {
		return false;
	}
	return tw_name_alike(party->name, named->name, arena, full) || tw_name_alike(party->original_name, named->name, arena, full);
}

static void named_as(const struct tw_party *subject, struct tw_arena *arena, struct tw_history_answer *answer, bool *full)
{
	struct tw_text country = tw_stated(subject->country.span) ? subject->country : subject->address.country;
	const struct tw_drawn_party own = {
	    {"", 0}, tw_country_code(tw_slice_of(country)), tw_slice_of(subject->name), tw_slice_of(subject->original_name), 0};
	for (uint32_t i = 0; i < answer->named_count && answer->value == TW_NAMED_NOT; i++) {
		if (answer->named[i].role && is_alike(&own, &answer->named[i], arena, full)) {
			answer->value = answer->named[i].role;
		}
	}
}

/* Consignments with a party that nobody named is like. */
static void drawn_by_others(struct tw_arena *arena, struct tw_history_answer *answer, bool *full)
{
	const struct tw_drawn_party *last = NULL;
	answer->value = 0;
	for (uint32_t i = 0; i < answer->drawn_count && !*full; i++) {
		const struct tw_drawn_party *party = &answer->drawn[i];
		bool alike = last && tw_slice_equal(last->consignment, party->consignment); /* counted */
		for (uint32_t k = 0; k < answer->named_count && !alike; k++) {
			alike = is_alike(party, &answer->named[k], arena, full);
		}
		if (!alike) {
			last = party;
			answer->value++;
			if (answer->related_count < sizeof(answer->related) / sizeof(answer->related[0])) {
				answer->related[answer->related_count++] = party->consignment;
			}
		}
	}
}

/* Receivers who are not another one's name written otherwise; what remains stands first, for who tells of it. */
static void received_by_others(struct tw_arena *arena, struct tw_history_answer *answer, bool *full)
{
	struct tw_drawn_party *others = tw_arena_alloc_raw(arena, (answer->drawn_count + (size_t)1) * sizeof(*others));
	uint32_t count = 0;
	*full = *full || !others;
	for (uint32_t i = 0; i < answer->drawn_count && !*full; i++) {
		const struct tw_drawn_party *party = &answer->drawn[i];
		bool alike = false;
		for (uint32_t k = 0; k < answer->named_count && !alike; k++) {
			alike = answer->named[k].role == party->role && is_alike(party, &answer->named[k], arena, full);
		}
		if (!alike) {
			others[count++] = *party;
		}
	}
	answer->drawn = others;
	answer->drawn_count = others ? count : 0;
	answer->stated = answer->drawn_count > 0;
	answer->value = answer->stated ? others[0].role : 0;
}

/* Whether a side of a consignment is who stands there on the own one: by name, or because a certificate's party is both. */
static bool is_of_side(const struct tw_drawn_party *party, const struct tw_history_answer *answer, struct tw_arena *arena, bool *full)
{
	const uint32_t certified = party->role == TW_ROLE_CONSIGNOR ? TW_ROLE_EXPORTER : TW_ROLE_END_USER;
	for (uint32_t i = 0; i < answer->named_count && !*full; i++) {
		const struct tw_named *own = &answer->named[i];
		const struct tw_drawn_party as_drawn = {.country = own->country, .name = own->name};
		if (own->role != party->role) {
			continue;
		}
		if (is_alike(party, own, arena, full)) {
			return true;
		}
		for (uint32_t k = 0; k < answer->named_count && !*full; k++) {
			const struct tw_named *named = &answer->named[k];
			if (named->role == certified && is_alike(party, named, arena, full) && is_alike(&as_drawn, named, arena, full)) {
				return true;
			}
		}
	}
	return false;
}

/* Of consignments that keys do not tell to be of one transaction, those whose consignor or consignee is nobody's other spelling. */
static void transacted_by_others(struct tw_arena *arena, struct tw_history_answer *answer, bool *full)
{
	for (uint32_t i = 0; i < answer->drawn_count && !*full;) {
		struct tw_slice consignment = answer->drawn[i].consignment;
		bool one = true;
		while (i < answer->drawn_count && tw_slice_equal(answer->drawn[i].consignment, consignment)) {
			const uint32_t role = answer->drawn[i].role;
			bool alike = false;
			for (; i < answer->drawn_count && answer->drawn[i].role == role && tw_slice_equal(answer->drawn[i].consignment, consignment); i++) {
				alike = alike || is_of_side(&answer->drawn[i], answer, arena, full);
			}
			one = one && alike;
		}
		answer->value += !one;
		if (!one && answer->related_count < sizeof(answer->related) / sizeof(answer->related[0])) {
			answer->related[answer->related_count++] = consignment;
		}
	}
}

static int32_t day_of(const struct tw_event *event, const struct tw_date *signed_on)
{
	const struct tw_date *issued = &event->certificate.issued;
	return signed_on && tw_stated(signed_on->span) ? signed_on->day : tw_stated(issued->span) ? issued->day : tw_instant_day(event->time.ms);
}

void tw_paper_check(const struct tw_specimens *specimens, const struct tw_event *event, const struct tw_history_query *query, struct tw_arena *arena,
                    struct tw_history_answer *answer, bool *full)
{
	if (query->metric == TW_METRIC_NAMED_AS) {
		if (answer->stated) {
			named_as(query->subject, arena, answer, full);
		}
		return;
	}
	if (query->metric == TW_METRIC_RECEIVER_CHANGED) {
		received_by_others(arena, answer, full);
		return;
	}
	if (query->metric == TW_METRIC_OTHER_TRANSACTIONS || query->metric == TW_METRIC_LICENCE_OTHERS) {
		transacted_by_others(arena, answer, full);
		return;
	}
	if (query->metric != TW_METRIC_SIGNATORY && query->metric != TW_METRIC_OFFICE) {
		drawn_by_others(arena, answer, full);
		return;
	}
	const struct tw_issuer *issuer = &event->certificate.issuer;
	const struct tw_signatory *signatory = query->metric == TW_METRIC_SIGNATORY ? query->subject : NULL;
	if (event->family != TW_FAMILY_CERTIFICATE || (signatory && !tw_stated(signatory->name.span))) {
		return;
	}
	const struct tw_specimen_question question = {.country = tw_country_code(tw_slice_of(issuer->country)),
	                                              .authority = tw_slice_of(issuer->authority),
	                                              .office = tw_slice_of(issuer->office),
	                                              .name = signatory ? tw_slice_of(signatory->name) : (struct tw_slice){"", 0},
	                                              .day = day_of(event, signatory ? &signatory->signed_on : NULL)};
	enum tw_specimen says = tw_specimens_ask(specimens, &question, arena, full);
	answer->stated = says != 0;
	answer->value = (int64_t)says;
}
