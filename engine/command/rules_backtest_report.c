/**
 * @file rules_backtest_report.c
 * The report of a backtest for a terminal, and the order of its rules.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/time.h"
#include "engine/command/cell.h"
#include "engine/command/rules_backtest.h"

#define RULES_SHOWN 30U
#define CASES_SHOWN 20U
#define ID_COLUMNS  38U

static const struct tw_backtest *ordered; /* qsort hands on no context */

static uint64_t change_of(const struct tw_backtest_rule *rule)
{
	return tw_backtest_apart(rule->fired[TW_BEFORE], rule->fired[TW_AFTER]);
}

static int order_compare(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
	const struct tw_backtest_rule *first = &ordered->rule[one], *second = &ordered->rule[other];
	uint64_t firsts = first->fired[TW_BEFORE] + first->fired[TW_AFTER], seconds = second->fired[TW_BEFORE] + second->fired[TW_AFTER];
	if (change_of(first) != change_of(second)) {
		return change_of(first) > change_of(second) ? -1 : 1;
	}
	if (firsts != seconds) {
		return firsts > seconds ? -1 : 1;
	}
	return one < other ? -1 : one > other;
}

uint32_t tw_backtest_order(const struct tw_backtest *backtest, uint32_t *out)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < backtest->rule_count; i++) {
		const struct tw_backtest_rule *rule = &backtest->rule[i];
		if (rule->fired[TW_BEFORE] || rule->fired[TW_AFTER]) {
			out[count++] = i;
		}
	}
	ordered = backtest;
	qsort(out, count, sizeof(*out), order_compare);
	return count;
}

static void edition(const struct tw_backtest_run *run, enum tw_side side, FILE *out)
{
	const struct tw_edition *edition = &run->edition[side];
	fprintf(out, "%s", side == TW_BEFORE ? "before    " : "after     ");
	for (uint32_t i = 0; i < edition->path_count; i++) {
		fprintf(out, "%s%s", i ? ", " : "", edition->paths[i]);
	}
	fprintf(out, ": %u rules, digest %.12s\n", edition->active, edition->digest.ptr);
	if (edition->rules > edition->active) {
		fprintf(out, "          %u more are not active: not evaluated, as in the live stream\n", edition->rules - edition->active);
	}
}

static void head(const struct tw_backtest *backtest, const struct tw_backtest_run *run, FILE *out)
{
	fprintf(out, "history   %" PRIu64 " events", run->events);
	if (run->from || run->to) {
		fprintf(out, "%s%s%s%s", run->from ? " from " : "", run->from ? run->from : "", run->to ? " to " : "", run->to ? run->to : "");
	}
	fprintf(out, ": %" PRIu64 " judged, %" PRIu64 " as history alone, %" PRIu64 " sent twice, %" PRIu64 " dead letters",
	        backtest->judged - run->told, run->history, run->duplicates, run->dead);
	if (run->told) {
		fprintf(out, ", %" PRIu64 " deliveries and confirmations fell due", run->told);
	}
	fputs("\n", out);
	edition(run, TW_BEFORE, out);
	edition(run, TW_AFTER, out);
}

static void share(struct tw_backtest_precision precision, FILE *out)
{
	struct tw_wilson wilson = tw_wilson_of(precision.found, precision.examined);
	if (precision.examined) {
		fprintf(out, "  %6" PRIu64 "/%-6" PRIu64 " %5.1f%% (%.1f-%.1f)", precision.found, precision.examined, wilson.share_ppm / 1e4,
		        wilson.low_ppm / 1e4, wilson.high_ppm / 1e4);
	} else {
		fprintf(out, "  %13s %-19s", "-", "");
	}
}

static void lane_line(const char *name, uint64_t before, uint64_t after, FILE *out)
{
	fprintf(out, "%-10s%10" PRIu64 "%10" PRIu64 "%+10" PRId64, name, before, after, (int64_t)(after - before));
}

static void lanes(const struct tw_backtest *backtest, FILE *out)
{
	static const char *const names[] = {"", "red", "yellow", "blue", "green"};
	uint64_t all[TW_SIDES] = {0, 0};
	fprintf(out, "\n%-10s%10s%10s%10s", "alerts", "before", "after", "change");
	fprintf(out, "%s\n", backtest->inspected ? "   found/examined before                after" : "");
	for (int lane = TW_LANE_RED; lane <= TW_LANE_GREEN; lane++) {
		lane_line(names[lane], backtest->raised[TW_BEFORE][lane], backtest->raised[TW_AFTER][lane], out);
		for (int side = TW_BEFORE; side < TW_SIDES; side++) {
			all[side] += backtest->raised[side][lane];
			if (backtest->inspected) {
				share(backtest->outcomes[side][lane], out);
			}
		}
		fputc('\n', out);
	}
	lane_line("all", all[TW_BEFORE], all[TW_AFTER], out);
	fprintf(out, "\ngreen: alerts of the random share, and of what reveals something about an earlier consignment\n");
}

static const char *presence(const struct tw_backtest_rule *rule)
{
	return !rule->info[TW_BEFORE] ? "+" : !rule->info[TW_AFTER] ? "-" : " ";
}

static void rule_line(const struct tw_backtest *backtest, const struct tw_backtest_rule *rule, FILE *out)
{
	fputs(presence(rule), out);
	fputc(' ', out);
	tw_cell_pad(out, rule->id, ID_COLUMNS);
	fprintf(out, "%9" PRIu64 "%9" PRIu64 "%9" PRIu64 "%9" PRIu64 "%11" PRIu64 "%10" PRId64 "%+10" PRId64, rule->fired[TW_BEFORE],
	        rule->fired[TW_AFTER], rule->alone[TW_BEFORE], rule->alone[TW_AFTER], rule->fired[TW_AFTER] - rule->alone[TW_AFTER],
	        rule->points[TW_AFTER], rule->points[TW_AFTER] - rule->points[TW_BEFORE]);
	for (int side = TW_BEFORE; backtest->inspected && side < TW_SIDES; side++) {
		share(rule->outcomes[side], out);
	}
	fputc('\n', out);
}

static void rules(const struct tw_backtest *backtest, const uint32_t *order, uint32_t count, FILE *out)
{
	uint32_t shown = count < RULES_SHOWN ? count : RULES_SHOWN, came = 0, went = 0;
	fprintf(out, "\n  %-*s%9s%9s%9s%9s%11s%10s%10s%s\n", (int)ID_COLUMNS, "rule", "fired", "now", "alone", "now", "together", "points", "change",
	        backtest->inspected ? "   found/examined before                after" : "");
	for (uint32_t i = 0; i < shown; i++) {
		rule_line(backtest, &backtest->rule[order[i]], out);
	}
	if (shown < count) {
		fprintf(out, "  ... and %u more that fired: --format json has all\n", count - shown);
	}
	for (uint32_t i = 0; i < backtest->rule_count; i++) {
		came += !backtest->rule[i].info[TW_BEFORE];
		went += !backtest->rule[i].info[TW_AFTER];
	}
	fprintf(out, "%u of %u rules fired in neither edition; + %u only after, - %u only before\n", backtest->rule_count - count,
	        backtest->rule_count, came, went);
}

static void pairs(const struct tw_backtest *backtest, FILE *out)
{
	if (backtest->pair_count == 0) {
		return;
	}
	fprintf(out, "\n  %-*s%9s%9s\n", (int)(ID_COLUMNS * 2), "fired together", "before", "after");
	for (uint32_t i = 0; i < backtest->pair_count && i < TW_BACKTEST_PAIRS_SHOWN; i++) {
		const struct tw_backtest_pair *pair = &backtest->pairs[i];
		fputs("  ", out);
		tw_cell_pad(out, backtest->rule[pair->a].id, ID_COLUMNS - 1);
		fputc(' ', out);
		tw_cell_pad(out, backtest->rule[pair->b].id, ID_COLUMNS);
		fprintf(out, "%9" PRIu64 "%9" PRIu64 "\n", pair->together[TW_BEFORE], pair->together[TW_AFTER]);
	}
	if (backtest->pairs_lost) {
		fprintf(out, "  %" PRIu64 " times a pair fired that was not told apart: there were too many\n", backtest->pairs_lost);
	}
}

static void place(uint32_t place, FILE *out)
{
	if (place) {
		fprintf(out, "%7u", place);
	} else {
		fprintf(out, "%7s", "-");
	}
}

static bool moves(const struct tw_backtest *backtest, const char *what, const struct tw_list *list, FILE *out)
{
	struct tw_backtest_case *const *at = list->data;
	struct tw_arena arena;
	char day[TW_DATE_BYTES];
	bool good = true;
	tw_arena_init(&arena, 4096, 0);
	fprintf(out, "\n%-9s %-12s%-26s%7s%7s  %s\n", what, "day", "consignment", "rank", "now", "why");
	for (uint32_t i = 0; good && i < list->count && i < CASES_SHOWN; i++) {
		struct tw_slice why = tw_backtest_why(backtest, at[i], &arena);
		good = why.ptr != NULL;
		fprintf(out, "          %-12s", tw_date_format(at[i]->day, day));
		tw_cell_pad(out, at[i]->consignment, 25);
		fputc(' ', out);
		place(at[i]->view[TW_BEFORE].place, out);
		place(at[i]->view[TW_AFTER].place, out);
		fprintf(out, "  %s\n", good ? why.ptr : "");
	}
	if (list->count > CASES_SHOWN) {
		fprintf(out, "          ... and %u more: --format json has all\n", list->count - CASES_SHOWN);
	}
	tw_arena_fini(&arena);
	return good;
}

static bool capacity(const struct tw_backtest *backtest, FILE *out)
{
	if (!backtest->capacity) {
		return true;
	}
	fprintf(out, "\nthe first %u of a day, %u days with alerts: %u enter, %u leave\n", backtest->capacity, backtest->days,
	        backtest->entered.count, backtest->left.count);
	return (!backtest->entered.count || moves(backtest, "enter", &backtest->entered, out)) &&
	       (!backtest->left.count || moves(backtest, "leave", &backtest->left, out));
}

static void outcomes(const struct tw_backtest *backtest, FILE *out)
{
	if (backtest->inspected || backtest->not_examined || backtest->unknown) {
		fprintf(out,
		        "\n%" PRIu64 " consignments were inspected after they were judged; %" PRIu64 " outcomes examined nothing, %" PRIu64
		        " were of others\n",
		        backtest->inspected, backtest->not_examined, backtest->unknown);
	}
	if (backtest->inspected) {
		fputs(
		    "found/examined: a discrepancy or seizure, of what was examined; in brackets the 95% interval of Wilson (1927). Who was examined "
		    "was\nchosen by the rules of the day: of what those let pass, only the random share tells.\n",
		    out);
	}
}

enum tw_code tw_backtest_table(const struct tw_backtest *backtest, const struct tw_backtest_run *run, FILE *out, struct tw_error *err)
{
	uint32_t *order = malloc((backtest->rule_count + 1) * sizeof(*order));
	bool good = order != NULL;
	if (good) {
		uint32_t count = tw_backtest_order(backtest, order);
		head(backtest, run, out);
		lanes(backtest, out);
		rules(backtest, order, count, out);
		pairs(backtest, out);
		good = capacity(backtest, out);
		outcomes(backtest, out);
	}
	free(order);
	return good ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a report", NULL, NULL);
}
