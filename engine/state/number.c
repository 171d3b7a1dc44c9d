/**
 * @file number.c
 * See number.h.
 */
#include "engine/state/number.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/event/keys.h"
#include "engine/state/mark_answer.h"
#include "engine/state/series_part.h"

/* ---- what is kept ---- */

static bool is_kept(const struct tw_drafts *drafts, const struct tw_event *event, const struct tw_marking *mark, struct tw_slice maker)
{
	bool serial = mark->kind.value == TW_MARKING_SERIAL || !tw_stated(mark->kind.span);
	bool reports = event->family == TW_FAMILY_MARKING && tw_marking_status_of(event->type) && maker.len;
	bool ships = event->family == TW_FAMILY_MANIFEST && maker.len == 0;
	return serial && (reports || ships) && !drafts->code && drafts->numbers < TW_NUMBERS_MAX && !tw_serial_is_partial(tw_slice_of(mark->value));
}

void tw_number_mention(struct tw_drafts *drafts, const struct tw_event *event, const struct tw_marking *mark, struct tw_slice make,
                       const struct tw_element *element, const struct tw_particulars *said, uint32_t mention)
{
	struct tw_slice maker = tw_text_alnum(tw_stated(mark->make.span) ? tw_slice_of(mark->make) : make, drafts->arena);
	bool comparable = said->of[TW_PARTICULAR_MODEL].len || said->of[TW_PARTICULAR_CALIBRE].len;
	if (!maker.ptr) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
	}
	if (!comparable || !is_kept(drafts, event, mark, maker)) {
		return;
	}
	uint32_t number = tw_drafts_mention(drafts, TW_ENTITY_MARKING, tw_key_mark_number(tw_slice_of(mark->value), drafts->arena), NULL, NULL);
	static const char stands = TW_DRAW_STANDS;
	struct tw_particulars all = *said;
	all.of[TW_PARTICULAR_MAKER] = maker;
	struct tw_element kept = *element;
	struct tw_slice head = event->family == TW_FAMILY_MANIFEST ? (struct tw_slice){&stands, 1} : element->bytes;
	kept.bytes = number == TW_NO_OPERATION ? kept.bytes : tw_particulars_write(head, &all, drafts->arena);
	if (number == TW_NO_OPERATION || !kept.bytes.ptr) {
		drafts->code = drafts->code || kept.bytes.ptr || number == TW_NO_OPERATION ? drafts->code : TW_E_MEMORY;
		return;
	}
	drafts->numbers++;
	((struct tw_mention *)drafts->mention.data)[mention].number = number;
	tw_drafts_put(drafts, number, kept);
}

bool tw_key_is_number(struct tw_slice key)
{
	return key.len > 1 && key.ptr[0] == '+' && key.ptr[1] == '|';
}

void tw_number_settle(struct tw_drafts *drafts, const struct tw_version *version)
{
	for (uint32_t i = 0; drafts->numbers && i < drafts->draft.count; i++) {
		struct tw_draft *draft = tw_drafts_at(drafts, i);
		struct tw_element *elements = draft->elements.data;
		bool number = draft->operation.kind == TW_ENTITY_MARKING && tw_key_is_number(draft->operation.key);
		for (uint32_t k = 0; number && k < draft->elements.count; k++) {
			elements[k].version = *version;
		}
	}
}

/* ---- reports in the index ---- */

enum index_bit { INDEX_NO_MAKER = 1, INDEX_MAKERS = 2 };

static bool is_grave(enum tw_event_type type)
{
	return type == TW_MARKING_LOST || type == TW_MARKING_STOLEN || type == TW_MARKING_SEIZED || type == TW_MARKING_RECOVERED ||
	       type == TW_MARKING_DESTROYED;
}

void tw_number_report(struct tw_drafts *drafts, const struct tw_event *event, const struct tw_marking *mark, struct tw_slice make,
                      const struct tw_particulars *said, uint32_t mention)
{
	const struct tw_mark_parts *parts = drafts->code ? NULL : ((const struct tw_mention *)drafts->mention.data)[mention].parts;
	if (!parts || parts->index == TW_NO_OPERATION || event->family != TW_FAMILY_MARKING || !is_grave(event->type)) {
		return;
	}
	struct tw_particulars all = *said;
	all.of[TW_PARTICULAR_MAKER] = tw_text_alnum(tw_stated(mark->make.span) ? tw_slice_of(mark->make) : make, drafts->arena);
	struct tw_slice packed = all.of[TW_PARTICULAR_MAKER].ptr ? tw_particulars_write((struct tw_slice){"", 0}, &all, drafts->arena)
	                                                         : (struct tw_slice){NULL, 0};
	if (!packed.ptr || !tw_runs_add(drafts, parts->index, &parts->run, packed)) {
		drafts->code = TW_E_MEMORY;
		return;
	}
	struct tw_draft *index = tw_drafts_at(drafts, parts->index);
	const int64_t bit = all.of[TW_PARTICULAR_MAKER].len ? INDEX_MAKERS : INDEX_NO_MAKER;
	if (index->counters.count) {
		((struct tw_counter *)index->counters.data)[0].value |= bit;
	} else {
		tw_drafts_count(drafts, parts->index, (struct tw_counter){TW_COUNT_NUMBERS, bit});
	}
}

static struct tw_slice maker_of(struct tw_slice key)
{
	const char *bar = key.len ? memchr(key.ptr, '|', key.len) : NULL;
	return (struct tw_slice){key.ptr, bar ? (uint32_t)(bar - key.ptr) : 0};
}

bool tw_number_is_met(const struct tw_operations *operations, const struct tw_priors *priors, const struct tw_mention *mention)
{
	if (!mention->parts || mention->parts->index >= priors->count) {
		return false;
	}
	bool named = maker_of(operations->operation[mention->operation].key).len;
	return tw_prior_counter(priors, mention->parts->index, TW_COUNT_NUMBERS, 0) & (named ? INDEX_NO_MAKER : INDEX_MAKERS);
}

/* ---- answers ---- */

bool tw_asks_of_index(enum tw_metric metric)
{
	return metric >= TW_METRIC_UNNAMED_MODEL && metric <= TW_METRIC_UNNAMED_NUMBER;
}

bool tw_asks_of_number(enum tw_metric metric)
{
	return tw_asks_of_index(metric) || (metric >= TW_METRIC_NUMBER_STATUS_MODEL && metric <= TW_METRIC_NUMBER_SHIPPED_CALIBRE);
}

/* One model; or one calibre, where a model cannot be compared; or neither, and nothing that differs. */
static bool agrees(const struct tw_question *question, const struct tw_weapon *weapon, const struct tw_particulars *said, struct tw_arena *arena,
                   bool *full)
{
	enum tw_metric metric = question->query->metric;
	bool by_model =
	    metric == TW_METRIC_NUMBER_STATUS_MODEL || metric == TW_METRIC_NUMBER_SHIPPED_MODEL || metric == TW_METRIC_UNNAMED_MODEL;
	enum tw_verdict wanted = metric == TW_METRIC_UNNAMED_NUMBER ? TW_SAYS_NOTHING : TW_SAYS_YES;
	enum tw_verdict model = tw_paper_says(TW_METRIC_MODEL_NAMED, weapon->model, said->of[TW_PARTICULAR_MODEL], arena, full);
	enum tw_verdict calibre = tw_paper_says(TW_METRIC_CALIBRE_NAMED, weapon->calibre, said->of[TW_PARTICULAR_CALIBRE], arena, full);
	bool same = by_model ? model == TW_SAYS_YES : model == TW_SAYS_NOTHING && calibre == wanted;
	return same && !tw_weapon_differs(weapon, said, arena, full);
}

static struct tw_particulars said_by(const struct tw_element *element)
{
	struct tw_particulars said = {.of = {{NULL, 0}}};
	uint32_t head = element->bytes.len ? 1 : 0; /* an event's type, or that it stands */
	tw_particulars_read((struct tw_slice){element->bytes.ptr + head, element->bytes.len - head}, &said);
	return said;
}

/* Whether a later report of the same maker's is on record: elements ascend by time. */
static bool is_superseded(const struct tw_state *state, uint32_t number, struct tw_slice maker)
{
	int64_t at_ms;
	for (uint32_t i = number + 1; i < state->element_count; i++) {
		if (tw_element_is(&state->elements[i], TW_ELEMENT_STATUS) && tw_marking_status_of(tw_status_read(&state->elements[i], &at_ms))) {
			struct tw_particulars later = said_by(&state->elements[i]);
			if (tw_slice_equal(later.of[TW_PARTICULAR_MAKER], maker)) {
				return true;
			}
		}
	}
	return false;
}

static bool statuses(const struct tw_question *question, const struct tw_weapon *weapon, struct tw_arena *arena, struct tw_history_answer *answer)
{
	enum tw_marking_status worst = TW_MARKING_STATUS_UNKNOWN;
	bool full = false;
	for (uint32_t i = 0; i < question->state->element_count && !full; i++) {
		const struct tw_element *element = &question->state->elements[i];
		int64_t at_ms;
		if (!tw_element_is(element, TW_ELEMENT_STATUS)) {
			continue;
		}
		enum tw_marking_status status = tw_marking_status_of(tw_status_read(element, &at_ms));
		struct tw_particulars said = said_by(element);
		if (tw_marking_gravity(status) > tw_marking_gravity(worst) && agrees(question, weapon, &said, arena, &full) &&
		    !is_superseded(question->state, i, said.of[TW_PARTICULAR_MAKER])) {
			worst = status;
			answer->key = said.of[TW_PARTICULAR_MAKER];
		}
	}
	answer->stated = worst != TW_MARKING_STATUS_UNKNOWN;
	answer->value = (int64_t)worst;
	return !full;
}

static bool shipments(const struct tw_question *question, const struct tw_weapon *weapon, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	int64_t count = 0;
	bool full = false;
	for (uint32_t i = 0; i < question->state->element_count && !full; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_particulars said = said_by(element);
		if (tw_is_others(question, element, TW_ELEMENT_SIGHTING) && tw_draws_stand(element->bytes) && agrees(question, weapon, &said, arena, &full)) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
			count++;
		}
	}
	tw_answer_value(answer, count);
	return !full;
}

/* ---- answers of the index ---- */

/* Some of the run, as a report states it; what it says of that. @return false: it states none of it */
static bool report_of(const struct tw_element *element, const struct tw_run *run, struct tw_particulars *said)
{
	struct tw_run held;
	uint64_t left = 0;
	struct tw_cursor cursor = tw_runs_read(element, &left);
	while (tw_element_is(element, TW_ELEMENT_REPORTED) && tw_runs_next(&cursor, &left, &held)) {
		if (held.letters == run->letters && held.first <= run->last && run->first <= held.last) {
			*said = (struct tw_particulars){.of = {{NULL, 0}}};
			tw_runs_said(element, held.first > run->first ? held.first : run->first, said);
			return true;
		}
	}
	return false;
}

static enum tw_marking_status reported_as(const struct tw_element *element)
{
	return element->bytes.len ? tw_marking_status_of((enum tw_event_type)(unsigned char)element->bytes.ptr[0]) : TW_MARKING_STATUS_UNKNOWN;
}

/* A serial that a later report of the same maker's, or of none, has too: what that says counts. Of a range some may still be what they were. */
static bool is_taken_back(const struct tw_question *question, uint32_t number, const struct tw_run *run, struct tw_slice maker)
{
	struct tw_particulars said;
	for (uint32_t i = number + 1; run->first == run->last && i < question->state->element_count; i++) {
		const struct tw_element *later = &question->state->elements[i];
		if (later->version.time_ms <= question->event->time.ms && report_of(later, run, &said) &&
		    tw_slice_equal(said.of[TW_PARTICULAR_MAKER], maker)) {
			return true;
		}
	}
	return false;
}

/* Whether this report is one of those asked for: one of the two states a maker, and not both. Serials without one meet +|VALUE, if they can be compared. */
static bool is_asked(const struct tw_question *question, struct tw_slice maker)
{
	const bool named = maker_of(question->operations->operation[question->mention->operation].key).len;
	const struct tw_marking *mark = question->query->subject;
	bool by_value = !named && mark->kind.value != TW_MARKING_SERIAL_RANGE && question->query->metric != TW_METRIC_UNNAMED_NUMBER;
	return named ? maker.len == 0 : maker.len && !by_value;
}

/* Few signs are any maker's. */
static bool is_long(const struct tw_marking *mark, struct tw_arena *arena, bool *full)
{
	struct tw_slice key = tw_key_mark_number(tw_slice_of(mark->kind.value == TW_MARKING_SERIAL_RANGE ? mark->from : mark->value), arena);
	*full = *full || !key.ptr;
	return key.len > 0;
}

static bool unnamed(const struct tw_question *question, const struct tw_weapon *weapon, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_run *run = &question->parts->run;
	enum tw_marking_status worst = TW_MARKING_STATUS_UNKNOWN;
	struct tw_particulars said;
	bool full = false;
	bool asked = question->event->family == TW_FAMILY_MANIFEST && is_long(question->query->subject, arena, &full);
	for (uint32_t i = 0; asked && i < question->state->element_count && !full; i++) {
		const struct tw_element *element = &question->state->elements[i];
		enum tw_marking_status status = reported_as(element);
		if (element->version.time_ms <= question->event->time.ms && tw_marking_gravity(status) > tw_marking_gravity(worst) &&
		    report_of(element, run, &said) && is_asked(question, said.of[TW_PARTICULAR_MAKER]) &&
		    agrees(question, weapon, &said, arena, &full) && !is_taken_back(question, i, run, said.of[TW_PARTICULAR_MAKER])) {
			worst = status;
			answer->key = said.of[TW_PARTICULAR_MAKER].len ? said.of[TW_PARTICULAR_MAKER] : answer->key;
		}
	}
	answer->stated = worst != TW_MARKING_STATUS_UNKNOWN;
	answer->value = (int64_t)worst;
	return !full;
}

bool tw_answer_number(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_weapon weapon = tw_weapon_of(question);
	enum tw_metric metric = question->query->metric;
	if (tw_asks_of_index(metric)) {
		return unnamed(question, &weapon, arena, answer);
	}
	bool status = metric == TW_METRIC_NUMBER_STATUS_MODEL || metric == TW_METRIC_NUMBER_STATUS_CALIBRE;
	return status ? statuses(question, &weapon, arena, answer) : shipments(question, &weapon, arena, answer);
}
