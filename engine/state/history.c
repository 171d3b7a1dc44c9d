/**
 * @file history.c
 * Answers to the questions of history.h, each a pure function of one entity's prior and the event's time.
 *
 * A question names a struct of the event; the mention list, sorted by address, names its operation; the operation's number names its
 * prior. Windows count whole days back from the event's day, that day included; days after the event's own (late events) are outside
 * every window but inside "ever".
 */
#include <tidewaiter/history.h>

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/event/metric.h"
#include "engine/state/confirm.h"
#include "engine/state/delivery.h"
#include "engine/state/draw_said.h"
#include "engine/state/due.h"
#include "engine/state/field.h"
#include "engine/state/leaving.h"
#include "engine/state/licence.h"
#include "engine/state/links.h"
#include "engine/state/mark_answer.h"
#include "engine/state/number.h"
#include "engine/state/operations.h"
#include "engine/state/paper_links.h"
#include "engine/state/passage.h"
#include "engine/state/question.h"
#include "engine/state/receipts.h"
#include "engine/state/record.h"
#include "engine/state/series_part.h"
#include "engine/state/transactions.h"
#include "engine/state/undeclared.h"
#include "engine/state/usual.h"
#include "engine/state/voyage.h"
#include "engine/state/wares.h"
#include "engine/state/words.h"

#define VIEW_WINDOW_DAYS 365U

static enum tw_code prior_fold(const struct tw_prior *prior, struct tw_arena *arena, struct tw_state *out)
{
	struct tw_folded *folded = prior->folded;
	struct tw_slice record = prior->record;
	enum tw_code code;
	if (folded && folded->length && folded->length <= record.len) {
		code = tw_record_fold_on(&folded->state, (struct tw_slice){record.ptr + folded->length, record.len - folded->length}, arena, out);
	} else {
		code = tw_record_fold_known(record, arena, out);
	}
	if (code == TW_OK && folded) {
		folded->state = *out;
		folded->length = record.len;
	}
	return code;
}

const struct tw_state *tw_prior_state(const struct tw_priors *priors, uint32_t operation, struct tw_arena *arena)
{
	if (!priors || operation >= priors->count || priors->prior[operation].record.len == 0) {
		return NULL;
	}
	struct tw_prior *prior = &priors->prior[operation];
	if (!prior->state) {
		struct tw_state *state = tw_arena_alloc_raw(arena, sizeof(*state));
		if (!state || prior_fold(prior, arena, state)) {
			/* the store has checked the bytes: only memory can fail here */
			prior->incomplete = true;
			return NULL;
		}
		prior->state = state;
	}
	return prior->state;
}

int64_t tw_prior_counter(const struct tw_priors *priors, uint32_t operation, uint32_t field, int64_t absent)
{
	const struct tw_prior *prior = priors && operation < priors->count ? &priors->prior[operation] : NULL;
	if (!prior) {
		return absent;
	}
	return prior->state ? tw_state_counter(prior->state, field, absent) : tw_record_counter(prior->record, field, absent);
}

bool tw_priors_whole(const struct tw_priors *priors)
{
	for (uint32_t i = 0; priors && i < priors->count; i++) {
		if (priors->prior[i].incomplete) {
			return false;
		}
	}
	return true;
}

/* ---- which entity ---- */

const struct tw_mention *tw_operations_mention(const struct tw_operations *operations, const void *subject, enum tw_entity_kind kind)
{
	uint32_t low = 0, high = operations->mention_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct tw_mention *mention = &operations->mention[middle];
		bool less = (uintptr_t)mention->subject < (uintptr_t)subject || (mention->subject == subject && mention->kind < kind);
		if (less) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	const struct tw_mention *found = low < operations->mention_count ? &operations->mention[low] : NULL;
	return found && found->subject == subject && found->kind == kind ? found : NULL;
}

static uint32_t operation_of(const struct tw_operations *operations, const struct tw_history_query *query, struct tw_question *question)
{
	if (query->entity < 1 || query->entity > TW_ENTITY_KINDS) {
		return TW_NO_OPERATION;
	}
	if (!query->subject) {
		return operations->own[query->entity];
	}
	const struct tw_mention *mention = tw_operations_mention(operations, query->subject, query->entity);
	question->mention = mention;
	question->item = mention ? mention->item : NULL;
	question->parts = mention ? mention->parts : NULL;
	return mention ? mention->operation : TW_NO_OPERATION;
}

static struct tw_slice own_key(const struct tw_operations *operations, enum tw_entity_kind kind)
{
	uint32_t own = operations->own[kind];
	return own == TW_NO_OPERATION ? (struct tw_slice){"", 0} : operations->operation[own].key;
}

/* ---- counters ---- */

static uint32_t older_field(enum tw_bucket bucket)
{
	static const uint32_t fields[TW_BUCKETS] = {TW_COUNT_OLDER_SEEN, TW_COUNT_OLDER_KG, TW_COUNT_OLDER_PIECES};
	return fields[bucket];
}

/* window_days 0: ever */
static int64_t bucket_sum(const struct tw_state *state, enum tw_bucket bucket, int32_t day, uint32_t window_days)
{
	int64_t sum = window_days ? 0 : tw_state_counter(state, older_field(bucket), 0);
	for (uint32_t i = state->counter_count; i > 0 && tw_field_is_bucket(state->counters[i - 1].field); i--) {
		const struct tw_counter *counter = &state->counters[i - 1];
		int64_t back = (int64_t)day - tw_bucket_day(counter->field);
		bool inside = window_days == 0 || (back >= 0 && back <= (int64_t)window_days);
		if (inside && tw_bucket_of(counter->field) == bucket) {
			sum = tw_counter_merge(counter->field, sum, counter->value);
		}
	}
	return sum;
}

static uint32_t bits_of(const struct tw_state *state, uint32_t first_field, uint32_t words)
{
	uint32_t bits = 0;
	for (uint32_t i = 0; i < words; i++) {
		bits += (uint32_t)__builtin_popcountll((unsigned long long)tw_state_counter(state, first_field + (i << 2), 0));
	}
	return bits;
}

/* The estimate of field.h in 16.16 fixed point, rounded: integers give the same answer on every machine. */
int64_t tw_sketch_estimate(const struct tw_state *state, uint32_t first_field)
{
	uint32_t bits = bits_of(state, first_field, TW_SKETCH_WORDS);
	uint64_t sum = 0;
	for (uint32_t i = 0; i < bits; i++) {
		sum += ((uint64_t)TW_SKETCH_BITS << 16) / (TW_SKETCH_BITS - i);
	}
	return (int64_t)((sum + (1U << 15)) >> 16);
}

static void answer_days(const struct tw_question *question, uint32_t field, struct tw_history_answer *answer)
{
	int64_t held = tw_state_counter(question->state, field, INT64_MIN);
	int64_t days = (int64_t)tw_instant_day(question->event->time.ms) - held;
	if (held != INT64_MIN) {
		tw_answer_value(answer, days < 0 ? 0 : days);
	}
}

static void answer_counters(const struct tw_question *question, struct tw_history_answer *answer)
{
	const struct tw_state *state = question->state;
	int32_t day = tw_instant_day(question->event->time.ms);
	uint32_t window = question->query->window_days;
	switch ((int)question->query->metric) {
	case TW_METRIC_SEEN:
		tw_answer_value(answer, bucket_sum(state, TW_BUCKET_SEEN, day, window));
		break;
	case TW_METRIC_GROSS_KG:
		tw_answer_value(answer, bucket_sum(state, TW_BUCKET_KG, day, window));
		break;
	case TW_METRIC_PIECES:
		tw_answer_value(answer, bucket_sum(state, TW_BUCKET_PIECES, day, window));
		break;
	case TW_METRIC_FIRST_DAYS:
		answer_days(question, TW_COUNT_FIRST, answer);
		break;
	case TW_METRIC_LAST_DAYS:
		answer_days(question, TW_COUNT_LAST, answer);
		break;
	case TW_METRIC_COUNTERPARTIES:
		tw_answer_value(answer, tw_sketch_estimate(state, TW_COUNT_COUNTERPARTIES(0)));
		break;
	case TW_METRIC_COUNTRIES:
		tw_answer_value(answer, bits_of(state, TW_COUNT_COUNTRIES(0), TW_COUNTRY_WORDS));
		break;
	case TW_METRIC_OFFICES:
		tw_answer_value(answer, tw_sketch_estimate(state, TW_COUNT_OFFICES(0)));
		break;
	case TW_METRIC_REVISIONS:
		tw_answer_value(answer, tw_state_counter(state, TW_COUNT_REVISIONS, 0));
		break;
	default:
		break;
	}
}

/* An answer that found no memory: the event is not judged without it (tw_priors_whole). */
static void lost(const struct tw_priors *priors, uint32_t number, bool is)
{
	if (is && priors && number < priors->count) {
		priors->prior[number].incomplete = true;
	}
}

/* Only a certificate's own event says of it what most of these ask: a consignment's own draw is in none but those of deliveries. */
static bool takes_in(enum tw_metric metric, enum tw_family family, const struct tw_state *state)
{
	return tw_asks_of_delivery(metric) || metric == TW_METRIC_RECEIVER_CHANGED ||
	       (metric >= TW_METRIC_SEALS_CHANGED && metric <= TW_METRIC_ARRIVED_AT_END) || metric == TW_METRIC_OTHER_TRANSACTIONS ||
	       metric == TW_METRIC_LICENCE_OTHERS ||
	       metric == TW_METRIC_OWN_WORDS || metric == TW_METRIC_VERIFIED_OTHERS ||
	       (tw_asks_of_all(metric) && (!state || family == TW_FAMILY_CERTIFICATE));
}

/* Several questions of one event are about the same. */
static const struct tw_state *state_with(const struct tw_priors *priors, uint32_t number, const struct tw_question *question, struct tw_arena *arena)
{
	struct tw_prior *prior = priors && number < priors->count ? &priors->prior[number] : NULL;
	if (prior && prior->with) {
		return prior->with;
	}
	const struct tw_state *with = tw_state_with(question->state, question->operation, arena);
	if (prior) {
		prior->with = with;
	}
	return with;
}

static void answer_again(const struct tw_mention *mention, struct tw_history_answer *answer)
{
	if (mention && mention->again) {
		tw_answer_value(answer, mention->again->line.value > 0 ? mention->again->line.value : 1);
	}
}

/* Of a mark its series is asked too: it keeps who states what. */
static void answer_limit(const struct tw_question *question, struct tw_history_answer *answer)
{
	const struct tw_state *states[] = {question->state, question->series};
	int64_t over = 0;
	for (uint32_t i = 0; i < 2; i++) {
		over |= states[i] ? tw_state_counter(states[i], TW_COUNT_OVERFLOW, 0) : 0;
	}
	tw_answer_value(answer, over != 0);
}

/* What the folded record says. @return false when the arena's ceiling was met */
static bool answer_from(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	enum tw_metric metric = question->query->metric;
	bool whole = true;
	if (metric <= TW_METRIC_REVISIONS) {
		answer_counters(question, answer);
	} else if (metric == TW_METRIC_DELIVERIES_FALLEN_DUE || metric == TW_METRIC_DELIVERIES_SETTLED || metric == TW_METRIC_OVERDUE_ELSEWHERE) {
		whole = tw_answer_due(question, arena, answer);
	} else if (tw_asks_of_delivery(metric)) {
		tw_answer_delivery(question, answer);
	} else if ((metric >= TW_METRIC_HS_NAMED && metric <= TW_METRIC_DRAWS_ANOTHER_WAY) || metric == TW_METRIC_ISSUED_ON ||
	           metric == TW_METRIC_DRAWS_BEFORE_ISSUE) {
		whole = tw_answer_paper(question, arena, answer);
	} else if (metric >= TW_METRIC_DRAWS_OF_OTHER_MAKES && metric <= TW_METRIC_DRAWS_THROUGH_OTHER_BROKERS) {
		whole = tw_answer_draws_said(question, arena, answer);
	} else if ((metric >= TW_METRIC_OTHER_CERTIFICATES && metric <= TW_METRIC_UNDERTAKINGS) || metric == TW_METRIC_CERTIFICATES_ELSEWHERE ||
	           metric == TW_METRIC_PAPER_SHARED || metric == TW_METRIC_LICENCES_ELSEWHERE || metric == TW_METRIC_SUPPLIED_BY_RECEIVER) {
		whole = tw_answer_paper_links(question, arena, answer);
	} else if (tw_asks_of_number(metric)) {
		whole = tw_answer_number(question, arena, answer);
	} else if (metric <= TW_METRIC_MARKING_SINCE || metric == TW_METRIC_MARKING_FOUND || metric == TW_METRIC_PART_READ_STATUS ||
	           metric == TW_METRIC_PART_READ_SHIPPED) {
		tw_answer_ledger(question, answer);
	} else if (metric <= TW_METRIC_COVERED || metric == TW_METRIC_LISTED) {
		whole = tw_answer_series(question, arena, answer);
	} else if (metric <= TW_METRIC_NEW_ARMS_HEADINGS) {
		tw_answer_links(question, answer);
	} else if (metric <= TW_METRIC_VALUE_Z) {
		tw_answer_usual(question, answer);
	} else if (metric == TW_METRIC_WARES) {
		whole = tw_answer_wares(question, arena, answer);
	} else if (metric == TW_METRIC_RECEIVED || metric == TW_METRIC_RECEIVER_CHANGED) {
		whole = tw_answer_receipts(question, arena, answer);
	} else if ((metric >= TW_METRIC_SEALS_CHANGED && metric <= TW_METRIC_LENT_LEFT) || metric == TW_METRIC_LENT_OPEN) {
		whole = tw_answer_voyage(question, arena, answer);
	} else if (metric == TW_METRIC_DEPARTED_LATE) {
		whole = tw_answer_leaving(question, arena, answer);
	} else if (metric == TW_METRIC_OTHER_TRANSACTIONS) {
		whole = tw_answer_transactions(question, arena, answer);
	} else if (metric == TW_METRIC_UNCONFIRMED_DAYS || metric == TW_METRIC_CONFIRMATION_SETTLED) {
		whole = tw_answer_confirm(question, arena, answer);
	} else if (metric == TW_METRIC_OWN_WORDS || metric == TW_METRIC_SAID_BY) {
		whole = tw_answer_words(question, arena, answer);
	} else if (metric == TW_METRIC_VERIFIED_OTHERS || metric == TW_METRIC_DELIVERIES_UNDECLARED) {
		whole = tw_answer_undeclared(question, arena, answer);
	}
	return whole;
}

/* ---- of which record ---- */

/* Of the series that a mark stands in, not of the mark. */
static bool asks_of_series(enum tw_metric metric)
{
	return (metric > TW_METRIC_MARKING_SINCE && metric <= TW_METRIC_COVERED) || metric == TW_METRIC_LISTED;
}

static bool asks_of_mark(enum tw_metric metric)
{
	return metric >= TW_METRIC_RECORDED_QUANTITY && metric <= TW_METRIC_OTHERWISE;
}

static bool asks_series_too(enum tw_metric metric)
{
	return asks_of_series(metric) || asks_of_mark(metric) || tw_asks_of_passage(metric) || metric == TW_METRIC_MARKING_CONSIGNMENTS ||
	       metric == TW_METRIC_MARKING_SINCE || metric == TW_METRIC_MARKING_FOUND || metric == TW_METRIC_PART_READ_SHIPPED ||
	       metric == TW_METRIC_AT_LIMIT;
}

/* @param number the operation of the subject itself */
static uint32_t record_of(const struct tw_question *question, uint32_t number)
{
	enum tw_metric metric = question->query->metric;
	if (metric == TW_METRIC_DELIVERY_CANCELLED) {
		return question->operations->own[TW_ENTITY_CONSIGNMENT]; /* whatever paper asks, its record knows both */
	}
	if (asks_of_series(metric)) {
		return question->parts ? question->parts->series : TW_NO_OPERATION;
	}
	if (tw_asks_of_index(metric)) {
		return question->parts ? question->parts->index : TW_NO_OPERATION;
	}
	if (tw_asks_of_number(metric)) {
		return question->mention ? question->mention->number : TW_NO_OPERATION;
	}
	return number;
}

/* The record as it was, with what this event says where the question takes that in. */
static const struct tw_state *state_asked(const struct tw_question *question, uint32_t number, struct tw_arena *arena)
{
	static const struct tw_state nothing = {NULL, 0, NULL, 0};
	enum tw_metric metric = question->query->metric;
	struct tw_question before = *question;
	before.state = asks_of_series(metric) ? question->series : tw_prior_state(question->priors, number, arena);
	const struct tw_state *state = before.state;
	if (takes_in(metric, question->event->family, state)) {
		state = state_with(question->priors, number, &before, arena);
		lost(question->priors, number, !state);
	}
	bool of_nobody = metric == TW_METRIC_COVERED || metric == TW_METRIC_LISTED || metric == TW_METRIC_LICENCES_ELSEWHERE;
	return !state && of_nobody ? &nothing : state; /* what nobody ever named is covered by none */
}

/* ---- the answer ---- */

/* Of a certificate what somebody said who had no word in it does not count, but where that is asked. */
static bool hears_words(const struct tw_history_query *query)
{
	return query->entity == TW_ENTITY_CERTIFICATE && query->metric != TW_METRIC_OWN_WORDS && query->metric != TW_METRIC_SAID_BY;
}

/* @param question with operation and state */
static void answer_found(struct tw_question *question, uint32_t number, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_history_query *query = question->query;
	if (query->metric == TW_METRIC_AT_LIMIT) {
		answer_limit(question, answer);
	}
	question->consignment = own_key(question->operations, TW_ENTITY_CONSIGNMENT);
	if (tw_asks_of_licence(query->metric)) {
		lost(question->priors, number, !tw_answer_licence(question, arena, answer));
		return;
	}
	if (asks_of_mark(query->metric) || tw_asks_of_passage(query->metric)) {
		bool whole = asks_of_mark(query->metric) ? tw_answer_mark(question, arena, answer) : tw_answer_passage(question, arena, answer);
		lost(question->priors, number, query->subject && !whole);
		return;
	}
	question->certificate = own_key(question->operations, TW_ENTITY_CERTIFICATE);
	if (question->state && hears_words(query)) {
		question->state = tw_words_heard(question->state, arena);
		lost(question->priors, number, !question->state);
	}
	if (question->state) {
		lost(question->priors, number, !answer_from(question, arena, answer));
	}
}

struct tw_history_answer tw_history_answer_of(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                                              const struct tw_history_query *query, struct tw_arena *arena)
{
	struct tw_history_answer answer = {.stated = false, .key = {"", 0}};
	struct tw_question question = {.event = event, .query = query, .operations = operations, .priors = priors};
	bool known = query->metric >= TW_METRIC_FIRST && query->metric <= TW_METRIC_LAST;
	uint32_t number = operations && known ? operation_of(operations, query, &question) : TW_NO_OPERATION;
	if (number == TW_NO_OPERATION || !(tw_metric_of(query->metric)->entities & 1U << query->entity)) {
		return answer;
	}
	if (query->metric == TW_METRIC_STATED_AGAIN) {
		answer_again(question.mention, &answer);
		return answer;
	}
	if (asks_series_too(query->metric)) {
		question.series = tw_series_view(priors, question.parts, arena);
	}
	number = record_of(&question, number);
	if (number == TW_NO_OPERATION) {
		return answer;
	}
	answer.key = query->metric == TW_METRIC_SERIAL_FORM ? answer.key : operations->operation[number].key;
	if (query->metric == TW_METRIC_NAMED_AS) {
		lost(priors, number, !tw_answer_named_as(event, operations, priors, query->subject, arena, &answer));
	} else if (query->metric != TW_METRIC_SERIAL_FORM) { /* the event says it, and a table that is none of state's */
		question.operation = &operations->operation[number];
		question.state = state_asked(&question, number, arena);
		answer_found(&question, number, arena, &answer);
	}
	return answer;
}

/* ---- nothing to say ---- */

static bool is_met(const struct tw_operations *operations, const struct tw_priors *priors, const struct tw_mention *mention, struct tw_arena *arena)
{
	if (mention->operation < priors->count && priors->prior[mention->operation].record.len) {
		return true;
	}
	if (tw_number_is_met(operations, priors, mention)) {
		return true;
	}
	if (mention->number < priors->count && priors->prior[mention->number].record.len) {
		return true;
	}
	const struct tw_state *near = tw_series_view(priors, mention->parts, arena);
	return near && (near->element_count || near->counter_count);
}

static bool any_met(const struct tw_operations *operations, const struct tw_priors *priors, struct tw_arena *arena)
{
	for (uint32_t i = 0; i < operations->mention_count; i++) {
		if (operations->mention[i].kind == TW_ENTITY_MARKING && is_met(operations, priors, &operations->mention[i], arena)) {
			return true;
		}
	}
	return false;
}

bool tw_history_may_say(const struct tw_operations *operations, struct tw_priors *priors, enum tw_entity_kind kind, enum tw_metric metric,
                        struct tw_arena *arena)
{
	if (!operations || !priors || !tw_metric_is_of_records(kind, metric)) {
		return true;
	}
	if (priors->marks == TW_MARKS_NOT_ASKED) {
		priors->marks = any_met(operations, priors, arena) ? TW_MARKS_MET : TW_MARKS_NEW;
	}
	return priors->marks == TW_MARKS_MET;
}

/* ---- as an alert shows them ---- */

static bool is_shown(enum tw_entity_kind kind)
{
	return kind == TW_ENTITY_PARTY || kind == TW_ENTITY_VESSEL || kind == TW_ENTITY_CONTAINER || kind == TW_ENTITY_CERTIFICATE;
}

enum tw_code tw_entities_of(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                            struct tw_arena *arena, struct tw_entity_view **out, uint32_t *count, struct tw_error *err)
{
	struct tw_entity_view *views = tw_arena_alloc_raw(arena, operations->count * sizeof(*views));
	if (!views) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an alert's entities", NULL, NULL);
	}
	int32_t day = tw_instant_day(event->time.ms);
	uint32_t shown = 0;
	for (uint32_t i = 0; i < operations->count; i++) {
		const struct tw_operation *operation = &operations->operation[i];
		if (!is_shown(operation->kind)) {
			continue;
		}
		const struct tw_state *state = tw_prior_state(priors, i, arena);
		struct tw_entity_view view = {.kind = tw_slice_str(tw_entity_name(operation->kind)), .key = operation->key, .first = INT32_MIN};
		view.window_days = VIEW_WINDOW_DAYS;
		if (state) {
			view.seen = bucket_sum(state, TW_BUCKET_SEEN, day, VIEW_WINDOW_DAYS);
			view.first = (int32_t)tw_state_counter(state, TW_COUNT_FIRST, INT32_MIN);
		}
		views[shown++] = view;
	}
	if (!tw_priors_whole(priors)) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to fold an entity's record", NULL, NULL);
	}
	*out = views;
	*count = shown;
	return TW_OK;
}

const struct tw_state *tw_history_state(const struct tw_operations *operations, const struct tw_priors *priors, enum tw_entity_kind kind,
                                        const void *subject, struct tw_arena *arena)
{
	const struct tw_mention *mention = tw_operations_mention(operations, subject, kind);
	return mention ? tw_prior_state(priors, mention->operation, arena) : NULL;
}
