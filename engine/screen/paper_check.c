/**
 * @file paper_check.c
 * See paper_check.h.
 */
#include "engine/screen/paper_check.h"

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "feeds/name_alike.h"

static bool is_alike(const struct tw_party *party, const struct tw_named *named, struct tw_arena *arena, bool *full)
{
	uint16_t country = tw_country_code(tw_slice_of(tw_stated(party->country.span) ? party->country : party->address.country));
	if (country && named->country && country != named->country) {
		return false;
	}
	return tw_name_alike(tw_slice_of(party->name), named->name, arena, full) ||
	       tw_name_alike(tw_slice_of(party->original_name), named->name, arena, full);
}

static void named_as(const struct tw_party *party, struct tw_arena *arena, struct tw_history_answer *answer, bool *full)
{
	for (uint32_t i = 0; i < answer->named_count && answer->value == TW_NAMED_NOT; i++) {
		if (answer->named[i].role && is_alike(party, &answer->named[i], arena, full)) {
			answer->value = answer->named[i].role;
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
