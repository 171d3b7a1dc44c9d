/**
 * @file transactions.c
 * See transactions.h.
 */
#include "engine/state/transactions.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/state/draw_said.h"
#include "engine/state/paper.h"

/* The words of a draw, if they are of the version that stands. */
static bool words_find(struct tw_side *words, const struct tw_element *draw, struct tw_draw_said *said)
{
	const struct tw_element *element = tw_side_find(words, tw_element_tail(draw));
	return element && element->version.time_ms == draw->version.time_ms && element->version.id == draw->version.id &&
	       tw_draw_said_read(element, said);
}

static bool has(const struct tw_draw_said *said, uint32_t role, uint64_t key)
{
	for (uint32_t i = 0; i < said->party_count; i++) {
		if (said->party[i].party.role == role && said->party[i].party.key == key) {
			return true;
		}
	}
	return false;
}

static bool share(const struct tw_draw_said *a, const struct tw_draw_said *b, uint32_t role)
{
	for (uint32_t i = 0; i < a->party_count; i++) {
		const struct tw_paper_party *party = &a->party[i].party;
		if (party->role == role && party->key && has(b, role, party->key)) {
			return true;
		}
	}
	return false;
}

/* @param contract of the certificate; 0: it names none */
static bool is_one(const struct tw_draw_said *a, const struct tw_draw_said *b, uint64_t contract)
{
	const uint64_t named[] = {a->contract, b->contract, contract};
	uint64_t common = 0;
	for (uint32_t i = 0; i < 3; i++) {
		if (named[i] && common && named[i] != common) {
			return false;
		}
		common = named[i] ? named[i] : common;
	}
	return share(a, b, TW_ROLE_CONSIGNOR) && share(a, b, TW_ROLE_CONSIGNEE);
}

/* The draw that the others are held against: the event's own, of another event the first. NULL: there is none */
static const struct tw_element *held_against(const struct tw_question *question)
{
	const struct tw_element *first = NULL;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		if (!tw_element_is(element, TW_ELEMENT_DRAW) || !tw_draws_stand(element->bytes)) {
			continue;
		}
		if (question->consignment.len && !tw_is_others(question, element, TW_ELEMENT_DRAW)) {
			return element;
		}
		first = !first || element->version.time_ms < first->version.time_ms ? element : first;
	}
	return question->event->family == TW_FAMILY_MANIFEST ? NULL : first;
}

bool tw_answer_transactions(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_element *own = held_against(question);
	struct tw_draw_said one = {.contract = 0}, other = {.contract = 0};
	struct tw_recent recent = {.answer = answer};
	struct tw_paper paper;
	bool kept = false, full = false;
	enum tw_code code = tw_terms_paper(question->state, arena, &paper, &kept);
	uint64_t contract = code == TW_OK && kept ? tw_contract_hash(paper.contract, arena, &full) : 0;
	struct tw_side own_words = {question->state, 0, TW_ELEMENT_DRAW_SAID}, words = own_words;
	bool told = own && words_find(&own_words, own, &one);
	int64_t count = 0;
	for (uint32_t i = 0; own && i < question->state->element_count; i++) {
		const struct tw_element *draw = &question->state->elements[i];
		bool asked = draw != own && tw_element_is(draw, TW_ELEMENT_DRAW) && tw_draws_stand(draw->bytes);
		if (asked && words_find(&words, draw, &other) && !(told && is_one(&one, &other, contract))) {
			tw_recent_add(&recent, &draw->version, tw_element_tail(draw));
			count++;
		}
	}
	tw_answer_value(answer, count);
	return !full && code != TW_E_MEMORY;
}
