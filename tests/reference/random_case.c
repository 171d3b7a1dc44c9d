/**
 * @file random_case.c
 * See random_case.h.
 */
#include "random_case.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/decode/decode.h"
#include "engine/event/metric.h"
#include "random_event.h"
#include "random_rule.h"
#include "reference.h"
#include "reference_score.h"
#include "rules/ruleset.h"
#include "rules/trace.h"
#include "tests/neighbours.h"

#define RULES_MAX   6U
#define EVENTS_MAX  3U
#define MATCHES_MAX 3U

/* ---- the world: equal questions get equal answers ---- */

/* of constant text */
#define GOODS(text) {text, sizeof(text) - 1}

struct world {
	uint64_t seed;
	const struct tw_event *event;
	struct tw_match match[MATCHES_MAX];
	struct tw_matches matches;
};

static uint64_t mixed(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ b * 0x9E3779B97F4A7C15ULL) * 0xBF58476D1CE4E5B9ULL;
	return (x ^ x >> 29) * 0x94D049BB133111EBULL >> 20;
}

/* What tells two subjects of one event apart: where their names stand in it. */
static uint64_t subject_number(enum tw_entity_kind entity, const void *subject)
{
	if (!subject) {
		return 1;
	}
	switch (entity) {
	case TW_ENTITY_PARTY:
		return ((const struct tw_party *)subject)->name.span.from;
	case TW_ENTITY_ADDRESS:
		return ((const struct tw_address *)subject)->text.span.from;
	case TW_ENTITY_VESSEL:
		return ((const struct tw_means *)subject)->name.span.from;
	case TW_ENTITY_CONTAINER:
		return ((const struct tw_container *)subject)->number.span.from;
	case TW_ENTITY_CERTIFICATE:
		return ((const struct tw_certificate_ref *)subject)->number.span.from;
	case TW_ENTITY_MARKING:
		return ((const struct tw_marking *)subject)->value.span.from;
	case TW_ENTITY_PHONE:
	case TW_ENTITY_EMAIL:
	case TW_ENTITY_PAPER: /* a signatory and an issuer begin with a text, too */
		return ((const struct tw_text *)subject)->span.from;
	case TW_ENTITY_CONSIGNMENT:
	case TW_ENTITY_TIME:
		break;
	}
	return 2;
}

static int64_t words_of(const struct tw_metric_info *metric)
{
	int64_t words = 0;
	while (metric->words[words]) {
		words++;
	}
	return words;
}

/* In every other world no mark was met before. */
static bool may_say(void *context, enum tw_entity_kind kind, enum tw_metric metric)
{
	const struct world *world = context;
	return mixed(world->seed, 2000) % 2 || !tw_metric_is_of_records(kind, metric);
}

static struct tw_history_answer history(void *context, const struct tw_history_query *query)
{
	/* what earlier consignments held: any four in a row */
	static const struct tw_earlier goods[] = {{{"a", 1}, GOODS("Rifle barrels | marked slide")}, {{"b", 1}, GOODS("wine barrel")},
	                                          {{"c", 1}, GOODS("machine-guns, 7,62x39")},         {{"d", 1}, GOODS("chairs")},
	                                          {{"e", 1}, GOODS("Gun parts")},                     {{"f", 1}, GOODS("")},
	                                          {{"g", 1}, GOODS("kalashnik0v revolver")}};
	static const char *const lands[] = {"XA", "XB", "US"};
	const struct world *world = context;
	const struct tw_metric_info *metric = tw_metric_of(query->metric);
	uint64_t drawn = mixed(mixed(world->seed, (uint64_t)query->entity * 64 + (uint64_t)query->metric), query->window_days);
	drawn = mixed(drawn, subject_number(query->entity, query->subject));
	struct tw_history_answer answer = {.stated = drawn % 4 != 0, .value = (int64_t)(drawn / 4 % 4)};
	switch (metric->answer) {
	case TW_ANSWER_AMOUNT:
		answer.value *= 25000;
		break;
	case TW_ANSWER_DATE:
		answer.value += tw_instant_day(world->event->time.ms) - 2;
		break;
	case TW_ANSWER_FLAG:
		answer.value &= 1;
		break;
	case TW_ANSWER_COUNTRY:
		answer.value = tw_country_code(tw_slice_str(lands[answer.value % 3]));
		break;
	case TW_ANSWER_CHOICE:
		answer.value %= words_of(metric) + 1;
		break;
	case TW_ANSWER_COUNT:
	case TW_ANSWER_DAYS:
		break;
	}
	bool said = may_say(context, query->entity, query->metric);
	answer.value = said ? answer.value : 0;
	if (query->metric == TW_METRIC_WARES && said) {
		answer.earlier = &goods[drawn / 16 % 4];
		answer.earlier_count = (uint32_t)(drawn / 64 % 5);
	}
	return answer;
}

static bool borders(void *context, uint16_t a, uint16_t b)
{
	static const char *const pairs[][2] = {{"XA", "XB"}, {"XB", "XC"}, {"US", "XA"}};
	(void)context;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		uint16_t left = tw_country_code(tw_slice_str(pairs[i][0])), right = tw_country_code(tw_slice_str(pairs[i][1]));
		if ((a == left && b == right) || (a == right && b == left)) {
			return true;
		}
	}
	return false;
}

static uint32_t neighbours(void *context, uint16_t country, uint16_t *out, uint32_t room)
{
	return neighbours_by(borders, context, country, out, room);
}

static uint32_t embargoes(void *context, const struct tw_embargo_query *query, const struct tw_embargo **out, uint32_t room)
{
	static struct tw_embargo rows[12];
	static const char *const lands[] = {"XA", "XC", "US"}, *const issuers[] = {"UN", "EU", "UK"};
	const struct world *world = context;
	uint32_t count = 0;
	for (uint32_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t drawn = mixed(world->seed, 1000 + i);
		int32_t start = tw_instant_day(world->event->time.ms) - 3 + (int32_t)(drawn >> 4 & 3);
		rows[i] = (struct tw_embargo){.country = tw_country_code(tw_slice_str(lands[i % 3])),
		                              .issuer = tw_slice_str(issuers[drawn % 3]),
		                              .regime = tw_slice_str("a regime"),
		                              .instrument = tw_slice_str("an instrument"),
		                              .target = (enum tw_embargo_target)(1 + (drawn >> 6) % 3),
		                              .goods = (uint32_t)(drawn >> 8 & 0x1FF),
		                              .directions = 1 + (uint32_t)(drawn >> 17 & 1),
		                              .start = start,
		                              .end = drawn >> 18 & 1 ? TW_DAY_OPEN : start + 2,
		                              .confidence = (enum tw_confidence)(1 + (drawn >> 19) % 3),
		                              .binding = (drawn >> 21) % 4 != 0,
		                              .verified_until = TW_DAY_OPEN};
		bool meets = rows[i].country == query->country && rows[i].goods & query->goods && rows[i].directions & query->directions &&
		             (!query->targets || query->targets & 1U << rows[i].target) && rows[i].start <= query->day && query->day < rows[i].end;
		if (meets && count < room) {
			out[count++] = &rows[i];
		}
	}
	return count;
}

static void matches_draw(struct dice *dice, struct world *world)
{
	static const char *const lists[] = {"un-sc", "other"};
	const struct tw_consignment *consignment = &world->event->consignment;
	const struct tw_party *party = consignment->parties.data;
	world->matches = (struct tw_matches){world->match, dice_below(dice, MATCHES_MAX + 1)};
	for (uint32_t i = 0; i < world->matches.count; i++) {
		uint32_t which = dice_below(dice, consignment->parties.count + 1);
		world->match[i] = (struct tw_match){.list = tw_slice_str(lists[dice_below(dice, 2)]),
		                                    .entry = tw_slice_str("1"),
		                                    .name = tw_slice_str("a name"),
		                                    .basis = (enum tw_match_basis)(1 + dice_below(dice, 3)),
		                                    .similarity_ppm = 400000 + 100000 * dice_below(dice, 7),
		                                    .pointer = tw_slice_str("/consignment"),
		                                    .subject = which ? (const void *)&party[which - 1] : (const void *)&consignment->means};
	}
}

/* ---- rules ---- */

#define SHARED 3U /* files of sets, macros, bands */

struct drawn {
	char *text[RULES_MAX];
	size_t size[RULES_MAX];
	uint32_t count;
	struct tw_rules *rules;
	const struct tw_yaml *yaml[RULES_MAX]; /* read anew, for the reference */
	struct reference reference;
	struct tw_arena arena;
};

static const struct tw_yaml *read_again(struct drawn *drawn, const char *file, const char *text, const char *member)
{
	struct tw_rule_report report = {.file = file};
	const struct tw_yaml *root = tw_yaml_parse(tw_slice_str(text), &drawn->arena, &report);
	return member ? tw_yaml_member(root, member) : root;
}

static void rules_draw(struct dice *dice, enum tw_family family, struct drawn *drawn)
{
	drawn->count = 1 + dice_below(dice, RULES_MAX);
	for (uint32_t i = 0; i < drawn->count; i++) {
		char id[16];
		FILE *out = open_memstream(&drawn->text[i], &drawn->size[i]);
		snprintf(id, sizeof(id), "r-%u", i);
		if (!out) {
			abort();
		}
		random_rule(dice, family, id, out);
		fclose(out);
	}
}

/* @return false: refused, `told` says why */
static bool rules_load(struct drawn *drawn, char *told, size_t room)
{
	char names[RULES_MAX][16];
	struct tw_rule_source sources[RULES_MAX + SHARED] = {{"_sets.yaml", tw_slice_str(random_rule_sets)},
	                                                     {"_macros.yaml", tw_slice_str(random_rule_macros)},
	                                                     {"_bands.yaml", tw_slice_str(random_rule_bands)}};
	struct tw_error err = {.code = TW_OK};
	drawn->reference.sets = read_again(drawn, "_sets.yaml", random_rule_sets, "sets");
	drawn->reference.macros = read_again(drawn, "_macros.yaml", random_rule_macros, "macros");
	drawn->reference.bands = read_again(drawn, "_bands.yaml", random_rule_bands, "bands");
	for (uint32_t i = 0; i < drawn->count; i++) {
		snprintf(names[i], sizeof(names[i]), "r-%u.yaml", i);
		sources[i + SHARED] = (struct tw_rule_source){names[i], tw_slice_str(drawn->text[i])};
		drawn->yaml[i] = read_again(drawn, names[i], drawn->text[i], NULL);
	}
	if (tw_rules_load_sources(sources, drawn->count + SHARED, NULL, &drawn->rules, &err) == TW_OK) {
		return true;
	}
	uint32_t which = err.where[0] == 'r' ? (uint32_t)(err.where[2] - '0') % RULES_MAX : 0;
	snprintf(told, room, "%s: %s\n%s", err.where, err.detail, drawn->text[which]);
	return false;
}

/* ---- holding both against each other ---- */

static bool compiled_fires(const struct tw_findings *findings, const struct tw_rule_info *info)
{
	for (uint32_t i = 0; i < findings->count; i++) {
		if (findings->finding[i].rule == info) {
			return true;
		}
	}
	return false;
}

static bool explained_holds(const struct drawn *drawn, struct tw_rule_bench *bench, const struct tw_rule_env *env, uint32_t rule,
                            struct tw_arena *arena)
{
	struct tw_trace_tree tree = {.arena = arena};
	struct tw_rule_trace trace = tw_trace_into(&tree);
	struct tw_rule_held held = {.holds = false};
	return tw_rules_trace(drawn->rules, bench, env, rule, &trace, arena, &held, NULL) == TW_OK && held.holds;
}

const char *const random_constructs[] = {
    "{all: [",
    "{any: [",
    "{not: ",
    "{some: ",
    "{every: ",
    "{none: ",
    "{count: ",
    ", where: ",
    "{field: ",
    "{history: ",
    "{sum: ",
    "{ratio: ",
    "{listed: ",
    "{embargo: ",
    "neighbour: true",
    "{borders: ",
    "{warning: ",
    "{use: early}",
    "{use: port}",
    "{use: not_port}",
    "{macro: before_day",
    "{macro: from_any",
    "{macro: either",
    "{macro: early_or_not",
    "$lands",
    "$heads",
    "$arms",
    "$patterns",
    ", is: ",
    ", is_not: ",
    ", in: ",
    ", not_in: ",
    ", starts: ",
    ", matches: ",
    ", not_matches: ",
    ", words: ",
    ", near: ",
    ", except: ",
    ", spelling: disguised",
    ", stated: true",
    ", stated: false",
    ", above: ",
    ", below: ",
    ", at_least: ",
    ", at_most: ",
    ", between: ",
    ", before: ",
    ", after: ",
    ", on_or_before: ",
    ", on_or_after: ",
    ", within: {days",
    ", same_as: ",
    ", differs_from: ",
    ", inside: {band",
    ", outside: {band",
    ", plus_days: ",
    "{event: day",
    "\nunless: ",
    "\npoints: {over: ",
    ", table: ",
    ", from: ",
    "{earlier: ",
    "$one",
    "[consignee",
    "{macro: named_as",
    "{macro: path_above",
    "{macro: days_off",
    "{macro: is_stated",
    "of: party.phone",
    "{of: {sum: ",
    ", otherwise: ",
    "\ngroup: g-a",
    "\nlane: blue",
    "\nlane: yellow",
    "\nlane: red",
    "\naction: hold",
    "\naction: inform",
    NULL,
};

static void constructs_tally(struct random_tally *tally, const char *rule, bool fired)
{
	for (uint32_t i = 0; random_constructs[i] && i < RANDOM_CONSTRUCTS_MAX; i++) {
		if (strstr(rule, random_constructs[i])) {
			tally->seen[i].fired += fired;
			tally->seen[i].silent += !fired;
		}
	}
}

static int32_t compiled_points(const struct tw_findings *findings, const struct tw_rule_info *info)
{
	for (uint32_t i = 0; i < findings->count; i++) {
		if (findings->finding[i].rule == info) {
			return tw_finding_points(&findings->finding[i]);
		}
	}
	return 0;
}

/* What those that fired are worth, one by one and together. */
static bool worth_judge(const struct drawn *drawn, const struct reference *reference, struct tw_findings *findings, char *told, size_t room)
{
	const struct tw_group_cap caps[] = {{tw_slice_str("g-a"), 25}, {tw_slice_str("r-0"), 12}};
	const struct tw_score_policy policy = {.red_points = 100, .yellow_points = 60, .blue_points = 30, .caps = caps, .cap_count = 2};
	const struct tw_score_case about = {.eta_ms = INT64_MAX};
	const struct tw_yaml *fired[RULES_MAX];
	int32_t points[RULES_MAX];
	uint32_t count = 0;
	struct tw_assessment got;
	for (uint32_t i = 0; i < drawn->count; i++) {
		const struct tw_rule_info *info = tw_rules_info(drawn->rules, i);
		if (!compiled_fires(findings, info)) {
			continue;
		}
		fired[count] = drawn->yaml[i];
		points[count] = reference_points(reference, drawn->yaml[i]);
		if (points[count] != compiled_points(findings, info)) {
			snprintf(told, room, "points %d, reference %d\n%s\n%.*s", compiled_points(findings, info), points[count], drawn->text[i],
			         (int)reference->env->event->raw.len, reference->env->event->raw.ptr);
			return false;
		}
		count++;
	}
	struct reference_judgement said = reference_score(&policy, fired, points, count);
	tw_score(&policy, &about, findings, &got);
	if (got.points != said.points || got.lane != said.lane || got.hold != said.hold) {
		snprintf(told, room, "together %d points, lane %d, hold %d; reference %d, %d, %d\n%s", got.points, (int)got.lane, got.hold,
		         said.points, (int)said.lane, said.hold, drawn->text[0]);
		return false;
	}
	return true;
}

static bool event_judge(struct drawn *drawn, struct tw_rule_bench *bench, struct world *world, struct tw_arena *arena, struct random_tally *tally,
                        char *told, size_t room)
{
	struct tw_rule_env env = {world->event, &world->matches, world, borders, neighbours, embargoes, history, NULL, may_say};
	struct tw_findings findings = {NULL, 0, 0};
	if (tw_rules_eval(drawn->rules, bench, &env, arena, &findings, NULL) != TW_OK) {
		snprintf(told, room, "the evaluation failed");
		return false;
	}
	struct reference reference = {&env, drawn->reference.sets, drawn->reference.macros, drawn->reference.bands, arena};
	for (uint32_t i = 0; i < drawn->count; i++) {
		bool compiled = compiled_fires(&findings, tw_rules_info(drawn->rules, i)), said = reference_rule(&reference, drawn->yaml[i]);
		bool explained = explained_holds(drawn, bench, &env, i, arena);
		tally->judged++;
		tally->fired += compiled;
		constructs_tally(tally, drawn->text[i], compiled);
		if (compiled != said || explained != said) {
			snprintf(told, room, "decided %d, explained %d, reference %d\n%s\n%.*s", compiled, explained, said, drawn->text[i],
			         (int)world->event->raw.len, world->event->raw.ptr);
			return false;
		}
	}
	return worth_judge(drawn, &reference, &findings, told, room);
}

static bool events_judge(struct dice *dice, enum tw_event_type type, struct drawn *drawn, struct random_tally *tally, char *told, size_t room)
{
	struct tw_decoder *decoder = NULL;
	struct tw_rule_bench *bench = NULL;
	struct tw_arena arena;
	uint32_t events = 1 + dice_below(dice, EVENTS_MAX);
	bool good =
	    tw_decoder_new((struct tw_decode_limits){1U << 20}, &decoder, NULL) == TW_OK && tw_rule_bench_new(drawn->rules, &bench, NULL) == TW_OK;
	tw_arena_init(&arena, 1U << 18, 0);
	for (uint32_t i = 0; good && i < events; i++) {
		char *bytes = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&bytes, &size);
		struct tw_event event = {.id_reused = dice_once_in(dice, 4)};
		bool reused = event.id_reused;
		struct tw_reject reject;
		struct world world = {.seed = dice_below(dice, 256), .event = &event};
		if (!out) {
			abort();
		}
		random_event(dice, type, out);
		fclose(out);
		event.raw = (struct tw_slice){bytes, (uint32_t)size};
		if (tw_decode(decoder, tw_event_type_family(type), event.raw, NULL, &arena, &event, &reject, NULL) == TW_OK) {
			event.id_reused = reused;
			matches_draw(dice, &world);
			good = event_judge(drawn, bench, &world, &arena, tally, told, room);
		} else {
			tally->undecoded++;
		}
		tw_arena_reset(&arena);
		free(bytes);
	}
	tw_arena_fini(&arena);
	tw_rule_bench_free(bench);
	tw_decoder_free(decoder);
	return good;
}

bool random_case(struct dice *dice, struct random_tally *tally, char *told, size_t room)
{
	static const enum tw_event_type types[] = {TW_CONSIGNMENT_DECLARED, TW_CONSIGNMENT_DECLARED, TW_CONSIGNMENT_ARRIVED, TW_CERTIFICATE_ISSUED,
	                                           TW_MARKING_SEIZED,       TW_INSPECTION_COMPLETED, TW_HOLD_RELEASED};
	enum tw_event_type type = types[dice_below(dice, sizeof(types) / sizeof(types[0]))];
	struct drawn drawn = {.count = 0};
	bool good = true;
	told[0] = '\0';
	tally->cases++;
	tw_arena_init(&drawn.arena, 1U << 16, 0);
	rules_draw(dice, tw_event_type_family(type), &drawn);
	if (rules_load(&drawn, told, room)) {
		good = events_judge(dice, type, &drawn, tally, told, room);
	} else {
		tally->refused++;
	}
	tw_rules_free(drawn.rules);
	for (uint32_t i = 0; i < drawn.count; i++) {
		free(drawn.text[i]);
	}
	tw_arena_fini(&drawn.arena);
	return good;
}
