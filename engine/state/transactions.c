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

/* Whether no two of them are different contracts. @param contract of the certificate; 0: it names none */
static bool is_one_contract(const struct tw_draw_said *a, const struct tw_draw_said *b, uint64_t contract)
{
	const uint64_t named[] = {a->contract, b->contract, contract};
	uint64_t common = 0;
	for (uint32_t i = 0; i < 3; i++) {
		if (named[i] && common && named[i] != common) {
			return false;
		}
		common = named[i] ? named[i] : common;
	}
	return true;
}

static const enum tw_party_role both_ends[] = {TW_ROLE_CONSIGNOR, TW_ROLE_CONSIGNEE};

static bool names(const struct tw_draw_said *said, enum tw_party_role role)
{
	for (uint32_t i = 0; i < said->party_count; i++) {
		if (said->party[i].party.role == role && said->party[i].party.name.len) {
			return true;
		}
	}
	return false;
}

/*
 * Under both names for a side, they may be one. What is to be compared goes into `drawn`: names that are alike are the screener's to find.
 * @return enum tw_verdict: whether it is one transaction, as far as keys tell
 */
static enum tw_verdict held(const struct tw_draw_said *one, const struct tw_draw_said *other, struct tw_slice consignment, struct tw_arena *arena,
                            struct tw_list *drawn, bool *full)
{
	enum tw_verdict verdict = TW_SAYS_YES;
	const uint32_t before = drawn->count;
	for (uint32_t r = 0; r < sizeof(both_ends) / sizeof(both_ends[0]) && verdict != TW_SAYS_NO; r++) {
		if (share(one, other, both_ends[r])) {
			continue;
		}
		verdict = names(one, both_ends[r]) && names(other, both_ends[r]) ? TW_SAYS_NOTHING : TW_SAYS_NO;
		for (uint32_t i = 0; i < other->party_count && verdict != TW_SAYS_NO; i++) {
			const struct tw_draw_party *party = &other->party[i];
			struct tw_drawn_party *kept =
			    party->party.role == both_ends[r] && party->party.name.len ? tw_list_push(arena, drawn, sizeof(*kept)) : NULL;
			if (kept) {
				*kept = (struct tw_drawn_party){consignment, party->party.country, party->party.name, party->original_name, both_ends[r]};
			}
			*full = *full || (party->party.role == both_ends[r] && party->party.name.len && !kept);
		}
	}
	drawn->count = verdict == TW_SAYS_NO ? before : drawn->count;
	return verdict == TW_SAYS_NO || drawn->count == before ? verdict : TW_SAYS_NOTHING;
}

/* The own ones by their roles; those of the certificate as exporters and end-users, by their side. @return false at the arena's ceiling */
static bool named_put(const struct tw_draw_said *one, const struct tw_paper *paper, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_named *named = tw_arena_alloc_raw(arena, (one->party_count + (size_t)paper->party_count + 1) * sizeof(*named));
	uint32_t count = 0;
	for (uint32_t i = 0; named && i < one->party_count; i++) {
		const struct tw_paper_party *party = &one->party[i].party;
		if (party->role == TW_ROLE_CONSIGNOR || party->role == TW_ROLE_CONSIGNEE) {
			named[count++] = (struct tw_named){party->role, party->country, party->name};
		}
	}
	for (uint32_t i = 0; named && i < paper->party_count; i++) {
		const struct tw_paper_party *party = &paper->parties[i];
		named[count++] = (struct tw_named){tw_role_sends(party->role) ? TW_ROLE_EXPORTER : TW_ROLE_END_USER, party->country, party->name};
	}
	answer->named = named;
	answer->named_count = count;
	return named;
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

/* Whoever received under one of them is who sends the other: what goes on, or back, names the licence under which it came. */
static bool goes_on(const struct tw_draw_said *from, const struct tw_draw_said *to)
{
	for (uint32_t i = 0; i < from->party_count; i++) {
		const struct tw_paper_party *party = &from->party[i].party;
		if (party->role == TW_ROLE_CONSIGNEE && party->key && has(to, TW_ROLE_CONSIGNOR, party->key)) {
			return true;
		}
	}
	return false;
}

/* Whether what decides beside the two ends says that they are two transactions. @param settled whether it decides at all */
static bool is_told_apart(const struct tw_question *question, const struct tw_draw_said *one, const struct tw_draw_said *other, uint64_t contract,
                          bool *settled)
{
	const bool licence = question->query->metric == TW_METRIC_LICENCE_OTHERS;
	const bool apart = !one || (!licence && !is_one_contract(one, other, contract));
	*settled = apart || (licence && (goes_on(one, other) || goes_on(other, one)));
	return apart;
}

/* Every draw but the own one. @return false at the arena's ceiling */
static bool others_hold(const struct tw_question *question, const struct tw_element *own, const struct tw_draw_said *one, uint64_t contract,
                        struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_side words = {question->state, 0, TW_ELEMENT_DRAW_SAID};
	struct tw_recent recent = {.answer = answer};
	struct tw_list drawn = {NULL, 0, 0};
	struct tw_draw_said other = {.contract = 0};
	int64_t count = 0;
	bool full = false;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *draw = &question->state->elements[i];
		if (draw == own || !tw_element_is(draw, TW_ELEMENT_DRAW) || !tw_draws_stand(draw->bytes) || !words_find(&words, draw, &other) ||
		    tw_is_carried_on(question, tw_element_tail(draw))) {
			continue;
		}
		bool settled = false;
		bool apart = is_told_apart(question, one, &other, contract, &settled);
		if (!settled) {
			apart = held(one, &other, tw_element_tail(draw), arena, &drawn, &full) == TW_SAYS_NO;
		}
		if (apart) {
			tw_recent_add(&recent, &draw->version, tw_element_tail(draw));
			count++;
		}
	}
	answer->drawn = drawn.data;
	answer->drawn_count = drawn.count;
	tw_answer_value(answer, count);
	return !full;
}

bool tw_answer_transactions(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_element *own = held_against(question);
	struct tw_draw_said one = {.contract = 0};
	struct tw_paper paper = {.party_count = 0};
	bool kept = false, full = false;
	enum tw_code code = tw_terms_paper(question->state, arena, &paper, &kept);
	uint64_t contract = code == TW_OK && kept ? tw_contract_hash(paper.contract, arena, &full) : 0;
	struct tw_side own_words = {question->state, 0, TW_ELEMENT_DRAW_SAID};
	bool told = own && words_find(&own_words, own, &one);
	if (!own) {
		tw_answer_value(answer, 0);
		return !full && code != TW_E_MEMORY;
	}
	bool whole = others_hold(question, own, told ? &one : NULL, contract, arena, answer);
	paper.party_count = kept ? paper.party_count : 0;
	return whole && (!answer->drawn_count || named_put(&one, &paper, arena, answer)) && !full && code != TW_E_MEMORY;
}
