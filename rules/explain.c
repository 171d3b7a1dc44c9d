/**
 * @file explain.c
 * What an explaining run collects, and how much of it a finding keeps.
 *
 * A value that was compared is evidence itself. What is not in the event points at what is: history at the member that names its subject, a
 * sum at the first numbers that went into it, so that no reason stands without a place in the source.
 *
 * Evidence is collected in the author's order; of more than a finding can show, what belongs to the first element stays before what
 * belongs to later ones, and what stays is put in the order of the source event.
 */
#include "engine/base/arena.h"
#include "engine/base/digits.h"
#include "rules/band.h"

struct tw_explain_mark tw_explain_mark(const struct tw_explain *explain)
{
	return (struct tw_explain_mark){explain->evidence_count, explain->fact_count, explain->related_count, explain->bound_count};
}

void tw_explain_undo(struct tw_eval *eval, struct tw_explain_mark mark)
{
	struct tw_explain *explain = eval->explain;
	explain->evidence_count = mark.evidence;
	explain->fact_count = mark.facts;
	explain->related_count = mark.related;
	while (explain->bound_count > mark.bound) {
		eval->bench->first[eval->bench->bound[--explain->bound_count]] = NULL;
	}
}

void tw_explain_bind(struct tw_eval *eval, uint32_t slot)
{
	struct tw_rule_bench *bench = eval->bench;
	if (!bench->first[slot]) {
		bench->first[slot] = bench->slot[slot];
		bench->first_index[slot] = bench->index[slot];
		bench->bound[eval->explain->bound_count++] = slot;
	}
}

/* ---- pointers ---- */

/* "/items" and 3 behind a head: "/items/3". */
static char *element_write(char *to, struct tw_slice list, uint32_t index)
{
	memcpy(to, list.ptr, list.len);
	to += list.len;
	*to = '/';
	return to + 1 + tw_digits_write(to + 1, index);
}

static uint32_t slot_room(const struct tw_eval *eval, uint32_t slot)
{
	uint32_t room = 0;
	for (; slot != TW_SLOT_EVENT; slot = eval->rule->slot[slot].parent) {
		room += eval->rule->slot[slot].pointer.len + 1 + TW_DIGITS_MAX;
	}
	return room;
}

/* "/consignment/items/3" of the element that a slot looks at. */
static char *slot_write(const struct tw_eval *eval, uint32_t slot, char *to)
{
	if (slot == TW_SLOT_EVENT) {
		return to;
	}
	const struct tw_slot *of = &eval->rule->slot[slot];
	return element_write(slot_write(eval, of->parent, to), of->pointer, eval->bench->index[slot]);
}

/* What stands at a path below the element that a slot looks at. @param member of it, behind a slash; "": itself */
static struct tw_slice pointer_below(struct tw_eval *eval, uint32_t slot, struct tw_slice path, struct tw_slice member)
{
	char *pointer = tw_arena_alloc_raw(eval->arena, (size_t)slot_room(eval, slot) + path.len + 1 + member.len + 1);
	if (!pointer) {
		eval->failed = true;
		return (struct tw_slice){NULL, 0};
	}
	char *end = slot_write(eval, slot, pointer);
	if (path.len) {
		memcpy(end, path.ptr, path.len);
		end += path.len;
	}
	if (member.len) {
		*end = '/';
		memcpy(end + 1, member.ptr, member.len);
		end += 1 + member.len;
	}
	*end = '\0';
	return (struct tw_slice){pointer, (uint32_t)(end - pointer)};
}

static struct tw_slice pointer_of(struct tw_eval *eval, const struct tw_operand *operand)
{
	return pointer_below(eval, operand->slot, operand->pointer, (struct tw_slice){"", 0});
}

static struct tw_slice pointer_join(struct tw_eval *eval, const struct tw_slice *part, uint32_t count)
{
	struct tw_slice pointer = tw_arena_join(eval->arena, part, count);
	eval->failed |= pointer.ptr == NULL;
	return pointer;
}

/* ---- collecting ---- */

/* Nothing more is taken in: no use to work out where it stands. */
static bool is_full(const struct tw_eval *eval)
{
	return eval->explain->evidence_count == TW_EVIDENCE_SEEN_MAX;
}

void tw_explain_evidence(struct tw_eval *eval, struct tw_slice pointer, struct tw_span span, struct tw_slice text)
{
	struct tw_explain *explain = eval->explain;
	for (uint32_t i = 0; i < explain->evidence_count; i++) {
		const struct tw_evidence *seen = &explain->evidence[i].evidence;
		bool inside = span.from >= seen->span.from && span.to <= seen->span.to,
		     around = span.from <= seen->span.from && span.to >= seen->span.to;
		if ((inside || around) && tw_slice_equal(seen->pointer, pointer)) {
			return;
		}
	}
	if (!is_full(eval)) {
		explain->evidence[explain->evidence_count++] = (struct tw_evidence_seen){{pointer, span, text}, explain->rank};
	}
}

void tw_explain_fact(struct tw_eval *eval, struct tw_fact fact)
{
	struct tw_explain *explain = eval->explain;
	for (uint32_t i = 0; i < explain->fact_count; i++) {
		if (tw_slice_equal(explain->fact[i].name, fact.name)) {
			return;
		}
	}
	if (explain->fact_count < TW_FACTS_MAX) {
		explain->fact[explain->fact_count++] = fact;
	}
}

void tw_explain_fact_text(struct tw_eval *eval, const char *name, struct tw_slice text)
{
	if (text.len) {
		tw_explain_fact(eval, (struct tw_fact){.name = tw_slice_str(name), .kind = TW_FACT_TEXT, .text = text});
	}
}

void tw_explain_related(struct tw_explain *explain, struct tw_slice consignment)
{
	if (!consignment.ptr || !consignment.len) {
		return;
	}
	for (uint32_t i = 0; i < explain->related_count; i++) {
		if (tw_slice_equal(explain->related[i], consignment)) {
			return;
		}
	}
	if (explain->related_count < TW_RELATED_MAX) {
		explain->related[explain->related_count++] = consignment;
	}
}

static struct tw_slice source_text(const struct tw_eval *eval, struct tw_span span)
{
	struct tw_slice raw = eval->env->event->raw;
	return span.from < span.to && span.to <= raw.len ? (struct tw_slice){raw.ptr + span.from, span.to - span.from} : (struct tw_slice){NULL, 0};
}

static void field_evidence(struct tw_eval *eval, const struct tw_operand *operand)
{
	struct tw_span span = tw_eval_span(eval, operand);
	struct tw_slice text = source_text(eval, span);
	if (operand->field_kind <= TW_FIELD_IMO) {
		const struct tw_text *value = tw_eval_at(eval, operand->slot, operand->offset);
		text = tw_slice_of(*value);
	}
	if (tw_stated(span) && !is_full(eval)) {
		tw_explain_evidence(eval, pointer_of(eval, operand), span, text);
	}
}

/* The first elements that state the number, wherever the sum goes. @param left how many may still be shown */
static void sum_evidence(struct tw_eval *eval, const struct tw_operand *operand, const void *at, uint32_t step, struct tw_slice pointer,
                         uint32_t *left)
{
	if (step == operand->step_count) {
		struct tw_span span = tw_field_span(operand->field, (const char *)at + operand->offset - operand->field->offset);
		const struct tw_slice part[] = {pointer, operand->pointer};
		struct tw_slice full = pointer_join(eval, part, 2);
		if (full.ptr && tw_stated(span)) {
			tw_explain_evidence(eval, full, span, source_text(eval, span));
			--*left;
		}
		return;
	}
	const struct tw_list *list = (const void *)((const char *)at + operand->step[step].offset);
	struct tw_slice below = operand->step_pointer[step];
	for (uint32_t i = 0; i < list->count && *left && !eval->failed; i++) {
		char digits[TW_DIGITS_MAX];
		const struct tw_slice part[] = {pointer, below, {"/", 1}, {digits, tw_digits_write(digits, i)}};
		struct tw_slice element = pointer_join(eval, part, 4);
		sum_evidence(eval, operand, (const char *)list->data + (size_t)i * operand->step[step].size, step + 1, element, left);
	}
}

static void self_member(struct tw_eval *eval, const char *pointer, const struct tw_text *text)
{
	if (tw_stated(text->span)) {
		tw_explain_evidence(eval, tw_slice_str(pointer), text->span, tw_slice_of(*text));
	}
}

/* What tells the event's own entity from others. */
static void self_evidence(struct tw_eval *eval)
{
	const struct tw_event *event = eval->env->event;
	const struct tw_marking *marks = event->marking.item.marks.data;
	switch (event->family) {
	case TW_FAMILY_MANIFEST:
		self_member(eval, "/consignment/id", &event->consignment.id);
		break;
	case TW_FAMILY_CERTIFICATE:
		self_member(eval, "/certificate/number", &event->certificate.number);
		break;
	case TW_FAMILY_MARKING:
		if (event->marking.item.marks.count) {
			self_member(eval, "/item/marks/0/value", &marks[0].value);
		}
		break;
	case TW_FAMILY_OUTCOME:
		self_member(eval, "/consignment", &event->outcome.consignment);
		break;
	case TW_FAMILY_DECISION:
		self_member(eval, "/consignment", &event->decision.consignment);
		break;
	case TW_FAMILY_FACT: /* no rule is on it */
		break;
	}
}

/* @param name of the member that the text is, of what the operand looks at */
static void member_evidence(struct tw_eval *eval, const struct tw_operand *operand, const char *name, const struct tw_text *text)
{
	if (tw_stated(text->span) && !is_full(eval)) {
		tw_explain_evidence(eval, pointer_below(eval, operand->slot, operand->pointer, tw_slice_str(name)), text->span, tw_slice_of(*text));
	}
}

/* Whom history was asked about: the member that a person would look up, the first of its kind that is stated. */
static void subject_evidence(struct tw_eval *eval, const struct tw_operand *operand)
{
	static const struct {
		enum tw_entity_kind entity;
		const char *name;
		size_t offset;
	} members[] = {
	    {TW_ENTITY_PARTY, "name", offsetof(struct tw_party, name)},
	    {TW_ENTITY_ADDRESS, "text", offsetof(struct tw_address, text)},
	    {TW_ENTITY_VESSEL, "imo", offsetof(struct tw_means, imo)},
	    {TW_ENTITY_VESSEL, "name", offsetof(struct tw_means, name)},
	    {TW_ENTITY_CONTAINER, "number", offsetof(struct tw_container, number)},
	    {TW_ENTITY_CERTIFICATE, "number", offsetof(struct tw_certificate_ref, number)},
	    {TW_ENTITY_MARKING, "value", offsetof(struct tw_marking, value)},
	    {TW_ENTITY_MARKING, "from", offsetof(struct tw_marking, from)},
	};
	const char *subject = tw_eval_at(eval, operand->slot, operand->offset);
	bool signatory = operand->kind == TW_OPERAND_HISTORY && operand->metric->metric == TW_METRIC_SIGNATORY;
	bool office = operand->kind == TW_OPERAND_HISTORY && operand->metric->metric == TW_METRIC_OFFICE;
	if (signatory) {
		member_evidence(eval, operand, "name", &((const struct tw_signatory *)(const void *)subject)->name);
		return;
	}
	if (office) {
		const struct tw_issuer *issuer = (const void *)subject;
		bool named = tw_stated(issuer->office.span);
		member_evidence(eval, operand, named ? "office" : "authority", named ? &issuer->office : &issuer->authority);
		return;
	}
	if (operand->entity == TW_ENTITY_PHONE || operand->entity == TW_ENTITY_EMAIL || operand->entity == TW_ENTITY_PAPER) {
		const struct tw_text *text = (const void *)subject;
		tw_explain_evidence(eval, pointer_of(eval, operand), text->span, tw_slice_of(*text));
		return;
	}
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct tw_text *text = (const void *)(subject + members[i].offset);
		if (members[i].entity == operand->entity && tw_stated(text->span)) {
			member_evidence(eval, operand, members[i].name, text);
			return;
		}
	}
}

static void history_evidence(struct tw_eval *eval, const struct tw_operand *operand)
{
	const struct tw_history_answer *answer = tw_eval_history(eval, operand);
	if (operand->self) {
		self_evidence(eval);
	} else {
		subject_evidence(eval, operand);
	}
	for (uint32_t i = 0; operand->kind == TW_OPERAND_HISTORY && i < answer->related_count && i < 4; i++) {
		tw_explain_related(eval->explain, answer->related[i]);
	}
	if (operand->kind == TW_OPERAND_HISTORY && operand->metric->metric == TW_METRIC_RECEIVER_CHANGED) {
		tw_past_explain(eval, answer);
	}
}

void tw_explain_operand(struct tw_eval *eval, const struct tw_operand *operand)
{
	struct tw_fact fact;
	if (operand->kind == TW_OPERAND_FIELD && !eval->negated) {
		field_evidence(eval, operand);
	}
	if (operand->kind == TW_OPERAND_SUM && !eval->negated) {
		uint32_t left = TW_SUMMED_SHOWN;
		sum_evidence(eval, operand, eval->bench->slot[operand->slot], 0,
		             pointer_below(eval, operand->slot, (struct tw_slice){"", 0}, (struct tw_slice){"", 0}), &left);
	}
	if (operand->kind == TW_OPERAND_RATIO) {
		tw_explain_operand(eval, operand->of);
		tw_explain_operand(eval, operand->per);
	}
	if (operand->fact.len && tw_eval_fact(eval, operand, &fact)) {
		tw_explain_fact(eval, fact);
	}
	if ((operand->kind == TW_OPERAND_HISTORY || operand->kind == TW_OPERAND_EARLIER) && !eval->negated) {
		history_evidence(eval, operand);
	}
	if (operand->kind == TW_OPERAND_EARLIER && !eval->negated) {
		tw_explain_earlier(eval, operand);
	}
}

/* How many bytes of text one character or escape of a JSON string stands for. @param size written: its own bytes */
static uint32_t unescaped(struct tw_slice raw, uint32_t at, uint32_t *size)
{
	uint32_t code = 0;
	*size = 1;
	if (raw.ptr[at] != '\\' || at + 1 >= raw.len) {
		return 1;
	}
	*size = 2;
	if (raw.ptr[at + 1] != 'u' || at + 6 > raw.len) {
		return 1;
	}
	for (uint32_t i = at + 2; i < at + 6; i++) {
		char c = raw.ptr[i];
		code = code << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
	}
	bool high = code >= 0xD800 && code < 0xDC00;
	*size = high ? 12 : 6;
	return high ? 4 : code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
}

/* Where a part of a text stands in the source event. @return the whole text's span when its escapes do not add up */
static struct tw_span part_span(const struct tw_eval *eval, const struct tw_text *text, struct tw_span part)
{
	struct tw_slice raw = source_text(eval, text->span);
	struct tw_span out = {0, 0};
	uint32_t done = 0, size;
	for (uint32_t at = 0; at < raw.len && done < part.to; at += size) {
		out.from = done <= part.from ? at : out.from;
		done += unescaped(raw, at, &size);
		out.to = at + size;
	}
	if (done != part.to || out.to > raw.len) {
		return text->span;
	}
	return (struct tw_span){text->span.from + out.from, text->span.from + out.to};
}

static bool in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* A match as whole words: "AK-47", though the pattern asked for "k-4". */
static struct tw_span words_around(const struct tw_text *text, struct tw_span part)
{
	while (part.from && in_word(text->ptr[part.from]) && in_word(text->ptr[part.from - 1])) {
		part.from--;
	}
	while (part.to < text->len && in_word(text->ptr[part.to]) && in_word(text->ptr[part.to - 1])) {
		part.to++;
	}
	return part;
}

/* @return false: nothing of the text, or all of it */
static bool part_of(struct tw_eval *eval, const struct tw_rule_node *node, const struct tw_text *text, struct tw_span *part)
{
	if (eval->negated || !tw_stated(text->span)) {
		return false;
	}
	if (node->op == TW_OP_WORDS) {
		const struct tw_word_marks *marks = tw_eval_words(eval, text, node->with.words->disguised);
		return marks && tw_words_meet(marks, node->with.words, part);
	}
	if (node->negate || !tw_eval_place(eval, text, node->with.pattern_set, part) || part->from >= part->to || part->to > text->len) {
		return false;
	}
	*part = words_around(text, *part);
	return true;
}

/* The words themselves, not the text around them. */
static void text_evidence(struct tw_eval *eval, const struct tw_rule_node *node)
{
	const struct tw_text *text = tw_eval_at(eval, node->left->slot, node->left->offset);
	struct tw_span part;
	struct tw_fact fact;
	if (!part_of(eval, node, text, &part)) {
		if (node->op == TW_OP_MATCHES && !eval->negated) {
			field_evidence(eval, node->left);
		}
	} else {
		tw_explain_evidence(eval, pointer_of(eval, node->left), part_span(eval, text, part),
		                    (struct tw_slice){text->ptr + part.from, part.to - part.from});
	}
	if (node->left->fact.len && tw_eval_fact(eval, node->left, &fact)) {
		tw_explain_fact(eval, fact);
	}
}

void tw_explain_leaf(struct tw_eval *eval, const struct tw_rule_node *node)
{
	if (node->op == TW_OP_WORDS || node->op == TW_OP_MATCHES) {
		text_evidence(eval, node);
		return;
	}
	if (node->left) {
		tw_explain_operand(eval, node->left);
	}
	if (node->right) {
		tw_explain_operand(eval, node->right);
	}
	if (node->op == TW_OP_BAND) {
		tw_explain_band(eval, node);
	}
}

/* ---- keeping ---- */

static bool before(const struct tw_evidence_seen *a, const struct tw_evidence_seen *b, bool by_rank)
{
	return by_rank ? a->rank < b->rank : a->evidence.span.from < b->evidence.span.from;
}

/* Stable; at most 64 entries. */
static void order(struct tw_evidence_seen *seen, uint32_t count, bool by_rank)
{
	for (uint32_t i = 1; i < count; i++) {
		struct tw_evidence_seen moving = seen[i];
		uint32_t at = i;
		for (; at && before(&moving, &seen[at - 1], by_rank); at--) {
			seen[at] = seen[at - 1];
		}
		seen[at] = moving;
	}
}

void tw_explain_finish(struct tw_eval *eval, struct tw_finding *finding)
{
	struct tw_explain *explain = eval->explain;
	if (explain->matched) {
		tw_explain_fact(eval, (struct tw_fact){tw_slice_str("matched"), TW_FACT_COUNT, explain->matched, {NULL, 0}});
	}
	order(explain->evidence, explain->evidence_count, true);
	uint32_t kept = explain->evidence_count < TW_EVIDENCE_MAX ? explain->evidence_count : TW_EVIDENCE_MAX;
	order(explain->evidence, kept, false);
	finding->evidence = tw_arena_alloc(eval->arena, kept * sizeof(*finding->evidence));
	finding->facts = tw_arena_alloc(eval->arena, explain->fact_count * sizeof(*finding->facts));
	finding->related = tw_arena_alloc(eval->arena, explain->related_count * sizeof(*finding->related));
	if (!finding->evidence || !finding->facts || !finding->related) {
		eval->failed = true;
		return;
	}
	for (uint32_t i = 0; i < kept; i++) {
		finding->evidence[i] = explain->evidence[i].evidence;
	}
	memcpy(finding->facts, explain->fact, explain->fact_count * sizeof(*finding->facts));
	memcpy(finding->related, explain->related, explain->related_count * sizeof(*finding->related));
	finding->evidence_count = kept;
	finding->fact_count = explain->fact_count;
	finding->related_count = explain->related_count;
}
