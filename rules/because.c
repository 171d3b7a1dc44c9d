/**
 * @file because.c
 * The sentence an officer reads: `{item.quantity} pieces … {fact.certified}`, checked at load, filled in when a rule fires.
 *
 * A placeholder is a path from a bound name (of the first element that satisfied), a path of the body, `fact.NAME`, or `rule.title`.
 * `{{` and `}}` stand for braces. What is not stated reads "not stated"; long texts are cut, control characters become blanks: the
 * untouched bytes are in the evidence.
 */
#include "engine/base/arena.h"
#include "engine/base/digits.h"
#include "engine/base/time.h"
#include "rules/compile.h"
#include "rules/eval.h"

#define VALUE_BYTES_MAX 160U /* of one value: an officer reads a sentence, not a pasted letter */
#define PIECE_BYTES     200U /* room for one value, its cut mark and any number */

/* ---- at load ---- */

static struct tw_because_part *part_new(struct tw_compile *compile, struct tw_list *parts, struct tw_mark mark)
{
	struct tw_because_part *part = tw_list_push(compile->arena, parts, sizeof(*part));
	if (!part) {
		tw_report_error(compile->report, mark, TW_E_MEMORY, "no memory");
	}
	return part;
}

static bool part_text(struct tw_compile *compile, struct tw_list *parts, struct tw_mark mark, struct tw_slice text)
{
	struct tw_because_part *part = text.len ? part_new(compile, parts, mark) : NULL;
	if (part) {
		part->kind = TW_PART_TEXT;
		part->text = text;
	}
	return part || !text.len;
}

static bool part_fact(struct tw_compile *compile, struct tw_list *parts, struct tw_mark mark, struct tw_slice name)
{
	const struct tw_slice *facts = compile->facts.data;
	struct tw_nearest nearest = tw_nearest_to(name);
	char hint[TW_HINT_BYTES];
	tw_nearest_offer(&nearest, "matched");
	for (uint32_t i = 0; i < compile->facts.count; i++) {
		tw_nearest_offer(&nearest, facts[i].ptr);
	}
	if (nearest.distance != 0) {
		tw_report_error(compile->report, mark, TW_E_UNKNOWN, "no condition of this rule leaves a fact \"%.*s\"%s",
		                (int)(name.len > 64 ? 64 : name.len), name.ptr, tw_nearest_hint(&nearest, hint));
		return false;
	}
	struct tw_because_part *part = part_new(compile, parts, mark);
	if (part) {
		part->kind = TW_PART_FACT;
		part->text = name;
	}
	return part != NULL;
}

const struct tw_scope *tw_compile_all_scopes(struct tw_compile *compile)
{
	struct tw_scope *scopes = compile->scopes.data;
	for (uint32_t i = 0; i < compile->scopes.count; i++) {
		scopes[i].outer = i + 1 < compile->scopes.count ? &scopes[i + 1] : NULL;
	}
	return compile->scopes.count ? scopes : NULL;
}

static bool part_field(struct tw_compile *compile, struct tw_list *parts, struct tw_mark mark, struct tw_slice path)
{
	struct tw_yaml node = {.kind = TW_YAML_SCALAR, .mark = mark, .text = tw_arena_copy(compile->arena, path)};
	const struct tw_slot *slots = compile->slots.data;
	struct tw_operand *operand = node.text.ptr ? tw_compile_field(compile, tw_compile_all_scopes(compile), &node) : NULL;
	struct tw_because_part *part = operand ? part_new(compile, parts, mark) : NULL;
	if (part) {
		part->kind = TW_PART_FIELD;
		part->operand = *operand;
		part->bound = operand->slot == TW_SLOT_EVENT ? NULL : slots[operand->slot].name;
	}
	return part != NULL;
}

static bool one_of(struct tw_compile *compile, struct tw_list *parts, struct tw_mark mark, struct tw_slice name, struct tw_rule *rule)
{
	if (tw_slice_is(name, "rule.title")) {
		return part_text(compile, parts, mark, rule->info.title);
	}
	if (name.len > 5 && memcmp(name.ptr, "fact.", 5) == 0) {
		struct tw_slice fact = {name.ptr + 5, name.len - 5};
		rule->says_renewal |= tw_slice_is(fact, "renewal");
		return part_fact(compile, parts, mark, fact);
	}
	return part_field(compile, parts, mark, name);
}

/* "marking.value|marking.from": the first that is stated. */
static bool placeholder(struct tw_compile *compile, struct tw_list *parts, struct tw_mark mark, struct tw_slice names, struct tw_rule *rule)
{
	const char *bar;
	while ((bar = memchr(names.ptr, '|', names.len)) != NULL) {
		uint32_t length = (uint32_t)(bar - names.ptr);
		if (!one_of(compile, parts, mark, (struct tw_slice){names.ptr, length}, rule)) {
			return false;
		}
		((struct tw_because_part *)parts->data)[parts->count - 1].or_next = true;
		names = (struct tw_slice){bar + 1, names.len - length - 1};
	}
	return one_of(compile, parts, mark, names, rule);
}

bool tw_compile_because(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule *rule)
{
	struct tw_list parts = {NULL, 0, 0};
	struct tw_slice text = node->text;
	bool good = true;
	uint32_t from = 0, at = 0;
	while (at < text.len) {
		char c = text.ptr[at];
		bool doubled = (c == '{' || c == '}') && at + 1 < text.len && text.ptr[at + 1] == c;
		if (c != '{' && c != '}') {
			at++;
			continue;
		}
		good &= part_text(compile, &parts, node->mark, (struct tw_slice){text.ptr + from, at - from + doubled});
		at += doubled ? 2 : 1;
		from = at;
		if (doubled || c == '}') {
			continue;
		}
		const char *end = memchr(text.ptr + at, '}', text.len - at);
		if (!end) {
			tw_report_error(compile->report, tw_yaml_mark_in(node, at - 1), TW_E_SYNTAX,
			                "a placeholder in the sentence is not closed with \"}\"");
			return false;
		}
		uint32_t length = (uint32_t)(end - text.ptr) - at;
		good &= placeholder(compile, &parts, tw_yaml_mark_in(node, at), (struct tw_slice){text.ptr + at, length}, rule);
		at += length + 1;
		from = at;
	}
	good &= part_text(compile, &parts, node->mark, (struct tw_slice){text.ptr + from, at - from});
	rule->part = parts.data;
	rule->part_count = parts.count;
	return good;
}

/* ---- when a rule fires ---- */

struct sentence {
	char *bytes;
	uint32_t len, room;
};

static void say(struct sentence *sentence, struct tw_slice text)
{
	uint32_t fits = text.len < sentence->room - sentence->len ? text.len : sentence->room - sentence->len;
	if (fits) {
		memcpy(sentence->bytes + sentence->len, text.ptr, fits);
	}
	sentence->len += fits;
}

static void say_value(struct sentence *sentence, struct tw_slice text)
{
	uint32_t length = text.len;
	if (length > VALUE_BYTES_MAX) {
		length = VALUE_BYTES_MAX;
		while (length && ((unsigned char)text.ptr[length] & 0xC0) == 0x80) {
			length--;
		}
	}
	uint32_t from = sentence->len;
	say(sentence, (struct tw_slice){text.ptr, length});
	for (uint32_t i = from; i < sentence->len; i++) {
		unsigned char c = (unsigned char)sentence->bytes[i];
		sentence->bytes[i] = c < 0x20 || c == 0x7F ? ' ' : (char)c;
	}
	if (length < text.len) {
		say(sentence, tw_slice_str("…"));
	}
}

static void say_fact(struct sentence *sentence, const struct tw_fact *fact)
{
	char text[32];
	switch (fact->kind) {
	case TW_FACT_TEXT:
		say_value(sentence, fact->text);
		return;
	case TW_FACT_COUNT:
		say(sentence, (struct tw_slice){text, tw_digits_signed(text, fact->number)});
		return;
	case TW_FACT_AMOUNT:
		say(sentence, (struct tw_slice){text, tw_digits_amount(text, fact->number)});
		return;
	case TW_FACT_DATE:
		say(sentence, tw_slice_str(tw_date_format((int32_t)fact->number, text)));
		return;
	case TW_FACT_FLAG:
		say(sentence, tw_slice_str(fact->number ? "yes" : "no"));
		return;
	}
}

struct tw_slice tw_because_value(struct tw_eval *eval, const struct tw_fact *fact)
{
	struct sentence sentence = {.room = PIECE_BYTES};
	sentence.bytes = tw_arena_alloc_raw(eval->arena, PIECE_BYTES + 1);
	if (!sentence.bytes) {
		eval->failed = true;
		return (struct tw_slice){NULL, 0};
	}
	say_fact(&sentence, fact);
	sentence.bytes[sentence.len] = '\0';
	return (struct tw_slice){sentence.bytes, sentence.len};
}

static void say_instant(struct sentence *sentence, int64_t ms)
{
	char text[TW_INSTANT_BYTES];
	say(sentence, tw_slice_str(tw_instant_format(ms, text)));
}

/* Puts the element that the sentence speaks of where the operand looks. @return false when none of that name satisfied anything */
static bool point(struct tw_eval *eval, const char *bound, struct tw_operand *operand)
{
	const struct tw_rule *rule = eval->rule;
	for (uint32_t i = 1; i < rule->slot_count; i++) {
		if (rule->slot[i].name && strcmp(rule->slot[i].name, bound) == 0 && eval->bench->first[i]) {
			eval->bench->slot[i] = eval->bench->first[i];
			operand->slot = i;
			return true;
		}
	}
	return false;
}

/* @return false when nothing is stated: then nothing is said */
static bool say_field(struct tw_eval *eval, struct sentence *sentence, const struct tw_because_part *part)
{
	struct tw_operand operand = part->operand;
	struct tw_fact fact;
	int64_t ms;
	if (part->bound && !point(eval, part->bound, &operand)) {
		return false;
	}
	if (operand.class == TW_CLASS_COUNTRY) {
		operand.class = TW_CLASS_TEXT; /* as received: an ill-formed code is worth seeing */
	}
	if (operand.class == TW_CLASS_INSTANT && tw_eval_number(eval, &operand, &ms)) {
		say_instant(sentence, ms);
	} else if (tw_eval_fact(eval, &operand, &fact)) {
		say_fact(sentence, &fact);
	} else {
		return false;
	}
	return true;
}

static const struct tw_fact *fact_find(const struct tw_finding *finding, struct tw_slice name)
{
	for (uint32_t i = 0; i < finding->fact_count; i++) {
		if (tw_slice_equal(finding->facts[i].name, name)) {
			return &finding->facts[i];
		}
	}
	return NULL;
}

/* Source: DESIGN section 6: past a row's verified_until the reason says that the renewal was not verified. */
static void say_renewal(struct sentence *sentence, const struct tw_rule *rule, const struct tw_finding *finding)
{
	const struct tw_fact *until = fact_find(finding, tw_slice_str("verified_until"));
	if (rule->says_renewal || !until || !fact_find(finding, tw_slice_str("renewal"))) {
		return;
	}
	say(sentence, tw_slice_str(" (verified until "));
	say_fact(sentence, until);
	say(sentence, tw_slice_str("; renewal not verified)"));
}

static bool say_part(struct tw_eval *eval, struct sentence *sentence, const struct tw_because_part *part, const struct tw_finding *finding)
{
	if (part->kind == TW_PART_TEXT) {
		say(sentence, part->text);
		return true;
	}
	if (part->kind == TW_PART_FIELD) {
		return say_field(eval, sentence, part);
	}
	const struct tw_fact *fact = fact_find(finding, part->text);
	if (fact) {
		say_fact(sentence, fact);
	}
	return fact != NULL;
}

struct tw_slice tw_because_fill(struct tw_eval *eval, const struct tw_finding *finding)
{
	const struct tw_rule *rule = eval->rule;
	struct sentence sentence = {.room = PIECE_BYTES};
	for (uint32_t i = 0; i < rule->part_count; i++) {
		sentence.room += rule->part[i].kind == TW_PART_TEXT ? rule->part[i].text.len : PIECE_BYTES;
	}
	sentence.bytes = tw_arena_alloc_raw(eval->arena, (size_t)sentence.room + 1);
	if (!sentence.bytes) {
		return (struct tw_slice){NULL, 0};
	}
	for (uint32_t i = 0; i < rule->part_count; i++) {
		const struct tw_because_part *part = &rule->part[i];
		bool said = say_part(eval, &sentence, part, finding);
		while (said && rule->part[i].or_next) {
			i++; /* past the alternatives */
		}
		if (!said && !part->or_next) {
			say(&sentence, tw_slice_str("not stated"));
		}
	}
	say_renewal(&sentence, rule, finding);
	sentence.bytes[sentence.len] = '\0';
	return (struct tw_slice){sentence.bytes, sentence.len};
}
