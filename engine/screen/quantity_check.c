/**
 * @file quantity_check.c
 * See quantity_check.h.
 */
#include "engine/screen/quantity_check.h"

#include <tidewaiter/limits.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/unit.h"
#include "feeds/name_alike.h"

/* How far a row is from being kept: the more urgent the greater. */
enum verdict { NOTHING, WITHIN, BELOW, ABOVE };

struct asking {
	const struct tw_event *event;
	const struct tw_party *party;
	struct tw_quantity_past past;
	struct tw_arena *arena;
	bool *full;
};

static bool is_of_party(const struct asking *asking, const struct tw_quantity_row *row)
{
	const struct tw_party *party = asking->party;
	struct tw_text country = tw_stated(party->country.span) ? party->country : party->address.country;
	int32_t day = tw_instant_day(asking->event->time.ms);
	return tw_country_code(tw_slice_of(country)) == row->country && day >= row->from_day && day <= row->to_day &&
	       (tw_name_alike(tw_slice_of(party->name), row->end_user, asking->arena, asking->full) ||
	        tw_name_alike(tw_slice_of(party->original_name), row->end_user, asking->arena, asking->full));
}

static int64_t add_within(int64_t sum, int64_t e4)
{
	return sum > TW_AMOUNT_E4_MAX - e4 ? TW_AMOUNT_E4_MAX : sum + e4;
}

/* One line of either paper. */
struct line {
	struct tw_text hs, control_code, unit;
	struct tw_amount quantity;
};

static uint32_t lines_of(const struct tw_event *event)
{
	return event->family == TW_FAMILY_MANIFEST ? event->consignment.items.count : event->certificate.items.count;
}

static struct line line_at(const struct tw_event *event, uint32_t at)
{
	if (event->family == TW_FAMILY_MANIFEST) {
		const struct tw_item *item = (const struct tw_item *)event->consignment.items.data + at;
		return (struct line){item->hs, item->control_code, item->unit, item->quantity};
	}
	const struct tw_certificate_item *item = (const struct tw_certificate_item *)event->certificate.items.data + at;
	return (struct line){item->hs, item->control_code, item->unit, item->quantity};
}

/* What the lines state of the row's goods, in the row's unit. @return false: nothing */
static bool stated_of(const struct asking *asking, const struct tw_quantity_row *row, int64_t *e4)
{
	bool any = false;
	*e4 = 0;
	for (uint32_t i = 0; i < lines_of(asking->event); i++) {
		struct line line = line_at(asking->event, i);
		uint32_t unit = tw_unit_code(tw_slice_of(line.unit));
		unit = unit == TW_UNIT_NONE ? TW_UNIT_PIECE : unit;
		if (tw_stated(line.quantity.span) && line.quantity.e4 >= 0 && tw_unit_base(unit) == tw_unit_base(row->unit) &&
		    tw_quantity_row_takes(row, tw_slice_of(line.hs), tw_slice_of(line.control_code), asking->arena, asking->full)) {
			*e4 = add_within(*e4, tw_unit_from_base(row->unit, tw_unit_to_base(unit, line.quantity.e4)));
			any = true;
		}
	}
	return any;
}

/* Of this consignment, as the record will count it: pieces of its lines, or their weight; the header's where no line states one. */
static int64_t own_of(const struct tw_consignment *consignment, bool pieces)
{
	const struct tw_item *item = consignment->items.data;
	int64_t sum = 0;
	bool weighed = false;
	for (uint32_t i = 0; i < consignment->items.count; i++) {
		bool counts = pieces ? tw_unit_code(tw_slice_of(item[i].unit)) == TW_UNIT_PIECE : tw_stated(item[i].gross_kg.span);
		struct tw_amount amount = pieces ? item[i].quantity : item[i].gross_kg;
		sum = counts && amount.e4 > 0 ? add_within(sum, amount.e4) : sum;
		weighed = weighed || counts;
	}
	return pieces || weighed || consignment->totals.gross_kg.e4 < 0 ? sum : consignment->totals.gross_kg.e4;
}

/* Of the row's goods: this consignment's lines, and those of the others within the days. */
static bool goods_over_days(const struct asking *asking, const struct tw_quantity_row *row, int64_t *e4)
{
	const struct tw_history_query query = {
	    .entity = TW_ENTITY_PARTY, .metric = TW_METRIC_RECEIVED, .window_days = row->days, .subject = asking->party};
	struct tw_history_answer before = asking->past.answer ? asking->past.answer(asking->past.context, &query) : (struct tw_history_answer){0};
	bool any = stated_of(asking, row, e4);
	for (uint32_t i = 0; i < before.received_count; i++) {
		const struct tw_received *line = &before.received[i];
		uint32_t unit = line->unit == TW_UNIT_NONE ? TW_UNIT_PIECE : line->unit;
		if (tw_unit_base(unit) == tw_unit_base(row->unit) &&
		    tw_quantity_row_takes(row, line->hs, line->control_code, asking->arena, asking->full)) {
			*e4 = add_within(*e4, tw_unit_from_base(row->unit, tw_unit_to_base(unit, line->quantity_e4)));
		}
	}
	return any; /* what arrives none of the goods says nothing of them */
}

static bool over_days(const struct asking *asking, const struct tw_quantity_row *row, int64_t *e4)
{
	bool pieces = row->unit == TW_UNIT_PIECE;
	const struct tw_history_query query = {
	    .entity = TW_ENTITY_PARTY, .metric = pieces ? TW_METRIC_PIECES : TW_METRIC_GROSS_KG, .window_days = row->days, .subject = asking->party};
	struct tw_history_answer before = asking->past.answer ? asking->past.answer(asking->past.context, &query) : (struct tw_history_answer){0};
	int64_t now = asking->event->type == TW_CONSIGNMENT_DECLARED ? own_of(&asking->event->consignment, pieces) : 0;
	*e4 = add_within(before.stated ? before.value : 0, now);
	return *e4 > 0;
}

static enum verdict row_says(const struct asking *asking, const struct tw_quantity_row *row, int64_t *e4)
{
	bool manifest = asking->event->family == TW_FAMILY_MANIFEST;
	bool asked = manifest ? row->per != TW_PER_CERTIFICATE : row->per == TW_PER_CERTIFICATE;
	if (!asked || !is_of_party(asking, row)) {
		return NOTHING;
	}
	bool of_goods = row->hs.len || row->control_code.len;
	bool days = row->per == TW_PER_DAYS;
	if (!(days && of_goods ? goods_over_days(asking, row, e4) : days ? over_days(asking, row, e4) : stated_of(asking, row, e4))) {
		return NOTHING;
	}
	return row->high_stated && *e4 > row->high_e4 ? ABOVE : row->low_stated && *e4 < row->low_e4 ? BELOW : WITHIN;
}

struct tw_history_answer tw_quantity_check(const struct tw_quantities *quantities, const struct tw_event *event, const struct tw_history_query *query,
                                           struct tw_quantity_past past, struct tw_arena *arena, bool *full)
{
	bool lost = *full;
	const struct asking asking = {event, query->subject, past, arena, &lost};
	struct tw_history_answer answer = {.stated = false, .key = {"", 0}};
	const struct tw_quantity_row *rows, *best = NULL;
	enum verdict says = NOTHING;
	int64_t amount_e4 = 0;
	uint32_t count = 0;
	rows = tw_quantities_rows(quantities, &count);
	for (uint32_t i = 0; i < count && says < ABOVE && !lost; i++) {
		int64_t e4 = 0;
		enum verdict verdict = row_says(&asking, &rows[i], &e4);
		if (verdict > says) {
			says = verdict;
			best = &rows[i];
			amount_e4 = e4;
		}
	}
	*full = lost;
	if (!best || lost) {
		return answer;
	}
	bool low = query->metric == TW_METRIC_QUANTITY_LOW, high = query->metric == TW_METRIC_QUANTITY_HIGH;
	answer.stated = low ? best->low_stated : high ? best->high_stated : true;
	answer.value = query->metric == TW_METRIC_QUANTITY_ROW ? best->line : low ? best->low_e4 : high ? best->high_e4 : amount_e4;
	return answer;
}
