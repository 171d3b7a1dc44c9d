/**
 * @file rules_backtest_plot.c
 * See rules_backtest_plot.h. Coordinates are whole pixels.
 */
#include "engine/command/rules_backtest_plot.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/time.h"
#include "engine/command/rules_page.h"

#define WIDTH       760U
#define NAMES       270U /* where bars begin */
#define BARS        400U /* the longest */
#define ROW         40U
#define RULES_DRAWN 20U
#define CELLS_DRAWN 12U
#define CELL        44U
#define DAYS_HIGH   180U

static const char *const classes[] = {"before", "after"};

static void begin(FILE *out, const char *id, const char *title, const char *description, uint32_t width, uint32_t height)
{
	fprintf(out,
	        "<p class=\"of\">%s</p>\n<svg role=\"img\" aria-labelledby=\"%s-title %s-text\" viewBox=\"0 0 %u %u\" width=\"%u\" "
	        "height=\"%u\">\n<title "
	        "id=\"%s-title\">%s</title><desc id=\"%s-text\">%s</desc>\n",
	        title, id, id, width, height, width, height, id, title, id, description);
}

/* Text of others is cut by bytes that end a character, and cannot command the page. */
static void label(FILE *out, uint32_t x, uint32_t y, const char *anchor, struct tw_slice text, uint32_t most)
{
	uint32_t length = text.len < most ? text.len : most;
	while (length < text.len && length && ((unsigned char)text.ptr[length] & 0xc0) == 0x80) {
		length--;
	}
	fprintf(out, "<text x=\"%u\" y=\"%u\" text-anchor=\"%s\">", x, y, anchor);
	tw_page_escape(out, (struct tw_slice){text.ptr, length});
	fputs(length < text.len ? "\u2026</text>\n" : "</text>\n", out);
}

/* Two bars, one below the other, with their numbers. */
static void bars(FILE *out, uint32_t row, struct tw_slice name, const uint64_t value[TW_SIDES], uint64_t most)
{
	uint32_t y = row * ROW + 8;
	label(out, NAMES - 10, y + 18, "end", name, 36);
	for (uint32_t side = TW_BEFORE; side < TW_SIDES; side++) {
		uint32_t length = most ? (uint32_t)((double)value[side] / (double)most * BARS + 0.5) : 0;
		fprintf(out,
		        "<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"12\"/><text class=\"small\" x=\"%u\" y=\"%u\">%" PRIu64
		        "</text>\n",
		        classes[side], NAMES, y + side * 14, length, NAMES + length + 6, y + side * 14 + 11, value[side]);
	}
}

void tw_plot_lanes(const struct tw_backtest *backtest, FILE *out)
{
	static const char *const names[] = {"", "red", "yellow", "blue", "green"};
	uint64_t most = 0;
	for (int lane = TW_LANE_RED; lane <= TW_LANE_GREEN; lane++) {
		for (int side = TW_BEFORE; side < TW_SIDES; side++) {
			most = backtest->raised[side][lane] > most ? backtest->raised[side][lane] : most;
		}
	}
	begin(out, "lanes", "Alerts by lane", "For each lane two bars: alerts before and after. The table above has the numbers.", WIDTH,
	      4 * ROW + 8);
	for (uint32_t lane = TW_LANE_RED; lane <= TW_LANE_GREEN; lane++) {
		const uint64_t value[TW_SIDES] = {backtest->raised[TW_BEFORE][lane], backtest->raised[TW_AFTER][lane]};
		bars(out, lane - 1, tw_slice_str(names[lane]), value, most);
	}
	fputs("</svg>\n", out);
}

void tw_plot_rules(const struct tw_backtest *backtest, const uint32_t *order, uint32_t count, FILE *out)
{
	uint32_t drawn = count < RULES_DRAWN ? count : RULES_DRAWN;
	uint64_t most = 0;
	for (uint32_t i = 0; i < drawn; i++) {
		const uint64_t *fired = backtest->rule[order[i]].fired;
		most = fired[TW_BEFORE] > most ? fired[TW_BEFORE] : most;
		most = fired[TW_AFTER] > most ? fired[TW_AFTER] : most;
	}
	begin(out, "rules-plot", "Events on which each rule fired", "For each of the rules that changed most two bars: before and after.", WIDTH,
	      drawn * ROW + 8);
	for (uint32_t i = 0; i < drawn; i++) {
		bars(out, i, backtest->rule[order[i]].id, backtest->rule[order[i]].fired, most);
	}
	fputs("</svg>\n", out);
}

/* ---- days ---- */

struct day {
	int32_t day;
	uint64_t alerts[TW_SIDES];
};

static int day_compare(const void *a, const void *b)
{
	const struct day *one = a, *other = b;
	return one->day < other->day ? -1 : one->day > other->day;
}

/* One a case, then those of a day together. @return how many */
static uint32_t days_gather(const struct tw_backtest *backtest, struct day *days)
{
	const struct tw_backtest_case *at = backtest->cases.data;
	uint32_t count = 0;
	for (uint32_t i = 0; i < backtest->cases.count; i++) {
		days[i] = (struct day){at[i].day, {at[i].view[TW_BEFORE].alert, at[i].view[TW_AFTER].alert}};
	}
	qsort(days, backtest->cases.count, sizeof(*days), day_compare);
	for (uint32_t i = 0; i < backtest->cases.count; i++) {
		if (count && days[count - 1].day == days[i].day) {
			days[count - 1].alerts[TW_BEFORE] += days[i].alerts[TW_BEFORE];
			days[count - 1].alerts[TW_AFTER] += days[i].alerts[TW_AFTER];
		} else {
			days[count++] = days[i];
		}
	}
	return count;
}

static uint32_t days_x(const struct day *days, int32_t day, double span)
{
	return 40 + (uint32_t)(((double)day - (double)days[0].day) / span * (WIDTH - 60) + 0.5);
}

/* Days on which nothing fired are not gathered: the line goes down to them. */
static void days_line(FILE *out, const struct day *days, uint32_t count, uint64_t most, enum tw_side side)
{
	double span = (double)days[count - 1].day - (double)days[0].day;
	fprintf(out, "<polyline class=\"%s line\" points=\"", classes[side]);
	for (uint32_t i = 0; i < count; i++) {
		if (i && days[i].day - days[i - 1].day > 1) {
			fprintf(out, "%u,%u ", days_x(days, days[i - 1].day + 1, span), DAYS_HIGH + 10);
			fprintf(out, "%u,%u ", days_x(days, days[i].day - 1, span), DAYS_HIGH + 10);
		}
		uint32_t y = 10 + DAYS_HIGH - (uint32_t)((double)days[i].alerts[side] / (double)most * DAYS_HIGH + 0.5);
		fprintf(out, "%u,%u ", days_x(days, days[i].day, span), y);
	}
	fputs("\"/>\n", out);
}

static void days_draw(FILE *out, const struct day *days, uint32_t count)
{
	char day[TW_DATE_BYTES];
	uint64_t most = 1;
	for (uint32_t i = 0; i < count; i++) {
		most = days[i].alerts[TW_BEFORE] > most ? days[i].alerts[TW_BEFORE] : most;
		most = days[i].alerts[TW_AFTER] > most ? days[i].alerts[TW_AFTER] : most;
	}
	begin(out, "days", "Consignments with an alert, by day", "Two lines, before and after, from the first day to the last on which a rule fired.",
	      WIDTH, DAYS_HIGH + 40);
	fprintf(out,
	        "<path class=\"axis\" d=\"M40 10V%uH%u\"/>\n<text class=\"small\" x=\"34\" y=\"18\" text-anchor=\"end\">%" PRIu64
	        "</text>\n<text class=\"small\" x=\"34\" y=\"%u\" text-anchor=\"end\">0</text>\n",
	        DAYS_HIGH + 10, WIDTH - 20, most, DAYS_HIGH + 12);
	label(out, 40, DAYS_HIGH + 30, "start", tw_slice_str(tw_date_format(days[0].day, day)), 16);
	label(out, WIDTH - 20, DAYS_HIGH + 30, "end", tw_slice_str(tw_date_format(days[count - 1].day, day)), 16);
	days_line(out, days, count, most, TW_BEFORE);
	days_line(out, days, count, most, TW_AFTER);
	fputs("</svg>\n", out);
}

bool tw_plot_days(const struct tw_backtest *backtest, FILE *out)
{
	struct day *days = calloc((size_t)backtest->cases.count + 1, sizeof(*days));
	uint32_t count = days ? days_gather(backtest, days) : 0;
	if (count > 1) {
		days_draw(out, days, count);
	}
	free(days);
	return days != NULL;
}

/* ---- overlap ---- */

static uint32_t among(const uint32_t *rules, uint32_t count, uint32_t rule)
{
	uint32_t at = 0;
	while (at < count && rules[at] != rule) {
		at++;
	}
	return at;
}

/* Those of the pairs that fire most often together. */
static uint32_t overlap_rules(const struct tw_backtest *backtest, uint32_t *rules)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < backtest->pair_count && count + 2 <= CELLS_DRAWN; i++) {
		const struct tw_backtest_pair *pair = &backtest->pairs[i];
		if (among(rules, count, pair->a) == count) {
			rules[count++] = pair->a;
		}
		if (among(rules, count, pair->b) == count) {
			rules[count++] = pair->b;
		}
	}
	return count;
}

static void cell(FILE *out, uint32_t column, uint32_t row, uint64_t value, uint64_t most)
{
	uint32_t x = NAMES + column * CELL, y = 30 + row * CELL;
	fprintf(out,
	        "<rect class=\"cell\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" fill-opacity=\"%u%%\"/><text class=\"small\" x=\"%u\" y=\"%u\" "
	        "text-anchor=\"middle\">%" PRIu64 "</text>\n",
	        x, y, CELL - 2, CELL - 2, most ? (uint32_t)((double)value / (double)most * 60 + 0.5) : 0, x + CELL / 2, y + CELL / 2 + 4, value);
}

void tw_plot_overlap(const struct tw_backtest *backtest, FILE *out)
{
	uint32_t rules[CELLS_DRAWN];
	uint64_t cells[CELLS_DRAWN][CELLS_DRAWN] = {{0}}, most = 0;
	uint32_t drawn = overlap_rules(backtest, rules);
	for (uint32_t i = 0; i < backtest->pair_count; i++) {
		const struct tw_backtest_pair *pair = &backtest->pairs[i];
		uint32_t a = among(rules, drawn, pair->a), b = among(rules, drawn, pair->b);
		if (a < drawn && b < drawn) {
			cells[a][b] = cells[b][a] = pair->together[TW_AFTER];
			most = pair->together[TW_AFTER] > most ? pair->together[TW_AFTER] : most;
		}
	}
	begin(out, "overlap-plot", "Rules that fire together, after",
	      "A square: each number says on how many events the rule of the row and the rule of the column both fired; on the diagonal, the rule "
	      "alone.",
	      NAMES + drawn * CELL + 10, drawn * CELL + 40);
	for (uint32_t i = 0; i < drawn; i++) {
		const struct tw_backtest_rule *rule = &backtest->rule[rules[i]];
		char number[16];
		snprintf(number, sizeof(number), "%u", i + 1);
		label(out, NAMES - 30, 30 + i * CELL + CELL / 2 + 4, "end", rule->id, 34);
		label(out, NAMES - 10, 30 + i * CELL + CELL / 2 + 4, "end", tw_slice_str(number), 16);
		label(out, NAMES + i * CELL + CELL / 2, 20, "middle", tw_slice_str(number), 16);
		for (uint32_t j = 0; j < drawn; j++) {
			cell(out, j, i, i == j ? rule->alone[TW_AFTER] : cells[i][j], i == j ? 0 : most);
		}
	}
	fputs("</svg>\n", out);
}

/* ---- precision ---- */

static void whisker(FILE *out, uint32_t row, enum tw_side side, struct tw_backtest_precision precision)
{
	struct tw_wilson wilson = tw_wilson_of(precision.found, precision.examined);
	uint32_t y = row * ROW + 30 + (uint32_t)side * 14, low = NAMES + (uint32_t)((uint64_t)wilson.low_ppm * BARS / 1000000),
	         high = NAMES + (uint32_t)((uint64_t)wilson.high_ppm * BARS / 1000000),
	         at = NAMES + (uint32_t)((uint64_t)wilson.share_ppm * BARS / 1000000);
	if (precision.examined) {
		fprintf(out,
		        "<path class=\"%s line\" d=\"M%u %uH%u\"/><circle class=\"%s\" cx=\"%u\" cy=\"%u\" r=\"4\"/><text class=\"small\" x=\"%u\" "
		        "y=\"%u\">%" PRIu64 "/%" PRIu64 "</text>\n",
		        classes[side], low, y, high, classes[side], at, y, NAMES + BARS + 10, y + 4, precision.found, precision.examined);
	}
}

void tw_plot_precision(const struct tw_backtest *backtest, const uint32_t *order, uint32_t count, FILE *out)
{
	uint32_t drawn[RULES_DRAWN], rows = 0;
	for (uint32_t i = 0; i < count && rows < RULES_DRAWN; i++) {
		const struct tw_backtest_precision *outcomes = backtest->rule[order[i]].outcomes;
		if (outcomes[TW_BEFORE].examined || outcomes[TW_AFTER].examined) {
			drawn[rows++] = order[i];
		}
	}
	begin(out, "precision-plot", "Found, of what was examined",
	      "For each rule a dot, the share of examined consignments in which something was found, and a line, its 95% interval; before and after. "
	      "From 0 "
	      "on the left to 100% on the right.",
	      WIDTH, rows * ROW + 40);
	fprintf(out, "<path class=\"axis\" d=\"M%u 20V%uM%u 20V%u\"/>\n", NAMES, rows * ROW + 24, NAMES + BARS, rows * ROW + 24);
	label(out, NAMES, 14, "middle", tw_slice_str("0"), 8);
	label(out, NAMES + BARS, 14, "middle", tw_slice_str("100%"), 8);
	for (uint32_t i = 0; i < rows; i++) {
		label(out, NAMES - 10, i * ROW + 40, "end", backtest->rule[drawn[i]].id, 36);
		whisker(out, i, TW_BEFORE, backtest->rule[drawn[i]].outcomes[TW_BEFORE]);
		whisker(out, i, TW_AFTER, backtest->rule[drawn[i]].outcomes[TW_AFTER]);
	}
	fputs("</svg>\n", out);
}
