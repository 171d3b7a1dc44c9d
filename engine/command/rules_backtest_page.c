/**
 * @file rules_backtest_page.c
 * The report of a backtest as one page that needs nothing else: no script, no font, no picture of another place. Tables say everything that the
 * drawings show. Texts of events are isolated (bdi), so that none can turn what stands beside it around.
 * Source: WHATWG HTML, 4.5.24 (bdi); W3C, WCAG 2.1, 1.4.3 (contrast), 1.4.1 (colour is not the only sign).
 */
#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/time.h"
#include "engine/command/rules_backtest_plot.h"
#include "engine/command/rules_page.h"

#define RULES_SHOWN 200U
#define CASES_SHOWN 500U

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1a2530;--faint:#4f6472;--paper:#fff;--line:#c4ced6;--before:#6b7785;--after:#1d5f8a}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e4eaef;--faint:#a9b8c4;--paper:#12181d;--line:#3c4a55;--before:#9aa7b3;--after:#5db3ea}}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--paper)}"
    "h1,h2{line-height:1.2}h2{border-bottom:2px solid var(--line);margin-top:2.5rem}.wide{overflow-x:auto}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}caption{text-align:left;color:var(--faint)}"
    ".of{color:var(--faint);margin:1.5rem 0 0}.share{white-space:nowrap}th[scope=row]{white-space:nowrap}"
    ".what{display:block;max-width:22rem;white-space:normal;font-weight:400;color:var(--faint)}"
    "th,td{padding:.2rem .6rem;border-bottom:1px solid var(--line);text-align:right}th:first-child,td.text,th.text{text-align:left}"
    "dl{display:grid;grid-template-columns:8rem 1fr;gap:.2rem 1rem}dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}"
    "svg{max-width:100%;height:auto;display:block;margin:1rem 0}text{font:13px system-ui,sans-serif;fill:var(--ink)}.small{font-size:11px}"
    ".before{fill:var(--before)}.after,.cell{fill:var(--after)}.line{fill:none;stroke-width:2}.before.line{stroke:var(--before);stroke-dasharray:5 "
    "3}.after.line{stroke:var(--after)}.axis{fill:none;stroke:var(--line)}.key i{display:inline-block;width:1rem;height:.7rem;margin-right:.3rem}"
    ".key .before{background:var(--before)}.key .after{background:var(--after)}";

static void text(FILE *out, struct tw_slice text)
{
	fputs("<bdi>", out);
	tw_page_escape(out, text);
	fputs("</bdi>", out);
}

static void head(const struct tw_backtest *backtest, const struct tw_backtest_run *run, FILE *out)
{
	static const char *const names[] = {"Before", "After"};
	fprintf(
	    out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width,initial-scale=1\">\n<title>Backtest of rules</title>\n<style>%s</style>\n</head>\n<body>\n<h1>Backtest of "
	    "rules</h1>\n<dl><dt>History</dt><dd>",
	    style);
	for (uint32_t i = 0; i < run->input_count; i++) {
		fputs(i ? ", " : "", out);
		text(out, tw_slice_str(run->inputs[i]));
	}
	fprintf(out, ": %" PRIu64 " events", run->events);
	fprintf(out, "%s%s%s%s", run->from ? " from " : "", run->from ? run->from : "", run->to ? " to " : "", run->to ? run->to : "");
	fprintf(out, "; %" PRIu64 " judged, %" PRIu64 " as history alone, %" PRIu64 " sent twice, %" PRIu64 " dead letters",
	        backtest->judged - run->told, run->history, run->duplicates, run->dead);
	if (run->told) {
		fprintf(out, ", %" PRIu64 " deliveries and confirmations fell due", run->told);
	}
	fputs("</dd>\n", out);
	for (int side = TW_BEFORE; side < TW_SIDES; side++) {
		const struct tw_edition *edition = &run->edition[side];
		fprintf(out, "<dt>%s</dt><dd>", names[side]);
		for (uint32_t i = 0; i < edition->path_count; i++) {
			fputs(i ? ", " : "", out);
			text(out, tw_slice_str(edition->paths[i]));
		}
		fprintf(out, ": %u rules, %u more that are not active; digest %s</dd>\n", edition->active, edition->rules - edition->active,
		        edition->digest.ptr);
	}
	fputs("</dl>\n<p class=\"key\"><i class=\"before\"></i>before, dashed where it is a line; the upper bar <i class=\"after\"></i>after</p>\n",
	      out);
}

static void share(struct tw_backtest_precision precision, FILE *out)
{
	struct tw_wilson wilson = tw_wilson_of(precision.found, precision.examined);
	if (precision.examined) {
		fprintf(out, "<td class=\"share\">%" PRIu64 "/%" PRIu64 ", %.1f%%<br><small>%.1f\u2013%.1f%%</small></td>", precision.found,
		        precision.examined, wilson.share_ppm / 1e4, wilson.low_ppm / 1e4, wilson.high_ppm / 1e4);
	} else {
		fputs("<td>\u2013</td>", out);
	}
}

static void table_begin(FILE *out, const char *caption, const char *const *columns)
{
	fprintf(out, "<div class=\"wide\"><table><caption>%s</caption><thead><tr>", caption);
	for (size_t i = 0; columns[i]; i++) {
		fprintf(out, "<th scope=\"col\"%s>%s</th>", columns[i][0] == '<' ? " class=\"text\"" : "", columns[i] + (columns[i][0] == '<'));
	}
	fputs("</tr></thead><tbody>\n", out);
}

static void table_end(FILE *out)
{
	fputs("</tbody></table></div>\n", out);
}

static bool lanes(const struct tw_backtest *backtest, FILE *out)
{
	static const char *const columns[] = {"<Lane", "Before", "After", "Change", "Found before", "Found after", NULL};
	static const char *const names[] = {"", "red", "yellow", "blue", "green"};
	fputs("<h2>Alerts by lane</h2>\n", out);
	table_begin(out,
	            "Green: alerts of the random share, and of what reveals something about an earlier consignment. Found: of the "
	            "consignments that were examined, the share, and below it its 95% interval.",
	            columns);
	for (int lane = TW_LANE_RED; lane <= TW_LANE_GREEN; lane++) {
		uint64_t before = backtest->raised[TW_BEFORE][lane], after = backtest->raised[TW_AFTER][lane];
		fprintf(out, "<tr><th scope=\"row\">%s</th><td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%+" PRId64 "</td>", names[lane], before, after,
		        (int64_t)(after - before));
		share(backtest->outcomes[TW_BEFORE][lane], out);
		share(backtest->outcomes[TW_AFTER][lane], out);
		fputs("</tr>\n", out);
	}
	table_end(out);
	tw_plot_lanes(backtest, out);
	return tw_plot_days(backtest, out);
}

static void rule_row(const struct tw_backtest_rule *rule, FILE *out)
{
	fputs("<tr><th scope=\"row\">", out);
	text(out, rule->id);
	fputs("<small class=\"what\">", out); /* below its id: ten columns of numbers want the width */
	text(out, rule->title);
	fprintf(out,
	        "</small></th><td class=\"text\">%s</td><td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%" PRIu64
	        "</td><td>%+" PRId64 "</td>",
	        !rule->info[TW_BEFORE]  ? "came"
	        : !rule->info[TW_AFTER] ? "went"
	                                : "",
	        rule->fired[TW_BEFORE], rule->fired[TW_AFTER], rule->alone[TW_BEFORE], rule->alone[TW_AFTER],
	        rule->fired[TW_AFTER] - rule->alone[TW_AFTER], rule->points[TW_AFTER] - rule->points[TW_BEFORE]);
	share(rule->outcomes[TW_BEFORE], out);
	share(rule->outcomes[TW_AFTER], out);
	fputs("</tr>\n", out);
}

static void rules(const struct tw_backtest *backtest, const uint32_t *order, uint32_t count, FILE *out)
{
	static const char *const columns[] = {"<Rule",       "<",              "Fired before",   "Fired after",  "Alone before",
	                                      "Alone after", "Together after", "Points, change", "Found before", "Found after",
	                                      NULL};
	fputs("<h2>Rules</h2>\n", out);
	if (!count) {
		fputs("<p>No rule fired in either edition.</p>\n", out);
		return;
	}
	tw_plot_rules(backtest, order, count, out);
	table_begin(out, "Events on which a rule fired; those that changed most come first.", columns);
	for (uint32_t i = 0; i < count && i < RULES_SHOWN; i++) {
		rule_row(&backtest->rule[order[i]], out);
	}
	table_end(out);
	if (count > RULES_SHOWN) {
		fprintf(out, "<p>%u more fired: --format json has all.</p>\n", count - RULES_SHOWN);
	}
}

static void overlap(const struct tw_backtest *backtest, FILE *out)
{
	static const char *const columns[] = {"<Rule", "<and", "Before", "After", NULL};
	if (!backtest->pair_count) {
		return;
	}
	fputs("<h2>Rules that fire together</h2>\n", out);
	tw_plot_overlap(backtest, out);
	table_begin(out, "The pairs that fire together on most events.", columns);
	for (uint32_t i = 0; i < backtest->pair_count && i < TW_BACKTEST_PAIRS_SHOWN; i++) {
		const struct tw_backtest_pair *pair = &backtest->pairs[i];
		fputs("<tr><th scope=\"row\">", out);
		text(out, backtest->rule[pair->a].id);
		fputs("</th><td class=\"text\">", out);
		text(out, backtest->rule[pair->b].id);
		fprintf(out, "</td><td>%" PRIu64 "</td><td>%" PRIu64 "</td></tr>\n", pair->together[TW_BEFORE], pair->together[TW_AFTER]);
	}
	table_end(out);
}

static void place(uint32_t place, FILE *out)
{
	if (place) {
		fprintf(out, "<td>%u</td>", place);
	} else {
		fputs("<td>\u2013</td>", out);
	}
}

static bool moves(const struct tw_backtest *backtest, const char *caption, const struct tw_list *list, FILE *out)
{
	static const char *const columns[] = {"<Day", "<Consignment", "Rank before", "Rank after", "<Why", NULL};
	struct tw_backtest_case *const *at = list->data;
	struct tw_arena arena;
	char day[TW_DATE_BYTES];
	bool good = true;
	tw_arena_init(&arena, 4096, 0);
	table_begin(out, caption, columns);
	for (uint32_t i = 0; good && i < list->count && i < CASES_SHOWN; i++) {
		struct tw_slice why = tw_backtest_why(backtest, at[i], &arena);
		good = why.ptr != NULL;
		fprintf(out, "<tr><th scope=\"row\">%s</th><td class=\"text\">", tw_date_format(at[i]->day, day));
		text(out, at[i]->consignment);
		fputs("</td>", out);
		place(at[i]->view[TW_BEFORE].place, out);
		place(at[i]->view[TW_AFTER].place, out);
		fputs("<td class=\"text\">", out);
		text(out, why);
		fputs("</td></tr>\n", out);
	}
	table_end(out);
	tw_arena_fini(&arena);
	return good;
}

static bool capacity(const struct tw_backtest *backtest, FILE *out)
{
	if (!backtest->capacity) {
		return true;
	}
	fprintf(out, "<h2>The first %u of a day</h2>\n<p>%u days with alerts: %u consignments enter, %u leave.</p>\n", backtest->capacity,
	        backtest->days, backtest->entered.count, backtest->left.count);
	if (backtest->entered.count > CASES_SHOWN || backtest->left.count > CASES_SHOWN) {
		fprintf(out, "<p>Of each, %u are shown: --format json has all.</p>\n", CASES_SHOWN);
	}
	return (!backtest->entered.count || moves(backtest, "They enter.", &backtest->entered, out)) &&
	       (!backtest->left.count || moves(backtest, "They leave.", &backtest->left, out));
}

static void outcomes(const struct tw_backtest *backtest, const uint32_t *order, uint32_t count, FILE *out)
{
	if (!backtest->inspected) {
		return;
	}
	fprintf(out,
	        "<h2>What inspections found</h2>\n<p>%" PRIu64 " consignments were inspected after they were judged; %" PRIu64
	        " outcomes examined nothing, %" PRIu64
	        " were of others. Found: a discrepancy or a seizure. The interval is Wilson's (1927), 95%%. Who was "
	        "examined was chosen by the rules of the day: of what those let pass, only the random share tells.</p>\n",
	        backtest->inspected, backtest->not_examined, backtest->unknown);
	tw_plot_precision(backtest, order, count, out);
}

enum tw_code tw_backtest_page(const struct tw_backtest *backtest, const struct tw_backtest_run *run, FILE *out, struct tw_error *err)
{
	uint32_t *order = malloc((backtest->rule_count + 1) * sizeof(*order));
	bool good = order != NULL;
	if (good) {
		uint32_t count = tw_backtest_order(backtest, order);
		head(backtest, run, out);
		good = lanes(backtest, out);
		rules(backtest, order, count, out);
		overlap(backtest, out);
		good = good && capacity(backtest, out);
		outcomes(backtest, order, count, out);
		fputs("</body>\n</html>\n", out);
	}
	free(order);
	return good ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a page", NULL, NULL);
}
