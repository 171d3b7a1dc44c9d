/**
 * @file reason.c
 * See reason.h.
 */
#include "engine/emit/reason.h"

#include "engine/base/arena.h"
#include "engine/base/time.h"

const char *tw_lane_word(enum tw_lane lane)
{
	static const char *const words[] = {"", "red", "yellow", "blue", "green"};
	return words[lane];
}

const char *tw_action_word(enum tw_action action)
{
	static const char *const words[] = {"", "inform", "score", "documents", "examine", "hold"};
	return words[action];
}

uint32_t tw_detail_most(uint32_t count, const struct tw_detail *detail)
{
	return count < detail->list_items ? count : detail->list_items;
}

static void write_evidence(struct tw_json *json, const struct tw_finding *finding, const struct tw_detail *detail)
{
	tw_json_key(json, "evidence");
	tw_json_array(json);
	for (uint32_t i = 0; detail->evidence && i < finding->evidence_count; i++) {
		const struct tw_evidence *evidence = &finding->evidence[i];
		struct tw_slice text = tw_json_cut(evidence->text, detail->text_bytes);
		tw_json_object(json);
		tw_json_key(json, "pointer");
		tw_json_text(json, evidence->pointer);
		tw_json_integer_member(json, "from", evidence->span.from);
		tw_json_integer_member(json, "to", evidence->span.to);
		tw_json_key(json, "text");
		tw_json_text(json, text);
		if (text.len < evidence->text.len) {
			tw_json_key(json, "cut");
			tw_json_flag(json, true);
		}
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void write_fact_value(struct tw_json *json, const struct tw_fact *fact, const struct tw_detail *detail)
{
	char day[TW_DATE_BYTES];
	switch (fact->kind) {
	case TW_FACT_TEXT:
		tw_json_text(json, tw_json_cut(fact->text, detail->text_bytes));
		return;
	case TW_FACT_COUNT:
		tw_json_integer(json, fact->number);
		return;
	case TW_FACT_AMOUNT:
		tw_json_amount(json, fact->number);
		return;
	case TW_FACT_DATE:
		tw_json_text(json, tw_slice_str(tw_date_format((int32_t)fact->number, day)));
		return;
	case TW_FACT_FLAG:
		tw_json_flag(json, fact->number != 0);
		return;
	}
}

/* A name used twice by one rule (the same question about two parties) gets a number: JSON readers keep only one of two equal members. */
static struct tw_slice fact_name(const struct tw_finding *finding, uint32_t at, struct tw_arena *arena)
{
	unsigned before = 0;
	struct tw_slice name = finding->facts[at].name;
	for (uint32_t i = 0; i < at; i++) {
		before += tw_slice_equal(finding->facts[i].name, name);
	}
	return before ? tw_arena_format(arena, "%.*s_%u", (int)name.len, name.ptr, before + 1) : name;
}

static void write_facts(struct tw_json *json, const struct tw_finding *finding, const struct tw_detail *detail)
{
	tw_json_key(json, "facts");
	tw_json_object(json);
	for (uint32_t i = 0; detail->evidence && i < finding->fact_count; i++) {
		tw_json_text(json, fact_name(finding, i, json->arena));
		write_fact_value(json, &finding->facts[i], detail);
	}
	tw_json_object_end(json);
}

void tw_reason_texts(struct tw_json *json, const char *name, const struct tw_slice *texts, uint32_t count, const struct tw_detail *detail)
{
	if (count == 0) {
		return;
	}
	tw_json_key(json, name);
	tw_json_array(json);
	for (uint32_t i = 0; i < tw_detail_most(count, detail); i++) {
		tw_json_text(json, tw_json_cut(texts[i], detail->text_bytes));
	}
	tw_json_array_end(json);
}

void tw_reason_write(struct tw_json *json, const struct tw_finding *finding, const struct tw_detail *detail)
{
	static const char *const statuses[] = {"", "draft", "shadow", "active", "deprecated"};
	const struct tw_rule_info *rule = finding->rule;
	tw_json_object(json);
	tw_json_text_member(json, "rule", rule->id);
	tw_json_integer_member(json, "version", rule->version);
	if (rule->status != TW_RULE_ACTIVE) {
		tw_json_text_member(json, "status", tw_slice_str(statuses[rule->status]));
	}
	tw_json_text_member(json, "title", tw_json_cut(rule->title, detail->text_bytes));
	tw_json_integer_member(json, "points", tw_finding_points(finding));
	tw_json_integer_member(json, "counted", finding->counted);
	tw_json_text_member(json, "group", rule->group);
	tw_json_text_member(json, "action", tw_slice_str(tw_action_word(rule->action)));
	tw_json_text_member(json, "lane", tw_slice_str(tw_lane_word(rule->lane)));
	tw_json_integer_member(json, "severity", rule->severity);
	tw_json_key(json, "because");
	tw_json_text(json, tw_json_cut(finding->because, detail->text_bytes));
	write_evidence(json, finding, detail);
	write_facts(json, finding, detail);
	tw_reason_texts(json, "related", finding->related, finding->related_count, detail);
	tw_reason_texts(json, "settles", rule->settles, rule->settle_count, detail);
	tw_json_text_member(json, "source", tw_json_cut(rule->source, detail->text_bytes));
	tw_json_object_end(json);
}
