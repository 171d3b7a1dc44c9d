/**
 * @file rules_fuzz.c
 * One buffer as a rule file. Whatever the bytes: a refusal with a place, or a rule that evaluates an empty event.
 */
#include <stddef.h>
#include <stdint.h>

#include "rules/ruleset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char sets[] = "sets: {arms_hs: ['93', '8710'], words: [rifle, 'gun(s)?'], flags: [XA, XB]}\n";

static void evaluate(const struct tw_rules *rules)
{
	struct tw_rule_bench *bench = NULL;
	struct tw_arena arena;
	struct tw_findings findings;
	static const enum tw_event_type types[] = {TW_CONSIGNMENT_DECLARED, TW_CERTIFICATE_ISSUED, TW_MARKING_SEIZED, TW_INSPECTION_COMPLETED,
	                                           TW_HOLD_RELEASED};
	if (tw_rule_bench_new(rules, &bench, NULL) != TW_OK) {
		return;
	}
	tw_arena_init(&arena, 4096, 1024UL * 1024UL);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct tw_event event = {.type = types[i], .family = (enum tw_family)(i + 1)};
		struct tw_rule_env env = {.event = &event};
		(void)!tw_rules_eval(rules, bench, &env, &arena, &findings, NULL);
	}
	tw_arena_fini(&arena);
	tw_rule_bench_free(bench);
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
	if (code == TW_OK) {
		evaluate(rules);
		tw_rules_free(rules);
	} else if (!err.what || !err.where[0]) {
		__builtin_trap(); /* a refusal without a reason or a place */
	}
	return 0;
}
