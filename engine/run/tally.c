/**
 * @file tally.c
 * See tally.h.
 */
#include "engine/run/tally.h"

#include "engine/base/log.h"

#define CONFLICTS_SAID 10U
#define LIMITED_SAID   20

static void judged_count(struct tw_counters *counters, const struct tw_case *about)
{
	if (about->output_count) {
		counters->alerts++;
		counters->lane[about->assessment.lane]++;
		counters->random += about->assessment.selection == TW_SELECTION_RANDOM;
		counters->holds += about->output_count > 1;
	}
	for (uint32_t i = 0; i < about->shadow.count; i++) {
		tw_rule_counts_add(&counters->shadow, about->shadow.finding[i].rule->id, 1);
	}
	for (uint32_t i = 0; i < about->suppressed.count; i++) {
		tw_rule_counts_add(&counters->suppressed, about->suppressed.at[i].finding.rule->id, 1);
	}
	for (uint32_t i = 0; i < about->limited.count; i++) {
		tw_rule_counts_add(&counters->limited, about->limited.rule[i]->id, 1);
	}
}

void tw_tally_case(struct tw_counters *counters, const struct tw_case *about)
{
	counters->events++;
	counters->bytes += about->message->value.len;
	if (about->duplicate) {
		counters->duplicates++;
		counters->family_duplicate[about->message->family]++;
		return;
	}
	counters->conflicting += about->conflicting;
	if (about->dead_reason) {
		tw_counters_dead(counters, about->dead_reason, 1);
		counters->family_dead[about->message->family]++;
		return;
	}
	counters->family[about->message->family - 1]++;
	judged_count(counters, about);
	for (uint32_t i = 0; i < about->follow_count; i++) {
		judged_count(counters, &about->follow[i]);
	}
}

/* The first few by place; the summary counts all. Not by id: that is a stranger's text. */
static void conflict_say(const struct tw_case *about, uint64_t said)
{
	const struct tw_message *message = about->message;
	if (about->conflicting && said < CONFLICTS_SAID) {
		tw_log(TW_LOG_WARN, "conflicting_event", "topic=%.*s partition=%d offset=%lld reason=\"another event had its source and id\"",
		       (int)message->topic.len, message->topic.ptr, message->partition, (long long)message->offset);
	}
}

/* The first few by place, with the first rule of each; the summary and the metrics count all, by rule. */
static void limited_say(const struct tw_case *about, uint64_t said)
{
	const struct tw_message *message = about->message;
	if (about->limited.count && said < LIMITED_SAID) {
		struct tw_slice rule = about->limited.rule[0]->id;
		tw_log(TW_LOG_WARN, "pattern_limit",
		       "rule=%.*s rules=%u topic=%.*s partition=%d offset=%lld reason=\"a match was given up: tidewaiter rules lint says which "
		       "pattern\"",
		       (int)rule.len, rule.ptr, about->limited.count, (int)message->topic.len, message->topic.ptr, message->partition,
		       (long long)message->offset);
	}
}

void tw_tally_say(const struct tw_case *about, const struct tw_counters *const *so_far, uint32_t count)
{
	uint64_t conflicting = 0, limited = 0;
	for (uint32_t i = 0; i < count; i++) {
		conflicting += so_far[i]->conflicting;
		limited += so_far[i]->limited.all;
	}
	conflict_say(about, conflicting);
	limited_say(about, limited);
}
