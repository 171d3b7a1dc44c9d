/**
 * @file confirm.c
 * See confirm.h.
 */
#include "engine/state/confirm.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/state/due.h"
#include "engine/state/facts.h"
#include "engine/state/ledger.h"
#include "engine/state/question.h"
#include "engine/state/words.h"

static const struct tw_slice none = {"", 0};

/* What a certificate's record knows of its use and its confirmation. */
struct use {
	bool known, used, settled; /* settled: confirmed, or found to be worth nothing */
	int64_t first_ms;
};

static bool settles(enum tw_event_type type)
{
	return type == TW_CERTIFICATE_AUTHENTICATED || type == TW_CERTIFICATE_AUTHENTICATION_FAILED || type == TW_CERTIFICATE_REVOKED ||
	       type == TW_CERTIFICATE_REPORTED_LOST;
}

static struct use use_of(const struct tw_state *state)
{
	struct use use = {.first_ms = INT64_MAX};
	for (uint32_t i = 0; state && i < state->element_count; i++) {
		const struct tw_element *element = &state->elements[i];
		int64_t at_ms;
		use.known = use.known || tw_element_is(element, TW_ELEMENT_TERMS);
		use.settled = use.settled || settles(tw_status_read(element, &at_ms));
		if (tw_element_is(element, TW_ELEMENT_DRAW) && tw_draws_stand(element->bytes)) {
			use.used = true;
			use.first_ms = element->version.time_ms < use.first_ms ? element->version.time_ms : use.first_ms;
		}
	}
	return use;
}

static bool is_awaited(const struct use *use)
{
	return use->known && use->used && !use->settled;
}

/* ---- facts ---- */

static struct tw_event *fact_new(enum tw_event_type type, int64_t time_ms, struct tw_slice certificate, int32_t first, int32_t day,
                                 struct tw_arena *arena, struct tw_list *facts)
{
	struct tw_event *fact = tw_fact_new(arena, facts, type, time_ms);
	if (!fact || !tw_fact_text_add(arena, &fact->fact.certificates, certificate)) {
		return NULL;
	}
	fact->fact.from = (struct tw_date){first, TW_FACT_STATED};
	fact->fact.day = (struct tw_date){day, TW_FACT_STATED};
	return fact;
}

bool tw_confirm_expect(const struct tw_time_policy *policy, const struct tw_state *before, const struct tw_state *after, struct tw_slice certificate,
                       const struct tw_event *event, struct tw_arena *arena, struct tw_list *facts)
{
	struct use was = use_of(before), is = use_of(after);
	int32_t first = is.used ? tw_instant_day(is.first_ms) : 0;
	int64_t late = (int64_t)first + policy->confirm_days + 1;
	bool same = is_awaited(&was) && tw_instant_day(was.first_ms) == first;
	if (policy->confirm_days == 0 || !is_awaited(&is) || same || late < TW_TIME_DAY_MIN || late > TW_TIME_DAY_MAX) {
		return true;
	}
	return fact_new(TW_FACT_CONFIRMATION_EXPECTED, event->time.ms, certificate, first, (int32_t)late, arena, facts);
}

static bool due_new(struct tw_slice certificate, int32_t first, int32_t day, struct tw_arena *arena, struct tw_list *facts)
{
	return fact_new(TW_FACT_CONFIRMATION_DUE, (int64_t)day * TW_DAY_MS, certificate, first, day, arena, facts);
}

bool tw_confirm_due_tell(struct tw_slice certificate, int32_t day, struct tw_slice says, struct tw_arena *arena, struct tw_list *facts)
{
	struct tw_cursor cursor = tw_cursor_of(says);
	int32_t first = (int32_t)tw_zigzag_take(&cursor);
	return cursor.bad || due_new(certificate, first, day, arena, facts);
}

bool tw_confirm_due_again(const struct tw_event *expected, struct tw_arena *arena, struct tw_list *facts)
{
	const struct tw_fact_body *fact = &expected->fact;
	return due_new(tw_slice_of(*(const struct tw_text *)fact->certificates.data), fact->from.day, fact->day.day, arena, facts);
}

/* ---- records ---- */

void tw_confirm_mention(struct tw_drafts *drafts, const struct tw_event *event)
{
	const struct tw_fact_body *fact = &event->fact;
	struct tw_slice certificate = fact->certificates.count == 1 ? tw_slice_of(*(const struct tw_text *)fact->certificates.data) : none;
	bool dated = tw_stated(fact->from.span) && tw_stated(fact->day.span) && fact->day.day >= TW_TIME_DAY_MIN && fact->day.day <= TW_TIME_DAY_MAX;
	if (certificate.len == 0 || certificate.len > TW_KEY_BYTES_MAX || !dated) {
		drafts->code = drafts->code ? drafts->code : TW_E_CORRUPT;
		return;
	}
	unsigned char *first = tw_arena_alloc_raw(drafts->arena, TW_VARINT_BYTES);
	struct tw_slice says = {(const char *)first, 0};
	if (first) {
		says.len = (uint32_t)(tw_zigzag_put(first, fact->from.day) - first);
	}
	tw_due_wait(drafts, fact, certificate, none, says);
}

/* ---- answers ---- */

static bool told(const struct tw_state *state, int64_t before_ms)
{
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *element = &state->elements[i];
		if (tw_element_is(element, TW_ELEMENT_TOLD) && element->key.len == 1) {
			return element->version.time_ms >= before_ms;
		}
	}
	return false;
}

/* Every consignment that used it: each travels, or travelled, on a paper that nobody vouches for. */
static void users_add(const struct tw_state *state, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *element = &state->elements[i];
		if (tw_element_is(element, TW_ELEMENT_DRAW) && tw_draws_stand(element->bytes)) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
		}
	}
}

bool tw_answer_confirm(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_event *event = question->event;
	const struct use use = use_of(question->state);
	if (question->query->metric == TW_METRIC_CONFIRMATION_SETTLED) {
		bool asked = event->type == TW_CERTIFICATE_AUTHENTICATED && is_awaited(&use) && told(question->state, INT64_MIN);
		const struct tw_state *with =
		    asked ? tw_words_heard(tw_state_with(question->state, question->operation, arena), arena) : question->state;
		bool settled = asked && use_of(with).settled;
		if (settled) {
			users_add(question->state, answer);
		}
		tw_answer_value(answer, settled);
		return with;
	}
	int64_t today = tw_instant_day(event->time.ms), first = is_awaited(&use) ? tw_instant_day(use.first_ms) : INT64_MAX;
	bool meant = !tw_stated(event->fact.from.span) || event->fact.from.day == first; /* the first use is the one that was counted from */
	if (event->type == TW_CERTIFICATE_CONFIRMATION_DUE && meant && first <= today && !told(question->state, today * TW_DAY_MS)) {
		users_add(question->state, answer);
		tw_answer_value(answer, today - first);
	}
	return true;
}
