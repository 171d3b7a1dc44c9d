/**
 * @file counters.c
 * See counters.h.
 */
#include "engine/run/counters.h"

#include <inttypes.h>
#include <string.h>

#include "engine/event/shape.h"

void tw_counters_dead(struct tw_counters *counters, const char *reason, uint64_t count)
{
	counters->dead_letters += count;
	for (size_t i = 0; i < TW_DEAD_REASONS_MAX; i++) {
		struct tw_dead_count *dead = &counters->dead[i];
		if (!dead->reason || strcmp(dead->reason, reason) == 0) {
			dead->reason = reason;
			dead->count += count;
			return;
		}
	}
}

void tw_rule_counts_add(struct tw_rule_counts *counts, struct tw_slice rule, uint64_t count)
{
	counts->all += count;
	for (size_t i = 0; i < TW_RULES_COUNTED; i++) {
		struct tw_rule_count *of = &counts->of[i];
		if (!of->rule[0] && i + 1 < TW_RULES_COUNTED) {
			snprintf(of->rule, sizeof(of->rule), "%.*s", (int)rule.len, rule.ptr);
		} else if (!of->rule[0]) {
			snprintf(of->rule, sizeof(of->rule), "others");
		}
		if (i + 1 == TW_RULES_COUNTED || tw_slice_is(rule, of->rule)) {
			of->count += count;
			return;
		}
	}
}

static void rules_add(struct tw_rule_counts *total, const struct tw_rule_counts *more)
{
	for (int i = 0; i < TW_RULES_COUNTED && more->of[i].rule[0]; i++) {
		tw_rule_counts_add(total, tw_slice_str(more->of[i].rule), more->of[i].count);
	}
}

void tw_counters_add(struct tw_counters *total, const struct tw_counters *more)
{
	total->events += more->events;
	total->bytes += more->bytes;
	for (int i = 0; i < TW_FAMILIES; i++) {
		total->family[i] += more->family[i];
	}
	for (int i = 0; i <= TW_FAMILIES; i++) {
		total->family_dead[i] += more->family_dead[i];
		total->family_duplicate[i] += more->family_duplicate[i];
	}
	for (int i = 0; i < TW_DEAD_REASONS_MAX && more->dead[i].reason; i++) {
		tw_counters_dead(total, more->dead[i].reason, more->dead[i].count);
	}
	total->alerts += more->alerts;
	for (int i = 0; i <= TW_LANE_GREEN; i++) {
		total->lane[i] += more->lane[i];
	}
	total->random += more->random;
	total->holds += more->holds;
	rules_add(&total->shadow, &more->shadow);
	rules_add(&total->suppressed, &more->suppressed);
	rules_add(&total->limited, &more->limited);
	total->batches += more->batches;
	total->duplicates += more->duplicates;
	total->conflicting += more->conflicting;
	total->replayed += more->replayed;
}

static void plural(FILE *out, const char *lead, uint64_t count, const char *noun)
{
	fprintf(out, "%s%" PRIu64 " %s%s", lead, count, noun, count == 1 ? "" : "s");
}

/* " (a: 1, b: 2)", nothing when all are zero. */
static void dead_print(const struct tw_counters *counters, FILE *out)
{
	for (int i = 0; i < TW_DEAD_REASONS_MAX && counters->dead[i].reason; i++) {
		fprintf(out, "%s%s: %" PRIu64, i ? ", " : " (", counters->dead[i].reason, counters->dead[i].count);
	}
	fputs(counters->dead[0].reason ? ")" : "", out);
}

static void lanes_print(const struct tw_counters *counters, FILE *out)
{
	static const char *const names[] = {"", "red", "yellow", "blue", "green"};
	if (!counters->alerts) {
		return;
	}
	for (int i = TW_LANE_RED; i <= TW_LANE_GREEN; i++) {
		fprintf(out, "%s%" PRIu64 " %s", i == TW_LANE_RED ? " (" : ", ", counters->lane[i], names[i]);
	}
	if (counters->random) {
		fprintf(out, "; %" PRIu64 " at random", counters->random);
	}
	fputc(')', out);
}

/* "in the shadow: rule-a 3, rule-b 1", nothing where there is none. */
static void rules_print(const char *lead, const struct tw_rule_counts *counts, FILE *out)
{
	for (int i = 0; i < TW_RULES_COUNTED && counts->of[i].rule[0]; i++) {
		fprintf(out, "%s%s %" PRIu64, i ? ", " : lead, counts->of[i].rule, counts->of[i].count);
	}
	fputs(counts->all ? "\n" : "", out);
}

void tw_counters_print(const struct tw_counters *counters, int64_t ms, FILE *out)
{
	double seconds = (double)(ms > 0 ? ms : 1) / 1000;
	plural(out, "", counters->events, "event");
	plural(out, ", ", counters->dead_letters, "dead letter");
	dead_print(counters, out);
	plural(out, ", ", counters->alerts, "alert");
	lanes_print(counters, out);
	plural(out, ", ", counters->holds, "hold");
	fprintf(out, " in %.1f s: %.0f events/s\n", seconds, (double)counters->events / seconds);
	const char *lead = "";
	for (int i = 0; i < TW_FAMILIES; i++) {
		if (counters->family[i]) {
			plural(out, lead, counters->family[i], tw_family_name((enum tw_family)(i + 1)));
			lead = ", ";
		}
	}
	fputs(lead[0] ? "\n" : "", out);
	rules_print("in the shadow: ", &counters->shadow, out);
	rules_print("suppressed: ", &counters->suppressed, out);
	rules_print("given up at a limit: ", &counters->limited, out);
	if (counters->duplicates || counters->conflicting) {
		plural(out, "", counters->duplicates, "duplicate");
		fprintf(out, " passed over, %" PRIu64 " conflicting: judged, but their source and id are those of another event\n",
		        counters->conflicting);
	}
	if (counters->replayed) {
		plural(out, "before that, ", counters->replayed, "event");
		fputs(" of the earlier run read again for history\n", out);
	}
}
