/**
 * @file delivery.c
 * See delivery.h: the elements, written and read, and the answers.
 */
#include "engine/state/delivery.h"

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/state/roll.h"
#include "engine/state/words.h"

enum assured_flag { ASSURED_STATED = 1, ASSURED_VERIFICATION = 2, ASSURED_WITHIN = 4 };
enum verified_flag { VERIFIED_RECEIVED = 1, VERIFIED_DISCREPANCY = 2 };

#define REVISION_MAX    1000000000000 /* that count in a sum: no paper has so many */
#define WITHIN_DAYS_MAX 36500         /* a century: more is a slip of the keyboard, and never due */

static void put(struct tw_drafts *drafts, uint32_t number, struct tw_element element)
{
	if (!element.key.ptr || !element.bytes.ptr) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
	} else {
		tw_drafts_put(drafts, number, element);
	}
}

/* ---- what a certificate's events say ---- */

static struct tw_slice assured_bytes(const struct tw_certificate *certificate, struct tw_arena *arena)
{
	const struct tw_assurances *assurances = &certificate->assurances;
	int64_t within = assurances->verify_within_days.value;
	bool stated = tw_stated(assurances->delivery_verification.span);
	bool limit = tw_stated(assurances->verify_within_days.span) && within >= 0 && within <= WITHIN_DAYS_MAX;
	unsigned char *out = tw_arena_alloc_raw(arena, (size_t)3 * TW_VARINT_BYTES);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	unsigned flags =
	    (stated ? ASSURED_STATED : 0U) | (assurances->delivery_verification.value ? ASSURED_VERIFICATION : 0U) | (limit ? ASSURED_WITHIN : 0U);
	unsigned char *at = tw_varint_put(out, flags);
	at = tw_varint_put(at, limit ? (uint64_t)within : 0);
	at = tw_varint_put(at, tw_country_code(tw_slice_of(certificate->final_destination)));
	return (struct tw_slice){(const char *)out, (uint32_t)(at - out)};
}

static struct tw_slice verified_bytes(const struct tw_event *event, struct tw_arena *arena)
{
	const struct tw_certificate *certificate = &event->certificate;
	const struct tw_certificate_item *items = certificate->items.data;
	bool received = tw_stated(certificate->received.span);
	struct tw_ledger_line *lines = tw_arena_alloc_raw(arena, certificate->items.count * sizeof(*lines) + 1);
	if (!lines) {
		return (struct tw_slice){NULL, 0};
	}
	for (uint32_t i = 0; i < certificate->items.count; i++) {
		lines[i] = (struct tw_ledger_line){.line = items[i].line.value < 0 ? 0 : items[i].line.value,
		                                   .stated = tw_stated(items[i].quantity.span),
		                                   .quantity_e4 = items[i].quantity.e4 < 0 ? 0 : items[i].quantity.e4,
		                                   .unit = tw_unit_code(tw_slice_of(items[i].unit))};
	}
	struct tw_slice written = tw_draws_write(lines, certificate->items.count, NULL, arena);
	unsigned char *out = written.ptr ? tw_arena_alloc_raw(arena, written.len + (size_t)2 * TW_VARINT_BYTES) : NULL;
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	memcpy(out, written.ptr, written.len);
	unsigned flags = (received ? VERIFIED_RECEIVED : 0U) | (tw_stated(certificate->discrepancy.span) ? VERIFIED_DISCREPANCY : 0U);
	unsigned char *at = tw_varint_put(out + written.len, flags);
	at = tw_zigzag_put(at, received ? certificate->received.day : tw_instant_day(event->time.ms));
	return (struct tw_slice){(const char *)out, (uint32_t)(at - out)};
}

void tw_delivery_mention(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate, struct tw_slice consignment, uint64_t id)
{
	struct tw_version version = {0, event->time.ms, id};
	if (drafts->code) {
		return;
	}
	if (event->type == TW_CERTIFICATE_DELIVERY_VERIFIED) {
		struct tw_slice key = tw_element_key(TW_ELEMENT_VERIFIED, consignment, drafts->arena);
		struct tw_element verified = {key, version, verified_bytes(event, drafts->arena)};
		put(drafts, certificate, verified);
		tw_words_put(drafts, event, certificate, &verified);
	} else if (event->type == TW_CERTIFICATE_ISSUED || event->type == TW_CERTIFICATE_AMENDED) {
		version.revision = tw_certificate_revision(event);
		struct tw_slice key = tw_element_key(TW_ELEMENT_ASSURED, (struct tw_slice){"", 0}, drafts->arena);
		put(drafts, certificate, (struct tw_element){key, version, assured_bytes(&event->certificate, drafts->arena)});
	}
}

/* ---- what a consignment's own events say ---- */

static void put_certificates(struct tw_drafts *drafts, uint32_t own, const struct tw_version *version)
{
	struct tw_slice roll = tw_roll_write(drafts, TW_ROLL_DRAWS, drafts->arena);
	struct tw_element element = {.version = *version, .bytes = roll};
	if (roll.len == 1) {
		return; /* none */
	}
	element.key = roll.ptr ? tw_element_key_numbers(TW_ELEMENT_ASSURED, 0, tw_hash64(roll.ptr, roll.len, 0), drafts->arena) : roll;
	put(drafts, own, element);
}

/* Codes of customs offices start with their country's, as those of places do. */
static uint16_t office_country(struct tw_text office)
{
	struct tw_slice code = tw_slice_of(office);
	return code.len >= 2 ? tw_country_code((struct tw_slice){code.ptr, 2}) : 0;
}

void tw_delivery_put(struct tw_drafts *drafts, const struct tw_event *event, const struct tw_version *version)
{
	uint32_t own = drafts->own[TW_ENTITY_CONSIGNMENT];
	if (drafts->code || own == TW_NO_OPERATION) {
		return;
	}
	if (event->type == TW_CONSIGNMENT_DECLARED || event->type == TW_CONSIGNMENT_AMENDED) {
		put_certificates(drafts, own, version);
	} else if (event->type == TW_CONSIGNMENT_ARRIVED) {
		struct tw_arrival arrival = {{0, event->time.ms, tw_hash64(event->id.ptr, event->id.len, 0)},
		                             office_country(event->consignment.office)};
		struct tw_element element;
		drafts->code = tw_arrival_write(&arrival, (struct tw_slice){"", 0}, drafts->arena, &element) ? TW_OK : TW_E_MEMORY;
		tw_drafts_put(drafts, own, element);
	}
}

bool tw_arrival_write(const struct tw_arrival *arrival, struct tw_slice consignment, struct tw_arena *arena, struct tw_element *out)
{
	unsigned char *bytes = tw_arena_alloc_raw(arena, TW_VARINT_BYTES);
	out->key = tw_element_key(TW_ELEMENT_ARRIVED, consignment, arena);
	out->version = arrival->version;
	out->bytes = (struct tw_slice){(const char *)bytes, bytes ? (uint32_t)(tw_varint_put(bytes, arrival->country) - bytes) : 0};
	return bytes && out->key.ptr;
}

bool tw_arrival_read(const struct tw_element *element, struct tw_arrival *out)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	*out = (struct tw_arrival){element->version, 0};
	out->country = (uint16_t)tw_varint_take(&cursor);
	return tw_element_is(element, TW_ELEMENT_ARRIVED) && !cursor.bad;
}

bool tw_verified_read(const struct tw_element *element, struct tw_verified *out)
{
	*out = (struct tw_verified){.lines_left = 0};
	if (!tw_element_is(element, TW_ELEMENT_VERIFIED)) {
		return false;
	}
	out->lines = tw_draws_read(element->bytes, &out->lines_left);
	struct tw_cursor rest = out->lines;
	uint64_t left = out->lines_left;
	struct tw_ledger_line line;
	while (tw_ledger_next(&rest, &left, &line)) {
	}
	uint64_t flags = tw_varint_take(&rest);
	out->received_stated = flags & VERIFIED_RECEIVED;
	out->discrepancy = flags & VERIFIED_DISCREPANCY;
	out->received = (int32_t)tw_zigzag_take(&rest);
	return !rest.bad;
}

bool tw_assured_read(const struct tw_element *element, struct tw_assured *out)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	*out = (struct tw_assured){.destination = 0};
	if (!tw_element_is(element, TW_ELEMENT_ASSURED) || element->key.len != 1) {
		return false;
	}
	uint64_t flags = tw_varint_take(&cursor);
	out->verification_stated = flags & ASSURED_STATED;
	out->within_stated = flags & ASSURED_WITHIN;
	out->verification = flags & ASSURED_VERIFICATION || (out->within_stated && !out->verification_stated);
	out->within_days = (uint32_t)tw_varint_take(&cursor);
	out->destination = (uint16_t)tw_varint_take(&cursor);
	return !cursor.bad;
}

/* ---- answers ---- */

bool tw_asks_of_delivery(enum tw_metric metric)
{
	return metric >= TW_METRIC_DELIVERIES_AWAITED && (metric <= TW_METRIC_DELIVERY_CANCELLED || metric == TW_METRIC_OPEN_CONSIGNMENTS ||
	                                                  metric == TW_METRIC_DELIVERED || metric == TW_METRIC_RECEIVED_EARLY);
}

const struct tw_element *tw_side_find(struct tw_side *side, struct tw_slice consignment)
{
	for (; side->at < side->state->element_count; side->at++) {
		const struct tw_element *element = &side->state->elements[side->at];
		int order = element->key.len == 0 || element->key.ptr[0] < side->class ? -1 : element->key.ptr[0] > side->class ? 1 : 0;
		order = order ? order : tw_slice_compare(tw_element_tail(element), consignment);
		if (order >= 0) {
			return order == 0 ? element : NULL;
		}
	}
	return NULL;
}

static bool assured_of(const struct tw_state *state, struct tw_assured *out)
{
	struct tw_side side = {state, 0, TW_ELEMENT_ASSURED};
	const struct tw_element *element = tw_side_find(&side, (struct tw_slice){"", 0});
	return element && tw_assured_read(element, out);
}

/* The day from which a delivery is to be verified. @return false when nothing tells it */
static bool due_from(const struct tw_element *draw, const struct tw_element *arrived, const struct tw_assured *assured, int32_t *day)
{
	struct tw_arrival arrival;
	struct tw_way way;
	if (arrived && tw_arrival_read(arrived, &arrival) && (!arrival.country || !assured->destination || arrival.country == assured->destination)) {
		*day = tw_instant_day(arrival.version.time_ms);
		return true;
	}
	if (!tw_draws_way(draw->bytes, &way) || !way.arrives) {
		return false;
	}
	*day = way.arrival;
	return true;
}

struct open {
	int64_t awaited, overdue, days_over;
};

/* @return whether the delivery is one that the question asks for */
static bool open_add(struct open *open, const struct tw_assured *assured, int64_t since, bool overdue_only)
{
	int64_t over = assured->within_stated ? since - assured->within_days : 0;
	open->awaited++;
	open->overdue += over > 0;
	open->days_over = over > open->days_over ? over : open->days_over;
	return over > 0 || !overdue_only;
}

/* The day of the latest event that the record knows of: papers that come late are judged as if they had not. */
static int32_t latest_day(const struct tw_question *question)
{
	static const char told[] = {TW_ELEMENT_TERMS, TW_ELEMENT_DRAW, TW_ELEMENT_VERIFIED, TW_ELEMENT_ARRIVED};
	int64_t latest_ms = question->event->time.ms;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		bool counts = element->key.len && memchr(told, element->key.ptr[0], sizeof(told));
		latest_ms = counts && element->version.time_ms > latest_ms ? element->version.time_ms : latest_ms;
	}
	return tw_instant_day(latest_ms);
}

/* Verifications of a record, and the one that speaks for all. */
struct verified {
	struct tw_side each;
	bool speaks;
	int32_t received;
};

static bool is_verified(struct verified *verified, struct tw_slice consignment, int32_t from)
{
	return tw_side_find(&verified->each, consignment) || (verified->speaks && verified->received >= from);
}

static struct verified verified_of(const struct tw_state *state)
{
	struct verified out = {.each = {state, 0, TW_ELEMENT_VERIFIED}};
	const struct tw_element *general = tw_side_find(&out.each, (struct tw_slice){"", 0});
	struct tw_verified all;
	out.speaks = general && tw_verified_read(general, &all);
	out.received = out.speaks ? all.received : 0;
	return out;
}

/* Each statement's version only grows, so their sum does. The time is spread over two members: a sum of five is no day of this era. */
enum statement { ASSURED, ARRIVED, VERIFIED_EACH, VERIFIED_ALL, DRAWN, STATEMENTS };

static struct tw_version versions_sum(const struct tw_element *const elements[STATEMENTS])
{
	uint64_t time_ms = 0, id = 0;
	struct tw_version out = {0, 0, 0};
	for (uint32_t i = 0; i < STATEMENTS; i++) {
		if (elements[i]) {
			const struct tw_version *version = &elements[i]->version;
			int64_t revision = version->revision < REVISION_MAX ? version->revision : REVISION_MAX;
			out.revision += 2 * (1 + (revision > 0 ? revision : 0));
			time_ms += version->time_ms > 0 ? (uint64_t)version->time_ms : 0;
			id += version->id >> 8;
		}
	}
	out.time_ms = (int64_t)(time_ms / STATEMENTS);
	out.id = time_ms % STATEMENTS << 60 | id;
	return out;
}

void tw_delivery_read(const struct tw_state *state, const struct tw_state *heard, struct tw_slice consignment, struct tw_delivery *out)
{
	static const char classes[STATEMENTS] = {TW_ELEMENT_ASSURED, TW_ELEMENT_ARRIVED, TW_ELEMENT_VERIFIED, TW_ELEMENT_VERIFIED, TW_ELEMENT_DRAW};
	const struct tw_element *elements[STATEMENTS];
	struct tw_assured assured;
	struct tw_verified all;
	int32_t from = 0;
	*out = (struct tw_delivery){.awaited = false};
	for (uint32_t i = 0; i < STATEMENTS; i++) {
		bool of_all = i == ASSURED || i == VERIFIED_ALL;
		elements[i] = tw_side_find(&(struct tw_side){state, 0, classes[i]}, of_all ? (struct tw_slice){"", 0} : consignment);
	}
	out->version = versions_sum(elements);
	const struct tw_element *draw = elements[DRAWN];
	out->version.revision += draw && !tw_draws_stand(draw->bytes); /* an end has the version of the lines that it ends */
	out->awaited = elements[ASSURED] && tw_assured_read(elements[ASSURED], &assured) && assured.verification && assured.within_stated && draw &&
	               tw_draws_stand(draw->bytes) && due_from(draw, elements[ARRIVED], &assured, &from);
	if (!out->awaited) {
		return;
	}
	out->late = from + (int32_t)assured.within_days + 1;
	elements[VERIFIED_EACH] = tw_side_find(&(struct tw_side){heard, 0, TW_ELEMENT_VERIFIED}, consignment);
	elements[VERIFIED_ALL] = tw_side_find(&(struct tw_side){heard, 0, TW_ELEMENT_VERIFIED}, (struct tw_slice){"", 0});
	bool spoken = elements[VERIFIED_ALL] && tw_verified_read(elements[VERIFIED_ALL], &all) && all.received >= from;
	const struct tw_element *verified = elements[VERIFIED_EACH] ? elements[VERIFIED_EACH] : spoken ? elements[VERIFIED_ALL] : NULL;
	out->verified = verified;
	out->verified_ms = verified ? verified->version.time_ms : 0;
}

static void answer_open(const struct tw_question *question, struct tw_history_answer *answer)
{
	const struct tw_state *state = question->state;
	const enum tw_metric metric = question->query->metric;
	struct tw_assured assured;
	if (!assured_of(state, &assured) || !assured.verification || (metric != TW_METRIC_DELIVERIES_AWAITED && !assured.within_stated)) {
		return;
	}
	struct verified verified = verified_of(state);
	struct tw_side arrived = {state, 0, TW_ELEMENT_ARRIVED};
	struct tw_recent recent = {.answer = answer};
	struct open open = {0, 0, 0};
	const int32_t today = latest_day(question);
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *draw = &state->elements[i];
		struct tw_slice consignment = tw_element_tail(draw);
		int32_t from = 0;
		if (!tw_element_is(draw, TW_ELEMENT_DRAW) || !tw_draws_stand(draw->bytes) ||
		    !due_from(draw, tw_side_find(&arrived, consignment), &assured, &from) || from > today ||
		    is_verified(&verified, consignment, from)) {
			continue;
		}
		bool asked = open_add(&open, &assured, (int64_t)today - from, metric != TW_METRIC_DELIVERIES_AWAITED);
		if (asked && tw_is_others(question, draw, TW_ELEMENT_DRAW)) {
			tw_recent_add(&recent, &draw->version, consignment);
		}
	}
	tw_answer_value(answer, metric == TW_METRIC_DELIVERIES_AWAITED   ? open.awaited
	                        : metric == TW_METRIC_DELIVERIES_OVERDUE ? open.overdue
	                                                                 : open.days_over);
}

/* Whatever was promised of its verification: a letter that came without being asked for settles a delivery too. */
static bool is_delivered(struct verified *verified, struct tw_side *arrived, const struct tw_element *draw)
{
	const struct tw_assured nothing = {.destination = 0};
	struct tw_slice consignment = tw_element_tail(draw);
	int32_t from = 0;
	bool dated = due_from(draw, tw_side_find(arrived, consignment), &nothing, &from);
	return is_verified(verified, consignment, dated ? from : INT32_MAX);
}

/* Of what is announced ahead, whether the consignment has left before its day. */
static bool leaves_before(const struct tw_event *event, const struct tw_element *draw)
{
	struct tw_way way;
	return tw_certificate_is_ahead(event) && tw_draws_way(draw->bytes, &way) && way.last < event->certificate.effective.day;
}

/* Others that are not, or whether this one is. */
static void answer_delivered(const struct tw_question *question, struct tw_history_answer *answer)
{
	const bool own = question->query->metric == TW_METRIC_DELIVERED;
	struct verified verified = verified_of(question->state);
	struct tw_side arrived = {question->state, 0, TW_ELEMENT_ARRIVED};
	struct tw_recent recent = {.answer = answer};
	int64_t count = 0;
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *draw = &question->state->elements[i];
		bool asked =
		    tw_element_is(draw, TW_ELEMENT_DRAW) && tw_draws_stand(draw->bytes) && own != tw_is_others(question, draw, TW_ELEMENT_DRAW);
		if (asked && is_delivered(&verified, &arrived, draw) == own && (own || !leaves_before(question->event, draw))) {
			count++;
			if (!own) {
				tw_recent_add(&recent, &draw->version, tw_element_tail(draw));
			}
		}
	}
	tw_answer_value(answer, count);
}

/* Sums of what was shipped or verified: of one line of the certificate, or (0) of all. */
struct amount {
	int64_t e4;
	uint32_t unit;
	bool any, open; /* open: a quantity is missing, or in another unit: no sum has a meaning */
};

static void amount_add(struct amount *amount, const struct tw_ledger_line *line)
{
	bool other = line->unit != TW_UNIT_NONE && amount->unit != TW_UNIT_NONE && line->unit != amount->unit;
	amount->any = true;
	amount->open = amount->open || !line->stated || other;
	amount->unit = line->unit != TW_UNIT_NONE ? line->unit : amount->unit;
	amount->e4 = tw_counter_merge(TW_COUNT_FIELD(0, TW_MERGE_ADD), amount->e4, line->quantity_e4);
}

/* @param line 0: all; an item that draws on two lines is then one quantity */
static struct amount amount_of(struct tw_cursor cursor, uint64_t left, int64_t of)
{
	struct amount amount = {0, TW_UNIT_NONE, false, false};
	struct tw_ledger_line line;
	int64_t item = -1;
	while (tw_ledger_next(&cursor, &left, &line)) {
		bool again = of == 0 && line.item && line.item == item;
		item = line.item;
		if (!again && (of == 0 || line.line == of)) {
			amount_add(&amount, &line);
		}
	}
	return amount;
}

/* Whether every line says which of the certificate's it is, and no item draws on two: else only the whole can be compared. */
static bool is_by_line(struct tw_cursor cursor, uint64_t left)
{
	struct tw_ledger_line line;
	int64_t item = -1;
	bool by_line = true;
	while (tw_ledger_next(&cursor, &left, &line)) {
		by_line = by_line && line.line != 0 && (line.item == 0 || line.item != item);
		item = line.item;
	}
	return by_line;
}

/* Two statements of what one consignment held. */
struct pair {
	struct tw_cursor cursor[2];
	uint64_t left[2];
};

/* What `one` of the pair states above the other, of the line with the most. @return false where they cannot be compared */
static bool excess_of(const struct pair *pair, uint32_t one, int64_t *most)
{
	uint32_t other = 1 - one;
	bool by_line = is_by_line(pair->cursor[0], pair->left[0]) && is_by_line(pair->cursor[1], pair->left[1]);
	struct tw_cursor cursor = pair->cursor[one];
	uint64_t left = pair->left[one];
	struct tw_ledger_line line;
	bool any = false;
	*most = 0;
	while (tw_ledger_next(&cursor, &left, &line)) {
		int64_t of = by_line ? line.line : 0;
		struct amount here = amount_of(pair->cursor[one], pair->left[one], of);
		struct amount there = amount_of(pair->cursor[other], pair->left[other], of);
		bool units = here.unit == TW_UNIT_NONE || there.unit == TW_UNIT_NONE || here.unit == there.unit;
		if (!here.open && !there.open && units) {
			any = true;
			*most = here.e4 - there.e4 > *most ? here.e4 - there.e4 : *most;
		}
		left = by_line ? left : 0;
	}
	return any;
}

/* The event's own consignment: what its draw says against what its verification says. */
static void answer_own(const struct tw_question *question, struct tw_history_answer *answer)
{
	struct tw_side draws = {question->state, 0, TW_ELEMENT_DRAW}, verifications = {question->state, 0, TW_ELEMENT_VERIFIED};
	const struct tw_element *draw = question->consignment.len ? tw_side_find(&draws, question->consignment) : NULL;
	const struct tw_element *verification = question->consignment.len ? tw_side_find(&verifications, question->consignment) : NULL;
	struct tw_verified verified;
	int64_t excess = 0;
	if (!draw || !tw_draws_stand(draw->bytes) || !verification || !tw_verified_read(verification, &verified) || !verified.lines_left) {
		return;
	}
	struct pair pair = {.cursor = {[1] = verified.lines}, .left = {0, verified.lines_left}};
	pair.cursor[0] = tw_draws_read(draw->bytes, &pair.left[0]);
	if (excess_of(&pair, question->query->metric == TW_METRIC_DELIVERY_SHORT ? 0 : 1, &excess)) {
		tw_answer_value(answer, excess);
	}
}

/* The event's own consignment: what was received before it arrived, or by its route could have, nobody saw. */
static void answer_early(const struct tw_question *question, struct tw_history_answer *answer)
{
	struct tw_side draws = {question->state, 0, TW_ELEMENT_DRAW}, verifications = {question->state, 0, TW_ELEMENT_VERIFIED};
	struct tw_side arrivals = {question->state, 0, TW_ELEMENT_ARRIVED};
	const struct tw_element *draw = question->consignment.len ? tw_side_find(&draws, question->consignment) : NULL;
	const struct tw_element *verification = question->consignment.len ? tw_side_find(&verifications, question->consignment) : NULL;
	struct tw_assured assured = {.destination = 0};
	struct tw_verified verified;
	int32_t from = 0;
	assured_of(question->state, &assured);
	bool dated = draw && tw_draws_stand(draw->bytes) && due_from(draw, tw_side_find(&arrivals, question->consignment), &assured, &from);
	if (dated && verification && tw_verified_read(verification, &verified) && verified.received_stated) {
		tw_answer_value(answer, from > verified.received ? (int64_t)from - verified.received : 0);
	}
}

/* Of the consignment's own record: a cancellation not earlier than its latest revision, and a verification. */
static void answer_cancelled(const struct tw_question *question, struct tw_history_answer *answer)
{
	struct tw_side revisions = {question->state, 0, TW_ELEMENT_REVISION}, cancellations = {question->state, 0, TW_ELEMENT_CANCELLED};
	const struct tw_element *revision = tw_side_find(&revisions, (struct tw_slice){"", 0});
	const struct tw_element *cancelled = tw_side_find(&cancellations, (struct tw_slice){"", 0});
	bool ended = cancelled && (!revision || cancelled->version.time_ms >= revision->version.time_ms);
	tw_answer_value(answer, ended && tw_state_counter(question->state, TW_COUNT_VERIFIED, 0) > 0);
}

void tw_answer_delivery(const struct tw_question *question, struct tw_history_answer *answer)
{
	if (question->query->metric <= TW_METRIC_DELIVERY_DAYS_OVER) {
		answer_open(question, answer);
	} else if (question->query->metric == TW_METRIC_OPEN_CONSIGNMENTS || question->query->metric == TW_METRIC_DELIVERED) {
		answer_delivered(question, answer);
	} else if (question->query->metric == TW_METRIC_RECEIVED_EARLY) {
		answer_early(question, answer);
	} else if (question->query->metric == TW_METRIC_DELIVERY_CANCELLED) {
		answer_cancelled(question, answer);
	} else {
		answer_own(question, answer);
	}
}
