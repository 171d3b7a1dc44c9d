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

void tw_counters_shadow(struct tw_counters *counters, struct tw_slice rule, uint64_t count)
{
	counters->shadows += count;
	for (size_t i = 0; i < TW_SHADOW_RULES_MAX; i++) {
		struct tw_shadow_count *shadow = &counters->shadow[i];
		if (!shadow->rule[0] && i + 1 < TW_SHADOW_RULES_MAX) {
			snprintf(shadow->rule, sizeof(shadow->rule), "%.*s", (int)rule.len, rule.ptr);
		} else if (!shadow->rule[0]) {
			snprintf(shadow->rule, sizeof(shadow->rule), "others");
		}
		if (i + 1 == TW_SHADOW_RULES_MAX || tw_slice_is(rule, shadow->rule)) {
			shadow->count += count;
			return;
		}
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
	for (int i = 0; i < TW_SHADOW_RULES_MAX && more->shadow[i].rule[0]; i++) {
		tw_counters_shadow(total, tw_slice_str(more->shadow[i].rule), more->shadow[i].count);
	}
	total->batches += more->batches;
	total->duplicates += more->duplicates;
	total->conflicting += more->conflicting;
	total->replayed += more->replayed;
}

static void plural(FILE *out, const char *lead, uint64_t count, const char *noun)
{
	fprintf(out, "%s%" PRIu64 " %s%s", lead, count, noun, count == 1 ? "" : "s");
}

/* " (a 1, b 2)", nothing when all are zero. */
static void dead_print(const struct tw_counters *counters, FILE *out)
{
	for (int i = 0; i < TW_DEAD_REASONS_MAX && counters->dead[i].reason; i++) {
		fprintf(out, "%s%s %" PRIu64, i ? ", " : " (", counters->dead[i].reason, counters->dead[i].count);
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

/* One line, for those who try rules. */
static void shadows_print(const struct tw_counters *counters, FILE *out)
{
	for (int i = 0; i < TW_SHADOW_RULES_MAX && counters->shadow[i].rule[0]; i++) {
		fprintf(out, "%s%s %" PRIu64, i ? ", " : "in the shadow: ", counters->shadow[i].rule, counters->shadow[i].count);
	}
	fputs(counters->shadows ? "\n" : "", out);
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
	shadows_print(counters, out);
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
