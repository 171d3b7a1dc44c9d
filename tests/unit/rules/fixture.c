/**
 * @file fixture.c
 * See fixture.h. Values stand one after the other in `raw`, so that spans and evidence are real.
 */
#include "fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/metric.h"
#include "rules/eval.h"
#include "tests/neighbours.h"

static struct tw_span keep(struct fixture *fixture, const char *text)
{
	uint32_t from = fixture->event.raw.len, length = (uint32_t)strlen(text);
	cr_assert(from + length + 1 < sizeof(fixture->raw));
	memcpy(fixture->raw + from, text, length);
	fixture->raw[from + length] = ' ';
	fixture->event.raw = (struct tw_slice){fixture->raw, from + length + 1};
	return (struct tw_span){from, from + length};
}

struct tw_text fixture_text(struct fixture *fixture, const char *text)
{
	struct tw_span span = keep(fixture, text);
	return (struct tw_text){fixture->raw + span.from, span.to - span.from, span};
}

struct tw_amount fixture_amount(struct fixture *fixture, int64_t e4)
{
	char text[32];
	snprintf(text, sizeof(text), "%lld.%04lld", (long long)(e4 / 10000), (long long)(e4 % 10000));
	return (struct tw_amount){e4, keep(fixture, text)};
}

struct tw_count fixture_count(struct fixture *fixture, int64_t value)
{
	char text[32];
	snprintf(text, sizeof(text), "%lld", (long long)value);
	return (struct tw_count){value, keep(fixture, text)};
}

struct tw_date fixture_date(struct fixture *fixture, const char *date)
{
	struct tw_date out = {0, keep(fixture, date)};
	cr_assert(tw_date_parse(tw_slice_str(date), &out.day));
	return out;
}

struct tw_choice fixture_choice(struct fixture *fixture, uint32_t value)
{
	return (struct tw_choice){value, keep(fixture, "word")};
}

static void *add(struct fixture *fixture, struct tw_list *list, size_t size)
{
	void *element = tw_list_push(&fixture->arena, list, size);
	cr_assert_not_null(element);
	return element;
}

struct tw_party *party(struct fixture *fixture, uint32_t at)
{
	return (struct tw_party *)fixture->event.consignment.parties.data + at;
}

struct tw_item *item(struct fixture *fixture, uint32_t at)
{
	return (struct tw_item *)fixture->event.consignment.items.data + at;
}

static void add_party(struct fixture *fixture, uint32_t role, const char *name, const char *country)
{
	struct tw_party *party = add(fixture, &fixture->event.consignment.parties, sizeof(*party));
	party->role = fixture_choice(fixture, role);
	party->name = fixture_text(fixture, name);
	party->country = fixture_text(fixture, country);
	party->address.country = fixture_text(fixture, country);
}

static void add_leg(struct fixture *fixture, uint32_t role, const char *place, const char *country, const char *arrival)
{
	struct tw_leg *leg = add(fixture, &fixture->event.consignment.route, sizeof(*leg));
	leg->role = fixture_choice(fixture, role);
	leg->place = fixture_text(fixture, place);
	leg->country = fixture_text(fixture, country);
	leg->arrival = fixture_date(fixture, arrival);
}

static struct tw_item *add_item(struct fixture *fixture, int64_t line, const char *description, const char *hs, int64_t pieces, int64_t gross_e4)
{
	struct tw_item *item = add(fixture, &fixture->event.consignment.items, sizeof(*item));
	item->line = fixture_count(fixture, line);
	item->description = fixture_text(fixture, description);
	item->hs = hs ? fixture_text(fixture, hs) : (struct tw_text){0};
	item->quantity = pieces ? fixture_amount(fixture, pieces * 10000) : (struct tw_amount){0};
	item->gross_kg = fixture_amount(fixture, gross_e4);
	return item;
}

static void fill_items(struct fixture *fixture)
{
	struct tw_item *rifles = add_item(fixture, 1, "Hunting rifles, bolt action", "9303.30", 120, 5405000);
	rifles->origin = fixture_text(fixture, "XA");
	struct tw_certificate_ref *ref = add(fixture, &rifles->certificates, sizeof(*ref));
	ref->number = fixture_text(fixture, "QZ/MOD/1");
	ref->issuer_country = fixture_text(fixture, "QZ");
	struct tw_marking *mark = add(fixture, &rifles->markings, sizeof(*mark));
	mark->value = fixture_text(fixture, "AB 01417");
	*(struct tw_text *)add(fixture, &rifles->containers, sizeof(struct tw_text)) = fixture_text(fixture, "HLXU1234567");
	add_item(fixture, 2, "Wine barrels", "441600", 10, 1000000);
	add_item(fixture, 3, "spare parts", NULL, 0, 595000);
}

static void fill(struct fixture *fixture)
{
	struct tw_consignment *consignment = &fixture->event.consignment;
	consignment->id = fixture_text(fixture, "C-1");
	consignment->movement = fixture_choice(fixture, TW_MOVEMENT_IMPORT);
	consignment->means.mode = fixture_choice(fixture, TW_MODE_SEA);
	consignment->means.name = fixture_text(fixture, "Star of Xa");
	consignment->means.imo = fixture_text(fixture, "9074729");
	consignment->means.flag = fixture_text(fixture, "XC");
	consignment->document.consolidated = (struct tw_flag){true, keep(fixture, "true")};
	consignment->document.issued = fixture_date(fixture, "2026-02-19");
	add_leg(fixture, TW_LEG_ORIGIN, "XALOA", "XA", "2026-02-20");
	add_leg(fixture, TW_LEG_DISCHARGE, "XBMAR", "XB", "2026-03-05");
	add_party(fixture, TW_ROLE_CONSIGNOR,
	          "Al-Sal\xC3\xA1"
	          "am Trading",
	          "XA");
	add_party(fixture, TW_ROLE_CONSIGNEE, "Acme & Co.", "XB");
	party(fixture, 1)->founded = fixture_date(fixture, "2025-12-30");
	struct tw_container *container = add(fixture, &consignment->containers, sizeof(*container));
	container->number = fixture_text(fixture, "hlxu 123456-7");
	fill_items(fixture);
	struct tw_document *invoice = add(fixture, &consignment->documents, sizeof(*invoice));
	invoice->kind = fixture_text(fixture, "invoice");
	invoice->destination = fixture_text(fixture, "XB");
	struct tw_document *list = add(fixture, &consignment->documents, sizeof(*list));
	list->kind = fixture_text(fixture, "packing_list");
	list->destination = fixture_text(fixture, "XDAAA");
	consignment->totals.gross_kg = fixture_amount(fixture, 7000000);
}

struct fixture *fixture_new(void)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	cr_assert_not_null(fixture);
	tw_arena_init(&fixture->arena, 64 * 1024, 0);
	fixture->event.raw = (struct tw_slice){fixture->raw, 0};
	fixture_become(fixture, TW_CONSIGNMENT_DECLARED);
	fill(fixture);
	fixture->matches.match = fixture->match;
	return fixture;
}

void fixture_become(struct fixture *fixture, enum tw_event_type type)
{
	keep(fixture, "{"); /* no value starts at 0: to == 0 means not stated */
	fixture->event.type = type;
	fixture->event.family = tw_event_type_family(type);
	fixture->event.id = fixture_text(fixture, "evt-1");
	fixture->event.source = fixture_text(fixture, "port-7");
	fixture->event.type_text = fixture_text(fixture, tw_event_type_name(type));
	fixture->event.time.span = keep(fixture, "2026-03-02T08:14:00Z");
	cr_assert(tw_instant_parse(tw_slice_str("2026-03-02T08:14:00Z"), &fixture->event.time.ms));
}

static void unload(struct fixture *fixture)
{
	tw_rule_bench_free(fixture->bench);
	tw_rules_free(fixture->rules);
	fixture->bench = NULL;
	fixture->rules = NULL;
}

void fixture_free(struct fixture *fixture)
{
	unload(fixture);
	tw_arena_fini(&fixture->arena);
	free(fixture);
}

/* ---- the world ---- */

static bool borders(void *context, uint16_t a, uint16_t b)
{
	uint16_t xb = tw_country_code(tw_slice_str("XB")), xd = tw_country_code(tw_slice_str("XD"));
	(void)context;
	return (a == xb && b == xd) || (a == xd && b == xb);
}

static uint32_t neighbours(void *context, uint16_t country, uint16_t *out, uint32_t room)
{
	return neighbours_by(borders, context, country, out, room);
}

static uint32_t embargoes(void *context, const struct tw_embargo_query *query, const struct tw_embargo **out, uint32_t room)
{
	const struct fixture *fixture = context;
	uint32_t count = 0;
	for (uint32_t i = 0; i < fixture->embargo_count; i++) {
		const struct tw_embargo *row = &fixture->embargo[i];
		bool meets = row->country == query->country && row->goods & query->goods && row->directions & query->directions &&
		             row->start <= query->day && query->day < row->end;
		if (meets && count < room) {
			out[count++] = row;
		}
	}
	return count;
}

static struct tw_history_answer history(void *context, const struct tw_history_query *query)
{
	struct fixture *fixture = context;
	fixture->asked++;
	for (uint32_t i = 0; i < fixture->answer_count; i++) {
		const struct fixture_answer *row = &fixture->answer[i];
		if (row->metric == query->metric && row->days == query->window_days && (!row->subject || row->subject == query->subject)) {
			return row->answer;
		}
	}
	return (struct tw_history_answer){.stated = false};
}

static bool may_say(void *context, enum tw_entity_kind kind, enum tw_metric metric)
{
	const struct fixture *fixture = context;
	bool says = !tw_metric_is_of_records(kind, metric);
	for (uint32_t i = 0; i < fixture->answer_count; i++) {
		says |= fixture->answer[i].metric == metric && fixture->answer[i].answer.stated && fixture->answer[i].answer.value;
	}
	return says;
}

static struct tw_slice country_name(void *context, uint16_t code)
{
	(void)context;
	return code == tw_country_code(tw_slice_str("XD")) ? tw_slice_str("Xandia") : tw_slice_str("");
}

/* ---- rules ---- */

const char *fixture_rule(struct fixture *fixture, const char *on, const char *when, const char *because)
{
	static const char *const bodies[] = {"consignment: {id: a}", "certificate: {number: a}", "item: {marks: []}", "consignment: a",
	                                     "consignment: a"};
	static const char *const families[] = {"manifest", "certificate", "marking", "outcome", "decision"};
	const char *body = bodies[0];
	for (size_t i = 0; i < 5; i++) {
		body = strcmp(on, families[i]) == 0 ? bodies[i] : body;
	}
	struct tw_slice text = tw_arena_format(&fixture->arena,
	                                       "id: test-rule\nversion: 1\nstatus: active\ntitle: A title\non: %s\nsource: [\"Targeting practice\"]\n"
	                                       "false_positives: none known\npoints: 10\naction: score\nseverity: 2\nbecause: %s\n"
	                                       "tests:\n  - {name: fires, fires: true, event: {%s}}\n  - {name: silent, fires: false, event: {%s}}\n"
	                                       "when: %s\n",
	                                       on, because, body, body, when);
	cr_assert_not_null(text.ptr);
	return text.ptr;
}

static enum tw_code load(struct fixture *fixture, const struct tw_rule_source *sources, size_t count)
{
	unload(fixture);
	memset(fixture->problems, 0, sizeof(fixture->problems));
	FILE *problems = fmemopen(fixture->problems, sizeof(fixture->problems) - 1, "w");
	cr_assert_not_null(problems);
	enum tw_code code = tw_rules_load_sources(sources, count, problems, &fixture->rules, &fixture->err);
	fclose(problems);
	if (code == TW_OK) {
		cr_assert_eq(tw_rule_bench_new(fixture->rules, &fixture->bench, &fixture->err), TW_OK);
	}
	return code;
}

enum tw_code fixture_load(struct fixture *fixture, const char *name, const char *text)
{
	struct tw_rule_source source = {name, tw_slice_str(text)};
	return load(fixture, &source, 1);
}

enum tw_code fixture_load_all(struct fixture *fixture, const struct tw_rule_source *sources, size_t count)
{
	return load(fixture, sources, count);
}

enum tw_code fixture_load_sets(struct fixture *fixture, const char *sets, const char *text)
{
	struct tw_rule_source sources[] = {{"_sets.yaml", tw_slice_str(sets)}, {"test-rule.yaml", tw_slice_str(text)}};
	return load(fixture, sources, 2);
}

enum tw_code fixture_load_macros(struct fixture *fixture, const char *macros, const char *text)
{
	struct tw_rule_source sources[] = {{"_macros.yaml", tw_slice_str(macros)}, {"test-rule.yaml", tw_slice_str(text)}};
	return load(fixture, sources, 2);
}

uint32_t fixture_eval(struct fixture *fixture)
{
	struct tw_rule_env env = {&fixture->event, &fixture->matches, fixture, borders, neighbours, embargoes, history, country_name, may_say};
	cr_assert_eq(tw_rules_eval(fixture->rules, fixture->bench, &env, &fixture->arena, &fixture->findings, &fixture->err), TW_OK);
	return fixture->findings.count;
}

const char *says(struct fixture *fixture, const char *when, const char *because)
{
	const char *on = tw_family_name(fixture->event.family);
	enum tw_code code = fixture_load(fixture, "test-rule.yaml", fixture_rule(fixture, on, when, because));
	cr_assert_eq(code, TW_OK, "%s", fixture->problems);
	return fixture_eval(fixture) ? fixture->findings.finding[0].because.ptr : "";
}

bool fires(struct fixture *fixture, const char *when)
{
	return says(fixture, when, "because")[0] != 0;
}

const char *refusal(struct fixture *fixture, const char *when)
{
	const char *on = tw_family_name(fixture->event.family);
	enum tw_code code = fixture_load(fixture, "test-rule.yaml", fixture_rule(fixture, on, when, "because"));
	cr_assert_neq(code, TW_OK, "this must not load: %s", when);
	cr_assert_eq(code, fixture->err.code);
	struct tw_slice text = tw_arena_format(&fixture->arena, "%s: %s", strchr(fixture->err.where, ':') + 1, fixture->err.detail);
	return text.ptr;
}
