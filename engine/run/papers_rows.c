/**
 * @file papers_rows.c
 * The rows of the papers section: what each paper says of one thing, and whether they can all be true.
 */
#include <inttypes.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/run/papers.h"
#include "engine/run/state_words.h"
#include "engine/state/links.h"

/* Source: as rule goods-papers-differ: a tenth is more than pallets and straps explain. */
#define WEIGHT_SLACK_PARTS 10
#define HEADING_DIGITS     4U /* of the HS: two papers that name the same heading mean the same goods */

static const struct tw_slice nothing = {"", 0};

static struct tw_slice *column_of(struct tw_papers_row *row, enum tw_papers_kind kind)
{
	struct tw_slice *const columns[] = {&row->licence, &row->invoice, &row->packing_list};
	return columns[kind - 1];
}

/* ---- amounts of documents ---- */

struct total {
	bool stated;
	int64_t e4;
};

static void total_add(struct total *total, const struct tw_amount *amount)
{
	if (tw_stated(amount->span)) {
		total->stated = true;
		total->e4 = tw_counter_merge(TW_COUNT_FIELD(0, TW_MERGE_ADD), total->e4, amount->e4);
	}
}

static struct total documents_total(const struct tw_papers_making *making, enum tw_papers_kind kind, bool weight)
{
	const struct tw_document *documents = making->event->consignment.documents.data;
	struct total total = {false, 0};
	for (uint32_t i = 0; i < making->event->consignment.documents.count; i++) {
		if (tw_papers_kind_of(&documents[i]) == kind) {
			total_add(&total, weight ? &documents[i].gross_kg : &documents[i].quantity);
		}
	}
	return total;
}

/* What the manifest's lines come to; not stated when a line does not say, or when they are counted in several units. */
static struct total manifest_quantity(const struct tw_papers_making *making, struct tw_slice *unit)
{
	const struct tw_item *items = making->event->consignment.items.data;
	struct total total = {false, 0};
	bool one = true;
	*unit = nothing;
	for (uint32_t i = 0; i < making->event->consignment.items.count; i++) {
		struct tw_slice own = tw_slice_of(items[i].unit);
		one = one && tw_stated(items[i].quantity.span) && (i == 0 || tw_unit_code(own) == tw_unit_code(*unit));
		*unit = own;
		total_add(&total, &items[i].quantity);
	}
	total.stated = total.stated && one;
	return total;
}

static struct total manifest_weight(const struct tw_papers_making *making)
{
	const struct tw_consignment *consignment = &making->event->consignment;
	const struct tw_item *items = consignment->items.data;
	struct total total = {false, 0};
	total_add(&total, &consignment->totals.gross_kg);
	bool all = true;
	for (uint32_t i = 0; i < consignment->items.count && !tw_stated(consignment->totals.gross_kg.span); i++) {
		all = all && tw_stated(items[i].gross_kg.span);
		total_add(&total, &items[i].gross_kg);
	}
	total.stated = total.stated && all;
	return total;
}

static bool is_off(int64_t a, int64_t b, int64_t parts)
{
	int64_t more = a > b ? a - b : b - a;
	return parts ? more > (a > b ? b : a) / parts : more != 0;
}

/* Fills the documents' columns. @return whether one differs from the manifest */
static bool documents_fill(struct tw_papers_making *making, struct tw_papers_row *row, struct total manifest, bool weight)
{
	bool differs = false;
	for (int kind = TW_PAPERS_LICENCE; kind <= TW_PAPERS_PACKING_LIST; kind++) {
		struct total total = documents_total(making, (enum tw_papers_kind)kind, weight);
		*column_of(row, (enum tw_papers_kind)kind) = tw_papers_amount(making, total.stated, total.e4, nothing);
		/* a licence may allow more than one consignment takes of it */
		bool off =
		    kind == TW_PAPERS_LICENCE ? !weight && manifest.e4 > total.e4 : is_off(total.e4, manifest.e4, weight ? WEIGHT_SLACK_PARTS : 0);
		differs = differs || (manifest.stated && total.stated && off);
	}
	return differs;
}

static void amounts_add(struct tw_papers_making *making, const char *what, struct total manifest, struct tw_slice unit, bool weight)
{
	struct tw_papers_row row = {.what = tw_slice_str(what), .note = nothing};
	row.manifest = tw_papers_amount(making, manifest.stated, manifest.e4, tw_papers_text(making, unit));
	bool differs = documents_fill(making, &row, manifest, weight);
	row.verdict = tw_papers_verdict(&row, differs);
	tw_papers_row_add(making, &row);
}

/* ---- places ---- */

static struct tw_slice country_text(struct tw_papers_making *making, uint16_t country)
{
	char letters[TW_COUNTRY_BYTES];
	return country ? tw_papers_text(making, tw_country_letters(country, letters)) : nothing;
}

static uint16_t manifest_destination(const struct tw_papers_making *making)
{
	const struct tw_leg *legs = making->event->consignment.route.data;
	uint16_t discharge = 0;
	for (uint32_t i = making->event->consignment.route.count; i > 0; i--) {
		if (legs[i - 1].role.value == TW_LEG_DELIVERY && tw_leg_country(&legs[i - 1])) {
			return tw_leg_country(&legs[i - 1]);
		}
		if (legs[i - 1].role.value == TW_LEG_DISCHARGE && !discharge) {
			discharge = tw_leg_country(&legs[i - 1]);
		}
	}
	return discharge;
}

/* A country, or a place, which begins with one. */
static uint16_t document_destination(const struct tw_document *document)
{
	struct tw_slice text = tw_slice_of(document->destination);
	return text.len == 2 || text.len == 5 ? tw_country_code((struct tw_slice){text.ptr, 2}) : 0;
}

static void destination_add(struct tw_papers_making *making, const struct tw_papers_terms *terms, bool documents, struct tw_slice number)
{
	const struct tw_document *document = making->event->consignment.documents.data;
	uint16_t manifest = manifest_destination(making), certified = terms ? terms->paper.terms.destination : 0;
	struct tw_papers_row row = {.what = tw_slice_str("destination"), .note = number};
	bool differs = manifest && certified && manifest != certified;
	row.manifest = country_text(making, manifest);
	row.certificate = country_text(making, certified);
	for (uint32_t i = 0; documents && i < making->event->consignment.documents.count; i++) {
		enum tw_papers_kind kind = tw_papers_kind_of(&document[i]);
		uint16_t country = kind ? document_destination(&document[i]) : 0;
		if (country) {
			struct tw_slice *column = column_of(&row, kind);
			*column = tw_papers_join(making, *column, " ", country_text(making, country));
			differs = differs || (manifest && country != manifest);
		}
	}
	row.verdict = tw_papers_verdict(&row, differs);
	tw_papers_row_add(making, &row);
}

static bool is_certified(const struct tw_paper *paper, uint16_t country)
{
	for (uint32_t i = 0; i < paper->transit_count; i++) {
		if (paper->transit[i] == country) {
			return true;
		}
	}
	return country == paper->terms.destination;
}

static void transit_add(struct tw_papers_making *making, const struct tw_papers_terms *terms, struct tw_slice number)
{
	const struct tw_leg *legs = making->event->consignment.route.data;
	const struct tw_paper *paper = &terms->paper;
	struct tw_papers_row row = {.what = tw_slice_str("transit"), .note = number};
	bool differs = false;
	for (uint32_t i = 0; i < making->event->consignment.route.count; i++) {
		uint16_t country = tw_leg_country(&legs[i]);
		if ((legs[i].role.value == TW_LEG_TRANSIT || legs[i].role.value == TW_LEG_TRANSHIPMENT) && country) {
			row.manifest = tw_papers_join(making, row.manifest, " ", country_text(making, country));
			differs = differs || (paper->transit_count && !paper->more_transit && !is_certified(paper, country));
		}
	}
	for (uint32_t i = 0; i < paper->transit_count; i++) {
		row.certificate = tw_papers_join(making, row.certificate, " ", country_text(making, paper->transit[i]));
	}
	row.verdict = tw_papers_verdict(&row, differs);
	tw_papers_row_add(making, &row);
}

/* ---- dates ---- */

static struct tw_slice day_text(struct tw_papers_making *making, bool stated, int32_t day)
{
	char date[TW_DATE_BYTES];
	return stated ? tw_papers_text(making, tw_slice_str(tw_date_format(day, date))) : nothing;
}

static void dates_add(struct tw_papers_making *making, const struct tw_papers_terms *terms, bool documents, struct tw_slice number)
{
	const struct tw_document *document = making->event->consignment.documents.data;
	struct tw_papers_row row = {.what = tw_slice_str("dates"), .note = number};
	struct tw_way way;
	bool differs = false;
	tw_way_of(&making->event->consignment, tw_instant_day(making->event->time.ms), &way);
	row.manifest = day_text(making, way.departs, way.first);
	if (terms) {
		const struct tw_terms *stated = &terms->paper.terms;
		row.certificate = tw_papers_join(making, day_text(making, stated->from_stated, stated->valid_from),
		                                 stated->until_stated ? " to " : "", day_text(making, stated->until_stated, stated->valid_until));
		differs = way.departs &&
		          ((stated->until_stated && way.last > stated->valid_until) || (stated->from_stated && way.first < stated->valid_from));
	}
	for (uint32_t i = 0; documents && i < making->event->consignment.documents.count; i++) {
		enum tw_papers_kind kind = tw_papers_kind_of(&document[i]);
		if (kind && tw_stated(document[i].date.span)) {
			struct tw_slice *column = column_of(&row, kind);
			*column = tw_papers_join(making, *column, " ", day_text(making, true, document[i].date.day));
			/* goods that leave before they are licensed; an invoice may well come later */
			differs = differs || (kind == TW_PAPERS_LICENCE && way.departs && document[i].date.day > way.first);
		}
	}
	row.verdict = tw_papers_verdict(&row, differs);
	tw_papers_row_add(making, &row);
}

/* ---- parties ---- */

static struct tw_slice party_text(struct tw_papers_making *making, struct tw_slice name, uint16_t country)
{
	struct tw_slice letters = country_text(making, country);
	struct tw_slice text = tw_papers_text(making, name);
	return letters.len && text.len ? tw_papers_join(making, tw_papers_join(making, text, " (", letters), "", tw_slice_str(")")) : text;
}

static bool same_party(struct tw_papers_making *making, const struct tw_party *party, const struct tw_paper_party *certified)
{
	struct tw_slice key = tw_key_party(party, making->arena);
	struct tw_slice names[] = {tw_text_fold(tw_slice_of(party->name), making->arena), tw_text_fold(certified->name, making->arena)};
	making->whole = making->whole && key.ptr && names[0].ptr && names[1].ptr;
	if (!making->whole) {
		return false;
	}
	uint16_t country = tw_country_code(tw_slice_of(party->country));
	bool named = names[0].len && tw_slice_equal(names[0], names[1]) && (!country || !certified->country || country == certified->country);
	return named || (key.len && certified->key && tw_hash64(key.ptr, key.len, 0) == certified->key);
}

/* Is one of the certificate's in that role among the manifest's in theirs? @param roles of the manifest, the one that is shown first, 0 at the end */
static void party_add(struct tw_papers_making *making, const struct tw_papers_terms *terms, const char *what, enum tw_party_role certified,
                      const enum tw_party_role *roles, struct tw_slice number)
{
	const struct tw_party *parties = making->event->consignment.parties.data, *shown = NULL;
	const struct tw_paper *paper = &terms->paper;
	struct tw_papers_row row = {.what = tw_slice_str(what), .note = number};
	bool same = false;
	for (uint32_t i = 0; i < paper->party_count; i++) {
		const struct tw_paper_party *party = &paper->parties[i];
		for (const enum tw_party_role *role = roles; *role && party->role == certified && !same; role++) {
			for (uint32_t j = 0; j < making->event->consignment.parties.count && !same; j++) {
				bool candidate = parties[j].role.value == *role && tw_stated(parties[j].name.span);
				shown = candidate && !shown ? &parties[j] : shown;
				same = candidate && same_party(making, &parties[j], party);
				shown = same ? &parties[j] : shown;
			}
		}
		if (party->role == certified) {
			row.certificate = tw_papers_join(making, row.certificate, "; ", party_text(making, party->name, party->country));
		}
	}
	row.manifest = shown ? party_text(making, tw_slice_of(shown->name), tw_country_code(tw_slice_of(shown->country))) : nothing;
	row.verdict = tw_papers_verdict(&row, shown && !same && !paper->more_parties);
	tw_papers_row_add(making, &row);
}

void tw_papers_whole(struct tw_papers_making *making, const struct tw_papers_terms *terms, bool documents, struct tw_slice number)
{
	static const enum tw_party_role users[] = {TW_ROLE_END_USER, TW_ROLE_CONSIGNEE, TW_ROLE_BUYER, (enum tw_party_role)0};
	static const enum tw_party_role exporters[] = {TW_ROLE_CONSIGNOR, TW_ROLE_SELLER, (enum tw_party_role)0};
	struct tw_slice unit = nothing;
	if (documents && making->event->consignment.items.count > 1) { /* of one line the line says it */
		amounts_add(making, "quantity", manifest_quantity(making, &unit), unit, false);
	}
	if (documents) {
		amounts_add(making, "gross_kg", manifest_weight(making), nothing, true);
	}
	destination_add(making, terms, documents, number);
	dates_add(making, terms, documents, number);
	if (terms && terms->kept) {
		transit_add(making, terms, number);
		party_add(making, terms, "end_user", TW_ROLE_END_USER, users, number);
		party_add(making, terms, "exporter", TW_ROLE_EXPORTER, exporters, number);
	}
}

/* ---- lines ---- */

/* The certificate's line, as rules find it: by its number, else the only one. */
static const struct tw_paper_line *line_of(const struct tw_papers_terms *terms)
{
	const struct tw_paper *paper = &terms->paper;
	bool named = terms->ref && tw_stated(terms->ref->line.span);
	for (uint32_t i = 0; named && i < paper->line_count; i++) {
		if (paper->lines[i].terms.line == terms->ref->line.value) {
			return &paper->lines[i];
		}
	}
	return paper->line_count == 1 && !named ? paper->lines : NULL;
}

/* "600 C62, 200 left": before this consignment. @return whether more is drawn than certified */
static bool certified_fill(struct tw_papers_making *making, struct tw_papers_row *row, const struct tw_papers_terms *terms)
{
	const struct tw_paper_line *line = line_of(terms);
	char amount[32], unit[8], text[64];
	if (!line) {
		row->certificate = tw_slice_str(terms->paper.more_lines ? "" : "no such line");
		return !terms->paper.more_lines;
	}
	row->certificate = tw_papers_amount(making, line->terms.stated, line->terms.quantity_e4,
	                                    tw_papers_text(making, tw_slice_str(tw_state_unit(line->terms.unit, unit))));
	if (!terms->certified_stated || !terms->with_stated || !terms->before_stated) {
		return false;
	}
	int64_t left_e4 = terms->before_e4 < terms->certified_e4 ? terms->certified_e4 - terms->before_e4 : 0;
	snprintf(text, sizeof(text), "%s left", tw_state_amount(left_e4, amount));
	row->certificate = tw_papers_join(making, row->certificate, ", ", terms->before_e4 ? tw_papers_text(making, tw_slice_str(text)) : nothing);
	if (terms->with_e4 <= terms->certified_e4) {
		return false;
	}
	snprintf(text, sizeof(text), "%s too many", tw_state_amount(terms->with_e4 - terms->certified_e4, amount));
	row->note = tw_papers_text(making, tw_slice_str(text));
	return true;
}

static void quantity_add(struct tw_papers_making *making, const struct tw_item *item, const struct tw_papers_terms *terms)
{
	struct tw_papers_row row = {.line = item->line.value, .what = tw_slice_str("quantity"), .note = nothing};
	struct total manifest = {tw_stated(item->quantity.span), item->quantity.e4};
	row.manifest = tw_papers_amount(making, manifest.stated, manifest.e4, tw_papers_text(making, tw_slice_of(item->unit)));
	bool differs = terms && certified_fill(making, &row, terms);
	if (making->event->consignment.items.count == 1) {
		differs = documents_fill(making, &row, manifest, false) || differs;
	}
	row.verdict = tw_papers_verdict(&row, differs);
	tw_papers_row_add(making, &row);
}

/* Codes and names agree when one begins with the other, marks and case aside: "ML1" and "ML1.a", "930120" and "9301". */
static bool codes_agree(struct tw_papers_making *making, struct tw_slice a, struct tw_slice b, uint32_t least)
{
	struct tw_slice x = tw_text_alnum(a, making->arena), y = tw_text_alnum(b, making->arena);
	making->whole = making->whole && x.ptr && y.ptr;
	uint32_t length = x.len < y.len ? x.len : y.len;
	length = least && least < length ? least : length;
	return !making->whole || !length || memcmp(x.ptr, y.ptr, length) == 0;
}

static void goods_add(struct tw_papers_making *making, const struct tw_item *item, const struct tw_papers_terms *terms)
{
	const struct tw_paper_line *line = line_of(terms);
	struct tw_papers_row row = {.line = item->line.value, .what = tw_slice_str("goods"), .note = nothing};
	if (!line || !terms->kept) {
		return;
	}
	const struct {
		const char *word;
		struct tw_slice manifest, certificate;
		uint32_t least; /* leading characters that must agree; 0: all of the shorter */
	} parts[] = {
	    {"HS", tw_slice_of(item->hs), line->hs, HEADING_DIGITS},   {"control code", tw_slice_of(item->control_code), line->control_code, 0},
	    {"make", tw_slice_of(item->make), line->make, 0},          {"model", tw_slice_of(item->model), line->model, 0},
	    {"calibre", tw_slice_of(item->calibre), line->calibre, 0},
	};
	row.manifest = tw_papers_text(making, tw_slice_of(item->description));
	row.certificate = tw_papers_text(making, line->description);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		bool differs = !codes_agree(making, parts[i].manifest, parts[i].certificate, parts[i].least);
		row.note = differs ? tw_papers_join(making, row.note, ", ", tw_slice_str(parts[i].word)) : row.note;
		row.manifest = tw_papers_join(making, row.manifest, ", ", tw_papers_text(making, parts[i].manifest));
		row.certificate = tw_papers_join(making, row.certificate, ", ", tw_papers_text(making, parts[i].certificate));
	}
	row.verdict = tw_papers_verdict(&row, row.note.len != 0);
	tw_papers_row_add(making, &row);
}

/* ---- licences ---- */

static bool among(struct tw_papers_making *making, const struct tw_slice *numbers, uint32_t count, struct tw_slice wanted)
{
	struct tw_slice folded = tw_text_alnum(wanted, making->arena);
	bool found = false;
	for (uint32_t i = 0; i < count && folded.ptr && !found; i++) {
		struct tw_slice one = tw_text_alnum(numbers[i], making->arena);
		making->whole = making->whole && one.ptr;
		found = one.ptr && tw_slice_equal(one, folded);
	}
	making->whole = making->whole && folded.ptr;
	return found;
}

static void licence_add(struct tw_papers_making *making, const struct tw_item *item, const struct tw_papers_terms *terms)
{
	const struct tw_licence *licences = item->licences.data;
	const struct tw_document *documents = making->event->consignment.documents.data;
	const struct tw_paper *paper = terms && terms->kept ? &terms->paper : NULL;
	struct tw_papers_row row = {.line = item->line.value, .what = tw_slice_str("licence"), .note = nothing};
	bool differs = false;
	for (uint32_t i = 0; i < item->licences.count; i++) {
		struct tw_slice number = tw_slice_of(licences[i].number);
		row.manifest = tw_papers_join(making, row.manifest, ", ", tw_papers_text(making, number));
		differs = differs || (paper && paper->licence_count && !paper->more_licences && number.len &&
		                      !among(making, paper->licences, paper->licence_count, number));
	}
	for (uint32_t i = 0; paper && i < paper->licence_count; i++) {
		row.certificate = tw_papers_join(making, row.certificate, ", ", tw_papers_text(making, paper->licences[i]));
	}
	for (uint32_t i = 0; i < making->event->consignment.documents.count; i++) {
		struct tw_slice number = tw_slice_of(documents[i].number);
		if (tw_papers_kind_of(&documents[i]) == TW_PAPERS_LICENCE) {
			row.licence = tw_papers_join(making, row.licence, ", ", tw_papers_text(making, number));
		}
	}
	row.verdict = tw_papers_verdict(&row, differs);
	tw_papers_row_add(making, &row);
}

void tw_papers_line(struct tw_papers_making *making, const struct tw_item *item, const struct tw_papers_terms *terms)
{
	quantity_add(making, item, terms);
	if (terms) {
		goods_add(making, item, terms);
	}
	licence_add(making, item, terms);
}
