/**
 * @file value.c
 * Reading operands, and the notes that spare doing it twice for one event.
 */
#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/metric.h"
#include "rules/eval.h"

__extension__ typedef __int128 wide;

/* ---- notes ---- */

static uint32_t spread(const void *address)
{
	return (uint32_t)(((uint64_t)(uintptr_t)address >> 3) * 0x9E3779B97F4A7C15ULL >> 40);
}

static struct tw_text_note *spare_note(struct tw_rule_bench *bench, const struct tw_text *text)
{
	uint32_t which = bench->spare_next++ & 1;
	struct tw_arena *arena = &bench->spare_arena[which];
	tw_arena_reset(arena);
	bench->spare[which] = (struct tw_text_note){.text = text, .arena = arena};
	return &bench->spare[which];
}

struct tw_text_note *tw_eval_note(struct tw_eval *eval, const struct tw_text *text)
{
	struct tw_rule_bench *bench = eval->bench;
	uint32_t at = spread(text), now = (uint32_t)bench->event;
	if (bench->texts_event != bench->event) {
		bench->texts_event = bench->event;
		bench->text_count = 0;
	}
	for (uint32_t i = 0; i < 8; i++) {
		struct tw_text_slot *slot = &bench->text_slots[(at + i) & (TW_TEXT_NOTES - 1)];
		bool taken = slot->event == now && slot->note < bench->text_count;
		if (taken && bench->texts[slot->note].text == text) {
			return &bench->texts[slot->note];
		}
		if (!taken) {
			*slot = (struct tw_text_slot){now, bench->text_count};
			struct tw_text_note *note = &bench->texts[bench->text_count++];
			*note = (struct tw_text_note){.text = text, .arena = eval->arena};
			return note;
		}
	}
	return spare_note(bench, text);
}

struct tw_text_known *tw_eval_known(struct tw_eval *eval, struct tw_text_note *note)
{
	if (note->known) {
		return note->known;
	}
	struct tw_slice text = tw_slice_of(*note->text);
	note->known = note->arena == eval->arena ? tw_text_memo_of(eval->bench->memo, text) : NULL;
	if (!note->known) {
		note->own = (struct tw_text_known){.text = text, .arena = note->arena};
		note->known = &note->own;
	} else {
		tw_pattern_marks_again(&note->known->marks);
	}
	return note->known;
}

struct tw_slice tw_eval_folded(struct tw_eval *eval, struct tw_text_note *note, enum tw_class class)
{
	uint32_t which = class == TW_CLASS_MARK;
	if (!note->has_folded[which]) {
		note->folded[which] = tw_class_normal(class, tw_slice_of(*note->text), note->arena);
		note->has_folded[which] = true;
		eval->failed |= note->folded[which].ptr == NULL;
	}
	return note->folded[which];
}

const struct tw_history_answer *tw_eval_history(struct tw_eval *eval, const struct tw_operand *operand)
{
	static const struct tw_history_answer unknown = {.stated = false};
	const void *subject = operand->self ? NULL : tw_eval_at(eval, operand->slot, operand->offset);
	if (!eval->env->history) {
		return &unknown;
	}
	uint32_t at = spread(subject) + spread(operand->metric) + operand->days;
	struct tw_history_note *note = &eval->bench->histories[at & (TW_HISTORY_NOTES - 1)];
	bool known = note->event == eval->bench->event && note->metric == operand->metric && note->subject == subject && note->days == operand->days;
	if (!known) {
		struct tw_history_query query = {operand->entity, operand->metric->metric, operand->days, subject};
		*note = (struct tw_history_note){eval->bench->event, operand->metric, subject, operand->days,
		                                 eval->env->history(eval->env->context, &query)};
	}
	return &note->answer;
}

/* ---- numbers ---- */

uint16_t tw_eval_country(enum tw_field_kind kind, struct tw_slice text)
{
	char code[2] = {0, 0};
	uint32_t length = 0;
	bool lower = false;
	if (kind == TW_FIELD_COUNTRY) {
		return tw_country_code(text);
	}
	for (uint32_t i = 0; i < text.len && length < 6; i++) {
		if (text.ptr[i] != ' ') {
			code[length & 1] = length < 2 ? text.ptr[i] : code[length & 1];
			lower |= text.ptr[i] >= 'a' && text.ptr[i] <= 'z';
			length++;
		}
	}
	/* a free text of five letters may be the name of a town: only what is written like a UN/LOCODE is one */
	if ((length != 2 && length != 5) || (kind == TW_FIELD_TEXT && lower)) {
		return 0;
	}
	return tw_country_code((struct tw_slice){code, 2});
}

/* A text that is compared as a number: country, HS code, place. */
static bool text_number(const struct tw_operand *operand, const struct tw_text *text, int64_t *out)
{
	if (!tw_stated(text->span)) {
		return false;
	}
	if (operand->class == TW_CLASS_HS) {
		*out = tw_hs_key(tw_slice_of(*text));
		return true;
	}
	if (operand->class == TW_CLASS_PLACE) {
		*out = tw_place_key(tw_slice_of(*text));
		return true;
	}
	*out = tw_eval_country(operand->field_kind, tw_slice_of(*text));
	/* a text that is neither country nor place says nothing about countries; a country field that is ill-formed is still another */
	return *out || operand->field_kind == TW_FIELD_COUNTRY;
}

bool tw_eval_field(const struct tw_operand *operand, const void *at, int64_t *out)
{
	switch (tw_field_form(operand->field_kind)) {
	case TW_FORM_AMOUNT: {
		const struct tw_amount *amount = at;
		*out = amount->e4;
		return tw_stated(amount->span);
	}
	case TW_FORM_COUNT: {
		const struct tw_count *count = at;
		*out = count->value;
		return tw_stated(count->span);
	}
	case TW_FORM_DATE: {
		const struct tw_date *date = at;
		*out = date->day;
		return tw_stated(date->span);
	}
	case TW_FORM_INSTANT: {
		const struct tw_instant *instant = at;
		*out = operand->as_day ? tw_instant_day(instant->ms) : instant->ms;
		return tw_stated(instant->span);
	}
	case TW_FORM_FLAG: {
		const struct tw_flag *flag = at;
		*out = flag->value;
		return tw_stated(flag->span);
	}
	case TW_FORM_CHOICE: {
		const struct tw_choice *choice = at;
		*out = choice->value;
		return tw_stated(choice->span);
	}
	case TW_FORM_TEXT:
		return text_number(operand, at, out);
	case TW_FORM_OBJECT:
	case TW_FORM_OBJECTS:
	case TW_FORM_TEXTS:
		break;
	}
	return false;
}

static int64_t add_within(int64_t a, int64_t b)
{
	int64_t sum;
	if (__builtin_add_overflow(a, b, &sum)) {
		return a > 0 ? INT64_MAX : INT64_MIN;
	}
	return sum;
}

/* Elements that do not state the number are left out; none stated: the sum is not stated. */
static bool sum(struct tw_eval *eval, const struct tw_operand *operand, const void *at, uint32_t step, int64_t *total)
{
	bool stated = false;
	int64_t number;
	if (step == operand->step_count) {
		stated = tw_eval_field(operand, (const char *)at + operand->offset, &number);
		*total = stated ? add_within(*total, number) : *total;
		return stated;
	}
	const struct tw_list *list = (const void *)((const char *)at + operand->step[step].offset);
	for (uint32_t i = 0; i < list->count; i++) {
		stated |= sum(eval, operand, (const char *)list->data + (size_t)i * operand->step[step].size, step + 1, total);
	}
	return stated;
}

static bool ratio(struct tw_eval *eval, const struct tw_operand *operand, int64_t *out)
{
	int64_t of, per;
	if (!tw_eval_number(eval, operand->of, &of) || !tw_eval_number(eval, operand->per, &per) || per == 0) {
		return false;
	}
	wide e4 = (wide)of * 10000 / per;
	*out = e4 > INT64_MAX ? INT64_MAX : e4 < INT64_MIN ? INT64_MIN : (int64_t)e4;
	return true;
}

static bool base_number(struct tw_eval *eval, const struct tw_operand *operand, int64_t *out)
{
	switch (operand->kind) {
	case TW_OPERAND_FIELD:
		return tw_eval_field(operand, tw_eval_at(eval, operand->slot, operand->offset), out);
	case TW_OPERAND_HISTORY: {
		const struct tw_history_answer *answer = tw_eval_history(eval, operand);
		*out = answer->value;
		return answer->stated;
	}
	case TW_OPERAND_SUM:
		*out = 0;
		return sum(eval, operand, eval->bench->slot[operand->slot], 0, out);
	case TW_OPERAND_RATIO:
		return ratio(eval, operand, out);
	case TW_OPERAND_EVENT_DAY:
		*out = eval->day;
		return true;
	case TW_OPERAND_COUNTED:
		*out = eval->counted;
		return true;
	case TW_OPERAND_EARLIER:
		return tw_eval_earlier(eval, operand, out);
	}
	return false;
}

bool tw_eval_number(struct tw_eval *eval, const struct tw_operand *operand, int64_t *out)
{
	if (!base_number(eval, operand, out)) {
		return false;
	}
	if (operand->e4 && __builtin_mul_overflow(*out, 10000, out)) {
		*out = INT64_MAX;
	}
	if (operand->plus_days) {
		bool ms = operand->class == TW_CLASS_INSTANT;
		*out = add_within(*out, ms ? operand->plus_days * TW_DAY_MS : operand->plus_days);
	}
	return true;
}

/* ---- texts ---- */

bool tw_eval_text(struct tw_eval *eval, const struct tw_operand *operand, struct tw_slice *out)
{
	const struct tw_text *text = tw_eval_at(eval, operand->slot, operand->offset);
	if (!tw_stated(text->span)) {
		return false;
	}
	*out = tw_eval_folded(eval, tw_eval_note(eval, text), operand->class);
	return true;
}

struct tw_span tw_eval_span(const struct tw_eval *eval, const struct tw_operand *operand)
{
	const void *at = tw_eval_at(eval, operand->slot, operand->offset);
	if (operand->field_kind <= TW_FIELD_IMO) { /* an element of a list of texts is a text too, its field is the list */
		const struct tw_text *text = at;
		return text->span;
	}
	return tw_field_span(operand->field, (const char *)at - operand->field->offset);
}

bool tw_eval_stated(struct tw_eval *eval, const struct tw_operand *operand)
{
	int64_t number;
	if (operand->kind == TW_OPERAND_FIELD) {
		return tw_stated(tw_eval_span(eval, operand));
	}
	return tw_eval_number(eval, operand, &number);
}

/* ---- facts ---- */

static struct tw_slice country_text(struct tw_eval *eval, uint16_t code)
{
	char letters[TW_COUNTRY_BYTES];
	struct tw_slice text = code ? tw_arena_copy(eval->arena, tw_country_letters(code, letters)) : (struct tw_slice){NULL, 0};
	eval->failed |= code && !text.ptr;
	return text;
}

static struct tw_slice choice_text(const struct tw_operand *operand, int64_t value)
{
	const char *const *words = operand->kind == TW_OPERAND_HISTORY ? operand->metric->words : operand->field->words;
	for (int64_t i = 0; words && words[i]; i++) {
		if (i + 1 == value) {
			return tw_slice_str(words[i]);
		}
	}
	return tw_slice_str("unknown");
}

bool tw_eval_fact(struct tw_eval *eval, const struct tw_operand *operand, struct tw_fact *out)
{
	static const enum tw_fact_kind kinds[] = {
	    [TW_CLASS_TEXT] = TW_FACT_TEXT,     [TW_CLASS_PLACE] = TW_FACT_TEXT,  [TW_CLASS_HS] = TW_FACT_TEXT,      [TW_CLASS_MARK] = TW_FACT_TEXT,
	    [TW_CLASS_COUNTRY] = TW_FACT_TEXT,  [TW_CLASS_CHOICE] = TW_FACT_TEXT, [TW_CLASS_FLAG] = TW_FACT_FLAG,    [TW_CLASS_COUNT] = TW_FACT_COUNT,
	    [TW_CLASS_AMOUNT] = TW_FACT_AMOUNT, [TW_CLASS_DAY] = TW_FACT_DATE,    [TW_CLASS_INSTANT] = TW_FACT_DATE,
	};
	*out = (struct tw_fact){.name = operand->fact, .kind = kinds[operand->class]};
	if (operand->class <= TW_CLASS_MARK) {
		const struct tw_text *text = tw_eval_at(eval, operand->slot, operand->offset);
		out->text = tw_slice_of(*text);
		return tw_stated(text->span);
	}
	if (!tw_eval_number(eval, operand, &out->number)) {
		return false;
	}
	if (operand->e4 && operand->class == TW_CLASS_AMOUNT) {
		out->kind = TW_FACT_AMOUNT;
	}
	if (operand->class == TW_CLASS_COUNTRY || operand->class == TW_CLASS_CHOICE) {
		out->text = operand->class == TW_CLASS_COUNTRY ? country_text(eval, (uint16_t)out->number) : choice_text(operand, out->number);
		out->number = 0;
	}
	if (operand->class == TW_CLASS_INSTANT) {
		out->number = tw_instant_day(out->number);
	}
	return true;
}
