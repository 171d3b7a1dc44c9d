/**
 * @file words.c
 * See words.h.
 */
#include "engine/state/words.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/state/draw_said.h"
#include "engine/state/field.h"
#include "engine/state/ledger.h"
#include "engine/state/paper.h"

/* ---- written ---- */

static struct tw_slice speaker_of(const struct tw_event *event)
{
	const struct tw_certificate *certificate = &event->certificate;
	return tw_slice_of(tw_stated(certificate->by.span) ? certificate->by : certificate->reported_by);
}

void tw_words_put(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate, const struct tw_element *about)
{
	struct tw_slice speaker = tw_text_head(speaker_of(event), TW_PAPER_TEXT_MAX);
	bool says = event->type == TW_CERTIFICATE_AUTHENTICATED || event->type == TW_CERTIFICATE_DELIVERY_VERIFIED;
	if (drafts->code || !says || speaker.len == 0) {
		return;
	}
	struct tw_slice key = tw_element_key(TW_ELEMENT_WORD, about->key, drafts->arena);
	drafts->code = key.ptr ? TW_OK : TW_E_MEMORY;
	tw_drafts_put(drafts, certificate, (struct tw_element){key, about->version, speaker});
}

/* ---- who trades ---- */

struct trader {
	uint32_t role;
	bool government;
	struct tw_slice name; /* folded */
};

/* @return false at the arena's ceiling */
static bool trader_add(const struct tw_paper_party *party, bool government, struct tw_arena *arena, struct tw_list *traders)
{
	struct tw_slice name = tw_text_fold(party->name, arena);
	struct trader *trader = name.len && party->role ? tw_list_push(arena, traders, sizeof(*trader)) : NULL;
	if (trader) {
		*trader = (struct trader){party->role, government, name};
	}
	return name.ptr && (trader || name.len == 0 || !party->role);
}

/* @param traders struct trader @return false at the arena's ceiling */
static bool traders_of(const struct tw_state *state, struct tw_arena *arena, struct tw_list *traders)
{
	struct tw_paper paper;
	struct tw_draw_said said;
	bool kept = false;
	enum tw_code code = tw_terms_paper(state, arena, &paper, &kept);
	bool whole = code != TW_E_MEMORY;
	for (uint32_t i = 0; code == TW_OK && kept && i < paper.party_count && whole; i++) {
		whole = trader_add(&paper.parties[i], paper.parties[i].government, arena, traders);
	}
	for (uint32_t i = 0; i < state->element_count && whole; i++) {
		if (!tw_element_is(&state->elements[i], TW_ELEMENT_DRAW_SAID) || !tw_draw_said_read(&state->elements[i], &said)) {
			continue;
		}
		for (uint32_t k = 0; k < said.party_count && whole; k++) {
			whole = trader_add(&said.party[k].party, said.party[k].government, arena, traders);
		}
	}
	return whole;
}

static bool is_name(struct tw_slice speaker, struct tw_slice name)
{
	bool more = speaker.len > name.len && speaker.ptr[name.len] == ' ';
	return (speaker.len == name.len || more) && memcmp(speaker.ptr, name.ptr, name.len) == 0;
}

/* Who may say it although he trades: of a certificate its end-user, of goods whoever received them. */
static bool may_say(uint32_t role, bool delivery)
{
	return role == TW_ROLE_END_USER || (delivery && (role == TW_ROLE_CONSIGNEE || role == TW_ROLE_BUYER || role == TW_ROLE_NOTIFY));
}

/* @param speaker folded @return whether he trades, and in no part in which he may say so */
static bool is_own(struct tw_slice speaker, const struct tw_list *traders, bool delivery)
{
	const struct trader *trader = traders->data;
	bool own = false;
	for (uint32_t i = 0; i < traders->count; i++) {
		if (is_name(speaker, trader[i].name)) {
			if (trader[i].government || may_say(trader[i].role, delivery)) {
				return false;
			}
			own = true;
		}
	}
	return own;
}

/* ---- what does not count ---- */

static bool is_word(const struct tw_element *element)
{
	return tw_element_is(element, TW_ELEMENT_WORD) && element->key.len > 1;
}

static bool has_words(const struct tw_state *state)
{
	for (uint32_t i = state->element_count; i > 0 && state->elements[i - 1].key.len; i--) {
		unsigned char class = (unsigned char)state->elements[i - 1].key.ptr[0];
		if (class <= (unsigned char)TW_ELEMENT_WORD) {
			return class == (unsigned char)TW_ELEMENT_WORD;
		}
	}
	return false;
}

static const struct tw_element *about_of(const struct tw_state *state, const struct tw_element *word)
{
	struct tw_slice key = tw_element_tail(word);
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *element = &state->elements[i];
		if (tw_slice_equal(element->key, key)) {
			bool same = element->version.time_ms == word->version.time_ms && element->version.id == word->version.id;
			return same ? element : NULL;
		}
	}
	return NULL;
}

/* Own words of a record, as numbers of the elements that they are about, ascending by word. @return NULL at the arena's ceiling */
static const struct tw_element **own_words(const struct tw_state *state, struct tw_arena *arena, uint32_t *count)
{
	const struct tw_element **own = tw_arena_alloc_raw(arena, (state->element_count + (size_t)1) * sizeof(const struct tw_element *));
	struct tw_list traders = {NULL, 0, 0};
	*count = 0;
	if (!own || !traders_of(state, arena, &traders)) {
		return NULL;
	}
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *about = is_word(&state->elements[i]) ? about_of(state, &state->elements[i]) : NULL;
		if (!about) {
			continue;
		}
		struct tw_slice speaker = tw_text_fold(state->elements[i].bytes, arena);
		if (!speaker.ptr) {
			return NULL;
		}
		if (is_own(speaker, &traders, tw_element_is(about, TW_ELEMENT_VERIFIED))) {
			own[(*count)++] = about;
		}
	}
	return own;
}

static bool is_among(const struct tw_element *element, const struct tw_element *const *list, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (list[i] == element) {
			return true;
		}
	}
	return false;
}

const struct tw_state *tw_words_heard(const struct tw_state *state, struct tw_arena *arena)
{
	uint32_t count = 0;
	if (!state || !has_words(state)) {
		return state;
	}
	const struct tw_element **own = own_words(state, arena, &count);
	if (!own || count == 0) {
		return own ? state : NULL;
	}
	struct tw_state *out = tw_arena_alloc(arena, sizeof(*out));
	struct tw_element *elements = tw_arena_alloc_raw(arena, state->element_count * sizeof(*elements));
	if (!out || !elements) {
		return NULL;
	}
	*out = *state;
	out->elements = elements;
	out->element_count = 0;
	for (uint32_t i = 0; i < state->element_count; i++) {
		if (!is_among(&state->elements[i], own, count)) {
			elements[out->element_count++] = state->elements[i];
		}
	}
	return out;
}

/* ---- answers ---- */

/* In the part in which he is named first; who is not named, NOT. Nothing where nobody is said to say it. */
static bool answer_said_by(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_list traders = {NULL, 0, 0};
	struct tw_slice speaker = tw_text_fold(speaker_of(question->event), arena);
	if (!speaker.ptr || !traders_of(question->state, arena, &traders)) {
		return false;
	}
	const struct trader *trader = traders.data;
	int64_t role = TW_NAMED_NOT;
	for (uint32_t i = 0; i < traders.count && role == TW_NAMED_NOT; i++) {
		role = is_name(speaker, trader[i].name) ? (int64_t)trader[i].role : TW_NAMED_NOT;
	}
	if (speaker.len && traders.count) {
		tw_answer_value(answer, role);
	}
	return true;
}

bool tw_answer_words(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	uint32_t count = 0;
	if (question->event->family != TW_FAMILY_CERTIFICATE) {
		return true;
	}
	if (question->query->metric == TW_METRIC_SAID_BY) {
		return answer_said_by(question, arena, answer);
	}
	if (!has_words(question->state)) {
		tw_answer_value(answer, 0);
		return true;
	}
	const struct tw_element **own = own_words(question->state, arena, &count);
	for (uint32_t i = 0; own && i < count; i++) {
		if (tw_element_is(own[i], TW_ELEMENT_VERIFIED)) {
			tw_recent_add(&recent, &own[i]->version, tw_element_tail(own[i]));
		}
	}
	tw_answer_value(answer, count);
	return own;
}
