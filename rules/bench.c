/**
 * @file bench.c
 * Evaluating an event: the scratch of one thread, and the loop over the rules that listen to the event's type and that the index finds.
 *
 * Each rule is decided first; only one that fires is explained. Rules come in id order, so findings do too.
 */
#include "rules/bench.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "rules/eval.h"
#include "rules/points.h"
#include "rules/ruleset.h"

/* folding the longest text takes 36 bytes a byte; anything ordinary fits one block */
#define SPARE_BLOCK_BYTES (64U * 1024U)

enum tw_code tw_rule_bench_new(const struct tw_rules *rules, struct tw_rule_bench **out, struct tw_error *err)
{
	struct tw_rule_bench *bench = calloc(1, sizeof(*bench));
	size_t slots = rules->slots_max ? rules->slots_max : 1;
	if (bench) {
		bench->slot = calloc(slots, sizeof(*bench->slot));
		bench->index = calloc(slots, sizeof(*bench->index));
		bench->first = calloc(slots, sizeof(*bench->first));
		bench->first_index = calloc(slots, sizeof(*bench->first_index));
		bench->bound = calloc(slots, sizeof(*bench->bound));
		bench->text_slots = calloc(TW_TEXT_NOTES, sizeof(*bench->text_slots));
		bench->texts = calloc(TW_TEXT_NOTES, sizeof(*bench->texts));
		bench->histories = calloc(TW_HISTORY_NOTES, sizeof(*bench->histories));
		bench->memo = tw_text_memo_new();
		bench->gates = tw_gate_bench_new(&rules->gates, rules->count);
	}
	if (!bench || !bench->slot || !bench->index || !bench->first || !bench->first_index || !bench->bound || !bench->text_slots || !bench->texts ||
	    !bench->histories || !bench->gates || !bench->memo) {
		tw_rule_bench_free(bench);
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a rule bench", NULL, NULL);
	}
	tw_arena_init(&bench->spare_arena[0], SPARE_BLOCK_BYTES, 0);
	tw_arena_init(&bench->spare_arena[1], SPARE_BLOCK_BYTES, 0);
	enum tw_code code = tw_pattern_bench_new(rules->patterns, &bench->patterns, err);
	if (code != TW_OK) {
		tw_rule_bench_free(bench);
		return code;
	}
	*out = bench;
	return TW_OK;
}

void tw_rule_bench_free(struct tw_rule_bench *bench)
{
	if (!bench) {
		return;
	}
	tw_arena_fini(&bench->spare_arena[0]);
	tw_arena_fini(&bench->spare_arena[1]);
	tw_pattern_bench_free(bench->patterns);
	tw_gate_bench_free(bench->gates);
	tw_text_memo_free(bench->memo);
	free(bench->slot);
	free(bench->index);
	free(bench->first);
	free(bench->first_index);
	free(bench->bound);
	free(bench->text_slots);
	free(bench->texts);
	free(bench->histories);
	free(bench);
}

uint64_t tw_rule_bench_limited(const struct tw_rule_bench *bench)
{
	return tw_pattern_bench_limited(bench->patterns);
}

struct tw_limited_rules tw_rule_bench_limited_rules(const struct tw_rule_bench *bench)
{
	return (struct tw_limited_rules){bench->limited.data, bench->limited.count};
}

void tw_rule_bench_spare_nothing(struct tw_rule_bench *bench)
{
	bench->spares_nothing = true;
}

static void explain(struct tw_eval *eval, struct tw_findings *findings, struct tw_list *list)
{
	struct tw_explain collected = {.evidence_count = 0};
	if (list->count >= TW_FINDINGS_MAX) {
		findings->dropped++;
		return;
	}
	struct tw_finding *finding = tw_list_push(eval->arena, list, sizeof(*finding));
	if (!finding) {
		eval->failed = true;
		return;
	}
	for (uint32_t i = 0; i < eval->rule->slot_count; i++) {
		eval->bench->first[i] = NULL;
	}
	finding->rule = &eval->rule->info;
	eval->explain = &collected;
	tw_eval_run(eval, eval->rule->explain);
	finding->points = tw_points_of(eval);
	tw_explain_finish(eval, finding);
	eval->explain = NULL;
	finding->because = tw_because_fill(eval, finding);
	eval->failed |= finding->because.ptr == NULL;
}

/* A match that was given up says nothing of the text: whoever reads of the event is told. */
static void limited_note(struct tw_eval *eval, const struct tw_rule *rule)
{
	if (eval->bench->limited.count < TW_FINDINGS_MAX) {
		const struct tw_rule_info **noted = tw_list_push(eval->arena, &eval->bench->limited, sizeof(*noted));
		eval->failed |= noted == NULL;
		if (noted) {
			*noted = &rule->info;
		}
	}
}

static void run(struct tw_eval *eval, const struct tw_rule *rule, struct tw_findings *findings, struct tw_list *list)
{
	eval->rule = rule;
	bool fires = tw_eval_run(eval, rule->decide);
	if (tw_pattern_bench_gave_up(eval->bench->patterns)) {
		limited_note(eval, rule);
	}
	if (fires) {
		explain(eval, findings, list);
		(void)tw_pattern_bench_gave_up(eval->bench->patterns); /* the same again */
	}
}

#define FETCHED_NODES 8U /* of a program, a line of memory each: most end before */

/*
 * The programs of all rules are more than a core's caches hold beside an event's own data, and most of an event's rules were not run for the event
 * before: while one is run, those behind it arrive step by step, the rule, its nodes, what they read.
 */
static void fetch(const struct tw_rule *const *rule, uint32_t count, uint32_t at)
{
	if (at + 3 < count) {
		__builtin_prefetch(&rule[at + 3]->decide);
		__builtin_prefetch(&rule[at + 3]->clause);
	}
	if (at + 2 < count) {
		__builtin_prefetch(rule[at + 2]->clause);
		for (uint32_t i = 0; i < FETCHED_NODES; i++) {
			__builtin_prefetch((const char *)rule[at + 2]->decide + i * sizeof(struct tw_rule_node));
		}
	}
	if (at + 1 < count) {
		const struct tw_rule_node *nodes = rule[at + 1]->decide;
		uint32_t end = nodes->end < FETCHED_NODES ? nodes->end : FETCHED_NODES;
		for (uint32_t i = 0; i < end; i++) {
			__builtin_prefetch(nodes[i].op < TW_OP_STATED ? (const void *)nodes[i].with.over : nodes[i].left);
		}
	}
}

/* In the rules' order: bits are read from the lowest. */
static void candidates(struct tw_eval *eval, const struct tw_rule_index *index, struct tw_findings *findings, struct tw_list *list)
{
	const uint64_t *found = tw_gate_index_candidates(eval, index->gates);
	const struct tw_rule **rule = tw_arena_alloc_raw(eval->arena, index->count * sizeof(*rule));
	uint32_t count = 0;
	eval->failed |= rule == NULL;
	for (uint32_t word = 0; word * 64 < index->count && !eval->failed; word++) {
		for (uint64_t left = found[word]; left; left &= left - 1) {
			rule[count++] = index->rule[word * 64 + (uint32_t)__builtin_ctzll(left)];
		}
	}
	for (uint32_t i = 0; i < count && !eval->failed; i++) {
		fetch(rule, count, i);
		if (tw_gates_pass(eval, rule[i]->clause, rule[i]->clause_count)) {
			run(eval, rule[i], findings, list);
		}
	}
}

/* Rules of one status that listen to the event's type. What is known of the event stays for the next such call. */
static enum tw_code eval_some(const struct tw_rules *rules, const struct tw_rule_index *index, struct tw_rule_bench *bench,
                              const struct tw_rule_env *env, struct tw_arena *arena, struct tw_findings *out, struct tw_error *err)
{
	const struct tw_event *event = env->event;
	struct tw_eval eval = {.rules = rules,
	                       .patterns = rules->patterns,
	                       .words = rules->words,
	                       .bench = bench,
	                       .env = env,
	                       .arena = arena,
	                       .day = tw_instant_day(event->time.ms)};
	struct tw_findings findings = {NULL, 0, 0};
	struct tw_list list = {NULL, 0, 0};
	bench->slot[TW_SLOT_EVENT] = event;
	if (bench->spares_nothing) {
		for (uint32_t i = 0; i < index->count && !eval.failed; i++) {
			run(&eval, index->rule[i], &findings, &list);
		}
	} else {
		candidates(&eval, index, &findings, &list);
	}
	if (eval.failed) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "the batch's memory is full while rules are evaluated", NULL, NULL);
	}
	findings.finding = list.data;
	findings.count = list.count;
	*out = findings;
	return TW_OK;
}

static uint32_t type_of(const struct tw_rule_env *env)
{
	return (uint32_t)env->event->type < TW_EVENT_TYPES ? (uint32_t)env->event->type : 0;
}

enum tw_code tw_rules_eval(const struct tw_rules *rules, struct tw_rule_bench *bench, const struct tw_rule_env *env, struct tw_arena *arena,
                           struct tw_findings *out, struct tw_error *err)
{
	bench->event++;
	tw_text_memo_begin(bench->memo);
	bench->limited = (struct tw_list){NULL, 0, 0};
	(void)tw_pattern_bench_gave_up(bench->patterns); /* of another event, left by who asked for something else */
	return eval_some(rules, &rules->of_type[type_of(env)], bench, env, arena, out, err);
}

enum tw_code tw_rules_eval_shadow(const struct tw_rules *rules, struct tw_rule_bench *bench, const struct tw_rule_env *env, struct tw_arena *arena,
                                  struct tw_findings *out, struct tw_error *err)
{
	return eval_some(rules, &rules->shadow_of_type[type_of(env)], bench, env, arena, out, err);
}
