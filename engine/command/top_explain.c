/**
 * @file top_explain.c
 * One alert in full: how the points add up, each reason with its sentence and its evidence, what was known, and what it was judged with.
 *
 * The order is that of an officer's questions: what is it, how bad, why, on what evidence, may I cite it.
 */
#include "engine/command/cell.h"
#include "engine/command/top_papers.h"
#include "engine/command/top_rows.h"

#include <inttypes.h>

#define LABEL_COLUMNS 14U
#define RULE_COLUMNS  34U
#define GROUP_COLUMNS 16U
#define DIGEST_BYTES  12U

struct page {
	const struct tw_top_options *options;
	FILE *out;
	uint32_t width;
};

static void heading(const struct page *page, const char *text)
{
	fprintf(page->out, "\n%s%s%s\n", tw_top_strong(page->options), text, tw_top_plain(page->options));
}

/* "Label         text, wrapped under itself"; nothing when there is no text */
static void labelled(const struct page *page, const char *label, struct tw_slice text)
{
	if (text.len) {
		fprintf(page->out, "%s%-*s%s", tw_top_faint(page->options), (int)LABEL_COLUMNS, label, tw_top_plain(page->options));
		tw_cell_wrap(page->out, text, LABEL_COLUMNS, page->width);
	}
}

static void inline_text(const struct page *page, struct tw_slice text)
{
	tw_cell_print(page->out, text, UINT32_MAX);
}

static void print_title(const struct page *page, const struct tw_alert_view *view, uint32_t rank, uint32_t of, struct tw_slice settled_by)
{
	FILE *out = page->out;
	fprintf(out, "%s%s%s  %s%" PRId64 " points%s  %" PRId64 ".%" PRId64 "%% likely (base rate assumed)",
	        tw_top_lane_paint(page->options, view->lane), tw_top_lane_word(view->lane), tw_top_plain(page->options), tw_top_strong(page->options),
	        view->points, tw_top_plain(page->options), view->probability_ppm / 10000, view->probability_ppm / 1000 % 10);
	if (rank) {
		fprintf(out, "  rank %u of %u", rank, of);
	} else if (!settled_by.len) {
		fputs("  superseded by a later alert, or not in this worklist", out);
	}
	if (settled_by.len) {
		fputs("  settled by ", out);
		inline_text(page, settled_by);
	}
	fputs(view->hold.len ? "  HOLD\n" : "\n", out);
}

static const char *about_label(struct tw_slice kind)
{
	if (tw_slice_is(kind, "certificate")) {
		return "Certificate";
	}
	return tw_slice_is(kind, "marking") ? "Marking" : "About";
}

static void print_subject(const struct page *page, const struct tw_alert_view *view)
{
	const struct tw_summary_view *summary = &view->summary;
	char text[96];
	labelled(page, "Alert", view->alert);
	labelled(page, "Consignment", view->consignment);
	labelled(page, about_label(view->about.kind), view->about.key);
	if (view->revision) {
		snprintf(text, sizeof(text), "%" PRId64, view->revision);
		labelled(page, "Revision", tw_slice_str(text));
	}
	labelled(page, "Office", view->office);
	labelled(page, "ETA", view->eta);
	labelled(page, "Raised", view->raised);
	labelled(page, "What", summary->what);
	if (summary->items > 1) {
		snprintf(text, sizeof(text), "%" PRId64 " in all, the first is named", summary->items);
		labelled(page, "Items", tw_slice_str(text));
	}
	labelled(page, "From", summary->from);
	labelled(page, "To", summary->to);
	labelled(page, "Consignor", summary->consignor);
	labelled(page, "Consignee", summary->consignee);
	if (view->selection.by.len) {
		snprintf(text, sizeof(text), "by %.16s, with a probability of %" PRId64 " in 1,000,000", view->selection.by.ptr,
		         view->selection.inclusion_ppm);
		labelled(page, "Selected", tw_slice_str(text));
	}
	labelled(page, "Hold", view->hold);
}

/* Why a reason's own points are not what it counted. */
static const char *remark(const struct tw_reason_view *reason)
{
	if (reason->counted == reason->points) {
		return "";
	}
	if (reason->status.len) {
		return "not active: counts nothing";
	}
	if (tw_slice_is(reason->action, "inform")) {
		return "informs only";
	}
	return reason->counted ? "capped" : "a stronger one speaks for the group";
}

/* Lanes that rules ask for whatever the points: of what may count. */
static void print_least_lanes(const struct page *page, const struct tw_alert_view *view)
{
	const struct tw_reason_view *reasons = view->reasons.data;
	for (uint32_t i = 0; i < view->reasons.count; i++) {
		if (reasons[i].lane.len && !reasons[i].status.len) {
			fputs("at least ", page->out);
			inline_text(page, reasons[i].lane);
			fputs(", whatever the points: ", page->out);
			inline_text(page, reasons[i].rule);
			fputc('\n', page->out);
		}
	}
}

static void print_points(const struct page *page, const struct tw_alert_view *view)
{
	const struct tw_reason_view *reasons = view->reasons.data;
	heading(page, "Points");
	fprintf(page->out, "%s%8s%9s  %-*sGROUP%s\n", tw_top_faint(page->options), "COUNTED", "POINTS", (int)RULE_COLUMNS, "RULE",
	        tw_top_plain(page->options));
	for (uint32_t i = 0; i < view->reasons.count; i++) {
		const struct tw_reason_view *reason = &reasons[i];
		char rule[128];
		snprintf(rule, sizeof(rule), "%.100s v%" PRId64, reason->rule.ptr ? reason->rule.ptr : "-", reason->version);
		fprintf(page->out, "%8" PRId64 "%9" PRId64 "  ", reason->counted, reason->points);
		tw_cell_pad(page->out, tw_slice_str(rule), RULE_COLUMNS - 2);
		fputs("  ", page->out);
		struct tw_slice group = reason->group.len ? reason->group : tw_slice_str("-");
		if (remark(reason)[0]) {
			tw_cell_pad(page->out, group, GROUP_COLUMNS - 2);
			fprintf(page->out, "  %s\n", remark(reason));
		} else {
			tw_cell_print(page->out, group, GROUP_COLUMNS - 2);
			fputc('\n', page->out);
		}
	}
	fprintf(page->out, "%8s\n%s%8" PRId64 "%s\n", "-----", tw_top_strong(page->options), view->points, tw_top_plain(page->options));
	print_least_lanes(page, view);
	if (view->reasons_dropped) {
		fprintf(page->out, "%" PRId64 " more reasons did not fit into the alert\n", view->reasons_dropped);
	}
}

static void print_evidence(const struct page *page, const struct tw_list *list)
{
	const struct tw_evidence_view *evidence = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		fputs("    ", page->out);
		inline_text(page, evidence[i].pointer);
		fprintf(page->out, "  bytes %" PRId64 "-%" PRId64 "  %s\"", evidence[i].from, evidence[i].to, tw_top_marked(page->options));
		inline_text(page, evidence[i].text);
		fprintf(page->out, "\"%s%s\n", tw_top_plain(page->options), evidence[i].cut ? " (goes on)" : "");
	}
}

static void print_facts(const struct page *page, const struct tw_list *list)
{
	const struct tw_fact_view *facts = list->data;
	if (list->count) {
		fputs("    known: ", page->out);
	}
	for (uint32_t i = 0; i < list->count; i++) {
		fputs(i ? ", " : "", page->out);
		inline_text(page, facts[i].name);
		fputs(" ", page->out);
		inline_text(page, facts[i].value);
	}
	fputs(list->count ? "\n" : "", page->out);
}

static void print_related(const struct page *page, const char *label, const struct tw_list *list)
{
	const struct tw_slice *ids = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		fputs(i ? ", " : label, page->out);
		inline_text(page, ids[i]);
	}
	fputs(list->count ? "\n" : "", page->out);
}

static void print_reason(const struct page *page, const struct tw_reason_view *reason, uint32_t number)
{
	struct tw_slice title = reason->title.len ? reason->title : reason->rule;
	fprintf(page->out, "%2u. %s", number, tw_top_strong(page->options));
	inline_text(page, title);
	fputs(tw_top_plain(page->options), page->out);
	if (tw_slice_is(reason->action, "hold") || tw_slice_is(reason->action, "examine") || tw_slice_is(reason->action, "documents")) {
		fprintf(page->out, "  asks for: %.16s", reason->action.ptr);
	}
	fputs("\n    ", page->out);
	tw_cell_wrap(page->out, reason->because, 4, page->width);
	print_evidence(page, &reason->evidence);
	print_facts(page, &reason->facts);
	print_related(page, "    also concerns: ", &reason->related);
	print_related(page, "    closes what was said by: ", &reason->settles);
	if (reason->source.len) {
		fprintf(page->out, "    %ssource: ", tw_top_faint(page->options));
		tw_cell_wrap(page->out, reason->source, 12, page->width);
		fputs(tw_top_plain(page->options), page->out);
	}
}

static void print_reasons(const struct page *page, const struct tw_alert_view *view)
{
	const struct tw_reason_view *reasons = view->reasons.data;
	heading(page, "Why");
	for (uint32_t i = 0; i < view->reasons.count; i++) {
		print_reason(page, &reasons[i], i + 1);
	}
}

/* What a decision has taken out, whose it is, and what it would have counted. */
static void print_suppressed(const struct page *page, const struct tw_alert_view *view)
{
	const struct tw_suppressed_view *suppressed = view->suppressed.data;
	if (view->suppressed.count) {
		heading(page, "Suppressed");
	}
	for (uint32_t i = 0; i < view->suppressed.count; i++) {
		const struct tw_suppressed_view *one = &suppressed[i];
		fputs("    ", page->out);
		inline_text(page, one->rule);
		fprintf(page->out, " v%" PRId64 ", would have counted %" PRId64 " of %" PRId64 ": ", one->version, one->counted, one->points);
		inline_text(page, one->title);
		if (tw_slice_is(one->action, "hold")) {
			fputs("; ASKED FOR A HOLD", page->out);
		}
		fputs("\n      ", page->out);
		tw_cell_wrap(page->out, one->because, 6, page->width);
		fputs("      until ", page->out);
		inline_text(page, one->until);
		fputs(", by ", page->out);
		inline_text(page, one->author);
		fputs(": ", page->out);
		tw_cell_wrap(page->out, one->reason, 6, page->width);
	}
}

/* "      names 88.1%, country +4.0%; arms embargo, asset freeze; listed 2012-06-29": nothing where nothing is known. */
static void print_match_more(const struct page *page, const struct tw_match_view *match)
{
	const struct tw_part_view *parts = match->parts.data;
	const struct tw_slice *measures = match->measures.data;
	const char *before = "      ";
	for (uint32_t i = 0; i < match->parts.count; i++) {
		fputs(before, page->out);
		inline_text(page, parts[i].feature);
		int64_t size = parts[i].ppm < 0 ? -parts[i].ppm : parts[i].ppm;
		fprintf(page->out, " %s%" PRId64 ".%" PRId64 "%%", parts[i].ppm < 0 ? "-" : i ? "+" : "", size / 10000, size / 1000 % 10);
		before = ", ";
	}
	before = match->parts.count ? "; " : before;
	for (uint32_t i = 0; i < match->measures.count; i++) {
		fputs(before, page->out);
		inline_text(page, measures[i]);
		before = ", ";
	}
	before = match->measures.count ? "; " : before;
	if (match->listed_on.len) {
		fprintf(page->out, "%slisted ", before);
		inline_text(page, match->listed_on);
	}
	if (match->parts.count || match->measures.count || match->listed_on.len) {
		fputc('\n', page->out);
	}
}

static void print_matches(const struct page *page, const struct tw_alert_view *view)
{
	const struct tw_match_view *matches = view->matches.data;
	if (view->matches.count) {
		heading(page, "List matches");
	}
	for (uint32_t i = 0; i < view->matches.count; i++) {
		const struct tw_match_view *match = &matches[i];
		fputs("    ", page->out);
		inline_text(page, match->role);
		fputs(" \"", page->out);
		inline_text(page, match->query);
		fputs("\" is like ", page->out);
		inline_text(page, match->list);
		fputs(" ", page->out);
		inline_text(page, match->entry);
		fputs(" \"", page->out);
		inline_text(page, match->name);
		fputs("\" by ", page->out);
		inline_text(page, match->basis);
		fprintf(page->out, ", %" PRId64 ".%" PRId64 "%%\n", match->similarity_ppm / 10000, match->similarity_ppm / 1000 % 10);
		print_match_more(page, match);
	}
}

static void print_warnings(const struct page *page, const struct tw_alert_view *view)
{
	const struct tw_slice *warnings = view->warnings.data;
	if (view->warnings.count) {
		heading(page, "Warnings");
	}
	for (uint32_t i = 0; i < view->warnings.count; i++) {
		fputs("    ", page->out);
		tw_cell_wrap(page->out, warnings[i], 4, page->width);
	}
}

static void print_entities(const struct page *page, const struct tw_alert_view *view)
{
	const struct tw_known_view *entities = view->entities.data;
	if (view->entities.count) {
		heading(page, "Known before");
	}
	for (uint32_t i = 0; i < view->entities.count; i++) {
		const struct tw_known_view *entity = &entities[i];
		fputs("    ", page->out);
		inline_text(page, entity->kind);
		fputs(" ", page->out);
		inline_text(page, entity->key);
		fprintf(page->out, ": %" PRId64 " consignment%s in ", entity->seen, entity->seen == 1 ? "" : "s");
		inline_text(page, entity->window);
		fputs(entity->first.len ? ", first seen " : ", never seen before", page->out);
		inline_text(page, entity->first);
		fputc('\n', page->out);
	}
}

static void print_judged_with(const struct page *page, const struct tw_alert_view *view)
{
	const struct tw_listed_view *lists = view->snapshot.lists.data;
	char text[64];
	heading(page, "Judged with");
	labelled(page, "Snapshot", view->snapshot.digest);
	labelled(page, "Rules", view->snapshot.rules);
	for (uint32_t i = 0; i < view->snapshot.lists.count; i++) {
		fprintf(page->out, "%s%-*s%s", tw_top_faint(page->options), (int)LABEL_COLUMNS, i ? "" : "Lists", tw_top_plain(page->options));
		inline_text(page, lists[i].id);
		fprintf(page->out, ", %" PRId64 " entries, dated ", lists[i].entries);
		inline_text(page, lists[i].date.len ? lists[i].date : tw_slice_str("-"));
		fprintf(page->out, ", digest %.*s\n", (int)(lists[i].digest.len < DIGEST_BYTES ? lists[i].digest.len : DIGEST_BYTES),
		        lists[i].digest.ptr ? lists[i].digest.ptr : "");
	}
	labelled(page, "Input", view->input.topic);
	snprintf(text, sizeof(text), "partition %" PRId64 ", offset %" PRId64, view->input.partition, view->input.offset);
	labelled(page, "", tw_slice_str(text));
	labelled(page, "Event", view->input.id);
	labelled(page, "Stated by", view->input.source);
	labelled(page, "SHA-256", view->input.digest);
	labelled(page, "Engine", view->engine);
	labelled(page, "Detail", view->detail);
}

void tw_top_print_alert(const struct tw_top_options *options, const struct tw_alert_view *view, uint32_t rank, uint32_t of,
                        struct tw_slice settled_by, FILE *out)
{
	struct page page = {options, out, tw_top_width(options)};
	print_title(&page, view, rank, of, settled_by);
	print_subject(&page, view);
	print_points(&page, view);
	print_reasons(&page, view);
	print_suppressed(&page, view);
	if (view->papers.filed.count) {
		heading(&page, "Papers");
		tw_papers_print(&view->papers, options, out);
	}
	print_matches(&page, view);
	print_warnings(&page, view);
	print_entities(&page, view);
	print_related(&page, "\nAlso concerns ", &view->related);
	print_judged_with(&page, view);
	fputc('\n', out);
}
