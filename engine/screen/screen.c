/**
 * @file screen.c
 * Lists and rules over one event; see screen.h for the two steps.
 *
 * What is screened: every party by name, by its name in original script, by each registration number and by its address; the vessel or aircraft by
 * IMO, MMSI, call sign and name. A party that the manifest names twice (consignee and notify) is hit twice, once in each role: an
 * officer asks "in which role?". The order of matches is the order of mention, then the index's own strict order.
 */
#include "engine/screen/screen.h"

#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/shape.h"
#include "engine/screen/mark_check.h"
#include "engine/screen/paper_check.h"
#include "engine/screen/quantity_check.h"
#include "engine/screen/reference_check.h"
#include "engine/screen/snapshot.h"
#include "rules/trace.h"

struct tw_screener {
	const struct tw_snapshot *snapshot;
	struct tw_rule_bench *bench;
	uint64_t known_good; /* hits hidden so far */
	struct tw_list_memo *memo;
	const struct tw_screen_registers *registers; /* of a rule's test; NULL: the snapshot's */
};

/* Where a queried text stands in the event. */
struct place {
	struct tw_slice role;
	const void *subject;
	const char *parent; /* pointer of the object */
	uint32_t index;     /* of the party; NO_INDEX for the means of transport */
	const char *member;
	uint32_t id;                  /* of the party's ids; NO_INDEX for a member of its own */
	const struct tw_party *party; /* NULL: it belongs to none */
};
#define NO_INDEX UINT32_MAX

/* The matches of one event while they are being collected. */
struct collector {
	const struct tw_list_index *index;
	struct tw_list_memo *memo;
	struct tw_arena *arena;
	struct tw_list found; /* struct tw_match */
	struct tw_error *err;
	const struct tw_known_good *known_good; /* NULL: none */
	struct tw_instant time;                 /* of the event */
	uint64_t hidden;                        /* by the known good */
};

enum tw_code tw_screener_new(const struct tw_snapshot *snapshot, struct tw_screener **out, struct tw_error *err)
{
	struct tw_screener *screener = calloc(1, sizeof(*screener));
	if (!screener) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a screener", NULL, NULL);
	}
	screener->snapshot = snapshot;
	enum tw_code code = tw_rule_bench_new(tw_snapshot_rules(snapshot), &screener->bench, err);
	if (code == TW_OK) {
		code = tw_list_memo_new(tw_snapshot_lists(snapshot), &screener->memo, err);
	}
	if (code != TW_OK) {
		tw_screener_free(screener);
		return code;
	}
	*out = screener;
	return TW_OK;
}

void tw_screener_free(struct tw_screener *screener)
{
	if (screener) {
		tw_list_memo_free(screener->memo);
		tw_rule_bench_free(screener->bench);
		free(screener);
	}
}

static struct tw_slice pointer_of(struct tw_arena *arena, const struct place *place)
{
	if (place->index == NO_INDEX) {
		return tw_arena_format(arena, "%s/%s", place->parent, place->member);
	}
	if (place->id == NO_INDEX) {
		return tw_arena_format(arena, "%s/%u/%s", place->parent, place->index, place->member);
	}
	return tw_arena_format(arena, "%s/%u/ids/%u/%s", place->parent, place->index, place->id, place->member);
}

#define KNOWN_NUMBERS_MAX 16 /* a party with more numbers is compared by its first ones */

/* Whom the known good is asked about. */
struct suspect {
	struct tw_known_subject subject;
	const struct tw_known_good *known_good;
	struct tw_arena *arena;
	struct tw_slice numbers[KNOWN_NUMBERS_MAX];
	struct tw_list_filter filter; /* its context is the suspect */
};

/* Did an officer decide that this is not that entry? */
static bool is_known_good(void *context, struct tw_slice list, struct tw_slice entry)
{
	const struct suspect *suspect = context;
	return tw_known_good_find(suspect->known_good, list, entry, &suspect->subject, suspect->arena) != NULL;
}

/* @return what hides entries from this query; NULL: nothing does */
static struct tw_list_filter *suspect_make(struct suspect *suspect, const struct collector *collector, struct tw_text query, bool by_number,
                                           const struct tw_party *party)
{
	if (!collector->known_good) {
		return NULL;
	}
	struct tw_known_subject *subject = &suspect->subject;
	*subject =
	    (struct tw_known_subject){.name = tw_slice_of(query), .identifiers = suspect->numbers, .day_stated = tw_stated(collector->time.span)};
	subject->day = subject->day_stated ? tw_instant_day(collector->time.ms) : 0;
	subject->hit_identifier = by_number ? tw_slice_of(query) : (struct tw_slice){NULL, 0};
	if (party) {
		const struct tw_id *ids = party->ids.data;
		subject->name = by_number ? tw_slice_of(party->name) : subject->name;
		subject->country = tw_country_code(tw_slice_of(party->country));
		for (; subject->identifier_count < party->ids.count && subject->identifier_count < KNOWN_NUMBERS_MAX; subject->identifier_count++) {
			suspect->numbers[subject->identifier_count] = tw_slice_of(ids[subject->identifier_count].value);
		}
	}
	suspect->known_good = collector->known_good;
	suspect->arena = collector->arena;
	suspect->filter = (struct tw_list_filter){.hides = is_known_good, .context = suspect};
	return &suspect->filter;
}

static enum tw_code collect(struct collector *collector, const struct tw_matches *hits, struct tw_text query, const struct place *place)
{
	for (uint32_t i = 0; i < hits->count; i++) {
		struct tw_match *match = tw_list_push(collector->arena, &collector->found, sizeof(*match));
		struct tw_slice pointer = pointer_of(collector->arena, place);
		if (!match || !pointer.ptr) {
			return tw_fail(collector->err, TW_E_MEMORY, TW_STOP, "the batch's arena is full", "screen", NULL);
		}
		*match = hits->match[i];
		match->query = tw_slice_of(query);
		match->span = query.span;
		match->role = place->role;
		match->subject = place->subject;
		match->pointer = pointer;
	}
	return TW_OK;
}

/* A text too long to be a name is not one: it meets nothing, and the rules still see it. */
static enum tw_code screen_name(struct collector *collector, struct tw_text name, const struct tw_list_query *about, const struct place *place)
{
	struct tw_matches hits = {NULL, 0};
	struct tw_list_query query = *about;
	if (!tw_stated(name.span) || name.len > TW_NAME_BYTES_MAX) {
		return TW_OK;
	}
	query.name = tw_slice_of(name);
	query.memo = collector->memo;
	struct suspect suspect;
	query.filter = suspect_make(&suspect, collector, name, false, place->party);
	enum tw_code code = tw_list_index_search(collector->index, &query, collector->arena, &hits, collector->err);
	collector->hidden += query.filter ? query.filter->hidden : 0;
	return code == TW_OK ? collect(collector, &hits, name, place) : code;
}

static enum tw_code screen_number(struct collector *collector, struct tw_slice scheme, struct tw_text number, const struct place *place)
{
	struct tw_matches hits = {NULL, 0};
	if (!tw_stated(number.span)) {
		return TW_OK;
	}
	struct suspect suspect;
	struct tw_list_filter *filter = suspect_make(&suspect, collector, number, true, place->party);
	enum tw_code code =
	    tw_list_index_identify_but(collector->index, scheme, tw_slice_of(number), filter, collector->arena, &hits, collector->err);
	collector->hidden += filter ? filter->hidden : 0;
	return code == TW_OK ? collect(collector, &hits, number, place) : code;
}

/* Who else is listed there? Decisions of the known good are about the party, whatever hit. */
static enum tw_code screen_address(struct collector *collector, const struct tw_party *party, const struct tw_list_query *about,
                                   const struct place *place)
{
	struct tw_matches hits = {NULL, 0};
	struct tw_list_query query = *about;
	struct suspect suspect;
	if (!tw_stated(party->address.text.span)) {
		return TW_OK;
	}
	query.memo = collector->memo;
	query.filter = suspect_make(&suspect, collector, party->name, false, party);
	enum tw_code code = tw_list_index_locate(collector->index, &query, collector->arena, &hits, collector->err);
	collector->hidden += query.filter ? query.filter->hidden : 0;
	return code == TW_OK ? collect(collector, &hits, party->address.text, place) : code;
}

static enum tw_entry_kind kind_of(const struct tw_party *party)
{
	switch ((enum tw_party_kind)party->kind.value) {
	case TW_PARTY_PERSON:
		return TW_ENTRY_PERSON;
	case TW_PARTY_COMPANY:
	case TW_PARTY_GOVERNMENT:
		return TW_ENTRY_ORGANISATION;
	case TW_PARTY_UNKNOWN:
		break;
	}
	return TW_ENTRY_UNKNOWN;
}

static struct tw_slice role_of(const struct tw_party *party)
{
	const char *word = tw_party_role_word((enum tw_party_role)party->role.value);
	return tw_slice_str(*word ? word : "party");
}

/* 0 for what is not two letters. */
static uint16_t country_of(struct tw_text country)
{
	return country.len == 2 ? tw_country_code(tw_slice_of(country)) : 0;
}

/* What a party states of itself beside its name. */
struct party_facts {
	uint16_t countries[2];
	struct tw_list_address address;
	struct tw_list_number *numbers;
};

static bool party_query(const struct tw_party *party, struct tw_arena *arena, struct party_facts *facts, struct tw_list_query *query)
{
	const struct tw_id *ids = party->ids.data;
	*facts = (struct party_facts){{country_of(party->country), country_of(party->address.country)},
	                              {tw_slice_of(party->address.text), tw_slice_of(party->address.city), country_of(party->address.country)},
	                              tw_arena_alloc_raw(arena, party->ids.count * sizeof(*facts->numbers))};
	for (uint32_t i = 0; facts->numbers && i < party->ids.count; i++) {
		facts->numbers[i] = (struct tw_list_number){tw_slice_of(ids[i].scheme), tw_slice_of(ids[i].value)};
	}
	*query = (struct tw_list_query){.kind = kind_of(party),
	                                .countries = facts->countries,
	                                .country_count = 2,
	                                .addresses = &facts->address,
	                                .address_count = tw_stated(party->address.text.span) || tw_stated(party->address.city.span),
	                                .numbers = facts->numbers,
	                                .number_count = party->ids.count};
	return facts->numbers != NULL;
}

static enum tw_code screen_party(struct collector *collector, const struct tw_party *party, const char *parent, uint32_t at)
{
	struct place place = {role_of(party), party, parent, at, "name", NO_INDEX, party};
	struct party_facts facts;
	struct tw_list_query query;
	if (!party_query(party, collector->arena, &facts, &query)) {
		return tw_fail(collector->err, TW_E_MEMORY, TW_STOP, "the batch's arena is full", "screen", NULL);
	}
	enum tw_code code = screen_name(collector, party->name, &query, &place);
	if (code == TW_OK) {
		place.member = "original_name";
		code = screen_name(collector, party->original_name, &query, &place);
	}
	const struct tw_id *ids = party->ids.data;
	place.member = "value";
	for (uint32_t i = 0; code == TW_OK && i < party->ids.count; i++) {
		place.id = i;
		code = screen_number(collector, tw_slice_of(ids[i].scheme), ids[i].value, &place);
	}
	place.id = NO_INDEX;
	place.member = "address/text";
	return code == TW_OK ? screen_address(collector, party, &query, &place) : code;
}

static enum tw_code screen_parties(struct collector *collector, const struct tw_list *parties, const char *parent)
{
	const struct tw_party *party = parties->data;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < parties->count; i++) {
		code = screen_party(collector, &party[i], parent, i);
	}
	return code;
}

static enum tw_code screen_means(struct collector *collector, const struct tw_means *means)
{
	const bool air = means->mode.value == TW_MODE_AIR;
	const struct tw_slice role = tw_slice_str(air ? "aircraft" : "vessel");
	struct place place = {role, means, "/consignment/means", NO_INDEX, "imo", NO_INDEX, NULL};
	enum tw_code code = screen_number(collector, tw_slice_str("imo"), means->imo, &place);
	if (code == TW_OK) {
		place.member = "mmsi";
		code = screen_number(collector, tw_slice_str("mmsi"), means->mmsi, &place);
	}
	if (code == TW_OK) {
		place.member = "call_sign";
		code = screen_number(collector, tw_slice_str("call_sign"), means->call_sign, &place);
	}
	if (code == TW_OK) {
		place.member = "registration";
		code = screen_number(collector, tw_slice_str("registration"), means->registration, &place);
	}
	if (code == TW_OK && (means->mode.value == TW_MODE_SEA || air)) {
		place.member = "name";
		const uint16_t flag = country_of(means->flag);
		const struct tw_list_query query = {.kind = air ? TW_ENTRY_AIRCRAFT : TW_ENTRY_VESSEL, .countries = &flag, .country_count = 1};
		code = screen_name(collector, means->name, &query, &place);
	}
	return code;
}

static enum tw_code screen_carrier(struct collector *collector, const struct tw_carrier *carrier)
{
	const struct place place = {tw_slice_str("carrier"), carrier, "/consignment/carrier", NO_INDEX, "name", NO_INDEX, NULL};
	return screen_name(collector, carrier->name, &(struct tw_list_query){.kind = TW_ENTRY_ORGANISATION}, &place);
}

enum tw_code tw_screen_lists(struct tw_screener *screener, struct tw_event *event, struct tw_arena *arena, struct tw_matches *matches,
                             struct tw_error *err)
{
	struct collector collector = {.index = tw_snapshot_lists(screener->snapshot),
	                              .memo = screener->memo,
	                              .arena = arena,
	                              .err = err,
	                              .known_good = tw_snapshot_known_good(screener->snapshot),
	                              .time = event->time};
	enum tw_code code = TW_OK;
	switch (event->family) {
	case TW_FAMILY_MANIFEST:
		code = screen_parties(&collector, &event->consignment.parties, "/consignment/parties");
		if (code == TW_OK) {
			code = screen_means(&collector, &event->consignment.means);
		}
		if (code == TW_OK) {
			code = screen_carrier(&collector, &event->consignment.carrier);
		}
		break;
	case TW_FAMILY_CERTIFICATE:
		code = screen_parties(&collector, &event->certificate.parties, "/certificate/parties");
		break;
	case TW_FAMILY_MARKING:
	case TW_FAMILY_OUTCOME:
	case TW_FAMILY_DECISION:
	case TW_FAMILY_FACT:
		break;
	}
	if (code == TW_OK) {
		code = tw_reference_check(tw_snapshot_reference(screener->snapshot), event, arena, err);
	}
	if (code == TW_OK) {
		*matches = (struct tw_matches){collector.found.data, collector.found.count};
		screener->known_good += collector.hidden;
	}
	return code;
}

/* What the rules' questions are answered from. */
struct answers {
	const struct tw_snapshot *snapshot;
	const struct tw_event *event;
	struct tw_screen_history history;
	struct tw_screen_registers registers;
	struct tw_arena *arena;
	bool full; /* an answer was lost to the arena's ceiling */
};

static bool answer_borders(void *context, uint16_t a, uint16_t b)
{
	const struct answers *answers = context;
	return tw_reference_borders(tw_snapshot_reference(answers->snapshot), a, b);
}

static uint32_t answer_neighbours(void *context, uint16_t country, uint16_t *out, uint32_t room)
{
	const struct answers *answers = context;
	return tw_reference_neighbours(tw_snapshot_reference(answers->snapshot), country, out, room);
}

static uint32_t answer_embargoes(void *context, const struct tw_embargo_query *query, const struct tw_embargo **out, uint32_t room)
{
	const struct answers *answers = context;
	return tw_embargoes_in_force(tw_snapshot_embargoes(answers->snapshot), query, out, room);
}

/* The engine's own events of a mark that was lost, seized or brought back are nearer than an export of a register; else the register speaks. */
static void reported_status(const struct answers *answers, const struct tw_marking *marking, int32_t day, struct tw_history_answer *answer)
{
	struct tw_marking_notice report;
	bool own = answer->stated && answer->value >= TW_MARKING_STATUS_LOST;
	bool serial = !marking || marking->kind.value == 0 || marking->kind.value == TW_MARKING_SERIAL;
	if (!own && tw_marking_list_find(answers->registers.markings, answer->key, day, serial, &report)) {
		answer->stated = true;
		answer->value = report.status;
	}
}

static void reported_destroyed(const struct answers *answers, const struct tw_marking *marking, int32_t day, struct tw_history_answer *answer)
{
	struct tw_history_answer status = {.stated = false, .key = answer->key};
	reported_status(answers, marking, day, &status);
	if (status.stated && status.value == TW_MARKING_STATUS_DESTROYED) {
		answer->stated = true;
		answer->value = 1;
	}
}

/* Of a range: what the register has of any of its numbers, where that is graver. The key of a series begins with its maker. */
static void reported_range(const struct answers *answers, const struct tw_marking *marking, int32_t day, struct tw_history_answer *answer)
{
	struct tw_marking_notice report;
	const char *bar = answer->key.len ? memchr(answer->key.ptr, '|', answer->key.len) : NULL;
	if (!bar || !marking || marking->kind.value != TW_MARKING_SERIAL_RANGE) {
		return;
	}
	struct tw_slice maker = {answer->key.ptr, (uint32_t)(bar - answer->key.ptr)};
	if (tw_marking_list_find_range(answers->registers.markings, maker, tw_slice_of(marking->from), tw_slice_of(marking->to), day, answers->arena,
	                               &report) &&
	    (!answer->stated || answer->value < (int64_t)report.status)) {
		answer->stated = true;
		answer->value = report.status;
	}
}

static struct tw_history_answer answer_history(void *context, const struct tw_history_query *query)
{
	struct answers *answers = context;
	if (query->metric >= TW_METRIC_QUANTITY_HELD && query->metric <= TW_METRIC_QUANTITY_ROW) {
		const struct tw_quantity_past past = {answers->history.answer, answers->history.context};
		return tw_quantity_check(answers->registers.quantities, answers->event, query, past, answers->arena, &answers->full);
	}
	if (!answers->history.answer) {
		return (struct tw_history_answer){.stated = false};
	}
	struct tw_history_answer answer = answers->history.answer(answers->history.context, query);
	bool latest = query->metric == TW_METRIC_MARKING_STATUS_LATEST || query->metric == TW_METRIC_OVERLAPS_STATUS_LATEST;
	int32_t day = latest ? INT32_MAX : tw_instant_day(answers->event->time.ms); /* up to which a register's rows count */
	if (query->metric == TW_METRIC_MARKING_STATUS || query->metric == TW_METRIC_MARKING_STATUS_LATEST) {
		reported_status(answers, query->subject, day, &answer);
	} else if (query->metric == TW_METRIC_MARKING_DESTROYED) {
		reported_destroyed(answers, query->subject, day, &answer);
	} else if (query->metric == TW_METRIC_OVERLAPS_STATUS || query->metric == TW_METRIC_OVERLAPS_STATUS_LATEST) {
		reported_range(answers, query->subject, day, &answer);
	} else if (query->metric == TW_METRIC_SERIAL_FORM) {
		tw_mark_check(answers->registers.serial_forms, answers->event, query->subject, answers->arena, &answer, &answers->full);
	} else if ((query->metric >= TW_METRIC_NAMED_AS && query->metric <= TW_METRIC_OFFICE) ||
	           (query->metric >= TW_METRIC_DRAWS_FOR_OTHER_END_USERS && query->metric <= TW_METRIC_DRAWS_THROUGH_OTHER_BROKERS) ||
	           query->metric == TW_METRIC_RECEIVER_CHANGED || query->metric == TW_METRIC_OTHER_TRANSACTIONS ||
	           query->metric == TW_METRIC_LICENCE_OTHERS) {
		tw_paper_check(answers->registers.specimens, answers->event, query, answers->arena, &answer, &answers->full);
	}
	return answer;
}

/* A register of marks may know what no record does. */
static bool answer_may_say(void *context, enum tw_entity_kind kind, enum tw_metric metric)
{
	const struct answers *answers = context;
	bool of_reports = metric == TW_METRIC_MARKING_STATUS || metric == TW_METRIC_MARKING_STATUS_LATEST || metric == TW_METRIC_OVERLAPS_STATUS ||
	                  metric == TW_METRIC_OVERLAPS_STATUS_LATEST;
	bool registered = of_reports && answers->registers.markings;
	return registered || !answers->history.may_say || answers->history.may_say(answers->history.context, kind, metric);
}

static struct tw_slice answer_country_name(void *context, uint16_t code)
{
	const struct answers *answers = context;
	return tw_reference_country_name(tw_snapshot_reference(answers->snapshot), code);
}

static struct tw_rule_env env_of(struct answers *answers, const struct tw_matches *matches)
{
	return (struct tw_rule_env){
	    .event = answers->event,
	    .matches = matches,
	    .context = answers,
	    .borders = answer_borders,
	    .neighbours = answer_neighbours,
	    .embargoes = answer_embargoes,
	    .history = answer_history,
	    .may_say = answer_may_say,
	    .country_name = answer_country_name,
	};
}

static struct answers answers_of(const struct tw_screener *screener, const struct tw_event *event, struct tw_screen_history history,
                                 struct tw_arena *arena)
{
	const struct tw_snapshot *snapshot = screener->snapshot;
	const struct tw_screen_registers own = {.specimens = tw_snapshot_specimens(snapshot),
	                                        .quantities = tw_snapshot_quantities(snapshot),
	                                        .serial_forms = tw_snapshot_serial_forms(snapshot),
	                                        .markings = tw_snapshot_markings(snapshot)};
	return (struct answers){
	    .snapshot = snapshot, .event = event, .history = history, .registers = screener->registers ? *screener->registers : own, .arena = arena};
}

static enum tw_code whole(const struct answers *answers, struct tw_error *err)
{
	return answers->full ? tw_fail(err, TW_E_MEMORY, TW_STOP, "the batch's memory is full while papers are compared", NULL, NULL) : TW_OK;
}

enum tw_code tw_screen_rules(struct tw_screener *screener, const struct tw_event *event, const struct tw_matches *matches,
                             struct tw_screen_history history, struct tw_arena *arena, struct tw_findings *findings, struct tw_error *err)
{
	struct answers answers = answers_of(screener, event, history, arena);
	const struct tw_rule_env env = env_of(&answers, matches);
	enum tw_code code = tw_rules_eval(tw_snapshot_rules(screener->snapshot), screener->bench, &env, arena, findings, err);
	return code == TW_OK ? whole(&answers, err) : code;
}

enum tw_code tw_screen_shadow(struct tw_screener *screener, const struct tw_event *event, const struct tw_matches *matches,
                              struct tw_screen_history history, struct tw_arena *arena, struct tw_findings *findings, struct tw_error *err)
{
	struct answers answers = answers_of(screener, event, history, arena);
	const struct tw_rule_env env = env_of(&answers, matches);
	enum tw_code code = tw_rules_eval_shadow(tw_snapshot_rules(screener->snapshot), screener->bench, &env, arena, findings, err);
	return code == TW_OK ? whole(&answers, err) : code;
}

enum tw_code tw_screen_trace(struct tw_screener *screener, const struct tw_event *event, const struct tw_matches *matches,
                             struct tw_screen_history history, uint32_t rule, const struct tw_rule_trace *trace, struct tw_arena *arena,
                             struct tw_rule_held *held, struct tw_error *err)
{
	struct answers answers = answers_of(screener, event, history, arena);
	const struct tw_rule_env env = env_of(&answers, matches);
	enum tw_code code = tw_rules_trace(tw_snapshot_rules(screener->snapshot), screener->bench, &env, rule, trace, arena, held, err);
	return code == TW_OK ? whole(&answers, err) : code;
}

void tw_screener_registers(struct tw_screener *screener, const struct tw_screen_registers *registers)
{
	screener->registers = registers;
}

struct tw_limited_rules tw_screener_limited_rules(const struct tw_screener *screener)
{
	return tw_rule_bench_limited_rules(screener->bench);
}

uint64_t tw_screener_limited(const struct tw_screener *screener)
{
	return tw_rule_bench_limited(screener->bench);
}

uint64_t tw_screener_known_good(const struct tw_screener *screener)
{
	return screener->known_good;
}
