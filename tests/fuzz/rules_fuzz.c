/**
 * @file rules_fuzz.c
 * One buffer as a rule file. Whatever the bytes: a refusal with a place, or a rule that finds the same with its gates and without.
 */
#include <stddef.h>
#include <stdint.h>

#include "rules/ruleset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char sets[] = "sets: {arms_hs: ['93', '8710'], words: [rifle, 'gun(s)?'], flags: [XA, XB]}\n";

static struct tw_text text(const char *terminated)
{
	return (struct tw_text){terminated, (uint32_t)strlen(terminated), {1, 2}};
}

/* A little of everything that the corpus asks for. */
static void fill(struct tw_event *event, struct tw_item *item, struct tw_certificate_ref *ref, struct tw_party *party, struct tw_leg *leg)
{
	static const char raw[] = "0123456789";
	*ref = (struct tw_certificate_ref){.number = text("QZ/1"), .line = {1, {1, 2}}};
	*item = (struct tw_item){.line = {1, {1, 2}},
	                         .description = text("rifle gun part"),
	                         .hs = text("9303.30"),
	                         .quantity = {10000, {1, 2}},
	                         .certificates = {ref, 1, 1}};
	*party =
	    (struct tw_party){.role = {TW_ROLE_CONSIGNEE, {1, 2}}, .name = text("Acme & Co."), .country = text("XA"), .founded = {20000, {1, 2}}};
	*leg = (struct tw_leg){.role = {TW_LEG_LOAD, {1, 2}}, .place = text("XALOA"), .country = text("XA")};
	event->raw = (struct tw_slice){raw, sizeof(raw) - 1};
	event->id = text("1");
	event->time = (struct tw_instant){1772323200000LL, {1, 2}};
	event->consignment.id = text("C");
	event->consignment.movement = (struct tw_choice){TW_MOVEMENT_IMPORT, {1, 2}};
	event->consignment.means.flag = text("XA");
	event->consignment.totals.gross_kg = (struct tw_amount){20000, {1, 2}};
	event->consignment.items = (struct tw_list){item, 1, 1};
	event->consignment.parties = (struct tw_list){party, 1, 1};
	event->consignment.route = (struct tw_list){leg, 1, 1};
	event->certificate.number = text("QZ/1");
	event->marking.item.make = text("Acme");
	event->outcome.consignment = text("C");
	event->decision.consignment = text("C");
}

/* @return findings over one event of each family, a digit a family */
static uint32_t evaluate(const struct tw_rules *rules)
{
	static const enum tw_event_type types[] = {TW_CONSIGNMENT_DECLARED, TW_CERTIFICATE_ISSUED, TW_MARKING_SEIZED, TW_INSPECTION_COMPLETED,
	                                           TW_HOLD_RELEASED};
	struct tw_rule_bench *bench = NULL;
	struct tw_arena arena;
	struct tw_item item;
	struct tw_certificate_ref ref;
	struct tw_party party;
	struct tw_leg leg;
	uint32_t found = 0;
	if (tw_rule_bench_new(rules, &bench, NULL) != TW_OK) {
		return 0;
	}
	tw_arena_init(&arena, 4096, 16UL * 1024 * 1024);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct tw_event event = {.type = types[i], .family = (enum tw_family)(i + 1)};
		struct tw_rule_env env = {.event = &event};
		struct tw_findings findings = {.count = 9};
		fill(&event, &item, &ref, &party, &leg);
		(void)!tw_rules_eval(rules, bench, &env, &arena, &findings, NULL);
		found = found * 10 + findings.count;
	}
	tw_arena_fini(&arena);
	tw_rule_bench_free(bench);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tw_rules *rules = NULL;
	struct tw_error err = {.code = TW_OK};
	if (size > UINT32_MAX) {
		return 0;
	}
	struct tw_rule_source sources[] = {{"_sets.yaml", {sets, sizeof(sets) - 1}}, {"a.yaml", {(const char *)data, (uint32_t)size}}};
	enum tw_code code = tw_rules_load_sources(sources, 2, NULL, &rules, &err);
	if (code != TW_OK) {
		if (!err.what || !err.where[0]) {
			__builtin_trap(); /* a refusal without a reason or a place */
		}
		return 0;
	}
	uint32_t gated = evaluate(rules);
	for (uint32_t i = 0; i < rules->count; i++) {
		rules->rule[i].clause_count = 0;
	}
	if (evaluate(rules) != gated) {
		__builtin_trap(); /* a gate hid a rule */
	}
	tw_rules_free(rules);
	return 0;
}
