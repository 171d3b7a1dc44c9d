/**
 * @file certificate_view.c
 * See certificate_view.h.
 */
#include "engine/command/certificate_view.h"

#include <stdlib.h>

#include "engine/run/state_words.h"
#include "engine/state/field.h"
#include "engine/state/question.h"
#include "engine/state/words.h"

struct making {
	struct tw_certificate_view *view;
	const struct tw_certificate_source *source;
	struct tw_arena *arena;
};

struct tw_history_answer tw_certificate_ask(const struct tw_state *state, enum tw_metric metric, int64_t line, uint32_t unit)
{
	static const struct tw_event nothing;
	char text[8];
	tw_state_unit(unit, text);
	uint32_t length = (uint32_t)strlen(text);
	const struct tw_item item = {.unit = {text, length, {0, length}}};
	const struct tw_certificate_ref ref = {.line = {line, {0, line ? 1 : 0}}};
	const struct tw_history_query query = {.entity = TW_ENTITY_CERTIFICATE, .metric = metric, .subject = &ref};
	const struct tw_question question = {.event = &nothing, .query = &query, .state = state, .item = &item, .consignment = {"", 0}};
	struct tw_history_answer answer = {.stated = false};
	tw_answer_ledger(&question, &answer);
	return answer;
}

/* ---- what was told ---- */

static const struct tw_told *told_of(const struct making *making, uint64_t id_hash, enum tw_event_type type)
{
	const struct tw_told *told = making->source->told.data;
	for (uint32_t i = 0; i < making->source->told.count; i++) {
		if (told[i].id_hash == id_hash && (!type || told[i].type == type)) {
			return &told[i];
		}
	}
	return NULL;
}

/* The latest statement of that line: the last of its own in their order. */
static const struct tw_shipped *shipped_of(const struct making *making, struct tw_slice consignment, int64_t item)
{
	const struct tw_shipped *shipped = making->source->shipped.data;
	uint32_t low = 0, high = making->source->shipped.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = tw_slice_compare(shipped[middle].consignment, consignment);
		if (order < 0 || (order == 0 && shipped[middle].item <= item)) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	const struct tw_shipped *found = low ? &shipped[low - 1] : NULL;
	return found && found->item == item && tw_slice_equal(found->consignment, consignment) ? found : NULL;
}

/* ---- statements ---- */

/* The paper of one statement: that of a record which holds no other. */
static bool statement_read(const struct making *making, const struct tw_element *terms, struct tw_statement *out)
{
	const struct tw_state *state = making->view->state;
	struct tw_element pair[2];
	struct tw_state alone = {NULL, 0, pair, 0};
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *element = &state->elements[i];
		bool words = tw_element_is(element, TW_ELEMENT_PAPER) && tw_slice_equal(tw_element_tail(element), tw_element_tail(terms));
		if ((words || element == terms) && alone.element_count < 2) {
			pair[alone.element_count++] = *element;
		}
	}
	return tw_terms_paper(&alone, making->arena, &out->paper, &out->kept) == TW_OK;
}

static int by_version(const void *left, const void *right)
{
	const struct tw_statement *a = left, *b = right;
	const int64_t pairs[][2] = {{a->version.revision, b->version.revision}, {a->version.time_ms, b->version.time_ms}};
	for (int i = 0; i < 2; i++) {
		if (pairs[i][0] != pairs[i][1]) {
			return pairs[i][0] < pairs[i][1] ? -1 : 1;
		}
	}
	return (a->version.id > b->version.id) - (a->version.id < b->version.id);
}

static bool statements_make(const struct making *making)
{
	struct tw_certificate_view *view = making->view;
	struct tw_terms terms;
	const struct tw_element *in_force = tw_terms_in_force(view->state, &terms, NULL);
	bool whole = true;
	for (uint32_t i = 0; i < view->state->element_count && whole; i++) {
		const struct tw_element *element = &view->state->elements[i];
		struct tw_statement *statement =
		    tw_terms_read(element, &terms) ? tw_list_push(making->arena, &view->statements, sizeof(*statement)) : NULL;
		if (!statement) {
			whole = !tw_terms_read(element, &terms);
			continue;
		}
		statement->version = element->version;
		statement->in_force = element == in_force;
		statement->told = told_of(making, element->version.id, (enum tw_event_type)0);
		whole = statement_read(making, element, statement);
		view->kept = statement->in_force ? statement->kept : view->kept;
	}
	struct tw_statement *statement = view->statements.data;
	if (view->statements.count > 1) {
		qsort(statement, view->statements.count, sizeof(*statement), by_version);
	}
	for (uint32_t i = 0; i < view->statements.count && whole; i++) {
		const struct tw_statement *before = i ? &statement[i - 1] : NULL;
		statement[i].twin = before && before->paper.terms.revision == statement[i].paper.terms.revision;
		bool words = before && before->kept && statement[i].kept;
		whole = !before || tw_certificate_changes(&before->paper, words, &statement[i].paper, making->arena, &statement[i].changes);
		if (statement[i].in_force) {
			view->paper = statement[i].paper;
		}
	}
	view->known = in_force != NULL;
	return whole;
}

/* ---- the timeline ---- */

static bool is_heard(const struct tw_certificate_view *view, const struct tw_element *element)
{
	for (uint32_t i = 0; view->heard != view->state && i < view->heard->element_count; i++) {
		if (tw_slice_equal(view->heard->elements[i].key, element->key)) {
			return true;
		}
	}
	return view->heard == view->state;
}

static bool moments_make(const struct making *making)
{
	struct tw_certificate_view *view = making->view;
	for (uint32_t i = 0; i < view->state->element_count; i++) {
		const struct tw_element *element = &view->state->elements[i];
		int64_t at_ms = 0;
		enum tw_event_type type = tw_status_read(element, &at_ms);
		if (!type) {
			continue;
		}
		struct tw_moment *moment = tw_list_push(making->arena, &view->moments, sizeof(*moment));
		if (!moment) {
			return false;
		}
		*moment = (struct tw_moment){
		    .at_ms = at_ms, .type = type, .own_word = !is_heard(view, element), .told = told_of(making, element->version.id, type)};
		if (element->bytes.len > 1) {
			moment->consignment = (struct tw_slice){element->bytes.ptr + 1, element->bytes.len - 1};
		}
	}
	return true; /* keys sort by time */
}

/* ---- draws ---- */

static struct tw_line_view *line_for(struct tw_certificate_view *view, int64_t number)
{
	struct tw_line_view *lines = view->lines.data;
	uint32_t certified = view->lines.count - 1; /* the last takes the rest */
	for (uint32_t i = 0; i < certified; i++) {
		if (lines[i].line->terms.line == number || (number == 0 && certified == 1)) {
			return &lines[i];
		}
	}
	return &lines[certified];
}

static bool draw_add(const struct making *making, const struct tw_element *element)
{
	struct tw_certificate_view *view = making->view;
	struct tw_goods_walk walk;
	struct tw_ledger_line drawn;
	struct tw_way way = {.departs = false};
	bool authenticated, on_its_way = tw_draws_way(element->bytes, &way);
	tw_goods_begin(element->bytes, &walk);
	while (tw_ledger_next(&walk.lines, &walk.left, &drawn)) {
		struct tw_draw *draw = tw_list_push(making->arena, &line_for(view, drawn.line)->draws, sizeof(*draw));
		if (!draw) {
			return false;
		}
		drawn.hs = tw_bytes_take(&walk.words);
		drawn.control_code = tw_bytes_take(&walk.words);
		drawn.calibre = tw_bytes_take(&walk.words);
		*draw = (struct tw_draw){.consignment = tw_element_tail(element),
		                         .version = element->version,
		                         .item = drawn.item,
		                         .line = drawn.line,
		                         .stated = drawn.stated,
		                         .quantity_e4 = drawn.quantity_e4,
		                         .unit = drawn.unit,
		                         .dated = on_its_way && way.departs,
		                         .way = way,
		                         .hs = drawn.hs,
		                         .control_code = drawn.control_code,
		                         .calibre = drawn.calibre,
		                         .status = tw_certificate_status_at(view->heard, element->version.time_ms, &authenticated),
		                         .shipped = shipped_of(making, tw_element_tail(element), drawn.item)};
	}
	view->consignments++;
	return true;
}

static int by_time(const void *left, const void *right)
{
	const struct tw_draw *a = left, *b = right;
	if (a->version.time_ms != b->version.time_ms) {
		return a->version.time_ms < b->version.time_ms ? -1 : 1;
	}
	int order = tw_slice_compare(a->consignment, b->consignment);
	return order ? order : (a->item > b->item) - (a->item < b->item);
}

/* What is left of a line as its draws go by, where they are counted as it is. */
static void line_finish(const struct making *making, struct tw_line_view *view)
{
	const struct tw_ledger_line *certified = view->line ? &view->line->terms : NULL;
	struct tw_draw *draws = view->draws.data;
	if (view->draws.count > 1) {
		qsort(draws, view->draws.count, sizeof(*draws), by_time);
	}
	bool counts = certified && certified->stated;
	int64_t drawn_e4 = 0;
	for (uint32_t i = 0; i < view->draws.count; i++) {
		view->drawn_unit = draws[i].unit ? draws[i].unit : view->drawn_unit;
		counts = counts && draws[i].stated && (!draws[i].unit || !certified->unit || draws[i].unit == certified->unit);
		drawn_e4 = tw_counter_merge(TW_COUNT_FIELD(0, TW_MERGE_ADD), drawn_e4, draws[i].quantity_e4);
		draws[i].left_stated = counts;
		draws[i].left_e4 = counts ? certified->quantity_e4 - drawn_e4 : 0; /* neither is below 0 */
	}
	if (view->draws.count && certified) {
		struct tw_history_answer drawn = tw_certificate_ask(making->view->state, TW_METRIC_DRAWN_BEFORE, certified->line, certified->unit);
		view->drawn_stated = drawn.stated;
		view->drawn_e4 = drawn.value;
		view->drawn_unit = certified->unit ? certified->unit : view->drawn_unit;
	}
}

/* A draw that stands, or was given back. */
static bool element_add(const struct making *making, const struct tw_element *element)
{
	if (!tw_element_is(element, TW_ELEMENT_DRAW)) {
		return true;
	}
	if (tw_draws_stand(element->bytes)) {
		return draw_add(making, element);
	}
	struct tw_slice *consignment = tw_list_push(making->arena, &making->view->given_back, sizeof(*consignment));
	if (consignment) {
		*consignment = tw_element_tail(element);
	}
	return consignment != NULL;
}

static bool draws_make(const struct making *making)
{
	struct tw_certificate_view *view = making->view;
	for (uint32_t i = 0; i <= view->paper.line_count; i++) {
		struct tw_line_view *line = tw_list_push(making->arena, &view->lines, sizeof(*line));
		if (!line) {
			return false;
		}
		line->line = i < view->paper.line_count ? &view->paper.lines[i] : NULL;
	}
	bool whole = true;
	for (uint32_t i = 0; i < view->state->element_count && whole; i++) {
		whole = element_add(making, &view->state->elements[i]);
	}
	struct tw_line_view *lines = view->lines.data;
	for (uint32_t i = 0; i < view->lines.count; i++) {
		line_finish(making, &lines[i]);
	}
	return whole;
}

static bool is_drawing(const struct tw_certificate_view *view, struct tw_slice consignment)
{
	const struct tw_line_view *lines = view->lines.data;
	for (uint32_t i = 0; i < view->lines.count; i++) {
		const struct tw_draw *draws = lines[i].draws.data;
		for (uint32_t j = 0; j < lines[i].draws.count; j++) {
			if (tw_slice_equal(draws[j].consignment, consignment)) {
				return true;
			}
		}
	}
	return false;
}

static bool compared_make(const struct making *making)
{
	const struct tw_compared *compared = making->source->compared.data;
	for (uint32_t i = 0; i < making->source->compared.count; i++) {
		if (is_drawing(making->view, compared[i].consignment)) {
			const struct tw_compared **one = tw_list_push(making->arena, &making->view->compared, sizeof(*one));
			if (!one) {
				return false;
			}
			*one = &compared[i];
		}
	}
	return true;
}

/* ---- deliveries ---- */

/* What that consignment draws of the line, in one unit. */
static void drawn_find(const struct tw_certificate_view *view, struct tw_delivery_view *delivery)
{
	const struct tw_line_view *lines = view->lines.data;
	for (uint32_t i = 0; i < view->lines.count; i++) {
		const struct tw_draw *draws = lines[i].draws.data;
		bool line =
		    lines[i].line && (lines[i].line->terms.line == delivery->received.line || (!delivery->received.line && view->lines.count == 2));
		for (uint32_t j = 0; line && j < lines[i].draws.count; j++) {
			bool unit = !draws[j].unit || !delivery->received.unit || draws[j].unit == delivery->received.unit;
			if (tw_slice_equal(draws[j].consignment, delivery->told->consignment) && draws[j].stated && unit) {
				delivery->drawn_stated = true;
				delivery->drawn_e4 = tw_counter_merge(TW_COUNT_FIELD(0, TW_MERGE_ADD), delivery->drawn_e4, draws[j].quantity_e4);
			}
		}
	}
}

static bool deliveries_make(const struct making *making)
{
	struct tw_certificate_view *view = making->view;
	const struct tw_told *told = making->source->told.data;
	for (uint32_t i = 0; i < making->source->told.count; i++) {
		if (told[i].type != TW_CERTIFICATE_DELIVERY_VERIFIED) {
			continue;
		}
		for (uint32_t j = 0; j == 0 || j < told[i].line_count; j++) {
			struct tw_delivery_view *delivery = tw_list_push(making->arena, &view->deliveries, sizeof(*delivery));
			if (!delivery) {
				return false;
			}
			*delivery = (struct tw_delivery_view){.told = &told[i], .line_stated = j < told[i].line_count};
			if (delivery->line_stated) {
				delivery->received = told[i].lines[j];
				drawn_find(view, delivery);
			}
		}
	}
	return true;
}

bool tw_certificate_view_make(struct tw_slice key, const struct tw_state *state, const struct tw_certificate_source *source, struct tw_arena *arena,
                              struct tw_certificate_view *out)
{
	struct tw_certificate_source known = *source;
	const struct making making = {out, &known, arena};
	*out = (struct tw_certificate_view){.key = key, .state = state, .papers = source->papers};
	out->heard = tw_words_heard(state, arena);
	if (!out->heard) {
		return false;
	}
	out->status = tw_certificate_status_latest(out->heard, tw_certificate_reach(state), &out->authenticated);
	if (!source->papers && !tw_certificate_told_of_record(key, state, arena, &known.told)) {
		return false;
	}
	return statements_make(&making) && moments_make(&making) && draws_make(&making) && compared_make(&making) && deliveries_make(&making) &&
	       tw_certificate_problems(out, &known, arena);
}
