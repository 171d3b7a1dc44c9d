/**
 * @file papers.c
 * See papers.h. Which papers there are, which certificates are asked for, and how much of it all is kept.
 */
#include "engine/run/papers.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/event/keys.h"
#include "engine/run/state_view.h"
#include "engine/run/state_words.h"
#include "engine/state/words.h"

static const struct tw_slice nothing = {"", 0};

/* ---- for the parts ---- */

struct tw_slice tw_papers_text(struct tw_papers_making *making, struct tw_slice text)
{
	struct tw_slice own = text.len ? tw_arena_copy(making->arena, tw_text_head(text, TW_PAPERS_TEXT_MAX)) : nothing;
	making->whole = making->whole && own.ptr;
	return own;
}

struct tw_slice tw_papers_join(struct tw_papers_making *making, struct tw_slice a, const char *between, struct tw_slice b)
{
	if (!making->whole || !a.len || !b.len) {
		return a.len ? a : b;
	}
	const struct tw_slice part[] = {a, tw_slice_str(between), b};
	struct tw_slice both = tw_arena_join(making->arena, part, 3);
	making->whole = both.ptr != NULL;
	return both.ptr ? tw_text_head(both, TW_PAPERS_TEXT_MAX) : nothing;
}

struct tw_slice tw_papers_amount(struct tw_papers_making *making, bool stated, int64_t e4, struct tw_slice unit)
{
	char amount[32];
	return stated ? tw_papers_join(making, tw_papers_text(making, tw_slice_str(tw_state_amount(e4, amount))), " ", unit) : nothing;
}

struct tw_slice tw_papers_verdict(const struct tw_papers_row *row, bool differs)
{
	bool others = row->certificate.len || row->licence.len || row->invoice.len || row->packing_list.len;
	return tw_slice_str(differs ? "differs" : row->manifest.len && others ? "agrees" : "one_sided");
}

/* Makes room for a row that differs: the last that does not goes. @return false when all differ */
static bool row_drop(struct tw_papers *papers)
{
	struct tw_papers_row *rows = papers->rows.data;
	for (uint32_t i = papers->rows.count; i > 0; i--) {
		if (!tw_slice_is(rows[i - 1].verdict, "differs")) {
			memmove(&rows[i - 1], &rows[i], (papers->rows.count - i) * sizeof(*rows));
			papers->rows.count--;
			return true;
		}
	}
	return false;
}

void tw_papers_row_add(struct tw_papers_making *making, const struct tw_papers_row *row)
{
	struct tw_papers *papers = making->out;
	if (!making->whole || !(row->certificate.len || row->licence.len || row->invoice.len || row->packing_list.len)) {
		return;
	}
	if (papers->rows.count == TW_PAPERS_ROWS_MAX) {
		papers->dropped++;
		if (!tw_slice_is(row->verdict, "differs") || !row_drop(papers)) {
			return;
		}
	}
	struct tw_papers_row *kept = tw_list_push(making->arena, &papers->rows, sizeof(*kept));
	making->whole = kept != NULL;
	if (kept) {
		*kept = *row;
	}
}

enum tw_papers_kind tw_papers_kind_of(const struct tw_document *document)
{
	static const struct {
		const char *word;
		enum tw_papers_kind kind;
	} kinds[] = {{"export_licence", TW_PAPERS_LICENCE},   {"import_licence", TW_PAPERS_LICENCE},   {"licence", TW_PAPERS_LICENCE},
	             {"permit", TW_PAPERS_LICENCE},           {"invoice", TW_PAPERS_INVOICE},          {"commercial_invoice", TW_PAPERS_INVOICE},
	             {"proforma_invoice", TW_PAPERS_INVOICE}, {"packing_list", TW_PAPERS_PACKING_LIST}};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (tw_slice_is(tw_slice_of(document->kind), kinds[i].word)) {
			return kinds[i].kind;
		}
	}
	return (enum tw_papers_kind)0;
}

/* ---- whether ---- */

static bool item_needs(const struct tw_item *item)
{
	struct tw_slice hs = tw_slice_of(item->hs);
	bool arms = hs.len >= 2 && hs.ptr[0] == '9' && hs.ptr[1] == '3';
	return item->certificates.count || item->licences.count || tw_stated(item->control_code.span) || arms;
}

bool tw_papers_needed(const struct tw_event *event)
{
	const struct tw_item *items = event->consignment.items.data;
	const struct tw_document *documents = event->consignment.documents.data;
	if (event->type != TW_CONSIGNMENT_DECLARED && event->type != TW_CONSIGNMENT_AMENDED) {
		return false;
	}
	for (uint32_t i = 0; i < event->consignment.items.count; i++) {
		if (item_needs(&items[i])) {
			return true;
		}
	}
	for (uint32_t i = 0; i < event->consignment.documents.count; i++) {
		if (tw_papers_kind_of(&documents[i]) == TW_PAPERS_LICENCE || tw_slice_is(tw_slice_of(documents[i].kind), "end_user_certificate")) {
			return true;
		}
	}
	return false;
}

/* ---- which are there ---- */

static struct tw_papers_filed *filed_find(struct tw_papers_making *making, const char *paper, struct tw_slice number)
{
	struct tw_papers_filed *filed = making->out->filed.data;
	for (uint32_t i = 0; i < making->out->filed.count; i++) {
		if (tw_slice_is(filed[i].paper, paper) && tw_slice_equal(filed[i].number, number)) {
			return &filed[i];
		}
	}
	return NULL;
}

static void filed_add(struct tw_papers_making *making, const char *paper, struct tw_slice number, const char *state, const char *status)
{
	number = tw_papers_text(making, number);
	if (!making->whole || making->out->filed.count == TW_PAPERS_FILED_MAX || filed_find(making, paper, number)) {
		return;
	}
	struct tw_papers_filed *filed = tw_list_push(making->arena, &making->out->filed, sizeof(*filed));
	making->whole = filed != NULL;
	if (filed) {
		*filed = (struct tw_papers_filed){tw_slice_str(paper), number, tw_slice_str(state), tw_slice_str(status ? status : "")};
	}
}

static void documents_file(struct tw_papers_making *making, const char *paper, enum tw_papers_kind kind)
{
	const struct tw_document *documents = making->event->consignment.documents.data;
	for (uint32_t i = 0; i < making->event->consignment.documents.count; i++) {
		struct tw_slice number = tw_slice_of(documents[i].number);
		if (tw_papers_kind_of(&documents[i]) == kind) {
			filed_add(making, paper, number.len ? number : tw_slice_str("(no number)"), "filed", NULL);
		}
	}
}

static bool has_filed(const struct tw_papers *papers, const char *paper)
{
	const struct tw_papers_filed *filed = papers->filed.data;
	for (uint32_t i = 0; i < papers->filed.count; i++) {
		if (tw_slice_is(filed[i].paper, paper)) {
			return true;
		}
	}
	return false;
}

static void papers_file(struct tw_papers_making *making)
{
	static const char *const kinds[] = {"certificate", "licence", "invoice", "packing_list"};
	const struct tw_item *items = making->event->consignment.items.data;
	documents_file(making, "licence", TW_PAPERS_LICENCE);
	for (uint32_t i = 0; i < making->event->consignment.items.count; i++) {
		const struct tw_licence *licences = items[i].licences.data;
		for (uint32_t j = 0; j < items[i].licences.count; j++) {
			filed_add(making, "licence", tw_slice_of(licences[j].number), "cited", NULL);
		}
	}
	documents_file(making, "invoice", TW_PAPERS_INVOICE);
	documents_file(making, "packing_list", TW_PAPERS_PACKING_LIST);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!has_filed(making->out, kinds[i])) {
			filed_add(making, kinds[i], nothing, "absent", NULL);
		}
	}
}

/* ---- all of it ---- */

/* One certificate once, as a whole; lines meet it again. */
static void certificate_meet(struct tw_papers_making *making, const struct tw_certificate_ref *ref, const struct tw_papers_terms *terms,
                             uint32_t *met)
{
	struct tw_slice number = tw_key_certificate(tw_slice_of(ref->issuer_country), tw_slice_of(ref->number), making->arena);
	making->whole = making->whole && number.ptr;
	if (!making->whole || !number.len || filed_find(making, "certificate", tw_papers_text(making, number))) {
		return;
	}
	filed_add(making, "certificate", number, terms->known ? "filed" : "cited", terms->status);
	if (terms->known && *met < TW_PAPERS_CERTIFICATES_MAX) {
		tw_papers_whole(making, terms, *met == 0, *met ? number : nothing);
		++*met;
	}
}

/* Two rounds: the consignment stands before its lines. */
static void items_meet(struct tw_papers_making *making, bool lines, uint32_t *met)
{
	const struct tw_item *items = making->event->consignment.items.data;
	for (uint32_t i = 0; i < making->event->consignment.items.count && making->whole; i++) {
		const struct tw_certificate_ref *refs = items[i].certificates.data;
		for (uint32_t j = 0; j < items[i].certificates.count && making->whole; j++) {
			struct tw_papers_terms terms = {.ref = &refs[j]};
			making->whole = making->source->terms(making->source->context, &refs[j], making->arena, &terms);
			if (lines) {
				tw_papers_line(making, &items[i], terms.known ? &terms : NULL);
			} else {
				certificate_meet(making, &refs[j], &terms, met);
			}
		}
		if (lines && items[i].certificates.count == 0) {
			tw_papers_line(making, &items[i], NULL);
		}
	}
}

enum tw_code tw_papers_of(const struct tw_event *event, const struct tw_papers_source *source, struct tw_arena *arena, struct tw_papers *out,
                          struct tw_error *err)
{
	struct tw_papers_making making = {event, source, arena, out, true};
	uint32_t met = 0;
	*out = (struct tw_papers){.dropped = 0};
	items_meet(&making, false, &met);
	if (met == 0) {
		tw_papers_whole(&making, NULL, true, nothing);
	}
	papers_file(&making);
	items_meet(&making, true, &met);
	return making.whole ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the papers of a consignment", NULL, NULL);
}

/* Every text of it moves; what is constant moves too, which does no harm. */
static bool texts_move(struct tw_arena *arena, struct tw_slice *const *texts, size_t count)
{
	bool whole = true;
	for (size_t i = 0; i < count && whole; i++) {
		*texts[i] = texts[i]->len ? tw_arena_copy(arena, *texts[i]) : nothing;
		whole = texts[i]->ptr != NULL;
	}
	return whole;
}

bool tw_papers_copy(const struct tw_papers *papers, struct tw_arena *arena, struct tw_papers *out)
{
	const struct tw_papers_filed *filed = papers->filed.data;
	const struct tw_papers_row *rows = papers->rows.data;
	bool whole = true;
	*out = (struct tw_papers){.dropped = papers->dropped};
	for (uint32_t i = 0; i < papers->filed.count && whole; i++) {
		struct tw_papers_filed *own = tw_list_push(arena, &out->filed, sizeof(*own));
		whole = own != NULL;
		if (own) {
			*own = filed[i];
			whole = texts_move(arena, (struct tw_slice *const[]){&own->paper, &own->number, &own->state, &own->status}, 4);
		}
	}
	for (uint32_t i = 0; i < papers->rows.count && whole; i++) {
		struct tw_papers_row *own = tw_list_push(arena, &out->rows, sizeof(*own));
		whole = own != NULL;
		if (own) {
			*own = rows[i];
			struct tw_slice *const texts[] = {&own->what,    &own->verdict, &own->manifest,     &own->certificate,
			                                  &own->licence, &own->invoice, &own->packing_list, &own->note};
			whole = texts_move(arena, texts, sizeof(texts) / sizeof(texts[0]));
		}
	}
	return whole;
}

/* ---- from priors ---- */

struct asking {
	const struct tw_event *event;
	const struct tw_operations *operations;
	const struct tw_priors *priors;
};

static struct tw_history_answer ask(const struct asking *asking, enum tw_metric metric, const struct tw_certificate_ref *ref, struct tw_arena *arena)
{
	const struct tw_history_query query = {.entity = TW_ENTITY_CERTIFICATE, .metric = metric, .subject = ref};
	return tw_history_answer_of(asking->event, asking->operations, asking->priors, &query, arena);
}

static bool terms_ask(void *context, const struct tw_certificate_ref *ref, struct tw_arena *arena, struct tw_papers_terms *out)
{
	const struct asking *asking = context;
	const struct tw_state *state = tw_history_state(asking->operations, asking->priors, TW_ENTITY_CERTIFICATE, ref, arena);
	bool authenticated;
	if (!state) {
		return true;
	}
	const struct tw_state *heard = tw_words_heard(state, arena);
	if (!heard) {
		return false;
	}
	enum tw_code code = tw_terms_paper(state, arena, &out->paper, &out->kept);
	struct tw_history_answer certified = ask(asking, TW_METRIC_CERTIFIED, ref, arena);
	struct tw_history_answer before = ask(asking, TW_METRIC_DRAWN_BEFORE, ref, arena), with = ask(asking, TW_METRIC_DRAWN_WITH, ref, arena);
	out->known = code == TW_OK;
	out->status = tw_view_certificate_word(tw_certificate_status_at(heard, asking->event->time.ms, &authenticated));
	out->certified_stated = certified.stated;
	out->certified_e4 = certified.value;
	out->before_stated = before.stated;
	out->before_e4 = before.value;
	out->with_stated = with.stated;
	out->with_e4 = with.value;
	return code != TW_E_MEMORY;
}

enum tw_code tw_papers_of_priors(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                                 struct tw_arena *arena, struct tw_papers **out, struct tw_error *err)
{
	struct asking asking = {event, operations, priors};
	const struct tw_papers_source source = {terms_ask, &asking};
	*out = NULL;
	if (!operations || !tw_papers_needed(event)) {
		return TW_OK;
	}
	struct tw_papers *papers = tw_arena_alloc(arena, sizeof(*papers));
	if (!papers) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the papers of a consignment", NULL, NULL);
	}
	*out = papers;
	return tw_papers_of(event, &source, arena, papers, err);
}
