/**
 * @file gate_test.c
 * Gates are implied by their rules: they never hide one that fires. And rules share them.
 */
#include <criterion/criterion.h>

#include "fixture.h"
#include "rules/bench.h"
#include "rules/eval.h"
#include "rules/gate.h"
#include "rules/ruleset.h"

static struct fixture *f;

static void setup(void)
{
	f = fixture_new();
}

static void teardown(void)
{
	fixture_free(f);
}

TestSuite(gate, .init = setup, .fini = teardown);

static uint32_t clauses(const char *when)
{
	(void)fires(f, when);
	return f->rules->rule[0].clause_count;
}

Test(gate, conditions_that_must_hold_somewhere_become_clauses)
{
	cr_assert_eq(clauses("{some: items, where: {field: item.hs, starts: ['93']}}"), 1);
	cr_assert_eq(clauses("{all: [{field: means.flag, is: XC}, {every: items, where: {field: item.line, above: 0}}]}"), 2);
	cr_assert_eq(clauses("{any: [{field: means.flag, is: XA}, {some: items, where: {field: item.hs, starts: ['93']}}]}"), 1);
	cr_assert_eq(clauses("{count: items, where: {field: item.hs, starts: ['93']}, at_least: 1}"), 1);
}

Test(gate, conditions_that_need_not_hold_become_none)
{
	cr_assert_eq(clauses("{not: {field: means.flag, is: XA}}"), 0);
	cr_assert_eq(clauses("{none: items, where: {field: item.hs, starts: ['94']}}"), 0);
	cr_assert_eq(clauses("{count: items, where: {field: item.hs, starts: ['94']}, is: 0}"), 0);
	cr_assert_eq(clauses("{count: items, where: {field: item.hs, starts: ['94']}, below: 2}"), 0);
	cr_assert_eq(clauses("{any: [{field: means.flag, is: XC}, {not: {field: means.flag, is: XA}}]}"), 0);
	cr_assert_eq(clauses("{history: {of: means, metric: seen}, stated: false}"), 0);
}

/* A comparison that is no gate holds of stated values alone. */
Test(gate, what_is_compared_must_be_stated_somewhere)
{
	static const struct {
		const char *when;
		uint32_t clauses;
	} cases[] = {
	    {"{field: means.flag, is_not: XA}", 1},
	    {"{some: parties, where: {field: party.founded, before: {event: day}}}", 1},
	    {"{some: items, where: {ratio: {of: item.gross_kg, per: item.quantity}, above: 0}}", 2},
	    {"{some: route, where: {field: leg.country, differs_from: {field: leg.place}}}", 2},
	    {"{some: parties, where: {field: party.name, same_as: {field: party.name}}}", 1}, /* that there is one: texts are not read for it */
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_assert_eq(clauses(cases[i].when), cases[i].clauses, "%s", cases[i].when);
	}
	cr_assert(fires(f, "{some: items, where: {ratio: {of: item.gross_kg, per: item.quantity}, above: 0}}"));
	for (uint32_t i = 0; i < 3; i++) {
		item(f, i)->gross_kg.span = (struct tw_span){0, 0};
	}
	cr_assert_eq(fixture_eval(f), 0);
}

Test(gate, a_gate_forgets_which_element_but_the_rule_does_not)
{
	const char *when = "{some: items, where: {all: [{field: item.hs, starts: ['93']}, {field: item.quantity, is: 10}]}}";
	cr_assert_eq(clauses(when), 2);
	cr_assert_not(fires(f, when));
	item(f, 0)->quantity.e4 = 100000;
	cr_assert_eq(fixture_eval(f), 1);
}

Test(gate, every_kind_of_gate_opens_for_what_its_rule_finds)
{
	static const char *const conditions[] = {
	    "{some: parties, where: {field: party.name, starts: ['al sal']}}",
	    "{some: parties, where: {field: party.name, is: 'ACME CO'}}",
	    "{some: parties, where: {field: party.founded, after: 2025-01-01}}",
	    "{some: containers, where: {field: container.number, is: HLXU1234567}}",
	    "{some: items, where: {some: item.certificates, where: {field: certificate_ref.number, stated: true}}}",
	    "{some: items, where: {field: item.quantity, in: [119, 120]}}",
	    "{some: items, where: {field: item.containers, starts: [HLXU]}}",
	    "{some: items, where: {field: item.description, matches: 'rif'}}",
	    "{some: route, where: {field: leg.place, starts: [XBM]}}",
	    "{some: route, where: {field: leg.role, is: discharge}}",
	    "{field: event.time, after: 2026-03-01}",
	    "{field: event.source, is: 'PORT 7'}",
	    "{field: document.consolidated, is: true}",
	};
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		cr_assert(fires(f, conditions[i]), "%s", conditions[i]);
		cr_assert_eq(f->rules->rule[0].clause_count, 1, "%s", conditions[i]);
	}
}

Test(gate, columns_are_read_anew_for_every_event)
{
	cr_assert(fires(f, "{some: items, where: {field: item.hs, starts: ['93']}}"));
	item(f, 0)->hs = fixture_text(f, "940350");
	cr_assert_eq(fixture_eval(f), 0);
	item(f, 2)->hs = fixture_text(f, "9306");
	cr_assert_eq(fixture_eval(f), 1);
}

Test(gate, equal_tests_on_one_path_are_shared_between_rules)
{
	const char *rule = fixture_rule(f, "manifest", "{some: items, where: {field: item.hs, starts: ['93']}}", "because");
	const char *other = tw_arena_format(&f->arena, "id: other%s", strchr(rule, '\n')).ptr;
	struct tw_rule_source sources[] = {{"test-rule.yaml", tw_slice_str(rule)}, {"other.yaml", tw_slice_str(other)}};
	cr_assert_eq(tw_rules_load_sources(sources, 2, NULL, &f->rules, &f->err), TW_OK);
	cr_assert_eq(f->rules->gates.gates.count, 1);
	cr_assert_eq(f->rules->gates.columns.count, 1);
}

Test(gate, a_rule_in_the_shadow_is_found_by_a_gate_that_an_active_rule_stands_under_too)
{
	const char *rule = fixture_rule(f, "manifest", "{some: items, where: {field: item.hs, starts: ['93']}}", "because");
	const char *rest = strchr(strstr(rule, "status:"), '\n');
	const char *other = tw_arena_format(&f->arena, "id: other\nversion: 1\nstatus: shadow%s", rest).ptr;
	const struct tw_rule_source sources[] = {{"test-rule.yaml", tw_slice_str(rule)}, {"other.yaml", tw_slice_str(other)}};
	const struct tw_rule_env env = {.event = &f->event};
	struct tw_findings found;
	cr_assert_eq(fixture_load_all(f, sources, 2), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	cr_assert_eq(tw_rules_eval_shadow(f->rules, f->bench, &env, &f->arena, &found, &f->err), TW_OK);
	cr_assert_eq(found.count, 1);
}

Test(gate, where_nothing_is_known_of_an_element_that_there_is_one_is_a_clause)
{
	const char *known = "{some: items, where: {some: item.certificates, where: {history: {of: certificate_ref, metric: known}, is: true}}}";
	const char *of_another = "{some: items, where: {some: item.certificates, where: {field: item.quantity, stated: true}}}";
	struct tw_item *first = item(f, 0);
	cr_assert_eq(clauses(known), 1);
	cr_assert_eq(clauses(of_another), 2, "what is asked of the item says nothing of its certificates");
	cr_assert_eq(clauses("{some: items, where: {count: item.markings, at_least: 1}}"), 1);
	cr_assert(fires(f, "{some: items, where: {some: item.certificates}}"));
	first->certificates.count = 0;
	cr_assert_eq(fixture_eval(f), 0);
}

Test(gate, marks_that_history_may_say_nothing_of_are_not_asked_one_by_one)
{
	static const char *const when = "{some: items, where: {some: item.markings, where: {history: {of: marking, metric: %s}, %s}}}";
	static const struct fixture_answer met = {TW_METRIC_OVERLAPS, 0, NULL, {.stated = true, .value = 2}};
	const char *overlaps = tw_arena_format(&f->arena, when, "overlapping_consignments", "at_least: 1").ptr;
	tw_list_push(&f->arena, &item(f, 0)->markings, sizeof(struct tw_marking));
	cr_assert_eq(clauses(overlaps), 2, "that there is a mark, and that it may be met");
	cr_assert_eq(f->asked, 0);
	f->answer[f->answer_count++] = met;
	cr_assert(fires(f, overlaps));
	cr_assert_gt(f->asked, 0);
	cr_assert_eq(clauses(tw_arena_format(&f->arena, when, "overlapping_consignments", "below: 1").ptr), 1, "0 meets it");
	cr_assert_eq(clauses(tw_arena_format(&f->arena, when, "overlapping_consignments", "is_not: 0").ptr), 2);
	cr_assert_eq(clauses(tw_arena_format(&f->arena, when, "overlapping_consignments", "is_not: 3").ptr), 1);
	cr_assert_eq(clauses(tw_arena_format(&f->arena, when, "serial_form", "is: ill_formed").ptr), 1, "a table says it, no record");
}

Test(gate, words_near_others_open_where_both_lists_are_met)
{
	static const char *const near = "{some: items, where: {field: item.description, near: {a: [%s], b: [%s], within: 40}}}";
	item(f, 0)->description = fixture_text(f, "sight and tripod");
	cr_assert(fires(f, tw_arena_format(&f->arena, near, "sight", "tripod").ptr));
	cr_assert_eq(f->rules->rule[0].clause_count, 1);
	cr_assert_not(fires(f, tw_arena_format(&f->arena, near, "sight", "sign").ptr));
	cr_assert_not(fires(f, tw_arena_format(&f->arena, near, "sign", "tripod").ptr));
}

/* Twelve signs, and the same twelve twice: one clause. */
Test(gate, many_alternatives_are_one_clause_and_each_counts_once)
{
	struct tw_slice any = tw_slice_str("");
	for (int i = 0; i < 24; i++) {
		any = tw_arena_format(&f->arena, "%s%s{field: item.description, words: ['sign %d']}", any.ptr, i ? ", " : "", i % 12);
	}
	item(f, 1)->description = fixture_text(f, "sign 11");
	cr_assert(fires(f, tw_arena_format(&f->arena, "{some: items, where: {any: [%s]}}", any.ptr).ptr));
	cr_assert_eq(f->rules->rule[0].clause_count, 1);
	cr_assert_eq(f->rules->rule[0].clause[0].count, 12);
}

/* Thirty signs in words beside a role that every event has: the signs say more. */
Test(gate, thirty_signs_of_words_are_the_clause_that_narrows)
{
	struct tw_slice any = tw_slice_str("");
	for (int i = 0; i < 30; i++) {
		any = tw_arena_format(&f->arena, "%s%s{field: item.description, words: ['sign %d']}", any.ptr, i ? ", " : "", i);
	}
	item(f, 1)->description = fixture_text(f, "sign 29");
	cr_assert(fires(f, tw_arena_format(&f->arena,
	                                   "{all: [{some: parties, where: {field: party.role, is: consignee}}, {some: items, where: {any: [%s]}}]}",
	                                   any.ptr)
	                       .ptr));
	cr_assert_eq(f->rules->rule[0].clause_count, 2);
	cr_assert_eq(f->rules->rule[0].clause[0].count, 30);
}

/* The bit of a set says that a text may meet it; the pass asks. */
Test(gate, a_text_that_may_meet_a_set_is_asked_before_its_rule_runs)
{
	static const char *const whens[] = {"{some: items, where: {field: item.description, matches: '^rifle parts?$'}}",
	                                    "{some: items, where: {field: item.description, words: ['rifle'], except: ['toy rifle']}}"};
	static const char *const texts[][2] = {{"rifle part", "rifle parts, two"}, {"a rifle", "a toy rifle"}};
	for (size_t i = 0; i < 2; i++) {
		item(f, 0)->description = fixture_text(f, texts[i][0]);
		cr_assert(fires(f, whens[i]), "%s", whens[i]);
		struct tw_eval eval = {
		    .rules = f->rules, .patterns = f->rules->patterns, .words = f->rules->words, .bench = f->bench, .arena = &f->arena};
		const struct tw_rule *rule = &f->rules->rule[0];
		cr_assert(tw_gates_pass(&eval, rule->clause, rule->clause_count), "%s", texts[i][0]);
		item(f, 0)->description = fixture_text(f, texts[i][1]);
		cr_assert_eq(fixture_eval(f), 0);
		cr_assert(tw_gate_holds(&eval, rule->clause[0].gate[0]), "%s", texts[i][1]);
		cr_assert_not(tw_gates_pass(&eval, rule->clause, rule->clause_count), "%s", texts[i][1]);
	}
}

/* ---- the index against every rule by itself ---- */

#define RANDOM_RULES  400U
#define RANDOM_EVENTS 300U

static uint64_t seed = 93;

static uint32_t below(uint32_t bound)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % bound;
}

static const char *one_of(const char *const *words, size_t count)
{
	return words[below((uint32_t)count)];
}

#define ONE_OF(array) one_of(array, sizeof(array) / sizeof((array)[0]))

static const char *const item_tests[] = {
    "{field: item.hs, starts: ['93']}",
    "{field: item.hs, starts: ['9303', '4416']}",
    "{field: item.hs, in: ['930330', '940350']}",
    "{field: item.hs, stated: true}",
    "{field: item.gross_kg, above: 100}",
    "{field: item.gross_kg, between: [10, 60]}",
    "{field: item.quantity, in: [10, 12, 120]}",
    "{field: item.description, matches: '\\brifles?\\b'}",
    "{field: item.description, matches: ['wine', 'gun']}",
    "{field: item.description, words: [spare parts, barrel]}",
    "{field: item.description, starts: ['hunting', 'wine b']}",
    "{field: item.origin, in: [XA, XC]}",
    "{not: {field: item.hs, starts: ['93']}}",
    "{field: item.origin, not_in: [XB]}",
    "{some: item.certificates, where: {field: certificate_ref.number, starts: [QZ]}}",
    "{some: item.certificates}",
    "{count: item.certificates, at_least: 1}",
    "{field: item.description, near: {a: [spare, wine], b: [parts, barrel], within: 30}}",
};
static const char *const party_tests[] = {
    "{field: party.role, is: consignee}",        "{field: party.country, in: [XB, XD]}", "{field: party.name, starts: [acme, zenith]}",
    "{field: party.name, is: 'ACME CO'}",        "{listed: {subject: party}}",           "{listed: {subject: party, lists: [un-sc]}}",
    "{field: party.founded, after: 2025-01-01}",
};
static const char *const leg_tests[] = {"{field: leg.place, starts: [XBM]}", "{field: leg.country, in: [XA]}", "{field: leg.role, is: transit}",
                                        "{field: leg.role, in: [origin, transit]}"};
static const char *const event_tests[] = {"{field: means.flag, is: XC}", "{field: means.flag, is_not: XC}",
                                          "{field: document.consolidated, is: true}", "{field: means.name, starts: [star]}",
                                          "{listed: {similarity: 0.95}}"};

static const char *joined(const char *how, const char *a, const char *b)
{
	return tw_arena_format(&f->arena, "{%s: [%s, %s]}", how, a, b).ptr;
}

static const char *element_test(const char *list)
{
	const char *const *tests = list[0] == 'i' ? item_tests : list[0] == 'p' ? party_tests : leg_tests;
	size_t count = list[0] == 'i'   ? sizeof(item_tests) / sizeof(*tests)
	               : list[0] == 'p' ? sizeof(party_tests) / sizeof(*tests)
	                                : sizeof(leg_tests) / sizeof(*tests);
	const char *one = one_of(tests, count);
	return below(2) ? one : joined(below(3) ? "all" : "any", one, one_of(tests, count));
}

static const char *condition(uint32_t depth)
{
	static const char *const lists[] = {"items", "parties", "route"}, *const heads[] = {"some", "some", "some", "every", "none"};
	uint32_t kind = depth ? below(10) : below(6);
	if (kind == 0) {
		return ONE_OF(event_tests);
	}
	if (kind < 6) {
		const char *list = ONE_OF(lists), *where = element_test(list);
		return below(6) ? tw_arena_format(&f->arena, "{%s: %s, where: %s}", ONE_OF(heads), list, where).ptr
		                : tw_arena_format(&f->arena, "{count: %s, where: %s, at_least: %u}", list, where, below(3)).ptr;
	}
	const char *a = condition(depth - 1), *b = condition(depth - 1);
	return kind == 9 ? tw_arena_format(&f->arena, "{not: %s}", a).ptr : joined(kind == 8 ? "any" : "all", a, b);
}

static void load_random(void)
{
	struct tw_rule_source sources[RANDOM_RULES];
	for (uint32_t i = 0; i < RANDOM_RULES; i++) {
		const char *rule = fixture_rule(f, "manifest", condition(2), "because");
		struct tw_slice name = tw_arena_format(&f->arena, "r%u.yaml", i);
		sources[i] = (struct tw_rule_source){name.ptr, tw_arena_format(&f->arena, "id: r%u%s", i, strchr(rule, '\n'))};
	}
	cr_assert_eq(tw_rules_load_sources(sources, RANDOM_RULES, NULL, &f->rules, &f->err), TW_OK, "%s %s", f->err.where, f->err.detail);
	cr_assert_eq(tw_rule_bench_new(f->rules, &f->bench, &f->err), TW_OK);
}

/* The event as it was made, with some of its values changed or gone. */
static void vary(uint32_t raw)
{
	static const char *const goods[] = {"Hunting rifles", "wine barrels", "spare part", "gun cotton", "", "RIFLE, hunting"};
	static const char *const codes[] = {"9303.30", "441600", "940350", "93", "x"}, *const countries[] = {"XA", "XB", "XC", "XD", "?"};
	static const char *const names[] = {"Acme & Co.", "Zenith Trading", "acme", "Nobody"}, *const places[] = {"XBMAR", "XALOA", "XCQQQ"};
	f->event.raw.len = raw;
	for (uint32_t i = 0; i < 3; i++) {
		item(f, i)->description = fixture_text(f, ONE_OF(goods));
		item(f, i)->hs = below(3) ? fixture_text(f, ONE_OF(codes)) : (struct tw_text){0};
		item(f, i)->origin = below(2) ? fixture_text(f, ONE_OF(countries)) : (struct tw_text){0};
		item(f, i)->gross_kg = fixture_amount(f, (int64_t)below(200) * 10000);
		item(f, i)->quantity = fixture_amount(f, (int64_t)below(14) * 10000);
	}
	for (uint32_t i = 0; i < 2; i++) {
		struct tw_leg *leg = (struct tw_leg *)f->event.consignment.route.data + i;
		party(f, i)->name = fixture_text(f, ONE_OF(names));
		party(f, i)->country = fixture_text(f, ONE_OF(countries));
		party(f, i)->role.value = 1 + below(3);
		leg->place = fixture_text(f, ONE_OF(places));
		leg->country = fixture_text(f, ONE_OF(countries));
		leg->role.value = 1 + below(4);
	}
	f->event.consignment.means.flag = fixture_text(f, ONE_OF(countries));
	f->match[0] = (struct tw_match){.subject = party(f, below(2)),
	                                .list = tw_slice_str(below(2) ? "un-sc" : "other"),
	                                .basis = TW_MATCH_NAME,
	                                .similarity_ppm = 900000 + below(100000)};
	f->matches = (struct tw_matches){f->match, below(2)};
}

Test(gate, the_index_finds_what_every_rule_by_itself_finds)
{
	struct tw_rule_bench *every;
	uint64_t found = 0;
	load_random();
	cr_assert_eq(tw_rule_bench_new(f->rules, &every, &f->err), TW_OK);
	tw_rule_bench_spare_nothing(every);
	uint32_t raw = f->event.raw.len;
	for (uint32_t i = 0; i < RANDOM_EVENTS; i++) {
		vary(raw);
		uint32_t count = fixture_eval(f);
		struct tw_findings spared = f->findings, all;
		struct tw_rule_env env = {.event = &f->event, .matches = &f->matches};
		cr_assert_eq(tw_rules_eval(f->rules, every, &env, &f->arena, &all, &f->err), TW_OK);
		cr_assert_eq(count, all.count, "event %u", i);
		for (uint32_t j = 0; j < count; j++) {
			cr_assert_eq(spared.finding[j].rule, all.finding[j].rule, "event %u, finding %u", i, j);
		}
		found += count + all.dropped;
	}
	cr_assert_gt(found, RANDOM_EVENTS * RANDOM_RULES / 50);
	tw_rule_bench_free(every);
}

Test(gate, a_list_hit_is_a_gate)
{
	const char *when = "{some: parties, where: {listed: {subject: party, lists: [un-sc]}}}";
	cr_assert_eq(clauses(when), 1);
	cr_assert_not(fires(f, when));
	f->match[0] = (struct tw_match){.subject = party(f, 1), .list = tw_slice_str("other"), .basis = TW_MATCH_NAME, .similarity_ppm = 1000000};
	f->matches = (struct tw_matches){f->match, 1};
	cr_assert_eq(fixture_eval(f), 0);
	f->match[0].list = tw_slice_str("un-sc");
	cr_assert_eq(fixture_eval(f), 1);
}
