/**
 * @file certificate_text.c
 * Certificates in words (certificate_command.h). Bars only where somebody looks: to a file or a pipe the numbers alone.
 *
 *     certificate QZ|QZMOD202600417   revoked   3 problems
 *
 *     Lines
 *       line 1   Assault rifles 5.56x45
 *         certified 500 C62, drawn 620: 120 too many
 *           2026-03-02T08:00:00Z  TWS26000461 line 1  150, 350 left
 */
#include <inttypes.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/shape.h"
#include "engine/command/cell.h"
#include "engine/command/certificate_command.h"
#include "engine/command/state_paper.h"
#include "engine/run/state_view.h"
#include "engine/run/state_words.h"
#include "engine/command/top_papers.h"
#include "engine/command/top_rows.h"

#define BAR_COLUMNS  30U
#define ID_COLUMNS   24U
#define FEW_SHOWN    8U
#define LIST_COLUMNS 34U

struct page {
	const struct tw_certificate_request *request;
	FILE *out;
	uint32_t width;
};

static void heading(const struct page *page, const char *text)
{
	fprintf(page->out, "\n%s%s%s\n", tw_top_strong(&page->request->terminal), text, tw_top_plain(&page->request->terminal));
}

static void text_print(const struct page *page, struct tw_slice text)
{
	tw_cell_print(page->out, text, UINT32_MAX);
}

static enum tw_lane lane_of(enum tw_certificate_status status)
{
	bool sound = status == TW_CERTIFICATE_STATUS_AUTHENTICATED;
	return status > TW_CERTIFICATE_STATUS_AUTHENTICATED ? TW_LANE_RED : sound ? TW_LANE_GREEN : TW_LANE_YELLOW;
}

static void title_print(const struct page *page, const struct tw_certificate_view *view)
{
	const struct tw_top_options *terminal = &page->request->terminal;
	fprintf(page->out, "%scertificate %s", tw_top_strong(terminal), tw_top_plain(terminal));
	text_print(page, view->key);
	fprintf(page->out, "   %s%s%s   ", tw_top_lane_paint(terminal, lane_of(view->status)), tw_view_certificate_word(view->status),
	        tw_top_plain(terminal));
	fprintf(page->out, view->problems.count ? "%" PRIu32 " problem%s\n" : "no problem\n", view->problems.count,
	        view->problems.count == 1 ? "" : "s");
	if (!view->papers) {
		fputs("(from the stored state: what it does not keep is named at the end)\n", page->out);
	}
}

/* ---- problems ---- */

/* A reason that counts nothing stands behind a stronger one of its group. */
static void rule_points_print(const struct page *page, int64_t points)
{
	if (points) {
		fprintf(page->out, " (rule, %" PRId64 " points)", points);
	} else {
		fputs(" (rule, another of its group counts)", page->out);
	}
}

static void problems_print(const struct page *page, const struct tw_certificate_view *view)
{
	const struct tw_problem *problems = view->problems.data;
	for (uint32_t i = 0; i < view->problems.count; i++) {
		const struct tw_slice *consignments = problems[i].consignments.data;
		if (i == 0) {
			heading(page, "Problems");
		}
		struct tw_slice label = problems[i].rule.len ? problems[i].rule : tw_slice_str(tw_problem_word(problems[i].kind));
		fprintf(page->out, "%3" PRIu32 ". %s", i + 1, tw_top_strong(&page->request->terminal));
		text_print(page, label);
		fputs(tw_top_plain(&page->request->terminal), page->out);
		if (problems[i].rule.len) {
			rule_points_print(page, problems[i].points);
		}
		fputs("\n     ", page->out);
		tw_cell_wrap(page->out, problems[i].text, 5, page->width);
		for (uint32_t j = 0; j < problems[i].consignments.count && j < FEW_SHOWN; j++) {
			fputs(j ? ", " : "     consignments: ", page->out);
			text_print(page, consignments[j]);
		}
		if (problems[i].consignments.count > FEW_SHOWN) {
			fprintf(page->out, " and %" PRIu32 " more", problems[i].consignments.count - FEW_SHOWN);
		}
		fputs(problems[i].consignments.count ? "\n" : "", page->out);
	}
}

/* ---- statements ---- */

static void change_print(const struct page *page, const struct tw_change *change)
{
	fputs("      ", page->out);
	text_print(page, change->what);
	fputs(change->before.len && change->after.len ? ": " : change->before.len ? " no longer stated: " : " now stated: ", page->out);
	text_print(page, change->before);
	fputs(change->before.len && change->after.len ? " -> " : "", page->out);
	text_print(page, change->after);
	fputc('\n', page->out);
}

static void statements_print(const struct page *page, const struct tw_certificate_view *view)
{
	const struct tw_statement *statements = view->statements.data;
	char instant[TW_INSTANT_BYTES];
	heading(page, view->statements.count ? "Stated" : "Nothing is stated: no issue of it is on record");
	for (uint32_t i = 0; i < view->statements.count; i++) {
		const struct tw_statement *one = &statements[i];
		const struct tw_change *changes = one->changes.data;
		fprintf(page->out, "  %-20s  revision %" PRId64 "%s%s", tw_instant_format(one->version.time_ms, instant), one->paper.terms.revision,
		        one->in_force ? ", in force" : "", one->twin ? ", STATED BEFORE WITH OTHER CONTENT" : "");
		if (one->told) {
			fputs(", by ", page->out);
			text_print(page, one->told->source);
		}
		fputc('\n', page->out);
		for (uint32_t j = 0; j < one->changes.count; j++) {
			change_print(page, &changes[j]);
		}
	}
}

static void terms_print(const struct page *page, const struct tw_certificate_view *view)
{
	char from[TW_DATE_BYTES], until[TW_DATE_BYTES];
	const struct tw_terms *terms = &view->paper.terms;
	if (!view->known) {
		return;
	}
	heading(page, "Terms");
	fprintf(page->out, "  valid from %s until %s", terms->from_stated ? tw_date_format(terms->valid_from, from) : "(not stated)",
	        terms->until_stated ? tw_date_format(terms->valid_until, until) : "(not stated)");
	char letters[TW_COUNTRY_BYTES];
	if (terms->destination) {
		fprintf(page->out, ", for %s", tw_country_letters(terms->destination, letters).ptr);
	}
	fprintf(page->out, "%s\n", !terms->single_stated ? "" : terms->single ? ", for one transaction" : ", for several transactions");
}

/* ---- timeline ---- */

static void told_print(const struct page *page, const char *before, struct tw_slice text)
{
	if (text.len) {
		fputs(before, page->out);
		text_print(page, text);
	}
}

static void moments_print(const struct page *page, const struct tw_certificate_view *view)
{
	const struct tw_moment *moments = view->moments.data;
	char instant[TW_INSTANT_BYTES];
	for (uint32_t i = 0; i < view->moments.count; i++) {
		const struct tw_moment *one = &moments[i];
		const char *word = strchr(tw_event_type_name(one->type), '.');
		if (i == 0) {
			heading(page, "What happened");
		}
		fprintf(page->out, "  %-20s  %s", tw_instant_format(one->at_ms, instant), word ? word + 1 : tw_event_type_name(one->type));
		told_print(page, ", consignment ", one->consignment);
		if (one->own_word) {
			fputs(", of a party to it: does not count", page->out);
		}
		if (one->told) {
			told_print(page, ", by ", one->told->by.len ? one->told->by : one->told->reported_by);
			told_print(page, ": ", one->told->reason.len ? one->told->reason : one->told->text);
		}
		fputc('\n', page->out);
	}
}

/* ---- lines and draws ---- */

static void amount_print(const struct page *page, bool stated, int64_t e4, uint32_t unit)
{
	char amount[32], word[8];
	tw_state_unit(unit, word);
	fprintf(page->out, "%s%s%s", stated ? tw_state_amount(e4, amount) : "an amount that is not stated", word[0] ? " " : "", word);
}

/* "[███████░░░] 70% drawn"; beyond the line's end in red. */
static void bar_print(const struct page *page, int64_t drawn_e4, int64_t certified_e4)
{
	const struct tw_top_options *terminal = &page->request->terminal;
	if (!page->request->bars || certified_e4 <= 0 || drawn_e4 < 0) {
		return;
	}
	bool over = drawn_e4 > certified_e4;
	int64_t whole = over ? drawn_e4 : certified_e4, part = over ? certified_e4 : drawn_e4;
	uint32_t full = (uint32_t)((double)part / (double)whole * BAR_COLUMNS + 0.5);
	fputs("    [", page->out);
	for (uint32_t i = 0; i < BAR_COLUMNS; i++) {
		fputs(i == full && over ? tw_top_lane_paint(terminal, TW_LANE_RED) : "", page->out);
		fputs(i < full ? "\u2588" : over ? "\u2593" : "\u2591", page->out);
	}
	fprintf(page->out, "%s] %.0f%% drawn\n", over ? tw_top_plain(terminal) : "", (double)drawn_e4 * 100 / (double)certified_e4);
}

static void line_head(const struct page *page, const struct tw_line_view *line)
{
	char left[32];
	const struct tw_ledger_line *terms = &line->line->terms;
	fprintf(page->out, "  line %" PRId64 "  ", terms->line);
	text_print(page, line->line->description);
	told_print(page, line->line->description.len ? ", HS " : "HS ", line->line->hs);
	told_print(page, ", ", line->line->control_code);
	fputs("\n    certified ", page->out);
	amount_print(page, terms->stated, terms->quantity_e4, terms->unit);
	if (!line->draws.count) {
		fputs(", nothing drawn\n", page->out);
	} else if (!line->drawn_stated) {
		fputs(", drawn in different units\n", page->out);
	} else {
		fputs(", drawn ", page->out);
		amount_print(page, true, line->drawn_e4, TW_UNIT_NONE);
		bool over = line->drawn_e4 > terms->quantity_e4;
		if (terms->stated) {
			fprintf(page->out, ": %s%s %s%s", over ? tw_top_lane_paint(&page->request->terminal, TW_LANE_RED) : "",
			        tw_state_amount(over ? line->drawn_e4 - terms->quantity_e4 : terms->quantity_e4 - line->drawn_e4, left),
			        over ? "too many" : "left", over ? tw_top_plain(&page->request->terminal) : "");
		}
		fputc('\n', page->out);
	}
	if (terms->stated && (line->drawn_stated || !line->draws.count)) {
		bar_print(page, line->drawn_e4, terms->quantity_e4);
	}
}

static void countries_print(const struct page *page, const char *before, const uint16_t *country, uint32_t count)
{
	char letters[TW_COUNTRY_BYTES];
	for (uint32_t i = 0; i < count; i++) {
		fprintf(page->out, "%s%s", i ? ", " : before, tw_country_letters(country[i], letters).ptr);
	}
}

/* What every source has of them: the record keeps it. */
static void goods_print(const struct page *page, const struct tw_draw *draw)
{
	const struct tw_way *way = &draw->way;
	bool any = draw->hs.len || draw->control_code.len || draw->calibre.len || way->countries || way->passes;
	bool goods = draw->hs.len || draw->control_code.len || draw->calibre.len;
	if (!any) {
		return;
	}
	fputs("        ", page->out);
	told_print(page, "HS ", draw->hs);
	told_print(page, draw->hs.len ? ", " : "", draw->control_code);
	told_print(page, draw->hs.len || draw->control_code.len ? ", calibre " : "calibre ", draw->calibre);
	countries_print(page, goods ? "; to " : "to ", way->country, way->countries);
	countries_print(page, goods || way->countries ? ", passing " : "passing ", way->pass, way->passes);
	fputc('\n', page->out);
}

static void draw_print(const struct page *page, const struct tw_draw *draw)
{
	char instant[TW_INSTANT_BYTES], date[TW_DATE_BYTES], left[32];
	fprintf(page->out, "      %-20s  ", tw_instant_format(draw->version.time_ms, instant));
	text_print(page, draw->consignment);
	fprintf(page->out, " line %" PRId64 "  ", draw->item);
	amount_print(page, draw->stated, draw->quantity_e4, draw->unit);
	if (draw->left_stated) {
		fprintf(page->out, ", %s %s", tw_state_amount(draw->left_e4 < 0 ? -draw->left_e4 : draw->left_e4, left),
		        draw->left_e4 < 0 ? "TOO MANY" : "left");
	}
	if (draw->dated) {
		fprintf(page->out, ", departs %s", tw_date_format(draw->way.first, date));
	}
	if (draw->status >= TW_CERTIFICATE_STATUS_AUTHENTICATION_FAILED) {
		fprintf(page->out, ", WHILE %s", tw_view_certificate_word(draw->status));
	}
	fputc('\n', page->out);
	if (draw->shipped) {
		fputs("        ", page->out);
		text_print(page, draw->shipped->description);
		told_print(page, ", ", draw->shipped->from);
		told_print(page, " to ", draw->shipped->to);
		told_print(page, ", for ", draw->shipped->consignee);
		fputc('\n', page->out);
	}
	goods_print(page, draw);
}

static void lines_print(const struct page *page, const struct tw_certificate_view *view)
{
	const struct tw_line_view *lines = view->lines.data;
	for (uint32_t i = 0; i < view->lines.count; i++) {
		const struct tw_draw *draws = lines[i].draws.data;
		if (!lines[i].line && !lines[i].draws.count) {
			continue;
		}
		heading(page, lines[i].line ? i ? "" : "Lines and what is drawn of them" : "Drawn, and no line of the certificate");
		if (lines[i].line) {
			line_head(page, &lines[i]);
		}
		for (uint32_t j = 0; j < lines[i].draws.count; j++) {
			draw_print(page, &draws[j]);
		}
	}
}

static void given_back_print(const struct page *page, const struct tw_certificate_view *view)
{
	const struct tw_slice *consignments = view->given_back.data;
	for (uint32_t i = 0; i < view->given_back.count; i++) {
		fputs(i ? ", " : "  given back, by a cancellation or an amendment: ", page->out);
		text_print(page, consignments[i]);
	}
	fputs(view->given_back.count ? "\n" : "", page->out);
}

static void deliveries_print(const struct page *page, const struct tw_certificate_view *view)
{
	const struct tw_delivery_view *deliveries = view->deliveries.data;
	char date[TW_DATE_BYTES], amount[32];
	for (uint32_t i = 0; i < view->deliveries.count; i++) {
		const struct tw_delivery_view *one = &deliveries[i];
		if (i == 0) {
			heading(page, "Deliveries verified");
		}
		fprintf(page->out, "  %s  ", one->told->received_stated ? tw_date_format(one->told->received, date) : "no date   ");
		text_print(page, one->told->consignment.len ? one->told->consignment : tw_slice_str("no consignment named"));
		if (one->line_stated) {
			fprintf(page->out, "  line %" PRId64 ": received ", one->received.line);
			amount_print(page, one->received.stated, one->received.quantity_e4, one->received.unit);
		}
		if (one->line_stated && one->received.stated && one->drawn_stated) {
			int64_t more = one->received.quantity_e4 - one->drawn_e4;
			fprintf(page->out, ", shipped %s", tw_state_amount(one->drawn_e4, amount));
			if (more) {
				fprintf(page->out, ": %s %s", tw_state_amount(more < 0 ? -more : more, amount), more < 0 ? "SHORT" : "OVER");
			}
		}
		told_print(page, "; ", one->told->discrepancy);
		fputc('\n', page->out);
	}
}

static bool papers_differ(const struct tw_papers *papers)
{
	const struct tw_papers_row *rows = papers->rows.data;
	for (uint32_t i = 0; i < papers->rows.count; i++) {
		if (tw_slice_is(rows[i].verdict, "differs")) {
			return true;
		}
	}
	return papers->dropped != 0;
}

/* Those whose papers disagree, in full; the others are counted. */
static void papers_print(const struct page *page, const struct tw_certificate_view *view)
{
	const struct tw_compared *const *compared = view->compared.data;
	uint32_t agree = 0;
	for (uint32_t i = 0; i < view->compared.count; i++) {
		if (!papers_differ(&compared[i]->papers)) {
			agree++;
			continue;
		}
		fprintf(page->out, "\n%sPapers of ", tw_top_strong(&page->request->terminal));
		text_print(page, compared[i]->consignment);
		fprintf(page->out, "%s, as known when it was declared\n", tw_top_plain(&page->request->terminal));
		tw_papers_print(&compared[i]->papers, &page->request->terminal, page->out);
	}
	if (agree) {
		fprintf(page->out, "\nPapers of %" PRIu32 " %sconsignment%s agree\n", agree, agree < view->compared.count ? "other " : "",
		        agree == 1 ? "" : "s");
	}
}

/* What the store lacks is said, so that nobody takes it for absent. */
static void not_kept_print(const struct page *page, const struct tw_certificate_view *view)
{
	if (view->papers) {
		return;
	}
	heading(page, "Not kept in the store");
	for (uint32_t i = 0; tw_certificate_not_kept[i]; i++) {
		fprintf(page->out, "  %s\n", tw_certificate_not_kept[i]);
	}
	fputs("  --log reads them from the topics, and files of events have them too\n", page->out);
}

bool tw_certificate_text(const struct tw_certificate_request *request, const struct tw_certificate_view *view, struct tw_arena *arena, FILE *out)
{
	const struct page page = {request, out, tw_top_width(&request->terminal)};
	title_print(&page, view);
	problems_print(&page, view);
	terms_print(&page, view);
	lines_print(&page, view);
	given_back_print(&page, view);
	papers_print(&page, view);
	deliveries_print(&page, view);
	moments_print(&page, view);
	statements_print(&page, view);
	not_kept_print(&page, view);
	fputc('\n', out);
	return tw_state_paper_text(view->state, arena, out);
}

/* ---- the list ---- */

void tw_certificate_list_text(const struct tw_certificate_request *request, const struct tw_certificate_list *list, FILE *out)
{
	const struct page page = {request, out, tw_top_width(&request->terminal)};
	if (!list->count) {
		fprintf(out, list->all ? "none of %" PRIu32 " certificate%s on record fits the filters\n" : "no certificate is on record\n",
		        list->all, list->all == 1 ? "" : "s");
		return;
	}
	fprintf(out, "%s%3s  ", tw_top_faint(&request->terminal), "#");
	tw_cell_pad(out, tw_slice_str("CERTIFICATE"), LIST_COLUMNS);
	fprintf(out, "%-23s%12s  PROBLEMS%s\n", "STATUS", "CONSIGNMENTS", tw_top_plain(&request->terminal));
	for (uint32_t i = 0; i < list->count; i++) {
		const struct tw_certificate_view *view = &list->view[i];
		const struct tw_problem *problems = view->problems.data;
		fprintf(out, "%3" PRIu32 "  ", i + 1);
		tw_cell_pad(out, view->key, LIST_COLUMNS - 2);
		fprintf(out, "  %s%-21s%s  %12" PRIu32 "  ", tw_top_lane_paint(&request->terminal, lane_of(view->status)),
		        tw_view_certificate_word(view->status), tw_top_plain(&request->terminal), view->consignments);
		for (uint32_t j = 0; j < view->problems.count; j++) {
			bool again = j && problems[j].kind == problems[j - 1].kind;
			if (!again) {
				fprintf(out, "%s%s", j ? ", " : "", tw_problem_word(problems[j].kind));
			}
		}
		fputs(view->problems.count ? "\n" : "-\n", out);
		if (view->problems.count) {
			fputs("     ", out);
			tw_cell_wrap(out, problems[0].text, 5, page.width);
		}
	}
	fprintf(out, "%" PRIu32 " of %" PRIu32 " certificate%s", list->count, list->all, list->all == 1 ? "" : "s");
	if (list->of != list->all) {
		fprintf(out, "; %" PRIu32 " fit the filters", list->of);
	}
	fputs(list->count < list->of ? "; --limit 0 shows all of them\n" : "\n", out);
}
